// SPDX-License-Identifier: MIT
/*
 * mincore(2): which pages of a range would be there without reading a disk.
 *
 * Mapped, or in the page cache, or in the swap cache. mmap_lock is held for reading while a page of answers is
 * collected, but not while they are copied out, which may fault.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/pagewalk.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

struct mincore {
	unsigned char	*vec;
	unsigned long	start;		/* what vec[0] is about */
};

static unsigned char mincore_page(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_get_entry(mapping, index);
	bool present = folio && folio_test_uptodate(folio);

	if (folio)
		folio_put(folio);
	return present;
}

/* Not mapped, but perhaps in the page cache. */
static void mincore_unmapped(struct vm_area_struct *vma, unsigned long addr, unsigned long end, unsigned char *vec)
{
	for (; addr < end; addr += PAGE_SIZE)
		*vec++ = vma->vm_file ? mincore_page(vma->vm_file->f_mapping, linear_page_index(vma, addr)) : 0;
}

static int mincore_hole(unsigned long addr, unsigned long end, int depth, struct mm_walk *walk)
{
	const struct mincore *m = walk->private;

	mincore_unmapped(walk->vma, addr, end, m->vec + ((addr - m->start) >> PAGE_SHIFT));
	return 0;
}

static int mincore_pte_entry(pte_t *ptep, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	const struct mincore *m = walk->private;
	unsigned char *vec = m->vec + ((addr - m->start) >> PAGE_SHIFT);
	const pte_t pte = ptep_get(ptep);

	if (pte_none(pte)) {
		mincore_unmapped(walk->vma, addr, next, vec);
	} else if (pte_present(pte)) {
		*vec = 1;
	} else {
		swp_entry_t entry = pte_to_swp_entry(pte);

		*vec = non_swap_entry(entry) || mincore_page(swap_address_space(entry), swp_offset(entry));
	}
	return 0;
}

/* A huge page is all there. */
static int mincore_pmd_entry(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	const struct mincore *m = walk->private;

	if (pmd_table(READ_ONCE(*pmd)))
		return 0;
	memset(m->vec + ((addr - m->start) >> PAGE_SHIFT), 1, (next - addr) >> PAGE_SHIFT);
	walk->action = ACTION_CONTINUE;
	return 0;
}

static const struct mm_walk_ops mincore_walk_ops = {
	.pmd_entry	= mincore_pmd_entry,
	.pte_entry	= mincore_pte_entry,
	.pte_hole	= mincore_hole,
};

/* What is in the cache of a file that the caller may not write would tell who else reads it. */
static bool can_do_mincore(struct vm_area_struct *vma)
{
	if (vma_is_anonymous(vma))
		return true;
	if (!vma->vm_file)
		return false;
	return inode_owner_or_capable(&init_user_ns, file_inode(vma->vm_file)) ||
	       file_permission(vma->vm_file, MAY_WRITE) == 0;
}

/* @vec gets what is true of up to @pages pages, of one region. Returns how many, or -ENOMEM: nothing is mapped. */
static long do_mincore(unsigned long addr, unsigned long pages, unsigned char *vec)
{
	struct vm_area_struct *vma = vma_lookup(current->mm, addr);
	struct mincore m = { .vec = vec, .start = addr };
	unsigned long end;
	int err;

	if (!vma)
		return -ENOMEM;
	end = min(vma->vm_end, addr + (pages << PAGE_SHIFT));
	pages = (end - addr) >> PAGE_SHIFT;
	if (!can_do_mincore(vma)) {
		memset(vec, 1, pages);
		return pages;
	}
	err = walk_page_range(vma->vm_mm, addr, end, &mincore_walk_ops, &m);
	return err ? err : (long)pages;
}

SYSCALL_DEFINE3(mincore, unsigned long, start, size_t, len, unsigned char __user *, vec)
{
	unsigned long pages = (len >> PAGE_SHIFT) + (offset_in_page(len) != 0);
	struct mm_struct *mm = current->mm;
	unsigned char *tmp;
	long ret = 0;

	if (offset_in_page(start))
		return -EINVAL;
	if (!access_ok((void __user *)start, len))
		return -ENOMEM;
	if (!access_ok(vec, pages))
		return -EFAULT;
	tmp = (void *)__get_free_page(GFP_USER);
	if (!tmp)
		return -EAGAIN;
	while (pages) {
		mmap_read_lock(mm);
		ret = do_mincore(start, min(pages, PAGE_SIZE), tmp);
		mmap_read_unlock(mm);
		if (ret <= 0)
			break;
		if (copy_to_user(vec, tmp, ret)) {
			ret = -EFAULT;
			break;
		}
		pages -= ret;
		vec += ret;
		start += ret << PAGE_SHIFT;
		ret = 0;
	}
	free_page((unsigned long)tmp);
	return ret;
}
