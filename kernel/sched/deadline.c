// SPDX-License-Identifier: MIT
/*
 * The deadline class: SCHED_DEADLINE, earliest deadline first, with a constant-bandwidth server.
 *
 * A task asks for `runtime` ns in each `period` ns, to be had until `deadline` ns after the period began.
 * Each period of it is an instance with a budget and an absolute deadline:
 *
 *	runs		the budget falls by the time on the CPU
 *	budget gone	throttled: off the queue until the next period (dl_timer), or, if that has begun
 *			already, the next instance at once: a new budget, and a deadline one period later
 *	wakes up	goes on with the old budget if that cannot hurt anybody: if the budget that is left
 *			is no larger a part of the time to the deadline than runtime is of the whole
 *			(dl_entity_overflow()). If it is, or the deadline is past: a new instance from now
 *	sched_yield()	gives the rest of the budget away: the job is done for this period
 *
 * So whatever a task does, it takes no more than runtime / period of a CPU, and the others need not
 * trust it. As long as the sum of all these does not exceed the CPUs (dl_bandwidth.c), on one CPU no
 * deadline is missed, and on several none by more than a bounded time.
 *
 * The queue is a tree by absolute deadline, in which the running task stays; the leftmost runs. A task's
 * p->prio is -1, whatever its deadline. The budget is exact to some microseconds, not to ticks: an
 * hrtimer (hrtick) is armed for the moment when that of the running task ends. What was run too
 * long is paid back from the next budget. On several CPUs see dl_push.c.
 *
 * rq->lock is held in everything here, except in the timers' functions and where struct sched_class says
 * otherwise.
 */
#include <linux/init.h>
#include <linux/math64.h>
#include <linux/sched/signal.h>
#include "sched.h"

/* A shorter time is not worth an interrupt, ns: what is run too long is paid back. */
#define HRTICK_MIN	10000

static inline int on_dl_rq(struct sched_dl_entity *dl_se)
{
	return !RB_EMPTY_NODE(&dl_se->rb_node);
}

static inline bool is_leftmost(struct task_struct *p, struct dl_rq *dl_rq)
{
	return rb_first_cached(&dl_rq->root) == &p->dl.rb_node;
}

/* Deadline and period are the same. */
static inline bool dl_is_implicit(struct sched_dl_entity *dl_se)
{
	return dl_se->dl_deadline == dl_se->dl_period;
}

/* When the period after that of the present instance begins. */
static inline u64 dl_next_period(struct sched_dl_entity *dl_se)
{
	return dl_se->deadline - dl_se->dl_deadline + dl_se->dl_period;
}

/* ---- the tree */

static inline bool __dl_less(struct rb_node *a, const struct rb_node *b)
{
	return dl_time_before(rb_entry(a, struct sched_dl_entity, rb_node)->deadline,
			      rb_entry(b, struct sched_dl_entity, rb_node)->deadline);
}

static void update_earliest(struct dl_rq *dl_rq)
{
	struct rb_node *first = rb_first_cached(&dl_rq->root);

	if (first)
		WRITE_ONCE(dl_rq->earliest_dl, rb_entry(first, struct sched_dl_entity, rb_node)->deadline);
}

static void __enqueue_dl_entity(struct rq *rq, struct sched_dl_entity *dl_se)
{
	rb_add_cached(&dl_se->rb_node, &rq->dl.root, __dl_less);
	update_earliest(&rq->dl);
	WRITE_ONCE(rq->dl.dl_nr_running, rq->dl.dl_nr_running + 1);
	add_nr_running(rq, 1);
}

/* Nothing to do for one that is throttled: it is queued for the core, but not here. */
static void __dequeue_task_dl(struct rq *rq, struct task_struct *p)
{
	if (!on_dl_rq(&p->dl))
		return;
	rb_erase_cached(&p->dl.rb_node, &rq->dl.root);
	RB_CLEAR_NODE(&p->dl.rb_node);
	update_earliest(&rq->dl);
	WRITE_ONCE(rq->dl.dl_nr_running, rq->dl.dl_nr_running - 1);
	sub_nr_running(rq, 1);
	dequeue_pushable_dl_task(rq, p);
}

/* ---- instances: budget and deadline */

static void replenish_dl_new_period(struct sched_dl_entity *dl_se, struct rq *rq)
{
	dl_se->deadline = rq_clock(rq) + dl_se->dl_deadline;
	dl_se->runtime = dl_se->dl_runtime;
}

/*
 * The next instance. One that ran too long pays that back: its new budget is less by so much, and if
 * that leaves none, some periods are skipped.
 */
