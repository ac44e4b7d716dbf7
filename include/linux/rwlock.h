/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWLOCK_H
#define _LINUX_RWLOCK_H

/*
 * Spinning read-write locks: many readers or one writer, none of whom sleeps.
 *
 * Entering a free one is one atomic operation on `cnts`. Who cannot enter takes a ticket of
 * wait_lock, so readers and writers enter in the order of their coming. One exception: a reader in
 * an interrupt handler waits only for a writer inside, never for one that waits; for the reader whom
 * it interrupted on this CPU is whom that writer waits for. So interrupts may read-lock what tasks
 * read-lock with plain read_lock(), while writers must mask interrupts.
 */

#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rwlock_types.h>
#include <linux/spinlock.h>

#define _QW_WAITING	0x100		/* a writer is at the head of the queue */
#define _QW_LOCKED	0x0ff		/* a writer is inside */
#define _QW_WMASK	0x1ff
#define _QR_SHIFT	9
#define _QR_BIAS	(1 << _QR_SHIFT)

void queued_read_lock_slowpath(rwlock_t *lock);
void queued_write_lock_slowpath(rwlock_t *lock);

#define rwlock_init(lock)						\
do {									\
	static struct lock_class_key __key;				\
									\
	*(lock) = __RW_LOCK_UNLOCKED(lock);				\
	lockdep_init_map(&(lock)->dep_map, #lock, &__key, 0);		\
} while (0)
#define rwlock_is_locked(lock)	(atomic_read(&(lock)->cnts) != 0)

static __always_inline void read_lock(rwlock_t *lock)
{
	preempt_disable();
	rwlock_acquire_read(&lock->dep_map, 0, 0, in_interrupt() ? 2 : 1, _THIS_IP_);
	if (unlikely(atomic_add_return_acquire(_QR_BIAS, &lock->cnts) & _QW_WMASK))
		queued_read_lock_slowpath(lock);
}

static __always_inline int read_trylock(rwlock_t *lock)
{
	preempt_disable();
	if (likely(!(atomic_add_return_acquire(_QR_BIAS, &lock->cnts) & _QW_WMASK))) {
		rwlock_acquire_read(&lock->dep_map, 0, 1, 1, _THIS_IP_);
		return 1;
	}
	atomic_sub(_QR_BIAS, &lock->cnts);
	preempt_enable();
	return 0;
}

static __always_inline void __read_unlock_no_resched(rwlock_t *lock)
{
	rwlock_release(&lock->dep_map, _THIS_IP_);
	(void)atomic_sub_return_release(_QR_BIAS, &lock->cnts);
}

static __always_inline void write_lock(rwlock_t *lock)
{
	int free = 0;

	preempt_disable();
	rwlock_acquire(&lock->dep_map, 0, 0, _THIS_IP_);
	if (unlikely(!atomic_try_cmpxchg_acquire(&lock->cnts, &free, _QW_LOCKED)))
		queued_write_lock_slowpath(lock);
}

static __always_inline int write_trylock(rwlock_t *lock)
{
	int free = 0;

	preempt_disable();
	if (likely(atomic_try_cmpxchg_acquire(&lock->cnts, &free, _QW_LOCKED))) {
		rwlock_acquire(&lock->dep_map, 0, 1, _THIS_IP_);
		return 1;
	}
	preempt_enable();
	return 0;
}

/* Readers that wait have counted themselves already: only the writer's bits may change. */
static __always_inline void __write_unlock_no_resched(rwlock_t *lock)
{
	rwlock_release(&lock->dep_map, _THIS_IP_);
	(void)atomic_fetch_andnot_release(_QW_LOCKED, &lock->cnts);
}

static __always_inline void read_unlock(rwlock_t *lock)
{
	__read_unlock_no_resched(lock);
	preempt_enable();
}

static __always_inline void write_unlock(rwlock_t *lock)
{
	__write_unlock_no_resched(lock);
	preempt_enable();
}

#define read_lock_irq(lock)	do { local_irq_disable(); read_lock(lock); } while (0)
#define write_lock_irq(lock)	do { local_irq_disable(); write_lock(lock); } while (0)
#define read_lock_irqsave(lock, flags)	do { local_irq_save(flags); read_lock(lock); } while (0)
#define write_lock_irqsave(lock, flags)	do { local_irq_save(flags); write_lock(lock); } while (0)

static __always_inline void read_unlock_irq(rwlock_t *lock)
{
	__read_unlock_no_resched(lock);
	local_irq_enable();
	preempt_enable();
}

static __always_inline void write_unlock_irq(rwlock_t *lock)
{
	__write_unlock_no_resched(lock);
	local_irq_enable();
	preempt_enable();
}

static __always_inline void read_unlock_irqrestore(rwlock_t *lock, unsigned long flags)
{
	__read_unlock_no_resched(lock);
	local_irq_restore(flags);
	preempt_enable();
}

static __always_inline void write_unlock_irqrestore(rwlock_t *lock, unsigned long flags)
{
	__write_unlock_no_resched(lock);
	local_irq_restore(flags);
	preempt_enable();
}

#endif
