// SPDX-License-Identifier: MIT
/*
 * Wrong use of locks on purpose, for /proc/provoke-crash: one function for each report of the lock
 * checker. All but the last few go on afterwards; without DEBUG=1 most are not noticed at all.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <asm/processor.h>
#include "lkdtm.h"

/* ---- order */

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);

static noinline void lock_a_then_b(void)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);
}

static noinline void lock_b_then_a(void)
{
	spin_lock(&lock_b);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

/* One after the other, so that no deadlock can happen. */
static void lkdtm_LOCK_ABBA(void)
{
	lock_a_then_b();
	lock_b_then_a();
}

static noinline void lock_two(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

/* Two locks that one line initialised, without a word about their order. */
static void lkdtm_LOCK_NESTED(void)
{
	static struct mutex two[2];
	int i;

	for (i = 0; i < 2; i++)
		mutex_init(&two[i]);
	lock_two(&two[0], &two[1]);
}

/* ---- interrupts */

static DEFINE_SPINLOCK(irq_lock);
static struct completion irq_done;

static enum hrtimer_restart lock_in_interrupt(struct hrtimer *timer)
{
	spin_lock(&irq_lock);
	spin_unlock(&irq_lock);
	complete(&irq_done);
	return HRTIMER_NORESTART;
}

static noinline void lock_with_interrupts_on(void)
{
	spin_lock(&irq_lock);
	spin_unlock(&irq_lock);
}

/* The timer has fired when the lock is taken the wrong way, so it does not get stuck. */
static void lkdtm_LOCK_IRQ(void)
{
	static struct hrtimer timer;

	init_completion(&irq_done);
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer.function = lock_in_interrupt;
	hrtimer_start(&timer, ns_to_ktime(NSEC_PER_MSEC), HRTIMER_MODE_REL_HARD);
	wait_for_completion(&irq_done);
	lock_with_interrupts_on();
}

/* ---- holding */

static void lkdtm_UNLOCK_UNHELD(void)
{
	static DEFINE_SPINLOCK(lock);

	preempt_disable();	/* spin_unlock() allows preemption once more than it was forbidden */
	spin_unlock(&lock);
}

static void lkdtm_INIT_HELD(void)
{
	static struct mutex lock;

	mutex_init(&lock);
	mutex_lock(&lock);
	mutex_init(&lock);
	mutex_lock(&lock);
	mutex_unlock(&lock);
}

static noinline void free_locked(struct mutex *lock)
{
	mutex_lock(lock);
	kfree(lock);
}

static void lkdtm_FREE_HELD(void)
{
	struct mutex *lock = kmalloc(sizeof(*lock), GFP_KERNEL);

	if (!lock)
		return;
	mutex_init(lock);
	free_locked(lock);
}

static void lkdtm_RETURN_HELD(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
}

static int exit_locked(void *data)
{
	static DEFINE_MUTEX(lock);

	mutex_lock(&lock);
	return 0;
}

static void lkdtm_EXIT_HELD(void)
{
	struct task_struct *tsk = kthread_create(exit_locked, NULL, "lkdtm");

	if (IS_ERR(tsk))
		return;
	get_task_struct(tsk);
	wake_up_process(tsk);
	while (!READ_ONCE(tsk->exit_state))
		schedule_timeout_uninterruptible(1);
	put_task_struct(tsk);
}

/* ---- sleeping */

static DEFINE_SPINLOCK(atomic_lock);

static noinline void sleep_locked(void)
{
	static DEFINE_MUTEX(lock);

	spin_lock(&atomic_lock);
	mutex_lock(&lock);
	mutex_unlock(&lock);
	spin_unlock(&atomic_lock);
}

static void lkdtm_SLEEP_ATOMIC(void)
{
	sleep_locked();
}

/* ---- getting stuck, for good */

static void lkdtm_SOFTLOCKUP(void)
{
	preempt_disable();
	for (;;)
		cpu_relax();
}

static void lkdtm_HARDLOCKUP(void)
{
	static DEFINE_SPINLOCK(lkdtm_lock);

	spin_lock_irq(&lkdtm_lock);
	for (;;)
		cpu_relax();
}

static DEFINE_SPINLOCK(lock_me_up);

/* He who sleeps with a spinlock, and hides it. */
static int hold_and_sleep(void *data)
{
	spin_lock(&lock_me_up);
	preempt_enable();
	complete(data);
	for (;;)
		schedule_timeout_uninterruptible(MAX_SCHEDULE_TIMEOUT);
	return 0;
}

static void lkdtm_SPINLOCKUP(void)
{
	DECLARE_COMPLETION_ONSTACK(done);

	if (IS_ERR(kthread_run(hold_and_sleep, &done, "lkdtm")))
		return;
	wait_for_completion(&done);
	spin_lock(&lock_me_up);
	spin_unlock(&lock_me_up);
}

static void lkdtm_HUNG_TASK(void)
{
	schedule_timeout_uninterruptible(MAX_SCHEDULE_TIMEOUT);
}

const struct crashtype lkdtm_locks[] = {
	CRASHTYPE(LOCK_ABBA), CRASHTYPE(LOCK_NESTED), CRASHTYPE(LOCK_IRQ), CRASHTYPE(UNLOCK_UNHELD),
	CRASHTYPE(INIT_HELD), CRASHTYPE(FREE_HELD), CRASHTYPE(RETURN_HELD), CRASHTYPE(EXIT_HELD),
	CRASHTYPE(SLEEP_ATOMIC), CRASHTYPE(SOFTLOCKUP), CRASHTYPE(HARDLOCKUP), CRASHTYPE(SPINLOCKUP),
	CRASHTYPE(HUNG_TASK),
	{ },
};
