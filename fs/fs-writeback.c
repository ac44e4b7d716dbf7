// SPDX-License-Identifier: MIT
/*
 * Writing inodes back: which are dirty, and who writes them when.
 *
 * Callers: __mark_inode_dirty() from everywhere; the flusher thread of each device, which is in this
 * file; fsync(), sync() and unmount; writers that have made too many pages dirty.
 *
 * An inode that becomes dirty goes to the front of its device's b_dirty list, so the list is in the
 * order of dirtied_when. Every 5 s while there are any the flusher moves those older than 30 s, from
 * the rear, to b_io and writes them; when too many pages are dirty it takes them all. An inode that
 * has more pages than its share of a round waits in b_more_io for the next.
 *
 * I_SYNC is the right to write an inode: one task at a time. It needs no reference, for eviction
 * waits until I_SYNC is gone, after having taken the inode off the lists, where it is not found any
 * more. With I_SYNC set the inode stays on a list; at the end it is sorted anew: gone if it is clean.
 *
 * No dirtying is lost: the bits in i_state are cleared before the inode's fields are read for the
 * write, and set after they were changed; so a change that the write misses has set a bit that is
 * still there after it.
 *
 * Locks, outermost first: wb->list_lock, inode->i_lock. The sb's s_inode_list_lock is outside i_lock.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <linux/writeback.h>

#define MAX_WRITEBACK_PAGES	1024L	/* of one inode in one round */

/* For those who wait for I_SYNC to go: it is rare, so one queue for all. */
static DECLARE_WAIT_QUEUE_HEAD(inode_sync_wait);

static struct inode *wb_inode(struct list_head *head)
{
	return list_entry(head, struct inode, i_io_list);
}

/** wb_init - the lists of a device that is being made */
void wb_init(struct bdi_writeback *wb, struct backing_dev_info *bdi)
{
	wb->bdi = bdi;
	spin_lock_init(&wb->list_lock);
	INIT_LIST_HEAD(&wb->b_dirty);
	INIT_LIST_HEAD(&wb->b_io);
	INIT_LIST_HEAD(&wb->b_more_io);
}

/* list_lock held: it keeps the flusher's task from going away under the wake-up. */
static void wb_wakeup_locked(struct bdi_writeback *wb)
{
	lockdep_assert_held(&wb->list_lock);
	if (test_bit(WB_registered, &wb->state))
		wake_up_process(wb->task);
}

/** wb_wakeup - the flusher is to look what there is to do; from any context but an interrupt */
void wb_wakeup(struct bdi_writeback *wb)
{
	spin_lock(&wb->list_lock);
	wb_wakeup_locked(wb);
	spin_unlock(&wb->list_lock);
}

/** wb_start_background_writeback - too many pages are dirty: write until there are fewer */
void wb_start_background_writeback(struct bdi_writeback *wb)
{
	if (!test_bit(WB_start_background, &wb->state) &&
	    !test_and_set_bit(WB_start_background, &wb->state))
		wb_wakeup(wb);
}

/** wakeup_flusher_threads - has all flushers write all there is, without waiting */
void wakeup_flusher_threads(enum wb_reason reason)
{
	struct backing_dev_info *bdi;

	/* Reclaim may come here with bdi_lock held by the task itself: then it is being done anyway. */
	if (!mutex_trylock(&bdi_lock))
		return;
	list_for_each_entry(bdi, &bdi_list, bdi_list)
		if (wb_has_dirty_io(&bdi->wb) && !test_and_set_bit(WB_start_all, &bdi->wb.state))
			wb_wakeup(&bdi->wb);
	mutex_unlock(&bdi_lock);
}

/* ------------------------------------------------------------------ becoming dirty */

/**
 * __mark_inode_dirty - the inode, or pages of it, were changed
 * @inode: the inode
 * @flags: I_DIRTY_SYNC: times and the like. I_DIRTY_DATASYNC: what is needed to find the data.
 *	I_DIRTY_PAGES: a page, which is already marked in the mapping's tree
 *
 * To be called after the change. Sleeps not, unless the filesystem's ->dirty_inode() does.
 */
