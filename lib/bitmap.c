// SPDX-License-Identifier: MIT
/* Operations on whole bitmaps. Interface: linux/bitmap.h. The caller's lock guards the maps. */

#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/slab.h>

/* The bits of word @i that belong to a map of @nbits. */
static inline unsigned long valid(unsigned int i, unsigned int nbits)
{
	return (i + 1) * BITS_PER_LONG <= nbits ? ~0UL : BITMAP_LAST_WORD_MASK(nbits);
}

#define for_each_word(i, nbits)	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)

/* Changes the bits [start, start + nbits), a word at a time. */
static void write_range(unsigned long *map, unsigned int start, unsigned int nbits, bool value)
{
	while (nbits) {
		unsigned int offset = start % BITS_PER_LONG;
		unsigned int n = min_t(unsigned int, nbits, BITS_PER_LONG - offset);
		unsigned long mask = (~0UL >> (BITS_PER_LONG - n)) << offset;

		if (value)
			map[BIT_WORD(start)] |= mask;
		else
			map[BIT_WORD(start)] &= ~mask;
		start += n;
		nbits -= n;
	}
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
	write_range(map, start, nbits, true);
}
EXPORT_SYMBOL(bitmap_set);

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
	write_range(map, start, nbits, false);
}
EXPORT_SYMBOL(bitmap_clear);

bool bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits)
{
	unsigned long any = 0;

	for_each_word(i, nbits)
		any |= (dst[i] = a[i] & b[i]) & valid(i, nbits);
	return any;
}
EXPORT_SYMBOL(bitmap_and);

bool bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		   unsigned int nbits)
{
	unsigned long any = 0;

	for_each_word(i, nbits)
		any |= (dst[i] = a[i] & ~b[i]) & valid(i, nbits);
	return any;
}
EXPORT_SYMBOL(bitmap_andnot);

void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits)
{
	for_each_word(i, nbits)
		dst[i] = a[i] | b[i];
}
EXPORT_SYMBOL(bitmap_or);

void bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits)
{
	for_each_word(i, nbits)
		dst[i] = a[i] ^ b[i];
}
EXPORT_SYMBOL(bitmap_xor);

void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	for_each_word(i, nbits)
		dst[i] = ~src[i];
}
EXPORT_SYMBOL(bitmap_complement);

bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for_each_word(i, nbits)
		if ((a[i] ^ b[i]) & valid(i, nbits))
			return false;
	return true;
}
EXPORT_SYMBOL(bitmap_equal);

bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for_each_word(i, nbits)
		if (a[i] & b[i] & valid(i, nbits))
			return true;
	return false;
}
EXPORT_SYMBOL(bitmap_intersects);

bool bitmap_subset(const unsigned long *sub, const unsigned long *of, unsigned int nbits)
{
	for_each_word(i, nbits)
		if (sub[i] & ~of[i] & valid(i, nbits))
			return false;
	return true;
}
EXPORT_SYMBOL(bitmap_subset);

/* How many bits are set. */
unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int weight = 0;

	for_each_word(i, nbits)
		weight += hweight_long(map[i] & valid(i, nbits));
	return weight;
}
EXPORT_SYMBOL(bitmap_weight);

/**
 * bitmap_find_next_zero_area - the first run of @nr zeros
 * @start: where to begin
 * @align_mask: the run begins at a multiple of this plus one, which is a power of two
 *
 * Returns where it begins, or a number past @size if there is none.
 */
unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	for (;;) {
		unsigned long end, busy;

		start = find_next_zero_bit(map, size, start);
		start = (start + align_mask) & ~align_mask;
		end = start + nr;
		if (end > size || end < start)
			return size + 1;
		busy = find_next_bit(map, end, start);
		if (busy >= end)
			return start;
		start = busy + 1;
	}
}
EXPORT_SYMBOL(bitmap_find_next_zero_area);

unsigned long *bitmap_alloc(unsigned int nbits, gfp_t gfp)
{
	return kmalloc_array(BITS_TO_LONGS((unsigned long)nbits), sizeof(unsigned long), gfp);
}
EXPORT_SYMBOL(bitmap_alloc);

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t gfp)
{
	return bitmap_alloc(nbits, gfp | __GFP_ZERO);
}
EXPORT_SYMBOL(bitmap_zalloc);

void bitmap_free(const unsigned long *map)
{
	kfree(map);
}
EXPORT_SYMBOL(bitmap_free);
