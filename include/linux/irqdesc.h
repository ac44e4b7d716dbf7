/* SPDX-License-Identifier: MIT */
/* One interrupt line, as kernel/irq/ and the chips' drivers know it. */
#ifndef _LINUX_IRQDESC_H
#define _LINUX_IRQDESC_H

#include <linux/cpumask.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>

/* irq_desc->status_use_accessors */
#define IRQ_HIDDEN		(1 << 20)	/* not in /proc/interrupts' list */
#define IRQ_PER_CPU_DEVID	(1 << 17)	/* each CPU has its own such line (PPI) */

/* irq_desc->istate */
#define IRQS_INPROGRESS		0x00000001	/* a handler runs: free_irq() must wait */
#define IRQS_SPURIOUS_DISABLED	0x00000002	/* nobody wanted it and it would not stop */

struct irq_desc {
	struct irq_data		irq_data;
	irq_flow_handler_t	handle_irq;	/* set when mapped, then fixed */
	unsigned int		status_use_accessors;

	/* lock guards these; it is taken in interrupts */
	raw_spinlock_t		lock;
	struct irqaction	*action;
	unsigned int		depth;		/* of disable_irq(); 1 while unused */
	unsigned int		istate;
	unsigned int		irq_count;	/* since the unhandled were last judged */
	unsigned int		irqs_unhandled;
	struct cpumask		percpu_enabled;

	/* each CPU writes its own */
	unsigned int		kstat_irqs[NR_CPUS];
};

struct irq_desc *irq_to_desc(unsigned int irq);

static inline struct irq_desc *irq_data_to_desc(struct irq_data *data)
{
	return container_of(data, struct irq_desc, irq_data);
}

static inline struct irq_data *irq_desc_get_irq_data(struct irq_desc *desc)
{
	return &desc->irq_data;
}

static inline struct irq_chip *irq_desc_get_chip(struct irq_desc *desc)
{
	return desc->irq_data.chip;
}

static inline void generic_handle_irq_desc(struct irq_desc *desc)
{
	desc->handle_irq(desc);
}

static inline bool irq_desc_is_percpu_devid(const struct irq_desc *desc)
{
	return desc->status_use_accessors & IRQ_PER_CPU_DEVID;
}

int generic_handle_domain_irq(struct irq_domain *domain, unsigned int hwirq);

/* How often line @irq has fired, over all CPUs. */
unsigned int kstat_irqs_usr(unsigned int irq);

#endif
