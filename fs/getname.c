// SPDX-License-Identifier: MIT
/*
 * What a path walk needs around it: the path copied in from a program, and the check whether a
 * task may do what it asks for.
 */
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* ------------------------------------------------------------------ paths from programs */

#define SHORT_NAME	(256 - sizeof(struct filename))

/**
 * getname_flags - copies a path in from a program
 * @flags: LOOKUP_EMPTY allows ""
 * @empty: set to 1 when it is "", if not NULL
 *
 * Returns it, for putname(), or -EFAULT, -ENAMETOOLONG, -ENOENT (empty), -ENOMEM.
 */
struct filename *getname_flags(const char __user *filename, int flags, int *empty)
{
	size_t room = SHORT_NAME;
	struct filename *result;
	long len;

	for (;;) {
		result = kmalloc(sizeof(*result) + room, GFP_KERNEL);
		if (!result)
			return ERR_PTR(-ENOMEM);
		len = strncpy_from_user(result->iname, filename, room);
		if (len < (long)room)
			break;
		kfree(result);
		if (room == PATH_MAX)
			return ERR_PTR(-ENAMETOOLONG);
		room = PATH_MAX;
	}
	if (len > 0)
		goto ok;
	if (len == 0) {
		if (empty)
			*empty = 1;
		if (flags & LOOKUP_EMPTY)
			goto ok;
		len = -ENOENT;
	}
	kfree(result);
	return ERR_PTR(len);
ok:
	result->name = result->iname;
	result->uptr = filename;
	result->refcnt = 1;
	return result;
}

struct filename *getname(const char __user *filename)
{
	return getname_flags(filename, 0, NULL);
}

struct filename *getname_uflags(const char __user *filename, int uflags)
{
	return getname_flags(filename, (uflags & AT_EMPTY_PATH) ? LOOKUP_EMPTY : 0, NULL);
}

/** getname_kernel - the same for a path that is in kernel memory */
struct filename *getname_kernel(const char *filename)
{
	size_t len = strlen(filename) + 1;
	struct filename *result;

	if (len > PATH_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	result = kmalloc(sizeof(*result) + len, GFP_KERNEL);
	if (!result)
		return ERR_PTR(-ENOMEM);
	memcpy(result->iname, filename, len);
	result->name = result->iname;
	result->uptr = NULL;
	result->refcnt = 1;
	return result;
}

void putname(struct filename *name)
{
	if (IS_ERR_OR_NULL(name))
		return;
	if (--name->refcnt == 0)
		kfree(name);
}

/* ------------------------------------------------------------------ permissions */

/** generic_permission - by owner, group and mode; root may do all but execute what nobody may */
int generic_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask)
{
	const struct cred *cred = current_cred();
	unsigned int mode = inode->i_mode;

	mask &= MAY_READ | MAY_WRITE | MAY_EXEC;
	if (cred->fsuid.val == 0) {
		if (!(mask & MAY_EXEC) || S_ISDIR(mode) || (mode & S_IXUGO))
			return 0;
		return -EACCES;
	}
	if (uid_eq(cred->fsuid, inode->i_uid))
		mode >>= 6;
	else if (in_group_p(inode->i_gid))
		mode >>= 3;
	return (mask & ~mode & 7) ? -EACCES : 0;
}
EXPORT_SYMBOL(generic_permission);

/**
 * inode_permission - may the current task do this to the file?
 * @mask: MAY_ bits
 *
 * Returns 0, -EACCES, or -EROFS and -EPERM when nobody may write it. No lock needed.
 */
int inode_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask)
{
	if (mask & MAY_WRITE) {
		umode_t mode = inode->i_mode;

		if (IS_RDONLY(inode) && (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode)))
			return -EROFS;
		if (IS_IMMUTABLE(inode))
			return -EPERM;
	}
	if (inode->i_op->permission)
		return inode->i_op->permission(mnt_userns, inode, mask);
	return generic_permission(mnt_userns, inode, mask);
}
EXPORT_SYMBOL(inode_permission);

int path_permission(const struct path *path, int mask)
{
	return inode_permission(&init_user_ns, d_inode(path->dentry), mask);
}

int file_permission(struct file *file, int mask)
{
	return inode_permission(&init_user_ns, file_inode(file), mask);
}
EXPORT_SYMBOL(file_permission);
