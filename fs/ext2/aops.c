// SPDX-License-Identifier: MIT
/*
 * The pages of ext2's files, through iomap (fs/iomap/); and those of directories and links, which have buffers.
 *
 * Callers: the page cache, by ext2_file_aops and ext2_aops; file.c and inode.c, by functions of iomap that are given
 * ext2_iomap_ops.
 *
 * A block of the disk that becomes a file's holds what somebody has left there, and nobody may see that:
 *   behind the end of file	nobody reads there. A write takes many blocks at once, and the end follows, page by
 *				page, what was written; what was not is given back.
 *   a hole before it		the page is up to date, zeros there, when it gets its block, and becomes dirty.
 * Both with s_alloc_sem held, so that no commit copies the pointer before the page is dirty.
 *
 * Locking: that of <linux/pagemap.h>; whoever allocates has i_rwsem, or the page's lock and invalidate_lock (a fault).
 */
#include <linux/kernel.h>
#include <linux/mpage.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/writeback.h>
#include "ext2.h"

#define MAP_BLOCKS	1024U	/* that write-back looks up at once */

static void fill_iomap(struct inode *inode, sector_t iblock, ext2_fsblk_t bno, unsigned int nr, struct iomap *iomap)
{
	iomap->type = nr ? IOMAP_MAPPED : IOMAP_HOLE;
	iomap->addr = nr ? (u64)bno << inode->i_blkbits : IOMAP_NULL_ADDR;
	iomap->offset = (loff_t)iblock << inode->i_blkbits;
	iomap->length = (u64)max(nr, 1U) << inode->i_blkbits;
	iomap->bdev = inode->i_sb->s_bdev;
}

/* ------------------------------------------------------------------ writing; s_alloc_sem is held for reading */

/* As ext2_get_blocks(), which gives blocks to a hole, with its page locked or where nobody reads. */
static int allocate(struct inode *inode, sector_t iblock, unsigned int max, ext2_fsblk_t *bno)
{
	bool new;
	int ret;

	rwsem_assert_held(&EXT2_SB(inode->i_sb)->s_alloc_sem);
	ret = ext2_get_blocks(inode, iblock, max, bno, &new, true);
	if (ret > 0 && new)
		clean_bdev_aliases(inode->i_sb->s_bdev, *bno, ret);
	return ret;
}

/* A hole before the end of file, which is about to be written to, becomes a block of zeros. */
static int fill_hole(struct inode *inode, sector_t iblock, ext2_fsblk_t *bno)
{
	const unsigned int flags = memalloc_noio_save();
	struct page *page = read_mapping_page(inode->i_mapping, iblock >> (PAGE_SHIFT - inode->i_blkbits), NULL);
	int ret;

	memalloc_noio_restore(flags);
	if (IS_ERR(page))
		return PTR_ERR(page);
	lock_page(page);	/* it stays the file's and up to date: i_rwsem, and our reference */
	ret = allocate(inode, iblock, 1, bno);
	if (ret > 0)
		set_page_dirty(page);
	unlock_page(page);
	put_page(page);
	return ret;
}

/* A write that was to end at @to has failed, or part of it: blocks it has got behind the end of file go back. */
static void ext2_write_failed(struct inode *inode, loff_t to)
{
	if (to <= inode->i_size)
		return;
	filemap_invalidate_lock(inode->i_mapping);
	truncate_pagecache(inode, inode->i_size);
	ext2_truncate_blocks(inode, ext2_blocks_of(inode, inode->i_size));
	filemap_invalidate_unlock(inode->i_mapping);
}

/* Blocks for a write at block @iblock: what is there, or new ones. As ext2_get_blocks(), but never 0. */
static int map_for_write(struct inode *inode, sector_t iblock, unsigned int max, ext2_fsblk_t *bno)
{
	const sector_t end = ext2_blocks_of(inode, inode->i_size);
	bool new;
	int ret;

	lockdep_assert_held_write(&inode->i_rwsem);
	/* Those before the end of file, or those behind it. */
	if (iblock < end)
		max = min_t(u64, max, end - iblock);
	ret = ext2_get_blocks(inode, iblock, max, bno, &new, false);
	if (ret)
		return ret;
	return iblock < end ? fill_hole(inode, iblock, bno) : allocate(inode, iblock, max, bno);
}

/* ------------------------------------------------------------------ iomap */

static int ext2_iomap_begin(struct inode *inode, loff_t pos, loff_t length, unsigned int flags, struct iomap *iomap,
			    struct iomap *srcmap)
{
	struct ext2_sb_info *sbi = EXT2_SB(inode->i_sb);
	const sector_t iblock = pos >> inode->i_blkbits;
	const unsigned int max = min_t(u64, ext2_blocks_of(inode, pos + length) - iblock, INT_MAX);
	ext2_fsblk_t bno = 0;
	bool new;
	int ret;

