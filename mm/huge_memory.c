// SPDX-License-Identifier: MIT
/*
 * Transparent huge pages: anonymous memory of which one PMD entry maps 2 MiB. Here are the entries: faults,
 * copying, changing and clearing them, and how one becomes a table of PTEs. When a huge page itself becomes
 * 512 small ones: mm/huge_split.c. docs/huge-pages.md tells the whole. Pages that were set aside for those who ask
 * for them by name are mapped by the same entries, by other rules: mm/hugetlb_vma.c.
 *
 * A program's PMD entry is nothing, a table, or a huge page. It becomes
 *
 *	nothing -> table, nothing -> huge page		by a fault
 *	huge page -> table				by a split: of the entry, or of the page
 *	huge page -> nothing				when it is unmapped
 *
 * and a table stays one as long as mmap_lock or a lock of reverse mapping keeps the region: so who has found
 * one need not look again. Who has found something else looks again under the lock.
 *
 * With each huge page goes an empty table (pgtable_trans_huge_deposit()): so that splitting, which happens
 * where nothing may fail, needs no memory.
 *
 * Callers: handle_mm_fault(), the walks of mm/mapping.c and mm/mprotect.c, mm/vma.c, mm/huge_split.c.
 * Locking: mm->page_table_lock for every entry and the deposited tables; mmap_lock as for PTEs.
 */
#include <linux/huge_mm.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/reclaim_policy.h>
#include <linux/rmap.h>
#include <linux/sched/coredump.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/vmstat.h>
#include <asm-generic/tlb.h>
#include <asm/cacheflush.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include "internal.h"

/* ------------------------------------------------------------------ which regions get them */

/* transparent_hugepage= */
static enum { THP_UNSET, THP_ALWAYS, THP_MADVISE, THP_NEVER } thp_enabled;

static int __init setup_transparent_hugepage(char *str)
{
	if (!strcmp(str, "always"))
		thp_enabled = THP_ALWAYS;
	else if (!strcmp(str, "madvise"))
		thp_enabled = THP_MADVISE;
	else if (!strcmp(str, "never"))
		thp_enabled = THP_NEVER;
	else
		pr_warn("transparent_hugepage= is always, madvise or never\n");
	return 1;
}
__setup("transparent_hugepage=", setup_transparent_hugepage);

/* A machine with little memory would lose more by pages that are used in part than it gains. */
#define THP_MIN_RAM_PAGES	((128UL << 20) >> PAGE_SHIFT)

static int __init hugepage_init(void)
{
	if (thp_enabled == THP_UNSET)
		thp_enabled = totalram_pages() < THP_MIN_RAM_PAGES ? THP_NEVER : THP_ALWAYS;
	return 0;
}
subsys_initcall(hugepage_init);

/** hugepage_vma_check - may faults of this region be answered by huge pages? */
bool hugepage_vma_check(struct vm_area_struct *vma)
{
	if (!vma_is_anonymous(vma) || (vma->vm_flags & (VM_NOHUGEPAGE | VM_LOCKED)) ||
	    test_bit(MMF_DISABLE_THP, &vma->vm_mm->flags))
		return false;
	/* Whoever counts single pages, by a limit or by their uses, could not tell those of a huge one apart. */
	if (READ_ONCE(vma->vm_mm->lruvec) || reclaim_policy->touched)
		return false;
	return thp_enabled == THP_ALWAYS || (thp_enabled == THP_MADVISE && (vma->vm_flags & VM_HUGEPAGE));
}

/* ------------------------------------------------------------------ deposited tables */

/* All of the address space's are alike: any will do for any huge page. The lock is held. */
void pgtable_trans_huge_deposit(struct mm_struct *mm, void *table)
{
	struct page *page = virt_to_page(table);

	lockdep_assert_held(&mm->page_table_lock);
	set_page_private(page, (unsigned long)mm->pmd_huge_pte);
	mm->pmd_huge_pte = page;
}

void *pgtable_trans_huge_withdraw(struct mm_struct *mm)
{
	struct page *page = mm->pmd_huge_pte;

	lockdep_assert_held(&mm->page_table_lock);
	mm->pmd_huge_pte = (struct page *)page_private(page);
	set_page_private(page, 0);
	return page_address(page);
}

/* ------------------------------------------------------------------ faults */

