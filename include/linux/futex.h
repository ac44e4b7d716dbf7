/* SPDX-License-Identifier: MIT */
/* Futexes for the rest of the kernel: what becomes of them when a task leaves its address space. */
#ifndef _LINUX_FUTEX_H
#define _LINUX_FUTEX_H

#include <linux/ktime.h>
#include <linux/types.h>
#include <uapi/linux/futex.h>

struct task_struct;

void futex_exit_release(struct task_struct *tsk);	/* exit: robust mutexes of a dead owner */
void futex_exec_release(struct task_struct *tsk);	/* the same for exec */
long do_futex(u32 __user *uaddr, int op, u32 val, ktime_t *timeout, u32 __user *uaddr2, u32 val2, u32 val3);

#endif
