// SPDX-License-Identifier: MIT
/*
 * POSIX timers: timer_create(2) and its kin.
 *
 * By which clock a timer counts is its k_clock's (posix-clocks.c); those of CPU time are in
 * posix-cpu-timers.c, all others are hrtimers, and here. A timer (struct k_itimer) belongs to a process and stands in signal->posix_timers by its id. When it expires it sends its one
 * signal (kernel/signal_timer.c), and a periodic one then rests: posixtimer_rearm() starts its next
 * period when the signal is taken, and counts what passed meanwhile as overruns. So a short period
 * cannot flood the machine, and at most one signal of a timer pends.
 *
 * Locking: it_lock, with interrupts off, guards a timer. Order: xa_lock of posix_timers, it_lock,
 * then the locks of hrtimers, of signals. The timer's function takes it_lock, so a timer cannot be
 * waited for with it held: TIMER_RETRY. Who found a timer holds it_lock until he is done; it is freed
 * after a grace period of RCU, which begins after it has been taken out.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/pid.h>
#include <linux/posix-timers.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>
#include <asm/processor.h>
#include "posix-timers.h"

static struct kmem_cache *posix_timers_cache;

/* ------------------------------------------------------------------ finding a timer */

/* Locked, interrupts off; or NULL. To be given to unlock_timer(). */
static struct k_itimer *lock_timer(timer_t timer_id, unsigned long *flags)
{
	struct xarray *timers = &current->signal->posix_timers;
	struct k_itimer *timr;

	if (timer_id < 0)
		return NULL;
	xa_lock_irqsave(timers, *flags);
	timr = xa_load(timers, timer_id);
	if (timr)
		spin_lock(&timr->it_lock);
	xa_unlock(timers);
	if (timr && timr->it_signal)
		return timr;
	if (timr)
		spin_unlock(&timr->it_lock);
	local_irq_restore(*flags);
	return NULL;
}

static inline void unlock_timer(struct k_itimer *timr, unsigned long flags)
{
	spin_unlock_irqrestore(&timr->it_lock, flags);
}

/* ------------------------------------------------------------------ expiry */

/** posix_timer_event - send the timer's signal, if it has one. True: it is ignored. it_lock is held */
int posix_timer_event(struct k_itimer *timr, unsigned int si_private)
{
	if (timr->it_sigev_notify == SIGEV_NONE)
		return 0;
	timr->sigq->info.si_sys_private = si_private;
	return send_sigqueue(timr->sigq, timr->it_pid,
			     timr->it_sigev_notify & SIGEV_THREAD_ID ? PIDTYPE_PID : PIDTYPE_TGID) > 0;
}

/* Hard-interrupt context. */
static enum hrtimer_restart posix_timer_fn(struct hrtimer *timer)
{
	struct k_itimer *timr = container_of(timer, struct k_itimer, it.timer);
	enum hrtimer_restart ret = HRTIMER_NORESTART;
	unsigned int si_private = 0;
	unsigned long flags;

	spin_lock_irqsave(&timr->it_lock, flags);
	timr->it_active = false;
	if (timr->it_interval)
		si_private = ++timr->it_requeue_pending;
	if (posix_timer_event(timr, si_private) && timr->it_interval) {
		/*
		 * Ignored: nobody will take the signal and start us again, and it may be ignored no more
		 * next time. Not before the next tick, or a short period would keep us here.
		 */
		ktime_t now = hrtimer_cb_get_time(timer) + TICK_NSEC;

		timr->it_overrun += hrtimer_forward(timer, now, timr->it_interval);
		++timr->it_requeue_pending;
		timr->it_active = true;
		ret = HRTIMER_RESTART;
	}
	spin_unlock_irqrestore(&timr->it_lock, flags);
	return ret;
}

/* si_overrun's own part: expiries that found the signal still pending. */
static int timer_overrun_to_int(s64 overrun)
{
	return clamp(overrun, (s64)0, (s64)INT_MAX);
}

/**
 * posixtimer_rearm - the signal of a periodic timer was taken: begin the next period
 * @info: of the signal; si_overrun is filled
 *
 * Unless the timer is gone, or was set anew since: then it_requeue_pending is another.
 */
