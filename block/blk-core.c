// SPDX-License-Identifier: MIT
/*
 * The way of a bio to the driver and back: checks, figures, errors.
 *
 * submit_bio() is called in task context and may sleep; bio_endio() by drivers, mostly in hard
 * interrupts. There is no queue and no scheduler here: bios go straight to the driver, which keeps
 * many in flight, and whoever submits makes them large (fs/mpage.c). REQ_PREFLUSH and REQ_FUA are the
 * driver's to keep to; a device without a volatile cache does not get to see them.
 *
 * Locking: bd_stats_lock guards bd_stamp and io_ns; the other figures are atomic.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>
#include <linux/vmstat.h>

static const struct {
	int		error;
	blk_status_t	status;
	const char	*name;
} blk_errors[] = {
	{ 0,		BLK_STS_OK,		"no" },
	{ -EIO,		BLK_STS_IOERR,		"I/O" },
	{ -EOPNOTSUPP,	BLK_STS_NOTSUPP,	"unsupported operation" },
	{ -ETIMEDOUT,	BLK_STS_TIMEOUT,	"timeout" },
	{ -ENOSPC,	BLK_STS_NOSPC,		"critical space allocation" },
	{ -ENODATA,	BLK_STS_MEDIUM,		"critical medium" },
	{ -EILSEQ,	BLK_STS_PROTECTION,	"protection" },
	{ -ENOMEM,	BLK_STS_RESOURCE,	"kernel resource" },
};

/** blk_status_to_errno - the negative errno for a bio's status */
int blk_status_to_errno(blk_status_t status)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(blk_errors); i++)
		if (blk_errors[i].status == status)
			return blk_errors[i].error;
	return -EIO;
}
EXPORT_SYMBOL(blk_status_to_errno);

/** errno_to_blk_status - the status for a negative errno; I/O error for those without their own */
blk_status_t errno_to_blk_status(int error)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(blk_errors); i++)
		if (blk_errors[i].error == error)
			return blk_errors[i].status;
	return BLK_STS_IOERR;
}
EXPORT_SYMBOL(errno_to_blk_status);

static const char *blk_status_name(blk_status_t status)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(blk_errors); i++)
		if (blk_errors[i].status == status)
			return blk_errors[i].name;
	return "unknown";
}

/** blk_op_str - an operation's name for messages */
const char *blk_op_str(enum req_op op)
{
	switch (op) {
	case REQ_OP_READ:		return "READ";
	case REQ_OP_WRITE:		return "WRITE";
	case REQ_OP_FLUSH:		return "FLUSH";
	case REQ_OP_DISCARD:		return "DISCARD";
	case REQ_OP_WRITE_ZEROES:	return "WRITE_ZEROES";
	case REQ_OP_DRV_IN:		return "DRV_IN";
	case REQ_OP_DRV_OUT:		return "DRV_OUT";
	}
	return "UNKNOWN";
}

/* ------------------------------------------------------------------ figures */

/* Time with something in flight goes to io_ns. Called before the number in flight changes. */
static void update_io_ticks(struct block_device *bdev, u64 now)
{
	unsigned long flags;

	spin_lock_irqsave(&bdev->bd_stats_lock, flags);
	if (atomic_read(&bdev->bd_stats.in_flight[0]) + atomic_read(&bdev->bd_stats.in_flight[1]) &&
	    now > bdev->bd_stamp)
		bdev->bd_stats.io_ns += now - bdev->bd_stamp;
	bdev->bd_stamp = now;
	spin_unlock_irqrestore(&bdev->bd_stats_lock, flags);
}

/* What is done to a partition is done to its disk, too. */
#define for_bdev_and_whole(bdev, start) \
	for (bdev = (start); bdev; bdev = bdev_is_partition(bdev) ? bdev_whole(bdev) : NULL)

static void bio_start_io_acct(struct bio *bio)
{
	struct block_device *bdev;

	bio->bi_issue_ns = ktime_get_ns();
	bio->bi_issue_sectors = bio_sectors(bio);
	for_bdev_and_whole(bdev, bio->bi_bdev) {
		update_io_ticks(bdev, bio->bi_issue_ns);
		atomic_inc(&bdev->bd_stats.in_flight[bio_data_dir(bio)]);
	}
	bio_set_flag(bio, BIO_ACCOUNTED);
}

