// SPDX-License-Identifier: MIT
/*
 * Sending signals: from the wish to a bit in a pending set, and a task that has been told to look.
 *
 * A signal is for one task (task->pending) or for a process (signal->shared_pending, any thread may
 * take it). The set says which are pending; the list carries what is told besides the number. A
 * signal below SIGRTMIN pends once, others as often as they are sent. What the receiver does with it
 * is in signal_deliver.c.
 *
 * Callers: system calls, faults (force_sig_fault), the terminal's and timers' interrupt handlers,
 * exit. Locking: sighand->siglock, taken with interrupts off, guards actions, pending sets and masks.
 * A task keeps its sighand until it is released, which is done with tasklist_lock held for writing:
 * so who signals another task holds tasklist_lock. Order: tasklist_lock, siglock, the scheduler's.
 */
#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signalfd.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "signal_internal.h"

static struct kmem_cache *sigqueue_cachep;

/* ------------------------------------------------------------------ queue entries, and their number */

/*
 * RLIMIT_SIGPENDING limits what one user's processes have queued. Users with something queued stand
 * in a hash table; count_lock guards it. It is the innermost lock but for the allocator's.
 */
struct sig_user {
	struct hlist_node	node;
	kuid_t			uid;
	unsigned long		count;
};

#define SIG_USER_BITS	4
static struct hlist_head sig_users[1 << SIG_USER_BITS];
static DEFINE_SPINLOCK(count_lock);

static struct hlist_head *sig_user_bucket(kuid_t uid)
{
	return &sig_users[__kuid_val(uid) & ((1 << SIG_USER_BITS) - 1)];
}

static struct sig_user *find_sig_user(kuid_t uid)
{
	struct sig_user *u;

	hlist_for_each_entry(u, sig_user_bucket(uid), node)
		if (uid_eq(u->uid, uid))
			return u;
	return NULL;
}

/* One more entry for this user; false when the limit (or memory) does not allow it. */
static bool charge_sig_user(kuid_t uid, unsigned long limit)
{
	struct sig_user *u;
	unsigned long flags;
	bool ok = false;

	spin_lock_irqsave(&count_lock, flags);
	u = find_sig_user(uid);
	if (!u && limit) {
		u = kzalloc(sizeof(*u), GFP_ATOMIC);
		if (u) {
			u->uid = uid;
			hlist_add_head(&u->node, sig_user_bucket(uid));
		}
	}
	if (u && u->count < limit) {
		u->count++;
		ok = true;
	}
	spin_unlock_irqrestore(&count_lock, flags);
	return ok;
}

static void uncharge_sig_user(kuid_t uid)
{
	struct sig_user *u;
	unsigned long flags;

	spin_lock_irqsave(&count_lock, flags);
	u = find_sig_user(uid);
	if (--u->count == 0) {
		hlist_del(&u->node);
		kfree(u);
	}
	spin_unlock_irqrestore(&count_lock, flags);
}

/* Any context. NULL: no memory, or the receiver's user has too many and override is not set. */
struct sigqueue *__sigqueue_alloc(struct task_struct *t, bool override_rlimit)
{
	kuid_t uid = task_uid(t);
	struct sigqueue *q;

	if (!charge_sig_user(uid, override_rlimit ? RLIM_INFINITY : task_rlimit(t, RLIMIT_SIGPENDING)))
		return NULL;
	q = kmem_cache_alloc(sigqueue_cachep, GFP_ATOMIC);
	if (!q) {
		uncharge_sig_user(uid);
		return NULL;
	}
	INIT_LIST_HEAD(&q->list);
	q->flags = 0;
	q->uid = uid;
	return q;
}

/* It is on no list. A timer's stays the timer's (signal_timer.c). */
void __sigqueue_free(struct sigqueue *q)
{
	if (q->flags & SIGQUEUE_PREALLOC)
		return;
	uncharge_sig_user(q->uid);
	kmem_cache_free(sigqueue_cachep, q);
}

void flush_sigqueue(struct sigpending *queue)
{
	struct sigqueue *q, *n;

	sigemptyset(&queue->signal);
	list_for_each_entry_safe(q, n, &queue->list, list) {
		list_del_init(&q->list);
		__sigqueue_free(q);
	}
}

