// SPDX-License-Identifier: MIT
/*
 * Formatted output. format() walks the format and hands pieces of text to a struct out, which is
 * either a FILE or a buffer of limited size.
 *
 * %d %i %u %o %x %X %c %s %p %f %F %e %E %g %G %m %%, the flags "-+ #0", width and precision (also
 * "*"), and the sizes hh h l ll j z t. There is no %n and no long double.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"
#include "stdio_impl.h"

struct out {
	FILE	*f;		/* or NULL: */
	char	*s;
	size_t	room;		/* bytes left in s, the NUL not counted */
	size_t	total;		/* bytes made, also those that did not fit */
	int	failed;
};

struct spec {
	int	left, plus, space, alt, zero;
	int	width, prec;	/* prec -1: none given */
	int	size;		/* 'h', 'H' for hh, 'l', or 0; all 64-bit sizes are 'l' */
};

static void put(struct out *o, const char *s, size_t n)
{
	o->total += n;
	if (o->f) {
		if (n && fwrite(s, 1, n, o->f) != n)
			o->failed = 1;
		return;
	}
	if (n > o->room)
		n = o->room;
	memcpy(o->s, s, n);
	o->s += n;
	o->room -= n;
}

static void pad(struct out *o, int c, int n)
{
	char buf[32];

	memset(buf, c, sizeof(buf));
	for (; n > 0; n -= sizeof(buf))
		put(o, buf, n < (int)sizeof(buf) ? n : (int)sizeof(buf));
}

/* A prefix (sign, 0x), zeros, then the body; filled to the width on the side the flags say. */
static void put_field(struct out *o, const struct spec *sp, const char *prefix, int zeros,
		      const char *body, int len)
{
	int plen = strlen(prefix), fill = sp->width - plen - zeros - len;

	if (!sp->left)
		pad(o, ' ', fill);
	put(o, prefix, plen);
	pad(o, '0', zeros);
	put(o, body, len);
	if (sp->left)
		pad(o, ' ', fill);
}

static void put_int(struct out *o, const struct spec *sp, int conv, uint64_t v, int negative)
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	int base = conv == 'o' ? 8 : (conv | 32) == 'x' ? 16 : 10;
	const char *digits = conv == 'X' ? upper : lower, *prefix = "";
	char buf[24], *p = buf + sizeof(buf);
	int len, zeros;
	uint64_t n;

	for (n = v; n; n /= base)
		*--p = digits[n % base];
	len = buf + sizeof(buf) - p;

	if (conv == 'd')
		prefix = negative ? "-" : sp->plus ? "+" : sp->space ? " " : "";
	else if (sp->alt && base == 16 && v)
		prefix = conv == 'X' ? "0X" : "0x";
	if (sp->prec >= 0)
		zeros = sp->prec - len;
	else if (sp->zero && !sp->left)
		zeros = sp->width - len - (int)strlen(prefix);
	else
		zeros = 0;
	if (len + zeros < 1 && (sp->prec != 0 || (sp->alt && base == 8)))
		zeros = 1;	/* zero is "0", but with precision 0 it is nothing */
	if (sp->alt && base == 8 && len && zeros < 1)
		zeros = 1;
	put_field(o, sp, prefix, zeros > 0 ? zeros : 0, p, len);
}

static uint64_t get_int(va_list *ap, int size, int is_signed)
{
	int64_t v;

	if (size == 'l')
		return va_arg(*ap, int64_t);
	v = va_arg(*ap, int);
	switch (size) {
	case 'h':
		return is_signed ? (uint64_t)(int16_t)v : (uint16_t)v;
	case 'H':
		return is_signed ? (uint64_t)(int8_t)v : (uint8_t)v;
	}
	return is_signed ? (uint64_t)v : (uint32_t)v;
}

static void put_str(struct out *o, const struct spec *sp, const char *s)
{
	if (!s)
		s = "(null)";
	put_field(o, sp, "", 0, s, sp->prec >= 0 ? strnlen(s, sp->prec) : strlen(s));
}

/*
 * Lays out n digits d, worth 0.ddd x 10^point, with prec places: as 123.45 into buf. Returns the
 * length. Digits that are not there are zeros.
 */
