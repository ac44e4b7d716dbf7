// SPDX-License-Identifier: MIT
/*
 * Futexes: sleeping until a word in memory changes. A program's lock is such a word; it is taken and
 * released there by atomic instructions, and only who must wait, or wake, comes here.
 *
 * A waiter stands in a hash bucket found by the word's key (struct futex_q, on its stack). Each bucket
 * has a lock. Here: keys, queueing, and what a task's end does to its robust mutexes. Waiting and
 * waking are in waitwake.c, moving waiters from one word to another in requeue.c.
 *
 * No wake-up is lost:
 *
 *	waiter (CPU 0)				waker (CPU 1)
 *	hb->waiters++				*uaddr = new		(in user mode)
 *	full barrier				full barrier
 *	lock(hb)				hb->waiters == 0: nobody, return
 *	*uaddr == val?				lock(hb)
 *	queue itself				wake who is queued
 *	unlock(hb), sleep			unlock(hb)
 *
 * Either the waker sees the count: then it takes the lock, and either finds the waiter queued, or had
 * the lock before him, and then he sees the new word. Or it does not see the count: then its store of
 * the word came before the waiter's load, who sees it and does not sleep. And what comes between
 * unlock and sleep finds the waiter's state set already: see futex_wait_queue().
 *
 * Locks: hb->lock is innermost but for those of the scheduler; two buckets are locked in order of
 * address. The word is read under it with page faults off; when the page is not there, the lock is
 * dropped, the page fetched, and all is begun again.
 */
#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/panic.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/futex.h>
#include "futex.h"

static struct futex_hash_bucket *futex_queues;		/* never changes after boot, nor does: */
static unsigned int futex_hashbits;

#define FUTEX_BUCKETS_PER_CPU	256

struct futex_hash_bucket *futex_hash(const union futex_key *key)
{
	u64 h = key->both.ptr * GOLDEN_RATIO_64 ^ key->both.word;

	return &futex_queues[hash_64(h * GOLDEN_RATIO_64 ^ key->both.offset, futex_hashbits)];
}

/* ------------------------------------------------------------------ keys */

/* A number that no other inode has had or will have. Given when first asked for. */
static u64 get_inode_sequence_number(struct inode *inode)
{
	static atomic64_t i_seq;
	s64 old = atomic64_read(&inode->i_sequence), new;

	if (old)
		return old;
	new = atomic64_inc_return(&i_seq);
	old = atomic64_cmpxchg_relaxed(&inode->i_sequence, 0, new);
	return old ? old : new;
}

/* May the word be read, or written? The region says: the page may be anywhere. */
static bool may_access(struct vm_area_struct *vma, enum futex_access rw)
{
	return vma->vm_flags & (rw == FUTEX_WRITE ? VM_WRITE : VM_READ | VM_WRITE);
}

/* key->private is filled in; mmap_lock is held. */
static int shared_key(struct mm_struct *mm, union futex_key *key, enum futex_access rw)
{
	unsigned long address = key->private.address;
	struct vm_area_struct *vma = find_vma(mm, address);

	if (!vma || vma->vm_start > address || !may_access(vma, rw))
		return -EFAULT;
	/*
	 * Pages of a private mapping that may be written are, or will be copied to be, the program's own.
	 * Those that may not are the file's; anonymous ones never change, and nobody waits for that.
	 */
	if (!(vma->vm_flags & VM_MAYSHARE) && (vma->vm_flags & VM_WRITE)) {
		key->both.offset |= FUT_OFF_MMSHARED;
		return 0;
	}
	if (!vma->vm_file)
		return -EFAULT;
	key->both.offset |= FUT_OFF_INODE;
	key->shared.i_seq = get_inode_sequence_number(vma->vm_file->f_mapping->host);
	key->shared.pgoff = linear_page_index(vma, address);
	return 0;
}

/**
 * get_futex_key - which futex an address is
 * @fshared: it may be another process's, too
 * @rw: what will be done with the word
 *
 * 0; -EINVAL: not aligned; -EFAULT: no such memory. May sleep.
 */
int get_futex_key(u32 __user *uaddr, bool fshared, union futex_key *key, enum futex_access rw)
{
	unsigned long address = (unsigned long)uaddr;
	struct mm_struct *mm = current->mm;
	int err;

	*key = (union futex_key){ };
	key->both.offset = address % PAGE_SIZE;
	if (address % sizeof(u32))
		return -EINVAL;
	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	key->private.mm = mm;
	key->private.address = address & PAGE_MASK;
	if (!fshared)
		return 0;
	mmap_read_lock(mm);
	err = shared_key(mm, key, rw);
	mmap_read_unlock(mm);
	return err;
}

