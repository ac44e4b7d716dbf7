/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

#include <linux/types.h>

/* round_up() and round_down() want a power of two, roundup() and rounddown() take any number. */
#define __round_mask(x, y)	((typeof(x))((y) - 1))
#define round_up(x, y)		((((x) - 1) | __round_mask(x, y)) + 1)
#define round_down(x, y)	((x) & ~__round_mask(x, y))

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((unsigned long long)(n), (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define DIV_ROUND_CLOSEST(n, d)					\
({								\
	typeof(n) __dn = (n);					\
	typeof(d) __dd = (d);					\
	(((typeof(n))-1) > 0 || ((typeof(d))-1) > 0 ||		\
	 ((__dn > 0) == (__dd > 0))) ?				\
		(__dn + __dd / 2) / __dd :			\
		(__dn - __dd / 2) / __dd;			\
})

#define roundup(x, y)						\
({								\
	typeof(y) __ry = (y);					\
	(((x) + (__ry - 1)) / __ry) * __ry;			\
})
#define rounddown(x, y)						\
({								\
	typeof(x) __rx = (x);					\
	__rx - (__rx % (y));					\
})

/* For integers of any width, and never for the most negative one. */
#define abs(x)							\
({								\
	typeof(x) __ax = (x);					\
	__ax < 0 ? -__ax : __ax;				\
})
#define abs_diff(a, b)						\
({								\
	typeof(a) __da = (a);					\
	typeof(b) __db = (b);					\
	__da > __db ? __da - __db : __db - __da;		\
})

unsigned long int_sqrt(unsigned long x);
unsigned long gcd(unsigned long a, unsigned long b);

#endif
