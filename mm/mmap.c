// SPDX-License-Identifier: MIT
/*
 * Mapping and unmapping: mmap(2), munmap(2), brk(2), and the stack that grows.
 *
 * Here the promises are made (regions, mm/vma.c) and taken back (with their pages, mm/mapping.c);
 * page faults fulfil them (mm/memory.c).
 *
 * Callers: programs, exec (fs/binfmt_elf.c), exit_mmap() from mmput(), do_page_fault().
 * Locking: mmap_lock for writing in whatever changes a region, a growing stack among it, for reading in
 * whatever looks.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/oom.h>
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

/*
 * The highest room for len bytes below mm->mmap_base; the lowest above it only when there is none. What
 * the tree calls free may be wanted by a stack above it: then on, below that.
 */
static unsigned long unmapped_area_topdown(struct mm_struct *mm, unsigned long len)
{
	unsigned long low = mmap_min_addr, high = mm->mmap_base;
	MA_STATE(mas, &mm->mm_mt, 0, 0);
	struct vm_area_struct *next;
	unsigned long addr;

	while (low < high && !mas_empty_area_rev(&mas, low, high - 1, len)) {
		addr = mas.index;
		next = find_vma(mm, addr + len);
		if (!next || addr + len <= vm_start_gap(next))
			return addr;
		high = vm_start_gap(next);
	}
	for (low = mm->mmap_base; low < TASK_SIZE; low = next->vm_end) {
		if (mas_empty_area(&mas, low, TASK_SIZE - 1, len))
			break;
		addr = mas.index;
		next = find_vma(mm, addr + len);
		if (!next || addr + len <= vm_start_gap(next))
			return addr;
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
	const unsigned long align = file && is_file_hugepages(file) ? HPAGE_SIZE : PAGE_SIZE;
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	if (len & (align - 1))
		return -EINVAL;
	if (len > TASK_SIZE)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr & (align - 1))
			return -EINVAL;
		if (addr > TASK_SIZE - len || addr < mmap_min_addr)
			return addr < mmap_min_addr ? -EPERM : -ENOMEM;
		return addr;
	}
	if (addr) {
		addr = ALIGN(addr, align);
		vma = find_vma(mm, addr);
		if (addr >= mmap_min_addr && addr <= TASK_SIZE - len &&
		    (!vma || addr + len <= vm_start_gap(vma)))
			return addr;
	}
	addr = unmapped_area_topdown(mm, len + align - PAGE_SIZE);
	return IS_ERR_VALUE(addr) ? addr : ALIGN(addr, align);
}

/* ------------------------------------------------------------------ mapping */

static unsigned long calc_vm_flags(unsigned long prot, unsigned long flags)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) |
	       (prot & PROT_EXEC ? VM_EXEC : 0) | (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0) |
	       (flags & MAP_LOCKED ? VM_LOCKED : 0) |
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
	unsigned long charged = 0;
	struct vm_area_struct *vma;
	int error;

	if (accountable_mapping(vm_flags) && !(file && is_file_hugepages(file))) {
		charged = len >> PAGE_SHIFT;
		if (security_vm_enough_memory_mm(mm, charged))
			return -ENOMEM;
		vm_flags |= VM_ACCOUNT;		/* remove_vma() gives it back */
	}
	if (file || !(vm_flags & VM_SHARED)) {
		vma = vma_merge(mm, vma_lookup(mm, addr - 1), addr, addr + len, vm_flags, NULL, file,
				pgoff);
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
		/* Frames without a struct page are in no list, and nobody takes them away. */
		if (vma->vm_flags & VM_SPECIAL)
			vma->vm_flags &= ~VM_LOCKED_MASK;
	} else if (vm_flags & VM_SHARED) {
		error = shmem_zero_setup(vma);
		if (error)
			goto fail;
	}
	error = vma_link(mm, vma);
	if (error)
		goto close;
	if (file && (vm_flags & VM_SHARED))
		mapping_unmap_writable(file->f_mapping);
out:
	vm_stat_account(mm, vm_flags, len >> PAGE_SHIFT);
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += len >> PAGE_SHIFT;
	return addr;
close:
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (!file)
		goto fail;
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
 * @populate: how many bytes of it are to be touched (mm_populate()) when the lock has been dropped
 *
 * mmap_lock is held for writing. Returns the address or an errno.
 */
unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff, unsigned long *populate)
{
	struct mm_struct *mm = current->mm;
	unsigned long vm_flags;
	int error;

	*populate = 0;
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
	/* Of the pool nobody gets more than there is, whatever the policy; but he who wants no promise gets none. */
	if ((flags & MAP_NORESERVE) && file && is_file_hugepages(file))
		vm_flags |= VM_NORESERVE;
	if ((flags & MAP_LOCKED) && !can_do_mlock())
		return -EPERM;
	if (mlock_future_check(mm, vm_flags, len))
		return -EAGAIN;
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
	addr = mmap_region(file, addr, len, vm_flags, pgoff);
	if (!IS_ERR_VALUE(addr) &&
	    ((vm_flags & VM_LOCKED) || (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE))
		*populate = len;
	return addr;
}

/* Takes mmap_lock. */
static unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
				   unsigned long prot, unsigned long flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret, populate;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mmap(file, addr, len, prot, flags, pgoff, &populate);
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ret, populate);
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
EXPORT_SYMBOL(vm_mmap);

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len, unsigned long, prot,
		unsigned long, flags, unsigned long, fd, unsigned long, off)
{
	struct file *file = NULL;
	unsigned long ret;

	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
		ret = -EINVAL;
		if (is_file_hugepages(file))
			len = ALIGN(len, HPAGE_SIZE);
		else if (flags & MAP_HUGETLB)
			goto out;
	} else if (unlikely(flags & MAP_HUGETLB)) {
		const int log = flags >> MAP_HUGE_SHIFT & MAP_HUGE_MASK;

		if (!hstate_sizelog(log))
			return -EINVAL;
		len = ALIGN(len, HPAGE_SIZE);
		file = hugetlb_file_setup(HUGETLB_ANON_FILE, len, VM_NORESERVE, HUGETLB_ANONHUGE_INODE, log);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	ret = vm_mmap_pgoff(file, addr, len, prot, flags, off >> PAGE_SHIFT);
out:
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
int split_at_edges(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long start,
		   unsigned long end)
{
	struct vm_area_struct *last;
	int error;

	if (start > vma->vm_start) {
		error = __split_vma(mm, vma, start, 1);
		if (error)
			return error;
	}
	last = vma->vm_end >= end ? vma : vma_lookup(mm, end - 1);
	if (last && end < last->vm_end)
		return __split_vma(mm, last, end, 0);
	return 0;
}

/**
 * do_munmap - remove all mappings of a range
 *
 * mmap_lock is held for writing. A range with nothing in it is no error. -ENOMEM when a region
 * must be split and cannot; nothing is removed then.
 */
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	struct vm_area_struct *vma, *prev, *next;
	MA_STATE(mas, &mm->mm_mt, start, start);
	struct ma_state before;
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

	vma = mas_find(&mas, end - 1);
	before = mas;
	prev = mas_prev(&before, 0);
	next = find_vma(mm, end);
	tlb_gather_mmu(&tlb, mm);
	unmap_vmas(&tlb, mas, vma, start, end);
	free_pgtables(&tlb, mas, vma, prev ? prev->vm_end : 0, next ? next->vm_start : TASK_SIZE);
	tlb_finish_mmu(&tlb);

	/* Nothing leads to their pages any more. Erasing needs no memory. */
	for (; vma; vma = end > mas.last + 1 ? mas_find(&mas, end - 1) : NULL) {
		mas_store_prealloc(&mas, NULL);
		mm->mmap_cache = NULL;
		mm->map_count--;
		vm_stat_account(mm, vma->vm_flags, -(long)vma_pages(vma));
		if (vma->vm_flags & VM_LOCKED)
			mm->locked_vm -= vma_pages(vma);
		remove_vma(vma);
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
EXPORT_SYMBOL(vm_munmap);

SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
{
	return vm_munmap(addr, len);
}

/* The last user of the address space is gone: nobody else can look, no lock is needed but for
 * those that assertions and truncation want. */
void exit_mmap(struct mm_struct *mm)
{
	MA_STATE(mas, &mm->mm_mt, 0, 0);
	struct vm_area_struct *vma;
	struct mmu_gather tlb;

	mmap_write_lock(mm);
	vma = mas_find(&mas, ULONG_MAX);
	if (vma) {
		tlb_gather_mmu_fullmm(&tlb, mm);
		unmap_vmas(&tlb, mas, vma, 0, TASK_SIZE);
		free_pgtables(&tlb, mas, vma, 0, TASK_SIZE);
		tlb_finish_mmu(&tlb);
	}
	for (; vma; vma = mas_find(&mas, ULONG_MAX))
		remove_vma(vma);
	__mt_destroy(&mm->mm_mt);
	mm->map_count = 0;
	mmap_write_unlock(mm);
	if (unlikely(test_bit(MMF_OOM_VICTIM, &mm->flags)))
		exit_oom_victim(mm);
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
	if (mlock_future_check(mm, vm_flags, len))
		return -EAGAIN;
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
	unsigned long newbrk, oldbrk, ret, populate = 0;
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
		if (mm->def_flags & VM_LOCKED)
			populate = newbrk - oldbrk;
	}
	ret = mm->brk = brk;
out:
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(oldbrk, populate);
	return ret;
}

/* ------------------------------------------------------------------ the stack */

/**
 * expand_stack_locked - let a stack grow down to an address
 * @vma: the region above address; it has VM_GROWSDOWN
 *
 * mmap_lock is held for writing; the anon_vma's lock besides, for reclaim may be looking for pages. -ENOMEM
 * when RLIMIT_STACK or RLIMIT_AS says no, or another region would come closer than the guard gap.
 */
int expand_stack_locked(struct vm_area_struct *vma, unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;
	MA_STATE(mas, &mm->mm_mt, vma->vm_start, vma->vm_start);
	struct vm_area_struct *prev;
	unsigned long size, grow;

	mmap_assert_write_locked(mm);
	address &= PAGE_MASK;
	if (address < mmap_min_addr)
		return -EPERM;
	if (address >= vma->vm_start)
		return 0;
	prev = mas_prev(&mas, 0);
	if (prev && !(prev->vm_flags & VM_GROWSDOWN) && (prev->vm_flags & VM_ACCESS_FLAGS) &&
	    address - prev->vm_end < stack_guard_gap)
		return -ENOMEM;
	if (prev && address < prev->vm_end)
		return -ENOMEM;
	size = vma->vm_end - address;
	grow = (vma->vm_start - address) >> PAGE_SHIFT;
	if (size > rlimit(RLIMIT_STACK) || !may_expand_vm(mm, vma->vm_flags, grow) ||
	    mlock_future_check(mm, vma->vm_flags, grow << PAGE_SHIFT))
		return -ENOMEM;
	if (anon_vma_prepare(vma))
		return -ENOMEM;
	if ((vma->vm_flags & VM_ACCOUNT) && security_vm_enough_memory_mm(mm, grow))
		return -ENOMEM;

	anon_vma_lock_write(vma->anon_vma);
	anon_vma_interval_tree_pre_update_vma(vma);
	vma->vm_pgoff -= grow;
	vma->vm_start = address;
	anon_vma_interval_tree_post_update_vma(vma);
	anon_vma_unlock_write(vma->anon_vma);
	/* It becomes wider where nothing was: that needs no memory. */
	mas_set_range(&mas, address, vma->vm_end - 1);
	mas_store_prealloc(&mas, vma);
	vm_stat_account(mm, vma->vm_flags, grow);
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += grow;
	return 0;
}

/**
 * lock_mm_and_find_vma - for a page fault: take mmap_lock for reading, and find the region
 *
 * A stack grows here, for which the lock is taken anew, for writing: the regions may have changed in
 * between. Returns NULL, with the lock not held, when nothing is or can be mapped at address.
 */
struct vm_area_struct *lock_mm_and_find_vma(struct mm_struct *mm, unsigned long address)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = find_vma(mm, address);
	if (likely(vma && vma->vm_start <= address))
		return vma;
	if (!vma || !(vma->vm_flags & VM_GROWSDOWN)) {
		mmap_read_unlock(mm);
		return NULL;
	}
	mmap_read_unlock(mm);
	if (mmap_write_lock_killable(mm))
		return NULL;
	vma = find_vma(mm, address);
	if (!vma || (vma->vm_start > address &&
		     (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack_locked(vma, address)))) {
		mmap_write_unlock(mm);
		return NULL;
	}
	count_vm_event(PGFAULT_STACK);
	mmap_write_downgrade(mm);
	return vma;
}
