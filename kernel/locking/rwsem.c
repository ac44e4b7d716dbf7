// SPDX-License-Identifier: MIT
/*
 * Read-write semaphores: see <linux/rwsem.h>.
 *
 * count: bit 0 a writer is inside, bit 1 somebody waits, from bit 8 on the number of readers inside.
 *
 * Fast ways, one atomic operation each: a reader adds one if neither bit is set, a writer goes from 0
 * to "writer". While bit 1 is set nobody enters that way, so occupancy only falls; whoever makes it
 * fall so far that the first waiter could enter calls rwsem_grant(), which enters for him. So the
 * order is that of coming, and nobody starves. Grants, and all changes of bit 1, are made with
 * wait_lock held.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>

#define RWSEM_OCCUPIED	(~RWSEM_FLAG_WAITERS)

void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	debug_check_no_locks_freed(sem, sizeof(*sem));
	atomic_long_set(&sem->count, 0);
	sem->owner = NULL;
	spin_lock_init(&sem->wait_lock);
	INIT_LIST_HEAD(&sem->wait_list);
	lockdep_init_map(&sem->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__init_rwsem);

struct rwsem_waiter {
	struct list_head	list;
	struct task_struct	*task;		/* NULL once it has been let in */
	bool			write;
};

/*
 * Let one waiter in. His structure lies on his stack and is gone as soon as he sees task == NULL;
 * the task may be, too, so hold it while waking it. The release makes all that was done inside before
 * visible to him.
 */
static void rwsem_admit(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	struct task_struct *tsk = waiter->task;

	get_task_struct(tsk);
	list_del(&waiter->list);
	smp_store_release(&waiter->task, NULL);
	wake_up_process(tsk);
	put_task_struct(tsk);
}

/* Let in who may enter now: a writer alone, or the readers up to the next writer. wait_lock is held. */
static void rwsem_grant(struct rw_semaphore *sem)
{
	struct rwsem_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, &sem->wait_list, list) {
		long count = atomic_long_read(&sem->count);

		if (count & (waiter->write ? RWSEM_OCCUPIED : RWSEM_WRITER_LOCKED))
			break;
		/* Acquire: we pass on to him what those before him released. */
		(void)atomic_long_add_return_acquire(waiter->write ? RWSEM_WRITER_LOCKED :
								     RWSEM_READER_BIAS, &sem->count);
		rwsem_admit(sem, waiter);
	}
	if (list_empty(&sem->wait_list))
		atomic_long_andnot(RWSEM_FLAG_WAITERS, &sem->count);
}

static noinline void rwsem_wake(struct rw_semaphore *sem)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait_lock, flags);
	rwsem_grant(sem);
	spin_unlock_irqrestore(&sem->wait_lock, flags);
}

/*
 * A signal. If somebody let us in meanwhile, we are in. Else leave the queue, where those behind us
 * may have waited for us alone.
 */
static int rwsem_give_up(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	int ret = 0;

	spin_lock_irq(&sem->wait_lock);
	if (waiter->task) {
		list_del(&waiter->list);
		rwsem_grant(sem);
		ret = -EINTR;
	}
	spin_unlock_irq(&sem->wait_lock);
	return ret;
}

/*
 * Join the queue and sleep until let in. Having set bit 1, look at the count again (rwsem_grant()):
 * the one inside may have left before the bit could tell him of us.
 */
