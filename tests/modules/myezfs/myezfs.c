// SPDX-License-Identifier: MIT
/*
 * myezfs: layout B of EZFS as a module, as a student writes it for the course: from Linux 6.1's headers alone, with
 * buffer heads. It shares no code with the driver in the kernel, and stands beside it.
 *
 * Block 0, with the bits that say what is in use, and block 1, with all inodes, stay in memory while it is mounted.
 * Whatever changes them holds sbi->lock. An inode's block numbers are its own as long as i_rwsem or one of its pages
 * keeps others away; a write-back that allocates nothing only reads them, under the same sbi->lock.
 */
#include <linux/buffer_head.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/writeback.h>

#define EZFS_MAGIC_NUMBER	0x00004118
#define EZFS_BLOCK_SIZE		4096
#define EZFS_ROOT_INODE_NUMBER	1
#define EZFS_FILENAME_BUF_SIZE	119
#define EZFS_MAX_CHILDREN	32
#define EZFS_MAX_INODES		39
#define EZFS_MAX_DATA_BLKS	19968
#define EZFS_DATA_START		2		/* the block of data bit 0 */
#define EZFS_PER_INDIRECT	512

struct ezfs_super_block {
	__le64	version;
	__le64	magic;
	__le64	disk_blks;
	__le32	free_inodes[EZFS_MAX_INODES / 32 + 1];		/* a set bit: in use */
	__le32	free_data_blocks[EZFS_MAX_DATA_BLKS / 32 + 1];
};

struct ezfs_time {
	__le64	sec, nsec;
};

struct ezfs_inode {
	__le32			mode, uid, gid, pad;
	struct ezfs_time	atime, mtime, ctime;
	__le32			nlink, pad2;
	__le64			direct_blk_n;
	__le64			indirect_blk_n;
	__le64			file_size;
	__le64			nblocks;
};

struct ezfs_dir_entry {
	__le64	inode_no;
	u8	active;
	char	filename[EZFS_FILENAME_BUF_SIZE];
};

struct myezfs_sb_info {
	struct buffer_head	*sb_bh, *store_bh;
	struct mutex		lock;
	unsigned long		data_blks;
};

static const struct inode_operations myezfs_dir_iops, myezfs_file_iops;
static const struct file_operations myezfs_dir_fops, myezfs_file_fops;
static const struct address_space_operations myezfs_aops;

static struct myezfs_sb_info *sb_info(struct super_block *sb)
{
	return sb->s_fs_info;
}

static struct ezfs_super_block *disk_super(struct super_block *sb)
{
	return (struct ezfs_super_block *)sb_info(sb)->sb_bh->b_data;
}

/* The inode of a number, where it lies in the inode store. */
static struct ezfs_inode *disk_inode(struct super_block *sb, unsigned long ino)
{
	return (struct ezfs_inode *)sb_info(sb)->store_bh->b_data + ino - 1;
}

static u64 block_of(__le64 field)
{
	const u64 n = le64_to_cpu(field);

	return n == ~0ULL ? 0 : n;
}

/* ------------------------------------------------------------------ bits; sbi->lock is held */

static bool bit_is_set(const __le32 *bits, unsigned int n)
{
	return le32_to_cpu(bits[n / 32]) & 1U << n % 32;
}

static void flip_bit(struct super_block *sb, __le32 *bits, unsigned int n)
{
	bits[n / 32] ^= cpu_to_le32(1U << n % 32);
	mark_buffer_dirty(sb_info(sb)->sb_bh);
}

/* The lowest that is free is in use now; -ENOSPC. */
static int take_bit(struct super_block *sb, __le32 *bits, unsigned int limit)
{
	unsigned int n;

	for (n = 0; n < limit; n++) {
		if (!bit_is_set(bits, n)) {
			flip_bit(sb, bits, n);
			return n;
		}
	}
	return -ENOSPC;
}

static bool inode_in_use(struct super_block *sb, u64 ino)
{
	return ino >= 1 && ino <= EZFS_MAX_INODES && bit_is_set(disk_super(sb)->free_inodes, ino - 1);
}

