// SPDX-License-Identifier: MIT
/*
 * stat(2) in its forms, and readlink(2).
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kdev_t.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/asm-generic/stat.h>
#include "internal.h"
#include "mount.h"

/** generic_fillattr - what the inode itself knows; ->getattr() begins with it */
void generic_fillattr(struct user_namespace *mnt_userns, struct inode *inode, struct kstat *stat)
{
	stat->dev = inode->i_sb->s_dev;
	stat->ino = inode->i_ino;
	stat->mode = inode->i_mode;
	stat->nlink = inode->i_nlink;
	stat->uid = inode->i_uid;
	stat->gid = inode->i_gid;
	stat->rdev = inode->i_rdev;
	stat->size = i_size_read(inode);
	stat->atime = inode->i_atime;
	stat->mtime = inode->i_mtime;
	stat->ctime = inode->i_ctime;
	stat->blksize = i_blocksize(inode);
	stat->blocks = inode->i_blocks;
}
EXPORT_SYMBOL(generic_fillattr);

/** vfs_getattr - the attributes of what @path leads to; @request_mask: STATX_ bits wanted */
int vfs_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
		unsigned int query_flags)
{
	struct inode *inode = d_backing_inode(path->dentry);

	stat->result_mask = STATX_BASIC_STATS;
	stat->attributes = 0;
	stat->attributes_mask = STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND;
	stat->btime = (struct timespec64){ };
	stat->mnt_id = 0;
	if (IS_IMMUTABLE(inode))
		stat->attributes |= STATX_ATTR_IMMUTABLE;
	if (IS_APPEND(inode))
		stat->attributes |= STATX_ATTR_APPEND;
	if (inode->i_op->getattr)
		return inode->i_op->getattr(&init_user_ns, path, stat, request_mask, query_flags);
	generic_fillattr(&init_user_ns, inode, stat);
	return 0;
}
EXPORT_SYMBOL(vfs_getattr);

int vfs_getattr_nosec(const struct path *path, struct kstat *stat, u32 request_mask,
		      unsigned int query_flags)
{
	return vfs_getattr(path, stat, request_mask, query_flags);
}

