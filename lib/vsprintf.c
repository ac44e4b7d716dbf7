// SPDX-License-Identifier: MIT
/*
 * Formatted text: the kernel's printf.
 *
 * Callers: printk, procfs, everybody; in any context, for nothing here allocates, locks or sleeps.
 *
 * As in C: flags "-+ #0", width and precision (also *), h hh l ll L z t, and d i u o x X c s p %.
 * There is no %n and no floating point. A pointer may be followed by letters that say what it
 * points to:
 *
 *	%p %px	the address in hexadecimal
 *	%pS	symbol+offset/size of a code address; %pB the same for a return address in a trace
 *	%ps	symbol alone
 *	%pe	the name of the error in an ERR_PTR(); an address if it is none
 *	%*ph	bytes in hexadecimal, as many as the width says, at most 64;
 *		%*phC and %*phD put colons and dashes between them, %*phN nothing
 *	%*pb	a bitmap of as many bits as the width says, in hexadecimal groups of 32 bits
 *	%*pbl	the same as a list of ranges: 0-3,7
 *	%pV	a struct va_format: a format and its arguments, inside this one
 */

#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errname.h>
#include <linux/export.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* The buffer that is filled. What no longer fits is counted and dropped. */
struct sink {
	char	*buf;
	size_t	size, len;
};

struct spec {
	bool	left, plus, space, alt, zero;	/* the flags "-+ #0" */
	bool	is_signed, upper;
	unsigned int base;
	int	width;
	int	precision;	/* -1 if none was given */
	char	length;		/* 'H' for hh, 'h', 'l', 'L' for ll, 'z', 't', or 0 */
};

#define SYMBOL_BUF	512	/* "name+0x10/0x20 [module]" */

