/* SPDX-License-Identifier: MIT */
/*
 * What the files of RCU share: numbers of grace periods, and lists of callbacks.
 */
#ifndef _KERNEL_RCU_RCU_H
#define _KERNEL_RCU_RCU_H

#include <linux/rcupdate.h>

/*
 * The sequence number of grace periods: odd while one is going on, so it rises by one at each start
 * and each end. (Linux keeps two bits for the state.) Compared by differences, since it may wrap.
 */
#define RCU_SEQ_STATE_MASK	1UL

static inline bool rcu_seq_in_progress(unsigned long seq)
{
	return seq & RCU_SEQ_STATE_MASK;
}

/*
 * What the number will be when a whole grace period has passed from now on: one that is under way
 * does not count, for it may not wait for a reader who has only just begun.
 */
static inline unsigned long rcu_seq_snap(unsigned long seq)
{
	return (seq + 1 + 2 * RCU_SEQ_STATE_MASK) & ~RCU_SEQ_STATE_MASK;
}

static inline bool rcu_seq_done(unsigned long seq, unsigned long snap)
{
	return (long)(seq - snap) >= 0;
}

/*
 * The callbacks of a CPU: one list, in the order of call_rcu(), cut into segments. tails[i] points at
 * the link behind the last callback of segment i, so a segment is empty when its tail equals the one
 * before, and moving callbacks on is moving tails.
 *
 *	head -> a -> b -> c -> d -> e -> NULL
 *	             ^tails[DONE]   ^tails[WAIT] = tails[NEXT_READY]  ... tails[NEXT] behind e
 *
 * DONE: may be called. WAIT, NEXT_READY: when the number of grace periods has reached gp_seq[i];
 * WAIT for the one under way, NEXT_READY for the next. NEXT: came in since; not assigned yet.
 */
enum { RCU_DONE_TAIL, RCU_WAIT_TAIL, RCU_NEXT_READY_TAIL, RCU_NEXT_TAIL, RCU_CBLIST_NSEGS };

struct rcu_segcblist {
	struct rcu_head		*head;
	struct rcu_head		**tails[RCU_CBLIST_NSEGS];
	unsigned long		gp_seq[RCU_CBLIST_NSEGS];
	long			len;		/* with those that are being called now */
};

void rcu_segcblist_init(struct rcu_segcblist *rsclp);
void rcu_segcblist_enqueue(struct rcu_segcblist *rsclp, struct rcu_head *head);
bool rcu_segcblist_accelerate(struct rcu_segcblist *rsclp, unsigned long seq);
void rcu_segcblist_advance(struct rcu_segcblist *rsclp, unsigned long seq);
struct rcu_head *rcu_segcblist_extract_done(struct rcu_segcblist *rsclp);

static inline bool rcu_segcblist_empty(struct rcu_segcblist *rsclp)
{
	return !READ_ONCE(rsclp->head);
}

static inline bool rcu_segcblist_ready_cbs(struct rcu_segcblist *rsclp)
{
	return rsclp->tails[RCU_DONE_TAIL] != &rsclp->head;
}

/* Callbacks that have no grace period yet, and room to give them one. */
static inline bool rcu_segcblist_unassigned(struct rcu_segcblist *rsclp)
{
	return rsclp->tails[RCU_NEXT_TAIL] != rsclp->tails[RCU_NEXT_READY_TAIL];
}

/* tree.c, for the tests */
extern unsigned long rcu_jiffies_till_stall;
extern unsigned int rcu_nr_stalls;
unsigned long rcu_get_gp_seq(void);

#endif
