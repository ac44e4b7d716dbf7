// SPDX-License-Identifier: MIT
/*
 * Disks: the list of them, their numbers and names, their figures in /proc.
 *
 * Callers: drivers, from probing to removal; boot code that looks a disk up by name; /proc.
 * Locking: disks_lock guards the list, major_names and changes of a disk's part_tbl. A disk is in the
 * list from add_disk() to del_gendisk(); whoever finds it there works on it under the lock. open_mutex
 * is outside disks_lock.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include "blk.h"

DEFINE_MUTEX(disks_lock);
static struct kobject *block_depr;	/* /sys/block: a link to each disk's folder */
static LIST_HEAD(disks);		/* in the order of add_disk() */

struct blk_major_name {
	struct list_head	list;
	unsigned int		major;
	char			name[16];
};
static LIST_HEAD(major_names);

struct class block_class = {
	.name	= "block",
	.block	= true,
};

/* ------------------------------------------------------------------ majors */

static struct blk_major_name *find_major(unsigned int major)
{
	struct blk_major_name *p;

	list_for_each_entry(p, &major_names, list)
		if (p->major == major)
			return p;
	return NULL;
}

/* Dynamic ones are given out downwards from 254. disks_lock held. */
static int free_major(void)
{
	for (int major = VIRTBLK_MAJOR; major >= 240; major--)
		if (!find_major(major))
			return major;
	return -EBUSY;
}

/**
 * register_blkdev - claims a major number for a driver
 * @major: 1 to 4095, or 0 to be given one
 * @name: for /proc/devices
 *
 * Returns 0, or for @major 0 the number; -EBUSY when it is taken, -ENOMEM.
 */
int register_blkdev(unsigned int major, const char *name)
{
	struct blk_major_name *p;
	int ret = 0;

	if (major >= 1U << (32 - MINORBITS))
		return -EINVAL;
	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	mutex_lock(&disks_lock);
	if (!major) {
		ret = free_major();
		major = ret;
	} else if (find_major(major)) {
		ret = -EBUSY;
	}
	if (ret >= 0) {
		p->major = major;
		strscpy(p->name, name, sizeof(p->name));
		list_add_tail(&p->list, &major_names);
		p = NULL;
	}
	mutex_unlock(&disks_lock);
	if (p)
		pr_warn("register_blkdev: no major %u for %s\n", major, name);
	kfree(p);
	return ret;
}
EXPORT_SYMBOL(register_blkdev);

void unregister_blkdev(unsigned int major, const char *name)
{
	struct blk_major_name *p;

	mutex_lock(&disks_lock);
	p = find_major(major);
	if (p && !WARN_ON(strcmp(p->name, name)))
		list_del(&p->list);
	else
		p = NULL;
	mutex_unlock(&disks_lock);
	kfree(p);
}
EXPORT_SYMBOL(unregister_blkdev);

/** blkdev_show - the part of /proc/devices below "Block devices:" */
int blkdev_show(struct seq_file *m, void *arg)
{
	struct blk_major_name *p;

	mutex_lock(&disks_lock);
	list_for_each_entry(p, &major_names, list)
		seq_printf(m, "%3u %s\n", p->major, p->name);
	mutex_unlock(&disks_lock);
	return 0;
}

/* ------------------------------------------------------------------ a disk's life */

static const struct queue_limits default_limits = {
	.logical_block_size	= SECTOR_SIZE,
	.physical_block_size	= SECTOR_SIZE,
	.max_hw_sectors		= BIO_MAX_VECS * PAGE_SECTORS,
	.max_segments		= 128,
	.max_segment_size	= 65536,
};

/**
 * blk_alloc_disk - a disk for a driver to fill in
 * @node: not used: there is one memory node
 *
 * Returns NULL without memory. Give it back with put_disk(), or del_gendisk() and put_disk().
 */
struct gendisk *blk_alloc_disk(int node)
{
	struct gendisk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);

	if (!disk)
		return NULL;
	disk->queue = kzalloc(sizeof(*disk->queue), GFP_KERNEL);
	if (!disk->queue)
		goto out_free;
	disk->queue->limits = default_limits;
	disk->queue->disk = disk;
	disk->bdi = bdi_alloc(node);
	if (!disk->bdi)
		goto out_free;
	INIT_LIST_HEAD(&disk->list);
	mutex_init(&disk->open_mutex);
	xa_init(&disk->part_tbl);
	disk->part0 = bdev_alloc(disk, 0);
	if (!disk->part0)
		goto out_free;
	if (xa_insert(&disk->part_tbl, 0, disk->part0, GFP_KERNEL)) {
		iput(disk->part0->bd_inode);	/* frees the disk */
		return NULL;
	}
	return disk;

out_free:
	disk_free(disk);
	return NULL;
}

/** disk_free - the last reference to the inode of the whole disk is gone, or there was none yet */
void disk_free(struct gendisk *disk)
{
	if (disk->fops && disk->fops->free_disk)
		disk->fops->free_disk(disk);
	xa_destroy(&disk->part_tbl);
	if (disk->bdi)
		bdi_put(disk->bdi);
	kfree(disk->queue);
	kfree(disk);
}
EXPORT_SYMBOL(blk_alloc_disk);

