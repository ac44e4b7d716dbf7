// SPDX-License-Identifier: MIT
/*
 * Buffer heads, and metadata through them: sb_bread(), mark_buffer_dirty(), brelse().
 *
 * Callers: filesystems, for blocks that are not a file's contents. Their pages belong to the device's
 * own inode; write-back of that inode writes dirty buffers in its time, sync_dirty_buffer() at once.
 * How pages of files use buffers is in buffer_page.c.
 *
 * A buffer lives as long as its page has buffers, which is until reclaim or truncation takes them
 * all off at once, and that only when no buffer of the page is dirty, locked or counted in b_count.
 * So who has a reference (sb_bread() ... brelse()) has the buffer, its page and its contents.
 *
 * BH_Lock is a lock that sleeps and is held during I/O: whoever changes a buffer's contents need not
 * have it, and then a write under way may take either state of the bytes; the change marks it
 * dirty again after that. Who must not see a half-written block on the disk locks.
 *
 * Locks, outermost first: page lock, buffer lock, mapping->private_lock of the device's mapping, which
 * guards the rings of its pages, the finding of a buffer against their being taken off, and the lists
 * of dirty metadata of all files on the device.
 */
#include <linux/backing-dev.h>
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/wait_bit.h>
#include <linux/writeback.h>
#include "internal.h"

static struct kmem_cache *bh_cachep;

static int __init buffer_init(void)
{
	bh_cachep = KMEM_CACHE(buffer_head, SLAB_RECLAIM_ACCOUNT | SLAB_PANIC);
	return 0;
}
core_initcall(buffer_init);

/* ------------------------------------------------------------------ the lock */

