/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H

/*
 * High-resolution timers: a function that is called at a time given in nanoseconds
 * (kernel/time/hrtimer.c).
 *
 * The function runs in hard-interrupt context with interrupts off and no lock of the timer code
 * held. It may start its own timer again, or return HRTIMER_RESTART after hrtimer_forward().
 */

#include <linux/ktime.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/timerqueue.h>

struct hrtimer_clock_base;
struct task_struct;

enum hrtimer_mode {
	HRTIMER_MODE_ABS	= 0x00,		/* at a time of the clock */
	HRTIMER_MODE_REL	= 0x01,		/* so long from now */
	HRTIMER_MODE_PINNED	= 0x02,		/* on this CPU; all timers are */
	HRTIMER_MODE_SOFT	= 0x04,
	HRTIMER_MODE_HARD	= 0x08,
	HRTIMER_MODE_ABS_PINNED	= HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED	= HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_ABS_HARD	= HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD	= HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_PINNED_HARD = HRTIMER_MODE_REL_PINNED | HRTIMER_MODE_HARD,
	HRTIMER_MODE_ABS_PINNED_HARD = HRTIMER_MODE_ABS_PINNED | HRTIMER_MODE_HARD,
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,	/* queue it again: its time has been moved on */
};

enum hrtimer_base_type {
	HRTIMER_BASE_MONOTONIC,
	HRTIMER_BASE_REALTIME,
	HRTIMER_BASE_BOOTTIME,
	HRTIMER_MAX_CLOCK_BASES,
};

#define HRTIMER_STATE_INACTIVE	0x00
#define HRTIMER_STATE_ENQUEUED	0x01

struct hrtimer {
	struct timerqueue_node	node;		/* expires: not later than this, if it can be helped */
	ktime_t			_softexpires;	/* not before this */
	enum hrtimer_restart	(*function)(struct hrtimer *timer);
	struct hrtimer_clock_base *base;	/* NULL before hrtimer_init() */
	u8			state;		/* HRTIMER_STATE_*; the base's lock */
};

/* Timers of one clock on one CPU. */
struct hrtimer_clock_base {
	unsigned int		index;		/* HRTIMER_BASE_* */
	clockid_t		clockid;
	struct timerqueue_head	active;		/* the CPU base's lock */
	seqcount_t		seq;		/* for who looks at state and running without the lock */
	struct hrtimer		*running;	/* whose function is called now */
};

/* A task that sleeps until a timer fires. task is NULL when it did. */
struct hrtimer_sleeper {
	struct hrtimer		timer;
	struct task_struct	*task;
};

static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
	timer->node.expires = time;
	timer->_softexpires = time;
}

static inline void hrtimer_set_expires_range_ns(struct hrtimer *timer, ktime_t time, u64 delta)
{
	timer->_softexpires = time;
	timer->node.expires = ktime_add_safe(time, ns_to_ktime(delta));
}
#define hrtimer_set_expires_range(t, time, delta) hrtimer_set_expires_range_ns(t, time, delta)

static inline void hrtimer_add_expires(struct hrtimer *timer, ktime_t time)
{
	timer->node.expires = ktime_add_safe(timer->node.expires, time);
	timer->_softexpires = ktime_add_safe(timer->_softexpires, time);
}

static inline void hrtimer_add_expires_ns(struct hrtimer *timer, u64 ns)
{
	hrtimer_add_expires(timer, ns_to_ktime(ns));
}

static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer)
{
	return timer->node.expires;
}

static inline ktime_t hrtimer_get_softexpires(const struct hrtimer *timer)
{
	return timer->_softexpires;
}

static inline s64 hrtimer_get_expires_ns(const struct hrtimer *timer)
{
	return timer->node.expires;
}

static inline int hrtimer_is_queued(struct hrtimer *timer)
{
	return READ_ONCE(timer->state) & HRTIMER_STATE_ENQUEUED;
}

void hrtimer_init(struct hrtimer *timer, clockid_t which_clock, enum hrtimer_mode mode);
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns,
			    const enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *timer);		/* 1: it was queued. Waits for its function */
int hrtimer_try_to_cancel(struct hrtimer *timer);	/* -1: its function is running now */
bool hrtimer_active(const struct hrtimer *timer);	/* queued, or its function is running */
ktime_t hrtimer_get_remaining(const struct hrtimer *timer);
ktime_t hrtimer_cb_get_time(const struct hrtimer *timer);	/* of its clock */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
int hrtimer_get_res(const clockid_t which_clock, struct timespec64 *tp);

static inline void hrtimer_start(struct hrtimer *timer, ktime_t tim, const enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, tim, 0, mode);
}

static inline void hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
	ktime_t soft = timer->_softexpires;

	hrtimer_start_range_ns(timer, soft, timer->node.expires - soft, mode);
}

static inline void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start_expires(timer, HRTIMER_MODE_ABS);
}

static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, hrtimer_cb_get_time(timer), interval);
}

static inline int hrtimer_callback_running(struct hrtimer *timer)
{
	return timer->base->running == timer;
}

void hrtimer_init_sleeper(struct hrtimer_sleeper *sl, clockid_t clock_id, enum hrtimer_mode mode);
void hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sl, enum hrtimer_mode mode);
#define hrtimer_init_on_stack(t, c, m)		hrtimer_init(t, c, m)
#define hrtimer_init_sleeper_on_stack(s, c, m)	hrtimer_init_sleeper(s, c, m)
#define destroy_hrtimer_on_stack(t)		do { (void)(t); } while (0)

/*
 * Sleep until *@expires (NULL: for ever) or a wake-up; current's state is set before. 0 when the time
 * came, else -EINTR. @delta in ns: so much later is good enough.
 */
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode);
int schedule_hrtimeout_range_clock(ktime_t *expires, u64 delta, const enum hrtimer_mode mode,
				   clockid_t clock_id);
int schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode);

long hrtimer_nanosleep(ktime_t rqtp, const enum hrtimer_mode mode, const clockid_t clockid,
		       struct __kernel_timespec __user *rmtp);

/* The timer's interrupt: the handler of this CPU's clock event device. */
struct clock_event_device;
void hrtimer_interrupt(struct clock_event_device *dev);
void clock_was_set(void);		/* CLOCK_REALTIME jumped */

/*
 * kernel/time/itimer.c. signal->real_timer's function, sending SIGALRM; and its next period, which
 * begins when the signal is taken off the queue, so that a short one cannot flood the machine:
 * dequeue_signal() calls itimer_rearm() with siglock held when it took SIGALRM.
 */
enum hrtimer_restart it_real_fn(struct hrtimer *timer);
void itimer_rearm(struct task_struct *tsk);

#endif
