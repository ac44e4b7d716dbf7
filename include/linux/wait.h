/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

/*
 * Wait queues: tasks that sleep until somebody says that a condition may have become true.
 *
 * The one pattern, which wait_event() and its kin spell out:
 *
 *	sleeper					waker
 *	for (;;) {				condition = true;
 *		prepare_to_wait();		wake_up();
 *		if (condition)
 *			break;
 *		schedule();
 *	}
 *	finish_wait();
 *
 * prepare_to_wait() puts the task on the queue and sets its state BEFORE the condition is looked at;
 * the waker changes the condition BEFORE it looks at the queue. Whichever comes second sees the
 * first: either the sleeper sees the condition, or the waker sees the sleeper, who then runs on from
 * schedule(), and looks again. Users of the macros include <linux/sched.h> as well.
 */

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/current.h>
#include <uapi/linux/wait.h>

typedef struct wait_queue_entry wait_queue_entry_t;

/*
 * Called for an entry by wake_up(), with the queue's lock held and interrupts off. Nonzero: the task
 * was woken, which counts when the entry is exclusive. Negative: go no further.
 */
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
				 void *key);

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			  void *key);

/* wait_queue_entry::flags */
#define WQ_FLAG_EXCLUSIVE	0x01	/* wake_up() stops after waking it */
#define WQ_FLAG_WOKEN		0x02	/* wait_woken() */
#define WQ_FLAG_BOOKMARK	0x04
#define WQ_FLAG_CUSTOM		0x08
#define WQ_FLAG_DONE		0x10
#define WQ_FLAG_PRIORITY	0x20	/* stands before all others */

struct wait_queue_entry {
	unsigned int		flags;
	void			*private;	/* the task, for the usual functions */
	wait_queue_func_t	func;
	struct list_head	entry;		/* the queue's lock */
};

struct wait_queue_head {
	spinlock_t		lock;
	struct list_head	head;
};
typedef struct wait_queue_head wait_queue_head_t;

struct task_struct;

#define __WAITQUEUE_INITIALIZER(name, tsk) {					\
	.private	= tsk,							\
	.func		= default_wake_function,				\
	.entry		= { NULL, NULL } }

#define DECLARE_WAITQUEUE(name, tsk)						\
	struct wait_queue_entry name = __WAITQUEUE_INITIALIZER(name, tsk)

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) {					\
	.lock		= __SPIN_LOCK_UNLOCKED(name.lock),			\
	.head		= LIST_HEAD_INIT(name.head) }

#define DECLARE_WAIT_QUEUE_HEAD(name)						\
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
/* The initialiser above is for static ones, whose address can be the class of their lock. */
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name)					\
	struct wait_queue_head name = ({ init_waitqueue_head(&name); name; })

static inline void __init_waitqueue_head(struct wait_queue_head *wq_head, const char *name,
					 struct lock_class_key *key)
{
	spin_lock_init(&wq_head->lock);
	lockdep_set_class_and_name(&wq_head->lock, key, name);
	INIT_LIST_HEAD(&wq_head->head);
}

#define init_waitqueue_head(wq_head)						\
do {										\
	static struct lock_class_key __key;					\
										\
	__init_waitqueue_head((wq_head), #wq_head, &__key);			\
} while (0)

static inline void init_waitqueue_entry(struct wait_queue_entry *wq_entry, struct task_struct *p)
{
	wq_entry->flags = 0;
	wq_entry->private = p;
	wq_entry->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *wq_entry,
					     wait_queue_func_t func)
{
	wq_entry->flags = 0;
	wq_entry->private = NULL;
	wq_entry->func = func;
}

/*
 * Is anybody there? Without the lock, so the caller who skips wake_up() by it must have a full
 * barrier between his change of the condition and this: wq_has_sleeper() has it inside.
 */
static inline int waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&wq_head->head);
}

static inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	smp_mb();
	return waitqueue_active(wq_head);
}

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_priority(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

/*
 * For a queue that may go away while pollers are on it: its owner calls wake_up_pollfree() before he
 * frees it. The key is EPOLLHUP | POLLFREE; a wake function that may outlive the queue takes its entry
 * off then, and forgets where it was: *wq_head, which remove_wait_queue_pollfree() looks at, becomes NULL.
 */
void wake_up_pollfree(struct wait_queue_head *wq_head);
void remove_wait_queue_pollfree(struct wait_queue_head **wq_head, struct wait_queue_entry *wq_entry);

/* The queue's lock is held in these. */
static inline void __add_wait_queue(struct wait_queue_head *wq_head,
				    struct wait_queue_entry *wq_entry)
{
	list_add(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head,
					       struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_entry_tail_exclusive(struct wait_queue_head *wq_head,
							 struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	__add_wait_queue_entry_tail(wq_head, wq_entry);
}

static inline void __remove_wait_queue(struct wait_queue_head *wq_head,
				       struct wait_queue_entry *wq_entry)
{
	list_del(&wq_entry->entry);
}

int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key);
void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr);
void __wake_up_locked_key(struct wait_queue_head *wq_head, unsigned int mode, void *key);

/* All that wait without "exclusive", and one (or @nr, or all) of those that wait with it. */
#define wake_up(x)			__wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr)		__wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x)			__wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_locked(x)		__wake_up_locked(x, TASK_NORMAL, 1)
#define wake_up_all_locked(x)		__wake_up_locked(x, TASK_NORMAL, 0)
#define wake_up_interruptible(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr)	__wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x)	__wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)

/* With the events that happened, for those who wait in poll() for particular ones. */
#define poll_to_key(m)			((void *)(uintptr_t)(__poll_t)(m))
#define key_to_poll(m)			((__poll_t)(uintptr_t)(void *)(m))
#define wake_up_poll(x, m)		__wake_up(x, TASK_NORMAL, 1, poll_to_key(m))
#define wake_up_locked_poll(x, m)	__wake_up_locked_key(x, TASK_NORMAL, poll_to_key(m))
#define wake_up_interruptible_poll(x, m) \
	__wake_up(x, TASK_INTERRUPTIBLE, 1, poll_to_key(m))
#define wake_up_interruptible_sync_poll(x, m) wake_up_interruptible_poll(x, m)
#define wake_up_interruptible_all_poll(x, m) \
	__wake_up(x, TASK_INTERRUPTIBLE, 0, poll_to_key(m))

/* The condition of a wait with a time limit: true also when no time is left, and then __ret is 0. */
#define ___wait_cond_timeout(condition)						\
({										\
	bool __cond = (condition);						\
	if (__cond && !__ret)							\
		__ret = 1;							\
	__cond || !__ret;							\
})

#define ___wait_is_interruptible(state)						\
	(!__builtin_constant_p(state) ||					\
	 ((state) & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)))

/*
 * The loop of the head of this file. @ret is what the expression is worth when the condition came
 * true (cmd may change it through __ret); a signal makes it -ERESTARTSYS.
 */
#define ___wait_event(wq_head, condition, state, exclusive, ret, cmd)		\
({										\
	__label__ __out;							\
	struct wait_queue_entry __wq_entry;					\
	long __ret = ret;							\
										\
	init_wait_entry(&__wq_entry, exclusive ? WQ_FLAG_EXCLUSIVE : 0);	\
	for (;;) {								\
		long __int = prepare_to_wait_event(&wq_head, &__wq_entry, state); \
										\
		if (condition)							\
			break;							\
		if (___wait_is_interruptible(state) && __int) {			\
			__ret = __int;						\
			goto __out;						\
		}								\
		cmd;								\
	}									\
	finish_wait(&wq_head, &__wq_entry);					\
__out:	__ret;									\
})

#define wait_event(wq_head, condition)						\
do {										\
	might_sleep();								\
	if (condition)								\
		break;								\
	(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, schedule()); \
} while (0)

/* As wait_event(), and counted as waiting for a disk. */
#define io_wait_event(wq_head, condition)					\
do {										\
	might_sleep();								\
	if (condition)								\
		break;								\
	(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, io_schedule()); \
} while (0)

#define __wait_event_timeout(wq_head, condition, timeout, state)		\
({										\
	long __ret = timeout;							\
	might_sleep();								\
	if (!___wait_cond_timeout(condition))					\
		__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition),	\
				      state, 0, timeout,			\
				      __ret = schedule_timeout(__ret));		\
	__ret;									\
})

