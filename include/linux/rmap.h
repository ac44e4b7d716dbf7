/* SPDX-License-Identifier: MIT */
/*
 * Reverse mapping: from a page to the PTEs that map it (mm/rmap.c).
 *
 * page->_mapcount is one less than the number of those PTEs, so that a fresh page says -1. Where they
 * are, page->mapping and page->index tell: for a page of a file the regions in mapping->i_mmap, for an
 * anonymous one the regions that hang in its anon_vma.
 */
#ifndef _LINUX_RMAP_H
#define _LINUX_RMAP_H

#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>

struct folio;

/*
 * The regions in which one region's anonymous pages may be: itself, and after a fork the same region
 * of the children, who inherit the pages. A page points to the anon_vma of the region that it was made
 * in. It may outlive all regions that it was made for: children keep it.
 */
struct anon_vma {
	struct anon_vma		*root;		/* the first of a tree of forks: its lock is that of all */
	struct rw_semaphore	rwsem;		/* of the root: guards rb_root and the counts */
	atomic_t		refcount;	/* the regions together count as one; children of the root */
	unsigned long		num_children;	/* anon_vmas whose parent this is; a root is its own child */
	unsigned long		num_active_vmas;	/* regions whose vma->anon_vma this is */
	struct anon_vma		*parent;
	struct rb_root_cached	rb_root;	/* of anon_vma_chain, by page number */
	struct rcu_head		rcu;
};

/*
 * Ties a region to an anon_vma: a region is in its own and in those of the regions that it was forked
 * from, an anon_vma has many regions.
 *
 *	vma->anon_vma_chain --same_vma--> avc, avc, ...      each hangs by rb in its anon_vma->rb_root
 */
struct anon_vma_chain {
	struct vm_area_struct	*vma;
	struct anon_vma		*anon_vma;
	struct list_head	same_vma;	/* mmap_lock, and the root's rwsem or page_table_lock */
	struct rb_node		rb;		/* the root's rwsem */
	unsigned long		rb_subtree_last;
};

/* mm/interval_tree.c */
void vma_interval_tree_insert(struct vm_area_struct *vma, struct rb_root_cached *root);
void vma_interval_tree_remove(struct vm_area_struct *vma, struct rb_root_cached *root);
struct vm_area_struct *vma_interval_tree_iter_first(struct rb_root_cached *root,
						    unsigned long start, unsigned long last);
struct vm_area_struct *vma_interval_tree_iter_next(struct vm_area_struct *vma, unsigned long start,
						   unsigned long last);
#define vma_interval_tree_foreach(vma, root, start, last)			\
	for (vma = vma_interval_tree_iter_first(root, start, last); vma;	\
	     vma = vma_interval_tree_iter_next(vma, start, last))

void anon_vma_interval_tree_insert(struct anon_vma_chain *avc, struct rb_root_cached *root);
void anon_vma_interval_tree_remove(struct anon_vma_chain *avc, struct rb_root_cached *root);
struct anon_vma_chain *anon_vma_interval_tree_iter_first(struct rb_root_cached *root,
							 unsigned long start, unsigned long last);
struct anon_vma_chain *anon_vma_interval_tree_iter_next(struct anon_vma_chain *avc,
							unsigned long start, unsigned long last);
#define anon_vma_interval_tree_foreach(avc, root, start, last)			\
	for (avc = anon_vma_interval_tree_iter_first(root, start, last); avc;	\
	     avc = anon_vma_interval_tree_iter_next(avc, start, last))

/* ------------------------------------------------------------------ regions */

void anon_vma_init(void);
int __anon_vma_prepare(struct vm_area_struct *vma);
int anon_vma_clone(struct vm_area_struct *dst, struct vm_area_struct *src);
int anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma);
void unlink_anon_vmas(struct vm_area_struct *vma);
void anon_vma_interval_tree_pre_update_vma(struct vm_area_struct *vma);
void anon_vma_interval_tree_post_update_vma(struct vm_area_struct *vma);
void __put_anon_vma(struct anon_vma *anon_vma);

