// SPDX-License-Identifier: MIT
/*
 * RT throttling: what all real-time tasks of a CPU together may have, 950 ms of each second.
 *
 * A SCHED_FIFO task that never sleeps would lock out everybody else, among them the shell that could kill
 * it. So each rt_rq counts the time that its tasks run (rt_time). When it has had its runtime of the
 * period, the whole queue is throttled: its tasks stay in it, but it counts as empty, for
 * pick_next_task_rt(), for rq->nr_running, and for CPUs that look for a place for an rt task. What is
 * left of the period goes to the fair tasks, or the CPU idles. The timer of the period then takes one
 * runtime off rt_time and lets the queue go on. So what was run too long, by up to a tick, is paid back.
 *
 * Each CPU has its own periods; they begin when an rt task first runs. No CPU borrows time from another, as
 * in Linux by default: a task that is bound to a CPU would starve the fair ones there with the time that
 * all other CPUs do not need. Deadline tasks are not throttled here, they have their own budgets;
 * but what they run while the period lasts is counted.
 *
 * rq->lock guards all but the two limits, which rt_limits_mutex does; they are read without.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "sched.h"

int sysctl_sched_rt_period = 1000000;		/* us */
int sysctl_sched_rt_runtime = 950000;		/* us; -1: no limit */

static DEFINE_MUTEX(rt_limits_mutex);

static inline u64 global_rt_period(void)
{
	return (u64)READ_ONCE(sysctl_sched_rt_period) * NSEC_PER_USEC;
}

static inline u64 global_rt_runtime(void)
{
	int runtime = READ_ONCE(sysctl_sched_rt_runtime);

	return runtime < 0 ? RUNTIME_INF : (u64)runtime * NSEC_PER_USEC;
}

static void throttle_rt_rq(struct rq *rq)
{
	rq->rt.rt_throttled = true;
	sub_nr_running(rq, rq->rt.rt_nr_running);
	if (rq->curr->sched_class == &rt_sched_class)
		resched_curr(rq);
}

static void unthrottle_rt_rq(struct rq *rq)
{
	rq->rt.rt_throttled = false;
	add_nr_running(rq, rq->rt.rt_nr_running);
	if (rq->rt.highest_prio < rq->curr->prio)
		resched_curr(rq);
}

/**
 * check_rt_time - rt tasks of @rq have run, and rt_time has passed rt_check
 *
 * Sets rt_check to where it has to be looked again: at the end of the runtime, and once a millisecond, for
 * the limits may be changed.
 */
void check_rt_time(struct rq *rq)
{
	struct rt_rq *rt_rq = &rq->rt;
	u64 runtime = global_rt_runtime();

	lockdep_assert_rq_held(rq);
	if (runtime == RUNTIME_INF)
		rt_rq->rt_time = 0;
	rt_rq->rt_check = min(runtime, rt_rq->rt_time + NSEC_PER_MSEC);
	if (runtime == RUNTIME_INF)
		return;
	if (!rt_rq->rt_period_active) {
		rt_rq->rt_period_active = true;
		hrtimer_start(&rt_rq->rt_period_timer, ns_to_ktime(global_rt_period()),
			      HRTIMER_MODE_REL_PINNED_HARD);
	}
	if (!rt_rq->rt_throttled && rt_rq->rt_time > runtime && runtime < global_rt_period())
		throttle_rt_rq(rq);
}

/* Once, and not by whoever throttles: the console must not be written to with rq->lock held. */
static void say_throttled(void)
{
	static bool said;

	if (!xchg(&said, true))
		pr_info("sched: RT throttling activated\n");
}

