// SPDX-License-Identifier: MIT
/*
 * Dirty pages: marking them, counting them, writing those of one file, and holding back writers when
 * there are too many.
 *
 * Callers: filesystems and faults mark; fs-writeback.c and fsync write; write(2) is held back.
 *
 * "Dirty" is said three times, for three questions. PG_dirty: this page is newer than the disk. The
 * mark PAGECACHE_TAG_DIRTY in the file's tree: find the dirty pages without looking at all. And
 * I_DIRTY_PAGES in the inode, with its place in the flusher's list: find the dirty files. They are
 * set in this order and cleared in the order inode, page, mark, so that a page made dirty at any
 * moment in between is found again.
 *
 * Locking: PG_dirty is set with the page locked, or from a PTE of the page under its page-table
 * lock: both keep the page from being truncated. Marks: the xarray's lock.
 */
#include <linux/backing-dev.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/jiffies.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/rmap.h>
#include <linux/sched/signal.h>
#include <linux/sysctl.h>
#include <linux/vmstat.h>
#include <linux/wait.h>
#include <linux/writeback.h>

int dirty_background_ratio = 10;		/* % of available memory: the flusher begins */
int vm_dirty_ratio = 20;			/* %: writers are held back */
unsigned int dirty_writeback_interval = 5 * 100;	/* 1/100 s between the flusher's rounds */
unsigned int dirty_expire_interval = 30 * 100;		/* 1/100 s: older than that is written */

/* ------------------------------------------------------------------ making dirty, making clean */

/** folio_mark_dirty - a page has been changed; true when it was clean */
bool folio_mark_dirty(struct folio *folio)
{
	struct address_space *mapping = folio_mapping(folio);

	if (likely(mapping)) {
		if (mapping->a_ops->dirty_folio)
			return mapping->a_ops->dirty_folio(mapping, folio);
		return filemap_dirty_folio(mapping, folio);
	}
	return !folio_test_set_dirty(folio);
}
EXPORT_SYMBOL(folio_mark_dirty);

bool set_page_dirty(struct page *page)
{
	return folio_mark_dirty(page_folio(page));
}
EXPORT_SYMBOL(set_page_dirty);

/** set_page_dirty_lock - the same for who has only a reference */
int set_page_dirty_lock(struct page *page)
{
	int ret;

	lock_page(page);
	ret = set_page_dirty(page);
	unlock_page(page);
	return ret;
}
EXPORT_SYMBOL(set_page_dirty_lock);

/** __folio_mark_dirty - PG_dirty has just been set: the mark in the tree, and the figures */
void __folio_mark_dirty(struct folio *folio, struct address_space *mapping, int warn)
{
	unsigned long flags;

	xa_lock_irqsave(&mapping->i_pages, flags);
	if (folio->mapping) {	/* else truncated meanwhile */
		WARN_ON_ONCE(warn && !folio_test_uptodate(folio));
		if (mapping_can_writeback(mapping)) {
			node_stat_mod_folio(folio, NR_FILE_DIRTY, 1);
			node_stat_mod_folio(folio, NR_DIRTIED, 1);
			current->nr_dirtied++;
		}
		__xa_set_mark(&mapping->i_pages, folio->index, PAGECACHE_TAG_DIRTY);
	}
	xa_unlock_irqrestore(&mapping->i_pages, flags);
}

/** filemap_dirty_folio - ->dirty_folio() for pages without buffers */
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	if (folio_test_set_dirty(folio))
		return false;
	__folio_mark_dirty(folio, mapping, !folio_test_private(folio));
	__mark_inode_dirty(mapping->host, I_DIRTY_PAGES);
	return true;
}
EXPORT_SYMBOL(filemap_dirty_folio);

/** noop_dirty_folio - ->dirty_folio() where nothing is ever written */
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	return !folio_test_dirty(folio) && !folio_test_set_dirty(folio);
}
EXPORT_SYMBOL(noop_dirty_folio);

/* A page that was counted as dirty is not any more, without having been written. */
void folio_account_cleaned(struct folio *folio)
{
	if (mapping_can_writeback(folio->mapping))
		node_stat_mod_folio(folio, NR_FILE_DIRTY, -1);
}

/* The contents are not wanted: clean without writing. The page is locked and in its file. */
void __folio_cancel_dirty(struct folio *folio)
{
	if (folio_test_clear_dirty(folio))
		folio_account_cleaned(folio);
}
EXPORT_SYMBOL(__folio_cancel_dirty);

