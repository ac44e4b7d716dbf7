// SPDX-License-Identifier: MIT
/*
 * Open files of EZFS: what its operations (commit.c) are around writes and write faults; fsync.
 */
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include "ezfs.h"

/**
 * ezfs_fsync - makes a file or directory survive a power cut
 *
 * Its data, and a commit, which takes all metadata along: the names that lead here, too. The commit waits for data where
 * they must be first; the others are on their way meanwhile. An error of a write that nobody waited for is told to
 * each open file once.
 */
int ezfs_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct super_block *sb = file->f_mapping->host->i_sb;
	int ret, err;

	filemap_fdatawrite_range(file->f_mapping, start, end);
	err = ezfs_commit(sb, true);
	ret = file_write_and_wait_range(file, start, end);
	if (!ret)
		ret = err;
	err = blkdev_issue_flush(sb->s_bdev);
	return ret ? ret : err;
}

/* A gap between the end and the position, then the bytes; i_rwsem held. Returns those written, or an error. */
static ssize_t write_file(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret = 0, written = 0;
	int retries = 0;

	if (iocb->ki_pos > inode->i_size) {
		ezfs_begin(inode->i_sb);
		ret = ezfs_prepare_gap(inode);
		ezfs_end(inode->i_sb);
	}
	if (ret)
		return ret;
	do {
		ret = iomap_file_buffered_write(iocb, from, &ezfs_iomap_ops);
		if (ret > 0) {
			iocb->ki_pos += ret;
			written += ret;
		}
	} while (iov_iter_count(from) && (ret > 0 || ezfs_should_retry(inode->i_sb, ret, &retries)));
	return written ? written : ret;
}

static ssize_t ezfs_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret;

	inode_lock(inode);
	ret = generic_write_checks(iocb, from);
	if (ret <= 0)
		goto out;
	ret = file_remove_privs(iocb->ki_filp);
	if (!ret)
		ret = file_update_time(iocb->ki_filp);
	if (!ret)
		ret = write_file(iocb, from);
out:
	inode_unlock(inode);
	return ret > 0 ? generic_write_sync(iocb, ret) : ret;
}

/* A page is about to be written through a mapping: it needs its block now, while one can say no. */
static vm_fault_t ezfs_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct super_block *sb = inode->i_sb;
	int retries = 0;
	vm_fault_t ret;

	file_update_time(vmf->vma->vm_file);
	do {
		ezfs_begin(sb);
		filemap_invalidate_lock_shared(inode->i_mapping);	/* blocks are not being freed meanwhile */
		ret = iomap_page_mkwrite(vmf, &ezfs_iomap_ops);
		filemap_invalidate_unlock_shared(inode->i_mapping);
		ezfs_end(sb);
		/* There may be another reason for SIGBUS: then it is the same again. */
	} while (ezfs_should_retry(sb, ret == VM_FAULT_SIGBUS ? -ENOSPC : 0, &retries));
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
	.write_iter	= ezfs_file_write_iter,
	.mmap		= ezfs_file_mmap,
	.open		= generic_file_open,
	.fsync		= ezfs_fsync,
};

const struct inode_operations ezfs_file_inode_operations = {
	.setattr	= ezfs_setattr,
};
