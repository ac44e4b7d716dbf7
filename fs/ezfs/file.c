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
 * Its data, then a commit, which takes all metadata along: the names that lead here, too. An error of a write
 * that nobody waited for is told to each open file once.
 */
int ezfs_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct super_block *sb = file->f_mapping->host->i_sb;
	int ret, err;

	ret = file_write_and_wait_range(file, start, end);
	err = ezfs_commit(sb, true);
	if (!err)
		err = blkdev_issue_flush(sb->s_bdev);
	if (!ret)
		ret = err;
	/* The commit may have found more of it to write. */
	err = file_check_and_advance_wb_err(file);
	return ret ? ret : err;
}

/* A page is about to be written through a mapping: it needs its block now, while one can say no. */
static vm_fault_t ezfs_page_mkwrite(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct super_block *sb = mapping->host->i_sb;
	int err, retries = 0;

	file_update_time(vma->vm_file);
	do {
		ezfs_begin(sb);
		filemap_invalidate_lock_shared(mapping);	/* blocks are not being freed meanwhile */
		err = block_page_mkwrite(vma, vmf, ezfs_get_block);
		filemap_invalidate_unlock_shared(mapping);
		ezfs_end(sb);
	} while (ezfs_should_retry(sb, err, &retries));
	return block_page_mkwrite_return(err);
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
