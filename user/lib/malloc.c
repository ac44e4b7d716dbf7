// SPDX-License-Identifier: MIT
/*
 * malloc: a heap on the break for small blocks, a mapping of its own for each large one.
 *
 * A heap block begins with a header of 16 bytes: the size of the block before it and its own size,
 * both counting the header, so that free() finds both neighbours and joins what is free. No two
 * free blocks are adjacent. Free blocks hang in lists by power of two. The heap ends with a header
 * of size 0 marked as used. When the last block is free and large, the break moves back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define USED		1UL
#define MAPPED		2UL
#define FLAGS		(USED | MAPPED)
#define ALIGN		16UL
#define HEADER		16UL
#define MIN_BLOCK	32UL
#define MAP_FROM	(128UL << 10)	/* bytes: larger blocks are mappings */
#define GROW		(64UL << 10)	/* bytes: the break moves by multiples of this */
#define TRIM		(256UL << 10)	/* bytes free at the end before the break moves back */
#define BINS		32

struct block {
	size_t		prev;		/* size of the block before; of a mapping, the lead-in */
	size_t		size;		/* with USED or MAPPED */
	struct block	*next, **link;	/* of a free block: its list */
};

static struct block *bins[BINS];
static char *heap_end;			/* behind the end header; NULL before the first use */

static inline size_t size_of(const struct block *b)
{
	return b->size & ~FLAGS;
}

static inline struct block *after(struct block *b)
{
	return (struct block *)((char *)b + size_of(b));
}

static inline void *payload(struct block *b)
{
	return (char *)b + HEADER;
}

static inline struct block *block_of(void *p)
{
	return (struct block *)((char *)p - HEADER);
}

static int bin_of(size_t size)
{
	int bin = 63 - __builtin_clzl(size) - 5;	/* 32..63 bytes: bin 0 */

	return bin < BINS ? bin : BINS - 1;
}

static void list_add(struct block *b)
{
	struct block **head = &bins[bin_of(b->size)];

	b->next = *head;
	b->link = head;
	if (b->next)
		b->next->link = &b->next;
	*head = b;
}

static void list_del(struct block *b)
{
	*b->link = b->next;
	if (b->next)
		b->next->link = b->link;
}

/* Makes b, of size bytes, free: joined with its neighbours, known to the one behind, listed. */
static struct block *make_free(struct block *b, size_t size)
{
	struct block *n = (struct block *)((char *)b + size), *p;

	if (!(n->size & USED)) {
		list_del(n);
		size += n->size;
	}
	if (b->prev) {
		p = (struct block *)((char *)b - b->prev);
		if (!(p->size & USED)) {
			list_del(p);
			size += p->size;
			b = p;
		}
	}
	b->size = size;
	((struct block *)((char *)b + size))->prev = size;
	list_add(b);
	return b;
}

static void set_end(char *end)
{
	heap_end = end;
	((struct block *)(end - HEADER))->size = USED;
}

/*
 * Moves the break up so that a block of need bytes fits; the new memory becomes a free block.
 * When somebody else has moved the break in between, a new run begins there.
 */
static int grow(size_t need)
{
	size_t size = (need + 2 * HEADER + GROW) & ~(GROW - 1);
	size_t pad = -(uintptr_t)sbrk(0) & (ALIGN - 1);
	struct block *b;
	char *p;

	if (pad && sbrk(pad) == (void *)-1)
		return -1;
	p = sbrk(size);
	if (p == (void *)-1)
		return -1;
	if (p == heap_end) {
		b = (struct block *)(p - HEADER);	/* the old end header becomes the block's */
	} else {
		b = (struct block *)p;
		b->prev = 0;
		size -= HEADER;
	}
	set_end((char *)b + size + HEADER);
	make_free(b, size);
	return 0;
}

/* Gives back what is free at the end of the heap, but for GROW bytes. */
static void trim(struct block *b)
{
	size_t give;

	if ((char *)after(b) != heap_end - HEADER || b->size < TRIM || sbrk(0) != heap_end)
		return;
	give = (b->size - GROW) & ~(GROW - 1);
	if (sbrk(-(intptr_t)give) == (void *)-1)
		return;
	list_del(b);
	b->size -= give;
	set_end(heap_end - give);
	after(b)->prev = b->size;
	list_add(b);
}

/* Cuts b, which is in use, down to need bytes when the rest is worth a block. */
static void split(struct block *b, size_t need)
{
	size_t rest = size_of(b) - need;
	struct block *r;

	if (rest < MIN_BLOCK)
		return;
	b->size = need | USED;
	r = after(b);
	r->prev = need;
	make_free(r, rest);
}

static struct block *take_free(size_t need)
{
	struct block *b;
	int i;

