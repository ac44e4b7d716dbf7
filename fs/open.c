// SPDX-License-Identifier: MIT
/*
 * Opening a file once its path is known, and the calls that change a file by name or descriptor:
 * truncate, chmod, chown, access, chdir. The path walk of an open is in namei_open.c.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

/* ------------------------------------------------------------------ making a file open */

static const struct file_operations empty_fops;

/* Write access, which __fput() gives back. Devices and pipes do not belong to the filesystem. */
static int get_file_write_access(struct file *f, struct inode *inode)
{
	umode_t mode = inode->i_mode;
	int err;

	if (S_ISCHR(mode) || S_ISBLK(mode) || S_ISFIFO(mode) || S_ISSOCK(mode))
		return 0;
	err = get_write_access(inode);
	if (err)
		return err;
	err = mnt_want_write(f->f_path.mnt);
	if (err) {
		put_write_access(inode);
		return err;
	}
	f->f_mode |= FMODE_WRITER;
	return 0;
}

/*
 * f->f_path is set and referenced. On success the file is open; on failure the references are
 * dropped and f is as empty as it came from alloc_empty_file().
 */
int do_dentry_open(struct file *f, struct inode *inode)
{
	int err;

	f->f_inode = inode;
	f->f_mapping = inode->i_mapping;
	f->f_wb_err = filemap_sample_wb_err(f->f_mapping);

	if (unlikely(f->f_flags & O_PATH)) {
		f->f_mode = FMODE_PATH | FMODE_OPENED;
		f->f_op = &empty_fops;
		return 0;
	}
	if (f->f_mode & FMODE_WRITE) {
		err = get_file_write_access(f, inode);
		if (err)
			goto out_path;
	}
	if (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode))
		f->f_mode |= FMODE_ATOMIC_POS;
	f->f_op = fops_get(inode->i_fop);
	if (unlikely(!f->f_op)) {
		err = -ENODEV;
		goto out_write;
	}
	f->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	if (f->f_op->open) {
		err = f->f_op->open(inode, f);
		if (err)
			goto out_write;
	}
	/* Only now: a block device's node has another inode's pages. */
	file_ra_state_init(&f->f_ra, f->f_mapping);
	f->f_mode |= FMODE_OPENED;
	if ((f->f_mode & FMODE_READ) && (f->f_op->read || f->f_op->read_iter))
		f->f_mode |= FMODE_CAN_READ;
	if ((f->f_mode & FMODE_WRITE) && (f->f_op->write || f->f_op->write_iter))
		f->f_mode |= FMODE_CAN_WRITE;
	if (!f->f_op->llseek)
		f->f_mode &= ~FMODE_LSEEK;
	f->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	/* Everything goes through the page cache: there is no direct I/O to files. */
	if ((f->f_flags & O_DIRECT) && S_ISREG(inode->i_mode)) {
		if (f->f_op->release)
			f->f_op->release(inode, f);
		f->f_mode &= ~FMODE_OPENED;
		err = -EINVAL;
		goto out_write;
	}
	return 0;

out_write:
	fops_put(f->f_op);
	f->f_op = NULL;
	if (f->f_mode & FMODE_WRITER) {
		f->f_mode &= ~FMODE_WRITER;
		put_write_access(inode);
		mnt_drop_write(f->f_path.mnt);
	}
out_path:
	path_put(&f->f_path);
	f->f_path = (struct path){ };
	f->f_inode = NULL;
	return err;
}

/** finish_open - makes @file, whose f_path.mnt is set but not counted, an open file of @dentry */
int finish_open(struct file *file, struct dentry *dentry,
		int (*open)(struct inode *, struct file *))
{
	file->f_path.dentry = dentry;
	path_get(&file->f_path);
	return do_dentry_open(file, d_backing_inode(dentry));
}

/** vfs_open - opens what @path leads to; permissions are the caller's matter */
int vfs_open(const struct path *path, struct file *file)
{
	file->f_path = *path;
	path_get(&file->f_path);
	return do_dentry_open(file, d_backing_inode(path->dentry));
}

