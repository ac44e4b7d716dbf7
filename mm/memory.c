// SPDX-License-Identifier: MIT
/*
 * Page faults above the architecture: from handle_mm_fault() down the four levels to the PTE, and
 * the five things that can be missing there:
 *
 *	the PTE is empty, the region is anonymous	do_anonymous_page()
 *	the PTE is empty, the region maps a file	do_fault(): read, copy-on-write, or shared write
 *	the PTE is a swap entry				do_swap_page()
 *	the PTE is read-only and a write came		do_wp_page(): copy on write
 *	the PTE is there but not accessed yet		mark it young
 *
 * Where there is no table of PTEs, a huge page may be or may come: handle_huge_pmd() (mm/huge_memory.c).
 *
 * Callers: do_page_fault() (arch/arm64/mm/fault.c) and get_user_pages_remote().
 * Locking: mmap_lock is held for reading throughout. mm->page_table_lock is taken around each change
 * of an entry, and the entry is read again under it: another thread's fault may have been faster.
 */
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/pagemap.h>
#include <linux/reclaim_policy.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/vmstat.h>
#include <linux/writeback.h>
#include <asm/cacheflush.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include "internal.h"

/* ------------------------------------------------------------------ making tables */

/* Each: make the table below if there is none. Two may try at once; the loser frees his. */
#define DEFINE_TABLE_ALLOC(name, upper_t, none, populate)				\
static int name(struct mm_struct *mm, upper_t *entry)					\
{											\
	void *table = pgtable_alloc(mm);						\
											\
	if (!table)									\
		return -ENOMEM;								\
	spin_lock(&mm->page_table_lock);						\
	if (none(READ_ONCE(*entry))) {							\
		populate(mm, entry, table);						\
		table = NULL;								\
	}										\
	spin_unlock(&mm->page_table_lock);						\
	if (table)									\
		pgtable_free(mm, table);						\
	return 0;									\
}

DEFINE_TABLE_ALLOC(__pud_alloc, pgd_t, pgd_none, pgd_populate)
DEFINE_TABLE_ALLOC(__pmd_alloc, pud_t, pud_none, pud_populate)
DEFINE_TABLE_ALLOC(__pte_alloc, pmd_t, pmd_none, pmd_populate)

static pud_t *pud_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long addr)
{
	if (unlikely(pgd_none(READ_ONCE(*pgd))) && __pud_alloc(mm, pgd))
		return NULL;
	return pud_offset(pgd, addr);
}

static pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long addr)
{
	if (unlikely(pud_none(READ_ONCE(*pud))) && __pmd_alloc(mm, pud))
		return NULL;
	return pmd_offset(pud, addr);
}

static int pte_alloc(struct mm_struct *mm, pmd_t *pmd)
{
	return unlikely(pmd_none(READ_ONCE(*pmd))) ? __pte_alloc(mm, pmd) : 0;
}

/* After pte_alloc() in anonymous memory: a huge page came instead. The access is possible now, or faults again. */
static bool pmd_trans_unstable(pmd_t *pmd)
{
	return unlikely(!pmd_table(READ_ONCE(*pmd)));
}

/* The PMD entry of an address, with tables made down to it; NULL: no memory. */
pmd_t *mm_alloc_pmd(struct mm_struct *mm, unsigned long addr)
{
	pud_t *pud = pud_alloc(mm, pgd_offset(mm, addr), addr);

	return pud ? pmd_alloc(mm, pud, addr) : NULL;
}

/* The same, and a table of PTEs below it. */
pmd_t *mm_populate_pmd(struct mm_struct *mm, unsigned long addr)
{
	pmd_t *pmd = mm_alloc_pmd(mm, addr);

	return pmd && !pte_alloc(mm, pmd) ? pmd : NULL;
}

/* The PMD entry of an address if there is one, and it is not empty: a table of PTEs, or a huge page. */
pmd_t *mm_find_pmd(struct mm_struct *mm, unsigned long addr)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	pud_t *pud;
	pmd_t *pmd;

	if (pgd_none(READ_ONCE(*pgd)))
		return NULL;
	pud = pud_offset(pgd, addr);
	if (pud_none(READ_ONCE(*pud)))
		return NULL;
	pmd = pmd_offset(pud, addr);
	return pmd_none(READ_ONCE(*pmd)) ? NULL : pmd;
}