/* @timeout in jiffies. 0: it ran out and the condition is false; else what is left, at least 1. */
#define wait_event_timeout(wq_head, condition, timeout)				\
	__wait_event_timeout(wq_head, condition, timeout, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_timeout(wq_head, condition, timeout)		\
	__wait_event_timeout(wq_head, condition, timeout, TASK_INTERRUPTIBLE)
#define wait_event_killable_timeout(wq_head, condition, timeout)		\
	__wait_event_timeout(wq_head, condition, timeout, TASK_KILLABLE)

#define __wait_event_signal(wq_head, condition, state, exclusive)		\
({										\
	int __ret = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__ret = ___wait_event(wq_head, condition, state, exclusive, 0, schedule()); \
	__ret;									\
})

/* 0, or -ERESTARTSYS when a signal (for killable: a fatal one) came first. */
#define wait_event_interruptible(wq_head, condition)				\
	__wait_event_signal(wq_head, condition, TASK_INTERRUPTIBLE, 0)
#define wait_event_interruptible_exclusive(wq_head, condition)			\
	__wait_event_signal(wq_head, condition, TASK_INTERRUPTIBLE, 1)
#define wait_event_killable(wq_head, condition)					\
	__wait_event_signal(wq_head, condition, TASK_KILLABLE, 0)
#define wait_event_killable_exclusive(wq_head, condition)			\
	__wait_event_signal(wq_head, condition, TASK_KILLABLE, 1)
/* Sleeps as a kernel thread does that waits for work: not counted in the load. */
#define wait_event_idle(wq_head, condition)					\
do {										\
	might_sleep();								\
	if (!(condition))							\
		___wait_event(wq_head, condition, TASK_IDLE, 0, 0, schedule());	\
} while (0)
#define wait_event_idle_timeout(wq_head, condition, timeout)			\
	__wait_event_timeout(wq_head, condition, timeout, TASK_IDLE)

/* @lock is held around the condition and on return, and released while asleep. */
#define wait_event_lock_irq(wq_head, condition, lock)				\
do {										\
	if (condition)								\
		break;								\
	(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0,	\
			    spin_unlock_irq(&lock); schedule(); spin_lock_irq(&lock)); \
} while (0)

#define wait_event_interruptible_lock_irq(wq_head, condition, lock)		\
({										\
	int __ret = 0;								\
	if (!(condition))							\
		__ret = ___wait_event(wq_head, condition, TASK_INTERRUPTIBLE, 0, 0, \
			spin_unlock_irq(&lock); schedule(); spin_lock_irq(&lock)); \
	__ret;									\
})

/*
 * The condition is guarded by the queue's own lock, which the caller holds (interrupts off), which is
 * given up while asleep, and held again on return.
 */
#define wait_event_interruptible_locked_irq(wq_head, condition)			\
({										\
	DEFINE_WAIT_FUNC(__wait, default_wake_function);			\
	int __ret = 0;								\
	while (!(condition)) {							\
		__ret = do_wait_intr_irq(&wq_head, &__wait);			\
		if (__ret)							\
			break;							\
	}									\
	if (!list_empty(&__wait.entry))						\
		__remove_wait_queue(&wq_head, &__wait);				\
	__set_current_state(TASK_RUNNING);					\
	__ret;									\
})

void init_wait_entry(struct wait_queue_entry *wq_entry, int flags);
int do_wait_intr_irq(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			       int state);
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			   int state);
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout);
int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *key);
int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
			     void *key);

#define DEFINE_WAIT_FUNC(name, function)					\
	struct wait_queue_entry name = {					\
		.private	= current,					\
		.func		= function,					\
		.entry		= LIST_HEAD_INIT((name).entry),			\
	}
#define DEFINE_WAIT(name)	DEFINE_WAIT_FUNC(name, autoremove_wake_function)

#define init_wait(wait)								\
do {										\
	(wait)->private = current;						\
	(wait)->func = autoremove_wake_function;				\
	INIT_LIST_HEAD(&(wait)->entry);						\
	(wait)->flags = 0;							\
} while (0)

#endif
