// SPDX-License-Identifier: MIT
/*
 * One walk over page tables for all who only want to look: the caller gives a function for each level
 * that he is interested in (struct mm_walk_ops), and is spared the rest.
 *
 * Callers: the windows of fs/proc/task_mmu.c, and mm/ptdump.c.
 * Locking: mmap_lock is held, for reading at least: so no region and no table goes away. Entries do
 * change, by faults of other threads and by reclaim. Each entry of the upper levels is read once here,
 * and a callback that reads it again may see another. PTEs of a region are shown under the page-table
 * lock. The kernel's own tables are never freed, and have no such lock.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagewalk.h>

static int walk_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end, struct mm_walk *walk)
{
	spinlock_t *ptl = NULL;
	pte_t *pte;
	int err = 0;

	if (walk->no_vma)
		pte = pte_offset_kernel(pmd, addr);
	else
		pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
	for (; addr != end && !err; addr += PAGE_SIZE, pte++)
		err = walk->ops->pte_entry(pte, addr, addr + PAGE_SIZE, walk);
	if (ptl)
		spin_unlock(ptl);
	return err;
}

static int walk_pmd_range(pud_t *pud, unsigned long addr, unsigned long end, struct mm_walk *walk)
{
	const struct mm_walk_ops *ops = walk->ops;
	pmd_t *pmd = pmd_offset(pud, addr), entry;
	unsigned long next;
	int err = 0;

	for (; addr != end && !err; addr = next, pmd++) {
		next = pmd_addr_end(addr, end);
again:
		entry = READ_ONCE(*pmd);
		if (pmd_none(entry)) {
			if (ops->pte_hole)
				err = ops->pte_hole(addr, next, 3, walk);
			continue;
		}
		walk->action = ACTION_SUBTREE;
		if (ops->pmd_entry)
			err = ops->pmd_entry(pmd, addr, next, walk);
		if (err)
			break;
		if (walk->action == ACTION_AGAIN)
			goto again;
		/* A block has nothing below: who wants blocks has a pmd_entry. */
		if (ops->pte_entry && walk->action == ACTION_SUBTREE && pmd_table(READ_ONCE(*pmd)))
			err = walk_pte_range(pmd, addr, next, walk);
	}
	return err;
}

static int walk_pud_range(pgd_t *pgd, unsigned long addr, unsigned long end, struct mm_walk *walk)
{
	const struct mm_walk_ops *ops = walk->ops;
	pud_t *pud = pud_offset(pgd, addr), entry;
	unsigned long next;
	int err = 0;

	for (; addr != end && !err; addr = next, pud++) {
		next = pud_addr_end(addr, end);
again:
		entry = READ_ONCE(*pud);
		if (pud_none(entry)) {
			if (ops->pte_hole)
				err = ops->pte_hole(addr, next, 2, walk);
			continue;
		}
		walk->action = ACTION_SUBTREE;
		if (ops->pud_entry)
			err = ops->pud_entry(pud, addr, next, walk);
		if (err)
			break;
		if (walk->action == ACTION_AGAIN)
			goto again;
		if ((ops->pmd_entry || ops->pte_entry) && walk->action == ACTION_SUBTREE &&
		    pud_table(entry))
			err = walk_pmd_range(pud, addr, next, walk);
	}
	return err;
}

static int walk_pgd_range(unsigned long addr, unsigned long end, struct mm_walk *walk)
{
	const struct mm_walk_ops *ops = walk->ops;
	pgd_t *pgd = walk->pgd ? pgd_offset_pgd(walk->pgd, addr) : pgd_offset(walk->mm, addr);
	unsigned long next;
	int err = 0;

	for (; addr != end && !err; addr = next, pgd++) {
		next = pgd_addr_end(addr, end);
		if (pgd_none(READ_ONCE(*pgd))) {
			if (ops->pte_hole)
				err = ops->pte_hole(addr, next, 0, walk);
			continue;
		}
		if (ops->pgd_entry)
			err = ops->pgd_entry(pgd, addr, next, walk);
		if (!err && (ops->pud_entry || ops->pmd_entry || ops->pte_entry))
			err = walk_pud_range(pgd, addr, next, walk);
	}
	return err;
}

/* 0: walk this part of walk->vma; 1: not; or an error. Frames of devices are no pages: a hole. */
static int walk_page_test(unsigned long start, unsigned long end, struct mm_walk *walk)
{
	const struct mm_walk_ops *ops = walk->ops;

	if (ops->test_walk)
		return ops->test_walk(start, end, walk);
	if (walk->vma->vm_flags & VM_PFNMAP) {
		int err = ops->pte_hole ? ops->pte_hole(start, end, -1, walk) : 0;

		return err ?: 1;
	}
	return 0;
}

static int walk_region(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		       struct mm_walk *walk)
{
	int err;

	walk->vma = vma;
	err = walk_page_test(start, end, walk);
	if (err)
		return err > 0 ? 0 : err;
	return walk_pgd_range(start, end, walk);
}

/**
 * walk_page_range - walks what the regions of [start, end) map; between them there are holes
 * @mm: its mmap_lock is held, for reading at least
 * @private: for the callbacks, as walk->private
 *
 * Tables outside of all regions are not looked at. Returns 0, -EINVAL for an empty range, or what a
 * callback returned.
 */
int walk_page_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		    const struct mm_walk_ops *ops, void *private)
{
	struct mm_walk walk = { .ops = ops, .mm = mm, .private = private };
	unsigned long next;
	int err = 0;

	if (start >= end)
		return -EINVAL;
	mmap_assert_locked(mm);
	for (; start < end && !err; start = next) {
		struct vm_area_struct *vma = find_vma(mm, start);

		if (vma && vma->vm_start <= start) {
			next = min(end, vma->vm_end);
			err = walk_region(vma, start, next, &walk);
			continue;
		}
		next = vma ? min(end, vma->vm_start) : end;
		walk.vma = NULL;
		if (ops->pte_hole)
			err = ops->pte_hole(start, next, -1, &walk);
	}
	return err;
}

/**
 * walk_page_range_novma - walks tables as they are, whatever the regions say
 * @pgd: the table to start at, NULL for mm's; such as swapper_pg_dir with &init_mm
 *
 * As walk_page_range(), but no page-table lock is taken. @end may be 0: the end of all addresses.
 */
int walk_page_range_novma(struct mm_struct *mm, unsigned long start, unsigned long end,
			  const struct mm_walk_ops *ops, pgd_t *pgd, void *private)
{
	struct mm_walk walk = { .ops = ops, .mm = mm, .pgd = pgd, .no_vma = true, .private = private };

	if (start > end - 1)
		return -EINVAL;
	mmap_assert_locked(mm);
	return walk_pgd_range(start, end, &walk);
}

/** walk_page_vma - walks one region; mmap_lock is held */
int walk_page_vma(struct vm_area_struct *vma, const struct mm_walk_ops *ops, void *private)
{
	struct mm_walk walk = { .ops = ops, .mm = vma->vm_mm, .private = private };

	mmap_assert_locked(vma->vm_mm);
	return walk_region(vma, vma->vm_start, vma->vm_end, &walk);
}
