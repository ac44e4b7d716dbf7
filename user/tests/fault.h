/* SPDX-License-Identifier: MIT */
/* Accesses of test programs that may end with a signal: which one, instead of the program's end. */
#ifndef _TESTS_FAULT_H
#define _TESTS_FAULT_H

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf fault_env;

static inline void on_fault(int sig)
{
	siglongjmp(fault_env, sig);
}

/* First of all: from here on SIGSEGV and SIGBUS come to on_fault(). */
static inline void catch_faults(void)
{
	struct sigaction sa = { .sa_handler = on_fault };

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
}

/* The signal that reading a byte ends with, 0 for none. */
static inline int touch(const volatile char *p)
{
	int sig = sigsetjmp(fault_env, 1);

	if (!sig)
		(void)*p;
	return sig;
}

/* The same for writing one. */
static inline int store(volatile char *p, char c)
{
	int sig = sigsetjmp(fault_env, 1);

	if (!sig)
		*p = c;
	return sig;
}

#endif
