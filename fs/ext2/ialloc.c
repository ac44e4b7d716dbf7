// SPDX-License-Identifier: MIT
/*
 * Which inodes are in use: one bitmap a group.
 *
 * A directory goes to a group with many free inodes and blocks, so that what will be in it has room
 * nearby; anything else goes to its directory's group, or to one that is found from there by a hash
 * and by search. Inodes that were freed wait as blocks do: balloc.c.
 *
 * Locking: s_lock for bits and counts.
 */
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>
#include "ext2.h"

static struct buffer_head *read_inode_bitmap(struct super_block *sb, unsigned int group)
{
	const u32 block = le32_to_cpu(ext2_get_group_desc(sb, group, NULL)->bg_inode_bitmap);
	struct buffer_head *bh = sb_bread(sb, block);

	if (!bh)
		ext2_error(sb, "cannot read the inode bitmap of group %u, block %u", group, block);
	return bh;
}

static void count_inodes(struct super_block *sb, unsigned int group, int free, int dirs)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct ext2_group_desc *desc = ext2_get_group_desc(sb, group, NULL);

	lockdep_assert_held(&sbi->s_lock);
	ext2_count_add(&desc->bg_free_inodes_count, free, sbi->s_inodes_per_group);
	ext2_count_add(&desc->bg_used_dirs_count, dirs, sbi->s_inodes_per_group);
	if (free > 0 || sbi->s_free_inodes)
		sbi->s_free_inodes += free;
}

static void mark_group_dirty(struct super_block *sb, unsigned int group, struct buffer_head *bitmap)
{
	struct buffer_head *desc_bh;

	ext2_get_group_desc(sb, group, &desc_bh);
	ext2_mark_meta_dirty(bitmap);
	ext2_mark_meta_dirty(desc_bh);
}

/** ext2_free_inode - gives an inode's number back; on the disk it has no links any more */
void ext2_free_inode(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const unsigned int group = (inode->i_ino - 1) / sbi->s_inodes_per_group;
	const unsigned int bit = (inode->i_ino - 1) % sbi->s_inodes_per_group;
	struct buffer_head *bh = read_inode_bitmap(sb, group);
	bool was;

	if (!bh)
		return;
	ext2_lock_freed(sb, EXT2_FREED_INODES, group);
	was = ext2_clear_freed(sbi, EXT2_FREED_INODES, group, bh->b_data, bit);
	if (was)
		count_inodes(sb, group, 1, S_ISDIR(inode->i_mode) ? -1 : 0);
	spin_unlock(&sbi->s_lock);
	if (!was)
		ext2_error(sb, "freeing inode %lu, which was free already", inode->i_ino);
	mark_group_dirty(sb, group, bh);
	brelse(bh);
}

/* ------------------------------------------------------------------ which group? */

static unsigned int free_inodes(struct super_block *sb, unsigned int group)
{
	return le16_to_cpu(ext2_get_group_desc(sb, group, NULL)->bg_free_inodes_count);
}

static unsigned int free_blocks(struct super_block *sb, unsigned int group)
{
	return le16_to_cpu(ext2_get_group_desc(sb, group, NULL)->bg_free_blocks_count);
}

/* Of the groups with at least the average of free inodes the one with most free blocks. */
static unsigned int find_group_dir(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const unsigned int average = READ_ONCE(sbi->s_free_inodes) / sbi->s_groups_count;
	unsigned int best = 0, most = 0;

	for (unsigned int i = 0; i < sbi->s_groups_count; i++)
		if (free_inodes(sb, i) && free_inodes(sb, i) >= average && free_blocks(sb, i) > most) {
			best = i;
			most = free_blocks(sb, i);
		}
	return best;
}

static unsigned int find_group_other(struct super_block *sb, struct inode *dir)
{
	const unsigned int groups = EXT2_SB(sb)->s_groups_count, parent = EXT2_I(dir)->i_block_group;
	unsigned int group = parent;

	if (free_inodes(sb, group) && free_blocks(sb, group))
		return group;
	/* Files of one directory go on together, those of others elsewhere. */
	group = (parent + dir->i_ino) % groups;
	for (unsigned int i = 1; i < groups; i <<= 1) {
		group = (group + i) % groups;
		if (free_inodes(sb, group) && free_blocks(sb, group))
			return group;
	}
	return parent;
}

/* ------------------------------------------------------------------ taking one */

