// SPDX-License-Identifier: MIT
/*
 * ext2: mounting, unmounting, the superblock, and errors.
 *
 * Callers: the VFS through file_system_type, fs_context_operations and super_operations.
 * What is written when, and what a power cut leaves: docs/ext2.md. Here: a disk that is mounted
 * writable is marked as not clean on the medium before anything else is written to it, and as clean
 * after all else is.
 *
 * The buffers of the superblock and of the group descriptors stay in memory while it is mounted. What
 * decides about addresses is copied from them, and checked, at the mount; the rest is checked when it
 * is used.
 *
 * Locking: s_umount for mounting, remounting and unmounting; s_lock for counts.
 */
#include <linux/blkdev.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/timekeeping.h>
#include <linux/writeback.h>
#include "ext2.h"

static struct kmem_cache *ext2_inode_cachep;

/* ------------------------------------------------------------------ messages and errors */

/** ext2_msg - a line in the log, with the filesystem's name: "EXT2-fs (vda): ..." */
void ext2_msg(struct super_block *sb, const char *level, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	printk("%sEXT2-fs (%s): %pV\n", level, sb->s_id, &vaf);
	va_end(args);
}

/**
 * ext2_error - something on the disk cannot be: says so, and does what errors= asks for
 *
 * Takes no lock and does not sleep. The disk is marked as having errors, for e2fsck. At most ten lines
 * in five seconds: one bad block can be met again and again.
 */
void ext2_error(struct super_block *sb, const char *fmt, ...)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	if (sbi->s_errors == EXT2_ERRORS_PANIC)
		panic("EXT2-fs (%s): panic from previous error: %pV", sb->s_id, &vaf);
	if (___ratelimit(&sbi->s_error_ratelimit, __func__))
		printk(KERN_CRIT "EXT2-fs (%s): error: %pV\n", sb->s_id, &vaf);
	va_end(args);

	if (sb_rdonly(sb))
		return;
	sbi->s_mount_state |= EXT2_ERROR_FS;
	sbi->s_es->s_state |= cpu_to_le16(EXT2_ERROR_FS);
	ext2_mark_meta_dirty(sbi->s_sbh);
	if (sbi->s_errors == EXT2_ERRORS_RO) {
		ext2_msg(sb, KERN_CRIT, "error: remounting filesystem read-only");
		sb->s_flags |= SB_RDONLY;
	}
}

/**
 * ext2_mark_meta_dirty - a buffer of metadata was changed
 *
 * After a write that failed the buffer is not "up to date", though it holds what it should: try again.
 */
void ext2_mark_meta_dirty(struct buffer_head *bh)
{
	if (buffer_write_io_error(bh)) {
		clear_buffer_write_io_error(bh);
		set_buffer_uptodate(bh);
	}
	mark_buffer_dirty(bh);
}

/* ------------------------------------------------------------------ the superblock */

/* Writes the counts into the superblock, if they have changed or @state has to get there; 0 or -EIO. */
static int ext2_sync_super(struct super_block *sb, int state)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct ext2_super_block *es = sbi->s_es;

	lock_buffer(sbi->s_sbh);
	spin_lock(&sbi->s_lock);
	if (state < 0 && le32_to_cpu(es->s_free_blocks_count) == sbi->s_free_blocks &&
	    le32_to_cpu(es->s_free_inodes_count) == sbi->s_free_inodes) {
		spin_unlock(&sbi->s_lock);
		unlock_buffer(sbi->s_sbh);
		return 0;
	}
	es->s_free_blocks_count = cpu_to_le32(sbi->s_free_blocks);
	es->s_free_inodes_count = cpu_to_le32(sbi->s_free_inodes);
	es->s_wtime = cpu_to_le32(ktime_get_real_seconds());
	if (state >= 0)
		es->s_state = cpu_to_le16(state);
	spin_unlock(&sbi->s_lock);
	unlock_buffer(sbi->s_sbh);
	ext2_mark_meta_dirty(sbi->s_sbh);
	return state < 0 ? 0 : sync_dirty_buffer(sbi->s_sbh);
}

