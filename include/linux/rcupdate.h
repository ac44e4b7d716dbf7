/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

/*
 * RCU: readers follow pointers without a lock; who takes an object out waits until all who may still
 * be looking at it have gone, and only then frees it.
 *
 *	reader					writer (his own lock keeps other writers out)
 *	rcu_read_lock();			old = ptr;
 *	p = rcu_dereference(ptr);		rcu_assign_pointer(ptr, new);
 *	if (p)					synchronize_rcu();   or call_rcu(&old->rcu, fn)
 *		use(p->field);			kfree(old);
 *	rcu_read_unlock();
 *
 * A read side is a stretch that is not preempted and does not sleep: rcu_read_lock() is
 * preempt_disable(), which costs three instructions and no shared memory. So a stretch under a
 * spinlock, with interrupts off or in an interrupt handler is a read side too; and a CPU that switches
 * tasks, idles, or runs a program is in none (kernel/rcu/tree.c). Linux can also preempt readers
 * (CONFIG_PREEMPT_RCU); that takes lists of those who were, and buys latency alone.
 *
 * To keep an object beyond rcu_read_unlock(), take a reference inside, one that may be refused:
 * refcount_inc_not_zero(), lockref_get_not_dead().
 */

#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <asm/barrier.h>

static __always_inline void rcu_read_lock(void)
{
	preempt_disable();
}

static __always_inline void rcu_read_unlock(void)
{
	preempt_enable();
}

/* DEBUG=1 finds who follows a pointer of RCU outside of a read side. */
#ifdef CONFIG_DEBUG
#define rcu_read_lock_held()		(preempt_count() != 0 || irqs_disabled())
#define RCU_LOCKDEP_WARN(cond, what)	WARN_ONCE(cond, "suspicious RCU usage: " what)
#else
#define rcu_read_lock_held()		1
#define RCU_LOCKDEP_WARN(cond, what)	do { } while (0 && (cond))
#endif

/*
 * rcu_dereference() reads a pointer that may change, once. What is read through it afterwards is
 * ordered behind that read by the address dependency, which every arm64 CPU keeps; and the writer's
 * release store comes after all that he wrote into the object.
 *
 * _check: fine also where @c holds, usually lockdep_is_held() of the writers' lock. _protected: only
 * where @c holds: nobody changes the pointer. rcu_access_pointer(): to compare it, not to follow it.
 */
#define rcu_dereference_check(p, c)						\
({										\
	RCU_LOCKDEP_WARN(!((c) || rcu_read_lock_held()),			\
			 "rcu_dereference() outside of rcu_read_lock()");	\
	READ_ONCE(p);								\
})
#define rcu_dereference(p)		rcu_dereference_check(p, 0)
#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference_protected(p, c)						\
({										\
	RCU_LOCKDEP_WARN(!(c), "rcu_dereference_protected() without the lock");	\
	(p);									\
})
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_pointer_handoff(p)		(p)

/* NULL needs no release: there is nothing behind it to be seen. */
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define rcu_assign_pointer(p, v)						\
do {										\
	typeof(p) __rcu_v = (v);						\
	if (__builtin_constant_p(v) && __rcu_v == NULL)				\
		WRITE_ONCE(p, __rcu_v);						\
	else									\
		smp_store_release(&(p), __rcu_v);				\
} while (0)
#define rcu_replace_pointer(rcu_ptr, ptr, c)					\
({										\
	typeof(ptr) __rcu_old = rcu_dereference_protected(rcu_ptr, c);		\
	rcu_assign_pointer(rcu_ptr, ptr);					\
	__rcu_old;								\
})

/*
 * After every read side that has begun by now has ended, func(head) is called, once, in a kernel
 * thread with preemption off: it must not sleep. Any context may call call_rcu().
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void synchronize_rcu(void);		/* sleeps until then instead */
void rcu_barrier(void);			/* sleeps until what call_rcu() was told so far has been done */

/* kfree(ptr) after a grace period. @rhf: the rcu_head in it, near its start. */
#define KVFREE_RCU_MAX_OFFSET	4096
#define kfree_rcu(ptr, rhf)							\
do {										\
	typeof(ptr) __kf_ptr = (ptr);						\
	BUILD_BUG_ON(offsetof(typeof(*(ptr)), rhf) >= KVFREE_RCU_MAX_OFFSET);	\
	if (__kf_ptr)								\
		call_rcu(&__kf_ptr->rhf,					\
			 (rcu_callback_t)offsetof(typeof(*(ptr)), rhf));	\
} while (0)

/*
 * What the rest of the kernel tells RCU.
 *
 * rcu_note_context_switch(): __schedule(), interrupts off. No read side is open on this CPU, which is
 * all that there is to say; the next tick passes it on.
 */
DECLARE_PER_CPU(bool, rcu_cpu_no_qs);

static __always_inline void rcu_note_context_switch(void)
{
	__this_cpu_write(rcu_cpu_no_qs, false);
}

void rcu_sched_clock_irq(int user);	/* the tick; user: it found a program running */
void rcu_idle_enter(void);		/* around the WFI of the idle loop, interrupts off: */
void rcu_idle_exit(void);		/* in between nobody waits for this CPU, nor wakes it */
bool rcu_needs_cpu(void);		/* callbacks wait here: an idle CPU has to keep its tick */
void rcu_cpu_starting(unsigned int cpu);	/* on that CPU, before it runs tasks; interrupts off */
void rcu_init(void);

#endif
