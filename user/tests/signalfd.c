// SPDX-License-Identifier: MIT
/* signalfd: which signals it gives, what it tells of them, who is woken. */
#include <poll.h>
#include <sys/signalfd.h>
#include "tap.h"

#define RT (SIGRTMIN + 3)

static struct signalfd_siginfo info[8];

static sigset_t one(int sig)
{
	return 1UL << (sig - 1);
}

/* How many signals one read gives, or -errno. */
static int take(int fd)
{
	ssize_t n;

	memset(info, 0xff, sizeof(info));
	n = read(fd, info, sizeof(info));
	return n < 0 ? -errno : n % (ssize_t)sizeof(info[0]) ? -1000 : n / (ssize_t)sizeof(info[0]);
}

static int readable(int fd, int timeout)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	return poll(&p, 1, timeout) == 1 ? p.revents : 0;
}

static void test_reading(void)
{
	sigset_t set = one(SIGUSR1) | one(RT) | one(SIGKILL);
	int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), i, wrong = 0;
	union sigval v;

	ok(fd >= 0, "signalfd");
	ok(!strcmp(fd_link(fd), "anon_inode:[signalfd]"), "/proc/self/fd: %s", fd_link(fd));
	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "SFD_CLOEXEC");
	is(take(fd), -EAGAIN, "nothing pends");
	is(readable(fd, 0), 0, "poll says so too");
	kill(getpid(), SIGUSR1);
	is(readable(fd, 0), POLLIN, "readable");
	is(take(fd), 1, "one signal");
	is(info[0].ssi_signo, SIGUSR1, "its number");
	is(info[0].ssi_code, SI_USER, "its code");
	is(info[0].ssi_pid, getpid(), "its sender");
	is(info[0].ssi_uid, getuid(), "its sender's user");
	is(info[0].ssi_ptr, 0, "what it does not have is zero");
	is(take(fd), -EAGAIN, "it is gone");
	raise(SIGUSR1);
	is(take(fd), 1, "for this thread alone");
	is(info[0].ssi_code, SI_TKILL, "its code");

	for (i = 0; i < 3; i++) {
		v.sival_ptr = (void *)(0x1234567800000000 + i);
		sigqueue(getpid(), RT, v);
	}
	kill(getpid(), SIGUSR1);
	is(take(fd), 4, "four with one read");
	is(info[0].ssi_signo, SIGUSR1, "the lowest number first");
	for (i = 0; i < 3; i++)
		wrong += info[i + 1].ssi_signo != RT || info[i + 1].ssi_code != SI_QUEUE ||
			 info[i + 1].ssi_int != i || info[i + 1].ssi_ptr != 0x1234567800000000UL + i;
	is(wrong, 0, "then the queued ones in their order, with their values");

	kill(getpid(), SIGUSR2);
	is(take(fd), -EAGAIN, "a signal that is not in the set");
	set = one(SIGUSR2);
	is(signalfd(fd, &set, 0), fd, "another set");
	is(take(fd), 1, "and it is there");
	fails(read(fd, info, 127), EINVAL, "room for less than one");
	close(fd);
}

static void test_chld_and_alarm(void)
{
	sigset_t set = one(SIGCHLD) | one(SIGALRM);
	int fd = signalfd(-1, &set, 0);
	pid_t pid = fork();

	if (!pid)
		_exit(5);
	is(take(fd), 1, "the end of a child");
	is(info[0].ssi_signo, SIGCHLD, "SIGCHLD");
	is(info[0].ssi_code, CLD_EXITED, "CLD_EXITED");
	is(info[0].ssi_status, 5, "its status");
	is(info[0].ssi_pid, pid, "its number");
	reap(pid);
	alarm(1);
	is(take(fd), 1, "SIGALRM wakes the reader");
	is(info[0].ssi_code, SI_KERNEL, "sent by the kernel");
	close(fd);
}

static void on_signal(int sig)
{
	(void)sig;
}

static void test_waiting(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t set = one(SIGUSR1);
	int fd = signalfd(-1, &set, 0);
	pid_t pid;

	kill(getpid(), SIGUSR1);
	pid = fork();
	if (!pid)	/* the parent's pending signal is not its own */
		_exit(take(fd) == 1 && info[0].ssi_pid == (unsigned int)getppid() && readable(fd, 0) == 0);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	is(reap(pid), 1, "a read gives the signals of who reads");
	is(take(fd), 1, "ours is still there");

	pid = fork();
	if (!pid)
		_exit(readable(fd, -1));
	until_asleep(pid);
	kill(pid, SIGUSR1);
	is(reap(pid), POLLIN, "a signal wakes a poller");

	sigaction(SIGUSR2, &sa, NULL);
	set = one(SIGUSR2);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	pid = fork();
	if (!pid)
		_exit(-take(fd));
	until_asleep(pid);
	kill(pid, SIGUSR2);
	is(reap(pid), EINTR, "another signal's handler ends the wait");
	close(fd);
}

static void test_errors(void)
{
	sigset_t set = one(SIGUSR1);
	int p[2];

	fails(signalfd(-1, &set, 1), EINVAL, "unknown flags");
	fails(signalfd(77, &set, 0), EBADF, "a descriptor that is not open");
	fails(signalfd(-1, (void *)8, 0), EFAULT, "a bad address");
	if (pipe(p) == 0) {
		fails(signalfd(p[0], &set, 0), EINVAL, "a descriptor that is a pipe");
		close(p[0]);
		close(p[1]);
	}
}

int main(void)
{
	sigset_t block = one(SIGUSR1) | one(SIGUSR2) | one(RT) | one(SIGCHLD) | one(SIGALRM), old;

	sigprocmask(SIG_BLOCK, &block, &old);
	test_reading();
	test_chld_and_alarm();
	test_waiting();
	test_errors();
	sigprocmask(SIG_SETMASK, &old, NULL);
	return done();
}
