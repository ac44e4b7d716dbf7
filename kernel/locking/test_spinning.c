// SPDX-License-Identifier: MIT
/*
 * Self-tests of what spins or never waits: spinlocks, rwlocks, sequence counters, atomics, reference
 * counts, per-CPU variables.
 *
 * Each breaks in one of two ways: two get in at once, or the wrong one does. For the first, a crew on
 * all CPUs makes changes that are not atomic; for the second, the order is laid down step by step. With
 * one CPU the part of the other side is played by an interrupt.
 */
#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/ktest_threads.h>
#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/rwlock.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>

#define ROUNDS	256
#define CROWDED	16384		/* for crews who meet at a lock by chance, and have the time */

static DEFINE_SPINLOCK(test_lock);
static DEFINE_RWLOCK(test_rwlock);
static DEFINE_RWLOCK(irq_rwlock);		/* interrupts read under it, so writers mask them */
static DEFINE_SEQLOCK(test_seqlock);
static struct ktest_crew crew __initdata;
static long counter __initdata, copy __initdata;
static atomic_t bad __initdata, sum __initdata, writes __initdata;
static unsigned long crew_until __initdata;	/* jiffies; see once_more() */
static char order[8] __initdata;
static atomic_t order_len __initdata;
static struct completion done __initdata;

static int __init crew_size(void)
{
	return num_online_cpus() + 1;
}

static void __init note(char c)
{
	order[(atomic_inc_return(&order_len) - 1) & 7] = c;
}

static void __init order_begins(void)
{
	memset(order, 0, sizeof(order));
	atomic_set(&order_len, 0);
	atomic_set(&bad, 0);
	init_completion(&done);
}

/* An interrupt on this CPU, half a millisecond from now. */
static void __init interrupt_calls(struct hrtimer *timer,
				   enum hrtimer_restart (*fn)(struct hrtimer *))
{
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	timer->function = fn;
	hrtimer_start(timer, NSEC_PER_MSEC / 2, HRTIMER_MODE_REL_PINNED);
}

static void __init crew_begins(void)
{
	atomic_set(&sum, 0);
	crew_until = jiffies + HZ / 5;
}

/*
 * Another round? Where the host has fewer CPUs, handing a lock over may take it milliseconds: then the
 * crew stops after a fifth of a second and at least ROUNDS rounds. `sum` counts all that were done.
 */
static bool __init once_more(int round)
{
	if (round < ROUNDS || (round < CROWDED && time_before(jiffies, crew_until)))
		return true;
	atomic_add(round, &sum);
	return false;
}

/* ---- spinlocks */

/* Read, some time, write: with anybody else inside an addition is lost. */
static void __init count_slowly(int i)
{
	long seen = READ_ONCE(counter);

	for (int n = i & 15; n; n--)
		cpu_relax();
	WRITE_ONCE(counter, seen + 1);
}

static int __init spin_worker(void *data)
{
	unsigned long flags;

	for (int i = 0; once_more(i); i++) {
		if (i % 3 == 0) {
			spin_lock_irqsave(&test_lock, flags);
			count_slowly(i);
			spin_unlock_irqrestore(&test_lock, flags);
			continue;
		}
		if (i % 3 == 1 || !spin_trylock(&test_lock))
			spin_lock(&test_lock);
		count_slowly(i);
		spin_unlock(&test_lock);
	}
	return 0;
}

static void __init spinlock_excludes(struct ktest *test)
{
	int n;

	counter = 0;
	crew_begins();
	n = ktest_crew_start(&crew, crew_size(), spin_worker);
	KTEST_ASSERT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_EQ(test, counter, atomic_read(&sum));
	KTEST_EXPECT_FALSE(test, spin_is_locked(&test_lock));
}

static int __init in_line(void *data)
{
	spin_lock(&test_lock);
	note('0' + (long)data);
	spin_unlock(&test_lock);
	complete(&done);
	return 0;
}

