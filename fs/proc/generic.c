// SPDX-License-Identifier: MIT
/*
 * The tree of files that other parts of the kernel put into /proc by proc_create() and the like.
 *
 * proc_subdir_lock guards the tree. An entry that is removed leaves the tree at once; open files
 * keep its memory by references, and answer -ENOENT.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

static DEFINE_SPINLOCK(proc_subdir_lock);

static const struct inode_operations proc_dir_inode_operations;
static const struct file_operations proc_dir_operations;

void pde_put(struct proc_dir_entry *pde)
{
	if (refcount_dec_and_test(&pde->refcnt)) {
		if (S_ISLNK(pde->mode))
			kfree(pde->data);
		kfree(pde);
	}
}

/* ------------------------------------------------------------------ finding */

/* proc_subdir_lock held */
static struct proc_dir_entry *find_child(struct proc_dir_entry *dir, const char *name,
					 unsigned int len)
{
	struct proc_dir_entry *de;

	list_for_each_entry(de, &dir->subdir, sibling)
		if (de->namelen == len && !memcmp(de->name, name, len))
			return de;
	return NULL;
}

/*
 * The folder that "a/b/name" lies in below @dir, and the start of "name" in *@last. NULL when a
 * folder on the way is missing. proc_subdir_lock held.
 */
static struct proc_dir_entry *find_dir(struct proc_dir_entry *dir, const char *path,
				       const char **last)
{
	const char *slash;

	while (dir && (slash = strchr(path, '/')) != NULL) {
		dir = find_child(dir, path, slash - path);
		path = slash + 1;
	}
	*last = path;
	return dir;
}

/* An entry can be removed while its name is in the cache. */
static int proc_misc_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	return !PDE(d_inode(dentry))->removed;
}

static int proc_misc_d_delete(const struct dentry *dentry)
{
	return PDE(d_inode(dentry))->removed;
}

const struct dentry_operations proc_misc_dentry_ops = {
	.d_revalidate	= proc_misc_d_revalidate,
	.d_delete	= proc_misc_d_delete,
};

struct dentry *proc_lookup_de(struct inode *dir, struct dentry *dentry, struct proc_dir_entry *de)
{
	struct inode *inode;

	spin_lock(&proc_subdir_lock);
	de = find_child(de, (const char *)dentry->d_name.name, dentry->d_name.len);
	if (de)
		refcount_inc(&de->refcnt);
	spin_unlock(&proc_subdir_lock);
	/* A missing name is not remembered: it may be made at any time. */
	if (!de)
		return ERR_PTR(-ENOENT);
	inode = proc_get_inode(dir->i_sb, de);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	d_set_d_op(dentry, &proc_misc_dentry_ops);
	return d_splice_alias(inode, dentry);
}

static struct dentry *proc_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_lookup_de(dir, dentry, PDE(dir));
}

/* The entry at position @index of a folder, with a reference, or NULL. */
static struct proc_dir_entry *nth_child(struct proc_dir_entry *dir, loff_t index)
{
	struct proc_dir_entry *de, *found = NULL;

	spin_lock(&proc_subdir_lock);
	list_for_each_entry(de, &dir->subdir, sibling) {
		if (index-- == 0) {
			refcount_inc(&de->refcnt);
			found = de;
			break;
		}
	}
	spin_unlock(&proc_subdir_lock);
	return found;
}

/* Returns 1 when all has been told, 0 when the buffer is full. */
int proc_readdir_de(struct file *file, struct dir_context *ctx, struct proc_dir_entry *dir)
{
	struct proc_dir_entry *de;

	if (!dir_emit_dots(file, ctx))
		return 0;
	while ((de = nth_child(dir, ctx->pos - 2)) != NULL) {
		bool ok = dir_emit(ctx, de->name, de->namelen, de->low_ino,
				   fs_umode_to_dtype(de->mode));

		pde_put(de);
		if (!ok)
			return 0;
		ctx->pos++;
	}
	return 1;
}

