// SPDX-License-Identifier: MIT
/*
 * Is a page mapped at this address of this region? The step of reverse mapping that looks into a page
 * table. Callers: the walks of mm/rmap.c, with the lock held that keeps the region's tables from
 * being freed: i_mmap_rwsem, or the anon_vma's.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rmap.h>
#include "internal.h"

/**
 * page_vma_mapped_walk - the PTE that maps pvmw->pfn at pvmw->address
 *
 * True: pvmw->pte maps it, and pvmw->ptl is held. Called again it lets go and says false: a page of
 * one frame is at most once in a region. Who stops in between calls page_vma_mapped_walk_done().
 */
bool page_vma_mapped_walk(struct page_vma_mapped_walk *pvmw)
{
	struct mm_struct *mm = pvmw->vma->vm_mm;

	if (pvmw->pte)
		goto done;
	pvmw->pmd = mm_find_pmd(mm, pvmw->address);
	if (!pvmw->pmd)
		return false;
	pvmw->pte = pte_offset_map_lock(mm, pvmw->pmd, pvmw->address, &pvmw->ptl);
	if (pte_present(*pvmw->pte) && !pte_special(*pvmw->pte) && pte_pfn(*pvmw->pte) == pvmw->pfn)
		return true;
done:
	page_vma_mapped_walk_done(pvmw);
	return false;
}

void page_vma_mapped_walk_done(struct page_vma_mapped_walk *pvmw)
{
	pte_unmap_unlock(pvmw->pte, pvmw->ptl);
	pvmw->pte = NULL;
}
