/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_THREADS_H
#define _LINUX_THREADS_H

#define NR_CPUS		8	/* as many as a GICv2 can address */
#define PID_MAX_LIMIT	32768

#endif
