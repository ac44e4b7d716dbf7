// SPDX-License-Identifier: MIT
/*
 * The system calls about signals: sending (kill and its kin), masks, actions, waiting for signals,
 * the alternate stack. The work is done in signal.c and signal_deliver.c; here arguments are checked.
 *
 * Locking: siglock around what belongs to the calling process; tasklist_lock while another is sought.
 */
#include <linux/cred.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/ptrace.h>
#include <linux/restart_block.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include "signal_internal.h"

/* What a program may ask for; other bits of sa_flags read back as 0, so it can find out. */
#define UAPI_SA_FLAGS	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_RESTORER | SA_ONSTACK |	\
			 SA_RESTART | SA_NODEFER | SA_RESETHAND)

/* ------------------------------------------------------------------ siginfo across the border */

/** siginfo_layout - which part of the union counts, by what sent the signal */
enum siginfo_layout siginfo_layout(unsigned int sig, int si_code)
{
	if (si_code == SI_TIMER)
		return SIL_TIMER;
	if (si_code == SI_SIGIO)
		return SIL_POLL;
	if (si_code == SI_USER || si_code == SI_TKILL || si_code == SI_KERNEL)
		return SIL_KILL;
	if (si_code < 0)
		return SIL_RT;
	switch (sig) {
	case SIGILL:
	case SIGFPE:
	case SIGSEGV:
	case SIGBUS:
	case SIGTRAP:
		return SIL_FAULT;
	case SIGCHLD:
		return SIL_CHLD;
	case SIGIO:
		return SIL_POLL;
	case SIGSYS:
		return SIL_SYS;
	default:
		return SIL_KILL;
	}
}

/* Programs see 128 bytes; those behind ours are zero. 0 or -EFAULT. */
int copy_siginfo_to_user(struct siginfo __user *to, const kernel_siginfo_t *from)
{
	char __user *rest = (char __user *)to + sizeof(*from);

	static_assert(sizeof(struct siginfo) == SI_MAX_SIZE);
	static_assert(offsetof(struct siginfo, _sifields) == offsetof(kernel_siginfo_t, _sifields));
	if (copy_to_user(to, from, sizeof(*from)) ||
	    clear_user(rest, SI_MAX_SIZE - sizeof(*from)))
		return -EFAULT;
	return 0;
}

/* What lies behind our fields has no meaning for any si_code we know, and is not carried. */
int copy_siginfo_from_user(kernel_siginfo_t *to, const struct siginfo __user *from)
{
	return copy_from_user(to, from, sizeof(*to)) ? -EFAULT : 0;
}

/* ------------------------------------------------------------------ sending */

/* As by kill(2). */
void prepare_kill_siginfo(int sig, kernel_siginfo_t *info)
{
	clear_siginfo(info);
	info->si_signo = sig;
	info->si_code = SI_USER;
	info->si_pid = task_tgid_vnr(current);
	info->si_uid = from_kuid_munged(current_user_ns(), current_uid());
}

/* All but init and ourselves. tasklist_lock is held. */
static int kill_everybody(int sig, kernel_siginfo_t *info)
{
	struct task_struct *p;
	int retval = 0, count = 0;

	for_each_process(p) {
		int err;

		if (task_pid_vnr(p) <= 1 || same_thread_group(p, current))
			continue;
		err = group_send_sig_info(sig, info, p, PIDTYPE_MAX);
		count++;
		if (err != -EPERM)
			retval = err;
	}
	return count ? retval : -ESRCH;
}

SYSCALL_DEFINE2(kill, pid_t, pid, int, sig)
{
	kernel_siginfo_t info;
	struct task_struct *p;
	int ret = -ESRCH;

	prepare_kill_siginfo(sig, &info);
	if (pid == INT_MIN)		/* its negative is no number */
		return -ESRCH;
	read_lock(&tasklist_lock);
	if (pid > 0) {
		p = find_task_by_vpid(pid);
		if (p)
			ret = group_send_sig_info(sig, &info, p, PIDTYPE_TGID);
	} else if (pid == -1) {
		ret = kill_everybody(sig, &info);
	} else {
		ret = __kill_pgrp_info(sig, &info, pid ? find_vpid(-pid) : task_pgrp(current));
	}
	read_unlock(&tasklist_lock);
	return ret;
}

