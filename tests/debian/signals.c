// SPDX-License-Identifier: MIT
/*
 * Signals: handlers, masks, alternate stacks, jumps out of a handler, timers, interrupted calls;
 * and the signals that a program's own mistakes send it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

static volatile sig_atomic_t caught, value, on_stack;
static void *volatile address;
static sigjmp_buf back;
static char *alternate;

static void count(int sig)
{
	caught += sig;
}

static void note(int sig, siginfo_t *info, void *context)
{
	char here;

	(void)context;
	caught = sig;
	value = info->si_value.sival_int;
	address = info->si_addr;
	on_stack = &here >= alternate && &here < alternate + 65536;
}

static void jump(int sig, siginfo_t *info, void *context)
{
	note(sig, info, context);
	value = info->si_code;
	siglongjmp(back, sig);
}

static void handle(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void simple_handler(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = count, .sa_flags = flags };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void masks(void)
{
	sigset_t set, old, pending;
	siginfo_t info;
	pid_t pid;

	simple_handler(SIGUSR1, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	caught = 0;
	raise(SIGUSR1);
	is(caught, 0, "a blocked signal waits");
	sigpending(&pending);
	is(sigismember(&pending, SIGUSR1), 1, "sigpending shows it");
	errno = 0;
	ok(sigsuspend(&old) == -1 && errno == EINTR, "sigsuspend returns EINTR");
	is(caught, SIGUSR1, "after the handler has run");
	raise(SIGUSR1);
	is(sigwaitinfo(&set, &info), SIGUSR1, "sigwaitinfo takes a pending signal");
	is(info.si_pid, getpid(), "and knows who sent it");
	sigprocmask(SIG_SETMASK, &old, NULL);
	handle(SIGRTMIN, note, 0);
	pid = fork();
	if (pid == 0)
		_exit(sigqueue(getppid(), SIGRTMIN, (union sigval){ .sival_int = 4711 }) != 0);
	waitpid(pid, NULL, 0);
	is(value, 4711, "sigqueue brings a number with it");
}

/* A child writes to the pipe in 100 ms; a timer's signal comes in 30 ms. */
static long interrupted_read(int flags, char *byte)
{
	struct itimerval timer = { .it_value.tv_usec = 30000 };
	int fd[2], error;
	ssize_t n;

	pipe(fd);
	simple_handler(SIGALRM, flags);
	caught = 0;
	if (fork() == 0) {
		usleep(100000);
		write(fd[1], "b", 1);
		_exit(0);
	}
	setitimer(ITIMER_REAL, &timer, NULL);
	n = read(fd[0], byte, 1);
	error = errno;
	close(fd[0]);
	close(fd[1]);
	wait(NULL);
	return n < 0 ? -error : n;
}

static void interruptions(void)
{
	struct timespec half = { 0, 500000000 }, left = { 0, 0 };
	struct itimerval timer = { .it_value.tv_usec = 20000, .it_interval.tv_usec = 10000 };
	char byte = 0;

	is(interrupted_read(0, &byte), -EINTR, "a handler interrupts read: EINTR");
	is(caught, SIGALRM, "it has run");
	is(interrupted_read(SA_RESTART, &byte), 1, "with SA_RESTART read goes on");
	is(caught == SIGALRM && byte == 'b', 1, "and brings the byte, and the handler has run");
	setitimer(ITIMER_REAL, &timer, NULL);
	caught = 0;
	while (caught < 5 * SIGALRM)
		pause();
	memset(&timer, 0, sizeof(timer));
	setitimer(ITIMER_REAL, &timer, NULL);
	ok(1, "an interval timer comes five times");
	is(alarm(100), 0, "alarm sets an alarm");
	is(alarm(0), 100, "and takes it back");
	timer.it_value.tv_usec = 30000;
	simple_handler(SIGALRM, 0);
	setitimer(ITIMER_REAL, &timer, NULL);
	errno = 0;
	is(nanosleep(&half, &left), -1, "a handler ends nanosleep");
	is(errno, EINTR, "by EINTR");
	ok(left.tv_sec == 0 && left.tv_nsec > 100000000 && left.tv_nsec < 480000000,
	   "which says how much was left");
}