/**
 * folio_clear_dirty_for_io - the page is about to be written; it is locked
 *
 * Returns whether it was dirty. What a program writes through a mapping from now on makes it dirty
 * again, for its PTEs are made read-only here. The mark in the tree stays until
 * __folio_start_writeback(), so that a file whose last dirty page is on the way does not look clean.
 */
bool folio_clear_dirty_for_io(struct folio *folio)
{
	struct address_space *mapping = folio_mapping(folio);

	BUG_ON(!folio_test_locked(folio));
	if (!mapping || !mapping_can_writeback(mapping))
		return folio_test_clear_dirty(folio);
	if (folio_mkclean(folio))
		folio_mark_dirty(folio);
	if (!folio_test_clear_dirty(folio))
		return false;
	node_stat_mod_folio(folio, NR_FILE_DIRTY, -1);
	return true;
}
EXPORT_SYMBOL(folio_clear_dirty_for_io);

/** __folio_start_writeback - the page is being written from now on; locked, and PG_dirty cleared */
void __folio_start_writeback(struct folio *folio, bool keep_write)
{
	struct address_space *mapping = folio->mapping;
	XA_STATE(xas, &mapping->i_pages, folio->index);
	unsigned long flags;

	BUG_ON(folio_test_writeback(folio));
	node_stat_mod_folio(folio, NR_WRITEBACK, 1);
	if (folio_test_swapcache(folio)) {	/* no file that anybody would search for it */
		folio_set_writeback(folio);
		return;
	}
	xa_lock_irqsave(&mapping->i_pages, flags);
	xas_load(&xas);
	folio_set_writeback(folio);
	xas_set_mark(&xas, PAGECACHE_TAG_WRITEBACK);
	if (!folio_test_dirty(folio))
		xas_clear_mark(&xas, PAGECACHE_TAG_DIRTY);
	if (!keep_write)
		xas_clear_mark(&xas, PAGECACHE_TAG_TOWRITE);
	xa_unlock_irqrestore(&mapping->i_pages, flags);
}
EXPORT_SYMBOL(__folio_start_writeback);

/** folio_redirty_for_writepage - ->writepage() could not write it now */
bool folio_redirty_for_writepage(struct writeback_control *wbc, struct folio *folio)
{
	wbc->pages_skipped++;
	return filemap_dirty_folio(folio->mapping, folio);
}
EXPORT_SYMBOL(folio_redirty_for_writepage);

bool redirty_page_for_writepage(struct writeback_control *wbc, struct page *page)
{
	return folio_redirty_for_writepage(wbc, page_folio(page));
}
EXPORT_SYMBOL(redirty_page_for_writepage);

/* ------------------------------------------------------------------ writing one file's pages */

/**
 * tag_pages_for_writeback - marks what is dirty now with PAGECACHE_TAG_TOWRITE
 *
 * Who then writes what has that mark comes to an end, even when somebody goes on making pages dirty.
 */
void tag_pages_for_writeback(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct xarray *xa = &mapping->i_pages;
	unsigned long index = start;

	xa_lock_irq(xa);
	while (__xa_copy_mark(xa, &index, end, PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE)) {
		xa_unlock_irq(xa);	/* let interrupts in */
		cond_resched();
		xa_lock_irq(xa);
	}
	xa_unlock_irq(xa);
}
EXPORT_SYMBOL(tag_pages_for_writeback);

/*
 * A page whose buffers were written one by one is clean, but still has its mark. PG_dirty is set
 * before the mark, so a page that is clean under the lock has no mark to come that this would undo.
 */
static void clear_stale_mark(struct address_space *mapping, struct folio *folio)
{
	xa_lock_irq(&mapping->i_pages);
	if (!folio_test_dirty(folio))
		__xa_clear_mark(&mapping->i_pages, folio->index, PAGECACHE_TAG_DIRTY);
	xa_unlock_irq(&mapping->i_pages);
}

/* Locks a page and makes it clean for writing. False, unlocked, when there is nothing to write. */
static bool prepare_to_write(struct address_space *mapping, struct folio *folio,
			     struct writeback_control *wbc)
{
	folio_lock(folio);
	if (folio->mapping != mapping)
		goto skip;
	if (!folio_test_dirty(folio)) {
		clear_stale_mark(mapping, folio);
		goto skip;
	}
	if (folio_test_writeback(folio)) {
		if (wbc->sync_mode == WB_SYNC_NONE)
			goto skip;
		folio_wait_writeback(folio);
	}
	if (folio_clear_dirty_for_io(folio))
		return true;
skip:
	folio_unlock(folio);
	return false;
}