/* Forget the signals of the mask. siglock is held. */
void flush_sigqueue_mask(sigset_t *mask, struct sigpending *s)
{
	struct sigqueue *q, *n;
	sigset_t m;

	sigandsets(&m, mask, &s->signal);
	if (sigisemptyset(&m))
		return;
	sigandnsets(&s->signal, &s->signal, mask);
	list_for_each_entry_safe(q, n, &s->list, list) {
		if (sigismember(mask, q->info.si_signo)) {
			list_del_init(&q->list);
			__sigqueue_free(q);
		}
	}
}

/* Everything that pends for t alone. */
void flush_signals(struct task_struct *t)
{
	unsigned long flags;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	clear_tsk_thread_flag(t, TIF_SIGPENDING);
	flush_sigqueue(&t->pending);
	flush_sigqueue(&t->signal->shared_pending);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
}

/* exec: handlers are gone with the old program. With force_default what was ignored is so no more. */
void flush_signal_handlers(struct task_struct *t, int force_default)
{
	int i;

	for (i = 0; i < _NSIG; i++) {
		struct sigaction *sa = &t->sighand->action[i].sa;

		if (force_default || sa->sa_handler != SIG_IGN)
			sa->sa_handler = SIG_DFL;
		sa->sa_flags = 0;
		sa->sa_restorer = NULL;
		sigemptyset(&sa->sa_mask);
	}
}

/* A kernel thread does not want to hear of any. */
void ignore_signals(struct task_struct *t)
{
	int i;

	for (i = 0; i < _NSIG; i++)
		t->sighand->action[i].sa.sa_handler = SIG_IGN;
	flush_signals(t);
}

/* ------------------------------------------------------------------ who gets it */

/*
 * Make t look at its pending signals. siglock is held. One that was not asleep may be running its program
 * on another CPU, where nothing would make it enter the kernel.
 */
void signal_wake_up_state(struct task_struct *t, unsigned int state)
{
	set_tsk_thread_flag(t, TIF_SIGPENDING);
	if (!wake_up_state(t, state | TASK_INTERRUPTIBLE))
		kick_process(t);
}

/* Init gets only what it has handlers for: nothing else may end or stop it. */
static bool sig_task_ignored(struct task_struct *t, int sig, bool force)
{
	__sighandler_t handler = sig_handler(t, sig);

	if (is_global_init(t) && sig_kernel_only(sig))
		return true;
	if (unlikely(t->signal->flags & SIGNAL_UNKILLABLE) && handler == SIG_DFL &&
	    !(force && sig_kernel_only(sig)))
		return true;
	return sig_handler_ignored(handler, sig);
}

/* A blocked signal is kept: the action may be another when it is unblocked. */
static bool sig_ignored(struct task_struct *t, int sig, bool force)
{
	if (sigismember(&t->blocked, sig) || sigismember(&t->real_blocked, sig))
		return false;
	return sig_task_ignored(t, sig, force);
}

/* Not to stop after all. siglock is held. */
void task_clear_jobctl_pending(struct task_struct *t)
{
	t->jobctl &= ~(JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME | JOBCTL_STOP_DEQUEUED);
}

/* SIGCONT continues, whatever becomes of the signal itself, blocked and ignored included. */
static void continue_stopped(struct task_struct *p)
{
	struct signal_struct *signal = p->signal;
	struct task_struct *t;
	unsigned int why = 0;
	sigset_t stops;

	siginitset(&stops, SIG_KERNEL_STOP_MASK);
	flush_sigqueue_mask(&stops, &signal->shared_pending);
	for_each_thread(p, t) {
		flush_sigqueue_mask(&stops, &t->pending);
		task_clear_jobctl_pending(t);
		t->jobctl &= ~JOBCTL_STOPPED;
		wake_up_state(t, __TASK_STOPPED);
	}
	/*
	 * The parent hears that it continued; or, when it had not stopped wholly yet, that it stopped.
	 * The task itself tells it, in get_signal(): we hold siglock, too deep for tasklist_lock.
	 */
	if (signal->flags & SIGNAL_STOP_STOPPED)
		why = SIGNAL_CLD_CONTINUED;
	else if (signal->group_stop_count)
		why = SIGNAL_CLD_STOPPED;
	if (why) {
		signal->flags &= ~(SIGNAL_CLD_MASK | SIGNAL_STOP_STOPPED | SIGNAL_STOP_CONTINUED);
		signal->flags |= why | SIGNAL_STOP_CONTINUED;
		signal->group_stop_count = 0;
		signal->group_exit_code = 0;
	}
}

