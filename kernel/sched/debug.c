// SPDX-License-Identifier: MIT
/* What the scheduler can tell when something goes wrong: tasks, their states, sleeping where one must not. */
#include <linux/bug.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <asm/stacktrace.h>
#include "sched.h"

/* From the linker, around .sched.text. */
extern char __sched_text_start[], __sched_text_end[];

int in_sched_functions(unsigned long addr)
{
	return addr >= (unsigned long)__sched_text_start && addr < (unsigned long)__sched_text_end;
}

char task_state_to_char(struct task_struct *tsk)
{
	unsigned int state = READ_ONCE(tsk->__state);

	if (tsk->exit_state & EXIT_ZOMBIE)
		return 'Z';
	if (tsk->exit_state & EXIT_DEAD)
		return 'X';
	if (state & __TASK_STOPPED)
		return 'T';
	if (state & __TASK_TRACED)
		return 't';
	if ((state & TASK_IDLE) == TASK_IDLE)
		return 'I';
	if (state & TASK_UNINTERRUPTIBLE)
		return 'D';
	if (state & TASK_INTERRUPTIBLE)
		return 'S';
	if (state & TASK_PARKED)
		return 'P';
	return state & TASK_DEAD ? 'X' : 'R';
}

/**
 * sched_show_task - one line about @p, and where it is
 *
 * The caller keeps it from being freed (tasklist_lock). Of a task that runs on another CPU the trace
 * would be of no use: it changes while it is walked.
 */
void sched_show_task(struct task_struct *p)
{
	pr_info("task:%-15s state:%c pid:%-5d prio:%d flags:%#x\n", p->comm, task_state_to_char(p),
		p->pid, p->prio, p->flags);
	if ((p == current || !READ_ONCE(p->on_cpu)) && try_get_task_stack(p)) {
		dump_backtrace(NULL, p, KERN_INFO);
		put_task_stack(p);
	}
	debug_show_held_locks(p);
}

void show_state_filter(unsigned int state_filter)
{
	struct task_struct *g, *p;

	read_lock(&tasklist_lock);
	for_each_process_thread(g, p)
		if (!state_filter || (READ_ONCE(p->__state) & state_filter))
			sched_show_task(p);
	read_unlock(&tasklist_lock);
}

/* might_sleep() of a DEBUG build: reports at most once a second. */
void __might_sleep(const char *file, int line)
{
	static unsigned long last;

	if (!preempt_count() && !irqs_disabled())
		return;
	/* Booting: no other task runs yet, so nobody can be waited for, and nothing blocks. */
	if (!READ_ONCE(scheduler_running) || is_idle_task(current))
		return;
	if (last && time_before(jiffies, last + HZ))
		return;
	last = jiffies | 1;
	pr_err("BUG: sleeping function called from invalid context at %s:%d: preempt_count %#x, interrupts %s, task %s/%d\n",
	       file, line, preempt_count(), irqs_disabled() ? "off" : "on", current->comm,
	       current->pid);
	debug_show_held_locks(current);
	dump_stack();
}
