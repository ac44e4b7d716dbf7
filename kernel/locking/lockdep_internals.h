/* SPDX-License-Identifier: MIT */
/* What the files of the lock checker share: see lockdep.c for what they do. */
#ifndef _LOCKDEP_INTERNALS_H
#define _LOCKDEP_INTERNALS_H

#include <linux/lockdep.h>
#include <linux/sched.h>

/* The pools. One that is full ends the checking, with a message. */
#define MAX_LOCKDEP_KEYS	1024		/* classes */
#define MAX_LOCKDEP_ENTRIES	8192		/* edges */
#define MAX_TRACE_WORDS		(96 * 1024)
#define MAX_TRACE_DEPTH		20		/* return addresses kept of one trace */

/* Who did it, and from where. */
struct lock_trace {
	pid_t			pid;
	unsigned int		nr_entries;
	char			comm[TASK_COMM_LEN];
	unsigned long		entries[];
};

/* What a class has been seen to do. _READ: as a reader */
enum lock_usage_bit {
	LOCK_USED_IN_HARDIRQ,			/* taken in an interrupt handler */
	LOCK_USED_IN_HARDIRQ_READ,
	LOCK_ENABLED_HARDIRQ,			/* held while interrupts are on */
	LOCK_ENABLED_HARDIRQ_READ,
	LOCK_USAGE_STATES
};

#define LOCKF(bit)		(1U << (bit))
#define LOCKF_READ		(LOCKF(LOCK_USED_IN_HARDIRQ_READ) | LOCKF(LOCK_ENABLED_HARDIRQ_READ))
#define LOCKF_USED_IN_HARDIRQ	(LOCKF(LOCK_USED_IN_HARDIRQ) | LOCKF(LOCK_USED_IN_HARDIRQ_READ))
#define LOCKF_ENABLED_HARDIRQ	(LOCKF(LOCK_ENABLED_HARDIRQ) | LOCKF(LOCK_ENABLED_HARDIRQ_READ))

/*
 * An edge: `to` was taken while `from` was held. Its kinds, as bits of `dep`: from was held as a
 * writer (E, exclusive) or a reader (S, shared); to was taken as a recursive reader (R), or not (N).
 */
struct lock_list {
	struct lock_class	*from, *to;
	struct lock_list	*hash_next, *after_next, *before_next;
	const struct lock_trace	*trace;		/* when the first of its kinds was seen */
	u8			dep;		/* kinds in the graph */
	u8			known;		/* those, and the ones that were reported instead */
};

#define DEP_SR			0x1
#define DEP_ER			0x2
#define DEP_SN			0x4
#define DEP_EN			0x8

/* A place of the search: a class, and whether the way to it admits only the stronger half of edges. */
struct bfs_pos {
	struct lock_class	*class;
	bool			only;
};

struct lock_class {
	struct lock_class	*hash_next;
	const struct lockdep_subclass_key *key;
	const char		*name;
	unsigned int		subclass;
	unsigned int		usage_mask;	/* LOCKF(), as the search sees it */
	unsigned int		usage_known;	/* those, and the ones that were reported instead */
	const struct lock_trace	*usage_traces[LOCK_USAGE_STATES];
	struct lock_list	*locks_after, *locks_before;
	bool			nesting_known;	/* two of it at once: reported */

	/* of the search that runs, for either value of bfs_pos.only */
	struct {
		unsigned int	generation;
		bool		parent_only;
		struct lock_list *via;		/* the edge by which it was reached */
	} visit[2];
};

/* lockdep_graph.c */
struct lock_class *lockdep_class(struct lockdep_map *lock, unsigned int subclass);
void lockdep_check_order(struct held_lock *prev, struct held_lock *next, unsigned long ret);
void lockdep_mark_usage(struct held_lock *hlock, enum lock_usage_bit bit, unsigned long ret);
extern const char *lockdep_gave_up;		/* why; said when graph_lock is free */

/* A way through the graph, copied out of it for a report: edge[0] is the one nearest to the root. */
#define MAX_PATH	32
struct lock_path {
	unsigned int		nr;		/* may be more than are kept */
	struct lock_class	*end;
	struct lock_list	*edge[MAX_PATH];
};

/* lockdep_report.c. Between begin and end one CPU reports, the others' findings have to wait. */
bool lockdep_report_begin(void);
void lockdep_report_end(void);
void print_circular_bug(struct held_lock *prev, struct held_lock *next, struct lock_path *path);
void print_deadlock_bug(struct held_lock *prev, struct held_lock *next);
void print_usage_bug(struct held_lock *hlock, enum lock_usage_bit old, enum lock_usage_bit new);
void print_bad_irq_dependency(struct held_lock *prev, struct held_lock *next,
			      struct lock_path *to_safe, struct lock_path *to_unsafe);
void print_irq_inversion_bug(struct held_lock *hlock, enum lock_usage_bit new,
			     struct lock_path *path);
void print_unlock_imbalance_bug(struct lockdep_map *lock, unsigned long ip);
void print_freed_lock_bug(struct held_lock *hlock, const void *mem, unsigned long len);
void print_held_at_end_bug(const char *when);

#endif
