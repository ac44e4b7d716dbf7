// SPDX-License-Identifier: MIT
/*
 * Clocks and timers that count CPU time: of a process or a thread, by clock_gettime(2), timer_create(2),
 * clock_nanosleep(2), ITIMER_VIRTUAL, ITIMER_PROF and RLIMIT_CPU.
 *
 * A timer stands in a queue of the process (signal->posix_cputimers) or thread (task->posix_cputimers)
 * whose time it counts, one queue for each kind of time. The tick looks whether something is due for
 * the task that it found running: so such a timer is late by up to a tick, never early.
 *
 * Locking: the target's siglock guards the queues, and its threads stay while it is held. it_lock
 * guards the timer and comes first. The target is found under RCU: tasklist_lock is held elsewhere with
 * interrupts on, so it must not be waited for with it_lock, which interrupts take. The tick has siglock
 * first: it takes what is due off the queues, marks it as firing, lets siglock go and only then takes
 * each it_lock. Who finds a timer firing waits until that is over (TIMER_RETRY).
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/pid.h>
#include <linux/posix-timers.h>
#include <linux/restart_block.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/time.h>
#include <asm/processor.h>
#include "posix-timers.h"

#define PROCESS_CLOCK	((clockid_t)((~0U << 3) | CPUCLOCK_SCHED))
#define THREAD_CLOCK	(PROCESS_CLOCK | CPUCLOCK_PERTHREAD_MASK)

/* A tick fires no more timers than this; the rest waits for the next one. */
#define MAX_COLLECTED	20

/* ------------------------------------------------------------------ whose clock */

static inline enum pid_type clock_pid_type(clockid_t clock)
{
	return CPUCLOCK_PERTHREAD(clock) ? PIDTYPE_PID : PIDTYPE_TGID;
}

/* Under RCU or tasklist_lock. NULL: no such process, or a thread that is not of ours. */
static struct pid *pid_for_clock(clockid_t clock, bool gettime)
{
	bool thread = CPUCLOCK_PERTHREAD(clock);
	pid_t upid = CPUCLOCK_PID(clock);
	struct task_struct *t;
	struct pid *pid;

	if (CPUCLOCK_WHICH(clock) >= CPUCLOCK_MAX)
		return NULL;
	if (!upid)
		return thread ? task_pid(current) : task_tgid(current);
	pid = find_vpid(upid);
	if (!pid)
		return NULL;
	if (thread) {
		t = pid_task(pid, PIDTYPE_PID);
		return t && same_thread_group(t, current) ? pid : NULL;
	}
	/* A thread may ask for its process's time by its own number. */
	if (gettime && pid == task_pid(current))
		return task_tgid(current);
	return pid_task(pid, PIDTYPE_TGID) ? pid : NULL;
}

static u64 sample_of(const struct task_cputime *ct, unsigned int which)
{
	switch (which) {
	case CPUCLOCK_PROF:
		return ct->utime + ct->stime;
	case CPUCLOCK_VIRT:
		return ct->utime;
	default:
		return ct->sum_exec_runtime;
	}
}

/* Its siglock is held. */
static u64 cpu_clock_sample(clockid_t clock, struct task_struct *p)
{
	struct task_cputime ct;

	if (CPUCLOCK_PERTHREAD(clock)) {
		task_cputime(p, &ct.utime, &ct.stime);
		ct.sum_exec_runtime = task_sched_runtime(p);
	} else {
		thread_group_cputime_locked(p, &ct);
	}
	return sample_of(&ct, CPUCLOCK_WHICH(clock));
}

/* ------------------------------------------------------------------ the clocks */

static int posix_cpu_clock_get(clockid_t clock, struct timespec64 *tp)
{
	struct task_struct *t = NULL;
	unsigned long flags;
	int ret = -EINVAL;
	struct pid *pid;

	rcu_read_lock();
	pid = pid_for_clock(clock, true);
	if (pid)
		t = pid_task(pid, clock_pid_type(clock));
	if (t && lock_task_sighand(t, &flags)) {
		*tp = ns_to_timespec64(cpu_clock_sample(clock, t));
		unlock_task_sighand(t, &flags);
		ret = 0;
	}
	rcu_read_unlock();
	return ret;
}

