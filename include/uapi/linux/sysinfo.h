/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_SYSINFO_H
#define _UAPI_LINUX_SYSINFO_H

#include <linux/types.h>

#define SI_LOAD_SHIFT	16

struct sysinfo {
	__kernel_long_t uptime;		/* seconds */
	__kernel_ulong_t loads[3];	/* fixed point, SI_LOAD_SHIFT */
	__kernel_ulong_t totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	__u16 procs;
	__u16 pad;
	__kernel_ulong_t totalhigh, freehigh;
	__u32 mem_unit;
};

#endif
