/* SPDX-License-Identifier: MIT */
/*
 * The flat device tree: the blob that the firmware leaves in memory (Devicetree Specification 0.4,
 * chapter 5). The of_*flat_dt* functions read it in place, before there is an allocator.
 */
#ifndef _LINUX_OF_FDT_H
#define _LINUX_OF_FDT_H

#include <linux/types.h>

#define FDT_MAX_SIZE	(2UL << 20)	/* bytes; the arm64 boot protocol allows no larger blob */

/* Boot, in this order. */
bool early_init_dt_scan(void *params);		/* needs the blob mapped; fills memblock.memory */
void early_init_fdt_scan_reserved_mem(void);	/* fills memblock.reserved */
int early_init_dt_stdout(phys_addr_t *base, const char **compatible);
void unflatten_device_tree(void);		/* needs alloc_pages_exact(); fills of_root */

extern void *initial_boot_params;		/* the blob; NULL after unflattening */
size_t fdt_totalsize(const void *blob);		/* bytes, from its header */

int of_scan_flat_dt(int (*it)(unsigned long node, const char *uname, int depth, void *data),
		    void *data);
const void *of_get_flat_dt_prop(unsigned long node, const char *name, int *size);
int of_flat_dt_is_compatible(unsigned long node, const char *compat);

#endif
