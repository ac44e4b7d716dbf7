// SPDX-License-Identifier: MIT
/*
 * Mapping and unmapping: mmap(2), munmap(2), brk(2), and the stack that grows.
 *
 * Here the promises are made (regions, mm/vma.c) and taken back (with their pages, mm/mapping.c);
 * page faults fulfil them (mm/memory.c).
 *
 * Callers: programs, exec (fs/binfmt_elf.c), exit_mmap() from mmput(), do_page_fault().
 * Locking: mmap_lock for writing in whatever changes a region, for reading in whatever looks; a
 * growing stack alone changes vm_start under the read lock, with the anon_vma's lock and
 * page_table_lock besides.
 */
#include <linux/file.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm-generic/tlb.h>
#include "internal.h"

unsigned long stack_guard_gap = 256UL << PAGE_SHIFT;

/* ------------------------------------------------------------------ accounts and limits */

static bool is_data_mapping(unsigned long flags)
{
	return (flags & (VM_WRITE | VM_SHARED | VM_STACK)) == VM_WRITE;
}

void vm_stat_account(struct mm_struct *mm, unsigned long flags, long npages)
{
	mm->total_vm += npages;
	if ((flags & (VM_EXEC | VM_WRITE | VM_STACK)) == VM_EXEC)
		mm->exec_vm += npages;
	else if (flags & VM_STACK)
		mm->stack_vm += npages;
	else if (is_data_mapping(flags))
		mm->data_vm += npages;
	mm->hiwater_vm = max(mm->hiwater_vm, mm->total_vm);
}

/* RLIMIT_AS and RLIMIT_DATA */
int may_expand_vm(struct mm_struct *mm, unsigned long vm_flags, unsigned long npages)
{
	if (mm->total_vm + npages > rlimit(RLIMIT_AS) >> PAGE_SHIFT)
		return 0;
	if (is_data_mapping(vm_flags) && mm->data_vm + npages > rlimit(RLIMIT_DATA) >> PAGE_SHIFT)
		return 0;
	return 1;
}

/* Will it take memory of its own, which is to be charged (mm/util.c)? Shared memory charges its file. */
static bool accountable_mapping(unsigned long vm_flags)
{
	return (vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
}

/* ------------------------------------------------------------------ finding room */

/* Bytes that must stay free below a region: a stack must be able to fault before it hits something. */
static unsigned long vm_start_gap(struct vm_area_struct *vma)
{
	unsigned long gap = vma->vm_flags & VM_GROWSDOWN ? stack_guard_gap : 0;

	return vma->vm_start > gap ? vma->vm_start - gap : 0;
}

/* The highest gap of len bytes below mm->mmap_base; bottom up above it only when there is none. */
static unsigned long unmapped_area_topdown(struct mm_struct *mm, unsigned long len)
{
	unsigned long end = mm->mmap_base;
	struct vm_area_struct *vma, *prev;

	for (vma = find_vma_prev(mm, end - 1, &prev); ; vma = prev, prev = prev ? prev->vm_prev : NULL) {
		if (vma)
			end = min(end, vm_start_gap(vma));
		if (end < len + FIRST_USER_ADDRESS)
			break;
		if (!prev || prev->vm_end <= end - len)
			return end - len;
		if (!vma && !prev)
			break;
	}
	for (end = mm->mmap_base, vma = find_vma(mm, end); end + len <= TASK_SIZE; vma = vma->vm_next) {
		if (!vma || end + len <= vm_start_gap(vma))
			return end;
		end = max(end, vma->vm_end);
	}
	return -ENOMEM;
}

/**
 * get_unmapped_area - where a new mapping may go
 * @addr: page-aligned; with MAP_FIXED an order, else a wish
 *
 * Returns the address, or -ENOMEM, -EINVAL, -EEXIST.
 */
unsigned long get_unmapped_area(struct file *file, unsigned long addr, unsigned long len,
				unsigned long pgoff, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma, *prev;

	if (len > TASK_SIZE)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr & ~PAGE_MASK)
			return -EINVAL;
		if (addr > TASK_SIZE - len || addr < mmap_min_addr)
			return addr < mmap_min_addr ? -EPERM : -ENOMEM;
		return addr;
	}
	if (addr) {
		addr = PAGE_ALIGN(addr);
		vma = find_vma_prev(mm, addr, &prev);
		if (addr >= mmap_min_addr && addr <= TASK_SIZE - len &&
		    (!vma || addr + len <= vm_start_gap(vma)) && (!prev || addr >= prev->vm_end))
			return addr;
	}
	return unmapped_area_topdown(mm, len);
}

