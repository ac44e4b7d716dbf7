/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/bitops.h>
#include <linux/types.h>

/*
 * Constants where the argument is one, also for the size of an array; otherwise the argument is
 * evaluated once.
 */
#define __log2_choose(n, constant, run)		\
	__builtin_choose_expr(__builtin_constant_p(n), (constant), (run))

#define __const_ilog2(n)	((n) ? 63 - __builtin_clzll(n) : -1)

/* The number of the highest bit set; -1 for 0. */
#define ilog2(n)		__log2_choose(n, __const_ilog2(n), fls64(n) - 1)

static __always_inline bool is_power_of_2(unsigned long n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

/* The least order such that 2^order >= n. */
static __always_inline int __order_base_2(unsigned long n)
{
	return n > 1 ? fls64(n - 1) : 0;
}
#define order_base_2(n)		\
	__log2_choose(n, ((n) > 1 ? __const_ilog2((n) - 1) + 1 : 0), __order_base_2(n))

#define roundup_pow_of_two(n)	(1UL << order_base_2(n))
#define rounddown_pow_of_two(n)	(1UL << ilog2(n))

#endif
