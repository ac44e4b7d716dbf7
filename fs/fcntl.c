// SPDX-License-Identifier: MIT
/*
 * fcntl(2): descriptors duplicated and marked, flags of open files, record locks, pipe sizes.
 */
#include <linux/file.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

static int setfl(struct file *filp, unsigned int arg)
{
	struct inode *inode = file_inode(filp);

	if (!(arg & O_APPEND) && IS_APPEND(inode))
		return -EPERM;
	if ((arg & O_NOATIME) && !(filp->f_flags & O_NOATIME) &&
	    !inode_owner_or_capable(&init_user_ns, inode))
		return -EPERM;
	if ((arg & O_DIRECT) && S_ISREG(inode->i_mode))
		return -EINVAL;
	spin_lock(&filp->f_lock);
	filp->f_flags = (arg & SETFL_MASK) | (filp->f_flags & ~SETFL_MASK);
	spin_unlock(&filp->f_lock);
	return 0;
}

static long fcntl_lock(unsigned int fd, unsigned int cmd, unsigned long arg, struct file *filp)
{
	struct flock __user *ufl = (struct flock __user *)arg;
	struct flock flock;
	int err;

	if (copy_from_user(&flock, ufl, sizeof(flock)))
		return -EFAULT;
	if (cmd != F_GETLK && cmd != F_OFD_GETLK)
		return fcntl_setlk(fd, filp, cmd, &flock);
	err = fcntl_getlk(filp, cmd, &flock);
	if (!err && copy_to_user(ufl, &flock, sizeof(flock)))
		err = -EFAULT;
	return err;
}

static long do_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg, struct file *filp)
{
	switch (cmd) {
	case F_DUPFD:
		return f_dupfd(arg, filp, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd(arg, filp, O_CLOEXEC);
	case F_GETFD:
		return get_close_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		set_close_on_exec(fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return filp->f_flags | (filp->f_mode & FMODE_PATH ? 0 : O_LARGEFILE);
	case F_SETFL:
		return setfl(filp, arg);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl_lock(fd, cmd, arg, filp);
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return pipe_fcntl(filp, cmd, arg);
	case F_ADD_SEALS:
	case F_GET_SEALS:
		return memfd_fcntl(filp, cmd, arg);
	default:
		return -EINVAL;		/* leases, owners and signals of files are not there */
	}
}

static bool allowed_on_path_file(unsigned int cmd)
{
	return cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC || cmd == F_GETFD || cmd == F_SETFD ||
	       cmd == F_GETFL;
}

SYSCALL_DEFINE3(fcntl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget_raw(fd);
	long err = -EBADF;

	if (!f.file)
		return err;
	if (!(f.file->f_mode & FMODE_PATH) || allowed_on_path_file(cmd))
		err = do_fcntl(fd, cmd, arg, f.file);
	fdput(f);
	return err;
}
