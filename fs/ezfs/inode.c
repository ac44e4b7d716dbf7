// SPDX-License-Identifier: MIT
/*
 * Inodes of EZFS: from the disk and back, made and ended; their size.
 *
 * The inode store is one block, whose buffer the super block holds for as long as it is mounted. An
 * inode in memory is copied into it by the commit (commit.c), and at once when it is made, for readdir
 * looks up the type of a file there.
 *
 * Everything that is read from the disk is checked here before it is believed: a number that is out
 * of range or not in use, a mode that is neither file nor directory, a size or a block that cannot be
 * end in -EUCLEAN and a line in the log.
 *
 * Locking: i_rwsem for size and times; ei->map_lock for the block pointers; sbi->lock for numbers.
 * Whatever changes metadata is between ezfs_begin() and ezfs_end().
 */
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/string.h>
#include <linux/writeback.h>
#include "ezfs.h"

/* ------------------------------------------------------------------ reading */

static void set_operations(struct inode *inode)
{
	if (S_ISDIR(inode->i_mode)) {
		inode->i_op = &ezfs_dir_inode_operations;
		inode->i_fop = &ezfs_dir_operations;
	} else {
		inode->i_op = &ezfs_file_inode_operations;
		inode->i_fop = &ezfs_file_operations;
	}
	inode->i_mapping->a_ops = &ezfs_aops;
}

static u64 decode_block(u64 block)
{
	return ezfs_is_no_block(block) ? 0 : block;
}

/* Fills an inode from the disk; i_nlink, by which eviction would free it, only when all is well. */
static int decode_inode(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const struct ezfs_layout *l = sbi->layout;
	const void *raw = ezfs_raw_inode(sbi, inode->i_ino);
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const u64 size = ezfs_get64(raw, l->i_size);
	const u32 mode = ezfs_get32(raw, 0), nlink = ezfs_get32(raw, l->i_nlink);

	ei->block = decode_block(ezfs_get64(raw, l->i_block));
	ei->indirect = l->i_indirect ? decode_block(ezfs_get64(raw, l->i_indirect)) : 0;
	ei->nblocks = ezfs_get64(raw, l->i_nblocks);

	if ((!S_ISREG(mode) && !S_ISDIR(mode)) || mode > 0xffff) {
		ezfs_error(sb, "inode %lu: mode %07o is neither a file nor a directory", inode->i_ino, mode);
		return -EUCLEAN;
	}
	if (!nlink) {
		ezfs_error(sb, "inode %lu: it has a name, but its link count is 0", inode->i_ino);
		return -EUCLEAN;
	}
	if (S_ISDIR(mode) && (size != EZFS_BLOCK_SIZE || !ei->block)) {
		ezfs_error(sb, "inode %lu: a directory of %llu bytes in block %llu, expected %d bytes "
			   "and a block", inode->i_ino, size, ei->block, EZFS_BLOCK_SIZE);
		return -EUCLEAN;
	}
	if (size > l->map->max_size(sb)) {
		ezfs_error(sb, "inode %lu: its size of %llu bytes is more than a file can have",
			   inode->i_ino, size);
		return -EUCLEAN;
	}
	if (!l->map->check(inode, size))
		return -EUCLEAN;

	inode->i_mode = mode;
	i_uid_write(inode, ezfs_get32(raw, 4));
	i_gid_write(inode, ezfs_get32(raw, 8));
	set_nlink(inode, nlink);
	i_size_write(inode, size);
	ezfs_decode_times(l, raw, inode);
	inode_set_bytes(inode, ei->nblocks << EZFS_BLOCK_BITS);
	set_operations(inode);
	return 0;
}

/**
 * ezfs_iget - the inode of a number, from memory or the disk, with a reference
 * @ino: as a directory entry says it: anything
 *
 * ERR_PTR: -EUCLEAN when there is no such inode or it is damaged, -ENOMEM.
 */
struct inode *ezfs_iget(struct super_block *sb, u64 ino)
{
	struct inode *inode;
	int err;

