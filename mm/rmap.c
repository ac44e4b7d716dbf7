// SPDX-License-Identifier: MIT
/*
 * Reverse mapping: from a page to the PTEs that map it. Walks here; where anonymous pages may be, in
 * mm/anon_vma.c.
 *
 * Callers: write-back, which takes the right to write away so that the next write is seen; reclaim
 * and truncation, which take the PTEs away; reclaim, which asks whether the page was used.
 *
 * A page does not know its PTEs. Its file, or its anon_vma, knows the regions that may map it, and
 * where in a region the page would be is arithmetic; the page table there tells whether it is.
 *
 * The order of locks, outermost first:
 *
 *	inode->i_rwsem			(write to a file: its pages may be mapped by the writer)
 *	  mm->mmap_lock
 *	    mapping->invalidate_lock
 *	      PG_locked			no new PTE for a page of a file can appear
 *	        mapping->i_mmap_rwsem	no region goes away, nor its tables
 *	          anon_vma->root->rwsem	the same for anonymous pages
 *	            mm->page_table_lock	each PTE
 *	              mmlist_lock, swap_lock and the areas' locks
 *	              lru_lock, i_pages.xa_lock, private_lock
 */
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <asm/tlbflush.h>
#include "internal.h"

/* ------------------------------------------------------------------ the walk */

/* False: the walk is over. The lock of the regions is held for reading. */
static bool rmap_walk_vma(struct folio *folio, struct vm_area_struct *vma,
			  struct rmap_walk_control *rwc)
{
	cond_resched();
	if (rwc->invalid_vma && rwc->invalid_vma(vma, rwc->arg))
		return true;
	if (!rwc->rmap_one(folio, vma, vma_address(folio, vma), rwc->arg))
		return false;
	return !(rwc->done && rwc->done(folio));
}

/*
 * The anon_vma of a page, with a reference, or NULL if nothing maps the page. Without PTEs the pointer
 * in the page may be stale: it is then that the last region may have gone, and the anon_vma with it.
 * RCU keeps the memory while its count is looked at; after that we look whether PTEs were there all
 * the time.
 */
struct anon_vma *folio_get_anon_vma(struct folio *folio)
{
	struct anon_vma *anon_vma = NULL;
	unsigned long mapping;

	rcu_read_lock();
	mapping = (unsigned long)smp_load_acquire(&folio->mapping);
	if (!(mapping & PAGE_MAPPING_ANON) || !folio_mapped(folio))
		goto out;
	anon_vma = (struct anon_vma *)(mapping & ~PAGE_MAPPING_ANON);
	if (!atomic_inc_not_zero(&anon_vma->refcount)) {
		anon_vma = NULL;
		goto out;
	}
	smp_mb__after_atomic();
	if (!folio_mapped(folio)) {
		rcu_read_unlock();
		put_anon_vma(anon_vma);
		return NULL;
	}
out:
	rcu_read_unlock();
	return anon_vma;
}

static void rmap_walk_anon(struct folio *folio, struct rmap_walk_control *rwc)
{
	struct anon_vma *anon_vma = folio_get_anon_vma(folio);
	const pgoff_t pgoff = folio->index;
	const pgoff_t last = pgoff + folio_nr_pages(folio) - 1;
	struct anon_vma_chain *avc;

	if (!anon_vma)
		return;
	if (!anon_vma_trylock_read(anon_vma)) {
		if (rwc->try_lock) {
			rwc->contended = true;
			goto out;
		}
		anon_vma_lock_read(anon_vma);
	}
	anon_vma_interval_tree_foreach(avc, &anon_vma->rb_root, pgoff, last)
		if (!rmap_walk_vma(folio, avc->vma, rwc))
			break;
	anon_vma_unlock_read(anon_vma);
out:
	put_anon_vma(anon_vma);
}

static void rmap_walk_file(struct folio *folio, struct rmap_walk_control *rwc)
{
	struct address_space *mapping = folio_mapping(folio);
	struct vm_area_struct *vma;

	if (!mapping)
		return;
	if (!down_read_trylock(&mapping->i_mmap_rwsem)) {
		if (rwc->try_lock) {
			rwc->contended = true;
			return;
		}
		i_mmap_lock_read(mapping);
	}
	vma_interval_tree_foreach(vma, &mapping->i_mmap, folio->index, folio->index)
		if (!rmap_walk_vma(folio, vma, rwc))
			break;
	i_mmap_unlock_read(mapping);
}

