// SPDX-License-Identifier: MIT
/* Real-time signals: queues and their order, values, codes, the limit, and waiting for them. */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include "tap.h"

#define RT0 (SIGRTMIN + 3)
#define RT1 (SIGRTMIN + 4)
#define RT2 SIGRTMAX

static int seen[16], values[16], nr_seen;
static siginfo_t info;

static sigset_t one(int sig)
{
	return 1UL << (sig - 1);
}

/* Each blocks the others, so they run in the order in which they are taken. */
static void on_signal(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	if (nr_seen < 16) {
		seen[nr_seen] = sig;
		values[nr_seen++] = si->si_int;
	}
}

static void handle(int sig)
{
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO, .sa_mask = ~0UL };

	sigaction(sig, &sa, NULL);
}

static int queue(int sig, int value)
{
	return sigqueue(getpid(), sig, (union sigval){ .sival_int = value });
}

static int take(sigset_t set)
{
	struct timespec zero = { 0, 0 };
	int sig = sigtimedwait(&set, &info, &zero);

	return sig < 0 ? -errno : sig;
}

static void test_order(void)
{
	static const int sigs[] = { SIGUSR1, RT0, RT0, RT0, RT1, RT2, RT2 }, vals[] = { 0, 1, 3, 5, 4, 2, 6 };
	sigset_t all = ~0UL, none = 0;
	int i, wrong = 0;

	for (i = 0; i < 7; i++)
		handle(sigs[i]);
	sigprocmask(SIG_SETMASK, &all, NULL);
	queue(RT0, 1);
	queue(RT2, 2);
	queue(RT0, 3);
	queue(RT1, 4);
	queue(RT0, 5);
	queue(RT2, 6);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	sigprocmask(SIG_SETMASK, &none, NULL);
	is(nr_seen, 7, "six queued, and two of a kind that is not");
	for (i = 0; i < 7; i++)
		wrong += seen[i] != sigs[i] || (i && values[i] != vals[i]);
	is(wrong, 0, "the lowest number first, each in its order, each with its value");
}

static void test_codes(void)
{
	sigset_t rt = one(RT0);
	pid_t pid;

	sigprocmask(SIG_BLOCK, &rt, NULL);
	kill(getpid(), RT0);
	kill(getpid(), RT0);
	raise(RT0);
	queue(RT0, 9);
	is(take(rt), RT0, "raise: for this thread, and first");
	is(info.si_code, SI_TKILL, "SI_TKILL");
	is(take(rt), RT0, "kill of a real-time signal");
	is(info.si_code, SI_USER, "SI_USER");
	is(info.si_pid, getpid(), "si_pid");
	is(take(rt), RT0, "queues, too");
	is(take(rt), RT0, "sigqueue");
	is(info.si_code, SI_QUEUE, "SI_QUEUE");
	is(info.si_int, 9, "its value");
	is(take(rt), -EAGAIN, "that was all");

	memset(&info, 0, sizeof(info));
	info.si_code = SI_QUEUE;
	info.si_int = 77;
	is(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), RT0, &info), 0, "rt_tgsigqueueinfo");
	memset(&info, 0, sizeof(info));
	is(take(rt), RT0, "arrives");
	is(info.si_int, 77, "with its value");
	fails(syscall(SYS_rt_tgsigqueueinfo, getpid() + 100000, gettid(), RT0, &info), ESRCH, "of another process");
	fails(syscall(SYS_rt_tgsigqueueinfo, 0, gettid(), RT0, &info), EINVAL, "of process 0");
	info.si_code = SI_USER;
	is(syscall(SYS_rt_sigqueueinfo, getpid(), RT0, &info), 0, "SI_USER to ourselves");
	take(rt);
	pid = fork();
	if (!pid)
		_exit(pause());
	fails(syscall(SYS_rt_sigqueueinfo, pid, RT0, &info), EPERM, "SI_USER to another: nobody plays kill()");
	info.si_code = SI_KERNEL;
	fails(syscall(SYS_rt_sigqueueinfo, pid, RT0, &info), EPERM, "nor the kernel");
	info.si_code = SI_TKILL;
	fails(syscall(SYS_rt_tgsigqueueinfo, pid, pid, RT0, &info), EPERM, "nor tkill()");
	kill(pid, SIGKILL);
	reap(pid);
	sigprocmask(SIG_UNBLOCK, &rt, NULL);
}

static void test_limit(void)
{
	struct rlimit old, rl;
	sigset_t set = one(RT0) | one(SIGUSR2);
	int n = 0;

	sigprocmask(SIG_BLOCK, &set, NULL);
	getrlimit(RLIMIT_SIGPENDING, &old);
	rl = old;
	rl.rlim_cur = 5;
	setrlimit(RLIMIT_SIGPENDING, &rl);
	while (n < 100 && queue(RT0, n) == 0)
		n++;
	is(errno, EAGAIN, "RLIMIT_SIGPENDING: EAGAIN");
	ok(n <= 5, "after %d", n);
	is(kill(getpid(), SIGUSR2), 0, "kill is not stopped by it");
	is(take(one(SIGUSR2)), SIGUSR2, "and arrives");
	while (n > 0 && take(one(RT0)) == RT0)
		n--;
	is(n, 0, "all that were queued are there");
	is(queue(RT0, 0), 0, "taken ones make room");
	take(one(RT0));
	setrlimit(RLIMIT_SIGPENDING, &old);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void test_waiting(void)
{
	sigset_t set = one(RT0) | one(RT1), usr1 = one(SIGUSR1), old;
	int sig;
	pid_t pid;

	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = fork();
	if (!pid)
		_exit(sigwaitinfo(&set, &info) == RT1 ? info.si_int : 100);
	until_asleep(pid);
	sigqueue(pid, RT1, (union sigval){ .sival_int = 42 });
	is(reap(pid), 42, "sigwaitinfo is woken, and has the value");
	pid = fork();
	if (!pid)
		_exit(sigwaitinfo(&set, &info) < 0 ? errno : 100);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	is(reap(pid), EINTR, "another signal's handler ends it");
	/* It waits for an ignored one, too: blocked is not ignored yet. */
	pid = fork();
	if (!pid) {
		signal(RT0, SIG_IGN);
		_exit(sigwait(&set, &sig) ? 100 : sig);
	}
	until_asleep(pid);
	kill(pid, RT0);
	is(reap(pid), RT0, "sigwait of an ignored signal");
	queue(RT1, 1);
	queue(RT0, 2);
	is(take(set), RT0, "the lowest of those that pend");
	is(take(set), RT1, "then the other");

	sigprocmask(SIG_BLOCK, &usr1, NULL);
	kill(getpid(), SIGUSR1);
	nr_seen = 0;
	set = 0;
	fails(sigsuspend(&set), EINTR, "sigsuspend with one pending");
	is(nr_seen, 1, "runs its handler");
	sigprocmask(SIG_SETMASK, &set, &old);
	is(old, one(RT0) | one(RT1) | one(SIGUSR1), "and puts the mask back");
}

int main(void)
{
	test_order();
	test_codes();
	test_limit();
	test_waiting();
	return done();
}
