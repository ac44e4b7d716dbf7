// SPDX-License-Identifier: MIT
/*
 * The two bit vectors of the superblock: which inodes and which blocks are in use.
 *
 * A set bit means in use. Inode bit i is inode i + 1; data bit i is block i + 2, for blocks 0 and 1
 * have none. The vectors are arrays of 32-bit little-endian words on the disk; they begin at a
 * multiple of 8 bytes, and their bits are in the same order as in our arrays of unsigned longs, so
 * the ordinary bit operations work on the buffer of block 0 as it is.
 *
 * What is given out is the lowest that is free. To find it without looking at all the bits below,
 * first_block remembers that there is no free one below it.
 *
 * Locking: sbi->lock around every change and every search; a single bit may be read without.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include "ezfs.h"

/** ezfs_count_free - counts what is free; for the mount */
void ezfs_count_free(struct ezfs_sb_info *sbi)
{
	const unsigned int inodes = sbi->layout->nr_inodes;

	sbi->free_inodes = inodes - bitmap_weight(sbi->inode_bits, inodes);
	sbi->free_blocks = sbi->nr_data_blocks - bitmap_weight(sbi->block_bits, sbi->nr_data_blocks);
	sbi->first_block = find_next_zero_bit(sbi->block_bits, sbi->nr_data_blocks, 0);
}

/* ------------------------------------------------------------------ blocks */

/** ezfs_block_ok - can this be the number of a block of a file or directory? */
bool ezfs_block_ok(struct super_block *sb, u64 block)
{
	return block >= EZFS_FIRST_DATA_BLOCK &&
	       block - EZFS_FIRST_DATA_BLOCK < EZFS_SB(sb)->nr_data_blocks;
}

/** ezfs_block_in_use - is it one, and marked as in use? Else somebody else may be given it */
bool ezfs_block_in_use(struct super_block *sb, u64 block)
{
	return ezfs_block_ok(sb, block) &&
	       test_bit(block - EZFS_FIRST_DATA_BLOCK, EZFS_SB(sb)->block_bits);
}

/**
 * ezfs_alloc_block - takes the lowest free block
 * @block: gets its number
 *
 * Returns 0 or -ENOSPC. The block's contents are whatever was there.
 */
int ezfs_alloc_block(struct super_block *sb, u64 *block)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	unsigned long bit;

	mutex_lock(&sbi->lock);
	bit = find_next_zero_bit(sbi->block_bits, sbi->nr_data_blocks, sbi->first_block);
	if (bit >= sbi->nr_data_blocks) {
		sbi->first_block = sbi->nr_data_blocks;
		mutex_unlock(&sbi->lock);
		return -ENOSPC;
	}
	__set_bit(bit, sbi->block_bits);
	sbi->first_block = bit + 1;
	sbi->free_blocks--;
	ezfs_mark_meta_dirty(sbi->sb_bh);
	mutex_unlock(&sbi->lock);
	*block = bit + EZFS_FIRST_DATA_BLOCK;
	return 0;
}

/** ezfs_free_block - gives a block back, to which nothing points any more */
void ezfs_free_block(struct super_block *sb, u64 block)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const unsigned long bit = block - EZFS_FIRST_DATA_BLOCK;

	if (!ezfs_block_in_use(sb, block)) {
		ezfs_error(sb, "freeing block %llu, which is not in use", block);
		return;
	}
	mutex_lock(&sbi->lock);
	__clear_bit(bit, sbi->block_bits);
	sbi->first_block = min_t(unsigned long, sbi->first_block, bit);
	sbi->free_blocks++;
	ezfs_mark_meta_dirty(sbi->sb_bh);
	mutex_unlock(&sbi->lock);
}

/* ------------------------------------------------------------------ inode numbers */

/** ezfs_inode_no_in_use - is it an inode's number, and marked as in use? */
bool ezfs_inode_no_in_use(struct super_block *sb, u64 ino)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);

	return ino >= 1 && ino <= sbi->layout->nr_inodes && test_bit(ino - 1, sbi->inode_bits);
}

/** ezfs_alloc_inode_no - takes the lowest free inode number: 0 or -ENOSPC */
int ezfs_alloc_inode_no(struct super_block *sb, unsigned long *ino)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const unsigned int nr = sbi->layout->nr_inodes;
	unsigned long bit;

	mutex_lock(&sbi->lock);
	bit = find_next_zero_bit(sbi->inode_bits, nr, 0);
	if (bit >= nr) {
		mutex_unlock(&sbi->lock);
		return -ENOSPC;
	}
	__set_bit(bit, sbi->inode_bits);
	sbi->free_inodes--;
	ezfs_mark_meta_dirty(sbi->sb_bh);
	mutex_unlock(&sbi->lock);
	*ino = bit + 1;
	return 0;
}

/** ezfs_free_inode_no - gives an inode number back and clears the inode on the disk */
void ezfs_free_inode_no(struct super_block *sb, unsigned long ino)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);

	if (!ezfs_inode_no_in_use(sb, ino)) {
		ezfs_error(sb, "freeing inode %lu, which is not in use", ino);
		return;
	}
	mutex_lock(&sbi->lock);
	memset(ezfs_raw_inode(sbi, ino), 0, sbi->layout->inode_size);
	ezfs_mark_meta_dirty(sbi->i_store_bh);
	__clear_bit(ino - 1, sbi->inode_bits);
	sbi->free_inodes++;
	ezfs_mark_meta_dirty(sbi->sb_bh);
	mutex_unlock(&sbi->lock);
}
