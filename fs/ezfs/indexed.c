// SPDX-License-Identifier: MIT
/*
 * Layout B's way from a block of a file to a block of the disk: the first is in the inode, the
 * others are in one indirect block of 512 numbers. Number 0 (or all ones) below the end of file is
 * a hole, which reads as zeros.
 *
 * Growth: the new data block is the lowest free one; with the second block comes the indirect block,
 * cleared before anything points to it. Nothing points to a block before it is allocated in the bit
 * vector, and no block is freed before nothing points to it: in memory, and by commit.c on the disk.
 *
 * Locking: ei->map_lock for every change. Looking up takes no lock: a pointer goes from none to a
 * block in one store, after the block behind it is in order; it goes back only in truncate(), when
 * invalidate_lock keeps readers out and the pages have left the cache.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "ezfs.h"

static loff_t indexed_max_size(struct super_block *sb)
{
	return (loff_t)EZFS_INDEXED_MAX_BLOCKS << EZFS_BLOCK_BITS;
}

static __le64 *indirect_entry(struct buffer_head *bh, sector_t iblock)
{
	return (__le64 *)bh->b_data + (iblock - 1);
}

/* A pointer that was read from the disk: is there a block of ours behind it? 0 or -EUCLEAN. */
static int check_pointer(struct inode *inode, sector_t iblock, u64 block)
{
	if (likely(ezfs_block_in_use(inode->i_sb, block)))
		return 0;
	ezfs_error(inode->i_sb, "inode %lu: file block %llu is block %llu, which is %s", inode->i_ino,
		   (u64)iblock, block,
		   ezfs_block_ok(inode->i_sb, block) ? "not in use" : "out of range");
	return -EUCLEAN;
}

/* The buffer of the indirect block; NULL in *bhp when there is none. 0 or -EIO. */
static int read_indirect(struct inode *inode, struct buffer_head **bhp)
{
	const u64 block = smp_load_acquire(&EZFS_I(inode)->indirect);

	*bhp = NULL;
	if (!block)
		return 0;
	*bhp = sb_bread(inode->i_sb, block);
	if (*bhp)
		return 0;
	ezfs_msg_ratelimited(inode->i_sb, "inode %lu: cannot read its indirect block %llu",
			     inode->i_ino, block);
	return -EIO;
}

/* Where file block @iblock is; 0 in *block for a hole. 0, -EIO or -EUCLEAN. */
static int lookup_block(struct inode *inode, sector_t iblock, u64 *block)
{
	struct buffer_head *bh;
	int err;

	if (!iblock) {
		*block = READ_ONCE(EZFS_I(inode)->block);
	} else {
		*block = 0;
		err = read_indirect(inode, &bh);
		if (err || !bh)
			return err;
		*block = le64_to_cpu(READ_ONCE(*indirect_entry(bh, iblock)));
		brelse(bh);
	}
	if (ezfs_is_no_block(*block)) {
		*block = 0;
		return 0;
	}
	return check_pointer(inode, iblock, *block);
}

/* Gives the file an empty indirect block; map_lock held. 0, -ENOSPC, -ENOMEM or -EIO. */
static int add_indirect(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	struct buffer_head *bh;
	u64 block;
	int err = ezfs_alloc_block(sb, &block);

	if (err)
		return err;
	bh = sb_getblk(sb, block);
	if (!bh) {
		ezfs_free_block(inode, block);
		return -ENOMEM;
	}
	lock_buffer(bh);
	memset(bh->b_data, 0, EZFS_BLOCK_SIZE);
	set_buffer_uptodate(bh);
	unlock_buffer(bh);
	ezfs_mark_block_dirty(inode, bh);
	brelse(bh);
	smp_store_release(&EZFS_I(inode)->indirect, block);
	return 0;
}

/* Adds data block @block as file block @iblock; map_lock held. */
static int add_pointer(struct inode *inode, sector_t iblock, u64 block)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	struct buffer_head *bh;
	int err;

	if (!iblock) {
		WRITE_ONCE(ei->block, block);
		return 0;
	}
	if (!ei->indirect) {
		err = add_indirect(inode);
		if (err)
			return err;
	}
	err = read_indirect(inode, &bh);
	if (err)
		return err;
	WRITE_ONCE(*indirect_entry(bh, iblock), cpu_to_le64(block));
	ezfs_mark_block_dirty(inode, bh);
	brelse(bh);
	return 0;
}

