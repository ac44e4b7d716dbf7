// SPDX-License-Identifier: MIT
/*
 * The fair class: SCHED_NORMAL, SCHED_BATCH and SCHED_IDLE share the CPU by weight.
 *
 * Each task has a virtual runtime: its time on the CPU, divided by its weight. The one that has had
 * the least runs next, so over time all virtual runtimes stay together and the real ones stand in
 * the proportion of the weights. The tasks that wait are in a tree sorted by it; the one that runs
 * is not in the tree, for its key grows.
 *
 * A nice level more is a weight less by a fifth, whatever the level, so about 10 % of the CPU between
 * two tasks. With several CPUs see fair_balance.c. Locks: everything here runs with rq->lock held, except where struct sched_class says
 * otherwise.
 */
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include "sched.h"

/* All that is runnable gets its turn within this time, ns, as long as there are not too many. */
#define sysctl_sched_latency		(6 * NSEC_PER_MSEC)
/* More often than this it does not pay to switch, ns. */
#define sysctl_sched_min_granularity	(750 * NSEC_PER_USEC)
/* A task that wakes up preempts only if it is behind by more than this, ns. */
#define sysctl_sched_wakeup_granularity	(1 * NSEC_PER_MSEC)
#define sched_nr_latency		(sysctl_sched_latency / sysctl_sched_min_granularity)

#define NICE_0_LOAD	1024

static inline struct task_struct *task_of(struct sched_entity *se)
{
	return container_of(se, struct task_struct, se);
}

static inline struct rq *rq_of(struct cfs_rq *cfs_rq)
{
	return container_of(cfs_rq, struct rq, cfs);
}

/* Virtual runtimes may wrap: compare their difference. */
static inline bool entity_before(const struct sched_entity *a, const struct sched_entity *b)
{
	return (s64)(a->vruntime - b->vruntime) < 0;
}

static inline u64 max_vruntime(u64 a, u64 b) { return (s64)(a - b) > 0 ? a : b; }
static inline u64 min_vruntime(u64 a, u64 b) { return (s64)(a - b) < 0 ? a : b; }

/* Real time to virtual: delta * NICE_0_LOAD / weight, where inv_weight is 2^32 / weight. */
static inline u64 calc_delta_fair(u64 delta, struct sched_entity *se)
{
	if (likely(se->load.weight == NICE_0_LOAD))
		return delta;
	return mul_u64_u64_shr(delta, (u64)NICE_0_LOAD * se->load.inv_weight, 32);
}

/* ---- the tree */

static inline bool __entity_less(struct rb_node *a, const struct rb_node *b)
{
	return entity_before(rb_entry(a, struct sched_entity, run_node),
			     rb_entry(b, struct sched_entity, run_node));
}

static void __enqueue_entity(struct cfs_rq *cfs_rq, struct sched_entity *se)
{
	rb_add_cached(&se->run_node, &cfs_rq->tasks_timeline, __entity_less);
}

static void __dequeue_entity(struct cfs_rq *cfs_rq, struct sched_entity *se)
{
	rb_erase_cached(&se->run_node, &cfs_rq->tasks_timeline);
}

static inline struct sched_entity *__pick_first_entity(struct cfs_rq *cfs_rq)
{
	return rb_entry_safe(rb_first_cached(&cfs_rq->tasks_timeline), struct sched_entity,
			     run_node);
}

/* ---- accounts */

/* The least virtual runtime of all that are runnable, and never less than it was. */
static void update_min_vruntime(struct cfs_rq *cfs_rq)
{
	struct sched_entity *curr = cfs_rq->curr, *first = __pick_first_entity(cfs_rq);
	u64 vruntime = cfs_rq->min_vruntime;

	if (curr && curr->on_rq) {
		vruntime = curr->vruntime;
		if (first)
			vruntime = min_vruntime(vruntime, first->vruntime);
	} else if (first) {
		vruntime = first->vruntime;
	}
	cfs_rq->min_vruntime = max_vruntime(cfs_rq->min_vruntime, vruntime);
}

/* Charge the running task for the time since the last time. rq->clock is up to date. */
static void update_curr(struct cfs_rq *cfs_rq)
{
	struct sched_entity *curr = cfs_rq->curr;
	u64 now = rq_clock(rq_of(cfs_rq));
	u64 delta_exec;

	if (!curr || (s64)(now - curr->exec_start) <= 0)
		return;
	delta_exec = now - curr->exec_start;
	curr->exec_start = now;
	curr->sum_exec_runtime += delta_exec;
	curr->vruntime += calc_delta_fair(delta_exec, curr);
	update_min_vruntime(cfs_rq);
}

