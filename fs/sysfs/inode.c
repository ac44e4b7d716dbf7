// SPDX-License-Identifier: MIT
/*
 * /sys as programs see it: a filesystem whose folders and links are the tree of dir.c, and whose files are the
 * attributes of its folders. Inodes are made when a name is looked up. An inode holds its folder's (or link's)
 * sysfs_dirent; of an attribute it knows nothing but the name, which is looked for again at each use: then a file that
 * is open does not keep anybody from removing the attribute.
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "sysfs.h"

#define SYSFS_INO_SHIFT		10	/* files of a folder have the numbers behind it */

static const struct inode_operations sysfs_dir_inode_operations, sysfs_link_inode_operations;
static const struct inode_operations sysfs_file_inode_operations;
static const struct file_operations sysfs_dir_operations, sysfs_file_operations;

/* ------------------------------------------------------------------ files */

/* A file that is being used: the attribute, with its folder's active held. Ended by sysfs_put_active(). */
static struct attribute *sysfs_get_active(struct file *file)
{
	const struct qstr *name = &file->f_path.dentry->d_name;
	struct sysfs_dirent *sd = file_inode(file)->i_private;
	struct attribute *attr;
	unsigned int index;
	umode_t mode;

	down_read(&sd->active);
	down_read(&sysfs_rwsem);
	attr = sysfs_find_attr(sd, (const char *)name->name, name->len, &mode, &index);
	up_read(&sysfs_rwsem);
	if (!attr)
		up_read(&sd->active);
	return attr;
}

static void sysfs_put_active(struct file *file)
{
	up_read(&((struct sysfs_dirent *)file_inode(file)->i_private)->active);
}

static int sysfs_seq_show(struct seq_file *m, void *v)
{
	struct file *file = m->private;
	struct sysfs_dirent *sd = file_inode(file)->i_private;
	char *buf = (char *)get_zeroed_page(GFP_KERNEL);
	struct attribute *attr;
	ssize_t len = -ENODEV;

	if (!buf)
		return -ENOMEM;
	attr = sysfs_get_active(file);
	if (attr) {
		len = sd->kobj->ktype->sysfs_ops->show(sd->kobj, attr, buf);
		sysfs_put_active(file);
	}
	if (len > 0)
		seq_write(m, buf, min_t(ssize_t, len, PAGE_SIZE - 1));
	free_page((unsigned long)buf);
	return len < 0 ? len : 0;
}

static ssize_t sysfs_write(struct file *file, const char __user *ubuf, size_t count, loff_t *ppos)
{
	struct sysfs_dirent *sd = file_inode(file)->i_private;
	const size_t size = min_t(size_t, count, PAGE_SIZE - 1);
	char *buf = kmalloc(size + 1, GFP_KERNEL);
	struct attribute *attr;
	ssize_t ret = -EFAULT;

	if (!buf)
		return -ENOMEM;
	if (copy_from_user(buf, ubuf, size))
		goto out;
	buf[size] = '\0';
	ret = -ENODEV;
	attr = sysfs_get_active(file);
	if (attr) {
		ret = sd->kobj->ktype->sysfs_ops->store(sd->kobj, attr, buf, size);
		sysfs_put_active(file);
	}
	if (ret > 0)
		*ppos += ret;
out:
	kfree(buf);
	return ret;
}

/* Root may open anything by its mode; what cannot be shown or stored is refused to him, too. */
static int sysfs_open(struct inode *inode, struct file *file)
{
	struct sysfs_dirent *sd = inode->i_private;
	const struct sysfs_ops *ops = NULL;
	const bool gone = !sysfs_get_active(file);

	if (!gone) {
		ops = sd->kobj->ktype->sysfs_ops;
		sysfs_put_active(file);
	}
	if (gone)
		return -ENODEV;
	if ((file->f_mode & FMODE_WRITE) && (!(inode->i_mode & S_IWUGO) || !ops || !ops->store))
		return -EACCES;
	if ((file->f_mode & FMODE_READ) && (!(inode->i_mode & S_IRUGO) || !ops || !ops->show))
		return -EACCES;
	return single_open_size(file, sysfs_seq_show, file, PAGE_SIZE);
}

