// SPDX-License-Identifier: MIT
/*
 * madvise(2) and msync(2): what a program tells of its plans for memory, and waiting for a shared
 * mapping to be on the disk.
 *
 * Locking: mmap_lock, for writing where flags of a region change, else for reading. Where PTEs change,
 * page_table_lock.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/pagewalk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/syscalls.h>
#include <asm/tlbflush.h>
#include "internal.h"

/*
 * New flags for [start, end) of a region: split off, or joined with neighbours that have the same.
 * mmap_lock is held for writing.
 */
static int madvise_update_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			      unsigned long new_flags)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *prev;
	int error = 0;

	if (new_flags == vma->vm_flags)
		return 0;
	if (start != vma->vm_start)
		error = __split_vma(mm, vma, start, 1);
	if (!error && end != vma->vm_end)
		error = __split_vma(mm, vma, end, 0);
	if (error)
		return error;
	find_vma_prev(mm, start, &prev);
	if (!vma_merge(mm, prev, start, end, new_flags, vma->anon_vma, vma->vm_file, vma->vm_pgoff))
		vma->vm_flags = new_flags;
	return 0;
}

/* Advice that is a flag of the region. */
static int madvise_flags(struct vm_area_struct *vma, unsigned long start, unsigned long end, int advice)
{
	unsigned long flags = vma->vm_flags;

	switch (advice) {
	case MADV_NORMAL:
		flags &= ~(VM_SEQ_READ | VM_RAND_READ);
		break;
	case MADV_RANDOM:
		flags = (flags & ~VM_SEQ_READ) | VM_RAND_READ;
		break;
	case MADV_SEQUENTIAL:
		flags = (flags & ~VM_RAND_READ) | VM_SEQ_READ;
		break;
	case MADV_DONTFORK:
		flags |= VM_DONTCOPY;
		break;
	case MADV_DOFORK:
		if (flags & VM_IO)
			return -EINVAL;
		flags &= ~VM_DONTCOPY;
		break;
	case MADV_WIPEONFORK:
		if (vma->vm_file || (flags & VM_SHARED))
			return -EINVAL;		/* only what is nobody else's */
		flags |= VM_WIPEONFORK;
		break;
	case MADV_KEEPONFORK:
		flags &= ~VM_WIPEONFORK;
		break;
	case MADV_DONTDUMP:
		flags |= VM_DONTDUMP;
		break;
	case MADV_DODUMP:
		if ((flags & VM_SPECIAL) && !is_vm_hugetlb_page(vma))
			return -EINVAL;
		flags &= ~VM_DONTDUMP;
		break;
	case MADV_HUGEPAGE:
		flags = (flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE;
		break;
	case MADV_NOHUGEPAGE:
		flags = (flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE;
		break;
	}
	return madvise_update_vma(vma, start, end, flags);
}

/* The pages may go: the next access finds zeroes, or the file's bytes. */
static int madvise_dontneed(struct vm_area_struct *vma, unsigned long start, unsigned long end, bool locked)
{
	if (is_vm_hugetlb_page(vma)) {
		if (start & ~HPAGE_MASK)
			return -EINVAL;
		end = ALIGN_DOWN(end, HPAGE_SIZE);	/* what it is a part of stays */
		locked = true;
	}
	if ((vma->vm_flags & VM_PFNMAP) || (!locked && (vma->vm_flags & VM_LOCKED)))
		return -EINVAL;
	if (start < end)
		zap_page_range(vma, start, end - start);
	return 0;
}

/* ------------------------------------------------------------------ advice to reclaim */

static bool can_madv_lru_vma(struct vm_area_struct *vma)
{
	return !(vma->vm_flags & (VM_LOCKED | VM_PFNMAP | VM_HUGETLB));
}

/* MADV_COLD and MADV_PAGEOUT. */
struct madvise_walk_private {
	bool	pageout;
	bool	anon_only;	/* what the file holds is not for this program to push out */
};

/* One PTE. The pages that are to go are collected in @folios. page_table_lock is held. */
static void madvise_cold_or_pageout_pte(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep,
					const struct madvise_walk_private *private, struct list_head *folios)
{
	const pte_t pte = ptep_get(ptep);
	struct page *page = pte_present(pte) ? vm_normal_page(pte) : NULL;

	/* The others who map it have not been asked; of a huge page that could not be split, this holds, too. */
	if (!page || PageCompound(page) || page_mapcount(page) != 1 || PageUnevictable(page) || (private->anon_only && !PageAnon(page)))
		return;
	ptep_test_and_clear_young(vma, addr, ptep);
	ClearPageReferenced(page);
	if (!private->pageout)
		deactivate_page(page);
	else if (!folio_isolate_lru(page_folio(page)))
		list_add(&page_folio(page)->lru, folios);
}

static int madvise_cold_or_pageout_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end,
					     struct mm_walk *walk)
{
	const unsigned long start = addr;
	LIST_HEAD(folios);
	spinlock_t *ptl;
	pte_t *pte;

	if (fatal_signal_pending(current))
		return -EINTR;
	split_huge_pages_pmd(walk->vma, pmd, addr, end);
	if (!pmd_table(READ_ONCE(*pmd)))
		return 0;
	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
	for (; addr < end; addr += PAGE_SIZE, pte++)
		madvise_cold_or_pageout_pte(walk->vma, addr, pte, walk->private, &folios);
	/* So that the next use sets the accessed flag again. */
	flush_tlb_range(walk->vma, start, end);
	pte_unmap_unlock(pte, ptl);
	if (!list_empty(&folios))
		reclaim_pages(&folios);
	cond_resched();
	return 0;
}

static int madvise_cold_or_pageout(struct vm_area_struct *vma, unsigned long start, unsigned long end,
				   bool pageout)
{
	static const struct mm_walk_ops ops = { .pmd_entry = madvise_cold_or_pageout_pte_range };
	struct madvise_walk_private private = { .pageout = pageout };
	struct file *file = vma->vm_file;

	if (!can_madv_lru_vma(vma))
		return -EINVAL;
	/* How long a page of somebody else's file takes to come back would tell who uses it. */
	if (pageout && file)
		private.anon_only = !inode_owner_or_capable(&init_user_ns, file_inode(file)) &&
				    file_permission(file, MAY_WRITE);
	lru_add_drain();
	walk_page_range(vma->vm_mm, start, end, &ops, &private);
	return 0;
}

/*
 * MADV_FREE, one PTE: the page may go, but need not. Who reads it before that finds what was in it; who writes
 * it keeps it. So the PTE is made clean, and reclaim looks whether it still is. True if the PTE had a
 * swap entry, of which nothing is left. page_table_lock is held.
 */
static bool madvise_free_pte(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	struct mm_struct *mm = vma->vm_mm;
	struct folio *folio;
	struct page *page;
	pte_t pte = ptep_get(ptep);
	bool free;

	if (is_swap_pte(pte)) {
		if (is_migration_entry(pte_to_swp_entry(pte)))
			return false;
		pte_clear(mm, addr, ptep);
		return free_swap_and_cache(pte_to_swp_entry(pte));
	}
	page = pte_none(pte) ? NULL : vm_normal_page(pte);
	if (!page || !PageAnon(page) || PageCompound(page))
		return false;
	folio = page_folio(page);
	/* Who shares it after a fork has not given it up; and with a slot it is the swap cache's, too. */
	if (!folio_trylock(folio))
		return false;
	free = page_mapcount(page) == 1 && (!folio_test_swapcache(folio) || folio_free_swap(folio));
	folio_unlock(folio);
	if (!free)
		return false;
	if (pte_young(pte) || pte_dirty(pte)) {
		pte = ptep_get_and_clear(mm, addr, ptep);
		set_pte_at(mm, addr, ptep, pte_mkclean(pte_mkold(pte)));
	}
	mark_page_lazyfree(page);
	return false;
}

static int madvise_free_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end, struct mm_walk *walk)
{
	const unsigned long start = addr;
	int swapents = 0;
	spinlock_t *ptl;
	pte_t *pte;

	split_huge_pages_pmd(walk->vma, pmd, addr, end);
	if (!pmd_table(READ_ONCE(*pmd)))
		return 0;
	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
	for (; addr < end; addr += PAGE_SIZE, pte++)
		swapents += madvise_free_pte(walk->vma, addr, pte);
	/* So that the next write makes the PTE dirty. Writes until then are no later than the advice. */
	flush_tlb_range(walk->vma, start, end);
	pte_unmap_unlock(pte, ptl);
	if (swapents)
		add_mm_counter(walk->mm, MM_SWAPENTS, -swapents);
	cond_resched();
	return 0;
}