static void update_curr_fair(struct rq *rq)
{
	update_curr(&rq->cfs);
}

/* The period in which each gets a turn: longer when there are so many that turns would be too short. */
static u64 sched_period(unsigned int nr_running)
{
	if (unlikely(nr_running > sched_nr_latency))
		return nr_running * sysctl_sched_min_granularity;
	return sysctl_sched_latency;
}

/* How long @se may run at a stretch, ns: its share of the period. */
static u64 sched_slice(struct cfs_rq *cfs_rq, struct sched_entity *se)
{
	unsigned long total = cfs_rq->load.weight;
	unsigned int nr = cfs_rq->nr_running;

	if (!se->on_rq) {
		total += se->load.weight;
		nr++;
	}
	return sched_period(nr) * se->load.weight / total;
}

/*
 * Where in virtual time a task joins. A new one begins a slice behind the others: else a task that
 * forks all the time would have the CPU for its family alone. One that slept keeps its place, but not
 * more credit than half a period, or an hour's sleep would buy an hour of the CPU.
 */
static void place_entity(struct cfs_rq *cfs_rq, struct sched_entity *se, int initial)
{
	u64 vruntime = cfs_rq->min_vruntime;

	if (initial)
		vruntime += calc_delta_fair(sched_slice(cfs_rq, se), se);
	else
		vruntime -= sysctl_sched_latency / 2;
	se->vruntime = max_vruntime(se->vruntime, vruntime);
}

/* ---- becoming runnable, and ceasing to be */

static void enqueue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr(cfs_rq);
	if (!p->on_rq && !(flags & ENQUEUE_WAKEUP))
		se->vruntime += cfs_rq->min_vruntime;	/* a new task, see task_fork_fair() */
	place_entity(cfs_rq, se, 0);
	cfs_rq->load.weight += se->load.weight;
	cfs_rq->nr_running++;
	if (se != cfs_rq->curr)
		__enqueue_entity(cfs_rq, se);
	se->on_rq = 1;
	add_nr_running(rq, 1);
}

static void dequeue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr(cfs_rq);
	if (se != cfs_rq->curr)
		__dequeue_entity(cfs_rq, se);
	se->on_rq = 0;
	cfs_rq->load.weight -= se->load.weight;
	cfs_rq->nr_running--;
	sub_nr_running(rq, 1);
	update_min_vruntime(cfs_rq);
}

/* Another weight: the queue's sum follows. The time up to now is charged by the old one. */
void reweight_task(struct task_struct *p, const struct load_weight *load)
{
	struct sched_entity *se = &p->se;
	struct cfs_rq *cfs_rq = &task_rq(p)->cfs;

	if (se->on_rq) {
		update_curr(cfs_rq);
		cfs_rq->load.weight += load->weight - se->load.weight;
	}
	se->load = *load;
}

/* ---- running */

static void set_next_task_fair(struct rq *rq, struct task_struct *p, bool first)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *se = &p->se;

	if (se->on_rq)
		__dequeue_entity(cfs_rq, se);
	se->exec_start = rq_clock(rq);
	cfs_rq->curr = se;
	se->prev_sum_exec_runtime = se->sum_exec_runtime;
}

static struct task_struct *pick_next_task_fair(struct rq *rq)
{
	struct sched_entity *se = __pick_first_entity(&rq->cfs);

	if (!se)
		return NULL;
	if (sched_fuzz_skip() && rb_next(&se->run_node))
		se = rb_entry(rb_next(&se->run_node), struct sched_entity, run_node);
	set_next_task_fair(rq, task_of(se), true);
	return task_of(se);
}

static void put_prev_task_fair(struct rq *rq, struct task_struct *prev)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *se = &prev->se;

	if (se->on_rq) {
		update_curr(cfs_rq);
		__enqueue_entity(cfs_rq, se);
	}
	cfs_rq->curr = NULL;
}

/* Step behind the next in line, at the price of the time between the two. */
static void yield_task_fair(struct rq *rq)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *first = __pick_first_entity(cfs_rq);

	update_curr(cfs_rq);
	if (first)
		cfs_rq->curr->vruntime = max_vruntime(cfs_rq->curr->vruntime, first->vruntime);
}

/* ---- preemption */

static void check_preempt_tick(struct cfs_rq *cfs_rq, struct sched_entity *curr)
{
	u64 ideal_runtime = sched_slice(cfs_rq, curr);
	u64 delta_exec = curr->sum_exec_runtime - curr->prev_sum_exec_runtime;
	struct sched_entity *first = __pick_first_entity(cfs_rq);

	if (!first)
		return;
	if (delta_exec > ideal_runtime) {
		resched_curr(rq_of(cfs_rq));
		return;
	}
	/* Its slice is not over; but somebody may have come who has waited much longer. */
	if (delta_exec >= sysctl_sched_min_granularity &&
	    (s64)(curr->vruntime - first->vruntime) > (s64)ideal_runtime)
		resched_curr(rq_of(cfs_rq));
}

