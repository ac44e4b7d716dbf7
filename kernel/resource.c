// SPDX-License-Identifier: MIT
/*
 * Limits of a process, and what it has used: getrlimit, getrusage, times.
 *
 * Locking: task_lock() of the group leader guards the limits (single words are read without it);
 * siglock the sums of threads and children that are gone. tasklist_lock keeps a task's sighand.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/posix-timers.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/fs.h>
#include <linux/fdtable.h>
#include <linux/swap.h>
#include <linux/uaccess.h>

/* ------------------------------------------------------------------ limits */

/* Read *old, set *new; either may be NULL. tsk is current, or tasklist_lock keeps it and its leader. */
static int do_prlimit(struct task_struct *tsk, unsigned int resource, const struct rlimit *new,
		      struct rlimit *old)
{
	struct rlimit *rlim;
	int retval = 0;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (new && new->rlim_cur > new->rlim_max)
		return -EINVAL;
	if (new && resource == RLIMIT_NOFILE && new->rlim_max > sysctl_nr_open)
		return -EPERM;
	rlim = &tsk->signal->rlim[resource];
	task_lock(tsk->group_leader);
	if (new && new->rlim_max > rlim->rlim_max && !capable(CAP_SYS_RESOURCE))
		retval = -EPERM;
	if (!retval && old)
		*old = *rlim;
	if (!retval && new)
		*rlim = *new;
	task_unlock(tsk->group_leader);
	if (!retval && new && resource == RLIMIT_RSS) {
		task_lock(tsk);
		if (tsk->mm)
			retval = mm_limit_rss(tsk->mm, new->rlim_cur);
		task_unlock(tsk);
	}
	if (!retval && new && resource == RLIMIT_CPU)
		update_rlimit_cpu(tsk, new->rlim_cur);
	return retval;
}

