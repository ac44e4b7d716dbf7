// SPDX-License-Identifier: MIT
/*
 * Write-back of files in extents: dirty pages become bios, each of blocks in a row on the disk and in the file.
 *
 * Callers: ->writepages() of filesystems; interrupts, when a bio has ended. iomap has no ->writepage(): reclaim leaves
 * dirty pages to the flusher.
 *
 * The end of a page's write-back is that of its last block. A page of several blocks counts the bytes under way,
 * write_bytes_pending, and one more until all its blocks have been looked at: so a bio that ends early does not end the
 * page. PG_writeback is set before, and keeps the page, and its state, from truncation and reclaim.
 *
 * Writing dirty pages is how memory is freed, so it must go on without: a few ioends are set aside, as there are bios
 * (block/bio.c). Each waits for none but those that have been submitted, for the one at hand is before the next is made.
 *
 * Locking: the page lock, and PG_writeback after that. reserve_lock, taken in interrupts, guards the reserve.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/writeback.h>
#include "internal.h"

/* ------------------------------------------------------------------ ioends */

#define IOEND_RESERVE_NR	8
#define IOEND_PAGES		64U	/* at most: the disk begins with these while we look for the next */

static DEFINE_SPINLOCK(reserve_lock);
static LIST_HEAD(reserve);
static unsigned int reserve_nr;
static DECLARE_WAIT_QUEUE_HEAD(reserve_wait);

static struct iomap_ioend *reserve_get(void)
{
	struct iomap_ioend *ioend;
	unsigned long flags;

	spin_lock_irqsave(&reserve_lock, flags);
	ioend = list_first_entry_or_null(&reserve, struct iomap_ioend, io_list);
	if (ioend) {
		list_del(&ioend->io_list);
		reserve_nr--;
	}
	spin_unlock_irqrestore(&reserve_lock, flags);
	return ioend;
}

/* From any context. The reserve is filled up before anything else gets memory. */
static void free_ioend(struct iomap_ioend *ioend)
{
	unsigned long flags;

	spin_lock_irqsave(&reserve_lock, flags);
	if (reserve_nr < IOEND_RESERVE_NR) {
		list_add(&ioend->io_list, &reserve);
		reserve_nr++;
		ioend = NULL;
	}
	spin_unlock_irqrestore(&reserve_lock, flags);
	if (ioend)
		kfree(ioend);
	else
		wake_up(&reserve_wait);
}

/* With a bio, for block @pos of the file and up to @nr_pages. Does not fail; no other is held back. */
static struct iomap_ioend *iomap_alloc_ioend(struct inode *inode, struct iomap_writepage_ctx *wpc, loff_t pos,
					     struct writeback_control *wbc)
{
	const unsigned int nr_pages = min_t(long, max(wbc->nr_to_write, 1L), IOEND_PAGES);
	struct iomap_ioend *ioend;

	ioend = kmalloc(sizeof(*ioend), GFP_NOFS | __GFP_NORETRY | __GFP_NOWARN);
	if (!ioend)
		wait_event(reserve_wait, (ioend = reserve_get()) != NULL);
	*ioend = (struct iomap_ioend){
		.io_type = wpc->iomap.type, .io_flags = wpc->iomap.flags, .io_inode = inode,
		.io_offset = pos, .io_sector = iomap_sector(&wpc->iomap, pos),
		.io_bio = bio_alloc(wpc->iomap.bdev, nr_pages, REQ_OP_WRITE | wbc_to_write_flags(wbc), GFP_NOFS),
	};
	INIT_LIST_HEAD(&ioend->io_list);
	ioend->io_bio->bi_iter.bi_sector = ioend->io_sector;
	return ioend;
}

/* ------------------------------------------------------------------ the end of a write */

static void iomap_finish_folio_write(struct inode *inode, struct folio *folio, size_t len, int error)
{
	struct iomap_page *iop = to_iomap_page(folio);

	if (error) {
		folio_set_error(folio);
		mapping_set_error(inode->i_mapping, error);
	}
	if (!iop || atomic_sub_and_test(len, &iop->write_bytes_pending))
		folio_end_writeback(folio);
}

