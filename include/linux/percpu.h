/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables: one copy for each CPU, reached by adding the CPU's offset (TPIDR_EL1).
 *
 * The boot CPU uses the linked copy itself (offset 0); setup_per_cpu_areas() makes the others.
 * this_cpu_*() need preemption off, or the task could move between finding the address and
 * using it; get_cpu_var() turns it off.
 */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/threads.h>

#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	\
	__attribute__((section(".data..percpu"))) __typeof__(type) name

extern unsigned long __per_cpu_offset[NR_CPUS];

static inline unsigned long __my_cpu_offset(void)
{
	unsigned long off;

	/* Volatile-free on purpose: within one preemption-off stretch it may be kept in a register. */
	asm("mrs %0, tpidr_el1" : "=r"(off) : "Q"(*(const unsigned long *)current_stack_pointer));
	return off;
}

static inline void set_my_cpu_offset(unsigned long off)
{
	asm volatile("msr tpidr_el1, %0" :: "r"(off) : "memory");
}

#define __percpu_shift(ptr, off) ((__typeof__(ptr))((unsigned long)(ptr) + (off)))

#define this_cpu_ptr(ptr)	__percpu_shift(ptr, __my_cpu_offset())
#define raw_cpu_ptr(ptr)	this_cpu_ptr(ptr)
#define per_cpu_ptr(ptr, cpu)	__percpu_shift(ptr, __per_cpu_offset[cpu])
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

#define __this_cpu_read(var)	(*this_cpu_ptr(&(var)))
#define __this_cpu_write(var, v) (*this_cpu_ptr(&(var)) = (v))
#define __this_cpu_add(var, v)	(*this_cpu_ptr(&(var)) += (v))
#define __this_cpu_inc(var)	__this_cpu_add(var, 1)
#define __this_cpu_dec(var)	__this_cpu_add(var, -1)

#define this_cpu_read(var)						\
({ __typeof__(var) __v; preempt_disable(); __v = __this_cpu_read(var); preempt_enable(); __v; })
#define this_cpu_write(var, v)						\
do { preempt_disable(); __this_cpu_write(var, v); preempt_enable(); } while (0)
/* An interrupt may add to it as well: one atomic operation, which costs as much as three plain ones. */
#define this_cpu_add(var, v)						\
do {									\
	preempt_disable();						\
	(void)__atomic_fetch_add(this_cpu_ptr(&(var)), v, __ATOMIC_RELAXED); \
	preempt_enable();						\
} while (0)
#define this_cpu_inc(var)	this_cpu_add(var, 1)
#define this_cpu_dec(var)	this_cpu_add(var, -1)

#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)	preempt_enable()
#define get_cpu()		({ preempt_disable(); smp_processor_id(); })
#define put_cpu()		preempt_enable()

void setup_per_cpu_areas(void);

#endif
