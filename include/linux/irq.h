/* SPDX-License-Identifier: MIT */
/*
 * Interrupts as an interrupt controller's driver sees them.
 *
 *   irq_chip    what one kind of controller can do to a line: mask, unmask, end of interrupt
 *   irq_data    one line as that controller knows it: hwirq, chip, domain
 *   irq_desc    the same line as the kernel knows it: handlers, counts, depth (<linux/irqdesc.h>)
 *   irq_domain  the translation from hwirq, of one controller, to the kernel's number
 *
 * Way of an interrupt: the vector -> handle_arch_irq() -> the root controller's driver ->
 * generic_handle_domain_irq() -> desc->handle_irq, the flow -> the handlers.
 */
#ifndef _LINUX_IRQ_H
#define _LINUX_IRQ_H

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/irqreturn.h>
#include <linux/types.h>

struct irq_desc;
struct irq_domain;
struct irq_data;
struct pt_regs;

typedef void (*irq_flow_handler_t)(struct irq_desc *desc);

/* The same bits as IRQF_TRIGGER_* and as the device tree's third cell. */
enum {
	IRQ_TYPE_NONE		= 0x00000000,
	IRQ_TYPE_EDGE_RISING	= 0x00000001,
	IRQ_TYPE_EDGE_FALLING	= 0x00000002,
	IRQ_TYPE_EDGE_BOTH	= IRQ_TYPE_EDGE_FALLING | IRQ_TYPE_EDGE_RISING,
	IRQ_TYPE_LEVEL_HIGH	= 0x00000004,
	IRQ_TYPE_LEVEL_LOW	= 0x00000008,
	IRQ_TYPE_LEVEL_MASK	= IRQ_TYPE_LEVEL_LOW | IRQ_TYPE_LEVEL_HIGH,
	IRQ_TYPE_SENSE_MASK	= 0x0000000f,
};

struct irq_data {
	unsigned int		irq;		/* the kernel's number, never 0 */
	irq_hw_number_t		hwirq;		/* the controller's number */
	struct irq_chip		*chip;
	struct irq_domain	*domain;
	void			*chip_data;
	u32			trigger;	/* IRQ_TYPE_*; the desc's lock */
};

/**
 * struct irq_chip - what can be done to a line; called with the desc's lock held, interrupts off
 * @irq_mask, @irq_unmask: keep the line from firing, let it fire
 * @irq_eoi: this CPU has handled the interrupt it acknowledged
 * @irq_set_type: choose edge or level, IRQ_TYPE_*
 * @irq_set_affinity: send the line to a CPU of @dest from now on
 * @ipi_send_mask: fire the line on each CPU of @dest; no lock, any context. What was written before
 *		   is seen by their handlers
 */
struct irq_chip {
	const char	*name;
	void		(*irq_mask)(struct irq_data *data);
	void		(*irq_unmask)(struct irq_data *data);
	void		(*irq_eoi)(struct irq_data *data);
	int		(*irq_set_type)(struct irq_data *data, unsigned int flow_type);
	int		(*irq_set_affinity)(struct irq_data *data, const struct cpumask *dest,
					    bool force);
	void		(*ipi_send_mask)(struct irq_data *data, const struct cpumask *dest);
};

static inline u32 irqd_get_trigger_type(struct irq_data *d)
{
	return d->trigger;
}

static inline bool irqd_is_level_type(struct irq_data *d)
{
	return d->trigger & IRQ_TYPE_LEVEL_MASK;
}

static inline irq_hw_number_t irqd_to_hwirq(struct irq_data *d)
{
	return d->hwirq;
}

static inline void *irq_data_get_irq_chip_data(struct irq_data *d)
{
	return d->chip_data;
}

struct irq_data *irq_get_irq_data(unsigned int irq);
int irq_set_irq_type(unsigned int irq, unsigned int type);
int irq_set_affinity(unsigned int irq, const struct cpumask *cpumask);
int irq_set_percpu_devid(unsigned int irq);

/* The flows: how a line of a certain kind is taken (kernel/irq/chip.c). */
void handle_fasteoi_irq(struct irq_desc *desc);
void handle_percpu_devid_irq(struct irq_desc *desc);

/* The root controller's driver gives its entry, once at boot. -EBUSY if there is one already. */
int set_handle_irq(void (*handle_irq)(struct pt_regs *regs));

/* The registers that the interrupt now being handled on this CPU found, or NULL outside of one. */
struct pt_regs *get_irq_regs(void);

#endif
