// SPDX-License-Identifier: MIT
/*
 * Files in extents through the page cache: reading, writing, zeroing, page faults that write. How dirty pages reach the
 * disk is in ioend.c.
 *
 * Callers: a filesystem's address_space_operations and file_operations, each with its struct iomap_ops.
 *
 * A page of several blocks may know some of them and not others: written by a program in part, or half behind a
 * hole. struct iomap_page has a bit a block for that. The page is up to date when all are, and from then on the bits say
 * nothing new. What is dirty is the page: write-back writes of it all blocks that are up to date.
 *
 * A block becomes up to date in one of four ways, all with the page locked: it was read, it was written to whole,
 * it was cleared because there is nothing on the disk to be read (a hole, a new block, one behind the end of file), or
 * it was written to in part after one of the others.
 *
 * Locking: i_rwsem for what changes i_size; invalidate_lock, held by the callers of the page cache, keeps a filesystem
 * from taking blocks away that are being read. The page lock for contents and bits; a read ends in an interrupt, which
 * sets bits under uptodate_lock while whoever started it holds the page for it.
 */
#include <linux/backing-dev.h>
#include <linux/bio.h>
#include <linux/bitops.h>
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/uio.h>
#include <linux/writeback.h>
#include "internal.h"

/* ------------------------------------------------------------------ the blocks of a page */

/* iomap_page_create() where there are several blocks, and no state yet. */
struct iomap_page *__iomap_page_create(struct folio *folio)
{
	struct iomap_page *iop = kzalloc(sizeof(*iop), GFP_NOFS | __GFP_NOFAIL);

	spin_lock_init(&iop->uptodate_lock);
	if (folio_test_uptodate(folio))
		iop->uptodate = ~0UL;
	folio_attach_private(folio, iop);
	return iop;
}

static void iomap_page_release(struct folio *folio)
{
	struct iomap_page *iop = folio_detach_private(folio);

	if (!iop)
		return;
	WARN_ON_ONCE(atomic_read(&iop->read_bytes_pending));
	WARN_ON_ONCE(atomic_read(&iop->write_bytes_pending));
	kfree(iop);
}

/* The bits of the blocks in which bytes @off to @off + @len lie. */
static unsigned long blocks_of(struct inode *inode, size_t off, size_t len)
{
	return GENMASK((off + len - 1) >> inode->i_blkbits, off >> inode->i_blkbits);
}

/* Bytes of a page, and the rest of their blocks, are the file's; from interrupts, too. */
static void iomap_set_range_uptodate(struct folio *folio, struct iomap_page *iop, size_t off, size_t len)
{
	struct inode *inode = folio->mapping->host;
	const unsigned long all = blocks_of(inode, 0, PAGE_SIZE);
	unsigned long flags;

	if (!iop) {
		folio_mark_uptodate(folio);
		return;
	}
	spin_lock_irqsave(&iop->uptodate_lock, flags);
	iop->uptodate |= blocks_of(inode, off, len);
	if ((iop->uptodate & all) == all)
		folio_mark_uptodate(folio);
	spin_unlock_irqrestore(&iop->uptodate_lock, flags);
}

/** iomap_is_partially_uptodate - ->is_partially_uptodate(): are these bytes the file's? The page is locked */
bool iomap_is_partially_uptodate(struct folio *folio, size_t from, size_t count)
{
	struct iomap_page *iop = to_iomap_page(folio);
	unsigned long wanted;

	if (!iop || from >= PAGE_SIZE || !count)
		return false;
	wanted = blocks_of(folio->mapping->host, from, min(count, PAGE_SIZE - from));
	return (READ_ONCE(iop->uptodate) & wanted) == wanted;
}
EXPORT_SYMBOL(iomap_is_partially_uptodate);

/** iomap_release_folio - ->release_folio(): gives the page's state back; false when it is needed */
bool iomap_release_folio(struct folio *folio, gfp_t gfp_flags)
{
	if (folio_test_dirty(folio) || folio_test_writeback(folio))
		return false;
	iomap_page_release(folio);
	return true;
}
EXPORT_SYMBOL(iomap_release_folio);