SYSCALL_DEFINE2(getrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit value;
	int ret = do_prlimit(current, resource, NULL, &value);

	if (ret)
		return ret;
	return copy_to_user(rlim, &value, sizeof(value)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(setrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit new;

	if (copy_from_user(&new, rlim, sizeof(new)))
		return -EFAULT;
	return do_prlimit(current, resource, &new, NULL);
}

/* Another's limits: root's to see and set, or one's own who is the same user in every way. */
static bool may_prlimit(struct task_struct *task)
{
	const struct cred *cred = current_cred(), *tcred;
	bool ok;

	if (task == current)
		return true;
	tcred = get_task_cred(task);
	ok = uid_eq(cred->uid, tcred->euid) && uid_eq(cred->uid, tcred->suid) &&
	     uid_eq(cred->uid, tcred->uid) && gid_eq(cred->gid, tcred->egid) &&
	     gid_eq(cred->gid, tcred->sgid) && gid_eq(cred->gid, tcred->gid);
	put_cred(tcred);
	return ok || capable(CAP_SYS_RESOURCE);
}

SYSCALL_DEFINE4(prlimit64, pid_t, pid, unsigned int, resource, const struct rlimit64 __user *, new_rlim,
		struct rlimit64 __user *, old_rlim)
{
	struct rlimit old, new;
	struct task_struct *tsk;
	int ret;

	static_assert(sizeof(struct rlimit64) == sizeof(struct rlimit));
	if (new_rlim && copy_from_user(&new, new_rlim, sizeof(new)))
		return -EFAULT;
	read_lock(&tasklist_lock);
	tsk = pid ? find_task_by_vpid(pid) : current;
	if (!tsk)
		ret = -ESRCH;
	else if (!may_prlimit(tsk))
		ret = -EPERM;
	else
		ret = do_prlimit(tsk, resource, new_rlim ? &new : NULL, old_rlim ? &old : NULL);
	read_unlock(&tasklist_lock);
	if (!ret && old_rlim && copy_to_user(old_rlim, &old, sizeof(old)))
		return -EFAULT;
	return ret;
}

/* ------------------------------------------------------------------ what was used */

static struct __kernel_old_timeval ns_to_old_timeval(u64 ns)
{
	return (struct __kernel_old_timeval){
		.tv_sec = ns / NSEC_PER_SEC,
		.tv_usec = ns % NSEC_PER_SEC / NSEC_PER_USEC,
	};
}

static void add_task_usage(struct task_struct *t, struct rusage *r)
{
	r->ru_nvcsw += t->nvcsw;
	r->ru_nivcsw += t->nivcsw;
	r->ru_minflt += t->min_flt;
	r->ru_majflt += t->maj_flt;
}

/* The process of p: its threads, and those that are gone. siglock is held. */
static void add_group_usage(struct task_struct *p, struct rusage *r)
{
	struct signal_struct *sig = p->signal;
	struct task_struct *t;

	for_each_thread(p, t)
		add_task_usage(t, r);
	r->ru_nvcsw += sig->nvcsw;
	r->ru_nivcsw += sig->nivcsw;
	r->ru_minflt += sig->min_flt;
	r->ru_majflt += sig->maj_flt;
}

static void add_children_usage(struct signal_struct *sig, struct rusage *r)
{
	r->ru_nvcsw += sig->cnvcsw;
	r->ru_nivcsw += sig->cnivcsw;
	r->ru_minflt += sig->cmin_flt;
	r->ru_majflt += sig->cmaj_flt;
}

/* The largest the address space has been, in pages; a zombie's is in signal->maxrss. */
static unsigned long mm_maxrss(struct task_struct *p)
{
	struct mm_struct *mm = get_task_mm(p);
	unsigned long rss;

	if (!mm)
		return 0;
	rss = max(mm->hiwater_rss, get_mm_rss(mm));
	mmput(mm);
	return rss;
}

/**
 * getrusage - what a process, a thread or a process's dead children used
 * @who: RUSAGE_SELF, _CHILDREN, _BOTH, or _THREAD for p alone
 *
 * The caller holds a reference to p and not tasklist_lock. May sleep.
 */
void getrusage(struct task_struct *p, int who, struct rusage *r)
{
	struct signal_struct *sig = p->signal;
	u64 utime = 0, stime = 0;
	unsigned long maxrss = 0;
	bool self = who == RUSAGE_SELF || who == RUSAGE_BOTH;
	bool children = who == RUSAGE_CHILDREN || who == RUSAGE_BOTH;

	memset(r, 0, sizeof(*r));
	if (who == RUSAGE_THREAD)
		task_cputime_adjusted(p, &utime, &stime);

	read_lock(&tasklist_lock);
	if (p->sighand) {
		if (self)
			thread_group_cputime_adjusted(p, &utime, &stime);
		spin_lock_irq(&p->sighand->siglock);
		if (who == RUSAGE_THREAD)
			add_task_usage(p, r);
		if (self) {
			add_group_usage(p, r);
			maxrss = sig->maxrss;
		}
		if (children) {
			add_children_usage(sig, r);
			utime += sig->cutime;
			stime += sig->cstime;
			maxrss = max(maxrss, sig->cmaxrss);
		}
		spin_unlock_irq(&p->sighand->siglock);
	}
	read_unlock(&tasklist_lock);

	if (who != RUSAGE_CHILDREN)
		maxrss = max(maxrss, mm_maxrss(p));
	r->ru_utime = ns_to_old_timeval(utime);
	r->ru_stime = ns_to_old_timeval(stime);
	r->ru_maxrss = maxrss * (PAGE_SIZE / 1024);
}

SYSCALL_DEFINE2(getrusage, int, who, struct rusage __user *, ru)
{
	struct rusage r;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	getrusage(current, who, &r);
	return copy_to_user(ru, &r, sizeof(r)) ? -EFAULT : 0;
}

struct tms {
	__kernel_clock_t tms_utime, tms_stime, tms_cutime, tms_cstime;	/* 1/USER_HZ s */
};

/* Returns the time since boot, in the same unit. */
SYSCALL_DEFINE1(times, struct tms __user *, tbuf)
{
	struct signal_struct *sig = current->signal;
	u64 utime, stime, cutime, cstime;
	struct tms tms;

	if (tbuf) {
		thread_group_cputime_adjusted(current, &utime, &stime);
		spin_lock_irq(&current->sighand->siglock);
		cutime = sig->cutime;
		cstime = sig->cstime;
		spin_unlock_irq(&current->sighand->siglock);
		tms.tms_utime = nsec_to_clock_t(utime);
		tms.tms_stime = nsec_to_clock_t(stime);
		tms.tms_cutime = nsec_to_clock_t(cutime);
		tms.tms_cstime = nsec_to_clock_t(cstime);
		if (copy_to_user(tbuf, &tms, sizeof(tms)))
			return -EFAULT;
	}
	return nsec_to_clock_t(ktime_get_ns());
}
