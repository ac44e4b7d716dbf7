/* SPDX-License-Identifier: MIT */
#ifndef _ASM_MEMORY_H
#define _ASM_MEMORY_H

/*
 * As in the kernel there is only arithmetic between a frame's struct page and its contents: both are
 * arrays, which memory.c maps at these addresses.
 */

#define VA_BITS			48
#define PAGE_SHIFT		12
#define PAGE_OFFSET		0x200000000000
#define PAGE_END		0x210000000000
#define VMEMMAP_START		0x300000000000
#define VMALLOC_START		0x310000000000
#define VMALLOC_END		0x320000000000
#define FIXADDR_START		0x330000000000

#define THREAD_SHIFT		14
#define THREAD_SIZE		(1 << THREAD_SHIFT)

#define MT_NORMAL		0
#define MT_NORMAL_NC		2
#define MT_DEVICE_nGnRnE	3
#define MT_DEVICE_nGnRE		4

#include <linux/types.h>

#define PHYS_OFFSET		((phys_addr_t)0)
#define ARCH_PFN_OFFSET		0UL
#define __is_lm_address(addr)	((u64)(addr) - PAGE_OFFSET < PAGE_END - PAGE_OFFSET)
#define __virt_to_phys(x)	((phys_addr_t)((u64)(x) - PAGE_OFFSET))
#define __phys_to_virt(x)	((unsigned long)((u64)(x) + PAGE_OFFSET))
#define __pa(x)			__virt_to_phys((unsigned long)(x))
#define __va(x)			((void *)__phys_to_virt((phys_addr_t)(x)))
#define __pa_symbol(x)		__pa((unsigned long)&(x))
#define virt_to_phys(x)		__pa(x)
#define phys_to_virt(x)		__va(x)
#define virt_to_pfn(x)		(__pa(x) >> PAGE_SHIFT)
#define pfn_to_virt(pfn)	__va((phys_addr_t)(pfn) << PAGE_SHIFT)
#define virt_addr_valid(x)	(__is_lm_address(x) && pfn_valid(virt_to_pfn(x)))
#define vmemmap			((struct page *)VMEMMAP_START)
#define untagged_addr(addr)	(addr)

#endif
