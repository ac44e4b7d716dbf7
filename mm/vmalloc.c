// SPDX-License-Identifier: MIT
/*
 * The vmalloc space: kernel memory whose frames need not be neighbours, kernel stacks with guard
 * pages, and device registers (ioremap). Modules are made in the same way, in a space of their own near
 * the kernel's text.
 *
 * Areas are kept in a tree by address; each ends in one page that is never mapped, so that running
 * off its end faults. vmap_lock, a mutex since making page tables may sleep, guards the tree and the
 * kernel's tables below VMALLOC_START..VMALLOC_END and MODULES_VADDR..MODULES_END.
 */
#include <linux/export.h>
#include <linux/io.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/tlbflush.h>

static struct rb_root vmap_area_root = RB_ROOT;
static DEFINE_MUTEX(vmap_lock);

static unsigned long area_start(struct vm_struct *a) { return (unsigned long)a->addr; }
static unsigned long area_end(struct vm_struct *a) { return (unsigned long)a->addr + a->size; }

/* First fit. Few areas are alive at a time (a stack each task), so a walk in order will do. */
static int insert_area(struct vm_struct *area, unsigned long align, unsigned long start, unsigned long end)
{
	unsigned long addr = round_up(start + PAGE_SIZE, align);
	struct rb_node **link = &vmap_area_root.rb_node, *parent = NULL, *n;

	for (n = rb_first(&vmap_area_root); n; n = rb_next(n)) {
		struct vm_struct *a = rb_entry(n, struct vm_struct, rb);

		if (area_start(a) < start)
			continue;
		if (addr + area->size <= area_start(a))
			break;
		addr = round_up(area_end(a), align);
	}
	if (addr + area->size > end)
		return -ENOMEM;
	area->addr = (void *)addr;
	while (*link) {
		parent = *link;
		link = addr < area_start(rb_entry(parent, struct vm_struct, rb)) ? &parent->rb_left :
										   &parent->rb_right;
	}
	rb_link_node(&area->rb, parent, link);
	rb_insert_color(&area->rb, &vmap_area_root);
	return 0;
}

/* vmap_lock is held */
static struct vm_struct *lookup_area(const void *addr)
{
	struct rb_node *n = vmap_area_root.rb_node;

	while (n) {
		struct vm_struct *a = rb_entry(n, struct vm_struct, rb);

		if ((unsigned long)addr < area_start(a))
			n = n->rb_left;
		else if ((unsigned long)addr >= area_end(a))
			n = n->rb_right;
		else
			return a;
	}
	return NULL;
}

struct vm_struct *find_vm_area(const void *addr)
{
	struct vm_struct *area;

	mutex_lock(&vmap_lock);
	area = lookup_area(addr);
	mutex_unlock(&vmap_lock);
	return area;
}

bool is_vmalloc_addr(const void *x)
{
	return (unsigned long)x >= VMALLOC_START && (unsigned long)x < VMALLOC_END;
}
EXPORT_SYMBOL(is_vmalloc_addr);

static struct vm_struct *get_vm_area(unsigned long size, unsigned long align, unsigned long start,
				     unsigned long end, unsigned long flags, const void *caller)
{
	struct vm_struct *area = kzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return NULL;
	area->size = size + PAGE_SIZE;		/* the guard */
	area->flags = flags;
	area->caller = caller;
	mutex_lock(&vmap_lock);
	if (insert_area(area, align, start, end)) {
		mutex_unlock(&vmap_lock);
		kfree(area);
		return NULL;
	}
	if (kasan_populate_vmalloc(area_start(area), size)) {
		rb_erase(&area->rb, &vmap_area_root);
		mutex_unlock(&vmap_lock);
		kfree(area);
		return NULL;
	}
	mutex_unlock(&vmap_lock);
	if (!(flags & VM_ALLOC))
		kasan_unpoison_vmalloc(area->addr, size);
	return area;
}

/* Unmap first, free the frames after: nobody may reach them through a stale TLB entry. */
static void release_area(struct vm_struct *area)
{
	unsigned int i;

	kasan_poison_vmalloc(area->addr, area->size - PAGE_SIZE);
	mutex_lock(&vmap_lock);
	vunmap_range(area_start(area), area_end(area) - PAGE_SIZE);
	rb_erase(&area->rb, &vmap_area_root);
	mutex_unlock(&vmap_lock);
	for (i = 0; i < area->nr_pages; i++)
		__free_page(area->pages[i]);
	kvfree(area->pages);
	kfree(area);
}

/**
 * __vmalloc_node_range - allocate frames and map them in a row
 * @size: bytes, rounded up to pages
 * @align: of the address, a power of two
 * @start, @end: where: the vmalloc space, or that of the modules
 * @gfp: __GFP_ZERO clears
 *
 * May sleep. NULL when memory or addresses are short.
 */