static int posix_cpu_clock_getres(clockid_t clock, struct timespec64 *tp)
{
	bool valid;

	rcu_read_lock();
	valid = pid_for_clock(clock, false);
	rcu_read_unlock();
	if (!valid)
		return -EINVAL;
	*tp = (struct timespec64){ 0, CPUCLOCK_WHICH(clock) == CPUCLOCK_SCHED ? 1 : TICK_NSEC };
	return 0;
}

static int posix_cpu_clock_set(clockid_t clock, const struct timespec64 *tp)
{
	struct timespec64 res;
	int error = posix_cpu_clock_getres(clock, &res);

	return error ? error : -EPERM;
}

/* ------------------------------------------------------------------ a timer and its target */

/* With its siglock held; interrupts are off, and stay so with it_lock. NULL: it is gone. */
static struct task_struct *lock_target(struct k_itimer *timer)
{
	struct task_struct *p;
	unsigned long flags;

	lockdep_assert_held(&timer->it_lock);
	/* it_lock's preempt_disable() is a read side already, until unlock_target() and beyond. */
	p = pid_task(timer->it.cpu.pid, clock_pid_type(timer->it_clock));
	return p && lock_task_sighand(p, &flags) ? p : NULL;
}

static void unlock_target(struct task_struct *p)
{
	spin_unlock(&p->sighand->siglock);
}

static void arm_timer(struct k_itimer *timer, struct task_struct *p)
{
	struct posix_cputimers *pct = CPUCLOCK_PERTHREAD(timer->it_clock) ?
					      &p->posix_cputimers : &p->signal->posix_cputimers;
	struct cpu_timer *ctmr = &timer->it.cpu;

	lockdep_assert_held(&p->sighand->siglock);
	ctmr->head = &pct->tqhead[CPUCLOCK_WHICH(timer->it_clock)];
	timerqueue_add(ctmr->head, &ctmr->node);
	WRITE_ONCE(pct->timers_active, true);
}

static void disarm_timer(struct cpu_timer *ctmr)
{
	if (ctmr->head)
		timerqueue_del(ctmr->head, &ctmr->node);
	ctmr->head = NULL;
}

/* Move its time behind @now, by whole periods. */
static void bump_cpu_timer(struct k_itimer *timer, u64 now)
{
	struct timerqueue_node *node = &timer->it.cpu.node;
	u64 incr = timer->it_interval, n;

	if (!incr || now < (u64)node->expires)
		return;
	n = (now - node->expires) / incr + 1;
	node->expires += n * incr;
	timer->it_overrun += n;
}

static void posix_cpu_timer_rearm(struct k_itimer *timer)
{
	struct task_struct *p = lock_target(timer);

	if (!p)
		return;
	bump_cpu_timer(timer, cpu_clock_sample(timer->it_clock, p));
	arm_timer(timer, p);
	unlock_target(p);
}

/* It is in no queue. it_lock is held. */
static void cpu_timer_fire(struct k_itimer *timer)
{
	struct cpu_timer *ctmr = &timer->it.cpu;

	if (ctmr->sleeper) {
		ctmr->node.expires = 0;
		wake_up_process(ctmr->sleeper);
	} else if (!timer->it_interval) {
		posix_timer_event(timer, 0);
		ctmr->node.expires = 0;
	} else if (posix_timer_event(timer, ++timer->it_requeue_pending)) {
		/* Ignored: nobody will take the signal and start it again. */
		posix_cpu_timer_rearm(timer);
		++timer->it_requeue_pending;
	}
}

/* ------------------------------------------------------------------ what timer_create(2) and its kin ask */

static int posix_cpu_timer_create(struct k_itimer *timer)
{
	struct pid *pid;

	read_lock(&tasklist_lock);	/* the task, and so a reference on its pid, stay */
	pid = get_pid(pid_for_clock(timer->it_clock, false));
	read_unlock(&tasklist_lock);
	if (!pid)
		return -EINVAL;
	timer->it.cpu.pid = pid;
	timerqueue_init(&timer->it.cpu.node);
	return 0;
}

