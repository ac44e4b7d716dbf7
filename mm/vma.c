// SPDX-License-Identifier: MIT
/*
 * Regions of an address space as objects: making, finding, linking, splitting and joining them.
 *
 * The regions of an mm are the entries of a maple tree, mm->mm_mt, each over its addresses. Neighbours that differ in nothing are joined, so that a program that maps page by page does not
 * end with a million regions. A region of a file is also in the file's tree, mapping->i_mmap, and one
 * with anonymous pages in those of its anon_vmas, so that pages can be found (mm/rmap.c).
 *
 * Callers: mm/mmap.c, mm/mprotect.c, exec, fork, do_page_fault().
 * Locking: mmap_lock for writing in whatever changes a region, for reading in whatever looks; the
 * file's i_mmap_rwsem besides where truncation and reclaim could look, and the anon_vma's lock.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/security.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include "internal.h"

int sysctl_max_map_count = 65530;

static struct kmem_cache *vm_area_cachep;

void __init mmap_init(void)
{
	vm_area_cachep = KMEM_CACHE(vm_area_struct, SLAB_PANIC);
}

/* ------------------------------------------------------------------ regions as objects */

struct vm_area_struct *vm_area_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_zalloc(vm_area_cachep, GFP_KERNEL);

	if (vma) {
		vma->vm_mm = mm;
		INIT_LIST_HEAD(&vma->anon_vma_chain);
	}
	return vma;
}

/*
 * A copy that is in no list yet. It holds no reference to the file, and hangs in no anon_vma: the caller
 * sees to both.
 */
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig)
{
	struct vm_area_struct *new = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL);

	if (new) {
		*new = *orig;
		INIT_LIST_HEAD(&new->anon_vma_chain);
	}
	return new;
}

void vm_area_free(struct vm_area_struct *vma)
{
	kmem_cache_free(vm_area_cachep, vma);
}

/* The region is in no list any more. */
void remove_vma(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_ACCOUNT)
		vm_unacct_memory(vma_pages(vma));
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		fput(vma->vm_file);
	vm_area_free(vma);
}

/* PTE attributes by VM_READ, VM_WRITE, VM_EXEC, VM_SHARED: private writable ones start read-only. */
pgprot_t vm_get_page_prot(unsigned long vm_flags)
{
	bool exec = vm_flags & VM_EXEC;

	if (!(vm_flags & VM_ACCESS_FLAGS))
		return PAGE_NONE;
	if (!(vm_flags & (VM_READ | VM_WRITE)))
		return PAGE_EXECONLY;
	return exec ? PAGE_READONLY_EXEC : PAGE_READONLY;
}

/* ------------------------------------------------------------------ the tree */

/**
 * find_vma - the first region that ends above addr
 *
 * It need not contain addr. NULL when there is none. mmap_lock is held.
 */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;

	mmap_assert_locked(mm);
	/*
	 * A program faults in the region of its last fault. Several readers may be here at a time: each
	 * region that one of them finds stays as long as there are readers, so it does not matter whose
	 * is kept. Whoever removes a region forgets it here.
	 */
	vma = READ_ONCE(mm->mmap_cache);
	if (vma && vma->vm_start <= addr && addr < vma->vm_end)
		return vma;
	vma = mt_find(&mm->mm_mt, &addr, ULONG_MAX);
	if (vma)
		WRITE_ONCE(mm->mmap_cache, vma);
	return vma;
}

/* The same, and in *pprev the region before it. */
struct vm_area_struct *find_vma_prev(struct mm_struct *mm, unsigned long addr,
				     struct vm_area_struct **pprev)
{
	MA_STATE(mas, &mm->mm_mt, addr, addr);
	struct vm_area_struct *vma;

	mmap_assert_locked(mm);
	vma = mas_walk(&mas);
	*pprev = mas_prev(&mas, 0);
	return vma ? vma : mas_next(&mas, ULONG_MAX);
}

struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start,
					     unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	return vma && vma->vm_start < end ? vma : NULL;
}

/*
 * The region's addresses become, or stay, its own in the tree, whatever was there. This makes no new
 * range and needs no memory, but where a region was added between others: then mas has been prepared.
 */
static void vma_mas_store(struct vm_area_struct *vma, struct ma_state *mas)
{
	mas_set_range(mas, vma->vm_start, vma->vm_end - 1);
	mas_store_prealloc(mas, vma);
}

