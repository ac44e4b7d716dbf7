// SPDX-License-Identifier: MIT
/*
 * The folder of a process in /proc.
 *
 * An inode there refers to a struct pid, never to a task: so an open file does not keep a dead
 * process in memory, and never comes to mean another one that got the same number. Each operation
 * takes the task for its own duration by get_proc_task() and answers -ESRCH when it is gone.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "../internal.h"
#include "internal.h"

struct pid_entry {
	const char			*name;
	umode_t				mode;
	const struct inode_operations	*iop;
	const struct file_operations	*fop;
	union proc_op			op;
};

/* ------------------------------------------------------------------ who may look */

/** proc_may_look - may the current task see what a task works with, its files and memory? */
bool proc_may_look(struct task_struct *task)
{
	const struct cred *cred;
	bool ok;

	if (same_thread_group(task, current) || capable(CAP_SYS_PTRACE))
		return true;
	cred = get_task_cred(task);
	ok = uid_eq(current_fsuid(), cred->euid) && uid_eq(current_fsuid(), cred->suid) &&
	     uid_eq(current_fsuid(), cred->uid);
	put_cred(cred);
	return ok;
}

/* mm of the task, if we may look at it, with a reference; NULL: it has none; or an error. */
static struct mm_struct *proc_mm(struct inode *inode)
{
	struct task_struct *task = get_proc_task(inode);
	struct mm_struct *mm;

	if (!task)
		return ERR_PTR(-ESRCH);
	mm = proc_may_look(task) ? get_task_mm(task) : ERR_PTR(-EACCES);
	put_task_struct(task);
	return mm;
}

/* Rights are fixed. The rest may be asked for: `>` truncates what it opens, which means nothing here. */
int proc_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	int err;

	if (attr->ia_valid & ATTR_MODE)
		return -EPERM;
	err = setattr_prepare(mnt_userns, dentry, attr);
	if (!err)
		setattr_copy(mnt_userns, d_inode(dentry), attr);
	return err;
}

static const struct inode_operations proc_def_inode_operations = {
	.setattr	= proc_setattr,
};

/* ------------------------------------------------------------------ inodes and names */

/* The files of a process belong to whom it acts as. */
void pid_update_inode(struct task_struct *task, struct inode *inode)
{
	const struct cred *cred = get_task_cred(task);

	inode->i_uid = cred->euid;
	inode->i_gid = cred->egid;
	put_cred(cred);
}

struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *task, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_mode = mode;
	inode->i_ino = get_next_ino();
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_op = &proc_def_inode_operations;
	PROC_I(inode)->pid = get_task_pid(task, PIDTYPE_PID);
	if (!PROC_I(inode)->pid) {
		iput(inode);
		return NULL;
	}
	pid_update_inode(task, inode);
	return inode;
}

static int pid_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *task = get_proc_task(inode);

	if (!task)
		return 0;
	pid_update_inode(task, inode);
	put_task_struct(task);
	return 1;
}

/* The names of a dead process are not worth keeping. */
static int pid_delete_dentry(const struct dentry *dentry)
{
	struct task_struct *task = get_proc_task(d_inode(dentry));

	if (!task)
		return 1;
	put_task_struct(task);
	return 0;
}

const struct dentry_operations pid_dentry_operations = {
	.d_revalidate	= pid_revalidate,
	.d_delete	= pid_delete_dentry,
};

static struct dentry *pid_entry_instantiate(struct dentry *dentry, struct task_struct *task,
					    const struct pid_entry *p)
{
	struct inode *inode = proc_pid_make_inode(dentry->d_sb, task, p->mode);

	if (!inode)
		return ERR_PTR(-ENOENT);
	if (S_ISDIR(inode->i_mode))
		set_nlink(inode, 2);
	if (p->iop)
		inode->i_op = p->iop;
	if (p->fop)
		inode->i_fop = p->fop;
	PROC_I(inode)->op = p->op;
	d_set_d_op(dentry, &pid_dentry_operations);
	return d_splice_alias(inode, dentry);
}

/* ------------------------------------------------------------------ files that a function prints */

static int proc_single_show(struct seq_file *m, void *v)
{
	struct inode *inode = m->private;
	struct task_struct *task = get_proc_task(inode);
	int ret;

	if (!task)
		return -ESRCH;
	ret = PROC_I(inode)->op.proc_show(m, proc_pid(inode), task);
	put_task_struct(task);
	return ret;
}