static u16 __init tickets_drawn(void)
{
	return READ_ONCE(test_lock.raw_lock.next);
}

/* While we hold it one after the other comes: in that order they get in. */
static void __init spinlock_serves_in_order(struct ktest *test)
{
	int others = min(num_online_cpus() - 1, 3U), n;
	bool queued = true;
	struct cpumask saved;

	if (!others || ktest_stay_here(&saved))
		return;
	for (int round = 0; round < 4; round++) {
		struct task_struct *t[3];
		u16 next;

		order_begins();
		for (n = 0; n < others; n++) {
			t[n] = kthread_create(in_line, (void *)(long)n, "ktest/%d", n);
			KTEST_ASSERT_FALSE(test, IS_ERR(t[n]));
			kthread_bind(t[n], ktest_cpu_after(n + 1));
		}
		spin_lock(&test_lock);
		next = tickets_drawn();
		for (n = 0; n < others; n++) {
			wake_up_process(t[n]);
			queued &= ktest_spin_until((u16)(tickets_drawn() - next) == n + 1);
		}
		mdelay(1);
		KTEST_EXPECT_EQ(test, atomic_read(&order_len), 0);
		spin_unlock(&test_lock);
		for (n = 0; n < others; n++)
			wait_for_completion(&done);
		KTEST_EXPECT_STREQ(test, order, others == 3 ? "012" : others == 2 ? "01" : "0");
	}
	KTEST_EXPECT_TRUE(test, queued);
	ktest_go_anywhere(&saved);
}

static void __init spinlock_variants_keep_their_promises(struct ktest *test)
{
	unsigned int count = preempt_count();
	unsigned long flags;

	spin_lock(&test_lock);
	KTEST_EXPECT_EQ(test, preempt_count(), count + PREEMPT_OFFSET);
	KTEST_EXPECT_TRUE(test, spin_is_locked(&test_lock));
	KTEST_EXPECT_EQ(test, spin_trylock(&test_lock), 0);
	KTEST_EXPECT_EQ(test, preempt_count(), count + PREEMPT_OFFSET);
	spin_unlock(&test_lock);
	KTEST_EXPECT_EQ(test, preempt_count(), count);

	KTEST_EXPECT_EQ(test, spin_trylock(&test_lock), 1);
	KTEST_EXPECT_EQ(test, preempt_count(), count + PREEMPT_OFFSET);
	spin_unlock(&test_lock);

	KTEST_EXPECT_FALSE(test, irqs_disabled());
	spin_lock_irqsave(&test_lock, flags);
	KTEST_EXPECT_TRUE(test, irqs_disabled());
	KTEST_EXPECT_EQ(test, spin_trylock_irqsave(&test_lock, flags), 0);
	KTEST_EXPECT_TRUE(test, irqs_disabled());
	flags = 0;
	spin_unlock(&test_lock);
	local_irq_enable();

	/* Nested in a stretch with interrupts off: they stay off. */
	local_irq_disable();
	spin_lock_irqsave(&test_lock, flags);
	spin_unlock_irqrestore(&test_lock, flags);
	KTEST_EXPECT_TRUE(test, irqs_disabled());
	local_irq_enable();
	spin_lock_irq(&test_lock);
	spin_unlock_irq(&test_lock);
	KTEST_EXPECT_FALSE(test, irqs_disabled());
	KTEST_EXPECT_EQ(test, preempt_count(), count);
}

#define ENOUGH	10
static int interrupts __initdata;

/* Periodic, and of no round period beside a loop of some instructions: with -icount it comes between any two. */
static enum hrtimer_restart __init interrupt_again(struct hrtimer *timer)
{
	interrupts++;
	hrtimer_forward_now(timer, 20000);
	return HRTIMER_RESTART;
}

/* A tenth of a second, and more where a busy host lets them come late. */
static bool __init interrupted_enough(unsigned long began)
{
	return time_after(jiffies, began + HZ / 10) &&
	       (READ_ONCE(interrupts) > ENOUGH || time_after(jiffies, began + KTEST_PATIENCE));
}

