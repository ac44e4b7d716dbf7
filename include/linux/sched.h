/* SPDX-License-Identifier: MIT */
/*
 * struct task_struct: everything about one task (a process, a thread, a kernel thread).
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/posix-timers.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/rbtree.h>
#include <linux/cpumask.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/pid.h>
#include <linux/signal_types.h>
#include <linux/restart_block.h>
#include <asm/current.h>
#include <asm/processor.h>
#include <asm/thread_info.h>
#include <uapi/linux/sched.h>

struct completion;
struct cred;
struct files_struct;
struct fs_struct;
struct mm_struct;
struct nameidata;
struct pt_regs;
struct robust_list_head;
struct rq;
struct sched_class;
struct sched_attr;
struct sched_param;
struct sighand_struct;
struct signal_struct;
struct vm_struct;

/* __state: what the task waits for, 0 when it runs or may run. Set by set_current_state(). */
#define TASK_RUNNING		0x00000000
#define TASK_INTERRUPTIBLE	0x00000001
#define TASK_UNINTERRUPTIBLE	0x00000002
#define __TASK_STOPPED		0x00000004
#define __TASK_TRACED		0x00000008
#define EXIT_DEAD		0x00000010	/* exit_state */
#define EXIT_ZOMBIE		0x00000020	/* exit_state */
#define TASK_PARKED		0x00000040
#define TASK_DEAD		0x00000080
#define TASK_WAKEKILL		0x00000100
#define TASK_NOLOAD		0x00000400
#define TASK_NEW		0x00000800
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED		(TASK_WAKEKILL | __TASK_STOPPED)
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/* on_rq */
#define TASK_ON_RQ_QUEUED	1
#define TASK_ON_RQ_MIGRATING	2

/* flags */
#define PF_IDLE			0x00000002
#define PF_EXITING		0x00000004
#define PF_WQ_WORKER		0x00000020
#define PF_FORKNOEXEC		0x00000040	/* has not called exec since fork */
#define PF_SIGNALED		0x00000400	/* killed by a signal */
#define PF_KSWAPD		0x00020000	/* the thread that keeps memory free */
#define PF_MEMALLOC		0x00000800	/* frees memory: may use the reserves */
#define PF_NPROC_EXCEEDED	0x00001000	/* setuid() made it one of too many: kernel/uid.c */
#define PF_MEMALLOC_NOIO	0x00080000	/* allocates as if with GFP_NOIO: disks wait for it */
#define PF_LOCAL_THROTTLE	0x00100000	/* writes for another disk, and never waits for that one's pages */
#define PF_KTHREAD		0x00200000
#define PF_NO_SETAFFINITY	0x04000000

#define TASK_COMM_LEN		16

#define MAX_NICE		19
#define MIN_NICE		(-20)
#define MAX_DL_PRIO		0		/* -1: deadline */
#define MAX_RT_PRIO		100		/* 0-99: real time, less is more urgent */
#define MAX_PRIO		(MAX_RT_PRIO + 40)
#define DEFAULT_PRIO		(MAX_RT_PRIO + 20)
#define NICE_TO_PRIO(nice)	((nice) + DEFAULT_PRIO)
#define PRIO_TO_NICE(prio)	((prio) - DEFAULT_PRIO)

struct load_weight {
	unsigned long		weight;
	u32			inv_weight;	/* 2^32 / weight, so that a division becomes a product */
};

/* What the fair class keeps of a task; the rq's lock guards it. Times are in ns. */
struct sched_entity {
	struct load_weight	load;
	struct rb_node		run_node;
	unsigned int		on_rq;
	u64			exec_start;
	u64			sum_exec_runtime;
	u64			vruntime;
	u64			prev_sum_exec_runtime;
	u64			nr_migrations;
	u64			last_balanced;	/* when load balancing last moved it */
};

/* What the rt class keeps of a task; the rq's lock guards it. */
struct sched_rt_entity {
	struct list_head	run_list;
	unsigned int		time_slice;	/* ticks left, SCHED_RR */
	unsigned short		on_rq;
	unsigned short		on_list;
	struct list_head	pushable;	/* in rt_rq->pushable_tasks, or empty */
};

/*
 * What the deadline class keeps of a task; the rq's lock guards it, and for the parameters either of
 * pi_lock and the rq's lock is enough to read. Times are in ns, of rq_clock().
 */