static pmd_t maybe_pmd_mkwrite(pmd_t pmd, struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_WRITE ? pmd_mkwrite(pmd) : pmd;
}

void clear_huge_page(struct page *page)
{
	for (int i = 0; i < HPAGE_PMD_NR; i++)
		clear_highpage(page + i);
}

/* Before an entry that allows execution is set. */
void sync_icache_huge_page(struct page *page)
{
	for (int i = 0; i < HPAGE_PMD_NR; i++)
		sync_icache_page(page + i);
}

/*
 * The first write to 2 MiB that the region covers. A read gets a small page, the zero page, and after it so
 * do all other accesses to these 2 MiB: there is no huge page of zeroes.
 */
static vm_fault_t do_huge_pmd_anonymous_page(struct vm_fault *vmf)
{
	const unsigned long haddr = vmf->address & HPAGE_PMD_MASK;
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	struct page *page;
	spinlock_t *ptl;
	void *table;
	pmd_t entry;

	if (!(vmf->flags & FAULT_FLAG_WRITE) || !transhuge_vma_suitable(vma, haddr))
		return VM_FAULT_FALLBACK;
	if (unlikely(anon_vma_prepare(vma)))
		return VM_FAULT_OOM;
	page = alloc_pages(GFP_TRANSHUGE_LIGHT | __GFP_ZERO, HPAGE_PMD_ORDER);
	if (!page) {
		count_vm_event(THP_FAULT_FALLBACK);
		return VM_FAULT_FALLBACK;
	}
	prep_transhuge_page(page);
	table = pgtable_alloc(mm);
	if (!table) {
		put_page(page);
		return VM_FAULT_OOM;
	}
	__SetPageUptodate(page);
	entry = maybe_pmd_mkwrite(pmd_mkdirty(mk_pmd(page, vma->vm_page_prot)), vma);
	if (pte_user_exec(pmd_pte(entry)))
		sync_icache_huge_page(page);

	ptl = pmd_lock(mm, vmf->pmd);
	if (unlikely(!pmd_none(*vmf->pmd))) {	/* another thread was faster */
		spin_unlock(ptl);
		pgtable_free(mm, table);
		put_page(page);
		return 0;
	}
	page_add_new_huge_rmap(page, vma, haddr);
	folio_add_lru((struct folio *)page);
	lru_add_drain();	/* it shall not wait in a batch, whose reference would keep it for long */
	pgtable_trans_huge_deposit(mm, table);
	set_pmd_at(mm, haddr, vmf->pmd, entry);
	add_mm_counter(mm, MM_ANONPAGES, HPAGE_PMD_NR);
	spin_unlock(ptl);
	count_vm_event(THP_FAULT_ALLOC);
	return 0;
}

/*
 * A write to a huge page that is mapped read-only, after a fork. The last one to have it keeps it; else the
 * entry is split, and the small page that is written to is copied: VM_FAULT_FALLBACK.
 */
static vm_fault_t do_huge_pmd_wp_page(struct vm_fault *vmf, pmd_t orig_pmd)
{
	struct folio *folio = (struct folio *)pmd_page(orig_pmd);
	struct vm_area_struct *vma = vmf->vma;
	spinlock_t *ptl;

	ptl = pmd_lock(vma->vm_mm, vmf->pmd);
	if (unlikely(!pmd_same(*vmf->pmd, orig_pmd))) {
		spin_unlock(ptl);
		return 0;
	}
	/* As in do_wp_page(): one reference, and it is this entry's. */
	if (folio_ref_count(folio) > 1 && !folio_test_lru(folio))
		lru_add_drain();
	if (folio_ref_count(folio) == 1) {
		page_move_anon_rmap(&folio->page, vma);
		set_pmd_at(vma->vm_mm, vmf->address, vmf->pmd,
			   maybe_pmd_mkwrite(pmd_mkdirty(pmd_mkyoung(orig_pmd)), vma));
		flush_tlb_page(vma, vmf->address);
		spin_unlock(ptl);
		count_vm_event(PGREUSE);
		return 0;
	}
	spin_unlock(ptl);
	__split_huge_pmd(vma, vmf->pmd, vmf->address);
	return VM_FAULT_FALLBACK;
}

