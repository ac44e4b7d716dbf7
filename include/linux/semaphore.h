/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SEMAPHORE_H
#define _LINUX_SEMAPHORE_H

/*
 * Counting semaphores: at most `count` tasks at once. Unlike a mutex it has no owner: anybody may
 * call up(), an interrupt handler too (kernel/locking/semaphore.c).
 */

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct semaphore {
	raw_spinlock_t		lock;		/* guards the rest */
	unsigned int		count;		/* how many may still enter */
	struct list_head	wait_list;
};

#define __SEMAPHORE_INITIALIZER(name, n) {					\
	.lock		= __SPIN_LOCK_UNLOCKED((name).lock),			\
	.count		= n,							\
	.wait_list	= LIST_HEAD_INIT((name).wait_list) }

#define DEFINE_SEMAPHORE(name)	struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)

static inline void sema_init(struct semaphore *sem, int val)
{
	raw_spin_lock_init(&sem->lock);
	sem->count = val;
	INIT_LIST_HEAD(&sem->wait_list);
}

void down(struct semaphore *sem);
int __must_check down_interruptible(struct semaphore *sem);	/* 0 or -EINTR */
int __must_check down_killable(struct semaphore *sem);		/* 0 or -EINTR */
int __must_check down_trylock(struct semaphore *sem);		/* 0: entered. NOT as mutex_trylock() */
int __must_check down_timeout(struct semaphore *sem, long jiffies);	/* 0 or -ETIME */
void up(struct semaphore *sem);

#endif
