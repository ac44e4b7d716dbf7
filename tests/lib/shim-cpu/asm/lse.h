/* SPDX-License-Identifier: MIT */
#ifndef _ASM_LSE_H
#define _ASM_LSE_H

/* Another CPU than arm64: the compiler's own. */

#include <linux/types.h>

#define arch_fetch_add(p, i, order)	__atomic_fetch_add(p, i, order)

static inline bool arch_try_cmpxchg32(u32 *p, u32 *oldp, u32 new, int order)
{
	return __atomic_compare_exchange_n(p, oldp, new, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

static inline bool arch_try_cmpxchg64(u64 *p, u64 *oldp, u64 new, int order)
{
	return __atomic_compare_exchange_n(p, oldp, new, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

#endif