static int proc_readdir(struct file *file, struct dir_context *ctx)
{
	int ret = proc_readdir_de(file, ctx, PDE(file_inode(file)));

	return ret < 0 ? ret : 0;
}

static const struct file_operations proc_dir_operations = {
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= proc_readdir,
};

static int proc_getattr(struct user_namespace *mnt_userns, const struct path *path,
			struct kstat *stat, u32 request_mask, unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);

	if (PDE(inode) && S_ISDIR(inode->i_mode))
		set_nlink(inode, PDE(inode)->nlink);
	generic_fillattr(mnt_userns, inode, stat);
	return 0;
}

static const struct inode_operations proc_dir_inode_operations = {
	.lookup		= proc_lookup,
	.getattr	= proc_getattr,
	.setattr	= proc_setattr,
};

static const struct inode_operations proc_file_inode_operations = {
	.setattr	= proc_setattr,
};

static const char *proc_get_link(struct dentry *dentry, struct inode *inode,
				 struct delayed_call *done)
{
	return PDE(inode)->data;	/* the inode holds the entry */
}

const struct inode_operations proc_link_inode_operations = {
	.get_link	= proc_get_link,
};

/* ------------------------------------------------------------------ making */

static unsigned int next_proc_ino(void)
{
	static atomic_t ino = ATOMIC_INIT(0x10000000);

	return atomic_inc_return(&ino);
}

/* A new entry for the last component of @name, not in the tree yet. */
static struct proc_dir_entry *new_entry(const char *name, umode_t mode, void *data)
{
	const char *last = strrchr(name, '/');
	struct proc_dir_entry *de;
	size_t len;

	last = last ? last + 1 : name;
	len = strlen(last);
	if (!len || len > NAME_MAX) {
		WARN(1, "bad name for /proc: '%s'", name);
		return NULL;
	}
	de = kzalloc(sizeof(*de) + len + 1, GFP_KERNEL);
	if (!de)
		return NULL;
	memcpy(de->name, last, len + 1);
	de->namelen = len;
	de->mode = mode;
	de->nlink = 1;
	de->data = data;
	de->low_ino = next_proc_ino();
	refcount_set(&de->refcnt, 1);
	INIT_LIST_HEAD(&de->subdir);
	return de;
}

/* Puts an entry into the tree. NULL, and it is freed: no such folder, or the name is taken. */
static struct proc_dir_entry *enter(struct proc_dir_entry *parent, const char *name,
				    struct proc_dir_entry *de)
{
	const char *last;

	spin_lock(&proc_subdir_lock);
	parent = find_dir(parent ?: &proc_root, name, &last);
	if (!parent || find_child(parent, de->name, de->namelen)) {
		spin_unlock(&proc_subdir_lock);
		WARN(1, "/proc: cannot make '%s'", name);
		pde_put(de);
		return NULL;
	}
	de->parent = parent;
	list_add_tail(&de->sibling, &parent->subdir);
	if (S_ISDIR(de->mode))
		parent->nlink++;
	spin_unlock(&proc_subdir_lock);
	return de;
}

struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode,
				       struct proc_dir_entry *parent, void *data)
{
	struct proc_dir_entry *de = new_entry(name, S_IFDIR | (mode ?: S_IRUGO | S_IXUGO), data);

	if (!de)
		return NULL;
	de->nlink = 2;
	de->proc_iops = &proc_dir_inode_operations;
	de->proc_dir_fops = &proc_dir_operations;
	return enter(parent, name, de);
}
EXPORT_SYMBOL(proc_mkdir_data);

/** proc_mkdir - a folder in /proc or in @parent; NULL on failure. @name may be a path */
struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	return proc_mkdir_data(name, 0, parent, NULL);
}
EXPORT_SYMBOL(proc_mkdir);

