// SPDX-License-Identifier: MIT
/*
 * Self-tests of what sleeps: mutexes, rwsems, semaphores, completions, wait queues, wake-ups.
 *
 * Order and fairness are laid down step by step: a thread is known to wait when it is asleep. A wake-up
 * that is lost shows as a time-out, never as a hang. Where the waker must come at the worst moment,
 * between the sleeper's look at the condition and his schedule(), the condition itself does it.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/ktest_threads.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#define ROUNDS	100

static DEFINE_MUTEX(test_mutex);
static DECLARE_RWSEM(test_rwsem);
static struct semaphore test_sem __initdata;
static struct completion test_completion __initdata, done __initdata;
static DECLARE_WAIT_QUEUE_HEAD(test_wq);
static struct ktest_crew crew __initdata;
static long counter __initdata, copy __initdata;
static atomic_t bad __initdata, inside __initdata, most __initdata, order_len __initdata;
static char order[16] __initdata;
static bool flag __initdata;

static void __init note(char c)
{
	order[(atomic_inc_return(&order_len) - 1) & 15] = c;
}

static void __init order_begins(void)
{
	memset(order, 0, sizeof(order));
	atomic_set(&order_len, 0);
	atomic_set(&bad, 0);
	flag = false;
	init_completion(&done);
}

/* A thread on this CPU, and it has gone to sleep. */
static struct task_struct *__init sleeper(int (*fn)(void *), long arg)
{
	struct task_struct *t = ktest_run_on(raw_smp_processor_id(), fn, (void *)arg);

	if (!t)
		return NULL;
	return ktest_wait_until(READ_ONCE(t->__state) && !READ_ONCE(t->on_rq)) ? t : NULL;
}

/* What a signal does to a sleep. Kernel threads get none, so set what it would. */
static void __init signal_arrives(struct task_struct *t)
{
	set_tsk_thread_flag(t, TIF_SIGPENDING);
	wake_up_state(t, TASK_INTERRUPTIBLE);
}

/* ---- mutexes */

static int __init mutex_worker(void *data)
{
	for (int i = 0; i < ROUNDS; i++) {
		long seen;

		if (i % 3 || !mutex_trylock(&test_mutex))
			mutex_lock(&test_mutex);
		seen = READ_ONCE(counter);
		if (i % 4 == 0)
			yield();
		for (int n = i & 31; n; n--)
			cpu_relax();
		WRITE_ONCE(counter, seen + 1);
		mutex_unlock(&test_mutex);
	}
	return 0;
}

static void __init mutex_excludes_on_all_cpus(struct ktest *test)
{
	int n;

	counter = 0;
	n = ktest_crew_start(&crew, num_online_cpus() + 2, mutex_worker);
	KTEST_ASSERT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_EQ(test, counter, n * ROUNDS);
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_mutex.owner), 0);
}

static int __init mutex_once(void *data)
{
	mutex_lock(&test_mutex);
	note('0' + (long)data);
	mutex_unlock(&test_mutex);
	complete(&done);
	return 0;
}

/* We take it again before he who was woken has run: but not for ever. */
static void __init mutex_hands_over_to_who_was_overtaken(struct ktest *test)
{
	int overtaken = 0;
	struct cpumask saved;

	KTEST_ASSERT_EQ(test, ktest_stay_here(&saved), 0);
	order_begins();
	mutex_lock(&test_mutex);
	KTEST_ASSERT_NOT_NULL(test, sleeper(mutex_once, 1));
	while (!atomic_read(&order_len) && overtaken < 100) {
		preempt_disable();
		mutex_unlock(&test_mutex);
		if (!mutex_trylock(&test_mutex)) {
			preempt_enable();
			break;
		}
		overtaken++;
		preempt_enable();
		msleep(2);
	}
	/* Handed over: it is his, and he has run or is about to. */
	KTEST_EXPECT_TRUE(test, ktest_wait_until(atomic_read(&order_len) == 1));
	KTEST_EXPECT_LE(test, overtaken, 2);
	wait_for_completion(&done);
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_mutex.owner), 0);
	ktest_go_anywhere(&saved);
}

