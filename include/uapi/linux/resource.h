/* SPDX-License-Identifier: MIT */
/* Limits and accounts of a process. */
#ifndef _UAPI_LINUX_RESOURCE_H
#define _UAPI_LINUX_RESOURCE_H

#include <linux/types.h>
#include <uapi/linux/time_types.h>

#define RLIMIT_CPU		0
#define RLIMIT_FSIZE		1
#define RLIMIT_DATA		2
#define RLIMIT_STACK		3
#define RLIMIT_CORE		4
#define RLIMIT_RSS		5
#define RLIMIT_NPROC		6
#define RLIMIT_NOFILE		7
#define RLIMIT_MEMLOCK		8
#define RLIMIT_AS		9
#define RLIMIT_LOCKS		10
#define RLIMIT_SIGPENDING	11
#define RLIMIT_MSGQUEUE		12
#define RLIMIT_NICE		13
#define RLIMIT_RTPRIO		14
#define RLIMIT_RTTIME		15
#define RLIM_NLIMITS		16
#define RLIM_INFINITY		(~0UL)
#define _STK_LIM		(8 * 1024 * 1024)

struct rlimit {
	__kernel_ulong_t rlim_cur, rlim_max;
};

struct rlimit64 {
	__u64 rlim_cur, rlim_max;
};

#define RUSAGE_SELF	0
#define RUSAGE_CHILDREN	(-1)
#define RUSAGE_BOTH	(-2)	/* the kernel's own: for wait4() */
#define RUSAGE_THREAD	1

struct rusage {
	struct __kernel_old_timeval ru_utime, ru_stime;
	__kernel_long_t ru_maxrss;	/* KiB */
	__kernel_long_t ru_ixrss, ru_idrss, ru_isrss;
	__kernel_long_t ru_minflt, ru_majflt, ru_nswap;
	__kernel_long_t ru_inblock, ru_oublock;
	__kernel_long_t ru_msgsnd, ru_msgrcv, ru_nsignals;
	__kernel_long_t ru_nvcsw, ru_nivcsw;
};

#define PRIO_MIN	(-20)
#define PRIO_MAX	20
#define PRIO_PROCESS	0
#define PRIO_PGRP	1
#define PRIO_USER	2

#endif
