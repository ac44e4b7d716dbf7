// SPDX-License-Identifier: MIT
/*
 * Reclaim: making free pages out of pages that files can do without.
 *
 * Callers: the page allocator when it has nothing left (try_to_free_pages()); the page cache when a
 * page enters, leaves or is used.
 *
 * Pages of files are on two lists. A new page enters the inactive one, at the front. At its second
 * use while there it moves to the active one; a page that is read once and never again does not, so a
 * large copy does not push out what is in use. Reclaim takes from the rear of the inactive list, and
 * when that is the shorter one moves pages over from the rear of the active list, except those that
 * were used since it last came by: a second chance, by PG_referenced and the access flag of PTEs.
 *
 * What reclaim does with a page from the rear: used meanwhile - back to the front; mapped - out of the
 * page tables; dirty - the flusher is told, it cannot go now; clean - off its file, and free. Other
 * caches (dentries, inodes) are asked through their shrinkers in proportion.
 *
 * A page is on a list exactly while it belongs to a file, or reclaim has it in hand. Taking a page
 * off its file clears folio->mapping first and takes it off the list (lru_lock) after; reclaim puts
 * back under lru_lock a page whose mapping is still set. Whichever comes first, no page without a
 * file stays on a list, and so put_page() need not look.
 *
 * Locking: lru_lock guards the lists, PG_lru and PG_active; it nests inside everything and is not
 * taken in interrupts.
 */
#include <linux/backing-dev.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <linux/writeback.h>

enum { LRU_INACTIVE, LRU_ACTIVE, NR_LRU_LISTS };

static DEFINE_SPINLOCK(lru_lock);
static struct list_head lru_lists[NR_LRU_LISTS] = {
	LIST_HEAD_INIT(lru_lists[LRU_INACTIVE]), LIST_HEAD_INIT(lru_lists[LRU_ACTIVE]),
};

static const enum node_stat_item lru_stat[NR_LRU_LISTS] = { NR_INACTIVE_FILE, NR_ACTIVE_FILE };

/* ------------------------------------------------------------------ the lists */

/* lru_lock held for all three */
static void lru_add(struct folio *folio)
{
	const int lru = folio_test_active(folio) ? LRU_ACTIVE : LRU_INACTIVE;

	folio_set_lru(folio);
	list_add(&folio->lru, &lru_lists[lru]);
	node_stat_mod_folio(folio, lru_stat[lru], 1);
}

static void lru_del(struct folio *folio)
{
	const int lru = folio_test_active(folio) ? LRU_ACTIVE : LRU_INACTIVE;

	lockdep_assert_held(&lru_lock);
	folio_clear_lru(folio);
	list_del(&folio->lru);
	node_stat_mod_folio(folio, lru_stat[lru], -1);
}

static void lru_putback(struct folio *folio)
{
	if (READ_ONCE(folio->mapping))
		lru_add(folio);
	else
		folio_clear_active(folio);
}

/** folio_add_lru - a page has entered a file */
void folio_add_lru(struct folio *folio)
{
	spin_lock(&lru_lock);
	lru_add(folio);
	spin_unlock(&lru_lock);
}

/** lru_cache_del_folio - a page has left its file; folio->mapping is NULL already */
void lru_cache_del_folio(struct folio *folio)
{
	spin_lock(&lru_lock);
	if (folio_test_lru(folio)) {
		lru_del(folio);
		folio_clear_active(folio);
	}
	spin_unlock(&lru_lock);
}

static void folio_activate(struct folio *folio)
{
	spin_lock(&lru_lock);
	if (folio_test_lru(folio) && !folio_test_active(folio)) {
		lru_del(folio);
		folio_set_active(folio);
		lru_add(folio);
		count_vm_event(PGACTIVATE);
	}
	spin_unlock(&lru_lock);
}

/** folio_mark_accessed - the page is used; the second time it becomes active */
void folio_mark_accessed(struct folio *folio)
{
	if (!folio_test_referenced(folio)) {
		folio_set_referenced(folio);
	} else if (!folio_test_active(folio) && folio_test_lru(folio)) {
		folio_activate(folio);
		folio_clear_referenced(folio);
	}
}

void mark_page_accessed(struct page *page)
{
	folio_mark_accessed(page_folio(page));
}

/* ------------------------------------------------------------------ shrinkers */

/* Held for reading while shrinkers are asked. */
static DECLARE_RWSEM(shrinker_rwsem);
static LIST_HEAD(shrinker_list);

#define SHRINK_BATCH	128

/**
 * register_shrinker - from now on reclaim asks @shrinker; always returns 0
 * @shrinker: its two functions are set; it stays where it is until unregister_shrinker()
 * @fmt: its name
 */
