/* SPDX-License-Identifier: MIT */
/* A range of physical addresses that belongs to a device. */
#ifndef _LINUX_IOPORT_H
#define _LINUX_IOPORT_H

#include <linux/types.h>

struct resource {
	resource_size_t	start, end;	/* end is the last byte */
	const char	*name;
	unsigned long	flags;		/* IORESOURCE_* */
};

#define IORESOURCE_MEM	0x00000200

static inline resource_size_t resource_size(const struct resource *res)
{
	return res->end - res->start + 1;
}

#endif
