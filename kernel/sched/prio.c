// SPDX-License-Identifier: MIT
/*
 * Priorities: what policy, nice value and real-time priority mean to the classes, and how they are
 * changed while the task runs, waits for the CPU or sleeps.
 *
 * Callers: the system calls (syscalls.c), setpriority(2) and nice (kernel/sys.c), kernel threads.
 * A change is made under pi_lock and rq->lock with the task taken off its queue.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/sched/signal.h>
#include "sched.h"

/* The weight of each nice value; 1024 for 0, and a factor of about 1.25 from one to the next. */
static const u32 sched_prio_to_weight[NICE_WIDTH] = {
	/* -20 */ 88761, 71755, 56483, 46273, 36291,
	/* -15 */ 29154, 23254, 18705, 14949, 11916,
	/* -10 */  9548,  7620,  6100,  4904,  3906,
	/*  -5 */  3121,  2501,  1991,  1586,  1277,
	/*   0 */  1024,   820,   655,   526,   423,
	/*   5 */   335,   272,   215,   172,   137,
	/*  10 */   110,    87,    70,    56,    45,
	/*  15 */    36,    29,    23,    18,    15,
};

#define WEIGHT_IDLEPRIO	3
#define WMULT_CONST	(~0U)

/* @update_load: p may be queued in the fair class, whose sums have to follow. */
void set_load_weight(struct task_struct *p, bool update_load)
{
	struct load_weight load;

	if (task_has_idle_policy(p))
		load.weight = WEIGHT_IDLEPRIO;
	else
		load.weight = sched_prio_to_weight[p->static_prio - MAX_RT_PRIO];
	load.inv_weight = WMULT_CONST / load.weight;
	if (update_load && p->sched_class == &fair_sched_class)
		reweight_task(p, &load);
	else
		p->se.load = load;
}

const struct sched_class *sched_class_of(int policy)
{
	if (dl_policy(policy))
		return &dl_sched_class;
	return rt_policy(policy) ? &rt_sched_class : &fair_sched_class;
}

int normal_prio(int policy, unsigned int rt_priority, int nice)
{
	if (dl_policy(policy))
		return MAX_DL_PRIO - 1;
	return rt_policy(policy) ? (int)(MAX_RT_PRIO - 1 - rt_priority) : NICE_TO_PRIO(nice);
}

int task_nice(const struct task_struct *p)
{
	return PRIO_TO_NICE(p->static_prio);
}
EXPORT_SYMBOL(task_nice);

/* As /proc/PID/stat shows it: 0..39 for the fair class, -2..-100 for real time, -101 for deadline. */
int task_prio(const struct task_struct *p)
{
	return p->prio - MAX_RT_PRIO;
}

/* May current give @p this nice value? Raising it is free, lowering it is limited. */
int can_nice(const struct task_struct *p, int nice)
{
	return nice >= task_nice(p) ||
	       nice_to_rlimit(nice) <= (long)task_rlimit(p, RLIMIT_NICE) || capable(CAP_SYS_NICE);
}

/* What to put back after a change: where the task was when it began. */
struct sched_change {
	bool queued, running;
	int oldprio;
	const struct sched_class *prev_class;
};

/* @flags: DEQUEUE_MOVE if it may change its place among its equals. */
static void sched_change_begin(struct sched_change *c, struct rq *rq, struct task_struct *p, int flags)
{
	c->queued = task_on_rq_queued(p);
	c->running = task_current(rq, p);
	c->oldprio = p->prio;
	c->prev_class = p->sched_class;
	if (c->queued)
		dequeue_task(rq, p, DEQUEUE_SAVE | DEQUEUE_NOCLOCK | flags);
	if (c->running)
		put_prev_task(rq, p);
}

static void sched_change_end(struct sched_change *c, struct rq *rq, struct task_struct *p, int flags)
{
	if (c->queued)
		enqueue_task(rq, p, ENQUEUE_RESTORE | ENQUEUE_NOCLOCK | flags);
	if (c->running)
		set_next_task(rq, p);
}

/** set_user_nice - give @p another nice value, -20 to 19; a real-time task keeps it for later */
void set_user_nice(struct task_struct *p, long nice)
{
	struct sched_change change;
	struct rq_flags rf;
	struct rq *rq;

	if (nice < MIN_NICE || nice > MAX_NICE || task_nice(p) == nice)
		return;
	rq = task_rq_lock(p, &rf);
	update_rq_clock(rq);
	if (task_has_dl_policy(p) || task_has_rt_policy(p)) {
		p->static_prio = NICE_TO_PRIO(nice);
	} else {
		sched_change_begin(&change, rq, p, 0);
		p->static_prio = NICE_TO_PRIO(nice);
		set_load_weight(p, true);
		p->prio = p->normal_prio = p->static_prio;
		sched_change_end(&change, rq, p, 0);
		p->sched_class->prio_changed(rq, p, change.oldprio);
	}
	__balance_callbacks(rq);
	task_rq_unlock(rq, p, &rf);
}
EXPORT_SYMBOL(set_user_nice);

/* ---- sched_setscheduler(2) and its kin */

static void check_class_changed(struct rq *rq, struct task_struct *p, struct sched_change *c)
{
	if (c->prev_class != p->sched_class) {
		if (c->prev_class->switched_from)
			c->prev_class->switched_from(rq, p);
		p->sched_class->switched_to(rq, p);
	} else if (c->oldprio != p->prio || dl_task(p)) {
		p->sched_class->prio_changed(rq, p, c->oldprio);
	}
}

