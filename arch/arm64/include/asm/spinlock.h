/* SPDX-License-Identifier: MIT */
/*
 * Ticket spinlocks. Taking a ticket is one atomic add on `next`; a CPU then waits until `owner`
 * shows its number. LDAXRH in the waiting loop arms the exclusive monitor, so that the holder's
 * store to `owner` ends the WFE: waiting costs no bus traffic and no power.
 */
#ifndef _ASM_SPINLOCK_H
#define _ASM_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/spinlock_types.h>
#include <asm/lse.h>

static __always_inline void arch_spin_lock(arch_spinlock_t *lock)
{
	u16 ticket = arch_fetch_add16(&lock->next, 1, __ATOMIC_RELAXED);
	unsigned int seen;

	if (likely(__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) == ticket))
		return;
	asm volatile(
	"	sevl\n"
	"1:	wfe\n"
	"	ldaxrh	%w0, %1\n"
	"	cmp	%w0, %w2\n"
	"	b.ne	1b"
	: "=&r"(seen) : "Q"(lock->owner), "r"(ticket) : "cc", "memory");
}

static __always_inline int arch_spin_trylock(arch_spinlock_t *lock)
{
	u16 owner = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
	u16 next = owner;

	/* Free only if nobody took the ticket after the owner's. */
	return __atomic_compare_exchange_n(&lock->next, &next, (u16)(owner + 1), 0,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* The two halves of arch_spin_lock(), for a waiter who wants to look at the clock meanwhile. */
static __always_inline u16 arch_spin_ticket(arch_spinlock_t *lock)
{
	return arch_fetch_add16(&lock->next, 1, __ATOMIC_RELAXED);
}

static __always_inline int arch_spin_is_served(arch_spinlock_t *lock, u16 ticket)
{
	return __atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) == ticket;
}

static __always_inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	__atomic_store_n(&lock->owner, (u16)(lock->owner + 1), __ATOMIC_RELEASE);
}

static __always_inline int arch_spin_is_locked(arch_spinlock_t *lock)
{
	return READ_ONCE(lock->owner) != READ_ONCE(lock->next);
}

#endif