/* The disk will be written: it says so before anything else changes. 0, or an error of the disk. */
static int ext2_setup_super(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct ext2_super_block *es = sbi->s_es;
	int err;

	/* What others have failed to write to the device is not ours. */
	errseq_check_and_advance(&sb->s_bdev->bd_inode->i_mapping->wb_err, &sbi->s_wb_err);
	sbi->s_mount_state = le16_to_cpu(es->s_state);
	if (!(sbi->s_mount_state & EXT2_VALID_FS))
		ext2_msg(sb, KERN_WARNING, "mounting a filesystem that was not unmounted in good order: "
			 "running e2fsck is recommended");
	else if (sbi->s_mount_state & EXT2_ERROR_FS)
		ext2_msg(sb, KERN_WARNING, "mounting a filesystem with errors: running e2fsck is "
			 "recommended");
	le16_add_cpu(&es->s_mnt_count, 1);
	es->s_mtime = cpu_to_le32(ktime_get_real_seconds());
	err = ext2_sync_super(sb, sbi->s_mount_state & ~EXT2_VALID_FS);
	return err ? err : blkdev_issue_flush(sb->s_bdev);
}

/* All is written: now the disk is as clean as it was before the mount. */
static void ext2_mark_clean(struct super_block *sb)
{
	int err = ext2_commit(sb);

	if (!err)
		err = sync_blockdev(sb->s_bdev);
	if (!err)
		err = blkdev_issue_flush(sb->s_bdev);
	/* What could not be written, then or now, is missing: leave it to e2fsck. */
	if (!err)
		err = errseq_check_and_advance(&sb->s_bdev->bd_inode->i_mapping->wb_err,
					       &EXT2_SB(sb)->s_wb_err);
	if (!err)
		err = ext2_sync_super(sb, EXT2_SB(sb)->s_mount_state);
	if (!err)
		err = blkdev_issue_flush(sb->s_bdev);
	if (err)
		ext2_msg(sb, KERN_ERR, "not marked as clean, for it could not be written: run e2fsck");
}

/** ext2_update_dynamic_rev - a filesystem of revision 0 is about to use a feature */
void ext2_update_dynamic_rev(struct super_block *sb)
{
	struct ext2_super_block *es = EXT2_SB(sb)->s_es;

	if (le32_to_cpu(es->s_rev_level) > EXT2_GOOD_OLD_REV)
		return;
	ext2_msg(sb, KERN_WARNING, "updating to revision %d because of a new feature", EXT2_DYNAMIC_REV);
	es->s_first_ino = cpu_to_le32(EXT2_GOOD_OLD_FIRST_INO);
	es->s_inode_size = cpu_to_le16(EXT2_GOOD_OLD_INODE_SIZE);
	es->s_rev_level = cpu_to_le32(EXT2_DYNAMIC_REV);
}

/** ext2_set_large_file - there is a file of more than 2 GiB: says so in the superblock */
void ext2_set_large_file(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	if (sbi->s_es->s_feature_ro_compat & cpu_to_le32(EXT2_FEATURE_RO_COMPAT_LARGE_FILE))
		return;
	lock_buffer(sbi->s_sbh);
	spin_lock(&sbi->s_lock);
	ext2_update_dynamic_rev(sb);
	sbi->s_es->s_feature_ro_compat |= cpu_to_le32(EXT2_FEATURE_RO_COMPAT_LARGE_FILE);
	spin_unlock(&sbi->s_lock);
	unlock_buffer(sbi->s_sbh);
	ext2_mark_meta_dirty(sbi->s_sbh);
}

/* ------------------------------------------------------------------ super_operations */

static struct inode *ext2_alloc_inode(struct super_block *sb)
{
	struct ext2_inode_info *ei = alloc_inode_sb(sb, ext2_inode_cachep, GFP_KERNEL);

	if (!ei)
		return NULL;
	memset(ei, 0, offsetof(struct ext2_inode_info, vfs_inode));
	INIT_LIST_HEAD(&ei->i_dirty);
	mutex_init(&ei->truncate_mutex);
	return &ei->vfs_inode;
}

static void ext2_free_in_core_inode(struct inode *inode)
{
	kmem_cache_free(ext2_inode_cachep, EXT2_I(inode));
}

static void ext2_free_sb_info(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	if (sbi->s_group_desc)
		for (unsigned int i = 0; i < sbi->s_gdb_count; i++)
			brelse(sbi->s_group_desc[i]);
	kvfree(sbi->s_group_desc);
	ext2_drop_dirty(sbi);
	ext2_free_freed(sbi);
	brelse(sbi->s_sbh);
	kfree(sbi);
	sb->s_fs_info = NULL;
}

