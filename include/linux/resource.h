/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RESOURCE_H
#define _LINUX_RESOURCE_H

#include <uapi/linux/resource.h>

struct task_struct;

/* What a task's process used; who: RUSAGE_*. */
void getrusage(struct task_struct *p, int who, struct rusage *r);

#endif
