/* SPDX-License-Identifier: MIT */
#ifndef _ASM_UACCESS_H
#define _ASM_UACCESS_H

/* The program that makes the system calls is the harness: its memory is ours, and AddressSanitizer's. */

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/processor.h>

static __always_inline int access_ok(const void __user *ptr, unsigned long size)
{
	return size <= TASK_SIZE && (unsigned long)ptr <= TASK_SIZE - size;
}

static inline unsigned long __arch_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	memcpy(to, from, n);
	return 0;
}

static inline unsigned long __arch_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	memcpy(to, from, n);
	return 0;
}

static inline unsigned long __arch_clear_user(void __user *to, unsigned long n)
{
	memset(to, 0, n);
	return 0;
}

#define __get_user(x, ptr)	({ (x) = *(ptr); 0; })
#define __put_user(x, ptr)	({ *(ptr) = (x); 0; })
#define get_user(x, ptr)	__get_user(x, ptr)
#define put_user(x, ptr)	__put_user(x, ptr)

#endif
