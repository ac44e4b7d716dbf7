// SPDX-License-Identifier: MIT
/* Self-tests of the sleeping locks: exclusion under real contention, and the order of entry. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/mutex.h>
#include <linux/rwlock.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>

#define NR_WORKERS	4
#define ROUNDS		200

static DEFINE_MUTEX(test_mutex);
static struct semaphore test_sem __initdata;
static DECLARE_RWSEM(test_rwsem);
static DEFINE_RWLOCK(test_rwlock);
static struct completion go __initdata, done __initdata;
static atomic_t inside __initdata, most __initdata;
static int counter __initdata;
static char order[8] __initdata;
static int order_len __initdata;

/* None begins before all are there. */
static bool __init run_workers(int n, int (*fn)(void *))
{
	int i;

	init_completion(&go);
	init_completion(&done);
	for (i = 0; i < n; i++)
		if (IS_ERR(kthread_run(fn, (void *)(long)i, "ktest/%d", i)))
			return false;
	complete_all(&go);
	return true;
}

static void __init wait_workers(int n)
{
	while (n--)
		wait_for_completion(&done);
}

/* The switch in the middle makes every other worker meet a locked mutex. */
static int __init mutex_worker(void *data)
{
	int i, seen;

	wait_for_completion(&go);
	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&test_mutex);
		seen = counter;
		yield();
		counter = seen + 1;
		mutex_unlock(&test_mutex);
		if (i % 8 == 0)
			yield();
	}
	complete(&done);
	return 0;
}

static void __init mutex_excludes(struct ktest *test)
{
	counter = 0;
	KTEST_ASSERT_TRUE(test, run_workers(NR_WORKERS, mutex_worker));
	wait_workers(NR_WORKERS);
	KTEST_EXPECT_EQ(test, counter, NR_WORKERS * ROUNDS);
	KTEST_EXPECT_FALSE(test, mutex_is_locked(&test_mutex));
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_mutex.owner), 0);
	KTEST_EXPECT_EQ(test, mutex_trylock(&test_mutex), 1);
	KTEST_EXPECT_TRUE(test, mutex_is_locked(&test_mutex));
	KTEST_EXPECT_EQ(test, mutex_trylock(&test_mutex), 0);
	mutex_unlock(&test_mutex);
}

static int __init sem_worker(void *data)
{
	int i, n;

	wait_for_completion(&go);
	for (i = 0; i < ROUNDS / 4; i++) {
		down(&test_sem);
		n = atomic_inc_return(&inside);
		if (n > atomic_read(&most))
			atomic_set(&most, n);
		yield();
		atomic_dec(&inside);
		up(&test_sem);
	}
	complete(&done);
	return 0;
}

static void __init semaphore_admits_its_count(struct ktest *test)
{
	sema_init(&test_sem, 2);
	atomic_set(&most, 0);
	KTEST_ASSERT_TRUE(test, run_workers(NR_WORKERS, sem_worker));
	wait_workers(NR_WORKERS);
	KTEST_EXPECT_LE(test, atomic_read(&most), 2);
	KTEST_EXPECT_EQ(test, test_sem.count, 2);
	KTEST_EXPECT_EQ(test, down_trylock(&test_sem), 0);
	KTEST_EXPECT_EQ(test, down_trylock(&test_sem), 0);
	KTEST_EXPECT_EQ(test, down_trylock(&test_sem), 1);
	KTEST_EXPECT_EQ(test, down_timeout(&test_sem, 2), -ETIME);
}

static int __init reader(void *data)
{
	down_read(&test_rwsem);
	order[order_len++] = 'r';
	up_read(&test_rwsem);
	complete(&done);
	return 0;
}

static int __init writer(void *data)
{
	down_write(&test_rwsem);
	order[order_len++] = 'w';
	up_write(&test_rwsem);
	complete(&done);
	return 0;
}

/* We hold it for reading: a writer waits, and a reader who comes later waits behind him. */
static void __init rwsem_serves_in_order(struct ktest *test)
{
	init_completion(&done);
	order_len = 0;
	memset(order, 0, sizeof(order));
	down_read(&test_rwsem);
	KTEST_EXPECT_EQ(test, down_read_trylock(&test_rwsem), 1);
	up_read(&test_rwsem);
	KTEST_EXPECT_EQ(test, down_write_trylock(&test_rwsem), 0);
	KTEST_ASSERT_FALSE(test, IS_ERR(kthread_run(writer, NULL, "ktest/w")));
	msleep(8);
	KTEST_ASSERT_FALSE(test, IS_ERR(kthread_run(reader, NULL, "ktest/r")));
	msleep(8);
	KTEST_EXPECT_EQ(test, order_len, 0);
	KTEST_EXPECT_EQ(test, down_read_trylock(&test_rwsem), 0);
	KTEST_EXPECT_TRUE(test, rwsem_is_contended(&test_rwsem));
	up_read(&test_rwsem);
	wait_workers(2);
	KTEST_EXPECT_STREQ(test, order, "wr");
	KTEST_EXPECT_EQ(test, atomic_long_read(&test_rwsem.count), 0);
}

static void __init rwsem_writer_excludes_and_downgrades(struct ktest *test)
{
	init_completion(&done);
	order_len = 0;
	down_write(&test_rwsem);
	rwsem_assert_held_write(&test_rwsem);
	KTEST_EXPECT_EQ(test, down_read_trylock(&test_rwsem), 0);
	KTEST_ASSERT_FALSE(test, IS_ERR(kthread_run(reader, NULL, "ktest/r")));
	msleep(8);
	KTEST_EXPECT_EQ(test, order_len, 0);
	downgrade_write(&test_rwsem);
	wait_workers(1);
	KTEST_EXPECT_EQ(test, order_len, 1);
	up_read(&test_rwsem);
	KTEST_EXPECT_FALSE(test, rwsem_is_locked(&test_rwsem));
}

static void __init rwlock_counts_readers(struct ktest *test)
{
	read_lock(&test_rwlock);
	KTEST_EXPECT_EQ(test, read_trylock(&test_rwlock), 1);
	KTEST_EXPECT_EQ(test, write_trylock(&test_rwlock), 0);
	read_unlock(&test_rwlock);
	read_unlock(&test_rwlock);
	write_lock(&test_rwlock);
	KTEST_EXPECT_EQ(test, read_trylock(&test_rwlock), 0);
	write_unlock(&test_rwlock);
	KTEST_EXPECT_FALSE(test, rwlock_is_locked(&test_rwlock));
}

ktest_suite("locking",
	    KTEST_CASE(mutex_excludes),
	    KTEST_CASE(semaphore_admits_its_count),
	    KTEST_CASE(rwsem_serves_in_order),
	    KTEST_CASE(rwsem_writer_excludes_and_downgrades),
	    KTEST_CASE(rwlock_counts_readers));
