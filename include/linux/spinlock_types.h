/* SPDX-License-Identifier: MIT */
/* What a spinlock looks like, apart from its operations so that any structure can hold one. */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/lockdep_types.h>
#include <linux/types.h>

/* A ticket lock: take a number from `next`, enter when `owner` shows it. Fair by construction. */
typedef struct {
	u16 owner;
	u16 next;
} arch_spinlock_t;

typedef struct spinlock {
	arch_spinlock_t raw_lock;
#ifdef CONFIG_DEBUG
	struct task_struct *owner;		/* for reports; written by the holder */
	pid_t owner_pid;			/* tells whether owner is still that task */
	struct lockdep_map dep_map;
#endif
} spinlock_t;

/* teak has no preemptible spinlocks, so Linux's two names mean one thing. */
#define raw_spinlock_t	spinlock_t

#ifdef CONFIG_DEBUG
#define __SPIN_LOCK_UNLOCKED(lockname)	(spinlock_t){ .dep_map = { .name = #lockname } }
#else
#define __SPIN_LOCK_UNLOCKED(lockname)	(spinlock_t){ .raw_lock = { 0, 0 } }
#endif
#define DEFINE_SPINLOCK(x)	spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define __RAW_SPIN_LOCK_UNLOCKED(lockname) __SPIN_LOCK_UNLOCKED(lockname)
#define DEFINE_RAW_SPINLOCK(x)	DEFINE_SPINLOCK(x)

#endif
