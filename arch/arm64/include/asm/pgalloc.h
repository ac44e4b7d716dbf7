/* SPDX-License-Identifier: MIT */
/* Getting and giving back page tables: one zeroed page each. */
#ifndef _ASM_PGALLOC_H
#define _ASM_PGALLOC_H

#include <linux/mm.h>

pgd_t *pgd_alloc(struct mm_struct *mm);
void pgd_free(struct mm_struct *mm, pgd_t *pgd);

/* A table below the pgd; counted to the mm. NULL when there is no memory. */
void *pgtable_alloc(struct mm_struct *mm);
void pgtable_free(struct mm_struct *mm, void *table);
void pgtable_free_bulk(struct mm_struct *mm, struct page **tables, unsigned int n);

#endif
