// SPDX-License-Identifier: MIT
/*
 * The disk: a buffer of the harness, read and written at once.
 *
 * Its size changes from one input to the next; nobody has it open in between.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/bug.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "fuzz.h"
#include "layer.h"

#define MAX_BIOS	200000UL	/* more than any list of operations needs: somebody goes round in circles */

unsigned long fuzz_bios, fuzz_writes;
long fuzz_fail_disk = -1;
static unsigned char *disk_bytes;
static struct gendisk *disk;

static void disk_submit_bio(struct bio *bio)
{
	u64 at = bio->bi_iter.bi_sector << SECTOR_SHIFT;
	struct bvec_iter iter;
	struct bio_vec bv;

	if (++fuzz_bios > MAX_BIOS)
		fuzz_die("too many requests to the disk", "submit_bio()", 0);
	if (fuzz_fail_disk >= 0 && !fuzz_fail_disk--) {
		fuzz_failures++;
		bio_io_error(bio);
		return;
	}
	fuzz_writes += bio_op(bio) == REQ_OP_WRITE;
	if (bio_op(bio) == REQ_OP_READ || bio_op(bio) == REQ_OP_WRITE) {
		bio_for_each_segment(bv, bio, iter) {
			void *mem = page_address(bv.bv_page) + bv.bv_offset;

			if (bio_op(bio) == REQ_OP_READ)
				memcpy(mem, disk_bytes + at, bv.bv_len);
			else
				memcpy(disk_bytes + at, mem, bv.bv_len);
			at += bv.bv_len;
		}
	}
	bio_endio(bio);
}

static const struct block_device_operations disk_ops = {
	.submit_bio	= disk_submit_bio,
};

/** fuzz_disk_set - from now on the disk is these bytes, a multiple of 512 */
void fuzz_disk_set(unsigned char *bytes, unsigned long nr)
{
	BUG_ON(disk->part0->bd_openers);
	disk_bytes = bytes;
	fuzz_bios = fuzz_writes = 0;
	set_capacity(disk, nr >> SECTOR_SHIFT);
}

void fuzz_disk_init(void)
{
	disk = blk_alloc_disk(0);
	BUG_ON(!disk);
	disk->major = VIRTBLK_MAJOR;
	disk->minors = 1;
	strscpy(disk->disk_name, "vda", sizeof(disk->disk_name));
	disk->fops = &disk_ops;
	blk_queue_write_cache(disk->queue, true, false);
	BUG_ON(add_disk(disk));
}
