// SPDX-License-Identifier: MIT
/*
 * The maple tree: walking it, stepping through it, and finding room in it.
 *
 *	root:	pivot	  4fff		       bfff		    ...ffff
 *		slot	   |			|			|
 *		gap	 0x1000		     0x4000		    ...
 *			   v			v			v
 *	leaves:	[NULL 0fff][A 2fff][NULL 3fff][B 4fff]	[NULL 8fff][C 9fff][D bfff]  ...
 *
 * The ranges of a level follow each other without a hole, and no two ranges of NULL are neighbours,
 * not even over the border between two leaves. So what is free lies in one leaf as a whole, and the
 * gap that an inner node notes for a child is the longest free stretch there. There are no pointers
 * upwards: who comes to the end of a leaf goes down from the root once more, which happens once in
 * ten steps, and a node can be split without its children knowing.
 *
 * Callers: mm/vma.c and others of mm/. Locking: see linux/maple_tree.h.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "maple_tree.h"

static struct kmem_cache *maple_node_cache;

void __init maple_tree_init(void)
{
	maple_node_cache = KMEM_CACHE(maple_node, SLAB_PANIC);
}

/* ------------------------------------------------------------------ nodes */

struct maple_node *mt_alloc_one(gfp_t gfp)
{
	return kmem_cache_alloc(maple_node_cache, gfp);
}

void mt_free_one(struct maple_node *node)
{
	kmem_cache_free(maple_node_cache, node);
}

/* The node and what is below it. As deep as the tree is high, which is less than ten. */
void mt_free_walk(struct maple_node *node)
{
	if (node->level)
		for (unsigned int i = 0; i < node->nr; i++)
			mt_free_walk(node->ma64.slot[i]);
	mt_free_one(node);
}

/* The tree is empty afterwards. What its entries point to is the caller's. */
void __mt_destroy(struct maple_tree *mt)
{
	if (mt->ma_root)
		mt_free_walk(mt->ma_root);
	mt->ma_root = NULL;
}

static struct maple_node *mt_dup_node(const struct maple_node *node, gfp_t gfp)
{
	struct maple_node *new = mt_alloc_one(gfp);

	if (!new)
		return NULL;
	memcpy(new, node, sizeof(*new));
	for (unsigned int i = 0; node->level && i < node->nr; i++) {
		new->ma64.slot[i] = mt_dup_node(node->ma64.slot[i], gfp);
		if (!new->ma64.slot[i]) {
			new->nr = i;
			mt_free_walk(new);
			return NULL;
		}
	}
	return new;
}

/**
 * __mt_dup - make an empty tree equal to another, with the same entries
 *
 * Returns 0, or -ENOMEM, and then it is empty. In time this is far below storing them one by one.
 */
int __mt_dup(const struct maple_tree *mt, struct maple_tree *new, gfp_t gfp)
{
	if (!mt->ma_root)
		return 0;
	new->ma_root = mt_dup_node(mt->ma_root, gfp);
	return new->ma_root ? 0 : -ENOMEM;
}

/* The longest range of NULL in a node that begins at min. */
unsigned long mt_max_gap(const struct maple_node *node, unsigned long min)
{
	unsigned long gap = 0;

	for (unsigned int i = 0; i < node->nr; i++) {
		if (node->level) {
			gap = max(gap, node->ma64.gap[i]);
			continue;
		}
		if (!node->mr64.slot[i])
			gap = max(gap, node->mr64.pivot[i] - min + 1);
		min = node->mr64.pivot[i] + 1;
	}
	return gap;
}

/* ------------------------------------------------------------------ looking up */

/* The leaf of an index. The tree is not empty. */
static __always_inline struct maple_node *mt_leaf(const struct maple_tree *mt, unsigned long index)
{
	struct maple_node *node = mt->ma_root;

	while (node->level)
		node = node->ma64.slot[mt_offset(node, index)];
	return node;
}

/**
 * mtree_load - the entry whose range contains index, or NULL
 */
