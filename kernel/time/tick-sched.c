// SPDX-License-Identifier: MIT
/*
 * The tick: an hrtimer on each CPU that fires HZ times a second while the CPU is busy, and what hangs on
 * it. An idle CPU has none: it sleeps until its next timer is due, or an interrupt comes.
 *
 * One CPU also keeps jiffies and the time of day for all: tick_do_timer_cpu. When that one goes idle it
 * gives the duty up, and the next CPU that ticks takes it. When all are idle nobody keeps the time, and
 * the first that wakes makes up for it before it runs anything (tick_nohz_idle_wake()): interrupts are
 * masked while a CPU sleeps, so no handler sees old jiffies.
 *
 * jiffies_lock guards jiffies and last_jiffies_update. A CPU's struct tick_sched is its own, with
 * interrupts off; idle_seq lets others read its idle times.
 */
#include <linux/cpumask.h>
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/loadavg.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <asm/ptrace.h>
#include "tick-internal.h"

/* The longest sleep, ns: the timekeeper's arithmetic holds for ten minutes without an update. */
#define TICK_MAX_SLEEP		(300 * NSEC_PER_SEC)

struct tick_sched {
	struct hrtimer	sched_timer;
	bool		tick_stopped;	/* sched_timer waits for the next timer, or is not queued at all */
	ktime_t		last_tick;	/* when it would have fired, had it not been stopped */

	/* idle_seq; ns */
	seqcount_t	idle_seq;
	bool		idle_active;
	ktime_t		idle_entrytime;
	u64		idle_sleeptime, iowait_sleeptime;
};

static DEFINE_PER_CPU(struct tick_sched, tick_cpu_sched);

#define TICK_DO_TIMER_NONE	(-1)
static int tick_do_timer_cpu = TICK_DO_TIMER_NONE;
static DEFINE_RAW_SPINLOCK(jiffies_lock);
static ktime_t last_jiffies_update;	/* the time of the last tick that jiffies counts; jiffies_lock */

/* As many jiffies as have passed: interrupts may have been off, or everybody idle, for long. */
static void tick_do_update_jiffies64(ktime_t now)
{
	u64 ticks;

	/* Without the lock: a stale value is an earlier one, and costs a look under the lock. */
	if (now < READ_ONCE(last_jiffies_update) + TICK_NSEC)
		return;
	raw_spin_lock(&jiffies_lock);
	if (now < last_jiffies_update + TICK_NSEC) {
		raw_spin_unlock(&jiffies_lock);
		return;
	}
	ticks = (u64)(now - last_jiffies_update) / TICK_NSEC;
	WRITE_ONCE(last_jiffies_update, last_jiffies_update + ticks * TICK_NSEC);
	jiffies = jiffies + ticks;
	calc_global_load();
	raw_spin_unlock(&jiffies_lock);
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
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	struct pt_regs *regs = get_irq_regs();
	int cpu = smp_processor_id();
	ktime_t now = ktime_get();

	/* Not one that goes back to sleep at once. */
	if (READ_ONCE(tick_do_timer_cpu) == TICK_DO_TIMER_NONE && !ts->tick_stopped)
		WRITE_ONCE(tick_do_timer_cpu, cpu);	/* two at once: the second write counts */
	if (READ_ONCE(tick_do_timer_cpu) == cpu)
		tick_do_update_jiffies64(now);
	update_process_times(regs && user_mode(regs));
	/* The idle loop decides anew when to wake up next. */
	if (ts->tick_stopped)
		return HRTIMER_NORESTART;
	hrtimer_forward(timer, now, TICK_NSEC);
	return HRTIMER_RESTART;
}

void tick_setup_sched_timer(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	struct hrtimer *timer = &ts->sched_timer;

	if (tick_do_timer_cpu == TICK_DO_TIMER_NONE) {
		tick_do_timer_cpu = smp_processor_id();
		last_jiffies_update = ktime_get();
	}
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
	timer->function = tick_sched_timer_fn;
	/* One after the other within each jiffy, so that they do not all want the same locks at once. */
	hrtimer_set_expires(timer, READ_ONCE(last_jiffies_update) +
				   smp_processor_id() * (TICK_NSEC / num_possible_cpus()));
	hrtimer_forward_now(timer, TICK_NSEC);
	hrtimer_start_expires(timer, HRTIMER_MODE_ABS_PINNED_HARD);
}

/* ---- idle: the loop in kernel/sched/idle.c calls these, interrupts off */

