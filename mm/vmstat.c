// SPDX-License-Identifier: MIT
/*
 * Counters of pages and events, and the files of /proc that show them and the state of the zone: vmstat,
 * buddyinfo, pagetypeinfo, zoneinfo. Counters are atomic and read one by one: a sum of two may be off by
 * what moved between the reads.
 */
#include <linux/cpumask.h>
#include <linux/huge_mm.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/vmstat.h>
#include "internal.h"

atomic_long_t vm_node_stat[NR_VM_NODE_STAT_ITEMS];
atomic_long_t vm_event_states[NR_VM_EVENT_ITEMS];

static const char *const node_stat_names[NR_VM_NODE_STAT_ITEMS] = {
	[NR_ANON_MAPPED]	= "nr_anon_pages",
	[NR_FILE_MAPPED]	= "nr_mapped",
	[NR_FILE_PAGES]		= "nr_file_pages",
	[NR_MLOCK]		= "nr_mlock",
	[NR_FILE_DIRTY]		= "nr_dirty",
	[NR_WRITEBACK]		= "nr_writeback",
	[NR_SHMEM]		= "nr_shmem",
	[NR_SLAB_RECLAIMABLE]	= "nr_slab_reclaimable",
	[NR_SLAB_UNRECLAIMABLE]	= "nr_slab_unreclaimable",
	[NR_KERNEL_STACK_KB]	= "nr_kernel_stack",
	[NR_PAGETABLE]		= "nr_page_table_pages",
	[NR_DIRTIED]		= "nr_dirtied",
	[NR_WRITTEN]		= "nr_written",
	[NR_SWAPCACHE]		= "nr_swapcached",
	[NR_ANON_THPS]		= "nr_anon_transparent_hugepages",
};

static const char *const lru_names[NR_LRU_LISTS] = {
	[LRU_INACTIVE_ANON]	= "nr_inactive_anon",
	[LRU_ACTIVE_ANON]	= "nr_active_anon",
	[LRU_INACTIVE_FILE]	= "nr_inactive_file",
	[LRU_ACTIVE_FILE]	= "nr_active_file",
	[LRU_UNEVICTABLE]	= "nr_unevictable",
};

static const char *const event_names[NR_VM_EVENT_ITEMS] = {
	[PGPGIN]		= "pgpgin",
	[PGPGOUT]		= "pgpgout",
	[PGFAULT]		= "pgfault",
	[PGMAJFAULT]		= "pgmajfault",
	[PGREUSE]		= "pgreuse",
	[PSWPIN]		= "pswpin",
	[PSWPOUT]		= "pswpout",
	[SWAP_RA]		= "swap_ra",
	[SWAP_RA_HIT]		= "swap_ra_hit",
	[PGROTATED]		= "pgrotated",
	[PGSCAN_KSWAPD]		= "pgscan_kswapd",
	[PGSCAN_DIRECT]		= "pgscan_direct",
	[PGSCAN_ANON]		= "pgscan_anon",
	[PGSCAN_FILE]		= "pgscan_file",
	[PGSTEAL_KSWAPD]	= "pgsteal_kswapd",
	[PGSTEAL_DIRECT]	= "pgsteal_direct",
	[PGSTEAL_ANON]		= "pgsteal_anon",
	[PGSTEAL_FILE]		= "pgsteal_file",
	[PGREFILL]		= "pgrefill",
	[PAGEOUTRUN]		= "pageoutrun",
	[ALLOCSTALL]		= "allocstall_normal",
	[PGACTIVATE]		= "pgactivate",
	[PGDEACTIVATE]		= "pgdeactivate",
	[PGFAULT_ACCESS_FLAG]	= "pgfault_access_flag",
	[PGFAULT_COW]		= "pgfault_cow",
	[PGFAULT_STACK]		= "pgfault_stack",
	[PGLAZYFREE]		= "pglazyfree",
	[PGLAZYFREED]		= "pglazyfreed",
	[OOM_KILL]		= "oom_kill",
	[THP_FAULT_ALLOC]	= "thp_fault_alloc",
	[THP_FAULT_FALLBACK]	= "thp_fault_fallback",
	[THP_SPLIT_PAGE]	= "thp_split_page",
	[THP_SPLIT_PAGE_FAILED]	= "thp_split_page_failed",
	[THP_DEFERRED_SPLIT_PAGE] = "thp_deferred_split_page",
	[THP_SPLIT_PMD]		= "thp_split_pmd",
	[UNEVICTABLE_PGCULLED]	= "unevictable_pgs_culled",
	[UNEVICTABLE_PGRESCUED]	= "unevictable_pgs_rescued",
	[UNEVICTABLE_PGMLOCKED]	= "unevictable_pgs_mlocked",
	[UNEVICTABLE_PGMUNLOCKED] = "unevictable_pgs_munlocked",
};

/* As it is shown: huge pages, not the frames of them. */
static unsigned long node_stat(int item)
{
	const unsigned long n = global_node_page_state(item);

	return item == NR_ANON_THPS ? n / HPAGE_PMD_NR : n;
}

