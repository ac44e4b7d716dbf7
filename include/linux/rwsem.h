/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

/*
 * Read-write semaphores: many readers or one writer, all of whom may sleep (kernel/locking/rwsem.c).
 *
 * First come, first served: a reader that finds somebody waiting waits behind him, so that a writer
 * is never starved. Hence a task must not take one for reading twice.
 */

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct rw_semaphore {
	atomic_long_t		count;		/* readers and RWSEM_* bits, see rwsem.c */
	struct task_struct	*owner;		/* the writer, for assertions; he writes it */
	spinlock_t		wait_lock;	/* guards wait_list and each grant to a waiter */
	struct list_head	wait_list;	/* of rwsem_waiter, first come first */
#ifdef CONFIG_DEBUG
	struct lockdep_map	dep_map;
#endif
};

#ifdef CONFIG_DEBUG
#define __RWSEM_DEP_MAP_INIT(lockname)	, .dep_map = { .name = #lockname }
#else
#define __RWSEM_DEP_MAP_INIT(lockname)
#endif

#define RWSEM_WRITER_LOCKED	(1L << 0)
#define RWSEM_FLAG_WAITERS	(1L << 1)	/* wait_list is not empty */
#define RWSEM_READER_SHIFT	8
#define RWSEM_READER_BIAS	(1L << RWSEM_READER_SHIFT)

#define __RWSEM_INITIALIZER(name) {						\
	.count		= ATOMIC_LONG_INIT(0),					\
	.wait_lock	= __SPIN_LOCK_UNLOCKED(name.wait_lock),			\
	.wait_list	= LIST_HEAD_INIT((name).wait_list)			\
	__RWSEM_DEP_MAP_INIT(name) }

#define DECLARE_RWSEM(name)	struct rw_semaphore name = __RWSEM_INITIALIZER(name)

void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key);
#define init_rwsem(sem)							\
do {									\
	static struct lock_class_key __key;				\
									\
	__init_rwsem((sem), #sem, &__key);				\
} while (0)

/* A glance: it may change at once unless the caller is the one who holds it. */
static inline int rwsem_is_locked(struct rw_semaphore *sem)
{
	return (atomic_long_read(&sem->count) & ~RWSEM_FLAG_WAITERS) != 0;
}

static inline int rwsem_is_contended(struct rw_semaphore *sem)
{
	return (atomic_long_read(&sem->count) & RWSEM_FLAG_WAITERS) != 0;
}

static inline void rwsem_assert_held(struct rw_semaphore *sem)
{
	lockdep_assert_held(sem);
}

static inline void rwsem_assert_held_write(struct rw_semaphore *sem)
{
	lockdep_assert_held_write(sem);
}

void down_read(struct rw_semaphore *sem);
int __must_check down_read_interruptible(struct rw_semaphore *sem);	/* 0 or -EINTR */
int __must_check down_read_killable(struct rw_semaphore *sem);		/* 0 or -EINTR */
int down_read_trylock(struct rw_semaphore *sem);			/* 1: it is ours now */
void down_write(struct rw_semaphore *sem);
int __must_check down_write_killable(struct rw_semaphore *sem);		/* 0 or -EINTR */
int down_write_trylock(struct rw_semaphore *sem);			/* 1: it is ours now */
void up_read(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);		/* the writer becomes a reader */

/* @subclass: which of several locks of one class that the task takes: see lockdep.h. */
#ifdef CONFIG_DEBUG
void down_read_nested(struct rw_semaphore *sem, int subclass);
void down_write_nested(struct rw_semaphore *sem, int subclass);
int __must_check down_write_killable_nested(struct rw_semaphore *sem, int subclass);
#else
#define down_read_nested(sem, subclass)			down_read(sem)
#define down_write_nested(sem, subclass)		down_write(sem)
#define down_write_killable_nested(sem, subclass)	down_write_killable(sem)
#endif

#endif