static void children(void)
{
	int status;
	pid_t pid;

	handle(SIGCHLD, note, SA_RESTART);
	pid = fork();
	if (pid == 0)
		_exit(5);
	is(waitpid(pid, &status, 0), pid, "waitpid goes on after SIGCHLD's handler");
	is(caught, SIGCHLD, "which has run");
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid == 0) {
		raise(SIGSTOP);
		_exit(6);
	}
	is(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status), 1, "a child stops");
	kill(pid, SIGCONT);
	is(waitpid(pid, &status, 0) == pid ? WEXITSTATUS(status) : -1, 6, "and goes on");
	signal(SIGPIPE, SIG_IGN);
	int fd[2];

	pipe(fd);
	close(fd[0]);
	errno = 0;
	ok(write(fd[1], "x", 1) == -1 && errno == EPIPE, "write to a pipe without a reader is EPIPE");
	close(fd[1]);
	signal(SIGPIPE, SIG_DFL);
}

/* The FP registers are the program's own again after a handler that used them. */
static void compute(int sig)
{
	volatile double x = sig;

	for (int i = 0; i < 100; i++)
		x = x * 1.5 + 2;
	caught++;
}

static void registers(void)
{
	struct itimerval timer = { { 0, 1000 }, { 0, 1000 } };
	double sum = 0, again = 0;

	signal(SIGALRM, compute);
	setitimer(ITIMER_REAL, &timer, NULL);
	caught = 0;
	for (int i = 1; i < 10000000 || caught < 3; i++)
		if (i < 10000000)
			sum += 1.0 / i;
	memset(&timer, 0, sizeof(timer));
	setitimer(ITIMER_REAL, &timer, NULL);
	for (int i = 1; i < 10000000; i++)
		again += 1.0 / i;
	ok(sum == again, "a sum is the same when handlers interrupt it");
}

void signals(void)
{
	masks();
	interruptions();
	children();
	registers();
}

static int recurse(int depth)
{
	volatile char room[4096];

	room[0] = depth;
	return depth > 100000 ? room[0] : recurse(depth + 1) + room[0];
}

static void bad_access(volatile char *p, int write, int sig, int code, const char *promise)
{
	caught = 0;
	if (sigsetjmp(back, 1) == 0) {
		if (write)
			*p = 1;
		else
			(void)*p;
	}
	is(caught, sig, promise);
	ok(value == code && address == p, "with the code and the address");
}

void faults(void)
{
	stack_t stack = { .ss_size = 65536 };
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *file;
	int fd = open("short", O_CREAT | O_RDWR, 0600);

	alternate = stack.ss_sp = malloc(65536);
	is(sigaltstack(&stack, NULL), 0, "sigaltstack sets a stack for handlers");
	handle(SIGUSR2, note, SA_ONSTACK);
	raise(SIGUSR2);
	is(on_stack, 1, "a handler runs on it");
	handle(SIGSEGV, jump, SA_ONSTACK);
	handle(SIGBUS, jump, SA_ONSTACK);
	handle(SIGILL, jump, 0);
	bad_access((char *)16, 0, SIGSEGV, SEGV_MAPERR, "a read at address 16 is SIGSEGV");
	bad_access(page, 1, SIGSEGV, SEGV_ACCERR, "a write to a read-only page is SIGSEGV");
	ftruncate(fd, 4096);
	file = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	bad_access(file + 4096, 0, SIGBUS, BUS_ADRERR, "a read behind a mapped file is SIGBUS");
	caught = 0;
	if (sigsetjmp(back, 1) == 0)
		recurse(0);
	is(caught, SIGSEGV, "endless recursion is SIGSEGV, handled on the other stack");
	caught = 0;
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile(".inst 0");
	is(caught, SIGILL, "a word that is no instruction is SIGILL");
	close(fd);
	unlink("short");
}
