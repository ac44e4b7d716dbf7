// SPDX-License-Identifier: MIT
/*
 * The checks of spinlocks in a DEBUG=1 build. <linux/spinlock.h> calls them around the lock itself.
 *
 * Each lock knows its holder, each task the locks that it holds. owner_task is written by the holder
 * while he holds the lock; another CPU that reads it may see an old value, but never current's own
 * task unless current is the holder. A task's list is changed by the task itself and by interrupts on
 * top of it, which leave it as they found it.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/spinlock.h>

#ifdef CONFIG_DEBUG

/* A report may itself take locks: no report inside a report. */
static int reporting;

static noinline void spin_bug(spinlock_t *lock, const char *what)
{
	struct task_struct *owner = READ_ONCE(lock->owner_task);

	if (__atomic_exchange_n(&reporting, 1, __ATOMIC_RELAXED))
		return;
	pr_err("BUG: spinlock %s: lock \"%s\" at %p, task %s/%d\n", what,
	       lock->name ? lock->name : "?", lock, current->comm, current->pid);
	if (owner)
		pr_err("  held by %s/%d, taken at %pS\n", owner->comm, owner->pid,
		       (void *)lock->acquire_ip);
	debug_show_held_locks(current);
	dump_stack();
	__atomic_store_n(&reporting, 0, __ATOMIC_RELAXED);
}

static void held_push(struct task_struct *tsk, spinlock_t *lock)
{
	if (tsk->nr_held_locks < ARRAY_SIZE(tsk->held_locks))
		tsk->held_locks[tsk->nr_held_locks] = lock;
	tsk->nr_held_locks++;		/* those beyond the table are counted, not named */
}

/* Locks are released in any order; the last one is by far the usual. */
static void held_remove(struct task_struct *tsk, spinlock_t *lock)
{
	unsigned int i, n = min_t(unsigned int, tsk->nr_held_locks, ARRAY_SIZE(tsk->held_locks));

	for (i = n; i-- > 0;) {
		if (tsk->held_locks[i] != lock)
			continue;
		for (; i + 1 < n; i++)
			tsk->held_locks[i] = tsk->held_locks[i + 1];
		tsk->held_locks[n - 1] = NULL;
		break;
	}
	if (tsk->nr_held_locks)
		tsk->nr_held_locks--;
}

/* Waiting for oneself would last for ever, and silently: stop here instead. */
void debug_spin_lock_before(spinlock_t *lock)
{
	if (unlikely(READ_ONCE(lock->owner_task) == current && spin_is_locked(lock))) {
		spin_bug(lock, "recursion (this task, or an interrupt on top of it, holds it already)");
		panic("spinlock recursion");
	}
}

void debug_spin_lock_after(spinlock_t *lock, unsigned long ip)
{
	unsigned long flags;

	local_irq_save(flags);
	WRITE_ONCE(lock->owner_task, current);
	lock->acquire_ip = ip;
	held_push(current, lock);
	local_irq_restore(flags);
}

void debug_spin_unlock(spinlock_t *lock)
{
	unsigned long flags;

	if (unlikely(!spin_is_locked(lock)))
		spin_bug(lock, "released that is not held");
	else if (unlikely(READ_ONCE(lock->owner_task) != current))
		spin_bug(lock, "released by another task than the one that took it");
	local_irq_save(flags);
	WRITE_ONCE(lock->owner_task, NULL);
	held_remove(current, lock);
	local_irq_restore(flags);
}

void debug_spin_lock_handover(spinlock_t *lock, struct task_struct *prev, struct task_struct *next)
{
	held_remove(prev, lock);
	WRITE_ONCE(lock->owner_task, next);
	held_push(next, lock);
}

void debug_show_held_locks(struct task_struct *task)
{
	unsigned int i, n = min_t(unsigned int, READ_ONCE(task->nr_held_locks),
				  ARRAY_SIZE(task->held_locks));

	if (!task->nr_held_locks) {
		pr_info("no spinlocks held by %s/%d\n", task->comm, task->pid);
		return;
	}
	pr_info("%u spinlocks held by %s/%d:\n", task->nr_held_locks, task->comm, task->pid);
	for (i = 0; i < n; i++) {
		spinlock_t *lock = READ_ONCE(task->held_locks[i]);

		if (lock)
			pr_info(" #%u: \"%s\" at %p, taken at %pS\n", i,
				lock->name ? lock->name : "?", lock, (void *)lock->acquire_ip);
	}
}

#else

void debug_show_held_locks(struct task_struct *task)
{
	pr_info("locks held: built without DEBUG=1, they are not recorded\n");
}

#endif
