/* SPDX-License-Identifier: MIT */
/*
 * Address spaces and frames: the interface of mm/ to the rest.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/mm_types.h>
#include <linux/mmzone.h>
#include <linux/gfp.h>
#include <linux/page-flags.h>
#include <linux/kernel.h>
#include <linux/err.h>
#include <linux/bug.h>
#include <linux/vmstat.h>
#include <linux/sched.h>
#include <asm/pgtable.h>
#include <uapi/asm-generic/mman.h>

struct inode;
struct task_struct;

/* ------------------------------------------------------------------ frames */

extern unsigned long max_pfn;		/* first frame number past RAM */
extern void *high_memory;

/*
 * The array of struct page is mapped at a fixed address, one for each frame from PAGE_OFFSET on:
 * between a page and its address in the linear map there is only arithmetic.
 */
#define pfn_to_page(pfn)	(vmemmap + ((pfn) - ARCH_PFN_OFFSET))
#define page_to_pfn(page)	((unsigned long)((page) - vmemmap) + ARCH_PFN_OFFSET)
#define page_to_phys(page)	((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
#define phys_to_page(phys)	pfn_to_page((phys) >> PAGE_SHIFT)
#define page_address(page)	((void *)(PAGE_OFFSET + ((unsigned long)((page) - vmemmap) << PAGE_SHIFT)))
#define page_to_virt(page)	page_address(page)
#define virt_to_page(addr)	(vmemmap + (((unsigned long)(addr) - PAGE_OFFSET) >> PAGE_SHIFT))
#define pfn_valid(pfn)		((pfn) >= PFN_DOWN(PHYS_RAM_START) && (pfn) < max_pfn)
#define folio_address(folio)	page_address(&(folio)->page)
#define folio_pfn(folio)	page_to_pfn(&(folio)->page)
#define virt_to_folio(addr)	page_folio(virt_to_page(addr))
#define offset_in_page(p)	((unsigned long)(p) & ~PAGE_MASK)
#define PFN_UP(x)		(((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x)		((x) >> PAGE_SHIFT)
#define PFN_PHYS(x)		((phys_addr_t)(x) << PAGE_SHIFT)
#define PAGE_ALIGN(addr)	ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr)	ALIGN_DOWN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr)	IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
static inline struct page *compound_head(struct page *page)
{
	unsigned long head = READ_ONCE(page->compound_head);

	return unlikely(head & 1) ? (struct page *)(head - 1) : page;
}

/* Of more than one frame. */
#define folio_test_large(folio)	folio_test_head(folio)

static inline unsigned int compound_order(struct page *page)
{
	return PageHead(page) ? page[1].compound_order : 0;
}
#define folio_order(folio)	compound_order(&(folio)->page)

static inline long folio_nr_pages(struct folio *folio)
{
	return unlikely(folio_test_large(folio)) ? 1L << (&folio->page)[1].compound_order : 1;
}
#define folio_size(folio)	(PAGE_SIZE << folio_order(folio))

/* References are counted in the first frame of a compound page. */
static inline int page_ref_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}
#define folio_ref_count(folio)	page_ref_count(&(folio)->page)
#define page_count(page)	folio_ref_count(page_folio(page))

/* Who gets a compound page when its last reference is gone. */
enum compound_dtor_id { COMPOUND_PAGE_DTOR, HUGETLB_PAGE_DTOR };

/* In page[1]._nr_pages_mapped: a PMD maps the whole. More than the frames of any compound page. */
#define COMPOUND_MAPPED		0x800000
#define FOLIO_PAGES_MAPPED	(COMPOUND_MAPPED - 1)

/* How many PMDs map all of a compound page. */
static inline int compound_mapcount(struct page *head)
{
	return atomic_read(&head[1].compound_mapcount) + 1;
}

/* Through how many entries a frame is mapped, PTEs and PMDs. */
static inline int page_mapcount(struct page *page)
{
	const int ptes = atomic_read(&page->_mapcount) + 1;

	return unlikely(PageCompound(page)) ? ptes + compound_mapcount(compound_head(page)) : ptes;
}
#define page_mapped(page)	(page_mapcount(page) > 0)

