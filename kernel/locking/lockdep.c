// SPDX-License-Identifier: MIT
/*
 * The lock checker of a DEBUG=1 build: what each task holds, and what follows from taking one more.
 *
 * Idea: do not wait for the deadlock. When a task takes B while it holds A, "A before B" is noted for
 * all locks of these classes, for good (lockdep_graph.c). A later "B before A" is reported there and
 * then, with the trace of either, by whomever and on whatever CPU it is done, although the two never
 * met. In the same way "an interrupt handler takes A" and "A is held while interrupts are on" are
 * noted and compared.
 *
 * The locks call lock_acquire() before they begin to wait (so a real deadlock is reported, too, and
 * then happens), or after they succeeded if they only tried; lock_release() before they let go.
 *
 * Locking: task->held_locks is changed by the task itself, and by interrupts on top of it, which
 * leave it as they found it; each change is made with interrupts off. task->lockdep_recursion keeps
 * lockdep out of the locks that its own reports take. Nothing here may take a lock that is checked.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <asm/irqflags.h>
#include "lockdep_internals.h"

int debug_locks = 1;
EXPORT_SYMBOL(debug_locks);

/* ---- getting in and out */

static bool lockdep_enter(unsigned long *flags)
{
	if (unlikely(!READ_ONCE(debug_locks) || current->lockdep_recursion))
		return false;
	*flags = arch_local_irq_save();
	current->lockdep_recursion++;
	return true;
}

static void lockdep_exit(unsigned long flags)
{
	const char *why = NULL;

	if (unlikely(READ_ONCE(lockdep_gave_up)))
		why = __atomic_exchange_n(&lockdep_gave_up, NULL, __ATOMIC_RELAXED);
	if (why)
		pr_err("INFO: lockdep is turned off: %s\n", why);
	current->lockdep_recursion--;
	arch_local_irq_restore(flags);
}

void lockdep_off(void)
{
	current->lockdep_recursion++;
}

void lockdep_on(void)
{
	current->lockdep_recursion--;
}

void lockdep_init_task(struct task_struct *task)
{
	task->lockdep_depth = 0;
	task->lockdep_recursion = 0;
}

/**
 * lockdep_init_map - give a lock its class
 * @key: its address names the class
 *
 * Called where the lock is initialised, when nobody can hold it.
 */
void lockdep_init_map(struct lockdep_map *lock, const char *name, struct lock_class_key *key,
		      int subclass)
{
	lock->key = key;
	lock->class_cache = NULL;
	lock->name = name;
}

/* ---- taking */

/*
 * Two locks of one class held by one task: if another task takes the same two the other way round,
 * both wait for ever. Is it the very same lock, it needs no other task. Readers that no waiter stops
 * may meet themselves.
 */
static void check_deadlock(struct task_struct *curr, struct held_lock *next,
			   struct lockdep_map *nest_lock)
{
	struct held_lock *prev, *same = NULL;
	unsigned int i;

	for (i = 0; i < curr->lockdep_depth; i++) {
		prev = &curr->held_locks[i];
		/* Whoever holds nest_lock is the only one to take several of them. */
		if (nest_lock && prev->instance == nest_lock)
			return;
		if (prev->class == next->class && !(prev->read && next->read == 2))
			same = prev;
	}
	if (same && !READ_ONCE(next->class->nesting_known) && lockdep_report_begin()) {
		WRITE_ONCE(next->class->nesting_known, true);
		print_deadlock_bug(same, next);
		lockdep_report_end();
	}
}

/* Only what one waits for has an order: see the callers. */
static void check_prevs(struct task_struct *curr, struct held_lock *next, unsigned long ret)
{
	unsigned int i;

	for (i = curr->lockdep_depth; i-- > 0;) {
		struct held_lock *prev = &curr->held_locks[i];

		/* What an interrupt interrupted is no order of its locks: that is what usage is for. */
		if (prev->irq_context != next->irq_context)
			return;
		if (prev->check)
			lockdep_check_order(prev, next, ret);
		/* The locks before prev were there when it was taken: their edges lead through it. */
		if (!prev->trylock)
			return;
	}
}

static void mark_usage(struct held_lock *hlock, unsigned long ret)
{
	if (hlock->irq_context && !hlock->trylock)
		lockdep_mark_usage(hlock, hlock->read ? LOCK_USED_IN_HARDIRQ_READ :
							LOCK_USED_IN_HARDIRQ, ret);
	if (!hlock->hardirqs_off)
		lockdep_mark_usage(hlock, hlock->read ? LOCK_ENABLED_HARDIRQ_READ :
							LOCK_ENABLED_HARDIRQ, ret);
}

/**
 * lock_acquire - current is about to take a lock, or with @trylock has just taken it
 * @subclass: tells apart locks of one class that are nested on purpose
 * @read: 0 a writer, 1 a reader, 2 a reader who does not queue behind waiting writers
 * @check: 0 to note that it is held, and no more
 * @nest_lock: held already, and keeps others from taking several locks of this class
 * @ip: where, for reports
 */
void lock_acquire(struct lockdep_map *lock, unsigned int subclass, int trylock, int read, int check,
		  struct lockdep_map *nest_lock, unsigned long ip)
{
	struct task_struct *curr = current;
	struct held_lock *hlock;
	struct lock_class *class;
	unsigned long flags;