/** vmstat_show - the text of /proc/vmstat: pages, then events; disk traffic in KiB */
int vmstat_show(struct seq_file *m, void *arg)
{
	seq_printf(m, "nr_free_pages %lu\n", nr_free_pages());
	for (int i = 0; i < NR_LRU_LISTS; i++)
		seq_printf(m, "%s %lu\n", lru_names[i], lruvec_nr(i));
	for (int i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
		seq_printf(m, "%s %lu\n", node_stat_names[i], node_stat(i));
	for (int i = 0; i < NR_VM_EVENT_ITEMS; i++) {
		unsigned long n = atomic_long_read(&vm_event_states[i]);

		seq_printf(m, "%s %lu\n", event_names[i], i == PGPGIN || i == PGPGOUT ? n / 2 : n);
	}
	return 0;
}

/* ------------------------------------------------------------------ the zone */

/* How many blocks of each order are free, without the per-CPU lists; and the frames in all of them. */
unsigned long count_free_blocks(struct zone *zone, unsigned long *nr)
{
	unsigned long flags, pages;

	raw_spin_lock_irqsave(&zone->lock, flags);
	for (int order = 0; order < MAX_ORDER; order++)
		nr[order] = zone->free_area[order].nr_free;
	pages = zone->nr_free_pages;
	raw_spin_unlock_irqrestore(&zone->lock, flags);
	return pages;
}

/** frag_show - the text of /proc/buddyinfo: free blocks by order */
int frag_show(struct seq_file *m, void *arg)
{
	struct zone *zone = &contig_zone;
	unsigned long nr[MAX_ORDER];

	count_free_blocks(zone, nr);
	seq_printf(m, "Node 0, zone %8s ", zone->name);
	for (int order = 0; order < MAX_ORDER; order++)
		seq_printf(m, "%6lu ", nr[order]);
	seq_putc(m, '\n');
	return 0;
}

/**
 * pagetypeinfo_show - the text of /proc/pagetypeinfo: free blocks by order and migrate type
 *
 * There is one type: pages are not grouped by whether they can be moved. So it is also in Linux on a
 * machine with little memory, where it calls all of it Unmovable.
 */
int pagetypeinfo_show(struct seq_file *m, void *arg)
{
	static const unsigned int order_of_block = PMD_SHIFT - PAGE_SHIFT;
	struct zone *zone = &contig_zone;
	unsigned long nr[MAX_ORDER];
	int order;

	seq_printf(m, "Page block order: %u\nPages per block:  %lu\n\n", order_of_block,
		   1UL << order_of_block);
	seq_printf(m, "%-43s ", "Free pages count per migrate type at order");
	for (order = 0; order < MAX_ORDER; order++)
		seq_printf(m, "%6d ", order);
	seq_printf(m, "\nNode %4d, zone %8s, type %12s ", 0, zone->name, "Unmovable");
	count_free_blocks(zone, nr);
	for (order = 0; order < MAX_ORDER; order++)
		seq_printf(m, "%6lu ", nr[order]);
	seq_printf(m, "\n\n%-23s%12s \nNode %d, zone %8s %12lu \n", "Number of blocks type ", "Unmovable", 0,
		   zone->name, zone->spanned_pages >> order_of_block);
	return 0;
}

/** zoneinfo_show - the text of /proc/zoneinfo: counters, watermarks, sizes, per-CPU lists; in pages */
int zoneinfo_show(struct seq_file *m, void *arg)
{
	struct zone *zone = &contig_zone;
	unsigned long nr[MAX_ORDER];
	int i, cpu;

	seq_printf(m, "Node %d, zone %8s\n  per-node stats", 0, zone->name);
	for (i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
		seq_printf(m, "\n      %-12s %lu", node_stat_names[i], node_stat(i));
	seq_printf(m, "\n  pages free     %lu", count_free_blocks(zone, nr));
	seq_printf(m, "\n        min      %lu\n        low      %lu\n        high     %lu",
		   min_wmark_pages(zone), low_wmark_pages(zone), high_wmark_pages(zone));
	seq_printf(m, "\n        spanned  %lu\n        present  %lu\n        managed  %lu",
		   zone->spanned_pages, zone->present_pages,
		   atomic_long_read(&zone->managed_pages));
	seq_printf(m, "\n        protection: (0)\n      %-12s %lu\n  pagesets", "nr_free_pages",
		   nr_free_pages());
	for_each_online_cpu(cpu) {
		struct per_cpu_pages *pcp = per_cpu_ptr(&zone_pageset, cpu);

		seq_printf(m, "\n    cpu: %i\n              count: %i\n              high:  %i"
			   "\n              batch: %i", cpu, READ_ONCE(pcp->count), pcp->high, pcp->batch);
	}
	seq_printf(m, "\n  start_pfn:           %lu\n", zone->zone_start_pfn);
	return 0;
}