/* Stop and continue cancel each other. False when there is nothing to deliver. siglock is held. */
bool prepare_signal(int sig, struct task_struct *p, bool force)
{
	struct task_struct *t;
	sigset_t cont;

	if (p->signal->flags & SIGNAL_GROUP_EXIT)
		return sig == SIGKILL;		/* it is dying: no more */
	if (sig_kernel_stop(sig)) {
		siginitset(&cont, sigmask(SIGCONT));
		flush_sigqueue_mask(&cont, &p->signal->shared_pending);
		for_each_thread(p, t)
			flush_sigqueue_mask(&cont, &t->pending);
	} else if (sig == SIGCONT) {
		continue_stopped(p);
	}
	return !sig_ignored(p, sig, force);
}

/* Would p look at the signal soon? */
static bool wants_signal(int sig, struct task_struct *p)
{
	if (sigismember(&p->blocked, sig) || (p->flags & PF_EXITING))
		return false;
	if (sig == SIGKILL)
		return true;
	if (task_is_stopped(p))
		return false;
	return READ_ONCE(p->on_cpu) || !signal_pending(p);
}

/* The thread that is to take it: the one named when it wants it, else turn about. */
static struct task_struct *choose_thread(int sig, struct task_struct *p, enum pid_type type)
{
	struct signal_struct *signal = p->signal;
	struct task_struct *t;

	if (wants_signal(sig, p))
		return p;
	if (type == PIDTYPE_PID || thread_group_empty(p))
		return NULL;
	t = signal->curr_target;
	while (!wants_signal(sig, t)) {
		t = next_thread(t);
		if (t == signal->curr_target)
			return NULL;	/* they all block it: it pends */
	}
	signal->curr_target = t;
	return t;
}

static bool sig_fatal(struct task_struct *p, int sig)
{
	return !sig_in_mask(sig, SIG_KERNEL_IGNORE_MASK | SIG_KERNEL_STOP_MASK) &&
	       sig_handler(p, sig) == SIG_DFL;
}

/* The signal is in the pending set: wake who takes it. siglock is held. */
void complete_signal(int sig, struct task_struct *p, enum pid_type type)
{
	struct signal_struct *signal = p->signal;
	struct task_struct *t = choose_thread(sig, p, type), *each;

	if (!t)
		return;
	/*
	 * One that will end the process ends it from here on: every thread finds SIGKILL, so that
	 * none runs on while another one dies, and waits that only a fatal signal may break end.
	 */
	if (sig_fatal(p, sig) && !(signal->flags & SIGNAL_GROUP_EXIT) &&
	    !sigismember(&t->real_blocked, sig) && !(signal->flags & SIGNAL_UNKILLABLE) &&
	    !sig_kernel_coredump(sig)) {
		signal->flags = SIGNAL_GROUP_EXIT;
		signal->group_exit_code = sig;
		signal->group_stop_count = 0;
		for_each_thread(p, each) {
			task_clear_jobctl_pending(each);
			sigaddset(&each->pending.signal, SIGKILL);
			signal_wake_up(each, true);
		}
		return;
	}
	signal_wake_up(t, sig == SIGKILL);
}

/* ------------------------------------------------------------------ sending */

/* From the kernel itself: may reach what init has not asked for (only SIGKILL and SIGSTOP matter). */
static bool si_fromkernel(const struct kernel_siginfo *info)
{
	return info == SEND_SIG_PRIV || (!is_si_special(info) && info->si_code > 0);
}

static void fill_siginfo(kernel_siginfo_t *to, int sig, struct kernel_siginfo *info)
{
	if (!is_si_special(info)) {
		*to = *info;
		return;
	}
	clear_siginfo(to);
	to->si_signo = sig;
	if (info == SEND_SIG_PRIV) {
		to->si_code = SI_KERNEL;
	} else {
		to->si_code = SI_USER;
		to->si_pid = task_tgid_nr(current);
		to->si_uid = from_kuid_munged(current_user_ns(), current_uid());
	}
}