static void ext2_put_super(struct super_block *sb)
{
	if (!sb_rdonly(sb))
		ext2_mark_clean(sb);
	else if (EXT2_SB(sb)->s_mount_state & EXT2_ERROR_FS)
		ext2_commit(sb);	/* what was done before the error that made it so */
	ext2_free_sb_info(sb);
}

/* The device's buffers and a flush of its cache follow. */
static int ext2_sync_fs(struct super_block *sb, int wait)
{
	const int err = ext2_sync_super(sb, -1);

	return err || !wait ? err : ext2_commit(sb);
}

/* Blocks that no file can get. */
static unsigned long ext2_overhead(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	unsigned long overhead = sbi->s_first_data_block;

	for (unsigned int i = 0; i < sbi->s_groups_count; i++)
		overhead += 2 + sbi->s_itb_per_group +
			    (ext2_bg_has_super(sb, i) ? 1 + sbi->s_gdb_count : 0);
	return overhead;
}

static int ext2_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct super_block *sb = dentry->d_sb;
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	buf->f_type = EXT2_SUPER_MAGIC;
	buf->f_bsize = sb->s_blocksize;
	buf->f_frsize = sb->s_blocksize;
	buf->f_blocks = sbi->s_blocks_count - ext2_overhead(sb);
	spin_lock(&sbi->s_lock);
	buf->f_bfree = sbi->s_free_blocks;
	buf->f_ffree = sbi->s_free_inodes;
	spin_unlock(&sbi->s_lock);
	buf->f_bavail = buf->f_bfree - min_t(u64, buf->f_bfree, sbi->s_r_blocks_count);
	buf->f_files = sbi->s_inodes_count;
	buf->f_namelen = EXT2_NAME_LEN;
	buf->f_fsid = u64_to_fsid(huge_encode_dev(sb->s_bdev->bd_dev));
	return 0;
}

static const char *const error_names[] = {
	[EXT2_ERRORS_CONTINUE]	= "continue",
	[EXT2_ERRORS_RO]	= "remount-ro",
	[EXT2_ERRORS_PANIC]	= "panic",
};

static unsigned int default_errors(struct ext2_sb_info *sbi)
{
	unsigned int errors = le16_to_cpu(sbi->s_es->s_errors);

	return errors >= EXT2_ERRORS_CONTINUE && errors <= EXT2_ERRORS_PANIC ? errors
									      : EXT2_ERRORS_CONTINUE;
}

static int ext2_show_options(struct seq_file *m, struct dentry *root)
{
	struct ext2_sb_info *sbi = EXT2_SB(root->d_sb);

	if (sbi->s_errors != default_errors(sbi))
		seq_printf(m, ",errors=%s", error_names[sbi->s_errors]);
	return 0;
}

static const struct super_operations ext2_sops = {
	.alloc_inode	= ext2_alloc_inode,
	.free_inode	= ext2_free_in_core_inode,
	.dirty_inode	= ext2_dirty_inode,
	.write_inode	= ext2_write_inode,
	.evict_inode	= ext2_evict_inode,
	.put_super	= ext2_put_super,
	.sync_fs	= ext2_sync_fs,
	.statfs		= ext2_statfs,
	.show_options	= ext2_show_options,
};

/* ------------------------------------------------------------------ mounting */

/* Reads the superblock, and again when the filesystem's blocks have another size than we read by. */
static int read_super(struct super_block *sb, bool silent)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	unsigned int log, size = sb_min_blocksize(sb, 1 << EXT2_MIN_BLOCK_LOG);

	if (!size)
		return -EINVAL;
	for (;;) {
		sbi->s_sbh = sb_bread(sb, 1024 / size);
		if (!sbi->s_sbh) {
			ext2_msg(sb, KERN_ERR, "cannot read the superblock");
			return -EIO;
		}
		sbi->s_es = (struct ext2_super_block *)(sbi->s_sbh->b_data + 1024 % size);
		if (le16_to_cpu(sbi->s_es->s_magic) != EXT2_SUPER_MAGIC) {
			if (!silent)
				ext2_msg(sb, KERN_ERR, "can't find an ext2 filesystem: the magic number is "
					 "%#06x", le16_to_cpu(sbi->s_es->s_magic));
			return -EINVAL;
		}
		log = le32_to_cpu(sbi->s_es->s_log_block_size);
		if (log > PAGE_SHIFT - EXT2_MIN_BLOCK_LOG) {
			ext2_msg(sb, KERN_ERR, "blocks of 1024 << %u bytes are larger than a page", log);
			return -EINVAL;
		}
		if (size == 1024U << log)
			return 0;
		size = 1024U << log;
		brelse(sbi->s_sbh);
		sbi->s_sbh = NULL;
		if (!sb_set_blocksize(sb, size)) {
			ext2_msg(sb, KERN_ERR, "blocks of %u bytes are smaller than the device's", size);
			return -EINVAL;
		}
	}
}

