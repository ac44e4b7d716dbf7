// SPDX-License-Identifier: MIT
/*
 * Open files of EZFS: nearly all of it is the page cache's; fsync and write faults are its own.
 */
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include "ezfs.h"

/**
 * ezfs_fsync - makes a file or directory survive a power cut
 *
 * In this order: the data; the bit vectors; what is the file's own metadata, that is, its indirect
 * block, or a directory's block; the inode; and then the device's cache. No pointer goes to the disk
 * before the block it points to is written and marked as in use there. (The other files' changes in
 * the bit vectors and in the inode store go with them; see super.c for what that means.)
 */
int ezfs_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct inode *inode = file->f_mapping->host;
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	int ret, err;

	ret = file_write_and_wait_range(file, start, end);
	if (ret)
		return ret;
	inode_lock(inode);
	ret = sync_dirty_buffer(sbi->sb_bh);
	err = sync_mapping_buffers(inode->i_mapping);
	if (!ret)
		ret = err;
	if (!datasync || (inode->i_state & I_DIRTY_DATASYNC)) {
		err = sync_inode_metadata(inode, 1);
		if (!ret)
			ret = err;
	}
	/* Write-back may have stored the inode already, and left the store to be written later. */
	err = sync_dirty_buffer(sbi->i_store_bh);
	if (!ret)
		ret = err;
	inode_unlock(inode);

	err = blkdev_issue_flush(sb->s_bdev);
	return ret ? ret : err;
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
