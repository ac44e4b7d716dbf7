// SPDX-License-Identifier: MIT
/*
 * Reclaim: making free pages out of pages that somebody can do without.
 *
 * Callers: kswapd, a thread that is woken when free memory falls below the low watermark and frees
 * until it is above the high one; the page allocator, when memory falls below the min mark all the same
 * (try_to_free_pages()): direct reclaim.
 *
 * Pages are taken from the inactive lists (mm/swap.c): which, the policy in force says
 * (<linux/reclaim_policy.h>). What happens to one that may go: mapped - out of the page tables; dirty - it is written, and
 * cannot go now; clean - off its file, and free. Other caches (dentries, inodes) are asked through their
 * shrinkers in proportion.
 *
 * Locking: a page is taken off its list under lru_lock, with a reference, and is ours until it is put
 * back. Then its lock is tried: who holds it may be waiting for memory. The order of the other locks
 * stands in mm/rmap.c.
 */
#include <linux/backing-dev.h>
#include <linux/huge_mm.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm_inline.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/reclaim_policy.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/vmstat.h>
#include <linux/wait.h>
#include <linux/writeback.h>
#include "internal.h"

#define DEF_PRIORITY		12
#define MAX_KSWAPD_FAILURES	16
#define OBJS_PER_PAGE		20	/* dentries */

struct scan_control {
	gfp_t		gfp_mask;
	int		priority;	/* a list's 1 / 2^priority is looked at in one round */
	unsigned long	nr_to_reclaim;	/* enough */
	unsigned long	nr_scanned, nr_reclaimed;
	unsigned long	nr_dirty, nr_writeback;	/* of this round: pages that have to be written first */
	bool		wait;			/* for what has to be written first */
	bool		ignore_references;	/* also what was used just now */
};

/* ------------------------------------------------------------------ taking pages, putting them back */

/**
 * isolate_lru_folios - takes up to @nr pages off a list, each with a reference
 * @pick: names the next one; lru_rear() or what a policy has
 * @dst: the list they go to
 *
 * Returns how many. One whose count is 0 is being freed by somebody who waits for lru_lock: it goes to the
 * front, out of the way.
 */
unsigned long isolate_lru_folios(struct lruvec *lruvec, enum lru_list lru, unsigned long nr,
				 lru_pick_t *pick, struct list_head *dst)
{
	spinlock_t *lru_lock = &folio_lruvec(NULL)->lru_lock;
	unsigned long taken = 0;
	struct folio *folio;

	spin_lock_irq(lru_lock);
	while (nr && (folio = pick(lruvec, lru))) {
		const unsigned long pages = folio_nr_pages(folio);

		nr -= min(nr, pages);
		if (!folio_try_get(folio)) {
			list_move(&folio->lru, lruvec_list(lruvec, lru));
			continue;
		}
		folio_clear_lru(folio);
		lruvec->nr[folio_lru_list(folio)] -= pages;
		list_move(&folio->lru, dst);
		taken += pages;
	}
	spin_unlock_irq(lru_lock);
	return taken;
}

/* Back to the fronts of the lists that their flags name, and the references dropped. */
void move_folios_to_lru(struct list_head *list)
{
	struct folio *folio, *next;

	list_for_each_entry_safe(folio, next, list, lru)
		folio_putback_lru(folio);
}

/* ------------------------------------------------------------------ one page */

/*
 * Takes a page off its file for good, if nobody but the file and us has a reference: the count goes
 * from 2 to 0 under the lock that every lookup takes. False when somebody has, or it became dirty.
 */
static bool remove_mapping(struct address_space *mapping, struct folio *folio)
{
	void (*free_folio)(struct folio *) = mapping->a_ops->free_folio;
	const bool swapcache = folio_test_swapcache(folio);
	const swp_entry_t entry = folio_swap_entry(folio);

	xa_lock_irq(&mapping->i_pages);
	if (atomic_cmpxchg(&folio->_refcount, 2, 0) != 2)
		goto busy;
	/*
	 * The count first, then PG_dirty: who had a reference may have made it dirty before giving
	 * the reference back.
	 */
	if (unlikely(folio_test_dirty(folio))) {
		atomic_set_release(&folio->_refcount, 2);
		goto busy;
	}
	if (swapcache) {
		__delete_from_swap_cache(folio, entry);
		xa_unlock_irq(&mapping->i_pages);
		put_swap_folio(entry);
		return true;
	}
	__filemap_remove_folio(folio, NULL);
	xa_unlock_irq(&mapping->i_pages);
	if (free_folio)
		free_folio(folio);
	return true;
busy:
	xa_unlock_irq(&mapping->i_pages);
	return false;
}

