// SPDX-License-Identifier: MIT
/*
 * Shared memory in swap. A page that reclaim takes gets a slot in a swap area, as an anonymous page does; but
 * not the PTEs say which one: they are empty, and the file has the entry in the place of the page, as a value
 * (xa_mk_value()) in its page cache. One entry a page, however many map it.
 *
 *	out  shmem_writepage()		page cache: page -> entry. The page is in the swap cache alone, is
 *					written, and freed by reclaim as any page there
 *	in   shmem_swapin_folio()	page cache: entry -> page. It leaves the swap cache: the slot is free
 *	gone shmem_undo_range()		pages and entries of a range, for truncation, holes, the file's end
 *
 * Callers: mm/vmscan.c, mm/shmem.c for a page that is wanted, mm/swapoff.c, smaps.
 *
 * Locking: what stands at an index changes under the xarray's lock and only from what was seen there: so of
 * those that meet - a fault, truncation, reclaim, swapoff - one has his way and the others look again. A page
 * is locked from before its entry is looked for until it has taken the entry's place, or the other way
 * round. shmem_swaplist_mutex guards the list of files that have had entries; no memory is
 * allocated with it held. info->lock guards the counts.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/vmstat.h>
#include <linux/wait_bit.h>

static LIST_HEAD(shmem_swaplist);
static DEFINE_MUTEX(shmem_swaplist_mutex);

static void *swp_to_radix_entry(swp_entry_t entry)
{
	return xa_mk_value(entry.val);
}

static swp_entry_t radix_to_swp_entry(void *value)
{
	return (swp_entry_t){ xa_to_value(value) };
}

static void shmem_add_swapped(struct inode *inode, long delta)
{
	struct shmem_inode_info *info = SHMEM_I(inode);

	spin_lock(&info->lock);
	info->swapped += delta;
	spin_unlock(&info->lock);
}

/* ------------------------------------------------------------------ out */

/**
 * shmem_writepage - has a page written to swap
 * @folio: locked, mapped by nobody, with PG_dirty cleared and no references but the file's and the caller's
 *
 * False: it stays, dirty and locked; no slot is free, or no memory, or the segment is locked. True: it is being
 * written, and unlocked. Once the entry can be found the file may be truncated, evicted, gone: neither
 * it nor its inode is touched after that.
 */
bool shmem_writepage(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	struct shmem_inode_info *info = SHMEM_I(mapping->host);
	swp_entry_t swap = { 0 };

	BUG_ON(!folio_test_locked(folio) || folio_mapped(folio));
	if (!(READ_ONCE(info->flags) & VM_LOCKED))
		swap = folio_alloc_swap();
	if (!swap.val)
		goto redirty;
	if (add_to_swap_cache(folio, swap, GFP_NOIO | __GFP_NOWARN)) {
		put_swap_folio(swap);
		goto redirty;
	}
	/* Before the entry: swapoff looks for it in the files of the list. */
	if (list_empty(&info->swaplist)) {
		mutex_lock(&shmem_swaplist_mutex);
		if (list_empty(&info->swaplist))
			list_add(&info->swaplist, &shmem_swaplist);
		mutex_unlock(&shmem_swaplist_mutex);
	}
	shmem_add_swapped(mapping->host, 1);
	WARN_ON_ONCE(swap_duplicate(swap));

	node_stat_mod_folio(folio, NR_FILE_PAGES, -1);
	node_stat_mod_folio(folio, NR_SHMEM, -1);
	xa_lock_irq(&mapping->i_pages);
	__xa_store(&mapping->i_pages, folio->index, swp_to_radix_entry(swap), 0);
	folio->mapping = NULL;
	mapping->nrpages--;
	xa_unlock_irq(&mapping->i_pages);
	folio_put(folio);	/* the file's reference */
	swap_writepage(folio);
	return true;
redirty:
	folio_clear_reclaim(folio);
	folio_set_dirty(folio);
	return false;
}

/* ------------------------------------------------------------------ in */

/* The page of the swap cache takes the entry's place, if that is there still. The page is locked. */
static bool shmem_replace_entry(struct folio *folio, struct address_space *mapping, pgoff_t index, void *value)
{
	bool done;

	folio_get(folio);
	folio->mapping = mapping;
	folio->index = index;
	xa_lock_irq(&mapping->i_pages);
	/* Needs no memory: there is an entry. */
	done = __xa_cmpxchg(&mapping->i_pages, index, value, folio, 0) == value;
	if (done)
		mapping->nrpages++;
	xa_unlock_irq(&mapping->i_pages);
	if (!done) {
		folio->mapping = NULL;
		folio_put(folio);
		return false;
	}
	node_stat_mod_folio(folio, NR_FILE_PAGES, 1);
	node_stat_mod_folio(folio, NR_SHMEM, 1);
	return true;
}

static bool shmem_confirm_swap(struct address_space *mapping, pgoff_t index, void *value)
{
	bool same;

	rcu_read_lock();
	same = xa_load(&mapping->i_pages, index) == value;
	rcu_read_unlock();
	return same;
}