struct sched_dl_entity {
	struct rb_node		rb_node;	/* in dl_rq->root, or cleared */

	/* What sched_setattr(2) asked for; all 0 when the task holds no bandwidth. */
	u64			dl_runtime, dl_deadline, dl_period;
	u64			dl_bw;		/* runtime / period: its part of dl_bw.total_bw */
	u64			dl_density;	/* runtime / deadline */
	unsigned int		flags;		/* SCHED_DL_FLAGS */

	/* The present instance */
	s64			runtime;	/* left until deadline; negative: to be paid back */
	u64			deadline;
	bool			dl_throttled;	/* used up: off the queue until dl_timer fires */
	bool			dl_yielded;	/* gave the rest away */
	bool			dl_overrun;	/* to be told by SIGXCPU */

	/* Each holds a reference to the task while it is queued. */
	struct hrtimer		dl_timer;	/* the next period begins */
	struct hrtimer		inactive_timer;	/* the bandwidth of one that left is free */
};

/* The CPU times that were last told, so that they never run backwards: kernel/sched/cputime.c. */
struct prev_cputime {
	u64			utime, stime;	/* ns */
	raw_spinlock_t		lock;
};

/* A place in a list of tasks to wake: <linux/sched/wake_q.h>. */
struct wake_q_node {
	struct wake_q_node	*next;		/* NULL: in none */
};

/* Pages that the task uses without a fault while every other use is one: mm/policy_lru_exact.c. */
struct touched_pages {
	unsigned long		code[2], data[2];	/* addresses, the latest first */
	u64			regs;			/* a hash of the registers of the last fault */
};

struct task_struct {
	struct thread_info	thread_info;	/* first: SP_EL0 points at both */

	unsigned int		__state;
	void			*stack;		/* lowest address of the kernel stack */
	refcount_t		usage;
	refcount_t		rcu_users;	/* put_task_struct_rcu_user() */
	refcount_t		stack_refcount;
	struct rcu_head		rcu;
	unsigned int		flags;		/* PF_*; changed by the task itself */

	/* Scheduling. pi_lock, then the rq's lock, guard what follows; on_cpu is 1 until switched out. */
	raw_spinlock_t		pi_lock;
	int			on_cpu;
	int			on_rq;
	int			prio, static_prio, normal_prio;
	unsigned int		rt_priority;
	unsigned int		policy;
	const struct sched_class *sched_class;
	struct sched_entity	se;
	struct sched_rt_entity	rt;
	struct sched_dl_entity	dl;
	struct rb_node		pushable_dl_tasks;	/* in dl_rq's tree of this name, or cleared */
	int			recent_used_cpu, wake_cpu;
	int			nr_cpus_allowed;
	const cpumask_t		*cpus_ptr;
	cpumask_t		cpus_mask;
	unsigned		sched_reset_on_fork:1;
	unsigned		sched_contributes_to_load:1;
	unsigned		:0;		/* what follows is changed by the task itself */
	unsigned		in_execve:1;
	unsigned		in_iowait:1;

	struct list_head	tasks;		/* every process leader; tasklist_lock, RCU */

	struct mm_struct	*mm;		/* NULL in a kernel thread; alloc_lock */
	struct mm_struct	*active_mm;	/* whose page tables are loaded while it runs */

	int			exit_state;	/* tasklist_lock */
	int			exit_code, exit_signal;
	int			pdeath_signal;
	unsigned int		personality;

	pid_t			pid, tgid;

	/* tasklist_lock guards the family */
	struct task_struct	*real_parent;	/* who made it, or who adopted it */
	struct task_struct	*parent;	/* who is told of its end */
	struct list_head	children, sibling;
	struct task_struct	*group_leader;
	struct list_head	thread_group;
	struct list_head	thread_node;	/* in signal->thread_head */
	struct list_head	ptrace_entry;	/* in the list of the dead of its parent's exit_notify() */
	struct pid		*thread_pid;
	struct hlist_node	pid_links[PIDTYPE_MAX];

	struct completion	*vfork_done;	/* alloc_lock */
	int __user		*set_child_tid;
	int __user		*clear_child_tid;

