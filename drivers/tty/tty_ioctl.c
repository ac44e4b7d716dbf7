// SPDX-License-Identifier: MIT
/*
 * ioctl on terminals: settings, window size, flushing, flow control, break.
 *
 * Those about controlling terminals are in tty_jobctrl.c. Calls that change something stop a
 * process in the background with SIGTTOU (tty_check_change()), as writing does under TOSTOP.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/tty.h>
#include <linux/uaccess.h>

unsigned int tty_chars_in_buffer(struct tty_struct *tty)
{
	return tty->ops->chars_in_buffer ? tty->ops->chars_in_buffer(tty) : 0;
}

unsigned int tty_write_room(struct tty_struct *tty)
{
	return tty->ops->write_room(tty);
}

/* Forgets output that was not sent. Writers are not woken: the caller may hold locks. */
void tty_driver_flush_buffer(struct tty_struct *tty)
{
	if (tty->ops->flush_buffer)
		tty->ops->flush_buffer(tty);
}

/**
 * tty_wait_until_sent - sleep until all output has left the machine, or a signal comes
 * @timeout: jiffies; 0: as long as it takes
 */
void tty_wait_until_sent(struct tty_struct *tty, long timeout)
{
	if (!timeout)
		timeout = MAX_SCHEDULE_TIMEOUT;
	timeout = wait_event_interruptible_timeout(tty->write_wait, !tty_chars_in_buffer(tty),
						   timeout);
	if (timeout <= 0)
		return;
	if (tty->ops->wait_until_sent)
		tty->ops->wait_until_sent(tty, timeout == MAX_SCHEDULE_TIMEOUT ? 0 : timeout);
}

/* ------------------------------------------------------------------------- termios */

/* The speeds that CBAUD's codes stand for; those with CBAUDEX follow from index 16. */
static const speed_t baud_table[] = {
	0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400,
	57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000,
};

/* Bits a second, as c_cflag says; 0 for a code that is not known. */
speed_t tty_termios_baud_rate(const struct ktermios *termios)
{
	unsigned int code = termios->c_cflag & CBAUD;

	if (code & CBAUDEX)
		code = (code & ~CBAUDEX) + 15;
	return code < ARRAY_SIZE(baud_table) ? baud_table[code] : 0;
}

/**
 * tty_set_termios - change a terminal's settings
 * @new_termios: the driver may take it differently; tty->termios tells
 *
 * May sleep.
 */
int tty_set_termios(struct tty_struct *tty, struct ktermios *new_termios)
{
	struct ktermios old;

	down_write(&tty->termios_rwsem);
	old = tty->termios;
	tty->termios = *new_termios;
	if (tty->ops->set_termios)
		tty->ops->set_termios(tty, &old);
	tty->ldisc.ops->set_termios(tty, &old);
	up_write(&tty->termios_rwsem);
	return 0;
}

static int get_termios(struct tty_struct *tty, struct termios __user *arg)
{
	struct termios t = { .c_iflag = 0 };

	down_read(&tty->termios_rwsem);
	t.c_iflag = tty->termios.c_iflag;
	t.c_oflag = tty->termios.c_oflag;
	t.c_cflag = tty->termios.c_cflag;
	t.c_lflag = tty->termios.c_lflag;
	t.c_line = tty->termios.c_line;
	memcpy(t.c_cc, tty->termios.c_cc, NCCS);
	up_read(&tty->termios_rwsem);
	return copy_to_user(arg, &t, sizeof(t)) ? -EFAULT : 0;
}

/* TCSETS; TCSETSW waits for the output first, TCSETSF also throws away unread input. */
static int set_termios(struct tty_struct *tty, unsigned int cmd, struct termios __user *arg)
{
	struct ktermios new;
	struct termios t;
	int ret;

	ret = tty_check_change(tty);
	if (ret)
		return ret;
	if (copy_from_user(&t, arg, sizeof(t)))
		return -EFAULT;

	if (cmd == TCSETSF)
		tty->ldisc.ops->flush_buffer(tty);
	if (cmd != TCSETS) {
		tty_wait_until_sent(tty, 0);
		if (signal_pending(current))
			return -ERESTARTSYS;
	}
	down_read(&tty->termios_rwsem);
	new = tty->termios;
	up_read(&tty->termios_rwsem);
	new.c_iflag = t.c_iflag;
	new.c_oflag = t.c_oflag;
	new.c_cflag = t.c_cflag;
	new.c_lflag = t.c_lflag;
	new.c_line = t.c_line;
	memcpy(new.c_cc, t.c_cc, NCCS);
	new.c_ispeed = new.c_ospeed = tty_termios_baud_rate(&new);
	return tty_set_termios(tty, &new);
}

/* ------------------------------------------------------------------------- window size */

static int tiocgwinsz(struct tty_struct *tty, struct winsize __user *arg)
{
	struct winsize ws;

	mutex_lock(&tty->winsize_mutex);
	ws = tty->winsize;
	mutex_unlock(&tty->winsize_mutex);
	return copy_to_user(arg, &ws, sizeof(ws)) ? -EFAULT : 0;
}

