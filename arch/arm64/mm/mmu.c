// SPDX-License-Identifier: MIT
/*
 * The kernel's own page tables: the linear map, the fixmap, the array of struct page.
 *
 * Callers: setup_arch() while booting (one CPU, no locks), vmalloc and ioremap later
 * (mm/vmalloc.c, under vmap_lock).
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/cacheflush.h>
#include <asm/fixmap.h>
#include <asm/mmu_context.h>
#include <asm/pgalloc.h>
#include <asm/sections.h>
#include <asm/sysreg.h>
#include <asm/tlbflush.h>

s64 memstart_addr __section(".data");		/* head.S writes it before .bss may be used */
EXPORT_SYMBOL(memstart_addr);
phys_addr_t __fdt_pointer __section(".data");
u64 boot_current_el __section(".data");

unsigned long empty_zero_page[PAGE_SIZE / sizeof(unsigned long)] __aligned(PAGE_SIZE);
EXPORT_SYMBOL(empty_zero_page);

extern pgd_t init_pg_dir[PTRS_PER_PGD], idmap_pg_dir[PTRS_PER_PGD];

static pud_t fixmap_pud[PTRS_PER_PUD] __aligned(PAGE_SIZE);
static pmd_t fixmap_pmd[PTRS_PER_PMD] __aligned(PAGE_SIZE);
static pte_t fixmap_pte[PTRS_PER_PTE] __aligned(PAGE_SIZE);

static void __init fixmap_hook(pgd_t *pgdir)
{
	set_pgd(pgd_offset_pgd(pgdir, FIXADDR_START), __pgd(__table_entry(fixmap_pud)));
}

/* Tables for the fixmap, from .bss: works before there is any allocator. */
void __init early_fixmap_init(void)
{
	fixmap_hook(init_pg_dir);
	set_pud(&fixmap_pud[pud_index(FIXADDR_START)], __pud(__table_entry(fixmap_pmd)));
	set_pmd(&fixmap_pmd[pmd_index(FIX_EARLYCON_VIRT)], __pmd(__table_entry(fixmap_pte)));
}

/**
 * fixmap_remap_fdt - map the device tree, read-only
 * @dt_phys: as the boot loader gave it, 8-byte aligned
 * @size: set to the bytes that may be read
 *
 * NULL when the address cannot be right. The blob may straddle a 2 MiB boundary, hence two blocks.
 */
void * __init fixmap_remap_fdt(phys_addr_t dt_phys, int *size)
{
	phys_addr_t base = dt_phys & PMD_MASK;
	pmdval_t prot = (pgprot_val(PAGE_KERNEL_RO) & ~TYPE_MASK) | BLOCK_TYPE;

	if (!dt_phys || (dt_phys & 7))
		return NULL;
	set_pmd(&fixmap_pmd[pmd_index(FIX_FDT_VIRT)], __pmd(base | prot));
	set_pmd(&fixmap_pmd[pmd_index(FIX_FDT_VIRT) + 1], __pmd((base + PMD_SIZE) | prot));
	*size = MAX_FDT_SIZE;
	return (void *)FIX_FDT_VIRT + (dt_phys - base);
}

/* Registers of the early console, before ioremap(). */
void * __init set_fixmap_io(phys_addr_t phys)
{
	set_pte(&fixmap_pte[pte_index(FIX_EARLYCON_VIRT)],
		pfn_pte(phys >> PAGE_SHIFT, PROT_DEVICE_nGnRE));
	return (void *)FIX_EARLYCON_VIRT + (phys & ~PAGE_MASK);
}

/* ------------------------------------------------------------------ building tables */

/*
 * A table while booting: from what is left of the 2 MiB blocks in which the image lies, since only
 * they are mapped yet. The linear map of 8 GiB needs about ten.
 */
static void * __init early_pgtable_alloc(void)
{
	phys_addr_t start = __pa(_text) & PMD_MASK, phys;

	phys = memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE, start, start + 2 * PMD_SIZE);
	if (!phys)
		panic("no room for the kernel's page tables next to its image");
	memset(__va(phys), 0, PAGE_SIZE);
	return __va(phys);
}

