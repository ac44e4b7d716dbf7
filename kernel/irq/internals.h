/* SPDX-License-Identifier: MIT */
/* What the files of kernel/irq/ share among themselves. */
#ifndef _KERNEL_IRQ_INTERNALS_H
#define _KERNEL_IRQ_INTERNALS_H

#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/smp.h>

/* Both with desc->lock held and interrupts off. */
static inline void mask_irq(struct irq_desc *desc)
{
	desc->irq_data.chip->irq_mask(&desc->irq_data);
}

static inline void unmask_irq(struct irq_desc *desc)
{
	desc->irq_data.chip->irq_unmask(&desc->irq_data);
}

/* Only the CPU that took the interrupt writes its own count: no lock. */
static inline void kstat_incr_irqs_this_cpu(struct irq_desc *desc)
{
	unsigned int *count = &desc->kstat_irqs[smp_processor_id()];

	WRITE_ONCE(*count, *count + 1);
}

struct irq_desc *irq_alloc_desc(void);
int __irq_set_trigger(struct irq_desc *desc, unsigned int type);
irqreturn_t handle_irq_event(struct irq_desc *desc);
void note_interrupt(struct irq_desc *desc, irqreturn_t action_ret);

#endif
