// SPDX-License-Identifier: MIT
/*
 * mprotect(2): changing what an address range allows. The region is split where the range begins
 * and ends, joined with equal neighbours, and its PTEs are rewritten.
 * mmap_lock is held for writing throughout.
 */
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/syscalls.h>
#include <asm/cacheflush.h>
#include <asm/tlbflush.h>
#include "internal.h"

static void change_pte_range(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
			     unsigned long end, pgprot_t newprot)
{
	struct mm_struct *mm = vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	for (; addr < end; addr += PAGE_SIZE) {
		pte_t *ptep = pte_offset_kernel(pmd, addr), pte = *ptep;

		if (!pte_present(pte))
			continue;	/* nothing, or swapped out: then it comes back with the new rights */
		/* Out, then in again: a CPU that walks meanwhile faults, and waits for mmap_lock. */
		ptep_get_and_clear(mm, addr, ptep);
		pte = pte_modify(pte, newprot);
		if (pte_valid(pte) && pte_user_exec(pte) && vm_normal_page(pte))
			sync_icache_page(vm_normal_page(pte));
		set_pte_at(mm, addr, ptep, pte);
	}
	spin_unlock(&mm->page_table_lock);
}

/* New rights are never more than read-only here: the first write faults and finds out the rest. */
static void change_protection(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			      pgprot_t newprot)
{
	unsigned long addr, next;
	pmd_t *pmd;

	for (addr = start; addr < end; addr = next) {
		next = mm_next_table(vma->vm_mm, addr, end, &pmd);
		if (!pmd)
			continue;
		if (pmd_trans_huge(READ_ONCE(*pmd))) {
			if (next - addr == HPAGE_PMD_SIZE && change_huge_pmd(vma, pmd, addr, newprot))
				continue;
			split_huge_pmd(vma, pmd, addr);
			/* One from the pool that truncation has just taken away. */
			if (!pmd_table(READ_ONCE(*pmd)))
				continue;
		}
		change_pte_range(vma, pmd, addr, next, newprot);
	}
	flush_tlb_range(vma, start, end);
}

static int mprotect_fixup(struct vm_area_struct *vma, struct vm_area_struct **pprev,
			  unsigned long start, unsigned long end, unsigned long newflags)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long oldflags = vma->vm_flags, npages = (end - start) >> PAGE_SHIFT;
	struct vm_area_struct *merged;
	unsigned long charged = 0;
	int error;

	if (newflags == oldflags) {
		*pprev = vma;
		return 0;
	}
	if ((newflags & VM_WRITE) && !(oldflags & VM_WRITE) && !may_expand_vm(mm, newflags, 0))
		return -ENOMEM;
	/* It may have pages of its own from now on. What is charged once stays so. */
	if ((newflags & VM_WRITE) && !(oldflags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE | VM_HUGETLB))) {
		if (security_vm_enough_memory_mm(mm, npages))
			return -ENOMEM;
		charged = npages;
		newflags |= VM_ACCOUNT;
	}
	if (start != vma->vm_start) {
		error = __split_vma(mm, vma, start, 1);
		if (error)
			goto unacct;
	}
	if (end != vma->vm_end) {
		error = __split_vma(mm, vma, end, 0);
		if (error)
			goto unacct;
	}
	merged = vma_merge(mm, vma_lookup(mm, start - 1), start, end, newflags, vma->anon_vma,
			   vma->vm_file, vma->vm_pgoff);
	if (merged) {
		vma = merged;
	} else {
		vma->vm_flags = newflags;
		vma->vm_page_prot = vm_get_page_prot(newflags);
	}
	*pprev = vma;
	change_protection(vma, start, end, vma->vm_page_prot);
	vm_stat_account(mm, oldflags, -(long)npages);
	vm_stat_account(mm, newflags, npages);
	/* Locked memory gets the pages that it may now have for itself: the first write shall not fault. */
	if ((oldflags & (VM_WRITE | VM_SHARED | VM_LOCKED)) == VM_LOCKED && (newflags & VM_WRITE))
		populate_vma_page_range(vma, start, end);
	return 0;
unacct:
	vm_unacct_memory(charged);
	return error;
}

/* Flags that prot asks for; the rest of the region's flags stay. */
static unsigned long prot_flags(unsigned long prot)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) |
	       (prot & PROT_EXEC ? VM_EXEC : 0);
}

static int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long end,
		       unsigned long prot, bool grows_down)
{
	struct vm_area_struct *vma, *prev;
	unsigned long addr;
	int error;

	vma = find_vma_prev(mm, start, &prev);
	if (!vma || (vma->vm_start > start && !(grows_down && vma->vm_start < end)))
		return -ENOMEM;
	if (grows_down) {
		if (!(vma->vm_flags & VM_GROWSDOWN))
			return -EINVAL;
		start = vma->vm_start;
	}
	for (addr = start; addr < end; ) {
		unsigned long newflags, next;

		if (!vma || vma->vm_start > addr)
			return -ENOMEM;		/* a gap: what came before it is changed */
		newflags = (vma->vm_flags & ~VM_ACCESS_FLAGS) | prot_flags(prot);
		/* The MAY bits lie four places above their right. */
		if ((newflags & ~(newflags >> 4)) & VM_ACCESS_FLAGS)
			return -EACCES;
		next = min(end, vma->vm_end);
		error = mprotect_fixup(vma, &prev, addr, next, newflags);
		if (error)
			return error;
		addr = next;
		vma = find_vma(mm, addr);
	}
	return 0;
}

SYSCALL_DEFINE3(mprotect, unsigned long, start, size_t, len, unsigned long, prot)
{
	const unsigned long grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
	struct mm_struct *mm = current->mm;
	unsigned long end;
	int error;

	prot &= ~(PROT_GROWSDOWN | PROT_GROWSUP);
	if (grows & PROT_GROWSUP)
		return -EINVAL;			/* no stack grows up here */
	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (!len)
		return 0;
	len = PAGE_ALIGN(len);
	end = start + len;
	if (end <= start)
		return -ENOMEM;
	if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM))
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	error = do_mprotect(mm, start, end, prot, grows != 0);
	mmap_write_unlock(mm);
	return error;
}
