/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

/* ktime_t: a time of some clock, or a length of time, in nanoseconds. 292 years fit in. */

#include <linux/time64.h>
#include <linux/types.h>

typedef s64 ktime_t;

static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	return secs >= KTIME_SEC_MAX ? KTIME_MAX : secs * NSEC_PER_SEC + (s64)nsecs;
}

#define ktime_add(lhs, rhs)		((lhs) + (rhs))
#define ktime_sub(lhs, rhs)		((lhs) - (rhs))
#define ktime_add_ns(kt, nsval)		((kt) + (s64)(nsval))
#define ktime_sub_ns(kt, nsval)		((kt) - (s64)(nsval))

static inline ktime_t timespec64_to_ktime(struct timespec64 ts)
{
	return timespec64_to_ns(&ts);
}

#define ktime_to_timespec64(kt)		ns_to_timespec64(kt)

static inline s64 ktime_to_ns(const ktime_t kt) { return kt; }
static inline ktime_t ns_to_ktime(u64 ns) { return ns; }
static inline ktime_t us_to_ktime(u64 us) { return us * NSEC_PER_USEC; }
static inline ktime_t ms_to_ktime(u64 ms) { return ms * NSEC_PER_MSEC; }
static inline s64 ktime_to_us(const ktime_t kt) { return kt / NSEC_PER_USEC; }
static inline s64 ktime_to_ms(const ktime_t kt) { return kt / NSEC_PER_MSEC; }
static inline s64 ktime_divns(const ktime_t kt, s64 div) { return kt / div; }

static inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_us(later - earlier);
}

static inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_ms(later - earlier);
}

static inline ktime_t ktime_add_us(const ktime_t kt, const u64 us)
{
	return kt + (s64)us * NSEC_PER_USEC;
}

static inline ktime_t ktime_add_ms(const ktime_t kt, const u64 ms)
{
	return kt + (s64)ms * NSEC_PER_MSEC;
}

static inline int ktime_compare(const ktime_t a, const ktime_t b)
{
	return a < b ? -1 : a > b;
}

static inline bool ktime_after(const ktime_t a, const ktime_t b) { return a > b; }
static inline bool ktime_before(const ktime_t a, const ktime_t b) { return a < b; }

/* "For ever" plus something stays for ever. Neither is negative. */
static inline ktime_t ktime_add_safe(const ktime_t lhs, const ktime_t rhs)
{
	s64 sum;

	return __builtin_add_overflow(lhs, rhs, &sum) ? KTIME_MAX : sum;
}

#include <linux/timekeeping.h>

#endif
