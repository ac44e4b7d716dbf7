// SPDX-License-Identifier: MIT
/*
 * The dispatcher: which task this CPU runs next, and the switch to it.
 *
 * schedule() is called by a task that goes to sleep (its __state is not TASK_RUNNING), by one that
 * goes back to its program with TIF_NEED_RESCHED set, and by the idle loop; preempt_schedule() and
 * preempt_schedule_irq() take the CPU from kernel code that holds no lock. All end in __schedule(),
 * which asks the classes in order of precedence for a task.
 *
 * Locks: rq->lock is held across the switch: the task that was switched out took it, the one that is
 * switched in releases it (finish_task_switch()), so nobody sees the queue half way.
 */
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/rcupdate.h>
#include <linux/sched/loadavg.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/wait_bit.h>
#include <trace/events/sched.h>
#include <asm/mmu_context.h>
#include "sched.h"

DEFINE_PER_CPU(struct rq, runqueues);

DEFINE_TRACE(sched_switch);

bool scheduler_running, sched_smp_initialized;

/* ---- the queue */

/**
 * task_rq_lock - lock a task and the run queue that it belongs to
 *
 * The task may move to another CPU between looking up its queue and locking it, so look again; with
 * pi_lock held and the queue's lock held it stays.
 */
struct rq *task_rq_lock(struct task_struct *p, struct rq_flags *rf)
{
	raw_spin_lock_irqsave(&p->pi_lock, rf->flags);
	return __task_rq_lock(p);
}

/* The same when pi_lock is held already. A mover holds no pi_lock, so it need not be given up. */
struct rq *__task_rq_lock(struct task_struct *p)
{
	struct rq *rq;

	lockdep_assert_held(&p->pi_lock);
	for (;;) {
		rq = task_rq(p);
		raw_spin_lock(&rq->lock);
		if (likely(rq == task_rq(p) && !task_on_rq_migrating(p)))
			return rq;
		raw_spin_unlock(&rq->lock);
		while (unlikely(task_on_rq_migrating(p)))
			cpu_relax();
	}
}

void task_rq_unlock(struct rq *rq, struct task_struct *p, struct rq_flags *rf)
{
	raw_spin_unlock(&rq->lock);
	raw_spin_unlock_irqrestore(&p->pi_lock, rf->flags);
}

/**
 * resched_curr - make the task that runs on @rq call schedule() soon
 *
 * It does so on its way out of the interrupt or system call, or when it enables preemption. Another
 * CPU is interrupted, so that it looks at the flag.
 */
void resched_curr(struct rq *rq)
{
	lockdep_assert_rq_held(rq);
	if (test_tsk_need_resched(rq->curr))
		return;
	set_tsk_need_resched(rq->curr);
	if (cpu_of(rq) != smp_processor_id())
		smp_send_reschedule(cpu_of(rq));
}

/* p has become runnable on @rq: should it run at once? */
void check_preempt_curr(struct rq *rq, struct task_struct *p, int flags)
{
	if (p->sched_class == rq->curr->sched_class)
		rq->curr->sched_class->check_preempt_curr(rq, p, flags);
	else if (sched_class_above(p->sched_class, rq->curr->sched_class))
		resched_curr(rq);
}

void enqueue_task(struct rq *rq, struct task_struct *p, int flags)
{
	if (!(flags & ENQUEUE_NOCLOCK))
		update_rq_clock(rq);
	p->sched_class->enqueue_task(rq, p, flags);
}

void dequeue_task(struct rq *rq, struct task_struct *p, int flags)
{
	if (!(flags & DEQUEUE_NOCLOCK))
		update_rq_clock(rq);
	p->sched_class->dequeue_task(rq, p, flags);
}

void activate_task(struct rq *rq, struct task_struct *p, int flags)
{
	enqueue_task(rq, p, flags);
	p->on_rq = TASK_ON_RQ_QUEUED;
}

/* on_rq falls first: from then on try_to_wake_up() has to wait for on_cpu, see there. */
void deactivate_task(struct rq *rq, struct task_struct *p, int flags)
{
	WRITE_ONCE(p->on_rq, flags & DEQUEUE_SLEEP ? 0 : TASK_ON_RQ_MIGRATING);
	dequeue_task(rq, p, flags);
}

