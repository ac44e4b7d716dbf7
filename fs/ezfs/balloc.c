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
 * What is freed but may still be pointed to on the disk is counted as free, but its bit stays set: it
 * is noted in sbi->freed or sbi->dead until the end of the commit (commit.c).
 *
 * Locking: sbi->lock around every change and every search; a single bit may be read without.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/string.h>
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
 * ezfs_alloc_blocks - takes the lowest free block, and up to @max with those that follow it
 * @ext: gets them
 *
 * Returns 0 or -ENOSPC. The blocks' contents are whatever was there.
 */
int ezfs_alloc_blocks(struct super_block *sb, u64 max, struct ezfs_extent *ext)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	unsigned long bit, end;

	mutex_lock(&sbi->lock);
	bit = find_next_zero_bit(sbi->block_bits, sbi->nr_data_blocks, sbi->first_block);
	sbi->first_block = bit;
	if (bit >= sbi->nr_data_blocks) {
		mutex_unlock(&sbi->lock);
		return -ENOSPC;
	}
	end = min_t(u64, bit + max, sbi->nr_data_blocks);
	end = find_next_bit(sbi->block_bits, end, bit);
	bitmap_set(sbi->block_bits, bit, end - bit);
	sbi->first_block = end;
	sbi->free_blocks -= end - bit;
	ezfs_mark_meta_dirty(sbi->sb_bh);
	mutex_unlock(&sbi->lock);
	*ext = (struct ezfs_extent){ bit + EZFS_FIRST_DATA_BLOCK, end - bit };
	return 0;
}

/* It can be taken again, and is no block of zeros. */
static void clear_block_bit(struct ezfs_sb_info *sbi, unsigned long bit)
{
	lockdep_assert_held(&sbi->lock);
	__clear_bit(bit, sbi->block_bits);
	if (sbi->zero_bits)
		__clear_bit(bit + sbi->zero_shift, sbi->zero_bits);
	sbi->first_block = min_t(unsigned long, sbi->first_block, bit);
	ezfs_mark_meta_dirty(sbi->sb_bh);
}

/* sbi->zero_bits, as they are on the disk */
static const unsigned long *disk_zero_bits(struct ezfs_sb_info *sbi)
{
	return sbi->disk_sb + ((char *)sbi->zero_bits - sbi->sb_bh->b_data);
}

/**
 * ezfs_free_bit - gives back a block that is in use, and to which nothing in memory points any more
 * @inode: whose it was
 *
 * sbi->lock held. What is on the disk may still point to it: then it is kept until the commit is over.
 */
void ezfs_free_bit(struct inode *inode, unsigned long bit)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);

	rwsem_assert_held(&sbi->commit_sem);
	sbi->free_blocks++;
	if (ezfs_is_young(inode)) {
		clear_block_bit(sbi, bit);
	} else {
		__set_bit(bit, sbi->freed);
		sbi->nr_freed++;
		/* If it was zeros and has been written to, what was written is being dropped. */
		if (sbi->zero_bits) {
			const unsigned long zero = bit + sbi->zero_shift;

			__assign_bit(zero, sbi->zero_bits, test_bit(zero, disk_zero_bits(sbi)));
			ezfs_mark_meta_dirty(sbi->sb_bh);
		}
	}
}

/** ezfs_free_block - the same for a block by its number */
void ezfs_free_block(struct inode *inode, u64 block)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const unsigned long bit = block - EZFS_FIRST_DATA_BLOCK;

	if (!ezfs_block_in_use(sb, block) || test_bit(bit, sbi->freed)) {
		ezfs_error(sb, "freeing block %llu, which is not in use", block);
		return;
	}
	mutex_lock(&sbi->lock);
	ezfs_free_bit(inode, bit);
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

/* The inode is cleared on the disk, and the number can be taken again. */
static void bury_inode(struct ezfs_sb_info *sbi, unsigned long ino)
{
	lockdep_assert_held(&sbi->lock);
	memset(ezfs_raw_inode(sbi, ino), 0, sbi->layout->inode_size);
	ezfs_mark_meta_dirty(sbi->i_store_bh);
	__clear_bit(ino - 1, sbi->inode_bits);
	ezfs_mark_meta_dirty(sbi->sb_bh);
}

/** ezfs_free_inode_no - gives an inode's number back; as with blocks, maybe only after the commit */
void ezfs_free_inode_no(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const unsigned long ino = inode->i_ino;
	void *raw;

	rwsem_assert_held(&sbi->commit_sem);
	if (!ezfs_inode_no_in_use(sb, ino)) {
		ezfs_error(sb, "freeing inode %lu, which is not in use", ino);
		return;
	}
	mutex_lock(&sbi->lock);
	sbi->free_inodes++;
	if (ezfs_is_young(inode)) {
		bury_inode(sbi, ino);
	} else {
		sbi->dead |= BIT_ULL(ino - 1);
		raw = ezfs_raw_inode(sbi, ino);
		memcpy(raw, sbi->disk_store + ((char *)raw - sbi->i_store_bh->b_data), sbi->layout->inode_size);
	}
	mutex_unlock(&sbi->lock);
}

/* ------------------------------------------------------------------ the end of a commit */

/** ezfs_bury_inodes - no name on the disk leads to the dead ones any more */
void ezfs_bury_inodes(struct super_block *sb)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);

	mutex_lock(&sbi->lock);
	for (unsigned long ino = 1; sbi->dead; ino++, sbi->dead >>= 1)
		if (sbi->dead & 1)
			bury_inode(sbi, ino);
	mutex_unlock(&sbi->lock);
}

/** ezfs_release_bits - nothing on the disk points to the freed blocks any more */
void ezfs_release_bits(struct super_block *sb)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	unsigned long bit;

	mutex_lock(&sbi->lock);
	if (sbi->nr_freed) {
		for_each_set_bit(bit, sbi->freed, sbi->nr_data_blocks)
			clear_block_bit(sbi, bit);
		bitmap_zero(sbi->freed, sbi->nr_data_blocks);
		sbi->nr_freed = 0;
	}
	mutex_unlock(&sbi->lock);
}