/* ------------------------------------------------------------------ small parts */

static pte_t maybe_mkwrite(pte_t pte, struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_WRITE ? pte_mkwrite(pte) : pte;
}

/* A page of the task's own goes into the PTE. The page-table lock is held. */
static void set_anon_pte(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;
	pte_t entry = maybe_mkwrite(pte_mkdirty(mk_pte(page, vma->vm_page_prot)), vma);

	page_add_new_anon_rmap(page, vma, vmf->address);
	mlock_vma_folio((struct folio *)page, vma);
	folio_add_lru((struct folio *)page);
	if (pte_user_exec(entry))
		sync_icache_page(page);
	set_pte_at(vma->vm_mm, vmf->address, vmf->pte, entry);
}

/* ------------------------------------------------------------------ anonymous memory */

/*
 * The first touch of an anonymous page. A read gets the zero page, which all share; a write gets a
 * fresh page of zeroes. A shared anonymous mapping is a file of tmpfs and does not come here.
 */
static vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	struct page *page = NULL;

	if (pte_alloc(mm, vmf->pmd))
		return VM_FAULT_OOM;
	if (pmd_trans_unstable(vmf->pmd))
		return 0;
	if (vmf->flags & FAULT_FLAG_WRITE) {
		if (unlikely(anon_vma_prepare(vma)))
			return VM_FAULT_OOM;
		rss_make_room(GFP_HIGHUSER_MOVABLE);
		page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_ZERO);
		if (!page)
			return VM_FAULT_OOM;
		__folio_mark_uptodate((struct folio *)page);
	}
	vmf->pte = pte_offset_map_lock(mm, vmf->pmd, vmf->address, &vmf->ptl);
	if (unlikely(!pte_none(*vmf->pte))) {
		pte_unmap_unlock(vmf->pte, vmf->ptl);
		if (page)
			put_page(page);
		return 0;
	}
	if (page) {
		inc_mm_counter(mm, MM_ANONPAGES);
		set_anon_pte(vmf, page);
	} else {
		set_pte_at(mm, vmf->address, vmf->pte,
			   pte_mkspecial(pfn_pte(virt_to_pfn(empty_zero_page), vma->vm_page_prot)));
	}
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

/* ------------------------------------------------------------------ file mappings */

/* Ask the file for the page. On success vmf->page is locked and has a reference for us. */
static vm_fault_t __do_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = vmf->vma->vm_ops->fault(vmf);

	if (unlikely(ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY)))
		return ret;
	if (!(ret & VM_FAULT_LOCKED))
		lock_page(vmf->page);
	return ret | VM_FAULT_LOCKED;
}

/* A page-cache page goes into vmf->pte; its reference becomes the PTE's. The lock is held. */
void do_set_pte(struct vm_fault *vmf, struct page *page, unsigned long addr)
{
	struct vm_area_struct *vma = vmf->vma;
	pte_t entry = mk_pte(page, vma->vm_page_prot);

	if (addr != vmf->address && ptes_start_old())
		entry = pte_mkold(entry);
	if (pte_user_exec(entry))
		sync_icache_page(page);
	if ((vmf->flags & FAULT_FLAG_WRITE) && (vma->vm_flags & VM_SHARED))
		entry = maybe_mkwrite(pte_mkdirty(entry), vma);
	page_add_file_rmap(page, vma);
	inc_mm_counter(vma->vm_mm, mm_counter_file(page));
	set_pte_at(vma->vm_mm, addr, vmf->pte, entry);
}

/* Install vmf->page, unless somebody was faster: then its reference is dropped by the caller. */
static bool finish_fault(struct vm_fault *vmf)
{
	bool done = false;

	vmf->pte = pte_offset_map_lock(vmf->vma->vm_mm, vmf->pmd, vmf->address, &vmf->ptl);
	if (likely(pte_none(*vmf->pte))) {
		do_set_pte(vmf, vmf->page, vmf->address);
		done = true;
	}
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return done;
}

