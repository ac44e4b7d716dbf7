// SPDX-License-Identifier: MIT
/*
 * The slab allocator: caches of objects of one size.
 *
 * A slab is a block of frames cut into objects. Its first struct page says which cache it belongs
 * to, holds the list of its free objects (each free object's first word, or a word behind it when
 * the object has a constructor, points at the next) and counts those handed out. A cache knows only
 * its slabs that have something free; a full slab is found again by the address of an object that
 * is freed. An empty slab goes back to the buddy allocator, but for a few that a cache keeps.
 *
 * Between the slabs and the callers each CPU has an array of free objects (struct array_cache). An
 * allocation takes the last one in it, a free puts one behind, whichever CPU the object came from: no
 * lock, no other CPU's cache line. An empty array is filled, a full one emptied by half, in one
 * taking of list_lock.
 *
 * Locking: an array belongs to its CPU, which uses it with interrupts off, since handlers allocate
 * and free. Nobody else touches it: who wants it emptied asks that CPU (drain_cpu_caches()).
 * cache->list_lock guards the list and every slab of the cache; interrupts are off while it is held.
 * slab_mutex guards the list of caches.
 *
 * With DEBUG=1 an object looks like this:
 *
 *	| red zone | object | red zone | next free | who allocated | who freed |
 *
 * Free objects are filled with a pattern. So a double free, a write behind the end or after the
 * free is named with its cache and both callers when the object next changes hands.
 */
#include <linux/export.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/string.h>
#include "slab.h"

#define AC_MAX_OBJECTS	60
#define AC_MAX_BYTES	8192		/* in objects: of the large ones an array has few, or none */

#define SLAB_MAX_ORDER		3	/* for caches of small objects */
#define MIN_PARTIAL		4	/* empty slabs that a cache keeps at least */

/* For a cache without arrays yet, and for large objects: always empty, always full, never written. */
static struct array_cache boot_cache;

static void **free_pointer(struct kmem_cache *s, void *obj)
{
	return obj + s->offset;
}

/* ------------------------------------------------------------------ debugging */

#ifdef CONFIG_DEBUG

#define RED_INACTIVE	0xbbbbbbbbbbbbbbbbULL	/* around a free object */
#define RED_ACTIVE	0xccccccccccccccccULL	/* around one in use */
#define POISON_FREE	0x6b
#define POISON_INUSE	0x5a
#define DEBUG_LEFT	8
#define DEBUG_RIGHT	32			/* red zone, free pointer, two callers */

static u64 *red_left(struct kmem_cache *s, void *obj) { return obj - 8; }
static u64 *red_right(struct kmem_cache *s, void *obj) { return obj + s->offset - 8; }
static unsigned long *track(struct kmem_cache *s, void *obj, int freed)
{
	return obj + s->offset + 8 + 8 * freed;
}

static void object_err(struct kmem_cache *s, void *obj, const char *what)
{
	pr_alert("BUG %s: %s, object %px of %u bytes\n", s->name, what, obj, s->object_size);
	pr_alert("  red zones %016llx %016llx, allocated by %pS, freed by %pS\n", *red_left(s, obj),
		 *red_right(s, obj), (void *)*track(s, obj, 0), (void *)*track(s, obj, 1));
	panic("slab %s: %s", s->name, what);
}

static void init_object(struct kmem_cache *s, void *obj)
{
	*red_left(s, obj) = *red_right(s, obj) = RED_INACTIVE;
	*track(s, obj, 0) = *track(s, obj, 1) = 0;
	if (!s->ctor)
		memset(obj, POISON_FREE, s->object_size);
}

static void check_alloc(struct kmem_cache *s, void *obj, unsigned long caller)
{
	u8 *bad;

	if (*red_left(s, obj) != RED_INACTIVE || *red_right(s, obj) != RED_INACTIVE)
		object_err(s, obj, "written outside while it was free");
	if (!s->ctor) {
		bad = memchr_inv(obj, POISON_FREE, s->object_size);
		if (bad) {
			pr_alert("BUG %s: byte %ld is %02x\n", s->name, (long)(bad - (u8 *)obj), *bad);
			object_err(s, obj, "written after it was freed");
		}
		memset(obj, POISON_INUSE, s->object_size);
	}
	*red_left(s, obj) = *red_right(s, obj) = RED_ACTIVE;
	*track(s, obj, 0) = caller;
}

