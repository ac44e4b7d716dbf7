// SPDX-License-Identifier: MIT
/*
 * rename(2): the one operation on two directories.
 *
 * lock_rename() decides the order: with one directory there is nothing to decide; with two, the
 * filesystem's s_vfs_rename_mutex keeps the shape of the tree still, an ancestor is locked before
 * its descendant, and two that are unrelated in the order of their addresses.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include "internal.h"

/**
 * lock_rename - locks two directories of one filesystem for a rename between them
 *
 * Returns the child of one by which the other is reached, if one is an ancestor, else NULL.
 */
struct dentry *lock_rename(struct dentry *p1, struct dentry *p2)
{
	struct dentry *p;

	if (p1 == p2) {
		inode_lock_nested(p1->d_inode, I_MUTEX_PARENT);
		return NULL;
	}
	mutex_lock(&p1->d_sb->s_vfs_rename_mutex);
	p = d_ancestor(p2, p1);
	if (p || (!(p = d_ancestor(p1, p2)) && p2 < p1)) {
		/* p2 is above p1, or they are unrelated and p2 has the lower address. */
		inode_lock_nested(p2->d_inode, I_MUTEX_PARENT);
		inode_lock_nested(p1->d_inode, I_MUTEX_PARENT2);
	} else {
		inode_lock_nested(p1->d_inode, I_MUTEX_PARENT);
		inode_lock_nested(p2->d_inode, I_MUTEX_PARENT2);
	}
	return p;
}
EXPORT_SYMBOL(lock_rename);

void unlock_rename(struct dentry *p1, struct dentry *p2)
{
	inode_unlock(p1->d_inode);
	if (p1 != p2) {
		inode_unlock(p2->d_inode);
		mutex_unlock(&p1->d_sb->s_vfs_rename_mutex);
	}
}
EXPORT_SYMBOL(unlock_rename);

/* The files themselves, when they are not directories; those are locked by their parents. */
static void lock_files(struct inode *a, struct inode *b)
{
	if (a && S_ISDIR(a->i_mode))
		a = NULL;
	if (b && (S_ISDIR(b->i_mode) || a == b))
		b = NULL;
	if (a && b && b < a)
		swap(a, b);
	if (a)
		inode_lock(a);
	if (b)
		inode_lock_nested(b, I_MUTEX_NONDIR2);	/* after a, of the lower address */
}

static void unlock_files(struct inode *a, struct inode *b)
{
	if (a && !S_ISDIR(a->i_mode))
		inode_unlock(a);
	if (b && !S_ISDIR(b->i_mode) && a != b)
		inode_unlock(b);
}

static int may_rename(struct renamedata *rd, bool exchange)
{
	bool is_dir = d_is_dir(rd->old_dentry), new_is_dir = d_is_dir(rd->new_dentry);
	int err = may_delete(rd->old_dir, rd->old_dentry, is_dir);

	if (err)
		return err;
	if (!rd->new_dentry->d_inode)
		err = may_create(rd->new_dir, rd->new_dentry);
	else
		err = may_delete(rd->new_dir, rd->new_dentry, exchange ? new_is_dir : is_dir);
	if (err)
		return err;
	/* A directory that gets another parent has its ".." changed. */
	if (rd->new_dir != rd->old_dir) {
		if (is_dir)
			err = inode_permission(&init_user_ns, rd->old_dentry->d_inode, MAY_WRITE);
		if (!err && exchange && new_is_dir)
			err = inode_permission(&init_user_ns, rd->new_dentry->d_inode, MAY_WRITE);
	}
	return err;
}

/**
 * vfs_rename - renames within one filesystem; both directories are locked by lock_rename()
 *
 * Onto a name that exists the rename replaces it: a directory only an empty directory, another
 * file only another file. Two names of one file: nothing is done, as POSIX has it.
 */
int vfs_rename(struct renamedata *rd)
{
	struct dentry *old_dentry = rd->old_dentry, *new_dentry = rd->new_dentry;
	struct inode *source = old_dentry->d_inode, *target = new_dentry->d_inode;
	bool exchange = rd->flags & RENAME_EXCHANGE;
	int err;

	if (source == target)
		return 0;
	err = may_rename(rd, exchange);
	if (err)
		return err;
	if (!rd->old_dir->i_op->rename)
		return -EPERM;

	dget(new_dentry);
	lock_files(source, target);
	if (target && S_ISDIR(target->i_mode) && !exchange)
		inode_lock(target);
	err = -EBUSY;
	if (is_local_mountpoint(old_dentry) || is_local_mountpoint(new_dentry))
		goto out;
	err = -EMLINK;
	if (d_is_dir(old_dentry) && !d_is_dir(new_dentry) && rd->old_dir != rd->new_dir &&
	    rd->new_dir->i_sb->s_max_links &&
	    rd->new_dir->i_nlink >= rd->new_dir->i_sb->s_max_links)
		goto out;
	err = rd->old_dir->i_op->rename(&init_user_ns, rd->old_dir, old_dentry, rd->new_dir,
					new_dentry, rd->flags);
	if (err)
		goto out;
	if (target && !exchange) {
		if (S_ISDIR(target->i_mode)) {
			shrink_dcache_parent(new_dentry);
			target->i_flags |= S_DEAD;
		}
		dont_mount(new_dentry);
	}
	if (exchange)
		d_exchange(old_dentry, new_dentry);
	else
		d_move(old_dentry, new_dentry);
out:
	if (target && S_ISDIR(target->i_mode) && !exchange)
		inode_unlock(target);
	unlock_files(source, target);
	dput(new_dentry);
	return err;
}
EXPORT_SYMBOL(vfs_rename);