/* Map what is in the page cache around the address: one fault instead of many. */
#define FAULT_AROUND_PAGES	16

static vm_fault_t do_fault_around(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long first = vmf->address & ~(FAULT_AROUND_PAGES * PAGE_SIZE - 1);
	unsigned long last = first + (FAULT_AROUND_PAGES - 1) * PAGE_SIZE;

	first = max(first, max(vma->vm_start, vmf->address & PMD_MASK));
	last = min(last, min(vma->vm_end - PAGE_SIZE, (vmf->address | ~PMD_MASK) & PAGE_MASK));
	return vma->vm_ops->map_pages(vmf, linear_page_index(vma, first), linear_page_index(vma, last));
}

static vm_fault_t do_read_fault(struct vm_fault *vmf)
{
	vm_fault_t ret;

	if (vmf->vma->vm_ops->map_pages) {
		ret = do_fault_around(vmf);
		if (ret)
			return ret & VM_FAULT_ERROR;
	}
	ret = __do_fault(vmf);
	if (unlikely(ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY)))
		return ret;
	if (!finish_fault(vmf))
		put_page(vmf->page);
	unlock_page(vmf->page);
	return ret & ~VM_FAULT_LOCKED;
}

/* A write to a private mapping whose page was never touched: copy it straight from the cache. */
static vm_fault_t do_cow_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *new;
	vm_fault_t ret;

	if (anon_vma_prepare(vma))
		return VM_FAULT_OOM;
	rss_make_room(GFP_HIGHUSER_MOVABLE);
	new = alloc_page(GFP_HIGHUSER_MOVABLE);
	if (!new)
		return VM_FAULT_OOM;
	ret = __do_fault(vmf);
	if (unlikely(ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY))) {
		put_page(new);
		return ret;
	}
	copy_user_highpage(new, vmf->page, vmf->address, vma);
	__SetPageUptodate(new);
	unlock_page(vmf->page);
	put_page(vmf->page);

	vmf->pte = pte_offset_map_lock(vma->vm_mm, vmf->pmd, vmf->address, &vmf->ptl);
	if (likely(pte_none(*vmf->pte))) {
		count_vm_event(PGFAULT_COW);
		inc_mm_counter(vma->vm_mm, MM_ANONPAGES);
		set_anon_pte(vmf, new);
		new = NULL;
	}
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	if (new)
		put_page(new);
	return ret & ~VM_FAULT_LOCKED;
}

/*
 * Tells the file that vmf->page, not locked, is about to be written. VM_FAULT_LOCKED: it may be, and
 * is locked, so that write-back cannot make it clean before its PTE is writable. Else VM_FAULT_ bits
 * of an error, or the page has left the file: the access faults again.
 */
static vm_fault_t do_page_mkwrite(struct vm_fault *vmf)
{
	const struct vm_operations_struct *ops = vmf->vma->vm_ops;
	vm_fault_t ret = ops->page_mkwrite ? ops->page_mkwrite(vmf) : 0;

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_LOCKED))
		return ret;
	lock_page(vmf->page);
	if (vmf->page->mapping)
		return ret | VM_FAULT_LOCKED;
	unlock_page(vmf->page);
	return ret;
}

/* A write to a shared mapping: the page goes in writable, and is dirty from now on. */
static vm_fault_t do_shared_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t ret = __do_fault(vmf), mk;

	if (unlikely(ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY)))
		return ret;
	if (vma->vm_ops->page_mkwrite) {
		unlock_page(vmf->page);
		mk = do_page_mkwrite(vmf);
		if (!(mk & VM_FAULT_LOCKED)) {
			put_page(vmf->page);
			return mk & VM_FAULT_ERROR;
		}
	}
	set_page_dirty(vmf->page);
	if (!finish_fault(vmf))
		put_page(vmf->page);
	unlock_page(vmf->page);
	balance_dirty_pages_ratelimited(vma->vm_file->f_mapping);
	return ret & ~VM_FAULT_LOCKED;
}

