/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_CLOCK_H
#define _LINUX_SCHED_CLOCK_H

#include <linux/types.h>

/* Boot: sched_clock() counts by this counter of @bits bits at @rate Hz (kernel/time/sched_clock.c). */
void sched_clock_register(u64 (*read)(void), int bits, unsigned long rate);

#endif
