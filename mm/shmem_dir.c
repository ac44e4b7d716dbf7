// SPDX-License-Identifier: MIT
/*
 * tmpfs: names for shared memory, and mounts of it with limits. /dev/shm is one, where shm_open(3) makes
 * its files. The dentry cache is the directory, as in ramfs: each name holds one reference more. What
 * the files are made of is in mm/shmem.c.
 *
 * Options: size= (bytes, k, m, g, or % of memory), nr_blocks=, nr_inodes= (0: no limit), mode=, uid=, gid=.
 * Unless said otherwise half of the memory may be used.
 *
 * Locking: i_rwsem of the directory, by the VFS.
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/seq_file.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>

/* ------------------------------------------------------------------ names */

static int shmem_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode, dev_t dev)
{
	struct inode *inode = shmem_get_inode(dir->i_sb, dir, mode, dev, VM_NORESERVE);

	if (!inode)
		return -ENOSPC;
	dir->i_ctime = dir->i_mtime = current_time(dir);
	d_instantiate(dentry, inode);
	dget(dentry);
	return 0;
}

static int shmem_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode)
{
	int err = shmem_mknod(mnt_userns, dir, dentry, mode | S_IFDIR, 0);

	if (!err)
		inc_nlink(dir);		/* its ".." */
	return err;
}

static int shmem_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
			umode_t mode, bool excl)
{
	return shmem_mknod(mnt_userns, dir, dentry, mode | S_IFREG, 0);
}

static void shmem_put_link(void *arg)
{
	struct folio *folio = arg;

	folio_put(folio);
}

/* page_get_link() for a page that may be in swap. */
static const char *shmem_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct folio *folio;
	int err = shmem_get_folio(inode, 0, &folio, SGP_CACHE);

	if (err)
		return ERR_PTR(err);
	folio_unlock(folio);
	set_delayed_call(done, shmem_put_link, folio);
	return folio_address(folio);
}

const struct inode_operations shmem_symlink_inode_operations = {
	.get_link	= shmem_get_link,
	.setattr	= shmem_setattr,
	.getattr	= shmem_getattr,
};

#define SHORT_SYMLINK_LEN	128

static const struct inode_operations shmem_short_symlink_operations = {
	.get_link	= simple_get_link,
	.setattr	= shmem_setattr,
};

static int shmem_symlink(struct user_namespace *mnt_userns, struct inode *dir,
			 struct dentry *dentry, const char *symname)
{
	size_t len = strlen(symname) + 1;
	struct inode *inode;
	int err = 0;

	if (len > PAGE_SIZE)
		return -ENAMETOOLONG;
	inode = shmem_get_inode(dir->i_sb, dir, S_IFLNK | S_IRWXUGO, 0, VM_NORESERVE);
	if (!inode)
		return -ENOSPC;
	if (len <= SHORT_SYMLINK_LEN) {		/* is not worth a page */
		inode->i_op = &shmem_short_symlink_operations;
		inode->i_link = kmemdup(symname, len, GFP_KERNEL);
		inode->i_size = len - 1;
		if (!inode->i_link)
			err = -ENOMEM;
	} else {
		err = page_symlink(inode, symname, len);
	}
	if (err) {
		clear_nlink(inode);
		iput(inode);
		return err;
	}
	dir->i_ctime = dir->i_mtime = current_time(dir);
	d_instantiate(dentry, inode);
	dget(dentry);
	return 0;
}

/* A further name of a file takes memory as an inode does, and is charged like one. */
static bool is_further_name(struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	return inode && !S_ISDIR(inode->i_mode) && inode->i_nlink > 1;
}

static int shmem_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	/* The first name of a file from O_TMPFILE is paid for. */
	if (d_inode(old_dentry)->i_nlink && !shmem_reserve_inode(dir->i_sb))
		return -ENOSPC;
	return simple_link(old_dentry, dir, dentry);
}

static int shmem_unlink(struct inode *dir, struct dentry *dentry)
{
	if (is_further_name(dentry))
		shmem_free_inode(dir->i_sb);
	return simple_unlink(dir, dentry);
}