int register_shrinker(struct shrinker *shrinker, const char *fmt, ...)
{
	shrinker->name = fmt;
	down_write(&shrinker_rwsem);
	list_add_tail(&shrinker->list, &shrinker_list);
	up_write(&shrinker_rwsem);
	return 0;
}

void unregister_shrinker(struct shrinker *shrinker)
{
	down_write(&shrinker_rwsem);
	list_del(&shrinker->list);
	up_write(&shrinker_rwsem);
}

/* Asks one cache for its share: objects >> priority, weighted by how dear they are. */
static unsigned long do_shrink_slab(struct shrinker *shrinker, gfp_t gfp_mask, int priority)
{
	const long batch = shrinker->batch ? shrinker->batch : SHRINK_BATCH;
	struct shrink_control sc = { .gfp_mask = gfp_mask };
	unsigned long freeable, total, freed = 0;

	freeable = shrinker->count_objects(shrinker, &sc);
	if (freeable == 0 || freeable == SHRINK_EMPTY)
		return 0;
	total = (freeable >> priority) * 4 / max(shrinker->seeks, 1);
	/* A small cache is not spared for being small once the need is great. */
	if (priority <= 4)
		total = max(total, min_t(unsigned long, freeable, batch));
	total = min(total, 2 * freeable);

	while (total) {
		unsigned long ret;

		sc.nr_to_scan = min_t(unsigned long, total, batch);
		ret = shrinker->scan_objects(shrinker, &sc);
		if (ret == SHRINK_STOP)
			break;
		freed += ret;
		total -= sc.nr_to_scan;
		cond_resched();
	}
	return freed;
}

/**
 * shrink_slab - asks all shrinkers
 * @gfp_mask: what the one who wants memory may do
 * @nid: not used: one node
 * @priority: 12 for a little, down to 0 for everything
 *
 * Returns how many objects were freed.
 */
unsigned long shrink_slab(gfp_t gfp_mask, int nid, int priority)
{
	struct shrinker *shrinker;
	unsigned long freed = 0;

	/* Whoever registers one may want memory for it. */
	if (!down_read_trylock(&shrinker_rwsem))
		return 0;
	list_for_each_entry(shrinker, &shrinker_list, list)
		freed += do_shrink_slab(shrinker, gfp_mask, priority);
	up_read(&shrinker_rwsem);
	return freed;
}

/* ------------------------------------------------------------------ pages */

#define DEF_PRIORITY	12

struct scan_control {
	gfp_t		gfp_mask;
	int		priority;	/* a list's 1 / 2^priority is looked at in one round */
	bool		may_unmap;
	unsigned long	nr_scanned, nr_reclaimed;
	unsigned long	nr_dirty, nr_writeback;	/* of this round: pages that have to be written first */
};

/*
 * Takes up to @nr pages from the rear of a list, each with a reference and without PG_lru. Every
 * page on a list has its file's reference, so taking one more is safe.
 */
static unsigned long isolate_lru_folios(int lru, unsigned long nr, struct list_head *dst)
{
	unsigned long taken = 0;

	spin_lock(&lru_lock);
	while (taken < nr && !list_empty(&lru_lists[lru])) {
		struct folio *folio = list_last_entry(&lru_lists[lru], struct folio, lru);

		lru_del(folio);
		folio_get(folio);
		list_add(&folio->lru, dst);
		taken++;
	}
	spin_unlock(&lru_lock);
	return taken;
}

/* Back to the front of the list that PG_active names, and the references dropped. */
static void putback_folios(struct list_head *list)
{
	while (!list_empty(list)) {
		struct folio *folio = list_first_entry(list, struct folio, lru);

		spin_lock(&lru_lock);
		list_del(&folio->lru);
		lru_putback(folio);
		spin_unlock(&lru_lock);
		folio_put(folio);
	}
}

/*
 * Takes a page off its file for good, if nobody but the file and us has a reference: the count goes
 * from 2 to 0 under the lock that every lookup takes. False when somebody has, or it became dirty.
 */
static bool remove_mapping(struct address_space *mapping, struct folio *folio)
{
	void (*free_folio)(struct folio *) = mapping->a_ops->free_folio;

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
	__filemap_remove_folio(folio, NULL);
	xa_unlock_irq(&mapping->i_pages);
	if (free_folio)
		free_folio(folio);
	return true;
busy:
	xa_unlock_irq(&mapping->i_pages);
	return false;
}

