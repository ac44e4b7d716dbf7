// SPDX-License-Identifier: MIT
/* timer_create: what expires when, which signal tells of it, overruns, who has timers and until when. */
#include <sys/resource.h>
#include <sys/signalfd.h>
#include "clock.h"
#include "tap.h"

#define RT	(SIGRTMIN + 2)

static siginfo_t info;

static long left(timer_t t)
{
	struct itimerspec it = { spec(0), spec(0) };

	return timer_gettime(t, &it) ? -errno : it.it_value.tv_sec * SECOND + it.it_value.tv_nsec;
}

static int set(timer_t t, int flags, long value, long interval)
{
	struct itimerspec it = { spec(interval), spec(value) };

	return timer_settime(t, flags, &it, NULL);
}

/* The next of two signals, or -errno after the time. */
static int take(long timeout)
{
	sigset_t set = 1UL << (SIGALRM - 1) | 1UL << (RT - 1);
	struct timespec ts = spec(timeout);
	int sig = sigtimedwait(&set, &info, timeout < 0 ? NULL : &ts);

	return sig < 0 ? -errno : sig;
}

static timer_t new_timer(clockid_t clock, int notify, int sig)
{
	struct sigevent ev = { .sigev_notify = notify, .sigev_signo = sig, .sigev_value.sival_ptr = &info };
	timer_t t = -1;

	if (timer_create(clock, &ev, &t))
		return -errno;
	return t;
}

static void test_once(clockid_t clock, const char *name)
{
	timer_t t = new_timer(clock, SIGEV_SIGNAL, RT);
	long start = now(clock);

	ok(t >= 0, "%s: timer_create", name);
	is(left(t), 0, "it does not run yet");
	is(set(t, 0, 200 * MS, 0), 0, "in 200 ms");
	ok(left(t) > 0 && left(t) <= 200 * MS, "what is left");
	is(take(-1), RT, "its signal");
	ok(now(clock) - start >= 200 * MS, "not before its time");
	is(info.si_code, SI_TIMER, "SI_TIMER");
	ok(info.si_ptr == &info, "the value given with it");
	is(info.si_timerid, t, "the timer's id");
	is(info.si_overrun, 0, "no overrun");
	is(left(t), 0, "nothing is left");
	is(set(t, TIMER_ABSTIME, now(clock) + 10 * MS, 0), 0, "at a time");
	is(take(-1), RT, "it comes");
	is(set(t, TIMER_ABSTIME, start, 0), 0, "at a time that is past");
	is(take(-1), RT, "at once");
	set(t, 0, 500 * MS, 0);
	set(t, 0, 0, 0);
	is(take(10 * MS), -EAGAIN, "off again: no signal");
	is(timer_delete(t), 0, "timer_delete");
	fails(timer_delete(t), EINVAL, "twice");
}

static void test_periodic(void)
{
	timer_t t = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, RT);
	struct itimerspec it = { spec(0), spec(0) }, old;
	long start = now(CLOCK_MONOTONIC), took, n = 0;

	set(t, 0, 5 * MS, 5 * MS);
	while (n < 5 && take(-1) == RT)
		n += 1 + info.si_overrun;
	took = now(CLOCK_MONOTONIC) - start;
	ok(n >= 5 && took >= n * 5 * MS, "%ld periods of 5 ms in %ld us", n, took / 1000);
	set(t, 0, 0, 0);
	while (take(0) == RT)	/* one that pends would be counted with the next */
		;

	/* Nobody takes the signal for ten periods: one pends, which tells of all. */
	start = now(CLOCK_MONOTONIC);
	set(t, TIMER_ABSTIME, start - 95 * MS, 10 * MS);
	is(take(-1), RT, "a signal");
	took = now(CLOCK_MONOTONIC) - start;
	ok(info.si_overrun >= 9 && info.si_overrun <= 9 + (took + 5 * MS) / (10 * MS),
	   "with nine overruns: %d", info.si_overrun);
	is(timer_getoverrun(t), info.si_overrun, "timer_getoverrun");
	timer_settime(t, 0, &it, &old);
	is(old.it_interval.tv_nsec, 10 * MS, "the period it had");
	ok(old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 10 * MS, "the rest it had");
	while (take(0) == RT)
		;

	set(t, 0, 1, 1);
	usleep(5000);
	is(take(0), RT, "a period of 1 ns: one signal");
	ok(info.si_overrun > 1000, "and %d overruns", info.si_overrun);
	set(t, 0, 0, 0);
	while (take(0) == RT)
		;

	/* An ignored signal's timer goes on, and is heard when the signal is ignored no more. */
	signal(RT, SIG_IGN);
	sigprocmask(SIG_UNBLOCK, &(sigset_t){ 1UL << (RT - 1) }, NULL);
	set(t, 0, MS, MS);
	usleep(10000);
	sigprocmask(SIG_BLOCK, &(sigset_t){ 1UL << (RT - 1) }, NULL);
	is(take(-1), RT, "blocked: kept although ignored");
	signal(RT, SIG_DFL);
	timer_delete(t);
	while (take(0) == RT)
		;
}

