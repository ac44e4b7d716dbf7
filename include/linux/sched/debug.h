/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_DEBUG_H
#define _LINUX_SCHED_DEBUG_H

#include <linux/compiler.h>

struct task_struct;

/* Functions that only put the task to sleep: its "wait channel" is the first caller outside of them. */
#define __sched		__section(".sched.text")

int in_sched_functions(unsigned long addr);
void sched_show_task(struct task_struct *p);		/* a line, and its trace */
void show_state_filter(unsigned int state_filter);	/* all tasks, or those in these states */
static inline void show_state(void)
{
	show_state_filter(0);
}
char task_state_to_char(struct task_struct *tsk);	/* R S D T t X Z P I, as /proc/PID/stat says */

struct seq_file;
void proc_sched_show_task(struct task_struct *p, struct seq_file *m);

/* kernel/locking/lockdep_report.c: the locks that a task holds, when built with DEBUG=1. */
void debug_show_held_locks(struct task_struct *task);

#endif