static void iomap_finish_ioend(struct iomap_ioend *ioend, int error)
{
	struct bio *bio = ioend->io_bio;
	struct folio_iter fi;

	if (error)
		pr_err_ratelimited("%s: writeback error on inode %lu, offset %lld, sector %llu\n",
				   ioend->io_inode->i_sb->s_id, ioend->io_inode->i_ino, ioend->io_offset,
				   (u64)ioend->io_sector);
	bio_for_each_folio_all(fi, bio)
		iomap_finish_folio_write(ioend->io_inode, fi.folio, fi.length, error);
	bio_put(bio);
	free_ioend(ioend);
}

/**
 * iomap_finish_ioends - an ioend, and those that hang at its io_list, have been written, or not
 * @error: 0 or a negative errno
 *
 * For filesystems that have set bi_end_io in ->prepare_ioend(). From any context.
 */
void iomap_finish_ioends(struct iomap_ioend *ioend, int error)
{
	LIST_HEAD(others);

	list_splice_init(&ioend->io_list, &others);
	iomap_finish_ioend(ioend, error);
	while (!list_empty(&others)) {
		ioend = list_first_entry(&others, struct iomap_ioend, io_list);
		list_del_init(&ioend->io_list);
		iomap_finish_ioend(ioend, error);
	}
}
EXPORT_SYMBOL(iomap_finish_ioends);

static void iomap_writepage_end_bio(struct bio *bio)
{
	iomap_finish_ioend(bio->bi_private, blk_status_to_errno(bio->bi_status));
}

/* ------------------------------------------------------------------ dirty pages */

/* Submits the ioend at hand, if there is one. An error is the filesystem's, and then it has been given up. */
static int iomap_submit_ioend(struct iomap_writepage_ctx *wpc)
{
	struct iomap_ioend *ioend = wpc->ioend;
	int error = 0;

	wpc->ioend = NULL;
	if (!ioend)
		return 0;
	ioend->io_bio->bi_private = ioend;
	ioend->io_bio->bi_end_io = iomap_writepage_end_bio;
	if (wpc->ops->prepare_ioend)
		error = wpc->ops->prepare_ioend(ioend, 0);
	if (!error) {
		submit_bio(ioend->io_bio);
		return 0;
	}
	ioend->io_bio->bi_status = errno_to_blk_status(error);
	bio_endio(ioend->io_bio);
	return error;
}

static bool iomap_can_add_to_ioend(struct iomap_writepage_ctx *wpc, loff_t pos)
{
	const struct iomap_ioend *ioend = wpc->ioend;

	return wpc->iomap.type == ioend->io_type && wpc->iomap.flags == ioend->io_flags &&
	       wpc->iomap.bdev == ioend->io_bio->bi_bdev && pos == ioend->io_offset + (loff_t)ioend->io_size &&
	       iomap_sector(&wpc->iomap, pos) == bio_end_sector(ioend->io_bio);
}

/* Adds block @pos to the ioend at hand, or to a new one. An error is the filesystem's about the one before. */
static int iomap_add_to_ioend(struct inode *inode, loff_t pos, struct folio *folio, struct iomap_page *iop,
			      struct iomap_writepage_ctx *wpc, struct writeback_control *wbc)
{
	const unsigned int len = i_blocksize(inode);
	const size_t off = pos & ~PAGE_MASK;
	int err = 0;

	if (iop)
		atomic_add(len, &iop->write_bytes_pending);
	if (!wpc->ioend || !iomap_can_add_to_ioend(wpc, pos) ||
	    !bio_add_folio(wpc->ioend->io_bio, folio, len, off)) {
		err = iomap_submit_ioend(wpc);
		wpc->ioend = iomap_alloc_ioend(inode, wpc, pos, wbc);
		bio_add_folio(wpc->ioend->io_bio, folio, len, off);
	}
	wpc->ioend->io_size += len;
	return err;
}