static const struct file_operations sysfs_file_operations = {
	.open		= sysfs_open,
	.read_iter	= seq_read_iter,
	.write		= sysfs_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* ------------------------------------------------------------------ links */

/* Up to the root of /sys, and down to the target. */
static const char *sysfs_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct sysfs_dirent *link = inode->i_private, *sd;
	char *path, *p;
	size_t len = 1;

	if (!dentry)
		return ERR_PTR(-ECHILD);
	for (sd = link->parent; sd->parent; sd = sd->parent)
		len += 3;
	for (sd = link->target; sd->parent; sd = sd->parent)
		len += strlen(sd->name) + 1;
	path = kzalloc(len, GFP_KERNEL);
	if (!path)
		return ERR_PTR(-ENOMEM);
	for (p = path, sd = link->parent; sd->parent; sd = sd->parent, p += 3)
		memcpy(p, "../", 3);
	/* From the end; the slash before the first name is the last of those above. */
	for (p = path + len - 1, sd = link->target; sd->parent; sd = sd->parent) {
		const size_t n = strlen(sd->name);

		p -= n;
		memcpy(p, sd->name, n);
		if (sd->parent->parent)
			*--p = '/';
	}
	memmove(strchrnul(path, '\0'), p, path + len - p);
	set_delayed_call(done, kfree_link, path);
	return path;
}

static const struct inode_operations sysfs_link_inode_operations = {
	.get_link	= sysfs_get_link,
};

/* ------------------------------------------------------------------ folders */

/* What is gone is not found any more; and nothing is kept, for names may come at any time. */
static int sysfs_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);
	struct sysfs_dirent *sd = inode ? inode->i_private : NULL;

	if (!sd || sd == &sysfs_root)
		return 1;
	return !list_empty_careful(&sd->sibling);
}

static const struct dentry_operations sysfs_dentry_operations = {
	.d_revalidate	= sysfs_d_revalidate,
	.d_delete	= always_delete_dentry,
};

/* Of @sd, or with @mode of an attribute of it. NULL without memory. */
static struct inode *sysfs_get_inode(struct super_block *sb, struct sysfs_dirent *sd, umode_t mode, unsigned int index)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	refcount_inc(&sd->count);
	inode->i_private = sd;
	inode->i_mode = mode ? S_IFREG | mode : sd->mode;
	inode->i_ino = ((u64)sd->id + 1) << SYSFS_INO_SHIFT;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	if (mode) {
		inode->i_ino += index + 1;
		inode->i_size = PAGE_SIZE;
		inode->i_op = &sysfs_file_inode_operations;
		inode->i_fop = &sysfs_file_operations;
	} else if (S_ISDIR(sd->mode)) {
		set_nlink(inode, 2);
		inode->i_op = &sysfs_dir_inode_operations;
		inode->i_fop = &sysfs_dir_operations;
	} else {
		inode->i_op = &sysfs_link_inode_operations;
	}
	return inode;
}

static struct dentry *sysfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	const char *name = (const char *)dentry->d_name.name;
	struct sysfs_dirent *parent = dir->i_private, *sd;
	struct inode *inode = ERR_PTR(-ENOENT);
	unsigned int index;
	umode_t mode = 0;

	down_read(&sysfs_rwsem);
	sd = sysfs_find_child(parent, name, dentry->d_name.len);
	if (!sd && sysfs_find_attr(parent, name, dentry->d_name.len, &mode, &index))
		sd = parent;
	if (sd)
		inode = sysfs_get_inode(dir->i_sb, sd, mode, index);
	up_read(&sysfs_rwsem);
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	d_set_d_op(dentry, &sysfs_dentry_operations);
	return d_splice_alias(inode, dentry);
}

