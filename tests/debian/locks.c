// SPDX-License-Identifier: MIT
/*
 * What pthreads wait for: mutexes of each kind, condition variables, read-write locks, barriers, spin
 * locks, semaphores, once; also between processes, and when an owner dies. No check is a matter of speed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

#define THREADS	8
#define ROUNDS	2000

static void run(int n, void *(*fn)(void *))
{
	pthread_t t[THREADS];
	int i;

	for (i = 0; i < n; i++)
		pthread_create(&t[i], NULL, fn, (void *)(intptr_t)i);
	for (i = 0; i < n; i++)
		pthread_join(t[i], NULL);
}

static struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_nsec += ms * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* ---- mutexes */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *count_up(void *arg)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		if (i % 100 == (intptr_t)arg)
			sched_yield();
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *try_it(void *arg)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 20);

	*(int *)arg = pthread_mutex_trylock(&mutex);
	is(pthread_mutex_timedlock(&mutex, &soon), ETIMEDOUT, "timedlock gives up");
	return NULL;
}

static void make_mutex(pthread_mutex_t *m, int type, int shared, int robust)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, type);
	pthread_mutexattr_setpshared(&attr, shared ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE);
	pthread_mutexattr_setrobust(&attr, robust ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED);
	pthread_mutex_init(m, &attr);
	pthread_mutexattr_destroy(&attr);
}

static pthread_mutex_t *robust;

static void *dies_with_it(void *arg)
{
	pthread_mutex_lock(robust);
	return arg;
}

static void mutexes(void)
{
	pthread_mutex_t m;
	pthread_t t;
	int result = 0;

	run(THREADS, count_up);
	is(counter, THREADS * ROUNDS, "a mutex excludes 8 threads from each other");

	pthread_mutex_lock(&mutex);
	pthread_create(&t, NULL, try_it, &result);
	pthread_join(t, NULL);
	is(result, EBUSY, "trylock of a taken one");
	pthread_mutex_unlock(&mutex);

	make_mutex(&m, PTHREAD_MUTEX_RECURSIVE, 0, 0);
	pthread_mutex_lock(&m);
	is(pthread_mutex_lock(&m), 0, "a recursive one is taken twice");
	pthread_mutex_unlock(&m);
	is(pthread_mutex_unlock(&m), 0, "and given back twice");
	make_mutex(&m, PTHREAD_MUTEX_ERRORCHECK, 0, 0);
	pthread_mutex_lock(&m);
	is(pthread_mutex_lock(&m), EDEADLK, "one that checks says when its owner takes it again");
	pthread_mutex_unlock(&m);
	is(pthread_mutex_unlock(&m), EPERM, "and when it is nobody's");
}

