// SPDX-License-Identifier: MIT
/* Self-tests of lib/vsprintf.c and lib/vsscanf.c: ktest=vsprintf */

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/slab.h>

/* Formats and compares, once whole and once into a buffer that is too small by half. */
static void __init __printf(3, 4) check(struct ktest *test, const char *want, const char *fmt, ...)
{
	char buf[128];
	va_list args;
	int len, cut;

	va_start(args, fmt);
	memset(buf, '#', sizeof(buf));
	len = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	KTEST_EXPECT_STREQ(test, buf, want);
	KTEST_EXPECT_EQ(test, len, (int)strlen(want));

	cut = len / 2 + 1;
	va_start(args, fmt);
	memset(buf, '#', sizeof(buf));
	KTEST_EXPECT_EQ(test, vsnprintf(buf, cut, fmt, args), len);
	va_end(args);
	KTEST_EXPECT_EQ(test, strncmp(buf, want, cut - 1), 0);
	KTEST_EXPECT_EQ(test, buf[cut - 1], '\0');
	KTEST_EXPECT_EQ(test, buf[cut], '#');
}

static void __init vsprintf_formats_numbers(struct ktest *test)
{
	check(test, "0 -1 4294967295", "%d %d %u", 0, -1, -1);
	check(test, "-9223372036854775808", "%lld", LLONG_MIN);
	check(test, "18446744073709551615", "%llu", ULLONG_MAX);
	check(test, "-2147483648 2147483647", "%d %i", INT_MIN, INT_MAX);
	check(test, "ffffffff FFFFFFFF 0xff 0XFF", "%x %X %#x %#X", -1, -1, 255, 255);
	check(test, "0 0 017 17", "%#x %#o %#o %o", 0, 0, 15, 15);
	check(test, "[   42][42   ][00042]", "[%5d][%-5d][%05d]", 42, 42, 42);
	check(test, "[+42][ 42][-0042][  -42]", "[%+d][% d][%05d][%5d]", 42, 42, -42, -42);
	check(test, "[  007][007  ][]", "[%5.3d][%-5.3d][%.0d]", 7, 7, 0);
	check(test, "[0x00002a][  0x2a]", "[%#08x][%#6x]", 42, 42);
	check(test, "-1 255 -1 65535", "%hhd %hhu %hd %hu", 255, 255, 65535, 65535);
	check(test, "1 2 3", "%zu %zd %td", (size_t)1, (ssize_t)2, (ptrdiff_t)3);
	check(test, "[   7][7   ]", "[%*d][%*d]", 4, 7, -4, 7);
}

static void __init vsprintf_formats_text(struct ktest *test)
{
	const char *nothing = NULL;

	OPTIMIZER_HIDE_VAR(nothing);	/* the compiler would warn */
	check(test, "abc [  abc][abc  ][ab]", "%s [%5s][%-5s][%.2s]", "abc", "abc", "abc", "abc");
	check(test, "[ab][   a][%]", "[%.*s][%4.1s][%%]", 2, "abc", "abc");
	check(test, "x [  y]", "%c [%3c]", 'x', 'y');
	check(test, "(null)", "%s", nothing);
}

static void __init __printf(2, 3) check_nested(struct ktest *test, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	check(test, "<7 seven> 8", "<%pV> %d", &vaf, 8);
	va_end(args);
}

static void __init vsprintf_follows_pointers(struct ktest *test)
{
	static const u8 bytes[] __initconst = { 0x00, 0x1f, 0xff };
	const unsigned long map[2] = { 0x8000000f, 1 }, none[1] = { 0 };

	check(test, "0000000000001000 dead000000000100", "%p %px", (void *)4096,
	      (void *)0xdead000000000100);
	check(test, "-ENOENT -EIO", "%pe %pe", ERR_PTR(-ENOENT), ERR_PTR(-EIO));
	check(test, "00 1f ff|00:1f:ff|00-1f-ff|001fff", "%*ph|%*phC|%*phD|%*phN",
	      3, bytes, 3, bytes, 3, bytes, 3, bytes);
	check(test, "1,00000000,8000000f|00f", "%*pb|%*pb", 65, map, 12, map);
	check(test, "0-3,31,64|", "%*pbl|%*pbl", 65, map, 63, none);
	check_nested(test, "%d %s", 7, "seven");
}

static void __init scnprintf_returns_what_it_wrote(struct ktest *test)
{
	char buf[4];

	KTEST_EXPECT_EQ(test, scnprintf(buf, sizeof(buf), "%d", 123456), 3);
	KTEST_EXPECT_STREQ(test, buf, "123");
	KTEST_EXPECT_EQ(test, scnprintf(buf, 0, "%d", 123456), 0);
	KTEST_EXPECT_EQ(test, snprintf(NULL, 0, "%d", 123456), 6);
}

static void __init kasprintf_allocates_what_it_needs(struct ktest *test)
{
	char *text = kasprintf(GFP_KERNEL, "%s-%d", "loop", 7);

	KTEST_ASSERT_NOT_NULL(test, text);
	KTEST_EXPECT_STREQ(test, text, "loop-7");
	kfree(text);
}

static void __init sscanf_reads_back(struct ktest *test)
{
	unsigned long long big;
	unsigned int x;
	int d, n = 0;
	char word[8], c;
	u8 byte;

	KTEST_EXPECT_EQ(test, sscanf(" -12 0x1f abc:9", "%d %x %3s:%c%n", &d, &x, word, &c, &n), 4);
	KTEST_EXPECT_EQ(test, d, -12);
	KTEST_EXPECT_EQ(test, x, 0x1fU);
	KTEST_EXPECT_STREQ(test, word, "abc");
	KTEST_EXPECT_EQ(test, c, '9');
	KTEST_EXPECT_EQ(test, n, 15);
	KTEST_EXPECT_EQ(test, sscanf("18446744073709551615", "%llu", &big), 1);
	KTEST_EXPECT_EQ(test, big, ULLONG_MAX);
	KTEST_EXPECT_EQ(test, sscanf("12345", "%2d%hhu", &d, &byte), 2);
	KTEST_EXPECT_EQ(test, d, 12);
	KTEST_EXPECT_EQ(test, byte, (u8)(345 & 0xff));
	KTEST_EXPECT_EQ(test, sscanf("7 x", "%*d %d", &d), 0);
	KTEST_EXPECT_EQ(test, sscanf("", "%d", &d), 0);
}

ktest_suite("vsprintf",
	    KTEST_CASE(vsprintf_formats_numbers),
	    KTEST_CASE(vsprintf_formats_text),
	    KTEST_CASE(vsprintf_follows_pointers),
	    KTEST_CASE(scnprintf_returns_what_it_wrote),
	    KTEST_CASE(kasprintf_allocates_what_it_needs),
	    KTEST_CASE(sscanf_reads_back));
