// SPDX-License-Identifier: MIT
/*
 * Inodes of ext2: from the disk and back, and their end; where a file's blocks are; their pages.
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
 * off by invalidate_lock, or i_rwsem, and by truncation taking the pages away first. The inode's bytes on
 * the disk are copied under the lock of their buffer.
 */
#include <linux/kernel.h>
#include <linux/mpage.h>
#include <linux/pagemap.h>
#include <linux/timekeeping.h>
#include <linux/writeback.h>
#include "ext2.h"

/* ------------------------------------------------------------------ reading and writing inodes */

/** ext2_get_inode - an inode's bytes in the table, and their buffer with a reference; NULL on an error */
struct ext2_inode *ext2_get_inode(struct super_block *sb, unsigned long ino, struct buffer_head **p)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const unsigned int group = (ino - 1) / sbi->s_inodes_per_group;
	const unsigned int index = (ino - 1) % sbi->s_inodes_per_group;
	const ext2_fsblk_t block = le32_to_cpu(ext2_get_group_desc(sb, group, NULL)->bg_inode_table) +
				   index / sbi->s_inodes_per_block;

	*p = block < sbi->s_blocks_count ? sb_bread(sb, block) : NULL;
	if (!*p) {
		ext2_error(sb, "cannot read inode %lu, block %u", ino, block);
		return NULL;
	}
	return (struct ext2_inode *)((*p)->b_data +
				     index % sbi->s_inodes_per_block * sbi->s_inode_size);
}

/** ext2_set_inode_flags - what the VFS is to know of the flags on the disk */
void ext2_set_inode_flags(struct inode *inode)
{
	static const struct { u32 disk; unsigned int vfs; } flags[] = {
		{ EXT2_SYNC_FL, S_SYNC }, { EXT2_APPEND_FL, S_APPEND },
		{ EXT2_IMMUTABLE_FL, S_IMMUTABLE }, { EXT2_NOATIME_FL, S_NOATIME },
	};

	inode->i_flags &= ~(S_SYNC | S_APPEND | S_IMMUTABLE | S_NOATIME);
	for (unsigned int i = 0; i < ARRAY_SIZE(flags); i++)
		if (EXT2_I(inode)->i_flags & flags[i].disk)
			inode->i_flags |= flags[i].vfs;
}

void ext2_set_file_ops(struct inode *inode)
{
	inode->i_op = &ext2_file_inode_operations;
	inode->i_fop = &ext2_file_operations;
	inode->i_mapping->a_ops = &ext2_aops;
}

/* A link whose target is in the inode has no blocks, but for one with attributes. */
static bool ext2_inode_is_fast_symlink(struct inode *inode)
{
	const blkcnt_t attributes = EXT2_I(inode)->i_file_acl ? i_blocksize(inode) >> 9 : 0;

	return S_ISLNK(inode->i_mode) && inode->i_blocks == attributes;
}

/* Are i_data block numbers? */
static bool ext2_has_blocks(struct inode *inode)
{
	return S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode) ||
	       (S_ISLNK(inode->i_mode) && !ext2_inode_is_fast_symlink(inode));
}

static void set_special_ops(struct inode *inode)
{
	const __le32 *raw = EXT2_I(inode)->i_data;
	const u32 old = le32_to_cpu(raw[0]);

	inode->i_op = &ext2_special_inode_operations;
	init_special_inode(inode, inode->i_mode, old ? MKDEV((old >> 8) & 0xff, old & 0xff)
						     : new_decode_dev(le32_to_cpu(raw[1])));
}