static void replenish_dl_entity(struct sched_dl_entity *dl_se, struct rq *rq)
{
	if (dl_se->dl_yielded && dl_se->runtime > 0)
		dl_se->runtime = 0;
	if (dl_se->runtime <= 0) {
		u64 periods = div64_u64(-dl_se->runtime, dl_se->dl_runtime) + 1;

		dl_se->deadline += periods * dl_se->dl_period;
		dl_se->runtime += periods * dl_se->dl_runtime;
	}
	/* So late that the new deadline is past already: begin anew. */
	if (dl_time_before(dl_se->deadline, rq_clock(rq)))
		replenish_dl_new_period(dl_se, rq);
	dl_se->dl_yielded = false;
	dl_se->dl_throttled = false;
}

/*
 * Would the budget that is left, from time t to the deadline, be more than the task's share? That is
 * runtime / (deadline - t) > dl_runtime / dl_deadline; the products are kept in 64 bits by giving up the
 * last 10 of each factor, for which a runtime has at least 1024 ns.
 */
static bool dl_entity_overflow(struct sched_dl_entity *dl_se, u64 t)
{
	u64 left = (dl_se->dl_deadline >> DL_SCALE) * (dl_se->runtime >> DL_SCALE);
	u64 right = ((dl_se->deadline - t) >> DL_SCALE) * (dl_se->dl_runtime >> DL_SCALE);

	return dl_time_before(right, left);
}

/*
 * A task wakes up. With a deadline shorter than its period it must not begin a new instance within the
 * period, so it keeps the deadline, and gets of the budget what is its share until then.
 */
static void update_dl_entity(struct sched_dl_entity *dl_se, struct rq *rq)
{
	bool past = dl_time_before(dl_se->deadline, rq_clock(rq));

	if (!past && !dl_entity_overflow(dl_se, rq_clock(rq)))
		return;
	if (!past && !dl_is_implicit(dl_se))
		dl_se->runtime = mul_u64_u64_shr(dl_se->dl_density, dl_se->deadline - rq_clock(rq),
						 BW_SHIFT);
	else
		replenish_dl_new_period(dl_se, rq);
}

/*
 * Arm the timer for the next period. False if that has begun already. rq_clock() and the timer's clock
 * began at different times: hence the difference.
 */
static bool start_dl_timer(struct task_struct *p, struct rq *rq)
{
	struct hrtimer *timer = &p->dl.dl_timer;
	ktime_t now = hrtimer_cb_get_time(timer);
	ktime_t act = ns_to_ktime(dl_next_period(&p->dl)) + (now - ns_to_ktime(rq_clock(rq)));

	lockdep_assert_rq_held(rq);
	if (act < now)
		return false;
	/* If its function runs just now, on another CPU and waiting for rq->lock, it is called once more. */
	if (!hrtimer_is_queued(timer)) {
		get_task_struct(p);
		hrtimer_start(timer, act, HRTIMER_MODE_ABS_HARD);
	}
	return true;
}

/*
 * A task with a deadline shorter than its period became runnable after the one and before the other:
 * it has to wait for the next period.
 */
static void dl_check_constrained_dl(struct task_struct *p, struct rq *rq)
{
	struct sched_dl_entity *dl_se = &p->dl;

	if (!dl_time_before(dl_se->deadline, rq_clock(rq)) ||
	    !dl_time_before(rq_clock(rq), dl_next_period(dl_se)) || !start_dl_timer(p, rq))
		return;
	dl_se->dl_throttled = true;
	dl_se->runtime = min(dl_se->runtime, (s64)0);
}

/* ---- becoming runnable, and ceasing to be */

static void enqueue_task_dl(struct rq *rq, struct task_struct *p, int flags)
{
	struct sched_dl_entity *dl_se = &p->dl;

	if (!dl_se->dl_throttled && !dl_is_implicit(dl_se))
		dl_check_constrained_dl(p, rq);
	/* Its timer will queue it. */
	if (dl_se->dl_throttled && !(flags & ENQUEUE_REPLENISH))
		return;
	BUG_ON(on_dl_rq(dl_se));
	if (flags & ENQUEUE_WAKEUP)
		update_dl_entity(dl_se, rq);
	else if (flags & ENQUEUE_REPLENISH)
		replenish_dl_entity(dl_se, rq);
	else if ((flags & ENQUEUE_RESTORE) && dl_time_before(dl_se->deadline, rq_clock(rq)))
		replenish_dl_new_period(dl_se, rq);	/* it has just become a deadline task */
	__enqueue_dl_entity(rq, dl_se);
	if (!task_current(rq, p))
		enqueue_pushable_dl_task(rq, p);
}