/* ------------------------------------------------------------------ mapping */

static unsigned long calc_vm_flags(unsigned long prot, unsigned long flags)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) |
	       (prot & PROT_EXEC ? VM_EXEC : 0) | (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0) |
	       (flags & MAP_NORESERVE && sysctl_overcommit_memory != OVERCOMMIT_NEVER ? VM_NORESERVE : 0);
}

/* What MAP_SHARED_VALIDATE knows; MAP_SHARED ignores all else. */
#define LEGACY_MAP_MASK	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_GROWSDOWN |	\
			 MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB |	\
			 MAP_FIXED_NOREPLACE | MAP_HUGE_MASK << MAP_HUGE_SHIFT)

/* What a mapping of a file may become, by how the file is open. Returns an errno. */
static int file_vm_flags(struct file *file, unsigned long flags, unsigned long *vm_flags)
{
	switch (flags & MAP_TYPE) {
	case MAP_SHARED_VALIDATE:
		if (flags & ~LEGACY_MAP_MASK)
			return -EOPNOTSUPP;
		fallthrough;
	case MAP_SHARED:
		if ((*vm_flags & VM_WRITE) && !(file->f_mode & FMODE_WRITE))
			return -EACCES;
		*vm_flags |= VM_SHARED | VM_MAYSHARE;
		if (!(file->f_mode & FMODE_WRITE))
			*vm_flags &= ~(VM_MAYWRITE | VM_SHARED);
		fallthrough;
	case MAP_PRIVATE:
		if (!(file->f_mode & FMODE_READ))
			return -EACCES;
		if (!file->f_op->mmap)
			return -ENODEV;
		if (*vm_flags & VM_GROWSDOWN)
			return -EINVAL;
		return 0;
	}
	return -EINVAL;
}

static int anon_vm_flags(unsigned long flags, unsigned long *vm_flags)
{
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
		if (*vm_flags & VM_GROWSDOWN)
			return -EINVAL;
		*vm_flags |= VM_SHARED | VM_MAYSHARE;
		return 0;
	case MAP_PRIVATE:
		return 0;
	}
	return -EINVAL;
}

/* A new region over free addresses. mmap_lock is held for writing. */
static unsigned long mmap_region(struct file *file, unsigned long addr, unsigned long len,
				 unsigned long vm_flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma, *prev;
	unsigned long charged = 0;
	int error;

	if (accountable_mapping(vm_flags)) {
		charged = len >> PAGE_SHIFT;
		if (security_vm_enough_memory_mm(mm, charged))
			return -ENOMEM;
		vm_flags |= VM_ACCOUNT;		/* remove_vma() gives it back */
	}
	find_vma_prev(mm, addr, &prev);
	if (file || !(vm_flags & VM_SHARED)) {
		vma = vma_merge(mm, prev, addr, addr + len, vm_flags, file, pgoff);
		if (vma)
			goto out;
	}
	error = -ENOMEM;
	if (mm->map_count >= sysctl_max_map_count)
		goto unacct;
	vma = vm_area_alloc(mm);
	if (!vma)
		goto unacct;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_page_prot = vm_get_page_prot(vm_flags);
	vma->vm_pgoff = pgoff;
	if (file) {
		/* Sealed against it? Until it is in the file's list, where it counts by itself. */
		if ((vm_flags & VM_SHARED) && mapping_map_writable(file->f_mapping)) {
			error = -EPERM;
			goto fail;
		}
		vma->vm_file = get_file(file);
		error = file->f_op->mmap(file, vma);
		if (error)
			goto fail_unmap_writable;
	} else if (vm_flags & VM_SHARED) {
		error = shmem_zero_setup(vma);
		if (error)
			goto fail;
	}
	vma_link(mm, vma, prev);
	if (file && (vm_flags & VM_SHARED))
		mapping_unmap_writable(file->f_mapping);
out:
	vm_stat_account(mm, vm_flags, len >> PAGE_SHIFT);
	return addr;
fail_unmap_writable:
	if (vm_flags & VM_SHARED)
		mapping_unmap_writable(file->f_mapping);
fail:
	if (vma->vm_file)
		fput(vma->vm_file);
	vm_area_free(vma);
unacct:
	vm_unacct_memory(charged);
	return error;
}

