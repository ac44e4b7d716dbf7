// SPDX-License-Identifier: MIT
/*
 * ioctl(2): the commands that every file understands; all others go to the file's own
 * ->unlocked_ioctl(), which answers -ENOTTY or -ENOIOCTLCMD to what it does not know.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/asm-generic/ioctls.h>
#include "internal.h"

/** vfs_ioctl - the file's own commands; -ENOTTY when it has none */
long vfs_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	long err;

	if (!filp->f_op->unlocked_ioctl)
		return -ENOTTY;
	err = filp->f_op->unlocked_ioctl(filp, cmd, arg);
	return err == -ENOIOCTLCMD ? -ENOTTY : err;
}

static long ioctl_fionbio(struct file *filp, int __user *argp)
{
	int on;

	if (copy_from_user(&on, argp, sizeof(on)))
		return -EFAULT;
	spin_lock(&filp->f_lock);
	if (on)
		filp->f_flags |= O_NONBLOCK;
	else
		filp->f_flags &= ~O_NONBLOCK;
	spin_unlock(&filp->f_lock);
	return 0;
}

static long ioctl_fibmap(struct file *filp, int __user *argp)
{
	struct address_space *mapping = filp->f_mapping;
	int block;

	if (current_cred()->euid.val != 0)
		return -EPERM;
	if (!mapping->a_ops->bmap)
		return -EINVAL;
	if (copy_from_user(&block, argp, sizeof(block)))
		return -EFAULT;
	if (block < 0)
		return -EINVAL;
	block = mapping->a_ops->bmap(mapping, block);
	return copy_to_user(argp, &block, sizeof(block)) ? -EFAULT : 0;
}

static long file_ioctl(struct file *filp, unsigned int cmd, int __user *argp)
{
	struct inode *inode = file_inode(filp);
	int left;

	switch (cmd) {
	case FIBMAP:
		return ioctl_fibmap(filp, argp);
	case FIONREAD:
		left = min_t(loff_t, INT_MAX, max_t(loff_t, 0, i_size_read(inode) - filp->f_pos));
		return copy_to_user(argp, &left, sizeof(left)) ? -EFAULT : 0;
	}
	return vfs_ioctl(filp, cmd, (unsigned long)argp);
}

static long do_vfs_ioctl(struct file *filp, unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct inode *inode = file_inode(filp);
	int __user *argp = (int __user *)arg;
	int bsz;

	switch (cmd) {
	case FIOCLEX:
		set_close_on_exec(fd, 1);
		return 0;
	case FIONCLEX:
		set_close_on_exec(fd, 0);
		return 0;
	case FIONBIO:
		return ioctl_fionbio(filp, argp);
	case FIGETBSZ:
		bsz = inode->i_sb->s_blocksize;
		return copy_to_user(argp, &bsz, sizeof(bsz)) ? -EFAULT : 0;
	}
	if (S_ISREG(inode->i_mode))
		return file_ioctl(filp, cmd, argp);
	return vfs_ioctl(filp, cmd, arg);
}

SYSCALL_DEFINE3(ioctl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = do_vfs_ioctl(f.file, fd, cmd, arg);
	fdput(f);
	return err;
}