/*
 * A page of the swap cache that could not be read. It is lost: its entry becomes one that leads nowhere, and is
 * no page of the file any more; so the area may be taken away. The page is locked.
 */
static void shmem_set_folio_swapin_error(struct inode *inode, pgoff_t index, void *value, struct folio *folio)
{
	struct address_space *mapping = inode->i_mapping;
	void *lost = swp_to_radix_entry(make_swapin_error_entry());

	if (xa_cmpxchg(&mapping->i_pages, index, value, lost, 0) != value)
		return;
	folio_wait_writeback(folio);
	delete_from_swap_cache(folio);
	swap_free(radix_to_swp_entry(value));
	shmem_add_swapped(inode, -1);
	shmem_recalc_inode(inode);
}

/**
 * shmem_swapin_folio - brings a page back
 * @value: what was seen at @index
 * @foliop: gets the page, locked, up to date, dirty, and with a reference
 * @fault_type: of a fault, which is a major one if the disk is read; or NULL
 *
 * 0; -EEXIST: @value is not there any more, look again; -ENOMEM; -EIO: it could not be read, now or before.
 */
int shmem_swapin_folio(struct inode *inode, pgoff_t index, void *value, struct folio **foliop,
		       vm_fault_t *fault_type)
{
	struct address_space *mapping = inode->i_mapping;
	const swp_entry_t swap = radix_to_swp_entry(value);
	struct folio *folio;
	int err = -EEXIST;

	if (unlikely(non_swap_entry(swap)))
		return -EIO;
	folio = lookup_swap_cache(swap);
	if (!folio) {
		if (fault_type) {
			*fault_type |= VM_FAULT_MAJOR;
			count_vm_event(PGMAJFAULT);
		}
		folio = swapin_readahead(swap, mapping_gfp_mask(mapping));
		/* Without memory; or the slot is free by now, since somebody was faster. */
		if (!folio)
			return shmem_confirm_swap(mapping, index, value) ? -ENOMEM : -EEXIST;
	}
	folio_lock(folio);
	/* It may have lost its slot, and the slot may be another page's by now. */
	if (!folio_test_swapcache(folio) || folio_swap_entry(folio).val != swap.val)
		goto unlock;
	if (!folio_test_uptodate(folio)) {
		if (shmem_confirm_swap(mapping, index, value))
			err = -EIO;
		shmem_set_folio_swapin_error(inode, index, value, folio);
		goto unlock;
	}
	folio_wait_writeback(folio);
	if (!shmem_replace_entry(folio, mapping, index, value))
		goto unlock;
	shmem_add_swapped(inode, -1);
	/* Nothing but this page has its bytes when the slot is free. */
	delete_from_swap_cache(folio);
	folio_mark_dirty(folio);
	swap_free(swap);
	*foliop = folio;
	return 0;
unlock:
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

/* The next entry of a page in swap from *@index to @last; NULL: none. */
static void *shmem_next_swap(struct address_space *mapping, pgoff_t *index, pgoff_t last)
{
	void *entry;

	rcu_read_lock();
	xa_for_each_range(&mapping->i_pages, *index, entry, *index, last)
		if (xa_is_value(entry))
			break;
	rcu_read_unlock();
	return entry;
}

/* Brings back all pages of a file that are in one area, or can be read. 0, -EINTR, -ENOMEM. */
static int shmem_unuse_inode(struct inode *inode, unsigned int type)
{
	pgoff_t index = 0;
	void *value;

	while ((value = shmem_next_swap(inode->i_mapping, &index, ULONG_MAX))) {
		struct folio *folio;
		int err = -EEXIST;

		if (signal_pending(current))
			return -EINTR;
		if (swp_type(radix_to_swp_entry(value)) == type)
			err = shmem_swapin_folio(inode, index, value, &folio, NULL);
		if (!err) {
			folio_unlock(folio);
			folio_put(folio);
		} else if (err == -ENOMEM) {
			return err;
		}
		index++;
		cond_resched();
	}
	return 0;
}

/**
 * shmem_unuse - brings back all pages of shared memory that are in an area, for swapoff
 *
 * Once through the list: it is for the caller to see that no slot is in use. 0, -EINTR, -ENOMEM.
 *
 * A file is not kept by a reference, which would have to be given back here, with all that its end
 * entails; its eviction waits instead until it has been looked through, and it is on the list until then.
 */
int shmem_unuse(unsigned int type)
{
	struct shmem_inode_info *info;
	int err = 0;

	mutex_lock(&shmem_swaplist_mutex);
	list_for_each_entry(info, &shmem_swaplist, swaplist) {
		if (!READ_ONCE(info->swapped))
			continue;
		atomic_inc(&info->stop_eviction);
		mutex_unlock(&shmem_swaplist_mutex);
		err = shmem_unuse_inode(&info->vfs_inode, type);
		mutex_lock(&shmem_swaplist_mutex);
		if (atomic_dec_and_test(&info->stop_eviction))
			wake_up_var(&info->stop_eviction);
		if (err)
			break;
	}
	mutex_unlock(&shmem_swaplist_mutex);
	return err;
}

/**
 * shmem_leave_swaplist - a file that is being evicted, and has no entries any more
 *
 * Only here it leaves the list. So one that is not on it never was: shmem_writepage() put it there before
 * the entry that has been found and freed.
 */
void shmem_leave_swaplist(struct shmem_inode_info *info)
{
	if (list_empty(&info->swaplist))
		return;
	mutex_lock(&shmem_swaplist_mutex);
	while (atomic_read(&info->stop_eviction)) {
		mutex_unlock(&shmem_swaplist_mutex);
		wait_var_event(&info->stop_eviction, !atomic_read(&info->stop_eviction));
		mutex_lock(&shmem_swaplist_mutex);
	}
	list_del(&info->swaplist);
	mutex_unlock(&shmem_swaplist_mutex);
}

/* ------------------------------------------------------------------ gone */

/* False: something else stands there by now. */
static bool shmem_free_swap(struct inode *inode, pgoff_t index, void *value)
{
	if (xa_cmpxchg(&inode->i_mapping->i_pages, index, value, NULL, 0) != value)
		return false;
	if (free_swap_and_cache(radix_to_swp_entry(value)))
		shmem_add_swapped(inode, -1);
	return true;
}

/* The first entry from *@index to @last: one of a page in swap, or a page, with a reference. */
static void *shmem_get_entry(struct address_space *mapping, pgoff_t *index, pgoff_t last)
{
	void *entry;

	xa_lock_irq(&mapping->i_pages);
	entry = xa_find(&mapping->i_pages, index, last, XA_PRESENT);
	if (entry && !xa_is_value(entry))
		folio_get((struct folio *)entry);
	xa_unlock_irq(&mapping->i_pages);
	return entry;
}

/* False: the page has gone to swap, or is gone, meanwhile. */
static bool shmem_truncate_folio(struct address_space *mapping, struct folio *folio)
{
	bool done;

	folio_lock(folio);
	done = !truncate_inode_folio(mapping, folio);
	folio_unlock(folio);
	folio_put(folio);
	return done;
}

/*
 * Clears bytes @from to @to (exclusive) of a page, in memory or in swap. If it cannot be read they stay: so
 * they do on Linux.
 */
static void shmem_zero_partial(struct inode *inode, pgoff_t index, unsigned int from, unsigned int to)
{
	struct folio *folio;

	if (shmem_get_folio(inode, index, &folio, SGP_READ) || !folio)
		return;
	folio_zero_segment(folio, from, to);
	folio_mark_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
}

/**
 * shmem_undo_range - truncate_inode_pages_range() for pages in memory and in swap
 * @lstart: first byte
 * @lend: last byte; -1: to the end of the file, whose size has been lowered already
 *
 * One pass is enough. A page may go to swap while its turn comes, and an entry become a page: then the same
 * index is looked at again. Behind us nothing comes that is not new: i_size keeps faults away, or, where a
 * hole is made, they may fill it again.
 */
void shmem_undo_range(struct inode *inode, loff_t lstart, loff_t lend)
{
	const unsigned int head = lstart & ~PAGE_MASK, tail = (lend + 1) & ~PAGE_MASK;
	const pgoff_t start = DIV_ROUND_UP((u64)lstart, PAGE_SIZE);
	const pgoff_t end = lend == -1 ? ULONG_MAX : (u64)(lend + 1) >> PAGE_SHIFT;	/* exclusive */
	struct address_space *mapping = inode->i_mapping;
	pgoff_t index = start;
	void *entry;

	if (mapping_empty(mapping))
		return;
	while (index < end && (entry = shmem_get_entry(mapping, &index, end - 1))) {
		if (xa_is_value(entry) ? shmem_free_swap(inode, index, entry)
				       : shmem_truncate_folio(mapping, entry))
			index++;
		cond_resched();
	}
	if (start > end) {	/* within one page */
		shmem_zero_partial(inode, end, head, tail);
		return;
	}
	if (head)
		shmem_zero_partial(inode, start - 1, head, PAGE_SIZE);
	if (tail && lend != -1)
		shmem_zero_partial(inode, end, 0, tail);
}

/* ------------------------------------------------------------------ figures */

/** shmem_partial_swap_usage - bytes in swap of pages [start, end) of a file; a glance */
unsigned long shmem_partial_swap_usage(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	unsigned long pages = 0;
	pgoff_t index = start;

	for (; index < end && shmem_next_swap(mapping, &index, end - 1); index++) {
		pages++;
		cond_resched();
	}
	return pages << PAGE_SHIFT;
}

/** shmem_swap_usage - bytes in swap of what a region maps; mmap_lock is held */
unsigned long shmem_swap_usage(struct vm_area_struct *vma)
{
	struct inode *inode = file_inode(vma->vm_file);
	const unsigned long swapped = READ_ONCE(SHMEM_I(inode)->swapped);

	if (!swapped)
		return 0;
	if (!vma->vm_pgoff && vma->vm_end - vma->vm_start >= (unsigned long)i_size_read(inode))
		return swapped << PAGE_SHIFT;
	return shmem_partial_swap_usage(inode->i_mapping, vma->vm_pgoff, vma->vm_pgoff + vma_pages(vma));
}
