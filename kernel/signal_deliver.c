// SPDX-License-Identifier: MIT
/*
 * Taking signals: which pending one is next, what is done about it, and telling the parent.
 *
 * Callers: do_signal() (arch/arm64/kernel/signal.c) on the way back to the program, through
 * get_signal(); system calls that change the mask or take signals themselves; exit.
 * Locking: as in signal.c. Here the task acts on itself, so its sighand cannot go away.
 */
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/pidfd.h>
#include <linux/posix-timers.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "signal_internal.h"

/* ------------------------------------------------------------------ TIF_SIGPENDING */

static bool has_pending(const struct sigpending *pending, const sigset_t *blocked)
{
	sigset_t ready;

	sigandnsets(&ready, &pending->signal, blocked);
	return !sigisemptyset(&ready);
}

/* Set the flag when t has something to do. It is not cleared here: t may be another task. */
bool recalc_sigpending_tsk(struct task_struct *t)
{
	if (!(t->jobctl & JOBCTL_STOP_PENDING) && !has_pending(&t->pending, &t->blocked) &&
	    !has_pending(&t->signal->shared_pending, &t->blocked))
		return false;
	set_tsk_thread_flag(t, TIF_SIGPENDING);
	return true;
}

void recalc_sigpending_and_wake(struct task_struct *t)
{
	if (recalc_sigpending_tsk(t))
		signal_wake_up(t, false);
}

/* current's flag, exactly. siglock is held. */
void recalc_sigpending(void)
{
	if (!recalc_sigpending_tsk(current))
		clear_thread_flag(TIF_SIGPENDING);
}

/* ------------------------------------------------------------------ the mask */

/* tsk no longer wants the signals of `which`: those that pend for the process are others' to take. */
static void retarget_shared_pending(struct task_struct *tsk, sigset_t *which)
{
	sigset_t retarget, wanted;
	struct task_struct *t;

	sigandsets(&retarget, &tsk->signal->shared_pending.signal, which);
	if (sigisemptyset(&retarget))
		return;
	for_each_thread(tsk, t) {
		if (t == tsk || (t->flags & PF_EXITING))
			continue;
		sigandnsets(&wanted, &retarget, &t->blocked);
		if (sigisemptyset(&wanted))
			continue;
		sigandsets(&retarget, &retarget, &t->blocked);
		if (!signal_pending(t))
			signal_wake_up(t, false);
		if (sigisemptyset(&retarget))
			break;
	}
}

/* siglock is held. */
void __set_task_blocked(struct task_struct *tsk, const sigset_t *newset)
{
	sigset_t newblocked;

	if (signal_pending(tsk) && !thread_group_empty(tsk)) {
		sigandnsets(&newblocked, newset, &tsk->blocked);
		retarget_shared_pending(tsk, &newblocked);
	}
	tsk->blocked = *newset;
	recalc_sigpending();
}

void __set_current_blocked(const sigset_t *newset)
{
	/* Only we change our own mask, so it can be read without the lock. */
	if (sigequalsets(&current->blocked, newset))
		return;
	spin_lock_irq(&current->sighand->siglock);
	__set_task_blocked(current, newset);
	spin_unlock_irq(&current->sighand->siglock);
}

/* SIGKILL and SIGSTOP are taken out of *newset. */
void set_current_blocked(sigset_t *newset)
{
	sigdelsetmask(newset, SIG_KERNEL_ONLY_MASK);
	__set_current_blocked(newset);
}

/**
 * set_user_sigmask - a mask for the time of one system call (ppoll and its kind)
 *
 * The old one comes back by restore_saved_sigmask_unless(), or after a handler ran under the new one.
 * 0, -EINVAL or -EFAULT.
 */
int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize)
{
	sigset_t kmask;

	if (!umask)
		return 0;
	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&kmask, umask, sizeof(kmask)))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_thread_flag(TIF_RESTORE_SIGMASK);
	set_current_blocked(&kmask);
	return 0;
}

void restore_saved_sigmask(void)
{
	if (test_and_clear_ti_thread_flag(current_thread_info(), TIF_RESTORE_SIGMASK))
		__set_current_blocked(&current->saved_sigmask);
}

/* interrupted: a signal is pending, and do_signal() will see to the mask. */
void restore_saved_sigmask_unless(bool interrupted)
{
	if (interrupted)
		WARN_ON(!signal_pending(current));
	else
		restore_saved_sigmask();
}