/** dentry_open - a new open file of a known path */
struct file *dentry_open(const struct path *path, int flags, const struct cred *cred)
{
	struct file *f = alloc_empty_file(flags, cred);
	int err;

	if (IS_ERR(f))
		return f;
	err = vfs_open(path, f);
	if (err) {
		fput(f);
		return ERR_PTR(err);
	}
	return f;
}
EXPORT_SYMBOL(dentry_open);

/* ------------------------------------------------------------------ the flags of open(2) */

struct open_how build_open_how(int flags, umode_t mode)
{
	struct open_how how = { .flags = flags & VALID_OPEN_FLAGS, .mode = mode & S_IALLUGO };

	/* O_PATH beats the flags that it does not go with. */
	if (how.flags & O_PATH)
		how.flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	if (!(how.flags & (O_CREAT | __O_TMPFILE)))
		how.mode = 0;
	return how;
}

static unsigned int resolve_to_lookup(u64 resolve)
{
	unsigned int flags = 0;

	if (resolve & RESOLVE_NO_XDEV)
		flags |= LOOKUP_NO_XDEV;
	if (resolve & RESOLVE_NO_MAGICLINKS)
		flags |= LOOKUP_NO_MAGICLINKS;
	if (resolve & RESOLVE_NO_SYMLINKS)
		flags |= LOOKUP_NO_SYMLINKS | LOOKUP_NO_MAGICLINKS;
	if (resolve & RESOLVE_BENEATH)
		flags |= LOOKUP_BENEATH;
	if (resolve & RESOLVE_IN_ROOT)
		flags |= LOOKUP_IN_ROOT;
	return flags;
}

