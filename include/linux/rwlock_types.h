/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWLOCK_TYPES_H
#define _LINUX_RWLOCK_TYPES_H

#include <linux/lockdep_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

typedef struct {
	atomic_t	cnts;		/* readers, and the writer's bits: see rwlock.h */
	arch_spinlock_t	wait_lock;	/* those who could not enter at once queue here */
#ifdef CONFIG_DEBUG
	struct lockdep_map dep_map;
#endif
} rwlock_t;

#ifdef CONFIG_DEBUG
#define __RW_LOCK_UNLOCKED(lockname)	\
	(rwlock_t){ .cnts = ATOMIC_INIT(0), .dep_map = { .name = #lockname } }
#else
#define __RW_LOCK_UNLOCKED(lockname)	(rwlock_t){ .cnts = ATOMIC_INIT(0) }
#endif
#define DEFINE_RWLOCK(x)		rwlock_t x = __RW_LOCK_UNLOCKED(x)

#endif
