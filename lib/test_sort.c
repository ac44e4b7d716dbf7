// SPDX-License-Identifier: MIT
/* Self-tests of lib/sort.c: ktest=sort */

#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/sort.h>

static int __init compare_u32(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static void __init sort_orders_every_length(struct ktest *test)
{
	u32 v[40], sum, after;

	for (u32 n = 0; n <= ARRAY_SIZE(v); n++) {
		sum = after = 0;
		for (u32 i = 0; i < n; i++)
			sum += v[i] = (i * 2654435761U) >> 27;	/* some are equal */
		sort(v, n, sizeof(v[0]), compare_u32, NULL);
		for (u32 i = 0; i < n; i++) {
			after += v[i];
			KTEST_ASSERT_TRUE(test, i == 0 || v[i - 1] <= v[i]);
		}
		KTEST_EXPECT_EQ(test, sum, after);
	}
}

static int __init compare_first(const void *a, const void *b, const void *priv)
{
	int sign = *(const int *)priv;

	return sign * (*(const u8 *)a - *(const u8 *)b);
}

static void __init sort_moves_odd_sized_elements(struct ktest *test)
{
	struct { u8 b[11]; } v[9];
	int sign = -1;

	for (int i = 0; i < 9; i++)
		memset(&v[i], i * 5 % 9, sizeof(v[i]));
	sort_r(v, 9, sizeof(v[0]), compare_first, NULL, &sign);
	for (int i = 0; i < 9; i++)
		KTEST_EXPECT_NULL(test, memchr_inv(&v[i], 8 - i, sizeof(v[i])));
}

ktest_suite("sort",
	    KTEST_CASE(sort_orders_every_length),
	    KTEST_CASE(sort_moves_odd_sized_elements));
