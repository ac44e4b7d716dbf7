// SPDX-License-Identifier: MIT
/*
 * Where KASAN's shadow comes from, before anything that is checked may run.
 *
 * head.S calls kasan_early_init() before start_kernel(): all of the shadow is one page of zeroes, that
 * of "everything may be used". What writes shadow by then (stack frames do) fills it with rubbish, so
 * reports are off (init_task.kasan_depth) until kasan_init(). paging_init() makes the real tables:
 *
 *	linear map	a byte for each eight of RAM, taken from memblock now
 *	vmalloc		nothing: kasan_populate_vmalloc() adds shadow where there are areas
 *	above it	(struct pages, fixmap) the page of zeroes, read-only: never wrong
 *
 * Between the change of tables and kasan_init() the shadow is whatever the RAM held.
 * This file is not checked itself.
 */
#include <linux/init.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>

extern pgd_t init_pg_dir[PTRS_PER_PGD];
typedef void (*ctor_fn_t)(void);
extern ctor_fn_t __ctors_start[], __ctors_end[];

static u8 kasan_early_shadow_page[PAGE_SIZE] __aligned(PAGE_SIZE);
static pte_t kasan_early_shadow_pte[PTRS_PER_PTE] __aligned(PAGE_SIZE);
static pmd_t kasan_early_shadow_pmd[PTRS_PER_PMD] __aligned(PAGE_SIZE);
static pud_t kasan_early_shadow_pud[PTRS_PER_PUD] __aligned(PAGE_SIZE);

static void map_early_shadow(pgd_t *pgdir, unsigned long start, unsigned long end)
{
	unsigned long addr;

	for (addr = start; addr < end; addr += PGDIR_SIZE)
		set_pgd(pgd_offset_pgd(pgdir, addr), __pgd(__table_entry(kasan_early_shadow_pud)));
}

/* On the first tables, from which everything is reached through __pa() of the image. */
void __init kasan_early_init(void)
{
	int i;

	BUILD_BUG_ON((KASAN_SHADOW_START | KASAN_SHADOW_END) & ~PGDIR_MASK);
	for (i = 0; i < PTRS_PER_PTE; i++) {
		set_pte(&kasan_early_shadow_pte[i],
			pfn_pte(virt_to_pfn(kasan_early_shadow_page), PAGE_KERNEL));
		set_pmd(&kasan_early_shadow_pmd[i], __pmd(__table_entry(kasan_early_shadow_pte)));
		set_pud(&kasan_early_shadow_pud[i], __pud(__table_entry(kasan_early_shadow_pmd)));
	}
	map_early_shadow(init_pg_dir, KASAN_SHADOW_START, KASAN_SHADOW_END);
}

static void *linear_shadow(void)
{
	return kasan_mem_to_shadow((void *)MODULES_END);
}

static unsigned long linear_shadow_size(void)
{
	unsigned long span = memblock_end_of_DRAM() - PHYS_RAM_START;

	return round_up(span >> KASAN_SHADOW_SCALE_SHIFT, PAGE_SIZE);
}

/* Into the tables that are not in use yet. The kernel's image lies in the linear map. */
void __init kasan_map_shadow(void)
{
	unsigned long size = linear_shadow_size();
	phys_addr_t phys = memblock_phys_alloc(size, size >= PMD_SIZE ? PMD_SIZE : PAGE_SIZE);

	if (!phys)
		panic("no room for %lu bytes of KASAN's shadow", size);
	create_pgd_mapping(phys, (unsigned long)linear_shadow(), size, PAGE_KERNEL, true);
	map_early_shadow(swapper_pg_dir, (unsigned long)kasan_mem_to_shadow((void *)VMEMMAP_START),
			 KASAN_SHADOW_END);
}

/* The new tables are in use: make the shadow true, and begin to report. */
void __init kasan_init(void)
{
	ctor_fn_t *fn;
	int i;

	memset(linear_shadow(), 0, linear_shadow_size());
	memset(kasan_early_shadow_page, 0, PAGE_SIZE);
	for (i = 0; i < PTRS_PER_PTE; i++)
		set_pte(&kasan_early_shadow_pte[i],
			pfn_pte(virt_to_pfn(kasan_early_shadow_page), PAGE_KERNEL_RO));
	local_flush_tlb_all();
	/* The compiler made a constructor for each file, which registers its variables. */
	for (fn = __ctors_start; fn < __ctors_end; fn++)
		(*fn)();
	init_task.kasan_depth = 0;
	pr_info("KernelAddressSanitizer initialized (generic)\n");
}
