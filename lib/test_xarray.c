// SPDX-License-Identifier: MIT
/* Self-tests of lib/xarray.c and lib/idr.c: ktest=xarray,idr */

#include <linux/ktest.h>
#include <linux/kernel.h>
#include <linux/idr.h>
#include <linux/slab.h>
#include <linux/xarray.h>

/* Indices at both sides of each change of height. */
static const unsigned long places[] __initconst = {
	0, 1, 63, 64, 4095, 4096, 262143, 262144, 1UL << 32, ULONG_MAX - 1, ULONG_MAX,
};

static void __init xarray_keeps_entries_apart(struct ktest *test)
{
	static DEFINE_XARRAY(xa);
	unsigned long index;
	void *entry;
	int n = 0;

	for (int i = 0; i < ARRAY_SIZE(places); i++) {
		KTEST_EXPECT_NULL(test, xa_load(&xa, places[i]));
		KTEST_EXPECT_NULL(test, xa_store(&xa, places[i], xa_mk_value(i), GFP_KERNEL));
	}
	for (int i = 0; i < ARRAY_SIZE(places); i++)
		KTEST_EXPECT_PTR_EQ(test, xa_load(&xa, places[i]), xa_mk_value(i));
	KTEST_EXPECT_NULL(test, xa_load(&xa, 2));
	xa_for_each(&xa, index, entry) {
		KTEST_EXPECT_EQ(test, index, places[n]);
		KTEST_EXPECT_EQ(test, xa_to_value(entry), (unsigned long)n);
		n++;
	}
	KTEST_EXPECT_EQ(test, n, (int)ARRAY_SIZE(places));
	for (int i = ARRAY_SIZE(places) - 1; i >= 0; i--)
		KTEST_EXPECT_PTR_EQ(test, xa_erase(&xa, places[i]), xa_mk_value(i));
	KTEST_EXPECT_TRUE(test, xa_empty(&xa));
}

