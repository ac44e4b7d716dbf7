// SPDX-License-Identifier: MIT
/*
 * open(2) from the path on: walk to the last component, create it if that is asked for, check the
 * permissions, make the file open (do_dentry_open() in open.c), truncate it.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include "internal.h"
#include "nameidata.h"

/* May a file of this kind be opened so? @acc_mode 0 only for one that was just created. */
static int may_open(const struct path *path, int acc_mode, int flag)
{
	struct inode *inode = path->dentry->d_inode;
	int err;

	switch (inode->i_mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (acc_mode & MAY_WRITE)
			return -EISDIR;
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFBLK:
	case S_IFCHR:
		if (path->mnt->mnt_flags & MNT_NODEV)
			return -EACCES;
		fallthrough;
	case S_IFIFO:
	case S_IFSOCK:
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFREG:
		if ((acc_mode & MAY_EXEC) && path_noexec(path))
			return -EACCES;
		break;
	}
	err = inode_permission(&init_user_ns, inode, MAY_OPEN | acc_mode);
	if (err)
		return err;
	if (IS_APPEND(inode)) {
		if ((flag & O_ACCMODE) != O_RDONLY && !(flag & O_APPEND))
			return -EPERM;
		if (flag & O_TRUNC)
			return -EPERM;
	}
	if ((flag & O_NOATIME) && !inode_owner_or_capable(&init_user_ns, inode))
		return -EPERM;
	return 0;
}

/* O_TRUNC on an open file. */
static int handle_truncate(struct file *file)
{
	struct inode *inode = file_inode(file);
	int err;

	if (!S_ISREG(inode->i_mode))
		return 0;
	err = get_write_access(inode);
	if (err)
		return err;
	err = do_truncate(&init_user_ns, file->f_path.dentry, 0,
			  ATTR_MTIME | ATTR_CTIME | ATTR_OPEN, file);
	put_write_access(inode);
	return err;
}

/* nd->path is the file: the checks, and the open itself. */
static int do_open(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	int open_flag = op->open_flag, acc_mode = op->acc_mode, err;
	bool truncate = open_flag & O_TRUNC, got_write = false;

	if ((open_flag & O_CREAT) && d_is_dir(nd->path.dentry))
		return -EISDIR;
	if ((nd->flags & LOOKUP_DIRECTORY) && !d_can_lookup(nd->path.dentry))
		return -ENOTDIR;
	if (file->f_mode & FMODE_CREATED) {
		/* Its mode may forbid what its maker asks for: he gets it all the same. */
		open_flag &= ~O_TRUNC;
		acc_mode = 0;
		truncate = false;
	} else if (truncate && d_is_reg(nd->path.dentry)) {
		err = mnt_want_write(nd->path.mnt);
		if (err)
			return err;
		got_write = true;
	}
	err = may_open(&nd->path, acc_mode, open_flag);
	if (!err)
		err = vfs_open(&nd->path, file);
	if (!err && truncate)
		err = handle_truncate(file);
	if (got_write)
		mnt_drop_write(nd->path.mnt);
	return err;
}

static int may_o_create(struct dentry *dir, struct dentry *dentry)
{
	int err = may_create(dir->d_inode, dentry);

	if (!err && !dir->d_inode->i_op->create)
		err = -EACCES;
	return err;
}

/*
 * The dentry of nd->last when O_CREAT is set: found, or created under the directory's lock, and
 * then file->f_mode has FMODE_CREATED.
 */
static struct dentry *lookup_or_create(struct nameidata *nd, struct file *file,
				       const struct open_flags *op)
{
	struct dentry *dir = nd->path.dentry, *dentry;
	int want_write, err = 0;

	/* Most often the file is there; then nothing need be locked. */
	dentry = nd_lookup_cached(nd, dir);
	if (IS_ERR(dentry) || (dentry && d_is_positive(dentry)))
		return dentry;
	dput(dentry);

	want_write = mnt_want_write(nd->path.mnt);
	inode_lock(dir->d_inode);
	dentry = lookup_in_locked_dir(&nd->last, dir, nd->flags);
	if (!IS_ERR(dentry) && d_is_negative(dentry)) {
		err = want_write ?: may_o_create(dir, dentry);
		if (!err)
			err = dir->d_inode->i_op->create(&init_user_ns, dir->d_inode, dentry,
							 op->mode & ~current_umask(),
							 op->open_flag & O_EXCL);
		if (err) {
			dput(dentry);
			dentry = ERR_PTR(err);
		} else {
			file->f_mode |= FMODE_CREATED;
		}
	}
	inode_unlock(dir->d_inode);
	if (!want_write)
		mnt_drop_write(nd->path.mnt);
	return dentry;
}

