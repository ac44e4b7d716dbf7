// SPDX-License-Identifier: MIT
/* Self-tests of lib/string.c and the memory functions in assembly: ktest=string */

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/ktest.h>

#define AREA	320

static u8 mem[AREA] __initdata, want[AREA] __initdata;

/* A byte that differs from its neighbours at every distance below 256. */
static void __init pattern(u8 *p)
{
	for (int i = 0; i < AREA; i++)
		p[i] = i * 167 + (i >> 8);
}

/* The slow and plain way. */
static void __init move_bytes(u8 *dst, const u8 *src, int n)
{
	static u8 copy[AREA] __initdata;

	for (int i = 0; i < n; i++)
		copy[i] = src[i];
	for (int i = 0; i < n; i++)
		dst[i] = copy[i];
}

static bool __init same(void)
{
	for (int i = 0; i < AREA; i++)
		if (mem[i] != want[i])
			return false;
	return true;
}

static void __init memcpy_copies_exactly_n_bytes(struct ktest *test)
{
	for (int n = 0; n <= 140; n++) {
		for (int off = 0; off < 9; off++) {
			pattern(mem);
			pattern(want);
			move_bytes(want + 165 + off, want + 8 - off, n);
			KTEST_EXPECT_PTR_EQ(test, memcpy(mem + 165 + off, mem + 8 - off, n),
					    mem + 165 + off);
			KTEST_ASSERT_TRUE(test, same());
		}
	}
}

static void __init memmove_copies_overlapping_areas(struct ktest *test)
{
	static const short shifts[] __initconst = {
		-130, -64, -63, -17, -16, -8, -3, -1, 0, 1, 3, 8, 16, 17, 63, 64, 130,
	};

	for (int n = 0; n <= 140; n++) {
		for (int i = 0; i < ARRAY_SIZE(shifts); i++) {
			int from = 150 - (shifts[i] > 0) * 130;

			pattern(mem);
			pattern(want);
			move_bytes(want + from + shifts[i], want + from, n);
			KTEST_EXPECT_PTR_EQ(test, memmove(mem + from + shifts[i], mem + from, n),
					    mem + from + shifts[i]);
			KTEST_ASSERT_TRUE(test, same());
		}
	}
}

static void __init memset_sets_exactly_n_bytes(struct ktest *test)
{
	for (int n = 0; n <= 140; n++) {
		for (int off = 0; off < 9; off++) {
			pattern(mem);
			pattern(want);
			for (int i = 0; i < n; i++)
				want[100 + off + i] = 0xa5;
			KTEST_EXPECT_PTR_EQ(test, memset(mem + 100 + off, 0x1a5, n),
					    mem + 100 + off);
			KTEST_ASSERT_TRUE(test, same());
		}
	}
}

static void __init memcmp_and_memchr_find_the_byte(struct ktest *test)
{
	for (int at = 0; at < 40; at++) {
		memset(mem, 7, 40);
		memset(want, 7, 40);
		KTEST_EXPECT_NULL(test, memchr_inv(mem + 1, 7, 39));
		mem[at] = 0xf0;
		KTEST_EXPECT_GT(test, memcmp(mem, want, 40), 0);
		KTEST_EXPECT_LT(test, memcmp(want, mem, 40), 0);
		KTEST_EXPECT_EQ(test, memcmp(want, mem, at), 0);
		KTEST_EXPECT_PTR_EQ(test, memchr(mem, 0xf0, 40), mem + at);
		KTEST_EXPECT_PTR_EQ(test, memchr_inv(mem, 7, 40), mem + at);
		KTEST_EXPECT_NULL(test, memchr(mem, 0xf0, at));
	}
}

