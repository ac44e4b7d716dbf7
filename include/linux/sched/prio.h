/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_PRIO_H
#define _LINUX_SCHED_PRIO_H

#include <linux/sched.h>	/* MAX_PRIO and its kin */

#define NICE_WIDTH	(MAX_NICE - MIN_NICE + 1)

/* nice 19..-20 as getrlimit(2) and getpriority(2) count it: 1..40 */
static inline long nice_to_rlimit(long nice) { return MAX_NICE - nice + 1; }
static inline long rlimit_to_nice(long prio) { return MAX_NICE - prio + 1; }

#endif