static void *late_pgtable_alloc(void)
{
	void *table = (void *)get_zeroed_page(GFP_KERNEL);

	smp_wmb();	/* another CPU's walker must not find rubbish in it: zeroes before the entry above */
	return table;
}

/* The walk below fills one range; entries of the range must not be there yet, tables may. */
struct map_range {
	phys_addr_t	phys;		/* of the next address */
	pgprot_t	prot;
	bool		cont;		/* they will be neither changed nor taken away one by one */
	void		*(*alloc)(void);
};

/* PTE_CONT for the entries of the next @size bytes, which is CONT_PTE_SIZE or CONT_PMD_SIZE, if they make a set. */
static u64 cont_bit(const struct map_range *r, unsigned long addr, unsigned long end, unsigned long size)
{
	return r->cont && !((addr | r->phys) & (size - 1)) && end - addr >= size ? PTE_CONT : 0;
}

static int map_pte_range(pmd_t *pmdp, unsigned long addr, unsigned long end, struct map_range *r)
{
	pte_t *ptep;
	u64 cont = 0;

	if (pmd_none(READ_ONCE(*pmdp))) {
		void *table = r->alloc();

		if (!table)
			return -ENOMEM;
		set_pmd(pmdp, __pmd(__table_entry(table)));
	}
	ptep = pte_offset_kernel(pmdp, addr);
	do {
		WARN_ON(!pte_none(*ptep));
		if (!(addr & ~CONT_PTE_MASK))
			cont = cont_bit(r, addr, end, CONT_PTE_SIZE);
		set_pte(ptep++, pfn_pte(r->phys >> PAGE_SHIFT, __pgprot(pgprot_val(r->prot) | cont)));
		r->phys += PAGE_SIZE;
	} while (addr += PAGE_SIZE, addr != end);
	return 0;
}

static u64 block_entry(struct map_range *r)
{
	return r->phys | (pgprot_val(r->prot) & ~TYPE_MASK) | BLOCK_TYPE;
}

static int map_pmd_range(pud_t *pudp, unsigned long addr, unsigned long end, struct map_range *r)
{
	unsigned long next;
	pmd_t *pmdp;
	u64 cont = 0;
	int ret;

	if (pud_none(READ_ONCE(*pudp))) {
		void *table = r->alloc();

		if (!table)
			return -ENOMEM;
		set_pud(pudp, __pud(__table_entry(table)));
	}
	pmdp = pmd_offset(pudp, addr);
	do {
		next = pmd_addr_end(addr, end);
		if (!(addr & ~CONT_PMD_MASK))
			cont = cont_bit(r, addr, end, CONT_PMD_SIZE);
		if (!((addr | next | r->phys) & ~PMD_MASK) && pmd_none(READ_ONCE(*pmdp))) {
			set_pmd(pmdp, __pmd(block_entry(r) | cont));
			r->phys += PMD_SIZE;
			continue;
		}
		ret = map_pte_range(pmdp, addr, next, r);
		if (ret)
			return ret;
	} while (pmdp++, addr = next, addr != end);
	return 0;
}

static int map_pud_range(pgd_t *pgdp, unsigned long addr, unsigned long end, struct map_range *r)
{
	unsigned long next;
	pud_t *pudp;
	int ret;

	if (pgd_none(READ_ONCE(*pgdp))) {
		void *table = r->alloc();

		if (!table)
			return -ENOMEM;
		set_pgd(pgdp, __pgd(__table_entry(table)));
	}
	pudp = pud_offset(pgdp, addr);
	do {
		next = pud_addr_end(addr, end);
		if (!((addr | next | r->phys) & ~PUD_MASK) && pud_none(READ_ONCE(*pudp))) {
			set_pud(pudp, __pud(block_entry(r)));
			r->phys += PUD_SIZE;
			continue;
		}
		ret = map_pmd_range(pudp, addr, next, r);
		if (ret)
			return ret;
	} while (pudp++, addr = next, addr != end);
	return 0;
}

