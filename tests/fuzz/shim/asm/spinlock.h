/* SPDX-License-Identifier: MIT */
#ifndef _ASM_SPINLOCK_H
#define _ASM_SPINLOCK_H

/* One thread: who finds a lock taken has taken it himself. */

#include <linux/bug.h>
#include <linux/spinlock_types.h>

static inline int arch_spin_is_locked(arch_spinlock_t *lock)
{
	return lock->owner != lock->next;
}

static inline void arch_spin_lock(arch_spinlock_t *lock)
{
	BUG_ON(arch_spin_is_locked(lock));
	lock->next++;
}

static inline int arch_spin_trylock(arch_spinlock_t *lock)
{
	if (arch_spin_is_locked(lock))
		return 0;
	lock->next++;
	return 1;
}

static inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	BUG_ON(!arch_spin_is_locked(lock));
	lock->owner++;
}

#endif
