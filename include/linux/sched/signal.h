/* SPDX-License-Identifier: MIT */
/*
 * What the threads of a process share: signal_struct (the process as such: its pids, limits,
 * shared pending signals, accounts) and sighand_struct (what to do on a signal).
 */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H

#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/rcupdate.h>
#include <linux/rwlock.h>
#include <linux/hrtimer.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <uapi/linux/resource.h>

struct tty_struct;

struct sighand_struct {
	spinlock_t		siglock;	/* guards all below, both pendings, blocked, group_* */
	refcount_t		count;
	wait_queue_head_t	signalfd_wqh;
	struct k_sigaction	action[_NSIG];
	struct rcu_head		rcu;
};

struct signal_struct {
	refcount_t		sigcnt;		/* the structure */
	atomic_t		live;		/* threads that have not begun to exit */
	int			nr_threads;	/* tasklist_lock and siglock to change */
	struct list_head	thread_head;	/* tasklist_lock and siglock to change */

	wait_queue_head_t	wait_chldexit;	/* wait4() sleeps here */
	struct task_struct	*curr_target;

	/* siglock */
	struct sigpending	shared_pending;
	int			group_exit_code;
	int			quick_threads;	/* that have not called do_exit() */
	int			notify_count;	/* whose end group_exec_task waits for; -1: the leader's */
	struct task_struct	*group_exec_task;	/* calls exec: the others are to die */
	int			group_stop_count;	/* threads that are still to stop */
	unsigned int		flags;		/* SIGNAL_* */

	struct xarray		posix_timers;	/* by id; its own lock */
	u32			next_posix_timer_id;

	struct hrtimer		real_timer;	/* ITIMER_REAL */
	u64			it_real_incr;	/* ns */
	struct cpu_itimer	it[2];		/* ITIMER_PROF, ITIMER_VIRTUAL, by CPUCLOCK_; siglock */
	struct posix_cputimers	posix_cputimers;	/* siglock */

	struct pid		*pids[PIDTYPE_MAX];	/* tasklist_lock */
	struct pid		*tty_old_pgrp;
	int			leader;		/* session leader */
	struct tty_struct	*tty;		/* controlling terminal; siglock */

	/* Of threads and children that are gone; siglock */
	u64			utime, stime, cutime, cstime;	/* ns */
	struct prev_cputime	prev_cputime;
	unsigned long		nvcsw, nivcsw, cnvcsw, cnivcsw;
	unsigned long		min_flt, maj_flt, cmin_flt, cmaj_flt;
	unsigned long		maxrss, cmaxrss;	/* pages */
	u64			sum_sched_runtime;

	struct rlimit		rlim[RLIM_NLIMITS];	/* task_lock of the leader */
	short			oom_score_adj;	/* of all who share the mm: fs/proc/oom.c */
	short			oom_score_adj_min;	/* who may not do more may lower it to this */
	bool			oom_flag_origin;	/* it goes before all others; its own */
	struct mm_struct	*oom_mm;	/* of a victim: mm/oom_kill.c */
	unsigned		is_child_subreaper:1;
	unsigned		has_child_subreaper:1;
};

#define SIGNAL_STOP_STOPPED	0x00000001
#define SIGNAL_STOP_CONTINUED	0x00000002
#define SIGNAL_GROUP_EXIT	0x00000004
#define SIGNAL_CLD_STOPPED	0x00000010
#define SIGNAL_CLD_CONTINUED	0x00000020
#define SIGNAL_CLD_MASK		(SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED)
#define SIGNAL_UNKILLABLE	0x00000040	/* init */

/* task->jobctl */
#define JOBCTL_STOP_SIGMASK	0xffff
#define JOBCTL_STOP_DEQUEUED	(1UL << 16)
#define JOBCTL_STOP_PENDING	(1UL << 17)
#define JOBCTL_STOP_CONSUME	(1UL << 18)
#define JOBCTL_STOPPED		(1UL << 26)

extern rwlock_t tasklist_lock;	/* the list of all tasks, and who is whose child, group, session */

static inline int signal_pending(struct task_struct *p)
{
	return unlikely(test_tsk_thread_flag(p, TIF_SIGPENDING));
}

static inline int __fatal_signal_pending(struct task_struct *p)
{
	return unlikely(sigismember(&p->pending.signal, SIGKILL));
}

static inline int fatal_signal_pending(struct task_struct *p)
{
	return signal_pending(p) && __fatal_signal_pending(p);
}

static inline int signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(p))
		return 0;
	return (state & TASK_INTERRUPTIBLE) || __fatal_signal_pending(p);
}

