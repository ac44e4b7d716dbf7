/* SPDX-License-Identifier: MIT */
/*
 * Transparent huge pages: anonymous memory mapped by blocks of 2 MiB. mm/huge_memory.c: the PMD entries;
 * mm/huge_split.c: the pages.
 */
#ifndef _LINUX_HUGE_MM_H
#define _LINUX_HUGE_MM_H

#include <linux/mm.h>

#define HPAGE_PMD_SHIFT		PMD_SHIFT
#define HPAGE_PMD_SIZE		PMD_SIZE
#define HPAGE_PMD_MASK		PMD_MASK
#define HPAGE_PMD_ORDER		(HPAGE_PMD_SHIFT - PAGE_SHIFT)
#define HPAGE_PMD_NR		(1 << HPAGE_PMD_ORDER)

struct mmu_gather;

bool hugepage_vma_check(struct vm_area_struct *vma);

/* Does the region cover all of the huge page that an address would be in? */
static inline bool transhuge_vma_suitable(struct vm_area_struct *vma, unsigned long addr)
{
	const unsigned long haddr = addr & HPAGE_PMD_MASK;

	return haddr >= vma->vm_start && haddr + HPAGE_PMD_SIZE <= vma->vm_end;
}

/* ------------------------------------------------------------------ PMD entries: mm/huge_memory.c */

vm_fault_t handle_huge_pmd(struct vm_fault *vmf);
int copy_huge_pmd(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma, pmd_t *src_pmd,
		  unsigned long addr);
bool zap_huge_pmd(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr);
bool change_huge_pmd(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, pgprot_t newprot);
void clear_huge_page(struct page *page);
void sync_icache_huge_page(struct page *page);
void pgtable_trans_huge_deposit(struct mm_struct *mm, void *table);
void *pgtable_trans_huge_withdraw(struct mm_struct *mm);

void __split_huge_pmd_locked(struct vm_area_struct *vma, pmd_t *pmd, unsigned long haddr, bool freeze);
void __split_huge_pmd(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr);
void vma_adjust_trans_huge(struct vm_area_struct *vma, unsigned long addr);

static inline void split_huge_pmd(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	if (unlikely(pmd_trans_huge(READ_ONCE(*pmd))))
		__split_huge_pmd(vma, pmd, addr);
}

/* ------------------------------------------------------------------ pages: mm/huge_split.c */

void prep_transhuge_page(struct page *page);
void free_transhuge_page(struct page *page);
void deferred_split_folio(struct folio *folio);
int split_huge_page_to_list(struct page *page, struct list_head *list);
void split_huge_pages_pmd(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, unsigned long end);

static inline int split_folio_to_list(struct folio *folio, struct list_head *list)
{
	return split_huge_page_to_list(&folio->page, list);
}

#endif