/* To one thread; tgid 0: of any process. */
static int do_send_specific(pid_t tgid, pid_t pid, int sig, kernel_siginfo_t *info)
{
	struct task_struct *p;
	int error = -ESRCH;

	read_lock(&tasklist_lock);
	p = find_task_by_vpid(pid);
	if (p && (tgid <= 0 || task_tgid_vnr(p) == tgid)) {
		error = check_kill_permission(sig, info, p);
		if (!error && sig)
			error = do_send_sig_info(sig, info, p, PIDTYPE_PID);
	}
	read_unlock(&tasklist_lock);
	return error;
}

static int do_tkill(pid_t tgid, pid_t pid, int sig)
{
	kernel_siginfo_t info;

	prepare_kill_siginfo(sig, &info);
	info.si_code = SI_TKILL;
	return do_send_specific(tgid, pid, sig, &info);
}

SYSCALL_DEFINE3(tgkill, pid_t, tgid, pid_t, pid, int, sig)
{
	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	return do_tkill(tgid, pid, sig);
}

SYSCALL_DEFINE2(tkill, pid_t, pid, int, sig)
{
	return pid > 0 ? do_tkill(0, pid, sig) : -EINVAL;
}

/* The siginfo of a program that queues a signal for @pid. 0, -EFAULT or -EPERM. */
static int copy_queued_siginfo(pid_t pid, int sig, kernel_siginfo_t *info, struct siginfo __user *uinfo)
{
	int ret = copy_siginfo_from_user(info, uinfo);

	if (ret)
		return ret;
	/* Nobody may pretend to another process to be the kernel, or kill(). */
	if ((info->si_code >= 0 || info->si_code == SI_TKILL) && task_pid_vnr(current) != pid)
		return -EPERM;
	info->si_signo = sig;
	return 0;
}

SYSCALL_DEFINE4(rt_tgsigqueueinfo, pid_t, tgid, pid_t, pid, int, sig, struct siginfo __user *, uinfo)
{
	kernel_siginfo_t info;
	int ret;

	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	ret = copy_queued_siginfo(pid, sig, &info, uinfo);
	return ret ? ret : do_send_specific(tgid, pid, sig, &info);
}

SYSCALL_DEFINE3(rt_sigqueueinfo, pid_t, pid, int, sig, struct siginfo __user *, uinfo)
{
	kernel_siginfo_t info;
	struct task_struct *p;
	int ret = copy_queued_siginfo(pid, sig, &info, uinfo);

	if (ret)
		return ret;
	ret = -ESRCH;
	read_lock(&tasklist_lock);
	p = find_task_by_vpid(pid);
	if (p)
		ret = group_send_sig_info(sig, &info, p, PIDTYPE_TGID);
	read_unlock(&tasklist_lock);
	return ret;
}

/* ------------------------------------------------------------------ masks */

SYSCALL_DEFINE4(rt_sigprocmask, int, how, sigset_t __user *, nset, sigset_t __user *, oset,
		size_t, sigsetsize)
{
	sigset_t old = current->blocked, new;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (nset) {
		if (copy_from_user(&new, nset, sizeof(new)))
			return -EFAULT;
		if (how == SIG_BLOCK)
			sigorsets(&new, &old, &new);
		else if (how == SIG_UNBLOCK)
			sigandnsets(&new, &old, &new);
		else if (how != SIG_SETMASK)
			return -EINVAL;
		set_current_blocked(&new);
	}
	if (oset && copy_to_user(oset, &old, sizeof(old)))
		return -EFAULT;
	return 0;
}

/* Pending, and blocked: those that are not blocked are on their way. */
SYSCALL_DEFINE2(rt_sigpending, sigset_t __user *, uset, size_t, sigsetsize)
{
	sigset_t set;

	if (sigsetsize > sizeof(set))
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	sigorsets(&set, &current->pending.signal, &current->signal->shared_pending.signal);
	spin_unlock_irq(&current->sighand->siglock);
	sigandsets(&set, &set, &current->blocked);
	return copy_to_user(uset, &set, sigsetsize) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(rt_sigsuspend, sigset_t __user *, unewset, size_t, sigsetsize)
{
	sigset_t newset;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&newset, unewset, sizeof(newset)))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_current_blocked(&newset);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (signal_pending(current))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	set_thread_flag(TIF_RESTORE_SIGMASK);
	return -ERESTARTNOHAND;
}

