// SPDX-License-Identifier: MIT
/*
 * Open files of ext2: writing, write faults, fsync. The rest is the page cache's.
 */
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include "ext2.h"

/** ext2_fsync - makes a file or directory survive a power cut: with the names that lead to it, and all else */
int ext2_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	const int ret = file_write_and_wait_range(file, start, end);

	return ret ? ret : ext2_commit(file->f_mapping->host->i_sb);
}

/* A gap between the end and the position, then the bytes; i_rwsem held. Returns those written, or an error. */
static ssize_t write_file(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret = 0, written = 0;
	int retries = 0;

	/* The part of the gap that is in the block of the end is zeros, too. */
	if (iocb->ki_pos > inode->i_size)
		ret = iomap_truncate_page(inode, inode->i_size, NULL, &ext2_iomap_ops);
	if (ret)
		return ret;
	do {
		ret = iomap_file_buffered_write(iocb, from, &ext2_iomap_ops);
		if (ret > 0) {
			iocb->ki_pos += ret;
			written += ret;
		}
	} while (iov_iter_count(from) &&
		 (ret > 0 || (ret == -ENOSPC && ext2_should_retry_alloc(inode->i_sb, &retries))));
	return written ? written : ret;
}

static ssize_t ext2_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
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

/* A page is about to be written through a mapping: it needs its blocks now, while one can say no. */
static vm_fault_t ext2_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct ext2_sb_info *sbi = EXT2_SB(inode->i_sb);
	int retries = 0;
	vm_fault_t ret;

	file_update_time(vmf->vma->vm_file);
	do {
		down_read(&sbi->s_alloc_sem);
		filemap_invalidate_lock_shared(inode->i_mapping);	/* blocks are not being freed meanwhile */
		ret = iomap_page_mkwrite(vmf, &ext2_iomap_ops);
		filemap_invalidate_unlock_shared(inode->i_mapping);
		up_read(&sbi->s_alloc_sem);
		/* There may be another reason for SIGBUS: then it is the same again. */
	} while (ret == VM_FAULT_SIGBUS && ext2_should_retry_alloc(inode->i_sb, &retries));
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
	.write_iter	= ext2_file_write_iter,
	.mmap		= ext2_file_mmap,
	.open		= generic_file_open,
	.fsync		= ext2_fsync,
};

const struct inode_operations ext2_file_inode_operations = {
	.setattr	= ext2_setattr,
};
