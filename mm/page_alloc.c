// SPDX-License-Identifier: MIT
/*
 * The buddy allocator: blocks of 2^order frames, order 0 to 10.
 *
 * A free block of order n lies at a multiple of 2^n frames. Its buddy is the block that differs in
 * bit n of the frame number; when both are free they are one block of order n+1. So splitting and
 * merging need no search: flip a bit, look at the struct page.
 *
 * A free block's first struct page has PG_buddy, its order in page->private, and hangs in
 * zone->free_area[order]. zone->lock guards all of that; it is taken with interrupts off, since
 * interrupt handlers allocate and free.
 *
 * Single frames, by far the most, go through a short list of each CPU (struct per_cpu_pages), which
 * is filled and emptied in batches, so that CPUs do not meet at zone->lock for each frame. The tests
 * and /proc count the frames in these lists as free. Each list has a lock of its own, pcp->lock,
 * which nobody but its CPU takes in the usual case; it is there for drain_all_pages(), by which a CPU
 * that is short of memory empties the lists of all. pcp->lock comes before zone->lock.
 *
 * When memory falls below the low mark, alloc_pages() wakes kswapd, who frees pages up to the high mark
 * (mm/vmscan.c). Below the min mark one has to free some oneself (try_to_free_pages()); only those may go
 * on who free memory (PF_MEMALLOC, __GFP_MEMALLOC) or cannot wait (__GFP_HIGH, to half of it). When nobody
 * frees anything any more, a process has to go (mm/oom_kill.c).
 */
#include <linux/export.h>
#include <linux/huge_mm.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <linux/writeback.h>
#include "internal.h"

struct zone contig_zone = {
	.name = "Normal",
	.lock = __SPIN_LOCK_UNLOCKED(contig_zone.lock),
};

DEFINE_PER_CPU(struct per_cpu_pages, zone_pageset);

/* ------------------------------------------------------------------ the free lists */

static void add_to_free_list(struct zone *zone, struct page *page, unsigned int order)
{
	set_page_private(page, order);
	__SetPageBuddy(page);
	list_add(&page->lru, &zone->free_area[order].free_list);
	zone->free_area[order].nr_free++;
}

static void del_from_free_list(struct zone *zone, struct page *page, unsigned int order)
{
	list_del(&page->lru);
	__ClearPageBuddy(page);
	set_page_private(page, 0);
	zone->free_area[order].nr_free--;
}

/* The free buddy of a block, or NULL. Bounds are checked: the zone need not begin or end evenly. */
static struct page *find_buddy_page(struct zone *zone, unsigned long pfn, unsigned int order)
{
	unsigned long buddy_pfn = pfn ^ (1UL << order);
	struct page *buddy;

	if (buddy_pfn < zone->zone_start_pfn ||
	    buddy_pfn >= zone->zone_start_pfn + zone->spanned_pages)
		return NULL;
	buddy = pfn_to_page(buddy_pfn);
	return PageBuddy(buddy) && page_private(buddy) == order ? buddy : NULL;
}

/* Put a block back and merge as far as it goes. zone->lock is held. */
static void __free_one_page(struct zone *zone, struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	lockdep_assert_held(&zone->lock);
	zone->nr_free_pages += 1UL << order;
	while (order < MAX_ORDER - 1) {
		struct page *buddy = find_buddy_page(zone, pfn, order);

		if (!buddy)
			break;
		del_from_free_list(zone, buddy, order);
		pfn &= ~(1UL << order);		/* the lower of the two */
		order++;
	}
	add_to_free_list(zone, pfn_to_page(pfn), order);
}

/* Take a block of the order, splitting a larger one if need be. zone->lock is held. */
static struct page *__rmqueue(struct zone *zone, unsigned int order)
{
	unsigned int cur;

	lockdep_assert_held(&zone->lock);
	for (cur = order; cur < MAX_ORDER; cur++) {
		struct page *page = list_first_entry_or_null(&zone->free_area[cur].free_list,
							     struct page, lru);

		if (!page)
			continue;
		del_from_free_list(zone, page, cur);
		while (cur > order) {		/* give the upper halves back */
			cur--;
			add_to_free_list(zone, page + (1UL << cur), cur);
		}
		zone->nr_free_pages -= 1UL << order;
		return page;
	}
	return NULL;
}

