// SPDX-License-Identifier: MIT
/*
 * Mounting the root filesystem, and init's terminal.
 *
 * The machine starts in an empty ramfs. prepare_namespace() mounts the disk that root= names on
 * /root there, makes it every task's root, and shows devtmpfs on its /dev. Options: root=,
 * rootfstype=, rootflags=, ro, rw. Whatever is wrong is said in words, for here a newcomer's
 * first attempt ends.
 */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errname.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "init.h"

static char root_name[64] __initdata = "/dev/vda";
static char *root_fs_names __initdata;
static char *root_mount_data __initdata;
static unsigned long root_mountflags __initdata;

static int __init root_dev_setup(char *line)
{
	strscpy(root_name, line, sizeof(root_name));
	return 1;
}
__setup("root=", root_dev_setup);

static int __init fs_names_setup(char *str)
{
	root_fs_names = str;
	return 1;
}
__setup("rootfstype=", fs_names_setup);

static int __init root_data_setup(char *str)
{
	root_mount_data = str;
	return 1;
}
__setup("rootflags=", root_data_setup);

static int __init readonly(char *str)
{
	root_mountflags |= MS_RDONLY;
	return 1;
}
__setup("ro", readonly);

static int __init readwrite(char *str)
{
	root_mountflags &= ~MS_RDONLY;
	return 1;
}
__setup("rw", readwrite);

/* ------------------------------------------------------------------ which disk? */

/* "/dev/vda", "vda1", "PARTUUID=...", "254:0" or "fe00" as a device number; 0 if there is no such disk. */
static dev_t __init name_to_dev_t(const char *name)
{
	unsigned int major, minor;
	unsigned long hex;
	char rest;

	if (strncmp(name, "PARTUUID=", 9) == 0)
		return blk_lookup_partuuid(name + 9);
	if (strncmp(name, "/dev/", 5) == 0)
		return blk_lookup_devt(name + 5);
	if (blk_lookup_devt(name))
		return blk_lookup_devt(name);
	if (sscanf(name, "%u:%u%c", &major, &minor, &rest) == 2)
		return MKDEV(major, minor);
	if (kstrtoul(name, 16, &hex) == 0)
		return new_decode_dev(hex);
	return 0;
}

static dev_t __init find_root_dev(void)
{
	dev_t dev = name_to_dev_t(root_name);
	struct block_device *bdev;

	/* A number may be well-formed and yet belong to nothing. */
	if (dev) {
		bdev = blkdev_get_by_dev(dev, FMODE_READ, NULL);
		if (!IS_ERR(bdev)) {
			blkdev_put(bdev, FMODE_READ);
			return dev;
		}
	}
	if (nr_disks() == 0)
		panic("no root device: give QEMU -drive if=none,file=build/root.img,format=raw,id=root "
		      "-device virtio-blk-device,drive=root, or start it with "
		      "scripts/qemu --disk build/root.img");
	pr_emerg("root=%s: there is no such block device. These are the ones there are:\n",
		 root_name);
	printk_all_partitions();
	panic("root=%s names no disk: use one of those above, for example root=/dev/vda",
	      root_name);
}

/* ------------------------------------------------------------------ mounting it */

static int __init make_dir(const char *name)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, name, &path, LOOKUP_DIRECTORY);
	int err;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	err = vfs_mkdir(&init_user_ns, d_inode(path.dentry), dentry, 0700);
	done_path_create(&path, dentry);
	return err;
}

static int __init make_block_node(const char *name, dev_t dev)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, name, &path, 0);
	int err;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	err = vfs_mknod(&init_user_ns, d_inode(path.dentry), dentry, S_IFBLK | 0600, dev);
	done_path_create(&path, dentry);
	return err;
}

/* A copy each time: filesystems cut their options up in place. */
static int __init try_type(const char *node, const char *type)
{
	static char data[256] __initdata;

	if (root_mount_data)
		strscpy(data, root_mount_data, sizeof(data));
	return init_mount(node, "/root", type, root_mountflags, root_mount_data ? data : NULL);
}

