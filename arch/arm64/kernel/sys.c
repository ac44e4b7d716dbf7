// SPDX-License-Identifier: MIT
/*
 * The table of system calls. <uapi/asm-generic/unistd.h> lists every number that Linux has as
 * __SYSCALL(name); a name without a SYSCALL_DEFINE resolves to ni_syscall through the weak
 * alias that is made for each here.
 */
#include <linux/kernel.h>
#include <linux/syscalls.h>
#include <asm/syscall.h>

/* The linker drops these for what exists. */
#define __SYSCALL(name) \
	long __attribute__((weak, alias("sys_ni_stub"))) __arm64_sys_##name(const struct pt_regs *regs);

static long __used sys_ni_stub(const struct pt_regs *regs)
{
	return __arm64_sys_ni_syscall(regs);
}

#include <uapi/asm-generic/unistd_table.h>

#undef __SYSCALL
#define __SYSCALL(name)	[__NR_##name] = __arm64_sys_##name,

const syscall_fn_t sys_call_table[__NR_syscalls] = {
	[0 ... __NR_syscalls - 1] = __arm64_sys_ni_syscall,
#include <uapi/asm-generic/unistd_table.h>
};
