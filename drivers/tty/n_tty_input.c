// SPDX-License-Identifier: MIT
/*
 * Input of the line discipline: each character that the driver received is, in this order, flow
 * control, a signal, a change of the line being edited, or itself.
 *
 * n_tty_receive_buf() is called by the driver in hard-interrupt context. It holds ldata->lock while
 * it works; the locks taken inside are those of the driver, flow and ctrl, and by kill_pgrp()
 * tasklist_lock for reading and siglock.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>

#include "n_tty.h"

/* ------------------------------------------------------------------------- the buffer */

/* Forgets all input. */
void n_tty_reset_input(struct n_tty_data *ldata)
{
	ldata->read_tail = ldata->canon_head = ldata->read_head;
	bitmap_zero(ldata->read_flags, N_TTY_BUF_SIZE);
	ldata->lnext = false;
	n_tty_check_unthrottle(ldata);
}

static void put_tty_queue(struct n_tty_data *ldata, unsigned char c)
{
	ldata->read_buf[ldata->read_head++ % N_TTY_BUF_SIZE] = c;
}

/* The last place is kept free for the end of a line: or a line too long could never be read. */
static bool room_for_char(struct n_tty_data *ldata, unsigned int bytes)
{
	if (read_cnt(ldata) + bytes < N_TTY_BUF_SIZE)
		return true;
	if (iflag(ldata, IMAXBEL))
		echo_char_raw(ldata, '\a');
	return false;
}

/* c ends the line: what was edited is now for the readers. */
static void n_tty_receive_handle_newline(struct n_tty_data *ldata, unsigned char c)
{
	if (read_cnt(ldata) >= N_TTY_BUF_SIZE)
		return;
	set_bit(ldata->read_head % N_TTY_BUF_SIZE, ldata->read_flags);
	put_tty_queue(ldata, c);
	ldata->canon_head = ldata->read_head;
}

/*
 * Is the driver to be stopped? Not while a single unfinished line fills the buffer: no reader could
 * then make room, and the end of the line must come in.
 */
static void n_tty_check_throttle(struct n_tty_data *ldata)
{
	struct tty_struct *tty = ldata->tty;

	if (ldata->throttled || N_TTY_BUF_SIZE - read_cnt(ldata) >= TTY_THRESHOLD_THROTTLE)
		return;
	if (lflag(ldata, ICANON) && ldata->canon_head == ldata->read_tail)
		return;
	ldata->throttled = true;
	if (tty->ops->throttle)
		tty->ops->throttle(tty);
}

void n_tty_check_unthrottle(struct n_tty_data *ldata)
{
	struct tty_struct *tty = ldata->tty;

	if (!ldata->throttled)
		return;
	if (read_cnt(ldata) > TTY_THRESHOLD_UNTHROTTLE &&
	    !(lflag(ldata, ICANON) && ldata->canon_head == ldata->read_tail))
		return;
	ldata->throttled = false;
	if (tty->ops->unthrottle)
		tty->ops->unthrottle(tty);
}

/* ------------------------------------------------------------------------- signals, flow */

static void isig(struct n_tty_data *ldata, int sig)
{
	struct tty_struct *tty = ldata->tty;
	struct pid *pgrp = tty_get_pgrp(tty);

	if (pgrp) {
		kill_pgrp(pgrp, sig, 1);
		put_pid(pgrp);
	}
	if (lflag(ldata, NOFLSH))
		return;
	process_echoes(ldata);
	ldata->echo_tail = ldata->echo_head;
	tty_driver_flush_buffer(tty);
	n_tty_reset_input(ldata);
	wake_up_interruptible(&tty->write_wait);
}

/* As start_tty(), which must not be called with ldata->lock held. */
static void n_tty_start(struct n_tty_data *ldata)
{
	struct tty_struct *tty = ldata->tty;
	unsigned long flags;

	spin_lock_irqsave(&tty->flow.lock, flags);
	__start_tty(tty);
	spin_unlock_irqrestore(&tty->flow.lock, flags);
	process_echoes(ldata);
	wake_up_interruptible(&tty->write_wait);
}

static void n_tty_receive_signal_char(struct n_tty_data *ldata, int sig, unsigned char c)
{
	isig(ldata, sig);
	if (iflag(ldata, IXON))
		n_tty_start(ldata);
	if (lflag(ldata, ECHO))
		echo_char(ldata, c);
}