void posixtimer_rearm(struct kernel_siginfo *info)
{
	unsigned long flags;
	struct k_itimer *timr = lock_timer(info->si_tid, &flags);

	if (!timr)
		return;
	if (timr->it_interval && timr->it_requeue_pending == (unsigned int)info->si_sys_private) {
		timr->kclock->timer_rearm(timr);
		timr->it_active = true;
		timr->it_overrun_last = timr->it_overrun;
		timr->it_overrun = -1;
		++timr->it_requeue_pending;
		info->si_overrun = timer_overrun_to_int(timr->it_overrun_last + info->si_overrun);
	}
	unlock_timer(timr, flags);
}

/* ------------------------------------------------------------------ timers on hrtimers */

int common_timer_create(struct k_itimer *timr)
{
	hrtimer_init(&timr->it.timer, timr->it_clock, HRTIMER_MODE_ABS);
	timr->it.timer.function = posix_timer_fn;
	return 0;
}

void common_hrtimer_rearm(struct k_itimer *timr)
{
	timr->it_overrun += hrtimer_forward_now(&timr->it.timer, timr->it_interval);
	hrtimer_restart(&timr->it.timer);
}

/* What is left, at least 1 ns for one that fires at this moment, and the period. */
void common_timer_get(struct k_itimer *timr, struct itimerspec64 *cur)
{
	bool sig_none = timr->it_sigev_notify == SIGEV_NONE;
	s64 remaining;

	cur->it_interval = ns_to_timespec64(timr->it_interval);
	/* One without a signal never runs: its time is only looked at. */
	if (!timr->it_interval && !timr->it_active && !sig_none)
		return;
	/* Between the expiry and the taking of the signal it is in the next period already. */
	if (timr->it_interval && (sig_none || (timr->it_requeue_pending & REQUEUE_PENDING)))
		timr->it_overrun += hrtimer_forward_now(&timr->it.timer, timr->it_interval);
	remaining = hrtimer_get_remaining(&timr->it.timer);
	if (remaining > 0)
		cur->it_value = ns_to_timespec64(remaining);
	else if (!sig_none)
		cur->it_value.tv_nsec = 1;
}

int common_timer_set(struct k_itimer *timr, int flags, const struct itimerspec64 *new,
		     struct itimerspec64 *old)
{
	enum hrtimer_mode mode = flags & TIMER_ABSTIME ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL;
	ktime_t expires = timespec64_to_ns(&new->it_value);

	common_timer_get(timr, old);
	timr->it_interval = 0;
	if (hrtimer_try_to_cancel(&timr->it.timer) < 0)
		return TIMER_RETRY;
	timr->it_active = false;
	timr->it_requeue_pending = (timr->it_requeue_pending + 2) & ~REQUEUE_PENDING;
	timr->it_overrun_last = 0;
	timr->it_overrun = -1;
	/* A time from now is not moved when the calendar clock is set: hrtimer_init() sees to it. */
	hrtimer_init(&timr->it.timer, timr->it_clock, mode);
	timr->it.timer.function = posix_timer_fn;
	if (!expires)
		return 0;
	timr->it_interval = timespec64_to_ns(&new->it_interval);
	if (mode == HRTIMER_MODE_REL)
		expires = ktime_add_safe(expires, hrtimer_cb_get_time(&timr->it.timer));
	hrtimer_set_expires(&timr->it.timer, expires);
	if (timr->it_sigev_notify != SIGEV_NONE) {
		timr->it_active = true;
		hrtimer_start_expires(&timr->it.timer, HRTIMER_MODE_ABS);
	}
	return 0;
}

int common_timer_del(struct k_itimer *timr)
{
	timr->it_interval = 0;
	if (hrtimer_try_to_cancel(&timr->it.timer) < 0)
		return TIMER_RETRY;
	timr->it_active = false;
	return 0;
}

/* ------------------------------------------------------------------ timer_create */

static void k_itimer_rcu_free(struct rcu_head *head)
{
	kmem_cache_free(posix_timers_cache, container_of(head, struct k_itimer, rcu));
}

