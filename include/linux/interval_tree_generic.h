/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_INTERVAL_TREE_GENERIC_H
#define _LINUX_INTERVAL_TREE_GENERIC_H

/*
 * Interval trees: which of these intervals touch that one?
 *
 * A red-black tree ordered by where the intervals start. Each node knows besides the largest end of
 * all intervals in its subtree: a subtree that ends before the question begins need not be entered,
 * nor anything to the right of a node that starts after the question ends. So the first answer is
 * found in O(log n), and each further one, too.
 *
 * INTERVAL_TREE_DEFINE() makes, for one kind of node,
 *
 *	void   PREFIX_insert(node, root)
 *	void   PREFIX_remove(node, root)
 *	node  *PREFIX_iter_first(root, start, last)	the one that starts first of those that touch
 *	node  *PREFIX_iter_next(node, start, last)	[start, last], and the ones after it
 *
 * @itstruct: the node's type; @itrb: its struct rb_node; @ittype: of the ends; @itsubtree: its field
 * for the subtree's largest end; @itstart(n), @itlast(n): its ends, both inclusive.
 * What the ends are must not change while a node is in the tree. The caller's lock guards the tree.
 */

#include <linux/rbtree_augmented.h>

#define INTERVAL_TREE_DEFINE(itstruct, itrb, ittype, itsubtree, itstart, itlast, itstatic, itprefix) \
										\
static ittype itprefix##_max(itstruct *node)					\
{										\
	itstruct *left = rb_entry_safe(node->itrb.rb_left, itstruct, itrb);	\
	itstruct *right = rb_entry_safe(node->itrb.rb_right, itstruct, itrb);	\
	ittype end = itlast(node);						\
										\
	if (left && left->itsubtree > end)					\
		end = left->itsubtree;						\
	if (right && right->itsubtree > end)					\
		end = right->itsubtree;						\
	return end;								\
}										\
										\
static void itprefix##_propagate(struct rb_node *rb, struct rb_node *stop)	\
{										\
	while (rb != stop) {							\
		itstruct *node = rb_entry(rb, itstruct, itrb);			\
		ittype end = itprefix##_max(node);				\
										\
		if (node->itsubtree == end)					\
			break;							\
		node->itsubtree = end;						\
		rb = rb_parent(&node->itrb);					\
	}									\
}										\
										\
static void itprefix##_copy(struct rb_node *rb_old, struct rb_node *rb_new)	\
{										\
	rb_entry(rb_new, itstruct, itrb)->itsubtree =				\
		rb_entry(rb_old, itstruct, itrb)->itsubtree;			\
}										\
										\
static void itprefix##_rotate(struct rb_node *rb_old, struct rb_node *rb_new)	\
{										\
	itstruct *old = rb_entry(rb_old, itstruct, itrb);			\
										\
	itprefix##_copy(rb_old, rb_new);					\
	old->itsubtree = itprefix##_max(old);					\
}										\
										\
static const struct rb_augment_callbacks itprefix##_augment = {			\
	.propagate	= itprefix##_propagate,					\
	.copy		= itprefix##_copy,					\
	.rotate		= itprefix##_rotate,					\
};										\
										\
itstatic void itprefix##_insert(itstruct *node, struct rb_root_cached *root)	\
{										\
	struct rb_node **link = &root->rb_root.rb_node, *rb_parent = NULL;	\
	const ittype start = itstart(node), last = itlast(node);		\
	bool leftmost = true;							\
										\
	while (*link) {								\
		itstruct *parent = rb_entry(*link, itstruct, itrb);		\
										\
		rb_parent = *link;						\
		if (parent->itsubtree < last)					\
			parent->itsubtree = last;				\
		if (start < itstart(parent)) {					\
			link = &parent->itrb.rb_left;				\
		} else {							\
			link = &parent->itrb.rb_right;				\
			leftmost = false;					\
		}								\
	}									\
	node->itsubtree = last;							\
	rb_link_node(&node->itrb, rb_parent, link);				\
	rb_insert_augmented_cached(&node->itrb, root, leftmost, &itprefix##_augment); \
}										\
										\
itstatic void itprefix##_remove(itstruct *node, struct rb_root_cached *root)	\
{										\
	rb_erase_augmented_cached(&node->itrb, root, &itprefix##_augment);	\
}										\
										\
/* In the subtree of @node, which reaches to @start at least: the leftmost that touches. */ \
static itstruct *itprefix##_search(itstruct *node, ittype start, ittype last)	\
{										\
	for (;;) {								\
		itstruct *left = rb_entry_safe(node->itrb.rb_left, itstruct, itrb); \
										\
		/* Some interval on the left ends late enough: if none there starts early enough, */ \
		/* none further right does either. */				\
		if (left && left->itsubtree >= start) {				\
			node = left;						\
			continue;						\
		}								\
		if (itstart(node) > last)					\
			return NULL;						\
		if (itlast(node) >= start)					\
			return node;						\
		node = rb_entry_safe(node->itrb.rb_right, itstruct, itrb);	\
		if (!node || node->itsubtree < start)				\
			return NULL;						\
	}									\
}										\
										\
itstatic itstruct *itprefix##_iter_first(struct rb_root_cached *root, ittype start, ittype last) \
{										\
	itstruct *node = rb_entry_safe(root->rb_root.rb_node, itstruct, itrb);	\
										\
	if (!node || node->itsubtree < start)					\
		return NULL;							\
	return itprefix##_search(node, start, last);				\
}										\
										\
itstatic itstruct *itprefix##_iter_next(itstruct *node, ittype start, ittype last) \
{										\
	struct rb_node *rb = node->itrb.rb_right, *below;			\
										\
	for (;;) {								\
		itstruct *right = rb_entry_safe(rb, itstruct, itrb);		\
										\
		if (right && right->itsubtree >= start)				\
			return itprefix##_search(right, start, last);		\
		/* Up, to the first that this one is on the left of. */		\
		do {								\
			below = &node->itrb;					\
			rb = rb_parent(below);					\
			if (!rb)						\
				return NULL;					\
			node = rb_entry(rb, itstruct, itrb);			\
		} while (below == node->itrb.rb_right);				\
		if (itstart(node) > last)					\
			return NULL;						\
		if (itlast(node) >= start)					\
			return node;						\
		rb = node->itrb.rb_right;					\
	}									\
}

#endif
