// SPDX-License-Identifier: MIT
/*
 * Self-tests of the scheduler on several CPUs, with threads that run all the time. With one CPU most
 * of them have nothing to check and pass.
 *
 * The test itself is the most urgent task of all, so it runs whenever it wants; while its threads run it
 * sleeps. What ran where is read off the threads' run times, which update_curr() keeps to the ns. The
 * host may stop a CPU for a while, which the guest sees as interrupts that come late: hence the tolerances.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/ktest_threads.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>
#include <asm/processor.h>
#include "sched.h"

#define MAX_SPINNERS	(2 * NR_CPUS + 2)

static struct spinner {
	struct task_struct	*task;
	u64			start, since;	/* run time, and the time, when the measurement began, ns */
	cpumask_t		ran_on;
	unsigned long		rounds;
} spinners[MAX_SPINNERS] __initdata;

static int nr_spinners __initdata;
static bool stop __initdata;
static struct completion done __initdata;
static int rt_runtime __initdata;

static bool check_accounts __initdata;
static atomic_t accounts_checked __initdata, accounts_wrong __initdata;

/* While rt tasks are throttled, here, the others alone count. */
static void __init check_nr_running(void)
{
	struct rq_flags rf;
	struct rq *rq;

	local_irq_save(rf.flags);
	rq = this_rq();
	rq_lock(rq, &rf);
	if (rq->rt.rt_throttled) {
		atomic_inc(&accounts_checked);
		if (rq->nr_running != rq->cfs.nr_running + rq->dl.dl_nr_running)
			atomic_inc(&accounts_wrong);
	}
	rq_unlock(rq, &rf);
	local_irq_restore(rf.flags);
}

static int __init spin(void *data)
{
	struct spinner *s = data;

	while (!READ_ONCE(stop)) {
		cpumask_set_cpu(raw_smp_processor_id(), &s->ran_on);
		WRITE_ONCE(s->rounds, s->rounds + 1);
		if (READ_ONCE(check_accounts))
			check_nr_running();
		ktest_burn();
	}
	complete(&done);
	return 0;
}

static void __init set_policy(struct task_struct *p, int policy, int prio)
{
	struct sched_param param = { .sched_priority = prio };

	sched_setscheduler_nocheck(p, policy, &param);
}

/* @n threads that wait for start_spinners(). */
static bool __init make_spinners(int n)
{
	int i;

	/* Shares of rt tasks are measured without a limit, except where it is tested itself. */
	rt_runtime = sysctl_sched_rt_runtime;
	WRITE_ONCE(sysctl_sched_rt_runtime, -1);
	stop = false;
	nr_spinners = 0;
	init_completion(&done);
	set_policy(current, SCHED_FIFO, MAX_RT_PRIO - 1);
	for (i = 0; i < n; i++) {
		spinners[i] = (struct spinner){ };
		spinners[i].task = kthread_create(spin, &spinners[i], "spin/%d", i);
		if (IS_ERR(spinners[i].task))
			return false;
		get_task_struct(spinners[i].task);
		nr_spinners++;
	}
	return true;
}

static void __init start_spinners(void)
{
	int i;

	for (i = 0; i < nr_spinners; i++)
		wake_up_process(spinners[i].task);
}

/* First let those that had to move do so. */
static void __init begin_measurement(void)
{
	int i;

	schedule_timeout_uninterruptible(HZ / 10);
	for (i = 0; i < nr_spinners; i++) {
		spinners[i].start = task_sched_runtime(spinners[i].task);
		spinners[i].since = sched_clock();
	}
}

/* How much of the time since it has run, in thousandths. */
static long __init permille_of(int i)
{
	u64 ran = task_sched_runtime(spinners[i].task) - spinners[i].start;

	return ran * 1000 / (sched_clock() - spinners[i].since);
}

static void __init end_spinners(void)
{
	int i;

	WRITE_ONCE(stop, true);
	for (i = 0; i < nr_spinners; i++)
		wait_for_completion(&done);
	for (i = 0; i < nr_spinners; i++)
		put_task_struct(spinners[i].task);
	set_policy(current, SCHED_NORMAL, 0);
	WRITE_ONCE(sysctl_sched_rt_runtime, rt_runtime);
}

/* ---- IPIs and stoppers */

static atomic_t calls __initdata;

static void __init count_call(void *mask)
{
	cpumask_set_cpu(smp_processor_id(), (struct cpumask *)mask);
	atomic_inc(&calls);
}