static void __init xarray_stores_conditionally(struct ktest *test)
{
	static DEFINE_XARRAY(xa);
	void *a = xa_mk_value(1), *b = xa_mk_value(2);

	KTEST_EXPECT_EQ(test, xa_insert(&xa, 5, a, GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, xa_insert(&xa, 5, b, GFP_KERNEL), -EBUSY);
	KTEST_EXPECT_PTR_EQ(test, xa_cmpxchg(&xa, 5, b, b, GFP_KERNEL), a);
	KTEST_EXPECT_PTR_EQ(test, xa_load(&xa, 5), a);
	KTEST_EXPECT_PTR_EQ(test, xa_cmpxchg(&xa, 5, a, b, GFP_KERNEL), a);
	KTEST_EXPECT_PTR_EQ(test, xa_load(&xa, 5), b);

	/* A reserved place holds nothing and needs no memory for the store. */
	KTEST_EXPECT_EQ(test, xa_reserve(&xa, 100000, GFP_KERNEL), 0);
	KTEST_EXPECT_NULL(test, xa_load(&xa, 100000));
	KTEST_EXPECT_EQ(test, xa_insert(&xa, 100000, a, GFP_KERNEL), -EBUSY);
	KTEST_EXPECT_NULL(test, xa_store(&xa, 100000, a, 0));
	xa_release(&xa, 100000);
	KTEST_EXPECT_PTR_EQ(test, xa_load(&xa, 100000), a);
	xa_destroy(&xa);
	KTEST_EXPECT_TRUE(test, xa_empty(&xa));
}

static void __init xarray_finds_marked_entries(struct ktest *test)
{
	static DEFINE_XARRAY(xa);
	unsigned long index, want = 0;
	void *entry;

	for (index = 0; index < 1000; index++)
		xa_store(&xa, index, xa_mk_value(index), GFP_KERNEL);
	KTEST_EXPECT_FALSE(test, xa_marked(&xa, XA_MARK_1));
	for (index = 0; index < 1000; index += 300)
		xa_set_mark(&xa, index, XA_MARK_1);
	xa_set_mark(&xa, 5000, XA_MARK_1);	/* nothing there */
	xa_for_each_marked(&xa, index, entry, XA_MARK_1) {
		KTEST_EXPECT_EQ(test, index, want);
		want += 300;
	}
	KTEST_EXPECT_EQ(test, want, 1200UL);
	xa_store(&xa, 300, xa_mk_value(0), GFP_KERNEL);
	KTEST_EXPECT_TRUE(test, xa_get_mark(&xa, 300, XA_MARK_1));
	KTEST_EXPECT_FALSE(test, xa_get_mark(&xa, 300, XA_MARK_2));
	xa_erase(&xa, 300);
	xa_store(&xa, 300, xa_mk_value(0), GFP_KERNEL);
	KTEST_EXPECT_FALSE(test, xa_get_mark(&xa, 300, XA_MARK_1));
	for (index = 0; index < 1000; index += 300)
		xa_clear_mark(&xa, index, XA_MARK_1);
	KTEST_EXPECT_FALSE(test, xa_marked(&xa, XA_MARK_1));
	xa_destroy(&xa);
}

static void __init xarray_allocates_lowest_free_index(struct ktest *test)
{
	static DEFINE_XARRAY_ALLOC1(xa);
	u32 id, next = 0;

	for (u32 want = 1; want <= 200; want++) {
		KTEST_ASSERT_EQ(test, xa_alloc(&xa, &id, NULL, xa_limit_32b, GFP_KERNEL), 0);
		KTEST_EXPECT_EQ(test, id, want);
	}
	xa_erase(&xa, 77);
	KTEST_EXPECT_EQ(test, xa_alloc(&xa, &id, NULL, xa_limit_32b, GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, id, 77U);
	KTEST_EXPECT_EQ(test, xa_alloc(&xa, &id, NULL, XA_LIMIT(10, 200), GFP_KERNEL), -EBUSY);

	next = 203;
	KTEST_EXPECT_EQ(test, xa_alloc_cyclic(&xa, &id, NULL, XA_LIMIT(1, 204), &next,
					      GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, id, 203U);
	KTEST_EXPECT_EQ(test, xa_alloc_cyclic(&xa, &id, NULL, XA_LIMIT(1, 204), &next,
					      GFP_KERNEL), 0);
	KTEST_EXPECT_EQ(test, xa_alloc_cyclic(&xa, &id, NULL, XA_LIMIT(1, 204), &next,
					      GFP_KERNEL), 1);
	KTEST_EXPECT_EQ(test, id, 201U);
	xa_destroy(&xa);
}

ktest_suite("xarray",
	    KTEST_CASE(xarray_keeps_entries_apart),
	    KTEST_CASE(xarray_stores_conditionally),
	    KTEST_CASE(xarray_finds_marked_entries),
	    KTEST_CASE(xarray_allocates_lowest_free_index));

static void __init idr_gives_numbers_in_turn(struct ktest *test)
{
	static DEFINE_IDR(idr);
	int a = 1, b = 2, id = 0;
	void *p;

	KTEST_EXPECT_EQ(test, idr_alloc_cyclic(&idr, &a, 1, 4, GFP_KERNEL), 1);
	KTEST_EXPECT_EQ(test, idr_alloc_cyclic(&idr, NULL, 1, 4, GFP_KERNEL), 2);
	KTEST_EXPECT_PTR_EQ(test, idr_remove(&idr, 1), &a);
	KTEST_EXPECT_EQ(test, idr_alloc_cyclic(&idr, &a, 1, 4, GFP_KERNEL), 3);
	KTEST_EXPECT_EQ(test, idr_alloc_cyclic(&idr, &a, 1, 4, GFP_KERNEL), 1);
	KTEST_EXPECT_EQ(test, idr_alloc_cyclic(&idr, &a, 1, 4, GFP_KERNEL), -ENOSPC);

	/* A number that is kept is found by nobody until it has a pointer. */
	KTEST_EXPECT_NULL(test, idr_find(&idr, 2));
	idr_for_each_entry(&idr, p, id)
		KTEST_EXPECT_NE(test, id, 2);
	KTEST_EXPECT_NULL(test, idr_replace(&idr, &b, 2));
	KTEST_EXPECT_PTR_EQ(test, idr_find(&idr, 2), &b);
	KTEST_EXPECT_PTR_EQ(test, idr_replace(&idr, &b, 9), ERR_PTR(-ENOENT));
	idr_destroy(&idr);
	KTEST_EXPECT_TRUE(test, idr_is_empty(&idr));
}

static void __init ida_gives_lowest_number(struct ktest *test)
{
	static DEFINE_IDA(ida);

	for (int i = 0; i < 130; i++)
		KTEST_EXPECT_EQ(test, ida_alloc(&ida, GFP_KERNEL), i);
	ida_free(&ida, 64);
	KTEST_EXPECT_EQ(test, ida_alloc(&ida, GFP_KERNEL), 64);
	KTEST_EXPECT_EQ(test, ida_alloc_max(&ida, 129, GFP_KERNEL), -ENOSPC);
	ida_destroy(&ida);
}

ktest_suite("idr",
	    KTEST_CASE(idr_gives_numbers_in_turn),
	    KTEST_CASE(ida_gives_lowest_number));
