// SPDX-License-Identifier: MIT
/*
 * The rt class: SCHED_FIFO and SCHED_RR, strictly by priority.
 *
 * There is a queue for each of the 100 priorities and a bitmap of those that are not empty; the first
 * task of the first of them runs. A SCHED_FIFO task runs until it sleeps, yields or a more urgent one
 * wakes up; a SCHED_RR task gives way to its equals when its time slice is over. The running task
 * stays in its queue. Inside the kernel priority 0 is the most urgent: rt_priority 99 is prio 0.
 *
 * With several CPUs the rule is for the whole machine: the N most urgent tasks that may run on N CPUs
 * do run. Nothing is evened out over time; a task moves when the rule would be broken, see rt_push.c.
 *
 * All of them together may be stopped for a while, so that others run, too: see rt_throttle.c. Until then
 * rq->nr_running does not count them.
 *
 * rq->lock is held in everything here.
 */
#include <linux/bitmap.h>
#include <linux/init.h>
#include "sched.h"

static void update_curr_rt(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	s64 delta = rq_clock(rq) - curr->se.exec_start;

	if (curr->sched_class != &rt_sched_class || delta <= 0)
		return;
	curr->se.sum_exec_runtime += delta;
	curr->se.exec_start += delta;
	account_rt_time(rq, delta);
}

/* A task that comes back at once with the same priority keeps its place among its equals. */
static inline bool move_entity(int flags)
{
	return (flags & (DEQUEUE_SAVE | DEQUEUE_MOVE)) != DEQUEUE_SAVE;
}

static void enqueue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	struct rt_prio_array *array = &rq->rt.active;
	struct list_head *queue = &array->queue[p->prio];

	if (move_entity(flags)) {
		if (flags & ENQUEUE_HEAD)
			list_add(&p->rt.run_list, queue);
		else
			list_add_tail(&p->rt.run_list, queue);
		__set_bit(p->prio, array->bitmap);
		p->rt.on_list = 1;
	}
	p->rt.on_rq = 1;
	rq->rt.rt_nr_running++;
	if (!rq->rt.rt_throttled)
		add_nr_running(rq, 1);
	if (p->prio < rq->rt.highest_prio)
		WRITE_ONCE(rq->rt.highest_prio, p->prio);
	if (!task_current(rq, p))
		enqueue_pushable_task(rq, p);
}

static void dequeue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	struct rt_prio_array *array = &rq->rt.active;

	update_curr_rt(rq);
	dequeue_pushable_task(rq, p);
	if (move_entity(flags)) {
		list_del_init(&p->rt.run_list);
		if (list_empty(&array->queue[p->prio])) {
			__clear_bit(p->prio, array->bitmap);
			/* For the next choice, and for other CPUs to compare with. */
			WRITE_ONCE(rq->rt.highest_prio,
				   (int)find_first_bit(array->bitmap, MAX_RT_PRIO));
		}
		p->rt.on_list = 0;
	}
	p->rt.on_rq = 0;
	rq->rt.rt_nr_running--;
	if (!rq->rt.rt_throttled)
		sub_nr_running(rq, 1);
}

static void requeue_task_rt(struct rq *rq, struct task_struct *p)
{
	list_move_tail(&p->rt.run_list, &rq->rt.active.queue[p->prio]);
}

static void yield_task_rt(struct rq *rq)
{
	requeue_task_rt(rq, rq->curr);
}

static void check_preempt_curr_rt(struct rq *rq, struct task_struct *p, int flags)
{
	if (p->prio < rq->curr->prio)
		resched_curr(rq);
}

static void set_next_task_rt(struct rq *rq, struct task_struct *p, bool first)
{
	p->se.exec_start = rq_clock(rq);
	dequeue_pushable_task(rq, p);	/* who runs cannot be pushed */
	if (first)
		rt_queue_push_tasks(rq);
}

static struct task_struct *pick_next_task_rt(struct rq *rq)
{
	struct rt_prio_array *array = &rq->rt.active;
	struct task_struct *p;
	int prio = rq->rt.highest_prio;

	if (!sched_rt_runnable(rq))
		return NULL;
	p = rt_task_of(list_first_entry(&array->queue[prio], struct sched_rt_entity, run_list));
	set_next_task_rt(rq, p, true);
	return p;
}

static void put_prev_task_rt(struct rq *rq, struct task_struct *p)
{
	update_curr_rt(rq);
	if (p->rt.on_rq)
		enqueue_pushable_task(rq, p);
}

static void task_tick_rt(struct rq *rq, struct task_struct *p, int queued)
{
	update_curr_rt(rq);
	if (p->policy != SCHED_RR || --p->rt.time_slice)
		return;
	p->rt.time_slice = RR_TIMESLICE;
	if (!list_is_singular(&rq->rt.active.queue[p->prio])) {
		requeue_task_rt(rq, p);
		resched_curr(rq);
	}
}

/* The last task of this class left this CPU's: others may have some waiting. */
static void switched_from_rt(struct rq *rq, struct task_struct *p)
{
	if (task_on_rq_queued(p) && !rq->rt.rt_nr_running)
		rt_queue_pull_task(rq);
}

static void switched_to_rt(struct rq *rq, struct task_struct *p)
{
	if (!task_on_rq_queued(p) || task_current(rq, p))
		return;
	rt_queue_push_tasks(rq);
	if (p->prio < rq->curr->prio)
		resched_curr(rq);
}

static void prio_changed_rt(struct rq *rq, struct task_struct *p, int oldprio)
{
	if (!task_on_rq_queued(p))
		return;
	if (!task_current(rq, p)) {
		if (p->prio < rq->curr->prio)
			resched_curr(rq);
		return;
	}
	if (oldprio < p->prio) {		/* less urgent than it was: somebody else's may be more */
		rt_queue_pull_task(rq);
		resched_curr(rq);
	}
}

static unsigned int get_rr_interval_rt(struct rq *rq, struct task_struct *p)
{
	return p->policy == SCHED_RR ? RR_TIMESLICE : 0;
}

DEFINE_SCHED_CLASS(rt) = {
	.enqueue_task		= enqueue_task_rt,
	.dequeue_task		= dequeue_task_rt,
	.yield_task		= yield_task_rt,
	.check_preempt_curr	= check_preempt_curr_rt,
	.pick_next_task		= pick_next_task_rt,
	.put_prev_task		= put_prev_task_rt,
	.set_next_task		= set_next_task_rt,
	.balance		= balance_rt,
	.select_task_rq		= select_task_rq_rt,
	.task_woken		= task_woken_rt,
	.set_cpus_allowed	= set_cpus_allowed_common,
	.task_tick		= task_tick_rt,
	.switched_from		= switched_from_rt,
	.switched_to		= switched_to_rt,
	.prio_changed		= prio_changed_rt,
	.get_rr_interval	= get_rr_interval_rt,
	.update_curr		= update_curr_rt,
};

void __init init_rt_rq(struct rt_rq *rt_rq)
{
	int i;

	bitmap_zero(rt_rq->active.bitmap, MAX_RT_PRIO);
	for (i = 0; i < MAX_RT_PRIO; i++)
		INIT_LIST_HEAD(&rt_rq->active.queue[i]);
	rt_rq->highest_prio = MAX_RT_PRIO;
	INIT_LIST_HEAD(&rt_rq->pushable_tasks);
	init_rt_throttle(rt_rq);
}
