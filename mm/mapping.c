// SPDX-License-Identifier: MIT
/*
 * Walks over many PTEs: copying them for fork, taking them out for munmap and truncation, freeing
 * the tables, and finding a page of another task.
 *
 * Callers: dup_mmap() (mm/mm_struct.c), mm/mmap.c, mm/madvise.c, mm/truncate.c, /proc.
 * Locking: mmap_lock is held for writing when regions come or go; unmap_mapping_pages() holds the
 * file's i_mmap_rwsem instead, which keeps regions (and so their tables) from going away.
 * page_table_lock is taken for each table of PTEs.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/pagemap.h>
#include <linux/reclaim_policy.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <asm-generic/tlb.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include "internal.h"

/* ------------------------------------------------------------------ fork */

/* One PTE. A page that either side may write is made read-only on both: the first write copies. */
static void copy_present_pte(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
			     pte_t *dst_pte, pte_t *src_pte, unsigned long addr, int *rss)
{
	unsigned long flags = src_vma->vm_flags;
	pte_t pte = *src_pte;
	struct page *page = vm_normal_page(pte);

	if (page) {
		get_page(page);
		page_dup_rmap(page);
		rss[PageAnon(page) ? MM_ANONPAGES : mm_counter_file(page)]++;
	}
	if ((flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE && pte_write(pte)) {
		ptep_set_wrprotect(src_vma->vm_mm, addr, src_pte);
		pte = pte_wrprotect(pte);
	}
	if (flags & VM_SHARED)
		pte = pte_mkclean(pte);
	/* The child has not used it yet. */
	if (ptes_start_old())
		pte = pte_mkold(pte);
	/* Not visible to any CPU yet: the child has not run. */
	WRITE_ONCE(*dst_pte, pte);
}

/* A page that is swapped out: the child has the same entry, and the slot a user more. */
static void copy_swap_pte(struct mm_struct *dst, struct mm_struct *src, pte_t *dst_pte, pte_t *src_pte,
			  int *rss)
{
	const swp_entry_t entry = pte_to_swp_entry(*src_pte);

	/* A page that is being split: it will be shared, so neither may write to it. */
	if (unlikely(is_migration_entry(entry))) {
		WRITE_ONCE(*src_pte, swp_entry_to_pte(make_readable_migration_entry(entry)));
		WRITE_ONCE(*dst_pte, *src_pte);
		rss[MM_ANONPAGES]++;
		return;
	}
	if (unlikely(non_swap_entry(entry))) {
		WRITE_ONCE(*dst_pte, *src_pte);
		return;
	}
	if (WARN_ON_ONCE(swap_duplicate(entry)))
		return;
	if (unlikely(list_empty(&dst->mmlist))) {
		spin_lock(&mmlist_lock);
		if (list_empty(&dst->mmlist))
			list_add(&dst->mmlist, &src->mmlist);
		spin_unlock(&mmlist_lock);
	}
	rss[MM_SWAPENTS]++;
	WRITE_ONCE(*dst_pte, *src_pte);
}

static int copy_pte_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
			  pmd_t *src_pmd, unsigned long addr, unsigned long end)
{
	struct mm_struct *dst = dst_vma->vm_mm, *src = src_vma->vm_mm;
	int rss[NR_MM_COUNTERS] = { }, i;
	pte_t *src_pte, *dst_pte;
	pmd_t *dst_pmd = mm_populate_pmd(dst, addr);

	if (!dst_pmd)
		return -ENOMEM;
	src_pte = pte_offset_kernel(src_pmd, addr);
	dst_pte = pte_offset_kernel(dst_pmd, addr);
	/* Reclaim may look at the child's tables already. */
	spin_lock(&dst->page_table_lock);
	spin_lock_nested(&src->page_table_lock, SINGLE_DEPTH_NESTING);
	for (; addr < end; addr += PAGE_SIZE, src_pte++, dst_pte++)
		if (pte_present(*src_pte))
			copy_present_pte(dst_vma, src_vma, dst_pte, src_pte, addr, rss);
		else if (!pte_none(*src_pte))
			copy_swap_pte(dst, src, dst_pte, src_pte, rss);
	spin_unlock(&src->page_table_lock);
	spin_unlock(&dst->page_table_lock);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (rss[i])
			add_mm_counter(dst, i, rss[i]);
	return 0;
}

/**
 * copy_page_range - give the child the parent's pages of one region
 *
 * No page is copied: both sides map the same frames, read-only where a write must copy. The caller
 * holds both mmap_locks for writing and invalidates the parent's TLB entries afterwards. A region
 * without pages of its own is left empty: the child's faults find a file's pages in the cache.
 * Returns -ENOMEM when tables are lacking; the child's address space is then taken apart as usual.
 */
