/* SPDX-License-Identifier: MIT */
/*
 * Page tables: reading, making and changing entries.
 *
 * Three questions about a PTE that sound alike: none (never filled), present (maps a page,
 * perhaps with no access), valid (the MMU may use it). Writes to valid entries are followed by a
 * TLB invalidation by the caller, before the page-table lock is dropped if access was taken away.
 */
#ifndef _ASM_PGTABLE_H
#define _ASM_PGTABLE_H

#include <linux/compiler.h>
#include <linux/mm_types.h>
#include <asm/barrier.h>
#include <asm/memory.h>
#include <asm/page.h>
#include <asm/pgtable-hwdef.h>

#define __prot_normal	(PTE_AF | PTE_SHARED | PTE_ATTRINDX(MT_NORMAL))

/* Kernel mappings: never executable at EL0; for every ASID. */
#define PAGE_KERNEL	  __pgprot(PAGE_TYPE | __prot_normal | PTE_PXN | PTE_UXN | PTE_WRITE | PTE_DIRTY)
#define PAGE_KERNEL_RO	  __pgprot(PAGE_TYPE | __prot_normal | PTE_PXN | PTE_UXN | PTE_RDONLY)
#define PAGE_KERNEL_ROX	  __pgprot(PAGE_TYPE | __prot_normal | PTE_UXN | PTE_RDONLY)
#define PROT_DEVICE_nGnRE __pgprot(PAGE_TYPE | PTE_AF | PTE_SHARED | PTE_ATTRINDX(MT_DEVICE_nGnRE) | \
				   PTE_PXN | PTE_UXN | PTE_WRITE | PTE_DIRTY)
#define PROT_NORMAL_NC	  __pgprot(PAGE_TYPE | PTE_AF | PTE_SHARED | PTE_ATTRINDX(MT_NORMAL_NC) | \
				   PTE_PXN | PTE_UXN | PTE_WRITE | PTE_DIRTY)

/* User mappings: never executable at EL1. All start read-only; pte_mkwrite() lifts that. */
#define __prot_user	(PAGE_TYPE | __prot_normal | PTE_NG | PTE_PXN | PTE_RDONLY)
#define PAGE_NONE	__pgprot((__prot_user | PTE_UXN | PTE_PROT_NONE) & ~PTE_VALID)
#define PAGE_READONLY	__pgprot(__prot_user | PTE_USER | PTE_UXN)
#define PAGE_READONLY_EXEC __pgprot(__prot_user | PTE_USER)
#define PAGE_EXECONLY	__pgprot(__prot_user)
/* Shared and writable: still RDONLY, so that the first write faults and marks the page dirty. */
#define PAGE_SHARED	__pgprot(__prot_user | PTE_USER | PTE_UXN | PTE_WRITE)
#define PAGE_SHARED_EXEC __pgprot(__prot_user | PTE_USER | PTE_WRITE)

extern pgd_t swapper_pg_dir[PTRS_PER_PGD];	/* the kernel's: TTBR1_EL1 */
extern pgd_t reserved_pg_dir[PTRS_PER_PGD];	/* an empty user half: TTBR0_EL1 before init */
extern unsigned long empty_zero_page[PAGE_SIZE / sizeof(unsigned long)];
#define ZERO_PAGE(vaddr) virt_to_page(empty_zero_page)
#define is_zero_pfn(pfn) ((pfn) == virt_to_pfn(empty_zero_page))

