// SPDX-License-Identifier: MIT
/*
 * ramfs: files that live in the page cache and nowhere else, names that live in the dentry cache.
 *
 * Every inode and page is pinned until it is unlinked. There is no limit but memory; yet files may
 * not take the last of it, or nothing could run any more to remove them: with less than a
 * sixteenth of it to be had, ENOSPC is the answer. The first mount of all ("rootfs") and devtmpfs
 * are of this kind too.
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/ramfs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#define RAMFS_DEFAULT_MODE	0755

struct ramfs_fs_info {
	umode_t	mode;		/* of the root directory */
};

static const struct super_operations ramfs_ops;
static const struct inode_operations ramfs_dir_inode_operations;
static const struct inode_operations ramfs_file_inode_operations;
static const struct file_operations ramfs_file_operations;

static bool enough_memory(void)
{
	/* Free, or taken by pages that can be had from disk again. */
	unsigned long pages = nr_free_pages() + lruvec_nr(LRU_ACTIVE_FILE) + lruvec_nr(LRU_INACTIVE_FILE);

	return pages > totalreserve_pages + totalram_pages() / 16;
}

/* Is there memory that a file may have, perhaps after caches were asked to give some back? */
static bool ramfs_has_room(void)
{
	for (int tries = 0; tries < 3; tries++) {
		if (likely(enough_memory()))
			return true;
		if (!try_to_free_pages(0, GFP_KERNEL))
			break;
	}
	return enough_memory();
}

static int ramfs_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			     unsigned len, struct page **pagep, void **fsdata)
{
	if (unlikely(!ramfs_has_room())) {
		struct page *page = find_get_page(mapping, pos >> PAGE_SHIFT);

		if (!page)
			return -ENOSPC;
		put_page(page);		/* it is there already */
	}
	return simple_write_begin(file, mapping, pos, len, pagep, fsdata);
}

static const struct address_space_operations ramfs_aops = {
	.read_folio	= simple_read_folio,
	.write_begin	= ramfs_write_begin,
	.write_end	= simple_write_end,
	.dirty_folio	= noop_dirty_folio,
};

/** ramfs_get_inode - a new inode of any kind, in @dir or as a root; NULL without memory */
struct inode *ramfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev)
{
	struct inode *inode = ramfs_has_room() ? new_inode(sb) : NULL;

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode_init_owner(&init_user_ns, inode, dir, mode);
	inode->i_mapping->a_ops = &ramfs_aops;
	mapping_set_unevictable(inode->i_mapping);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	switch (mode & S_IFMT) {
	default:
		init_special_inode(inode, inode->i_mode, dev);
		break;
	case S_IFREG:
		inode->i_op = &ramfs_file_inode_operations;
		inode->i_fop = &ramfs_file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &ramfs_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inc_nlink(inode);	/* "." */
		break;
	case S_IFLNK:
		inode->i_op = &page_symlink_inode_operations;
		break;
	}
	return inode;
}

/* The new name is put into the cache with one reference more, which keeps it there. */
static int ramfs_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode, dev_t dev)
{
	struct inode *inode = ramfs_get_inode(dir->i_sb, dir, mode, dev);

	if (!inode)
		return -ENOSPC;
	d_instantiate(dentry, inode);
	dget(dentry);
	dir->i_mtime = dir->i_ctime = current_time(dir);
	return 0;
}

static int ramfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode)
{
	int err = ramfs_mknod(&init_user_ns, dir, dentry, mode | S_IFDIR, 0);

	if (!err)
		inc_nlink(dir);		/* its ".." */
	return err;
}

static int ramfs_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
			umode_t mode, bool excl)
{
	return ramfs_mknod(&init_user_ns, dir, dentry, mode | S_IFREG, 0);
}

static int ramfs_symlink(struct user_namespace *mnt_userns, struct inode *dir,
			 struct dentry *dentry, const char *symname)
{
	struct inode *inode = ramfs_get_inode(dir->i_sb, dir, S_IFLNK | S_IRWXUGO, 0);
	int err;

	if (!inode)
		return -ENOSPC;
	err = page_symlink(inode, symname, strlen(symname) + 1);
	if (err) {
		clear_nlink(inode);
		iput(inode);
		return err;
	}
	d_instantiate(dentry, inode);
	dget(dentry);
	dir->i_mtime = dir->i_ctime = current_time(dir);
	return 0;
}

