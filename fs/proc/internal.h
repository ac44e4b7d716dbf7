/* SPDX-License-Identifier: MIT */
/* Between the files of procfs. */
#ifndef _FS_PROC_INTERNAL_H
#define _FS_PROC_INTERNAL_H

#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/refcount.h>
#include <linux/seq_file.h>

struct mm_struct;
struct task_struct;

/* A file or folder that proc_create() or proc_mkdir() made. */
struct proc_dir_entry {
	refcount_t		refcnt;		/* the tree, and each inode */
	unsigned int		low_ino;
	umode_t			mode;
	unsigned int		nlink;
	loff_t			size;
	const struct inode_operations *proc_iops;
	const struct file_operations *proc_dir_fops;	/* of a folder */
	const struct proc_ops	*proc_ops;	/* of a file made by proc_create() */
	const struct seq_operations *seq_ops;	/* or by proc_create_seq() */
	int			(*single_show)(struct seq_file *m, void *v);	/* or _single() */
	unsigned int		state_size;
	void			*data;

	/* proc_subdir_lock guards these */
	struct proc_dir_entry	*parent;
	struct list_head	subdir;		/* children, in the order they were made */
	struct list_head	sibling;
	bool			removed;

	unsigned int		namelen;
	char			name[];
};

union proc_op {
	int (*proc_get_link)(struct dentry *dentry, struct path *path);
	int (*proc_show)(struct seq_file *m, struct pid *pid, struct task_struct *task);
};

/* procfs's inode: of a proc_dir_entry, or of something about a process. */
struct proc_inode {
	struct pid		*pid;
	unsigned int		fd;
	union proc_op		op;
	struct proc_dir_entry	*pde;
	struct inode		vfs_inode;
};

static inline struct proc_inode *PROC_I(const struct inode *inode)
{
	return container_of(inode, struct proc_inode, vfs_inode);
}

static inline struct proc_dir_entry *PDE(const struct inode *inode)
{
	return PROC_I(inode)->pde;
}

static inline struct pid *proc_pid(const struct inode *inode)
{
	return PROC_I(inode)->pid;
}

/* The task that the inode is about, with a reference; NULL when it is gone. */
static inline struct task_struct *get_proc_task(const struct inode *inode)
{
	return get_pid_task(proc_pid(inode), PIDTYPE_PID);
}

#define PROC_ROOT_INO		1
#define FIRST_PROCESS_ENTRY	256	/* position in /proc of PID 0; kernel files come before */

/* generic.c */
extern struct proc_dir_entry proc_root;
extern const struct dentry_operations proc_misc_dentry_ops;
struct dentry *proc_lookup_de(struct inode *dir, struct dentry *dentry, struct proc_dir_entry *de);
int proc_readdir_de(struct file *file, struct dir_context *ctx, struct proc_dir_entry *de);
void pde_put(struct proc_dir_entry *pde);
extern const struct inode_operations proc_link_inode_operations;

/* inode.c */
void proc_init_kmemcache(void);
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de);
int proc_fill_super(struct super_block *s, struct fs_context *fc);

/* base.c */
struct dentry *proc_pid_lookup(struct dentry *dentry, unsigned int flags);
int proc_pid_readdir(struct file *file, struct dir_context *ctx);
struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *task, umode_t mode);
void pid_update_inode(struct task_struct *task, struct inode *inode);
bool proc_may_look(struct task_struct *task);
extern const struct dentry_operations pid_dentry_operations;
extern const struct inode_operations proc_pid_link_inode_operations;
int proc_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);

/* oom.c */
int proc_oom_score(struct seq_file *m, struct pid *pid, struct task_struct *task);
extern const struct file_operations proc_oom_score_adj_operations, proc_oom_adj_operations;

/* fd.c */
extern const struct file_operations proc_fd_operations;
extern const struct inode_operations proc_fd_inode_operations;

/* array.c, task_mmu.c */
int proc_tid_stat(struct seq_file *m, struct pid *pid, struct task_struct *task);
int proc_tgid_stat(struct seq_file *m, struct pid *pid, struct task_struct *task);
int proc_pid_status(struct seq_file *m, struct pid *pid, struct task_struct *task);
int proc_pid_statm(struct seq_file *m, struct pid *pid, struct task_struct *task);
int proc_pid_limits(struct seq_file *m, struct pid *pid, struct task_struct *task);
void task_mem(struct seq_file *m, struct mm_struct *mm);
unsigned long task_vsize(struct mm_struct *mm);
struct mm_struct *proc_mem_open(struct inode *inode);
extern const struct file_operations proc_pid_maps_operations, proc_pid_smaps_operations;
extern const struct file_operations proc_pid_smaps_rollup_operations, proc_pagemap_operations;

/* pagetable.c */
extern const struct file_operations proc_pid_pagetable_operations;

/* meminfo.c, stat.c */
int meminfo_proc_show(struct seq_file *m, void *v);
int proc_stat_show(struct seq_file *m, void *v);

#endif
