// SPDX-License-Identifier: MIT
/*
 * High-resolution timers: see <linux/hrtimer.h>.
 *
 * Each CPU has for each clock a tree of timers sorted by the time at which they are to fire at the
 * latest; its clock event device is set to the earliest of all. hrtimer_interrupt() runs what is due.
 *
 * cpu_base->lock guards the trees and the timers of its CPU, and is taken with interrupts off. On its
 * way from one CPU's base to another's a timer has no base (NULL), and everybody else waits.
 */
#include <linux/clockchips.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/bug.h>
#include <linux/percpu.h>
#include <linux/restart_block.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <asm/processor.h>

struct hrtimer_cpu_base {
	raw_spinlock_t			lock;
	ktime_t				expires_next;	/* CLOCK_MONOTONIC: what the device is set to */
	bool				in_hrtirq;	/* the interrupt runs, and will set the device */
	struct hrtimer_clock_base	clock_base[HRTIMER_MAX_CLOCK_BASES];
};

static DEFINE_PER_CPU(struct hrtimer_cpu_base, hrtimer_bases) = {
	.expires_next = KTIME_MAX,
	.clock_base = {
		{ .index = HRTIMER_BASE_MONOTONIC, .clockid = CLOCK_MONOTONIC },
		{ .index = HRTIMER_BASE_REALTIME, .clockid = CLOCK_REALTIME },
		{ .index = HRTIMER_BASE_BOOTTIME, .clockid = CLOCK_BOOTTIME },
	},
};

static inline struct hrtimer_cpu_base *cpu_base_of(struct hrtimer_clock_base *base)
{
	return container_of(base - base->index, struct hrtimer_cpu_base, clock_base[0]);
}

static ktime_t base_offset(const struct hrtimer_clock_base *base)
{
	return base->index == HRTIMER_BASE_REALTIME ? ktime_get_offs_real() : 0;
}

static ktime_t base_get_time(const struct hrtimer_clock_base *base)
{
	return base->index == HRTIMER_BASE_REALTIME ? ktime_get_real() : ktime_get();
}

ktime_t hrtimer_cb_get_time(const struct hrtimer *timer)
{
	return base_get_time(timer->base);
}

static int hrtimer_clockid_to_base(clockid_t clock_id)
{
	switch (clock_id) {
	case CLOCK_REALTIME:
	case CLOCK_TAI:
		return HRTIMER_BASE_REALTIME;
	case CLOCK_BOOTTIME:
		return HRTIMER_BASE_BOOTTIME;
	default:
		return HRTIMER_BASE_MONOTONIC;
	}
}

void hrtimer_init(struct hrtimer *timer, clockid_t clock_id, enum hrtimer_mode mode)
{
	unsigned long flags;

	/* A time from now does not depend on how the calendar clock is set meanwhile. */
	if (clock_id == CLOCK_REALTIME && (mode & HRTIMER_MODE_REL))
		clock_id = CLOCK_MONOTONIC;
	*timer = (struct hrtimer){ };
	timerqueue_init(&timer->node);
	local_irq_save(flags);
	timer->base = &this_cpu_ptr(&hrtimer_bases)->clock_base[hrtimer_clockid_to_base(clock_id)];
	local_irq_restore(flags);
}
EXPORT_SYMBOL(hrtimer_init);

/* The base may change until its lock is held: look again. */
static struct hrtimer_clock_base *lock_hrtimer_base(const struct hrtimer *timer,
						    unsigned long *flags)
{
	for (;;) {
		struct hrtimer_clock_base *base = READ_ONCE(timer->base);

		if (unlikely(!base)) {
			cpu_relax();
			continue;
		}
		raw_spin_lock_irqsave(&cpu_base_of(base)->lock, *flags);
		if (likely(base == READ_ONCE(timer->base)))
			return base;
		raw_spin_unlock_irqrestore(&cpu_base_of(base)->lock, *flags);
	}
}

