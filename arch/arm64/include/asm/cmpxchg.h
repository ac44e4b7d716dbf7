/* SPDX-License-Identifier: MIT */
#ifndef _ASM_CMPXCHG_H
#define _ASM_CMPXCHG_H

/*
 * Exchange and compare-and-exchange of 1, 2, 4 or 8 bytes.
 *
 * The plain names order everything before them before everything after them. The exclusive pair
 * with a release store alone would let a later load overtake the store, so a full barrier follows.
 * cmpxchg() that fails orders nothing.
 */

#include <asm/barrier.h>
#include <asm/lse.h>

#define xchg_relaxed(ptr, x)	__atomic_exchange_n(ptr, x, __ATOMIC_RELAXED)
#define xchg_acquire(ptr, x)	__atomic_exchange_n(ptr, x, __ATOMIC_ACQUIRE)
#define xchg_release(ptr, x)	__atomic_exchange_n(ptr, x, __ATOMIC_RELEASE)
#define xchg(ptr, x)						\
({								\
	typeof(*(ptr)) __xret = xchg_release(ptr, x);		\
	smp_mb();						\
	__xret;							\
})

/* Stores @new in *@ptr if that is *@oldp, else puts what it is there. True if it stored. */
#define __try_cmpxchg(ptr, oldp, new, order)			\
	(sizeof(*(ptr)) == 8 ?					\
		arch_try_cmpxchg64((u64 *)(ptr), (u64 *)(oldp), (u64)(new), order) : \
	 sizeof(*(ptr)) == 4 ?					\
		arch_try_cmpxchg32((u32 *)(ptr), (u32 *)(oldp), (u32)(unsigned long)(new), order) : \
		__atomic_compare_exchange_n(ptr, oldp, new, false, order, __ATOMIC_RELAXED))
#define try_cmpxchg_relaxed(ptr, oldp, new)	__try_cmpxchg(ptr, oldp, new, __ATOMIC_RELAXED)
#define try_cmpxchg_acquire(ptr, oldp, new)	__try_cmpxchg(ptr, oldp, new, __ATOMIC_ACQUIRE)
#define try_cmpxchg_release(ptr, oldp, new)	__try_cmpxchg(ptr, oldp, new, __ATOMIC_RELEASE)
#define try_cmpxchg(ptr, oldp, new)				\
({								\
	bool __done = try_cmpxchg_release(ptr, oldp, new);	\
	if (__done)						\
		smp_mb();					\
	__done;							\
})

/* Stores @new in *@ptr if that is @old; returns what it was. */
#define __cmpxchg(try, ptr, old, new)				\
({								\
	typeof(*(ptr)) __cret = (old);				\
	(void)try(ptr, &__cret, new);					\
	__cret;							\
})
#define cmpxchg_relaxed(ptr, old, new)	__cmpxchg(try_cmpxchg_relaxed, ptr, old, new)
#define cmpxchg_acquire(ptr, old, new)	__cmpxchg(try_cmpxchg_acquire, ptr, old, new)
#define cmpxchg_release(ptr, old, new)	__cmpxchg(try_cmpxchg_release, ptr, old, new)
#define cmpxchg(ptr, old, new)		__cmpxchg(try_cmpxchg, ptr, old, new)
#define cmpxchg64(ptr, old, new)	cmpxchg(ptr, old, new)

/* For data of one CPU, against its own interrupts only. */
#define cmpxchg_local(ptr, old, new)	cmpxchg_relaxed(ptr, old, new)

#endif
