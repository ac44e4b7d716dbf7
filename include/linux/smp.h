/* SPDX-License-Identifier: MIT */
/*
 * Which CPU is this, and how the others are reached: kernel/smp.c (calling functions on them),
 * arch/arm64/kernel/smp.c (bringing them up, interrupts between them).
 */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/llist.h>
#include <linux/threads.h>
#include <asm/current.h>

struct cpumask;
struct task_struct;

#define raw_smp_processor_id()	(current_thread_info()->cpu)
#define smp_processor_id()	raw_smp_processor_id()

typedef void (*smp_call_func_t)(void *info);

/* A request to call func(info) on another CPU; CSD_FLAG_LOCK in flags while it is on its way. */
typedef struct __call_single_data {
	struct llist_node	node;
	unsigned int		flags;
	smp_call_func_t		func;
	void			*info;
} call_single_data_t;

#define CSD_FLAG_LOCK		0x01

/*
 * func runs on the other CPU in an interrupt: it must not sleep. @wait: return when it has returned.
 * Preemption or not, the caller's interrupts are on: two CPUs that call each other with interrupts
 * off would wait for ever. -ENXIO when that CPU is not online.
 */
int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait);
int smp_call_function_single_async(int cpu, call_single_data_t *csd);	/* -EBUSY: still on its way */
/* On all of @mask that are online, but not on this CPU. Preemption is off. */
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
void smp_call_function(smp_call_func_t func, void *info, int wait);
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
void on_each_cpu(smp_call_func_t func, void *info, int wait);
void generic_smp_call_function_interrupt(void);		/* the IPI, interrupts off */

void smp_init(void);					/* bring up all CPUs there are */
int __cpu_up(unsigned int cpu, struct task_struct *idle);	/* arch: power on, wait until it runs */

/* arch/arm64/kernel/smp.c: the interrupts between CPUs. From any context. */
void smp_send_reschedule(int cpu);
void arch_send_call_function_single_ipi(int cpu);
void arch_send_call_function_ipi_mask(const struct cpumask *mask);
void smp_send_stop(void);				/* panic: the others show where they are, and stop */

#endif