static inline void put(struct sink *out, char c)
{
	if (out->len < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static void put_many(struct sink *out, char c, int count)
{
	while (count-- > 0)
		put(out, c);
}

/* @len characters, in a field of the width that @spec says. */
static void put_text(struct sink *out, const char *text, int len, const struct spec *spec)
{
	if (!spec->left)
		put_many(out, ' ', spec->width - len);
	for (int i = 0; i < len; i++)
		put(out, text[i]);
	if (spec->left)
		put_many(out, ' ', spec->width - len);
}

static void put_string(struct sink *out, const char *s, const struct spec *spec)
{
	/* An address in the first page is a member of a NULL structure; the last one has errors. */
	if (!s)
		s = "(null)";
	else if ((unsigned long)s < 4096 || IS_ERR(s))
		s = "(efault)";
	put_text(out, s, strnlen(s, spec->precision < 0 ? INT_MAX : spec->precision), spec);
}

static void put_number(struct sink *out, u64 num, const struct spec *spec)
{
	const char *digits = spec->upper ? hex_asc_upper : hex_asc;
	char sign = 0, prefix[3] = "", text[24];
	int len = 0, zeros, pad;

	if (spec->is_signed) {
		if ((s64)num < 0) {
			sign = '-';
			num = -num;
		} else if (spec->plus || spec->space) {
			sign = spec->plus ? '+' : ' ';
		}
	}
	if (spec->alt && spec->base == 16 && num)
		prefix[0] = '0', prefix[1] = spec->upper ? 'X' : 'x';

	/* The digits, last one first. A zero of precision 0 has none. */
	if (spec->base == 10) {
		for (; num; num /= 10)
			text[len++] = '0' + num % 10;
	} else {
		int shift = spec->base == 16 ? 4 : 3;

		for (; num; num >>= shift)
			text[len++] = digits[num & (spec->base - 1)];
	}
	zeros = (spec->precision < 0 ? 1 : spec->precision) - len;
	if (spec->alt && spec->base == 8 && zeros <= 0)
		zeros = 1;
	zeros = max(zeros, 0);
	pad = spec->width - (len + zeros + !!sign + (int)strlen(prefix));
	if (spec->zero && !spec->left && spec->precision < 0 && pad > 0) {
		zeros += pad;
		pad = 0;
	}

	if (!spec->left)
		put_many(out, ' ', pad);
	if (sign)
		put(out, sign);
	for (int i = 0; prefix[i]; i++)
		put(out, prefix[i]);
	put_many(out, '0', zeros);
	while (len)
		put(out, text[--len]);
	if (spec->left)
		put_many(out, ' ', pad);
}

static void put_address(struct sink *out, unsigned long addr, struct spec *spec)
{
	spec->base = 16;
	if (spec->width <= 0) {
		spec->width = spec->alt ? 18 : 16;
		spec->zero = true;
	}
	put_number(out, addr, spec);
}

static void put_symbol(struct sink *out, unsigned long addr, char kind, const struct spec *spec)
{
	char name[SYMBOL_BUF];

	if (kind == 's')
		sprint_symbol_no_offset(name, addr);
	else if (kind == 'B')
		sprint_backtrace(name, addr);
	else
		sprint_symbol(name, addr);
	put_string(out, name, spec);
}

static void put_bytes(struct sink *out, const u8 *bytes, char kind, const struct spec *spec)
{
	char between = kind == 'C' ? ':' : kind == 'D' ? '-' : kind == 'N' ? 0 : ' ';
	int count = min(spec->width, 64);

	for (int i = 0; i < count; i++) {
		if (i && between)
			put(out, between);
		put(out, hex_asc_hi(bytes[i]));
		put(out, hex_asc_lo(bytes[i]));
	}
}

/* 32 bits a group, the highest first, and the first group only as wide as it must be. */
static void put_bitmap(struct sink *out, const unsigned long *map, int nbits)
{
	struct spec hex = { .base = 16, .precision = -1, .zero = true };

	for (int group = (nbits - 1) / 32; nbits > 0 && group >= 0; group--) {
		int bits = min(nbits - group * 32, 32);
		u32 word = map[group / 2] >> (group % 2 * 32);

		if (bits < 32)
			word &= BIT(bits) - 1;
		hex.width = (bits + 3) / 4;
		put_number(out, word, &hex);
		if (group)
			put(out, ',');
	}
}

static void put_bitmap_list(struct sink *out, const unsigned long *map, int nbits)
{
	struct spec dec = { .base = 10, .precision = -1 };
	int start, end;
	bool first = true;

	for (start = 0; start < nbits; start = end) {
		start = find_next_bit(map, nbits, start);
		if (start >= nbits)
			break;
		end = find_next_zero_bit(map, nbits, start);
		if (!first)
			put(out, ',');
		first = false;
		put_number(out, start, &dec);
		if (end - start > 1) {
			put(out, '-');
			put_number(out, end - 1, &dec);
		}
	}
}

static void format(struct sink *out, const char *fmt, va_list args);

/* %p and the letters behind it. A pointer that is plainly none is not followed. */
static void put_pointer(struct sink *out, const char *kind, const void *ptr, struct spec *spec)
{
	bool bad = (unsigned long)ptr < 4096 || IS_ERR(ptr);

	switch (*kind) {
	case 'S': case 's': case 'B':
		put_symbol(out, (unsigned long)ptr, *kind, spec);
		return;
	case 'e':
		if (IS_ERR(ptr) && errname(PTR_ERR(ptr)))
			put_string(out, errname(PTR_ERR(ptr)), spec);
		else
			put_address(out, (unsigned long)ptr, spec);
		return;
	case 'h': case 'b': case 'V':
		if (bad) {
			put_string(out, ptr ? "(efault)" : "(null)", spec);
		} else if (*kind == 'h') {
			put_bytes(out, ptr, kind[1], spec);
		} else if (*kind == 'b') {
			if (kind[1] == 'l')
				put_bitmap_list(out, ptr, spec->width);
			else
				put_bitmap(out, ptr, spec->width);
		} else {
			const struct va_format *vaf = ptr;
			va_list copy;

			va_copy(copy, *vaf->va);
			format(out, vaf->fmt, copy);
			va_end(copy);
		}
		return;
	default:
		put_address(out, (unsigned long)ptr, spec);
	}
}

/* A number of the format itself. */
static const char *parse_count(const char *fmt, int *count)
{
	for (*count = 0; isdigit(*fmt); fmt++)
		if (*count < INT_MAX / 10 - 9)
			*count = *count * 10 + *fmt - '0';
	return fmt;
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-': spec->left = true; break;
		case '+': spec->plus = true; break;
		case ' ': spec->space = true; break;
		case '#': spec->alt = true; break;
		case '0': spec->zero = true; break;
		default: return fmt;
		}
	}
}

