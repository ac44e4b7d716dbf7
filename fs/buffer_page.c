// SPDX-License-Identifier: MIT
/*
 * Pages of files in blocks: reading, writing and truncating a page where its blocks may lie anywhere
 * on the disk, each noted in a buffer head.
 *
 * Callers: the address_space_operations of filesystems, which pass their get_block(), and of block
 * devices. get_block(inode, n, bh, create) says in bh where block n of the file is (BH_Mapped), or
 * leaves it unmapped for a hole; with @create it allocates, and says BH_New.
 *
 * A block that was just allocated holds whatever somebody left there. So a new block is either
 * written whole, or cleared in the page before any of it, and never read; and what the device's own
 * cache has of it is forgotten (clean_bdev_aliases()).
 *
 * Locking: the page is locked in all these functions. That alone guards its buffers' places and
 * contents; private_lock is taken where the page is not locked (block_dirty_folio() from a PTE).
 */
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/writeback.h>

/**
 * create_empty_buffers - gives a page its buffers; locked
 * @blocksize: bytes
 * @b_state: bits to set in each
 *
 * Sleeps until there is memory for them: the page may be on its way to the disk, which frees some.
 */
void create_empty_buffers(struct page *page, unsigned long blocksize, unsigned long b_state)
{
	struct folio *folio = page_folio(page);
	struct buffer_head *head, *bh;

	while (!(head = alloc_page_buffers(page, blocksize, false)))
		writeback_wait_some();

	/*
	 * block_dirty_folio() from a PTE has only private_lock: it finds the buffers, or we find its
	 * PG_dirty. A page whose buffers are clean is not written, dirty or not.
	 */
	spin_lock(&folio->mapping->private_lock);
	if (folio_test_uptodate(folio))
		b_state |= BIT(BH_Uptodate);
	if (folio_test_dirty(folio))
		b_state |= BIT(BH_Dirty);
	bh = head;
	do {
		bh->b_state |= b_state;
		bh = bh->b_this_page;
	} while (bh != head);
	folio_attach_private(folio, head);
	spin_unlock(&folio->mapping->private_lock);
}
EXPORT_SYMBOL(create_empty_buffers);

static struct buffer_head *page_create_buffers(struct page *page, struct inode *inode)
{
	BUG_ON(!PageLocked(page));
	if (!page_has_buffers(page))
		create_empty_buffers(page, i_blocksize(inode), 0);
	return page_buffers(page);
}

/* ------------------------------------------------------------------ the end of a page's I/O */

/*
 * A buffer of a page has been read or written. When it was the last one of the page under way,
 * returns true: the page's I/O is over. b_uptodate_lock of the first buffer makes "the last one" one.
 */
static bool end_async_buffer(struct buffer_head *bh, enum bh_state_bits bit)
{
	struct buffer_head *first = page_buffers(bh->b_page), *p;
	unsigned long flags;
	bool last = true;

	spin_lock_irqsave(&first->b_uptodate_lock, flags);
	clear_bit(bit, &bh->b_state);
	unlock_buffer(bh);
	for (p = bh->b_this_page; p != bh; p = p->b_this_page)
		if (test_bit(bit, &p->b_state)) {
			last = false;
			break;
		}
	spin_unlock_irqrestore(&first->b_uptodate_lock, flags);
	return last;
}

static void end_buffer_async_read(struct buffer_head *bh, int uptodate)
{
	struct folio *folio = page_folio(bh->b_page);
	struct buffer_head *p = bh;
	bool all = true;

	if (uptodate) {
		set_buffer_uptodate(bh);
	} else {
		clear_buffer_uptodate(bh);
		pr_err_ratelimited("Buffer I/O error on dev %s, logical block %llu, async page read\n",
				   bh->b_bdev->bd_name, (u64)bh->b_blocknr);
		folio_set_error(folio);
	}
	if (!end_async_buffer(bh, BH_Async_Read))
		return;
	do {
		all = all && buffer_uptodate(p);
		p = p->b_this_page;
	} while (p != bh);
	if (all)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
}

