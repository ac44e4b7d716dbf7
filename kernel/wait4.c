// SPDX-License-Identifier: MIT
/*
 * Waiting for children: wait4(2), waitid(2), and kernel_wait() for the kernel's own.
 *
 * A caller puts itself on signal->wait_chldexit first and looks at its children then. kernel/exit.c and
 * kernel/signal.c wake that queue with tasklist_lock held, and tasklist_lock is held for the look, so
 * that a parent that found nothing cannot miss the news.
 */
#include <linux/cred.h>
#include <linux/fcntl.h>
#include <linux/kernel.h>
#include <linux/pidfd.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <uapi/linux/wait.h>

struct waitid_info {
	pid_t pid;
	uid_t uid;
	int status, cause;
};

struct wait_opts {
	enum pid_type	wo_type;	/* PIDTYPE_MAX: any child */
	int		wo_flags;
	struct pid	*wo_pid;
	struct waitid_info *wo_info;
	int		wo_stat;	/* as wait4() gives it */
	struct rusage	*wo_rusage;
	wait_queue_entry_t child_wait;
	int		notask_error;	/* -ECHILD until a child is seen that may yet fit */
};

static bool eligible_pid(struct wait_opts *wo, struct task_struct *p)
{
	if (wo->wo_type == PIDTYPE_MAX)
		return true;
	if (wo->wo_type == PIDTYPE_PGID)
		return task_pgrp(p) == wo->wo_pid;
	return task_pid(p) == wo->wo_pid;
}

static bool eligible_child(struct wait_opts *wo, struct task_struct *p)
{
	if (!eligible_pid(wo, p))
		return false;
	if (wo->wo_flags & __WALL)
		return true;
	/* "Clone" children are those that tell of their end by another signal than SIGCHLD. */
	return (p->exit_signal != SIGCHLD) == !!(wo->wo_flags & __WCLONE);
}

/* The child's figures become ours. siglock of the parent is taken. */
static void account_child(struct task_struct *p)
{
	struct signal_struct *psig = current->signal, *sig = p->signal;
	u64 utime, stime;

	thread_group_cputime_adjusted(p, &utime, &stime);
	spin_lock_irq(&current->sighand->siglock);
	psig->cutime += utime + sig->cutime;
	psig->cstime += stime + sig->cstime;
	psig->cmin_flt += p->min_flt + sig->min_flt + sig->cmin_flt;
	psig->cmaj_flt += p->maj_flt + sig->maj_flt + sig->cmaj_flt;
	psig->cnvcsw += p->nvcsw + sig->nvcsw + sig->cnvcsw;
	psig->cnivcsw += p->nivcsw + sig->nivcsw + sig->cnivcsw;
	psig->cmaxrss = max(psig->cmaxrss, max(sig->maxrss, sig->cmaxrss));
	spin_unlock_irq(&current->sighand->siglock);
}

static void set_waitid_info(struct wait_opts *wo, struct task_struct *p, int cause, int status)
{
	struct waitid_info *info = wo->wo_info;

	if (!info)
		return;
	info->cause = cause;
	info->pid = task_pid_vnr(p);
	info->uid = from_kuid_munged(current_user_ns(), task_uid(p));
	info->status = status;
}

/* tasklist_lock is held for reading; dropped when the child is taken. Returns its pid or 0. */
static int wait_task_zombie(struct wait_opts *wo, struct task_struct *p)
{
	pid_t pid = task_pid_vnr(p);
	int status = p->signal->flags & SIGNAL_GROUP_EXIT ? p->signal->group_exit_code : p->exit_code;

	if (!(wo->wo_flags & WEXITED))
		return 0;
	if (wo->wo_flags & WNOWAIT) {
		get_task_struct(p);
		read_unlock(&tasklist_lock);
	} else {
		/* Only one waiter may have it. */
		if (cmpxchg(&p->exit_state, EXIT_ZOMBIE, EXIT_DEAD) != EXIT_ZOMBIE)
			return 0;
		read_unlock(&tasklist_lock);
		account_child(p);
	}
	if (wo->wo_rusage)
		getrusage(p, RUSAGE_BOTH, wo->wo_rusage);
	wo->wo_stat = status;
	if ((status & 0x7f) == 0)
		set_waitid_info(wo, p, CLD_EXITED, status >> 8);
	else
		set_waitid_info(wo, p, status & 0x80 ? CLD_DUMPED : CLD_KILLED, status & 0x7f);
	if (wo->wo_flags & WNOWAIT)
		put_task_struct(p);
	else
		release_task(p);
	return pid;
}

