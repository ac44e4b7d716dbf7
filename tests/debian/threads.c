// SPDX-License-Identifier: MIT
/*
 * Threads of a C library: their own data, cancellation, many at once, signals; and the ends of a process
 * that has several: exit, exec, a fault.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

#define MANY	200

static void *result_of(pthread_t t)
{
	void *result = NULL;

	pthread_join(t, &result);
	return result;
}

static pthread_t start(void *(*fn)(void *), void *arg)
{
	pthread_t t;

	if (pthread_create(&t, NULL, fn, arg))
		ok(0, "pthread_create");
	return t;
}

/* ---- data of a thread */

static __thread int mine = 42;
static __thread char zeroed[4096];

static void *own_data(void *arg)
{
	int before = mine, i, dirt = 0;

	mine = (intptr_t)arg;
	for (i = 0; i < (int)sizeof(zeroed); i++)
		dirt |= zeroed[i];
	memset(zeroed, 1, sizeof(zeroed));
	errno = (intptr_t)arg;
	sched_yield();
	return (void *)(intptr_t)(before == 42 && !dirt && mine == (intptr_t)arg && errno == (intptr_t)arg);
}

static pthread_key_t key;
static int destroyed, rounds;

static void destroy(void *value)
{
	__atomic_add_fetch(&destroyed, (intptr_t)value, __ATOMIC_RELAXED);
	/* A value set anew by a destructor is destroyed, too. */
	if (rounds == 0) {
		rounds = 1;
		pthread_setspecific(key, (void *)100L);
	}
}

static void *specific(void *arg)
{
	pthread_setspecific(key, arg);
	sched_yield();
	return (void *)(intptr_t)(pthread_getspecific(key) == arg);
}

static void *stack_user(void *arg)
{
	volatile char big[200000];
	unsigned int i, sum = 0;

	for (i = 0; i < sizeof(big); i += 4096)
		big[i] = (intptr_t)arg;
	for (i = 0; i < sizeof(big); i += 4096)
		sum += big[i];
	return (void *)(uintptr_t)sum;
}

static void data(void)
{
	pthread_t t[4];
	int i, good = 0;
	pthread_attr_t attr;

	for (i = 0; i < 4; i++)
		t[i] = start(own_data, (void *)(intptr_t)(i + 1));
	for (i = 0; i < 4; i++)
		good += (intptr_t)result_of(t[i]);
	is(good, 4, "__thread variables and errno are each thread's own");
	is(mine, 42, "the first thread's, too");

	pthread_key_create(&key, destroy);
	is((intptr_t)result_of(start(specific, (void *)1L)), 1, "thread-specific data");
	is(destroyed, 101, "its destructor runs at the end, and again for what it sets");
	for (i = 0; i < 4; i++)
		t[i] = start(specific, (void *)1L);
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	is(destroyed, 105, "for each thread");

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 << 10);
	is(pthread_create(&t[0], &attr, stack_user, (void *)1L), 0, "a stack of 256 KiB");
	is((intptr_t)result_of(t[0]), 49, "can be used");
}

/* ---- cancellation */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t started;
static int cleaned;

static void cleanup(void *arg)
{
	cleaned += (intptr_t)arg;
}

static void give_back(void *arg)
{
	pthread_mutex_unlock(arg);
}

static void *reads_for_ever(void *arg)
{
	char c;

	pthread_cleanup_push(cleanup, (void *)1L);
	sem_post(&started);
	while (read(((int *)arg)[0], &c, 1) >= 0)
		;
	pthread_cleanup_pop(0);
	return NULL;
}

static void *waits_for_ever(void *arg)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(give_back, &mutex);
	sem_post(&started);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(0);
	return arg;
}

static void *computes_for_ever(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	sem_post(&started);
	for (;;)
		;
	return arg;
}

static void *refuses_for_a_while(void *arg)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	sem_post(&started);
	sem_wait(arg);
	cleaned = 50;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	return NULL;
}

static void *cancelled(void *(*fn)(void *), void *arg)
{
	pthread_t t = start(fn, arg);

	while (sem_wait(&started))
		;
	pthread_cancel(t);
	return result_of(t);
}

static void cancellation(void)
{
	pthread_t t;
	int fds[2];
	sem_t let;

	sem_init(&started, 0, 0);
	sem_init(&let, 0, 0);
	pipe(fds);
	ok(cancelled(reads_for_ever, fds) == PTHREAD_CANCELED, "cancelled in read()");
	is(cleaned, 1, "its cleanup handler ran");
	ok(cancelled(waits_for_ever, NULL) == PTHREAD_CANCELED, "cancelled in pthread_cond_wait()");
	is(pthread_mutex_trylock(&mutex), 0, "its cleanup handler had the mutex, and gave it back");
	pthread_mutex_unlock(&mutex);
	ok(cancelled(computes_for_ever, NULL) == PTHREAD_CANCELED, "cancelled asynchronously in a loop");
	t = start(refuses_for_a_while, &let);
	while (sem_wait(&started))
		;
	pthread_cancel(t);
	sem_post(&let);
	ok(result_of(t) == PTHREAD_CANCELED, "cancelled when it lets itself be");
	is(cleaned, 50, "and not before");
	close(fds[0]);
	close(fds[1]);
}

