/* SPDX-License-Identifier: MIT */
/* The slab allocator's inside: slab.c (objects), slab_common.c (caches). */
#ifndef _MM_SLAB_H
#define _MM_SLAB_H

#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/threads.h>

/* A CPU's free objects of one cache, the one that was freed last behind. */
struct array_cache {
	unsigned int	avail;		/* how many there are */
	unsigned int	limit;		/* room in entry[] */
	unsigned int	batchcount;	/* objects moved at a time */
	void		*entry[];
};

struct kmem_cache {
	struct array_cache *cpu_cache[NR_CPUS];
	const char	*name;
	unsigned int	object_size;	/* what the caller asked for */
	unsigned int	size;		/* from one object to the next */
	unsigned int	left_pad;	/* from the start of the slot to the object */
	unsigned int	offset;		/* of the free pointer, from the object */
	unsigned int	align;
	unsigned int	flags;
	unsigned int	order;		/* frames of a slab: 2^order */
	unsigned int	per_slab;	/* objects in it */
#ifdef CONFIG_KASAN
	unsigned int	kasan_offset;	/* of struct kasan_meta, from the object */
#endif
	void		(*ctor)(void *);
	struct list_head list;		/* slab_mutex */

	/* list_lock guards these */
	spinlock_t	list_lock;
	struct list_head partial;	/* slabs with something free */
	unsigned int	nr_partial;
	unsigned long	nr_slabs;
	unsigned long	nr_inuse;	/* objects that slabs have given, to callers or to arrays */
};

extern struct list_head slab_caches;	/* all of them; slab_mutex */
extern struct mutex slab_mutex;
extern struct kmem_cache *kmem_cache;	/* the cache of caches */

#define KMALLOC_SIZES	15
extern struct kmem_cache *kmalloc_caches[KMALLOC_SIZES];
extern u8 kmalloc_index[256 / 32 + 1];	/* for sizes up to 256, by 32 */

static inline struct kmem_cache *kmalloc_slab(size_t size)
{
	if (size <= 256)
		return kmalloc_caches[kmalloc_index[(size + 31) / 32]];
	return kmalloc_caches[fls64(size - 1) - 3];	/* 512 is index 6 */
}

/* The object in whose slot x lies, or the slab's last one. */
static inline void *nearest_obj(struct kmem_cache *s, struct page *slab, const void *x)
{
	unsigned long slot = (x - page_address(slab)) / s->size;

	return page_address(slab) + min_t(unsigned long, slot, slab->objects - 1) * s->size + s->left_pad;
}

/* slab.c */
void ___cache_free(struct kmem_cache *s, void *obj);
void calculate_sizes(struct kmem_cache *s);
void reset_cpu_caches(struct kmem_cache *s);
bool enable_cpu_caches(struct kmem_cache *s);
void free_cpu_caches(struct kmem_cache *s);
unsigned long nr_cached_objects(struct kmem_cache *s);

#endif
