// SPDX-License-Identifier: MIT
/*
 * Inodes of ext2: from the disk and back, and their end. Their pages: aops.c. Their blocks: indirect.c.
 *
 * Locking: i_rwsem for the size, invalidate_lock where blocks are freed under pages. The inode's bytes on
 * the disk are copied under the lock of their buffer.
 */
#include <linux/kernel.h>
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
	inode->i_mapping->a_ops = &ext2_file_aops;
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

/**
 * ext2_update_inode - copies an inode into its buffer; 0 or -EIO
 *
 * That is for the commit, which sees to the data first; and for an inode that goes: it may be written at once.
 */
int ext2_update_inode(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	struct buffer_head *bh;
	struct ext2_inode *raw = ext2_get_inode(sb, inode->i_ino, &bh);

	if (!raw)
		return -EIO;
	if (S_ISREG(inode->i_mode) && inode->i_size > S32_MAX)
		ext2_set_large_file(sb);
	lock_buffer(bh);
	encode_inode(inode, raw);
	unlock_buffer(bh);
	ext2_mark_ordered(sb, bh, EXT2_META_INODES);
	brelse(bh);
	return 0;
}

/* ------------------------------------------------------------------ the end */

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
	const bool delete = !inode->i_nlink && !sb_rdonly(inode->i_sb), stale = ext2_undirty_inode(inode);

	/* Names are missing on the disk, whoever was told of it. */
	if (S_ISDIR(inode->i_mode) && inode->i_nlink && READ_ONCE(inode->i_data.wb_err))
		ext2_error(inode->i_sb, "directory inode %lu could not be written", inode->i_ino);
	truncate_inode_pages_final(&inode->i_data);
	if (delete) {
		const bool has_blocks = ext2_has_blocks(inode);

		ei->i_dtime = ktime_get_real_seconds();
		inode->i_size = 0;
		if (!ext2_update_inode(inode) && has_blocks)
			ext2_truncate_blocks(inode, 0);
		ext2_xattr_delete_inode(inode);
	} else if (stale) {
		ext2_update_inode(inode);	/* a commit has failed */
	}
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
	err = iomap_truncate_page(inode, min(newsize, inode->i_size), NULL, &ext2_iomap_ops);
	if (err)
		return err;
	filemap_invalidate_lock(mapping);
	truncate_setsize(inode, newsize);
	ext2_truncate_blocks(inode, ext2_blocks_of(inode, newsize));
	inode->i_mtime = inode->i_ctime = current_time(inode);
	mark_inode_dirty(inode);
	filemap_invalidate_unlock(mapping);
	return 0;
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
