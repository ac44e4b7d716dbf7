/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_CLOCK_CLOCK_H
#define _LINUX_SCHED_CLOCK_CLOCK_H

#include <linux/types.h>

/*
 * Nanoseconds since boot by the raw counter: cheap, from any context, never set and never adjusted.
 * 0 until the timer's driver has started. The counter is one for all CPUs, so local_clock() and
 * sched_clock_cpu() need no more.
 */
u64 sched_clock(void);

static inline u64 local_clock(void) { return sched_clock(); }
static inline u64 sched_clock_cpu(int cpu) { return sched_clock(); }
static inline u64 cpu_clock(int cpu) { return sched_clock(); }

#endif
