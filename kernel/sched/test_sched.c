// SPDX-License-Identifier: MIT
/*
 * Self-tests of the scheduler and of wait queues, with real threads. Where an order is expected, the
 * test itself runs with a real-time priority above its threads, and all on one CPU, so that none runs
 * before it sleeps. Those for several CPUs are in test_smp.c.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/ktest_threads.h>
#include <linux/wait.h>
#include "sched.h"

struct worker {
	struct task_struct	*task;
	int			id;
};

static int log[16] __initdata, log_len __initdata;
static struct completion done __initdata;
static bool stop __initdata;
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int tickets __initdata;

static void __init set_fifo(struct task_struct *p, int prio)
{
	struct sched_param param = { .sched_priority = prio };

	sched_setscheduler_nocheck(p, prio ? SCHED_FIFO : SCHED_NORMAL, &param);
}

/* Threads that wait for their first wake-up; the test runs above them from here on. */
static bool __init make_workers(struct worker *w, int n, int (*fn)(void *))
{
	int i;

	init_completion(&done);
	log_len = 0;
	set_fifo(current, 90);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (i = 0; i < n; i++) {
		w[i].id = i;
		w[i].task = kthread_create(fn, &w[i], "ktest/%d", i);
		if (IS_ERR(w[i].task))
			return false;
		set_cpus_allowed_ptr(w[i].task, cpumask_of(0));
	}
	return true;
}

static void __init wait_workers(int n)
{
	while (n--)
		wait_for_completion(&done);
	set_fifo(current, 0);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

static int __init log_worker(void *data)
{
	struct worker *w = data;

	log[log_len++] = w->id;
	complete(&done);
	return 0;
}

static void __init classes_lie_in_order_of_precedence(struct ktest *test)
{
	const struct sched_class *class;
	int n = 0;

	KTEST_EXPECT_TRUE(test, sched_class_above(&rt_sched_class, &fair_sched_class));
	KTEST_EXPECT_TRUE(test, sched_class_above(&fair_sched_class, &idle_sched_class));
	for_each_class(class)
		n++;
	KTEST_EXPECT_EQ(test, n, 5);
	KTEST_EXPECT_TRUE(test, sched_class_above(&stop_sched_class, &dl_sched_class));
	KTEST_EXPECT_TRUE(test, sched_class_above(&dl_sched_class, &rt_sched_class));
}

static void __init fifo_runs_by_priority(struct ktest *test)
{
	static const int prio[] __initconst = { 10, 30, 20 };
	struct worker w[3];
	int i;

	KTEST_ASSERT_TRUE(test, make_workers(w, 3, log_worker));
	for (i = 0; i < 3; i++) {
		set_fifo(w[i].task, prio[i]);
		wake_up_process(w[i].task);
	}
	KTEST_EXPECT_EQ(test, log_len, 0);
	wait_workers(3);
	KTEST_EXPECT_EQ(test, log[0], 1);
	KTEST_EXPECT_EQ(test, log[1], 2);
	KTEST_EXPECT_EQ(test, log[2], 0);
}

/* Equals run in the order in which they became ready. */
static void __init fifo_equals_run_in_order(struct ktest *test)
{
	struct worker w[3];
	int i;

	KTEST_ASSERT_TRUE(test, make_workers(w, 3, log_worker));
	for (i = 0; i < 3; i++) {
		set_fifo(w[i].task, 10);
		wake_up_process(w[i].task);
	}
	wait_workers(3);
	for (i = 0; i < 3; i++)
		KTEST_EXPECT_EQ(test, log[i], i);
}

static int __init spin_worker(void *data)
{
	struct worker *w = data;

	while (!READ_ONCE(stop))
		ktest_burn();
	log[w->id] = current->se.sum_exec_runtime / NSEC_PER_USEC;
	complete(&done);
	return 0;
}

/* 1024 to 335, the weights of nice 0 and 5. */
static void __init fair_shares_by_weight(struct ktest *test)
{
	struct worker w[2];
	long permille;

	stop = false;
	KTEST_ASSERT_TRUE(test, make_workers(w, 2, spin_worker));
	set_user_nice(w[1].task, 5);
	wake_up_process(w[0].task);
	wake_up_process(w[1].task);
	msleep(1000);
	WRITE_ONCE(stop, true);
	wait_workers(2);
	permille = log[0] * 1000L / (log[0] + log[1]);
	KTEST_EXPECT_GE(test, permille, 753 - 38);
	KTEST_EXPECT_LE(test, permille, 753 + 38);
}

static int __init waiter_worker(void *data)
{
	struct worker *w = data;

	if (!wait_event_interruptible_exclusive(queue, tickets > 0)) {
		tickets--;
		log[log_len++] = w->id;
	}
	complete(&done);
	return 0;
}

static void __init wake_up_lets_exclusive_waiters_in_one_by_one(struct ktest *test)
{
	struct worker w[3];
	int i;

	tickets = 0;
	KTEST_ASSERT_TRUE(test, make_workers(w, 3, waiter_worker));
	for (i = 0; i < 3; i++) {
		wake_up_process(w[i].task);
		KTEST_ASSERT_TRUE(test, ktest_wait_until(READ_ONCE(w[i].task->__state) == TASK_INTERRUPTIBLE));
	}
	for (i = 0; i < 3; i++) {
		KTEST_EXPECT_EQ(test, log_len, i);
		tickets++;
		wake_up(&queue);
		wait_for_completion(&done);
		KTEST_EXPECT_EQ(test, log[i], i);
	}
	KTEST_EXPECT_FALSE(test, waitqueue_active(&queue));
	wait_workers(0);
}

static void __init wait_event_timeout_tells_what_is_left(struct ktest *test)
{
	unsigned long before = jiffies;

	KTEST_EXPECT_EQ(test, wait_event_timeout(queue, false, 3), 0);
	KTEST_EXPECT_GE(test, jiffies - before, 3);
	KTEST_EXPECT_EQ(test, wait_event_timeout(queue, true, 3), 3);
	KTEST_EXPECT_EQ(test, wait_event_timeout(queue, true, 0), 1);
}

static void __init complete_counts(struct ktest *test)
{
	struct completion c;

	init_completion(&c);
	KTEST_EXPECT_FALSE(test, try_wait_for_completion(&c));
	complete(&c);
	complete(&c);
	wait_for_completion(&c);
	KTEST_EXPECT_TRUE(test, completion_done(&c));
	KTEST_EXPECT_TRUE(test, try_wait_for_completion(&c));
	KTEST_EXPECT_EQ(test, wait_for_completion_timeout(&c, 2), 0);
	complete_all(&c);
	wait_for_completion(&c);
	KTEST_EXPECT_TRUE(test, completion_done(&c));
}

ktest_suite("sched",
	    KTEST_CASE(classes_lie_in_order_of_precedence),
	    KTEST_CASE(fifo_runs_by_priority),
	    KTEST_CASE(fifo_equals_run_in_order),
	    KTEST_CASE(fair_shares_by_weight),
	    KTEST_CASE(wake_up_lets_exclusive_waiters_in_one_by_one),
	    KTEST_CASE(wait_event_timeout_tells_what_is_left),
	    KTEST_CASE(complete_counts));
