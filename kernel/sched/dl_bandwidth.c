// SPDX-License-Identifier: MIT
/*
 * Admission to the deadline class: the bandwidths of all its tasks, runtime / period each, must not sum
 * up to more than what real-time tasks may have of the CPUs (95 %, sysctl_sched_rt_runtime / _period).
 * sched_setattr(2) asks here, with pi_lock and rq->lock held.
 *
 * p->dl.dl_bw is p's part of dl_bw.total_bw, or 0. A task that leaves the class or dies does not give it
 * back at once if its present instance could still disturb: had it used up its budget at the beginning of
 * the period and left, another task could be admitted, use its own budget within the same period, and so
 * on, more than was promised. It is safe at the "0-lag time": when what it has left of the budget would
 * last until the deadline at its own rate,
 *
 *	deadline - runtime * dl_period / dl_runtime
 *
 * Up to then the bandwidth stays taken (inactive_timer). If the task becomes one of the class again by
 * then, it goes on with the instance that it had, and its old bandwidth is exchanged for the new one.
 * Linux does the same, and in addition keeps for each CPU how much of it is in use at the time; nothing
 * here needs that, for there is no frequency to set and no SCHED_FLAG_RECLAIM.
 *
 * dl_bw.lock is inside rq->lock.
 */
#include <linux/errno.h>
#include <linux/math64.h>
#include <uapi/linux/sched/types.h>
#include "sched.h"

/* A shorter period costs too much, a longer one makes the products of dl_entity_overflow() too large; us. */
#define sysctl_sched_dl_period_min	100U
#define sysctl_sched_dl_period_max	(1U << 22)

static struct {
	raw_spinlock_t	lock;
	u64		total_bw;
} dl_bw = { .lock = __RAW_SPIN_LOCK_UNLOCKED(dl_bw.lock) };

/* runtime / period, times 2^20. */
u64 to_ratio(u64 period, u64 runtime)
{
	return period ? div64_u64(runtime << BW_SHIFT, period) : 0;
}

bool dl_bandwidth_enabled(void)
{
	return READ_ONCE(sysctl_sched_rt_runtime) >= 0;
}

/* What one CPU may give away. */
static u64 dl_bw_of_a_cpu(int rt_period, int rt_runtime)
{
	return to_ratio((u64)rt_period * NSEC_PER_USEC, (u64)rt_runtime * NSEC_PER_USEC);
}

/** sched_dl_global_validate - would all deadline tasks fit under new limits, in us? 0 or -EBUSY */
int sched_dl_global_validate(int rt_period, int rt_runtime)
{
	unsigned long flags;
	int ret = 0;

	if (rt_runtime < 0)
		return 0;
	raw_spin_lock_irqsave(&dl_bw.lock, flags);
	if (dl_bw_of_a_cpu(rt_period, rt_runtime) * num_online_cpus() < dl_bw.total_bw)
		ret = -EBUSY;
	raw_spin_unlock_irqrestore(&dl_bw.lock, flags);
	return ret;
}

/**
 * sched_dl_overflow - exchange @p's bandwidth for that of @attr
 *
 * Returns 0, or -EBUSY if it does not fit: then nothing has changed.
 */
int sched_dl_overflow(struct task_struct *p, int policy, const struct sched_attr *attr)
{
	u64 new_bw = to_ratio(attr->sched_period ?: attr->sched_deadline, attr->sched_runtime), total;
	int ret = 0;

	/* It leaves: dl_release_bandwidth() knows when the bandwidth is free. */
	if (!dl_policy(policy))
		return 0;
	raw_spin_lock(&dl_bw.lock);
	total = dl_bw.total_bw - p->dl.dl_bw + new_bw;
	if (dl_bandwidth_enabled() &&
	    dl_bw_of_a_cpu(sysctl_sched_rt_period, sysctl_sched_rt_runtime) * num_online_cpus() < total)
		ret = -EBUSY;
	else
		dl_bw.total_bw = total;
	raw_spin_unlock(&dl_bw.lock);
	if (!ret)
		p->dl.dl_bw = new_bw;
	return ret;
}

/* ---- giving it back */

void __dl_clear_params(struct task_struct *p)
{
	struct sched_dl_entity *dl_se = &p->dl;

	dl_se->dl_runtime = dl_se->dl_deadline = dl_se->dl_period = 0;
	dl_se->dl_bw = dl_se->dl_density = 0;
	dl_se->flags = 0;
	dl_se->runtime = 0;
	dl_se->deadline = 0;
	dl_se->dl_throttled = dl_se->dl_yielded = dl_se->dl_overrun = false;
}

/* The queue of p is locked. */
static void dl_sub_bandwidth(struct task_struct *p)
{
	raw_spin_lock(&dl_bw.lock);
	dl_bw.total_bw -= p->dl.dl_bw;
	raw_spin_unlock(&dl_bw.lock);
	__dl_clear_params(p);
}

