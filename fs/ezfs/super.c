// SPDX-License-Identifier: MIT
/*
 * EZFS: mounting and unmounting.
 *
 * Block 0 (the superblock with the bit vectors) and block 1 (the inode store) stay in memory while
 * the filesystem is mounted. Nothing is written to a disk that was only mounted and read, except the
 * times of access; nothing at all to one that is mounted read-only, or that fails a check.
 *
 * What is written when, and what a power cut may lose, is told at the top of commit.c and in
 * docs/crash-safety.md.
 *
 * When something on the disk cannot be right, ezfs_error() says so in the log and makes the
 * filesystem read-only. The operation ends in -EUCLEAN ("Structure needs cleaning").
 */
#include <linux/blkdev.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/writeback.h>
#include "ezfs.h"

static struct kmem_cache *ezfs_inode_cachep;

/* ------------------------------------------------------------------ messages and errors */

/** ezfs_msg - a line in the log, with the filesystem's name: "EZFS-fs (vda): ..." */
void ezfs_msg(struct super_block *sb, const char *level, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	printk("%sEZFS-fs (%s): %s\n", level, sb->s_id, text);
}

/**
 * ezfs_error - the disk is inconsistent: says so, and lets nobody write any more
 *
 * From any context that may take a printk. Every one is reported up to the first, then it is quiet
 * about what follows from it, unless it is new: at most ten lines in five seconds.
 */
void ezfs_error(struct super_block *sb, const char *fmt, ...)
{
	static struct ratelimit_state rs;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	char text[160];
	va_list args;

	if (___ratelimit(&rs, __func__)) {
		va_start(args, fmt);
		vsnprintf(text, sizeof(text), fmt, args);
		va_end(args);
		printk(KERN_ERR "EZFS-fs (%s): error: %s\n", sb->s_id, text);
	}
	if (sbi->damaged)
		return;
	WRITE_ONCE(sbi->damaged, true);
	if (!sb_rdonly(sb)) {
		printk(KERN_CRIT "EZFS-fs (%s): the filesystem is read-only from now on; run fsck.ezfs\n",
		       sb->s_id);
		sb->s_flags |= SB_RDONLY;
	}
}

/* ------------------------------------------------------------------ super_operations */

static struct inode *ezfs_alloc_inode(struct super_block *sb)
{
	struct ezfs_inode_info *ei = alloc_inode_sb(sb, ezfs_inode_cachep, GFP_KERNEL);

	if (!ei)
		return NULL;
	init_rwsem(&ei->map_lock);
	INIT_LIST_HEAD(&ei->dirty);
	ei->ordered = false;
	ei->generation = 0;
	ei->block = ei->indirect = ei->nblocks = ei->cuts = 0;
	ei->meta_bh = NULL;
	return &ei->vfs_inode;
}

static void ezfs_free_inode(struct inode *inode)
{
	kmem_cache_free(ezfs_inode_cachep, EZFS_I(inode));
}

static void free_sb_info(struct ezfs_sb_info *sbi)
{
	ezfs_drop_dirty(sbi);
	kvfree(sbi->freed);
	kfree(sbi->disk_sb);
	kfree(sbi->disk_store);
	brelse(sbi->sb_bh);
	brelse(sbi->i_store_bh);
	kfree(sbi);
}

static void ezfs_put_super(struct super_block *sb)
{
	/* The last inodes have just gone, and maybe files with them. */
	if (!sb_rdonly(sb) && !ezfs_commit(sb, true))
		blkdev_issue_flush(sb->s_bdev);
	free_sb_info(EZFS_SB(sb));
	sb->s_fs_info = NULL;
}

/* The flush follows. */
static int ezfs_sync_fs(struct super_block *sb, int wait)
{
	return wait ? ezfs_commit(sb, true) : 0;
}

static int ezfs_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct super_block *sb = dentry->d_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);

	buf->f_type = EZFS_MAGIC_NUMBER;
	buf->f_bsize = EZFS_BLOCK_SIZE;
	buf->f_frsize = EZFS_BLOCK_SIZE;
	buf->f_blocks = sbi->nr_data_blocks;
	mutex_lock(&sbi->lock);
	buf->f_bfree = buf->f_bavail = sbi->free_blocks;
	buf->f_ffree = sbi->free_inodes;
	mutex_unlock(&sbi->lock);
	buf->f_files = sbi->layout->nr_inodes;
	buf->f_namelen = EZFS_NAME_MAX;
	buf->f_fsid = u64_to_fsid(huge_encode_dev(sb->s_bdev->bd_dev));
	return 0;
}