static int shmem_rename(struct user_namespace *mnt_userns, struct inode *old_dir,
			struct dentry *old_dentry, struct inode *new_dir, struct dentry *new_dentry,
			unsigned int flags)
{
	bool frees = !(flags & RENAME_EXCHANGE) && is_further_name(new_dentry);
	int err = simple_rename(mnt_userns, old_dir, old_dentry, new_dir, new_dentry, flags);

	if (!err && frees)
		shmem_free_inode(new_dir->i_sb);
	return err;
}

static int shmem_tmpfile(struct user_namespace *mnt_userns, struct inode *dir, struct file *file,
			 umode_t mode)
{
	struct inode *inode = shmem_get_inode(dir->i_sb, dir, mode, 0, VM_NORESERVE);

	if (!inode)
		return -ENOSPC;
	d_tmpfile(file, inode);
	return finish_open_simple(file, 0);
}

const struct inode_operations shmem_dir_inode_operations = {
	.create		= shmem_create,
	.lookup		= simple_lookup,
	.link		= shmem_link,
	.unlink		= shmem_unlink,
	.symlink	= shmem_symlink,
	.mkdir		= shmem_mkdir,
	.rmdir		= simple_rmdir,
	.mknod		= shmem_mknod,
	.rename		= shmem_rename,
	.tmpfile	= shmem_tmpfile,
	.setattr	= shmem_setattr,
};

/* ------------------------------------------------------------------ inodes */

static struct kmem_cache *shmem_inode_cachep;

static struct inode *shmem_alloc_inode(struct super_block *sb)
{
	struct shmem_inode_info *info = kmem_cache_zalloc(shmem_inode_cachep, GFP_KERNEL);

	if (!info)
		return NULL;
	spin_lock_init(&info->lock);
	INIT_LIST_HEAD(&info->swaplist);
	return &info->vfs_inode;
}

static void shmem_free_in_core_inode(struct inode *inode)
{
	if (S_ISLNK(inode->i_mode))
		kfree(inode->i_link);
	kmem_cache_free(shmem_inode_cachep, SHMEM_I(inode));
}

void __init shmem_init_inodecache(void)
{
	shmem_inode_cachep = KMEM_CACHE(shmem_inode_info, SLAB_PANIC);
}

/* ------------------------------------------------------------------ mounts */

static unsigned long shmem_default_max(void)
{
	return totalram_pages() / 2;
}

static int shmem_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(dentry->d_sb);

	simple_statfs(dentry, buf);
	if (sbinfo->max_blocks) {
		buf->f_blocks = sbinfo->max_blocks;
		buf->f_bavail = buf->f_bfree = sbinfo->max_blocks - atomic_long_read(&sbinfo->used_blocks);
	}
	if (sbinfo->max_inodes) {
		buf->f_files = sbinfo->max_inodes;
		buf->f_ffree = sbinfo->max_inodes - atomic_long_read(&sbinfo->used_inodes);
	}
	return 0;
}

static int shmem_show_options(struct seq_file *m, struct dentry *root)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(root->d_sb);

	if (sbinfo->max_blocks != shmem_default_max())
		seq_printf(m, ",size=%luk", sbinfo->max_blocks << (PAGE_SHIFT - 10));
	if (sbinfo->max_inodes != shmem_default_max())
		seq_printf(m, ",nr_inodes=%lu", sbinfo->max_inodes);
	if (sbinfo->mode != (S_IRWXUGO | S_ISVTX))
		seq_printf(m, ",mode=%03o", sbinfo->mode);
	if (sbinfo->uid.val)
		seq_printf(m, ",uid=%u", sbinfo->uid.val);
	if (sbinfo->gid.val)
		seq_printf(m, ",gid=%u", sbinfo->gid.val);
	return 0;
}

static const struct super_operations shmem_ops = {
	.alloc_inode	= shmem_alloc_inode,
	.free_inode	= shmem_free_in_core_inode,
	.evict_inode	= shmem_evict_inode,
	.drop_inode	= generic_delete_inode,
	.statfs		= shmem_statfs,
	.show_options	= shmem_show_options,
};

/* A size with its suffix, in units of @unit bytes, rounded up. */
static int shmem_parse_size(const char *text, unsigned long unit, unsigned long *result)
{
	unsigned long long size;
	char *rest;

	size = memparse(text, &rest);
	if (*rest == '%' && unit == PAGE_SIZE) {
		size = size * totalram_pages() / 100 * PAGE_SIZE;
		rest++;
	}
	if (rest == text || *rest)
		return -EINVAL;
	*result = DIV_ROUND_UP(size, unit);
	return 0;
}