static bool block_in_use(struct super_block *sb, u64 block)
{
	return block >= EZFS_DATA_START && block - EZFS_DATA_START < sb_info(sb)->data_blks &&
	       bit_is_set(disk_super(sb)->free_data_blocks, block - EZFS_DATA_START);
}

/* The lowest free block; -ENOSPC. */
static int take_block(struct super_block *sb, u64 *block)
{
	int n = take_bit(sb, disk_super(sb)->free_data_blocks, sb_info(sb)->data_blks);

	if (n < 0)
		return n;
	*block = n + EZFS_DATA_START;
	return 0;
}

static void give_block(struct super_block *sb, u64 block)
{
	if (block_in_use(sb, block))
		flip_bit(sb, disk_super(sb)->free_data_blocks, block - EZFS_DATA_START);
	else
		pr_err("myezfs: block %llu is freed, but not in use\n", block);
}

/* A new block for metadata, with its buffer, all zeroes. */
static struct buffer_head *new_meta_block(struct inode *inode, u64 *block)
{
	struct super_block *sb = inode->i_sb;
	struct buffer_head *bh;
	int err = take_block(sb, block);

	if (err)
		return ERR_PTR(err);
	bh = sb_getblk(sb, *block);
	if (!bh) {
		give_block(sb, *block);
		return ERR_PTR(-ENOMEM);
	}
	lock_buffer(bh);
	memset(bh->b_data, 0, EZFS_BLOCK_SIZE);
	set_buffer_uptodate(bh);
	unlock_buffer(bh);
	mark_buffer_dirty_inode(bh, inode);
	return bh;
}

/* ------------------------------------------------------------------ inodes */

static void myezfs_set_ops(struct inode *inode)
{
	inode->i_op = S_ISDIR(inode->i_mode) ? &myezfs_dir_iops : &myezfs_file_iops;
	inode->i_fop = S_ISDIR(inode->i_mode) ? &myezfs_dir_fops : &myezfs_file_fops;
	inode->i_mapping->a_ops = &myezfs_aops;
}

static struct timespec64 time_of(const struct ezfs_time *t)
{
	return (struct timespec64){ le64_to_cpu(t->sec), le64_to_cpu(t->nsec) };
}

static void set_time(struct ezfs_time *t, struct timespec64 ts)
{
	t->sec = cpu_to_le64(ts.tv_sec);
	t->nsec = cpu_to_le64(ts.tv_nsec);
}

/* Can it be? What does not is nobody's: -EUCLEAN. */
static int check_inode(struct super_block *sb, const struct ezfs_inode *raw)
{
	const u32 mode = le32_to_cpu(raw->mode);
	const u64 size = le64_to_cpu(raw->file_size), first = block_of(raw->direct_blk_n);
	const u64 indirect = block_of(raw->indirect_blk_n);

	if ((!S_ISREG(mode) && !S_ISDIR(mode)) || mode > 0xffff || !raw->nlink || size > sb->s_maxbytes)
		return -EUCLEAN;
	if (S_ISDIR(mode) && (size != EZFS_BLOCK_SIZE || !first))
		return -EUCLEAN;
	if ((first && !block_in_use(sb, first)) || (indirect && !block_in_use(sb, indirect)))
		return -EUCLEAN;
	return 0;
}

static struct inode *myezfs_iget(struct super_block *sb, u64 ino)
{
	const struct ezfs_inode *raw = disk_inode(sb, ino);
	struct inode *inode;
	int err;

	if (!inode_in_use(sb, ino)) {
		pr_err("myezfs: inode %llu has a name, but is not in use\n", ino);
		return ERR_PTR(-EUCLEAN);
	}
	inode = iget_locked(sb, ino);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!(inode->i_state & I_NEW))
		return inode;
	err = check_inode(sb, raw);
	if (err) {
		pr_err("myezfs: inode %llu cannot be right\n", ino);
		iget_failed(inode);
		return ERR_PTR(err);
	}
	inode->i_mode = le32_to_cpu(raw->mode);
	i_uid_write(inode, le32_to_cpu(raw->uid));
	i_gid_write(inode, le32_to_cpu(raw->gid));
	set_nlink(inode, le32_to_cpu(raw->nlink));
	inode->i_atime = time_of(&raw->atime);
	inode->i_mtime = time_of(&raw->mtime);
	inode->i_ctime = time_of(&raw->ctime);
	i_size_write(inode, le64_to_cpu(raw->file_size));
	inode->i_blocks = le64_to_cpu(raw->nblocks) * (EZFS_BLOCK_SIZE / 512);
	myezfs_set_ops(inode);
	unlock_new_inode(inode);
	return inode;
}