/* A real change is told to the foreground group by SIGWINCH. */
static int tiocswinsz(struct tty_struct *tty, struct winsize __user *arg)
{
	struct winsize ws;
	struct pid *pgrp;
	bool changed;

	if (copy_from_user(&ws, arg, sizeof(ws)))
		return -EFAULT;
	mutex_lock(&tty->winsize_mutex);
	changed = memcmp(&ws, &tty->winsize, sizeof(ws));
	tty->winsize = ws;
	mutex_unlock(&tty->winsize_mutex);

	pgrp = changed ? tty_get_pgrp(tty) : NULL;
	if (pgrp) {
		kill_pgrp(pgrp, SIGWINCH, 1);
		put_pid(pgrp);
	}
	return 0;
}

/* ------------------------------------------------------------------------- flush, flow, break */

int tty_perform_flush(struct tty_struct *tty, unsigned long arg)
{
	int ret = tty_check_change(tty);

	if (ret)
		return ret;
	if (arg != TCIFLUSH && arg != TCOFLUSH && arg != TCIOFLUSH)
		return -EINVAL;
	if (arg != TCOFLUSH)
		tty->ldisc.ops->flush_buffer(tty);
	if (arg != TCIFLUSH) {
		tty_driver_flush_buffer(tty);
		tty_wakeup(tty);
	}
	return 0;
}

/* tcflow(): stop and start output; tell the other side to stop and start. */
static int tcxonc(struct tty_struct *tty, unsigned long arg)
{
	unsigned char ch;
	int ret = tty_check_change(tty);

	if (ret)
		return ret;
	switch (arg) {
	case TCOOFF:
	case TCOON:
		spin_lock_irq(&tty->flow.lock);
		tty->flow.tco_stopped = arg == TCOOFF;
		if (arg == TCOOFF)
			__stop_tty(tty);
		else
			__start_tty(tty);
		spin_unlock_irq(&tty->flow.lock);
		if (arg == TCOON)
			tty_wakeup(tty);
		return 0;
	case TCIOFF:
	case TCION:
		down_read(&tty->termios_rwsem);
		ch = tty->termios.c_cc[arg == TCIOFF ? VSTOP : VSTART];
		up_read(&tty->termios_rwsem);
		return ch == __DISABLED_CHAR ? 0 : tty_send_xchar(tty, ch);
	}
	return -EINVAL;
}

/* A break of so many milliseconds, after all output. */
static int send_break(struct tty_struct *tty, unsigned int ms)
{
	int ret = tty_check_change(tty);

	if (ret)
		return ret;
	tty_wait_until_sent(tty, 0);
	if (signal_pending(current))
		return -ERESTARTSYS;
	if (!tty->ops->break_ctl || ms == 0)
		return 0;
	if (tty_write_room(tty) == 0)
		return -EAGAIN;
	ret = tty->ops->break_ctl(tty, -1);
	if (ret)
		return ret;
	schedule_timeout_interruptible(msecs_to_jiffies(ms));
	tty->ops->break_ctl(tty, 0);
	return signal_pending(current) ? -EINTR : 0;
}

/**
 * tty_ioctl - the ->unlocked_ioctl() of terminals
 *
 * -ENOTTY for what no terminal knows.
 */
long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tty_struct *tty = ((struct tty_file_private *)file->private_data)->tty;
	void __user *p = (void __user *)arg;
	long ret;

	switch (cmd) {
	case TCGETS:
		return get_termios(tty, p);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(tty, cmd, p);
	case TIOCGWINSZ:
		return tiocgwinsz(tty, p);
	case TIOCSWINSZ:
		return tiocswinsz(tty, p);
	case TCFLSH:
		return tty_perform_flush(tty, arg);
	case TCXONC:
		return tcxonc(tty, arg);
	case TCSBRK:		/* 0: a break; else this is tcdrain() */
		return send_break(tty, arg ? 0 : 250);
	case TCSBRKP:		/* tenths of a second */
		return send_break(tty, arg ? min(arg, 600UL) * 100 : 250);
	case TIOCSBRK:
		return tty->ops->break_ctl ? tty->ops->break_ctl(tty, -1) : 0;
	case TIOCCBRK:
		return tty->ops->break_ctl ? tty->ops->break_ctl(tty, 0) : 0;
	case TIOCOUTQ:
		return put_user(tty_chars_in_buffer(tty), (int __user *)p);
	case TIOCEXCL:
		set_bit(TTY_EXCLUSIVE, &tty->flags);
		return 0;
	case TIOCNXCL:
		clear_bit(TTY_EXCLUSIVE, &tty->flags);
		return 0;
	case TIOCGETD:
		return put_user(tty->ldisc.ops->num, (int __user *)p);
	case TIOCVHANGUP:
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		tty_vhangup(tty);
		return 0;
	}
	ret = tty_jobctrl_ioctl(tty, file, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = tty->ldisc.ops->ioctl(tty, cmd, arg);
	return ret == -ENOIOCTLCMD ? -ENOTTY : ret;
}
