// SPDX-License-Identifier: MIT
/* Events among threads: timers and signalfds of one thread, epoll sets that several use, and races of them. */
#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <time.h>
#include "tap.h"

#define MS	1000000L
#define ROUNDS	300

static volatile int stop, ready;
static volatile pid_t tid;
static int ep, go;

static sigset_t one(int sig)
{
	return 1UL << (sig - 1);
}

static long join(thrd_t t)
{
	int result = -1;

	return thrd_join(t, &result) == thrd_success ? result : -1000;
}

static thrd_t spawn(thrd_start_t fn, void *arg)
{
	thrd_t t = NULL;

	if (thrd_create(&t, fn, arg) != thrd_success)
		ok(0, "thrd_create");
	return t;
}

/* Waits for SIGUSR1 or SIGUSR2, which all threads block; which came, and 100 more for a timer's. */
static int waits_for_signal(void *arg)
{
	sigset_t set = one(SIGUSR1) | one(SIGUSR2);
	siginfo_t info;
	int sig;

	(void)arg;
	tid = gettid();
	eventfd_write(go, 1);
	sig = sigwaitinfo(&set, &info);
	return sig + (info.si_code == SI_TIMER ? 100 : 0);
}

static void test_thread_timer(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	struct itimerspec it = { { 0, 0 }, { 0, MS } };
	struct timespec ts = { 0, 0 };
	sigset_t usr1 = one(SIGUSR1);
	eventfd_t v;
	thrd_t t = spawn(waits_for_signal, NULL);
	timer_t timer;

	eventfd_read(go, &v);
	ev.sigev_notify_thread_id = tid;
	is(timer_create(CLOCK_MONOTONIC, &ev, &timer), 0, "SIGEV_THREAD_ID: another thread");
	timer_settime(timer, 0, &it, NULL);
	is(join(t), SIGUSR1 + 100, "it gets the signal");
	timer_settime(timer, 0, &it, NULL);
	usleep(5000);
	fails(sigtimedwait(&usr1, NULL, &ts), EAGAIN, "when it is gone nobody does");
	is(timer_delete(timer), 0, "timer_delete");
	t = spawn(waits_for_signal, NULL);
	eventfd_read(go, &v);
	kill(getpid(), SIGUSR2);
	is(join(t), SIGUSR2, "a process's signal wakes the thread that waits for it");
}

/* Uses the CPU until told to stop. */
static int burns(void *arg)
{
	(void)arg;
	tid = gettid();
	eventfd_write(go, 1);
	while (!stop)
		;
	return 0;
}

static void test_thread_clock(void)
{
	struct timespec a, b;
	eventfd_t v;
	clockid_t clock;
	thrd_t t;

	stop = 0;
	t = spawn(burns, NULL);
	eventfd_read(go, &v);
	clock = (clockid_t)(~(unsigned int)tid << 3 | 4 | 2);
	is(clock_gettime(clock, &a), 0, "the CPU clock of another thread");
	do {
		usleep(1000);
		clock_gettime(clock, &b);
	} while (b.tv_sec == a.tv_sec && b.tv_nsec - a.tv_nsec < 5 * MS);
	ok(1, "runs while the thread does");
	a = (struct timespec){ 0, 5 * MS };
	is(clock_nanosleep(clock, 0, &a, NULL), 0, "one can sleep by it");
	fails(syscall(SYS_pidfd_open, tid, 0), EINVAL, "a thread that does not lead has no pidfd");
	stop = 1;
	join(t);
	while (clock_gettime(clock, &a) == 0)	/* who joins it may come before its very end */
		thrd_yield();
	is(errno, EINVAL, "it goes with the thread");
}

static int waits_on_set(void *arg)
{
	struct epoll_event ev;

	(void)arg;
	tid = gettid();
	eventfd_write(go, 1);
	return epoll_wait(ep, &ev, 1, -1) == 1 ? (int)ev.data.u32 : -1;
}

static void until_tid_asleep(void)
{
	until_asleep(tid);	/* /proc/TID is there, though no listing shows it */
}