void __set_task_cpu(struct task_struct *p, unsigned int cpu)
{
	/* Whoever finds p on the new CPU must find all that was written before it moved. */
	smp_wmb();
	WRITE_ONCE(p->thread_info.cpu, cpu);
	p->wake_cpu = cpu;
}

/*
 * For a task that is asleep, with its pi_lock held, or one that is TASK_ON_RQ_MIGRATING, with the lock
 * of the queue that it leaves.
 */
void set_task_cpu(struct task_struct *p, unsigned int cpu)
{
	if (task_cpu(p) == cpu)
		return;
	if (p->sched_class->migrate_task_rq)
		p->sched_class->migrate_task_rq(p, cpu);
	p->se.nr_migrations++;
	__set_task_cpu(p, cpu);
}

void do_balance_callbacks(struct rq *rq)
{
	struct balance_callback *head;

	lockdep_assert_rq_held(rq);
	while ((head = rq->balance_callback)) {
		rq->balance_callback = head->next;
		head->queued = false;
		head->func(rq);
	}
}

/* ---- the switch */

/* prev took rq->lock, next, on another stack, releases it: lockdep's account moves with it. */
static __always_inline void prepare_lock_switch(struct rq *rq, struct task_struct *next)
{
	spin_release(&rq->lock.dep_map, _THIS_IP_);
#ifdef CONFIG_DEBUG
	WRITE_ONCE(rq->lock.owner, next);
	WRITE_ONCE(rq->lock.owner_pid, next->pid);
#endif
}

static __always_inline void finish_lock_switch(struct rq *rq)
{
	spin_acquire(&rq->lock.dep_map, 0, 0, _THIS_IP_);
	__balance_callbacks(rq);
	raw_spin_unlock_irq(&rq->lock);
}

/*
 * What is left to do for prev, now that we run on another stack, whoever we are.
 *
 * prev's state is read before on_cpu falls: after that another CPU may wake prev, run it and let it
 * die, and we would see that death and drop its reference a second time.
 */
static struct rq *finish_task_switch(struct task_struct *prev)
{
	struct rq *rq = this_rq();
	struct mm_struct *mm = rq->prev_mm;
	unsigned int prev_state = READ_ONCE(prev->__state);

	rq->prev_mm = NULL;
	/* Pairs with try_to_wake_up(): all that prev did on this CPU is seen by the next one. */
	smp_store_release(&prev->on_cpu, 0);
	finish_lock_switch(rq);
	if (mm)
		mmdrop(mm);
	if (unlikely(prev_state == TASK_DEAD)) {
		if (prev->sched_class->task_dead)
			prev->sched_class->task_dead(prev);
		put_task_stack(prev);
		put_task_struct_rcu_user(prev);
	}
	return rq;
}

/*
 * A kernel thread has no address space: it runs on the page tables that are loaded, and holds a
 * reference to their mm so that they stay while it does (active_mm). The reference is taken when a
 * program's task hands over to a kernel thread, handed on from one kernel thread to the next, and
 * dropped after the switch to a program's task, when the tables are no longer loaded.
 */
static __always_inline struct rq *context_switch(struct rq *rq, struct task_struct *prev,
						 struct task_struct *next)
{
	if (!next->mm) {
		enter_lazy_tlb(prev->active_mm, next);
		next->active_mm = prev->active_mm;
		if (prev->mm)
			mmgrab(prev->active_mm);
		else
			prev->active_mm = NULL;
	} else {
		switch_mm_irqs_off(prev->active_mm, next->mm, next);
		if (!prev->mm) {
			rq->prev_mm = prev->active_mm;
			prev->active_mm = NULL;
		}
	}
	prepare_lock_switch(rq, next);
	switch_to(prev, next, prev);
	/* Here `next` is we, and prev is whoever ran before us, perhaps on another CPU than back then. */
	barrier();
	return finish_task_switch(prev);
}

/**
 * schedule_tail - the first thing that a new task does
 * @prev: the task that was switched out for it
 *
 * Its preempt_count was made by sched_fork() as if it had called schedule(): once for rq->lock, once
 * for preempt_disable().
 */
