// SPDX-License-Identifier: MIT
/*
 * Waking tasks: the old ones from their sleep, the new ones for the first time.
 *
 * Called from task context and from interrupts. Locks: p->pi_lock makes wakers of one task take
 * turns; the lock of the task's run queue is taken inside it to queue the task.
 */
#include <linux/export.h>
#include <linux/sched/task.h>
#include <linux/sched/wake_q.h>
#include "sched.h"

/* Where to queue a task that is asleep. pi_lock is held. */
static int select_task_rq(struct task_struct *p, int cpu, int wake_flags)
{
	if (p->nr_cpus_allowed > 1)
		cpu = sched_fuzz_select(p, p->sched_class->select_task_rq(p, cpu, wake_flags));
	else
		cpu = cpumask_first(p->cpus_ptr);
	if (unlikely(!cpumask_test_cpu(cpu, p->cpus_ptr) || !cpu_online(cpu))) {
		for_each_cpu(cpu, p->cpus_ptr)
			if (cpu_online(cpu))
				return cpu;
		cpu = cpumask_first(cpu_online_mask);	/* none that it asked for is there */
	}
	return cpu;
}

/* The task is on the queue of @rq and runnable: let it compete. Both locks are held. */
static void ttwu_do_wakeup(struct rq *rq, struct task_struct *p, int wake_flags)
{
	check_preempt_curr(rq, p, wake_flags);
	sched_fuzz_resched(rq);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	if (p->sched_class->task_woken)
		p->sched_class->task_woken(rq, p);
}

/*
 * The task set its state but has not left the queue (it was preempted before schedule(), or runs on
 * another CPU on its way there): then its state is all that has to change. The rq's lock decides
 * between us and its __schedule().
 */
static int ttwu_runnable(struct task_struct *p, int wake_flags)
{
	struct rq *rq = __task_rq_lock(p);	/* it may be on its way to another CPU */
	int ret = 0;

	if (task_on_rq_queued(p)) {
		update_rq_clock(rq);
		ttwu_do_wakeup(rq, p, wake_flags);
		ret = 1;
	}
	raw_spin_unlock(&rq->lock);
	return ret;
}

static void ttwu_queue(struct task_struct *p, int cpu, int wake_flags)
{
	struct rq *rq = cpu_rq(cpu);

	raw_spin_lock(&rq->lock);
	if (p->sched_contributes_to_load)
		rq->nr_uninterruptible--;
	activate_task(rq, p, ENQUEUE_WAKEUP);
	ttwu_do_wakeup(rq, p, wake_flags);
	raw_spin_unlock(&rq->lock);
}

/**
 * try_to_wake_up - wake @p if it sleeps in one of the states @state
 *
 * Returns 1 if its state was one of those, and is TASK_RUNNING now. What the caller wrote before is
 * seen by the task when it runs on.
 *
 * Three orderings make it right:
 *
 * 1. The caller's stores before the load of p->__state (full barrier after taking pi_lock), against
 *    the sleeper's set_current_state() before it looks at its condition. One of the two sees the
 *    other: no wake-up is lost.
 *
 * 2. __state before on_rq (smp_rmb). The sleeper wrote its state while on_rq was 1, and __schedule()
 *    clears on_rq later, under rq->lock. Had we read on_rq == 0 from before a previous wake-up and
 *    the state from now, we would queue a task that is queued.
 *
 * 3. on_rq == 0 before on_cpu (control dependency and acquire). A task off the queue may still be
 *    running, in the last steps of __schedule(): its registers are saved only when
 *    finish_task_switch() clears on_cpu. We wait for that, a few hundred instructions of another CPU
 *    at most. On this CPU it cannot be so: __schedule() runs with interrupts off.
 */
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags)
{
	unsigned long flags;
	int cpu, success = 0;

	/*
	 * current: on_rq is 1, for it runs, and nobody else takes it off. No lock is needed, and none
	 * would be right from an interrupt inside its own __schedule()'s caller.
	 */
	if (p == current) {
		if (!(READ_ONCE(p->__state) & state))
			return 0;
		WRITE_ONCE(p->__state, TASK_RUNNING);
		return 1;
	}

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	smp_mb__after_spinlock();			/* 1 */
	if (!(READ_ONCE(p->__state) & state))
		goto unlock;
	success = 1;

	smp_rmb();					/* 2 */
	if (READ_ONCE(p->on_rq) && ttwu_runnable(p, wake_flags))
		goto unlock;

	smp_cond_load_acquire(&p->on_cpu, !VAL);	/* 3 */
	if (p->in_iowait)
		atomic_dec(&task_rq(p)->nr_iowait);
	cpu = select_task_rq(p, p->wake_cpu, wake_flags | WF_TTWU);
	set_task_cpu(p, cpu);
	ttwu_queue(p, cpu, wake_flags);
unlock:
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return success;
}

/** wake_up_process - wake @p from any sleep that is not a stop; 1 if it slept */
int wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL, 0);
}
EXPORT_SYMBOL(wake_up_process);

int wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state, 0);
}
EXPORT_SYMBOL(wake_up_state);

/*
 * A task that runs its program on another CPU is to look at its flags on the way back from the kernel:
 * an interrupt brings it there. If it is in the kernel already, or not on a CPU, it will look anyway.
 */
