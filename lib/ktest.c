// SPDX-License-Identifier: MIT
/*
 * The runner of the kernel's self-tests; linux/ktest.h says how to write one.
 *
 * Caller: start_kernel's thread, once, for `ktest=` on the command line, before the memory of the
 * init sections is freed. Nothing else may run tests at the same time.
 */

#include <linux/kernel.h>
#include <linux/ktest.h>

#define KTEST_NAME_LEN	((size_t)32)

/* Take the next of the comma-separated names from *@filter. @without: it had a '-'. False at the end. */
static bool __init next_name(const char **filter, char name[KTEST_NAME_LEN], bool *without)
{
	size_t n = strcspn(*filter, ",");

	if (!**filter)
		return false;
	*without = **filter == '-';
	strscpy(name, *filter + *without, min(KTEST_NAME_LEN, n + 1 - *without));
	*filter += n + ((*filter)[n] == ',');
	return true;
}

static bool __init selected(const char *filter, const char *suite)
{
	char name[KTEST_NAME_LEN];
	bool without, wanted = false;

	while (next_name(&filter, name, &without)) {
		if (!strcmp(name, suite) || !strcmp(name, "all"))
			wanted = !without;
	}
	return wanted;
}

/* What runs now, for init/ktest_watchdog.c; the count rises with each case. */
const char *ktest_running = "the boot";
unsigned int ktest_nr_begun;
bool ktest_stop_at_failure;	/* one is enough: for those who break the kernel on purpose */

void ktest_fail(struct ktest *test, const char *file, int line, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	test->failures++;
	printk(KERN_ERR "    # %s: EXPECTATION FAILED at %s:%d: %pV\n", test->name, file, line,
	       &vaf);
	va_end(args);
}

/* One function for all comparisons: their hundreds of calls are to be short. */
void __init ktest_fail_cmp(struct ktest *test, const char *file, int line, const char *what, long long a,
			   long long b)
{
	ktest_fail(test, file, line, "expected %s, saw %lld (%#llx) and %lld (%#llx)", what, a, a, b, b);
}

/* Returns how many cases failed. */
static unsigned int __init run_suite(const struct ktest_suite *suite, unsigned int number)
{
	const struct ktest_case *c;
	unsigned int failed = 0, cases = 0, n = 0;

	for (c = suite->cases; c->run; c++)
		cases++;
	printk(KERN_INFO "    KTAP version 1\n");
	printk(KERN_INFO "    # Subtest: %s\n", suite->name);
	printk(KERN_INFO "    1..%u\n", cases);
	for (c = suite->cases; c->run; c++) {
		struct ktest test = { .name = c->name };

		WRITE_ONCE(ktest_running, c->name);
		WRITE_ONCE(ktest_nr_begun, ktest_nr_begun + 1);
		c->run(&test);
		failed += !!test.failures;
		printk(KERN_INFO "    %sok %u %s\n", test.failures ? "not " : "", ++n, c->name);
		if (failed && ktest_stop_at_failure)
			break;
	}
	printk(KERN_INFO "%sok %u %s\n", failed ? "not " : "", number, suite->name);
	return failed;
}

static bool __init have_suites(void)
{
	return &__ktest_suites_start[0] != &__ktest_suites_end[0];
}

/* How many names in @filter no suite has: each a failure, for what is not run proves nothing. */
static unsigned int __init report_unknown(const char *filter)
{
	unsigned int unknown = 0;
	char name[KTEST_NAME_LEN];
	bool without;

	while (next_name(&filter, name, &without)) {
		bool known = !strcmp(name, "all") && have_suites();

		for (const struct ktest_suite *const *s = __ktest_suites_start;
		     s < __ktest_suites_end; s++)
			known |= !strcmp((*s)->name, name);
		if (!known) {
			printk(KERN_ERR "# there is no test suite \"%s\"%s\n", name,
			       have_suites() ? "" : ": this kernel has none, boot Image-ktest");
			unknown++;
		}
	}
	return unknown;
}

/**
 * ktest_run - run the suites named in @filter
 * @filter: names with commas between them, "all" for all; "-name" takes one out that came before it
 *
 * Returns the number of cases that failed, and of names that no suite has.
 */
int __init ktest_run(const char *filter)
{
	unsigned int count = 0, number = 0, failed = 0;
	const struct ktest_suite *const *s;

	for (s = __ktest_suites_start; s < __ktest_suites_end; s++)
		count += selected(filter, (*s)->name);
	printk(KERN_INFO "KTAP version 1\n");
	printk(KERN_INFO "1..%u\n", count);
	for (s = __ktest_suites_start; s < __ktest_suites_end; s++)
		if (selected(filter, (*s)->name) && !(failed && ktest_stop_at_failure))
			failed += run_suite(*s, ++number);
	failed += report_unknown(filter);
	printk(KERN_INFO "# ktest: %u suites, %u failures\n", count, failed);
	return failed;
}