static int __create_mapping(pgd_t *pgdir, phys_addr_t phys, unsigned long virt, unsigned long size,
			    pgprot_t prot, bool cont, void *(*alloc)(void))
{
	unsigned long addr = virt, end = virt + size, next;
	struct map_range r = { phys, prot, cont, alloc };
	pgd_t *pgdp = pgd_offset_pgd(pgdir, addr);
	int ret;

	if (!size)
		return 0;
	do {
		next = pgd_addr_end(addr, end);
		ret = map_pud_range(pgdp, addr, next, &r);
		if (ret)
			return ret;
	} while (pgdp++, addr = next, addr != end);
	return 0;
}

/**
 * vmap_range - map physically contiguous memory or registers into the vmalloc space
 * @virt, @phys, @size: multiples of the page size
 *
 * The caller owns the addresses (vmap_lock has given them out). Returns 0 or -ENOMEM, and then
 * part of it may be mapped: the caller unmaps.
 */
int vmap_range(unsigned long virt, phys_addr_t phys, unsigned long size, pgprot_t prot)
{
	return __create_mapping(swapper_pg_dir, phys, virt, size, prot, false, late_pgtable_alloc);
}

/* The PTE of a kernel address, NULL when a block or nothing maps it. */
pte_t *virt_to_kpte(unsigned long addr)
{
	pgd_t *pgdp = pgd_offset_k(addr);
	pud_t *pudp;
	pmd_t *pmdp;

	if (!pgd_table(READ_ONCE(*pgdp)))
		return NULL;
	pudp = pud_offset(pgdp, addr);
	if (!pud_table(READ_ONCE(*pudp)))
		return NULL;
	pmdp = pmd_offset(pudp, addr);
	if (!pmd_table(READ_ONCE(*pmdp)))
		return NULL;
	return pte_offset_kernel(pmdp, addr);
}

/**
 * vunmap_range - the reverse of vmap_range(); blocks of 2 MiB go as they came
 *
 * The tables stay: the addresses will be used again.
 */
void vunmap_range(unsigned long start, unsigned long end)
{
	unsigned long addr;

	for (addr = start; addr < end; addr += PAGE_SIZE) {
		pte_t *ptep = virt_to_kpte(addr);

		if (ptep) {
			pte_clear(&init_mm, addr, ptep);
		} else if (!(addr & ~PMD_MASK) && !pgd_none(*pgd_offset_k(addr))) {
			pud_t *pudp = pud_offset(pgd_offset_k(addr), addr);

			if (pud_table(READ_ONCE(*pudp)))
				pmd_clear(pmd_offset(pudp, addr));
		}
	}
	flush_tlb_kernel_range(start, end);
}

/* ------------------------------------------------------------------ booting */

void __init create_pgd_mapping(phys_addr_t phys, unsigned long virt, unsigned long size, pgprot_t prot,
			       bool cont)
{
	__create_mapping(swapper_pg_dir, phys, virt, size, prot, cont, early_pgtable_alloc);
}

static void __init map_segment(phys_addr_t start, phys_addr_t end, pgprot_t prot, bool cont)
{
	if (start < end)
		create_pgd_mapping(start, __phys_to_virt(start), end - start, prot, cont);
}

/* All RAM from MODULES_END on; the image's text executable and read-only, its constants read-only. */
static void __init map_mem(void)
{
	const phys_addr_t stext = __pa(_stext), etext = __pa(_etext);
	const phys_addr_t rodata_end = __pa(__end_rodata);
	const phys_addr_t sinit = __pa(__inittext_begin), einit = __pa(__inittext_end);
	struct memblock_region *r;

	for_each_mem_region(r) {
		phys_addr_t start = r->base, end = r->base + r->size;

		if (stext < start || stext >= end) {
			map_segment(start, end, PAGE_KERNEL, true);
			continue;
		}
		map_segment(start, stext, PAGE_KERNEL, true);
		map_segment(stext, etext, PAGE_KERNEL_ROX, true);
		map_segment(etext, rodata_end, PAGE_KERNEL_RO, true);
		map_segment(rodata_end, sinit, PAGE_KERNEL, true);
		map_segment(sinit, einit, PAGE_KERNEL_ROX, false);	/* see free_initmem() */
		map_segment(einit, end, PAGE_KERNEL, true);
	}
}

void idmap_cpu_replace_ttbr1(phys_addr_t pgd);