static int proc_single_open(struct inode *inode, struct file *filp)
{
	return single_open(filp, proc_single_show, inode);
}

static const struct file_operations proc_single_file_operations = {
	.open		= proc_single_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* ------------------------------------------------------------------ cmdline, environ, comm */

/* Bytes [start, end) of a program's memory, from *pos on, to the reader. */
static ssize_t read_remote(struct mm_struct *mm, unsigned long start, unsigned long end,
			   char __user *buf, size_t count, loff_t *pos)
{
	char *page;
	ssize_t done = 0;

	if (*pos < 0 || start >= end || *pos >= (loff_t)(end - start))
		return 0;
	page = (char *)__get_free_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	count = min_t(size_t, count, end - start - *pos);
	while (count) {
		int len = access_remote_vm(mm, start + *pos, page, min_t(size_t, count, PAGE_SIZE),
					   0);

		if (len <= 0) {
			if (!done)
				done = -EIO;
			break;
		}
		if (copy_to_user(buf + done, page, len)) {
			done = -EFAULT;
			break;
		}
		done += len;
		*pos += len;
		count -= len;
	}
	free_page((unsigned long)page);
	return done;
}

/* No secret: ps shows it of everybody. */
static ssize_t proc_pid_cmdline_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *task = get_proc_task(file_inode(file));
	unsigned long start, end;
	struct mm_struct *mm;
	ssize_t ret = 0;

	if (!task)
		return -ESRCH;
	mm = get_task_mm(task);
	put_task_struct(task);
	if (!mm)
		return 0;	/* a kernel thread */
	spin_lock(&mm->arg_lock);
	start = mm->arg_start;
	end = mm->arg_end;
	spin_unlock(&mm->arg_lock);
	ret = read_remote(mm, start, end, buf, count, pos);
	mmput(mm);
	return ret;
}

static const struct file_operations proc_pid_cmdline_ops = {
	.read	= proc_pid_cmdline_read,
	.llseek	= generic_file_llseek,
};

static ssize_t environ_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct mm_struct *mm = proc_mm(file_inode(file));
	unsigned long start, end;
	ssize_t ret;

	if (IS_ERR_OR_NULL(mm))
		return PTR_ERR_OR_ZERO(mm);
	spin_lock(&mm->arg_lock);
	start = mm->env_start;
	end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	ret = read_remote(mm, start, end, buf, count, pos);
	mmput(mm);
	return ret;
}

static const struct file_operations proc_environ_operations = {
	.read	= environ_read,
	.llseek	= generic_file_llseek,
};

static int comm_show(struct seq_file *m, struct pid *pid, struct task_struct *task)
{
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, task);
	seq_escape(m, comm, "\n\\");
	seq_putc(m, '\n');
	return 0;
}

/* A process may rename its own threads. */
static ssize_t comm_write(struct file *file, const char __user *buf, size_t count, loff_t *offset)
{
	struct task_struct *task;
	char comm[TASK_COMM_LEN] = { };
	ssize_t ret = -EINVAL;

	if (copy_from_user(comm, buf, min_t(size_t, count, sizeof(comm) - 1)))
		return -EFAULT;
	task = get_proc_task(file_inode(file));
	if (!task)
		return -ESRCH;
	if (same_thread_group(current, task)) {
		set_task_comm(task, comm);
		ret = count;
	}
	put_task_struct(task);
	return ret;
}

static const struct file_operations proc_pid_comm_operations = {
	.open		= proc_single_open,
	.read_iter	= seq_read_iter,
	.write		= comm_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* ------------------------------------------------------------------ mounts */

static int mounts_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &mounts_op);
}

static const struct file_operations proc_mounts_operations = {
	.open		= mounts_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= seq_release,
};

/* ------------------------------------------------------------------ exe, cwd, root: magic links */

static int proc_exe_link(struct dentry *dentry, struct path *path)
{
	struct task_struct *task = get_proc_task(d_inode(dentry));
	struct file *exe;

	if (!task)
		return -ENOENT;
	exe = get_task_exe_file(task);
	put_task_struct(task);
	if (!exe)
		return -ENOENT;
	*path = exe->f_path;
	path_get(path);
	fput(exe);
	return 0;
}

