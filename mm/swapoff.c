// SPDX-License-Identifier: MIT
/*
 * swapoff(2): everything that is in a swap area comes back into memory.
 *
 * No new slots are given out any more. Then each file of shared memory that may have entries is gone
 * through (shmem_unuse()), and each address space (init_mm.mmlist): every PTE with an entry of the area gets its
 * page. Forks and exits meanwhile move entries about: so all are gone through again until no slot is in use.
 *
 * That takes long, and may end in lack of memory: then swapoff is the first that is killed, or the area is as it
 * was. Nobody else takes it meanwhile, for it is neither active nor unused; so swapon_mutex is not held.
 * mmlist_lock guards the list of address spaces, mmap_lock each of them.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/oom.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/syscalls.h>
#include "internal.h"
#include "swap.h"

/*
 * The page of an entry goes into the PTE, unless that has changed meanwhile. The page is locked. When it could
 * not be read, an entry that leads nowhere: the program may never want it.
 */
static void unuse_pte(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, swp_entry_t entry,
		      struct folio *folio)
{
	struct page *page = folio_page(folio, 0);
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *ptl;
	pte_t *pte;

	pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
	if (pte_same(*pte, swp_entry_to_pte(entry))) {
		dec_mm_counter(mm, MM_SWAPENTS);
		if (likely(PageUptodate(page))) {
			inc_mm_counter(mm, MM_ANONPAGES);
			get_page(page);
			page_add_anon_rmap(page, vma, addr);
			set_pte_at(mm, addr, pte, pte_mkold(mk_pte(page, vma->vm_page_prot)));
		} else {
			set_pte_at(mm, addr, pte, swp_entry_to_pte(make_swapin_error_entry()));
		}
		swap_free(entry);
	}
	pte_unmap_unlock(pte, ptl);
}

/* 0 or -ENOMEM */
static int unuse_entry(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, swp_entry_t entry)
{
	struct folio *folio = lookup_swap_cache(entry);

	if (!folio)
		folio = read_swap_cache_async(entry, GFP_HIGHUSER_MOVABLE, false);
	if (!folio)
		return swap_count(entry) ? -ENOMEM : 0;
	folio_lock(folio);
	folio_wait_writeback(folio);
	if (folio_test_swapcache(folio) && folio_swap_entry(folio).val == entry.val) {
		unuse_pte(vma, pmd, addr, entry, folio);
		folio_free_swap(folio);
	}
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

static int unuse_vma(struct vm_area_struct *vma, unsigned int type)
{
	unsigned long addr, next;
	pmd_t *pmd;
	int err;

	for (addr = vma->vm_start; addr < vma->vm_end; addr = next) {
		next = mm_next_table(vma->vm_mm, addr, vma->vm_end, &pmd);
		for (; pmd && pmd_table(READ_ONCE(*pmd)) && addr < next; addr += PAGE_SIZE) {
			const pte_t pte = ptep_get(pte_offset_kernel(pmd, addr));

			if (!is_swap_pte(pte) || swp_type(pte_to_swp_entry(pte)) != type)
				continue;
			if (signal_pending(current))
				return -EINTR;
			err = unuse_entry(vma, pmd, addr, pte_to_swp_entry(pte));
			if (err)
				return err;
		}
		cond_resched();
	}
	return 0;
}

static int unuse_mm(struct mm_struct *mm, unsigned int type)
{
	struct vm_area_struct *vma;
	VMA_ITERATOR(vmi, mm, 0);
	int err = 0;

	mmap_read_lock(mm);
	for_each_vma(vmi, vma) {
		if (vma->anon_vma)
			err = unuse_vma(vma, type);
		if (err)
			break;
	}
	mmap_read_unlock(mm);
	return err;
}

/* Once through all address spaces. Who is reached holds his place in the list by a reference. */
static int unuse_all(unsigned int type)
{
	struct mm_struct *prev = NULL, *mm;
	struct list_head *p;
	int err = 0;

	spin_lock(&mmlist_lock);
	p = &init_mm.mmlist;
	while (!err && (p = p->next) != &init_mm.mmlist) {
		mm = list_entry(p, struct mm_struct, mmlist);
		if (!mmget_not_zero(mm))
			continue;
		spin_unlock(&mmlist_lock);
		if (prev)
			mmput(prev);
		prev = mm;
		err = unuse_mm(mm, type);
		cond_resched();
		spin_lock(&mmlist_lock);
	}
	spin_unlock(&mmlist_lock);
	if (prev)
		mmput(prev);
	return err;
}

/* Pages that have a slot but no entry anywhere: out of the cache. */
static void drop_swap_cache(struct swap_info_struct *si, unsigned int type)
{
	for (unsigned long i = 1; i < si->max; i++) {
		struct folio *folio = lookup_swap_cache(swp_entry(type, i));

		if (!folio)
			continue;
		folio_lock(folio);
		folio_wait_writeback(folio);
		if (folio_test_swapcache(folio) && folio_swap_entry(folio).val == swp_entry(type, i).val)
			folio_free_swap(folio);
		folio_unlock(folio);
		folio_put(folio);
		cond_resched();
	}
}

static int try_to_unuse(struct swap_info_struct *si)
{
	const unsigned int type = si->type;
	int err = 0;

	while (!err && READ_ONCE(si->inuse_pages)) {
		err = shmem_unuse(type);
		if (!err)
			err = unuse_all(type);
		if (!err)
			drop_swap_cache(si, type);
		/* Somebody has a slot in hand that is in no PTE just now. */
		if (!err && READ_ONCE(si->inuse_pages))
			schedule_timeout_uninterruptible(1);
		if (!err && signal_pending(current))
			err = -EINTR;
	}
	return err;
}

SYSCALL_DEFINE1(swapoff, const char __user *, specialfile)
{
	struct swap_info_struct *si, *found = NULL;
	struct file *file;
	int err;

	file = open_swap_file(specialfile);
	if (IS_ERR(file))
		return PTR_ERR(file);

	mutex_lock(&swapon_mutex);
	for (int type = 0; type < MAX_SWAPFILES && (si = swap_info[type]); type++)
		if ((si->flags & SWP_WRITEOK) && si->swap_file->f_mapping == file->f_mapping)
			found = si;
	err = found ? security_vm_enough_memory_mm(current->mm, found->pages) : -EINVAL;
	if (!err) {
		vm_unacct_memory(found->pages);
		disable_swap_info(found);
	}
	mutex_unlock(&swapon_mutex);
	filp_close(file, NULL);
	if (err)
		return err;

	set_current_oom_origin();
	err = try_to_unuse(found);
	clear_current_oom_origin();

	mutex_lock(&swapon_mutex);
	if (err)
		enable_swap_info(found);
	else
		free_swap_info(found);
	mutex_unlock(&swapon_mutex);
	return err;
}
