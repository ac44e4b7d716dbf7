// SPDX-License-Identifier: MIT
/*
 * From a dentry back to its path, for getcwd(2), /proc and messages.
 *
 * The text is written from the end of the buffer towards its start, climbing from the name to the
 * root across mounts. rename_lock and mount_lock are held meanwhile, so that nothing moves.
 */
#include <linux/dcache.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "mount.h"

struct path_buffer {
	char	*start;		/* what is written begins here */
	int	room;		/* bytes before it; negative once it did not fit */
};

static void prepend(struct path_buffer *b, const char *text, int len)
{
	b->room -= len;
	if (b->room >= 0) {
		b->start -= len;
		memcpy(b->start, text, len);
	}
}

static void prepend_name(struct path_buffer *b, const struct qstr *name)
{
	prepend(b, (const char *)name->name, name->len);
	prepend(b, "/", 1);
}

static struct path_buffer path_buffer(char *buf, int buflen)
{
	struct path_buffer b = { buf + buflen, buflen };

	prepend(&b, "", 1);
	return b;
}

static char *finish(struct path_buffer *b)
{
	return b->room < 0 ? ERR_PTR(-ENAMETOOLONG) : b->start;
}

/*
 * Writes the path from @root to @path. Returns 0 when it came to @root, 1 when to the top of all
 * mounts, 2 when to a mount that is attached nowhere.
 */
static int prepend_path(const struct path *path, const struct path *root, struct path_buffer *b)
{
	struct mount *mnt = real_mount(path->mnt);
	struct dentry *dentry = path->dentry;
	char *before = b->start;
	int ret = 0;

	read_seqlock_excl(&rename_lock);
	spin_lock(&mount_lock);
	while (dentry != root->dentry || &mnt->mnt != root->mnt) {
		if (dentry == mnt->mnt.mnt_root) {
			if (!mnt_has_parent(mnt)) {
				ret = mnt->attached ? 1 : 2;
				break;
			}
			dentry = mnt->mnt_mountpoint;
			mnt = mnt->mnt_parent;
			continue;
		}
		if (IS_ROOT(dentry)) {
			ret = 2;	/* in no directory at all */
			break;
		}
		prepend_name(b, &dentry->d_name);
		dentry = dentry->d_parent;
	}
	spin_unlock(&mount_lock);
	read_sequnlock_excl(&rename_lock);
	if (b->start == before && b->room >= 0)
		prepend(b, "/", 1);
	return ret;
}

/** __d_path - the path below @root, or NULL when it is not below @root */
char *__d_path(const struct path *path, const struct path *root, char *buf, int buflen)
{
	struct path_buffer b = path_buffer(buf, buflen);

	if (prepend_path(path, root, &b))
		return NULL;
	return finish(&b);
}
EXPORT_SYMBOL(__d_path);

/** d_absolute_path - the path from the top of all mounts, whatever the caller's root is */
char *d_absolute_path(const struct path *path, char *buf, int buflen)
{
	struct path root = { };
	struct path_buffer b = path_buffer(buf, buflen);

	if (prepend_path(path, &root, &b) > 1)
		return ERR_PTR(-EINVAL);
	return finish(&b);
}
EXPORT_SYMBOL(d_absolute_path);

/**
 * d_path - the path as the current task would name it
 * @buf: room for it, of @buflen bytes; the path is put at its end
 *
 * Returns where in @buf it starts, or -ENAMETOOLONG. A removed file's path ends in " (deleted)".
 */
char *d_path(const struct path *path, char *buf, int buflen)
{
	struct path_buffer b = path_buffer(buf, buflen);
	struct path root;

	if (path->dentry->d_op && path->dentry->d_op->d_dname)
		return path->dentry->d_op->d_dname(path->dentry, buf, buflen);

	if (d_unlinked(path->dentry)) {
		b = (struct path_buffer){ buf + buflen, buflen };
		prepend(&b, " (deleted)", 11);
	}
	get_fs_root(current->fs, &root);
	prepend_path(path, &root, &b);
	path_put(&root);
	return finish(&b);
}
EXPORT_SYMBOL(d_path);

/** dentry_path_raw - the path within its own filesystem */
char *dentry_path_raw(struct dentry *dentry, char *buf, int buflen)
{
	struct path_buffer b = path_buffer(buf, buflen);

	read_seqlock_excl(&rename_lock);
	if (IS_ROOT(dentry))
		prepend(&b, "/", 1);
	for (; !IS_ROOT(dentry); dentry = dentry->d_parent)
		prepend_name(&b, &dentry->d_name);
	read_sequnlock_excl(&rename_lock);
	return finish(&b);
}
EXPORT_SYMBOL(dentry_path_raw);

/** dynamic_dname - for ->d_dname(): a name made up by printf */
char *dynamic_dname(char *buffer, int buflen, const char *fmt, ...)
{
	va_list args;
	char temp[64];
	int len;

	va_start(args, fmt);
	len = vsnprintf(temp, sizeof(temp), fmt, args) + 1;
	va_end(args);
	if (len > (int)sizeof(temp) || len > buflen)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buffer + buflen - len, temp, len);
}
EXPORT_SYMBOL(dynamic_dname);

char *simple_dname(struct dentry *dentry, char *buffer, int buflen)
{
	int len = snprintf(buffer, buflen, "/%s (deleted)", dentry->d_name.name) + 1;

	/* The name may be longer than what dynamic_dname() has room for; the text goes to the end. */
	if (len > buflen)
		return ERR_PTR(-ENAMETOOLONG);
	return memmove(buffer + buflen - len, buffer, len);
}
EXPORT_SYMBOL(simple_dname);

SYSCALL_DEFINE2(getcwd, char __user *, buf, unsigned long, size)
{
	struct path pwd, root;
	struct path_buffer b;
	long ret = -ENOENT;
	char *page = kmalloc(PATH_MAX, GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	get_fs_root(current->fs, &root);
	get_fs_pwd(current->fs, &pwd);
	if (!d_unlinked(pwd.dentry)) {
		b = path_buffer(page, PATH_MAX);
		if (prepend_path(&pwd, &root, &b) > 0)
			prepend(&b, "(unreachable)", 13);
		ret = page + PATH_MAX - b.start;
		if (b.room < 0)
			ret = -ENAMETOOLONG;
		else if ((unsigned long)ret > size)
			ret = -ERANGE;
		else if (copy_to_user(buf, b.start, ret))
			ret = -EFAULT;
	}
	path_put(&pwd);
	path_put(&root);
	kfree(page);
	return ret;
}
