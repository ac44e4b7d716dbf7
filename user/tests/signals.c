// SPDX-License-Identifier: MIT
/* Sending and taking signals: handlers, siginfo, masks, queueing, EINTR and SA_RESTART, SIGCHLD. */
#include <poll.h>
#include <setjmp.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include "tap.h"

static volatile int count, last_sig, depth, max_depth;
static siginfo_t last;
static sigset_t mask_inside;
static volatile int order[8], nr_order;

static void on_info(int sig, siginfo_t *info, void *uc)
{
	(void)uc;
	last_sig = sig;
	last = *info;
	sigprocmask(SIG_BLOCK, NULL, &mask_inside);
	if (nr_order < 8)
		order[nr_order++] = sig;
	count++;
}

static void set(int sig, void (*fn)(int, siginfo_t *, void *), int flags, sigset_t mask)
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO | flags, .sa_mask = mask };

	sigaction(sig, &sa, NULL);
	count = 0;
}

static sigset_t one(int sig)
{
	return 1UL << (sig - 1);
}

static void test_handler(void)
{
	struct sigaction old;

	set(SIGUSR1, on_info, 0, one(SIGHUP));
	is(kill(getpid(), SIGUSR1), 0, "kill(self, SIGUSR1)");
	is(count, 1, "the handler ran before kill returned");
	is(last_sig, SIGUSR1, "its argument");
	is(last.si_signo, SIGUSR1, "si_signo");
	is(last.si_code, SI_USER, "si_code of kill");
	is(last.si_pid, getpid(), "si_pid of kill");
	is(last.si_uid, getuid(), "si_uid of kill");
	is(mask_inside, one(SIGUSR1) | one(SIGHUP), "the mask in the handler: itself and sa_mask");
	sigprocmask(SIG_BLOCK, NULL, &mask_inside);
	is(mask_inside, 0, "the mask is back after it");

	tgkill(getpid(), gettid(), SIGUSR1);
	is(last.si_code, SI_TKILL, "si_code of tgkill");

	set(SIGUSR1, on_info, SA_NODEFER, 0);
	raise(SIGUSR1);
	is(mask_inside, 0, "SA_NODEFER: not blocked in its own handler");

	set(SIGUSR1, on_info, SA_RESETHAND, 0);
	raise(SIGUSR1);
	sigaction(SIGUSR1, NULL, &old);
	ok(old.sa_handler == SIG_DFL, "SA_RESETHAND: default after one");
}

static void nest(int sig)
{
	if (++depth > max_depth)
		max_depth = depth;
	if (sig == SIGUSR1)
		raise(SIGUSR2);
	depth--;
}

static void test_nested(void)
{
	signal(SIGUSR1, nest);
	signal(SIGUSR2, nest);
	raise(SIGUSR1);
	is(max_depth, 2, "a handler interrupts another");
	is(depth, 0, "and both return");
}

static void test_mask(void)
{
	sigset_t set_, old;

	set(SIGUSR1, on_info, 0, 0);
	set(SIGUSR2, on_info, 0, 0);
	set_ = one(SIGUSR1) | one(SIGUSR2) | one(SIGKILL) | one(SIGSTOP);
	is(sigprocmask(SIG_BLOCK, &set_, NULL), 0, "block two signals, KILL and STOP");
	sigprocmask(SIG_BLOCK, NULL, &old);
	is(old, one(SIGUSR1) | one(SIGUSR2), "KILL and STOP cannot be blocked");
	raise(SIGUSR2);
	raise(SIGUSR1);
	raise(SIGUSR1);
	is(count, 0, "a blocked signal waits");
	sigpending(&set_);
	is(set_, one(SIGUSR1) | one(SIGUSR2), "sigpending tells of both");
	nr_order = 0;
	set_ = 0;
	sigprocmask(SIG_SETMASK, &set_, NULL);
	is(count, 2, "each is delivered once, however often it was sent");
	/* Frames are set up lowest number first, so the last one set up runs first. */
	ok(order[0] == SIGUSR2 && order[1] == SIGUSR1, "both frames are there before a handler runs");
	signal(SIGUSR1, SIG_IGN);
	set_ = one(SIGUSR2);
	sigprocmask(SIG_BLOCK, &set_, NULL);
	raise(SIGUSR2);
	signal(SIGUSR2, SIG_IGN);
	sigpending(&set_);
	is(set_, 0, "setting SIG_IGN discards what is pending");
	set_ = 0;
	sigprocmask(SIG_SETMASK, &set_, NULL);
}

