/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MMAN_H
#define _LINUX_MMAN_H

#include <linux/atomic.h>
#include <uapi/asm-generic/mman.h>
#include <asm/memory.h>

/* The lowest page is never mapped, so that a null pointer faults in the program and in the kernel. */
#define FIRST_USER_ADDRESS	0UL
#define mmap_min_addr		65536UL

void mmap_init(void);

/* What mappings may promise, mm/util.c. */
#define OVERCOMMIT_GUESS	0	/* refuse only what could never fit */
#define OVERCOMMIT_ALWAYS	1
#define OVERCOMMIT_NEVER	2	/* no more than vm_commit_limit() in all */

extern int sysctl_overcommit_memory, sysctl_overcommit_ratio;
extern unsigned long sysctl_overcommit_kbytes, sysctl_user_reserve_kbytes, sysctl_admin_reserve_kbytes;
extern atomic_long_t vm_committed_as;

static inline void vm_acct_memory(long pages)
{
	atomic_long_add(pages, &vm_committed_as);
}

static inline void vm_unacct_memory(long pages)
{
	atomic_long_sub(pages, &vm_committed_as);
}

unsigned long vm_commit_limit(void);

#endif
