// SPDX-License-Identifier: MIT
/*
 * Changing a file's attributes: chmod, chown, utimes and truncate end in notify_change(), which
 * checks what the VFS can check and asks the filesystem's ->setattr().
 *
 * A filesystem's ->setattr() calls setattr_prepare() for the permissions, does its own part (the
 * blocks, when the size changes), then setattr_copy() and mark_inode_dirty(). i_rwsem is held.
 */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "internal.h"

/**
 * inode_newsize_ok - may the file become @offset bytes long?
 *
 * Returns 0, -EFBIG when the filesystem or RLIMIT_FSIZE forbids it (then with SIGXFSZ).
 */
int inode_newsize_ok(const struct inode *inode, loff_t offset)
{
	unsigned long limit;

	if (offset < 0)
		return -EINVAL;
	if (offset <= inode->i_size)
		return 0;
	limit = rlimit(RLIMIT_FSIZE);
	if (limit != RLIM_INFINITY && (u64)offset > limit) {
		send_sig(SIGXFSZ, current, 0);
		return -EFBIG;
	}
	return offset > inode->i_sb->s_maxbytes ? -EFBIG : 0;
}
EXPORT_SYMBOL(inode_newsize_ok);

static bool chown_ok(const struct inode *inode, const struct iattr *attr)
{
	if (capable(CAP_CHOWN))
		return true;
	return uid_eq(current_fsuid(), inode->i_uid) && uid_eq(attr->ia_uid, inode->i_uid);
}

static bool chgrp_ok(const struct inode *inode, const struct iattr *attr)
{
	if (capable(CAP_CHOWN))
		return true;
	return uid_eq(current_fsuid(), inode->i_uid) &&
	       (in_group_p(attr->ia_gid) || gid_eq(attr->ia_gid, inode->i_gid));
}

/** setattr_prepare - may the current task make this change? For ->setattr() */
int setattr_prepare(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	unsigned int ia_valid = attr->ia_valid;

	if (ia_valid & ATTR_SIZE) {
		int err = inode_newsize_ok(inode, attr->ia_size);

		if (err)
			return err;
	}
	if (ia_valid & ATTR_FORCE)
		return 0;
	if ((ia_valid & ATTR_UID) && !chown_ok(inode, attr))
		return -EPERM;
	if ((ia_valid & ATTR_GID) && !chgrp_ok(inode, attr))
		return -EPERM;
	if (ia_valid & ATTR_MODE) {
		kgid_t gid = (ia_valid & ATTR_GID) ? attr->ia_gid : inode->i_gid;

		if (!inode_owner_or_capable(mnt_userns, inode))
			return -EPERM;
		if (!in_group_p(gid) && !capable(CAP_FSETID))
			attr->ia_mode &= ~S_ISGID;
	}
	if ((ia_valid & (ATTR_MTIME_SET | ATTR_ATIME_SET | ATTR_TIMES_SET)) &&
	    !inode_owner_or_capable(mnt_userns, inode))
		return -EPERM;
	return 0;
}
EXPORT_SYMBOL(setattr_prepare);

/** setattr_copy - puts the new attributes, except the size, into the inode */
void setattr_copy(struct user_namespace *mnt_userns, struct inode *inode, const struct iattr *attr)
{
	unsigned int ia_valid = attr->ia_valid;

	if (ia_valid & ATTR_UID)
		inode->i_uid = attr->ia_uid;
	if (ia_valid & ATTR_GID)
		inode->i_gid = attr->ia_gid;
	if (ia_valid & ATTR_ATIME)
		inode->i_atime = attr->ia_atime;
	if (ia_valid & ATTR_MTIME)
		inode->i_mtime = attr->ia_mtime;
	if (ia_valid & ATTR_CTIME)
		inode->i_ctime = attr->ia_ctime;
	if (ia_valid & ATTR_MODE) {
		umode_t mode = attr->ia_mode;

		if (!in_group_p(inode->i_gid) && !capable(CAP_FSETID))
			mode &= ~S_ISGID;
		inode->i_mode = mode;
	}
}
EXPORT_SYMBOL(setattr_copy);

/* A change of owner, or a truncation by another, takes the set-id bits away. */
static void drop_set_id_bits(struct inode *inode, struct iattr *attr)
{
	umode_t mode = (attr->ia_valid & ATTR_MODE) ? attr->ia_mode : inode->i_mode;
	bool by_size = (attr->ia_valid & ATTR_SIZE) && !capable(CAP_FSETID);

	if (S_ISDIR(inode->i_mode) || !((attr->ia_valid & ATTR_KILL_SUID) || by_size))
		return;
	if (!(mode & S_ISUID) && (mode & (S_ISGID | S_IXGRP)) != (S_ISGID | S_IXGRP))
		return;
	if (by_size)
		attr->ia_valid |= ATTR_FORCE;	/* who may write need not be the owner */
	attr->ia_valid |= ATTR_MODE;
	attr->ia_mode = mode & ~S_ISUID;
	if (mode & S_IXGRP)
		attr->ia_mode &= ~S_ISGID;
}

/**
 * notify_change - makes a change of attributes
 * @attr: what is to change; times are completed here
 *
 * i_rwsem and write access to the mount are held. Returns 0 or what the filesystem says.
 */
int notify_change(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	unsigned int ia_valid = attr->ia_valid;
	struct timespec64 now = current_time(inode);
	int err;

	if ((ia_valid & (ATTR_MODE | ATTR_UID | ATTR_GID)) &&
	    (IS_IMMUTABLE(inode) || IS_APPEND(inode)))
		return -EPERM;
	if ((ia_valid & ATTR_SIZE) && IS_SWAPFILE(inode))
		return -ETXTBSY;
	if ((ia_valid & ATTR_TOUCH) && !inode_owner_or_capable(mnt_userns, inode)) {
		/* "Now" is allowed to whoever may write. */
		err = inode_permission(mnt_userns, inode, MAY_WRITE);
		if (err)
			return err;
	}

	if (!(ia_valid & ATTR_ATIME_SET))
		attr->ia_atime = now;
	else
		attr->ia_atime = timestamp_truncate(attr->ia_atime, inode);
	if (!(ia_valid & ATTR_MTIME_SET))
		attr->ia_mtime = now;
	else
		attr->ia_mtime = timestamp_truncate(attr->ia_mtime, inode);
	attr->ia_ctime = now;
	attr->ia_valid |= ATTR_CTIME;
	if (ia_valid & ATTR_MODE)
		attr->ia_mode = (attr->ia_mode & S_IALLUGO) | (inode->i_mode & ~S_IALLUGO);
	if (!(ia_valid & ATTR_FORCE))
		drop_set_id_bits(inode, attr);

	if (inode->i_op->setattr)
		return inode->i_op->setattr(mnt_userns, dentry, attr);
	return simple_setattr(mnt_userns, dentry, attr);
}
EXPORT_SYMBOL(notify_change);
