/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

/* One thread and no devices: it is enough that the compiler keeps the order. */

#include <linux/compiler.h>

#define isb()			barrier()
#define dmb(opt)		barrier()
#define dsb(opt)		barrier()
#define mb()			barrier()
#define rmb()			barrier()
#define wmb()			barrier()
#define smp_mb()		barrier()
#define smp_rmb()		barrier()
#define smp_wmb()		barrier()
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELAXED)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_RELAXED)
#define smp_store_mb(var, v)	WRITE_ONCE(var, v)
#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()
#define smp_mb__after_spinlock() barrier()
#define smp_acquire__after_ctrl_dep() barrier()

/* What is not true now never will be. */
void __noreturn fuzz_die(const char *what, const char *file, int line);
#define smp_cond_load_relaxed(ptr, cond_expr)			\
({								\
	typeof(*(ptr)) VAL = READ_ONCE(*(ptr));			\
	if (!(cond_expr))					\
		fuzz_die("waits for ever", __FILE__, __LINE__);	\
	VAL;							\
})
#define smp_cond_load_acquire(ptr, cond_expr)	smp_cond_load_relaxed(ptr, cond_expr)

#endif