static void test_set_of_threads(void)
{
	struct epoll_event ev = { EPOLLIN, { .u32 = 7 } };
	int fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
	eventfd_t v;
	thrd_t t;

	ep = epoll_create1(0);
	t = spawn(waits_on_set, NULL);
	eventfd_read(go, &v);
	until_tid_asleep();
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	eventfd_write(fd, 1);
	is(join(t), 7, "a file that is added and written while a thread waits");
	close(fd);
	is(epoll_wait(ep, &ev, 1, 0), 0, "closed");
	fd = timerfd_create(CLOCK_MONOTONIC, 0);
	ev = (struct epoll_event){ EPOLLIN, { .u32 = 8 } };
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	t = spawn(waits_on_set, NULL);
	eventfd_read(go, &v);
	timerfd_settime(fd, 0, &(struct itimerspec){ { 0, 0 }, { 0, MS } }, NULL);
	is(join(t), 8, "a timer");
	close(fd);
	close(ep);
}

/* The races: one opens and closes what another adds and takes out, a third waits, a fourth writes. */
static volatile int racing_fd = -1;

static int opens_and_closes(void *arg)
{
	int fd;

	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		fd = eventfd(1, EFD_NONBLOCK);
		racing_fd = fd;
		for (int n = 0; n < i % 7; n++)
			thrd_yield();
		close(fd);
	}
	stop = 1;
	return 0;
}

static int adds_and_takes_out(void *arg)
{
	struct epoll_event ev = { EPOLLIN, { .u32 = 0 } };
	int bad = 0;

	(void)arg;
	while (!stop) {
		int fd = racing_fd, ret;

		ret = epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
		bad += ret && errno != EBADF && errno != EEXIST && errno != EPERM && errno != EINVAL;
		ret = epoll_ctl(ep, EPOLL_CTL_DEL, fd, &ev);
		bad += ret && errno != EBADF && errno != ENOENT && errno != EPERM && errno != EINVAL;
	}
	return bad;
}

static int waits(void *arg)
{
	struct epoll_event ev[4];
	int bad = 0;

	(void)arg;
	while (!stop)
		bad += epoll_wait(ep, ev, 4, 1) < 0;
	return bad;
}

static int writes(void *arg)
{
	(void)arg;
	while (!stop)
		if (racing_fd >= 0 && eventfd_write(racing_fd, 1) && errno != EBADF)
			return 1;
	return 0;
}

static void test_races(void)
{
	static const thrd_start_t fns[] = { opens_and_closes, adds_and_takes_out, waits, writes };
	thrd_t t[4];
	long bad = 0;

	stop = 0;
	ep = epoll_create1(0);
	for (int i = 0; i < 4; i++)
		t[i] = spawn(fns[i], NULL);
	for (int i = 0; i < 4; i++)
		bad += join(t[i]);
	is(bad, 0, "files that are closed while they are added, taken out, written and waited for");
	close(ep);
}

static int sets_timers(void *arg)
{
	timer_t *timer = arg;
	struct itimerspec it = { { 0, 50000 }, { 0, 50000 } }, off = { { 0, 0 }, { 0, 0 } };

	for (int i = 0; i < ROUNDS; i++) {
		timer_settime(*timer, 0, i % 3 ? &it : &off, NULL);
		timer_getoverrun(*timer);
		timer_gettime(*timer, &it);
		it = (struct itimerspec){ { 0, 50000 }, { 0, 50000 } };
	}
	stop = 1;
	return 0;
}

static int takes_signals(void *arg)
{
	struct timespec ms = { 0, MS };
	sigset_t set = one(SIGUSR1);
	int n = 0;

	(void)arg;
	while (!stop)
		n += sigtimedwait(&set, NULL, &ms) == SIGUSR1;
	return n < 0;
}

static void test_timer_races(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	timer_t timer;
	thrd_t t[3];
	long bad = 0;

	stop = 0;
	timer_create(CLOCK_MONOTONIC, &ev, &timer);
	t[0] = spawn(sets_timers, &timer);
	t[1] = spawn(takes_signals, NULL);
	t[2] = spawn(takes_signals, NULL);
	for (int i = 0; i < 3; i++)
		bad += join(t[i]);
	is(bad, 0, "a timer that is set while it fires and two threads take its signals");
	is(timer_delete(timer), 0, "timer_delete");
}

int main(void)
{
	sigset_t block = one(SIGUSR1) | one(SIGUSR2), old;

	sigprocmask(SIG_BLOCK, &block, &old);
	go = eventfd(0, EFD_SEMAPHORE);
	test_thread_timer();
	test_thread_clock();
	test_set_of_threads();
	test_races();
	test_timer_races();
	return done();
}
