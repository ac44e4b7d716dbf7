// SPDX-License-Identifier: MIT
/*
 * Files through the page cache: read(2), write(2) and page faults of mapped files.
 *
 * Callers: a filesystem's file_operations and vm_operations point here. The filesystem supplies
 * ->read_folio() or ->readahead() to fill a page, ->write_begin() and ->write_end() around a copy
 * into one.
 *
 * Against truncation: invalidate_lock is held for reading from the addition of a page until it is
 * filled, and the size of the file is looked at after the page is known to be up to date. So a
 * reader sees either the bytes from before a truncation or the end of file, never zeros of a page
 * whose blocks have gone.
 *
 * Locks, outermost first: i_rwsem (writes), mmap_lock (faults; also those of a buffer that a read or
 * write was given), invalidate_lock, page lock. A copy to or from a program therefore never happens
 * with a page locked unless page faults are disabled.
 */
#include <linux/backing-dev.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>
#include <linux/uio.h>
#include <linux/vmstat.h>
#include <linux/writeback.h>

/* ------------------------------------------------------------------ filling a page */

/* @folio is locked and not up to date. Returns unlocked, 0 or -EIO or what ->read_folio() says. */
static int filemap_read_folio(struct file *file, filler_t *filler, struct folio *folio)
{
	int err;

	folio_clear_error(folio);
	err = filler(file, folio);
	if (err)
		return err;
	err = folio_wait_locked_killable(folio);
	if (err)
		return err;
	return folio_test_uptodate(folio) ? 0 : -EIO;
}

/*
 * Makes a found page up to date, or finds that bytes @from to @from + @count of it are. 0; 1 when it has left the file:
 * look again; or an error. A page that is being read ahead is locked, so the lock also waits for that.
 */
static int filemap_update_page(struct file *file, struct address_space *mapping, struct folio *folio,
			       size_t from, size_t count)
{
	const struct address_space_operations *aops = mapping->a_ops;
	int err;

	filemap_invalidate_lock_shared(mapping);
	err = folio_lock_killable(folio);
	if (err)
		goto out;
	if (folio->mapping != mapping) {
		err = 1;
		folio_unlock(folio);
	} else if (folio_test_uptodate(folio) ||
		   (aops->is_partially_uptodate && aops->is_partially_uptodate(folio, from, count))) {
		folio_unlock(folio);
	} else {
		err = filemap_read_folio(file, aops->read_folio, folio);
	}
out:
	filemap_invalidate_unlock_shared(mapping);
	return err;
}

/* There is no page at @index, and read-ahead did not make one. */
static int filemap_create_folio(struct file *file, struct address_space *mapping, pgoff_t index,
				struct folio **res)
{
	const gfp_t gfp = mapping_gfp_mask(mapping);
	struct folio *folio = filemap_alloc_folio(gfp, 0);
	int err;

	if (!folio)
		return -ENOMEM;
	filemap_invalidate_lock_shared(mapping);
	err = filemap_add_folio(mapping, folio, index, gfp);
	if (!err)
		err = filemap_read_folio(file, mapping->a_ops->read_folio, folio);
	else if (err == -EEXIST)
		err = 1;
	filemap_invalidate_unlock_shared(mapping);
	if (err)
		folio_put(folio);
	else
		*res = folio;
	return err;
}

/* Up to date, and nothing to be started by using it? Then its contents may be read after this. */
static inline bool folio_ready(struct folio *folio)
{
	const unsigned long mask = BIT(PG_uptodate) | BIT(PG_readahead);

	if (unlikely((READ_ONCE(folio->flags) & mask) != BIT(PG_uptodate)))
		return false;
	smp_rmb();	/* pairs with folio_mark_uptodate() */
	return true;
}

/*
 * The page at @pos is @folio, which is not up to date or wants read-ahead, or NULL: not there.
 * @count is how many bytes the reader is after. Returns it with a reference, up to date as far as he wants it, or
 * ERR_PTR: -EINTR, -EIO, -ENOMEM, -EAGAIN when IOCB_NOWAIT forbids to sleep.
 */
