// SPDX-License-Identifier: MIT
/*
 * mremap(2): a mapping becomes shorter or longer, or goes to other addresses with the pages that it has.
 *
 * Nothing is copied and nothing faults. A second region is made (copy_vma()), the PTEs go from the tables of
 * the old addresses to those of the new ones, entries of swap among them, and the old addresses are unmapped.
 * The new region has the vm_pgoff that the old one had there: so pages keep their index, and reverse mapping
 * finds them by it (vma_address()), wherever the region lies.
 *
 * Locking: mmap_lock is held for writing throughout, so no fault, no fork and no swapoff comes between. Reclaim and
 * truncation do without it: they go from region to region, and look into each one's tables under page_table_lock.
 * A PTE that went from a region that they have yet to see to one that they have seen would be missed. The new
 * region is seen after the old one, unless it was joined with a neighbour: then, and when PTEs go back, and when
 * whole tables move, such walks are kept out by the locks of the file and of the anon_vma.
 */
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/syscalls.h>
#include <asm/tlbflush.h>
#include "internal.h"

/* ------------------------------------------------------------------ moving PTEs */

/* Those of [old_addr, old_end), below one PMD entry here and one there. */
static void move_ptes(struct vm_area_struct *vma, pmd_t *old_pmd, unsigned long old_addr, unsigned long old_end,
		      pmd_t *new_pmd, unsigned long new_addr, bool need_rmap_locks)
{
	const unsigned long start = old_addr;
	struct mm_struct *mm = vma->vm_mm;
	pte_t *old_pte, *new_pte;
	bool flush = false;
	spinlock_t *ptl;

	if (need_rmap_locks)
		take_rmap_locks(vma);
	old_pte = pte_offset_map_lock(mm, old_pmd, old_addr, &ptl);
	new_pte = pte_offset_kernel(new_pmd, new_addr);
	for (; old_addr < old_end; old_addr += PAGE_SIZE, new_addr += PAGE_SIZE, old_pte++, new_pte++) {
		pte_t pte;

		if (pte_none(*old_pte))
			continue;
		pte = ptep_get_and_clear(mm, old_addr, old_pte);
		flush |= pte_valid(pte);
		set_pte_at(mm, new_addr, new_pte, pte);
	}
	/* Under the lock: who takes the page out of its new place flushes that one only, and frees the page. */
	if (flush)
		flush_tlb_range(vma, start, old_end);
	pte_unmap_unlock(old_pte, ptl);
	if (need_rmap_locks)
		drop_rmap_locks(vma);
}

/*
 * A whole table, or a huge page, goes to another PMD entry, if that is empty. Nobody may be on his way into it
 * meanwhile.
 */
static bool move_pgt_entry(struct vm_area_struct *vma, unsigned long old_addr, unsigned long new_addr,
			   pmd_t *old_pmd, pmd_t *new_pmd)
{
	struct mm_struct *mm = vma->vm_mm;
	bool moved;

	take_rmap_locks(vma);
	spin_lock(&mm->page_table_lock);
	moved = pmd_none(READ_ONCE(*new_pmd));
	if (moved) {
		const pmd_t entry = pmdp_huge_get_and_clear(mm, old_addr, old_pmd);

		/* Of one from the pool truncation may have been faster: then it is nothing. */
		if (pmd_trans_huge(entry) || pmd_none(entry))
			set_pmd_at(mm, new_addr, new_pmd, entry);
		else
			pmd_populate(mm, new_pmd, (void *)pmd_page_vaddr(entry));
		__flush_tlb_range(mm, old_addr, old_addr + PMD_SIZE, false);
	}
	spin_unlock(&mm->page_table_lock);
	drop_rmap_locks(vma);
	return moved;
}

/**
 * move_page_tables - the PTEs of @len bytes from @old_addr go to @new_addr
 * @vma: the region that they leave
 *
 * Returns how many bytes are done: fewer when tables are lacking.
 */
static unsigned long move_page_tables(struct vm_area_struct *vma, unsigned long old_addr,
				      unsigned long new_addr, unsigned long len, bool need_rmap_locks)
{
	const unsigned long old_end = old_addr + len;
	struct mm_struct *mm = vma->vm_mm;
	unsigned long extent;

	for (; old_addr < old_end; old_addr += extent, new_addr += extent) {
		pmd_t *old_pmd, *new_pmd;

		cond_resched();
		extent = mm_next_table(mm, old_addr, old_end, &old_pmd) - old_addr;
		if (!old_pmd)
			continue;
		extent = min(extent, PMD_SIZE - (new_addr & ~PMD_MASK));
		new_pmd = mm_alloc_pmd(mm, new_addr);
		if (!new_pmd)
			break;
		if (extent == PMD_SIZE && move_pgt_entry(vma, old_addr, new_addr, old_pmd, new_pmd))
			continue;
		split_huge_pmd(vma, old_pmd, old_addr);
		if (!mm_populate_pmd(mm, new_addr))
			break;
		move_ptes(vma, old_pmd, old_addr, old_addr + extent, new_pmd, new_addr, need_rmap_locks);
	}
	return len + old_addr - old_end;
}

