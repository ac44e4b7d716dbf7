// SPDX-License-Identifier: MIT
/*
 * The pool of huge pages: 2 MiB each, set aside for those who ask for them by name (MAP_HUGETLB), so that
 * these get them when memory has long been in pieces.
 *
 * A page of the pool is free, or in use. Of the free ones some are *reserved*: a mapping was told that it will have
 * them, and takes them when it is touched (mm/hugetlb_vma.c). So free >= reserved at all times, and only what is
 * beyond that may be had without a reservation.
 *
 * The pool is as large as root says: hugepages= on the command line, /proc/sys/vm/nr_hugepages. If
 * /proc/sys/vm/nr_overcommit_hugepages allows it, more pages come from the buddy allocator for a while, the *surplus*.
 * Surplus pages are those that the pool has too many, rather than particular ones: as long as there are any,
 * a page that is not needed any more goes back to the buddy allocator. If root makes the pool smaller than what is
 * in use or reserved, the difference is surplus, too.
 *
 * Callers: faults and mappings of huge pages; /proc; put_page().
 * Locking: hugetlb_lock for the numbers and the list of free pages; it may be taken in any context, as put_page() is.
 * resize_lock, which sleeps, for one at a time who changes the size.
 */
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/sysctl.h>

struct hstate default_hstate = {
	.hugepage_freelist = LIST_HEAD_INIT(default_hstate.hugepage_freelist),
};

static DEFINE_SPINLOCK(hugetlb_lock);
static DEFINE_MUTEX(resize_lock);

/* ------------------------------------------------------------------ pages come and go; hugetlb_lock is held */

/* A page of the pool becomes free, or comes to it. Its count is 0. */
static noinline void enqueue_huge_page(struct hstate *h, struct page *page)
{
	lockdep_assert_held(&hugetlb_lock);
	list_add(&page->lru, &h->hugepage_freelist);
	h->free_huge_pages++;
}

static noinline struct page *dequeue_huge_page(struct hstate *h)
{
	struct page *page = list_first_entry(&h->hugepage_freelist, struct page, lru);

	lockdep_assert_held(&hugetlb_lock);
	list_del(&page->lru);
	h->free_huge_pages--;
	set_page_count(page, 1);
	return page;
}

static unsigned long persistent_huge_pages(struct hstate *h)
{
	return h->nr_huge_pages - h->surplus_huge_pages;
}

/* ------------------------------------------------------------------ to and from the buddy allocator; no lock is held */

static struct page *alloc_fresh_huge_page(void)
{
	struct page *page = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_COMP | __GFP_RETRY_MAYFAIL | __GFP_NOWARN,
					HUGETLB_PAGE_ORDER);

	if (page)
		page[1].compound_dtor = HUGETLB_PAGE_DTOR;
	return page;
}

/* It has left the pool, and the reference to it is ours. */
static void update_and_free_page(struct page *page)
{
	page[1].compound_dtor = COMPOUND_PAGE_DTOR;
	__free_pages(page, HUGETLB_PAGE_ORDER);
}

/* A free page leaves the pool. hugetlb_lock is held, and let go meanwhile. */
static noinline void free_pool_huge_page(struct hstate *h)
{
	struct page *page = dequeue_huge_page(h);

	h->nr_huge_pages--;
	spin_unlock_irq(&hugetlb_lock);
	update_and_free_page(page);
	cond_resched();
	spin_lock_irq(&hugetlb_lock);
}

/* One more than the pool has, if that is allowed; NULL. It is not in the list of free ones. */
static struct page *alloc_surplus_huge_page(struct hstate *h)
{
	struct page *page;
	bool may;

	if (READ_ONCE(h->surplus_huge_pages) >= READ_ONCE(h->nr_overcommit_huge_pages))
		return NULL;
	page = alloc_fresh_huge_page();
	if (!page)
		return NULL;
	spin_lock_irq(&hugetlb_lock);
	may = h->surplus_huge_pages < h->nr_overcommit_huge_pages;	/* still? */
	if (may) {
		h->surplus_huge_pages++;
		h->nr_huge_pages++;
	}
	spin_unlock_irq(&hugetlb_lock);
	if (may)
		return page;
	update_and_free_page(page);
	return NULL;
}