/**
 * do_mmap - make a mapping
 * @file: NULL for anonymous memory
 * @len: bytes, @pgoff: pages
 *
 * mmap_lock is held for writing. Returns the address or an errno.
 */
unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	unsigned long vm_flags;
	int error;

	if (!len)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (!len)
		return -ENOMEM;
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)))
		addr &= PAGE_MASK;
	addr = get_unmapped_area(file, addr, len, pgoff, flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	if ((flags & MAP_FIXED_NOREPLACE) && find_vma_intersection(mm, addr, addr + len))
		return -EEXIST;

	vm_flags = calc_vm_flags(prot, flags) | mm->def_flags | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	if (file && path_noexec(&file->f_path)) {
		if (vm_flags & VM_EXEC)
			return -EPERM;
		vm_flags &= ~VM_MAYEXEC;
	}
	error = file ? file_vm_flags(file, flags, &vm_flags) : anon_vm_flags(flags, &vm_flags);
	if (error)
		return error;
	if (!may_expand_vm(mm, vm_flags, len >> PAGE_SHIFT))
		return -ENOMEM;
	if ((flags & MAP_FIXED) && do_munmap(mm, addr, len))
		return -ENOMEM;
	/* Shared anonymous memory is a file of its own, from its first byte on. */
	if (!file)
		pgoff = vm_flags & VM_SHARED ? 0 : addr >> PAGE_SHIFT;
	return mmap_region(file, addr, len, vm_flags, pgoff);
}

/* Touch a fresh mapping's pages (MAP_POPULATE). What cannot be had now will fault later. */
static void mm_populate(unsigned long addr, unsigned long len)
{
	struct mm_struct *mm = current->mm;
	unsigned long end = addr + len;

	mmap_read_lock(mm);
	for (; addr < end && !fatal_signal_pending(current); addr += PAGE_SIZE) {
		struct vm_area_struct *vma = find_vma(mm, addr);
		bool write;

		if (!vma || vma->vm_start > addr || !(vma->vm_flags & VM_ACCESS_FLAGS))
			break;
		write = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;
		if (handle_mm_fault(vma, addr, write ? FAULT_FLAG_WRITE : 0, NULL) & VM_FAULT_ERROR)
			break;
	}
	mmap_read_unlock(mm);
}

/* Takes mmap_lock. */
static unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
				   unsigned long prot, unsigned long flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mmap(file, addr, len, prot, flags, pgoff);
	mmap_write_unlock(mm);
	if (!IS_ERR_VALUE(ret) && (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE)
		mm_populate(ret, PAGE_ALIGN(len));
	return ret;
}

/* Takes mmap_lock; offset is in bytes. */
unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long offset)
{
	if (offset & ~PAGE_MASK)
		return -EINVAL;
	return vm_mmap_pgoff(file, addr, len, prot, flags, offset >> PAGE_SHIFT);
}

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len, unsigned long, prot,
		unsigned long, flags, unsigned long, fd, unsigned long, off)
{
	struct file *file = NULL;
	unsigned long ret;

	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (flags & MAP_HUGETLB)
		return -EINVAL;		/* no pool of huge pages to take them from */
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
	}
	ret = vm_mmap_pgoff(file, addr, len, prot, flags, off >> PAGE_SHIFT);
	if (file)
		fput(file);
	return ret;
}

/**
 * install_special_mapping - pages that belong to no file and no program
 * @ops: its fault() gives the pages
 *
 * mmap_lock is held for writing and the addresses are free.
 */