static enum hrtimer_restart __init lock_in_interrupt(struct hrtimer *timer)
{
	if (spin_trylock(&test_lock))
		spin_unlock(&test_lock);
	return interrupt_again(timer);
}

/* One who comes and goes while we draw our ticket. */
static void __init spinlock_withstands_interrupts(struct ktest *test)
{
	static struct hrtimer timer __initdata;
	unsigned long began = jiffies;

	interrupts = 0;
	preempt_disable();
	interrupt_calls(&timer, lock_in_interrupt);
	while (!interrupted_enough(began)) {
		spin_lock(&test_lock);
		spin_unlock(&test_lock);
	}
	hrtimer_cancel(&timer);
	preempt_enable();
	KTEST_EXPECT_GT(test, interrupts, ENOUGH);
	KTEST_EXPECT_FALSE(test, spin_is_locked(&test_lock));
}

/* ---- rwlocks */

/* Every fourth round writes. */
static int __init rw_worker(void *data)
{
	int written = 0;

	for (int i = 0; once_more(i); i++) {
		if (i % 4 == 0) {
			written++;
			write_lock(&test_rwlock);
			count_slowly(i);
			for (int n = i & 31; n; n--)
				cpu_relax();
			WRITE_ONCE(copy, counter);
			write_unlock(&test_rwlock);
			continue;
		}
		read_lock(&test_rwlock);
		if (READ_ONCE(counter) != READ_ONCE(copy))
			atomic_inc(&bad);
		for (int n = i & 7; n; n--)
			cpu_relax();
		if (READ_ONCE(counter) != READ_ONCE(copy))
			atomic_inc(&bad);
		read_unlock(&test_rwlock);
	}
	atomic_add(written, &writes);
	return 0;
}

static void __init rwlock_excludes_writers(struct ktest *test)
{
	int n;

	counter = copy = 0;
	atomic_set(&bad, 0);
	atomic_set(&writes, 0);
	crew_begins();
	n = ktest_crew_start(&crew, crew_size(), rw_worker);
	KTEST_ASSERT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), 0);
	KTEST_EXPECT_EQ(test, counter, atomic_read(&writes));
	KTEST_EXPECT_FALSE(test, rwlock_is_locked(&test_rwlock));
}

static enum hrtimer_restart __init read_in_interrupt(struct hrtimer *timer)
{
	read_lock(&irq_rwlock);
	note('i');
	read_unlock(&irq_rwlock);
	return HRTIMER_NORESTART;
}

/* Two at once; and an interrupt that reads comes on top of a reader. */
static void __init rwlock_lets_readers_in_together(struct ktest *test)
{
	static struct hrtimer timer __initdata;

	order_begins();
	read_lock(&irq_rwlock);
	KTEST_EXPECT_EQ(test, read_trylock(&irq_rwlock), 1);
	KTEST_EXPECT_EQ(test, write_trylock(&irq_rwlock), 0);
	interrupt_calls(&timer, read_in_interrupt);
	KTEST_EXPECT_TRUE(test, ktest_spin_until(atomic_read(&order_len) == 1));
	read_unlock(&irq_rwlock);
	KTEST_EXPECT_EQ(test, write_trylock(&irq_rwlock), 0);
	read_unlock(&irq_rwlock);
	local_irq_disable();
	KTEST_EXPECT_EQ(test, write_trylock(&irq_rwlock), 1);
	KTEST_EXPECT_EQ(test, read_trylock(&irq_rwlock), 0);
	write_unlock_irq(&irq_rwlock);
}

static int __init write_once(void *data)
{
	write_lock_irq(&irq_rwlock);
	note('w');
	write_unlock_irq(&irq_rwlock);
	complete(&done);
	return 0;
}

static int __init read_once(void *data)
{
	read_lock(&irq_rwlock);
	note('r');
	read_unlock(&irq_rwlock);
	complete(&done);
	return 0;
}

