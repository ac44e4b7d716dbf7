// SPDX-License-Identifier: MIT
/*
 * The page cache: pages of files by their index, the page lock, and waiting for it.
 *
 * Callers: reads, writes and faults of files (filemap_file.c), filesystems, write-back, reclaim.
 *
 * How a page lives here. filemap_add_folio() enters it, locked and empty. Whoever added it has it
 * filled (->read_folio(), ->readahead(), a write), marks it up to date and unlocks it; if filling
 * failed it stays, not up to date, and the next one who wants it tries again. It leaves by
 * truncation or reclaim, both of which hold its lock and, in the case of reclaim, have made sure that
 * nobody else has a reference.
 *
 * Three things keep a page, and none replaces another:
 *   a reference	the frame is not given to anybody else. It may leave the file all the same:
 *			folio->mapping tells, under the lock
 *   the lock		it does not leave the file, and nobody else fills or writes it out
 *   PG_writeback	the disk is reading it: it is neither freed nor truncated, but may be changed
 *
 * Finding a page takes its reference under the xarray's lock, and a page is taken off under the same
 * lock. So a page that is found is not free, and one whose only references are the cache's and the
 * reclaimer's cannot be found by anybody while the reclaimer holds the lock.
 *
 * Locking: see <linux/pagemap.h>.
 */
#include <linux/backing-dev.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <linux/wait.h>
#include <linux/writeback.h>

/* ------------------------------------------------------------------ waiting for a page's bit */

#define FOLIO_WAIT_TABLE_BITS	8

/*
 * Pages have no wait queue of their own; they share these by a hash of their address. So a sleeper
 * may be woken for another page, and always looks again.
 */
static wait_queue_head_t folio_wait_table[1 << FOLIO_WAIT_TABLE_BITS];

static wait_queue_head_t *folio_waitqueue(struct folio *folio)
{
	return &folio_wait_table[hash_ptr(folio, FOLIO_WAIT_TABLE_BITS)];
}

/** pagecache_init - called once at boot, before the first page enters the cache */
void __init pagecache_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(folio_wait_table); i++)
		init_waitqueue_head(&folio_wait_table[i]);
}

/*
 * Sleeps until @bit_nr is clear, or, with @lock, until this task has set it.
 *
 * No wake-up is lost: the sleeper is on the queue before it sets PG_waiters, and sets that before
 * it looks at the bit; the waker clears the bit before it looks at PG_waiters. Both are in one
 * word, so one of the two sees the other's change. PG_waiters is cleared by the waker before it
 * wakes everybody, and set again by each who goes back to sleep.
 */
