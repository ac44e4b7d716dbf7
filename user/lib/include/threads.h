// SPDX-License-Identifier: MIT
/*
 * Threads, C11's: as much of <threads.h> as the tests need. errno is each thread's own; stdio and
 * malloc have no locks, so who uses them in several threads takes one around them.
 */
#ifndef _THREADS_H
#define _THREADS_H

#include <stdint.h>

enum { thrd_success, thrd_busy, thrd_error, thrd_nomem };
enum { mtx_plain };

typedef struct __thrd *thrd_t;
typedef int (*thrd_start_t)(void *);

int thrd_create(thrd_t *thread, thrd_start_t fn, void *arg);
int thrd_join(thrd_t thread, int *result);	/* each thread must be joined, once */
thrd_t thrd_current(void);			/* NULL: the first thread */
_Noreturn void thrd_exit(int result);
void thrd_yield(void);
int thrd_tid(thrd_t thread);			/* teak's: the kernel's number; 0 when it has ended */

/* 0 free, 1 taken, 2 taken and somebody may wait */
typedef struct {
	uint32_t word;
} mtx_t;

int mtx_init(mtx_t *mtx, int type);
int mtx_lock(mtx_t *mtx);
int mtx_trylock(mtx_t *mtx);			/* thrd_busy: somebody has it */
int mtx_unlock(mtx_t *mtx);
void mtx_destroy(mtx_t *mtx);

#endif
