/* SPDX-License-Identifier: MIT */
/* The CPU's part of a task, and where a program's addresses end. */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

#include <linux/types.h>
#include <asm/memory.h>
#include <asm/ptrace.h>

#define TASK_SIZE		(1UL << VA_BITS)
#define STACK_TOP		TASK_SIZE
#define STACK_TOP_MAX		TASK_SIZE
#define TASK_UNMAPPED_BASE	(TASK_SIZE / 4)
#define ELF_ET_DYN_BASE		(2 * (TASK_SIZE / 3))

/* What a function call may not change: all that cpu_switch_to() has to save. */
struct cpu_context {
	unsigned long x19, x20, x21, x22, x23, x24, x25, x26, x27, x28;
	unsigned long fp, sp, pc;
};

struct user_fpsimd_state {
	__uint128_t	vregs[32];
	u32		fpsr;
	u32		fpcr;
	u32		__reserved[2];
};

struct thread_struct {
	struct cpu_context	cpu_context;
	unsigned long		tp_value;	/* TPIDR_EL0 */
	struct user_fpsimd_state fpsimd_state;
	unsigned long		fault_address;	/* of the last fault that became a signal */
	unsigned long		fault_code;	/* its ESR */
};

struct task_struct;

#define task_pt_regs(p) \
	((struct pt_regs *)((unsigned long)(p)->stack + THREAD_SIZE) - 1)

static inline void cpu_relax(void)
{
	asm volatile("yield" ::: "memory");
}

struct task_struct *cpu_switch_to(struct task_struct *prev, struct task_struct *next);
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next);
#define switch_to(prev, next, last) ((last) = __switch_to((prev), (next)))

void start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp);
unsigned long __get_wchan(struct task_struct *p);
void cpu_do_idle(void);			/* interrupts off: WFI wakes all the same */

/* Floating point: arch/arm64/kernel/fpsimd.c */
void fpsimd_save_state(struct user_fpsimd_state *state);
void fpsimd_load_state(const struct user_fpsimd_state *state);
void fpsimd_preserve_current_state(void);	/* registers into current->thread */
void fpsimd_update_current_state(const struct user_fpsimd_state *state);
void fpsimd_flush_thread(void);
void fpsimd_thread_switch(struct task_struct *prev, struct task_struct *next);

#endif
