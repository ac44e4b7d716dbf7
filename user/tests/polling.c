// SPDX-License-Identifier: MIT
/* ppoll and pselect6 as such: signal masks, the time that is left, what comes first, many descriptors. */
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include "tap.h"

static volatile int handled;

static void on_signal(int sig)
{
	(void)sig;
	handled++;
}

static sigset_t mask_now(void)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	return mask;
}

static int raw_ppoll(struct pollfd *p, int n, struct timespec *ts, sigset_t *mask)
{
	return syscall(SYS_ppoll, p, n, ts, mask, 8);
}

static int raw_pselect(int n, fd_set *in, struct timespec *ts, sigset_t *mask)
{
	struct {
		sigset_t *mask;
		unsigned long size;
	} arg = { mask, 8 };

	return syscall(SYS_pselect6, n, in, NULL, NULL, ts, mask ? &arg : NULL);
}

static void test_masks(void)
{
	sigset_t usr1 = 1UL << (SIGUSR1 - 1), none = 0;
	int fd = eventfd(0, 0);
	struct pollfd p = { fd, POLLIN, 0 };
	struct timespec zero = { 0, 0 };
	fd_set set;

	signal(SIGUSR1, on_signal);
	sigprocmask(SIG_SETMASK, &usr1, NULL);
	raise(SIGUSR1);
	fails(raw_ppoll(&p, 1, NULL, &none), EINTR, "ppoll lets a pending signal in");
	is(handled, 1, "its handler has run");
	is(mask_now(), usr1, "and the mask is as before");
	raise(SIGUSR1);
	FD_ZERO(&set);
	FD_SET(fd, &set);
	fails(raw_pselect(fd + 1, &set, NULL, &none), EINTR, "so does pselect6");
	is(handled, 2, "its handler has run");
	is(mask_now(), usr1, "and the mask is as before");
	raise(SIGUSR1);
	is(raw_ppoll(&p, 1, &zero, &usr1), 0, "a mask that keeps it out");
	is(handled, 2, "does");
	eventfd_write(fd, 1);
	is(raw_ppoll(&p, 1, NULL, &none), 1, "a ready descriptor comes before a signal");
	is(handled, 2, "which stays pending");
	sigprocmask(SIG_SETMASK, &none, NULL);
	is(handled, 3, "until it is unblocked");
	fails(syscall(SYS_ppoll, &p, 1, NULL, &none, 4), EINVAL, "a mask of another size");
	close(fd);
}

static void test_time_left(void)
{
	struct timespec ts = { 100, 0 };
	int fd = eventfd(1, 0);
	struct pollfd p = { fd, POLLIN, 0 };
	fd_set set;

	is(raw_ppoll(&p, 1, &ts, NULL), 1, "ppoll, ready at once");
	ok(ts.tv_sec >= 90 && ts.tv_sec <= 100, "the time that is left: %ld s", ts.tv_sec);
	ts = (struct timespec){ 100, 0 };
	FD_ZERO(&set);
	FD_SET(fd, &set);
	is(raw_pselect(fd + 1, &set, &ts, NULL), 1, "pselect6, ready at once");
	ok(ts.tv_sec >= 90 && ts.tv_sec <= 100, "the time that is left: %ld s", ts.tv_sec);
	ts = (struct timespec){ 0, 1000000 };
	is(raw_ppoll(NULL, 0, &ts, NULL), 0, "a millisecond of nothing");
	ok(!ts.tv_sec && !ts.tv_nsec, "none is left");
	ts.tv_nsec = 1000000000;
	fails(raw_ppoll(NULL, 0, &ts, NULL), EINVAL, "nanoseconds out of range");
	fails(raw_pselect(-1, NULL, NULL, NULL), EINVAL, "a negative number of descriptors");
	close(fd);
	FD_ZERO(&set);
	FD_SET(fd, &set);
	fails(raw_pselect(fd + 1, &set, &ts, NULL), EINVAL, "bad time before a bad descriptor");
	ts.tv_nsec = 0;
	fails(raw_pselect(fd + 1, &set, &ts, NULL), EBADF, "a descriptor that is not open");
}

#define N 100

static void test_many(void)
{
	struct pollfd p[N];
	int i, wrong = 0;
	pid_t pid;

	for (i = 0; i < N; i++)
		p[i] = (struct pollfd){ eventfd(0, EFD_NONBLOCK), POLLIN, 0 };
	pid = fork();
	if (!pid)
		_exit(poll(p, N, -1) == 1 && p[N - 1].revents == POLLIN);
	until_asleep(pid);
	eventfd_write(p[N - 1].fd, 1);
	is(reap(pid), 1, "the last of a hundred wakes");
	for (i = 0; i < N; i += 2)
		eventfd_write(p[i].fd, 1);
	p[1].fd = -1 - p[1].fd;
	is(poll(p, N, 0), N / 2 + 1, "fifty and that one");
	for (i = 0; i < N; i++)
		wrong += p[i].revents != (i % 2 && i != N - 1 ? 0 : POLLIN);
	is(wrong, 0, "each by its own");
	p[1].fd = -1 - p[1].fd;
	for (i = 0; i < N; i++)
		close(p[i].fd);
}

int main(void)
{
	test_masks();
	test_time_left();
	test_many();
	return done();
}
