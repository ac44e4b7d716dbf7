// SPDX-License-Identifier: MIT
/*
 * Self-tests of RCU. What a broken grace period would free too early is marked dead instead of freed,
 * so a reader who still has it sees the mark, whatever the allocator would have done with the memory.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "rcu.h"

#define ALIVE	0x600d600d600d600dUL
#define DEAD	0xdeaddeaddeaddeadUL

struct thing {
	unsigned long		state;
	unsigned long		copy;		/* always as state */
	struct rcu_head		rcu;
	struct list_head	list;
	struct thing		*next_dead;
	int			key;
};

static struct completion done __initdata;
static atomic_t called __initdata;
static int order[8] __initdata;

/* A thread on @cpu. */
static bool __init run_on(unsigned int cpu, int (*fn)(void *), void *data)
{
	struct task_struct *t = kthread_create(fn, data, "ktest-rcu/%u", cpu);

	if (IS_ERR(t))
		return false;
	kthread_bind(t, cpu);
	wake_up_process(t);
	return true;
}

/* ---- segments */

static void __init callbacks_wait_for_their_own_grace_period(struct ktest *test)
{
	static struct rcu_head a __initdata, b __initdata, c __initdata;
	struct rcu_segcblist list;

	/* A period under way does not count; one that has not begun does. */
	KTEST_EXPECT_EQ(test, rcu_seq_snap(4), 6);
	KTEST_EXPECT_EQ(test, rcu_seq_snap(5), 8);
	KTEST_EXPECT_FALSE(test, rcu_seq_done(7, 8));
	KTEST_EXPECT_TRUE(test, rcu_seq_done(2, -2UL));

	rcu_segcblist_init(&list);
	rcu_segcblist_enqueue(&list, &a);
	KTEST_EXPECT_TRUE(test, rcu_segcblist_accelerate(&list, 6));
	rcu_segcblist_enqueue(&list, &b);
	KTEST_EXPECT_TRUE(test, rcu_segcblist_accelerate(&list, 8));
	rcu_segcblist_enqueue(&list, &c);
	rcu_segcblist_advance(&list, 5);
	KTEST_EXPECT_NULL(test, rcu_segcblist_extract_done(&list));
	rcu_segcblist_advance(&list, 6);
	KTEST_EXPECT_PTR_EQ(test, rcu_segcblist_extract_done(&list), &a);
	KTEST_EXPECT_NULL(test, a.next);
	KTEST_EXPECT_TRUE(test, rcu_segcblist_accelerate(&list, 10));
	rcu_segcblist_advance(&list, 7);
	KTEST_EXPECT_NULL(test, rcu_segcblist_extract_done(&list));
	rcu_segcblist_advance(&list, 10);
	KTEST_EXPECT_PTR_EQ(test, rcu_segcblist_extract_done(&list), &b);
	KTEST_EXPECT_PTR_EQ(test, b.next, &c);
	KTEST_EXPECT_TRUE(test, rcu_segcblist_empty(&list));
	KTEST_EXPECT_FALSE(test, rcu_segcblist_accelerate(&list, 12));
	KTEST_EXPECT_EQ(test, list.len, 3);
}

/* ---- grace periods */

static void __init note_call(struct rcu_head *head)
{
	atomic_inc(&called);
}

/*
 * The reader is we, for ten ticks: interrupts come, but no callback, though it was wanted before. Our
 * CPU does not let go; with one CPU, nobody else may so much as run.
 */
static void __init a_reader_holds_up_the_grace_period(struct ktest *test)
{
	static struct rcu_head head __initdata;
	unsigned long until;

	atomic_set(&called, 0);
	rcu_read_lock();
	call_rcu(&head, note_call);
	until = jiffies + 10;
	while (time_before(jiffies, until))
		cpu_relax();
	KTEST_EXPECT_EQ(test, atomic_read(&called), 0);
	rcu_read_unlock();
	synchronize_rcu();
	KTEST_EXPECT_EQ(test, atomic_read(&called), 1);
}

static unsigned int __init another_cpu(void)
{
	unsigned int cpu = cpumask_next(smp_processor_id(), cpu_online_mask);

	return cpu < nr_cpu_ids ? cpu : cpumask_first(cpu_online_mask);
}

/* We stay where we are: the reader elsewhere spins, and must not do so on our CPU. */
static bool __init stay_here(struct cpumask *saved)
{
	struct cpumask here;

	cpumask_clear(&here);
	cpumask_set_cpu(smp_processor_id(), &here);
	*saved = current->cpus_mask;
	if (set_cpus_allowed_ptr(current, &here))
		return false;
	while (!cpumask_test_cpu(smp_processor_id(), &here))
		msleep(1);
	return true;
}

struct far_reader {
	bool		inside, leave, left;
	struct rcu_head	*call;		/* call_rcu() it just before leaving */
};