/* Is any frame of it mapped? */
static inline bool folio_mapped(struct folio *folio)
{
	if (unlikely(folio_test_large(folio)))
		return atomic_read(&(&folio->page)[1]._nr_pages_mapped) > 0;
	return atomic_read(&folio->_mapcount) >= 0;
}

static inline void folio_get(struct folio *folio)
{
	atomic_inc(&folio->_refcount);
}
#define get_page(page)		folio_get(page_folio(page))

static inline bool folio_try_get(struct folio *folio)
{
	return atomic_inc_not_zero(&folio->_refcount);
}

void __put_page(struct page *page);	/* frees a page whose last reference is gone */

static inline bool folio_put_testzero(struct folio *folio)
{
	return atomic_dec_and_test(&folio->_refcount);
}

static inline void folio_put(struct folio *folio)
{
	if (folio_put_testzero(folio))
		__put_page(&folio->page);
}
#define put_page(page)		folio_put(page_folio(page))

/* The count from what is expected to 0: from then on it is ours alone. False: somebody else has it, too. */
static inline bool folio_ref_freeze(struct folio *folio, int count)
{
	return atomic_cmpxchg(&folio->_refcount, count, 0) == count;
}

/* What was done to it before is seen by whoever gets a reference. */
static inline void folio_ref_unfreeze(struct folio *folio, int count)
{
	atomic_set_release(&folio->_refcount, count);
}

static inline void set_page_count(struct page *page, int v)
{
	atomic_set(&page->_refcount, v);
}

/*
 * The lowest bit of page->mapping is set: the rest is no file, but the anon_vma of the page. It is set in all
 * frames of a huge page; the anon_vma stands in the first.
 */
#define PAGE_MAPPING_ANON	1UL
#define PageAnon(page)		(((unsigned long)READ_ONCE((page)->mapping) & PAGE_MAPPING_ANON) != 0)
#define folio_test_anon(folio)	PageAnon(&(folio)->page)

#define page_private(page)		((page)->private)
#define set_page_private(page, v)	((page)->private = (v))
static inline struct address_space *page_mapping(struct page *page)
{
	return PageSlab(page) || PageAnon(page) ? NULL : page->mapping;
}
#define folio_mapping(folio)	page_mapping(&(folio)->page)

void clear_page(void *page);
void copy_page(void *to, const void *from);
#define clear_highpage(page)		clear_page(page_address(page))
#define clear_user_highpage(page, va)	clear_page(page_address(page))
#define copy_user_highpage(to, from, va, vma) copy_page(page_address(to), page_address(from))

/* mm/mm_init.c, while booting */
void zone_sizes_init(void);
void mem_init(void);
void memblock_free_pages(unsigned long start_pfn, unsigned long end_pfn);
void free_reserved_page(struct page *page);

/* mm/page_alloc.c */
void release_pages(struct page **pages, unsigned int nr);
void drain_local_pages(void);
void drain_all_pages(void);

/* What is there, for /proc/meminfo and sysinfo(2); all in pages. */
struct sysinfo;
void si_meminfo(struct sysinfo *val);
unsigned long nr_free_pages(void);
unsigned long totalram_pages(void);
unsigned long si_mem_available(void);

/* seq_file shows for /proc */
struct seq_file;
int frag_show(struct seq_file *m, void *arg);		/* /proc/buddyinfo */
int pagetypeinfo_show(struct seq_file *m, void *arg);
int zoneinfo_show(struct seq_file *m, void *arg);
int slabinfo_show(struct seq_file *m, void *arg);	/* /proc/slabinfo */

/* ------------------------------------------------------------------ regions */