void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start,
			   unsigned long end, gfp_t gfp, pgprot_t prot, const void *caller)
{
	unsigned int n = PFN_UP(size), i;
	struct vm_struct *area;
	int ret = 0;

	if (!n || size > (totalram_pages() << PAGE_SHIFT))
		return NULL;
	area = get_vm_area((unsigned long)n << PAGE_SHIFT, max(align, PAGE_SIZE), start, end,
			   VM_ALLOC, caller);
	if (!area)
		return NULL;
	/* The array of pages may itself be long: then it comes from here, one level deep. */
	area->pages = kvcalloc(n, sizeof(*area->pages), GFP_KERNEL);
	if (!area->pages)
		goto fail;
	for (i = 0; i < n; i++) {
		area->pages[i] = alloc_page(gfp);
		if (!area->pages[i])
			goto fail;
		area->nr_pages++;
	}
	mutex_lock(&vmap_lock);
	for (i = 0; i < n && !ret; i++)
		ret = vmap_range(area_start(area) + i * PAGE_SIZE, page_to_phys(area->pages[i]),
				 PAGE_SIZE, prot);
	mutex_unlock(&vmap_lock);
	if (!ret) {
		kasan_unpoison_vmalloc(area->addr, size);
		return area->addr;
	}
fail:
	release_area(area);
	return NULL;
}

static void *vmalloc_caller(unsigned long size, gfp_t gfp, const void *caller)
{
	return __vmalloc_node_range(size, 1, VMALLOC_START, VMALLOC_END, gfp, PAGE_KERNEL, caller);
}

void *__vmalloc(unsigned long size, gfp_t gfp)
{
	return vmalloc_caller(size, gfp, __builtin_return_address(0));
}
EXPORT_SYMBOL(__vmalloc);

void *vmalloc(unsigned long size)
{
	return vmalloc_caller(size, GFP_KERNEL, __builtin_return_address(0));
}
EXPORT_SYMBOL(vmalloc);

void *vzalloc(unsigned long size)
{
	return vmalloc_caller(size, GFP_KERNEL | __GFP_ZERO, __builtin_return_address(0));
}
EXPORT_SYMBOL(vzalloc);

/* May sleep; NULL is nothing to free. */
void vfree(const void *addr)
{
	struct vm_struct *area;

	if (!addr)
		return;
	area = find_vm_area(addr);
	if (WARN(!area || area->addr != addr, "vfree of %px, which vmalloc did not give\n", addr))
		return;
	release_area(area);
}
EXPORT_SYMBOL(vfree);

/* ------------------------------------------------------------------ devices */

/**
 * ioremap - make device registers readable
 * @phys, @size: need not be aligned
 *
 * Mapped as device memory (nGnRE). NULL when memory or addresses are short.
 */
void __iomem *ioremap(phys_addr_t phys, size_t size)
{
	unsigned long offset = phys & ~PAGE_MASK;
	phys_addr_t end = phys + size;
	struct vm_struct *area;
	int ret;

	if (!size || end < phys)
		return NULL;
	size = PAGE_ALIGN(size + offset);
	area = get_vm_area(size, PAGE_SIZE, VMALLOC_START, VMALLOC_END, VM_IOREMAP,
			   __builtin_return_address(0));
	if (!area)
		return NULL;
	area->phys_addr = phys;
	mutex_lock(&vmap_lock);
	ret = vmap_range(area_start(area), phys - offset, size, PROT_DEVICE_nGnRE);
	mutex_unlock(&vmap_lock);
	if (ret) {
		release_area(area);
		return NULL;
	}
	return (void __iomem *)(area->addr + offset);
}
EXPORT_SYMBOL(ioremap);

void iounmap(volatile void __iomem *addr)
{
	vfree((void *)((unsigned long)addr & PAGE_MASK));
}
EXPORT_SYMBOL(iounmap);

/* ------------------------------------------------------------------ kvmalloc */

/* From slabs if that works without effort, else page by page. */
void *kvmalloc(size_t size, gfp_t gfp)
{
	void *p = NULL;

	if (size <= PAGE_SIZE)
		return kmalloc(size, gfp);
	if (size <= KMALLOC_MAX_SIZE)
		p = kmalloc(size, gfp | __GFP_NOWARN | __GFP_NORETRY);
	return p ? p : vmalloc_caller(size, gfp, __builtin_return_address(0));
}
EXPORT_SYMBOL(kvmalloc);

void *kvzalloc(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp | __GFP_ZERO);
}
EXPORT_SYMBOL(kvzalloc);

void *kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kvzalloc(bytes, gfp);
}
EXPORT_SYMBOL(kvcalloc);

void kvfree(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}
EXPORT_SYMBOL(kvfree);
