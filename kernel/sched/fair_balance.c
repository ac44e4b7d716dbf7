// SPDX-License-Identifier: MIT
/*
 * The fair class on several CPUs: where a task wakes up, and how queues are evened out.
 *
 * Each CPU's queue is fair by itself. For the whole to be fair their loads, which are the sums of the
 * weights, have to stay alike, and no CPU may be idle while another has tasks waiting:
 *
 *	fork, exec, wake-up	the task goes to an idle CPU if there is one
 *	a CPU runs dry		pulls a waiting task before it idles (newidle_balance())
 *	the tick		a busy CPU pulls from the busiest one now and then (load_balance()), and
 *				a CPU with tasks waiting wakes an idle one to come and pull
 *
 * Loads of other queues are read without their locks: they may be old by the time they are used, and
 * then the choice is a little worse. Tasks are moved with both queues' locks taken one after the
 * other, as in migrate.c.
 */
#include <linux/jiffies.h>
#include "sched.h"

#define BALANCE_INTERVAL	(4 + 2 * num_online_cpus())	/* jiffies */

/*
 * One that was moved stays for so long, ns, unless a CPU idles: it is the others' turn. That is about the time
 * between two moves on few CPUs. Shorter, and chance decides who goes, so that of three tasks on two CPUs one may
 * have a tenth less than its share for seconds.
 */
#define MIGRATION_REST		(100 * NSEC_PER_MSEC)

/*
 * When a busy CPU compares itself with the others again. The more there are, the less often each does;
 * and not at regular times, or of two tasks that take turns by the tick it would always meet the same one
 * waiting. The clock's lower digits are as good as chance.
 */
static unsigned long next_balance_time(struct rq *rq)
{
	return jiffies + BALANCE_INTERVAL + rq_clock(rq) / 1024 % 8;
}

static unsigned long cpu_load(int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->cfs.load.weight);
}

/* Runnable fair tasks that do not run: others may have them. Exact only with rq->lock held. */
static unsigned int nr_waiting(struct rq *rq)
{
	unsigned int nr = READ_ONCE(rq->cfs.nr_running);

	return nr && READ_ONCE(rq->cfs.curr) ? nr - 1 : nr;
}

/* ---- placing a task that is not queued; its pi_lock is held, no run queue's */

/* An idle CPU that @p may run on, looking at @near first; -1 if there is none. */
static int select_idle_cpu(struct task_struct *p, int near)
{
	int cpu;

	if (is_cpu_allowed(p, near) && idle_cpu(near))
		return near;
	for_each_cpu(cpu, p->cpus_ptr)
		if (cpu_online(cpu) && idle_cpu(cpu))
			return cpu;
	return -1;
}

static int find_idlest_cpu(struct task_struct *p, int this_cpu)
{
	int cpu = select_idle_cpu(p, this_cpu), idlest = this_cpu;
	unsigned long load, least = ULONG_MAX;

	if (cpu >= 0)
		return cpu;
	for_each_cpu(cpu, p->cpus_ptr) {
		if (!cpu_online(cpu))
			continue;
		load = cpu_load(cpu);
		/* Between equals, stay. */
		if (load < least || (load == least && cpu == this_cpu)) {
			least = load;
			idlest = cpu;
		}
	}
	return idlest;
}

/*
 * A new task, or one that calls exec, has nothing in any cache. One that wakes up has, where it ran
 * last; the next best place is here, where what it waited for has just been written.
 */
int select_task_rq_fair(struct task_struct *p, int prev_cpu, int wake_flags)
{
	int this_cpu = smp_processor_id(), cpu;

	if ((wake_flags & WF_EXEC) && this_rq()->nr_running <= 1)
		return this_cpu;
	if (wake_flags & (WF_FORK | WF_EXEC))
		return find_idlest_cpu(p, this_cpu);

	cpu = select_idle_cpu(p, prev_cpu);
	if (cpu >= 0)
		return cpu;
	if (is_cpu_allowed(p, this_cpu) && cpu_load(this_cpu) < cpu_load(prev_cpu))
		return this_cpu;
	return prev_cpu;
}

/* ---- pulling tasks */

/* Of the CPUs that have fair tasks waiting, the one with the greatest load; NULL if there is none. */
static struct rq *find_busiest_queue(int this_cpu)
{
	struct rq *busiest = NULL;
	unsigned long load, max = 0;
	int cpu;

	for_each_online_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		if (cpu == this_cpu || !nr_waiting(rq))
			continue;
		load = cpu_load(cpu);
		/* With a task of a higher class running there, those that wait may wait long. */
		if (!READ_ONCE(rq->cfs.curr))
			load *= 2;
		if (load > max) {
			max = load;
			busiest = rq;
		}
	}
	return busiest;
}

/*
 * Take a waiting task of @src off its queue, for @this_cpu; NULL if there is none that may go, weighs no
 * more than @max and was last moved before @before (ns). It is TASK_ON_RQ_MIGRATING and belongs to
 * @this_cpu from here on.
 */
static struct task_struct *detach_one_task(struct rq *src, int this_cpu, unsigned long max, u64 before)
{
	struct rb_node *node;

	lockdep_assert_rq_held(src);
	for (node = rb_first_cached(&src->cfs.tasks_timeline); node; node = rb_next(node)) {
		struct sched_entity *se = rb_entry(node, struct sched_entity, run_node);
		struct task_struct *p = container_of(se, struct task_struct, se);

		if (se->load.weight > max || se->last_balanced > before ||
		    !cpumask_test_cpu(this_cpu, p->cpus_ptr))
			continue;
		se->last_balanced = rq_clock(src);
		deactivate_task(src, p, DEQUEUE_NOCLOCK);
		set_task_cpu(p, this_cpu);
		return p;
	}
	return NULL;
}

