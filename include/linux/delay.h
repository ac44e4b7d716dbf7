/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

/* Waiting for a hardware's fixed delay: udelay() spins, for microseconds; msleep() sleeps. */

#include <linux/types.h>

void ndelay(unsigned long nsecs);
void udelay(unsigned long usecs);
void mdelay(unsigned long msecs);

void msleep(unsigned int msecs);
unsigned long msleep_interruptible(unsigned int msecs);	/* ms left when a signal came */
void usleep_range(unsigned long min, unsigned long max);

static inline void ssleep(unsigned int seconds)
{
	msleep(seconds * 1000);
}

static inline void fsleep(unsigned long usecs)
{
	if (usecs <= 10)
		udelay(usecs);
	else
		usleep_range(usecs, 2 * usecs);
}

#endif