/* Gives up after a second: a test that fails must not hang. */
static int __init far_reader(void *data)
{
	struct far_reader *r = data;
	unsigned long until = jiffies + HZ;

	rcu_read_lock();
	smp_store_release(&r->inside, true);
	while (!READ_ONCE(r->leave) && time_before(jiffies, until))
		cpu_relax();
	if (r->call)
		call_rcu(r->call, note_call);
	smp_store_release(&r->left, true);
	rcu_read_unlock();
	complete(&done);
	return 0;
}

/* The reader is on another CPU: neither its ticks nor our idling may end the grace period. */
static void __init a_reader_on_another_cpu_holds_it_up(struct ktest *test)
{
	static struct rcu_head head __initdata;
	static struct far_reader r __initdata;
	struct cpumask saved;

	if (num_online_cpus() == 1 || !stay_here(&saved))
		return;
	init_completion(&done);
	atomic_set(&called, 0);
	r = (struct far_reader){ };
	if (run_on(another_cpu(), far_reader, &r)) {
		while (!smp_load_acquire(&r.inside))
			msleep(1);
		call_rcu(&head, note_call);
		msleep(60);
		if (!smp_load_acquire(&r.left))
			KTEST_EXPECT_EQ(test, atomic_read(&called), 0);
		WRITE_ONCE(r.leave, true);
		wait_for_completion(&done);
		synchronize_rcu();
		KTEST_EXPECT_EQ(test, atomic_read(&called), 1);
	}
	set_cpus_allowed_ptr(current, &saved);
}

/*
 * A grace period waits for the other CPU alone, since ours has passed a quiescent state. Now we begin
 * to read, and only then the other CPU wants a callback and lets the period end: that must not be the
 * end of the wait for it.
 */
static void __init a_grace_period_under_way_does_not_count(struct ktest *test)
{
	static struct rcu_head first __initdata, second __initdata;
	static struct far_reader r __initdata;
	struct cpumask saved;

	if (num_online_cpus() == 1 || !stay_here(&saved))
		return;
	init_completion(&done);
	atomic_set(&called, 0);
	r = (struct far_reader){ .call = &second };
	if (run_on(another_cpu(), far_reader, &r)) {
		while (!smp_load_acquire(&r.inside))
			msleep(1);
		call_rcu(&first, note_call);
		msleep(40);
		rcu_read_lock();
		WRITE_ONCE(r.leave, true);
		mdelay(60);
		/* The first one's thread is that of our CPU, where it does not run. */
		KTEST_EXPECT_EQ(test, atomic_read(&called), 0);
		rcu_read_unlock();
		wait_for_completion(&done);
		rcu_barrier();
		KTEST_EXPECT_EQ(test, atomic_read(&called), 2);
	}
	set_cpus_allowed_ptr(current, &saved);
}

/* ---- the users: what a reader finds stays until he has done */

struct found {
	pid_t			nr;
	bool			inside, leave;
	unsigned int		usage;		/* as seen at the end; 0 would mean freed */
};

static int __init task_finder(void *data)
{
	struct found *f = data;
	unsigned long until = jiffies + HZ;
	struct task_struct *p;

	rcu_read_lock();
	p = find_task_by_vpid(f->nr);
	smp_store_release(&f->inside, true);
	while (!READ_ONCE(f->leave) && time_before(jiffies, until))
		cpu_relax();
	if (p && p->pid == f->nr && pid_task(find_vpid(f->nr), PIDTYPE_PID) == NULL)
		WRITE_ONCE(f->usage, refcount_read(&p->usage));
	rcu_read_unlock();
	complete(&done);
	return 0;
}

static int __init sleeper(void *data)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* He finds a task, which then ends and is reaped: it is not freed under his eyes. */
static void __init a_task_found_outlives_its_end(struct ktest *test)
{
	static struct found f __initdata;
	struct task_struct *victim;
	struct cpumask saved;
	struct pid *pid;

	if (num_online_cpus() == 1 || !stay_here(&saved))
		return;
	init_completion(&done);
	victim = kthread_run(sleeper, NULL, "ktest-victim");
	KTEST_ASSERT_FALSE(test, IS_ERR(victim));
	f = (struct found){ .nr = victim->pid };
	if (run_on(another_cpu(), task_finder, &f)) {
		while (!smp_load_acquire(&f.inside))
			msleep(1);
		kthread_stop(victim);
		while ((pid = find_get_pid(f.nr)) != NULL) {
			put_pid(pid);
			msleep(1);
		}
		msleep(40);
		WRITE_ONCE(f.leave, true);
		wait_for_completion(&done);
		KTEST_EXPECT_GT(test, f.usage, 0);
	}
	set_cpus_allowed_ptr(current, &saved);
}

