// SPDX-License-Identifier: MIT
/* Clocks, sleeping and interval timers. */
#include <poll.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	return SYS(clock_gettime, clock, ts);
}

int clock_settime(clockid_t clock, const struct timespec *ts)
{
	return SYS(clock_settime, clock, ts);
}

int clock_getres(clockid_t clock, struct timespec *ts)
{
	return SYS(clock_getres, clock, ts);
}

/* Returns the error instead of setting errno: POSIX wants it so. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *ts, struct timespec *left)
{
	return -RAW(clock_nanosleep, clock, flags, ts, left);
}

int nanosleep(const struct timespec *ts, struct timespec *left)
{
	return SYS(nanosleep, ts, left);
}

unsigned int sleep(unsigned int seconds)
{
	struct timespec ts = { seconds, 0 }, left;

	return nanosleep(&ts, &left) ? left.tv_sec + (left.tv_nsec > 0) : 0;
}

int usleep(unsigned int us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000L };

	return nanosleep(&ts, NULL);
}

int pause(void)
{
	return SYS(ppoll, NULL, 0, NULL, NULL, 0);
}

int gettimeofday(struct timeval *tv, struct timezone *tz)
{
	return SYS(gettimeofday, tv, tz);
}

int getitimer(int which, struct itimerval *value)
{
	return SYS(getitimer, which, value);
}

int setitimer(int which, const struct itimerval *value, struct itimerval *old)
{
	return SYS(setitimer, which, value, old);
}

unsigned int alarm(unsigned int seconds)
{
	struct itimerval it = { .it_value.tv_sec = seconds }, old;

	if (setitimer(ITIMER_REAL, &it, &old))
		return 0;
	return old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}

time_t time(time_t *t)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts))
		return -1;
	if (t)
		*t = ts.tv_sec;
	return ts.tv_sec;
}

clock_t clock(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts))
		return -1;
	return ts.tv_sec * CLOCKS_PER_SEC + ts.tv_nsec / 1000;
}

double difftime(time_t a, time_t b)
{
	return a - b;
}

int timer_create(clockid_t clock, struct sigevent *event, timer_t *timer)
{
	return SYS(timer_create, clock, event, timer);
}

int timer_settime(timer_t timer, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	return SYS(timer_settime, timer, flags, value, old);
}

int timer_gettime(timer_t timer, struct itimerspec *value)
{
	return SYS(timer_gettime, timer, value);
}

int timer_getoverrun(timer_t timer)
{
	return SYS(timer_getoverrun, timer);
}

int timer_delete(timer_t timer)
{
	return SYS(timer_delete, timer);
}

/* 0 or an error's number. A process's clock is ~pid in the upper 29 bits, 2 (to the nanosecond) below. */
int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	clockid_t id = pid ? (clockid_t)(~(unsigned int)pid << 3 | 2) : CLOCK_PROCESS_CPUTIME_ID;

	if (clock_getres(id, NULL))
		return ESRCH;
	*clock = id;
	return 0;
}