/* ------------------------------------------------------------------ waiting for a signal */

/* Sleep until one of the signals in *mask's complement may be there. 0: time ran out. */
static int sigtimedwait_sleep(const sigset_t *others, ktime_t *to)
{
	struct task_struct *tsk = current;
	int ret;

	/*
	 * Unblock them, so that they wake us; real_blocked says that they are not for a handler, nor
	 * for the default action.
	 */
	tsk->real_blocked = tsk->blocked;
	sigandsets(&tsk->blocked, &tsk->blocked, others);
	recalc_sigpending();
	spin_unlock_irq(&tsk->sighand->siglock);

	set_current_state(TASK_INTERRUPTIBLE);
	ret = schedule_hrtimeout_range(to, tsk->timer_slack_ns, HRTIMER_MODE_REL);

	spin_lock_irq(&tsk->sighand->siglock);
	__set_task_blocked(tsk, &tsk->real_blocked);
	sigemptyset(&tsk->real_blocked);
	return ret;
}

/* ts NULL: wait for ever. The signal's number, -EAGAIN (time ran out) or -EINTR (another came). */
static int do_sigtimedwait(const sigset_t *which, kernel_siginfo_t *info, const struct timespec64 *ts)
{
	sigset_t others;
	ktime_t timeout, *to = NULL;
	int sig, ret = 0;

	if (ts) {
		if (!timespec64_valid(ts))
			return -EINVAL;
		timeout = timespec64_to_ns(ts);
		to = &timeout;
	}
	sigandnsets(&others, &(sigset_t){ { ~0UL } }, which);
	sigaddsetmask(&others, SIG_KERNEL_ONLY_MASK);

	spin_lock_irq(&current->sighand->siglock);
	sig = dequeue_signal(current, &others, info);
	if (!sig && (!to || timeout)) {
		ret = sigtimedwait_sleep(&others, to);
		sig = dequeue_signal(current, &others, info);
	}
	spin_unlock_irq(&current->sighand->siglock);
	if (sig)
		return sig;
	return ret ? -EINTR : -EAGAIN;
}

SYSCALL_DEFINE4(rt_sigtimedwait, const sigset_t __user *, uthese, struct siginfo __user *, uinfo,
		const struct __kernel_timespec __user *, uts, size_t, sigsetsize)
{
	struct __kernel_timespec kts;
	struct timespec64 ts;
	kernel_siginfo_t info;
	sigset_t these;
	int ret;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&these, uthese, sizeof(these)))
		return -EFAULT;
	if (uts) {
		if (copy_from_user(&kts, uts, sizeof(kts)))
			return -EFAULT;
		ts.tv_sec = kts.tv_sec;
		ts.tv_nsec = kts.tv_nsec;
	}
	ret = do_sigtimedwait(&these, &info, uts ? &ts : NULL);
	if (ret > 0 && uinfo && copy_siginfo_to_user(uinfo, &info))
		ret = -EFAULT;
	return ret;
}

/* ------------------------------------------------------------------ actions */

/* An action of ignoring discards what pends, blocked or not (POSIX). siglock is held. */
static void discard_pending(int sig)
{
	struct task_struct *t;
	sigset_t mask;

	siginitset(&mask, sigmask(sig));
	flush_sigqueue_mask(&mask, &current->signal->shared_pending);
	for_each_thread(current, t)
		flush_sigqueue_mask(&mask, &t->pending);
}

