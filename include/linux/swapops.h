/* SPDX-License-Identifier: MIT */
/*
 * Swap entries: where a page is that was swapped out. The number of the swap area and the page in it,
 * as one word in the kernel, and as a PTE that is neither empty nor present:
 *
 *	bits 1:0   0: not valid for the MMU
 *	bits 7:3   type: which area
 *	bits 57:8  offset: which page of it; 0 is the header, so that no entry looks like an empty PTE
 *	bit  58    0: not PTE_PROT_NONE
 *
 * With the type SWP_MIGRATION the entry says which frame was here, and will be here again as soon as its huge page
 * has been split (mm/huge_split.c): a migration entry. It is counted like the page. The bits of its offset:
 *
 *	47:0	the frame number
 *	48	the PTE was young
 *	49	it could be written
 */
#ifndef _LINUX_SWAPOPS_H
#define _LINUX_SWAPOPS_H

#include <linux/mm_types.h>
#include <linux/swap.h>
#include <asm/pgtable.h>

#define SWP_TYPE_SHIFT		58
#define SWP_OFFSET_MASK		((1UL << 50) - 1)

#define __SWP_TYPE_SHIFT	3
#define __SWP_TYPE_MASK		((1UL << MAX_SWAPFILES_SHIFT) - 1)
#define __SWP_OFFSET_SHIFT	8

static inline swp_entry_t swp_entry(unsigned long type, pgoff_t offset)
{
	return (swp_entry_t){ type << SWP_TYPE_SHIFT | (offset & SWP_OFFSET_MASK) };
}

static inline unsigned int swp_type(swp_entry_t entry)
{
	return entry.val >> SWP_TYPE_SHIFT;
}

static inline pgoff_t swp_offset(swp_entry_t entry)
{
	return entry.val & SWP_OFFSET_MASK;
}

static inline int is_swap_pte(pte_t pte)
{
	return !pte_none(pte) && !pte_present(pte);
}

#define SWP_MIGRATION_YOUNG	(1UL << 48)
#define SWP_MIGRATION_WRITE	(1UL << 49)

static inline bool is_migration_entry(swp_entry_t entry)
{
	return swp_type(entry) == SWP_MIGRATION;
}

static inline swp_entry_t make_migration_entry(struct page *page, pte_t pte)
{
	return swp_entry(SWP_MIGRATION, page_to_pfn(page) | (pte_young(pte) ? SWP_MIGRATION_YOUNG : 0) |
					(pte_write(pte) ? SWP_MIGRATION_WRITE : 0));
}

static inline struct page *pfn_swap_entry_to_page(swp_entry_t entry)
{
	return pfn_to_page(swp_offset(entry) & (SWP_MIGRATION_YOUNG - 1));
}

static inline bool is_migration_entry_young(swp_entry_t entry)
{
	return swp_offset(entry) & SWP_MIGRATION_YOUNG;
}

static inline bool is_writable_migration_entry(swp_entry_t entry)
{
	return swp_offset(entry) & SWP_MIGRATION_WRITE;
}

static inline swp_entry_t make_readable_migration_entry(swp_entry_t entry)
{
	return (swp_entry_t){ entry.val & ~SWP_MIGRATION_WRITE };
}

static inline swp_entry_t pte_to_swp_entry(pte_t pte)
{
	return swp_entry(pte_val(pte) >> __SWP_TYPE_SHIFT & __SWP_TYPE_MASK,
			 pte_val(pte) >> __SWP_OFFSET_SHIFT & SWP_OFFSET_MASK);
}

static inline pte_t swp_entry_to_pte(swp_entry_t entry)
{
	return __pte((u64)swp_type(entry) << __SWP_TYPE_SHIFT | swp_offset(entry) << __SWP_OFFSET_SHIFT);
}

/*
 * Not in any area: the page could not be read when its area was taken away. Who wants it gets SIGBUS. It
 * takes no slot, and is not counted in MM_SWAPENTS.
 */
static inline swp_entry_t make_swapin_error_entry(void)
{
	return swp_entry(SWP_SWAPIN_ERROR, 0);
}

static inline bool non_swap_entry(swp_entry_t entry)
{
	return swp_type(entry) >= MAX_SWAPFILES;
}

/* mm/huge_split.c */
struct vm_fault;
void migration_entry_wait(struct vm_fault *vmf, swp_entry_t entry);

#endif
