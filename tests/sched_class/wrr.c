// SPDX-License-Identifier: MIT
/*
 * A scheduling class that is not part of the kernel: weighted round robin, between rt and fair. It is
 * the worked example of docs/add-a-class.md; tests/test_sched_class.py builds a kernel with it.
 *
 * Each CPU has one list. The first task of it runs for as many ticks as its nice value gives it (40 at
 * -20, 1 at 19), then goes to the end. The running task stays in the list.
 *
 * Where a task is and what it has left is kept in p->rt, of which an rt task makes other use: a task is
 * in one class at a time, and leaves it with the list node empty. rq->lock is held in everything here,
 * except where struct sched_class says otherwise.
 */
#include <linux/completion.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/string.h>
#include "sched.h"

/* The test follows one task, and notes which methods are called for it. */
static struct task_struct *traced;
static char trace[256];

static void note(struct task_struct *p, const char *method)
{
	if (p != READ_ONCE(traced))
		return;
	if (trace[0])
		strlcat(trace, " ", sizeof(trace));
	strlcat(trace, method, sizeof(trace));
}

static unsigned int slice_of(struct task_struct *p)
{
	return MAX_NICE + 1 - task_nice(p);
}

/* ---- the queue */

static void enqueue_task_wrr(struct rq *rq, struct task_struct *p, int flags)
{
	note(p, "enqueue");
	if (flags & ENQUEUE_HEAD)
		list_add(&p->rt.run_list, &rq->wrr.queue);
	else
		list_add_tail(&p->rt.run_list, &rq->wrr.queue);
	if (!(flags & ENQUEUE_RESTORE))
		p->rt.time_slice = slice_of(p);
	rq->wrr.nr_running++;
	add_nr_running(rq, 1);
}

static void update_curr_wrr(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	s64 delta = rq_clock(rq) - curr->se.exec_start;

	if (curr->sched_class != &wrr_sched_class || delta <= 0)
		return;
	curr->se.sum_exec_runtime += delta;
	curr->se.exec_start += delta;
}

static void dequeue_task_wrr(struct rq *rq, struct task_struct *p, int flags)
{
	note(p, "dequeue");
	update_curr_wrr(rq);
	list_del_init(&p->rt.run_list);
	rq->wrr.nr_running--;
	sub_nr_running(rq, 1);
}

static void yield_task_wrr(struct rq *rq)
{
	note(rq->curr, "yield");
	list_move_tail(&rq->curr->rt.run_list, &rq->wrr.queue);
}

/* ---- running */

/* One that wakes up waits for its turn. */
static void check_preempt_curr_wrr(struct rq *rq, struct task_struct *p, int flags)
{
	note(p, "check_preempt");
}

static void set_next_task_wrr(struct rq *rq, struct task_struct *p, bool first)
{
	note(p, first ? "set_next(first)" : "set_next");
	p->se.exec_start = rq_clock(rq);
}

static struct task_struct *pick_next_task_wrr(struct rq *rq)
{
	struct task_struct *p;

	if (list_empty(&rq->wrr.queue))
		return NULL;
	p = rt_task_of(list_first_entry(&rq->wrr.queue, struct sched_rt_entity, run_list));
	note(p, "pick");
	set_next_task_wrr(rq, p, true);
	return p;
}

static void put_prev_task_wrr(struct rq *rq, struct task_struct *p)
{
	note(p, "put_prev");
	update_curr_wrr(rq);
}

/* Called for a prev of this class or one above. True ends the round: the classes below need not fetch. */
static int balance_wrr(struct rq *rq, struct task_struct *prev, struct rq_flags *rf)
{
	note(prev, "balance");
	return sched_stop_runnable(rq) || sched_dl_runnable(rq) || sched_rt_runnable(rq) ||
	       rq->wrr.nr_running;
}

static void task_tick_wrr(struct rq *rq, struct task_struct *p, int queued)
{
	update_curr_wrr(rq);
	if (--p->rt.time_slice)
		return;
	p->rt.time_slice = slice_of(p);
	if (list_is_singular(&rq->wrr.queue))
		return;
	list_move_tail(&p->rt.run_list, &rq->wrr.queue);
	resched_curr(rq);
}

