// SPDX-License-Identifier: MIT
/*
 * The maple tree: storing a range, which is all that ever changes it. Erasing is storing NULL.
 *
 * A store replaces the slots from the one that contains its first index to the one that contains its
 * last by at most three: what is left of the first, the new entry, what is left of the last.
 *
 *	before	... | A               | B | C               | ...
 *	store	            X X X X X X X X X X
 *	after	... | A    | X                 | C          | ...
 *
 * If both ends lie in one leaf, and the result fits in it, that is a move of a few words
 * (mas_wr_node_store()). Else the leaves from the one end to the other are read into a large buffer,
 * are evened out with a neighbour if too little is left, and written as one to three new nodes; the
 * same replacement of slots then takes place in the level above (mas_wr_rebuild()).
 *
 * Memory: where slots became fewer, or stay as many as the nodes on the two ways down can hold, these
 * nodes are used again and nothing is allocated. Else each level may want one node more than it gives
 * back, and there may be a new root. All are at hand before the first change, so no store stops in the
 * middle; and to erase an entry, to replace or to widen one never fails.
 *
 * Callers: mm/vma.c and others of mm/. Locking: see linux/maple_tree.h.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/math.h>
#include <linux/string.h>

#include "maple_tree.h"

/* With four children to a node at least, more levels would take more memory than there is. */
#define MAPLE_LEVELS	16

/* A node on a way down, and the slot that was taken there. The first index is the node's. */
struct maple_path {
	struct maple_node	*node;
	unsigned long		min;
	unsigned int		offset;
};

/* A store under way. Both ways down are by level, the leaf's at 0. */
struct ma_wr_state {
	struct ma_state		*mas;
	struct maple_tree	*tree;
	void			*entry;
	unsigned long		first, last;	/* what is overwritten */
	bool			head, tail;	/* something remains of the first slot, of the last one */
	unsigned int		new_end;	/* slots that take the place of the one leaf's or the two leaves' */
	struct maple_path	l[MAPLE_LEVELS], r[MAPLE_LEVELS];
};

/* The slots of a level that take the place of others: of two cut nodes, what was added, a neighbour. */
#define MAPLE_BIG_SLOTS	(2 * MAPLE_NODE_SLOTS + 3)

struct maple_big_node {
	unsigned int		nr;
	unsigned long		pivot[MAPLE_BIG_SLOTS];
	void			*slot[MAPLE_BIG_SLOTS];
	unsigned long		gap[MAPLE_BIG_SLOTS];	/* above the leaves */
};

/* ------------------------------------------------------------------ where to store */

/* The way down from the root to the slot of index in the given level. */
static void mas_wr_walk(const struct maple_tree *mt, unsigned long index, unsigned int level,
			struct maple_path *path)
{
	struct maple_node *node = mt->ma_root;
	unsigned long min = 0;

	for (;;) {
		struct maple_path *p = &path[node->level];

		p->node = node;
		p->min = min;
		p->offset = mt_offset(node, index);
		if (node->level == level)
			return;
		min = mt_slot_min(node, p->offset, min);
		node = node->ma64.slot[p->offset];
	}
}

/* The way to a second index, if the first one's leaf, which is wr->l[0], is not its own. */
static void mas_wr_walk_right(struct ma_wr_state *wr, unsigned long index)
{
	struct maple_node *leaf = wr->l[0].node;

	if (index > mt_node_max(leaf)) {
		mas_wr_walk(wr->tree, index, 0, wr->r);
		return;
	}
	wr->r[0].node = leaf;
	wr->r[0].min = wr->l[0].min;
	wr->r[0].offset = index <= leaf->mr64.pivot[wr->l[0].offset] ? wr->l[0].offset :
			  mt_offset(leaf, index);
}

/*
 * Two ranges of NULL side by side become one: so NULL looks for its ends one index further out. If there
 * is an entry of its own, that stays, and the end is in the next slot.
 */
