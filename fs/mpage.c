// SPDX-License-Identifier: MIT
/*
 * Many pages, few bios: pages whose blocks follow each other on the disk go in one.
 *
 * Callers: ->readahead(), ->read_folio() and ->writepages() of filesystems whose blocks are as large as
 * pages or smaller. A page whose blocks do not follow each other, or that is in some special state,
 * is left to the one-buffer-at-a-time functions of buffer_page.c.
 *
 * A page under way has no reference of ours: a page being read is locked, a page being written is
 * under write-back, and both keep it. A filled bio is submitted before anything is allocated for the
 * next one: see bio_alloc(). get_block() may have to read an indirect block: for that the bio at hand
 * may be held back, since reading takes a bio of its own and ends without ours. A get_block() that knows of several
 * blocks in a row, as many as b_size asks for at most, says so in b_size, and is not asked for each.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mpage.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>

/* The bio being filled, and the block that would go on with it; what get_block() has said last, about @map_first. */
struct mpage_data {
	struct bio	*bio;
	sector_t	next_block, map_first;	/* in the file's block size */
	struct buffer_head map_bh;
	get_block_t	*get_block;
};

static void mpage_read_end_io(struct bio *bio)
{
	struct folio_iter fi;

	bio_for_each_folio_all(fi, bio) {
		if (!bio->bi_status)
			folio_mark_uptodate(fi.folio);
		else
			folio_set_error(fi.folio);
		folio_unlock(fi.folio);
	}
	bio_put(bio);
}

static void mpage_write_end_io(struct bio *bio)
{
	struct folio_iter fi;

	bio_for_each_folio_all(fi, bio) {
		if (bio->bi_status) {
			folio_set_error(fi.folio);
			mapping_set_error(fi.folio->mapping, blk_status_to_errno(bio->bi_status));
		}
		folio_end_writeback(fi.folio);
	}
	bio_put(bio);
}

static void mpage_submit(struct mpage_data *mpd)
{
	if (mpd->bio) {
		guard_bio_eod(mpd->bio);
		submit_bio(mpd->bio);
	}
	mpd->bio = NULL;
}

/* Adds a page, whose blocks begin at @block, to the bio at hand or to a new one for up to @nr_pages. */
static void mpage_add(struct mpage_data *mpd, struct folio *folio, struct block_device *bdev,
		      sector_t block, unsigned int blkbits, unsigned int nr_pages, blk_opf_t opf,
		      bio_end_io_t *end_io)
{
	if (mpd->bio && (block != mpd->next_block || !bio_add_folio(mpd->bio, folio, PAGE_SIZE, 0)))
		mpage_submit(mpd);
	if (!mpd->bio) {
		mpd->bio = bio_alloc(bdev, bio_max_segs(nr_pages), opf, GFP_NOFS);
		mpd->bio->bi_iter.bi_sector = block << (blkbits - SECTOR_SHIFT);
		mpd->bio->bi_end_io = end_io;
		bio_add_folio(mpd->bio, folio, PAGE_SIZE, 0);
	}
	mpd->next_block = block + (PAGE_SIZE >> blkbits);
}

/* ------------------------------------------------------------------ reading */

enum { MPAGE_MAPPED, MPAGE_HOLE, MPAGE_MIXED };

/*
 * Finds a block of a file: in the run of blocks that get_block() has told of when it was asked for an earlier
 * one, or by asking it for all up to @end. Returns 1, 0 for a hole, or its error.
 */
static int mpage_map_block(struct mpage_data *mpd, struct inode *inode, sector_t iblock, sector_t end,
			   sector_t *block)
{
	struct buffer_head *map = &mpd->map_bh;
	int err;

	if (!buffer_mapped(map) || iblock - mpd->map_first >= map->b_size >> inode->i_blkbits) {
		map->b_state = 0;
		map->b_size = (end - iblock) << inode->i_blkbits;
		mpd->map_first = iblock;
		err = mpd->get_block(inode, iblock, map, 0);
		if (err) {
			map->b_state = 0;
			return err;
		}
	}
	*block = map->b_blocknr + (iblock - mpd->map_first);
	return buffer_mapped(map);
}

/*
 * Where the blocks of a page lie: all in a row from *first on, nowhere, or neither. Or an error. There are up to
 * @nr_pages that will be asked for, and invalidate_lock keeps their blocks where they are.
 */
static int mpage_map_page(struct mpage_data *mpd, struct folio *folio, unsigned int nr_pages, sector_t *first)
{
	struct inode *inode = folio->mapping->host;
	const unsigned int bits = PAGE_SHIFT - inode->i_blkbits, nr = 1U << bits;
	const sector_t end = DIV_ROUND_UP((u64)i_size_read(inode), i_blocksize(inode));
	const sector_t iblock = (sector_t)folio->index << bits;
	const sector_t last = min(end, iblock + ((sector_t)nr_pages << bits));
	unsigned int mapped = 0;

	for (unsigned int i = 0; i < nr; i++) {
		sector_t block = 0;
		int ret = iblock + i < end ? mpage_map_block(mpd, inode, iblock + i, last, &block) : 0;

		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		if (mapped != i || (i && block != *first + i))
			return MPAGE_MIXED;
		if (!i)
			*first = block;
		mapped++;
	}
	if (mapped == nr)
		return MPAGE_MAPPED;
	return mapped ? MPAGE_MIXED : MPAGE_HOLE;
}