/* Into the inode store. Block numbers and their count are there already. */
static int myezfs_write_inode(struct inode *inode, struct writeback_control *wbc)
{
	struct myezfs_sb_info *sbi = sb_info(inode->i_sb);
	struct ezfs_inode *raw = disk_inode(inode->i_sb, inode->i_ino);

	mutex_lock(&sbi->lock);
	raw->mode = cpu_to_le32(inode->i_mode);
	raw->uid = cpu_to_le32(i_uid_read(inode));
	raw->gid = cpu_to_le32(i_gid_read(inode));
	raw->nlink = cpu_to_le32(inode->i_nlink);
	set_time(&raw->atime, inode->i_atime);
	set_time(&raw->mtime, inode->i_mtime);
	set_time(&raw->ctime, inode->i_ctime);
	raw->file_size = cpu_to_le64(i_size_read(inode));
	mark_buffer_dirty(sbi->store_bh);
	mutex_unlock(&sbi->lock);
	return wbc->sync_mode == WB_SYNC_ALL ? sync_dirty_buffer(sbi->store_bh) : 0;
}

/* The blocks from file block @from on are nobody's any more. sbi->lock is held. */
static int free_blocks_from(struct inode *inode, u64 from)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_inode *raw = disk_inode(sb, inode->i_ino);
	u64 indirect = block_of(raw->indirect_blk_n), n, freed = 0;
	struct buffer_head *bh = NULL;

	if (indirect) {
		bh = sb_bread(sb, indirect);
		if (!bh)
			return -EIO;	/* they stay marked: lost, but not mixed up */
		for (n = from ? from - 1 : 0; n < EZFS_PER_INDIRECT; n++) {
			__le64 *entry = (__le64 *)bh->b_data + n;

			if (!block_of(*entry))
				continue;
			give_block(sb, block_of(*entry));
			*entry = 0;
			freed++;
		}
		if (from <= 1) {
			bforget(bh);
			give_block(sb, indirect);
			raw->indirect_blk_n = 0;
		} else {
			mark_buffer_dirty_inode(bh, inode);
			brelse(bh);
		}
	}
	if (!from && block_of(raw->direct_blk_n)) {
		give_block(sb, block_of(raw->direct_blk_n));
		raw->direct_blk_n = 0;
		freed++;
	}
	raw->nblocks = cpu_to_le64(le64_to_cpu(raw->nblocks) - freed);
	inode->i_blocks = le64_to_cpu(raw->nblocks) * (EZFS_BLOCK_SIZE / 512);
	mark_buffer_dirty(sb_info(sb)->store_bh);
	return 0;
}

static void myezfs_evict_inode(struct inode *inode)
{
	struct myezfs_sb_info *sbi = sb_info(inode->i_sb);
	const bool gone = !inode->i_nlink;	/* one that was never complete has 1 */

	truncate_inode_pages_final(&inode->i_data);
	invalidate_inode_buffers(inode);
	clear_inode(inode);
	if (!gone)
		return;
	mutex_lock(&sbi->lock);
	free_blocks_from(inode, 0);
	memset(disk_inode(inode->i_sb, inode->i_ino), 0, sizeof(struct ezfs_inode));
	flip_bit(inode->i_sb, disk_super(inode->i_sb)->free_inodes, inode->i_ino - 1);
	mark_buffer_dirty(sbi->store_bh);
	mutex_unlock(&sbi->lock);
}

