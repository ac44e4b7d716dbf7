// SPDX-License-Identifier: MIT
/*
 * Waiting on a word, and waking who waits. Callers: do_futex(), and futex_wake() also a task's end.
 * Locking: as core.c says.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/restart_block.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <asm/futex.h>
#include "futex.h"

/* ------------------------------------------------------------------ waking */

/*
 * Take q out of its bucket, whose lock is held, and put its task on the list to wake. After the store
 * of NULL q may be gone at any moment: its owner may wake by itself (a signal) and return.
 */
void futex_wake_mark(struct wake_q_head *wake_q, struct futex_q *q)
{
	struct task_struct *p = q->task;

	get_task_struct(p);
	__futex_unqueue(q);
	smp_store_release(&q->lock_ptr, NULL);
	wake_q_add_safe(wake_q, p);
}

/* Up to nr of those that wait for key and for one of the bits. Returns how many. */
static int wake_matching(struct futex_hash_bucket *hb, const union futex_key *key, u32 bitset, int nr,
			 struct wake_q_head *wake_q)
{
	struct futex_q *this, *next;
	int ret = 0;

	list_for_each_entry_safe(this, next, &hb->chain, list) {
		if (ret >= nr)
			break;
		if (!futex_match(&this->key, key) || !(this->bitset & bitset))
			continue;
		futex_wake_mark(wake_q, this);
		ret++;
	}
	return ret;
}

/**
 * futex_wake - FUTEX_WAKE_BITSET
 *
 * Returns how many were woken; -EINVAL, -EFAULT.
 */
int futex_wake(u32 __user *uaddr, unsigned int flags, int nr_wake, u32 bitset)
{
	struct futex_hash_bucket *hb;
	union futex_key key;
	DEFINE_WAKE_Q(wake_q);
	int ret;

	if (!bitset)
		return -EINVAL;
	ret = get_futex_key(uaddr, flags & FLAGS_SHARED, &key, FUTEX_READ);
	if (ret)
		return ret;
	hb = futex_hash(&key);
	if (!futex_hb_waiters_pending(hb))
		return 0;
	spin_lock(&hb->lock);
	/* Linux's programs may count on it: 0 wakes one. */
	ret = wake_matching(hb, &key, bitset, max(nr_wake, 1), &wake_q);
	spin_unlock(&hb->lock);
	wake_up_q(&wake_q);
	return ret;
}

/* Change *uaddr as encoded says; 1 or 0: its old value compares as encoded wants. Or an errno. */
static int futex_atomic_op_inuser(unsigned int encoded, u32 __user *uaddr)
{
	unsigned int op = encoded >> 28 & 7, cmp = encoded >> 24 & 15;
	int oparg = (int)(encoded << 8) >> 20, cmparg = (int)(encoded << 20) >> 20;
	u32 word;
	int old, ret;

	if (encoded & (u32)FUTEX_OP_OPARG_SHIFT << 28)
		oparg = 1U << (oparg & 31);
	pagefault_disable();
	ret = arch_futex_atomic_op_inuser(op, oparg, &word, uaddr);
	pagefault_enable();
	if (ret)
		return ret;
	old = word;
	switch (cmp) {
	case FUTEX_OP_CMP_EQ:
		return old == cmparg;
	case FUTEX_OP_CMP_NE:
		return old != cmparg;
	case FUTEX_OP_CMP_LT:
		return old < cmparg;
	case FUTEX_OP_CMP_GE:
		return old >= cmparg;
	case FUTEX_OP_CMP_LE:
		return old <= cmparg;
	case FUTEX_OP_CMP_GT:
		return old > cmparg;
	}
	return -ENOSYS;
}

/**
 * futex_wake_op - change one word; wake on another, and on the one if its old value was such and such
 *
 * All under both locks, so that nobody who looks at the words under them sees a half of it.
 */
int futex_wake_op(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake, int nr_wake2,
		  int op)
{
	struct futex_hash_bucket *hb1, *hb2;
	union futex_key key1, key2;
	DEFINE_WAKE_Q(wake_q);
	int ret, op_ret;

retry:
	ret = get_futex_key(uaddr1, flags & FLAGS_SHARED, &key1, FUTEX_READ);
	if (ret)
		return ret;
	ret = get_futex_key(uaddr2, flags & FLAGS_SHARED, &key2, FUTEX_WRITE);
	if (ret)
		return ret;
	hb1 = futex_hash(&key1);
	hb2 = futex_hash(&key2);
	double_lock_hb(hb1, hb2);
	op_ret = futex_atomic_op_inuser(op, uaddr2);
	if (unlikely(op_ret < 0)) {
		double_unlock_hb(hb1, hb2);
		if (op_ret == -EFAULT) {
			ret = fault_in_user_writeable(uaddr2);
			if (ret)
				return ret;
		} else if (op_ret != -EAGAIN) {
			return op_ret;
		}
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
		goto retry;
	}
	ret = wake_matching(hb1, &key1, FUTEX_BITSET_MATCH_ANY, max(nr_wake, 1), &wake_q);
	if (op_ret)
		ret += wake_matching(hb2, &key2, FUTEX_BITSET_MATCH_ANY, max(nr_wake2, 1), &wake_q);
	double_unlock_hb(hb1, hb2);
	wake_up_q(&wake_q);
	return ret;
}

