/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TIMERQUEUE_H
#define _LINUX_TIMERQUEUE_H

/* A queue sorted by time: a red-black tree that knows its earliest entry. The user brings the lock. */

#include <linux/ktime.h>
#include <linux/rbtree.h>

struct timerqueue_node {
	struct rb_node	node;
	ktime_t		expires;
};

struct timerqueue_head {
	struct rb_root_cached	rb_root;
};

static inline bool __timerqueue_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct timerqueue_node, node)->expires <
	       rb_entry(b, struct timerqueue_node, node)->expires;
}

static inline void timerqueue_init(struct timerqueue_node *node)
{
	RB_CLEAR_NODE(&node->node);
}

static inline void timerqueue_init_head(struct timerqueue_head *head)
{
	head->rb_root = RB_ROOT_CACHED;
}

static inline bool timerqueue_node_queued(struct timerqueue_node *node)
{
	return !RB_EMPTY_NODE(&node->node);
}

static inline struct timerqueue_node *timerqueue_getnext(struct timerqueue_head *head)
{
	struct rb_node *leftmost = rb_first_cached(&head->rb_root);

	return rb_entry_safe(leftmost, struct timerqueue_node, node);
}

static inline struct timerqueue_node *timerqueue_iterate_next(struct timerqueue_node *node)
{
	return rb_entry_safe(rb_next(&node->node), struct timerqueue_node, node);
}

/* True if @node is now the earliest. */
static inline bool timerqueue_add(struct timerqueue_head *head, struct timerqueue_node *node)
{
	return rb_add_cached(&node->node, &head->rb_root, __timerqueue_less) != NULL;
}

/* True if the queue is not empty now. */
static inline bool timerqueue_del(struct timerqueue_head *head, struct timerqueue_node *node)
{
	rb_erase_cached(&node->node, &head->rb_root);
	RB_CLEAR_NODE(&node->node);
	return rb_first_cached(&head->rb_root) != NULL;
}

#endif
