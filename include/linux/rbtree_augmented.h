/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RBTREE_AUGMENTED_H
#define _LINUX_RBTREE_AUGMENTED_H

/*
 * Red-black trees whose nodes carry something computed from their whole subtree, such as the largest
 * end of an interval in it (<linux/interval_tree_generic.h>).
 *
 * Whoever inserts brings the nodes on the way down up to date first, then hangs the new one in with
 * rb_link_node(), and then calls rb_insert_augmented(). From there on the callbacks keep it right.
 */

#include <linux/rbtree.h>

struct rb_augment_callbacks {
	/* recompute from @node upwards, until nothing changes or @stop is reached */
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	/* @new stands where @old stood, above the same nodes */
	void (*copy)(struct rb_node *old, struct rb_node *new);
	/* @new has just been lifted above @old, its parent till then */
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

void __rb_insert(struct rb_node *node, struct rb_root *root, const struct rb_augment_callbacks *augment);
void __rb_erase(struct rb_node *node, struct rb_root *root, const struct rb_augment_callbacks *augment);

static inline void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
				       const struct rb_augment_callbacks *augment)
{
	__rb_insert(node, root, augment);
}

static inline void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
				      const struct rb_augment_callbacks *augment)
{
	__rb_erase(node, root, augment);
}

static inline void rb_insert_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					      bool leftmost, const struct rb_augment_callbacks *augment)
{
	if (leftmost)
		root->rb_leftmost = node;
	__rb_insert(node, &root->rb_root, augment);
}

static inline void rb_erase_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					     const struct rb_augment_callbacks *augment)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	__rb_erase(node, &root->rb_root, augment);
}

#endif
