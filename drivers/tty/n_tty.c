// SPDX-License-Identifier: MIT
/*
 * N_TTY, the line discipline: readers, writers, settings. Input and output proper are in
 * n_tty_input.c and n_tty_output.c; n_tty.h tells the buffer and its lock.
 *
 * In canonical mode a read takes one line, or what it has room for of one; in raw mode VMIN and
 * VTIME say when it is satisfied.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "n_tty.h"

/* ------------------------------------------------------------------------- reading */

/* What a reader saw when it decided to sleep. */
struct read_state {
	bool		ready;		/* there is enough for the read to return */
	size_t		avail;		/* characters that it would get, or at least one line */
	unsigned int	events;
	long		timeout;	/* jiffies to wait for more */
};

static struct read_state n_tty_read_state(struct n_tty_data *ldata, size_t nr)
{
	struct read_state s = { .timeout = MAX_SCHEDULE_TIMEOUT };
	unsigned int vmin, vtime;
	unsigned long flags;

	spin_lock_irqsave(&ldata->lock, flags);
	s.events = ldata->events;
	if (lflag(ldata, ICANON)) {
		s.avail = ldata->canon_head - ldata->read_tail;
		s.ready = s.avail > 0;
	} else {
		vmin = ldata->termios.c_cc[VMIN];
		vtime = ldata->termios.c_cc[VTIME];
		s.avail = read_cnt(ldata);
		s.ready = s.avail >= clamp_t(size_t, vmin, 1, nr);
		/*
		 * VTIME, in tenths of a second, runs from the start if VMIN is 0, else from each
		 * character to the next: so not before the first.
		 */
		if (vmin == 0 || (vtime && s.avail))
			s.timeout = vtime * HZ / 10;
	}
	spin_unlock_irqrestore(&ldata->lock, flags);
	return s;
}

static bool n_tty_events_since(struct n_tty_data *ldata, unsigned int events)
{
	return READ_ONCE(ldata->events) != events;
}

/* Sleeps until there is input for a read of nr: 1. 0: none will come; or a negative errno. */
static int n_tty_wait_input(struct tty_struct *tty, struct file *file, size_t nr)
{
	struct n_tty_data *ldata = tty->disc_data;
	struct read_state s;
	long left;

	for (;;) {
		s = n_tty_read_state(ldata, nr);
		if (s.ready)
			return 1;
		if (tty_hung_up_p(file))
			return 0;
		if (s.timeout == 0)
			return s.avail > 0;
		if (tty_io_nonblock(tty, file))
			return s.avail ? 1 : -EAGAIN;
		left = wait_event_interruptible_timeout(tty->read_wait,
				n_tty_events_since(ldata, s.events) || tty_hung_up_p(file),
				s.timeout);
		if (left < 0)
			return s.avail ? 1 : left;
		if (left == 0)
			return n_tty_read_state(ldata, nr).avail > 0;
	}
}

/* Copies what one line has, or up to nr of it. *more: the line goes on. ldata->lock is held. */
static size_t canon_copy_from_read_buf(struct n_tty_data *ldata, unsigned char *buf, size_t nr,
				       bool *more)
{
	size_t n = 0;
	unsigned char c;
	bool last;

	for (*more = false; ldata->read_tail != ldata->canon_head; ldata->read_tail++) {
		c = read_char(ldata, ldata->read_tail);
		last = test_bit(ldata->read_tail % N_TTY_BUF_SIZE, ldata->read_flags);
		/* An end of file right behind the last byte wanted is taken with it. */
		if (n == nr && !(last && c == __DISABLED_CHAR)) {
			*more = true;
			break;
		}
		if (!last) {
			buf[n++] = c;
			continue;
		}
		clear_bit(ldata->read_tail % N_TTY_BUF_SIZE, ldata->read_flags);
		ldata->read_tail++;
		if (c != __DISABLED_CHAR)
			buf[n++] = c;
		break;
	}
	return n;
}

static size_t copy_from_read_buf(struct n_tty_data *ldata, unsigned char *buf, size_t nr,
				 bool *more)
{
	size_t n = 0;

	for (; n < nr && ldata->read_tail != ldata->read_head; n++, ldata->read_tail++)
		buf[n] = read_char(ldata, ldata->read_tail);
	ldata->canon_head = ldata->read_tail;
	*more = ldata->read_tail != ldata->read_head;
	return n;
}