	u64			utime, stime;	/* ns */
	struct prev_cputime	prev_cputime;
	struct posix_cputimers	posix_cputimers;	/* siglock */
	unsigned long		nvcsw, nivcsw;
	unsigned long		last_switch_count;	/* kernel/hung_task.c */
	u64			start_time;	/* CLOCK_MONOTONIC ns */
	u64			start_boottime;
	unsigned long		min_flt, maj_flt;
	unsigned int		nr_dirtied;	/* pages, since balance_dirty_pages() was last called */

	const struct cred	*real_cred;	/* as others see it */
	const struct cred	*cred;		/* as it acts */

	char			comm[TASK_COMM_LEN];
	struct nameidata	*nameidata;	/* path walk under way; its own */

	struct fs_struct	*fs;		/* alloc_lock */
	struct files_struct	*files;		/* alloc_lock */

	/* Signals; sighand->siglock guards these */
	struct signal_struct	*signal;
	struct sighand_struct	*sighand;
	sigset_t		blocked, real_blocked;
	sigset_t		saved_sigmask;	/* put back by restore_saved_sigmask() */
	struct sigpending	pending;
	unsigned long		sas_ss_sp;	/* sigaltstack; its own */
	size_t			sas_ss_size;
	unsigned int		sas_ss_flags;
	unsigned long		jobctl;
	kernel_siginfo_t	*last_siginfo;

	spinlock_t		alloc_lock;	/* task_lock(): mm, files, fs, comm, vfork_done */

	void			*journal_info;
	struct restart_block	restart_block;
	struct wake_q_node	wake_q;
	int			pagefault_disabled;
	struct touched_pages	touched;	/* its own */
	struct vm_struct	*stack_vm_area;
	struct robust_list_head __user *robust_list;	/* its own */
	u32			timer_slack_ns;
	struct list_head	oom_reaper_list;	/* of mm/oom_kill.c */
	unsigned long		oom_reap_at;	/* jiffies; 0: not in it */

#ifdef CONFIG_DEBUG
	/* kernel/locking/lockdep.c: its own, and of interrupts on top of it */
	unsigned int		lockdep_depth;
	unsigned int		lockdep_recursion;
	struct held_lock	held_locks[MAX_LOCK_DEPTH];
#endif

#ifdef CONFIG_KASAN
	unsigned int		kasan_depth;	/* not 0: no reports; its own */
#endif

	struct thread_struct	thread;		/* last: the CPU's part */
};

extern struct task_struct init_task;

#define TASK_SIZE_OF(tsk)	TASK_SIZE

/*
 * Changing one's own state before schedule(). The store comes before the check of the condition
 * that is waited for, and the waker stores the condition before it reads the state: one of the two
 * sees the other, so no wake-up is lost.
 */
#define __set_current_state(s)	WRITE_ONCE(current->__state, (s))
#define set_current_state(s)	smp_store_mb(current->__state, (s))
#define get_current_state()	READ_ONCE(current->__state)
#define task_is_running(t)	(READ_ONCE((t)->__state) == TASK_RUNNING)
#define task_is_stopped(t)	((READ_ONCE((t)->__state) & __TASK_STOPPED) != 0)

#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

/* kernel/sched/core.c */
void schedule(void);
void schedule_preempt_disabled(void);			/* preemption is off, and off again on return */
long schedule_timeout(long timeout);			/* jiffies */
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);
long schedule_timeout_idle(long timeout);
long schedule_timeout_killable(long timeout);
void io_schedule(void);
long io_schedule_timeout(long timeout);
int wake_up_process(struct task_struct *p);
int wake_up_state(struct task_struct *p, unsigned int state);
void kick_process(struct task_struct *p);		/* if it runs on another CPU: into the kernel */
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags);
void wake_up_new_task(struct task_struct *p);
void yield(void);
void scheduler_tick(void);
void sched_init(void);
void sched_init_smp(void);
int sched_fork(unsigned long clone_flags, struct task_struct *p);
void sched_post_fork(struct task_struct *p);
void sched_exec(void);
void schedule_tail(struct task_struct *prev);		/* first thing that a new task does */
void __noreturn do_task_dead(void);
void preempt_schedule_irq(void);
void set_user_nice(struct task_struct *p, long nice);
int can_nice(const struct task_struct *p, int nice);
int task_nice(const struct task_struct *p);
int task_prio(const struct task_struct *p);
int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param);
int sched_setscheduler_nocheck(struct task_struct *p, int policy, const struct sched_param *param);
int sched_setattr_nocheck(struct task_struct *p, const struct sched_attr *attr);
void sched_set_fifo(struct task_struct *p);
void sched_set_stop_task(struct task_struct *stop);	/* for kernel/stop_machine.c */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask);
void set_cpus_allowed_common(struct task_struct *p, const struct cpumask *new_mask, u32 flags);
bool single_task_running(void);
int idle_cpu(int cpu);
void init_idle(struct task_struct *idle, int cpu);
struct task_struct *cpu_curr(int cpu);
unsigned long sched_count(int cpu);
void cpu_startup_entry(void) __noreturn;		/* the idle loop */
int _cond_resched(void);
unsigned int nr_running(void);
unsigned int nr_iowait(void);
unsigned int nr_iowait_cpu(int cpu);
u64 task_sched_runtime(struct task_struct *p);		/* ns */
void __might_sleep(const char *file, int line);