/* Tries to free one page. True when it is free, and gone; false when it is to be put back. */
static bool shrink_folio(struct folio *folio, struct scan_control *sc)
{
	struct address_space *mapping;
	unsigned long vm_flags;
	bool used;

	if (!folio_trylock(folio))
		return false;
	mapping = folio->mapping;
	if (!mapping)
		goto keep;	/* truncated: dropping the reference frees it */
	if (folio_test_writeback(folio)) {
		sc->nr_writeback++;
		goto keep;
	}
	used = folio_test_clear_referenced(folio);
	if (folio_mapped(folio)) {
		/* In use by a program: straight to the active list. */
		if (folio_referenced(folio, 1, &vm_flags) > 0 && sc->priority) {
			folio_set_active(folio);
			goto keep;
		}
		if (!sc->may_unmap)
			goto keep;
	}
	if (used && sc->priority > 2)
		goto keep;
	if (folio_mapped(folio)) {
		try_to_unmap(folio, 0);
		if (folio_mapped(folio))
			goto keep;
	}
	if (folio_test_dirty(folio)) {
		sc->nr_dirty++;
		goto keep;
	}
	if (folio_test_private(folio) && !filemap_release_folio(folio, sc->gfp_mask))
		goto keep;
	if (!remove_mapping(mapping, folio))
		goto keep;
	__folio_clear_locked(folio);
	folio_clear_active(folio);
	folio_clear_referenced(folio);
	__put_page(folio_page(folio, 0));
	return true;
keep:
	folio_unlock(folio);
	return false;
}

static void shrink_inactive_list(unsigned long nr, struct scan_control *sc)
{
	struct folio *folio, *next;
	LIST_HEAD(batch);
	LIST_HEAD(keep);

	nr = isolate_lru_folios(LRU_INACTIVE, nr, &batch);
	sc->nr_scanned += nr;
	count_vm_events(PGSCAN_DIRECT, nr);
	list_for_each_entry_safe(folio, next, &batch, lru) {
		list_del(&folio->lru);
		if (shrink_folio(folio, sc)) {
			sc->nr_reclaimed++;
			count_vm_event(PGSTEAL_DIRECT);
		} else {
			list_add(&folio->lru, &keep);
		}
	}
	putback_folios(&keep);
}

/* Moves pages that were not used lately from the active to the inactive list. */
static void shrink_active_list(unsigned long nr)
{
	struct folio *folio, *next;
	unsigned long vm_flags;
	LIST_HEAD(batch);
	LIST_HEAD(done);

	isolate_lru_folios(LRU_ACTIVE, nr, &batch);
	list_for_each_entry_safe(folio, next, &batch, lru) {
		bool used = folio_test_clear_referenced(folio);

		list_move(&folio->lru, &done);
		if (folio_mapped(folio))
			used |= folio_referenced(folio, 0, &vm_flags) > 0;
		if (!used) {
			folio_clear_active(folio);
			count_vm_event(PGDEACTIVATE);
		}
	}
	putback_folios(&done);
}

static void shrink_lists(struct scan_control *sc)
{
	const unsigned long inactive = global_node_page_state(NR_INACTIVE_FILE);
	const unsigned long active = global_node_page_state(NR_ACTIVE_FILE);
	unsigned long scan = max(inactive >> sc->priority, SWAP_CLUSTER_MAX);

	if (active > inactive)
		shrink_active_list(max(active >> sc->priority, SWAP_CLUSTER_MAX));
	while (scan && sc->nr_reclaimed < SWAP_CLUSTER_MAX) {
		const unsigned long nr = min(scan, SWAP_CLUSTER_MAX);

		shrink_inactive_list(nr, sc);
		scan -= nr;
		cond_resched();
	}
}

/**
 * try_to_free_pages - makes pages free for an allocation that found none
 * @order: of the allocation; more than single pages are not aimed at
 * @gfp_mask: what the allocation may do
 *
 * Returns how much was freed, in pages and objects of other caches; 0 means that trying again is
 * useless. May sleep for the disk if @gfp_mask has __GFP_FS: who has not may hold pages under
 * write-back that he has yet to submit.
 */
unsigned long try_to_free_pages(unsigned int order, gfp_t gfp_mask)
{
	struct scan_control sc = { .gfp_mask = gfp_mask, .may_unmap = true };
	const unsigned int memalloc = current->flags & PF_MEMALLOC;
	unsigned long objects = 0;

	if (!gfpflags_allow_blocking(gfp_mask))
		return 0;
	/* What is allocated on the way to freeing may use the reserves, and does not come back here. */
	current->flags |= PF_MEMALLOC;
	for (sc.priority = DEF_PRIORITY; sc.priority >= 0; sc.priority--) {
		sc.nr_dirty = sc.nr_writeback = 0;
		shrink_lists(&sc);
		objects += shrink_slab(gfp_mask, 0, sc.priority);
		if (sc.nr_reclaimed >= SWAP_CLUSTER_MAX)
			break;
		if (sc.nr_dirty)
			wakeup_flusher_threads(WB_REASON_VMSCAN);
		if ((sc.nr_dirty || sc.nr_writeback) && (gfp_mask & __GFP_FS))
			writeback_wait_some();
	}
	current->flags = (current->flags & ~PF_MEMALLOC) | memalloc;
	return sc.nr_reclaimed + objects;
}
