// SPDX-License-Identifier: MIT
/*
 * The pages of EZFS's files: where they are on the disk, for iomap (fs/iomap/), which reads and writes them.
 *
 * Callers: the page cache, by ezfs_aops; file.c and inode.c, by functions of iomap that are given ezfs_iomap_ops.
 *
 * A block of the disk that becomes a file's holds what somebody has left there, and nobody may see that:
 *   behind the end of file	nobody reads there. A write takes many blocks at once, and the end follows, page by
 *				page, what was written; what was not is given back.
 *   a hole before it		is a page of zeros, up to date and dirty when it gets its block; then a block like others.
 * Both in one operation from before there is the block until the page is dirty, so that no commit comes between.
 * Write-back is no operation: it finds the blocks that are there.
 *
 * Locking: that of <linux/pagemap.h>; whoever allocates has i_rwsem, or the page's lock and invalidate_lock (a fault).
 */
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "ezfs.h"

static const struct ezfs_map_ops *map_of(struct inode *inode)
{
	return EZFS_SB(inode->i_sb)->layout->map;
}

static void fill_iomap(struct inode *inode, sector_t iblock, const struct ezfs_extent *ext, struct iomap *iomap)
{
	iomap->type = ext->block ? IOMAP_MAPPED : IOMAP_HOLE;
	iomap->addr = ext->block ? ext->block << EZFS_BLOCK_BITS : IOMAP_NULL_ADDR;
	iomap->offset = (loff_t)iblock << EZFS_BLOCK_BITS;
	iomap->length = ext->len << EZFS_BLOCK_BITS;
	iomap->bdev = inode->i_sb->s_bdev;
}

/* ------------------------------------------------------------------ writing */

/* Gives a hole blocks: one with its page locked, or some where nobody reads. *new: it was one. */
static int allocate(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext, bool *new)
{
	int err;

	rwsem_assert_held(&EZFS_SB(inode->i_sb)->commit_sem);
	err = map_of(inode)->allocate(inode, iblock, max, ext, new);
	if (!err && *new)
		clean_bdev_aliases(inode->i_sb->s_bdev, ext->block, ext->len);
	return err;
}

/* A hole before the end of file, which is about to be written to, becomes a block of zeros. */
static int fill_hole(struct inode *inode, sector_t iblock, struct ezfs_extent *ext)
{
	struct address_space *mapping = inode->i_mapping;
	struct page *page = grab_cache_page_write_begin(mapping, iblock);
	bool new;
	int err;

	if (!page)
		return -ENOMEM;
	err = allocate(inode, iblock, 1, ext, &new);
	if (!err && new) {
		if (!PageUptodate(page)) {
			zero_user(page, 0, PAGE_SIZE);
			SetPageUptodate(page);
		}
		set_page_dirty(page);
	}
	unlock_page(page);
	put_page(page);
	return err;
}

/* A write that was to end at @to has failed, or part of it: blocks it has got behind the end of file go back. */
static void ezfs_write_failed(struct inode *inode, loff_t to)
{
	if (to <= inode->i_size)
		return;
	filemap_invalidate_lock(inode->i_mapping);
	truncate_pagecache(inode, inode->i_size);
	map_of(inode)->truncate(inode, ezfs_blocks_of(inode->i_size));
	mark_inode_dirty(inode);
	filemap_invalidate_unlock(inode->i_mapping);
}

/*
 * Where files are contiguous, one that is to have @size bytes gets its blocks before anything else;
 * what is behind its end, up to file block @gap_end, becomes zeros. i_rwsem held, within an operation.
 */
int ezfs_grow(struct inode *inode, loff_t size, sector_t gap_end)
{
	const sector_t blocks = ezfs_blocks_of(size);

	return map_of(inode)->grow && blocks > EZFS_I(inode)->nblocks ? map_of(inode)->grow(inode, blocks, gap_end) : 0;
}

/* Makes room for a write of @length bytes, or for that of its first page, if there is no more. */
static int make_room(struct inode *inode, loff_t pos, loff_t length)
{
	const sector_t iblock = pos >> EZFS_BLOCK_BITS;
	int err = ezfs_grow(inode, pos + length, iblock);

	return err == -ENOSPC ? ezfs_grow(inode, pos + 1, iblock) : err;
}

/* Blocks for a write at block @iblock: what is there, or new ones. i_rwsem held, within an operation. */
static int map_for_write(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext)
{
	const sector_t end = ezfs_blocks_of(inode->i_size);
	bool new;
	int err;

	/* Those before the end of file, or those behind it. */
	if (iblock < end)
		max = min(max, end - iblock);
	err = map_of(inode)->lookup(inode, iblock, max, ext);
	if (err || ext->block)
		return err;
	return iblock < end ? fill_hole(inode, iblock, ext) : allocate(inode, iblock, max, ext, &new);
}

static int begin_write(struct inode *inode, loff_t pos, loff_t length, struct iomap *iomap)
{
	const sector_t iblock = pos >> EZFS_BLOCK_BITS;
	struct super_block *sb = inode->i_sb;
	struct ezfs_extent ext;
	int err;

	lockdep_assert_held_write(&inode->i_rwsem);
	ezfs_begin(sb);
	err = make_room(inode, pos, length);
	if (!err)
		err = map_for_write(inode, iblock, ezfs_blocks_of(pos + length) - iblock, &ext);
	if (err) {
		ezfs_write_failed(inode, pos + length);
		ezfs_end(sb);
		return err;
	}
	fill_iomap(inode, iblock, &ext, iomap);
	return 0;
}

