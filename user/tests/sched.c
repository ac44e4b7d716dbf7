// SPDX-License-Identifier: MIT
/*
 * Scheduling classes, on one CPU: FIFO before RR before fair, turns of RR, weights of fair tasks.
 * Children count in shared memory while they run, and are judged by their CPU time or their order.
 */
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include "tap.h"

#define MS 1000000L
#define N 4

static struct shared {
	volatile int go, stop, order[64], nr;
	volatile long cpu[N], switches[N];
} *shm;

static long clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

#define cpu_ns() clock_ns(CLOCK_PROCESS_CPUTIME_ID)

static void burn(long ns)
{
	long end = cpu_ns() + ns;

	while (cpu_ns() < end)
		;
}

static int become(int policy, int prio)
{
	struct sched_param p = { prio };

	return sched_setscheduler(0, policy, &p);
}

static void one_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void test_calls(void)
{
	struct sched_param p = { 50 };
	struct timespec ts;

	is(sched_getscheduler(0), SCHED_OTHER, "we are SCHED_OTHER");
	is(sched_get_priority_max(SCHED_FIFO), 99, "the highest priority");
	is(sched_get_priority_min(SCHED_RR), 1, "the lowest");
	is(sched_get_priority_max(SCHED_OTHER), 0, "of SCHED_OTHER");
	fails(sched_get_priority_max(77), EINVAL, "of an unknown class");
	is(sched_setscheduler(0, SCHED_RR, &p), 0, "become SCHED_RR, 50");
	is(sched_getscheduler(0), SCHED_RR, "it is so");
	p.sched_priority = 0;
	sched_getparam(0, &p);
	is(p.sched_priority, 50, "with that priority");
	sched_rr_get_interval(0, &ts);
	is(ts.tv_nsec, 100 * MS, "a turn is 100 ms");
	p.sched_priority = 100;
	fails(sched_setscheduler(0, SCHED_FIFO, &p), EINVAL, "priority 100");
	p.sched_priority = 0;
	fails(sched_setscheduler(0, SCHED_FIFO, &p), EINVAL, "FIFO with priority 0");
	fails(sched_setscheduler(0, 77, &p), EINVAL, "an unknown class");
	fails(sched_setscheduler(99999, SCHED_OTHER, &p), ESRCH, "nobody");
	is(sched_setscheduler(0, SCHED_OTHER, &p), 0, "SCHED_OTHER again");
	is(sched_yield(), 0, "sched_yield");
	is(nice(3), 3, "nice(3)");
	is(getpriority(PRIO_PROCESS, 0), 3, "getpriority");
	is(nice(-3), 0, "and back, as root");
}

/* Each child waits for the start in its class, then works and notes that it is done. */
static pid_t racer(int id, int policy, int prio)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (become(policy, prio))
			_exit(1);
		while (!shm->go)
			usleep(1000);
		burn(60 * MS);
		shm->order[__atomic_fetch_add(&shm->nr, 1, __ATOMIC_SEQ_CST)] = id;
		_exit(0);
	}
	return pid;
}

static void test_order(void)
{
	pid_t pid[N];
	int i, bad = 0;

	memset(shm, 0, sizeof(*shm));
	pid[0] = racer(0, SCHED_OTHER, 0);
	pid[1] = racer(1, SCHED_RR, 20);
	pid[2] = racer(2, SCHED_FIFO, 30);
	pid[3] = racer(3, SCHED_FIFO, 10);
	usleep(100000);
	shm->go = 1;
	for (i = 0; i < N; i++)
		bad += reap(pid[i]);
	is(bad, 0, "four tasks: fair, RR 20, FIFO 30, FIFO 10");
	ok(shm->order[0] == 2 && shm->order[1] == 1 && shm->order[2] == 3 && shm->order[3] == 0,
	   "end in the order of their priorities, fair last (%d %d %d %d)", shm->order[0], shm->order[1],
	   shm->order[2], shm->order[3]);
}

/*
 * Who runs is seen by who wrote last: each runner looks at each step whether another has been there
 * since. Two runners of equal priority; the third, fair, must get nothing.
 */
static pid_t runner(int id, int policy, int prio, long work)
{
	pid_t pid = fork();

	if (pid == 0) {
		long end;

		if (become(policy, prio))
			_exit(1);
		while (!shm->go)
			usleep(1000);
		for (end = cpu_ns() + work; cpu_ns() < end; ) {
			if (shm->nr != id) {
				shm->nr = id;
				shm->switches[id]++;
			}
		}
		shm->cpu[id] = clock_ns(CLOCK_MONOTONIC);
		_exit(0);
	}
	return pid;
}