/* Nobody finds it any more, and it does not run. */
static void release_posix_timer(struct k_itimer *timr)
{
	put_pid(timr->it_pid);
	sigqueue_free(timr->sigq);
	call_rcu(&timr->rcu, k_itimer_rcu_free);
}

/* Whom to tell: our process, or the thread of it that is named. With a reference; NULL: wrong. */
static struct pid *good_sigevent(const sigevent_t *event)
{
	struct task_struct *t;
	struct pid *pid = NULL;

	switch (event->sigev_notify) {
	case SIGEV_SIGNAL | SIGEV_THREAD_ID:
		read_lock(&tasklist_lock);
		t = find_task_by_vpid(event->sigev_notify_thread_id);
		if (t && same_thread_group(t, current))
			pid = get_pid(task_pid(t));
		read_unlock(&tasklist_lock);
		break;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
	case SIGEV_NONE:
		pid = get_pid(task_tgid(current));
		break;
	}
	if (pid && event->sigev_notify != SIGEV_NONE &&
	    (event->sigev_signo <= 0 || event->sigev_signo > SIGRTMAX)) {
		put_pid(pid);
		pid = NULL;
	}
	return pid;
}

/* With its signal, without an id. ERR_PTR. */
static struct k_itimer *alloc_posix_timer(const struct k_clock *kc, clockid_t which_clock,
					  const sigevent_t *event)
{
	struct k_itimer *timr = kmem_cache_zalloc(posix_timers_cache, GFP_KERNEL);

	if (!timr)
		return ERR_PTR(-EAGAIN);
	timr->sigq = sigqueue_alloc();
	if (!timr->sigq) {
		kmem_cache_free(posix_timers_cache, timr);
		return ERR_PTR(-EAGAIN);
	}
	timr->it_pid = good_sigevent(event);
	if (!timr->it_pid) {
		sigqueue_free(timr->sigq);
		kmem_cache_free(posix_timers_cache, timr);
		return ERR_PTR(-EINVAL);
	}
	spin_lock_init(&timr->it_lock);
	timr->kclock = kc;
	timr->it_clock = which_clock;
	timr->it_sigev_notify = event->sigev_notify;
	timr->it_overrun = -1;
	clear_siginfo(&timr->sigq->info);
	timr->sigq->info.si_signo = event->sigev_signo;
	timr->sigq->info.si_code = SI_TIMER;
	timr->sigq->info.si_value = event->sigev_value;
	return timr;
}

static int do_timer_create(clockid_t which_clock, sigevent_t *event, bool default_event,
			   timer_t __user *created_timer_id)
{
	struct signal_struct *sig = current->signal;
	const struct k_clock *kc = clockid_to_kclock(which_clock);
	struct k_itimer *timr;
	u32 id;
	int error;

	if (!kc)
		return -EINVAL;
	if (!kc->timer_create)
		return -EOPNOTSUPP;
	timr = alloc_posix_timer(kc, which_clock, event);
	if (IS_ERR(timr))
		return PTR_ERR(timr);
	/* It can be found now, but nobody takes it: it_signal is NULL. */
	error = xa_alloc_cyclic(&sig->posix_timers, &id, timr, xa_limit_31b,
				&sig->next_posix_timer_id, GFP_KERNEL);
	if (error < 0) {
		release_posix_timer(timr);
		return -EAGAIN;
	}
	timr->it_id = id;
	timr->sigq->info.si_tid = id;
	if (default_event) {
		timr->sigq->info.si_ptr = NULL;
		timr->sigq->info.si_int = id;
	}
	error = kc->timer_create(timr);
	if (!error && copy_to_user(created_timer_id, &timr->it_id, sizeof(timr->it_id))) {
		spin_lock_irq(&timr->it_lock);
		kc->timer_del(timr);
		spin_unlock_irq(&timr->it_lock);
		error = -EFAULT;
	}
	if (error) {
		xa_erase(&sig->posix_timers, id);
		release_posix_timer(timr);
		return error;
	}
	spin_lock_irq(&timr->it_lock);
	timr->it_signal = sig;
	spin_unlock_irq(&timr->it_lock);
	return 0;
}