/**
 * iomap_invalidate_folio - ->invalidate_folio(): bytes of a page are not the file's any more
 *
 * Of a part of a page nothing is forgotten: it has been cleared, and that is what the file has there now.
 */
void iomap_invalidate_folio(struct folio *folio, size_t offset, size_t len)
{
	if (offset || len != PAGE_SIZE)
		return;
	WARN_ON_ONCE(folio_test_writeback(folio));
	folio_cancel_dirty(folio);
	iomap_page_release(folio);
}
EXPORT_SYMBOL(iomap_invalidate_folio);

/*
 * The first blocks in a row that are not up to date, of a page's @length bytes from *pos on: from byte *offp of the
 * page *lenp bytes, all of whole blocks, and *pos is moved there. *lenp is 0 when there are none, and *pos behind them.
 */
static void iomap_adjust_read_range(struct inode *inode, struct folio *folio, loff_t *pos, loff_t length,
				    size_t *offp, size_t *lenp)
{
	const unsigned int blkbits = inode->i_blkbits;
	const unsigned long known = to_iomap_page(folio) ? READ_ONCE(to_iomap_page(folio)->uptodate) : 0;
	const size_t off = *pos & ~PAGE_MASK, len = min_t(loff_t, PAGE_SIZE - off, length);
	const loff_t left = i_size_read(inode) - folio_pos(folio);
	unsigned int first = off >> blkbits, end = DIV_ROUND_UP(off + len, 1U << blkbits);
	unsigned int last = first, eof = left > 0 && left < PAGE_SIZE ? DIV_ROUND_UP(left, 1U << blkbits) : 0;

	while (first < end && known & BIT(first))
		first++;
	for (last = first; last < end && !(known & BIT(last)); last++)
		;
	/* Blocks behind the end of file apart: they are not read. */
	if (first < eof && last > eof)
		last = eof;
	*pos = folio_pos(folio) + ((loff_t)first << blkbits);
	*offp = (size_t)first << blkbits;
	*lenp = (size_t)(last - first) << blkbits;
}

/* Is there nothing on the disk that would be the file's at @pos? */
static bool iomap_block_needs_zeroing(const struct iomap_iter *iter, loff_t pos)
{
	const struct iomap *srcmap = iomap_iter_srcmap(iter);

	return srcmap->type != IOMAP_MAPPED || (srcmap->flags & IOMAP_F_NEW) ||
	       pos >= i_size_read(iter->inode);
}

/* ------------------------------------------------------------------ reading */

struct iomap_readpage_ctx {
	struct folio			*cur_folio;	/* locked */
	bool				cur_folio_in_bio;	/* the end of a read unlocks it */
	struct bio			*bio;		/* being filled */
	struct readahead_control	*rac;		/* NULL: a single page */
};

static void iomap_finish_folio_read(struct folio *folio, size_t off, size_t len, bool ok)
{
	struct iomap_page *iop = to_iomap_page(folio);

	if (ok)
		iomap_set_range_uptodate(folio, iop, off, len);
	else
		folio_set_error(folio);
	if (!iop || atomic_sub_and_test(len, &iop->read_bytes_pending))
		folio_unlock(folio);
}

static void iomap_read_end_io(struct bio *bio)
{
	struct folio_iter fi;

	bio_for_each_folio_all(fi, bio)
		iomap_finish_folio_read(fi.folio, fi.offset, fi.length, !bio->bi_status);
	bio_put(bio);
}

static void submit_read(struct iomap_readpage_ctx *ctx)
{
	if (ctx->bio)
		submit_bio(ctx->bio);
	ctx->bio = NULL;
}

