// SPDX-License-Identifier: MIT
/*
 * Programs at a block device node: read, write, mmap, fsync and a few ioctls, all through the pages
 * of the device's own inode, which a mounted filesystem's buffers share.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/mpage.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/writeback.h>

/* ------------------------------------------------------------------ pages */

/* File block n of a device is its block n. */
static int blkdev_get_block(struct inode *inode, sector_t iblock, struct buffer_head *bh, int create)
{
	bh->b_bdev = I_BDEV(inode);
	bh->b_blocknr = iblock;
	set_buffer_mapped(bh);
	return 0;
}

static int blkdev_read_folio(struct file *file, struct folio *folio)
{
	return block_read_full_folio(folio, blkdev_get_block);
}

static void blkdev_readahead(struct readahead_control *rac)
{
	mpage_readahead(rac, blkdev_get_block);
}

static int blkdev_writepage(struct page *page, struct writeback_control *wbc)
{
	return block_write_full_page(page, blkdev_get_block, wbc);
}

static int blkdev_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			      unsigned int len, struct page **pagep, void **fsdata)
{
	return block_write_begin(mapping, pos, len, pagep, blkdev_get_block);
}

/* A device does not grow: unlike generic_write_end(). */
static int blkdev_write_end(struct file *file, struct address_space *mapping, loff_t pos,
			    unsigned int len, unsigned int copied, struct page *page, void *fsdata)
{
	int ret = block_write_end(file, mapping, pos, len, copied, page, fsdata);

	unlock_page(page);
	put_page(page);
	return ret;
}

static int blkdev_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return generic_writepages(mapping, wbc);
}

const struct address_space_operations def_blk_aops = {
	.dirty_folio		= block_dirty_folio,
	.invalidate_folio	= block_invalidate_folio,
	.read_folio		= blkdev_read_folio,
	.readahead		= blkdev_readahead,
	.writepage		= blkdev_writepage,
	.writepages		= blkdev_writepages,
	.write_begin		= blkdev_write_begin,
	.write_end		= blkdev_write_end,
};

/* ------------------------------------------------------------------ files */

/* What blkdev_put() has to be told again at the close. O_EXCL without O_CREAT claims the device. */
static fmode_t file_to_blk_mode(const struct file *file)
{
	fmode_t mode = file->f_mode & (FMODE_READ | FMODE_WRITE);

	if (file->f_flags & O_EXCL)
		mode |= FMODE_EXCL;
	if (file->f_flags & O_NONBLOCK)
		mode |= FMODE_NDELAY;
	return mode;
}

static int blkdev_open(struct inode *inode, struct file *file)
{
	const fmode_t mode = file_to_blk_mode(file);
	struct block_device *bdev = blkdev_get_by_dev(inode->i_rdev, mode, file);

	if (IS_ERR(bdev))
		return PTR_ERR(bdev);
	/* The flags may be changed by fcntl() while it is open; the mode of the opening counts. */
	file->private_data = (void *)(unsigned long)mode;
	file->f_mapping = bdev->bd_inode->i_mapping;
	file->f_wb_err = filemap_sample_wb_err(file->f_mapping);
	return 0;
}

static int blkdev_release(struct inode *inode, struct file *file)
{
	blkdev_put(I_BDEV(file->f_mapping->host), (fmode_t)(unsigned long)file->private_data);
	return 0;
}

static struct block_device *file_bdev(struct file *file)
{
	return I_BDEV(file->f_mapping->host);
}

static loff_t blkdev_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, bdev_nr_bytes(file_bdev(file)));
}

static ssize_t blkdev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	const loff_t size = bdev_nr_bytes(file_bdev(iocb->ki_filp));
	const size_t count = iov_iter_count(to);
	size_t shorted = 0;
	ssize_t ret;

	if (iocb->ki_pos >= size)
		return 0;
	if ((loff_t)count > size - iocb->ki_pos) {
		shorted = count - (size - iocb->ki_pos);
		iov_iter_truncate(to, size - iocb->ki_pos);
	}
	ret = generic_file_read_iter(iocb, to);
	if (shorted)
		iov_iter_reexpand(to, iov_iter_count(to) + shorted);
	return ret;
}