/**
 * send_signal_locked - put a signal into a pending set and tell the receiver
 * @info: what to tell; SEND_SIG_NOINFO: by current; SEND_SIG_PRIV: by the kernel
 * @type: PIDTYPE_PID: for t alone; anything else: for its process
 *
 * siglock is held. -EAGAIN when a real-time signal found the queue full; nothing else fails: a
 * lower signal loses its siginfo then, and arrives.
 */
int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t, enum pid_type type)
{
	struct sigpending *pending = type == PIDTYPE_PID ? &t->pending : &t->signal->shared_pending;
	bool override_rlimit;
	struct sigqueue *q;

	lockdep_assert_held(&t->sighand->siglock);
	if (!prepare_signal(sig, t, si_fromkernel(info)))
		return 0;
	if (sig < SIGRTMIN && sigismember(&pending->signal, sig))
		return 0;
	if (sig != SIGKILL && !(t->flags & PF_KTHREAD)) {
		override_rlimit = sig < SIGRTMIN && (is_si_special(info) || info->si_code >= 0);
		q = __sigqueue_alloc(t, override_rlimit);
		if (q) {
			fill_siginfo(&q->info, sig, info);
			list_add_tail(&q->list, &pending->list);
		} else if (sig >= SIGRTMIN && !is_si_special(info) && info->si_code != SI_USER) {
			return -EAGAIN;
		}
	}
	sigaddset(&pending->signal, sig);
	signalfd_notify(t, sig);
	complete_signal(sig, t, type);
	return 0;
}

/**
 * lock_task_sighand - for who signals @task without tasklist_lock, as where a lock is held that interrupts take
 *
 * An old sighand is freed after a grace period, so that it can be locked; then it is seen whether it
 * still is the task's: exec may give it another, and its release none.
 */
struct sighand_struct *lock_task_sighand(struct task_struct *task, unsigned long *flags)
{
	struct sighand_struct *sighand;

	rcu_read_lock();
	while ((sighand = READ_ONCE(task->sighand))) {
		spin_lock_irqsave(&sighand->siglock, *flags);
		if (likely(sighand == READ_ONCE(task->sighand)))
			break;
		spin_unlock_irqrestore(&sighand->siglock, *flags);
	}
	rcu_read_unlock();
	return sighand;
}

/* tasklist_lock is held, or p is current. -ESRCH when p was released already. */
int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, enum pid_type type)
{
	unsigned long flags;
	int ret;

	if (!p->sighand)
		return -ESRCH;
	spin_lock_irqsave(&p->sighand->siglock, flags);
	ret = send_signal_locked(sig, info, p, type);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
	return ret;
}

/* root, or the same user by either of the receiver's ids and either of ours. */
static bool kill_ok_by_cred(struct task_struct *t)
{
	const struct cred *cred = current_cred(), *tcred = __task_cred(t);

	return uid_eq(cred->euid, tcred->suid) || uid_eq(cred->euid, tcred->uid) ||
	       uid_eq(cred->uid, tcred->suid) || uid_eq(cred->uid, tcred->uid) || capable(CAP_KILL);
}

/* May current send it? What the kernel sends is always allowed. tasklist_lock is held. */
int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *t)
{
	if (!valid_signal(sig))
		return -EINVAL;
	if (info == SEND_SIG_PRIV || (!is_si_special(info) && info->si_code > 0))
		return 0;
	if (same_thread_group(current, t) || kill_ok_by_cred(t))
		return 0;
	/* A shell may continue what belongs to its session. */
	if (sig == SIGCONT && task_session(t) == task_session(current))
		return 0;
	return -EPERM;
}

/* With the permission checked; signal 0 only checks. tasklist_lock is held. */
int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, enum pid_type type)
{
	int ret = check_kill_permission(sig, info, p);

	return ret || !sig ? ret : do_send_sig_info(sig, info, p, type);
}

/* The whole group; 0 when one member could be told. tasklist_lock is held. */
int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pgrp)
{
	struct task_struct *p;
	bool success = false;
	int retval = -ESRCH;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		int err = group_send_sig_info(sig, info, p, PIDTYPE_PGID);

		success |= !err;
		retval = err;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return success ? 0 : retval;
}