/* With a reference, locked against lookups until d_instantiate_new(). */
static struct inode *myezfs_new_inode(struct inode *dir, umode_t mode)
{
	struct super_block *sb = dir->i_sb;
	struct myezfs_sb_info *sbi = sb_info(sb);
	struct inode *inode = new_inode(sb);
	struct ezfs_inode *raw;
	struct buffer_head *bh;
	u64 block;
	int n;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	mutex_lock(&sbi->lock);
	n = take_bit(sb, disk_super(sb)->free_inodes, EZFS_MAX_INODES);
	if (n < 0)
		goto out_iput;
	inode->i_ino = n + 1;
	inode_init_owner(&init_user_ns, inode, dir, mode);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	raw = disk_inode(sb, inode->i_ino);
	memset(raw, 0, sizeof(*raw));
	if (S_ISDIR(mode)) {
		bh = new_meta_block(inode, &block);
		if (IS_ERR(bh)) {
			flip_bit(sb, disk_super(sb)->free_inodes, n);
			n = PTR_ERR(bh);
			goto out_iput;
		}
		brelse(bh);
		raw->direct_blk_n = cpu_to_le64(block);
		raw->nblocks = cpu_to_le64(1);
		set_nlink(inode, 2);
		i_size_write(inode, EZFS_BLOCK_SIZE);
		inode->i_blocks = EZFS_BLOCK_SIZE / 512;
	}
	raw->mode = cpu_to_le32(inode->i_mode);		/* readdir looks here */
	mark_buffer_dirty(sbi->store_bh);
	mutex_unlock(&sbi->lock);
	myezfs_set_ops(inode);
	insert_inode_locked(inode);
	mark_inode_dirty(inode);
	return inode;

out_iput:
	mutex_unlock(&sbi->lock);
	iput(inode);
	return ERR_PTR(n);
}

/* ------------------------------------------------------------------ where a file's blocks are */

/* The place of a file block's number: in the inode, or in the indirect block, which *bh is then. */
static __le64 *block_slot(struct inode *inode, sector_t iblock, int create, struct buffer_head **bh)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_inode *raw = disk_inode(sb, inode->i_ino);
	u64 indirect = block_of(raw->indirect_blk_n);

	*bh = NULL;
	if (iblock == 0)
		return &raw->direct_blk_n;
	if (indirect) {
		*bh = sb_bread(sb, indirect);
		if (!*bh)
			return ERR_PTR(-EIO);
	} else if (create) {
		*bh = new_meta_block(inode, &indirect);
		if (IS_ERR(*bh))
			return ERR_CAST(*bh);
		raw->indirect_blk_n = cpu_to_le64(indirect);
		mark_buffer_dirty(sb_info(sb)->store_bh);
	} else {
		return NULL;
	}
	return (__le64 *)(*bh)->b_data + iblock - 1;
}

static int myezfs_get_block(struct inode *inode, sector_t iblock, struct buffer_head *result, int create)
{
	struct super_block *sb = inode->i_sb;
	struct myezfs_sb_info *sbi = sb_info(sb);
	struct ezfs_inode *raw = disk_inode(sb, inode->i_ino);
	struct buffer_head *bh;
	__le64 *slot;
	u64 block;
	int err = 0;

	if (iblock > EZFS_PER_INDIRECT)
		return create ? -EFBIG : 0;
	mutex_lock(&sbi->lock);
	/* The data block first: it is the lower one, as the course's disks have it. */
	block = 0;
	slot = block_slot(inode, iblock, 0, &bh);
	if (!IS_ERR_OR_NULL(slot))
		block = block_of(*slot);
	if (block && !block_in_use(sb, block)) {
		pr_err("myezfs: inode %lu: block %llu of it is not in use\n", inode->i_ino, block);
		err = -EUCLEAN;
	} else if (IS_ERR(slot)) {
		err = PTR_ERR(slot);
	} else if (block) {
		map_bh(result, sb, block);
	} else if (create) {
		err = take_block(sb, &block);
		if (err)
			goto out;
		if (!slot)
			slot = block_slot(inode, iblock, 1, &bh);
		if (IS_ERR(slot)) {
			give_block(sb, block);
			err = PTR_ERR(slot);
			bh = NULL;
			goto out;
		}
		*slot = cpu_to_le64(block);
		if (bh)
			mark_buffer_dirty_inode(bh, inode);
		le64_add_cpu(&raw->nblocks, 1);
		inode->i_blocks += EZFS_BLOCK_SIZE / 512;
		mark_buffer_dirty(sbi->store_bh);
		set_buffer_new(result);
		map_bh(result, sb, block);
	}
out:
	mutex_unlock(&sbi->lock);
	brelse(bh);
	return err;
}