/* The mask that sigreturn is to put back. */
sigset_t *sigmask_to_save(void)
{
	return test_thread_flag(TIF_RESTORE_SIGMASK) ? &current->saved_sigmask : &current->blocked;
}

/* ------------------------------------------------------------------ taking one off a queue */

/* The most urgent signal of the set that is not in the mask; 0: none. Faults come first. */
int next_signal(struct sigpending *pending, sigset_t *mask)
{
	unsigned long ready = pending->signal.sig[0] & ~mask->sig[0];

	if (ready & SYNCHRONOUS_MASK)
		ready &= SYNCHRONOUS_MASK;
	return ready ? __builtin_ctzl(ready) + 1 : 0;
}

/*
 * Take sig out: the oldest entry, and the bit with the last one. siglock is held. True: it is a
 * periodic timer's, whose next period is to be started.
 */
static bool collect_signal(int sig, struct sigpending *list, kernel_siginfo_t *info)
{
	struct sigqueue *q, *first = NULL;
	bool more = false, timer = false;

	list_for_each_entry(q, &list->list, list) {
		if (q->info.si_signo != sig)
			continue;
		if (first) {
			more = true;
			break;
		}
		first = q;
	}
	if (!more)
		sigdelset(&list->signal, sig);
	if (first) {
		list_del_init(&first->list);
		*info = first->info;
		timer = (first->flags & SIGQUEUE_PREALLOC) && info->si_sys_private;
		__sigqueue_free(first);
	} else {
		/* It found no memory or was told by the kernel: that it came is all we know. */
		clear_siginfo(info);
		info->si_signo = sig;
		info->si_code = SI_USER;
	}
	return timer;
}

/**
 * dequeue_signal - the next signal of current that mask does not block, with its siginfo
 *
 * siglock is held, and given up for a moment when the signal is a timer's. 0: there is none.
 */
int dequeue_signal(struct task_struct *task, sigset_t *mask, kernel_siginfo_t *info)
{
	struct sigpending *from = &task->pending;
	int sig = next_signal(from, mask);
	bool timer = false;

	if (!sig) {
		from = &task->signal->shared_pending;
		sig = next_signal(from, mask);
	}
	if (sig)
		timer = collect_signal(sig, from, info);
	if (sig == SIGALRM && from == &task->signal->shared_pending)
		itimer_rearm(task);
	recalc_sigpending();
	/* A SIGCONT that comes before we stop clears this: then we do not stop. */
	if (sig && sig_kernel_stop(sig))
		task->jobctl |= JOBCTL_STOP_DEQUEUED;
	if (timer) {
		/* The timer's lock comes before siglock. */
		spin_unlock(&task->sighand->siglock);
		posixtimer_rearm(info);
		spin_lock(&task->sighand->siglock);
		info->si_sys_private = 0;
	}
	return sig;
}

/*
 * A signal that a fault of this very task raised, before any other: its siginfo tells of the
 * registers as they are now, and another handler's frame would change them.
 */
static int dequeue_synchronous_signal(kernel_siginfo_t *info)
{
	struct sigpending *pending = &current->pending;
	unsigned long ready = pending->signal.sig[0] & ~current->blocked.sig[0] & SYNCHRONOUS_MASK;
	struct sigqueue *q;

	if (!ready)
		return 0;
	list_for_each_entry(q, &pending->list, list) {
		if (q->info.si_code > SI_USER && sig_in_mask(q->info.si_signo, ready)) {
			int sig = q->info.si_signo;

			collect_signal(sig, pending, info);
			recalc_sigpending();
			return sig;
		}
	}
	return 0;
}

/* ------------------------------------------------------------------ telling the parent */

/* Those who sleep in wait4(). siglock of the parent is held. */
static void __wake_up_parent(struct task_struct *parent)
{
	wake_up_interruptible_all(&parent->signal->wait_chldexit);
}

/**
 * do_notify_parent - tell the parent of tsk's end
 * @sig: the signal it asked for at clone, usually SIGCHLD; 0 or -1: none
 *
 * tasklist_lock is held for writing. True when the parent does not want to know, so that nobody
 * will wait for the zombie.
 */
