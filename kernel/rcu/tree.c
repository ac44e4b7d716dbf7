// SPDX-License-Identifier: MIT
/*
 * RCU: when has every reader of a moment gone? See <linux/rcupdate.h> for what it is good for.
 *
 * Read sides are not preempted. So a CPU that switches tasks, runs a program, idles, or is interrupted
 * in code that may be preempted, is in none: that is a quiescent state. A grace period is over when
 * every online CPU has passed through one since it began; then no reader is left who began before.
 * (Linux hangs thousands of CPUs in a tree of nodes, hence the file's name; eight share its root.)
 *
 *	call_rcu()		puts a callback on this CPU's list
 *	the tick, rcu_core()	gives callbacks a grace period, notes quiescent states and the end of
 *				grace periods, wakes the two threads
 *	rcu_sched		the thread that begins and ends grace periods, and asks on behalf of CPUs
 *				that idle whether they do; asleep when no grace period is wanted
 *	rcuc/N			the thread of CPU N that calls the callbacks whose time has come
 *
 * Locks. rcu_state.lock guards gp_seq, qsmask and gp_seq_needed; taken with interrupts off, and no
 * other lock is taken inside. Each rcu_data belongs to its CPU, with interrupts off.
 *
 * Order. The promise has two halves: a reader who began before synchronize_rcu() has done all his
 * accesses before it returns; one who begins later sees all that was written before the call. Both
 * travel along rcu_state.lock. The caller's writes come before his callback is given a grace period
 * under it (rcu_core()); the thread begins that period under it; each CPU takes it to learn of the
 * period, passes a quiescent state after that and no earlier, and takes it again to say so; the thread
 * ends the period under it, and the callback's CPU takes it to learn that. So what a CPU reads before
 * its quiescent state is before the end, and what it reads afterwards is after the beginning.
 *
 * A CPU that idles takes no lock: it makes `dynticks` even when it goes to sleep and odd when it wakes,
 * by fully ordered operations. The thread reads it behind a full barrier. Seeing it even, it also sees
 * all that the CPU did before (acquire); and the CPU's next odd value comes later than our read, so
 * what it reads after that comes later than what we had written before. Seeing that it has changed
 * since the period began is as good, since it was even in between.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include "rcu.h"

struct rcu_data {
	/* this CPU alone, interrupts off */
	unsigned long		gp_seq;		/* as far as this CPU has followed rcu_state.gp_seq */
	bool			core_needs_qs;	/* that grace period waits for us */
	struct rcu_segcblist	cblist;

	/* rcuc/N sleeps here until there are callbacks to call, or somebody wants barrier_head queued */
	struct task_struct	*rcu_cpu_kthread_task;
	wait_queue_head_t	rcu_cpu_wq;
	bool			rcu_cpu_has_work;
	bool			barrier_wanted;
	struct rcu_head		barrier_head;

	atomic_t		dynticks;	/* odd: this CPU may be in a read side; even: it idles */
	int			dynticks_snap;	/* what it was when the grace period began; rcu_sched's */
};

static DEFINE_PER_CPU(struct rcu_data, rcu_data);

/*
 * "No quiescent state since this CPU learnt of the grace period." Its own variable, of which
 * rcu_note_context_switch() is one store.
 */
DEFINE_PER_CPU(bool, rcu_cpu_no_qs);

static struct {
	raw_spinlock_t		lock;
	unsigned long		gp_seq;		/* lock to write */
	unsigned long		gp_seq_needed;	/* somebody waits until gp_seq gets there */
	struct cpumask		qsmaskinit;	/* CPUs that are up */
	struct cpumask		qsmask;		/* those that this grace period still waits for */
	unsigned long		jiffies_stall;	/* when the next complaint is due */

	wait_queue_head_t	gp_wq;		/* rcu_sched: wanted, or the last CPU has reported */
	struct task_struct	*gp_kthread;