/**
 * rmap_walk - goes to every region in which a page may be mapped
 * @folio: locked, and with a reference of the caller
 * @rwc: what to do there
 *
 * May sleep for the lock of the regions, unless rwc->try_lock. Regions come while it runs only by
 * fork, for an anonymous page, and then it finds them or their parent has no PTE to give any more.
 */
void rmap_walk(struct folio *folio, struct rmap_walk_control *rwc)
{
	BUG_ON(!folio_test_locked(folio));
	if (!folio_mapped(folio))
		return;
	if (folio_test_anon(folio))
		rmap_walk_anon(folio, rwc);
	else
		rmap_walk_file(folio, rwc);
}

/* No walk comes into a region, and none is in it, from here on. mmap_lock is held for writing. */
void take_rmap_locks(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		i_mmap_lock_write(vma->vm_file->f_mapping);
	if (vma->anon_vma)
		anon_vma_lock_write(vma->anon_vma);
}

void drop_rmap_locks(struct vm_area_struct *vma)
{
	if (vma->anon_vma)
		anon_vma_unlock_write(vma->anon_vma);
	if (vma->vm_file)
		i_mmap_unlock_write(vma->vm_file->f_mapping);
}

/* ------------------------------------------------------------------ page_mkclean() */

/* Break before make: between the two no CPU can write, so no dirty bit is lost. */
static bool page_mkclean_one(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
			     void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, addr);
	int *cleaned = arg;

	while (page_vma_mapped_walk(&pvmw)) {
		pte_t pte = *pvmw.pte;

		if (!pte_dirty(pte) && !pte_write(pte))
			continue;
		pte = ptep_get_and_clear(vma->vm_mm, addr, pvmw.pte);
		flush_tlb_page(vma, addr);
		set_pte_at(vma->vm_mm, addr, pvmw.pte, pte_mkclean(pte_wrprotect(pte)));
		*cleaned += pte_dirty(pte);
	}
	return true;
}

static bool invalid_mkclean_vma(struct vm_area_struct *vma, void *arg)
{
	return !(vma->vm_flags & VM_SHARED);
}

/**
 * folio_mkclean - makes all PTEs of a file's page read-only and clean; the page is locked
 *
 * Returns how many were dirty: then the page is, too. The next write through a mapping faults and
 * comes by ->page_mkwrite().
 */
int folio_mkclean(struct folio *folio)
{
	int cleaned = 0;
	struct rmap_walk_control rwc = {
		.arg = &cleaned, .rmap_one = page_mkclean_one, .invalid_vma = invalid_mkclean_vma,
	};

	if (folio_mapped(folio) && folio_mapping(folio))
		rmap_walk(folio, &rwc);
	return cleaned;
}

/* ------------------------------------------------------------------ try_to_unmap() */

/* The entry stands where the page was; its slot has a user more. page_table_lock is held. */
static void set_swap_pte(struct mm_struct *mm, unsigned long addr, pte_t *pte, swp_entry_t entry)
{
	WARN_ON_ONCE(swap_duplicate(entry));
	if (list_empty(&mm->mmlist)) {
		spin_lock(&mmlist_lock);
		if (list_empty(&mm->mmlist))
			list_add(&mm->mmlist, &init_mm.mmlist);
		spin_unlock(&mmlist_lock);
	}
	dec_mm_counter(mm, MM_ANONPAGES);
	inc_mm_counter(mm, MM_SWAPENTS);
	set_pte_at(mm, addr, pte, swp_entry_to_pte(entry));
}

/*
 * A page that was given up (MADV_FREE), whose PTE has just been taken out: may it be dropped? Not when it
 * was written since, and not when somebody has a reference by which he may write yet. Then it is an
 * ordinary anonymous page again. It is off the LRU lists, for only reclaim comes here with such pages, and
 * page_table_lock is held: nobody gets a reference by this PTE.
 */