/* Adds bytes of the page at hand to the bio at hand, or to a new one. */
static void add_to_read(struct iomap_readpage_ctx *ctx, const struct iomap *iomap, loff_t pos, size_t off,
			size_t len)
{
	const sector_t sector = iomap_sector(iomap, pos);
	struct folio *folio = ctx->cur_folio;

	if (ctx->bio && (ctx->bio->bi_bdev != iomap->bdev || bio_end_sector(ctx->bio) != sector ||
			 !bio_add_folio(ctx->bio, folio, len, off)))
		submit_read(ctx);
	if (ctx->bio)
		return;
	ctx->bio = bio_alloc(iomap->bdev, bio_max_segs(ctx->rac ? readahead_count(ctx->rac) + 1 : 1),
			     REQ_OP_READ | (ctx->rac ? REQ_RAHEAD : 0), GFP_NOFS);
	ctx->bio->bi_iter.bi_sector = sector;
	ctx->bio->bi_end_io = iomap_read_end_io;
	bio_add_folio(ctx->bio, folio, len, off);
}

/*
 * One step in the page at hand, from byte @done of the piece on: some blocks are read, or cleared. Returns the bytes that
 * are seen to by that, at least 1.
 */
static loff_t iomap_readpage_iter(const struct iomap_iter *iter, struct iomap_readpage_ctx *ctx, loff_t done)
{
	const loff_t orig_pos = iter->pos + done, length = iomap_length(iter) - done;
	struct folio *folio = ctx->cur_folio;
	struct iomap_page *iop = iomap_page_create(iter->inode, folio);
	loff_t pos = orig_pos;
	size_t off, len;

	iomap_adjust_read_range(iter->inode, folio, &pos, length, &off, &len);
	if (len && iomap_block_needs_zeroing(iter, pos)) {
		folio_zero_range(folio, off, len);
		iomap_set_range_uptodate(folio, iop, off, len);
	} else if (len) {
		/* Before what the bio has of this page is submitted: its end must not be the page's. */
		if (iop)
			atomic_add(len, &iop->read_bytes_pending);
		ctx->cur_folio_in_bio = true;
		add_to_read(ctx, &iter->iomap, pos, off, len);
	}
	return min(pos + (loff_t)len - orig_pos, length);	/* the last block of a hole may be a part of one */
}

/* No more of the page at hand: unless a read will, we unlock it. */
static void page_is_done(struct iomap_readpage_ctx *ctx)
{
	if (ctx->cur_folio && !ctx->cur_folio_in_bio)
		folio_unlock(ctx->cur_folio);
	ctx->cur_folio = NULL;
	ctx->cur_folio_in_bio = false;
}

/**
 * iomap_read_folio - ->read_folio() by way of ->iomap_begin()
 * @folio: locked; unlocked when the read has ended, up to date if it went well
 *
 * Returns 0: the outcome is in the page.
 */
int iomap_read_folio(struct folio *folio, const struct iomap_ops *ops)
{
	struct iomap_iter iter = {
		.inode = folio->mapping->host, .pos = folio_pos(folio), .len = PAGE_SIZE,
	};
	struct iomap_readpage_ctx ctx = { .cur_folio = folio };
	int ret;

	while ((ret = iomap_iter(&iter, ops)) > 0)
		iter.processed = iomap_readpage_iter(&iter, &ctx, 0);
	if (ret < 0)
		folio_set_error(folio);
	page_is_done(&ctx);
	submit_read(&ctx);
	return 0;
}
EXPORT_SYMBOL(iomap_read_folio);

static loff_t iomap_readahead_iter(const struct iomap_iter *iter, struct iomap_readpage_ctx *ctx)
{
	const loff_t length = iomap_length(iter);
	loff_t done = 0;

	while (done < length) {
		if (!((iter->pos + done) & ~PAGE_MASK))
			page_is_done(ctx);
		if (!ctx->cur_folio)
			ctx->cur_folio = readahead_folio(ctx->rac);
		if (WARN_ON_ONCE(!ctx->cur_folio))
			return -EIO;
		done += iomap_readpage_iter(iter, ctx, done);
	}
	return done;
}