/* ---- many */

static pthread_barrier_t all_here;
static int ended;

static void *one_of_many(void *arg)
{
	pthread_barrier_wait(&all_here);
	return arg;
}

static void *ends_alone(void *arg)
{
	__atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST);
	return arg;
}

static void many(void)
{
	static pthread_t t[MANY];
	pthread_attr_t attr;
	int i, wrong = 0, refused = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	pthread_barrier_init(&all_here, NULL, MANY + 1);
	for (i = 0; i < MANY; i++)
		refused += pthread_create(&t[i], &attr, one_of_many, (void *)(intptr_t)i) != 0;
	is(refused, 0, "200 threads at once");
	pthread_barrier_wait(&all_here);
	for (i = 0; i < MANY; i++)
		wrong += (intptr_t)result_of(t[i]) != i;
	is(wrong, 0, "each with its result");

	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (i = 0; i < MANY; i++)
		refused += pthread_create(&t[0], &attr, ends_alone, NULL) != 0;
	is(refused, 0, "200 detached threads");
	while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) < MANY)
		sched_yield();
	ok(1, "all of them ran");
}

/* ---- signals */

static pthread_t handled_by;
static sem_t handled;

static void handler(int sig)
{
	(void)sig;
	handled_by = pthread_self();
	sem_post(&handled);
}

static void *sits(void *arg)
{
	sem_post(&started);
	while (sem_wait(arg))
		;
	return NULL;
}

static void *waits_for_signal(void *arg)
{
	int sig = 0;

	sigwait(arg, &sig);
	return (void *)(intptr_t)sig;
}

static void signals_to_threads(void)
{
	struct sigaction sa = { .sa_handler = handler };
	sigset_t set, old;
	pthread_t t;
	sem_t let;

	sem_init(&let, 0, 0);
	sem_init(&handled, 0, 0);
	sigaction(SIGUSR1, &sa, NULL);
	t = start(sits, &let);
	while (sem_wait(&started))
		;
	is(pthread_kill(t, SIGUSR1), 0, "pthread_kill");
	while (sem_wait(&handled))
		;
	ok(pthread_equal(handled_by, t), "is handled by the thread");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	kill(getpid(), SIGUSR1);
	while (sem_wait(&handled))
		;
	ok(pthread_equal(handled_by, t), "kill: by the one thread that does not block it");
	sem_post(&let);
	pthread_join(t, NULL);
	t = start(waits_for_signal, &set);		/* inherits the mask: all block it */
	kill(getpid(), SIGUSR2);
	is((intptr_t)result_of(t), SIGUSR2, "sigwait in one thread takes a signal for the process");
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void threads(void)
{
	data();
	cancellation();
	many();
	signals_to_threads();
}

/* ---- the end of a process */

static void *execs(void *arg)
{
	char *args[] = { (char *)program, "child", "a b", "", "last", NULL };
	char *env[] = { "COLOUR=blue", NULL };

	dup3(1, 40, O_CLOEXEC);
	dup2(1, 41);
	execve(program, args, env);
	return arg;
}

/* Maps, faults pages in, unmaps, for ever. */
static void *faults_for_ever(void *arg)
{
	for (;;) {
		char *p = mmap(NULL, 64 << 10, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		int i;

		for (i = 0; i < 16; i++)
			p[i * 4096] = 1;
		munmap(p, 64 << 10);
	}
	return arg;
}

static void *makes_threads_for_ever(void *arg)
{
	for (;;)
		pthread_join(start(ends_alone, NULL), NULL);
	return arg;
}

static void *exits_with_4(void *arg)
{
	exit(4);
	return arg;
}

static void *overwrites(void *arg)
{
	*(volatile int *)arg = 1;
	return NULL;
}

static int busy_process(void *(*last)(void *), void *arg)
{
	int status, i;
	pid_t pid = fork();

	if (pid)
		return waitpid(pid, &status, 0) == pid ? status : -1;
	for (i = 0; i < 3; i++)
		start(faults_for_ever, NULL);
	start(makes_threads_for_ever, NULL);
	start(last, arg);
	for (;;)
		pause();
}

static void *last_one(void *arg)
{
	sched_yield();
	return arg;
}

/* A program: its first thread ends before the other. (In a forked child musl 1.2.3 would hang here.) */
void last_thread_program(void)
{
	start(last_one, NULL);
	pthread_exit(NULL);
}

void ends(void)
{
	int i, bad = 0, status;
	pid_t pid;

	for (i = 0; i < 10; i++)
		bad += busy_process(execs, NULL) != 0;
	is(bad, 0, "exec from a thread while others fault, map and make threads, 10 times");
	bad = 0;
	for (i = 0; i < 10; i++)
		bad += busy_process(exits_with_4, NULL) != 4 << 8;
	is(bad, 0, "exit from a thread, 10 times");
	is(busy_process(overwrites, (void *)8), SIGSEGV, "a fault of one thread ends all");

	pid = fork();
	if (pid == 0) {
		execl(program, program, "last", NULL);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	is(status, 0, "pthread_exit of the first thread: the process ends with its last one");
}
