// SPDX-License-Identifier: MIT
/*
 * Unmapping in the right order: clear the entry, invalidate the TLB, only then free the frame. Done
 * for many pages at a time. Callers: munmap, madvise, truncation, exit_mmap. A gather is on its
 * caller's stack and needs no lock.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/swap.h>
#include <asm-generic/tlb.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>

static void tlb_reset(struct mmu_gather *tlb)
{
	tlb->start = TASK_SIZE;
	tlb->end = 0;
}

void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm)
{
	tlb->mm = mm;
	tlb->fullmm = false;
	tlb->tables = NULL;
	tlb->nr = 0;
	tlb_reset(tlb);
}

void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm)
{
	tlb_gather_mmu(tlb, mm);
	tlb->fullmm = true;
}

/*
 * When the address space is going away nobody will use its ASID again before a rollover, which
 * empties the TLB: stale entries for pages do no harm. Tables do: the walker may still look at
 * them on its own account, so they are invalidated before they are freed.
 */
static void tlb_flush(struct mmu_gather *tlb)
{
	if (tlb->fullmm ? tlb->tables != NULL : tlb->end != 0) {
		if (tlb->fullmm)
			flush_tlb_mm(tlb->mm);
		else
			__flush_tlb_range(tlb->mm, tlb->start, tlb->end, !tlb->tables);
	}
	tlb_reset(tlb);
}

/* As many tables as fit into pages[], which is empty now. */
static void free_tables(struct mmu_gather *tlb)
{
	struct page *page;
	unsigned int n = 0;

	while ((page = tlb->tables) && n < MMU_GATHER_BUNDLE) {
		tlb->tables = (struct page *)page_private(page);
		set_page_private(page, 0);
		tlb->pages[n++] = page;
	}
	pgtable_free_bulk(tlb->mm, tlb->pages, n);
}

void tlb_flush_mmu(struct mmu_gather *tlb)
{
	tlb_flush(tlb);
	/* Pages that still wait in the batch would be freed only with that. */
	lru_add_drain();
	/* Nor those that only their slot in swap keeps. */
	if (global_node_page_state(NR_SWAPCACHE))
		for (unsigned int i = 0; i < tlb->nr; i++)
			free_swap_cache(tlb->pages[i]);
	release_pages(tlb->pages, tlb->nr);
	tlb->nr = 0;
	while (tlb->tables)
		free_tables(tlb);
}

void tlb_finish_mmu(struct mmu_gather *tlb)
{
	tlb_flush_mmu(tlb);
}

void tlb_remove_table(struct mmu_gather *tlb, void *table)
{
	struct page *page = virt_to_page(table);

	set_page_private(page, (unsigned long)tlb->tables);
	tlb->tables = page;
}
