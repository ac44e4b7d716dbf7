/* SPDX-License-Identifier: MIT */
/*
 * `current`: the running task, kept in SP_EL0 while in the kernel (EL1 uses SP_EL1 as its stack
 * pointer, so that the register is free; kernel_entry saves the program's value).
 */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

#ifndef __ASSEMBLY__

#include <linux/compiler.h>
#include <asm/thread_info.h>

struct task_struct;

static __always_inline struct task_struct *get_current(void)
{
	unsigned long sp_el0;

	/* Not volatile: it is constant for the task, so the compiler may keep it. */
	asm("mrs %0, sp_el0" : "=r"(sp_el0));
	return (struct task_struct *)sp_el0;
}
#define current get_current()

#define current_thread_info()	((struct thread_info *)current)

register unsigned long current_stack_pointer asm("sp");

#define test_thread_flag(flag)	test_ti_thread_flag(current_thread_info(), flag)
#define set_thread_flag(flag)	set_ti_thread_flag(current_thread_info(), flag)
#define clear_thread_flag(flag)	clear_ti_thread_flag(current_thread_info(), flag)
#define test_and_clear_thread_flag(flag) test_and_clear_ti_thread_flag(current_thread_info(), flag)

#endif
#endif