static void __init mutex_waiters_come_in_order(struct ktest *test)
{
	struct cpumask saved;
	long i;

	KTEST_ASSERT_EQ(test, ktest_stay_here(&saved), 0);
	order_begins();
	mutex_lock(&test_mutex);
	for (i = 0; i < 4; i++)
		KTEST_ASSERT_NOT_NULL(test, sleeper(mutex_once, i));
	mutex_unlock(&test_mutex);
	for (i = 0; i < 4; i++)
		KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_STREQ(test, order, "0123");
	ktest_go_anywhere(&saved);
}

static int __init mutex_until_signal(void *data)
{
	atomic_set(&bad, mutex_lock_interruptible(&test_mutex));
	complete(&done);
	return 0;
}

/* Who gives up leaves nothing behind, and the others get their turn. */
static void __init mutex_wait_ends_at_a_signal(struct ktest *test)
{
	struct task_struct *t;

	order_begins();
	mutex_lock(&test_mutex);
	t = sleeper(mutex_until_signal, 0);
	KTEST_ASSERT_NOT_NULL(test, t);
	KTEST_ASSERT_NOT_NULL(test, sleeper(mutex_once, 1));
	signal_arrives(t);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), -EINTR);
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), 0);
	mutex_unlock(&test_mutex);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_STREQ(test, order, "1");
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_mutex.owner), 0);
}

/* ---- rwsems */

#define RWSEM_ROUNDS	48

static int __init rwsem_worker(void *data)
{
	for (int i = 0; i < RWSEM_ROUNDS; i++) {
		if (i % 4 == 0) {
			down_write(&test_rwsem);
			WRITE_ONCE(counter, counter + 1);
			if (i % 8 == 0)
				yield();
			WRITE_ONCE(copy, counter);
			if (i % 16)
				up_write(&test_rwsem);
			else {
				downgrade_write(&test_rwsem);
				up_read(&test_rwsem);
			}
			continue;
		}
		down_read(&test_rwsem);
		if (READ_ONCE(counter) != READ_ONCE(copy))
			atomic_inc(&bad);
		if (i % 8 == 1)
			yield();
		if (READ_ONCE(counter) != READ_ONCE(copy))
			atomic_inc(&bad);
		up_read(&test_rwsem);
	}
	return 0;
}

static void __init rwsem_excludes_writers(struct ktest *test)
{
	int n;

	counter = copy = 0;
	atomic_set(&bad, 0);
	n = ktest_crew_start(&crew, num_online_cpus() + 2, rwsem_worker);
	KTEST_ASSERT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), 0);
	KTEST_EXPECT_EQ(test, counter, n * (RWSEM_ROUNDS / 4));
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_rwsem.count), 0);
}

static int __init rwsem_read(void *data)
{
	down_read(&test_rwsem);
	note('r');
	wait_for_completion(&test_completion);
	up_read(&test_rwsem);
	complete(&done);
	return 0;
}

static int __init rwsem_write(void *data)
{
	down_write(&test_rwsem);
	note('w');
	up_write(&test_rwsem);
	complete(&done);
	return 0;
}

/* A writer inside; behind him two readers, a writer, a reader: "rr", "w", "r", nobody starves. */
static void __init rwsem_lets_in_groups_in_order(struct ktest *test)
{
	int i;

	order_begins();
	init_completion(&test_completion);
	down_write(&test_rwsem);
	KTEST_ASSERT_NOT_NULL(test, sleeper(rwsem_read, 0));
	KTEST_ASSERT_NOT_NULL(test, sleeper(rwsem_read, 0));
	KTEST_ASSERT_NOT_NULL(test, sleeper(rwsem_write, 0));
	KTEST_ASSERT_NOT_NULL(test, sleeper(rwsem_read, 0));
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), 0);
	up_write(&test_rwsem);
	/* Two are inside together, both asleep there. */
	KTEST_EXPECT_TRUE(test, ktest_wait_until(atomic_read(&order_len) == 2));
	msleep(8);
	KTEST_EXPECT_STREQ(test, order, "rr");
	KTEST_EXPECT_EQ(test, down_read_trylock(&test_rwsem), 0);
	complete_all(&test_completion);
	for (i = 0; i < 4; i++)
		KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_STREQ(test, order, "rrwr");
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_rwsem.count), 0);
}

static int __init rwsem_until_signal(void *data)
{
	int ret;

	/* Fatal ones alone end it, for a writer: this is one as far as the sleep can tell. */
	ret = down_read_interruptible(&test_rwsem);
	atomic_set(&bad, ret);
	complete(&done);
	return 0;
}

