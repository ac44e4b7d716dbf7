// SPDX-License-Identifier: MIT
/*
 * Which blocks are in use: one bitmap a group, and what was freed but may not be used again yet.
 *
 * Where a block goes: to the goal that indirect.c gives, which is the disk block behind the one before it
 * in the file. When that is taken and the file is growing, to the next eight free blocks in a row, so
 * that files that grow at once do not lie block by block in turn; else to the next free one, in this
 * group and then in the others. Orlov's allocator and reservation windows are not here.
 *
 * What is freed: the bit is cleared at once, and is kept in ext2_freed->now until everything that
 * pointed to the block no longer does so on the medium, too. Would it be given to another file before
 * that, a power cut would leave two files with one block, and e2fsck would give the newer one's bytes
 * to both. ext2_commit() ends that: what is freed when it begins it moves to ->syncing, and forgets it when all
 * is written. Whoever finds no other free block calls it. The same holds for inodes, which are named by
 * directories.
 *
 * Locking: s_lock for bits and counts.
 */
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "ext2.h"

/** ext2_get_group_desc - the descriptor of a group, and its buffer, which stays */
struct ext2_group_desc *ext2_get_group_desc(struct super_block *sb, unsigned int group,
					    struct buffer_head **bh)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct buffer_head *p = sbi->s_group_desc[group / sbi->s_desc_per_block];

	if (bh)
		*bh = p;
	return (struct ext2_group_desc *)p->b_data + group % sbi->s_desc_per_block;
}

static bool is_power_of(unsigned int n, unsigned int base)
{
	while (n % base == 0)
		n /= base;
	return n == 1;
}

/** ext2_bg_has_super - has the group a copy of the superblock and of the descriptors? */
bool ext2_bg_has_super(struct super_block *sb, unsigned int group)
{
	const struct ext2_super_block *es = EXT2_SB(sb)->s_es;

	if (group <= 1 || le32_to_cpu(es->s_rev_level) == EXT2_GOOD_OLD_REV ||
	    !(es->s_feature_ro_compat & cpu_to_le32(EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER)))
		return true;
	return is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7);
}

static unsigned int group_of(struct ext2_sb_info *sbi, ext2_fsblk_t block)
{
	return (block - sbi->s_first_data_block) / sbi->s_blocks_per_group;
}

static unsigned int bit_of(struct ext2_sb_info *sbi, ext2_fsblk_t block)
{
	return (block - sbi->s_first_data_block) % sbi->s_blocks_per_group;
}

/* Blocks at a group's start that are copies of the superblock and of the descriptors. */
static unsigned int group_head(struct super_block *sb, unsigned int group)
{
	return ext2_bg_has_super(sb, group) ? 1 + EXT2_SB(sb)->s_gdb_count : 0;
}

/** ext2_data_block_valid - can this number, as it was read from the disk, be a block of a file? */
bool ext2_data_block_valid(struct super_block *sb, ext2_fsblk_t block)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const struct ext2_group_desc *desc;
	unsigned int group, bit;

	if (block <= sbi->s_first_data_block || block >= sbi->s_blocks_count)
		return false;
	group = group_of(sbi, block);
	bit = bit_of(sbi, block);
	desc = ext2_get_group_desc(sb, group, NULL);
	if (block == le32_to_cpu(desc->bg_block_bitmap) || block == le32_to_cpu(desc->bg_inode_bitmap) ||
	    block - le32_to_cpu(desc->bg_inode_table) < sbi->s_itb_per_group)
		return false;
	return bit > sbi->s_gdb_count || bit >= group_head(sb, group);
}

/*
 * The bitmap of a group, with a reference. The group's own blocks must be marked in it, or they would
 * be given to files. NULL when they are not, and on an I/O error; the log says which.
 */