/* ------------------------------------------------------------------ checks and preparation */

static void bad_page(struct page *page, const char *reason)
{
	pr_alert("BUG: Bad page state in process %s, pfn %#lx: %s\n", current->comm,
		 page_to_pfn(page), reason);
	pr_alert("page %px flags %#lx refcount %d mapcount %d mapping %px index %#lx private %#lx\n",
		 page, page->flags, page_ref_count(page), page_mapcount(page), page->mapping,
		 page->index, page->private);
	dump_stack();
}

/* What a page going back to the free lists must look like. A bad one is not freed: better lost. */
static bool free_pages_check(struct page *page)
{
	const char *reason = NULL;

	if (likely(!(page->flags & PAGE_FLAGS_CHECK_AT_FREE) && atomic_read(&page->_mapcount) == -1 &&
		   page_ref_count(page) == 0))
		return true;
	if (PageBuddy(page))
		reason = "freed twice";
	else if (page_mapcount(page))
		reason = "freed while page tables map it";
	else if (page_ref_count(page))
		reason = "freed while somebody holds a reference";
	else
		reason = "freed with flags of somebody who uses it";
	bad_page(page, reason);
	return false;
}

#ifdef CONFIG_DEBUG
/* Free memory holds a pattern, so that a use after free reads rubbish and a write is found. */
#define PAGE_POISON	0xaa

static void poison_pages(struct page *page, unsigned int order)
{
	kasan_unpoison_pages(page, order);	/* of a slab only the objects in use may be written */
	memset(page_address(page), PAGE_POISON, PAGE_SIZE << order);
}

static void check_poison(struct page *page, unsigned int order)
{
	unsigned char *p = page_address(page), *bad = memchr_inv(p, PAGE_POISON, PAGE_SIZE << order);

	if (!bad)
		return;
	pr_alert("BUG: free page pfn %#lx was written to at offset %#lx: %02x instead of %02x\n",
		 page_to_pfn(page), (unsigned long)(bad - p), *bad, PAGE_POISON);
	dump_stack();
}
#else
static void poison_pages(struct page *page, unsigned int order) { }
static void check_poison(struct page *page, unsigned int order) { }
#endif

static void prep_compound_page(struct page *page, unsigned int order)
{
	unsigned long i;

	__SetPageHead(page);
	for (i = 1; i < 1UL << order; i++)
		page[i].compound_head = (unsigned long)page | 1;
	page[1].compound_order = order;
	page[1].compound_dtor = COMPOUND_PAGE_DTOR;
	atomic_set(&page[1].compound_mapcount, -1);
	atomic_set(&page[1]._nr_pages_mapped, 0);
}

/* The opposite, and whatever the frames were used for besides. False: page tables map one of them. */
static bool destroy_compound_page(struct page *page, unsigned int order)
{
	bool good = !atomic_read(&page[1]._nr_pages_mapped);

	__ClearPageHead(page);
	for (unsigned long i = 1; i < 1UL << order; i++) {
		good &= atomic_read(&page[i]._mapcount) == -1;
		page[i].flags = 0;
		page[i].compound_head = 0;
		page[i].mapping = NULL;
		page[i].private = 0;
	}
	return good;
}

static void prep_new_page(struct page *page, unsigned int order, gfp_t gfp)
{
	void *addr = page_address(page), *end = addr + (PAGE_SIZE << order);

	kasan_unpoison_pages(page, order);
	check_poison(page, order);
	set_page_count(page, 1);
	if (order && (gfp & __GFP_COMP))
		prep_compound_page(page, order);
	if (gfp & __GFP_ZERO)
		for (; addr < end; addr += PAGE_SIZE)
			clear_page(addr);
}

/* ------------------------------------------------------------------ per-CPU lists */

/*
 * This CPU's list, locked. Interrupts go off before the CPU is asked for, so that the task stays on
 * it; and so no interrupt here finds the lock held by the task it interrupted. Preemption is not
 * counted besides, as spin_lock() would: each frame passes here twice.
 */
static __always_inline struct per_cpu_pages *pcp_lock_irqsave(unsigned long *flags)
{
	struct per_cpu_pages *pcp;

	local_irq_save(*flags);
	pcp = this_cpu_ptr(&zone_pageset);
	spin_acquire(&pcp->lock.dep_map, 0, 0, _THIS_IP_);
	do_raw_spin_lock(&pcp->lock);
	return pcp;
}