static const struct super_operations ezfs_sops = {
	.alloc_inode	= ezfs_alloc_inode,
	.free_inode	= ezfs_free_inode,
	.dirty_inode	= ezfs_dirty_inode,
	.write_inode	= ezfs_write_inode,
	.evict_inode	= ezfs_evict_inode,
	.put_super	= ezfs_put_super,
	.sync_fs	= ezfs_sync_fs,
	.statfs		= ezfs_statfs,
};

/* ------------------------------------------------------------------ mounting */

/* Magic, version, layout and size. 0, or -EINVAL with the reason in the log. */
static int check_super(struct super_block *sb, struct ezfs_sb_info *sbi, bool silent)
{
	const void *disk = sbi->sb_bh->b_data;
	const u64 device = bdev_nr_bytes(sb->s_bdev) >> EZFS_BLOCK_BITS;
	const u64 version = ezfs_get64(disk, 0), magic = ezfs_get64(disk, 8);
	const struct ezfs_layout *l;
	u64 blocks, most;

	if (magic != EZFS_MAGIC_NUMBER) {
		if (!silent)
			ezfs_msg(sb, KERN_ERR, "not an EZFS disk: its magic number is %#llx, expected %#x",
				 magic, EZFS_MAGIC_NUMBER);
		return -EINVAL;
	}
	if (version != EZFS_VERSION) {
		ezfs_msg(sb, KERN_ERR, "version %llu of EZFS is not known, only %d", version, EZFS_VERSION);
		return -EINVAL;
	}
	l = ezfs_find_layout(sb, sbi->i_store_bh->b_data);
	if (!l)
		return -EINVAL;

	most = l->nr_data_blocks + EZFS_FIRST_DATA_BLOCK;
	blocks = l->sb_disk_blks ? ezfs_get64(disk, l->sb_disk_blks) : min(device, most);
	if (blocks <= EZFS_ROOT_BLOCK || blocks > most) {
		ezfs_msg(sb, KERN_ERR, "the disk says that it has %llu blocks, expected %d to %llu", blocks,
			 EZFS_ROOT_BLOCK + 1, most);
		return -EINVAL;
	}
	if (blocks > device) {
		ezfs_msg(sb, KERN_ERR, "the filesystem has %llu blocks, but the device only %llu: it was "
			 "cut off", blocks, device);
		return -EINVAL;
	}
	sbi->layout = l;
	sbi->nr_data_blocks = blocks - EZFS_FIRST_DATA_BLOCK;
	sbi->inode_bits = (unsigned long *)(sbi->sb_bh->b_data + l->sb_free_inodes);
	sbi->block_bits = (unsigned long *)(sbi->sb_bh->b_data + l->sb_free_data_blocks);
	if (l->sb_zero_blocks) {	/* the only vector that does not begin at a multiple of 8 */
		sbi->zero_bits = (unsigned long *)(sbi->sb_bh->b_data + round_down(l->sb_zero_blocks, 8));
		sbi->zero_shift = l->sb_zero_blocks % 8 * 8;
	}
	return 0;
}

/* The root directory's own two bits. */
static int check_root(struct super_block *sb)
{
	if (ezfs_inode_no_in_use(sb, EZFS_ROOT_INODE_NUMBER) && ezfs_block_in_use(sb, EZFS_ROOT_BLOCK))
		return 0;
	ezfs_msg(sb, KERN_ERR, "the root directory's inode or block is marked as free");
	return -EUCLEAN;
}