/* ------------------------------------------------------------------ the word */

/* An access under a bucket's lock found no page: fetch it, to be written. 0 or -EFAULT. */
int fault_in_user_writeable(u32 __user *uaddr)
{
	struct mm_struct *mm = current->mm;
	int ret;

	mmap_read_lock(mm);
	ret = fixup_user_fault(mm, (unsigned long)uaddr, FAULT_FLAG_WRITE);
	mmap_read_unlock(mm);
	return ret;
}

/* -EFAULT when it is not there right now. */
int futex_get_value_locked(u32 *dest, u32 __user *from)
{
	int ret;

	pagefault_disable();
	ret = __get_user(*dest, from);
	pagefault_enable();
	return ret;
}

static int futex_cmpxchg_value_locked(u32 *curval, u32 __user *uaddr, u32 uval, u32 newval)
{
	int ret;

	pagefault_disable();
	ret = futex_atomic_cmpxchg_inatomic(curval, uaddr, uval, newval);
	pagefault_enable();
	return ret;
}

/* ------------------------------------------------------------------ queueing */

/* q's bucket, locked, and q counted in it: futex_queue() or futex_q_unlock() follows. */
struct futex_hash_bucket *futex_q_lock(struct futex_q *q)
{
	struct futex_hash_bucket *hb = futex_hash(&q->key);

	futex_hb_waiters_inc(hb);
	q->lock_ptr = &hb->lock;
	spin_lock(&hb->lock);
	return hb;
}

void futex_q_unlock(struct futex_hash_bucket *hb)
{
	spin_unlock(&hb->lock);
	futex_hb_waiters_dec(hb);
}

/* Behind all that are as urgent: real-time tasks are woken first, others as they came. */
void __futex_queue(struct futex_q *q, struct futex_hash_bucket *hb)
{
	struct list_head *pos = hb->chain.prev;

	lockdep_assert_held(&hb->lock);
	while (pos != &hb->chain && list_entry(pos, struct futex_q, list)->prio > q->prio)
		pos = pos->prev;
	list_add(&q->list, pos);
}

/* The lock of q's bucket is held. */
void __futex_unqueue(struct futex_q *q)
{
	struct futex_hash_bucket *hb = container_of(q->lock_ptr, struct futex_hash_bucket, lock);

	lockdep_assert_held(&hb->lock);
	list_del_init(&q->list);
	futex_hb_waiters_dec(hb);
}

/**
 * futex_unqueue - stop waiting
 *
 * 1: it was still queued. 0: somebody has woken us, and is done with q. A requeue may move q to another
 * bucket while we wait for the lock of the old one.
 */
int futex_unqueue(struct futex_q *q)
{
	spinlock_t *lock_ptr;

	/* Pairs with the release in futex_wake_mark(): q's memory is ours again when this reads NULL. */
	while ((lock_ptr = smp_load_acquire(&q->lock_ptr)) != NULL) {
		spin_lock(lock_ptr);
		if (likely(lock_ptr == READ_ONCE(q->lock_ptr))) {
			__futex_unqueue(q);
			spin_unlock(lock_ptr);
			return 1;
		}
		spin_unlock(lock_ptr);
	}
	return 0;
}

void double_lock_hb(struct futex_hash_bucket *hb1, struct futex_hash_bucket *hb2)
{
	if (hb1 > hb2)
		swap(hb1, hb2);
	spin_lock(&hb1->lock);
	if (hb1 != hb2)
		spin_lock_nested(&hb2->lock, SINGLE_DEPTH_NESTING);
}

void double_unlock_hb(struct futex_hash_bucket *hb1, struct futex_hash_bucket *hb2)
{
	spin_unlock(&hb1->lock);
	if (hb1 != hb2)
		spin_unlock(&hb2->lock);
}

/* ------------------------------------------------------------------ robust lists */

