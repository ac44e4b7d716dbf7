// SPDX-License-Identifier: MIT
/*
 * madvise(2) and msync(2): what a program tells of its plans for memory, and waiting for a shared
 * mapping to be on the disk.
 *
 * Locking: mmap_lock, for writing where flags of a region change, else for reading.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
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
	if (!vma_merge(mm, prev, start, end, new_flags, vma->vm_file, vma->vm_pgoff))
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
		if (flags & VM_SPECIAL)
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
static int madvise_dontneed(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	if (vma->vm_flags & (VM_LOCKED | VM_PFNMAP))
		return -EINVAL;
	zap_page_range(vma, start, end - start);
	return 0;
}

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
	if ((vma->vm_flags & (VM_IO | VM_PFNMAP)) || !(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return -EINVAL;
	for (; start < end; start += PAGE_SIZE) {
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
	case MADV_FREE:
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
	case MADV_HUGEPAGE ... MADV_KEEPONFORK:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return true;
	}
	return false;
}

static int madvise_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end, int advice)
{
	switch (advice) {
	case MADV_DONTNEED:
		return madvise_dontneed(vma, start, end);
	case MADV_FREE:
		/* Allowed to free at any time, so also now; only private anonymous memory. */
		if (!vma_is_anonymous(vma))
			return -EINVAL;
		return madvise_dontneed(vma, start, end);
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