	if ((flags & IOMAP_WRITE) && !(flags & IOMAP_FAULT)) {
		down_read(&sbi->s_alloc_sem);
		ret = map_for_write(inode, iblock, max, &bno);
		if (ret < 0) {
			ext2_write_failed(inode, pos + length);
			up_read(&sbi->s_alloc_sem);
		}
	} else if (flags & IOMAP_FAULT) {
		/* The page is locked, and what it shows of a hole is zeros; ext2_page_mkwrite() has s_alloc_sem. */
		ret = allocate(inode, iblock, max, &bno);
	} else {
		ret = ext2_get_blocks(inode, iblock, max, &bno, &new, false);
	}
	if (ret < 0)
		return ret;
	fill_iomap(inode, iblock, bno, ret, iomap);
	return 0;
}

static int ext2_iomap_end(struct inode *inode, loff_t pos, loff_t length, ssize_t written, unsigned int flags,
			  struct iomap *iomap)
{
	if (!(flags & IOMAP_WRITE) || (flags & IOMAP_FAULT))
		return 0;
	if (iomap->flags & IOMAP_F_SIZE_CHANGED)
		mark_inode_dirty(inode);
	if (written < length)
		ext2_write_failed(inode, pos + length);
	up_read(&EXT2_SB(inode->i_sb)->s_alloc_sem);
	return 0;
}

const struct iomap_ops ext2_iomap_ops = {
	.iomap_begin	= ext2_iomap_begin,
	.iomap_end	= ext2_iomap_end,
};

/* ------------------------------------------------------------------ pages of files */

static int ext2_file_read_folio(struct file *file, struct folio *folio)
{
	return iomap_read_folio(folio, &ext2_iomap_ops);
}

static void ext2_readahead(struct readahead_control *rac)
{
	iomap_readahead(rac, &ext2_iomap_ops);
}

struct ext2_writepage_ctx {
	struct iomap_writepage_ctx ctx;
	unsigned int		cuts;	/* i_cuts, when ctx.iomap was looked up */
};

/*
 * Blocks are looked up for many pages at once. That is believed as long as none were taken from the file since: the page at
 * hand is locked, and its blocks do not go before it has.
 */
static int ext2_map_blocks(struct iomap_writepage_ctx *wpc, struct inode *inode, loff_t offset)
{
	struct ext2_writepage_ctx *ewpc = container_of(wpc, struct ext2_writepage_ctx, ctx);
	const sector_t iblock = offset >> inode->i_blkbits;
	const unsigned int cuts = READ_ONCE(EXT2_I(inode)->i_cuts);
	ext2_fsblk_t bno = 0;
	bool new;
	int ret;

	if (wpc->iomap.type == IOMAP_MAPPED && offset >= wpc->iomap.offset &&
	    offset < wpc->iomap.offset + (loff_t)wpc->iomap.length && cuts == ewpc->cuts)
		return 0;
	ewpc->cuts = cuts;
	smp_rmb();	/* pairs with the locks of truncation: who sees what came after the cut sees the count */
	ret = ext2_get_blocks(inode, iblock, MAP_BLOCKS, &bno, &new, false);
	if (ret < 0)
		return ret;
	fill_iomap(inode, iblock, bno, ret, &wpc->iomap);
	return 0;
}

static const struct iomap_writeback_ops ext2_writeback_ops = {
	.map_blocks	= ext2_map_blocks,
};

static int ext2_file_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct ext2_writepage_ctx ewpc = { };

	return iomap_writepages(mapping, wbc, &ewpc.ctx, &ext2_writeback_ops);
}

static sector_t ext2_bmap(struct address_space *mapping, sector_t block)
{
	sector_t ret;

	filemap_invalidate_lock_shared(mapping);
	ret = iomap_bmap(mapping, block, &ext2_iomap_ops);
	filemap_invalidate_unlock_shared(mapping);
	return ret;
}

const struct address_space_operations ext2_file_aops = {
	.dirty_folio		= filemap_dirty_folio,
	.release_folio		= iomap_release_folio,
	.invalidate_folio	= iomap_invalidate_folio,
	.is_partially_uptodate	= iomap_is_partially_uptodate,
	.read_folio		= ext2_file_read_folio,
	.readahead		= ext2_readahead,
	.writepages		= ext2_file_writepages,
	.bmap			= ext2_bmap,
};

/* ------------------------------------------------------------------ pages of directories and links */

static int ext2_read_folio(struct file *file, struct folio *folio)
{
	return mpage_read_folio(folio, ext2_get_block);
}

static int ext2_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return mpage_writepages(mapping, wbc, ext2_get_block);
}

/* For a long link, which is written once; directories have their own way. */
static int ext2_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			    unsigned int len, struct page **pagep, void **fsdata)
{
	int err, retries = 0;

	do
		err = block_write_begin(mapping, pos, len, pagep, ext2_get_block);
	while (err == -ENOSPC && ext2_should_retry_alloc(mapping->host->i_sb, &retries));
	return err;
}

const struct address_space_operations ext2_aops = {
	.dirty_folio		= block_dirty_folio,
	.invalidate_folio	= block_invalidate_folio,
	.read_folio		= ext2_read_folio,
	.writepages		= ext2_writepages,
	.write_begin		= ext2_write_begin,
	.write_end		= generic_write_end,
};
