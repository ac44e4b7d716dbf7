// SPDX-License-Identifier: MIT
/*
 * Open files of ext2: nearly all of it is the page cache's; fsync and write faults are its own.
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

/* A page is about to be written through a mapping: it needs its block now, while one can say no. */
static vm_fault_t ext2_page_mkwrite(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	int err, retries = 0;

	file_update_time(vma->vm_file);
	do {
		filemap_invalidate_lock_shared(mapping);	/* blocks are not being freed meanwhile */
		err = block_page_mkwrite(vma, vmf, ext2_get_block);
		filemap_invalidate_unlock_shared(mapping);
	} while (err == -ENOSPC && ext2_should_retry_alloc(mapping->host->i_sb, &retries));
	return block_page_mkwrite_return(err);
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