/*
 * Tries to free one page. True when it is free, and gone; false when it is to be put back. A huge page is split
 * first; the other pages that it becomes go to @list.
 */
static bool shrink_folio(struct folio *folio, struct list_head *list, struct scan_control *sc)
{
	struct address_space *mapping;
	bool swapcache, lazyfree;

again:
	if (!folio_trylock(folio))
		return false;
	if (folio_test_writeback(folio)) {
		sc->nr_writeback++;
		if (!sc->wait)
			goto keep;
		folio_wait_writeback(folio);
	}
	if (reclaim_policy->references && !sc->ignore_references) {
		switch (reclaim_policy->references(folio)) {
		case FOLIOREF_ACTIVATE:
			goto activate;
		case FOLIOREF_KEEP:
			goto keep;
		case FOLIOREF_RECLAIM:
			break;
		}
	}
	/* Part of a huge page that was split, and nobody's: putting it back frees it. */
	if (folio_test_anon(folio) && !folio_mapped(folio) && folio_ref_count(folio) == 1)
		goto keep;
	if (folio_test_large(folio) && (!(sc->gfp_mask & __GFP_IO) || get_nr_swap_pages() <= 0 ||
					split_folio_to_list(folio, list)))
		goto activate;
	/* An anonymous page needs a slot in a swap area, unless it was given up: then it is just dropped. */
	lazyfree = folio_test_anon(folio) && !folio_test_swapbacked(folio);
	if (folio_test_anon(folio) && !lazyfree && !folio_test_swapcache(folio) &&
	    (!(sc->gfp_mask & __GFP_IO) || !add_to_swap(folio)))
		goto activate;
	swapcache = folio_test_swapcache(folio);
	mapping = swapcache ? swap_address_space(folio_swap_entry(folio)) : folio_mapping(folio);
	if (!mapping && !lazyfree)
		goto keep;		/* truncated: dropping the reference frees it */
	if (folio_mapped(folio)) {
		try_to_unmap(folio, 0);
		if (folio_mapped(folio))
			goto activate;
	}
	if (lazyfree) {
		/* Its PTEs were clean when they went; who still has a reference does not lose it. */
		if (atomic_cmpxchg(&folio->_refcount, 1, 0) != 1)
			goto keep;
		count_vm_event(PGLAZYFREED);
		goto free_it;
	}
	if (folio_test_dirty(folio)) {
		if (!folio_test_swapbacked(folio)) {
			sc->nr_dirty++;
			goto keep;
		}
		/* Written only if it can go then: nobody but the cache and us has a reference. */
		if (!(sc->gfp_mask & (swapcache ? __GFP_IO : __GFP_FS)) || folio_ref_count(folio) != 2)
			goto keep;
		folio_clear_dirty(folio);
		folio_set_reclaim(folio);
		if (swapcache)
			swap_writepage(folio);
		else if (!shmem_writepage(folio))
			goto activate;
		sc->nr_writeback++;
		if (!sc->wait)
			return false;
		folio_wait_writeback(folio);
		goto again;
	}
	if (folio_test_private(folio) && !filemap_release_folio(folio, sc->gfp_mask))
		goto keep;
	if (!remove_mapping(mapping, folio))
		goto keep;
free_it:
	__folio_clear_locked(folio);
	folio_clear_active(folio);
	folio->lruvec = NULL;
	__put_page(folio_page(folio, 0));
	return true;

activate:
	if (reclaim_policy->age && !folio_test_active(folio)) {
		folio_set_active(folio);
		count_vm_event(PGACTIVATE);
	}
keep:
	folio_unlock(folio);
	return false;
}

/* Tries all of a list; returns how many are free. Those left are to be put back. */
static unsigned long shrink_folio_list(struct list_head *list, struct scan_control *sc)
{
	struct folio *folio, *next;
	unsigned long freed = 0;
	LIST_HEAD(keep);

	list_for_each_entry_safe(folio, next, list, lru) {
		list_del(&folio->lru);
		if (shrink_folio(folio, list, sc))
			freed++;
		else
			list_add(&folio->lru, &keep);
		cond_resched();
	}
	list_splice(&keep, list);
	return freed;
}

/**
 * reclaim_pages - frees pages whatever their use
 * @folio_list: off the LRU lists, with a reference each; all are put back or freed
 */
unsigned long reclaim_pages(struct list_head *folio_list)
{
	struct scan_control sc = { .gfp_mask = GFP_KERNEL, .ignore_references = true };
	unsigned long freed = shrink_folio_list(folio_list, &sc);

	move_folios_to_lru(folio_list);
	return freed;
}

/* ------------------------------------------------------------------ the lists */