int vfs_fstat(int fd, struct kstat *stat)
{
	struct fd f = fdget_raw(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = vfs_getattr(&f.file->f_path, stat, STATX_BASIC_STATS, 0);
	fdput(f);
	return err;
}

static int vfs_statx(int dfd, const char __user *filename, int flags, struct kstat *stat,
		     u32 request_mask)
{
	unsigned int lookup_flags = 0;
	struct path path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if (!(flags & AT_SYMLINK_NOFOLLOW))
		lookup_flags |= LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		lookup_flags |= LOOKUP_EMPTY;
	err = user_path_at(dfd, filename, lookup_flags, &path);
	if (err)
		return err;
	err = vfs_getattr(&path, stat, request_mask, flags);
	if (!err) {
		stat->mnt_id = real_mount(path.mnt)->mnt_id;
		stat->result_mask |= STATX_MNT_ID;
		stat->attributes_mask |= STATX_ATTR_MOUNT_ROOT;
		if (path.mnt->mnt_root == path.dentry)
			stat->attributes |= STATX_ATTR_MOUNT_ROOT;
	}
	path_put(&path);
	return err;
}

int vfs_fstatat(int dfd, const char __user *filename, struct kstat *stat, int flags)
{
	return vfs_statx(dfd, filename, flags | AT_NO_AUTOMOUNT, stat, STATX_BASIC_STATS);
}

static int cp_new_stat(const struct kstat *stat, struct stat __user *statbuf)
{
	struct stat tmp = {
		.st_dev		= new_encode_dev(stat->dev),
		.st_ino		= stat->ino,
		.st_mode	= stat->mode,
		.st_nlink	= stat->nlink,
		.st_uid		= stat->uid.val,
		.st_gid		= stat->gid.val,
		.st_rdev	= new_encode_dev(stat->rdev),
		.st_size	= stat->size,
		.st_blksize	= stat->blksize,
		.st_blocks	= stat->blocks,
		.st_atime	= stat->atime.tv_sec,
		.st_atime_nsec	= stat->atime.tv_nsec,
		.st_mtime	= stat->mtime.tv_sec,
		.st_mtime_nsec	= stat->mtime.tv_nsec,
		.st_ctime	= stat->ctime.tv_sec,
		.st_ctime_nsec	= stat->ctime.tv_nsec,
	};

	return copy_to_user(statbuf, &tmp, sizeof(tmp)) ? -EFAULT : 0;
}

SYSCALL_DEFINE4(newfstatat, int, dfd, const char __user *, filename, struct stat __user *, statbuf,
		int, flag)
{
	struct kstat stat;
	int err = vfs_fstatat(dfd, filename, &stat, flag);

	return err ?: cp_new_stat(&stat, statbuf);
}

SYSCALL_DEFINE2(fstat, unsigned int, fd, struct stat __user *, statbuf)
{
	struct kstat stat;
	int err = vfs_fstat(fd, &stat);

	return err ?: cp_new_stat(&stat, statbuf);
}

static void to_statx_time(struct statx_timestamp *to, const struct timespec64 *from)
{
	to->tv_sec = from->tv_sec;
	to->tv_nsec = from->tv_nsec;
}

SYSCALL_DEFINE5(statx, int, dfd, const char __user *, filename, unsigned int, flags,
		unsigned int, mask, struct statx __user *, buffer)
{
	struct kstat stat;
	struct statx tmp;
	int err;

	if (mask & STATX__RESERVED)
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	err = vfs_statx(dfd, filename, flags, &stat, mask);
	if (err)
		return err;
	memset(&tmp, 0, sizeof(tmp));
	tmp.stx_mask = stat.result_mask;
	tmp.stx_blksize = stat.blksize;
	tmp.stx_attributes = stat.attributes & stat.attributes_mask;
	tmp.stx_attributes_mask = stat.attributes_mask;
	tmp.stx_nlink = stat.nlink;
	tmp.stx_uid = stat.uid.val;
	tmp.stx_gid = stat.gid.val;
	tmp.stx_mode = stat.mode;
	tmp.stx_ino = stat.ino;
	tmp.stx_size = stat.size;
	tmp.stx_blocks = stat.blocks;
	to_statx_time(&tmp.stx_atime, &stat.atime);
	to_statx_time(&tmp.stx_btime, &stat.btime);
	to_statx_time(&tmp.stx_ctime, &stat.ctime);
	to_statx_time(&tmp.stx_mtime, &stat.mtime);
	tmp.stx_rdev_major = MAJOR(stat.rdev);
	tmp.stx_rdev_minor = MINOR(stat.rdev);
	tmp.stx_dev_major = MAJOR(stat.dev);
	tmp.stx_dev_minor = MINOR(stat.dev);
	tmp.stx_mnt_id = stat.mnt_id;
	return copy_to_user(buffer, &tmp, sizeof(tmp)) ? -EFAULT : 0;
}

/* ------------------------------------------------------------------ readlink */

/** readlink_copy - a link's text to a program, without a NUL, cut off at @buflen bytes */
int readlink_copy(char __user *buffer, int buflen, const char *link)
{
	int len;

	if (IS_ERR(link))
		return PTR_ERR(link);
	len = min_t(int, strlen(link), buflen);
	return copy_to_user(buffer, link, len) ? -EFAULT : len;
}
EXPORT_SYMBOL(readlink_copy);

/** vfs_readlink - the text of a symbolic link; -EINVAL if it is none */
int vfs_readlink(struct dentry *dentry, char __user *buffer, int buflen)
{
	struct inode *inode = d_inode(dentry);
	struct delayed_call done = { };
	const char *link = inode->i_link;
	int res;

	if (inode->i_op->readlink)
		return inode->i_op->readlink(dentry, buffer, buflen);
	if (!S_ISLNK(inode->i_mode))
		return -EINVAL;
	if (!link) {
		if (!inode->i_op->get_link)
			return -EINVAL;
		link = inode->i_op->get_link(dentry, inode, &done);
	}
	res = readlink_copy(buffer, buflen, link);
	do_delayed_call(&done);
	return res;
}
EXPORT_SYMBOL(vfs_readlink);

SYSCALL_DEFINE4(readlinkat, int, dfd, const char __user *, pathname, char __user *, buf,
		int, bufsiz)
{
	struct path path;
	int empty = 0, err;

	if (bufsiz <= 0)
		return -EINVAL;
	err = user_path_at_empty(dfd, pathname, LOOKUP_EMPTY, &path, &empty);
	if (err)
		return err;
	if (d_is_symlink(path.dentry) || d_inode(path.dentry)->i_op->readlink) {
		touch_atime(&path);
		err = vfs_readlink(path.dentry, buf, bufsiz);
	} else {
		err = empty ? -ENOENT : -EINVAL;
	}
	path_put(&path);
	return err;
}
