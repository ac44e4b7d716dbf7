/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

typedef struct spinlock {
	int held;
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name)	{ 0 }

#endif
