// SPDX-License-Identifier: MIT
/* Waiting for several descriptors, the old way. */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

#include <signal.h>
#include <sys/time.h>
#include <time.h>

#define FD_SETSIZE 1024
typedef struct {
	unsigned long __bits[FD_SETSIZE / 64];
} fd_set;

#define FD_ZERO(s)	__builtin_memset((s), 0, sizeof(fd_set))
#define FD_SET(n, s)	((void)((s)->__bits[(n) / 64] |= 1UL << ((n) % 64)))
#define FD_CLR(n, s)	((void)((s)->__bits[(n) / 64] &= ~(1UL << ((n) % 64))))
#define FD_ISSET(n, s)	((int)((s)->__bits[(n) / 64] >> ((n) % 64) & 1))

int select(int n, fd_set *in, fd_set *out, fd_set *ex, struct timeval *timeout);
int pselect(int n, fd_set *in, fd_set *out, fd_set *ex, const struct timespec *timeout,
	    const sigset_t *mask);

#endif
