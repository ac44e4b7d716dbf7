/* SPDX-License-Identifier: MIT */
/*
 * A list that many may add to and one takes away whole, without a lock.
 *
 * llist_add() pushes by compare-and-exchange; llist_del_all() takes the list by one exchange. Since
 * nobody takes single entries, an entry cannot leave and come back between a pusher's look and its
 * exchange, and no ABA problem exists. The newest is first: llist_reverse_order() mends that.
 */
#ifndef _LINUX_LLIST_H
#define _LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)
#define llist_for_each_safe(pos, n, node)	\
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))

static inline bool llist_empty(const struct llist_head *head)
{
	return READ_ONCE(head->first) == NULL;
}

/* True if the list was empty: then it is for the caller to tell the taker. A full barrier. */
static inline bool llist_add(struct llist_node *new, struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first), *seen;

	for (;;) {
		new->next = first;
		seen = cmpxchg(&head->first, first, new);
		if (seen == first)
			return !first;
		first = seen;
	}
}

/* What was written before each entry was added is seen by who takes it. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

static inline struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *new = NULL, *next;

	for (; head; head = next) {
		next = head->next;
		head->next = new;
		new = head;
	}
	return new;
}

#endif
