/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

/*
 * Atomic counters: atomic_t of 32 bits, atomic64_t and atomic_long_t of 64.
 *
 * The rule of ordering: an operation that returns nothing, a plain read and a plain set order
 * nothing. One that returns a value orders all before it before all after it, unless its name ends
 * in _relaxed, _acquire or _release; one that may fail, and fails, orders nothing.
 *
 *   void:    add sub inc dec and or xor andnot
 *   value:   NAME_return (the new value; add sub inc dec), fetch_NAME (the old; all),
 *            xchg cmpxchg try_cmpxchg, each also with the three suffixes
 *   test:    sub_and_test dec_and_test inc_and_test (zero now?), add_negative,
 *            add_unless fetch_add_unless inc_not_zero dec_if_positive
 */

#include <asm/barrier.h>
#include <asm/cmpxchg.h>
#include <linux/compiler.h>
#include <linux/types.h>

typedef atomic64_t atomic_long_t;

#define ATOMIC64_INIT(i)	{ (i) }
#define ATOMIC_LONG_INIT(i)	{ (i) }

/* @builtin in its four orderings; @T is the counter's struct, @I the integer the caller sees. */
#define __ATOMIC_VALUE_OP(name, T, I, builtin)					\
static __always_inline I name##_relaxed(I i, T *v)				\
{										\
	return builtin(&v->counter, i, __ATOMIC_RELAXED);			\
}										\
static __always_inline I name##_acquire(I i, T *v)				\
{										\
	return builtin(&v->counter, i, __ATOMIC_ACQUIRE);			\
}										\
static __always_inline I name##_release(I i, T *v)				\
{										\
	return builtin(&v->counter, i, __ATOMIC_RELEASE);			\
}										\
static __always_inline I name(I i, T *v)					\
{										\
	I ret = builtin(&v->counter, i, __ATOMIC_RELEASE);			\
										\
	smp_mb();								\
	return ret;								\
}

/* The same operation with 1 for its operand: inc for add, dec for sub. */
#define __ATOMIC_UNIT_OP(name, op, T, I)					\
static __always_inline I name##_relaxed(T *v) { return op##_relaxed(1, v); }	\
static __always_inline I name##_acquire(T *v) { return op##_acquire(1, v); }	\
static __always_inline I name##_release(T *v) { return op##_release(1, v); }	\
static __always_inline I name(T *v) { return op(1, v); }