static void test_turns(int policy, int fewest, int most, const char *what)
{
	pid_t a, b, c;

	memset(shm, 0, sizeof(*shm));
	shm->nr = -1;
	a = runner(0, policy, 10, 450 * MS);
	b = runner(1, policy, 10, 450 * MS);
	c = runner(2, SCHED_OTHER, 0, 10 * MS);
	usleep(100000);
	shm->go = 1;
	is(reap(a) + reap(b) + reap(c), 0, "%s: two of equal priority, and a fair one", what);
	ok(shm->switches[0] + shm->switches[1] >= fewest && shm->switches[0] + shm->switches[1] <= most,
	   "%s: turns of the two: %ld and %ld", what, shm->switches[0], shm->switches[1]);
	ok(shm->cpu[2] >= shm->cpu[0] && shm->cpu[2] >= shm->cpu[1], "%s: the fair one ends last", what);
}

/* A task that wakes with a higher priority runs at once. */
static void test_preempt(void)
{
	struct timespec ts = { 0, 20 * MS };
	long late = 0;
	int i;
	pid_t pid = fork();

	if (pid == 0) {
		become(SCHED_FIFO, 10);
		burn(300 * MS);
		_exit(0);
	}
	become(SCHED_FIFO, 20);
	for (i = 0; i < 5; i++) {
		long start = clock_ns(CLOCK_MONOTONIC), took;

		nanosleep(&ts, NULL);
		took = clock_ns(CLOCK_MONOTONIC) - start - ts.tv_nsec;
		if (took > late)
			late = took;
	}
	become(SCHED_OTHER, 0);
	ok(late < 10 * MS, "FIFO 20 wakes while FIFO 10 runs: %ld us late at most", late / 1000);
	reap(pid);
}

/* ---- fair shares */

static pid_t sharer(int id, int niceness)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpriority(PRIO_PROCESS, 0, niceness);
		while (!shm->go)
			usleep(1000);
		while (!shm->stop)
			;
		shm->cpu[id] = cpu_ns();
		_exit(0);
	}
	return pid;
}

/* Nice 0 weighs 1024, nice 5 335: of 1359 parts 75.35 % and 24.65 %. */
static void test_shares(int nice_a, int nice_b, long per_mille, const char *what)
{
	struct timespec ts = { 3, 0 };
	long share;
	pid_t a, b;

	memset(shm, 0, sizeof(*shm));
	a = sharer(0, nice_a);
	b = sharer(1, nice_b);
	usleep(100000);
	become(SCHED_FIFO, 50);		/* so that the clock of the race is ours */
	shm->go = 1;
	nanosleep(&ts, NULL);
	shm->stop = 1;
	become(SCHED_OTHER, 0);
	reap(a);
	reap(b);
	share = shm->cpu[0] * 1000 / (shm->cpu[0] + shm->cpu[1] + 1);
	ok(labs(share - per_mille) * 20 <= per_mille, "%s: %ld.%ld %% of the time, expected %ld.%ld %%", what,
	   share / 10, share % 10, per_mille / 10, per_mille % 10);
}

/* One that mostly sleeps is not kept waiting by two that run all the time. */
static void test_sleeper(void)
{
	struct timespec ts = { 0, 10 * MS };
	long worst = 0;
	pid_t a, b;
	int i;

	memset(shm, 0, sizeof(*shm));
	a = sharer(0, 0);
	b = sharer(1, 0);
	shm->go = 1;
	usleep(100000);
	for (i = 0; i < 20; i++) {
		long start = clock_ns(CLOCK_MONOTONIC), took;

		nanosleep(&ts, NULL);
		took = clock_ns(CLOCK_MONOTONIC) - start - ts.tv_nsec;
		if (took > worst)
			worst = took;
	}
	shm->stop = 1;
	reap(a);
	reap(b);
	ok(worst < 50 * MS, "a sleeper among two busy tasks: %ld us late at most", worst / 1000);
}

int main(void)
{
	shm = mmap(NULL, sizeof(*shm), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (getuid()) {
		printf("1..0 # SKIP real-time classes are root's\n");
		return 0;
	}
	one_cpu();
	test_calls();
	test_order();
	test_turns(SCHED_FIFO, 2, 2, "FIFO");
	test_turns(SCHED_RR, 6, 14, "RR");
	test_preempt();
	test_shares(0, 0, 500, "nice 0 against nice 0");
	test_shares(0, 5, 753, "nice 0 against nice 5");
	test_sleeper();
	return done();
}
