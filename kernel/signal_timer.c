// SPDX-License-Identifier: MIT
/*
 * The one signal of a POSIX timer: a queue entry that is allocated with the timer, so that an expiry
 * never finds memory or RLIMIT_SIGPENDING used up, and which is in at most one pending set at a time.
 *
 * Callers: kernel/time/posix-timers.c, in part from the timers' interrupt.
 * Locking: siglock guards the entry while it pends; the timer's it_lock is taken before. Both are taken
 * by interrupts, tasklist_lock is held with interrupts on: so the receiver is found under RCU.
 */
#include <linux/pid.h>
#include <linux/posix-timers.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signalfd.h>
#include "signal_internal.h"

/** sigqueue_alloc - an entry of its own for a timer, charged to current's user; or NULL */
struct sigqueue *sigqueue_alloc(void)
{
	struct sigqueue *q = __sigqueue_alloc(current, false);

	if (q)
		q->flags = SIGQUEUE_PREALLOC;
	return q;
}

/** sigqueue_free - the timer goes; a signal that pends arrives all the same, and is freed then */
void sigqueue_free(struct sigqueue *q)
{
	spinlock_t *lock = &current->sighand->siglock;
	unsigned long flags;
	bool pends;

	spin_lock_irqsave(lock, flags);
	q->flags &= ~SIGQUEUE_PREALLOC;
	pends = !list_empty(&q->list);
	spin_unlock_irqrestore(lock, flags);
	if (!pends)
		__sigqueue_free(q);
}

/**
 * send_sigqueue - send a timer's signal
 * @pid: of the thread (PIDTYPE_PID) or the process (PIDTYPE_TGID)
 *
 * 0: sent, or it pended already, which is counted as an overrun. 1: it is ignored. -1: nobody is there.
 */
int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type)
{
	int sig = q->info.si_signo, ret = -1;
	struct sigpending *pending;
	struct task_struct *t;
	unsigned long flags;

	rcu_read_lock();
	t = pid_task(pid, type);
	if (!t || !lock_task_sighand(t, &flags))
		goto out_rcu;
	ret = 1;
	if (!prepare_signal(sig, t, false))
		goto out;
	ret = 0;
	if (!list_empty(&q->list)) {
		q->info.si_overrun++;
		goto out;
	}
	q->info.si_overrun = 0;
	signalfd_notify(t, sig);
	pending = type == PIDTYPE_PID ? &t->pending : &t->signal->shared_pending;
	list_add_tail(&q->list, &pending->list);
	sigaddset(&pending->signal, sig);
	complete_signal(sig, t, type);
out:
	unlock_task_sighand(t, &flags);
out_rcu:
	rcu_read_unlock();
	return ret;
}

/* Other signals of the same number stay. siglock is held. */
static void __flush_itimer_signals(struct sigpending *pending)
{
	sigset_t signal = pending->signal, retain;
	struct sigqueue *q, *n;

	sigemptyset(&retain);
	list_for_each_entry_safe(q, n, &pending->list, list) {
		int sig = q->info.si_signo;

		if (q->info.si_code != SI_TIMER) {
			sigaddset(&retain, sig);
			continue;
		}
		sigdelset(&signal, sig);
		list_del_init(&q->list);
		__sigqueue_free(q);
	}
	sigorsets(&pending->signal, &signal, &retain);
}

/** flush_itimer_signals - exec: the timers are gone, and what pends of theirs with them */
void flush_itimer_signals(void)
{
	spin_lock_irq(&current->sighand->siglock);
	__flush_itimer_signals(&current->pending);
	__flush_itimer_signals(&current->signal->shared_pending);
	spin_unlock_irq(&current->sighand->siglock);
}
