/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

/*
 * Mutexes: mutual exclusion among tasks, for stretches that may sleep (kernel/locking/mutex.c).
 *
 * Who locked it unlocks it, not twice, and not from an interrupt. Taking a free one is one
 * compare-and-exchange of `owner`.
 */

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <asm/current.h>

struct mutex {
	atomic_long_t		owner;		/* the task, and MUTEX_FLAG_* in the low bits */
	spinlock_t		wait_lock;	/* guards wait_list */
	struct list_head	wait_list;	/* of mutex_waiter, first come first */
#ifdef CONFIG_DEBUG
	struct lockdep_map	dep_map;
#endif
};

#ifdef CONFIG_DEBUG
#define __DEP_MAP_MUTEX_INITIALIZER(lockname)	, .dep_map = { .name = #lockname }
#else
#define __DEP_MAP_MUTEX_INITIALIZER(lockname)
#endif

#define __MUTEX_INITIALIZER(lockname) {						\
	.owner		= ATOMIC_LONG_INIT(0),					\
	.wait_lock	= __SPIN_LOCK_UNLOCKED(lockname.wait_lock),		\
	.wait_list	= LIST_HEAD_INIT(lockname.wait_list)			\
	__DEP_MAP_MUTEX_INITIALIZER(lockname) }

#define DEFINE_MUTEX(mutexname)	struct mutex mutexname = __MUTEX_INITIALIZER(mutexname)

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
#define mutex_init(mutex)						\
do {									\
	static struct lock_class_key __key;				\
									\
	__mutex_init((mutex), #mutex, &__key);				\
} while (0)

#define mutex_destroy(lock)	do { (void)(lock); } while (0)

void mutex_lock(struct mutex *lock);
void mutex_lock_io(struct mutex *lock);
int __must_check mutex_lock_interruptible(struct mutex *lock);	/* 0 or -EINTR */
int __must_check mutex_lock_killable(struct mutex *lock);	/* 0 or -EINTR */
int mutex_trylock(struct mutex *lock);				/* 1: it is ours now */
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);

/* @subclass: which of several locks of one class that the task takes: see lockdep.h. */
#ifdef CONFIG_DEBUG
void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
int __must_check mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass);
int __must_check mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass);
#else
#define mutex_lock_nested(lock, subclass)		mutex_lock(lock)
#define mutex_lock_interruptible_nested(lock, subclass)	mutex_lock_interruptible(lock)
#define mutex_lock_killable_nested(lock, subclass)	mutex_lock_killable(lock)
#endif

#endif