bool do_notify_parent(struct task_struct *tsk, int sig)
{
	struct task_struct *parent = tsk->parent;
	struct sighand_struct *psig = parent->sighand;
	kernel_siginfo_t info;
	bool autoreap = false;
	unsigned long flags;

	do_notify_pidfd(tsk);
	clear_siginfo(&info);
	info.si_signo = sig;
	info.si_pid = task_pid_nr(tsk);
	info.si_uid = from_kuid_munged(current_user_ns(), task_uid(tsk));
	info.si_utime = nsec_to_clock_t(tsk->utime + tsk->signal->utime);
	info.si_stime = nsec_to_clock_t(tsk->stime + tsk->signal->stime);
	info.si_status = tsk->exit_code & 0x7f;
	if (tsk->exit_code & 0x80) {
		info.si_code = CLD_DUMPED;
	} else if (tsk->exit_code & 0x7f) {
		info.si_code = CLD_KILLED;
	} else {
		info.si_code = CLD_EXITED;
		info.si_status = tsk->exit_code >> 8;
	}

	spin_lock_irqsave(&psig->siglock, flags);
	if (sig == SIGCHLD) {
		struct sigaction *sa = &psig->action[SIGCHLD - 1].sa;

		/* POSIX: with SIG_IGN no signal and no zombie; with SA_NOCLDWAIT no zombie. */
		if (sa->sa_handler == SIG_IGN || (sa->sa_flags & SA_NOCLDWAIT))
			autoreap = true;
		if (sa->sa_handler == SIG_IGN)
			sig = 0;
	}
	if (sig > 0 && valid_signal(sig))
		send_signal_locked(sig, &info, parent, PIDTYPE_TGID);
	__wake_up_parent(parent);
	spin_unlock_irqrestore(&psig->siglock, flags);
	return autoreap;
}

/**
 * do_notify_parent_cldstop - tell the parent that tsk's process stopped or goes on
 * @why: CLD_STOPPED or CLD_CONTINUED
 *
 * tasklist_lock is held for reading.
 */
void do_notify_parent_cldstop(struct task_struct *tsk, int why)
{
	struct task_struct *leader = tsk->group_leader, *parent = leader->real_parent;
	struct sighand_struct *psig = parent->sighand;
	struct sigaction *sa = &psig->action[SIGCHLD - 1].sa;
	kernel_siginfo_t info;
	unsigned long flags;

	clear_siginfo(&info);
	info.si_signo = SIGCHLD;
	info.si_code = why;
	info.si_pid = task_pid_nr(leader);
	info.si_uid = from_kuid_munged(current_user_ns(), task_uid(leader));
	info.si_utime = nsec_to_clock_t(leader->utime);
	info.si_stime = nsec_to_clock_t(leader->stime);
	info.si_status = why == CLD_CONTINUED ? SIGCONT : leader->signal->group_exit_code & 0x7f;

	spin_lock_irqsave(&psig->siglock, flags);
	if (sa->sa_handler != SIG_IGN && !(sa->sa_flags & SA_NOCLDSTOP))
		send_signal_locked(SIGCHLD, &info, parent, PIDTYPE_TGID);
	/* wait4() may be waiting for it all the same. */
	__wake_up_parent(parent);
	spin_unlock_irqrestore(&psig->siglock, flags);
}

static void notify_cldstop(int why)
{
	read_lock(&tasklist_lock);
	do_notify_parent_cldstop(current, why);
	read_unlock(&tasklist_lock);
}

/* ------------------------------------------------------------------ stopping */

/*
 * A waker that found us in an older state must not overwrite this one with TASK_RUNNING: wakers hold
 * pi_lock from their look at the state to the change of it.
 */
static void set_stopped_state(void)
{
	raw_spin_lock(&current->pi_lock);
	WRITE_ONCE(current->__state, TASK_STOPPED);
	raw_spin_unlock(&current->pi_lock);
}

/*
 * task is a new thread of current's process, in the list by now: it stops with the others if they are to,
 * and looks at what pends for the process, which it may be the one to take. siglock is held.
 */
void task_join_group_stop(struct task_struct *task)
{
	unsigned long stop = (current->jobctl & JOBCTL_STOP_SIGMASK) | JOBCTL_STOP_PENDING;
	struct signal_struct *sig = current->signal;

	lockdep_assert_held(&current->sighand->siglock);
	if (sig->group_stop_count) {
		sig->group_stop_count++;
		task->jobctl |= stop | JOBCTL_STOP_CONSUME;
	} else if (sig->flags & SIGNAL_STOP_STOPPED) {
		task->jobctl |= stop;
	}
	recalc_sigpending_tsk(task);
}

