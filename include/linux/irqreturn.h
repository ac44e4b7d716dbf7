/* SPDX-License-Identifier: MIT */
/* What an interrupt handler answers. */
#ifndef _LINUX_IRQRETURN_H
#define _LINUX_IRQRETURN_H

enum irqreturn {
	IRQ_NONE	= 0,	/* not from this device: ask the next one that shares the line */
	IRQ_HANDLED	= 1,
};

typedef enum irqreturn irqreturn_t;
#define IRQ_RETVAL(x)	((x) ? IRQ_HANDLED : IRQ_NONE)

#endif
