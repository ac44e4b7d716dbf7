// SPDX-License-Identifier: MIT
/* echo and printf. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

/* An octal number of at most max digits. */
static int octal(const char **s, int max)
{
	int value = 0;

	for (; max-- && **s >= '0' && **s <= '7'; ++*s)
		value = value * 8 + (**s - '0');
	return value;
}

/*
 * Adds what a backslash stands for; *s is behind the backslash and moves behind it all.
 * @zero: an octal number must begin with 0, and may have three digits more; as in echo
 *
 * Returns false for \c: print no more.
 */
static bool add_escape(struct strbuf *b, const char **s, bool zero)
{
	static const char from[] = "abfnrtv\\", to[] = "\a\b\f\n\r\t\v\\";
	const char *known = **s ? strchr(from, **s) : NULL;

	if (known) {
		buf_char(b, to[known - from]);
		++*s;
	} else if (zero && **s == 'c') {
		return false;
	} else if (zero ? **s == '0' : **s >= '0' && **s <= '7') {
		*s += zero;
		buf_char(b, octal(s, 3));
	} else {
		buf_char(b, '\\');
	}
	return true;
}

static bool add_escaped(struct strbuf *b, const char *s)
{
	while (*s) {
		char c = *s++;

		if (c != '\\')
			buf_char(b, c);
		else if (!add_escape(b, &s, true))
			return false;
	}
	return true;
}

/* As POSIX's XSI option has it: escapes are always understood, and -e changes nothing. */
int builtin_echo(int argc, char **argv)
{
	bool newline = true;
	struct strbuf b;
	int i;

	buf_init(&b, sh.tmp);
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-n") || !strcmp(argv[i], "-ne") || !strcmp(argv[i], "-en"))
			newline = false;
		else if (strcmp(argv[i], "-e"))
			break;
	}
	for (; i < argc; i++) {
		if (!add_escaped(&b, argv[i]))
			return out_buf(&b);
		if (i + 1 < argc)
			buf_char(&b, ' ');
	}
	if (newline)
		buf_char(&b, '\n');
	return out_buf(&b);
}

/* The arguments of printf that are still to be used. */
struct print {
	char		**argv;
	int		status;
	bool		used;		/* the format took at least one */
};

static const char *next_arg(struct print *p)
{
	if (!*p->argv)
		return NULL;
	p->used = true;
	return *p->argv++;
}

/* A number, or 'c for the code of a character. */
static long long number_arg(struct print *p, bool is_signed)
{
	const char *s = next_arg(p);
	long long value;
	char *end;

	if (!s || !*s)
		return 0;
	if (*s == '\'' || *s == '"')
		return (unsigned char)s[1];
	errno = 0;
	value = is_signed ? strtoll(s, &end, 0) : (long long)strtoull(s, &end, 0);
	if (*end || end == s || errno) {
		warn("printf: %s: %s", s, errno ? strerror(errno) : "not a number");
		p->status = 1;
	}
	return value;
}

static int star_arg(struct print *p)
{
	long long n = number_arg(p, true);

	return n > 10000 ? 10000 : n < -10000 ? -10000 : (int)n;
}

/* Reads a width or a precision: digits or a star. */
static int field_number(struct print *p, const char **f)
{
	int n = 0;

	if (**f == '*') {
		++*f;
		return star_arg(p);
	}
	for (; **f >= '0' && **f <= '9'; ++*f)
		n = n > 1000 ? n : n * 10 + (**f - '0');
	return n;
}

static void add_padded(struct strbuf *b, const char *s, size_t len, int width, bool left)
{
	size_t room = width < 0 ? -width : width;
	size_t pad = room > len ? room - len : 0, i;

	left |= width < 0;
	for (i = 0; !left && i < pad; i++)
		buf_char(b, ' ');
	buf_mem(b, s, len);
	for (i = 0; left && i < pad; i++)
		buf_char(b, ' ');
}

