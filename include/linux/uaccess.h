/* SPDX-License-Identifier: MIT */
/*
 * The only way to a program's memory.
 *
 * Each function checks that the range lies in the user half and then copies with unprivileged
 * loads and stores (LDTR, STTR), so that the MMU checks the program's own rights. A fault there is
 * found in the exception table and ends the copy: the functions say how many bytes were NOT
 * copied. They may sleep (the fault may read a page from disk): never under a spinlock.
 */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

#include <linux/types.h>
#include <linux/errno.h>
#include <linux/kasan-checks.h>
#include <linux/string.h>
#include <linux/sched.h>
#include <asm/uaccess.h>

static inline unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	unsigned long left = n;

	kasan_check_write(to, n);
	if (likely(access_ok(from, n)))
		left = __arch_copy_from_user(to, from, n);
	if (unlikely(left))
		memset(to + (n - left), 0, left);	/* never leak old kernel bytes */
	return left;
}

static inline unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	kasan_check_read(from, n);
	return access_ok(to, n) ? __arch_copy_to_user(to, from, n) : n;
}

static inline unsigned long clear_user(void __user *to, unsigned long n)
{
	return access_ok(to, n) ? __arch_clear_user(to, n) : n;
}

/* For copies that must not sleep: with page faults disabled a fault fails at once. */
static inline void pagefault_disable(void)
{
	current->pagefault_disabled++;
	barrier();
}

static inline void pagefault_enable(void)
{
	barrier();
	current->pagefault_disabled--;
}

#define faulthandler_disabled()	(current->pagefault_disabled || in_atomic())

static inline unsigned long __copy_from_user_inatomic(void *to, const void __user *from, unsigned long n)
{
	kasan_check_write(to, n);
	return __arch_copy_from_user(to, from, n);
}

static inline unsigned long __copy_to_user_inatomic(void __user *to, const void *from, unsigned long n)
{
	kasan_check_read(from, n);
	return __arch_copy_to_user(to, from, n);
}

/* Length without the NUL, -EFAULT, or count when no NUL came within count bytes. */
long strncpy_from_user(char *dst, const char __user *src, long count);
/* Length with the NUL, 0 on a fault, more than n when none came within n bytes. */
long strnlen_user(const char __user *str, long n);

/* Copy a structure whose size the caller and the kernel may see differently (clone3, openat2). */
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize);


/* Read kernel memory that may not be there: 0 or -EFAULT. */
long copy_from_kernel_nofault(void *dst, const void *src, size_t size);

#endif
