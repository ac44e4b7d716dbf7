// SPDX-License-Identifier: MIT
/*
 * Taking pages off a file: because the file ends earlier now (truncate), is gone, or because the
 * cache should forget what it holds (invalidate).
 *
 * Callers: filesystems when a file shrinks or an inode is evicted, block/bdev.c.
 *
 * Truncation of a file: i_size goes down first, then the PTEs, then the pages, then the blocks on
 * the disk. From the first step on a fault behind the new end fails, so no new PTE appears behind
 * the second; a reader that has found a page keeps it by its reference. Holding invalidate_lock
 * keeps anybody from reading blocks that are about to be freed.
 *
 * Locking: the page's lock for each page; no spinlock held.
 */
#include <linux/backing-dev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/rmap.h>
#include <linux/swap.h>

/* ------------------------------------------------------------------ one page */

/**
 * folio_invalidate - bytes of a page are not the file's any more
 * @folio: locked
 * @offset: first byte
 * @length: bytes
 *
 * The filesystem forgets what page->private keeps about them.
 */
void folio_invalidate(struct folio *folio, size_t offset, size_t length)
{
	const struct address_space_operations *aops = folio->mapping->a_ops;

	if (aops->invalidate_folio)
		aops->invalidate_folio(folio, offset, length);
}
EXPORT_SYMBOL(folio_invalidate);

/** filemap_release_folio - has page->private freed; the page is locked. False when it is in use */
bool filemap_release_folio(struct folio *folio, gfp_t gfp)
{
	struct address_space *mapping = folio->mapping;

	BUG_ON(!folio_test_locked(folio));
	if (!folio_test_private(folio))
		return true;
	if (folio_test_writeback(folio))
		return false;
	if (mapping && mapping->a_ops->release_folio)
		return mapping->a_ops->release_folio(folio, gfp);
	return try_to_free_buffers(folio);
}
EXPORT_SYMBOL(filemap_release_folio);

static void unmap_folio(struct folio *folio)
{
	if (folio_mapped(folio))
		try_to_unmap(folio, TTU_IGNORE_MLOCK);
}

/** truncate_inode_folio - takes a page off, whatever it holds; locked, and referenced by the caller */
int truncate_inode_folio(struct address_space *mapping, struct folio *folio)
{
	if (folio->mapping != mapping)
		return -EIO;
	folio_wait_writeback(folio);
	unmap_folio(folio);
	if (folio_test_private(folio))
		folio_invalidate(folio, 0, PAGE_SIZE);
	folio_cancel_dirty(folio);
	folio_clear_mappedtodisk(folio);
	/* Every user of private data takes the page's lock: so nobody has any now. */
	WARN_ON_ONCE(folio_test_private(folio));
	filemap_remove_folio(folio);
	return 0;
}
EXPORT_SYMBOL(truncate_inode_folio);

/*
 * Takes a page off if it is clean and nobody uses it. 1 if it did. The page is locked, the caller
 * has one reference.
 */
long mapping_evict_folio(struct address_space *mapping, struct folio *folio)
{
	if (folio->mapping != mapping || folio_test_dirty(folio) || folio_test_writeback(folio) ||
	    folio_mapped(folio))
		return 0;
	/* The cache's, the caller's, and one for private data. */
	if (folio_ref_count(folio) > 2 + folio_test_private(folio))
		return 0;
	if (!filemap_release_folio(folio, GFP_KERNEL))
		return 0;
	/* Up to date and off: a reader who has just found it reads good bytes. */
	filemap_remove_folio(folio);
	return 1;
}
EXPORT_SYMBOL(mapping_evict_folio);

/* ------------------------------------------------------------------ truncate */

/* Clears bytes @from to @to (exclusive) of the page at @index, if it is in the cache. */
static void truncate_partial(struct address_space *mapping, pgoff_t index, unsigned int from,
			     unsigned int to)
{
	struct folio *folio = filemap_lock_folio(mapping, index);

	if (!folio)
		return;
	folio_wait_writeback(folio);
	folio_zero_segment(folio, from, to);
	if (folio_test_private(folio))
		folio_invalidate(folio, from, to - from);
	folio_unlock(folio);
	folio_put(folio);
}

/**
 * truncate_inode_pages_range - takes the pages of a range off a file
 * @mapping: the file's pages
 * @lstart: first byte
 * @lend: last byte; -1 means to the end of the file
 *
 * Bytes of pages that lie partly in the range are cleared. Sleeps for locks and for write-back. On
 * return no page that was wholly in the range is there, unless it was added meanwhile.
 */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	const unsigned int head = lstart & ~PAGE_MASK;
	const unsigned int tail = (lend + 1) & ~PAGE_MASK;
	pgoff_t start = DIV_ROUND_UP((u64)lstart, PAGE_SIZE), index = start;
	pgoff_t end = lend == -1 ? ULONG_MAX : (u64)(lend + 1) >> PAGE_SHIFT;	/* exclusive */
	struct folio *folios[PAGEVEC_SIZE];
	unsigned int nr;

	if (mapping_empty(mapping))
		return;
	while (index < end &&
	       (nr = filemap_get_folios(mapping, &index, end - 1, folios, PAGEVEC_SIZE))) {
		for (unsigned int i = 0; i < nr; i++) {
			folio_lock(folios[i]);
			truncate_inode_folio(mapping, folios[i]);
			folio_unlock(folios[i]);
			folio_put(folios[i]);
		}
		cond_resched();
	}

	if (start > end) {	/* within one page */
		truncate_partial(mapping, end, head, tail);
		return;
	}
	if (head)
		truncate_partial(mapping, start - 1, head, PAGE_SIZE);
	if (tail && lend != -1)
		truncate_partial(mapping, end, 0, tail);
}
EXPORT_SYMBOL(truncate_inode_pages_range);

