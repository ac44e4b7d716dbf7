// SPDX-License-Identifier: MIT
/* The files of disks and partitions in /sys: /sys/block/vda/size and others. Their device's data is the block_device. */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/kernel.h>

#define BDEV_ATTR(_name, _fmt, _value)							\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)	\
{											\
	struct block_device *bdev __attribute__((unused)) = dev_get_drvdata(dev);	\
											\
	return sysfs_emit(buf, _fmt "\n", _value);					\
}											\
static DEVICE_ATTR_RO(_name)

BDEV_ATTR(size, "%llu", (u64)bdev_nr_sectors(bdev));
BDEV_ATTR(ro, "%d", bdev_read_only(bdev) != 0);
BDEV_ATTR(removable, "%d", 0);
BDEV_ATTR(partition, "%u", bdev->bd_partno);
BDEV_ATTR(start, "%llu", (u64)bdev->bd_start_sect);

BDEV_ATTR(logical_block_size, "%u", bdev_logical_block_size(bdev));
BDEV_ATTR(physical_block_size, "%u", bdev_physical_block_size(bdev));
BDEV_ATTR(read_ahead_kb, "%lu", bdev->bd_disk->bdi->ra_pages * (PAGE_SIZE / 1024));
BDEV_ATTR(write_cache, "%s", bdev_write_cache(bdev) ? "write back" : "write through");

static struct attribute *disk_attrs[] = {
	&dev_attr_size.attr, &dev_attr_ro.attr, &dev_attr_removable.attr, NULL,
};

static struct attribute *part_attrs[] = {
	&dev_attr_size.attr, &dev_attr_ro.attr, &dev_attr_partition.attr, &dev_attr_start.attr, NULL,
};

static struct attribute *queue_attrs[] = {
	&dev_attr_logical_block_size.attr, &dev_attr_physical_block_size.attr, &dev_attr_read_ahead_kb.attr,
	&dev_attr_write_cache.attr, NULL,
};

static const struct attribute_group disk_group = { .attrs = disk_attrs };
static const struct attribute_group part_group = { .attrs = part_attrs };
static const struct attribute_group queue_group = { .name = "queue", .attrs = queue_attrs };

const struct attribute_group *disk_groups[] = { &disk_group, &queue_group, NULL };
const struct attribute_group *part_groups[] = { &part_group, NULL };