/* One pass from @index to @end. *done says where it stopped. */
static int write_cache_range(struct address_space *mapping, struct writeback_control *wbc,
			     writepage_t writepage, void *data, pgoff_t index, pgoff_t end,
			     pgoff_t *done)
{
	const bool all = wbc->sync_mode == WB_SYNC_ALL || wbc->tagged_writepages;
	const xa_mark_t tag = all ? PAGECACHE_TAG_TOWRITE : PAGECACHE_TAG_DIRTY;
	struct folio *folios[PAGEVEC_SIZE];
	bool stop = false;
	int ret = 0, err;
	unsigned int nr;

	if (all)
		tag_pages_for_writeback(mapping, index, end);
	*done = index;
	while (!stop && (nr = filemap_get_folios_tag(mapping, &index, end, tag, folios, PAGEVEC_SIZE))) {
		for (unsigned int i = 0; i < nr; i++) {
			struct folio *folio = folios[i];

			if (!stop && prepare_to_write(mapping, folio, wbc)) {
				err = writepage(folio_page(folio, 0), wbc, data);	/* unlocks it */
				if (err && !ret)
					ret = err;
				*done = folio->index + 1;
				/* For integrity go on after an error: write what can be. */
				if (wbc->sync_mode == WB_SYNC_NONE)
					stop = err || wbc->nr_to_write <= 1;
				wbc->nr_to_write--;
			}
			folio_put(folio);
		}
		cond_resched();
	}
	return ret;
}

/**
 * write_cache_pages - writes the dirty pages of a range of a file
 * @mapping: the file's pages
 * @wbc: range, mode, and how many; nr_to_write is counted down
 * @writepage: is given each, locked and clean, and unlocks it
 * @data: for @writepage
 *
 * Returns 0 or the first error of @writepage.
 */
int write_cache_pages(struct address_space *mapping, struct writeback_control *wbc,
		      writepage_t writepage, void *data)
{
	pgoff_t first = wbc->range_start >> PAGE_SHIFT, last = wbc->range_end >> PAGE_SHIFT, done;
	int ret;

	if (!wbc->range_cyclic)
		return write_cache_range(mapping, wbc, writepage, data, first, last, &done);

	/* In turns through the file, so that its start does not keep the rest from being written. */
	first = mapping->writeback_index;
	ret = write_cache_range(mapping, wbc, writepage, data, first, ULONG_MAX, &done);
	/*
	 * On from the start only if nothing has been written yet: pages that were may lie under
	 * write-back in a bio that @writepage has not submitted. Waiting for the lock of an earlier
	 * page, of somebody who waits for such a one, we would wait for ourselves. In ascending order
	 * that cannot be.
	 */
	if (first && !ret && done == first)
		ret = write_cache_range(mapping, wbc, writepage, data, 0, first - 1, &done);
	else if (!ret && wbc->nr_to_write > 0)
		done = 0;
	mapping->writeback_index = done;
	return ret;
}
EXPORT_SYMBOL(write_cache_pages);

static int writepage_of_mapping(struct page *page, struct writeback_control *wbc, void *data)
{
	struct address_space *mapping = data;
	int ret = mapping->a_ops->writepage(page, wbc);

	mapping_set_error(mapping, ret);
	return ret;
}

/** generic_writepages - ->writepages() by way of ->writepage() for each */
int generic_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	if (!mapping->a_ops->writepage)
		return 0;
	return write_cache_pages(mapping, wbc, writepage_of_mapping, mapping);
}
EXPORT_SYMBOL(generic_writepages);

/** do_writepages - writes a file's dirty pages as @wbc says */
int do_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	if (wbc->nr_to_write <= 0)
		return 0;
	return mapping->a_ops->writepages ? mapping->a_ops->writepages(mapping, wbc)
					  : generic_writepages(mapping, wbc);
}

/* ------------------------------------------------------------------ not too many */

/* Those who wait for pages to be written. Woken by the end of each write while anybody is here. */
static DECLARE_WAIT_QUEUE_HEAD(writeback_wait);

/** writeback_page_ended - for folio_end_writeback(); from any context */
void writeback_page_ended(void)
{
	if (unlikely(waitqueue_active(&writeback_wait)))
		wake_up_all(&writeback_wait);
}

/** writeback_wait_some - sleeps until some page has been written, a tenth of a second at most */
void writeback_wait_some(void)
{
	const unsigned long before = global_node_page_state(NR_WRITTEN);

	wait_event_timeout(writeback_wait, global_node_page_state(NR_WRITTEN) != before, HZ / 10);
}