static int posix_cpu_timer_del(struct k_itimer *timer)
{
	struct cpu_timer *ctmr = &timer->it.cpu;
	struct task_struct *p = lock_target(timer);
	bool firing = false;

	if (p) {
		firing = ctmr->firing;
		if (!firing)
			disarm_timer(ctmr);
		unlock_target(p);
	}
	if (firing)
		return TIMER_RETRY;
	put_pid(ctmr->pid);
	return 0;
}

static void cpu_timer_left(struct k_itimer *timer, u64 now, struct itimerspec64 *cur)
{
	bool sig_none = timer->it_sigev_notify == SIGEV_NONE;
	u64 expires;

	cur->it_interval = ns_to_timespec64(timer->it_interval);
	if (!timer->it.cpu.node.expires)
		return;
	if (sig_none || (timer->it_requeue_pending & REQUEUE_PENDING))
		bump_cpu_timer(timer, now);
	expires = timer->it.cpu.node.expires;
	if (now < expires)
		cur->it_value = ns_to_timespec64(expires - now);
	else if (!sig_none)
		cur->it_value = (struct timespec64){ 0, 1 };	/* it fires at the next tick */
}

static void posix_cpu_timer_get(struct k_itimer *timer, struct itimerspec64 *cur)
{
	struct task_struct *p = lock_target(timer);

	if (!p)
		return;
	/* A timer in a queue is not moved: one that waits for its signal to be taken is in none. */
	cpu_timer_left(timer, cpu_clock_sample(timer->it_clock, p), cur);
	unlock_target(p);
}

static int posix_cpu_timer_set(struct k_itimer *timer, int flags, const struct itimerspec64 *new,
			       struct itimerspec64 *old)
{
	u64 expires = timespec64_to_ns(&new->it_value), now;
	struct cpu_timer *ctmr = &timer->it.cpu;
	struct task_struct *p = lock_target(timer);

	if (!p)
		return -ESRCH;
	if (ctmr->firing) {
		unlock_target(p);
		return TIMER_RETRY;
	}
	disarm_timer(ctmr);
	now = cpu_clock_sample(timer->it_clock, p);
	cpu_timer_left(timer, now, old);
	if (expires && !(flags & TIMER_ABSTIME))
		expires = ktime_add_safe(expires, now);
	ctmr->node.expires = expires;
	timer->it_interval = timespec64_to_ns(&new->it_interval);
	timer->it_requeue_pending = (timer->it_requeue_pending + 2) & ~REQUEUE_PENDING;
	timer->it_overrun_last = 0;
	timer->it_overrun = -1;
	if (expires > now && timer->it_sigev_notify != SIGEV_NONE)
		arm_timer(timer, p);
	unlock_target(p);
	if (expires && expires <= now && timer->it_sigev_notify != SIGEV_NONE)
		cpu_timer_fire(timer);
	return 0;
}

/* ------------------------------------------------------------------ clock_nanosleep */

/* Until our timer has fired (then its time is 0), or a signal. it_lock is held, and given up asleep. */
static void sleep_on_timer(struct k_itimer *timer)
{
	while (timer->it.cpu.node.expires && !signal_pending(current)) {
		__set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock_irq(&timer->it_lock);
		schedule();
		spin_lock_irq(&timer->it_lock);
	}
}

static int do_cpu_nanosleep(clockid_t clock, int flags, const struct timespec64 *rqtp, u64 *expires)
{
	struct itimerspec64 it = { .it_value = *rqtp }, old = { };
	struct k_itimer timer;
	int error;

	memset(&timer, 0, sizeof(timer));
	spin_lock_init(&timer.it_lock);
	timer.it_clock = clock;
	timer.it.cpu.sleeper = current;
	error = posix_cpu_timer_create(&timer);
	if (error)
		return error;
	spin_lock_irq(&timer.it_lock);
	error = posix_cpu_timer_set(&timer, flags, &it, &old);
	if (!error) {
		sleep_on_timer(&timer);
		*expires = timer.it.cpu.node.expires;
	}
	while (posix_cpu_timer_del(&timer) == TIMER_RETRY) {
		spin_unlock_irq(&timer.it_lock);
		cpu_relax();
		spin_lock_irq(&timer.it_lock);
		*expires = timer.it.cpu.node.expires;	/* it fired after all */
	}
	spin_unlock_irq(&timer.it_lock);
	if (error)
		return error;
	return *expires ? -ERESTART_RESTARTBLOCK : 0;
}

