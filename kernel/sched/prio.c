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
	return rt_policy(policy) ? &rt_sched_class : &fair_sched_class;
}

int normal_prio(int policy, unsigned int rt_priority, int nice)
{
	return rt_policy(policy) ? (int)(MAX_RT_PRIO - 1 - rt_priority) : NICE_TO_PRIO(nice);
}

int task_nice(const struct task_struct *p)
{
	return PRIO_TO_NICE(p->static_prio);
}

/* As /proc/PID/stat shows it: 0..39 for the fair class, -2..-100 for real time. */
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

static void sched_change_begin(struct sched_change *c, struct rq *rq, struct task_struct *p)
{
	update_rq_clock(rq);
	c->queued = task_on_rq_queued(p);
	c->running = task_current(rq, p);
	c->oldprio = p->prio;
	c->prev_class = p->sched_class;
	if (c->queued)
		dequeue_task(rq, p, DEQUEUE_SAVE | DEQUEUE_NOCLOCK);
	if (c->running)
		put_prev_task(rq, p);
}

static void sched_change_end(struct sched_change *c, struct rq *rq, struct task_struct *p)
{
	if (c->queued) {
		/* One that became less urgent stands before its new equals: it had the CPU first. */
		int head = c->oldprio < p->prio ? ENQUEUE_HEAD : 0;

		enqueue_task(rq, p, ENQUEUE_RESTORE | ENQUEUE_NOCLOCK | head);
	}
	if (c->running)
		set_next_task(rq, p);
	if (c->prev_class != p->sched_class) {
		if (c->prev_class->switched_from)
			c->prev_class->switched_from(rq, p);
		p->sched_class->switched_to(rq, p);
	} else if (c->oldprio != p->prio || p->sched_class == &fair_sched_class) {
		p->sched_class->prio_changed(rq, p, c->oldprio);
	}
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
	if (task_has_rt_policy(p)) {
		p->static_prio = NICE_TO_PRIO(nice);
	} else {
		sched_change_begin(&change, rq, p);
		p->static_prio = NICE_TO_PRIO(nice);
		set_load_weight(p, true);
		p->prio = p->normal_prio = p->static_prio;
		sched_change_end(&change, rq, p);
	}
	__balance_callbacks(rq);
	task_rq_unlock(rq, p, &rf);
}

/**
 * __sched_setscheduler - set policy and priorities
 * @rt_priority: 1 to 99 for SCHED_FIFO and SCHED_RR, else 0; was checked
 * @nice: for the fair policies; was checked
 */
void __sched_setscheduler(struct task_struct *p, int policy, unsigned int rt_priority, int nice,
			  bool reset_on_fork)
{
	struct sched_change change;
	struct rq_flags rf;
	struct rq *rq = task_rq_lock(p, &rf);

	p->sched_reset_on_fork = reset_on_fork;
	sched_change_begin(&change, rq, p);
	if (policy == SCHED_RR && p->policy != SCHED_RR)
		p->rt.time_slice = RR_TIMESLICE;
	p->policy = policy;
	p->rt_priority = rt_priority;
	if (!rt_policy(policy))
		p->static_prio = NICE_TO_PRIO(nice);
	p->normal_prio = p->prio = normal_prio(policy, rt_priority, nice);
	p->sched_class = sched_class_of(policy);
	set_load_weight(p, true);
	sched_change_end(&change, rq, p);
	__balance_callbacks(rq);
	task_rq_unlock(rq, p, &rf);
}

/* For the kernel's own threads: no permission is asked. 0 or -EINVAL. */
int sched_setscheduler_nocheck(struct task_struct *p, int policy, const struct sched_param *param)
{
	if (!valid_policy(policy) || param->sched_priority < 0 ||
	    param->sched_priority > MAX_RT_PRIO - 1 || rt_policy(policy) != !!param->sched_priority)
		return -EINVAL;
	__sched_setscheduler(p, policy, param->sched_priority, task_nice(p), p->sched_reset_on_fork);
	return 0;
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
