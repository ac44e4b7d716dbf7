// SPDX-License-Identifier: MIT
/*
 * The idle class, of one task a CPU, which is always runnable and last; and that task's loop.
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/rcupdate.h>
#include <linux/tick.h>
#include <asm/processor.h>
#include "sched.h"

/*
 * need_resched() is looked at with interrupts masked: an interrupt that wakes a task after the look
 * stays pending, and a pending interrupt ends the WFI although it is masked. So no wake-up can slip
 * in between the look and the sleep.
 */
static void do_idle(void)
{
	local_irq_disable();
	tick_nohz_idle_enter();
	while (!need_resched()) {
		tick_nohz_idle_stop_tick();
		rcu_idle_enter();
		cpu_do_idle();
		rcu_idle_exit();
		tick_nohz_idle_wake();
		local_irq_enable();	/* the interrupt that ended the sleep is taken here */
		local_irq_disable();
	}
	tick_nohz_idle_exit();
	local_irq_enable();
	schedule_idle();
}

/* The idle task's life. Preemption is off, see init_idle(). */
void __noreturn cpu_startup_entry(void)
{
	WRITE_ONCE(scheduler_running, true);
	for (;;)
		do_idle();
}

static void enqueue_task_idle(struct rq *rq, struct task_struct *p, int flags)
{
	BUG();
}

/* Only sleeping would take it off the queue: the idle task called something that waits. */
static void dequeue_task_idle(struct rq *rq, struct task_struct *p, int flags)
{
	pr_err("bad: scheduling from the idle task: it waits for something\n");
	dump_stack();
	WRITE_ONCE(p->__state, TASK_RUNNING);
	p->on_rq = TASK_ON_RQ_QUEUED;
}

static void yield_task_idle(struct rq *rq)
{
}

static void check_preempt_curr_idle(struct rq *rq, struct task_struct *p, int flags)
{
	resched_curr(rq);
}

static struct task_struct *pick_next_task_idle(struct rq *rq)
{
	return rq->idle;
}

static void put_prev_task_idle(struct rq *rq, struct task_struct *prev)
{
}

static void set_next_task_idle(struct rq *rq, struct task_struct *next, bool first)
{
}

static int select_task_rq_idle(struct task_struct *p, int cpu, int flags)
{
	return task_cpu(p);
}

static void task_tick_idle(struct rq *rq, struct task_struct *curr, int queued)
{
}

static void switched_to_idle(struct rq *rq, struct task_struct *p)
{
	BUG();
}

static void prio_changed_idle(struct rq *rq, struct task_struct *p, int oldprio)
{
	BUG();
}

static void update_curr_idle(struct rq *rq)
{
}

DEFINE_SCHED_CLASS(idle) = {
	.enqueue_task		= enqueue_task_idle,
	.dequeue_task		= dequeue_task_idle,
	.yield_task		= yield_task_idle,
	.check_preempt_curr	= check_preempt_curr_idle,
	.pick_next_task		= pick_next_task_idle,
	.put_prev_task		= put_prev_task_idle,
	.set_next_task		= set_next_task_idle,
	.select_task_rq		= select_task_rq_idle,
	.set_cpus_allowed	= set_cpus_allowed_common,
	.task_tick		= task_tick_idle,
	.switched_to		= switched_to_idle,
	.prio_changed		= prio_changed_idle,
	.update_curr		= update_curr_idle,
};
