/* SPDX-License-Identifier: MIT */
/*
 * Terminals. Three layers, each with its table of functions:
 *
 *   tty_io.c      files: /dev/ttyAMA0, /dev/console, /dev/tty; with tty_ioctl.c and tty_jobctrl.c
 *   n_tty*.c      the line discipline: editing a line, echo, signals      (struct tty_ldisc_ops)
 *   serial/       the driver: characters to and from the hardware         (struct tty_operations)
 *
 * Locks, outermost first: tty_mutex (which terminals there are), tty_lock() (open, close, hangup),
 * termios_rwsem, atomic_write_lock; then the spinlocks, all of them taken in interrupts: the line
 * discipline's, flow.lock, ctrl.lock, the driver's.
 */
#ifndef _LINUX_TTY_H
#define _LINUX_TTY_H

#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/termios.h>
#include <linux/tty_driver.h>
#include <linux/tty_ldisc.h>
#include <linux/types.h>
#include <linux/wait.h>

struct file;
struct pid;
struct signal_struct;
struct task_struct;

/* A character that nothing can be set to: that function is off. */
#define __DISABLED_CHAR '\0'

/* What came with a character. */
#define TTY_NORMAL	0
#define TTY_BREAK	1
#define TTY_FRAME	2
#define TTY_PARITY	3
#define TTY_OVERRUN	4

struct tty_struct {
	struct tty_driver	*driver;
	const struct tty_operations *ops;
	int			index;
	char			name[64];
	struct tty_ldisc	ldisc;
	void			*disc_data;	/* the line discipline's */
	void			*driver_data;	/* the driver's */
	refcount_t		kref;		/* the driver holds one for ever */

	struct mutex		legacy_mutex;	/* tty_lock() */
	int			count;		/* open files; tty_lock() */
	struct list_head	tty_files;	/* files_lock */
	spinlock_t		files_lock;

	struct rw_semaphore	termios_rwsem;
	struct ktermios		termios;	/* termios_rwsem */
	struct mutex		winsize_mutex;
	struct winsize		winsize;	/* winsize_mutex */
	struct mutex		atomic_write_lock;	/* one write at a time */

	unsigned long		flags;		/* TTY_* bits below */
	struct {
		spinlock_t	lock;
		bool		stopped;	/* by ^S or tcflow(): nothing is sent */
		bool		tco_stopped;	/* by tcflow(): ^Q does not help */
	} flow;
	struct {
		spinlock_t	lock;
		struct pid	*pgrp;		/* foreground process group */
		struct pid	*session;	/* whose controlling terminal it is */
	} ctrl;
	wait_queue_head_t	read_wait, write_wait;
};

/* tty_struct.flags */
#define TTY_EXCLUSIVE		3	/* TIOCEXCL: no more opens */

/* What file->private_data of a terminal points at. */
struct tty_file_private {
	struct tty_struct	*tty;
	struct file		*file;
	bool			console;	/* opened as /dev/console: survives a hangup */
	struct list_head	list;		/* tty->tty_files */
};

/* A place where a driver collects characters before it hands them on; the driver's to guard. */
#define TTY_FLIP_SIZE	64
struct tty_port {
	struct tty_struct	*tty;		/* set while it is open */
	unsigned int		used;
	unsigned char		chars[TTY_FLIP_SIZE];
	unsigned char		flags[TTY_FLIP_SIZE];
};

int tty_insert_flip_char(struct tty_port *port, unsigned char ch, char flag);
void tty_flip_buffer_push(struct tty_port *port);

extern struct ktermios tty_std_termios;

/* tty_io.c */
void tty_lock(struct tty_struct *tty);
void tty_unlock(struct tty_struct *tty);
struct tty_struct *tty_kref_get(struct tty_struct *tty);
void tty_kref_put(struct tty_struct *tty);
void __start_tty(struct tty_struct *tty);	/* flow.lock held */
void __stop_tty(struct tty_struct *tty);
void start_tty(struct tty_struct *tty);
void stop_tty(struct tty_struct *tty);
void tty_wakeup(struct tty_struct *tty);
void tty_vhangup(struct tty_struct *tty);
void tty_vhangup_session(struct tty_struct *tty);
int tty_hung_up_p(struct file *filp);
int tty_send_xchar(struct tty_struct *tty, char ch);
dev_t tty_devnum(struct tty_struct *tty);
const char *tty_name(const struct tty_struct *tty);

static inline bool tty_io_nonblock(struct tty_struct *tty, struct file *file)
{
	return file->f_flags & O_NONBLOCK;
}

/* tty_ioctl.c */
long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
unsigned int tty_write_room(struct tty_struct *tty);
unsigned int tty_chars_in_buffer(struct tty_struct *tty);
void tty_driver_flush_buffer(struct tty_struct *tty);
void tty_wait_until_sent(struct tty_struct *tty, long timeout);
int tty_set_termios(struct tty_struct *tty, struct ktermios *new_termios);
int tty_perform_flush(struct tty_struct *tty, unsigned long arg);
speed_t tty_termios_baud_rate(const struct ktermios *termios);

/* tty_jobctrl.c: controlling terminals, for tty_io.c and for fork, exit and setsid */
int __tty_check_change(struct tty_struct *tty, int sig);
int tty_check_change(struct tty_struct *tty);
void proc_clear_tty(struct task_struct *p);
void tty_open_proc_set_tty(struct file *filp, struct tty_struct *tty);
struct tty_struct *get_current_tty(void);
void disassociate_ctty(int on_exit);
void no_tty(void);
struct pid *tty_get_pgrp(struct tty_struct *tty);
void session_clear_tty(struct pid *session);
void tty_signal_session_leader(struct tty_struct *tty, bool exit_session);
long tty_jobctrl_ioctl(struct tty_struct *tty, struct file *file, unsigned int cmd,
		       unsigned long arg);

#endif
