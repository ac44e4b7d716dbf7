/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWLOCK_TYPES_H
#define _LINUX_RWLOCK_TYPES_H

#include <linux/spinlock_types.h>
#include <linux/types.h>

typedef struct {
	atomic_t	cnts;		/* readers, and the writer's bits: see rwlock.h */
	arch_spinlock_t	wait_lock;	/* those who could not enter at once queue here */
} rwlock_t;

#define __RW_LOCK_UNLOCKED(lockname)	(rwlock_t){ .cnts = ATOMIC_INIT(0) }
#define DEFINE_RWLOCK(x)		rwlock_t x = __RW_LOCK_UNLOCKED(x)

#endif
