// SPDX-License-Identifier: MIT
/*
 * Moving tasks from CPU to CPU because somebody says so: a new set of CPUs (sched_setaffinity(2),
 * kthread_bind()), and exec. Moving them to even out the load is each class's own business.
 *
 * A task is moved with the lock of its run queue held while it is queued but does not run:
 *
 *	deactivate_task()	on_rq is TASK_ON_RQ_MIGRATING: wakers wait
 *	set_task_cpu()		from here on task_rq() is the new queue
 *	unlock old, lock new
 *	activate_task()
 *
 * One that runs is first made to stop running, by the stopper of its CPU. One that sleeps need not be
 * moved: it is told where to wake up. Every mover looks at p->cpus_ptr under the queue's lock, and the
 * set changes with that lock held: so once it has changed and the task sits on a CPU of the new set, it
 * never runs outside.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/stop_machine.h>
#include "sched.h"

/* @p, queued on @rq, goes to @new_cpu. rq->lock is given up; returns the new queue, locked. */
struct rq *move_queued_task(struct rq *rq, struct task_struct *p, int new_cpu)
{
	lockdep_assert_rq_held(rq);
	deactivate_task(rq, p, 0);
	set_task_cpu(p, new_cpu);
	raw_spin_unlock(&rq->lock);

	rq = cpu_rq(new_cpu);
	raw_spin_lock(&rq->lock);
	activate_task(rq, p, 0);
	check_preempt_curr(rq, p, 0);
	return rq;
}

bool is_cpu_allowed(struct task_struct *p, int cpu)
{
	return cpumask_test_cpu(cpu, p->cpus_ptr) && cpu_online(cpu);
}

struct migration_arg {
	struct task_struct	*task;
	int			dest_cpu;
};

/*
 * The stopper runs on the CPU where the task ran, so the task does not run now. It may have gone
 * elsewhere since, or to sleep: then it has been placed by its present set of CPUs already, or will be.
 */
static int migration_cpu_stop(void *data)
{
	struct migration_arg *arg = data;
	struct task_struct *p = arg->task;
	struct rq *rq = this_rq();
	unsigned long flags;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	raw_spin_lock(&rq->lock);
	if (task_rq(p) == rq && is_cpu_allowed(p, arg->dest_cpu)) {
		if (task_on_rq_queued(p)) {
			update_rq_clock(rq);
			rq = move_queued_task(rq, p, arg->dest_cpu);
		} else {
			p->wake_cpu = arg->dest_cpu;
		}
	}
	raw_spin_unlock(&rq->lock);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return 0;
}

void set_cpus_allowed_common(struct task_struct *p, const struct cpumask *new_mask, u32 flags)
{
	p->cpus_mask = *new_mask;
	p->nr_cpus_allowed = cpumask_weight(new_mask);
}

/* Classes may keep a task in other lists by whether it can move: take it out while the set changes. */
static void do_set_cpus_allowed(struct rq *rq, struct task_struct *p, const struct cpumask *new_mask)
{
	bool queued = task_on_rq_queued(p), running = task_current(rq, p);

	if (queued)
		dequeue_task(rq, p, DEQUEUE_SAVE | DEQUEUE_NOCLOCK);
	if (running)
		put_prev_task(rq, p);
	p->sched_class->set_cpus_allowed(p, new_mask, 0);
	if (queued)
		enqueue_task(rq, p, ENQUEUE_RESTORE | ENQUEUE_NOCLOCK);
	if (running)
		set_next_task(rq, p);
}

/* @p must not stay where it is. Both locks are held, and given up. */
static void affine_move_task(struct rq *rq, struct task_struct *p, int dest_cpu, struct rq_flags *rf)
{
	struct migration_arg arg = { .task = p, .dest_cpu = dest_cpu };

	if (task_on_cpu(rq, p)) {
		int cpu = cpu_of(rq);

		get_task_struct(p);
		task_rq_unlock(rq, p, rf);
		stop_one_cpu(cpu, migration_cpu_stop, &arg);
		put_task_struct(p);
		return;
	}
	if (task_on_rq_queued(p))
		rq = move_queued_task(rq, p, dest_cpu);
	task_rq_unlock(rq, p, rf);
}

/**
 * set_cpus_allowed_ptr - say on which CPUs @p may run
 *
 * When this returns it runs on none that @new_mask leaves out. -EINVAL if none of the set is online,
 * or the task is bound for good. May sleep, if the task may be running.
 */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	struct cpumask valid;
	struct rq_flags rf;
	struct rq *rq;

	cpumask_and(&valid, new_mask, cpu_online_mask);
	rq = task_rq_lock(p, &rf);
	if (cpumask_empty(&valid) || (p->flags & PF_NO_SETAFFINITY)) {
		task_rq_unlock(rq, p, &rf);
		return -EINVAL;
	}
	update_rq_clock(rq);
	do_set_cpus_allowed(rq, p, new_mask);
	if (cpumask_test_cpu(task_cpu(p), &valid))
		task_rq_unlock(rq, p, &rf);
	else
		affine_move_task(rq, p, cpumask_first(&valid), &rf);
	return 0;
}
EXPORT_SYMBOL(set_cpus_allowed_ptr);

/*
 * exec is the cheapest moment to move a task: its memory is gone. If this CPU has others to run, go to
 * the one that its class likes best.
 */
void sched_exec(void)
{
	struct migration_arg arg = { .task = current };
	unsigned long flags;
	int cpu;

	raw_spin_lock_irqsave(&current->pi_lock, flags);
	cpu = task_cpu(current);
	arg.dest_cpu = current->nr_cpus_allowed > 1 ?
		       current->sched_class->select_task_rq(current, cpu, WF_EXEC) : cpu;
	raw_spin_unlock_irqrestore(&current->pi_lock, flags);
	if (arg.dest_cpu != cpu)
		stop_one_cpu(cpu, migration_cpu_stop, &arg);
}