/* ------------------------------------------------------------------ moving a region */

/**
 * move_vma - part of a region goes to other addresses
 * @old_len: bytes; @new_len: not fewer, the rest is new
 * @new_addr: free
 *
 * Returns new_addr, or an errno and all is as it was.
 */
static unsigned long move_vma(struct vm_area_struct *vma, unsigned long old_addr, unsigned long old_len,
			      unsigned long new_len, unsigned long new_addr, unsigned long flags)
{
	const bool account = vma->vm_flags & VM_ACCOUNT, stays = flags & MREMAP_DONTUNMAP;
	const long pages = (stays ? new_len : new_len - old_len) >> PAGE_SHIFT;
	const pgoff_t pgoff = linear_page_index(vma, old_addr);
	struct mm_struct *mm = vma->vm_mm;
	unsigned long hiwater_vm, moved;
	struct vm_area_struct *new_vma;
	bool need_rmap_locks;
	int err = 0;

	/* Unmapping the old place may split it in three, and should not fail. */
	if (mm->map_count >= sysctl_max_map_count - 3)
		return -ENOMEM;
	/* What was promised to it goes with its pages: so the region must be just what moves. */
	if (is_vm_hugetlb_page(vma)) {
		err = split_at_edges(mm, vma, old_addr, old_addr + old_len);
		if (err)
			return err;
		vma = vma_lookup(mm, old_addr);
	}
	if (account && security_vm_enough_memory_mm(mm, pages))
		return -ENOMEM;
	new_vma = copy_vma(&vma, new_addr, new_len, pgoff, &need_rmap_locks);
	if (!new_vma) {
		if (account)
			vm_unacct_memory(pages);
		return -ENOMEM;
	}
	moved = move_page_tables(vma, old_addr, new_addr, old_len, need_rmap_locks);
	if (moved < old_len)
		err = -ENOMEM;
	else if (vma->vm_ops && vma->vm_ops->mremap)
		err = vma->vm_ops->mremap(new_vma);
	if (is_vm_hugetlb_page(vma))
		clear_vma_resv_huge_pages(err ? new_vma : vma);
	/* Both places are there now, and are charged until one of them goes. */
	if (account && !stays)
		vm_acct_memory(old_len >> PAGE_SHIFT);
	hiwater_vm = mm->hiwater_vm;
	vm_stat_account(mm, new_vma->vm_flags, new_len >> PAGE_SHIFT);
	if (new_vma->vm_flags & VM_LOCKED)
		mm->locked_vm += new_len >> PAGE_SHIFT;
	if (err) {
		/* Back to where the tables are still there; then the new place is the one that goes. */
		move_page_tables(new_vma, new_addr, old_addr, moved, true);
		do_munmap(mm, new_addr, new_len);
	} else if (!stays) {
		do_munmap(mm, old_addr, old_len);
	} else {
		/* Nothing of the old place is to be found any more, nor locked. */
		if (vma != new_vma && vma->vm_start == old_addr && vma->vm_end == old_addr + old_len)
			unlink_anon_vmas(vma);
		mlock_fixup(vma, old_addr, old_addr + old_len, vma->vm_flags & ~VM_LOCKED_MASK);
	}
	if (err || !stays)
		mm->hiwater_vm = hiwater_vm;
	return err ? err : new_addr;
}

/* ------------------------------------------------------------------ mremap(2) */

/**
 * vma_to_resize - the region whose part from @addr on is to become @new_len bytes, if it may
 *
 * Returns it, or ERR_PTR(): EFAULT, EINVAL, ENOMEM; EAGAIN when it is locked, and too much is.
 */
static struct vm_area_struct *vma_to_resize(unsigned long addr, unsigned long old_len, unsigned long new_len,
					    unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = vma_lookup(mm, addr);
	pgoff_t pgoff;

	if (!vma)
		return ERR_PTR(-EFAULT);
	/* A length of 0 asks for a second mapping of the same; of private memory there is no such thing. */
	if (!old_len && !(vma->vm_flags & (VM_SHARED | VM_MAYSHARE)))
		return ERR_PTR(-EINVAL);
	if ((flags & MREMAP_DONTUNMAP) && (vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP)))
		return ERR_PTR(-EINVAL);
	if (old_len > vma->vm_end - addr)
		return ERR_PTR(-EFAULT);
	if (new_len == old_len)
		return vma;
	pgoff = linear_page_index(vma, addr);
	if (pgoff + (new_len >> PAGE_SHIFT) < pgoff)
		return ERR_PTR(-EINVAL);
	if (vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP))
		return ERR_PTR(-EFAULT);
	if (mlock_future_check(mm, vma->vm_flags, new_len - old_len))
		return ERR_PTR(-EAGAIN);
	if (!may_expand_vm(mm, vma->vm_flags, (new_len - old_len) >> PAGE_SHIFT))
		return ERR_PTR(-ENOMEM);
	return vma;
}