static void tick_nohz_start_idle(struct tick_sched *ts, ktime_t now)
{
	write_seqcount_begin(&ts->idle_seq);
	ts->idle_entrytime = now;
	ts->idle_active = true;
	write_seqcount_end(&ts->idle_seq);
}

static void tick_nohz_stop_idle(struct tick_sched *ts, ktime_t now)
{
	u64 delta = now - ts->idle_entrytime;

	write_seqcount_begin(&ts->idle_seq);
	if (nr_iowait_cpu(smp_processor_id()))
		ts->iowait_sleeptime += delta;
	else
		ts->idle_sleeptime += delta;
	ts->idle_active = false;
	write_seqcount_end(&ts->idle_seq);
}

/* This CPU has nothing to run. */
void tick_nohz_idle_enter(void)
{
	tick_nohz_start_idle(this_cpu_ptr(&tick_cpu_sched), ktime_get());
}

/* When this CPU's next timer in jiffies is due, KTIME_MAX if there is none. */
static ktime_t next_jiffies_timer(void)
{
	unsigned long expires;
	unsigned long flags;
	ktime_t next = KTIME_MAX;

	if (!next_local_timer(&expires))
		return next;
	raw_spin_lock_irqsave(&jiffies_lock, flags);
	next = last_jiffies_update;
	if (time_after(expires, jiffies))
		next += (expires - jiffies) * TICK_NSEC;
	raw_spin_unlock_irqrestore(&jiffies_lock, flags);
	return next;
}

/**
 * tick_nohz_idle_stop_tick - about to sleep: take no ticks that nobody needs
 *
 * Called before each WFI: an interrupt may have started a timer. Finer timers need no tick, for they
 * have set the clock event device themselves.
 */
void tick_nohz_idle_stop_tick(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	ktime_t now = ktime_get(), next = next_jiffies_timer();

	if (rcu_needs_cpu())
		next = min(next, now + (ktime_t)TICK_NSEC);	/* at the pace of ticks, not at once */
	next = min(next, now + (ktime_t)TICK_MAX_SLEEP);
	if (!ts->tick_stopped) {
		if (next <= now + (ktime_t)TICK_NSEC)
			return;		/* the tick comes about then */
		ts->last_tick = hrtimer_get_expires(&ts->sched_timer);
		ts->tick_stopped = true;
		calc_load_nohz_start();
		if (READ_ONCE(tick_do_timer_cpu) == smp_processor_id())
			WRITE_ONCE(tick_do_timer_cpu, TICK_DO_TIMER_NONE);
	} else if (hrtimer_is_queued(&ts->sched_timer) &&
		   hrtimer_get_expires(&ts->sched_timer) <= next) {
		return;
	}
	hrtimer_start(&ts->sched_timer, next, HRTIMER_MODE_ABS_PINNED_HARD);
}

/* The sleep is over, interrupts are still off: before any handler runs, let jiffies be right. */
void tick_nohz_idle_wake(void)
{
	if (this_cpu_ptr(&tick_cpu_sched)->tick_stopped)
		tick_do_update_jiffies64(ktime_get());
}

/* There is something to run: tick again, at the times at which this CPU always did. */
void tick_nohz_idle_exit(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	ktime_t now = ktime_get();

	tick_nohz_stop_idle(ts, now);
	if (!ts->tick_stopped)
		return;
	tick_do_update_jiffies64(now);
	ts->tick_stopped = false;
	hrtimer_cancel(&ts->sched_timer);
	hrtimer_set_expires(&ts->sched_timer, ts->last_tick);
	hrtimer_forward(&ts->sched_timer, now, TICK_NSEC);
	hrtimer_start_expires(&ts->sched_timer, HRTIMER_MODE_ABS_PINNED_HARD);
}

/**
 * tick_nohz_idle_time - how long @cpu has been idle since it came up, ns
 * @iowait: the time in which a task of its own waited for a disk, or else the rest
 */
u64 tick_nohz_idle_time(int cpu, bool iowait)
{
	struct tick_sched *ts = per_cpu_ptr(&tick_cpu_sched, cpu);
	unsigned int seq;
	ktime_t now;
	u64 sum;

	do {
		seq = read_seqcount_begin(&ts->idle_seq);
		now = ktime_get();
		sum = iowait ? ts->iowait_sleeptime : ts->idle_sleeptime;
		/* The spell that is not over goes to where it would go if it ended now. */
		if (ts->idle_active && now > ts->idle_entrytime && !!nr_iowait_cpu(cpu) == iowait)
			sum += now - ts->idle_entrytime;
	} while (read_seqcount_retry(&ts->idle_seq, seq));
	return sum;
}
