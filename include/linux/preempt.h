/* SPDX-License-Identifier: MIT */
/*
 * preempt_count: why this task may not be preempted now, or zero.
 *
 * One word in thread_info, changed only by the task itself or by an interrupt on top of it, which
 * puts it back: so plain increments are enough. Its fields:
 *
 *   bits 0-7    preempt_disable() depth (each held spinlock counts once)
 *   bits 16-19  hard interrupt depth
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/current.h>

#define PREEMPT_BITS		8
#define HARDIRQ_SHIFT		16
#define HARDIRQ_BITS		4
#define PREEMPT_MASK		((1U << PREEMPT_BITS) - 1)
#define HARDIRQ_MASK		(((1U << HARDIRQ_BITS) - 1) << HARDIRQ_SHIFT)
#define PREEMPT_OFFSET		1U
#define HARDIRQ_OFFSET		(1U << HARDIRQ_SHIFT)

static __always_inline unsigned int preempt_count(void)
{
	return READ_ONCE(current_thread_info()->preempt_count);
}

static __always_inline void preempt_count_add(unsigned int val)
{
	current_thread_info()->preempt_count += val;
	barrier();
}

static __always_inline void preempt_count_sub(unsigned int val)
{
	barrier();
	current_thread_info()->preempt_count -= val;
}

#define hardirq_count()		(preempt_count() & HARDIRQ_MASK)
#define in_hardirq()		(hardirq_count() != 0)
#define in_interrupt()		(hardirq_count() != 0)
#define in_irq()		in_hardirq()
#define in_task()		(!in_hardirq())
#define in_atomic()		(preempt_count() != 0)
#define preemptible()		(preempt_count() == 0 && !irqs_disabled())

/* Called by preempt_enable() when the count fell to zero and a reschedule is due. */
void preempt_schedule(void);

#define preempt_disable()	preempt_count_add(PREEMPT_OFFSET)
#define preempt_enable_no_resched() preempt_count_sub(PREEMPT_OFFSET)

/* kernel/sched/fuzz.c: a good moment to be preempted? */
#ifdef CONFIG_DEBUG
extern bool sched_fuzz_on;
void __sched_fuzz_point(void);
void __sched_fuzz_preempt(void);
#define sched_fuzz_point()	do { if (unlikely(sched_fuzz_on)) __sched_fuzz_point(); } while (0)
#define sched_fuzz_preempt()	do { if (unlikely(sched_fuzz_on)) __sched_fuzz_preempt(); } while (0)
#else
#define sched_fuzz_point()	do { } while (0)
#endif

#define preempt_enable()								\
do {											\
	sched_fuzz_point();								\
	preempt_count_sub(PREEMPT_OFFSET);						\
	if (unlikely(preempt_count() == 0 && test_thread_flag(TIF_NEED_RESCHED)))	\
		preempt_schedule();							\
} while (0)

#endif