/** iomap_readahead - ->readahead() by way of ->iomap_begin(); pages that it gave up on are unlocked as they are */
void iomap_readahead(struct readahead_control *rac, const struct iomap_ops *ops)
{
	struct iomap_iter iter = {
		.inode = rac->mapping->host, .pos = readahead_pos(rac), .len = readahead_length(rac),
	};
	struct iomap_readpage_ctx ctx = { .rac = rac };

	while (iomap_iter(&iter, ops) > 0)
		iter.processed = iomap_readahead_iter(&iter, &ctx);
	page_is_done(&ctx);
	submit_read(&ctx);
}
EXPORT_SYMBOL(iomap_readahead);

/* ------------------------------------------------------------------ writing */

#define WRITE_CHUNK	(64 * PAGE_SIZE)	/* at most so much from an ->iomap_begin() to its ->iomap_end() */

static int iomap_read_folio_sync(const struct iomap *iomap, loff_t pos, struct folio *folio, size_t off, size_t len)
{
	struct bio_vec bvec;
	struct bio bio;

	bio_init(&bio, iomap->bdev, &bvec, 1, REQ_OP_READ);
	bio.bi_iter.bi_sector = iomap_sector(iomap, pos);
	bio_add_folio(&bio, folio, len, off);
	return submit_bio_wait(&bio);
}

/* Bytes of a locked page will be written: the blocks that they cover in part are made up to date. */
static int __iomap_write_begin(const struct iomap_iter *iter, loff_t pos, size_t len, struct folio *folio)
{
	const loff_t bsize = i_blocksize(iter->inode), end = round_up(pos + (loff_t)len, bsize);
	struct iomap_page *iop;
	loff_t at = round_down(pos, bsize);
	size_t poff, plen;
	int err;

	if (folio_test_uptodate(folio))
		return 0;
	folio_clear_error(folio);
	if (len == PAGE_SIZE)
		return 0;
	iop = iomap_page_create(iter->inode, folio);
	for (;; at += plen) {
		iomap_adjust_read_range(iter->inode, folio, &at, end - at, &poff, &plen);
		if (!plen)
			return 0;
		/* The first and the last block at most are written in part: one at a time. */
		plen = bsize;
		if (at >= pos && at + bsize <= pos + (loff_t)len)
			continue;
		if (iomap_block_needs_zeroing(iter, at)) {
			/* All of it: the copy may come to an end before its own. */
			folio_zero_range(folio, poff, plen);
		} else {
			err = iomap_read_folio_sync(iomap_iter_srcmap(iter), at, folio, poff, plen);
			if (err)
				return err;
		}
		iomap_set_range_uptodate(folio, iop, poff, plen);
	}
}

/* The page of bytes @pos to @pos + @len, locked, referenced, ready to be written to. 0, or an error and no page. */
static int iomap_write_begin(const struct iomap_iter *iter, loff_t pos, size_t len, struct folio **foliop)
{
	const struct iomap_page_ops *page_ops = iter->iomap.page_ops;
	struct address_space *mapping = iter->inode->i_mapping;
	int fgp = FGP_LOCK | FGP_WRITE | FGP_CREAT | FGP_NOFS, err = 0;
	struct folio *folio;

	if (fatal_signal_pending(current))
		return -EINTR;
	if (page_ops && page_ops->page_prepare)
		err = page_ops->page_prepare(iter->inode, pos, len);
	if (err)
		return err;
	if (iter->flags & IOMAP_NOWAIT)
		fgp |= FGP_NOWAIT;
	folio = __filemap_get_folio(mapping, pos >> PAGE_SHIFT, fgp, mapping_gfp_mask(mapping));
	if (!folio) {
		err = iter->flags & IOMAP_NOWAIT ? -EAGAIN : -ENOMEM;
		goto out;
	}
	err = __iomap_write_begin(iter, pos, len, folio);
	if (!err) {
		*foliop = folio;
		return 0;
	}
	folio_unlock(folio);
	folio_put(folio);
out:
	if (page_ops && page_ops->page_done)
		page_ops->page_done(iter->inode, pos, 0, NULL);
	return err;
}