/* The file must know who maps it, for truncation. */
void vma_link_file(struct vm_area_struct *vma)
{
	struct address_space *mapping;

	if (!vma->vm_file)
		return;
	mapping = vma->vm_file->f_mapping;
	down_write(&mapping->i_mmap_rwsem);
	vma_interval_tree_insert(vma, &mapping->i_mmap);
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE))
		atomic_inc(&mapping->i_mmap_writable);
	up_write(&mapping->i_mmap_rwsem);
}

void unlink_file_vma(struct vm_area_struct *vma)
{
	struct address_space *mapping;

	if (!vma->vm_file)
		return;
	mapping = vma->vm_file->f_mapping;
	down_write(&mapping->i_mmap_rwsem);
	vma_interval_tree_remove(vma, &mapping->i_mmap);
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE))
		atomic_dec(&mapping->i_mmap_writable);
	up_write(&mapping->i_mmap_rwsem);
}

/**
 * vma_link - put a region in its place, which is free
 *
 * mmap_lock is held for writing. 0, or -ENOMEM, and then nothing has changed.
 */
int vma_link(struct mm_struct *mm, struct vm_area_struct *vma)
{
	MA_STATE(mas, &mm->mm_mt, vma->vm_start, vma->vm_end - 1);
	int error;

	mmap_assert_write_locked(mm);
	error = mas_store_gfp(&mas, vma, GFP_KERNEL);
	if (error)
		return error;
	mm->map_count++;
	vma_link_file(vma);
	return 0;
}

/* -ENOMEM also when something is there already. mmap_lock is held for writing. */
int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
{
	unsigned long charged;
	int error;

	if (find_vma_intersection(mm, vma->vm_start, vma->vm_end))
		return -ENOMEM;
	charged = vma->vm_flags & VM_ACCOUNT ? vma_pages(vma) : 0;
	if (charged && security_vm_enough_memory_mm(mm, charged))
		return -ENOMEM;
	error = vma_link(mm, vma);
	if (error)
		vm_unacct_memory(charged);
	return error;
}

/* ------------------------------------------------------------------ joining and splitting */

/*
 * Can a range whose pages belong to `anon_vma` be part of vma? If both have one, it must be the same,
 * or their pages could not be found any more. If one has none yet, it takes the other's; but a region
 * with pages of its parents keeps to itself, or the chains would grow with every merge.
 */
static bool is_mergeable_anon_vma(struct anon_vma *anon_vma, struct vm_area_struct *vma)
{
	if (anon_vma && vma->anon_vma)
		return anon_vma == vma->anon_vma;
	return list_empty(&vma->anon_vma_chain) || list_is_singular(&vma->anon_vma_chain);
}

static bool can_merge(struct vm_area_struct *vma, unsigned long vm_flags, struct file *file,
		      struct anon_vma *anon_vma)
{
	return vma->vm_flags == vm_flags && vma->vm_file == file && !(vma->vm_flags & VM_SPECIAL) &&
	       !(vma->vm_ops && vma->vm_ops->close) && !(vma->vm_ops && !file) &&
	       is_mergeable_anon_vma(anon_vma, vma);
}

/* pgoff is that of addr: pages are found by it, those of a file and anonymous ones alike. */
static bool can_merge_after(struct vm_area_struct *prev, unsigned long addr, unsigned long vm_flags,
			    struct file *file, pgoff_t pgoff, struct anon_vma *anon_vma)
{
	return prev && prev->vm_end == addr && can_merge(prev, vm_flags, file, anon_vma) &&
	       prev->vm_pgoff + vma_pages(prev) == pgoff;
}

static bool can_merge_before(struct vm_area_struct *next, unsigned long end, unsigned long vm_flags,
			     struct file *file, pgoff_t pgoff_end, struct anon_vma *anon_vma)
{
	return next && next->vm_start == end && can_merge(next, vm_flags, file, anon_vma) &&
	       next->vm_pgoff == pgoff_end;
}

/* `to` is about to have the pages of `from`: they must be found there. False: no memory. */
static bool vma_import_anon(struct vm_area_struct *to, struct vm_area_struct *from)
{
	if (!from || !from->anon_vma || to->anon_vma)
		return true;
	to->anon_vma = from->anon_vma;
	return anon_vma_clone(to, from) == 0;
}

