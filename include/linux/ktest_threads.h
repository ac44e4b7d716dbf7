/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KTEST_THREADS_H
#define _LINUX_KTEST_THREADS_H

/* Threads for self-tests (linux/ktest.h): on a CPU of one's choice, or several at once. */

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>

/*
 * Use the CPU for a moment, a step of a loop that does nothing else. With -icount QEMU runs one CPU at a
 * time, until its next timer unless it yields; and passing the turn on costs the host far more than this loop.
 */
static inline void ktest_burn(void)
{
	for (int i = 0; i < 256; i++)
		barrier();
	cpu_relax();
}

/* Starts fn(data) on @cpu; NULL if there is no memory for it. */
static inline struct task_struct *ktest_run_on(unsigned int cpu, int (*fn)(void *), void *data)
{
	struct task_struct *t = kthread_create(fn, data, "ktest/%u", cpu);

	if (IS_ERR(t))
		return NULL;
	kthread_bind(t, cpu);
	wake_up_process(t);
	return t;
}

/* The @n-th CPU after the one we are on: this one itself if there is only one. */
static inline unsigned int ktest_cpu_after(unsigned int n)
{
	unsigned int cpu = raw_smp_processor_id();

	while (n--) {
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}
	return cpu;
}

/* The caller stays on its CPU, for those who spin elsewhere must not do so there. 0, or no. */
static inline int ktest_stay_here(struct cpumask *saved)
{
	struct cpumask here;
	int ret;

	cpumask_clear(&here);
	cpumask_set_cpu(raw_smp_processor_id(), &here);
	*saved = current->cpus_mask;
	ret = set_cpus_allowed_ptr(current, &here);
	while (!ret && !cpumask_test_cpu(raw_smp_processor_id(), &here))
		msleep(1);
	return ret;
}

static inline void ktest_go_anywhere(const struct cpumask *saved)
{
	set_cpus_allowed_ptr(current, saved);
}

/* How long to wait for what should come at once: long enough for a host that is busy otherwise. */
#define KTEST_PATIENCE	(5 * HZ)

/* Waits until @cond, but not for ever: a test that fails must not hang. True if it holds. */
#define ktest_wait_until(cond)							\
({										\
	unsigned long __until = jiffies + KTEST_PATIENCE;					\
	while (!(cond) && time_before(jiffies, __until))			\
		msleep(1);							\
	!!(cond);								\
})

/* The same, spinning. */
#define ktest_spin_until(cond)							\
({										\
	unsigned long __until = jiffies + KTEST_PATIENCE;					\
	while (!(cond) && time_before(jiffies, __until))			\
		cpu_relax();							\
	!!(cond);								\
})

/*
 * Several threads that run the same, @n of them spread over the CPUs. None begins before all are
 * there; ktest_crew_wait() returns when all have ended, or says how many have not, if one takes very long.
 */
struct ktest_crew {
	int		(*fn)(void *);
	struct completion go, done;
	atomic_t	ended;
};

static inline int ktest_crew_member(void *data)
{
	struct ktest_crew *crew = data;
	int ret;

	wait_for_completion(&crew->go);
	ret = crew->fn(crew);
	atomic_inc(&crew->ended);
	complete(&crew->done);
	return ret;
}

static inline int ktest_crew_start(struct ktest_crew *crew, int n, int (*fn)(void *))
{
	int i;

	crew->fn = fn;
	init_completion(&crew->go);
	init_completion(&crew->done);
	atomic_set(&crew->ended, 0);
	for (i = 0; i < n; i++)
		if (!ktest_run_on(ktest_cpu_after(i), ktest_crew_member, crew))
			break;
	complete_all(&crew->go);
	return i;
}

static inline int ktest_crew_wait(struct ktest_crew *crew, int n)
{
	for (int i = 0; i < n; i++)
		if (!wait_for_completion_timeout(&crew->done, 4 * KTEST_PATIENCE))
			return n - atomic_read(&crew->ended);
	return 0;
}

#endif
