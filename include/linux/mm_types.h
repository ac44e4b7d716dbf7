/* SPDX-License-Identifier: MIT */
/*
 * The structures of memory: a frame (struct page), a region of an address space
 * (vm_area_struct), an address space (mm_struct).
 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/maple_tree.h>
#include <linux/types.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/rwsem.h>
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <asm/page.h>
#include <asm/mmu.h>

struct address_space;
struct anon_vma;
struct file;
struct kmem_cache;
struct linux_binfmt;
struct lruvec;
struct vm_operations_struct;

/*
 * One for each frame of RAM, in the array at VMEMMAP_START. Who uses a frame decides which part
 * of the union means something; `flags` (<linux/page-flags.h>) tell.
 */
struct page {
	unsigned long flags;
	union {
		struct {	/* page cache and anonymous pages; lru also links free blocks */
			struct list_head lru;
			struct address_space *mapping;	/* anonymous: its anon_vma and 1 */
			pgoff_t index;			/* in pages from the start of the file */
			unsigned long private;		/* buffer heads; the order of a free block */
		};
		struct {	/* slab: guarded by the cache's list_lock */
			struct list_head slab_list;
			struct kmem_cache *slab_cache;
			void *freelist;			/* first free object */
			unsigned int inuse;		/* objects handed out */
			unsigned int objects;		/* objects in this slab */
		};
		struct {	/* compound page, from the second frame on: a tail */
			unsigned long compound_head;	/* bit 0 set */
			unsigned char compound_dtor;	/* these only in the first tail; enum compound_dtor_id */
			unsigned char compound_order;
			atomic_t compound_mapcount;	/* PMDs that map all of it, less one */
			unsigned long _tail_mapping;	/* lies where mapping does: of an anonymous page PAGE_MAPPING_ANON */
			atomic_t _nr_pages_mapped;	/* frames that PTEs map; COMPOUND_MAPPED more if a PMD does */
		};
		struct {	/* the second tail */
			unsigned long _tail_pad[3];
			struct list_head deferred_list;	/* of huge pages that may be split: mm/huge_split.c */
		};
	};
	union {
		atomic_t _mapcount;		/* PTEs that map it, less one */
		unsigned int page_type;		/* for frames never mapped: slab order */
	};
	atomic_t _refcount;			/* 0: free */
	struct lruvec *lruvec;		/* the lists of a process with a limit; NULL: those of all. lru_lock */
} __aligned(64);	/* finding one by its number is a shift, and it lies in one cache line */
static_assert(sizeof(struct page) == 64);

/* One page, or a compound one by its first frame. The type says: this is not a tail page. */
struct folio {
	union {
		struct {
			unsigned long flags;
			struct list_head lru;
			struct address_space *mapping;
			pgoff_t index;
			void *private;
			atomic_t _mapcount;
			atomic_t _refcount;
			struct lruvec *lruvec;
		};
		struct page page;
	};
};
static_assert(sizeof(struct folio) == sizeof(struct page));

#define page_folio(p)		((struct folio *)compound_head(p))	/* <linux/mm.h> */
#define folio_page(folio, n)	(&(folio)->page + (n))

typedef unsigned int vm_fault_t;

/* Where a page is on a swap area: <linux/swapops.h>. 0: nowhere. */
typedef struct { unsigned long val; } swp_entry_t;
typedef struct { pteval_t pgprot; } pgprot_t;

/* A region of one address space with one protection and one backing. mm->mmap_lock guards it. */
struct vm_area_struct {
	unsigned long		vm_start;	/* first byte */
	unsigned long		vm_end;		/* first byte after */
	struct mm_struct	*vm_mm;
	pgprot_t		vm_page_prot;	/* for its PTEs */
	unsigned long		vm_flags;	/* VM_* of <linux/mm.h> */
	struct {				/* in mapping->i_mmap; i_mmap_rwsem */
		struct rb_node	rb;
		unsigned long	rb_subtree_last;
	} shared;
	struct list_head	anon_vma_chain;	/* <linux/rmap.h>: where its anonymous pages are looked for */
	struct anon_vma		*anon_vma;	/* that its pages point to; set with the first, then stays */
	const struct vm_operations_struct *vm_ops;	/* NULL: anonymous */
	unsigned long		vm_pgoff;	/* offset in the file, in pages */
	struct file		*vm_file;	/* holds a reference; may be NULL */
	void			*vm_private_data;
};

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES, NR_MM_COUNTERS };

/* One address space. */
struct mm_struct {
	atomic_t		mm_users;	/* tasks that live in it; the last one takes it apart */
	atomic_t		mm_count;	/* mm_users counts as one; kernel threads borrowing it */
	pgd_t			*pgd;		/* never changes */
	mm_context_t		context;	/* ASID */

	/* mmap_lock guards the regions: held for reading by faults, for writing by changes */
	struct rw_semaphore	mmap_lock;
	struct maple_tree	mm_mt;		/* the regions, each over [vm_start, vm_end - 1] */
	struct vm_area_struct	*mmap_cache;	/* what find_vma() found last; readers set it, too */
	int			map_count;
	unsigned long		mmap_base;	/* mappings are placed downwards from here */
	unsigned long		task_size;
	unsigned long		total_vm, locked_vm, data_vm, exec_vm, stack_vm;	/* pages */
	unsigned long		hiwater_vm, hiwater_rss;
	struct lruvec		*lruvec;	/* of its own, when RLIMIT_RSS is set: mm/rss_limit.c */
	unsigned long		def_flags;
	unsigned long		flags;		/* MMF_* of <linux/sched/coredump.h>, atomic */
	unsigned long		start_code, end_code, start_data, end_data;
	unsigned long		start_brk, brk, start_stack;
	unsigned long		arg_start, arg_end, env_start, env_end;
	unsigned long		saved_auxv[2 * 24];
	void			*vdso;		/* where the signal trampoline is mapped */

	spinlock_t		page_table_lock;	/* every PTE of this mm, and pmd_huge_pte */
	struct page		*pmd_huge_pte;	/* tables for huge pages that are split, linked by page->private */
	atomic_long_t		pgtables_bytes;
	atomic_long_t		rss_stat[NR_MM_COUNTERS];	/* pages */
	atomic_long_t		hugetlb_usage;	/* pages of mm/hugetlb_vma.c, which do not count in rss_stat */

	spinlock_t		arg_lock;
	struct file		*exe_file;	/* mmap_lock */
	struct linux_binfmt	*binfmt;
	atomic_t		membarrier_state;	/* commands that it has registered for */
	struct list_head	mmlist;
};

#define MM_MT_FLAGS	(MT_FLAGS_ALLOC_RANGE | MT_FLAGS_LOCK_EXTERN)

/* Steps through the regions; they must not change meanwhile. */
struct vma_iterator {
	struct ma_state mas;
};

#define VMA_ITERATOR(name, __mm, __addr)					\
	struct vma_iterator name = { .mas = __MA_STATE(&(__mm)->mm_mt, __addr, __addr) }

extern struct mm_struct init_mm;

#endif
