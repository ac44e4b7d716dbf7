// SPDX-License-Identifier: MIT
/*
 * What the lock checker says. Each report begins with a line "WARNING: ..." that names the mistake,
 * then the locks and the traces that prove it.
 *
 * One report at a time. Its lines go through printk, whose locks are not checked meanwhile
 * (lockdep_recursion). A report about a lock that is taken inside printk ends as "spinlock recursion".
 */
#include <linux/kernel.h>
#include <linux/sched/debug.h>
#include "lockdep_internals.h"

static int reporting;

bool lockdep_report_begin(void)
{
	return !__atomic_exchange_n(&reporting, 1, __ATOMIC_ACQUIRE);
}

void lockdep_report_end(void)
{
	__atomic_store_n(&reporting, 0, __ATOMIC_RELEASE);
}

/* "name", or "name/1" for a subclass. The buffer is the report's, as everything here. */
static const char *class_name(const struct lock_class *class)
{
	static char names[4][64];
	static unsigned int turn;
	char *name = names[turn++ % ARRAY_SIZE(names)];

	if (class->subclass)
		snprintf(name, sizeof(names[0]), "%s/%u", class->name, class->subclass);
	else
		snprintf(name, sizeof(names[0]), "%s", class->name);
	return name;
}

static void print_lock(const char *prefix, const struct held_lock *hlock)
{
	static const char *const how[] = { "", " as a reader", " as a recursive reader" };

	pr_err("%s(%s) at %p%s, by %pS\n", prefix, class_name(hlock->class), hlock->instance,
	       how[hlock->read], (void *)hlock->acquire_ip);
}

static void print_trace(const struct lock_trace *trace)
{
	unsigned int i;

	if (!trace)
		return;
	pr_err("  by %s/%d:\n", trace->comm, trace->pid);
	for (i = 0; i < trace->nr_entries; i++)
		pr_err("   %pB\n", (void *)trace->entries[i]);
}

static void print_path(const struct lock_path *path)
{
	unsigned int i;

	for (i = 0; i < path->nr && i < MAX_PATH; i++) {
		const struct lock_list *edge = path->edge[i];

		pr_err("-> (%s) was held when (%s) was taken,\n", class_name(edge->from),
		       class_name(edge->to));
		print_trace(edge->trace);
	}
}

static void begin(const char *what)
{
	pr_err("======================================================\n");
	pr_err("WARNING: %s\n", what);
	pr_err("------------------------------------------------------\n");
}

/* What the new trace is, and all that is held. */
static void end(const char *what)
{
	debug_show_held_locks(current);
	pr_err("%s\n", what);
	dump_stack();
}

/* ---- order */

void print_circular_bug(struct held_lock *prev, struct held_lock *next, struct lock_path *path)
{
	begin("possible circular locking dependency detected");
	pr_err("%s/%d takes a lock\n", current->comm, current->pid);
	print_lock("   ", next);
	pr_err("while it holds\n");
	print_lock("   ", prev);
	pr_err("but the order of these two was the other one before:\n");
	print_path(path);
	pr_err("Two tasks that do so at the same time wait for each other for ever.\n");
	end("The new order is made here:");
}

void print_deadlock_bug(struct held_lock *prev, struct held_lock *next)
{
	begin("possible recursive locking detected");
	pr_err("%s/%d takes a lock\n", current->comm, current->pid);
	print_lock("   ", next);
	if (prev->instance == next->instance)
		pr_err("that it holds already\n");
	else
		pr_err("while it holds another one of the same class\n");
	print_lock("   ", prev);
	if (prev->instance != next->instance)
		pr_err("If the two are always taken in one order, say so: a subclass by ..._nested().\n");
	end("The second one is taken here:");
}

/* ---- interrupts */

static const char *const usage_text[LOCK_USAGE_STATES] = {
	[LOCK_USED_IN_HARDIRQ] = "taken in an interrupt handler",
	[LOCK_USED_IN_HARDIRQ_READ] = "taken as a reader in an interrupt handler",
	[LOCK_ENABLED_HARDIRQ] = "held with interrupts on",
	[LOCK_ENABLED_HARDIRQ_READ] = "held as a reader with interrupts on",
};

