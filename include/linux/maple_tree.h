/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MAPLE_TREE_H
#define _LINUX_MAPLE_TREE_H

/*
 * The maple tree: pointers by ranges of unsigned long that do not overlap, and what is free between
 * them (lib/maple_tree.c reads, lib/maple_write.c changes). An address space keeps its regions here.
 *
 * It is a B-tree whose nodes fill four cache lines. A range is [first, last], both included: so 0 and
 * ULONG_MAX have a place. Each index of the tree belongs to exactly one range, and a range without an
 * entry holds NULL. Storing an entry overwrites whatever the range held; storing NULL erases.
 *
 * A struct ma_state is a cursor: it stands on one range, [index, last], and steps to the next or the
 * previous one. After a change of the tree by anybody else it must be set anew. What a cursor stores
 * goes to [index, last].
 *
 * Locking is the caller's: who changes the tree excludes all others, who reads excludes those who
 * change it. (Linux's trees can also be read under RCU alone; these cannot: nodes are changed in place
 * and freed at once.) Functions that allocate say so; the rest never sleep and never fail.
 */

#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/types.h>

#define MAPLE_NODE_SLOTS	15	/* ranges in a leaf */
#define MAPLE_ARANGE64_SLOTS	10	/* children of an inner node */

/*
 * pivot[i] is the last index of slot i, and that of the last slot is the node's own: a search for an
 * index that lies in the node needs no other end.
 */
struct maple_range_64 {			/* a leaf */
	unsigned long		pivot[MAPLE_NODE_SLOTS];
	void			*slot[MAPLE_NODE_SLOTS];
};

struct maple_arange_64 {		/* above the leaves */
	unsigned long		pivot[MAPLE_ARANGE64_SLOTS];
	struct maple_node	*slot[MAPLE_ARANGE64_SLOTS];
	unsigned long		gap[MAPLE_ARANGE64_SLOTS];	/* longest range of NULL below it */
};

struct maple_node {
	unsigned char		level;	/* 0 in a leaf */
	unsigned char		nr;	/* slots in use, at least one */
	union {
		struct maple_range_64	mr64;
		struct maple_arange_64	ma64;
		struct maple_node	*next;		/* of nodes that wait for a store */
	};
};

#define MT_FLAGS_ALLOC_RANGE	0x01	/* room will be looked for: the gaps are kept in any case */
#define MT_FLAGS_LOCK_EXTERN	0x300	/* the caller has a lock for it, as for all of these trees */

struct maple_tree {
	unsigned int		ma_flags;
	struct maple_node	*ma_root;	/* NULL: all of it is NULL */
};

#define MTREE_INIT(name, flags)	{ .ma_flags = (flags), .ma_root = NULL }
#define DEFINE_MTREE(name)	struct maple_tree name = MTREE_INIT(name, 0)

static inline void mt_init_flags(struct maple_tree *mt, unsigned int flags)
{
	mt->ma_flags = flags;
	mt->ma_root = NULL;
}

static inline void mt_init(struct maple_tree *mt)
{
	mt_init_flags(mt, 0);
}

static inline bool mtree_empty(const struct maple_tree *mt)
{
	return !mt->ma_root;
}

/* ------------------------------------------------------------------ by index */

void *mtree_load(struct maple_tree *mt, unsigned long index);
int mtree_store_range(struct maple_tree *mt, unsigned long first, unsigned long last, void *entry,
		      gfp_t gfp);
void *mtree_erase(struct maple_tree *mt, unsigned long index);
void __mt_destroy(struct maple_tree *mt);
int __mt_dup(const struct maple_tree *mt, struct maple_tree *new, gfp_t gfp);
void *mt_find(struct maple_tree *mt, unsigned long *index, unsigned long max);

static inline int mtree_store(struct maple_tree *mt, unsigned long index, void *entry, gfp_t gfp)
{
	return mtree_store_range(mt, index, index, entry, gfp);
}

static inline void mtree_destroy(struct maple_tree *mt)
{
	__mt_destroy(mt);
}

/* For each entry from @index on; @index moves behind each before the body runs. */
#define mt_for_each(tree, entry, index, max)					\
	for (entry = mt_find(tree, &(index), max); entry;			\
	     entry = (index) ? mt_find(tree, &(index), max) : NULL)

/* ------------------------------------------------------------------ by cursor */

struct ma_state {
	struct maple_tree	*tree;
	unsigned long		index, last;	/* the range it stands on, or that a store is for */
	struct maple_node	*node;		/* the leaf, or one of those below */
	unsigned long		min;		/* first index of the leaf */
	unsigned int		offset;		/* of the range's slot in it */
	struct maple_node	*alloc;		/* nodes for a store */
};

#define MAS_START	((struct maple_node *)1UL)	/* not on its way yet: begins at index */
#define MAS_PAUSE	((struct maple_node *)2UL)	/* between what lies before index and behind last */

#define __MA_STATE(t, first, end)						\
	{ .tree = (t), .index = (first), .last = (end), .node = MAS_START, .alloc = NULL }
#define MA_STATE(name, t, first, end)	struct ma_state name = __MA_STATE(t, first, end)

static inline bool mas_is_active(const struct ma_state *mas)
{
	return mas->node > MAS_PAUSE;
}

/* Begin anew, at index. */
static inline void mas_reset(struct ma_state *mas)
{
	mas->node = MAS_START;
}

static inline void mas_set_range(struct ma_state *mas, unsigned long first, unsigned long last)
{
	mas->index = first;
	mas->last = last;
	mas->node = MAS_START;
}

static inline void mas_set(struct ma_state *mas, unsigned long index)
{
	mas_set_range(mas, index, index);
}

/* The tree may change now: the next step goes on behind, or before, the range that it stood on. */
static inline void mas_pause(struct ma_state *mas)
{
	mas->node = MAS_PAUSE;
}

void *mas_walk(struct ma_state *mas);
void *mas_find(struct ma_state *mas, unsigned long max);
void *mas_next(struct ma_state *mas, unsigned long max);
void *mas_prev(struct ma_state *mas, unsigned long min);
int mas_empty_area(struct ma_state *mas, unsigned long min, unsigned long max, unsigned long size);
int mas_empty_area_rev(struct ma_state *mas, unsigned long min, unsigned long max,
		       unsigned long size);

int mas_store_gfp(struct ma_state *mas, void *entry, gfp_t gfp);
int mas_preallocate(struct ma_state *mas, void *entry, gfp_t gfp);
void mas_store_prealloc(struct ma_state *mas, void *entry);
void mas_destroy(struct ma_state *mas);
void *mas_erase(struct ma_state *mas);

#define mas_for_each(mas, entry, max)						\
	while (((entry) = mas_find((mas), (max))) != NULL)

void maple_tree_init(void);

#endif