static struct buffer_head *read_block_bitmap(struct super_block *sb, unsigned int group)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const struct ext2_group_desc *desc = ext2_get_group_desc(sb, group, NULL);
	const ext2_fsblk_t first = ext2_group_first_block_no(sbi, group);
	const unsigned int head = group_head(sb, group);
	const u32 table = le32_to_cpu(desc->bg_inode_table) - first;
	const u32 map = le32_to_cpu(desc->bg_block_bitmap) - first;
	const u32 imap = le32_to_cpu(desc->bg_inode_bitmap) - first;
	const unsigned int size = ext2_group_blocks(sbi, group);
	struct buffer_head *bh = NULL;
	const unsigned long *bits;

	if (table < size && size - table >= sbi->s_itb_per_group && map < size && imap < size)
		bh = sb_bread(sb, first + map);
	if (!bh) {
		ext2_error(sb, "cannot read the block bitmap of group %u, block %u", group, first + map);
		return NULL;
	}
	bits = (const unsigned long *)bh->b_data;
	if (find_next_zero_bit(bits, head, 0) >= head && test_bit(map, bits) && test_bit(imap, bits) &&
	    find_next_zero_bit(bits, table + sbi->s_itb_per_group, table) >= table + sbi->s_itb_per_group)
		return bh;
	ext2_error(sb, "the block bitmap of group %u, block %u, has the group's own blocks as free", group,
		   first + map);
	brelse(bh);
	return NULL;
}

/** ext2_block_in_use - is a valid block marked as in use? */
bool ext2_block_in_use(struct super_block *sb, ext2_fsblk_t block)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct buffer_head *bh = read_block_bitmap(sb, group_of(sbi, block));
	bool used = bh && test_bit_le(bit_of(sbi, block), bh->b_data);

	brelse(bh);
	return used;
}

/* ------------------------------------------------------------------ freed, but not to be used yet */

/** ext2_find_free - the first bit from @from on of a bitmap that is free and may be used; or @size */
unsigned long ext2_find_free(struct ext2_sb_info *sbi, int kind, unsigned int group,
			     const void *bits, unsigned long size, unsigned long from)
{
	const struct ext2_freed *f = &sbi->s_freed[kind][group];
	unsigned long bit;

	lockdep_assert_held(&sbi->s_lock);
	for (;; from = bit) {
		from = find_next_zero_bit_le(bits, size, from);
		if (from >= size)
			return size;
		bit = f->now ? find_next_zero_bit(f->now, size, from) : from;
		if (f->syncing)
			bit = find_next_zero_bit(f->syncing, size, bit);
		if (bit == from)
			return bit;
	}
}

/** ext2_lock_freed - takes s_lock, with a map for what will be freed in a group */
void ext2_lock_freed(struct super_block *sb, int kind, unsigned int group)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct ext2_freed *f = &sbi->s_freed[kind][group];
	unsigned long *map = NULL;

	for (;;) {
		spin_lock(&sbi->s_lock);
		if (f->now || map)
			break;
		spin_unlock(&sbi->s_lock);
		map = kzalloc(sb->s_blocksize, GFP_NOFS | __GFP_NOFAIL);
	}
	if (f->now)
		kfree(map);
	else
		f->now = map;
}

/** ext2_clear_freed - frees one bit of a bitmap; false if it was free already */
bool ext2_clear_freed(struct ext2_sb_info *sbi, int kind, unsigned int group, void *bits,
		      unsigned int bit)
{
	struct ext2_freed *f = &sbi->s_freed[kind][group];

	lockdep_assert_held(&sbi->s_lock);
	if (!__test_and_clear_bit_le(bit, bits))
		return false;
	__set_bit(bit, f->now);
	sbi->s_nr_freed[kind]++;
	return true;
}

/* Calls @fn for what was freed of each kind in each group; s_lock held. */
static void for_each_freed(struct super_block *sb, void (*fn)(struct super_block *sb, struct ext2_freed *f))
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	lockdep_assert_held(&sbi->s_lock);
	for (int kind = 0; kind < EXT2_NR_FREED; kind++)
		for (unsigned int i = 0; sbi->s_nr_freed[kind] && i < sbi->s_groups_count; i++)
			fn(sb, &sbi->s_freed[kind][i]);
}

static void rotate_freed(struct super_block *sb, struct ext2_freed *f)
{
	if (f->syncing && f->now) {	/* the last time it could not be written */
		bitmap_or(f->syncing, f->syncing, f->now, sb->s_blocksize * 8);
		kfree(f->now);
	} else if (f->now) {
		f->syncing = f->now;
	}
	f->now = NULL;
}

static void release_freed(struct super_block *sb, struct ext2_freed *f)
{
	kfree(f->syncing);
	f->syncing = NULL;
}

