// SPDX-License-Identifier: MIT
/* epoll: level and edge, one shot, exclusive, sets in sets, files that end, waiting, and no event lost. */
#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include "tap.h"

#define MAX_EVENTS 64

static struct epoll_event got[MAX_EVENTS];

static int ctl(int ep, int op, int fd, unsigned int events)
{
	struct epoll_event ev = { events, { .u64 = 0x1122334455660000UL + fd } };

	return epoll_ctl(ep, op, fd, &ev);
}

static int look(int ep)
{
	return epoll_wait(ep, got, MAX_EVENTS, 0);
}

/* The one event there is; 0 for none. */
static int event(int ep)
{
	int n = look(ep);

	return n == 1 ? (int)got[0].events : n == 0 ? 0 : -n;
}

static void put(int fd)
{
	if (write(fd, "x", 1) != 1)
		ok(0, "write: %d", errno);
}

static void drain(int fd)
{
	char buf[4096];

	if (read(fd, buf, sizeof(buf)) <= 0)
		ok(0, "read: %d", errno);
}

static void test_level(void)
{
	int ep = epoll_create1(0), p[2];

	ok(ep >= 0 && pipe(p) == 0, "epoll_create1 and a pipe");
	ok(!strcmp(fd_link(ep), "anon_inode:[eventpoll]"), "/proc/self/fd: %s", fd_link(ep));
	is(look(ep), 0, "an empty set has no events");
	is(ctl(ep, EPOLL_CTL_ADD, p[0], EPOLLIN), 0, "add the end that reads");
	is(event(ep), 0, "nothing to read");
	put(p[1]);
	is(event(ep), EPOLLIN, "something to read");
	ok(got[0].data.u64 == 0x1122334455660000UL + p[0], "the data given with it");
	is(event(ep), EPOLLIN, "level-triggered: still so");
	drain(p[0]);
	is(event(ep), 0, "read: so no more");
	is(ctl(ep, EPOLL_CTL_ADD, p[1], EPOLLOUT), 0, "add the end that writes");
	is(event(ep), EPOLLOUT, "it is ready at once");
	is(ctl(ep, EPOLL_CTL_MOD, p[1], 0), 0, "no events wanted of it");
	is(event(ep), 0, "none told");
	is(ctl(ep, EPOLL_CTL_MOD, p[1], EPOLLOUT | EPOLLIN), 0, "wanted again");
	is(event(ep), EPOLLOUT, "told again");
	is(ctl(ep, EPOLL_CTL_DEL, p[1], 0), 0, "take it out");
	close(p[1]);
	is(event(ep), EPOLLHUP, "EPOLLHUP without being asked for");
	close(p[0]);
	is(event(ep), 0, "a closed file leaves the set");
	close(ep);
}

static void test_edge_and_oneshot(void)
{
	int ep = epoll_create1(EPOLL_CLOEXEC), p[2];

	if (pipe(p))
		return;
	is(fcntl(ep, F_GETFD), FD_CLOEXEC, "EPOLL_CLOEXEC");
	put(p[1]);
	ctl(ep, EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLET);
	is(event(ep), EPOLLIN, "EPOLLET: what is so when it is added");
	is(event(ep), 0, "is told once");
	put(p[1]);
	is(event(ep), EPOLLIN, "another write, though the pipe was not empty");
	is(event(ep), 0, "told once");
	ctl(ep, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET);
	is(event(ep), EPOLLIN, "EPOLL_CTL_MOD asks anew");
	drain(p[0]);

	ctl(ep, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT);
	is(event(ep), 0, "EPOLLONESHOT: nothing yet");
	put(p[1]);
	is(event(ep), EPOLLIN, "the one event");
	put(p[1]);
	is(event(ep), 0, "no other");
	ctl(ep, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT);
	is(event(ep), EPOLLIN, "until EPOLL_CTL_MOD");
	close(p[0]);
	close(p[1]);
	close(ep);
}