/*
 * A writer waits for us. Readers who come now wait behind him, or he would starve; but not one in an
 * interrupt, for whom we would wait, whom he waits for.
 */
static void __init rwlock_writer_is_not_starved(struct ktest *test)
{
	static struct hrtimer timer __initdata;
	struct task_struct *w, *r = NULL;
	struct cpumask saved;
	int n = 1;

	if (num_online_cpus() < 2 || ktest_stay_here(&saved))
		return;
	order_begins();
	w = kthread_create(write_once, NULL, "ktest/w");
	KTEST_ASSERT_FALSE(test, IS_ERR(w));
	kthread_bind(w, ktest_cpu_after(1));
	if (num_online_cpus() > 2) {
		r = kthread_create(read_once, NULL, "ktest/r");
		KTEST_ASSERT_FALSE(test, IS_ERR(r));
		kthread_bind(r, ktest_cpu_after(2));
		n++;
	}
	read_lock(&irq_rwlock);
	wake_up_process(w);
	KTEST_EXPECT_TRUE(test, ktest_spin_until(atomic_read(&irq_rwlock.cnts) & _QW_WAITING));
	KTEST_EXPECT_EQ(test, read_trylock(&irq_rwlock), 0);
	if (r)
		wake_up_process(r);
	mdelay(2);
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), 0);
	interrupt_calls(&timer, read_in_interrupt);
	KTEST_EXPECT_TRUE(test, ktest_spin_until(atomic_read(&order_len) == 1));
	read_unlock(&irq_rwlock);
	while (n--)
		wait_for_completion(&done);
	KTEST_EXPECT_STREQ(test, order, r ? "iwr" : "iw");
	ktest_go_anywhere(&saved);
}

/* ---- sequence counters */

static void __init seqcount_tells_of_writes(struct ktest *test)
{
	static seqcount_t s __initdata;
	unsigned int seq;

	seqcount_init(&s);
	seq = read_seqcount_begin(&s);
	KTEST_EXPECT_FALSE(test, read_seqcount_retry(&s, seq));
	write_seqcount_begin(&s);
	KTEST_EXPECT_TRUE(test, read_seqcount_retry(&s, seq));
	/* Begun in the middle of a write: never content, not even if it ends. */
	seq = raw_seqcount_begin(&s);
	KTEST_EXPECT_TRUE(test, read_seqcount_retry(&s, seq));
	write_seqcount_end(&s);
	KTEST_EXPECT_TRUE(test, read_seqcount_retry(&s, seq));
	seq = read_seqcount_begin(&s);
	KTEST_EXPECT_EQ(test, seq & 1, 0);
	write_seqcount_invalidate(&s);
	KTEST_EXPECT_TRUE(test, read_seqcount_retry(&s, seq));
}

#define SEQ_ROUNDS	240

static int __init seq_worker(void *data)
{
	for (int i = 0; i < SEQ_ROUNDS; i++) {
		unsigned int seq;
		long a, b;

		if (i % 16 == 0) {
			write_seqlock(&test_seqlock);
			WRITE_ONCE(counter, counter + 1);
			for (int n = i / 16 & 31; n; n--)
				cpu_relax();
			WRITE_ONCE(copy, copy + 1);
			write_sequnlock(&test_seqlock);
			continue;
		}
		do {
			seq = read_seqbegin(&test_seqlock);
			a = READ_ONCE(counter);
			for (int n = i & 15; n; n--)
				cpu_relax();
			b = READ_ONCE(copy);
		} while (read_seqretry(&test_seqlock, seq));
		if (a != b)
			atomic_inc(&bad);
	}
	return 0;
}

static enum hrtimer_restart __init read_torn(struct hrtimer *timer)
{
	unsigned int seq = raw_seqcount_begin(&test_seqlock.seqcount);
	long a = counter, b = copy;

	/* The writer is under us: what we read does not fit together, and we are told so. */
	if (!read_seqcount_retry(&test_seqlock.seqcount, seq) || a == b)
		atomic_inc(&bad);
	atomic_inc(&order_len);
	return HRTIMER_NORESTART;
}

