// SPDX-License-Identifier: MIT
/*
 * The deadline class on several CPUs: on N CPUs the N tasks with the earliest deadlines run.
 *
 * It is done as for the rt class, see rt_push.c: a task that has to wait here is pushed to a CPU that
 * does something later or less important; a CPU that is about to run something less important than a
 * task that waits elsewhere pulls that one. The tree pushable_dl_tasks_root has those that wait and may
 * run on more than one CPU, by deadline; dlo_mask the CPUs where it is not empty. A tree and its bit
 * change together under its rq->lock; the mask is read without, and again under the lock.
 *
 * Why a mask and no common heap of all CPUs by deadline: with 8 CPUs at most, looking at each is as
 * quick as keeping the heap in order, and takes no lock that all of them would want.
 */
#include <linux/cpumask.h>
#include "sched.h"

#define DL_MAX_TRIES	3

static cpumask_t dlo_mask;

static DEFINE_PER_CPU(struct balance_callback, dl_push_head);
static DEFINE_PER_CPU(struct balance_callback, dl_pull_head);

#define __node_2_pdl(node)	rb_entry((node), struct task_struct, pushable_dl_tasks)

/* ---- who waits */

static inline bool __pushable_less(struct rb_node *a, const struct rb_node *b)
{
	return dl_time_before(__node_2_pdl(a)->dl.deadline, __node_2_pdl(b)->dl.deadline);
}

void enqueue_pushable_dl_task(struct rq *rq, struct task_struct *p)
{
	lockdep_assert_rq_held(rq);
	if (p->nr_cpus_allowed < 2 || !RB_EMPTY_NODE(&p->pushable_dl_tasks))
		return;
	rb_add_cached(&p->pushable_dl_tasks, &rq->dl.pushable_dl_tasks_root, __pushable_less);
	cpumask_set_cpu(cpu_of(rq), &dlo_mask);
}

void dequeue_pushable_dl_task(struct rq *rq, struct task_struct *p)
{
	struct rb_root_cached *root = &rq->dl.pushable_dl_tasks_root;

	if (RB_EMPTY_NODE(&p->pushable_dl_tasks))
		return;
	rb_erase_cached(&p->pushable_dl_tasks, root);
	RB_CLEAR_NODE(&p->pushable_dl_tasks);
	if (RB_EMPTY_ROOT(&root->rb_root))
		cpumask_clear_cpu(cpu_of(rq), &dlo_mask);
}

/* ---- where to */

/*
 * Of the CPUs that @p may take, the one that does the least important work: idle, fair, the least urgent
 * rt task, or if all have deadline tasks the latest deadline, if that is later than p's. Between equals
 * the one where it ran last, then this one. -1 if there is none. No lock is needed: the answer is checked
 * under the lock of the queue.
 */
static int find_later_rq(struct task_struct *p)
{
	int cpu, prio, best = -1, best_prio = -1, prev = task_cpu(p), me = smp_processor_id();
	u64 deadline, best_deadline = p->dl.deadline;

	for_each_cpu(cpu, p->cpus_ptr) {
		struct rq *rq = cpu_rq(cpu);

		if (!cpu_online(cpu))
			continue;
		if (!READ_ONCE(rq->dl.dl_nr_running)) {
			prio = rq_prio(rq);
			if (prio > best_prio || (best_prio >= 0 && prio == best_prio &&
						 (cpu == prev || (cpu == me && best != prev)))) {
				best = cpu;
				best_prio = prio;
			}
			continue;
		}
		deadline = READ_ONCE(rq->dl.earliest_dl);
		if (best_prio < 0 && dl_time_before(best_deadline, deadline)) {
			best = cpu;
			best_deadline = deadline;
		}
	}
	return best;
}

/* Would @p run at once on @rq? */
static bool is_later_rq(struct rq *rq, struct task_struct *p)
{
	return !READ_ONCE(rq->dl.dl_nr_running) ||
	       dl_time_before(p->dl.deadline, READ_ONCE(rq->dl.earliest_dl));
}

/* Wake up where it would run at once. pi_lock is held, no run queue's. */
int select_task_rq_dl(struct task_struct *p, int cpu, int flags)
{
	int target;

	if (!(flags & WF_TTWU))
		return cpu;
	target = find_later_rq(p);
	return target >= 0 ? target : cpu;
}

/* ---- push */

static struct task_struct *pick_pushable_dl_task(struct rq *rq)
{
	struct rb_node *first = rb_first_cached(&rq->dl.pushable_dl_tasks_root);

