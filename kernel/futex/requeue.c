// SPDX-License-Identifier: MIT
/*
 * FUTEX_REQUEUE: waiters of one word become waiters of another. For a condition variable's broadcast:
 * all would wake to wait for the one mutex, so one is woken and the others wait for that at once.
 * Locking: both buckets, as core.c says.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include "futex.h"

/* q waits for key2 from now on. Its own task, in futex_unqueue(), looks for lock_ptr again. */
static void requeue_futex(struct futex_q *q, struct futex_hash_bucket *hb1, struct futex_hash_bucket *hb2,
			  const union futex_key *key2)
{
	if (hb1 != hb2) {
		__futex_unqueue(q);
		futex_hb_waiters_inc(hb2);
		WRITE_ONCE(q->lock_ptr, &hb2->lock);
		__futex_queue(q, hb2);
	}
	q->key = *key2;
}

/*
 * Both locked, and the word is *cmpval if that is given: 0. -EAGAIN: it is another, -EFAULT; both are
 * unlocked then.
 */
static int lock_and_compare(u32 __user *uaddr, u32 *cmpval, struct futex_hash_bucket *hb1,
			    struct futex_hash_bucket *hb2)
{
	u32 curval;

	for (;;) {
		double_lock_hb(hb1, hb2);
		if (!cmpval)
			return 0;
		if (likely(!futex_get_value_locked(&curval, uaddr)))
			break;
		double_unlock_hb(hb1, hb2);
		if (get_user(curval, uaddr))
			return -EFAULT;
	}
	if (curval == *cmpval)
		return 0;
	double_unlock_hb(hb1, hb2);
	return -EAGAIN;
}

/**
 * futex_requeue - wake nr_wake waiters of uaddr1, and let nr_requeue more wait for uaddr2
 * @cmpval: only if *uaddr1 is this (else -EAGAIN); NULL: in any case
 *
 * Returns how many were woken or moved.
 */
int futex_requeue(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake, int nr_requeue,
		  u32 *cmpval)
{
	struct futex_hash_bucket *hb1, *hb2;
	union futex_key key1, key2;
	struct futex_q *this, *next;
	DEFINE_WAKE_Q(wake_q);
	int ret, count = 0;

	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	ret = get_futex_key(uaddr1, flags & FLAGS_SHARED, &key1, FUTEX_READ);
	if (ret)
		return ret;
	ret = get_futex_key(uaddr2, flags & FLAGS_SHARED, &key2, FUTEX_READ);
	if (ret)
		return ret;
	hb1 = futex_hash(&key1);
	hb2 = futex_hash(&key2);
	/*
	 * A waker on uaddr2 that changed the word while we move waiters there must not pass by: from here
	 * on it finds the bucket in use.
	 */
	futex_hb_waiters_inc(hb2);
	ret = lock_and_compare(uaddr1, cmpval, hb1, hb2);
	if (ret)
		goto out;
	list_for_each_entry_safe(this, next, &hb1->chain, list) {
		if (count - nr_wake >= nr_requeue)
			break;
		if (!futex_match(&this->key, &key1))
			continue;
		if (++count <= nr_wake)
			futex_wake_mark(&wake_q, this);
		else
			requeue_futex(this, hb1, hb2, &key2);
	}
	double_unlock_hb(hb1, hb2);
	wake_up_q(&wake_q);
	ret = count;
out:
	futex_hb_waiters_dec(hb2);
	return ret;
}
