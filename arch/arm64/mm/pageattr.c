// SPDX-License-Identifier: MIT
/*
 * Changing the rights of kernel pages: code of modules becomes read-only and executable.
 *
 * The caller owns the addresses, which are mapped by pages; nobody maps or unmaps them meanwhile. Rights
 * alone change, so entries are replaced while they are valid, and the TLB forgets the old ones after
 * (Arm ARM D8.14.1: that needs no break before make).
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/set_memory.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>

static int change_memory_common(unsigned long addr, int numpages, u64 set, u64 clear)
{
	const unsigned long start = addr, end = addr + (unsigned long)numpages * PAGE_SIZE;

	for (; addr < end; addr += PAGE_SIZE) {
		pte_t *ptep = virt_to_kpte(addr);

		if (WARN_ON(!ptep || !pte_valid(*ptep)))
			return -EINVAL;
		set_pte(ptep, __pte((pte_val(*ptep) & ~clear) | set));
	}
	flush_tlb_kernel_range(start, end);
	return 0;
}

int set_memory_ro(unsigned long addr, int numpages)
{
	return change_memory_common(addr, numpages, PTE_RDONLY, PTE_WRITE | PTE_DIRTY);
}

int set_memory_x(unsigned long addr, int numpages)
{
	return change_memory_common(addr, numpages, 0, PTE_PXN);
}