/* Not a matter of rights: the access flag, or an old TLB entry. */
static void huge_pmd_set_accessed(struct vm_fault *vmf, pmd_t orig_pmd)
{
	struct vm_area_struct *vma = vmf->vma;
	spinlock_t *ptl = pmd_lock(vma->vm_mm, vmf->pmd);

	if (pmd_same(*vmf->pmd, orig_pmd)) {
		if (!pmd_young(orig_pmd)) {
			set_pmd_at(vma->vm_mm, vmf->address, vmf->pmd, pmd_mkyoung(orig_pmd));
			count_vm_event(PGFAULT_ACCESS_FLAG);
		} else {
			flush_tlb_page(vma, vmf->address);
		}
	}
	spin_unlock(ptl);
}

/**
 * handle_huge_pmd - a fault where the PMD entry is no table
 *
 * VM_FAULT_FALLBACK: go on with PTEs, if it is nothing or has become a table. mmap_lock is held for reading.
 */
vm_fault_t handle_huge_pmd(struct vm_fault *vmf)
{
	const pmd_t orig_pmd = READ_ONCE(*vmf->pmd);

	if (unlikely(is_vm_hugetlb_page(vmf->vma)) &&
	    (pmd_none(orig_pmd) || ((vmf->flags & FAULT_FLAG_WRITE) && !pmd_hw_dirty(orig_pmd))))
		return hugetlb_fault(vmf, orig_pmd);
	if (pmd_none(orig_pmd))
		return hugepage_vma_check(vmf->vma) ? do_huge_pmd_anonymous_page(vmf) : VM_FAULT_FALLBACK;
	if (!pmd_trans_huge(orig_pmd))
		return VM_FAULT_FALLBACK;
	if ((vmf->flags & FAULT_FLAG_WRITE) && !pmd_hw_dirty(orig_pmd))
		return do_huge_pmd_wp_page(vmf, orig_pmd);
	huge_pmd_set_accessed(vmf, orig_pmd);
	return 0;
}

/* ------------------------------------------------------------------ walks: an entry that is walked as a whole */

/**
 * copy_huge_pmd - fork: the child maps the huge page, too, and both may only read it
 *
 * 0; -ENOMEM; -EAGAIN: reclaim has split it meanwhile. Both mmap_locks are held for writing.
 */
int copy_huge_pmd(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma, pmd_t *src_pmd,
		  unsigned long addr)
{
	struct mm_struct *dst = dst_vma->vm_mm, *src = src_vma->vm_mm;
	pmd_t *dst_pmd = mm_alloc_pmd(dst, addr), pmd;
	void *table = dst_pmd ? pgtable_alloc(dst) : NULL;
	struct page *page;
	int err = -EAGAIN;

	if (!table)
		return -ENOMEM;
	spin_lock(&dst->page_table_lock);
	spin_lock_nested(&src->page_table_lock, SINGLE_DEPTH_NESTING);
	pmd = *src_pmd;
	if (likely(pmd_trans_huge(pmd))) {
		page = pmd_page(pmd);
		get_page(page);
		atomic_inc(&page[1].compound_mapcount);
		pgtable_trans_huge_deposit(dst, table);
		table = NULL;
		pmdp_set_wrprotect(src, addr, src_pmd);
		pmd = pmd_wrprotect(pmd);
		/* The child has not used it yet. */
		set_pmd_at(dst, addr, dst_pmd, ptes_start_old() ? pmd_mkold(pmd) : pmd);
		add_mm_counter(dst, MM_ANONPAGES, HPAGE_PMD_NR);
		err = 0;
	}
	spin_unlock(&src->page_table_lock);
	spin_unlock(&dst->page_table_lock);
	if (table)
		pgtable_free(dst, table);
	return err;
}

/** zap_huge_pmd - unmaps a huge page; false: it has been split meanwhile, or has gone */
bool zap_huge_pmd(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *page;
	spinlock_t *ptl;
	void *table;
	bool full;

	ptl = pmd_lock(mm, pmd);
	if (unlikely(!pmd_trans_huge(*pmd))) {
		spin_unlock(ptl);
		return false;
	}
	page = pmd_page(pmdp_huge_get_and_clear(mm, addr, pmd));
	tlb_track(tlb, addr);		/* one address does: a block is one TLB entry */
	page_remove_anon_compound_rmap(page);
	add_mm_counter(mm, MM_ANONPAGES, -HPAGE_PMD_NR);
	table = pgtable_trans_huge_withdraw(mm);
	full = tlb_remove_page(tlb, page);
	spin_unlock(ptl);
	pgtable_free(mm, table);	/* no MMU has ever seen it */
	if (full)
		tlb_flush_mmu(tlb);
	return true;
}