#define VM_NONE		0x00000000
#define VM_READ		0x00000001
#define VM_WRITE	0x00000002
#define VM_EXEC		0x00000004
#define VM_SHARED	0x00000008
#define VM_MAYREAD	0x00000010	/* mprotect() may set the bit without MAY */
#define VM_MAYWRITE	0x00000020
#define VM_MAYEXEC	0x00000040
#define VM_MAYSHARE	0x00000080
#define VM_GROWSDOWN	0x00000100
#define VM_PFNMAP	0x00000400	/* frames without a struct page of their own */
#define VM_LOCKED	0x00002000
#define VM_IO		0x00004000
#define VM_SEQ_READ	0x00008000
#define VM_RAND_READ	0x00010000
#define VM_DONTCOPY	0x00020000
#define VM_DONTEXPAND	0x00040000
#define VM_LOCKONFAULT	0x00080000	/* with VM_LOCKED: pages are not brought in for it */
#define VM_ACCOUNT	0x00100000
#define VM_NORESERVE	0x00200000
#define VM_HUGETLB	0x00400000	/* of huge pages from the pool: mm/hugetlb_vma.c */
#define VM_WIPEONFORK	0x02000000	/* a child finds it empty */
#define VM_DONTDUMP	0x04000000
#define VM_HUGEPAGE	0x20000000	/* madvise(): huge pages are wanted */
#define VM_NOHUGEPAGE	0x40000000
#define VM_STACK	VM_GROWSDOWN
#define VM_STACK_FLAGS	(VM_STACK | VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_ACCOUNT)
#define VM_DATA_DEFAULT_FLAGS (VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define VM_ACCESS_FLAGS	(VM_READ | VM_WRITE | VM_EXEC)
#define VM_LOCKED_MASK	(VM_LOCKED | VM_LOCKONFAULT)
#define VM_SPECIAL	(VM_IO | VM_DONTEXPAND | VM_PFNMAP)

extern unsigned long stack_guard_gap;	/* bytes kept free below a growing stack */
extern int sysctl_max_map_count;

/* What ->fault() and handle_mm_fault() say. */
#define VM_FAULT_OOM		0x000001
#define VM_FAULT_SIGBUS		0x000002
#define VM_FAULT_MAJOR		0x000004
#define VM_FAULT_SIGSEGV	0x000040
#define VM_FAULT_NOPAGE		0x000100	/* ->fault() installed the PTE itself */
#define VM_FAULT_LOCKED		0x000200	/* vmf->page is locked */
#define VM_FAULT_RETRY		0x000400	/* mmap_lock was dropped: try again */
#define VM_FAULT_FALLBACK	0x000800	/* not by a huge page: by a small one */
#define VM_FAULT_DONE_COW	0x001000
#define VM_FAULT_ERROR		(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV)

enum fault_flag {
	FAULT_FLAG_WRITE		= 1 << 0,
	FAULT_FLAG_ALLOW_RETRY		= 1 << 2,
	FAULT_FLAG_KILLABLE		= 1 << 4,
	FAULT_FLAG_TRIED		= 1 << 5,
	FAULT_FLAG_USER			= 1 << 6,
	FAULT_FLAG_INSTRUCTION		= 1 << 8,
};

struct vm_fault {
	struct vm_area_struct	*vma;
	gfp_t			gfp_mask;
	pgoff_t			pgoff;		/* in the file */
	unsigned long		address;	/* page-aligned */
	unsigned long		real_address;
	unsigned int		flags;		/* FAULT_FLAG_* */
	pmd_t			*pmd;
	pte_t			orig_pte;	/* what the PTE held when the fault was taken */
	struct page		*cow_page;
	struct page		*page;		/* ->fault() puts it here, with a reference */
	pte_t			*pte;
	spinlock_t		*ptl;
};

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	int (*may_split)(struct vm_area_struct *vma, unsigned long addr);	/* an errno: not there */
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t start, pgoff_t end);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	const char *(*name)(struct vm_area_struct *vma);
	int (*mremap)(struct vm_area_struct *vma);	/* it is here now; an errno: it may not be */
};

static inline bool vma_is_anonymous(struct vm_area_struct *vma)
{
	return !vma->vm_ops;
}

