// SPDX-License-Identifier: MIT
/*
 * The system calls of the scheduler: sched_setscheduler(2) and its family, by Linux's rules.
 *
 * All but the getters end in __sched_setscheduler() (prio.c), which asks user_check_sched_setscheduler()
 * whether the caller may.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/uaccess.h>
#include <uapi/linux/sched/types.h>
#include "sched.h"

/* The task with this pid, 0 for the caller, with a reference; NULL when there is none. */
static struct task_struct *get_sched_task(pid_t pid)
{
	return pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
}

/* The same owner: the caller's effective user is the task's real or effective one. */
static bool check_same_owner(struct task_struct *p)
{
	const struct cred *cred = current_cred(), *pcred = get_task_cred(p);
	bool match = uid_eq(cred->euid, pcred->euid) || uid_eq(cred->euid, pcred->uid);

	put_cred(pcred);
	return match;
}

/*
 * What an unprivileged task may do to its own: become less important, or as much as its limits allow;
 * never a deadline task. 0 or -EPERM. A task that changes its policy meanwhile is judged by what it was:
 * both outcomes were possible.
 */
int user_check_sched_setscheduler(struct task_struct *p, const struct sched_attr *attr, int policy,
				  bool reset_on_fork)
{
	if (capable(CAP_SYS_NICE))
		return 0;
	if (!check_same_owner(p) || dl_policy(policy))
		return -EPERM;
	if (fair_policy(policy) && attr->sched_nice < task_nice(p) &&
	    !can_nice(p, attr->sched_nice))
		return -EPERM;
	if (rt_policy(policy)) {
		unsigned long limit = task_rlimit(p, RLIMIT_RTPRIO);

		if (policy != (int)p->policy && !limit)
			return -EPERM;
		if (attr->sched_priority > p->rt_priority && attr->sched_priority > limit)
			return -EPERM;
	}
	/* Out of SCHED_IDLE only if it could have taken its nice value now. */
	if (task_has_idle_policy(p) && !idle_policy(policy) && !can_nice(p, task_nice(p)))
		return -EPERM;
	if (p->sched_reset_on_fork && !reset_on_fork)
		return -EPERM;
	return 0;
}

static int do_sched_setscheduler(pid_t pid, int policy, struct sched_param __user *param)
{
	struct sched_attr attr = { };
	struct sched_param lparam;
	struct task_struct *p;
	int ret;

	if (!param || pid < 0)
		return -EINVAL;
	if (copy_from_user(&lparam, param, sizeof(lparam)))
		return -EFAULT;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	if (policy != SETPARAM_POLICY && (policy & SCHED_RESET_ON_FORK)) {
		attr.sched_flags |= SCHED_FLAG_RESET_ON_FORK;
		policy &= ~SCHED_RESET_ON_FORK;
	}
	attr.sched_policy = policy;
	attr.sched_priority = lparam.sched_priority;	/* a negative one is out of range, too */
	attr.sched_nice = task_nice(p);
	ret = __sched_setscheduler(p, &attr, true);
	put_task_struct(p);
	return ret;
}

SYSCALL_DEFINE3(sched_setscheduler, pid_t, pid, int, policy, struct sched_param __user *, param)
{
	if (policy < 0)
		return -EINVAL;
	return do_sched_setscheduler(pid, policy, param);
}

SYSCALL_DEFINE2(sched_setparam, pid_t, pid, struct sched_param __user *, param)
{
	return do_sched_setscheduler(pid, SETPARAM_POLICY, param);
}

SYSCALL_DEFINE1(sched_getscheduler, pid_t, pid)
{
	struct task_struct *p;
	int ret;

	if (pid < 0)
		return -EINVAL;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	ret = p->policy | (p->sched_reset_on_fork ? SCHED_RESET_ON_FORK : 0);
	put_task_struct(p);
	return ret;
}

SYSCALL_DEFINE2(sched_getparam, pid_t, pid, struct sched_param __user *, param)
{
	struct sched_param lp = { .sched_priority = 0 };
	struct task_struct *p;

	if (!param || pid < 0)
		return -EINVAL;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	if (task_has_rt_policy(p))
		lp.sched_priority = p->rt_priority;
	put_task_struct(p);
	return copy_to_user(param, &lp, sizeof(lp)) ? -EFAULT : 0;
}

/* A larger structure than ours is fine as long as what we do not know is zero. */
static int sched_copy_attr(struct sched_attr __user *uattr, struct sched_attr *attr)
{
	u32 size;
	int ret;

	if (get_user(size, &uattr->size))
		return -EFAULT;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	if (size < SCHED_ATTR_SIZE_VER0 || size > PAGE_SIZE)
		goto err_size;
	ret = copy_struct_from_user(attr, sizeof(*attr), uattr, size);
	if (ret == -E2BIG)
		goto err_size;
	if (ret)
		return ret;
	attr->sched_nice = clamp(attr->sched_nice, MIN_NICE, MAX_NICE);
	return 0;

err_size:
	put_user((u32)sizeof(*attr), &uattr->size);
	return -E2BIG;
}

