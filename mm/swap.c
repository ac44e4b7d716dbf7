// SPDX-License-Identifier: MIT
/*
 * The LRU lists: pages in the order of their use. What reclaim (mm/vmscan.c) takes pages from.
 *
 * Callers: faults and the page cache when a page is new or used, the allocator when one is freed.
 *
 *	new ──> batch of this CPU ──> inactive list ──> reclaim looks at its rear
 *	                                  │   ^
 *	                       used again v   │ not used lately
 *	                               active list
 *
 * There is a pair of lists for anonymous pages and one for those of files, and pages that cannot go
 * (PG_unevictable) are only counted. A page of a file that is read once stays on the inactive list; only
 * a second use makes it active, so a large copy does not push out what is in use.
 *
 * A page is on a list (PG_lru) until its last reference goes, or somebody takes it off to work on it.
 * The list holds no reference: whoever finds a page there gets one by folio_try_get(), and leaves the
 * page alone if it is being freed just now, by somebody who waits for lru_lock.
 *
 * New pages come one by one and would take lru_lock each time: so they wait, with a reference, in a
 * batch of their CPU, and 15 go to the lists under one taking. A page in a batch has one reference more
 * than its users gave it; who counts references calls lru_add_drain() first.
 *
 * Locking: lru_lock guards the lists, and PG_lru, PG_active and PG_unevictable of the pages there. It
 * nests inside everything but zone->lock; interrupts are off, for they may drop a last reference. A
 * batch is its CPU's, with interrupts off. What is locked in memory: mm/mlock.c.
 */
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/percpu.h>
#include <linux/reclaim_policy.h>
#include <linux/smp.h>
#include <linux/swap.h>
#include "internal.h"

struct pglist_data contig_page_data = {
	.__lruvec = {
		.lru_lock = __SPIN_LOCK_UNLOCKED(contig_page_data.__lruvec.lru_lock),
		.lists = {
#define LRU_LIST(lru)	[lru] = LIST_HEAD_INIT(contig_page_data.__lruvec.lists[lru])
			LRU_LIST(LRU_INACTIVE_ANON), LRU_LIST(LRU_ACTIVE_ANON),
			LRU_LIST(LRU_INACTIVE_FILE), LRU_LIST(LRU_ACTIVE_FILE),
			LRU_LIST(LRU_UNEVICTABLE),
		},
	},
	.kswapd_wait = __WAIT_QUEUE_HEAD_INITIALIZER(contig_page_data.kswapd_wait),
};

static DEFINE_PER_CPU(struct folio_batch, lru_add);

/* ------------------------------------------------------------------ new pages */

/* This CPU's batch to the lists. Interrupts are off. */
static noinline void lru_add_batch(struct folio_batch *fbatch)
{
	struct lruvec *lruvec = folio_lruvec(NULL);
	unsigned int i, nr = fbatch->nr;

	spin_lock(&lruvec->lru_lock);
	for (i = 0; i < nr; i++) {
		struct folio *folio = fbatch->folios[i];

		folio_set_lru(folio);
		lruvec_add_folio(lruvec, folio);
	}
	spin_unlock(&lruvec->lru_lock);
	fbatch->nr = 0;
	for (i = 0; i < nr; i++)
		folio_put(fbatch->folios[i]);
}

/* By itself, so that the usual case needs no stack. */
static noinline void lru_add_full(struct folio_batch *fbatch, unsigned long flags)
{
	lru_add_batch(fbatch);
	local_irq_restore(flags);
}

/** folio_add_lru - a new page; the caller has a reference */
void folio_add_lru(struct folio *folio)
{
	struct folio_batch *fbatch;
	unsigned long flags;

	folio_get(folio);
	if (unlikely(nr_rss_limits))
		folio->lruvec = current_lruvec();
	local_irq_save(flags);
	fbatch = this_cpu_ptr(&lru_add);
	/* One of a process with a limit counts at once: in a batch it would not, once the process is on another CPU. */
	if (unlikely(!folio_batch_add(fbatch, folio) || folio->lruvec)) {
		lru_add_full(fbatch, flags);
		return;
	}
	local_irq_restore(flags);
}

/** lru_add_drain - what waits in this CPU's batch goes to the lists now */
void lru_add_drain(void)
{
	struct folio_batch *fbatch;
	unsigned long flags;

	local_irq_save(flags);
	fbatch = this_cpu_ptr(&lru_add);
	if (fbatch->nr)
		lru_add_batch(fbatch);
	local_irq_restore(flags);
}

static void drain_this_cpu(void *unused)
{
	lru_add_drain();
	invalidate_bh_lrus_cpu();
}

/** lru_add_drain_all - the same on all CPUs, and buffers that they keep at hand are let go; sleeps */
void lru_add_drain_all(void)
{
	on_each_cpu(drain_this_cpu, NULL, 1);
}

/* ------------------------------------------------------------------ used pages */

/* Not on a list: if it waits in this CPU's batch it can be made active there. Others' are let be. */
static void lru_add_activate(struct folio *folio)
{
	struct folio_batch *fbatch;
	unsigned long flags;
	int i;

	local_irq_save(flags);
	fbatch = this_cpu_ptr(&lru_add);
	for (i = fbatch->nr - 1; i >= 0; i--) {
		if (fbatch->folios[i] == folio) {
			folio_set_active(folio);
			break;
		}
	}
	local_irq_restore(flags);
}

