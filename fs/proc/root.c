// SPDX-License-Identifier: MIT
/*
 * /proc itself: the filesystem type, and the root directory, which shows both the entries that the
 * kernel has made (generic.c) and a folder for each process (base.c).
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

static struct vfsmount *proc_mnt;	/* the kernel's own, so that exit can find the names */

static struct dentry *proc_root_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct dentry *res = proc_pid_lookup(dentry, flags);

	if (PTR_ERR_OR_ZERO(res) != -ENOENT)
		return res;
	return proc_lookup_de(dir, dentry, &proc_root);
}

static int proc_root_readdir(struct file *file, struct dir_context *ctx)
{
	if (ctx->pos < FIRST_PROCESS_ENTRY) {
		int ret = proc_readdir_de(file, ctx, &proc_root);

		if (ret <= 0)
			return ret;
		ctx->pos = FIRST_PROCESS_ENTRY;
	}
	return proc_pid_readdir(file, ctx);
}

static int proc_root_getattr(struct user_namespace *mnt_userns, const struct path *path,
			     struct kstat *stat, u32 request_mask, unsigned int query_flags)
{
	generic_fillattr(mnt_userns, d_inode(path->dentry), stat);
	stat->nlink = proc_root.nlink;
	return 0;
}

static const struct file_operations proc_root_operations = {
	.read		= generic_read_dir,
	.iterate_shared	= proc_root_readdir,
	.llseek		= generic_file_llseek,
};

static const struct inode_operations proc_root_inode_operations = {
	.lookup		= proc_root_lookup,
	.getattr	= proc_root_getattr,
};

struct proc_dir_entry proc_root = {
	.refcnt		= REFCOUNT_INIT(1),
	.low_ino	= PROC_ROOT_INO,
	.namelen	= 5,
	.mode		= S_IFDIR | S_IRUGO | S_IXUGO,
	.nlink		= 2,
	.proc_iops	= &proc_root_inode_operations,
	.proc_dir_fops	= &proc_root_operations,
	.parent		= &proc_root,
	.subdir		= LIST_HEAD_INIT(proc_root.subdir),
	.sibling	= LIST_HEAD_INIT(proc_root.sibling),
	.name		= "/proc",
};

/* ------------------------------------------------------------------ /proc/self, /proc/thread-self */

static const char *proc_self_get_link(struct dentry *dentry, struct inode *inode,
				      struct delayed_call *done)
{
	char *name = kmalloc(10 + 1, GFP_KERNEL);

	if (!name)
		return ERR_PTR(-ENOMEM);
	sprintf(name, "%u", task_tgid_vnr(current));
	set_delayed_call(done, kfree_link, name);
	return name;
}

static const struct inode_operations proc_self_inode_operations = {
	.get_link	= proc_self_get_link,
};

static const char *proc_thread_self_get_link(struct dentry *dentry, struct inode *inode,
					     struct delayed_call *done)
{
	char *name = kasprintf(GFP_KERNEL, "%u/task/%u", task_tgid_vnr(current), task_pid_vnr(current));

	if (!name)
		return ERR_PTR(-ENOMEM);
	set_delayed_call(done, kfree_link, name);
	return name;
}

static const struct inode_operations proc_thread_self_inode_operations = {
	.get_link	= proc_thread_self_get_link,
};

/* ------------------------------------------------------------------ mounting */

static int proc_get_tree(struct fs_context *fc)
{
	return get_tree_single(fc, proc_fill_super);
}

static const struct fs_context_operations proc_fs_context_ops = {
	.get_tree	= proc_get_tree,
};

static int proc_init_fs_context(struct fs_context *fc)
{
	fc->ops = &proc_fs_context_ops;
	return 0;
}

static struct file_system_type proc_fs_type = {
	.name		= "proc",
	.init_fs_context = proc_init_fs_context,
	.kill_sb	= kill_anon_super,
	.fs_flags	= FS_USERNS_MOUNT,
};

/* A child of a cached folder, if it is cached. Drops the reference to the folder. */
static struct dentry *cached_child(struct dentry *parent, const char *text)
{
	struct qstr name = { .name = (const unsigned char *)text, .len = strlen(text) };
	struct dentry *dentry = d_hash_and_lookup(parent, &name);

	dput(parent);
	return dentry;
}

/** proc_flush_task - a task is gone: its folder need not stay in the cache. May sleep */
void proc_flush_task(struct task_struct *task)
{
	bool leader = thread_group_leader(task);
	char tgid[10 + 1], tid[10 + 1];
	struct dentry *dentry;

	sprintf(tgid, "%u", task_tgid_nr(task));
	sprintf(tid, "%u", task_pid_nr(task));
	dentry = cached_child(dget(proc_mnt->mnt_root), tgid);
	if (dentry && !leader)
		dentry = cached_child(dentry, "task");
	if (dentry && !leader)
		dentry = cached_child(dentry, tid);
	if (dentry) {
		d_invalidate(dentry);
		dput(dentry);
	}
}

static int __init proc_init(void)
{
	struct proc_dir_entry *self, *thread_self;

	proc_init_kmemcache();
	self = proc_symlink("self", NULL, "self");
	thread_self = proc_symlink("thread-self", NULL, "thread-self");
	if (!self || !thread_self || !proc_symlink("mounts", NULL, "self/mounts") || !proc_mkdir("sys", NULL) ||
	    !proc_mkdir("sys/kernel", NULL))
		return -ENOMEM;
	self->proc_iops = &proc_self_inode_operations;	/* the text depends on who asks */
	self->size = 0;
	thread_self->proc_iops = &proc_thread_self_inode_operations;
	thread_self->size = 0;
	if (register_filesystem(&proc_fs_type))
		return -EBUSY;
	proc_mnt = kern_mount(&proc_fs_type);
	return PTR_ERR_OR_ZERO(proc_mnt);
}
postcore_initcall(proc_init);