/** end_buffer_async_write - ->b_end_io of the buffers that __block_write_full_page() submits */
void end_buffer_async_write(struct buffer_head *bh, int uptodate)
{
	struct folio *folio = page_folio(bh->b_page);

	if (uptodate) {
		set_buffer_uptodate(bh);
	} else {
		pr_err_ratelimited("Buffer I/O error on dev %s, logical block %llu, lost async page write\n",
				   bh->b_bdev->bd_name, (u64)bh->b_blocknr);
		mark_buffer_write_io_error(bh);
		clear_buffer_uptodate(bh);
		folio_set_error(folio);
	}
	if (end_async_buffer(bh, BH_Async_Write))
		folio_end_writeback(folio);
}
EXPORT_SYMBOL(end_buffer_async_write);

/* ------------------------------------------------------------------ reading a page */

/* Block @iblock of the file behind a page's buffer: read it, or is it zeros? 1, 0, or an error. */
static int prepare_read_buffer(struct inode *inode, struct buffer_head *bh, sector_t iblock,
			       get_block_t *get_block)
{
	const sector_t end = DIV_ROUND_UP((u64)i_size_read(inode), bh->b_size);
	int err = 0;

	if (buffer_uptodate(bh))
		return 0;
	if (!buffer_mapped(bh) && iblock < end)
		err = get_block(inode, iblock, bh, 0);
	if (err)
		return err;
	if (buffer_mapped(bh))
		return 1;
	memset(bh->b_data, 0, bh->b_size);
	set_buffer_uptodate(bh);
	return 0;
}

/**
 * block_read_full_folio - ->read_folio(): reads a page by its buffers
 * @folio: locked; unlocked when the read has ended, up to date if it went well
 * @get_block: the filesystem's
 *
 * Returns 0: the outcome is in the page.
 */
int block_read_full_folio(struct folio *folio, get_block_t *get_block)
{
	struct inode *inode = folio->mapping->host;
	struct buffer_head *head = page_create_buffers(folio_page(folio, 0), inode), *bh = head;
	struct buffer_head *todo[PAGE_SIZE / SECTOR_SIZE];
	sector_t iblock = (sector_t)folio->index << (PAGE_SHIFT - inode->i_blkbits);
	unsigned int nr = 0;
	bool failed = false;
	int ret;

	do {
		ret = prepare_read_buffer(inode, bh, iblock++, get_block);
		if (ret > 0)
			todo[nr++] = bh;
		failed |= ret < 0;
		bh = bh->b_this_page;
	} while (bh != head);

	if (failed)
		folio_set_error(folio);
	if (!nr) {
		if (!failed)
			folio_mark_uptodate(folio);
		folio_unlock(folio);
		return 0;
	}
	/* All are marked before the first is submitted: so none of them is the last one too early. */
	for (unsigned int i = 0; i < nr; i++) {
		lock_buffer(todo[i]);
		todo[i]->b_end_io = end_buffer_async_read;
		set_buffer_async_read(todo[i]);
	}
	for (unsigned int i = 0; i < nr; i++) {
		/* Somebody may have read it through another way while we waited for its lock. */
		if (buffer_uptodate(todo[i]))
			end_buffer_async_read(todo[i], 1);
		else
			submit_bh(REQ_OP_READ, todo[i]);
	}
	return 0;
}
EXPORT_SYMBOL(block_read_full_folio);

/* ------------------------------------------------------------------ writing into a page */

/**
 * page_zero_new_buffers - clears what was allocated for a write that then did not fill it
 * @from: first byte of the page
 * @to: first byte after
 */
void page_zero_new_buffers(struct page *page, unsigned int from, unsigned int to)
{
	struct buffer_head *head, *bh;
	unsigned int start = 0;

	if (!page_has_buffers(page))
		return;
	bh = head = page_buffers(page);
	do {
		const unsigned int end = start + bh->b_size;

		if (buffer_new(bh) && end > from && start < to) {
			if (!PageUptodate(page)) {
				zero_user_segment(page, max(from, start), min(to, end));
				set_buffer_uptodate(bh);
			}
			clear_buffer_new(bh);
			mark_buffer_dirty(bh);
		}
		start = end;
		bh = bh->b_this_page;
	} while (bh != head);
}
EXPORT_SYMBOL(page_zero_new_buffers);