static inline unsigned long vma_pages(struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline pgoff_t linear_page_index(struct vm_area_struct *vma, unsigned long addr)
{
	return ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

#define offset_in_vma(vma, addr) ((addr) - (vma)->vm_start)

/* The region that contains addr, or NULL. mmap_lock is held. */
static inline struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	return mtree_load(&mm->mm_mt, addr);
}

/* The first region at or above the iterator's address that begins below end; then the next. */
static inline struct vm_area_struct *vma_find(struct vma_iterator *vmi, unsigned long end)
{
	return mas_find(&vmi->mas, end - 1);
}

static inline struct vm_area_struct *vma_next(struct vma_iterator *vmi)
{
	return mas_find(&vmi->mas, ULONG_MAX);
}

static inline struct vm_area_struct *vma_prev(struct vma_iterator *vmi)
{
	return mas_prev(&vmi->mas, 0);
}

#define for_each_vma(vmi, vma)			while (((vma) = vma_next(&(vmi))) != NULL)
#define for_each_vma_range(vmi, vma, end)	while (((vma) = vma_find(&(vmi), (end))) != NULL)

/* mmap_lock */
#define mmap_read_lock(mm)		down_read(&(mm)->mmap_lock)
#define mmap_read_lock_killable(mm)	down_read_killable(&(mm)->mmap_lock)
#define mmap_read_trylock(mm)		down_read_trylock(&(mm)->mmap_lock)
#define mmap_read_unlock(mm)		up_read(&(mm)->mmap_lock)
#define mmap_write_lock(mm)		down_write(&(mm)->mmap_lock)
#define mmap_write_lock_killable(mm)	down_write_killable(&(mm)->mmap_lock)
#define mmap_write_unlock(mm)		up_write(&(mm)->mmap_lock)
#define mmap_write_downgrade(mm)	downgrade_write(&(mm)->mmap_lock)
#define mmap_assert_locked(mm)		rwsem_assert_held(&(mm)->mmap_lock)
#define mmap_assert_write_locked(mm)	rwsem_assert_held_write(&(mm)->mmap_lock)

/* mm/mmap.c, mm/vma.c */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *find_vma_prev(struct mm_struct *mm, unsigned long addr,
				     struct vm_area_struct **pprev);
struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start,
					     unsigned long end);
struct vm_area_struct *vm_area_alloc(struct mm_struct *mm);
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig);
void vm_area_free(struct vm_area_struct *vma);
int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma);
int expand_stack_locked(struct vm_area_struct *vma, unsigned long address);
struct vm_area_struct *lock_mm_and_find_vma(struct mm_struct *mm, unsigned long address);
int __split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr, int new_below);
struct vm_area_struct *vma_merge(struct mm_struct *mm, struct vm_area_struct *prev,
				 unsigned long addr, unsigned long end, unsigned long vm_flags,
				 struct anon_vma *anon_vma, struct file *file, pgoff_t pgoff);
void vma_expand(struct vm_area_struct *vma, unsigned long end);
struct vm_area_struct *copy_vma(struct vm_area_struct **vmap, unsigned long addr, unsigned long len,
				pgoff_t pgoff, bool *need_rmap_locks);
unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff, unsigned long *populate);
unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long offset);
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len);
int vm_munmap(unsigned long start, size_t len);
int vm_brk_flags(unsigned long addr, unsigned long len, unsigned long flags);
void exit_mmap(struct mm_struct *mm);
int may_expand_vm(struct mm_struct *mm, unsigned long vm_flags, unsigned long npages);
void vm_stat_account(struct mm_struct *mm, unsigned long flags, long npages);
pgprot_t vm_get_page_prot(unsigned long vm_flags);
unsigned long get_unmapped_area(struct file *file, unsigned long addr, unsigned long len,
				unsigned long pgoff, unsigned long flags);
int install_special_mapping(struct mm_struct *mm, unsigned long addr, unsigned long len,
			    unsigned long vm_flags, const struct vm_operations_struct *ops);

static inline spinlock_t *pmd_lock(struct mm_struct *mm, pmd_t *pmd)
{
	spinlock_t *ptl = pmd_lockptr(mm, pmd);

	spin_lock(ptl);
	return ptl;
}