/* A period ends. True if another one begins. */
static bool next_rt_period(struct rq *rq, u64 periods, bool *was_throttled)
{
	struct rt_rq *rt_rq = &rq->rt;
	u64 runtime = global_rt_runtime();

	*was_throttled = rt_rq->rt_throttled;
	rt_rq->rt_time -= runtime == RUNTIME_INF ? rt_rq->rt_time : min(rt_rq->rt_time, periods * runtime);
	rt_rq->rt_check = 0;
	update_rq_clock(rq);
	if (rt_rq->rt_throttled && rt_rq->rt_time < runtime)
		unthrottle_rt_rq(rq);
	/* With nothing to run and no debt the next task to run begins a period of its own. */
	rt_rq->rt_period_active = rt_rq->rt_time || rt_rq->rt_throttled || rt_rq->rt_nr_running;
	return rt_rq->rt_period_active;
}

static enum hrtimer_restart sched_rt_period_timer(struct hrtimer *timer)
{
	struct rq *rq = container_of(timer, struct rq, rt.rt_period_timer);
	u64 periods = hrtimer_forward_now(timer, ns_to_ktime(global_rt_period()));
	bool again, was_throttled;
	struct rq_flags rf;

	rq_lock_irqsave(rq, &rf);
	again = next_rt_period(rq, periods, &was_throttled);
	rq_unlock_irqrestore(rq, &rf);
	if (was_throttled)
		say_throttled();
	return again ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

void __init init_rt_throttle(struct rt_rq *rt_rq)
{
	hrtimer_init(&rt_rq->rt_period_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	rt_rq->rt_period_timer.function = sched_rt_period_timer;
}

/* ---- /proc/sys/kernel/sched_rt_period_us, sched_rt_runtime_us */

static int sched_rt_period_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", READ_ONCE(sysctl_sched_rt_period));
	return 0;
}

static int sched_rt_runtime_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", READ_ONCE(sysctl_sched_rt_runtime));
	return 0;
}

/* -EINVAL: no such limits; -EBUSY: the deadline tasks that there are need more. */
static int set_rt_limits(int period, int runtime)
{
	int ret;

	if (period < 1 || runtime < -1 || runtime > period)
		return -EINVAL;
	ret = sched_dl_global_validate(period, runtime);
	if (ret)
		return ret;
	WRITE_ONCE(sysctl_sched_rt_period, period);
	WRITE_ONCE(sysctl_sched_rt_runtime, runtime);
	return 0;
}

static ssize_t sched_rt_write(struct file *file, const char __user *buf, size_t count, bool is_period)
{
	char text[16];
	int value, ret;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';
	ret = kstrtoint(strim(text), 10, &value);
	if (ret)
		return ret;
	mutex_lock(&rt_limits_mutex);
	ret = set_rt_limits(is_period ? value : sysctl_sched_rt_period,
			    is_period ? sysctl_sched_rt_runtime : value);
	mutex_unlock(&rt_limits_mutex);
	return ret ? ret : (ssize_t)count;
}

static ssize_t sched_rt_period_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return sched_rt_write(file, buf, count, true);
}

static ssize_t sched_rt_runtime_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return sched_rt_write(file, buf, count, false);
}

static int sched_rt_period_open(struct inode *inode, struct file *file)
{
	return single_open(file, sched_rt_period_show, NULL);
}

static int sched_rt_runtime_open(struct inode *inode, struct file *file)
{
	return single_open(file, sched_rt_runtime_show, NULL);
}

static const struct proc_ops sched_rt_period_ops = {
	.proc_open	= sched_rt_period_open,
	.proc_read	= seq_read,
	.proc_write	= sched_rt_period_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static const struct proc_ops sched_rt_runtime_ops = {
	.proc_open	= sched_rt_runtime_open,
	.proc_read	= seq_read,
	.proc_write	= sched_rt_runtime_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static int __init sched_rt_sysctl_init(void)
{
	if (!proc_create("sys/kernel/sched_rt_period_us", 0644, NULL, &sched_rt_period_ops) ||
	    !proc_create("sys/kernel/sched_rt_runtime_us", 0644, NULL, &sched_rt_runtime_ops))
		return -ENOMEM;
	return 0;
}
late_initcall(sched_rt_sysctl_init);