static void task_tick_fair(struct rq *rq, struct task_struct *curr, int queued)
{
	update_curr(&rq->cfs);
	if (rq->cfs.nr_running > 1)
		check_preempt_tick(&rq->cfs, &curr->se);
}

/*
 * A task woke up. It preempts if it is behind curr by more than the granularity, measured in its own
 * virtual time, so that a heavy task preempts sooner. SCHED_BATCH never does, for it does not mind
 * waiting; and anybody preempts SCHED_IDLE.
 */
static void check_preempt_wakeup(struct rq *rq, struct task_struct *p, int wake_flags)
{
	struct sched_entity *curr = &rq->curr->se, *se = &p->se;

	if (test_tsk_need_resched(rq->curr))
		return;
	if (unlikely(task_has_idle_policy(rq->curr)) && !task_has_idle_policy(p)) {
		resched_curr(rq);
		return;
	}
	if (unlikely(p->policy != SCHED_NORMAL))
		return;
	update_curr(&rq->cfs);
	if ((s64)(curr->vruntime - se->vruntime) >
	    (s64)calc_delta_fair(sysctl_sched_wakeup_granularity, se))
		resched_curr(rq);
}

/* ---- the rest of a task's life */

/* The child may begin on another CPU: until it is queued its virtual time is a distance from min_vruntime. */
static void task_fork_fair(struct task_struct *p)
{
	struct rq *rq = this_rq();
	struct rq_flags rf;

	rq_lock_irqsave(rq, &rf);
	update_rq_clock(rq);
	update_curr(&rq->cfs);
	p->se.vruntime = rq->cfs.curr ? rq->cfs.curr->vruntime : rq->cfs.min_vruntime;
	place_entity(&rq->cfs, &p->se, 1);
	p->se.vruntime -= rq->cfs.min_vruntime;
	rq_unlock_irqrestore(rq, &rf);
}

/* Virtual time is each queue's own: keep the distance from min_vruntime. */
static void migrate_task_rq_fair(struct task_struct *p, int new_cpu)
{
	p->se.vruntime += READ_ONCE(cpu_rq(new_cpu)->cfs.min_vruntime) -
			  READ_ONCE(task_rq(p)->cfs.min_vruntime);
}

static void prio_changed_fair(struct rq *rq, struct task_struct *p, int oldprio)
{
	if (!task_on_rq_queued(p) || rq->cfs.nr_running == 1)
		return;
	if (!task_current(rq, p))
		check_preempt_curr(rq, p, 0);
	else if (p->prio > oldprio)
		resched_curr(rq);
}

static void switched_to_fair(struct rq *rq, struct task_struct *p)
{
	if (!task_on_rq_queued(p))
		return;
	if (task_current(rq, p))
		resched_curr(rq);	/* it came from above: there may be better ones now */
	else
		check_preempt_curr(rq, p, 0);
}

static unsigned int get_rr_interval_fair(struct rq *rq, struct task_struct *p)
{
	return rq->cfs.load.weight ? sched_slice(&rq->cfs, &p->se) / TICK_NSEC : 0;
}

DEFINE_SCHED_CLASS(fair) = {
	.enqueue_task		= enqueue_task_fair,
	.dequeue_task		= dequeue_task_fair,
	.yield_task		= yield_task_fair,
	.check_preempt_curr	= check_preempt_wakeup,
	.pick_next_task		= pick_next_task_fair,
	.put_prev_task		= put_prev_task_fair,
	.set_next_task		= set_next_task_fair,
	.balance		= balance_fair,
	.select_task_rq		= select_task_rq_fair,
	.migrate_task_rq	= migrate_task_rq_fair,
	.set_cpus_allowed	= set_cpus_allowed_common,
	.task_tick		= task_tick_fair,
	.task_fork		= task_fork_fair,
	.switched_to		= switched_to_fair,
	.prio_changed		= prio_changed_fair,
	.get_rr_interval	= get_rr_interval_fair,
	.update_curr		= update_curr_fair,
};

/* Virtual time begins shortly before it wraps, so that wrapping is part of every day. */
void __init init_cfs_rq(struct cfs_rq *cfs_rq)
{
	cfs_rq->tasks_timeline = RB_ROOT_CACHED;
	cfs_rq->min_vruntime = -(1ULL << 20);
}
