// SPDX-License-Identifier: MIT
/*
 * Counting semaphores: see <linux/semaphore.h>. up() hands its unit to the first waiter directly, so
 * nobody who comes later can take it from under him. sem->lock guards everything.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/semaphore.h>

struct semaphore_waiter {
	struct list_head	list;
	struct task_struct	*task;
	bool			up;		/* the unit is ours; off the list */
};

/* The lock is held on entry and return. The state is set inside it, and up() wakes inside it. */
static int __sched __down_common(struct semaphore *sem, unsigned int state, long timeout)
{
	struct semaphore_waiter waiter = { .task = current };

	list_add_tail(&waiter.list, &sem->wait_list);
	for (;;) {
		int ret = 0;

		if (signal_pending_state(state, current))
			ret = -EINTR;
		else if (timeout <= 0)
			ret = -ETIME;
		if (ret) {
			list_del(&waiter.list);
			return ret;
		}
		__set_current_state(state);
		raw_spin_unlock_irq(&sem->lock);
		timeout = schedule_timeout(timeout);
		raw_spin_lock_irq(&sem->lock);
		if (waiter.up)
			return 0;
	}
}

static int __sched down_state(struct semaphore *sem, unsigned int state, long timeout)
{
	unsigned long flags;
	int ret = 0;

	might_sleep();
	raw_spin_lock_irqsave(&sem->lock, flags);
	if (likely(sem->count > 0))
		sem->count--;
	else
		ret = __down_common(sem, state, timeout);
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return ret;
}

void __sched down(struct semaphore *sem)
{
	down_state(sem, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down);

int __sched down_interruptible(struct semaphore *sem)
{
	return down_state(sem, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down_interruptible);

int __sched down_killable(struct semaphore *sem)
{
	return down_state(sem, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down_killable);

int __sched down_timeout(struct semaphore *sem, long timeout)
{
	return down_state(sem, TASK_UNINTERRUPTIBLE, timeout);
}
EXPORT_SYMBOL(down_timeout);

int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	int failed = 1;

	raw_spin_lock_irqsave(&sem->lock, flags);
	if (sem->count > 0) {
		sem->count--;
		failed = 0;
	}
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return failed;
}
EXPORT_SYMBOL(down_trylock);

/** up - give one unit back. From any context, by anybody */
void up(struct semaphore *sem)
{
	struct semaphore_waiter *waiter;
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	waiter = list_first_entry_or_null(&sem->wait_list, struct semaphore_waiter, list);
	if (waiter) {
		list_del(&waiter->list);
		waiter->up = true;
		wake_up_process(waiter->task);	/* he needs our lock before he can go away */
	} else {
		sem->count++;
	}
	raw_spin_unlock_irqrestore(&sem->lock, flags);
}
EXPORT_SYMBOL(up);
