// SPDX-License-Identifier: MIT
/*
 * A line that fires for ever and that no handler owns would leave the CPU no time for anything
 * else. It is found by counting, and masked.
 */
#include <linux/printk.h>

#include "internals.h"

#define SPURIOUS_WINDOW		100000	/* interrupts looked at together ... */
#define SPURIOUS_LIMIT		99900	/* ... of which this many found no owner */

/**
 * note_interrupt - judge a line after its handlers have run; desc->lock is held
 * @action_ret: IRQ_HANDLED when at least one handler knew the cause
 */
void note_interrupt(struct irq_desc *desc, irqreturn_t action_ret)
{
	struct irqaction *action;

	if (unlikely(action_ret == IRQ_NONE))
		desc->irqs_unhandled++;
	if (likely(++desc->irq_count < SPURIOUS_WINDOW))
		return;

	if (unlikely(desc->irqs_unhandled > SPURIOUS_LIMIT)) {
		pr_emerg("irq %u: nobody cared; the line is now masked. Its handlers:\n",
			 desc->irq_data.irq);
		for (action = desc->action; action; action = action->next)
			pr_emerg("  %ps (%s)\n", action->handler, action->name);
		desc->istate |= IRQS_SPURIOUS_DISABLED;
		desc->depth++;
		mask_irq(desc);
	}
	desc->irq_count = 0;
	desc->irqs_unhandled = 0;
}