/* MREMAP_FIXED, MREMAP_DONTUNMAP: to new_addr, over what is there; without FIXED that is only a wish. */
static unsigned long mremap_to(unsigned long addr, unsigned long old_len, unsigned long new_addr,
			       unsigned long new_len, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long ret;
	int err;

	if (offset_in_page(new_addr) || new_len > TASK_SIZE || new_addr > TASK_SIZE - new_len)
		return -EINVAL;
	if (addr + old_len > new_addr && new_addr + new_len > addr)
		return -EINVAL;
	/* Before anything is unmapped: what move_vma() will ask for, and two splits until then. */
	if (mm->map_count + 2 >= sysctl_max_map_count - 3)
		return -ENOMEM;
	if (flags & MREMAP_FIXED) {
		err = do_munmap(mm, new_addr, new_len);
		if (err)
			return err;
	}
	if (old_len > new_len) {
		err = do_munmap(mm, addr + new_len, old_len - new_len);
		if (err)
			return err;
		old_len = new_len;
	}
	vma = vma_to_resize(addr, old_len, new_len, flags);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if ((flags & MREMAP_DONTUNMAP) && !may_expand_vm(mm, vma->vm_flags, old_len >> PAGE_SHIFT))
		return -ENOMEM;
	ret = get_unmapped_area(vma->vm_file, new_addr, new_len, linear_page_index(vma, addr),
				flags & MREMAP_FIXED ? MAP_FIXED : 0);
	if (IS_ERR_VALUE(ret))
		return ret;
	return move_vma(vma, addr, old_len, new_len, ret, flags);
}

/* Is there room behind it? */
static bool vma_expandable(struct vm_area_struct *vma, unsigned long delta)
{
	const unsigned long end = vma->vm_end + delta;

	return end > vma->vm_end && end <= TASK_SIZE && !find_vma_intersection(vma->vm_mm, vma->vm_end, end);
}

/* Into the room behind it, @delta bytes, joined with what follows if that fits. */
static int grow_in_place(struct vm_area_struct *vma, unsigned long delta)
{
	const unsigned long start = vma->vm_end, pages = delta >> PAGE_SHIFT;
	const bool account = vma->vm_flags & VM_ACCOUNT;
	struct mm_struct *mm = vma->vm_mm;

	if (account && security_vm_enough_memory_mm(mm, pages))
		return -ENOMEM;
	if (vma->vm_ops && vma->vm_ops->close) {
		vma_expand(vma, start + delta);		/* such a one is not joined, but may grow */
	} else {
		vma = vma_merge(mm, vma, start, start + delta, vma->vm_flags, vma->anon_vma, vma->vm_file,
				linear_page_index(vma, start));
		if (!vma) {
			if (account)
				vm_unacct_memory(pages);
			return -ENOMEM;
		}
	}
	vm_stat_account(mm, vma->vm_flags, pages);
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += pages;
	return 0;
}

static unsigned long do_mremap(unsigned long addr, unsigned long old_len, unsigned long new_len,
			       unsigned long flags, unsigned long new_addr)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = vma_lookup(mm, addr);
	int err;

	if (!vma)
		return -EFAULT;
	if (is_vm_hugetlb_page(vma)) {
		old_len = ALIGN(old_len, HPAGE_SIZE);
		new_len = ALIGN(new_len, HPAGE_SIZE);
		if (((addr | new_addr) & ~HPAGE_MASK) || new_len > old_len)
			return -EINVAL;		/* none grows */
	}
	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return mremap_to(addr, old_len, new_addr, new_len, flags);
	if (old_len == new_len)
		return addr;
	if (old_len > new_len) {
		err = do_munmap(mm, addr + new_len, old_len - new_len);
		return err ? err : addr;
	}
	vma = vma_to_resize(addr, old_len, new_len, flags);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (old_len == vma->vm_end - addr && vma_expandable(vma, new_len - old_len)) {
		err = grow_in_place(vma, new_len - old_len);
		return err ? err : addr;
	}
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	new_addr = get_unmapped_area(vma->vm_file, 0, new_len, linear_page_index(vma, addr), 0);
	if (IS_ERR_VALUE(new_addr))
		return new_addr;
	return move_vma(vma, addr, old_len, new_len, new_addr, flags);
}

SYSCALL_DEFINE5(mremap, unsigned long, addr, unsigned long, old_len, unsigned long, new_len,
		unsigned long, flags, unsigned long, new_addr)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret;
	bool populate;

	if (flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP))
		return -EINVAL;
	if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if ((flags & MREMAP_DONTUNMAP) && old_len != new_len)
		return -EINVAL;
	if (offset_in_page(addr))
		return -EINVAL;
	old_len = PAGE_ALIGN(old_len);
	new_len = PAGE_ALIGN(new_len);
	if (!new_len)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mremap(addr, old_len, new_len, flags, new_addr);
	populate = !IS_ERR_VALUE(ret) && new_len > old_len && (vma_lookup(mm, ret)->vm_flags & VM_LOCKED);
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ret + old_len, new_len - old_len);
	return ret;
}