static void unlock_hrtimer_base(struct hrtimer_clock_base *base, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&cpu_base_of(base)->lock, flags);
}

/* When the first timer of this CPU is due, CLOCK_MONOTONIC. The lock is held. */
static ktime_t hrtimer_get_next_event(struct hrtimer_cpu_base *cpu_base)
{
	ktime_t expires, next = KTIME_MAX;
	int i;

	for (i = 0; i < HRTIMER_MAX_CLOCK_BASES; i++) {
		struct hrtimer_clock_base *base = &cpu_base->clock_base[i];
		struct timerqueue_node *first = timerqueue_getnext(&base->active);

		if (!first)
			continue;
		expires = first->expires == KTIME_MAX ? KTIME_MAX :
							first->expires - base_offset(base);
		next = min(next, max(expires, (ktime_t)0));
	}
	return next;
}

/* The earliest timer has changed: set the device, unless the interrupt is about to do so. */
static void hrtimer_reprogram(struct hrtimer_cpu_base *cpu_base)
{
	ktime_t next;

	if (cpu_base->in_hrtirq)
		return;
	next = hrtimer_get_next_event(cpu_base);
	if (next == cpu_base->expires_next)
		return;
	cpu_base->expires_next = next;
	tick_program_event(next, 1);
}

static void __remove_hrtimer(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	timerqueue_del(&base->active, &timer->node);
	WRITE_ONCE(timer->state, HRTIMER_STATE_INACTIVE);
}

/* True if the timer is now the first of its clock. */
static bool enqueue_hrtimer(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	WRITE_ONCE(timer->state, HRTIMER_STATE_ENQUEUED);
	return timerqueue_add(&base->active, &timer->node);
}

/*
 * A timer is queued where it is started, for there its owner runs. While its function runs elsewhere
 * it has to stay there: hrtimer_cancel() looks for it at its base.
 */
static struct hrtimer_clock_base *switch_hrtimer_base(struct hrtimer *timer,
						      struct hrtimer_clock_base *base)
{
	struct hrtimer_cpu_base *this_base = this_cpu_ptr(&hrtimer_bases);
	struct hrtimer_clock_base *new_base = &this_base->clock_base[base->index];

	if (base == new_base || base->running == timer)
		return base;
	WRITE_ONCE(timer->base, NULL);
	raw_spin_unlock(&cpu_base_of(base)->lock);
	raw_spin_lock(&this_base->lock);
	WRITE_ONCE(timer->base, new_base);
	return new_base;
}

/**
 * hrtimer_start_range_ns - start a timer, or start it anew
 * @tim: not before this: a time of its clock, or with HRTIMER_MODE_REL a time from now
 * @range_ns: and if possible not later than this after it
 *
 * A time that is past fires at once, in an interrupt.
 */
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns,
			    const enum hrtimer_mode mode)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;

	base = lock_hrtimer_base(timer, &flags);
	if (timer->state & HRTIMER_STATE_ENQUEUED)
		__remove_hrtimer(timer, base);
	if (mode & HRTIMER_MODE_REL)
		tim = ktime_add_safe(tim, base_get_time(base));
	base = switch_hrtimer_base(timer, base);
	hrtimer_set_expires_range_ns(timer, tim, range_ns);
	/* Another CPU's device cannot be set from here: it looks at its timers at its next tick. */
	if (enqueue_hrtimer(timer, base) && cpu_base_of(base) == this_cpu_ptr(&hrtimer_bases))
		hrtimer_reprogram(cpu_base_of(base));
	unlock_hrtimer_base(base, flags);
}
EXPORT_SYMBOL(hrtimer_start_range_ns);

/**
 * hrtimer_try_to_cancel - stop a timer if that is possible now
 *
 * Returns 1 if it was queued, 0 if not, -1 if its function is running. The device stays as it is set:
 * an interrupt for nothing is cheaper than setting it twice for each sleep that ends early.
 */
