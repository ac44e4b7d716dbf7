// SPDX-License-Identifier: MIT
/*
 * Timers in jiffies: see <linux/timer.h>. Each CPU has a tree of them, sorted by time, from which its
 * tick takes those that are due.
 *
 * base->lock guards the tree and the timers in it. A timer knows in `cpu` whose tree it is in, or was
 * in last: the lock of that base guards the timer. On its way from one base to the other it has
 * TIMER_MIGRATING there, and everybody else waits.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <asm/processor.h>

struct timer_base {
	spinlock_t		lock;
	struct rb_root_cached	timers;
	struct timer_list	*running;	/* whose function is being called */
};

static DEFINE_PER_CPU(struct timer_base, timer_bases);

#define TIMER_MIGRATING	(-1)

static bool timer_less(struct rb_node *a, const struct rb_node *b)
{
	return time_before(rb_entry(a, struct timer_list, node)->expires,
			   rb_entry(b, struct timer_list, node)->expires);
}

void timer_setup(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags)
{
	RB_CLEAR_NODE(&timer->node);
	timer->expires = 0;
	timer->function = func;
	timer->flags = flags;
	timer->cpu = raw_smp_processor_id();
}
EXPORT_SYMBOL(timer_setup);

static struct timer_base *lock_timer_base(struct timer_list *timer, unsigned long *flags)
{
	for (;;) {
		int cpu = READ_ONCE(timer->cpu);
		struct timer_base *base;

		if (unlikely(cpu == TIMER_MIGRATING)) {
			cpu_relax();
			continue;
		}
		base = per_cpu_ptr(&timer_bases, cpu);
		spin_lock_irqsave(&base->lock, *flags);
		if (READ_ONCE(timer->cpu) == cpu)
			return base;
		spin_unlock_irqrestore(&base->lock, *flags);
	}
}

static int detach_if_pending(struct timer_base *base, struct timer_list *timer)
{
	if (!timer_pending(timer))
		return 0;
	rb_erase_cached(&timer->node, &base->timers);
	RB_CLEAR_NODE(&timer->node);
	return 1;
}

/**
 * mod_timer - let @timer fire at @expires, in jiffies, whether it was pending or not
 *
 * It goes to this CPU, unless its function is running on another: two CPUs must not run it at once,
 * and del_timer_sync() has to find it. Returns 1 if it was pending.
 */
int mod_timer(struct timer_list *timer, unsigned long expires)
{
	struct timer_base *base, *new_base;
	unsigned long flags;
	int ret;

	base = lock_timer_base(timer, &flags);
	ret = detach_if_pending(base, timer);
	new_base = this_cpu_ptr(&timer_bases);
	if (base != new_base && base->running != timer) {
		WRITE_ONCE(timer->cpu, TIMER_MIGRATING);
		spin_unlock(&base->lock);
		spin_lock(&new_base->lock);
		WRITE_ONCE(timer->cpu, smp_processor_id());
		base = new_base;
	}
	timer->expires = expires;
	rb_add_cached(&timer->node, &base->timers, timer_less);
	spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}
EXPORT_SYMBOL(mod_timer);

/** add_timer - start @timer, whose `expires` is set and which is not pending */
void add_timer(struct timer_list *timer)
{
	mod_timer(timer, timer->expires);
}
EXPORT_SYMBOL(add_timer);

/** del_timer - stop @timer. Its function may be running on another CPU all the same */
int del_timer(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	int ret;

	if (!timer_pending(timer))
		return 0;
	base = lock_timer_base(timer, &flags);
	ret = detach_if_pending(base, timer);
	spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}
EXPORT_SYMBOL(del_timer);

/**
 * del_timer_sync - stop @timer and wait until its function has returned
 *
 * Not from the function itself, nor with a lock that the function takes. If it runs, it runs on
 * another CPU: on this one it would be in an interrupt above us.
 */
int del_timer_sync(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	bool running;
	int ret = 0;

	do {
		base = lock_timer_base(timer, &flags);
		running = base->running == timer;
		if (!running)
			ret = detach_if_pending(base, timer);
		spin_unlock_irqrestore(&base->lock, flags);
		if (running)
			cpu_relax();
	} while (running);
	return ret;
}
EXPORT_SYMBOL(del_timer_sync);

/*
 * The tick: call what is due. The function is called without the lock; it may free its timer, which is
 * therefore not touched afterwards, or start it again.
 */
void run_local_timers(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);
	void (*function)(struct timer_list *);
	struct timer_list *timer;
	struct rb_node *first;

	spin_lock(&base->lock);
	while ((first = rb_first_cached(&base->timers))) {
		timer = rb_entry(first, struct timer_list, node);
		if (time_before(jiffies, timer->expires))
			break;
		detach_if_pending(base, timer);
		base->running = timer;
		function = timer->function;
		spin_unlock(&base->lock);
		function(timer);
		spin_lock(&base->lock);
		base->running = NULL;
	}
	spin_unlock(&base->lock);
}

/* When this CPU's first timer is due, in jiffies; false if it has none. Interrupts are off. */
bool next_local_timer(unsigned long *expires)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);
	struct rb_node *first;

	spin_lock(&base->lock);
	first = rb_first_cached(&base->timers);
	if (first)
		*expires = rb_entry(first, struct timer_list, node)->expires;
	spin_unlock(&base->lock);
	return first;
}

/* ---- sleeping with a time limit */

struct process_timer {
	struct timer_list	timer;
	struct task_struct	*task;
};

static void process_timeout(struct timer_list *t)
{
	struct process_timer *timeout = from_timer(timeout, t, timer);

	wake_up_process(timeout->task);
}

/**
 * schedule_timeout - sleep until woken, but at most @timeout jiffies
 *
 * current's state was set before; TASK_RUNNING would return at once. Returns how many jiffies are
 * left, 0 when the time ran out. MAX_SCHEDULE_TIMEOUT: no limit, and that is returned.
 */
long __sched schedule_timeout(long timeout)
{
	struct process_timer timer;
	unsigned long expire;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (timeout < 0) {
		pr_err("schedule_timeout: a negative time limit, %ld\n", timeout);
		dump_stack();
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	expire = timeout + jiffies;
	timer.task = current;
	timer_setup_on_stack(&timer.timer, process_timeout, 0);
	mod_timer(&timer.timer, expire);
	schedule();
	del_timer_sync(&timer.timer);
	timeout = expire - jiffies;
	return timeout < 0 ? 0 : timeout;
}
EXPORT_SYMBOL(schedule_timeout);

long __sched schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_interruptible);

long __sched schedule_timeout_killable(long timeout)
{
	__set_current_state(TASK_KILLABLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_killable);

long __sched schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_uninterruptible);

long __sched schedule_timeout_idle(long timeout)
{
	__set_current_state(TASK_IDLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_idle);