static void update_curr_dl(struct rq *rq);

static void dequeue_task_dl(struct rq *rq, struct task_struct *p, int flags)
{
	update_curr_dl(rq);
	__dequeue_task_dl(rq, p);
}

/* The budget of curr is used up, or it gave it away. */
static void throttle_curr_dl(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	struct sched_dl_entity *dl_se = &curr->dl;

	dl_se->dl_throttled = true;
	if (dl_se->runtime <= 0 && (dl_se->flags & SCHED_FLAG_DL_OVERRUN))
		dl_se->dl_overrun = true;
	__dequeue_task_dl(rq, curr);
	if (!start_dl_timer(curr, rq)) {
		enqueue_task_dl(rq, curr, ENQUEUE_REPLENISH);
		/* With its new deadline it may be later than one that waits on another CPU. */
		if (deadline_queue_pull_task(rq))
			resched_curr(rq);
	}
	if (!is_leftmost(curr, &rq->dl))
		resched_curr(rq);
}

/* Charge curr for the time up to now; until it is switched out also what it runs when throttled. */
static void update_curr_dl(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	struct sched_dl_entity *dl_se = &curr->dl;
	s64 delta = rq_clock(rq) - curr->se.exec_start;

	if (curr->sched_class != &dl_sched_class)
		return;
	if (delta > 0) {
		curr->se.sum_exec_runtime += delta;
		curr->se.exec_start += delta;
		dl_se->runtime -= delta;
		/* It is time that the rt tasks cannot have, either: see rt_throttle.c. */
		if (rq->rt.rt_period_active)
			rq->rt.rt_time += delta;
	}
	if (on_dl_rq(dl_se) && (dl_se->runtime <= 0 || dl_se->dl_yielded))
		throttle_curr_dl(rq);
}

/* ---- timers */

/* The next period of a throttled task begins. The signal is sent here, since no rq->lock is held. */
static enum hrtimer_restart dl_task_timer(struct hrtimer *timer)
{
	struct sched_dl_entity *dl_se = container_of(timer, struct sched_dl_entity, dl_timer);
	struct task_struct *p = dl_task_of(dl_se);
	bool overrun = false;
	struct rq_flags rf;
	struct rq *rq;

	rq = task_rq_lock(p, &rf);
	/* A second call, see start_dl_timer(); or it has left the class for good meanwhile. */
	if (!dl_se->dl_throttled)
		goto unlock;
	update_rq_clock(rq);
	overrun = dl_se->dl_overrun;
	dl_se->dl_overrun = false;
	/* Asleep, or in another class: the next instance is there when it comes back. */
	if (!dl_task(p) || !task_on_rq_queued(p)) {
		replenish_dl_entity(dl_se, rq);
		goto unlock;
	}
	enqueue_task_dl(rq, p, ENQUEUE_REPLENISH);
	check_preempt_curr(rq, p, 0);
	push_dl_tasks(rq);
unlock:
	task_rq_unlock(rq, p, &rf);
	if (overrun) {
		read_lock(&tasklist_lock);
		group_send_sig_info(SIGXCPU, SEND_SIG_PRIV, p, PIDTYPE_TGID);
		read_unlock(&tasklist_lock);
	}
	put_task_struct(p);
	return HRTIMER_NORESTART;
}