static void __init function_calls_reach_every_cpu_once(struct ktest *test)
{
	cpumask_t called = { };
	int cpu;

	atomic_set(&calls, 0);
	on_each_cpu(count_call, &called, 1);
	KTEST_EXPECT_EQ(test, atomic_read(&calls), num_online_cpus());
	KTEST_EXPECT_EQ(test, cpumask_weight(&called), num_online_cpus());

	for_each_online_cpu(cpu) {
		cpumask_clear(&called);
		KTEST_EXPECT_EQ(test, smp_call_function_single(cpu, count_call, &called, 1), 0);
		KTEST_EXPECT_TRUE(test, cpumask_weight(&called) == 1 && cpumask_test_cpu(cpu, &called));
	}
	KTEST_EXPECT_EQ(test, smp_call_function_single(NR_CPUS, count_call, &called, 1), -ENXIO);
}

static int __init where(void *cpu)
{
	*(int *)cpu = smp_processor_id();
	return 42;
}

static void __init stopper_preempts_its_cpu(struct ktest *test)
{
	int cpu, ran_on = -1;

	if (num_online_cpus() == 1) {
		KTEST_EXPECT_EQ(test, stop_one_cpu(0, where, &ran_on), -ENOENT);
		return;
	}
	KTEST_ASSERT_TRUE(test, make_spinners(num_online_cpus()));
	start_spinners();
	for_each_online_cpu(cpu) {
		KTEST_EXPECT_EQ(test, stop_one_cpu(cpu, where, &ran_on), 42);
		KTEST_EXPECT_EQ(test, ran_on, cpu);
	}
	end_spinners();
}

/* ---- affinity */

/* Back and forth while it runs: from the return of set_cpus_allowed_ptr() on it runs there alone. */
static void __init pinned_task_never_runs_elsewhere(struct ktest *test)
{
	unsigned int cpu, round;
	unsigned long rounds;

	KTEST_ASSERT_TRUE(test, make_spinners(num_online_cpus() + 1));
	start_spinners();
	for (round = 0; round < 5; round++) {
		for_each_online_cpu(cpu) {
			KTEST_EXPECT_EQ(test, set_cpus_allowed_ptr(spinners[0].task, cpumask_of(cpu)), 0);
			cpumask_clear(&spinners[0].ran_on);
			rounds = READ_ONCE(spinners[0].rounds);
			while (READ_ONCE(spinners[0].rounds) < rounds + 2)
				schedule_timeout_uninterruptible(1);
			/* One store may have been under way when the mask was cleared. */
			cpumask_clear(&spinners[0].ran_on);
			schedule_timeout_uninterruptible(3);
			KTEST_EXPECT_EQ(test, spinners[0].ran_on.bits[0] & ~cpumask_of(cpu)->bits[0], 0);
		}
	}
	end_spinners();
}

/* ---- rt: the N most urgent run */

static void __init most_urgent_tasks_run_on_all_cpus(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_spinners(n + 2));
	/* The least urgent first, so that each of those that come later has to push somebody away. */
	for (i = 0; i < n + 2; i++)
		set_policy(spinners[i].task, SCHED_FIFO, 10 + i);
	start_spinners();
	begin_measurement();
	schedule_timeout_uninterruptible(HZ / 5);
	for (i = 0; i < 2; i++)
		KTEST_EXPECT_LE(test, permille_of(i), 150);
	for (; i < n + 2; i++)
		KTEST_EXPECT_GE(test, permille_of(i), 800);

	/* The most urgent becomes the least: another takes its place. */
	set_policy(spinners[n + 1].task, SCHED_FIFO, 1);
	begin_measurement();
	schedule_timeout_uninterruptible(HZ / 5);
	KTEST_EXPECT_LE(test, permille_of(n + 1), 150);
	KTEST_EXPECT_GE(test, permille_of(1), 800);
	end_spinners();
}

static void __init rt_tasks_run_before_fair_ones_everywhere(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_spinners(2 * n));
	for (i = 0; i < n; i++)
		set_policy(spinners[i].task, SCHED_RR, 10);
	start_spinners();
	begin_measurement();
	schedule_timeout_uninterruptible(HZ / 5);
	for (i = 0; i < n; i++)
		KTEST_EXPECT_GE(test, permille_of(i), 800);
	for (; i < 2 * n; i++)
		KTEST_EXPECT_LE(test, permille_of(i), 150);
	end_spinners();
}

