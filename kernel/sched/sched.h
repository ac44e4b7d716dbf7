/* SPDX-License-Identifier: MIT */
/*
 * What the files of the scheduler share: the run queue of a CPU, and the methods by which a
 * scheduling class serves it.
 *
 * Locks: p->pi_lock, then rq->lock. Both are taken with interrupts off. A task's class, priority,
 * policy and weight change with both held, so either of them is enough to read. Where a task is
 * queued (on_rq, se, rt, dl) changes under the lock of the rq of its CPU.
 */
#ifndef _KERNEL_SCHED_SCHED_H
#define _KERNEL_SCHED_SCHED_H

#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/cputime.h>
#include <linux/sched/deadline.h>
#include <linux/sched/debug.h>
#include <linux/sched/prio.h>
#include <linux/sched/rt.h>
#include <linux/time64.h>
#include <uapi/linux/sched/types.h>

/* Tasks of the fair class, in the order of their virtual runtime. */
struct cfs_rq {
	struct load_weight	load;		/* of all, the running one too */
	unsigned int		nr_running;
	u64			min_vruntime;	/* never falls: where newcomers are placed */
	struct rb_root_cached	tasks_timeline;
	struct sched_entity	*curr;		/* the running one: not in the tree */
};

struct rt_prio_array {
	DECLARE_BITMAP(bitmap, MAX_RT_PRIO);	/* which queues are not empty */
	struct list_head	queue[MAX_RT_PRIO];
};

struct rt_rq {
	struct rt_prio_array	active;
	unsigned int		rt_nr_running;
	int			highest_prio;	/* of all that are runnable; MAX_RT_PRIO if none is */
	struct list_head	pushable_tasks;	/* waiting, and may move: by priority */

	/* rt_throttle.c */
	u64			rt_time;	/* ns run in this period, and debts */
	u64			rt_check;	/* beyond this much check_rt_time() has to look */
	bool			rt_throttled;	/* counts as empty until the next one, also in rq->nr_running */
	bool			rt_period_active;
	struct hrtimer		rt_period_timer;
};

/* Tasks of the deadline class: deadline.c, dl_push.c. */
struct dl_rq {
	struct rb_root_cached	root;		/* all that may run, by deadline; the running one too */
	unsigned int		dl_nr_running;	/* in root: without those that are throttled */
	u64			earliest_dl;	/* the first deadline in root; if there is one */
	struct rb_root_cached	pushable_dl_tasks_root;	/* waiting, and may move: by deadline */
};

/* Work that a class leaves for the moment when the queue's lock may be given up. */
struct balance_callback {
	struct balance_callback	*next;
	bool			queued;
	void			(*func)(struct rq *rq);
};

struct rq {
	unsigned int		cpu;		/* never changes */
	struct task_struct	*idle, *stop;	/* never change after boot; stop: its stopper, or NULL */
	atomic_t		nr_iowait;	/* tasks of this CPU that wait for a disk */

	/* lock guards the rest */
	raw_spinlock_t		lock;
	unsigned int		nr_running;
	long			nr_uninterruptible;	/* only the sum over all CPUs has a meaning */
	long			calc_load_active;	/* what calc_load_tasks knows of this rq */
	unsigned long		calc_load_update;	/* jiffies */
	u64			nr_switches;
	unsigned long		nr_stays;		/* calls of __schedule() that switched to nobody else */
#ifdef CONFIG_DEBUG
	u64			switch_hash;		/* of all switches so far: test_fuzz.c */
#endif
	u64			clock;			/* sched_clock() at the last update */
	struct task_struct	*curr;
	struct mm_struct	*prev_mm;		/* borrowed by the task before: to be dropped */
	struct balance_callback	*balance_callback;	/* see queue_balance_callback() */
	struct cfs_rq		cfs;
	struct rt_rq		rt;
	struct dl_rq		dl;
	struct hrtimer		hrtick_timer;	/* the end of the budget of a deadline task that runs */

	unsigned long		next_balance;		/* jiffies; who pulls from here may set it, too */
	/* this CPU only, interrupts off */
	unsigned int		nr_balance_failed;	/* load_balance() in a row */

	/* written by this CPU's tick only */
	u64			cpustat[NR_STATS];	/* ns */
};

DECLARE_PER_CPU(struct rq, runqueues);

#define cpu_rq(cpu)		(per_cpu_ptr(&runqueues, (cpu)))
#define this_rq()		this_cpu_ptr(&runqueues)
#define task_rq(p)		cpu_rq(task_cpu(p))
#define cpu_of(rq)		((rq)->cpu)
#define rq_clock(rq)		((rq)->clock)

