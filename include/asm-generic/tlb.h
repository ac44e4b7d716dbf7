/* SPDX-License-Identifier: MIT */
/*
 * struct mmu_gather: frames and tables that were unmapped, kept until no TLB knows them any more.
 *
 *	tlb_gather_mmu(&tlb, mm);
 *	... clear entries, tlb_remove_page() for each page, tlb_remove_table() for each table ...
 *	tlb_finish_mmu(&tlb);	  invalidates, then frees
 */
#ifndef _ASM_GENERIC_TLB_H
#define _ASM_GENERIC_TLB_H

#include <linux/mm_types.h>

#define MMU_GATHER_BUNDLE	60

struct mmu_gather {
	struct mm_struct	*mm;
	unsigned long		start, end;	/* what was cleared since the last invalidation */
	bool			fullmm;		/* the address space is going away: see tlb_flush() */
	struct page		*tables;	/* linked through page->private */
	unsigned int		nr;
	struct page		*pages[MMU_GATHER_BUNDLE];
};

void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm);
void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm);
void tlb_finish_mmu(struct mmu_gather *tlb);
void tlb_flush_mmu(struct mmu_gather *tlb);
void tlb_remove_table(struct mmu_gather *tlb, void *table);

/* The PTE of addr was cleared; the reference that it held goes with the page. May be called with
 * the page-table lock held. True: the gather is full, flush when the lock is dropped. */
static inline bool tlb_remove_page(struct mmu_gather *tlb, struct page *page)
{
	tlb->pages[tlb->nr++] = page;
	return tlb->nr == MMU_GATHER_BUNDLE;
}

static inline void tlb_track(struct mmu_gather *tlb, unsigned long addr)
{
	if (addr < tlb->start)
		tlb->start = addr;
	if (addr + PAGE_SIZE > tlb->end)
		tlb->end = addr + PAGE_SIZE;
}

#endif