/* More files than one call can tell of: each gets its turn. */
static void test_many(void)
{
	int ep = epoll_create1(0), fd[40], i, calls, seen[40] = { 0 }, missing = 0;

	for (i = 0; i < 40; i++) {
		fd[i] = eventfd(1, EFD_NONBLOCK);
		ctl(ep, EPOLL_CTL_ADD, fd[i], EPOLLIN);
	}
	is(look(ep), 40, "40 are ready");
	for (calls = 0; calls < 5; calls++) {
		is(epoll_wait(ep, got, 8, 0), 8, "eight of them");
		for (i = 0; i < 8; i++)
			for (int k = 0; k < 40; k++)
				seen[k] += (int)(got[i].data.u64 & 0xffff) == fd[k];
	}
	for (i = 0; i < 40; i++) {
		missing += seen[i] != 1;
		close(fd[i]);
	}
	is(missing, 0, "five times eight are all of them");
	is(look(ep), 0, "all closed");
	close(ep);
}

static void test_close(void)
{
	int ep = epoll_create1(0), fd = eventfd(1, 0), two;
	pid_t pid;

	ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN);
	two = dup(fd);
	is(ctl(ep, EPOLL_CTL_ADD, two, EPOLLIN), 0, "the same file by another descriptor");
	is(look(ep), 2, "both tell");
	close(two);
	is(look(ep), 2, "the file is open still: so they do after a close");
	pid = fork();
	if (!pid)
		_exit(close(fd) || look(ep) != 2);
	is(reap(pid), 0, "closed in a child, too");
	close(fd);
	is(look(ep), 0, "the last close takes both out");
	fd = eventfd(0, 0);
	is(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN), 0, "the number can be used again");
	close(ep);
	close(fd);
}

static void test_errors(void)
{
	struct epoll_event ev = { EPOLLIN, { 0 } };
	int ep = epoll_create1(0), fd = eventfd(1, 0), file = open("/proc/self/exe", O_RDONLY);

	fails(epoll_create1(1), EINVAL, "epoll_create1: unknown flags");
	fails(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), ENOENT, "change what is not in it");
	fails(ctl(ep, EPOLL_CTL_DEL, fd, EPOLLIN), ENOENT, "take out what is not in it");
	ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN);
	fails(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN), EEXIST, "add it twice");
	fails(ctl(ep, 9, fd, EPOLLIN), EINVAL, "no such operation");
	fails(ctl(ep, EPOLL_CTL_ADD, ep, EPOLLIN), EINVAL, "a set in itself");
	fails(ctl(fd, EPOLL_CTL_ADD, ep, EPOLLIN), EINVAL, "the set is none");
	fails(ctl(ep, EPOLL_CTL_ADD, file, EPOLLIN), EPERM, "a regular file");
	fails(ctl(ep, EPOLL_CTL_ADD, 77, EPOLLIN), EBADF, "a file that is not open");
	fails(ctl(77, EPOLL_CTL_ADD, fd, EPOLLIN), EBADF, "a set that is not open");
	fails(epoll_ctl(ep, EPOLL_CTL_ADD, fd, NULL), EFAULT, "no event");
	fails(epoll_wait(ep, got, 0, 0), EINVAL, "room for no event");
	fails(epoll_wait(ep, got, -1, 0), EINVAL, "for fewer");
	fails(epoll_wait(ep, got, INT_MAX, 0), EINVAL, "for too many");
	fails(epoll_wait(fd, got, 1, 0), EINVAL, "wait for what is no set");
	fails(epoll_wait(77, got, 1, 0), EBADF, "what is not open");
	fails(epoll_wait(ep, (void *)8, 1, 0), EFAULT, "a bad address");
	is(event(ep), EPOLLIN, "the event is not lost by that");
	ctl(ep, EPOLL_CTL_DEL, fd, 0);

	fails(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT), EINVAL,
	      "EPOLLEXCLUSIVE with EPOLLONESHOT");
	is(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE), 0, "EPOLLEXCLUSIVE");
	fails(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), EINVAL, "cannot be changed");
	is(epoll_ctl(ep, EPOLL_CTL_DEL, fd, &ev), 0, "but taken out");
	close(ep);
	close(fd);
	close(file);
}