int copy_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma)
{
	unsigned long addr, next, end = src_vma->vm_end;

	if (!src_vma->anon_vma)
		return is_vm_hugetlb_page(src_vma) ? copy_hugetlb_page_range(dst_vma, src_vma) : 0;
	for (addr = src_vma->vm_start; addr < end; addr = next) {
		pmd_t *src_pmd;

		next = mm_next_table(src_vma->vm_mm, addr, end, &src_pmd);
		if (!src_pmd)
			continue;
		if (pmd_trans_huge(READ_ONCE(*src_pmd))) {
			int err = copy_huge_pmd(dst_vma, src_vma, src_pmd, addr);

			if (err != -EAGAIN) {
				if (err)
					return err;
				continue;
			}
		}
		if (copy_pte_range(dst_vma, src_vma, src_pmd, addr, next))
			return -ENOMEM;
	}
	return 0;
}

/* ------------------------------------------------------------------ walking */

/*
 * The stretch of [addr, end) that lies under one PMD entry: returns its end, and the entry in
 * *pmdp if it is not empty: a table, or a huge page. Where tables are missing higher up it skips as far as they would reach.
 */
unsigned long mm_next_table(struct mm_struct *mm, unsigned long addr, unsigned long end, pmd_t **pmdp)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	pud_t *pud;
	pmd_t *pmd;

	*pmdp = NULL;
	if (pgd_none(READ_ONCE(*pgd)))
		return pgd_addr_end(addr, end);
	pud = pud_offset(pgd, addr);
	if (pud_none(READ_ONCE(*pud)))
		return pud_addr_end(addr, end);
	pmd = pmd_offset(pud, addr);
	if (!pmd_none(READ_ONCE(*pmd)))
		*pmdp = pmd;
	return pmd_addr_end(addr, end);
}

/* ------------------------------------------------------------------ unmapping */

/* Take PTEs out; their pages go to the gather. What was dirty through the mapping is told the page. */
static void zap_pte_range(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
			  unsigned long addr, unsigned long end)
{
	struct mm_struct *mm = vma->vm_mm;
	int rss[NR_MM_COUNTERS], i;
	pte_t *ptep = pte_offset_kernel(pmd, addr);
	bool full;

again:
	full = false;
	memset(rss, 0, sizeof(rss));
	spin_lock(&mm->page_table_lock);
	for (; addr < end && !full; addr += PAGE_SIZE, ptep++) {
		pte_t pte = *ptep;
		struct page *page;
		bool anon;

		if (pte_none(pte))
			continue;
		if (unlikely(!pte_present(pte))) {
			const swp_entry_t entry = pte_to_swp_entry(pte);

			pte_clear(mm, addr, ptep);
			if (is_migration_entry(entry))
				rss[MM_ANONPAGES]--;
			else
				rss[MM_SWAPENTS] -= free_swap_and_cache(entry);
			continue;
		}
		pte = ptep_get_and_clear(mm, addr, ptep);
		tlb_track(tlb, addr);
		page = vm_normal_page(pte);
		if (!page)
			continue;
		anon = PageAnon(page);
		if (!anon && pte_dirty(pte) && (vma->vm_flags & VM_SHARED)) {
			/*
			 * Another thread may still write through its CPU's TLB. From here on the page
			 * is unmapped as far as write-back can tell: what came after its write would
			 * be lost. So this entry does not wait for the gather's flush.
			 */
			if (!tlb->fullmm)
				flush_tlb_page(vma, addr);
			set_page_dirty(page);
		}
		rss[anon ? MM_ANONPAGES : mm_counter_file(page)]--;
		if (unlikely(PageCompound(page))) {
			page_remove_subpage_rmap(page, vma);
			page = compound_head(page);
		} else {
			__page_remove_rmap(page, vma);
		}
		full = tlb_remove_page(tlb, page);
	}
	spin_unlock(&mm->page_table_lock);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (rss[i])
			add_mm_counter(mm, i, rss[i]);
	if (full) {
		tlb_flush_mmu(tlb);
		cond_resched();
		if (addr < end)
			goto again;
	}
}

static void unmap_page_range(struct mmu_gather *tlb, struct vm_area_struct *vma, unsigned long addr,
			     unsigned long end)
{
	unsigned long next;
	pmd_t *pmd;

	for (; addr < end; addr = next) {
		next = mm_next_table(vma->vm_mm, addr, end, &pmd);
		if (!pmd)
			continue;
		if (unlikely(!pmd_table(READ_ONCE(*pmd)))) {
			if (is_vm_hugetlb_page(vma)) {
				unmap_hugepage(vma, pmd, addr, NULL, !tlb->fullmm);
				continue;
			}
			if (next - addr == HPAGE_PMD_SIZE && zap_huge_pmd(tlb, vma, pmd, addr))
				continue;
			split_huge_pmd(vma, pmd, addr);
			/* Another thread has unmapped it; a third may have faulted since, and has it huge again. */
			if (!pmd_table(READ_ONCE(*pmd)))
				continue;
		}
		zap_pte_range(tlb, vma, pmd, addr, next);
	}
}

