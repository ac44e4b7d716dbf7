// SPDX-License-Identifier: MIT
/* /proc/interrupts: a line for each interrupt that has been asked for, counts by CPU. */
#include <linux/seq_file.h>

#include <asm/smp.h>

#include "internals.h"

static void show_header(struct seq_file *p, int width)
{
	unsigned int cpu;

	seq_printf(p, "%*s", width + 8, "");
	for_each_online_cpu(cpu)
		seq_printf(p, "CPU%-8d", cpu);
	seq_putc(p, '\n');
}

/**
 * show_interrupts - the ->show() of /proc/interrupts
 * @v: points at a loff_t, the line to print: 0 to nr_irqs - 1
 */
int show_interrupts(struct seq_file *p, void *v)
{
	int irq = *(loff_t *)v, width = 3, limit;
	struct irqaction *action;
	struct irq_desc *desc;
	unsigned long flags;
	unsigned int cpu;

	for (limit = 1000; limit <= READ_ONCE(nr_irqs); limit *= 10)
		width++;
	if (irq == 0)
		show_header(p, width);
	if (irq == nr_irqs)
		arch_show_interrupts(p, width);

	desc = irq_to_desc(irq);
	if (!desc || (desc->status_use_accessors & IRQ_HIDDEN))
		return 0;

	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!desc->action)
		goto out_unlock;
	seq_printf(p, "%*d: ", width, irq);
	for_each_online_cpu(cpu)
		seq_printf(p, "%10u ", READ_ONCE(desc->kstat_irqs[cpu]));
	seq_printf(p, " %8s  %5lu %-5s    ", desc->irq_data.chip->name, desc->irq_data.hwirq,
		   irqd_is_level_type(&desc->irq_data) ? "Level" : "Edge");
	for (action = desc->action; action; action = action->next)
		seq_printf(p, "%s%s", action == desc->action ? " " : ", ", action->name);
	seq_putc(p, '\n');
out_unlock:
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return 0;
}