/* Tries one type; a disk that cannot be written is mounted read-only. 0 or why it failed. */
static int __init mount_as(const char *node, const char *type)
{
	int err = try_type(node, type);

	if ((err == -EACCES || err == -EROFS) && !(root_mountflags & MS_RDONLY)) {
		pr_notice("%s is read-only, and so the root filesystem is\n", root_name);
		root_mountflags |= MS_RDONLY;
		err = try_type(node, type);
	}
	return err;
}

/* The types to try, NUL after each: those of rootfstype=, or all that live on a disk. */
static int __init types_to_try(char *buf, size_t size)
{
	struct file_system_type *type;
	int count = 0;
	char *p;

	if (!root_fs_names)
		return list_bdev_fs_names(buf, size);
	strscpy(buf, root_fs_names, size);
	for (p = buf; *p; p += strlen(p) + 1, count++) {
		char *comma = strchr(p, ',');

		if (comma)
			*comma = 0;
		type = get_fs_type(p);
		if (!type)
			panic("rootfstype=%s: this kernel has no filesystem of that name", p);
		if (!(type->fs_flags & FS_REQUIRES_DEV))
			panic("rootfstype=%s: this filesystem does not live on a disk", p);
		put_filesystem(type);
		if (!comma)
			return count + 1;
	}
	return count;
}

static void __init mount_root(dev_t dev)
{
	static char types[256] __initdata;
	char node[sizeof(root_name) + 8];
	const char *p = types;
	int count, err = -ENODEV;

	snprintf(node, sizeof(node), "/dev/%s",
		 strncmp(root_name, "/dev/", 5) ? "root" : root_name + 5);
	if (make_dir("/dev") || make_dir("/root") || make_block_node(node, dev))
		panic("no memory to mount the root filesystem");
	count = types_to_try(types, sizeof(types));
	for (int i = 0; i < count; i++, p += strlen(p) + 1) {
		err = mount_as(node, p);
		if (!err) {
			pr_info("VFS: mounted root (%s on %s) %s\n", p, root_name,
				root_mountflags & MS_RDONLY ? "read-only" : "read-write");
			return;
		}
		pr_err("VFS: %s is not a root filesystem of type %s: %s\n", root_name, p,
		       errname(err));
	}
	if (!count)
		panic("this kernel has no filesystem that lives on a disk");
	panic("cannot mount the root filesystem: %s holds none that this kernel can use (%s). "
	      "The lines above say why; 'make' builds a good one as build/root.img", root_name,
	      errname(err));
}

/* From here on "/" is the disk. */
static void __init enter_root(void)
{
	struct path root;
	int err = kern_path("/root", LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &root);

	if (err)
		panic("cannot enter the root filesystem: %s", errname(err));
	set_fs_pwd(current->fs, &root);
	set_fs_root(current->fs, &root);
	path_put(&root);
}

/** prepare_namespace - mounts the root filesystem and /dev, or panics with the reason */
void __init prepare_namespace(void)
{
	int err;

	mount_root(find_root_dev());
	enter_root();
	err = devtmpfs_mount();
	if (err)
		pr_warn("devtmpfs is not mounted: %s\n",
			err == -ENOENT ? "the root filesystem has no folder /dev" : errname(err));
}

/** console_on_rootfs - opens /dev/console as descriptors 0, 1 and 2 of init */
void __init console_on_rootfs(void)
{
	struct file *file = filp_open("/dev/console", O_RDWR, 0);

	/* Without a /dev in the tree the device is still there. */
	if (IS_ERR(file))
		file = devtmpfs_open("console", O_RDWR);
	if (IS_ERR(file)) {
		pr_err("cannot open the console: %s. Init has no descriptors 0, 1 and 2\n",
		       errname(PTR_ERR(file)));
		return;
	}
	for (int i = 0; i < 3; i++) {
		int fd = get_unused_fd_flags(0);

		if (fd < 0)
			panic("no memory for init's descriptors");
		fd_install(fd, get_file(file));
	}
	fput(file);
}
