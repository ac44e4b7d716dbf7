// SPDX-License-Identifier: MIT
/*
 * Reverse mapping: from a page of a file to the PTEs that map it.
 *
 * Callers: write-back, which takes the right to write away so that the next write is seen; reclaim
 * and truncation, which take the PTE away; reclaim, which asks whether the page was used.
 *
 * A page does not know its PTEs. Its file knows the regions that map the file (mapping->i_mmap), and
 * where in a region the page would be is arithmetic; the page table there tells whether it is. Pages
 * that were copied on write are not the file's and are not found.
 *
 * Locks, outermost first: page lock (held by the caller: no new PTE for the page can appear), the
 * file's i_mmap_rwsem (no region goes away), page_table_lock of each address space.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <asm/tlbflush.h>
#include "internal.h"

/*
 * What is done with a PTE that maps the page; page_table_lock held. Returns a number that is summed
 * up over all PTEs.
 */
typedef int rmap_one_t(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, struct page *page);

static int rmap_walk_one(struct vm_area_struct *vma, struct page *page, rmap_one_t *fn)
{
	const unsigned long addr = vma->vm_start + ((page->index - vma->vm_pgoff) << PAGE_SHIFT);
	spinlock_t *ptl;
	pte_t *ptep;
	pmd_t *pmd;
	int ret = 0;

	pmd = mm_find_pmd(vma->vm_mm, addr);
	if (!pmd)
		return 0;
	ptep = pte_offset_map_lock(vma->vm_mm, pmd, addr, &ptl);
	if (pte_present(*ptep) && !pte_special(*ptep) && pte_page(*ptep) == page)
		ret = fn(vma, addr, ptep, page);
	pte_unmap_unlock(ptep, ptl);
	return ret;
}

/* i_mmap_rwsem held for reading */
static int rmap_walk_locked(struct folio *folio, rmap_one_t *fn)
{
	struct page *page = folio_page(folio, 0);
	struct vm_area_struct *vma;
	int ret = 0;

	list_for_each_entry(vma, &folio->mapping->i_mmap, shared_list)
		if (page->index >= vma->vm_pgoff && page->index < vma->vm_pgoff + vma_pages(vma))
			ret += rmap_walk_one(vma, page, fn);
	return ret;
}

static int rmap_walk(struct folio *folio, rmap_one_t *fn)
{
	struct address_space *mapping = folio->mapping;
	int ret;

	BUG_ON(!folio_test_locked(folio));
	if (!mapping || !folio_mapped(folio))
		return 0;
	i_mmap_lock_read(mapping);
	ret = rmap_walk_locked(folio, fn);
	i_mmap_unlock_read(mapping);
	return ret;
}

/* Break before make: between the two no CPU can write, so no dirty bit is lost. */
static int mkclean_one(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, struct page *page)
{
	pte_t pte = *ptep;

	if (!(vma->vm_flags & VM_SHARED) || !(pte_dirty(pte) || pte_write(pte)))
		return 0;
	pte = ptep_get_and_clear(vma->vm_mm, addr, ptep);
	flush_tlb_page(vma, addr);
	set_pte_at(vma->vm_mm, addr, ptep, pte_mkclean(pte_wrprotect(pte)));
	return pte_dirty(pte);
}

/**
 * folio_mkclean - makes all PTEs of a page read-only and clean; the page is locked
 *
 * Returns how many were dirty: then the page is, too. The next write through a mapping faults and
 * comes by ->page_mkwrite().
 */
int folio_mkclean(struct folio *folio)
{
	return rmap_walk(folio, mkclean_one);
}

static int unmap_one(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, struct page *page)
{
	pte_t pte = ptep_get_and_clear(vma->vm_mm, addr, ptep);

	flush_tlb_page(vma, addr);
	if (pte_dirty(pte) && (vma->vm_flags & VM_SHARED))
		set_page_dirty(page);
	page_remove_rmap(page);
	dec_mm_counter(vma->vm_mm, mm_counter_file(page));
	put_page(page);		/* never the last one: the caller has one */
	return 0;
}

/**
 * try_to_unmap - takes a page out of all address spaces; locked, and referenced by the caller
 *
 * What was dirty in a PTE is dirty in the page after that. The programs fault when they want it again.
 * Returns true when nothing maps it any more.
 */
bool try_to_unmap(struct folio *folio)
{
	rmap_walk(folio, unmap_one);
	return !folio_mapped(folio);
}

static int referenced_one(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep,
			  struct page *page)
{
	pte_t pte = *ptep;

	if (!pte_young(pte))
		return 0;
	/*
	 * No TLB invalidation: a CPU that still has the entry goes on without setting the flag. The
	 * page then looks unused sooner than it is, and costs a fault at worst.
	 */
	pte = ptep_get_and_clear(vma->vm_mm, addr, ptep);
	set_pte_at(vma->vm_mm, addr, ptep, pte_mkold(pte));
	return 1;
}

/**
 * folio_referenced - through how many PTEs a page was used since this was last asked; it is locked
 *
 * Returns 0 also when that cannot be told without waiting.
 */
int folio_referenced(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	int ret;

	if (!mapping || !folio_mapped(folio) || !down_read_trylock(&mapping->i_mmap_rwsem))
		return 0;
	ret = rmap_walk_locked(folio, referenced_one);
	up_read(&mapping->i_mmap_rwsem);
	return ret;
}
