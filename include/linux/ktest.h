/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KTEST_H
#define _LINUX_KTEST_H

/*
 * Self-tests, run inside the kernel by `ktest=all` or `ktest=NAME,NAME` on its command line.
 *
 *	static void __init list_keeps_order(struct ktest *test)
 *	{
 *		KTEST_EXPECT_EQ(test, list_count_nodes(&head), 3);
 *	}
 *
 *	ktest_suite("list", KTEST_CASE(list_keeps_order));
 *
 * A case is named for the promise it checks. An EXPECT that fails is reported and the case goes on;
 * an ASSERT returns from the function. The report is KTAP, through printk (lib/ktest.c).
 */

#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/string.h>
#include <linux/types.h>

struct ktest {
	const char	*name;		/* of the case */
	unsigned int	failures;
};

struct ktest_case {
	void		(*run)(struct ktest *test);
	const char	*name;
};

struct ktest_suite {
	const char	*name;
	const struct ktest_case *cases;	/* the last has no run() */
};

/* Pointers to all suites, between the linker's two symbols. */
extern const struct ktest_suite *const __ktest_suites_start[], *const __ktest_suites_end[];

int ktest_run(const char *filter);
extern const char *ktest_running;
extern unsigned int ktest_nr_begun;
extern bool ktest_stop_at_failure;
extern int ktest_warnings_expected;	/* lib/bug.c */
void ktest_watchdog_start(void);
__printf(4, 5) void ktest_fail(struct ktest *test, const char *file, int line,
			       const char *fmt, ...);
void ktest_fail_cmp(struct ktest *test, const char *file, int line, const char *what, long long a,
		    long long b);

#define KTEST_CASE(fn)	{ .run = fn, .name = #fn }

#define __ktest_suite(id, sname, ...)						\
	static const struct ktest_case __PASTE(id, _cases)[] __initconst = {	\
		__VA_ARGS__, { .run = NULL }					\
	};									\
	static const struct ktest_suite __PASTE(id, _suite) __initconst = {	\
		.name = sname, .cases = __PASTE(id, _cases),			\
	};									\
	static const struct ktest_suite *const __PASTE(id, _entry)		\
		__used __section(".ktest_suites") = &__PASTE(id, _suite)
#define ktest_suite(sname, ...)	__ktest_suite(__UNIQUE_ID(ktest_), sname, __VA_ARGS__)

/*
 * Worth true if it holds. Pointers and integers alike, shown as numbers. @what is made where the macro
 * is used, or its arguments would have been expanded.
 */
#define __KTEST_CMP(test, a, op, b, what)					\
({										\
	typeof(a) __ka = (a);							\
	typeof(b) __kb = (b);							\
	bool __kok = __ka op __kb;						\
	if (!__kok)								\
		ktest_fail_cmp(test, __FILE__, __LINE__, what, (long long)__ka,	\
			       (long long)__kb);				\
	__kok;									\
})

#define __KTEST_STREQ(test, a, b)						\
({										\
	const char *__ka = (a), *__kb = (b);					\
	bool __kok = strcmp(__ka, __kb) == 0;					\
	if (!__kok)								\
		ktest_fail(test, __FILE__, __LINE__, "%s: expected \"%s\", saw \"%s\"",	\
			   #a, __kb, __ka);					\
	__kok;									\
})

#define KTEST_EXPECT_EQ(test, a, b)	((void)__KTEST_CMP(test, a, ==, b, #a " == " #b))
#define KTEST_EXPECT_NE(test, a, b)	((void)__KTEST_CMP(test, a, !=, b, #a " != " #b))
#define KTEST_EXPECT_LT(test, a, b)	((void)__KTEST_CMP(test, a, <, b, #a " < " #b))
#define KTEST_EXPECT_LE(test, a, b)	((void)__KTEST_CMP(test, a, <=, b, #a " <= " #b))
#define KTEST_EXPECT_GT(test, a, b)	((void)__KTEST_CMP(test, a, >, b, #a " > " #b))
#define KTEST_EXPECT_GE(test, a, b)	((void)__KTEST_CMP(test, a, >=, b, #a " >= " #b))
#define KTEST_EXPECT_TRUE(test, c)	((void)__KTEST_CMP(test, !!(c), ==, true, #c))
#define KTEST_EXPECT_FALSE(test, c)	((void)__KTEST_CMP(test, !!(c), ==, false, "not " #c))
#define KTEST_EXPECT_NULL(test, p)						\
	((void)__KTEST_CMP(test, (unsigned long)(p), ==, 0UL, #p " is NULL"))
#define KTEST_EXPECT_NOT_NULL(test, p)						\
	((void)__KTEST_CMP(test, (unsigned long)(p), !=, 0UL, #p " is not NULL"))
#define KTEST_EXPECT_PTR_EQ(test, a, b)						\
	((void)__KTEST_CMP(test, (unsigned long)(a), ==, (unsigned long)(b), #a " == " #b))
#define KTEST_EXPECT_STREQ(test, a, b)	((void)__KTEST_STREQ(test, a, b))

#define __KTEST_ASSERT(test, a, op, b, what)					\
	do { if (!__KTEST_CMP(test, a, op, b, what)) return; } while (0)
#define KTEST_ASSERT_EQ(test, a, b)	__KTEST_ASSERT(test, a, ==, b, #a " == " #b)
#define KTEST_ASSERT_NE(test, a, b)	__KTEST_ASSERT(test, a, !=, b, #a " != " #b)
#define KTEST_ASSERT_TRUE(test, c)	__KTEST_ASSERT(test, !!(c), ==, true, #c)
#define KTEST_ASSERT_FALSE(test, c)	__KTEST_ASSERT(test, !!(c), ==, false, "not " #c)
#define KTEST_ASSERT_NOT_NULL(test, p)						\
	__KTEST_ASSERT(test, (unsigned long)(p), !=, 0UL, #p " is not NULL")

#endif
