// SPDX-License-Identifier: MIT
/*
 * What the scheduler can tell of itself: /proc/sched_debug and /proc/PID/sched, and, when something goes
 * wrong, tasks, their states, sleeping where one must not.
 *
 * The files show other CPUs' queues as they are at some moment each: a queue's own figures are read with
 * its lock held, its tasks one after the other (RCU).
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/timekeeping.h>
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
EXPORT_SYMBOL(__might_sleep);

/* ---- /proc */

/* Nanoseconds as milliseconds with six digits. */
#define SPLIT_NS(ns)	((ns) / NSEC_PER_MSEC), ((ns) % NSEC_PER_MSEC)

/* As in Linux, virtual times may be small negative numbers: theirs begins before 0. */
static void show_signed_ns(struct seq_file *m, const char *name, s64 ns)
{
	u64 abs = ns < 0 ? -(u64)ns : (u64)ns;

	seq_printf(m, "  .%-30s: %s%llu.%06llu\n", name, ns < 0 ? "-" : "", SPLIT_NS(abs));
}

static void show_rq_tasks(struct seq_file *m, int cpu)
{
	struct task_struct *g, *p;

	seq_puts(m, "runnable tasks:\n"
		    " S            task   PID    vruntime/ns  switches  prio         sum-exec\n");
	rcu_read_lock();
	for_each_process_thread(g, p) {
		u64 sum;

		if (task_cpu(p) != cpu || !READ_ONCE(p->on_rq))
			continue;
		sum = p->se.sum_exec_runtime;
		seq_printf(m, "%s%c %15s %5d %14lld %9lu %5d %9llu.%06llu\n",
			   cpu_rq(cpu)->curr == p ? ">" : " ", task_state_to_char(p), p->comm, p->pid,
			   (s64)p->se.vruntime, p->nvcsw + p->nivcsw, p->prio, SPLIT_NS(sum));
	}
	rcu_read_unlock();
	seq_putc(m, '\n');
}

/* Printing may sleep, so nothing is printed with the lock held. */
static void show_rq(struct seq_file *m, int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	unsigned int nr_running, nr_fair, nr_rt, nr_dl;
	u64 switches, clock, min_vruntime, rt_time;
	struct task_struct *curr;
	unsigned long load;
	struct rq_flags rf;
	int highest_prio;
	bool throttled;

	rq_lock_irqsave(rq, &rf);
	update_rq_clock(rq);
	clock = rq_clock(rq);
	nr_running = rq->nr_running;
	switches = rq->nr_switches;
	curr = get_task_struct(rq->curr);
	nr_fair = rq->cfs.nr_running;
	load = rq->cfs.load.weight;
	min_vruntime = rq->cfs.min_vruntime;
	nr_rt = rq->rt.rt_nr_running;
	highest_prio = rq->rt.highest_prio;
	rt_time = rq->rt.rt_time;
	throttled = rq->rt.rt_throttled;
	nr_dl = rq->dl.dl_nr_running;
	rq_unlock_irqrestore(rq, &rf);

	seq_printf(m, "cpu#%d\n  .%-30s: %u\n  .%-30s: %llu\n  .%-30s: %d (%s)\n", cpu, "nr_running",
		   nr_running, "nr_switches", switches, "curr->pid", curr->pid, curr->comm);
	put_task_struct(curr);
	show_signed_ns(m, "clock", clock);
	seq_printf(m, "\ncfs_rq[%d]:\n  .%-30s: %u\n  .%-30s: %lu\n", cpu, "nr_running", nr_fair, "load",
		   load);
	show_signed_ns(m, "min_vruntime", min_vruntime);
	seq_printf(m, "\nrt_rq[%d]:\n  .%-30s: %u\n  .%-30s: %d\n  .%-30s: %d\n", cpu, "rt_nr_running", nr_rt,
		   "highest_prio", highest_prio, "rt_throttled", throttled);
	show_signed_ns(m, "rt_time", rt_time);
	seq_printf(m, "\ndl_rq[%d]:\n  .%-30s: %u\n\n", cpu, "dl_nr_running", nr_dl);
	show_rq_tasks(m, cpu);
}

static int sched_debug_show(struct seq_file *m, void *v)
{
	u64 ktime = ktime_get_ns(), clk = sched_clock();
	int cpu;

	seq_printf(m, "Sched Debug Version: v0.11, 6.1.0 teak\n%-40s: %llu.%06llu\n%-40s: %llu.%06llu\n"
		      "%-40s: %lu\n\n", "ktime", SPLIT_NS(ktime), "sched_clk", SPLIT_NS(clk), "jiffies",
		   jiffies);
	for_each_online_cpu(cpu)
		show_rq(m, cpu);
	return 0;
}

/** proc_sched_show_task - /proc/PID/sched: what the scheduler keeps of @p, whom the caller holds */
void proc_sched_show_task(struct task_struct *p, struct seq_file *m)
{
	u64 sum = task_sched_runtime(p), start = p->se.exec_start;

	seq_printf(m, "%s (%d, #threads: %d)\n"
		      "-------------------------------------------------------------------\n",
		   p->comm, p->pid, p->signal ? p->signal->nr_threads : 0);
	seq_printf(m, "%-45s:%14llu.%06llu\n%-45s:%14lld\n%-45s:%14llu.%06llu\n%-45s:%21llu\n",
		   "se.exec_start", SPLIT_NS(start), "se.vruntime", (s64)p->se.vruntime,
		   "se.sum_exec_runtime", SPLIT_NS(sum), "se.nr_migrations", p->se.nr_migrations);
	seq_printf(m, "%-45s:%21lu\n%-45s:%21lu\n%-45s:%21lu\n%-45s:%21lu\n%-45s:%21u\n%-45s:%21d\n",
		   "nr_switches", p->nvcsw + p->nivcsw, "nr_voluntary_switches", p->nvcsw,
		   "nr_involuntary_switches", p->nivcsw, "se.load.weight", p->se.load.weight, "policy",
		   p->policy, "prio", p->prio);
}

static int __init init_sched_debug_procfs(void)
{
	return proc_create_single("sched_debug", 0, NULL, sched_debug_show) ? 0 : -ENOMEM;
}
fs_initcall(init_sched_debug_procfs);
