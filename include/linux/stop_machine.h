/* SPDX-License-Identifier: MIT */
/*
 * A thread on each CPU that outranks every other task there: kernel/stop_machine.c. What it runs has
 * the CPU for itself: the task that it took the CPU from is in the queue, not running, and can be moved.
 */
#ifndef _LINUX_STOP_MACHINE_H
#define _LINUX_STOP_MACHINE_H

#include <linux/list.h>

typedef int (*cpu_stop_fn_t)(void *arg);

struct cpu_stop_done;

struct cpu_stop_work {
	struct list_head	list;		/* the stopper's lock */
	cpu_stop_fn_t		fn;
	void			*arg;
	struct cpu_stop_done	*done;
};

/*
 * Run fn(arg) on @cpu, in its stopper: it must not sleep. May sleep itself. Returns what fn returned,
 * -ENOENT if that CPU has no stopper (there is but one CPU, or we are booting).
 */
int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg);

#endif
