// SPDX-License-Identifier: MIT
/*
 * The calls that make files safe: sync(2), syncfs(2), fsync(2), fdatasync(2), and what filesystems
 * need for them.
 *
 * A filesystem is synced in two passes: the first starts everything, so that the disk has much to
 * choose from; the second waits. After the inodes comes ->sync_fs(), then the device's own pages,
 * which hold the metadata, then the device's volatile cache.
 *
 * Locking: s_umount, for reading by sync(2), for writing by unmount, keeps the filesystem mounted.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/syscalls.h>
#include <linux/writeback.h>

/**
 * sync_filesystem - writes all of a filesystem and waits; s_umount held
 *
 * Returns 0 or the first error.
 */
int sync_filesystem(struct super_block *sb)
{
	int err = 0, err2;

	if (sb_rdonly(sb))
		return 0;
	writeback_inodes_sb(sb, WB_REASON_SYNC);
	if (sb->s_op->sync_fs)
		err = sb->s_op->sync_fs(sb, 0);
	err2 = sync_blockdev_nowait(sb->s_bdev);
	if (!err)
		err = err2;

	sync_inodes_sb(sb);
	if (sb->s_op->sync_fs) {
		err2 = sb->s_op->sync_fs(sb, 1);
		if (!err)
			err = err2;
	}
	err2 = sync_blockdev(sb->s_bdev);
	if (!err)
		err = err2;
	if (sb->s_bdev) {
		err2 = blkdev_issue_flush(sb->s_bdev);
		if (!err)
			err = err2;
	}
	return err;
}
EXPORT_SYMBOL(sync_filesystem);

static void start_one_sb(struct super_block *sb, void *arg)
{
	if (!sb_rdonly(sb))
		writeback_inodes_sb(sb, WB_REASON_SYNC);
}

static void sync_one_sb(struct super_block *sb, void *arg)
{
	sync_filesystem(sb);
}

/** ksys_sync - writes everything everywhere, and waits */
void ksys_sync(void)
{
	iterate_supers(start_one_sb, NULL);
	iterate_supers(sync_one_sb, NULL);
	/* And devices that are written to without a filesystem. */
	sync_bdevs(false);
	sync_bdevs(true);
}

SYSCALL_DEFINE0(sync)
{
	ksys_sync();
	return 0;
}

SYSCALL_DEFINE1(syncfs, int, fd)
{
	struct fd f = fdget(fd);
	struct super_block *sb;
	int ret;

	if (!f.file)
		return -EBADF;
	sb = file_inode(f.file)->i_sb;
	down_read(&sb->s_umount);
	ret = sync_filesystem(sb);
	up_read(&sb->s_umount);
	fdput(f);
	return ret;
}

/**
 * vfs_fsync_range - makes a file's bytes, and what is needed to read them, safe
 * @file: the file
 * @start: first byte
 * @end: last byte
 * @datasync: times and the like may be left behind
 *
 * Returns 0, -EINVAL when the file cannot be synced, -EIO, -ENOSPC: an error of a write is told to
 * each file that was open, once.
 */
int vfs_fsync_range(struct file *file, loff_t start, loff_t end, int datasync)
{
	if (!file->f_op->fsync)
		return -EINVAL;
	return file->f_op->fsync(file, start, end, datasync);
}
EXPORT_SYMBOL(vfs_fsync_range);

int vfs_fsync(struct file *file, int datasync)
{
	return vfs_fsync_range(file, 0, LLONG_MAX, datasync);
}
EXPORT_SYMBOL(vfs_fsync);

static int do_fsync(unsigned int fd, int datasync)
{
	struct fd f = fdget(fd);
	int ret = -EBADF;

	if (f.file) {
		ret = vfs_fsync(f.file, datasync);
		fdput(f);
	}
	return ret;
}

SYSCALL_DEFINE1(fsync, unsigned int, fd)
{
	return do_fsync(fd, 0);
}

SYSCALL_DEFINE1(fdatasync, unsigned int, fd)
{
	return do_fsync(fd, 1);
}

/**
 * __generic_file_fsync - data, then metadata buffers of the file, then the inode; no device flush
 */
int __generic_file_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct inode *inode = file->f_mapping->host;
	int err, ret;

	err = file_write_and_wait_range(file, start, end);
	if (err)
		return err;
	inode_lock(inode);
	ret = inode_has_buffers(inode) ? sync_mapping_buffers(inode->i_mapping) : 0;
	if ((inode->i_state & I_DIRTY) && (!datasync || (inode->i_state & I_DIRTY_DATASYNC))) {
		err = sync_inode_metadata(inode, 1);
		if (!ret)
			ret = err;
	}
	inode_unlock(inode);
	err = file_check_and_advance_wb_err(file);
	return ret ? ret : err;
}
EXPORT_SYMBOL(__generic_file_fsync);

/** generic_file_fsync - ->fsync() for filesystems without a journal */
int generic_file_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	int err = __generic_file_fsync(file, start, end, datasync);

	return err ? err : blkdev_issue_flush(file->f_mapping->host->i_sb->s_bdev);
}
EXPORT_SYMBOL(generic_file_fsync);