void kick_process(struct task_struct *p)
{
	int cpu;

	preempt_disable();
	cpu = task_cpu(p);
	if (cpu != smp_processor_id() && READ_ONCE(p->on_cpu))
		smp_send_reschedule(cpu);
	preempt_enable();
}

/* ---- lists of tasks to wake */

/* True if the task is on this list now. The barrier pairs with that of the wake-up that it gets. */
static bool __wake_q_add(struct wake_q_head *head, struct task_struct *task)
{
	struct wake_q_node *node = &task->wake_q;

	/*
	 * A list that the task is on already is woken later than this cmpxchg() sees it there: the
	 * caller's stores must be visible by then, hence the barrier also when it fails.
	 */
	smp_mb__before_atomic();
	if (cmpxchg_relaxed(&node->next, NULL, WAKE_Q_TAIL))
		return false;
	*head->lastp = node;
	head->lastp = &node->next;
	return true;
}

void wake_q_add(struct wake_q_head *head, struct task_struct *task)
{
	if (__wake_q_add(head, task))
		get_task_struct(task);
}

void wake_q_add_safe(struct wake_q_head *head, struct task_struct *task)
{
	if (!__wake_q_add(head, task))
		put_task_struct(task);
}

/* Wakes all. The list is done with after that. */
void wake_up_q(struct wake_q_head *head)
{
	struct wake_q_node *node = head->first;

	while (node != WAKE_Q_TAIL) {
		struct task_struct *task = container_of(node, struct task_struct, wake_q);

		node = node->next;
		/* Before the wake-up: the task may be put on another list from then on. */
		WRITE_ONCE(task->wake_q.next, NULL);
		wake_up_process(task);
		put_task_struct(task);
	}
}

/* ---- new tasks */

static void __sched_fork(struct task_struct *p)
{
	raw_spin_lock_init(&p->pi_lock);
	p->on_cpu = 0;
	p->on_rq = 0;
	p->se.on_rq = 0;
	p->se.exec_start = 0;
	p->se.sum_exec_runtime = 0;
	p->se.prev_sum_exec_runtime = 0;
	p->se.vruntime = 0;
	p->se.nr_migrations = 0;
	p->se.last_balanced = 0;
	RB_CLEAR_NODE(&p->se.run_node);
	INIT_LIST_HEAD(&p->rt.run_list);
	INIT_LIST_HEAD(&p->rt.pushable);
	p->rt.time_slice = RR_TIMESLICE;
	p->rt.on_rq = 0;
	p->rt.on_list = 0;
	RB_CLEAR_NODE(&p->dl.rb_node);
	RB_CLEAR_NODE(&p->pushable_dl_tasks);
	p->dl.dl_timer.function = NULL;		/* both timers are made by __setparam_dl() */
	__dl_clear_params(p);
	prev_cputime_init(&p->prev_cputime);
	p->sched_contributes_to_load = 0;
	p->in_iowait = 0;
	/* What __schedule() would hold: see schedule_tail(). */
	task_thread_info(p)->preempt_count = 2 * PREEMPT_OFFSET;
}

/**
 * sched_fork - set up what the scheduler keeps of the new task @p, a copy of current
 *
 * Nobody can find it yet. TASK_NEW keeps it from being woken or queued until wake_up_new_task().
 * Returns 0; -EAGAIN if current is a deadline task: the child has no bandwidth of its own.
 */
int sched_fork(unsigned long clone_flags, struct task_struct *p)
{
	__sched_fork(p);
	p->__state = TASK_NEW;
	/* The copy took current's, and that of the idle task allows its own CPU alone. */
	if (is_idle_task(current)) {
		p->cpus_mask = *cpu_possible_mask;
		p->nr_cpus_allowed = num_possible_cpus();
	}
	p->cpus_ptr = &p->cpus_mask;
	if (unlikely(p->sched_reset_on_fork)) {
		if (task_has_dl_policy(p) || task_has_rt_policy(p)) {
			p->policy = SCHED_NORMAL;
			p->static_prio = NICE_TO_PRIO(0);
			p->rt_priority = 0;
		} else if (PRIO_TO_NICE(p->static_prio) < 0) {
			p->static_prio = NICE_TO_PRIO(0);
		}
		p->sched_reset_on_fork = 0;
	}
	p->normal_prio = normal_prio(p->policy, p->rt_priority, PRIO_TO_NICE(p->static_prio));
	p->prio = p->normal_prio;
	if (dl_prio(p->prio))
		return -EAGAIN;
	p->sched_class = sched_class_of(p->policy);
	set_load_weight(p, false);
	return 0;
}

/* The class gives the new task its place in relation to its parent. */
void sched_post_fork(struct task_struct *p)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	__set_task_cpu(p, smp_processor_id());
	if (p->sched_class->task_fork)
		p->sched_class->task_fork(p);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
}

/* Let a new task run for the first time. */
void wake_up_new_task(struct task_struct *p)
{
	struct rq_flags rf;
	struct rq *rq;

	raw_spin_lock_irqsave(&p->pi_lock, rf.flags);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	__set_task_cpu(p, select_task_rq(p, task_cpu(p), WF_FORK));
	rq = task_rq(p);
	raw_spin_lock(&rq->lock);
	activate_task(rq, p, 0);
	check_preempt_curr(rq, p, WF_FORK);
	if (p->sched_class->task_woken)
		p->sched_class->task_woken(rq, p);
	task_rq_unlock(rq, p, &rf);
}

