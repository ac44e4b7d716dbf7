/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#include <linux/compiler.h>

/*
 * Each argument is evaluated once. min() and max() want both of one type: comparing the addresses
 * warns of a mixture, in which -1 would be greater than 1U. Where types differ, min_t() names one.
 */
#define __cmp_once(x, op, y, ux, uy)			\
({							\
	typeof(x) ux = (x);				\
	typeof(y) uy = (y);				\
	(void)(&ux == &uy);				\
	ux op uy ? ux : uy;				\
})

#define __cmp_once_t(type, x, op, y, ux, uy)		\
({							\
	type ux = (x);					\
	type uy = (y);					\
	ux op uy ? ux : uy;				\
})

#define min(x, y)	__cmp_once(x, <, y, __UNIQUE_ID(x_), __UNIQUE_ID(y_))
#define max(x, y)	__cmp_once(x, >, y, __UNIQUE_ID(x_), __UNIQUE_ID(y_))
#define min_t(t, x, y)	__cmp_once_t(t, x, <, y, __UNIQUE_ID(x_), __UNIQUE_ID(y_))
#define max_t(t, x, y)	__cmp_once_t(t, x, >, y, __UNIQUE_ID(x_), __UNIQUE_ID(y_))

#define min3(x, y, z)	min((typeof(x))min(x, y), z)
#define max3(x, y, z)	max((typeof(x))max(x, y), z)

#define __min_not_zero(x, y, ux, uy)			\
({							\
	typeof(x) ux = (x);				\
	typeof(y) uy = (y);				\
	ux == 0 ? uy : (uy == 0 ? ux : min(ux, uy));	\
})
#define min_not_zero(x, y) __min_not_zero(x, y, __UNIQUE_ID(x_), __UNIQUE_ID(y_))

#define clamp(val, lo, hi)		min((typeof(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi)	min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi)		clamp_t(typeof(val), val, lo, hi)

/* Constants, for the size of an array or an initializer: evaluated more than once. */
#define MIN(a, b)			((a) < (b) ? (a) : (b))
#define MAX(a, b)			((a) > (b) ? (a) : (b))

#define swap(a, b)					\
do {							\
	typeof(a) __swap_tmp = (a);			\
	(a) = (b);					\
	(b) = __swap_tmp;				\
} while (0)

#endif
