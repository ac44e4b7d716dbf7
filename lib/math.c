// SPDX-License-Identifier: MIT
/* Arithmetic that is too long to be inlined. */

#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/math.h>
#include <linux/math64.h>

/**
 * mul_u64_u64_div_u64 - @a * @mul / @div, with a product of 128 bits
 *
 * The quotient must fit in 64 bits; else all ones are returned.
 */
u64 mul_u64_u64_div_u64(u64 a, u64 mul, u64 div)
{
	unsigned __int128 product = (unsigned __int128)a * mul;
	u64 high = product >> 64, low = product, quotient = 0;

	if (!high)
		return low / div;
	if (high >= div)
		return ~0ULL;
	/* Long division in binary: high is the remainder so far, always less than div. */
	for (int bit = 63; bit >= 0; bit--) {
		bool carry = high >> 63;

		high = high << 1 | ((low >> bit) & 1);
		if (carry || high >= div) {
			high -= div;
			quotient |= 1ULL << bit;
		}
	}
	return quotient;
}
EXPORT_SYMBOL(mul_u64_u64_div_u64);

/* The greatest number whose square is at most @x: one bit of it after the other, highest first. */
unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0;

	for (int bit = fls64(x) / 2; bit >= 0; bit--) {
		unsigned long try = root | 1UL << bit;

		if (bit < 32 && try * try <= x)
			root = try;
	}
	return root;
}
EXPORT_SYMBOL(int_sqrt);

unsigned long gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}
EXPORT_SYMBOL(gcd);
