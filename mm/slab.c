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
 * cache->list_lock guards the list and every slab of the cache; interrupts are off while it is held,
 * since handlers allocate and free. slab_mutex guards the list of caches.
 *
 * With DEBUG=1 an object looks like this:
 *
 *	| red zone | object | red zone | next free | who allocated | who freed |
 *
 * Free objects are filled with a pattern. So a double free, a write behind the end or after the
 * free is named with its cache and both callers when the object next changes hands.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define SLAB_MAX_ORDER		3	/* for caches of small objects */
#define MIN_PARTIAL		4	/* empty slabs that a cache keeps at least */

struct kmem_cache {
	const char	*name;
	unsigned int	object_size;	/* what the caller asked for */
	unsigned int	size;		/* from one object to the next */
	unsigned int	left_pad;	/* from the start of the slot to the object */
	unsigned int	offset;		/* of the free pointer, from the object */
	unsigned int	align;
	unsigned int	flags;
	unsigned int	order;		/* frames of a slab: 2^order */
	unsigned int	per_slab;	/* objects in it */
	void		(*ctor)(void *);
	struct list_head list;		/* slab_mutex */

	/* list_lock guards these */
	spinlock_t	list_lock;
	struct list_head partial;	/* slabs with something free */
	unsigned int	nr_partial;
	unsigned long	nr_slabs, nr_inuse;
};

static LIST_HEAD(slab_caches);
static DEFINE_MUTEX(slab_mutex);

/* The cache of caches is made by hand: nothing to allocate it from. */
static struct kmem_cache boot_kmem_cache;
static struct kmem_cache *kmem_cache;

#define KMALLOC_SIZES	15
static const unsigned int kmalloc_sizes[KMALLOC_SIZES] = {
	32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072,
};
static const char *const kmalloc_names[KMALLOC_SIZES] = {
	"kmalloc-32", "kmalloc-64", "kmalloc-96", "kmalloc-128", "kmalloc-192", "kmalloc-256",
	"kmalloc-512", "kmalloc-1k", "kmalloc-2k", "kmalloc-4k", "kmalloc-8k", "kmalloc-16k",
	"kmalloc-32k", "kmalloc-64k", "kmalloc-128k",
};
static struct kmem_cache *kmalloc_caches[KMALLOC_SIZES];
static u8 kmalloc_index[256 / 32 + 1];	/* for sizes up to 256, by 32 */

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
	for (i = s->per_slab - 1; i >= 0; i--) {
		obj = page_address(page) + i * s->size + s->left_pad;
		init_object(s, obj);
		if (s->ctor)
			s->ctor(obj);
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

/* list_lock is held, interrupts are off; both are dropped while the page allocator works. */
static struct page *new_slab(struct kmem_cache *s, gfp_t gfp, unsigned long *flags)
{
	struct page *page;

	spin_unlock_irqrestore(&s->list_lock, *flags);
	page = allocate_slab(s, gfp);
	spin_lock_irqsave(&s->list_lock, *flags);
	if (page) {
		list_add(&page->slab_list, &s->partial);
		s->nr_partial++;
		s->nr_slabs++;
	}
	return page;
}

static __always_inline void *slab_alloc(struct kmem_cache *s, gfp_t gfp, unsigned long caller)
{
	struct page *page;
	unsigned long flags;
	void *obj = NULL;

	spin_lock_irqsave(&s->list_lock, flags);
	page = list_first_entry_or_null(&s->partial, struct page, slab_list);
	/* Another may use up the slab that we made while we slept: look again, never trust `page`. */
	while (unlikely(!page)) {
		if (!new_slab(s, gfp, &flags))
			goto out;
		page = list_first_entry_or_null(&s->partial, struct page, slab_list);
	}
	obj = page->freelist;
	page->freelist = *free_pointer(s, obj);
	page->inuse++;
	s->nr_inuse++;
	if (!page->freelist) {
		list_del(&page->slab_list);
		s->nr_partial--;
	}
out:
	spin_unlock_irqrestore(&s->list_lock, flags);
	if (unlikely(!obj))
		return NULL;
	check_alloc(s, obj, caller);
	if (gfp & __GFP_ZERO)
		memset(obj, 0, s->object_size);
	return obj;
}

static __always_inline void slab_free(struct kmem_cache *s, struct page *page, void *obj,
				      unsigned long caller)
{
	struct page *empty = NULL;
	unsigned long flags;

	if (unlikely(!valid_object(s, page, obj)))
		panic("slab %s: free of %px, which is no object of it (caller %pS)", s->name, obj,
		      (void *)caller);
	check_free(s, obj, caller);

	spin_lock_irqsave(&s->list_lock, flags);
	*free_pointer(s, obj) = page->freelist;
	if (!page->freelist) {		/* was full: has something to give again */
		list_add(&page->slab_list, &s->partial);
		s->nr_partial++;
	}
	page->freelist = obj;
	page->inuse--;
	s->nr_inuse--;
	if (unlikely(!page->inuse) && s->nr_partial > MIN_PARTIAL) {
		list_del(&page->slab_list);
		s->nr_partial--;
		s->nr_slabs--;
		empty = page;
	}
	spin_unlock_irqrestore(&s->list_lock, flags);
	if (empty)
		free_slab(s, empty);
}

/* ------------------------------------------------------------------ caches */

/* Slots, and the smallest slab that wastes at most an eighth and holds eight objects if it can. */
static void calculate_sizes(struct kmem_cache *s)
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
	if (!s) {
		if (flags & SLAB_PANIC)
			panic("cannot create the slab cache %s", name);
		return NULL;
	}
	setup_cache(s, name, size, align, flags, ctor);
	return s;
}

