// SPDX-License-Identifier: MIT
/*
 * Splitting a huge page into 512 small ones that live on their own.
 *
 * Callers: reclaim, which swaps out small pages only (mm/vmscan.c); the shrinker here, for huge pages of which
 * a part is not mapped any more, so that this part can be free. An entry of a page table is split more
 * often, and without this: see mm/huge_memory.c.
 *
 * The first frame counts the references of all. They can be dealt out only while nobody can take or drop one:
 *
 *	unmap_folio()		each entry that maps it becomes 512 migration entries, which say what frame is meant
 *				and hold no reference. Who faults on one waits for the page's lock.
 *	folio_ref_freeze()	then only the caller's reference is left, and becomes 0. If there is another one, by
 *				ptrace or an unmapping that goes on, it cannot be split now.
 *	__split_huge_page()	each frame becomes a page, with a reference and locked
 *	remap_folio()		the migration entries become PTEs again, each with a reference
 *
 * Locking: the page is locked, and then its anon_vma for writing: no fork makes a region that would not be
 * seen. Fork copies migration entries, too; it hangs the child's region up behind the parent's, so that what
 * it copies is met there. page_table_lock for the entries; split_queue_lock for the list of the shrinker.
 */
#include <linux/huge_mm.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/vmstat.h>
#include <asm/tlbflush.h>
#include "internal.h"

/* Huge pages that are mapped in part. It may be taken with page_table_lock held, and in interrupts. */
static DEFINE_SPINLOCK(split_queue_lock);
static LIST_HEAD(split_queue);
static unsigned long split_queue_len;

/* ------------------------------------------------------------------ making and freeing one */

static struct list_head *page_deferred_list(struct page *head)
{
	return &head[2].deferred_list;
}

/** prep_transhuge_page - a compound page of the order of a PMD, that will be anonymous */
void prep_transhuge_page(struct page *page)
{
	for (int i = 1; i < HPAGE_PMD_NR; i++)
		page[i].mapping = (struct address_space *)PAGE_MAPPING_ANON;
	INIT_LIST_HEAD(page_deferred_list(page));
}

/** free_transhuge_page - the last reference is gone; any context */
void free_transhuge_page(struct page *page)
{
	unsigned long flags;

	spin_lock_irqsave(&split_queue_lock, flags);
	if (!list_empty(page_deferred_list(page))) {
		split_queue_len--;
		list_del(page_deferred_list(page));
	}
	spin_unlock_irqrestore(&split_queue_lock, flags);
}

/* ------------------------------------------------------------------ unmapping, mapping again */

/* In one region. Both lists of regions are locked, as a walk of mm/rmap.c would. */
static void unmap_folio_one(struct folio *folio, struct vm_area_struct *vma)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, vma_address(folio, vma));

	while (page_vma_mapped_walk(&pvmw)) {
		struct page *page;
		pte_t pte;

		if (!pvmw.pte) {
			__split_huge_pmd_locked(vma, pvmw.pmd, pvmw.address & HPAGE_PMD_MASK, true);
			continue;
		}
		pte = ptep_get_and_clear(vma->vm_mm, pvmw.address, pvmw.pte);
		flush_tlb_page(vma, pvmw.address);
		page = pte_page(pte);
		set_pte_at(vma->vm_mm, pvmw.address, pvmw.pte,
			   swp_entry_to_pte(make_migration_entry(page, pte)));
		page_remove_rmap(page, vma);
		put_page(page);		/* never the last one: the caller has one */
	}
}

/* A migration entry of one of these frames becomes a PTE; if it was not split, all are still one page. */
static void remove_migration_pte(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep,
				 const struct page *head)
{
	const swp_entry_t entry = pte_to_swp_entry(*ptep);
	struct page *page;
	pte_t pte;

	if (pte_none(*ptep) || pte_present(*ptep) || !is_migration_entry(entry))
		return;
	page = pfn_swap_entry_to_page(entry);
	if (page < head || page >= head + HPAGE_PMD_NR)
		return;
	get_page(page);
	page_add_anon_rmap(page, vma, addr);
	pte = mk_pte(page, vma->vm_page_prot);
	if (!is_migration_entry_young(entry))
		pte = pte_mkold(pte);
	if (is_writable_migration_entry(entry) && (vma->vm_flags & VM_WRITE))
		pte = pte_mkwrite(pte_mkdirty(pte));
	set_pte_at(vma->vm_mm, addr, ptep, pte);
}

