// SPDX-License-Identifier: MIT
/*
 * sscanf: reading numbers and words out of a string.
 *
 * Knows d i u o x X c s n and %, a width, * to read without storing, and hh h l ll z. Spaces in the
 * format match any spaces. A number that overflows its type is cut off; kstrtox.h has functions
 * that say so.
 */

#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

struct conversion {
	bool	store;
	int	width;		/* -1 if none was given */
	char	length;		/* 'H' for hh, 'h', 'l' for l, ll and z, or 0 */
	char	kind;
};

static const char *parse(const char *fmt, struct conversion *conv)
{
	*conv = (struct conversion){ .store = true, .width = -1 };
	if (*fmt == '*') {
		conv->store = false;
		fmt++;
	}
	if (isdigit(*fmt))
		for (conv->width = 0; isdigit(*fmt); fmt++)
			if (conv->width < 10000)
				conv->width = conv->width * 10 + *fmt - '0';
	if (*fmt == 'h') {
		conv->length = 'h';
		if (*++fmt == 'h')
			conv->length = 'H', fmt++;
	}
	while (*fmt == 'l' || *fmt == 'L' || *fmt == 'z')
		conv->length = 'l', fmt++;
	conv->kind = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

/* Reads a number of at most @width characters. Returns its end, or NULL if there is none. */
static const char *scan_number(const char *s, int width, unsigned int base, u64 *res)
{
	char text[68], *end;
	bool negative = *s == '-';
	int len = strnlen(s, width < 0 ? sizeof(text) - 1 : min_t(int, width, sizeof(text) - 1));
	int skip = negative || *s == '+';

	memcpy(text, s, len);
	text[len] = '\0';
	if (len <= skip || !isxdigit(text[skip]))
		return NULL;
	*res = simple_strtoull(text + skip, &end, base);
	if (end == text + skip)
		return NULL;
	if (negative)
		*res = -*res;
	return s + (end - text);
}

static void store_number(void *to, char length, u64 v)
{
	switch (length) {
	case 'H': *(u8 *)to = v; break;
	case 'h': *(u16 *)to = v; break;
	case 'l': *(u64 *)to = v; break;
	default: *(u32 *)to = v;
	}
}

/**
 * vsscanf - read @str as @fmt says
 *
 * Returns how many conversions were stored, which ends at the first that does not match.
 */
int vsscanf(const char *str, const char *fmt, va_list args)
{
	const char *s = str;
	int stored = 0;

	while (*fmt) {
		struct conversion conv;
		const char *end;
		u64 v;

		if (isspace(*fmt)) {
			fmt++;
			s = skip_spaces(s);
			continue;
		}
		if (*fmt != '%' || fmt[1] == '%') {
			fmt += *fmt == '%';
			if (*s++ != *fmt++)
				break;
			continue;
		}
		fmt = parse(fmt + 1, &conv);
		if (conv.kind == 'n') {
			store_number(va_arg(args, void *), conv.length, s - str);
			continue;
		}
		if (conv.kind != 'c')
			s = skip_spaces(s);
		if (!*s)
			break;

		switch (conv.kind) {
		case 'c':
			if (conv.width < 0)
				conv.width = 1;
			if (strnlen(s, conv.width) < conv.width)
				return stored;
			if (conv.store)
				memcpy(va_arg(args, char *), s, conv.width);
			s += conv.width;
			break;
		case 's':
			for (end = s; *end && !isspace(*end) && end - s != conv.width; end++)
				;
			if (conv.store) {
				char *to = va_arg(args, char *);

				memcpy(to, s, end - s);
				to[end - s] = '\0';
			}
			s = end;
			break;
		case 'd': case 'u': case 'i': case 'o': case 'x': case 'X':
			end = scan_number(s, conv.width,
					  conv.kind == 'i' ? 0 : conv.kind == 'o' ? 8 :
					  (conv.kind | 0x20) == 'x' ? 16 : 10, &v);
			if (!end)
				return stored;
			if (conv.store)
				store_number(va_arg(args, void *), conv.length, v);
			s = end;
			break;
		default:
			return stored;
		}
		stored += conv.store;
	}
	return stored;
}
EXPORT_SYMBOL(vsscanf);

int sscanf(const char *str, const char *fmt, ...)
{
	va_list args;
	int stored;

	va_start(args, fmt);
	stored = vsscanf(str, fmt, args);
	va_end(args);
	return stored;
}
EXPORT_SYMBOL(sscanf);