static int myezfs_read_folio(struct file *file, struct folio *folio)
{
	return block_read_full_folio(folio, myezfs_get_block);
}

static int myezfs_writepage(struct page *page, struct writeback_control *wbc)
{
	return block_write_full_page(page, myezfs_get_block, wbc);
}

/* Blocks behind the end of file, of a write that failed or of a file that became shorter, go. */
static int cut_to_size(struct inode *inode)
{
	struct myezfs_sb_info *sbi = sb_info(inode->i_sb);
	int err;

	mutex_lock(&sbi->lock);
	err = free_blocks_from(inode, DIV_ROUND_UP(i_size_read(inode), EZFS_BLOCK_SIZE));
	mutex_unlock(&sbi->lock);
	return err;
}

static int myezfs_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct inode *inode = mapping->host;
	int err = 0;

	/* What lies behind the end in its block becomes part of the file, and must be zeroes. */
	if (pos > i_size_read(inode))
		err = block_truncate_page(mapping, i_size_read(inode), myezfs_get_block);
	if (!err)
		err = block_write_begin(mapping, pos, len, pagep, myezfs_get_block);
	if (err && pos + len > i_size_read(inode)) {
		truncate_pagecache(inode, i_size_read(inode));
		cut_to_size(inode);
	}
	return err;
}

static sector_t myezfs_bmap(struct address_space *mapping, sector_t block)
{
	return generic_block_bmap(mapping, block, myezfs_get_block);
}

static const struct address_space_operations myezfs_aops = {
	.dirty_folio		= block_dirty_folio,
	.invalidate_folio	= block_invalidate_folio,
	.read_folio		= myezfs_read_folio,
	.writepage		= myezfs_writepage,
	.write_begin		= myezfs_write_begin,
	.write_end		= generic_write_end,
	.bmap			= myezfs_bmap,
};

static int myezfs_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(ns, dentry, attr);

	if (err)
		return err;
	if ((attr->ia_valid & ATTR_SIZE) && attr->ia_size != i_size_read(inode)) {
		err = block_truncate_page(inode->i_mapping, min(attr->ia_size, i_size_read(inode)),
					  myezfs_get_block);
		if (err)
			return err;
		truncate_setsize(inode, attr->ia_size);
		err = cut_to_size(inode);
		if (err)
			return err;
		inode->i_mtime = inode->i_ctime = current_time(inode);
	}
	setattr_copy(ns, inode, attr);
	mark_inode_dirty(inode);
	return 0;
}

/* The inode store and the bits belong to every file. */
static int myezfs_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct super_block *sb = file_inode(file)->i_sb;
	int err = generic_file_fsync(file, start, end, datasync);
	int bits = sync_dirty_buffer(sb_info(sb)->sb_bh), store = sync_dirty_buffer(sb_info(sb)->store_bh);

	return err ? err : bits ? bits : store;
}

static const struct inode_operations myezfs_file_iops = {
	.setattr	= myezfs_setattr,
};

static const struct file_operations myezfs_file_fops = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= generic_file_mmap,
	.fsync		= myezfs_fsync,
	.splice_read	= generic_file_splice_read,
};

/* ------------------------------------------------------------------ directories */

static struct buffer_head *read_dir(struct inode *dir)
{
	return sb_bread(dir->i_sb, block_of(disk_inode(dir->i_sb, dir->i_ino)->direct_blk_n));
}