/* The pages of [start, end) in this region, on which mas stands, and those that follow it. */
void unmap_vmas(struct mmu_gather *tlb, struct ma_state mas, struct vm_area_struct *vma,
		unsigned long start, unsigned long end)
{
	for (; vma; vma = mas_find(&mas, end - 1))
		unmap_page_range(tlb, vma, max(start, vma->vm_start), min(end, vma->vm_end));
}

/* Drop the pages of part of a region, which stays. mmap_lock or i_mmap_rwsem is held. */
void zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long size)
{
	struct mmu_gather tlb;

	tlb_gather_mmu(&tlb, vma->vm_mm);
	unmap_page_range(&tlb, vma, start, start + size);
	tlb_finish_mmu(&tlb);
}

/* ------------------------------------------------------------------ freeing tables */

/* Does the whole range of the entry lie between the neighbours that stay? */
static bool entry_is_free(unsigned long addr, unsigned long size, unsigned long floor,
			  unsigned long ceiling)
{
	unsigned long start = addr & ~(size - 1);

	return start >= floor && start + size <= ceiling;
}

static void free_pmd_entries(struct mmu_gather *tlb, pud_t *pud, unsigned long addr,
			     unsigned long end, unsigned long floor, unsigned long ceiling)
{
	unsigned long next;

	for (; addr < end; addr = next) {
		pmd_t *pmd = pmd_offset(pud, addr);

		next = pmd_addr_end(addr, end);
		if (pmd_none(*pmd) || !entry_is_free(addr, PMD_SIZE, floor, ceiling))
			continue;
		tlb_remove_table(tlb, (void *)pmd_page_vaddr(*pmd));
		WRITE_ONCE(*pmd, __pmd(0));
		tlb_track(tlb, addr & PAGE_MASK);
	}
}

static void free_pud_entries(struct mmu_gather *tlb, pgd_t *pgd, unsigned long addr,
			     unsigned long end, unsigned long floor, unsigned long ceiling)
{
	unsigned long next;

	for (; addr < end; addr = next) {
		pud_t *pud = pud_offset(pgd, addr);

		next = pud_addr_end(addr, end);
		if (pud_none(*pud))
			continue;
		free_pmd_entries(tlb, pud, addr, next, floor, ceiling);
		if (!entry_is_free(addr, PUD_SIZE, floor, ceiling))
			continue;
		tlb_remove_table(tlb, (void *)pud_page_vaddr(*pud));
		WRITE_ONCE(*pud, __pud(0));
		tlb_track(tlb, addr & PAGE_MASK);
	}
}

static void free_pgd_range(struct mmu_gather *tlb, unsigned long start, unsigned long end,
			   unsigned long floor, unsigned long ceiling)
{
	unsigned long addr, next;

	for (addr = start; addr < end; addr = next) {
		pgd_t *pgd = pgd_offset(tlb->mm, addr);

		next = pgd_addr_end(addr, end);
		if (pgd_none(*pgd))
			continue;
		free_pud_entries(tlb, pgd, addr, next, floor, ceiling);
		if (!entry_is_free(addr, PGDIR_SIZE, floor, ceiling))
			continue;
		tlb_remove_table(tlb, (void *)pgd_page_vaddr(*pgd));
		WRITE_ONCE(*pgd, __pgd(0));
		tlb_track(tlb, addr & PAGE_MASK);
	}
}

/**
 * free_pgtables - free the tables that dying regions used
 * @vma: the first of them, on which mas stands; they are those of the tree up to ceiling
 * @floor, @ceiling: where the nearest regions that stay end and begin
 *
 * A table that several of the regions share goes with the last of them: only then does the next
 * region that may need it begin above it. By then no file and no anon_vma leads here any more, which is
 * seen to here, and the PTEs are empty. mmap_lock is held for writing.
 */
void free_pgtables(struct mmu_gather *tlb, struct ma_state mas, struct vm_area_struct *vma,
		   unsigned long floor, unsigned long ceiling)
{
	struct vm_area_struct *next;

	for (; vma; vma = next) {
		next = mas_find(&mas, ceiling - 1);
		unlink_anon_vmas(vma);
		unlink_file_vma(vma);
		free_pgd_range(tlb, vma->vm_start, vma->vm_end, floor,
			       next ? next->vm_start : ceiling);
	}
}

/* ------------------------------------------------------------------ truncation */

/**
 * unmap_mapping_pages - take pages of a file out of every address space
 * @start, @nr: in pages
 * @even_cows: also the private copies (truncation); else only what maps the cache itself
 */