/** put_disk - drops the driver's reference; with the last one ->free_disk() is called. It is not in the list */
void put_disk(struct gendisk *disk)
{
	WARN_ON(!list_empty(&disk->list));
	iput(disk->part0->bd_inode);
}
EXPORT_SYMBOL(put_disk);

/**
 * device_add_disk - makes a disk usable: as a node in /dev and by its number
 * @parent: not used
 * @disk: filled in; its capacity and limits are set
 * @groups: not used
 *
 * From here on ->submit_bio() may be called. Returns 0, -ENOMEM, or -EBUSY when the numbers or the
 * name are taken.
 */
int device_add_disk(struct device *parent, struct gendisk *disk, const void *groups)
{
	const dev_t devt = disk_devt(disk);
	struct device *dev;
	int err;

	if (WARN_ON(!disk->fops || !disk->fops->submit_bio || !disk->disk_name[0] || !disk->major))
		return -EINVAL;
	if (blk_lookup_devt(disk->disk_name))
		return -EBUSY;
	strscpy(disk->part0->bd_name, disk->disk_name, DISK_NAME_LEN);
	bdev_add(disk->part0, devt);

	dev = device_create_with_groups(&block_class, parent, devt, disk->part0, disk_groups, "%s",
					disk->disk_name);
	err = PTR_ERR_OR_ZERO(dev);
	if (!err) {
		disk->part0->bd_device = dev;
		err = sysfs_create_link(block_depr, &dev->kobj, disk->disk_name);
		if (err)
			device_destroy(&block_class, devt);
	}
	if (err) {
		remove_inode_hash(disk->part0->bd_inode);
		return err;
	}
	mutex_lock(&disks_lock);
	list_add_tail(&disk->list, &disks);
	mutex_unlock(&disks_lock);
	set_bit(GD_ADDED, &disk->state);
	/* Whatever comes of that, the disk itself is there. */
	if (get_capacity(disk))
		disk_scan_partitions(disk, FMODE_READ);
	return 0;
}
EXPORT_SYMBOL(device_add_disk);

/**
 * del_gendisk - the disk is going away
 * @disk: a disk that add_disk() took
 *
 * Nobody can open it any more. What is dirty is written if the device still takes it; all I/O fails from then
 * on. The driver must wait until nobody has it open before put_disk().
 */
void del_gendisk(struct gendisk *disk)
{
	if (!test_and_clear_bit(GD_ADDED, &disk->state))
		return;
	mutex_lock(&disk->open_mutex);
	remove_inode_hash(disk->part0->bd_inode);
	blk_drop_partitions(disk);
	mutex_unlock(&disk->open_mutex);
	sysfs_remove_link(block_depr, disk->disk_name);
	device_destroy(&block_class, disk->part0->bd_dev);
	mutex_lock(&disks_lock);
	list_del_init(&disk->list);
	mutex_unlock(&disks_lock);
	sync_blockdev(disk->part0);
	set_bit(GD_DEAD, &disk->state);
	bdi_unregister(disk->bdi);
}
EXPORT_SYMBOL(del_gendisk);

/** set_capacity - the disk's size in 512-byte sectors */
void set_capacity(struct gendisk *disk, sector_t sectors)
{
	bd_set_nr_sectors(disk->part0, sectors);
}
EXPORT_SYMBOL(set_capacity);

/** set_capacity_and_notify - the same for a disk in use; true when it says so in the log */
bool set_capacity_and_notify(struct gendisk *disk, sector_t sectors)
{
	const sector_t old = get_capacity(disk);

	set_capacity(disk, sectors);
	if (old == sectors || !test_bit(GD_ADDED, &disk->state))
		return false;
	pr_info("%s: capacity changed from %llu to %llu sectors\n", disk->disk_name, old, sectors);
	return true;
}
EXPORT_SYMBOL(set_capacity_and_notify);

/** set_disk_ro - the device refuses writes, or does so no longer */
void set_disk_ro(struct gendisk *disk, bool read_only)
{
	assign_bit(GD_READ_ONLY, &disk->state, read_only);
}
EXPORT_SYMBOL(set_disk_ro);

/* The next disk or partition in the order of /proc/partitions; starts with *disk NULL. disks_lock held. */
static struct block_device *next_bdev(struct gendisk **disk, unsigned long *partno)
{
	struct block_device *bdev = NULL;

	lockdep_assert_held(&disks_lock);
	if (*disk)
		bdev = xa_find_after(&(*disk)->part_tbl, partno, ULONG_MAX, XA_PRESENT);
	if (bdev)
		return bdev;
	if (list_is_last(*disk ? &(*disk)->list : &disks, &disks))
		return NULL;
	*disk = *disk ? list_next_entry(*disk, list) : list_first_entry(&disks, struct gendisk, list);
	*partno = 0;
	return (*disk)->part0;
}

