/* SPDX-License-Identifier: MIT */
/*
 * memblock: memory before there is an allocator. Two sorted lists of ranges, what there is and
 * what is taken; memblock_free_all() hands the difference to the buddy allocator and ends it.
 */
#ifndef _LINUX_MEMBLOCK_H
#define _LINUX_MEMBLOCK_H

#include <linux/types.h>

struct memblock_region {
	phys_addr_t base, size;		/* bytes */
};

struct memblock_type {
	unsigned long cnt, max;
	struct memblock_region *regions;
	const char *name;
};

struct memblock {
	struct memblock_type memory, reserved;
};

extern struct memblock memblock;

int memblock_add(phys_addr_t base, phys_addr_t size);
int memblock_remove(phys_addr_t base, phys_addr_t size);
int memblock_reserve(phys_addr_t base, phys_addr_t size);
int memblock_phys_free(phys_addr_t base, phys_addr_t size);
phys_addr_t memblock_phys_alloc(phys_addr_t size, phys_addr_t align);
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end);
void *memblock_alloc(phys_addr_t size, phys_addr_t align);
phys_addr_t memblock_start_of_DRAM(void);
phys_addr_t memblock_end_of_DRAM(void);
bool memblock_is_memory(phys_addr_t addr);
void memblock_free_all(void);

#define for_each_mem_region(r) \
	for ((r) = memblock.memory.regions; (r) < memblock.memory.regions + memblock.memory.cnt; (r)++)

#endif
