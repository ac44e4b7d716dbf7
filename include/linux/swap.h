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

/* swapon(2) */
#define SWAP_FLAG_PREFER	0x8000	/* with a priority */
#define SWAP_FLAG_PRIO_MASK	0x7fff
#define SWAP_FLAGS_VALID	(SWAP_FLAG_PREFER | SWAP_FLAG_PRIO_MASK)

#define MAX_SWAPFILES_SHIFT	5
/* An entry in a PTE has no more bits for it. The last types are of no area: see <linux/swapops.h>. */
#define SWP_SWAPIN_ERROR_NUM	1
#define SWP_MIGRATION_NUM	1
#define MAX_SWAPFILES		((1 << MAX_SWAPFILES_SHIFT) - SWP_SWAPIN_ERROR_NUM - SWP_MIGRATION_NUM)
#define SWP_MIGRATION		MAX_SWAPFILES
#define SWP_SWAPIN_ERROR	(MAX_SWAPFILES + SWP_MIGRATION_NUM)

void folio_add_lru(struct folio *folio);
void lru_add_drain(void);
void lru_add_drain_all(void);
void folio_activate(struct folio *folio);
void deactivate_page(struct page *page);
void mark_page_lazyfree(struct page *page);
int folio_isolate_lru(struct folio *folio);
void folio_putback_lru(struct folio *folio);
void __page_cache_release(struct folio *folio);
void folio_rotate_reclaimable(struct folio *folio);
void folio_mark_accessed(struct folio *folio);
void mark_page_accessed(struct page *page);

static inline bool current_is_kswapd(void)
{
	return current->flags & PF_KSWAPD;
}

/* mm/rss_limit.c */
int mm_limit_rss(struct mm_struct *mm, unsigned long bytes);

extern unsigned int nr_rss_limits;

/* The lists of the process if it has a limit, else NULL. As a rule nobody has one. */
static inline struct lruvec *current_lruvec(void)
{
	if (likely(!READ_ONCE(nr_rss_limits)))
		return NULL;
	return current->mm ? READ_ONCE(current->mm->lruvec) : NULL;
}

/* mm/vmscan.c */
void shrink_lruvec_to_limit(struct lruvec *lruvec, gfp_t gfp_mask);

/** rss_make_room - the process is about to get another frame: if it may have no more, one of its own goes */
static inline void rss_make_room(gfp_t gfp_mask)
{
	struct lruvec *lruvec = current_lruvec();

	if (unlikely(lruvec))
		shrink_lruvec_to_limit(lruvec, gfp_mask);
}

/* mm/swapfile.c: slots */
extern atomic_long_t nr_swap_pages;
extern long total_swap_pages;
swp_entry_t folio_alloc_swap(void);
void put_swap_folio(swp_entry_t entry);
void swap_free(swp_entry_t entry);
int swap_duplicate(swp_entry_t entry);
int swapcache_prepare(swp_entry_t entry);
unsigned int swap_count(swp_entry_t entry);
int free_swap_and_cache(swp_entry_t entry);
struct block_device *swap_folio_bdev(struct folio *folio);
sector_t swap_folio_sector(struct folio *folio);
struct sysinfo;
void si_swapinfo(struct sysinfo *val);
struct seq_file;
int swaps_show(struct seq_file *m, void *arg);		/* /proc/swaps */

static inline long get_nr_swap_pages(void)
{
	return atomic_long_read(&nr_swap_pages);
}

/* More than half is in use: pages that come back do not keep their slots. */
static inline bool vm_swap_full(void)
{
	return get_nr_swap_pages() * 2 < READ_ONCE(total_swap_pages);
}

/* mm/swap_state.c: pages that have a slot */
struct address_space *swap_address_space(swp_entry_t entry);
void init_swap_address_space(struct address_space *mapping);
int add_to_swap_cache(struct folio *folio, swp_entry_t entry, gfp_t gfp);
void __delete_from_swap_cache(struct folio *folio, swp_entry_t entry);
void delete_from_swap_cache(struct folio *folio);
bool add_to_swap(struct folio *folio);
bool folio_free_swap(struct folio *folio);
void free_swap_cache(struct page *page);
struct folio *lookup_swap_cache(swp_entry_t entry);
struct folio *read_swap_cache_async(swp_entry_t entry, gfp_t gfp, bool readahead);
struct folio *swapin_readahead(swp_entry_t entry, gfp_t gfp);

static inline swp_entry_t folio_swap_entry(struct folio *folio)
{
	return (swp_entry_t){ (unsigned long)folio->private };
}

/* mm/page_io.c */
void swap_writepage(struct folio *folio);
void swap_readpage(struct folio *folio);

/* Address spaces that may have swap entries: mm->mmlist, from init_mm.mmlist on. mm/mm_struct.c */
extern spinlock_t mmlist_lock;

/* mm/vmscan.c */
unsigned long reclaim_pages(struct list_head *folio_list);

/* mm/shrinker.c */
unsigned long shrink_slab(gfp_t gfp_mask, int nid, int priority);

/* fs/drop_caches.c */
void drop_pagecache(void);
void drop_slab(void);

#define lru_cache_add(page)	folio_add_lru(page_folio(page))

#endif