/*
 * Puts the blocks of a page up to @end_pos on their way. It is locked and clean; unlocked on return. Returns 0 or an
 * error; those that could be written are.
 */
static int iomap_writepage_map(struct iomap_writepage_ctx *wpc, struct writeback_control *wbc, struct inode *inode,
			       struct folio *folio, loff_t end_pos)
{
	const unsigned int len = i_blocksize(inode);
	struct iomap_page *iop = iomap_page_create(inode, folio);
	unsigned int count = 0, block = 0;
	int err = 0, err2;

	WARN_ON_ONCE(iop && atomic_read(&iop->write_bytes_pending));
	if (iop)
		atomic_set(&iop->write_bytes_pending, 1);
	folio_start_writeback(folio);
	for (loff_t pos = folio_pos(folio); pos < end_pos; pos += len, block++) {
		if (iop && !(READ_ONCE(iop->uptodate) & BIT(block)))
			continue;
		err2 = wpc->ops->map_blocks(wpc, inode, pos);
		if (err2) {
			err = err2;
			if (wpc->ops->discard_folio)
				wpc->ops->discard_folio(folio, pos);
			break;
		}
		if (wpc->iomap.type == IOMAP_HOLE)
			continue;
		if (WARN_ON_ONCE(wpc->iomap.type == IOMAP_DELALLOC || wpc->iomap.type == IOMAP_INLINE)) {
			err = -EIO;
			break;
		}
		err2 = iomap_add_to_ioend(inode, pos, folio, iop, wpc, wbc);
		if (err2)
			err = err2;
		count++;
	}
	mapping_set_error(inode->i_mapping, err);
	/*
	 * A page of one block belongs to its bio now. The other's state goes no sooner than PG_writeback, which
	 * is ours until we give back the one that was counted above.
	 */
	folio_unlock(folio);
	if (iop ? atomic_dec_and_test(&iop->write_bytes_pending) : !count)
		folio_end_writeback(folio);
	return err;
}

/* A page of write_cache_pages(): locked, clean for I/O; unlocked on return. */
static int iomap_do_writepage(struct page *page, struct writeback_control *wbc, void *data)
{
	struct folio *folio = page_folio(page);
	struct inode *inode = folio->mapping->host;
	const loff_t size = i_size_read(inode), left = size - folio_pos(folio);

	if (left <= 0) {		/* truncation is about to take it off */
		folio_unlock(folio);
		return 0;
	}
	/* What a program has written behind the end of file through a mapping does not go to the disk. */
	if (left < (loff_t)PAGE_SIZE)
		folio_zero_segment(folio, left, PAGE_SIZE);
	return iomap_writepage_map(data, wbc, inode, folio, min(size, folio_pos(folio) + (loff_t)PAGE_SIZE));
}

/**
 * iomap_writepages - ->writepages() by way of ->map_blocks()
 * @wpc: zeroes; may be part of the filesystem's own
 *
 * Returns 0 or an error of starting; those of the writes are in the mapping, for whoever waits.
 */
int iomap_writepages(struct address_space *mapping, struct writeback_control *wbc, struct iomap_writepage_ctx *wpc,
		     const struct iomap_writeback_ops *ops)
{
	int ret, err;

	wpc->ops = ops;
	ret = write_cache_pages(mapping, wbc, iomap_do_writepage, wpc);
	/* Whatever went wrong, it was not with these. */
	err = iomap_submit_ioend(wpc);
	return ret ? ret : err;
}
EXPORT_SYMBOL(iomap_writepages);

/* ------------------------------------------------------------------ the beginning */

static int __init iomap_init(void)
{
	for (int i = 0; i < IOEND_RESERVE_NR; i++) {
		struct iomap_ioend *ioend = kmalloc(sizeof(*ioend), GFP_KERNEL);

		if (!ioend)
			panic("iomap: no memory for the reserve");
		free_ioend(ioend);
	}
	return 0;
}
fs_initcall(iomap_init);
