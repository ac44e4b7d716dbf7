// SPDX-License-Identifier: MIT
/*
 * The schedule fuzzer of a DEBUG=1 build: "sched_seed=N" on the kernel command line makes the
 * scheduler do what it may do, but seldom does, as the dice fall.
 *
 *   preempt_enable()	the task that gave up its last lock is preempted there (one time in 32)
 *   a wake-up		the woken task wakes on any CPU that it may run on (one in 2), and whoever runs
 *			there is asked to give way (one in 4)
 *   the tick		the turn is over (one in 4)
 *   a sleeping lock	whoever is about to take one, or still holds it, is preempted (one in 16)
 *   the choice		of the fair class: not the task that has run least, but the next (one in 4)
 *
 * Nothing of it is wrong: all of these can happen at any time, so code that fails under it is wrong.
 * With one CPU and -icount a run is the same for the same seed, switch for switch (test_fuzz.c).
 * With more, the seed gives at least the same dice.
 *
 * Each CPU has a generator of its own. Its state is no more than noise, so nothing guards it: an
 * interrupt or a migration in the middle of a throw does no harm.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include "sched.h"

#ifdef CONFIG_DEBUG

bool sched_fuzz_on;
EXPORT_SYMBOL(sched_fuzz_on);

static DEFINE_PER_CPU(u64, fuzz_state);

/* xorshift64*: G. Marsaglia, "Xorshift RNGs", 2003; the multiplier is S. Vigna's. */
static u32 fuzz_random(void)
{
	u64 x = __this_cpu_read(fuzz_state);

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	__this_cpu_write(fuzz_state, x);
	return (x * 0x2545f4914f6cdd1dULL) >> 32;
}

static bool one_in(unsigned int n)
{
	return fuzz_random() % n == 0;
}

/* preempt_enable(), before the count falls to zero: it looks at the flag then. */
void __sched_fuzz_point(void)
{
	if (preempt_count() == PREEMPT_OFFSET && one_in(32))
		set_tsk_need_resched(current);
}
EXPORT_SYMBOL(__sched_fuzz_point);

/* Where to wake @p; @cpu is what its class said. pi_lock is held. */
int __sched_fuzz_select(struct task_struct *p, int cpu)
{
	unsigned int n = 0;
	int i;

	if (!one_in(2))
		return cpu;
	for_each_cpu(i, p->cpus_ptr)
		n += cpu_online(i);
	if (n < 2)
		return cpu;
	n = fuzz_random() % n;
	for_each_cpu(i, p->cpus_ptr)
		if (cpu_online(i) && !n--)
			return i;
	return cpu;
}

/* A task became runnable on @rq, or the tick came. rq->lock is held. */
void __sched_fuzz_resched(struct rq *rq)
{
	if (one_in(4))
		resched_curr(rq);
}

/* Not the first of the fair class, but the second? rq->lock is held. */
bool __sched_fuzz_skip(void)
{
	return one_in(4);
}

/* In a place where current may sleep: lockdep calls this when locks are taken and released. */
void __sched_fuzz_preempt(void)
{
	if (preemptible() && one_in(16)) {
		set_tsk_need_resched(current);
		preempt_schedule();
	}
}
EXPORT_SYMBOL(__sched_fuzz_preempt);

static int __init sched_seed_setup(char *str)
{
	u64 seed;
	int cpu;

	if (kstrtou64(str, 0, &seed)) {
		pr_warn("sched_seed=%s: not a number\n", str);
		return 1;
	}
	/* The generator must not start at 0; distinct for each seed and CPU. */
	for_each_possible_cpu(cpu)
		per_cpu(fuzz_state, cpu) = ((seed << 8) + cpu) * 0x9e3779b97f4a7c15ULL + 1;
	sched_fuzz_on = true;
	pr_notice("sched_seed=%llu: the scheduler is perturbed\n", seed);
	return 1;
}

#else

static int __init sched_seed_setup(char *str)
{
	pr_warn("sched_seed= is ignored: it needs a kernel built with DEBUG=1\n");
	return 1;
}

#endif

__setup("sched_seed=", sched_seed_setup);