static void __init rwsem_wait_ends_at_a_signal(struct ktest *test)
{
	struct task_struct *t;

	order_begins();
	down_write(&test_rwsem);
	t = sleeper(rwsem_until_signal, 0);
	KTEST_ASSERT_NOT_NULL(test, t);
	signal_arrives(t);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), -EINTR);
	up_write(&test_rwsem);
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_rwsem.count), 0);
}

/* ---- semaphores */

#define SEM_COUNT	3

static int __init sem_worker(void *data)
{
	for (int i = 0; i < ROUNDS; i++) {
		int n, seen;

		if (i % 4 == 3 && !down_trylock(&test_sem))
			;
		else if (i % 4 == 2 && !down_timeout(&test_sem, 1))
			;
		else
			down(&test_sem);
		n = atomic_inc_return(&inside);
		seen = atomic_read(&most);
		while (n > seen && !atomic_try_cmpxchg(&most, &seen, n))
			;
		yield();
		atomic_dec(&inside);
		up(&test_sem);
	}
	return 0;
}

/* Eight threads: never more than three are inside; no unit is lost or gained. Three can be. */
static void __init semaphore_counts_under_eight_threads(struct ktest *test)
{
	int n;

	sema_init(&test_sem, SEM_COUNT);
	atomic_set(&inside, 0);
	atomic_set(&most, 0);
	n = ktest_crew_start(&crew, 8, sem_worker);
	KTEST_ASSERT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_LE(test, atomic_read(&most), SEM_COUNT);
	KTEST_EXPECT_EQ(test, test_sem.count, SEM_COUNT);
	KTEST_EXPECT_TRUE(test, list_empty(&test_sem.wait_list));
	for (n = 0; n < SEM_COUNT; n++)
		KTEST_EXPECT_EQ(test, down_trylock(&test_sem), 0);
	KTEST_EXPECT_EQ(test, down_trylock(&test_sem), 1);
}

static int __init sem_once(void *data)
{
	down(&test_sem);
	note('0' + (long)data);
	complete(&done);
	return 0;
}

static enum hrtimer_restart __init up_in_interrupt(struct hrtimer *timer)
{
	up(&test_sem);
	return HRTIMER_NORESTART;
}

/* What up() gives is the first waiter's, even before he has run. From an interrupt, too. */
static void __init semaphore_hands_over_in_order(struct ktest *test)
{
	static struct hrtimer timer __initdata;
	struct cpumask saved;
	long i;

	KTEST_ASSERT_EQ(test, ktest_stay_here(&saved), 0);
	order_begins();
	sema_init(&test_sem, 0);
	for (i = 0; i < 3; i++)
		KTEST_ASSERT_NOT_NULL(test, sleeper(sem_once, i));
	preempt_disable();
	up(&test_sem);
	KTEST_EXPECT_EQ(test, down_trylock(&test_sem), 1);
	preempt_enable();
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_STREQ(test, order, "0");
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = up_in_interrupt;
	hrtimer_start(&timer, NSEC_PER_MSEC, HRTIMER_MODE_REL);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_STREQ(test, order, "01");
	up(&test_sem);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_STREQ(test, order, "012");
	KTEST_EXPECT_EQ(test, test_sem.count, 0);
	ktest_go_anywhere(&saved);
}

static int __init sem_until_signal(void *data)
{
	atomic_set(&bad, down_interruptible(&test_sem));
	complete(&done);
	return 0;
}

static void __init semaphore_wait_ends_by_time_and_signal(struct ktest *test)
{
	unsigned long before = jiffies;
	struct task_struct *t;

	order_begins();
	sema_init(&test_sem, 0);
	KTEST_EXPECT_EQ(test, down_timeout(&test_sem, 5), -ETIME);
	KTEST_EXPECT_GE(test, jiffies - before, 5);
	t = sleeper(sem_until_signal, 0);
	KTEST_ASSERT_NOT_NULL(test, t);
	signal_arrives(t);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), -EINTR);
	/* Neither of them waits any more: the unit stays. */
	up(&test_sem);
	KTEST_EXPECT_EQ(test, test_sem.count, 1);
	KTEST_EXPECT_EQ(test, down_timeout(&test_sem, 5), 0);
}

/* ---- completions */

