// SPDX-License-Identifier: MIT
/* CPU time as a clock: of ourselves and others, timers and sleeps by it, ITIMER_VIRTUAL, PROF, RLIMIT_CPU. */
#include <sys/resource.h>
#include <sys/time.h>
#include "clock.h"
#include "tap.h"

static volatile int alarms;

static void on_alarm(int sig)
{
	alarms = sig;
}

/* Use the CPU until a handler has run; how much of it. */
static long burn(void)
{
	long start = now(CLOCK_PROCESS_CPUTIME_ID);

	while (!alarms)
		;
	return now(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static void test_clocks(void)
{
	long before, after, wall;
	clockid_t clock;
	int p[2];
	pid_t pid;
	char c;

	is(clock_getcpuclockid(getpid(), &clock), 0, "clock_getcpuclockid of ourselves");
	before = now(CLOCK_PROCESS_CPUTIME_ID);
	after = now(clock);
	ok(after >= before && after <= now(CLOCK_PROCESS_CPUTIME_ID), "is our own clock");
	if (pipe(p))
		return;
	pid = fork();
	if (!pid) {
		close(p[1]);
		for (volatile int i = 0; i < 3000000; i++)
			;
		_exit(read(p[0], &c, 1));
	}
	close(p[0]);
	is(clock_getcpuclockid(pid, &clock), 0, "of a child");
	until_asleep(pid);
	after = now(clock);
	ok(after > 0, "it has used %ld us", after / 1000);
	usleep(10000);
	is(now(clock), after, "and none while it sleeps");
	close(p[1]);
	reap(pid);
	is(now(clock), -EINVAL, "its clock went with it");
	is(clock_getcpuclockid(pid, &clock), ESRCH, "so no clock for it");
	clock = (clockid_t)(~(unsigned int)getppid() << 3 | 4 | 2);
	is(now(clock), -EINVAL, "no clock of another process's thread");
	before = now(CLOCK_THREAD_CPUTIME_ID);
	wall = now(CLOCK_MONOTONIC);
	while (now(CLOCK_MONOTONIC) - wall < 10 * MS)
		;
	ok(now(CLOCK_THREAD_CPUTIME_ID) > before, "the thread's clock runs");
	fails(clock_settime((clockid_t)(~0U << 3 | 2), &(struct timespec){ 1, 0 }), EPERM, "CPU time is not set");
}

static void test_timer(clockid_t clock, const char *name)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec it = { spec(0), spec(100 * MS) };
	timer_t t;
	long used;

	alarms = 0;
	is(timer_create(clock, &ev, &t), 0, "%s: timer_create", name);
	timer_settime(t, 0, &it, NULL);
	usleep(50000);
	is(alarms, 0, "it does not run in sleep");
	timer_gettime(t, &it);
	ok(it.it_value.tv_nsec > 10 * MS && it.it_value.tv_nsec <= 100 * MS, "%ld us are left", it.it_value.tv_nsec / 1000);
	used = burn();
	ok(used >= 5 * MS && used < 2 * SECOND, "%ld us of CPU time later it fires", used / 1000);
	is(alarms, SIGUSR1, "its signal");
	alarms = 0;
	it.it_value = spec(5 * MS);
	it.it_interval = spec(5 * MS);
	timer_settime(t, 0, &it, NULL);
	for (int i = 0; i < 4; i++) {
		burn();
		alarms = 0;
	}
	ok(1, "again and again");
	is(timer_delete(t), 0, "timer_delete");
}

static void test_sleep(void)
{
	struct timespec ts = spec(20 * MS);
	clockid_t clock;
	pid_t pid = fork();
	long start;

	if (!pid)
		for (;;)
			;
	clock_getcpuclockid(pid, &clock);
	start = now(clock);
	is(clock_nanosleep(clock, 0, &ts, NULL), 0, "sleep for 20 ms of a child's time");
	ok(now(clock) - start >= 20 * MS, "it has had them");
	ts = spec(start + 30 * MS);
	is(clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL), 0, "until it has had 30");
	ok(now(clock) - start >= 30 * MS, "it has");
	is(clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL), 0, "which is past now");
	kill(pid, SIGKILL);
	reap(pid);
	fails(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL), EOPNOTSUPP, "no sleep by one's own thread's");
}

static void test_itimer(int which, int sig, const char *name)
{
	struct itimerval it = { { 0, 20000 }, { 0, 100000 } }, old;

	alarms = 0;
	is(setitimer(which, &it, NULL), 0, "%s", name);
	usleep(50000);
	is(alarms, 0, "it does not run in sleep");
	getitimer(which, &old);
	ok(old.it_value.tv_usec > 10000 && old.it_value.tv_usec <= 110000 && old.it_interval.tv_usec >= 20000,
	   "%ld us are left", (long)old.it_value.tv_usec);
	burn();
	is(alarms, sig, "its signal");
	alarms = 0;
	burn();
	is(alarms, sig, "and again");
	it = (struct itimerval){ { 0, 0 }, { 0, 0 } };
	setitimer(which, &it, &old);
	ok(old.it_value.tv_usec > 0, "off");
}

static void use_a_second(void)
{
	struct rlimit rl = { 1, 3 };

	setrlimit(RLIMIT_CPU, &rl);
	for (;;)
		;
}

static void use_three_seconds(void)
{
	signal(SIGXCPU, SIG_IGN);
	use_a_second();
}

int main(void)
{
	signal(SIGUSR1, on_alarm);
	signal(SIGVTALRM, on_alarm);
	signal(SIGPROF, on_alarm);
	test_clocks();
	test_timer(CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID");
	test_timer(CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID");
	test_sleep();
	test_itimer(ITIMER_VIRTUAL, SIGVTALRM, "ITIMER_VIRTUAL");
	test_itimer(ITIMER_PROF, SIGPROF, "ITIMER_PROF");
	is(in_child(use_a_second), 1000 + SIGXCPU, "RLIMIT_CPU: SIGXCPU at the soft limit");
	is(in_child(use_three_seconds), 1000 + SIGKILL, "SIGKILL at the hard one");
	return done();
}