static void test_queue(void)
{
	sigset_t block = one(SIGRTMIN + 2), none = 0;
	union sigval v;
	siginfo_t info;
	struct timespec zero = { 0, 0 }, short_time = { 0, 20000000 };
	int i;

	set(SIGRTMIN + 2, on_info, 0, 0);
	sigprocmask(SIG_BLOCK, &block, NULL);
	for (i = 1; i <= 3; i++) {
		v.sival_int = i;
		sigqueue(getpid(), SIGRTMIN + 2, v);
	}
	is(sigtimedwait(&block, &info, &zero), SIGRTMIN + 2, "sigtimedwait takes a pending signal");
	is(info.si_code, SI_QUEUE, "si_code of sigqueue");
	is(info.si_int, 1, "the oldest first");
	sigprocmask(SIG_SETMASK, &none, NULL);
	is(count, 2, "real-time signals pend as often as they were sent");
	sigprocmask(SIG_BLOCK, &block, NULL);
	fails(sigtimedwait(&block, &info, &short_time), EAGAIN, "sigtimedwait: time runs out");
	sigprocmask(SIG_SETMASK, &none, NULL);
	v.sival_int = 0;
	fails(sigqueue(1, 65, v), EINVAL, "sigqueue of signal 65");
}

/* After `ms`, the child does it. */
static pid_t later(int ms, int sig)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		usleep(ms * 1000);
		kill(parent, sig);
		_exit(0);
	}
	return pid;
}

static void test_eintr(void)
{
	struct timespec second = { 5, 0 }, left = { 0, 0 };
	sigset_t block = one(SIGUSR1), none = 0;
	int fd[2], ret;
	pid_t pid;
	char c;

	if (pipe(fd))
		return;
	set(SIGUSR1, on_info, 0, 0);
	pid = later(20, SIGUSR1);
	fails(read(fd[0], &c, 1), EINTR, "read of an empty pipe: EINTR");
	reap(pid);

	/* With SA_RESTART the read goes on until there is something. */
	set(SIGUSR1, on_info, SA_RESTART, 0);
	pid = fork();
	if (pid == 0) {
		usleep(20000);
		kill(getppid(), SIGUSR1);
		usleep(20000);
		ret = write(fd[1], "x", 1);
		_exit(ret != 1);
	}
	is(read(fd[0], &c, 1), 1, "SA_RESTART: the read is made again");
	is(count, 1, "after its handler");
	reap(pid);

	pid = later(20, SIGUSR1);
	fails(nanosleep(&second, &left), EINTR, "nanosleep: EINTR, SA_RESTART or not");
	ok(left.tv_sec == 4 && left.tv_nsec > 0, "and the time that was left");
	reap(pid);

	sigprocmask(SIG_BLOCK, &block, NULL);
	pid = later(20, SIGUSR1);
	count = 0;
	fails(sigsuspend(&none), EINTR, "sigsuspend returns EINTR");
	is(count, 1, "after the handler ran");
	is(last.si_pid, pid, "si_pid is the sender");
	sigprocmask(SIG_BLOCK, NULL, &block);
	is(block, one(SIGUSR1), "and the mask is as before");
	reap(pid);
	pid = later(20, SIGUSR1);
	fails(ppoll(NULL, 0, NULL, &none), EINTR, "ppoll with another mask: EINTR");
	reap(pid);
	sigprocmask(SIG_SETMASK, &none, NULL);

	/* A signal without a handler, ignored, does not disturb. */
	signal(SIGUSR1, SIG_IGN);
	pid = later(20, SIGUSR1);
	second.tv_sec = 0;
	second.tv_nsec = 60000000;
	is(nanosleep(&second, NULL), 0, "an ignored signal does not end a sleep");
	reap(pid);
	close(fd[0]);
	close(fd[1]);
}

