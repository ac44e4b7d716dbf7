// SPDX-License-Identifier: MIT
/* The rare paths of reference counts. Interface: linux/refcount.h. */

#include <linux/bug.h>
#include <linux/export.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

/* A count that was used wrongly: from now on the object leaks. */
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t)
{
	refcount_set(r, REFCOUNT_SATURATED);
	switch (t) {
	case REFCOUNT_ADD_OVF:
		WARN_ONCE(1, "refcount_t: saturated; leaking memory.\n");
		break;
	case REFCOUNT_ADD_UAF:
		WARN_ONCE(1, "refcount_t: addition on 0; use-after-free.\n");
		break;
	case REFCOUNT_SUB_UAF:
		WARN_ONCE(1, "refcount_t: underflow; use-after-free.\n");
		break;
	case REFCOUNT_DEC_LEAK:
		WARN_ONCE(1, "refcount_t: decrement hit 0; leaking memory.\n");
		break;
	}
}
EXPORT_SYMBOL(refcount_warn_saturate);

/* Gives a reference back unless it is the last: false then. */
bool refcount_dec_not_one(refcount_t *r)
{
	int old = refcount_read(r);

	do {
		if (old == 1)
			return false;
		if (WARN_ONCE(old == 0, "refcount_t: underflow; use-after-free.\n"))
			return true;
		if (old == REFCOUNT_SATURATED)
			return true;
	} while (!atomic_try_cmpxchg_release(&r->refs, &old, old - 1));
	return true;
}
EXPORT_SYMBOL(refcount_dec_not_one);

/**
 * refcount_dec_and_lock - give a reference back, and take @lock if it was the last
 *
 * For objects that are found under @lock: nobody can find this one between the two steps. Returns
 * true with the lock held, else false without.
 */
bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock(lock);
	return false;
}
EXPORT_SYMBOL(refcount_dec_and_lock);

bool refcount_dec_and_lock_irqsave(refcount_t *r, spinlock_t *lock, unsigned long *flags)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock_irqsave(lock, *flags);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock_irqrestore(lock, *flags);
	return false;
}
EXPORT_SYMBOL(refcount_dec_and_lock_irqsave);
