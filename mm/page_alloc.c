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
 * is filled and emptied in batches: the lists are touched with interrupts off and no lock. The tests
 * and /proc count their frames as free.
 *
 * When memory falls below the low mark, alloc_pages() first reclaims page cache
 * (try_to_free_pages()). Below the min mark only those may go who free memory (PF_MEMALLOC,
 * __GFP_MEMALLOC) or cannot wait (__GFP_HIGH, to half of it).
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/sysinfo.h>

struct zone contig_zone = {
	.name = "Normal",
	.lock = __SPIN_LOCK_UNLOCKED(contig_zone.lock),
};

unsigned long max_pfn;
void *high_memory;
static unsigned long min_free_kbytes;

#define PCP_BATCH	16		/* frames moved at a time */
#define PCP_HIGH	(4 * PCP_BATCH)	/* the most a CPU keeps */

struct per_cpu_pages {
	struct list_head list;
	int count;
};

static DEFINE_PER_CPU(struct per_cpu_pages, pcp_lists);

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

	if (likely(!(page->flags & PAGE_FLAGS_CHECK_AT_FREE) && page_mapcount(page) == 0 &&
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
}

static unsigned int compound_order(struct page *page)
{
	return PageHead(page) ? page[1].compound_order : 0;
}

static void prep_new_page(struct page *page, unsigned int order, gfp_t gfp)
{
	unsigned long i;

	check_poison(page, order);
	set_page_count(page, 1);
	if (order && (gfp & __GFP_COMP))
		prep_compound_page(page, order);
	if (gfp & __GFP_ZERO)
		for (i = 0; i < 1UL << order; i++)
			clear_page(page_address(page + i));
}

/* ------------------------------------------------------------------ per-CPU lists */

static struct page *rmqueue_pcplist(struct zone *zone)
{
	struct per_cpu_pages *pcp;
	struct page *page = NULL;
	unsigned long flags;
	int i;

	local_irq_save(flags);
	pcp = this_cpu_ptr(&pcp_lists);
	if (unlikely(!pcp->count)) {
		raw_spin_lock(&zone->lock);
		for (i = 0; i < PCP_BATCH; i++) {
			page = __rmqueue(zone, 0);
			if (!page)
				break;
			list_add_tail(&page->lru, &pcp->list);
			pcp->count++;
		}
		__spin_unlock_no_resched(&zone->lock);
		preempt_enable_no_resched();
	}
	page = list_first_entry_or_null(&pcp->list, struct page, lru);
	if (page) {
		list_del(&page->lru);
		pcp->count--;
	}
	local_irq_restore(flags);
	return page;
}

/* Interrupts are off. */
static void free_pcppages_bulk(struct zone *zone, struct per_cpu_pages *pcp, int count)
{
	raw_spin_lock(&zone->lock);
	while (count-- > 0 && pcp->count) {
		struct page *page = list_last_entry(&pcp->list, struct page, lru);

		list_del(&page->lru);
		pcp->count--;
		__free_one_page(zone, page, 0);
	}
	__spin_unlock_no_resched(&zone->lock);
	preempt_enable_no_resched();
}

static void free_unref_page(struct zone *zone, struct page *page)
{
	struct per_cpu_pages *pcp;
	unsigned long flags;

	local_irq_save(flags);
	pcp = this_cpu_ptr(&pcp_lists);
	list_add(&page->lru, &pcp->list);	/* first out again, while its lines are in the cache */
	if (++pcp->count > PCP_HIGH)
		free_pcppages_bulk(zone, pcp, PCP_BATCH);
	local_irq_restore(flags);
}

/* This CPU's list into the free lists, so that blocks can merge. */
void drain_local_pages(void)
{
	struct per_cpu_pages *pcp;
	unsigned long flags;

	local_irq_save(flags);
	pcp = this_cpu_ptr(&pcp_lists);
	free_pcppages_bulk(&contig_zone, pcp, pcp->count);
	local_irq_restore(flags);
}

static unsigned long nr_pcp_pages(void)
{
	unsigned long sum = 0;
	int cpu;

	for_each_online_cpu(cpu)
		sum += READ_ONCE(per_cpu(pcp_lists, cpu).count);
	return sum;
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

/* Below the low mark: make room, then try down to the min mark, and a few times more. */
static struct page *__alloc_pages_slowpath(gfp_t gfp, unsigned int order)
{
	unsigned long mark = min_wmark_pages(&contig_zone);
	struct page *page;
	int tries;

	if (current->flags & PF_MEMALLOC)
		gfp |= __GFP_MEMALLOC;
	page = get_page_from_freelist(gfp, order, mark);
	if (page && !(gfp & __GFP_DIRECT_RECLAIM))
		return page;

	if ((gfp & __GFP_DIRECT_RECLAIM) && !(current->flags & PF_MEMALLOC)) {
		might_sleep();
		/* Having one already we only help to get away from the mark, once. */
		for (tries = 0; tries < (page ? 1 : 16); tries++) {
			unsigned long freed;

			current->flags |= PF_MEMALLOC;
			freed = try_to_free_pages(order, gfp);
			current->flags &= ~PF_MEMALLOC;
			if (page)
				return page;
			drain_local_pages();
			page = get_page_from_freelist(gfp, order, mark);
			if (page)
				return page;
			if (!freed && !(gfp & __GFP_NOFAIL))
				break;
			cond_resched();
		}
	}
	if (!page)
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

/* The block's last reference is gone. */
static void free_the_page(struct page *page, unsigned int order)
{
	struct zone *zone = &contig_zone;
	unsigned long flags, i;

	if (PageHead(page)) {
		__ClearPageHead(page);
		for (i = 1; i < 1UL << order; i++)
			page[i].compound_head = 0;
	}
	if (!free_pages_check(page))
		return;
	page->flags = 0;
	page->mapping = NULL;
	poison_pages(page, order);
	if (order == 0) {
		free_unref_page(zone, page);
		return;
	}
	raw_spin_lock_irqsave(&zone->lock, flags);
	__free_one_page(zone, page, order);
	raw_spin_unlock_irqrestore(&zone->lock, flags);
}

/**
 * __free_pages - drop a reference to a block; the last one frees it
 * @order: as it was allocated
 */
void __free_pages(struct page *page, unsigned int order)
{
	if (put_page_testzero(page))
		free_the_page(page, order);
}

/* put_page() found the count at zero. */
void __put_page(struct page *page)
{
	free_the_page(page, compound_order(page));
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page(addr), order);
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	return page_folio(alloc_pages(gfp | __GFP_COMP, order));
}

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

void free_pages_exact(void *virt, size_t size)
{
	unsigned long i;

	for (i = 0; i < PFN_UP(size); i++)
		__free_page(virt_to_page(virt) + i);
}

/* ------------------------------------------------------------------ figures */

unsigned long totalram_pages(void)
{
	return atomic_long_read(&contig_zone.managed_pages);
}

unsigned long nr_free_pages(void)
{
	return READ_ONCE(contig_zone.nr_free_pages) + nr_pcp_pages();
}

/* What a program could still get without swapping: the free frames and the clean cache. */
unsigned long si_mem_available(void)
{
	unsigned long cache = global_node_page_state(NR_FILE_PAGES);
	unsigned long kept = global_node_page_state(NR_SHMEM) + global_node_page_state(NR_FILE_MAPPED) +
			     global_node_page_state(NR_FILE_DIRTY);
	unsigned long avail = nr_free_pages() + (cache > kept ? cache - kept : 0);

	return avail > totalreserve_pages ? avail - totalreserve_pages : 0;
}

unsigned long totalreserve_pages;

void si_meminfo(struct sysinfo *val)
{
	val->totalram = totalram_pages();
	val->sharedram = global_node_page_state(NR_SHMEM);
	val->freeram = nr_free_pages();
	val->bufferram = 0;
	val->totalhigh = 0;
	val->freehigh = 0;
	val->mem_unit = PAGE_SIZE;
}

/* /proc/buddyinfo */
int frag_show(struct seq_file *m, void *arg)
{
	struct zone *zone = &contig_zone;
	unsigned long nr[MAX_ORDER], flags;
	int order;

	raw_spin_lock_irqsave(&zone->lock, flags);
	for (order = 0; order < MAX_ORDER; order++)
		nr[order] = zone->free_area[order].nr_free;
	raw_spin_unlock_irqrestore(&zone->lock, flags);

	seq_printf(m, "Node 0, zone %8s ", zone->name);
	for (order = 0; order < MAX_ORDER; order++)
		seq_printf(m, "%6lu ", nr[order]);
	seq_putc(m, '\n');
	return 0;
}

/* ------------------------------------------------------------------ booting */

/* min grows with the square root of memory: 4 * sqrt(KiB); low and high lie a quarter each above. */
static void __init init_per_zone_wmark_min(void)
{
	unsigned long lowmem_kbytes = totalram_pages() << (PAGE_SHIFT - 10), root = 0, min;

	while ((root + 1) * (root + 1) <= lowmem_kbytes * 16)
		root++;
	min_free_kbytes = clamp(root, 128UL, 65536UL);
	min = min_free_kbytes >> (PAGE_SHIFT - 10);
	contig_zone._watermark[WMARK_MIN] = min;
	contig_zone._watermark[WMARK_LOW] = min + min / 4;
	contig_zone._watermark[WMARK_HIGH] = min + min / 2;
	totalreserve_pages = contig_zone._watermark[WMARK_HIGH];
}

/* The struct pages, all reserved for now. memblock knows the RAM; paging_init() has mapped it. */
void __init zone_sizes_init(void)
{
	unsigned long start = ARCH_PFN_OFFSET, i;
	struct memblock_region *r;
	int order, cpu;

	max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	high_memory = __va(memblock_end_of_DRAM());
	vmemmap_populate(max_pfn - start);

	contig_zone.zone_start_pfn = start;
	contig_zone.spanned_pages = max_pfn - start;
	for_each_mem_region(r)
		contig_zone.present_pages += PFN_DOWN(r->size);
	for (order = 0; order < MAX_ORDER; order++)
		INIT_LIST_HEAD(&contig_zone.free_area[order].free_list);
	for_each_possible_cpu(cpu)
		INIT_LIST_HEAD(&per_cpu(pcp_lists, cpu).list);

	for (i = 0; i < contig_zone.spanned_pages; i++) {
		struct page *page = vmemmap + i;

		page->flags = 1UL << PG_reserved;
		set_page_count(page, 1);
		atomic_set(&page->_mapcount, -1);
	}
}

/* From memblock: frames [start_pfn, end_pfn), in blocks as large as their alignment allows. */
void __init memblock_free_pages(unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long flags, pfn, i;

	raw_spin_lock_irqsave(&contig_zone.lock, flags);
	for (pfn = start_pfn; pfn < end_pfn; ) {
		unsigned int order = pfn ? min_t(unsigned int, __ffs(pfn), MAX_ORDER - 1) : MAX_ORDER - 1;

		while (pfn + (1UL << order) > end_pfn)
			order--;
		for (i = 0; i < 1UL << order; i++) {
			pfn_to_page(pfn + i)->flags = 0;
			set_page_count(pfn_to_page(pfn + i), 0);
		}
		poison_pages(pfn_to_page(pfn), order);
		__free_one_page(&contig_zone, pfn_to_page(pfn), order);
		atomic_long_add(1UL << order, &contig_zone.managed_pages);
		pfn += 1UL << order;
	}
	raw_spin_unlock_irqrestore(&contig_zone.lock, flags);
}

/* A frame that was reserved while booting and is needed no more. */
void free_reserved_page(struct page *page)
{
	ClearPageReserved(page);
	atomic_long_inc(&contig_zone.managed_pages);
	__free_page(page);
}

/**
 * mem_init - from memblock to the buddy allocator and kmalloc
 *
 * After this memblock is not used any more.
 */
void __init mem_init(void)
{
	memblock_free_all();
	init_per_zone_wmark_min();
	pr_info("Memory: %luK/%luK available (%lu frames of 4 KiB, watermarks %lu %lu %lu)\n",
		nr_free_pages() << (PAGE_SHIFT - 10), contig_zone.present_pages << (PAGE_SHIFT - 10),
		totalram_pages(), min_wmark_pages(&contig_zone), low_wmark_pages(&contig_zone),
		high_wmark_pages(&contig_zone));
	kmem_cache_init();
}
