/* SPDX-License-Identifier: MIT */
/*
 * The two atomic operations that everything else is made of, adding and compare-and-exchange, in the form
 * that every arm64 CPU has: load exclusive, compute, store exclusive, again if somebody came between.
 *
 * CPUs from Armv8.1 on have both as single instructions (LSE, Arm ARM C3.2.12), which do not have to try
 * again however many compete. The address of each sequence is kept in the section .lse_sites;
 * apply_lse_alternatives() (arch/arm64/kernel/alternative.c) rewrites them all at boot if this CPU has
 * LSE. So the sequences must keep the form that it knows.
 */
#ifndef _ASM_LSE_H
#define _ASM_LSE_H

#include <linux/compiler.h>
#include <linux/kasan-checks.h>
#include <linux/types.h>

#define __LSE_SITE							\
	"	.pushsection .lse_sites, \"a\"\n"			\
	"	.balign	4\n"						\
	"	.long	661b - .\n"					\
	"	.popsection"

#define __fetch_op(acq, rel, w, sz, op, clobber, p, i, constraint)	\
({									\
	typeof(*(p)) __old, __sum;					\
	unsigned int __fail;						\
									\
	asm volatile(							\
	"661:	ld" acq "xr" sz "	%" w "[old], %[v]\n"		\
	"	" op "	%" w "[sum], %" w "[old], %" w "[by]\n"	\
	"	st" rel "xr" sz "	%w[fail], %" w "[sum], %[v]\n"	\
	"	cbnz	%w[fail], 661b\n"				\
	__LSE_SITE							\
	: [old] "=&r" (__old), [sum] "=&r" (__sum), [fail] "=&r" (__fail), [v] "+Q" (*(p)) \
	: [by] constraint ((typeof(*(p)))(i)) : clobber);		\
	__old;								\
})

/*
 * An immediate operand has 12 bits and no sign: a small negative constant is taken off instead, and any
 * other number goes by a register.
 */
#define __fetch_add_order(acq, rel, w, sz, clobber, p, i)		\
	(__builtin_constant_p(i) && (i) >= 0 && (i) < 4096 ?		\
		__fetch_op(acq, rel, w, sz, "add", clobber, p, i, "Ir") : \
	 __builtin_constant_p(i) && (i) < 0 && (i) > -4096 ?		\
		__fetch_op(acq, rel, w, sz, "sub", clobber, p, -(i), "Ir") : \
		__fetch_op(acq, rel, w, sz, "add", clobber, p, i, "r"))

#define __DEFINE_FETCH_ADD(bits, type, w, sz)				\
static __always_inline type arch_fetch_add##bits(type *p, long i, int order)	\
{									\
	kasan_check_write(p, sizeof(*p));				\
	if (order == __ATOMIC_ACQUIRE)					\
		return __fetch_add_order("a", "", w, sz, "memory", p, i); \
	if (order == __ATOMIC_RELEASE)					\
		return __fetch_add_order("", "l", w, sz, "memory", p, i); \
	return __fetch_add_order("", "", w, sz, "cc", p, i);		\
}
__DEFINE_FETCH_ADD(16, u16, "w", "h")
__DEFINE_FETCH_ADD(32, int, "w", "")
__DEFINE_FETCH_ADD(64, s64, "x", "")

/* Adds @i to *@p, an integer of 4 or 8 bytes; returns what it was. @order: __ATOMIC_RELAXED and so on. */
#define arch_fetch_add(p, i, order)					\
	(sizeof(*(p)) == 8 ? (typeof(*(p)))arch_fetch_add64((s64 *)(p), i, order) : \
			     (typeof(*(p)))arch_fetch_add32((int *)(p), i, order))

/* The comparison comes last in both forms, and its flags are the answer: not every compiler can take them. */
#ifdef __GCC_ASM_FLAG_OUTPUTS__
#define __CC_EQ(done)		, "=@cceq" (done)
#define __CC_CLOBBER
#define __IS_DONE(done, seen, old) (done)
#else
#define __CC_EQ(done)
#define __CC_CLOBBER		, "cc"
#define __IS_DONE(done, seen, old) ((seen) == (old))
#endif

#define __cmpxchg_op(acq, rel, w, p, old, new, seen)			\
({									\
	unsigned int __fail;						\
	bool __done __maybe_unused;					\
									\
	asm volatile(							\
	"661:	ld" acq "xr	%" w "[seen], %[v]\n"			\
	"	cmp	%" w "[seen], %" w "[o]\n"			\
	"	b.ne	662f\n"						\
	"	st" rel "xr	%w[fail], %" w "[n], %[v]\n"		\
	"	cbnz	%w[fail], 661b\n"				\
	"662:\n"							\
	__LSE_SITE							\
	: [seen] "=&r" (seen), [fail] "=&r" (__fail), [v] "+Q" (*(p)) __CC_EQ(__done) \
	: [o] "r" (old), [n] "r" (new) : "memory" __CC_CLOBBER);		\
	__IS_DONE(__done, seen, old);					\
})

#define __DEFINE_TRY_CMPXCHG(bits, type, w)				\
static __always_inline bool arch_try_cmpxchg##bits(type *p, type *oldp, type new, int order) \
{									\
	type old = *oldp, seen;						\
	bool done;							\
									\
	kasan_check_write(p, sizeof(*p));				\
	if (order == __ATOMIC_ACQUIRE)					\
		done = __cmpxchg_op("a", "", w, p, old, new, seen);	\
	else if (order == __ATOMIC_RELEASE)				\
		done = __cmpxchg_op("", "l", w, p, old, new, seen);	\
	else								\
		done = __cmpxchg_op("", "", w, p, old, new, seen);	\
	if (!done)							\
		*oldp = seen;						\
	return done;							\
}
__DEFINE_TRY_CMPXCHG(32, u32, "w")
__DEFINE_TRY_CMPXCHG(64, u64, "x")

bool system_uses_lse_atomics(void);
void apply_lse_alternatives(void);
void check_lse_atomics(void);

#endif
