// SPDX-License-Identifier: MIT
/*
 * Open files of EZFS: nearly all of it is the page cache's; fsync and write faults are its own.
 */
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include "ezfs.h"

/* Keeps the first error. */
static void note_error(int *ret, int err)
{
	if (!*ret)
		*ret = err;
}

/* The directories above, inodes first and then the blocks with the names; what is clean costs nothing. */
static int sync_ancestors(struct dentry *dentry)
{
	struct dentry *parent;
	int ret = 0;

	for (dget(dentry); !IS_ROOT(dentry); dentry = parent) {
		struct inode *dir;
		struct buffer_head *bh;

		parent = dget_parent(dentry);
		dput(dentry);
		dir = d_inode(parent);
		note_error(&ret, sync_inode_metadata(dir, 1));
		bh = sb_find_get_block(dir->i_sb, EZFS_I(dir)->block);
		if (bh)
			note_error(&ret, sync_dirty_buffer(bh));
		brelse(bh);
	}
	dput(dentry);
	return ret;
}

/**
 * ezfs_fsync - makes a file or directory survive a power cut
 *
 * In this order: the data; the bit vectors; what is the file's own metadata, that is, its indirect
 * block, or a directory's block; the inode; the names that lead here; and then the device's cache. No
 * pointer goes to the disk before the block it points to is written and marked as in use there, and
 * no name before its inode. (Other files' changes in the bit vectors and in the inode store go with
 * them; see super.c for what that means.)
 */
int ezfs_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct inode *inode = file->f_mapping->host;
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	int ret;

	ret = file_write_and_wait_range(file, start, end);
	if (ret)
		return ret;
	inode_lock(inode);
	note_error(&ret, sync_dirty_buffer(sbi->sb_bh));
	note_error(&ret, sync_mapping_buffers(inode->i_mapping));
	if (!datasync || (inode->i_state & I_DIRTY_DATASYNC))
		note_error(&ret, sync_inode_metadata(inode, 1));
	/* Write-back may have stored the inode already, and left the store to be written later. */
	note_error(&ret, sync_dirty_buffer(sbi->i_store_bh));
	inode_unlock(inode);
	note_error(&ret, sync_ancestors(file_dentry(file)));
	note_error(&ret, blkdev_issue_flush(sb->s_bdev));
	return ret;
}

/* A page is about to be written through a mapping: it needs its block now, while one can say no. */
static vm_fault_t ezfs_page_mkwrite(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	vm_fault_t ret;

	file_update_time(vma->vm_file);
	filemap_invalidate_lock_shared(mapping);	/* blocks are not being freed meanwhile */
	ret = block_page_mkwrite_return(block_page_mkwrite(vma, vmf, ezfs_get_block));
	filemap_invalidate_unlock_shared(mapping);
	return ret;
}

static const struct vm_operations_struct ezfs_file_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= ezfs_page_mkwrite,
};

static int ezfs_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &ezfs_file_vm_ops;
	return 0;
}

const struct file_operations ezfs_file_operations = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= ezfs_file_mmap,
	.open		= generic_file_open,
	.fsync		= ezfs_fsync,
};

const struct inode_operations ezfs_file_inode_operations = {
	.setattr	= ezfs_setattr,
};
