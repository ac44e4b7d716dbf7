// SPDX-License-Identifier: MIT
/*
 * Spinlocks in a DEBUG=1 build: <linux/spinlock.h> comes here instead of going to the lock itself.
 *
 * Each lock knows its holder, so that taking a lock twice or releasing that of another is reported;
 * the order of locks is lockdep's business. `owner` is written by the holder while he holds the lock;
 * another CPU that reads it may see an old value, but never current's own task unless current is the
 * holder.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/debug.h>
#include <linux/spinlock.h>
#include <linux/time64.h>
#include <asm/processor.h>

#ifdef CONFIG_DEBUG

void __spin_lock_init(spinlock_t *lock, const char *name, struct lock_class_key *key)
{
	debug_check_no_locks_freed(lock, sizeof(*lock));
	*lock = (spinlock_t){ .raw_lock = { 0, 0 } };
	lockdep_init_map(&lock->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__spin_lock_init);

#define SPIN_LIMIT	(10 * NSEC_PER_SEC)	/* of the guest's time */
#define SPIN_STEP	(100 * NSEC_PER_MSEC)

/* A report may itself take locks: no report inside a report. */
static int reporting;

static void show_owner(spinlock_t *lock)
{
	struct task_struct *owner = READ_ONCE(lock->owner);
	pid_t pid = READ_ONCE(lock->owner_pid);

	if (!owner)
		return;
	if (owner->pid != pid) {
		pr_err("  held by PID %d, which has ended\n", pid);
		return;
	}
	pr_err("  held by %s/%d\n", owner->comm, pid);
	debug_show_held_locks(owner);
}

static noinline void spin_bug(spinlock_t *lock, const char *what)
{
	if (__atomic_exchange_n(&reporting, 1, __ATOMIC_RELAXED))
		return;
	lockdep_off();
	pr_err("BUG: spinlock %s: lock \"%s\" at %p, task %s/%d\n", what,
	       lock->dep_map.name ? lock->dep_map.name : "?", lock, current->comm, current->pid);
	show_owner(lock);
	if (READ_ONCE(lock->owner) != current)
		debug_show_held_locks(current);
	dump_stack();
	lockdep_on();
	__atomic_store_n(&reporting, 0, __ATOMIC_RELAXED);
}

static __always_inline void set_owner(spinlock_t *lock)
{
	WRITE_ONCE(lock->owner, current);
	WRITE_ONCE(lock->owner_pid, current->pid);
}

/* In the queue, as any waiter, but with a look at the clock. */
static noinline void wait_for_turn(spinlock_t *lock)
{
	u16 ticket = arch_spin_ticket(&lock->raw_lock);
	u64 waited = 0, last = sched_clock(), now;
	bool reported = false;

	while (!arch_spin_is_served(&lock->raw_lock, ticket)) {
		cpu_relax();
		/* A long step is a machine that the host has stopped, or an interrupt: nobody waited. */
		now = sched_clock();
		waited += min_t(u64, now - last, SPIN_STEP);
		last = now;
		if (unlikely(waited > SPIN_LIMIT && !reported)) {
			reported = true;
			spin_bug(lock, "waited for 10 seconds for");
		}
	}
}

/* Waiting for oneself would last for ever, and silently: stop here instead. */
void do_raw_spin_lock(spinlock_t *lock)
{
	if (unlikely(READ_ONCE(lock->owner) == current && spin_is_locked(lock))) {
		spin_bug(lock, "recursion (this task, or an interrupt on top of it, holds it already)");
		panic("spinlock recursion");
	}
	if (unlikely(!arch_spin_trylock(&lock->raw_lock)))
		wait_for_turn(lock);
	set_owner(lock);
}
EXPORT_SYMBOL(do_raw_spin_lock);

int do_raw_spin_trylock(spinlock_t *lock)
{
	if (!arch_spin_trylock(&lock->raw_lock))
		return 0;
	set_owner(lock);
	return 1;
}
EXPORT_SYMBOL(do_raw_spin_trylock);

/* A lock that nobody holds stays as it is: letting it go once more would break it for good. */
void do_raw_spin_unlock(spinlock_t *lock, unsigned long ip)
{
	if (unlikely(!spin_is_locked(lock))) {
		spin_bug(lock, "released that is not held");
		return;
	}
	if (unlikely(READ_ONCE(lock->owner) != current))
		spin_bug(lock, "released by another task than the one that took it");
	else
		spin_release(&lock->dep_map, ip);
	WRITE_ONCE(lock->owner, NULL);
	arch_spin_unlock(&lock->raw_lock);
}
EXPORT_SYMBOL(do_raw_spin_unlock);

#else

void debug_show_held_locks(struct task_struct *task)
{
	pr_info("locks held: built without DEBUG=1, they are not recorded\n");
}

#endif