/* The same for a child that was stopped, or continued. */
static int wait_task_stopped(struct wait_opts *wo, struct task_struct *p)
{
	pid_t pid = task_pid_vnr(p);
	int code;

	if (!(wo->wo_flags & WUNTRACED) || !(p->signal->flags & SIGNAL_STOP_STOPPED))
		return 0;
	spin_lock_irq(&p->sighand->siglock);
	code = p->signal->flags & SIGNAL_STOP_STOPPED ? p->signal->group_exit_code : 0;
	if (code && !(wo->wo_flags & WNOWAIT))
		p->signal->group_exit_code = 0;		/* told once */
	spin_unlock_irq(&p->sighand->siglock);
	if (!code)
		return 0;
	get_task_struct(p);
	read_unlock(&tasklist_lock);
	if (wo->wo_rusage)
		getrusage(p, RUSAGE_BOTH, wo->wo_rusage);
	wo->wo_stat = (code << 8) | 0x7f;
	set_waitid_info(wo, p, CLD_STOPPED, code);
	put_task_struct(p);
	return pid;
}

static int wait_task_continued(struct wait_opts *wo, struct task_struct *p)
{
	pid_t pid = task_pid_vnr(p);

	if (!(wo->wo_flags & WCONTINUED) || !(p->signal->flags & SIGNAL_STOP_CONTINUED))
		return 0;
	spin_lock_irq(&p->sighand->siglock);
	if (!(p->signal->flags & SIGNAL_STOP_CONTINUED)) {
		spin_unlock_irq(&p->sighand->siglock);
		return 0;
	}
	if (!(wo->wo_flags & WNOWAIT))
		p->signal->flags &= ~SIGNAL_STOP_CONTINUED;
	spin_unlock_irq(&p->sighand->siglock);
	get_task_struct(p);
	read_unlock(&tasklist_lock);
	if (wo->wo_rusage)
		getrusage(p, RUSAGE_BOTH, wo->wo_rusage);
	wo->wo_stat = 0xffff;
	set_waitid_info(wo, p, CLD_CONTINUED, SIGCONT);
	put_task_struct(p);
	return pid;
}

/* One child. Returns its pid with tasklist_lock dropped, or 0 with it held. */
static int wait_consider_task(struct wait_opts *wo, struct task_struct *p)
{
	int exit_state = READ_ONCE(p->exit_state), ret;

	if (exit_state == EXIT_DEAD || !eligible_child(wo, p))
		return 0;
	/* A leader that is gone but whose threads go on is no zombie yet. */
	if (exit_state == EXIT_ZOMBIE && thread_group_empty(p)) {
		ret = wait_task_zombie(wo, p);
		if (ret)
			return ret;
		if (wo->wo_flags & WEXITED)
			return 0;	/* another waiter was faster */
	}
	wo->notask_error = 0;
	ret = wait_task_stopped(wo, p);
	return ret ? ret : wait_task_continued(wo, p);
}

/* Our own children, then those of the other threads. */
static int do_wait_children(struct wait_opts *wo)
{
	struct task_struct *tsk = current, *p;
	int ret;

	do {
		list_for_each_entry(p, &tsk->children, sibling) {
			ret = wait_consider_task(wo, p);
			if (ret)
				return ret;
		}
		tsk = next_thread(tsk);
	} while (tsk != current && !(wo->wo_flags & __WNOTHREAD));
	return 0;
}

/*
 * Sleep until a child fits. We are on the queue before we look, and the child wakes the queue after
 * it has changed: whichever comes first, it is seen.
 */