static int layout_fixed(char *buf, const char *d, int n, int point, int prec, int alt)
{
	int len = 0, i;

	for (i = 0; i < point; i++)
		buf[len++] = i < n ? d[i] : '0';
	if (point <= 0)
		buf[len++] = '0';
	if (prec || alt)
		buf[len++] = '.';
	for (i = point; i < point + prec; i++)
		buf[len++] = i >= 0 && i < n ? d[i] : '0';
	return len;
}

/* The same as 1.2345e+02. */
static int layout_exp(char *buf, const char *d, int n, int point, int prec, int alt, int letter)
{
	int len = 0, i, e = n ? point - 1 : 0;

	buf[len++] = n ? d[0] : '0';
	if (prec || alt)
		buf[len++] = '.';
	for (i = 1; i <= prec; i++)
		buf[len++] = i < n ? d[i] : '0';
	return len + sprintf(buf + len, "%c%c%02d", letter, e < 0 ? '-' : '+', e < 0 ? -e : e);
}

static void put_double(struct out *o, struct spec *sp, int conv, double v)
{
	char digits[DECIMAL_MAX], text[DECIMAL_MAX + 400];
	int lower = conv | 32, letter = conv == lower ? 'e' : 'E', n, point, len;
	int prec = sp->prec < 0 ? 6 : sp->prec > 700 ? 700 : sp->prec;
	const char *prefix = __builtin_signbit(v) ? "-" : sp->plus ? "+" : sp->space ? " " : "";

	v = __builtin_fabs(v);
	if (v != v || v == __builtin_inf()) {
		const char *name = conv == lower ? (v != v ? "nan" : "inf") :
						   (v != v ? "NAN" : "INF");

		put_field(o, sp, prefix, 0, name, 3);
		return;
	}
	if (lower == 'f') {
		n = __decimal(v, prec, 1, digits, &point);
		len = layout_fixed(text, digits, n, n ? point : 0, prec, sp->alt);
	} else if (lower == 'e') {
		n = __decimal(v, prec + 1, 0, digits, &point);
		len = layout_exp(text, digits, n, point, prec, sp->alt, letter);
	} else {
		prec = prec ? prec : 1;
		n = __decimal(v, prec, 0, digits, &point);
		if (n && (point - 1 < -4 || point - 1 >= prec))
			len = layout_exp(text, digits, n, point, sp->alt ? prec - 1 : n - 1,
					 sp->alt, letter);
		else
			len = layout_fixed(text, digits, n, n ? point : 0,
					   sp->alt ? prec - point : n > point ? n - point : 0,
					   sp->alt);
	}
	n = sp->zero && !sp->left ? sp->width - len - (int)strlen(prefix) : 0;
	put_field(o, sp, prefix, n > 0 ? n : 0, text, len);
}

static int get_number(const char **fmt, va_list *ap)
{
	int n = 0;

	if (**fmt == '*') {
		(*fmt)++;
		return va_arg(*ap, int);
	}
	for (; **fmt >= '0' && **fmt <= '9'; (*fmt)++)
		n = n * 10 + (**fmt - '0');
	return n;
}

/* Reads flags, width, precision and size; returns where the conversion letter stands. */
static const char *parse_spec(const char *fmt, struct spec *sp, va_list *ap)
{
	memset(sp, 0, sizeof(*sp));
	for (;; fmt++) {
		if (*fmt == '-')
			sp->left = 1;
		else if (*fmt == '+')
			sp->plus = 1;
		else if (*fmt == ' ')
			sp->space = 1;
		else if (*fmt == '#')
			sp->alt = 1;
		else if (*fmt == '0')
			sp->zero = 1;
		else
			break;
	}
	sp->width = get_number(&fmt, ap);
	if (sp->width < 0) {
		sp->left = 1;
		sp->width = -sp->width;
	}
	sp->prec = -1;
	if (*fmt == '.') {
		fmt++;
		sp->prec = get_number(&fmt, ap);
	}
	for (;; fmt++) {
		if (*fmt == 'h')
			sp->size = sp->size == 'h' ? 'H' : 'h';
		else if (*fmt && strchr("ljzt", *fmt))
			sp->size = 'l';
		else
			return fmt;
	}
}

