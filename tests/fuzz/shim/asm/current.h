/* SPDX-License-Identifier: MIT */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

/* There is one task. */

#include <linux/compiler.h>
#include <asm/thread_info.h>

struct task_struct;
extern struct task_struct init_task;

#define current			(&init_task)
#define get_current()		current
#define current_thread_info()	((struct thread_info *)current)
#define current_stack_pointer	((unsigned long)__builtin_frame_address(0))

#define test_thread_flag(flag)	test_ti_thread_flag(current_thread_info(), flag)
#define set_thread_flag(flag)	set_ti_thread_flag(current_thread_info(), flag)
#define clear_thread_flag(flag)	clear_ti_thread_flag(current_thread_info(), flag)
#define test_and_clear_thread_flag(flag) test_and_clear_ti_thread_flag(current_thread_info(), flag)

/* <linux/compiler.h> has it in assembly. */
#undef _THIS_IP_
#define _THIS_IP_		_RET_IP_

#endif