/* How much is left, for the program: it asks again after its handler. */
static int tell_rest(clockid_t clock, u64 expires, struct __kernel_timespec __user *rmtp)
{
	struct timespec64 ts;
	s64 left;

	if (!rmtp || posix_cpu_clock_get(clock, &ts))
		return 0;
	left = max_t(s64, expires - timespec64_to_ns(&ts), 0);
	ts = ns_to_timespec64(left);
	return put_timespec64(&ts, rmtp) ? -EFAULT : 0;
}

static long posix_cpu_nsleep_restart(struct restart_block *restart)
{
	struct timespec64 t = ns_to_timespec64(restart->nanosleep.expires);
	clockid_t clock = restart->nanosleep.clockid;
	u64 expires;
	int error = do_cpu_nanosleep(clock, TIMER_ABSTIME, &t, &expires);

	if (error == -ERESTART_RESTARTBLOCK && tell_rest(clock, expires, restart->nanosleep.rmtp))
		return -EFAULT;
	return error;
}

static int posix_cpu_nsleep(clockid_t clock, int flags, const struct timespec64 *rqtp,
			    struct __kernel_timespec __user *rmtp)
{
	struct restart_block *restart = &current->restart_block;
	u64 expires = 0;
	int error;

	/* Our own time does not run while we sleep. */
	if (CPUCLOCK_PERTHREAD(clock) &&
	    (CPUCLOCK_PID(clock) == 0 || CPUCLOCK_PID(clock) == task_pid_vnr(current)))
		return -EINVAL;
	error = do_cpu_nanosleep(clock, flags, rqtp, &expires);
	if (error != -ERESTART_RESTARTBLOCK)
		return error;
	if (flags & TIMER_ABSTIME)
		return -ERESTARTNOHAND;
	if (tell_rest(clock, expires, rmtp))
		return -EFAULT;
	restart->nanosleep.clockid = clock;
	restart->nanosleep.expires = expires;
	restart->nanosleep.rmtp = rmtp;
	restart->fn = posix_cpu_nsleep_restart;
	return error;
}

/* ------------------------------------------------------------------ the tick */

/* What is due goes to the list, marked: it may not be freed now. siglock is held. */
static void collect_timers(struct posix_cputimers *pct, const struct task_cputime *ct,
			   struct list_head *firing)
{
	struct timerqueue_node *node;
	int n = 0;

	for (unsigned int which = 0; which < CPUCLOCK_MAX; which++) {
		u64 now = sample_of(ct, which);

		while (n < MAX_COLLECTED && (node = timerqueue_getnext(&pct->tqhead[which])) &&
		       (u64)node->expires <= now) {
			struct cpu_timer *ctmr = container_of(node, struct cpu_timer, node);

			disarm_timer(ctmr);
			ctmr->firing = true;
			list_add_tail(&ctmr->elist, firing);
			n++;
		}
	}
}

static bool has_timers(struct posix_cputimers *pct)
{
	for (unsigned int which = 0; which < CPUCLOCK_MAX; which++)
		if (timerqueue_getnext(&pct->tqhead[which]))
			return true;
	return false;
}