/* The CPU with the fewest. No lock: the numbers may be old, then the choice is a little worse. */
static int select_task_rq_wrr(struct task_struct *p, int prev_cpu, int flags)
{
	int cpu, best = prev_cpu;

	note(p, "select");
	for_each_cpu(cpu, p->cpus_ptr)
		if (cpu_online(cpu) &&
		    READ_ONCE(cpu_rq(cpu)->wrr.nr_running) < READ_ONCE(cpu_rq(best)->wrr.nr_running))
			best = cpu;
	return best;
}

/* ---- the rest of a task's life */

static void task_woken_wrr(struct rq *rq, struct task_struct *p)
{
	note(p, "woken");
}

static void task_fork_wrr(struct task_struct *p)
{
	note(current, "fork");
}

static void task_dead_wrr(struct task_struct *p)
{
	note(p, "dead");
}

static void switched_from_wrr(struct rq *rq, struct task_struct *p)
{
	note(p, "switched_from");
}

/* It may have come from below, and the CPU do something of less importance. */
static void switched_to_wrr(struct rq *rq, struct task_struct *p)
{
	note(p, "switched_to");
	p->rt.time_slice = slice_of(p);
	if (task_on_rq_queued(p) && !task_current(rq, p))
		check_preempt_curr(rq, p, 0);
}

static void prio_changed_wrr(struct rq *rq, struct task_struct *p, int oldprio)
{
	note(p, "prio_changed");
}

DEFINE_SCHED_CLASS(wrr) = {
	.enqueue_task		= enqueue_task_wrr,
	.dequeue_task		= dequeue_task_wrr,
	.yield_task		= yield_task_wrr,
	.check_preempt_curr	= check_preempt_curr_wrr,
	.pick_next_task		= pick_next_task_wrr,
	.put_prev_task		= put_prev_task_wrr,
	.set_next_task		= set_next_task_wrr,
	.balance		= balance_wrr,
	.select_task_rq		= select_task_rq_wrr,
	.task_woken		= task_woken_wrr,
	.set_cpus_allowed	= set_cpus_allowed_common,
	.task_tick		= task_tick_wrr,
	.task_fork		= task_fork_wrr,
	.task_dead		= task_dead_wrr,
	.switched_from		= switched_from_wrr,
	.switched_to		= switched_to_wrr,
	.prio_changed		= prio_changed_wrr,
	.update_curr		= update_curr_wrr,
};

void __init init_wrr_rq(struct rq *rq)
{
	INIT_LIST_HEAD(&rq->wrr.queue);
}

/* ================================================================== the test */

static struct completion done __initdata;
static bool go_on __initdata;

static void __init set_policy(struct task_struct *p, int policy, int prio)
{
	struct sched_param param = { .sched_priority = prio };

	sched_setscheduler_nocheck(p, policy, &param);
}

/* @expected is with several CPUs: one that is alone has nobody to fetch from, so no class is asked to balance. */
static void __init expect_calls(struct ktest *test, const char *when, const char *expected)
{
	static char alone[sizeof(trace)] __initdata;
	char *balance;

	strscpy(alone, expected, sizeof(alone));
	while (num_online_cpus() == 1 && (balance = strstr(alone, "balance ")))
		memmove(balance, balance + 8, strlen(balance + 8) + 1);
	expected = alone;
	if (strcmp(trace, expected))
		pr_info("    # %s: saw \"%s\", expected \"%s\"\n", when, trace, expected);
	KTEST_EXPECT_EQ(test, strcmp(trace, expected), 0);
	trace[0] = '\0';
}

/* Sleeps when it is told to, else runs. */
static int __init nap_or_run(void *data)
{
	while (!READ_ONCE(go_on)) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!READ_ONCE(go_on))
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	complete(&done);
	return 0;
}

