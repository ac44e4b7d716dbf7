/* SPDX-License-Identifier: MIT */
/*
 * The page-table format of ARMv8 with 4 KiB pages and 48-bit addresses (Arm ARM D8.3): four levels
 * of 512 entries, under Linux's names
 *
 *   level 0 PGD  512 GiB an entry      level 2 PMD  2 MiB
 *   level 1 PUD  1 GiB                 level 3 PTE  4 KiB
 *
 * Usable from assembly.
 */
#ifndef _ASM_PGTABLE_HWDEF_H
#define _ASM_PGTABLE_HWDEF_H

#include <linux/const.h>

#define PTRS_PER_TABLE		512
#define PGDIR_SHIFT		39
#define PUD_SHIFT		30
#define PMD_SHIFT		21
#define PGDIR_SIZE		(_AC(1, UL) << PGDIR_SHIFT)
#define PUD_SIZE		(_AC(1, UL) << PUD_SHIFT)
#define PMD_SIZE		(_AC(1, UL) << PMD_SHIFT)
#define PGDIR_MASK		(~(PGDIR_SIZE - 1))
#define PUD_MASK		(~(PUD_SIZE - 1))
#define PMD_MASK		(~(PMD_SIZE - 1))
#define PTRS_PER_PGD		PTRS_PER_TABLE
#define PTRS_PER_PUD		PTRS_PER_TABLE
#define PTRS_PER_PMD		PTRS_PER_TABLE
#define PTRS_PER_PTE		PTRS_PER_TABLE

/* Bits 1:0 of a descriptor */
#define PTE_VALID		(_AC(1, UL) << 0)
#define TABLE_TYPE		(_AC(3, UL) << 0)	/* levels 0-2: the next table */
#define BLOCK_TYPE		(_AC(1, UL) << 0)	/* levels 1-2: a block of memory */
#define PAGE_TYPE		(_AC(3, UL) << 0)	/* level 3 */
#define TYPE_MASK		(_AC(3, UL) << 0)
#define PMD_TABLE_BIT		(_AC(1, UL) << 1)	/* of a table, or of a page: not of a block */

/* Attributes of blocks and pages */
#define PTE_ATTRINDX(t)		(_AC(t, UL) << 2)	/* index into MAIR_EL1 */
#define PTE_ATTRINDX_MASK	(_AC(7, UL) << 2)
#define PTE_USER		(_AC(1, UL) << 6)	/* AP[1]: EL0 may access */
#define PTE_RDONLY		(_AC(1, UL) << 7)	/* AP[2] */
#define PTE_SHARED		(_AC(3, UL) << 8)	/* SH: inner shareable */
#define PTE_AF			(_AC(1, UL) << 10)	/* accessed; clear: a fault sets it */
#define PTE_NG			(_AC(1, UL) << 11)	/* of one ASID only */
#define PTE_DBM			(_AC(1, UL) << 51)	/* ignored while TCR_EL1.HD is 0 */
#define PTE_CONT		(_AC(1, UL) << 52)	/* one TLB entry may do for the whole set: see below */
#define PTE_PXN			(_AC(1, UL) << 53)	/* never executed at EL1 */
#define PTE_UXN			(_AC(1, UL) << 54)	/* never executed at EL0 */

/* Bits 58:55 are left to software. */
#define PTE_WRITE		PTE_DBM			/* the mapping may be written */
#define PTE_DIRTY		(_AC(1, UL) << 55)
#define PTE_SPECIAL		(_AC(1, UL) << 56)	/* no struct page behind it */
#define PTE_PROT_NONE		(_AC(1, UL) << 58)	/* present, but nobody may access: not VALID */
/* Of a block that is about to become a table: not VALID for the moment, but not nothing either. */
#define PMD_PRESENT_INVALID	(_AC(1, UL) << 59)

/*
 * Contiguous entries: 16 neighbours that map 16 neighbouring frames or blocks, naturally aligned, with equal
 * attributes. All or none of them have PTE_CONT, so a single one must not change while they do.
 */
#define CONT_PTE_SIZE		(_AC(16, UL) << PAGE_SHIFT)
#define CONT_PTE_MASK		(~(CONT_PTE_SIZE - 1))
#define CONT_PMD_SIZE		(_AC(16, UL) << PMD_SHIFT)
#define CONT_PMD_MASK		(~(CONT_PMD_SIZE - 1))

#define PTE_ADDR_MASK		(((_AC(1, UL) << 48) - 1) & ~_AC(0xfff, UL))

#endif
