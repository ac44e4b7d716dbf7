/* SPDX-License-Identifier: MIT */
/* Addresses known when linking, for what must be mapped before there is an allocator. */
#ifndef _ASM_FIXMAP_H
#define _ASM_FIXMAP_H

#include <linux/types.h>
#include <asm/memory.h>

/* The device tree: at most 2 MiB that may straddle a 2 MiB boundary, so two blocks. */
#define FIX_FDT_VIRT	FIXADDR_START
#define FIX_FDT_SIZE	0x400000UL
/* The early console's registers: one page. */
#define FIX_EARLYCON_VIRT (FIXADDR_START + FIX_FDT_SIZE)
/* A page table being filled before the linear map reaches it. */
#define FIX_PGTABLE_VIRT (FIX_EARLYCON_VIRT + 0x1000)

#define MAX_FDT_SIZE	0x200000

void early_fixmap_init(void);
void *fixmap_remap_fdt(phys_addr_t dt_phys, int *size);
void *set_fixmap_io(phys_addr_t phys);		/* the early console */

#endif