/* Operations by the file's type. NULL, or what cannot be about it. */
static const char *set_ops(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	const u64 size = inode->i_size;

	switch (inode->i_mode & S_IFMT) {
	case S_IFREG:
		if (size > (u64)sb->s_maxbytes)
			return "its size is more than a file can have";
		ext2_set_file_ops(inode);
		return NULL;
	case S_IFDIR:
		if (!size || size % sb->s_blocksize ||
		    size >> sb->s_blocksize_bits > EXT2_SB(sb)->s_blocks_count)
			return "the size of the directory is impossible";
		inode->i_op = &ext2_dir_inode_operations;
		inode->i_fop = &ext2_dir_operations;
		inode->i_mapping->a_ops = &ext2_aops;
		return NULL;
	case S_IFLNK:
		if (ext2_inode_is_fast_symlink(inode)) {
			char *target = (char *)EXT2_I(inode)->i_data;

			if (size >= sizeof(EXT2_I(inode)->i_data))
				return "the link is longer than the inode has room for";
			target[size] = 0;
			inode->i_link = target;
			inode->i_op = &ext2_fast_symlink_inode_operations;
			return NULL;
		}
		if (size > sb->s_blocksize)
			return "the link is longer than a block";
		inode->i_op = &ext2_symlink_inode_operations;
		inode->i_mapping->a_ops = &ext2_aops;
		return NULL;
	case S_IFCHR: case S_IFBLK: case S_IFIFO: case S_IFSOCK:
		set_special_ops(inode);
		return NULL;
	}
	return "its mode has no known type";
}

/* Fills an inode from the disk. NULL, or what cannot be about it. */
static const char *decode_inode(struct inode *inode, const struct ext2_inode *raw)
{
	struct ext2_inode_info *ei = EXT2_I(inode);

	if (!raw->i_links_count || !raw->i_mode)
		return "it has a name, but is not in use";
	memcpy(ei->i_data, raw->i_block, sizeof(ei->i_data));
	ei->i_flags = le32_to_cpu(raw->i_flags);
	ei->i_file_acl = le32_to_cpu(raw->i_file_acl);
	ei->i_generation = le32_to_cpu(raw->i_generation);
	ei->i_block_group = (inode->i_ino - 1) / EXT2_SB(inode->i_sb)->s_inodes_per_group;
	if (ei->i_file_acl && !ext2_data_block_valid(inode->i_sb, ei->i_file_acl))
		return "its block of attributes is out of range";

	inode->i_mode = le16_to_cpu(raw->i_mode);
	i_uid_write(inode, le16_to_cpu(raw->i_uid) | le16_to_cpu(raw->i_uid_high) << 16);
	i_gid_write(inode, le16_to_cpu(raw->i_gid) | le16_to_cpu(raw->i_gid_high) << 16);
	inode->i_size = le32_to_cpu(raw->i_size);
	if (S_ISREG(inode->i_mode))
		inode->i_size |= (u64)le32_to_cpu(raw->i_size_high) << 32;
	inode->i_atime.tv_sec = (s32)le32_to_cpu(raw->i_atime);
	inode->i_ctime.tv_sec = (s32)le32_to_cpu(raw->i_ctime);
	inode->i_mtime.tv_sec = (s32)le32_to_cpu(raw->i_mtime);
	inode->i_blocks = le32_to_cpu(raw->i_blocks);
	ext2_set_inode_flags(inode);
	return set_ops(inode);
}

/**
 * ext2_iget - the inode of a number, from memory or the disk, with a reference
 * @ino: as a directory entry says it: anything
 *
 * ERR_PTR: -EUCLEAN when there is no such inode or it is damaged, -EIO, -ENOMEM.
 */
struct inode *ext2_iget(struct super_block *sb, unsigned long ino)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const char *damage = "it is out of range or reserved";
	struct ext2_inode *raw;
	struct buffer_head *bh;
	struct inode *inode;
	int err = -EUCLEAN;

	if ((ino != EXT2_ROOT_INO && ino < sbi->s_first_ino) || ino > sbi->s_inodes_count) {
		ext2_error(sb, "inode %lu: %s", ino, damage);
		return ERR_PTR(err);
	}
	inode = iget_locked(sb, ino);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!(inode->i_state & I_NEW))
		return inode;

	raw = ext2_get_inode(sb, ino, &bh);
	if (!raw) {
		err = -EIO;
		goto failed;
	}
	damage = decode_inode(inode, raw);
	/* By it eviction would free the inode: only when all is well. */
	if (!damage)
		set_nlink(inode, le16_to_cpu(raw->i_links_count));
	brelse(bh);
	if (damage) {
		ext2_error(sb, "inode %lu: %s", ino, damage);
		goto failed;
	}
	unlock_new_inode(inode);
	return inode;

