// SPDX-License-Identifier: MIT
/*
 * khungtaskd: finds tasks that have been in uninterruptible sleep for two minutes, and says where.
 *
 * Nobody can wake such a task but what it waits for, not even kill -9: most often a deadlock of locks
 * that sleep. While any task waits for a disk nothing is judged: others may wait for that one, and how
 * long a disk takes is the host's time, of which the guest's may run far ahead (-icount). "Has not run" is told by the count of its
 * switches, looked at every two minutes, so a report comes after two to four minutes of guest time.
 *
 * task->last_switch_count is this thread's alone. A task that it looks at is kept by tasklist_lock.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>

#define HUNG_TASK_TIMEOUT	120		/* seconds */
#define HUNG_TASK_WARNINGS	10		/* in all */

static int warnings_left = HUNG_TASK_WARNINGS;

static void check_hung_task(struct task_struct *t)
{
	unsigned int state = READ_ONCE(t->__state);
	unsigned long switches = READ_ONCE(t->nvcsw) + READ_ONCE(t->nivcsw);

	/* TASK_IDLE, which kernel threads wait in, and TASK_KILLABLE may last. */
	if (!(state & TASK_UNINTERRUPTIBLE) || (state & (TASK_WAKEKILL | TASK_NOLOAD)))
		return;
	if (switches != t->last_switch_count) {
		t->last_switch_count = switches;
		return;
	}
	if (!warnings_left)
		return;
	warnings_left--;
	pr_err("INFO: task %s:%d blocked for more than %d seconds.\n", t->comm, t->pid,
	       HUNG_TASK_TIMEOUT);
	sched_show_task(t);
}

static int watchdog(void *unused)
{
	struct task_struct *g, *t;

	for (;;) {
		schedule_timeout_idle(HUNG_TASK_TIMEOUT * HZ);
		if (nr_iowait())
			continue;
		read_lock(&tasklist_lock);
		for_each_process_thread(g, t)
			check_hung_task(t);
		read_unlock(&tasklist_lock);
	}
	return 0;
}

static int __init hung_task_init(void)
{
	return PTR_ERR_OR_ZERO(kthread_run(watchdog, NULL, "khungtaskd"));
}
subsys_initcall(hung_task_init);
