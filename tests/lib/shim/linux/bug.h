/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

/* Assertions end the test program: nothing in lib/ may warn in these tests. */

#include <linux/build_bug.h>
#include <linux/compiler.h>

__noreturn void host_die(const char *what, const char *file, int line);

#define BUG()			host_die("BUG", __FILE__, __LINE__)
#define BUG_ON(cond)		do { if (cond) host_die(#cond, __FILE__, __LINE__); } while (0)
#define WARN_ON(cond)		({ bool __w = !!(cond); BUG_ON(__w); __w; })
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define WARN(cond, fmt...)	WARN_ON(cond)
#define WARN_ONCE(cond, fmt...)	WARN_ON(cond)

#endif
