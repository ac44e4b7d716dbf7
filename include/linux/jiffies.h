/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

/* Time in ticks of the scheduler's timer, HZ of them a second: for time limits that need no better. */

#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/types.h>

#define HZ		250
#define USER_HZ		100		/* what programs are told: AT_CLKTCK, times(), /proc/PID/stat */
#define CLOCKS_PER_SEC	USER_HZ
#define TICK_NSEC	(NSEC_PER_SEC / HZ)
#define TICK_USEC	(USEC_PER_SEC / HZ)

#define INITIAL_JIFFIES	0UL
#define MAX_JIFFY_OFFSET	((LONG_MAX >> 1) - 1)

extern volatile unsigned long jiffies;	/* one CPU's tick writes it; 64 bits do not wrap */

static inline u64 get_jiffies_64(void) { return jiffies; }
#define jiffies_64	get_jiffies_64()

#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)
#define time_in_range(a, b, c)	(time_after_eq(a, b) && time_before_eq(a, c))
#define time_is_before_jiffies(a)	time_after(jiffies, a)
#define time_is_after_jiffies(a)	time_before(jiffies, a)
#define time_is_before_eq_jiffies(a)	time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a)	time_before_eq(jiffies, a)

/* To jiffies upwards: a time limit is never shorter than asked for. Negative means for ever. */
static inline unsigned long msecs_to_jiffies(const unsigned int m)
{
	if ((int)m < 0)
		return MAX_JIFFY_OFFSET;
	return ((unsigned long)m * HZ + MSEC_PER_SEC - 1) / MSEC_PER_SEC;
}

static inline unsigned long usecs_to_jiffies(const unsigned int u)
{
	return ((unsigned long)u * HZ + USEC_PER_SEC - 1) / USEC_PER_SEC;
}

static inline unsigned long nsecs_to_jiffies(u64 n)
{
	return n / TICK_NSEC;
}

static inline unsigned long timespec64_to_jiffies(const struct timespec64 *ts)
{
	if (ts->tv_sec >= (time64_t)(MAX_JIFFY_OFFSET / HZ))
		return MAX_JIFFY_OFFSET;
	return ts->tv_sec * HZ + (ts->tv_nsec + TICK_NSEC - 1) / TICK_NSEC;
}

static inline unsigned int jiffies_to_msecs(const unsigned long j) { return j * (MSEC_PER_SEC / HZ); }
static inline unsigned int jiffies_to_usecs(const unsigned long j) { return j * (USEC_PER_SEC / HZ); }
static inline u64 jiffies_to_nsecs(const unsigned long j) { return (u64)j * TICK_NSEC; }

static inline void jiffies_to_timespec64(const unsigned long j, struct timespec64 *ts)
{
	*ts = ns_to_timespec64(jiffies_to_nsecs(j));
}

static inline clock_t jiffies_to_clock_t(unsigned long j) { return j * USER_HZ / HZ; }
static inline u64 jiffies_64_to_clock_t(u64 j) { return j * USER_HZ / HZ; }
static inline unsigned long clock_t_to_jiffies(unsigned long c) { return c * HZ / USER_HZ; }
static inline u64 nsec_to_clock_t(u64 ns) { return ns / (NSEC_PER_SEC / USER_HZ); }

#endif
