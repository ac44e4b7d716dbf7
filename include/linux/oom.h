/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_OOM_H
#define _LINUX_OOM_H

/* A program's page fault found no memory, even after reclaim: mm/oom_kill.c. */
void pagefault_out_of_memory(void);

#endif