/*
 * @copied of @len bytes were copied into the page of iomap_write_begin(), which is let go. Returns how many of
 * them count: none when the copy came to an end in a page that is not up to date, for the blocks that were to be
 * written whole are neither old nor new then.
 */
static size_t iomap_write_end(struct iomap_iter *iter, loff_t pos, size_t len, size_t copied, struct folio *folio)
{
	const struct iomap_page_ops *page_ops = iter->iomap.page_ops;
	struct inode *inode = iter->inode;
	const loff_t old_size = inode->i_size;
	loff_t reach = old_size;

	flush_dcache_page(&folio->page);
	if (copied < len && !folio_test_uptodate(folio))
		copied = 0;
	if (copied) {
		iomap_set_range_uptodate(folio, to_iomap_page(folio), pos & ~PAGE_MASK, len);
		filemap_dirty_folio(inode->i_mapping, folio);
	}
	/*
	 * With the page locked: write-back must not see the page behind the end and drop it. Zeros that are
	 * in the block of the end are written with it, and do not move it.
	 */
	if (iter->flags & IOMAP_ZERO)
		reach = round_up(old_size, (loff_t)i_blocksize(inode));
	if (copied && pos + (loff_t)copied > reach) {
		i_size_write(inode, pos + copied);
		iter->iomap.flags |= IOMAP_F_SIZE_CHANGED;
	}
	folio_unlock(folio);
	if (copied && old_size < pos)
		pagecache_isize_extended(inode, old_size, pos);
	if (page_ops && page_ops->page_done)
		page_ops->page_done(inode, pos, copied, &folio->page);
	folio_put(folio);
	return copied;
}

/* What a write that failed has left in pages behind the end of file: @from to @to. */
static void iomap_write_failed(struct inode *inode, loff_t from, loff_t to)
{
	from = max(from, i_size_read(inode));
	if (from < to)
		truncate_pagecache_range(inode, from, to - 1);
}

/*
 * Copies bytes within one page, as many as can be without a page fault: *copied. Returns how many of them count, or
 * an error.
 */
static ssize_t write_one_page(struct iomap_iter *iter, loff_t pos, size_t bytes, struct iov_iter *i, size_t *copied)
{
	struct folio *folio;
	size_t taken;
	int err;

	err = iomap_write_begin(iter, pos, bytes, &folio);
	if (err) {
		iomap_write_failed(iter->inode, pos, pos + bytes);
		return err;
	}
	*copied = copy_page_from_iter_atomic(&folio->page, pos & ~PAGE_MASK, bytes, i);
	taken = iomap_write_end(iter, pos, bytes, *copied, folio);
	if (taken < *copied)
		iov_iter_revert(i, *copied - taken);
	if (taken < bytes)
		iomap_write_failed(iter->inode, pos + taken, pos + bytes);
	return taken;
}

/*
 * Copies into the piece at hand. Returns the bytes written, or an error if there are none; 0 when a copy would have
 * faulted: *copied bytes can be had from there.
 */
static ssize_t iomap_write_iter(struct iomap_iter *iter, struct iov_iter *i, size_t *copied)
{
	loff_t length = iomap_length(iter), pos = iter->pos;
	ssize_t ret = 0;

	while (length) {
		const size_t bytes = min_t(loff_t, PAGE_SIZE - (pos & ~PAGE_MASK), length);

		ret = write_one_page(iter, pos, bytes, i, copied);
		if (ret <= 0)
			break;
		pos += ret;
		length -= ret;
		cond_resched();
	}
	return pos > iter->pos ? pos - iter->pos : ret;
}