static int __init completion_once(void *data)
{
	wait_for_completion(&test_completion);
	note('0' + (long)data);
	complete(&done);
	return 0;
}

static void __init complete_lets_one_through_and_complete_all_all(struct ktest *test)
{
	struct cpumask saved;
	long i;

	KTEST_ASSERT_EQ(test, ktest_stay_here(&saved), 0);
	order_begins();
	init_completion(&test_completion);
	for (i = 0; i < 4; i++)
		KTEST_ASSERT_NOT_NULL(test, sleeper(completion_once, i));
	complete(&test_completion);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	msleep(8);
	KTEST_EXPECT_STREQ(test, order, "0");
	KTEST_EXPECT_FALSE(test, completion_done(&test_completion));
	complete_all(&test_completion);
	for (i = 1; i < 4; i++)
		KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), 4);
	KTEST_EXPECT_TRUE(test, completion_done(&test_completion));
	KTEST_EXPECT_TRUE(test, try_wait_for_completion(&test_completion));
	KTEST_EXPECT_TRUE(test, completion_done(&test_completion));
	ktest_go_anywhere(&saved);
}

static int __init completion_until_signal(void *data)
{
	atomic_set(&bad, wait_for_completion_interruptible(&test_completion));
	complete(&done);
	return 0;
}

static void __init completion_wait_ends_by_time_and_signal(struct ktest *test)
{
	unsigned long before = jiffies;
	struct task_struct *t;

	order_begins();
	init_completion(&test_completion);
	KTEST_EXPECT_EQ(test, wait_for_completion_timeout(&test_completion, 5), 0);
	KTEST_EXPECT_GE(test, jiffies - before, 5);
	t = sleeper(completion_until_signal, 0);
	KTEST_ASSERT_NOT_NULL(test, t);
	signal_arrives(t);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), -ERESTARTSYS);
	KTEST_EXPECT_FALSE(test, waitqueue_active(&test_completion.wait));
	complete(&test_completion);
	KTEST_EXPECT_EQ(test, wait_for_completion_timeout(&test_completion, 5), 5);
}

/* ---- wait queues and wake-ups */

/*
 * The condition: false when it is looked at; and at once, before the sleeper has got any further, it
 * comes true and he is woken. @when: at which look, counted from one.
 */
static bool __init comes_true_behind_the_look(int *looks, int when)
{
	bool was = READ_ONCE(flag);

	if (++*looks == when) {
		WRITE_ONCE(flag, true);
		wake_up(&test_wq);
	}
	return was;
}

static void __init wait_event_loses_no_wake_up(struct ktest *test)
{
	DEFINE_WAIT(wait);
	int looks, when;

	for (when = 1; when <= 2; when++) {
		order_begins();
		looks = 0;
		KTEST_EXPECT_GT(test, wait_event_timeout(test_wq,
				comes_true_behind_the_look(&looks, when), 2 * HZ), HZ);
		KTEST_EXPECT_LE(test, looks, 3);
		KTEST_EXPECT_FALSE(test, waitqueue_active(&test_wq));
	}
	/* By hand, the exclusive way. */
	order_begins();
	looks = 1;
	prepare_to_wait_exclusive(&test_wq, &wait, TASK_UNINTERRUPTIBLE);
	KTEST_EXPECT_TRUE(test, waitqueue_active(&test_wq));
	if (!comes_true_behind_the_look(&looks, 2))
		KTEST_EXPECT_GT(test, schedule_timeout(2 * HZ), HZ);
	finish_wait(&test_wq, &wait);
	KTEST_EXPECT_FALSE(test, waitqueue_active(&test_wq));
	KTEST_EXPECT_EQ(test, READ_ONCE(current->__state), TASK_RUNNING);
	/* Woken: off the queue at once, so that the next wake-up goes to somebody else. */
	prepare_to_wait_exclusive(&test_wq, &wait, TASK_UNINTERRUPTIBLE);
	wake_up(&test_wq);
	KTEST_EXPECT_FALSE(test, waitqueue_active(&test_wq));
	finish_wait(&test_wq, &wait);
	/* Not woken: it is finish_wait() that leaves the queue. */
	prepare_to_wait(&test_wq, &wait, TASK_UNINTERRUPTIBLE);
	finish_wait(&test_wq, &wait);
	KTEST_EXPECT_FALSE(test, waitqueue_active(&test_wq));
	KTEST_EXPECT_EQ(test, READ_ONCE(current->__state), TASK_RUNNING);
	KTEST_EXPECT_EQ(test, wait_event_timeout(test_wq, false, 2), 0);
	KTEST_EXPECT_FALSE(test, waitqueue_active(&test_wq));
}

