/* SPDX-License-Identifier: MIT */
/*
 * Disks, as their drivers and their users see them.
 *
 * A driver allocates a gendisk with blk_alloc_disk(), fills in its name, numbers, fops, limits and
 * capacity, and calls add_disk(). From then on ->submit_bio() may be called, in task context, from
 * several tasks at once; it may sleep. The driver ends each bio with bio_endio(), from any context.
 */
#ifndef _LINUX_BLKDEV_H
#define _LINUX_BLKDEV_H

#include <linux/types.h>
#include <linux/blk_types.h>
#include <linux/bio.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

struct attribute_group;
struct backing_dev_info;
struct device;
struct gendisk;
struct module;
struct seq_file;

#define DISK_MAX_MINORS		16	/* a disk and 15 partitions */
#define DISK_MAX_PARTS		256	/* with the whole disk; bd_partno is a u8 */
#define VIRTBLK_MAJOR		254	/* the first that Linux gives out dynamically */
#define BDEVNAME_SIZE		32


struct block_device_operations {
	void (*submit_bio)(struct bio *bio);
	int (*open)(struct block_device *bdev, fmode_t mode);
	void (*release)(struct gendisk *disk, fmode_t mode);
	int (*ioctl)(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg);
	void (*free_disk)(struct gendisk *disk);
	struct module *owner;
};

/* What the device can take in one bio; bio_add_page() keeps to it, so no bio is ever split. */
struct queue_limits {
	unsigned int	logical_block_size;	/* bytes */
	unsigned int	physical_block_size;
	unsigned int	max_hw_sectors;		/* 512-byte sectors in a bio */
	unsigned int	max_segment_size;	/* bytes in a vector */
	unsigned short	max_segments;		/* vectors in a bio */
};

struct request_queue {
	struct queue_limits	limits;
	unsigned long		queue_flags;	/* QUEUE_FLAG_* */
	void			*queuedata;
	struct gendisk		*disk;
};

#define QUEUE_FLAG_WC		17	/* has a volatile write cache: flush is needed */
#define QUEUE_FLAG_FUA		18

struct gendisk {
	int			major;		/* 0: blk_alloc_disk()'s user sets it */
	int			first_minor;
	int			minors;
	char			disk_name[DISK_NAME_LEN];
	struct block_device	*part0;		/* the whole disk */
	const struct block_device_operations *fops;
	struct request_queue	*queue;
	void			*private_data;
	unsigned long		state;		/* GD_* bits */
	struct backing_dev_info	*bdi;
	struct list_head	list;		/* all disks; disks_lock */

	/* guards opening, closing and the partitions, and is held while the driver is told */
	struct mutex		open_mutex;
	unsigned int		open_partitions;
	struct xarray		part_tbl;	/* partno -> block_device; changed under disks_lock, too */
};

enum {
	GD_READ_ONLY,		/* the device itself refuses writes */
	GD_DEAD,		/* gone: all I/O fails */
	GD_ADDED,
	GD_NEED_PART_SCAN,	/* the next opening reads the partition table */
	GD_SUPPRESS_PART_SCAN,	/* it is not to be looked for */
};

/* block/genhd.c */
struct gendisk *blk_alloc_disk(int node);
int __must_check device_add_disk(struct device *parent, struct gendisk *disk, const void *groups);
static inline int __must_check add_disk(struct gendisk *disk)
{
	return device_add_disk(NULL, disk, NULL);
}
void del_gendisk(struct gendisk *disk);
void put_disk(struct gendisk *disk);
void disk_free(struct gendisk *disk);	/* for block/bdev.c */
void set_capacity(struct gendisk *disk, sector_t sectors);
bool set_capacity_and_notify(struct gendisk *disk, sector_t sectors);
void set_disk_ro(struct gendisk *disk, bool read_only);
int register_blkdev(unsigned int major, const char *name);
void unregister_blkdev(unsigned int major, const char *name);
int diskstats_show(struct seq_file *m, void *arg);	/* /proc/diskstats */
int partitions_show(struct seq_file *m, void *arg);	/* /proc/partitions */
int blkdev_show(struct seq_file *m, void *arg);		/* block part of /proc/devices */
void printk_all_partitions(void);
unsigned int nr_disks(void);
dev_t blk_lookup_devt(const char *name);		/* "vda", "vda1": its number, 0 if there is none */
dev_t blk_lookup_partuuid(const char *uuid);		/* of the partition with this PARTUUID */

static inline sector_t get_capacity(struct gendisk *disk)
{
	return READ_ONCE(disk->part0->bd_nr_sectors);
}