static bool lazyfree_may_go(struct folio *folio, pte_t pte)
{
	/* The caller's reference, and one for each PTE, also this one. */
	if (!pte_dirty(pte) && folio_ref_count(folio) == 1 + page_mapcount(folio_page(folio, 0)))
		return true;
	folio_set_swapbacked(folio);
	return false;
}

static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
			     void *arg)
{
	const enum ttu_flags flags = (enum ttu_flags)(long)arg;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, addr);
	struct page *page = folio_page(folio, 0);
	struct mm_struct *mm = vma->vm_mm;
	bool ret = true;
	pte_t pte;

	while (page_vma_mapped_walk(&pvmw)) {
		/* An anonymous page without a slot would have no place to come back from. */
		if ((folio_test_anon(folio) && folio_test_swapbacked(folio) && !folio_test_swapcache(folio)) ||
		    ((vma->vm_flags & VM_LOCKED) && !(flags & TTU_IGNORE_MLOCK))) {
			page_vma_mapped_walk_done(&pvmw);
			ret = false;
			break;
		}
		pte = ptep_get_and_clear(mm, addr, pvmw.pte);
		flush_tlb_page(vma, addr);
		if (folio_test_anon(folio) && !folio_test_swapbacked(folio)) {
			if (!lazyfree_may_go(folio, pte)) {
				set_pte_at(mm, addr, pvmw.pte, pte);
				page_vma_mapped_walk_done(&pvmw);
				ret = false;
				break;
			}
			dec_mm_counter(mm, MM_ANONPAGES);
		} else if (folio_test_anon(folio)) {
			/* Newer than its slot: a write that began before the flush is in it. */
			if (pte_dirty(pte))
				folio_set_dirty(folio);
			set_swap_pte(mm, addr, pvmw.pte, folio_swap_entry(folio));
		} else {
			if (pte_dirty(pte) && (vma->vm_flags & VM_SHARED))
				set_page_dirty(page);
			dec_mm_counter(mm, mm_counter_file(page));
		}
		page_remove_rmap(page, vma);
		put_page(page);		/* never the last one: the caller has one */
	}
	return ret;
}

static int page_not_mapped(struct folio *folio)
{
	return !folio_mapped(folio);
}

/**
 * try_to_unmap - takes a page out of all address spaces; locked, referenced by the caller, and not huge
 * @flags: TTU_*
 *
 * What was dirty in a PTE is dirty in the page after that. The programs fault when they want it again.
 * Whether it worked, folio_mapped() tells.
 */
void try_to_unmap(struct folio *folio, enum ttu_flags flags)
{
	struct rmap_walk_control rwc = {
		.arg = (void *)(long)flags, .rmap_one = try_to_unmap_one, .done = page_not_mapped,
	};

	rmap_walk(folio, &rwc);
}

/* ------------------------------------------------------------------ page_referenced() */

struct folio_referenced_arg {
	int		mapcount;	/* PTEs still to be seen */
	int		referenced;
	unsigned long	vm_flags;	/* of the regions through which it was used */
};

static bool folio_referenced_one(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
				 void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, addr);
	struct folio_referenced_arg *pra = arg;

	while (page_vma_mapped_walk(&pvmw)) {
		pra->mapcount--;
		if (vma->vm_flags & VM_LOCKED) {
			page_vma_mapped_walk_done(&pvmw);
			pra->vm_flags |= VM_LOCKED;
			return false;	/* it stays, used or not */
		}
		/* Without the flush a CPU that has the entry cached would not set the flag again. */
		if (pvmw.pte ? ptep_test_and_clear_young(vma, pvmw.address, pvmw.pte)
			     : pmdp_test_and_clear_young(vma, pvmw.address, pvmw.pmd)) {
			flush_tlb_page(vma, pvmw.address);
			pra->referenced++;
			pra->vm_flags |= vma->vm_flags;
		}
	}
	return pra->mapcount > 0;
}

/* Entries, of PTEs and PMDs, that map any part of it. */
static int folio_mapcount(struct folio *folio)
{
	struct page *page = folio_page(folio, 0);
	int count = page_mapcount(page);

	for (long i = 1; i < folio_nr_pages(folio); i++)
		count += atomic_read(&page[i]._mapcount) + 1;
	return count;
}