	if (!ezfs_inode_no_in_use(sb, ino)) {
		ezfs_error(sb, "a directory names inode %llu, which is %s", ino,
			   ino >= 1 && ino <= EZFS_SB(sb)->layout->nr_inodes ? "not in use" :
			   "out of range");
		return ERR_PTR(-EUCLEAN);
	}
	inode = iget_locked(sb, ino);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!(inode->i_state & I_NEW))
		return inode;
	err = decode_inode(inode);
	if (err) {
		iget_failed(inode);
		return ERR_PTR(err);
	}
	unlock_new_inode(inode);
	return inode;
}

/* ------------------------------------------------------------------ writing */

/** ezfs_write_inode - ->write_inode(): it goes to the disk with all the rest */
int ezfs_write_inode(struct inode *inode, struct writeback_control *wbc)
{
	int err;

	if (wbc->for_sync)
		return 0;	/* ezfs_sync_fs() follows */
	err = ezfs_commit(inode->i_sb, wbc->sync_mode == WB_SYNC_ALL);
	if (err != -EAGAIN)
		return err;
	/* The flusher waits for no operation: the next time. */
	mark_inode_dirty_sync(inode);
	return 0;
}

/* ------------------------------------------------------------------ beginning and end */

/**
 * ezfs_new_inode - an inode for a file or directory that is being made in @dir
 * @mode: its type and permissions
 *
 * Within ezfs_begin(). Returns it with a reference and I_NEW, linked nowhere yet: the caller ends with
 * d_instantiate_new(), or after clear_nlink() and ezfs_end() with discard_new_inode(), which frees it again.
 * ERR_PTR: -ENOSPC when the inode store is full, -ENOMEM.
 */
struct inode *ezfs_new_inode(struct inode *dir, umode_t mode)
{
	struct super_block *sb = dir->i_sb;
	struct inode *inode;
	unsigned long ino;
	int err;

	inode = new_inode(sb);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	err = ezfs_alloc_inode_no(sb, &ino);
	if (err) {
		iput(inode);	/* it has a link and no name: evicted, and nothing is freed */
		return ERR_PTR(err);
	}
	inode->i_ino = ino;
	EZFS_I(inode)->generation = EZFS_SB(sb)->generation;
	inode_init_owner(&init_user_ns, inode, dir, mode);
	inode->i_mtime = inode->i_atime = inode->i_ctime = current_time(inode);
	set_operations(inode);
	if (S_ISDIR(mode))
		set_nlink(inode, 2);
	if (insert_inode_locked(inode)) {
		/* Somebody uses an inode of that number, which the bits said was free. */
		ezfs_error(sb, "inode %lu is in use, but was marked free", ino);
		iput(inode);
		return ERR_PTR(-EUCLEAN);
	}
	ezfs_store_inode(inode);
	mark_inode_dirty(inode);
	return inode;
}

/**
 * ezfs_evict_inode - ->evict_inode(): the last user is gone, and with the last name also the file
 */
void ezfs_evict_inode(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const bool delete = !inode->i_nlink && !sbi->damaged;
	bool known;

	/* From the loss of its pages to that of its blocks: no commit sees the one without the other. */
	if (delete)
		ezfs_begin(sb);
	ezfs_forget_inode(inode, delete);
	truncate_inode_pages_final(&inode->i_data);
	if (delete) {
		inode->i_size = 0;
		if (S_ISDIR(inode->i_mode))
			ezfs_forget_block(sb, EZFS_I(inode)->block);
		/* If the indirect block cannot be read its blocks stay marked: lost, but not mixed up. */
		sbi->layout->map->truncate(inode, 0);
	}
	brelse(EZFS_I(inode)->meta_bh);
	clear_inode(inode);
	if (!delete)
		return;
	known = !ezfs_is_young(inode);
	/* Last: from here on the number may be given to a new file. */
	ezfs_free_inode_no(inode);
	ezfs_end(sb);
	/* Nothing else may be dirty that would bring the flusher to commit it. */
	if (known && sb->s_root)
		mark_inode_dirty_sync(d_inode(sb->s_root));
}

/* ------------------------------------------------------------------ its metadata block */

/**
 * ezfs_read_meta - the buffer of a directory's block, or of a file's indirect block
 * @block: which that is
 *
 * It stays the inode's, who has the only reference for it. NULL on an I/O error, of which the log tells.
 */
