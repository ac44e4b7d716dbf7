// SPDX-License-Identifier: MIT
/*
 * From the IRQ vector to the device's handler.
 *
 * The vector calls handle_arch_irq() between irq_enter() and irq_exit(), with interrupts masked on
 * this CPU; they stay masked until the vector returns, so interrupts do not nest.
 */
#include <linux/errno.h>
#include <linux/hardirq.h>
#include <linux/init.h>
#include <linux/percpu.h>

#include "internals.h"

/* The root controller's driver; set once at boot. */
static void (*root_handle_irq)(struct pt_regs *regs);

static DEFINE_PER_CPU(struct pt_regs *, __irq_regs);

int __init set_handle_irq(void (*handle_irq)(struct pt_regs *regs))
{
	if (root_handle_irq)
		return -EBUSY;
	root_handle_irq = handle_irq;
	return 0;
}

/**
 * get_irq_regs - what the interrupted code's registers were; NULL outside of an interrupt
 *
 * The tick uses it to charge the time to user or kernel.
 */
struct pt_regs *get_irq_regs(void)
{
	return __this_cpu_read(__irq_regs);
}

/**
 * handle_arch_irq - an interrupt came
 * @regs: what it interrupted
 */
void handle_arch_irq(struct pt_regs *regs)
{
	__this_cpu_write(__irq_regs, regs);
	root_handle_irq(regs);
	__this_cpu_write(__irq_regs, NULL);
}

/*
 * Calls all handlers of the line. Called with desc->lock held, gives it up while they run:
 * IRQS_INPROGRESS keeps free_irq() from freeing an action that is in use here.
 */
irqreturn_t handle_irq_event(struct irq_desc *desc)
{
	irqreturn_t ret = IRQ_NONE;
	struct irqaction *action;

	desc->istate |= IRQS_INPROGRESS;
	action = desc->action;
	raw_spin_unlock(&desc->lock);

	for (; action; action = READ_ONCE(action->next)) {
		ret |= action->handler(desc->irq_data.irq, action->dev_id);
		WARN_ONCE(!irqs_disabled(), "irq %u: the handler of %s enabled interrupts\n",
			  desc->irq_data.irq, action->name);
	}

	raw_spin_lock(&desc->lock);
	note_interrupt(desc, ret);
	desc->istate &= ~IRQS_INPROGRESS;
	return ret;
}
