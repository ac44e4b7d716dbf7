// SPDX-License-Identifier: MIT
/*
 * Time: clocks, sleeping, the calendar.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

static long now_ms(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts))
		return -1;
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void clocks(void)
{
	struct timespec ts = { 0, 50000000 }, later;
	struct timeval tv;
	struct tms tms;
	struct tm tm;
	char buf[100];
	time_t t = 1000000000;
	long start = now_ms(CLOCK_MONOTONIC), took, real = now_ms(CLOCK_REALTIME);
	int forward = 1;

	is(nanosleep(&ts, NULL), 0, "nanosleep sleeps");
	took = now_ms(CLOCK_MONOTONIC) - start;
	ok(took >= 50, "for the 50 ms at least that it should");
	ok(now_ms(CLOCK_REALTIME) - real >= 49, "the clock on the wall goes on too");
	clock_gettime(CLOCK_MONOTONIC, &later);
	later.tv_nsec += 20000000;
	if (later.tv_nsec >= 1000000000) {
		later.tv_sec++;
		later.tv_nsec -= 1000000000;
	}
	is(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &later, NULL), 0,
	   "clock_nanosleep sleeps until a time");
	ok(now_ms(CLOCK_MONOTONIC) >= later.tv_sec * 1000 + later.tv_nsec / 1000000,
	   "which has come then");
	ts.tv_nsec = 1000000000;
	errno = 0;
	ok(nanosleep(&ts, NULL) == -1 && errno == EINVAL, "nanosleep of 10^9 ns is EINVAL");
	for (int i = 0; i < 10000; i++) {
		struct timespec a, b;

		clock_gettime(CLOCK_MONOTONIC, &a);
		clock_gettime(CLOCK_MONOTONIC, &b);
		forward &= b.tv_sec > a.tv_sec || (b.tv_sec == a.tv_sec && b.tv_nsec >= a.tv_nsec);
	}
	ok(forward, "the monotonic clock never goes back");
	is(gettimeofday(&tv, NULL), 0, "gettimeofday answers");
	ok(labs(time(NULL) - tv.tv_sec) <= 1 && tv.tv_sec > 1600000000, "with this time, as time does");
	ok(now_ms(CLOCK_BOOTTIME) >= start, "there is CLOCK_BOOTTIME");
	is(clock_getres(CLOCK_MONOTONIC, &ts) == 0 && ts.tv_sec == 0 && ts.tv_nsec < 1000000, 1,
	   "the clock is finer than 1 ms");
	start = now_ms(CLOCK_PROCESS_CPUTIME_ID);
	while (now_ms(CLOCK_PROCESS_CPUTIME_ID) < start + 30)
		;
	ok(times(&tms) > 0 && tms.tms_utime + tms.tms_stime >= 1, "times counts our CPU time");
	ok(clock() > 20 * (CLOCKS_PER_SEC / 1000), "and so does clock");

	gmtime_r(&t, &tm);
	strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S %j %a %b", &tm);
	is_text(buf, "2001-09-09 01:46:40 252 Sun Sep", "strftime writes a date");
	tm.tm_mday += 30;
	is(timegm(&tm), t + 30 * 86400, "timegm reads one, and carries over");
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	localtime_r(&t, &tm);
	is(tm.tm_hour, 3, "localtime knows a zone's summer time");
}
