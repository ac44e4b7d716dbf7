// SPDX-License-Identifier: MIT
/*
 * Entries of page tables in words, for /proc/PID/pagetable and /proc/kernel_page_tables
 * (fs/proc/pagetable.c). The bits are those of <asm/pgtable-hwdef.h>: Arm ARM D8.3.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/ptdump.h>
#include <linux/seq_file.h>

/* By the index into MAIR_EL1 that an entry has. */
static const char *const memory_types[] = {
	[MT_NORMAL]		= "normal",
	[MT_NORMAL_NC]		= "normal, not cached",
	[MT_DEVICE_nGnRnE]	= "device-nGnRnE",
	[MT_DEVICE_nGnRE]	= "device-nGnRE",
};

/**
 * ptdump_show_attributes - who may do what, accessed, dirty, for whom, of what memory
 *
 * A program's pages are not executable for the kernel, and the other way round, by a bit each. What the
 * kernel may read of a program it reads by special instructions only, where the CPU has PAN.
 */
void ptdump_show_attributes(struct seq_file *m, u64 entry)
{
	const unsigned int type = (entry & PTE_ATTRINDX_MASK) / PTE_ATTRINDX(1);
	const bool user = entry & PTE_USER, write = !(entry & PTE_RDONLY);

	if (entry & PTE_VALID)
		seq_printf(m, "user %c%c%c, kernel r%c%c", user ? 'r' : '-', user && write ? 'w' : '-',
			   entry & PTE_UXN ? '-' : 'x', write ? 'w' : '-', entry & PTE_PXN ? '-' : 'x');
	else
		seq_puts(m, "no access");
	seq_printf(m, ", %s, %s, %s%s, %s", entry & PTE_AF ? "accessed" : "old",
		   pte_dirty(__pte(entry)) ? "dirty" : "clean", entry & PTE_NG ? "not global" : "global",
		   entry & PTE_CONT ? ", contiguous" : "",
		   type < ARRAY_SIZE(memory_types) && memory_types[type] ? memory_types[type]
									  : "unknown type");
}

const char *ptdump_kernel_area(unsigned long addr)
{
	return addr >= FIXADDR_START ? "fixmap" : addr >= VMEMMAP_START ? "vmemmap" :
	       addr >= VMALLOC_START ? "vmalloc" : addr >= PAGE_END ? "KASAN shadow" :
	       addr >= MODULES_VADDR && addr < MODULES_END ? "modules" : "linear map";
}
