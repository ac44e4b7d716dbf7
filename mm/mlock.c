// SPDX-License-Identifier: MIT
/*
 * Memory that stays in memory: mlock(2) and its family, and MAP_LOCKED.
 *
 * A region with VM_LOCKED is locked. A page is while it has PTEs in such regions: the upper half of page->flags
 * counts them, and while it is not 0 the page is PG_mlocked and PG_unevictable, which keeps it off the lists that
 * reclaim takes pages from (mm/swap.c). Everybody who makes or clears a PTE counts, by the rmap functions (<linux/rmap.h>); so a
 * page that comes into a locked region later is locked as well, and one that two processes have locked stays
 * until both have let it go.
 *
 * When a region gets VM_LOCKED or loses it, its PTEs are counted here. They change meanwhile only through walks of
 * mm/rmap.c and truncation, for mmap_lock is held for writing; so those are kept out, and whoever clears a PTE
 * always finds in vma->vm_flags whether it was counted.
 *
 * A huge page that is to be locked becomes small pages before that, and none comes (hugepage_vma_check()). One that
 * cannot be split just now is mapped by PTEs, each of which counts for the whole.
 *
 * Locking: lru_lock guards the count, PG_mlocked and PG_unevictable. Other flags in the same word change without it.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/pagewalk.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>
#include <linux/syscalls.h>
#include "internal.h"

/** can_do_mlock - may the caller lock anything? */
bool can_do_mlock(void)
{
	return rlimit(RLIMIT_MEMLOCK) || capable(CAP_IPC_LOCK);
}

/* Of pages locked in all. */
static bool within_limit(unsigned long locked)
{
	return locked <= rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT || capable(CAP_IPC_LOCK);
}

/** mlock_future_check - may @len bytes more be mapped with these VM_ flags? 0 or -EAGAIN */
int mlock_future_check(struct mm_struct *mm, unsigned long flags, unsigned long len)
{
	return !(flags & VM_LOCKED) || within_limit(mm->locked_vm + (len >> PAGE_SHIFT)) ? 0 : -EAGAIN;
}

/* ------------------------------------------------------------------ pages */

/* To the list where it belongs, if it is on one; lru_lock is held. Who has it off its list puts it back there. */
static void set_unevictable(struct lruvec *lruvec, struct folio *folio, bool unevictable)
{
	const bool listed = folio_test_lru(folio);

	if (folio_test_unevictable(folio) == unevictable)
		return;
	if (listed)
		lruvec_del_folio(lruvec, folio);
	if (unevictable) {
		folio_clear_active(folio);
		folio_set_unevictable(folio);
	} else {
		folio_clear_unevictable(folio);
	}
	if (listed)
		lruvec_add_folio(lruvec, folio);
	count_vm_events(unevictable ? UNEVICTABLE_PGCULLED : UNEVICTABLE_PGRESCUED, folio_nr_pages(folio));
}

/* Returns how many PTEs it is then. */
static unsigned long mlock_count_add(struct folio *folio, long n)
{
	return (unsigned long)atomic_long_add_return(n << MLOCK_COUNT_SHIFT, (atomic_long_t *)&folio->flags) >>
	       MLOCK_COUNT_SHIFT;
}

