// SPDX-License-Identifier: MIT
/* Memory and load. */
#ifndef _SYS_SYSINFO_H
#define _SYS_SYSINFO_H

struct sysinfo {
	long		uptime;		/* seconds */
	unsigned long	loads[3];	/* 1, 5 and 15 minutes, times 65536 */
	unsigned long	totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	unsigned short	procs, pad;
	unsigned long	totalhigh, freehigh;
	unsigned int	mem_unit;	/* bytes in a unit of the figures above */
};

int sysinfo(struct sysinfo *info);
int get_nprocs(void);

#endif
