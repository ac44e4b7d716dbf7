// SPDX-License-Identifier: MIT
/*
 * Where the blocks of a file of ext2 are: finding, adding, cutting off.
 *
 * Twelve block numbers are in the inode; the next three lead to blocks full of numbers, through one,
 * two and three levels of them. Number 0 is a hole, which reads as zeros. A branch that is missing is
 * built bottom up, and then hung into the tree by one store; so looking up takes no lock. What is cut
 * off leaves first the inode, or the block of numbers above, and is freed after that: balloc.c says why.
 *
 * A number from the disk is looked at by ext2_data_block_valid() before the block is. A block of
 * numbers is gone into, to free what is in it, only while it is marked as in use: so a tree that was
 * tied in a knot by a fault is walked once.
 *
 * Locking: truncate_mutex for every change of the tree. Readers are kept from a part that is being cut
 * off by invalidate_lock, or i_rwsem, and by truncation taking the pages away first.
 */
#include <linux/kernel.h>
#include "ext2.h"

/* ------------------------------------------------------------------ finding a block */

/** ext2_max_size - bytes of the largest file, with blocks of 1 << @bits bytes */
loff_t ext2_max_size(unsigned int bits)
{
	const u64 per_block = 1ULL << (bits - 2);
	const u64 tree = EXT2_NDIR_BLOCKS + per_block + per_block * per_block +
			 per_block * per_block * per_block;
	/* i_blocks counts 512 bytes in 32 bits, and blocks of numbers are among what it counts. */
	const u64 counted = U32_MAX >> (bits - 9);

	return min(tree, counted - counted / per_block - counted / per_block / per_block - 4) << bits;
}

typedef struct {
	__le32			*p;	/* where the number stands, */
	__le32			key;	/* what it was, */
	struct buffer_head	*bh;	/* and in which block; NULL: in the inode */
} Indirect;

/* The way to a block of the file: an index in the inode, and one a level. Returns how many; 0: too far. */
static int ext2_block_to_path(struct inode *inode, u64 iblock, unsigned int offsets[4])
{
	const unsigned int bits = EXT2_SB(inode->i_sb)->s_addr_per_block_bits;
	const unsigned int mask = (1U << bits) - 1;
	int depth = 1;

	if (iblock < EXT2_NDIR_BLOCKS) {
		offsets[0] = iblock;
		return 1;
	}
	iblock -= EXT2_NDIR_BLOCKS;
	while (depth <= 3 && iblock >> (bits * depth)) {
		iblock -= 1ULL << (bits * depth);
		depth++;
	}
	if (depth > 3)
		return 0;
	offsets[0] = EXT2_NDIR_BLOCKS + depth - 1;
	for (int i = 1; i <= depth; i++)
		offsets[i] = (iblock >> (bits * (depth - i))) & mask;
	return depth + 1;
}

/* A block of numbers; NULL when the number cannot be one, or on an I/O error. The log says which. */
static struct buffer_head *read_indirect(struct inode *inode, ext2_fsblk_t block)
{
	struct buffer_head *bh = NULL;

	if (!ext2_data_block_valid(inode->i_sb, block)) {
		ext2_error(inode->i_sb, "inode %lu: indirect block %u is out of range", inode->i_ino, block);
		return NULL;
	}
	bh = sb_bread(inode->i_sb, block);
	if (!bh)
		ext2_error(inode->i_sb, "inode %lu: cannot read indirect block %u", inode->i_ino, block);
	return bh;
}

static void put_branch(Indirect *chain, Indirect *end)
{
	for (; chain <= end; chain++)
		brelse(chain->bh);
}

/*
 * Follows the path as far as it goes. Returns the last link of the chain: the block's own number, or
 * the one that is missing (key 0). ERR_PTR(-EIO), and then nothing is held. put_branch() ends it.
 */
static Indirect *ext2_get_branch(struct inode *inode, int depth, const unsigned int *offsets,
				 Indirect chain[4])
{
	Indirect *p = chain;

	p->bh = NULL;
	p->p = EXT2_I(inode)->i_data + offsets[0];
	p->key = READ_ONCE(*p->p);
	for (int i = 1; i < depth && p->key; i++) {
		struct buffer_head *bh = read_indirect(inode, le32_to_cpu(p->key));

		if (!bh) {
			put_branch(chain, p);
			return ERR_PTR(-EIO);
		}
		p++;
		p->bh = bh;
		p->p = (__le32 *)bh->b_data + offsets[i];
		p->key = READ_ONCE(*p->p);	/* address dependency: pairs with ext2_alloc_branch() */
	}
	return p;
}

