/* SPDX-License-Identifier: MIT */
/*
 * The two structures that filesystems and drivers share: a block device, and a bio, which is one
 * read or write of adjacent sectors from or to pieces of memory.
 */
#ifndef _LINUX_BLK_TYPES_H
#define _LINUX_BLK_TYPES_H

#include <linux/types.h>
#include <linux/bvec.h>
#include <linux/atomic.h>
#include <linux/spinlock.h>

struct bio;
struct gendisk;
struct inode;
struct request_queue;
struct device;
struct super_block;

#define SECTOR_SHIFT	9
#define SECTOR_SIZE	(1 << SECTOR_SHIFT)
#define DISK_NAME_LEN	32
#define PARTITION_UUID_LEN	37
#define PAGE_SECTORS_SHIFT	(PAGE_SHIFT - SECTOR_SHIFT)
#define PAGE_SECTORS	(1 << PAGE_SECTORS_SHIFT)

typedef u8 blk_status_t;		/* how a bio ended: errno_to_blk_status() */
typedef u32 blk_opf_t;			/* enum req_op and REQ_ flags */
typedef unsigned int blk_qc_t;

#define BLK_STS_OK		((blk_status_t)0)
#define BLK_STS_NOTSUPP		((blk_status_t)1)
#define BLK_STS_TIMEOUT		((blk_status_t)2)
#define BLK_STS_NOSPC		((blk_status_t)3)
#define BLK_STS_MEDIUM		((blk_status_t)7)
#define BLK_STS_PROTECTION	((blk_status_t)8)
#define BLK_STS_RESOURCE	((blk_status_t)9)
#define BLK_STS_IOERR		((blk_status_t)10)

/* Figures of one direction; sectors of 512 bytes, times in ns. */
enum stat_group { STAT_READ, STAT_WRITE, STAT_DISCARD, STAT_FLUSH, NR_STAT_GROUPS };

struct disk_stats {
	atomic64_t	ios[NR_STAT_GROUPS];
	atomic64_t	sectors[NR_STAT_GROUPS];
	atomic64_t	nsecs[NR_STAT_GROUPS];
	atomic_t	in_flight[2];
	u64		io_ns;			/* with something in flight; bd_stats_lock */
};

struct block_device {
	sector_t		bd_start_sect;	/* on the disk; 0 for a whole one */
	sector_t		bd_nr_sectors;
	dev_t			bd_dev;
	struct device		*bd_device;	/* in /dev and /sys */
	u8			bd_partno;	/* 0: the whole disk */
	char			bd_name[DISK_NAME_LEN];	/* "vda1" */
	char			bd_uuid[PARTITION_UUID_LEN];	/* as PARTUUID= has it, or "" */
	struct gendisk		*bd_disk;
	struct request_queue	*bd_queue;
	struct inode		*bd_inode;	/* of the bdev filesystem; its pages cache the disk */
	bool			bd_read_only;

	spinlock_t		bd_stats_lock;	/* taken in interrupts */
	struct disk_stats	bd_stats;
	u64			bd_stamp;	/* ns: when io_ns was last brought up to date */

	int			bd_openers;	/* the disk's open_mutex; a whole disk's count those of partitions, too */
	struct super_block	*bd_super;	/* the filesystem on it; its owner's */

	/* bdev_lock (block/bdev.c) guards these */
	void			*bd_holder;	/* who opened it with FMODE_EXCL */
	int			bd_holders;
};

typedef void (bio_end_io_t)(struct bio *bio);

/*
 * bio_end_io may be called from a hard interrupt. The submitter owns the bio again then.
 */
struct bio {
	struct bio		*bi_next;	/* for the driver: a list of its own */
	struct block_device	*bi_bdev;
	blk_opf_t		bi_opf;		/* REQ_OP_ and REQ_ flags */
	unsigned short		bi_flags;	/* BIO_* */
	blk_status_t		bi_status;
	struct bvec_iter	bi_iter;
	bio_end_io_t		*bi_end_io;
	void			*bi_private;	/* the submitter's */
	u64			bi_issue_ns;	/* when it was submitted, and how long it was then */
	unsigned int		bi_issue_sectors;
	unsigned short		bi_vcnt;	/* vectors used */
	unsigned short		bi_max_vecs;
	atomic_t		__bi_cnt;	/* references */
	struct bio_vec		*bi_io_vec;	/* bi_inline_vecs, or the caller's own */
	struct bio_vec		bi_inline_vecs[];
};

/* bi_flags */
enum {
	BIO_QUIET,		/* its errors are not worth a message */
	BIO_RESERVE,		/* from the reserve that keeps write-back going without memory */
	BIO_ON_STACK,		/* bio_init(): not to be freed */
	BIO_ACCOUNTED,		/* counted as in flight */
};

#define REQ_OP_BITS	8
#define REQ_OP_MASK	((blk_opf_t)((1 << REQ_OP_BITS) - 1))

enum req_op {
	REQ_OP_READ		= 0,
	REQ_OP_WRITE		= 1,		/* odd numbers go to the device */
	REQ_OP_FLUSH		= 2,		/* empties the device's volatile cache */
	REQ_OP_DISCARD		= 3,
	REQ_OP_WRITE_ZEROES	= 9,
	REQ_OP_DRV_IN		= 34,
	REQ_OP_DRV_OUT		= 35,
};

#define REQ_SYNC		((blk_opf_t)(1u << 11))	/* somebody waits for it */
#define REQ_META		((blk_opf_t)(1u << 12))
#define REQ_PRIO		((blk_opf_t)(1u << 13))
#define REQ_FUA			((blk_opf_t)(1u << 17))	/* on the medium before it ends */
#define REQ_PREFLUSH		((blk_opf_t)(1u << 18))	/* flush the cache before it */
#define REQ_RAHEAD		((blk_opf_t)(1u << 19))	/* nobody waits for it */

static inline enum req_op bio_op(const struct bio *bio)
{
	return bio->bi_opf & REQ_OP_MASK;
}

static inline bool op_is_write(blk_opf_t op)
{
	return op & 1;
}

static inline bool op_is_flush(blk_opf_t op)
{
	return op & (REQ_FUA | REQ_PREFLUSH);
}

static inline int op_stat_group(enum req_op op)
{
	if (op == REQ_OP_DISCARD)
		return STAT_DISCARD;
	if (op == REQ_OP_FLUSH)
		return STAT_FLUSH;
	return op_is_write(op) ? STAT_WRITE : STAT_READ;
}

#endif
