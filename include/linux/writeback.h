/* SPDX-License-Identifier: MIT */
/*
 * Writing dirty pages and inodes to their disks: when (mm/page-writeback.c), which
 * (fs/fs-writeback.c), and on request (fs/sync.c).
 */
#ifndef _LINUX_WRITEBACK_H
#define _LINUX_WRITEBACK_H

#include <linux/fs.h>
#include <linux/backing-dev-defs.h>
#include <linux/bio.h>

enum writeback_sync_modes {
	WB_SYNC_NONE,		/* start writing what can be had without waiting */
	WB_SYNC_ALL,		/* everything that is dirty now, waiting where need be */
};

struct writeback_control {
	long			nr_to_write;	/* pages; counted down, LONG_MAX for no limit */
	long			pages_skipped;
	loff_t			range_start;	/* bytes, inclusive */
	loff_t			range_end;
	enum writeback_sync_modes sync_mode;
	unsigned		for_kupdate:1;		/* the periodic write of what is old */
	unsigned		for_background:1;	/* too much is dirty */
	unsigned		tagged_writepages:1;	/* only what was dirty at the start */
	unsigned		for_reclaim:1;
	unsigned		range_cyclic:1;		/* go on where the last round ended */
	unsigned		for_sync:1;
};

static inline blk_opf_t wbc_to_write_flags(struct writeback_control *wbc)
{
	return wbc->sync_mode == WB_SYNC_ALL ? REQ_SYNC : 0;
}

/* Tunables, in Linux's units: per cent, and hundredths of a second. */
extern int dirty_background_ratio;
extern int vm_dirty_ratio;
extern unsigned int dirty_writeback_interval;
extern unsigned int dirty_expire_interval;

/* fs/sync.c */
void ksys_sync(void);

/* fs/fs-writeback.c */
enum wb_reason {
	WB_REASON_BACKGROUND,
	WB_REASON_VMSCAN,
	WB_REASON_SYNC,
	WB_REASON_PERIODIC,
	WB_REASON_FS_FREE_SPACE,
};

void wb_init(struct bdi_writeback *wb, struct backing_dev_info *bdi);
int wb_thread(void *data);
void wb_start_background_writeback(struct bdi_writeback *wb);
void wb_wakeup(struct bdi_writeback *wb);
void wakeup_flusher_threads(enum wb_reason reason);
long writeback_inodes_wb(struct bdi_writeback *wb, long nr_pages, enum wb_reason reason);
void writeback_inodes_sb(struct super_block *sb, enum wb_reason reason);
void try_to_writeback_inodes_sb(struct super_block *sb, enum wb_reason reason);
void inode_wait_for_writeback(struct inode *inode);
void inode_io_list_del(struct inode *inode);

/* mm/page-writeback.c */
typedef int (*writepage_t)(struct page *page, struct writeback_control *wbc, void *data);

void balance_dirty_pages_ratelimited(struct address_space *mapping);
bool wb_over_bg_thresh(struct bdi_writeback *wb);
void global_dirty_limits(unsigned long *pbackground, unsigned long *pdirty);
void tag_pages_for_writeback(struct address_space *mapping, pgoff_t start, pgoff_t end);
int write_cache_pages(struct address_space *mapping, struct writeback_control *wbc,
		      writepage_t writepage, void *data);
int generic_writepages(struct address_space *mapping, struct writeback_control *wbc);
int do_writepages(struct address_space *mapping, struct writeback_control *wbc);
bool folio_redirty_for_writepage(struct writeback_control *wbc, struct folio *folio);
bool redirty_page_for_writepage(struct writeback_control *wbc, struct page *page);
void folio_account_cleaned(struct folio *folio);
void writeback_page_ended(void);
void writeback_wait_some(void);

#endif
