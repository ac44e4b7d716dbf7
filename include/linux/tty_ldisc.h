/* SPDX-License-Identifier: MIT */
/* Line disciplines: what happens to characters between a terminal's driver and its readers. */
#ifndef _LINUX_TTY_LDISC_H
#define _LINUX_TTY_LDISC_H

#include <linux/types.h>
#include <linux/wait.h>

struct file;
struct ktermios;
struct poll_table_struct;
struct tty_struct;

#define N_TTY	0

/**
 * struct tty_ldisc_ops - a line discipline
 * @open, @close: called once for each terminal, in task context
 * @flush_buffer: forget input that nobody has read
 * @read: into a kernel buffer. *@cookie is NULL on the first call; if the discipline sets it there
 *	is more of the same read, and it must be called again, with @nr 0 to give up
 * @write: from a kernel buffer; sleeps while the driver has no room
 * @set_termios: tty->termios has changed; termios_rwsem is held for writing
 * @receive_buf: characters came in; hard-interrupt context. @fp: TTY_NORMAL and so on for each
 * @write_wakeup: the driver has room again; any context, the driver's lock not held
 */
struct tty_ldisc_ops {
	const char	*name;
	int		num;
	int	(*open)(struct tty_struct *tty);
	void	(*close)(struct tty_struct *tty);
	void	(*flush_buffer)(struct tty_struct *tty);
	ssize_t	(*read)(struct tty_struct *tty, struct file *file, unsigned char *buf, size_t nr,
			void **cookie, unsigned long offset);
	ssize_t	(*write)(struct tty_struct *tty, struct file *file, const unsigned char *buf,
			 size_t nr);
	int	(*ioctl)(struct tty_struct *tty, unsigned int cmd, unsigned long arg);
	void	(*set_termios)(struct tty_struct *tty, const struct ktermios *old);
	__poll_t (*poll)(struct tty_struct *tty, struct file *file, struct poll_table_struct *wait);
	void	(*receive_buf)(struct tty_struct *tty, const unsigned char *cp,
			       const unsigned char *fp, int count);
	void	(*write_wakeup)(struct tty_struct *tty);
};

struct tty_ldisc {
	const struct tty_ldisc_ops	*ops;
	struct tty_struct		*tty;
};

extern const struct tty_ldisc_ops n_tty_ops;

#endif
