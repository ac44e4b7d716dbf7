// SPDX-License-Identifier: MIT
/*
 * The rt class on several CPUs: the N most urgent tasks run, on N CPUs.
 *
 * When a task becomes runnable, or the one that runs becomes less urgent, that may be broken in two
 * ways, and is mended by the CPU that notices:
 *
 *	push	a task has to wait here that is more urgent than what runs on another CPU: hand it over.
 *		After every switch to an rt task, and when one wakes up and does not preempt.
 *	pull	this CPU is about to run something less urgent than a task that waits on another: fetch it
 *
 * rt_rq->pushable_tasks has those that wait and may run on more than one CPU, the most urgent first.
 * rto_mask has the CPUs whose list is not empty: a puller looks at no others. A list and its bit
 * change together under its rq->lock; the mask is read without, and again under the lock.
 *
 * A push or pull needs two queues' locks (double_lock_balance()), so it is done as a balance callback,
 * or in ->balance() before the next task is chosen: moments at which rq->lock may be given up.
 */
#include <linux/cpumask.h>
#include "sched.h"

#define RT_MAX_TRIES	3

static cpumask_t rto_mask;

static DEFINE_PER_CPU(struct balance_callback, rt_push_head);
static DEFINE_PER_CPU(struct balance_callback, rt_pull_head);

/* ---- who waits */

void __enqueue_pushable_task(struct rq *rq, struct task_struct *p)
{
	struct list_head *pos = &rq->rt.pushable_tasks;
	struct sched_rt_entity *other;

	lockdep_assert_rq_held(rq);
	if (!list_empty(&p->rt.pushable))
		return;
	/* Behind its equals: it has waited less. */
	list_for_each_entry(other, &rq->rt.pushable_tasks, pushable) {
		if (rt_task_of(other)->prio > p->prio) {
			pos = &other->pushable;
			break;
		}
	}
	list_add_tail(&p->rt.pushable, pos);
	cpumask_set_cpu(cpu_of(rq), &rto_mask);
}

void __dequeue_pushable_task(struct rq *rq, struct task_struct *p)
{
	list_del_init(&p->rt.pushable);
	if (list_empty(&rq->rt.pushable_tasks))
		cpumask_clear_cpu(cpu_of(rq), &rto_mask);
}

/* ---- where to */

/* What @rq runs, or is about to run, as a priority: above all rt tasks, theirs, or below them. */
int rq_prio(struct rq *rq)
{
	struct task_struct *curr = READ_ONCE(rq->curr);

	if (sched_class_above(READ_ONCE(curr->sched_class), &rt_sched_class))
		return -1;
	if (curr == rq->idle && !READ_ONCE(rq->nr_running))
		return MAX_PRIO;
	if (READ_ONCE(rq->rt.rt_throttled))
		return MAX_RT_PRIO;
	return READ_ONCE(rq->rt.highest_prio);		/* MAX_RT_PRIO with fair tasks alone */
}

/* The same as an rt task sees it: where they are throttled there is no place for one more. */
static int rq_prio_for_rt(struct rq *rq)
{
	return READ_ONCE(rq->rt.rt_throttled) ? -1 : rq_prio(rq);
}

/*
 * Of the CPUs that @p may take, one that does the least important work; -1 if all do something as urgent
 * as @p. Between equals the one where it ran last, then this one. No lock is needed: the answer is
 * checked under the lock of the queue.
 */
static int find_lowest_rq(struct task_struct *p)
{
	int cpu, prio, best = -1, best_prio = p->prio, prev = task_cpu(p), me = smp_processor_id();

	for_each_cpu(cpu, p->cpus_ptr) {
		if (!cpu_online(cpu))
			continue;
		prio = rq_prio_for_rt(cpu_rq(cpu));
		if (prio > best_prio || (best >= 0 && prio == best_prio &&
					 (cpu == prev || (cpu == me && best != prev)))) {
			best = cpu;
			best_prio = prio;
		}
	}
	return best;
}

/* Wake up where it would run at once. pi_lock is held, no run queue's. */
int select_task_rq_rt(struct task_struct *p, int cpu, int flags)
{
	struct rq *rq = cpu_rq(cpu);
	int target;

	if (!(flags & (WF_TTWU | WF_FORK)) || (is_cpu_allowed(p, cpu) && rq_prio_for_rt(rq) > MAX_RT_PRIO))
		return cpu;
	target = find_lowest_rq(p);
	return target >= 0 ? target : cpu;
}

/* ---- push */

static struct task_struct *pick_pushable_task(struct rq *rq)
{
	struct sched_rt_entity *rt_se = list_first_entry_or_null(&rq->rt.pushable_tasks,
								 struct sched_rt_entity, pushable);

	return rt_se ? rt_task_of(rt_se) : NULL;
}