#define for_each_bdev(bdev, disk, partno) \
	for (disk = NULL, partno = 0; (bdev = next_bdev(&disk, &partno)) != NULL; )

static dev_t lookup_bdev_by(const char *name, const char *uuid)
{
	struct block_device *bdev;
	struct gendisk *disk;
	unsigned long partno;
	dev_t devt = 0;

	mutex_lock(&disks_lock);
	for_each_bdev(bdev, disk, partno)
		if (name ? !strcmp(bdev->bd_name, name) : !strcasecmp(bdev->bd_uuid, uuid))
			devt = bdev->bd_dev;
	mutex_unlock(&disks_lock);
	return devt;
}

/** blk_lookup_devt - the number of the disk or partition called @name ("vda", "vda1"), or 0 */
dev_t blk_lookup_devt(const char *name)
{
	return lookup_bdev_by(name, NULL);
}

/** blk_lookup_partuuid - the number of the partition with this PARTUUID, or 0 */
dev_t blk_lookup_partuuid(const char *uuid)
{
	return *uuid ? lookup_bdev_by(NULL, uuid) : 0;
}

/* ------------------------------------------------------------------ lists for programs and the log */

/** nr_disks - how many disks there are that hold something: loop devices without a file do not */
unsigned int nr_disks(void)
{
	struct gendisk *disk;
	unsigned int nr = 0;

	mutex_lock(&disks_lock);
	list_for_each_entry(disk, &disks, list)
		nr += bdev_nr_sectors(disk->part0) != 0;
	mutex_unlock(&disks_lock);
	return nr;
}

/** printk_all_partitions - the disks there are, for whoever wonders why root= was not found */
void printk_all_partitions(void)
{
	struct block_device *bdev;
	struct gendisk *disk;
	unsigned long partno;

	mutex_lock(&disks_lock);
	for_each_bdev(bdev, disk, partno)
		if (bdev_nr_sectors(bdev))
			pr_notice("%u:%u %10llu KiB %s%s%s\n", MAJOR(bdev->bd_dev), MINOR(bdev->bd_dev),
				  bdev_nr_sectors(bdev) / 2, bdev->bd_name, *bdev->bd_uuid ? " " : "", bdev->bd_uuid);
	mutex_unlock(&disks_lock);
}

int partitions_show(struct seq_file *m, void *arg)
{
	struct block_device *bdev;
	struct gendisk *disk;
	unsigned long partno;

	seq_puts(m, "major minor  #blocks  name\n\n");
	mutex_lock(&disks_lock);
	for_each_bdev(bdev, disk, partno)
		if (bdev_nr_sectors(bdev))
			seq_printf(m, "%4d  %7d %10llu %s\n", MAJOR(bdev->bd_dev), MINOR(bdev->bd_dev),
				   bdev_nr_sectors(bdev) / 2, bdev->bd_name);
	mutex_unlock(&disks_lock);
	return 0;
}

static unsigned long long stat_ms(struct disk_stats *s, int group)
{
	return div_u64(atomic64_read(&s->nsecs[group]), NSEC_PER_MSEC);
}

/* Linux's columns; nothing is ever merged here, and weighted time is the sum of all waits. */
static void diskstats_show_one(struct seq_file *m, struct block_device *bdev)
{
	struct disk_stats *s = &bdev->bd_stats;
	unsigned long long total_ms = 0;

	for (int group = 0; group < NR_STAT_GROUPS; group++)
		total_ms += stat_ms(s, group);
	seq_printf(m, "%4d %7d %s", MAJOR(bdev->bd_dev), MINOR(bdev->bd_dev), bdev->bd_name);
	for (int group = STAT_READ; group <= STAT_WRITE; group++)
		seq_printf(m, " %llu 0 %llu %llu", (u64)atomic64_read(&s->ios[group]),
			   (u64)atomic64_read(&s->sectors[group]), stat_ms(s, group));
	seq_printf(m, " %d %llu %llu",
		   atomic_read(&s->in_flight[0]) + atomic_read(&s->in_flight[1]),
		   (unsigned long long)div_u64(READ_ONCE(s->io_ns), NSEC_PER_MSEC), total_ms);
	seq_printf(m, " %llu 0 %llu %llu", (u64)atomic64_read(&s->ios[STAT_DISCARD]),
		   (u64)atomic64_read(&s->sectors[STAT_DISCARD]), stat_ms(s, STAT_DISCARD));
	seq_printf(m, " %llu %llu\n", (u64)atomic64_read(&s->ios[STAT_FLUSH]),
		   stat_ms(s, STAT_FLUSH));
}

int diskstats_show(struct seq_file *m, void *arg)
{
	struct block_device *bdev;
	struct gendisk *disk;
	unsigned long partno;

	mutex_lock(&disks_lock);
	for_each_bdev(bdev, disk, partno)
		diskstats_show_one(m, bdev);
	mutex_unlock(&disks_lock);
	return 0;
}

static int __init genhd_device_init(void)
{
	block_depr = kobject_create_and_add("block", NULL);
	return block_depr ? class_register(&block_class) : -ENOMEM;
}
subsys_initcall(genhd_device_init);
