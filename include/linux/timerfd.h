/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TIMERFD_H
#define _LINUX_TIMERFD_H

void timerfd_clock_was_set(void);	/* CLOCK_REALTIME was set; process context (fs/timerfd.c) */

#endif