static int madvise_free_single_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	static const struct mm_walk_ops ops = { .pmd_entry = madvise_free_pte_range };

	if (!can_madv_lru_vma(vma) || !vma_is_anonymous(vma))
		return -EINVAL;
	lru_add_drain();
	walk_page_range(vma->vm_mm, start, end, &ops, NULL);
	return 0;
}

/* ------------------------------------------------------------------ advice to the page cache */

/* Start reading what of the file is not in the cache. mmap_lock is dropped for that, and taken again. */
static int madvise_willneed(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct mm_struct *mm = vma->vm_mm;
	struct file *file = vma->vm_file;
	pgoff_t index = linear_page_index(vma, start);

	if (!file)
		return 0;
	get_file(file);
	mmap_read_unlock(mm);
	{
		DEFINE_READAHEAD(ractl, file, &file->f_ra, file->f_mapping, index);

		force_page_cache_ra(&ractl, (end - start) >> PAGE_SHIFT);
	}
	fput(file);
	mmap_read_lock(mm);
	return 0;
}

/* A hole in the file, for all who map it. mmap_lock as above. */
static int madvise_remove(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	loff_t offset = (loff_t)linear_page_index(vma, start) << PAGE_SHIFT;
	struct mm_struct *mm = vma->vm_mm;
	struct file *file = vma->vm_file;
	int error;

	if ((vma->vm_flags & VM_LOCKED) || !file)
		return -EINVAL;
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) != (VM_SHARED | VM_MAYWRITE))
		return -EACCES;
	get_file(file);
	mmap_read_unlock(mm);
	error = vfs_fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, end - start);
	fput(file);
	mmap_read_lock(mm);
	return error;
}