static void __init strings_compare_and_search(struct ktest *test)
{
	const char *path = "/usr/bin/env";

	KTEST_EXPECT_EQ(test, strlen(path), 12UL);
	KTEST_EXPECT_EQ(test, strnlen(path, 5), 5UL);
	KTEST_EXPECT_LT(test, strcmp("abc", "abd"), 0);
	KTEST_EXPECT_GT(test, strcmp("\xff", "a"), 0);
	KTEST_EXPECT_EQ(test, strncmp("abc", "abd", 2), 0);
	KTEST_EXPECT_EQ(test, strcasecmp("ReadMe", "rEADmE"), 0);
	KTEST_EXPECT_STREQ(test, strchr(path, 'b'), "bin/env");
	KTEST_EXPECT_NULL(test, strchr(path, 'x'));
	KTEST_EXPECT_PTR_EQ(test, strchr(path, 0), path + 12);
	KTEST_EXPECT_STREQ(test, strrchr(path, '/'), "/env");
	KTEST_EXPECT_STREQ(test, kbasename(path), "env");
	KTEST_EXPECT_STREQ(test, strstr(path, "bin"), "bin/env");
	KTEST_EXPECT_NULL(test, strstr("bi", "bin"));
	KTEST_EXPECT_PTR_EQ(test, strstr(path, ""), path);
	KTEST_EXPECT_NULL(test, strnstr(path, "bin", 7));
	KTEST_EXPECT_EQ(test, strspn("aabbc", "ab"), 4UL);
	KTEST_EXPECT_EQ(test, strcspn("aabbc", "cb"), 2UL);
	KTEST_EXPECT_TRUE(test, sysfs_streq("on\n", "on"));
	KTEST_EXPECT_FALSE(test, sysfs_streq("on\n", "one"));
}

static void __init strings_copy_within_bounds(struct ktest *test)
{
	char buf[8];

	KTEST_EXPECT_EQ(test, strscpy(buf, "1234567", 8), 7L);
	KTEST_EXPECT_EQ(test, strscpy(buf, "12345678", 8), (ssize_t)-E2BIG);
	KTEST_EXPECT_STREQ(test, buf, "1234567");
	KTEST_EXPECT_EQ(test, strscpy(buf, "x", 0), (ssize_t)-E2BIG);
	KTEST_EXPECT_EQ(test, strlcpy(buf, "longer than that", 5), 16UL);
	KTEST_EXPECT_STREQ(test, buf, "long");
	KTEST_EXPECT_EQ(test, strlcat(buf, "itude", 8), 9UL);
	KTEST_EXPECT_STREQ(test, buf, "longitu");
	memset(buf, 'x', sizeof(buf));
	strncpy(buf, "ab", 4);
	KTEST_EXPECT_EQ(test, memcmp(buf, "ab\0\0xxxx", 8), 0);
	strscpy_pad(buf, "c", 8);
	KTEST_EXPECT_NULL(test, memchr_inv(buf + 1, 0, 7));
}

static void __init strings_split_and_trim(struct ktest *test)
{
	char text[] = "a,b:,c", spaced[] = " \t x y\n ", *s = text;

	KTEST_EXPECT_STREQ(test, strsep(&s, ",:"), "a");
	KTEST_EXPECT_STREQ(test, strsep(&s, ",:"), "b");
	KTEST_EXPECT_STREQ(test, strsep(&s, ",:"), "");
	KTEST_EXPECT_STREQ(test, strsep(&s, ",:"), "c");
	KTEST_EXPECT_NULL(test, strsep(&s, ",:"));
	KTEST_EXPECT_STREQ(test, strim(spaced), "x y");
	KTEST_EXPECT_TRUE(test, isspace('\n') && isxdigit('F') && !isxdigit('g') && !isalpha(0xe9));
	KTEST_EXPECT_EQ(test, toupper('z'), (unsigned char)'Z');
}

ktest_suite("string",
	    KTEST_CASE(memcpy_copies_exactly_n_bytes),
	    KTEST_CASE(memmove_copies_overlapping_areas),
	    KTEST_CASE(memset_sets_exactly_n_bytes),
	    KTEST_CASE(memcmp_and_memchr_find_the_byte),
	    KTEST_CASE(strings_compare_and_search),
	    KTEST_CASE(strings_copy_within_bounds),
	    KTEST_CASE(strings_split_and_trim));
