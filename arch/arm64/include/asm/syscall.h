/* SPDX-License-Identifier: MIT */
#ifndef _ASM_SYSCALL_H
#define _ASM_SYSCALL_H

#include <linux/syscalls.h>
#include <asm/unistd.h>

extern const syscall_fn_t sys_call_table[__NR_syscalls];	/* arch/arm64/kernel/sys.c */

long __arm64_sys_ni_syscall(const struct pt_regs *regs);

#endif
