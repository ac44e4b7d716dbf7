/* SPDX-License-Identifier: MIT */
/*
 * Caches. Data caches are coherent with the walker, devices on virtio-mmio and other CPUs; only
 * instruction fetch has to be told of new code.
 */
#ifndef _ASM_CACHEFLUSH_H
#define _ASM_CACHEFLUSH_H

#include <linux/bitops.h>
#include <linux/page-flags.h>
#include <linux/types.h>

/* Clean [start, end) to the point of unification, then invalidate instructions. arch/arm64/mm/cache.S */
void caches_clean_inval_pou(unsigned long start, unsigned long end);
void dcache_clean_inval_poc(unsigned long start, unsigned long end);
#define flush_icache_range(start, end)	caches_clean_inval_pou(start, end)

/* Before a page-cache page is mapped executable for the first time. */
void sync_icache_page(struct page *page);

/* The kernel has written to it: what instruction caches have of it is old. */
static inline void flush_dcache_page(struct page *page)
{
	if (test_bit(PG_arch_1, &page->flags))
		clear_bit(PG_arch_1, &page->flags);
}

static inline void flush_dcache_folio(struct folio *folio)
{
	flush_dcache_page(&folio->page);
}
#define flush_cache_mm(mm)		do { } while (0)
#define flush_cache_page(vma, a, pfn)	do { } while (0)

#endif
