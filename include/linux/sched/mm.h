/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_MM_H
#define _LINUX_SCHED_MM_H

#include <linux/mm.h>		/* mmgrab(), mmdrop(), mmget(), mmput(), get_task_mm() */
#include <linux/sched.h>

/* Until the restore, which gets what the save has returned, allocations of this task do no I/O for memory. */
static inline unsigned int memalloc_noio_save(void)
{
	const unsigned int flags = current->flags & PF_MEMALLOC_NOIO;

	current->flags |= PF_MEMALLOC_NOIO;
	return flags;
}

static inline void memalloc_noio_restore(unsigned int flags)
{
	current->flags = (current->flags & ~PF_MEMALLOC_NOIO) | flags;
}

#endif
