// SPDX-License-Identifier: MIT
/*
 * Wait queues: see <linux/wait.h> for the pattern and why no wake-up is lost.
 *
 * Locks: the queue's lock guards its list and is taken with interrupts off, for interrupts wake. A
 * wake function runs inside it and takes the task's pi_lock.
 */
#include <linux/export.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include "sched.h"

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	__add_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}
EXPORT_SYMBOL(add_wait_queue);

void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	__add_wait_queue_entry_tail_exclusive(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}
EXPORT_SYMBOL(add_wait_queue_exclusive);

void add_wait_queue_priority(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY;
	spin_lock_irqsave(&wq_head->lock, flags);
	__add_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}
EXPORT_SYMBOL(add_wait_queue_priority);

void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	__remove_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}
EXPORT_SYMBOL(remove_wait_queue);

/*
 * Those that wait without "exclusive" stand in front, so all of them are woken, and then as many
 * exclusive ones as asked for; 0 means all. The lock is held. A wake function may take its entry off
 * the list. Returns how many exclusive ones were woken.
 */
static int __wake_up_common(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive,
			    void *key)
{
	struct wait_queue_entry *curr, *next;
	int woken = 0;

	lockdep_assert_held(&wq_head->lock);
	list_for_each_entry_safe(curr, next, &wq_head->head, entry) {
		unsigned int flags = curr->flags;
		int ret = curr->func(curr, mode, 0, key);

		if (ret < 0)
			break;
		if (ret && (flags & WQ_FLAG_EXCLUSIVE) && ++woken == nr_exclusive)
			break;
	}
	return woken;
}

/**
 * __wake_up - wake who waits in @wq_head in one of the states @mode
 * @nr: how many exclusive waiters at most, 0 for all
 * @key: handed to the wake functions
 *
 * From any context. The lock is taken even if nobody waits: it orders the caller's change of the
 * condition against a sleeper that is just joining the queue.
 */
int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key)
{
	unsigned long flags;
	int woken;

	spin_lock_irqsave(&wq_head->lock, flags);
	woken = __wake_up_common(wq_head, mode, nr, key);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return woken;
}
EXPORT_SYMBOL(__wake_up);

void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr)
{
	__wake_up_common(wq_head, mode, nr, NULL);
}
EXPORT_SYMBOL(__wake_up_locked);

void __wake_up_locked_key(struct wait_queue_head *wq_head, unsigned int mode, void *key)
{
	__wake_up_common(wq_head, mode, 1, key);
}
EXPORT_SYMBOL(__wake_up_locked_key);

/* ---- queues that go away under their pollers */

/*
 * Held by who takes an entry off a queue that he has found through his own pointer to it, and by who
 * is about to free such a queue: so the queue is there while the pointer is used. Inside tasklist_lock,
 * which interrupts take too, so with interrupts off; outside of the queue's lock.
 */
static DEFINE_SPINLOCK(pollfree_lock);

/** wake_up_pollfree - @wq_head will be freed: pollers that may outlive it take their entries off */
void wake_up_pollfree(struct wait_queue_head *wq_head)
{
	unsigned long flags;
	bool active;

	/*
	 * The common case is an empty queue. Under its lock, so that who has just taken the last entry
	 * off is done with it; nobody comes any more.
	 */
	spin_lock_irqsave(&wq_head->lock, flags);
	active = waitqueue_active(wq_head);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	if (likely(!active))
		return;
	spin_lock_irqsave(&pollfree_lock, flags);
	__wake_up(wq_head, TASK_NORMAL, 0, poll_to_key(EPOLLHUP | POLLFREE));
	spin_unlock_irqrestore(&pollfree_lock, flags);
	WARN_ON(waitqueue_active(wq_head));
}
EXPORT_SYMBOL(wake_up_pollfree);

/** remove_wait_queue_pollfree - off a queue, unless the queue is gone and *@wq_head NULL */
void remove_wait_queue_pollfree(struct wait_queue_head **wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&pollfree_lock, flags);
	if (*wq_head)
		remove_wait_queue(*wq_head, wq_entry);
	spin_unlock_irqrestore(&pollfree_lock, flags);
}
EXPORT_SYMBOL(remove_wait_queue_pollfree);

/* ---- the sleeper's side */

void init_wait_entry(struct wait_queue_entry *wq_entry, int flags)
{
	wq_entry->flags = flags;
	wq_entry->private = current;
	wq_entry->func = autoremove_wake_function;
	INIT_LIST_HEAD(&wq_entry->entry);
}
EXPORT_SYMBOL(init_wait_entry);

/**
 * prepare_to_wait - join the queue, if not in it, and set current's state
 *
 * The state is set inside the lock and with a full barrier behind it: the caller looks at his
 * condition next. Called again after each wake-up, for the wake function took the entry off.
 */