/* `from`, whose range and pages are those of another region now, is no more. */
static void vma_absorb(struct mm_struct *mm, struct vm_area_struct *from)
{
	mm->map_count--;
	mm->mmap_cache = NULL;
	unlink_file_vma(from);
	unlink_anon_vmas(from);
	if (from->vm_file)
		fput(from->vm_file);
	vm_area_free(from);
}

/*
 * A region's edges move. The mm's tree is the caller's to change, whom nobody watches; but truncation
 * and reclaim may be looking at it right now, hence i_mmap_rwsem and the anon_vma's lock. They must find
 * every PTE at every moment: so whoever moves an edge lets the two regions overlap in their trees
 * for a while, rather than leave a gap between them. A PTE that is found twice does no harm.
 */
static void vma_set_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  pgoff_t pgoff)
{
	struct address_space *mapping = vma->vm_file ? vma->vm_file->f_mapping : NULL;
	struct anon_vma *anon_vma = vma->anon_vma;

	if (mapping) {
		i_mmap_lock_write(mapping);
		vma_interval_tree_remove(vma, &mapping->i_mmap);
	}
	if (anon_vma) {
		anon_vma_lock_write(anon_vma);
		anon_vma_interval_tree_pre_update_vma(vma);
	}
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_pgoff = pgoff;
	if (anon_vma) {
		anon_vma_interval_tree_post_update_vma(vma);
		anon_vma_unlock_write(anon_vma);
	}
	if (mapping) {
		vma_interval_tree_insert(vma, &mapping->i_mmap);
		i_mmap_unlock_write(mapping);
	}
}

/**
 * vma_merge - can [addr, end) be part of a neighbour?
 * @prev: the region that ends at addr, or one before it, or NULL
 * @vm_flags, @anon_vma, @file, @pgoff: what the range shall be
 *
 * The range is free, or is exactly one region that is about to get vm_flags (mprotect). Returns the
 * region that now covers the range, or NULL when it must stay on its own.
 */
struct vm_area_struct *vma_merge(struct mm_struct *mm, struct vm_area_struct *prev,
				 unsigned long addr, unsigned long end, unsigned long vm_flags,
				 struct anon_vma *anon_vma, struct file *file, pgoff_t pgoff)
{
	struct vm_area_struct *self, *next;
	MA_STATE(mas, &mm->mm_mt, 0, 0);
	pgoff_t pgoff_end = pgoff + ((end - addr) >> PAGE_SHIFT);

	mmap_assert_write_locked(mm);
	if (vm_flags & VM_SPECIAL)
		return NULL;
	self = vma_lookup(mm, addr);
	next = vma_lookup(mm, end);
	if (anon_vma && !self) {
		/* Pages will be moved here, and are found only where their anon_vma leads. */
		if (prev && prev->anon_vma != anon_vma)
			prev = NULL;
		if (next && next->anon_vma != anon_vma)
			next = NULL;
	}
	if (can_merge_after(prev, addr, vm_flags, file, pgoff, anon_vma)) {
		bool both = can_merge_before(next, end, vm_flags, file, pgoff_end, anon_vma) &&
			    is_mergeable_anon_vma(prev->anon_vma, next);

		if (!vma_import_anon(prev, self) || (both && !vma_import_anon(prev, next)))
			return NULL;
		vma_set_range(prev, prev->vm_start, both ? next->vm_end : end, prev->vm_pgoff);
		vma_mas_store(prev, &mas);
		if (self)
			vma_absorb(mm, self);
		if (both)
			vma_absorb(mm, next);
		return prev;
	}
	if (can_merge_before(next, end, vm_flags, file, pgoff_end, anon_vma)) {
		if (!vma_import_anon(next, self))
			return NULL;
		vma_set_range(next, addr, next->vm_end, pgoff);
		vma_mas_store(next, &mas);
		if (self)
			vma_absorb(mm, self);
		return next;
	}
	return NULL;
}

/**
 * __split_vma - make two regions of one
 * @addr: where the upper one starts
 * @new_below: the new structure is the lower one, else the upper one
 *
 * -ENOMEM when there is no memory or there are too many regions, -EINVAL when it cannot be split there; nothing has
 * changed then.
 */
