// SPDX-License-Identifier: MIT
/*
 * The interval trees of reverse mapping: which regions map page number n of this file, and which
 * regions may map anonymous page n of this anon_vma?
 *
 * Callers: mm/vma.c and mm/rmap.c. mapping->i_mmap is guarded by its i_mmap_rwsem, an anon_vma's tree
 * by the rwsem of its root. A region's vm_pgoff, vm_start and vm_end change only while it is out of
 * both trees, or with both locks held for writing around its removal and return.
 */
#include <linux/fs.h>
#include <linux/interval_tree_generic.h>
#include <linux/mm.h>
#include <linux/rmap.h>

static inline unsigned long vma_start_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff;
}

static inline unsigned long vma_last_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff + vma_pages(vma) - 1;
}

INTERVAL_TREE_DEFINE(struct vm_area_struct, shared.rb, unsigned long, shared.rb_subtree_last,
		     vma_start_pgoff, vma_last_pgoff, , vma_interval_tree)

#define avc_start_pgoff(avc)	vma_start_pgoff((avc)->vma)
#define avc_last_pgoff(avc)	vma_last_pgoff((avc)->vma)

INTERVAL_TREE_DEFINE(struct anon_vma_chain, rb, unsigned long, rb_subtree_last, avc_start_pgoff,
		     avc_last_pgoff, , anon_vma_interval_tree)
