// SPDX-License-Identifier: MIT
/*
 * getdents64(2): a directory's names, as many as fit.
 *
 * The filesystem's ->iterate_shared() calls dir_emit() for each name from ctx->pos on; the actor
 * here puts them into the program's buffer until it is full.
 */
#include <linux/dirent.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/** iterate_dir - goes on through an open directory; -ENOTDIR, -ENOENT when it has been removed */
int iterate_dir(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	int res;

	if (!file->f_op->iterate_shared)
		return -ENOTDIR;
	inode_lock_shared(inode);
	res = -ENOENT;
	if (!IS_DEADDIR(inode)) {
		ctx->pos = file->f_pos;
		res = file->f_op->iterate_shared(file, ctx);
		file->f_pos = ctx->pos;
		file_accessed(file);
	}
	inode_unlock_shared(inode);
	return res;
}
EXPORT_SYMBOL(iterate_dir);

bool dir_emit_dotdot(struct file *file, struct dir_context *ctx)
{
	struct dentry *parent = dget_parent(file->f_path.dentry);
	bool ret = ctx->actor(ctx, "..", 2, ctx->pos, d_inode(parent)->i_ino, DT_DIR);

	dput(parent);
	return ret;
}
EXPORT_SYMBOL(dir_emit_dotdot);

struct getdents_callback {
	struct dir_context	ctx;
	struct linux_dirent64 __user *current_dir;
	int			prev_reclen;	/* 0: nothing written yet */
	int			count;		/* bytes left */
	int			error;
};

/* A name from a damaged disk could lead programs astray. */
static int verify_name(const char *name, int len)
{
	if (len <= 0 || len > NAME_MAX || memchr(name, '/', len))
		return -EIO;
	return 0;
}

static bool filldir64(struct dir_context *ctx, const char *name, int namlen, loff_t offset, u64 ino,
		      unsigned int d_type)
{
	struct getdents_callback *buf = container_of(ctx, struct getdents_callback, ctx);
	int reclen = ALIGN(offsetof(struct linux_dirent64, d_name) + namlen + 1, sizeof(u64));
	struct linux_dirent64 __user *dirent = buf->current_dir;
	/* The whole record is made here, so that one copy is enough; its rest is zeroes. */
	u64 record[(sizeof(struct linux_dirent64) + NAME_MAX + 8) / sizeof(u64)];
	struct linux_dirent64 *d = (struct linux_dirent64 *)record;

	buf->error = verify_name(name, namlen);
	if (buf->error)
		return false;
	buf->error = -EINVAL;		/* stays so if not even one record fits */
	if (reclen > buf->count)
		return false;
	if (buf->prev_reclen) {
		if (signal_pending(current))
			return false;
		/* The record before goes on where this one starts. */
		if (copy_to_user(&((struct linux_dirent64 __user *)((char __user *)dirent -
				 buf->prev_reclen))->d_off, &offset, sizeof(offset)))
			goto fault;
	}
	record[reclen / sizeof(u64) - 1] = 0;
	d->d_ino = ino;
	d->d_off = offset;
	d->d_reclen = reclen;
	d->d_type = d_type;
	memcpy(d->d_name, name, namlen);
	d->d_name[namlen] = 0;
	if (copy_to_user(dirent, d, reclen))
		goto fault;
	buf->prev_reclen = reclen;
	buf->current_dir = (void __user *)dirent + reclen;
	buf->count -= reclen;
	return true;
fault:
	buf->error = -EFAULT;
	return false;
}

SYSCALL_DEFINE3(getdents64, unsigned int, fd, struct linux_dirent64 __user *, dirent,
		unsigned int, count)
{
	struct getdents_callback buf = {
		.ctx.actor = filldir64, .count = min_t(unsigned int, count, INT_MAX),
		.current_dir = dirent,
	};
	struct linux_dirent64 __user *last;
	struct fd f = fdget_pos(fd);
	s64 d_off;
	int err;

	if (!f.file)
		return -EBADF;
	err = iterate_dir(f.file, &buf.ctx);
	if (err >= 0)
		err = buf.error;
	if (buf.prev_reclen) {
		last = (void __user *)buf.current_dir - buf.prev_reclen;
		d_off = buf.ctx.pos;
		if (copy_to_user(&last->d_off, &d_off, sizeof(d_off)))
			err = -EFAULT;
		else
			err = min_t(unsigned int, count, INT_MAX) - buf.count;
	}
	fdput_pos(f);
	return err;
}