/* Checks open(2)'s and openat2(2)'s flags and turns them into what the path walk needs. */
int build_open_flags(const struct open_how *how, struct open_flags *op)
{
	static const int acc_modes[] = {
		MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE, MAY_READ | MAY_WRITE,
	};
	u64 flags = how->flags;
	int acc_mode = acc_modes[flags & O_ACCMODE];

	flags &= ~(u64)(O_LARGEFILE | FASYNC);
	if (flags & ~(u64)VALID_OPEN_FLAGS || how->resolve & ~(u64)VALID_RESOLVE_FLAGS)
		return -EINVAL;
	if ((how->resolve & RESOLVE_BENEATH) && (how->resolve & RESOLVE_IN_ROOT))
		return -EINVAL;
	if (how->resolve & RESOLVE_CACHED)
		return -EAGAIN;		/* the cache cannot be asked alone */
	if (flags & (O_CREAT | __O_TMPFILE)) {
		if (how->mode & ~(u64)S_IALLUGO)
			return -EINVAL;
		op->mode = how->mode | S_IFREG;
	} else {
		if (how->mode)
			return -EINVAL;
		op->mode = 0;
	}
	if (flags & __O_TMPFILE) {
		if ((flags & O_TMPFILE) != O_TMPFILE || !(acc_mode & MAY_WRITE) ||
		    (flags & O_CREAT))
			return -EINVAL;
	}
	if ((flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
		flags &= ~(u64)O_DIRECTORY;	/* Linux 6.1 creates a regular file */
	if (flags & O_PATH) {
		if (flags & ~(u64)(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
			return -EINVAL;
		acc_mode = 0;
	}
	if (flags & __O_SYNC)
		flags |= O_DSYNC;
	if (flags & O_TRUNC)
		acc_mode |= MAY_WRITE;
	if (flags & O_APPEND)
		acc_mode |= MAY_APPEND;

	op->open_flag = flags;
	op->acc_mode = acc_mode;
	op->intent = (flags & O_PATH) ? 0 : LOOKUP_OPEN;
	if (flags & O_CREAT) {
		op->intent |= LOOKUP_CREATE;
		if (flags & O_EXCL) {
			op->intent |= LOOKUP_EXCL;
			flags |= O_NOFOLLOW;
		}
	}
	op->lookup_flags = resolve_to_lookup(how->resolve);
	if (flags & O_DIRECTORY)
		op->lookup_flags |= LOOKUP_DIRECTORY;
	if (!(flags & O_NOFOLLOW))
		op->lookup_flags |= LOOKUP_FOLLOW;
	return 0;
}

/* ------------------------------------------------------------------ open and close */

struct file *file_open_name(struct filename *name, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);
	struct open_flags op;
	int err = build_open_flags(&how, &op);

	return err ? ERR_PTR(err) : do_filp_open(AT_FDCWD, name, &op);
}

/** filp_open - opens a path for the kernel itself; fput() or filp_close() ends it */
struct file *filp_open(const char *filename, int flags, umode_t mode)
{
	struct filename *name = getname_kernel(filename);
	struct file *file = ERR_CAST(name);

	if (!IS_ERR(name))
		file = file_open_name(name, flags, mode);
	putname(name);
	return file;
}
EXPORT_SYMBOL(filp_open);

static long do_sys_openat2(int dfd, const char __user *filename, struct open_how *how)
{
	struct open_flags op;
	struct filename *name;
	struct file *f;
	int fd = build_open_flags(how, &op);

	if (fd)
		return fd;
	name = getname(filename);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags(how->flags);
	if (fd >= 0) {
		f = do_filp_open(dfd, name, &op);
		if (IS_ERR(f)) {
			put_unused_fd(fd);
			fd = PTR_ERR(f);
		} else {
			fd_install(fd, f);
		}
	}
	putname(name);
	return fd;
}

long do_sys_open(int dfd, const char __user *filename, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);

	return do_sys_openat2(dfd, filename, &how);
}

SYSCALL_DEFINE4(openat, int, dfd, const char __user *, filename, int, flags, umode_t, mode)
{
	return do_sys_open(dfd, filename, flags, mode);
}

SYSCALL_DEFINE4(openat2, int, dfd, const char __user *, filename, struct open_how __user *, how,
		size_t, usize)
{
	struct open_how tmp;
	int err;

	if (usize < OPEN_HOW_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(&tmp, sizeof(tmp), how, usize);
	return err ?: do_sys_openat2(dfd, filename, &tmp);
}

/** filp_close - a descriptor is closed: tells the file, drops @id's locks and the reference */
int filp_close(struct file *filp, void *id)
{
	int ret = 0;

	if (filp->f_op->flush)
		ret = filp->f_op->flush(filp, id);
	if (!(filp->f_mode & FMODE_PATH))
		locks_remove_posix(filp, id);
	fput(filp);
	return ret;
}
EXPORT_SYMBOL(filp_close);

/** generic_file_open - ->open() of a file that can be of any size: nothing to check on 64 bits */
int generic_file_open(struct inode *inode, struct file *filp)
{
	return 0;
}
EXPORT_SYMBOL(generic_file_open);

int nonseekable_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}
EXPORT_SYMBOL(nonseekable_open);

int stream_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	filp->f_mode |= FMODE_STREAM;
	return 0;
}
EXPORT_SYMBOL(stream_open);

/* ------------------------------------------------------------------ truncate, fallocate */

/** do_truncate - sets a file's length in bytes; write access to mount and inode is held */
int do_truncate(struct user_namespace *mnt_userns, struct dentry *dentry, loff_t length,
		unsigned int time_attrs, struct file *filp)
{
	struct iattr newattrs = { .ia_size = length, .ia_valid = ATTR_SIZE | time_attrs };
	int err;

	if (length < 0)
		return -EINVAL;
	if (filp) {
		newattrs.ia_file = filp;
		newattrs.ia_valid |= ATTR_FILE;
	}
	inode_lock(dentry->d_inode);
	err = notify_change(mnt_userns, dentry, &newattrs);
	inode_unlock(dentry->d_inode);
	return err;
}

int vfs_truncate(const struct path *path, loff_t length)
{
	struct inode *inode = path->dentry->d_inode;
	int err;

	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	err = mnt_want_write(path->mnt);
	if (err)
		return err;
	err = inode_permission(&init_user_ns, inode, MAY_WRITE);
	if (!err && IS_APPEND(inode))
		err = -EPERM;
	if (!err)
		err = get_write_access(inode);
	if (!err) {
		err = do_truncate(&init_user_ns, path->dentry, length, ATTR_MTIME | ATTR_CTIME,
				  NULL);
		put_write_access(inode);
	}
	mnt_drop_write(path->mnt);
	return err;
}

SYSCALL_DEFINE2(truncate, const char __user *, pathname, long, length)
{
	struct path path;
	int err;

	if (length < 0)
		return -EINVAL;
	err = user_path_at(AT_FDCWD, pathname, LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	err = vfs_truncate(&path, length);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE2(ftruncate, unsigned int, fd, unsigned long, length)
{
	struct fd f;
	int err = -EINVAL;

	if ((long)length < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (S_ISREG(file_inode(f.file)->i_mode) && (f.file->f_mode & FMODE_WRITE)) {
		err = -EPERM;
		if (!IS_APPEND(file_inode(f.file)))
			err = do_truncate(&init_user_ns, f.file->f_path.dentry, length,
					  ATTR_MTIME | ATTR_CTIME, f.file);
	}
	fdput(f);
	return err;
}

int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);

	if (offset < 0 || len <= 0)
		return -EINVAL;
	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE |
		     FALLOC_FL_ZERO_RANGE | FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE))
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) && !(mode & FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (IS_IMMUTABLE(inode) || (IS_APPEND(inode) && (mode & ~FALLOC_FL_KEEP_SIZE)))
		return -EPERM;
	if (IS_SWAPFILE(inode))
		return -ETXTBSY;
	if (S_ISFIFO(inode->i_mode))
		return -ESPIPE;
	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode) && !S_ISBLK(inode->i_mode))
		return -ENODEV;
	if (offset + len > inode->i_sb->s_maxbytes || offset + len < 0)
		return -EFBIG;
	if (!file->f_op->fallocate)
		return -EOPNOTSUPP;
	return file->f_op->fallocate(file, mode, offset, len);
}
EXPORT_SYMBOL(vfs_fallocate);

