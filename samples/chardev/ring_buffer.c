// SPDX-License-Identifier: MIT
/* The buffer itself. Its user locks. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include "ring.h"

int ring_alloc(struct ring *r, size_t size)
{
	*r = (struct ring){ .bytes = kmalloc(size, GFP_KERNEL), .size = size };
	return r->bytes ? 0 : -ENOMEM;
}

void ring_free(struct ring *r)
{
	kfree(r->bytes);
}

/* As many as there is room for. */
size_t ring_put(struct ring *r, const char *from, size_t n)
{
	size_t i;

	for (i = 0; i < n && r->used < r->size; i++)
		r->bytes[(r->head + r->used++) % r->size] = from[i];
	return i;
}

size_t ring_take(struct ring *r, char *to, size_t n)
{
	size_t i;

	for (i = 0; i < n && r->used; i++, r->used--) {
		to[i] = r->bytes[r->head];
		r->head = (r->head + 1) % r->size;
	}
	return i;
}
