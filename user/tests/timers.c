// SPDX-License-Identifier: MIT
/* Clocks, sleeping, time-outs. Sleeps are never too short; that they are not too long is judged mildly. */
#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include "tap.h"

#define MS 1000000L

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static void lasted(long start, long ns, const char *what)
{
	long took = now() - start;

	ok(took >= ns && took < ns + 2000 * MS, "%s: %ld us of %ld", what, took / 1000, ns / 1000);
}

static void test_clocks(void)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
		CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE,
		CLOCK_BOOTTIME };
	struct timespec a, b;
	struct timeval tv;
	long last, t;
	int i, back = 0, wrong = 0;

	for (i = 0; i < 8; i++)
		wrong += clock_gettime(clocks[i], &a) || a.tv_nsec < 0 || a.tv_nsec >= 1000 * MS;
	is(wrong, 0, "clock_gettime of eight clocks");
	for (i = 0; i < 8; i++)
		wrong += clock_getres(clocks[i], &a) || a.tv_sec || a.tv_nsec < 1;
	is(wrong, 0, "clock_getres");
	for (i = 0, last = now(); i < 10000; i++, last = t) {
		t = now();
		back += t < last;
	}
	is(back, 0, "the monotonic clock never runs backwards");
	clock_gettime(CLOCK_REALTIME, &a);
	ok(a.tv_sec > 1600000000 && a.tv_sec < 4000000000, "the date is a sensible one");
	gettimeofday(&tv, NULL);
	ok(tv.tv_sec - a.tv_sec < 2, "gettimeofday agrees");
	fails(clock_gettime(77, &a), EINVAL, "a clock that is not there");
	fails(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, 8), EFAULT, "a bad address");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	usleep(50000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	ok(b.tv_sec == a.tv_sec && b.tv_nsec - a.tv_nsec < 25 * MS, "CPU time does not run in sleep");
	last = now();
	while (now() - last < 30 * MS)
		;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	ok((a.tv_sec - b.tv_sec) * 1000 * MS + a.tv_nsec - b.tv_nsec > 0, "and runs while we do");
}

static void test_sleep(void)
{
	struct timespec ts = { 0, 20 * MS }, left = { 1, 1 };
	long start = now();

	is(nanosleep(&ts, &left), 0, "nanosleep");
	lasted(start, 20 * MS, "20 ms");
	is(left.tv_sec, 1, "the rest is not touched");
	start = now();
	ts.tv_nsec = 1000;
	nanosleep(&ts, NULL);
	lasted(start, 1000, "1 us");
	start = now();
	ts = (struct timespec){ (start + 30 * MS) / (1000 * MS), (start + 30 * MS) % (1000 * MS) };
	is(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL), 0, "clock_nanosleep until a time");
	lasted(start, 30 * MS, "30 ms");
	is(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL), 0, "until a time that is past");
	ts.tv_nsec = 1000 * MS;
	fails(nanosleep(&ts, NULL), EINVAL, "nanoseconds out of range");
	ts = (struct timespec){ -1, 0 };
	fails(nanosleep(&ts, NULL), EINVAL, "negative seconds");
	fails(syscall(SYS_nanosleep, 8, 0), EFAULT, "a bad address");
}

static void test_timeouts(void)
{
	struct timespec ts = { 0, 20 * MS };
	struct timeval tv = { 0, 20000 };
	struct pollfd p;
	fd_set set;
	int fd[2];
	long start;

	pipe(fd);
	p = (struct pollfd){ fd[0], POLLIN, 0 };
	start = now();
	is(poll(&p, 1, 20), 0, "poll runs into its time-out");
	lasted(start, 20 * MS, "20 ms");
	start = now();
	is(ppoll(NULL, 0, &ts, NULL), 0, "ppoll of nothing");
	lasted(start, 20 * MS, "20 ms");
	FD_ZERO(&set);
	FD_SET(fd[0], &set);
	start = now();
	is(select(fd[0] + 1, &set, NULL, NULL, &tv), 0, "select");
	lasted(start, 20 * MS, "20 ms");
	ok(!FD_ISSET(fd[0], &set), "and no bit is set");
	if (fork() == 0) {
		usleep(20000);
		_exit(write(fd[1], "x", 1) != 1);
	}
	is(poll(&p, 1, 10000), 1, "poll is woken by a write");
	is(p.revents, POLLIN, "POLLIN");
	wait(NULL);
	p.fd = 99;
	is(poll(&p, 1, 0), 1, "a descriptor that is not open");
	is(p.revents, POLLNVAL, "POLLNVAL");
	close(fd[0]);
	close(fd[1]);
}

static volatile int alarms;

static void on_alarm(int sig)
{
	(void)sig;
	alarms++;
}

static void test_alarm(void)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct itimerval it = { { 0, 0 }, { 0, 30000 } }, old;
	long start = now();

	sigaction(SIGALRM, &sa, NULL);
	is(setitimer(ITIMER_REAL, &it, NULL), 0, "setitimer, once");
	is(getitimer(ITIMER_REAL, &old), 0, "getitimer");
	ok(old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 30000, "what is left");
	while (!alarms)
		pause();
	lasted(start, 30 * MS, "30 ms");
	is(alarm(100), 0, "alarm");
	ok(alarm(0) >= 99, "and off again");
	it.it_value.tv_usec = 1000000;
	fails(setitimer(ITIMER_REAL, &it, NULL), EINVAL, "microseconds out of range");
	fails(setitimer(9, &it, NULL), EINVAL, "a timer that is not there");
}

int main(void)
{
	test_clocks();
	test_sleep();
	test_timeouts();
	test_alarm();
	return done();
}