#define cond_resched()		(test_thread_flag(TIF_NEED_RESCHED) ? _cond_resched() : 0)
#ifdef CONFIG_DEBUG
#define might_sleep()		__might_sleep(__FILE__, __LINE__)
#else
#define might_sleep()		do { } while (0)
#endif

static inline void set_tsk_thread_flag(struct task_struct *t, int flag)
{
	set_ti_thread_flag(&t->thread_info, flag);
}

static inline void clear_tsk_thread_flag(struct task_struct *t, int flag)
{
	clear_ti_thread_flag(&t->thread_info, flag);
}

static inline int test_tsk_thread_flag(struct task_struct *t, int flag)
{
	return test_ti_thread_flag(&t->thread_info, flag);
}

#define set_tsk_need_resched(t)		set_tsk_thread_flag(t, TIF_NEED_RESCHED)
#define clear_tsk_need_resched(t)	clear_tsk_thread_flag(t, TIF_NEED_RESCHED)
#define test_tsk_need_resched(t)	test_tsk_thread_flag(t, TIF_NEED_RESCHED)
#define need_resched()			test_thread_flag(TIF_NEED_RESCHED)
#define task_cpu(t)			(READ_ONCE((t)->thread_info.cpu))
#define task_thread_info(t)		(&(t)->thread_info)
#define task_stack_page(t)		((t)->stack)
#define is_idle_task(t)			(!!((t)->flags & PF_IDLE))
#define is_global_init(t)		((t)->tgid == 1)

static inline pid_t task_pid_nr(struct task_struct *t) { return t->pid; }
static inline pid_t task_tgid_nr(struct task_struct *t) { return t->tgid; }
#define task_pid_vnr(t)		task_pid_nr(t)
#define task_tgid_vnr(t)	task_tgid_nr(t)
pid_t __task_pid_nr(struct task_struct *t, enum pid_type type);
#define task_pgrp_vnr(t)	__task_pid_nr(t, PIDTYPE_PGID)
#define task_session_vnr(t)	__task_pid_nr(t, PIDTYPE_SID)
pid_t task_ppid_nr(struct task_struct *t);

struct task_struct *find_task_by_vpid(pid_t nr);	/* tasklist_lock or rcu_read_lock() held */
struct task_struct *find_get_task_by_vpid(pid_t nr);

static inline struct task_struct *get_task_struct(struct task_struct *t)
{
	refcount_inc(&t->usage);
	return t;
}

void __put_task_struct(struct task_struct *t);

static inline void put_task_struct(struct task_struct *t)
{
	if (refcount_dec_and_test(&t->usage))
		__put_task_struct(t);
}

#define task_lock(p)	spin_lock(&(p)->alloc_lock)
#define task_unlock(p)	spin_unlock(&(p)->alloc_lock)

static inline bool pid_alive(const struct task_struct *p) { return p->thread_pid != NULL; }

char *__get_task_comm(char *to, size_t len, struct task_struct *tsk);
#define get_task_comm(buf, tsk) __get_task_comm(buf, sizeof(buf), tsk)
void __set_task_comm(struct task_struct *tsk, const char *from, bool exec);
#define set_task_comm(tsk, from) __set_task_comm(tsk, from, false)

#endif