/**
 * paging_init - make the kernel's real page tables and change over to them
 *
 * memblock knows the RAM and what of it is taken.
 */
void __init paging_init(void)
{
	void (*replace)(phys_addr_t) = (void *)__pa_symbol(idmap_cpu_replace_ttbr1);

	map_mem();
	fixmap_hook(swapper_pg_dir);
	kasan_map_shadow();
	replace(__pa_symbol(swapper_pg_dir));
	cpu_set_reserved_ttbr0();
	local_flush_tlb_all();
	kasan_init();
}

/* The array of struct page for all RAM, from memblock. */
void __init vmemmap_populate(unsigned long start_pfn, unsigned long nr_pages)
{
	unsigned long size = round_up(nr_pages * sizeof(struct page), PAGE_SIZE);
	phys_addr_t align = size >= PMD_SIZE ? PMD_SIZE : PAGE_SIZE;
	phys_addr_t phys;

	size = round_up(size, align);
	phys = memblock_phys_alloc(size, align);
	if (!phys)
		panic("no room for %lu bytes of struct page", size);
	memset(__va(phys), 0, size);
	create_pgd_mapping(phys, (unsigned long)pfn_to_page(start_pfn), size, PAGE_KERNEL, true);
}

/* Give back what only booting needed. Its text was executable: make it plain data first. */
void free_initmem(void)
{
	unsigned long start = (unsigned long)__init_begin, end = (unsigned long)__init_end, addr;

	for (addr = (unsigned long)__inittext_begin; addr < (unsigned long)__inittext_end;
	     addr += PAGE_SIZE) {
		pte_t *ptep = virt_to_kpte(addr);

		if (WARN_ON(!ptep))
			return;
		set_pte(ptep, pfn_pte(virt_to_pfn(addr), PAGE_KERNEL));
	}
	flush_tlb_kernel_range(start, end);
	for (addr = start; addr < end; addr += PAGE_SIZE)
		free_reserved_page(virt_to_page(addr));
	pr_info("Freeing unused kernel memory: %luK\n", (end - start) >> 10);
}

/* ------------------------------------------------------------------ tables of address spaces */

pgd_t *pgd_alloc(struct mm_struct *mm)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	if (!page)
		return NULL;
	__SetPageTable(page);
	inc_node_page_state(page, NR_PAGETABLE);
	return page_address(page);
}

void pgd_free(struct mm_struct *mm, pgd_t *pgd)
{
	struct page *page = virt_to_page(pgd);

	dec_node_page_state(page, NR_PAGETABLE);
	__ClearPageTable(page);
	__free_page(page);
}

void *pgtable_alloc(struct mm_struct *mm)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	if (!page)
		return NULL;
	__SetPageTable(page);
	inc_node_page_state(page, NR_PAGETABLE);
	atomic_long_add(PAGE_SIZE, &mm->pgtables_bytes);
	return page_address(page);
}

void pgtable_free(struct mm_struct *mm, void *table)
{
	struct page *page = virt_to_page(table);

	dec_node_page_state(page, NR_PAGETABLE);
	atomic_long_sub(PAGE_SIZE, &mm->pgtables_bytes);
	__ClearPageTable(page);
	__free_page(page);
}

/* Many at once; @tables is used up, as by release_pages(). */
void pgtable_free_bulk(struct mm_struct *mm, struct page **tables, unsigned int n)
{
	mod_node_page_state(NULL, NR_PAGETABLE, -(long)n);
	atomic_long_sub(n * PAGE_SIZE, &mm->pgtables_bytes);
	for (unsigned int i = 0; i < n; i++)
		__ClearPageTable(tables[i]);
	release_pages(tables, n);
}

/*
 * A page that becomes executable for the first time since it was filled: PG_arch_1 remembers that
 * the instruction caches know of it. flush_dcache_page() clears it when the page is written again.
 */
void sync_icache_page(struct page *page)
{
	unsigned long addr = (unsigned long)page_address(page);

	if (test_bit(PG_arch_1, &page->flags))
		return;
	/* The bit after the work, which ends in a DSB: who sees it set maps the page and runs it. */
	caches_clean_inval_pou(addr, addr + PAGE_SIZE);
	set_bit(PG_arch_1, &page->flags);
}
