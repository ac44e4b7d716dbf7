/* SPDX-License-Identifier: MIT */
/*
 * KASAN, which finds reads and writes of memory that is not the reader's or writer's: what allocators
 * tell it (mm/kasan/, docs/testing.md). All of it is empty unless the kernel is built with KASAN=1.
 *
 * Each eight bytes of kernel memory have a byte of shadow: 0, all may be used; 1 to 7, only so many
 * of them; negative, none, and why.
 */
#ifndef _LINUX_KASAN_H
#define _LINUX_KASAN_H

#include <linux/types.h>
#include <linux/compiler.h>

struct kmem_cache;
struct page;

#ifdef CONFIG_KASAN

#define KASAN_SHADOW_SCALE_SHIFT	3

static inline void *kasan_mem_to_shadow(const void *addr)
{
	return (void *)((unsigned long)addr >> KASAN_SHADOW_SCALE_SHIFT) + KASAN_SHADOW_OFFSET;
}

/* While booting, arch/arm64/mm/kasan_init.c */
void kasan_early_init(void);
void kasan_map_shadow(void);
void kasan_init(void);

/* Memory as a whole. @size in bytes, made up to eights when it is forbidden. */
void kasan_unpoison(const void *addr, size_t size);
void kasan_unpoison_range(const void *addr, size_t size);
void kasan_poison_pages(struct page *page, unsigned int order);
void kasan_unpoison_pages(struct page *page, unsigned int order);

/* The vmalloc space. Populating may sleep; vmap_lock is held, and it returns 0 or -ENOMEM. */
int kasan_populate_vmalloc(unsigned long addr, unsigned long size);
void kasan_unpoison_vmalloc(const void *start, unsigned long size);
void kasan_poison_vmalloc(const void *start, unsigned long size);

/* Slab, in this order in an object's life. */
void kasan_cache_create(struct kmem_cache *cache, unsigned int *size);
void kasan_poison_slab(struct page *page);
void kasan_unpoison_object_data(struct kmem_cache *cache, void *object);
void kasan_poison_object_data(struct kmem_cache *cache, void *object);
void kasan_init_slab_obj(struct kmem_cache *cache, void *object);
void kasan_slab_alloc(struct kmem_cache *cache, void *object);
void kasan_kmalloc(struct kmem_cache *cache, void *object, size_t size);
void kasan_kmalloc_large(void *object, size_t size);
void kasan_krealloc(const void *object, size_t size);
/* True: the free is refused, and was reported. */
bool kasan_slab_pre_free(struct kmem_cache *cache, void *object, unsigned long ip);
/* True: the object is in quarantine, and comes back by ___cache_free(). */
bool kasan_slab_free(struct kmem_cache *cache, void *object);
void kasan_report_invalid_free(void *ptr, unsigned long ip, const char *bug_type);
void kasan_quarantine_init(void);
void kasan_quarantine_remove_cache(struct kmem_cache *cache);

/* A fault at @addr, which may be one of the shadow: then says what was really wanted. */
void kasan_non_canonical_hook(unsigned long addr);

#else

static inline void kasan_map_shadow(void) { }
static inline void kasan_init(void) { }
static inline void kasan_unpoison_range(const void *addr, size_t size) { }
static inline void kasan_poison_pages(struct page *page, unsigned int order) { }
static inline void kasan_unpoison_pages(struct page *page, unsigned int order) { }
static inline int kasan_populate_vmalloc(unsigned long addr, unsigned long size) { return 0; }
static inline void kasan_unpoison_vmalloc(const void *start, unsigned long size) { }
static inline void kasan_poison_vmalloc(const void *start, unsigned long size) { }
static inline void kasan_cache_create(struct kmem_cache *cache, unsigned int *size) { }
static inline void kasan_poison_slab(struct page *page) { }
static inline void kasan_unpoison_object_data(struct kmem_cache *cache, void *object) { }
static inline void kasan_poison_object_data(struct kmem_cache *cache, void *object) { }
static inline void kasan_init_slab_obj(struct kmem_cache *cache, void *object) { }
static inline void kasan_slab_alloc(struct kmem_cache *cache, void *object) { }
static inline void kasan_kmalloc(struct kmem_cache *cache, void *object, size_t size) { }
static inline void kasan_kmalloc_large(void *object, size_t size) { }
static inline void kasan_krealloc(const void *object, size_t size) { }
static inline bool kasan_slab_pre_free(struct kmem_cache *cache, void *object, unsigned long ip)
{
	return false;
}
static inline bool kasan_slab_free(struct kmem_cache *cache, void *object) { return false; }
static inline void kasan_report_invalid_free(void *ptr, unsigned long ip, const char *bug_type) { }
static inline void kasan_quarantine_init(void) { }
static inline void kasan_quarantine_remove_cache(struct kmem_cache *cache) { }
static inline void kasan_non_canonical_hook(unsigned long addr) { }

#endif
#endif
