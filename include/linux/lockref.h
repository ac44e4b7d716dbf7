/* SPDX-License-Identifier: MIT */
/*
 * A reference count beside a lock.
 *
 * The count may rise from any value that is not dead without the lock; it falls to zero, and
 * becomes dead, only under it. So who holds the lock and sees zero knows that nobody else uses the
 * object, and lockref_mark_dead() then tells atomically whether it is his to destroy.
 */
#ifndef _LINUX_LOCKREF_H
#define _LINUX_LOCKREF_H

#include <linux/atomic.h>
#include <linux/spinlock.h>

#define LOCKREF_DEAD	(-128)

struct lockref {
	spinlock_t	lock;
	atomic_t	count;
};

/** lockref_get - one more reference; the caller already has one, or holds what keeps it alive */
static inline void lockref_get(struct lockref *ref)
{
	atomic_inc(&ref->count);
}

/** lockref_get_not_dead - one more reference unless the object is being destroyed; true if taken */
static inline bool lockref_get_not_dead(struct lockref *ref)
{
	int old = atomic_read(&ref->count);

	do {
		if (old < 0)
			return false;
	} while (!atomic_try_cmpxchg(&ref->count, &old, old + 1));
	return true;
}

/** lockref_put_not_last - drops a reference unless it is the last; true if dropped */
static inline bool lockref_put_not_last(struct lockref *ref)
{
	int old = atomic_read(&ref->count);

	do {
		if (old <= 1)
			return false;
	} while (!atomic_try_cmpxchg(&ref->count, &old, old - 1));
	return true;
}

/** lockref_mark_dead - nobody may take a reference from now on; false if somebody has one */
static inline bool lockref_mark_dead(struct lockref *ref)
{
	return atomic_cmpxchg(&ref->count, 0, LOCKREF_DEAD) == 0;
}

static inline bool __lockref_is_dead(const struct lockref *ref)
{
	return atomic_read(&ref->count) < 0;
}

#endif
