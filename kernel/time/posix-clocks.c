// SPDX-License-Identifier: MIT
/*
 * The clocks by number, and the system calls on them: clock_gettime(2) and its kin, clock_nanosleep(2).
 *
 * clockid_to_kclock() finds what a clock can do; a NULL there is EINVAL to set it, EOPNOTSUPP to sleep or
 * make timers by it. Negative numbers are the CPU clocks of other processes and threads.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "posix-timers.h"

static int posix_get_realtime_timespec(clockid_t which_clock, struct timespec64 *tp)
{
	ktime_get_real_ts64(tp);
	return 0;
}

static int posix_get_monotonic_timespec(clockid_t which_clock, struct timespec64 *tp)
{
	ktime_get_ts64(tp);
	return 0;
}

static int posix_get_realtime_coarse(clockid_t which_clock, struct timespec64 *tp)
{
	ktime_get_coarse_real_ts64(tp);
	return 0;
}

static int posix_get_monotonic_coarse(clockid_t which_clock, struct timespec64 *tp)
{
	ktime_get_coarse_ts64(tp);
	return 0;
}

static int posix_get_hrtimer_res(clockid_t which_clock, struct timespec64 *tp)
{
	*tp = (struct timespec64){ 0, 1 };
	return 0;
}

static int posix_get_coarse_res(clockid_t which_clock, struct timespec64 *tp)
{
	*tp = (struct timespec64){ 0, TICK_NSEC };
	return 0;
}

static int posix_clock_realtime_set(clockid_t which_clock, const struct timespec64 *tp)
{
	if (!timespec64_valid_settod(tp))
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	return do_settimeofday64(tp);
}

static int common_nsleep(clockid_t which_clock, int flags, const struct timespec64 *rqtp,
			 struct __kernel_timespec __user *rmtp)
{
	return hrtimer_nanosleep(timespec64_to_ktime(*rqtp),
				 flags & TIMER_ABSTIME ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL,
				 which_clock, rmtp);
}

#define HRTIMER_CLOCK						\
	.clock_getres	= posix_get_hrtimer_res,		\
	.nsleep		= common_nsleep,			\
	.timer_create	= common_timer_create,			\
	.timer_set	= common_timer_set,			\
	.timer_get	= common_timer_get,			\
	.timer_del	= common_timer_del,			\
	.timer_rearm	= common_hrtimer_rearm

static const struct k_clock clock_realtime = {
	.clock_get_timespec = posix_get_realtime_timespec,
	.clock_set	= posix_clock_realtime_set,
	HRTIMER_CLOCK,
};

/* Leap seconds are not known here, as they are not on Linux until NTP tells of them. */
static const struct k_clock clock_tai = {
	.clock_get_timespec = posix_get_realtime_timespec,
	HRTIMER_CLOCK,
};

/* This machine does not suspend, so BOOTTIME is the same. */
static const struct k_clock clock_monotonic = {
	.clock_get_timespec = posix_get_monotonic_timespec,
	HRTIMER_CLOCK,
};

static const struct k_clock clock_monotonic_raw = {
	.clock_get_timespec = posix_get_monotonic_timespec,
	.clock_getres	= posix_get_hrtimer_res,
};

static const struct k_clock clock_realtime_coarse = {
	.clock_get_timespec = posix_get_realtime_coarse,
	.clock_getres	= posix_get_coarse_res,
};

static const struct k_clock clock_monotonic_coarse = {
	.clock_get_timespec = posix_get_monotonic_coarse,
	.clock_getres	= posix_get_coarse_res,
};

static const struct k_clock *const posix_clocks[] = {
	[CLOCK_REALTIME]		= &clock_realtime,
	[CLOCK_MONOTONIC]		= &clock_monotonic,
	[CLOCK_PROCESS_CPUTIME_ID]	= &clock_process,
	[CLOCK_THREAD_CPUTIME_ID]	= &clock_thread,
	[CLOCK_MONOTONIC_RAW]		= &clock_monotonic_raw,
	[CLOCK_REALTIME_COARSE]		= &clock_realtime_coarse,
	[CLOCK_MONOTONIC_COARSE]	= &clock_monotonic_coarse,
	[CLOCK_BOOTTIME]		= &clock_monotonic,
	[CLOCK_TAI]			= &clock_tai,
};

/** clockid_to_kclock - what the clock can do; NULL: there is none of that number */
const struct k_clock *clockid_to_kclock(clockid_t id)
{
	if (id < 0)
		return (id & CLOCKFD_MASK) == CLOCKFD ? NULL : &clock_posix_cpu;
	return id < (int)ARRAY_SIZE(posix_clocks) ? posix_clocks[id] : NULL;
}

SYSCALL_DEFINE2(clock_gettime, clockid_t, which_clock, struct __kernel_timespec __user *, tp)
{
	const struct k_clock *kc = clockid_to_kclock(which_clock);
	struct timespec64 ts;
	int ret = kc ? kc->clock_get_timespec(which_clock, &ts) : -EINVAL;

	return ret ? ret : put_timespec64(&ts, tp);
}

SYSCALL_DEFINE2(clock_getres, clockid_t, which_clock, struct __kernel_timespec __user *, tp)
{
	const struct k_clock *kc = clockid_to_kclock(which_clock);
	struct timespec64 ts;
	int ret = kc ? kc->clock_getres(which_clock, &ts) : -EINVAL;

	if (ret)
		return ret;
	return tp ? put_timespec64(&ts, tp) : 0;
}

SYSCALL_DEFINE2(clock_settime, clockid_t, which_clock, const struct __kernel_timespec __user *, tp)
{
	const struct k_clock *kc = clockid_to_kclock(which_clock);
	struct timespec64 ts;

	if (!kc || !kc->clock_set)
		return -EINVAL;
	if (get_timespec64(&ts, tp))
		return -EFAULT;
	return kc->clock_set(which_clock, &ts);
}

SYSCALL_DEFINE4(clock_nanosleep, clockid_t, which_clock, int, flags,
		const struct __kernel_timespec __user *, rqtp,
		struct __kernel_timespec __user *, rmtp)
{
	const struct k_clock *kc = clockid_to_kclock(which_clock);
	struct timespec64 t;

	if (!kc)
		return -EINVAL;
	if (!kc->nsleep)
		return -EOPNOTSUPP;
	if (get_timespec64(&t, rqtp))
		return -EFAULT;
	if (!timespec64_valid(&t))
		return -EINVAL;
	return kc->nsleep(which_clock, flags, &t, rmtp);
}
