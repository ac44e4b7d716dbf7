/* SPDX-License-Identifier: MIT */
/*
 * A program's memory, from the kernel: see <linux/uaccess.h>. Single values go by get_user() and
 * put_user(), one LDTR or STTR with an entry in the exception table.
 */
#ifndef _ASM_UACCESS_H
#define _ASM_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <asm/asm-extable.h>
#include <asm/processor.h>

static __always_inline int access_ok(const void __user *ptr, unsigned long size)
{
	return size <= TASK_SIZE && (unsigned long)ptr <= TASK_SIZE - size;
}

/* Bytes not copied. arch/arm64/lib */
unsigned long __arch_copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long __arch_copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long __arch_clear_user(void __user *to, unsigned long n);

#define __get_mem(load, reg, x, ptr, err)				\
	asm volatile(							\
	"1:	" load "	" reg "1, [%2]\n"			\
	"2:\n"								\
	".subsection 1\n"						\
	"3:	mov	%w0, %3\n"					\
	"	mov	%1, #0\n"					\
	"	b	2b\n"						\
	".previous\n"							\
	_ASM_EXTABLE(1b, 3b)						\
	: "+r"(err), "=&r"(x)						\
	: "r"(ptr), "i"(-EFAULT))

#define __put_mem(store, reg, x, ptr, err)				\
	asm volatile(							\
	"1:	" store "	" reg "1, [%2]\n"			\
	"2:\n"								\
	".subsection 1\n"						\
	"3:	mov	%w0, %3\n"					\
	"	b	2b\n"						\
	".previous\n"							\
	_ASM_EXTABLE(1b, 3b)						\
	: "+r"(err)							\
	: "rZ"(x), "r"(ptr), "i"(-EFAULT) : "memory")

#define __get_user(x, ptr)						\
({									\
	const __typeof__(*(ptr)) __user *__gp = (ptr);			\
	unsigned long __gv;						\
	int __ge = 0;							\
	switch (sizeof(*__gp)) {					\
	case 1: __get_mem("ldtrb", "%w", __gv, __gp, __ge); break;	\
	case 2: __get_mem("ldtrh", "%w", __gv, __gp, __ge); break;	\
	case 4: __get_mem("ldtr", "%w", __gv, __gp, __ge); break;	\
	case 8: __get_mem("ldtr", "%x", __gv, __gp, __ge); break;	\
	default: __builtin_unreachable();				\
	}								\
	(x) = (__typeof__(*(ptr)))__gv;					\
	__ge;								\
})

#define __put_user(x, ptr)						\
({									\
	__typeof__(*(ptr)) __user *__pp = (ptr);			\
	unsigned long __pv = (unsigned long)(__typeof__(*(ptr)))(x);	\
	int __pe = 0;							\
	switch (sizeof(*__pp)) {					\
	case 1: __put_mem("sttrb", "%w", __pv, __pp, __pe); break;	\
	case 2: __put_mem("sttrh", "%w", __pv, __pp, __pe); break;	\
	case 4: __put_mem("sttr", "%w", __pv, __pp, __pe); break;	\
	case 8: __put_mem("sttr", "%x", __pv, __pp, __pe); break;	\
	default: __builtin_unreachable();				\
	}								\
	__pe;								\
})

#define get_user(x, ptr)						\
({									\
	__typeof__(ptr) __gup = (ptr);					\
	int __gur = -EFAULT;						\
	might_sleep();							\
	if (access_ok(__gup, sizeof(*__gup)))				\
		__gur = __get_user(x, __gup);				\
	else								\
		(x) = (__typeof__(x))0;					\
	__gur;								\
})

#define put_user(x, ptr)						\
({									\
	__typeof__(ptr) __pup = (ptr);					\
	__typeof__(*(ptr)) __pux = (x);					\
	might_sleep();							\
	access_ok(__pup, sizeof(*__pup)) ? __put_user(__pux, __pup) : -EFAULT; \
})

#endif
