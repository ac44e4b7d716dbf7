// SPDX-License-Identifier: MIT
/*
 * Lists of callbacks in segments: see rcu.h. The CPU that owns the list changes it, interrupts off.
 */
#include "rcu.h"

void rcu_segcblist_init(struct rcu_segcblist *rsclp)
{
	int i;

	rsclp->head = NULL;
	rsclp->len = 0;
	for (i = 0; i < RCU_CBLIST_NSEGS; i++) {
		rsclp->tails[i] = &rsclp->head;
		rsclp->gp_seq[i] = 0;
	}
}

void rcu_segcblist_enqueue(struct rcu_segcblist *rsclp, struct rcu_head *head)
{
	head->next = NULL;
	WRITE_ONCE(*rsclp->tails[RCU_NEXT_TAIL], head);
	rsclp->tails[RCU_NEXT_TAIL] = &head->next;
	WRITE_ONCE(rsclp->len, rsclp->len + 1);
}

/**
 * rcu_segcblist_accelerate - give callbacks that have no grace period yet the one that ends at @seq
 *
 * They join the first segment that waits for @seq or later, or take a free one. True if there were
 * any, or any that can now be called earlier: then that grace period is needed.
 */
bool rcu_segcblist_accelerate(struct rcu_segcblist *rsclp, unsigned long seq)
{
	int i;

	for (i = RCU_WAIT_TAIL; i < RCU_NEXT_TAIL; i++) {
		bool empty = rsclp->tails[i] == rsclp->tails[i - 1];

		if (empty || rcu_seq_done(rsclp->gp_seq[i], seq))
			break;
	}
	if (i == RCU_NEXT_TAIL || rsclp->tails[i - 1] == rsclp->tails[RCU_NEXT_TAIL])
		return false;
	for (; i < RCU_NEXT_TAIL; i++) {
		rsclp->tails[i] = rsclp->tails[RCU_NEXT_TAIL];
		rsclp->gp_seq[i] = seq;
	}
	return true;
}

/* The number of grace periods is @seq: which callbacks may be called now? The others move up. */
void rcu_segcblist_advance(struct rcu_segcblist *rsclp, unsigned long seq)
{
	int i, j;

	for (i = RCU_WAIT_TAIL; i < RCU_NEXT_TAIL; i++) {
		if (!rcu_seq_done(seq, rsclp->gp_seq[i]))
			break;
		rsclp->tails[RCU_DONE_TAIL] = rsclp->tails[i];
	}
	if (i == RCU_WAIT_TAIL)
		return;
	for (j = RCU_WAIT_TAIL; j < RCU_NEXT_TAIL; i++, j++) {
		bool left = i < RCU_NEXT_TAIL;

		rsclp->tails[j] = left ? rsclp->tails[i] : rsclp->tails[j - 1];
		rsclp->gp_seq[j] = left ? rsclp->gp_seq[i] : 0;
	}
}

/* Takes those that may be called, a list that ends with NULL. len still counts them. */
struct rcu_head *rcu_segcblist_extract_done(struct rcu_segcblist *rsclp)
{
	struct rcu_head *done = rsclp->head, **end = rsclp->tails[RCU_DONE_TAIL];
	int i;

	if (end == &rsclp->head)
		return NULL;
	WRITE_ONCE(rsclp->head, *end);
	*end = NULL;
	for (i = 0; i < RCU_CBLIST_NSEGS; i++)
		if (rsclp->tails[i] == end)
			rsclp->tails[i] = &rsclp->head;
	return done;
}