/* ------------------------------------------------------------------ adding a block */

/* Where a new block should lie: behind the last one that was added, or else near its neighbours. */
static ext2_fsblk_t ext2_find_goal(struct inode *inode, sector_t iblock, const Indirect *partial)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	const __le32 *start = partial->bh ? (const __le32 *)partial->bh->b_data : ei->i_data;

	if (ei->i_next_alloc_goal && iblock == ei->i_next_alloc_block)
		return ei->i_next_alloc_goal;
	for (const __le32 *p = partial->p; p-- > start;)
		if (*p)
			return le32_to_cpu(*p) + 1;
	if (partial->bh)
		return partial->bh->b_blocknr + 1;
	return ext2_group_first_block_no(EXT2_SB(inode->i_sb), ei->i_block_group);
}

/* Of up to @max numbers from the one at @last on, how many follow @block, or with 0 are none. */
static unsigned int run_length(struct inode *inode, const Indirect *last, unsigned int offset, ext2_fsblk_t block,
			       unsigned int max)
{
	const unsigned int end = last->bh ? last->bh->b_size / sizeof(__le32) : EXT2_NDIR_BLOCKS;
	unsigned int n = 1;

	while (n < max && offset + n < end && le32_to_cpu(READ_ONCE(last->p[n])) == (block ? block + n : 0) &&
	       (!block || ext2_data_block_valid(inode->i_sb, block + n)))
		n++;
	return n;
}

/* A new block of numbers with @count in it, of blocks from @nr on. 0 or -ENOMEM. */
static int make_indirect(struct inode *inode, ext2_fsblk_t block, unsigned int offset, ext2_fsblk_t nr,
			 unsigned int count)
{
	struct buffer_head *bh = sb_getblk(inode->i_sb, block);

	if (!bh)
		return -ENOMEM;
	lock_buffer(bh);
	memset(bh->b_data, 0, bh->b_size);
	for (unsigned int i = 0; i < count; i++)
		((__le32 *)bh->b_data)[offset + i] = cpu_to_le32(nr + i);
	set_buffer_uptodate(bh);
	unlock_buffer(bh);
	ext2_mark_ordered(inode->i_sb, bh, EXT2_META_NEW);
	brelse(bh);
	return 0;
}

/* The new branch becomes the file's: @count numbers at @partial, from @block on, and @blocks blocks in all. */
static void ext2_splice_branch(struct inode *inode, Indirect *partial, ext2_fsblk_t block, unsigned int count,
			       unsigned int blocks)
{
	ext2_dirty_inode(inode, I_DIRTY_DATASYNC);	/* a commit that sees the pointer writes the data first */
	smp_wmb();	/* who finds the branch finds what is in it */
	for (unsigned int i = 0; i < count; i++)
		WRITE_ONCE(partial->p[i], cpu_to_le32(block + i));
	if (partial->bh)
		ext2_mark_ordered(inode->i_sb, partial->bh, EXT2_META_NUMBERS);
	inode_add_bytes(inode, (loff_t)blocks << inode->i_blkbits);
	inode->i_ctime = current_time(inode);
	mark_inode_dirty(inode);
}

/*
 * Adds blocks in a row, up to @max, and the blocks of numbers that lead to them, @nr levels in all, below @partial, which
 * stands at offsets[-1]. truncate_mutex held. Returns how many, the first one in *result; or -ENOSPC, -ENOMEM, -EIO,
 * and then nothing has changed.
 */
static int ext2_alloc_branch(struct inode *inode, sector_t iblock, unsigned int max, int nr,
			     const unsigned int *offsets, Indirect *partial, ext2_fsblk_t *result)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	ext2_fsblk_t goal = ext2_find_goal(inode, iblock, partial), blocks[4];
	unsigned int count;
	int n, err = 0;

	if (nr == 1)
		max = run_length(inode, partial, offsets[-1], 0, max);
	else
		max = min_t(unsigned int, max, i_blocksize(inode) / sizeof(__le32) - offsets[nr - 2]);
	/* In the order in which they will be read: the numbers before the data. */
	for (n = 0; n < nr; n++) {
		count = n < nr - 1 ? 1 : max;
		err = ext2_new_blocks(inode, goal, iblock > 0, &blocks[n], &count);
		if (err)
			goto failed;
		goal = blocks[n] + count;
	}
	for (int i = nr - 2; i >= 0; i--) {
		err = make_indirect(inode, blocks[i], offsets[i], blocks[i + 1], i < nr - 2 ? 1 : count);
		if (err)
			goto failed;
	}
	ext2_splice_branch(inode, partial, blocks[0], nr == 1 ? count : 1, nr - 1 + count);
	ei->i_next_alloc_block = iblock + count;
	ei->i_next_alloc_goal = goal;
	*result = blocks[nr - 1];
	return count;

