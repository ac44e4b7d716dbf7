// SPDX-License-Identifier: MIT
/*
 * The graph of the lock checker: classes, the edges between them, and the search for a circle.
 *
 * Nothing is ever removed, so the hash tables are read without a lock. graph_lock guards all changes
 * and each search; it is taken by lockdep alone, with interrupts off, and never while printing: a
 * CPU that waits for it may hold the locks of the console.
 *
 * Readers. An edge may be crossed in several ways, and not every circle is a deadlock: a reader who
 * overtakes waiting writers (read_lock() in an interrupt) is not stopped by another reader. So where
 * one edge ends in such a reader (R) and the next begins with a reader (S), nobody waits for anybody,
 * and the search does not go on that way: bfs_pos.only says that all edges up to here end in R.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <asm/barrier.h>
#include <asm/sections.h>
#include <asm/spinlock.h>
#include <asm/stacktrace.h>
#include "lockdep_internals.h"

#define CLASS_HASH_BITS	10
#define EDGE_HASH_BITS	12

static arch_spinlock_t graph_lock;

static struct lock_class lock_classes[MAX_LOCKDEP_KEYS];
static struct lock_list list_entries[MAX_LOCKDEP_ENTRIES];
static unsigned long trace_words[MAX_TRACE_WORDS];
static unsigned int nr_lock_classes, nr_list_entries, nr_trace_words;

static struct lock_class *class_hash[1 << CLASS_HASH_BITS];
static struct lock_list *edge_hash[1 << EDGE_HASH_BITS];

const char *lockdep_gave_up;

/* The checker cannot go on. lockdep.c says why, when no lock of ours is held. */
static void give_up(const char *why)
{
	WRITE_ONCE(debug_locks, 0);
	lockdep_gave_up = why;
}

/* ---- traces */

struct trace_walk {
	unsigned long		*entries;
	unsigned int		nr, max;
	unsigned long		ret;		/* begin here: what is below are lockdep's own functions */
	bool			begun;
};

static bool save_entry(void *cookie, unsigned long pc)
{
	struct trace_walk *walk = cookie;

	walk->begun |= pc == walk->ret;
	if (walk->begun)
		walk->entries[walk->nr++] = pc;
	return walk->nr < walk->max;
}

/* The trace from the caller of lockdep (return address @ret) up. graph_lock is held. */
static const struct lock_trace *save_trace(unsigned long ret)
{
	struct lock_trace *trace = (void *)&trace_words[nr_trace_words];
	struct trace_walk walk = { .entries = trace->entries, .max = MAX_TRACE_DEPTH, .ret = ret };

	if (nr_trace_words + sizeof(*trace) / sizeof(long) + MAX_TRACE_DEPTH > MAX_TRACE_WORDS) {
		give_up("MAX_TRACE_WORDS is too low");
		return NULL;
	}
	arch_stack_walk(save_entry, &walk, NULL, NULL);
	trace->pid = current->pid;
	memcpy(trace->comm, current->comm, sizeof(trace->comm));
	trace->nr_entries = walk.nr;
	nr_trace_words += sizeof(*trace) / sizeof(long) + walk.nr;
	return trace;
}

/* ---- classes */

/* A static per-CPU lock is one lock for each CPU: the linked copy stands for all of them. */
static const void *static_key(const void *addr)
{
	int cpu;

	if ((addr >= (void *)_text && addr < (void *)_end) || is_module_address((unsigned long)addr))
		return addr;
	for_each_possible_cpu(cpu) {
		const void *linked = addr - __per_cpu_offset[cpu];

		if (linked >= (void *)__per_cpu_start && linked < (void *)__per_cpu_end)
			return linked;
	}
	return NULL;
}

/**
 * lockdep_free_key_range - a module goes, and the keys of its locks' classes
 *
 * The classes are not found any more: what lies at their place next has others. Their edges stay, for nobody
 * comes by them again.
 */
void lockdep_free_key_range(const void *start, unsigned long size)
{
	unsigned long flags;

	local_irq_save(flags);
	arch_spin_lock(&graph_lock);
	for (unsigned int i = 0; i < nr_lock_classes; i++) {
		const void *key = lock_classes[i].key;

		if (key >= start && key < start + size) {
			WRITE_ONCE(lock_classes[i].key, NULL);
			WRITE_ONCE(lock_classes[i].name, "(of a module that is gone)");
		}
	}
	arch_spin_unlock(&graph_lock);
	local_irq_restore(flags);
}