static int ezfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct ezfs_sb_info *sbi;
	struct inode *root;
	int err;

	sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	if (!sbi)
		return -ENOMEM;
	mutex_init(&sbi->lock);
	init_rwsem(&sbi->commit_sem);
	spin_lock_init(&sbi->dirty_lock);
	INIT_LIST_HEAD(&sbi->dirty_inodes);
	INIT_LIST_HEAD(&sbi->dirty_new);
	INIT_LIST_HEAD(&sbi->dirty_blocks);
	INIT_LIST_HEAD(&sbi->dirty_dirs);
	init_waitqueue_head(&sbi->ordering_wait);
	sbi->generation = 1;
	sb->s_fs_info = sbi;

	err = -EINVAL;
	if (!sb_set_blocksize(sb, EZFS_BLOCK_SIZE)) {
		ezfs_msg(sb, KERN_ERR, "the device's blocks of %u bytes are larger than ours",
			 bdev_logical_block_size(sb->s_bdev));
		goto out_free;
	}
	if (bdev_nr_bytes(sb->s_bdev) >> EZFS_BLOCK_BITS <= EZFS_ROOT_BLOCK) {
		ezfs_msg(sb, KERN_ERR, "the device is too small: %lld bytes", bdev_nr_bytes(sb->s_bdev));
		goto out_free;
	}
	err = -EIO;
	sbi->sb_bh = sb_bread(sb, EZFS_SUPERBLOCK_BLOCK);
	sbi->i_store_bh = sb_bread(sb, EZFS_INODE_STORE_BLOCK);
	if (!sbi->sb_bh || !sbi->i_store_bh) {
		ezfs_msg(sb, KERN_ERR, "cannot read the superblock and the inode store");
		goto out_free;
	}
	err = check_super(sb, sbi, fc->sb_flags & SB_SILENT);
	if (err)
		goto out_free;

	sb->s_magic = EZFS_MAGIC_NUMBER;
	sb->s_op = &ezfs_sops;
	sb->s_maxbytes = sbi->layout->map->max_size(sb);
	sb->s_time_gran = sbi->layout->has_nsec ? 1 : NSEC_PER_SEC;
	err = check_root(sb);
	if (err)
		goto out_free;
	ezfs_count_free(sbi);
	err = -ENOMEM;
	sbi->freed = kvcalloc(BITS_TO_LONGS(sbi->nr_data_blocks), sizeof(long), GFP_KERNEL);
	sbi->disk_sb = kmemdup(sbi->sb_bh->b_data, EZFS_BLOCK_SIZE, GFP_KERNEL);
	sbi->disk_store = kmemdup(sbi->i_store_bh->b_data, EZFS_BLOCK_SIZE, GFP_KERNEL);
	if (!sbi->freed || !sbi->disk_sb || !sbi->disk_store)
		goto out_free;

	root = ezfs_iget(sb, EZFS_ROOT_INODE_NUMBER);
	if (IS_ERR(root)) {
		err = PTR_ERR(root);
		goto out_free;
	}
	sb->s_root = d_make_root(root);		/* drops the inode when it fails */
	if (sb->s_root)
		return 0;
	err = -ENOMEM;

out_free:
	free_sb_info(sbi);
	sb->s_fs_info = NULL;
	return err;
}

static int ezfs_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, ezfs_fill_super);
}

/* Remounting: a disk that was found damaged stays read-only until it has been unmounted and checked. */
static int ezfs_reconfigure(struct fs_context *fc)
{
	struct super_block *sb = fc->root->d_sb;

	if (!(fc->sb_flags & SB_RDONLY) && (fc->sb_flags_mask & SB_RDONLY) && EZFS_SB(sb)->damaged) {
		ezfs_msg(sb, KERN_ERR, "the disk is inconsistent: it stays read-only");
		return -EROFS;
	}
	return 0;
}

static const struct fs_context_operations ezfs_context_ops = {
	.get_tree	= ezfs_get_tree,
	.reconfigure	= ezfs_reconfigure,
};

static int ezfs_init_fs_context(struct fs_context *fc)
{
	fc->ops = &ezfs_context_ops;
	return 0;
}

static struct file_system_type ezfs_fs_type = {
	.owner			= THIS_MODULE,
	.name			= "ezfs",
	.fs_flags		= FS_REQUIRES_DEV,
	.init_fs_context	= ezfs_init_fs_context,
	.kill_sb		= kill_block_super,
};

static int __init init_ezfs_fs(void)
{
	int err;

	ezfs_inode_cachep = kmem_cache_create("ezfs_inode_cache", sizeof(struct ezfs_inode_info), 0,
					      SLAB_RECLAIM_ACCOUNT, NULL);
	if (!ezfs_inode_cachep)
		return -ENOMEM;
	err = register_filesystem(&ezfs_fs_type);
	if (err)
		kmem_cache_destroy(ezfs_inode_cachep);
	return err;
}

/* Nothing is mounted any more. Inodes may still wait for a grace period: ->free_inode(). */
static void __exit exit_ezfs_fs(void)
{
	unregister_filesystem(&ezfs_fs_type);
	rcu_barrier();
	kmem_cache_destroy(ezfs_inode_cachep);
}

fs_initcall(init_ezfs_fs);
module_exit(exit_ezfs_fs);
MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("EZFS, in all its layouts");
MODULE_ALIAS_FS("ezfs");
