// SPDX-License-Identifier: MIT
/*
 * mount(2), umount2(2), pivot_root(2), and the lines of /proc/mounts. The tree of
 * mounts itself is in namespace.c.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mount.h"

/* The options of mount(2): up to a page, and the program need not own all of that page. */
static void *copy_mount_options(const void __user *data)
{
	unsigned long left;
	char *copy;

	if (!data)
		return NULL;
	copy = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	left = copy_from_user(copy, data, PAGE_SIZE);
	if (left == PAGE_SIZE) {
		/* It may only be too near the end of memory: what is before the next page, then. */
		unsigned long size = PAGE_SIZE - offset_in_page(data);

		left = PAGE_SIZE;
		if (size < PAGE_SIZE)
			left = PAGE_SIZE - (size - copy_from_user(copy, data, size));
	}
	if (left == PAGE_SIZE) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	if (left)
		memset(copy + PAGE_SIZE - left, 0, left);
	copy[PAGE_SIZE - 1] = 0;
	return copy;
}

static char *copy_mount_string(const void __user *data)
{
	return data ? strndup_user(data, PATH_MAX) : NULL;
}

SYSCALL_DEFINE5(mount, char __user *, dev_name, char __user *, dir_name, char __user *, type,
		unsigned long, flags, void __user *, data)
{
	char *kernel_type, *kernel_dev, *options;
	struct path path;
	int err;

	kernel_type = copy_mount_string(type);
	if (IS_ERR(kernel_type))
		return PTR_ERR(kernel_type);
	kernel_dev = copy_mount_string(dev_name);
	err = PTR_ERR_OR_ZERO(kernel_dev);
	if (err)
		goto out_type;
	options = copy_mount_options(data);
	err = PTR_ERR_OR_ZERO(options);
	if (err)
		goto out_dev;
	err = user_path_at(AT_FDCWD, dir_name, LOOKUP_FOLLOW, &path);
	if (!err) {
		err = path_mount(kernel_dev, &path, kernel_type, flags, options);
		path_put(&path);
	}
	kfree(options);
out_dev:
	kfree(kernel_dev);
out_type:
	kfree(kernel_type);
	return err;
}

SYSCALL_DEFINE2(umount2, char __user *, name, int, flags)
{
	struct path path;
	int err;

	if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	err = user_path_at(AT_FDCWD, name, (flags & UMOUNT_NOFOLLOW) ? 0 : LOOKUP_FOLLOW, &path);
	return err ?: path_umount(&path, flags);
}

SYSCALL_DEFINE2(pivot_root, const char __user *, new_root, const char __user *, put_old)
{
	struct path new, old, root;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = user_path_at(AT_FDCWD, new_root, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &new);
	if (err)
		return err;
	err = user_path_at(AT_FDCWD, put_old, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &old);
	if (!err) {
		get_fs_root(current->fs, &root);
		err = pivot_mounts(&new, &old, &root);
		path_put(&root);
		path_put(&old);
	}
	path_put(&new);
	return err;
}

/* ------------------------------------------------------------------ /proc/mounts */

static void *m_start(struct seq_file *m, loff_t *pos)
{
	down_read(&namespace_sem);
	return seq_list_start(&mount_list, *pos);
}

static void *m_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &mount_list, pos);
}

static void m_stop(struct seq_file *m, void *v)
{
	up_read(&namespace_sem);
}

struct flag_name {
	int		flag;
	const char	*text;
};

static void show_flags(struct seq_file *m, int flags, const struct flag_name *names)
{
	for (; names->flag; names++)
		if (flags & names->flag)
			seq_puts(m, names->text);
}

static int show_vfsmnt(struct seq_file *m, void *v)
{
	static const struct flag_name sb_names[] = {
		{ SB_SYNCHRONOUS, ",sync" }, { SB_DIRSYNC, ",dirsync" }, { 0, NULL },
	};
	static const struct flag_name mnt_names[] = {
		{ MNT_NOSUID, ",nosuid" }, { MNT_NODEV, ",nodev" }, { MNT_NOEXEC, ",noexec" },
		{ MNT_NOATIME, ",noatime" }, { MNT_NODIRATIME, ",nodiratime" },
		{ MNT_RELATIME, ",relatime" }, { 0, NULL },
	};
	struct mount *r = list_entry(v, struct mount, mnt_list);
	struct path path = { .mnt = &r->mnt, .dentry = r->mnt.mnt_root };
	struct super_block *sb = r->mnt.mnt_sb;
	struct path root;
	int err;

	seq_escape(m, r->mnt_devname, " \t\n\\#");
	seq_putc(m, ' ');
	get_fs_root(current->fs, &root);
	err = seq_path_root(m, &path, &root, " \t\n\\");
	path_put(&root);
	if (err)
		return err;	/* SEQ_SKIP: not below the reader's root */
	seq_printf(m, " %s %s", sb->s_type->name, __mnt_is_readonly(&r->mnt) ? "ro" : "rw");
	show_flags(m, sb->s_flags, sb_names);
	show_flags(m, r->mnt.mnt_flags, mnt_names);
	if (sb->s_op->show_options)
		err = sb->s_op->show_options(m, r->mnt.mnt_root);
	seq_puts(m, " 0 0\n");
	return err;
}

const struct seq_operations mounts_op = {
	.start	= m_start,
	.next	= m_next,
	.stop	= m_stop,
	.show	= show_vfsmnt,
};
