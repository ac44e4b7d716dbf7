/* SPDX-License-Identifier: MIT */
/*
 * Counting how many PTEs map a page. page->_mapcount is one less than their number, so that a
 * fresh page says -1. The page-table lock of the mapping that comes or goes is held.
 */
#ifndef _LINUX_RMAP_H
#define _LINUX_RMAP_H

#include <linux/mm.h>

static inline void page_add_new_anon_rmap(struct page *page)
{
	__SetPageSwapBacked(page);
	atomic_set(&page->_mapcount, 0);
	mod_node_page_state(NULL, NR_ANON_MAPPED, 1);
}

static inline void page_add_file_rmap(struct page *page)
{
	if (atomic_inc_return(&page->_mapcount) == 0)
		mod_node_page_state(NULL, NR_FILE_MAPPED, 1);
}

/* fork: one more of what is mapped already */
static inline void page_dup_rmap(struct page *page)
{
	atomic_inc(&page->_mapcount);
}

static inline void page_remove_rmap(struct page *page)
{
	if (atomic_add_return(-1, &page->_mapcount) < 0)
		mod_node_page_state(NULL, PageAnon(page) ? NR_ANON_MAPPED : NR_FILE_MAPPED, -1);
}

/* mm/rmap.c: from a page-cache page to the PTEs that map it. The page is locked. */
struct folio;
int folio_mkclean(struct folio *folio);
bool try_to_unmap(struct folio *folio);
int folio_referenced(struct folio *folio);

#endif
