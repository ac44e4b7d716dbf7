/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LIB_KERNEL_H
#define TESTS_LIB_KERNEL_H

#include <linux/bug.h>
#include <linux/types.h>

extern unsigned int fail_percent;
extern bool fail_sleeping;
extern long objects;		/* allocated from caches and not freed */

#define CHECK(cond)	BUG_ON(!(cond))

#endif
