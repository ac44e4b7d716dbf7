// SPDX-License-Identifier: MIT
/*
 * How much memory there is and what it is used for: for /proc/meminfo, sysinfo(2), and as lines in the log
 * for a report (show_mem()). Counters are read one by one, with no lock but zone->lock for the free blocks.
 */
#include <linux/export.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/oom.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <uapi/linux/sysinfo.h>
#include "internal.h"

#define K(pages)	((pages) << (PAGE_SHIFT - 10))

unsigned long totalram_pages(void)
{
	return atomic_long_read(&contig_zone.managed_pages);
}
EXPORT_SYMBOL(totalram_pages);

static unsigned long nr_pcp_pages(void)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(zone_pageset, cpu).count);
	return sum;
}

unsigned long nr_free_pages(void)
{
	return READ_ONCE(contig_zone.nr_free_pages) + nr_pcp_pages();
}

/* What a program could still get without swapping: the free frames and the clean cache. */
unsigned long si_mem_available(void)
{
	unsigned long cache = global_node_page_state(NR_FILE_PAGES);
	unsigned long kept = global_node_page_state(NR_SHMEM) + global_node_page_state(NR_FILE_MAPPED) +
			     global_node_page_state(NR_FILE_DIRTY);
	unsigned long avail = nr_free_pages() + (cache > kept ? cache - kept : 0);

	return avail > totalreserve_pages ? avail - totalreserve_pages : 0;
}
EXPORT_SYMBOL(si_mem_available);

void si_meminfo(struct sysinfo *val)
{
	val->totalram = totalram_pages();
	val->sharedram = global_node_page_state(NR_SHMEM);
	val->freeram = nr_free_pages();
	val->bufferram = 0;
	val->totalhigh = 0;
	val->freehigh = 0;
	val->mem_unit = PAGE_SIZE;
}
EXPORT_SYMBOL(si_meminfo);

/* ------------------------------------------------------------------ in words */

/* Those of several bits first. */
static const struct {
	gfp_t		mask;
	const char	*name;
} gfp_flag_names[] = {
	{ GFP_KERNEL,		"GFP_KERNEL" },
	{ GFP_NOFS,		"GFP_NOFS" },
	{ GFP_NOIO,		"GFP_NOIO" },
	{ GFP_ATOMIC,		"GFP_ATOMIC" },
	{ __GFP_HIGH,		"__GFP_HIGH" },
	{ __GFP_IO,		"__GFP_IO" },
	{ __GFP_FS,		"__GFP_FS" },
	{ __GFP_ZERO,		"__GFP_ZERO" },
	{ __GFP_DIRECT_RECLAIM,	"__GFP_DIRECT_RECLAIM" },
	{ __GFP_KSWAPD_RECLAIM,	"__GFP_KSWAPD_RECLAIM" },
	{ __GFP_NOWARN,		"__GFP_NOWARN" },
	{ __GFP_RETRY_MAYFAIL,	"__GFP_RETRY_MAYFAIL" },
	{ __GFP_NOFAIL,		"__GFP_NOFAIL" },
	{ __GFP_NORETRY,	"__GFP_NORETRY" },
	{ __GFP_MEMALLOC,	"__GFP_MEMALLOC" },
	{ __GFP_COMP,		"__GFP_COMP" },
};

/** gfp_names - a mask in words, joined by |, into buf; what has none in hexadecimal */
const char *gfp_names(char *buf, size_t size, gfp_t gfp)
{
	const char *sep = "";
	size_t len = 0;

	*buf = 0;
	for (int i = 0; i < ARRAY_SIZE(gfp_flag_names); i++) {
		if ((gfp & gfp_flag_names[i].mask) != gfp_flag_names[i].mask)
			continue;
		len += scnprintf(buf + len, size - len, "%s%s", sep, gfp_flag_names[i].name);
		gfp &= ~gfp_flag_names[i].mask;
		sep = "|";
	}
	if (gfp)
		scnprintf(buf + len, size - len, "%s%#x", sep, gfp);
	return buf;
}

static void show_zone(struct zone *zone)
{
	printk(KERN_WARNING "Node 0 %s free:%lukB min:%lukB low:%lukB high:%lukB present:%lukB managed:%lukB free_pcp:%lukB local_pcp:%dkB\n",
	       zone->name, K(READ_ONCE(zone->nr_free_pages)), K(min_wmark_pages(zone)), K(low_wmark_pages(zone)),
	       K(high_wmark_pages(zone)), K(zone->present_pages), K(totalram_pages()), K(nr_pcp_pages()),
	       K(raw_cpu_ptr(&zone_pageset)->count));
}

/* 3*4kB 0*8kB ...: how many free blocks of each size. */
static void show_free_blocks(struct zone *zone)
{
	unsigned long nr[MAX_ORDER], pages;
	char line[192];
	int len = 0;

	pages = count_free_blocks(zone, nr);
	for (int order = 0; order < MAX_ORDER; order++)
		len += scnprintf(line + len, sizeof(line) - len, "%lu*%lukB ", nr[order], K(1UL) << order);
	printk(KERN_WARNING "Node 0 %s: %s= %lukB\n", zone->name, line, K(pages));
}

/** show_mem - where the memory is, into the log; any context */
void show_mem(void)
{
	struct sysinfo si = { };

	pr_warn("Mem-Info:\n");
	pr_warn("active_anon:%lu inactive_anon:%lu\n", lruvec_nr(LRU_ACTIVE_ANON), lruvec_nr(LRU_INACTIVE_ANON));
	pr_warn(" active_file:%lu inactive_file:%lu\n", lruvec_nr(LRU_ACTIVE_FILE), lruvec_nr(LRU_INACTIVE_FILE));
	pr_warn(" unevictable:%lu dirty:%lu writeback:%lu\n", lruvec_nr(LRU_UNEVICTABLE),
		global_node_page_state(NR_FILE_DIRTY), global_node_page_state(NR_WRITEBACK));
	pr_warn(" slab_reclaimable:%lu slab_unreclaimable:%lu\n", global_node_page_state(NR_SLAB_RECLAIMABLE),
		global_node_page_state(NR_SLAB_UNRECLAIMABLE));
	pr_warn(" mapped:%lu shmem:%lu pagetables:%lu kernel_stack:%lukB\n", global_node_page_state(NR_FILE_MAPPED),
		global_node_page_state(NR_SHMEM), global_node_page_state(NR_PAGETABLE),
		global_node_page_state(NR_KERNEL_STACK_KB));
	pr_warn(" free:%lu free_pcp:%lu\n", READ_ONCE(contig_zone.nr_free_pages), nr_pcp_pages());
	show_zone(&contig_zone);
	show_free_blocks(&contig_zone);
	hugetlb_show_meminfo();
	si_swapinfo(&si);
	pr_warn("%lu total pagecache pages\n", global_node_page_state(NR_FILE_PAGES));
	pr_warn("%lu pages in swap cache\n", global_node_page_state(NR_SWAPCACHE));
	pr_warn("Free swap  = %lukB\nTotal swap = %lukB\n", K(si.freeswap), K(si.totalswap));
	pr_warn("%lu pages RAM\n%lu pages reserved\n", contig_zone.present_pages,
		contig_zone.present_pages - totalram_pages());
}