/*
 * A process in the background that reads its controlling terminal is stopped by SIGTTIN, and no two
 * readers share a line: atomic_read_lock is held until the read is over, over several calls while
 * *cookie is set.
 */
static int n_tty_read_begin(struct tty_struct *tty, struct file *file, size_t nr)
{
	struct n_tty_data *ldata = tty->disc_data;
	int ret = __tty_check_change(tty, SIGTTIN);

	if (ret)
		return ret;
	if (tty_io_nonblock(tty, file)) {
		if (!mutex_trylock(&ldata->atomic_read_lock))
			return -EAGAIN;
	} else if (mutex_lock_interruptible(&ldata->atomic_read_lock)) {
		return -ERESTARTSYS;
	}
	ret = n_tty_wait_input(tty, file, nr);
	if (ret <= 0)
		mutex_unlock(&ldata->atomic_read_lock);
	return ret;
}

static ssize_t n_tty_read(struct tty_struct *tty, struct file *file, unsigned char *buf, size_t nr,
			  void **cookie, unsigned long offset)
{
	struct n_tty_data *ldata = tty->disc_data;
	unsigned long flags;
	bool more = false;
	size_t n = 0;
	int ret;

	if (!*cookie) {
		ret = n_tty_read_begin(tty, file, nr);
		if (ret <= 0)
			return ret;
	}
	if (nr) {
		spin_lock_irqsave(&ldata->lock, flags);
		if (lflag(ldata, ICANON))
			n = canon_copy_from_read_buf(ldata, buf, nr, &more);
		else
			n = copy_from_read_buf(ldata, buf, nr, &more);
		n_tty_check_unthrottle(ldata);
		spin_unlock_irqrestore(&ldata->lock, flags);
	}
	*cookie = more ? ldata : NULL;
	if (!more)
		mutex_unlock(&ldata->atomic_read_lock);
	return n;
}

/* ------------------------------------------------------------------------- writing */

static ssize_t n_tty_write(struct tty_struct *tty, struct file *file, const unsigned char *buf,
			   size_t nr)
{
	struct n_tty_data *ldata = tty->disc_data;
	const unsigned char *start = buf;
	unsigned long flags;
	int ret = 0;
	size_t n;

	if (READ_ONCE(tty->termios.c_lflag) & TOSTOP) {
		ret = tty_check_change(tty);
		if (ret)
			return ret;
	}
	while (nr) {
		if (tty_hung_up_p(file)) {
			ret = -EIO;
			break;
		}
		spin_lock_irqsave(&ldata->lock, flags);
		n = n_tty_output(ldata, buf, nr);
		spin_unlock_irqrestore(&ldata->lock, flags);
		buf += n;
		nr -= n;
		if (n)
			continue;
		if (tty_io_nonblock(tty, file)) {
			ret = -EAGAIN;
			break;
		}
		ret = wait_event_interruptible(tty->write_wait, tty_write_room(tty) >= OUTPUT_MAX ||
					       tty_hung_up_p(file));
		if (ret)
			break;
	}
	return buf > start ? buf - start : ret;
}

/* The driver has room: waiting echo goes first, tty_wakeup() then wakes the writers. */
static void n_tty_write_wakeup(struct tty_struct *tty)
{
	struct n_tty_data *ldata = tty->disc_data;
	unsigned long flags;

	spin_lock_irqsave(&ldata->lock, flags);
	process_echoes(ldata);
	spin_unlock_irqrestore(&ldata->lock, flags);
}

/* ------------------------------------------------------------------------- the rest */

static __poll_t n_tty_poll(struct tty_struct *tty, struct file *file,
			   struct poll_table_struct *wait)
{
	struct n_tty_data *ldata = tty->disc_data;
	struct read_state s;
	__poll_t mask = 0;

