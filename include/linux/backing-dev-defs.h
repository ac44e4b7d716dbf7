/* SPDX-License-Identifier: MIT */
/* What write-back knows of a device: which inodes are dirty there, and the thread that writes them. */
#ifndef _LINUX_BACKING_DEV_DEFS_H
#define _LINUX_BACKING_DEV_DEFS_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/atomic.h>
#include <linux/wait.h>

struct task_struct;
struct backing_dev_info;

enum wb_state {
	WB_registered,		/* the flusher may be woken */
	WB_start_background,	/* somebody wants pages written now: too many are dirty */
	WB_start_all,		/* write everything, as sync(2) does */
};

struct bdi_writeback {
	struct backing_dev_info	*bdi;
	unsigned long		state;		/* WB_* bits, atomic */
	unsigned long		last_old_flush;	/* jiffies; the flusher's own */
	struct task_struct	*task;		/* the flusher */

	/* list_lock guards these lists; inode->i_lock nests inside it */
	spinlock_t		list_lock;
	struct list_head	b_dirty;	/* dirty inodes, the one dirtied last in front */
	struct list_head	b_io;		/* taken for this round */
	struct list_head	b_more_io;	/* had more to write than its share of a round */
};

struct backing_dev_info {
	struct list_head	bdi_list;	/* bdi_lock */
	unsigned int		ra_pages;	/* largest read-ahead window */
	unsigned int		capabilities;	/* BDI_CAP_* */
	struct bdi_writeback	wb;
	char			dev_name[32];	/* "254:0" */
};

#define BDI_CAP_WRITEBACK	(1 << 0)	/* has a disk behind it: dirty pages go there */

#endif