	return first ? __node_2_pdl(first) : NULL;
}

/*
 * Lock the queue that @p, which waits on @rq, is to go to; NULL if there is none. rq->lock may have been
 * given up meanwhile: p is then looked at again, and *@lost set if it waits here no longer.
 */
static struct rq *find_lock_later_rq(struct task_struct *p, struct rq *rq, bool *lost)
{
	int tries, cpu;

	for (tries = 0; tries < DL_MAX_TRIES; tries++) {
		struct rq *later;

		cpu = find_later_rq(p);
		if (cpu < 0 || cpu == cpu_of(rq))
			return NULL;
		later = cpu_rq(cpu);
		if (double_lock_balance(rq, later) &&
		    (task_rq(p) != rq || pick_pushable_dl_task(rq) != p || !is_cpu_allowed(p, cpu))) {
			double_unlock_balance(rq, later);
			*lost = true;
			return NULL;
		}
		if (is_later_rq(later, p))
			return later;
		double_unlock_balance(rq, later);	/* an earlier one came there */
	}
	return NULL;
}

/* Both locks are held. @p is queued on @src and does not run. */
static void move_dl_task(struct rq *src, struct rq *dst, struct task_struct *p)
{
	deactivate_task(src, p, 0);
	set_task_cpu(p, cpu_of(dst));
	activate_task(dst, p, 0);
}

/* True if something has changed, so that it pays to try again. */
static bool push_dl_task(struct rq *rq)
{
	struct task_struct *p = pick_pushable_dl_task(rq);
	struct rq *later;
	bool lost = false;

	if (!p)
		return false;
	/* It has become the earliest one here: it runs here. */
	if (rb_first_cached(&rq->dl.root) == &p->dl.rb_node &&
	    !sched_class_above(rq->curr->sched_class, &dl_sched_class)) {
		resched_curr(rq);
		return false;
	}
	get_task_struct(p);	/* the lock may be given up, and p be gone by then */
	later = find_lock_later_rq(p, rq, &lost);
	if (later) {
		move_dl_task(rq, later, p);
		check_preempt_curr(later, p, 0);
		double_unlock_balance(rq, later);
	}
	put_task_struct(p);
	return later || lost;
}

void push_dl_tasks(struct rq *rq)
{
	while (push_dl_task(rq))
		;
}

void deadline_queue_push_tasks(struct rq *rq)
{
	if (!RB_EMPTY_ROOT(&rq->dl.pushable_dl_tasks_root.rb_root))
		queue_balance_callback(rq, per_cpu_ptr(&dl_push_head, cpu_of(rq)), push_dl_tasks);
}

/* It woke up here and does not preempt: another CPU may be better. */
void task_woken_dl(struct rq *rq, struct task_struct *p)
{
	if (!task_on_cpu(rq, p) && !test_tsk_need_resched(rq->curr) && p->nr_cpus_allowed > 1)
		push_dl_tasks(rq);
}

/* ---- pull */

/* The earliest task that waits on @src and may run on @cpu. */
static struct task_struct *pick_earliest_pushable_dl_task(struct rq *src, int cpu)
{
	struct rb_node *node;

	for (node = rb_first_cached(&src->dl.pushable_dl_tasks_root); node; node = rb_next(node))
		if (cpumask_test_cpu(cpu, __node_2_pdl(node)->cpus_ptr))
			return __node_2_pdl(node);
	return NULL;
}

void pull_dl_task(struct rq *this_rq)
{
	int this_cpu = cpu_of(this_rq), cpu;
	struct task_struct *p;
	bool resched = false;

	for_each_cpu(cpu, &dlo_mask) {
		struct rq *src = cpu_rq(cpu);

		if (cpu == this_cpu)
			continue;
		double_lock_balance(this_rq, src);
		p = pick_earliest_pushable_dl_task(src, this_cpu);
		/* Not the one that its own CPU is just about to switch to. */
		if (p && is_later_rq(this_rq, p) && rb_first_cached(&src->dl.root) != &p->dl.rb_node) {
			move_dl_task(src, this_rq, p);
			resched = true;
			/* Go on: another CPU may have an earlier one still. */
		}
		double_unlock_balance(this_rq, src);
	}
	if (resched)
		resched_curr(this_rq);
}

/* True if there is somebody to pull, perhaps. */
bool deadline_queue_pull_task(struct rq *rq)
{
	if (cpumask_empty(&dlo_mask))
		return false;
	queue_balance_callback(rq, per_cpu_ptr(&dl_pull_head, cpu_of(rq)), pull_dl_task);
	return true;
}
