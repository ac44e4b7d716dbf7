/* SPDX-License-Identifier: MIT */
#ifndef _KERNEL_TIME_TICK_INTERNAL_H
#define _KERNEL_TIME_TICK_INTERNAL_H

void tick_setup_sched_timer(void);	/* this CPU's tick begins; interrupts off */

#endif