static void check_free(struct kmem_cache *s, void *obj, unsigned long caller)
{
	if (*red_left(s, obj) == RED_INACTIVE && *red_right(s, obj) == RED_INACTIVE)
		object_err(s, obj, "freed twice");
	if (*red_left(s, obj) != RED_ACTIVE)
		object_err(s, obj, "written before its start");
	if (*red_right(s, obj) != RED_ACTIVE)
		object_err(s, obj, "written behind its end");
	*track(s, obj, 1) = caller;
	*red_left(s, obj) = *red_right(s, obj) = RED_INACTIVE;
	if (!s->ctor)
		memset(obj, POISON_FREE, s->object_size);
}

#else
#define DEBUG_LEFT	0
#define DEBUG_RIGHT	0
static void init_object(struct kmem_cache *s, void *obj) { }
static void check_alloc(struct kmem_cache *s, void *obj, unsigned long caller) { }
static void check_free(struct kmem_cache *s, void *obj, unsigned long caller) { }
#endif

/* Is obj where an object of this slab begins? */
static bool valid_object(struct kmem_cache *s, struct page *slab, void *obj)
{
	unsigned long off = obj - page_address(slab);

	return off >= s->left_pad && (off - s->left_pad) % s->size == 0 &&
	       (off - s->left_pad) / s->size < slab->objects;
}

/* Slots, and the smallest slab that wastes at most an eighth and holds eight objects if it can. */
void calculate_sizes(struct kmem_cache *s)
{
	unsigned int align = max_t(unsigned int, s->align, sizeof(void *)), order, size;

	if (s->flags & SLAB_HWCACHE_ALIGN)
		align = max(align, 64U);
	s->align = align;
	s->left_pad = DEBUG_LEFT ? round_up(DEBUG_LEFT, align) : 0;
	if (DEBUG_RIGHT)
		s->offset = round_up(s->object_size, 8) + 8;
	else
		s->offset = s->ctor ? round_up(s->object_size, 8) : 0;
	size = max_t(unsigned int, s->object_size, s->offset + sizeof(void *));
	if (DEBUG_RIGHT)
		size = s->offset - 8 + DEBUG_RIGHT;
	kasan_cache_create(s, &size);
	s->size = round_up(s->left_pad + size, align);

	for (order = 0; order < MAX_ORDER - 1; order++) {
		unsigned int bytes = PAGE_SIZE << order, n = bytes / s->size;

		if (!n)
			continue;
		if (order >= SLAB_MAX_ORDER || (n >= 8 && bytes % s->size <= bytes / 8))
			break;
	}
	s->order = order;
	s->per_slab = (PAGE_SIZE << order) / s->size;
}

/* ------------------------------------------------------------------ slabs */

static struct page *allocate_slab(struct kmem_cache *s, gfp_t gfp)
{
	struct page *page = alloc_pages((gfp & ~__GFP_ZERO) | __GFP_COMP, s->order);
	void *obj, *next = NULL;
	int i;

	if (!page)
		return NULL;
	__SetPageSlab(page);
	page->slab_cache = s;
	page->inuse = 0;
	page->objects = s->per_slab;
	kasan_poison_slab(page);
	for (i = s->per_slab - 1; i >= 0; i--) {
		obj = page_address(page) + i * s->size + s->left_pad;
		init_object(s, obj);
		kasan_init_slab_obj(s, obj);
		if (s->ctor) {
			kasan_unpoison_object_data(s, obj);
			s->ctor(obj);
			kasan_poison_object_data(s, obj);
		}
		*free_pointer(s, obj) = next;
		next = obj;
	}
	page->freelist = next;
	mod_node_page_state(NULL, s->flags & SLAB_RECLAIM_ACCOUNT ? NR_SLAB_RECLAIMABLE :
			    NR_SLAB_UNRECLAIMABLE, 1L << s->order);
	return page;
}

