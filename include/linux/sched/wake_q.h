/* SPDX-License-Identifier: MIT */
/*
 * A list of tasks to wake once a lock is released: woken under it, they would run into it.
 *
 *	DEFINE_WAKE_Q(wake_q);
 *	... lock; wake_q_add(&wake_q, task) for each; unlock ...
 *	wake_up_q(&wake_q);
 *
 * A task can be on one list at a time. One that is on another's already is left to that: its wake-up is
 * still to come, and what the caller changed before wake_q_add() is seen by the task after it.
 * kernel/sched/wakeup.c.
 */
#ifndef _LINUX_SCHED_WAKE_Q_H
#define _LINUX_SCHED_WAKE_Q_H

#include <linux/sched.h>

struct wake_q_head {
	struct wake_q_node	*first;
	struct wake_q_node	**lastp;
};

#define WAKE_Q_TAIL	((struct wake_q_node *)0x01)	/* the end of a list: NULL is "on none" */

#define WAKE_Q_HEAD_INITIALIZER(name)	{ WAKE_Q_TAIL, &(name).first }
#define DEFINE_WAKE_Q(name)		struct wake_q_head name = WAKE_Q_HEAD_INITIALIZER(name)

static inline bool wake_q_empty(struct wake_q_head *head)
{
	return head->first == WAKE_Q_TAIL;
}

void wake_q_add(struct wake_q_head *head, struct task_struct *task);
void wake_q_add_safe(struct wake_q_head *head, struct task_struct *task);	/* takes over a reference */
void wake_up_q(struct wake_q_head *head);

#endif
