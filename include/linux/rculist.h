/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

/*
 * Lists that are walked under rcu_read_lock() while writers, who exclude each other by a lock, add and
 * take out entries.
 *
 * Adding: the entry's own links first, then, by a release store, the one pointer that makes it
 * reachable. Taking out: the neighbours are joined and the entry keeps its `next`, so that a reader
 * who stands on it finds his way back to the list. It may be freed, or put on another list, only
 * after a grace period. Walks go forward alone: `prev` is the writers'.
 */

#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_next_rcu(list)	((list)->next)
#define list_entry_rcu(ptr, type, member) container_of(READ_ONCE(ptr), type, member)

static inline void __list_add_rcu(struct list_head *new, struct list_head *prev,
				  struct list_head *next)
{
	new->next = next;
	new->prev = prev;
	rcu_assign_pointer(list_next_rcu(prev), new);
	next->prev = new;
}

static inline void list_add_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head->prev, head);
}

static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

/* Readers see one or the other, never both and never neither. */
static inline void list_replace_rcu(struct list_head *old, struct list_head *new)
{
	new->next = old->next;
	new->prev = old->prev;
	rcu_assign_pointer(list_next_rcu(new->prev), new);
	new->next->prev = new;
	old->prev = LIST_POISON2;
}

/*
 * "if (!list_empty()) first = ..." would read the head twice, and it may be emptied in between: these
 * two read it once.
 */
#define list_first_or_null_rcu(ptr, type, member)				\
({										\
	struct list_head *__head = (ptr), *__next = READ_ONCE(__head->next);	\
	likely(__head != __next) ? list_entry(__next, type, member) : NULL;	\
})
#define list_next_or_null_rcu(head, ptr, type, member)				\
({										\
	struct list_head *__head = (head), *__next = READ_ONCE((ptr)->next);	\
	likely(__next != __head) ? list_entry(__next, type, member) : NULL;	\
})

#define list_for_each_entry_rcu(pos, head, member, cond...)			\
	for (pos = list_entry_rcu((head)->next, typeof(*pos), member);		\
	     &pos->member != (head);						\
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_continue_rcu(pos, head, member)			\
	for (pos = list_entry_rcu(pos->member.next, typeof(*pos), member);	\
	     &pos->member != (head);						\
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))

#define hlist_first_rcu(head)	((head)->first)
#define hlist_next_rcu(node)	((node)->next)

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	rcu_assign_pointer(hlist_first_rcu(h), n);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, LIST_POISON2);
}

/* new where old stood: a reader sees the one or the other. */
static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *new)
{
	struct hlist_node *next = old->next;

	new->next = next;
	WRITE_ONCE(new->pprev, old->pprev);
	rcu_assign_pointer(*(struct hlist_node **)new->pprev, new);
	if (next)
		WRITE_ONCE(next->pprev, &new->next);
	WRITE_ONCE(old->pprev, LIST_POISON2);
}

/* Each of two lists of one node gets the other's. */
static inline void hlists_swap_heads_rcu(struct hlist_head *left, struct hlist_head *right)
{
	struct hlist_node *node1 = left->first, *node2 = right->first;

	rcu_assign_pointer(left->first, node2);
	rcu_assign_pointer(right->first, node1);
	WRITE_ONCE(node2->pprev, &left->first);
	WRITE_ONCE(node1->pprev, &right->first);
}

/* hlist_unhashed() is true afterwards. */
static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (!hlist_unhashed(n)) {
		__hlist_del(n);
		WRITE_ONCE(n->pprev, NULL);
	}
}

#define __hlist_entry_rcu(ptr, type, member)					\
	hlist_entry_safe(rcu_dereference_raw(ptr), type, member)
#define hlist_for_each_entry_rcu(pos, head, member, cond...)			\
	for (pos = __hlist_entry_rcu((head)->first, typeof(*(pos)), member);	\
	     pos;								\
	     pos = __hlist_entry_rcu((pos)->member.next, typeof(*(pos)), member))

#endif