/* Features that we do not know: some forbid to mount, some only to write. */
static int check_features(struct super_block *sb, bool writable)
{
	const struct ext2_super_block *es = EXT2_SB(sb)->s_es;
	u32 unknown;

	if (le32_to_cpu(es->s_rev_level) == EXT2_GOOD_OLD_REV)
		return 0;
	unknown = le32_to_cpu(es->s_feature_incompat) & ~EXT2_FEATURE_INCOMPAT_SUPP;
	if (unknown) {
		ext2_msg(sb, KERN_ERR, "couldn't mount because of unsupported optional features (%x)",
			 unknown);
		return -EINVAL;
	}
	unknown = le32_to_cpu(es->s_feature_ro_compat) & ~EXT2_FEATURE_RO_COMPAT_SUPP;
	if (unknown && writable) {
		ext2_msg(sb, KERN_ERR, "couldn't mount read-write because of unsupported optional features "
			 "(%x)", unknown);
		return -EROFS;
	}
	return 0;
}

/* What is wrong with the numbers of the superblock, after they were copied; NULL if nothing is. */
static const char *check_geometry(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const unsigned int bits = sb->s_blocksize * 8;
	u64 groups;

	if (sbi->s_inode_size < EXT2_GOOD_OLD_INODE_SIZE || sbi->s_inode_size > sb->s_blocksize ||
	    !is_power_of_2(sbi->s_inode_size))
		return "the size of an inode";
	if (sbi->s_first_ino < EXT2_GOOD_OLD_FIRST_INO || sbi->s_first_ino > sbi->s_inodes_count)
		return "the number of the first inode";
	if (sbi->s_es->s_log_frag_size != sbi->s_es->s_log_block_size)
		return "the size of fragments, which is not that of blocks,";
	if (sbi->s_first_data_block != (sb->s_blocksize == 1024) ||
	    sbi->s_first_data_block >= sbi->s_blocks_count)
		return "the first data block";
	if (!sbi->s_inodes_per_group || sbi->s_inodes_per_group > bits ||
	    sbi->s_inodes_per_group % 8)
		return "the number of inodes in a group";
	sbi->s_inodes_per_block = sb->s_blocksize / sbi->s_inode_size;
	sbi->s_itb_per_group = DIV_ROUND_UP(sbi->s_inodes_per_group, sbi->s_inodes_per_block);
	if (sbi->s_blocks_per_group > bits || sbi->s_blocks_per_group % 8 ||
	    sbi->s_blocks_per_group <= sbi->s_itb_per_group + 3)
		return "the number of blocks in a group";
	groups = DIV_ROUND_UP((u64)sbi->s_blocks_count - sbi->s_first_data_block,
			      sbi->s_blocks_per_group);
	if (groups * sbi->s_inodes_per_group != sbi->s_inodes_count)
		return "the number of inodes";
	sbi->s_groups_count = groups;
	sbi->s_desc_per_block = sb->s_blocksize / sizeof(struct ext2_group_desc);
	sbi->s_gdb_count = DIV_ROUND_UP(groups, sbi->s_desc_per_block);
	return NULL;
}

static int check_super(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const struct ext2_super_block *es = sbi->s_es;
	const bool old = le32_to_cpu(es->s_rev_level) == EXT2_GOOD_OLD_REV;
	const u64 device = bdev_nr_bytes(sb->s_bdev) >> sb->s_blocksize_bits;
	const char *bad;

	sbi->s_blocks_count = le32_to_cpu(es->s_blocks_count);
	sbi->s_first_data_block = le32_to_cpu(es->s_first_data_block);
	sbi->s_inodes_count = le32_to_cpu(es->s_inodes_count);
	sbi->s_r_blocks_count = le32_to_cpu(es->s_r_blocks_count);
	sbi->s_blocks_per_group = le32_to_cpu(es->s_blocks_per_group);
	sbi->s_inodes_per_group = le32_to_cpu(es->s_inodes_per_group);
	sbi->s_inode_size = old ? EXT2_GOOD_OLD_INODE_SIZE : le16_to_cpu(es->s_inode_size);
	sbi->s_first_ino = old ? EXT2_GOOD_OLD_FIRST_INO : le32_to_cpu(es->s_first_ino);
	sbi->s_resuid = KUIDT_INIT(le16_to_cpu(es->s_def_resuid));
	sbi->s_resgid = KGIDT_INIT(le16_to_cpu(es->s_def_resgid));
	sbi->s_addr_per_block_bits = sb->s_blocksize_bits - 2;

	bad = check_geometry(sb);
	if (bad) {
		ext2_msg(sb, KERN_ERR, "%s in the superblock is impossible: run e2fsck", bad);
		return -EUCLEAN;
	}
	if (sbi->s_blocks_count > device) {
		ext2_msg(sb, KERN_ERR, "the filesystem has %u blocks, but the device only %llu: it was cut "
			 "off", sbi->s_blocks_count, device);
		return -EINVAL;
	}
	return 0;
}