static void __init seqlock_readers_see_no_half_of_a_write(struct ktest *test)
{
	static struct hrtimer timer __initdata;
	int n;

	order_begins();
	counter = copy = 0;
	write_seqlock(&test_seqlock);
	counter++;
	interrupt_calls(&timer, read_torn);
	KTEST_EXPECT_TRUE(test, ktest_spin_until(atomic_read(&order_len) == 1));
	copy++;
	write_sequnlock(&test_seqlock);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), 0);

	n = ktest_crew_start(&crew, crew_size(), seq_worker);
	KTEST_ASSERT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&bad), 0);
	KTEST_EXPECT_EQ(test, counter, 1 + n * (SEQ_ROUNDS / 16));
	KTEST_EXPECT_EQ(test, copy, counter);
}

static int __init write_seq_once(void *data)
{
	note('b');
	write_seqlock(&test_seqlock);
	note('w');
	write_sequnlock(&test_seqlock);
	complete(&done);
	return 0;
}

/* Another begins to write while we do. */
static void __init seqlock_excludes_writers(struct ktest *test)
{
	struct cpumask saved;
	struct task_struct *t;

	if (num_online_cpus() == 1 || ktest_stay_here(&saved))
		return;
	order_begins();
	t = kthread_create(write_seq_once, NULL, "ktest/w");
	KTEST_ASSERT_FALSE(test, IS_ERR(t));
	kthread_bind(t, ktest_cpu_after(1));
	write_seqlock(&test_seqlock);
	wake_up_process(t);
	KTEST_EXPECT_TRUE(test, ktest_spin_until(atomic_read(&order_len) >= 1));
	mdelay(1);
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), 1);
	write_sequnlock(&test_seqlock);
	wait_for_completion(&done);
	KTEST_EXPECT_STREQ(test, order, "bw");
	ktest_go_anywhere(&saved);
}

/* ---- atomics, reference counts, per-CPU variables */

static atomic64_t wide __initdata;
static refcount_t refs __initdata;
static DEFINE_PER_CPU(long, percpu_counter);

static int __init atomic_worker(void *data)
{
	for (int i = 0; i < ROUNDS; i++) {
		int old = atomic_read(&sum);

		while (!atomic_try_cmpxchg(&sum, &old, old + 1))
			;
		atomic_inc(&sum);
		atomic_dec(&order_len);
		atomic64_add(1L << 32, &wide);
		atomic64_sub(1, &wide);
		atomic_fetch_xor(1 << (i & 7), &bad);
		refcount_inc(&refs);
		if (i & 1)
			refcount_dec(&refs);
		else if (refcount_dec_and_test(&refs))
			atomic_add(1 << 16, &bad);
		this_cpu_inc(percpu_counter);
		if (i % 64 == 0)
			yield();
	}
	return 0;
}

static void __init atomics_lose_nothing(struct ktest *test)
{
	long total = 0;
	int n, cpu;

	atomic_set(&sum, 0);
	atomic_set(&bad, 0);
	atomic_set(&order_len, 0);
	atomic64_set(&wide, 0);
	refcount_set(&refs, 1);
	for_each_online_cpu(cpu)
		per_cpu(percpu_counter, cpu) = 0;
	n = ktest_crew_start(&crew, crew_size(), atomic_worker);
	KTEST_ASSERT_EQ(test, ktest_crew_wait(&crew, n), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&sum), 2 * n * ROUNDS);
	KTEST_EXPECT_EQ(test, atomic_read(&order_len), -n * ROUNDS);
	KTEST_EXPECT_EQ(test, atomic64_read(&wide), (s64)n * ROUNDS * ((1L << 32) - 1));
	KTEST_EXPECT_EQ(test, atomic_read(&bad) & 0xff, 0);	/* an even number of times each */
	KTEST_EXPECT_EQ(test, atomic_read(&bad) >> 16, 0);
	KTEST_EXPECT_EQ(test, refcount_read(&refs), 1);
	for_each_online_cpu(cpu)
		total += per_cpu(percpu_counter, cpu);
	KTEST_EXPECT_EQ(test, total, n * ROUNDS);
}