void schedule_tail(struct task_struct *prev)
{
	finish_task_switch(prev);
	preempt_enable();
	if (current->set_child_tid)
		put_user(task_pid_vnr(current), current->set_child_tid);
}

/* ---- the choice */

/* With a lock held it may go well, so say it and go on. A handler has no task of its own to stop. */
static noinline void __schedule_bug(struct task_struct *prev)
{
	if (in_interrupt())
		panic("an interrupt handler called schedule(): it must not sleep");
	pr_err("BUG: scheduling while atomic: %s/%d, preempt_count %#x: a task that holds a spinlock must not sleep\n",
	       prev->comm, prev->pid, preempt_count() - PREEMPT_OFFSET);
	debug_show_held_locks(prev);
	dump_stack();
}

static __always_inline struct task_struct *pick_next_task(struct rq *rq, struct task_struct *prev)
{
	const struct sched_class *class = prev->sched_class;
	struct task_struct *p;

	/* Nearly always there are fair tasks and no others: no class above need be asked. */
	if (likely(!sched_class_above(prev->sched_class, &fair_sched_class) && rq->nr_running &&
		   rq->nr_running == rq->cfs.nr_running)) {
		put_prev_task(rq, prev);
		return fair_sched_class.pick_next_task(rq);
	}
	/* An idle CPU was told that there may be something to fetch, see trigger_load_balance(). */
	if (class == &idle_sched_class)
		class = &fair_sched_class;
	if (sched_smp_initialized)
		for_class_range(class, class, &idle_sched_class)
			if (class->balance && class->balance(rq, prev, NULL))
				break;
	put_prev_task(rq, prev);
	for_each_class(class) {
		p = class->pick_next_task(rq);
		if (p)
			return p;
	}
	BUG();		/* the idle class always has one */
}

/* prev goes to sleep: off the queue with it, unless a signal forbids. */
static void __sched sleep_prev(struct rq *rq, struct task_struct *prev, unsigned int prev_state)
{
	if (signal_pending_state(prev_state, prev)) {
		WRITE_ONCE(prev->__state, TASK_RUNNING);
		return;
	}
	prev->sched_contributes_to_load = (prev_state & TASK_UNINTERRUPTIBLE) &&
					  !(prev_state & TASK_NOLOAD);
	if (prev->sched_contributes_to_load)
		rq->nr_uninterruptible++;
	deactivate_task(rq, prev, DEQUEUE_SLEEP | DEQUEUE_NOCLOCK);
	if (prev->in_iowait)
		atomic_inc(&rq->nr_iowait);
}

#define SM_NONE		0
#define SM_PREEMPT	1	/* prev did not ask: it stays runnable whatever its __state says */

/*
 * Preemption is off. Why a preempted task keeps its place although __state says that it sleeps: it
 * was on its way to schedule(), and has perhaps not looked at its condition yet; only its own call
 * of schedule() may put it to sleep.
 */
static void __sched notrace __schedule(unsigned int sched_mode)
{
	struct rq *rq = this_rq();
	struct task_struct *prev = rq->curr, *next;
	unsigned long *switch_count = &prev->nivcsw;
	unsigned int prev_state;

	if (unlikely(preempt_count() != PREEMPT_OFFSET))
		__schedule_bug(prev);
	local_irq_disable();
	rcu_note_context_switch();
	raw_spin_lock(&rq->lock);
	/*
	 * set_current_state(SLEEP);		condition = true;
	 * if (!condition)			try_to_wake_up(): LOCK pi_lock, full barrier,
	 *	schedule(): LOCK rq		if (state matches) ...
	 * The barrier puts the task's store of its state before our look at it and at the signals: a
	 * waker who missed the state is one whose condition, or signal, is seen here.
	 */
	smp_mb__after_spinlock();
	update_rq_clock(rq);

	prev_state = READ_ONCE(prev->__state);
	if (!(sched_mode & SM_PREEMPT) && prev_state) {
		sleep_prev(rq, prev, prev_state);
		switch_count = &prev->nvcsw;
	}
	next = pick_next_task(rq, prev);
	clear_tsk_need_resched(prev);
	if (unlikely(prev == next)) {
		rq->nr_stays++;
		__balance_callbacks(rq);
		raw_spin_unlock_irq(&rq->lock);
		return;
	}
	rq->nr_switches++;
	sched_fuzz_switch(rq, next);
	++*switch_count;
	WRITE_ONCE(rq->curr, next);
	next->on_cpu = 1;
	trace_sched_switch(sched_mode & SM_PREEMPT, prev, next, prev_state);
	context_switch(rq, prev, next);
}