static void add_number(struct strbuf *b, char kind, const char *flags, int width, int precision,
		       long long value)
{
	const char *digits = kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned int base = kind == 'o' ? 8 : kind == 'x' || kind == 'X' ? 16 : 10;
	bool is_signed = kind == 'd' || kind == 'i';
	unsigned long long u = is_signed && value < 0 ? -(unsigned long long)value :
			       (unsigned long long)value;
	char text[32], *s = text + sizeof(text), prefix[3] = "";
	struct strbuf t;
	int len, zeros;

	if (is_signed && value < 0)
		strcpy(prefix, "-");
	else if (is_signed && strchr(flags, '+'))
		strcpy(prefix, "+");
	else if (is_signed && strchr(flags, ' '))
		strcpy(prefix, " ");
	else if (base == 16 && u && strchr(flags, '#'))
		strcpy(prefix, kind == 'X' ? "0X" : "0x");
	else if (base == 8 && u && strchr(flags, '#'))
		strcpy(prefix, "0");
	for (; u; u /= base)
		*--s = digits[u % base];
	len = text + sizeof(text) - s;
	zeros = (precision < 0 ? 1 : precision) - len;
	if (precision < 0 && strchr(flags, '0') && !strchr(flags, '-'))
		zeros = width - (int)strlen(prefix) - len > zeros ?
			width - (int)strlen(prefix) - len : zeros;
	buf_init(&t, sh.tmp);
	buf_str(&t, prefix);
	while (zeros-- > 0)
		buf_char(&t, '0');
	buf_mem(&t, s, len);
	add_padded(b, t.s, t.len, width, strchr(flags, '-'));
}

/* One conversion; f is behind the %. Returns where the format goes on, NULL to stop printing. */
static const char *convert(struct print *p, struct strbuf *b, const char *f)
{
	char flags[6] = "", *end = flags;
	int width, precision = -1;
	struct strbuf text;
	const char *s;
	bool left;

	for (; *f && strchr("-+ #0", *f); f++)
		if (!strchr(flags, *f))
			*end++ = *f;
	left = strchr(flags, '-');
	width = field_number(p, &f);
	if (*f == '.') {
		f++;
		precision = field_number(p, &f);
	}
	switch (*f) {
	case 's':
	case 'b':
		s = next_arg(p);
		buf_init(&text, sh.tmp);
		if (*f == 'b' && !add_escaped(&text, s ? s : "")) {
			add_padded(b, text.s, text.len, width, left);
			return NULL;
		}
		if (*f == 's')
			buf_str(&text, s ? s : "");
		if (precision >= 0 && (size_t)precision < text.len)
			text.len = precision;
		add_padded(b, text.s, text.len, width, left);
		return f + 1;
	case 'c':
		s = next_arg(p);
		add_padded(b, s ? s : "", s && *s ? 1 : 0, width, left);
		return f + 1;
	case 'd':
	case 'i':
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		add_number(b, *f, flags, width, precision, number_arg(p, *f == 'd' || *f == 'i'));
		return f + 1;
	default:
		warn("printf: %%%c: not a conversion", *f ? *f : ' ');
		p->status = 1;
		return NULL;
	}
}

/* Prints the format once. Returns false to stop. */
static bool print_format(struct print *p, struct strbuf *b, const char *f)
{
	while (*f) {
		char c = *f++;

		if (c == '\\') {
			add_escape(b, &f, false);
		} else if (c != '%') {
			buf_char(b, c);
		} else if (*f == '%') {
			buf_char(b, *f++);
		} else {
			f = convert(p, b, f);
			if (!f)
				return false;
		}
	}
	return true;
}

int builtin_printf(int argc, char **argv)
{
	struct print p = { .argv = argv + 2 };
	struct strbuf b;
	int status;

	if (argc > 1 && !strcmp(argv[1], "--")) {
		argc--;
		argv++;
		p.argv++;
	}
	if (argc < 2)
		return builtin_usage("printf");
	buf_init(&b, sh.tmp);
	/* the format is used again for as long as there are arguments that it takes */
	do
		p.used = false;
	while (print_format(&p, &b, argv[1]) && *p.argv && p.used);
	status = out_buf(&b);
	return status ? status : p.status;
}
