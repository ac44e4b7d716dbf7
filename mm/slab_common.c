// SPDX-License-Identifier: MIT
/*
 * Slab caches: making and destroying them, the caches of kmalloc(), /proc/slabinfo. How objects come
 * out of a cache is in slab.c.
 *
 * Locking: slab_mutex guards the list of caches. One that is being made or destroyed is its maker's
 * alone.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "slab.h"

LIST_HEAD(slab_caches);
DEFINE_MUTEX(slab_mutex);

/* The cache of caches is made by hand: nothing to allocate it from. */
static struct kmem_cache boot_kmem_cache;
struct kmem_cache *kmem_cache;

static const unsigned int kmalloc_sizes[KMALLOC_SIZES] = {
	32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072,
};
static const char *const kmalloc_names[KMALLOC_SIZES] = {
	"kmalloc-32", "kmalloc-64", "kmalloc-96", "kmalloc-128", "kmalloc-192", "kmalloc-256",
	"kmalloc-512", "kmalloc-1k", "kmalloc-2k", "kmalloc-4k", "kmalloc-8k", "kmalloc-16k",
	"kmalloc-32k", "kmalloc-64k", "kmalloc-128k",
};
struct kmem_cache *kmalloc_caches[KMALLOC_SIZES];
u8 kmalloc_index[256 / 32 + 1];

/* ------------------------------------------------------------------ caches */

static void setup_cache(struct kmem_cache *s, const char *name, unsigned int size,
			unsigned int align, unsigned int flags, void (*ctor)(void *))
{
	s->name = name;
	s->object_size = size;
	s->align = align;
	s->flags = flags;
	s->ctor = ctor;
	calculate_sizes(s);
	spin_lock_init(&s->list_lock);
	INIT_LIST_HEAD(&s->partial);
	reset_cpu_caches(s);
}

static void publish_cache(struct kmem_cache *s)
{
	mutex_lock(&slab_mutex);
	list_add_tail(&s->list, &slab_caches);
	mutex_unlock(&slab_mutex);
}

/**
 * kmem_cache_create - a cache of objects of one size
 * @name: kept, not copied; shown in /proc/slabinfo
 * @size, @align: bytes
 * @ctor: called once for each object when its slab is made; a freed object must be as ctor left it
 *
 * NULL when there is no memory, or panics with SLAB_PANIC. May sleep.
 */
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     unsigned int flags, void (*ctor)(void *))
{
	struct kmem_cache *s;

	if (WARN_ON(!size || size > KMALLOC_MAX_SIZE || (align & (align - 1))))
		s = NULL;
	else
		s = kmem_cache_zalloc(kmem_cache, GFP_KERNEL);
	if (s) {
		setup_cache(s, name, size, align, flags, ctor);
		if (enable_cpu_caches(s)) {
			publish_cache(s);
			return s;
		}
		kmem_cache_free(kmem_cache, s);
	}
	if (flags & SLAB_PANIC)
		panic("cannot create the slab cache %s", name);
	return NULL;
}
EXPORT_SYMBOL(kmem_cache_create);

/* Every object must have been freed; a cache with one in use is kept, and said so. May sleep. */
void kmem_cache_destroy(struct kmem_cache *s)
{
	unsigned long inuse;

	if (!s)
		return;
	inuse = kmem_cache_shrink(s);
	if (WARN(inuse, "slab %s: destroyed with %lu objects in use\n", s->name, inuse))
		return;
	mutex_lock(&slab_mutex);	/* after that kmem_cache_reap() does not know it */
	list_del(&s->list);
	mutex_unlock(&slab_mutex);
	free_cpu_caches(s);
	kmem_cache_free(kmem_cache, s);
}
EXPORT_SYMBOL(kmem_cache_destroy);

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->object_size;
}
EXPORT_SYMBOL(kmem_cache_size);

/* How many bytes of obj may be used. */
size_t ksize(const void *obj)
{
	struct page *page;

	if (!obj)
		return 0;
	page = compound_head(virt_to_page(obj));
	return PageSlab(page) ? page->slab_cache->object_size : PAGE_SIZE << page[1].compound_order;
}
EXPORT_SYMBOL(ksize);

/* As realloc(): on failure the old object stays, and NULL is returned. */
void *krealloc(const void *obj, size_t size, gfp_t gfp)
{
	void *new;

	if (obj && ksize(obj) >= size) {
		kasan_krealloc(obj, size);
		return (void *)obj;
	}
	new = kmalloc(size, gfp);
	if (new && obj) {
		memcpy(new, obj, ksize(obj));
		kfree(obj);
	}
	return new;
}
EXPORT_SYMBOL(krealloc);

/* ------------------------------------------------------------------ booting, figures */

bool slab_is_available(void)
{
	return kmem_cache != NULL;
}

void __init kmem_cache_init(void)
{
	struct kmem_cache *s;
	int i, j = 0;

	setup_cache(&boot_kmem_cache, "kmem_cache", sizeof(struct kmem_cache), 0, 0, NULL);
	publish_cache(&boot_kmem_cache);
	kmem_cache = &boot_kmem_cache;
	for (i = 0; i < KMALLOC_SIZES; i++) {
		unsigned int size = kmalloc_sizes[i];

		/* Arrays come from kmalloc(): these caches do without, until all of them are there. */
		s = kmem_cache_zalloc(kmem_cache, GFP_KERNEL);
		if (!s)
			panic("cannot create the slab cache %s", kmalloc_names[i]);
		setup_cache(s, kmalloc_names[i], size, size & (size - 1) ? 32 : min(size, 4096U), 0, NULL);
		publish_cache(s);
		kmalloc_caches[i] = s;
	}
	for (i = 0; i <= 256 / 32; i++) {
		while (kmalloc_sizes[j] < i * 32)
			j++;
		kmalloc_index[i] = j;
	}
	list_for_each_entry(s, &slab_caches, list)
		enable_cpu_caches(s);
	kasan_quarantine_init();
}

/* Objects in use by callers, and slabs; both may be changing meanwhile. */
static void get_slabinfo(struct kmem_cache *s, unsigned long *active, unsigned long *slabs)
{
	unsigned long flags, cached;

	spin_lock_irqsave(&s->list_lock, flags);
	cached = nr_cached_objects(s);
	*active = s->nr_inuse > cached ? s->nr_inuse - cached : 0;
	*slabs = s->nr_slabs;
	spin_unlock_irqrestore(&s->list_lock, flags);
}

int slabinfo_show(struct seq_file *m, void *arg)
{
	struct kmem_cache *s;

	seq_puts(m, "slabinfo - version: 2.1\n");
	seq_puts(m, "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
		    " : tunables <limit> <batchcount> <sharedfactor>"
		    " : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list) {
		const struct array_cache *ac = s->cpu_cache[0];
		unsigned long slabs, active;

		get_slabinfo(s, &active, &slabs);
		seq_printf(m, "%-17s %6lu %6lu %6u %4u %4d : tunables %4u %4u %4u : slabdata %6lu %6lu %6u\n",
			   s->name, active, slabs * s->per_slab, s->size, s->per_slab, 1 << s->order,
			   ac->limit, ac->batchcount, 0, slabs, slabs, 0);
	}
	mutex_unlock(&slab_mutex);
	return 0;
}
