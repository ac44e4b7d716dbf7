// SPDX-License-Identifier: MIT
/*
 * Touching pages before a program does: MAP_POPULATE, and what is locked in memory.
 *
 * Callers: mmap(2), brk(2), mremap(2), shmat(2), mlock(2), when they have dropped mmap_lock, which is taken
 * here for reading.
 */
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "internal.h"

/**
 * populate_vma_page_range - touches the pages of [start, end), of one region
 *
 * One that the program may have for itself is written to, so that it is not copied later. Where pages are only
 * locked as they come, nothing is done. mmap_lock is held. 0, -EFAULT, -ENOMEM, or -EINTR for one that was killed.
 */
int populate_vma_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	const unsigned long size = vma_kernel_pagesize(vma);
	const bool write = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;

	if (vma->vm_flags & VM_LOCKONFAULT)
		return 0;
	if (!(vma->vm_flags & VM_ACCESS_FLAGS))
		return -EFAULT;
	for (; start < end; start += size) {
		vm_fault_t ret = handle_mm_fault(vma, start, write ? FAULT_FLAG_WRITE : 0, NULL);

		if (ret & VM_FAULT_ERROR)
			return ret & VM_FAULT_OOM ? -ENOMEM : -EFAULT;
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

/**
 * __mm_populate - touches the pages of what is mapped in a range; gaps are passed over
 * @start, @len: bytes, page-aligned
 * @ignore_errors: goes on with the next region when one has no more pages to give
 *
 * Returns 0, -EFAULT, -ENOMEM, or -EINTR for one that was killed. mmap_lock is let go after each stretch of 2 MiB, for
 * those who wait to change regions.
 */
int __mm_populate(unsigned long start, unsigned long len, int ignore_errors)
{
	struct mm_struct *mm = current->mm;
	const unsigned long end = start + len;
	unsigned long next;
	int err = 0;

	for (; start < end; start = next) {
		struct vm_area_struct *vma;

		cond_resched();
		mmap_read_lock(mm);
		vma = find_vma_intersection(mm, start, end);
		if (!vma) {
			mmap_read_unlock(mm);
			break;
		}
		start = max(start, vma->vm_start);
		next = pmd_addr_end(start, min(end, vma->vm_end));
		if (!(vma->vm_flags & (VM_IO | VM_PFNMAP)))
			err = populate_vma_page_range(vma, start, next);
		if (err && ignore_errors) {
			next = min(end, vma->vm_end);
			err = 0;
		}
		mmap_read_unlock(mm);
		if (err || fatal_signal_pending(current))
			break;
	}
	return err;
}
