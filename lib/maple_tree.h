/* SPDX-License-Identifier: MIT */
#ifndef _LIB_MAPLE_TREE_H
#define _LIB_MAPLE_TREE_H

/* The maple tree's nodes, for lib/maple_tree.c, lib/maple_write.c and their tests. */

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/maple_tree.h>
#include <linux/stddef.h>

/* A leaf and an inner node have their pivots at the same place. */
static_assert(offsetof(struct maple_node, mr64.pivot) == offsetof(struct maple_node, ma64.pivot));
static_assert(sizeof(struct maple_node) <= 256);

/* The slot of an index that lies in the node: at most eight pivots are looked at. */
static __always_inline unsigned int mt_offset(const struct maple_node *node, unsigned long index)
{
	const unsigned long *pivot = node->mr64.pivot, *p = pivot;

	if (node->nr > 8 && pivot[7] < index)
		p += 8;
	while (*p < index)
		p++;
	return p - pivot;
}

/* First index of slot i of a node that begins at min. */
static inline unsigned long mt_slot_min(const struct maple_node *node, unsigned int i,
					unsigned long min)
{
	return i ? node->mr64.pivot[i - 1] + 1 : min;
}

static inline unsigned long mt_node_max(const struct maple_node *node)
{
	return node->mr64.pivot[node->nr - 1];
}

/* What a node may hold, and what it holds at least unless it is the root. */
static inline unsigned int mt_slots(unsigned int level)
{
	return level ? MAPLE_ARANGE64_SLOTS : MAPLE_NODE_SLOTS;
}

static inline unsigned int mt_min_slots(unsigned int level)
{
	return level ? 4 : 6;
}

unsigned long mt_max_gap(const struct maple_node *node, unsigned long min);
struct maple_node *mt_alloc_one(gfp_t gfp);
void mt_free_one(struct maple_node *node);
void mt_free_walk(struct maple_node *node);

#endif
