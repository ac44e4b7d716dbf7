// SPDX-License-Identifier: MIT
/* CPU time of a process and its children, in ticks of 1/100 s. */
#ifndef _SYS_TIMES_H
#define _SYS_TIMES_H

#include <sys/types.h>

struct tms {
	clock_t tms_utime, tms_stime, tms_cutime, tms_cstime;
};

clock_t times(struct tms *t);

#endif
