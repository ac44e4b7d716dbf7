// SPDX-License-Identifier: MIT
/* Searching bitmaps word by word. Interface: linux/find.h. */

#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/minmax.h>

/* @fetch is the word at index i, written so that the bits searched for are ones. */
#define FIND_NEXT(fetch, size, from)					\
({									\
	unsigned long __i = (from) / BITS_PER_LONG, __w, __at = (size);	\
									\
	if ((from) < (size)) {						\
		unsigned long i = __i;					\
									\
		__w = (fetch) & (~0UL << ((from) % BITS_PER_LONG));	\
		while (!__w && (i + 1) * BITS_PER_LONG < (size)) {	\
			i++;						\
			__w = (fetch);					\
		}							\
		if (__w)						\
			__at = min(i * BITS_PER_LONG + __ffs(__w), (size));	\
	}								\
	__at;								\
})

unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long from)
{
	return FIND_NEXT(addr[i], size, from);
}
EXPORT_SYMBOL(find_next_bit);

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long from)
{
	return FIND_NEXT(~addr[i], size, from);
}
EXPORT_SYMBOL(find_next_zero_bit);

unsigned long find_next_and_bit(const unsigned long *a, const unsigned long *b,
				unsigned long size, unsigned long from)
{
	return FIND_NEXT(a[i] & b[i], size, from);
}
EXPORT_SYMBOL(find_next_and_bit);

unsigned long find_next_andnot_bit(const unsigned long *a, const unsigned long *b,
				   unsigned long size, unsigned long from)
{
	return FIND_NEXT(a[i] & ~b[i], size, from);
}
EXPORT_SYMBOL(find_next_andnot_bit);

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long i = BITS_TO_LONGS(size), mask = ~0UL;

	if (size % BITS_PER_LONG)
		mask = BIT_MASK(size) - 1;
	for (; i--; mask = ~0UL)
		if (addr[i] & mask)
			return i * BITS_PER_LONG + __fls(addr[i] & mask);
	return size;
}
EXPORT_SYMBOL(find_last_bit);
