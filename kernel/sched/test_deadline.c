// SPDX-License-Identifier: MIT
/*
 * Self-tests of the deadline class, with threads that run all the time. The test itself is in the class
 * below and runs when they are throttled; what must be seen while they run is looked at by an hrtimer.
 * The host may stop a CPU for a while, which the guest sees as interrupts that come late: hence the
 * tolerances. Under --icount the figures are exact.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/ktest_threads.h>
#include <linux/stop_machine.h>
#include "sched.h"

#define MAX_WORKERS	(3 * NR_CPUS)
#define MS		NSEC_PER_MSEC

static struct worker {
	struct task_struct	*task;
	u64			start, since;	/* run time, and the time, when the measurement began, ns */
	u64			sampled;	/* and by the time of sample() */
} workers[MAX_WORKERS] __initdata;

static int nr_workers __initdata, log[MAX_WORKERS] __initdata;
static atomic_t nr_logged __initdata, rounds __initdata;
static bool stop __initdata;
static struct completion done __initdata;

static int __init spin(void *data)
{
	while (!READ_ONCE(stop))
		ktest_burn();
	complete(&done);
	return 0;
}

static int __init log_once(void *data)
{
	log[atomic_inc_return(&nr_logged) - 1] = (struct worker *)data - workers;
	complete(&done);
	return 0;
}

static int __init yield_always(void *data)
{
	while (!READ_ONCE(stop)) {
		atomic_inc(&rounds);
		yield();
	}
	complete(&done);
	return 0;
}

static void __init set_normal(struct task_struct *p)
{
	struct sched_param param = { .sched_priority = 0 };

	sched_setscheduler_nocheck(p, SCHED_NORMAL, &param);
}

/* @n threads that wait for start_workers(). */
static bool __init make_workers(int n, int (*fn)(void *))
{
	struct sched_param param = { .sched_priority = MAX_RT_PRIO - 1 };

	sched_setscheduler_nocheck(current, SCHED_FIFO, &param);
	stop = false;
	atomic_set(&nr_logged, 0);
	atomic_set(&rounds, 0);
	init_completion(&done);
	for (nr_workers = 0; nr_workers < n; nr_workers++) {
		struct worker *w = &workers[nr_workers];

		w->task = kthread_create(fn, w, "dl/%d", nr_workers);
		if (IS_ERR(w->task))
			return false;
		get_task_struct(w->task);
	}
	schedule_timeout_uninterruptible(HZ / 50);	/* they get to sleep: only then do instances begin at the wake-up */
	return true;
}

/* The period is the deadline. Times in ns. */
static int __init set_deadline(int i, u64 runtime, u64 deadline)
{
	struct sched_attr attr = {
		.sched_policy	= SCHED_DEADLINE,
		.sched_runtime	= runtime,
		.sched_deadline	= deadline,
	};

	return sched_setattr_nocheck(workers[i].task, &attr);
}

static int __init set_policy(int i, int policy, int prio)
{
	struct sched_param param = { .sched_priority = prio };

	return sched_setscheduler_nocheck(workers[i].task, policy, &param);
}

static void __init begin_measurement(int i)
{
	workers[i].start = task_sched_runtime(workers[i].task);
	workers[i].since = sched_clock();
}

/* The last first, and on this CPU all at the same moment. */
static void __init start_workers(void)
{
	int i;

	preempt_disable();
	for (i = nr_workers - 1; i >= 0; i--) {
		begin_measurement(i);
		wake_up_process(workers[i].task);
	}
	preempt_enable();
}

/* How much of the time since it has run, in thousandths. */
static long __init permille_of(int i)
{
	u64 ran = task_sched_runtime(workers[i].task) - workers[i].start;

	return ran * 1000 / (sched_clock() - workers[i].since);
}

/*
 * What it has run beyond what its instances allowed, ns, 0 or less. It was given one budget for each period
 * up to its present deadline. This holds to the ns, also if it could not be stopped in time for a while:
 * then it waits as long afterwards.
 */
static long __init excess_of(int i)
{
	struct task_struct *p = workers[i].task;
	struct rq_flags rf;
	struct rq *rq = task_rq_lock(p, &rf);
	u64 ran = p->se.sum_exec_runtime - workers[i].start;
	u64 periods = (p->dl.deadline - workers[i].since) / p->dl.dl_period;
	long excess = ran - (periods * p->dl.dl_runtime - p->dl.runtime);

	task_rq_unlock(rq, p, &rf);
	return excess;
}

static void __init end_workers(void)
{
	int i;

	WRITE_ONCE(stop, true);
	for (i = 0; i < nr_workers; i++) {
		wake_up_process(workers[i].task);	/* if it was never started */
		wait_for_completion(&done);
	}
	for (i = 0; i < nr_workers; i++)
		put_task_struct(workers[i].task);
	set_normal(current);
	/* When all deadlines are past their bandwidth is free again. */
	schedule_timeout_uninterruptible(HZ);
}

