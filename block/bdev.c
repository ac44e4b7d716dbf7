// SPDX-License-Identifier: MIT
/*
 * Block devices as files: each is an inode of a filesystem that only the kernel sees, "bdev", and
 * the pages of that inode cache the disk. All nodes in /dev with one number share it.
 *
 * Callers: open(2) of a device node (block/fops.c), mounting, drivers through genhd.c.
 * Locking: a disk's open_mutex guards bd_openers of it and its partitions, and is held while a device
 * is opened or closed. The block size (bd_inode->i_blkbits) changes only there or by the one who has
 * claimed the device. bdev_lock, inside it, guards the claims.
 *
 * Life: the inode is the device's memory. That of a partition holds one of its disk, and with the disk's
 * goes the gendisk: whoever has found a device by number may still look whether it is alive.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/writeback.h>


struct bdev_inode {
	struct block_device	bdev;
	struct inode		vfs_inode;
};

static struct kmem_cache *bdev_cachep;
struct super_block *blockdev_superblock;
static DEFINE_MUTEX(bdev_lock);

static struct bdev_inode *BDEV_I(struct inode *inode)
{
	return container_of(inode, struct bdev_inode, vfs_inode);
}

/** I_BDEV - the device of an inode of the bdev filesystem */
struct block_device *I_BDEV(struct inode *inode)
{
	return &BDEV_I(inode)->bdev;
}
EXPORT_SYMBOL(I_BDEV);

/* ------------------------------------------------------------------ the filesystem of devices */

static struct inode *bdev_alloc_inode(struct super_block *sb)
{
	struct bdev_inode *ei = alloc_inode_sb(sb, bdev_cachep, GFP_KERNEL);

	if (!ei)
		return NULL;
	memset(&ei->bdev, 0, sizeof(ei->bdev));
	return &ei->vfs_inode;
}

static void bdev_free_inode(struct inode *inode)
{
	struct gendisk *disk = I_BDEV(inode)->bd_disk;
	const bool partition = bdev_is_partition(I_BDEV(inode));

	kmem_cache_free(bdev_cachep, BDEV_I(inode));
	if (partition)
		iput(disk->part0->bd_inode);
	else
		disk_free(disk);
}

static void bdev_evict_inode(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_data);
	invalidate_inode_buffers(inode);
	clear_inode(inode);
}

static const struct super_operations bdev_sops = {
	.alloc_inode	= bdev_alloc_inode,
	.free_inode	= bdev_free_inode,
	.drop_inode	= generic_delete_inode,
	.evict_inode	= bdev_evict_inode,
};

static int bd_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, BDEVFS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &bdev_sops;
	return 0;
}

static struct file_system_type bd_type = {
	.name			= "bdev",
	.init_fs_context	= bd_init_fs_context,
	.kill_sb		= kill_anon_super,
};