static int folio_wait_bit_common(struct folio *folio, int bit_nr, int state, bool lock)
{
	wait_queue_head_t *q = folio_waitqueue(folio);
	DEFINE_WAIT(wait);
	int ret = 0;

	for (;;) {
		prepare_to_wait(q, &wait, state);
		folio_set_waiters(folio);
		smp_mb__after_atomic();
		if (lock ? folio_trylock(folio) : !test_bit(bit_nr, &folio->flags))
			break;
		if (state == TASK_KILLABLE && fatal_signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		io_schedule();
	}
	finish_wait(q, &wait);
	return ret;
}

/* A bit was cleared, and before that PG_waiters was seen. The page may be free by now. */
static void folio_wake(struct folio *folio)
{
	smp_mb();
	folio_clear_waiters(folio);
	wake_up_all(folio_waitqueue(folio));
}

/** folio_wait_bit - sleeps until the bit is clear; the caller has a reference */
void folio_wait_bit(struct folio *folio, int bit_nr)
{
	folio_wait_bit_common(folio, bit_nr, TASK_UNINTERRUPTIBLE, false);
}
EXPORT_SYMBOL(folio_wait_bit);

/** folio_wait_bit_killable - the same, but -EINTR when a fatal signal comes first */
int folio_wait_bit_killable(struct folio *folio, int bit_nr)
{
	return folio_wait_bit_common(folio, bit_nr, TASK_KILLABLE, false);
}
EXPORT_SYMBOL(folio_wait_bit_killable);

/* The slow half of folio_lock(). */
void __folio_lock(struct folio *folio)
{
	might_sleep();
	folio_wait_bit_common(folio, PG_locked, TASK_UNINTERRUPTIBLE, true);
}
EXPORT_SYMBOL(__folio_lock);

int __folio_lock_killable(struct folio *folio)
{
	might_sleep();
	return folio_wait_bit_common(folio, PG_locked, TASK_KILLABLE, true);
}
EXPORT_SYMBOL(__folio_lock_killable);

/** folio_unlock - ends what folio_lock() began; from any context, when a read ends also interrupts */
void folio_unlock(struct folio *folio)
{
	unsigned long old;

	BUG_ON(!folio_test_locked(folio));
	old = __atomic_fetch_and(&folio->flags, ~BIT(PG_locked), __ATOMIC_RELEASE);
	if (unlikely(old & BIT(PG_waiters)))
		folio_wake(folio);
}
EXPORT_SYMBOL(folio_unlock);

/** folio_wait_writeback - sleeps until the page is not being written; a reference or the lock held */
void folio_wait_writeback(struct folio *folio)
{
	while (folio_test_writeback(folio))
		folio_wait_bit(folio, PG_writeback);
}
EXPORT_SYMBOL(folio_wait_writeback);

int folio_wait_writeback_killable(struct folio *folio)
{
	while (folio_test_writeback(folio))
		if (folio_wait_bit_killable(folio, PG_writeback))
			return -EINTR;
	return 0;
}
EXPORT_SYMBOL(folio_wait_writeback_killable);

/**
 * folio_wait_stable - waits if the page must not change while it is being written
 *
 * No device here computes a checksum over a page before the transfer: nothing to wait for. What is
 * changed meanwhile makes the page dirty again and is written again.
 */
void folio_wait_stable(struct folio *folio)
{
}
EXPORT_SYMBOL(folio_wait_stable);

/**
 * folio_end_writeback - the write that __folio_start_writeback() announced has ended, well or not
 *
 * From any context. folio->mapping is stable until PG_writeback goes, for truncation waits for that.
 */
void folio_end_writeback(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	unsigned long flags;

	BUG_ON(!folio_test_writeback(folio));
	folio_get(folio);	/* it may be freed as soon as the bit is clear */
	if (folio_test_swapcache(folio)) {
		if (folio_test_clear_reclaim(folio))
			folio_rotate_reclaimable(folio);
		folio_clear_writeback(folio);
	} else {
		xa_lock_irqsave(&mapping->i_pages, flags);
		folio_clear_writeback(folio);
		__xa_clear_mark(&mapping->i_pages, folio->index, PAGECACHE_TAG_WRITEBACK);
		xa_unlock_irqrestore(&mapping->i_pages, flags);
	}

	node_stat_mod_folio(folio, NR_WRITEBACK, -1);
	node_stat_mod_folio(folio, NR_WRITTEN, 1);
	smp_mb__after_atomic();
	if (folio_test_waiters(folio))
		folio_wake(folio);
	writeback_page_ended();
	folio_put(folio);
}
EXPORT_SYMBOL(folio_end_writeback);

/* ------------------------------------------------------------------ entering and leaving */

/** filemap_alloc_folio - a page for a file; NULL without memory */
struct folio *filemap_alloc_folio(gfp_t gfp, unsigned int order)
{
	rss_make_room(gfp);
	return folio_alloc(gfp, order);
}
EXPORT_SYMBOL(filemap_alloc_folio);

/**
 * filemap_add_folio - enters a new page into a file
 * @mapping: the file's pages
 * @folio: from filemap_alloc_folio(), of which the caller has the only reference
 * @index: where, in pages
 * @gfp: for the tree's nodes
 *
 * Returns 0, and the page is locked; -EEXIST when there is one already, -ENOMEM. May sleep if @gfp
 * says so.
 */
int filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index, gfp_t gfp)
{
	int err;

	__folio_set_locked(folio);
	folio->mapping = mapping;
	folio->index = index;
	folio_get(folio);

	xa_lock_irq(&mapping->i_pages);
	err = __xa_insert(&mapping->i_pages, index, folio, gfp & ~__GFP_ZERO);
	if (!err)
		mapping->nrpages++;
	xa_unlock_irq(&mapping->i_pages);
	if (unlikely(err)) {
		folio->mapping = NULL;
		__folio_clear_locked(folio);
		folio_put(folio);
		return err == -EBUSY ? -EEXIST : err;
	}
	node_stat_mod_folio(folio, NR_FILE_PAGES, 1);
	if (mapping_unevictable(mapping))
		folio_set_unevictable(folio);
	folio_add_lru(folio);
	return 0;
}
EXPORT_SYMBOL(filemap_add_folio);