/* ------------------------------------------------------------------ waiting */

/*
 * Queue q in hb, whose lock is dropped, and sleep. The state is set before the lock is dropped, so
 * before anybody can find q: a wake-up between that and schedule() makes us runnable again.
 */
static void futex_wait_queue(struct futex_hash_bucket *hb, struct futex_q *q, struct hrtimer_sleeper *timeout)
{
	set_current_state(TASK_INTERRUPTIBLE);
	q->prio = min(current->normal_prio, MAX_RT_PRIO);
	q->task = current;
	__futex_queue(q, hb);
	spin_unlock(&hb->lock);

	if (timeout)
		hrtimer_sleeper_start_expires(timeout, HRTIMER_MODE_ABS);
	/* Woken already, or the time is over already: no need to sleep. */
	if (READ_ONCE(q->lock_ptr) && (!timeout || READ_ONCE(timeout->task)))
		schedule();
	__set_current_state(TASK_RUNNING);
}

/**
 * futex_wait_setup - lock q's bucket and compare the word
 *
 * 0: it is val, *hb is locked and q counted in it. -EWOULDBLOCK: it is not. -EFAULT, -EINVAL.
 */
static int futex_wait_setup(u32 __user *uaddr, u32 val, unsigned int flags, struct futex_q *q,
			    struct futex_hash_bucket **hb)
{
	u32 uval;
	int ret;

	for (;;) {
		ret = get_futex_key(uaddr, flags & FLAGS_SHARED, &q->key, FUTEX_READ);
		if (ret)
			return ret;
		*hb = futex_q_lock(q);
		ret = futex_get_value_locked(&uval, uaddr);
		if (likely(!ret))
			break;
		futex_q_unlock(*hb);
		/* Now with page faults. */
		if (get_user(uval, uaddr))
			return -EFAULT;
	}
	if (uval == val)
		return 0;
	futex_q_unlock(*hb);
	return -EWOULDBLOCK;
}

static int futex_do_wait(u32 __user *uaddr, unsigned int flags, u32 val, struct hrtimer_sleeper *to,
			 u32 bitset)
{
	struct futex_q q = { .bitset = bitset };
	struct futex_hash_bucket *hb;
	int ret;

	do {
		ret = futex_wait_setup(uaddr, val, flags, &q, &hb);
		if (ret)
			return ret;
		futex_wait_queue(hb, &q, to);
		if (!futex_unqueue(&q))
			return 0;		/* woken */
		if (to && !to->task)
			return -ETIMEDOUT;
		/* Neither that nor a signal: somebody else's wake-up came late. Look again. */
	} while (!signal_pending(current));
	return -ERESTARTSYS;
}

/* A signal without a handler came: go on waiting until the same time. */
static long futex_wait_restart(struct restart_block *restart)
{
	ktime_t t = restart->futex.time;

	restart->fn = do_no_restart_syscall;
	return futex_wait(restart->futex.uaddr, restart->futex.flags, restart->futex.val,
			  restart->futex.flags & FLAGS_HAS_TIMEOUT ? &t : NULL, restart->futex.bitset);
}

/**
 * futex_wait - FUTEX_WAIT_BITSET: sleep while *uaddr is val
 * @abs_time: by CLOCK_MONOTONIC, or _REALTIME with FLAGS_CLOCKRT; NULL: for ever
 *
 * 0 when woken, which may be for nothing: callers look at the word again. -EAGAIN: it was not val.
 * -ETIMEDOUT; -EINTR or a restart when a signal came; -EINVAL, -EFAULT.
 */
int futex_wait(u32 __user *uaddr, unsigned int flags, u32 val, ktime_t *abs_time, u32 bitset)
{
	struct restart_block *restart = &current->restart_block;
	struct hrtimer_sleeper to;
	int ret;

	if (!bitset)
		return -EINVAL;
	if (!abs_time)
		return futex_do_wait(uaddr, flags, val, NULL, bitset);
	hrtimer_init_sleeper_on_stack(&to, flags & FLAGS_CLOCKRT ? CLOCK_REALTIME : CLOCK_MONOTONIC,
				      HRTIMER_MODE_ABS);
	hrtimer_set_expires_range_ns(&to.timer, *abs_time, rt_task(current) ? 0 : current->timer_slack_ns);
	ret = futex_do_wait(uaddr, flags, val, &to, bitset);
	hrtimer_cancel(&to.timer);
	if (ret != -ERESTARTSYS)
		return ret;
	restart->futex.uaddr = uaddr;
	restart->futex.val = val;
	restart->futex.time = *abs_time;
	restart->futex.bitset = bitset;
	restart->futex.flags = flags | FLAGS_HAS_TIMEOUT;
	restart->fn = futex_wait_restart;
	return -ERESTART_RESTARTBLOCK;
}
