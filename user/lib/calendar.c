// SPDX-License-Identifier: MIT
/* Seconds since 1970 to dates and back, and dates to text. Time zones do not exist here. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400

static const char *const months[12] = {
	"January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December",
};

static const char *const days[7] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
};

static int leap(long year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(long year, int month)
{
	static const char length[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return length[month] + (month == 1 && leap(year));
}

/* Days from 1970-01-01 to the first of January of year. */
static long days_before(long year)
{
	long y = year - 1, cycles = 0;

	/*
	 * Of the years 1..y every 4th is a leap year, but not the 100th, but the 400th. 400 years
	 * have 146097 days.
	 */
	if (y < 0) {
		cycles = y / 400 - 1;
		y -= cycles * 400;
	}
	return cycles * 146097 + y * 365 + y / 4 - y / 100 + y / 400 - 719162;
}

struct tm *gmtime_r(const time_t *t, struct tm *tm)
{
	long day = *t / DAY, sec = *t % DAY, year;

	if (sec < 0) {
		sec += DAY;
		day--;
	}
	memset(tm, 0, sizeof(*tm));
	tm->tm_sec = sec % 60;
	tm->tm_min = sec / 60 % 60;
	tm->tm_hour = sec / 3600;
	tm->tm_wday = (day % 7 + 11) % 7;	/* 1970 began on a Thursday */

	year = 1970 + day / 366;		/* a guess, never too late */
	if (day < 0)
		year = 1970 + day / 365 - 1;
	while (days_before(year + 1) <= day)
		year++;
	day -= days_before(year);
	tm->tm_year = year - 1900;
	tm->tm_yday = day;
	while (day >= month_length(year, tm->tm_mon))
		day -= month_length(year, tm->tm_mon++);
	tm->tm_mday = day + 1;
	return tm;
}

struct tm *gmtime(const time_t *t)
{
	static struct tm tm;

	return gmtime_r(t, &tm);
}

struct tm *localtime_r(const time_t *t, struct tm *tm)
{
	return gmtime_r(t, tm);
}

struct tm *localtime(const time_t *t)
{
	return gmtime(t);
}

/* Fields out of their range are carried over, and tm comes back in order. */
time_t timegm(struct tm *tm)
{
	long year = tm->tm_year + 1900L + tm->tm_mon / 12, day;
	int month = tm->tm_mon % 12, i;
	time_t t;

	if (month < 0) {
		month += 12;
		year--;
	}
	day = days_before(year) + tm->tm_mday - 1;
	for (i = 0; i < month; i++)
		day += month_length(year, i);
	t = day * DAY + tm->tm_hour * 3600L + tm->tm_min * 60L + tm->tm_sec;
	gmtime_r(&t, tm);
	return t;
}

time_t mktime(struct tm *tm)
{
	return timegm(tm);
}

/* One conversion of strftime. Returns its length. */
static int convert(char *buf, size_t size, int c, const struct tm *tm)
{
	int hour12 = tm->tm_hour % 12 ? tm->tm_hour % 12 : 12;
	struct tm copy = *tm;

	switch (c) {
	case 'a': return snprintf(buf, size, "%.3s", days[tm->tm_wday % 7U]);
	case 'A': return snprintf(buf, size, "%s", days[tm->tm_wday % 7U]);
	case 'b':
	case 'h': return snprintf(buf, size, "%.3s", months[tm->tm_mon % 12U]);
	case 'B': return snprintf(buf, size, "%s", months[tm->tm_mon % 12U]);
	case 'C': return snprintf(buf, size, "%02d", (tm->tm_year + 1900) / 100);
	case 'd': return snprintf(buf, size, "%02d", tm->tm_mday);
	case 'e': return snprintf(buf, size, "%2d", tm->tm_mday);
	case 'H': return snprintf(buf, size, "%02d", tm->tm_hour);
	case 'I': return snprintf(buf, size, "%02d", hour12);
	case 'j': return snprintf(buf, size, "%03d", tm->tm_yday + 1);
	case 'k': return snprintf(buf, size, "%2d", tm->tm_hour);
	case 'm': return snprintf(buf, size, "%02d", tm->tm_mon + 1);
	case 'M': return snprintf(buf, size, "%02d", tm->tm_min);
	case 'n': return snprintf(buf, size, "\n");
	case 'p': return snprintf(buf, size, tm->tm_hour < 12 ? "AM" : "PM");
	case 's': return snprintf(buf, size, "%ld", timegm(&copy));
	case 'S': return snprintf(buf, size, "%02d", tm->tm_sec);
	case 't': return snprintf(buf, size, "\t");
	case 'u': return snprintf(buf, size, "%d", tm->tm_wday ? tm->tm_wday : 7);
	case 'w': return snprintf(buf, size, "%d", tm->tm_wday);
	case 'y': return snprintf(buf, size, "%02d", (tm->tm_year + 1900) % 100);
	case 'Y': return snprintf(buf, size, "%d", tm->tm_year + 1900);
	case 'z': return snprintf(buf, size, "+0000");
	case 'Z': return snprintf(buf, size, "UTC");
	case '%': return snprintf(buf, size, "%%");
	case 'c': return strftime(buf, size, "%a %b %e %H:%M:%S %Y", tm);
	case 'D':
	case 'x': return strftime(buf, size, "%m/%d/%y", tm);
	case 'F': return strftime(buf, size, "%Y-%m-%d", tm);
	case 'r': return strftime(buf, size, "%I:%M:%S %p", tm);
	case 'R': return strftime(buf, size, "%H:%M", tm);
	case 'T':
	case 'X': return strftime(buf, size, "%H:%M:%S", tm);
	}
	return snprintf(buf, size, "%%%c", c);
}

size_t strftime(char *s, size_t max, const char *fmt, const struct tm *tm)
{
	char buf[64];
	size_t n = 0, k;

	for (; *fmt; fmt++) {
		if (*fmt == '%' && fmt[1]) {
			k = convert(buf, sizeof(buf), *++fmt, tm);
		} else {
			buf[0] = *fmt;
			k = 1;
		}
		if (n + k >= max)
			return 0;
		memcpy(s + n, buf, k);
		n += k;
	}
	if (n >= max)
		return 0;
	s[n] = 0;
	return n;
}

char *asctime(const struct tm *tm)
{
	static char buf[64];

	strftime(buf, sizeof(buf), "%a %b %e %H:%M:%S %Y\n", tm);
	return buf;
}

char *ctime(const time_t *t)
{
	return asctime(gmtime(t));
}
