// SPDX-License-Identifier: MIT
/*
 * Interrupt domains: who owns a hardware interrupt number, and which kernel number it has.
 *
 * Callers: the interrupt controllers' drivers make domains; drivers/of/irq.c maps the lines that
 * device nodes name. irq_domain_mutex guards the list of domains and the filling of revmap; a
 * revmap slot is written once and may be read from interrupts without a lock.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/of_irq.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "internals.h"

static DEFINE_MUTEX(irq_domain_mutex);
static LIST_HEAD(irq_domain_list);

/**
 * irq_domain_add_linear - a controller with lines 0 to @size - 1
 * @of_node: its node in the device tree, which others name as their interrupt-parent
 * @host_data: the driver's own, found again as domain->host_data
 *
 * Returns NULL when there is no memory.
 */
struct irq_domain *irq_domain_add_linear(struct device_node *of_node, unsigned int size,
					 const struct irq_domain_ops *ops, void *host_data)
{
	struct irq_domain *domain;

	domain = kzalloc(sizeof(*domain) + size * sizeof(domain->revmap[0]), GFP_KERNEL);
	if (!domain)
		return NULL;
	domain->name = of_node->full_name;
	domain->ops = ops;
	domain->host_data = host_data;
	domain->of_node = of_node;
	domain->revmap_size = size;

	mutex_lock(&irq_domain_mutex);
	list_add(&domain->link, &irq_domain_list);
	mutex_unlock(&irq_domain_mutex);
	return domain;
}

/**
 * irq_find_host - the domain of a controller's node, or NULL when it has no driver
 */
struct irq_domain *irq_find_host(struct device_node *node)
{
	struct irq_domain *domain, *found = NULL;

	mutex_lock(&irq_domain_mutex);
	list_for_each_entry(domain, &irq_domain_list, link) {
		if (domain->of_node == node) {
			found = domain;
			break;
		}
	}
	mutex_unlock(&irq_domain_mutex);
	return found;
}

/**
 * irq_resolve_mapping - the line with a controller's number, or NULL when it was never mapped
 *
 * Any context: this is the first step of every interrupt.
 */
struct irq_desc *irq_resolve_mapping(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	struct irq_data *data;

	if (hwirq >= domain->revmap_size)
		return NULL;
	/* Pairs with the release in irq_domain_map(): the desc is complete when it is seen. */
	data = smp_load_acquire(&domain->revmap[hwirq]);
	return data ? irq_data_to_desc(data) : NULL;
}

unsigned int irq_find_mapping(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	struct irq_desc *desc = irq_resolve_mapping(domain, hwirq);

	return desc ? desc->irq_data.irq : 0;
}

/**
 * irq_domain_set_info - called by ->map(): what drives the line, and how it is taken
 */
void irq_domain_set_info(struct irq_domain *domain, unsigned int virq, irq_hw_number_t hwirq,
			 struct irq_chip *chip, void *chip_data, irq_flow_handler_t handler)
{
	struct irq_desc *desc = irq_to_desc(virq);

	desc->irq_data.hwirq = hwirq;
	desc->irq_data.domain = domain;
	desc->irq_data.chip = chip;
	desc->irq_data.chip_data = chip_data;
	desc->handle_irq = handler;
}

/*
 * Gives hwirq a number; irq_domain_mutex is held. A desc whose ->map() failed keeps its number,
 * without a chip: request_irq() refuses it. That happens for a wrong device tree only.
 */
static unsigned int irq_domain_map(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	struct irq_desc *desc = irq_alloc_desc();

	if (IS_ERR(desc))
		return 0;
	if (domain->ops->map(domain, desc->irq_data.irq, hwirq) < 0)
		return 0;
	smp_store_release(&domain->revmap[hwirq], &desc->irq_data);
	return desc->irq_data.irq;
}

/**
 * irq_create_mapping - the kernel's number for a controller's line, made if there is none yet
 *
 * May sleep. Returns 0 when the controller has no such line or there is no memory.
 */
unsigned int irq_create_mapping(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	unsigned int virq;

	if (hwirq >= domain->revmap_size) {
		pr_err("irq: %s has no line %lu\n", domain->name, hwirq);
		return 0;
	}
	mutex_lock(&irq_domain_mutex);
	virq = irq_find_mapping(domain, hwirq);
	if (!virq)
		virq = irq_domain_map(domain, hwirq);
	mutex_unlock(&irq_domain_mutex);
	return virq;
}

/**
 * irq_create_of_mapping - the kernel's number for a line as a device node describes it
 * @irq_data: the controller's node and the interrupt cells
 *
 * Sets the trigger that the cells ask for. Returns 0 on failure.
 */
unsigned int irq_create_of_mapping(struct of_phandle_args *irq_data)
{
	struct irq_domain *domain = irq_find_host(irq_data->np);
	unsigned int type = IRQ_TYPE_NONE, virq;
	irq_hw_number_t hwirq;

	if (!domain) {
		pr_warn("irq: no driver for interrupt controller %s\n", irq_data->np->full_name);
		return 0;
	}
	if (domain->ops->xlate(domain, irq_data->np, irq_data->args, irq_data->args_count, &hwirq,
			       &type) < 0) {
		pr_warn("irq: %s: interrupt cells that make no sense\n", domain->name);
		return 0;
	}
	virq = irq_create_mapping(domain, hwirq);
	if (virq && type != IRQ_TYPE_NONE && irq_set_irq_type(virq, type) < 0)
		return 0;
	return virq;
}
