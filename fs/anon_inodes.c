// SPDX-License-Identifier: MIT
/*
 * Files that are nothing but their operations: eventfd, timerfd, signalfd, epoll.
 *
 * Such a file needs an inode, since every file has one, but nothing is ever asked of it. So all of
 * them share the one inode of a filesystem that only the kernel mounts. Each has a dentry of its own,
 * whose name says what it is: /proc/PID/fd shows "anon_inode:[eventfd]".
 *
 * Locking: none. The inode and the mount are made at boot and stay.
 */
#include <linux/anon_inodes.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/panic.h>
#include <linux/pseudo_fs.h>

static struct vfsmount *anon_inode_mnt;
static struct inode *anon_inode_inode;

static char *anon_inodefs_dname(struct dentry *dentry, char *buffer, int buflen)
{
	return dynamic_dname(buffer, buflen, "anon_inode:%s", dentry->d_name.name);
}

static const struct dentry_operations anon_inodefs_dentry_operations = {
	.d_dname	= anon_inodefs_dname,
};

static int anon_inodefs_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, ANON_INODE_FS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->dops = &anon_inodefs_dentry_operations;
	return 0;
}

static struct file_system_type anon_inode_fs_type = {
	.name		= "anon_inodefs",
	.init_fs_context = anon_inodefs_init_fs_context,
	.kill_sb	= kill_anon_super,
};

/**
 * anon_inode_getfile - an open file with these operations
 * @name: its class, in brackets: "[eventfd]"
 * @priv: becomes ->private_data; stays the caller's when this fails
 * @flags: O_RDWR and the like, O_NONBLOCK
 *
 * -ENFILE or -ENOMEM. ->open() is not called; ->release() is, at the end.
 */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv,
				int flags)
{
	struct file *file;

	if (!fops_get(fops))
		return ERR_PTR(-ENOENT);
	ihold(anon_inode_inode);
	file = alloc_file_pseudo(anon_inode_inode, anon_inode_mnt, name,
				 flags & (O_ACCMODE | O_NONBLOCK), fops);
	if (IS_ERR(file)) {
		iput(anon_inode_inode);
		fops_put(fops);
		return file;
	}
	file->private_data = priv;
	return file;
}

/** anon_inode_getfd - the same with a descriptor for it; @flags also O_CLOEXEC. Or -EMFILE */
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	struct file *file;
	int fd = get_unused_fd_flags(flags);

	if (fd < 0)
		return fd;
	file = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static int __init anon_inode_init(void)
{
	int err = register_filesystem(&anon_inode_fs_type);

	if (err)
		return err;
	anon_inode_mnt = kern_mount(&anon_inode_fs_type);
	if (IS_ERR(anon_inode_mnt))
		panic("anon_inodefs: cannot be mounted: error %ld", PTR_ERR(anon_inode_mnt));
	anon_inode_inode = alloc_anon_inode(anon_inode_mnt->mnt_sb);
	if (IS_ERR(anon_inode_inode))
		panic("anon_inodefs: no inode: error %ld", PTR_ERR(anon_inode_inode));
	return 0;
}
fs_initcall(anon_inode_init);