/* The entry of a name, or with name NULL a free one; with its block, or NULL: *err says why. */
static struct ezfs_dir_entry *find_entry(struct inode *dir, const struct qstr *name, struct buffer_head **bh,
					 int *err)
{
	struct ezfs_dir_entry *de;
	int i;

	*bh = read_dir(dir);
	*err = *bh ? name ? -ENOENT : -ENOSPC : -EIO;
	if (!*bh)
		return NULL;
	de = (struct ezfs_dir_entry *)(*bh)->b_data;
	for (i = 0; i < EZFS_MAX_CHILDREN; i++, de++) {
		if (name ? de->active && !memcmp(de->filename, name->name, name->len) && !de->filename[name->len]
			 : !de->active) {
			*err = 0;
			return de;
		}
	}
	brelse(*bh);
	return NULL;
}

/* An entry was changed: releases its block. */
static void entry_changed(struct inode *dir, struct buffer_head *bh)
{
	mark_buffer_dirty_inode(bh, dir);
	brelse(bh);
	dir->i_mtime = dir->i_ctime = current_time(dir);
	mark_inode_dirty(dir);
}

static void fill_entry(struct ezfs_dir_entry *de, const struct qstr *name, unsigned long ino)
{
	memset(de, 0, sizeof(*de));
	memcpy(de->filename, name->name, name->len);
	de->inode_no = cpu_to_le64(ino);
	de->active = 1;
}

static int myezfs_iterate(struct file *file, struct dir_context *ctx)
{
	struct inode *dir = file_inode(file);
	struct ezfs_dir_entry *de;
	struct buffer_head *bh;
	int err = 0;

	if (!dir_emit_dots(file, ctx))
		return 0;
	bh = read_dir(dir);
	if (!bh)
		return -EIO;
	for (; ctx->pos < EZFS_MAX_CHILDREN + 2; ctx->pos++) {
		u64 ino;

		de = (struct ezfs_dir_entry *)bh->b_data + ctx->pos - 2;
		if (!de->active)
			continue;
		ino = le64_to_cpu(de->inode_no);
		if (strnlen(de->filename, sizeof(de->filename)) == sizeof(de->filename) ||
		    !inode_in_use(dir->i_sb, ino)) {
			pr_err("myezfs: directory %lu, entry %lld cannot be right\n", dir->i_ino, ctx->pos - 2);
			err = -EUCLEAN;
			break;
		}
		if (!dir_emit(ctx, de->filename, strlen(de->filename), ino,
			      fs_umode_to_dtype(le32_to_cpu(disk_inode(dir->i_sb, ino)->mode))))
			break;
	}
	brelse(bh);
	return err;
}

static struct dentry *myezfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = NULL;
	struct ezfs_dir_entry *de;
	struct buffer_head *bh;
	int err;

	if (dentry->d_name.len >= EZFS_FILENAME_BUF_SIZE)
		return ERR_PTR(-ENAMETOOLONG);
	de = find_entry(dir, &dentry->d_name, &bh, &err);
	if (de) {
		inode = myezfs_iget(dir->i_sb, le64_to_cpu(de->inode_no));
		brelse(bh);
	} else if (err != -ENOENT) {
		return ERR_PTR(err);
	}
	return d_splice_alias(inode, dentry);
}

static int add_new(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct ezfs_dir_entry *de;
	struct buffer_head *bh;
	struct inode *inode;
	int err;

	de = find_entry(dir, NULL, &bh, &err);
	if (!de)
		return err;
	inode = myezfs_new_inode(dir, mode);
	if (IS_ERR(inode)) {
		brelse(bh);
		return PTR_ERR(inode);
	}
	fill_entry(de, &dentry->d_name, inode->i_ino);
	entry_changed(dir, bh);
	if (S_ISDIR(mode))
		inode_inc_link_count(dir);
	d_instantiate_new(dentry, inode);
	return 0;
}

static int myezfs_create(struct user_namespace *ns, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	return add_new(dir, dentry, mode | S_IFREG);
}

static int myezfs_mkdir(struct user_namespace *ns, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return add_new(dir, dentry, mode | S_IFDIR);
}