static void remap_one(struct vm_area_struct *vma, unsigned long addr, unsigned long end,
		      const struct page *head)
{
	unsigned long next;
	spinlock_t *ptl;
	pmd_t *pmd;
	pte_t *pte;

	for (; addr < end; addr = next) {
		next = mm_next_table(vma->vm_mm, addr, end, &pmd);
		if (!pmd || !pmd_table(READ_ONCE(*pmd)))
			continue;
		pte = pte_offset_map_lock(vma->vm_mm, pmd, addr, &ptl);
		for (; addr < next; addr += PAGE_SIZE, pte++)
			remove_migration_pte(vma, addr, pte, head);
		spin_unlock(ptl);
	}
}

/* All regions in which a part of it may be. The anon_vma's lock is held. */
#define foreach_anon_vma_of(avc, anon_vma, pgoff)			\
	anon_vma_interval_tree_foreach(avc, &(anon_vma)->rb_root, pgoff, (pgoff) + HPAGE_PMD_NR - 1)

static void unmap_folio(struct folio *folio, struct anon_vma *anon_vma)
{
	struct anon_vma_chain *avc;

	foreach_anon_vma_of(avc, anon_vma, folio->index) {
		unmap_folio_one(folio, avc->vma);
		cond_resched();
	}
}

/* The folio may be a small page by now: what was of it goes by its frames. */
static void remap_folio(struct folio *folio, struct anon_vma *anon_vma)
{
	const pgoff_t pgoff = folio->index;
	struct anon_vma_chain *avc;

	foreach_anon_vma_of(avc, anon_vma, pgoff) {
		struct vm_area_struct *vma = avc->vma;
		const pgoff_t first = max(pgoff, vma->vm_pgoff);
		const pgoff_t last = min(pgoff + HPAGE_PMD_NR, vma->vm_pgoff + vma_pages(vma));

		remap_one(vma, vma->vm_start + ((first - vma->vm_pgoff) << PAGE_SHIFT),
			  vma->vm_start + ((last - vma->vm_pgoff) << PAGE_SHIFT), folio_page(folio, 0));
		cond_resched();
	}
}

/**
 * migration_entry_wait - a fault met an entry of a page that is being split: wait until it is
 * @entry: as it was in the PTE; no lock is held
 */
void migration_entry_wait(struct vm_fault *vmf, swp_entry_t entry)
{
	struct folio *folio = NULL;

	vmf->pte = pte_offset_map_lock(vmf->vma->vm_mm, vmf->pmd, vmf->address, &vmf->ptl);
	/* As long as the entry is there, its frame stays what it is. Frozen just now: then in no time it is not. */
	if (pte_same(*vmf->pte, swp_entry_to_pte(entry))) {
		folio = page_folio(pfn_swap_entry_to_page(entry));
		if (!folio_try_get(folio))
			folio = NULL;
	}
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	if (folio) {
		folio_wait_locked(folio);
		folio_put(folio);
	}
}

/* ------------------------------------------------------------------ the split */

/* Flags of the whole that become those of each part. */
#define SPLIT_FLAGS	(1UL << PG_referenced | 1UL << PG_swapbacked | 1UL << PG_uptodate |	\
			 1UL << PG_active | 1UL << PG_unevictable | 1UL << PG_dirty | 1UL << PG_lru)