static long do_wait(struct wait_opts *wo)
{
	long ret;

	init_waitqueue_entry(&wo->child_wait, current);
	add_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	for (;;) {
		wo->notask_error = -ECHILD;
		set_current_state(TASK_INTERRUPTIBLE);
		read_lock(&tasklist_lock);
		ret = do_wait_children(wo);
		if (ret)
			break;
		read_unlock(&tasklist_lock);
		ret = wo->notask_error;
		if (ret || (wo->wo_flags & WNOHANG))
			break;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	return ret;
}

/* Whom wait4()'s first argument means. Takes a reference in wo->wo_pid. */
static int wait4_who(struct wait_opts *wo, pid_t upid)
{
	wo->wo_type = PIDTYPE_PID;
	if (upid == INT_MIN)
		return -ESRCH;
	if (upid == -1) {
		wo->wo_type = PIDTYPE_MAX;
	} else if (upid < 0) {
		wo->wo_type = PIDTYPE_PGID;
		wo->wo_pid = find_get_pid(-upid);
	} else if (upid == 0) {
		wo->wo_type = PIDTYPE_PGID;
		wo->wo_pid = get_task_pid(current, PIDTYPE_PGID);
	} else {
		wo->wo_pid = find_get_pid(upid);
	}
	return 0;
}

/* Returns the child's pid, 0 (WNOHANG), -ECHILD, -ERESTARTSYS, -EFAULT (then the child is gone). */
long kernel_wait4(pid_t upid, int __user *stat_addr, int options, struct rusage *ru)
{
	struct wait_opts wo = { .wo_flags = options | WEXITED, .wo_rusage = ru };
	long ret;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	ret = wait4_who(&wo, upid);
	if (ret)
		return ret;
	ret = do_wait(&wo);
	put_pid(wo.wo_pid);
	if (ret > 0 && stat_addr && put_user(wo.wo_stat, stat_addr))
		ret = -EFAULT;
	return ret;
}

/* For the kernel's own children. */
int kernel_wait(pid_t pid, int *stat)
{
	struct wait_opts wo = { .wo_type = PIDTYPE_PID, .wo_pid = find_get_pid(pid), .wo_flags = WEXITED };
	int ret = do_wait(&wo);

	if (ret > 0)
		*stat = wo.wo_stat;
	put_pid(wo.wo_pid);
	return ret;
}

SYSCALL_DEFINE4(wait4, pid_t, upid, int __user *, stat_addr, int, options, struct rusage __user *, ru)
{
	struct rusage r;
	long err = kernel_wait4(upid, stat_addr, options, ru ? &r : NULL);

	if (err > 0 && ru && copy_to_user(ru, &r, sizeof(r)))
		return -EFAULT;
	return err;
}

static long do_waitid(struct wait_opts *wo, int which, pid_t upid)
{
	unsigned int f_flags = 0;
	bool again = false;
	struct pid *pid;
	long ret;

	if (wo->wo_flags & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD |
			     __WCLONE | __WALL))
		return -EINVAL;
	if (!(wo->wo_flags & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	switch (which) {
	case P_ALL:
		wo->wo_type = PIDTYPE_MAX;
		break;
	case P_PID:
		if (upid <= 0)
			return -EINVAL;
		wo->wo_type = PIDTYPE_PID;
		wo->wo_pid = find_get_pid(upid);
		break;
	case P_PGID:
		if (upid < 0)
			return -EINVAL;
		wo->wo_type = PIDTYPE_PGID;
		wo->wo_pid = upid ? find_get_pid(upid) : get_task_pid(current, PIDTYPE_PGID);
		break;
	case P_PIDFD:
		wo->wo_type = PIDTYPE_PID;
		pid = pidfd_get_pid(upid, &f_flags);
		if (IS_ERR(pid))
			return PTR_ERR(pid);
		wo->wo_pid = pid;
		/* One that does not block says EAGAIN where WNOHANG says 0. */
		again = (f_flags & O_NONBLOCK) && !(wo->wo_flags & WNOHANG);
		if (again)
			wo->wo_flags |= WNOHANG;
		break;
	default:
		return -EINVAL;
	}
	ret = do_wait(wo);
	put_pid(wo->wo_pid);
	return !ret && again ? -EAGAIN : ret;
}

SYSCALL_DEFINE5(waitid, int, which, pid_t, upid, struct siginfo __user *, infop, int, options,
		struct rusage __user *, ru)
{
	struct waitid_info info = { };
	struct rusage r;
	struct wait_opts wo = { .wo_flags = options, .wo_info = &info, .wo_rusage = ru ? &r : NULL };
	long err = do_waitid(&wo, which, upid);
	struct siginfo si = { };

	if (err < 0)
		return err;
	if (err > 0 && ru && copy_to_user(ru, &r, sizeof(r)))
		return -EFAULT;
	if (!infop)
		return 0;
	if (err > 0) {
		si.si_signo = SIGCHLD;
		si.si_code = info.cause;
		si.si_pid = info.pid;
		si.si_uid = info.uid;
		si.si_status = info.status;
	}
	return copy_to_user(infop, &si, sizeof(si)) ? -EFAULT : 0;
}
