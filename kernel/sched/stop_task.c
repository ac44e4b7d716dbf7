// SPDX-License-Identifier: MIT
/*
 * The stop class, above all others: at most one task a CPU, its stopper (kernel/stop_machine.c). It
 * preempts everything and is preempted by nothing, so there is no queue and no accounting to speak of.
 *
 * rq->lock is held in everything here.
 */
#include <linux/init.h>
#include "sched.h"

static void enqueue_task_stop(struct rq *rq, struct task_struct *p, int flags)
{
	add_nr_running(rq, 1);
}

static void dequeue_task_stop(struct rq *rq, struct task_struct *p, int flags)
{
	sub_nr_running(rq, 1);
}

/* It is its CPU's only one and bound there: nobody to yield to, nobody to compare with. */
static void yield_task_stop(struct rq *rq)
{
	BUG();
}

static void check_preempt_curr_stop(struct rq *rq, struct task_struct *p, int flags)
{
}

static void update_curr_stop(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	u64 now = rq_clock(rq);

	curr->se.sum_exec_runtime += now - curr->se.exec_start;
	curr->se.exec_start = now;
}

static void set_next_task_stop(struct rq *rq, struct task_struct *stop, bool first)
{
	stop->se.exec_start = rq_clock(rq);
}

static int balance_stop(struct rq *rq, struct task_struct *prev, struct rq_flags *rf)
{
	return sched_stop_runnable(rq);
}

static struct task_struct *pick_next_task_stop(struct rq *rq)
{
	if (!sched_stop_runnable(rq))
		return NULL;
	set_next_task_stop(rq, rq->stop, true);
	return rq->stop;
}

static void put_prev_task_stop(struct rq *rq, struct task_struct *prev)
{
	update_curr_stop(rq);
}

static int select_task_rq_stop(struct task_struct *p, int cpu, int flags)
{
	return task_cpu(p);
}

static void task_tick_stop(struct rq *rq, struct task_struct *curr, int queued)
{
}

static void switched_to_stop(struct rq *rq, struct task_struct *p)
{
}

static void prio_changed_stop(struct rq *rq, struct task_struct *p, int oldprio)
{
}

DEFINE_SCHED_CLASS(stop) = {
	.enqueue_task		= enqueue_task_stop,
	.dequeue_task		= dequeue_task_stop,
	.yield_task		= yield_task_stop,
	.check_preempt_curr	= check_preempt_curr_stop,
	.pick_next_task		= pick_next_task_stop,
	.put_prev_task		= put_prev_task_stop,
	.set_next_task		= set_next_task_stop,
	.balance		= balance_stop,
	.select_task_rq		= select_task_rq_stop,
	.set_cpus_allowed	= set_cpus_allowed_common,
	.task_tick		= task_tick_stop,
	.switched_to		= switched_to_stop,
	.prio_changed		= prio_changed_stop,
	.update_curr		= update_curr_stop,
};

/**
 * sched_set_stop_task - make @stop, which has not run yet and is bound to its CPU, that CPU's stopper
 *
 * For the tools it is a SCHED_FIFO task of priority 99.
 */
void __init sched_set_stop_task(struct task_struct *stop)
{
	struct sched_param param = { .sched_priority = MAX_RT_PRIO - 1 };
	struct rq_flags rf;
	struct rq *rq;

	sched_setscheduler_nocheck(stop, SCHED_FIFO, &param);
	rq = task_rq_lock(stop, &rf);
	stop->sched_class = &stop_sched_class;
	cpu_rq(cpumask_first(stop->cpus_ptr))->stop = stop;
	task_rq_unlock(rq, stop, &rf);
}