struct rq_flags {
	unsigned long flags;
};

/* flags of enqueue_task, dequeue_task */
#define DEQUEUE_SLEEP		0x01	/* it goes to sleep */
#define DEQUEUE_SAVE		0x02	/* it comes back at once, changed */
#define DEQUEUE_MOVE		0x04	/* with SAVE: to another place among its equals */
#define DEQUEUE_NOCLOCK		0x08	/* rq->clock is up to date */
#define ENQUEUE_WAKEUP		0x01	/* it slept */
#define ENQUEUE_RESTORE		0x02
#define ENQUEUE_MOVE		0x04
#define ENQUEUE_NOCLOCK		0x08
#define ENQUEUE_HEAD		0x10	/* before its equals */
#define ENQUEUE_REPLENISH	0x20	/* deadline: with a new budget */

/* wake_flags of select_task_rq and check_preempt_curr */
#define WF_EXEC			0x02
#define WF_FORK			0x04
#define WF_TTWU			0x08
#define WF_SYNC			0x10

/*
 * A way to share out the CPU. DEFINE_SCHED_CLASS() puts each into a section of its own; the linker
 * lays the sections in order of precedence, so that "is above" compares addresses. Every method
 * without another remark runs with rq->lock held.
 *
 * @enqueue_task, @dequeue_task: p becomes runnable, or no longer is
 * @yield_task: curr lets others of its class run first
 * @check_preempt_curr: p, of curr's class, woke up: resched_curr() if it should run now
 * @pick_next_task: take the best task of this class to run, or NULL
 * @put_prev_task: p, of this class, stops running (it may still be runnable)
 * @set_next_task: p, already running, becomes (or again becomes) a task of this class
 * @balance: fetch tasks of this class from other CPUs; true if there is one to run
 * @select_task_rq: on which CPU should p, which is asleep (pi_lock held, not rq->lock), wake up?
 * @migrate_task_rq: p, not queued, is about to move to another CPU (pi_lock held, not rq->lock)
 * @task_woken: p was woken and queued here
 * @set_cpus_allowed: store p's new set of CPUs
 * @task_tick: the tick found p running
 * @task_fork: place the child p, which is not queued yet (p->pi_lock held, not rq->lock)
 * @task_dead: p ran for the last time (no lock held)
 * @switched_from, @switched_to: p, perhaps queued, left or joined this class
 * @prio_changed: p's priority within this class was oldprio
 * @get_rr_interval: time slice, in jiffies
 * @update_curr: charge curr for the time up to now
 */
struct sched_class {
	void (*enqueue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*yield_task)(struct rq *rq);

	void (*check_preempt_curr)(struct rq *rq, struct task_struct *p, int flags);

	struct task_struct *(*pick_next_task)(struct rq *rq);
	void (*put_prev_task)(struct rq *rq, struct task_struct *p);
	void (*set_next_task)(struct rq *rq, struct task_struct *p, bool first);

	int (*balance)(struct rq *rq, struct task_struct *prev, struct rq_flags *rf);
	int (*select_task_rq)(struct task_struct *p, int task_cpu, int flags);
	void (*migrate_task_rq)(struct task_struct *p, int new_cpu);
	void (*task_woken)(struct rq *this_rq, struct task_struct *task);
	void (*set_cpus_allowed)(struct task_struct *p, const struct cpumask *newmask, u32 flags);

	void (*task_tick)(struct rq *rq, struct task_struct *p, int queued);
	void (*task_fork)(struct task_struct *p);
	void (*task_dead)(struct task_struct *p);

	void (*switched_from)(struct rq *this_rq, struct task_struct *task);
	void (*switched_to)(struct rq *this_rq, struct task_struct *task);
	void (*prio_changed)(struct rq *this_rq, struct task_struct *task, int oldprio);

	unsigned int (*get_rr_interval)(struct rq *rq, struct task_struct *task);
	void (*update_curr)(struct rq *rq);
};

