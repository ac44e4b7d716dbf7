/* SPDX-License-Identifier: MIT */
/*
 * Where things lie in the kernel's half of the addresses.
 *
 *   ffff0000_00000000  PAGE_OFFSET: the linear map: a physical address and a constant
 *   ffff0000_3c000000  MODULES_VADDR: modules, 64 MiB, where the linear map has no RAM
 *   ffff0000_40000000  MODULES_END: here the RAM begins; the kernel image lies in it, 2 MiB up
 *   ffff8000_00000000  VMALLOC_START: kernel stacks, vmalloc, ioremap
 *   fffffc00_00000000  VMEMMAP_START: the array of struct page
 *   ffffff00_00000000  FIXADDR_START: mappings whose address is known when linking
 */
#ifndef _ASM_MEMORY_H
#define _ASM_MEMORY_H

#define VA_BITS			48
#define PAGE_SHIFT		12
#define PAGE_OFFSET		0xffff000000000000
/*
 * A branch reaches 128 MiB, so modules must be near the kernel's text, and that lies among the RAM: the
 * first GiB of the linear map is kept free of it. (A whole one, so that RAM is mapped by blocks of 1 GiB.)
 */
#define MODULES_END		(PAGE_OFFSET + 0x40000000)
#define MODULES_VADDR		(MODULES_END - 0x4000000)
#define TEXT_OFFSET		0x200000		/* of the image from the start of RAM */
#define KIMAGE_VADDR		(MODULES_END + TEXT_OFFSET)
#ifdef CONFIG_KASAN
/* An eighth of all kernel addresses for KASAN's shadow, below the vmalloc space. */
#define KASAN_SHADOW_START	0xffff600000000000
#define KASAN_SHADOW_END	0xffff800000000000
#define PAGE_END		KASAN_SHADOW_START
#else
#define PAGE_END		0xffff800000000000	/* end of the linear map */
#endif
#define VMALLOC_START		0xffff800000000000
#define VMALLOC_END		0xfffffbfff0000000
#define VMEMMAP_START		0xfffffc0000000000
#define FIXADDR_START		0xffffff0000000000

#ifdef CONFIG_KASAN
#define THREAD_SHIFT		15			/* redzones make frames larger */
#else
#define THREAD_SHIFT		14
#endif
#define THREAD_SIZE		(1 << THREAD_SHIFT)	/* 16 KiB of kernel stack */
#define THREAD_ALIGN		(2 * THREAD_SIZE)	/* so that bit THREAD_SHIFT of SP tells an overflow */
#define OVERFLOW_STACK_SIZE	(THREAD_SIZE / 4)

/* MAIR_EL1 indices */
#define MT_NORMAL		0
#define MT_NORMAL_NC		2
#define MT_DEVICE_nGnRnE	3
#define MT_DEVICE_nGnRE		4

#ifndef __ASSEMBLY__

#include <linux/types.h>

extern s64 memstart_addr;		/* physical address that PAGE_OFFSET maps */

#define PHYS_OFFSET		((phys_addr_t)memstart_addr)
#define PHYS_RAM_START		(PHYS_OFFSET + (MODULES_END - PAGE_OFFSET))
#define ARCH_PFN_OFFSET		((unsigned long)(PHYS_OFFSET >> PAGE_SHIFT))

#define __is_lm_address(addr)	((u64)(addr) - MODULES_END < PAGE_END - MODULES_END)
#define __virt_to_phys(x)	((phys_addr_t)((u64)(x) - PAGE_OFFSET + PHYS_OFFSET))
#define __phys_to_virt(x)	((unsigned long)((u64)(x) - PHYS_OFFSET + PAGE_OFFSET))
#define __pa(x)			__virt_to_phys((unsigned long)(x))
#define __va(x)			((void *)__phys_to_virt((phys_addr_t)(x)))
#define __pa_symbol(x)		__pa((unsigned long)&(x))
#define virt_to_phys(x)		__pa(x)
#define phys_to_virt(x)		__va(x)
#define virt_to_pfn(x)		(__pa(x) >> PAGE_SHIFT)
#define pfn_to_virt(pfn)	__va((phys_addr_t)(pfn) << PAGE_SHIFT)
#define virt_addr_valid(x)	(__is_lm_address(x) && pfn_valid(virt_to_pfn(x)))

#define vmemmap			((struct page *)VMEMMAP_START)

/* User pointers may carry a tag in the top byte for the kernel to ignore: teak has none. */
#define untagged_addr(addr)	(addr)

#endif
#endif