/* mm/mlock.c */
bool can_do_mlock(void);
int mlock_future_check(struct mm_struct *mm, unsigned long flags, unsigned long len);

/* mm/gup.c */
int __mm_populate(unsigned long start, unsigned long len, int ignore_errors);

/* Touches the pages of a fresh mapping. What cannot be had now will fault later. */
static inline void mm_populate(unsigned long addr, unsigned long len)
{
	__mm_populate(addr, len, 1);
}

/* mm/memory.c */
/* The frame behind a PTE, NULL for those that are not counted: the zero page and the like. */
static inline struct page *vm_normal_page(pte_t pte)
{
	return pte_special(pte) ? NULL : pte_page(pte);
}

vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
			   struct pt_regs *regs);
int fixup_user_fault(struct mm_struct *mm, unsigned long address, unsigned int fault_flags);
int copy_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma);
void zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long size);
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen,
			 int even_cows);
void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr, bool even_cows);
void do_set_pte(struct vm_fault *vmf, struct page *page, unsigned long addr);
long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr,
			   unsigned int gup_flags, struct page **pages);
int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len,
		     unsigned int gup_flags);
int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len,
		      unsigned int gup_flags);
#define FOLL_WRITE	0x01
#define FOLL_FORCE	0x10

static inline unsigned long get_mm_counter(struct mm_struct *mm, int member)
{
	long val = atomic_long_read(&mm->rss_stat[member]);

	return val < 0 ? 0 : val;
}

static inline void add_mm_counter(struct mm_struct *mm, int member, long value)
{
	atomic_long_add(value, &mm->rss_stat[member]);
}
#define inc_mm_counter(mm, m)	add_mm_counter(mm, m, 1)
#define dec_mm_counter(mm, m)	add_mm_counter(mm, m, -1)
static inline int mm_counter_file(struct page *page)
{
	return PageSwapBacked(page) ? MM_SHMEMPAGES : MM_FILEPAGES;
}

static inline unsigned long get_mm_rss(struct mm_struct *mm)
{
	return get_mm_counter(mm, MM_FILEPAGES) + get_mm_counter(mm, MM_ANONPAGES) +
	       get_mm_counter(mm, MM_SHMEMPAGES);
}

static inline unsigned long mm_pgtables_bytes(struct mm_struct *mm)
{
	return atomic_long_read(&mm->pgtables_bytes);
}

/* mm/mm_struct.c */
void mm_cache_init(void);
struct mm_struct *mm_alloc(void);
struct mm_struct *dup_mm(struct mm_struct *oldmm);
void mmput(struct mm_struct *mm);
void __mmdrop(struct mm_struct *mm);
static inline void mmgrab(struct mm_struct *mm) { atomic_inc(&mm->mm_count); }
static inline void mmget(struct mm_struct *mm) { atomic_inc(&mm->mm_users); }
static inline bool mmget_not_zero(struct mm_struct *mm) { return atomic_inc_not_zero(&mm->mm_users); }
static inline void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count))
		__mmdrop(mm);
}
struct mm_struct *get_task_mm(struct task_struct *task);
void set_mm_exe_file(struct mm_struct *mm, struct file *file);
struct file *get_mm_exe_file(struct mm_struct *mm);
struct file *get_task_exe_file(struct task_struct *task);

/* mm/util.c */
int __vm_enough_memory(struct mm_struct *mm, long pages, int cap_sys_admin);
char *kstrdup(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
void *kmemdup(const void *src, size_t len, gfp_t gfp);
void *memdup_user(const void __user *src, size_t len);
void *memdup_user_nul(const void __user *src, size_t len);
char *strndup_user(const char __user *s, long n);
void *kvmalloc(size_t size, gfp_t gfp);
void *kvzalloc(size_t size, gfp_t gfp);
void *kvcalloc(size_t n, size_t size, gfp_t gfp);
void kvfree(const void *addr);
bool is_vmalloc_addr(const void *x);

/* mm/vmscan.c, for the allocator's slow path: how many pages were freed */
unsigned long try_to_free_pages(unsigned int order, gfp_t gfp_mask);

#endif
