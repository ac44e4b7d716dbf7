// SPDX-License-Identifier: MIT
/* timerfd: once and periodic, relative and absolute, what is left, and the clock set meanwhile. */
#include <poll.h>
#include <sys/timerfd.h>
#include "clock.h"
#include "tap.h"

static int set(int fd, int flags, long value, long interval)
{
	struct itimerspec it = { spec(interval), spec(value) };

	return timerfd_settime(fd, flags, &it, NULL);
}

static long take(int fd)
{
	unsigned long n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? (long)n : -errno;
}

static int readable(int fd, int timeout)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	return poll(&p, 1, timeout) == 1 ? p.revents : 0;
}

static void test_once(clockid_t clock, const char *name)
{
	int fd = timerfd_create(clock, TFD_NONBLOCK);
	struct itimerspec it;
	long start = now(clock);

	is(set(fd, 0, 200 * MS, 0), 0, "%s: in 200 ms", name);
	is(take(fd), -EAGAIN, "not yet");
	is(timerfd_gettime(fd, &it), 0, "timerfd_gettime");
	ok(it.it_value.tv_sec == 0 && it.it_value.tv_nsec > 0 && it.it_value.tv_nsec <= 200 * MS,
	   "what is left: %ld", it.it_value.tv_nsec);
	is(readable(fd, -1), POLLIN, "poll is woken by it");
	ok(now(clock) - start >= 200 * MS, "not before its time");
	is(take(fd), 1, "one expiry");
	is(take(fd), -EAGAIN, "told once");
	timerfd_gettime(fd, &it);
	ok(!it.it_value.tv_sec && !it.it_value.tv_nsec, "nothing is left");

	is(set(fd, TFD_TIMER_ABSTIME, now(clock) + 10 * MS, 0), 0, "at a time");
	is(readable(fd, -1), POLLIN, "it comes");
	is(set(fd, TFD_TIMER_ABSTIME, start, 0), 0, "at a time that is past");
	is(readable(fd, -1), POLLIN, "at once");
	is(set(fd, 0, 100 * SECOND, 0), 0, "set anew");
	is(take(fd), -EAGAIN, "the old expiry is forgotten");
	close(fd);
}

static void test_periodic(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct itimerspec it = { spec(0), spec(0) }, old;
	long start = now(CLOCK_MONOTONIC), n = 0, r, took;

	ok(!strcmp(fd_link(fd), "anon_inode:[timerfd]"), "/proc/self/fd: %s", fd_link(fd));
	set(fd, 0, 5 * MS, 5 * MS);
	while (n < 5 && (r = take(fd)) > 0)
		n += r;
	took = now(CLOCK_MONOTONIC) - start;
	ok(n >= 5 && took >= n * 5 * MS, "%ld periods of 5 ms in %ld us", n, took / 1000);

	/* Ten periods behind: one read tells of all. */
	start = now(CLOCK_MONOTONIC);
	set(fd, TFD_TIMER_ABSTIME, start - 95 * MS, 10 * MS);
	n = take(fd);
	took = now(CLOCK_MONOTONIC) - start;
	ok(n >= 10 && n <= 10 + (took + 5 * MS) / (10 * MS), "ten periods that have passed: %ld", n);
	timerfd_gettime(fd, &it);
	ok(it.it_value.tv_nsec <= 10 * MS && it.it_interval.tv_nsec == 10 * MS, "the next is within 10 ms");

	it = (struct itimerspec){ spec(0), spec(0) };
	is(timerfd_settime(fd, 0, &it, &old), 0, "off");
	is(old.it_interval.tv_nsec, 10 * MS, "what it was set to");
	timerfd_gettime(fd, &it);
	ok(!it.it_value.tv_nsec && !it.it_interval.tv_nsec, "now nothing");

	/* A nanosecond: the machine does not drown in interrupts. */
	set(fd, 0, 1, 1);
	n = take(fd);
	ok(n >= 1, "a period of 1 ns");
	usleep(10000);
	n = take(fd);
	ok(n >= 10 * MS, "10 ms later: %ld periods", n);
	close(fd);
}

