// SPDX-License-Identifier: MIT
/*
 * anon_vma: in which regions an anonymous page may be mapped.
 *
 * A page is made in one region. Fork gives the child a region with the same pages, and the child forks
 * in turn: the page may be in any of their regions. So a region that gets its first page is given an
 * anon_vma, to which its pages point; fork hangs the child's region in all anon_vmas of the parent's,
 * since it inherits pages of all of them, and in one of its own, for the pages that it makes itself.
 *
 *	parent P: vma --avc--> A            pages made by P: mapping = A       A: {P, C, D}
 *	child  C: vma --avc--> A            pages made by C: mapping = B       B: {C, D}
 *	              --avc--> B  (own)
 *	C's child D:  --> A, B, and its own E                                  E: {D}
 *
 * Looking for a page of D's own meets one region, for one of P's all three. The lock of all is that of
 * the root, A here: so a region's changes take one lock, not one for each anon_vma.
 *
 * Regions that are split share their anon_vmas, and neighbours try to use the same one, so that they
 * can be merged later.
 *
 * A parent that forks, and whose children fork and go, again and again, would lengthen the chain for
 * ever: an anon_vma that no region calls its own any more, and that has one child at most, is taken
 * over by the next child instead of a new one. So there are at most twice as many as regions.
 *
 * Callers: faults, fork, mmap, munmap; mm/rmap.c. Locking: mmap_lock keeps a region's chain, the
 * root's rwsem the trees and counts; vma->anon_vma is set once, with page_table_lock and the root's
 * rwsem held. An anon_vma lives while a region hangs in it, or somebody has a reference, and its
 * memory for an RCU grace period more: see folio_get_anon_vma().
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include "internal.h"

static struct kmem_cache *anon_vma_cachep, *anon_vma_chain_cachep;

void __init anon_vma_init(void)
{
	anon_vma_cachep = KMEM_CACHE(anon_vma, SLAB_PANIC);
	anon_vma_chain_cachep = KMEM_CACHE(anon_vma_chain, SLAB_PANIC);
}

/* A root, until the caller says otherwise. */
static struct anon_vma *anon_vma_alloc(void)
{
	struct anon_vma *anon_vma = kmem_cache_alloc(anon_vma_cachep, GFP_KERNEL);

	if (anon_vma) {
		init_rwsem(&anon_vma->rwsem);
		atomic_set(&anon_vma->refcount, 1);
		anon_vma->num_children = anon_vma->num_active_vmas = 0;
		anon_vma->root = anon_vma->parent = anon_vma;
		anon_vma->rb_root = RB_ROOT_CACHED;
	}
	return anon_vma;
}

static void anon_vma_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(anon_vma_cachep, container_of(rcu, struct anon_vma, rcu));
}

/* The last reference is gone. */
void __put_anon_vma(struct anon_vma *anon_vma)
{
	struct anon_vma *root = anon_vma->root;

	call_rcu(&anon_vma->rcu, anon_vma_free_rcu);
	if (root != anon_vma)
		put_anon_vma(root);
}

static struct anon_vma_chain *anon_vma_chain_alloc(void)
{
	return kmem_cache_alloc(anon_vma_chain_cachep, GFP_KERNEL);
}

static void anon_vma_chain_free(struct anon_vma_chain *avc)
{
	kmem_cache_free(anon_vma_chain_cachep, avc);
}

/* The root's rwsem is held for writing. */
static void anon_vma_chain_link(struct vm_area_struct *vma, struct anon_vma_chain *avc,
				struct anon_vma *anon_vma)
{
	avc->vma = vma;
	avc->anon_vma = anon_vma;
	list_add(&avc->same_vma, &vma->anon_vma_chain);
	anon_vma_interval_tree_insert(avc, &anon_vma->rb_root);
}

/* ------------------------------------------------------------------ the first page */

/* Could `a`, below `b`, be merged with it but for what mprotect() changes? */
static bool anon_vma_compatible(struct vm_area_struct *a, struct vm_area_struct *b)
{
	return a->vm_end == b->vm_start && a->vm_file == b->vm_file &&
	       !((a->vm_flags ^ b->vm_flags) & ~VM_ACCESS_FLAGS) &&
	       b->vm_pgoff == a->vm_pgoff + vma_pages(a);
}

/*
 * A neighbour's anon_vma, if it has no other: a region with a longer chain has pages of its parents,
 * and could not be merged anyway. Neighbours' faults may be setting theirs at this moment.
 */
static struct anon_vma *reusable_anon_vma(struct vm_area_struct *old)
{
	struct anon_vma *anon_vma = READ_ONCE(old->anon_vma);

	return anon_vma && list_is_singular(&old->anon_vma_chain) ? anon_vma : NULL;
}

static struct anon_vma *find_mergeable_anon_vma(struct vm_area_struct *vma)
{
	struct vm_area_struct *next = vma_lookup(vma->vm_mm, vma->vm_end);
	struct vm_area_struct *prev = vma_lookup(vma->vm_mm, vma->vm_start - 1);
	struct anon_vma *anon_vma = NULL;

	if (next && anon_vma_compatible(vma, next))
		anon_vma = reusable_anon_vma(next);
	if (!anon_vma && prev && anon_vma_compatible(prev, vma))
		anon_vma = reusable_anon_vma(prev);
	return anon_vma;
}