static noinline int __sched rwsem_wait(struct rw_semaphore *sem, bool write, unsigned int state)
{
	struct rwsem_waiter waiter = { .task = current, .write = write };
	int ret = 0;

	spin_lock_irq(&sem->wait_lock);
	list_add_tail(&waiter.list, &sem->wait_list);
	atomic_long_or(RWSEM_FLAG_WAITERS, &sem->count);
	rwsem_grant(sem);
	spin_unlock_irq(&sem->wait_lock);
	for (;;) {
		set_current_state(state);
		if (!smp_load_acquire(&waiter.task))
			break;
		if (signal_pending_state(state, current)) {
			ret = rwsem_give_up(sem, &waiter);
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

static bool __down_read_trylock(struct rw_semaphore *sem)
{
	long count = atomic_long_read(&sem->count);

	while (!(count & (RWSEM_WRITER_LOCKED | RWSEM_FLAG_WAITERS)))
		if (atomic_long_try_cmpxchg_acquire(&sem->count, &count, count + RWSEM_READER_BIAS))
			return true;
	return false;
}

int down_read_trylock(struct rw_semaphore *sem)
{
	if (!__down_read_trylock(sem))
		return 0;
	rwsem_acquire_read(&sem->dep_map, 0, 1, _RET_IP_);
	return 1;
}
EXPORT_SYMBOL(down_read_trylock);

static bool __down_write_trylock(struct rw_semaphore *sem)
{
	long count = 0;

	if (!atomic_long_try_cmpxchg_acquire(&sem->count, &count, RWSEM_WRITER_LOCKED))
		return false;
	WRITE_ONCE(sem->owner, current);
	return true;
}

int down_write_trylock(struct rw_semaphore *sem)
{
	if (!__down_write_trylock(sem))
		return 0;
	rwsem_acquire(&sem->dep_map, 0, 1, _RET_IP_);
	return 1;
}
EXPORT_SYMBOL(down_write_trylock);

/* @subclass and @ip are for lockdep, here and below. */
static __always_inline int __down_read(struct rw_semaphore *sem, unsigned int state, int subclass,
				       unsigned long ip)
{
	int ret;

	might_sleep();
	rwsem_acquire_read(&sem->dep_map, subclass, 0, ip);
	if (likely(__down_read_trylock(sem)))
		return 0;
	ret = rwsem_wait(sem, false, state);
	if (ret)
		rwsem_release(&sem->dep_map, ip);
	return ret;
}

static __always_inline int __down_write(struct rw_semaphore *sem, unsigned int state, int subclass,
					unsigned long ip)
{
	int ret;

	might_sleep();
	rwsem_acquire(&sem->dep_map, subclass, 0, ip);
	if (likely(__down_write_trylock(sem)))
		return 0;
	ret = rwsem_wait(sem, true, state);
	if (ret)
		rwsem_release(&sem->dep_map, ip);
	else
		WRITE_ONCE(sem->owner, current);
	return ret;
}

void __sched down_read(struct rw_semaphore *sem)
{
	__down_read(sem, TASK_UNINTERRUPTIBLE, 0, _RET_IP_);
}
EXPORT_SYMBOL(down_read);

int __sched down_read_interruptible(struct rw_semaphore *sem)
{
	return __down_read(sem, TASK_INTERRUPTIBLE, 0, _RET_IP_);
}
EXPORT_SYMBOL(down_read_interruptible);

int __sched down_read_killable(struct rw_semaphore *sem)
{
	return __down_read(sem, TASK_KILLABLE, 0, _RET_IP_);
}
EXPORT_SYMBOL(down_read_killable);

void __sched down_write(struct rw_semaphore *sem)
{
	__down_write(sem, TASK_UNINTERRUPTIBLE, 0, _RET_IP_);
}
EXPORT_SYMBOL(down_write);

int __sched down_write_killable(struct rw_semaphore *sem)
{
	return __down_write(sem, TASK_KILLABLE, 0, _RET_IP_);
}
EXPORT_SYMBOL(down_write_killable);

#ifdef CONFIG_DEBUG
void __sched down_read_nested(struct rw_semaphore *sem, int subclass)
{
	__down_read(sem, TASK_UNINTERRUPTIBLE, subclass, _RET_IP_);
}
EXPORT_SYMBOL(down_read_nested);

void __sched down_write_nested(struct rw_semaphore *sem, int subclass)
{
	__down_write(sem, TASK_UNINTERRUPTIBLE, subclass, _RET_IP_);
}
EXPORT_SYMBOL(down_write_nested);

int __sched down_write_killable_nested(struct rw_semaphore *sem, int subclass)
{
	return __down_write(sem, TASK_KILLABLE, subclass, _RET_IP_);
}
EXPORT_SYMBOL(down_write_killable_nested);
#endif

/* Only the last reader out can let anybody in. */
void up_read(struct rw_semaphore *sem)
{
	long count;

	rwsem_release(&sem->dep_map, _RET_IP_);
	count = atomic_long_sub_return_release(RWSEM_READER_BIAS, &sem->count);
#ifdef CONFIG_DEBUG
	BUG_ON(count < 0);		/* released more often than taken */
#endif
	if (unlikely(count == RWSEM_FLAG_WAITERS))
		rwsem_wake(sem);
}
EXPORT_SYMBOL(up_read);

void up_write(struct rw_semaphore *sem)
{
	long count;

#ifdef CONFIG_DEBUG
	BUG_ON(sem->owner != current);
#endif
	rwsem_release(&sem->dep_map, _RET_IP_);
	WRITE_ONCE(sem->owner, NULL);
	count = atomic_long_fetch_andnot_release(RWSEM_WRITER_LOCKED, &sem->count);
	if (unlikely(count & RWSEM_FLAG_WAITERS))
		rwsem_wake(sem);
}
EXPORT_SYMBOL(up_write);

/* The writer stays inside as a reader: readers at the head of the queue may join. */
void downgrade_write(struct rw_semaphore *sem)
{
	long count;

#ifdef CONFIG_DEBUG
	BUG_ON(sem->owner != current);
#endif
	lock_downgrade(&sem->dep_map, _RET_IP_);
	WRITE_ONCE(sem->owner, NULL);
	count = atomic_long_add_return_release(RWSEM_READER_BIAS - RWSEM_WRITER_LOCKED, &sem->count);
	if (unlikely(count & RWSEM_FLAG_WAITERS))
		rwsem_wake(sem);
}
EXPORT_SYMBOL(downgrade_write);