void *mtree_load(struct maple_tree *mt, unsigned long index)
{
	struct maple_node *leaf;

	if (!mt->ma_root)
		return NULL;
	leaf = mt_leaf(mt, index);
	return leaf->mr64.slot[mt_offset(leaf, index)];
}

/**
 * mt_find - the entry at *index, or the first one above it
 * @index: where to begin; if something is found, the index behind its range (0 behind ULONG_MAX)
 * @max: the range must begin at or before it
 *
 * Each page fault comes here, so this is the way down with nothing beside it.
 */
void *mt_find(struct maple_tree *mt, unsigned long *index, unsigned long max)
{
	unsigned long at = *index;
	struct maple_node *leaf;
	unsigned int i;
	void *entry;

	if (unlikely(!mt->ma_root || at > max))
		return NULL;
	leaf = mt_leaf(mt, at);
	i = mt_offset(leaf, at);
	entry = leaf->mr64.slot[i];
	if (!entry) {		/* what follows a range of NULL is an entry */
		at = leaf->mr64.pivot[i] + 1;
		if (!at || at > max)
			return NULL;
		if (++i == leaf->nr) {
			leaf = mt_leaf(mt, at);
			i = 0;
		}
		entry = leaf->mr64.slot[i];
	}
	*index = leaf->mr64.pivot[i] + 1;
	return entry;
}

/* ------------------------------------------------------------------ the cursor */

/* Stand on slot i of the leaf. */
static void *mas_stand(struct ma_state *mas, unsigned int i)
{
	mas->offset = i;
	mas->index = mt_slot_min(mas->node, i, mas->min);
	mas->last = mas->node->mr64.pivot[i];
	return mas->node->mr64.slot[i];
}

/**
 * mas_walk - go to the range that contains mas->index
 *
 * mas->index and mas->last become the range's. Returns its entry, or NULL.
 */
void *mas_walk(struct ma_state *mas)
{
	struct maple_node *node = mas->tree->ma_root;
	unsigned long index = mas->index, min = 0;
	unsigned int i;

	if (!node) {
		mas->index = 0;
		mas->last = ULONG_MAX;
		mas->node = MAS_PAUSE;
		return NULL;
	}
	for (;;) {
		i = mt_offset(node, index);
		if (!node->level)
			break;
		min = mt_slot_min(node, i, min);
		node = node->ma64.slot[i];
	}
	mas->node = node;
	mas->min = min;
	return mas_stand(mas, i);
}

/**
 * mas_next - step to the next entry whose range begins at or before max
 *
 * A fresh cursor first goes to mas->index, so this is the first entry behind the range there. NULL if
 * there is none; the cursor then stands where max is, or on a range before it.
 */
void *mas_next(struct ma_state *mas, unsigned long max)
{
	void *entry;

	if (mas->node == MAS_START)
		mas_walk(mas);
	do {
		if (mas->last >= max)
			return NULL;
		mas->index = mas->last + 1;
		if (mas_is_active(mas) && mas->offset + 1 < mas->node->nr) {
			mas->last = mas->node->mr64.pivot[++mas->offset];
			entry = mas->node->mr64.slot[mas->offset];
		} else {
			entry = mas_walk(mas);
		}
	} while (!entry);
	return entry;
}

/**
 * mas_prev - step to the previous entry whose range ends at or behind min
 */
void *mas_prev(struct ma_state *mas, unsigned long min)
{
	void *entry;

	if (mas->node == MAS_START)
		mas_walk(mas);
	do {
		if (mas->index <= min)
			return NULL;
		if (mas_is_active(mas) && mas->offset) {
			entry = mas_stand(mas, mas->offset - 1);
		} else {
			mas->index--;
			entry = mas_walk(mas);
		}
	} while (!entry);
	return entry;
}

/**
 * mas_find - the first entry at or above mas->index, and with each further call the next
 * @max: the range must begin at or before it
 */
void *mas_find(struct ma_state *mas, unsigned long max)
{
	void *entry;

	if (mas->node == MAS_START) {
		if (mas->index > max)
			return NULL;
		entry = mas_walk(mas);
		if (entry)
			return entry;
	}
	return mas_next(mas, max);
}

