// SPDX-License-Identifier: MIT
/*
 * Partitions: reading a disk's table, and making and removing the devices for what it says.
 *
 * Callers: add_disk() by disk_scan_partitions(), BLKRRPART, loop devices. A partition is a block_device whose
 * bios are moved by its start (blk-core.c); its numbers follow the disk's while that has minors left,
 * else they are of BLOCK_EXT_MAJOR.
 *
 * Locking: all under the disk's open_mutex; disks_lock, too, where part_tbl changes.
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/major.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "check.h"
#include "../blk.h"

static DEFINE_IDA(ext_devt_ida);

static int (*const check_part[])(struct parsed_partitions *) = {
	efi_partition,		/* first: its disks have a table of the PC, too */
	msdos_partition,
};

void *read_part_sector(struct parsed_partitions *state, sector_t n, Sector *p)
{
	struct page *page;

	if (n >= get_capacity(state->disk))
		return NULL;
	page = read_mapping_page(state->disk->part0->bd_inode->i_mapping, n >> PAGE_SECTORS_SHIFT, NULL);
	if (IS_ERR(page))
		return NULL;
	p->v = page;
	return page_address(page) + (n % PAGE_SECTORS) * SECTOR_SIZE;
}

static void delete_partition(struct block_device *part)
{
	struct gendisk *disk = part->bd_disk;

	lockdep_assert_held(&disk->open_mutex);
	mutex_lock(&disks_lock);
	xa_erase(&disk->part_tbl, part->bd_partno);
	mutex_unlock(&disks_lock);
	sync_blockdev(part);
	device_destroy(&block_class, part->bd_dev);
	remove_inode_hash(part->bd_inode);
	if (MAJOR(part->bd_dev) == BLOCK_EXT_MAJOR)
		ida_free(&ext_devt_ida, MINOR(part->bd_dev));
	iput(part->bd_inode);
}

/** blk_drop_partitions - all of a disk's partitions go; those that are open fail from then on with the disk */
void blk_drop_partitions(struct gendisk *disk)
{
	struct block_device *part;
	unsigned long partno;

	xa_for_each_start(&disk->part_tbl, partno, part, 1)
		delete_partition(part);
}

static int part_devt(struct gendisk *disk, int partno, dev_t *devt)
{
	int minor;

	if (partno < disk->minors) {
		*devt = MKDEV(disk->major, disk->first_minor + partno);
		return 0;
	}
	minor = ida_alloc_max(&ext_devt_ida, MINORMASK, GFP_KERNEL);
	*devt = MKDEV(BLOCK_EXT_MAJOR, minor);
	return min(minor, 0);
}

static int add_partition(struct gendisk *disk, int partno, sector_t start, sector_t len, const char *uuid)
{
	const size_t n = strlen(disk->disk_name);
	struct block_device *part;
	struct device *dev;
	dev_t devt;
	int err;

	lockdep_assert_held(&disk->open_mutex);
	part = bdev_alloc(disk, partno);
	if (!part)
		return -ENOMEM;
	part->bd_start_sect = start;
	bd_set_nr_sectors(part, len);
	strscpy(part->bd_uuid, uuid, PARTITION_UUID_LEN);
	snprintf(part->bd_name, DISK_NAME_LEN, "%s%s%d", disk->disk_name, isdigit(disk->disk_name[n - 1]) ? "p" : "",
		 partno);
	err = part_devt(disk, partno, &devt);
	if (err)
		goto out_put;
	bdev_add(part, devt);
	dev = device_create_with_groups(&block_class, disk->part0->bd_device, devt, part, part_groups, "%s",
					part->bd_name);
	err = PTR_ERR_OR_ZERO(dev);
	if (err)
		goto out_unhash;
	part->bd_device = dev;
	mutex_lock(&disks_lock);
	err = xa_insert(&disk->part_tbl, partno, part, GFP_KERNEL);
	mutex_unlock(&disks_lock);
	if (!err)
		return 0;
	device_destroy(&block_class, devt);
out_unhash:
	remove_inode_hash(part->bd_inode);
	if (MAJOR(devt) == BLOCK_EXT_MAJOR)
		ida_free(&ext_devt_ida, MINOR(devt));
out_put:
	iput(part->bd_inode);
	return err;
}