/*
 * Makes one buffer ready for bytes @from to @to of the page to be written into it; @start is where it
 * begins. Returns 1 when it must be read first, for only a part of it will be written.
 */
static int prepare_write_buffer(struct inode *inode, struct page *page, struct buffer_head *bh,
				sector_t iblock, unsigned int start, unsigned int from,
				unsigned int to, get_block_t *get_block)
{
	const unsigned int end = start + bh->b_size;
	int err;

	clear_buffer_new(bh);
	if (!buffer_mapped(bh)) {
		/* Dirty before it has a block: so who writes data before what points to them finds it. */
		filemap_dirty_folio(page->mapping, page_folio(page));
		err = get_block(inode, iblock, bh, 1);
		if (err)
			return err;
		if (buffer_new(bh)) {
			clean_bdev_bh_alias(bh);
			if (PageUptodate(page)) {
				/* A hole until now: zeros are in the page already, and go to disk. */
				clear_buffer_new(bh);
				set_buffer_uptodate(bh);
				mark_buffer_dirty(bh);
				return 0;
			}
			zero_user_segments(page, start, max(start, from), min(end, to), end);
			return 0;
		}
	}
	if (PageUptodate(page)) {
		set_buffer_uptodate(bh);
		return 0;
	}
	return !buffer_uptodate(bh) && (start < from || end > to);
}

/**
 * __block_write_begin - makes bytes of a page ready to be written
 * @page: locked
 * @pos: first byte in the file
 * @len: bytes, all within the page
 * @get_block: the filesystem's; allocates blocks
 *
 * After it the page's bytes are as in the file except for those. Returns 0, or an error of @get_block
 * or -EIO: then blocks that were allocated are cleared.
 */
int __block_write_begin(struct page *page, loff_t pos, unsigned int len, get_block_t *get_block)
{
	struct inode *inode = page->mapping->host;
	const unsigned int from = pos & ~PAGE_MASK, to = from + len;
	struct buffer_head *head = page_create_buffers(page, inode), *bh = head;
	sector_t iblock = (sector_t)page->index << (PAGE_SHIFT - inode->i_blkbits);
	unsigned int start = 0;
	int err = 0;

	do {
		const unsigned int end = start + bh->b_size;

		if (end <= from || start >= to) {
			if (PageUptodate(page))
				set_buffer_uptodate(bh);
		} else {
			err = prepare_write_buffer(inode, page, bh, iblock, start, from, to, get_block);
			/* At most two blocks are written in part: no need to start both at once. */
			if (err > 0)
				err = min(bh_read(bh, 0), 0);
			if (err)
				break;
		}
		iblock++;
		start = end;
		bh = bh->b_this_page;
	} while (bh != head);

	if (unlikely(err))
		page_zero_new_buffers(page, from, to);
	return err;
}
EXPORT_SYMBOL(__block_write_begin);

/**
 * block_write_begin - ->write_begin(): gets the page and makes it ready
 * @pagep: gets the page, locked and with a reference
 *
 * Returns 0 or a negative errno. After an error the filesystem frees what lies behind the end of file.
 */
int block_write_begin(struct address_space *mapping, loff_t pos, unsigned int len,
		      struct page **pagep, get_block_t *get_block)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	int err;

	if (!page)
		return -ENOMEM;
	err = __block_write_begin(page, pos, len, get_block);
	if (unlikely(err)) {
		unlock_page(page);
		put_page(page);
		page = NULL;
	}
	*pagep = page;
	return err;
}
EXPORT_SYMBOL(block_write_begin);