SYSCALL_DEFINE3(timer_create, clockid_t, which_clock, struct sigevent __user *, timer_event_spec,
		timer_t __user *, created_timer_id)
{
	sigevent_t event = { .sigev_signo = SIGALRM, .sigev_notify = SIGEV_SIGNAL };

	static_assert(sizeof(event) == SIGEV_MAX_SIZE);
	if (timer_event_spec && copy_from_user(&event, timer_event_spec, sizeof(event)))
		return -EFAULT;
	return do_timer_create(which_clock, &event, !timer_event_spec, created_timer_id);
}

/* ------------------------------------------------------------------ the other calls */

SYSCALL_DEFINE2(timer_gettime, timer_t, timer_id, struct __kernel_itimerspec __user *, setting)
{
	struct itimerspec64 cur = { };
	struct k_itimer *timr;
	unsigned long flags;

	timr = lock_timer(timer_id, &flags);
	if (!timr)
		return -EINVAL;
	timr->kclock->timer_get(timr, &cur);
	unlock_timer(timr, flags);
	return put_itimerspec64(&cur, setting) ? -EFAULT : 0;
}

/* Of the last signal that was taken. */
SYSCALL_DEFINE1(timer_getoverrun, timer_t, timer_id)
{
	struct k_itimer *timr;
	unsigned long flags;
	int overrun;

	timr = lock_timer(timer_id, &flags);
	if (!timr)
		return -EINVAL;
	overrun = timer_overrun_to_int(timr->it_overrun_last);
	unlock_timer(timr, flags);
	return overrun;
}

static int do_timer_settime(timer_t timer_id, int tmr_flags, const struct itimerspec64 *new,
			    struct itimerspec64 *old)
{
	struct k_itimer *timr;
	unsigned long flags;
	int error;

	if (!timespec64_valid(&new->it_interval) || !timespec64_valid(&new->it_value))
		return -EINVAL;
	for (;;) {
		*old = (struct itimerspec64){ };
		timr = lock_timer(timer_id, &flags);
		if (!timr)
			return -EINVAL;
		error = timr->kclock->timer_set(timr, tmr_flags, new, old);
		unlock_timer(timr, flags);
		if (error != TIMER_RETRY)
			return error;
		cpu_relax();
	}
}

SYSCALL_DEFINE4(timer_settime, timer_t, timer_id, int, flags,
		const struct __kernel_itimerspec __user *, new_setting,
		struct __kernel_itimerspec __user *, old_setting)
{
	struct itimerspec64 new, old;
	int error;

	if (!new_setting)
		return -EINVAL;
	if (get_itimerspec64(&new, new_setting))
		return -EFAULT;
	error = do_timer_settime(timer_id, flags, &new, &old);
	if (error)
		return error;
	return old_setting && put_itimerspec64(&old, old_setting) ? -EFAULT : 0;
}

/* -EINVAL when there is none, or another thread deletes it. */
static int delete_timer(timer_t timer_id)
{
	struct k_itimer *timr;
	unsigned long flags;
	int ret;

	for (;;) {
		timr = lock_timer(timer_id, &flags);
		if (!timr)
			return -EINVAL;
		ret = timr->kclock->timer_del(timr);
		if (ret != TIMER_RETRY)
			break;
		unlock_timer(timr, flags);
		cpu_relax();
	}
	timr->it_signal = NULL;
	unlock_timer(timr, flags);
	xa_erase(&current->signal->posix_timers, timer_id);
	release_posix_timer(timr);
	return 0;
}

SYSCALL_DEFINE1(timer_delete, timer_t, timer_id)
{
	return delete_timer(timer_id);
}

/** exit_itimers - the process ends or executes another program; no other thread runs */
void exit_itimers(struct task_struct *tsk)
{
	struct k_itimer *timr;
	unsigned long id;

	tsk->signal->next_posix_timer_id = 0;
	if (xa_empty(&tsk->signal->posix_timers))	/* as nearly always */
		return;
	xa_for_each(&tsk->signal->posix_timers, id, timr)
		delete_timer(id);
	xa_destroy(&tsk->signal->posix_timers);
}

static int __init init_posix_timers(void)
{
	posix_timers_cache = KMEM_CACHE(k_itimer, SLAB_PANIC);
	return 0;
}
core_initcall(init_posix_timers);