static void owner_dies(void)
{
	pthread_t t;
	pid_t pid;

	robust = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	make_mutex(robust, PTHREAD_MUTEX_NORMAL, 1, 1);
	pthread_create(&t, NULL, dies_with_it, NULL);
	pthread_join(t, NULL);
	is(pthread_mutex_lock(robust), EOWNERDEAD, "a robust mutex whose owner, a thread, has ended");
	is(pthread_mutex_consistent(robust), 0, "is made consistent");
	is(pthread_mutex_unlock(robust), 0, "and usable");

	pid = fork();
	if (pid == 0) {
		pthread_mutex_lock(robust);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	is(pthread_mutex_lock(robust), EOWNERDEAD, "whose owner, a process, has ended");
	pthread_mutex_unlock(robust);
	is(pthread_mutex_lock(robust), ENOTRECOVERABLE, "not made consistent: lost for good");
	munmap(robust, 4096);
}

/* ---- condition variables */

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int ready, go_on;

static void *wait_for_go(void *arg)
{
	pthread_mutex_lock(&mutex);
	ready++;
	pthread_cond_signal((pthread_cond_t *)arg);
	while (!go_on)
		pthread_cond_wait(&cond, &mutex);
	counter++;
	pthread_mutex_unlock(&mutex);
	return NULL;
}

#define SLOTS	4
static int slots[SLOTS], head, tail;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static long produced, consumed;

/* Half of them produce, half consume. */
static void *produce_or_consume(void *arg)
{
	int i, me = (intptr_t)arg;

	for (i = 1; i <= ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		if (me & 1) {
			while (head - tail == SLOTS)
				pthread_cond_wait(&not_full, &mutex);
			slots[head++ % SLOTS] = i;
			produced += i;
			pthread_cond_signal(&not_empty);
		} else {
			while (head == tail)
				pthread_cond_wait(&not_empty, &mutex);
			consumed += slots[tail++ % SLOTS];
			pthread_cond_signal(&not_full);
		}
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void conditions(void)
{
	pthread_cond_t arrived = PTHREAD_COND_INITIALIZER, monotonic;
	pthread_condattr_t attr;
	struct timespec soon;
	pthread_t t[THREADS];
	int i;

	counter = 0;
	for (i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, wait_for_go, &arrived);
	pthread_mutex_lock(&mutex);
	while (ready < THREADS)
		pthread_cond_wait(&arrived, &mutex);
	go_on = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&mutex);
	for (i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	is(counter, THREADS, "a broadcast wakes all that wait");

	run(THREADS, produce_or_consume);
	ok(produced == consumed && head == tail, "4 producers, 4 consumers: nothing is lost, nobody hangs");

	pthread_mutex_lock(&mutex);
	soon = in_ms(CLOCK_REALTIME, 20);
	is(pthread_cond_timedwait(&cond, &mutex, &soon), ETIMEDOUT, "timedwait gives up");
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&monotonic, &attr);
	soon = in_ms(CLOCK_MONOTONIC, 20);
	is(pthread_cond_timedwait(&monotonic, &mutex, &soon), ETIMEDOUT, "by CLOCK_MONOTONIC, too");
	pthread_mutex_unlock(&mutex);
}

/* ---- the others */

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static long first, second, torn;

static void *read_or_write(void *arg)
{
	int i, me = (intptr_t)arg;

	for (i = 0; i < ROUNDS; i++) {
		if (me < 2) {
			pthread_rwlock_wrlock(&rwlock);
			first++;
			if (i % 64 == 0)
				sched_yield();
			second++;
			pthread_rwlock_unlock(&rwlock);
		} else {
			pthread_rwlock_rdlock(&rwlock);
			if (first != second)
				__atomic_add_fetch(&torn, 1, __ATOMIC_RELAXED);
			pthread_rwlock_unlock(&rwlock);
		}
	}
	return NULL;
}

static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static int phase[THREADS], serial, early;

static void *meet(void *arg)
{
	int i, k, me = (intptr_t)arg;

	for (i = 1; i <= 50; i++) {
		phase[me] = i;
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
		for (k = 0; k < THREADS; k++)
			if (phase[k] < i)
				__atomic_add_fetch(&early, 1, __ATOMIC_RELAXED);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

static void *spin_up(void *arg)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pthread_spin_lock(&spin);
		counter++;
		pthread_spin_unlock(&spin);
	}
	return arg;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int inits;

static void init_once(void)
{
	sched_yield();
	inits++;
}

static void *need_init(void *arg)
{
	pthread_once(&once, init_once);
	if (inits != 1)
		__atomic_add_fetch(&early, 1, __ATOMIC_RELAXED);
	return arg;
}

static sem_t sem;
static int inside, most;

static void *three_at_once(void *arg)
{
	int i, n;

	for (i = 0; i < 100; i++) {
		sem_wait(&sem);
		n = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
		if (n > most)
			most = n;
		sched_yield();
		__atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
		sem_post(&sem);
	}
	return arg;
}

static void other_locks(void)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 20);
	sem_t *shared;
	pid_t pid;
	int value;

	run(THREADS, read_or_write);
	is(torn, 0, "readers under a read-write lock see whole writes");
	is(first, 2 * ROUNDS, "and no write is lost");

	pthread_barrier_init(&barrier, NULL, THREADS);
	run(THREADS, meet);
	is(early, 0, "nobody passes a barrier before all are there");
	is(serial, 50, "and one of them is told, each time");

	counter = 0;
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	run(4, spin_up);
	is(counter, 4 * ROUNDS, "a spin lock");

	run(THREADS, need_init);
	is(inits, 1, "pthread_once: once");
	is(early, 0, "and done before anybody goes on");

	sem_init(&sem, 0, 3);
	run(THREADS, three_at_once);
	ok(most <= 3, "a semaphore of 3 lets 3 in");
	sem_getvalue(&sem, &value);
	is(value, 3, "and is 3 again");
	sem_init(&sem, 0, 0);
	errno = 0;
	is(sem_timedwait(&sem, &soon) ? errno : 0, ETIMEDOUT, "sem_timedwait gives up");

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sem_init(shared, 1, 0);
	pid = fork();
	if (pid == 0)
		_exit(sem_wait(shared));
	sem_post(shared);
	is(waitpid(pid, &value, 0) == pid ? value : -1, 0, "a semaphore between processes");
	munmap(shared, 4096);
}

void locks(void)
{
	mutexes();
	owner_dies();
	conditions();
	other_locks();
}
