/* SPDX-License-Identifier: MIT */
/* Access to the registers of devices. */
#ifndef _LINUX_IO_H
#define _LINUX_IO_H

#include <linux/types.h>
#include <asm/io.h>

/* The same loop as memcpy(), byte by byte: registers may not be read wider than asked. */
static inline void memcpy_fromio(void *to, const volatile void __iomem *from, size_t count)
{
	for (u8 *p = to; count; count--)
		*p++ = readb(from++);
}

static inline void memcpy_toio(volatile void __iomem *to, const void *from, size_t count)
{
	for (const u8 *p = from; count; count--)
		writeb(*p++, to++);
}

#endif