/* Every thread is to stop for signr. siglock is held. False: a SIGCONT or the end came between. */
static bool begin_group_stop(int signr)
{
	struct signal_struct *sig = current->signal;
	struct task_struct *t;

	if (!(current->jobctl & JOBCTL_STOP_DEQUEUED) || (sig->flags & SIGNAL_GROUP_EXIT))
		return false;
	if (!(sig->flags & SIGNAL_STOP_STOPPED))
		sig->group_exit_code = signr;
	sig->group_stop_count = 0;
	for_each_thread(current, t) {
		if ((t->flags & PF_EXITING) || task_is_stopped(t))
			continue;
		t->jobctl = (t->jobctl & ~JOBCTL_STOP_SIGMASK) | signr | JOBCTL_STOP_PENDING |
			    JOBCTL_STOP_CONSUME;
		sig->group_stop_count++;
		if (t != current)
			signal_wake_up(t, false);
	}
	return true;
}

/* current's part of a group stop is done. True for the last one: the process is stopped now. */
static bool task_participate_group_stop(void)
{
	struct signal_struct *sig = current->signal;
	bool consume = current->jobctl & JOBCTL_STOP_CONSUME;

	task_clear_jobctl_pending(current);
	if (!consume)
		return false;
	if (sig->group_stop_count)
		sig->group_stop_count--;
	if (sig->group_stop_count || (sig->flags & SIGNAL_STOP_STOPPED))
		return false;
	sig->flags = (sig->flags & ~(SIGNAL_STOP_CONTINUED | SIGNAL_CLD_MASK)) | SIGNAL_STOP_STOPPED;
	return true;
}

/**
 * do_signal_stop - stop, until SIGCONT or SIGKILL
 * @signr: the signal that stops us; 0: another thread took it
 *
 * Called with siglock held. True: it was dropped, and we stopped and go on; look at the signals
 * anew. False: not to be stopped after all; siglock is still held.
 */
static bool do_signal_stop(int signr)
{
	bool last;

	if (!(current->jobctl & JOBCTL_STOP_PENDING) && !begin_group_stop(signr))
		return false;
	last = task_participate_group_stop();
	current->jobctl |= JOBCTL_STOPPED;
	set_stopped_state();
	spin_unlock_irq(&current->sighand->siglock);
	/* The state is set before the parent is told: when it looks, we count as stopped. */
	if (last)
		notify_cldstop(CLD_STOPPED);
	schedule();
	return true;
}

/* ------------------------------------------------------------------ get_signal */

/* The parent is owed the news that we go on, or that we stopped; see continue_stopped(). */
static bool tell_continued(struct signal_struct *signal)
{
	int why;

	if (!(signal->flags & SIGNAL_CLD_MASK))
		return false;
	why = signal->flags & SIGNAL_CLD_CONTINUED ? CLD_CONTINUED : CLD_STOPPED;
	signal->flags &= ~SIGNAL_CLD_MASK;
	spin_unlock_irq(&current->sighand->siglock);
	notify_cldstop(why);
	return true;
}

/* A default action of stopping. True: siglock was dropped. */
static bool stop_by_default(int signr)
{
	if (signr != SIGSTOP) {
		/* Nobody is there who could continue an orphaned group: the terminal cannot stop it. */
		bool orphaned;

		spin_unlock_irq(&current->sighand->siglock);
		orphaned = is_current_pgrp_orphaned();
		if (orphaned)
			return true;
		spin_lock_irq(&current->sighand->siglock);
	}
	return do_signal_stop(signr);
}

enum action { ACTION_NONE, ACTION_HANDLER, ACTION_STOP, ACTION_FATAL };

/* What is to be done for signr, which is off the queue. siglock is held. */
static enum action signal_action(int signr, struct ksignal *ksig)
{
	struct k_sigaction *ka = &current->sighand->action[signr - 1];

	if (ka->sa.sa_handler == SIG_IGN)
		return ACTION_NONE;
	if (ka->sa.sa_handler != SIG_DFL) {
		ksig->ka = *ka;
		if (ka->sa.sa_flags & SA_RESETHAND)
			ka->sa.sa_handler = SIG_DFL;
		return ACTION_HANDLER;
	}
	if (sig_kernel_ignore(signr))
		return ACTION_NONE;
	/* SIGKILL and SIGSTOP get here only when they are for init from the kernel. */
	if (unlikely(current->signal->flags & SIGNAL_UNKILLABLE) && !sig_kernel_only(signr))
		return ACTION_NONE;
	return sig_kernel_stop(signr) ? ACTION_STOP : ACTION_FATAL;
}