/* Bitmaps and inode tables must lie in their group, behind its copy of superblock and descriptors. */
static bool check_descriptor(struct super_block *sb, unsigned int group)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const struct ext2_group_desc *desc = ext2_get_group_desc(sb, group, NULL);
	const u64 first = ext2_group_first_block_no(sbi, group) +
			  (ext2_bg_has_super(sb, group) ? 1 + sbi->s_gdb_count : 0);
	const u64 end = (u64)ext2_group_first_block_no(sbi, group) + ext2_group_blocks(sbi, group);
	const u64 bitmaps[] = { le32_to_cpu(desc->bg_block_bitmap), le32_to_cpu(desc->bg_inode_bitmap) };
	const u64 table = le32_to_cpu(desc->bg_inode_table), table_end = table + sbi->s_itb_per_group;

	for (int i = 0; i < 2; i++)
		if (bitmaps[i] < first || bitmaps[i] >= end ||
		    (bitmaps[i] >= table && bitmaps[i] < table_end))
			return false;
	return bitmaps[0] != bitmaps[1] && table >= first && table_end <= end;
}

/* Reads and checks the group descriptors, and counts what is free. 0 or a negative errno. */
static int read_descriptors(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const ext2_fsblk_t first = sbi->s_first_data_block + 1;

	sbi->s_group_desc = kvcalloc(sbi->s_gdb_count, sizeof(*sbi->s_group_desc), GFP_KERNEL);
	if (!sbi->s_group_desc)
		return -ENOMEM;
	for (unsigned int i = 0; i < sbi->s_gdb_count; i++) {
		sbi->s_group_desc[i] = first + i < sbi->s_blocks_count ? sb_bread(sb, first + i) : NULL;
		if (!sbi->s_group_desc[i]) {
			ext2_msg(sb, KERN_ERR, "cannot read the group descriptors");
			return -EIO;
		}
	}
	for (unsigned int i = 0; i < sbi->s_groups_count; i++) {
		const struct ext2_group_desc *desc = ext2_get_group_desc(sb, i, NULL);

		if (!check_descriptor(sb, i)) {
			ext2_msg(sb, KERN_ERR, "the bitmaps or inodes of group %u are not in it: run e2fsck",
				 i);
			return -EUCLEAN;
		}
		sbi->s_free_blocks += min_t(unsigned int, le16_to_cpu(desc->bg_free_blocks_count),
					    ext2_group_blocks(sbi, i));
		sbi->s_free_inodes += min_t(unsigned int, le16_to_cpu(desc->bg_free_inodes_count),
					    sbi->s_inodes_per_group);
	}
	for (int kind = 0; kind < EXT2_NR_FREED; kind++) {
		sbi->s_freed[kind] = kvcalloc(sbi->s_groups_count, sizeof(struct ext2_freed), GFP_KERNEL);
		if (!sbi->s_freed[kind])
			return -ENOMEM;
	}
	return 0;
}

static int ext2_get_root(struct super_block *sb)
{
	struct inode *root = ext2_iget(sb, EXT2_ROOT_INO);

	if (IS_ERR(root))
		return PTR_ERR(root);
	if (!S_ISDIR(root->i_mode)) {
		iput(root);
		ext2_msg(sb, KERN_ERR, "the root inode is no directory: run e2fsck");
		return -EUCLEAN;
	}
	sb->s_root = d_make_root(root);		/* drops the inode when it fails */
	return sb->s_root ? 0 : -ENOMEM;
}