static int allocate_block(struct inode *inode, sector_t iblock, u64 *block)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	int err = ezfs_alloc_block(inode->i_sb, block);

	if (err)
		return err;
	err = add_pointer(inode, iblock, *block);
	if (err) {
		ezfs_free_block(inode, *block);
		return err;
	}
	ei->nblocks++;
	inode_add_bytes(inode, EZFS_BLOCK_SIZE);
	mark_inode_dirty(inode);
	return 0;
}

static int indexed_get_block(struct inode *inode, sector_t iblock, struct buffer_head *bh, int create)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	u64 block;
	int err;

	if (iblock >= EZFS_INDEXED_MAX_BLOCKS)
		return create ? -EFBIG : 0;
	err = lookup_block(inode, iblock, &block);
	if (!err && !block && create) {
		/* Two that fill a hole at once: a write, and a write fault of another page. */
		down_write(&ei->map_lock);
		err = lookup_block(inode, iblock, &block);
		if (!err && !block) {
			err = allocate_block(inode, iblock, &block);
			if (!err)
				set_buffer_new(bh);
		}
		up_write(&ei->map_lock);
	}
	if (!err && block)
		map_bh(bh, inode->i_sb, block);
	return err;
}

/* Frees what the indirect block points to from file block @first on. Returns how many, or -EIO. */
static int free_indirect_entries(struct inode *inode, sector_t first)
{
	struct buffer_head *bh;
	int freed = 0, err;

	err = read_indirect(inode, &bh);
	if (err || !bh)
		return err;
	for (sector_t i = first; i < EZFS_INDEXED_MAX_BLOCKS; i++) {
		__le64 *entry = indirect_entry(bh, i);
		const u64 block = le64_to_cpu(*entry);

		/* A pointer that cannot be is left as it is, for whoever repairs the disk. */
		if (ezfs_is_no_block(block) || check_pointer(inode, i, block))
			continue;
		WRITE_ONCE(*entry, 0);
		ezfs_free_block(inode, block);
		freed++;
	}
	if (freed)
		ezfs_mark_block_dirty(inode, bh);
	brelse(bh);
	return freed;
}

static void free_indirect(struct inode *inode)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const u64 block = ei->indirect;

	/* Its buffer need not be written any more, and must not: the block may become a file's. */
	ezfs_forget_block(inode->i_sb, block);
	ei->indirect = 0;
	ezfs_free_block(inode, block);
}

static int indexed_truncate(struct inode *inode, sector_t keep)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	int freed = 0, err = 0;

	down_write(&ei->map_lock);
	if (ei->indirect && keep < EZFS_INDEXED_MAX_BLOCKS) {
		freed = free_indirect_entries(inode, max_t(sector_t, keep, 1));
		if (freed < 0) {
			err = freed;
			freed = 0;
		} else if (keep <= 1) {
			free_indirect(inode);
		}
	}
	if (!keep && ei->block) {
		const u64 block = ei->block;

		if (!check_pointer(inode, 0, block)) {
			WRITE_ONCE(ei->block, 0);
			ezfs_free_block(inode, block);
			freed++;
		}
	}
	/* Some write nblocks with the holes counted: it is never more than the file has room for. */
	ei->nblocks = min_t(u64, ei->nblocks - min_t(u64, freed, ei->nblocks), keep);
	inode_set_bytes(inode, ei->nblocks << EZFS_BLOCK_BITS);
	up_write(&ei->map_lock);
	return err;
}

static bool indexed_check(struct inode *inode, loff_t size)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	struct super_block *sb = inode->i_sb;

	if (ei->block && check_pointer(inode, 0, ei->block))
		return false;
	if (ei->indirect && (!ezfs_block_in_use(sb, ei->indirect) || ei->indirect == ei->block)) {
		ezfs_error(sb, "inode %lu: its indirect block is block %llu, which is %s", inode->i_ino,
			   ei->indirect, ei->indirect == ei->block ? "its first block, too" :
			   ezfs_block_ok(sb, ei->indirect) ? "not in use" : "out of range");
		return false;
	}
	if (ei->nblocks > EZFS_INDEXED_MAX_BLOCKS) {
		ezfs_error(sb, "inode %lu: it has %llu blocks, more than the %d that a file can have",
			   inode->i_ino, ei->nblocks, EZFS_INDEXED_MAX_BLOCKS);
		return false;
	}
	return true;
}

const struct ezfs_map_ops ezfs_indexed_ops = {
	.max_size	= indexed_max_size,
	.get_block	= indexed_get_block,
	.truncate	= indexed_truncate,
	.check		= indexed_check,
};