int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;
	int ret = -1;

	if (!hrtimer_active(timer))
		return 0;
	base = lock_hrtimer_base(timer, &flags);
	if (!hrtimer_callback_running(timer)) {
		ret = timer->state & HRTIMER_STATE_ENQUEUED;
		if (ret)
			__remove_hrtimer(timer, base);
	}
	unlock_hrtimer_base(base, flags);
	return ret;
}
EXPORT_SYMBOL(hrtimer_try_to_cancel);

/** hrtimer_cancel - stop a timer, and wait until its function has returned. 1 if it was queued */
int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	while ((ret = hrtimer_try_to_cancel(timer)) < 0)
		cpu_relax();
	return ret;
}
EXPORT_SYMBOL(hrtimer_cancel);

/**
 * hrtimer_active - is it queued, or is its function running?
 *
 * Without a lock. There is no moment at which it looks inactive in between: `running` is set before
 * `state` falls, and falls after it is set again. But two reads are not one moment: a function that
 * returned and had its timer queued again between them would hide it from both. So base->seq counts these
 * two steps, and the look is repeated if it moved, or if the base changed.
 */
bool hrtimer_active(const struct hrtimer *timer)
{
	struct hrtimer_clock_base *base;
	unsigned int seq;

	do {
		base = READ_ONCE(timer->base);
		if (!base)
			return true;
		seq = raw_read_seqcount_begin(&base->seq);
		if (READ_ONCE(timer->state) != HRTIMER_STATE_INACTIVE ||
		    READ_ONCE(base->running) == timer)
			return true;
	} while (read_seqcount_retry(&base->seq, seq) || base != READ_ONCE(timer->base));
	return false;
}
EXPORT_SYMBOL(hrtimer_active);

ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;
	ktime_t rem;

	base = lock_hrtimer_base(timer, &flags);
	rem = timer->node.expires - base_get_time(base);
	unlock_hrtimer_base(base, flags);
	return rem;
}
EXPORT_SYMBOL(hrtimer_get_remaining);

/**
 * hrtimer_forward - move a timer's time on by whole @interval's until it lies behind @now
 *
 * For periodic timers; the timer is not queued. Returns by how many: more than one if it was missed.
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	s64 delta = now - timer->node.expires;
	u64 orun = 1;

	if (delta < 0)
		return 0;
	if (WARN_ON(timer->state & HRTIMER_STATE_ENQUEUED))
		return 0;
	interval = max(interval, (ktime_t)1);
	if (unlikely(delta >= interval)) {
		orun = delta / interval;
		hrtimer_add_expires(timer, interval * orun);
		if (timer->node.expires > now)
			return orun;
		orun++;
	}
	hrtimer_add_expires(timer, interval);
	return orun;
}
EXPORT_SYMBOL(hrtimer_forward);

/* ---- the interrupt */

/* Call a timer's function. The lock is held, and given up during the call. */
static void __run_hrtimer(struct hrtimer_cpu_base *cpu_base, struct hrtimer_clock_base *base,
			  struct hrtimer *timer)
{
	enum hrtimer_restart (*fn)(struct hrtimer *) = timer->function;
	enum hrtimer_restart restart;

	WRITE_ONCE(base->running, timer);
	raw_write_seqcount_barrier(&base->seq);		/* see hrtimer_active() */
	__remove_hrtimer(timer, base);
	raw_spin_unlock(&cpu_base->lock);
	restart = fn(timer);
	raw_spin_lock(&cpu_base->lock);
	/* Unless the function, or somebody else, has queued it already. */
	if (restart != HRTIMER_NORESTART && !(timer->state & HRTIMER_STATE_ENQUEUED))
		enqueue_hrtimer(timer, base);
	raw_write_seqcount_barrier(&base->seq);
	WRITE_ONCE(base->running, NULL);
}

