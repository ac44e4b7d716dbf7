// SPDX-License-Identifier: MIT
/* Scheduling classes, CPU affinity and clone(). */
#ifndef _SCHED_H
#define _SCHED_H

#include <sys/types.h>
#include <time.h>

#define SCHED_OTHER		0
#define SCHED_NORMAL		SCHED_OTHER
#define SCHED_FIFO		1
#define SCHED_RR		2
#define SCHED_BATCH		3
#define SCHED_IDLE		5
#define SCHED_DEADLINE		6
#define SCHED_RESET_ON_FORK	0x40000000

#define CSIGNAL			0x000000ff
#define CLONE_VM		0x00000100
#define CLONE_FS		0x00000200
#define CLONE_FILES		0x00000400
#define CLONE_SIGHAND		0x00000800
#define CLONE_PIDFD		0x00001000
#define CLONE_PTRACE		0x00002000
#define CLONE_VFORK		0x00004000
#define CLONE_PARENT		0x00008000
#define CLONE_THREAD		0x00010000
#define CLONE_NEWNS		0x00020000
#define CLONE_SYSVSEM		0x00040000
#define CLONE_SETTLS		0x00080000
#define CLONE_PARENT_SETTID	0x00100000
#define CLONE_CHILD_CLEARTID	0x00200000
#define CLONE_DETACHED		0x00400000
#define CLONE_UNTRACED		0x00800000
#define CLONE_CHILD_SETTID	0x01000000

struct sched_param {
	int sched_priority;
};

/* For sched_setattr(2): all that a policy may want. Times in ns. */
struct sched_attr {
	unsigned int		size;
	unsigned int		sched_policy;
	unsigned long		sched_flags;
	int			sched_nice;
	unsigned int		sched_priority;
	unsigned long		sched_runtime;		/* SCHED_DEADLINE */
	unsigned long		sched_deadline;
	unsigned long		sched_period;
	unsigned int		sched_util_min;
	unsigned int		sched_util_max;
};

#define SCHED_FLAG_RESET_ON_FORK	0x01
#define SCHED_FLAG_RECLAIM		0x02
#define SCHED_FLAG_DL_OVERRUN		0x04
#define SCHED_FLAG_KEEP_POLICY		0x08
#define SCHED_FLAG_KEEP_PARAMS		0x10

#define CPU_SETSIZE	1024
typedef struct {
	unsigned long __bits[CPU_SETSIZE / 64];
} cpu_set_t;

#define CPU_ZERO(s)	__builtin_memset((s), 0, sizeof(cpu_set_t))
#define CPU_SET(n, s)	((void)((s)->__bits[(n) / 64] |= 1UL << ((n) % 64)))
#define CPU_CLR(n, s)	((void)((s)->__bits[(n) / 64] &= ~(1UL << ((n) % 64))))
#define CPU_ISSET(n, s)	((int)((s)->__bits[(n) / 64] >> ((n) % 64) & 1))
#define CPU_COUNT(s)	__cpu_count(s)
int __cpu_count(const cpu_set_t *set);

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_setattr(pid_t pid, struct sched_attr *attr, unsigned int flags);
int sched_getattr(pid_t pid, struct sched_attr *attr, unsigned int size, unsigned int flags);
int sched_get_priority_min(int policy);
int sched_get_priority_max(int policy);
int sched_rr_get_interval(pid_t pid, struct timespec *interval);
int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set);
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int sched_yield(void);
int sched_getcpu(void);

/*
 * A new task that runs fn(arg) on the stack that ends at stack (the highest address, 16-aligned),
 * then exits with its result. Further arguments: pid_t *parent_tid, void *tls, pid_t *child_tid.
 */
int clone(int (*fn)(void *), void *stack, int flags, void *arg, ...);
int unshare(int flags);

#endif
