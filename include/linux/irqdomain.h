/* SPDX-License-Identifier: MIT */
/*
 * irq_domain: from the numbers of one interrupt controller (hwirq) to the kernel's (irq).
 *
 * The kernel's numbers are given out one by one as devices ask; a domain keeps, for each of its
 * lines, the irq_data of the number it got.
 */
#ifndef _LINUX_IRQDOMAIN_H
#define _LINUX_IRQDOMAIN_H

#include <linux/irq.h>
#include <linux/list.h>
#include <linux/types.h>

struct device_node;
struct irq_domain;
struct of_phandle_args;

/**
 * struct irq_domain_ops - what a controller's driver knows about its numbers
 * @map: a line gets a kernel number: set chip and flow with irq_domain_set_info()
 * @xlate: take the device tree's interrupt cells apart: hwirq and IRQ_TYPE_*
 */
struct irq_domain_ops {
	int (*map)(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw);
	int (*xlate)(struct irq_domain *d, struct device_node *node, const u32 *intspec,
		     unsigned int intsize, unsigned long *out_hwirq, unsigned int *out_type);
};

struct irq_domain {
	struct list_head		link;		/* irq_domain_mutex */
	const char			*name;
	const struct irq_domain_ops	*ops;
	void				*host_data;
	struct device_node		*of_node;
	unsigned int			revmap_size;	/* lines that the controller has */
	struct irq_data			*revmap[];	/* irq_domain_mutex to write */
};

struct irq_domain *irq_domain_add_linear(struct device_node *of_node, unsigned int size,
					 const struct irq_domain_ops *ops, void *host_data);
struct irq_domain *irq_find_host(struct device_node *node);

unsigned int irq_create_mapping(struct irq_domain *domain, irq_hw_number_t hwirq);
unsigned int irq_create_of_mapping(struct of_phandle_args *irq_data);
unsigned int irq_find_mapping(struct irq_domain *domain, irq_hw_number_t hwirq);
struct irq_desc *irq_resolve_mapping(struct irq_domain *domain, irq_hw_number_t hwirq);

void irq_domain_set_info(struct irq_domain *domain, unsigned int virq, irq_hw_number_t hwirq,
			 struct irq_chip *chip, void *chip_data, irq_flow_handler_t handler);

#endif
