/* SPDX-License-Identifier: MIT */
/* Between the files of futexes. */
#ifndef _KERNEL_FUTEX_H
#define _KERNEL_FUTEX_H

#include <linux/atomic.h>
#include <linux/futex.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/sched/wake_q.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* Flags of a call, made of its FUTEX_ bits. */
#define FLAGS_SHARED		0x01
#define FLAGS_CLOCKRT		0x02
#define FLAGS_HAS_TIMEOUT	0x04

/*
 * What a futex is: two addresses name the same one when their keys are equal. A word of a shared
 * file mapping is a place in a file (the inode's sequence number, which no other inode ever gets,
 * and the page); any other is an address of an mm. Neither needs a reference: a key is compared only
 * with those of waiters, and they keep their mm and mapping from being anybody else's.
 */
union futex_key {
	struct {
		u64 i_seq;
		unsigned long pgoff;
		unsigned int offset;
	} shared;
	struct {
		struct mm_struct *mm;
		unsigned long address;		/* of the page */
		unsigned int offset;
	} private;
	struct {
		u64 ptr;
		unsigned long word;
		unsigned int offset;		/* in the page; and FUT_OFF_ bits */
	} both;
};

/* In offset's low bits, free since words are aligned: the kinds cannot be taken for each other. */
#define FUT_OFF_INODE		1
#define FUT_OFF_MMSHARED	2

struct futex_hash_bucket {
	atomic_t		waiters;	/* who is queued, or about to take the lock to be */
	spinlock_t		lock;		/* guards chain, and all of each futex_q in it */
	struct list_head	chain;		/* of futex_q, most urgent first */
} __aligned(64);

/* One waiter, on its own stack. */
struct futex_q {
	struct list_head	list;		/* in a bucket's chain */
	int			prio;		/* its place there: less is more urgent */
	struct task_struct	*task;
	spinlock_t		*lock_ptr;	/* of the bucket it is in; NULL once it is woken */
	union futex_key		key;
	u32			bitset;
};

enum futex_access { FUTEX_READ, FUTEX_WRITE };

static inline bool futex_match(const union futex_key *a, const union futex_key *b)
{
	return a->both.word == b->both.word && a->both.ptr == b->both.ptr &&
	       a->both.offset == b->both.offset;
}

/*
 * A waiter counts itself before it takes the lock, so before it looks at the word; a waker has changed
 * the word before it calls, and looks at the count behind a full barrier. See core.c.
 */
static inline void futex_hb_waiters_inc(struct futex_hash_bucket *hb)
{
	atomic_inc(&hb->waiters);
	smp_mb__after_atomic();
}

static inline void futex_hb_waiters_dec(struct futex_hash_bucket *hb)
{
	atomic_dec(&hb->waiters);
}

static inline bool futex_hb_waiters_pending(struct futex_hash_bucket *hb)
{
	smp_mb();
	return atomic_read(&hb->waiters) != 0;
}

/* core.c */
struct futex_hash_bucket *futex_hash(const union futex_key *key);
int get_futex_key(u32 __user *uaddr, bool fshared, union futex_key *key, enum futex_access rw);
int fault_in_user_writeable(u32 __user *uaddr);
int futex_get_value_locked(u32 *dest, u32 __user *from);
struct futex_hash_bucket *futex_q_lock(struct futex_q *q);
void futex_q_unlock(struct futex_hash_bucket *hb);
void __futex_queue(struct futex_q *q, struct futex_hash_bucket *hb);
void __futex_unqueue(struct futex_q *q);
int futex_unqueue(struct futex_q *q);
void double_lock_hb(struct futex_hash_bucket *hb1, struct futex_hash_bucket *hb2);
void double_unlock_hb(struct futex_hash_bucket *hb1, struct futex_hash_bucket *hb2);

/* waitwake.c */
void futex_wake_mark(struct wake_q_head *wake_q, struct futex_q *q);
int futex_wake(u32 __user *uaddr, unsigned int flags, int nr_wake, u32 bitset);
int futex_wake_op(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake, int nr_wake2,
		  int op);
int futex_wait(u32 __user *uaddr, unsigned int flags, u32 val, ktime_t *abs_time, u32 bitset);

/* requeue.c */
int futex_requeue(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_requeue, u32 *cmpval);

#endif