static void shrink_inactive_list(struct lruvec *lruvec, enum lru_list lru, unsigned long nr,
				 struct scan_control *sc)
{
	const bool kswapd = current_is_kswapd(), file = lru >= LRU_FILE;
	unsigned long freed;
	LIST_HEAD(batch);

	lru_add_drain();
	nr = isolate_lru_folios(lruvec, lru, nr, reclaim_policy->victim, &batch);
	freed = shrink_folio_list(&batch, sc);
	move_folios_to_lru(&batch);
	sc->nr_scanned += nr;
	sc->nr_reclaimed += freed;
	count_vm_events(kswapd ? PGSCAN_KSWAPD : PGSCAN_DIRECT, nr);
	count_vm_events(file ? PGSCAN_FILE : PGSCAN_ANON, nr);
	count_vm_events(kswapd ? PGSTEAL_KSWAPD : PGSTEAL_DIRECT, freed);
	count_vm_events(file ? PGSTEAL_FILE : PGSTEAL_ANON, freed);
}

/* One round over the pair of lists that begins with @lru. */
static void shrink_list_pair(struct lruvec *lruvec, enum lru_list lru, struct scan_control *sc)
{
	unsigned long scan = max(lruvec_list_nr(lruvec, lru) >> sc->priority, SWAP_CLUSTER_MAX);

	if (reclaim_policy->age)
		reclaim_policy->age(lruvec, lru, sc->priority);
	while (scan && sc->nr_reclaimed < sc->nr_to_reclaim) {
		const unsigned long nr = min3(scan, SWAP_CLUSTER_MAX, sc->nr_to_reclaim - sc->nr_reclaimed);

		shrink_inactive_list(lruvec, lru, nr, sc);
		scan -= nr;
		cond_resched();
	}
}

/* One round over everything. Returns how many objects of other caches were freed. */
static unsigned long shrink_node(struct scan_control *sc)
{
	struct lruvec *lruvec;

	sc->nr_dirty = sc->nr_writeback = 0;
	for_each_lruvec(lruvec) {
		if (lruvec != folio_lruvec(NULL)) {
			shrink_list_pair(lruvec, LRU_INACTIVE_ANON, sc);
			continue;
		}
		shrink_list_pair(lruvec, LRU_INACTIVE_FILE, sc);
		if (get_nr_swap_pages() > 0 || global_node_page_state(NR_SWAPCACHE))
			shrink_list_pair(lruvec, LRU_INACTIVE_ANON, sc);
	}
	return shrink_slab(sc->gfp_mask, 0, sc->priority);
}

/*
 * Dentries and inodes that were freed are memory only after a grace period: if they are enough for now it is waited
 * for, rather than that more and more are freed. Sleeps, which on one CPU is also what lets the grace period end.
 */
static bool wait_for_freed_objects(unsigned long objects)
{
	if (objects < SWAP_CLUSTER_MAX * OBJS_PER_PAGE)
		return false;
	rcu_barrier();
	return true;
}

/*
 * After a round that freed too little. Pages that are being written will be free soon: wait for some,
 * if the caller may. Who has not __GFP_FS may hold pages under write-back that he has yet to submit.
 */
static void reclaim_throttle(struct scan_control *sc)
{
	if (sc->nr_dirty)
		wakeup_flusher_threads(WB_REASON_VMSCAN);
	if ((sc->nr_dirty || sc->nr_writeback) && (sc->gfp_mask & __GFP_FS))
		writeback_wait_some();
}

/* ------------------------------------------------------------------ direct reclaim */

/**
 * try_to_free_pages - makes pages free for an allocation that found none
 * @order: of the allocation; more than single pages are not aimed at
 * @gfp_mask: what the allocation may do
 *
 * Returns how much was freed, in pages and objects of other caches; 0 means that trying again is
 * useless. May sleep.
 */
unsigned long try_to_free_pages(unsigned int order, gfp_t gfp_mask)
{
	struct scan_control sc = { .gfp_mask = gfp_mask, .nr_to_reclaim = SWAP_CLUSTER_MAX };
	const unsigned int memalloc = current->flags & PF_MEMALLOC;
	unsigned long objects = 0;

	if (!gfpflags_allow_blocking(gfp_mask))
		return 0;
	/* What is allocated on the way to freeing may use the reserves, and does not come back here. */
	current->flags |= PF_MEMALLOC;
	for (sc.priority = DEF_PRIORITY; sc.priority >= 0; sc.priority--) {
		objects += shrink_node(&sc);
		if (sc.nr_reclaimed >= sc.nr_to_reclaim || wait_for_freed_objects(objects))
			break;
		reclaim_throttle(&sc);
	}
	current->flags = (current->flags & ~PF_MEMALLOC) | memalloc;
	/* Somebody got on: kswapd may, too. */
	if (sc.nr_reclaimed)
		WRITE_ONCE(contig_page_data.kswapd_failures, 0);
	return sc.nr_reclaimed + objects;
}

