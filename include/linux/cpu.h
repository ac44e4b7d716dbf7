/* SPDX-License-Identifier: MIT */
/* Bringing up CPUs: kernel/cpu.c. */
#ifndef _LINUX_CPU_H
#define _LINUX_CPU_H

#include <linux/cpumask.h>

/* Make an idle task for @cpu and start it. May sleep. 0 or an errno, which has been printed. */
int cpu_up(unsigned int cpu);

/* What a new CPU calls on itself, interrupts off, as the last step before its idle loop. */
void notify_cpu_starting(unsigned int cpu);

#endif