	struct mutex		barrier_mutex;	/* one rcu_barrier() at a time */
	atomic_t		barrier_cpu_count;
	struct completion	barrier_completion;
} rcu_state = {
	.lock		= __SPIN_LOCK_UNLOCKED(rcu_state.lock),
	.gp_wq		= __WAIT_QUEUE_HEAD_INITIALIZER(rcu_state.gp_wq),
	.barrier_mutex	= __MUTEX_INITIALIZER(rcu_state.barrier_mutex),
};

unsigned long rcu_jiffies_till_stall = 10 * HZ;
unsigned int rcu_nr_stalls;

unsigned long rcu_get_gp_seq(void)
{
	return READ_ONCE(rcu_state.gp_seq);
}

/* ---- this CPU and the grace period. Interrupts are off */

/* A grace period is to begin, or is under way. */
static bool rcu_gp_wanted(void)
{
	return !rcu_seq_done(READ_ONCE(rcu_state.gp_seq), READ_ONCE(rcu_state.gp_seq_needed));
}

static void rcu_gp_kthread_wake(void)
{
	wake_up(&rcu_state.gp_wq);
}

/*
 * Learn what became of grace periods since we last looked: some callbacks may be called, others need
 * another grace period, and one that has begun waits for us, if it is not known that we idled.
 * True if rcu_sched has to be woken. rcu_state.lock is held.
 */
static bool __note_gp_changes(struct rcu_data *rdp)
{
	unsigned long seq = rcu_state.gp_seq, snap = rcu_seq_snap(seq);

	lockdep_assert_held(&rcu_state.lock);
	rcu_segcblist_advance(&rdp->cblist, seq);
	if (rdp->gp_seq != seq) {
		rdp->core_needs_qs = rcu_seq_in_progress(seq) &&
				     cpumask_test_cpu(smp_processor_id(), &rcu_state.qsmask);
		__this_cpu_write(rcu_cpu_no_qs, true);
		rdp->gp_seq = seq;
	}
	if (!rcu_segcblist_accelerate(&rdp->cblist, snap) ||
	    rcu_seq_done(rcu_state.gp_seq_needed, snap))
		return false;
	if (!rcu_gp_wanted())
		WRITE_ONCE(rcu_state.jiffies_stall, jiffies + rcu_jiffies_till_stall);
	WRITE_ONCE(rcu_state.gp_seq_needed, snap);
	return !rcu_seq_in_progress(seq);
}

/* The grace period need not wait for @cpu any more. True for the last. rcu_state.lock is held. */
static bool rcu_report_qs(unsigned int cpu)
{
	lockdep_assert_held(&rcu_state.lock);
	cpumask_clear_cpu(cpu, &rcu_state.qsmask);
	return cpumask_empty(&rcu_state.qsmask);
}

static void rcu_wake_cpu_kthread(struct rcu_data *rdp)
{
	WRITE_ONCE(rdp->rcu_cpu_has_work, true);
	wake_up(&rdp->rcu_cpu_wq);
}

/*
 * What every CPU does in turn, at the tick or when rcu_sched runs there. A quiescent state counts only for the grace period of which this CPU knew when
 * it passed it: if another has begun meanwhile (ours ended because we were seen to idle), it says
 * nothing about the readers who were here when that one began. @quiescent: we are in one now.
 * rcu_state.lock is held, and given up.
 */
static void rcu_core(bool quiescent)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);
	bool wake;

	wake = __note_gp_changes(rdp);
	if (quiescent)
		__this_cpu_write(rcu_cpu_no_qs, false);
	if (rdp->core_needs_qs && !__this_cpu_read(rcu_cpu_no_qs)) {
		rdp->core_needs_qs = false;
		wake |= rcu_report_qs(smp_processor_id());
	}
	raw_spin_unlock(&rcu_state.lock);
	if (wake)
		rcu_gp_kthread_wake();
	if (rcu_segcblist_ready_cbs(&rdp->cblist))
		rcu_wake_cpu_kthread(rdp);
}

/* Is there anything for rcu_core() to do? Without the lock: the next tick comes soon. */
static bool rcu_pending(struct rcu_data *rdp, bool quiescent)
{
	return rdp->gp_seq != READ_ONCE(rcu_state.gp_seq) ||
	       (rdp->core_needs_qs && (quiescent || !__this_cpu_read(rcu_cpu_no_qs))) ||
	       rcu_segcblist_unassigned(&rdp->cblist) || rcu_segcblist_ready_cbs(&rdp->cblist);
}

