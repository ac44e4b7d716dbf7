// SPDX-License-Identifier: MIT
/*
 * printf: text by a format: %d %i %u %o %x %X %c %s %b %e %f %g %%, with flags, width and
 * precision; \n and the like, \0NNN. The format is used again while arguments are left.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **args;
static int status;

static const char *next_arg(void)
{
	return *args ? *args++ : "";
}

static long next_number(void)
{
	const char *s = next_arg();
	char *end;
	long n;

	if (*s == '\'' || *s == '"')
		return (unsigned char)s[1];
	errno = 0;
	n = *s == '-' ? strtol(s, &end, 0) : (long)strtoul(s, &end, 0);
	if (*end || errno) {
		warnx("%s: not a number", s);
		status = 1;
	}
	return n;
}

/* One escape at *s, which is moved on. -1: \c, which ends all output. */
static int escape(const char **s, int octal_needs_0)
{
	static const char letters[] = "abefnrtv\\\"", values[] = "\a\b\033\f\n\r\t\v\\\"";
	const char *p = *s, *l;
	int i, v = 0, digits = 3;

	if (*p == 'c')
		return -1;
	l = *p ? strchr(letters, *p) : NULL;
	if (l) {
		*s = p + 1;
		return (unsigned char)values[l - letters];
	}
	if (*p == '0' && octal_needs_0)
		digits = 4;
	for (i = 0; i < digits && *p >= '0' && *p <= '7'; i++)
		v = v * 8 + (*p++ - '0');
	if (!i)
		return '\\';
	*s = p;
	return v & 255;
}

static void put_escaped(const char *s)
{
	int c;

	while (*s) {
		if (*s++ != '\\') {
			putchar(s[-1]);
			continue;
		}
		c = escape(&s, 1);
		if (c < 0)
			exit(status);
		putchar(c);
	}
}

/* One conversion, which begins at p; the library's printf does the work. Returns what follows. */
static const char *convert(const char *p)
{
	char spec[64];
	size_t n = 1 + strspn(p + 1, "-+ #0");
	int width[2] = { 0, 0 }, stars = 0;

	for (; p[n] == '*' || p[n] == '.' || (p[n] >= '0' && p[n] <= '9'); n++)
		if (p[n] == '*' && stars < 2)
			width[stars++] = next_number();
	if (n + 3 > sizeof(spec) || !p[n])
		errx(1, "%s: not a format", p);
	memcpy(spec, p, n);
	spec[n] = 0;

#define PRINT(value)								\
	(stars == 0 ? printf(spec, value) : stars == 1 ? printf(spec, width[0], value) :	\
	 printf(spec, width[0], width[1], value))

	switch (p[n]) {
	case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
		spec[n] = 'l';
		spec[n + 1] = p[n];
		spec[n + 2] = 0;
		PRINT(next_number());
		break;
	case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
		spec[n] = p[n];
		spec[n + 1] = 0;
		PRINT(strtod(next_arg(), NULL));
		break;
	case 'c':
	case 's':
		strcpy(spec + n, "s");
		if (p[n] == 'c') {
			char one[2] = { *next_arg(), 0 };

			PRINT(one);
		} else {
			PRINT(next_arg());
		}
		break;
	case 'b':
		put_escaped(next_arg());
		break;
	default:
		errx(1, "%%%c: no such conversion", p[n]);
	}
	return p + n + 1;
}

static void print(const char *p)
{
	int c;

	while (*p) {
		if (p[0] == '%' && p[1] == '%') {
			putchar('%');
			p += 2;
		} else if (*p == '%') {
			p = convert(p);
		} else if (*p++ != '\\') {
			putchar(p[-1]);
		} else {
			c = escape(&p, 0);
			if (c < 0)
				exit(status);
			putchar(c);
		}
	}
}

int main(int argc, char **argv)
{
	char **before;
	int i = argc > 1 && !strcmp(argv[1], "--") ? 2 : 1;

	if (i >= argc) {
		fprintf(stderr, "usage: printf FORMAT [ARG...]\n");
		return 2;
	}
	args = argv + i + 1;
	do {
		before = args;
		print(argv[i]);
	} while (*args && args != before);
	return fflush(stdout) ? 1 : status;
}
