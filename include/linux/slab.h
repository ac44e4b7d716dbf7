/* SPDX-License-Identifier: MIT */
/*
 * The slab allocator: objects of one size from pages of many (mm/slab.c), and kmalloc() over it.
 * All of it may be called from interrupts, given GFP_ATOMIC.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/types.h>
#include <linux/gfp.h>
#include <linux/compiler.h>
#include <asm/page.h>

struct kmem_cache;

#define SLAB_HWCACHE_ALIGN	0x00002000U
#define SLAB_PANIC		0x00040000U	/* panic when the cache cannot be made */
#define SLAB_RECLAIM_ACCOUNT	0x00020000U	/* a shrinker can give its objects back */
#define SLAB_ACCOUNT		0
#define SLAB_MEM_SPREAD		0

#define KMALLOC_MAX_SIZE	(128UL * 1024)	/* the largest that comes from a cache */

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     unsigned int flags, void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *cache);
unsigned long kmem_cache_shrink(struct kmem_cache *cache);
void kmem_cache_reap(void);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *obj);
unsigned int kmem_cache_size(struct kmem_cache *cache);

#define KMEM_CACHE(__struct, __flags)	\
	kmem_cache_create(#__struct, sizeof(struct __struct), __alignof__(struct __struct), (__flags), NULL)

void *kmalloc(size_t size, gfp_t gfp) __attribute__((malloc, alloc_size(1)));
void kfree(const void *obj);
size_t ksize(const void *obj);
void *krealloc(const void *obj, size_t size, gfp_t gfp);

static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kmalloc(bytes, gfp);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kmalloc_array(n, size, gfp | __GFP_ZERO);
}

void kmem_cache_init(void);
bool slab_is_available(void);

#endif