/** folio_activate - to the active list, or there as soon as it leaves this CPU's batch */
void folio_activate(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	if (!folio_test_lru(folio)) {
		lru_add_activate(folio);
		return;
	}
	spin_lock_irqsave(&lruvec->lru_lock, flags);
	if (folio_test_lru(folio) && !folio_test_active(folio) && !folio_test_unevictable(folio)) {
		lruvec_del_folio(lruvec, folio);
		folio_set_active(folio);
		lruvec_add_folio(lruvec, folio);
		count_vm_event(PGACTIVATE);
	}
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

/** folio_mark_accessed - a system call uses the page: the policy may want to know */
void folio_mark_accessed(struct folio *folio)
{
	if (reclaim_policy->accessed)
		reclaim_policy->accessed(folio);
}

void mark_page_accessed(struct page *page)
{
	folio_mark_accessed(page_folio(page));
}

/** deactivate_page - its owner will not use it soon (MADV_COLD): an active page is inactive again */
void deactivate_page(struct page *page)
{
	struct folio *folio = page_folio(page);
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	spin_lock_irqsave(&lruvec->lru_lock, flags);
	if (folio_test_lru(folio) && folio_test_active(folio) && !folio_test_unevictable(folio)) {
		lruvec_del_folio(lruvec, folio);
		folio_clear_active(folio);
		folio_clear_referenced(folio);
		lruvec_add_folio(lruvec, folio);
		count_vm_event(PGDEACTIVATE);
	}
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

/**
 * mark_page_lazyfree - its owner can do without what is in an anonymous page (MADV_FREE)
 *
 * It joins the pages of files, which may be dropped when they are clean. PG_swapbacked tells it from
 * other anonymous pages; reclaim sets that again when it finds that the page was written after all.
 */
void mark_page_lazyfree(struct page *page)
{
	struct folio *folio = page_folio(page);
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	spin_lock_irqsave(&lruvec->lru_lock, flags);
	if (folio_test_lru(folio) && folio_test_anon(folio) && folio_test_swapbacked(folio) &&
	    !folio_test_swapcache(folio) && !folio_test_unevictable(folio)) {
		lruvec_del_folio(lruvec, folio);
		folio_clear_active(folio);
		folio_clear_referenced(folio);
		folio_clear_swapbacked(folio);
		lruvec_add_folio(lruvec, folio);
		count_vm_event(PGLAZYFREE);
	}
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

/** folio_rotate_reclaimable - a page that reclaim had written is next to be freed; any context */
void folio_rotate_reclaimable(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	spin_lock_irqsave(&lruvec->lru_lock, flags);
	if (folio_test_lru(folio) && !folio_test_active(folio) && !folio_test_unevictable(folio)) {
		list_move_tail(&folio->lru, folio_list(folio));
		count_vm_event(PGROTATED);
	}
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

/* ------------------------------------------------------------------ taking off, and back */

/**
 * folio_isolate_lru - takes a page off its list, to work on it; the caller has a reference
 *
 * 0, and there is one reference more; -EBUSY: it is on no list, somebody else has it in hand.
 */
int folio_isolate_lru(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);
	int ret = -EBUSY;

	spin_lock_irq(&lruvec->lru_lock);
	if (folio_test_lru(folio)) {
		folio_get(folio);
		folio_clear_lru(folio);
		lruvec_del_folio(lruvec, folio);
		ret = 0;
	}
	spin_unlock_irq(&lruvec->lru_lock);
	return ret;
}

/** folio_putback_lru - and back to the front of the list that its flags name; drops the reference */
void folio_putback_lru(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);

	spin_lock_irq(&lruvec->lru_lock);
	folio_set_lru(folio);
	lruvec_add_folio(lruvec, folio);
	spin_unlock_irq(&lruvec->lru_lock);
	folio_put(folio);
}

/* The last reference of a page on a list is gone. lru_lock is held. */
static __always_inline void lruvec_free_folio(struct lruvec *lruvec, struct folio *folio)
{
	struct lruvec *own = folio->lruvec;

	if (unlikely(own)) {
		lruvec = own;
		folio->lruvec = NULL;
	}
	__lruvec_del_folio(lruvec, folio);
	/* Nobody else can see it any more. */
	folio->flags &= ~(1UL << PG_lru | 1UL << PG_active | 1UL << PG_unevictable);
}

/* The same for one, from __put_page(). */
void __page_cache_release(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	spin_lock_irqsave(&lruvec->lru_lock, flags);
	lruvec_free_folio(lruvec, folio);
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

/**
 * release_pages - drop a reference to each of many pages
 * @pages: none of them a tail. The array is used up: those that can be freed move to its front
 *
 * The same as put_page() in a loop, but lru_lock and this CPU's list of frames are locked once for all of
 * them: for unmapping, which frees them by the dozen.
 */
void release_pages(struct page **pages, unsigned int nr)
{
	struct lruvec *lruvec = NULL;
	unsigned int i, n = 0;
	unsigned long flags;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];
		struct folio *folio = (struct folio *)page;

		if (!folio_put_testzero(folio))
			continue;
		if (PageLRU(page)) {
			if (!lruvec) {
				lruvec = folio_lruvec(folio);
				spin_lock_irqsave(&lruvec->lru_lock, flags);
			}
			lruvec_free_folio(lruvec, folio);
		}
		pages[n++] = page;
	}
	if (lruvec)
		spin_unlock_irqrestore(&lruvec->lru_lock, flags);
	if (n)
		free_unref_page_list(pages, n);
}
EXPORT_SYMBOL(release_pages);