static void test_nested(void)
{
	int a = epoll_create1(0), b = epoll_create1(0), c = epoll_create1(0), fd = eventfd(0, EFD_NONBLOCK);
	struct pollfd p = { a, POLLIN, 0 };
	int chain[12], n;
	eventfd_t v;
	pid_t pid;

	ctl(c, EPOLL_CTL_ADD, fd, EPOLLIN);
	is(ctl(b, EPOLL_CTL_ADD, c, EPOLLIN), 0, "a set in a set");
	is(ctl(a, EPOLL_CTL_ADD, b, EPOLLIN), 0, "in a set");
	is(event(a), 0, "nothing");
	is(poll(&p, 1, 0), 0, "poll of the set: nothing");
	pid = fork();
	if (!pid)
		_exit(epoll_wait(a, got, 1, -1) == 1 && got[0].events == EPOLLIN);
	until_asleep(pid);
	eventfd_write(fd, 1);
	is(reap(pid), 1, "a write wakes through all three");
	is(poll(&p, 1, 0), 1, "poll of the set: readable");
	is(event(b), EPOLLIN, "the middle one");
	eventfd_read(fd, &v);
	is(event(a), 0, "and it is over for all");
	is(event(b), 0, "the middle one");

	fails(ctl(c, EPOLL_CTL_ADD, a, EPOLLIN), ELOOP, "a loop of three");
	fails(ctl(b, EPOLL_CTL_ADD, a, EPOLLIN), ELOOP, "a loop of two");
	fails(ctl(a, EPOLL_CTL_ADD, c, EPOLLIN | EPOLLEXCLUSIVE), EINVAL, "a set with EPOLLEXCLUSIVE");
	is(ctl(a, EPOLL_CTL_ADD, c, EPOLLIN), 0, "a second way to the same set");
	close(b);
	eventfd_write(fd, 1);
	is(event(a), EPOLLIN, "which stays when the first is closed");
	close(c);
	is(event(a), 0, "until that is");
	close(a);

	chain[0] = epoll_create1(0);
	ctl(chain[0], EPOLL_CTL_ADD, fd, EPOLLIN);
	for (n = 1; n < 12; n++) {
		chain[n] = epoll_create1(0);
		if (ctl(chain[n], EPOLL_CTL_ADD, chain[n - 1], EPOLLIN))
			break;
	}
	ok(n >= 4 && n < 12 && (errno == ELOOP || errno == EINVAL), "sets in sets end at %d", n);
	is(event(chain[n - 1]), EPOLLIN, "the event goes through all of them");
	while (n >= 0)
		close(chain[n--]);
	close(fd);
}

static volatile int handled;

static void on_signal(int sig)
{
	handled = sig;
}

static void test_waiting(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	sigset_t usr1 = 1UL << (SIGUSR1 - 1), none = 0, mask;
	struct timespec ts = { 0, 20000000 }, bad = { 0, 1000000000 }, before, after;
	int ep = epoll_create1(0), fd = eventfd(0, EFD_NONBLOCK);
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &before);
	is(epoll_wait(ep, got, 1, 20), 0, "20 ms and nothing");
	is(epoll_pwait2(ep, got, 1, &ts, NULL), 0, "and by a timespec");
	clock_gettime(CLOCK_MONOTONIC, &after);
	ok((after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec >= 40000000,
	   "it was no less");
	fails(epoll_pwait2(ep, got, 1, &bad, NULL), EINVAL, "nanoseconds out of range");

	pid = fork();
	if (!pid)
		_exit(epoll_wait(ep, got, 1, -1) == 1 ? got[0].events : 100);
	until_asleep(pid);
	is(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLOUT), 0, "add a file that is ready");
	is(reap(pid), EPOLLOUT, "wakes who waits");
	ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN);
	pid = fork();
	if (!pid)
		_exit(epoll_wait(ep, got, 1, -1) == 1 ? got[0].events : 100);
	until_asleep(pid);
	ctl(ep, EPOLL_CTL_MOD, fd, EPOLLOUT);
	is(reap(pid), EPOLLOUT, "so does a change");
	ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN);

	sigaction(SIGUSR1, &sa, NULL);
	pid = fork();
	if (!pid)
		_exit(epoll_wait(ep, got, 1, -1) < 0 ? errno : 100);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	is(reap(pid), EINTR, "a signal: EINTR, SA_RESTART or not");

	sigprocmask(SIG_BLOCK, &usr1, NULL);
	raise(SIGUSR1);
	fails(epoll_pwait(ep, got, 1, -1, &none), EINTR, "epoll_pwait lets a blocked signal in");
	is(handled, SIGUSR1, "its handler has run");
	sigprocmask(SIG_BLOCK, NULL, &mask);
	is(mask, usr1, "and the mask is as before");
	raise(SIGUSR1);
	handled = 0;
	eventfd_write(fd, 1);
	is(epoll_pwait(ep, got, 1, -1, &none), 1, "an event comes before a signal");
	is(handled, 0, "which waits on");
	sigprocmask(SIG_SETMASK, &none, NULL);
	is(handled, SIGUSR1, "until it is unblocked");
	fails(syscall(SYS_epoll_pwait, ep, got, 1, 0, &none, 4), EINVAL, "a mask of another size");
	close(ep);
	close(fd);
}

