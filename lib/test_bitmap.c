// SPDX-License-Identifier: MIT
/* Self-tests of bitops, find_bit, bitmap and log2: ktest=bitmap */

#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/math64.h>

#define NBITS	200

static void __init bitmap_ranges_touch_nothing_else(struct ktest *test)
{
	DECLARE_BITMAP(map, NBITS);

	for (unsigned int start = 0; start < NBITS; start += 7) {
		for (unsigned int n = 0; start + n <= NBITS; n += 13) {
			bitmap_zero(map, NBITS);
			bitmap_set(map, start, n);
			KTEST_ASSERT_EQ(test, bitmap_weight(map, NBITS), n);
			KTEST_ASSERT_EQ(test, find_first_bit(map, NBITS),
					(unsigned long)(n ? start : NBITS));
			KTEST_ASSERT_EQ(test, find_last_bit(map, NBITS),
					(unsigned long)(n ? start + n - 1 : NBITS));
			bitmap_fill(map, NBITS);
			bitmap_clear(map, start, n);
			KTEST_ASSERT_EQ(test, bitmap_weight(map, NBITS), NBITS - n);
			KTEST_ASSERT_EQ(test, find_next_bit(map, NBITS, start),
					(unsigned long)(start + n));
		}
	}
}

static void __init bitmap_ignores_bits_past_the_end(struct ktest *test)
{
	DECLARE_BITMAP(a, NBITS);
	DECLARE_BITMAP(b, NBITS);

	bitmap_fill(a, NBITS);		/* whole words: 56 bits too many */
	bitmap_zero(b, NBITS);
	bitmap_set(b, 0, NBITS);
	KTEST_EXPECT_TRUE(test, bitmap_equal(a, b, NBITS));
	KTEST_EXPECT_TRUE(test, bitmap_full(b, NBITS));
	KTEST_EXPECT_FALSE(test, bitmap_andnot(a, a, b, NBITS));
	KTEST_EXPECT_TRUE(test, bitmap_empty(a, NBITS));
	KTEST_EXPECT_TRUE(test, bitmap_subset(a, b, NBITS));
	KTEST_EXPECT_FALSE(test, bitmap_intersects(a, b, NBITS));
}

static void __init bitmap_finds_areas(struct ktest *test)
{
	DECLARE_BITMAP(map, NBITS);

	bitmap_zero(map, NBITS);
	bitmap_set(map, 10, 50);
	bitmap_set(map, 70, 100);
	KTEST_EXPECT_EQ(test, bitmap_find_next_zero_area(map, NBITS, 0, 10, 0), 0UL);
	KTEST_EXPECT_EQ(test, bitmap_find_next_zero_area(map, NBITS, 1, 10, 0), 60UL);
	KTEST_EXPECT_EQ(test, bitmap_find_next_zero_area(map, NBITS, 1, 8, 15), 176UL);
	KTEST_EXPECT_GT(test, bitmap_find_next_zero_area(map, NBITS, 0, 31, 0), 200UL);
}

static void __init bitops_count_and_find(struct ktest *test)
{
	unsigned long word = 0;

	KTEST_EXPECT_EQ(test, fls(0), 0);
	KTEST_EXPECT_EQ(test, fls(0x80000000U), 32);
	KTEST_EXPECT_EQ(test, fls64(1ULL << 40), 41);
	KTEST_EXPECT_EQ(test, __ffs(0x50), 4UL);
	KTEST_EXPECT_EQ(test, ffz(0x0fUL), 4UL);
	KTEST_EXPECT_EQ(test, hweight64(~0ULL), 64U);
	KTEST_EXPECT_EQ(test, hweight32(0xf00000f1), 9U);
	KTEST_EXPECT_EQ(test, ilog2(4096), 12);
	KTEST_EXPECT_EQ(test, order_base_2(4097), 13);
	KTEST_EXPECT_EQ(test, roundup_pow_of_two(5UL), 8UL);
	KTEST_EXPECT_EQ(test, sign_extend64(0x80, 7), -128LL);
	KTEST_EXPECT_FALSE(test, test_and_set_bit(63, &word));
	KTEST_EXPECT_TRUE(test, test_and_set_bit(63, &word));
	KTEST_EXPECT_EQ(test, word, 1UL << 63);
	KTEST_EXPECT_TRUE(test, test_and_clear_bit(63, &word));
	KTEST_EXPECT_EQ(test, word, 0UL);
	KTEST_EXPECT_EQ(test, GENMASK(7, 4), 0xf0UL);
	KTEST_EXPECT_EQ(test, GENMASK(63, 0), ~0UL);
}

static void __init math_divides_wide_products(struct ktest *test)
{
	KTEST_EXPECT_EQ(test, mul_u64_u64_div_u64(~0ULL, ~0ULL, ~0ULL), ~0ULL);
	KTEST_EXPECT_EQ(test, mul_u64_u64_div_u64(1000000007ULL << 32, 62500000, 1000000000),
			(1000000007ULL << 28));
	KTEST_EXPECT_EQ(test, mul_u64_u64_div_u64(~0ULL, 3, 7), 7905747460161236406ULL);
	KTEST_EXPECT_EQ(test, mul_u64_u32_shr(1ULL << 60, 1U << 20, 32), 1ULL << 48);
	KTEST_EXPECT_EQ(test, int_sqrt(1UL << 62), 1UL << 31);
	KTEST_EXPECT_EQ(test, int_sqrt(99), 9UL);
	KTEST_EXPECT_EQ(test, int_sqrt(~0UL), 0xffffffffUL);
	KTEST_EXPECT_EQ(test, gcd(84, 36), 12UL);
	KTEST_EXPECT_EQ(test, roundup(13, 5), 15);
	KTEST_EXPECT_EQ(test, round_up(13, 8), 16);
	KTEST_EXPECT_EQ(test, DIV_ROUND_CLOSEST(-7, 2), -4);
}

ktest_suite("bitmap",
	    KTEST_CASE(bitmap_ranges_touch_nothing_else),
	    KTEST_CASE(bitmap_ignores_bits_past_the_end),
	    KTEST_CASE(bitmap_finds_areas),
	    KTEST_CASE(bitops_count_and_find),
	    KTEST_CASE(math_divides_wide_products));
