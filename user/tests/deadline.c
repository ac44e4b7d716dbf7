// SPDX-License-Identifier: MIT
/*
 * SCHED_DEADLINE as programs see it: sched_setattr(2) and its errors, that a task which never stops gets
 * its runtime in each period and no more, that it goes before FIFO and fair tasks, admission, fork,
 * affinity, SIGXCPU. Also that real-time tasks together leave some time to the others.
 */
#include <sched.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <time.h>
#include "tap.h"

#define MS 1000000L

static struct shared {
	volatile int stop;
	volatile long least, whole;	/* of the CPU, in thousandths */
} *shm;

static long clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static int deadline(pid_t pid, unsigned long flags, unsigned long runtime, unsigned long dl, unsigned long period)
{
	struct sched_attr attr = {
		.size = sizeof(attr), .sched_policy = SCHED_DEADLINE, .sched_flags = flags,
		.sched_runtime = runtime, .sched_deadline = dl, .sched_period = period,
	};

	return sched_setattr(pid, &attr, 0);
}

static int become(pid_t pid, int policy, int prio)
{
	struct sched_param p = { prio };

	return sched_setscheduler(pid, policy, &p);
}

static void test_parameters(void)
{
	struct sched_attr attr = { .size = sizeof(attr) };
	struct sched_param param;

	fails(deadline(0, 0, 1023, 100 * MS, 0), EINVAL, "a runtime of 1023 ns");
	fails(deadline(0, 0, 10 * MS, 0, 0), EINVAL, "no deadline");
	fails(deadline(0, 0, 11 * MS, 10 * MS, 0), EINVAL, "runtime > deadline");
	fails(deadline(0, 0, 1 * MS, 10 * MS, 9 * MS), EINVAL, "deadline > period");
	fails(deadline(0, 0, 1 * MS, 1UL << 63 | 10 * MS, 0), EINVAL, "bit 63 of the deadline");
	fails(deadline(0, 0, 1 * MS, 10 * MS, 1UL << 63 | 10 * MS), EINVAL, "bit 63 of the period");
	fails(deadline(0, 0, 1 * MS, 10 * MS, 5000 * MS), EINVAL, "a period of 5 s");
	fails(deadline(0, 0, 2000, 99999, 0), EINVAL, "a period of less than 100 us");
	fails(deadline(0, 0x1000, 1 * MS, 10 * MS, 0), EINVAL, "an unknown flag");
	fails(deadline(99999, 0, 1 * MS, 10 * MS, 0), ESRCH, "nobody");
	fails(become(0, SCHED_DEADLINE, 0), EINVAL, "by sched_setscheduler");
	is(sched_getscheduler(0), SCHED_OTHER, "we are still SCHED_OTHER");

	is(deadline(0, 0, 1 * MS, 10 * MS, 0), 0, "1 ms in 10 ms");
	is(sched_getscheduler(0), SCHED_DEADLINE, "it is so");
	is(sched_getattr(0, &attr, sizeof(attr), 0), 0, "sched_getattr");
	ok(attr.sched_policy == SCHED_DEADLINE && attr.sched_runtime == 1 * MS &&
	   attr.sched_deadline == 10 * MS && attr.sched_period == 10 * MS && !attr.sched_flags,
	   "tells them, and a period as long as the deadline");
	is(deadline(0, SCHED_FLAG_DL_OVERRUN | SCHED_FLAG_RESET_ON_FORK, 2 * MS, 10 * MS, 20 * MS), 0, "others");
	is(sched_getattr(0, &attr, sizeof(attr), 0), 0, "sched_getattr");
	ok(attr.sched_runtime == 2 * MS && attr.sched_deadline == 10 * MS && attr.sched_period == 20 * MS &&
	   attr.sched_flags == (SCHED_FLAG_DL_OVERRUN | SCHED_FLAG_RESET_ON_FORK), "tells them, and the flags");
	param.sched_priority = 7;
	sched_getparam(0, &param);
	is(param.sched_priority, 0, "no priority");
	is(sched_get_priority_max(SCHED_DEADLINE), 0, "nor a highest one");
	attr.sched_flags = SCHED_FLAG_KEEP_POLICY | SCHED_FLAG_KEEP_PARAMS;
	is(sched_setattr(0, &attr, 0), 0, "keep all");
	is(sched_getscheduler(0), SCHED_DEADLINE | SCHED_RESET_ON_FORK, "it is so");
	is(become(0, SCHED_OTHER, 0), 0, "SCHED_OTHER again");
}

