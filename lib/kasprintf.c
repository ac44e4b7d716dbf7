// SPDX-License-Identifier: MIT
/* Formatted text in memory of its own. */

#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/**
 * kvasprintf - format into a new buffer that is just large enough
 *
 * Returns NULL without memory. The caller frees the buffer with kfree(). What the arguments point
 * to must not grow meanwhile: they are formatted twice.
 */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	va_list copy;
	int len;
	char *buf;

	va_copy(copy, args);
	len = vsnprintf(NULL, 0, fmt, copy);
	va_end(copy);
	buf = kmalloc(len + 1, gfp);
	if (!buf)
		return NULL;
	WARN_ON(vsnprintf(buf, len + 1, fmt, args) != len);
	return buf;
}
EXPORT_SYMBOL(kvasprintf);

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *buf;

	va_start(args, fmt);
	buf = kvasprintf(gfp, fmt, args);
	va_end(args);
	return buf;
}
EXPORT_SYMBOL(kasprintf);