static int myezfs_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old_dentry);
	struct ezfs_dir_entry *de;
	struct buffer_head *bh;
	int err;

	de = find_entry(dir, NULL, &bh, &err);
	if (!de)
		return err;
	fill_entry(de, &dentry->d_name, inode->i_ino);
	entry_changed(dir, bh);
	inode->i_ctime = dir->i_ctime;
	inode_inc_link_count(inode);
	ihold(inode);
	d_instantiate(dentry, inode);
	return 0;
}

static int myezfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct ezfs_dir_entry *de;
	struct buffer_head *bh;
	int err;

	de = find_entry(dir, &dentry->d_name, &bh, &err);
	if (!de)
		return err;
	memset(de, 0, sizeof(*de));
	entry_changed(dir, bh);
	inode->i_ctime = dir->i_ctime;
	inode_dec_link_count(inode);
	return 0;
}

/* 1: it has no names; 0; -EIO */
static int is_empty(struct inode *dir)
{
	struct buffer_head *bh = read_dir(dir);
	int i, empty = 1;

	if (!bh)
		return -EIO;
	for (i = 0; i < EZFS_MAX_CHILDREN; i++)
		if (((struct ezfs_dir_entry *)bh->b_data)[i].active)
			empty = 0;
	brelse(bh);
	return empty;
}

static int myezfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	int err = is_empty(inode);

	if (err <= 0)
		return err ? err : -ENOTEMPTY;
	err = myezfs_unlink(dir, dentry);
	if (err)
		return err;
	clear_nlink(inode);
	mark_inode_dirty(inode);
	inode_dec_link_count(dir);
	return 0;
}

/* The name that is replaced goes; then the new one is made where there is room, and the old one goes. */
static int myezfs_rename(struct user_namespace *ns, struct inode *old_dir, struct dentry *old_dentry,
			 struct inode *new_dir, struct dentry *new_dentry, unsigned int flags)
{
	struct inode *inode = d_inode(old_dentry), *target = d_inode(new_dentry);
	struct buffer_head *old_bh, *new_bh;
	struct ezfs_dir_entry *old, *new;
	int err = 0;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	if (target)
		err = S_ISDIR(target->i_mode) ? myezfs_rmdir(new_dir, new_dentry) : myezfs_unlink(new_dir, new_dentry);
	if (err)
		return err;
	old = find_entry(old_dir, &old_dentry->d_name, &old_bh, &err);
	if (!old)
		return err;
	if (old_dir == new_dir) {
		fill_entry(old, &new_dentry->d_name, inode->i_ino);
		entry_changed(old_dir, old_bh);
	} else {
		new = find_entry(new_dir, NULL, &new_bh, &err);
		if (!new) {
			brelse(old_bh);
			return err;
		}
		fill_entry(new, &new_dentry->d_name, inode->i_ino);
		entry_changed(new_dir, new_bh);
		memset(old, 0, sizeof(*old));
		entry_changed(old_dir, old_bh);
	}
	if (S_ISDIR(inode->i_mode) && old_dir != new_dir) {
		inode_dec_link_count(old_dir);
		inode_inc_link_count(new_dir);
	}
	inode->i_ctime = current_time(inode);
	mark_inode_dirty(inode);
	return 0;
}

static const struct inode_operations myezfs_dir_iops = {
	.lookup		= myezfs_lookup,
	.create		= myezfs_create,
	.link		= myezfs_link,
	.unlink		= myezfs_unlink,
	.mkdir		= myezfs_mkdir,
	.rmdir		= myezfs_rmdir,
	.rename		= myezfs_rename,
	.setattr	= myezfs_setattr,
};

static const struct file_operations myezfs_dir_fops = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= myezfs_iterate,
	.fsync		= myezfs_fsync,
};

/* ------------------------------------------------------------------ mounting */