static void __init note_order(struct rcu_head *head)
{
	static int n __initdata;

	if (!head) {
		n = 0;
		return;
	}
	order[n++ & 7] = container_of(head, struct thing, rcu)->key;
	atomic_inc(&called);
}

static enum hrtimer_restart __init call_from_interrupt(struct hrtimer *timer)
{
	static struct thing late __initdata = { .key = 99 };

	call_rcu(&late.rcu, note_order);
	return HRTIMER_NORESTART;
}

static void __init callbacks_come_in_order_and_once(struct ktest *test)
{
	static struct thing things[4] __initdata;
	static struct hrtimer timer __initdata;
	int i;

	note_order(NULL);
	atomic_set(&called, 0);
	preempt_disable();		/* one CPU, one list */
	for (i = 0; i < 4; i++) {
		things[i].key = i;
		call_rcu(&things[i].rcu, note_order);
	}
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = call_from_interrupt;
	hrtimer_start(&timer, NSEC_PER_MSEC, HRTIMER_MODE_REL);
	while (hrtimer_active(&timer))
		cpu_relax();
	preempt_enable();
	rcu_barrier();
	KTEST_EXPECT_EQ(test, atomic_read(&called), 5);
	for (i = 0; i < 4; i++)
		KTEST_EXPECT_EQ(test, order[i], i);
	KTEST_EXPECT_EQ(test, order[4], 99);
}

#define FLOOD	300

static int __init flood(void *data)
{
	struct rcu_head *heads = data;
	int i;

	for (i = 0; i < FLOOD; i++)
		call_rcu(&heads[i], note_call);
	complete(&done);
	return 0;
}

/* Callbacks on every CPU: rcu_barrier() returns after the last of them, not before. */
static void __init barrier_waits_for_every_cpu(struct ktest *test)
{
	struct rcu_head *heads = kmalloc_array(FLOOD * NR_CPUS, sizeof(*heads), GFP_KERNEL);
	int round, n = 0;
	unsigned int cpu;

	KTEST_ASSERT_NOT_NULL(test, heads);
	for (round = 0; round < 3; round++) {
		init_completion(&done);
		atomic_set(&called, 0);
		n = 0;
		for_each_online_cpu(cpu)
			if (run_on(cpu, flood, &heads[FLOOD * n]))
				n++;
		for (int i = 0; i < n; i++)
			wait_for_completion(&done);
		rcu_barrier();
		KTEST_EXPECT_EQ(test, atomic_read(&called), n * FLOOD);
	}
	kfree(heads);
}

/* ---- readers against a writer */

static struct thing *shared __initdata;
static atomic_t seen_dead __initdata, reads __initdata;
static bool stop_readers __initdata;
static struct thing *graveyard __initdata;
static DEFINE_SPINLOCK(graveyard_lock);

static int __init reader(void *data)
{
	unsigned int n = 0;

	while (!READ_ONCE(stop_readers)) {
		struct thing *t;
		int i;

		rcu_read_lock();
		t = rcu_dereference(shared);
		/* An interrupt, a tick, other CPUs' writes: time for all of them. */
		for (i = 0; i < 50 + (n & 63) * 16; i++) {
			if (READ_ONCE(t->state) != ALIVE || READ_ONCE(t->copy) != ALIVE) {
				atomic_inc(&seen_dead);
				break;
			}
			cpu_relax();
		}
		rcu_read_unlock();
		if (++n % 32 == 0)
			yield();
	}
	atomic_add(n, &reads);
	complete(&done);
	return 0;
}

static void __init bury(struct thing *t)
{
	unsigned long flags;

	WRITE_ONCE(t->state, DEAD);
	WRITE_ONCE(t->copy, DEAD);
	spin_lock_irqsave(&graveyard_lock, flags);
	t->next_dead = graveyard;
	graveyard = t;
	spin_unlock_irqrestore(&graveyard_lock, flags);
}

static void __init bury_rcu(struct rcu_head *head)
{
	bury(container_of(head, struct thing, rcu));
}

static struct thing *__init new_thing(void)
{
	struct thing *t = kmalloc(sizeof(*t), GFP_KERNEL);

	if (t)
		t->state = t->copy = ALIVE;
	return t;
}