/* ---- PTE */
#define pte_none(pte)		(!pte_val(pte))
#define pte_present(pte)	(!!(pte_val(pte) & (PTE_VALID | PTE_PROT_NONE)))
#define pte_valid(pte)		(!!(pte_val(pte) & PTE_VALID))
#define pte_young(pte)		(!!(pte_val(pte) & PTE_AF))
#define pte_special(pte)	(!!(pte_val(pte) & PTE_SPECIAL))
#define pte_write(pte)		(!!(pte_val(pte) & PTE_WRITE))
#define pte_user_exec(pte)	(!(pte_val(pte) & PTE_UXN))
/* Dirty: software says so, or the MMU lets it be written. */
#define pte_hw_dirty(pte)	(pte_write(pte) && !(pte_val(pte) & PTE_RDONLY))
#define pte_dirty(pte)		((pte_val(pte) & PTE_DIRTY) || pte_hw_dirty(pte))
#define pte_pfn(pte)		((pte_val(pte) & PTE_ADDR_MASK) >> PAGE_SHIFT)
#define pte_page(pte)		pfn_to_page(pte_pfn(pte))
#define pte_same(a, b)		(pte_val(a) == pte_val(b))
#define pfn_pte(pfn, prot)	__pte(((u64)(pfn) << PAGE_SHIFT) | pgprot_val(prot))
#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)

static inline pte_t pte_mkwrite(pte_t pte)
{
	return __pte((pte_val(pte) | PTE_WRITE) & ~PTE_RDONLY);
}

static inline pte_t pte_mkdirty(pte_t pte)
{
	u64 val = pte_val(pte) | PTE_DIRTY;

	return __pte(val & PTE_WRITE ? val & ~PTE_RDONLY : val);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	/* A page that could be written may have been: keep that. */
	u64 val = pte_val(pte) | (pte_hw_dirty(pte) ? PTE_DIRTY : 0);

	return __pte((val & ~PTE_WRITE) | PTE_RDONLY);
}

#define pte_mkclean(pte)	__pte((pte_val(pte) & ~PTE_DIRTY) | PTE_RDONLY)
#define pte_mkyoung(pte)	__pte(pte_val(pte) | PTE_AF)
#define pte_mkold(pte)		__pte(pte_val(pte) & ~PTE_AF)
#define pte_mkspecial(pte)	__pte(pte_val(pte) | PTE_SPECIAL)

/* The same page under another protection (mprotect). */
static inline pte_t pte_modify(pte_t pte, pgprot_t newprot)
{
	const u64 mask = PTE_USER | PTE_PXN | PTE_UXN | PTE_RDONLY | PTE_PROT_NONE | PTE_VALID |
			 PTE_WRITE | PTE_ATTRINDX_MASK;

	if (pte_hw_dirty(pte))
		pte = pte_mkdirty(pte);
	return __pte((pte_val(pte) & ~mask) | (pgprot_val(newprot) & mask));
}

static inline void set_pte(pte_t *ptep, pte_t pte)
{
	WRITE_ONCE(*ptep, pte);
	/*
	 * A valid entry that replaces an invalid one needs no TLB invalidation, but the walker must
	 * see it. A kernel mapping is used at once: the barriers wait for that. A program's is used
	 * after a return to EL0; should a walker still see the old entry, the access faults again.
	 */
	if (pte_valid(pte) && !(pte_val(pte) & PTE_NG)) {
		dsb(ishst);
		isb();
	}
}
#define set_pte_at(mm, addr, ptep, pte)	set_pte(ptep, pte)
#define pte_clear(mm, addr, ptep)	set_pte(ptep, __pte(0))

static inline pte_t ptep_get(pte_t *ptep)
{
	return READ_ONCE(*ptep);
}

/* Take the entry out whole: a CPU walking it at this moment sees the old or nothing. */
static inline pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	return __pte(__atomic_exchange_n(&pte_val(*ptep), 0, __ATOMIC_RELAXED));
}

/*
 * The accessed flag, and clear. In one step: the MMU of another CPU may change the entry, too (HAFDBS).
 */
static inline int ptep_test_and_clear_young(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	return (__atomic_fetch_and(&pte_val(*ptep), ~PTE_AF, __ATOMIC_RELAXED) & PTE_AF) != 0;
}

static inline void ptep_set_wrprotect(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	WRITE_ONCE(*ptep, pte_wrprotect(READ_ONCE(*ptep)));
}