static __always_inline void pcp_unlock_irqrestore(struct per_cpu_pages *pcp, unsigned long flags)
{
	do_raw_spin_unlock(&pcp->lock, _THIS_IP_);
	local_irq_restore(flags);
}

/* The order of the smallest free block, or MAX_ORDER. zone->lock is held. */
static unsigned int smallest_free_order(struct zone *zone)
{
	unsigned int order = 0;

	while (order < MAX_ORDER && list_empty(&zone->free_area[order].free_list))
		order++;
	return order;
}

/*
 * A batch from the free lists, under one taking of zone->lock. pcp->lock is held. The frames are those
 * that taking one by one would give, smallest blocks first, but a block that is wanted whole is not
 * split down to single frames first.
 */
static noinline void rmqueue_bulk(struct zone *zone, struct per_cpu_pages *pcp)
{
	int want = pcp->batch;

	lockdep_assert_held(&pcp->lock);
	raw_spin_lock(&zone->lock);
	while (want > 0) {
		unsigned int order = min(smallest_free_order(zone), fls(want) - 1U), i;
		struct page *page = __rmqueue(zone, order);

		if (!page)
			break;
		for (i = 0; i < 1U << order; i++)
			list_add_tail(&page[i].lru, &pcp->list);
		pcp->count += 1 << order;
		want -= 1 << order;
	}
	raw_spin_unlock(&zone->lock);
}

/* The reverse: those that were freed longest ago go back and merge. pcp->lock is held. */
static noinline void free_pcppages_bulk(struct zone *zone, struct per_cpu_pages *pcp, int count)
{
	lockdep_assert_held(&pcp->lock);
	raw_spin_lock(&zone->lock);
	while (count-- > 0 && pcp->count) {
		struct page *page = list_last_entry(&pcp->list, struct page, lru);

		__list_del_entry(&page->lru);
		pcp->count--;
		__free_one_page(zone, page, 0);
	}
	raw_spin_unlock(&zone->lock);
}

static struct page *rmqueue_pcplist(struct zone *zone)
{
	struct per_cpu_pages *pcp;
	struct page *page = NULL;
	unsigned long flags;

	pcp = pcp_lock_irqsave(&flags);
	if (unlikely(!pcp->count))
		rmqueue_bulk(zone, pcp);
	if (likely(pcp->count)) {
		page = list_first_entry(&pcp->list, struct page, lru);
		__list_del_entry(&page->lru);	/* without poison: this is the way of every frame */
		pcp->count--;
	}
	pcp_unlock_irqrestore(pcp, flags);
	return page;
}

/* pcp->lock is held. First out again, while its lines are in this CPU's cache. */
static __always_inline void free_unref_page_commit(struct zone *zone, struct per_cpu_pages *pcp,
						   struct page *page)
{
	list_add(&page->lru, &pcp->list);
	if (unlikely(++pcp->count > pcp->high))
		free_pcppages_bulk(zone, pcp, pcp->batch);
}

static void free_unref_page(struct zone *zone, struct page *page)
{
	struct per_cpu_pages *pcp;
	unsigned long flags;

	pcp = pcp_lock_irqsave(&flags);
	free_unref_page_commit(zone, pcp, page);
	pcp_unlock_irqrestore(pcp, flags);
}

static void drain_pages(int cpu)
{
	struct per_cpu_pages *pcp = per_cpu_ptr(&zone_pageset, cpu);
	unsigned long flags;

	raw_spin_lock_irqsave(&pcp->lock, flags);
	free_pcppages_bulk(&contig_zone, pcp, pcp->count);
	raw_spin_unlock_irqrestore(&pcp->lock, flags);
}

/* This CPU's list into the free lists, so that blocks can merge. */
void drain_local_pages(void)
{
	drain_pages(raw_smp_processor_id());	/* any CPU's list may be drained from any CPU */
}

/** drain_all_pages - the lists of all CPUs into the free lists; any context */
void drain_all_pages(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		drain_pages(cpu);
}

/* ------------------------------------------------------------------ allocating */