static void print_usage(const struct lock_class *class, unsigned int mask)
{
	enum lock_usage_bit bit;

	for (bit = 0; bit < LOCK_USAGE_STATES; bit++) {
		if (!(class->usage_mask & mask & LOCKF(bit)))
			continue;
		pr_err("(%s) is %s,\n", class_name(class), usage_text[bit]);
		print_trace(class->usage_traces[bit]);
	}
}

void print_usage_bug(struct held_lock *hlock, enum lock_usage_bit old, enum lock_usage_bit new)
{
	begin("inconsistent lock state: a lock that interrupts take is held with interrupts on");
	pr_err("%s/%d takes or holds\n", current->comm, current->pid);
	print_lock("   ", hlock);
	pr_err("which is %s now, and was %s before\n", usage_text[new], usage_text[old]);
	print_trace(hlock->class->usage_traces[old]);
	pr_err("An interrupt that comes while it is held would wait for the code it interrupted.\n");
	end("The new use is made here:");
}

void print_bad_irq_dependency(struct held_lock *prev, struct held_lock *next,
			      struct lock_path *to_safe, struct lock_path *to_unsafe)
{
	begin("a lock that interrupts take comes before one that is held with interrupts on");
	pr_err("%s/%d takes a lock\n", current->comm, current->pid);
	print_lock("   ", next);
	pr_err("while it holds\n");
	print_lock("   ", prev);
	print_path(to_safe);
	print_usage(to_safe->end, LOCKF_USED_IN_HARDIRQ);
	print_path(to_unsafe);
	print_usage(to_unsafe->end, LOCKF_ENABLED_HARDIRQ);
	pr_err("An interrupt on top of the holder of (%s) may wait for (%s), and so for us, who wait for him.\n",
	       class_name(to_unsafe->end), class_name(to_safe->end));
	end("The connection is made here:");
}

void print_irq_inversion_bug(struct held_lock *hlock, enum lock_usage_bit new,
			     struct lock_path *path)
{
	unsigned int others = LOCKF(new) & LOCKF_USED_IN_HARDIRQ ? LOCKF_ENABLED_HARDIRQ :
								   LOCKF_USED_IN_HARDIRQ;

	begin("a lock that interrupts take comes before one that is held with interrupts on");
	pr_err("%s/%d takes or holds\n", current->comm, current->pid);
	print_lock("   ", hlock);
	pr_err("which is %s now, for the first time\n", usage_text[new]);
	print_path(path);
	print_usage(path->end, others);
	end("The new use is made here:");
}

/* ---- holding */

void print_unlock_imbalance_bug(struct lockdep_map *lock, unsigned long ip)
{
	begin("bad unlock balance detected: release of a lock that is not held");
	pr_err("%s/%d releases (%s) at %p, by %pS\n", current->comm, current->pid,
	       lock->name ? lock->name : "?", lock, (void *)ip);
	end("It is released here:");
}

void print_freed_lock_bug(struct held_lock *hlock, const void *mem, unsigned long len)
{
	begin("held lock freed, or initialised anew");
	pr_err("%s/%d gives away memory %p-%p, in which is\n", current->comm, current->pid, mem,
	       mem + len);
	print_lock("   ", hlock);
	end("It is given away here:");
}

void print_held_at_end_bug(const char *when)
{
	begin(when);
	pr_err("%s/%d should hold nothing here\n", current->comm, current->pid);
	end("Seen here:");
}

/* Another task's stack of locks changes while it is read: it is a hint then. */
void debug_show_held_locks(struct task_struct *task)
{
	unsigned int i, depth = min_t(unsigned int, READ_ONCE(task->lockdep_depth), MAX_LOCK_DEPTH);

	if (!READ_ONCE(debug_locks)) {
		pr_err("locks held: unknown, lockdep is turned off\n");
		return;
	}
	pr_err("%u lock%s held by %s/%d%s\n", depth, depth == 1 ? "" : "s", task->comm, task->pid,
	       depth ? ":" : "");
	for (i = 0; i < depth; i++) {
		struct held_lock hlock = task->held_locks[i];
		char prefix[16];

		if (!hlock.instance || !hlock.class)
			continue;
		snprintf(prefix, sizeof(prefix), " #%u: ", i);
		print_lock(prefix, &hlock);
	}
}
