// SPDX-License-Identifier: MIT
/*
 * What allocators tell KASAN: frames and slab objects given out and taken back, and by whom.
 *
 * Whoever calls owns the memory at that moment, so nothing here is locked. An object's shadow is
 * KASAN_SLAB_FREE from the free on, while it lies in quarantine, in a CPU's array and in its slab.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/sections.h>
#include <asm/stacktrace.h>
#include "kasan.h"

/* ------------------------------------------------------------------ traces */

struct track_cookie {
	struct kasan_track *track;
	int n;
};

static bool save_entry(void *cookie, unsigned long pc)
{
	struct track_cookie *c = cookie;

	c->track->stack[c->n++] = pc - (unsigned long)_text;
	return c->n < KASAN_STACK_DEPTH;
}

static void kasan_set_track(struct kasan_track *track)
{
	struct track_cookie cookie = { .track = track };

	track->pid = current->pid;
	arch_stack_walk(save_entry, &cookie, NULL, NULL);
	if (cookie.n < KASAN_STACK_DEPTH)
		track->stack[cookie.n] = 0;
}

/* ------------------------------------------------------------------ frames */

void kasan_poison_pages(struct page *page, unsigned int order)
{
	kasan_poison(page_address(page), PAGE_SIZE << order, KASAN_PAGE_FREE);
}

void kasan_unpoison_pages(struct page *page, unsigned int order)
{
	kasan_unpoison(page_address(page), PAGE_SIZE << order);
}

/* ------------------------------------------------------------------ slab */

/* Room for the traces behind what the slab needs itself; it keeps neighbours apart, too. */
void kasan_cache_create(struct kmem_cache *cache, unsigned int *size)
{
	cache->kasan_offset = round_up(*size, KASAN_GRANULE_SIZE);
	*size = cache->kasan_offset + sizeof(struct kasan_meta);
}

/* A slab is made: nothing in it may be used. */
void kasan_poison_slab(struct page *page)
{
	kasan_poison(page_address(page), PAGE_SIZE << page->slab_cache->order, KASAN_SLAB_REDZONE);
}

void kasan_unpoison_object_data(struct kmem_cache *cache, void *object)
{
	kasan_unpoison(object, cache->object_size);
}

void kasan_poison_object_data(struct kmem_cache *cache, void *object)
{
	kasan_poison(object, cache->object_size, KASAN_SLAB_REDZONE);
}

void kasan_init_slab_obj(struct kmem_cache *cache, void *object)
{
	memset(kasan_get_meta(cache, object), 0, sizeof(struct kasan_meta));
}

void kasan_slab_alloc(struct kmem_cache *cache, void *object)
{
	struct kasan_meta *meta = kasan_get_meta(cache, object);

	kasan_unpoison_object_data(cache, object);
	meta->free_track.stack[0] = 0;
	kasan_set_track(&meta->alloc_track);
}

/* Of the object, which kasan_slab_alloc() made free to use, only @size bytes. */
void kasan_kmalloc(struct kmem_cache *cache, void *object, size_t size)
{
	size_t whole = round_up(size, KASAN_GRANULE_SIZE);

	kasan_unpoison(object, size);
	if (whole < cache->object_size)
		kasan_poison(object + whole, cache->object_size - whole, KASAN_SLAB_REDZONE);
}

/* Frames, of which the last ones may be used in part. */
void kasan_kmalloc_large(void *object, size_t size)
{
	size_t whole = round_up(size, KASAN_GRANULE_SIZE);

	kasan_unpoison(object, size);
	kasan_poison(object + whole, ksize(object) - whole, KASAN_PAGE_REDZONE);
}

/* The same object, larger or smaller. */
void kasan_krealloc(const void *object, size_t size)
{
	struct page *page = compound_head(virt_to_page(object));

	if (PageSlab(page))
		kasan_kmalloc(page->slab_cache, (void *)object, size);
	else
		kasan_kmalloc_large((void *)object, size);
}

bool kasan_slab_pre_free(struct kmem_cache *cache, void *object, unsigned long ip)
{
	u8 shadow;

	if (nearest_obj(cache, compound_head(virt_to_page(object)), object) != object) {
		kasan_report_invalid_free(object, ip, "invalid-free");
		return true;
	}
	/* One of no bytes cannot be: kmalloc(0) gives one. */
	shadow = *(u8 *)kasan_mem_to_shadow(object);
	if (shadow >= KASAN_GRANULE_SIZE) {
		kasan_report_invalid_free(object, ip, "double-free");
		return true;
	}
	return false;
}

bool kasan_slab_free(struct kmem_cache *cache, void *object)
{
	kasan_poison(object, cache->object_size, KASAN_SLAB_FREE);
	kasan_set_track(&kasan_get_meta(cache, object)->free_track);
	kasan_quarantine_put(cache, object);
	return true;
}
