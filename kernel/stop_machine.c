// SPDX-License-Identifier: MIT
/*
 * The stoppers: threads migration/0, migration/1..., one bound to each CPU, in the stop class.
 *
 * The scheduler has no other way to move a task that is running: whoever asks waits while the stopper
 * of that CPU preempts the task and moves it. With one CPU there are none, for nothing can be moved.
 *
 * stopper->lock guards the list of works; it is taken with interrupts off, inside no other lock.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/stop_machine.h>

struct cpu_stopper {
	struct task_struct	*thread;	/* never changes after boot */
	raw_spinlock_t		lock;
	struct list_head	works;		/* lock */
};

struct cpu_stop_done {
	struct completion	completion;
	int			ret;
};

static DEFINE_PER_CPU(struct cpu_stopper, cpu_stopper);

int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg)
{
	struct cpu_stopper *stopper = per_cpu_ptr(&cpu_stopper, cpu);
	struct cpu_stop_done done = { .ret = 0 };
	struct cpu_stop_work work = { .fn = fn, .arg = arg, .done = &done };
	unsigned long flags;

	if (!READ_ONCE(stopper->thread))
		return -ENOENT;
	init_completion(&done.completion);
	raw_spin_lock_irqsave(&stopper->lock, flags);
	list_add_tail(&work.list, &stopper->works);
	raw_spin_unlock_irqrestore(&stopper->lock, flags);
	wake_up_process(stopper->thread);
	wait_for_completion(&done.completion);
	return done.ret;
}

static struct cpu_stop_work *next_work(struct cpu_stopper *stopper)
{
	struct cpu_stop_work *work;

	raw_spin_lock_irq(&stopper->lock);
	work = list_first_entry_or_null(&stopper->works, struct cpu_stop_work, list);
	if (work)
		list_del_init(&work->list);
	raw_spin_unlock_irq(&stopper->lock);
	return work;
}

static int cpu_stopper_thread(void *data)
{
	struct cpu_stopper *stopper = data;
	struct cpu_stop_work *work;

	for (;;) {
		/* The state before the look: who adds a work after it wakes us from it. */
		set_current_state(TASK_INTERRUPTIBLE);
		work = next_work(stopper);
		if (!work) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		preempt_disable();
		work->done->ret = work->fn(work->arg);
		preempt_enable();
		complete(&work->done->completion);	/* work and done are gone from here on */
	}
	return 0;
}

static int __init cpu_stop_init(void)
{
	unsigned int cpu;

	if (num_online_cpus() == 1)
		return 0;
	for_each_online_cpu(cpu) {
		struct cpu_stopper *stopper = per_cpu_ptr(&cpu_stopper, cpu);
		struct task_struct *thread;

		raw_spin_lock_init(&stopper->lock);
		INIT_LIST_HEAD(&stopper->works);
		thread = kthread_create(cpu_stopper_thread, stopper, "migration/%u", cpu);
		if (IS_ERR(thread))
			panic("no memory for migration/%u", cpu);
		kthread_bind(thread, cpu);
		sched_set_stop_task(thread);
		wake_up_process(thread);
		WRITE_ONCE(stopper->thread, thread);
	}
	return 0;
}
core_initcall(cpu_stop_init);