static void free_slab(struct kmem_cache *s, struct page *page)
{
	mod_node_page_state(NULL, s->flags & SLAB_RECLAIM_ACCOUNT ? NR_SLAB_RECLAIMABLE :
			    NR_SLAB_UNRECLAIMABLE, -(1L << s->order));
	__ClearPageSlab(page);
	page->slab_cache = NULL;
	page->freelist = NULL;
	page->private = 0;
	__free_pages(page, s->order);
}

/* A free object out of a slab, or NULL when no slab has one. */
static void *take_object(struct kmem_cache *s)
{
	struct page *page = list_first_entry_or_null(&s->partial, struct page, slab_list);
	void *obj;

	lockdep_assert_held(&s->list_lock);
	if (!page)
		return NULL;
	obj = page->freelist;
	page->freelist = *free_pointer(s, obj);
	page->inuse++;
	s->nr_inuse++;
	if (!page->freelist) {
		list_del(&page->slab_list);
		s->nr_partial--;
	}
	return obj;
}

/* Objects back into their slabs; the slabs that this leaves empty, and that are too many, are freed. */
static void free_block(struct kmem_cache *s, void **objects, unsigned int nr)
{
	struct page *page, *next;
	unsigned long flags;
	LIST_HEAD(empty);

	spin_lock_irqsave(&s->list_lock, flags);
	while (nr--) {
		void *obj = *objects++;

		page = compound_head(virt_to_page(obj));
		*free_pointer(s, obj) = page->freelist;
		if (!page->freelist) {		/* was full: has something to give again */
			list_add(&page->slab_list, &s->partial);
			s->nr_partial++;
		}
		page->freelist = obj;
		page->inuse--;
		s->nr_inuse--;
		if (unlikely(!page->inuse) && s->nr_partial > MIN_PARTIAL) {
			list_move(&page->slab_list, &empty);
			s->nr_partial--;
			s->nr_slabs--;
		}
	}
	spin_unlock_irqrestore(&s->list_lock, flags);
	list_for_each_entry_safe(page, next, &empty, slab_list)
		free_slab(s, page);
}

/* ------------------------------------------------------------------ arrays of the CPUs */

/* Interrupts are off. */
static __always_inline struct array_cache *cpu_cache_get(struct kmem_cache *s)
{
	return s->cpu_cache[smp_processor_id()];
}

/*
 * This CPU's array is empty: an object, and a batch into the array. Called and returns with
 * interrupts off, but @flags holds while a new slab is made, and so the CPU may be another after it,
 * whose array need not be empty; or somebody may have used up the slab: look again from the start.
 */
static noinline void *cache_alloc_refill(struct kmem_cache *s, gfp_t gfp, unsigned long flags)
{
	struct array_cache *ac;
	struct page *page;
	void *obj, *more;

	for (;;) {
		ac = cpu_cache_get(s);
		if (ac->avail)
			return ac->entry[--ac->avail];
		spin_lock(&s->list_lock);
		obj = take_object(s);
		while (obj && ac->avail < ac->batchcount && (more = take_object(s)))
			ac->entry[ac->avail++] = more;
		spin_unlock(&s->list_lock);
		if (obj)
			return obj;

		local_irq_restore(flags);
		page = allocate_slab(s, gfp);
		local_irq_disable();
		if (!page)
			return NULL;
		spin_lock(&s->list_lock);
		list_add(&page->slab_list, &s->partial);
		s->nr_partial++;
		s->nr_slabs++;
		spin_unlock(&s->list_lock);
	}
}

/* This CPU's array is full: those that lie there longest go, and obj finds room. Interrupts are off. */
static noinline void cache_flusharray(struct kmem_cache *s, struct array_cache *ac, void *obj)
{
	if (!ac->limit) {
		free_block(s, &obj, 1);
		return;
	}
	free_block(s, ac->entry, ac->batchcount);
	ac->avail -= ac->batchcount;
	memmove(ac->entry, ac->entry + ac->batchcount, ac->avail * sizeof(void *));
	ac->entry[ac->avail++] = obj;
}

