// SPDX-License-Identifier: MIT
/* Self-tests of lib/cmdline.c and lib/kstrtox.c: ktest=cmdline */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktest.h>

static void __init cmdline_splits_arguments(struct ktest *test)
{
	char line[] = "ro root=/dev/vda  msg=\"two words\" \"k=a b\" empty= last", *s = line;
	static const char *const want[][2] __initconst = {
		{ "ro", NULL }, { "root", "/dev/vda" }, { "msg", "two words" }, { "k", "a b" },
		{ "empty", "" }, { "last", NULL },
	};
	char *param, *val;

	for (int i = 0; i < ARRAY_SIZE(want); i++) {
		KTEST_ASSERT_TRUE(test, *s);
		s = next_arg(s, &param, &val);
		KTEST_EXPECT_STREQ(test, param, want[i][0]);
		KTEST_EXPECT_EQ(test, !val, !want[i][1]);
		if (val && want[i][1])
			KTEST_EXPECT_STREQ(test, val, want[i][1]);
	}
	KTEST_EXPECT_STREQ(test, s, "");
}

static void __init cmdline_survives_odd_quotes(struct ktest *test)
{
	static const char *const odd[] __initconst = { "\"", "a=\"", "\"\"", "=", "a=\"b", "\"a" };
	char line[16], *param, *val;

	for (int i = 0; i < ARRAY_SIZE(odd); i++) {
		strscpy(line, odd[i], sizeof(line));
		KTEST_EXPECT_STREQ(test, next_arg(line, &param, &val), "");
	}
	KTEST_EXPECT_STREQ(test, param, "a");
}

static void __init memparse_knows_suffixes(struct ktest *test)
{
	char *end;

	KTEST_EXPECT_EQ(test, memparse("0x10", NULL), 16ULL);
	KTEST_EXPECT_EQ(test, memparse("4k@1", &end), 4096ULL);
	KTEST_EXPECT_STREQ(test, end, "@1");
	KTEST_EXPECT_EQ(test, memparse("256M", NULL), 256ULL << 20);
	KTEST_EXPECT_EQ(test, memparse("3G", NULL), 3ULL << 30);
	KTEST_EXPECT_EQ(test, memparse("x", &end), 0ULL);
	KTEST_EXPECT_STREQ(test, end, "x");
}

static void __init get_option_walks_a_list(struct ktest *test)
{
	char list[] = "3,-4,7-9", *s = list;
	int v = 0;

	KTEST_EXPECT_EQ(test, get_option(&s, &v), 2);
	KTEST_EXPECT_EQ(test, v, 3);
	KTEST_EXPECT_EQ(test, get_option(&s, &v), 2);
	KTEST_EXPECT_EQ(test, v, -4);
	KTEST_EXPECT_EQ(test, get_option(&s, &v), 3);
	KTEST_EXPECT_EQ(test, v, 7);
	s++;
	KTEST_EXPECT_EQ(test, get_option(&s, &v), 1);
	KTEST_EXPECT_EQ(test, v, 9);
	KTEST_EXPECT_EQ(test, get_option(&s, &v), 0);
}

static void __init kstrto_refuses_what_is_no_number(struct ktest *test)
{
	unsigned long long ull = 5;
	long long ll = 5;
	int i = 5;
	u8 byte = 5;
	bool b;

	KTEST_EXPECT_EQ(test, kstrtoull("0x1F\n", 0, &ull), 0);
	KTEST_EXPECT_EQ(test, ull, 31ULL);
	KTEST_EXPECT_EQ(test, kstrtoull("18446744073709551616", 10, &ull), -ERANGE);
	KTEST_EXPECT_EQ(test, kstrtoull("-1", 10, &ull), -EINVAL);
	KTEST_EXPECT_EQ(test, kstrtoull("", 10, &ull), -EINVAL);
	KTEST_EXPECT_EQ(test, kstrtoull("12x", 10, &ull), -EINVAL);
	KTEST_EXPECT_EQ(test, kstrtoull("0x", 0, &ull), -EINVAL);
	KTEST_EXPECT_EQ(test, ull, 31ULL);
	KTEST_EXPECT_EQ(test, kstrtoll("-9223372036854775808", 10, &ll), 0);
	KTEST_EXPECT_EQ(test, ll, LLONG_MIN);
	KTEST_EXPECT_EQ(test, kstrtoll("9223372036854775808", 10, &ll), -ERANGE);
	KTEST_EXPECT_EQ(test, kstrtoint("-2147483649", 10, &i), -ERANGE);
	KTEST_EXPECT_EQ(test, kstrtoint("0755", 0, &i), 0);
	KTEST_EXPECT_EQ(test, i, 0755);
	KTEST_EXPECT_EQ(test, kstrtou8("256", 10, &byte), -ERANGE);
	KTEST_EXPECT_EQ(test, byte, (u8)5);
	KTEST_EXPECT_EQ(test, kstrtobool("off", &b), 0);
	KTEST_EXPECT_FALSE(test, b);
	KTEST_EXPECT_EQ(test, kstrtobool("maybe", &b), -EINVAL);
	KTEST_EXPECT_EQ(test, simple_strtol("-12abc", NULL, 10), -12L);
}

ktest_suite("cmdline",
	    KTEST_CASE(cmdline_splits_arguments),
	    KTEST_CASE(cmdline_survives_odd_quotes),
	    KTEST_CASE(memparse_knows_suffixes),
	    KTEST_CASE(get_option_walks_a_list),
	    KTEST_CASE(kstrto_refuses_what_is_no_number));