/* The last component of an open. Returns 0 when nd->path is the file, 1 to walk on, or an error. */
static int open_last(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	bool follow = nd->flags & LOOKUP_FOLLOW;
	struct dentry *dentry;

	if (!(op->open_flag & O_CREAT) || nd->last_type != LAST_NORM) {
		if ((op->open_flag & O_CREAT) && nd->last_type != LAST_NORM)
			return walk_last(nd, follow) ?: -EISDIR;
		return walk_last(nd, follow);
	}
	if (nd->last_slash)
		return -EISDIR;
	dentry = lookup_or_create(nd, file, op);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	if ((op->open_flag & O_EXCL) && !(file->f_mode & FMODE_CREATED)) {
		dput(dentry);
		return -EEXIST;
	}
	return nd_step_to(nd, dentry, follow);
}

/** vfs_tmpfile - a new file in @parent's filesystem that has no name, opened as @file */
static int vfs_tmpfile(const struct path *parent, struct file *file, umode_t mode, int open_flag)
{
	static const struct qstr slash_name = QSTR_INIT("/", 1);
	struct inode *dir = d_inode(parent->dentry);
	struct dentry *child;
	int err = inode_permission(&init_user_ns, dir, MAY_WRITE | MAY_EXEC);

	if (err)
		return err;
	if (!dir->i_op->tmpfile)
		return -EOPNOTSUPP;
	child = d_alloc(parent->dentry, &slash_name);
	if (!child)
		return -ENOMEM;
	file->f_path = (struct path){ .mnt = parent->mnt, .dentry = child };
	err = dir->i_op->tmpfile(&init_user_ns, dir, file, mode & ~current_umask());
	if (!err && !(open_flag & O_EXCL)) {
		struct inode *inode = file_inode(file);

		spin_lock(&inode->i_lock);
		inode->i_state |= I_LINKABLE;
		spin_unlock(&inode->i_lock);
	}
	if (err)
		file->f_path = (struct path){ };	/* holds no references */
	dput(child);
	return err;
}

/* O_TMPFILE: nd->path is to be the directory. */
static int do_tmpfile(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	int err;

	if (!d_can_lookup(nd->path.dentry))
		return -ENOTDIR;
	err = mnt_want_write(nd->path.mnt);
	if (err)
		return err;
	err = vfs_tmpfile(&nd->path, file, op->mode, op->open_flag);
	mnt_drop_write(nd->path.mnt);
	return err;
}

static int path_openat(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	int err;

	do {
		err = walk_to_last(nd);
		if (!err)
			err = open_last(nd, file, op);
	} while (err > 0);
	if (err)
		return err;
	if (file->f_flags & O_PATH) {
		if ((nd->flags & LOOKUP_DIRECTORY) && !d_can_lookup(nd->path.dentry))
			return -ENOTDIR;
		return vfs_open(&nd->path, file);
	}
	if (op->open_flag & __O_TMPFILE)
		return do_tmpfile(nd, file, op);
	return do_open(nd, file, op);
}

static struct file *open_from(int dfd, struct filename *pathname, const struct open_flags *op,
			      struct path *root)
{
	struct nameidata nd;
	struct file *file;
	int err;

	file = alloc_empty_file(op->open_flag, current_cred());
	if (IS_ERR(file))
		return file;
	nd.given_root = root;
	err = nd_begin(&nd, dfd, pathname, op->lookup_flags | op->intent);
	if (!err)
		err = path_openat(&nd, file, op);
	nd_end(&nd);
	if (!err)
		return file;
	fput(file);
	return ERR_PTR(err);
}

/**
 * do_filp_open - opens a path
 * @dfd: where a relative path begins
 * @op: from build_open_flags()
 *
 * Returns an open file with one reference, or an error. Keeps @pathname.
 */
struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op)
{
	return open_from(dfd, pathname, op, NULL);
}

/** file_open_root - opens a path below a given directory, which is its root too */
struct file *file_open_root(const struct path *root, const char *filename, int flags, umode_t mode)
{
	struct filename *name = getname_kernel(filename);
	struct open_how how = build_open_how(flags, mode);
	struct path base = *root;
	struct open_flags op;
	struct file *file;
	int err;

	if (IS_ERR(name))
		return ERR_CAST(name);
	err = build_open_flags(&how, &op);
	file = err ? ERR_PTR(err) : open_from(AT_FDCWD, name, &op, &base);
	putname(name);
	return file;
}