static vm_fault_t do_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	if (!vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	if (pte_alloc(vma->vm_mm, vmf->pmd))
		return VM_FAULT_OOM;
	if (!(vmf->flags & FAULT_FLAG_WRITE))
		return do_read_fault(vmf);
	if (!(vma->vm_flags & VM_SHARED))
		return do_cow_fault(vmf);
	return do_shared_fault(vmf);
}

/* ------------------------------------------------------------------ copy on write */

/* The page is ours alone: let it be written. The lock is held, and dropped. */
static vm_fault_t wp_page_reuse(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	pte_t entry = maybe_mkwrite(pte_mkdirty(pte_mkyoung(vmf->orig_pte)), vma);

	count_vm_event(PGREUSE);
	set_pte_at(vma->vm_mm, vmf->address, vmf->pte, entry);
	flush_tlb_page(vma, vmf->address);
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

/* Somebody else has it too: give the task a copy. old is NULL for the zero page. No lock is held. */
static vm_fault_t wp_page_copy(struct vm_fault *vmf, struct page *old)
{
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	struct folio *folio = old ? page_folio(old) : NULL;
	struct page *new = NULL;

	rss_make_room(GFP_HIGHUSER_MOVABLE);
	/* The first page of its own that the region gets may be a copy of the zero page, or of a file's. */
	if (likely(!anon_vma_prepare(vma)))
		new = alloc_page(GFP_HIGHUSER_MOVABLE | (old ? 0 : __GFP_ZERO));
	if (!new) {
		if (folio)
			folio_put(folio);
		return VM_FAULT_OOM;
	}
	if (old)
		copy_user_highpage(new, old, vmf->address, vma);
	__folio_mark_uptodate((struct folio *)new);

	vmf->pte = pte_offset_map_lock(mm, vmf->pmd, vmf->address, &vmf->ptl);
	if (likely(pte_same(*vmf->pte, vmf->orig_pte))) {
		count_vm_event(PGFAULT_COW);
		if (!old || !PageAnon(old)) {
			if (old)
				dec_mm_counter(mm, mm_counter_file(old));
			inc_mm_counter(mm, MM_ANONPAGES);
		}
		/* Break before make: no CPU may see two frames for one address. */
		ptep_get_and_clear(mm, vmf->address, vmf->pte);
		flush_tlb_page(vma, vmf->address);
		set_anon_pte(vmf, new);
		new = NULL;
		if (old) {
			page_remove_rmap(old, vma);
			atomic_dec(&folio->_refcount);	/* the PTE's; do_wp_page() took another one */
		}
	}
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	if (new)
		put_page(new);
	if (folio) {
		if (folio_test_swapcache(folio))
			free_swap_cache(&folio->page);
		folio_put(folio);
	}
	return 0;
}

/* A write to a page of a shared file mapping that was mapped for reading. The lock is held, and dropped. */
static vm_fault_t wp_page_shared(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t ret;

	get_page(page);
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	vmf->page = page;
	ret = do_page_mkwrite(vmf);
	if (!(ret & VM_FAULT_LOCKED)) {
		put_page(page);
		return ret & VM_FAULT_ERROR;
	}
	set_page_dirty(page);
	vmf->pte = pte_offset_map_lock(vma->vm_mm, vmf->pmd, vmf->address, &vmf->ptl);
	if (pte_same(*vmf->pte, vmf->orig_pte))
		wp_page_reuse(vmf);
	else
		pte_unmap_unlock(vmf->pte, vmf->ptl);
	unlock_page(page);
	put_page(page);
	balance_dirty_pages_ratelimited(vma->vm_file->f_mapping);
	return 0;
}

/* Perhaps the only other references to an anonymous page are a batch's and the swap cache's. */
static void drop_caches_reference(struct folio *folio)
{
	if (!folio_test_lru(folio))
		lru_add_drain();
	if (folio_test_swapcache(folio) && folio_ref_count(folio) == 2 && folio_trylock(folio)) {
		folio_free_swap(folio);
		folio_unlock(folio);
	}
}

/**
 * do_wp_page - a write to a page that is mapped read-only but whose VMA may be written
 * @vmf: the fault; vmf->pte is mapped and vmf->ptl held, both released on return
 *
 * Reuses the page when this is its only mapping, else copies it. Returns VM_FAULT_OOM when no
 * page can be had, and then nothing has changed.
 */
static vm_fault_t do_wp_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page = vm_normal_page(vmf->orig_pte);
	struct folio *folio = page ? page_folio(page) : NULL;

	if (vma->vm_flags & VM_SHARED)
		return page ? wp_page_shared(vmf, page) : wp_page_reuse(vmf);
	/*
	 * One reference and it is our PTE's: nobody else maps it and nobody can begin to, since that
	 * takes a fork of this mm (mmap_lock) or a reference.
	 */
	if (folio && folio_test_anon(folio)) {
		/* No use looking when there is another PTE. */
		if (folio_ref_count(folio) > 1 && !atomic_read(&page->_mapcount))
			drop_caches_reference(folio);
		if (folio_ref_count(folio) == 1) {
			page_move_anon_rmap(&folio->page, vma);
			return wp_page_reuse(vmf);
		}
	}
	if (folio)
		folio_get(folio);
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return wp_page_copy(vmf, page);
}