static void __setscheduler_params(struct task_struct *p, int policy, const struct sched_attr *attr)
{
	p->policy = policy;
	if (dl_policy(policy))
		__setparam_dl(p, attr);
	else if (fair_policy(policy))	/* SCHED_IDLE has one weight: nice is kept for later */
		p->static_prio = NICE_TO_PRIO(attr->sched_nice);
	p->rt_priority = attr->sched_priority;
	p->normal_prio = p->prio = normal_prio(policy, p->rt_priority, task_nice(p));
	p->sched_class = sched_class_of(policy);
	set_load_weight(p, true);
}

static bool params_changed(struct task_struct *p, int policy, const struct sched_attr *attr)
{
	return policy != (int)p->policy ||
	       (fair_policy(policy) && attr->sched_nice != task_nice(p)) ||
	       (rt_policy(policy) && attr->sched_priority != p->rt_priority) ||
	       (dl_policy(policy) && dl_param_changed(p, attr));
}

/* Both locks are held. @user: a program asked. */
static int change_scheduler(struct rq *rq, struct task_struct *p, int policy,
			    const struct sched_attr *attr, bool user)
{
	struct sched_change change;
	int head;

	if (user && dl_policy(policy) && dl_bandwidth_enabled() &&
	    (!cpumask_subset(cpu_online_mask, p->cpus_ptr) || !sysctl_sched_rt_runtime))
		return -EPERM;
	if ((dl_policy(policy) || dl_task(p)) && sched_dl_overflow(p, policy, attr))
		return -EBUSY;

	sched_change_begin(&change, rq, p, DEQUEUE_MOVE);
	if (!(attr->sched_flags & SCHED_FLAG_KEEP_PARAMS))
		__setscheduler_params(p, policy, attr);
	/* One that became less urgent stands before its new equals: it had the CPU first. */
	head = change.oldprio < p->prio ? ENQUEUE_HEAD : 0;
	sched_change_end(&change, rq, p, ENQUEUE_MOVE | head);
	check_class_changed(rq, p, &change);
	return 0;
}

/* Without a lock: -EINVAL if there is no such policy or it takes other parameters. */
static int check_attr(const struct sched_attr *attr, int policy)
{
	if (!valid_policy(policy) || (attr->sched_flags & ~(u64)SCHED_FLAG_KNOWN) ||
	    attr->sched_priority > MAX_RT_PRIO - 1)
		return -EINVAL;
	if ((dl_policy(policy) && !__checkparam_dl(attr)) || rt_policy(policy) != !!attr->sched_priority)
		return -EINVAL;
	return 0;
}

/**
 * __sched_setscheduler - set policy and parameters
 * @attr: sched_policy is SETPARAM_POLICY to keep the policy
 * @user: for the calling program, whose permissions are looked at
 *
 * -EINVAL as check_attr(), or @p is a stopper; -EPERM: not allowed, or a deadline task that may not run on
 * all CPUs; -EBUSY: no bandwidth left for a deadline task.
 */
int __sched_setscheduler(struct task_struct *p, const struct sched_attr *attr, bool user)
{
	int policy = attr->sched_policy, oldpolicy = -1, ret;
	bool reset_on_fork, keep = policy == SETPARAM_POLICY;
	struct rq_flags rf;
	struct rq *rq;

recheck:
	if (keep)
		policy = oldpolicy = READ_ONCE(p->policy);
	reset_on_fork = keep ? p->sched_reset_on_fork : !!(attr->sched_flags & SCHED_FLAG_RESET_ON_FORK);
	ret = check_attr(attr, policy);
	if (!ret && user)
		ret = user_check_sched_setscheduler(p, attr, policy, reset_on_fork);
	if (ret)
		return ret;

	rq = task_rq_lock(p, &rf);
	update_rq_clock(rq);
	/* The policy was looked at without the lock. */
	if (unlikely(keep && oldpolicy != (int)p->policy)) {
		task_rq_unlock(rq, p, &rf);
		goto recheck;
	}
	if (p == rq->stop)
		ret = -EINVAL;
	else if (params_changed(p, policy, attr))
		ret = change_scheduler(rq, p, policy, attr, user);
	if (!ret)
		p->sched_reset_on_fork = reset_on_fork;
	__balance_callbacks(rq);
	task_rq_unlock(rq, p, &rf);
	return ret;
}

/** sched_setattr_nocheck - for the kernel's own: no permission is asked. Errors as above */
int sched_setattr_nocheck(struct task_struct *p, const struct sched_attr *attr)
{
	return __sched_setscheduler(p, attr, false);
}

int sched_setscheduler_nocheck(struct task_struct *p, int policy, const struct sched_param *param)
{
	struct sched_attr attr = {
		.sched_policy	= policy,
		.sched_priority	= param->sched_priority,
		.sched_nice	= task_nice(p),
	};

	return policy < 0 ? -EINVAL : __sched_setscheduler(p, &attr, false);
}

int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param)
{
	return sched_setscheduler_nocheck(p, policy, param);
}

void sched_set_fifo(struct task_struct *p)
{
	struct sched_param sp = { .sched_priority = MAX_RT_PRIO / 2 };

	sched_setscheduler_nocheck(p, SCHED_FIFO, &sp);
}
EXPORT_SYMBOL(sched_set_fifo);