/** ext2_rotate_freed - a commit begins: what was freed until now is not pointed to in what it will write */
void ext2_rotate_freed(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	spin_lock(&sbi->s_lock);
	for_each_freed(sb, rotate_freed);
	for (int kind = 0; kind < EXT2_NR_FREED; kind++)
		sbi->s_nr_syncing[kind] = sbi->s_nr_freed[kind];
	spin_unlock(&sbi->s_lock);
}

/** ext2_release_freed - it has ended: that may be used again */
void ext2_release_freed(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	spin_lock(&sbi->s_lock);
	for_each_freed(sb, release_freed);
	for (int kind = 0; kind < EXT2_NR_FREED; kind++)
		sbi->s_nr_freed[kind] -= sbi->s_nr_syncing[kind];
	spin_unlock(&sbi->s_lock);
}

/** ext2_free_freed - the end of it, when the filesystem is unmounted */
void ext2_free_freed(struct ext2_sb_info *sbi)
{
	for (int kind = 0; kind < EXT2_NR_FREED; kind++) {
		for (unsigned int i = 0; sbi->s_freed[kind] && i < sbi->s_groups_count; i++) {
			kfree(sbi->s_freed[kind][i].now);
			kfree(sbi->s_freed[kind][i].syncing);
		}
		kvfree(sbi->s_freed[kind]);
	}
}

/* ------------------------------------------------------------------ taking and freeing */

/* How many blocks are there for this task? The last ones are for root. */
static unsigned long free_blocks(struct ext2_sb_info *sbi)
{
	const unsigned long free = READ_ONCE(sbi->s_free_blocks), reserved = sbi->s_r_blocks_count;

	if (free > reserved)
		return free - reserved;
	return capable(CAP_SYS_RESOURCE) || uid_eq(sbi->s_resuid, current_fsuid()) ||
	       (sbi->s_resgid.val && in_group_p(sbi->s_resgid)) ? free : 0;
}

/* Behind the blocks in a row from @bit on, which is free, up to @end: those that are, too, and may be used. */
static unsigned long end_of_run(struct ext2_sb_info *sbi, unsigned int group, const void *bits, unsigned long bit,
				unsigned long end)
{
	const struct ext2_freed *f = &sbi->s_freed[EXT2_FREED_BLOCKS][group];

	end = find_next_bit_le(bits, end, bit);
	if (f->now)
		end = find_next_bit(f->now, end, bit);
	if (f->syncing)
		end = find_next_bit(f->syncing, end, bit);
	return end;
}

/* Eight free blocks in a row from @from on: the first; or @size. */
static unsigned long find_free_run(struct ext2_sb_info *sbi, unsigned int group, const void *bits,
				   unsigned long size, unsigned long from)
{
	unsigned long bit;

	while ((bit = ext2_find_free(sbi, EXT2_FREED_BLOCKS, group, bits, size, from)) < size) {
		from = end_of_run(sbi, group, bits, bit, min(bit + 8, size));
		if (from == bit + 8)
			return bit;
	}
	return size;
}

static unsigned long find_block(struct ext2_sb_info *sbi, unsigned int group, const void *bits,
				unsigned long size, unsigned long goal, bool grows)
{
	unsigned long bit = ext2_find_free(sbi, EXT2_FREED_BLOCKS, group, bits, size, goal);

	if (bit == goal)
		return bit;
	if (grows) {
		unsigned long run = find_free_run(sbi, group, bits, size, min(bit, size));

		if (run < size)
			return run;
	}
	if (bit >= size)
		bit = ext2_find_free(sbi, EXT2_FREED_BLOCKS, group, bits, size, 0);
	return bit;
}