int __split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr, int new_below)
{
	pgoff_t upper_pgoff = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
	struct vm_area_struct *new;
	MA_STATE(mas, &mm->mm_mt, 0, 0);
	int err;

	mmap_assert_write_locked(mm);
	if (mm->map_count >= sysctl_max_map_count)
		return -ENOMEM;
	if (vma->vm_ops && vma->vm_ops->may_split) {
		err = vma->vm_ops->may_split(vma, addr);
		if (err)
			return err;
	}
	new = vm_area_dup(vma);
	if (!new)
		return -ENOMEM;
	if (new_below) {
		new->vm_end = addr;
	} else {
		new->vm_start = addr;
		new->vm_pgoff = upper_pgoff;
	}
	mas_set_range(&mas, new->vm_start, new->vm_end - 1);
	if (mas_preallocate(&mas, new, GFP_KERNEL))
		goto free_vma;
	if (anon_vma_clone(new, vma))
		goto free_mas;
	if (new->vm_file)
		get_file(new->vm_file);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	vma_link_file(new);
	vma_adjust_trans_huge(vma, addr);
	if (new_below)
		vma_set_range(vma, addr, vma->vm_end, upper_pgoff);
	else
		vma_set_range(vma, vma->vm_start, addr, vma->vm_pgoff);
	/* What is left of the old region's range in the tree is just what is left of it. */
	vma_mas_store(new, &mas);
	mm->map_count++;
	return 0;

free_mas:
	mas_destroy(&mas);
free_vma:
	vm_area_free(new);
	return -ENOMEM;
}

/**
 * vma_expand - a region becomes longer, over free addresses, whoever its neighbours are
 *
 * That makes no new range in the tree and cannot fail. mmap_lock is held for writing.
 */
void vma_expand(struct vm_area_struct *vma, unsigned long end)
{
	MA_STATE(mas, &vma->vm_mm->mm_mt, 0, 0);

	mmap_assert_write_locked(vma->vm_mm);
	vma_set_range(vma, vma->vm_start, end, vma->vm_pgoff);
	vma_mas_store(vma, &mas);
}

/**
 * copy_vma - a region to which part of another is about to be moved (mremap)
 * @vmap: the other one; if the new one is joined with it, the region that both are then
 * @addr, @len: where it shall be, which is free; @pgoff: as that of the part
 * @need_rmap_locks: set to whether a walk of mm/rmap.c may look at the new place before the old one
 *
 * A walk meets regions in the order of their first page, and those with the same in the order in which they
 * were hung up: so a region made here comes after the other one, but one that it was joined with need not.
 * mmap_lock is held for writing. NULL: no memory, and nothing has changed.
 */
struct vm_area_struct *copy_vma(struct vm_area_struct **vmap, unsigned long addr, unsigned long len,
				pgoff_t pgoff, bool *need_rmap_locks)
{
	struct vm_area_struct *vma = *vmap, *new;
	const unsigned long start = vma->vm_start;
	struct mm_struct *mm = vma->vm_mm;

	/* No page of it has an index yet: then as if it had been made there, and it fits its neighbours. */
	if (vma_is_anonymous(vma) && !vma->anon_vma)
		pgoff = addr >> PAGE_SHIFT;
	new = vma_merge(mm, vma_lookup(mm, addr - 1), addr, addr + len, vma->vm_flags, vma->anon_vma,
			vma->vm_file, pgoff);
	if (new) {
		if (start >= new->vm_start && start < new->vm_end)
			*vmap = vma = new;
		*need_rmap_locks = new->vm_pgoff <= vma->vm_pgoff;
		return new;
	}
	*need_rmap_locks = false;
	new = vm_area_dup(vma);
	if (!new)
		return NULL;
	new->vm_start = addr;
	new->vm_end = addr + len;
	new->vm_pgoff = pgoff;
	if (anon_vma_clone(new, vma))
		goto free_vma;
	if (new->vm_file)
		get_file(new->vm_file);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	if (!vma_link(mm, new))
		return new;

	/* What was promised is the other one's still. */
	if (is_vm_hugetlb_page(new))
		clear_vma_resv_huge_pages(new);
	if (new->vm_ops && new->vm_ops->close)
		new->vm_ops->close(new);
	if (new->vm_file)
		fput(new->vm_file);
	unlink_anon_vmas(new);
free_vma:
	vm_area_free(new);
	return NULL;
}