	for (i = bin_of(need); i < BINS; i++)
		for (b = bins[i]; b; b = b->next)
			if (b->size >= need) {
				list_del(b);
				b->size |= USED;
				split(b, need);
				return b;
			}
	return NULL;
}

static void *map_block(size_t size)
{
	struct block *b;

	size = (size + HEADER + 4095) & ~4095UL;
	b = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED)
		return NULL;
	b->prev = 0;
	b->size = size | MAPPED | USED;
	return payload(b);
}

static size_t block_size(size_t size)
{
	size_t need = (size + HEADER + ALIGN - 1) & ~(ALIGN - 1);

	return need < MIN_BLOCK ? MIN_BLOCK : need;
}

void *malloc(size_t size)
{
	struct block *b;

	if (size > PTRDIFF_MAX)
		goto nomem;
	if (size >= MAP_FROM) {
		void *p = map_block(size);

		if (p)
			return p;
		goto nomem;
	}
	b = take_free(block_size(size));
	if (!b && !grow(block_size(size)))
		b = take_free(block_size(size));
	if (b)
		return payload(b);
nomem:
	errno = ENOMEM;
	return NULL;
}

void free(void *p)
{
	static const char msg[] = "free: not a block in use (freed twice?)\n";
	struct block *b;

	if (!p)
		return;
	b = block_of(p);
	if (!(b->size & USED)) {
		write(2, msg, sizeof(msg) - 1);
		abort();
	}
	if (b->size & MAPPED)
		munmap((char *)b - b->prev, size_of(b) + b->prev);
	else
		trim(make_free(b, size_of(b)));
}

void *calloc(size_t n, size_t size)
{
	void *p;

	if (__builtin_mul_overflow(n, size, &size)) {
		errno = ENOMEM;
		return NULL;
	}
	p = malloc(size);
	if (p && !(block_of(p)->size & MAPPED))		/* a fresh mapping is zero already */
		memset(p, 0, size);
	return p;
}

/* Tries to make b need bytes large where it lies, by taking in the free block behind it. */
static int resize_in_place(struct block *b, size_t need)
{
	struct block *n = after(b);

	if (size_of(b) < need) {
		if ((n->size & USED) || size_of(b) + n->size < need)
			return 0;
		list_del(n);
		b->size += n->size;
		after(b)->prev = size_of(b);
	}
	split(b, need);
	return 1;
}

void *realloc(void *p, size_t size)
{
	struct block *b;
	size_t old;
	void *q;

	if (!p)
		return malloc(size);
	if (size > PTRDIFF_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	b = block_of(p);
	if (b->size & MAPPED && size >= MAP_FROM && !b->prev) {
		size_t len = (size + HEADER + 4095) & ~4095UL;

		q = mremap(b, size_of(b), len, MREMAP_MAYMOVE);
		if (q != MAP_FAILED) {
			b = q;
			b->size = len | MAPPED | USED;
			return payload(b);
		}
	}
	if (!(b->size & MAPPED) && size < MAP_FROM && resize_in_place(b, block_size(size)))
		return p;
	q = malloc(size);
	if (!q)
		return NULL;
	old = size_of(b) - HEADER;
	memcpy(q, p, old < size ? old : size);
	free(p);
	return q;
}

void *reallocarray(void *p, size_t n, size_t size)
{
	if (__builtin_mul_overflow(n, size, &size)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, size);
}

/*
 * Takes a block large enough to have an aligned address in it with room for a block in front,
 * and frees the front; of a mapping the front stays, and block.prev says how long it is.
 */
void *aligned_alloc(size_t align, size_t size)
{
	struct block *b, *a;
	uintptr_t addr;
	size_t lead;
	void *p;

	if (!align || (align & (align - 1)) || size > PTRDIFF_MAX - align - MIN_BLOCK) {
		errno = EINVAL;
		return NULL;
	}
	if (align <= ALIGN)
		return malloc(size);
	p = malloc(size + align + MIN_BLOCK);
	if (!p || !((uintptr_t)p & (align - 1)))
		return p;
	b = block_of(p);
	addr = ((uintptr_t)p + MIN_BLOCK + align - 1) & ~(align - 1);
	a = block_of((void *)addr);
	lead = (char *)a - (char *)b;
	a->size = b->size - lead;
	a->prev = lead;
	if (!(b->size & MAPPED)) {
		after(a)->prev = size_of(a);
		make_free(b, lead);
		split(a, block_size(size));
	}
	return payload(a);
}

int posix_memalign(void **p, size_t align, size_t size)
{
	int saved = errno, err;
	void *q;

	if (align % sizeof(void *))
		return EINVAL;
	q = aligned_alloc(align, size);
	err = errno;
	errno = saved;
	if (!q)
		return err;
	*p = q;
	return 0;
}
