/* SPDX-License-Identifier: MIT */
/*
 * Lists of pages in the order of their use, and reclaim (mm/vmscan.c).
 *
 * A page is on a list from when it enters the page cache until it leaves it; PG_lru says so.
 */
#ifndef _LINUX_SWAP_H
#define _LINUX_SWAP_H

#include <linux/mm.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#define SWAP_CLUSTER_MAX	32UL	/* pages reclaimed in one go */

void folio_add_lru(struct folio *folio);
void lru_cache_del_folio(struct folio *folio);
void folio_mark_accessed(struct folio *folio);
void mark_page_accessed(struct page *page);

unsigned long shrink_slab(gfp_t gfp_mask, int nid, int priority);

/* fs/drop_caches.c */
void drop_pagecache(void);
void drop_slab(void);

#define lru_cache_add(page)	folio_add_lru(page_folio(page))

#endif