/* ------------------------------------------------------------------ iomap */

static int ezfs_iomap_begin(struct inode *inode, loff_t pos, loff_t length, unsigned int flags, struct iomap *iomap,
			    struct iomap *srcmap)
{
	const sector_t iblock = pos >> EZFS_BLOCK_BITS;
	const u64 max = ezfs_blocks_of(pos + length) - iblock;
	struct ezfs_extent ext;
	bool new;
	int err;

	if ((flags & IOMAP_WRITE) && unlikely(EZFS_SB(inode->i_sb)->damaged))
		return -EROFS;
	if ((flags & IOMAP_WRITE) && !(flags & IOMAP_FAULT))
		return begin_write(inode, pos, length, iomap);
	err = map_of(inode)->lookup(inode, iblock, max, &ext);
	/* The page is locked, and what it shows of a hole is zeros; ezfs_page_mkwrite() has begun an operation. */
	if (!err && !ext.block && (flags & IOMAP_FAULT))
		err = allocate(inode, iblock, max, &ext, &new);
	if (!err)
		fill_iomap(inode, iblock, &ext, iomap);
	return err;
}

static int ezfs_iomap_end(struct inode *inode, loff_t pos, loff_t length, ssize_t written, unsigned int flags,
			  struct iomap *iomap)
{
	if (!(flags & IOMAP_WRITE) || (flags & IOMAP_FAULT))
		return 0;
	if (iomap->flags & IOMAP_F_SIZE_CHANGED)
		mark_inode_dirty(inode);
	if (written < length)
		ezfs_write_failed(inode, pos + length);
	ezfs_end(inode->i_sb);
	return 0;
}

const struct iomap_ops ezfs_iomap_ops = {
	.iomap_begin	= ezfs_iomap_begin,
	.iomap_end	= ezfs_iomap_end,
};

/* ------------------------------------------------------------------ pages */

static int ezfs_read_folio(struct file *file, struct folio *folio)
{
	return iomap_read_folio(folio, &ezfs_iomap_ops);
}

static void ezfs_readahead(struct readahead_control *rac)
{
	iomap_readahead(rac, &ezfs_iomap_ops);
}

struct ezfs_writepage_ctx {
	struct iomap_writepage_ctx ctx;
	unsigned int		cuts;	/* of the inode, when ctx.iomap was looked up */
};

/*
 * A page gets its block when it becomes dirty, so it has one. (One given to it here would be on the disk without its bit.)
 * Blocks are looked up for many pages at once. That is believed as long as none were taken from the file since: the page at
 * hand is locked, and its block does not go before it has.
 */
static int ezfs_map_blocks(struct iomap_writepage_ctx *wpc, struct inode *inode, loff_t offset)
{
	struct ezfs_writepage_ctx *ewpc = container_of(wpc, struct ezfs_writepage_ctx, ctx);
	const unsigned int cuts = READ_ONCE(EZFS_I(inode)->cuts);
	const sector_t iblock = offset >> EZFS_BLOCK_BITS;
	struct ezfs_extent ext;
	int err;

	if (offset >= wpc->iomap.offset && offset < wpc->iomap.offset + (loff_t)wpc->iomap.length && cuts == ewpc->cuts)
		return 0;
	ewpc->cuts = cuts;
	smp_rmb();	/* pairs with map_lock in truncation: who sees what came after the cut sees the count */
	err = map_of(inode)->lookup(inode, iblock, EZFS_INDEXED_MAX_BLOCKS, &ext);
	if (!err && !ext.block)
		err = -EIO;
	if (!err)
		fill_iomap(inode, iblock, &ext, &wpc->iomap);
	return err;
}

static const struct iomap_writeback_ops ezfs_writeback_ops = {
	.map_blocks	= ezfs_map_blocks,
};

static int ezfs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct inode *inode = mapping->host;
	struct ezfs_writepage_ctx ewpc = { };
	const bool moves = map_of(inode)->grow;
	int ret;

	if (moves)
		down_read(&EZFS_I(inode)->map_lock);
	ret = iomap_writepages(mapping, wbc, &ewpc.ctx, &ezfs_writeback_ops);
	if (moves)
		up_read(&EZFS_I(inode)->map_lock);
	return ret;
}

static sector_t ezfs_bmap(struct address_space *mapping, sector_t block)
{
	sector_t ret;

	filemap_invalidate_lock_shared(mapping);
	ret = iomap_bmap(mapping, block, &ezfs_iomap_ops);
	filemap_invalidate_unlock_shared(mapping);
	return ret;
}

const struct address_space_operations ezfs_aops = {
	.dirty_folio		= filemap_dirty_folio,
	.release_folio		= iomap_release_folio,
	.invalidate_folio	= iomap_invalidate_folio,
	.is_partially_uptodate	= iomap_is_partially_uptodate,
	.read_folio		= ezfs_read_folio,
	.readahead		= ezfs_readahead,
	.writepages		= ezfs_writepages,
	.bmap			= ezfs_bmap,
};
