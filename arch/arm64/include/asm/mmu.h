/* SPDX-License-Identifier: MIT */
/* What the CPU needs of an address space besides its tables: its ASID (arch/arm64/mm/context.c). */
#ifndef _ASM_MMU_H
#define _ASM_MMU_H

#include <linux/types.h>
#include <linux/atomic.h>

typedef struct {
	atomic64_t	id;	/* generation in the upper bits, ASID in the lower; 0: none yet */
} mm_context_t;

#define ASID(mm)	(atomic64_read(&(mm)->context.id) & 0xffff)

#endif