/* Takes a block of a group, if there is one, and up to *count in all with those behind it: 0, -ENOSPC, or -EIO. */
static int new_blocks_in_group(struct super_block *sb, unsigned int group, unsigned long goal,
			       bool grows, ext2_fsblk_t *block, unsigned int *count)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const unsigned long size = ext2_group_blocks(sbi, group);
	struct buffer_head *bh, *desc_bh;
	struct ext2_group_desc *desc = ext2_get_group_desc(sb, group, &desc_bh);
	unsigned long bit;

	if (!desc->bg_free_blocks_count)
		return -ENOSPC;
	bh = read_block_bitmap(sb, group);
	if (!bh)
		return -EIO;
	spin_lock(&sbi->s_lock);
	bit = find_block(sbi, group, bh->b_data, size, goal, grows);
	if (bit >= size) {
		spin_unlock(&sbi->s_lock);
		brelse(bh);
		return -ENOSPC;
	}
	*count = end_of_run(sbi, group, bh->b_data, bit, min(bit + *count, size)) - bit;
	bitmap_set((unsigned long *)bh->b_data, bit, *count);
	ext2_count_add(&desc->bg_free_blocks_count, -(int)*count, size);
	sbi->s_free_blocks -= min_t(unsigned long, *count, sbi->s_free_blocks);
	spin_unlock(&sbi->s_lock);
	ext2_mark_meta_dirty(bh);
	ext2_mark_meta_dirty(desc_bh);
	brelse(bh);
	*block = ext2_group_first_block_no(sbi, group) + bit;
	return 0;
}

/* In the goal's group, then in the others. */
static int search_groups(struct super_block *sb, ext2_fsblk_t goal, bool grows, ext2_fsblk_t *block,
			 unsigned int *count)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	unsigned int group = group_of(sbi, goal);
	unsigned long bit = bit_of(sbi, goal);
	int err, ret = -ENOSPC;

	for (unsigned int i = 0; i < sbi->s_groups_count; i++, bit = 0) {
		err = new_blocks_in_group(sb, group, bit, grows, block, count);
		if (!err)
			return 0;
		if (err != -ENOSPC)
			ret = err;
		if (++group == sbi->s_groups_count)
			group = 0;
	}
	return ret;
}

/**
 * ext2_new_blocks - takes free blocks that follow each other
 * @goal: where they should be
 * @grows: more will follow, behind them
 * @block: gets the first one's number
 * @count: how many there should be; becomes how many there are, at least 1
 *
 * Their contents are whatever was there. Returns 0, -ENOSPC (and then ext2_should_retry_alloc() may help), or
 * -EIO when bitmaps could not be read.
 */
int ext2_new_blocks(struct inode *inode, ext2_fsblk_t goal, bool grows, ext2_fsblk_t *block, unsigned int *count)
{
	struct super_block *sb = inode->i_sb;
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	*count = min_t(unsigned long, *count, free_blocks(sbi));
	if (!*count)
		return -ENOSPC;
	if (goal < sbi->s_first_data_block || goal >= sbi->s_blocks_count)
		goal = sbi->s_first_data_block;
	return search_groups(sb, goal, grows, block, count);
}

static void free_in_group(struct super_block *sb, unsigned int group, unsigned int bit,
			  unsigned int count)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct buffer_head *bh = read_block_bitmap(sb, group), *desc_bh;
	struct ext2_group_desc *desc = ext2_get_group_desc(sb, group, &desc_bh);
	unsigned int freed = 0;

	if (!bh)
		return;		/* they are lost until e2fsck finds them */
	ext2_lock_freed(sb, EXT2_FREED_BLOCKS, group);
	for (unsigned int i = 0; i < count; i++)
		freed += ext2_clear_freed(sbi, EXT2_FREED_BLOCKS, group, bh->b_data, bit + i);
	ext2_count_add(&desc->bg_free_blocks_count, freed, ext2_group_blocks(sbi, group));
	sbi->s_free_blocks += freed;
	spin_unlock(&sbi->s_lock);
	if (freed < count)
		ext2_error(sb, "freeing %u blocks from %u on of group %u, %u of them were free already",
			   count, bit, group, count - freed);
	ext2_mark_meta_dirty(bh);
	ext2_mark_meta_dirty(desc_bh);
	brelse(bh);
}

/**
 * ext2_free_blocks - gives blocks back
 * @block: the first one; all are valid
 *
 * What pointed to them does not any more, and the next commit will write it.
 */
void ext2_free_blocks(struct super_block *sb, ext2_fsblk_t block, unsigned int count)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	while (count) {
		const unsigned int group = group_of(sbi, block), bit = bit_of(sbi, block);
		const unsigned int nr = min(count, ext2_group_blocks(sbi, group) - bit);

		free_in_group(sb, group, bit, nr);
		block += nr;
		count -= nr;
	}
}
