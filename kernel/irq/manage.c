// SPDX-License-Identifier: MIT
/*
 * Asking for interrupt lines, giving them back, turning them off and on.
 *
 * Called by drivers, from task context unless said otherwise. desc->lock guards each line's chain
 * of actions and its depth; free_irq() waits until no handler runs before it frees an action.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <asm/processor.h>

#include "internals.h"

/* desc->lock is held. */
int __irq_set_trigger(struct irq_desc *desc, unsigned int type)
{
	struct irq_chip *chip = desc->irq_data.chip;
	int ret;

	type &= IRQ_TYPE_SENSE_MASK;
	if (type == IRQ_TYPE_NONE || type == desc->irq_data.trigger || !chip->irq_set_type)
		return 0;
	ret = chip->irq_set_type(&desc->irq_data, type);
	if (!ret)
		desc->irq_data.trigger = type;
	else
		pr_err("irq %u: %s cannot be triggered by type %u: %d\n", desc->irq_data.irq,
		       chip->name, type, ret);
	return ret;
}

/**
 * irq_set_irq_type - choose how a line signals
 * @type: IRQ_TYPE_*
 *
 * -EINVAL when there is no such line or the controller cannot do that.
 */
int irq_set_irq_type(unsigned int irq, unsigned int type)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;
	int ret;

	if (!desc || !desc->irq_data.chip)
		return -EINVAL;
	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = __irq_set_trigger(desc, type);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}

/**
 * irq_set_affinity - let a line go to one of the CPUs in @cpumask
 */
int irq_set_affinity(unsigned int irq, const struct cpumask *cpumask)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;
	int ret;

	if (!desc || !desc->irq_data.chip || !desc->irq_data.chip->irq_set_affinity)
		return -EINVAL;
	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = desc->irq_data.chip->irq_set_affinity(&desc->irq_data, cpumask, false);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret < 0 ? ret : 0;
}

/**
 * irq_set_percpu_devid - called by ->map(): each CPU has such a line of its own
 */
int irq_set_percpu_devid(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	desc->status_use_accessors |= IRQ_PER_CPU_DEVID;
	return 0;
}

static struct irqaction *alloc_action(unsigned int irq, irq_handler_t handler, unsigned long flags,
				      const char *name)
{
	struct irqaction *action = kzalloc(sizeof(*action), GFP_KERNEL);

	if (action) {
		action->irq = irq;
		action->handler = handler;
		action->flags = flags;
		action->name = name;
	}
	return action;
}

/* Hangs the action onto the line and, when it is the first, lets the line fire. */
static int __setup_irq(struct irq_desc *desc, struct irqaction *new)
{
	struct irqaction **p;
	unsigned long flags;
	int ret = 0;

	raw_spin_lock_irqsave(&desc->lock, flags);
	for (p = &desc->action; *p; p = &(*p)->next) {
		if (!((*p)->flags & new->flags & IRQF_SHARED)) {
			pr_err("irq %u: %s wants it, but %s has it and does not share\n", new->irq,
			       new->name, (*p)->name);
			ret = -EBUSY;
			goto out_unlock;
		}
	}
	ret = __irq_set_trigger(desc, new->flags & IRQF_TRIGGER_MASK);
	if (ret)
		goto out_unlock;

	/* From here an interrupt may call the handler. */
	smp_store_release(p, new);
	if (p == &desc->action && !irq_desc_is_percpu_devid(desc)) {
		desc->irq_count = 0;
		desc->irqs_unhandled = 0;
		desc->istate &= ~IRQS_SPURIOUS_DISABLED;
		desc->depth = 0;
		unmask_irq(desc);
	}
out_unlock:
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}

/**
 * request_irq - have a function called whenever a line fires
 * @irq: the kernel's number, from irq_of_parse_and_map()
 * @handler: called in hard-interrupt context; IRQ_NONE when its device was not the cause
 * @flags: IRQF_SHARED, IRQF_TRIGGER_*
 * @name: who it is, for /proc/interrupts; kept by reference
 * @dev_id: passed to the handler and to free_irq(); must be unique on a shared line
 *
 * The handler may run before this returns. May sleep. -EINVAL for a line that does not exist or is
 * per CPU, -EBUSY when someone else has it, -ENOMEM.
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
		void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	int ret;

	if (!desc || !desc->irq_data.chip || irq_desc_is_percpu_devid(desc) || !handler)
		return -EINVAL;
	if ((flags & IRQF_SHARED) && !dev_id)
		return -EINVAL;	/* free_irq() could not tell it from the others */

	action = alloc_action(irq, handler, flags, name);
	if (!action)
		return -ENOMEM;
	action->dev_id = dev_id;
	ret = __setup_irq(desc, action);
	if (ret)
		kfree(action);
	return ret;
}
EXPORT_SYMBOL(request_irq);

