// SPDX-License-Identifier: MIT
/*
 * Changing directories: mknod, mkdir, symlink, link, unlink, rmdir.
 *
 * Each finds the parent directory by filename_parentat(), asks for write access to its mount,
 * locks the directory, looks the name up under the lock, checks, and calls the filesystem. The
 * vfs_ functions are the part below the locks; their callers hold the directory's i_rwsem.
 */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

/* ------------------------------------------------------------------ may it be done? */

/* In a sticky directory only the owners of the file and of the directory may remove the file. */
static bool sticky_forbids(struct inode *dir, struct inode *inode)
{
	if (!(dir->i_mode & S_ISVTX))
		return false;
	return !uid_eq(current_fsuid(), inode->i_uid) && !uid_eq(current_fsuid(), dir->i_uid) &&
	       !capable(CAP_FOWNER);
}

/**
 * may_delete - may the name @victim be removed from @dir?
 * @isdir: as a directory, that is by rmdir or by renaming a directory onto it
 */
int may_delete(struct inode *dir, struct dentry *victim, bool isdir)
{
	struct inode *inode = d_backing_inode(victim);
	int err;

	if (d_is_negative(victim))
		return -ENOENT;
	err = inode_permission(&init_user_ns, dir, MAY_WRITE | MAY_EXEC);
	if (err)
		return err;
	if (IS_APPEND(dir))
		return -EPERM;
	if (sticky_forbids(dir, inode) || IS_APPEND(inode) || IS_IMMUTABLE(inode) || IS_SWAPFILE(inode))
		return -EPERM;
	if (isdir) {
		if (!d_is_dir(victim))
			return -ENOTDIR;
		if (IS_ROOT(victim))
			return -EBUSY;
	} else if (d_is_dir(victim)) {
		return -EISDIR;
	}
	return IS_DEADDIR(dir) ? -ENOENT : 0;
}

/** may_create - may a name be added to @dir? */
int may_create(struct inode *dir, struct dentry *child)
{
	if (d_is_positive(child))
		return -EEXIST;
	if (IS_DEADDIR(dir))
		return -ENOENT;
	return inode_permission(&init_user_ns, dir, MAY_WRITE | MAY_EXEC);
}

/* ------------------------------------------------------------------ names not there yet */

/*
 * The negative dentry of a path, with its directory locked and write access taken;
 * done_path_create() undoes it all. -EEXIST when it is there. @lookup_flags: LOOKUP_DIRECTORY when
 * it will be a directory, whose name may end in a slash.
 */
static struct dentry *filename_create(int dfd, struct filename *name, struct path *path,
				      unsigned int lookup_flags)
{
	struct dentry *dentry = ERR_PTR(-EEXIST);
	struct qstr last;
	int type, err, want_write;

	err = filename_parentat(dfd, name, 0, path, &last, &type);
	if (err)
		return ERR_PTR(err);
	if (type != LAST_NORM)
		goto out;
	want_write = mnt_want_write(path->mnt);
	inode_lock_nested(path->dentry->d_inode, I_MUTEX_PARENT);
	dentry = lookup_in_locked_dir(&last, path->dentry, LOOKUP_CREATE | LOOKUP_EXCL);
	if (IS_ERR(dentry))
		goto out_unlock;
	if (d_is_positive(dentry))
		err = -EEXIST;
	else if (last.name[last.len] && !(lookup_flags & LOOKUP_DIRECTORY))
		err = -ENOENT;
	else
		err = want_write;
	if (!err)
		return dentry;
	dput(dentry);
	dentry = ERR_PTR(err);
out_unlock:
	inode_unlock(path->dentry->d_inode);
	if (!want_write)
		mnt_drop_write(path->mnt);
out:
	path_put(path);
	return dentry;
}

struct dentry *kern_path_create(int dfd, const char *pathname, struct path *path,
				unsigned int lookup_flags)
{
	struct filename *name = getname_kernel(pathname);
	struct dentry *dentry = filename_create(dfd, name, path, lookup_flags);

	putname(name);
	return dentry;
}
EXPORT_SYMBOL(kern_path_create);

struct dentry *user_path_create(int dfd, const char __user *pathname, struct path *path,
				unsigned int lookup_flags)
{
	struct filename *name = getname(pathname);
	struct dentry *dentry = filename_create(dfd, name, path, lookup_flags);

	putname(name);
	return dentry;
}

void done_path_create(struct path *path, struct dentry *dentry)
{
	dput(dentry);
	inode_unlock(path->dentry->d_inode);
	mnt_drop_write(path->mnt);
	path_put(path);
}
EXPORT_SYMBOL(done_path_create);

/** kern_path_locked - the dentry of a path, positive, with its directory locked for writing */
struct dentry *kern_path_locked(const char *pathname, struct path *path)
{
	struct filename *name = getname_kernel(pathname);
	struct dentry *dentry;
	struct qstr last;
	int type, err;