SYSCALL_DEFINE4(fallocate, int, fd, int, mode, loff_t, offset, loff_t, len)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = vfs_fallocate(f.file, mode, offset, len);
	fdput(f);
	return err;
}

/* ------------------------------------------------------------------ access */

/* access(2) asks for the real user, not the effective one: a cred like that, for a while. */
static const struct cred *access_override_creds(void)
{
	struct cred *cred = prepare_creds();
	const struct cred *old;

	if (!cred)
		return NULL;
	cred->fsuid = cred->uid;
	cred->fsgid = cred->gid;
	old = override_creds(cred);
	put_cred(cred);		/* override_creds() took its own reference */
	return old;
}

static long do_faccessat(int dfd, const char __user *filename, int mode, int flags)
{
	unsigned int lookup_flags = LOOKUP_FOLLOW;
	const struct cred *old_cred = NULL;
	struct inode *inode;
	struct path path;
	int res;

	if (mode & ~S_IRWXO)
		return -EINVAL;
	if (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_SYMLINK_NOFOLLOW)
		lookup_flags &= ~LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		lookup_flags |= LOOKUP_EMPTY;

	if (!(flags & AT_EACCESS) && (!uid_eq(current_fsuid(), current_uid()) ||
				      !gid_eq(current_fsgid(), current_gid()))) {
		old_cred = access_override_creds();
		if (!old_cred)
			return -ENOMEM;
	}
	res = user_path_at(dfd, filename, lookup_flags, &path);
	if (res)
		goto out;
	inode = d_backing_inode(path.dentry);
	res = -EACCES;
	if ((mode & MAY_EXEC) && S_ISREG(inode->i_mode) && path_noexec(&path))
		goto out_path;
	res = inode_permission(&init_user_ns, inode, mode | MAY_ACCESS);
	/* The mount may be read-only where the filesystem is not; a device may be written still. */
	if (!res && (mode & S_IWOTH) && !S_ISCHR(inode->i_mode) && !S_ISBLK(inode->i_mode) &&
	    !S_ISFIFO(inode->i_mode) && __mnt_is_readonly(path.mnt))
		res = -EROFS;
out_path:
	path_put(&path);
out:
	if (old_cred)
		revert_creds(old_cred);
	return res;
}