#define DEFINE_SCHED_CLASS(name)						\
const struct sched_class name##_sched_class					\
	__aligned(__alignof__(struct sched_class))				\
	__used __section("__" #name "_sched_class")

/* From the linker, around stop, dl, rt, fair, idle. */
extern const struct sched_class __sched_class_highest[];
extern const struct sched_class __sched_class_lowest[];

extern const struct sched_class stop_sched_class;
extern const struct sched_class dl_sched_class;
extern const struct sched_class rt_sched_class;
extern const struct sched_class fair_sched_class;
extern const struct sched_class idle_sched_class;

#define for_class_range(class, _from, _to) \
	for (class = (_from); class < (_to); class++)
#define for_each_class(class) \
	for_class_range(class, __sched_class_highest, __sched_class_lowest)
#define sched_class_above(_a, _b)	((_a) < (_b))

/* ---- policies */

static inline int idle_policy(int policy) { return policy == SCHED_IDLE; }
static inline int fair_policy(int policy)
{
	return policy == SCHED_NORMAL || policy == SCHED_BATCH;
}
static inline int rt_policy(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR; }
static inline int dl_policy(int policy) { return policy == SCHED_DEADLINE; }
static inline bool valid_policy(int policy)
{
	return idle_policy(policy) || fair_policy(policy) || rt_policy(policy) || dl_policy(policy);
}
static inline int task_has_idle_policy(struct task_struct *p) { return idle_policy(p->policy); }
static inline int task_has_rt_policy(struct task_struct *p) { return rt_policy(p->policy); }
static inline int task_has_dl_policy(struct task_struct *p) { return dl_policy(p->policy); }

/* ---- where a task is */

static inline int task_current(struct rq *rq, struct task_struct *p) { return rq->curr == p; }
/* It runs, or is still in the last steps of being switched out. */
static inline int task_on_cpu(struct rq *rq, struct task_struct *p) { return READ_ONCE(p->on_cpu); }
static inline int task_on_rq_queued(struct task_struct *p)
{
	return READ_ONCE(p->on_rq) == TASK_ON_RQ_QUEUED;
}
static inline int task_on_rq_migrating(struct task_struct *p)
{
	return READ_ONCE(p->on_rq) == TASK_ON_RQ_MIGRATING;
}

static inline bool sched_stop_runnable(struct rq *rq)
{
	return rq->stop && task_on_rq_queued(rq->stop);
}
static inline struct task_struct *rt_task_of(struct sched_rt_entity *rt_se)
{
	return container_of(rt_se, struct task_struct, rt);
}

static inline struct task_struct *dl_task_of(struct sched_dl_entity *dl_se)
{
	return container_of(dl_se, struct task_struct, dl);
}

static inline bool sched_dl_runnable(struct rq *rq) { return rq->dl.dl_nr_running; }
static inline bool sched_rt_runnable(struct rq *rq)
{
	return rq->rt.rt_nr_running && !rq->rt.rt_throttled;
}

static inline void add_nr_running(struct rq *rq, unsigned int count) { rq->nr_running += count; }
static inline void sub_nr_running(struct rq *rq, unsigned int count) { rq->nr_running -= count; }

/* ---- locks */

static inline void rq_lock(struct rq *rq, struct rq_flags *rf) { raw_spin_lock(&rq->lock); }
static inline void rq_unlock(struct rq *rq, struct rq_flags *rf) { raw_spin_unlock(&rq->lock); }
#define rq_lock_irqsave(rq, rf)		raw_spin_lock_irqsave(&(rq)->lock, (rf)->flags)
#define rq_unlock_irqrestore(rq, rf)	raw_spin_unlock_irqrestore(&(rq)->lock, (rf)->flags)
#define lockdep_assert_rq_held(rq)	lockdep_assert_held(&(rq)->lock)

struct rq *task_rq_lock(struct task_struct *p, struct rq_flags *rf);
void task_rq_unlock(struct rq *rq, struct task_struct *p, struct rq_flags *rf);

/*
 * Two queues' locks are taken in the order of their addresses, so that no two CPUs wait for each other.
 *
 * double_lock_balance() has this_rq's already, which it may have to give up: then it returns 1, and the
 * caller looks again at whatever it knew of this_rq.
 */
static inline void double_rq_lock(struct rq *rq1, struct rq *rq2)
{
	if (rq1 > rq2)
		swap(rq1, rq2);
	raw_spin_lock(&rq1->lock);
	if (rq1 != rq2)
		raw_spin_lock_nested(&rq2->lock, SINGLE_DEPTH_NESTING);
}

static inline void double_rq_unlock(struct rq *rq1, struct rq *rq2)
{
	raw_spin_unlock(&rq1->lock);
	if (rq1 != rq2)
		raw_spin_unlock(&rq2->lock);
}

static inline int double_lock_balance(struct rq *this_rq, struct rq *busiest)
{
	if (likely(raw_spin_trylock(&busiest->lock)))
		return 0;
	if (this_rq < busiest) {
		raw_spin_lock_nested(&busiest->lock, SINGLE_DEPTH_NESTING);
		return 0;
	}
	raw_spin_unlock(&this_rq->lock);
	double_rq_lock(this_rq, busiest);
	return 1;
}

static inline void double_unlock_balance(struct rq *this_rq, struct rq *busiest)
{
	raw_spin_unlock(&busiest->lock);
}

/* Every change of the queue, and every account of curr, begins with what time it is. */
static inline void update_rq_clock(struct rq *rq)
{
	u64 now = sched_clock();

	if (likely(now > rq->clock))
		rq->clock = now;
}

/*
 * Have func(rq) called, once, when the change of @rq that is under way is complete: after the switch,
 * or before the lock is released. It may give rq->lock up and take it again. rq->lock is held.
 */
static inline void queue_balance_callback(struct rq *rq, struct balance_callback *head,
					  void (*func)(struct rq *rq))
{
	if (head->queued)
		return;
	head->queued = true;
	head->func = func;
	head->next = rq->balance_callback;
	rq->balance_callback = head;
}

/* ---- core.c */
void do_balance_callbacks(struct rq *rq);
static inline void __balance_callbacks(struct rq *rq)
{
	if (unlikely(rq->balance_callback))
		do_balance_callbacks(rq);
}
void resched_curr(struct rq *rq);
void check_preempt_curr(struct rq *rq, struct task_struct *p, int flags);
void activate_task(struct rq *rq, struct task_struct *p, int flags);
void deactivate_task(struct rq *rq, struct task_struct *p, int flags);
void enqueue_task(struct rq *rq, struct task_struct *p, int flags);
void dequeue_task(struct rq *rq, struct task_struct *p, int flags);
void __set_task_cpu(struct task_struct *p, unsigned int cpu);
void set_task_cpu(struct task_struct *p, unsigned int cpu);
struct rq *__task_rq_lock(struct task_struct *p);
void schedule_idle(void);
extern bool sched_smp_initialized;	/* there are several CPUs, and they are up */
extern bool scheduler_running;		/* the idle loop has begun: tasks may sleep */

static inline void put_prev_task(struct rq *rq, struct task_struct *prev)
{
	prev->sched_class->put_prev_task(rq, prev);
}

static inline void set_next_task(struct rq *rq, struct task_struct *next)
{
	next->sched_class->set_next_task(rq, next, false);
}

/* ---- fuzz.c: the dice of sched_seed=, in a DEBUG=1 build. Where it acts, and what it may change. */
#ifdef CONFIG_DEBUG
int __sched_fuzz_select(struct task_struct *p, int cpu);
void __sched_fuzz_resched(struct rq *rq);
bool __sched_fuzz_skip(void);

static inline int sched_fuzz_select(struct task_struct *p, int cpu)
{
	return unlikely(sched_fuzz_on) ? __sched_fuzz_select(p, cpu) : cpu;
}

static inline void sched_fuzz_resched(struct rq *rq)
{
	if (unlikely(sched_fuzz_on))
		__sched_fuzz_resched(rq);
}

static inline bool sched_fuzz_skip(void)
{
	return unlikely(sched_fuzz_on) && __sched_fuzz_skip();
}

/* The sequence of switches, for comparing two runs. rq->lock is held. */
static inline void sched_fuzz_switch(struct rq *rq, struct task_struct *next)
{
	rq->switch_hash = (rq->switch_hash ^ next->pid) * 0x100000001b3ULL;
}
#else
static inline int sched_fuzz_select(struct task_struct *p, int cpu) { return cpu; }
static inline void sched_fuzz_resched(struct rq *rq) { }
static inline bool sched_fuzz_skip(void) { return false; }
static inline void sched_fuzz_switch(struct rq *rq, struct task_struct *next) { }
#endif

/* ---- prio.c */
void set_load_weight(struct task_struct *p, bool update_load);
const struct sched_class *sched_class_of(int policy);
int normal_prio(int policy, unsigned int rt_priority, int nice);
#define SETPARAM_POLICY		(-1)	/* sched_attr.sched_policy: keep it */
#define SCHED_FLAG_KNOWN	(SCHED_FLAG_RESET_ON_FORK | SCHED_FLAG_KEEP_ALL | SCHED_DL_FLAGS)
int __sched_setscheduler(struct task_struct *p, const struct sched_attr *attr, bool user);
int user_check_sched_setscheduler(struct task_struct *p, const struct sched_attr *attr, int policy,
				  bool reset_on_fork);		/* syscalls.c */

/* ---- migrate.c, stop_task.c */
struct rq *move_queued_task(struct rq *rq, struct task_struct *p, int new_cpu);
bool is_cpu_allowed(struct task_struct *p, int cpu);

/* ---- deadline.c, dl_bandwidth.c, dl_push.c */
#define DL_SCALE	10	/* budgets are compared in units of 2^10 ns */
#define BW_SHIFT	20	/* bandwidths are fractions of 2^20 */
#define SCHED_DL_FLAGS	SCHED_FLAG_DL_OVERRUN

void init_dl_rq(struct rq *rq);
void init_dl_task_timer(struct sched_dl_entity *dl_se);
void __dl_clear_params(struct task_struct *p);
u64 to_ratio(u64 period, u64 runtime);
bool dl_bandwidth_enabled(void);
int sched_dl_global_validate(int rt_period, int rt_runtime);
int sched_dl_overflow(struct task_struct *p, int policy, const struct sched_attr *attr);
void dl_release_bandwidth(struct rq *rq, struct task_struct *p);
void dl_keep_bandwidth(struct task_struct *p);
void __setparam_dl(struct task_struct *p, const struct sched_attr *attr);
void __getparam_dl(struct task_struct *p, struct sched_attr *attr);
bool __checkparam_dl(const struct sched_attr *attr);
bool dl_param_changed(struct task_struct *p, const struct sched_attr *attr);
int dl_task_check_affinity(struct task_struct *p, const struct cpumask *mask);
void enqueue_pushable_dl_task(struct rq *rq, struct task_struct *p);
void dequeue_pushable_dl_task(struct rq *rq, struct task_struct *p);
int select_task_rq_dl(struct task_struct *p, int cpu, int flags);
void task_woken_dl(struct rq *rq, struct task_struct *p);
void push_dl_tasks(struct rq *rq);
void pull_dl_task(struct rq *this_rq);
void deadline_queue_push_tasks(struct rq *rq);
bool deadline_queue_pull_task(struct rq *rq);

/* ---- rt_throttle.c: what all real-time tasks of a CPU may have, us */
#define RUNTIME_INF	((u64)~0ULL)
extern int sysctl_sched_rt_period, sysctl_sched_rt_runtime;
void check_rt_time(struct rq *rq);

/* rt tasks of @rq have run for @delta ns. */
static inline void account_rt_time(struct rq *rq, u64 delta)
{
	rq->rt.rt_time += delta;
	if (unlikely(rq->rt.rt_time > rq->rt.rt_check))
		check_rt_time(rq);
}
void init_rt_throttle(struct rt_rq *rt_rq);

/* ---- rt_push.c */
int rq_prio(struct rq *rq);
void __enqueue_pushable_task(struct rq *rq, struct task_struct *p);
void __dequeue_pushable_task(struct rq *rq, struct task_struct *p);
void __rt_queue_push_tasks(struct rq *rq);

/* With one CPU, and for a task that is bound to one, these come to nothing. */
static inline void enqueue_pushable_task(struct rq *rq, struct task_struct *p)
{
	if (p->nr_cpus_allowed > 1)
		__enqueue_pushable_task(rq, p);
}

static inline void dequeue_pushable_task(struct rq *rq, struct task_struct *p)
{
	if (!list_empty(&p->rt.pushable))
		__dequeue_pushable_task(rq, p);
}

static inline void rt_queue_push_tasks(struct rq *rq)
{
	if (!list_empty(&rq->rt.pushable_tasks))
		__rt_queue_push_tasks(rq);
}

void rt_queue_pull_task(struct rq *rq);
int balance_rt(struct rq *rq, struct task_struct *prev, struct rq_flags *rf);
int select_task_rq_rt(struct task_struct *p, int cpu, int flags);
void task_woken_rt(struct rq *rq, struct task_struct *p);

/* ---- fair_balance.c */
int select_task_rq_fair(struct task_struct *p, int prev_cpu, int wake_flags);
int balance_fair(struct rq *rq, struct task_struct *prev, struct rq_flags *rf);
void trigger_load_balance(struct rq *rq);

/* ---- fair.c, rt.c, loadavg.c */
void init_cfs_rq(struct cfs_rq *cfs_rq);
void init_rt_rq(struct rt_rq *rt_rq);
void reweight_task(struct task_struct *p, const struct load_weight *load);
void calc_global_load_tick(struct rq *this_rq);

#endif