static __always_inline void *slab_alloc(struct kmem_cache *s, gfp_t gfp, unsigned long caller)
{
	struct array_cache *ac;
	unsigned long flags;
	void *obj;

	if (gfp & __GFP_DIRECT_RECLAIM)
		might_sleep();
	local_irq_save(flags);
	ac = cpu_cache_get(s);
	if (likely(ac->avail))
		obj = ac->entry[--ac->avail];
	else
		obj = cache_alloc_refill(s, gfp, flags);
	local_irq_restore(flags);
	if (unlikely(!obj))
		return NULL;
	kasan_slab_alloc(s, obj);
	check_alloc(s, obj, caller);
	if (gfp & __GFP_ZERO)
		memset(obj, 0, s->object_size);
	return obj;
}

/* A free object to its array. Interrupts are off. */
static __always_inline void __cache_free(struct kmem_cache *s, void *obj)
{
	struct array_cache *ac = cpu_cache_get(s);

	if (likely(ac->avail < ac->limit))
		ac->entry[ac->avail++] = obj;
	else
		cache_flusharray(s, ac, obj);
}

#ifdef CONFIG_KASAN
/* Out of quarantine. */
void ___cache_free(struct kmem_cache *s, void *obj)
{
	__cache_free(s, obj);
}
#endif

static __always_inline void slab_free(struct kmem_cache *s, struct page *page, void *obj,
				      unsigned long caller)
{
	unsigned long flags;

	if (kasan_slab_pre_free(s, obj, caller))
		return;
	if (unlikely(!valid_object(s, page, obj)))
		panic("slab %s: free of %px, which is no object of it (caller %pS)", s->name, obj,
		      (void *)caller);
	check_free(s, obj, caller);
	debug_check_no_locks_freed(obj, s->object_size);
	if (kasan_slab_free(s, obj))
		return;

	local_irq_save(flags);
	__cache_free(s, obj);
	local_irq_restore(flags);
}

/* On each CPU, in an interrupt or with interrupts off: its array of @cache into the slabs. */
static void do_drain(void *cache)
{
	struct kmem_cache *s = cache;
	struct array_cache *ac = cpu_cache_get(s);

	kasan_quarantine_remove_cache(s);
	if (!ac->avail)
		return;
	free_block(s, ac->entry, ac->avail);
	ac->avail = 0;
}

static void do_drain_all(void *unused)
{
	struct kmem_cache *s;

	kasan_quarantine_remove_cache(NULL);
	list_for_each_entry(s, &slab_caches, list)	/* whoever asked holds slab_mutex */
		do_drain(s);
}

/* All CPUs' arrays of a cache into its slabs. May sleep. */
static void drain_cpu_caches(struct kmem_cache *s)
{
	on_each_cpu(do_drain, s, 1);
}

/**
 * kmem_cache_shrink - gives back what a cache has free: all CPUs' arrays and all empty slabs
 *
 * May sleep. Returns how many objects are in use.
 */
unsigned long kmem_cache_shrink(struct kmem_cache *s)
{
	struct page *page, *n;
	unsigned long flags, inuse;
	LIST_HEAD(empty);

	drain_cpu_caches(s);
	spin_lock_irqsave(&s->list_lock, flags);
	list_for_each_entry_safe(page, n, &s->partial, slab_list) {
		if (page->inuse)
			continue;
		list_move(&page->slab_list, &empty);
		s->nr_partial--;
		s->nr_slabs--;
	}
	inuse = s->nr_inuse;
	spin_unlock_irqrestore(&s->list_lock, flags);
	list_for_each_entry_safe(page, n, &empty, slab_list)
		free_slab(s, page);
	return inuse;
}
EXPORT_SYMBOL(kmem_cache_shrink);

/**
 * kmem_cache_reap - the arrays of all CPUs and all caches into their slabs
 *
 * The last thing to try for memory: the objects are free, but keep their slabs from being so. May
 * sleep; does nothing while somebody makes a cache.
 */
void kmem_cache_reap(void)
{
	if (!mutex_trylock(&slab_mutex))
		return;
	on_each_cpu(do_drain_all, NULL, 1);
	mutex_unlock(&slab_mutex);
}

/* No object of the cache is in use, or none was yet. */
void free_cpu_caches(struct kmem_cache *s)
{
	unsigned int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		struct array_cache *ac = s->cpu_cache[cpu];

		s->cpu_cache[cpu] = &boot_cache;
		if (ac != &boot_cache)
			kfree(ac);
	}
}

