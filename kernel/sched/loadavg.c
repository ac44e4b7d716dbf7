// SPDX-License-Identifier: MIT
/*
 * The load average: every five seconds the number of tasks that run, want to run or sleep
 * uninterruptibly is blended into three averages that forget at different speeds.
 *
 * Each CPU adds its change since last time to calc_load_tasks in its own tick, and before it stops its
 * tick to idle; whoever keeps the time does the averaging ten ticks later, with jiffies_lock held.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/sched/loadavg.h>
#include "sched.h"

static atomic_long_t calc_load_tasks;
static unsigned long calc_load_update = LOAD_FREQ;	/* jiffies */
unsigned long avenrun[3];				/* FSHIFT bits behind the point */

static void calc_load_fold_active(struct rq *this_rq)
{
	long active = (long)this_rq->nr_running + this_rq->nr_uninterruptible;

	lockdep_assert_rq_held(this_rq);
	atomic_long_add(active - this_rq->calc_load_active, &calc_load_tasks);
	this_rq->calc_load_active = active;
}

/* The tick of every CPU; rq->lock is held. */
void calc_global_load_tick(struct rq *this_rq)
{
	if (time_before(jiffies, this_rq->calc_load_update))
		return;
	calc_load_fold_active(this_rq);
	this_rq->calc_load_update = jiffies + LOAD_FREQ;
}

/* This CPU will not tick for a while: what it last counted must not stand until then. Interrupts are off. */
void calc_load_nohz_start(void)
{
	struct rq *rq = this_rq();

	raw_spin_lock(&rq->lock);
	calc_load_fold_active(rq);
	raw_spin_unlock(&rq->lock);
}

/* load * exp + active * (1 - exp); rounded up while rising, or it would never reach a whole number */
static unsigned long calc_load(unsigned long load, unsigned long exp, unsigned long active)
{
	unsigned long newload = load * exp + active * (FIXED_1 - exp);

	if (active >= load)
		newload += FIXED_1 - 1;
	return newload / FIXED_1;
}

void calc_global_load(void)
{
	long active;

	/* More than once if everybody was idle meanwhile. */
	while (!time_before(jiffies, calc_load_update + 10)) {
		active = atomic_long_read(&calc_load_tasks);
		active = active > 0 ? active * FIXED_1 : 0;
		avenrun[0] = calc_load(avenrun[0], EXP_1, active);
		avenrun[1] = calc_load(avenrun[1], EXP_5, active);
		avenrun[2] = calc_load(avenrun[2], EXP_15, active);
		calc_load_update += LOAD_FREQ;
	}
}

/** get_avenrun - the three averages, each plus @offset (for rounding), times 2^@shift */
void get_avenrun(unsigned long *loads, unsigned long offset, int shift)
{
	int i;

	for (i = 0; i < 3; i++)
		loads[i] = (READ_ONCE(avenrun[i]) + offset) << shift;
}
