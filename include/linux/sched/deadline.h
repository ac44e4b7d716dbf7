/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_DEADLINE_H
#define _LINUX_SCHED_DEADLINE_H

#include <linux/sched.h>

static inline int dl_prio(int prio) { return prio < MAX_DL_PRIO; }
static inline int dl_task(struct task_struct *p) { return dl_prio(p->prio); }

/* Times may wrap: compare their difference. */
static inline bool dl_time_before(u64 a, u64 b) { return (s64)(a - b) < 0; }

#endif
