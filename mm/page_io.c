// SPDX-License-Identifier: MIT
/*
 * Reading and writing pages of the swap cache: one bio each.
 *
 * Callers: reclaim writes, faults and swapoff read. The page is locked and in the swap cache, which
 * keeps its slot and so the area. A write that fails leaves the page dirty, in memory; a read that
 * fails leaves it not up to date, and who wanted it gets SIGBUS.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/writeback.h>

static void end_swap_bio_write(struct bio *bio)
{
	struct folio *folio = page_folio(bio->bi_io_vec[0].bv_page);

	if (bio->bi_status) {
		folio_set_error(folio);
		folio_set_dirty(folio);
		pr_alert_ratelimited("Write-error on swap-device (%u:%u:%llu)\n",
				     MAJOR(bio->bi_bdev->bd_dev), MINOR(bio->bi_bdev->bd_dev),
				     (unsigned long long)swap_folio_sector(folio));
		folio_clear_reclaim(folio);
	}
	folio_end_writeback(folio);
	bio_put(bio);
}

static void end_swap_bio_read(struct bio *bio)
{
	struct folio *folio = page_folio(bio->bi_io_vec[0].bv_page);

	if (bio->bi_status) {
		folio_set_error(folio);
		pr_alert_ratelimited("Read-error on swap-device (%u:%u:%llu)\n",
				     MAJOR(bio->bi_bdev->bd_dev), MINOR(bio->bi_bdev->bd_dev),
				     (unsigned long long)swap_folio_sector(folio));
	} else {
		folio_mark_uptodate(folio);
	}
	folio_unlock(folio);
	bio_put(bio);
}

static struct bio *swap_bio(struct folio *folio, blk_opf_t opf, bio_end_io_t *end_io)
{
	struct bio *bio = bio_alloc(swap_folio_bdev(folio), 1, opf, GFP_NOIO);

	bio->bi_iter.bi_sector = swap_folio_sector(folio);
	bio->bi_end_io = end_io;
	bio_add_page(bio, folio_page(folio, 0), PAGE_SIZE, 0);
	return bio;
}

/** swap_writepage - starts writing a page, whose PG_dirty is cleared; unlocks it */
void swap_writepage(struct folio *folio)
{
	struct bio *bio = swap_bio(folio, REQ_OP_WRITE, end_swap_bio_write);

	count_vm_event(PSWPOUT);
	folio_start_writeback(folio);
	folio_unlock(folio);
	submit_bio(bio);
}

/** swap_readpage - starts reading a page; it is unlocked when that is done */
void swap_readpage(struct folio *folio)
{
	struct bio *bio = swap_bio(folio, REQ_OP_READ, end_swap_bio_read);

	count_vm_event(PSWPIN);
	submit_bio(bio);
}
