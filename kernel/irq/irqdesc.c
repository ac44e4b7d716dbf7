// SPDX-License-Identifier: MIT
/*
 * The table of interrupt lines: from the kernel's number to its irq_desc.
 *
 * A number is made when somebody first names the line (irq_create_mapping()) and is never taken
 * back, so a pointer to an irq_desc stays good for ever and no reader needs a lock. An interrupt
 * does not come through this table at all: the controller's domain leads straight to the desc.
 */
#include <linux/errno.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "internals.h"

/* Number 0 means "no interrupt" throughout the kernel. */
static DEFINE_XARRAY_ALLOC1(irq_descs);

/* One more than the highest number given out. Read by /proc/interrupts without a lock. */
int nr_irqs = 1;

/**
 * irq_to_desc - the line with a certain number, or NULL
 * @irq: the kernel's number
 */
struct irq_desc *irq_to_desc(unsigned int irq)
{
	return xa_load(&irq_descs, irq);
}

struct irq_data *irq_get_irq_data(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	return desc ? &desc->irq_data : NULL;
}

/* A new line, disabled and without a chip, or an error pointer. Called under irq_domain_mutex. */
struct irq_desc *irq_alloc_desc(void)
{
	struct irq_desc *desc;
	u32 irq;
	int ret;

	desc = kzalloc(sizeof(*desc), GFP_KERNEL);
	if (!desc)
		return ERR_PTR(-ENOMEM);
	raw_spin_lock_init(&desc->lock);
	desc->depth = 1;

	ret = xa_alloc(&irq_descs, &irq, desc, xa_limit_31b, GFP_KERNEL);
	if (ret < 0) {
		kfree(desc);
		return ERR_PTR(ret);
	}
	desc->irq_data.irq = irq;
	if (irq >= nr_irqs)
		WRITE_ONCE(nr_irqs, irq + 1);
	return desc;
}

/**
 * generic_handle_domain_irq - an interrupt controller reports that one of its lines has fired
 * @domain: the controller's
 * @hwirq: its number for the line
 *
 * Called in hard-interrupt context. -EINVAL when nobody ever asked for that line; the controller's
 * driver then has to end the interrupt by itself.
 */
int generic_handle_domain_irq(struct irq_domain *domain, unsigned int hwirq)
{
	struct irq_desc *desc = irq_resolve_mapping(domain, hwirq);

	if (unlikely(!desc))
		return -EINVAL;
	generic_handle_irq_desc(desc);
	return 0;
}

unsigned int kstat_irqs_usr(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned int cpu, sum = 0;

	if (!desc)
		return 0;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(desc->kstat_irqs[cpu]);
	return sum;
}