static void bio_end_io_acct(struct bio *bio)
{
	const int group = op_stat_group(bio_op(bio));
	const u64 now = ktime_get_ns();
	struct block_device *bdev;

	if (!bio_flagged(bio, BIO_ACCOUNTED))
		return;
	bio_clear_flag(bio, BIO_ACCOUNTED);
	for_bdev_and_whole(bdev, bio->bi_bdev) {
		update_io_ticks(bdev, now);
		atomic_dec(&bdev->bd_stats.in_flight[bio_data_dir(bio)]);
		atomic64_inc(&bdev->bd_stats.ios[group]);
		atomic64_add(bio->bi_issue_sectors, &bdev->bd_stats.sectors[group]);
		atomic64_add(now - bio->bi_issue_ns, &bdev->bd_stats.nsecs[group]);
	}
	if (group == STAT_READ)
		count_vm_events(PGPGIN, bio->bi_issue_sectors);
	else if (group == STAT_WRITE)
		count_vm_events(PGPGOUT, bio->bi_issue_sectors);
}

/* ------------------------------------------------------------------ submission */

/* Sectors past the end are refused here, whatever the driver would do with them. */
static blk_status_t bio_check_eod(struct bio *bio)
{
	const sector_t end = bdev_nr_sectors(bio->bi_bdev);
	const sector_t sector = bio->bi_iter.bi_sector;
	const unsigned int nr = bio_sectors(bio);

	if (!nr || (nr <= end && sector <= end - nr))
		return BLK_STS_OK;
	pr_info_ratelimited("%s: attempt to access beyond end of device: %s, sector %llu, "
			    "%u sectors, but it has %llu\n", bio->bi_bdev->bd_name,
			    blk_op_str(bio_op(bio)), sector, nr, end);
	return BLK_STS_IOERR;
}

static blk_status_t bio_check_ro(struct bio *bio)
{
	if (!op_is_write(bio_op(bio)) || !bio_sectors(bio) || !bdev_read_only(bio->bi_bdev))
		return BLK_STS_OK;
	pr_warn_ratelimited("%s: write to a read-only disk, sector %llu\n",
			    bio->bi_bdev->bd_name, bio->bi_iter.bi_sector);
	return BLK_STS_IOERR;
}

/**
 * submit_bio - hands a bio to its device
 * @bio: filled, with bi_end_io set
 *
 * May sleep. Whatever happens, bio->bi_end_io is called once, perhaps before this returns, perhaps
 * in an interrupt; bi_status then tells. The caller must not touch the bio after this call unless
 * it holds a reference of its own.
 */
void submit_bio(struct bio *bio)
{
	struct gendisk *disk = bio->bi_bdev->bd_disk;
	bool nothing = false;

	might_sleep();
	bio->bi_status = test_bit(GD_DEAD, &disk->state) ? BLK_STS_IOERR : BLK_STS_OK;
	if (!bio->bi_status)
		bio->bi_status = bio_check_ro(bio);
	if (!bio->bi_status)
		bio->bi_status = bio_check_eod(bio);
	if (!bdev_write_cache(bio->bi_bdev)) {
		/* Without a volatile cache a flush is nothing to do. */
		bio->bi_opf &= ~(REQ_PREFLUSH | REQ_FUA);
		nothing = bio_op(bio) == REQ_OP_FLUSH;
	}
	if (bio->bi_status || nothing) {
		bio_endio(bio);
		return;
	}
	/* From here on it is the disk's sector: what it says of a partition has been checked. */
	bio->bi_iter.bi_sector += bio->bi_bdev->bd_start_sect;
	bio_start_io_acct(bio);
	disk->fops->submit_bio(bio);
}
EXPORT_SYMBOL(submit_bio);

/**
 * bio_endio - a bio is done, or has failed
 * @bio: with bi_status set when it failed
 *
 * Called by the driver, once for each bio, in any context.
 */