static struct lock_class *register_class(struct lockdep_map *lock, unsigned int subclass,
					 const struct lockdep_subclass_key *key,
					 struct lock_class **bucket)
{
	struct lock_class *class;

	arch_spin_lock(&graph_lock);
	for (class = *bucket; class; class = class->hash_next)
		if (class->key == key)
			goto unlock;
	if (nr_lock_classes == MAX_LOCKDEP_KEYS) {
		give_up("MAX_LOCKDEP_KEYS is too low");
		goto unlock;
	}
	class = &lock_classes[nr_lock_classes++];
	class->key = key;
	class->name = lock->name ? lock->name : "?";
	class->subclass = subclass;
	class->hash_next = *bucket;
	smp_store_release(bucket, class);
unlock:
	arch_spin_unlock(&graph_lock);
	return class;
}

/* The class of a lock; NULL if it has none. Interrupts are off. */
struct lock_class *lockdep_class(struct lockdep_map *lock, unsigned int subclass)
{
	const struct lockdep_subclass_key *key = (const void *)lock->key;
	struct lock_class **bucket, *class = READ_ONCE(lock->class_cache);

	if (likely(class && !subclass))
		return class;
	if (!key)
		key = static_key(lock);
	if (unlikely(!key)) {
		if (lockdep_report_begin()) {
			pr_err("BUG: lock %p (\"%s\") was never initialised, or by a static initialiser although it is not static\n",
			       lock, lock->name ? lock->name : "?");
			dump_stack();
			lockdep_report_end();
		}
		give_up("a lock without a class");
		return NULL;
	}
	key += subclass;
	bucket = &class_hash[hash_ptr(key, CLASS_HASH_BITS)];
	for (class = smp_load_acquire(bucket); class; class = class->hash_next)
		if (class->key == key)
			break;
	if (!class)
		class = register_class(lock, subclass, key, bucket);
	if (!subclass)
		WRITE_ONCE(lock->class_cache, class);
	return class;
}

/* ---- the search */

static struct bfs_pos queue[2 * MAX_LOCKDEP_KEYS];
static unsigned int generation;

/* Is this the class that we look for? @only: see bfs_pos */
typedef bool (*bfs_match)(const struct bfs_pos *pos, unsigned long data);

static bool match_class(const struct bfs_pos *pos, unsigned long data)
{
	struct held_lock *target = (struct held_lock *)data;

	/* The end must block, too: he who holds it as a reader does not stop a recursive reader. */
	return pos->class == target->class && (target->read == 0 || !pos->only);
}

static bool match_usage(const struct bfs_pos *pos, unsigned long mask)
{
	return (pos->class->usage_mask & (pos->only ? mask & ~LOCKF_READ : mask)) != 0;
}

static bool visit(struct bfs_pos pos, bool parent_only, struct lock_list *via)
{
	if (pos.class->visit[pos.only].generation == generation)
		return false;
	pos.class->visit[pos.only].generation = generation;
	pos.class->visit[pos.only].parent_only = parent_only;
	pos.class->visit[pos.only].via = via;
	return true;
}

/*
 * Breadth first, so that the circle found is a shortest one. @forward: along the edges, else against
 * them, and then "R" and "S" change roles. Returns true with *hit set to the first match; the root
 * itself is looked at as well. graph_lock is held.
 */
static bool bfs(struct bfs_pos root, bool forward, bfs_match match, unsigned long data,
		struct bfs_pos *hit)
{
	u8 weak_start = forward ? DEP_SR | DEP_SN : DEP_SR | DEP_ER;
	u8 strong_end = forward ? DEP_SN | DEP_EN : DEP_ER | DEP_EN;
	unsigned int head = 0, tail = 0;
	struct lock_list *edge;

	generation++;
	visit(root, false, NULL);
	queue[tail++] = root;
	while (head < tail) {
		struct bfs_pos pos = queue[head++];

		if (match(&pos, data)) {
			*hit = pos;
			return true;
		}
		for (edge = forward ? pos.class->locks_after : pos.class->locks_before; edge;
		     edge = forward ? edge->after_next : edge->before_next) {
			u8 dep = pos.only ? edge->dep & ~weak_start : edge->dep;
			struct bfs_pos next = { forward ? edge->to : edge->from, !(dep & strong_end) };

			if (dep && visit(next, pos.only, edge))
				queue[tail++] = next;
		}
	}
	return false;
}