void __mark_inode_dirty(struct inode *inode, int flags)
{
	struct super_block *sb = inode->i_sb;
	struct bdi_writeback *wb;
	bool first = false;

	if ((flags & I_DIRTY_INODE) && sb->s_op->dirty_inode)
		sb->s_op->dirty_inode(inode, flags & I_DIRTY_INODE);
	/* The change, or the page's mark, before the look at the bits: see the top of the file. */
	smp_mb();
	if ((READ_ONCE(inode->i_state) & flags) == flags)
		return;

	wb = inode_to_wb(inode);
	spin_lock(&wb->list_lock);
	spin_lock(&inode->i_lock);
	inode->i_state |= flags;
	/*
	 * Inodes that cannot be found any more are about to be evicted, and devices that nothing is
	 * written to have no flusher. One that is on a list already keeps its place and its time.
	 */
	if (list_empty(&inode->i_io_list) && (wb->bdi->capabilities & BDI_CAP_WRITEBACK) &&
	    !inode_unhashed(inode) && !(inode->i_state & I_FREEING)) {
		first = !wb_has_dirty_io(wb);
		inode->dirtied_when = jiffies;
		list_add(&inode->i_io_list, &wb->b_dirty);
	}
	spin_unlock(&inode->i_lock);
	if (first)
		wb_wakeup_locked(wb);
	spin_unlock(&wb->list_lock);
}
EXPORT_SYMBOL(__mark_inode_dirty);

/** inode_io_list_del - takes an inode that is being evicted off the lists */
void inode_io_list_del(struct inode *inode)
{
	struct bdi_writeback *wb = inode_to_wb(inode);

	spin_lock(&wb->list_lock);
	spin_lock(&inode->i_lock);
	list_del_init(&inode->i_io_list);
	spin_unlock(&inode->i_lock);
	spin_unlock(&wb->list_lock);
}

/* ------------------------------------------------------------------ I_SYNC */

/*
 * Sleeps until I_SYNC may have gone. i_lock is held, and released: the inode may be freed while we
 * sleep, and is not touched after that.
 */
static void inode_sleep_on_writeback(struct inode *inode)
{
	DEFINE_WAIT(wait);
	bool sleep;

	prepare_to_wait(&inode_sync_wait, &wait, TASK_UNINTERRUPTIBLE);
	sleep = inode->i_state & I_SYNC;
	spin_unlock(&inode->i_lock);
	if (sleep)
		schedule();
	finish_wait(&inode_sync_wait, &wait);
}

/** inode_wait_for_writeback - until nobody writes it; the caller keeps it from being freed */
void inode_wait_for_writeback(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	while (inode->i_state & I_SYNC) {
		inode_sleep_on_writeback(inode);
		spin_lock(&inode->i_lock);
	}
	spin_unlock(&inode->i_lock);
}

/*
 * The write of an inode is over. Where does it belong now? list_lock and i_lock are held. After this
 * an inode that is being evicted may be freed at any moment.
 */
static void inode_sync_complete(struct inode *inode, struct bdi_writeback *wb, bool more)
{
	if (inode->i_state & I_FREEING) {
		list_del_init(&inode->i_io_list);
	} else if (!(inode->i_state & I_DIRTY)) {
		list_del_init(&inode->i_io_list);
		inode_add_lru(inode);
	} else if (list_empty(&inode->i_io_list) &&
		   (inode_unhashed(inode) || !(wb->bdi->capabilities & BDI_CAP_WRITEBACK))) {
		;	/* it never was on a list, and does not belong on one */
	} else if (more) {
		list_move(&inode->i_io_list, &wb->b_more_io);
	} else {
		/* Dirty again, or it could not be written: as if it had become dirty just now. */
		inode->dirtied_when = jiffies;
		list_move(&inode->i_io_list, &wb->b_dirty);
	}
	inode->i_state &= ~I_SYNC;
	smp_mb();
	if (waitqueue_active(&inode_sync_wait))
		wake_up_all(&inode_sync_wait);
}

/* ------------------------------------------------------------------ writing one inode */

static int write_inode(struct inode *inode, struct writeback_control *wbc)
{
	const struct super_operations *op = inode->i_sb->s_op;

	return op->write_inode ? op->write_inode(inode, wbc) : 0;
}