static void on_signal(int sig)
{
	(void)sig;
}

static void test_waiting(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);
	pid_t pid;

	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "TFD_CLOEXEC");
	sigaction(SIGUSR1, &sa, NULL);
	pid = fork();
	if (!pid)
		_exit(-take(fd));
	until_asleep(pid);
	kill(pid, SIGUSR1);
	is(reap(pid), EINTR, "a signal ends the wait");
	pid = fork();
	if (!pid)
		_exit(take(fd));
	until_asleep(pid);
	set(fd, 0, MS, 0);
	is(reap(pid), 1, "set while a reader waits");
	close(fd);
}

static void shift_clock(long ns)
{
	struct timespec ts = spec(now(CLOCK_REALTIME) + ns);

	if (clock_settime(CLOCK_REALTIME, &ts))
		ok(0, "clock_settime: %d", errno);
}

static void test_clock_set(void)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	int rel = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK), cancel = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
	long later = now(CLOCK_REALTIME) + 1000 * SECOND;
	pid_t pid;

	is(set(fd, cancel, later, 0), 0, "TFD_TIMER_CANCEL_ON_SET");
	is(take(fd), -EAGAIN, "the clock runs on");
	shift_clock(10 * SECOND);
	is(readable(fd, 0), POLLIN, "the clock is set: readable");
	is(take(fd), -ECANCELED, "ECANCELED");
	is(take(fd), -EAGAIN, "told once");
	shift_clock(-10 * SECOND);
	is(take(fd), -ECANCELED, "set again: told again");

	shift_clock(10 * SECOND);
	fails(set(fd, cancel, later, 0), ECANCELED, "set before it was told: the next timerfd_settime tells");
	is(set(fd, cancel, later, 0), 0, "and the one after it does not");
	fcntl(fd, F_SETFL, 0);
	pid = fork();
	if (!pid)
		_exit(-take(fd));
	until_asleep(pid);
	shift_clock(-10 * SECOND);
	is(reap(pid), ECANCELED, "a sleeping reader hears of it");
	fcntl(fd, F_SETFL, O_NONBLOCK);

	set(fd, TFD_TIMER_ABSTIME, later, 0);
	set(rel, 0, 1000 * SECOND, 0);
	shift_clock(2000 * SECOND);
	is(readable(fd, -1), POLLIN, "an absolute timer fires when the clock is set behind it");
	is(take(fd), 1, "an expiry like others");
	is(take(rel), -EAGAIN, "a relative one does not care");
	shift_clock(-2000 * SECOND);
	close(fd);
	close(rel);
}

static void test_errors(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0), p[2];
	struct itimerspec it = { spec(0), spec(MS) };

	fails(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0), EINVAL, "a clock that has no timerfd");
	fails(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL, "unknown flags");
	fails(timerfd_settime(fd, 4, &it, NULL), EINVAL, "unknown flags of settime");
	it.it_value.tv_nsec = SECOND;
	fails(timerfd_settime(fd, 0, &it, NULL), EINVAL, "nanoseconds out of range");
	fails(timerfd_settime(fd, 0, (void *)8, NULL), EFAULT, "a bad address");
	fails(timerfd_gettime(fd, (void *)8), EFAULT, "a bad address of gettime");
	fails(timerfd_gettime(77, &it), EBADF, "a descriptor that is not open");
	fails(read(fd, &it, 7), EINVAL, "a read of 7 bytes");
	fails(write(fd, &it, 8), EINVAL, "a write");
	if (pipe(p) == 0) {
		fails(timerfd_gettime(p[0], &it), EINVAL, "a descriptor that is a pipe");
		close(p[0]);
		close(p[1]);
	}
	close(fd);
}

int main(void)
{
	test_once(CLOCK_MONOTONIC, "CLOCK_MONOTONIC");
	test_once(CLOCK_REALTIME, "CLOCK_REALTIME");
	test_once(CLOCK_BOOTTIME, "CLOCK_BOOTTIME");
	test_periodic();
	test_waiting();
	test_clock_set();
	test_errors();
	return done();
}
