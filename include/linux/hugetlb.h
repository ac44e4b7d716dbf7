/* SPDX-License-Identifier: MIT */
/*
 * Huge pages that a program asks for by name: MAP_HUGETLB and its kin. mm/hugetlb.c: the pool;
 * mm/hugetlb_vma.c: the regions, and the entries that map them; fs/hugetlbfs/inode.c: the files behind.
 */
#ifndef _LINUX_HUGETLB_H
#define _LINUX_HUGETLB_H

#include <linux/huge_mm.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

/* There is one size. */
#define HUGETLB_PAGE_ORDER	HPAGE_PMD_ORDER
#define HPAGE_SHIFT		HPAGE_PMD_SHIFT
#define HPAGE_SIZE		HPAGE_PMD_SIZE
#define HPAGE_MASK		HPAGE_PMD_MASK

struct seq_file;

/* The pool; hugetlb_lock guards all of it. */
struct hstate {
	unsigned long	max_huge_pages;		/* what nr_hugepages shows: those that stay */
	unsigned long	nr_huge_pages;		/* all, in use or free */
	unsigned long	free_huge_pages;
	unsigned long	resv_huge_pages;	/* of the free ones: promised to a mapping */
	unsigned long	surplus_huge_pages;	/* of all: go back to the buddy allocator when they are free */
	unsigned long	nr_overcommit_huge_pages; /* how many of those there may be */
	struct list_head hugepage_freelist;
};

extern struct hstate default_hstate;

static inline bool is_vm_hugetlb_page(const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_HUGETLB;
}

/* Is it, or is it a part of, a page of the pool? */
static inline bool PageHuge(struct page *page)
{
	return PageCompound(page) && compound_head(page)[1].compound_dtor == HUGETLB_PAGE_DTOR;
}

/* Is there such a size? 0: the usual one. */
static inline bool hstate_sizelog(int page_size_log)
{
	return !page_size_log || page_size_log == HPAGE_SHIFT;
}

static inline unsigned long vma_kernel_pagesize(struct vm_area_struct *vma)
{
	return is_vm_hugetlb_page(vma) ? HPAGE_SIZE : PAGE_SIZE;
}

/* ------------------------------------------------------------------ the pool: mm/hugetlb.c */

struct page *alloc_huge_page(bool reserved);
void free_huge_page(struct page *page);
int hugetlb_acct_memory(long delta);
unsigned long hugetlb_total_pages(void);
void hugetlb_report_meminfo(struct seq_file *m);
void hugetlb_show_meminfo(void);

/* ------------------------------------------------------------------ regions: mm/hugetlb_vma.c */

extern const struct vm_operations_struct hugetlb_vm_ops;

int hugetlb_reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
			  unsigned long vm_flags);
void hugetlb_dup_vma_private(struct vm_area_struct *vma);
void clear_vma_resv_huge_pages(struct vm_area_struct *vma);
vm_fault_t hugetlb_fault(struct vm_fault *vmf, pmd_t orig_pmd);
int copy_hugetlb_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma);
bool unmap_hugepage(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, struct page *ref_page, bool flush);

/* ------------------------------------------------------------------ files: fs/hugetlbfs/inode.c */

struct hugetlbfs_inode_info {
	struct mutex	fault_mutex;	/* one at a time fills, copies or takes away a page of the file */
	/*
	 * By number of the huge page: one that the file has; HUGETLB_RESERVED, a promise of one. fault_mutex.
	 * Of private mappings the file has nothing, but each keeps account of its own (struct resv_map).
	 */
	struct xarray	pages;
	unsigned int	seals;		/* as of mm/memfd.c; i_rwsem */
	struct inode	vfs_inode;
};

#define HUGETLB_RESERVED	xa_mk_value(1)
#define HUGETLBFS_I(inode)	container_of(inode, struct hugetlbfs_inode_info, vfs_inode)

/* What it is for decides who may: SysV shared memory is for those with CAP_IPC_LOCK. */
enum { HUGETLB_SHMFS_INODE = 1, HUGETLB_ANONHUGE_INODE = 2 };

#define HUGETLB_ANON_FILE	"anon_hugepage"

extern const struct address_space_operations hugetlbfs_aops;

/* Is it a file of huge pages, be it by way of shmat()? */
static inline bool is_file_hugepages(struct file *file)
{
	return file->f_mapping->a_ops == &hugetlbfs_aops;
}

struct file *hugetlb_file_setup(const char *name, size_t size, unsigned long acctflag, int creat_flags,
				int page_size_log);
struct page *hugetlb_file_page(struct hugetlbfs_inode_info *info, unsigned long idx, bool create);

#endif