/* The entry at @pos: folders and links first, then files. sysfs_rwsem held. */
static bool sysfs_emit_nth(struct sysfs_dirent *dir, struct dir_context *ctx, unsigned int pos, bool *end)
{
	struct sysfs_dirent *sd;
	struct attribute *attr;
	umode_t mode;

	list_for_each_entry(sd, &dir->children, sibling)
		if (!pos--)
			return dir_emit(ctx, sd->name, strlen(sd->name), ((u64)sd->id + 1) << SYSFS_INO_SHIFT,
					fs_umode_to_dtype(sd->mode));
	attr = sysfs_find_attr(dir, NULL, 0, &mode, &pos);
	*end = !attr;
	return attr && dir_emit(ctx, attr->name, strlen(attr->name),
				(((u64)dir->id + 1) << SYSFS_INO_SHIFT) + pos + 1, DT_REG);
}

static int sysfs_readdir(struct file *file, struct dir_context *ctx)
{
	struct sysfs_dirent *dir = file_inode(file)->i_private;
	bool emitted, end = false;

	if (!dir_emit_dots(file, ctx))
		return 0;
	do {
		down_read(&sysfs_rwsem);
		emitted = sysfs_emit_nth(dir, ctx, ctx->pos - 2, &end);
		up_read(&sysfs_rwsem);
		if (emitted)
			ctx->pos++;
	} while (emitted && !end);
	return 0;
}

static const struct file_operations sysfs_dir_operations = {
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= sysfs_readdir,
};

/* As on Linux, owner and permissions can be changed; they last as long as the inode does. */
static int sysfs_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *iattr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(mnt_userns, dentry, iattr);

	if (!err) {
		iattr->ia_valid &= ~ATTR_SIZE;	/* open with O_TRUNC, as "echo 1 > file" does */
		setattr_copy(mnt_userns, inode, iattr);
	}
	return err;
}

static const struct inode_operations sysfs_file_inode_operations = {
	.setattr	= sysfs_setattr,
};

static const struct inode_operations sysfs_dir_inode_operations = {
	.lookup		= sysfs_lookup,
	.setattr	= sysfs_setattr,
};

/* ------------------------------------------------------------------ mounting */

static void sysfs_evict_inode(struct inode *inode)
{
	struct sysfs_dirent *sd = inode->i_private;

	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	sysfs_put(sd);
}

static const struct super_operations sysfs_ops = {
	.statfs		= simple_statfs,
	.drop_inode	= generic_delete_inode,
	.evict_inode	= sysfs_evict_inode,
};

static int sysfs_fill_super(struct super_block *s, struct fs_context *fc)
{
	struct inode *root;

	s->s_flags |= SB_NOEXEC;
	s->s_blocksize = PAGE_SIZE;
	s->s_blocksize_bits = PAGE_SHIFT;
	s->s_magic = SYSFS_MAGIC;
	s->s_op = &sysfs_ops;
	root = sysfs_get_inode(s, &sysfs_root, 0, 0);
	if (!root)
		return -ENOMEM;
	s->s_root = d_make_root(root);
	return s->s_root ? 0 : -ENOMEM;
}

static int sysfs_get_tree(struct fs_context *fc)
{
	return get_tree_single(fc, sysfs_fill_super);
}

static const struct fs_context_operations sysfs_fs_context_ops = {
	.get_tree	= sysfs_get_tree,
};

static int sysfs_init_fs_context(struct fs_context *fc)
{
	fc->ops = &sysfs_fs_context_ops;
	return 0;
}

static struct file_system_type sysfs_fs_type = {
	.name		= "sysfs",
	.init_fs_context = sysfs_init_fs_context,
	.kill_sb	= kill_anon_super,
	.fs_flags	= FS_USERNS_MOUNT,
};

static int __init sysfs_init(void)
{
	return register_filesystem(&sysfs_fs_type);
}
postcore_initcall(sysfs_init);
