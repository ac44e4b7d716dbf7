// SPDX-License-Identifier: MIT
/*
 * Flows: the order of acknowledge, handlers and end of interrupt for each kind of line.
 *
 * The controller's driver has acknowledged the interrupt already (reading it is acknowledging it)
 * and calls the flow through generic_handle_domain_irq(), in hard-interrupt context.
 */
#include <linux/percpu.h>
#include <linux/printk.h>

#include "internals.h"

/**
 * handle_fasteoi_irq - a line shared by all CPUs, whose controller wants one write at the end
 *
 * From acknowledge to irq_eoi() the line is active and the controller gives it to no CPU again,
 * whether level or edge. So the handlers never run twice at once and nothing needs masking;
 * an edge that comes meanwhile is kept pending by the controller.
 */
void handle_fasteoi_irq(struct irq_desc *desc)
{
	raw_spin_lock(&desc->lock);
	kstat_incr_irqs_this_cpu(desc);

	/* disable_irq() came between the signal and us: it fires again when enabled. */
	if (unlikely(!desc->action || desc->depth))
		mask_irq(desc);
	else
		handle_irq_event(desc);

	desc->irq_data.chip->irq_eoi(&desc->irq_data);
	raw_spin_unlock(&desc->lock);
}

/**
 * handle_percpu_devid_irq - a line that each CPU has for itself, such as its timer's
 *
 * No lock: no other CPU can be in here for this CPU's line, and the action is set before the line
 * is enabled anywhere.
 */
void handle_percpu_devid_irq(struct irq_desc *desc)
{
	struct irqaction *action = desc->action;

	kstat_incr_irqs_this_cpu(desc);
	if (likely(action)) {
		action->handler(desc->irq_data.irq, this_cpu_ptr(action->percpu_dev_id));
	} else {
		mask_irq(desc);
		pr_err_once("irq %u (hwirq %lu) fired on CPU %u without a handler: masked there\n",
			    desc->irq_data.irq, desc->irq_data.hwirq, smp_processor_id());
	}
	desc->irq_data.chip->irq_eoi(&desc->irq_data);
}
