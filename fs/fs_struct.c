// SPDX-License-Identifier: MIT
/* Each process's root, working directory and umask: shared by threads, copied by fork. */
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

struct fs_struct init_fs = {
	.users	= 1,
	.lock	= __SPIN_LOCK_UNLOCKED(init_fs.lock),
	.umask	= 0022,
};

void get_fs_root(struct fs_struct *fs, struct path *root)
{
	spin_lock(&fs->lock);
	*root = fs->root;
	path_get(root);
	spin_unlock(&fs->lock);
}

void get_fs_pwd(struct fs_struct *fs, struct path *pwd)
{
	spin_lock(&fs->lock);
	*pwd = fs->pwd;
	path_get(pwd);
	spin_unlock(&fs->lock);
}

static void set_fs_path(struct fs_struct *fs, struct path *which, const struct path *path)
{
	struct path old;

	path_get(path);
	spin_lock(&fs->lock);
	old = *which;
	*which = *path;
	spin_unlock(&fs->lock);
	if (old.dentry)
		path_put(&old);
}

void set_fs_root(struct fs_struct *fs, const struct path *path)
{
	set_fs_path(fs, &fs->root, path);
}

void set_fs_pwd(struct fs_struct *fs, const struct path *path)
{
	set_fs_path(fs, &fs->pwd, path);
}

static noinline int replace_path(struct path *p, const struct path *old, const struct path *new)
{
	if (!path_equal(p, old))
		return 0;
	path_get(new);
	*p = *new;
	return 1;
}

/** chroot_fs_refs - whoever has @old_root as root or working directory has @new_root from now on */
void chroot_fs_refs(const struct path *old_root, const struct path *new_root)
{
	struct task_struct *g, *p;
	int count = 0;

	read_lock(&tasklist_lock);
	for_each_process_thread(g, p) {
		task_lock(p);
		if (p->fs) {
			spin_lock(&p->fs->lock);
			count += replace_path(&p->fs->root, old_root, new_root);
			count += replace_path(&p->fs->pwd, old_root, new_root);
			spin_unlock(&p->fs->lock);
		}
		task_unlock(p);
	}
	read_unlock(&tasklist_lock);
	while (count--)
		path_put(old_root);
}

/** copy_fs_struct - for fork: the same places, counted anew. NULL without memory */
struct fs_struct *copy_fs_struct(struct fs_struct *old)
{
	struct fs_struct *fs = kmalloc(sizeof(*fs), GFP_KERNEL);

	if (!fs)
		return NULL;
	fs->users = 1;
	fs->in_exec = 0;
	spin_lock_init(&fs->lock);
	spin_lock(&old->lock);
	fs->umask = old->umask;
	fs->root = old->root;
	path_get(&fs->root);
	fs->pwd = old->pwd;
	path_get(&fs->pwd);
	spin_unlock(&old->lock);
	return fs;
}

void free_fs_struct(struct fs_struct *fs)
{
	path_put(&fs->root);
	path_put(&fs->pwd);
	if (fs != &init_fs)
		kfree(fs);
}

static bool drop_user(struct fs_struct *fs)
{
	bool last;

	spin_lock(&fs->lock);
	last = !--fs->users;
	spin_unlock(&fs->lock);
	return last;
}

void exit_fs(struct task_struct *task)
{
	struct fs_struct *fs = task->fs;

	if (!fs)
		return;
	task_lock(task);
	task->fs = NULL;
	task_unlock(task);
	if (drop_user(fs))
		free_fs_struct(fs);
}

/** unshare_fs_struct - gives the current task an fs_struct of its own */
int unshare_fs_struct(void)
{
	struct fs_struct *fs = current->fs, *new = copy_fs_struct(fs);

	if (!new)
		return -ENOMEM;
	task_lock(current);
	current->fs = new;
	task_unlock(current);
	if (drop_user(fs))
		free_fs_struct(fs);
	return 0;
}

int current_umask(void)
{
	return current->fs->umask;
}
