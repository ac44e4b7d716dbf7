/* SPDX-License-Identifier: MIT */
/*
 * The part of a task that the entry code reads: it lies first in task_struct, so that SP_EL0
 * points at it. The offsets come to assembly through asm-offsets.
 */
#ifndef _ASM_THREAD_INFO_H
#define _ASM_THREAD_INFO_H

#include <asm/memory.h>

#define TIF_SIGPENDING		0	/* a signal may be waiting */
#define TIF_NEED_RESCHED	1
#define TIF_NOTIFY_RESUME	2
#define TIF_RESTORE_SIGMASK	20	/* a system call swapped the mask; see saved_sigmask */

#define _TIF_SIGPENDING		(1 << TIF_SIGPENDING)
#define _TIF_NEED_RESCHED	(1 << TIF_NEED_RESCHED)
#define _TIF_NOTIFY_RESUME	(1 << TIF_NOTIFY_RESUME)
#define _TIF_WORK_MASK		(_TIF_SIGPENDING | _TIF_NEED_RESCHED | _TIF_NOTIFY_RESUME)

#ifndef __ASSEMBLY__

#include <linux/compiler.h>
#include <linux/types.h>

struct thread_info {
	unsigned long	flags;		/* TIF_*: set by anyone, so changed atomically */
	unsigned int	preempt_count;	/* <linux/preempt.h> */
	unsigned int	cpu;		/* where it runs, or ran last */
};

static __always_inline void set_ti_thread_flag(struct thread_info *ti, int flag)
{
	__atomic_fetch_or(&ti->flags, 1UL << flag, __ATOMIC_RELAXED);
}

static __always_inline void clear_ti_thread_flag(struct thread_info *ti, int flag)
{
	__atomic_fetch_and(&ti->flags, ~(1UL << flag), __ATOMIC_RELAXED);
}

static __always_inline int test_ti_thread_flag(struct thread_info *ti, int flag)
{
	return (READ_ONCE(ti->flags) >> flag) & 1;
}

static __always_inline int test_and_clear_ti_thread_flag(struct thread_info *ti, int flag)
{
	return (__atomic_fetch_and(&ti->flags, ~(1UL << flag), __ATOMIC_SEQ_CST) >> flag) & 1;
}

#endif
#endif
