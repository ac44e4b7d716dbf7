// SPDX-License-Identifier: MIT
/* statfs(2) and fstatfs(2): how large and how full a filesystem is. */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

int statfs_by_dentry(struct dentry *dentry, struct kstatfs *buf)
{
	int err;

	if (!dentry->d_sb->s_op->statfs)
		return -ENOSYS;
	memset(buf, 0, sizeof(*buf));
	err = dentry->d_sb->s_op->statfs(dentry, buf);
	if (!err && buf->f_frsize == 0)
		buf->f_frsize = buf->f_bsize;
	return err;
}

static long mount_st_flags(struct vfsmount *mnt)
{
	int mnt_flags = mnt->mnt_flags;
	long flags = ST_VALID;

	if (__mnt_is_readonly(mnt))
		flags |= ST_RDONLY;
	if (mnt_flags & MNT_NOSUID)
		flags |= ST_NOSUID;
	if (mnt_flags & MNT_NODEV)
		flags |= ST_NODEV;
	if (mnt_flags & MNT_NOEXEC)
		flags |= ST_NOEXEC;
	if (mnt_flags & MNT_NOATIME)
		flags |= ST_NOATIME;
	if (mnt_flags & MNT_NODIRATIME)
		flags |= ST_NODIRATIME;
	if (mnt_flags & MNT_RELATIME)
		flags |= ST_RELATIME;
	if (mnt->mnt_sb->s_flags & SB_SYNCHRONOUS)
		flags |= ST_SYNCHRONOUS;
	return flags;
}

int vfs_statfs(const struct path *path, struct kstatfs *buf)
{
	int err = statfs_by_dentry(path->dentry, buf);

	if (!err)
		buf->f_flags = mount_st_flags(path->mnt);
	return err;
}
EXPORT_SYMBOL(vfs_statfs);

static int do_statfs(const struct kstatfs *st, struct statfs __user *p)
{
	struct statfs buf = {
		.f_type = st->f_type, .f_bsize = st->f_bsize, .f_blocks = st->f_blocks,
		.f_bfree = st->f_bfree, .f_bavail = st->f_bavail, .f_files = st->f_files,
		.f_ffree = st->f_ffree, .f_fsid = st->f_fsid, .f_namelen = st->f_namelen,
		.f_frsize = st->f_frsize, .f_flags = st->f_flags,
	};

	return copy_to_user(p, &buf, sizeof(buf)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(statfs, const char __user *, pathname, struct statfs __user *, buf)
{
	struct kstatfs st;
	struct path path;
	int err = user_path_at(AT_FDCWD, pathname, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = vfs_statfs(&path, &st);
	path_put(&path);
	return err ?: do_statfs(&st, buf);
}

SYSCALL_DEFINE2(fstatfs, unsigned int, fd, struct statfs __user *, buf)
{
	struct fd f = fdget_raw(fd);
	struct kstatfs st;
	int err;

	if (!f.file)
		return -EBADF;
	err = vfs_statfs(&f.file->f_path, &st);
	fdput(f);
	return err ?: do_statfs(&st, buf);
}