static void __init readers_never_see_the_dead(struct ktest *test)
{
	unsigned long begun = jiffies;
	int readers = 0, writes = 0;
	unsigned int cpu;
	struct thing *old;

	stop_readers = false;
	graveyard = NULL;
	init_completion(&done);
	atomic_set(&seen_dead, 0);
	atomic_set(&reads, 0);
	shared = new_thing();
	KTEST_ASSERT_NOT_NULL(test, shared);
	for_each_online_cpu(cpu)
		readers += run_on(cpu, reader, NULL) + run_on(cpu, reader, NULL);
	while (time_before(jiffies, begun + HZ / 2) ||
	       (writes < 20 && time_before(jiffies, begun + 20 * HZ))) {
		struct thing *new = new_thing();

		if (!new)
			break;
		old = rcu_replace_pointer(shared, new, true);
		if (writes++ % 8) {
			call_rcu(&old->rcu, bury_rcu);
			yield();
		} else {
			synchronize_rcu();
			bury(old);
		}
	}
	WRITE_ONCE(stop_readers, true);
	for (int i = 0; i < readers; i++)
		wait_for_completion(&done);
	rcu_barrier();
	KTEST_EXPECT_EQ(test, atomic_read(&seen_dead), 0);
	KTEST_EXPECT_GT(test, writes, 8);
	KTEST_EXPECT_GT(test, atomic_read(&reads), 100);
	bury(shared);
	while ((old = graveyard)) {
		graveyard = old->next_dead;
		kfree(old);
		writes--;
	}
	KTEST_EXPECT_EQ(test, writes, -1);	/* each was buried, once */
}

/* A reader stands on an entry that is taken out: he still finds the rest of the list. */
static void __init a_walk_survives_the_removal_of_its_entry(struct ktest *test)
{
	static struct thing things[5] __initdata, other __initdata;
	struct thing *t;
	LIST_HEAD(head);
	int i, sum = 0;

	for (i = 0; i < 5; i++) {
		things[i].key = 1 << i;
		list_add_tail_rcu(&things[i].list, &head);
	}
	other.key = 1 << 5;
	rcu_read_lock();
	list_for_each_entry_rcu(t, &head, list) {
		sum += t->key;
		if (t == &things[1]) {
			list_del_rcu(&things[1].list);
			list_del_rcu(&things[2].list);
		} else if (t == &things[3]) {
			list_replace_rcu(&things[3].list, &other.list);
		}
		if (++i > 100)
			break;
	}
	rcu_read_unlock();
	/* From entry 1 the way leads by entry 2, which was taken out later. */
	KTEST_EXPECT_EQ(test, sum & ~4, 0x1b);
	KTEST_EXPECT_EQ(test, list_count_nodes(&head), 3);
	KTEST_EXPECT_PTR_EQ(test, list_first_or_null_rcu(&head, struct thing, list), &things[0]);
}

static void __init kfree_rcu_gives_the_memory_back(struct ktest *test)
{
	struct big { char before[64]; struct rcu_head rcu; char rest[60000]; } *b;
	unsigned long before, after;
	int i;

	rcu_barrier();
	before = nr_free_pages();
	for (i = 0; i < 16; i++) {
		b = kmalloc(sizeof(*b), GFP_KERNEL);
		kfree_rcu(b, rcu);
	}
	rcu_barrier();
	kmem_cache_reap();	/* with KASAN freed objects wait in quarantine */
	after = nr_free_pages();
	KTEST_EXPECT_GT(test, after + 8 * 16, before);
}

/*
 * Preemption off for longer than a grace period may take: it is said, with a trace, and soon. Ticks are counted
 * as they are seen, for on a busy host many jiffies may pass in one.
 */
static void __init a_stall_is_reported(struct ktest *test)
{
	static struct rcu_head head __initdata;
	unsigned int before = rcu_nr_stalls, ticks = 0;
	unsigned long saved = rcu_jiffies_till_stall, last = jiffies;

	rcu_jiffies_till_stall = 12;
	atomic_set(&called, 0);
	rcu_read_lock();
	call_rcu(&head, note_call);
	while (READ_ONCE(rcu_nr_stalls) == before && ticks < 100) {
		if (READ_ONCE(jiffies) != last) {
			last = READ_ONCE(jiffies);
			ticks++;
		}
		cpu_relax();
	}
	rcu_read_unlock();
	rcu_jiffies_till_stall = saved;
	KTEST_EXPECT_GT(test, rcu_nr_stalls, before);
	rcu_barrier();
}

ktest_suite("rcu",
	    KTEST_CASE(callbacks_wait_for_their_own_grace_period),
	    KTEST_CASE(a_reader_holds_up_the_grace_period),
	    KTEST_CASE(a_reader_on_another_cpu_holds_it_up),
	    KTEST_CASE(a_grace_period_under_way_does_not_count),
	    KTEST_CASE(a_task_found_outlives_its_end),
	    KTEST_CASE(callbacks_come_in_order_and_once),
	    KTEST_CASE(barrier_waits_for_every_cpu),
	    KTEST_CASE(readers_never_see_the_dead),
	    KTEST_CASE(a_walk_survives_the_removal_of_its_entry),
	    KTEST_CASE(kfree_rcu_gives_the_memory_back),
	    KTEST_CASE(a_stall_is_reported));