/* Of *pos and on, up to @len bytes, which is moved. 0, with *copied as above if it was not moved; or an error. */
static int write_chunk(struct kiocb *iocb, loff_t *pos, size_t len, struct iov_iter *i, size_t *copied,
		       const struct iomap_ops *ops)
{
	struct iomap_iter iter = {
		.inode = iocb->ki_filp->f_mapping->host, .pos = *pos, .len = len,
		.flags = IOMAP_WRITE | (iocb->ki_flags & IOCB_NOWAIT ? IOMAP_NOWAIT : 0),
	};
	int ret;

	while ((ret = iomap_iter(&iter, ops)) > 0)
		iter.processed = iomap_write_iter(&iter, i, copied);
	*pos = iter.pos;
	return ret;
}

/**
 * iomap_file_buffered_write - writes to the page cache; i_rwsem held
 * @iocb: file and position; ki_pos is not moved: as in Linux 6.1 the caller does that
 * @i: where from
 *
 * What the copy may have to wait for is waited for between ->iomap_end() and the next ->iomap_begin(): page faults on
 * the source, and dirty pages that are too many. So a filesystem may hold in between what these would need.
 *
 * Returns the bytes written, or an error if there are none. O_SYNC is the caller's.
 */
ssize_t iomap_file_buffered_write(struct kiocb *iocb, struct iov_iter *i, const struct iomap_ops *ops)
{
	size_t limit = WRITE_CHUNK, copied = 0;
	loff_t pos = iocb->ki_pos;
	int ret = 0;

	while (iov_iter_count(i)) {
		const size_t chunk = min3((size_t)(WRITE_CHUNK - (pos & ~PAGE_MASK)), iov_iter_count(i), limit);
		const loff_t start = pos;

		/* As generic_perform_write() does it: the copy must not fault, and most likely need not. */
		if (fault_in_iov_iter_readable(i, chunk) == chunk) {
			ret = -EFAULT;
			break;
		}
		ret = write_chunk(iocb, &pos, chunk, i, &copied, ops);
		if (ret < 0)
			break;
		if (pos > start)
			limit = WRITE_CHUNK;
		else	/* what can be copied, by itself; or one segment, for two may evict each other */
			limit = copied ? copied : clamp_t(size_t, iov_iter_single_seg_count(i), 1, PAGE_SIZE);
		balance_dirty_pages_ratelimited(iocb->ki_filp->f_mapping);
		cond_resched();
	}
	return pos > iocb->ki_pos ? pos - iocb->ki_pos : ret;
}
EXPORT_SYMBOL(iomap_file_buffered_write);

/* ------------------------------------------------------------------ zeroing */

static loff_t iomap_zero_iter(struct iomap_iter *iter, bool *did_zero)
{
	const u16 type = iomap_iter_srcmap(iter)->type;
	const loff_t end = iter->pos + iomap_length(iter);
	struct folio *folio;
	int err;

	if (type == IOMAP_HOLE || type == IOMAP_UNWRITTEN)
		return iomap_length(iter);
	for (loff_t pos = iter->pos; pos < end; cond_resched()) {
		const size_t off = pos & ~PAGE_MASK, bytes = min_t(loff_t, PAGE_SIZE - off, end - pos);

		err = iomap_write_begin(iter, pos, bytes, &folio);
		if (err)
			return pos > iter->pos ? pos - iter->pos : err;
		folio_zero_range(folio, off, bytes);
		iomap_write_end(iter, pos, bytes, bytes, folio);
		if (did_zero)
			*did_zero = true;
		pos += bytes;
		if (pos < end)		/* not for a single block: who changes a size holds much */
			balance_dirty_pages_ratelimited(iter->inode->i_mapping);
	}
	return iomap_length(iter);
}

/*
 * May a piece that the disk has nothing of have bytes in the cache? Written, that will be there before long; or what
 * a program has stored behind the end of file, in the page of the end: write-back clears that.
 */