/** proc_symlink - a symbolic link to @dest */
struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent,
				    const char *dest)
{
	struct proc_dir_entry *de;
	char *text = kmalloc(strlen(dest) + 1, GFP_KERNEL);

	if (!text)
		return NULL;
	strcpy(text, dest);
	de = new_entry(name, S_IFLNK | S_IRUGO | S_IWUGO | S_IXUGO, text);
	if (!de) {
		kfree(text);
		return NULL;
	}
	de->size = strlen(dest);
	de->proc_iops = &proc_link_inode_operations;
	return enter(parent, name, de);
}
EXPORT_SYMBOL(proc_symlink);

static struct proc_dir_entry *new_file(const char *name, umode_t mode, void *data)
{
	struct proc_dir_entry *de;

	if (!(mode & S_IALLUGO))
		mode |= S_IRUGO;
	de = new_entry(name, (mode & S_IALLUGO) | S_IFREG, data);
	if (de)
		de->proc_iops = &proc_file_inode_operations;
	return de;
}

/**
 * proc_create_data - a file whose operations are the caller's
 * @mode: permissions; 0 means 0444
 * @parent: from proc_mkdir(), or NULL for /proc itself
 * @data: what pde_data() gives the operations
 *
 * Returns it, for proc_remove(), or NULL.
 */
struct proc_dir_entry *proc_create_data(const char *name, umode_t mode,
					struct proc_dir_entry *parent,
					const struct proc_ops *ops, void *data)
{
	struct proc_dir_entry *de = new_file(name, mode, data);

	if (!de)
		return NULL;
	de->proc_ops = ops;
	return enter(parent, name, de);
}
EXPORT_SYMBOL(proc_create_data);

struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *ops)
{
	return proc_create_data(name, mode, parent, ops, NULL);
}
EXPORT_SYMBOL(proc_create);

/** proc_create_seq_private - a file of records; each reader has @state_size bytes in m->private */
struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       const struct seq_operations *ops,
					       unsigned int state_size, void *data)
{
	struct proc_dir_entry *de = new_file(name, mode, data);

	if (!de)
		return NULL;
	de->seq_ops = ops;
	de->state_size = state_size;
	return enter(parent, name, de);
}
EXPORT_SYMBOL(proc_create_seq_private);

/** proc_create_single_data - a file that one call of @show prints; m->private is @data */
struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *, void *), void *data)
{
	struct proc_dir_entry *de = new_file(name, mode, data);

	if (!de)
		return NULL;
	de->single_show = show;
	return enter(parent, name, de);
}
EXPORT_SYMBOL(proc_create_single_data);

void proc_set_size(struct proc_dir_entry *de, loff_t size)
{
	de->size = size;
}
EXPORT_SYMBOL(proc_set_size);

void *pde_data(const struct inode *inode)
{
	return PDE(inode)->data;
}
EXPORT_SYMBOL(pde_data);

/* ------------------------------------------------------------------ removing */

/** proc_remove - takes an entry and what is below it out of /proc; NULL is allowed */
void proc_remove(struct proc_dir_entry *root)
{
	struct proc_dir_entry *de, *parent;

	if (!root)
		return;
	for (;;) {
		spin_lock(&proc_subdir_lock);
		de = root;
		while (!list_empty(&de->subdir))
			de = list_last_entry(&de->subdir, struct proc_dir_entry, sibling);
		parent = de->parent;
		list_del(&de->sibling);
		de->removed = true;
		if (S_ISDIR(de->mode))
			parent->nlink--;
		spin_unlock(&proc_subdir_lock);
		pde_put(de);
		if (de == root)
			break;
	}
}
EXPORT_SYMBOL(proc_remove);

int remove_proc_subtree(const char *name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *de;
	const char *last;

	spin_lock(&proc_subdir_lock);
	parent = find_dir(parent ?: &proc_root, name, &last);
	de = parent ? find_child(parent, last, strlen(last)) : NULL;
	spin_unlock(&proc_subdir_lock);
	if (!de)
		return -ENOENT;
	proc_remove(de);
	return 0;
}
EXPORT_SYMBOL(remove_proc_subtree);

void remove_proc_entry(const char *name, struct proc_dir_entry *parent)
{
	WARN_ON(remove_proc_subtree(name, parent));
}
EXPORT_SYMBOL(remove_proc_entry);
