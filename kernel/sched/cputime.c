// SPDX-License-Identifier: MIT
/*
 * CPU time: whose the ticks are. See <linux/sched/cputime.h>.
 *
 * utime and stime are written by the tick of the CPU that the task runs on, and read without a lock:
 * a 64-bit value is not torn. Callers: the tick; times(2), getrusage(2), wait4(2), /proc.
 */
#include <linux/hardirq.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/sched/signal.h>
#include <linux/tick.h>
#include "sched.h"

/**
 * account_process_tick - a tick found @p running
 * @user_tick: in its program, not in the kernel
 */
void account_process_tick(struct task_struct *p, int user_tick)
{
	struct rq *rq = this_rq();
	enum cpu_usage_stat where;

	if (user_tick) {
		WRITE_ONCE(p->utime, p->utime + TICK_NSEC);
		where = task_nice(p) > 0 ? CPUTIME_NICE : CPUTIME_USER;
	} else if (p != rq->idle) {
		WRITE_ONCE(p->stime, p->stime + TICK_NSEC);
		where = CPUTIME_SYSTEM;
	} else {
		return;		/* an idle CPU has no ticks: its times are measured, see tick-sched.c */
	}
	WRITE_ONCE(rq->cpustat[where], rq->cpustat[where] + TICK_NSEC);
}

u64 kcpustat_field(enum cpu_usage_stat usage, int cpu)
{
	if (usage == CPUTIME_IDLE || usage == CPUTIME_IOWAIT)
		return tick_nohz_idle_time(cpu, usage == CPUTIME_IOWAIT);
	return READ_ONCE(cpu_rq(cpu)->cpustat[usage]);
}

/** task_cputime - by ticks alone, ns */
void task_cputime(struct task_struct *t, u64 *utime, u64 *stime)
{
	*utime = READ_ONCE(t->utime);
	*stime = READ_ONCE(t->stime);
}

/*
 * Divide the exact run time as the ticks found the task. Each of the two results may be less than one
 * that was told before (a tick in the kernel shifts the proportion): then the old one stands, and the
 * other gets the rest.
 */
void cputime_adjust(struct task_cputime *curr, struct prev_cputime *prev, u64 *ut, u64 *st)
{
	u64 rtime = curr->sum_exec_runtime, utime = curr->utime, stime = curr->stime;
	unsigned long flags;

	raw_spin_lock_irqsave(&prev->lock, flags);
	if (prev->stime + prev->utime >= rtime)
		goto out;
	if (stime == 0)
		utime = rtime;
	else if (utime == 0)
		stime = rtime;
	else
		stime = mul_u64_u64_div_u64(stime, rtime, stime + utime);
	if (curr->stime == 0)
		stime = 0;
	stime = max(stime, prev->stime);
	utime = rtime - stime;
	if (utime < prev->utime) {
		utime = prev->utime;
		stime = rtime - utime;
	}
	prev->stime = stime;
	prev->utime = utime;
out:
	*ut = prev->utime;
	*st = prev->stime;
	raw_spin_unlock_irqrestore(&prev->lock, flags);
}

void task_cputime_adjusted(struct task_struct *p, u64 *ut, u64 *st)
{
	struct task_cputime cputime = { .sum_exec_runtime = task_sched_runtime(p) };

	task_cputime(p, &cputime.utime, &cputime.stime);
	cputime_adjust(&cputime, &p->prev_cputime, ut, st);
}

/**
 * thread_group_cputime_locked - of the whole process, the threads that ended included
 *
 * siglock is held: it keeps the list of threads, and each of them is either there or in the sums.
 */
void thread_group_cputime_locked(struct task_struct *tsk, struct task_cputime *times)
{
	struct signal_struct *sig = tsk->signal;
	struct task_struct *t;
	u64 utime, stime;

	lockdep_assert_held(&tsk->sighand->siglock);
	times->utime = sig->utime;
	times->stime = sig->stime;
	times->sum_exec_runtime = sig->sum_sched_runtime;
	for_each_thread(tsk, t) {
		task_cputime(t, &utime, &stime);
		times->utime += utime;
		times->stime += stime;
		times->sum_exec_runtime += task_sched_runtime(t);
	}
}

/**
 * thread_group_cputime - the same without siglock
 *
 * The caller keeps @tsk from being released: it is current, or tasklist_lock is held, or it is the
 * caller's zombie.
 */
void thread_group_cputime(struct task_struct *tsk, struct task_cputime *times)
{
	unsigned long flags;

	spin_lock_irqsave(&tsk->sighand->siglock, flags);
	thread_group_cputime_locked(tsk, times);
	spin_unlock_irqrestore(&tsk->sighand->siglock, flags);
}

void thread_group_cputime_adjusted(struct task_struct *p, u64 *ut, u64 *st)
{
	struct task_cputime cputime;

	thread_group_cputime(p, &cputime);
	cputime_adjust(&cputime, &p->signal->prev_cputime, ut, st);
}
