/* SPDX-License-Identifier: MIT */
/* What a process's paths start from: its root and working directory, and its umask. */
#ifndef _LINUX_FS_STRUCT_H
#define _LINUX_FS_STRUCT_H

#include <linux/path.h>
#include <linux/spinlock.h>

struct task_struct;

struct fs_struct {
	int		users;		/* tasks that share it; lock guards all */
	spinlock_t	lock;
	int		umask;
	int		in_exec;
	struct path	root, pwd;
};

extern struct fs_struct init_fs;

void exit_fs(struct task_struct *task);
void set_fs_root(struct fs_struct *fs, const struct path *path);
void set_fs_pwd(struct fs_struct *fs, const struct path *path);
struct fs_struct *copy_fs_struct(struct fs_struct *old);
void free_fs_struct(struct fs_struct *fs);
int unshare_fs_struct(void);
int current_umask(void);
void get_fs_root(struct fs_struct *fs, struct path *root);
void get_fs_pwd(struct fs_struct *fs, struct path *pwd);
void chroot_fs_refs(const struct path *old_root, const struct path *new_root);

#endif
