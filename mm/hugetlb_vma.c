// SPDX-License-Identifier: MIT
/*
 * Regions of huge pages from the pool (VM_HUGETLB): what was promised to them, and the PMD entries that map the pages.
 *
 * Each is a mapping of a file of fs/hugetlbfs/, private and anonymous ones, too: that is where fork's children are
 * found. The rules, all different from those of other memory:
 *
 * - Whatever is done, is done to whole huge pages. So below a PMD entry there is never a table: it is empty or a
 *   block, and may become empty whenever nobody holds page_table_lock.
 * - mmap() promises all pages at once (hugetlb_reserve_pages()) or fails; with MAP_NORESERVE there is no promise, and
 *   who touches a page when there is none gets SIGBUS. The pages of shared memory are promised to the file, so they
 *   are to all who map it; those of private memory to the region (struct resv_map), not to the copy that a child
 *   has.
 * - After a fork parent and child share pages, read-only. He who writes first gets a copy, if there is
 *   a page. If there is none, the parent takes the page away from his children, for it was promised to him
 *   (unmap_ref_private()). A child that touches it after that gets SIGBUS.
 * - Nobody reclaims them; they are on no list of mm/vmscan.c, and not in RSS.
 *
 * Callers: handle_huge_pmd(), mmap, munmap, fork, mremap.
 * Locking: mmap_lock; the file's fault_mutex around each fault, so that two never want the last page for the same
 * place; page_table_lock for the entry. A resv_map is guarded by fault_mutex in faults, and by mmap_lock held for
 * writing where regions come and go. HPAGE_RESV_UNMAPPED is set with fault_mutex.
 */
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>
#include <asm/tlbflush.h>
#include "internal.h"

/* The number of the huge page in its file. */
static unsigned long vma_hugecache_offset(struct vm_area_struct *vma, unsigned long addr)
{
	return linear_page_index(vma, addr) >> HUGETLB_PAGE_ORDER;
}

static struct hugetlbfs_inode_info *vma_info(struct vm_area_struct *vma)
{
	return HUGETLBFS_I(file_inode(vma->vm_file));
}

/* ------------------------------------------------------------------ what is promised */

/*
 * Of a private region, and of those that were split from it: the pages, by their number in the file, for
 * which a promise has been kept. All others are reserved still.
 */
struct resv_map {
	int		refs;		/* regions; mmap_lock, for writing */
	struct xarray	consumed;
};

/* In vm_private_data of a private region: its resv_map, and these bits. */
#define HPAGE_RESV_OWNER	1UL	/* it has one */
#define HPAGE_RESV_UNMAPPED	2UL	/* a page was taken away from it */
#define HPAGE_RESV_MASK		(HPAGE_RESV_OWNER | HPAGE_RESV_UNMAPPED)

static bool is_vma_resv_set(struct vm_area_struct *vma, unsigned long flag)
{
	return ((unsigned long)READ_ONCE(vma->vm_private_data) & flag) != 0;
}

/* NULL: of shared memory, of a child, or with MAP_NORESERVE. */
static struct resv_map *vma_resv_map(struct vm_area_struct *vma)
{
	return (struct resv_map *)((unsigned long)READ_ONCE(vma->vm_private_data) & ~HPAGE_RESV_MASK);
}

static void resv_map_put(struct resv_map *map)
{
	if (--map->refs)
		return;
	xa_destroy(&map->consumed);
	kfree(map);
}

static unsigned long count_entries(struct xarray *xa, unsigned long from, unsigned long to)
{
	unsigned long index, n = 0;
	void *entry;

	xa_for_each_range(xa, index, entry, from, to - 1)
		n++;
	return n;
}

/* The file's, for all who share it. What it has already, or was promised, is not promised twice. */
static int reserve_file_pages(struct hugetlbfs_inode_info *info, unsigned long from, unsigned long to)
{
	unsigned long index;
	long left;
	int err;

	mutex_lock(&info->fault_mutex);
	left = to - from - count_entries(&info->pages, from, to);
	err = hugetlb_acct_memory(left);
	if (err)
		goto unlock;
	for (index = from; !err && left && index < to; index++) {
		err = xa_insert(&info->pages, index, HUGETLB_RESERVED, GFP_KERNEL);
		if (err == -EBUSY)
			err = 0;
		else if (!err)
			left--;
	}
	/* Without memory: what is noted down stays promised, as long as the file is there. */
	if (err)
		hugetlb_acct_memory(-left);
unlock:
	mutex_unlock(&info->fault_mutex);
	return err;
}

