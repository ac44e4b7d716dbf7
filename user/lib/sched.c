// SPDX-License-Identifier: MIT
/* Scheduling policy, priority and affinity. */
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "internal.h"

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	return SYS(sched_setscheduler, pid, policy, param);
}

int sched_getscheduler(pid_t pid)
{
	return SYS(sched_getscheduler, pid);
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	return SYS(sched_setparam, pid, param);
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	return SYS(sched_getparam, pid, param);
}

int sched_setattr(pid_t pid, struct sched_attr *attr, unsigned int flags)
{
	return SYS(sched_setattr, pid, attr, flags);
}

int sched_getattr(pid_t pid, struct sched_attr *attr, unsigned int size, unsigned int flags)
{
	return SYS(sched_getattr, pid, attr, size, flags);
}

int sched_get_priority_min(int policy)
{
	return SYS(sched_get_priority_min, policy);
}

int sched_get_priority_max(int policy)
{
	return SYS(sched_get_priority_max, policy);
}

int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	return SYS(sched_rr_get_interval, pid, interval);
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	return SYS(sched_setaffinity, pid, size, set);
}

/* The kernel fills only as many bytes as it has CPUs for, and returns their number. */
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	long n = SYS(sched_getaffinity, pid, size, set);

	if (n < 0)
		return -1;
	if ((size_t)n < size)
		memset((char *)set + n, 0, size - n);
	return 0;
}

int sched_yield(void)
{
	return SYS(sched_yield);
}

int sched_getcpu(void)
{
	unsigned int cpu;

	return SYS(getcpu, &cpu, NULL, NULL) < 0 ? -1 : (int)cpu;
}

int __cpu_count(const cpu_set_t *set)
{
	int n = 0;
	size_t i;

	for (i = 0; i < sizeof(set->__bits) / sizeof(set->__bits[0]); i++)
		n += __builtin_popcountl(set->__bits[i]);
	return n;
}

int get_nprocs(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

/* The kernel answers 20 - nice, so that no priority looks like an error. */
int getpriority(int which, id_t who)
{
	long n = SYS(getpriority, which, who);

	return n < 0 ? -1 : (int)(20 - n);
}

int setpriority(int which, id_t who, int nice)
{
	return SYS(setpriority, which, who, nice);
}

int nice(int inc)
{
	int prio;

	errno = 0;
	prio = getpriority(PRIO_PROCESS, 0);
	if (errno)
		return -1;
	if (setpriority(PRIO_PROCESS, 0, prio + inc)) {
		if (errno == EACCES)
			errno = EPERM;
		return -1;
	}
	return getpriority(PRIO_PROCESS, 0);
}