/* ------------------------------------------------------------------ swap */

/* The page goes where its entry stood; both are as they were. Page lock and page-table lock are held. */
static vm_fault_t swap_in_pte(struct vm_fault *vmf, struct folio *folio, swp_entry_t entry)
{
	const bool write = vmf->flags & FAULT_FLAG_WRITE;
	struct page *page = folio_page(folio, 0);
	struct vm_area_struct *vma = vmf->vma;
	pte_t pte = mk_pte(page, vma->vm_page_prot);

	inc_mm_counter(vma->vm_mm, MM_ANONPAGES);
	dec_mm_counter(vma->vm_mm, MM_SWAPENTS);
	page_add_anon_rmap(page, vma, vmf->address);
	swap_free(entry);
	/* A page that is about to be written has no use for its slot. */
	if (write || vm_swap_full())
		folio_free_swap(folio);
	if (pte_user_exec(pte))
		sync_icache_page(page);
	set_pte_at(vma->vm_mm, vmf->address, vmf->pte, pte);
	folio_unlock(folio);
	vmf->orig_pte = pte;
	if (write)
		return do_wp_page(vmf);	/* to reuse, or to copy */
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

/**
 * do_swap_page - a page that was swapped out
 *
 * It is in the swap cache, or read from its slot: VM_FAULT_MAJOR. VM_FAULT_SIGBUS when it cannot be read.
 */
static vm_fault_t do_swap_page(struct vm_fault *vmf)
{
	const swp_entry_t entry = pte_to_swp_entry(vmf->orig_pte);
	struct folio *folio;
	vm_fault_t ret = 0;

	if (unlikely(is_migration_entry(entry))) {
		migration_entry_wait(vmf, entry);
		return 0;
	}
	if (unlikely(non_swap_entry(entry)))
		return VM_FAULT_SIGBUS;
	folio = lookup_swap_cache(entry);
	if (!folio) {
		folio = swapin_readahead(entry, GFP_HIGHUSER_MOVABLE);
		/* Without memory; or somebody was faster and the slot is free: then fault again. */
		if (!folio)
			return pte_same(ptep_get(vmf->pte), vmf->orig_pte) ? VM_FAULT_OOM : 0;
		count_vm_event(PGMAJFAULT);
		ret = VM_FAULT_MAJOR;
	}
	folio_lock(folio);
	/* It may have lost its slot, and the slot may be another page's by now. */
	if (!folio_test_swapcache(folio) || folio_swap_entry(folio).val != entry.val)
		goto out;
	vmf->pte = pte_offset_map_lock(vmf->vma->vm_mm, vmf->pmd, vmf->address, &vmf->ptl);
	if (pte_same(*vmf->pte, vmf->orig_pte)) {
		if (folio_test_uptodate(folio))
			return ret | swap_in_pte(vmf, folio, entry);
		ret = VM_FAULT_SIGBUS;
	}
	pte_unmap_unlock(vmf->pte, vmf->ptl);
out:
	folio_unlock(folio);
	folio_put(folio);
	return ret;
}

/* ------------------------------------------------------------------ the fault */

/* Not inlined, so that it can be stepped into and out of. */
static noinline vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	pte_t entry;

	if (likely(pmd_table(READ_ONCE(*vmf->pmd)))) {
read_pte:
		vmf->pte = pte_offset_kernel(vmf->pmd, vmf->address);
		vmf->orig_pte = ptep_get(vmf->pte);
	} else {
		vm_fault_t ret = handle_huge_pmd(vmf);

		if (!(ret & VM_FAULT_FALLBACK))
			return ret;
		if (pmd_table(READ_ONCE(*vmf->pmd)))
			goto read_pte;		/* it was split, to copy one page of it */
		vmf->orig_pte = __pte(0);
	}
	if (pte_none(vmf->orig_pte))
		return vma_is_anonymous(vma) ? do_anonymous_page(vmf) : do_fault(vmf);
	if (unlikely(!pte_present(vmf->orig_pte)))
		return do_swap_page(vmf);

	vmf->ptl = pte_lockptr(vma->vm_mm, vmf->pmd);
	spin_lock(vmf->ptl);
	entry = vmf->orig_pte;
	if (unlikely(!pte_same(*vmf->pte, entry)))
		goto unlock;		/* changed meanwhile: the access will fault again if it must */
	if ((vmf->flags & FAULT_FLAG_WRITE) && !pte_hw_dirty(entry))
		return do_wp_page(vmf);
	/* Not a matter of rights: the access flag, on CPUs that leave it to software. */
	if (!pte_young(entry)) {
		count_vm_event(PGFAULT_ACCESS_FLAG);
		set_pte_at(vma->vm_mm, vmf->address, vmf->pte, pte_mkyoung(entry));
	} else {
		/* A stale TLB entry from before rights were widened. */
		flush_tlb_page(vma, vmf->address);
	}
unlock:
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

/**
 * handle_mm_fault - make an access to an address possible
 * @vma: the region it lies in; it allows the access
 * @address: page-aligned
 * @flags: FAULT_FLAG_*
 *
 * mmap_lock is held for reading. Returns VM_FAULT_* bits: an error, or 0, or VM_FAULT_MAJOR when
 * the disk was read.
 */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
			   struct pt_regs *regs)
{
	struct vm_fault vmf;		/* field by field: an initializer would clear it by memset() */