static int ball __initdata;
static DECLARE_WAIT_QUEUE_HEAD(ball_wq);

/* Thrown to and fro: whoever misses one wake-up stands there until the time is out. */
static int __init ping_pong(void *data)
{
	int me = atomic_inc_return(&order_len) & 1;

	for (int i = 0; i < ROUNDS; i++) {
		if (!wait_event_timeout(ball_wq, READ_ONCE(ball) == me, KTEST_PATIENCE)) {
			atomic_inc(&bad);
			WRITE_ONCE(ball, me);
		}
		WRITE_ONCE(ball, !me);
		wake_up(&ball_wq);
	}
	return 0;
}

static void __init wake_ups_between_cpus_are_not_lost(struct ktest *test)
{
	int n;

	order_begins();
	n = ktest_crew_start(&crew, 2, ping_pong);
	KTEST_EXPECT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), 0);
}

static int __init wait_exclusively(void *data)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&test_wq, &wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&test_wq, &wait);
	note('0' + (long)data);
	complete(&done);
	return 0;
}

static int __init wait_with_others(void *data)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&test_wq, &wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&test_wq, &wait);
	note('a');
	complete(&done);
	return 0;
}

/* All of the ordinary ones and one exclusive; then the next; then all. */
static void __init wake_up_wakes_one_exclusive_waiter(struct ktest *test)
{
	struct cpumask saved;
	long i;

	KTEST_ASSERT_EQ(test, ktest_stay_here(&saved), 0);
	order_begins();
	for (i = 0; i < 4; i++)
		KTEST_ASSERT_NOT_NULL(test, sleeper(wait_exclusively, i));
	KTEST_ASSERT_NOT_NULL(test, sleeper(wait_with_others, 0));
	KTEST_ASSERT_NOT_NULL(test, sleeper(wait_with_others, 0));
	wake_up(&test_wq);
	KTEST_EXPECT_TRUE(test, ktest_wait_until(atomic_read(&order_len) == 3));
	msleep(8);
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), 3);
	wake_up(&test_wq);
	KTEST_EXPECT_TRUE(test, ktest_wait_until(atomic_read(&order_len) == 4));
	msleep(8);
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), 4);
	KTEST_EXPECT_EQ(test, order[3], '1');
	wake_up_all(&test_wq);
	for (i = 0; i < 6; i++)
		KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_FALSE(test, waitqueue_active(&test_wq));
	ktest_go_anywhere(&saved);
}

/*
 * Its state says that it sleeps, but it has been preempted on its way there and is still queued: a
 * wake-up has to change the state, or the sleep that follows is one too many.
 */
static int __init preempted_on_the_way_to_sleep(void *data)
{
	set_current_state(TASK_INTERRUPTIBLE);
	WRITE_ONCE(flag, true);
	while (READ_ONCE(flag))
		cond_resched();
	atomic_set(&bad, schedule_timeout(2 * HZ));
	__set_current_state(TASK_RUNNING);
	complete(&done);
	return 0;
}

static void __init wake_up_reaches_who_is_not_asleep_yet(struct ktest *test)
{
	struct task_struct *t;
	struct cpumask saved;

	for (int n = 0; n < 2; n++) {
		KTEST_ASSERT_EQ(test, ktest_stay_here(&saved), 0);
		order_begins();
		t = ktest_run_on(ktest_cpu_after(n), preempted_on_the_way_to_sleep, NULL);
		KTEST_ASSERT_NOT_NULL(test, t);
		get_task_struct(t);
		KTEST_EXPECT_TRUE(test, ktest_wait_until(READ_ONCE(flag)));
		KTEST_EXPECT_EQ(test, wake_up_process(t), 1);
		KTEST_EXPECT_EQ(test, wake_up_process(t), 0);
		WRITE_ONCE(flag, false);
		wait_for_completion(&done);
		KTEST_EXPECT_GT(test, atomic_read(&bad), HZ);
		put_task_struct(t);
		ktest_go_anywhere(&saved);
	}
}