	poll_wait(file, &tty->read_wait, wait);
	poll_wait(file, &tty->write_wait, wait);
	/* Readable: a read would not wait. With VTIME set one byte is enough. */
	s = n_tty_read_state(ldata, READ_ONCE(tty->termios.c_cc[VTIME]) ? 1 : N_TTY_BUF_SIZE);
	if (s.ready)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tty_hung_up_p(file))
		mask |= EPOLLHUP;
	if (!READ_ONCE(tty->flow.stopped) && tty_write_room(tty) >= OUTPUT_MAX)
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static void n_tty_flush_buffer(struct tty_struct *tty)
{
	struct n_tty_data *ldata = tty->disc_data;
	unsigned long flags;

	spin_lock_irqsave(&ldata->lock, flags);
	n_tty_reset_input(ldata);
	spin_unlock_irqrestore(&ldata->lock, flags);
}

/* The mode changed between lines and single characters: what is in the buffer changes its kind. */
static void n_tty_switch_canon(struct n_tty_data *ldata)
{
	bitmap_zero(ldata->read_flags, N_TTY_BUF_SIZE);
	if (lflag(ldata, ICANON) && read_cnt(ldata)) {
		/* What came before is a line of its own. */
		set_bit((ldata->read_head - 1) % N_TTY_BUF_SIZE, ldata->read_flags);
		ldata->canon_head = ldata->read_head;
	} else {
		ldata->canon_head = ldata->read_tail;
	}
	ldata->lnext = false;
}

static void n_tty_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	struct n_tty_data *ldata = tty->disc_data;
	unsigned long flags;

	spin_lock_irqsave(&ldata->lock, flags);
	ldata->termios = tty->termios;
	if (!old || ((old->c_lflag ^ tty->termios.c_lflag) & ICANON))
		n_tty_switch_canon(ldata);
	n_tty_check_unthrottle(ldata);
	ldata->events++;
	spin_unlock_irqrestore(&ldata->lock, flags);

	/* Nobody could undo a ^S any more. */
	if (old && (old->c_iflag & IXON) && !(tty->termios.c_iflag & IXON) &&
	    !tty->flow.tco_stopped)
		start_tty(tty);
	wake_up_interruptible(&tty->read_wait);
	wake_up_interruptible(&tty->write_wait);
}

/* How many bytes could be read: FIONREAD. Marks for the end of file are not bytes. */
static int n_tty_inq(struct n_tty_data *ldata)
{
	unsigned long flags;
	size_t i, n = 0;

	spin_lock_irqsave(&ldata->lock, flags);
	if (!lflag(ldata, ICANON)) {
		n = read_cnt(ldata);
	} else {
		for (i = ldata->read_tail; i != ldata->canon_head; i++)
			n += !(test_bit(i % N_TTY_BUF_SIZE, ldata->read_flags) &&
			       read_char(ldata, i) == __DISABLED_CHAR);
	}
	spin_unlock_irqrestore(&ldata->lock, flags);
	return n;
}

static int n_tty_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	struct n_tty_data *ldata = tty->disc_data;

	if (cmd == FIONREAD)
		return put_user(n_tty_inq(ldata), (int __user *)arg);
	return -ENOIOCTLCMD;
}

static int n_tty_open(struct tty_struct *tty)
{
	struct n_tty_data *ldata = kzalloc(sizeof(*ldata), GFP_KERNEL);

	if (!ldata)
		return -ENOMEM;
	ldata->tty = tty;
	ldata->termios = tty->termios;
	mutex_init(&ldata->atomic_read_lock);
	spin_lock_init(&ldata->lock);
	tty->disc_data = ldata;
	return 0;
}

static void n_tty_close(struct tty_struct *tty)
{
	kfree(tty->disc_data);
	tty->disc_data = NULL;
}

const struct tty_ldisc_ops n_tty_ops = {
	.name		= "n_tty",
	.num		= N_TTY,
	.open		= n_tty_open,
	.close		= n_tty_close,
	.flush_buffer	= n_tty_flush_buffer,
	.read		= n_tty_read,
	.write		= n_tty_write,
	.ioctl		= n_tty_ioctl,
	.set_termios	= n_tty_set_termios,
	.poll		= n_tty_poll,
	.receive_buf	= n_tty_receive_buf,
	.write_wakeup	= n_tty_write_wakeup,
};