/**
 * hugetlb_reserve_pages - promises the huge pages [from, to) of a file
 * @vma: the region they are for; NULL: none yet, they are the file's
 * @vm_flags: with VM_NORESERVE nothing is promised
 *
 * 0, or -ENOMEM: the pool has not as many. mmap_lock is held for writing, if there is a region.
 */
int hugetlb_reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
			  unsigned long vm_flags)
{
	struct resv_map *map;
	int err;

	if (vm_flags & VM_NORESERVE)
		return 0;
	if (!vma || (vma->vm_flags & VM_MAYSHARE))
		return reserve_file_pages(HUGETLBFS_I(inode), from, to);
	map = kmalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	err = hugetlb_acct_memory(to - from);
	if (err) {
		kfree(map);
		return err;
	}
	map->refs = 1;
	xa_init(&map->consumed);
	vma->vm_private_data = (void *)((unsigned long)map | HPAGE_RESV_OWNER);
	return 0;
}

/** hugetlb_dup_vma_private - a region that is a child's copy: nothing is promised to it */
void hugetlb_dup_vma_private(struct vm_area_struct *vma)
{
	vma->vm_private_data = NULL;
}

/** clear_vma_resv_huge_pages - what was promised to it is another's from now on, which has its pages (mremap) */
void clear_vma_resv_huge_pages(struct vm_area_struct *vma)
{
	struct resv_map *map = vma_resv_map(vma);

	if (map)
		resv_map_put(map);
	hugetlb_dup_vma_private(vma);
}

/* It is split, or moved, or else its map was taken away from the copy. */
static void hugetlb_vm_op_open(struct vm_area_struct *vma)
{
	struct resv_map *map = vma_resv_map(vma);

	if (map)
		map->refs++;
}

/* What it was promised and did not take goes back. */
static void hugetlb_vm_op_close(struct vm_area_struct *vma)
{
	const unsigned long from = vma_hugecache_offset(vma, vma->vm_start);
	const unsigned long to = vma_hugecache_offset(vma, vma->vm_end);
	struct resv_map *map = vma_resv_map(vma);
	long unused;

	if (!map)
		return;
	unused = to - from - count_entries(&map->consumed, from, to);
	resv_map_put(map);
	hugetlb_acct_memory(-unused);
}

static int hugetlb_vm_op_split(struct vm_area_struct *vma, unsigned long addr)
{
	return addr & ~HPAGE_MASK ? -EINVAL : 0;
}

const struct vm_operations_struct hugetlb_vm_ops = {
	.open		= hugetlb_vm_op_open,
	.close		= hugetlb_vm_op_close,
	.may_split	= hugetlb_vm_op_split,
};

/* ------------------------------------------------------------------ entries; page_table_lock is held */

/* One more of them maps the page, or one less. Their references come and go besides. */
static void hugetlb_count_map(struct mm_struct *mm, struct page *page, int n)
{
	atomic_add(n, &page[1].compound_mapcount);
	atomic_long_add(n * HPAGE_PMD_NR, &mm->hugetlb_usage);
}

static void set_huge_pmd(struct vm_fault *vmf, struct page *page, bool write)
{
	struct vm_area_struct *vma = vmf->vma;
	pmd_t entry = mk_pmd(page, vma->vm_page_prot);

	if (write)
		entry = pmd_mkwrite(pmd_mkdirty(entry));
	if (pte_user_exec(pmd_pte(entry)))
		sync_icache_huge_page(page);
	hugetlb_count_map(vma->vm_mm, page, 1);
	set_pmd_at(vma->vm_mm, vmf->address, vmf->pmd, entry);
}

/**
 * unmap_hugepage - takes the entry of a huge page out
 * @ref_page: only if it maps this one; NULL: whatever it maps
 * @flush: false: nobody will use the address space any more
 *
 * False: there was none. mmap_lock or the file's i_mmap_rwsem is held.
 */
bool unmap_hugepage(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, struct page *ref_page, bool flush)
{
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *ptl = pmd_lock(mm, pmd);
	struct page *page = pmd_trans_huge(*pmd) ? pmd_page(*pmd) : NULL;

	if (!page || (ref_page && page != ref_page)) {
		spin_unlock(ptl);
		return false;
	}
	(void)pmdp_huge_get_and_clear(mm, addr, pmd);
	/* Before it ceases to count: who is left alone with the page writes to it, and no TLB may show that here. */
	if (flush)
		flush_tlb_page(vma, addr);
	hugetlb_count_map(mm, page, -1);
	spin_unlock(ptl);
	put_page(page);
	return true;
}