/**
 * shrink_lruvec_to_limit - before a process with a limit gets another frame (rss_make_room())
 * @lruvec: its lists; one page less than the limit stays there, if the others can go
 *
 * May sleep, if gfp_mask allows it.
 */
void shrink_lruvec_to_limit(struct lruvec *lruvec, gfp_t gfp_mask)
{
	struct scan_control sc = {
		.gfp_mask = gfp_mask, .priority = DEF_PRIORITY, .wait = !(~gfp_mask & (__GFP_IO | __GFP_FS)),
	};

	if ((current->flags & PF_MEMALLOC) || !gfpflags_allow_blocking(gfp_mask))
		return;
	lru_add_drain();
	current->flags |= PF_MEMALLOC;
	while (sc.priority >= 0 && lruvec_list_nr(lruvec, LRU_INACTIVE_ANON) +
				   lruvec_list_nr(lruvec, LRU_ACTIVE_ANON) >= READ_ONCE(lruvec->limit)) {
		sc.nr_to_reclaim = sc.nr_reclaimed + 1;
		sc.nr_dirty = sc.nr_writeback = 0;
		shrink_list_pair(lruvec, LRU_INACTIVE_ANON, &sc);
		if (sc.nr_reclaimed == sc.nr_to_reclaim)
			continue;
		reclaim_throttle(&sc);
		sc.priority--;
	}
	current->flags &= ~PF_MEMALLOC;
}

/* ------------------------------------------------------------------ kswapd */

static bool pgdat_balanced(void)
{
	return READ_ONCE(contig_zone.nr_free_pages) >= high_wmark_pages(&contig_zone);
}

/* Frees until the high mark is reached, or nothing helps. */
static void balance_pgdat(pg_data_t *pgdat)
{
	struct scan_control sc = { .gfp_mask = GFP_KERNEL, .priority = DEF_PRIORITY };
	unsigned long objects = 0;

	count_vm_event(PAGEOUTRUN);
	while (!pgdat_balanced() && sc.priority > 0) {
		const unsigned long before = sc.nr_reclaimed;
		unsigned long freed;
		bool enough;

		sc.nr_to_reclaim = before + max(high_wmark_pages(&contig_zone), SWAP_CLUSTER_MAX);
		freed = shrink_node(&sc);
		objects += freed;
		enough = wait_for_freed_objects(freed) || sc.nr_reclaimed - before >= SWAP_CLUSTER_MAX;
		/* Single frames may lie in CPUs' lists, where the watermarks do not count them. */
		if (freed || sc.nr_reclaimed > before)
			drain_all_pages();
		if (!pgdat_balanced())
			reclaim_throttle(&sc);
		/* A round that got enough is repeated at the same depth. */
		if (!enough)
			sc.priority--;
	}
	if (sc.nr_reclaimed || objects || pgdat_balanced())
		WRITE_ONCE(pgdat->kswapd_failures, 0);
	else
		WRITE_ONCE(pgdat->kswapd_failures, pgdat->kswapd_failures + 1);
}

static int kswapd(void *p)
{
	pg_data_t *pgdat = p;

	/* It frees more than it takes: it may use the reserves, and never waits for itself. */
	current->flags |= PF_MEMALLOC | PF_KSWAPD;
	for (;;) {
		wait_event_idle(pgdat->kswapd_wait, READ_ONCE(pgdat->kswapd_wanted));
		/* First, so that who finds little memory from here on wakes it again. */
		WRITE_ONCE(pgdat->kswapd_wanted, false);
		balance_pgdat(pgdat);
	}
	return 0;
}

/**
 * wakeup_kswapd - memory is below the low mark; from any context that may allocate
 *
 * After 16 rounds without a page it is let sleep: from then on who wants memory finds out for
 * himself, and if he frees some it is woken again.
 */
void wakeup_kswapd(struct zone *zone, gfp_t gfp_mask, int order)
{
	pg_data_t *pgdat = &contig_page_data;

	if (!pgdat->kswapd || READ_ONCE(pgdat->kswapd_wanted) ||
	    READ_ONCE(pgdat->kswapd_failures) >= MAX_KSWAPD_FAILURES)
		return;
	WRITE_ONCE(pgdat->kswapd_wanted, true);
	wake_up(&pgdat->kswapd_wait);
}

static int __init kswapd_init(void)
{
	struct task_struct *task = kthread_run(kswapd, &contig_page_data, "kswapd0");

	if (IS_ERR(task))
		panic("cannot start kswapd: %ld", PTR_ERR(task));
	contig_page_data.kswapd = task;
	return 0;
}
subsys_initcall(kswapd_init);