static void test_chld(void)
{
	int status;
	pid_t pid;

	set(SIGCHLD, on_info, 0, 0);
	pid = fork();
	if (pid == 0)
		_exit(7);
	while (!count)
		usleep(1000);
	is(last.si_code, CLD_EXITED, "SIGCHLD: CLD_EXITED");
	is(last.si_pid, pid, "si_pid");
	is(last.si_status, 7, "si_status");
	is(waitpid(pid, &status, WNOHANG), pid, "the zombie is there when SIGCHLD is");
	count = 0;
	pid = fork();
	if (pid == 0)
		pause();
	kill(pid, SIGKILL);
	while (!count)
		usleep(1000);
	is(last.si_code, CLD_KILLED, "SIGCHLD: CLD_KILLED");
	is(last.si_status, SIGKILL, "by SIGKILL");
	reap(pid);

	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0)
		_exit(0);
	is(reap(pid), -ECHILD, "SIG_IGN: no zombie, wait says ECHILD");
	signal(SIGCHLD, SIG_DFL);
}

static void die_of(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	_exit(0);
}

static void test_default(void)
{
	static const int kills[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
		SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ,
		SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS, SIGRTMIN, SIGRTMAX };
	static const int ignored[] = { SIGCHLD, SIGURG, SIGWINCH, SIGCONT };
	unsigned int i, wrong = 0;

	for (i = 0; i < sizeof(kills) / sizeof(kills[0]); i++) {
		pid_t pid = fork();

		if (pid == 0)
			die_of(kills[i]);
		wrong += reap(pid) != 1000 + kills[i];
	}
	is(wrong, 0, "signals that kill by default");
	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
		pid_t pid = fork();

		if (pid == 0)
			die_of(ignored[i]);
		wrong += reap(pid) != 0;
	}
	is(wrong, 0, "signals that are ignored by default");
}

static void test_errors(void)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };

	fails(kill(getpid(), 65), EINVAL, "kill with signal 65");
	fails(kill(getpid(), -1), EINVAL, "kill with signal -1");
	fails(kill(999999, 0), ESRCH, "kill of nobody");
	is(kill(getpid(), 0), 0, "signal 0 only asks");
	fails(sigaction(SIGKILL, &sa, NULL), EINVAL, "no action for SIGKILL");
	fails(sigaction(0, &sa, NULL), EINVAL, "no action for signal 0");
	fails(syscall(SYS_rt_sigaction, SIGUSR1, 0, 0, 4), EINVAL, "rt_sigaction with a wrong size");
	fails(syscall(SYS_rt_sigprocmask, 7, &sa.sa_mask, 0, 8), EINVAL, "rt_sigprocmask with how 7");
	fails(syscall(SYS_rt_sigprocmask, SIG_BLOCK, 8, 0, 8), EFAULT, "rt_sigprocmask from a bad address");
	fails(syscall(SYS_tgkill, getpid(), getpid() + 100000, 0), ESRCH, "tgkill of nobody");
	fails(syscall(SYS_tkill, 0, SIGUSR1), EINVAL, "tkill of 0");
}

static void test_itimer(void)
{
	struct itimerval it = { { 0, 10000 }, { 0, 10000 } };

	set(SIGALRM, on_info, 0, 0);
	is(setitimer(ITIMER_REAL, &it, NULL), 0, "setitimer, 10 ms");
	while (count < 3)
		pause();
	ok(1, "SIGALRM three times");
	memset(&it, 0, sizeof(it));
	setitimer(ITIMER_REAL, &it, NULL);
	is(last.si_code, SI_KERNEL, "si_code of a timer's SIGALRM");
}

static sigjmp_buf jump;

static void jump_out(int sig)
{
	siglongjmp(jump, sig);
}

static void test_longjmp(void)
{
	sigset_t mask;

	signal(SIGUSR1, jump_out);
	if (!sigsetjmp(jump, 1))
		raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	is(mask, 0, "siglongjmp out of a handler");
}

int main(void)
{
	test_handler();
	test_nested();
	test_mask();
	test_queue();
	test_eintr();
	test_chld();
	test_default();
	test_errors();
	test_itimer();
	test_longjmp();
	return done();
}
