// SPDX-License-Identifier: MIT
/*
 * RLIMIT_RSS: how many frames a process may have. Linux knows the limit and ignores it; here it is kept, so
 * that page replacement can be watched with three frames as well as with a million.
 *
 * A process with a limit has lists of its own (struct lruvec), to which the pages go that it brings into memory
 * from then on, by faults, reads and writes. Those of files and anonymous ones share one pair of lists, so that
 * the order of all is known. Before it gets another frame, pages of these lists go until there is
 * room (shrink_lruvec_to()): which, the policy says. It waits for what has to be written first. When
 * nothing can go it gets more than its limit all the same.
 *
 * What it had in memory before, and what others brought there, is not counted. When the limit is lifted or
 * the process ends, what is left on its lists goes to those of all. With fewer frames than one instruction needs, for
 * its code and its data, a program does not get on; it can be killed.
 *
 * Callers: setrlimit(2), fork and exec (mm_init()), mmput(); rss_make_room() stands before each allocation of
 * a page that may be a process's.
 *
 * Locking: lru_lock of the node guards these lists as all others, and folio->lruvec of a page that is on a
 * list or in a batch. A set of lists is never given back, but used again: a pointer to one is always good, and a
 * page that is off its list when its process ends finds out as it is put back.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/resource.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/swap.h>
#include "internal.h"

static DEFINE_SPINLOCK(limit_lock);	/* who has which set, and how many have one */
unsigned int nr_rss_limits;

/** lruvec_nr - how many pages are on a list, all sets together; a glance */
unsigned long lruvec_nr(enum lru_list lru)
{
	struct lruvec *lruvec;
	unsigned long nr = 0;

	for_each_lruvec(lruvec)
		nr += READ_ONCE(lruvec->nr[lru]);
	return nr;
}

/* A page of a process with a limit goes on its lists. False when the process is gone. lru_lock is held. */
bool own_lruvec_add_folio(struct folio *folio, enum lru_list lru)
{
	struct lruvec *own = folio->lruvec;

	if (!own->limit) {
		folio->lruvec = NULL;
		return false;
	}
	own->nr[lru] += folio_nr_pages(folio);
	if (lru != LRU_UNEVICTABLE)
		list_add(&folio->lru, lruvec_list(own, lru));
	return true;
}

/* A set that nobody has. NULL without memory. */
static struct lruvec *get_lruvec(void)
{
	struct lruvec *lruvec;

	for_each_lruvec(lruvec)
		if (lruvec != &contig_page_data.__lruvec && !lruvec->limit)
			return lruvec;
	lruvec = kzalloc(sizeof(*lruvec), GFP_ATOMIC);
	if (!lruvec)
		return NULL;
	for (int i = 0; i < NR_LRU_LISTS; i++)
		INIT_LIST_HEAD(&lruvec->lists[i]);
	lruvec->next = contig_page_data.__lruvec.next;
	smp_store_release(&contig_page_data.__lruvec.next, lruvec);
	return lruvec;
}

/* All its pages to the lists of all, in their order. */
static void put_lruvec(struct lruvec *own)
{
	struct lruvec *lruvec = folio_lruvec(NULL);
	struct folio *folio;
	unsigned int n = 0;

	spin_lock_irq(&lruvec->lru_lock);
	WRITE_ONCE(own->limit, 0);	/* what comes now does not stay */
	for (int i = 0; i < NR_LRU_LISTS; i++) {
		while (!list_empty(&own->lists[i])) {
			folio = list_last_entry(&own->lists[i], struct folio, lru);
			lruvec_del_folio(lruvec, folio);
			folio->lruvec = NULL;
			lruvec_add_folio(lruvec, folio);
			if (++n % 64)
				continue;
			spin_unlock_irq(&lruvec->lru_lock);
			spin_lock_irq(&lruvec->lru_lock);
		}
	}
	spin_unlock_irq(&lruvec->lru_lock);
}

/**
 * mm_limit_rss - sets or lifts an address space's limit
 * @bytes: RLIM_INFINITY: none
 *
 * 0 or -ENOMEM. Does not sleep. What is over the limit goes when the next page comes.
 */
int mm_limit_rss(struct mm_struct *mm, unsigned long bytes)
{
	struct lruvec *own;
	int ret = 0;

	spin_lock(&limit_lock);
	own = mm->lruvec;
	if (bytes == RLIM_INFINITY) {
		WRITE_ONCE(mm->lruvec, NULL);
		if (own) {
			WRITE_ONCE(nr_rss_limits, nr_rss_limits - 1);
			put_lruvec(own);
		}
		goto out;
	}
	if (!own) {
		own = get_lruvec();
		if (!own) {
			ret = -ENOMEM;
			goto out;
		}
		WRITE_ONCE(nr_rss_limits, nr_rss_limits + 1);
	}
	WRITE_ONCE(own->limit, max(bytes >> PAGE_SHIFT, 1UL));
	smp_store_release(&mm->lruvec, own);
out:
	spin_unlock(&limit_lock);
	return ret;
}
