// SPDX-License-Identifier: MIT
/*
 * The path walk: from a name as a program writes it to a mount and a dentry.
 *
 * A walk holds references on where it is (nd->path) and never a lock between two components. Each
 * component is asked of the dentry cache; on a miss the directory is locked and its filesystem
 * asked. The text may change under way: a symbolic link's target is walked in place of the link,
 * and what remained is kept on nd->stack. walk_to_last() stops before the last component of all,
 * since what is to happen with that one differs: look it up, open it, create it, remove it.
 *
 * Callers: nearly every system call with a path, by filename_lookup(), filename_parentat(), and by
 * do_filp_open() in namei_open.c. Changes of directories are in namei_change.c.
 *
 * nd_lookup_cached() is the one place to which a walk without references (LOOKUP_RCU) would come.
 */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mount.h"
#include "nameidata.h"

/* ------------------------------------------------------------------ references */

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}
EXPORT_SYMBOL(path_get);

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}
EXPORT_SYMBOL(path_put);

/* nd->path becomes @path, whose references pass on. */
static void nd_set_path(struct nameidata *nd, const struct path *path)
{
	dput(nd->path.dentry);
	mntput(nd->path.mnt);
	nd->path = *path;
}

static void nd_need_root(struct nameidata *nd)
{
	if (nd->root.mnt)
		return;
	if (nd->given_root) {
		nd->root = *nd->given_root;
		path_get(&nd->root);
	} else {
		get_fs_root(current->fs, &nd->root);
	}
}

static void drop_text(struct delayed_call *done)
{
	do_delayed_call(done);
	done->fn = NULL;
}

/* ------------------------------------------------------------------ the text */