/** change_huge_pmd - mprotect; the caller flushes. False: it has been split meanwhile. */
bool change_huge_pmd(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, pgprot_t newprot)
{
	spinlock_t *ptl = pmd_lock(vma->vm_mm, pmd);
	const bool huge = pmd_trans_huge(*pmd);

	if (huge) {
		/* Only rights change: that takes an invalidation, but no break before make. */
		pmd_t entry = pmd_modify(*pmd, newprot);

		if (pte_valid(pmd_pte(entry)) && pte_user_exec(pmd_pte(entry)))
			sync_icache_huge_page(pmd_page(entry));
		set_pmd_at(vma->vm_mm, addr, pmd, entry);
	}
	spin_unlock(ptl);
	return huge;
}

/* ------------------------------------------------------------------ splitting an entry */

/*
 * A block may not be replaced by a table at once: a CPU could have both in its TLB. So first it is made
 * invalid, and is taken out of all TLBs. It stays recognizable as a huge page meanwhile, for those who look
 * without the lock: had it been nothing for that moment, munmap() would pass it over.
 */
static pmd_t pmdp_invalidate(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd)
{
	const u64 invalid = (pmd_val(*pmd) & ~PTE_VALID) | PMD_PRESENT_INVALID;
	pmd_t old = __pmd(__atomic_exchange_n(&pmd_val(*pmd), invalid, __ATOMIC_RELAXED));

	flush_tlb_page(vma, addr);
	return old;
}

/**
 * __split_huge_pmd_locked - a table of PTEs takes the place of a huge page's entry
 * @haddr: where the huge page begins
 * @freeze: the PTEs are migration entries, and do not count: mm/huge_split.c
 *
 * The page stays one; it is mapped by 512 PTEs of the same rights from then on. page_table_lock is held, and the
 * entry is one of a huge page. With @freeze the caller has a reference to the page.
 */
void __split_huge_pmd_locked(struct vm_area_struct *vma, pmd_t *pmd, unsigned long haddr, bool freeze)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t *table = pgtable_trans_huge_withdraw(mm);
	pmd_t old = pmdp_invalidate(vma, haddr, pmd);
	struct page *page = pmd_page(old);
	int newly_mapped = 0;

	lockdep_assert_held(&mm->page_table_lock);
	count_vm_event(THP_SPLIT_PMD);
	if (!freeze)
		atomic_add(HPAGE_PMD_NR - 1, &page->_refcount);	/* one for each PTE */
	for (int i = 0; i < HPAGE_PMD_NR; i++) {
		pte_t pte = __pte((pmd_val(old) | PMD_TABLE_BIT) + i * PAGE_SIZE);

		if (freeze)
			pte = swp_entry_to_pte(make_migration_entry(page + i, pte));
		else
			newly_mapped += atomic_inc_and_test(&page[i]._mapcount);
		WRITE_ONCE(table[i], pte);
	}
	/* The PTEs count before the block ceases to. */
	if (newly_mapped)
		atomic_add(newly_mapped, &page[1]._nr_pages_mapped);
	page_remove_anon_compound_rmap(page);
	pmd_populate(mm, pmd, table);
	if (freeze)
		put_page(page);
}

/** __split_huge_pmd - the same, if it still is a huge page; mmap_lock or a lock of reverse mapping is held */
void __split_huge_pmd(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	spinlock_t *ptl = pmd_lock(vma->vm_mm, pmd);

	if (pmd_trans_huge(*pmd))
		__split_huge_pmd_locked(vma, pmd, addr & HPAGE_PMD_MASK, false);
	spin_unlock(ptl);
}

/**
 * vma_adjust_trans_huge - before a region ends or begins at @addr, inside of it
 *
 * A huge page that reaches over the edge is mapped by PTEs after that. mmap_lock is held for writing.
 */
void vma_adjust_trans_huge(struct vm_area_struct *vma, unsigned long addr)
{
	pmd_t *pmd;

	if (!(addr & ~HPAGE_PMD_MASK) || !vma->anon_vma)
		return;
	pmd = mm_find_pmd(vma->vm_mm, addr);
	if (pmd)
		split_huge_pmd(vma, pmd, addr);
}