	err = filename_parentat(AT_FDCWD, name, 0, path, &last, &type);
	if (err) {
		dentry = ERR_PTR(err);
		goto out;
	}
	dentry = ERR_PTR(-EINVAL);
	if (type != LAST_NORM)
		goto out_put;
	inode_lock_nested(path->dentry->d_inode, I_MUTEX_PARENT);
	dentry = lookup_in_locked_dir(&last, path->dentry, 0);
	if (!IS_ERR(dentry) && d_is_negative(dentry)) {
		dput(dentry);
		dentry = ERR_PTR(-ENOENT);
	}
	if (!IS_ERR(dentry))
		goto out;
	inode_unlock(path->dentry->d_inode);
out_put:
	path_put(path);
out:
	putname(name);
	return dentry;
}

/* ------------------------------------------------------------------ create, mknod */

int vfs_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	       umode_t mode, bool want_excl)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->create)
		return -EACCES;
	return dir->i_op->create(mnt_userns, dir, dentry, (mode & S_IALLUGO) | S_IFREG, want_excl);
}
EXPORT_SYMBOL(vfs_create);

int vfs_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	      umode_t mode, dev_t dev)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !capable(CAP_MKNOD))
		return -EPERM;
	if (!dir->i_op->mknod)
		return -EPERM;
	return dir->i_op->mknod(mnt_userns, dir, dentry, mode, dev);
}
EXPORT_SYMBOL(vfs_mknod);

SYSCALL_DEFINE4(mknodat, int, dfd, const char __user *, filename, umode_t, mode, unsigned int, dev)
{
	struct dentry *dentry;
	struct path path;
	int err;

	switch (mode & S_IFMT) {
	case 0: case S_IFREG: case S_IFCHR: case S_IFBLK: case S_IFIFO: case S_IFSOCK:
		break;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
	dentry = user_path_create(dfd, filename, &path, 0);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	mode &= ~current_umask();
	if (!(mode & S_IFMT) || S_ISREG(mode))
		err = vfs_create(&init_user_ns, path.dentry->d_inode, dentry, mode, true);
	else
		err = vfs_mknod(&init_user_ns, path.dentry->d_inode, dentry, mode,
				S_ISCHR(mode) || S_ISBLK(mode) ? new_decode_dev(dev) : 0);
	done_path_create(&path, dentry);
	return err;
}

/* ------------------------------------------------------------------ mkdir, rmdir */

int vfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	      umode_t mode)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->mkdir)
		return -EPERM;
	if (dir->i_sb->s_max_links && dir->i_nlink >= dir->i_sb->s_max_links)
		return -EMLINK;
	return dir->i_op->mkdir(mnt_userns, dir, dentry, mode & (S_IRWXUGO | S_ISVTX));
}
EXPORT_SYMBOL(vfs_mkdir);

SYSCALL_DEFINE3(mkdirat, int, dfd, const char __user *, pathname, umode_t, mode)
{
	struct path path;
	struct dentry *dentry = user_path_create(dfd, pathname, &path, LOOKUP_DIRECTORY);
	int err;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	err = vfs_mkdir(&init_user_ns, path.dentry->d_inode, dentry, mode & ~current_umask());
	done_path_create(&path, dentry);
	return err;
}

int vfs_rmdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry)
{
	struct inode *victim = dentry->d_inode;
	int err = may_delete(dir, dentry, true);

	if (err)
		return err;
	if (!dir->i_op->rmdir)
		return -EPERM;
	dget(dentry);
	inode_lock(victim);
	err = -EBUSY;
	if (!is_local_mountpoint(dentry))
		err = dir->i_op->rmdir(dir, dentry);
	if (!err) {
		/* Who has it as working directory keeps it, but can put nothing into it. */
		shrink_dcache_parent(dentry);
		victim->i_flags |= S_DEAD;
		dont_mount(dentry);
	}
	inode_unlock(victim);
	dput(dentry);
	if (!err)
		d_delete(dentry);
	return err;
}
EXPORT_SYMBOL(vfs_rmdir);