/* Preempted with a state that says "asleep", and nobody is going to wake it: it must run on. */
static int __init preempted_while_it_looks(void *data)
{
	for (int i = 0; i < 5; i++) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		set_tsk_need_resched(current);
		cond_resched();
		__set_current_state(TASK_RUNNING);
	}
	complete(&done);
	return 0;
}

static void __init preemption_puts_nobody_to_sleep(struct ktest *test)
{
	order_begins();
	KTEST_ASSERT_NOT_NULL(test, ktest_run_on(ktest_cpu_after(0), preempted_while_it_looks, NULL));
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
}

static int __init sleep_by_state(void *data)
{
	set_current_state((long)data);
	atomic_set(&bad, schedule_timeout(KTEST_PATIENCE));
	complete(&done);
	return 0;
}

/* A wake-up is for certain states: another sleep goes on. */
static void __init wake_up_looks_at_the_state(struct ktest *test)
{
	struct task_struct *t;

	order_begins();
	t = sleeper(sleep_by_state, TASK_UNINTERRUPTIBLE);
	KTEST_ASSERT_NOT_NULL(test, t);
	get_task_struct(t);
	KTEST_EXPECT_EQ(test, wake_up_state(t, TASK_INTERRUPTIBLE), 0);
	msleep(8);
	KTEST_EXPECT_FALSE(test, completion_done(&done));
	KTEST_EXPECT_EQ(test, wake_up_process(t), 1);
	KTEST_EXPECT_NE(test, wait_for_completion_timeout(&done, KTEST_PATIENCE), 0);
	KTEST_EXPECT_GT(test, atomic_read(&bad), 0);
	put_task_struct(t);
}

static void __init sleeping_lasts_its_time_and_no_longer(struct ktest *test)
{
	unsigned long before = jiffies;

	set_current_state(TASK_UNINTERRUPTIBLE);
	KTEST_EXPECT_EQ(test, schedule_timeout(10), 0);
	KTEST_EXPECT_GE(test, jiffies - before, 10);
	KTEST_EXPECT_EQ(test, READ_ONCE(current->__state), TASK_RUNNING);
	/* Running: it returns at once, and all is left. */
	KTEST_EXPECT_EQ(test, schedule_timeout(10), 10);
}

/* A signal that came before the sleep ends it before it begins, if it is one that signals end. */
static void __init pending_signal_keeps_awake(struct ktest *test)
{
	set_thread_flag(TIF_SIGPENDING);
	set_current_state(TASK_INTERRUPTIBLE);
	KTEST_EXPECT_GT(test, schedule_timeout(2 * HZ), HZ);
	set_current_state(TASK_UNINTERRUPTIBLE);
	KTEST_EXPECT_EQ(test, schedule_timeout(3), 0);
	clear_thread_flag(TIF_SIGPENDING);
}

ktest_suite("sleeping",
	    KTEST_CASE(wait_event_loses_no_wake_up),	/* first: the other tests need wait queues that work */
	    KTEST_CASE(mutex_excludes_on_all_cpus),
	    KTEST_CASE(mutex_hands_over_to_who_was_overtaken),
	    KTEST_CASE(mutex_waiters_come_in_order),
	    KTEST_CASE(mutex_wait_ends_at_a_signal),
	    KTEST_CASE(rwsem_excludes_writers),
	    KTEST_CASE(rwsem_lets_in_groups_in_order),
	    KTEST_CASE(rwsem_wait_ends_at_a_signal),
	    KTEST_CASE(semaphore_counts_under_eight_threads),
	    KTEST_CASE(semaphore_hands_over_in_order),
	    KTEST_CASE(semaphore_wait_ends_by_time_and_signal),
	    KTEST_CASE(complete_lets_one_through_and_complete_all_all),
	    KTEST_CASE(completion_wait_ends_by_time_and_signal),
	    KTEST_CASE(wake_ups_between_cpus_are_not_lost),
	    KTEST_CASE(wake_up_wakes_one_exclusive_waiter),
	    KTEST_CASE(wake_up_reaches_who_is_not_asleep_yet),
	    KTEST_CASE(preemption_puts_nobody_to_sleep),
	    KTEST_CASE(wake_up_looks_at_the_state),
	    KTEST_CASE(sleeping_lasts_its_time_and_no_longer),
	    KTEST_CASE(pending_signal_keeps_awake));