static void mas_wr_walk_null(struct ma_wr_state *wr)
{
	struct maple_path *l = &wr->l[0], *r = &wr->r[0];

	mas_wr_walk(wr->tree, wr->first ? wr->first - 1 : 0, 0, wr->l);
	if (!l->node->mr64.slot[l->offset])
		wr->first = mt_slot_min(l->node, l->offset, l->min);
	else if (l->node->mr64.pivot[l->offset] < wr->first && ++l->offset == l->node->nr)
		mas_wr_walk(wr->tree, wr->first, 0, wr->l);

	mas_wr_walk_right(wr, wr->last == ULONG_MAX ? wr->last : wr->last + 1);
	if (!r->node->mr64.slot[r->offset])
		wr->last = r->node->mr64.pivot[r->offset];
	else if (mt_slot_min(r->node, r->offset, r->min) > wr->last && r->offset-- == 0)
		mas_wr_walk_right(wr, wr->last);
}

/* The tree is not empty. */
static void mas_wr_locate(struct ma_wr_state *wr)
{
	const struct maple_path *l = &wr->l[0], *r = &wr->r[0];

	if (wr->entry) {
		mas_wr_walk(wr->tree, wr->first, 0, wr->l);
		mas_wr_walk_right(wr, wr->last);
	} else {
		mas_wr_walk_null(wr);
	}
	wr->head = wr->first > mt_slot_min(l->node, l->offset, l->min);
	wr->tail = wr->last < r->node->mr64.pivot[r->offset];
	wr->new_end = l->offset + wr->head + 1 + wr->tail + r->node->nr - r->offset - 1;
}

static void mas_wr_prepare(struct ma_wr_state *wr, struct ma_state *mas, void *entry)
{
	BUG_ON(mas->index > mas->last);
	wr->mas = mas;
	wr->tree = mas->tree;
	wr->entry = entry;
	wr->first = mas->index;
	wr->last = mas->last;
	if (wr->tree->ma_root)
		mas_wr_locate(wr);
}

static bool mas_wr_one_leaf(const struct ma_wr_state *wr)
{
	return wr->l[0].node == wr->r[0].node;
}

/* ------------------------------------------------------------------ nodes for it */

static struct maple_node *mas_pop_node(struct ma_state *mas)
{
	struct maple_node *node = mas->alloc;

	BUG_ON(!node);
	mas->alloc = node->next;
	return node;
}

static void mas_push_node(struct ma_state *mas, struct maple_node *node)
{
	node->next = mas->alloc;
	mas->alloc = node;
}

/* Give back what a store did not need, or a store that does not take place. */
void mas_destroy(struct ma_state *mas)
{
	while (mas->alloc)
		mt_free_one(mas_pop_node(mas));
}

/* See the file's first comment. 0 or -ENOMEM. */
static int mas_wr_alloc(struct ma_wr_state *wr, gfp_t gfp)
{
	unsigned int want = 0;

	if (!wr->tree->ma_root)
		want = wr->entry ? 1 : 0;
	else if (wr->new_end > MAPLE_NODE_SLOTS * (mas_wr_one_leaf(wr) ? 1 : 2))
		want = wr->tree->ma_root->level + 2;
	while (want--) {
		struct maple_node *node = mt_alloc_one(gfp);

		if (!node) {
			mas_destroy(wr->mas);
			return -ENOMEM;
		}
		mas_push_node(wr->mas, node);
	}
	return 0;
}

/* ------------------------------------------------------------------ the usual store */

/* The node path[level] may have other gaps now: tell those above. */
static void mas_update_gap(const struct maple_tree *mt, const struct maple_path *path,
			   unsigned int level)
{
	for (; level < mt->ma_root->level; level++) {
		unsigned long gap = mt_max_gap(path[level].node, path[level].min);
		unsigned long *above = &path[level + 1].node->ma64.gap[path[level + 1].offset];

		if (*above == gap)
			return;
		*above = gap;
	}
}

/*
 * Must the gaps above be looked at? A new range of NULL changes them only if it is longer than what is
 * noted, an entry only if it comes out of the longest one.
 */
static bool mas_wr_gap_changes(const struct ma_wr_state *wr)
{
	const struct maple_path *l = &wr->l[0], *above = &wr->l[1];
	unsigned long gap;

	if (!wr->tree->ma_root->level)
		return false;
	gap = above->node->ma64.gap[above->offset];
	if (!wr->entry)
		return wr->last - wr->first >= gap;
	return l->offset != wr->r[0].offset ||
	       (!l->node->mr64.slot[l->offset] &&
		l->node->mr64.pivot[l->offset] - mt_slot_min(l->node, l->offset, l->min) + 1 == gap);
}