/* priv: sent by the kernel, not by current. Any context. */
static struct kernel_siginfo *si_by(int priv)
{
	return priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO;
}

int kill_pgrp(struct pid *pid, int sig, int priv)
{
	int ret;

	read_lock(&tasklist_lock);
	ret = __kill_pgrp_info(sig, si_by(priv), pid);
	read_unlock(&tasklist_lock);
	return ret;
}

int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid)
{
	struct task_struct *p;
	int ret = -ESRCH;

	read_lock(&tasklist_lock);
	p = pid_task(pid, PIDTYPE_PID);
	if (p)
		ret = group_send_sig_info(sig, info, p, PIDTYPE_TGID);
	read_unlock(&tasklist_lock);
	return ret;
}

int kill_pid(struct pid *pid, int sig, int priv)
{
	return kill_pid_info(sig, si_by(priv), pid);
}

/* To one task, no questions asked. tasklist_lock is not held by the caller for writing. */
int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p)
{
	int ret;

	if (!valid_signal(sig))
		return -EINVAL;
	read_lock(&tasklist_lock);
	ret = do_send_sig_info(sig, info, p, PIDTYPE_PID);
	read_unlock(&tasklist_lock);
	return ret;
}

int send_sig(int sig, struct task_struct *p, int priv)
{
	return send_sig_info(sig, si_by(priv), p);
}

/* ------------------------------------------------------------------ what cannot be refused */

/*
 * A signal that current brought about itself, by a fault: blocking or ignoring it would only repeat
 * the fault, so it gets the default action then, and init too dies of it.
 */
static int force_sig_info_to_task(struct kernel_siginfo *info, bool handler_exit)
{
	struct task_struct *t = current;
	int sig = info->si_signo, ret;
	struct k_sigaction *action = &t->sighand->action[sig - 1];
	unsigned long flags;
	bool blocked;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	blocked = sigismember(&t->blocked, sig);
	if (blocked || action->sa.sa_handler == SIG_IGN || handler_exit) {
		action->sa.sa_handler = SIG_DFL;
		if (blocked)
			sigdelset(&t->blocked, sig);
	}
	if (action->sa.sa_handler == SIG_DFL)
		t->signal->flags &= ~SIGNAL_UNKILLABLE;
	ret = send_signal_locked(sig, info, t, PIDTYPE_PID);
	/* It may have been pending, blocked, before: nobody was told. */
	if (recalc_sigpending_tsk(t))
		signal_wake_up(t, false);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
	return ret;
}

int force_sig_info(struct kernel_siginfo *info)
{
	return force_sig_info_to_task(info, false);
}

static void force_sig_how(int sig, bool handler_exit)
{
	kernel_siginfo_t info;

	clear_siginfo(&info);
	info.si_signo = sig;
	info.si_code = SI_KERNEL;
	force_sig_info_to_task(&info, handler_exit);
}

void force_sig(int sig)
{
	force_sig_how(sig, false);
}

/* The default action, even when there is a handler. */
void force_fatal_sig(int sig)
{
	force_sig_how(sig, true);
}

/* The frame for signal sig could not be set up. If that was SIGSEGV, its handler cannot be run either. */
void force_sigsegv(int sig)
{
	if (sig == SIGSEGV)
		force_fatal_sig(SIGSEGV);
	else
		force_sig(SIGSEGV);
}

int force_sig_fault(int sig, int code, void __user *addr)
{
	kernel_siginfo_t info;

	clear_siginfo(&info);
	info.si_signo = sig;
	info.si_code = code;
	info.si_addr = addr;
	return force_sig_info(&info);
}

/* ------------------------------------------------------------------ for reports */

/* Would sig, sent to tsk, kill it? */
bool unhandled_signal(struct task_struct *tsk, int sig)
{
	__sighandler_t handler = sig_handler(tsk, sig);

	return is_global_init(tsk) || handler == SIG_DFL || handler == SIG_IGN;
}

/* A line in the log for a program that dies of a fault, but not a thousand. */
bool show_unhandled_signals_ratelimited(void)
{
	static struct ratelimit_state rs;

	return ___ratelimit(&rs, __func__);
}

void __init signals_init(void)
{
	sigqueue_cachep = KMEM_CACHE(sigqueue, SLAB_PANIC);
}