SYSCALL_DEFINE4(rt_sigaction, int, sig, const struct sigaction __user *, act,
		struct sigaction __user *, oact, size_t, sigsetsize)
{
	struct k_sigaction new, old, *k;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (act && copy_from_user(&new.sa, act, sizeof(new.sa)))
		return -EFAULT;
	if (sig < 1 || !valid_signal(sig) || (act && sig_kernel_only(sig)))
		return -EINVAL;
	k = &current->sighand->action[sig - 1];
	spin_lock_irq(&current->sighand->siglock);
	old = *k;
	if (act) {
		new.sa.sa_flags &= UAPI_SA_FLAGS;
		sigdelsetmask(&new.sa.sa_mask, SIG_KERNEL_ONLY_MASK);
		*k = new;
		if (sig_handler_ignored(new.sa.sa_handler, sig))
			discard_pending(sig);
	}
	spin_unlock_irq(&current->sighand->siglock);
	return oact && copy_to_user(oact, &old.sa, sizeof(old.sa)) ? -EFAULT : 0;
}

/* ------------------------------------------------------------------ the alternate stack */

/* With AUTODISARM the setting is gone while a handler runs on it, so sp says nothing. */
static bool on_sig_stack(unsigned long sp)
{
	if (current->sas_ss_flags & SS_AUTODISARM)
		return false;
	return sp > current->sas_ss_sp && sp - current->sas_ss_sp <= current->sas_ss_size;
}

static int sas_ss_flags(unsigned long sp)
{
	if (!current->sas_ss_size)
		return SS_DISABLE;
	return on_sig_stack(sp) ? SS_ONSTACK : 0;
}

/* Where the frame of a handler goes: below sp, or on the alternate stack when that is asked for. */
unsigned long sigsp(unsigned long sp, struct ksignal *ksig)
{
	if ((ksig->ka.sa.sa_flags & SA_ONSTACK) && !sas_ss_flags(sp))
		return current->sas_ss_sp + current->sas_ss_size;
	return sp;
}

static void get_altstack(stack_t *st, unsigned long sp)
{
	memset(st, 0, sizeof(*st));	/* it goes to the program, its padding too */
	st->ss_sp = (void __user *)current->sas_ss_sp;
	st->ss_size = current->sas_ss_size;
	st->ss_flags = sas_ss_flags(sp) | (current->sas_ss_flags & SS_AUTODISARM);
}

static int set_altstack(const stack_t *st, unsigned long sp)
{
	unsigned int mode = st->ss_flags & ~SS_AUTODISARM;
	bool off = mode == SS_DISABLE;

	if (on_sig_stack(sp))
		return -EPERM;		/* we stand on it */
	if (mode && mode != SS_DISABLE && mode != SS_ONSTACK)
		return -EINVAL;
	if (!off && st->ss_size < MINSIGSTKSZ)
		return -ENOMEM;
	current->sas_ss_sp = off ? 0 : (unsigned long)st->ss_sp;
	current->sas_ss_size = off ? 0 : st->ss_size;
	current->sas_ss_flags = st->ss_flags;
	return 0;
}

SYSCALL_DEFINE2(sigaltstack, const stack_t __user *, uss, stack_t __user *, uoss)
{
	unsigned long sp = task_pt_regs(current)->sp;
	stack_t new, old;
	int err;

	if (uss && copy_from_user(&new, uss, sizeof(new)))
		return -EFAULT;
	get_altstack(&old, sp);
	if (uss) {
		err = set_altstack(&new, sp);
		if (err)
			return err;
	}
	return uoss && copy_to_user(uoss, &old, sizeof(old)) ? -EFAULT : 0;
}

/* sigreturn: as the frame has it. A setting that cannot be is ignored: the handler may have left it. */
int restore_altstack(const stack_t __user *uss)
{
	stack_t new;

	if (copy_from_user(&new, uss, sizeof(new)))
		return -EFAULT;
	set_altstack(&new, task_pt_regs(current)->sp);
	return 0;
}

/* For the frame of a handler that interrupts what runs with this sp. */
int __save_altstack(stack_t __user *uss, unsigned long sp)
{
	stack_t st;

	get_altstack(&st, sp);
	return copy_to_user(uss, &st, sizeof(st)) ? -EFAULT : 0;
}

/* ------------------------------------------------------------------ restarting */

SYSCALL_DEFINE0(restart_syscall)
{
	struct restart_block *restart = &current->restart_block;

	return restart->fn(restart);
}

/* There is nothing to take up: the program called restart_syscall() itself. */
long do_no_restart_syscall(struct restart_block *param)
{
	return -EINTR;
}
