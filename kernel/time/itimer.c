// SPDX-License-Identifier: MIT
/*
 * Interval timers: getitimer(2), setitimer(2).
 *
 * ITIMER_REAL is an hrtimer; ITIMER_VIRTUAL and ITIMER_PROF are looked at by the tick, see
 * posix-cpu-timers.c, where the kind of CPU time has the number CPUCLOCK_.
 *
 * signal->real_timer is the timer, it_real_incr its period. Both are changed with siglock held; the
 * timer's function runs without it, so cancelling waits for the function outside of the lock.
 */
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/posix-timers.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/uaccess.h>

/*
 * Hard-interrupt context. The next period is started by itimer_rearm(), when the signal is taken: a
 * process that does not get to that has no use for more of them.
 */
enum hrtimer_restart it_real_fn(struct hrtimer *timer)
{
	struct signal_struct *sig = container_of(timer, struct signal_struct, real_timer);

	kill_pid_info(SIGALRM, SEND_SIG_PRIV, sig->pids[PIDTYPE_TGID]);
	return HRTIMER_NORESTART;
}

/** itimer_rearm - SIGALRM was taken off @tsk's queue: begin the next period. siglock is held */
void itimer_rearm(struct task_struct *tsk)
{
	struct hrtimer *timer = &tsk->signal->real_timer;

	if (!tsk->signal->it_real_incr || hrtimer_is_queued(timer))
		return;
	hrtimer_forward_now(timer, ns_to_ktime(tsk->signal->it_real_incr));
	hrtimer_restart(timer);
}

static struct __kernel_old_timeval ns_to_old_timeval(s64 ns)
{
	struct timespec64 ts = ns_to_timespec64(ns);

	return (struct __kernel_old_timeval){ ts.tv_sec, ts.tv_nsec / NSEC_PER_USEC };
}

/* What is left, and the period. A timer that is about to fire has a microsecond left, not none. */
static void get_real_itimer(struct signal_struct *sig, struct __kernel_old_itimerval *value)
{
	s64 left = 0;

	if (hrtimer_active(&sig->real_timer))
		left = max_t(s64, hrtimer_get_remaining(&sig->real_timer), NSEC_PER_USEC);
	value->it_value = ns_to_old_timeval(left);
	value->it_interval = ns_to_old_timeval(sig->it_real_incr);
}

/* Which CPU time such a timer counts; -EINVAL: it is none. */
static int itimer_cpuclock(int which)
{
	return which == ITIMER_VIRTUAL ? CPUCLOCK_VIRT : which == ITIMER_PROF ? CPUCLOCK_PROF : -EINVAL;
}

/* siglock is held. */
static void get_cpu_itimer(struct signal_struct *sig, int clock, u64 left,
			   struct __kernel_old_itimerval *value)
{
	value->it_value = ns_to_old_timeval(left);
	value->it_interval = ns_to_old_timeval(sig->it[clock].incr);
}

static int itimer_get(int which, struct __kernel_old_itimerval *value)
{
	int clock = itimer_cpuclock(which);
	u64 left;

	if (which != ITIMER_REAL && clock < 0)
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	if (which == ITIMER_REAL) {
		get_real_itimer(current->signal, value);
	} else {
		set_process_cpu_timer(current, clock, NULL, &left);
		get_cpu_itimer(current->signal, clock, left, value);
	}
	spin_unlock_irq(&current->sighand->siglock);
	return 0;
}

static bool timeval_valid(const struct __kernel_old_timeval *tv)
{
	return tv->tv_sec >= 0 && tv->tv_usec >= 0 && tv->tv_usec < USEC_PER_SEC;
}

static s64 timeval_ns(const struct __kernel_old_timeval *tv)
{
	return ktime_set(tv->tv_sec, tv->tv_usec * NSEC_PER_USEC);
}

static void set_cpu_itimer(int clock, const struct __kernel_old_itimerval *value,
			   struct __kernel_old_itimerval *ovalue)
{
	struct signal_struct *sig = current->signal;
	u64 first = timeval_ns(&value->it_value), left;

	spin_lock_irq(&current->sighand->siglock);
	set_process_cpu_timer(current, clock, &first, &left);
	get_cpu_itimer(sig, clock, left, ovalue);
	sig->it[clock].incr = first ? timeval_ns(&value->it_interval) : 0;
	spin_unlock_irq(&current->sighand->siglock);
}

static void set_real_itimer(const struct __kernel_old_itimerval *value,
			    struct __kernel_old_itimerval *ovalue)
{
	struct signal_struct *sig = current->signal;
	struct hrtimer *timer = &sig->real_timer;
	s64 first = timeval_ns(&value->it_value);

	for (;;) {
		spin_lock_irq(&current->sighand->siglock);
		get_real_itimer(sig, ovalue);
		/* Its function may be waiting for siglock, to send the signal: let go, and try again. */
		if (hrtimer_try_to_cancel(timer) >= 0)
			break;
		spin_unlock_irq(&current->sighand->siglock);
		cpu_relax();
	}
	sig->it_real_incr = first ? timeval_ns(&value->it_interval) : 0;
	if (first)
		hrtimer_start(timer, first, HRTIMER_MODE_REL);
	spin_unlock_irq(&current->sighand->siglock);
}

static int itimer_set(int which, const struct __kernel_old_itimerval *value,
		      struct __kernel_old_itimerval *ovalue)
{
	int clock = itimer_cpuclock(which);

	if (!timeval_valid(&value->it_value) || !timeval_valid(&value->it_interval))
		return -EINVAL;
	if (which == ITIMER_REAL)
		set_real_itimer(value, ovalue);
	else if (clock >= 0)
		set_cpu_itimer(clock, value, ovalue);
	else
		return -EINVAL;
	return 0;
}

SYSCALL_DEFINE2(getitimer, int, which, struct __kernel_old_itimerval __user *, value)
{
	struct __kernel_old_itimerval get;
	int ret = itimer_get(which, &get);

	if (ret)
		return ret;
	return copy_to_user(value, &get, sizeof(get)) ? -EFAULT : 0;
}

SYSCALL_DEFINE3(setitimer, int, which, struct __kernel_old_itimerval __user *, value,
		struct __kernel_old_itimerval __user *, ovalue)
{
	struct __kernel_old_itimerval set = { }, old;
	int ret;

	if (value && copy_from_user(&set, value, sizeof(set)))
		return -EFAULT;
	ret = itimer_set(which, &set, &old);
	if (ret)
		return ret;
	return ovalue && copy_to_user(ovalue, &old, sizeof(old)) ? -EFAULT : 0;
}