/* A page of its own from now on. It is locked, and its reference is the caller's. */
static void __split_huge_page_tail(struct page *head, int n, struct list_head *list)
{
	struct page *tail = head + n;
	struct folio *folio = (struct folio *)tail;

	BUG_ON(page_ref_count(tail) || atomic_read(&tail->_mapcount) != -1);
	tail->flags = (tail->flags & 1UL << PG_arch_1) | (head->flags & SPLIT_FLAGS) | 1UL << PG_locked;
	tail->mapping = head->mapping;
	tail->index = head->index + n;
	tail->private = 0;
	tail->lruvec = head->lruvec;
	/* Here compound_head goes, too. */
	INIT_LIST_HEAD(&tail->lru);
	if (list)
		list_add_tail(&tail->lru, list);
	else if (!folio_test_unevictable(folio))
		list_add(&tail->lru, &head->lru);
	folio_ref_unfreeze(folio, list ? 2 : 1);
}

/* Its count is 0. With interrupts off: who waits for the count to be something else does not sleep. */
static void __split_huge_page(struct folio *folio, struct list_head *list)
{
	struct page *head = folio_page(folio, 0);
	struct lruvec *lruvec = folio_lruvec(folio);

	/* The list counts 512 frames before and after. */
	if (!list)
		spin_lock(&lruvec->lru_lock);
	for (int i = HPAGE_PMD_NR - 1; i > 0; i--)
		__split_huge_page_tail(head, i, list);
	ClearPageHead(head);
	folio_ref_unfreeze(folio, 1);
	if (!list)
		spin_unlock(&lruvec->lru_lock);
}

/* Only ours is left, and it is in no queue any more. Interrupts are off. */
static bool freeze_folio(struct folio *folio)
{
	struct list_head *entry = page_deferred_list(folio_page(folio, 0));
	bool frozen;

	spin_lock(&split_queue_lock);
	frozen = folio_ref_freeze(folio, 1);
	if (frozen && !list_empty(entry)) {
		split_queue_len--;
		list_del(entry);
	}
	spin_unlock(&split_queue_lock);
	return frozen;
}

/**
 * split_huge_page_to_list - a huge page becomes 512 pages
 * @page: its first frame; locked, and the caller has one reference
 * @list: NULL: it is on an LRU list, and so will all be. Else it is not, and the others go to @list, each with
 *	a reference for that.
 *
 * The first one stays locked, with the caller's reference. What nobody maps is free after that. Returns
 * 0; -EBUSY: nobody maps any of it; -EAGAIN: somebody else has a reference, and nothing has changed.
 */
int split_huge_page_to_list(struct page *page, struct list_head *list)
{
	struct folio *folio = (struct folio *)page;
	struct anon_vma *anon_vma;
	unsigned long flags;
	bool split;

	BUG_ON(!folio_test_locked(folio) || !folio_test_large(folio));
	anon_vma = folio_get_anon_vma(folio);
	if (!anon_vma)
		return -EBUSY;
	anon_vma_lock_write(anon_vma);
	unmap_folio(folio, anon_vma);
	local_irq_save(flags);
	split = freeze_folio(folio);
	if (split)
		__split_huge_page(folio, list);
	local_irq_restore(flags);
	remap_folio(folio, anon_vma);
	anon_vma_unlock_write(anon_vma);
	put_anon_vma(anon_vma);

	count_vm_event(split ? THP_SPLIT_PAGE : THP_SPLIT_PAGE_FAILED);
	for (int i = 1; split && i < HPAGE_PMD_NR; i++) {
		unlock_page(page + i);
		put_page(page + i);
	}
	return split ? 0 : -EAGAIN;
}

/*
 * The next huge page of [*addr, end), below one PMD entry, that nobody else maps there; with a reference. Another
 * one's entry, as a block, ends it: there is nothing else below.
 */
static struct folio *next_huge_folio(struct mm_struct *mm, pmd_t *pmd, unsigned long *addr, unsigned long end)
{
	spinlock_t *ptl = pmd_lock(mm, pmd);
	struct folio *found = NULL;