SYSCALL_DEFINE3(faccessat, int, dfd, const char __user *, filename, int, mode)
{
	return do_faccessat(dfd, filename, mode, 0);
}

SYSCALL_DEFINE4(faccessat2, int, dfd, const char __user *, filename, int, mode, int, flags)
{
	return do_faccessat(dfd, filename, mode, flags);
}

/* ------------------------------------------------------------------ chdir, chroot */

SYSCALL_DEFINE1(chdir, const char __user *, filename)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, filename, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = path_permission(&path, MAY_EXEC | MAY_CHDIR);
	if (!err)
		set_fs_pwd(current->fs, &path);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE1(fchdir, unsigned int, fd)
{
	struct fd f = fdget_raw(fd);
	int err = -ENOTDIR;

	if (!f.file)
		return -EBADF;
	if (d_can_lookup(f.file->f_path.dentry))
		err = file_permission(f.file, MAY_EXEC | MAY_CHDIR);
	if (!err)
		set_fs_pwd(current->fs, &f.file->f_path);
	fdput(f);
	return err;
}

SYSCALL_DEFINE1(chroot, const char __user *, filename)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, filename, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = path_permission(&path, MAY_EXEC | MAY_CHDIR);
	if (!err && !capable(CAP_SYS_CHROOT))
		err = -EPERM;
	if (!err)
		set_fs_root(current->fs, &path);
	path_put(&path);
	return err;
}

/* ------------------------------------------------------------------ chmod, chown */

/* A change of attributes of what @path leads to. */
static int change_path(const struct path *path, struct iattr *attr)
{
	struct inode *inode = path->dentry->d_inode;
	int err = mnt_want_write(path->mnt);

	if (err)
		return err;
	inode_lock(inode);
	err = notify_change(&init_user_ns, path->dentry, attr);
	inode_unlock(inode);
	mnt_drop_write(path->mnt);
	return err;
}

static int chmod_common(const struct path *path, umode_t mode)
{
	struct iattr attr = { .ia_valid = ATTR_MODE | ATTR_CTIME, .ia_mode = mode };

	return change_path(path, &attr);
}

SYSCALL_DEFINE2(fchmod, unsigned int, fd, umode_t, mode)
{
	struct fd f = fdget(fd);
	int err = -EBADF;

	if (f.file) {
		err = chmod_common(&f.file->f_path, mode);
		fdput(f);
	}
	return err;
}

SYSCALL_DEFINE3(fchmodat, int, dfd, const char __user *, filename, umode_t, mode)
{
	struct path path;
	int err = user_path_at(dfd, filename, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = chmod_common(&path, mode);
	path_put(&path);
	return err;
}

static int chown_common(const struct path *path, uid_t user, gid_t group)
{
	struct iattr attr = { .ia_valid = ATTR_CTIME | ATTR_KILL_SUID };

	if (user != (uid_t)-1) {
		attr.ia_valid |= ATTR_UID;
		attr.ia_uid = KUIDT_INIT(user);
	}
	if (group != (gid_t)-1) {
		attr.ia_valid |= ATTR_GID;
		attr.ia_gid = KGIDT_INIT(group);
	}
	return change_path(path, &attr);
}

SYSCALL_DEFINE5(fchownat, int, dfd, const char __user *, filename, uid_t, user, gid_t, group,
		int, flag)
{
	unsigned int lookup_flags = (flag & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int err;

	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flag & AT_EMPTY_PATH)
		lookup_flags |= LOOKUP_EMPTY;
	err = user_path_at(dfd, filename, lookup_flags, &path);
	if (err)
		return err;
	err = chown_common(&path, user, group);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE3(fchown, unsigned int, fd, uid_t, user, gid_t, group)
{
	struct fd f = fdget(fd);
	int err = -EBADF;

	if (f.file) {
		err = chown_common(&f.file->f_path, user, group);
		fdput(f);
	}
	return err;
}