/* The first that may still wait ends the walk: those behind it want to be served even later. */
static void hrtimer_run_queues(struct hrtimer_cpu_base *cpu_base)
{
	int i;

	for (i = 0; i < HRTIMER_MAX_CLOCK_BASES; i++) {
		struct hrtimer_clock_base *base = &cpu_base->clock_base[i];
		struct timerqueue_node *node;
		ktime_t now;

		if (!timerqueue_getnext(&base->active))
			continue;
		now = base_get_time(base);
		while ((node = timerqueue_getnext(&base->active))) {
			struct hrtimer *timer = container_of(node, struct hrtimer, node);

			if (now < hrtimer_get_softexpires(timer))
				break;
			__run_hrtimer(cpu_base, base, timer);
		}
	}
}

/**
 * hrtimer_interrupt - the clock event device has fired
 *
 * Runs what is due and sets the device to what comes next. If that is past by then, the device fires
 * again at once: other interrupts and the interrupted task get their turn in between.
 */
void hrtimer_interrupt(struct clock_event_device *dev)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);

	raw_spin_lock(&cpu_base->lock);
	cpu_base->in_hrtirq = true;
	cpu_base->expires_next = KTIME_MAX;
	hrtimer_run_queues(cpu_base);
	cpu_base->in_hrtirq = false;
	cpu_base->expires_next = hrtimer_get_next_event(cpu_base);
	tick_program_event(cpu_base->expires_next, 1);
	raw_spin_unlock(&cpu_base->lock);
}

/* Interrupts are off. */
static void retrigger_next_event(void *unused)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);

	raw_spin_lock(&cpu_base->lock);
	hrtimer_reprogram(cpu_base);
	raw_spin_unlock(&cpu_base->lock);
}

/* CLOCK_REALTIME was set: its timers may be due earlier or later, on every CPU. Interrupts are on. */
void clock_was_set(void)
{
	on_each_cpu(retrigger_next_event, NULL, 1);
}

/* ---- sleeping until a timer fires */

static enum hrtimer_restart hrtimer_wakeup(struct hrtimer *timer)
{
	struct hrtimer_sleeper *t = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *task = t->task;

	WRITE_ONCE(t->task, NULL);
	if (task)
		wake_up_process(task);
	return HRTIMER_NORESTART;
}

void hrtimer_init_sleeper(struct hrtimer_sleeper *sl, clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(&sl->timer, clock_id, mode);
	sl->timer.function = hrtimer_wakeup;
	sl->task = current;
}

void hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sl, enum hrtimer_mode mode)
{
	hrtimer_start_expires(&sl->timer, mode);
}

int __sched schedule_hrtimeout_range_clock(ktime_t *expires, u64 delta,
					   const enum hrtimer_mode mode, clockid_t clock_id)
{
	struct hrtimer_sleeper t;

	if (expires && *expires == 0) {		/* no sleep at all */
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	if (!expires) {
		schedule();
		return -EINTR;
	}
	hrtimer_init_sleeper_on_stack(&t, clock_id, mode);
	hrtimer_set_expires_range_ns(&t.timer, *expires, delta);
	hrtimer_sleeper_start_expires(&t, mode);
	if (likely(READ_ONCE(t.task)))
		schedule();
	hrtimer_cancel(&t.timer);
	__set_current_state(TASK_RUNNING);
	return t.task ? -EINTR : 0;
}

int __sched schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range_clock(expires, delta, mode, CLOCK_MONOTONIC);
}
EXPORT_SYMBOL(schedule_hrtimeout_range);

int __sched schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range(expires, 0, mode);
}
EXPORT_SYMBOL(schedule_hrtimeout);

/* ---- nanosleep(2) */

/* The rest of the sleep, for the program. Not for one whose restart it will be told of by itself. */
static int nanosleep_copyout(struct __kernel_timespec __user *rmtp, ktime_t remaining)
{
	struct timespec64 ts = ktime_to_timespec64(remaining);

	return rmtp && put_timespec64(&ts, rmtp) ? -EFAULT : 0;
}