static void test_who(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = RT };
	timer_t a, b, none = new_timer(CLOCK_MONOTONIC, SIGEV_NONE, 0), t;
	pid_t pid;

	is(timer_create(CLOCK_MONOTONIC, NULL, &a), 0, "without a sigevent");
	timer_create(CLOCK_MONOTONIC, NULL, &b);
	ok(a != b, "another id");
	set(b, 0, MS, 0);
	is(take(-1), SIGALRM, "SIGALRM");
	is(info.si_int, b, "its value is the id");
	ev.sigev_notify_thread_id = gettid();
	is(timer_create(CLOCK_MONOTONIC, &ev, &t), 0, "SIGEV_THREAD_ID");
	set(t, 0, MS, 0);
	is(take(-1), RT, "for this thread");
	timer_delete(t);
	ev.sigev_notify_thread_id = 1;
	fails(timer_create(CLOCK_MONOTONIC, &ev, &t), EINVAL, "a thread of another process");

	set(none, 0, 10 * MS, 10 * MS);
	ok(left(none) > 0, "SIGEV_NONE: it can be looked at");
	is(take(20 * MS), -EAGAIN, "and says nothing");
	ok(left(none) > 0, "its periods go on");

	set(a, 0, 2 * SECOND, 0);
	pid = fork();
	if (!pid)
		_exit(left(a) == -EINVAL);
	is(reap(pid), 1, "a child has none of them");
	ok(left(a) > 0, "ours runs on");
	pid = fork();
	if (!pid) {
		timer_t mine = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGTERM);
		char *args[] = { "/tests/posixtimers", "exec'd", NULL };

		sigprocmask(SIG_SETMASK, &(sigset_t){ 1UL << (SIGTERM - 1) }, NULL);
		set(mine, 0, 1, MS);
		usleep(3000);
		execv(args[0], args);
		execv("/proc/self/exe", args);
		_exit(100);
	}
	is(reap(pid), 0, "exec ends timers, and takes back their signals");
	timer_delete(a);
	timer_delete(b);
	timer_delete(none);
}

static void test_pending_and_gone(void)
{
	sigset_t rt = 1UL << (RT - 1);
	timer_t t = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, RT);
	int fd = signalfd(-1, &rt, 0);
	struct signalfd_siginfo si;

	set(t, 0, MS, MS);
	is(read(fd, &si, sizeof(si)), sizeof(si), "a signalfd tells of timers");
	is(si.ssi_code, SI_TIMER, "SI_TIMER");
	is(si.ssi_tid, t, "the id");
	is(read(fd, &si, sizeof(si)), sizeof(si), "and starts their next period");
	close(fd);
	set(t, 0, 1, 0);
	while (!(sigpending(&rt) == 0 && (rt & 1UL << (RT - 1))))
		;
	timer_delete(t);
	is(take(0), RT, "the signal of a timer that is deleted arrives");
	is(take(0), -EAGAIN, "once");
}

static void test_many(void)
{
	struct rlimit rl, old;
	timer_t t[100], last = -1;
	int i, wrong = 0;

	for (i = 0; i < 100; i++) {
		t[i] = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, RT);
		wrong += t[i] < 0 || t[i] == last;
		last = t[i];
		set(t[i], 0, MS, 0);
	}
	for (i = 0; i < 100; i++)
		wrong += take(-1) != RT;
	is(wrong, 0, "100 timers, 100 signals");
	for (i = 0; i < 100; i++)
		wrong += timer_delete(t[i]);
	is(wrong, 0, "all deleted");
	getrlimit(RLIMIT_SIGPENDING, &old);
	rl = old;
	rl.rlim_cur = 0;
	setrlimit(RLIMIT_SIGPENDING, &rl);
	is(new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, RT), -EAGAIN, "RLIMIT_SIGPENDING counts timers");
	setrlimit(RLIMIT_SIGPENDING, &old);
}

static void test_errors(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 0 };
	struct itimerspec it = { spec(0), spec(MS) };
	timer_t t = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, RT);

	is(new_timer(77, SIGEV_SIGNAL, RT), -EINVAL, "no such clock");
	is(new_timer(CLOCK_MONOTONIC_COARSE, SIGEV_SIGNAL, RT), -EOPNOTSUPP, "a clock without timers");
	is(new_timer(CLOCK_MONOTONIC, 9, RT), -EINVAL, "no such way to tell");
	fails(timer_create(CLOCK_MONOTONIC, &ev, &t), EINVAL, "no such signal");
	fails(timer_create(CLOCK_MONOTONIC, (void *)8, &t), EFAULT, "a bad sigevent");
	fails(timer_create(CLOCK_MONOTONIC, NULL, (void *)8), EFAULT, "a bad place for the id");
	fails(timer_gettime(12345, &it), EINVAL, "no such timer");
	fails(timer_getoverrun(-1), EINVAL, "a negative id");
	fails(timer_settime(t, 0, NULL, NULL), EINVAL, "no time");
	fails(timer_settime(t, 0, (void *)8, NULL), EFAULT, "a bad time");
	it.it_value.tv_nsec = SECOND;
	fails(timer_settime(t, 0, &it, NULL), EINVAL, "nanoseconds out of range");
	timer_delete(t);
}

int main(int argc, char **argv)
{
	sigset_t block = 1UL << (SIGALRM - 1) | 1UL << (RT - 1), old;

	(void)argv;
	if (argc > 1) {		/* executed by a test, above */
		sigpending(&block);
		return block != 0 || left(0) != -EINVAL || left(1) != -EINVAL;
	}
	sigprocmask(SIG_BLOCK, &block, &old);
	test_once(CLOCK_MONOTONIC, "CLOCK_MONOTONIC");
	test_once(CLOCK_REALTIME, "CLOCK_REALTIME");
	test_once(CLOCK_BOOTTIME, "CLOCK_BOOTTIME");
	test_periodic();
	test_who();
	test_pending_and_gone();
	test_many();
	test_errors();
	sigprocmask(SIG_SETMASK, &old, NULL);
	return done();
}
