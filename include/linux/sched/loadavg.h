/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_LOADAVG_H
#define _LINUX_SCHED_LOADAVG_H

/* The load: how many tasks run or want to run or wait for a disk, averaged over 1, 5 and 15 minutes. */

#define FSHIFT		11			/* bits behind the binary point */
#define FIXED_1		(1 << FSHIFT)
#define LOAD_FREQ	(5 * 250 + 1)		/* jiffies between two samples: 5 s */
/* FIXED_1 / e^(5 s / period) */
#define EXP_1		1884
#define EXP_5		2014
#define EXP_15		2037

#define LOAD_INT(x)	((x) >> FSHIFT)
#define LOAD_FRAC(x)	LOAD_INT(((x) & (FIXED_1 - 1)) * 100)

extern unsigned long avenrun[3];

void get_avenrun(unsigned long *loads, unsigned long offset, int shift);
void calc_global_load(void);			/* once a tick, jiffies_lock held */
void calc_load_nohz_start(void);		/* this CPU stops its tick; interrupts are off */

#endif