	vmf.vma = vma;
	vmf.address = vmf.real_address = address;
	vmf.flags = flags;
	vmf.pgoff = linear_page_index(vma, address);
	vmf.gfp_mask = GFP_KERNEL;
	vmf.cow_page = vmf.page = NULL;
	vmf.pte = NULL;
	vmf.ptl = NULL;

	mmap_assert_locked(vma->vm_mm);
	count_vm_event(PGFAULT);
	vmf.pmd = mm_alloc_pmd(vma->vm_mm, address);
	if (unlikely(!vmf.pmd))
		return VM_FAULT_OOM;
	return handle_pte_fault(&vmf);
}

/**
 * fixup_user_fault - for an access of the kernel's that failed while it could not fault
 * @fault_flags: FAULT_FLAG_WRITE or 0
 *
 * mmap_lock is held for reading. 0: trying again is worth while. -EFAULT, -ENOMEM.
 */
int fixup_user_fault(struct mm_struct *mm, unsigned long address, unsigned int fault_flags)
{
	unsigned long need = fault_flags & FAULT_FLAG_WRITE ? VM_WRITE : VM_ACCESS_FLAGS;
	struct vm_area_struct *vma = find_vma(mm, address);
	vm_fault_t ret;

	if (!vma || vma->vm_start > address || !(vma->vm_flags & need))
		return -EFAULT;
	ret = handle_mm_fault(vma, address & PAGE_MASK, fault_flags, NULL) | check_stable_address_space(mm);
	if (ret & VM_FAULT_OOM)
		return -ENOMEM;
	return ret & VM_FAULT_ERROR ? -EFAULT : 0;
}
