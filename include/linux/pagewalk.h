/* SPDX-License-Identifier: MIT */
/* Walking page tables with a function for each level: see mm/pagewalk.c. */
#ifndef _LINUX_PAGEWALK_H
#define _LINUX_PAGEWALK_H

#include <linux/mm.h>

struct mm_walk;

/**
 * struct mm_walk_ops - what is called on the way; each may be NULL
 * @pgd_entry, @pud_entry, @pmd_entry: an entry that is not empty: a table, or a block. They may set
 *	walk->action. [addr, next) is what of the entry's range is walked.
 * @pte_entry: every PTE of a table, empty ones too. In a walk of regions mm->page_table_lock is held.
 * @pte_hole: a range without a table. depth is the level of the empty entry: 0 pgd, 2 pud, 3 pmd (as
 *	with the five levels of Linux), -1 where no region is.
 * @test_walk: before each region: 0 to walk it, 1 to skip it
 *
 * A result other than 0 ends the walk, and is what it returns.
 */
struct mm_walk_ops {
	int (*pgd_entry)(pgd_t *pgd, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pud_entry)(pud_t *pud, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pmd_entry)(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pte_entry)(pte_t *pte, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pte_hole)(unsigned long addr, unsigned long next, int depth, struct mm_walk *walk);
	int (*test_walk)(unsigned long addr, unsigned long next, struct mm_walk *walk);
};

/* What the walk does after pud_entry or pmd_entry. */
enum page_walk_action {
	ACTION_SUBTREE	= 0,	/* goes down into the table */
	ACTION_CONTINUE	= 1,	/* goes on to the next entry */
	ACTION_AGAIN	= 2,	/* looks at the same entry again */
};

struct mm_walk {
	const struct mm_walk_ops	*ops;
	struct mm_struct		*mm;
	pgd_t				*pgd;		/* walked instead of mm's, if not NULL */
	struct vm_area_struct		*vma;		/* NULL in a hole, and without regions */
	enum page_walk_action		action;
	bool				no_vma;
	void				*private;	/* the caller's */
};

int walk_page_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		    const struct mm_walk_ops *ops, void *private);
int walk_page_range_novma(struct mm_struct *mm, unsigned long start, unsigned long end,
			  const struct mm_walk_ops *ops, pgd_t *pgd, void *private);
int walk_page_vma(struct vm_area_struct *vma, const struct mm_walk_ops *ops, void *private);

#endif