/* Writes the pages, then the inode; the caller has I_SYNC. */
static int __writeback_single_inode(struct inode *inode, struct writeback_control *wbc)
{
	struct address_space *mapping = inode->i_mapping;
	unsigned long dirty;
	int ret, err;

	ret = do_writepages(mapping, wbc);
	/* The inode after its data: no size on the disk that the data does not fill yet. */
	if (wbc->sync_mode == WB_SYNC_ALL && !wbc->for_sync) {
		err = filemap_fdatawait(mapping);
		if (!ret)
			ret = err;
	}
	spin_lock(&inode->i_lock);
	dirty = inode->i_state & I_DIRTY;
	inode->i_state &= ~dirty;
	smp_mb();	/* pairs with __mark_inode_dirty() */
	if (mapping_tagged(mapping, PAGECACHE_TAG_DIRTY))
		inode->i_state |= I_DIRTY_PAGES;
	spin_unlock(&inode->i_lock);
	if (dirty & I_DIRTY_INODE) {
		err = write_inode(inode, wbc);
		if (!ret)
			ret = err;
	}
	return ret;
}

/*
 * Writes one inode for somebody who has a reference, or is about to free it. 0 or an error; errors
 * of pages whose writes have only been started are not among them.
 */
static int writeback_single_inode(struct inode *inode, struct writeback_control *wbc)
{
	struct bdi_writeback *wb = inode_to_wb(inode);
	int ret;

	spin_lock(&inode->i_lock);
	while (inode->i_state & I_SYNC) {
		if (wbc->sync_mode != WB_SYNC_ALL) {
			spin_unlock(&inode->i_lock);
			return 0;
		}
		inode_sleep_on_writeback(inode);
		spin_lock(&inode->i_lock);
	}
	if (!(inode->i_state & I_DIRTY) &&
	    (wbc->sync_mode != WB_SYNC_ALL ||
	     !mapping_tagged(inode->i_mapping, PAGECACHE_TAG_WRITEBACK))) {
		spin_unlock(&inode->i_lock);
		return 0;
	}
	inode->i_state |= I_SYNC;
	spin_unlock(&inode->i_lock);

	ret = __writeback_single_inode(inode, wbc);

	spin_lock(&wb->list_lock);
	spin_lock(&inode->i_lock);
	inode_sync_complete(inode, wb, false);
	spin_unlock(&inode->i_lock);
	spin_unlock(&wb->list_lock);
	return ret;
}

/**
 * write_inode_now - writes an inode and its pages
 * @sync: wait for it
 */
int write_inode_now(struct inode *inode, int sync)
{
	struct writeback_control wbc = {
		.sync_mode = sync ? WB_SYNC_ALL : WB_SYNC_NONE, .nr_to_write = LONG_MAX,
		.range_end = LLONG_MAX,
	};

	if (!mapping_can_writeback(inode->i_mapping))
		wbc.nr_to_write = 0;
	might_sleep();
	return writeback_single_inode(inode, &wbc);
}
EXPORT_SYMBOL(write_inode_now);

/** sync_inode_metadata - writes the inode alone */
int sync_inode_metadata(struct inode *inode, int wait)
{
	struct writeback_control wbc = {
		.sync_mode = wait ? WB_SYNC_ALL : WB_SYNC_NONE, .nr_to_write = 0,
	};

	return writeback_single_inode(inode, &wbc);
}
EXPORT_SYMBOL(sync_inode_metadata);

/* ------------------------------------------------------------------ writing a device's inodes */

struct wb_writeback_work {
	long		nr_pages;	/* how many to write */
	bool		for_kupdate;	/* only what is old enough */
	bool		for_background;	/* until there are few enough */
};

/* Moves to b_io what waited for a new round and, from b_dirty, what became dirty before @before. */
static void queue_io(struct bdi_writeback *wb, unsigned long before)
{
	lockdep_assert_held(&wb->list_lock);
	list_splice_init(&wb->b_more_io, &wb->b_io);
	while (!list_empty(&wb->b_dirty)) {
		struct inode *inode = wb_inode(wb->b_dirty.prev);

		if (time_after(inode->dirtied_when, before))
			break;
		list_move(&inode->i_io_list, &wb->b_io);
	}
}

/* Tries to get I_SYNC of the inode at the rear of b_io; i_lock held. Else it is moved on. */
static bool inode_may_be_written(struct inode *inode, struct bdi_writeback *wb)
{
	if (inode->i_state & (I_NEW | I_FREEING | I_WILL_FREE)) {
		inode->dirtied_when = jiffies;
		list_move(&inode->i_io_list, &wb->b_dirty);
		return false;
	}
	if (inode->i_state & I_SYNC) {
		list_move(&inode->i_io_list, &wb->b_more_io);
		return false;
	}
	inode->i_state |= I_SYNC;
	return true;
}