/* Within one leaf, which then still holds enough and not too much. */
static void mas_wr_node_store(struct ma_wr_state *wr)
{
	bool gap_changes = mas_wr_gap_changes(wr);
	struct maple_node *leaf = wr->l[0].node;
	unsigned long *pivot = leaf->mr64.pivot;
	void **slot = leaf->mr64.slot;
	unsigned int i = wr->l[0].offset, j = wr->r[0].offset, rest = leaf->nr - j - 1;
	unsigned int new_end = wr->new_end;
	unsigned long tail_pivot = pivot[j];
	void *tail_slot = slot[j];

	if (new_end != leaf->nr && rest) {
		memmove(pivot + new_end - rest, pivot + j + 1, rest * sizeof(*pivot));
		memmove(slot + new_end - rest, slot + j + 1, rest * sizeof(*slot));
	}
	leaf->nr = new_end;
	if (wr->head)
		pivot[i++] = wr->first - 1;
	pivot[i] = wr->last;
	slot[i] = wr->entry;
	if (wr->tail) {
		pivot[i + 1] = tail_pivot;
		slot[i + 1] = tail_slot;
	}
	if (gap_changes)
		mas_update_gap(wr->tree, wr->l, 0);
}

/* ------------------------------------------------------------------ the large store */

static void mab_add(struct maple_big_node *b, unsigned long pivot, void *slot, unsigned long gap)
{
	b->pivot[b->nr] = pivot;
	b->slot[b->nr] = slot;
	b->gap[b->nr++] = gap;
}

/* Slots [from, to) of a node come in front of slot `at` of the buffer. */
static void mab_insert(struct maple_big_node *b, unsigned int at, const struct maple_node *node,
		       unsigned int from, unsigned int to)
{
	unsigned int n = to - from, rest = b->nr - at;

	BUG_ON(b->nr + n > MAPLE_BIG_SLOTS);
	memmove(b->pivot + at + n, b->pivot + at, rest * sizeof(*b->pivot));
	memmove(b->slot + at + n, b->slot + at, rest * sizeof(*b->slot));
	memmove(b->gap + at + n, b->gap + at, rest * sizeof(*b->gap));
	memcpy(b->pivot + at, node->mr64.pivot + from, n * sizeof(*b->pivot));
	if (node->level) {
		memcpy(b->slot + at, node->ma64.slot + from, n * sizeof(*b->slot));
		memcpy(b->gap + at, node->ma64.gap + from, n * sizeof(*b->gap));
	} else {
		memcpy(b->slot + at, node->mr64.slot + from, n * sizeof(*b->slot));
	}
	b->nr += n;
}

static void mab_append(struct maple_big_node *b, const struct maple_node *node, unsigned int from,
		       unsigned int to)
{
	mab_insert(b, b->nr, node, from, to);
}

/* Slots [from, from + n) of the buffer become a node. */
static void mab_to_node(const struct maple_big_node *b, unsigned int from, unsigned int n,
			unsigned int level, struct maple_node *node)
{
	node->level = level;
	node->nr = n;
	memcpy(node->mr64.pivot, b->pivot + from, n * sizeof(*b->pivot));
	if (level) {
		memcpy(node->ma64.slot, b->slot + from, n * sizeof(*b->slot));
		memcpy(node->ma64.gap, b->gap + from, n * sizeof(*b->gap));
	} else {
		memcpy(node->mr64.slot, b->slot + from, n * sizeof(*b->slot));
	}
}

/* Is the level replaced from its first node to its last? Then all above it goes, too. */
static bool mas_wr_whole(const struct ma_wr_state *wr, unsigned int level)
{
	return wr->l[level].min == 0 && mt_node_max(wr->r[level].node) == ULONG_MAX;
}

/*
 * Too few slots are left for a node: bring in those of the next one in this level, or of the previous
 * one. The node that was at that end lies between the ends now, and nothing of it is needed any more.
 */
static void mas_wr_add_neighbour(struct ma_wr_state *wr, struct maple_big_node *b, unsigned int level)
{
	struct maple_path *l = &wr->l[level], *r = &wr->r[level];
	bool one_node = l->node == r->node;

	if (mt_node_max(r->node) != ULONG_MAX) {
		unsigned long next = mt_node_max(r->node) + 1;

		if (!one_node)
			r->node->nr = 0;
		mas_wr_walk(wr->tree, next, level, wr->r);
		mab_append(b, r->node, 0, r->node->nr);
	} else {
		unsigned long before = l->min - 1;

		if (!one_node)
			l->node->nr = 0;
		mas_wr_walk(wr->tree, before, level, wr->l);
		mab_insert(b, 0, l->node, 0, l->node->nr);
	}
}

