/* SPDX-License-Identifier: MIT */
/*
 * Zones: the page allocator's free lists, their watermarks and the counters of what pages are
 * used for. teak has one node with one zone, ZONE_NORMAL: no device here is short of address bits.
 */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/atomic.h>
#include <linux/wait.h>

#define MAX_ORDER		11	/* orders 0 to 10: 4 KiB to 4 MiB */
#define MAX_ORDER_NR_PAGES	(1UL << (MAX_ORDER - 1))

enum zone_watermarks { WMARK_MIN, WMARK_LOW, WMARK_HIGH, NR_WMARK };

/* Counters, for the one node; their names in /proc/vmstat are in mm/vmstat.c. */
enum node_stat_item {
	NR_ANON_MAPPED,		/* anonymous pages in page tables */
	NR_FILE_MAPPED,		/* page-cache pages in page tables */
	NR_FILE_PAGES,
	NR_MLOCK,		/* pages that are locked in memory */
	NR_FILE_DIRTY,
	NR_WRITEBACK,
	NR_SHMEM,
	NR_SLAB_RECLAIMABLE,
	NR_SLAB_UNRECLAIMABLE,
	NR_KERNEL_STACK_KB,
	NR_PAGETABLE,
	NR_DIRTIED,
	NR_WRITTEN,
	NR_SWAPCACHE,		/* pages in memory that have a slot in a swap area */
	NR_ANON_THPS,		/* frames of huge pages that PMDs map */
	NR_VM_NODE_STAT_ITEMS
};

struct free_area {
	struct list_head	free_list;
	unsigned long		nr_free;	/* blocks, not pages */
};

/* One CPU's single frames, free and kept back from the free lists. */
struct per_cpu_pages {
	int			high;		/* more than this: a batch goes back */
	int			batch;		/* frames moved at a time */

	/* lock guards these; taken with interrupts off, since interrupts allocate and free */
	spinlock_t		lock;
	int			count;		/* frames in list */
	struct list_head	list;		/* those freed last in front */
} __aligned(64);	/* no two CPUs at one cache line */

DECLARE_PER_CPU(struct per_cpu_pages, zone_pageset);

struct zone {
	const char		*name;
	unsigned long		zone_start_pfn;
	unsigned long		spanned_pages;
	unsigned long		present_pages;	/* spanned less holes */
	atomic_long_t		managed_pages;	/* what the buddy allocator was given */
	unsigned long		_watermark[NR_WMARK];	/* pages */

	/* lock guards these; taken with interrupts off, since interrupts may free */
	spinlock_t		lock;
	struct free_area	free_area[MAX_ORDER];
	unsigned long		nr_free_pages;
};

extern struct zone contig_zone;

/* The lists of pages in the order of their use (mm/swap.c). */
enum lru_list {
	LRU_INACTIVE_ANON,
	LRU_ACTIVE_ANON,
	LRU_INACTIVE_FILE,
	LRU_ACTIVE_FILE,
	LRU_UNEVICTABLE,
	NR_LRU_LISTS
};
#define LRU_ACTIVE	1	/* from an inactive list to its active one */
#define LRU_FILE	2	/* from those of anonymous pages to those of files */

/*
 * A set of lists: the node's, for all pages, and one for each process with a limit (mm/rss_limit.c). There the pages of
 * files are on the lists of anonymous ones; nr tells them apart.
 */
struct lruvec {
	/* lru_lock of the node's guards the lists of all; interrupts are off */
	spinlock_t		lru_lock;
	struct list_head	lists[NR_LRU_LISTS];
	unsigned long		nr[NR_LRU_LISTS];	/* pages */
	unsigned long		limit;			/* of the process, in pages; 0: nobody's */
	struct lruvec		*next;			/* from the node's on, all of them; only added to */
};

/* The node: what reclaim keeps for its memory. */
typedef struct pglist_data {
	struct lruvec		__lruvec;
	wait_queue_head_t	kswapd_wait;
	struct task_struct	*kswapd;
	bool			kswapd_wanted;		/* free memory has fallen below the low mark */
	int			kswapd_failures;	/* rounds in a row that freed nothing */
} pg_data_t;

extern struct pglist_data contig_page_data;
#define NODE_DATA(nid)	((void)(nid), &contig_page_data)

void wakeup_kswapd(struct zone *zone, gfp_t gfp_mask, int order);

#define for_each_lruvec(lruvec)	\
	for (lruvec = &contig_page_data.__lruvec; lruvec; lruvec = READ_ONCE(lruvec->next))

unsigned long lruvec_nr(enum lru_list lru);

#define min_wmark_pages(z)	((z)->_watermark[WMARK_MIN])
#define low_wmark_pages(z)	((z)->_watermark[WMARK_LOW])
#define high_wmark_pages(z)	((z)->_watermark[WMARK_HIGH])

extern unsigned long totalreserve_pages;

#endif