/** truncate_inode_pages - the pages from byte @lstart on; at 0 all of them */
void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	truncate_inode_pages_range(mapping, lstart, -1);
}
EXPORT_SYMBOL(truncate_inode_pages);

/** truncate_inode_pages_final - all pages of an inode that is being evicted */
void truncate_inode_pages_final(struct address_space *mapping)
{
	truncate_inode_pages(mapping, 0);
	BUG_ON(mapping->nrpages);
}
EXPORT_SYMBOL(truncate_inode_pages_final);

/**
 * truncate_pagecache - takes the pages behind a file's new end off; i_size is set already
 * @inode: the file
 * @newsize: its size in bytes
 *
 * The PTEs go twice: a page that was copied on write after the first time, from a page not yet
 * taken off, goes the second time.
 */
void truncate_pagecache(struct inode *inode, loff_t newsize)
{
	struct address_space *mapping = inode->i_mapping;
	const loff_t hole = (newsize + PAGE_SIZE - 1) & PAGE_MASK;

	unmap_mapping_range(mapping, hole, 0, 1);
	truncate_inode_pages(mapping, newsize);
	unmap_mapping_range(mapping, hole, 0, 1);
}
EXPORT_SYMBOL(truncate_pagecache);

/** truncate_pagecache_range - the same for bytes @lstart to @lend, a hole that is being made */
void truncate_pagecache_range(struct inode *inode, loff_t lstart, loff_t lend)
{
	struct address_space *mapping = inode->i_mapping;
	const loff_t first = (lstart + PAGE_SIZE - 1) & PAGE_MASK;
	const loff_t end = (lend + 1) & PAGE_MASK;

	if (end > first)
		unmap_mapping_range(mapping, first, end - first, 0);
	truncate_inode_pages_range(mapping, lstart, lend);
}
EXPORT_SYMBOL(truncate_pagecache_range);

/**
 * truncate_setsize - gives a file its new size and adjusts the cache; i_rwsem held for writing
 *
 * The caller frees the blocks behind @newsize after that, with invalidate_lock held from before this
 * call until then.
 */
void truncate_setsize(struct inode *inode, loff_t newsize)
{
	const loff_t oldsize = inode->i_size;

	i_size_write(inode, newsize);
	if (newsize > oldsize)
		pagecache_isize_extended(inode, oldsize, newsize);
	truncate_pagecache(inode, newsize);
}
EXPORT_SYMBOL(truncate_setsize);

/**
 * pagecache_isize_extended - the file has grown from @from to @to bytes by other than writing there
 *
 * The page of the old end may be mapped for writing without blocks for its part behind that end: make
 * the next write to it fault, so that ->page_mkwrite() allocates them. What a program has stored there
 * so far was not the file's: it becomes zeros, as write-back would make it. With blocks of a page's size
 * there is no such part.
 */
void pagecache_isize_extended(struct inode *inode, loff_t from, loff_t to)
{
	const unsigned int bsize = i_blocksize(inode);
	struct folio *folio;
	loff_t rounded;

	if (from >= to || bsize == PAGE_SIZE)
		return;
	rounded = round_up(from, bsize);
	if (to <= rounded || !(rounded & (PAGE_SIZE - 1)))
		return;
	folio = filemap_lock_folio(inode->i_mapping, from >> PAGE_SHIFT);
	if (!folio)
		return;
	unmap_folio(folio);
	if (folio_test_dirty(folio))
		folio_zero_segment(folio, from & ~PAGE_MASK, min_t(loff_t, to - folio_pos(folio), PAGE_SIZE));
	folio_unlock(folio);
	folio_put(folio);
}
EXPORT_SYMBOL(pagecache_isize_extended);

/* ------------------------------------------------------------------ invalidate */

/**
 * invalidate_mapping_pages - drops the clean pages of a range that nobody uses
 * @mapping: the file's pages
 * @start: first index
 * @end: last index, in pages
 *
 * Waits for nothing. Returns how many it dropped.
 */
unsigned long invalidate_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct folio *folios[PAGEVEC_SIZE];
	unsigned long count = 0;
	unsigned int nr;

	while ((nr = filemap_get_folios(mapping, &start, end, folios, PAGEVEC_SIZE))) {
		for (unsigned int i = 0; i < nr; i++) {
			if (folio_trylock(folios[i])) {
				count += mapping_evict_folio(mapping, folios[i]);
				folio_unlock(folios[i]);
			}
			folio_put(folios[i]);
		}
		cond_resched();
	}
	return count;
}
EXPORT_SYMBOL(invalidate_mapping_pages);

/** invalidate_inode_pages2_range - drops all pages of a range; -EBUSY when some are dirty or in use */
int invalidate_inode_pages2_range(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct folio *folios[PAGEVEC_SIZE];
	unsigned int nr;
	int ret = 0;

	while ((nr = filemap_get_folios(mapping, &start, end, folios, PAGEVEC_SIZE))) {
		for (unsigned int i = 0; i < nr; i++) {
			struct folio *folio = folios[i];

			folio_lock(folio);
			if (folio->mapping == mapping) {
				folio_wait_writeback(folio);
				unmap_folio(folio);
				if (!mapping_evict_folio(mapping, folio))
					ret = -EBUSY;
			}
			folio_unlock(folio);
			folio_put(folio);
		}
		cond_resched();
	}
	return ret;
}
EXPORT_SYMBOL(invalidate_inode_pages2_range);

int invalidate_inode_pages2(struct address_space *mapping)
{
	return invalidate_inode_pages2_range(mapping, 0, -1);
}
EXPORT_SYMBOL(invalidate_inode_pages2);