/* kernel/signal.c */
void recalc_sigpending(void);
void recalc_sigpending_and_wake(struct task_struct *t);
void signal_wake_up_state(struct task_struct *t, unsigned int state);
static inline void signal_wake_up(struct task_struct *t, bool fatal)
{
	signal_wake_up_state(t, fatal ? TASK_WAKEKILL : 0);
}
int dequeue_signal(struct task_struct *task, sigset_t *mask, kernel_siginfo_t *info);
void flush_signals(struct task_struct *t);
void flush_sigqueue(struct sigpending *queue);
void flush_signal_handlers(struct task_struct *t, int force_default);
void ignore_signals(struct task_struct *t);
int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p);
int send_sig(int sig, struct task_struct *p, int priv);
int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, enum pid_type type);
int kill_pid(struct pid *pid, int sig, int priv);
int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid);
int kill_pgrp(struct pid *pid, int sig, int priv);
int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pgrp);
/* task's sighand, locked; NULL once the task has been released. The task is kept by the caller. */
struct sighand_struct *lock_task_sighand(struct task_struct *task, unsigned long *flags);
static inline void unlock_task_sighand(struct task_struct *task, unsigned long *flags)
{
	spin_unlock_irqrestore(&task->sighand->siglock, *flags);
}
int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t, enum pid_type type);
void prepare_kill_siginfo(int sig, kernel_siginfo_t *info);
struct sigqueue *sigqueue_alloc(void);
void sigqueue_free(struct sigqueue *q);
int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type);
void force_sig(int sig);
void force_fatal_sig(int sig);
void force_sigsegv(int sig);
int force_sig_fault(int sig, int code, void __user *addr);
int force_sig_info(struct kernel_siginfo *info);
bool do_notify_parent(struct task_struct *tsk, int sig);	/* tasklist_lock held for writing */
void do_notify_parent_cldstop(struct task_struct *tsk, int why);
void task_join_group_stop(struct task_struct *task);		/* siglock held */
int zap_other_threads(struct task_struct *p);			/* siglock held */
void set_current_blocked(sigset_t *set);
void __set_current_blocked(const sigset_t *set);
int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize);
void restore_saved_sigmask(void);
void restore_saved_sigmask_unless(bool interrupted);
sigset_t *sigmask_to_save(void);
bool get_signal(struct ksignal *ksig);				/* true: a handler is to be run */
void signal_setup_done(int failed, struct ksignal *ksig, int stepping);
void exit_signals(struct task_struct *tsk);
int restore_altstack(const stack_t __user *uss);
int __save_altstack(stack_t __user *uss, unsigned long sp);
unsigned long sigsp(unsigned long sp, struct ksignal *ksig);

#define SEND_SIG_NOINFO	((struct kernel_siginfo *)0)
#define SEND_SIG_PRIV	((struct kernel_siginfo *)1)

/* kernel/fork.c, kernel/exit.c */
struct sighand_struct *alloc_sighand(void);
void __cleanup_sighand(struct sighand_struct *sighand);
void put_signal_struct(struct signal_struct *sig);
void release_task(struct task_struct *p);
int is_current_pgrp_orphaned(void);
int is_orphaned_pgrp(struct pid *pgrp);

#define task_pid(t)	((t)->thread_pid)
#define task_tgid(t)	((t)->signal->pids[PIDTYPE_TGID])
#define task_pgrp(t)	((t)->signal->pids[PIDTYPE_PGID])
#define task_session(t)	((t)->signal->pids[PIDTYPE_SID])

#define rlimit(limit)		(READ_ONCE(current->signal->rlim[limit].rlim_cur))
#define task_rlimit(t, limit)	(READ_ONCE((t)->signal->rlim[limit].rlim_cur))
#define task_rlimit_max(t, limit) (READ_ONCE((t)->signal->rlim[limit].rlim_max))

/* Every process, the idle task apart; tasklist_lock or rcu_read_lock() held. */
#define next_task(p)		list_entry_rcu((p)->tasks.next, struct task_struct, tasks)
#define for_each_process(p)	for ((p) = &init_task; ((p) = next_task(p)) != &init_task; )
#define __for_each_thread(sig, t) list_for_each_entry_rcu(t, &(sig)->thread_head, thread_node)
#define for_each_thread(p, t)	__for_each_thread((p)->signal, t)
#define for_each_process_thread(p, t) for_each_process(p) for_each_thread(p, t)
#define while_each_thread(g, t)	while (((t) = next_thread(t)) != (g))
#define thread_group_leader(p)	((p)->exit_signal >= 0)
#define same_thread_group(a, b)	((a)->signal == (b)->signal)
#define thread_group_empty(p)	list_empty(&(p)->thread_group)
#define get_nr_threads(p)	((p)->signal->nr_threads)
static inline struct task_struct *next_thread(const struct task_struct *p)
{
	return list_entry_rcu(p->thread_group.next, struct task_struct, thread_group);
}

#endif