/* As if each page were read, or written. The first that cannot be ends it. */
static int madvise_populate(struct vm_area_struct *vma, unsigned long start, unsigned long end, bool write)
{
	const unsigned long size = vma_kernel_pagesize(vma);

	if ((vma->vm_flags & (VM_IO | VM_PFNMAP)) || !(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return -EINVAL;
	for (; start < end; start += size) {
		vm_fault_t ret = handle_mm_fault(vma, start, write ? FAULT_FLAG_WRITE : 0, NULL);

		if (ret & VM_FAULT_OOM)
			return -ENOMEM;
		if (ret & VM_FAULT_ERROR)
			return -EFAULT;
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/* Does this advice change regions? Then mmap_lock is held for writing, else for reading. */
static bool madvise_need_mmap_write(int advice)
{
	switch (advice) {
	case MADV_REMOVE:
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
	case MADV_COLD:
	case MADV_PAGEOUT:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return false;
	}
	return true;
}

static bool madvise_behavior_valid(int advice)
{
	switch (advice) {
	case MADV_NORMAL ... MADV_DONTNEED:
	case MADV_FREE ... MADV_DOFORK:
	case MADV_HUGEPAGE ... MADV_DONTNEED_LOCKED:
		return true;
	}
	return false;
}

static int madvise_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end, int advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
		return madvise_dontneed(vma, start, end, advice == MADV_DONTNEED_LOCKED);
	case MADV_FREE:
		return madvise_free_single_vma(vma, start, end);
	case MADV_COLD:
	case MADV_PAGEOUT:
		return madvise_cold_or_pageout(vma, start, end, advice == MADV_PAGEOUT);
	case MADV_WILLNEED:
		return madvise_willneed(vma, start, end);
	case MADV_REMOVE:
		return madvise_remove(vma, start, end);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return madvise_populate(vma, start, end, advice == MADV_POPULATE_WRITE);
	}
	return madvise_flags(vma, start, end, advice);
}

/* Region by region, looked up anew each time: the lock may have been dropped, or the region joined. */
static int madvise_walk_vmas(struct mm_struct *mm, unsigned long addr, unsigned long end, int advice)
{
	int error, unmapped = 0;

	while (addr < end) {
		struct vm_area_struct *vma = find_vma(mm, addr);
		unsigned long next;

		if (!vma || vma->vm_start >= end)
			return -ENOMEM;
		if (vma->vm_start > addr) {
			unmapped = -ENOMEM;	/* told at the end; the rest is done */
			addr = vma->vm_start;
		}
		next = min(end, vma->vm_end);
		error = madvise_vma(vma, addr, next, advice);
		if (error)
			return error;
		addr = next;
	}
	return unmapped;
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len, int, advice)
{
	struct mm_struct *mm = current->mm;
	bool write = madvise_need_mmap_write(advice);
	unsigned long end = start + PAGE_ALIGN(len);
	int error;

	if (!madvise_behavior_valid(advice) || (start & ~PAGE_MASK) || end < start ||
	    (len && !PAGE_ALIGN(len)))
		return -EINVAL;
	if (!write)
		mmap_read_lock(mm);
	else if (mmap_write_lock_killable(mm))
		return -EINTR;
	error = madvise_walk_vmas(mm, start, end, advice);
	if (write)
		mmap_write_unlock(mm);
	else
		mmap_read_unlock(mm);
	return error;
}

/*
 * What was stored through a mapping is the file's at once, and dirty since its first write fault (do_wp_page()):
 * so MS_ASYNC and MS_INVALIDATE have nothing to do, and MS_SYNC is fsync() of the range.
 */
SYSCALL_DEFINE3(msync, unsigned long, start, size_t, len, int, flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end, addr;
	bool gap = false;
	int error = 0;

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC))
		return -EINVAL;
	if ((start & ~PAGE_MASK) || ((flags & MS_ASYNC) && (flags & MS_SYNC)))
		return -EINVAL;
	len = PAGE_ALIGN(len);
	end = start + len;
	if (end < start)
		return -ENOMEM;
	for (addr = start; addr < end && !error; ) {
		struct vm_area_struct *vma;
		struct file *file = NULL;
		loff_t fstart, fend;

		mmap_read_lock(mm);
		vma = find_vma(mm, addr);
		if (!vma || vma->vm_start >= end) {
			mmap_read_unlock(mm);
			return -ENOMEM;
		}
		if (vma->vm_start > addr) {
			gap = true;
			addr = vma->vm_start;
		}
		fstart = ((loff_t)linear_page_index(vma, addr)) << PAGE_SHIFT;
		fend = fstart + (min(end, vma->vm_end) - addr) - 1;
		if ((flags & MS_INVALIDATE) && (vma->vm_flags & VM_LOCKED)) {
			mmap_read_unlock(mm);
			return -EBUSY;
		}
		if ((flags & MS_SYNC) && vma->vm_file && (vma->vm_flags & VM_SHARED))
			file = get_file(vma->vm_file);
		addr = min(end, vma->vm_end);
		mmap_read_unlock(mm);
		if (file) {
			error = vfs_fsync_range(file, fstart, fend, 1);
			fput(file);
		}
	}
	return error ? error : gap ? -ENOMEM : 0;
}