static void test_permission(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		setuid(1000);
		_exit(deadline(0, 0, 1 * MS, 10 * MS, 0) == -1 && errno == EPERM ? 0 : 1);
	}
	is(reap(pid), 0, "EPERM without CAP_SYS_NICE");
}

static void test_fork(void)
{
	pid_t pid;

	is(deadline(0, 0, 1 * MS, 10 * MS, 0), 0, "a deadline task");
	fails(fork(), EAGAIN, "cannot fork");
	is(deadline(0, SCHED_FLAG_RESET_ON_FORK, 1 * MS, 10 * MS, 0), 0, "with RESET_ON_FORK");
	pid = fork();
	if (pid == 0)
		_exit(sched_getscheduler(0));
	is(reap(pid), SCHED_OTHER, "it can: the child is SCHED_OTHER");
	is(become(0, SCHED_OTHER, 0), 0, "SCHED_OTHER again");
}

/* All CPUs together have 95 % each to give away. */
static void test_admission(void)
{
	int n = get_nprocs(), i, error = 0;
	pid_t *pid = calloc(n + 1, sizeof(*pid));

	usleep(50000);		/* that of the test before is free now */
	for (i = 0; i <= n; i++)
		pid[i] = sleeper();
	for (i = 0; i < n; i++)
		error |= deadline(pid[i], 0, 90 * MS, 100 * MS, 0);
	is(error, 0, "90 %% for each of %d", n);
	fails(deadline(pid[n], 0, 90 * MS, 100 * MS, 0), EBUSY, "one more does not fit");
	end(pid[0]);
	/* Its bandwidth is free when its deadline is past, at the latest. */
	usleep(150000);
	is(deadline(pid[n], 0, 90 * MS, 100 * MS, 0), 0, "it does when another has ended");
	for (i = 1; i <= n; i++)
		end(pid[i]);
	free(pid);
	usleep(150000);
}

static void test_affinity(void)
{
	cpu_set_t set, all;

	if (get_nprocs() == 1) {
		skip("affinity", "one CPU");
		return;
	}
	sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(&set);
	CPU_SET(1, &set);
	sched_setaffinity(0, sizeof(set), &set);
	fails(deadline(0, 0, 1 * MS, 10 * MS, 0), EPERM, "a task that is bound to a CPU");
	sched_setaffinity(0, sizeof(all), &all);
	is(deadline(0, 0, 1 * MS, 10 * MS, 0), 0, "one that is not");
	fails(sched_setaffinity(0, sizeof(set), &set), EBUSY, "cannot be bound");
	become(0, SCHED_OTHER, 0);
}

/*
 * Runs all the time. Where it was stopped for some ms it has paid for what it ran before, so that is where
 * its share is looked at: when the host stops a CPU for a while, a task runs too long first, and waits
 * longer afterwards. The least share, once there were some periods, is the one without such a debt.
 */
static void spin_by_deadline(void)
{
	long cpu0 = clock_ns(CLOCK_PROCESS_CPUTIME_ID), start = clock_ns(CLOCK_MONOTONIC), last = start;

	shm->least = 1000;
	while (!shm->stop) {
		long now = clock_ns(CLOCK_MONOTONIC), cpu, permille;

		if (now - last > 2 * MS) {
			cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu0;
			permille = cpu * 1000 / (now - start);
			if (now - start > 200 * MS && permille < shm->least)
				shm->least = permille;
		}
		last = now;
	}
	shm->whole = (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu0) * 1000 / (clock_ns(CLOCK_MONOTONIC) - start);
}