/* Two sleepers, one event, EPOLLEXCLUSIVE: one of them is woken. */
static void test_exclusive(void)
{
	int fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK), i, status;
	pid_t pid[2], first;
	eventfd_t v;

	for (i = 0; i < 2; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			int ep = epoll_create1(0);

			ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE);
			_exit(epoll_wait(ep, got, 1, -1) != 1 || eventfd_read(fd, &v));
		}
		until_asleep(pid[i]);
	}
	eventfd_write(fd, 1);
	first = waitpid(-1, &status, 0);
	ok(first == pid[0] || first == pid[1], "one event wakes one");
	is(status, 0, "who takes it");
	i = first == pid[0];
	until_asleep(pid[i]);
	is(waitpid(pid[i], NULL, WNOHANG), 0, "the other sleeps");
	eventfd_write(fd, 1);
	is(reap(pid[i]), 0, "until the next");
	close(fd);
}

/* The queue that a signalfd waits on is the process's, and goes with it. */
static void test_signalfd_outlives_its_process(void)
{
	sigset_t usr1 = 1UL << (SIGUSR1 - 1), old;
	int ep = epoll_create1(0), fd = signalfd(-1, &usr1, SFD_NONBLOCK);
	pid_t pid = fork();

	if (!pid)
		_exit(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN));
	is(reap(pid), 0, "a child adds a signalfd, and ends");
	is(look(ep), 0, "no event comes of that");
	is(ctl(ep, EPOLL_CTL_DEL, fd, 0), 0, "it can be taken out");
	sigprocmask(SIG_BLOCK, &usr1, &old);
	ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN);
	raise(SIGUSR1);
	is(event(ep), EPOLLIN, "added by ourselves it tells");
	signal(SIGUSR1, SIG_IGN);
	is(event(ep), 0, "until the signal is gone");
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(fd);
	close(ep);
}

#define WRITERS	4
#define ROUNDS	500

/* Edge-triggered, one shot, one set for two takers: an event that is lost makes this hang. */
static void test_no_event_is_lost(void)
{
	int ep = epoll_create1(0), fd[WRITERS], total = eventfd(0, 0), stop = eventfd(0, 0), i, bad = 0;
	unsigned long sum = 0;
	eventfd_t v;

	for (i = 0; i < WRITERS; i++) {
		fd[i] = eventfd(0, EFD_NONBLOCK);
		ctl(ep, EPOLL_CTL_ADD, fd[i], EPOLLIN | EPOLLONESHOT | EPOLLET);
	}
	ctl(ep, EPOLL_CTL_ADD, stop, EPOLLIN);
	for (i = 0; i < WRITERS; i++) {
		if (fork())
			continue;
		for (int n = 0; n < ROUNDS; n++)
			eventfd_write(fd[i], 1);
		_exit(0);
	}
	for (i = 0; i < 2; i++) {
		if (fork())
			continue;
		for (;;) {
			int who;

			if (epoll_wait(ep, got, 1, -1) != 1)
				_exit(1);
			who = got[0].data.u64 & 0xffff;
			if (who == stop)
				_exit(0);
			if (eventfd_read(who, &v))
				_exit(2);
			eventfd_write(total, v);
			ctl(ep, EPOLL_CTL_MOD, who, EPOLLIN | EPOLLONESHOT | EPOLLET);
		}
	}
	while (sum < WRITERS * ROUNDS && eventfd_read(total, &v) == 0)
		sum += v;
	is(sum, WRITERS * ROUNDS, "four write, two take by one set: all arrives");
	eventfd_write(stop, 1);
	for (i = 0; i < WRITERS + 2; i++)
		bad += reap(-1) != 0;
	is(bad, 0, "and all end well");
	for (i = 0; i < WRITERS; i++)
		close(fd[i]);
	close(total);
	close(stop);
	close(ep);
}

int main(void)
{
	test_level();
	test_edge_and_oneshot();
	test_many();
	test_close();
	test_errors();
	test_nested();
	test_waiting();
	test_exclusive();
	test_signalfd_outlives_its_process();
	test_no_event_is_lost();
	return done();
}