/**
 * free_irq - give a line back
 * @dev_id: as in request_irq()
 *
 * Waits until the handler has returned on all CPUs, so not from an interrupt. Returns the name.
 */
const void *free_irq(unsigned int irq, void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction **p, *action;
	const char *name;
	unsigned long flags;

	if (!desc || WARN_ON(irq_desc_is_percpu_devid(desc)))
		return NULL;

	raw_spin_lock_irqsave(&desc->lock, flags);
	for (p = &desc->action; (action = *p); p = &action->next)
		if (action->dev_id == dev_id)
			break;
	if (!action) {
		raw_spin_unlock_irqrestore(&desc->lock, flags);
		WARN(1, "free_irq: nobody asked for irq %u with this dev_id\n", irq);
		return NULL;
	}
	WRITE_ONCE(*p, action->next);
	if (!desc->action) {
		desc->depth = 1;
		mask_irq(desc);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	synchronize_irq(irq);
	name = action->name;
	kfree(action);
	return name;
}
EXPORT_SYMBOL(free_irq);

/**
 * synchronize_irq - wait until no handler of the line runs on any CPU
 *
 * Not from one of those handlers, nor with a lock held that one of them takes: it would wait for
 * ever.
 */
void synchronize_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;
	bool inprogress;

	if (!desc)
		return;
	do {
		raw_spin_lock_irqsave(&desc->lock, flags);
		inprogress = desc->istate & IRQS_INPROGRESS;
		raw_spin_unlock_irqrestore(&desc->lock, flags);
		cpu_relax();
	} while (inprogress);
}
EXPORT_SYMBOL(synchronize_irq);

/**
 * disable_irq_nosync - mask a line; calls nest
 *
 * Any context. A handler may still be running on another CPU when this returns.
 */
void disable_irq_nosync(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc)
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (desc->depth++ == 0)
		mask_irq(desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
EXPORT_SYMBOL(disable_irq_nosync);

/**
 * disable_irq - mask a line and wait until its handlers are done; calls nest
 */
void disable_irq(unsigned int irq)
{
	disable_irq_nosync(irq);
	synchronize_irq(irq);
}
EXPORT_SYMBOL(disable_irq);

/**
 * enable_irq - undo one disable_irq(); an interrupt that came meanwhile fires now
 */
void enable_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc)
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (WARN(desc->depth == 0 || (desc->depth == 1 && !desc->action),
		 "enable_irq(%u) without a disable_irq()\n", irq))
		goto out_unlock;
	if (--desc->depth == 0)
		unmask_irq(desc);
out_unlock:
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
EXPORT_SYMBOL(enable_irq);

/**
 * request_percpu_irq - have a function called whenever a line that each CPU has fires on any
 * @percpu_dev_id: a per-CPU variable; the handler gets the address of its own CPU's
 *
 * The line stays off until each CPU calls enable_percpu_irq() for itself. Errors as request_irq().
 */
int request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *devname,
		       void __percpu *percpu_dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	int ret;

	if (!desc || !desc->irq_data.chip || !irq_desc_is_percpu_devid(desc) || !percpu_dev_id)
		return -EINVAL;
	action = alloc_action(irq, handler, IRQF_PERCPU, devname);
	if (!action)
		return -ENOMEM;
	action->percpu_dev_id = percpu_dev_id;
	ret = __setup_irq(desc, action);
	if (ret)
		kfree(action);
	return ret;
}

/**
 * free_percpu_irq - give a per-CPU line back; every CPU must have disabled it before
 */
void free_percpu_irq(unsigned int irq, void __percpu *percpu_dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	unsigned long flags;

	if (!desc)
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	action = desc->action;
	if (WARN(!action || !cpumask_empty(&desc->percpu_enabled),
		 "free_percpu_irq(%u): not requested, or still enabled on CPU %u\n", irq,
		 cpumask_first(&desc->percpu_enabled)))
		action = NULL;
	else
		desc->action = NULL;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	kfree(action);
}

/**
 * enable_percpu_irq - let this CPU's own line fire; with preemption off
 * @type: IRQ_TYPE_*, IRQ_TYPE_NONE to keep what it has
 */
void enable_percpu_irq(unsigned int irq, unsigned int type)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc || WARN_ON(!irq_desc_is_percpu_devid(desc)))
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!__irq_set_trigger(desc, type)) {
		cpumask_set_cpu(smp_processor_id(), &desc->percpu_enabled);
		unmask_irq(desc);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/**
 * disable_percpu_irq - mask this CPU's own line; with preemption off
 */
void disable_percpu_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc || WARN_ON(!irq_desc_is_percpu_devid(desc)))
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	cpumask_clear_cpu(smp_processor_id(), &desc->percpu_enabled);
	mask_irq(desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