/* ---- one CPU */

static void __init earliest_deadline_runs_first(struct ktest *test)
{
	static const int deadline[] __initconst = { 300, 100, 200 };
	int i;

	KTEST_ASSERT_TRUE(test, make_workers(3, log_once));
	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (i = 0; i < 3; i++) {
		set_cpus_allowed_ptr(workers[i].task, cpumask_of(0));
		KTEST_EXPECT_EQ(test, set_deadline(i, 10 * MS, deadline[i] * MS), 0);
	}
	start_workers();
	for (i = 0; i < 3; i++)
		wait_for_completion(&done);
	KTEST_EXPECT_EQ(test, log[0], 1);
	KTEST_EXPECT_EQ(test, log[1], 2);
	KTEST_EXPECT_EQ(test, log[2], 0);
	for (i = 0; i < 3; i++)
		put_task_struct(workers[i].task);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	set_normal(current);
	schedule_timeout_uninterruptible(HZ / 2);
}

/* Both run for ever. The second has budgets far smaller than a tick. */
static void __init overrun_does_not_pay(struct ktest *test)
{
	KTEST_ASSERT_TRUE(test, make_workers(2, spin));
	KTEST_EXPECT_EQ(test, set_deadline(0, 30 * MS, 100 * MS), 0);
	KTEST_EXPECT_EQ(test, set_deadline(1, MS / 5, MS), 0);
	start_workers();
	schedule_timeout_uninterruptible(2 * HZ);
	KTEST_EXPECT_LE(test, excess_of(0), 0);
	KTEST_EXPECT_LE(test, excess_of(1), 0);
	KTEST_EXPECT_GE(test, permille_of(0), 250);
	KTEST_EXPECT_LE(test, permille_of(0), 350);
	KTEST_EXPECT_GE(test, permille_of(1), 150);
	KTEST_EXPECT_LE(test, permille_of(1), 250);
	end_workers();
}

static void __init yield_gives_the_rest_away(struct ktest *test)
{
	KTEST_ASSERT_TRUE(test, make_workers(1, yield_always));
	KTEST_EXPECT_EQ(test, set_deadline(0, 10 * MS, 20 * MS), 0);
	start_workers();
	schedule_timeout_uninterruptible(HZ);
	KTEST_EXPECT_GE(test, atomic_read(&rounds), 45);
	KTEST_EXPECT_LE(test, atomic_read(&rounds), 55);
	end_workers();
}

/* ---- admission */

static void __init admission_refuses_what_does_not_fit(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_workers(n + 1, spin));
	for (i = 0; i < n; i++)
		KTEST_EXPECT_EQ(test, set_deadline(i, 90 * MS, 100 * MS), 0);
	KTEST_EXPECT_EQ(test, set_deadline(n, 90 * MS, 100 * MS), -EBUSY);
	/* Less for one of them, and there is room. */
	KTEST_EXPECT_EQ(test, set_deadline(0, 40 * MS, 100 * MS), 0);
	KTEST_EXPECT_EQ(test, set_deadline(n, 50 * MS, 100 * MS), 0);
	KTEST_EXPECT_EQ(test, set_deadline(0, 90 * MS, 100 * MS), -EBUSY);
	/* One that never ran leaves: nothing to wait for. */
	KTEST_EXPECT_EQ(test, set_policy(n, SCHED_NORMAL, 0), 0);
	KTEST_EXPECT_EQ(test, set_deadline(0, 90 * MS, 100 * MS), 0);
	end_workers();
}

/* It used up its budget and leaves: until its deadline that would be taken twice. */
static void __init bandwidth_is_free_at_the_0_lag_time(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_workers(n + 1, spin));
	for (i = 0; i < n; i++)
		KTEST_EXPECT_EQ(test, set_deadline(i, 450 * MS, 500 * MS), 0);
	wake_up_process(workers[0].task);
	while (!READ_ONCE(workers[0].task->dl.dl_throttled))
		schedule_timeout_uninterruptible(1);
	KTEST_EXPECT_EQ(test, set_policy(0, SCHED_NORMAL, 0), 0);
	KTEST_EXPECT_EQ(test, set_deadline(n, 450 * MS, 500 * MS), -EBUSY);
	schedule_timeout_uninterruptible(HZ / 2);
	KTEST_EXPECT_EQ(test, set_deadline(n, 450 * MS, 500 * MS), 0);
	/* Back within the period: the old bandwidth is not counted twice. */
	wake_up_process(workers[n].task);
	while (!READ_ONCE(workers[n].task->dl.dl_throttled))
		schedule_timeout_uninterruptible(1);
	KTEST_EXPECT_EQ(test, set_policy(n, SCHED_NORMAL, 0), 0);
	KTEST_EXPECT_EQ(test, set_deadline(n, 450 * MS, 500 * MS), 0);
	end_workers();
}