/* All on CPU 0, where the test has a higher priority: what it does to a task is done while that one waits. */
static void __init calls_come_in_this_order(struct ktest *test)
{
	struct task_struct *p;

	go_on = false;
	init_completion(&done);
	set_policy(current, SCHED_FIFO, 90);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	p = kthread_create(nap_or_run, NULL, "wrr");
	KTEST_ASSERT_FALSE(test, IS_ERR(p));
	get_task_struct(p);
	set_cpus_allowed_ptr(p, cpumask_of(0));
	schedule_timeout_uninterruptible(3);	/* it gets to sleep */
	trace[0] = '\0';
	WRITE_ONCE(traced, p);

	set_policy(p, SCHED_WRR, 0);
	expect_calls(test, "joins asleep", "switched_to");
	wake_up_process(p);
	expect_calls(test, "wakes, bound to a CPU", "enqueue woken");
	set_user_nice(p, 5);
	expect_calls(test, "nice, while it waits", "dequeue enqueue prio_changed");
	set_cpus_allowed_ptr(p, cpumask_of(0));
	expect_calls(test, "affinity, while it waits", "dequeue enqueue");
	set_policy(p, SCHED_NORMAL, 0);
	expect_calls(test, "leaves, while it waits", "dequeue switched_from");
	set_policy(p, SCHED_WRR, 0);
	expect_calls(test, "joins, while it waits", "enqueue switched_to");
	set_policy(p, SCHED_WRR, 0);
	expect_calls(test, "nothing changes", "");
	schedule_timeout_uninterruptible(3);
	expect_calls(test, "runs and sleeps", "pick set_next(first) dequeue balance put_prev");
	WRITE_ONCE(go_on, true);
	wake_up_process(p);
	wait_for_completion(&done);
	schedule_timeout_uninterruptible(3);
	/* By completing `done` it wakes the test, which preempts it. */
	expect_calls(test, "wakes, runs, is preempted, runs, ends",
		     "enqueue woken pick set_next(first) balance put_prev "
		     "pick set_next(first) dequeue balance put_prev dead");

	WRITE_ONCE(traced, NULL);
	put_task_struct(p);
	set_policy(current, SCHED_NORMAL, 0);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/* What is done to the task that runs: the test follows itself. */
static void __init calls_for_the_running_task(struct ktest *test)
{
	set_cpus_allowed_ptr(current, cpumask_of(0));
	trace[0] = '\0';
	WRITE_ONCE(traced, current);
	preempt_disable();		/* nobody comes in between */
	set_policy(current, SCHED_WRR, 0);
	expect_calls(test, "joins, running", "enqueue set_next switched_to");
	set_user_nice(current, -5);
	expect_calls(test, "nice, running", "dequeue put_prev enqueue set_next prio_changed");
	set_policy(current, SCHED_NORMAL, 0);
	expect_calls(test, "leaves, running", "dequeue put_prev switched_from");
	set_policy(current, SCHED_WRR, 0);
	trace[0] = '\0';
	preempt_enable();
	trace[0] = '\0';
	yield();
	expect_calls(test, "yields", "yield balance put_prev pick set_next(first)");
	WRITE_ONCE(traced, NULL);
	set_policy(current, SCHED_NORMAL, 0);
	set_user_nice(current, 0);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

static bool stop __initdata;

static int __init spin(void *data)
{
	while (!READ_ONCE(stop))
		cpu_relax();
	*(u64 *)data = current->se.sum_exec_runtime;
	complete(&done);
	return 0;
}

/* Per CPU one of 20 ticks, one of 10, and a fair one, which gets nothing. */
static void __init turns_by_weight_on_all_cpus(struct ktest *test)
{
	static u64 ran[3 * NR_CPUS] __initdata;
	static struct task_struct *p[3 * NR_CPUS] __initdata;
	int n = num_online_cpus(), i;

	stop = false;
	init_completion(&done);
	set_policy(current, SCHED_FIFO, 90);
	for (i = 0; i < 3 * n; i++) {
		p[i] = kthread_create(spin, &ran[i], "wrr/%d", i);
		KTEST_ASSERT_FALSE(test, IS_ERR(p[i]));
		set_cpus_allowed_ptr(p[i], cpumask_of(i % n));
		if (i < 2 * n)
			set_policy(p[i], SCHED_WRR, 0);
		set_user_nice(p[i], i < n || i >= 2 * n ? 0 : 10);
	}
	for (i = 0; i < 3 * n; i++)
		wake_up_process(p[i]);
	schedule_timeout_uninterruptible(6 * HZ / 5);
	WRITE_ONCE(stop, true);
	for (i = 0; i < 3 * n; i++)
		wait_for_completion(&done);
	set_policy(current, SCHED_NORMAL, 0);
	for (i = 0; i < n; i++) {
		u64 permille = ran[i] * 1000 / (ran[i] + ran[n + i]);

		KTEST_EXPECT_GE(test, permille, 560);
		KTEST_EXPECT_LE(test, permille, 770);
		KTEST_EXPECT_LE(test, ran[2 * n + i] / NSEC_PER_MSEC, 300);
	}
}

ktest_suite("wrr",
	    KTEST_CASE(calls_come_in_this_order),
	    KTEST_CASE(calls_for_the_running_task),
	    KTEST_CASE(turns_by_weight_on_all_cpus));