/*
 * The tick is in an interrupt handler, so preempt_count is that of the code it interrupted, but for the
 * interrupt itself. That code was in no read side if it could have been preempted. The idle task
 * always has one preempt_disable() to its name.
 */
static bool rcu_interrupted_no_reader(void)
{
	return preempt_count() == HARDIRQ_OFFSET + (is_idle_task(current) ? PREEMPT_OFFSET : 0);
}

/* ---- stalls */

/*
 * Ten seconds since a grace period was wanted or began: some CPU does not let go, or the thread is not
 * let run. Whoever notices first says who, which is all that can be done about it.
 */
static noinline void print_cpu_stall(void)
{
	unsigned int cpu;

	pr_err("INFO: rcu_sched detected a stall: the grace period %lu has not ended, %lu are wanted\n",
	       rcu_state.gp_seq, rcu_state.gp_seq_needed);
	if (!rcu_seq_in_progress(rcu_state.gp_seq))
		pr_err("  the thread rcu_sched did not run to begin another\n");
	for_each_cpu(cpu, &rcu_state.qsmask)
		pr_err("  CPU %u did not let go: it runs %s/%d\n", cpu, cpu_curr(cpu)->comm,
		       cpu_curr(cpu)->pid);
	pr_err("seen on CPU %u, which runs %s/%d with preempt_count %#x:\n", smp_processor_id(),
	       current->comm, current->pid, preempt_count() - HARDIRQ_OFFSET);
	dump_stack();
	rcu_nr_stalls++;
}

static void check_cpu_stall(void)
{
	unsigned long due = READ_ONCE(rcu_state.jiffies_stall);

	if (likely(!rcu_gp_wanted() || time_before(jiffies, due)))
		return;
	if (cmpxchg(&rcu_state.jiffies_stall, due, jiffies + rcu_jiffies_till_stall) == due)
		print_cpu_stall();
}

void rcu_sched_clock_irq(int user)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);
	bool quiescent = user || rcu_interrupted_no_reader();

	check_cpu_stall();
	/* The next tick will do as well, so that CPUs whose ticks fall together do not queue up here. */
	if (rcu_pending(rdp, quiescent) && raw_spin_trylock(&rcu_state.lock))
		rcu_core(quiescent);
}

/* ---- idle CPUs, new CPUs */

void rcu_idle_enter(void)
{
	int seq = atomic_inc_return(&this_cpu_ptr(&rcu_data)->dynticks);

	VM_WARN_ON_ONCE(seq & 1);
}

void rcu_idle_exit(void)
{
	int seq = atomic_inc_return(&this_cpu_ptr(&rcu_data)->dynticks);

	VM_WARN_ON_ONCE(!(seq & 1));
}

bool rcu_needs_cpu(void)
{
	return !rcu_segcblist_empty(&this_cpu_ptr(&rcu_data)->cblist);
}

/*
 * From now on grace periods wait for this CPU. The one under way does not: it began before us, and by
 * the lock we see all that was written before it did.
 */
void rcu_cpu_starting(unsigned int cpu)
{
	struct rcu_data *rdp = per_cpu_ptr(&rcu_data, cpu);

	raw_spin_lock(&rcu_state.lock);
	rdp->gp_seq = rcu_state.gp_seq;
	rdp->core_needs_qs = false;
	atomic_set(&rdp->dynticks, 1);
	cpumask_set_cpu(cpu, &rcu_state.qsmaskinit);
	raw_spin_unlock(&rcu_state.lock);
}

/* ---- callbacks */

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	unsigned long flags;

	head->func = func;
	local_irq_save(flags);
	rcu_segcblist_enqueue(&this_cpu_ptr(&rcu_data)->cblist, head);
	local_irq_restore(flags);
}
EXPORT_SYMBOL(call_rcu);

