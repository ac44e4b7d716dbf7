/* SPDX-License-Identifier: MIT */
/* Looking at the kernel stack of another task, which goes before the task does: kernel/fork.c. */
#ifndef _LINUX_SCHED_TASK_STACK_H
#define _LINUX_SCHED_TASK_STACK_H

#include <linux/refcount.h>
#include <linux/sched.h>

/* The caller keeps the task. NULL: it has run for the last time. Else put_task_stack() afterwards. */
static inline void *try_get_task_stack(struct task_struct *tsk)
{
	return refcount_inc_not_zero(&tsk->stack_refcount) ? task_stack_page(tsk) : NULL;
}

void put_task_stack(struct task_struct *tsk);

#endif
