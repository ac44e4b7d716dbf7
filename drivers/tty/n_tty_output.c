// SPDX-License-Identifier: MIT
/*
 * Output of the line discipline, and echo.
 *
 * Programs' output and echo go through the same processing and keep one cursor column, so they must
 * reach the driver in the order in which the column was counted. Echo is made in interrupts and
 * cannot wait for room: it is kept in echo_buf, and programs' output waits until that is empty.
 *
 * All of this runs with ldata->lock held. The driver's lock is taken inside it.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "n_tty.h"

/* Turns one character into up to OUTPUT_MAX bytes by the rules of c_oflag. Returns how many. */
static int do_output_char(struct n_tty_data *ldata, unsigned char c, unsigned char *out)
{
	int spaces;

	if (!oflag(ldata, OPOST)) {
		out[0] = c;
		return 1;
	}
	switch (c) {
	case '\n':
		if (oflag(ldata, ONLRET))
			ldata->column = 0;
		if (oflag(ldata, ONLCR)) {
			ldata->column = 0;
			out[0] = '\r';
			out[1] = '\n';
			return 2;
		}
		break;
	case '\r':
		if (oflag(ldata, ONOCR) && ldata->column == 0)
			return 0;
		if (oflag(ldata, OCRNL)) {
			c = '\n';
			if (!oflag(ldata, ONLRET))
				break;
		}
		ldata->column = 0;
		break;
	case '\t':
		spaces = 8 - (ldata->column & 7);
		ldata->column += spaces;
		if (oflag(ldata, TABDLY) == XTABS) {
			memset(out, ' ', spaces);
			return spaces;
		}
		break;
	case '\b':
		if (ldata->column > 0)
			ldata->column--;
		break;
	default:
		if (oflag(ldata, OLCUC))
			c = toupper(c);
		if (!iscntrl(c) && !is_continuation(ldata, c))
			ldata->column++;
	}
	out[0] = c;
	return 1;
}

/* Gives the driver as much waiting echo as it takes. */
void process_echoes(struct n_tty_data *ldata)
{
	struct tty_struct *tty = ldata->tty;
	size_t start, n;
	int sent;

	while (ldata->echo_tail != ldata->echo_head) {
		start = ldata->echo_tail % N_TTY_ECHO_SIZE;
		n = min(ldata->echo_head - ldata->echo_tail, N_TTY_ECHO_SIZE - start);
		sent = tty->ops->write(tty, ldata->echo_buf + start, n);
		if (sent <= 0)
			break;
		ldata->echo_tail += sent;
	}
}

/**
 * n_tty_output - process and send what the driver has room for
 *
 * Returns how many characters of @buf are done: 0 when there is no room now.
 */
size_t n_tty_output(struct n_tty_data *ldata, const unsigned char *buf, size_t nr)
{
	struct tty_struct *tty = ldata->tty;
	unsigned char out[256];
	size_t room, used = 0, n;

	process_echoes(ldata);
	if (ldata->echo_tail != ldata->echo_head)
		return 0;
	if (!oflag(ldata, OPOST))
		return tty->ops->write(tty, buf, nr);

	/* The column must not be counted for a character that then does not fit. */
	room = min_t(size_t, tty_write_room(tty), sizeof(out));
	for (n = 0; n < nr && used + OUTPUT_MAX <= room; n++)
		used += do_output_char(ldata, buf[n], out + used);
	tty->ops->write(tty, out, used);
	return n;
}

/* When nobody reads and nothing is sent, echo is lost in the end, but never held up. */
static void add_echo(struct n_tty_data *ldata, unsigned char c)
{
	unsigned char out[OUTPUT_MAX];
	int i, len;

	if (N_TTY_ECHO_SIZE - (ldata->echo_head - ldata->echo_tail) < OUTPUT_MAX)
		return;
	len = do_output_char(ldata, c, out);
	for (i = 0; i < len; i++)
		ldata->echo_buf[ldata->echo_head++ % N_TTY_ECHO_SIZE] = out[i];
}

/* Echoes a character as it is. The caller sends it with process_echoes(). */
void echo_char_raw(struct n_tty_data *ldata, unsigned char c)
{
	add_echo(ldata, c);
}

/* Does the character show as two, "^C"? */
static bool echoes_as_caret(struct n_tty_data *ldata, unsigned char c)
{
	return lflag(ldata, ECHOCTL) && iscntrl(c) && c != '\t';
}

void echo_char(struct n_tty_data *ldata, unsigned char c)
{
	if (echoes_as_caret(ldata, c)) {
		add_echo(ldata, '^');
		c ^= 0100;
	}
	add_echo(ldata, c);
}

/* The column behind the character at @pos of the line being edited, if it was @column before. */
static unsigned int column_after(struct n_tty_data *ldata, unsigned char c, unsigned int column)
{
	if (c == '\t')
		return (column | 7) + 1;
	if (echoes_as_caret(ldata, c))
		return column + 2;
	return column + !(iscntrl(c) || is_continuation(ldata, c));
}

/**
 * echo_erase - take a character off the screen
 * @c: the character, which stood at @pos of read_buf and was the last of its line
 *
 * How wide a tab was follows from what stands before it.
 */
void echo_erase(struct n_tty_data *ldata, unsigned char c, size_t pos)
{
	unsigned int column = ldata->canon_column, after;
	size_t i;

	for (i = ldata->canon_head; i != pos; i++)
		column = column_after(ldata, read_char(ldata, i), column);
	for (after = column_after(ldata, c, column); after > column; after--) {
		add_echo(ldata, '\b');
		if (c != '\t') {
			add_echo(ldata, ' ');
			add_echo(ldata, '\b');
		}
	}
}