failed:
	iget_failed(inode);
	return ERR_PTR(err);
}

/* A device's number: the old form where it fits in. */
static void encode_dev(struct inode *inode, __le32 *block)
{
	const unsigned int major = imajor(inode), minor = iminor(inode);
	const bool old = major < 256 && minor < 256;

	block[0] = cpu_to_le32(old ? major << 8 | minor : 0);
	block[1] = cpu_to_le32(old ? 0 : new_encode_dev(inode->i_rdev));
	block[2] = 0;
}

static void encode_inode(struct inode *inode, struct ext2_inode *raw)
{
	struct ext2_inode_info *ei = EXT2_I(inode);

	if (ei->i_new)
		memset(raw, 0, EXT2_SB(inode->i_sb)->s_inode_size);
	ei->i_new = false;
	raw->i_mode = cpu_to_le16(inode->i_mode);
	raw->i_uid = cpu_to_le16(i_uid_read(inode));
	raw->i_uid_high = cpu_to_le16(i_uid_read(inode) >> 16);
	raw->i_gid = cpu_to_le16(i_gid_read(inode));
	raw->i_gid_high = cpu_to_le16(i_gid_read(inode) >> 16);
	raw->i_links_count = cpu_to_le16(inode->i_nlink);
	raw->i_size = cpu_to_le32(inode->i_size);
	if (S_ISREG(inode->i_mode))
		raw->i_size_high = cpu_to_le32((u64)inode->i_size >> 32);
	raw->i_atime = cpu_to_le32(inode->i_atime.tv_sec);
	raw->i_ctime = cpu_to_le32(inode->i_ctime.tv_sec);
	raw->i_mtime = cpu_to_le32(inode->i_mtime.tv_sec);
	raw->i_dtime = cpu_to_le32(ei->i_dtime);
	raw->i_blocks = cpu_to_le32(inode->i_blocks);
	raw->i_flags = cpu_to_le32(ei->i_flags);
	raw->i_file_acl = cpu_to_le32(ei->i_file_acl);
	raw->i_generation = cpu_to_le32(ei->i_generation);
	if (S_ISCHR(inode->i_mode) || S_ISBLK(inode->i_mode))
		encode_dev(inode, raw->i_block);
	else
		for (int i = 0; i < EXT2_N_BLOCKS; i++)
			raw->i_block[i] = READ_ONCE(ei->i_data[i]);
}

/*
 * Copies an inode into its buffer. Under the buffer's lock: of two who do, the second one copies what
 * the first one saw, or what is newer. 0 or -EIO.
 */
static int ext2_update_inode(struct inode *inode, bool sync)
{
	struct super_block *sb = inode->i_sb;
	struct buffer_head *bh;
	struct ext2_inode *raw = ext2_get_inode(sb, inode->i_ino, &bh);
	int err = 0;

	if (!raw)
		return -EIO;
	if (S_ISREG(inode->i_mode) && inode->i_size > S32_MAX)
		ext2_set_large_file(sb);
	lock_buffer(bh);
	encode_inode(inode, raw);
	unlock_buffer(bh);
	ext2_mark_meta_dirty(bh);
	if (sync)
		err = sync_dirty_buffer(bh);
	brelse(bh);
	return err;
}

int ext2_write_inode(struct inode *inode, struct writeback_control *wbc)
{
	return ext2_update_inode(inode, wbc->sync_mode == WB_SYNC_ALL && !wbc->for_sync);
}

/* ------------------------------------------------------------------ the tree of blocks */

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