static noinline struct folio *filemap_get_pages(struct kiocb *iocb, loff_t pos, size_t count, struct folio *folio)
{
	const pgoff_t index = pos >> PAGE_SHIFT;
	const unsigned long want = DIV_ROUND_UP(offset_in_page(pos) + count, PAGE_SIZE);
	struct file *file = iocb->ki_filp;
	struct address_space *mapping = file->f_mapping;
	const bool nowait = iocb->ki_flags & IOCB_NOWAIT;
	DEFINE_READAHEAD(ractl, file, &file->f_ra, mapping, index);
	int err;

	for (;; folio = filemap_get_entry(mapping, index)) {
		if (!folio) {
			if (nowait)
				return ERR_PTR(-EAGAIN);
			if (fatal_signal_pending(current))
				return ERR_PTR(-EINTR);
			ractl._index = index;
			page_cache_sync_ra(&ractl, want);
			folio = filemap_get_entry(mapping, index);
		}
		if (!folio) {
			err = filemap_create_folio(file, mapping, index, &folio);
			if (!err)
				return folio;
			if (err < 0)
				return ERR_PTR(err);
			continue;
		}
		if (folio_test_readahead(folio) && !nowait) {
			ractl._index = index;
			page_cache_async_ra(&ractl, folio, want);
		}
		if (folio_test_uptodate(folio))
			return folio;
		err = nowait ? -EAGAIN : filemap_update_page(file, mapping, folio, offset_in_page(pos), count);
		if (!err)
			return folio;
		folio_put(folio);
		if (err < 0)
			return ERR_PTR(err);
	}
}

/**
 * read_cache_folio - a page of a file, read in if need be
 * @mapping: the file's pages
 * @index: which, in pages
 * @filler: fills a page; NULL for the mapping's ->read_folio()
 * @file: for @filler
 *
 * Returns it with a reference, up to date and not locked; or -ENOMEM, -EIO, or @filler's error.
 */
struct folio *read_cache_folio(struct address_space *mapping, pgoff_t index, filler_t *filler,
			       struct file *file)
{
	struct folio *folio;
	int err;

	if (!filler)
		filler = mapping->a_ops->read_folio;
	for (;;) {
		folio = __filemap_get_folio(mapping, index, FGP_LOCK | FGP_CREAT | FGP_ACCESSED,
					    mapping_gfp_mask(mapping));
		if (!folio)
			return ERR_PTR(-ENOMEM);
		if (folio_test_uptodate(folio)) {
			folio_unlock(folio);
			return folio;
		}
		err = filemap_read_folio(file, filler, folio);
		if (!err)
			return folio;
		folio_put(folio);
		return ERR_PTR(err);
	}
}
EXPORT_SYMBOL(read_cache_folio);

struct page *read_cache_page(struct address_space *mapping, pgoff_t index, filler_t *filler,
			     struct file *file)
{
	struct folio *folio = read_cache_folio(mapping, index, filler, file);

	return IS_ERR(folio) ? ERR_CAST(folio) : &folio->page;
}
EXPORT_SYMBOL(read_cache_page);

/* ------------------------------------------------------------------ read */

/**
 * filemap_read - copies from the page cache
 * @iocb: file, position (moved on) and flags
 * @iter: where to
 * @already_read: bytes that the caller has read itself
 *
 * Returns the bytes read with @already_read, 0 at the end of file; or an error if there are none:
 * -EFAULT, -EIO, -ENOMEM, -EINTR, -EAGAIN.
 */
ssize_t filemap_read(struct kiocb *iocb, struct iov_iter *iter, ssize_t already_read)
{
	struct file *file = iocb->ki_filp;
	struct address_space *mapping = file->f_mapping;
	struct inode *inode = mapping->host;
	loff_t pos = iocb->ki_pos, left;
	size_t bytes, copied;
	int err = 0;

	while (iov_iter_count(iter) && pos < i_size_read(inode)) {
		const unsigned long offset = offset_in_page(pos);
		const pgoff_t index = pos >> PAGE_SHIFT;
		struct folio *folio = filemap_get_entry(mapping, index);

		if (unlikely(!folio || !folio_ready(folio))) {
			folio = filemap_get_pages(iocb, pos, iov_iter_count(iter), folio);
			if (IS_ERR(folio)) {
				err = PTR_ERR(folio);
				break;
			}
		}
		/* The size after the page: see the top of the file. */
		left = i_size_read(inode) - pos;
		if (unlikely(left <= 0)) {
			folio_put(folio);
			break;
		}
		bytes = min3(PAGE_SIZE - offset, iov_iter_count(iter), (size_t)left);
		/* Reading on within a page is one use of it. */
		if (!offset || index != (pgoff_t)(file->f_ra.prev_pos >> PAGE_SHIFT))
			folio_mark_accessed(folio);
		copied = copy_folio_to_iter(folio, offset, bytes, iter);
		folio_put(folio);
		pos += copied;
		file->f_ra.prev_pos = pos - 1;
		if (unlikely(copied < bytes)) {
			err = -EFAULT;
			break;
		}
		cond_resched();
	}
	already_read += pos - iocb->ki_pos;
	iocb->ki_pos = pos;
	file_accessed(file);
	return already_read ? already_read : err;
}
EXPORT_SYMBOL(filemap_read);

