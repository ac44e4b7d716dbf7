/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPLETION_H
#define _LINUX_COMPLETION_H

/*
 * A completion: "it is done", said once by one task or interrupt and heard by one that sleeps for it.
 *
 * Each complete() lets one waiter through, before or after it begins to wait; complete_all() lets
 * all through for ever. When wait_for_completion() has returned, complete() no longer touches the
 * structure, so it may lie on the waiter's stack.
 */

#include <linux/wait.h>

struct completion {
	unsigned int		done;	/* how many may pass; UINT_MAX: all. wait.lock */
	struct wait_queue_head	wait;
};

#define COMPLETION_INITIALIZER(work) \
	{ 0, __WAIT_QUEUE_HEAD_INITIALIZER((work).wait) }
#define DECLARE_COMPLETION(work)		struct completion work = COMPLETION_INITIALIZER(work)
/* The initialiser above is for static ones, whose address can be the class of their lock. */
#define DECLARE_COMPLETION_ONSTACK(work) \
	struct completion work = ({ init_completion(&work); work; })

static inline void init_completion(struct completion *x)
{
	x->done = 0;
	init_waitqueue_head(&x->wait);
}

static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

void complete(struct completion *x);
void complete_all(struct completion *x);
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);

void wait_for_completion(struct completion *x);
void wait_for_completion_io(struct completion *x);
/* 0 or -ERESTARTSYS */
int wait_for_completion_interruptible(struct completion *x);
int wait_for_completion_killable(struct completion *x);
int wait_for_completion_state(struct completion *x, unsigned int state);
/* Jiffies: 0 when they ran out, else what is left, at least 1; the interruptible: -ERESTARTSYS. */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);
unsigned long wait_for_completion_io_timeout(struct completion *x, unsigned long timeout);
long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout);
long wait_for_completion_killable_timeout(struct completion *x, unsigned long timeout);

#endif