static bool unwritten_but_cached(const struct iomap_iter *iter)
{
	struct address_space *mapping = iter->inode->i_mapping;

	return (iomap_iter_srcmap(iter)->type == IOMAP_UNWRITTEN || iomap_iter_srcmap(iter)->type == IOMAP_HOLE) &&
	       (mapping_tagged(mapping, PAGECACHE_TAG_DIRTY) || mapping_tagged(mapping, PAGECACHE_TAG_WRITEBACK)) &&
	       filemap_range_has_page(mapping, iter->pos, iter->pos + iomap_length(iter) - 1);
}

/**
 * iomap_zero_range - clears bytes of a file in the page cache, where it has any; i_rwsem held
 * @did_zero: becomes true when there were some; may be NULL
 *
 * Before a write or a truncation behind the end of file, for what lies in between. Then i_size follows what was
 * cleared, from the block after that of the old end on. Returns 0 or an error.
 */
int iomap_zero_range(struct inode *inode, loff_t pos, loff_t len, bool *did_zero, const struct iomap_ops *ops)
{
	struct iomap_iter iter = { .inode = inode, .pos = pos, .len = len, .flags = IOMAP_ZERO };
	bool asked = false;
	int ret;

	while ((ret = iomap_iter(&iter, ops)) > 0) {
		if (!asked && unwritten_but_cached(&iter)) {
			/* They are written, and the piece is ended and begun anew: it has something then. */
			loff_t end = iter.pos + iomap_length(&iter) - 1;

			ret = iomap_iter(&iter, ops);
			if (!ret)
				ret = filemap_write_and_wait_range(inode->i_mapping, iter.pos, end);
			if (ret)
				break;
			iter.iomap.length = 0;
			asked = true;
			continue;
		}
		asked = false;
		iter.processed = iomap_zero_iter(&iter, did_zero);
	}
	return ret;
}
EXPORT_SYMBOL(iomap_zero_range);

/**
 * iomap_truncate_page - clears the rest of the block in which the file will end, or ends
 * @pos: the new size, or the old one if the file grows, in bytes; i_rwsem held
 *
 * So that the file shows zeros there when it grows. Returns 0 or an error.
 */
int iomap_truncate_page(struct inode *inode, loff_t pos, bool *did_zero, const struct iomap_ops *ops)
{
	const unsigned int bsize = i_blocksize(inode), off = pos & (bsize - 1);

	return off ? iomap_zero_range(inode, pos, bsize - off, did_zero, ops) : 0;
}
EXPORT_SYMBOL(iomap_truncate_page);

/* ------------------------------------------------------------------ page faults */

/**
 * iomap_page_mkwrite - ->page_mkwrite(): a page is about to be written through a mapping
 * @vmf: vmf->page has a reference
 *
 * ->iomap_begin() takes the blocks that it has not, up to the end of file. Returns VM_FAULT_LOCKED with the page locked
 * and dirty; VM_FAULT_NOPAGE when it has left the file: the access faults again; VM_FAULT_SIGBUS, VM_FAULT_OOM.
 */
vm_fault_t iomap_page_mkwrite(struct vm_fault *vmf, const struct iomap_ops *ops)
{
	struct iomap_iter iter = {
		.inode = file_inode(vmf->vma->vm_file), .flags = IOMAP_WRITE | IOMAP_FAULT,
	};
	struct folio *folio = page_folio(vmf->page);
	loff_t left;
	int ret = -EFAULT;

	folio_lock(folio);
	left = i_size_read(iter.inode) - folio_pos(folio);
	if (folio->mapping != iter.inode->i_mapping || left <= 0)
		goto out;
	iter.pos = folio_pos(folio);
	iter.len = min_t(loff_t, left, PAGE_SIZE);
	while ((ret = iomap_iter(&iter, ops)) > 0) {
		folio_mark_dirty(folio);
		iter.processed = iomap_length(&iter);
	}
	if (!ret) {
		folio_wait_stable(folio);
		return VM_FAULT_LOCKED;
	}
out:
	folio_unlock(folio);
	return block_page_mkwrite_return(ret);
}
EXPORT_SYMBOL(iomap_page_mkwrite);
