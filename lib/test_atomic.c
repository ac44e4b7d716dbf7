// SPDX-License-Identifier: MIT
/*
 * Self-tests of linux/atomic.h, refcount.h and asm/cmpxchg.h: ktest=atomic
 *
 * What each operation yields, on one CPU; that nothing is lost between CPUs is not shown here.
 */

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/refcount.h>

static void __init atomic_operations_yield_old_or_new(struct ktest *test)
{
	atomic_t v = ATOMIC_INIT(10);

	atomic_add(5, &v);
	atomic_sub(1, &v);
	atomic_inc(&v);
	atomic_dec(&v);
	KTEST_EXPECT_EQ(test, atomic_read(&v), 14);
	KTEST_EXPECT_EQ(test, atomic_add_return(6, &v), 20);
	KTEST_EXPECT_EQ(test, atomic_sub_return(2, &v), 18);
	KTEST_EXPECT_EQ(test, atomic_fetch_add(2, &v), 18);
	KTEST_EXPECT_EQ(test, atomic_fetch_inc(&v), 20);
	KTEST_EXPECT_EQ(test, atomic_dec_return(&v), 20);
	KTEST_EXPECT_EQ(test, atomic_fetch_andnot(4, &v), 20);
	KTEST_EXPECT_EQ(test, atomic_fetch_or(3, &v), 16);
	KTEST_EXPECT_EQ(test, atomic_fetch_xor(1, &v), 19);
	KTEST_EXPECT_EQ(test, atomic_fetch_and(2, &v), 18);
	KTEST_EXPECT_EQ(test, atomic_xchg(&v, -1), 2);
	KTEST_EXPECT_TRUE(test, atomic_inc_and_test(&v));
	KTEST_EXPECT_TRUE(test, atomic_add_negative(-1, &v));
}

static void __init atomic_conditions_hold(struct ktest *test)
{
	atomic_t v = ATOMIC_INIT(1);
	int old = 5;

	KTEST_EXPECT_TRUE(test, atomic_inc_not_zero(&v));
	KTEST_EXPECT_FALSE(test, atomic_dec_and_test(&v));
	KTEST_EXPECT_TRUE(test, atomic_dec_and_test(&v));
	KTEST_EXPECT_FALSE(test, atomic_inc_not_zero(&v));
	KTEST_EXPECT_EQ(test, atomic_dec_if_positive(&v), -1);
	KTEST_EXPECT_EQ(test, atomic_read(&v), 0);
	KTEST_EXPECT_EQ(test, atomic_cmpxchg(&v, 1, 9), 0);
	KTEST_EXPECT_FALSE(test, atomic_try_cmpxchg(&v, &old, 9));
	KTEST_EXPECT_EQ(test, old, 0);
	KTEST_EXPECT_TRUE(test, atomic_try_cmpxchg(&v, &old, 9));
	KTEST_EXPECT_EQ(test, atomic_read(&v), 9);
}

static void __init atomic64_counts_past_32_bits(struct ktest *test)
{
	atomic64_t v = ATOMIC64_INIT(0xffffffff);
	atomic_long_t l = ATOMIC_LONG_INIT(-1);

	KTEST_EXPECT_EQ(test, atomic64_inc_return(&v), 0x100000000LL);
	KTEST_EXPECT_EQ(test, atomic64_cmpxchg(&v, 0x100000000LL, 1LL << 62), 0x100000000LL);
	KTEST_EXPECT_EQ(test, atomic64_read(&v), 1LL << 62);
	KTEST_EXPECT_EQ(test, atomic_long_fetch_add(1L << 40, &l), -1L);
	KTEST_EXPECT_EQ(test, atomic_long_read(&l), (1L << 40) - 1);
}

static void __init cmpxchg_works_at_every_size(struct ktest *test)
{
	u8 b[3] = { 1, 2, 3 };
	u16 h = 0xffff;
	void *p = NULL;

	KTEST_EXPECT_EQ(test, cmpxchg(&b[1], 2, 9), (u8)2);
	KTEST_EXPECT_EQ(test, cmpxchg(&b[1], 2, 7), (u8)9);
	KTEST_EXPECT_EQ(test, b[0] * 100 + b[1] * 10 + b[2], 193);
	KTEST_EXPECT_EQ(test, xchg(&h, 1), (u16)0xffff);
	KTEST_EXPECT_NULL(test, cmpxchg(&p, NULL, (void *)b));
	KTEST_EXPECT_PTR_EQ(test, xchg(&p, NULL), b);
}

static void __init refcount_counts_to_zero(struct ktest *test)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	KTEST_EXPECT_TRUE(test, refcount_inc_not_zero(&r));
	KTEST_EXPECT_EQ(test, refcount_read(&r), 3U);
	refcount_dec(&r);
	KTEST_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KTEST_EXPECT_FALSE(test, refcount_dec_not_one(&r));
	KTEST_EXPECT_TRUE(test, refcount_dec_and_test(&r));
	KTEST_EXPECT_FALSE(test, refcount_inc_not_zero(&r));
}

ktest_suite("atomic",
	    KTEST_CASE(atomic_operations_yield_old_or_new),
	    KTEST_CASE(atomic_conditions_hold),
	    KTEST_CASE(atomic64_counts_past_32_bits),
	    KTEST_CASE(cmpxchg_works_at_every_size),
	    KTEST_CASE(refcount_counts_to_zero));