/** generic_file_read_iter - ->read_iter() for files of the page cache */
ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	return iov_iter_count(iter) ? filemap_read(iocb, iter, 0) : 0;
}
EXPORT_SYMBOL(generic_file_read_iter);

/* ------------------------------------------------------------------ write */

/**
 * generic_write_check_limits - how much may be written at @pos
 * @count: bytes wanted; lowered to what fits
 *
 * -EFBIG when nothing does, with SIGXFSZ if it is RLIMIT_FSIZE that forbids it.
 */
int generic_write_check_limits(struct file *file, loff_t pos, loff_t *count)
{
	const loff_t max_size = file->f_mapping->host->i_sb->s_maxbytes;
	const unsigned long limit = rlimit(RLIMIT_FSIZE);

	if (limit != RLIM_INFINITY) {
		if ((unsigned long)pos >= limit) {
			send_sig(SIGXFSZ, current, 0);
			return -EFBIG;
		}
		*count = min_t(unsigned long, *count, limit - pos);
	}
	if (pos >= max_size)
		return -EFBIG;
	*count = min(*count, max_size - pos);
	return 0;
}

/**
 * generic_write_checks - position and length of a write; i_rwsem held
 *
 * Returns the bytes to write, @from shortened to them; 0 when there is nothing to do; -EFBIG.
 */
ssize_t generic_write_checks(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	loff_t count = iov_iter_count(from);
	int err;

	if (IS_SWAPFILE(file->f_mapping->host))
		return -ETXTBSY;
	if (!count)
		return 0;
	if (iocb->ki_flags & IOCB_APPEND)
		iocb->ki_pos = i_size_read(file->f_mapping->host);
	err = generic_write_check_limits(file, iocb->ki_pos, &count);
	if (err)
		return err;
	iov_iter_truncate(from, count);
	return iov_iter_count(from);
}
EXPORT_SYMBOL(generic_write_checks);

/*
 * Copies up to @bytes within one page, as many as can be without a page fault: *copied. Returns how many of
 * them the filesystem took, or an error.
 *
 * The copy runs with the page locked, so it must not fault: the fault might want this very page
 * (the source may be a mapping of the file) or one that waits for it.
 */
static ssize_t write_one_page(struct kiocb *iocb, loff_t pos, size_t bytes, struct iov_iter *i,
			      size_t *copied)
{
	struct file *file = iocb->ki_filp;
	struct address_space *mapping = file->f_mapping;
	struct page *page;
	void *fsdata = NULL;
	int ret;

	ret = mapping->a_ops->write_begin(file, mapping, pos, bytes, &page, &fsdata);
	if (ret < 0)
		return ret;
	*copied = copy_page_from_iter_atomic(page, pos & ~PAGE_MASK, bytes, i);
	flush_dcache_page(page);
	ret = mapping->a_ops->write_end(file, mapping, pos, bytes, *copied, page, fsdata);
	/* It may have taken less than was copied: a new page must not be filled in part. */
	if (ret < (ssize_t)*copied)
		iov_iter_revert(i, *copied - max(ret, 0));
	return ret;
}

/**
 * generic_perform_write - copies into the page cache; i_rwsem held
 * @iocb: file and position; ki_pos is not moved
 * @i: where from
 *
 * Returns the bytes written, or an error if there are none.
 */
ssize_t generic_perform_write(struct kiocb *iocb, struct iov_iter *i)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	loff_t pos = iocb->ki_pos;
	size_t limit = PAGE_SIZE, copied;
	ssize_t written = 0, ret = 0;

	while (iov_iter_count(i)) {
		const size_t bytes = min3((size_t)(PAGE_SIZE - (pos & ~PAGE_MASK)),
					  iov_iter_count(i), limit);

		/* So that the copy, which must not fault, most likely need not. */
		if (unlikely(fault_in_iov_iter_readable(i, bytes) == bytes)) {
			ret = -EFAULT;
			break;
		}
		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		ret = write_one_page(iocb, pos, bytes, i, &copied);
		if (unlikely(ret < 0))
			break;
		if (likely(ret)) {
			pos += ret;
			written += ret;
			limit = PAGE_SIZE;
			balance_dirty_pages_ratelimited(mapping);
		} else {
			/*
			 * The source ends within these bytes, and the filesystem took nothing in part: what
			 * is there by itself. Or its page went away between the fault-in and the copy: one
			 * segment only, for two that evict each other would never end.
			 */
			limit = copied ? copied : clamp_t(size_t, iov_iter_single_seg_count(i), 1, PAGE_SIZE);
		}
		cond_resched();
	}
	return written ? written : ret;
}
EXPORT_SYMBOL(generic_perform_write);

