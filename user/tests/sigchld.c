// SPDX-License-Identifier: MIT
/* What a parent hears of its children: ended, stopped, continued; and what it may not want to hear. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include "tap.h"

static siginfo_t info;

static void on_signal(int sig)
{
	(void)sig;
}

/* SIGCHLD within the time, blocked: its code, or 0. */
static int heard(long ms)
{
	sigset_t chld = 1UL << (SIGCHLD - 1);
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	return sigtimedwait(&chld, &info, &ts) == SIGCHLD ? info.si_code : 0;
}

static void action(int flags)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(SIGCHLD, &sa, NULL);
}

static void test_stop_and_continue(void)
{
	pid_t pid;

	action(0);
	pid = sleeper();
	kill(pid, SIGSTOP);
	is(heard(10000), CLD_STOPPED, "CLD_STOPPED");
	is(info.si_status, SIGSTOP, "by which signal");
	is(info.si_pid, pid, "who");
	memset(&info, 0, sizeof(info));
	is(waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT), 0, "waitid, WNOWAIT");
	is(info.si_code, CLD_STOPPED, "tells");
	is(waitid(P_PID, pid, &info, WSTOPPED), 0, "waitid");
	info.si_pid = 1;
	is(waitid(P_PID, pid, &info, WSTOPPED | WNOHANG), 0, "again");
	is(info.si_pid, 0, "told once");
	kill(pid, SIGCONT);
	is(heard(10000), CLD_CONTINUED, "CLD_CONTINUED");
	is(info.si_status, SIGCONT, "by SIGCONT");
	is(waitid(P_PID, pid, &info, WCONTINUED), 0, "waitid, WCONTINUED");
	is(info.si_code, CLD_CONTINUED, "tells");

	action(SA_NOCLDSTOP);
	kill(pid, SIGSTOP);
	is(waitid(P_PID, pid, &info, WSTOPPED), 0, "SA_NOCLDSTOP: waitid sees the stop");
	is(heard(0), 0, "but no signal tells of it");
	kill(pid, SIGCONT);
	waitid(P_PID, pid, &info, WCONTINUED);
	is(heard(0), 0, "nor of going on");
	kill(pid, SIGTERM);
	is(heard(10000), CLD_KILLED, "the end it does tell");
	is(info.si_status, SIGTERM, "by which signal");
	is(reap(pid), 1000 + SIGTERM, "and the zombie is there");
}

static void test_no_zombies(void)
{
	pid_t pid;

	action(SA_NOCLDWAIT);
	pid = fork();
	if (!pid)
		_exit(3);
	is(reap(pid), -ECHILD, "SA_NOCLDWAIT: wait ends when it is gone, and has nothing");
	is(heard(10000), CLD_EXITED, "the signal comes all the same");
	is(info.si_status, 3, "with the status");
	action(0);
}

static int send(int pidfd, int sig)
{
	return syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

static int pidfd_open(pid_t pid, unsigned int flags)
{
	return syscall(SYS_pidfd_open, pid, flags);
}

static void test_pidfd(void)
{
	struct pollfd p;
	struct epoll_event ev = { EPOLLIN, { 0 } };
	int ep = epoll_create1(0), fd;
	pid_t pid = sleeper(), waiter;

	fd = pidfd_open(pid, 0);
	ok(fd >= 0, "pidfd_open");
	ok(!strcmp(fd_link(fd), "anon_inode:[pidfd]"), "/proc/self/fd: %s", fd_link(fd));
	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "it is closed by exec");
	p = (struct pollfd){ fd, POLLIN, 0 };
	is(poll(&p, 1, 0), 0, "not readable while the process lives");
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	is(send(fd, 0), 0, "pidfd_send_signal, 0");
	fails(send(fd, 65), EINVAL, "no such signal");
	waiter = fork();
	if (!waiter)
		_exit(poll(&p, 1, -1) == 1);
	until_asleep(waiter);
	is(send(fd, SIGTERM), 0, "SIGTERM");
	is(reap(waiter), 1, "its end wakes a poller");
	is(epoll_wait(ep, &ev, 1, 10000), 1, "and epoll");
	is(send(fd, SIGTERM), 0, "a zombie can be signalled");
	memset(&info, 0, sizeof(info));
	is(waitid(P_PIDFD, fd, &info, WEXITED), 0, "waitid, P_PIDFD");
	is(info.si_status, SIGTERM, "its status");
	fails(send(fd, SIGTERM), ESRCH, "then it is nobody's");
	close(fd);
	close(ep);

	fails(pidfd_open(pid, 0), ESRCH, "pidfd_open of nobody");
	fails(pidfd_open(0, 0), EINVAL, "of 0");
	fails(pidfd_open(getpid(), 1), EINVAL, "unknown flags");
	fails(send(0, SIGTERM), EBADF, "a descriptor that is no pidfd");
	pid = sleeper();
	fd = pidfd_open(pid, O_NONBLOCK);
	fails(waitid(P_PIDFD, fd, &info, WEXITED), EAGAIN, "waitid of one that does not block");
	kill(pid, SIGKILL);
	poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, -1);
	is(waitid(P_PIDFD, fd, &info, WEXITED), 0, "and when it has ended");
	close(fd);
}

int main(void)
{
	sigset_t chld = 1UL << (SIGCHLD - 1), old;

	sigprocmask(SIG_BLOCK, &chld, &old);
	test_stop_and_continue();
	test_no_zombies();
	while (heard(0))
		;
	test_pidfd();
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return done();
}