/**
 * global_dirty_limits - how many pages may be dirty
 * @pbackground: from there on the flusher writes
 * @pdirty: from there on writers are held back
 *
 * Shares of what could be had for the page cache: free pages and those of files.
 */
void global_dirty_limits(unsigned long *pbackground, unsigned long *pdirty)
{
	const unsigned long available = nr_free_pages() + global_node_page_state(NR_FILE_PAGES);

	*pdirty = max(available * vm_dirty_ratio / 100, 32UL);
	*pbackground = min(available * dirty_background_ratio / 100, *pdirty / 2);
}

static unsigned long nr_dirty_pages(void)
{
	return global_node_page_state(NR_FILE_DIRTY) + global_node_page_state(NR_WRITEBACK);
}

/** wb_over_bg_thresh - has the flusher reason to go on? */
bool wb_over_bg_thresh(struct bdi_writeback *wb)
{
	unsigned long background, dirty;

	global_dirty_limits(&background, &dirty);
	return global_node_page_state(NR_FILE_DIRTY) > background && wb_has_dirty_io(wb);
}

static bool below_dirty_limit(void)
{
	unsigned long background, dirty;

	global_dirty_limits(&background, &dirty);
	return nr_dirty_pages() <= dirty;
}

#define WRITER_CHUNK	256	/* pages that a held-back writer writes at a time */

/*
 * The writer helps: it starts writing itself, waits for the disk, and goes on when there is room. It
 * holds the i_rwsem of its own file, which write-back never takes. A disk that does not answer is
 * waited for, but a killed writer is let go.
 *
 * @local: the file is a disk to others (drivers/block/loop.c), whose dirty pages cannot be written while
 * the writer waits: of the file itself, by i_rwsem, or because the writer is who writes them. It writes some
 * pages of the file's own disk, which take their time, and waits for no other.
 */
static void balance_dirty_pages(struct bdi_writeback *wb, bool local)
{
	unsigned long background, dirty;

	global_dirty_limits(&background, &dirty);
	if (nr_dirty_pages() > background)
		wb_start_background_writeback(wb);
	while (!below_dirty_limit() && !fatal_signal_pending(current)) {
		writeback_inodes_wb(wb, WRITER_CHUNK, WB_REASON_BACKGROUND);
		if (local)
			break;
		/* Nothing of ours may be left to write: then another disk's pages are waited for. */
		wait_event_timeout(writeback_wait, below_dirty_limit(), HZ / 10);
	}
}

/**
 * balance_dirty_pages_ratelimited - called by whoever has just made pages dirty; may sleep long
 * @mapping: the page's file
 */
void balance_dirty_pages_ratelimited(struct address_space *mapping)
{
	if (current->nr_dirtied < 16)
		return;
	current->nr_dirtied = 0;
	if (mapping_can_writeback(mapping))
		balance_dirty_pages(inode_to_wb(mapping->host), (current->flags & PF_LOCAL_THROTTLE) ||
				    !(mapping_gfp_mask(mapping) & __GFP_IO));
}
EXPORT_SYMBOL(balance_dirty_pages_ratelimited);

/* ------------------------------------------------------------------ /proc/sys/vm */

/* Another interval counts from now on: the flushers may be in the midst of the old one. */
static int dirty_writeback_centisecs_handler(struct ctl_table *table, int write, void *buffer, size_t *length,
					     loff_t *ppos)
{
	const int err = proc_dointvec_minmax(table, write, buffer, length, ppos);

	if (!err && write && dirty_writeback_interval)
		wakeup_flusher_threads(WB_REASON_PERIODIC);
	return err;
}

static struct ctl_table vm_page_writeback_sysctls[] = {
	{ .procname = "dirty_writeback_centisecs", .data = &dirty_writeback_interval, .mode = 0644,
	  .maxlen = sizeof(int), .proc_handler = dirty_writeback_centisecs_handler, .extra1 = SYSCTL_ZERO },
	{ .procname = "dirty_expire_centisecs", .data = &dirty_expire_interval, .mode = 0644,
	  .maxlen = sizeof(int), .proc_handler = proc_dointvec_minmax, .extra1 = SYSCTL_ZERO },
	{ }
};

static int __init page_writeback_init(void)
{
	register_sysctl_init("vm", vm_page_writeback_sysctls);
	return 0;
}
device_initcall(page_writeback_init);