static int format(struct out *o, const char *fmt, va_list *ap)
{
	struct spec sp;
	const char *start;
	int saved_errno = errno;
	uint64_t v;
	char c;

	for (;; fmt++) {
		start = fmt;
		fmt = strchrnul(fmt, '%');
		put(o, start, fmt - start);
		if (!*fmt)
			break;
		fmt = parse_spec(fmt + 1, &sp, ap);
		switch (*fmt) {
		case 'd':
		case 'i':
			v = get_int(ap, sp.size, 1);
			put_int(o, &sp, 'd', (int64_t)v < 0 ? -v : v, (int64_t)v < 0);
			break;
		case 'u':
		case 'o':
		case 'x':
		case 'X':
			put_int(o, &sp, *fmt, get_int(ap, sp.size, 0), 0);
			break;
		case 'p':
			sp.alt = 1;
			put_int(o, &sp, 'x', (uintptr_t)va_arg(*ap, void *), 0);
			break;
		case 'c':
			c = va_arg(*ap, int);
			put_field(o, &sp, "", 0, &c, 1);
			break;
		case 's':
			put_str(o, &sp, va_arg(*ap, char *));
			break;
		case 'm':
			put_str(o, &sp, strerror(saved_errno));
			break;
		case 'f': case 'F': case 'e': case 'E': case 'g': case 'G':
			put_double(o, &sp, *fmt, va_arg(*ap, double));
			break;
		case '%':
			put(o, "%", 1);
			break;
		case 0:
			return -1;
		default:	/* unknown: shown as it stands */
			put(o, "%", 1);
			put(o, fmt, 1);
		}
	}
	return o->failed || o->total > INT32_MAX ? -1 : (int)o->total;
}

/* An unbuffered file gets a buffer for the length of the call: one write, not one a piece. */
int vfprintf(FILE *f, const char *fmt, va_list ap)
{
	struct out o = { .f = f };
	unsigned char buf[512];
	int unbuffered = f->mode == _IONBF && !f->buf, ret;
	va_list copy;

	if (unbuffered) {
		f->mode = _IOFBF;
		f->buf = buf;
		f->size = sizeof(buf);
	}
	va_copy(copy, ap);
	ret = format(&o, fmt, &copy);
	va_end(copy);
	if (unbuffered) {
		if (fflush(f))
			ret = -1;
		f->mode = _IONBF;
		f->buf = NULL;
	}
	return ret;
}

int vprintf(const char *fmt, va_list ap)
{
	return vfprintf(stdout, fmt, ap);
}

int vdprintf(int fd, const char *fmt, va_list ap)
{
	FILE f = { .fd = fd, .flags = F_WRITE, .mode = _IONBF };

	return vfprintf(&f, fmt, ap);
}

int vsnprintf(char *s, size_t size, const char *fmt, va_list ap)
{
	char none[1];
	struct out o = { .s = size ? s : none, .room = size ? size - 1 : 0 };
	va_list copy;
	int ret;

	va_copy(copy, ap);
	ret = format(&o, fmt, &copy);
	va_end(copy);
	*o.s = 0;
	return ret;
}

int vsprintf(char *s, const char *fmt, va_list ap)
{
	return vsnprintf(s, SIZE_MAX, fmt, ap);
}

int vasprintf(char **s, const char *fmt, va_list ap)
{
	int n = vsnprintf(NULL, 0, fmt, ap);

	if (n < 0)
		return -1;
	*s = malloc(n + 1);
	return *s ? vsnprintf(*s, n + 1, fmt, ap) : -1;
}

#define VARIADIC(call)			\
	({				\
		va_list ap;		\
		int ret;		\
					\
		va_start(ap, fmt);	\
		ret = call;		\
		va_end(ap);		\
		ret;			\
	})

int printf(const char *fmt, ...)
{
	return VARIADIC(vfprintf(stdout, fmt, ap));
}

int fprintf(FILE *f, const char *fmt, ...)
{
	return VARIADIC(vfprintf(f, fmt, ap));
}

int dprintf(int fd, const char *fmt, ...)
{
	return VARIADIC(vdprintf(fd, fmt, ap));
}

int sprintf(char *s, const char *fmt, ...)
{
	return VARIADIC(vsprintf(s, fmt, ap));
}

int snprintf(char *s, size_t size, const char *fmt, ...)
{
	return VARIADIC(vsnprintf(s, size, fmt, ap));
}

int asprintf(char **s, const char *fmt, ...)
{
	return VARIADIC(vasprintf(s, fmt, ap));
}