/** mlock_folio - a PTE of a locked region maps a page from now on; page_table_lock is held */
void mlock_folio(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	spin_lock_irqsave(&lruvec->lru_lock, flags);
	if (mlock_count_add(folio, 1) == 1) {
		folio_set_mlocked(folio);
		mod_node_page_state(NULL, NR_MLOCK, folio_nr_pages(folio));
		count_vm_events(UNEVICTABLE_PGMLOCKED, folio_nr_pages(folio));
		set_unevictable(lruvec, folio, true);
	}
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

/** munlock_folio - and one does not any more; page_table_lock is held, and so the file, if it is one's, stays */
void munlock_folio(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	spin_lock_irqsave(&lruvec->lru_lock, flags);
	if (mlock_count_add(folio, -1) == 0) {
		struct address_space *mapping = folio_mapping(folio);

		folio_clear_mlocked(folio);
		mod_node_page_state(NULL, NR_MLOCK, -folio_nr_pages(folio));
		count_vm_events(UNEVICTABLE_PGMUNLOCKED, folio_nr_pages(folio));
		set_unevictable(lruvec, folio, mapping && mapping_unevictable(mapping));
	}
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

static int mlock_pte_entry(pte_t *ptep, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	const pte_t pte = ptep_get(ptep);
	struct page *page = pte_present(pte) ? vm_normal_page(pte) : NULL;

	if (!page)
		return 0;
	if (walk->vma->vm_flags & VM_LOCKED)
		mlock_folio(page_folio(page));
	else
		munlock_folio(page_folio(page));
	return 0;
}

/* No PMD of the region maps a huge page after that. */
static void split_huge_pages_vma(struct vm_area_struct *vma)
{
	unsigned long addr, next;
	pmd_t *pmd;

	lru_add_drain();	/* a reference of a batch would keep one from being split */
	for (addr = vma->vm_start; vma->anon_vma && addr < vma->vm_end; addr = next) {
		next = mm_next_table(vma->vm_mm, addr, vma->vm_end, &pmd);
		if (!pmd)
			continue;
		split_huge_pages_pmd(vma, pmd, addr, next);
		split_huge_pmd(vma, pmd, addr);
		cond_resched();
	}
}

/* VM_LOCKED comes or goes, for the whole region. */
static void mlock_vma_pages(struct vm_area_struct *vma, unsigned long newflags)
{
	static const struct mm_walk_ops ops = { .pte_entry = mlock_pte_entry };

	if (newflags & VM_LOCKED)
		split_huge_pages_vma(vma);
	take_rmap_locks(vma);
	vma->vm_flags = newflags;
	walk_page_vma(vma, &ops, NULL);
	drop_rmap_locks(vma);
}

/* ------------------------------------------------------------------ regions */

/**
 * mlock_fixup - new flags, of VM_LOCKED_MASK, for [start, end) of a region
 *
 * It is split where they begin and end, and joined with neighbours that have the same: then vma is gone. Regions of
 * frames without a struct page stay as they are. mmap_lock is held for writing. 0 or -ENOMEM.
 */
int mlock_fixup(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long newflags)
{
	const unsigned long oldflags = vma->vm_flags;
	const long pages = (end - start) >> PAGE_SHIFT;
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *prev;
	int error;

	if (newflags == oldflags || (oldflags & VM_SPECIAL))
		return 0;
	error = split_at_edges(mm, vma, start, end);
	if (error)
		return error;
	if ((newflags ^ oldflags) & VM_LOCKED) {
		mm->locked_vm += newflags & VM_LOCKED ? pages : -pages;
		mlock_vma_pages(vma, newflags);
	} else {
		vma->vm_flags = newflags;
	}
	/* Only now that both are the same in what they have counted. */
	find_vma_prev(mm, start, &prev);
	vma_merge(mm, prev, start, end, newflags, vma->anon_vma, vma->vm_file, vma->vm_pgoff);
	return 0;
}

/* [start, end), up to the first gap. @flags: what of VM_LOCKED_MASK it shall have. */
static int apply_vma_lock_flags(unsigned long start, size_t len, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end = start + len, next;

	if (end < start)
		return -EINVAL;
	for (; start < end; start = next) {
		struct vm_area_struct *vma = vma_lookup(mm, start);
		int error;

		if (!vma)
			return -ENOMEM;
		next = min(end, vma->vm_end);
		error = mlock_fixup(vma, start, next, (vma->vm_flags & ~VM_LOCKED_MASK) | flags);
		if (error)
			return error;
	}
	return 0;
}

/* Pages of [start, start + len) that are locked already. */
static unsigned long count_mm_mlocked_page_nr(struct mm_struct *mm, unsigned long start, size_t len)
{
	const unsigned long end = start + len < start ? ULONG_MAX : start + len;
	struct vm_area_struct *vma;
	VMA_ITERATOR(vmi, mm, start);
	unsigned long count = 0;

	for_each_vma_range(vmi, vma, end)
		if (vma->vm_flags & VM_LOCKED)
			count += min(end, vma->vm_end) - max(start, vma->vm_start);
	return count >> PAGE_SHIFT;
}

static int do_mlock(unsigned long start, size_t len, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long locked;
	int error = -ENOMEM;

	if (!can_do_mlock())
		return -EPERM;
	len = PAGE_ALIGN(len + offset_in_page(start));
	start &= PAGE_MASK;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	locked = mm->locked_vm + (len >> PAGE_SHIFT);
	if (!within_limit(locked))
		locked -= count_mm_mlocked_page_nr(mm, start, len);
	if (within_limit(locked))
		error = apply_vma_lock_flags(start, len, flags);
	mmap_write_unlock(mm);
	if (error)
		return error;
	error = __mm_populate(start, len, 0);
	/* What POSIX calls them. */
	return error == -EFAULT ? -ENOMEM : error == -ENOMEM ? -EAGAIN : error;
}

SYSCALL_DEFINE2(mlock, unsigned long, start, size_t, len)
{
	return do_mlock(start, len, VM_LOCKED);
}

SYSCALL_DEFINE3(mlock2, unsigned long, start, size_t, len, int, flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(start, len, flags ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED);
}

SYSCALL_DEFINE2(munlock, unsigned long, start, size_t, len)
{
	struct mm_struct *mm = current->mm;
	int error;

	len = PAGE_ALIGN(len + offset_in_page(start));
	start &= PAGE_MASK;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	error = apply_vma_lock_flags(start, len, 0);
	mmap_write_unlock(mm);
	return error;
}

/* All regions, and those to come. What cannot be split or has no pages to lock is passed over. */
static void apply_mlockall_flags(int flags)
{
	const unsigned long to_add = VM_LOCKED | (flags & MCL_ONFAULT ? VM_LOCKONFAULT : 0);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long addr, next;

	mm->def_flags &= ~VM_LOCKED_MASK;
	if (flags & MCL_FUTURE)
		mm->def_flags |= to_add;
	if (flags && !(flags & MCL_CURRENT))
		return;
	for (addr = 0; (vma = find_vma(mm, addr)); addr = next) {
		next = vma->vm_end;
		mlock_fixup(vma, vma->vm_start, next, (vma->vm_flags & ~VM_LOCKED_MASK) | (flags ? to_add : 0));
		cond_resched();
	}
}

SYSCALL_DEFINE1(mlockall, int, flags)
{
	struct mm_struct *mm = current->mm;
	int error = 0;

	if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!can_do_mlock())
		return -EPERM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if ((flags & MCL_CURRENT) && !within_limit(mm->total_vm))
		error = -ENOMEM;
	else
		apply_mlockall_flags(flags);
	mmap_write_unlock(mm);
	if (!error && (flags & MCL_CURRENT))
		mm_populate(0, TASK_SIZE);
	return error;
}

SYSCALL_DEFINE0(munlockall)
{
	struct mm_struct *mm = current->mm;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	apply_mlockall_flags(0);
	mmap_write_unlock(mm);
	return 0;
}