/* A path of the task's fs_struct, referenced; alloc_lock keeps the structure. */
static int task_fs_path(struct dentry *dentry, struct path *path, bool root)
{
	struct task_struct *task = get_proc_task(d_inode(dentry));
	int err = -ENOENT;

	if (!task)
		return err;
	task_lock(task);
	if (task->fs) {
		if (root)
			get_fs_root(task->fs, path);
		else
			get_fs_pwd(task->fs, path);
		err = 0;
	}
	task_unlock(task);
	put_task_struct(task);
	return err;
}

static int proc_cwd_link(struct dentry *dentry, struct path *path)
{
	return task_fs_path(dentry, path, false);
}

static int proc_root_link(struct dentry *dentry, struct path *path)
{
	return task_fs_path(dentry, path, true);
}

/* What the link leads to, if we may know it. */
static int follow_magic(struct dentry *dentry, struct path *path)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *task = get_proc_task(inode);
	int err = -EACCES;

	if (!task)
		return -ENOENT;
	if (proc_may_look(task))
		err = PROC_I(inode)->op.proc_get_link(dentry, path);
	put_task_struct(task);
	return err;
}

static const char *proc_pid_get_link(struct dentry *dentry, struct inode *inode,
				     struct delayed_call *done)
{
	struct path path;
	int err = follow_magic(dentry, &path);

	if (!err)
		err = nd_jump_link(&path);
	return ERR_PTR(err);
}

static int proc_pid_readlink(struct dentry *dentry, char __user *buffer, int buflen)
{
	struct path path;
	char *buf, *text;
	int err = follow_magic(dentry, &path);

	if (err)
		return err;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	err = -ENOMEM;
	if (buf) {
		text = d_path(&path, buf, PATH_MAX);
		err = readlink_copy(buffer, buflen, text);
		kfree(buf);
	}
	path_put(&path);
	return err;
}

const struct inode_operations proc_pid_link_inode_operations = {
	.readlink	= proc_pid_readlink,
	.get_link	= proc_pid_get_link,
	.setattr	= proc_setattr,
};

static int sched_show(struct seq_file *m, struct pid *pid, struct task_struct *task)
{
	proc_sched_show_task(task, m);
	return 0;
}

/* ------------------------------------------------------------------ the folder */

#define DIR(NAME, MODE, iops, fops) { NAME, S_IFDIR | (MODE), iops, fops, { } }
#define LNK(NAME, get_link)	\
	{ NAME, S_IFLNK | S_IRWXUGO, &proc_pid_link_inode_operations, NULL,	\
	  { .proc_get_link = get_link } }
#define REG(NAME, MODE, fops)	{ NAME, S_IFREG | (MODE), NULL, fops, { } }
#define ONE(NAME, MODE, show)	\
	{ NAME, S_IFREG | (MODE), NULL, &proc_single_file_operations, { .proc_show = show } }

static const struct inode_operations proc_task_inode_operations;
static const struct file_operations proc_task_operations;

/* What the folder of a process has, and that of a thread: but for stat the same, about another task. */
#define COMMON_STUFF								\
	DIR("fd", S_IRUSR | S_IXUSR, &proc_fd_inode_operations, &proc_fd_operations),	\
	LNK("cwd", proc_cwd_link),							\
	LNK("exe", proc_exe_link),							\
	LNK("root", proc_root_link),							\
	ONE("statm", S_IRUGO, proc_pid_statm),						\
	ONE("status", S_IRUGO, proc_pid_status),					\
	ONE("sched", S_IRUGO, sched_show),						\
	ONE("limits", S_IRUGO, proc_pid_limits),					\
	ONE("oom_score", S_IRUGO, proc_oom_score),					\
	REG("oom_adj", S_IRUGO | S_IWUSR, &proc_oom_adj_operations),			\
	REG("oom_score_adj", S_IRUGO | S_IWUSR, &proc_oom_score_adj_operations),	\
	REG("maps", S_IRUGO, &proc_pid_maps_operations),				\
	REG("smaps", S_IRUGO, &proc_pid_smaps_operations),				\
	REG("smaps_rollup", S_IRUGO, &proc_pid_smaps_rollup_operations),		\
	REG("pagemap", S_IRUSR, &proc_pagemap_operations),				\
	REG("pagetable", S_IRUSR, &proc_pid_pagetable_operations),			\
	REG("mounts", S_IRUGO, &proc_mounts_operations),				\
	REG("cmdline", S_IRUGO, &proc_pid_cmdline_ops),					\
	REG("environ", S_IRUSR, &proc_environ_operations),				\
	{ "comm", S_IFREG | S_IRUGO | S_IWUSR, NULL, &proc_pid_comm_operations,		\
	  { .proc_show = comm_show } },

