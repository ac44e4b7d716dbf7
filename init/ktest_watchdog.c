// SPDX-License-Identifier: MIT
/*
 * The watchdog of the self-tests: a case that does not end, because a lock is never released or a
 * wake-up lost, ends the run with a panic that names it. Without it such a run would last for ever.
 *
 * The time is the guest's: `ktest_timeout=SECONDS` on the kernel command line, a minute if it is not
 * there; `ktest_stop` ends the run at the first case that fails. Each CPU has a timer, for the one on
 * which the test is stuck may have its interrupts off.
 */
#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/ktest.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/sched/debug.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>

struct watchdog {
	struct hrtimer	timer;
	unsigned int	nr;		/* ktest_nr_begun when we last looked */
	ktime_t		since;
};

static DEFINE_PER_CPU(struct watchdog, watchdog);
static unsigned int timeout_seconds = 60;
static atomic_t barked;

static int __init set_timeout(char *str)
{
	return kstrtouint(str, 10, &timeout_seconds) == 0;
}
__setup("ktest_timeout=", set_timeout);

static int __init set_stop(char *str)
{
	ktest_stop_at_failure = true;
	return 1;
}
__setup("ktest_stop", set_stop);

static enum hrtimer_restart look(struct hrtimer *timer)
{
	struct watchdog *w = container_of(timer, struct watchdog, timer);
	unsigned int nr = READ_ONCE(ktest_nr_begun);
	ktime_t now = ktime_get();

	if (nr != w->nr) {
		w->nr = nr;
		w->since = now;
	} else if (now - w->since > timeout_seconds * NSEC_PER_SEC && !atomic_xchg(&barked, 1)) {
		pr_emerg("ktest: %s has not ended after %u s. All tasks:\n", ktest_running,
			 timeout_seconds);
		show_state_filter(0);
		panic("ktest: %s does not end: a deadlock, or a wake-up that was lost", ktest_running);
	}
	hrtimer_forward(timer, now, NSEC_PER_SEC);
	return HRTIMER_RESTART;
}

static void start_here(void *unused)
{
	struct watchdog *w = this_cpu_ptr(&watchdog);

	if (w->since)
		return;			/* was started before the other CPUs were there */
	w->since = ktime_get();
	hrtimer_init(&w->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	w->timer.function = look;
	hrtimer_start(&w->timer, NSEC_PER_SEC, HRTIMER_MODE_REL_PINNED);
}

/* First early in the boot, which is watched as well, and again when all CPUs are up. */
void __init ktest_watchdog_start(void)
{
	on_each_cpu(start_here, NULL, 1);
}