static void check_cpu_itimer(struct task_struct *tsk, struct cpu_itimer *it, u64 now, int signo)
{
	if (!it->expires || now < it->expires)
		return;
	it->expires = it->incr ? it->expires + it->incr : 0;
	send_signal_locked(signo, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
}

/* The end at the hard limit; from the soft one on SIGXCPU once a second. */
static void check_rlimit_cpu(struct task_struct *tsk, u64 now)
{
	struct rlimit *limit = &tsk->signal->rlim[RLIMIT_CPU];
	u64 soft = READ_ONCE(limit->rlim_cur), hard = READ_ONCE(limit->rlim_max), sec = now / NSEC_PER_SEC;

	if (hard != RLIM_INFINITY && sec >= hard) {
		send_signal_locked(SIGKILL, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
	} else if (soft != RLIM_INFINITY && sec >= soft) {
		send_signal_locked(SIGXCPU, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
		WRITE_ONCE(limit->rlim_cur, soft + 1);
	}
}

static void check_process_timers(struct task_struct *tsk, struct list_head *firing)
{
	struct signal_struct *sig = tsk->signal;
	struct posix_cputimers *pct = &sig->posix_cputimers;
	struct task_cputime ct;

	thread_group_cputime_locked(tsk, &ct);
	collect_timers(pct, &ct, firing);
	check_cpu_itimer(tsk, &sig->it[CPUCLOCK_PROF], sample_of(&ct, CPUCLOCK_PROF), SIGPROF);
	check_cpu_itimer(tsk, &sig->it[CPUCLOCK_VIRT], sample_of(&ct, CPUCLOCK_VIRT), SIGVTALRM);
	check_rlimit_cpu(tsk, sample_of(&ct, CPUCLOCK_PROF));
	WRITE_ONCE(pct->timers_active, has_timers(pct) || sig->it[CPUCLOCK_PROF].expires ||
		   sig->it[CPUCLOCK_VIRT].expires || sig->rlim[RLIMIT_CPU].rlim_cur != RLIM_INFINITY);
}

static void check_thread_timers(struct task_struct *tsk, struct list_head *firing)
{
	struct posix_cputimers *pct = &tsk->posix_cputimers;
	struct task_cputime ct;

	task_cputime(tsk, &ct.utime, &ct.stime);
	ct.sum_exec_runtime = task_sched_runtime(tsk);
	collect_timers(pct, &ct, firing);
	WRITE_ONCE(pct->timers_active, has_timers(pct));
}

/** run_posix_cpu_timers - the tick has found current running. Interrupts are off */
void run_posix_cpu_timers(void)
{
	struct task_struct *tsk = current;
	struct cpu_timer *ctmr, *next;
	LIST_HEAD(firing);

	/* One that exits has no time to be told of; before it begins to, its sighand is there. */
	if ((tsk->flags & PF_EXITING) || (!READ_ONCE(tsk->posix_cputimers.timers_active) &&
					  !READ_ONCE(tsk->signal->posix_cputimers.timers_active)))
		return;
	spin_lock(&tsk->sighand->siglock);
	check_thread_timers(tsk, &firing);
	check_process_timers(tsk, &firing);
	spin_unlock(&tsk->sighand->siglock);
	list_for_each_entry_safe(ctmr, next, &firing, elist) {
		struct k_itimer *timer = container_of(ctmr, struct k_itimer, it.cpu);

		spin_lock(&timer->it_lock);
		list_del_init(&ctmr->elist);
		ctmr->firing = false;
		cpu_timer_fire(timer);
		spin_unlock(&timer->it_lock);
	}
}

/* ------------------------------------------------------------------ beginning and end */

void posix_cputimers_init(struct posix_cputimers *pct)
{
	for (unsigned int which = 0; which < CPUCLOCK_MAX; which++)
		timerqueue_init_head(&pct->tqhead[which]);
	pct->timers_active = false;
}

/* @cpu_limit: RLIMIT_CPU, which a child inherits */
void posix_cputimers_group_init(struct posix_cputimers *pct, u64 cpu_limit)
{
	posix_cputimers_init(pct);
	pct->timers_active = cpu_limit != RLIM_INFINITY;
}

/* Others' timers on it will not fire any more. */
void posix_cpu_timers_exit(struct posix_cputimers *pct)
{
	struct timerqueue_node *node;

	for (unsigned int which = 0; which < CPUCLOCK_MAX; which++)
		while ((node = timerqueue_getnext(&pct->tqhead[which])))
			disarm_timer(container_of(node, struct cpu_timer, node));
}

/** update_rlimit_cpu - RLIMIT_CPU of @task's process was set; no lock is held */
void update_rlimit_cpu(struct task_struct *task, unsigned long rlim_new)
{
	unsigned long flags;

	if (rlim_new == RLIM_INFINITY)
		return;
	/* Under siglock: a tick that has seen the old limit might say that there is nothing to do. */
	if (!lock_task_sighand(task, &flags))
		return;
	WRITE_ONCE(task->signal->posix_cputimers.timers_active, true);
	unlock_task_sighand(task, &flags);
}

/**
 * set_process_cpu_timer - ITIMER_PROF and ITIMER_VIRTUAL, for kernel/time/itimer.c
 * @newval: ns from now, 0: off; NULL: as it is
 * @oldval: what was left; a tick for one that is about to fire
 *
 * siglock is held.
 */
void set_process_cpu_timer(struct task_struct *tsk, unsigned int which, u64 *newval, u64 *oldval)
{
	struct cpu_itimer *it = &tsk->signal->it[which];
	struct task_cputime ct;
	u64 now;

	lockdep_assert_held(&tsk->sighand->siglock);
	thread_group_cputime_locked(tsk, &ct);
	now = sample_of(&ct, which);
	*oldval = !it->expires ? 0 : it->expires <= now ? TICK_NSEC : it->expires - now;
	if (!newval)
		return;
	/* A tick more: the one that is under way is not ours from its beginning. */
	it->expires = *newval ? now + *newval + TICK_NSEC : 0;
	if (*newval)
		WRITE_ONCE(tsk->signal->posix_cputimers.timers_active, true);
}

/* ------------------------------------------------------------------ the clocks' tables */

static int process_cpu_clock_get(clockid_t clock, struct timespec64 *tp)
{
	return posix_cpu_clock_get(PROCESS_CLOCK, tp);
}

static int process_cpu_clock_getres(clockid_t clock, struct timespec64 *tp)
{
	return posix_cpu_clock_getres(PROCESS_CLOCK, tp);
}

static int process_cpu_timer_create(struct k_itimer *timer)
{
	timer->it_clock = PROCESS_CLOCK;
	return posix_cpu_timer_create(timer);
}

static int process_cpu_nsleep(clockid_t clock, int flags, const struct timespec64 *rqtp,
			      struct __kernel_timespec __user *rmtp)
{
	return posix_cpu_nsleep(PROCESS_CLOCK, flags, rqtp, rmtp);
}

static int thread_cpu_clock_get(clockid_t clock, struct timespec64 *tp)
{
	return posix_cpu_clock_get(THREAD_CLOCK, tp);
}

static int thread_cpu_clock_getres(clockid_t clock, struct timespec64 *tp)
{
	return posix_cpu_clock_getres(THREAD_CLOCK, tp);
}

static int thread_cpu_timer_create(struct k_itimer *timer)
{
	timer->it_clock = THREAD_CLOCK;
	return posix_cpu_timer_create(timer);
}

#define CPU_TIMER					\
	.timer_set	= posix_cpu_timer_set,		\
	.timer_get	= posix_cpu_timer_get,		\
	.timer_del	= posix_cpu_timer_del,		\
	.timer_rearm	= posix_cpu_timer_rearm

const struct k_clock clock_posix_cpu = {
	.clock_getres	= posix_cpu_clock_getres,
	.clock_set	= posix_cpu_clock_set,
	.clock_get_timespec = posix_cpu_clock_get,
	.nsleep		= posix_cpu_nsleep,
	.timer_create	= posix_cpu_timer_create,
	CPU_TIMER,
};

const struct k_clock clock_process = {
	.clock_getres	= process_cpu_clock_getres,
	.clock_get_timespec = process_cpu_clock_get,
	.nsleep		= process_cpu_nsleep,
	.timer_create	= process_cpu_timer_create,
	CPU_TIMER,
};

const struct k_clock clock_thread = {
	.clock_getres	= thread_cpu_clock_getres,
	.clock_get_timespec = thread_cpu_clock_get,
	.timer_create	= thread_cpu_timer_create,
	CPU_TIMER,
};
