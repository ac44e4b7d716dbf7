// SPDX-License-Identifier: MIT
/*
 * Input: the characters that the lexer reads, out of a string, a file or the terminal.
 *
 * Lines are taken whole and nothing beyond them: a script on standard input shares it with the
 * commands it runs, and what is typed after a line belongs to the program that the line starts.
 * A line stays in memory until the next is asked for, so that the character got last can always
 * be put back.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

void source_string(struct source *s, const char *text, size_t len)
{
	memset(s, 0, sizeof(*s));
	s->p = text;
	s->end = text + len;
	s->fd = -1;
	s->line = 1;
}

void source_fd(struct source *s, int fd, bool terminal)
{
	source_string(s, "\n" + 1, 0);
	s->fd = fd;
	s->terminal = terminal;
	s->line = 0;
	buf_init(&s->text, arena_new());
}

void source_close(struct source *s)
{
	if (s->fd >= 0)
		arena_put(s->text.arena);
}

/**
 * read_line - read up to and with the next newline, and not a byte more
 * @b: the line is added here
 *
 * Where the file can seek, a block is read and the rest given back; else it goes byte by byte.
 * Returns 1 for a line (the last may lack its newline), 0 at the end of file, -1 for an error
 * with errno set, EINTR among them.
 */
int read_line(int fd, struct strbuf *b)
{
	bool seek = lseek(fd, 0, SEEK_CUR) >= 0;
	size_t start = b->len;
	char block[512];

	for (;;) {
		ssize_t n = read(fd, block, seek ? sizeof(block) : 1);
		char *newline;

		if (n < 0)
			return -1;
		if (n == 0)
			return b->len > start;
		newline = memchr(block, '\n', n);
		if (newline) {
			ssize_t used = newline + 1 - block;

			buf_mem(b, block, used);
			if (used < n && lseek(fd, used - n, SEEK_CUR) < 0)
				return -1;
			return 1;
		}
		buf_mem(b, block, n);
	}
}

static void make_prompt(struct source *s, struct strbuf *b)
{
	const char *ps = var_get(s->again ? "PS2" : "PS1");

	if (ps) {
		expand_prompt(ps, b);
	} else if (s->again) {
		buf_str(b, "> ");
	} else {
		const char *cwd = current_dir();

		buf_printf(b, "teak:%s# ", cwd ? cwd : "?");
	}
}

static int read_terminal(struct source *s)
{
	struct mark m = arena_mark(sh.tmp);
	struct strbuf prompt;
	int ret;

	buf_init(&prompt, sh.tmp);
	if (!s->again)
		jobs_notify();
	make_prompt(s, &prompt);
	if (isatty(s->fd)) {
		ret = edit_line(s->fd, prompt.s, &s->text);
	} else {
		write_all(2, prompt.s, prompt.len);
		ret = read_line(s->fd, &s->text);
	}
	arena_release(sh.tmp, m);
	if (ret > 0)
		s->again = true;
	return ret;
}

static void drop_nuls(struct strbuf *b)
{
	size_t i, kept = 0;

	for (i = 0; i < b->len; i++)
		if (b->s[i])
			b->s[kept++] = b->s[i];
	b->len = kept;
	b->s[kept] = '\0';
}

/*
 * Brings the next line. Returns false at the end of file. The last character of the line before
 * is kept in front of the new one, so that it too can be put back.
 */
static bool refill(struct source *s)
{
	char before = s->p[-1];
	int ret;

	arena_release(s->text.arena, (struct mark){ NULL, 0 });
	buf_init(&s->text, s->text.arena);
	buf_char(&s->text, before);
	do {
		s->text.len = 1;
		ret = s->terminal ? read_terminal(s) : read_line(s->fd, &s->text);
		if (ret < 0 && errno == EINTR)
			traps_run();
	} while (ret < 0 && errno == EINTR && !sh.unwind);
	if (ret < 0 && errno != EINTR)
		warn("cannot read the commands: %s", strerror(errno));
	drop_nuls(&s->text);
	s->p = s->text.s + 1;
	s->end = ret > 0 ? s->text.s + s->text.len : s->p;
	s->line++;
	s->eof = ret <= 0;
	return !s->eof;
}

/* Returns the next character, 1 to 255, or SH_EOF. */
int source_get(struct source *s)
{
	unsigned char c;

	/* a line of NULs is empty now, and not the end */
	while (s->p == s->end)
		if (s->fd < 0 || s->eof || !refill(s))
			return SH_EOF;
	c = *s->p++;
	if (s->record)
		buf_char(s->record, c);
	if (c == '\n' && s->fd < 0)
		s->line++;
	return c;
}

/* Puts back the character got last. */
void source_unget(struct source *s, int c)
{
	if (c == SH_EOF)
		return;
	s->p--;
	if (c == '\n' && s->fd < 0)
		s->line--;
	if (s->record && s->record->len)
		s->record->s[--s->record->len] = '\0';
}

/* Is there certainly nothing more? Never asks for another line. */
bool source_at_end(struct source *s)
{
	const char *p = s->p;

	while (p != s->end && (*p == ' ' || *p == '\t' || *p == '\n'))
		p++;
	return s->fd < 0 && p == s->end;
}