/* ---- PMD, PUD, PGD: each a table, a block, or nothing */
#define pmd_none(x)	(!pmd_val(x))
#define pud_none(x)	(!pud_val(x))
#define pgd_none(x)	(!pgd_val(x))
#define pmd_table(x)	((pmd_val(x) & TYPE_MASK) == TABLE_TYPE)
#define pud_table(x)	((pud_val(x) & TYPE_MASK) == TABLE_TYPE)
#define pgd_table(x)	((pgd_val(x) & TYPE_MASK) == TABLE_TYPE)
#define pud_leaf(x)	((pud_val(x) & TYPE_MASK) == BLOCK_TYPE)
#define pmd_bad(x)	(!pmd_table(x))
#define pud_bad(x)	(!pud_table(x))
#define pgd_bad(x)	(!pgd_table(x))
#define pmd_present(x)	(!!(pmd_val(x) & (PTE_VALID | PTE_PROT_NONE | PMD_PRESENT_INVALID)))

/* A block, also one that is not valid. */
static inline bool pmd_leaf(pmd_t pmd)
{
	return pmd_present(pmd) && !(pmd_val(pmd) & PMD_TABLE_BIT);
}

#define __table_entry(virt) (__pa(virt) | TABLE_TYPE)

#define set_pmd(p, v)	do { WRITE_ONCE(*(p), v); dsb(ishst); isb(); } while (0)
#define set_pud(p, v)	do { WRITE_ONCE(*(p), v); dsb(ishst); isb(); } while (0)
#define set_pgd(p, v)	do { WRITE_ONCE(*(p), v); dsb(ishst); isb(); } while (0)
#define pmd_clear(p)	set_pmd(p, __pmd(0))
#define pud_clear(p)	set_pud(p, __pud(0))
#define pgd_clear(p)	set_pgd(p, __pgd(0))

/*
 * Hooking an empty table into a user's tables: the zeroes that fill the table must be visible
 * before the entry that leads to it, hence the barrier before the store; nobody needs it at once.
 */
static inline void pmd_populate(struct mm_struct *mm, pmd_t *pmdp, void *table)
{
	dmb(ishst);
	WRITE_ONCE(*pmdp, __pmd(__table_entry(table)));
}

static inline void pud_populate(struct mm_struct *mm, pud_t *pudp, void *table)
{
	dmb(ishst);
	WRITE_ONCE(*pudp, __pud(__table_entry(table)));
}

static inline void pgd_populate(struct mm_struct *mm, pgd_t *pgdp, void *table)
{
	dmb(ishst);
	WRITE_ONCE(*pgdp, __pgd(__table_entry(table)));
}

#define pgd_index(addr)	(((addr) >> PGDIR_SHIFT) & (PTRS_PER_PGD - 1))
#define pud_index(addr)	(((addr) >> PUD_SHIFT) & (PTRS_PER_PUD - 1))
#define pmd_index(addr)	(((addr) >> PMD_SHIFT) & (PTRS_PER_PMD - 1))
#define pte_index(addr)	(((addr) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))

#define pgd_page_vaddr(x) ((unsigned long)__va(pgd_val(x) & PTE_ADDR_MASK))
#define pud_page_vaddr(x) ((unsigned long)__va(pud_val(x) & PTE_ADDR_MASK))
#define pmd_page_vaddr(x) ((unsigned long)__va(pmd_val(x) & PTE_ADDR_MASK))

#define pgd_offset_pgd(pgd, addr)	((pgd) + pgd_index(addr))
#define pgd_offset(mm, addr)		pgd_offset_pgd((mm)->pgd, addr)
#define pgd_offset_k(addr)		pgd_offset_pgd(swapper_pg_dir, addr)
#define pud_offset(pgdp, addr)		((pud_t *)pgd_page_vaddr(READ_ONCE(*(pgdp))) + pud_index(addr))
#define pmd_offset(pudp, addr)		((pmd_t *)pud_page_vaddr(READ_ONCE(*(pudp))) + pmd_index(addr))
#define pte_offset_kernel(pmdp, addr)	((pte_t *)pmd_page_vaddr(READ_ONCE(*(pmdp))) + pte_index(addr))

