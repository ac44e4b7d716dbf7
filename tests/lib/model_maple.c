// SPDX-License-Identifier: MIT
/*
 * The maple tree against a sorted array of ranges. The indices lie close together, or far apart, or at
 * both ends of what there is. Phases in which stores are short fill the tree to several levels; then
 * long ones overwrite hundreds of ranges at a time, and it falls to nothing. Allocations fail now and
 * then, and a store that failed must have changed nothing. Beside the answers, the tree itself is looked
 * at: how full each node is, that pivots ascend and end where the parent says, that each gap is the
 * longest below it, that no two ranges of NULL are neighbours, and that no node is lost.
 */

#include <linux/kernel.h>
#include <linux/maple_tree.h>
#include <linux/string.h>

#include "../../lib/maple_tree.h"
#include "host.h"
#include "kernel.h"

#define RANGES	6000		/* of the model; a store beyond that is not made */

static struct range {
	unsigned long	first, last;
	void		*entry;
} model[RANGES + 2];
static unsigned int nr_ranges;

static DEFINE_MTREE(tree);

/* ------------------------------------------------------------------ the model */

/* The first range that ends at or behind index. */
static unsigned int model_at(unsigned long index)
{
	unsigned int low = 0, high = nr_ranges;

	while (low < high) {
		unsigned int mid = (low + high) / 2;

		if (model[mid].last < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void *model_load(unsigned long index)
{
	unsigned int i = model_at(index);

	return i < nr_ranges && model[i].first <= index ? model[i].entry : NULL;
}

static void model_store(unsigned long first, unsigned long last, void *entry)
{
	struct range piece[3];
	unsigned int i = model_at(first), j = i, n = 0;

	while (j < nr_ranges && model[j].first <= last)
		j++;
	if (j > i && model[i].first < first)
		piece[n++] = (struct range){ model[i].first, first - 1, model[i].entry };
	if (entry)
		piece[n++] = (struct range){ first, last, entry };
	if (j > i && model[j - 1].last > last)
		piece[n++] = (struct range){ last + 1, model[j - 1].last, model[j - 1].entry };
	memmove(model + i + n, model + j, (nr_ranges - j) * sizeof(model[0]));
	memcpy(model + i, piece, n * sizeof(piece[0]));
	nr_ranges += n - (j - i);
}

/* The free range before model[i], cut to [min, max]; false if nothing is left of it. */
static bool model_gap(unsigned int i, unsigned long min, unsigned long max, unsigned long *first,
		      unsigned long *last)
{
	if ((i && model[i - 1].last == ULONG_MAX) || (i < nr_ranges && !model[i].first))
		return false;
	*first = i ? model[i - 1].last + 1 : 0;
	*last = i < nr_ranges ? model[i].first - 1 : ULONG_MAX;
	if (*first > *last || *first > max || *last < min)
		return false;
	*first = max(*first, min);
	*last = min(*last, max);
	return true;
}

/* ------------------------------------------------------------------ the tree itself */

static long nodes_seen;
static unsigned int next_range;		/* of the model, that the walk has not met */
static bool last_was_null;

static void check_slot(unsigned long first, unsigned long last, void *entry)
{
	CHECK(entry || !last_was_null);
	last_was_null = !entry;
	if (!entry)
		return;
	CHECK(next_range < nr_ranges && model[next_range].entry == entry);
	CHECK(model[next_range].first == first && model[next_range].last == last);
	next_range++;
}

/* Returns the longest gap in it. */
static unsigned long check_node(struct maple_node *node, unsigned int level, unsigned long min,
				unsigned long max)
{
	unsigned long longest = 0;

	nodes_seen++;
	CHECK(node->level == level && node->nr <= mt_slots(level));
	CHECK(node->nr >= (node == tree.ma_root ? 1 + (level > 0) : mt_min_slots(level)));
	CHECK(mt_node_max(node) == max);
	for (unsigned int i = 0; i < node->nr; i++) {
		unsigned long first = mt_slot_min(node, i, min), last = node->mr64.pivot[i], gap = 0;

		CHECK(first <= last && first >= min);
		if (level) {
			gap = check_node(node->ma64.slot[i], level - 1, first, last);
			CHECK(node->ma64.gap[i] == gap);
		} else {
			check_slot(first, last, node->mr64.slot[i]);
			if (!node->mr64.slot[i])
				gap = last - first + 1;
		}
		longest = max(longest, gap);
	}
	return longest;
}

static void check_whole(int trees)
{
	nodes_seen = next_range = 0;
	last_was_null = false;
	if (tree.ma_root)
		check_node(tree.ma_root, tree.ma_root->level, 0, ULONG_MAX);
	CHECK(next_range == nr_ranges);
	CHECK(mtree_empty(&tree) == !nr_ranges);
	CHECK(objects == trees * nodes_seen);
}

/* A copy stands for the tree: each entry is replaced in it, then back again. */
static void check_copy(void)
{
	struct maple_tree copy = MTREE_INIT(copy, 0), original = tree;
	MA_STATE(mas, &copy, 0, 0);
	long before = objects;
	void *entry;
	int ret = __mt_dup(&tree, &copy, GFP_ATOMIC);

	if (ret) {
		CHECK(ret == -ENOMEM && fail_percent && mtree_empty(&copy) && objects == before);
		return;
	}
	CHECK(objects == 2 * before);
	mas_for_each(&mas, entry, ULONG_MAX)
		mas_store_prealloc(&mas, entry + 1);
	mas_set(&mas, 0);
	mas_for_each(&mas, entry, ULONG_MAX) {
		CHECK(entry - 1 == mtree_load(&tree, mas.index));
		mas_store_prealloc(&mas, entry - 1);
	}
	check_whole(2);
	tree = copy;
	check_whole(2);
	tree = original;
	mtree_destroy(&copy);
}

/* ------------------------------------------------------------------ operations */

/* How far apart indices are, by phase: dense, pages of an address space, anywhere. */
static unsigned long some_index(unsigned int spread)
{
	unsigned long r = host_random();

	switch (spread) {
	case 0:
		return r % 20000;
	case 1:
		return r % (1UL << 36) << 12;
	case 2:
		return r % 64 ? r : r & 64 ? ULONG_MAX - r % 3 : r % 3;
	}
	return r % 2 ? r >> 1 % 4096 : ULONG_MAX - (r >> 1) % 4096;
}

/* A length less one: short ones let the tree grow, long ones overwrite much of it. */
static unsigned long some_length(unsigned int spread, bool growing)
{
	unsigned long r = host_random(), unit = spread == 1 ? 4096 : 1;

	if (growing)
		return r % 8 * unit + unit - 1;
	switch (spread) {
	case 0:
		return r % 400;
	case 3:
		return r % 100;
	}
	return r >> (8 + r % 24);
}

static void one_store(unsigned long first, unsigned long last, void *entry, unsigned long r)
{
	gfp_t gfp = r & 1 ? GFP_KERNEL : GFP_ATOMIC;
	MA_STATE(mas, &tree, first, last);
	int ret;

	switch (r >> 1 & 3) {
	case 0:
		ret = mas_preallocate(&mas, entry, gfp);
		if (ret)
			break;
		if (r & 8) {		/* thinks better of it */
			mas_destroy(&mas);
			return;
		}
		mas_store_prealloc(&mas, entry);
		CHECK(mas_find(&mas, ULONG_MAX) == NULL || mas.index > last);
		break;
	case 1:
		ret = mtree_store_range(&tree, first, last, entry, gfp);
		CHECK(!first || mtree_store_range(&tree, first, first - 1, entry, gfp) == -EINVAL);
		break;
	default:
		ret = mas_store_gfp(&mas, entry, gfp);
		CHECK(ret || mas_prev(&mas, 0) == NULL || mas.last < first);
	}
	CHECK(!mas.alloc);
	if (ret)
		CHECK(ret == -ENOMEM && fail_percent);
	else
		model_store(first, last, entry);
}

/* What erases, replaces or widens an entry never fails, and needs no memory. */
static void one_without_memory(unsigned long index, unsigned long r)
{
	unsigned int i = model_at(index), failing = fail_percent;
	MA_STATE(mas, &tree, index, index);
	struct range *m = &model[i];
	void *entry = model_load(index);

	fail_percent = 100;
	fail_sleeping = true;
	if (r & 1) {
		if (entry)
			model_store(m->first, m->last, NULL);
		if (r & 2) {
			CHECK(mtree_erase(&tree, index) == entry);
		} else {
			CHECK(mas_erase(&mas) == entry);
			i = model_at(index);
			CHECK(mas_find(&mas, ULONG_MAX) == (i < nr_ranges ? model[i].entry : NULL));
		}
	} else if (entry) {
		unsigned long first, last, a = m->first, b = m->last;

		if ((r & 2) && model_gap(i + 1, 0, ULONG_MAX, &first, &last) && first == b + 1)
			b += (r & 4) ? last - b : 1;
		else if ((r & 8) && model_gap(i, 0, ULONG_MAX, &first, &last))
			a = (r & 4) ? first : a - 1;
		mas_set_range(&mas, a, b);
		CHECK(mas_preallocate(&mas, &model, GFP_KERNEL) == 0 && !mas.alloc);
		mas_store_prealloc(&mas, &model);
		model_store(a, b, &model);
	}
	fail_percent = failing;
}

static void one_lookup(unsigned long index, unsigned long max, unsigned long r)
{
	unsigned int i = model_at(index);
	struct range *m = i < nr_ranges && model[i].first <= max ? &model[i] : NULL;
	unsigned long found = index, first, last;
	MA_STATE(mas, &tree, index, index);

	CHECK(mtree_load(&tree, index) == model_load(index));
	CHECK(mas_walk(&mas) == model_load(index));
	if (model_load(index))
		first = model[i].first, last = model[i].last;
	else
		CHECK(model_gap(i, 0, ULONG_MAX, &first, &last));
	CHECK(mas.index == first && mas.last == last);

	if (max < index)
		m = NULL;
	CHECK(mt_find(&tree, &found, max) == (m ? m->entry : NULL));
	CHECK(found == (m ? m->last + 1 : index));
	mas_set(&mas, index);
	CHECK(mas_find(&mas, max) == (m ? m->entry : NULL));
	CHECK(!m || (mas.index == m->first && mas.last == m->last));
}

/* Some steps to and fro. */
static void one_stroll(unsigned long index, unsigned long limit, unsigned long r)
{
	MA_STATE(mas, &tree, index, index);
	long i = model_at(index);
	bool on = model_load(index);	/* the cursor is on model[i], else in the gap before it */

	for (unsigned int step = 0; step < 20; step++, r >>= 1) {
		bool forth = r & 3;
		long to = forth ? i + on : i - 1;
		struct range *m = to >= 0 && to < nr_ranges ? &model[to] : NULL;

		if (m && (forth ? m->first > limit : m->last < limit))
			return;
		if ((r & 6) == 6 && step)
			mas_pause(&mas);
		if (forth && step && (r & 8))
			CHECK(mas_find(&mas, limit) == (m ? m->entry : NULL));
		else if (forth)
			CHECK(mas_next(&mas, limit) == (m ? m->entry : NULL));
		else
			CHECK(mas_prev(&mas, 0) == (m ? m->entry : NULL));
		if (m)
			CHECK(mas.index == m->first && mas.last == m->last);
		if (!m)
			return;
		limit = ULONG_MAX;
		i = to;
		on = true;
	}
	/* A step that the limit forbids. */
	if (on && i + 1 < nr_ranges && model[i + 1].first)
		CHECK(!mas_next(&mas, model[i + 1].first - 1));
}

static void one_search_for_room(unsigned long min, unsigned long max, unsigned long size, bool rev)
{
	MA_STATE(mas, &tree, 0, 0);
	unsigned long first, last;
	int ret, want = -EBUSY;

	if (min > max || !size || max - min < size - 1) {
		want = -EINVAL;
	} else {
		for (unsigned int k = 0; k <= nr_ranges; k++)
			if (model_gap(rev ? nr_ranges - k : k, min, max, &first, &last) &&
			    last - first >= size - 1) {
				want = 0;
				break;
			}
	}
	ret = rev ? mas_empty_area_rev(&mas, min, max, size) : mas_empty_area(&mas, min, max, size);
	CHECK(ret == want);
	if (ret)
		return;
	CHECK(mas.last - mas.index == size - 1);
	CHECK(rev ? mas.last == last : mas.index == first);
}

static void one_operation(unsigned int spread, bool growing)
{
	unsigned long r = host_random(), a = some_index(spread), b = some_index(spread);
	unsigned long len = some_length(spread, growing);
	void *entry = (void *)(8 + r % 1024 * 8);

	switch (r >> 32 & 15) {
	case 0 ... 4:
		if (nr_ranges < RANGES)
			one_store(a, a + len < a ? ULONG_MAX : a + len, entry, r >> 40);
		break;
	case 5:
		if (nr_ranges < RANGES)
			one_store(a, a + len < a ? ULONG_MAX : a + len, growing ? entry : NULL, r >> 40);
		break;
	case 6:
		if (nr_ranges && nr_ranges < RANGES) {	/* just what is there, or just beside it */
			struct range *m = &model[r % nr_ranges];

			one_store(m->first - !!(m->first && (r & 1 << 20)), m->last,
				  r & 1 << 21 ? NULL : entry, r >> 40);
		}
		break;
	case 7 ... 8:
		one_without_memory(nr_ranges && (r & 1 << 22) ? model[r % nr_ranges].first : a, r >> 40);
		break;
	case 9 ... 11:
		one_lookup(a, r & 1 << 23 ? ULONG_MAX : b, r);
		break;
	case 12:
		one_stroll(a, r & 1 << 23 ? ULONG_MAX : b, r >> 40);
		break;
	default:
		one_search_for_room(r & 1 << 23 ? 0 : min(a, b), r & 1 << 24 ? ULONG_MAX : max(a, b),
				    r & 1 << 25 ? len + 1 : host_random() >> (r & 63), r & 1 << 26);
	}
}

void maple_against_model(unsigned long ops)
{
	for (unsigned long i = 0; i < ops; i++) {
		unsigned long phase = i % 100000;

		fail_percent = phase / 1000 % 2 ? 30 : 0;
		fail_sleeping = phase / 2000 % 2;
		one_operation(i / 100000 % 4, phase / 20000 % 2 == 0);
		if (i % 64 == 0 || phase < 2000 || phase % 20000 > 19900)
			check_whole(1);
		if (i % 256 == 0)
			check_copy();
		if (phase == 99999 || i == ops - 1) {
			if (i / 100000 % 2)
				mtree_destroy(&tree);
			else
				CHECK(!mtree_store_range(&tree, 0, ULONG_MAX, NULL, GFP_KERNEL));
			CHECK(mtree_empty(&tree) && objects == 0);
			nr_ranges = 0;
		}
	}
	fail_percent = 0;
}