struct buffer_head *ezfs_read_meta(struct inode *inode, u64 block)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	struct buffer_head *bh = smp_load_acquire(&ei->meta_bh), *other;

	if (likely(bh))
		return bh;
	bh = sb_bread(inode->i_sb, block);
	if (!bh) {
		ezfs_msg_ratelimited(inode->i_sb, "inode %lu: cannot read its %s block %llu", inode->i_ino,
				     S_ISDIR(inode->i_mode) ? "directory" : "indirect", block);
		return NULL;
	}
	other = cmpxchg(&ei->meta_bh, NULL, bh);
	if (other)		/* two at once: it is the same buffer */
		brelse(bh);
	return bh;
}

/**
 * ezfs_new_meta - gives an inode a directory block, or an indirect block, full of zeros
 * @block: gets its number
 *
 * Within an operation; nobody else knows the inode, or map_lock is held. 0, -ENOSPC, -ENOMEM.
 */
int ezfs_new_meta(struct inode *inode, u64 *block)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_extent ext;
	struct buffer_head *bh;
	int err = ezfs_alloc_blocks(sb, 1, &ext);

	if (err)
		return err;
	bh = sb_getblk(sb, ext.block);
	if (!bh) {
		ezfs_free_block(inode, ext.block);
		return -ENOMEM;
	}
	lock_buffer(bh);
	memset(bh->b_data, 0, EZFS_BLOCK_SIZE);
	set_buffer_uptodate(bh);
	unlock_buffer(bh);
	ezfs_mark_block_dirty(inode, bh);
	smp_store_release(&EZFS_I(inode)->meta_bh, bh);
	*block = ext.block;
	return 0;
}

/* ------------------------------------------------------------------ size */

/**
 * ezfs_prepare_gap - the file is going to get a gap behind its end; i_rwsem held, within an operation
 *
 * What lies behind the end in its last block is cleared, since whoever made the disk may have left something there. A power
 * cut when the file was growing may have left it blocks behind its end, too (layout B, commit.c): they go. 0 or -EIO.
 */
int ezfs_prepare_gap(struct inode *inode)
{
	filemap_invalidate_lock(inode->i_mapping);
	EZFS_SB(inode->i_sb)->layout->map->truncate(inode, ezfs_blocks_of(inode->i_size));
	filemap_invalidate_unlock(inode->i_mapping);
	return iomap_truncate_page(inode, inode->i_size, NULL, &ezfs_iomap_ops);
}

/*
 * Changes a file's size; i_rwsem held. What lies behind the new end in the last block is cleared, so that it is
 * zeros when the file grows again.
 */
static int ezfs_setsize(struct inode *inode, loff_t newsize)
{
	struct address_space *mapping = inode->i_mapping;
	int err;

	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	if (newsize > inode->i_size)
		err = ezfs_prepare_gap(inode);
	else
		err = iomap_truncate_page(inode, newsize, NULL, &ezfs_iomap_ops);
	if (!err)
		err = ezfs_grow(inode, newsize, ezfs_blocks_of(newsize));
	if (err)
		return err;
	filemap_invalidate_lock(mapping);
	truncate_setsize(inode, newsize);
	inode->i_mtime = inode->i_ctime = current_time(inode);
	err = EZFS_SB(inode->i_sb)->layout->map->truncate(inode, ezfs_blocks_of(inode->i_size));
	mark_inode_dirty(inode);
	filemap_invalidate_unlock(mapping);
	return err;
}

static int change_attributes(struct user_namespace *mnt_userns, struct inode *inode, struct iattr *attr)
{
	int err = 0;

	ezfs_begin(inode->i_sb);
	if ((attr->ia_valid & ATTR_SIZE) && attr->ia_size != i_size_read(inode))
		err = ezfs_setsize(inode, attr->ia_size);
	if (!err) {
		setattr_copy(mnt_userns, inode, attr);
		mark_inode_dirty(inode);
	}
	ezfs_end(inode->i_sb);
	return err;
}

int ezfs_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(mnt_userns, dentry, attr), retries = 0;

	if (err)
		return err;
	do
		err = change_attributes(mnt_userns, inode, attr);
	while (ezfs_should_retry(inode->i_sb, err, &retries));
	return err;
}