/** __generic_file_write_iter - a write with all but the locking and O_SYNC; i_rwsem held */
ssize_t __generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	ssize_t ret;

	ret = file_remove_privs(file);
	if (ret)
		return ret;
	ret = file_update_time(file);
	if (ret)
		return ret;
	ret = generic_perform_write(iocb, from);
	if (ret > 0)
		iocb->ki_pos += ret;
	return ret;
}
EXPORT_SYMBOL(__generic_file_write_iter);

/** generic_file_write_iter - ->write_iter() for files of the page cache */
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = iocb->ki_filp->f_mapping->host;
	ssize_t ret;

	inode_lock(inode);
	ret = generic_write_checks(iocb, from);
	if (ret > 0)
		ret = __generic_file_write_iter(iocb, from);
	inode_unlock(inode);
	if (ret > 0)
		ret = generic_write_sync(iocb, ret);
	return ret;
}
EXPORT_SYMBOL(generic_file_write_iter);

/* ------------------------------------------------------------------ mmap */

/* Reads around a fault that found nothing: forward if the program said so, else on both sides. */
static void do_sync_mmap_readahead(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct file_ra_state *ra = &file->f_ra;
	DEFINE_READAHEAD(ractl, file, ra, file->f_mapping, vmf->pgoff);

	if ((vmf->vma->vm_flags & VM_RAND_READ) || !ra->ra_pages)
		return;
	if (vmf->vma->vm_flags & VM_SEQ_READ) {
		page_cache_sync_ra(&ractl, ra->ra_pages);
		return;
	}
	ra->start = vmf->pgoff > ra->ra_pages / 2 ? vmf->pgoff - ra->ra_pages / 2 : 0;
	ra->size = ra->ra_pages;
	ra->async_size = ra->ra_pages / 4;
	ractl._index = ra->start;
	page_cache_ra_unbounded(&ractl, ra->size, ra->async_size);
}

/*
 * The page of a fault, locked and up to date, in vmf->page; invalidate_lock is held for reading.
 * 0, or VM_FAULT_OOM, or VM_FAULT_SIGBUS when it cannot be read.
 */
static vm_fault_t filemap_fault_page(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct address_space *mapping = file->f_mapping;
	struct folio *folio;
	int err;

	for (;;) {
		folio = __filemap_get_folio(mapping, vmf->pgoff, FGP_LOCK | FGP_CREAT | FGP_ACCESSED,
					    mapping_gfp_mask(mapping));
		if (!folio)
			return VM_FAULT_OOM;
		if (likely(folio_test_uptodate(folio))) {
			vmf->page = folio_page(folio, 0);
			return 0;
		}
		err = filemap_read_folio(file, mapping->a_ops->read_folio, folio);
		folio_put(folio);
		/* A task that is being killed leaves by its signal, whatever is said here. */
		if (err)
			return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
		/* Reading unlocked it: it may have gone meanwhile. */
	}
}

/**
 * filemap_fault - ->fault() for files of the page cache; mmap_lock held
 * @vmf: vmf->page gets the page
 *
 * VM_FAULT_LOCKED with the page locked and referenced, and VM_FAULT_MAJOR when it had to be read;
 * VM_FAULT_SIGBUS behind the end of the file or on an I/O error, VM_FAULT_OOM.
 */
vm_fault_t filemap_fault(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct address_space *mapping = file->f_mapping;
	struct inode *inode = mapping->host;
	vm_fault_t ret = 0, err;
	struct folio *folio;

	if (vmf->pgoff >= DIV_ROUND_UP((u64)i_size_read(inode), PAGE_SIZE))
		return VM_FAULT_SIGBUS;
	folio = filemap_get_folio(mapping, vmf->pgoff);
	if (!folio) {
		if (!mapping_unevictable(mapping)) {	/* else it is made, not read */
			count_vm_event(PGMAJFAULT);
			ret = VM_FAULT_MAJOR;
		}
		do_sync_mmap_readahead(vmf);
	} else {
		if (folio_test_readahead(folio)) {
			DEFINE_READAHEAD(ractl, file, &file->f_ra, mapping, vmf->pgoff);

			page_cache_async_ra(&ractl, folio, file->f_ra.ra_pages);
		}
		folio_put(folio);
	}

	filemap_invalidate_lock_shared(mapping);
	err = filemap_fault_page(vmf);
	filemap_invalidate_unlock_shared(mapping);
	if (err)
		return err | ret;

	/* Truncation lowers the size first and takes pages off, under their locks, after that. */
	if (unlikely(vmf->pgoff >= DIV_ROUND_UP((u64)i_size_read(inode), PAGE_SIZE))) {
		unlock_page(vmf->page);
		put_page(vmf->page);
		vmf->page = NULL;
		return VM_FAULT_SIGBUS | ret;
	}
	return VM_FAULT_LOCKED | ret;
}
EXPORT_SYMBOL(filemap_fault);

