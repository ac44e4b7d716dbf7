// SPDX-License-Identifier: MIT
/*
 * What an inode says of its file besides the bytes: links, blocks, owner, times.
 *
 * Times are kept to the super block's granularity. A read moves atime only in the "relatime" way:
 * when the file has changed since it was last read, or a day has passed, so that reading does not
 * turn into writing.
 */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mount.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include "internal.h"

#define RELATIME_INTERVAL	(24 * 60 * 60)	/* seconds */

/* ------------------------------------------------------------------ links */

/* Such an inode, while in use, forbids remounting read-only: it has to be freed on disk later. */
static void lost_last_link(struct inode *inode)
{
	atomic_long_inc(&inode->i_sb->s_remove_count);
}

static void got_link_again(struct inode *inode)
{
	atomic_long_dec(&inode->i_sb->s_remove_count);
}

void clear_nlink(struct inode *inode)
{
	if (inode->i_nlink) {
		inode->__i_nlink = 0;
		lost_last_link(inode);
	}
}
EXPORT_SYMBOL(clear_nlink);

void drop_nlink(struct inode *inode)
{
	if (WARN_ON(inode->i_nlink == 0))
		return;
	inode->__i_nlink--;
	if (!inode->i_nlink)
		lost_last_link(inode);
}
EXPORT_SYMBOL(drop_nlink);

void set_nlink(struct inode *inode, unsigned int nlink)
{
	if (!nlink) {
		clear_nlink(inode);
		return;
	}
	if (inode->i_nlink == 0)
		got_link_again(inode);
	inode->__i_nlink = nlink;
}
EXPORT_SYMBOL(set_nlink);

void inc_nlink(struct inode *inode)
{
	if (inode->i_nlink == 0)
		got_link_again(inode);
	inode->__i_nlink++;
}
EXPORT_SYMBOL(inc_nlink);

/* ------------------------------------------------------------------ bytes */

loff_t inode_get_bytes(struct inode *inode)
{
	loff_t ret;

	spin_lock(&inode->i_lock);
	ret = ((loff_t)inode->i_blocks << 9) + inode->i_bytes;
	spin_unlock(&inode->i_lock);
	return ret;
}
EXPORT_SYMBOL(inode_get_bytes);

void inode_set_bytes(struct inode *inode, loff_t bytes)
{
	inode->i_blocks = bytes >> 9;
	inode->i_bytes = bytes & 511;
}
EXPORT_SYMBOL(inode_set_bytes);

void inode_add_bytes(struct inode *inode, loff_t bytes)
{
	spin_lock(&inode->i_lock);
	inode_set_bytes(inode, ((loff_t)inode->i_blocks << 9) + inode->i_bytes + bytes);
	spin_unlock(&inode->i_lock);
}
EXPORT_SYMBOL(inode_add_bytes);

void inode_sub_bytes(struct inode *inode, loff_t bytes)
{
	inode_add_bytes(inode, -bytes);
}
EXPORT_SYMBOL(inode_sub_bytes);

/* ------------------------------------------------------------------ owner and kind */

/** inode_init_owner - owner, group and mode of an inode made in @dir (NULL: in no directory) */
void inode_init_owner(struct user_namespace *mnt_userns, struct inode *inode,
		      const struct inode *dir, umode_t mode)
{
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	if (dir && (dir->i_mode & S_ISGID)) {
		inode->i_gid = dir->i_gid;
		if (S_ISDIR(mode))
			mode |= S_ISGID;
		else if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
			 !in_group_p(inode->i_gid) && !capable(CAP_FSETID))
			mode &= ~S_ISGID;
	}
	inode->i_mode = mode;
}
EXPORT_SYMBOL(inode_init_owner);

bool inode_owner_or_capable(struct user_namespace *mnt_userns, const struct inode *inode)
{
	return uid_eq(current_fsuid(), inode->i_uid) || capable(CAP_FOWNER);
}
EXPORT_SYMBOL(inode_owner_or_capable);

/** init_special_inode - makes an inode a device, a fifo or a socket; others cannot be opened */
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev)
{
	inode->i_mode = mode;
	if (S_ISCHR(mode)) {
		inode->i_fop = &def_chr_fops;
		inode->i_rdev = rdev;
	} else if (S_ISBLK(mode)) {
		inode->i_fop = &def_blk_fops;
		inode->i_rdev = rdev;
	} else if (S_ISFIFO(mode)) {
		inode->i_fop = &pipefifo_fops;
	}
}
EXPORT_SYMBOL(init_special_inode);

/* ------------------------------------------------------------------ times */