	if (pmd_trans_huge(*pmd)) {
		if (page_mapcount(pmd_page(*pmd)) == 1)
			found = page_folio(pmd_page(*pmd));
	} else if (pmd_table(*pmd)) {
		for (; !found && *addr < end; *addr += PAGE_SIZE) {
			const pte_t pte = *pte_offset_kernel(pmd, *addr);
			struct page *page = pte_present(pte) ? vm_normal_page(pte) : NULL;

			if (page && PageCompound(page) && page_mapcount(page) == 1)
				found = page_folio(page);
		}
	}
	if (found)
		folio_get(found);
	spin_unlock(ptl);
	return found;
}

/**
 * split_huge_pages_pmd - for advice about single pages (madvise): what is huge of [addr, end) becomes small
 * @pmd: the entry below which the range lies
 *
 * Not what somebody else maps, too, and not what is in use just now. mmap_lock is held.
 */
void split_huge_pages_pmd(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, unsigned long end)
{
	struct folio *folio;
	int err = 0;

	while (!err && (folio = next_huge_folio(vma->vm_mm, pmd, &addr, end))) {
		folio_lock(folio);
		err = folio_test_large(folio) ? split_huge_page_to_list(folio_page(folio, 0), NULL) : 0;
		folio_unlock(folio);
		folio_put(folio);
	}
}

/* ------------------------------------------------------------------ the shrinker */

/**
 * deferred_split_folio - a part of a huge page is not mapped any more
 *
 * Now is no time to split it: page_table_lock is held, and often the rest goes as well. It is remembered
 * for when memory is short.
 */
void deferred_split_folio(struct folio *folio)
{
	struct list_head *entry = page_deferred_list(folio_page(folio, 0));
	unsigned long flags;

	if (!list_empty(entry))
		return;
	spin_lock_irqsave(&split_queue_lock, flags);
	if (list_empty(entry)) {
		list_add_tail(entry, &split_queue);
		split_queue_len++;
		count_vm_event(THP_DEFERRED_SPLIT_PAGE);
	}
	spin_unlock_irqrestore(&split_queue_lock, flags);
}

static unsigned long deferred_split_count(struct shrinker *shrink, struct shrink_control *sc)
{
	return READ_ONCE(split_queue_len);
}

/* Those at the front of the queue to @list, each with a reference. */
static void take_from_queue(struct list_head *list, unsigned long nr)
{
	struct list_head *pos, *next;

	spin_lock_irq(&split_queue_lock);
	list_for_each_safe(pos, next, &split_queue) {
		struct page *second = container_of(pos, struct page, deferred_list);

		if (!nr--)
			break;
		/* One that is being freed just now waits for our lock, and takes itself off. */
		if (folio_try_get(page_folio(second)))
			list_move(pos, list);
	}
	spin_unlock_irq(&split_queue_lock);
}

static unsigned long deferred_split_scan(struct shrinker *shrink, struct shrink_control *sc)
{
	struct list_head *pos, *next;
	unsigned long split = 0;
	LIST_HEAD(list);

	lru_add_drain();
	take_from_queue(&list, sc->nr_to_scan);
	list_for_each_safe(pos, next, &list) {
		struct folio *folio = page_folio(container_of(pos, struct page, deferred_list));

		if (folio_trylock(folio)) {
			/* Off the list, if it works. Reclaim may have it in hand: then it does not. */
			split += !split_huge_page_to_list(folio_page(folio, 0), NULL);
			folio_unlock(folio);
		}
		folio_put(folio);
		cond_resched();
	}
	spin_lock_irq(&split_queue_lock);
	list_splice_tail_init(&list, &split_queue);
	spin_unlock_irq(&split_queue_lock);
	return split ?: SHRINK_STOP;
}

static struct shrinker deferred_split_shrinker = {
	.count_objects	= deferred_split_count,
	.scan_objects	= deferred_split_scan,
	.seeks		= DEFAULT_SEEKS,
};

static int __init deferred_split_init(void)
{
	return register_shrinker(&deferred_split_shrinker, "thp-deferred_split");
}
subsys_initcall(deferred_split_init);
