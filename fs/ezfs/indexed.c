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

/* How many of up to @max numbers from @entry on follow each other, or are none as the first is. */
static u64 extent_length(struct inode *inode, const __le64 *entry, u64 block, u64 max)
{
	u64 n;

	for (n = 1; n < max; n++) {
		const u64 next = le64_to_cpu(READ_ONCE(entry[n]));

		if (block ? next != block + n || !ezfs_block_in_use(inode->i_sb, next) : !ezfs_is_no_block(next))
			break;
	}
	return n;
}

static int indexed_lookup(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext)
{
	const u64 indirect = smp_load_acquire(&EZFS_I(inode)->indirect);
	struct buffer_head *bh;
	u64 block;

	*ext = (struct ezfs_extent){ 0, max };
	if (iblock >= EZFS_INDEXED_MAX_BLOCKS || (iblock && !indirect))
		return 0;
	if (!iblock) {
		block = READ_ONCE(EZFS_I(inode)->block);
		ext->len = 1;
	} else {
		bh = ezfs_read_meta(inode, indirect);
		if (!bh)
			return -EIO;
		block = le64_to_cpu(READ_ONCE(*indirect_entry(bh, iblock)));
		if (ezfs_is_no_block(block))
			block = 0;
		max = min_t(u64, max, EZFS_INDEXED_MAX_BLOCKS - iblock);
		ext->len = extent_length(inode, indirect_entry(bh, iblock), block, max);
	}
	if (!block)
		return 0;
	ext->block = block;
	return check_pointer(inode, iblock, block);
}

/* Makes @ext, which has just been taken, the file's blocks from @iblock on; map_lock held. 0, -ENOSPC, -ENOMEM, -EIO. */
static int add_pointers(struct inode *inode, sector_t iblock, const struct ezfs_extent *ext)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	struct buffer_head *bh;
	u64 indirect;
	int err;

	if (!iblock) {
		WRITE_ONCE(ei->block, ext->block);
		return 0;
	}
	if (!ei->indirect) {
		err = ezfs_new_meta(inode, &indirect);
		if (err)
			return err;
		smp_store_release(&ei->indirect, indirect);
	}
	bh = ezfs_read_meta(inode, ei->indirect);
	if (!bh)
		return -EIO;
	for (u64 i = 0; i < ext->len; i++)
		WRITE_ONCE(*indirect_entry(bh, iblock + i), cpu_to_le64(ext->block + i));
	ezfs_mark_block_dirty(inode, bh);
	return 0;
}

static int indexed_allocate(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext, bool *new)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	int err;

	*new = false;
	if (iblock >= EZFS_INDEXED_MAX_BLOCKS)
		return -EFBIG;
	/* Two that fill a hole at once: a write, and a write fault of another page. */
	down_write(&ei->map_lock);
	err = indexed_lookup(inode, iblock, max, ext);
	if (err || ext->block)
		goto out;
	/* The first that needs the indirect block lies before it: alone. */
	err = ezfs_alloc_blocks(inode->i_sb, ei->indirect ? min(max, ext->len) : 1, ext);
	if (err)
		goto out;
	err = add_pointers(inode, iblock, ext);
	if (err) {
		ezfs_free_block(inode, ext->block);
		goto out;
	}
	ei->nblocks += ext->len;
	inode_add_bytes(inode, ext->len << EZFS_BLOCK_BITS);
	mark_inode_dirty(inode);
	*new = true;
out:
	up_write(&ei->map_lock);
	return err;
}

/* Frees what the indirect block points to from file block @first on. Returns how many, or -EIO. */
static int free_indirect_entries(struct inode *inode, sector_t first)
{
	struct buffer_head *bh = ezfs_read_meta(inode, EZFS_I(inode)->indirect);
	int freed = 0;

	if (!bh)
		return -EIO;
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
	return freed;
}

static void free_indirect(struct inode *inode)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const u64 block = ei->indirect;

	/* Its buffer need not be written any more, and must not: the block may become a file's. */
	ezfs_forget_block(inode->i_sb, block);
	brelse(ei->meta_bh);
	ei->meta_bh = NULL;
	ei->indirect = 0;
	ezfs_free_block(inode, block);
}

static int indexed_truncate(struct inode *inode, sector_t keep)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	int freed = 0, err = 0;

	down_write(&ei->map_lock);
	WRITE_ONCE(ei->cuts, ei->cuts + 1);
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
	.lookup		= indexed_lookup,
	.allocate	= indexed_allocate,
	.truncate	= indexed_truncate,
	.check		= indexed_check,
};
