// SPDX-License-Identifier: MIT
/*
 * Memory while booting: what there is and what is taken, as two sorted lists of ranges.
 *
 * Callers: the device-tree scan adds and reserves, paging_init() and mem_init() allocate, and
 * memblock_free_all() gives what is left to the buddy allocator. One CPU, no locks.
 *
 * The lists are arrays of fixed size, since there is nothing to grow them from; a device tree with
 * more banks of memory than that stops the boot with a message.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/string.h>

#define INIT_MEMBLOCK_REGIONS	128

static struct memblock_region memory_regions[INIT_MEMBLOCK_REGIONS] __initdata;
static struct memblock_region reserved_regions[INIT_MEMBLOCK_REGIONS] __initdata;

struct memblock memblock __initdata = {
	.memory = { .max = INIT_MEMBLOCK_REGIONS, .regions = memory_regions, .name = "memory" },
	.reserved = { .max = INIT_MEMBLOCK_REGIONS, .regions = reserved_regions, .name = "reserved" },
};

static void __init memblock_insert_region(struct memblock_type *type, unsigned long idx,
					  phys_addr_t base, phys_addr_t size)
{
	if (type->cnt == type->max)
		panic("memblock: more than %lu ranges of %s memory", type->max, type->name);
	memmove(&type->regions[idx + 1], &type->regions[idx],
		(type->cnt - idx) * sizeof(type->regions[0]));
	type->regions[idx] = (struct memblock_region){ base, size };
	type->cnt++;
}

static void __init memblock_remove_region(struct memblock_type *type, unsigned long idx)
{
	memmove(&type->regions[idx], &type->regions[idx + 1],
		(type->cnt - idx - 1) * sizeof(type->regions[0]));
	type->cnt--;
}

/* Add [base, base + size), joining whatever it touches. */
static int __init memblock_add_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = base + size;
	unsigned long i = 0;

	if (!size || end < base)
		return -EINVAL;
	while (i < type->cnt && type->regions[i].base + type->regions[i].size < base)
		i++;
	while (i < type->cnt && type->regions[i].base <= end) {
		struct memblock_region *r = &type->regions[i];

		base = min(base, r->base);
		end = max(end, r->base + r->size);
		memblock_remove_region(type, i);
	}
	memblock_insert_region(type, i, base, end - base);
	return 0;
}

static int __init memblock_remove_range(struct memblock_type *type, phys_addr_t base,
					phys_addr_t size)
{
	phys_addr_t end = base + size;
	unsigned long i = 0;

	if (end < base)
		return -EINVAL;
	while (i < type->cnt) {
		struct memblock_region *r = &type->regions[i];
		phys_addr_t rend = r->base + r->size;

		if (rend <= base || r->base >= end) {
			i++;
			continue;
		}
		if (r->base < base && rend > end) {	/* a hole in the middle */
			r->size = base - r->base;
			memblock_insert_region(type, i + 1, end, rend - end);
			return 0;
		}
		if (r->base < base) {
			r->size = base - r->base;
			i++;
		} else if (rend > end) {
			r->base = end;
			r->size = rend - end;
			i++;
		} else {
			memblock_remove_region(type, i);
		}
	}
	return 0;
}

/* RAM, in bytes; partial pages at the ends are left out. */
int __init memblock_add(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = ALIGN_DOWN(base + size, PAGE_SIZE);

	base = ALIGN(base, PAGE_SIZE);
	return base < end ? memblock_add_range(&memblock.memory, base, end - base) : -EINVAL;
}

int __init memblock_remove(phys_addr_t base, phys_addr_t size)
{
	return memblock_remove_range(&memblock.memory, base, size);
}

int __init memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	return memblock_add_range(&memblock.reserved, base, size);
}

int __init memblock_phys_free(phys_addr_t base, phys_addr_t size)
{
	return memblock_remove_range(&memblock.reserved, base, size);
}

/* The lowest fit in the free part of one memory region, or 0. */
static phys_addr_t __init find_in_region(phys_addr_t size, phys_addr_t align, phys_addr_t lo,
					 phys_addr_t hi)
{
	struct memblock_type *res = &memblock.reserved;
	phys_addr_t addr = round_up(lo, align);
	unsigned long i;

	for (i = 0; i < res->cnt; i++) {
		struct memblock_region *r = &res->regions[i];

		if (r->base + r->size <= addr)
			continue;
		if (addr + size <= r->base)
			break;
		addr = round_up(r->base + r->size, align);
	}
	return addr + size <= hi && addr + size > addr ? addr : 0;
}

/**
 * memblock_phys_alloc_range - take the lowest free range within limits
 * @size, @align: bytes; @start, @end: physical limits
 *
 * Returns its physical address, 0 when there is none. The memory is not cleared.
 */
phys_addr_t __init memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
					     phys_addr_t end)
{
	struct memblock_region *r;
	phys_addr_t addr;

	for_each_mem_region(r) {
		phys_addr_t lo = max(start, r->base), hi = min(end, r->base + r->size);

		if (lo >= hi)
			continue;
		addr = find_in_region(size, align, lo, hi);
		if (addr) {
			memblock_reserve(addr, size);
			return addr;
		}
	}
	return 0;
}

phys_addr_t __init memblock_phys_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_phys_alloc_range(size, align, 0, ~(phys_addr_t)0);
}

/* Zeroed, through the linear map; panics when there is none. After paging_init(). */
void * __init memblock_alloc(phys_addr_t size, phys_addr_t align)
{
	phys_addr_t phys = memblock_phys_alloc(size, align);

	if (!phys)
		panic("memblock: no %llu bytes left", (u64)size);
	return memset(__va(phys), 0, size);
}

phys_addr_t __init memblock_start_of_DRAM(void)
{
	return memblock.memory.regions[0].base;
}

phys_addr_t __init memblock_end_of_DRAM(void)
{
	struct memblock_region *last = &memblock.memory.regions[memblock.memory.cnt - 1];

	return last->base + last->size;
}

bool __init memblock_is_memory(phys_addr_t addr)
{
	struct memblock_region *r;

	for_each_mem_region(r)
		if (addr >= r->base && addr < r->base + r->size)
			return true;
	return false;
}

/* Give [start, end) to the buddy allocator, but for what is reserved. */
static void __init free_memory_range(phys_addr_t start, phys_addr_t end)
{
	struct memblock_type *res = &memblock.reserved;
	unsigned long i;

	for (i = 0; i < res->cnt && start < end; i++) {
		struct memblock_region *r = &res->regions[i];

		if (r->base + r->size <= start)
			continue;
		if (r->base >= end)
			break;
		memblock_free_pages(PFN_UP(start), PFN_DOWN(min(r->base, end)));
		start = r->base + r->size;
	}
	if (start < end)
		memblock_free_pages(PFN_UP(start), PFN_DOWN(end));
}

void __init memblock_free_all(void)
{
	struct memblock_region *r;

	for_each_mem_region(r)
		free_memory_range(r->base, r->base + r->size);
}
