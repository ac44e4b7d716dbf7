// SPDX-License-Identifier: MIT
/*
 * Self-tests of the kernel's own page tables: the linear map says for every frame where it is, and keeps the
 * Arm ARM's rules for contiguous entries, which QEMU does not check.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <asm/pgtable.h>
#include <asm/sections.h>

/* The entry that maps @addr, and how many bytes it maps; NULL for none. */
static u64 * __init leaf_of(unsigned long addr, unsigned long *size)
{
	pgd_t *pgdp = pgd_offset_k(addr);
	pud_t *pudp;
	pmd_t *pmdp;

	if (!pgd_table(*pgdp))
		return NULL;
	pudp = pud_offset(pgdp, addr);
	*size = PUD_SIZE;
	if (pud_leaf(*pudp))
		return &pud_val(*pudp);
	if (!pud_table(*pudp))
		return NULL;
	pmdp = pmd_offset(pudp, addr);
	*size = PMD_SIZE;
	if (pmd_leaf(*pmdp))
		return &pmd_val(*pmdp);
	if (!pmd_table(*pmdp))
		return NULL;
	*size = PAGE_SIZE;
	return &pte_val(*pte_offset_kernel(pmdp, addr));
}

/* The 16 entries of @entry's set, which maps @size bytes each: neighbours, equal in all but the address. */
static bool __init is_whole_set(u64 *entry, unsigned long size)
{
	u64 *first = PTR_ALIGN_DOWN(entry, 16 * sizeof(*entry));
	int i;

	if (*first & PTE_ADDR_MASK & (16 * size - 1))
		return false;
	for (i = 1; i < 16; i++)
		if (first[i] != first[0] + i * size)
			return false;
	return true;
}

static void __init linear_map_is_right(struct ktest *test)
{
	unsigned long addr = (unsigned long)__va(memblock_start_of_DRAM());
	unsigned long end = (unsigned long)__va(memblock_end_of_DRAM());
	unsigned long size, wrong = 0, broken = 0, contiguous = 0, small = 0;

	for (; addr < end; addr += size) {
		u64 *entry = leaf_of(addr, &size);

		KTEST_ASSERT_NOT_NULL(test, entry);
		wrong += (*entry & PTE_ADDR_MASK) != __pa(addr);
		small += size == PAGE_SIZE && !(*entry & PTE_CONT);
		if (*entry & PTE_CONT) {
			contiguous += size;
			broken += !is_whole_set(entry, size);
		}
	}
	KTEST_EXPECT_EQ(test, wrong, 0);
	KTEST_EXPECT_EQ(test, broken, 0);
	/* Pages alone only at the borders of the image's parts, and in the text that is thrown away. */
	KTEST_EXPECT_GT(test, contiguous, 0);
	KTEST_EXPECT_LE(test, small, 6 * 30 + (__inittext_end - __inittext_begin) / PAGE_SIZE);
}

ktest_suite("mmu", KTEST_CASE(linear_map_is_right));