/* mmap_lock is held: the region stays, and so do its neighbours. Another thread may be here, too. */
int __anon_vma_prepare(struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma, *allocated = NULL;
	struct mm_struct *mm = vma->vm_mm;
	struct anon_vma_chain *avc;

	might_sleep();
	avc = anon_vma_chain_alloc();
	if (!avc)
		return -ENOMEM;
	anon_vma = find_mergeable_anon_vma(vma);
	if (!anon_vma) {
		anon_vma = allocated = anon_vma_alloc();
		if (!anon_vma) {
			anon_vma_chain_free(avc);
			return -ENOMEM;
		}
		anon_vma->num_children++;
	}

	anon_vma_lock_write(anon_vma);
	spin_lock(&mm->page_table_lock);
	if (likely(!vma->anon_vma)) {
		vma->anon_vma = anon_vma;
		anon_vma_chain_link(vma, avc, anon_vma);
		anon_vma->num_active_vmas++;
		allocated = NULL;
		avc = NULL;
	}
	spin_unlock(&mm->page_table_lock);
	anon_vma_unlock_write(anon_vma);

	if (allocated)
		put_anon_vma(allocated);
	if (avc)
		anon_vma_chain_free(avc);
	return 0;
}

/* ------------------------------------------------------------------ copies of regions */

/**
 * anon_vma_clone - hangs a region in all anon_vmas of another
 * @dst: a copy of @src, in no anon_vma yet, with the limits that it shall have; or a neighbour that
 *	takes over @src's pages
 *
 * Copies of one address space have dst->anon_vma set to src->anon_vma. At fork it is NULL, and may be
 * set to one that has become free. Returns 0, or -ENOMEM and dst is in none.
 */
int anon_vma_clone(struct vm_area_struct *dst, struct vm_area_struct *src)
{
	struct anon_vma_chain *avc, *pavc;
	bool counted = false;

	/* From the root on down, so that the copy's chain has the same order. */
	list_for_each_entry_reverse(pavc, &src->anon_vma_chain, same_vma) {
		struct anon_vma *anon_vma = pavc->anon_vma;

		/* Without the lock: reclaim may want it. */
		avc = anon_vma_chain_alloc();
		if (!avc)
			goto nomem;
		anon_vma_lock_write(anon_vma);
		anon_vma_chain_link(dst, avc, anon_vma);
		if (!dst->anon_vma && src->anon_vma && anon_vma->num_children < 2 &&
		    anon_vma->num_active_vmas == 0)
			dst->anon_vma = anon_vma;
		if (!counted && dst->anon_vma == anon_vma) {
			anon_vma->num_active_vmas++;
			counted = true;
		}
		anon_vma_unlock_write(anon_vma);
	}
	return 0;
nomem:
	if (!counted)
		dst->anon_vma = NULL;
	unlink_anon_vmas(dst);
	return -ENOMEM;
}

/**
 * anon_vma_fork - the same for a child's region, which gets an anon_vma of its own besides
 * @vma: a copy of @pvma for the child
 */
int anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma)
{
	struct anon_vma_chain *avc;
	struct anon_vma *anon_vma;

	vma->anon_vma = NULL;
	if (!pvma->anon_vma)
		return 0;
	if (anon_vma_clone(vma, pvma))
		return -ENOMEM;
	if (vma->anon_vma)
		return 0;		/* one that nobody else calls his own */

	anon_vma = anon_vma_alloc();
	if (!anon_vma)
		goto nomem;
	avc = anon_vma_chain_alloc();
	if (!avc)
		goto nomem_free;
	anon_vma->root = pvma->anon_vma->root;
	anon_vma->parent = pvma->anon_vma;
	get_anon_vma(anon_vma->root);
	vma->anon_vma = anon_vma;
	anon_vma_lock_write(anon_vma);
	anon_vma->num_active_vmas++;
	anon_vma->parent->num_children++;
	anon_vma_chain_link(vma, avc, anon_vma);
	anon_vma_unlock_write(anon_vma);
	return 0;

nomem_free:
	put_anon_vma(anon_vma);
nomem:
	unlink_anon_vmas(vma);
	return -ENOMEM;
}

/**
 * unlink_anon_vmas - takes a region out of its anon_vmas
 *
 * It has no pages any more, or another region has taken them over; its tables are still there, since
 * a walk may be looking at them until this returns.
 */
void unlink_anon_vmas(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc, *next;
	struct anon_vma *locked = NULL;

	list_for_each_entry_safe(avc, next, &vma->anon_vma_chain, same_vma) {
		struct anon_vma *anon_vma = avc->anon_vma;

		if (!locked) {
			locked = anon_vma->root;
			down_write(&locked->rwsem);
		}
		anon_vma_interval_tree_remove(avc, &anon_vma->rb_root);
		/* Those that are empty now go below, without the lock, which may be in one of them. */
		if (RB_EMPTY_ROOT(&anon_vma->rb_root.rb_root)) {
			anon_vma->parent->num_children--;
			continue;
		}
		list_del(&avc->same_vma);
		anon_vma_chain_free(avc);
	}
	if (vma->anon_vma) {
		vma->anon_vma->num_active_vmas--;
		vma->anon_vma = NULL;
	}
	if (!locked)
		return;
	up_write(&locked->rwsem);
	list_for_each_entry_safe(avc, next, &vma->anon_vma_chain, same_vma) {
		put_anon_vma(avc->anon_vma);
		list_del(&avc->same_vma);
		anon_vma_chain_free(avc);
	}
}

/* ------------------------------------------------------------------ moving the edges of a region */

/* Around a change of vm_start, vm_end or vm_pgoff; the root's rwsem is held for writing. */
void anon_vma_interval_tree_pre_update_vma(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc;

	list_for_each_entry(avc, &vma->anon_vma_chain, same_vma)
		anon_vma_interval_tree_remove(avc, &avc->anon_vma->rb_root);
}

void anon_vma_interval_tree_post_update_vma(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc;

	list_for_each_entry(avc, &vma->anon_vma_chain, same_vma)
		anon_vma_interval_tree_insert(avc, &avc->anon_vma->rb_root);
}