void bio_endio(struct bio *bio)
{
	if (bio_flagged(bio, BIO_ACCOUNTED) && bio->bi_status && !bio_flagged(bio, BIO_QUIET))
		pr_err_ratelimited("%s error, dev %s, sector %llu, %u sectors, %s\n",
				   blk_status_name(bio->bi_status),
				   bio->bi_bdev->bd_disk->disk_name, bio->bi_iter.bi_sector,
				   bio->bi_issue_sectors, blk_op_str(bio_op(bio)));
	bio_end_io_acct(bio);
	if (bio->bi_end_io)
		bio->bi_end_io(bio);
}
EXPORT_SYMBOL(bio_endio);

static void submit_bio_wait_endio(struct bio *bio)
{
	complete(bio->bi_private);
}

/**
 * submit_bio_wait - submits a bio and sleeps until it is done
 * @bio: bi_end_io and bi_private are used here
 *
 * Returns 0 or a negative errno. The bio is the caller's again.
 */
int submit_bio_wait(struct bio *bio)
{
	DECLARE_COMPLETION_ONSTACK(done);

	bio->bi_private = &done;
	bio->bi_end_io = submit_bio_wait_endio;
	submit_bio(bio);
	wait_for_completion_io(&done);
	return blk_status_to_errno(bio->bi_status);
}
EXPORT_SYMBOL(submit_bio_wait);

/**
 * blkdev_issue_flush - makes what the device has acknowledged survive a power cut
 * @bdev: the device
 *
 * Sleeps until it is done. Returns 0, also when the device has no volatile cache, or -EIO.
 */
int blkdev_issue_flush(struct block_device *bdev)
{
	struct bio bio;

	if (!bdev_write_cache(bdev))
		return 0;
	bio_init(&bio, bdev, NULL, 0, REQ_OP_FLUSH | REQ_SYNC);
	return submit_bio_wait(&bio);
}
EXPORT_SYMBOL(blkdev_issue_flush);

/* ------------------------------------------------------------------ limits */

void blk_queue_logical_block_size(struct request_queue *q, unsigned int bytes)
{
	q->limits.logical_block_size = bytes;
	if (q->limits.physical_block_size < bytes)
		q->limits.physical_block_size = bytes;
}
EXPORT_SYMBOL(blk_queue_logical_block_size);

void blk_queue_physical_block_size(struct request_queue *q, unsigned int bytes)
{
	q->limits.physical_block_size = max(bytes, q->limits.logical_block_size);
}
EXPORT_SYMBOL(blk_queue_physical_block_size);

/** blk_queue_max_hw_sectors - the longest bio, in 512-byte sectors; at least a page */
void blk_queue_max_hw_sectors(struct request_queue *q, unsigned int sectors)
{
	q->limits.max_hw_sectors = clamp(sectors, (unsigned int)PAGE_SECTORS,
					 (unsigned int)INT_MAX >> SECTOR_SHIFT);
}
EXPORT_SYMBOL(blk_queue_max_hw_sectors);

void blk_queue_max_segments(struct request_queue *q, unsigned short segments)
{
	q->limits.max_segments = max_t(unsigned short, segments, 1);
}
EXPORT_SYMBOL(blk_queue_max_segments);

/** blk_queue_max_segment_size - the longest vector in bytes; at least a page */
void blk_queue_max_segment_size(struct request_queue *q, unsigned int bytes)
{
	q->limits.max_segment_size = max_t(unsigned int, bytes, PAGE_SIZE);
}
EXPORT_SYMBOL(blk_queue_max_segment_size);

/**
 * blk_queue_write_cache - says whether the device has a volatile cache
 * @q: the device's queue
 * @wc: it has: REQ_OP_FLUSH will come
 * @fua: the driver keeps to REQ_FUA: a write ends when it is on the medium
 */
void blk_queue_write_cache(struct request_queue *q, bool wc, bool fua)
{
	assign_bit(QUEUE_FLAG_WC, &q->queue_flags, wc);
	assign_bit(QUEUE_FLAG_FUA, &q->queue_flags, fua);
}
EXPORT_SYMBOL(blk_queue_write_cache);