/* What sched_attr has of the parameters of @p; the rest stays. */
static void get_params(struct task_struct *p, struct sched_attr *attr)
{
	if (task_has_dl_policy(p))
		__getparam_dl(p, attr);
	else if (task_has_rt_policy(p))
		attr->sched_priority = p->rt_priority;
	else
		attr->sched_nice = task_nice(p);
}

SYSCALL_DEFINE3(sched_setattr, pid_t, pid, struct sched_attr __user *, uattr, unsigned int, flags)
{
	struct sched_attr attr;
	struct task_struct *p;
	int ret;

	if (!uattr || pid < 0 || flags)
		return -EINVAL;
	ret = sched_copy_attr(uattr, &attr);
	if (ret)
		return ret;
	if ((int)attr.sched_policy < 0)
		return -EINVAL;
	if (attr.sched_flags & SCHED_FLAG_KEEP_POLICY)
		attr.sched_policy = SETPARAM_POLICY;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	if (attr.sched_flags & SCHED_FLAG_KEEP_PARAMS)
		get_params(p, &attr);
	ret = __sched_setscheduler(p, &attr, true);
	put_task_struct(p);
	return ret;
}

SYSCALL_DEFINE4(sched_getattr, pid_t, pid, struct sched_attr __user *, uattr, unsigned int, usize,
		unsigned int, flags)
{
	struct sched_attr kattr = { };
	struct task_struct *p;
	struct rq_flags rf;
	struct rq *rq;

	if (!uattr || pid < 0 || usize > PAGE_SIZE || usize < SCHED_ATTR_SIZE_VER0 || flags)
		return -EINVAL;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	rq = task_rq_lock(p, &rf);	/* all of one moment */
	kattr.sched_policy = p->policy;
	if (p->sched_reset_on_fork)
		kattr.sched_flags |= SCHED_FLAG_RESET_ON_FORK;
	get_params(p, &kattr);
	task_rq_unlock(rq, p, &rf);
	put_task_struct(p);
	kattr.size = min_t(unsigned int, usize, sizeof(kattr));
	return copy_to_user(uattr, &kattr, kattr.size) ? -EFAULT : 0;
}

/* ---- CPUs */

SYSCALL_DEFINE3(sched_setaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, user_mask)
{
	struct cpumask mask = { };
	struct task_struct *p;
	int ret;

	if (copy_from_user(&mask, user_mask, min_t(size_t, len, sizeof(mask))))
		return -EFAULT;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	cpumask_and(&mask, &mask, cpu_possible_mask);
	if (!check_same_owner(p) && !capable(CAP_SYS_NICE))
		ret = -EPERM;
	else
		ret = dl_task_check_affinity(p, &mask) ?: set_cpus_allowed_ptr(p, &mask);
	put_task_struct(p);
	return ret;
}

/* Returns the bytes written: as many as the kernel's own set has. */
SYSCALL_DEFINE3(sched_getaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, user_mask)
{
	struct task_struct *p;
	struct cpumask mask;

	if ((len * BITS_PER_BYTE) < nr_cpu_ids || (len & (sizeof(unsigned long) - 1)))
		return -EINVAL;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	cpumask_and(&mask, &p->cpus_mask, cpu_online_mask);
	put_task_struct(p);
	len = min_t(size_t, len, sizeof(mask));
	return copy_to_user(user_mask, &mask, len) ? -EFAULT : (long)len;
}

/* ---- the rest */

SYSCALL_DEFINE0(sched_yield)
{
	yield();
	return 0;
}

SYSCALL_DEFINE1(sched_get_priority_max, int, policy)
{
	if (rt_policy(policy))
		return MAX_RT_PRIO - 1;
	return valid_policy(policy) ? 0 : -EINVAL;
}

SYSCALL_DEFINE1(sched_get_priority_min, int, policy)
{
	if (rt_policy(policy))
		return 1;
	return valid_policy(policy) ? 0 : -EINVAL;
}

SYSCALL_DEFINE2(sched_rr_get_interval, pid_t, pid, struct __kernel_timespec __user *, interval)
{
	struct task_struct *p;
	struct timespec64 t;
	struct rq_flags rf;
	struct rq *rq;

	if (pid < 0)
		return -EINVAL;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	rq = task_rq_lock(p, &rf);
	jiffies_to_timespec64(p->sched_class->get_rr_interval ?
			      p->sched_class->get_rr_interval(rq, p) : 0, &t);
	task_rq_unlock(rq, p, &rf);
	put_task_struct(p);
	return put_timespec64(&t, interval);
}