/* The way from the root of the last search to @pos. graph_lock is held. */
static void copy_path(struct bfs_pos pos, bool forward, struct lock_path *path)
{
	struct bfs_pos at = pos;
	struct lock_list *edge;
	unsigned int i;

	path->end = pos.class;
	for (path->nr = 0; (edge = at.class->visit[at.only].via); path->nr++) {
		bool only = at.class->visit[at.only].parent_only;

		at = (struct bfs_pos){ forward ? edge->from : edge->to, only };
	}
	for (at = pos, i = path->nr; i-- > 0;) {
		edge = at.class->visit[at.only].via;
		if (i < MAX_PATH)
			path->edge[i] = edge;
		at = (struct bfs_pos){ forward ? edge->from : edge->to,
				       at.class->visit[at.only].parent_only };
	}
}

/* ---- edges */

static u8 dep_of(const struct held_lock *prev, const struct held_lock *next)
{
	if (next->read == 2)
		return prev->read ? DEP_SR : DEP_ER;
	return prev->read ? DEP_SN : DEP_EN;
}

static struct lock_list **edge_bucket(struct lock_class *from, struct lock_class *to)
{
	unsigned long key = (from - lock_classes) * MAX_LOCKDEP_KEYS + (to - lock_classes);

	return &edge_hash[hash_long(key, EDGE_HASH_BITS)];
}

static struct lock_list *find_edge(struct lock_list **bucket, struct lock_class *from,
				   struct lock_class *to)
{
	struct lock_list *edge;

	for (edge = smp_load_acquire(bucket); edge; edge = edge->hash_next)
		if (edge->from == from && edge->to == to)
			return edge;
	return NULL;
}

/* The edge, new or known, but without this kind yet. NULL: the pool is empty. graph_lock is held. */
static struct lock_list *get_edge(struct lock_list **bucket, struct lock_class *from,
				  struct lock_class *to, unsigned long ret)
{
	struct lock_list *edge = find_edge(bucket, from, to);

	if (edge)
		return edge;
	if (nr_list_entries == MAX_LOCKDEP_ENTRIES) {
		give_up("MAX_LOCKDEP_ENTRIES is too low");
		return NULL;
	}
	edge = &list_entries[nr_list_entries];
	edge->trace = save_trace(ret);
	if (!edge->trace)
		return NULL;
	nr_list_entries++;
	edge->from = from;
	edge->to = to;
	edge->hash_next = *bucket;
	smp_store_release(bucket, edge);
	return edge;
}

/* Make it a part of the graph. graph_lock is held. */
static void link_edge(struct lock_list *edge, u8 dep)
{
	if (!edge->dep) {
		edge->after_next = edge->from->locks_after;
		edge->from->locks_after = edge;
		edge->before_next = edge->to->locks_before;
		edge->to->locks_before = edge;
	}
	edge->dep |= dep;
}

/* Paths for the report that is being made: lockdep_report_begin() gives them to one CPU at a time. */
static struct lock_path path_a, path_b;

/* Does prev -> next connect a lock that interrupts take with one held while they are on? */
static bool joins_irq_safe_to_unsafe(struct held_lock *prev, struct held_lock *next,
				     struct bfs_pos *safe, struct bfs_pos *unsafe)
{
	struct bfs_pos before = { prev->class, prev->read != 0 };
	struct bfs_pos after = { next->class, next->read == 2 };

	return bfs(after, true, match_usage, LOCKF_ENABLED_HARDIRQ, unsafe) &&
	       bfs(before, false, match_usage, LOCKF_USED_IN_HARDIRQ, safe);
}

/**
 * lockdep_check_order - @next is about to be taken while @prev is held
 * @ret: the return address of lockdep's caller, where traces begin
 *
 * If that is new, it becomes an edge of the graph, unless it would close a circle: then it is
 * reported, once, and left out, so that further circles are found by their own edges.
 */