/**
 * copy_hugetlb_page_range - fork: the child maps the huge pages of a private region, too; both only to be read
 *
 * Shared ones are found in the file. Both mmap_locks are held for writing. 0 or -ENOMEM.
 */
int copy_hugetlb_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma)
{
	struct mm_struct *dst = dst_vma->vm_mm, *src = src_vma->vm_mm;
	unsigned long addr, next;
	pmd_t *src_pmd, *dst_pmd;

	if (src_vma->vm_flags & VM_MAYSHARE)
		return 0;
	for (addr = src_vma->vm_start; addr < src_vma->vm_end; addr = next) {
		next = mm_next_table(src, addr, src_vma->vm_end, &src_pmd);
		if (!src_pmd)
			continue;
		dst_pmd = mm_alloc_pmd(dst, addr);
		if (!dst_pmd)
			return -ENOMEM;
		spin_lock(&dst->page_table_lock);
		spin_lock_nested(&src->page_table_lock, SINGLE_DEPTH_NESTING);
		if (pmd_trans_huge(*src_pmd)) {		/* not truncated since */
			struct page *page = pmd_page(*src_pmd);

			get_page(page);
			hugetlb_count_map(dst, page, 1);
			pmdp_set_wrprotect(src, addr, src_pmd);
			set_pmd_at(dst, addr, dst_pmd, *src_pmd);
		}
		spin_unlock(&src->page_table_lock);
		spin_unlock(&dst->page_table_lock);
	}
	return 0;
}

/* ------------------------------------------------------------------ faults; fault_mutex is held */

/* A page for a private region, by its promise if there is one that was not kept yet. NULL, or ERR_PTR(-ENOMEM). */
static struct page *alloc_private_page(struct vm_area_struct *vma, unsigned long idx)
{
	struct resv_map *map = vma_resv_map(vma);
	const bool reserved = map && !xa_load(&map->consumed, idx);

	/* Noted down before: from here on it cannot fail. */
	if (reserved && xa_err(xa_store(&map->consumed, idx, xa_mk_value(1), GFP_KERNEL)))
		return ERR_PTR(-ENOMEM);
	return alloc_huge_page(reserved);
}

/* It will be the region's own. Nobody looks for those who map it: so there is no anon_vma, but the bit that says so. */
static void make_anon(struct page *page)
{
	page->mapping = (struct address_space *)PAGE_MAPPING_ANON;
	__SetPageUptodate(page);
}