/* A child that runs all the time until `stop`. */
static pid_t spinner(int policy, int prio)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (policy == SCHED_DEADLINE ? deadline(0, 0, 6 * MS, 20 * MS, 0) : become(0, policy, prio))
		_exit(1);
	if (policy == SCHED_DEADLINE)
		spin_by_deadline();
	while (!shm->stop)
		;
	_exit(0);
}

/* Of the others one per CPU, so that they would take all the time. We end it as the most urgent of them. */
static int run_together(int policy, int prio)
{
	int n = get_nprocs(), i, bad;
	pid_t *pid = calloc(n, sizeof(*pid)), dl;

	memset(shm, 0, sizeof(*shm));
	become(0, SCHED_FIFO, 90);
	for (i = 0; i < n; i++)
		pid[i] = spinner(policy, prio);
	dl = spinner(SCHED_DEADLINE, 0);
	usleep(800000);
	shm->stop = 1;
	become(0, SCHED_OTHER, 0);
	bad = reap(dl);
	for (i = 0; i < n; i++)
		bad += reap(pid[i]);
	free(pid);
	return bad;
}

/* Once more, if the host stopped our CPU for so long that the debt was not paid in the time. */
static void test_share(int policy, int prio, const char *what)
{
	int tries = 0, bad;

	do {
		bad = run_together(policy, prio);
	} while (!bad && shm->least > 340 && ++tries < 4);
	is(bad, 0, "6 ms in 20 ms, and %s on all CPUs", what);
	ok(shm->whole >= 240, "it had its 30 %%: %ld / 1000", shm->whole);
	ok(shm->least <= 340, "and no more: %ld / 1000", shm->least);
}

static volatile sig_atomic_t overruns;

static void on_overrun(int sig)
{
	(void)sig;
	overruns++;
}

static void test_overrun(void)
{
	struct sigaction sa = { .sa_handler = on_overrun };
	long until;

	sigaction(SIGXCPU, &sa, NULL);
	is(deadline(0, 0, 10 * MS, 50 * MS, 0), 0, "10 ms in 50 ms");
	until = clock_ns(CLOCK_MONOTONIC) + 300 * MS;
	while (clock_ns(CLOCK_MONOTONIC) < until)
		;
	is(overruns, 0, "an overrun is not told");
	is(deadline(0, SCHED_FLAG_DL_OVERRUN, 10 * MS, 50 * MS, 0), 0, "with DL_OVERRUN");
	until = clock_ns(CLOCK_MONOTONIC) + 5000 * MS;
	while (!overruns && clock_ns(CLOCK_MONOTONIC) < until)
		;
	ok(overruns > 0, "it is, by SIGXCPU");
	become(0, SCHED_OTHER, 0);
}

static void test_yield(void)
{
	long start = clock_ns(CLOCK_MONOTONIC), took;
	int i;

	is(deadline(0, 0, 5 * MS, 20 * MS, 0), 0, "5 ms in 20 ms");
	for (i = 0; i < 10; i++)
		sched_yield();
	took = clock_ns(CLOCK_MONOTONIC) - start;
	become(0, SCHED_OTHER, 0);
	ok(took >= 170 * MS, "each sched_yield waits for the next period: 10 took %ld ms", took / MS);
}

int main(void)
{
	alarm(120);
	signal(SIGXCPU, SIG_IGN);
	shm = mmap(NULL, sizeof(*shm), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_parameters();
	test_permission();
	test_fork();
	test_admission();
	test_affinity();
	test_yield();
	test_overrun();
	test_share(SCHED_OTHER, 0, "fair ones");
	test_share(SCHED_FIFO, 10, "FIFO ones");
	return done();
}