/** block_commit_write - bytes @from to @to of a page have been written: they are dirty; page locked */
int block_commit_write(struct page *page, unsigned int from, unsigned int to)
{
	struct buffer_head *head = page_buffers(page), *bh = head;
	unsigned int start = 0;
	bool partial = false;

	do {
		const unsigned int end = start + bh->b_size;

		if (end <= from || start >= to) {
			if (!buffer_uptodate(bh))
				partial = true;
		} else {
			set_buffer_uptodate(bh);
			mark_buffer_dirty(bh);
		}
		clear_buffer_new(bh);
		start = end;
		bh = bh->b_this_page;
	} while (bh != head);
	/* By and by all of the page was written: then it need not be read. */
	if (!partial)
		SetPageUptodate(page);
	return 0;
}
EXPORT_SYMBOL(block_commit_write);

/**
 * block_write_end - @copied of @len bytes were copied into a page
 *
 * Returns how many of them count: none, if the copy stopped short in a page that is not up to date.
 */
int block_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
		    unsigned int copied, struct page *page, void *fsdata)
{
	const unsigned int start = pos & ~PAGE_MASK;

	if (unlikely(copied < len)) {
		/*
		 * The buffers were taken for going to be written whole and were not read. What is
		 * behind the copied bytes is neither old nor new: begin this piece again. New blocks
		 * are cleared, they belong to the file already.
		 */
		if (!PageUptodate(page))
			copied = 0;
		page_zero_new_buffers(page, start + copied, start + len);
	}
	flush_dcache_page(page);
	if (copied)
		block_commit_write(page, start, start + copied);
	return copied;
}
EXPORT_SYMBOL(block_write_end);

/** generic_write_end - ->write_end(): commits, moves the end of file, unlocks and puts the page */
int generic_write_end(struct file *file, struct address_space *mapping, loff_t pos,
		      unsigned int len, unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;
	const loff_t old_size = inode->i_size;
	bool grown = false;

	copied = block_write_end(file, mapping, pos, len, copied, page, fsdata);
	/* With the page locked: write-back must not see the page behind the end and drop it. */
	if (pos + copied > old_size) {
		i_size_write(inode, pos + copied);
		grown = true;
	}
	unlock_page(page);
	put_page(page);

	if (old_size < pos)
		pagecache_isize_extended(inode, old_size, pos);
	if (grown)
		mark_inode_dirty(inode);
	return copied;
}
EXPORT_SYMBOL(generic_write_end);

/**
 * block_page_mkwrite - ->page_mkwrite(): a page is about to be written through a mapping
 * @vma: the region
 * @vmf: vmf->page has a reference
 * @get_block: allocates blocks for it, if it is a hole
 *
 * Returns 0 with the page locked and dirty, or a negative errno for block_page_mkwrite_return():
 * -EFAULT when the page is not the file's any more, -ENOSPC and the like.
 */
int block_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf, get_block_t *get_block)
{
	struct page *page = vmf->page;
	struct inode *inode = vma->vm_file->f_mapping->host;
	loff_t size;
	unsigned int end;
	int err;

	lock_page(page);
	size = i_size_read(inode);
	if (page->mapping != inode->i_mapping || page_offset(page) >= size) {
		unlock_page(page);
		return -EFAULT;
	}
	end = min_t(loff_t, PAGE_SIZE, size - page_offset(page));
	err = __block_write_begin(page, page_offset(page), end, get_block);
	if (!err)
		err = block_commit_write(page, 0, end);
	if (err) {
		unlock_page(page);
		return err;
	}
	set_page_dirty(page);
	wait_for_stable_page(page);
	return 0;
}
EXPORT_SYMBOL(block_page_mkwrite);

/* ------------------------------------------------------------------ writing a page out */

/*
 * Gives every dirty buffer of a page its place, allocating where a program has written into a hole
 * through a mapping. Buffers behind the end of file are left out.
 */
