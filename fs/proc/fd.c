// SPDX-License-Identifier: MIT
/* /proc/PID/fd: a link for each open file of a process. */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

static unsigned int name_to_fd(const struct qstr *name)
{
	unsigned int n = 0;

	if (!name->len || name->len > 9 || (name->name[0] == '0' && name->len > 1))
		return ~0U;
	for (unsigned int i = 0; i < name->len; i++) {
		unsigned int c = name->name[i] - '0';

		if (c > 9)
			return ~0U;
		n = n * 10 + c;
	}
	return n;
}

/* The link's permissions say how the file is open. */
static void tid_fd_update_inode(struct task_struct *task, struct inode *inode, fmode_t f_mode)
{
	umode_t mode = S_IFLNK;

	if (f_mode & FMODE_READ)
		mode |= S_IRUSR | S_IXUSR;
	if (f_mode & FMODE_WRITE)
		mode |= S_IWUSR | S_IXUSR;
	inode->i_mode = mode;
	pid_update_inode(task, inode);
}

/* Descriptors come and go: a name is right while its descriptor is open. */
static int tid_fd_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *task = get_proc_task(inode);
	struct file *file;

	if (!task)
		return 0;
	file = fget_task(task, PROC_I(inode)->fd);
	if (file) {
		tid_fd_update_inode(task, inode, file->f_mode);
		fput(file);
	}
	put_task_struct(task);
	return file != NULL;
}

static const struct dentry_operations tid_fd_dentry_operations = {
	.d_revalidate	= tid_fd_revalidate,
	.d_delete	= always_delete_dentry,
};

static int proc_fd_link(struct dentry *dentry, struct path *path)
{
	struct task_struct *task = get_proc_task(d_inode(dentry));
	struct file *file;

	if (!task)
		return -ENOENT;
	file = fget_task(task, PROC_I(d_inode(dentry))->fd);
	put_task_struct(task);
	if (!file)
		return -ENOENT;
	*path = file->f_path;
	path_get(path);
	fput(file);
	return 0;
}

static struct dentry *proc_lookupfd(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct task_struct *task = get_proc_task(dir);
	unsigned int fd = name_to_fd(&dentry->d_name);
	struct dentry *res = ERR_PTR(-ENOENT);
	struct inode *inode;
	struct file *file;

	if (!task)
		return res;
	file = fd == ~0U ? NULL : fget_task(task, fd);
	if (!file)
		goto out;
	inode = proc_pid_make_inode(dentry->d_sb, task, S_IFLNK);
	if (inode) {
		PROC_I(inode)->fd = fd;
		PROC_I(inode)->op.proc_get_link = proc_fd_link;
		inode->i_op = &proc_pid_link_inode_operations;
		inode->i_size = 64;
		tid_fd_update_inode(task, inode, file->f_mode);
		d_set_d_op(dentry, &tid_fd_dentry_operations);
		res = d_splice_alias(inode, dentry);
	}
	fput(file);
out:
	put_task_struct(task);
	return res;
}

static int proc_readfd(struct file *file, struct dir_context *ctx)
{
	struct task_struct *task = get_proc_task(file_inode(file));
	struct file *f;
	unsigned int fd;

	if (!task)
		return -ENOENT;
	if (!dir_emit_dots(file, ctx))
		goto out;
	for (fd = ctx->pos - 2; (f = task_lookup_next_fd(task, &fd)) != NULL; fd++) {
		char name[10 + 1];
		int len = sprintf(name, "%u", fd);

		fput(f);
		ctx->pos = (loff_t)fd + 2;
		if (!dir_emit(ctx, name, len, file_inode(file)->i_ino + 3 + fd, DT_LNK))
			goto out;
		ctx->pos++;
		cond_resched();
	}
out:
	put_task_struct(task);
	return 0;
}

const struct file_operations proc_fd_operations = {
	.read		= generic_read_dir,
	.iterate_shared	= proc_readfd,
	.llseek		= generic_file_llseek,
};

/* A process may always look at its own, even after it has changed its user. */
static int proc_fd_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask)
{
	struct task_struct *p;
	int err = generic_permission(mnt_userns, inode, mask);

	if (!err)
		return 0;
	p = get_proc_task(inode);
	if (p) {
		if (p->tgid == current->tgid)
			err = 0;
		put_task_struct(p);
	}
	return err;
}

const struct inode_operations proc_fd_inode_operations = {
	.lookup		= proc_lookupfd,
	.permission	= proc_fd_permission,
	.setattr	= proc_setattr,
};