static int signal_of_char(struct n_tty_data *ldata, unsigned char c)
{
	if (!lflag(ldata, ISIG))
		return 0;
	if (is_cc(ldata, c, VINTR))
		return SIGINT;
	if (is_cc(ldata, c, VQUIT))
		return SIGQUIT;
	return is_cc(ldata, c, VSUSP) ? SIGTSTP : 0;
}

/* ------------------------------------------------------------------------- editing the line */

/* Takes the last character off the line, all its bytes, and off the screen. */
static void erase_char(struct n_tty_data *ldata)
{
	unsigned char c;

	do {
		c = read_char(ldata, --ldata->read_head);
	} while (is_continuation(ldata, c) && ldata->read_head != ldata->canon_head);
	if (lflag(ldata, ECHO) && lflag(ldata, ECHOE))
		echo_erase(ldata, c, ldata->read_head);
}

static bool in_word(unsigned char c)
{
	return isalnum(c) || c == '_' || c >= 0x80;
}

static bool last_in_word(struct n_tty_data *ldata)
{
	return in_word(read_char(ldata, ldata->read_head - 1));
}

static void erase_word(struct n_tty_data *ldata)
{
	while (ldata->read_head != ldata->canon_head && !last_in_word(ldata))
		erase_char(ldata);
	while (ldata->read_head != ldata->canon_head && last_in_word(ldata))
		erase_char(ldata);
}

/* ^U. Without ECHOKE the line is not taken off the screen: a new one is begun. */
static void kill_line(struct n_tty_data *ldata, unsigned char c)
{
	const tcflag_t visible = ECHO | ECHOK | ECHOKE | ECHOE;

	if (lflag(ldata, visible) == visible) {
		while (ldata->read_head != ldata->canon_head)
			erase_char(ldata);
		return;
	}
	ldata->read_head = ldata->canon_head;
	if (!lflag(ldata, ECHO))
		return;
	echo_char(ldata, c);
	if (lflag(ldata, ECHOK))
		echo_char_raw(ldata, '\n');
}

/* ^R: the screen is a mess, show the line again. */
static void reprint_line(struct n_tty_data *ldata, unsigned char c)
{
	size_t i;

	echo_char(ldata, c);
	echo_char_raw(ldata, '\n');
	ldata->canon_column = ldata->column;
	for (i = ldata->canon_head; i != ldata->read_head; i++)
		echo_char(ldata, read_char(ldata, i));
}

/* Canonical mode: is c one of the characters that edit or end a line? */
static bool n_tty_receive_char_canon(struct n_tty_data *ldata, unsigned char c)
{
	bool ext = lflag(ldata, IEXTEN);

	if (is_cc(ldata, c, VERASE)) {
		if (ldata->read_head != ldata->canon_head) {
			erase_char(ldata);
			if (lflag(ldata, ECHO) && !lflag(ldata, ECHOE))
				echo_char(ldata, c);
		}
	} else if (is_cc(ldata, c, VKILL)) {
		kill_line(ldata, c);
	} else if (ext && is_cc(ldata, c, VWERASE)) {
		erase_word(ldata);
	} else if (ext && is_cc(ldata, c, VREPRINT) && lflag(ldata, ECHO)) {
		reprint_line(ldata, c);
	} else if (ext && is_cc(ldata, c, VLNEXT)) {
		ldata->lnext = true;
		if (lflag(ldata, ECHO) && lflag(ldata, ECHOCTL)) {
			echo_char_raw(ldata, '^');
			echo_char_raw(ldata, '\b');
		}
	} else if (c == '\n') {
		if (lflag(ldata, ECHO | ECHONL))
			echo_char_raw(ldata, '\n');
		n_tty_receive_handle_newline(ldata, c);
	} else if (is_cc(ldata, c, VEOF)) {
		n_tty_receive_handle_newline(ldata, __DISABLED_CHAR);
	} else if (is_cc(ldata, c, VEOL) || (ext && is_cc(ldata, c, VEOL2))) {
		if (lflag(ldata, ECHO))
			echo_char(ldata, c);
		n_tty_receive_handle_newline(ldata, c);
	} else {
		return false;
	}
	return true;
}