void init_dl_task_timer(struct sched_dl_entity *dl_se)
{
	hrtimer_init(&dl_se->dl_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	dl_se->dl_timer.function = dl_task_timer;
}

/* The budget of the running task ends now. */
static enum hrtimer_restart hrtick(struct hrtimer *timer)
{
	struct rq *rq = container_of(timer, struct rq, hrtick_timer);
	struct rq_flags rf;

	rq_lock_irqsave(rq, &rf);
	update_rq_clock(rq);
	/* It may have been switched out while we waited for the lock. */
	if (rq->curr->sched_class == &dl_sched_class)
		rq->curr->sched_class->task_tick(rq, rq->curr, 1);
	rq_unlock_irqrestore(rq, &rf);
	return HRTIMER_NORESTART;
}

static void start_hrtick_dl(struct rq *rq, struct task_struct *p)
{
	hrtimer_start(&rq->hrtick_timer, max_t(s64, p->dl.runtime, HRTICK_MIN),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

/* ---- running */

/* What had to give way to @p may be more important than what another CPU does. */
static void set_next_task_dl(struct rq *rq, struct task_struct *p, bool first)
{
	p->se.exec_start = rq_clock(rq);
	dequeue_pushable_dl_task(rq, p);	/* who runs cannot be pushed */
	/* A timer is armed on one's own CPU: another one has to pick its task again. */
	if (cpu_of(rq) == smp_processor_id())
		start_hrtick_dl(rq, p);
	else
		resched_curr(rq);
	if (first) {
		deadline_queue_push_tasks(rq);
		rt_queue_push_tasks(rq);
	}
}

static struct task_struct *pick_next_task_dl(struct rq *rq)
{
	struct rb_node *first = rb_first_cached(&rq->dl.root);
	struct task_struct *p;

	if (!first)
		return NULL;
	p = dl_task_of(rb_entry(first, struct sched_dl_entity, rb_node));
	set_next_task_dl(rq, p, true);
	return p;
}

static void put_prev_task_dl(struct rq *rq, struct task_struct *p)
{
	hrtimer_try_to_cancel(&rq->hrtick_timer);
	update_curr_dl(rq);
	if (on_dl_rq(&p->dl))
		enqueue_pushable_dl_task(rq, p);
}

/* If the budget is used up by now, it is known before others are asked for tasks. */
static int balance_dl(struct rq *rq, struct task_struct *prev, struct rq_flags *rf)
{
	if (prev->sched_class == &dl_sched_class) {
		update_curr_dl(rq);
		if (!on_dl_rq(&prev->dl))
			pull_dl_task(rq);
	}
	return sched_stop_runnable(rq) || sched_dl_runnable(rq);
}

static void check_preempt_curr_dl(struct rq *rq, struct task_struct *p, int flags)
{
	if (dl_time_before(p->dl.deadline, rq->curr->dl.deadline))
		resched_curr(rq);
}

/* By the tick, or with @queued by the hrtick, which may have come a little early. */
static void task_tick_dl(struct rq *rq, struct task_struct *p, int queued)
{
	update_curr_dl(rq);
	if (queued && on_dl_rq(&p->dl))
		start_hrtick_dl(rq, p);
}

static void yield_task_dl(struct rq *rq)
{
	rq->curr->dl.dl_yielded = true;
	update_rq_clock(rq);
	update_curr_dl(rq);
}

/* ---- the rest of a task's life */

/* No lock is held. */
static void task_dead_dl(struct task_struct *p)
{
	struct rq_flags rf;
	struct rq *rq = task_rq_lock(p, &rf);

	update_rq_clock(rq);
	dl_release_bandwidth(rq, p);
	task_rq_unlock(rq, p, &rf);
}

/* The last task of this class left this CPU's: others may have some waiting. */
static void switched_from_dl(struct rq *rq, struct task_struct *p)
{
	dl_release_bandwidth(rq, p);
	if (task_on_rq_queued(p) && !rq->dl.dl_nr_running)
		deadline_queue_pull_task(rq);
}

static void switched_to_dl(struct rq *rq, struct task_struct *p)
{
	dl_keep_bandwidth(p);
	if (!task_on_rq_queued(p) || task_current(rq, p))
		return;
	deadline_queue_push_tasks(rq);
	check_preempt_curr(rq, p, 0);
}

/* The parameters changed. Which way is not known: somebody else's deadline may be earlier now. */
static void prio_changed_dl(struct rq *rq, struct task_struct *p, int oldprio)
{
	if (!task_on_rq_queued(p))
		return;
	deadline_queue_pull_task(rq);
	if (!task_current(rq, p))
		check_preempt_curr(rq, p, 0);
	else if (!is_leftmost(p, &rq->dl))
		resched_curr(rq);
}

DEFINE_SCHED_CLASS(dl) = {
	.enqueue_task		= enqueue_task_dl,
	.dequeue_task		= dequeue_task_dl,
	.yield_task		= yield_task_dl,
	.check_preempt_curr	= check_preempt_curr_dl,
	.pick_next_task		= pick_next_task_dl,
	.put_prev_task		= put_prev_task_dl,
	.set_next_task		= set_next_task_dl,
	.balance		= balance_dl,
	.select_task_rq		= select_task_rq_dl,
	.task_woken		= task_woken_dl,
	.set_cpus_allowed	= set_cpus_allowed_common,
	.task_tick		= task_tick_dl,
	.task_dead		= task_dead_dl,
	.switched_from		= switched_from_dl,
	.switched_to		= switched_to_dl,
	.prio_changed		= prio_changed_dl,
	.update_curr		= update_curr_dl,
};

void __init init_dl_rq(struct rq *rq)
{
	rq->dl.root = RB_ROOT_CACHED;
	rq->dl.pushable_dl_tasks_root = RB_ROOT_CACHED;
	hrtimer_init(&rq->hrtick_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	rq->hrtick_timer.function = hrtick;
}
