// SPDX-License-Identifier: MIT
/*
 * Read-ahead: pages that a file's reader will want next, asked for before it does.
 *
 * Callers: filemap_file.c, for a page that is not there (sync) or that carries PG_readahead (async).
 *
 * The window of an open file is [start, start + size) pages, in its f_ra. A reader that misses where
 * the last read ended, or at the start of the file, is taken for sequential: a window is opened. The
 * page async_size before its end gets PG_readahead; whoever reads that page starts the next window,
 * twice as large up to ra_pages (128 KiB), while the rest of this one is still to be read. So a
 * sequential reader finds its pages read or being read, and the disk gets large requests. A reader
 * that jumps gets what it asked for and no more.
 *
 * f_ra is a hint, read and written without a lock: two threads that share a file spoil at worst
 * each other's window.
 *
 * Locking: invalidate_lock is held for reading around the addition of pages and ->readahead(), which
 * unlocks each page when it has been read. All pages of a window are locked and not up to date until
 * then, and the order of locking them, by index, is the same for everybody.
 */
#include <linux/backing-dev.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/pagemap.h>

/** file_ra_state_init - the window of a file that is being opened */
void file_ra_state_init(struct file_ra_state *ra, struct address_space *mapping)
{
	ra->ra_pages = inode_to_bdi(mapping->host)->ra_pages;
	ra->prev_pos = -1;
}

/**
 * readahead_folio - for ->readahead(): the next page to read, locked; NULL when there are no more
 *
 * The caller has no reference, the lock keeps the page: unlock it when the read has ended, in
 * whatever context, marked up to date if it went well.
 */
struct folio *readahead_folio(struct readahead_control *ractl)
{
	struct folio *folio;

	if (!ractl->_nr_pages)
		return NULL;
	folio = filemap_get_entry(ractl->mapping, ractl->_index);
	BUG_ON(!folio || !folio_test_locked(folio));
	ractl->_index++;
	ractl->_nr_pages--;
	folio_put(folio);	/* of filemap_get_entry(); and the one of its making: */
	folio_put(folio);
	return folio;
}
EXPORT_SYMBOL(readahead_folio);

/* Has the collected pages read. Those that the filesystem leaves are unlocked as they are. */
static void read_pages(struct readahead_control *ractl)
{
	const struct address_space_operations *aops = ractl->mapping->a_ops;
	struct folio *folio;

	if (!ractl->_nr_pages)
		return;
	if (aops->readahead) {
		aops->readahead(ractl);
		while ((folio = readahead_folio(ractl)))
			folio_unlock(folio);
	} else {
		while ((folio = readahead_folio(ractl)))
			aops->read_folio(ractl->file, folio);
	}
}

/**
 * page_cache_ra_unbounded - reads the pages of a range that are not in the cache
 * @ractl: file, mapping and, in _index, the first page
 * @nr_to_read: pages
 * @lookahead_size: the page that many before the end gets PG_readahead; 0: none does
 *
 * Starts the reads and does not wait for them. Stops at the end of file, and without memory.
 */
void page_cache_ra_unbounded(struct readahead_control *ractl, unsigned long nr_to_read,
			     unsigned long lookahead_size)
{
	struct address_space *mapping = ractl->mapping;
	const gfp_t gfp = mapping_gfp_mask(mapping) | __GFP_NORETRY | __GFP_NOWARN;
	const pgoff_t first = ractl->_index;
	const pgoff_t end = DIV_ROUND_UP((u64)i_size_read(mapping->host), PAGE_SIZE);

	if (first >= end)
		return;
	nr_to_read = min(nr_to_read, end - first);
	ractl->_nr_pages = 0;

	filemap_invalidate_lock_shared(mapping);
	for (unsigned long i = 0; i < nr_to_read; i++) {
		struct folio *folio = filemap_get_entry(mapping, first + i);
		int err = -EEXIST;

		if (folio) {
			folio_put(folio);
		} else {
			folio = filemap_alloc_folio(gfp, 0);
			if (!folio)
				break;
			if (i == nr_to_read - lookahead_size)
				folio_set_readahead(folio);
			err = filemap_add_folio(mapping, folio, first + i, gfp);
			if (err)
				folio_put(folio);
		}
		if (!err) {
			ractl->_nr_pages++;
			continue;
		}
		/* A page that is there already splits the run. */
		read_pages(ractl);
		if (err != -EEXIST)
			break;
		ractl->_index = first + i + 1;
	}
	read_pages(ractl);
	filemap_invalidate_unlock_shared(mapping);
}
EXPORT_SYMBOL(page_cache_ra_unbounded);

