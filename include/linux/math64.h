/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

/* Divisions and products that leave the 32 or 64 bits. Shifts are counted in bits. */

#include <linux/math.h>
#include <linux/types.h>

static inline u64 div_u64_rem(u64 n, u32 d, u32 *rem)
{
	*rem = n % d;
	return n / d;
}

static inline s64 div_s64_rem(s64 n, s32 d, s32 *rem)
{
	*rem = n % d;
	return n / d;
}

static inline u64 div64_u64_rem(u64 n, u64 d, u64 *rem)
{
	*rem = n % d;
	return n / d;
}

static inline u64 div_u64(u64 n, u32 d) { return n / d; }
static inline s64 div_s64(s64 n, s32 d) { return n / d; }
static inline u64 div64_u64(u64 n, u64 d) { return n / d; }
static inline s64 div64_s64(s64 n, s64 d) { return n / d; }

#define DIV64_U64_ROUND_UP(n, d)		\
({						\
	u64 __d64 = (d);			\
	div64_u64((n) + __d64 - 1, __d64);	\
})

/* Divides @n in place and is worth the remainder. */
#define do_div(n, base)				\
({						\
	u32 __dbase = (base);			\
	u32 __drem = (u64)(n) % __dbase;	\
	(n) = (u64)(n) / __dbase;		\
	__drem;					\
})

static inline u64 mul_u32_u32(u32 a, u32 b)
{
	return (u64)a * b;
}

static inline u64 mul_u64_u32_shr(u64 a, u32 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

static inline u64 mul_u64_u64_shr(u64 a, u64 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

u64 mul_u64_u64_div_u64(u64 a, u64 mul, u64 div);

static inline u64 mul_u64_u32_div(u64 a, u32 mul, u32 div)
{
	return mul_u64_u64_div_u64(a, mul, div);
}

#endif