/* What lies between the two ways down, below the nodes of this level, is overwritten as a whole. */
static void mas_wr_free_between(struct ma_wr_state *wr, unsigned int level)
{
	struct maple_path *l = &wr->l[level], *r = &wr->r[level];
	unsigned int i;

	if (l->node == r->node) {
		for (i = l->offset + 1; i < r->offset; i++)
			mt_free_walk(l->node->ma64.slot[i]);
		return;
	}
	for (i = l->offset + 1; i < l->node->nr; i++)
		mt_free_walk(l->node->ma64.slot[i]);
	for (i = 0; i < r->offset; i++)
		mt_free_walk(r->node->ma64.slot[i]);
}

/* The two nodes at the ends of this level have been read and can be written anew. */
static void mas_wr_recycle(struct ma_wr_state *wr, unsigned int level)
{
	if (wr->l[level].node != wr->r[level].node)
		mas_push_node(wr->mas, wr->r[level].node);
	mas_push_node(wr->mas, wr->l[level].node);
}

/*
 * Write the buffer's slots as nodes of this level, about equally full. What the level above is to know
 * of them takes the place of what has been written.
 */
static void mas_wr_write_level(struct ma_wr_state *wr, struct maple_big_node *b, unsigned int level,
			       unsigned int nodes)
{
	unsigned long min = wr->l[level].min;
	unsigned int from = 0, nr = b->nr;

	b->nr = 0;
	for (; nodes; nodes--) {
		unsigned int n = DIV_ROUND_UP(nr - from, nodes);
		struct maple_node *node = mas_pop_node(wr->mas);

		mab_to_node(b, from, n, level, node);
		mab_add(b, mt_node_max(node), node, mt_max_gap(node, min));
		min = mt_node_max(node) + 1;
		from += n;
	}
}

/* All nodes of a level and above are gone; the buffer lists the new ones. */
static void mas_wr_new_root(struct ma_wr_state *wr, struct maple_big_node *b, unsigned int level)
{
	struct maple_node *root = b->slot[0];

	for (unsigned int above = level + 1; above <= wr->tree->ma_root->level; above++) {
		mas_wr_free_between(wr, above);
		mas_wr_recycle(wr, above);
	}
	if (b->nr > 1) {
		root = mas_pop_node(wr->mas);
		mab_to_node(b, 0, b->nr, level + 1, root);
	}
	wr->tree->ma_root = root;
}

/* Not inlined: its buffers are not to lie on the stack of the usual store. */
static noinline void mas_wr_rebuild(struct ma_wr_state *wr)
{
	struct maple_path *l = wr->l, *r = wr->r;
	struct maple_big_node b;
	unsigned int level = 0;

	if (mas_wr_one_leaf(wr)) {
		unsigned int offset = r[0].offset;

		memcpy(r, l, sizeof(wr->l));
		r[0].offset = offset;
	}
	b.nr = 0;
	mab_append(&b, l[0].node, 0, l[0].offset);
	if (wr->head)
		mab_add(&b, wr->first - 1, l[0].node->mr64.slot[l[0].offset], 0);
	mab_add(&b, wr->last, wr->entry, 0);
	if (wr->tail)
		mab_add(&b, r[0].node->mr64.pivot[r[0].offset], r[0].node->mr64.slot[r[0].offset], 0);
	mab_append(&b, r[0].node, r[0].offset + 1, r[0].node->nr);

	for (;; level++) {
		unsigned int nodes;
		bool whole;

		if (b.nr < mt_min_slots(level) && !mas_wr_whole(wr, level))
			mas_wr_add_neighbour(wr, &b, level);
		nodes = DIV_ROUND_UP(b.nr, mt_slots(level));
		if (nodes == 1 && l[level].node == r[level].node) {
			mab_to_node(&b, 0, b.nr, level, l[level].node);
			mas_update_gap(wr->tree, l, level);
			return;
		}
		whole = mas_wr_whole(wr, level);
		mas_wr_recycle(wr, level);
		mas_wr_write_level(wr, &b, level, nodes);
		if (whole) {
			mas_wr_new_root(wr, &b, level);
			return;
		}
		mas_wr_free_between(wr, level + 1);
		mab_insert(&b, 0, l[level + 1].node, 0, l[level + 1].offset);
		mab_append(&b, r[level + 1].node, r[level + 1].offset + 1, r[level + 1].node->nr);
	}
}

