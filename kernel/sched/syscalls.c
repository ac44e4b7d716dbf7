// SPDX-License-Identifier: MIT
/*
 * The system calls of the scheduler: sched_setscheduler(2) and its family, by Linux's rules.
 *
 * All but the getters end in setscheduler_checked(), which asks whether the caller may, and
 * __sched_setscheduler() (prio.c), which does it.
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

#define SETPARAM_POLICY		(-1)	/* keep the policy */
#define SCHED_FLAG_KNOWN	(SCHED_FLAG_RESET_ON_FORK | SCHED_FLAG_KEEP_POLICY | \
				 SCHED_FLAG_KEEP_PARAMS)

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

/* What an unprivileged task may do to its own: become less important, or as much as its limits allow. */
static bool may_setscheduler(struct task_struct *p, int policy, const struct sched_attr *attr)
{
	if (capable(CAP_SYS_NICE))
		return true;
	if (!check_same_owner(p))
		return false;
	if (fair_policy(policy) && attr->sched_nice < task_nice(p) &&
	    !can_nice(p, attr->sched_nice))
		return false;
	if (rt_policy(policy)) {
		unsigned long limit = task_rlimit(p, RLIMIT_RTPRIO);

		if (policy != (int)p->policy && !limit)
			return false;
		if (attr->sched_priority > p->rt_priority && attr->sched_priority > limit)
			return false;
	}
	/* Out of SCHED_IDLE only if it could have taken its nice value now. */
	if (task_has_idle_policy(p) && !idle_policy(policy) && !can_nice(p, task_nice(p)))
		return false;
	if (p->sched_reset_on_fork && !(attr->sched_flags & SCHED_FLAG_RESET_ON_FORK))
		return false;
	return true;
}

/*
 * EINVAL: a policy that there is not, a priority out of its range. EPERM: not allowed. A task that
 * changes its policy meanwhile is judged by what it was: both outcomes were possible.
 */
static int setscheduler_checked(struct task_struct *p, struct sched_attr *attr, int policy)
{
	bool reset_on_fork = attr->sched_flags & SCHED_FLAG_RESET_ON_FORK;

	if (policy < 0) {
		reset_on_fork = p->sched_reset_on_fork;
		if (reset_on_fork)
			attr->sched_flags |= SCHED_FLAG_RESET_ON_FORK;
		policy = p->policy;
	} else if (!valid_policy(policy)) {
		return -EINVAL;
	}
	if (attr->sched_priority > MAX_RT_PRIO - 1 || rt_policy(policy) != !!attr->sched_priority)
		return -EINVAL;
	if (!may_setscheduler(p, policy, attr))
		return -EPERM;
	/* SCHED_IDLE has one weight: nice is kept for later. */
	__sched_setscheduler(p, policy, attr->sched_priority,
			     fair_policy(policy) ? attr->sched_nice : task_nice(p), reset_on_fork);
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
	attr.sched_priority = lparam.sched_priority;	/* a negative one is out of range, too */
	attr.sched_nice = task_nice(p);
	ret = setscheduler_checked(p, &attr, policy);
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

SYSCALL_DEFINE3(sched_setattr, pid_t, pid, struct sched_attr __user *, uattr, unsigned int, flags)
{
	struct sched_attr attr;
	struct task_struct *p;
	int ret, policy;

	if (!uattr || pid < 0 || flags)
		return -EINVAL;
	ret = sched_copy_attr(uattr, &attr);
	if (ret)
		return ret;
	if ((int)attr.sched_policy < 0 || (attr.sched_flags & ~(u64)SCHED_FLAG_KNOWN))
		return -EINVAL;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	policy = attr.sched_policy;
	if (attr.sched_flags & SCHED_FLAG_KEEP_POLICY)
		policy = p->policy;
	if (attr.sched_flags & SCHED_FLAG_KEEP_PARAMS) {
		attr.sched_priority = p->rt_priority;
		attr.sched_nice = task_nice(p);
	}
	ret = setscheduler_checked(p, &attr, policy);
	put_task_struct(p);
	return ret;
}

SYSCALL_DEFINE4(sched_getattr, pid_t, pid, struct sched_attr __user *, uattr, unsigned int, usize,
		unsigned int, flags)
{
	struct sched_attr kattr = { };
	struct task_struct *p;

	if (!uattr || pid < 0 || usize > PAGE_SIZE || usize < SCHED_ATTR_SIZE_VER0 || flags)
		return -EINVAL;
	p = get_sched_task(pid);
	if (!p)
		return -ESRCH;
	kattr.sched_policy = p->policy;
	if (p->sched_reset_on_fork)
		kattr.sched_flags |= SCHED_FLAG_RESET_ON_FORK;
	if (task_has_rt_policy(p))
		kattr.sched_priority = p->rt_priority;
	else
		kattr.sched_nice = task_nice(p);
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
		ret = set_cpus_allowed_ptr(p, &mask);
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
	return valid_policy(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSCALL_DEFINE1(sched_get_priority_min, int, policy)
{
	if (rt_policy(policy))
		return 1;
	return valid_policy(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
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
