// SPDX-License-Identifier: MIT
/*
 * Sorting an array in place: heapsort (Williams, 1964), since it needs neither memory nor stack and
 * is never slower than n log n.
 */

#include <linux/export.h>
#include <linux/sort.h>
#include <linux/unaligned.h>

static void swap_bytes(void *a, void *b, int size)
{
	u8 *p = a, *q = b;

	for (; size >= 8; size -= 8, p += 8, q += 8) {
		u64 v = get_unaligned((u64 *)p);

		put_unaligned(get_unaligned((u64 *)q), (u64 *)p);
		put_unaligned(v, (u64 *)q);
	}
	for (; size; size--, p++, q++) {
		u8 v = *p;

		*p = *q;
		*q = v;
	}
}

/* What is being sorted; all positions are byte offsets from base. */
struct heap {
	void		*base;
	size_t		size;
	cmp_r_func_t	cmp;
	swap_func_t	swap;
	const void	*priv;
};

/* The element at @at sinks until none below it, before @end, is greater. */
static void sift_down(const struct heap *h, size_t at, size_t end)
{
	size_t child;

	while ((child = 2 * at + h->size) < end) {
		size_t right = child + h->size;

		if (right < end && h->cmp(h->base + child, h->base + right, h->priv) < 0)
			child = right;
		if (h->cmp(h->base + at, h->base + child, h->priv) >= 0)
			return;
		h->swap(h->base + at, h->base + child, h->size);
		at = child;
	}
}

/**
 * sort_r - sort @num elements of @size bytes
 * @cmp: as strcmp(), given two elements and @priv
 * @swap: exchanges two elements; NULL to have their bytes exchanged
 *
 * Equal elements may change their order.
 */
void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp, swap_func_t swap,
	    const void *priv)
{
	const struct heap h = { base, size, cmp, swap ?: swap_bytes, priv };
	size_t at;

	for (at = num / 2; at-- > 0; )
		sift_down(&h, at * size, num * size);
	for (at = num; at-- > 1; ) {
		h.swap(base, base + at * size, size);
		sift_down(&h, 0, at * size);
	}
}
EXPORT_SYMBOL(sort_r);

static int call_plain(const void *a, const void *b, const void *priv)
{
	return (*(const cmp_func_t *)priv)(a, b);
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap)
{
	sort_r(base, num, size, call_plain, swap, &cmp);
}
EXPORT_SYMBOL(sort);