/**
 * schedule - let another task run
 *
 * With __state other than TASK_RUNNING, set by set_current_state() before, the caller sleeps until
 * somebody wakes it. Never under a spinlock or in an interrupt.
 */
void __sched schedule(void)
{
	do {
		preempt_disable();
		__schedule(SM_NONE);
		preempt_enable_no_resched();
	} while (need_resched());
}
EXPORT_SYMBOL(schedule);

/* The idle task: its state is always TASK_RUNNING, and preemption is always off. */
void __sched schedule_idle(void)
{
	do {
		__schedule(SM_NONE);
	} while (need_resched());
}

void __sched schedule_preempt_disabled(void)
{
	preempt_enable_no_resched();
	schedule();
	preempt_disable();
}
EXPORT_SYMBOL(schedule_preempt_disabled);

/* preempt_enable() found a reschedule due. With interrupts off it has to wait till they come on. */
void __sched notrace preempt_schedule(void)
{
	if (!preemptible())
		return;
	do {
		preempt_disable();
		__schedule(SM_PREEMPT);
		preempt_enable_no_resched();
	} while (need_resched());
}
EXPORT_SYMBOL(preempt_schedule);

/* The way out of an interrupt into kernel code that may be preempted. Interrupts are off, and again. */
void __sched preempt_schedule_irq(void)
{
	do {
		preempt_disable();
		local_irq_enable();
		__schedule(SM_PREEMPT);
		local_irq_disable();
		preempt_enable_no_resched();
	} while (need_resched());
}

/* cond_resched() in a long loop: an offer to those who wait. */
int __sched _cond_resched(void)
{
	if (preempt_count() || irqs_disabled())
		return 0;
	preempt_schedule();
	return 1;
}
EXPORT_SYMBOL(_cond_resched);

/**
 * do_task_dead - the last call of a task
 *
 * TASK_DEAD is stored under pi_lock: a waker that saw an earlier state has finished by then, and none
 * that comes later matches it. finish_task_switch() of the next task sees it and drops the queue's
 * reference, so the stack is no longer in use when it may be freed.
 */
void __noreturn do_task_dead(void)
{
	if (!preempt_count())
		preempt_disable();
	raw_spin_lock_irq(&current->pi_lock);
	WRITE_ONCE(current->__state, TASK_DEAD);
	raw_spin_unlock_irq(&current->pi_lock);
	__schedule(SM_NONE);
	BUG();
}

void __sched yield(void)
{
	struct rq *rq;

	__set_current_state(TASK_RUNNING);
	local_irq_disable();
	rq = this_rq();
	raw_spin_lock(&rq->lock);
	update_rq_clock(rq);
	current->sched_class->yield_task(rq);
	preempt_disable();
	raw_spin_unlock_irq(&rq->lock);
	preempt_enable_no_resched();
	schedule();
}
EXPORT_SYMBOL(yield);

/* Sleeping for a disk is shown as such, and it is no idle time of the CPU. */
void __sched io_schedule(void)
{
	unsigned int old_iowait = current->in_iowait;

	current->in_iowait = 1;
	schedule();
	current->in_iowait = old_iowait;
}
EXPORT_SYMBOL(io_schedule);

long __sched io_schedule_timeout(long timeout)
{
	unsigned int old_iowait = current->in_iowait;

	current->in_iowait = 1;
	timeout = schedule_timeout(timeout);
	current->in_iowait = old_iowait;
	return timeout;
}
EXPORT_SYMBOL(io_schedule_timeout);

/* ---- the tick, and asking about queues */

/* The tick of this CPU, interrupts off. */
void scheduler_tick(void)
{
	struct rq *rq = this_rq();
	struct task_struct *curr;

	raw_spin_lock(&rq->lock);
	curr = rq->curr;
	update_rq_clock(rq);
	curr->sched_class->task_tick(rq, curr, 0);
	sched_fuzz_resched(rq);
	calc_global_load_tick(rq);
	raw_spin_unlock(&rq->lock);
	trigger_load_balance(rq);
}

