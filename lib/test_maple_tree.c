// SPDX-License-Identifier: MIT
/* Self-tests of the maple tree: ktest=maple. A million random operations: tests/lib/model_maple.c */

#include <linux/errno.h>
#include <linux/ktest.h>
#include <linux/maple_tree.h>

#include "maple_tree.h"

#define A	((void *)0x1000)
#define B	((void *)0x2000)
#define N	1000UL		/* ranges for a tree of some levels */

/* Does the cursor's next step lead to this? */
static void __init expect_next(struct ktest *test, struct ma_state *mas, void *entry,
			       unsigned long first, unsigned long last)
{
	KTEST_EXPECT_PTR_EQ(test, mas_next(mas, ULONG_MAX), entry);
	KTEST_EXPECT_EQ(test, mas->index, first);
	KTEST_EXPECT_EQ(test, mas->last, last);
}

static void __init maple_store_cuts_what_it_overlaps(struct ktest *test)
{
	DEFINE_MTREE(mt);
	MA_STATE(mas, &mt, 0, 0);

	KTEST_EXPECT_EQ(test, mtree_store_range(&mt, 10, 5, A, GFP_KERNEL), -EINVAL);
	KTEST_EXPECT_EQ(test, mtree_store_range(&mt, 100, 199, A, GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, mtree_store_range(&mt, 140, 149, B, GFP_KERNEL), 0);
	expect_next(test, &mas, A, 100, 139);
	expect_next(test, &mas, B, 140, 149);
	expect_next(test, &mas, A, 150, 199);
	KTEST_EXPECT_NULL(test, mas_next(&mas, ULONG_MAX));

	/* Over the end of one, all of the next, and the beginning of the third. */
	KTEST_EXPECT_EQ(test, mtree_store_range(&mt, 120, 159, NULL, GFP_KERNEL), 0);
	mas_set(&mas, 0);
	expect_next(test, &mas, A, 100, 119);
	expect_next(test, &mas, A, 160, 199);
	KTEST_EXPECT_NULL(test, mtree_load(&mt, 120));
	KTEST_EXPECT_NULL(test, mtree_load(&mt, 159));
	mtree_destroy(&mt);
}

static void __init maple_both_ends_have_a_place(struct ktest *test)
{
	DEFINE_MTREE(mt);
	MA_STATE(mas, &mt, 0, 0);
	unsigned long index = 1;

	KTEST_EXPECT_NULL(test, mtree_load(&mt, 0));
	KTEST_EXPECT_NULL(test, mas_find(&mas, ULONG_MAX));
	KTEST_EXPECT_EQ(test, mtree_store(&mt, 0, A, GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, mtree_store(&mt, ULONG_MAX, B, GFP_KERNEL), 0);
	KTEST_EXPECT_PTR_EQ(test, mtree_load(&mt, 0), A);
	KTEST_EXPECT_NULL(test, mt_find(&mt, &index, ULONG_MAX - 1));
	KTEST_EXPECT_EQ(test, index, 1UL);
	KTEST_EXPECT_PTR_EQ(test, mt_find(&mt, &index, ULONG_MAX), B);
	KTEST_EXPECT_EQ(test, index, 0UL);
	KTEST_EXPECT_PTR_EQ(test, mtree_erase(&mt, 0), A);
	KTEST_EXPECT_PTR_EQ(test, mtree_erase(&mt, ULONG_MAX), B);
	KTEST_EXPECT_TRUE(test, mtree_empty(&mt));
}

static void __init maple_cursor_steps_both_ways(struct ktest *test)
{
	DEFINE_MTREE(mt);
	MA_STATE(mas, &mt, 0, 0);
	unsigned long i;
	void *entry;

	for (i = 0; i < N; i++)
		KTEST_ASSERT_EQ(test, mtree_store_range(&mt, 10 * i + 3, 10 * i + 6, A + i, GFP_KERNEL), 0);
	KTEST_EXPECT_GE(test, mt.ma_root->level, 2);
	i = 0;
	mas_for_each(&mas, entry, 10 * (N - 2) + 3) {
		KTEST_EXPECT_PTR_EQ(test, entry, A + i);
		KTEST_EXPECT_EQ(test, mas.index, 10 * i + 3);
		i++;
	}
	KTEST_EXPECT_EQ(test, i, N - 1);
	/* It did not leave the last one, as there was nothing more to find. */
	for (i--; i--; )
		KTEST_EXPECT_PTR_EQ(test, mas_prev(&mas, 0), A + i);
	KTEST_EXPECT_NULL(test, mas_prev(&mas, 0));
	/* One store over nearly all of it, and the tree is low again. */
	KTEST_EXPECT_EQ(test, mtree_store_range(&mt, 5, 10 * N, NULL, GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, mt.ma_root->level, 0);
	mas_set(&mas, 0);
	expect_next(test, &mas, A, 3, 4);
	KTEST_EXPECT_NULL(test, mas_next(&mas, ULONG_MAX));
	mtree_destroy(&mt);
}

static void __init maple_room_is_found_at_either_end(struct ktest *test)
{
	DEFINE_MTREE(mt);
	MA_STATE(mas, &mt, 0, 0);

	/* Gaps of 6 between the entries, but one of 36. */
	for (unsigned long i = 0; i < N; i++)
		if (i < 500 || i > 502)
			KTEST_ASSERT_EQ(test, mtree_store_range(&mt, 10 * i, 10 * i + 3, A, GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, mas_empty_area(&mas, 0, 10 * N - 1, 36), 0);
	KTEST_EXPECT_EQ(test, mas.index, 4994UL);
	KTEST_EXPECT_EQ(test, mas_empty_area_rev(&mas, 0, 10 * N - 1, 10), 0);
	KTEST_EXPECT_EQ(test, mas.index, 5020UL);
	KTEST_EXPECT_EQ(test, mas.last, 5029UL);
	KTEST_EXPECT_EQ(test, mas_empty_area_rev(&mas, 0, 10 * N - 1, 37), -EBUSY);
	KTEST_EXPECT_EQ(test, mas_empty_area(&mas, 5000, 10 * N - 1, 36), -EBUSY);
	KTEST_EXPECT_EQ(test, mas_empty_area(&mas, 0, 4, 6), -EINVAL);
	KTEST_EXPECT_EQ(test, mas_empty_area_rev(&mas, 0, 10 * N - 2, 6), 0);
	KTEST_EXPECT_EQ(test, mas.last, 10 * N - 11);
	mtree_destroy(&mt);
}

static void __init maple_preallocated_store_needs_no_more(struct ktest *test)
{
	DEFINE_MTREE(mt);

	for (unsigned long i = 0; i < N; i++) {
		MA_STATE(mas, &mt, 7 * i, 7 * i + 2);

		KTEST_ASSERT_EQ(test, mas_preallocate(&mas, A, GFP_KERNEL), 0);
		mas_store_prealloc(&mas, A);
		KTEST_EXPECT_NULL(test, mas.alloc);
		/* To widen it takes no node at all. */
		mas_set_range(&mas, 7 * i, 7 * i + 4);
		KTEST_EXPECT_EQ(test, mas_preallocate(&mas, A, GFP_KERNEL), 0);
		KTEST_EXPECT_NULL(test, mas.alloc);
		mas_store_prealloc(&mas, A);
	}
	for (unsigned long i = 0; i < N; i++)
		KTEST_EXPECT_PTR_EQ(test, mtree_erase(&mt, 7 * i + i % 5), A);
	KTEST_EXPECT_TRUE(test, mtree_empty(&mt));
}

ktest_suite("maple",
	    KTEST_CASE(maple_store_cuts_what_it_overlaps),
	    KTEST_CASE(maple_both_ends_have_a_place),
	    KTEST_CASE(maple_cursor_steps_both_ways),
	    KTEST_CASE(maple_room_is_found_at_either_end),
	    KTEST_CASE(maple_preallocated_store_needs_no_more));