/*
 * Lock the queue that @p, which waits on @rq, is to go to; NULL if there is none. rq->lock may have been
 * given up meanwhile: p is then looked at again, and *@lost set if it waits here no longer.
 */
static struct rq *find_lock_lowest_rq(struct task_struct *p, struct rq *rq, bool *lost)
{
	int tries, cpu;

	for (tries = 0; tries < RT_MAX_TRIES; tries++) {
		struct rq *lowest;

		cpu = find_lowest_rq(p);
		if (cpu < 0 || cpu == cpu_of(rq))
			return NULL;
		lowest = cpu_rq(cpu);
		if (double_lock_balance(rq, lowest) &&
		    (task_rq(p) != rq || pick_pushable_task(rq) != p || !is_cpu_allowed(p, cpu))) {
			double_unlock_balance(rq, lowest);
			*lost = true;
			return NULL;
		}
		if (rq_prio_for_rt(lowest) > p->prio)
			return lowest;
		double_unlock_balance(rq, lowest);	/* something more urgent came there */
	}
	return NULL;
}

/* Both locks are held. @p is queued on @src and does not run. */
static void move_rt_task(struct rq *src, struct rq *dst, struct task_struct *p)
{
	deactivate_task(src, p, 0);
	set_task_cpu(p, cpu_of(dst));
	activate_task(dst, p, 0);
}

/* True if something has changed, so that it pays to try again. */
static bool push_rt_task(struct rq *rq)
{
	struct task_struct *p = pick_pushable_task(rq);
	struct rq *lowest;
	bool lost = false;

	if (!p || rq->rt.rt_throttled)
		return false;
	/* It has become the most urgent one here: it runs here. */
	if (unlikely(p->prio < rq->curr->prio)) {
		resched_curr(rq);
		return false;
	}
	get_task_struct(p);	/* the lock may be given up, and p be gone by then */
	lowest = find_lock_lowest_rq(p, rq, &lost);
	if (lowest) {
		move_rt_task(rq, lowest, p);
		check_preempt_curr(lowest, p, 0);
		double_unlock_balance(rq, lowest);
	}
	put_task_struct(p);
	return lowest || lost;
}

static void push_rt_tasks(struct rq *rq)
{
	while (push_rt_task(rq))
		;
}

void __rt_queue_push_tasks(struct rq *rq)
{
	queue_balance_callback(rq, per_cpu_ptr(&rt_push_head, cpu_of(rq)), push_rt_tasks);
}

/* It woke up here and does not preempt: another CPU may be better. */
void task_woken_rt(struct rq *rq, struct task_struct *p)
{
	if (!task_on_cpu(rq, p) && !test_tsk_need_resched(rq->curr) && p->nr_cpus_allowed > 1)
		push_rt_tasks(rq);
}

/* ---- pull */

/* The most urgent task that waits on @src and may run on @cpu. */
static struct task_struct *pick_pullable_task(struct rq *src, int cpu)
{
	struct sched_rt_entity *rt_se;

	list_for_each_entry(rt_se, &src->rt.pushable_tasks, pushable)
		if (cpumask_test_cpu(cpu, rt_task_of(rt_se)->cpus_ptr))
			return rt_task_of(rt_se);
	return NULL;
}

static void pull_rt_task(struct rq *this_rq)
{
	int this_cpu = cpu_of(this_rq), cpu;
	struct task_struct *p;
	bool resched = false;

	if (this_rq->rt.rt_throttled)
		return;
	for_each_cpu(cpu, &rto_mask) {
		struct rq *src = cpu_rq(cpu);

		if (cpu == this_cpu)
			continue;
		double_lock_balance(this_rq, src);
		p = pick_pullable_task(src, this_cpu);
		/* Not the one that its own CPU is just about to switch to. */
		if (p && p->prio < this_rq->rt.highest_prio && p->prio >= src->curr->prio) {
			move_rt_task(src, this_rq, p);
			resched = true;
			/* Go on: another CPU may have a more urgent one still. */
		}
		double_unlock_balance(this_rq, src);
	}
	if (resched)
		resched_curr(this_rq);
}

void rt_queue_pull_task(struct rq *rq)
{
	if (!cpumask_empty(&rto_mask))
		queue_balance_callback(rq, per_cpu_ptr(&rt_pull_head, cpu_of(rq)), pull_rt_task);
}

/* Before the next task is chosen: prev was more urgent than what is left here? */
int balance_rt(struct rq *rq, struct task_struct *prev, struct rq_flags *rf)
{
	if (!prev->rt.on_rq && rq->rt.highest_prio > prev->prio && !cpumask_empty(&rto_mask))
		pull_rt_task(rq);
	return sched_stop_runnable(rq) || sched_rt_runnable(rq);
}
