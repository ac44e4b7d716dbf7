// SPDX-License-Identifier: MIT
/* eventfd: the count, the semaphore, its two ends, who is woken. */
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include "tap.h"

#define MAX_COUNT (~0UL - 1)

static short ready(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	return poll(&p, 1, 0) == 1 ? p.revents : 0;
}

static void test_count(void)
{
	int fd = eventfd(5, EFD_NONBLOCK);
	unsigned long v[2] = { 0, 0 };
	struct iovec iov[2] = { { v, 4 }, { (char *)v + 4, 4 } };

	ok(fd >= 0, "eventfd");
	ok(!strcmp(fd_link(fd), "anon_inode:[eventfd]"), "/proc/self/fd: %s", fd_link(fd));
	is(ready(fd), POLLIN | POLLOUT, "readable and writable");
	is(read(fd, v, 16), 8, "a read gives 8 bytes");
	is(v[0], 5, "the first count");
	fails(read(fd, v, 8), EAGAIN, "0: nothing to read");
	is(ready(fd), POLLOUT, "only writable");
	eventfd_write(fd, 3);
	eventfd_write(fd, 4);
	is(readv(fd, iov, 2), 8, "readv");
	is(v[0], 7, "writes add up");
	is(eventfd_write(fd, 0), 0, "0 may be written");
	fails(read(fd, v, 8), EAGAIN, "and changes nothing");

	is(eventfd_write(fd, MAX_COUNT), 0, "the largest count");
	is(ready(fd), POLLIN, "no room for 1 more: not writable");
	fails(eventfd_write(fd, 1), EAGAIN, "nor does it fit");
	is(eventfd_write(fd, 0), 0, "but 0 does");
	eventfd_read(fd, v);
	ok(v[0] == MAX_COUNT, "it is all there");

	fails(read(fd, v, 7), EINVAL, "a read of 7 bytes");
	fails(write(fd, v, 7), EINVAL, "a write of 7 bytes");
	v[0] = ~0UL;
	fails(write(fd, v, 8), EINVAL, "a write of all ones");
	fails(write(fd, (void *)8, 8), EFAULT, "a write from nowhere");
	fails(eventfd(0, 2), EINVAL, "unknown flags");
	close(fd);
	fd = eventfd(0, EFD_CLOEXEC);
	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "EFD_CLOEXEC");
	is(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDWR, "without EFD_NONBLOCK");
	close(fd);
}

static void test_semaphore(void)
{
	int fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	unsigned long v = 0;

	eventfd_read(fd, &v);
	is(v, 1, "EFD_SEMAPHORE: a read takes 1");
	eventfd_read(fd, &v);
	is(v, 1, "and 1");
	fails(eventfd_read(fd, &v), EAGAIN, "of 2");
	close(fd);
}

static void on_signal(int sig)
{
	(void)sig;
}

static void test_waiting(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int fd = eventfd(0, 0), full = eventfd(0, 0), i, got = 0;
	struct pollfd p = { fd, POLLIN, 0 };
	unsigned long v = 0;
	pid_t pid[2];

	pid[0] = fork();
	if (!pid[0])
		_exit(eventfd_read(fd, &v) ? 100 : v);
	until_asleep(pid[0]);
	eventfd_write(fd, 7);
	is(reap(pid[0]), 7, "a write wakes a reader");

	eventfd_write(full, MAX_COUNT);
	pid[0] = fork();
	if (!pid[0])
		_exit(eventfd_write(full, 9) ? 100 : 0);
	until_asleep(pid[0]);
	eventfd_read(full, &v);
	ok(v == MAX_COUNT, "a read of a full one");
	is(reap(pid[0]), 0, "wakes a writer");
	eventfd_read(full, &v);
	is(v, 9, "what it wrote");

	pid[0] = fork();
	if (!pid[0])
		_exit(poll(&p, 1, -1) == 1 ? p.revents : 100);
	until_asleep(pid[0]);
	eventfd_write(fd, 1);
	is(reap(pid[0]), POLLIN, "a write wakes a poller");
	eventfd_read(fd, &v);

	sigaction(SIGUSR1, &sa, NULL);
	pid[0] = fork();
	if (!pid[0])
		_exit(eventfd_read(fd, &v) ? errno : 100);
	until_asleep(pid[0]);
	kill(pid[0], SIGUSR1);
	is(reap(pid[0]), EINTR, "a signal ends the wait");
	close(fd);

	/* Both sleep; a count of 2 lets both go. */
	fd = eventfd(0, EFD_SEMAPHORE);
	for (i = 0; i < 2; i++) {
		pid[i] = fork();
		if (!pid[i])
			_exit(eventfd_read(fd, &v) ? 100 : v);
		until_asleep(pid[i]);
	}
	eventfd_write(fd, 2);
	for (i = 0; i < 2; i++)
		got += reap(pid[i]);
	is(got, 2, "one write wakes two readers of a semaphore");
	close(fd);
	close(full);
}

/* Adders against takers: a lost wake-up hangs, a lost addition shows. */
static void test_many(void)
{
	int fd = eventfd(0, EFD_SEMAPHORE), i, bad = 0;
	unsigned long v;

	for (i = 0; i < 4; i++) {
		if (fork())
			continue;
		for (int n = 0; n < 500; n++)
			bad += (i & 1 ? eventfd_read(fd, &v) : eventfd_write(fd, 1)) != 0;
		_exit(bad != 0);
	}
	for (i = 0; i < 4; i++)
		bad += reap(-1);
	is(bad, 0, "two add 500 each, two take 500 each");
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fails(eventfd_read(fd, &v), EAGAIN, "and nothing is left");
	close(fd);
}

int main(void)
{
	test_count();
	test_semaphore();
	test_waiting();
	test_many();
	return done();
}