static int map_dirty_buffers(struct inode *inode, struct page *page, struct buffer_head *head,
			     get_block_t *get_block)
{
	sector_t iblock = (sector_t)page->index << (PAGE_SHIFT - inode->i_blkbits);
	const sector_t end = DIV_ROUND_UP((u64)i_size_read(inode), i_blocksize(inode));
	struct buffer_head *bh = head;
	int err = 0, err2;

	do {
		if (iblock >= end) {
			/* It lies behind the end and has been cleared in the page. */
			clear_buffer_dirty(bh);
			set_buffer_uptodate(bh);
		} else if (!buffer_mapped(bh) && buffer_dirty(bh)) {
			err2 = get_block(inode, iblock, bh, 1);
			if (err2) {
				/* These bytes cannot be kept: who waits is told, and it is over. */
				clear_buffer_dirty(bh);
				err = err2;
			} else if (buffer_new(bh)) {
				clear_buffer_new(bh);
				clean_bdev_bh_alias(bh);
			}
		}
		iblock++;
		bh = bh->b_this_page;
	} while (bh != head);
	return err;
}

/**
 * __block_write_full_page - writes the dirty buffers of a page
 * @inode: the file
 * @page: locked, clean by folio_clear_dirty_for_io(); unlocked on return
 * @get_block: the filesystem's
 * @wbc: the mode
 * @handler: ends each buffer: end_buffer_async_write()
 *
 * Returns 0 or the error of @get_block. The writes that could be started have been started.
 */
int __block_write_full_page(struct inode *inode, struct page *page, get_block_t *get_block,
			    struct writeback_control *wbc, bh_end_io_t *handler)
{
	const blk_opf_t opf = REQ_OP_WRITE | wbc_to_write_flags(wbc);
	struct buffer_head *head, *bh, *next;
	unsigned int nr = 0;
	int err;

	if (!page_has_buffers(page))
		create_empty_buffers(page, i_blocksize(inode), BIT(BH_Dirty) | BIT(BH_Uptodate));
	bh = head = page_buffers(page);
	err = map_dirty_buffers(inode, page, head, get_block);

	do {
		if (buffer_mapped(bh)) {
			if (wbc->sync_mode != WB_SYNC_NONE) {
				lock_buffer(bh);
			} else if (!trylock_buffer(bh)) {
				/* Somebody reads or writes it by itself: another time. */
				redirty_page_for_writepage(wbc, page);
				goto next;
			}
			if (test_clear_buffer_dirty(bh)) {
				bh->b_end_io = handler;
				set_buffer_async_write(bh);
				nr++;
			} else {
				unlock_buffer(bh);
			}
		}
next:
		bh = bh->b_this_page;
	} while (bh != head);

	/*
	 * The buffers cannot go: PG_writeback keeps the page from truncation and reclaim until the
	 * last of them has ended, and that may be before this loop is over; hence @nr.
	 */
	set_page_writeback(page);
	if (err)
		mapping_set_error(page->mapping, err);
	unlock_page(page);
	if (!nr) {
		end_page_writeback(page);
		return err;
	}
	do {
		next = bh->b_this_page;
		if (buffer_async_write(bh)) {
			nr--;
			submit_bh(opf, bh);
		}
		bh = next;
	} while (nr);
	return err;
}
EXPORT_SYMBOL(__block_write_full_page);

/**
 * block_write_full_page - ->writepage() for filesystems with a get_block()
 *
 * What a program has written behind the end of file through a mapping is cleared before it goes.
 */
int block_write_full_page(struct page *page, get_block_t *get_block, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	const loff_t size = i_size_read(inode);
	const pgoff_t end_index = size >> PAGE_SHIFT;
	const unsigned int tail = size & ~PAGE_MASK;

	if (page->index > end_index || (page->index == end_index && !tail)) {
		unlock_page(page);	/* truncation is about to take it off */
		return 0;
	}
	if (page->index == end_index)
		zero_user_segment(page, tail, PAGE_SIZE);
	return __block_write_full_page(inode, page, get_block, wbc, end_buffer_async_write);
}
EXPORT_SYMBOL(block_write_full_page);