static int ramfs_tmpfile(struct user_namespace *mnt_userns, struct inode *dir, struct file *file,
			 umode_t mode)
{
	struct inode *inode = ramfs_get_inode(dir->i_sb, dir, mode, 0);

	if (!inode)
		return -ENOSPC;
	d_tmpfile(file, inode);
	return finish_open_simple(file, 0);
}

static const struct inode_operations ramfs_dir_inode_operations = {
	.create		= ramfs_create,
	.lookup		= simple_lookup,
	.link		= simple_link,
	.unlink		= simple_unlink,
	.symlink	= ramfs_symlink,
	.mkdir		= ramfs_mkdir,
	.rmdir		= simple_rmdir,
	.mknod		= ramfs_mknod,
	.rename		= simple_rename,
	.tmpfile	= ramfs_tmpfile,
};

static const struct inode_operations ramfs_file_inode_operations = {
	.setattr	= simple_setattr,
	.getattr	= simple_getattr,
};

static const struct file_operations ramfs_file_operations = {
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= generic_file_mmap,
	.fsync		= noop_fsync,
	.llseek		= generic_file_llseek,
};

/* ------------------------------------------------------------------ mounting */

static int ramfs_show_options(struct seq_file *m, struct dentry *root)
{
	struct ramfs_fs_info *fsi = root->d_sb->s_fs_info;

	if (fsi->mode != RAMFS_DEFAULT_MODE)
		seq_printf(m, ",mode=%o", fsi->mode);
	return 0;
}

static const struct super_operations ramfs_ops = {
	.statfs		= simple_statfs,
	.drop_inode	= generic_delete_inode,
	.show_options	= ramfs_show_options,
};

int ramfs_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct ramfs_fs_info *fsi = fc->s_fs_info;
	u32 mode;
	int err;

	/* Unknown options are passed over, as programs that mean tmpfs expect. */
	if (strcmp(param->key, "source") == 0)
		return -ENOENT;
	if (strcmp(param->key, "mode") != 0)
		return 0;
	err = fs_param_u32(param, 8, &mode);
	if (!err && fsi)
		fsi->mode = mode & S_IALLUGO;
	return err;
}

int ramfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct ramfs_fs_info *fsi = sb->s_fs_info;

	sb->s_magic = RAMFS_MAGIC;
	sb->s_op = &ramfs_ops;
	sb->s_root = d_make_root(ramfs_get_inode(sb, NULL, S_IFDIR | fsi->mode, 0));
	return sb->s_root ? 0 : -ENOMEM;
}

static int ramfs_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, ramfs_fill_super);
}

void ramfs_free_fc(struct fs_context *fc)
{
	kfree(fc->s_fs_info);
}

static const struct fs_context_operations ramfs_context_ops = {
	.free		= ramfs_free_fc,
	.parse_param	= ramfs_parse_param,
	.get_tree	= ramfs_get_tree,
};

/** ramfs_init_fs_context - for types that are ramfs under another name */
int ramfs_init_fs_context(struct fs_context *fc)
{
	struct ramfs_fs_info *fsi;

	fc->ops = &ramfs_context_ops;
	if (fc->purpose == FS_CONTEXT_FOR_RECONFIGURE)
		return 0;
	fsi = kzalloc(sizeof(*fsi), GFP_KERNEL);
	if (!fsi)
		return -ENOMEM;
	fsi->mode = RAMFS_DEFAULT_MODE;
	fc->s_fs_info = fsi;
	return 0;
}

void ramfs_kill_sb(struct super_block *sb)
{
	void *fsi = sb->s_fs_info;

	kill_litter_super(sb);
	kfree(fsi);
}

static struct file_system_type ramfs_fs_type = {
	.name		= "ramfs",
	.init_fs_context = ramfs_init_fs_context,
	.kill_sb	= ramfs_kill_sb,
	.fs_flags	= FS_USERNS_MOUNT,
};

/* Called before the first mount, which is of this type. */
void __init init_rootfs(void)
{
	if (register_filesystem(&ramfs_fs_type))
		panic("cannot register ramfs");
}
