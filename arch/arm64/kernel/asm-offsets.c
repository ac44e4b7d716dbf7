// SPDX-License-Identifier: MIT
/* Offsets of structures for assembly: compiled to text, from which the Makefile makes asm-offsets.h. */
#include <linux/sched.h>
#include <asm/ptrace.h>

#define DEFINE(sym, val) asm volatile("\n.ascii \"->" #sym " %0\"" :: "i"(val))

int main(void)
{
	DEFINE(PT_REGS_SIZE, sizeof(struct pt_regs));
	DEFINE(S_LR, __builtin_offsetof(struct pt_regs, regs[30]));
	DEFINE(S_SP, __builtin_offsetof(struct pt_regs, sp));
	DEFINE(S_PC, __builtin_offsetof(struct pt_regs, pc));
	DEFINE(S_SYSCALLNO, __builtin_offsetof(struct pt_regs, syscallno));
	DEFINE(S_STACKFRAME, __builtin_offsetof(struct pt_regs, stackframe));
	DEFINE(THREAD_CPU_CONTEXT, __builtin_offsetof(struct task_struct, thread.cpu_context));
	DEFINE(TSK_STACK, __builtin_offsetof(struct task_struct, stack));
	DEFINE(TSK_TI_FLAGS, __builtin_offsetof(struct task_struct, thread_info.flags));
	return 0;
}
