/* SPDX-License-Identifier: MIT */
/*
 * The lock checker of a DEBUG=1 build (kernel/locking/lockdep.c; docs/locks.md shows its reports).
 *
 * Each lock belongs to a class: all locks that one line of code initialised are alike. Each task has
 * a stack of the locks that it holds. Taking a lock while others are held adds edges to a graph of
 * classes; an edge that closes a circle is reported, though no deadlock happened. The primitives
 * call in here; their users meet it in three places:
 *
 *	mutex_lock_nested(&child->lock, SINGLE_DEPTH_NESTING)	two locks of one class at once, in
 *								an order that a comment states
 *	lockdep_set_class(&sem, &key)				one line initialises locks that are
 *								used in different ways
 *	lockdep_assert_held(&lock)				an assertion; nothing without DEBUG
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/lockdep_types.h>
#include <linux/types.h>

struct task_struct;

/* The second lock of a class, where no deeper nesting occurs. */
#define SINGLE_DEPTH_NESTING	1

#ifdef CONFIG_DEBUG

#define MAX_LOCK_DEPTH	48

/* One lock that a task holds or waits for. Written by the task and by interrupts on top of it. */
struct held_lock {
	struct lockdep_map	*instance;
	struct lock_class	*class;
	unsigned long		acquire_ip;
	unsigned int		irq_context:1;	/* taken by an interrupt on top of the task */
	unsigned int		trylock:1;	/* nobody waited for it: no order to keep */
	unsigned int		read:2;		/* 1: as a reader; 2: as one whom no waiter stops */
	unsigned int		hardirqs_off:1;
	unsigned int		check:1;	/* 0: only on the stack, no part of the graph */
};

extern int debug_locks;		/* 0: the checker gave up, and said so */

void lockdep_init_map(struct lockdep_map *lock, const char *name, struct lock_class_key *key,
		      int subclass);
#define lockdep_set_class(lock, key) \
	lockdep_init_map(&(lock)->dep_map, #key, key, 0)
#define lockdep_set_class_and_name(lock, key, name) \
	lockdep_init_map(&(lock)->dep_map, name, key, 0)

void lock_acquire(struct lockdep_map *lock, unsigned int subclass, int trylock, int read, int check,
		  struct lockdep_map *nest_lock, unsigned long ip);
void lock_release(struct lockdep_map *lock, unsigned long ip);
void lock_downgrade(struct lockdep_map *lock, unsigned long ip);
/* @read: 0 held for writing, 1 for reading, -1 either way */
int lock_is_held_type(const struct lockdep_map *lock, int read);
#define lock_is_held(lock)		lock_is_held_type(lock, -1)
#define lockdep_is_held(lock)		lock_is_held(&(lock)->dep_map)
#define lockdep_is_held_type(lock, r)	lock_is_held_type(&(lock)->dep_map, (r))

#define lockdep_assert(cond)		do { WARN_ON(debug_locks && !(cond)); } while (0)
#define lockdep_assert_held(l)		lockdep_assert(lockdep_is_held(l))
#define lockdep_assert_not_held(l)	lockdep_assert(!lockdep_is_held(l))
#define lockdep_assert_held_write(l)	lockdep_assert(lockdep_is_held_type(l, 0))
#define lockdep_assert_held_read(l)	lockdep_assert(lockdep_is_held_type(l, 1))

/* What current does with locks in between is not looked at; it must release what it takes there. */
void lockdep_off(void);
void lockdep_on(void);

void lockdep_init_task(struct task_struct *task);
void lockdep_hardirqs_on(void);
void debug_show_held_locks(struct task_struct *task);
void debug_check_no_locks_freed(const void *mem, unsigned long len);
void debug_check_no_locks_held(void);
void lockdep_sys_exit(void);
void lockdep_free_key_range(const void *start, unsigned long size);

#else

#define lockdep_init_map(lock, name, key, sub)		do { (void)(name); (void)(key); } while (0)
#define lockdep_set_class(lock, key)			do { (void)(key); } while (0)
#define lockdep_set_class_and_name(lock, key, name)	do { (void)(key); (void)(name); } while (0)

#define lock_acquire(l, s, t, r, c, n, i)		do { } while (0)
#define lock_release(l, i)				do { } while (0)
#define lock_downgrade(l, i)				do { } while (0)

#define lockdep_assert_held(l)				do { (void)(l); } while (0)
#define lockdep_assert_not_held(l)			do { (void)(l); } while (0)
#define lockdep_assert_held_write(l)			do { (void)(l); } while (0)
#define lockdep_assert_held_read(l)			do { (void)(l); } while (0)

static inline void lockdep_off(void) { }
static inline void lockdep_on(void) { }
static inline void lockdep_free_key_range(const void *start, unsigned long size) { }
static inline void lockdep_init_task(struct task_struct *task) { }
static inline void lockdep_hardirqs_on(void) { }
static inline void debug_check_no_locks_freed(const void *mem, unsigned long len) { }
static inline void debug_check_no_locks_held(void) { }
static inline void lockdep_sys_exit(void) { }
void debug_show_held_locks(struct task_struct *task);

#endif

/* By kind of lock: @s subclass, @t trylock, @i where. */
#define spin_acquire(l, s, t, i)		lock_acquire(l, s, t, 0, 1, NULL, i)
#define spin_release(l, i)			lock_release(l, i)
#define rwlock_acquire(l, s, t, i)		lock_acquire(l, s, t, 0, 1, NULL, i)
#define rwlock_acquire_read(l, s, t, r, i)	lock_acquire(l, s, t, r, 1, NULL, i)
#define rwlock_release(l, i)			lock_release(l, i)
#define mutex_acquire(l, s, t, i)		lock_acquire(l, s, t, 0, 1, NULL, i)
#define mutex_acquire_nest(l, s, t, n, i)	lock_acquire(l, s, t, 0, 1, n, i)
#define mutex_release(l, i)			lock_release(l, i)
#define rwsem_acquire(l, s, t, i)		lock_acquire(l, s, t, 0, 1, NULL, i)
#define rwsem_acquire_read(l, s, t, i)		lock_acquire(l, s, t, 1, 1, NULL, i)
#define rwsem_release(l, i)			lock_release(l, i)
/* What is no lock but excludes as one does, such as "inside a read-side section". */
#define lock_map_acquire(l)			lock_acquire(l, 0, 0, 0, 1, NULL, _THIS_IP_)
#define lock_map_acquire_read(l)		lock_acquire(l, 0, 0, 2, 1, NULL, _THIS_IP_)
#define lock_map_release(l)			lock_release(l, _THIS_IP_)

#endif
