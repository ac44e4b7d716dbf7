// SPDX-License-Identifier: MIT
/*
 * The system calls on clocks: clock_gettime(2) and its kin, nanosleep(2), clock_nanosleep(2).
 *
 * The clocks are those of <linux/timekeeping.h>, and the CPU time of the calling process and thread.
 * CPU clocks of other processes (negative numbers) and timer_create(2) are not there.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/debug.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

static u64 process_cputime_ns(void)
{
	struct task_cputime cputime;

	read_lock(&tasklist_lock);
	thread_group_cputime(current, &cputime);
	read_unlock(&tasklist_lock);
	return cputime.sum_exec_runtime;
}

/* 0, or -EINVAL: no such clock. */
static int clock_get_time(clockid_t which_clock, struct timespec64 *tp)
{
	switch (which_clock) {
	case CLOCK_REALTIME:
	case CLOCK_TAI:			/* leap seconds are not known here, as on Linux until NTP tells */
		ktime_get_real_ts64(tp);
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_BOOTTIME:
		ktime_get_ts64(tp);
		return 0;
	case CLOCK_REALTIME_COARSE:
		ktime_get_coarse_real_ts64(tp);
		return 0;
	case CLOCK_MONOTONIC_COARSE:
		ktime_get_coarse_ts64(tp);
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*tp = ns_to_timespec64(process_cputime_ns());
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*tp = ns_to_timespec64(task_sched_runtime(current));
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE2(clock_gettime, clockid_t, which_clock, struct __kernel_timespec __user *, tp)
{
	struct timespec64 ts;
	int ret = clock_get_time(which_clock, &ts);

	return ret ? ret : put_timespec64(&ts, tp);
}

SYSCALL_DEFINE2(clock_getres, clockid_t, which_clock, struct __kernel_timespec __user *, tp)
{
	struct timespec64 ts;
	int ret = clock_get_time(which_clock, &ts);

	if (ret)
		return ret;
	ts.tv_sec = 0;
	ts.tv_nsec = which_clock == CLOCK_REALTIME_COARSE || which_clock == CLOCK_MONOTONIC_COARSE ?
			     TICK_NSEC : 1;
	return tp ? put_timespec64(&ts, tp) : 0;
}

SYSCALL_DEFINE2(clock_settime, clockid_t, which_clock, const struct __kernel_timespec __user *, tp)
{
	struct timespec64 ts;

	if (which_clock != CLOCK_REALTIME)
		return -EINVAL;
	if (get_timespec64(&ts, tp))
		return -EFAULT;
	if (!timespec64_valid_settod(&ts))
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	return do_settimeofday64(&ts);
}

/* ---- nanosleep */

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

SYSCALL_DEFINE4(clock_nanosleep, clockid_t, which_clock, int, flags,
		const struct __kernel_timespec __user *, rqtp,
		struct __kernel_timespec __user *, rmtp)
{
	struct timespec64 t;

	switch (which_clock) {
	case CLOCK_REALTIME:
	case CLOCK_TAI:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		break;
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_PROCESS_CPUTIME_ID:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
	if (get_timespec64(&t, rqtp))
		return -EFAULT;
	if (!timespec64_valid(&t))
		return -EINVAL;
	return hrtimer_nanosleep(timespec64_to_ktime(t),
				 flags & TIMER_ABSTIME ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL,
				 which_clock, rmtp);
}