/* What a table says may be nonsense: only what lies on the disk becomes a partition. */
static void blk_add_partition(struct gendisk *disk, struct parsed_partitions *state, int p)
{
	const sector_t capacity = get_capacity(disk), from = state->parts[p].from;
	sector_t size = state->parts[p].size;
	int err;

	if (!size)
		return;
	if (from >= capacity) {
		pr_warn("%s: p%d starts at sector %llu, beyond the end of the disk: ignored\n", disk->disk_name, p,
			(u64)from);
		return;
	}
	if (size > capacity - from) {
		pr_warn("%s: p%d of %llu sectors extends beyond the end of the disk: cut off\n", disk->disk_name, p,
			(u64)size);
		size = capacity - from;
	}
	err = add_partition(disk, p, from, size, state->parts[p].uuid);
	if (err)
		pr_err("%s: p%d could not be added: %d\n", disk->disk_name, p, -err);
}

static int blk_add_partitions(struct gendisk *disk)
{
	struct parsed_partitions *state;
	unsigned int found = 0;
	int ret = 0;

	state = kzalloc(sizeof(*state), GFP_KERNEL);
	if (!state)
		return -ENOMEM;
	state->disk = disk;
	state->sectors_per_block = queue_logical_block_size(disk->queue) >> SECTOR_SHIFT;
	for (unsigned int i = 0; i < ARRAY_SIZE(check_part) && !ret; i++)
		ret = check_part[i](state);
	for (int p = 1; p < DISK_MAX_PARTS && ret > 0; p++) {
		blk_add_partition(disk, state, p);
		found += state->parts[p].size != 0;
	}
	if (ret > 0)
		pr_info("%s: %u partitions\n", disk->disk_name, found);
	if (ret < 0)
		pr_warn("%s: the partition table cannot be read\n", disk->disk_name);
	kfree(state);
	return min(ret, 0);
}

/**
 * bdev_disk_changed - reads the partition table anew
 *
 * open_mutex held, the disk open. Returns 0, or -EBUSY while a partition is open, -ENXIO when the disk is
 * gone, -EIO, -ENOMEM.
 */
int bdev_disk_changed(struct gendisk *disk, bool invalidate)
{
	lockdep_assert_held(&disk->open_mutex);
	clear_bit(GD_NEED_PART_SCAN, &disk->state);
	if (!disk_live(disk))
		return -ENXIO;
	if (disk->open_partitions)
		return -EBUSY;
	sync_blockdev(disk->part0);
	invalidate_bdev(disk->part0);
	blk_drop_partitions(disk);
	return get_capacity(disk) ? blk_add_partitions(disk) : 0;
}

/**
 * disk_scan_partitions - the same for a disk that need not be open, for add_disk() and BLKRRPART
 * @mode: with FMODE_EXCL when the caller has claimed the disk; else nobody must have
 */
int disk_scan_partitions(struct gendisk *disk, fmode_t mode)
{
	struct block_device *bdev;
	int ret;

	if (test_bit(GD_SUPPRESS_PART_SCAN, &disk->state))
		return -EINVAL;
	if (disk->open_partitions)
		return -EBUSY;
	if (!(mode & FMODE_EXCL)) {
		ret = bd_prepare_to_claim(disk->part0, disk_scan_partitions);
		if (ret)
			return ret;
	}
	set_bit(GD_NEED_PART_SCAN, &disk->state);
	bdev = blkdev_get_by_dev(disk_devt(disk), mode & ~FMODE_EXCL, NULL);
	ret = PTR_ERR_OR_ZERO(bdev);
	if (!ret)
		blkdev_put(bdev, mode & ~FMODE_EXCL);
	clear_bit(GD_NEED_PART_SCAN, &disk->state);
	if (!(mode & FMODE_EXCL))
		bd_abort_claiming(disk->part0, disk_scan_partitions);
	return ret;
}

static int __init partitions_init(void)
{
	return register_blkdev(BLOCK_EXT_MAJOR, "blkext");
}
subsys_initcall(partitions_init);