/* Writes what is in b_io. list_lock is held, and released meanwhile. Returns pages and inodes done. */
static long writeback_queued_inodes(struct bdi_writeback *wb, struct wb_writeback_work *work)
{
	long done = 0;

	while (!list_empty(&wb->b_io) && work->nr_pages > 0) {
		struct inode *inode = wb_inode(wb->b_io.prev);
		const long share = min(work->nr_pages, MAX_WRITEBACK_PAGES);
		struct writeback_control wbc = {
			.sync_mode = WB_SYNC_NONE, .nr_to_write = share, .range_cyclic = 1,
			.range_end = LLONG_MAX, .for_kupdate = work->for_kupdate,
			.for_background = work->for_background,
		};
		long wrote;

		spin_lock(&inode->i_lock);
		if (!inode_may_be_written(inode, wb)) {
			spin_unlock(&inode->i_lock);
			continue;
		}
		spin_unlock(&inode->i_lock);
		spin_unlock(&wb->list_lock);

		__writeback_single_inode(inode, &wbc);
		wrote = share - wbc.nr_to_write;
		cond_resched();

		spin_lock(&wb->list_lock);
		spin_lock(&inode->i_lock);
		/* An inode without dirty pages is progress as well. */
		done += wrote + !(inode->i_state & I_DIRTY);
		inode_sync_complete(inode, wb, wbc.nr_to_write <= 0);
		spin_unlock(&inode->i_lock);
		work->nr_pages -= wrote;
	}
	return done;
}

/* The other inodes of the device are being written by somebody else: wait for one of them. */
static void wait_for_busy_inode(struct bdi_writeback *wb)
{
	struct inode *inode = wb_inode(wb->b_more_io.prev);

	spin_lock(&inode->i_lock);
	spin_unlock(&wb->list_lock);
	inode_sleep_on_writeback(inode);
	spin_lock(&wb->list_lock);
}

/* Does a piece of work until it is done, or nothing is left to do. Returns pages and inodes written. */
static long wb_writeback(struct bdi_writeback *wb, struct wb_writeback_work *work)
{
	unsigned long before = jiffies;
	long progress, total = 0;

	if (work->for_kupdate)
		before -= msecs_to_jiffies(dirty_expire_interval * 10);
	spin_lock(&wb->list_lock);
	while (work->nr_pages > 0) {
		if (work->for_background) {
			if (!wb_over_bg_thresh(wb))
				break;
			before = jiffies;	/* also what has become dirty since */
		}
		if (list_empty(&wb->b_io))
			queue_io(wb, before);
		progress = writeback_queued_inodes(wb, work);
		total += progress;
		if (progress)
			continue;
		if (list_empty(&wb->b_more_io))
			break;
		wait_for_busy_inode(wb);
	}
	spin_unlock(&wb->list_lock);
	return total;
}

/** writeback_inodes_wb - starts writing about @nr_pages dirty pages of a device; returns how many */
long writeback_inodes_wb(struct bdi_writeback *wb, long nr_pages, enum wb_reason reason)
{
	struct wb_writeback_work work = { .nr_pages = nr_pages };
	const unsigned long before = jiffies;
	long done;

	spin_lock(&wb->list_lock);
	if (list_empty(&wb->b_io))
		queue_io(wb, before);
	done = writeback_queued_inodes(wb, &work);
	spin_unlock(&wb->list_lock);
	return done;
}

/* ------------------------------------------------------------------ the flusher */

static void wb_do_writeback(struct bdi_writeback *wb)
{
	struct wb_writeback_work all = { .nr_pages = LONG_MAX };
	struct wb_writeback_work background = { .nr_pages = LONG_MAX, .for_background = true };
	struct wb_writeback_work old = { .nr_pages = LONG_MAX, .for_kupdate = true };

	if (test_and_clear_bit(WB_start_all, &wb->state))
		wb_writeback(wb, &all);
	if (dirty_writeback_interval &&
	    time_after_eq(jiffies, wb->last_old_flush + msecs_to_jiffies(dirty_writeback_interval * 10))) {
		wb->last_old_flush = jiffies;
		wb_writeback(wb, &old);
	}
	clear_bit(WB_start_background, &wb->state);
	if (wb_over_bg_thresh(wb))
		wb_writeback(wb, &background);
}