void __sched prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			     int state)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	if (list_empty(&wq_entry->entry))
		__add_wait_queue(wq_head, wq_entry);
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}
EXPORT_SYMBOL(prepare_to_wait);

/* The same at the end of the queue, to be woken one at a time. True if nobody was there. */
bool __sched prepare_to_wait_exclusive(struct wait_queue_head *wq_head,
				       struct wait_queue_entry *wq_entry, int state)
{
	unsigned long flags;
	bool was_empty = false;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	if (list_empty(&wq_entry->entry)) {
		was_empty = list_empty(&wq_head->head);
		__add_wait_queue_entry_tail(wq_head, wq_entry);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return was_empty;
}
EXPORT_SYMBOL(prepare_to_wait_exclusive);

/**
 * prepare_to_wait_event - the same for wait_event(), which is to stop at a signal
 *
 * Returns 0, or -ERESTARTSYS when a signal is pending that ends a sleep in @state; then the entry is
 * off the queue. If it was exclusive and had been woken, that wake-up is not lost on us: the caller
 * looks at the condition before he looks at what is returned here.
 */
long __sched prepare_to_wait_event(struct wait_queue_head *wq_head,
				   struct wait_queue_entry *wq_entry, int state)
{
	unsigned long flags;
	long ret = 0;

	spin_lock_irqsave(&wq_head->lock, flags);
	if (signal_pending_state(state, current)) {
		list_del_init(&wq_entry->entry);
		ret = -ERESTARTSYS;
	} else {
		if (list_empty(&wq_entry->entry)) {
			if (wq_entry->flags & WQ_FLAG_EXCLUSIVE)
				__add_wait_queue_entry_tail(wq_head, wq_entry);
			else
				__add_wait_queue(wq_head, wq_entry);
		}
		set_current_state(state);
	}
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return ret;
}
EXPORT_SYMBOL(prepare_to_wait_event);

/**
 * do_wait_intr_irq - one sleep of wait_event_interruptible_locked_irq()
 *
 * The queue's lock is held, and held again on return. A waker takes it, so he comes either before the
 * caller's look at the condition or after we have joined the queue. 0: woken; -ERESTARTSYS: a signal.
 */
int __sched do_wait_intr_irq(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	lockdep_assert_held(&wq_head->lock);
	if (list_empty(&wq_entry->entry))
		__add_wait_queue_entry_tail(wq_head, wq_entry);
	set_current_state(TASK_INTERRUPTIBLE);
	if (signal_pending(current))
		return -ERESTARTSYS;
	spin_unlock_irq(&wq_head->lock);
	schedule();
	spin_lock_irq(&wq_head->lock);
	return 0;
}
EXPORT_SYMBOL(do_wait_intr_irq);

/**
 * finish_wait - leave the queue; current runs
 *
 * Without the lock when the entry is off the list already: the careful test sees both of its
 * pointers, so the waker has finished with the entry, which may lie on our stack.
 */
void __sched finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	if (!list_empty_careful(&wq_entry->entry)) {
		spin_lock_irqsave(&wq_head->lock, flags);
		list_del_init(&wq_entry->entry);
		spin_unlock_irqrestore(&wq_head->lock, flags);
	}
}
EXPORT_SYMBOL(finish_wait);

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			  void *key)
{
	return try_to_wake_up(wq_entry->private, mode, flags);
}
EXPORT_SYMBOL(default_wake_function);

int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
			     void *key)
{
	int ret = default_wake_function(wq_entry, mode, sync, key);

	if (ret)
		list_del_init(&wq_entry->entry);
	return ret;
}
EXPORT_SYMBOL(autoremove_wake_function);

/* ---- waiting in the middle of code that itself sleeps: the wake-up is noted in the entry */

/**
 * wait_woken - sleep until woken_wake_function() ran for @wq_entry
 * @timeout: jiffies, or MAX_SCHEDULE_TIMEOUT; returns what is left
 *
 * The waker stores the condition, then WOKEN, then looks at our state; we set the state, then look at
 * WOKEN. Clearing WOKEN with a full barrier puts the caller's next look at the condition after it.
 */
long __sched wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout)
{
	set_current_state(mode);
	if (!(READ_ONCE(wq_entry->flags) & WQ_FLAG_WOKEN))
		timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);
	smp_store_mb(wq_entry->flags, wq_entry->flags & ~WQ_FLAG_WOKEN);
	return timeout;
}
EXPORT_SYMBOL(wait_woken);

int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *key)
{
	smp_mb();
	wq_entry->flags |= WQ_FLAG_WOKEN;
	return default_wake_function(wq_entry, mode, sync, key);
}
EXPORT_SYMBOL(woken_wake_function);
