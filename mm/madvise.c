// SPDX-License-Identifier: MIT
/*
 * madvise(2) and msync(2): what a program tells of its plans for memory, and waiting for a shared
 * mapping to be on the disk. mmap_lock is held for reading, for writing where flags of a region
 * change.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include "internal.h"

/* The pages may go: the next access finds zeroes, or the file's bytes. */
static int madvise_dontneed(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	if (vma->vm_flags & (VM_LOCKED | VM_PFNMAP))
		return -EINVAL;
	zap_page_range(vma, start, end - start);
	return 0;
}

/* Start reading what of the file is not in the cache. */
static int madvise_willneed(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct file *file = vma->vm_file;

	if (file) {
		DEFINE_READAHEAD(ractl, file, &file->f_ra, file->f_mapping,
				 linear_page_index(vma, start));

		force_page_cache_ra(&ractl, (end - start) >> PAGE_SHIFT);
	}
	return 0;
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
	case MADV_NORMAL:
		vma->vm_flags &= ~(VM_SEQ_READ | VM_RAND_READ);
		return 0;
	case MADV_RANDOM:
		vma->vm_flags = (vma->vm_flags & ~VM_SEQ_READ) | VM_RAND_READ;
		return 0;
	case MADV_SEQUENTIAL:
		vma->vm_flags = (vma->vm_flags & ~VM_RAND_READ) | VM_SEQ_READ;
		return 0;
	}
	return -EINVAL;
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len, int, advice)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long end, addr;
	int error = 0;
	bool gap = false;

	if (advice != MADV_DONTNEED && advice != MADV_FREE && (unsigned int)advice > MADV_WILLNEED)
		return -EINVAL;
	if (start & ~PAGE_MASK)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	end = start + len;
	if (end < start)
		return -EINVAL;
	mmap_write_lock(mm);
	for (addr = start; addr < end && !error; addr = min(end, vma->vm_end)) {
		vma = find_vma(mm, addr);
		if (!vma || vma->vm_start >= end) {
			gap = true;
			break;
		}
		if (vma->vm_start > addr) {
			gap = true;		/* told at the end; the rest is done */
			addr = vma->vm_start;
		}
		error = madvise_vma(vma, addr, min(end, vma->vm_end), advice);
	}
	mmap_write_unlock(mm);
	return error ? error : gap ? -ENOMEM : 0;
}

/* What is dirty only in PTEs of this region must reach the pages before the file is synced. */
static void clean_ptes(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	if (vma->vm_flags & VM_SHARED)
		zap_page_range(vma, start, end - start);
}

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
		clean_ptes(vma, addr, min(end, vma->vm_end));
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