/* Is there something that wb_do_writeback() has been asked for since it looked? */
static bool wb_has_request(struct bdi_writeback *wb)
{
	return wb->state & (BIT(WB_start_all) | BIT(WB_start_background));
}

/**
 * wb_thread - the flusher of a device
 * @data: its struct bdi_writeback
 *
 * Sleeps without end while nothing is dirty, else from one round to the next.
 */
int wb_thread(void *data)
{
	struct bdi_writeback *wb = data;

	while (!kthread_should_stop()) {
		wb_do_writeback(wb);
		/* Looking after the state is set: a wake-up that comes in between is not lost. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop() || wb_has_request(wb))
			__set_current_state(TASK_RUNNING);
		else if (wb_has_dirty_io(wb) && dirty_writeback_interval)
			schedule_timeout(msecs_to_jiffies(dirty_writeback_interval * 10));
		else
			schedule();
	}
	return 0;
}

/* ------------------------------------------------------------------ one filesystem */

/* Calls @fn for each inode of @sb that @want chooses, with a reference held. */
static void for_each_inode(struct super_block *sb, bool (*want)(struct inode *inode),
			   void (*fn)(struct inode *inode, void *arg), void *arg)
{
	struct inode *inode, *old = NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		/* An inode that is going is written by whoever makes it go. */
		if (!want(inode) || (READ_ONCE(inode->i_state) & I_NEW) || !igrab(inode))
			continue;
		spin_unlock(&sb->s_inode_list_lock);
		iput(old);	/* not before: it kept our place in the list */
		old = inode;
		fn(inode, arg);
		cond_resched();
		spin_lock(&sb->s_inode_list_lock);
	}
	spin_unlock(&sb->s_inode_list_lock);
	iput(old);
}

static bool inode_is_dirty(struct inode *inode)
{
	return READ_ONCE(inode->i_state) & I_DIRTY;
}

static bool inode_under_writeback(struct inode *inode)
{
	return (READ_ONCE(inode->i_state) & I_SYNC) ||
	       mapping_tagged(inode->i_mapping, PAGECACHE_TAG_WRITEBACK);
}

static void write_one_inode(struct inode *inode, void *arg)
{
	struct writeback_control wbc = *(struct writeback_control *)arg;

	writeback_single_inode(inode, &wbc);
}

static void wait_one_inode(struct inode *inode, void *arg)
{
	inode_wait_for_writeback(inode);
	/* The error stays in the mapping: fsync() of the file is to tell it. */
	filemap_fdatawait_keep_errors(inode->i_mapping);
}

/** writeback_inodes_sb - starts writing what is dirty on a filesystem; s_umount held */
void writeback_inodes_sb(struct super_block *sb, enum wb_reason reason)
{
	struct writeback_control wbc = {
		.sync_mode = WB_SYNC_NONE, .nr_to_write = LONG_MAX, .range_end = LLONG_MAX,
	};

	if (sb->s_bdi->capabilities & BDI_CAP_WRITEBACK)
		for_each_inode(sb, inode_is_dirty, write_one_inode, &wbc);
}
EXPORT_SYMBOL(writeback_inodes_sb);

/** try_to_writeback_inodes_sb - the same if s_umount can be had at once */
void try_to_writeback_inodes_sb(struct super_block *sb, enum wb_reason reason)
{
	if (!down_read_trylock(&sb->s_umount))
		return;
	writeback_inodes_sb(sb, reason);
	up_read(&sb->s_umount);
}
EXPORT_SYMBOL(try_to_writeback_inodes_sb);

/**
 * sync_inodes_sb - writes every inode and page of a filesystem that is dirty now, and waits
 *
 * s_umount held. The device's own pages, where ->write_inode() leaves metadata, are the caller's.
 */
void sync_inodes_sb(struct super_block *sb)
{
	struct writeback_control wbc = {
		.sync_mode = WB_SYNC_ALL, .nr_to_write = LONG_MAX, .range_end = LLONG_MAX,
		.for_sync = 1,
	};

	if (!(sb->s_bdi->capabilities & BDI_CAP_WRITEBACK))
		return;
	for_each_inode(sb, inode_is_dirty, write_one_inode, &wbc);
	for_each_inode(sb, inode_under_writeback, wait_one_inode, NULL);
}
EXPORT_SYMBOL(sync_inodes_sb);