int add_to_page_cache_lru(struct page *page, struct address_space *mapping, pgoff_t index, gfp_t gfp)
{
	return filemap_add_folio(mapping, page_folio(page), index, gfp);
}
EXPORT_SYMBOL(add_to_page_cache_lru);

/*
 * Takes a page off its file. It is locked, clean, not being written and without private data, and
 * the xarray's lock is held. The cache's reference is left to the caller to drop.
 */
void __filemap_remove_folio(struct folio *folio, void *shadow)
{
	struct address_space *mapping = folio->mapping;

	BUG_ON(!folio_test_locked(folio));
	BUG_ON(folio_test_writeback(folio));
	if (WARN_ON_ONCE(folio_test_dirty(folio))) {
		folio_clear_dirty(folio);
		folio_account_cleaned(folio);
	}
	__xa_erase(&mapping->i_pages, folio->index);
	folio->mapping = NULL;
	mapping->nrpages--;
	node_stat_mod_folio(folio, NR_FILE_PAGES, -1);
}
EXPORT_SYMBOL(__filemap_remove_folio);

/** filemap_remove_folio - takes a page off its file; locked, clean and with a reference of the caller */
void filemap_remove_folio(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	void (*free_folio)(struct folio *) = mapping->a_ops->free_folio;

	xa_lock_irq(&mapping->i_pages);
	__filemap_remove_folio(folio, NULL);
	xa_unlock_irq(&mapping->i_pages);
	if (free_folio)
		free_folio(folio);
	folio_put(folio);
}
EXPORT_SYMBOL(filemap_remove_folio);

/* ------------------------------------------------------------------ finding */

/**
 * filemap_get_entry - the page at @index with a reference, in whatever state, or NULL
 *
 * Shared memory in swap (mm/shmem_swap.c) has a value in the place of a page: there is no page there.
 */
struct folio *filemap_get_entry(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio;
	unsigned long flags;

	xa_lock_irqsave(&mapping->i_pages, flags);
	folio = xa_load(&mapping->i_pages, index);
	if (folio && likely(!xa_is_value(folio)))
		folio_get(folio);
	else
		folio = NULL;
	xa_unlock_irqrestore(&mapping->i_pages, flags);
	return folio;
}
EXPORT_SYMBOL(filemap_get_entry);

/* Locks a page that was found. False when it has left the file meanwhile: look again. */
static bool lock_if_still_ours(struct folio *folio, struct address_space *mapping)
{
	folio_lock(folio);
	if (likely(folio->mapping == mapping))
		return true;
	folio_unlock(folio);
	return false;
}

/**
 * __filemap_get_folio - finds a page, and may make one
 * @mapping: the file's pages
 * @index: where, in pages
 * @fgp_flags: FGP_LOCK: return it locked. FGP_CREAT: add an empty one, locked, if there is none.
 *	FGP_NOWAIT: do not sleep for the lock. FGP_NOFS: enter no filesystem for memory.
 *	FGP_ACCESSED: this is a use of it
 * @gfp: for a new one
 *
 * Returns the page with a reference; NULL when there is none, or no memory, or it would sleep. A page
 * that FGP_CREAT has added is locked whether FGP_LOCK is given or not.
 */
struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index, int fgp_flags,
				  gfp_t gfp)
{
	struct folio *folio;
	int err;

repeat:
	folio = filemap_get_entry(mapping, index);
	if (folio) {
		if ((fgp_flags & FGP_NOWAIT) && (fgp_flags & FGP_LOCK)) {
			if (!folio_trylock(folio)) {
				folio_put(folio);
				return NULL;
			}
			if (folio->mapping != mapping) {
				folio_unlock(folio);
				folio_put(folio);
				goto repeat;
			}
		} else if ((fgp_flags & FGP_LOCK) && !lock_if_still_ours(folio, mapping)) {
			folio_put(folio);
			goto repeat;
		}
		if (fgp_flags & FGP_ACCESSED)
			folio_mark_accessed(folio);
		return folio;
	}
	if (!(fgp_flags & FGP_CREAT))
		return NULL;

	if (fgp_flags & FGP_NOFS)
		gfp &= ~__GFP_FS;
	if (fgp_flags & FGP_NOWAIT)
		gfp &= ~__GFP_DIRECT_RECLAIM;
	folio = filemap_alloc_folio(gfp, 0);
	if (!folio)
		return NULL;
	if (fgp_flags & FGP_ACCESSED)
		__folio_set_referenced(folio);
	err = filemap_add_folio(mapping, folio, index, gfp);
	if (!err)
		return folio;
	folio_put(folio);
	if (err == -EEXIST)
		goto repeat;
	return NULL;
}
EXPORT_SYMBOL(__filemap_get_folio);

struct page *pagecache_get_page(struct address_space *mapping, pgoff_t index, int fgp_flags, gfp_t gfp)
{
	struct folio *folio = __filemap_get_folio(mapping, index, fgp_flags, gfp);

	return folio ? &folio->page : NULL;
}
EXPORT_SYMBOL(pagecache_get_page);

/** grab_cache_page_write_begin - the page at @index for ->write_begin(): locked, perhaps new; or NULL */
struct page *grab_cache_page_write_begin(struct address_space *mapping, pgoff_t index)
{
	return pagecache_get_page(mapping, index, FGP_LOCK | FGP_WRITE | FGP_CREAT | FGP_NOFS,
				  mapping_gfp_mask(mapping));
}
EXPORT_SYMBOL(grab_cache_page_write_begin);

static unsigned int get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
			       xa_mark_t filter, struct folio **folios, unsigned int max)
{
	XA_STATE(xas, &mapping->i_pages, *start);
	unsigned int nr = 0, values = 0;
	struct folio *folio;
	unsigned long flags;

	if (*start > end)
		return 0;
	xa_lock_irqsave(xas.xa, flags);
	xas_for_each_marked(&xas, folio, end, filter) {
		if (likely(!xa_is_value(folio))) {
			folio_get(folio);
			folios[nr++] = folio;
			if (nr == max)
				break;
		} else if (++values % 64 == 0) {
			xas_pause(&xas);
			xa_unlock_irqrestore(xas.xa, flags);	/* let interrupts in */
			xa_lock_irqsave(xas.xa, flags);
		}
	}
	xa_unlock_irqrestore(xas.xa, flags);
	if (nr)
		*start = xas.xa_index + 1;
	return nr;
}

/**
 * filemap_get_folios - the pages of a range, a few at a time
 * @mapping: the file's pages
 * @start: first index; moved behind the last page that is returned
 * @end: last index
 * @folios: gets them, each with a reference, in order
 * @max: room in @folios
 *
 * Returns how many; 0 means there are no more.
 */
unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				struct folio **folios, unsigned int max)
{
	return get_folios(mapping, start, end, XA_PRESENT, folios, max);
}
EXPORT_SYMBOL(filemap_get_folios);

/** filemap_get_folios_tag - the same, only those with a PAGECACHE_TAG_ */
unsigned int filemap_get_folios_tag(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				    xa_mark_t tag, struct folio **folios, unsigned int max)
{
	return get_folios(mapping, start, end, tag, folios, max);
}
EXPORT_SYMBOL(filemap_get_folios_tag);

/** filemap_range_has_page - is any page of bytes @start to @end in the cache? */
bool filemap_range_has_page(struct address_space *mapping, loff_t start, loff_t end)
{
	unsigned long index = start >> PAGE_SHIFT, flags;
	bool found;

	if (end < start)
		return false;
	xa_lock_irqsave(&mapping->i_pages, flags);
	found = xa_find(&mapping->i_pages, &index, end >> PAGE_SHIFT, XA_PRESENT);
	xa_unlock_irqrestore(&mapping->i_pages, flags);
	return found;
}
EXPORT_SYMBOL(filemap_range_has_page);