/* Without arrays: each object goes straight to and from its slab. */
void reset_cpu_caches(struct kmem_cache *s)
{
	unsigned int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		s->cpu_cache[cpu] = &boot_cache;
}

/* An array for each CPU; nobody uses the cache yet. False without memory. */
bool enable_cpu_caches(struct kmem_cache *s)
{
	unsigned int limit = min(AC_MAX_BYTES / s->size, (unsigned int)AC_MAX_OBJECTS), cpu;
	size_t bytes = sizeof(struct array_cache) + limit * sizeof(void *);

	if (!limit)
		return true;
	for_each_possible_cpu(cpu) {
		/* A power of two is aligned to itself: no two CPUs at one cache line. */
		struct array_cache *ac = kzalloc(max(roundup_pow_of_two(bytes), 64UL), GFP_KERNEL);

		if (!ac) {
			free_cpu_caches(s);
			return false;
		}
		ac->limit = limit;
		ac->batchcount = (limit + 1) / 2;
		s->cpu_cache[cpu] = ac;
	}
	return true;
}

/* Objects that are free but in no slab. They change while this looks. */
unsigned long nr_cached_objects(struct kmem_cache *s)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(s->cpu_cache[cpu]->avail);
	return sum;
}

/* ------------------------------------------------------------------ allocating, freeing */

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp)
{
	return slab_alloc(s, gfp, _RET_IP_);
}
EXPORT_SYMBOL(kmem_cache_alloc);

void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t gfp)
{
	return slab_alloc(s, gfp | __GFP_ZERO, _RET_IP_);
}
EXPORT_SYMBOL(kmem_cache_zalloc);

void kmem_cache_free(struct kmem_cache *s, void *obj)
{
	struct page *page;

	if (!obj)
		return;
	page = compound_head(virt_to_page(obj));
	if (unlikely(!PageSlab(page) || page->slab_cache != s))
		panic("slab %s: free of %px, which belongs to %s", s->name, obj,
		      PageSlab(page) ? page->slab_cache->name : "no cache");
	slab_free(s, page, obj, _RET_IP_);
}
EXPORT_SYMBOL(kmem_cache_free);

/* More than the largest cache: frames, as one compound page. */
static void *kmalloc_large(size_t size, gfp_t gfp)
{
	unsigned int order = fls64((size - 1) >> PAGE_SHIFT);
	struct page *page = order < MAX_ORDER ? alloc_pages(gfp | __GFP_COMP, order) : NULL;

	if (!page)
		return NULL;
	kasan_kmalloc_large(page_address(page), size);
	return page_address(page);
}

/**
 * kmalloc - physically contiguous memory of any size up to 4 MiB
 *
 * Aligned to the size if that is a power of two, else to 32 bytes. NULL when there is none.
 */
void *kmalloc(size_t size, gfp_t gfp)
{
	struct kmem_cache *s;
	void *p;

	if (unlikely(size > KMALLOC_MAX_SIZE))
		return kmalloc_large(size, gfp);
	if (unlikely(!size))
		size = 1;
	s = kmalloc_slab(size);
	p = slab_alloc(s, gfp, _RET_IP_);
	if (p)
		kasan_kmalloc(s, p, size);
	return p;
}
EXPORT_SYMBOL(kmalloc);

static __cold void bad_kfree(const void *obj, unsigned long caller)
{
	kasan_report_invalid_free((void *)obj, caller, "invalid-free");
	panic("kfree of %px, which kmalloc did not give (caller %pS)", obj, (void *)caller);
}

void kfree(const void *obj)
{
	struct page *page;

	if (!obj)
		return;
	if (WARN(!__is_lm_address(obj), "kfree of %px, which no allocator gave\n", obj))
		return;
	page = compound_head(virt_to_page(obj));
	if (likely(PageSlab(page)))
		slab_free(page->slab_cache, page, (void *)obj, _RET_IP_);
	else if (PageHead(page) && page_address(page) == obj)
		put_page(page);
	else
		bad_kfree(obj, _RET_IP_);
}
EXPORT_SYMBOL(kfree);