/* Before a region gets its first anonymous page. mmap_lock is held. 0 or -ENOMEM. */
static inline int anon_vma_prepare(struct vm_area_struct *vma)
{
	return likely(vma->anon_vma) ? 0 : __anon_vma_prepare(vma);
}

static inline void get_anon_vma(struct anon_vma *anon_vma)
{
	atomic_inc(&anon_vma->refcount);
}

static inline void put_anon_vma(struct anon_vma *anon_vma)
{
	if (atomic_dec_and_test(&anon_vma->refcount))
		__put_anon_vma(anon_vma);
}

static inline void anon_vma_lock_write(struct anon_vma *anon_vma)
{
	down_write(&anon_vma->root->rwsem);
}

static inline void anon_vma_unlock_write(struct anon_vma *anon_vma)
{
	up_write(&anon_vma->root->rwsem);
}

static inline void anon_vma_lock_read(struct anon_vma *anon_vma)
{
	down_read(&anon_vma->root->rwsem);
}

static inline int anon_vma_trylock_read(struct anon_vma *anon_vma)
{
	return down_read_trylock(&anon_vma->root->rwsem);
}

static inline void anon_vma_unlock_read(struct anon_vma *anon_vma)
{
	up_read(&anon_vma->root->rwsem);
}

/* ------------------------------------------------------------------ counting PTEs */

/*
 * All of these: the page-table lock of the PTE that comes or goes is held.
 *
 * A huge page is mapped by PMDs, counted in page[1].compound_mapcount; after a split of the entry somewhere, its
 * frames also by PTEs, each counted in the frame's _mapcount. page[1]._nr_pages_mapped says how many
 * frames have PTEs, and by COMPOUND_MAPPED whether there is a PMD, all in one word: so several address spaces at
 * once find out exactly which frames are mapped at last, or not any more.
 *
 * An entry that comes or goes in a region with VM_LOCKED is counted by mlock_folio() and munlock_folio(), too. There
 * are no PMDs of huge pages in such a region (mm/mlock.c).
 */

/* mm/mlock.c */
void mlock_folio(struct folio *folio);
void munlock_folio(struct folio *folio);

static inline void mlock_vma_folio(struct folio *folio, struct vm_area_struct *vma)
{
	if (unlikely(vma->vm_flags & VM_LOCKED))
		mlock_folio(folio);
}

static inline void munlock_vma_folio(struct folio *folio, struct vm_area_struct *vma)
{
	if (unlikely(vma->vm_flags & VM_LOCKED))
		munlock_folio(folio);
}

static inline void __page_set_anon_rmap(struct page *page, struct vm_area_struct *vma,
					unsigned long address)
{
	page->index = linear_page_index(vma, address);
	/* Last: who finds the pointer uses the index. */
	smp_store_release(&page->mapping,
			  (struct address_space *)((unsigned long)vma->anon_vma | PAGE_MAPPING_ANON));
}

/* The first PTE of a page that nobody else can see yet. */
static inline void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma,
					  unsigned long address)
{
	__SetPageSwapBacked(page);
	atomic_set(&page->_mapcount, 0);
	mod_node_page_state(NULL, NR_ANON_MAPPED, 1);
	__page_set_anon_rmap(page, vma, address);
}

/* The same for huge pages: mm/rmap.c. */
void page_add_new_huge_rmap(struct page *page, struct vm_area_struct *vma, unsigned long haddr);
void page_remove_anon_compound_rmap(struct page *head);
void page_add_subpage_rmap(struct page *page, struct vm_area_struct *vma);
void page_remove_subpage_rmap(struct page *page, struct vm_area_struct *vma);

/*
 * One more PTE of a page that may come from swap. Then it is not known in which region it was made, and the
 * entry may be in others: it gets the root, in which all of them hang. The page is locked.
 */
static inline void page_add_anon_rmap(struct page *page, struct vm_area_struct *vma, unsigned long address)
{
	if (unlikely(PageCompound(page))) {
		page_add_subpage_rmap(page, vma);
		return;
	}
	if (atomic_inc_return(&page->_mapcount) == 0)
		mod_node_page_state(NULL, NR_ANON_MAPPED, 1);
	if (!PageAnon(page)) {
		page->index = linear_page_index(vma, address);
		smp_store_release(&page->mapping, (struct address_space *)
				  ((unsigned long)vma->anon_vma->root | PAGE_MAPPING_ANON));
	}
	mlock_vma_folio(page_folio(page), vma);
}