/**
 * block_dirty_folio - ->dirty_folio() for pages with buffers: all of it is dirty
 *
 * Called with the page locked, or under the page-table lock from a PTE; sleeps not.
 */
bool block_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	struct buffer_head *head, *bh;
	bool newly;

	spin_lock(&mapping->private_lock);
	if (folio_test_private(folio)) {
		bh = head = folio_buffers(folio);
		do {
			set_buffer_dirty(bh);
			bh = bh->b_this_page;
		} while (bh != head);
	}
	newly = !folio_test_set_dirty(folio);
	spin_unlock(&mapping->private_lock);
	if (newly) {
		__folio_mark_dirty(folio, mapping, 1);
		__mark_inode_dirty(mapping->host, I_DIRTY_PAGES);
	}
	return newly;
}
EXPORT_SYMBOL(block_dirty_folio);

/* ------------------------------------------------------------------ truncation */

static void discard_buffer(struct buffer_head *bh)
{
	lock_buffer(bh);
	clear_buffer_dirty(bh);
	bh->b_bdev = NULL;
	clear_buffer_mapped(bh);
	clear_buffer_req(bh);
	clear_buffer_new(bh);
	clear_buffer_delay(bh);
	unlock_buffer(bh);
}

/** block_invalidate_folio - ->invalidate_folio(): the blocks of these bytes are not the file's */
void block_invalidate_folio(struct folio *folio, size_t offset, size_t length)
{
	struct buffer_head *head, *bh;
	size_t start = 0;

	BUG_ON(!folio_test_locked(folio));
	if (!folio_test_private(folio))
		return;
	bh = head = folio_buffers(folio);
	do {
		const size_t end = start + bh->b_size;

		if (start >= offset && end <= offset + length)
			discard_buffer(bh);
		start = end;
		bh = bh->b_this_page;
	} while (bh != head);
	if (length == PAGE_SIZE)
		filemap_release_folio(folio, 0);
}
EXPORT_SYMBOL(block_invalidate_folio);

/**
 * block_truncate_page - clears the rest of the block in which the file will end
 * @mapping: the file's
 * @from: the new size in bytes; i_rwsem is held
 * @get_block: the filesystem's
 *
 * So that the file shows zeros there when it grows again. Returns 0, -ENOMEM, -EIO.
 */
int block_truncate_page(struct address_space *mapping, loff_t from, get_block_t *get_block)
{
	struct inode *inode = mapping->host;
	const unsigned int bsize = i_blocksize(inode), offset = from & ~PAGE_MASK;
	unsigned int length = from & (bsize - 1), start;
	struct buffer_head *bh;
	struct page *page;
	sector_t iblock;
	int err = 0;

	if (!length)
		return 0;
	length = bsize - length;
	page = grab_cache_page(mapping, from >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	bh = page_create_buffers(page, inode);
	iblock = (sector_t)page->index << (PAGE_SHIFT - inode->i_blkbits);
	for (start = 0; start + bsize <= offset; start += bsize, iblock++)
		bh = bh->b_this_page;

	if (!buffer_mapped(bh)) {
		err = get_block(inode, iblock, bh, 0);
		if (err || !buffer_mapped(bh))
			goto out;	/* a hole reads as zeros */
	}
	if (PageUptodate(page))
		set_buffer_uptodate(bh);
	err = bh_read(bh, 0);
	if (err < 0)
		goto out;
	err = 0;
	zero_user(page, offset, length);
	mark_buffer_dirty(bh);
out:
	unlock_page(page);
	put_page(page);
	return err;
}
EXPORT_SYMBOL(block_truncate_page);

/** generic_block_bmap - ->bmap(): the disk block of a file's block, 0 for a hole */
sector_t generic_block_bmap(struct address_space *mapping, sector_t block, get_block_t *get_block)
{
	struct buffer_head tmp = { .b_size = i_blocksize(mapping->host) };

	return get_block(mapping->host, block, &tmp, 0) ? 0 : tmp.b_blocknr;
}
EXPORT_SYMBOL(generic_block_bmap);
