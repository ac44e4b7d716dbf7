/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

#include <linux/types.h>
#include <asm/memory.h>
#include <asm/ptrace.h>

#define TASK_SIZE		(1UL << VA_BITS)
#define STACK_TOP		TASK_SIZE
#define STACK_TOP_MAX		TASK_SIZE
#define TASK_UNMAPPED_BASE	(TASK_SIZE / 4)

struct thread_struct {
	unsigned long		tp_value;
};

struct task_struct;

#define task_pt_regs(p)		((struct pt_regs *)NULL)

/* Whoever waits by this waits for another CPU. */
void __attribute__((noreturn)) fuzz_die(const char *what, const char *file, int line);
#define cpu_relax()		fuzz_die("spins for ever", __FILE__, __LINE__)

#endif
