// SPDX-License-Identifier: MIT
/*
 * The slow ways of a spinning read-write lock: see <linux/rwlock.h> for the rules of the queue.
 *
 * Whoever is at the head of the queue holds wait_lock and waits for `cnts` alone. Preemption is off;
 * callers have masked interrupts where an interrupt may want the lock for writing.
 */
#include <linux/export.h>
#include <linux/rwlock.h>
#include <asm/processor.h>

/* The caller has counted itself as a reader, and found a writer. */
void queued_read_lock_slowpath(rwlock_t *lock)
{
	if (unlikely(in_interrupt())) {
		/* Counted already, so no further writer gets in: only the one inside has to leave. */
		smp_cond_load_acquire(&lock->cnts.counter, (VAL & _QW_LOCKED) == 0);
		return;
	}
	/* In line like everybody: take the count back meanwhile, or the writers before us would wait. */
	atomic_sub(_QR_BIAS, &lock->cnts);
	arch_spin_lock(&lock->wait_lock);
	atomic_add(_QR_BIAS, &lock->cnts);
	smp_cond_load_acquire(&lock->cnts.counter, (VAL & _QW_LOCKED) == 0);
	arch_spin_unlock(&lock->wait_lock);
}
EXPORT_SYMBOL(queued_read_lock_slowpath);

void queued_write_lock_slowpath(rwlock_t *lock)
{
	int free = 0, waiting;

	arch_spin_lock(&lock->wait_lock);
	if (atomic_read(&lock->cnts) == 0 &&
	    atomic_try_cmpxchg_acquire(&lock->cnts, &free, _QW_LOCKED))
		goto unlock;
	/* From here on new readers join the queue behind us; those inside leave in time. */
	(void)atomic_fetch_or_relaxed(_QW_WAITING, &lock->cnts);
	do {
		waiting = _QW_WAITING;
		smp_cond_load_relaxed(&lock->cnts.counter, VAL == _QW_WAITING);
	} while (!atomic_try_cmpxchg_acquire(&lock->cnts, &waiting, _QW_LOCKED));
unlock:
	arch_spin_unlock(&lock->wait_lock);
}
EXPORT_SYMBOL(queued_write_lock_slowpath);
