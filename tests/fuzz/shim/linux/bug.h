/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

/* An assertion that fails ends the run, and so does a warning: no image may bring one about. */

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/stringify.h>
#include <linux/types.h>

__noreturn void fuzz_die(const char *what, const char *file, int line);

#define BUG()			fuzz_die("BUG", __FILE__, __LINE__)
#define BUG_ON(cond)		do { if (unlikely(cond)) fuzz_die("BUG_ON(" #cond ")", __FILE__, __LINE__); } while (0)
#define WARN_ON(cond)		({ bool __w = !!(cond); if (unlikely(__w)) fuzz_die("WARN_ON(" #cond ")", __FILE__, __LINE__); __w; })
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define WARN(cond, fmt...)	WARN_ON(cond)
#define WARN_ONCE(cond, fmt...)	WARN_ON(cond)
#define VM_BUG_ON(cond)		BUG_ON(cond)
#define VM_WARN_ON(cond)	WARN_ON(cond)
#define VM_WARN_ON_ONCE(cond)	WARN_ON(cond)

#endif
