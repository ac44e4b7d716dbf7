/* SPDX-License-Identifier: MIT */
/* Drivers of terminals: each drives some lines that have the same name but for a number. */
#ifndef _LINUX_TTY_DRIVER_H
#define _LINUX_TTY_DRIVER_H

#include <linux/cdev.h>
#include <linux/list.h>
#include <linux/termios.h>
#include <linux/types.h>

struct file;
struct module;
struct tty_struct;

/**
 * struct tty_operations - what a driver does for the terminal layer
 * @open, @close: a file came or went; task context, tty_lock held
 * @write: take up to @count bytes and send them later; how many were taken. Any context
 * @write_room, @chars_in_buffer: bytes. Any context
 * @start, @stop: send, do not send. Any context
 * @throttle, @unthrottle: take no input, take it again. Any context
 * @set_termios: task context, termios_rwsem held for writing
 * @wait_until_sent: sleep until the hardware is idle, or @timeout jiffies (0: as long as it takes)
 */
struct tty_operations {
	int	(*open)(struct tty_struct *tty, struct file *filp);
	void	(*close)(struct tty_struct *tty, struct file *filp);
	int	(*write)(struct tty_struct *tty, const unsigned char *buf, int count);
	unsigned int (*write_room)(struct tty_struct *tty);
	unsigned int (*chars_in_buffer)(struct tty_struct *tty);
	void	(*flush_buffer)(struct tty_struct *tty);
	void	(*start)(struct tty_struct *tty);
	void	(*stop)(struct tty_struct *tty);
	void	(*throttle)(struct tty_struct *tty);
	void	(*unthrottle)(struct tty_struct *tty);
	void	(*set_termios)(struct tty_struct *tty, const struct ktermios *old);
	void	(*send_xchar)(struct tty_struct *tty, char ch);
	int	(*break_ctl)(struct tty_struct *tty, int state);
	void	(*wait_until_sent)(struct tty_struct *tty, int timeout);
};

#define TTY_DRIVER_REAL_RAW	0x0004
#define TTY_DRIVER_DYNAMIC_DEV	0x0008	/* tty_register_device() makes the nodes */

#define TTY_DRIVER_TYPE_SERIAL	0x0003
#define SERIAL_TYPE_NORMAL	1

struct tty_driver {
	struct module		*owner;
	const char		*driver_name;
	const char		*name;		/* "ttyAMA" */
	int			name_base;
	unsigned int		major, minor_start, num;
	short			type, subtype;
	unsigned long		flags;
	struct ktermios		init_termios;
	const struct tty_operations *ops;
	void			*driver_state;
	struct cdev		cdev;
	struct tty_struct	**ttys;		/* made at the first open, kept; tty_mutex */
	struct list_head	tty_drivers;	/* tty_mutex */
};

struct tty_driver *__tty_alloc_driver(unsigned int lines, struct module *owner,
				      unsigned long flags);
#define tty_alloc_driver(lines, flags)	__tty_alloc_driver(lines, NULL, flags)
void tty_driver_kref_put(struct tty_driver *driver);
int tty_register_driver(struct tty_driver *driver);
struct device *tty_register_device(struct tty_driver *driver, unsigned int index,
				   struct device *device);

static inline void tty_set_operations(struct tty_driver *driver, const struct tty_operations *op)
{
	driver->ops = op;
}

#endif