/** timestamp_truncate - a time as the filesystem can keep it */
struct timespec64 timestamp_truncate(struct timespec64 t, struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	unsigned int gran = sb->s_time_gran;

	t.tv_sec = clamp(t.tv_sec, sb->s_time_min, sb->s_time_max);
	if (t.tv_sec == sb->s_time_max || t.tv_sec == sb->s_time_min)
		t.tv_nsec = 0;
	if (gran == NSEC_PER_SEC)
		t.tv_nsec = 0;
	else if (gran > 1)
		t.tv_nsec -= t.tv_nsec % gran;
	return t;
}
EXPORT_SYMBOL(timestamp_truncate);

struct timespec64 current_time(struct inode *inode)
{
	struct timespec64 now;

	ktime_get_coarse_real_ts64(&now);
	return inode->i_sb->s_time_gran == 1 ? now : timestamp_truncate(now, inode);
}
EXPORT_SYMBOL(current_time);

/** generic_update_time - sets the times that @flags (S_ATIME...) name and marks the inode dirty */
int generic_update_time(struct inode *inode, struct timespec64 *time, int flags)
{
	if (flags & S_ATIME)
		inode->i_atime = *time;
	if (flags & S_CTIME)
		inode->i_ctime = *time;
	if (flags & S_MTIME)
		inode->i_mtime = *time;
	__mark_inode_dirty(inode, I_DIRTY_SYNC);
	return 0;
}
EXPORT_SYMBOL(generic_update_time);

int inode_update_time(struct inode *inode, struct timespec64 *time, int flags)
{
	if (inode->i_op->update_time)
		return inode->i_op->update_time(inode, time, flags);
	return generic_update_time(inode, time, flags);
}
EXPORT_SYMBOL(inode_update_time);

bool atime_needs_update(const struct path *path, struct inode *inode)
{
	int mnt_flags = path->mnt->mnt_flags;
	struct timespec64 now;

	if ((mnt_flags & MNT_NOATIME) || IS_NOATIME(inode))
		return false;
	if ((mnt_flags & MNT_NODIRATIME) && S_ISDIR(inode->i_mode))
		return false;
	now = current_time(inode);
	if (timespec64_equal(&inode->i_atime, &now))
		return false;
	if (!(mnt_flags & MNT_RELATIME))
		return true;
	return timespec64_compare(&inode->i_mtime, &inode->i_atime) >= 0 ||
	       timespec64_compare(&inode->i_ctime, &inode->i_atime) >= 0 ||
	       now.tv_sec - inode->i_atime.tv_sec >= RELATIME_INTERVAL;
}
EXPORT_SYMBOL(atime_needs_update);

/** touch_atime - the file has been read */
void touch_atime(const struct path *path)
{
	struct inode *inode = d_backing_inode(path->dentry);
	struct timespec64 now;

	if (!atime_needs_update(path, inode) || mnt_want_write(path->mnt))
		return;
	now = current_time(inode);
	inode_update_time(inode, &now, S_ATIME);
	mnt_drop_write(path->mnt);
}
EXPORT_SYMBOL(touch_atime);

/** file_update_time - the file is being written; i_rwsem held. The file holds write access */
int file_update_time(struct file *file)
{
	struct inode *inode = file_inode(file);
	struct timespec64 now = current_time(inode);
	int flags = 0;

	if (!timespec64_equal(&inode->i_mtime, &now))
		flags |= S_MTIME;
	if (!timespec64_equal(&inode->i_ctime, &now))
		flags |= S_CTIME;
	return flags ? inode_update_time(inode, &now, flags) : 0;
}
EXPORT_SYMBOL(file_update_time);

/* ------------------------------------------------------------------ set-id bits */

/** setattr_should_drop_suidgid - ATTR_MODE if a write or a new owner takes set-id bits away */
int setattr_should_drop_suidgid(struct inode *inode)
{
	umode_t mode = inode->i_mode;

	if (likely(!(mode & (S_ISUID | S_ISGID))) || !S_ISREG(mode))
		return 0;
	if (!(mode & S_ISUID) && !(mode & S_IXGRP))
		return 0;
	return ATTR_MODE;
}
EXPORT_SYMBOL(setattr_should_drop_suidgid);

/** file_remove_privs - a write by an unprivileged task takes set-user-id and set-group-id away */
int file_remove_privs(struct file *file)
{
	struct inode *inode = file_inode(file);
	struct iattr attr = { .ia_valid = ATTR_MODE | ATTR_FORCE };

	if (!setattr_should_drop_suidgid(inode) || capable(CAP_FSETID))
		return 0;
	attr.ia_mode = inode->i_mode & ~S_ISUID;
	if (attr.ia_mode & S_IXGRP)
		attr.ia_mode &= ~S_ISGID;
	return notify_change(&init_user_ns, file_dentry(file), &attr);
}
EXPORT_SYMBOL(file_remove_privs);

/** file_modified - both of the above, before a write; i_rwsem held */
int file_modified(struct file *file)
{
	int err = file_remove_privs(file);

	return err ?: file_update_time(file);
}
EXPORT_SYMBOL(file_modified);