/* ------------------------------------------------------------------ errors of write-back */

/*
 * A write fails long after the program that caused it went on. mapping->wb_err keeps the error with a
 * counter; an open file remembers the value it has seen (f_wb_err). So each file that is open when
 * the error happens is told of it once, by fsync() or close().
 */
void __filemap_set_wb_err(struct address_space *mapping, int err)
{
	int old = READ_ONCE(mapping->wb_err), new;

	if (WARN_ON_ONCE(err >= 0 || err < -MAX_ERRNO))
		return;
	for (;;) {
		int seen;

		new = (old & ~(ERRSEQ_SEEN | MAX_ERRNO)) | -err;
		/* Nobody has seen the last one: it need not be told from this one. */
		if (old & ERRSEQ_SEEN)
			new += ERRSEQ_CTR_INC;
		seen = cmpxchg(&mapping->wb_err, old, new);
		if (seen == old)
			return;
		old = seen;
	}
}
EXPORT_SYMBOL(__filemap_set_wb_err);

/** filemap_check_wb_err - the error that happened after @since was sampled, or 0 */
int filemap_check_wb_err(struct address_space *mapping, int since)
{
	int cur = READ_ONCE(mapping->wb_err);

	return cur == since ? 0 : -(cur & MAX_ERRNO);
}
EXPORT_SYMBOL(filemap_check_wb_err);

/**
 * errseq_check_and_advance - the error that came after *@since, or 0, and it is told now
 * @wb_err: a mapping's
 * @since: its owner's lock, if it has one, is held
 */
int errseq_check_and_advance(int *wb_err, int *since)
{
	const int old = READ_ONCE(*wb_err), new = old | ERRSEQ_SEEN;

	if (old == *since)
		return 0;
	if (new != old)
		cmpxchg(wb_err, old, new);
	*since = new;
	return -(new & MAX_ERRNO);
}
EXPORT_SYMBOL(errseq_check_and_advance);

/**
 * file_check_and_advance_wb_err - what write-back failed with since this file last asked, or 0
 *
 * Then the error is not told by filemap_check_errors() as well.
 */
int file_check_and_advance_wb_err(struct file *file)
{
	struct address_space *mapping = file->f_mapping;
	int err;

	if (READ_ONCE(mapping->wb_err) == file->f_wb_err)
		return 0;
	spin_lock(&file->f_lock);
	err = errseq_check_and_advance(&mapping->wb_err, &file->f_wb_err);
	spin_unlock(&file->f_lock);
	filemap_check_errors(mapping);
	return err;
}
EXPORT_SYMBOL(file_check_and_advance_wb_err);

/** filemap_check_errors - and forgets: for those who wait without a file */
int filemap_check_errors(struct address_space *mapping)
{
	int ret = 0;

	if (test_bit(AS_ENOSPC, &mapping->flags) && test_and_clear_bit(AS_ENOSPC, &mapping->flags))
		ret = -ENOSPC;
	if (test_bit(AS_EIO, &mapping->flags) && test_and_clear_bit(AS_EIO, &mapping->flags))
		ret = -EIO;
	return ret;
}
EXPORT_SYMBOL(filemap_check_errors);

/* ------------------------------------------------------------------ writing out a range, waiting */

/**
 * __filemap_fdatawrite_range - starts writing the dirty pages of a range
 * @mapping: the file's pages
 * @start: first byte
 * @end: last byte
 * @sync_mode: WB_SYNC_ALL: all that are dirty now, also those under write-back, which it waits for
 *
 * Returns 0 or an error of starting; errors of the writes themselves come from waiting.
 */