/* Would taking 2^order frames leave at least mark frames? */
static bool zone_watermark_ok(struct zone *zone, unsigned int order, unsigned long mark, gfp_t gfp)
{
	if (gfp & __GFP_MEMALLOC)
		mark = 0;
	else if (gfp & __GFP_HIGH)
		mark /= 2;
	return READ_ONCE(zone->nr_free_pages) >= mark + (1UL << order);
}

static struct page *get_page_from_freelist(gfp_t gfp, unsigned int order, unsigned long mark)
{
	struct zone *zone = &contig_zone;
	struct page *page;
	unsigned long flags;

	if (unlikely(!zone_watermark_ok(zone, order, mark, gfp)))
		return NULL;
	if (likely(order == 0)) {
		page = rmqueue_pcplist(zone);
	} else {
		raw_spin_lock_irqsave(&zone->lock, flags);
		page = __rmqueue(zone, order);
		raw_spin_unlock_irqrestore(&zone->lock, flags);
	}
	if (likely(page))
		prep_new_page(page, order, gfp);
	return page;
}

static void warn_alloc(gfp_t gfp, unsigned int order)
{
	if (gfp & __GFP_NOWARN)
		return;
	pr_warn_ratelimited("%s[%d]: page allocation failure: order %u, gfp %#x, %lu frames free, min %lu\n",
			    current->comm, current->pid, order, gfp, nr_free_pages(),
			    min_wmark_pages(&contig_zone));
}

/* Larger blocks than these are not worth a process. */
#define PAGE_ALLOC_COSTLY_ORDER	3

/* Rounds of reclaim in a row in which nobody has freed a page, until the memory is out. */
#define MAX_RECLAIM_RETRIES	16

/* What a slow allocation has seen of everybody's reclaim, so that it tells progress from none. */
struct alloc_progress {
	unsigned long	stolen;		/* pages freed, by kswapd and by all others */
	unsigned long	slab;		/* pages of objects that shrinkers free */
	unsigned long	written;	/* pages that write-back has come to an end with */
	int		no_progress_loops;
};

static unsigned long pages_stolen(void)
{
	return atomic_long_read(&vm_event_states[PGSTEAL_KSWAPD]) +
	       atomic_long_read(&vm_event_states[PGSTEAL_DIRECT]);
}

static void note_progress(struct alloc_progress *p)
{
	p->stolen = pages_stolen();
	p->slab = global_node_page_state(NR_SLAB_RECLAIMABLE);
	p->written = global_node_page_state(NR_WRITTEN);
}

/*
 * After a round of reclaim that did not help. Whoever freed a page: it is worth another round, for then
 * others have got on. While pages are being written they will be free one day, and a disk may be slow:
 * a round in which none came to its end says nothing. One that could not be written is no progress either.
 * For blocks of pages a freed page says little.
 */
static bool should_reclaim_retry(gfp_t gfp, unsigned int order, struct alloc_progress *p)
{
	const bool stolen = !order && (pages_stolen() != p->stolen ||
				       global_node_page_state(NR_SLAB_RECLAIMABLE) < p->slab);
	const bool writing = global_node_page_state(NR_WRITEBACK) &&
			     global_node_page_state(NR_WRITTEN) == p->written;

	/* The caller may hold pages that are yet to be submitted: he waits a moment, and no longer. */
	if (!(gfp & __GFP_FS) && !stolen)
		writeback_wait_some();
	if (stolen)
		p->no_progress_loops = 0;
	else if (!writing || !(gfp & __GFP_FS))
		p->no_progress_loops++;
	note_progress(p);
	cond_resched();
	return p->no_progress_loops < MAX_RECLAIM_RETRIES;
}

/* Nothing helps: then somebody's end. *did_some_progress: try again. */
static struct page *__alloc_pages_may_oom(gfp_t gfp, unsigned int order, bool *did_some_progress)
{
	struct oom_control oc = { .gfp_mask = gfp, .order = order };
	struct page *page;

	*did_some_progress = true;
	if (!mutex_trylock(&oom_lock)) {
		schedule_timeout_uninterruptible(1);
		return NULL;
	}
	/* Has one's end just brought a lot? Then up to the high mark, so that no second one dies too soon. */
	page = get_page_from_freelist(gfp, order, high_wmark_pages(&contig_zone));
	/* Frames enough, but none side by side: a death need not mend that. */
	if (!page && order && zone_watermark_ok(&contig_zone, 0, min_wmark_pages(&contig_zone), gfp))
		*did_some_progress = false;
	else if (!page)
		*did_some_progress = out_of_memory(&oc);
	mutex_unlock(&oom_lock);
	return page;
}