/* ------------------------------------------------------------------ finding room */

/* Is there room for size in what slot i of a leaf has between min and max? Then put it in mas. */
static bool mas_room_in(struct ma_state *mas, const struct maple_node *leaf, unsigned int i,
			unsigned long leaf_min, unsigned long min, unsigned long max,
			unsigned long size)
{
	unsigned long first = max(min, mt_slot_min(leaf, i, leaf_min));
	unsigned long last = min(max, leaf->mr64.pivot[i]);

	if (leaf->mr64.slot[i] || first > last || last - first < size - 1)
		return false;
	mas_set_range(mas, first, last);
	return true;
}

/* Is the tree empty, or the question out of order? Then *ret is the answer. */
static bool mas_room_easy(struct ma_state *mas, unsigned long min, unsigned long max,
			  unsigned long size, int *ret)
{
	if (!size || min > max || max - min < size - 1) {
		*ret = -EINVAL;
		return true;
	}
	if (mas->tree->ma_root)
		return false;
	mas_set_range(mas, min, max);
	*ret = 0;
	return true;
}

/* The lowest room from min on. Each turn goes down to one leaf, and then on to what is behind it. */
static int mas_find_room(struct ma_state *mas, unsigned long min, unsigned long max,
			 unsigned long size)
{
	for (;;) {
		const struct maple_node *node = mas->tree->ma_root;
		unsigned long node_min = 0;
		unsigned int i;

		for (;;) {
			for (i = mt_offset(node, min); i < node->nr; i++)
				if (node->level ? node->ma64.gap[i] >= size :
				    mas_room_in(mas, node, i, node_min, min, max, size))
					break;
			if (i == node->nr || !node->level)
				break;
			node_min = mt_slot_min(node, i, node_min);
			node = node->ma64.slot[i];
		}
		if (i < node->nr)
			return 0;
		if (mt_node_max(node) >= max)
			return -EBUSY;
		min = mt_node_max(node) + 1;
	}
}

/* The highest room up to max. */
static int mas_rev_find_room(struct ma_state *mas, unsigned long min, unsigned long max,
			     unsigned long size)
{
	for (;;) {
		const struct maple_node *node = mas->tree->ma_root;
		unsigned long node_min = 0;
		int i;

		for (;;) {
			for (i = mt_offset(node, max); i >= 0; i--)
				if (node->level ? node->ma64.gap[i] >= size :
				    mas_room_in(mas, node, i, node_min, min, max, size))
					break;
			if (i < 0 || !node->level)
				break;
			max = min(max, node->ma64.pivot[i]);
			if (max < min)
				return -EBUSY;
			node_min = mt_slot_min(node, i, node_min);
			node = node->ma64.slot[i];
		}
		if (i >= 0)
			return 0;
		if (node_min <= min)
			return -EBUSY;
		max = node_min - 1;
	}
}

/**
 * mas_empty_area - the lowest free range of size in [min, max]
 *
 * Returns 0 and the range in mas->index and mas->last, -EBUSY if there is none, -EINVAL if [min, max]
 * is too small. The way down takes the first child whose gap is large enough. Only a child that min
 * or max cuts through can disappoint, so there are few other attempts.
 */
int mas_empty_area(struct ma_state *mas, unsigned long min, unsigned long max, unsigned long size)
{
	int ret;

	if (!mas_room_easy(mas, min, max, size, &ret))
		ret = mas_find_room(mas, min, max, size);
	if (!ret)
		mas->last = mas->index + size - 1;
	return ret;
}

/* The highest one: mmap() places what it maps from the top down. */
int mas_empty_area_rev(struct ma_state *mas, unsigned long min, unsigned long max,
		       unsigned long size)
{
	int ret;

	if (!mas_room_easy(mas, min, max, size, &ret))
		ret = mas_rev_find_room(mas, min, max, size);
	if (!ret)
		mas->index = mas->last - size + 1;
	return ret;
}