/* kfree_rcu() puts the distance from the object to its rcu_head where others put a function. */
static void rcu_reclaim(struct rcu_head *head)
{
	unsigned long offset = (unsigned long)head->func;

	if (offset < KVFREE_RCU_MAX_OFFSET)
		kfree((void *)head - offset);
	else
		head->func(head);
}

/* Preemption is off for one callback at a time, however many there are. */
static void rcu_do_batch(struct rcu_data *rdp)
{
	struct rcu_head *head, *next;
	long count = 0;

	local_irq_disable();
	head = rcu_segcblist_extract_done(&rdp->cblist);
	local_irq_enable();
	for (; head; head = next, count++) {
		next = head->next;
		preempt_disable();
		rcu_reclaim(head);
		preempt_enable();
	}
	local_irq_disable();
	/* Release: who sees the list empty also sees what the callbacks did. */
	smp_store_release(&rdp->cblist.len, rdp->cblist.len - count);
	local_irq_enable();
}

static void rcu_barrier_callback(struct rcu_head *head)
{
	if (atomic_dec_and_test(&rcu_state.barrier_cpu_count))
		complete(&rcu_state.barrier_completion);
}

static int rcu_cpu_kthread(void *data)
{
	struct rcu_data *rdp = data;

	BUG_ON(rdp != this_cpu_ptr(&rcu_data));		/* kthread_bind() keeps us here */
	for (;;) {
		wait_event_idle(rdp->rcu_cpu_wq, READ_ONCE(rdp->rcu_cpu_has_work));
		WRITE_ONCE(rdp->rcu_cpu_has_work, false);
		smp_mb();	/* what is asked for after this sets has_work again */
		if (READ_ONCE(rdp->barrier_wanted)) {
			WRITE_ONCE(rdp->barrier_wanted, false);
			call_rcu(&rdp->barrier_head, rcu_barrier_callback);
		}
		rcu_do_batch(rdp);
	}
	return 0;
}

struct rcu_synchronize {
	struct rcu_head		head;
	struct completion	completion;
};

static void wakeme_after_rcu(struct rcu_head *head)
{
	complete(&container_of(head, struct rcu_synchronize, head)->completion);
}

void synchronize_rcu(void)
{
	struct rcu_synchronize rcu;

	might_sleep();
	/* Before the first initcall nothing is taken out of anything that readers look at. */
	if (!READ_ONCE(rcu_state.gp_kthread))
		return;
	init_completion(&rcu.completion);
	call_rcu(&rcu.head, wakeme_after_rcu);
	wait_for_completion(&rcu.completion);
}
EXPORT_SYMBOL(synchronize_rcu);

/*
 * A callback of our own at the end of each CPU's list, which its thread puts there: they are called in
 * order. The count starts at one, ours, so that it does not reach zero before all have been asked.
 */
void rcu_barrier(void)
{
	unsigned int cpu;

	might_sleep();
	if (!READ_ONCE(rcu_state.gp_kthread))	/* as in synchronize_rcu() */
		return;
	mutex_lock(&rcu_state.barrier_mutex);
	init_completion(&rcu_state.barrier_completion);
	atomic_set(&rcu_state.barrier_cpu_count, 1);
	for_each_possible_cpu(cpu) {
		struct rcu_data *rdp = per_cpu_ptr(&rcu_data, cpu);

		if (!smp_load_acquire(&rdp->cblist.len))
			continue;
		atomic_inc(&rcu_state.barrier_cpu_count);
		WRITE_ONCE(rdp->barrier_wanted, true);
		smp_wmb();
		rcu_wake_cpu_kthread(rdp);
	}
	if (!atomic_dec_and_test(&rcu_state.barrier_cpu_count))
		wait_for_completion(&rcu_state.barrier_completion);
	mutex_unlock(&rcu_state.barrier_mutex);
}
EXPORT_SYMBOL(rcu_barrier);

/* ---- the thread of grace periods */

/*
 * What this CPU's tick would do, now. That this thread runs is a quiescent state of its CPU, so with
 * one CPU a grace period is over as soon as it has begun.
 */
