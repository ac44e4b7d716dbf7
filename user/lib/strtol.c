// SPDX-License-Identifier: MIT
/* Text to numbers. */
#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <strings.h>

#include "internal.h"

static int digit_value(int c)
{
	if (isdigit(c))
		return c - '0';
	if (isalpha(c))
		return (c | 32) - 'a' + 10;
	return INT_MAX;
}

/*
 * The magnitude and sign of a number. More than max (or, when negative, more than max_neg) is cut
 * to that, with ERANGE.
 */
static unsigned long convert(const char *s, char **end, int base, int *negative,
			     unsigned long max, unsigned long max_neg)
{
	const char *start = s;
	unsigned long v = 0;
	int digits = 0, overflow = 0;

	while (isspace((unsigned char)*s))
		s++;
	*negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 32) == 'x' &&
	    isxdigit((unsigned char)s[2])) {
		s += 2;
		base = 16;
	} else if (base == 0) {
		base = *s == '0' ? 8 : 10;
	}
	if (base < 2 || base > 36) {
		errno = EINVAL;
	} else {
		for (; digit_value((unsigned char)*s) < base; s++, digits++)
			if (__builtin_mul_overflow(v, (unsigned long)base, &v) ||
			    __builtin_add_overflow(v, digit_value((unsigned char)*s), &v))
				overflow = 1;
	}
	if (end)
		*end = (char *)(digits ? s : start);
	if (*negative)
		max = max_neg;
	if (overflow || v > max) {
		errno = ERANGE;
		return max;
	}
	return v;
}

long strtol(const char *s, char **end, int base)
{
	int neg;
	unsigned long v = convert(s, end, base, &neg, LONG_MAX, 1UL << 63);

	return neg ? -v : v;
}

unsigned long strtoul(const char *s, char **end, int base)
{
	int neg, saved = errno;
	unsigned long v;

	errno = 0;
	v = convert(s, end, base, &neg, ULONG_MAX, ULONG_MAX);
	if (errno)
		return v;
	errno = saved;
	return neg ? -v : v;
}

long long strtoll(const char *s, char **end, int base)
{
	return strtol(s, end, base);
}

unsigned long long strtoull(const char *s, char **end, int base)
{
	return strtoul(s, end, base);
}

intmax_t strtoimax(const char *s, char **end, int base)
{
	return strtol(s, end, base);
}

uintmax_t strtoumax(const char *s, char **end, int base)
{
	return strtoul(s, end, base);
}

int atoi(const char *s)
{
	return strtol(s, NULL, 10);
}

long atol(const char *s)
{
	return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
	return strtol(s, NULL, 10);
}

/* Decimal only. The last bit may be off for long numbers: 10^n is multiplied up in steps. */
double strtod(const char *s, char **end)
{
	const char *start = s;
	int neg, digits = 0, exp10 = 0;
	double v = 0, scale = 1, ten = 10;

	while (isspace((unsigned char)*s))
		s++;
	neg = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if (!strncasecmp(s, "inf", 3) || !strncasecmp(s, "nan", 3)) {
		v = (*s | 32) == 'i' ? __builtin_inf() : __builtin_nan("");
		s += strncasecmp(s, "infinity", 8) ? 3 : 8;
		goto out;
	}
	for (; isdigit((unsigned char)*s); s++, digits++)
		v = v * 10 + (*s - '0');
	if (*s == '.')
		for (s++; isdigit((unsigned char)*s); s++, digits++, exp10--)
			v = v * 10 + (*s - '0');
	if (!digits) {
		s = start;
		neg = 0;
		goto out;
	}
	if ((*s | 32) == 'e') {
		char *e;
		long n = strtol(s + 1, &e, 10);

		if (e > s + 1 && !isspace((unsigned char)s[1])) {
			exp10 += n > 9999 ? 9999 : n < -9999 ? -9999 : n;
			s = e;
		}
	}
	for (unsigned int n = exp10 < 0 ? -exp10 : exp10; n; n >>= 1, ten *= ten)
		if (n & 1)
			scale *= ten;
	v = exp10 < 0 ? v / scale : v ? v * scale : v;
out:
	if (end)
		*end = (char *)s;
	return neg ? -v : v;
}

double atof(const char *s)
{
	return strtod(s, NULL);
}