/* Tell the word that its owner died: 0 done; 1: it changed meanwhile; -1: give up the whole list. */
static int mark_owner_died(u32 __user *uaddr, u32 uval)
{
	u32 mval = (uval & FUTEX_WAITERS) | FUTEX_OWNER_DIED, nval;
	int err = futex_cmpxchg_value_locked(&nval, uaddr, uval, mval);

	switch (err) {
	case 0:
		return nval == uval ? 0 : 1;
	case -EFAULT:
		return fault_in_user_writeable(uaddr) ? -1 : 1;
	case -EAGAIN:
		cond_resched();
		return 1;
	}
	return -1;
}

/*
 * One mutex of a list. If curr held it, the word says FUTEX_OWNER_DIED from now on, and one waiter is
 * woken to find that. 0, or -1: the list is not to be trusted.
 */
static int handle_futex_death(u32 __user *uaddr, struct task_struct *curr, bool pi, bool pending_op)
{
	u32 uval;
	int ret;

	if ((unsigned long)uaddr % sizeof(u32))
		return -1;
	do {
		if (get_user(uval, uaddr))
			return -1;
		/*
		 * It died between giving the mutex back, which made the word 0, and waking the waiter: who
		 * would sleep on, with nobody left to wake him. One wake-up too many does no harm.
		 */
		if (pending_op && !pi && !uval) {
			futex_wake(uaddr, FLAGS_SHARED, 1, FUTEX_BITSET_MATCH_ANY);
			return 0;
		}
		if ((uval & FUTEX_TID_MASK) != task_pid_vnr(curr))
			return 0;
		ret = mark_owner_died(uaddr, uval);
		if (ret < 0)
			return -1;
	} while (ret);
	if (!pi && (uval & FUTEX_WAITERS))
		futex_wake(uaddr, FLAGS_SHARED, 1, FUTEX_BITSET_MATCH_ANY);
	return 0;
}

/* A pointer of the list; its bit 0 tells a PI mutex, which only has its word set. */
static int fetch_robust_entry(struct robust_list __user **entry, struct robust_list __user **head, bool *pi)
{
	unsigned long uentry;

	if (get_user(uentry, (unsigned long __user *)head))
		return -EFAULT;
	*entry = (struct robust_list __user *)(uentry & ~1UL);
	*pi = uentry & 1;
	return 0;
}

static u32 __user *futex_uaddr(struct robust_list __user *entry, long offset)
{
	return (u32 __user *)((unsigned long)entry + offset);
}

/*
 * The task ends, or execs: go through the list of what it holds. The list is the program's: it may lead
 * anywhere, or for ever.
 */
static void exit_robust_list(struct task_struct *curr)
{
	struct robust_list_head __user *head = curr->robust_list;
	struct robust_list __user *entry, *next, *pending;
	int limit = ROBUST_LIST_LIMIT, err;
	bool pi, next_pi, pending_pi;
	long offset;

	if (fetch_robust_entry(&entry, &head->list.next, &pi) || get_user(offset, &head->futex_offset) ||
	    fetch_robust_entry(&pending, &head->list_op_pending, &pending_pi))
		return;
	while (entry != &head->list && limit--) {
		/* Before the wake-up: the new owner may take the entry out of memory. */
		err = fetch_robust_entry(&next, &entry->next, &next_pi);
		if (entry != pending && handle_futex_death(futex_uaddr(entry, offset), curr, pi, false))
			return;
		if (err)
			return;
		entry = next;
		pi = next_pi;
		cond_resched();
	}
	if (pending)
		handle_futex_death(futex_uaddr(pending, offset), curr, pending_pi, true);
}

/* tsk is current; its memory is still there. */
void futex_exit_release(struct task_struct *tsk)
{
	if (unlikely(tsk->robust_list)) {
		exit_robust_list(tsk);
		tsk->robust_list = NULL;
	}
}

void futex_exec_release(struct task_struct *tsk)
{
	futex_exit_release(tsk);
}

/* ------------------------------------------------------------------ booting */

static int __init futex_init(void)
{
	unsigned int i, size = roundup_pow_of_two(FUTEX_BUCKETS_PER_CPU * num_possible_cpus());

	futex_queues = kvcalloc(size, sizeof(*futex_queues), GFP_KERNEL);
	if (!futex_queues)
		panic("no memory for %u futex buckets", size);
	futex_hashbits = ilog2(size);
	for (i = 0; i < size; i++) {
		atomic_set(&futex_queues[i].waiters, 0);
		INIT_LIST_HEAD(&futex_queues[i].chain);
		spin_lock_init(&futex_queues[i].lock);
	}
	return 0;
}
core_initcall(futex_init);
