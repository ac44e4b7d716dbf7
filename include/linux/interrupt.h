/* SPDX-License-Identifier: MIT */
/*
 * Interrupts as a device driver sees them: ask for a line, be called when it fires.
 *
 * A handler runs in hard-interrupt context with interrupts masked: it must not sleep, and any
 * spinlock that it takes must be taken elsewhere with spin_lock_irqsave(). teak has no softirqs and
 * no threaded handlers.
 */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H

#include <linux/compiler.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/irqreturn.h>
#include <linux/types.h>

struct pt_regs;
struct seq_file;

/* How the line signals; 0 in request_irq() keeps what the device tree said. */
#define IRQF_TRIGGER_NONE	0x00000000
#define IRQF_TRIGGER_RISING	0x00000001
#define IRQF_TRIGGER_FALLING	0x00000002
#define IRQF_TRIGGER_HIGH	0x00000004
#define IRQF_TRIGGER_LOW	0x00000008
#define IRQF_TRIGGER_MASK	0x0000000f

#define IRQF_SHARED		0x00000080	/* several devices on this line, all say so */
#define IRQF_PERCPU		0x00000400	/* set by request_percpu_irq() */

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

/* One handler of a line. The chain hangs off irq_desc->action and is guarded by irq_desc->lock. */
struct irqaction {
	irq_handler_t		handler;
	void			*dev_id;
	void __percpu		*percpu_dev_id;
	struct irqaction	*next;
	unsigned int		irq;
	unsigned int		flags;		/* IRQF_* */
	const char		*name;		/* for /proc/interrupts; the caller's */
};

int __must_check request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
			     const char *name, void *dev_id);
const void *free_irq(unsigned int irq, void *dev_id);

int __must_check request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *devname,
				    void __percpu *percpu_dev_id);
void free_percpu_irq(unsigned int irq, void __percpu *percpu_dev_id);
void enable_percpu_irq(unsigned int irq, unsigned int type);
void disable_percpu_irq(unsigned int irq);

void enable_irq(unsigned int irq);
void disable_irq(unsigned int irq);
void disable_irq_nosync(unsigned int irq);
void synchronize_irq(unsigned int irq);

/* /proc/interrupts: line number *(loff_t *)v, from 0 to nr_irqs inclusive. */
extern int nr_irqs;
int show_interrupts(struct seq_file *p, void *v);

/* Boot: starts the interrupt controllers, by irqchip_init(). */
void init_IRQ(void);

/* Called by the IRQ vector with interrupts masked, between irq_enter() and irq_exit(). */
void handle_arch_irq(struct pt_regs *regs);

#endif
