/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>

/*
 * Assertions that the compiler judges. BUILD_BUG_ON() may use what only the optimizer knows, such
 * as the argument of an inlined function: where the call stays in the code, the build fails.
 */
#define __compiletime_assert(cond, msg, fn)					\
do {										\
	__noreturn extern void fn(void) __attribute__((__error__(msg)));	\
	if (!(cond))								\
		fn();								\
} while (0)

#define compiletime_assert(cond, msg)						\
	__compiletime_assert(cond, msg, __UNIQUE_ID(__compiletime_assert_))

#define BUILD_BUG_ON_MSG(cond, msg)	compiletime_assert(!(cond), msg)
#define BUILD_BUG_ON(cond)		BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON failed: " #cond)
#define BUILD_BUG()			BUILD_BUG_ON_MSG(1, "BUILD_BUG failed")
#define BUILD_BUG_ON_INVALID(e)		((void)(sizeof((long)(e))))
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))

/* Yields 0 inside an expression, or does not compile. */
#define BUILD_BUG_ON_ZERO(e)		((int)sizeof(struct { int : (-!!(e)); }))

#define static_assert(expr, ...)	__static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...)	_Static_assert(expr, msg)

#endif