failed:
	for (int i = 0; i < n; i++) {
		ext2_forget(inode->i_sb, sb_find_get_block(inode->i_sb, blocks[i]));
		ext2_free_blocks(inode->i_sb, blocks[i], i < nr - 1 ? 1 : count);
	}
	return err;
}

/* Is the way to a hole still as it was when it was gone? truncate_mutex is held. */
static bool verify_chain(const Indirect *chain, const Indirect *last)
{
	for (; chain <= last; chain++)
		if (READ_ONCE(*chain->p) != chain->key)
			return false;
	return true;
}

/**
 * ext2_get_blocks - where a block of a file is; with @create, gives it blocks if it is a hole
 * @maxblocks: tell of so many at most, which follow each other
 * @bno: gets the first one's number
 * @new: becomes true when they were given; then they hold what somebody has left there
 *
 * Returns how many, 0 for a hole, or -EIO, -EUCLEAN, -ENOSPC, -ENOMEM, -EFBIG, -EROFS.
 */
int ext2_get_blocks(struct inode *inode, sector_t iblock, unsigned int maxblocks, ext2_fsblk_t *bno, bool *new,
		    bool create)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	unsigned int offsets[4];
	const int depth = ext2_block_to_path(inode, iblock, offsets);
	Indirect chain[4], *last;
	int ret = 0;

	*new = false;
	if (!depth)
		return create ? -EFBIG : 0;
	last = ext2_get_branch(inode, depth, offsets, chain);
	if (IS_ERR(last))
		return PTR_ERR(last);
	if (!last->key && create) {
		if (sb_rdonly(inode->i_sb)) {		/* since an error was found */
			put_branch(chain, last);
			return -EROFS;
		}
		/* Two that fill a hole at once: a write, and a write fault of another page. */
		mutex_lock(&ei->truncate_mutex);
		if (!verify_chain(chain, last)) {
			put_branch(chain, last);
			last = ext2_get_branch(inode, depth, offsets, chain);
			if (IS_ERR(last)) {
				mutex_unlock(&ei->truncate_mutex);
				return PTR_ERR(last);
			}
		}
		if (!last->key) {
			const int have = last - chain;

			ret = ext2_alloc_branch(inode, iblock, maxblocks, depth - have, offsets + have + 1, last, bno);
			*new = ret > 0;
		}
		mutex_unlock(&ei->truncate_mutex);
	}
	if (last->key) {
		*bno = le32_to_cpu(last->key);
		ret = run_length(inode, last, offsets[depth - 1], *bno, maxblocks);
	}
	put_branch(chain, last);
	if (ret > 0 && !ext2_data_block_valid(inode->i_sb, *bno)) {
		ext2_error(inode->i_sb, "inode %lu: file block %llu is block %u, which is out of range",
			   inode->i_ino, (u64)iblock, *bno);
		return -EUCLEAN;
	}
	return ret;
}

/** ext2_get_block - the same for directories and links, whose pages have buffers: see get_block_t */
int ext2_get_block(struct inode *inode, sector_t iblock, struct buffer_head *bh, int create)
{
	const unsigned int max = create ? 1 : bh->b_size >> inode->i_blkbits;
	ext2_fsblk_t bno;
	bool new;
	int ret = ext2_get_blocks(inode, iblock, max, &bno, &new, create);

	if (ret <= 0)
		return ret;
	map_bh(bh, inode->i_sb, bno);
	bh->b_size = (size_t)ret << inode->i_blkbits;
	if (new)
		set_buffer_new(bh);
	return 0;
}

/* ------------------------------------------------------------------ cutting off */

/* Blocks in a row that are to be freed. */
struct free_run {
	ext2_fsblk_t	first;
	unsigned int	count;
};

static void flush_run(struct inode *inode, struct free_run *run)
{
	loff_t bytes;

	if (!run->count)
		return;
	ext2_free_blocks(inode->i_sb, run->first, run->count);
	bytes = min_t(loff_t, (loff_t)run->count << inode->i_blkbits, inode_get_bytes(inode));
	inode_sub_bytes(inode, bytes);
	run->count = 0;
}

static void free_one(struct inode *inode, struct free_run *run, ext2_fsblk_t block)
{
	if (!run->count || block != run->first + run->count) {
		flush_run(inode, run);
		run->first = block;
	}
	run->count++;
}