/**
 * get_signal - do what pending signals ask for, until one asks for a handler
 * @ksig: filled with that signal
 *
 * True: run ksig's handler. False: nothing is pending any more. Does not return when a signal ends
 * the process; sleeps while it is stopped.
 */
bool get_signal(struct ksignal *ksig)
{
	struct sighand_struct *sighand = current->sighand;
	struct signal_struct *signal = current->signal;
	enum action action;
	int signr;

relock:
	spin_lock_irq(&sighand->siglock);
	if (tell_continued(signal))
		goto relock;
	for (;;) {
		if ((signal->flags & SIGNAL_GROUP_EXIT) || signal->group_exec_task) {
			signr = SIGKILL;
			sigdelset(&current->pending.signal, SIGKILL);
			recalc_sigpending();
			break;
		}
		if ((current->jobctl & JOBCTL_STOP_PENDING) && do_signal_stop(0))
			goto relock;
		signr = dequeue_synchronous_signal(&ksig->info);
		if (!signr)
			signr = dequeue_signal(current, &current->blocked, &ksig->info);
		action = signr ? signal_action(signr, ksig) : ACTION_HANDLER;
		if (action == ACTION_HANDLER) {
			spin_unlock_irq(&sighand->siglock);
			ksig->sig = signr;
			return signr > 0;
		}
		if (action == ACTION_STOP && stop_by_default(signr))
			goto relock;
		if (action == ACTION_FATAL)
			break;
	}
	spin_unlock_irq(&sighand->siglock);
	current->flags |= PF_SIGNALED;
	do_group_exit(signr);
}

/**
 * signal_setup_done - the frame for the handler is on the user's stack, or could not be put there
 * @failed: which
 */
void signal_setup_done(int failed, struct ksignal *ksig, int stepping)
{
	sigset_t blocked;

	if (failed) {
		force_sigsegv(ksig->sig);
		return;
	}
	/* The frame holds the mask that was to be put back. */
	clear_thread_flag(TIF_RESTORE_SIGMASK);
	sigorsets(&blocked, &current->blocked, &ksig->ka.sa.sa_mask);
	if (!(ksig->ka.sa.sa_flags & SA_NODEFER))
		sigaddset(&blocked, ksig->sig);
	set_current_blocked(&blocked);
	if (current->sas_ss_flags & SS_AUTODISARM) {
		current->sas_ss_sp = 0;
		current->sas_ss_size = 0;
		current->sas_ss_flags = SS_DISABLE;
	}
}

/* ------------------------------------------------------------------ the end */

/* The other threads of p's process are to die. siglock is held. Returns how many there are. */
int zap_other_threads(struct task_struct *p)
{
	struct task_struct *t;
	int count = 0;

	p->signal->group_stop_count = 0;
	for_each_thread(p, t) {
		if (t == p)
			continue;
		task_clear_jobctl_pending(t);
		count++;
		if (t->exit_state)
			continue;
		sigaddset(&t->pending.signal, SIGKILL);
		signal_wake_up(t, true);
	}
	return count;
}

/* tsk takes no more signals; what pends for the process is for the others. Sets PF_EXITING. */
void exit_signals(struct task_struct *tsk)
{
	bool stopped = false;
	sigset_t unblocked;

	spin_lock_irq(&tsk->sighand->siglock);
	tsk->flags |= PF_EXITING;
	if (thread_group_empty(tsk) || (tsk->signal->flags & SIGNAL_GROUP_EXIT) || !signal_pending(tsk))
		goto out;
	sigandnsets(&unblocked, &(sigset_t){ { ~0UL } }, &tsk->blocked);
	retarget_shared_pending(tsk, &unblocked);
	if (tsk->jobctl & JOBCTL_STOP_PENDING)
		stopped = task_participate_group_stop();
out:
	spin_unlock_irq(&tsk->sighand->siglock);
	/* The others had stopped already: we were the last that a group stop waited for. */
	if (stopped)
		notify_cldstop(CLD_STOPPED);
}
