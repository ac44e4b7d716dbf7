// SPDX-License-Identifier: MIT
/*
 * The tick: an hrtimer on each CPU that fires HZ times a second, and what hangs on it. One CPU also
 * keeps jiffies and the time of day for all.
 */
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/loadavg.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <asm/ptrace.h>
#include "tick-internal.h"

static DEFINE_PER_CPU(struct hrtimer, tick_sched_timer);

static int tick_do_timer_cpu = -1;	/* the CPU that keeps the time: the first; never changes */
static ktime_t last_jiffies_update;	/* when jiffies last changed; that CPU's tick only */

/* As many jiffies as have passed: interrupts may have been off for longer than a tick. */
static void tick_do_update_jiffies64(ktime_t now)
{
	u64 ticks = (u64)(now - last_jiffies_update) / TICK_NSEC;

	if (!ticks || now < last_jiffies_update)
		return;
	last_jiffies_update += ticks * TICK_NSEC;
	jiffies = jiffies + ticks;
	calc_global_load();
	update_wall_time();
}

/* What a tick means for the task that runs. Interrupts are off. */
void update_process_times(int user_tick)
{
	account_process_tick(current, user_tick);
	run_local_timers();
	scheduler_tick();
	rcu_sched_clock_irq(user_tick);
	run_posix_cpu_timers();
}

static enum hrtimer_restart tick_sched_timer_fn(struct hrtimer *timer)
{
	struct pt_regs *regs = get_irq_regs();
	ktime_t now = ktime_get();

	if (smp_processor_id() == tick_do_timer_cpu)
		tick_do_update_jiffies64(now);
	update_process_times(regs && user_mode(regs));
	hrtimer_forward(timer, now, TICK_NSEC);
	return HRTIMER_RESTART;
}

void tick_setup_sched_timer(void)
{
	struct hrtimer *timer = this_cpu_ptr(&tick_sched_timer);

	if (tick_do_timer_cpu < 0) {
		tick_do_timer_cpu = smp_processor_id();
		last_jiffies_update = ktime_get();
	}
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
	timer->function = tick_sched_timer_fn;
	/* One after the other within each jiffy, so that they do not all want the same locks at once. */
	hrtimer_set_expires(timer, last_jiffies_update +
				   smp_processor_id() * (TICK_NSEC / NR_CPUS));
	hrtimer_forward_now(timer, TICK_NSEC);
	hrtimer_start_expires(timer, HRTIMER_MODE_ABS_PINNED_HARD);
}
