/* SPDX-License-Identifier: MIT */
/* Walking the frame records (x29 chain) of a kernel stack. */
#ifndef _ASM_STACKTRACE_H
#define _ASM_STACKTRACE_H

#include <linux/types.h>
#include <linux/percpu.h>
#include <asm/memory.h>

/* One for each CPU: where it goes on when a task ran out of kernel stack. */
struct overflow_stack {
	unsigned long words[OVERFLOW_STACK_SIZE / sizeof(long)];
} __aligned(16);
DECLARE_PER_CPU(struct overflow_stack, overflow_stack);

struct pt_regs;
struct task_struct;

/*
 * Calls fn(cookie, pc) for each return address, newest first, until it returns false.
 * regs: start at an exception; else task: where it was switched out; both NULL: the caller.
 */
void arch_stack_walk(bool (*fn)(void *cookie, unsigned long pc), void *cookie,
		     struct task_struct *task, struct pt_regs *regs);
void dump_backtrace(struct pt_regs *regs, struct task_struct *tsk, const char *loglvl);

#endif
