/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks: mutual exclusion among CPUs for short stretches that never sleep.
 *
 * spin_lock() also keeps this CPU from preempting the holder. A lock that an interrupt handler
 * takes must be taken with spin_lock_irqsave() everywhere else, or the handler could spin for ever
 * on the CPU that holds it. With DEBUG=1 each lock knows its holder: taking a lock twice or
 * releasing one that is not held is reported by kernel/locking/spinlock_debug.c, and all else that
 * can be wrong with the order of locks by lockdep.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <linux/bug.h>
#include <asm/barrier.h>
#include <asm/spinlock.h>

#ifdef CONFIG_DEBUG
void __spin_lock_init(spinlock_t *lock, const char *name, struct lock_class_key *key);
#define spin_lock_init(lock)						\
do {									\
	static struct lock_class_key __key;				\
									\
	__spin_lock_init((lock), #lock, &__key);			\
} while (0)
void do_raw_spin_lock(spinlock_t *lock);
int do_raw_spin_trylock(spinlock_t *lock);
void do_raw_spin_unlock(spinlock_t *lock, unsigned long ip);
#else
#define spin_lock_init(lock)	(*(lock) = (spinlock_t){ .raw_lock = { 0, 0 } })
static __always_inline void do_raw_spin_lock(spinlock_t *lock)
{
	arch_spin_lock(&lock->raw_lock);
}

static __always_inline int do_raw_spin_trylock(spinlock_t *lock)
{
	return arch_spin_trylock(&lock->raw_lock);
}

#define do_raw_spin_unlock(lock, ip)	arch_spin_unlock(&(lock)->raw_lock)
#endif

/* @subclass: 0, or which of several locks of one class that the task takes (lockdep.h). */
static __always_inline void spin_lock_nested(spinlock_t *lock, int subclass)
{
	preempt_disable();
	spin_acquire(&lock->dep_map, subclass, 0, _THIS_IP_);
	do_raw_spin_lock(lock);
}

static __always_inline void spin_lock(spinlock_t *lock)
{
	spin_lock_nested(lock, 0);
}

static __always_inline int spin_trylock(spinlock_t *lock)
{
	preempt_disable();
	if (do_raw_spin_trylock(lock)) {
		spin_acquire(&lock->dep_map, 0, 1, _THIS_IP_);
		return 1;
	}
	preempt_enable();
	return 0;
}

static __always_inline void __spin_unlock_no_resched(spinlock_t *lock)
{
	do_raw_spin_unlock(lock, _THIS_IP_);
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
	__spin_unlock_no_resched(lock);
	preempt_enable();
}

static __always_inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

static __always_inline void spin_unlock_irq(spinlock_t *lock)
{
	__spin_unlock_no_resched(lock);
	local_irq_enable();
	preempt_enable();
}

#define spin_lock_irqsave_nested(lock, flags, subclass)	\
do {							\
	local_irq_save(flags);				\
	spin_lock_nested(lock, subclass);		\
} while (0)
#define spin_lock_irqsave(lock, flags)	spin_lock_irqsave_nested(lock, flags, 0)

static __always_inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	__spin_unlock_no_resched(lock);
	local_irq_restore(flags);
	/*
	 * Interrupts may still be off here, in a nested section: then no preemption now, and the
	 * reschedule that is due happens when they come on again.
	 */
	preempt_enable();
}

#define spin_trylock_irqsave(lock, flags)		\
({							\
	local_irq_save(flags);				\
	spin_trylock(lock) ? 1 : ({ local_irq_restore(flags); 0; });	\
})

static inline int spin_is_locked(spinlock_t *lock)
{
	return arch_spin_is_locked(&lock->raw_lock);
}

#define assert_spin_locked(lock)	BUG_ON(!spin_is_locked(lock))

/* There are no bottom halves: these are Linux's names for code that has to keep them out. */
#define spin_lock_bh(lock)		spin_lock(lock)
#define spin_unlock_bh(lock)		spin_unlock(lock)

#define raw_spin_lock_init(l)		spin_lock_init(l)
#define raw_spin_lock(l)		spin_lock(l)
#define raw_spin_lock_nested(l, sub)	spin_lock_nested(l, sub)
#define raw_spin_trylock(l)		spin_trylock(l)
#define raw_spin_unlock(l)		spin_unlock(l)
#define raw_spin_lock_irq(l)		spin_lock_irq(l)
#define raw_spin_unlock_irq(l)		spin_unlock_irq(l)
#define raw_spin_lock_irqsave(l, f)	spin_lock_irqsave(l, f)
#define raw_spin_unlock_irqrestore(l, f) spin_unlock_irqrestore(l, f)

#endif
