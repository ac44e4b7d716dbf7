// SPDX-License-Identifier: MIT
/*
 * The line editor.
 *
 * The terminal is in raw mode only while a line is edited, and it is read a byte at a time: what
 * was typed ahead stays in the terminal for the program that the line starts. For the same reason
 * modes are never set with TCSAFLUSH. Output processing stays on, so "\n" is a whole new line.
 *
 * The line occupies one row and scrolls sideways. A byte 10xxxxxx goes on a UTF-8 character and
 * takes no column.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "sh.h"

struct editor {
	int		fd;
	const char	*prompt;
	struct strbuf	line;
	size_t		pos;		/* the cursor, as an index into the line */
	size_t		left;		/* the first byte that is shown */
	size_t		columns;	/* for the line: what the prompt leaves */
	size_t		back;		/* the history line shown; 0: the one being typed */
	char		*draft;		/* that one, while another is shown */
};

enum { LINE_DONE = -10, LINE_EOF, LINE_CANCEL };

#define KEY(c) ((c) & 31)

static void put(struct editor *e, const char *s, size_t len)
{
	(void)e;
	write_all(2, s, len);
}

static void put_str(struct editor *e, const char *s)
{
	put(e, s, strlen(s));
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Columns of the bytes from one index up to another. */
static size_t width(struct editor *e, size_t from, size_t to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += !continues(e->line.s[from]);
	return n;
}

static size_t before(struct editor *e, size_t pos)
{
	while (pos && continues(e->line.s[--pos]))
		;
	return pos;
}

static size_t after(struct editor *e, size_t pos)
{
	if (pos < e->line.len)
		pos++;
	while (pos < e->line.len && continues(e->line.s[pos]))
		pos++;
	return pos;
}

/* Moves the window over the line such that the cursor is in it. */
static void scroll(struct editor *e)
{
	size_t w;

	if (e->left > e->line.len)
		e->left = 0;
	if (e->pos >= e->left && width(e, e->left, e->pos) < e->columns)
		return;
	e->left = e->pos;
	for (w = 0; e->left && w < e->columns * 2 / 3; w++)
		e->left = before(e, e->left);
}

static void redraw(struct editor *e)
{
	struct mark m = arena_mark(sh.tmp);
	struct strbuf b;
	size_t end, w;

	scroll(e);
	end = e->left;
	for (w = 0; end < e->line.len && w < e->columns; w++)
		end = after(e, end);
	buf_init(&b, sh.tmp);
	buf_char(&b, '\r');
	buf_str(&b, e->prompt);
	buf_mem(&b, e->line.s + e->left, end - e->left);
	buf_str(&b, "\033[K");
	w = width(e, e->pos, end);
	if (w)
		buf_printf(&b, "\033[%zuD", w);
	put(e, b.s, b.len);
	arena_release(sh.tmp, m);
}

static void measure(struct editor *e)
{
	struct winsize ws = { 0 };
	size_t columns = 80, prompt = 0;

	if (ioctl(e->fd, TIOCGWINSZ, &ws) == 0 && ws.ws_col)
		columns = ws.ws_col;
	for (const char *s = e->prompt; *s; s++)
		prompt += !continues(*s);
	/* the last column stays free: some terminals wrap when it is written */
	e->columns = columns > prompt + 21 ? columns - prompt - 1 : 20;
}

/* Replaces the bytes from one index up to another, and puts the cursor behind the new ones. */
static void replace(struct editor *e, size_t from, size_t to, const char *s, size_t len)
{
	size_t tail = e->line.len - to, old = e->line.len;

	if (len > to - from)
		for (size_t grow = len - (to - from); grow; grow--)
			buf_char(&e->line, ' ');
	memmove(e->line.s + from + len, e->line.s + to, tail);
	memcpy(e->line.s + from, s, len);
	e->line.len = old - (to - from) + len;
	e->line.s[e->line.len] = '\0';
	e->pos = from + len;
}

static void type_char(struct editor *e, char c)
{
	bool at_end = e->pos == e->line.len;

	replace(e, e->pos, e->pos, &c, 1);
	/* the common case needs no more than an echo */
	if (at_end && width(e, e->left, e->pos) < e->columns)
		put(e, &c, 1);
	else
		redraw(e);
}

static void erase(struct editor *e, size_t from, size_t to)
{
	if (from == to)
		return;
	replace(e, from, to, "", 0);
	redraw(e);
}

static void move(struct editor *e, size_t pos)
{
	if (pos == e->pos)
		return;
	e->pos = pos;
	redraw(e);
}

static size_t word_start(struct editor *e)
{
	size_t pos = e->pos;

	while (pos && e->line.s[pos - 1] == ' ')
		pos--;
	while (pos && e->line.s[pos - 1] != ' ')
		pos--;
	return pos;
}

/* Shows an older (1) or newer (-1) line. */
static void recall(struct editor *e, int step)
{
	const char *line;

	if (step < 0 && !e->back)
		return;
	line = e->back + step ? history_get(e->back + step) : e->draft;
	if (!line)
		return;
	if (!e->back)
		e->draft = arena_strdup(e->line.arena, e->line.s, e->line.len);
	e->back += step;
	replace(e, 0, e->line.len, line, strlen(line));
	redraw(e);
}

/* How much all the names have in common at their start. */
static size_t common_prefix(struct fields *names)
{
	size_t len = strlen(names->v[0]);

	for (size_t i = 1; i < names->n; i++)
		for (size_t k = 0; k < len; k++)
			if (names->v[i][k] != names->v[0][k])
				len = k;
	return len;
}

static void list_names(struct editor *e, struct fields *names)
{
	struct strbuf b;
	size_t column = 0;

	buf_init(&b, sh.tmp);
	buf_char(&b, '\n');
	for (size_t i = 0; i < names->n; i++) {
		size_t len = strlen(names->v[i]);

		if (column && column + len > 78) {
			buf_char(&b, '\n');
			column = 0;
		}
		buf_printf(&b, "%s  ", names->v[i]);
		column += len + 2;
	}
	buf_char(&b, '\n');
	put(e, b.s, b.len);
	redraw(e);
}

/* Tab: goes on as far as it is certain; if it is not certain at all, shows the choice. */
static void complete_word(struct editor *e)
{
	struct mark m = arena_mark(sh.tmp);
	struct completion c;
	struct strbuf b;
	size_t common, i;

	complete(e->line.s, e->pos, &c);
	if (!c.names.n)
		goto out;
	common = common_prefix(&c.names);
	if (c.names.n > 1 && c.folder + common <= strlen(c.word)) {
		list_names(e, &c.names);
		goto out;
	}
	buf_init(&b, sh.tmp);
	for (i = 0; i < c.folder + common; i++) {
		char ch = i < c.folder ? c.word[i] : c.names.v[0][i - c.folder];

		if (strchr(" \t\n\\'\"$`&|;()<>*?[#!{}", ch))
			buf_char(&b, '\\');
		buf_char(&b, ch);
	}
	if (c.names.n == 1 && b.len && b.s[b.len - 1] != '/')
		buf_char(&b, ' ');
	/* the line is in an arena of its own, so it may grow here */
	replace(e, c.start, e->pos, b.s, b.len);
	redraw(e);
out:
	arena_release(sh.tmp, m);
}

static int read_byte(struct editor *e)
{
	unsigned char c;
	ssize_t n;

	do
		n = read(e->fd, &c, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? c : LINE_EOF;
}

/* After ESC: the keys that a terminal sends as ESC [ x, ESC O x and ESC [ n ~. */
static int escape_key(struct editor *e)
{
	int c = read_byte(e), number = 0;

	if (c != '[' && c != 'O')
		return c == LINE_EOF ? c : 0;
	for (c = read_byte(e); (c >= '0' && c <= '9') || c == ';'; c = read_byte(e))
		number = c == ';' ? 0 : (number * 10 + c - '0') % 1000;
	if (c == LINE_EOF)
		return c;
	if (c == '~')
		c = number == 1 || number == 7 ? 'H' : number == 4 || number == 8 ? 'F' :
		    number == 3 ? 'x' : 0;
	switch (c) {
	case 'A':
		recall(e, 1);
		break;
	case 'B':
		recall(e, -1);
		break;
	case 'C':
		move(e, after(e, e->pos));
		break;
	case 'D':
		move(e, before(e, e->pos));
		break;
	case 'H':
		move(e, 0);
		break;
	case 'F':
		move(e, e->line.len);
		break;
	case 'x':
		erase(e, e->pos, after(e, e->pos));
		break;
	}
	return 0;
}

/* Acts on one key. Returns 0, or one of LINE_... when that is the end. */
static int handle_key(struct editor *e, int c)
{
	switch (c) {
	case '\n':
	case '\r':
		return LINE_DONE;
	case LINE_EOF:
		return LINE_EOF;
	case KEY('c'):
		return LINE_CANCEL;
	case KEY('d'):
		if (!e->line.len)
			return LINE_EOF;
		erase(e, e->pos, after(e, e->pos));
		break;
	case KEY('a'):
		move(e, 0);
		break;
	case KEY('e'):
		move(e, e->line.len);
		break;
	case KEY('b'):
		move(e, before(e, e->pos));
		break;
	case KEY('f'):
		move(e, after(e, e->pos));
		break;
	case KEY('h'):
	case 127:
		erase(e, before(e, e->pos), e->pos);
		break;
	case KEY('u'):
		erase(e, 0, e->pos);
		break;
	case KEY('k'):
		erase(e, e->pos, e->line.len);
		break;
	case KEY('w'):
		erase(e, word_start(e), e->pos);
		break;
	case KEY('p'):
		recall(e, 1);
		break;
	case KEY('n'):
		recall(e, -1);
		break;
	case KEY('l'):
		put_str(e, "\033[H\033[2J");
		redraw(e);
		break;
	case '\t':
		complete_word(e);
		break;
	case 27:
		return escape_key(e);
	default:
		if (c >= ' ')
			type_char(e, c);
	}
	return 0;
}

static bool raw_mode(int fd, struct termios *old)
{
	struct termios raw;

	if (tcgetattr(fd, old))
		return false;
	raw = *old;
	raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~(IXON | INLCR | IGNCR);
	raw.c_oflag |= OPOST | ONLCR;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(fd, TCSADRAIN, &raw) == 0;
}

/**
 * edit_line - let the user type a line
 * @fd: a terminal
 * @out: the line and a newline are added
 *
 * Returns 1, 0 for ^D on an empty line or when the terminal has gone, and -1 with EINTR and
 * sh.unwind set for ^C.
 */
int edit_line(int fd, const char *prompt, struct strbuf *out)
{
	struct editor e = { .fd = fd, .prompt = prompt };
	struct arena *arena;
	struct termios old;
	int end;

	if (!raw_mode(fd, &old)) {
		write_all(2, prompt, strlen(prompt));
		return read_line(fd, out);
	}
	arena = arena_new();
	buf_init(&e.line, arena);
	measure(&e);
	put_str(&e, prompt);
	do
		end = handle_key(&e, read_byte(&e));
	while (!end);
	put_str(&e, end == LINE_CANCEL ? "^C\n" : "\n");
	tcsetattr(fd, TCSADRAIN, &old);
	if (end == LINE_DONE) {
		history_add(e.line.s);
		buf_mem(out, e.line.s, e.line.len);
		buf_char(out, '\n');
	}
	arena_put(arena);
	if (end == LINE_CANCEL) {
		sh.status = 130;
		sh.unwind = UNWIND_TOP;
		errno = EINTR;
		return -1;
	}
	return end == LINE_DONE;
}
