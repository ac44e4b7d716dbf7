// SPDX-License-Identifier: MIT
/* Text to numbers. Interface and errors: linux/kstrtox.h. */

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

/* Skips the "0x" of base 16 and decides what base 0 is. */
static const char *skip_radix(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && tolower(s[1]) == 'x' && isxdigit(s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

/* Reads digits as far as they go; returns the end, which is @s if there is none. */
static const char *parse_digits(const char *s, unsigned int base, unsigned long long *res,
				bool *overflow)
{
	unsigned long long v = 0;

	*overflow = false;
	for (;; s++) {
		unsigned int digit;

		if (isdigit(*s))
			digit = *s - '0';
		else if (isalpha(*s))
			digit = tolower(*s) - 'a' + 10;
		else
			break;
		if (digit >= base)
			break;
		*overflow |= __builtin_mul_overflow(v, base, &v);
		*overflow |= __builtin_add_overflow(v, digit, &v);
	}
	*res = v;
	return s;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long v;
	const char *end;
	bool overflow;

	if (*s == '+')
		s++;
	s = skip_radix(s, &base);
	end = parse_digits(s, base, &v, &overflow);
	if (end == s)
		return -EINVAL;
	if (*end == '\n')
		end++;
	if (*end)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*res = v;
	return 0;
}
EXPORT_SYMBOL(kstrtoull);

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	bool negative = *s == '-';
	unsigned long long v;
	int err;

	/* "-+1" is no number. */
	if (negative && *++s == '+')
		return -EINVAL;
	err = kstrtoull(s, base, &v);
	if (err)
		return err;
	if (v > (unsigned long long)LLONG_MAX + negative)
		return -ERANGE;
	*res = negative ? -v : v;
	return 0;
}
EXPORT_SYMBOL(kstrtoll);

/* The narrower ones: the wide one, and what does not survive the cast does not fit. */
#define DEFINE_KSTRTO(name, type, wide, wide_type)			\
int name(const char *s, unsigned int base, type *res)			\
{									\
	wide_type v;							\
	int err = wide(s, base, &v);					\
									\
	if (err)							\
		return err;						\
	if (v != (wide_type)(type)v)					\
		return -ERANGE;						\
	*res = v;							\
	return 0;							\
}									\
EXPORT_SYMBOL(name);

DEFINE_KSTRTO(kstrtoul, unsigned long, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtol, long, kstrtoll, long long)
DEFINE_KSTRTO(kstrtouint, unsigned int, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtoint, int, kstrtoll, long long)
DEFINE_KSTRTO(kstrtou16, u16, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtou8, u8, kstrtoull, unsigned long long)

/* y, 1, on and n, 0, off, by their first letters and in any case. */
int kstrtobool(const char *s, bool *res)
{
	char first = s ? tolower(s[0]) : '\0';
	char second = first ? tolower(s[1]) : '\0';

	if (first == 'y' || first == 't' || first == '1' || (first == 'o' && second == 'n'))
		*res = true;
	else if (first == 'n' || first == 'f' || first == '0' || (first == 'o' && second == 'f'))
		*res = false;
	else
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL(kstrtobool);

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	unsigned long long v;
	bool overflow;

	s = skip_radix(s, &base);
	s = parse_digits(s, base, &v, &overflow);
	if (end)
		*end = (char *)s;
	return v;
}
EXPORT_SYMBOL(simple_strtoull);

unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	return simple_strtoull(s, end, base);
}
EXPORT_SYMBOL(simple_strtoul);

long long simple_strtoll(const char *s, char **end, unsigned int base)
{
	return *s == '-' ? -simple_strtoull(s + 1, end, base) : simple_strtoull(s, end, base);
}
EXPORT_SYMBOL(simple_strtoll);

long simple_strtol(const char *s, char **end, unsigned int base)
{
	return simple_strtoll(s, end, base);
}
EXPORT_SYMBOL(simple_strtol);
