/* SPDX-License-Identifier: MIT */
/* The LRU list that a page belongs to by its flags, and hanging it there. For mm/swap.c and vmscan.c. */
#ifndef _LINUX_MM_INLINE_H
#define _LINUX_MM_INLINE_H

#include <linux/mm.h>
#include <linux/list.h>

/* All pages of the one node share one set of lists. */
#define folio_lruvec(folio)	((void)(folio), &contig_page_data.__lruvec)

/* Is it dropped or written to its file, rather than swapped? */
static inline int folio_is_file_lru(struct folio *folio)
{
	return !folio_test_swapbacked(folio);
}

static __always_inline enum lru_list folio_lru_list(struct folio *folio)
{
	const unsigned long flags = READ_ONCE(folio->flags);

	if (unlikely(flags & 1UL << PG_unevictable))
		return LRU_UNEVICTABLE;
	return (flags & 1UL << PG_swapbacked ? LRU_INACTIVE_ANON : LRU_INACTIVE_FILE) +
	       (flags & 1UL << PG_active ? LRU_ACTIVE : 0);
}

/* Pages of files are on a list of their own in the node's set only. */
static __always_inline struct list_head *lruvec_list(struct lruvec *lruvec, enum lru_list lru)
{
	return &lruvec->lists[likely(lruvec == folio_lruvec(NULL)) ? lru : lru & LRU_ACTIVE];
}

/* How many pages are on that list. */
static inline unsigned long lruvec_list_nr(struct lruvec *lruvec, enum lru_list lru)
{
	unsigned long nr = READ_ONCE(lruvec->nr[lru]);

	return lruvec == folio_lruvec(NULL) ? nr : nr + READ_ONCE(lruvec->nr[lru ^ LRU_FILE]);
}

/* Where a page is that is on a list. lru_lock is held, here and below. */
static __always_inline struct list_head *folio_list(struct folio *folio)
{
	return lruvec_list(unlikely(folio->lruvec) ? folio->lruvec : folio_lruvec(folio), folio_lru_list(folio));
}

bool own_lruvec_add_folio(struct folio *folio, enum lru_list lru);	/* mm/rss_limit.c */

/* Nobody looks for unevictable pages: they are counted only. lruvec is the node's. */
static __always_inline void lruvec_add_folio(struct lruvec *lruvec, struct folio *folio)
{
	const enum lru_list lru = folio_lru_list(folio);

	if (unlikely(folio->lruvec && own_lruvec_add_folio(folio, lru)))
		return;
	lruvec->nr[lru] += folio_nr_pages(folio);
	if (likely(lru != LRU_UNEVICTABLE))
		list_add(&folio->lru, &lruvec->lists[lru]);
}

/* From the lists of this set, on which it is. */
static __always_inline void __lruvec_del_folio(struct lruvec *lruvec, struct folio *folio)
{
	const enum lru_list lru = folio_lru_list(folio);

	lruvec->nr[lru] -= folio_nr_pages(folio);
	if (likely(lru != LRU_UNEVICTABLE))
		__list_del_entry(&folio->lru);
}

static __always_inline void lruvec_del_folio(struct lruvec *lruvec, struct folio *folio)
{
	__lruvec_del_folio(unlikely(folio->lruvec) ? folio->lruvec : lruvec, folio);
}

#endif
