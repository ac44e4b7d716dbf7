// SPDX-License-Identifier: MIT
/*
 * Writing shadow, shadow for the vmalloc space, and memcpy() and its like with a check.
 *
 * Who gives memory out or takes it back writes its shadow while nobody else may use it: there is no
 * lock. Neighbours never share a shadow byte, since allocators align to eight bytes.
 */
#include <linux/kasan-checks.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "kasan.h"

/* @addr a multiple of eight; the size is made up to one. */
void kasan_poison(const void *addr, size_t size, u8 value)
{
	memset(kasan_mem_to_shadow(addr), value, round_up(size, KASAN_GRANULE_SIZE) >> KASAN_SHADOW_SCALE_SHIFT);
}

/* To the byte: a granule that is used in part gets the number of its bytes. */
void kasan_unpoison(const void *addr, size_t size)
{
	kasan_poison(addr, size & ~KASAN_GRANULE_MASK, 0);
	if (size & KASAN_GRANULE_MASK)
		*(u8 *)kasan_mem_to_shadow(addr + size) = size & KASAN_GRANULE_MASK;
}

void kasan_unpoison_range(const void *addr, size_t size)
{
	kasan_unpoison(addr, size);
}

/* ------------------------------------------------------------------ vmalloc */

/**
 * kasan_populate_vmalloc - shadow for an area that was just given out
 *
 * One page of it serves 32 KiB of addresses, so the neighbours' may be there already. It stays when
 * the area goes, as page tables do. vmap_lock is held, nobody uses the area yet. Returns 0 or -ENOMEM.
 */
int kasan_populate_vmalloc(unsigned long addr, unsigned long size)
{
	unsigned long shadow = (unsigned long)kasan_mem_to_shadow((void *)addr) & PAGE_MASK;
	unsigned long end = (unsigned long)kasan_mem_to_shadow((void *)addr + size - 1);

	for (; shadow <= end; shadow += PAGE_SIZE) {
		pte_t *ptep = virt_to_kpte(shadow);
		struct page *page;

		if (ptep && !pte_none(*ptep))
			continue;
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		memset(page_address(page), KASAN_VMALLOC_INVALID, PAGE_SIZE);
		if (vmap_range(shadow, page_to_phys(page), PAGE_SIZE, PAGE_KERNEL)) {
			__free_page(page);
			return -ENOMEM;
		}
	}
	return 0;
}

void kasan_unpoison_vmalloc(const void *start, unsigned long size)
{
	kasan_unpoison(start, size);
}

void kasan_poison_vmalloc(const void *start, unsigned long size)
{
	kasan_poison(start, size, KASAN_VMALLOC_INVALID);
}

/* ------------------------------------------------------------------ memory functions */

/* The functions of arch/arm64/lib have these names in a KASAN build; the plain names are here. */
#undef memset
#undef memcpy
#undef memmove

void *memset(void *dst, int c, size_t n)
{
	if (!kasan_check_range(dst, n, true, _RET_IP_))
		return NULL;
	return __memset(dst, c, n);
}

void *memcpy(void *dst, const void *src, size_t n)
{
	if (!kasan_check_range(src, n, false, _RET_IP_) ||
	    !kasan_check_range(dst, n, true, _RET_IP_))
		return NULL;
	return __memcpy(dst, src, n);
}

void *memmove(void *dst, const void *src, size_t n)
{
	if (!kasan_check_range(src, n, false, _RET_IP_) ||
	    !kasan_check_range(dst, n, true, _RET_IP_))
		return NULL;
	return __memmove(dst, src, n);
}
