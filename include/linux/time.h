/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H

/* Times between programs and the kernel: kernel/time/time.c. */

#include <linux/math64.h>
#include <linux/time64.h>

/* 0 or -EFAULT. What a program wrote into tv_nsec is not checked here: see timespec64_valid(). */
int get_timespec64(struct timespec64 *ts, const struct __kernel_timespec __user *uts);
int put_timespec64(const struct timespec64 *ts, struct __kernel_timespec __user *uts);
int get_itimerspec64(struct itimerspec64 *it, const struct __kernel_itimerspec __user *uit);
int put_itimerspec64(const struct itimerspec64 *it, struct __kernel_itimerspec __user *uit);

/* Days and hours of a time in seconds since 1970, UTC. tm_year counts from 1900, tm_mon from 0. */
struct tm {
	int	tm_sec, tm_min, tm_hour;
	int	tm_mday, tm_mon;
	long	tm_year;
	int	tm_wday, tm_yday;
};

void time64_to_tm(time64_t totalsecs, int offset, struct tm *result);
time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day, unsigned int hour,
		  unsigned int min, unsigned int sec);

int do_settimeofday64(const struct timespec64 *ts);

#endif
