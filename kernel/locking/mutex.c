// SPDX-License-Identifier: MIT
/*
 * Mutexes: see <linux/mutex.h>.
 *
 * `owner` holds the task that has the mutex and, in the low bits that its alignment leaves free:
 *
 *   MUTEX_FLAG_WAITERS	wait_list is not empty: unlocking has to wake somebody
 *   MUTEX_FLAG_HANDOFF	the first waiter was woken once and found the mutex taken again: unlocking
 *			gives it to him, so that nobody waits for ever
 *   MUTEX_FLAG_PICKUP	it was given to the task in the word, who has not noticed yet
 *
 * With no flag set and no owner the word is 0, and locking is one compare-and-exchange from 0 to
 * current. While there are waiters that fails, and everybody comes by mutex_lock_common(), where a
 * newcomer may still take a free mutex before the first waiter has run: that saves two switches, and
 * the hand-off bounds it.
 *
 * wait_lock guards the list; the flags change with it held.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>

#define MUTEX_FLAG_WAITERS	0x01L
#define MUTEX_FLAG_HANDOFF	0x02L
#define MUTEX_FLAG_PICKUP	0x04L
#define MUTEX_FLAGS		0x07L

struct mutex_waiter {
	struct list_head	list;
	struct task_struct	*task;
};

static inline struct task_struct *__owner_task(long owner)
{
	return (struct task_struct *)(owner & ~MUTEX_FLAGS);
}

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	debug_check_no_locks_freed(lock, sizeof(*lock));
	atomic_long_set(&lock->owner, 0);
	spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->wait_list);
	lockdep_init_map(&lock->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__mutex_init);

bool mutex_is_locked(struct mutex *lock)
{
	return __owner_task(atomic_long_read(&lock->owner)) != NULL;
}
EXPORT_SYMBOL(mutex_is_locked);

/* Take it if nobody has it, flags or not. */
static bool __mutex_trylock(struct mutex *lock)
{
	long owner = atomic_long_read(&lock->owner);

	while (!__owner_task(owner))
		if (atomic_long_try_cmpxchg_acquire(&lock->owner, &owner,
						    (long)current | (owner & MUTEX_FLAGS)))
			return true;
	return false;
}

int mutex_trylock(struct mutex *lock)
{
	if (!__mutex_trylock(lock))
		return 0;
	mutex_acquire(&lock->dep_map, 0, 1, _RET_IP_);
	return 1;
}
EXPORT_SYMBOL(mutex_trylock);

/* For one who waits: it may also have been given to him. */
static bool mutex_trylock_or_pickup(struct mutex *lock)
{
	long owner = atomic_long_read(&lock->owner);

	if (__owner_task(owner) == current && (owner & MUTEX_FLAG_PICKUP)) {
		(void)atomic_long_fetch_andnot_acquire(MUTEX_FLAG_PICKUP, &lock->owner);
		return true;
	}
	return __mutex_trylock(lock);
}

static inline bool __mutex_trylock_fast(struct mutex *lock)
{
	long zero = 0;

	return atomic_long_try_cmpxchg_acquire(&lock->owner, &zero, (long)current);
}

/* wait_lock is held: the list loses this waiter, whether he has the mutex now or gave up. */
static void __mutex_remove_waiter(struct mutex *lock, struct mutex_waiter *waiter)
{
	list_del(&waiter->list);
	if (list_empty(&lock->wait_list))
		atomic_long_andnot(MUTEX_FLAGS, &lock->owner);
}

/*
 * The slow way. A wake-up cannot be lost: the state is set, and then the mutex is tried, both with
 * wait_lock held; the one who unlocks clears the owner and then takes wait_lock to wake us.
 */