	if (!lockdep_enter(&flags))
		return;
	class = lockdep_class(lock, subclass);
	if (unlikely(!class))
		goto out;
	if (unlikely(curr->lockdep_depth == MAX_LOCK_DEPTH)) {
		WRITE_ONCE(debug_locks, 0);
		lockdep_gave_up = "a task holds more than MAX_LOCK_DEPTH locks";
		goto out;
	}
	hlock = &curr->held_locks[curr->lockdep_depth];
	*hlock = (struct held_lock){
		.instance = lock, .class = class, .acquire_ip = ip, .irq_context = in_hardirq(),
		.trylock = trylock, .read = read, .check = check,
		.hardirqs_off = arch_irqs_disabled_flags(flags),
	};
	if (check) {
		mark_usage(hlock, _RET_IP_);
		if (!trylock) {
			check_deadlock(curr, hlock, nest_lock);
			check_prevs(curr, hlock, _RET_IP_);
		}
	}
	curr->lockdep_depth++;
out:
	lockdep_exit(flags);
	sched_fuzz_preempt();
}
EXPORT_SYMBOL(lock_acquire);

/* ---- releasing */

static struct held_lock *find_held_lock(struct task_struct *curr, const struct lockdep_map *lock)
{
	unsigned int i;

	for (i = curr->lockdep_depth; i-- > 0;)
		if (curr->held_locks[i].instance == lock)
			return &curr->held_locks[i];
	return NULL;
}

/* Locks are released in any order; the last one is by far the usual. */
static void remove_held_lock(struct task_struct *curr, struct held_lock *hlock)
{
	struct held_lock *last = &curr->held_locks[--curr->lockdep_depth];

	for (; hlock < last; hlock++)
		hlock[0] = hlock[1];
}

void lock_release(struct lockdep_map *lock, unsigned long ip)
{
	struct task_struct *curr = current;
	struct held_lock *hlock;
	unsigned long flags;

	if (!lockdep_enter(&flags))
		return;
	hlock = find_held_lock(curr, lock);
	if (likely(hlock)) {
		remove_held_lock(curr, hlock);
	} else if (lockdep_report_begin()) {
		print_unlock_imbalance_bug(lock, ip);
		lockdep_report_end();
	}
	lockdep_exit(flags);
	sched_fuzz_preempt();
}

/* The writer becomes a reader and never lets go: no new order comes from it. */
void lock_downgrade(struct lockdep_map *lock, unsigned long ip)
{
	struct held_lock *hlock;
	unsigned long flags;

	if (!lockdep_enter(&flags))
		return;
	hlock = find_held_lock(current, lock);
	if (hlock)
		hlock->read = 1;
	lockdep_exit(flags);
}

/* ---- interrupts, and the ends of things */

/* current is about to allow interrupts: whatever it holds is now held with interrupts on. */
void lockdep_hardirqs_on(void)
{
	struct task_struct *curr = current;
	unsigned long flags;
	unsigned int i;

	if (likely(!curr->lockdep_depth) || in_hardirq() || !lockdep_enter(&flags))
		return;
	for (i = 0; i < curr->lockdep_depth; i++) {
		struct held_lock *hlock = &curr->held_locks[i];

		hlock->hardirqs_off = 0;
		if (hlock->check)
			mark_usage(hlock, _RET_IP_);
	}
	lockdep_exit(flags);
}
EXPORT_SYMBOL(lockdep_hardirqs_on);

int lock_is_held_type(const struct lockdep_map *lock, int read)
{
	struct held_lock *hlock;
	unsigned long flags;
	int ret;

	/* Unknown counts as held: no false alarm. */
	if (!lockdep_enter(&flags))
		return 1;
	hlock = find_held_lock(current, lock);
	ret = hlock && (read < 0 || !!hlock->read == !!read);
	lockdep_exit(flags);
	return ret;
}
EXPORT_SYMBOL(lock_is_held_type);

/**
 * debug_check_no_locks_freed - is there a held lock in this memory?
 *
 * Called for memory that is freed, and for a lock that is initialised.
 */
void debug_check_no_locks_freed(const void *mem, unsigned long len)
{
	struct task_struct *curr = current;
	unsigned long flags;
	unsigned int i;

	if (likely(!curr->lockdep_depth) || !lockdep_enter(&flags))
		return;
	for (i = 0; i < curr->lockdep_depth; i++) {
		struct held_lock *hlock = &curr->held_locks[i];

		if ((void *)hlock->instance < mem || (void *)hlock->instance >= mem + len)
			continue;
		if (lockdep_report_begin()) {
			print_freed_lock_bug(hlock, mem, len);
			lockdep_report_end();
		}
		remove_held_lock(curr, hlock);
		break;
	}
	lockdep_exit(flags);
}

static void check_nothing_held(const char *when)
{
	unsigned long flags;

	if (likely(!current->lockdep_depth) || !lockdep_enter(&flags))
		return;
	if (lockdep_report_begin()) {
		print_held_at_end_bug(when);
		lockdep_report_end();
	}
	lockdep_exit(flags);
}

/* The last moment at which a task may hold a lock has passed. */
void debug_check_no_locks_held(void)
{
	check_nothing_held("lock held at task exit time");
}

/**
 * lockdep_sys_exit - a program is about to go on: nothing of the kernel may be held any more
 *
 * Called by exit_to_user_mode(), interrupts masked. What was forgotten is forgotten here as well,
 * or each system call from now on would report it.
 */
void lockdep_sys_exit(void)
{
	check_nothing_held("lock held when returning to user space");
	if (unlikely(preempt_count())) {
		pr_err("BUG: %s/%d returns to user space with preempt_count %#x: preemption stayed off\n",
		       current->comm, current->pid, preempt_count());
		dump_stack();
		preempt_count_sub(preempt_count());
	}
	current->lockdep_depth = 0;
}