/* Can @folio be mapped without waiting? Then it is locked. */
static bool lock_for_map(struct folio *folio, struct address_space *mapping, pgoff_t max_index)
{
	/* One that is to start read-ahead must fault to do so. */
	if (!folio_test_uptodate(folio) || folio_test_readahead(folio) || !folio_trylock(folio))
		return false;
	if (folio->mapping == mapping && folio_test_uptodate(folio) && folio->index < max_index)
		return true;
	folio_unlock(folio);
	return false;
}

#define FAULT_AROUND_PAGES	16

/**
 * filemap_map_pages - maps what is cached around a read fault, so that it will not fault too
 * @vmf: the fault; vmf->pmd leads to a table of PTEs
 * @start_pgoff: first page to map, in the file
 * @end_pgoff: last page; the range lies in the VMA and below vmf->pmd
 *
 * Never waits for a page. VM_FAULT_NOPAGE when the faulting address is mapped now.
 */
vm_fault_t filemap_map_pages(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	const pgoff_t max_index = DIV_ROUND_UP((u64)i_size_read(mapping->host), PAGE_SIZE);
	const unsigned long first = vmf->address - ((vmf->pgoff - start_pgoff) << PAGE_SHIFT);
	struct folio *folios[FAULT_AROUND_PAGES];
	pgoff_t index = start_pgoff;
	vm_fault_t ret = 0;
	unsigned int nr;
	pte_t *table;

	if (pmd_none(*vmf->pmd))
		return 0;
	nr = filemap_get_folios(mapping, &index, end_pgoff, folios, FAULT_AROUND_PAGES);
	if (!nr)
		return 0;

	table = pte_offset_map_lock(vma->vm_mm, vmf->pmd, first, &vmf->ptl);
	for (unsigned int i = 0; i < nr; i++) {
		struct folio *folio = folios[i];
		const pgoff_t off = folio->index - start_pgoff;
		const unsigned long addr = first + (off << PAGE_SHIFT);

		if (!lock_for_map(folio, mapping, max_index)) {
			folio_put(folio);
			continue;
		}
		vmf->pte = table + off;
		if (pte_none(*vmf->pte)) {
			do_set_pte(vmf, folio_page(folio, 0), addr);	/* takes our reference */
			if (addr == vmf->address)
				ret = VM_FAULT_NOPAGE;
		} else {
			folio_put(folio);
		}
		folio_unlock(folio);
	}
	pte_unmap_unlock(table, vmf->ptl);
	return ret;
}
EXPORT_SYMBOL(filemap_map_pages);

/**
 * filemap_page_mkwrite - ->page_mkwrite() where a dirty page needs no preparation
 *
 * VM_FAULT_LOCKED with vmf->page locked and dirty; VM_FAULT_NOPAGE when it has left the file: the
 * access faults again.
 */
vm_fault_t filemap_page_mkwrite(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct folio *folio = page_folio(vmf->page);

	file_update_time(vmf->vma->vm_file);
	folio_lock(folio);
	if (folio->mapping != mapping) {
		folio_unlock(folio);
		return VM_FAULT_NOPAGE;
	}
	folio_mark_dirty(folio);
	folio_wait_stable(folio);
	return VM_FAULT_LOCKED;
}
EXPORT_SYMBOL(filemap_page_mkwrite);

const struct vm_operations_struct generic_file_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= filemap_page_mkwrite,
};

/** generic_file_mmap - ->mmap() for files of the page cache; -ENOEXEC when pages cannot be read */
int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (!file->f_mapping->a_ops->read_folio)
		return -ENOEXEC;
	file_accessed(file);
	vma->vm_ops = &generic_file_vm_ops;
	return 0;
}
EXPORT_SYMBOL(generic_file_mmap);

/** generic_file_readonly_mmap - the same where dirty pages cannot be written: -EINVAL for those */
int generic_file_readonly_mmap(struct file *file, struct vm_area_struct *vma)
{
	if ((vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_MAYWRITE))
		return -EINVAL;
	return generic_file_mmap(file, vma);
}
EXPORT_SYMBOL(generic_file_readonly_mmap);