/* One of each on every CPU, bound to it: in 4 s the fair one has 200 ms. */
static void __init throttling_leaves_a_part_to_fair_tasks(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_spinners(2 * n));
	for (i = 0; i < 2 * n; i++)
		set_cpus_allowed_ptr(spinners[i].task, cpumask_of(i % n));
	for (i = 0; i < n; i++)
		set_policy(spinners[i].task, SCHED_FIFO, 10);
	WRITE_ONCE(sysctl_sched_rt_runtime, 950000);
	check_accounts = true;
	start_spinners();
	begin_measurement();
	schedule_timeout_uninterruptible(4 * HZ);
	for (i = 0; i < n; i++)
		KTEST_EXPECT_GE(test, permille_of(i), 850);
	for (; i < 2 * n; i++) {
		KTEST_EXPECT_GE(test, permille_of(i), 20);
		KTEST_EXPECT_LE(test, permille_of(i), 100);
	}
	end_spinners();
	check_accounts = false;
	KTEST_EXPECT_GT(test, atomic_read(&accounts_checked), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&accounts_wrong), 0);
}

/* ---- fair */

/*
 * N + 1 equal tasks on N CPUs: each gets N / (N + 1) of one, over time. It is a matter of who meets whom when
 * CPUs compare their loads, some ten times a second: over 4 s two CPUs may miss the 5 % by chance, over 16 s
 * they do not.
 */
static void __init one_task_too_many_is_shared_by_all(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_spinners(n + 1));
	start_spinners();
	begin_measurement();
	schedule_timeout_uninterruptible(16 * HZ);
	for (i = 0; i < n + 1; i++) {
		KTEST_EXPECT_GE(test, permille_of(i), 950 * n / (n + 1));
		KTEST_EXPECT_LE(test, permille_of(i), 1050 * n / (n + 1));
	}
	end_spinners();
}

/*
 * Per CPU one of nice 0 and one of nice 5, weights 1024 and 335: the loads have to be evened out, which with
 * 8 CPUs takes some 300 ms. That counts in the shares, and so it is measured for 16 s, too.
 */
static void __init fair_shares_by_weight_on_all_cpus(struct ktest *test)
{
	int n = num_online_cpus(), i;

	KTEST_ASSERT_TRUE(test, make_spinners(2 * n));
	for (i = 0; i < n; i++)
		set_user_nice(spinners[i].task, 5);
	start_spinners();
	begin_measurement();
	schedule_timeout_uninterruptible(16 * HZ);
	for (i = 0; i < 2 * n; i++) {
		long share = i < n ? 247 : 753;

		KTEST_EXPECT_GE(test, permille_of(i), share - share / 20);
		KTEST_EXPECT_LE(test, permille_of(i), share + share / 20);
	}
	end_spinners();
}

/*
 * Two tasks are held on one CPU and then let go: another CPU comes for one of them. The test is bound to
 * the same CPU, so that the others sleep all the time and have to be woken to come.
 */
static void __init idle_cpu_pulls_within_10_ms(struct ktest *test)
{
	unsigned long until;

	if (num_online_cpus() == 1)
		return;
	KTEST_ASSERT_TRUE(test, make_spinners(2));
	set_cpus_allowed_ptr(current, cpumask_of(1));
	set_cpus_allowed_ptr(spinners[0].task, cpumask_of(1));
	set_cpus_allowed_ptr(spinners[1].task, cpumask_of(1));
	start_spinners();
	schedule_timeout_uninterruptible(HZ / 10);
	KTEST_EXPECT_EQ(test, cpu_rq(1)->cfs.nr_running, 2);
	set_cpus_allowed_ptr(spinners[0].task, cpu_possible_mask);
	set_cpus_allowed_ptr(spinners[1].task, cpu_possible_mask);
	until = jiffies + msecs_to_jiffies(10);
	while (time_before(jiffies, until) && READ_ONCE(cpu_rq(1)->cfs.nr_running) == 2)
		schedule_timeout_uninterruptible(1);
	KTEST_EXPECT_EQ(test, READ_ONCE(cpu_rq(1)->cfs.nr_running), 1);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	end_spinners();
}

ktest_suite("sched-smp",
	    KTEST_CASE(function_calls_reach_every_cpu_once),
	    KTEST_CASE(stopper_preempts_its_cpu),
	    KTEST_CASE(pinned_task_never_runs_elsewhere),
	    KTEST_CASE(most_urgent_tasks_run_on_all_cpus),
	    KTEST_CASE(rt_tasks_run_before_fair_ones_everywhere),
	    KTEST_CASE(throttling_leaves_a_part_to_fair_tasks),
	    KTEST_CASE(one_task_too_many_is_shared_by_all),
	    KTEST_CASE(fair_shares_by_weight_on_all_cpus),
	    KTEST_CASE(idle_cpu_pulls_within_10_ms));
