// SPDX-License-Identifier: MIT
/* Device numbers as stat gives them: 12 bits of major at 8, minor in bits 0-7 and 20-31. */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H

#define major(d)	((unsigned int)((d) >> 8 & 0xfff) | (unsigned int)((d) >> 32 & ~0xfffUL))
#define minor(d)	((unsigned int)((d) & 0xff) | (unsigned int)((d) >> 12 & ~0xffUL))
#define makedev(a, b)	(((dev_t)((a) & 0xfff) << 8) | ((dev_t)((a) & ~0xfffU) << 32) | \
			 ((b) & 0xff) | ((dev_t)((b) & ~0xffU) << 12))

#endif