/* ---- all CPUs */

static bool sampling __initdata;

/* Twice: 100 ms after the start everybody is in his place, and the measurement of 150 ms begins. */
static enum hrtimer_restart __init sample(struct hrtimer *timer)
{
	int i;

	for (i = 0; i < nr_workers; i++) {
		if (!sampling)
			begin_measurement(i);
		else
			workers[i].sampled = task_sched_runtime(workers[i].task) - workers[i].start;
	}
	if (sampling)
		return HRTIMER_NORESTART;
	sampling = true;
	hrtimer_forward_now(timer, 150 * MS);
	return HRTIMER_RESTART;
}

/* N + 2 tasks, of which each could run for 600 ms on end: up to then N run, and two do not. */
static void __init earliest_deadlines_run_on_all_cpus(struct ktest *test)
{
	int n = num_online_cpus(), i;
	struct hrtimer timer;

	sampling = false;
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer.function = sample;
	KTEST_ASSERT_TRUE(test, make_workers(n + 2, spin));
	for (i = 0; i < n + 2; i++)
		KTEST_EXPECT_EQ(test, set_deadline(i, 600 * MS, (2000 + 100 * i) * MS), 0);
	hrtimer_start(&timer, 100 * MS, HRTIMER_MODE_REL_HARD);
	start_workers();		/* the latest first, so that each has to displace another */
	schedule_timeout_uninterruptible(5 * HZ / 2);
	hrtimer_cancel(&timer);
	for (i = 0; i < n; i++)
		KTEST_EXPECT_GE(test, workers[i].sampled, 75 * MS);
	for (; i < n + 2; i++)
		KTEST_EXPECT_LE(test, workers[i].sampled, 30 * MS);
	end_workers();
}

/* Per CPU one task of each class, all of them wanting the whole CPU. */
static void __init deadline_before_rt_before_fair_everywhere(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_workers(3 * n, spin));
	for (i = 0; i < n; i++) {
		KTEST_EXPECT_EQ(test, set_deadline(i, 12 * MS, 20 * MS), 0);
		KTEST_EXPECT_EQ(test, set_policy(n + i, SCHED_FIFO, 10), 0);
	}
	start_workers();
	schedule_timeout_uninterruptible(HZ / 10);
	for (i = 0; i < 3 * n; i++)
		begin_measurement(i);
	schedule_timeout_uninterruptible(2 * HZ / 5);
	for (i = 0; i < n; i++) {
		KTEST_EXPECT_GE(test, permille_of(i), 300);
		KTEST_EXPECT_LE(test, permille_of(i), 750);
		KTEST_EXPECT_GE(test, permille_of(n + i), 150);
		KTEST_EXPECT_LE(test, permille_of(2 * n + i), 150);
	}
	end_workers();
}

static int __init budget_of_curr(void *worker)
{
	struct task_struct *p = ((struct worker *)worker)->task;

	return p->dl.dl_throttled ? 0 : p->dl.runtime / NSEC_PER_MSEC;
}

/* The stopper comes while the task still has most of its budget. */
static void __init stopper_preempts_deadline_tasks(struct ktest *test)
{
	int cpu;

	if (num_online_cpus() == 1)
		return;
	for_each_online_cpu(cpu) {
		if (cpu == raw_smp_processor_id())
			continue;
		KTEST_ASSERT_TRUE(test, make_workers(1, spin));
		set_cpus_allowed_ptr(workers[0].task, cpumask_of(cpu));
		KTEST_EXPECT_EQ(test, set_deadline(0, 900 * MS, 1000 * MS), 0);
		wake_up_process(workers[0].task);
		schedule_timeout_uninterruptible(2);
		KTEST_EXPECT_GE(test, stop_one_cpu(cpu, budget_of_curr, &workers[0]), 500);
		end_workers();
	}
}

ktest_suite("sched-deadline",
	    KTEST_CASE(earliest_deadline_runs_first),
	    KTEST_CASE(overrun_does_not_pay),
	    KTEST_CASE(yield_gives_the_rest_away),
	    KTEST_CASE(admission_refuses_what_does_not_fit),
	    KTEST_CASE(bandwidth_is_free_at_the_0_lag_time),
	    KTEST_CASE(earliest_deadlines_run_on_all_cpus),
	    KTEST_CASE(deadline_before_rt_before_fair_everywhere),
	    KTEST_CASE(stopper_preempts_deadline_tasks));