int __filemap_fdatawrite_range(struct address_space *mapping, loff_t start, loff_t end, int sync_mode)
{
	struct writeback_control wbc = {
		.sync_mode = sync_mode, .nr_to_write = LONG_MAX,
		.range_start = start, .range_end = end,
	};

	if (!mapping_tagged(mapping, PAGECACHE_TAG_DIRTY) || !mapping_can_writeback(mapping))
		return 0;
	return do_writepages(mapping, &wbc);
}
EXPORT_SYMBOL(__filemap_fdatawrite_range);

int filemap_fdatawrite_range(struct address_space *mapping, loff_t start, loff_t end)
{
	return __filemap_fdatawrite_range(mapping, start, end, WB_SYNC_ALL);
}
EXPORT_SYMBOL(filemap_fdatawrite_range);

int filemap_fdatawrite(struct address_space *mapping)
{
	return __filemap_fdatawrite_range(mapping, 0, LLONG_MAX, WB_SYNC_ALL);
}
EXPORT_SYMBOL(filemap_fdatawrite);

/** filemap_flush - starts writing without waiting for anything */
int filemap_flush(struct address_space *mapping)
{
	return __filemap_fdatawrite_range(mapping, 0, LLONG_MAX, WB_SYNC_NONE);
}
EXPORT_SYMBOL(filemap_flush);

static void wait_for_range(struct address_space *mapping, loff_t start, loff_t end)
{
	pgoff_t index = start >> PAGE_SHIFT;
	struct folio *folios[PAGEVEC_SIZE];
	unsigned int nr;

	if (end < start || !mapping_tagged(mapping, PAGECACHE_TAG_WRITEBACK))
		return;
	while ((nr = filemap_get_folios_tag(mapping, &index, end >> PAGE_SHIFT,
					    PAGECACHE_TAG_WRITEBACK, folios, PAGEVEC_SIZE))) {
		for (unsigned int i = 0; i < nr; i++) {
			folio_wait_writeback(folios[i]);
			folio_put(folios[i]);
		}
		cond_resched();
	}
}

/** filemap_fdatawait_range - waits for the pages of a range that are being written; their error */
int filemap_fdatawait_range(struct address_space *mapping, loff_t start, loff_t end)
{
	wait_for_range(mapping, start, end);
	return filemap_check_errors(mapping);
}
EXPORT_SYMBOL(filemap_fdatawait_range);

int filemap_fdatawait(struct address_space *mapping)
{
	return filemap_fdatawait_range(mapping, 0, LLONG_MAX);
}
EXPORT_SYMBOL(filemap_fdatawait);

/** filemap_fdatawait_keep_errors - waits and leaves the error for somebody who will tell it */
int filemap_fdatawait_keep_errors(struct address_space *mapping)
{
	wait_for_range(mapping, 0, LLONG_MAX);
	return 0;
}
EXPORT_SYMBOL(filemap_fdatawait_keep_errors);

/** filemap_write_and_wait_range - writes the dirty pages of bytes @start to @end: 0 or an error */
int filemap_write_and_wait_range(struct address_space *mapping, loff_t start, loff_t end)
{
	int err = 0, err2;

	if (!mapping->nrpages)
		return filemap_check_errors(mapping);
	err = filemap_fdatawrite_range(mapping, start, end);
	/* Even then some may have been started; but -EIO says that nothing works any more. */
	if (err != -EIO)
		wait_for_range(mapping, start, end);
	err2 = filemap_check_errors(mapping);
	return err ? err : err2;
}
EXPORT_SYMBOL(filemap_write_and_wait_range);

int filemap_write_and_wait(struct address_space *mapping)
{
	return filemap_write_and_wait_range(mapping, 0, LLONG_MAX);
}
EXPORT_SYMBOL(filemap_write_and_wait);

/** file_write_and_wait_range - the same for fsync(2): errors are those that @file was not told of */
int file_write_and_wait_range(struct file *file, loff_t start, loff_t end)
{
	struct address_space *mapping = file->f_mapping;
	int err = 0, err2;

	if (mapping->nrpages) {
		err = filemap_fdatawrite_range(mapping, start, end);
		if (err != -EIO)
			wait_for_range(mapping, start, end);
	}
	err2 = file_check_and_advance_wb_err(file);
	return err ? err : err2;
}
EXPORT_SYMBOL(file_write_and_wait_range);