void lockdep_check_order(struct held_lock *prev, struct held_lock *next, unsigned long ret)
{
	struct lock_list **bucket = edge_bucket(prev->class, next->class);
	struct lock_list *edge = find_edge(bucket, prev->class, next->class);
	struct bfs_pos root = { next->class, next->read == 2 }, hit, safe, unsafe;
	u8 dep = dep_of(prev, next);
	bool circle, irq = false;

	/* Two of one class: check_deadlock() has judged it. */
	if (prev->class == next->class || (edge && (READ_ONCE(edge->known) & dep)))
		return;
	arch_spin_lock(&graph_lock);
	edge = get_edge(bucket, prev->class, next->class, ret);
	if (!edge || (edge->known & dep))
		goto unlock;
	circle = bfs(root, true, match_class, (unsigned long)prev, &hit);
	if (!circle)
		irq = joins_irq_safe_to_unsafe(prev, next, &safe, &unsafe);
	if (!circle && !irq) {
		link_edge(edge, dep);
		WRITE_ONCE(edge->known, edge->known | dep);
		goto unlock;
	}
	/* Another CPU is reporting: this will be found again the next time. */
	if (!lockdep_report_begin())
		goto unlock;
	WRITE_ONCE(edge->known, edge->known | dep);
	if (circle) {
		copy_path(hit, true, &path_a);
	} else {
		copy_path(safe, false, &path_a);
		bfs(root, true, match_usage, LOCKF_ENABLED_HARDIRQ, &unsafe);
		copy_path(unsafe, true, &path_b);
	}
	arch_spin_unlock(&graph_lock);
	if (circle)
		print_circular_bug(prev, next, &path_a);
	else
		print_bad_irq_dependency(prev, next, &path_a, &path_b);
	lockdep_report_end();
	return;
unlock:
	arch_spin_unlock(&graph_lock);
}

/* ---- interrupts */

/* Which older use of the same class makes the new one a deadlock waiting to happen. */
static int conflicting_usage(const struct lock_class *class, enum lock_usage_bit new)
{
	static const enum lock_usage_bit conflicts[LOCK_USAGE_STATES][2] = {
		[LOCK_USED_IN_HARDIRQ] = { LOCK_ENABLED_HARDIRQ, LOCK_ENABLED_HARDIRQ_READ },
		[LOCK_USED_IN_HARDIRQ_READ] = { LOCK_ENABLED_HARDIRQ, LOCK_ENABLED_HARDIRQ },
		[LOCK_ENABLED_HARDIRQ] = { LOCK_USED_IN_HARDIRQ, LOCK_USED_IN_HARDIRQ_READ },
		[LOCK_ENABLED_HARDIRQ_READ] = { LOCK_USED_IN_HARDIRQ, LOCK_USED_IN_HARDIRQ },
	};
	int i;

	for (i = 0; i < 2; i++)
		if (class->usage_mask & LOCKF(conflicts[new][i]))
			return conflicts[new][i];
	return -1;
}

/**
 * lockdep_mark_usage - @hlock is used in a way that its class was perhaps never used in before
 *
 * A lock that an interrupt handler takes must not be held while interrupts are on, and neither may
 * anything that is waited for while it is held: the handler would wait for the code it interrupted.
 */
void lockdep_mark_usage(struct held_lock *hlock, enum lock_usage_bit bit, unsigned long ret)
{
	struct lock_class *class = hlock->class;
	bool used_in = LOCKF(bit) & LOCKF_USED_IN_HARDIRQ, found;
	struct bfs_pos root = { class, (LOCKF(bit) & LOCKF_READ) != 0 }, hit;
	int old;

	if (likely(READ_ONCE(class->usage_known) & LOCKF(bit)))
		return;
	arch_spin_lock(&graph_lock);
	if (class->usage_known & LOCKF(bit))
		goto unlock;
	old = conflicting_usage(class, bit);
	found = old < 0 && bfs(root, used_in, match_usage,
			       used_in ? LOCKF_ENABLED_HARDIRQ : LOCKF_USED_IN_HARDIRQ, &hit);
	if ((old >= 0 || found) && !lockdep_report_begin())
		goto unlock;
	class->usage_traces[bit] = save_trace(ret);
	WRITE_ONCE(class->usage_known, class->usage_known | LOCKF(bit));
	if (old < 0 && !found) {
		class->usage_mask |= LOCKF(bit);
		goto unlock;
	}
	if (found)
		copy_path(hit, used_in, &path_a);
	arch_spin_unlock(&graph_lock);
	if (found)
		print_irq_inversion_bug(hlock, bit, &path_a);
	else
		print_usage_bug(hlock, old, bit);
	lockdep_report_end();
	return;
unlock:
	arch_spin_unlock(&graph_lock);
}