/* An error, or none: what does it mean for the fault? */
static vm_fault_t no_page_error(struct page *page)
{
	return page ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

/* Nothing is there: the file's page, or a new one of zeroes. */
static vm_fault_t hugetlb_no_page(struct vm_fault *vmf, struct hugetlbfs_inode_info *info, unsigned long idx)
{
	struct vm_area_struct *vma = vmf->vma;
	const bool shared = vma->vm_flags & VM_MAYSHARE;
	struct page *page;
	spinlock_t *ptl;

	if (is_vma_resv_set(vma, HPAGE_RESV_UNMAPPED)) {
		pr_warn_ratelimited("PID %d killed due to inadequate hugepage pool\n", current->pid);
		return VM_FAULT_SIGBUS;
	}
	if (idx >= i_size_read(&info->vfs_inode) >> HPAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	page = hugetlb_file_page(info, idx, shared);
	if (!page && !shared) {
		page = alloc_private_page(vma, idx);
		if (!IS_ERR_OR_NULL(page)) {
			clear_huge_page(page);
			make_anon(page);
		}
	}
	if (IS_ERR_OR_NULL(page))
		return no_page_error(page);
	ptl = pmd_lock(vma->vm_mm, vmf->pmd);
	set_huge_pmd(vmf, page, (vma->vm_flags & VM_WRITE) && ((vma->vm_flags & VM_SHARED) ||
		     (PageAnon(page) && (vmf->flags & FAULT_FLAG_WRITE))));
	spin_unlock(ptl);
	return 0;
}

/*
 * There is no page for a copy, but the region was promised one: this one. It is taken away from all others, who are
 * its children. They are found by the file, for each of them maps the same part of it.
 */
static void unmap_ref_private(struct vm_area_struct *vma, struct page *page, unsigned long idx)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	const pgoff_t pgoff = idx << HUGETLB_PAGE_ORDER;
	struct vm_area_struct *iter;

	i_mmap_lock_read(mapping);
	vma_interval_tree_foreach(iter, &mapping->i_mmap, pgoff, pgoff) {
		const unsigned long addr = iter->vm_start + ((pgoff - iter->vm_pgoff) << PAGE_SHIFT);
		pmd_t *pmd = mm_find_pmd(iter->vm_mm, addr);

		if (iter == vma || (iter->vm_flags & VM_MAYSHARE) || is_vma_resv_set(iter, HPAGE_RESV_OWNER))
			continue;
		if (pmd && unmap_hugepage(iter, pmd, addr, page, true))
			WRITE_ONCE(iter->vm_private_data, (void *)HPAGE_RESV_UNMAPPED);
	}
	i_mmap_unlock_read(mapping);
}

/* Copies the page that orig_pmd maps, to which the caller has a reference. */
static vm_fault_t hugetlb_cow(struct vm_fault *vmf, pmd_t orig_pmd, unsigned long idx)
{
	struct page *old = pmd_page(orig_pmd), *new;
	struct vm_area_struct *vma = vmf->vma;
	spinlock_t *ptl;

	new = alloc_private_page(vma, idx);
	if (!new && vma_resv_map(vma) && PageAnon(old)) {
		unmap_ref_private(vma, old, idx);
		return 0;		/* the write faults again, and finds itself alone */
	}
	if (IS_ERR_OR_NULL(new))
		return no_page_error(new);
	for (int i = 0; i < HPAGE_PMD_NR; i++)
		copy_user_highpage(new + i, old + i, vmf->address, vma);
	make_anon(new);
	ptl = pmd_lock(vma->vm_mm, vmf->pmd);
	if (likely(pmd_same(*vmf->pmd, orig_pmd))) {
		count_vm_event(PGFAULT_COW);
		/* Break before make: no CPU may see two pages for one address. */
		(void)pmdp_huge_get_and_clear(vma->vm_mm, vmf->address, vmf->pmd);
		flush_tlb_page(vma, vmf->address);
		hugetlb_count_map(vma->vm_mm, old, -1);
		set_huge_pmd(vmf, new, vma->vm_flags & VM_WRITE);
		new = old;		/* the entry's reference to it */
	}
	spin_unlock(ptl);
	put_page(new);
	return 0;
}

/* A write to a page that is mapped read-only. */
static vm_fault_t hugetlb_wp(struct vm_fault *vmf, pmd_t orig_pmd, unsigned long idx)
{
	struct page *page = pmd_page(orig_pmd);
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t ret;
	spinlock_t *ptl;

	ptl = pmd_lock(vma->vm_mm, vmf->pmd);
	if (unlikely(!pmd_same(*vmf->pmd, orig_pmd))) {
		spin_unlock(ptl);
		return 0;
	}
	/* The file's, and so is the write; or it is our own, and nobody else maps it. */
	if ((vma->vm_flags & VM_SHARED) || (PageAnon(page) && compound_mapcount(page) == 1)) {
		pmd_t entry = pmd_mkdirty(pmd_mkyoung(orig_pmd));

		set_pmd_at(vma->vm_mm, vmf->address, vmf->pmd,
			   vma->vm_flags & VM_WRITE ? pmd_mkwrite(entry) : entry);
		flush_tlb_page(vma, vmf->address);
		spin_unlock(ptl);
		count_vm_event(PGREUSE);
		return 0;
	}
	get_page(page);
	spin_unlock(ptl);
	ret = hugetlb_cow(vmf, orig_pmd, idx);
	put_page(page);
	return ret;
}

/**
 * hugetlb_fault - the PMD entry is empty, or a write came to one that is read-only
 * @orig_pmd: what it was
 *
 * mmap_lock is held for reading. VM_FAULT_SIGBUS: the pool is empty, or here the file has ended.
 */
vm_fault_t hugetlb_fault(struct vm_fault *vmf, pmd_t orig_pmd)
{
	struct hugetlbfs_inode_info *info = vma_info(vmf->vma);
	const unsigned long idx = vma_hugecache_offset(vmf->vma, vmf->address);
	vm_fault_t ret = 0;

	mutex_lock(&info->fault_mutex);
	if (!pmd_none(orig_pmd))
		ret = hugetlb_wp(vmf, orig_pmd, idx);
	else if (pmd_none(READ_ONCE(*vmf->pmd)))
		ret = hugetlb_no_page(vmf, info, idx);
	mutex_unlock(&info->fault_mutex);
	return ret;
}
