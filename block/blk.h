/* SPDX-License-Identifier: MIT */
/* What the files of block/ have in common. */
#ifndef _BLK_H
#define _BLK_H

#include <linux/blkdev.h>
#include <linux/device.h>

/* block/genhd.c */
extern struct mutex disks_lock;
extern struct class block_class;

/* block/partitions/core.c */
void blk_drop_partitions(struct gendisk *disk);

#endif
