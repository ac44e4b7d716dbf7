// SPDX-License-Identifier: MIT
/*
 * Backing devices: for each disk, what write-back keeps and the thread that does it.
 *
 * Callers: block/genhd.c makes one for a disk; everything about dirty pages asks inode_to_bdi().
 * Locking: bdi_lock guards bdi_list. A registered device stays until its disk goes.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/writeback.h>

/* For filesystems without a device: nothing is ever written, and so there is no thread. */
struct backing_dev_info noop_backing_dev_info = {
	.bdi_list	= LIST_HEAD_INIT(noop_backing_dev_info.bdi_list),
	.dev_name	= "none",
	.wb		= {
		.bdi		= &noop_backing_dev_info,
		.list_lock	= __SPIN_LOCK_UNLOCKED(noop_backing_dev_info.wb.list_lock),
		.b_dirty	= LIST_HEAD_INIT(noop_backing_dev_info.wb.b_dirty),
		.b_io		= LIST_HEAD_INIT(noop_backing_dev_info.wb.b_io),
		.b_more_io	= LIST_HEAD_INIT(noop_backing_dev_info.wb.b_more_io),
	},
};
EXPORT_SYMBOL(noop_backing_dev_info);

DEFINE_MUTEX(bdi_lock);
LIST_HEAD(bdi_list);

/** bdi_alloc - a backing device with the usual read-ahead; NULL without memory */
struct backing_dev_info *bdi_alloc(int node_id)
{
	struct backing_dev_info *bdi = kzalloc(sizeof(*bdi), GFP_KERNEL);

	if (!bdi)
		return NULL;
	INIT_LIST_HEAD(&bdi->bdi_list);
	bdi->ra_pages = VM_READAHEAD_PAGES;
	bdi->capabilities = BDI_CAP_WRITEBACK;
	wb_init(&bdi->wb, bdi);
	return bdi;
}

void bdi_put(struct backing_dev_info *bdi)
{
	WARN_ON(bdi->wb.task);
	kfree(bdi);
}

/**
 * bdi_register - starts the flusher of a device
 * @bdi: from bdi_alloc()
 * @fmt: its name, "254:0"; the thread is called "flush-254:0"
 *
 * Returns 0, or the error of making the thread.
 */
int bdi_register(struct backing_dev_info *bdi, const char *fmt, ...)
{
	struct task_struct *task;
	va_list args;

	va_start(args, fmt);
	vsnprintf(bdi->dev_name, sizeof(bdi->dev_name), fmt, args);
	va_end(args);

	task = kthread_create(wb_thread, &bdi->wb, "flush-%s", bdi->dev_name);
	if (IS_ERR(task))
		return PTR_ERR(task);
	bdi->wb.task = task;
	set_bit(WB_registered, &bdi->wb.state);
	mutex_lock(&bdi_lock);
	list_add_tail(&bdi->bdi_list, &bdi_list);
	mutex_unlock(&bdi_lock);
	wake_up_process(task);
	return 0;
}

/** bdi_unregister - stops the flusher; what is dirty has been written, or is lost */
void bdi_unregister(struct backing_dev_info *bdi)
{
	bool registered;

	/* Wake-ups happen under this lock: after it there are none any more. */
	spin_lock(&bdi->wb.list_lock);
	registered = test_and_clear_bit(WB_registered, &bdi->wb.state);
	spin_unlock(&bdi->wb.list_lock);
	if (!registered)
		return;
	mutex_lock(&bdi_lock);
	list_del_init(&bdi->bdi_list);
	mutex_unlock(&bdi_lock);
	kthread_stop(bdi->wb.task);
	bdi->wb.task = NULL;
}

/** inode_to_bdi - the device that an inode's dirty pages go to */
struct backing_dev_info *inode_to_bdi(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	if (sb_is_blkdev_sb(sb))
		return I_BDEV(inode)->bd_disk->bdi;
	return sb->s_bdi;
}
EXPORT_SYMBOL(inode_to_bdi);
