/* SPDX-License-Identifier: MIT */
/* The tick and idle CPUs: kernel/time/tick-sched.c. The first four are for the idle loop, interrupts off. */
#ifndef _LINUX_TICK_H
#define _LINUX_TICK_H

#include <linux/types.h>

void tick_nohz_idle_enter(void);	/* nothing to run */
void tick_nohz_idle_stop_tick(void);	/* before each sleep */
void tick_nohz_idle_wake(void);		/* after each, before interrupts are let in */
void tick_nohz_idle_exit(void);		/* something to run */

u64 tick_nohz_idle_time(int cpu, bool iowait);

#endif