static int shmem_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct shmem_sb_info *ctx = fc->s_fs_info;
	u32 n;
	int err;

	if (strcmp(param->key, "source") == 0)
		return -ENOENT;		/* the VFS takes it */
	if (param->type != fs_value_is_string)
		return invalf(fc, "unknown parameter '%s'", param->key);
	if (strcmp(param->key, "size") == 0)
		return shmem_parse_size(param->string, PAGE_SIZE, &ctx->max_blocks);
	if (strcmp(param->key, "nr_blocks") == 0)
		return shmem_parse_size(param->string, 1, &ctx->max_blocks);
	if (strcmp(param->key, "nr_inodes") == 0)
		return shmem_parse_size(param->string, 1, &ctx->max_inodes);
	err = fs_param_u32(param, strcmp(param->key, "mode") ? 10 : 8, &n);
	if (err)
		return err;
	if (strcmp(param->key, "mode") == 0)
		ctx->mode = n & S_IALLUGO;
	else if (strcmp(param->key, "uid") == 0)
		ctx->uid = KUIDT_INIT(n);
	else if (strcmp(param->key, "gid") == 0)
		ctx->gid = KGIDT_INIT(n);
	else
		return invalf(fc, "unknown parameter '%s'", param->key);
	return 0;
}

static int shmem_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(sb);
	struct inode *inode;

	if (fc->sb_flags & SB_KERNMOUNT)	/* mapped memory is limited by those who map it */
		sbinfo->max_blocks = sbinfo->max_inodes = 0;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = TMPFS_MAGIC;
	sb->s_op = &shmem_ops;
	sb->s_time_gran = 1;
	inode = shmem_get_inode(sb, NULL, S_IFDIR | sbinfo->mode, 0, VM_NORESERVE);
	if (!inode)
		return -ENOMEM;
	inode->i_uid = sbinfo->uid;
	inode->i_gid = sbinfo->gid;
	sb->s_root = d_make_root(inode);
	return sb->s_root ? 0 : -ENOMEM;
}

static int shmem_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, shmem_fill_super);
}

/* mount -o remount: limits may change, but not below what is in use. s_umount held. */
static int shmem_reconfigure(struct fs_context *fc)
{
	struct shmem_sb_info *ctx = fc->s_fs_info, *sbinfo = SHMEM_SB(fc->root->d_sb);

	if ((ctx->max_blocks && atomic_long_read(&sbinfo->used_blocks) > ctx->max_blocks) ||
	    (ctx->max_inodes && atomic_long_read(&sbinfo->used_inodes) > ctx->max_inodes))
		return -EINVAL;
	WRITE_ONCE(sbinfo->max_blocks, ctx->max_blocks);
	WRITE_ONCE(sbinfo->max_inodes, ctx->max_inodes);
	return 0;
}

static void shmem_free_fc(struct fs_context *fc)
{
	kfree(fc->s_fs_info);
}

static const struct fs_context_operations shmem_fs_context_ops = {
	.free		= shmem_free_fc,
	.parse_param	= shmem_parse_param,
	.get_tree	= shmem_get_tree,
	.reconfigure	= shmem_reconfigure,
};

static int shmem_init_fs_context(struct fs_context *fc)
{
	struct shmem_sb_info *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	ctx->max_blocks = ctx->max_inodes = shmem_default_max();
	ctx->mode = S_IRWXUGO | S_ISVTX;
	ctx->uid = current_fsuid();
	ctx->gid = current_fsgid();
	if (fc->purpose == FS_CONTEXT_FOR_RECONFIGURE) {	/* what is not said stays */
		ctx->max_blocks = SHMEM_SB(fc->root->d_sb)->max_blocks;
		ctx->max_inodes = SHMEM_SB(fc->root->d_sb)->max_inodes;
	}
	fc->s_fs_info = ctx;
	fc->ops = &shmem_fs_context_ops;
	return 0;
}

static void shmem_kill_sb(struct super_block *sb)
{
	void *sbinfo = sb->s_fs_info;

	kill_litter_super(sb);
	kfree(sbinfo);
}

struct file_system_type shmem_fs_type = {
	.name		= "tmpfs",
	.init_fs_context = shmem_init_fs_context,
	.kill_sb	= shmem_kill_sb,
	.fs_flags	= FS_USERNS_MOUNT,
};
