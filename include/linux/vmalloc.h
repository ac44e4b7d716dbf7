/* SPDX-License-Identifier: MIT */
/* Kernel memory that is contiguous in addresses only, and mappings of device registers. */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/types.h>
#include <linux/rbtree.h>
#include <linux/list.h>
#include <linux/mm_types.h>

#define VM_IOREMAP	0x01	/* vm_struct.flags */
#define VM_ALLOC	0x02
#define VM_MAP		0x04

struct vm_struct {
	struct rb_node		rb;		/* vmap_lock */
	void			*addr;
	unsigned long		size;		/* bytes, with the guard page */
	unsigned long		flags;
	struct page		**pages;
	unsigned int		nr_pages;
	phys_addr_t		phys_addr;
	const void		*caller;
};

void *vmalloc(unsigned long size);
void *vzalloc(unsigned long size);
void *__vmalloc(unsigned long size, gfp_t gfp);
void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start,
			   unsigned long end, gfp_t gfp, pgprot_t prot, const void *caller);
void vfree(const void *addr);
struct vm_struct *find_vm_area(const void *addr);

#endif
