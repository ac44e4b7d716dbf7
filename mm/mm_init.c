// SPDX-License-Identifier: MIT
/*
 * Memory at boot: the array of struct page, the zone, its watermarks and the per-CPU lists; then all
 * that memblock has left goes to the buddy allocator (mm/page_alloc.c). One CPU runs, nothing else
 * does. free_reserved_page() alone is for later, too.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include "internal.h"

unsigned long max_pfn;
EXPORT_SYMBOL(max_pfn);
void *high_memory;
EXPORT_SYMBOL(high_memory);
unsigned long totalreserve_pages;

/* min grows with the square root of memory: 4 * sqrt(KiB); low and high lie a quarter each above. */
static void __init init_per_zone_wmark_min(void)
{
	unsigned long lowmem_kbytes = totalram_pages() << (PAGE_SHIFT - 10), root = 0, min;

	while ((root + 1) * (root + 1) <= lowmem_kbytes * 16)
		root++;
	min = clamp(root, 128UL, 65536UL) >> (PAGE_SHIFT - 10);
	contig_zone._watermark[WMARK_MIN] = min;
	contig_zone._watermark[WMARK_LOW] = min + min / 4;
	contig_zone._watermark[WMARK_HIGH] = min + min / 2;
	totalreserve_pages = contig_zone._watermark[WMARK_HIGH];
}

/* The struct pages, all reserved for now. memblock knows the RAM; paging_init() has mapped it. */
void __init zone_sizes_init(void)
{
	unsigned long start = PFN_DOWN(PHYS_RAM_START), i;
	struct memblock_region *r;
	int order;

	max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	high_memory = __va(memblock_end_of_DRAM());
	vmemmap_populate(start, max_pfn - start);

	contig_zone.zone_start_pfn = start;
	contig_zone.spanned_pages = max_pfn - start;
	for_each_mem_region(r)
		contig_zone.present_pages += PFN_DOWN(r->size);
	for (order = 0; order < MAX_ORDER; order++)
		INIT_LIST_HEAD(&contig_zone.free_area[order].free_list);

	for (i = 0; i < contig_zone.spanned_pages; i++) {
		struct page *page = pfn_to_page(start + i);

		page->flags = 1UL << PG_reserved;
		set_page_count(page, 1);
		atomic_set(&page->_mapcount, -1);
	}
}

/* From memblock: frames [start_pfn, end_pfn), in blocks as large as their alignment allows. */
void __init memblock_free_pages(unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long pfn;

	for (pfn = start_pfn; pfn < end_pfn; ) {
		unsigned int order = pfn ? min_t(unsigned int, __ffs(pfn), MAX_ORDER - 1) : MAX_ORDER - 1;

		while (pfn + (1UL << order) > end_pfn)
			order--;
		__free_pages_core(pfn_to_page(pfn), order);
		pfn += 1UL << order;
	}
}

/* A frame that was reserved while booting and is needed no more. */
void free_reserved_page(struct page *page)
{
	ClearPageReserved(page);
	atomic_long_inc(&contig_zone.managed_pages);
	__free_page(page);
}

/*
 * A batch is a 4096th of memory, and a list holds up to four: in a small machine the lists of its CPUs
 * shall not hold what the others lack. All CPUs that there can be get theirs now.
 */
static void __init setup_per_cpu_pageset(void)
{
	int batch = clamp(rounddown_pow_of_two(totalram_pages() >> 12 | 1), 4UL, 64UL), cpu;

	for_each_possible_cpu(cpu) {
		struct per_cpu_pages *pcp = &per_cpu(zone_pageset, cpu);

		pcp->batch = batch;
		pcp->high = 4 * batch;
	}
}

/* Lists that are empty and are emptied again at once; setup_per_cpu_areas() has been here. */
static void __init boot_pageset_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct per_cpu_pages *pcp = &per_cpu(zone_pageset, cpu);

		raw_spin_lock_init(&pcp->lock);
		INIT_LIST_HEAD(&pcp->list);
		pcp->batch = 1;
	}
}

/**
 * mem_init - from memblock to the buddy allocator and kmalloc
 *
 * After this memblock is not used any more.
 */
void __init mem_init(void)
{
	boot_pageset_init();
	memblock_free_all();
	init_per_zone_wmark_min();
	setup_per_cpu_pageset();
	pr_info("Memory: %luK/%luK available (%lu frames of 4 KiB, watermarks %lu %lu %lu)\n",
		nr_free_pages() << (PAGE_SHIFT - 10), contig_zone.present_pages << (PAGE_SHIFT - 10),
		totalram_pages(), min_wmark_pages(&contig_zone), low_wmark_pages(&contig_zone),
		high_wmark_pages(&contig_zone));
	kmem_cache_init();
}