/* Every object must have been freed; a cache with one in use is kept, and said so. */
void kmem_cache_destroy(struct kmem_cache *s)
{
	struct page *page, *n;

	if (!s)
		return;
	if (WARN(s->nr_inuse, "slab %s: destroyed with %lu objects in use\n", s->name, s->nr_inuse))
		return;
	mutex_lock(&slab_mutex);
	list_del(&s->list);
	mutex_unlock(&slab_mutex);
	list_for_each_entry_safe(page, n, &s->partial, slab_list)
		free_slab(s, page);
	kmem_cache_free(kmem_cache, s);
}

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->object_size;
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp)
{
	return slab_alloc(s, gfp, _RET_IP_);
}

void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t gfp)
{
	return slab_alloc(s, gfp | __GFP_ZERO, _RET_IP_);
}

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

/* ------------------------------------------------------------------ kmalloc */

static struct kmem_cache *kmalloc_slab(size_t size)
{
	if (size <= 256)
		return kmalloc_caches[kmalloc_index[(size + 31) / 32]];
	return kmalloc_caches[fls64(size - 1) - 3];	/* 512 is index 6 */
}

/* More than the largest cache: frames, as one compound page. */
static void *kmalloc_large(size_t size, gfp_t gfp)
{
	unsigned int order = fls64((size - 1) >> PAGE_SHIFT);
	struct page *page = order < MAX_ORDER ? alloc_pages(gfp | __GFP_COMP, order) : NULL;

	return page ? page_address(page) : NULL;
}

/**
 * kmalloc - physically contiguous memory of any size up to 4 MiB
 *
 * Aligned to the size if that is a power of two, else to 32 bytes. NULL when there is none.
 */
void *kmalloc(size_t size, gfp_t gfp)
{
	if (unlikely(size > KMALLOC_MAX_SIZE))
		return kmalloc_large(size, gfp);
	if (unlikely(!size))
		size = 1;
	return slab_alloc(kmalloc_slab(size), gfp, _RET_IP_);
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
		panic("kfree of %px, which kmalloc did not give (caller %pS)", obj, (void *)_RET_IP_);
}

/* How many bytes of obj may be used. */
size_t ksize(const void *obj)
{
	struct page *page;

	if (!obj)
		return 0;
	page = compound_head(virt_to_page(obj));
	return PageSlab(page) ? page->slab_cache->object_size : PAGE_SIZE << page[1].compound_order;
}

/* As realloc(): on failure the old object stays, and NULL is returned. */
void *krealloc(const void *obj, size_t size, gfp_t gfp)
{
	void *new;

	if (obj && ksize(obj) >= size)
		return (void *)obj;
	new = kmalloc(size, gfp);
	if (new && obj) {
		memcpy(new, obj, ksize(obj));
		kfree(obj);
	}
	return new;
}

/* ------------------------------------------------------------------ booting, figures */

bool slab_is_available(void)
{
	return kmem_cache != NULL;
}

void __init kmem_cache_init(void)
{
	int i, j = 0;

	setup_cache(&boot_kmem_cache, "kmem_cache", sizeof(struct kmem_cache), 0, 0, NULL);
	kmem_cache = &boot_kmem_cache;
	for (i = 0; i < KMALLOC_SIZES; i++) {
		unsigned int size = kmalloc_sizes[i];

		kmalloc_caches[i] = kmem_cache_create(kmalloc_names[i], size,
						      size & (size - 1) ? 32 : min(size, 4096U),
						      SLAB_PANIC, NULL);
	}
	for (i = 0; i <= 256 / 32; i++) {
		while (kmalloc_sizes[j] < i * 32)
			j++;
		kmalloc_index[i] = j;
	}
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
		unsigned long flags, slabs, inuse;

		spin_lock_irqsave(&s->list_lock, flags);
		slabs = s->nr_slabs;
		inuse = s->nr_inuse;
		spin_unlock_irqrestore(&s->list_lock, flags);
		seq_printf(m, "%-17s %6lu %6lu %6u %4u %4d : tunables %4u %4u %4u : slabdata %6lu %6lu %6u\n",
			   s->name, inuse, slabs * s->per_slab, s->size, s->per_slab, 1 << s->order,
			   0, 0, 0, slabs, slabs, 0);
	}
	mutex_unlock(&slab_mutex);
	return 0;
}
