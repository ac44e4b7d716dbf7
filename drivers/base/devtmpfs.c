// SPDX-License-Identifier: MIT
/*
 * devtmpfs: a ramfs that the kernel fills with a node for each device, mounted on /dev.
 *
 * There is one instance. The kernel mounts it for itself before the first driver starts, and works
 * in it through that mount, whether or not it also shows in the tree of names.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/ramfs.h>
#include <linux/slab.h>
#include <linux/string.h>

static struct vfsmount *dev_mnt;

static int devtmpfs_get_tree(struct fs_context *fc)
{
	return get_tree_single(fc, ramfs_fill_super);
}

static const struct fs_context_operations devtmpfs_context_ops = {
	.free		= ramfs_free_fc,
	.parse_param	= ramfs_parse_param,
	.get_tree	= devtmpfs_get_tree,
};

static int devtmpfs_init_fs_context(struct fs_context *fc)
{
	int err = ramfs_init_fs_context(fc);

	fc->ops = &devtmpfs_context_ops;
	return err;
}

static struct file_system_type dev_fs_type = {
	.name		= "devtmpfs",
	.init_fs_context = devtmpfs_init_fs_context,
	.kill_sb	= ramfs_kill_sb,
};

/*
 * The folder that @name ("snd/timer") lies in, with a reference and its inode locked; *@last is set
 * to the last component. Folders on the way are made.
 */
static struct dentry *lock_parent(const char *name, const char **last)
{
	struct dentry *dir = dget(dev_mnt->mnt_root), *child;
	const char *slash;
	int err;

	while ((slash = strchr(name, '/')) != NULL) {
		inode_lock_nested(d_inode(dir), I_MUTEX_PARENT);
		child = lookup_one_len(name, dir, slash - name);
		err = PTR_ERR_OR_ZERO(child);
		if (!err && d_really_is_negative(child))
			err = vfs_mkdir(&init_user_ns, d_inode(dir), child, 0755);
		else if (!err && !d_is_dir(child))
			err = -ENOTDIR;
		inode_unlock(d_inode(dir));
		dput(dir);
		if (err) {
			if (!IS_ERR(child))
				dput(child);
			return ERR_PTR(err);
		}
		dir = child;
		name = slash + 1;
	}
	*last = name;
	inode_lock_nested(d_inode(dir), I_MUTEX_PARENT);
	return dir;
}

static void unlock_parent(struct dentry *dir)
{
	inode_unlock(d_inode(dir));
	dput(dir);
}

/**
 * devtmpfs_add - makes a device node
 * @name: its path below /dev
 * @mode: permissions and S_IFCHR or S_IFBLK
 *
 * Returns 0, -EEXIST, -ENOMEM. May sleep.
 */
int devtmpfs_add(const char *name, umode_t mode, dev_t devt)
{
	const char *last;
	struct dentry *dir = lock_parent(name, &last), *dentry;
	int err;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	dentry = lookup_one_len(last, dir, strlen(last));
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = vfs_mknod(&init_user_ns, d_inode(dir), dentry, mode, devt);
		dput(dentry);
	}
	unlock_parent(dir);
	return err;
}

/** devtmpfs_remove - removes a node; -ENOENT if a program has done that already */
int devtmpfs_remove(const char *name)
{
	const char *last;
	struct dentry *dir = lock_parent(name, &last), *dentry;
	int err;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	dentry = lookup_one_len(last, dir, strlen(last));
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = -ENOENT;
		if (d_really_is_positive(dentry))
			err = vfs_unlink(&init_user_ns, d_inode(dir), dentry, NULL);
		dput(dentry);
	}
	unlock_parent(dir);
	return err;
}

/** devtmpfs_create_node - the node of a device, named and permitted as its class wants it */
int devtmpfs_create_node(struct device *dev)
{
	umode_t mode = 0600;
	char *path = dev->class->devnode ? dev->class->devnode(dev, &mode) : NULL;
	int err;

	mode |= dev->class->block ? S_IFBLK : S_IFCHR;
	err = devtmpfs_add(path ?: dev->name, mode, dev->devt);
	kfree(path);
	return err;
}

int devtmpfs_delete_node(struct device *dev)
{
	char *path = dev->class->devnode ? dev->class->devnode(dev, NULL) : NULL;
	int err = devtmpfs_remove(path ?: dev->name);

	kfree(path);
	return err;
}

/** devtmpfs_mount - shows it on /dev, if the root filesystem has that folder */
int devtmpfs_mount(void)
{
	return init_mount("devtmpfs", "/dev", "devtmpfs", MS_SILENT, NULL);
}

/** devtmpfs_open - opens a node although nothing may be mounted on /dev */
struct file *devtmpfs_open(const char *name, int flags)
{
	struct path root = { .mnt = dev_mnt, .dentry = dev_mnt->mnt_root };

	return file_open_root(&root, name, flags, 0);
}

int __init devtmpfs_init(void)
{
	int err = register_filesystem(&dev_fs_type);

	if (err)
		return err;
	dev_mnt = kern_mount(&dev_fs_type);
	return PTR_ERR_OR_ZERO(dev_mnt);
}
core_initcall(devtmpfs_init);