static void mark_indirect_dirty(struct buffer_head *bh, struct inode *inode)
{
	ext2_mark_meta_dirty(bh);
	mark_buffer_dirty_inode(bh, inode);
}

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

/* A new block of numbers with one in it. 0 or -ENOMEM. */
static int make_indirect(struct inode *inode, ext2_fsblk_t block, unsigned int offset, ext2_fsblk_t nr)
{
	struct buffer_head *bh = sb_getblk(inode->i_sb, block);

	if (!bh)
		return -ENOMEM;
	lock_buffer(bh);
	memset(bh->b_data, 0, bh->b_size);
	((__le32 *)bh->b_data)[offset] = cpu_to_le32(nr);
	set_buffer_uptodate(bh);
	unlock_buffer(bh);
	mark_indirect_dirty(bh, inode);
	brelse(bh);
	return 0;
}

/*
 * Adds a block and the blocks of numbers that lead to it, @nr in all, below @partial. truncate_mutex
 * held. 0, and its number in *result; or -ENOSPC, -ENOMEM, -EIO, and then nothing has changed.
 */
static int ext2_alloc_branch(struct inode *inode, sector_t iblock, int nr, const unsigned int *offsets,
			     Indirect *partial, ext2_fsblk_t *result)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	ext2_fsblk_t goal = ext2_find_goal(inode, iblock, partial), blocks[4];
	int n, err = 0;

	/* In the order in which they will be read: the numbers before the data. */
	for (n = 0; n < nr; n++) {
		err = ext2_new_block(inode, goal, iblock > 0, &blocks[n]);
		if (err)
			goto failed;
		goal = blocks[n] + 1;
	}
	for (int i = nr - 2; i >= 0; i--) {
		err = make_indirect(inode, blocks[i], offsets[i], blocks[i + 1]);
		if (err)
			goto failed;
	}
	smp_wmb();	/* who finds the branch finds what is in it */
	WRITE_ONCE(*partial->p, cpu_to_le32(blocks[0]));
	if (partial->bh)
		mark_indirect_dirty(partial->bh, inode);
	ei->i_next_alloc_block = iblock + 1;
	ei->i_next_alloc_goal = goal;
	inode_add_bytes(inode, (loff_t)nr << inode->i_blkbits);
	inode->i_ctime = current_time(inode);
	mark_inode_dirty(inode);
	*result = blocks[nr - 1];
	return 0;

failed:
	for (int i = 0; i < n; i++) {
		bforget(sb_find_get_block(inode->i_sb, blocks[i]));
		ext2_free_blocks(inode->i_sb, blocks[i], 1);
	}
	return err;
}

/**
 * ext2_get_block - where a block of a file is; with @create, gives it one if it is a hole
 *
 * See get_block_t. Errors: -EIO, -EUCLEAN, -ENOSPC, -ENOMEM, -EFBIG, -EROFS.
 */
int ext2_get_block(struct inode *inode, sector_t iblock, struct buffer_head *bh, int create)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	unsigned int offsets[4];
	const int depth = ext2_block_to_path(inode, iblock, offsets);
	Indirect chain[4], *last;
	ext2_fsblk_t block = 0;
	int err = 0;

	if (!depth)
		return create ? -EFBIG : 0;
	last = ext2_get_branch(inode, depth, offsets, chain);
	if (IS_ERR(last))
		return PTR_ERR(last);
	if (!last->key && create) {
		put_branch(chain, last);
		if (sb_rdonly(inode->i_sb))
			return -EROFS;		/* since an error was found */
		/* Two that fill a hole at once: a write, and a write fault of another page. */
		mutex_lock(&ei->truncate_mutex);
		last = ext2_get_branch(inode, depth, offsets, chain);
		if (IS_ERR(last)) {
			mutex_unlock(&ei->truncate_mutex);
			return PTR_ERR(last);
		}
		if (!last->key) {
			const int have = last - chain;

			err = ext2_alloc_branch(inode, iblock, depth - have, offsets + have + 1, last,
						&block);
			if (!err)
				set_buffer_new(bh);
		}
		mutex_unlock(&ei->truncate_mutex);
	}
	if (!block)
		block = le32_to_cpu(last->key);
	put_branch(chain, last);
	if (!err && block && !ext2_data_block_valid(inode->i_sb, block)) {
		ext2_error(inode->i_sb, "inode %lu: file block %llu is block %u, which is out of range",
			   inode->i_ino, (u64)iblock, block);
		return -EUCLEAN;
	}
	if (!err && block)
		map_bh(bh, inode->i_sb, block);
	return err;
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
		bforget(bh);
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
		mark_indirect_dirty(bh, inode);		/* before it is freed */
		free_tree(inode, nr, depth - 1, run);
	}
	brelse(bh);
}