/*
 * Below the min mark, and only kswapd frees: help him, and try again, until there is a page or nobody frees
 * any more. An allocation that may reclaim, of a block that is not large, fails only if it asks for that
 * (__GFP_NORETRY, __GFP_RETRY_MAYFAIL), or if its task is dying.
 *
 * Without __GFP_FS one may free less than others. They count, too: kswapd goes through all of it.
 */
static struct page *alloc_with_reclaim(gfp_t gfp, unsigned int order, unsigned long mark)
{
	const bool once = (gfp & __GFP_NORETRY) ||
			  (order > PAGE_ALLOC_COSTLY_ORDER && !(gfp & __GFP_RETRY_MAYFAIL));
	struct alloc_progress progress = { };
	struct page *page;
	bool again;

	might_sleep();
	count_vm_event(ALLOCSTALL);
	note_progress(&progress);
	for (;;) {
		/* Free objects in arrays hold slabs: when little else is left, those too. */
		if (!try_to_free_pages(order, gfp) || order || progress.no_progress_loops)
			kmem_cache_reap();
		/* What was freed may lie in any CPU's list, where no blocks merge. */
		drain_all_pages();
		page = get_page_from_freelist(gfp, order, mark);
		if (page)
			return page;
		again = !once && ((gfp & __GFP_NOFAIL) || !fatal_signal_pending(current));
		if (again && !should_reclaim_retry(gfp, order, &progress)) {
			if ((gfp & __GFP_RETRY_MAYFAIL) || order > PAGE_ALLOC_COSTLY_ORDER)
				again = false;
			else
				page = __alloc_pages_may_oom(gfp, order, &again);
			if (page)
				return page;
			progress.no_progress_loops = 0;
			if (again && !tsk_is_oom_victim(current))
				oom_wait_for_victim();
		}
		/* A victim comes to its end sooner with a part of the reserves, or with none. */
		if (tsk_is_oom_victim(current)) {
			page = get_page_from_freelist(gfp, order, mark / 2);
			if (page)
				return page;
			again = false;
		}
		if (!again && !(gfp & __GFP_NOFAIL))
			return NULL;
	}
}

/* Below the low mark: wake kswapd, and go on down to the min mark. Below that, reclaim oneself. */
static struct page *__alloc_pages_slowpath(gfp_t gfp, unsigned int order)
{
	const unsigned long mark = min_wmark_pages(&contig_zone);
	struct page *page;

	if (current->flags & PF_MEMALLOC_NOIO)
		gfp &= ~(__GFP_IO | __GFP_FS);
	if (gfp & __GFP_KSWAPD_RECLAIM)
		wakeup_kswapd(&contig_zone, gfp, order);
	if (current->flags & PF_MEMALLOC)
		gfp |= __GFP_MEMALLOC;
	page = get_page_from_freelist(gfp, order, mark);
	if (!page && (gfp & __GFP_DIRECT_RECLAIM) && !(current->flags & PF_MEMALLOC))
		page = alloc_with_reclaim(gfp, order, mark);
	/* That a task which was killed gets none is as it should be. */
	if (!page && !fatal_signal_pending(current))
		warn_alloc(gfp, order);
	return page;
}

/**
 * alloc_pages - 2^order physically contiguous frames
 * @gfp: how hard to try; may sleep when it has __GFP_DIRECT_RECLAIM
 *
 * Returns the first one's struct page with a reference count of 1, or NULL.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	if (gfp & __GFP_DIRECT_RECLAIM)
		might_sleep();
	if (WARN_ON_ONCE(order >= MAX_ORDER))
		return NULL;
	page = get_page_from_freelist(gfp, order, low_wmark_pages(&contig_zone));
	if (likely(page))
		return page;
	return __alloc_pages_slowpath(gfp, order);
}
EXPORT_SYMBOL(alloc_pages);

/* The block's last reference is gone: as the free lists want it. False: it is bad, and stays out. */
static bool free_pages_prepare(struct page *page, unsigned int order)
{
	if (PageHead(page) && !destroy_compound_page(page, order)) {
		bad_page(page, "freed while page tables map a part");
		return false;
	}
	if (!free_pages_check(page))
		return false;
	page->flags = 0;
	page->mapping = NULL;
	poison_pages(page, order);
	kasan_poison_pages(page, order);
	return true;
}