void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr, bool even_cows)
{
	pgoff_t last = start + nr - 1;
	struct vm_area_struct *vma;

	if (last < start)
		last = ULONG_MAX;
	down_read(&mapping->i_mmap_rwsem);
	vma_interval_tree_foreach(vma, &mapping->i_mmap, start, last) {
		pgoff_t vfirst = vma->vm_pgoff, vlast = vfirst + vma_pages(vma) - 1;
		pgoff_t a = max(start, vfirst), b = min(last, vlast);

		if (!even_cows && vma->anon_vma && !(vma->vm_flags & VM_SHARED))
			continue;
		zap_page_range(vma, vma->vm_start + ((a - vfirst) << PAGE_SHIFT),
			       (b - a + 1) << PAGE_SHIFT);
	}
	up_read(&mapping->i_mmap_rwsem);
}
EXPORT_SYMBOL(unmap_mapping_pages);

/* The same in bytes; a length of 0 means to the end. */
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen,
			 int even_cows)
{
	pgoff_t start = (pgoff_t)holebegin >> PAGE_SHIFT;
	pgoff_t nr = ((pgoff_t)holelen + PAGE_SIZE - 1) >> PAGE_SHIFT;

	unmap_mapping_pages(mapping, start, holelen ? nr : ULONG_MAX - start + 1, even_cows);
}
EXPORT_SYMBOL(unmap_mapping_range);

/* ------------------------------------------------------------------ another task's pages */

/* The page at addr, with a reference, if the entry already allows the access; else NULL. */
static struct page *follow_page(struct vm_area_struct *vma, unsigned long addr, unsigned int foll)
{
	pmd_t *pmd = mm_find_pmd(vma->vm_mm, addr);
	struct page *page = NULL;
	pte_t pte = __pte(0);
	spinlock_t *ptl;

	if (!pmd)
		return NULL;
	ptl = pmd_lock(vma->vm_mm, pmd);
	if (pmd_table(*pmd))
		pte = *pte_offset_kernel(pmd, addr);
	else if (pmd_trans_huge(*pmd))	/* as the PTE that it stands for */
		pte = __pte(pmd_val(*pmd) + (addr & ~HPAGE_PMD_MASK & PAGE_MASK));
	if (pte_present(pte) && (!(foll & FOLL_WRITE) || pte_hw_dirty(pte))) {
		page = pte_page(pte);
		get_page(page);
	}
	spin_unlock(ptl);
	return page;
}

/**
 * get_user_pages_remote - references to the pages of a range of an address space
 * @gup_flags: FOLL_WRITE: as if written to, so that copy on write happens first
 *
 * mmap_lock is held for reading. Returns how many pages were had, or -EFAULT, -ENOMEM for the first.
 */
long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr,
			   unsigned int gup_flags, struct page **pages)
{
	unsigned int fault_flags = gup_flags & FOLL_WRITE ? FAULT_FLAG_WRITE : 0;
	unsigned long need = gup_flags & FOLL_WRITE ? VM_WRITE : VM_READ, i;

	start &= PAGE_MASK;
	for (i = 0; i < nr; i++, start += PAGE_SIZE) {
		struct vm_area_struct *vma = find_vma(mm, start);
		int tries = 3;

		if (!vma || vma->vm_start > start || !(vma->vm_flags & need))
			return i ? (long)i : -EFAULT;
		while (!(pages[i] = follow_page(vma, start, gup_flags))) {
			vm_fault_t ret = handle_mm_fault(vma, start, fault_flags, NULL);

			ret |= check_stable_address_space(mm);
			if ((ret & VM_FAULT_ERROR) || !tries--)
				return i ? (long)i : ret & VM_FAULT_OOM ? -ENOMEM : -EFAULT;
		}
	}
	return i;
}

/* Read or write another address space; returns the bytes done. Takes mmap_lock. */
int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len,
		     unsigned int gup_flags)
{
	int done = 0;

	mmap_read_lock(mm);
	while (done < len) {
		unsigned long off = offset_in_page(addr + done);
		int n = min_t(int, len - done, PAGE_SIZE - off);
		struct page *page;

		if (get_user_pages_remote(mm, addr + done, 1, gup_flags, &page) != 1)
			break;
		if (gup_flags & FOLL_WRITE)
			memcpy(page_address(page) + off, buf + done, n);
		else
			memcpy(buf + done, page_address(page) + off, n);
		put_page(page);
		done += n;
	}
	mmap_read_unlock(mm);
	return done;
}

int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len,
		      unsigned int gup_flags)
{
	struct mm_struct *mm = get_task_mm(tsk);
	int ret;

	if (!mm)
		return 0;
	ret = access_remote_vm(mm, addr, buf, len, gup_flags);
	mmput(mm);
	return ret;
}