static const struct pid_entry tgid_base_stuff[] = {
	DIR("task", S_IRUGO | S_IXUGO, &proc_task_inode_operations, &proc_task_operations),
	ONE("stat", S_IRUGO, proc_tgid_stat),
	COMMON_STUFF
};

static const struct pid_entry tid_base_stuff[] = {
	ONE("stat", S_IRUGO, proc_tid_stat),
	COMMON_STUFF
};

static struct dentry *proc_pident_lookup(struct inode *dir, struct dentry *dentry,
					 const struct pid_entry *ents, size_t nents)
{
	struct task_struct *task = get_proc_task(dir);
	struct dentry *res = ERR_PTR(-ENOENT);

	if (!task)
		return res;
	for (size_t i = 0; i < nents; i++) {
		const struct pid_entry *p = &ents[i];

		if (!strcmp((const char *)dentry->d_name.name, p->name)) {
			res = pid_entry_instantiate(dentry, task, p);
			break;
		}
	}
	put_task_struct(task);
	return res;
}

static int proc_pident_readdir(struct file *file, struct dir_context *ctx, const struct pid_entry *ents,
			       size_t nents)
{
	struct task_struct *task = get_proc_task(file_inode(file));

	if (!task)
		return -ENOENT;
	put_task_struct(task);
	if (!dir_emit_dots(file, ctx))
		return 0;
	/* Inode numbers are given when a name is looked up: here any but 0 will do. */
	for (; ctx->pos - 2 < (loff_t)nents; ctx->pos++) {
		const struct pid_entry *p = &ents[ctx->pos - 2];

		if (!dir_emit(ctx, p->name, strlen(p->name), file_inode(file)->i_ino + ctx->pos,
			      fs_umode_to_dtype(p->mode)))
			break;
	}
	return 0;
}

static struct dentry *proc_tgid_base_lookup(struct inode *dir, struct dentry *dentry,
					    unsigned int flags)
{
	return proc_pident_lookup(dir, dentry, tgid_base_stuff, ARRAY_SIZE(tgid_base_stuff));
}

static int proc_tgid_base_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pident_readdir(file, ctx, tgid_base_stuff, ARRAY_SIZE(tgid_base_stuff));
}

static struct dentry *proc_tid_base_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_pident_lookup(dir, dentry, tid_base_stuff, ARRAY_SIZE(tid_base_stuff));
}

static int proc_tid_base_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pident_readdir(file, ctx, tid_base_stuff, ARRAY_SIZE(tid_base_stuff));
}

static const struct file_operations proc_tgid_base_operations = {
	.read		= generic_read_dir,
	.iterate_shared	= proc_tgid_base_readdir,
	.llseek		= generic_file_llseek,
};

static const struct inode_operations proc_tgid_base_inode_operations = {
	.lookup		= proc_tgid_base_lookup,
	.setattr	= proc_setattr,
};

static const struct file_operations proc_tid_base_operations = {
	.read		= generic_read_dir,
	.iterate_shared	= proc_tid_base_readdir,
	.llseek		= generic_file_llseek,
};

static const struct inode_operations proc_tid_base_inode_operations = {
	.lookup		= proc_tid_base_lookup,
	.setattr	= proc_setattr,
};

/* ------------------------------------------------------------------ processes in /proc */

/* A name as a process number; 0 if it is none. */
static pid_t name_to_pid(const struct qstr *name)
{
	pid_t n = 0;

	if (!name->len || name->len > 9 || name->name[0] == '0')
		return 0;
	for (unsigned int i = 0; i < name->len; i++) {
		unsigned int c = name->name[i] - '0';

		if (c > 9)
			return 0;
		n = n * 10 + c;
	}
	return n;
}

struct dentry *proc_pid_lookup(struct dentry *dentry, unsigned int flags)
{
	static const struct pid_entry process = {
		.mode = S_IFDIR | S_IRUGO | S_IXUGO,
		.iop = &proc_tgid_base_inode_operations,
		.fop = &proc_tgid_base_operations,
	};
	pid_t tgid = name_to_pid(&dentry->d_name);
	struct task_struct *task = tgid ? find_get_task_by_vpid(tgid) : NULL;
	struct dentry *res;

