/* SPDX-License-Identifier: MIT */
/* What the files of mm/ share among themselves. */
#ifndef _MM_INTERNAL_H
#define _MM_INTERNAL_H

#include <linux/mm.h>
#include <linux/mmzone.h>

struct mmu_gather;

/* page_alloc.c */
void __free_pages_core(struct page *page, unsigned int order);
void free_unref_page_list(struct page **pages, unsigned int nr);

/* vmstat.c */
unsigned long count_free_blocks(struct zone *zone, unsigned long *nr);

/* gup.c */
int populate_vma_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end);

/* mmap.c */
int split_at_edges(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long start,
		   unsigned long end);

/* mlock.c */
int mlock_fixup(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		unsigned long newflags);

/* rmap.c */
void take_rmap_locks(struct vm_area_struct *vma);
void drop_rmap_locks(struct vm_area_struct *vma);

/* vma.c */
void remove_vma(struct vm_area_struct *vma);
void unlink_file_vma(struct vm_area_struct *vma);
void vma_link_file(struct vm_area_struct *vma);
int vma_link(struct mm_struct *mm, struct vm_area_struct *vma);

/* memory.c */
pmd_t *mm_alloc_pmd(struct mm_struct *mm, unsigned long addr);
pmd_t *mm_find_pmd(struct mm_struct *mm, unsigned long addr);
pmd_t *mm_populate_pmd(struct mm_struct *mm, unsigned long addr);

/* mapping.c */
unsigned long mm_next_table(struct mm_struct *mm, unsigned long addr, unsigned long end, pmd_t **pmdp);
void unmap_vmas(struct mmu_gather *tlb, struct ma_state mas, struct vm_area_struct *vma,
		unsigned long start, unsigned long end);
void free_pgtables(struct mmu_gather *tlb, struct ma_state mas, struct vm_area_struct *vma,
		   unsigned long floor, unsigned long ceiling);

/* vmscan.c */
typedef struct folio *lru_pick_t(struct lruvec *lruvec, enum lru_list lru);
unsigned long isolate_lru_folios(struct lruvec *lruvec, enum lru_list lru, unsigned long nr,
				 lru_pick_t *pick, struct list_head *dst);
void move_folios_to_lru(struct list_head *list);

#endif