int install_special_mapping(struct mm_struct *mm, unsigned long addr, unsigned long len,
			    unsigned long vm_flags, const struct vm_operations_struct *ops)
{
	struct vm_area_struct *vma = vm_area_alloc(mm);
	int ret;

	if (!vma)
		return -ENOMEM;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags | VM_DONTEXPAND;
	vma->vm_page_prot = vm_get_page_prot(vm_flags);
	vma->vm_ops = ops;
	ret = insert_vm_struct(mm, vma);
	if (ret) {
		vm_area_free(vma);
		return ret;
	}
	vm_stat_account(mm, vm_flags, len >> PAGE_SHIFT);
	return 0;
}

/* ------------------------------------------------------------------ unmapping */

/* Cut off what sticks out of [start, end) on either side. */
static int split_at_edges(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long start,
			  unsigned long end)
{
	struct vm_area_struct *last;
	int error;

	if (start > vma->vm_start) {
		error = __split_vma(mm, vma, start, 1);
		if (error)
			return error;
	}
	last = find_vma(mm, end - 1);
	if (last && last->vm_start < end && end < last->vm_end)
		return __split_vma(mm, last, end, 0);
	return 0;
}

/* Take the regions of [start, end) out of list and tree; returns them chained by vm_next. */
static struct vm_area_struct *detach_vmas(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start), *first = NULL, **tail = &first;

	while (vma && vma->vm_start < end) {
		struct vm_area_struct *next = vma->vm_next;

		vma_unlink(mm, vma);
		vm_stat_account(mm, vma->vm_flags, -(long)vma_pages(vma));
		vma->vm_next = NULL;
		*tail = vma;
		tail = &vma->vm_next;
		vma = next;
	}
	return first;
}

/**
 * do_munmap - remove all mappings of a range
 *
 * mmap_lock is held for writing. A range with nothing in it is no error. -ENOMEM when a region
 * must be split and cannot; nothing is removed then.
 */
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	struct vm_area_struct *vma, *prev, *next, *v;
	struct mmu_gather tlb;
	unsigned long end;
	int error;

	mmap_assert_write_locked(mm);
	if ((start & ~PAGE_MASK) || start > TASK_SIZE || len > TASK_SIZE - start)
		return -EINVAL;
	end = start + PAGE_ALIGN(len);
	if (end == start)
		return -EINVAL;
	vma = find_vma_intersection(mm, start, end);
	if (!vma)
		return 0;
	error = split_at_edges(mm, vma, start, end);
	if (error)
		return error;

	vma = detach_vmas(mm, start, end);
	next = find_vma_prev(mm, start, &prev);
	tlb_gather_mmu(&tlb, mm);
	unmap_vmas(&tlb, vma, start, end);
	for (v = vma; v; v = v->vm_next) {
		unlink_file_vma(v);
		unlink_anon_vmas(v);
	}
	free_pgtables(&tlb, vma, prev ? prev->vm_end : 0, next ? next->vm_start : TASK_SIZE);
	tlb_finish_mmu(&tlb);

	while (vma) {
		v = vma->vm_next;
		remove_vma(vma);
		vma = v;
	}
	return 0;
}

int vm_munmap(unsigned long start, size_t len)
{
	struct mm_struct *mm = current->mm;
	int ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_munmap(mm, start, len);
	mmap_write_unlock(mm);
	return ret;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
{
	return vm_munmap(addr, len);
}

/* The last user of the address space is gone: nobody else can look, no lock is needed but for
 * those that assertions and truncation want. */
void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *v;
	struct mmu_gather tlb;

	mmap_write_lock(mm);
	vma = mm->mmap;
	if (vma) {
		tlb_gather_mmu_fullmm(&tlb, mm);
		unmap_vmas(&tlb, vma, 0, TASK_SIZE);
		for (v = vma; v; v = v->vm_next) {
			unlink_file_vma(v);
			unlink_anon_vmas(v);
		}
		free_pgtables(&tlb, vma, 0, TASK_SIZE);
		tlb_finish_mmu(&tlb);
	}
	mm->mmap = NULL;
	mm->mm_rb = RB_ROOT;
	mm->map_count = 0;
	while (vma) {
		v = vma->vm_next;
		remove_vma(vma);
		vma = v;
	}
	mmap_write_unlock(mm);
}