/* The 0-lag time has come, unless the task is back in the class. */
static enum hrtimer_restart inactive_task_timer(struct hrtimer *timer)
{
	struct task_struct *p = dl_task_of(container_of(timer, struct sched_dl_entity, inactive_timer));
	struct rq_flags rf;
	struct rq *rq = task_rq_lock(p, &rf);

	if (!dl_task(p) || READ_ONCE(p->__state) == TASK_DEAD)
		dl_sub_bandwidth(p);
	task_rq_unlock(rq, p, &rf);
	put_task_struct(p);
	return HRTIMER_NORESTART;
}

static void init_dl_inactive_task_timer(struct sched_dl_entity *dl_se)
{
	hrtimer_init(&dl_se->inactive_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	dl_se->inactive_timer.function = inactive_task_timer;
}

/**
 * dl_release_bandwidth - @p has left the class, or is dead
 *
 * pi_lock and rq->lock are held. Should a timer's function be waiting for them already, from an earlier
 * time that it left: whoever of the two comes later finds a bandwidth of 0.
 */
void dl_release_bandwidth(struct rq *rq, struct task_struct *p)
{
	struct sched_dl_entity *dl_se = &p->dl;
	u64 left;
	s64 lag;

	lockdep_assert_rq_held(rq);
	if (!dl_se->dl_runtime)
		return;
	left = mul_u64_u64_div_u64(abs(dl_se->runtime), dl_se->dl_period, dl_se->dl_runtime);
	lag = dl_se->deadline - rq_clock(rq) - (dl_se->runtime < 0 ? -left : left);
	if (lag <= 0 || hrtimer_is_queued(&dl_se->inactive_timer)) {
		dl_sub_bandwidth(p);
		return;
	}
	get_task_struct(p);
	hrtimer_start(&dl_se->inactive_timer, ns_to_ktime(lag), HRTIMER_MODE_REL_HARD);
}

/* @p is in the class again. If the timer's function runs already, it will find that out. */
void dl_keep_bandwidth(struct task_struct *p)
{
	if (hrtimer_try_to_cancel(&p->dl.inactive_timer) == 1)
		put_task_struct(p);
}

/* ---- parameters */

void __setparam_dl(struct task_struct *p, const struct sched_attr *attr)
{
	struct sched_dl_entity *dl_se = &p->dl;

	/* Few tasks ever come here: their timers are made when they do, not at each fork. */
	if (!dl_se->dl_timer.function) {
		init_dl_task_timer(dl_se);
		init_dl_inactive_task_timer(dl_se);
	}
	dl_se->dl_runtime = attr->sched_runtime;
	dl_se->dl_deadline = attr->sched_deadline;
	dl_se->dl_period = attr->sched_period ?: attr->sched_deadline;
	dl_se->dl_density = to_ratio(dl_se->dl_deadline, dl_se->dl_runtime);
	dl_se->flags = attr->sched_flags & SCHED_DL_FLAGS;
}

void __getparam_dl(struct task_struct *p, struct sched_attr *attr)
{
	struct sched_dl_entity *dl_se = &p->dl;

	attr->sched_priority = p->rt_priority;
	attr->sched_runtime = dl_se->dl_runtime;
	attr->sched_deadline = dl_se->dl_deadline;
	attr->sched_period = dl_se->dl_period;
	attr->sched_flags &= ~SCHED_DL_FLAGS;
	attr->sched_flags |= dl_se->flags;
}

/* runtime <= deadline <= period, nothing negative, and the period within its limits; a period of 0 is as the deadline. */
bool __checkparam_dl(const struct sched_attr *attr)
{
	u64 period = attr->sched_period ?: attr->sched_deadline;

	if (attr->sched_runtime < 1UL << DL_SCALE)
		return false;
	if ((s64)attr->sched_deadline <= 0 || (s64)attr->sched_period < 0)
		return false;
	if (period < attr->sched_deadline || attr->sched_deadline < attr->sched_runtime)
		return false;
	return period >= (u64)sysctl_sched_dl_period_min * NSEC_PER_USEC &&
	       period <= (u64)sysctl_sched_dl_period_max * NSEC_PER_USEC;
}

bool dl_param_changed(struct task_struct *p, const struct sched_attr *attr)
{
	struct sched_dl_entity *dl_se = &p->dl;

	return dl_se->dl_runtime != attr->sched_runtime ||
	       dl_se->dl_deadline != attr->sched_deadline ||
	       dl_se->dl_period != attr->sched_period ||
	       dl_se->flags != (attr->sched_flags & SCHED_DL_FLAGS);
}

/* A deadline task must be able to run everywhere: admission is for all CPUs as one. */
int dl_task_check_affinity(struct task_struct *p, const struct cpumask *mask)
{
	if (p->policy != SCHED_DEADLINE || !dl_bandwidth_enabled() ||
	    cpumask_subset(cpu_online_mask, mask))
		return 0;
	return -EBUSY;
}
