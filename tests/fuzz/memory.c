// SPDX-License-Identifier: MIT
/*
 * Memory, so that AddressSanitizer sees each object: slab objects come from malloc(), and frames lie
 * between frames that nobody may touch. Both are counted, for at the end of each input all of them must
 * have come back.
 *
 * Every allocation that may sleep is made where one may sleep: else the run ends.
 */
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swap.h>
#include "fuzz.h"
#include "layer.h"

#define NR_FRAMES	16384UL		/* 64 MiB, of which half is given out */
#define KMALLOC_MARK	0x6b6d616cUL

struct kmem_cache {
	const char	*name;
	unsigned int	size;
	void		(*ctor)(void *obj);
	long		objects, before;
	struct kmem_cache *next;
};

long fuzz_frames, fuzz_kmallocs;
static struct kmem_cache *caches;

static void check_may_sleep(gfp_t gfp)
{
	if (gfpflags_allow_blocking(gfp))
		fuzz_might_sleep("an allocation that may sleep");
}

long fuzz_fail_memory = -1;	/* so many allocations succeed, then one fails; negative: none does */

static bool fails(gfp_t gfp)
{
	if (fuzz_fail_memory < 0 || fuzz_fail_memory-- || gfp & __GFP_NOFAIL)
		return false;
	fuzz_failures++;
	return true;
}

static void *allocate(size_t size, gfp_t gfp)
{
	void *p;

	check_may_sleep(gfp);
	if (fails(gfp))
		return NULL;
	p = host_malloc(size);
	memset(p, gfp & __GFP_ZERO ? 0 : 0x5a, size);
	return p;
}

/* ------------------------------------------------------------------ slab */

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     unsigned int flags, void (*ctor)(void *))
{
	struct kmem_cache *cache = host_malloc(sizeof(*cache));

	*cache = (struct kmem_cache){ .name = name, .size = size, .ctor = ctor, .next = caches };
	caches = cache;
	return cache;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *obj = allocate(cache->size, gfp);

	if (!obj)
		return NULL;
	if (cache->ctor)
		cache->ctor(obj);
	cache->objects++;
	return obj;
}

void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp | __GFP_ZERO);
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	BUG_ON(!obj);
	cache->objects--;
	host_free(obj);
}

void kmem_cache_reap(void)
{
}

void *kmalloc(size_t size, gfp_t gfp)
{
	void *obj = allocate(size, gfp);

	fuzz_kmallocs += obj != NULL;
	return obj;
}

void kfree(const void *obj)
{
	if (!obj)
		return;
	fuzz_kmallocs--;
	host_free((void *)obj);
}

void *kvmalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp);
}

void kvfree(const void *obj)
{
	kfree(obj);
}

/** fuzz_objects - all there are, of slabs and frames */
long fuzz_objects(void)
{
	long n = fuzz_kmallocs + fuzz_frames;

	for (struct kmem_cache *c = caches; c; c = c->next)
		n += c->objects;
	return n;
}

static long kmallocs_before, frames_before;

/** fuzz_note_objects - what there is now is there for good */
void fuzz_note_objects(void)
{
	for (struct kmem_cache *c = caches; c; c = c->next)
		c->before = c->objects;
	kmallocs_before = fuzz_kmallocs;
	frames_before = fuzz_frames;
}

/** fuzz_show_objects - what there is besides, for who has found a leak */
void fuzz_show_objects(void)
{
	for (struct kmem_cache *c = caches; c; c = c->next)
		if (c->objects != c->before)
			_printk("%+8ld %s\n", c->objects - c->before, c->name);
	_printk("%+8ld kmalloc()\n%+8ld frames\n", fuzz_kmallocs - kmallocs_before, fuzz_frames - frames_before);
}

/* ------------------------------------------------------------------ frames */

static unsigned int free_pfns[NR_FRAMES / 2];
static unsigned long first_free, nr_free;	/* the oldest, in a ring: the longest time until it is used again */

void fuzz_memory_init(void)
{
	host_map(PAGE_OFFSET, NR_FRAMES << PAGE_SHIFT);
	host_map(VMEMMAP_START, NR_FRAMES * sizeof(struct page));
	host_poison((void *)PAGE_OFFSET, NR_FRAMES << PAGE_SHIFT);
	host_poison((void *)VMEMMAP_START, NR_FRAMES * sizeof(struct page));
	for (unsigned int pfn = 1; pfn < NR_FRAMES - 1; pfn += 2)
		free_pfns[nr_free++] = pfn;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	BUG_ON(order || !nr_free);	/* no file system here asks for more than one at a time */
	check_may_sleep(gfp);
	if (fails(gfp))
		return NULL;
	page = pfn_to_page(free_pfns[first_free]);
	first_free = (first_free + 1) % ARRAY_SIZE(free_pfns);
	nr_free--;
	fuzz_frames++;

	host_unpoison(page, sizeof(*page));
	memset(page, 0, sizeof(*page));
	atomic_set(&page->_refcount, 1);
	atomic_set(&page->_mapcount, -1);
	host_unpoison(page_address(page), PAGE_SIZE);
	memset(page_address(page), gfp & __GFP_ZERO ? 0 : 0x5a, PAGE_SIZE);
	return page;
}

static void free_frame(struct page *page)
{
	const unsigned long bad = 1UL << PG_locked | 1UL << PG_writeback | 1UL << PG_private | 1UL << PG_lru;

	BUG_ON(page_ref_count(page) || page->mapping || (page->flags & bad));
	host_poison(page_address(page), PAGE_SIZE);
	free_pfns[(first_free + nr_free++) % ARRAY_SIZE(free_pfns)] = page_to_pfn(page);
	fuzz_frames--;
	host_poison(page, sizeof(*page));
}

void __put_page(struct page *page)
{
	if (PageLRU(page))
		__page_cache_release((struct folio *)page);
	free_frame(page);
}

void free_unref_page_list(struct page **pages, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		free_frame(pages[i]);
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	return (struct folio *)alloc_pages(gfp, order);
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		put_page(virt_to_page((void *)addr));
}

void clear_page(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

void copy_page(void *to, const void *from)
{
	memcpy(to, from, PAGE_SIZE);
}

unsigned long nr_free_pages(void)
{
	return nr_free;
}

unsigned long totalram_pages(void)
{
	return NR_FRAMES / 2;
}