/* Does the inode on the disk look as if it were in use? Then the bitmap is wrong. 1, 0, or -EIO. */
static int inode_looks_used(struct super_block *sb, unsigned long ino)
{
	struct buffer_head *bh;
	struct ext2_inode *raw = ext2_get_inode(sb, ino, &bh);
	bool used;

	if (!raw)
		return -EIO;
	used = raw->i_mode && raw->i_links_count && !raw->i_dtime;
	brelse(bh);
	if (used)
		ext2_error(sb, "inode %lu is marked as free, but has links", ino);
	return used;
}

/* Takes an inode of a group: its number, 0 when there is none, or -EIO. */
static long new_inode_in_group(struct super_block *sb, unsigned int group, bool dir)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const unsigned long first = group * sbi->s_inodes_per_group + 1, size = sbi->s_inodes_per_group;
	unsigned long bit = first < sbi->s_first_ino ? sbi->s_first_ino - first : 0;
	struct buffer_head *bh;
	long ino = 0;
	int used;

	if (!free_inodes(sb, group))
		return 0;
	bh = read_inode_bitmap(sb, group);
	if (!bh)
		return -EIO;
	while (!ino) {
		spin_lock(&sbi->s_lock);
		bit = ext2_find_free(sbi, EXT2_FREED_INODES, group, bh->b_data, size, bit);
		if (bit >= size) {
			spin_unlock(&sbi->s_lock);
			break;
		}
		__set_bit_le(bit, bh->b_data);
		count_inodes(sb, group, -1, dir);
		spin_unlock(&sbi->s_lock);
		used = inode_looks_used(sb, first + bit);
		if (used < 0) {
			spin_lock(&sbi->s_lock);
			__clear_bit_le(bit, bh->b_data);
			count_inodes(sb, group, 1, dir ? -1 : 0);
			spin_unlock(&sbi->s_lock);
		}
		mark_group_dirty(sb, group, bh);
		if (used <= 0)
			ino = used ? used : (long)(first + bit);
	}
	brelse(bh);
	return ino;
}

/* In this group or the next ones: a number, 0, or -EIO when that is why there is none. */
static long find_inode(struct super_block *sb, unsigned int group, bool dir)
{
	const unsigned int groups = EXT2_SB(sb)->s_groups_count;
	long ret = 0;

	for (unsigned int i = 0; i < groups; i++) {
		const long ino = new_inode_in_group(sb, (group + i) % groups, dir);

		if (ino > 0)
			return ino;
		if (ino)
			ret = ino;
	}
	return ret;
}

/**
 * ext2_new_inode - an inode for what is being made in @dir
 * @mode: its type and permissions
 *
 * Returns it with a reference and I_NEW, linked nowhere yet: the caller ends with
 * d_instantiate_new(), or after clear_nlink() with discard_new_inode(), which frees it again.
 * ERR_PTR: -ENOSPC, -ENOMEM, -EIO, -EUCLEAN.
 */
struct inode *ext2_new_inode(struct inode *dir, umode_t mode)
{
	struct super_block *sb = dir->i_sb;
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const unsigned int group = S_ISDIR(mode) ? find_group_dir(sb) : find_group_other(sb, dir);
	struct inode *inode = new_inode(sb);
	struct ext2_inode_info *ei;
	long ino;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	ino = find_inode(sb, group, S_ISDIR(mode));
	if (ino <= 0 && READ_ONCE(sbi->s_nr_freed[EXT2_FREED_INODES]) && !ext2_commit(sb))
		ino = find_inode(sb, group, S_ISDIR(mode));
	if (ino <= 0) {
		iput(inode);	/* it has a link and no name: evicted, and nothing is freed */
		return ERR_PTR(ino ? ino : -ENOSPC);
	}
	ei = EXT2_I(inode);
	inode->i_ino = ino;
	inode_init_owner(&init_user_ns, inode, dir, mode);
	inode->i_mtime = inode->i_atime = inode->i_ctime = current_time(inode);
	ei->i_flags = EXT2_I(dir)->i_flags & EXT2_FL_INHERITED;
	ei->i_block_group = (ino - 1) / sbi->s_inodes_per_group;
	ei->i_generation = get_random_u32();
	ei->i_new = true;
	ext2_set_inode_flags(inode);
	if (insert_inode_locked(inode)) {
		ext2_error(sb, "inode %lu is in use, but was marked as free", ino);
		iput(inode);
		return ERR_PTR(-EUCLEAN);
	}
	mark_inode_dirty(inode);
	return inode;
}