static void attach_one_task(struct rq *rq, struct task_struct *p)
{
	raw_spin_lock(&rq->lock);
	activate_task(rq, p, 0);
	check_preempt_curr(rq, p, 0);
	raw_spin_unlock(&rq->lock);
}

/*
 * Move one task from @busiest to @this_rq if that brings the two loads nearer to each other. When all
 * are too heavy for that, a heavier one goes after some attempts: three equal tasks cannot be divided
 * by two, but they can take turns at being alone. No lock is held; interrupts are off. True if moved.
 *
 * A busy CPU does not wait for the lock: whoever has it is perhaps balancing that very queue, and CPUs
 * that queue up for it in their ticks keep each other from running anything at all.
 */
static bool load_balance(struct rq *this_rq, struct rq *busiest, bool idle)
{
	u64 before = U64_MAX;
	unsigned long max = ULONG_MAX;
	struct task_struct *p = NULL;

	if (idle)
		raw_spin_lock(&busiest->lock);
	else if (!raw_spin_trylock(&busiest->lock))
		return false;
	update_rq_clock(busiest);
	if (!idle) {
		unsigned long here = cpu_load(cpu_of(this_rq)), there = busiest->cfs.load.weight;

		if (there <= here)
			goto out;
		max = (there - here) / 2 << min(this_rq->nr_balance_failed, 16U);
		before = rq_clock(busiest) - MIGRATION_REST;
	}
	p = nr_waiting(busiest) ? detach_one_task(busiest, cpu_of(this_rq), max, before) : NULL;
	this_rq->nr_balance_failed = p ? 0 : this_rq->nr_balance_failed + 1;
	/* Who gave a task away is the last to ask for one, or some CPUs would pass it to and fro. */
	if (p)
		WRITE_ONCE(busiest->next_balance, next_balance_time(busiest));
out:
	raw_spin_unlock(&busiest->lock);
	if (p)
		attach_one_task(this_rq, p);
	return p;
}

/*
 * This CPU is about to idle: ask the others, the busiest first. rq->lock is given up meanwhile; true
 * if there is something to run when it is held again, pulled or woken.
 */
static bool newidle_balance(struct rq *this_rq)
{
	struct cpumask tried;
	struct rq *busiest;
	int cpu;

	raw_spin_unlock(&this_rq->lock);
	busiest = find_busiest_queue(cpu_of(this_rq));
	if (busiest && !load_balance(this_rq, busiest, true)) {
		/* Its tasks must not come here. Those of another may. */
		cpumask_copy(&tried, cpu_online_mask);
		cpumask_clear_cpu(cpu_of(busiest), &tried);
		cpumask_clear_cpu(cpu_of(this_rq), &tried);
		for_each_cpu(cpu, &tried)
			if (nr_waiting(cpu_rq(cpu)) && load_balance(this_rq, cpu_rq(cpu), true))
				break;
	}
	raw_spin_lock(&this_rq->lock);
	update_rq_clock(this_rq);
	return this_rq->nr_running > 0;
}

int balance_fair(struct rq *rq, struct task_struct *prev, struct rq_flags *rf)
{
	return rq->nr_running || newidle_balance(rq);
}

/* ---- the tick */

/* A CPU of @idle that a waiting task of @rq may go to; nr_cpu_ids if there is none. rq->lock is held. */
static unsigned int find_idle_helper(struct rq *rq, const struct cpumask *idle)
{
	unsigned int cpu = nr_cpu_ids;
	struct rb_node *node = rb_first_cached(&rq->cfs.tasks_timeline);
	struct cpumask helpers;

	lockdep_assert_rq_held(rq);
	for (; node && cpu >= nr_cpu_ids; node = rb_next(node)) {
		struct sched_entity *se = rb_entry(node, struct sched_entity, run_node);

		cpumask_and(&helpers, idle, container_of(se, struct task_struct, se)->cpus_ptr);
		cpu = cpumask_first(&helpers);
	}
	return cpu;
}

/*
 * Tasks wait here, and perhaps a CPU idles: it takes no ticks, so it has to be woken. Who finds its queue
 * locked lets it be: somebody has just given it something to do, or is about to.
 */
static void kick_idle_cpu(struct rq *rq)
{
	struct cpumask idle = { };
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (idle_cpu(cpu))
			cpumask_set_cpu(cpu, &idle);
	if (cpumask_empty(&idle))
		return;
	raw_spin_lock(&rq->lock);
	cpu = find_idle_helper(rq, &idle);
	raw_spin_unlock(&rq->lock);
	if (cpu < nr_cpu_ids && raw_spin_trylock(&cpu_rq(cpu)->lock)) {
		if (cpu_rq(cpu)->curr == cpu_rq(cpu)->idle)
			resched_curr(cpu_rq(cpu));
		raw_spin_unlock(&cpu_rq(cpu)->lock);
	}
}

/** trigger_load_balance - the tick's part in balancing; interrupts are off, no lock is held */
void trigger_load_balance(struct rq *rq)
{
	struct rq *busiest;

	if (!sched_smp_initialized)
		return;
	if (nr_waiting(rq))
		kick_idle_cpu(rq);
	if (time_before(jiffies, READ_ONCE(rq->next_balance)))
		return;
	WRITE_ONCE(rq->next_balance, next_balance_time(rq));
	busiest = find_busiest_queue(cpu_of(rq));
	if (busiest && rq->nr_running)
		load_balance(rq, busiest, false);
}
