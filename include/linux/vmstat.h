/* SPDX-License-Identifier: MIT */
/*
 * Counters of what pages are used for (enum node_stat_item in <linux/mmzone.h>), and of events.
 * There is one node, so the per-zone and per-node names are the same array. May be called from any
 * context.
 */
#ifndef _LINUX_VMSTAT_H
#define _LINUX_VMSTAT_H

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/mmzone.h>

struct page;
struct folio;
struct seq_file;

enum vm_event_item {
	PGPGIN,			/* 512-byte sectors read; shown in KiB */
	PGPGOUT,
	PGFAULT,
	PGMAJFAULT,
	PGREUSE,		/* writes to a page whose other owners are gone */
	PSWPIN,			/* pages */
	PSWPOUT,
	SWAP_RA,		/* read because a neighbour was wanted */
	SWAP_RA_HIT,		/* and then wanted */
	PGROTATED,		/* written, and to be freed next */
	PGSCAN_KSWAPD,
	PGSCAN_DIRECT,
	PGSCAN_ANON,
	PGSCAN_FILE,
	PGSTEAL_KSWAPD,
	PGSTEAL_DIRECT,
	PGSTEAL_ANON,
	PGSTEAL_FILE,
	PGREFILL,		/* looked at on an active list */
	PAGEOUTRUN,		/* times that kswapd had to work */
	ALLOCSTALL,		/* allocations that had to reclaim themselves */
	PGACTIVATE,
	PGDEACTIVATE,
	PGLAZYFREE,		/* given up by MADV_FREE, */
	PGLAZYFREED,		/* and taken by reclaim */
	OOM_KILL,		/* victims of the OOM killer */
	UNEVICTABLE_PGCULLED,	/* out of reclaim's reach, */
	UNEVICTABLE_PGRESCUED,	/* and back */
	UNEVICTABLE_PGMLOCKED,
	UNEVICTABLE_PGMUNLOCKED,
	/* Faults by what they were for; Linux does not count these. */
	PGFAULT_ACCESS_FLAG,	/* nothing was missing but the access flag */
	PGFAULT_COW,		/* writes that copied a page */
	PGFAULT_STACK,		/* a stack grew */
	THP_FAULT_ALLOC,	/* faults that got a huge page, */
	THP_FAULT_FALLBACK,	/* that would have, had one been free */
	THP_SPLIT_PAGE,		/* huge pages that became small ones, */
	THP_SPLIT_PAGE_FAILED,
	THP_DEFERRED_SPLIT_PAGE,	/* that can, since a part is not used any more */
	THP_SPLIT_PMD,		/* mapped by a table of PTEs from then on */
	NR_VM_EVENT_ITEMS
};

extern atomic_long_t vm_node_stat[NR_VM_NODE_STAT_ITEMS];
extern atomic_long_t vm_event_states[NR_VM_EVENT_ITEMS];

/* A counter may be seen below zero for a moment, while an increment follows its decrement. */
static inline unsigned long global_node_page_state(enum node_stat_item item)
{
	long x = atomic_long_read(&vm_node_stat[item]);

	return x < 0 ? 0 : x;
}
#define global_node_page_state_pages(item)	global_node_page_state(item)
#define global_zone_page_state(item)		global_node_page_state(item)

static inline void mod_node_page_state_item(enum node_stat_item item, long delta)
{
	atomic_long_add(delta, &vm_node_stat[item]);
}

/* The zone or the page only says which node: there is but one. */
#define mod_node_page_state(node, item, delta)	mod_node_page_state_item(item, delta)
#define mod_zone_page_state(zone, item, delta)	mod_node_page_state_item(item, delta)
#define inc_node_page_state(page, item)		mod_node_page_state_item(item, 1)
#define dec_node_page_state(page, item)		mod_node_page_state_item(item, -1)
#define mod_lruvec_page_state(page, item, delta) mod_node_page_state_item(item, delta)
#define inc_lruvec_page_state(page, item)	mod_node_page_state_item(item, 1)
#define dec_lruvec_page_state(page, item)	mod_node_page_state_item(item, -1)
#define node_stat_mod_folio(folio, item, delta)	mod_node_page_state_item(item, delta)

static inline void count_vm_events(enum vm_event_item item, long delta)
{
	atomic_long_add(delta, &vm_event_states[item]);
}
#define count_vm_event(item)	count_vm_events(item, 1)

int vmstat_show(struct seq_file *m, void *arg);		/* /proc/vmstat */

#endif