/* A character that means nothing but itself. */
static void n_tty_receive_char(struct n_tty_data *ldata, unsigned char c)
{
	/* With PARMRK 0377 announces an error; so a real one is doubled. */
	bool twice = c == 0377 && iflag(ldata, PARMRK) && !iflag(ldata, ISTRIP);

	if (!room_for_char(ldata, 1 + twice))
		return;
	if (lflag(ldata, ECHO)) {
		if (ldata->canon_head == ldata->read_head)
			ldata->canon_column = ldata->column;
		if (c == '\n')
			echo_char_raw(ldata, c);
		else
			echo_char(ldata, c);
	}
	if (twice)
		put_tty_queue(ldata, c);
	put_tty_queue(ldata, c);
}

/* ------------------------------------------------------------------------- what came in */

static void n_tty_receive(struct n_tty_data *ldata, unsigned char c)
{
	struct tty_struct *tty = ldata->tty;
	int sig;

	if (iflag(ldata, ISTRIP))
		c &= 0x7f;
	if (ldata->lnext) {
		ldata->lnext = false;
		n_tty_receive_char(ldata, c);
		return;
	}
	if (iflag(ldata, IXON)) {
		if (is_cc(ldata, c, VSTART)) {
			n_tty_start(ldata);
			return;
		}
		if (is_cc(ldata, c, VSTOP)) {
			stop_tty(tty);
			return;
		}
		if (iflag(ldata, IXANY) && READ_ONCE(tty->flow.stopped))
			n_tty_start(ldata);
	}
	sig = signal_of_char(ldata, c);
	if (sig) {
		n_tty_receive_signal_char(ldata, sig, c);
		return;
	}
	if (c == '\r') {
		if (iflag(ldata, IGNCR))
			return;
		if (iflag(ldata, ICRNL))
			c = '\n';
	} else if (c == '\n' && iflag(ldata, INLCR)) {
		c = '\r';
	}
	if (!lflag(ldata, ICANON) || !n_tty_receive_char_canon(ldata, c))
		n_tty_receive_char(ldata, c);
}

/* What PARMRK makes of an error: 0377, 0, the character. */
static void put_marked(struct n_tty_data *ldata, unsigned char c)
{
	if (!room_for_char(ldata, 3))
		return;
	put_tty_queue(ldata, 0377);
	put_tty_queue(ldata, 0);
	put_tty_queue(ldata, c);
}

/* A break, or a character that was not received well. */
static void n_tty_receive_char_flagged(struct n_tty_data *ldata, unsigned char c,
				       unsigned char flag)
{
	switch (flag) {
	case TTY_BREAK:
		if (iflag(ldata, IGNBRK))
			return;
		if (iflag(ldata, BRKINT))
			isig(ldata, SIGINT);
		else if (iflag(ldata, PARMRK))
			put_marked(ldata, 0);
		else
			n_tty_receive_char(ldata, 0);
		break;
	case TTY_PARITY:
	case TTY_FRAME:
		if (!iflag(ldata, INPCK)) {
			n_tty_receive(ldata, c);
			return;
		}
		if (iflag(ldata, IGNPAR))
			return;
		if (iflag(ldata, PARMRK))
			put_marked(ldata, c);
		else
			n_tty_receive_char(ldata, 0);
		break;
	}
	/* TTY_OVERRUN: what was lost is lost; the driver counts it. */
}

/* Can a reader go on? */
static bool input_ready(struct n_tty_data *ldata)
{
	return lflag(ldata, ICANON) ? ldata->canon_head != ldata->read_tail : read_cnt(ldata) > 0;
}

void n_tty_receive_buf(struct tty_struct *tty, const unsigned char *cp, const unsigned char *fp,
		       int count)
{
	struct n_tty_data *ldata = tty->disc_data;
	unsigned long flags;
	bool ready;

	spin_lock_irqsave(&ldata->lock, flags);
	for (; count > 0; count--, cp++, fp++) {
		if (likely(*fp == TTY_NORMAL))
			n_tty_receive(ldata, *cp);
		else
			n_tty_receive_char_flagged(ldata, *cp, *fp);
	}
	process_echoes(ldata);
	n_tty_check_throttle(ldata);
	ready = input_ready(ldata);
	ldata->events += ready;
	spin_unlock_irqrestore(&ldata->lock, flags);

	if (ready)
		wake_up_interruptible_poll(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
}
