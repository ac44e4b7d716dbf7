/* SPDX-License-Identifier: MIT */
/* Where printk's lines go. */
#ifndef _LINUX_CONSOLE_H
#define _LINUX_CONSOLE_H

#include <linux/types.h>

struct tty_driver;

#define CON_PRINTBUFFER	(1 << 0)	/* wants what was logged before it came */
#define CON_CONSDEV	(1 << 1)	/* its terminal is /dev/console */
#define CON_ENABLED	(1 << 2)
#define CON_BOOT	(1 << 3)	/* goes when a real one comes */

/**
 * struct console - a device that can print
 * @write: print @count bytes now, in any context, interrupts on or off; must not sleep or printk
 * @device: the terminal that belongs to it, or NULL
 */
struct console {
	char			name[16];
	void			(*write)(struct console *con, const char *s, unsigned int count);
	struct tty_driver	*(*device)(struct console *con, int *index);
	short			flags;		/* CON_* */
	short			index;
	void			*data;		/* the driver's */
	struct console		*next;		/* printk's list */
};

extern struct console *console_drivers;	/* the list; changes only while booting */

/*
 * kernel/printk/. A real console that registers retires all boot consoles; one with CON_PRINTBUFFER
 * then gets what no boot console has printed.
 */
void register_console(struct console *newcon);
int unregister_console(struct console *con);

/* Nonzero from the start of an oops or panic: a console's write must not wait for a lock then. */
extern int oops_in_progress;

/* drivers/tty/tty_io.c: the terminal of /dev/console */
struct tty_driver *console_device(int *index);

/*
 * drivers/tty/serial/earlycon.c: a boot console on the device tree's stdout, if its kind is known.
 * After early_init_dt_scan(), when set_fixmap_io() works. -ENODEV when there is none.
 */
int setup_earlycon(void);

#endif