static DEFINE_PER_CPU(int, interrupted_counter);

static enum hrtimer_restart __init count_in_interrupt(struct hrtimer *timer)
{
	this_cpu_add(interrupted_counter, 1);
	return interrupt_again(timer);
}

/* An interrupt adds to the variable between any two instructions of ours that do. */
static void __init percpu_additions_withstand_interrupts(struct ktest *test)
{
	static struct hrtimer timer __initdata;
	unsigned long began = jiffies;
	int added = 0, in_interrupts, cpu;

	interrupts = 0;
	preempt_disable();
	cpu = smp_processor_id();
	per_cpu(interrupted_counter, cpu) = 0;
	interrupt_calls(&timer, count_in_interrupt);
	/* Each of ours takes one off and puts two on. */
	while (!interrupted_enough(began)) {
		this_cpu_add(interrupted_counter, -1);
		this_cpu_add(interrupted_counter, 2);
		added++;
	}
	hrtimer_cancel(&timer);
	in_interrupts = per_cpu(interrupted_counter, cpu) - added;
	preempt_enable();
	KTEST_EXPECT_GT(test, interrupts, ENOUGH);
	KTEST_EXPECT_EQ(test, in_interrupts, interrupts);
}

/* It warns, once for each kind of misuse, and the object is never freed: that is the lesser evil. */
static void __init refcount_saturates(struct ktest *test)
{
	refcount_t r;

	ktest_warnings_expected = 100;	/* each of the three kinds warns once */
	refcount_set(&r, REFCOUNT_MAX);
	refcount_inc(&r);
	KTEST_EXPECT_EQ(test, refcount_read(&r), (unsigned int)REFCOUNT_SATURATED);
	refcount_inc(&r);
	KTEST_EXPECT_EQ(test, refcount_read(&r), (unsigned int)REFCOUNT_SATURATED);
	KTEST_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KTEST_EXPECT_EQ(test, refcount_read(&r), (unsigned int)REFCOUNT_SATURATED);

	refcount_set(&r, 0);		/* freed already */
	KTEST_EXPECT_FALSE(test, refcount_inc_not_zero(&r));
	KTEST_EXPECT_EQ(test, refcount_read(&r), 0);
	refcount_inc(&r);
	KTEST_EXPECT_EQ(test, refcount_read(&r), (unsigned int)REFCOUNT_SATURATED);
	refcount_set(&r, 0);
	KTEST_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KTEST_EXPECT_EQ(test, refcount_read(&r), (unsigned int)REFCOUNT_SATURATED);
	refcount_set(&r, 2);
	KTEST_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KTEST_EXPECT_TRUE(test, refcount_dec_and_test(&r));
	KTEST_EXPECT_EQ(test, ktest_warnings_expected, 97);
	ktest_warnings_expected = 0;
}

ktest_suite("spinning",
	    KTEST_CASE(spinlock_excludes),
	    KTEST_CASE(spinlock_withstands_interrupts),
	    KTEST_CASE(spinlock_serves_in_order),
	    KTEST_CASE(spinlock_variants_keep_their_promises),
	    KTEST_CASE(rwlock_excludes_writers),
	    KTEST_CASE(rwlock_lets_readers_in_together),
	    KTEST_CASE(rwlock_writer_is_not_starved),
	    KTEST_CASE(seqcount_tells_of_writes),
	    KTEST_CASE(seqlock_readers_see_no_half_of_a_write),
	    KTEST_CASE(seqlock_excludes_writers),
	    KTEST_CASE(atomics_lose_nothing),
	    KTEST_CASE(percpu_additions_withstand_interrupts),
	    KTEST_CASE(refcount_saturates));
