/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MMAN_H
#define _LINUX_MMAN_H

#include <uapi/asm-generic/mman.h>
#include <asm/memory.h>

/* The lowest page is never mapped, so that a null pointer faults in the program and in the kernel. */
#define FIRST_USER_ADDRESS	0UL
#define mmap_min_addr		65536UL

void mmap_init(void);

#endif