static int __sched mutex_lock_common(struct mutex *lock, unsigned int state, bool io)
{
	struct mutex_waiter waiter = { .task = current };
	bool woken = false;
	int ret = 0;

	spin_lock(&lock->wait_lock);
	if (__mutex_trylock(lock))
		goto out;
#ifdef CONFIG_DEBUG
	if (__owner_task(atomic_long_read(&lock->owner)) == current) {
		pr_err("BUG: %s/%d locks the mutex %p that it holds already\n", current->comm,
		       current->pid, lock);
		dump_stack();
	}
#endif
	list_add_tail(&waiter.list, &lock->wait_list);
	atomic_long_or(MUTEX_FLAG_WAITERS, &lock->owner);
	for (;;) {
		set_current_state(state);
		/* After the flag: an owner who left before it was set has left the mutex free. */
		if (mutex_trylock_or_pickup(lock))
			break;
		if (signal_pending_state(state, current)) {
			ret = -EINTR;
			break;
		}
		/* Taken from under our nose: next time it is ours, without a race. */
		if (woken && list_first_entry(&lock->wait_list, struct mutex_waiter, list) == &waiter)
			atomic_long_or(MUTEX_FLAG_HANDOFF, &lock->owner);
		/* It may have become free before that flag stood there: then nobody would hand it on. */
		if (woken && __mutex_trylock(lock))
			break;
		spin_unlock(&lock->wait_lock);
		if (io)
			io_schedule();
		else
			schedule();
		woken = true;
		spin_lock(&lock->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	__mutex_remove_waiter(lock, &waiter);
out:
	spin_unlock(&lock->wait_lock);
	return ret;
}

/* What all ways of locking share. @subclass and @ip are for lockdep. */
static __always_inline int __sched __mutex_lock(struct mutex *lock, unsigned int state, bool io,
						unsigned int subclass, unsigned long ip)
{
	int ret;

	might_sleep();
	mutex_acquire(&lock->dep_map, subclass, 0, ip);
	if (__mutex_trylock_fast(lock))
		return 0;
	ret = mutex_lock_common(lock, state, io);
	if (ret)
		mutex_release(&lock->dep_map, ip);
	return ret;
}

void __sched mutex_lock(struct mutex *lock)
{
	__mutex_lock(lock, TASK_UNINTERRUPTIBLE, false, 0, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock);

void __sched mutex_lock_io(struct mutex *lock)
{
	__mutex_lock(lock, TASK_UNINTERRUPTIBLE, true, 0, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_io);

int __sched mutex_lock_interruptible(struct mutex *lock)
{
	return __mutex_lock(lock, TASK_INTERRUPTIBLE, false, 0, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_interruptible);

int __sched mutex_lock_killable(struct mutex *lock)
{
	return __mutex_lock(lock, TASK_KILLABLE, false, 0, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_killable);

#ifdef CONFIG_DEBUG
void __sched mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	__mutex_lock(lock, TASK_UNINTERRUPTIBLE, false, subclass, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_nested);

int __sched mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass)
{
	return __mutex_lock(lock, TASK_INTERRUPTIBLE, false, subclass, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_interruptible_nested);

int __sched mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass)
{
	return __mutex_lock(lock, TASK_KILLABLE, false, subclass, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_killable_nested);
#endif

/* There are waiters: wake the first, and hand the mutex to him if he asked for that. */
static noinline void __sched __mutex_unlock_slowpath(struct mutex *lock)
{
	long owner = atomic_long_read(&lock->owner);
	struct mutex_waiter *waiter;
	struct task_struct *next = NULL;

	/* Without a hand-off it is free from here on. */
	while (!(owner & MUTEX_FLAG_HANDOFF))
		if (atomic_long_try_cmpxchg_release(&lock->owner, &owner, owner & MUTEX_FLAGS))
			break;
	spin_lock(&lock->wait_lock);
	waiter = list_first_entry_or_null(&lock->wait_list, struct mutex_waiter, list);
	if (waiter) {
		next = waiter->task;
		get_task_struct(next);
	}
	if (owner & MUTEX_FLAG_HANDOFF)
		atomic_long_set_release(&lock->owner, waiter ?
			(long)next | MUTEX_FLAG_WAITERS | MUTEX_FLAG_PICKUP : 0);
	spin_unlock(&lock->wait_lock);
	/* The reference: as soon as the lock is released he may take the mutex, go on, and die. */
	if (next) {
		wake_up_process(next);
		put_task_struct(next);
	}
}

void __sched mutex_unlock(struct mutex *lock)
{
	long curr = (long)current;

#ifdef CONFIG_DEBUG
	if (__owner_task(atomic_long_read(&lock->owner)) != current) {
		pr_err("BUG: %s/%d unlocks the mutex %p, which %s\n", current->comm, current->pid,
		       lock, mutex_is_locked(lock) ? "another task holds" : "is not locked");
		dump_stack();
		return;
	}
#endif
	mutex_release(&lock->dep_map, _RET_IP_);
	if (!atomic_long_try_cmpxchg_release(&lock->owner, &curr, 0))
		__mutex_unlock_slowpath(lock);
}
EXPORT_SYMBOL(mutex_unlock);