/*
 * Sleep until the timer fires: 0. A signal: -ERESTART_RESTARTBLOCK, and what is left goes to @rmtp,
 * unless the time is absolute.
 */
static int __sched do_nanosleep(struct hrtimer_sleeper *t, enum hrtimer_mode mode,
				struct __kernel_timespec __user *rmtp)
{
	enum hrtimer_mode given = mode;
	ktime_t rem;

	do {
		set_current_state(TASK_INTERRUPTIBLE);
		hrtimer_sleeper_start_expires(t, mode);
		if (likely(READ_ONCE(t->task)))
			schedule();
		hrtimer_cancel(&t->timer);
		mode = HRTIMER_MODE_ABS;	/* the timer knows its absolute time by now */
	} while (READ_ONCE(t->task) && !signal_pending(current));
	__set_current_state(TASK_RUNNING);
	if (!t->task)
		return 0;
	rem = hrtimer_get_expires(&t->timer) - hrtimer_cb_get_time(&t->timer);
	if (rem <= 0)
		return 0;
	if (given == HRTIMER_MODE_REL && nanosleep_copyout(rmtp, rem))
		return -EFAULT;
	return -ERESTART_RESTARTBLOCK;
}

/* After a signal that has no handler (or stops and continues): sleep on to the time once computed. */
static long __sched hrtimer_nanosleep_restart(struct restart_block *restart)
{
	struct hrtimer_sleeper t;
	int ret;

	hrtimer_init_sleeper_on_stack(&t, restart->nanosleep.clockid, HRTIMER_MODE_ABS);
	hrtimer_set_expires(&t.timer, restart->nanosleep.expires);
	ret = do_nanosleep(&t, HRTIMER_MODE_ABS, NULL);
	if (ret == -ERESTART_RESTARTBLOCK &&
	    nanosleep_copyout(restart->nanosleep.rmtp,
			      hrtimer_get_expires(&t.timer) - hrtimer_cb_get_time(&t.timer)))
		return -EFAULT;
	return ret;
}

/**
 * hrtimer_nanosleep - sleep for, or until, @rqtp
 *
 * Returns 0; -ERESTARTNOHAND for an absolute time or -ERESTART_RESTARTBLOCK for a relative one when a
 * signal came, which the signal code turns into EINTR or a restart; -EFAULT.
 */
long __sched hrtimer_nanosleep(ktime_t rqtp, const enum hrtimer_mode mode, const clockid_t clockid,
			       struct __kernel_timespec __user *rmtp)
{
	struct restart_block *restart = &current->restart_block;
	u64 slack = rt_task(current) ? 0 : current->timer_slack_ns;
	struct hrtimer_sleeper t;
	int ret;

	hrtimer_init_sleeper_on_stack(&t, clockid, mode);
	hrtimer_set_expires_range_ns(&t.timer, rqtp, slack);
	ret = do_nanosleep(&t, mode, rmtp);
	if (ret != -ERESTART_RESTARTBLOCK)
		return ret;
	if (mode == HRTIMER_MODE_ABS)
		return -ERESTARTNOHAND;
	/* The clock that the timer counts by: REALTIME became MONOTONIC for a relative time. */
	restart->nanosleep.clockid = t.timer.base->clockid;
	restart->nanosleep.expires = hrtimer_get_expires(&t.timer);
	restart->nanosleep.rmtp = rmtp;
	restart->fn = hrtimer_nanosleep_restart;
	return ret;
}

SYSCALL_DEFINE2(nanosleep, struct __kernel_timespec __user *, rqtp,
		struct __kernel_timespec __user *, rmtp)
{
	struct timespec64 tu;

	if (get_timespec64(&tu, rqtp))
		return -EFAULT;
	if (!timespec64_valid(&tu))
		return -EINVAL;
	return hrtimer_nanosleep(timespec64_to_ktime(tu), HRTIMER_MODE_REL, CLOCK_MONOTONIC, rmtp);
}