struct rename_end {
	struct filename	*name;
	struct path	dir;
	struct qstr	last;
	int		type;
	struct dentry	*dentry;
};

/* The checks on the two names that need no filesystem. @trap is what lock_rename() returned. */
static int check_ends(struct rename_end *old, struct rename_end *new, struct dentry *trap,
		      unsigned int flags)
{
	if (d_is_negative(old->dentry))
		return -ENOENT;
	if ((flags & RENAME_NOREPLACE) && d_is_positive(new->dentry))
		return -EEXIST;
	if (flags & RENAME_EXCHANGE) {
		if (d_is_negative(new->dentry))
			return -ENOENT;
		if (!d_is_dir(new->dentry) && new->last.name[new->last.len])
			return -ENOTDIR;
	}
	if (!d_is_dir(old->dentry)) {
		if (old->last.name[old->last.len])
			return -ENOTDIR;
		if (!(flags & RENAME_EXCHANGE) && new->last.name[new->last.len])
			return -ENOTDIR;
	}
	/* Into itself or a directory below it; or onto one of its own ancestors. */
	if (old->dentry == trap)
		return -EINVAL;
	if (new->dentry == trap)
		return (flags & RENAME_EXCHANGE) ? -EINVAL : -ENOTEMPTY;
	return 0;
}

static int rename_locked(struct rename_end *old, struct rename_end *new, unsigned int flags)
{
	struct dentry *trap = lock_rename(new->dir.dentry, old->dir.dentry);
	struct inode *dropped = NULL;
	struct renamedata rd;
	int err;

	old->dentry = lookup_in_locked_dir(&old->last, old->dir.dentry, 0);
	if (IS_ERR(old->dentry)) {
		err = PTR_ERR(old->dentry);
		goto out;
	}
	new->dentry = lookup_in_locked_dir(&new->last, new->dir.dentry, LOOKUP_RENAME_TARGET);
	if (IS_ERR(new->dentry)) {
		err = PTR_ERR(new->dentry);
		goto out_old;
	}
	err = check_ends(old, new, trap, flags);
	if (!err) {
		rd = (struct renamedata){
			.old_dir = old->dir.dentry->d_inode, .old_dentry = old->dentry,
			.new_dir = new->dir.dentry->d_inode, .new_dentry = new->dentry,
			.flags = flags,
		};
		/* The blocks of a file that is replaced are freed when all is unlocked again. */
		dropped = new->dentry->d_inode;
		if (dropped)
			ihold(dropped);
		err = vfs_rename(&rd);
	}
	dput(new->dentry);
out_old:
	dput(old->dentry);
out:
	unlock_rename(new->dir.dentry, old->dir.dentry);
	iput(dropped);
	return err;
}

static int find_end(int dfd, struct rename_end *end)
{
	return filename_parentat(dfd, end->name, 0, &end->dir, &end->last, &end->type);
}

static int do_renameat2(int olddfd, const char __user *oldname, int newdfd,
			const char __user *newname, unsigned int flags)
{
	struct rename_end old, new;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	if ((flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)) && (flags & RENAME_EXCHANGE))
		return -EINVAL;
	if (flags & RENAME_WHITEOUT)
		return -EINVAL;		/* no filesystem here has whiteouts */

	old.name = getname(oldname);
	new.name = getname(newname);
	err = find_end(olddfd, &old);
	if (err)
		goto out_names;
	err = find_end(newdfd, &new);
	if (err)
		goto out_old;
	err = -EXDEV;
	if (old.dir.mnt != new.dir.mnt)
		goto out_new;
	err = -EBUSY;
	if (old.type != LAST_NORM)
		goto out_new;
	if (new.type != LAST_NORM) {
		err = (flags & RENAME_NOREPLACE) ? -EEXIST : -EBUSY;
		goto out_new;
	}
	err = mnt_want_write(old.dir.mnt);
	if (err)
		goto out_new;
	err = rename_locked(&old, &new, flags);
	mnt_drop_write(old.dir.mnt);
out_new:
	path_put(&new.dir);
out_old:
	path_put(&old.dir);
out_names:
	putname(new.name);
	putname(old.name);
	return err;
}

SYSCALL_DEFINE5(renameat2, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname, unsigned int, flags)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, flags);
}

SYSCALL_DEFINE4(renameat, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, 0);
}