static int myezfs_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct super_block *sb = dentry->d_sb;
	unsigned long blocks = 0, inodes = 0;
	unsigned int n;

	mutex_lock(&sb_info(sb)->lock);
	for (n = 0; n < sb_info(sb)->data_blks; n++)
		blocks += !bit_is_set(disk_super(sb)->free_data_blocks, n);
	for (n = 0; n < EZFS_MAX_INODES; n++)
		inodes += !bit_is_set(disk_super(sb)->free_inodes, n);
	mutex_unlock(&sb_info(sb)->lock);
	buf->f_type = EZFS_MAGIC_NUMBER;
	buf->f_bsize = EZFS_BLOCK_SIZE;
	buf->f_blocks = sb_info(sb)->data_blks;
	buf->f_bfree = buf->f_bavail = blocks;
	buf->f_files = EZFS_MAX_INODES;
	buf->f_ffree = inodes;
	buf->f_namelen = EZFS_FILENAME_BUF_SIZE - 1;
	buf->f_fsid = u64_to_fsid(huge_encode_dev(sb->s_bdev->bd_dev));
	return 0;
}

static void myezfs_put_super(struct super_block *sb)
{
	brelse(sb_info(sb)->sb_bh);
	brelse(sb_info(sb)->store_bh);
	kfree(sb_info(sb));
	sb->s_fs_info = NULL;
}

static const struct super_operations myezfs_sops = {
	.write_inode	= myezfs_write_inode,
	.evict_inode	= myezfs_evict_inode,
	.put_super	= myezfs_put_super,
	.statfs		= myezfs_statfs,
};

static int myezfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct myezfs_sb_info *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	struct inode *root;
	int err = -EINVAL;
	u64 blocks;

	if (!sbi)
		return -ENOMEM;
	mutex_init(&sbi->lock);
	sb->s_fs_info = sbi;
	if (!sb_set_blocksize(sb, EZFS_BLOCK_SIZE))
		goto out;
	sbi->sb_bh = sb_bread(sb, 0);
	sbi->store_bh = sb_bread(sb, 1);
	err = -EIO;
	if (!sbi->sb_bh || !sbi->store_bh)
		goto out;
	blocks = le64_to_cpu(disk_super(sb)->disk_blks);
	err = -EINVAL;
	if (le64_to_cpu(disk_super(sb)->magic) != EZFS_MAGIC_NUMBER || blocks <= EZFS_DATA_START ||
	    blocks > EZFS_MAX_DATA_BLKS + EZFS_DATA_START || blocks > bdev_nr_bytes(sb->s_bdev) / EZFS_BLOCK_SIZE) {
		pr_err("myezfs: %s is no disk of this kind\n", sb->s_id);
		goto out;
	}
	sbi->data_blks = blocks - EZFS_DATA_START;
	sb->s_magic = EZFS_MAGIC_NUMBER;
	sb->s_op = &myezfs_sops;
	sb->s_time_gran = 1;
	sb->s_maxbytes = (loff_t)(EZFS_PER_INDIRECT + 1) * EZFS_BLOCK_SIZE;
	root = myezfs_iget(sb, EZFS_ROOT_INODE_NUMBER);
	if (IS_ERR(root)) {
		err = PTR_ERR(root);
		goto out;
	}
	err = -ENOMEM;
	sb->s_root = d_make_root(root);
	if (sb->s_root)
		return 0;
out:
	brelse(sbi->sb_bh);
	brelse(sbi->store_bh);
	kfree(sbi);
	sb->s_fs_info = NULL;
	return err;
}

static int myezfs_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, myezfs_fill_super);
}

static const struct fs_context_operations myezfs_context_ops = {
	.get_tree	= myezfs_get_tree,
};

static int myezfs_init_fs_context(struct fs_context *fc)
{
	fc->ops = &myezfs_context_ops;
	return 0;
}

static struct file_system_type myezfs_type = {
	.owner			= THIS_MODULE,
	.name			= "myezfs",
	.fs_flags		= FS_REQUIRES_DEV,
	.init_fs_context	= myezfs_init_fs_context,
	.kill_sb		= kill_block_super,
};

static int __init myezfs_init(void)
{
	return register_filesystem(&myezfs_type);
}

static void __exit myezfs_exit(void)
{
	unregister_filesystem(&myezfs_type);
}

module_init(myezfs_init);
module_exit(myezfs_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("EZFS, layout B, as an exercise");