static int ext2_fill_super(struct super_block *sb, struct fs_context *fc)
{
	const unsigned int *errors = fc->fs_private;
	struct ext2_sb_info *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	int err;

	if (!sbi)
		return -ENOMEM;
	spin_lock_init(&sbi->s_lock);
	init_rwsem(&sbi->s_alloc_sem);
	mutex_init(&sbi->s_commit);
	sbi->s_last_commit = jiffies;
	spin_lock_init(&sbi->s_dirty_lock);
	INIT_LIST_HEAD(&sbi->s_dirty);
	for (int kind = 0; kind < EXT2_NR_META; kind++)
		INIT_LIST_HEAD(&sbi->s_meta[kind]);
	init_waitqueue_head(&sbi->s_busy_wait);
	sb->s_fs_info = sbi;

	err = read_super(sb, fc->sb_flags & SB_SILENT);
	if (!err)
		err = check_features(sb, !sb_rdonly(sb));
	if (!err)
		err = check_super(sb);
	if (!err)
		err = read_descriptors(sb);
	if (err)
		goto out_free;

	sbi->s_errors = *errors ? *errors : default_errors(sbi);
	sb->s_magic = EXT2_SUPER_MAGIC;
	sb->s_op = &ext2_sops;
	sb->s_maxbytes = ext2_max_size(sb->s_blocksize_bits);
	sb->s_max_links = EXT2_LINK_MAX;
	sb->s_time_gran = NSEC_PER_SEC;
	sb->s_time_min = S32_MIN;
	sb->s_time_max = S32_MAX;
	err = ext2_get_root(sb);
	if (!err && !sb_rdonly(sb)) {
		/* From here on it is unmounted like any other when it fails. */
		err = ext2_setup_super(sb);
		if (err)
			sb->s_flags |= SB_RDONLY;
		return err;
	}
	if (!err)
		return 0;
out_free:
	ext2_free_sb_info(sb);
	return err;
}

/* ------------------------------------------------------------------ mount options */

static int ext2_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	unsigned int *errors = fc->fs_private;

	if (strcmp(param->key, "errors") || param->type != fs_value_is_string)
		return -ENOENT;
	for (unsigned int i = EXT2_ERRORS_CONTINUE; i <= EXT2_ERRORS_PANIC; i++)
		if (!strcmp(param->string, error_names[i])) {
			*errors = i;
			return 0;
		}
	return invalf(fc, "errors=%s: continue, remount-ro or panic", param->string);
}

static int ext2_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, ext2_fill_super);
}

static int ext2_reconfigure(struct fs_context *fc)
{
	struct super_block *sb = fc->root->d_sb;
	const unsigned int *errors = fc->fs_private;
	const bool changes = fc->sb_flags_mask & (fc->sb_flags ^ sb->s_flags) & SB_RDONLY;
	int err = 0;

	if (changes && sb_rdonly(sb)) {
		err = check_features(sb, true);
		if (!err)
			err = ext2_setup_super(sb);
	} else if (changes) {
		ext2_mark_clean(sb);
	}
	if (!err && *errors)
		EXT2_SB(sb)->s_errors = *errors;
	return err;
}

static void ext2_free_fc(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations ext2_context_ops = {
	.free		= ext2_free_fc,
	.parse_param	= ext2_parse_param,
	.get_tree	= ext2_get_tree,
	.reconfigure	= ext2_reconfigure,
};

static int ext2_init_fs_context(struct fs_context *fc)
{
	fc->fs_private = kzalloc(sizeof(unsigned int), GFP_KERNEL);	/* errors=; 0: not given */
	if (!fc->fs_private)
		return -ENOMEM;
	fc->ops = &ext2_context_ops;
	return 0;
}

static struct file_system_type ext2_fs_type = {
	.name			= "ext2",
	.fs_flags		= FS_REQUIRES_DEV,
	.init_fs_context	= ext2_init_fs_context,
	.kill_sb		= kill_block_super,
};

static int __init init_ext2_fs(void)
{
	BUILD_BUG_ON(sizeof(struct ext2_super_block) != 1024);
	BUILD_BUG_ON(sizeof(struct ext2_inode) != EXT2_GOOD_OLD_INODE_SIZE);
	ext2_inode_cachep = kmem_cache_create("ext2_inode_cache", sizeof(struct ext2_inode_info), 0,
					      SLAB_RECLAIM_ACCOUNT | SLAB_PANIC, NULL);
	return register_filesystem(&ext2_fs_type);
}
module_init(init_ext2_fs);