/* ------------------------------------------------------------------ for mappings */

/**
 * alloc_huge_page - a page of the pool, with a reference and with whatever was in it
 * @reserved: it was promised, and cannot fail; else one that is promised to nobody, or a surplus one
 */
struct page *alloc_huge_page(bool reserved)
{
	struct hstate *h = &default_hstate;
	struct page *page = NULL;

	spin_lock_irq(&hugetlb_lock);
	if (reserved || h->free_huge_pages > h->resv_huge_pages) {
		page = dequeue_huge_page(h);
		h->resv_huge_pages -= reserved;
	}
	spin_unlock_irq(&hugetlb_lock);
	return page ?: alloc_surplus_huge_page(h);
}

/** free_huge_page - the last reference is gone; any context */
void free_huge_page(struct page *page)
{
	struct hstate *h = &default_hstate;
	unsigned long flags;
	bool surplus;

	WARN_ON_ONCE(compound_mapcount(page));
	page->mapping = NULL;
	for (int i = 0; i < HPAGE_PMD_NR; i++)
		page[i].flags &= 1UL << PG_head;	/* not what the instruction caches know, either */
	spin_lock_irqsave(&hugetlb_lock, flags);
	surplus = h->surplus_huge_pages;
	if (surplus) {
		h->surplus_huge_pages--;
		h->nr_huge_pages--;
		set_page_count(page, 1);
	} else {
		enqueue_huge_page(h, page);
	}
	spin_unlock_irqrestore(&hugetlb_lock, flags);
	if (surplus)
		update_and_free_page(page);
}

/* Could so many more be promised, if there is memory? */
static bool may_be_had(struct hstate *h, unsigned long delta)
{
	unsigned long more = 0;

	if (h->nr_overcommit_huge_pages > h->surplus_huge_pages)
		more = h->nr_overcommit_huge_pages - h->surplus_huge_pages;
	return delta <= h->free_huge_pages - h->resv_huge_pages + more;
}

/**
 * hugetlb_acct_memory - reserves @delta pages, or with a negative one gives so many reservations back
 *
 * 0 or -ENOMEM, and nothing is reserved. May sleep.
 */
int hugetlb_acct_memory(long delta)
{
	struct hstate *h = &default_hstate;
	struct page *page;
	int err = 0;

	spin_lock_irq(&hugetlb_lock);
	while (delta > 0 && h->resv_huge_pages + delta > h->free_huge_pages) {
		const bool hope = may_be_had(h, delta) && !fatal_signal_pending(current);

		spin_unlock_irq(&hugetlb_lock);
		page = hope ? alloc_surplus_huge_page(h) : NULL;
		spin_lock_irq(&hugetlb_lock);
		if (page) {
			set_page_count(page, 0);
			enqueue_huge_page(h, page);
		} else {
			err = -ENOMEM;
			delta = 0;
		}
	}
	h->resv_huge_pages += delta;
	/* A surplus page that is free is there for a reservation, or for nothing. */
	while (h->surplus_huge_pages && h->free_huge_pages > h->resv_huge_pages) {
		h->surplus_huge_pages--;
		free_pool_huge_page(h);
	}
	spin_unlock_irq(&hugetlb_lock);
	return err;
}

/* ------------------------------------------------------------------ its size */

/* Makes the pool @count pages, as far as there is memory, and as far as they are not in use. */
static void set_max_huge_pages(struct hstate *h, unsigned long count)
{
	struct page *page;

	mutex_lock(&resize_lock);
	spin_lock_irq(&hugetlb_lock);
	while (h->surplus_huge_pages && count > persistent_huge_pages(h))
		h->surplus_huge_pages--;
	while (count > persistent_huge_pages(h) && !signal_pending(current)) {
		spin_unlock_irq(&hugetlb_lock);
		page = alloc_fresh_huge_page();
		cond_resched();
		spin_lock_irq(&hugetlb_lock);
		if (!page)
			break;
		set_page_count(page, 0);
		h->nr_huge_pages++;
		enqueue_huge_page(h, page);
	}
	while (count < persistent_huge_pages(h) && h->free_huge_pages > h->resv_huge_pages)
		free_pool_huge_page(h);
	if (count < persistent_huge_pages(h))
		h->surplus_huge_pages = h->nr_huge_pages - count;
	h->max_huge_pages = persistent_huge_pages(h);
	spin_unlock_irq(&hugetlb_lock);
	mutex_unlock(&resize_lock);
}