/**
 * folio_referenced - through how many PTEs a page was used since this was last asked
 * @is_locked: the caller has locked the page
 * @vm_flags: gets the flags of the regions through which it was; VM_LOCKED: it may not go at all
 *
 * Returns -1 when that cannot be told without waiting.
 */
int folio_referenced(struct folio *folio, int is_locked, unsigned long *vm_flags)
{
	struct folio_referenced_arg pra = { .mapcount = folio_mapcount(folio) };
	struct rmap_walk_control rwc = {
		.arg = &pra, .rmap_one = folio_referenced_one, .try_lock = true,
	};

	*vm_flags = 0;
	if (!pra.mapcount)
		return 0;
	if (!is_locked && !folio_trylock(folio))
		return 1;
	rmap_walk(folio, &rwc);
	if (!is_locked)
		folio_unlock(folio);
	*vm_flags = pra.vm_flags;
	return rwc.contended ? -1 : pra.referenced;
}

/* ------------------------------------------------------------------ anonymous pages */

/**
 * page_move_anon_rmap - a page that only this region maps becomes its own
 * @page: vma has its only PTE, and nobody else a reference; page_table_lock is held
 *
 * A page that a child inherited points to an anon_vma of its parent, in which the regions of all the
 * parent's children hang: a walk looks into each of them. From now on it looks into this family only.
 * A walk that has read the old pointer finds the PTE by it, too: the region hangs there as well.
 */
void page_move_anon_rmap(struct page *page, struct vm_area_struct *vma)
{
	const unsigned long anon = (unsigned long)vma->anon_vma | PAGE_MAPPING_ANON;

	if ((unsigned long)page->mapping != anon)
		smp_store_release(&page->mapping, (struct address_space *)anon);
}

/* ------------------------------------------------------------------ huge pages */

/* The first entry of a huge page that nobody else can see yet: a PMD's. */
void page_add_new_huge_rmap(struct page *page, struct vm_area_struct *vma, unsigned long haddr)
{
	__SetPageSwapBacked(page);
	atomic_set(&page[1].compound_mapcount, 0);
	atomic_set(&page[1]._nr_pages_mapped, COMPOUND_MAPPED);
	mod_node_page_state(NULL, NR_ANON_MAPPED, HPAGE_PMD_NR);
	mod_node_page_state(NULL, NR_ANON_THPS, HPAGE_PMD_NR);
	__page_set_anon_rmap(page, vma, haddr);
}

/* A PMD does not map it any more. Frames that have PTEs stay mapped; if not all have, the rest can go. */
void page_remove_anon_compound_rmap(struct page *head)
{
	int ptes;

	if (atomic_add_return(-1, &head[1].compound_mapcount) >= 0)
		return;
	ptes = atomic_sub_return(COMPOUND_MAPPED, &head[1]._nr_pages_mapped);
	mod_node_page_state(NULL, NR_ANON_THPS, -HPAGE_PMD_NR);
	mod_node_page_state(NULL, NR_ANON_MAPPED, ptes - HPAGE_PMD_NR);
	if (ptes && ptes < HPAGE_PMD_NR)
		deferred_split_folio((struct folio *)head);
}

/* A PTE maps a frame of one again that could not be split. */
void page_add_subpage_rmap(struct page *page, struct vm_area_struct *vma)
{
	if (atomic_inc_return(&page->_mapcount) == 0 &&
	    atomic_inc_return(&compound_head(page)[1]._nr_pages_mapped) < COMPOUND_MAPPED)
		mod_node_page_state(NULL, NR_ANON_MAPPED, 1);
	mlock_vma_folio(page_folio(page), vma);
}

void page_remove_subpage_rmap(struct page *page, struct vm_area_struct *vma)
{
	struct page *head = compound_head(page);
	int mapped;

	munlock_vma_folio((struct folio *)head, vma);
	if (atomic_add_return(-1, &page->_mapcount) >= 0)
		return;
	mapped = atomic_add_return(-1, &head[1]._nr_pages_mapped);
	if (mapped >= COMPOUND_MAPPED)
		return;			/* by a PMD it still is */
	mod_node_page_state(NULL, NR_ANON_MAPPED, -1);
	if (mapped)
		deferred_split_folio((struct folio *)head);
}