/* ------------------------------------------------------------------ the heap */

/**
 * vm_brk_flags - anonymous memory at a fixed place
 * @addr, @len: page-aligned; what was mapped there goes
 *
 * mmap_lock is held for writing.
 */
int vm_brk_flags(unsigned long addr, unsigned long len, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long vm_flags = VM_DATA_DEFAULT_FLAGS | mm->def_flags | flags, ret;

	if (addr > TASK_SIZE - len)
		return -ENOMEM;
	if (!may_expand_vm(mm, vm_flags, len >> PAGE_SHIFT))
		return -ENOMEM;
	ret = do_munmap(mm, addr, len);
	if (ret)
		return ret;
	ret = mmap_region(NULL, addr, len, vm_flags & ~VM_EXEC, addr >> PAGE_SHIFT);
	return IS_ERR_VALUE(ret) ? (int)ret : 0;
}

/* Never an errno: the break that holds, be it the new or the old. */
SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	struct mm_struct *mm = current->mm;
	unsigned long newbrk, oldbrk, ret;
	struct vm_area_struct *next;

	if (mmap_write_lock_killable(mm))
		return mm->brk;
	ret = mm->brk;
	if (brk < mm->start_brk || brk > TASK_SIZE - PAGE_SIZE)
		goto out;
	if (brk - mm->start_brk + mm->end_data - mm->start_data > rlimit(RLIMIT_DATA))
		goto out;
	newbrk = PAGE_ALIGN(brk);
	oldbrk = PAGE_ALIGN(mm->brk);
	if (newbrk < oldbrk) {
		if (do_munmap(mm, newbrk, oldbrk - newbrk))
			goto out;
	} else if (newbrk > oldbrk) {
		next = find_vma(mm, oldbrk);
		if (next && newbrk + PAGE_SIZE > vm_start_gap(next))
			goto out;
		if (vm_brk_flags(oldbrk, newbrk - oldbrk, 0))
			goto out;
	}
	ret = mm->brk = brk;
out:
	mmap_write_unlock(mm);
	return ret;
}

/* ------------------------------------------------------------------ the stack */

/**
 * expand_stack - let a stack grow down to an address
 * @vma: the region above address; it has VM_GROWSDOWN
 *
 * Only the read lock of mmap_lock is held. page_table_lock keeps two growing threads apart, and from
 * those that work out a page's index meanwhile; the anon_vma's lock, who looks for pages. -ENOMEM
 * when RLIMIT_STACK or RLIMIT_AS says no, or another region would come closer than the guard gap.
 */
int expand_stack(struct vm_area_struct *vma, unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *prev = vma->vm_prev;
	unsigned long size, grow;
	int error = 0;

	address &= PAGE_MASK;
	if (address < mmap_min_addr)
		return -EPERM;
	if (prev && !(prev->vm_flags & VM_GROWSDOWN) && (prev->vm_flags & VM_ACCESS_FLAGS) &&
	    address - prev->vm_end < stack_guard_gap)
		return -ENOMEM;
	if (prev && address < prev->vm_end)
		return -ENOMEM;
	if (anon_vma_prepare(vma))
		return -ENOMEM;

	anon_vma_lock_write(vma->anon_vma);
	spin_lock(&mm->page_table_lock);
	if (address < vma->vm_start) {
		size = vma->vm_end - address;
		grow = (vma->vm_start - address) >> PAGE_SHIFT;
		if (size > rlimit(RLIMIT_STACK) || !may_expand_vm(mm, vma->vm_flags, grow) ||
		    ((vma->vm_flags & VM_ACCOUNT) && security_vm_enough_memory_mm(mm, grow))) {
			error = -ENOMEM;
		} else {
			anon_vma_interval_tree_pre_update_vma(vma);
			vma->vm_pgoff -= grow;
			vma->vm_start = address;
			anon_vma_interval_tree_post_update_vma(vma);
			vm_stat_account(mm, vma->vm_flags, grow);
		}
	}
	spin_unlock(&mm->page_table_lock);
	anon_vma_unlock_write(vma->anon_vma);
	return error;
}