#define __ATOMIC_BIT_OP(pfx, op, T, I)						\
__ATOMIC_VALUE_OP(pfx##_fetch_##op, T, I, __arch_fetch_##op)			\
static __always_inline void pfx##_##op(I i, T *v) { pfx##_fetch_##op##_relaxed(i, v); }

#define __ATOMIC_ARITH_OP(pfx, op, unit, T, I)					\
__ATOMIC_BIT_OP(pfx, op, T, I)							\
__ATOMIC_VALUE_OP(pfx##_##op##_return, T, I, __arch_##op##_fetch)		\
__ATOMIC_UNIT_OP(pfx##_fetch_##unit, pfx##_fetch_##op, T, I)			\
__ATOMIC_UNIT_OP(pfx##_##unit##_return, pfx##_##op##_return, T, I)		\
static __always_inline void pfx##_##unit(T *v) { pfx##_##op(1, v); }

/* Adding may be one instruction (asm/lse.h); the rest is left to the compiler. */
#define __arch_fetch_add(p, i, order)	arch_fetch_add(p, i, order)
#define __arch_fetch_sub(p, i, order)	arch_fetch_add(p, -(i), order)
#define __arch_add_fetch(p, i, order)	(arch_fetch_add(p, i, order) + (i))
#define __arch_sub_fetch(p, i, order)	(arch_fetch_add(p, -(i), order) - (i))
#define __arch_fetch_and(p, i, order)	__atomic_fetch_and(p, i, order)
#define __arch_fetch_or(p, i, order)	__atomic_fetch_or(p, i, order)
#define __arch_fetch_xor(p, i, order)	__atomic_fetch_xor(p, i, order)
#define __arch_fetch_andnot(p, i, order) __atomic_fetch_and(p, ~(i), order)

#define __ATOMIC_XCHG(pfx, sfx, T, I)						\
static __always_inline I pfx##_xchg##sfx(T *v, I new)				\
{										\
	return xchg##sfx(&v->counter, new);					\
}										\
static __always_inline I pfx##_cmpxchg##sfx(T *v, I old, I new)			\
{										\
	return cmpxchg##sfx(&v->counter, old, new);				\
}										\
static __always_inline bool pfx##_try_cmpxchg##sfx(T *v, I *old, I new)		\
{										\
	I seen = pfx##_cmpxchg##sfx(v, *old, new);				\
	bool done = seen == *old;						\
										\
	*old = seen;								\
	return done;								\
}

#define __ATOMIC_TYPE(pfx, T, I)						\
static __always_inline I pfx##_read(const T *v)					\
{										\
	return READ_ONCE(v->counter);						\
}										\
static __always_inline I pfx##_read_acquire(const T *v)				\
{										\
	return smp_load_acquire(&v->counter);					\
}										\
static __always_inline void pfx##_set(T *v, I i)				\
{										\
	WRITE_ONCE(v->counter, i);						\
}										\
static __always_inline void pfx##_set_release(T *v, I i)			\
{										\
	smp_store_release(&v->counter, i);					\
}										\
__ATOMIC_ARITH_OP(pfx, add, inc, T, I)						\
__ATOMIC_ARITH_OP(pfx, sub, dec, T, I)						\
__ATOMIC_BIT_OP(pfx, and, T, I)							\
__ATOMIC_BIT_OP(pfx, or, T, I)							\
__ATOMIC_BIT_OP(pfx, xor, T, I)							\
__ATOMIC_BIT_OP(pfx, andnot, T, I)						\
__ATOMIC_XCHG(pfx, , T, I)							\
__ATOMIC_XCHG(pfx, _relaxed, T, I)						\
__ATOMIC_XCHG(pfx, _acquire, T, I)						\
__ATOMIC_XCHG(pfx, _release, T, I)						\
static __always_inline bool pfx##_sub_and_test(I i, T *v)			\
{										\
	return pfx##_sub_return(i, v) == 0;					\
}										\
static __always_inline bool pfx##_dec_and_test(T *v)				\
{										\
	return pfx##_sub_return(1, v) == 0;					\
}										\
static __always_inline bool pfx##_inc_and_test(T *v)				\
{										\
	return pfx##_add_return(1, v) == 0;					\
}										\
static __always_inline bool pfx##_add_negative(I i, T *v)			\
{										\
	return pfx##_add_return(i, v) < 0;					\
}										\
/* Adds @a unless the counter is @u; returns what it was. */			\
static __always_inline I pfx##_fetch_add_unless(T *v, I a, I u)			\
{										\
	I old = pfx##_read(v);							\
										\
	while (old != u && !pfx##_try_cmpxchg(v, &old, old + a))		\
		;								\
	return old;								\
}										\
static __always_inline bool pfx##_add_unless(T *v, I a, I u)			\
{										\
	return pfx##_fetch_add_unless(v, a, u) != u;				\
}										\
static __always_inline bool pfx##_inc_not_zero(T *v)				\
{										\
	return pfx##_add_unless(v, 1, 0);					\
}										\
/* Returns the counter minus one, stored only if that is not negative. */	\
static __always_inline I pfx##_dec_if_positive(T *v)				\
{										\
	I old = pfx##_read(v);							\
										\
	while (old > 0 && !pfx##_try_cmpxchg(v, &old, old - 1))			\
		;								\
	return old - 1;								\
}

__ATOMIC_TYPE(atomic, atomic_t, int)
__ATOMIC_TYPE(atomic64, atomic64_t, s64)
__ATOMIC_TYPE(atomic_long, atomic_long_t, long)

#endif