/* ------------------------------------------------------------------ the interface */

/* Nodes that it may need are in mas->alloc. */
static void mas_wr_store(struct ma_wr_state *wr)
{
	struct maple_tree *mt = wr->tree;
	struct maple_node *root = mt->ma_root;

	mas_pause(wr->mas);
	if (!root) {
		if (!wr->entry)
			return;
		root = mas_pop_node(wr->mas);
		root->level = 0;
		root->nr = 1;
		root->mr64.pivot[0] = ULONG_MAX;
		root->mr64.slot[0] = NULL;
		mt->ma_root = root;
		mas_wr_locate(wr);
	}
	if (mas_wr_one_leaf(wr) && wr->new_end <= MAPLE_NODE_SLOTS &&
	    (!root->level || wr->new_end >= mt_min_slots(0)))
		mas_wr_node_store(wr);
	else
		mas_wr_rebuild(wr);

	root = mt->ma_root;
	if (!root->level && root->nr == 1 && !root->mr64.slot[0]) {
		mt->ma_root = NULL;
		mt_free_one(root);
	}
	mas_destroy(wr->mas);
}

/**
 * mas_store_gfp - store entry over [mas->index, mas->last]
 * @entry: NULL erases
 *
 * Returns 0, or -ENOMEM, and then nothing has changed. A cursor that steps on goes behind the range.
 */
int mas_store_gfp(struct ma_state *mas, void *entry, gfp_t gfp)
{
	struct ma_wr_state wr;
	int ret;

	mas_wr_prepare(&wr, mas, entry);
	ret = mas_wr_alloc(&wr, gfp);
	if (!ret)
		mas_wr_store(&wr);
	return ret;
}

/* Is the range to store that of the slot on which the cursor stands? */
static bool mas_on_slot(const struct ma_state *mas)
{
	return mas->index == mt_slot_min(mas->node, mas->offset, mas->min) &&
	       mas->last == mas->node->mr64.pivot[mas->offset];
}

/**
 * mas_preallocate - get what mas_store_prealloc() of the same entry and range will need
 *
 * The tree must not change in between. What is not stored after all is given back by mas_destroy().
 * Returns 0 or -ENOMEM.
 */
int mas_preallocate(struct ma_state *mas, void *entry, gfp_t gfp)
{
	struct ma_wr_state wr;

	mas_wr_prepare(&wr, mas, entry);
	return mas_wr_alloc(&wr, gfp);
}

/*
 * Also without mas_preallocate(), where an entry is erased, replaced by one, or widened. To replace the
 * one that the cursor has come to is a single word.
 */
void mas_store_prealloc(struct ma_state *mas, void *entry)
{
	struct ma_wr_state wr;

	if (entry && mas_is_active(mas) && mas->node->mr64.slot[mas->offset] && mas_on_slot(mas)) {
		mas->node->mr64.slot[mas->offset] = entry;
		return;
	}
	mas_wr_prepare(&wr, mas, entry);
	mas_wr_store(&wr);
}

/**
 * mas_erase - erase the range that contains mas->index
 *
 * Returns what was there, and mas->index and mas->last are its range.
 */
void *mas_erase(struct ma_state *mas)
{
	void *entry = mas_walk(mas);

	if (entry)
		mas_store_prealloc(mas, NULL);
	return entry;
}

/**
 * mtree_store_range - store entry over [first, last]; NULL erases
 *
 * -EINVAL, or -ENOMEM and then nothing has changed.
 */
int mtree_store_range(struct maple_tree *mt, unsigned long first, unsigned long last, void *entry,
		      gfp_t gfp)
{
	MA_STATE(mas, mt, first, last);

	return first > last ? -EINVAL : mas_store_gfp(&mas, entry, gfp);
}

/* Erase the range that contains index; returns what was there. */
void *mtree_erase(struct maple_tree *mt, unsigned long index)
{
	MA_STATE(mas, mt, index, index);

	return mas_erase(&mas);
}
