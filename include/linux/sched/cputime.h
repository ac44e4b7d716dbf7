/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_CPUTIME_H
#define _LINUX_SCHED_CPUTIME_H

/*
 * CPU time in ns (kernel/sched/cputime.c). How long a task ran is known to the nanosecond; whether in
 * a program or in the kernel, by where the ticks found it. The _adjusted forms divide the former in
 * the proportion of the latter, and never run backwards.
 */

#include <linux/sched.h>

struct task_cputime {
	u64			stime, utime;
	unsigned long long	sum_exec_runtime;
};

void account_process_tick(struct task_struct *p, int user_tick);
void task_cputime(struct task_struct *t, u64 *utime, u64 *stime);
void task_cputime_adjusted(struct task_struct *p, u64 *ut, u64 *st);
void thread_group_cputime(struct task_struct *tsk, struct task_cputime *times);
void thread_group_cputime_locked(struct task_struct *tsk, struct task_cputime *times);
void thread_group_cputime_adjusted(struct task_struct *p, u64 *ut, u64 *st);
static inline void prev_cputime_init(struct prev_cputime *prev)
{
	prev->utime = prev->stime = 0;
	raw_spin_lock_init(&prev->lock);
}

void cputime_adjust(struct task_cputime *curr, struct prev_cputime *prev, u64 *ut, u64 *st);

/* Of one CPU since boot, ns, for /proc/stat. */
enum cpu_usage_stat { CPUTIME_USER, CPUTIME_NICE, CPUTIME_SYSTEM, CPUTIME_IRQ, CPUTIME_IDLE,
		      CPUTIME_IOWAIT, NR_STATS };
u64 kcpustat_field(enum cpu_usage_stat usage, int cpu);
unsigned long long nr_context_switches(void);

#endif
