/* SPDX-License-Identifier: MIT */
/*
 * Lists of pages in the order of their use (mm/swap.c), reclaim (mm/vmscan.c).
 */
#ifndef _LINUX_SWAP_H
#define _LINUX_SWAP_H

#include <linux/mm.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#define SWAP_CLUSTER_MAX	32UL	/* pages reclaimed in one go */

void folio_add_lru(struct folio *folio);
void lru_add_drain(void);
void lru_add_drain_all(void);
void folio_activate(struct folio *folio);
int folio_isolate_lru(struct folio *folio);
void folio_putback_lru(struct folio *folio);
void __page_cache_release(struct folio *folio);
void folio_mark_accessed(struct folio *folio);
void mark_page_accessed(struct page *page);

static inline bool current_is_kswapd(void)
{
	return current->flags & PF_KSWAPD;
}

/* mm/vmscan.c */
unsigned long reclaim_pages(struct list_head *folio_list);

/* mm/shrinker.c */
unsigned long shrink_slab(gfp_t gfp_mask, int nid, int priority);

/* fs/drop_caches.c */
void drop_pagecache(void);
void drop_slab(void);

#define lru_cache_add(page)	folio_add_lru(page_folio(page))

#endif