/* Frees a block that is cut off and, @depth levels below it, all that it leads to. */
static void free_tree(struct inode *inode, ext2_fsblk_t block, int depth, struct free_run *run)
{
	struct super_block *sb = inode->i_sb;
	struct buffer_head *bh;

	if (!ext2_data_block_valid(sb, block)) {
		ext2_error(sb, "inode %lu: block %u, which was to be freed, is out of range", inode->i_ino,
			   block);
		return;
	}
	if (depth) {
		flush_run(inode, run);	/* so that what is freed shows in the bitmap */
		bh = ext2_block_in_use(sb, block) ? read_indirect(inode, block) : NULL;
		for (unsigned int i = 0; bh && i < bh->b_size / sizeof(__le32); i++) {
			const ext2_fsblk_t nr = le32_to_cpu(((__le32 *)bh->b_data)[i]);

			if (nr)
				free_tree(inode, nr, depth - 1, run);
		}
		ext2_forget(sb, bh);
	}
	free_one(inode, run, block);
	cond_resched();
}

/* Cuts off what is behind the first @keep blocks of the tree at @block, which stays. */
static void trim_tree(struct inode *inode, ext2_fsblk_t block, int depth, u64 keep,
		      struct free_run *run)
{
	const unsigned int shift = EXT2_SB(inode->i_sb)->s_addr_per_block_bits * (depth - 1);
	struct buffer_head *bh = block ? read_indirect(inode, block) : NULL;
	unsigned int i = keep >> shift;
	const u64 rest = keep & ((1ULL << shift) - 1);
	__le32 *numbers;

	if (!bh)
		return;
	numbers = (__le32 *)bh->b_data;
	if (rest)
		trim_tree(inode, le32_to_cpu(numbers[i++]), depth - 1, rest, run);
	for (; i < bh->b_size / sizeof(__le32); i++) {
		const ext2_fsblk_t nr = le32_to_cpu(numbers[i]);

		if (!nr)
			continue;
		WRITE_ONCE(numbers[i], 0);
		ext2_mark_ordered(inode->i_sb, bh, EXT2_META_NUMBERS);	/* before it is freed */
		free_tree(inode, nr, depth - 1, run);
	}
	brelse(bh);
}

/**
 * ext2_truncate_blocks - frees the blocks from file block @keep on
 *
 * i_rwsem and invalidate_lock are held for writing, or the inode is being evicted; the pages behind are gone.
 */
void ext2_truncate_blocks(struct inode *inode, u64 keep)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	const unsigned int bits = EXT2_SB(inode->i_sb)->s_addr_per_block_bits;
	ext2_fsblk_t cut[EXT2_N_BLOCKS] = { };
	struct free_run run = { };
	u64 start = EXT2_NDIR_BLOCKS;
	bool any = false;

	mutex_lock(&ei->truncate_mutex);
	ei->i_next_alloc_goal = 0;
	WRITE_ONCE(ei->i_cuts, ei->i_cuts + 1);
	for (int i = 0; i < EXT2_N_BLOCKS; i++) {
		const u64 first = i < EXT2_NDIR_BLOCKS ? i : start;

		if (i >= EXT2_NDIR_BLOCKS)
			start += 1ULL << (bits * (i - EXT2_NDIR_BLOCKS + 1));
		if (first < keep || !ei->i_data[i])
			continue;
		cut[i] = le32_to_cpu(ei->i_data[i]);
		WRITE_ONCE(ei->i_data[i], 0);
		any = true;
	}
	/* They leave the disk with the next commit. Of an inode that goes nobody else will tell. */
	if (any && !(inode->i_state & I_FREEING))
		mark_inode_dirty(inode);
	else if (any && ext2_update_inode(inode))
		goto out;	/* they stay marked: lost, but not mixed up */
	start = EXT2_NDIR_BLOCKS;
	for (int depth = 1; depth <= 3; depth++) {
		const u64 span = 1ULL << (bits * depth);

		if (keep > start && keep < start + span)
			trim_tree(inode, le32_to_cpu(ei->i_data[EXT2_NDIR_BLOCKS + depth - 1]), depth,
				  keep - start, &run);
		start += span;
	}
	for (int i = 0; i < EXT2_N_BLOCKS; i++)
		if (cut[i])
			free_tree(inode, cut[i], max(0, i - EXT2_NDIR_BLOCKS + 1), &run);
	flush_run(inode, &run);
out:
	mutex_unlock(&ei->truncate_mutex);
	mark_inode_dirty(inode);
}