/* One locked page, not up to date, with up to @nr_pages of its kind to come. Unlocked at the end. */
static void mpage_read_one(struct mpage_data *mpd, struct folio *folio, unsigned int nr_pages,
			   blk_opf_t opf)
{
	const unsigned int blkbits = folio->mapping->host->i_blkbits;
	sector_t first = 0;
	int how = MPAGE_MIXED;

	/* Buffers mean that some blocks may be newer than the disk. */
	if (!folio_test_private(folio))
		how = mpage_map_page(mpd, folio, nr_pages, &first);
	switch (how) {
	case MPAGE_MAPPED:
		folio_set_mappedtodisk(folio);
		mpage_add(mpd, folio, mpd->map_bh.b_bdev, first, blkbits, nr_pages, opf, mpage_read_end_io);
		return;
	case MPAGE_HOLE:
		folio_zero_segment(folio, 0, PAGE_SIZE);
		folio_mark_uptodate(folio);
		folio_unlock(folio);
		return;
	case MPAGE_MIXED:
		mpage_submit(mpd);
		block_read_full_folio(folio, mpd->get_block);
		return;
	default:	/* an error: whoever wants the page finds it not up to date and tries again */
		folio_set_error(folio);
		folio_unlock(folio);
	}
}

/** mpage_readahead - ->readahead() by way of get_block() */
void mpage_readahead(struct readahead_control *rac, get_block_t *get_block)
{
	struct mpage_data mpd = { .get_block = get_block };
	struct folio *folio;

	while ((folio = readahead_folio(rac)))
		mpage_read_one(&mpd, folio, readahead_count(rac) + 1, REQ_OP_READ | REQ_RAHEAD);
	mpage_submit(&mpd);
}
EXPORT_SYMBOL(mpage_readahead);

/** mpage_read_folio - ->read_folio() by way of get_block(); the outcome is in the page */
int mpage_read_folio(struct folio *folio, get_block_t *get_block)
{
	struct mpage_data mpd = { .get_block = get_block };

	mpage_read_one(&mpd, folio, 1, REQ_OP_READ);
	mpage_submit(&mpd);
	return 0;
}
EXPORT_SYMBOL(mpage_read_folio);

/* ------------------------------------------------------------------ writing */

/*
 * Can a page be written in one piece? All its buffers are up to date, dirty, and in a row on the disk,
 * and nobody has one locked.
 */
static bool mpage_buffers_in_row(struct folio *folio, struct block_device **bdev, sector_t *first)
{
	struct buffer_head *head = folio_buffers(folio), *bh = head;
	sector_t block = head->b_blocknr;

	do {
		if (!buffer_mapped(bh) || !buffer_uptodate(bh) || !buffer_dirty(bh) ||
		    buffer_locked(bh) || bh->b_blocknr != block++)
			return false;
		bh = bh->b_this_page;
	} while (bh != head);
	*bdev = head->b_bdev;
	*first = head->b_blocknr;
	return true;
}

static void mpage_clean_buffers(struct folio *folio)
{
	struct buffer_head *head, *bh;

	if (!folio_test_private(folio))
		return;
	bh = head = folio_buffers(folio);
	do {
		clear_buffer_dirty(bh);
		bh = bh->b_this_page;
	} while (bh != head);
}

/* A page of write_cache_pages(): locked, clean for I/O; unlocked on return. */
static int mpage_write_one(struct page *page, struct writeback_control *wbc, void *data)
{
	struct mpage_data *mpd = data;
	struct folio *folio = page_folio(page);
	struct inode *inode = folio->mapping->host;
	const loff_t left = i_size_read(inode) - folio_pos(folio);
	struct block_device *bdev = NULL;
	sector_t first = 0;
	bool in_row;
	int err;

	if (left <= 0) {		/* truncation is about to take it off */
		folio_unlock(folio);
		return 0;
	}
	if (folio_test_private(folio)) {
		in_row = mpage_buffers_in_row(folio, &bdev, &first);
	} else {
		/* The page's lock keeps its own blocks in place, so each page's are asked for anew. */
		mpd->map_bh.b_state = 0;
		in_row = mpage_map_page(mpd, folio, 1, &first) == MPAGE_MAPPED;
		bdev = mpd->map_bh.b_bdev;
	}
	if (!in_row) {
		mpage_submit(mpd);
		err = block_write_full_page(page, mpd->get_block, wbc);
		mapping_set_error(inode->i_mapping, err);
		return err;
	}
	/* What a program has written behind the end of file does not go to the disk. */
	if (left < (loff_t)PAGE_SIZE)
		folio_zero_segment(folio, left, PAGE_SIZE);
	/* Before the write begins: what is made dirty from now on is written again. */
	mpage_clean_buffers(folio);
	folio_start_writeback(folio);
	folio_unlock(folio);
	mpage_add(mpd, folio, bdev, first, inode->i_blkbits,
		  min_t(long, max(wbc->nr_to_write, 1L), BIO_MAX_VECS),
		  REQ_OP_WRITE | wbc_to_write_flags(wbc), mpage_write_end_io);
	return 0;
}

/** mpage_writepages - ->writepages() by way of get_block() */
int mpage_writepages(struct address_space *mapping, struct writeback_control *wbc,
		     get_block_t *get_block)
{
	struct mpage_data mpd = { .get_block = get_block };
	int err = write_cache_pages(mapping, wbc, mpage_write_one, &mpd);

	mpage_submit(&mpd);
	return err;
}
EXPORT_SYMBOL(mpage_writepages);
