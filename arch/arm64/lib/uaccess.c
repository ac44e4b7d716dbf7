// SPDX-License-Identifier: MIT
/* Strings and structures from a program; reading kernel memory that may not be there. */
#include <linux/export.h>
#include <linux/kasan-checks.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>

long __arch_strncpy_from_user(char *dst, const char __user *src, long count);

/**
 * strncpy_from_user - copy a string with its NUL
 * @count: room in dst, in bytes
 *
 * Returns the length without the NUL, count when no NUL came within count bytes (dst is then not
 * terminated), -EFAULT. A string that runs up to the end of the user half is cut off there.
 */
long strncpy_from_user(char *dst, const char __user *src, long count)
{
	unsigned long room = TASK_SIZE - (unsigned long)src;
	long ret;

	might_sleep();
	if (count <= 0)
		return 0;
	if ((unsigned long)src >= TASK_SIZE)
		return -EFAULT;
	kasan_check_write(dst, count);
	ret = __arch_strncpy_from_user(dst, src, min_t(unsigned long, count, room));
	if (ret == (long)room && ret < count)
		return -EFAULT;		/* came to the end of user addresses without a NUL */
	return ret;
}
EXPORT_SYMBOL(strncpy_from_user);

long strnlen_user(const char __user *str, long n)
{
	char chunk[64];
	long len = 0;

	while (len < n) {
		long want = min_t(long, sizeof(chunk), n - len), got;

		got = strncpy_from_user(chunk, str + len, want);
		if (got < 0)
			return 0;
		len += got;
		if (got < want)
			return len + 1;
	}
	return n + 1;
}
EXPORT_SYMBOL(strnlen_user);

/**
 * copy_struct_from_user - take a structure that has grown over time
 * @ksize: what this kernel knows, @usize: what the caller passed
 *
 * What the caller does not know is zero; what the kernel does not know must be zero (-E2BIG).
 */
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	size_t size = min(ksize, usize), i;

	for (i = size; i < usize; i++) {
		char c;

		if (get_user(c, (const char __user *)src + i))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	memset(dst + size, 0, ksize - size);
	return copy_from_user(dst, src, size) ? -EFAULT : 0;
}

/**
 * copy_from_kernel_nofault - read kernel memory for a report; the address may be rubbish
 *
 * Returns 0 or -EFAULT. Never sleeps: a fault at EL1 on a kernel address goes to the fixup.
 */
long copy_from_kernel_nofault(void *dst, const void *src, size_t size)
{
	unsigned char *to = dst;
	const unsigned char *from = src;

	while (size--) {
		unsigned long c;
		int err = 0;

		if ((unsigned long)from < PAGE_OFFSET)
			return -EFAULT;
		__get_mem("ldrb", "%w", c, from, err);
		if (err)
			return err;
		*to++ = c;
		from++;
	}
	return 0;
}
EXPORT_SYMBOL(copy_from_kernel_nofault);