static void rcu_core_this_cpu(void)
{
	raw_spin_lock_irq(&rcu_state.lock);
	rcu_core(true);
	local_irq_enable();
}

static void rcu_gp_init(void)
{
	unsigned int cpu;

	raw_spin_lock_irq(&rcu_state.lock);
	WRITE_ONCE(rcu_state.gp_seq, rcu_state.gp_seq + 1);
	cpumask_copy(&rcu_state.qsmask, &rcu_state.qsmaskinit);
	WRITE_ONCE(rcu_state.jiffies_stall, jiffies + rcu_jiffies_till_stall);
	raw_spin_unlock_irq(&rcu_state.lock);
	/* Only from here on may an idle spell count: the barrier puts the reads behind the beginning. */
	smp_mb();
	for_each_cpu(cpu, &rcu_state.qsmaskinit) {
		struct rcu_data *rdp = per_cpu_ptr(&rcu_data, cpu);

		rdp->dynticks_snap = atomic_read_acquire(&rdp->dynticks);
	}
	rcu_core_this_cpu();
}

/* Report for those who idle, or have idled since the beginning: they do not do so themselves. */
static void force_qs_rnp(void)
{
	unsigned int cpu;

	raw_spin_lock_irq(&rcu_state.lock);
	smp_mb();
	for_each_cpu(cpu, &rcu_state.qsmask) {
		struct rcu_data *rdp = per_cpu_ptr(&rcu_data, cpu);
		int snap = atomic_read_acquire(&rdp->dynticks);

		if (!(snap & 1) || snap != rdp->dynticks_snap)
			rcu_report_qs(cpu);
	}
	raw_spin_unlock_irq(&rcu_state.lock);
}

static void rcu_gp_fqs_loop(void)
{
	while (!wait_event_idle_timeout(rcu_state.gp_wq, cpumask_empty(&rcu_state.qsmask), 1))
		force_qs_rnp();
}

static void rcu_gp_cleanup(void)
{
	raw_spin_lock_irq(&rcu_state.lock);
	WRITE_ONCE(rcu_state.gp_seq, rcu_state.gp_seq + 1);
	raw_spin_unlock_irq(&rcu_state.lock);
	rcu_core_this_cpu();
}

/* A thread for each CPU that came up since. False when one could not be made. */
static bool rcu_spawn_cpu_kthreads(void)
{
	unsigned int cpu;

	for_each_cpu(cpu, &rcu_state.qsmaskinit) {
		struct rcu_data *rdp = per_cpu_ptr(&rcu_data, cpu);
		struct task_struct *t;

		if (rdp->rcu_cpu_kthread_task)
			continue;
		t = kthread_create(rcu_cpu_kthread, rdp, "rcuc/%u", cpu);
		if (IS_ERR(t))
			return false;
		kthread_bind(t, cpu);
		rdp->rcu_cpu_kthread_task = t;
		wake_up_process(t);
	}
	return true;
}

static int rcu_gp_kthread(void *unused)
{
	for (;;) {
		bool all = rcu_spawn_cpu_kthreads();

		/* Short of memory: callbacks of that CPU have to wait, so try again soon. */
		if (!wait_event_idle_timeout(rcu_state.gp_wq, rcu_gp_wanted(),
					     all ? MAX_SCHEDULE_TIMEOUT : HZ))
			continue;
		rcu_gp_init();
		rcu_gp_fqs_loop();
		rcu_gp_cleanup();
	}
	return 0;
}

static int __init rcu_spawn_gp_kthread(void)
{
	struct task_struct *t = kthread_run(rcu_gp_kthread, NULL, "rcu_sched");

	if (IS_ERR(t))
		panic("no memory for the thread of RCU's grace periods");
	WRITE_ONCE(rcu_state.gp_kthread, t);
	return 0;
}
core_initcall(rcu_spawn_gp_kthread);

void __init rcu_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rcu_data *rdp = per_cpu_ptr(&rcu_data, cpu);

		rcu_segcblist_init(&rdp->cblist);
		init_waitqueue_head(&rdp->rcu_cpu_wq);
	}
	rcu_cpu_starting(smp_processor_id());
}