static int hugetlb_sysctl_handler(struct ctl_table *table, int write, void *buffer, size_t *length, loff_t *ppos)
{
	unsigned long count = READ_ONCE(default_hstate.max_huge_pages);
	struct ctl_table dup = *table;
	int ret;

	dup.data = &count;
	ret = proc_doulongvec_minmax(&dup, write, buffer, length, ppos);
	if (!ret && write)
		set_max_huge_pages(&default_hstate, count);
	return ret;
}

static struct ctl_table hugetlb_table[] = {
	{ "nr_hugepages", NULL, sizeof(unsigned long), 0644, hugetlb_sysctl_handler, NULL, NULL },
	{ "nr_overcommit_hugepages", &default_hstate.nr_overcommit_huge_pages, sizeof(unsigned long), 0644,
	  proc_doulongvec_minmax, NULL, NULL },
	{ }
};

/* ------------------------------------------------------------------ the command line */

/* What hugepages= is about, by the hugepagesz= before it: a size that there is. */
static bool parsed_valid_hugepagesz __initdata = true;
static unsigned long hugepages_wanted __initdata;

static int __init hugepages_setup(char *s)
{
	if (!parsed_valid_hugepagesz)
		pr_warn("HugeTLB: hugepages=%s is of a size that there is not\n", s);
	else if (kstrtoul(s, 0, &hugepages_wanted))
		pr_warn("HugeTLB: Invalid hugepages parameter %s\n", s);
	return 1;
}
__setup("hugepages=", hugepages_setup);

static int __init hugepagesz_setup(char *s)
{
	parsed_valid_hugepagesz = memparse(s, NULL) == HPAGE_SIZE;
	if (!parsed_valid_hugepagesz)
		pr_warn("HugeTLB: unsupported hugepagesz=%s\n", s);
	return 1;
}
__setup("hugepagesz=", hugepagesz_setup);

static int __init hugetlb_init(void)
{
	struct hstate *h = &default_hstate;

	if (!hugepages_wanted)
		return 0;
	set_max_huge_pages(h, hugepages_wanted);
	pr_info("HugeTLB: %lu of %lu huge pages of 2 MiB are set aside\n", h->max_huge_pages, hugepages_wanted);
	return 0;
}
subsys_initcall(hugetlb_init);

static int __init hugetlb_sysctl_init(void)
{
	register_sysctl_init("vm", hugetlb_table);
	return 0;
}
device_initcall(hugetlb_sysctl_init);

/* ------------------------------------------------------------------ windows */

/** hugetlb_total_pages - the whole pool in frames of 4 KiB, which nobody else can have */
unsigned long hugetlb_total_pages(void)
{
	return READ_ONCE(default_hstate.nr_huge_pages) << HUGETLB_PAGE_ORDER;
}

/** hugetlb_report_meminfo - its lines of /proc/meminfo */
void hugetlb_report_meminfo(struct seq_file *m)
{
	struct hstate h;

	spin_lock_irq(&hugetlb_lock);
	h = default_hstate;
	spin_unlock_irq(&hugetlb_lock);
	seq_printf(m, "HugePages_Total:   %5lu\nHugePages_Free:    %5lu\nHugePages_Rsvd:    %5lu\n"
		   "HugePages_Surp:    %5lu\nHugepagesize:   %8lu kB\nHugetlb:        %8lu kB\n",
		   h.nr_huge_pages, h.free_huge_pages, h.resv_huge_pages, h.surplus_huge_pages, HPAGE_SIZE >> 10,
		   h.nr_huge_pages << (HPAGE_SHIFT - 10));
}

/** hugetlb_show_meminfo - its line in the report of show_mem(); any context, hence without the lock */
void hugetlb_show_meminfo(void)
{
	const struct hstate *h = &default_hstate;

	if (h->nr_huge_pages)
		pr_warn("Node 0 hugepages_total=%lu hugepages_free=%lu hugepages_surp=%lu hugepages_size=%lukB\n",
			h->nr_huge_pages, h->free_huge_pages, h->surplus_huge_pages, HPAGE_SIZE >> 10);
}
