// SPDX-License-Identifier: MIT
/*
 * A double as decimal digits, exactly. A double is m x 2^e with m < 2^53; its decimal expansion
 * ends, after at most 309 digits before the point and 1074 behind it.
 */
#include <stdint.h>
#include <string.h>

#include "stdio_impl.h"

#define BASE	1000000000U	/* each word holds nine digits */
#define INTS	36		/* words before the point: 324 digits */
#define FRACS	120		/* words behind it: 1080 digits */

/* w[0..INTS) is the integer part, the most significant word first; then comes the fraction. */
static void expand(double v, uint32_t w[INTS + FRACS])
{
	uint64_t bits, m, t;
	uint32_t carry;
	int e, i, k;

	memcpy(&bits, &v, sizeof(bits));
	e = bits >> 52 & 0x7ff;
	m = bits & ((1UL << 52) - 1);
	if (e)
		m |= 1UL << 52;		/* not a denormal */
	else
		e = 1;
	e -= 1075;

	memset(w, 0, (INTS + FRACS) * sizeof(*w));
	w[INTS - 1] = m % BASE;
	w[INTS - 2] = m / BASE;
	for (; e > 0; e -= k) {
		k = e < 29 ? e : 29;
		for (i = INTS - 1, carry = 0; i >= 0; i--) {
			t = ((uint64_t)w[i] << k) + carry;
			w[i] = t % BASE;
			carry = t / BASE;
		}
	}
	for (; e < 0; e += k) {
		k = -e < 9 ? -e : 9;	/* BASE is divisible by 2^9 */
		for (i = 0, carry = 0; i < INTS + FRACS; i++) {
			uint32_t low = w[i] & ((1U << k) - 1);

			w[i] = (w[i] >> k) + carry;
			carry = low * (BASE >> k);
		}
	}
}

/* Adds one to the last of n digits; when all were nines they become "1", one place higher. */
static int increment(char *d, int n, int *point)
{
	while (n > 0 && d[n - 1] == '9')
		n--;
	if (n > 0) {
		d[n - 1]++;
		return n;
	}
	d[0] = '1';
	(*point)++;
	return 1;
}

int __decimal(double v, int ndigits, int fixed, char digits[DECIMAL_MAX], int *point)
{
	uint32_t w[INTS + FRACS], word;
	int first = 0, last = INTS + FRACS, n = 0, i, j, keep, up;

	*point = 1;
	expand(v, w);
	while (first < last && !w[first])
		first++;
	while (last > first && !w[last - 1])
		last--;
	if (first == last)
		return 0;
	*point = 9 * (INTS - first);

	/* At most 1100 digits: a number with a long integer part has a short fraction. */
	for (i = first; i < last && n + 9 <= DECIMAL_MAX; i++, n += 9)
		for (j = 8, word = w[i]; j >= 0; j--, word /= 10)
			digits[n + j] = '0' + word % 10;
	for (i = 0; digits[i] == '0'; i++)
		(*point)--;
	n -= i;
	memmove(digits, digits + i, n);

	keep = fixed ? *point + ndigits : ndigits;
	if (keep < 0)
		return 0;
	if (keep < n) {
		up = digits[keep] > '5';
		if (digits[keep] == '5') {
			for (i = keep + 1; i < n && digits[i] == '0'; i++)
				;
			up = i < n || (keep > 0 && (digits[keep - 1] & 1));
		}
		n = up ? increment(digits, keep, point) : keep;
	}
	while (n > 0 && digits[n - 1] == '0')
		n--;
	return n;
}
