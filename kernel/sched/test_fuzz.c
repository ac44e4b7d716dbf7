// SPDX-License-Identifier: MIT
/*
 * What the schedule fuzzer does, for tests/test_lockdep.py to compare: some threads wake each other,
 * wait for each other and work, and the sequence of switches meanwhile is printed as a hash.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/mutex.h>
#include "sched.h"

#ifdef CONFIG_DEBUG

#define NR_WORKERS	5
#define ROUNDS		200

static DEFINE_MUTEX(fuzz_mutex);
static struct completion go __initdata, done __initdata;
static unsigned long shared __initdata;

static int __init fuzz_worker(void *data)
{
	int i, k;

	wait_for_completion(&go);
	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&fuzz_mutex);
		for (k = 0; k < 50 * (long)data; k++) {
			shared++;
			barrier();
		}
		mutex_unlock(&fuzz_mutex);
		if (i % 16 == 0)
			yield();
	}
	complete(&done);
	return 0;
}

static void __init switches_are_told(struct ktest *test)
{
	unsigned long long before = nr_context_switches();
	u64 hash = this_rq()->switch_hash;
	long i;

	init_completion(&go);
	init_completion(&done);
	for (i = 1; i <= NR_WORKERS; i++)
		KTEST_ASSERT_FALSE(test, IS_ERR(kthread_run(fuzz_worker, (void *)i, "fuzz/%ld", i)));
	complete_all(&go);
	for (i = 0; i < NR_WORKERS; i++)
		wait_for_completion(&done);
	pr_info("    # %llu switches, hash %016llx\n", nr_context_switches() - before,
		this_rq()->switch_hash - hash);
	KTEST_EXPECT_EQ(test, shared, 50 * ROUNDS * (1 + 2 + 3 + 4 + 5));
}

ktest_suite("fuzz", KTEST_CASE(switches_are_told));

#endif