/*
 * Frees the blocks from file block @keep on. i_rwsem and invalidate_lock are held for writing, or the
 * inode is being evicted; the pages behind are gone.
 */
static void ext2_truncate_blocks(struct inode *inode, u64 keep)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	const unsigned int bits = EXT2_SB(inode->i_sb)->s_addr_per_block_bits;
	ext2_fsblk_t cut[EXT2_N_BLOCKS] = { };
	struct free_run run = { };
	u64 start = EXT2_NDIR_BLOCKS;
	bool any = false;

	mutex_lock(&ei->truncate_mutex);
	ei->i_next_alloc_goal = 0;
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
	/* If the inode cannot be written they stay marked: lost, but not mixed up. */
	if (any && ext2_update_inode(inode, false))
		goto out;
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

static u64 blocks_of(struct inode *inode, loff_t bytes)
{
	return DIV_ROUND_UP((u64)bytes, i_blocksize(inode));
}

/* The inode's block of attributes: the last of those who share it frees it. */
static void ext2_xattr_delete_inode(struct inode *inode)
{
	const ext2_fsblk_t block = EXT2_I(inode)->i_file_acl;
	struct ext2_xattr_header *header;
	struct buffer_head *bh;
	u32 users;

	if (!block)
		return;
	bh = sb_bread(inode->i_sb, block);
	if (!bh)
		return;
	header = (struct ext2_xattr_header *)bh->b_data;
	users = le32_to_cpu(header->h_refcount);
	if (header->h_magic != cpu_to_le32(EXT2_XATTR_MAGIC) || !users) {
		ext2_error(inode->i_sb, "inode %lu: block %u holds no attributes", inode->i_ino, block);
		brelse(bh);
		return;
	}
	lock_buffer(bh);
	header->h_refcount = cpu_to_le32(users - 1);
	unlock_buffer(bh);
	ext2_mark_meta_dirty(bh);
	if (users > 1) {
		brelse(bh);
		return;
	}
	bforget(bh);
	ext2_free_blocks(inode->i_sb, block, 1);
}

/** ext2_evict_inode - ->evict_inode(): the last user is gone, and with the last name also the file */
void ext2_evict_inode(struct inode *inode)
{
	struct ext2_inode_info *ei = EXT2_I(inode);
	const bool delete = !inode->i_nlink && !sb_rdonly(inode->i_sb);

	/* Names are missing on the disk, whoever was told of it. */
	if (S_ISDIR(inode->i_mode) && inode->i_nlink && READ_ONCE(inode->i_data.wb_err))
		ext2_error(inode->i_sb, "directory inode %lu could not be written", inode->i_ino);
	truncate_inode_pages_final(&inode->i_data);
	if (delete) {
		const bool has_blocks = ext2_has_blocks(inode);

		ei->i_dtime = ktime_get_real_seconds();
		inode->i_size = 0;
		if (!ext2_update_inode(inode, false) && has_blocks)
			ext2_truncate_blocks(inode, 0);
		ext2_xattr_delete_inode(inode);
	}
	invalidate_inode_buffers(inode);
	clear_inode(inode);
	/* Last: from here on the number may be given to a new file. */
	if (delete)
		ext2_free_inode(inode);
}

/* ------------------------------------------------------------------ size */