static inline sector_t bdev_nr_sectors(struct block_device *bdev)
{
	return READ_ONCE(bdev->bd_nr_sectors);
}

static inline loff_t bdev_nr_bytes(struct block_device *bdev)
{
	return (loff_t)bdev_nr_sectors(bdev) << SECTOR_SHIFT;
}

static inline int get_disk_ro(struct gendisk *disk)
{
	return disk->part0->bd_read_only || test_bit(GD_READ_ONLY, &disk->state);
}

static inline int bdev_read_only(struct block_device *bdev)
{
	return bdev->bd_read_only || get_disk_ro(bdev->bd_disk);
}

static inline bool bdev_is_partition(struct block_device *bdev)
{
	return bdev->bd_partno;
}

static inline struct block_device *bdev_whole(struct block_device *bdev)
{
	return bdev->bd_disk->part0;
}

/* In use, by its partitions or as a whole; open_mutex, or only a hint. */
static inline unsigned int disk_openers(struct gendisk *disk)
{
	return READ_ONCE(disk->part0->bd_openers);
}

static inline dev_t disk_devt(struct gendisk *disk)
{
	return MKDEV(disk->major, disk->first_minor);
}

/* False from del_gendisk() on; open_mutex held. */
static inline bool disk_live(struct gendisk *disk)
{
	return !inode_unhashed(disk->part0->bd_inode);
}

static inline struct request_queue *bdev_get_queue(struct block_device *bdev)
{
	return bdev->bd_queue;
}

/* Limits: called by the driver before add_disk(). */
void blk_queue_logical_block_size(struct request_queue *q, unsigned int bytes);
void blk_queue_physical_block_size(struct request_queue *q, unsigned int bytes);
void blk_queue_max_hw_sectors(struct request_queue *q, unsigned int sectors);
void blk_queue_max_segments(struct request_queue *q, unsigned short segments);
void blk_queue_max_segment_size(struct request_queue *q, unsigned int bytes);
void blk_queue_write_cache(struct request_queue *q, bool wc, bool fua);

static inline bool bdev_write_cache(struct block_device *bdev)
{
	return test_bit(QUEUE_FLAG_WC, &bdev->bd_queue->queue_flags);
}

static inline unsigned int queue_logical_block_size(const struct request_queue *q)
{
	return q->limits.logical_block_size;
}

static inline unsigned int bdev_logical_block_size(struct block_device *bdev)
{
	return queue_logical_block_size(bdev->bd_queue);
}

static inline unsigned int bdev_physical_block_size(struct block_device *bdev)
{
	return bdev->bd_queue->limits.physical_block_size;
}

/* block/blk-core.c */
int blk_status_to_errno(blk_status_t status);
blk_status_t errno_to_blk_status(int error);
int blkdev_issue_flush(struct block_device *bdev);
const char *blk_op_str(enum req_op op);

/* block/partitions/core.c */
int bdev_disk_changed(struct gendisk *disk, bool invalidate);
int disk_scan_partitions(struct gendisk *disk, fmode_t mode);

/* block/blk-sysfs.c */
extern const struct attribute_group *disk_groups[], *part_groups[];

/* block/bdev.c */
void bdev_cache_init(void);
struct block_device *bdev_alloc(struct gendisk *disk, u8 partno);
void bdev_add(struct block_device *bdev, dev_t dev);
struct block_device *I_BDEV(struct inode *inode);
struct block_device *blkdev_get_by_dev(dev_t dev, fmode_t mode, void *holder);
struct block_device *blkdev_get_by_path(const char *path, fmode_t mode, void *holder);
void blkdev_put(struct block_device *bdev, fmode_t mode);
int bd_prepare_to_claim(struct block_device *bdev, void *holder);
void bd_abort_claiming(struct block_device *bdev, void *holder);
int lookup_bdev(const char *pathname, dev_t *dev);
int set_blocksize(struct block_device *bdev, int size);
int sb_set_blocksize(struct super_block *sb, int size);
int sb_min_blocksize(struct super_block *sb, int size);
int sync_blockdev(struct block_device *bdev);
int sync_blockdev_nowait(struct block_device *bdev);
int sync_blockdev_range(struct block_device *bdev, loff_t lstart, loff_t lend);
void sync_bdevs(bool wait);
void invalidate_bdev(struct block_device *bdev);
void bd_set_nr_sectors(struct block_device *bdev, sector_t sectors);
extern struct super_block *blockdev_superblock;

static inline bool sb_is_blkdev_sb(struct super_block *sb)
{
	return sb == blockdev_superblock;
}

/* block/fops.c */
extern const struct file_operations def_blk_fops;
extern const struct address_space_operations def_blk_aops;

#endif
