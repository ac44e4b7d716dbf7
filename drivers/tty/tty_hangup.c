// SPDX-License-Identifier: MIT
/*
 * Hangup: the line went away, or the session that had the terminal has ended. Who still has it
 * open must not go on with it: the functions of his file are exchanged for ones that fail, and who
 * sleeps in a read or write is woken to see it (tty_hung_up_p()).
 */
#include <linux/fs.h>
#include <linux/errno.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/tty.h>

#include "tty.h"

static ssize_t hung_up_tty_read(struct kiocb *iocb, struct iov_iter *to)
{
	return 0;
}

static ssize_t hung_up_tty_write(struct kiocb *iocb, struct iov_iter *from)
{
	return -EIO;
}

static __poll_t hung_up_tty_poll(struct file *file, struct poll_table_struct *wait)
{
	return EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDNORM | EPOLLWRNORM;
}

static long hung_up_tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
}

/* What a file's functions become when its terminal hangs up. */
static const struct file_operations hung_up_tty_fops = {
	.llseek		= tty_llseek,
	.read_iter	= hung_up_tty_read,
	.write_iter	= hung_up_tty_write,
	.poll		= hung_up_tty_poll,
	.unlocked_ioctl	= hung_up_tty_ioctl,
	.release	= tty_release,
};

int tty_hung_up_p(struct file *filp)
{
	return filp && READ_ONCE(filp->f_op) == &hung_up_tty_fops;
}

/* Cuts all files off, but those of /dev/console: messages must still come out. tty_lock is held. */
static void tty_cut_files(struct tty_struct *tty)
{
	struct tty_file_private *priv;
	int closed = 0;

	spin_lock(&tty->files_lock);
	list_for_each_entry(priv, &tty->tty_files, list) {
		if (priv->console || tty_hung_up_p(priv->file))
			continue;
		WRITE_ONCE(priv->file->f_op, &hung_up_tty_fops);
		closed++;
	}
	spin_unlock(&tty->files_lock);

	for (; closed; closed--) {
		tty->ops->close(tty, NULL);
		tty->count--;
	}
}

static void __tty_hangup(struct tty_struct *tty, bool exit_session)
{
	tty_lock(tty);
	tty_cut_files(tty);
	tty_signal_session_leader(tty, exit_session);
	tty->ldisc.ops->flush_buffer(tty);
	tty_unlock(tty);

	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT | EPOLLHUP);
	wake_up_interruptible_poll(&tty->read_wait, EPOLLIN | EPOLLHUP);
}

/* The line went away, or somebody asked for it: its session loses it. May sleep. */
void tty_vhangup(struct tty_struct *tty)
{
	__tty_hangup(tty, false);
}

/* The session leader exits: the foreground group gets SIGHUP too. */
void tty_vhangup_session(struct tty_struct *tty)
{
	__tty_hangup(tty, true);
}