/* The end of the entry's range at this level, or `end` if that comes first. */
#define __table_addr_end(addr, end, size, mask)						\
({											\
	unsigned long __b = ((addr) + (size)) & (mask);					\
	__b - 1 < (end) - 1 ? __b : (end);						\
})
#define pgd_addr_end(addr, end)	__table_addr_end(addr, end, PGDIR_SIZE, PGDIR_MASK)
#define pud_addr_end(addr, end)	__table_addr_end(addr, end, PUD_SIZE, PUD_MASK)
#define pmd_addr_end(addr, end)	__table_addr_end(addr, end, PMD_SIZE, PMD_MASK)

/*
 * A block of a program's: a huge page (mm/huge_memory.c). Its attributes are where a PTE's are; like a PTE it may
 * be present without being valid (PROT_NONE).
 */
#define pmd_trans_huge(pmd)	pmd_leaf(pmd)
#define pmd_pte(pmd)		__pte(pmd_val(pmd))
#define pte_pmd(pte)		__pmd(pte_val(pte))
#define pmd_pfn(pmd)		pte_pfn(pmd_pte(pmd))
#define pmd_page(pmd)		pfn_to_page(pmd_pfn(pmd))
#define pmd_same(a, b)		(pmd_val(a) == pmd_val(b))
#define pmd_young(pmd)		pte_young(pmd_pte(pmd))
#define pmd_write(pmd)		pte_write(pmd_pte(pmd))
#define pmd_hw_dirty(pmd)	pte_hw_dirty(pmd_pte(pmd))
#define pmd_mkyoung(pmd)	pte_pmd(pte_mkyoung(pmd_pte(pmd)))
#define pmd_mkold(pmd)		pte_pmd(pte_mkold(pmd_pte(pmd)))
#define pmd_mkdirty(pmd)	pte_pmd(pte_mkdirty(pmd_pte(pmd)))
#define pmd_mkwrite(pmd)	pte_pmd(pte_mkwrite(pmd_pte(pmd)))
#define pmd_wrprotect(pmd)	pte_pmd(pte_wrprotect(pmd_pte(pmd)))
#define pmd_modify(pmd, prot)	pte_pmd(pte_modify(pmd_pte(pmd), prot))
#define pmd_mkhuge(pmd)		__pmd(pmd_val(pmd) & ~PMD_TABLE_BIT)
#define mk_pmd(page, prot)	pmd_mkhuge(pte_pmd(mk_pte(page, prot)))
#define set_pmd_at(mm, addr, pmdp, pmd)		WRITE_ONCE(*(pmdp), pmd)
#define pmdp_huge_get_and_clear(mm, addr, pmdp)	pte_pmd(ptep_get_and_clear(mm, addr, (pte_t *)(pmdp)))
#define pmdp_test_and_clear_young(vma, addr, pmdp) ptep_test_and_clear_young(vma, addr, (pte_t *)(pmdp))
#define pmdp_set_wrprotect(mm, addr, pmdp)	ptep_set_wrprotect(mm, addr, (pte_t *)(pmdp))

/* All entries of an address space are guarded by one lock. */
#define pte_lockptr(mm, pmd)	(&(mm)->page_table_lock)
#define pmd_lockptr(mm, pmd)	pte_lockptr(mm, pmd)
#define pte_offset_map_lock(mm, pmd, addr, ptlp)			\
({									\
	spinlock_t *__ptl = pte_lockptr(mm, pmd);			\
	pte_t *__pte = pte_offset_kernel(pmd, addr);			\
	*(ptlp) = __ptl;						\
	spin_lock(__ptl);						\
	__pte;								\
})
#define pte_unmap_unlock(pte, ptl)	spin_unlock(ptl)

/* arch/arm64/mm/mmu.c */
void create_pgd_mapping(phys_addr_t phys, unsigned long virt, unsigned long size, pgprot_t prot,
			bool cont);
int vmap_range(unsigned long virt, phys_addr_t phys, unsigned long size, pgprot_t prot);
void vunmap_range(unsigned long start, unsigned long end);
pte_t *virt_to_kpte(unsigned long addr);
void paging_init(void);
void vmemmap_populate(unsigned long start_pfn, unsigned long nr_pages);
void free_initmem(void);

#endif
