/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BACKING_DEV_H
#define _LINUX_BACKING_DEV_H

#include <linux/backing-dev-defs.h>
#include <linux/blkdev.h>
#include <linux/fs.h>

struct backing_dev_info *bdi_alloc(int node_id);
void bdi_put(struct backing_dev_info *bdi);
__printf(2, 3) int bdi_register(struct backing_dev_info *bdi, const char *fmt, ...);
void bdi_unregister(struct backing_dev_info *bdi);
struct backing_dev_info *inode_to_bdi(struct inode *inode);

extern struct backing_dev_info noop_backing_dev_info;
extern struct list_head bdi_list;	/* all registered ones; bdi_lock */
extern struct mutex bdi_lock;

static inline struct bdi_writeback *inode_to_wb(struct inode *inode)
{
	return &inode_to_bdi(inode)->wb;
}

static inline bool mapping_can_writeback(struct address_space *mapping)
{
	return inode_to_bdi(mapping->host)->capabilities & BDI_CAP_WRITEBACK;
}

static inline bool wb_has_dirty_io(struct bdi_writeback *wb)
{
	return !list_empty(&wb->b_dirty) || !list_empty(&wb->b_io) || !list_empty(&wb->b_more_io);
}

static inline const char *bdi_dev_name(struct backing_dev_info *bdi)
{
	return bdi->dev_name;
}

#endif