void __lock_buffer(struct buffer_head *bh)
{
	wait_on_bit_lock_io(&bh->b_state, BH_Lock, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(__lock_buffer);

/** unlock_buffer - from any context */
void unlock_buffer(struct buffer_head *bh)
{
	clear_bit_unlock(BH_Lock, &bh->b_state);
	smp_mb__after_atomic();
	wake_up_bit(&bh->b_state, BH_Lock);
}
EXPORT_SYMBOL(unlock_buffer);

/** wait_on_buffer - sleeps until I/O on it has ended; the caller has a reference */
void __wait_on_buffer(struct buffer_head *bh)
{
	wait_on_bit_io(&bh->b_state, BH_Lock, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(__wait_on_buffer);

/* ------------------------------------------------------------------ making and freeing */

struct buffer_head *alloc_buffer_head(gfp_t gfp)
{
	struct buffer_head *bh = kmem_cache_zalloc(bh_cachep, gfp);

	if (bh) {
		INIT_LIST_HEAD(&bh->b_assoc_buffers);
		spin_lock_init(&bh->b_uptodate_lock);
	}
	return bh;
}
EXPORT_SYMBOL(alloc_buffer_head);

void free_buffer_head(struct buffer_head *bh)
{
	BUG_ON(!list_empty(&bh->b_assoc_buffers));
	kmem_cache_free(bh_cachep, bh);
}
EXPORT_SYMBOL(free_buffer_head);

/**
 * alloc_page_buffers - buffers of @size bytes for a whole page, as a ring; not attached yet
 * @page: the page
 * @size: bytes, a power of two up to a page
 * @retry: may enter a filesystem for memory
 *
 * NULL without memory.
 */
struct buffer_head *alloc_page_buffers(struct page *page, unsigned long size, bool retry)
{
	struct buffer_head *bh, *head = NULL, *tail = NULL;
	long offset = PAGE_SIZE;

	while ((offset -= size) >= 0) {
		bh = alloc_buffer_head(retry ? GFP_KERNEL : GFP_NOFS);
		if (!bh)
			goto no_memory;
		bh->b_this_page = head;
		bh->b_size = size;
		bh->b_page = page;
		bh->b_data = (char *)page_address(page) + offset;
		head = bh;
		if (!tail)
			tail = bh;
	}
	tail->b_this_page = head;
	return head;

no_memory:
	while ((bh = head)) {
		head = bh->b_this_page;
		free_buffer_head(bh);
	}
	return NULL;
}
EXPORT_SYMBOL(alloc_page_buffers);

/* Takes a buffer off the list of its file's metadata; private_lock of the device's mapping held. */
static void remove_assoc_queue(struct buffer_head *bh)
{
	list_del_init(&bh->b_assoc_buffers);
	WRITE_ONCE(bh->b_assoc_map, NULL);
}

static void add_assoc_queue(struct buffer_head *bh, struct address_space *mapping,
			    struct list_head *list)
{
	list_add_tail(&bh->b_assoc_buffers, list);
	WRITE_ONCE(bh->b_assoc_map, mapping);
}

/*
 * Takes it off, and then says whether it need not be there: mark_buffer_dirty_inode() marks it dirty
 * first and looks for b_assoc_map without the lock after, so one of the two sees the other. If this
 * asked before taking it off, each could miss the other, and fsync() the block.
 */
static bool remove_if_clean(struct buffer_head *bh)
{
	remove_assoc_queue(bh);
	smp_mb();	/* pairs with mark_buffer_dirty(), a full barrier in any case */
	return !buffer_dirty(bh) && !buffer_locked(bh);
}

static bool buffer_busy(struct buffer_head *bh)
{
	return atomic_read(&bh->b_count) || buffer_dirty(bh) || buffer_locked(bh);
}

/**
 * try_to_free_buffers - takes the buffers off a page; it is locked and not under write-back
 *
 * False when one of them is in use or dirty.
 */
bool try_to_free_buffers(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	struct buffer_head *head, *bh;

	BUG_ON(!folio_test_locked(folio));
	if (folio_test_writeback(folio) || WARN_ON_ONCE(!mapping))
		return false;

	spin_lock(&mapping->private_lock);
	bh = head = folio_buffers(folio);
	do {
		if (buffer_busy(bh)) {
			spin_unlock(&mapping->private_lock);
			return false;
		}
		bh = bh->b_this_page;
	} while (bh != head);
	do {
		if (bh->b_assoc_map)
			remove_assoc_queue(bh);
		bh = bh->b_this_page;
	} while (bh != head);
	folio_detach_private(folio);
	/*
	 * All buffers are clean, so the page is, though PG_dirty may still be set from the time when
	 * one was written by itself. Nobody makes one dirty meanwhile: for that it takes a reference to
	 * the buffer, or private_lock.
	 */
	folio_cancel_dirty(folio);
	spin_unlock(&mapping->private_lock);

	do {
		struct buffer_head *next = bh->b_this_page;

		free_buffer_head(bh);
		bh = next;
	} while (bh != head);
	return true;
}
EXPORT_SYMBOL(try_to_free_buffers);

/* ------------------------------------------------------------------ finding a block */

static inline pgoff_t block_to_index(sector_t block, unsigned int size)
{
	return block >> (PAGE_SHIFT - ilog2(size));
}

/* The buffer of @block in the ring of a page, with a reference; private_lock held. */
static struct buffer_head *find_in_page(struct folio *folio, sector_t block, unsigned int size)
{
	struct buffer_head *head, *bh;

	if (!folio_test_private(folio))
		return NULL;
	bh = head = folio_buffers(folio);
	do {
		if (buffer_mapped(bh) && bh->b_blocknr == block && bh->b_size == size) {
			get_bh(bh);
			return bh;
		}
		bh = bh->b_this_page;
	} while (bh != head);
	return NULL;
}

static struct buffer_head *__find_get_block_slow(struct block_device *bdev, sector_t block, unsigned int size)
{
	struct address_space *mapping = bdev->bd_inode->i_mapping;
	struct folio *folio = filemap_get_folio(mapping, block_to_index(block, size));
	struct buffer_head *bh = NULL;

	if (!folio)
		return NULL;
	spin_lock(&mapping->private_lock);
	if (folio->mapping == mapping)
		bh = find_in_page(folio, block, size);
	spin_unlock(&mapping->private_lock);
	folio_put(folio);
	return bh;
}

/** __find_get_block - the buffer of a block if there is one, with a reference, or NULL */
struct buffer_head *__find_get_block(struct block_device *bdev, sector_t block, unsigned int size)
{
	struct buffer_head *bh = lookup_bh_lru(bdev, block, size);

	if (!bh) {
		bh = __find_get_block_slow(bdev, block, size);
		if (!bh)
			return NULL;
		bh_lru_install(bh);
	}
	folio_mark_accessed(page_folio(bh->b_page));
	return bh;
}
EXPORT_SYMBOL(__find_get_block);

/* Gives the buffers of a page of a device their places. Page and private_lock held. */
static void init_page_buffers(struct folio *folio, struct block_device *bdev, unsigned int size)
{
	struct buffer_head *head = folio_buffers(folio), *bh = head;
	sector_t block = (sector_t)folio->index << (PAGE_SHIFT - ilog2(size));
	const sector_t end = bdev_nr_bytes(bdev) >> ilog2(size);

	do {
		if (!buffer_mapped(bh)) {
			bh->b_bdev = bdev;
			bh->b_blocknr = block;
			if (folio_test_uptodate(folio))
				set_buffer_uptodate(bh);
			if (block < end)
				set_buffer_mapped(bh);
		}
		block++;
		bh = bh->b_this_page;
	} while (bh != head);
}

/* Sees to it that the page of a block has buffers of that size. 0, -ENOMEM, -EBUSY. */
static int grow_buffers(struct block_device *bdev, sector_t block, unsigned int size, gfp_t gfp)
{
	struct address_space *mapping = bdev->bd_inode->i_mapping;
	struct buffer_head *head = NULL;
	struct folio *folio;
	int err = 0;

	folio = __filemap_get_folio(mapping, block_to_index(block, size),
				    FGP_LOCK | FGP_ACCESSED | FGP_CREAT, gfp);
	if (!folio)
		return -ENOMEM;
	if (folio_test_private(folio) && folio_buffers(folio)->b_size != size &&
	    !try_to_free_buffers(folio)) {
		err = -EBUSY;
		goto out;
	}
	if (!folio_test_private(folio)) {
		head = alloc_page_buffers(folio_page(folio, 0), size, gfp & __GFP_FS);
		if (!head) {
			err = -ENOMEM;
			goto out;
		}
	}
	spin_lock(&mapping->private_lock);
	if (head)
		folio_attach_private(folio, head);
	init_page_buffers(folio, bdev, size);
	spin_unlock(&mapping->private_lock);
out:
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

/**
 * __getblk_gfp - the buffer of a block, made if need be, with a reference
 * @bdev: the device
 * @block: its number, in units of @size
 * @size: bytes: the device's block size
 * @gfp: what may be done for memory
 *
 * Its contents are whatever they are: look at buffer_uptodate(). NULL without memory, and when the
 * device has no such block, which is said in the log.
 */
struct buffer_head *__getblk_gfp(struct block_device *bdev, sector_t block, unsigned int size, gfp_t gfp)
{
	struct buffer_head *bh;
	int err;

	might_sleep();
	if (WARN_ON_ONCE(size < bdev_logical_block_size(bdev) || size > PAGE_SIZE || !is_power_of_2(size)))
		return NULL;
	for (;;) {
		bh = __find_get_block(bdev, block, size);
		if (bh)
			return bh;
		if (block >= (sector_t)bdev_nr_bytes(bdev) >> ilog2(size)) {
			pr_err_ratelimited("%s: block %llu is beyond the end of the device\n",
					   bdev->bd_name, block);
			return NULL;
		}
		err = grow_buffers(bdev, block, size, gfp);
		if (err) {
			if (err == -EBUSY)
				pr_err_ratelimited("%s: block %llu is in use with another size\n",
						   bdev->bd_name, block);
			return NULL;
		}
	}
}
EXPORT_SYMBOL(__getblk_gfp);

/** __bread_gfp - the same, and read; NULL also on an I/O error */
struct buffer_head *__bread_gfp(struct block_device *bdev, sector_t block, unsigned int size, gfp_t gfp)
{
	struct buffer_head *bh = __getblk_gfp(bdev, block, size, gfp);

	if (likely(bh) && bh_read(bh, 0) < 0) {
		brelse(bh);
		return NULL;
	}
	return bh;
}
EXPORT_SYMBOL(__bread_gfp);

/** __brelse - drops a reference */
void __brelse(struct buffer_head *bh)
{
	if (WARN_ON(atomic_read(&bh->b_count) <= 0))
		return;
	put_bh(bh);
}
EXPORT_SYMBOL(__brelse);

static spinlock_t *bdev_private_lock(struct block_device *bdev)
{
	return &bdev->bd_inode->i_mapping->private_lock;
}

/** __bforget - drops a reference to a block that was freed: what was to be written is forgotten */
void __bforget(struct buffer_head *bh)
{
	clear_buffer_dirty(bh);
	if (bh->b_assoc_map) {
		spin_lock(bdev_private_lock(bh->b_bdev));
		if (bh->b_assoc_map)
			remove_assoc_queue(bh);
		spin_unlock(bdev_private_lock(bh->b_bdev));
	}
	__brelse(bh);
}
EXPORT_SYMBOL(__bforget);

/**
 * clean_bdev_aliases - blocks become a file's: what the device's own pages have of them is stale
 * @bdev: the device
 * @block: the first one, in units of the device's block size
 * @len: how many
 *
 * A block that was metadata, was freed, and now holds contents of a file must not be overwritten by
 * its old buffer. Waits for writes of it that are under way.
 */
void clean_bdev_aliases(struct block_device *bdev, sector_t block, sector_t len)
{
	const unsigned int size = i_blocksize(bdev->bd_inode);
	const loff_t pos = (loff_t)block << bdev->bd_inode->i_blkbits;

	/* That is nearly always so. */
	if (!filemap_range_has_page(bdev->bd_inode->i_mapping, pos, pos + (loff_t)len * size - 1))
		return;
	for (; len; block++, len--) {
		struct buffer_head *bh = __find_get_block(bdev, block, size);

		if (!bh)
			continue;
		clear_buffer_dirty(bh);
		wait_on_buffer(bh);
		clear_buffer_req(bh);
		brelse(bh);
	}
}
EXPORT_SYMBOL(clean_bdev_aliases);

/* ------------------------------------------------------------------ dirty */

/**
 * mark_buffer_dirty - its contents were changed: to be written by write-back
 * @bh: up to date; the caller has a reference, or the page's lock
 */
void mark_buffer_dirty(struct buffer_head *bh)
{
	struct folio *folio = page_folio(bh->b_page);
	struct address_space *mapping;

	WARN_ON_ONCE(!buffer_uptodate(bh));
	/* The change is seen by whoever finds it dirty; so it need not be set twice. */
	if (buffer_dirty(bh)) {
		smp_mb();
		if (buffer_dirty(bh))
			return;
	}
	if (test_set_buffer_dirty(bh) || folio_test_set_dirty(folio))
		return;
	mapping = folio->mapping;
	if (mapping) {
		__folio_mark_dirty(folio, mapping, 0);
		__mark_inode_dirty(mapping->host, I_DIRTY_PAGES);
	}
}
EXPORT_SYMBOL(mark_buffer_dirty);

/**
 * mark_buffer_dirty_inode - the same for metadata of one file: fsync() of it writes this buffer
 * @bh: a buffer of the device
 * @inode: the file
 */
void mark_buffer_dirty_inode(struct buffer_head *bh, struct inode *inode)
{
	spinlock_t *lock = bdev_private_lock(bh->b_bdev);

	mark_buffer_dirty(bh);
	if (READ_ONCE(bh->b_assoc_map))		/* see remove_if_clean() */
		return;
	spin_lock(lock);
	if (!bh->b_assoc_map)
		add_assoc_queue(bh, inode->i_mapping, &inode->i_mapping->private_list);
	spin_unlock(lock);
}
EXPORT_SYMBOL(mark_buffer_dirty_inode);

/** mark_buffer_write_io_error - a write of it failed: for those who will ask; from any context */
void mark_buffer_write_io_error(struct buffer_head *bh)
{
	struct address_space *assoc = READ_ONCE(bh->b_assoc_map);

	set_buffer_write_io_error(bh);
	if (bh->b_page->mapping)
		mapping_set_error(bh->b_page->mapping, -EIO);
	if (assoc)
		mapping_set_error(assoc, -EIO);
}
EXPORT_SYMBOL(mark_buffer_write_io_error);

/* ------------------------------------------------------------------ I/O of single buffers */

static void buffer_io_error(struct buffer_head *bh, const char *what)
{
	if (!test_bit(BH_Quiet, &bh->b_state))
		pr_err_ratelimited("Buffer I/O error on dev %s, logical block %llu, %s\n",
				   bh->b_bdev->bd_name, (u64)bh->b_blocknr, what);
}

/** end_buffer_read_sync - ->b_end_io of a read: unlocks, and drops the reference of the I/O */
void end_buffer_read_sync(struct buffer_head *bh, int uptodate)
{
	if (uptodate) {
		set_buffer_uptodate(bh);
	} else {
		clear_buffer_uptodate(bh);
		buffer_io_error(bh, "read failed");
	}
	unlock_buffer(bh);
	put_bh(bh);
}
EXPORT_SYMBOL(end_buffer_read_sync);

/** end_buffer_write_sync - ->b_end_io of a write */
void end_buffer_write_sync(struct buffer_head *bh, int uptodate)
{
	if (uptodate) {
		set_buffer_uptodate(bh);
	} else {
		buffer_io_error(bh, "lost sync page write");
		mark_buffer_write_io_error(bh);
		clear_buffer_uptodate(bh);
	}
	unlock_buffer(bh);
	put_bh(bh);
}
EXPORT_SYMBOL(end_buffer_write_sync);

static void end_bio_bh_io_sync(struct bio *bio)
{
	struct buffer_head *bh = bio->bi_private;

	bh->b_end_io(bh, !bio->bi_status);
	bio_put(bio);
}

/**
 * guard_bio_eod - shortens a bio that reaches over the end of its device
 * @bio: filled; its last piece lies within one page
 *
 * The last block of a device whose size is no multiple of the block size is there in part. What is
 * behind the end reads as zeros. A bio that is wholly behind it is left to be refused.
 */
void guard_bio_eod(struct bio *bio)
{
	const sector_t end = bdev_nr_sectors(bio->bi_bdev);
	struct bio_vec *bv = bio->bi_io_vec + bio->bi_vcnt - 1;
	unsigned int excess;

	if (bio->bi_iter.bi_sector >= end || bio_end_sector(bio) <= end)
		return;
	excess = (bio_end_sector(bio) - end) << SECTOR_SHIFT;
	if (excess >= bv->bv_len)
		return;
	bv->bv_len -= excess;
	bio->bi_iter.bi_size -= excess;
	if (bio_op(bio) == REQ_OP_READ)
		memset((char *)page_address(bv->bv_page) + bv->bv_offset + bv->bv_len, 0, excess);
}
EXPORT_SYMBOL(guard_bio_eod);

/**
 * submit_bh - starts I/O of one buffer
 * @opf: REQ_OP_READ or REQ_OP_WRITE, and flags
 * @bh: locked and mapped; b_end_io is set and ends it, in an interrupt
 *
 * The caller has taken a reference for the I/O, if b_end_io drops one.
 */
void submit_bh(blk_opf_t opf, struct buffer_head *bh)
{
	struct bio *bio;

	BUG_ON(!buffer_locked(bh) || !buffer_mapped(bh) || !bh->b_end_io);
	set_buffer_req(bh);
	if ((opf & REQ_OP_MASK) == REQ_OP_WRITE)
		clear_buffer_write_io_error(bh);
	bio = bio_alloc(bh->b_bdev, 1, opf, GFP_NOIO);
	bio->bi_iter.bi_sector = bh->b_blocknr * (bh->b_size >> SECTOR_SHIFT);
	bio->bi_end_io = end_bio_bh_io_sync;
	bio->bi_private = bh;
	bio_add_page(bio, bh->b_page, bh->b_size, bh_offset(bh));
	guard_bio_eod(bio);
	submit_bio(bio);
}
EXPORT_SYMBOL(submit_bh);

/**
 * bh_read - makes a buffer up to date
 *
 * Returns 0 when it was read, 1 when it need not be, -EIO.
 */
int bh_read(struct buffer_head *bh, blk_opf_t op_flags)
{
	if (buffer_uptodate(bh))
		return 1;
	lock_buffer(bh);
	if (buffer_uptodate(bh)) {
		unlock_buffer(bh);
		return 1;
	}
	if (!buffer_mapped(bh)) {	/* behind the end of the device */
		unlock_buffer(bh);
		return -EIO;
	}
	get_bh(bh);
	bh->b_end_io = end_buffer_read_sync;
	submit_bh(REQ_OP_READ | op_flags, bh);
	wait_on_buffer(bh);
	return buffer_uptodate(bh) ? 0 : -EIO;
}
EXPORT_SYMBOL(bh_read);

/** __breadahead - starts reading a block that will be wanted, if that needs no waiting */
void __breadahead(struct block_device *bdev, sector_t block, unsigned int size)
{
	struct buffer_head *bh = __getblk_gfp(bdev, block, size, GFP_NOFS);

	if (!bh)
		return;
	if (!buffer_uptodate(bh) && buffer_mapped(bh) && trylock_buffer(bh)) {
		if (buffer_uptodate(bh)) {
			unlock_buffer(bh);
		} else {
			get_bh(bh);
			bh->b_end_io = end_buffer_read_sync;
			submit_bh(REQ_OP_READ | REQ_RAHEAD, bh);
		}
	}
	brelse(bh);
}
EXPORT_SYMBOL(__breadahead);

/** write_dirty_buffer - starts writing a buffer if it is dirty; waits for I/O that is under way */
void write_dirty_buffer(struct buffer_head *bh, blk_opf_t op_flags)
{
	lock_buffer(bh);
	if (!test_clear_buffer_dirty(bh)) {
		unlock_buffer(bh);
		return;
	}
	get_bh(bh);
	bh->b_end_io = end_buffer_write_sync;
	submit_bh(REQ_OP_WRITE | op_flags, bh);
}
EXPORT_SYMBOL(write_dirty_buffer);

/**
 * __sync_dirty_buffer - writes a buffer if it is dirty and waits
 * @op_flags: REQ_SYNC, and REQ_FUA or REQ_PREFLUSH where the order on the medium counts
 *
 * Returns 0, or -EIO when this write, or one that was under way, failed. The buffer is not up to date
 * then.
 */
int __sync_dirty_buffer(struct buffer_head *bh, blk_opf_t op_flags)
{
	WARN_ON(atomic_read(&bh->b_count) < 1);
	write_dirty_buffer(bh, op_flags);
	wait_on_buffer(bh);
	return buffer_uptodate(bh) ? 0 : -EIO;
}
EXPORT_SYMBOL(__sync_dirty_buffer);

int sync_dirty_buffer(struct buffer_head *bh)
{
	return __sync_dirty_buffer(bh, REQ_SYNC);
}
EXPORT_SYMBOL(sync_dirty_buffer);

/* ------------------------------------------------------------------ a file's metadata */

static spinlock_t *assoc_lock(struct address_space *mapping)
{
	return bdev_private_lock(mapping->host->i_sb->s_bdev);
}

/* Starts writing all buffers of the list, which move to @tmp with a reference each. Lock held. */
static void write_assoc_buffers(struct address_space *mapping, struct list_head *tmp, spinlock_t *lock)
{
	while (!list_empty(&mapping->private_list)) {
		struct buffer_head *bh = list_first_entry(&mapping->private_list,
							  struct buffer_head, b_assoc_buffers);

		if (remove_if_clean(bh))
			continue;
		get_bh(bh);
		add_assoc_queue(bh, mapping, tmp);
		spin_unlock(lock);
		write_dirty_buffer(bh, REQ_SYNC);
		spin_lock(lock);
	}
}

/**
 * sync_mapping_buffers - writes what mark_buffer_dirty_inode() has marked for a file, and waits
 * @mapping: the file's
 *
 * Returns 0 or -EIO. What is made dirty meanwhile stays on the list.
 */
int sync_mapping_buffers(struct address_space *mapping)
{
	struct buffer_head *bh;
	LIST_HEAD(tmp);
	spinlock_t *lock;
	int err = 0;

	if (list_empty(&mapping->private_list))
		return 0;
	lock = assoc_lock(mapping);
	spin_lock(lock);
	write_assoc_buffers(mapping, &tmp, lock);
	while (!list_empty(&tmp)) {
		bh = list_first_entry(&tmp, struct buffer_head, b_assoc_buffers);
		/* Dirty again, or still being written: mark_buffer_dirty_inode() saw it on a list. */
		if (!remove_if_clean(bh) && buffer_dirty(bh))
			add_assoc_queue(bh, mapping, &mapping->private_list);
		spin_unlock(lock);
		wait_on_buffer(bh);
		if (!buffer_uptodate(bh))
			err = -EIO;
		brelse(bh);
		spin_lock(lock);
	}
	spin_unlock(lock);
	return err;
}
EXPORT_SYMBOL(sync_mapping_buffers);

int inode_has_buffers(struct inode *inode)
{
	return !list_empty(&inode->i_data.private_list);
}
EXPORT_SYMBOL(inode_has_buffers);

/** invalidate_inode_buffers - a file is going: its metadata buffers are the device's alone now */
void invalidate_inode_buffers(struct inode *inode)
{
	struct list_head *list = &inode->i_data.private_list;
	spinlock_t *lock;

	if (list_empty(list))
		return;
	lock = assoc_lock(&inode->i_data);
	spin_lock(lock);
	while (!list_empty(list))
		remove_assoc_queue(list_first_entry(list, struct buffer_head, b_assoc_buffers));
	spin_unlock(lock);
}
EXPORT_SYMBOL(invalidate_inode_buffers);

/** remove_inode_buffers - the same if none is dirty; returns whether it did */
int remove_inode_buffers(struct inode *inode)
{
	struct list_head *list = &inode->i_data.private_list;
	spinlock_t *lock;
	int ret = 1;

	if (list_empty(list))
		return 1;
	lock = assoc_lock(&inode->i_data);
	spin_lock(lock);
	while (ret && !list_empty(list)) {
		struct buffer_head *bh = list_first_entry(list, struct buffer_head, b_assoc_buffers);

		if (buffer_dirty(bh))
			ret = 0;	/* nobody marks one now: the inode is being freed */
		else
			remove_assoc_queue(bh);
	}
	spin_unlock(lock);
	return ret;
}
EXPORT_SYMBOL(remove_inode_buffers);