/* Writers exclude each other page by page only, by the page lock, as on Linux. */
static ssize_t blkdev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct block_device *bdev = file_bdev(iocb->ki_filp);
	const loff_t size = bdev_nr_bytes(bdev);
	const size_t count = iov_iter_count(from);
	size_t shorted = 0;
	ssize_t ret;

	if (bdev_read_only(bdev))
		return -EPERM;
	if (!count)
		return 0;
	if (iocb->ki_pos >= size)
		return -ENOSPC;
	if ((loff_t)count > size - iocb->ki_pos) {
		shorted = count - (size - iocb->ki_pos);
		iov_iter_truncate(from, size - iocb->ki_pos);
	}
	ret = __generic_file_write_iter(iocb, from);
	if (ret > 0)
		ret = generic_write_sync(iocb, ret);
	if (shorted)
		iov_iter_reexpand(from, iov_iter_count(from) + shorted);
	return ret;
}

static int blkdev_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	int err = file_write_and_wait_range(file, start, end);

	return err ? err : blkdev_issue_flush(file_bdev(file));
}

/* The size of the device's buffers; nobody else may have claimed it. */
static int blkdev_bszset(struct block_device *bdev, struct file *file, int size)
{
	int err = bd_prepare_to_claim(bdev, file);

	if (err)
		return err;
	err = set_blocksize(bdev, size);
	bd_abort_claiming(bdev, file);
	return err;
}

static long blkdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct block_device *bdev = file_bdev(file);
	const struct block_device_operations *fops = bdev->bd_disk->fops;
	void __user *argp = (void __user *)arg;
	int n;

	switch (cmd) {
	case BLKGETSIZE64:
		return put_user((u64)bdev_nr_bytes(bdev), (u64 __user *)argp);
	case BLKGETSIZE:
		return put_user((unsigned long)bdev_nr_sectors(bdev), (unsigned long __user *)argp);
	case BLKSSZGET:
		return put_user((int)bdev_logical_block_size(bdev), (int __user *)argp);
	case BLKPBSZGET:
		return put_user(bdev_physical_block_size(bdev), (unsigned int __user *)argp);
	case BLKBSZGET:
		return put_user((int)i_blocksize(bdev->bd_inode), (int __user *)argp);
	case BLKROGET:
		return put_user(bdev_read_only(bdev) != 0, (int __user *)argp);
	case BLKIOMIN:
		return put_user(bdev_physical_block_size(bdev), (unsigned int __user *)argp);
	case BLKIOOPT:		/* no size is best */
		return put_user(0U, (unsigned int __user *)argp);
	case BLKALIGNOFF:
		return put_user(0, (int __user *)argp);
	case BLKSECTGET:
		return put_user((unsigned short)min(bdev_get_queue(bdev)->limits.max_hw_sectors, 65535U),
				(unsigned short __user *)argp);
	case BLKROTATIONAL:
		return put_user((unsigned short)0, (unsigned short __user *)argp);
	case BLKRAGET:
		return put_user((long)bdev->bd_disk->bdi->ra_pages * PAGE_SECTORS, (long __user *)argp);
	case BLKBSZSET:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		if (get_user(n, (int __user *)argp))
			return -EFAULT;
		return blkdev_bszset(bdev, file, n);
	case BLKROSET:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		if (get_user(n, (int __user *)argp))
			return -EFAULT;
		bdev->bd_read_only = n;
		return 0;
	case BLKRRPART:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		if (bdev_is_partition(bdev))
			return -EINVAL;
		return disk_scan_partitions(bdev->bd_disk, (fmode_t)(unsigned long)file->private_data);
	case BLKFLSBUF:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		sync_blockdev(bdev);
		invalidate_bdev(bdev);
		return 0;
	}
	if (fops->ioctl)
		return fops->ioctl(bdev, (fmode_t)(unsigned long)file->private_data, cmd, arg);
	return -ENOTTY;
}

const struct file_operations def_blk_fops = {
	.open		= blkdev_open,
	.release	= blkdev_release,
	.llseek		= blkdev_llseek,
	.read_iter	= blkdev_read_iter,
	.write_iter	= blkdev_write_iter,
	.mmap		= generic_file_mmap,
	.fsync		= blkdev_fsync,
	.unlocked_ioctl	= blkdev_ioctl,
};