/* What unlink and rmdir have in common. */
static int do_remove(int dfd, const char __user *pathname, bool isdir)
{
	struct filename *name = getname(pathname);
	struct inode *inode = NULL;
	struct dentry *dentry;
	struct path path;
	struct qstr last;
	int type, err;

	err = filename_parentat(dfd, name, 0, &path, &last, &type);
	if (err)
		goto out_name;
	if (type != LAST_NORM) {
		err = !isdir ? -EISDIR : type == LAST_DOTDOT ? -ENOTEMPTY :
		      type == LAST_DOT ? -EINVAL : -EBUSY;
		goto out_path;
	}
	err = mnt_want_write(path.mnt);
	if (err)
		goto out_path;
	inode_lock_nested(path.dentry->d_inode, I_MUTEX_PARENT);
	dentry = lookup_in_locked_dir(&last, path.dentry, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (err)
		goto out_unlock;
	if (d_is_negative(dentry)) {
		err = -ENOENT;
	} else if (isdir) {
		err = vfs_rmdir(&init_user_ns, path.dentry->d_inode, dentry);
	} else if (last.name[last.len]) {
		err = d_is_dir(dentry) ? -EISDIR : -ENOTDIR;
	} else {
		/* Its blocks, which may be many, are freed after the directory is unlocked. */
		inode = dentry->d_inode;
		ihold(inode);
		err = vfs_unlink(&init_user_ns, path.dentry->d_inode, dentry, NULL);
	}
	dput(dentry);
out_unlock:
	inode_unlock(path.dentry->d_inode);
	iput(inode);
	mnt_drop_write(path.mnt);
out_path:
	path_put(&path);
out_name:
	putname(name);
	return err;
}

int vfs_unlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	       struct inode **delegated_inode)
{
	struct inode *victim = dentry->d_inode;
	int err = may_delete(dir, dentry, false);

	if (err)
		return err;
	if (!dir->i_op->unlink)
		return -EPERM;
	inode_lock(victim);
	err = -EBUSY;
	if (!is_local_mountpoint(dentry))
		err = dir->i_op->unlink(dir, dentry);
	if (!err)
		dont_mount(dentry);
	inode_unlock(victim);
	if (!err)
		d_delete(dentry);
	return err;
}
EXPORT_SYMBOL(vfs_unlink);

SYSCALL_DEFINE3(unlinkat, int, dfd, const char __user *, pathname, int, flag)
{
	if (flag & ~AT_REMOVEDIR)
		return -EINVAL;
	return do_remove(dfd, pathname, flag & AT_REMOVEDIR);
}

/* ------------------------------------------------------------------ symlink, link */

int vfs_symlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		const char *target)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->symlink)
		return -EPERM;
	return dir->i_op->symlink(mnt_userns, dir, dentry, target);
}
EXPORT_SYMBOL(vfs_symlink);

SYSCALL_DEFINE3(symlinkat, const char __user *, oldname, int, newdfd, const char __user *, newname)
{
	struct filename *target = getname(oldname);
	struct dentry *dentry;
	struct path path;
	int err;

	if (IS_ERR(target))
		return PTR_ERR(target);
	dentry = user_path_create(newdfd, newname, &path, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = vfs_symlink(&init_user_ns, path.dentry->d_inode, dentry, target->name);
		done_path_create(&path, dentry);
	}
	putname(target);
	return err;
}

int vfs_link(struct dentry *old_dentry, struct user_namespace *mnt_userns, struct inode *dir,
	     struct dentry *new_dentry, struct inode **delegated_inode)
{
	struct inode *inode = old_dentry->d_inode;
	int err = may_create(dir, new_dentry);

	if (err)
		return err;
	if (dir->i_sb != inode->i_sb)
		return -EXDEV;
	if (IS_APPEND(inode) || IS_IMMUTABLE(inode) || !dir->i_op->link || S_ISDIR(inode->i_mode))
		return -EPERM;
	inode_lock(inode);
	/*
	 * A file whose last name is gone must not get a new one: its blocks are given up. One from
	 * O_TMPFILE never had any.
	 */
	if (!inode->i_nlink && !(inode->i_state & I_LINKABLE))
		err = -ENOENT;
	else if (dir->i_sb->s_max_links && inode->i_nlink >= dir->i_sb->s_max_links)
		err = -EMLINK;
	else
		err = dir->i_op->link(old_dentry, dir, new_dentry);
	if (!err && (inode->i_state & I_LINKABLE)) {
		spin_lock(&inode->i_lock);
		inode->i_state &= ~I_LINKABLE;
		spin_unlock(&inode->i_lock);
	}
	inode_unlock(inode);
	return err;
}
EXPORT_SYMBOL(vfs_link);

SYSCALL_DEFINE5(linkat, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname, int, flags)
{
	unsigned int how = 0;
	struct path old_path, new_path;
	struct dentry *new_dentry;
	int err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH) {
		if (!capable(CAP_DAC_READ_SEARCH))
			return -ENOENT;
		how |= LOOKUP_EMPTY;
	}
	if (flags & AT_SYMLINK_FOLLOW)
		how |= LOOKUP_FOLLOW;
	err = user_path_at(olddfd, oldname, how, &old_path);
	if (err)
		return err;
	new_dentry = user_path_create(newdfd, newname, &new_path, how & LOOKUP_EMPTY);
	err = PTR_ERR_OR_ZERO(new_dentry);
	if (!err) {
		err = -EXDEV;
		if (old_path.mnt == new_path.mnt)
			err = vfs_link(old_path.dentry, &init_user_ns, new_path.dentry->d_inode,
				       new_dentry, NULL);
		done_path_create(&new_path, new_dentry);
	}
	path_put(&old_path);
	return err;
}
