// SPDX-License-Identifier: MIT
/* read: a line of standard input to variables. */
#include <errno.h>
#include <string.h>

#include "sh.h"

/* A line, and for each character whether a backslash took its meaning as a separator. */
struct line {
	struct strbuf	text, quoted;
};

static bool is_separator(struct line *l, size_t i, const char *separators)
{
	return !l->quoted.s[i] && strchr(separators, l->text.s[i]);
}

static bool is_blank(struct line *l, size_t i, const char *separators)
{
	return is_separator(l, i, separators) && strchr(" \t\n", l->text.s[i]);
}

static void add(struct line *l, char c, bool quoted)
{
	buf_char(&l->text, c);
	buf_char(&l->quoted, quoted);
}

/* Reads a line, and those that a backslash at its end joins to it. Returns as read_line() does. */
static int read_joined(struct line *l, bool raw)
{
	for (;;) {
		struct strbuf b;
		bool joined = false;
		int ret;

		buf_init(&b, sh.tmp);
		ret = read_line(0, &b);
		for (size_t i = 0; i < b.len; i++) {
			if (!b.s[i])
				continue;
			if (b.s[i] == '\n')
				return ret;
			if (raw || b.s[i] != '\\') {
				add(l, b.s[i], false);
				continue;
			}
			i++;
			joined = i < b.len && b.s[i] == '\n';
			if (joined)
				break;
			if (i < b.len && b.s[i])
				add(l, b.s[i], true);
		}
		if (joined)
			continue;
		/* no newline: the end of the file */
		return ret < 0 ? ret : 0;
	}
}

/* Skips the separator that ended a field, with the white space around it. */
static size_t skip_separator(struct line *l, size_t i, const char *separators)
{
	while (i < l->text.len && is_blank(l, i, separators))
		i++;
	if (i < l->text.len && is_separator(l, i, separators))
		i++;
	while (i < l->text.len && is_blank(l, i, separators))
		i++;
	return i;
}

static bool assign_fields(struct line *l, char **names)
{
	const char *separators = ifs();
	size_t i = 0, start, end, next;

	while (i < l->text.len && is_blank(l, i, separators))
		i++;
	for (; *names; names++) {
		start = i;
		while (i < l->text.len && !is_separator(l, i, separators))
			i++;
		end = i;
		next = skip_separator(l, i, separators);
		/* the last name gets all the rest, unless the rest is but one field */
		if (!names[1] && next < l->text.len) {
			end = l->text.len;
			while (end > start && is_blank(l, end - 1, separators))
				end--;
		}
		i = next;
		if (!var_set(*names, arena_strdup(sh.tmp, l->text.s + start, end - start), 0))
			return false;
	}
	return true;
}

int builtin_read(int argc, char **argv)
{
	bool raw = false;
	struct line l;
	int i, ret;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "-r")) {
			raw = true;
		} else if (!strcmp(argv[i], "-p") && i + 1 < argc) {
			i++;
			write_all(2, argv[i], strlen(argv[i]));
		} else {
			return builtin_usage(argv[0]);
		}
	}
	if (i == argc)
		return builtin_usage(argv[0]);
	for (int k = i; k < argc; k++) {
		if (!is_name(argv[k], strlen(argv[k]))) {
			sh_error("read: %s: bad variable name", argv[k]);
			return 2;
		}
	}
	buf_init(&l.text, sh.tmp);
	buf_init(&l.quoted, sh.tmp);
	ret = read_joined(&l, raw);
	if (ret < 0 && errno == EINTR)
		return 128 + traps_pending();
	if (ret < 0)
		warn("read: %s", strerror(errno));
	if (!assign_fields(&l, argv + i))
		return 2;
	return ret > 0 ? 0 : 1;
}