static const char *parse_length(const char *fmt, struct spec *spec)
{
	if (*fmt && strchr("hlLzt", *fmt)) {
		spec->length = *fmt++;
		if (spec->length == *fmt && *fmt == 'h')
			spec->length = 'H', fmt++;
		else if (spec->length == *fmt && *fmt == 'l')
			spec->length = 'L', fmt++;
	}
	return fmt;
}

/* va_list may be an array type, which a function cannot take by address: so a struct around it. */
struct arguments {
	va_list	list;
};

static u64 take_integer(struct arguments *args, const struct spec *spec)
{
	u64 v;

	switch (spec->length) {
	case 'l': case 'L': case 'z': case 't':
		return va_arg(args->list, u64);
	default:
		v = va_arg(args->list, unsigned int);
	}
	if (spec->length == 'H')
		return spec->is_signed ? (u64)(s8)v : (u8)v;
	if (spec->length == 'h')
		return spec->is_signed ? (u64)(s16)v : (u16)v;
	return spec->is_signed ? (u64)(s32)v : v;
}

/* One conversion, from behind its '%'. Returns where the format goes on. */
static const char *convert(struct sink *out, const char *fmt, struct arguments *args)
{
	struct spec spec = { .precision = -1, .base = 10 };
	char c;

	fmt = parse_flags(fmt, &spec);
	if (*fmt == '*') {
		fmt++;
		spec.width = va_arg(args->list, int);
		if (spec.width < 0) {
			spec.left = true;
			spec.width = -spec.width;
		}
	} else {
		fmt = parse_count(fmt, &spec.width);
	}
	if (*fmt == '.') {
		if (*++fmt == '*') {
			fmt++;
			spec.precision = max(va_arg(args->list, int), -1);
		} else {
			fmt = parse_count(fmt, &spec.precision);
		}
	}
	fmt = parse_length(fmt, &spec);

	switch (*fmt) {
	case 'd': case 'i':
		spec.is_signed = true;
		break;
	case 'u':
		break;
	case 'o':
		spec.base = 8;
		break;
	case 'X':
		spec.upper = true;
		fallthrough;
	case 'x':
		spec.base = 16;
		break;
	case 'c':
		c = va_arg(args->list, int);
		put_text(out, &c, 1, &spec);
		return fmt + 1;
	case 's':
		put_string(out, va_arg(args->list, const char *), &spec);
		return fmt + 1;
	case 'p':
		put_pointer(out, fmt + 1, va_arg(args->list, void *), &spec);
		while (isalnum(*++fmt))
			;
		return fmt;
	case '%':
		put(out, '%');
		return fmt + 1;
	default:
		/* Not a conversion that we know: shown as it is, so that it is noticed. */
		put(out, '%');
		return fmt;
	}
	put_number(out, take_integer(args, &spec), &spec);
	return fmt + 1;
}

static void format(struct sink *out, const char *fmt, va_list args)
{
	struct arguments copy;

	va_copy(copy.list, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(out, fmt + 1, &copy);
		else
			put(out, *fmt++);
	}
	va_end(copy.list);
}

/**
 * vsnprintf - format into a buffer of @size bytes
 *
 * Ends the text with a NUL unless @size is 0. Returns the length that the whole text has, which is
 * at least @size if it was cut.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct sink out = { .buf = buf, .size = size };

	if (WARN_ON_ONCE(size > INT_MAX))
		return 0;
	format(&out, fmt, args);
	if (size)
		buf[min(out.len, size - 1)] = '\0';
	return out.len;
}
EXPORT_SYMBOL(vsnprintf);

/* The same, but returns the length of what is in the buffer. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	return len < size ? len : size ? size - 1 : 0;
}
EXPORT_SYMBOL(vscnprintf);

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL(snprintf);

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL(scnprintf);

int vsprintf(char *buf, const char *fmt, va_list args)
{
	return vsnprintf(buf, INT_MAX, fmt, args);
}
EXPORT_SYMBOL(vsprintf);

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsprintf(buf, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL(sprintf);
