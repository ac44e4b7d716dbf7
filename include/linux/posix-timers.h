/* SPDX-License-Identifier: MIT */
/* POSIX timers: timer_create(2) and its kin (kernel/time/posix-timers.c, posix-cpu-timers.c). */
#ifndef _LINUX_POSIX_TIMERS_H
#define _LINUX_POSIX_TIMERS_H

#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/signal_types.h>
#include <linux/spinlock.h>
#include <linux/time64.h>
#include <linux/timerqueue.h>
#include <uapi/linux/time.h>

/* What counts the CPU time of a process (in signal_struct) or thread (in task_struct). siglock */
struct posix_cputimers {
	struct timerqueue_head	tqhead[CPUCLOCK_MAX];
	bool			timers_active;	/* the tick is to look; read without the lock */
};

/* ITIMER_VIRTUAL, ITIMER_PROF. siglock */
struct cpu_itimer {
	u64			expires;	/* ns of CPU time, 0: off */
	u64			incr;
};

struct k_clock;
struct pid;
struct signal_struct;
struct sigqueue;
struct task_struct;

/* A timer by the CPU time of a process or thread. */
struct cpu_timer {
	struct timerqueue_node	node;		/* expires: ns of CPU time; the target's siglock */
	struct timerqueue_head	*head;		/* NULL: in no queue; the target's siglock */
	struct pid		*pid;		/* whose CPU time; never changes */
	struct list_head	elist;		/* those that fire now; as firing */
	bool			firing;		/* the target's siglock to set, it_lock to clear */
	struct task_struct	*sleeper;	/* clock_nanosleep(2): to be woken, not signalled */
};

struct k_itimer {
	const struct k_clock	*kclock;	/* these five never change */
	clockid_t		it_clock;
	timer_t			it_id;
	int			it_sigev_notify;
	struct pid		*it_pid;	/* who is told; holds a reference */

	/* it_lock guards the rest */
	spinlock_t		it_lock;
	struct signal_struct	*it_signal;	/* NULL: not there yet, or being deleted */
	bool			it_active;	/* it runs */
	unsigned int		it_requeue_pending;	/* odd: fired, and waits for its signal to be taken */
	s64			it_overrun;	/* expiries since the last signal, less the one it told of */
	s64			it_overrun_last;	/* for timer_getoverrun() */
	ktime_t			it_interval;
	struct sigqueue		*sigq;		/* its one signal */
	union {
		struct hrtimer		timer;
		struct cpu_timer	cpu;
	} it;
	struct rcu_head		rcu;
};

#define REQUEUE_PENDING	1

void posixtimer_rearm(struct kernel_siginfo *info);	/* its signal was taken; siglock is not held */
int posix_timer_event(struct k_itimer *timr, unsigned int si_private);
void exit_itimers(struct task_struct *tsk);		/* exec and exit: all of the process's are gone */
void flush_itimer_signals(void);			/* exec: so are their signals (kernel/signal_timer.c) */

/* posix-cpu-timers.c */
void posix_cputimers_init(struct posix_cputimers *pct);
void posix_cputimers_group_init(struct posix_cputimers *pct, u64 cpu_limit);
void run_posix_cpu_timers(void);			/* the tick, for current */
void posix_cpu_timers_exit(struct posix_cputimers *pct);	/* siglock held: its thread or process ends */
void update_rlimit_cpu(struct task_struct *task, unsigned long rlim_new);
void set_process_cpu_timer(struct task_struct *tsk, unsigned int which, u64 *newval, u64 *oldval);

#endif
