/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_MM_H
#define _LINUX_SCHED_MM_H

#include <linux/mm.h>		/* mmgrab(), mmdrop(), mmget(), mmput(), get_task_mm() */
#include <linux/sched.h>

#endif