/* Makes @text what is walked next, from "/" or from nd->path. */
static int start_text(struct nameidata *nd, const char *text)
{
	struct path root;

	if (*text == '/') {
		if (nd->flags & LOOKUP_BENEATH)
			return -EXDEV;
		if (nd->root.mnt || nd->given_root) {
			nd_need_root(nd);
			root = nd->root;
			path_get(&root);
		} else {
			get_fs_root(current->fs, &root);	/* nd->root may never be needed */
		}
		if ((nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt && nd->path.mnt != root.mnt) {
			path_put(&root);
			return -EXDEV;
		}
		if (nd->path.mnt)
			path_put(&nd->path);
		nd->path = root;
		while (*text == '/')
			text++;
	}
	nd->rest = text;
	return 0;
}

/* The walk of a link's text is over: go on behind the link. False when nothing is left at all. */
static bool pop_text(struct nameidata *nd)
{
	if (!nd->depth)
		return false;
	nd->depth--;
	/* last.name may still point into the text that ends here. */
	drop_text(&nd->last_done);
	nd->last_done = nd->text_done;
	nd->rest = nd->stack[nd->depth].rest;
	nd->text_done = nd->stack[nd->depth].done;
	return true;
}

/* Moves one component from rest to last. */
static int take_component(struct nameidata *nd)
{
	const char *name = nd->rest;
	u64 hash_len = hashlen_string(nd->path.dentry, name);
	unsigned int len = hashlen_len(hash_len);

	nd->last.name = (const unsigned char *)name;
	nd->last.hash_len = hash_len;
	nd->last_type = LAST_NORM;
	if (name[0] == '.') {
		if (len == 1)
			nd->last_type = LAST_DOT;
		else if (len == 2 && name[1] == '.')
			nd->last_type = LAST_DOTDOT;
	}
	name += len;
	nd->last_slash = *name == '/';
	while (*name == '/')
		name++;
	nd->rest = name;
	return len > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* ------------------------------------------------------------------ one component */

/* Called by a magic link of /proc: the walk goes on at @path, whose references are taken over. */
int nd_jump_link(const struct path *path)
{
	struct nameidata *nd = current->nameidata;
	int err = 0;

	if (nd->flags & LOOKUP_NO_MAGICLINKS)
		err = -ELOOP;
	else if (nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT))
		err = -EXDEV;
	else if ((nd->flags & LOOKUP_NO_XDEV) && path->mnt != nd->path.mnt)
		err = -EXDEV;
	if (err) {
		path_put(path);
		return err;
	}
	nd_set_path(nd, path);
	nd->jumped = true;
	return 0;
}

static int grow_stack(struct nameidata *nd)
{
	struct saved_text *p;

	if (nd->stack != nd->internal || nd->depth < EMBEDDED_LEVELS)
		return 0;
	p = kmalloc_array(MAXSYMLINKS, sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	memcpy(p, nd->internal, sizeof(nd->internal));
	nd->stack = p;
	return 0;
}

/* Follows the symbolic link @link, found in nd->path: its text is what is walked next. */
static int follow_link(struct nameidata *nd, const struct path *link)
{
	struct inode *inode = d_inode(link->dentry);
	struct delayed_call done = { };
	const char *text = inode->i_link;
	int err;

	if (nd->flags & LOOKUP_NO_SYMLINKS)
		return -ELOOP;
	if (++nd->links > MAXSYMLINKS)
		return -ELOOP;
	if (*nd->rest) {
		err = grow_stack(nd);
		if (err)
			return err;
	}
	touch_atime(link);
	nd->jumped = false;
	if (!text) {
		text = inode->i_op->get_link ? inode->i_op->get_link(link->dentry, inode, &done)
					     : ERR_PTR(-EINVAL);
		if (IS_ERR(text))
			return PTR_ERR(text);
	}
	if (nd->jumped || !text) {
		/* A magic link: path is there already. */
		do_delayed_call(&done);
		if (!*nd->rest)
			nd->last_type = LAST_DOT;
		return 0;
	}
	if (!*text) {
		do_delayed_call(&done);
		return -ENOENT;
	}

	if (*nd->rest) {
		nd->stack[nd->depth].rest = nd->rest;
		nd->stack[nd->depth].done = nd->text_done;
		nd->depth++;
	} else {
		drop_text(&nd->last_done);
		nd->last_done = nd->text_done;
	}
	nd->text_done = done;
	err = start_text(nd, text);
	return err ?: 1;
}

/* Down into whatever is mounted on @path, and on that. */
static void follow_mounts(struct path *path)
{
	while (d_mountpoint(path->dentry)) {
		struct vfsmount *mounted = lookup_mnt(path);

		if (!mounted)
			break;
		path_put(path);
		path->mnt = mounted;
		path->dentry = dget(mounted->mnt_root);
	}
}

/* From the root of a mount to the place that it is mounted on; false at the top of the tree. */
static bool up_to_mountpoint(struct path *path)
{
	struct mount *mnt = real_mount(path->mnt);
	struct path parent;

	spin_lock(&mount_lock);
	if (!mnt_has_parent(mnt)) {
		spin_unlock(&mount_lock);
		return false;
	}
	parent.mnt = mntget(&mnt->mnt_parent->mnt);
	parent.dentry = dget(mnt->mnt_mountpoint);
	spin_unlock(&mount_lock);
	path_put(path);
	*path = parent;
	return true;
}

int follow_up(struct path *path)
{
	return up_to_mountpoint(path);
}
EXPORT_SYMBOL(follow_up);

int follow_down(struct path *path)
{
	follow_mounts(path);
	return 0;
}
EXPORT_SYMBOL(follow_down);

int follow_down_one(struct path *path)
{
	struct vfsmount *mounted = lookup_mnt(path);

	if (!mounted)
		return 0;
	path_put(path);
	path->mnt = mounted;
	path->dentry = dget(mounted->mnt_root);
	return 1;
}

static int walk_dotdot(struct nameidata *nd)
{
	struct vfsmount *from = nd->path.mnt;
	struct dentry *parent;

	nd_need_root(nd);
	for (;;) {
		if (path_equal(&nd->path, &nd->root))
			return (nd->flags & LOOKUP_BENEATH) ? -EXDEV : 0;
		if (nd->path.dentry != nd->path.mnt->mnt_root)
			break;
		if (!up_to_mountpoint(&nd->path))
			return 0;
		if (nd->flags & LOOKUP_NO_XDEV)
			return -EXDEV;
	}
	parent = dget_parent(nd->path.dentry);
	dput(nd->path.dentry);
	nd->path.dentry = parent;
	if (d_mountpoint(parent)) {
		follow_mounts(&nd->path);
		if ((nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != from)
			return -EXDEV;
	}
	return 0;
}

/* Asks a cached dentry's filesystem whether it is still right: 1, 0, or an error. */
static int d_revalidate(struct dentry *dentry, unsigned int flags)
{
	if (likely(!(dentry->d_flags & DCACHE_OP_REVALIDATE)))
		return 1;
	return dentry->d_op->d_revalidate(dentry, flags);
}

/* A valid cached dentry of nd->last in @dir; NULL: ask the directory. */
struct dentry *nd_lookup_cached(struct nameidata *nd, struct dentry *dir)
{
	struct dentry *dentry = __d_lookup(dir, &nd->last);
	int valid;

	if (!dentry)
		return NULL;
	valid = d_revalidate(dentry, nd->flags);
	if (likely(valid > 0))
		return dentry;
	if (!valid)
		d_invalidate(dentry);
	dput(dentry);
	return valid < 0 ? ERR_PTR(valid) : NULL;
}

/**
 * lookup_in_locked_dir - the dentry of a name, from the cache or the filesystem
 * @name: with its hash
 * @dir: its i_rwsem is held for writing
 *
 * Returns a reference, on a negative dentry if there is no such name, or an error.
 */
struct dentry *lookup_in_locked_dir(const struct qstr *name, struct dentry *dir, unsigned int flags)
{
	struct inode *inode = dir->d_inode;
	struct dentry *dentry, *found;
	int valid;

	if (unlikely(IS_DEADDIR(inode)))
		return ERR_PTR(-ENOENT);
	dentry = d_lookup(dir, name);
	if (dentry) {
		valid = d_revalidate(dentry, flags);
		if (valid > 0)
			return dentry;
		if (!valid)
			d_invalidate(dentry);
		dput(dentry);
		if (valid < 0)
			return ERR_PTR(valid);
	}
	dentry = d_alloc(dir, name);
	if (!dentry)
		return ERR_PTR(-ENOMEM);
	found = inode->i_op->lookup(inode, dentry, flags);
	if (found) {
		dput(dentry);
		dentry = found;
	}
	return dentry;
}

static struct dentry *lookup_component(struct nameidata *nd)
{
	struct dentry *dir = nd->path.dentry, *dentry = nd_lookup_cached(nd, dir);

	if (likely(dentry))
		return dentry;
	inode_lock(dir->d_inode);
	dentry = lookup_in_locked_dir(&nd->last, dir, nd->flags);
	inode_unlock(dir->d_inode);
	return dentry;
}

/*
 * Goes to @dentry, found in nd->path and whose reference is taken over: through mounts, and when
 * @follow, through a symbolic link. Returns 0, 1 when there is new text to walk, or an error.
 */
int nd_step_to(struct nameidata *nd, struct dentry *dentry, bool follow)
{
	struct path path = { .mnt = nd->path.mnt, .dentry = dentry };
	int err;

	if (unlikely(d_mountpoint(dentry))) {
		mntget(path.mnt);
		follow_mounts(&path);
		if ((nd->flags & LOOKUP_NO_XDEV) && path.mnt != nd->path.mnt) {
			path_put(&path);
			return -EXDEV;
		}
		nd_set_path(nd, &path);
		/* What is mounted is a directory, or a file: never a link. */
		return d_is_negative(path.dentry) ? -ENOENT : 0;
	}
	if (unlikely(d_is_negative(dentry))) {
		dput(dentry);
		return -ENOENT;
	}
	if (unlikely(d_is_symlink(dentry)) && follow) {
		mntget(path.mnt);
		err = follow_link(nd, &path);
		path_put(&path);
		return err;
	}
	dput(nd->path.dentry);
	nd->path.dentry = dentry;
	return 0;
}

/* Walks nd->last. */
static int walk_component(struct nameidata *nd, bool follow)
{
	struct dentry *dentry;

	if (nd->last_type == LAST_DOTDOT)
		return walk_dotdot(nd);
	if (nd->last_type != LAST_NORM)
		return 0;
	dentry = lookup_component(nd);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	return nd_step_to(nd, dentry, follow);
}

/* May names be looked up in nd->path? */
static inline int may_lookup(struct nameidata *nd)
{
	if (unlikely(!d_can_lookup(nd->path.dentry)))
		return -ENOTDIR;
	return inode_permission(&init_user_ns, nd->path.dentry->d_inode, MAY_EXEC);
}

/**
 * walk_to_last - walks all but the last component
 *
 * Afterwards nd->path is the directory and nd->last the component in it, of nd->last_type;
 * LAST_ROOT when there is none.
 */
int walk_to_last(struct nameidata *nd)
{
	int err;

	while (*nd->rest) {
		err = may_lookup(nd);
		if (err)
			return err;
		err = take_component(nd);
		if (err)
			return err;
		if (!*nd->rest && !pop_text(nd))
			return 0;
		err = walk_component(nd, true);
		if (err < 0)
			return err;
		/* A link to "/" has no component of its own: go on behind it. */
		if (!*nd->rest)
			pop_text(nd);
	}
	nd->last_type = LAST_ROOT;
	nd->last.name = (const unsigned char *)"";
	nd->last.hash_len = 0;
	nd->last_slash = false;
	return 0;
}

/**
 * walk_last - walks the last component
 * @follow: also if it is a symbolic link; a slash after it has the same effect
 *
 * Returns 0 when nd->path is the end, 1 when a link was met: walk_to_last() is to be called again.
 */
int walk_last(struct nameidata *nd, bool follow)
{
	if (nd->last_slash) {
		nd->flags |= LOOKUP_DIRECTORY;
		follow = true;
	}
	return walk_component(nd, follow);
}

/* ------------------------------------------------------------------ whole walks */

/* Where a relative path begins. */
static int start_at(struct nameidata *nd, const char *text)
{
	struct fd f;

	if (*text == '/' && !(nd->flags & (LOOKUP_IN_ROOT | LOOKUP_BENEATH)))
		return 0;
	if (nd->dfd == AT_FDCWD) {
		get_fs_pwd(current->fs, &nd->path);
		return 0;
	}
	f = fdget_raw(nd->dfd);
	if (!f.file)
		return -EBADF;
	if (*text && !d_can_lookup(f.file->f_path.dentry)) {
		fdput(f);
		return -ENOTDIR;
	}
	nd->path = f.file->f_path;
	path_get(&nd->path);
	fdput(f);
	return 0;
}

/** nd_begin - sets a walk up; nd_end() is owed whatever it returns. given_root is set before */
int nd_begin(struct nameidata *nd, int dfd, struct filename *name, unsigned int flags)
{
	int err;

	nd->path = (struct path){ };
	nd->root = (struct path){ };
	nd->flags = flags;
	nd->links = 0;
	nd->depth = 0;
	nd->stack = nd->internal;
	nd->text_done.fn = NULL;
	nd->last_done.fn = NULL;
	nd->name = name;
	nd->dfd = dfd;
	nd->saved = current->nameidata;
	current->nameidata = nd;

	if (nd->given_root && *name->name != '/') {
		nd->path = *nd->given_root;
		path_get(&nd->path);
	} else {
		err = start_at(nd, name->name);
		if (err)
			return err;
	}
	if (flags & (LOOKUP_IN_ROOT | LOOKUP_BENEATH)) {
		nd->root = nd->path;
		path_get(&nd->root);
	}
	return start_text(nd, name->name);
}

void nd_end(struct nameidata *nd)
{
	drop_text(&nd->last_done);
	drop_text(&nd->text_done);
	while (nd->depth)
		drop_text(&nd->stack[--nd->depth].done);
	if (nd->stack != nd->internal)
		kfree(nd->stack);
	if (nd->path.mnt)
		path_put(&nd->path);
	if (nd->root.mnt)
		path_put(&nd->root);
	current->nameidata = nd->saved;
}

/* Hands nd->path over to the caller. */
int nd_take(struct nameidata *nd, struct path *path)
{
	*path = nd->path;
	nd->path = (struct path){ };
	return 0;
}

/**
 * filename_lookup - what a path leads to
 * @dfd: where a relative path begins: a descriptor or AT_FDCWD
 * @flags: LOOKUP_FOLLOW, LOOKUP_DIRECTORY...
 * @path: the result, with references
 * @root: instead of the task's root and working directory, or NULL
 *
 * Keeps @name; an error pointer is passed on.
 */
int filename_lookup(int dfd, struct filename *name, unsigned int flags, struct path *path,
		    struct path *root)
{
	struct nameidata nd;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	nd.given_root = root;
	err = nd_begin(&nd, dfd, name, flags);
	if (err)
		goto out;
	do {
		err = walk_to_last(&nd);
		if (!err)
			err = walk_last(&nd, nd.flags & LOOKUP_FOLLOW);
	} while (err > 0);
	if (!err && (nd.flags & LOOKUP_DIRECTORY) && !d_can_lookup(nd.path.dentry))
		err = -ENOTDIR;
	if (!err)
		nd_take(&nd, path);
out:
	nd_end(&nd);
	return err;
}

/**
 * filename_parentat - the directory that a path's last component is in
 * @last: that component; its name points into @name's text
 * @type: LAST_*
 *
 * The last component is not looked up and not followed. @parent is referenced on success.
 */
int filename_parentat(int dfd, struct filename *name, unsigned int flags, struct path *parent,
		      struct qstr *last, int *type)
{
	struct nameidata nd;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	nd.given_root = NULL;
	err = nd_begin(&nd, dfd, name, flags | LOOKUP_PARENT);
	if (!err)
		err = walk_to_last(&nd);
	if (!err) {
		*last = nd.last;
		*type = nd.last_type;
		nd_take(&nd, parent);
	}
	nd_end(&nd);
	return err;
}

int kern_path(const char *name, unsigned int flags, struct path *path)
{
	struct filename *filename = getname_kernel(name);
	int err = filename_lookup(AT_FDCWD, filename, flags, path, NULL);

	putname(filename);
	return err;
}
EXPORT_SYMBOL(kern_path);

/** vfs_path_lookup - a path below a given directory, which is its root too */
int vfs_path_lookup(struct dentry *dentry, struct vfsmount *mnt, const char *name,
		    unsigned int flags, struct path *path)
{
	struct path root = { .mnt = mnt, .dentry = dentry };
	struct filename *filename = getname_kernel(name);
	int err = filename_lookup(AT_FDCWD, filename, flags, path, &root);

	putname(filename);
	return err;
}
EXPORT_SYMBOL(vfs_path_lookup);

int user_path_at_empty(int dfd, const char __user *name, unsigned int flags, struct path *path,
		       int *empty)
{
	struct filename *filename = getname_flags(name, flags, empty);
	int err = filename_lookup(dfd, filename, flags, path, NULL);

	putname(filename);
	return err;
}

/** lookup_one_len - a single name in a directory whose i_rwsem is held for writing */
struct dentry *lookup_one_len(const char *name, struct dentry *base, int len)
{
	struct qstr this = { .name = (const unsigned char *)name };
	int err;

	if (len <= 0 || memchr(name, '/', len) || (name[0] == '.' && (len == 1 ||
	    (len == 2 && name[1] == '.'))))
		return ERR_PTR(-EACCES);
	this.len = len;
	this.hash = full_name_hash(base, name, len);
	err = inode_permission(&init_user_ns, base->d_inode, MAY_EXEC);
	if (err)
		return ERR_PTR(err);
	return lookup_in_locked_dir(&this, base, 0);
}
EXPORT_SYMBOL(lookup_one_len);
