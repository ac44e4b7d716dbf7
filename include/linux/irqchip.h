/* SPDX-License-Identifier: MIT */
/* How an interrupt controller's driver makes itself known, and how it brings up each CPU. */
#ifndef _LINUX_IRQCHIP_H
#define _LINUX_IRQCHIP_H

#include <linux/init.h>
#include <linux/of.h>

/* fn(node, parent) is called by irqchip_init() for each node of the tree that is @compat. */
#define IRQCHIP_DECLARE(name, compat, fn)	\
	OF_DECLARE_2(irqchip, name, compat, fn)

void irqchip_init(void);

/*
 * Each CPU has its own part of the controller (banked lines, the CPU interface). The boot CPU's is
 * started by irqchip_init(); a CPU brought up later calls this itself, interrupts masked, before
 * it enables any line of its own.
 */
void irqchip_starting_cpu(void);
void irqchip_set_starting_cpu(void (*fn)(void));

#endif
