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

static bool check_pte(struct page_vma_mapped_walk *pvmw)
{
	const pte_t pte = *pvmw->pte;

	return pte_present(pte) && !pte_special(pte) && pte_pfn(pte) - pvmw->pfn < pvmw->nr_pages;
}

/**
 * page_vma_mapped_walk - the next entry of [pvmw->address, pvmw->end) that maps a frame of the page
 *
 * True: pvmw->pte does, or pvmw->pmd if that is NULL, at pvmw->address; pvmw->ptl is held. Called again it goes
 * on, and lets go at the end. Who stops in between calls page_vma_mapped_walk_done().
 */
bool page_vma_mapped_walk(struct page_vma_mapped_walk *pvmw)
{
	struct mm_struct *mm = pvmw->vma->vm_mm;

	if (pvmw->pte)
		goto next_pte;
	if (pvmw->ptl)
		goto done;		/* a huge page as a whole is at most once in a region */
	while (pvmw->address < pvmw->end) {
		pvmw->pmd = mm_find_pmd(mm, pvmw->address);
		if (!pvmw->pmd) {
			pvmw->address = pmd_addr_end(pvmw->address, pvmw->end);
			continue;
		}
		pvmw->ptl = pmd_lock(mm, pvmw->pmd);
		if (pmd_trans_huge(*pvmw->pmd) && pmd_pfn(*pvmw->pmd) == pvmw->pfn)
			return true;
		if (!pmd_table(*pvmw->pmd)) {	/* another page's, or gone */
			pvmw->address = pmd_addr_end(pvmw->address, pvmw->end);
		} else {
			pvmw->pte = pte_offset_kernel(pvmw->pmd, pvmw->address);
			do {
				if (check_pte(pvmw))
					return true;
next_pte:
				pvmw->pte++;
				pvmw->address += PAGE_SIZE;
			} while (pvmw->address < pvmw->end && (pvmw->address & ~PMD_MASK));
		}
		page_vma_mapped_walk_done(pvmw);
	}
	return false;
done:
	page_vma_mapped_walk_done(pvmw);
	return false;
}

void page_vma_mapped_walk_done(struct page_vma_mapped_walk *pvmw)
{
	spin_unlock(pvmw->ptl);
	pvmw->pte = NULL;
	pvmw->ptl = NULL;
}
