/* SPDX-License-Identifier: MIT */
/*
 * What the three files of the line discipline share:
 *
 *   n_tty.c         readers, writers, settings
 *   n_tty_input.c   characters that come in: signals, flow control, editing the line
 *   n_tty_output.c  characters that go out: what OPOST does to them, and echo
 */
#ifndef _DRIVERS_TTY_N_TTY_H
#define _DRIVERS_TTY_N_TTY_H

#include <linux/bitops.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/tty.h>

/* Powers of two: the indices count on for ever and are taken modulo. */
#define N_TTY_BUF_SIZE		4096
#define N_TTY_ECHO_SIZE		1024

#define TTY_THRESHOLD_THROTTLE	128	/* with less room than this the driver is stopped */
#define TTY_THRESHOLD_UNTHROTTLE 128	/* and goes on when fewer characters wait */

#define OUTPUT_MAX		8	/* bytes that one character can become: a tab of spaces */

/*
 * read_buf is a ring:
 *
 *      read_tail          canon_head        read_head
 *          | whole lines      | line being      |
 *          | for readers      | edited          | free ...
 *
 * read_flags marks the last character of each line. In raw mode readers take all up to read_head
 * and canon_head follows read_tail. An end of file (^D) is kept as a __DISABLED_CHAR with its mark.
 */
struct n_tty_data {
	struct tty_struct	*tty;
	struct mutex		atomic_read_lock;	/* one reader at a time */

	/* lock guards the rest. Input comes in interrupts, so it is taken with them off. */
	spinlock_t		lock;
	struct ktermios		termios;	/* a copy: interrupts cannot take termios_rwsem */
	size_t			read_tail, canon_head, read_head;
	unsigned int		events;		/* counts what may let a reader go on */
	bool			lnext;		/* after ^V: take the next character as it is */
	bool			throttled;
	unsigned int		column;		/* of the cursor, as far as we know */
	unsigned int		canon_column;	/* where the line being edited began */
	size_t			echo_tail, echo_head;
	DECLARE_BITMAP(read_flags, N_TTY_BUF_SIZE);
	unsigned char		read_buf[N_TTY_BUF_SIZE];
	unsigned char		echo_buf[N_TTY_ECHO_SIZE];	/* done with OPOST, not yet sent */
};

#define iflag(ldata, f)	((ldata)->termios.c_iflag & (f))
#define oflag(ldata, f)	((ldata)->termios.c_oflag & (f))
#define lflag(ldata, f)	((ldata)->termios.c_lflag & (f))

/* Is c the control character at this index? Never if that one is switched off. */
static inline bool is_cc(const struct n_tty_data *ldata, unsigned char c, int index)
{
	return c == ldata->termios.c_cc[index] && c != __DISABLED_CHAR;
}

static inline unsigned char read_char(const struct n_tty_data *ldata, size_t i)
{
	return ldata->read_buf[i % N_TTY_BUF_SIZE];
}

static inline size_t read_cnt(const struct n_tty_data *ldata)
{
	return ldata->read_head - ldata->read_tail;
}

/* The second to fourth byte of a UTF-8 character. */
static inline bool is_continuation(const struct n_tty_data *ldata, unsigned char c)
{
	return iflag(ldata, IUTF8) && (c & 0xc0) == 0x80;
}

/* n_tty_input.c */
void n_tty_receive_buf(struct tty_struct *tty, const unsigned char *cp, const unsigned char *fp,
		       int count);
void n_tty_check_unthrottle(struct n_tty_data *ldata);
void n_tty_reset_input(struct n_tty_data *ldata);

/* n_tty_output.c; all with ldata->lock held */
size_t n_tty_output(struct n_tty_data *ldata, const unsigned char *buf, size_t nr);
void echo_char(struct n_tty_data *ldata, unsigned char c);
void echo_char_raw(struct n_tty_data *ldata, unsigned char c);
void echo_erase(struct n_tty_data *ldata, unsigned char c, size_t pos);
void process_echoes(struct n_tty_data *ldata);

#endif
