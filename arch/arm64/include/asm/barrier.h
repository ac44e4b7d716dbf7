/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

/*
 * Memory barriers (Arm ARM B2.3.11). DMB orders accesses among themselves; DSB also waits until
 * they are complete, which page-table updates and TLB maintenance need; ISB makes the CPU fetch and
 * decode again what follows, after a system register that governs it has changed. "ish" reaches the
 * CPUs that run this kernel, "osh" devices that read and write memory, "sy" everything.
 */

#ifndef __ASSEMBLY__

#include <linux/compiler.h>

#define sev()		__asm__ __volatile__("sev" : : : "memory")
#define wfe()		__asm__ __volatile__("wfe" : : : "memory")
#define wfi()		__asm__ __volatile__("wfi" : : : "memory")

#define isb()		__asm__ __volatile__("isb" : : : "memory")
#define dmb(opt)	__asm__ __volatile__("dmb " #opt : : : "memory")
#define dsb(opt)	__asm__ __volatile__("dsb " #opt : : : "memory")

#define mb()		dsb(sy)
#define rmb()		dsb(ld)
#define wmb()		dsb(st)

#define dma_mb()	dmb(osh)
#define dma_rmb()	dmb(oshld)
#define dma_wmb()	dmb(oshst)

#define smp_mb()	dmb(ish)
#define smp_rmb()	dmb(ishld)
#define smp_wmb()	dmb(ishst)

/* A release store keeps all that stands before it before it; an acquire load keeps what follows. */
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)

#define smp_store_mb(var, value)	do { WRITE_ONCE(var, value); smp_mb(); } while (0)

/* Around atomic operations that have no ordering of their own, such as atomic_inc(). */
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()
#define smp_mb__after_spinlock() smp_mb()

/* A load that decided a branch is ordered before later stores; this adds later loads. */
#define smp_acquire__after_ctrl_dep()	smp_rmb()

/* Waits until @cond_expr, which looks at the value as VAL, is true. */
#define smp_cond_load_relaxed(ptr, cond_expr)			\
({								\
	typeof(ptr) __ptr = (ptr);				\
	typeof(*(ptr)) VAL;					\
	for (;;) {						\
		VAL = READ_ONCE(*__ptr);			\
		if (cond_expr)					\
			break;					\
		__asm__ __volatile__("yield" : : : "memory");	\
	}							\
	VAL;							\
})

#define smp_cond_load_acquire(ptr, cond_expr)			\
({								\
	typeof(*(ptr)) __val = smp_cond_load_relaxed(ptr, cond_expr); \
	smp_acquire__after_ctrl_dep();				\
	__val;							\
})

#endif /* __ASSEMBLY__ */
#endif
