// SPDX-License-Identifier: MIT
/* Times between programs and the kernel, and the calendar. */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

int get_timespec64(struct timespec64 *ts, const struct __kernel_timespec __user *uts)
{
	struct __kernel_timespec kts;

	if (copy_from_user(&kts, uts, sizeof(kts)))
		return -EFAULT;
	ts->tv_sec = kts.tv_sec;
	ts->tv_nsec = kts.tv_nsec;
	return 0;
}
EXPORT_SYMBOL(get_timespec64);

int put_timespec64(const struct timespec64 *ts, struct __kernel_timespec __user *uts)
{
	struct __kernel_timespec kts = { .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };

	return copy_to_user(uts, &kts, sizeof(kts)) ? -EFAULT : 0;
}
EXPORT_SYMBOL(put_timespec64);

int get_itimerspec64(struct itimerspec64 *it, const struct __kernel_itimerspec __user *uit)
{
	int ret = get_timespec64(&it->it_interval, &uit->it_interval);

	return ret ? ret : get_timespec64(&it->it_value, &uit->it_value);
}

int put_itimerspec64(const struct itimerspec64 *it, struct __kernel_itimerspec __user *uit)
{
	int ret = put_timespec64(&it->it_interval, &uit->it_interval);

	return ret ? ret : put_timespec64(&it->it_value, &uit->it_value);
}

/* ---- the calendar. Years begin in March here, so that the leap day is the last of its year. */

#define DAYS_PER_ERA	146097		/* 400 years */

/* Days since 1970-01-01 of a date; @mon from 1. */
static s64 days_from_civil(s64 year, unsigned int mon, unsigned int day)
{
	s64 y = mon <= 2 ? year - 1 : year;
	s64 era = (y >= 0 ? y : y - 399) / 400;
	s64 yoe = y - era * 400;
	s64 doy = (153 * (mon > 2 ? mon - 3 : mon + 9) + 2) / 5 + day - 1;

	return era * DAYS_PER_ERA + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day, unsigned int hour,
		  unsigned int min, unsigned int sec)
{
	return ((days_from_civil(year, mon, day) * 24 + hour) * 60 + min) * 60 + sec;
}
EXPORT_SYMBOL(mktime64);

/** time64_to_tm - the date and time of day of @totalsecs, @offset seconds east of UTC */
void time64_to_tm(time64_t totalsecs, int offset, struct tm *result)
{
	s64 t = totalsecs + offset, days = t / 86400, rem = t % 86400, era, z;
	u32 doe, yoe, doy, mp;

	if (rem < 0) {
		rem += 86400;
		days--;
	}
	result->tm_hour = rem / 3600;
	result->tm_min = rem % 3600 / 60;
	result->tm_sec = rem % 60;
	result->tm_wday = ((days % 7) + 11) % 7;	/* 1970-01-01 was a Thursday, 4 */

	z = days + 719468;
	era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	doe = z - era * DAYS_PER_ERA;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	result->tm_mday = doy - (153 * mp + 2) / 5 + 1;
	result->tm_mon = mp < 10 ? mp + 2 : mp - 10;
	result->tm_year = era * 400 + yoe + (result->tm_mon < 2) - 1900;
	result->tm_yday = days - days_from_civil(result->tm_year + 1900, 1, 1);
}
EXPORT_SYMBOL(time64_to_tm);

/* ---- system calls */

/* The kernel knows no time zone: it is stored because programs ask for what they set. */
static struct timezone sys_tz;

SYSCALL_DEFINE2(gettimeofday, struct __kernel_old_timeval __user *, tv, struct timezone __user *, tz)
{
	if (tv) {
		struct timespec64 ts;

		ktime_get_real_ts64(&ts);
		if (put_user((long)ts.tv_sec, &tv->tv_sec) ||
		    put_user((long)(ts.tv_nsec / NSEC_PER_USEC), &tv->tv_usec))
			return -EFAULT;
	}
	if (tz && copy_to_user(tz, &sys_tz, sizeof(sys_tz)))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE2(settimeofday, struct __kernel_old_timeval __user *, tv, struct timezone __user *, tz)
{
	struct __kernel_old_timeval ktv = { };
	struct timespec64 ts;
	struct timezone new_tz;

	if (tv && copy_from_user(&ktv, tv, sizeof(ktv)))
		return -EFAULT;
	if (ktv.tv_usec < 0 || ktv.tv_usec >= USEC_PER_SEC)
		return -EINVAL;
	if (tz && copy_from_user(&new_tz, tz, sizeof(new_tz)))
		return -EFAULT;
	ts = (struct timespec64){ ktv.tv_sec, ktv.tv_usec * NSEC_PER_USEC };
	if (tv && !timespec64_valid_settod(&ts))
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	if (tz) {
		if (new_tz.tz_minuteswest > 15 * 60 || new_tz.tz_minuteswest < -15 * 60)
			return -EINVAL;
		sys_tz = new_tz;
	}
	return tv ? do_settimeofday64(&ts) : 0;
}
