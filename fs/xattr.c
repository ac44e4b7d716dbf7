// SPDX-License-Identifier: MIT
/*
 * Extended attributes: no filesystem here stores any. The calls check their arguments and then
 * answer as Linux does on such a filesystem: nothing is listed, nothing can be read or set.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/namei.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/xattr.h>

/* The answer for a name in any namespace: not supported, or -ERANGE if it is no name. */
static int check_name(const char __user *name)
{
	char kname[XATTR_NAME_MAX + 1];
	long len = strncpy_from_user(kname, name, sizeof(kname));

	if (len < 0)
		return len;
	if (len == 0 || len == (long)sizeof(kname))
		return -ERANGE;
	return -EOPNOTSUPP;
}

static int path_exists(const char __user *pathname, unsigned int lookup_flags)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, pathname, lookup_flags, &path);

	if (!err)
		path_put(&path);
	return err;
}

static int fd_exists(int fd)
{
	struct fd f = fdget(fd);

	if (!f.file)
		return -EBADF;
	fdput(f);
	return 0;
}

static int check_set(const char __user *name, size_t size, int flags)
{
	int err;

	if (flags & ~(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	err = check_name(name);
	if (err == -EOPNOTSUPP && size > XATTR_SIZE_MAX)
		err = -E2BIG;
	return err;
}

SYSCALL_DEFINE5(setxattr, const char __user *, pathname, const char __user *, name,
		const void __user *, value, size_t, size, int, flags)
{
	return path_exists(pathname, LOOKUP_FOLLOW) ?: check_set(name, size, flags);
}

SYSCALL_DEFINE5(lsetxattr, const char __user *, pathname, const char __user *, name,
		const void __user *, value, size_t, size, int, flags)
{
	return path_exists(pathname, 0) ?: check_set(name, size, flags);
}

SYSCALL_DEFINE5(fsetxattr, int, fd, const char __user *, name, const void __user *, value,
		size_t, size, int, flags)
{
	return fd_exists(fd) ?: check_set(name, size, flags);
}

SYSCALL_DEFINE4(getxattr, const char __user *, pathname, const char __user *, name,
		void __user *, value, size_t, size)
{
	return path_exists(pathname, LOOKUP_FOLLOW) ?: check_name(name);
}

SYSCALL_DEFINE4(lgetxattr, const char __user *, pathname, const char __user *, name,
		void __user *, value, size_t, size)
{
	return path_exists(pathname, 0) ?: check_name(name);
}

SYSCALL_DEFINE4(fgetxattr, int, fd, const char __user *, name, void __user *, value, size_t, size)
{
	return fd_exists(fd) ?: check_name(name);
}

/* An empty list: that is the truth. */
SYSCALL_DEFINE3(listxattr, const char __user *, pathname, char __user *, list, size_t, size)
{
	return path_exists(pathname, LOOKUP_FOLLOW);
}

SYSCALL_DEFINE3(llistxattr, const char __user *, pathname, char __user *, list, size_t, size)
{
	return path_exists(pathname, 0);
}

SYSCALL_DEFINE3(flistxattr, int, fd, char __user *, list, size_t, size)
{
	return fd_exists(fd);
}

SYSCALL_DEFINE2(removexattr, const char __user *, pathname, const char __user *, name)
{
	return path_exists(pathname, LOOKUP_FOLLOW) ?: check_name(name);
}

SYSCALL_DEFINE2(lremovexattr, const char __user *, pathname, const char __user *, name)
{
	return path_exists(pathname, 0) ?: check_name(name);
}

SYSCALL_DEFINE2(fremovexattr, int, fd, const char __user *, name)
{
	return fd_exists(fd) ?: check_name(name);
}
