// SPDX-License-Identifier: MIT
/* sscanf: %d %i %u %o %x %c %s %[set] %n %p %%, a width, "*", and the sizes hh h l ll j z t. */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is c in the set that begins behind "["? *end is set to the closing bracket. */
static int in_set(const char *set, int c, const char **end)
{
	int negate = *set == '^', found = 0;
	const char *p = set + negate;

	do {
		if (p[0] && p[1] == '-' && p[2] && p[2] != ']') {
			found |= c >= (unsigned char)p[0] && c <= (unsigned char)p[2];
			p += 2;
		} else {
			found |= c == (unsigned char)*p;
		}
		if (*p)
			p++;
	} while (*p && *p != ']');
	*end = p;
	return found != negate;
}

static void store_int(void *to, int size, unsigned long v)
{
	switch (size) {
	case 'H':
		*(int8_t *)to = v;
		break;
	case 'h':
		*(int16_t *)to = v;
		break;
	case 'l':
		*(int64_t *)to = v;
		break;
	default:
		*(int32_t *)to = v;
	}
}

/* Takes at most width characters of a number from *s; 0 when there is none. */
static int take_int(const char **s, int width, int conv, unsigned long *v)
{
	int base = conv == 'i' ? 0 : conv == 'o' ? 8 : conv == 'x' || conv == 'p' ? 16 : 10;
	char buf[72], *end;
	size_t max = width > 0 && width < (int)sizeof(buf) ? (size_t)width : sizeof(buf) - 1;
	size_t n;

	while (isspace((unsigned char)**s))
		(*s)++;
	n = strnlen(*s, max);
	memcpy(buf, *s, n);
	buf[n] = 0;
	*v = conv == 'd' || conv == 'i' ? (unsigned long)strtol(buf, &end, base) :
					  strtoul(buf, &end, base);
	*s += end - buf;
	return end != buf;
}

/* Takes characters that are no spaces (conv 's'), in a set ('[') or any ('c'). */
static int take_chars(const char **s, int width, int conv, const char *set, char *to)
{
	const char *end;
	int n = 0;

	if (conv == 's')
		while (isspace((unsigned char)**s))
			(*s)++;
	if (conv == 'c' && !width)
		width = 1;
	while (**s && (!width || n < width)) {
		int c = (unsigned char)**s;

		if ((conv == 's' && isspace(c)) || (conv == '[' && !in_set(set, c, &end)))
			break;
		if (to)
			to[n] = c;
		n++;
		(*s)++;
	}
	if (to && conv != 'c')
		to[n] = 0;
	return conv == 'c' ? n == width : n > 0;
}

int vsscanf(const char *s, const char *fmt, va_list ap)
{
	const char *start = s, *set = NULL;
	int done = 0, skip, width, size, conv, ok;
	unsigned long v;

	for (; *fmt; fmt++) {
		if (isspace((unsigned char)*fmt)) {
			while (isspace((unsigned char)*s))
				s++;
			continue;
		}
		if (*fmt != '%' || *++fmt == '%') {
			if (*fmt == '%')
				while (isspace((unsigned char)*s))
					s++;
			if (*s != *fmt)
				return !*s && !done ? EOF : done;
			s++;
			continue;
		}
		skip = *fmt == '*';
		fmt += skip;
		for (width = 0; isdigit((unsigned char)*fmt); fmt++)
			width = width * 10 + (*fmt - '0');
		for (size = 0; *fmt && strchr("hljzt", *fmt); fmt++)
			size = *fmt == 'h' ? size == 'h' ? 'H' : 'h' : 'l';
		conv = *fmt == 'X' ? 'x' : *fmt;
		switch (conv) {
		case 'n':
			store_int(va_arg(ap, void *), size, s - start);
			continue;
		case 'p':
			size = 'l';
			/* fallthrough */
		case 'd': case 'i': case 'u': case 'o': case 'x':
			ok = take_int(&s, width, conv, &v);
			if (ok && !skip)
				store_int(va_arg(ap, void *), size, v);
			break;
		case '[':
			set = fmt + 1;
			in_set(set, 0, &fmt);
			/* fallthrough */
		case 's':
		case 'c':
			ok = take_chars(&s, width, conv, set, skip ? NULL : va_arg(ap, char *));
			break;
		default:
			return done;
		}
		if (!ok)
			return !*s && !done ? EOF : done;
		done += !skip;
	}
	return done;
}

int sscanf(const char *s, const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = vsscanf(s, fmt, ap);
	va_end(ap);
	return ret;
}