	if (!task)
		return ERR_PTR(-ENOENT);
	res = pid_entry_instantiate(dentry, task, &process);
	put_task_struct(task);
	return res;
}

/* The first process with a number of at least @tgid, with a reference, or NULL. */
static struct task_struct *next_tgid(pid_t tgid)
{
	struct task_struct *task = NULL;
	struct pid *pid;

	rcu_read_lock();
	for (; (pid = find_ge_pid(tgid)) != NULL; tgid = pid_nr(pid) + 1) {
		task = pid_task(pid, PIDTYPE_TGID);
		if (task) {
			get_task_struct(task);
			break;
		}
	}
	rcu_read_unlock();
	return task;
}

int proc_pid_readdir(struct file *file, struct dir_context *ctx)
{
	struct task_struct *task;

	while ((task = next_tgid(ctx->pos - FIRST_PROCESS_ENTRY)) != NULL) {
		char name[10 + 1];
		int len = sprintf(name, "%u", task_tgid_nr(task));

		/* The position is that of this process, in case it does not fit any more. */
		ctx->pos = task_tgid_nr(task) + FIRST_PROCESS_ENTRY;
		put_task_struct(task);
		if (!dir_emit(ctx, name, len, ctx->pos, DT_DIR))
			return 0;
		ctx->pos++;
		cond_resched();
	}
	return 0;
}

/* ------------------------------------------------------------------ PID/task: the threads of a process */

static struct dentry *proc_task_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	static const struct pid_entry thread = {
		.mode = S_IFDIR | S_IRUGO | S_IXUGO,
		.iop = &proc_tid_base_inode_operations,
		.fop = &proc_tid_base_operations,
	};
	pid_t tid = name_to_pid(&dentry->d_name);
	struct task_struct *task = tid ? find_get_task_by_vpid(tid) : NULL;
	struct task_struct *leader = get_proc_task(dir);
	struct dentry *res = ERR_PTR(-ENOENT);

	if (task && leader && same_thread_group(leader, task))
		res = pid_entry_instantiate(dentry, task, &thread);
	if (leader)
		put_task_struct(leader);
	if (task)
		put_task_struct(task);
	return res;
}

/* The first thread of leader's process with a number of at least @tid: the number, or 0. */
static pid_t next_tid(struct task_struct *leader, pid_t tid)
{
	struct task_struct *task;
	struct pid *pid;
	pid_t found = 0;

	read_lock(&tasklist_lock);
	for (; !found && (pid = find_ge_pid(tid)) != NULL; tid = pid_nr(pid) + 1) {
		task = pid_task(pid, PIDTYPE_PID);
		if (task && same_thread_group(task, leader))
			found = pid_nr(pid);
	}
	read_unlock(&tasklist_lock);
	return found;
}

/* The position is 2 behind the thread's number. */
static int proc_task_readdir(struct file *file, struct dir_context *ctx)
{
	struct task_struct *leader = get_proc_task(file_inode(file));
	pid_t tid;

	if (!leader)
		return -ENOENT;
	if (!dir_emit_dots(file, ctx))
		goto out;
	while ((tid = next_tid(leader, ctx->pos - 2)) != 0) {
		char name[10 + 1];
		int len = sprintf(name, "%u", tid);

		ctx->pos = (loff_t)tid + 2;
		if (!dir_emit(ctx, name, len, file_inode(file)->i_ino + ctx->pos, DT_DIR))
			break;
		ctx->pos++;
		cond_resched();
	}
out:
	put_task_struct(leader);
	return 0;
}

static int proc_task_getattr(struct user_namespace *mnt_userns, const struct path *path,
			     struct kstat *stat, u32 request_mask, unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct task_struct *task = get_proc_task(inode);

	generic_fillattr(mnt_userns, inode, stat);
	if (task) {
		stat->nlink += get_nr_threads(task);
		put_task_struct(task);
	}
	return 0;
}

static const struct inode_operations proc_task_inode_operations = {
	.lookup		= proc_task_lookup,
	.getattr	= proc_task_getattr,
	.setattr	= proc_setattr,
};

static const struct file_operations proc_task_operations = {
	.read		= generic_read_dir,
	.iterate_shared	= proc_task_readdir,
	.llseek		= generic_file_llseek,
};