static void free_the_page(struct page *page, unsigned int order)
{
	struct zone *zone = &contig_zone;
	unsigned long flags;

	if (!free_pages_prepare(page, order))
		return;
	if (order == 0) {
		free_unref_page(zone, page);
		return;
	}
	raw_spin_lock_irqsave(&zone->lock, flags);
	__free_one_page(zone, page, order);
	raw_spin_unlock_irqrestore(&zone->lock, flags);
}

/* put_page() found the count at zero. */
void __put_page(struct page *page)
{
	if (unlikely(PageLRU(page)))
		__page_cache_release((struct folio *)page);
	if (unlikely(PageHead(page))) {
		if (PageHuge(page)) {
			free_huge_page(page);
			return;
		}
		if (PageAnon(page))
			free_transhuge_page(page);
	}
	free_the_page(page, compound_order(page));
}
EXPORT_SYMBOL(__put_page);

/* For release_pages(): pages of count 0, on no list. The array is used up. */
void free_unref_page_list(struct page **pages, unsigned int nr)
{
	struct per_cpu_pages *pcp;
	unsigned long flags;
	unsigned int i, n = 0;

	for (i = 0; i < nr; i++) {
		if (unlikely(PageHead(pages[i])))
			__put_page(pages[i]);
		else if (free_pages_prepare(pages[i], 0))
			pages[n++] = pages[i];
	}
	if (!n)
		return;
	pcp = pcp_lock_irqsave(&flags);
	for (i = 0; i < n; i++)
		free_unref_page_commit(&contig_zone, pcp, pages[i]);
	pcp_unlock_irqrestore(pcp, flags);
}

/* While booting: a block that was reserved until now. Nobody else runs yet, but for the checks. */
void __init __free_pages_core(struct page *page, unsigned int order)
{
	struct zone *zone = &contig_zone;
	unsigned long flags, i;

	for (i = 0; i < 1UL << order; i++) {
		page[i].flags = 0;
		set_page_count(page + i, 0);
	}
	poison_pages(page, order);
	kasan_poison_pages(page, order);
	raw_spin_lock_irqsave(&zone->lock, flags);
	__free_one_page(zone, page, order);
	raw_spin_unlock_irqrestore(&zone->lock, flags);
	atomic_long_add(1UL << order, &zone->managed_pages);
}

/**
 * __free_pages - drop a reference to a block; the last one frees it
 * @order: as it was allocated
 */
void __free_pages(struct page *page, unsigned int order)
{
	if (folio_put_testzero((struct folio *)page))
		free_the_page(page, order);
}
EXPORT_SYMBOL(__free_pages);

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page(addr), order);
}
EXPORT_SYMBOL(free_pages);

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}
EXPORT_SYMBOL(__get_free_pages);

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}
EXPORT_SYMBOL(get_zeroed_page);

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	return (struct folio *)alloc_pages(gfp | __GFP_COMP, order);
}
EXPORT_SYMBOL(folio_alloc);

static unsigned int get_order(size_t size)
{
	return size <= PAGE_SIZE ? 0 : fls64((size - 1) >> PAGE_SHIFT);
}

/* A block of the next order becomes single frames; those past size are given back. */
void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned int order = get_order(size);
	unsigned long i, used = PFN_UP(size);
	struct page *page;

	if (!size || order >= MAX_ORDER)
		return NULL;
	page = alloc_pages(gfp & ~__GFP_COMP, order);
	if (!page)
		return NULL;
	for (i = 1; i < 1UL << order; i++)
		set_page_count(page + i, 1);
	for (i = used; i < 1UL << order; i++)
		__free_page(page + i);
	return page_address(page);
}
EXPORT_SYMBOL(alloc_pages_exact);

void free_pages_exact(void *virt, size_t size)
{
	unsigned long i;

	for (i = 0; i < PFN_UP(size); i++)
		__free_page(virt_to_page(virt) + i);
}
EXPORT_SYMBOL(free_pages_exact);