static inline void page_add_file_rmap(struct page *page, struct vm_area_struct *vma)
{
	if (atomic_inc_return(&page->_mapcount) == 0)
		mod_node_page_state(NULL, NR_FILE_MAPPED, 1);
	mlock_vma_folio(page_folio(page), vma);
}

/* fork: one more of what is mapped already; the child's region hangs in the page's anon_vma, and is not locked */
static inline void page_dup_rmap(struct page *page)
{
	atomic_inc(&page->_mapcount);
}

/* A PTE less of a page of one frame. */
static inline void __page_remove_rmap(struct page *page, struct vm_area_struct *vma)
{
	if (atomic_add_return(-1, &page->_mapcount) < 0)
		mod_node_page_state(NULL, PageAnon(page) ? NR_ANON_MAPPED : NR_FILE_MAPPED, -1);
	munlock_vma_folio((struct folio *)page, vma);
}

/* Of any. */
static inline void page_remove_rmap(struct page *page, struct vm_area_struct *vma)
{
	if (unlikely(PageCompound(page)))
		page_remove_subpage_rmap(page, vma);
	else
		__page_remove_rmap(page, vma);
}

void page_move_anon_rmap(struct page *page, struct vm_area_struct *vma);

/* ------------------------------------------------------------------ walking (mm/rmap.c) */

/* What rmap_walk() does; the folio is locked. */
struct rmap_walk_control {
	void	*arg;
	bool	try_lock;	/* do not wait for the lock of the regions, */
	bool	contended;	/* set: that is why nothing was done */
	/* For each region that the page could be in; false ends the walk. Takes page_table_lock itself. */
	bool	(*rmap_one)(struct folio *folio, struct vm_area_struct *vma, unsigned long addr, void *arg);
	int	(*done)(struct folio *folio);		/* true: no need to look further */
	bool	(*invalid_vma)(struct vm_area_struct *vma, void *arg);	/* regions to leave out */
};

void rmap_walk(struct folio *folio, struct rmap_walk_control *rwc);
struct anon_vma *folio_get_anon_vma(struct folio *folio);

/* Where a page would be in a region that reaches over its index; a huge page, its part that would be. */
static inline unsigned long vma_address(struct folio *folio, struct vm_area_struct *vma)
{
	const pgoff_t pgoff = max(folio->index, vma->vm_pgoff);

	return vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT);
}

static inline unsigned long vma_address_end(struct folio *folio, struct vm_area_struct *vma)
{
	const pgoff_t pgoff = folio->index + folio_nr_pages(folio);

	return min(vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT), vma->vm_end);
}

/*
 * Is the page in this region, and where? What was found is at address, with ptl held: a PTE, or the PMD entry of a
 * huge page, and then pte is NULL. mm/page_vma_mapped.c
 */
struct page_vma_mapped_walk {
	unsigned long		pfn;
	unsigned long		nr_pages;
	struct vm_area_struct	*vma;
	unsigned long		address;
	unsigned long		end;
	pmd_t			*pmd;
	pte_t			*pte;
	spinlock_t		*ptl;
};

#define DEFINE_FOLIO_VMA_WALK(name, folio, _vma, _address)		\
	struct page_vma_mapped_walk name = {				\
		.pfn = folio_pfn(folio), .nr_pages = folio_nr_pages(folio), .vma = _vma,	\
		.address = _address, .end = vma_address_end(folio, _vma),	\
	}

bool page_vma_mapped_walk(struct page_vma_mapped_walk *pvmw);
void page_vma_mapped_walk_done(struct page_vma_mapped_walk *pvmw);

enum ttu_flags {
	TTU_IGNORE_MLOCK	= 0x20,		/* out of locked regions, too */
};

int folio_referenced(struct folio *folio, int is_locked, unsigned long *vm_flags);
int folio_mkclean(struct folio *folio);
void try_to_unmap(struct folio *folio, enum ttu_flags flags);

#endif