/** force_page_cache_ra - reads @nr_to_read pages in portions, for posix_fadvise(2) and madvise(2) */
void force_page_cache_ra(struct readahead_control *ractl, unsigned long nr_to_read)
{
	const struct address_space_operations *aops = ractl->mapping->a_ops;
	pgoff_t index = ractl->_index;

	if (!aops->read_folio && !aops->readahead)
		return;		/* nowhere to read from */
	while (nr_to_read) {
		const unsigned long chunk = min(nr_to_read, VM_READAHEAD_PAGES);

		ractl->_index = index;
		page_cache_ra_unbounded(ractl, chunk, 0);
		index += chunk;
		nr_to_read -= chunk;
		cond_resched();
	}
}

/* The first window for a reader of @req pages: a few times that, and at once large for large reads. */
static unsigned int init_ra_size(unsigned long req, unsigned int max)
{
	unsigned long size = roundup_pow_of_two(req);

	if (size <= max / 32)
		size *= 4;
	else if (size <= max / 4)
		size *= 2;
	return min_t(unsigned long, size, max);
}

static unsigned int next_ra_size(unsigned int cur, unsigned int max)
{
	return cur < max / 16 ? 4 * cur : min(2 * cur, max);
}

/* Reads the window. Its async_size may not be larger than itself. */
static void submit_window(struct readahead_control *ractl)
{
	struct file_ra_state *ra = ractl->ra;

	ractl->_index = ra->start;
	page_cache_ra_unbounded(ractl, ra->size, ra->async_size);
}

/**
 * page_cache_sync_ra - the page at ractl->_index is wanted now and not in the cache
 * @req_count: pages that the reader will want at once
 */
void page_cache_sync_ra(struct readahead_control *ractl, unsigned long req_count)
{
	struct file_ra_state *ra = ractl->ra;
	const pgoff_t index = ractl->_index;
	const pgoff_t prev = ra->prev_pos < 0 ? 0 : ra->prev_pos >> PAGE_SHIFT;
	const unsigned int max = ra->ra_pages;
	const unsigned long req = min_t(unsigned long, max_t(unsigned long, req_count, 1),
					max_t(unsigned int, max, 1));

	if (!max)
		return;
	if (index == ra->start + ra->size && ra->size) {
		/* The reader is faster than the marks, or has run past a page that was there. */
		ra->start += ra->size;
		ra->size = next_ra_size(ra->size, max);
		ra->async_size = ra->size;
	} else if (!index || index == prev || index == prev + 1 || req_count > max) {
		ra->start = index;
		ra->size = init_ra_size(req, max);
		ra->async_size = ra->size > req ? ra->size - req : ra->size;
	} else {
		page_cache_ra_unbounded(ractl, req, 0);
		return;
	}
	/* This very read would meet the mark at once: ask for the next window with this one. */
	if (ra->start == index && ra->size == ra->async_size) {
		const unsigned int add = next_ra_size(ra->size, max);

		if (ra->size + add <= max) {
			ra->async_size = add;
			ra->size += add;
		} else {
			ra->size = max;
			ra->async_size = max / 2;
		}
	}
	submit_window(ractl);
}
EXPORT_SYMBOL(page_cache_sync_ra);

/* The first page at or behind @index that is not in the cache, looking at @max pages. */
static pgoff_t next_miss(struct address_space *mapping, pgoff_t index, unsigned long max)
{
	struct folio *folio;

	for (; max; max--, index++) {
		folio = filemap_get_entry(mapping, index);
		if (!folio)
			break;
		folio_put(folio);
	}
	return index;
}

/**
 * page_cache_async_ra - @folio, at ractl->_index, carries PG_readahead and is wanted now
 * @req_count: pages that the reader will want at once
 */
void page_cache_async_ra(struct readahead_control *ractl, struct folio *folio, unsigned long req_count)
{
	struct file_ra_state *ra = ractl->ra;
	const pgoff_t index = ractl->_index;
	const unsigned int max = ra->ra_pages;
	pgoff_t start;

	/* On a page under write-back the bit means PG_reclaim. */
	if (!max || folio_test_writeback(folio))
		return;
	folio_clear_readahead(folio);

	if (index == ra->start + ra->size - ra->async_size || index == ra->start + ra->size) {
		ra->start += ra->size;
		ra->size = next_ra_size(ra->size, max);
	} else {
		/* Several readers of one file: go on behind what is there. */
		start = next_miss(ractl->mapping, index + 1, max);
		if (start - index > max)
			return;
		ra->start = start;
		ra->size = next_ra_size(start - index, max);
	}
	ra->async_size = ra->size;
	submit_window(ractl);
}
EXPORT_SYMBOL(page_cache_async_ra);
