/* SPDX-License-Identifier: MIT */
/*
 * SYSCALL_DEFINEn(name, type1, arg1, ...): the body of a system call.
 *
 * It makes __arm64_sys_NAME(regs), which takes the arguments out of x0-x5 and casts each to its
 * type: a 32-bit argument's upper half is rubbish by the ABI. arch/arm64/kernel/sys.c puts it into
 * the table by the number in <uapi/asm-generic/unistd.h>.
 */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <asm/ptrace.h>

#define __SC_DECL1(t, a)	t a
#define __SC_DECL2(t, a, ...)	t a, __SC_DECL1(__VA_ARGS__)
#define __SC_DECL3(t, a, ...)	t a, __SC_DECL2(__VA_ARGS__)
#define __SC_DECL4(t, a, ...)	t a, __SC_DECL3(__VA_ARGS__)
#define __SC_DECL5(t, a, ...)	t a, __SC_DECL4(__VA_ARGS__)
#define __SC_DECL6(t, a, ...)	t a, __SC_DECL5(__VA_ARGS__)

#define __SC_CAST1(r, n, t, a)		(t)(r)->regs[n]
#define __SC_CAST2(r, n, t, a, ...)	(t)(r)->regs[n], __SC_CAST1(r, n + 1, __VA_ARGS__)
#define __SC_CAST3(r, n, t, a, ...)	(t)(r)->regs[n], __SC_CAST2(r, n + 1, __VA_ARGS__)
#define __SC_CAST4(r, n, t, a, ...)	(t)(r)->regs[n], __SC_CAST3(r, n + 1, __VA_ARGS__)
#define __SC_CAST5(r, n, t, a, ...)	(t)(r)->regs[n], __SC_CAST4(r, n + 1, __VA_ARGS__)
#define __SC_CAST6(r, n, t, a, ...)	(t)(r)->regs[n], __SC_CAST5(r, n + 1, __VA_ARGS__)

#define __SYSCALL_DEFINEx(x, name, ...)							\
	static __always_inline long __do_sys_##name(__SC_DECL##x(__VA_ARGS__));		\
	long __arm64_sys_##name(const struct pt_regs *regs);				\
	long __arm64_sys_##name(const struct pt_regs *regs)				\
	{										\
		return __do_sys_##name(__SC_CAST##x(regs, 0, __VA_ARGS__));		\
	}										\
	static __always_inline long __do_sys_##name(__SC_DECL##x(__VA_ARGS__))

#define SYSCALL_DEFINE0(name)								\
	long __arm64_sys_##name(const struct pt_regs *__unused);			\
	long __arm64_sys_##name(const struct pt_regs *__unused)
#define SYSCALL_DEFINE1(name, ...) __SYSCALL_DEFINEx(1, name, __VA_ARGS__)
#define SYSCALL_DEFINE2(name, ...) __SYSCALL_DEFINEx(2, name, __VA_ARGS__)
#define SYSCALL_DEFINE3(name, ...) __SYSCALL_DEFINEx(3, name, __VA_ARGS__)
#define SYSCALL_DEFINE4(name, ...) __SYSCALL_DEFINEx(4, name, __VA_ARGS__)
#define SYSCALL_DEFINE5(name, ...) __SYSCALL_DEFINEx(5, name, __VA_ARGS__)
#define SYSCALL_DEFINE6(name, ...) __SYSCALL_DEFINEx(6, name, __VA_ARGS__)

typedef long (*syscall_fn_t)(const struct pt_regs *regs);

#endif