/*
 * Changes a file's size; i_rwsem held. What lies behind the end in its last block is cleared: that
 * of the new end when it shrinks, so that it is zeros when it grows again; and that of the old end
 * when it grows, since whoever made the disk may have left something there.
 */
static int ext2_setsize(struct inode *inode, loff_t newsize)
{
	struct address_space *mapping = inode->i_mapping;
	int err;

	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	if (IS_APPEND(inode) || IS_IMMUTABLE(inode))
		return -EPERM;
	filemap_invalidate_lock(mapping);
	err = block_truncate_page(mapping, min(newsize, inode->i_size), ext2_get_block);
	if (!err) {
		truncate_setsize(inode, newsize);
		ext2_truncate_blocks(inode, blocks_of(inode, newsize));
		inode->i_mtime = inode->i_ctime = current_time(inode);
		mark_inode_dirty(inode);
	}
	filemap_invalidate_unlock(mapping);
	return err;
}

int ext2_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(mnt_userns, dentry, attr);

	if (err)
		return err;
	if ((attr->ia_valid & ATTR_SIZE) && attr->ia_size != i_size_read(inode)) {
		err = ext2_setsize(inode, attr->ia_size);
		if (err)
			return err;
	}
	setattr_copy(mnt_userns, inode, attr);
	mark_inode_dirty(inode);
	return 0;
}

/* ------------------------------------------------------------------ pages */

static int ext2_read_folio(struct file *file, struct folio *folio)
{
	return mpage_read_folio(folio, ext2_get_block);
}

static void ext2_readahead(struct readahead_control *rac)
{
	mpage_readahead(rac, ext2_get_block);
}

static int ext2_writepage(struct page *page, struct writeback_control *wbc)
{
	return block_write_full_page(page, ext2_get_block, wbc);
}

static int ext2_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return mpage_writepages(mapping, wbc, ext2_get_block);
}

/* A write that was to end at @to has failed: blocks it has got behind the end of file go back. */
static void ext2_write_failed(struct address_space *mapping, loff_t to)
{
	struct inode *inode = mapping->host;

	if (to <= inode->i_size)
		return;
	filemap_invalidate_lock(mapping);
	truncate_pagecache(inode, inode->i_size);
	ext2_truncate_blocks(inode, blocks_of(inode, inode->i_size));
	filemap_invalidate_unlock(mapping);
}

static int ext2_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			    unsigned int len, struct page **pagep, void **fsdata)
{
	struct inode *inode = mapping->host;
	int err = 0;

	/* A gap between the end and here: its part of the last block is zeros, too. */
	if (pos > inode->i_size)
		err = block_truncate_page(mapping, inode->i_size, ext2_get_block);
	if (!err)
		err = block_write_begin(mapping, pos, len, pagep, ext2_get_block);
	if (err)
		ext2_write_failed(mapping, pos + len);
	return err;
}

static int ext2_write_end(struct file *file, struct address_space *mapping, loff_t pos,
			  unsigned int len, unsigned int copied, struct page *page, void *fsdata)
{
	int ret = generic_write_end(file, mapping, pos, len, copied, page, fsdata);

	if (ret < (int)len)
		ext2_write_failed(mapping, pos + len);
	return ret;
}

static sector_t ext2_bmap(struct address_space *mapping, sector_t block)
{
	sector_t ret;

	filemap_invalidate_lock_shared(mapping);
	ret = generic_block_bmap(mapping, block, ext2_get_block);
	filemap_invalidate_unlock_shared(mapping);
	return ret;
}

const struct address_space_operations ext2_aops = {
	.dirty_folio		= block_dirty_folio,
	.invalidate_folio	= block_invalidate_folio,
	.read_folio		= ext2_read_folio,
	.readahead		= ext2_readahead,
	.writepage		= ext2_writepage,
	.writepages		= ext2_writepages,
	.write_begin		= ext2_write_begin,
	.write_end		= ext2_write_end,
	.bmap			= ext2_bmap,
};
