/* SPDX-License-Identifier: MIT */
/*
 * TLB invalidation, by address and ASID, on every CPU of the inner-shareable domain.
 *
 * Always: DSB ISHST (the table is written), TLBI, DSB ISH (it is done everywhere). The last-level
 * forms (VALE1IS) keep the walk caches; they must not be used when a table itself went away.
 */
#ifndef _ASM_TLBFLUSH_H
#define _ASM_TLBFLUSH_H

#include <linux/mm_types.h>
#include <asm/barrier.h>

#define __tlbi(op, arg)		asm volatile("tlbi " #op ", %0" :: "r"(arg) : "memory")
#define __tlbi_all(op)		asm volatile("tlbi " #op ::: "memory")
#define __TLBI_VADDR(addr, asid) ((((u64)(addr) >> 12) & ((1UL << 44) - 1)) | ((u64)(asid) << 48))

/* Past this many pages one invalidation of the whole ASID is cheaper. */
#define MAX_TLBI_PAGES	64

static inline void local_flush_tlb_all(void)
{
	dsb(nshst);
	__tlbi_all(vmalle1);
	dsb(nsh);
	isb();
}

static inline void flush_tlb_all(void)
{
	dsb(ishst);
	__tlbi_all(vmalle1is);
	dsb(ish);
	isb();
}

static inline void flush_tlb_mm(struct mm_struct *mm)
{
	dsb(ishst);
	__tlbi(aside1is, __TLBI_VADDR(0, ASID(mm)));
	dsb(ish);
}

static inline void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr)
{
	dsb(ishst);
	__tlbi(vale1is, __TLBI_VADDR(addr, ASID(vma->vm_mm)));
	dsb(ish);
}

/* last_level: only PTEs changed; otherwise tables were freed too. */
static inline void __flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end,
				     bool last_level)
{
	unsigned long asid, addr;

	if ((end - start) >> PAGE_SHIFT > MAX_TLBI_PAGES) {
		flush_tlb_mm(mm);
		return;
	}
	dsb(ishst);
	/*
	 * Not before the table is written for all to see: if a rollover gives the address space another
	 * ASID until then, that one may already have loaded the old entries.
	 */
	asid = ASID(mm);
	for (addr = start; addr < end; addr += PAGE_SIZE) {
		if (last_level)
			__tlbi(vale1is, __TLBI_VADDR(addr, asid));
		else
			__tlbi(vae1is, __TLBI_VADDR(addr, asid));
	}
	dsb(ish);
}

static inline void flush_tlb_range(struct vm_area_struct *vma, unsigned long start,
				   unsigned long end)
{
	__flush_tlb_range(vma->vm_mm, start, end, true);
}

static inline void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	unsigned long addr;

	if ((end - start) >> PAGE_SHIFT > MAX_TLBI_PAGES) {
		flush_tlb_all();
		return;
	}
	dsb(ishst);
	for (addr = start; addr < end; addr += PAGE_SIZE)
		__tlbi(vaale1is, __TLBI_VADDR(addr, 0));
	dsb(ish);
	isb();
}

#endif