/** bdev_cache_init - called once at boot, before the first driver */
void __init bdev_cache_init(void)
{
	struct vfsmount *mnt;

	bdev_cachep = kmem_cache_create("bdev_cache", sizeof(struct bdev_inode), 0,
					SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	if (register_filesystem(&bd_type))
		panic("bdev: cannot register the filesystem");
	mnt = kern_mount(&bd_type);
	if (IS_ERR(mnt))
		panic("bdev: cannot mount: %ld", PTR_ERR(mnt));
	blockdev_superblock = mnt->mnt_sb;
}

/** bdev_alloc - the device of a disk or partition that is being made, not yet to be found; NULL without memory */
struct block_device *bdev_alloc(struct gendisk *disk, u8 partno)
{
	struct inode *inode = new_inode(blockdev_superblock);
	struct block_device *bdev;

	if (!inode)
		return NULL;
	inode->i_mode = S_IFBLK;
	inode->i_data.a_ops = &def_blk_aops;
	mapping_set_gfp_mask(&inode->i_data, GFP_USER);

	bdev = I_BDEV(inode);
	bdev->bd_inode = inode;
	bdev->bd_disk = disk;
	bdev->bd_partno = partno;
	if (partno)
		ihold(disk->part0->bd_inode);
	bdev->bd_queue = disk->queue;
	spin_lock_init(&bdev->bd_stats_lock);
	return bdev;
}

/** bdev_add - from now on the device is found by its number */
void bdev_add(struct block_device *bdev, dev_t dev)
{
	bdev->bd_dev = dev;
	bdev->bd_inode->i_rdev = dev;
	bdev->bd_inode->i_ino = dev;
	insert_inode_hash(bdev->bd_inode);
}

void bd_set_nr_sectors(struct block_device *bdev, sector_t sectors)
{
	WRITE_ONCE(bdev->bd_nr_sectors, sectors);
	i_size_write(bdev->bd_inode, (loff_t)sectors << SECTOR_SHIFT);
}

/* ------------------------------------------------------------------ block size and cached pages */

/* Throws the device's pages away, dirty or not. */
static void kill_bdev(struct block_device *bdev)
{
	invalidate_bh_lrus();
	truncate_inode_pages(bdev->bd_inode->i_mapping, 0);
}

/* The largest block size, up to a page, of which the device holds a whole number. */
static void set_init_blocksize(struct block_device *bdev)
{
	unsigned int bsize = bdev_logical_block_size(bdev);
	const loff_t size = bdev_nr_bytes(bdev);

	while (bsize < PAGE_SIZE && !(size & bsize))
		bsize <<= 1;
	bdev->bd_inode->i_blkbits = ilog2(bsize);
}

/**
 * set_blocksize - the size of the device's buffers from now on
 * @bdev: the device, open, and claimed by the caller
 * @size: bytes, a power of two from the logical block size to a page
 *
 * Writes what is dirty and drops the cached pages when it changes. Returns 0 or -EINVAL.
 */
int set_blocksize(struct block_device *bdev, int size)
{
	if (size > (int)PAGE_SIZE || size < SECTOR_SIZE || !is_power_of_2(size))
		return -EINVAL;
	if (size < (int)bdev_logical_block_size(bdev))
		return -EINVAL;
	if (bdev->bd_inode->i_blkbits != ilog2(size)) {
		sync_blockdev(bdev);
		bdev->bd_inode->i_blkbits = ilog2(size);
		kill_bdev(bdev);
	}
	return 0;
}
EXPORT_SYMBOL(set_blocksize);

/** sb_set_blocksize - a filesystem's block size, in bytes; returns it, or 0 if it cannot be */
int sb_set_blocksize(struct super_block *sb, int size)
{
	if (set_blocksize(sb->s_bdev, size))
		return 0;
	sb->s_blocksize = size;
	sb->s_blocksize_bits = ilog2(size);
	return size;
}
EXPORT_SYMBOL(sb_set_blocksize);

/** sb_min_blocksize - the same, but not smaller than the device's own blocks */
int sb_min_blocksize(struct super_block *sb, int size)
{
	return sb_set_blocksize(sb, max(size, (int)bdev_logical_block_size(sb->s_bdev)));
}
EXPORT_SYMBOL(sb_min_blocksize);

/** sync_blockdev - writes the device's dirty pages and waits; 0 or a negative errno */
int sync_blockdev(struct block_device *bdev)
{
	return bdev ? filemap_write_and_wait(bdev->bd_inode->i_mapping) : 0;
}
EXPORT_SYMBOL(sync_blockdev);

/** sync_blockdev_nowait - starts that */
int sync_blockdev_nowait(struct block_device *bdev)
{
	return bdev ? filemap_flush(bdev->bd_inode->i_mapping) : 0;
}

int sync_blockdev_range(struct block_device *bdev, loff_t lstart, loff_t lend)
{
	return filemap_write_and_wait_range(bdev->bd_inode->i_mapping, lstart, lend);
}
EXPORT_SYMBOL(sync_blockdev_range);

/** invalidate_bdev - drops the device's cached pages that are clean and not in use */
void invalidate_bdev(struct block_device *bdev)
{
	if (!bdev->bd_inode->i_mapping->nrpages)
		return;
	lru_add_drain_all();	/* what was used just now has a reference from a list of that CPU */
	invalidate_mapping_pages(bdev->bd_inode->i_mapping, 0, -1);
}
EXPORT_SYMBOL(invalidate_bdev);

/** sync_bdevs - sync_blockdev() for all devices, for sync(2) */
void sync_bdevs(bool wait)
{
	struct inode *inode, *old = NULL;

	spin_lock(&blockdev_superblock->s_inode_list_lock);
	list_for_each_entry(inode, &blockdev_superblock->s_inodes, i_sb_list) {
		if (!inode->i_data.nrpages || !igrab(inode))
			continue;
		spin_unlock(&blockdev_superblock->s_inode_list_lock);
		iput(old);	/* it kept our place in the list until now */
		old = inode;
		if (wait)
			filemap_write_and_wait(inode->i_mapping);
		else
			filemap_fdatawrite(inode->i_mapping);
		spin_lock(&blockdev_superblock->s_inode_list_lock);
	}
	spin_unlock(&blockdev_superblock->s_inode_list_lock);
	iput(old);
}

/* ------------------------------------------------------------------ opening and claiming */

/*
 * A partition's claim is one of the whole disk, too, by this function as its holder: the whole disk cannot be
 * claimed while a partition is, nor the other way round.
 */
static void bd_may_claim(void)
{
}

/**
 * bd_prepare_to_claim - nobody else may claim the device from now on
 * @holder: who claims: several claims of one holder are fine
 *
 * Returns 0, or -EBUSY when another has it. bd_abort_claiming() undoes it.
 */
int bd_prepare_to_claim(struct block_device *bdev, void *holder)
{
	struct block_device *whole = bdev_whole(bdev);
	int err = -EBUSY;

	mutex_lock(&bdev_lock);
	if (bdev->bd_holder && bdev->bd_holder != holder)
		goto out;
	if (whole != bdev && whole->bd_holder && whole->bd_holder != bd_may_claim)
		goto out;
	if (whole != bdev) {
		whole->bd_holder = bd_may_claim;
		whole->bd_holders++;
	}
	bdev->bd_holder = holder;
	bdev->bd_holders++;
	err = 0;
out:
	mutex_unlock(&bdev_lock);
	return err;
}

static void bd_release_one(struct block_device *bdev)
{
	WARN_ON(bdev->bd_holders <= 0);
	if (--bdev->bd_holders == 0)
		bdev->bd_holder = NULL;
}

/** bd_abort_claiming - gives a claim back */
void bd_abort_claiming(struct block_device *bdev, void *holder)
{
	mutex_lock(&bdev_lock);
	WARN_ON(bdev->bd_holder != holder);
	bd_release_one(bdev);
	if (bdev_is_partition(bdev))
		bd_release_one(bdev_whole(bdev));
	mutex_unlock(&bdev_lock);
}

/*
 * Opens a whole disk. The thread that writes its dirty pages starts with the first time: most loop devices
 * are never used. open_mutex held.
 */
static int blkdev_get_whole(struct block_device *bdev, fmode_t mode)
{
	struct gendisk *disk = bdev->bd_disk;
	int err = 0;

	if (!disk->bdi->wb.task)
		err = bdi_register(disk->bdi, "%u:%u", disk->major, disk->first_minor);
	if (!err && disk->fops->open)
		err = disk->fops->open(bdev, mode);
	if (err)
		return err;
	if (!bdev->bd_openers)
		set_init_blocksize(bdev);
	WRITE_ONCE(bdev->bd_openers, bdev->bd_openers + 1);
	if (test_bit(GD_NEED_PART_SCAN, &disk->state))
		bdev_disk_changed(disk, false);
	return 0;
}

/* Writes and drops a device's pages with its last close, and tells the driver. open_mutex held. */
static void blkdev_put_whole(struct block_device *bdev, fmode_t mode)
{
	struct gendisk *disk = bdev->bd_disk;

	WARN_ON(bdev->bd_openers <= 0);
	if (bdev->bd_openers == 1) {
		sync_blockdev(bdev);
		kill_bdev(bdev);
	}
	WRITE_ONCE(bdev->bd_openers, bdev->bd_openers - 1);
	if (disk->fops->release)
		disk->fops->release(disk, mode);
}

static int blkdev_get_part(struct block_device *part, fmode_t mode)
{
	int err = blkdev_get_whole(bdev_whole(part), mode);

	if (err)
		return err;
	/* A scan that came with it may have taken the partition away. */
	if (inode_unhashed(part->bd_inode)) {
		blkdev_put_whole(bdev_whole(part), mode);
		return -ENXIO;
	}
	if (!part->bd_openers++) {
		part->bd_disk->open_partitions++;
		set_init_blocksize(part);
	}
	return 0;
}

static void blkdev_put_part(struct block_device *part, fmode_t mode)
{
	WARN_ON(part->bd_openers <= 0);
	if (!--part->bd_openers) {
		sync_blockdev(part);
		kill_bdev(part);
		part->bd_disk->open_partitions--;
	}
	blkdev_put_whole(bdev_whole(part), mode);
}

/**
 * blkdev_get_by_dev - opens a block device by number
 * @dev: its number
 * @mode: FMODE_READ, FMODE_WRITE; FMODE_EXCL claims it for @holder
 * @holder: who claims: several claims of one holder are fine
 *
 * blkdev_put() with the same mode closes it. Errors: -ENXIO when there is no such device, -EBUSY
 * when somebody else has claimed it, or what the driver says. May sleep.
 */
struct block_device *blkdev_get_by_dev(dev_t dev, fmode_t mode, void *holder)
{
	struct inode *inode = ilookup(blockdev_superblock, dev);
	struct block_device *bdev;
	struct gendisk *disk;
	int err;

	if (!inode)
		return ERR_PTR(-ENXIO);
	bdev = I_BDEV(inode);
	disk = bdev->bd_disk;
	if (mode & FMODE_EXCL) {
		err = bd_prepare_to_claim(bdev, holder);
		if (err)
			goto out_iput;
	}
	mutex_lock(&disk->open_mutex);
	if (!disk_live(disk) || inode_unhashed(inode))
		err = -ENXIO;		/* it has gone since we found it */
	else if (bdev_is_partition(bdev))
		err = blkdev_get_part(bdev, mode);
	else
		err = blkdev_get_whole(bdev, mode);
	mutex_unlock(&disk->open_mutex);
	if (!err)
		return bdev;
	if (mode & FMODE_EXCL)
		bd_abort_claiming(bdev, holder);
out_iput:
	iput(inode);
	return ERR_PTR(err);
}
EXPORT_SYMBOL(blkdev_get_by_dev);

/**
 * blkdev_get_by_path - the same, by the path of a device node
 *
 * Errors besides: -ENOENT and the like from the path, -ENOTBLK when it is something else, -EACCES
 * when device nodes do not count there, or for FMODE_WRITE on a read-only device.
 */
struct block_device *blkdev_get_by_path(const char *path, fmode_t mode, void *holder)
{
	struct block_device *bdev;
	dev_t dev;
	int err = lookup_bdev(path, &dev);

	if (err)
		return ERR_PTR(err);
	bdev = blkdev_get_by_dev(dev, mode, holder);
	if (!IS_ERR(bdev) && (mode & FMODE_WRITE) && bdev_read_only(bdev)) {
		blkdev_put(bdev, mode);
		return ERR_PTR(-EACCES);
	}
	return bdev;
}
EXPORT_SYMBOL(blkdev_get_by_path);

/**
 * blkdev_put - closes a block device; with the last one its dirty pages are written and all dropped
 * @mode: the mode of its opening
 */
void blkdev_put(struct block_device *bdev, fmode_t mode)
{
	struct gendisk *disk = bdev->bd_disk;

	/* Most of it without the lock. */
	if (READ_ONCE(bdev->bd_openers) == 1)
		sync_blockdev(bdev);

	mutex_lock(&disk->open_mutex);
	if (mode & FMODE_EXCL)
		bd_abort_claiming(bdev, bdev->bd_holder);
	if (bdev_is_partition(bdev))
		blkdev_put_part(bdev, mode);
	else
		blkdev_put_whole(bdev, mode);
	mutex_unlock(&disk->open_mutex);
	iput(bdev->bd_inode);
}
EXPORT_SYMBOL(blkdev_put);

/**
 * lookup_bdev - the device number behind a path
 *
 * Returns 0, or -ENOTBLK when it is no block device, -EACCES on a mount where devices do not count,
 * or an error of the path.
 */
int lookup_bdev(const char *pathname, dev_t *dev)
{
	struct inode *inode;
	struct path path;
	int err;

	if (!pathname || !*pathname)
		return -EINVAL;
	err = kern_path(pathname, LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	inode = d_backing_inode(path.dentry);
	if (!S_ISBLK(inode->i_mode))
		err = -ENOTBLK;
	else if (path.mnt->mnt_flags & MNT_NODEV)
		err = -EACCES;
	else
		*dev = inode->i_rdev;
	path_put(&path);
	return err;
}
EXPORT_SYMBOL(lookup_bdev);
