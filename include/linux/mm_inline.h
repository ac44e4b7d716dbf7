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

/* lru_lock is held, for both. Nobody looks for unevictable pages: they are counted only. */
static __always_inline void lruvec_add_folio(struct lruvec *lruvec, struct folio *folio)
{
	const enum lru_list lru = folio_lru_list(folio);

	lruvec->nr[lru]++;
	if (likely(lru != LRU_UNEVICTABLE))
		list_add(&folio->lru, &lruvec->lists[lru]);
}

static __always_inline void lruvec_del_folio(struct lruvec *lruvec, struct folio *folio)
{
	const enum lru_list lru = folio_lru_list(folio);

	lruvec->nr[lru]--;
	if (likely(lru != LRU_UNEVICTABLE))
		__list_del_entry(&folio->lru);
}

#endif