u64 task_sched_runtime(struct task_struct *p)
{
	struct rq_flags rf;
	struct rq *rq = task_rq_lock(p, &rf);
	u64 ns;

	if (task_current(rq, p) && task_on_rq_queued(p)) {
		update_rq_clock(rq);
		p->sched_class->update_curr(rq);
	}
	ns = p->se.sum_exec_runtime;
	task_rq_unlock(rq, p, &rf);
	return ns;
}

struct task_struct *cpu_curr(int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->curr);
}

bool single_task_running(void)
{
	return this_rq()->nr_running == 1;
}

int idle_cpu(int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	return READ_ONCE(rq->curr) == rq->idle && !READ_ONCE(rq->nr_running);
}
EXPORT_SYMBOL(idle_cpu);

unsigned int nr_running(void)
{
	unsigned int sum = 0;
	int cpu;

	for_each_online_cpu(cpu)
		sum += READ_ONCE(cpu_rq(cpu)->nr_running);
	return sum;
}

/* Tasks that last ran on @cpu and wait for a disk. */
unsigned int nr_iowait_cpu(int cpu)
{
	return atomic_read(&cpu_rq(cpu)->nr_iowait);
}

unsigned int nr_iowait(void)
{
	unsigned int sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += nr_iowait_cpu(cpu);
	return sum;
}

/* How often this CPU asked for the next task: what the watchdog watches. */
unsigned long sched_count(int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	return READ_ONCE(rq->nr_switches) + READ_ONCE(rq->nr_stays);
}

unsigned long long nr_context_switches(void)
{
	unsigned long long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(cpu_rq(cpu)->nr_switches);
	return sum;
}

/* ---- boot */

/**
 * init_idle - make @idle the idle task of @cpu
 *
 * It is the running one already (boot), or about to be (a CPU that is brought up). Its preemption
 * stays off for good: it gives the CPU away only from its loop. So what start_kernel() does up to
 * there is not interrupted by the tasks that it makes.
 */
void __init init_idle(struct task_struct *idle, int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	raw_spin_lock_init(&idle->pi_lock);
	idle->__state = TASK_RUNNING;
	idle->se.exec_start = sched_clock();
	idle->flags |= PF_IDLE | PF_KTHREAD | PF_NO_SETAFFINITY;
	cpumask_copy(&idle->cpus_mask, cpumask_of(cpu));
	idle->cpus_ptr = &idle->cpus_mask;
	idle->nr_cpus_allowed = 1;
	__set_task_cpu(idle, cpu);
	idle->policy = SCHED_NORMAL;
	idle->prio = idle->normal_prio = idle->static_prio = DEFAULT_PRIO;
	set_load_weight(idle, false);
	RB_CLEAR_NODE(&idle->se.run_node);
	INIT_LIST_HEAD(&idle->rt.run_list);
	INIT_LIST_HEAD(&idle->rt.pushable);
	RB_CLEAR_NODE(&idle->dl.rb_node);
	RB_CLEAR_NODE(&idle->pushable_dl_tasks);
	/* Its children start in the fair class; sched_fork() sees to that. */
	idle->sched_class = &idle_sched_class;
	rq->idle = rq->curr = idle;
	idle->on_rq = TASK_ON_RQ_QUEUED;
	idle->on_cpu = 1;
	task_thread_info(idle)->preempt_count = PREEMPT_OFFSET;
}

/* All CPUs are up, before any program runs. */
void __init sched_init_smp(void)
{
	sched_smp_initialized = num_online_cpus() > 1;
}

void __init sched_init(void)
{
	int cpu;

	wait_bit_init();
	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		raw_spin_lock_init(&rq->lock);
		rq->cpu = cpu;
		rq->calc_load_update = jiffies + LOAD_FREQ;
		atomic_set(&rq->nr_iowait, 0);
		init_cfs_rq(&rq->cfs);
		init_rt_rq(&rq->rt);
		init_dl_rq(rq);
	}
	/* The boot task goes on the page tables of the kernel alone, as a kernel thread does. */
	mmgrab(&init_mm);
	current->mm = NULL;
	current->active_mm = &init_mm;
	init_idle(current, smp_processor_id());
}
