// SPDX-License-Identifier: MIT
/*
 * Open files of ext2: nearly all of it is the page cache's; fsync and write faults are its own.
 */
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include "ext2.h"

/* Keeps the first error. */
static void note_error(int *ret, int err)
{
	if (!*ret)
		*ret = err;
}

/*
 * An inode's blocks of numbers, then the inode. Write-back may have copied it into its buffer already,
 * and left that to be written later: so the buffer is looked for in any case.
 */
static int sync_metadata(struct inode *inode)
{
	struct buffer_head *bh;
	int ret = sync_mapping_buffers(inode->i_mapping);

	note_error(&ret, sync_inode_metadata(inode, 1));
	if (!ext2_get_inode(inode->i_sb, inode->i_ino, &bh))
		return ret ? ret : -EIO;
	note_error(&ret, sync_dirty_buffer(bh));
	brelse(bh);
	return ret;
}

/* The directories above, so that there is a name after a power cut; what is clean costs little. */
static int sync_ancestors(struct dentry *dentry)
{
	struct dentry *parent;
	int ret = 0;

	for (dget(dentry); !IS_ROOT(dentry); dentry = parent) {
		parent = dget_parent(dentry);
		dput(dentry);
		note_error(&ret, filemap_write_and_wait(d_inode(parent)->i_mapping));
		note_error(&ret, sync_metadata(d_inode(parent)));
	}
	dput(dentry);
	return ret;
}

/**
 * ext2_fsync - makes a file or directory survive a power cut
 *
 * In this order: the data; what points to them; the inode; the names that lead here; and then the
 * device's cache. The bitmaps may stay behind: e2fsck makes them anew.
 */
int ext2_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct inode *inode = file->f_mapping->host;
	int ret = file_write_and_wait_range(file, start, end);

	if (ret)
		return ret;
	inode_lock(inode);
	note_error(&ret, sync_metadata(inode));
	inode_unlock(inode);
	note_error(&ret, sync_ancestors(file_dentry(file)));
	note_error(&ret, blkdev_issue_flush(inode->i_sb->s_bdev));
	return ret;
}

/* A page is about to be written through a mapping: it needs its block now, while one can say no. */
static vm_fault_t ext2_page_mkwrite(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	vm_fault_t ret;

	file_update_time(vma->vm_file);
	filemap_invalidate_lock_shared(mapping);	/* blocks are not being freed meanwhile */
	ret = block_page_mkwrite_return(block_page_mkwrite(vma, vmf, ext2_get_block));
	filemap_invalidate_unlock_shared(mapping);
	return ret;
}

static const struct vm_operations_struct ext2_file_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= ext2_page_mkwrite,
};

static int ext2_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &ext2_file_vm_ops;
	return 0;
}

const struct file_operations ext2_file_operations = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= ext2_file_mmap,
	.open		= generic_file_open,
	.fsync		= ext2_fsync,
};

const struct inode_operations ext2_file_inode_operations = {
	.setattr	= ext2_setattr,
};
