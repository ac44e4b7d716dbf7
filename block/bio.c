// SPDX-License-Identifier: MIT
/*
 * Bios: their memory, and filling them.
 *
 * Callers: whoever does I/O on a block device (fs/buffer.c, fs/mpage.c, filesystems) allocates and
 * fills; drivers walk and end them. A bio has one owner at a time - the submitter, from submit_bio()
 * on the driver, from bio_endio() on the submitter again - so its fields need no lock.
 *
 * Writing dirty pages is how memory is freed, so it must be possible when there is none. For that a
 * few bios are set aside: bio_alloc() falls back on them and, with none left, waits for one to be
 * ended. It cannot wait for ever, provided that nobody holds a filled bio back while allocating
 * another: submit the first one before.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/wait.h>

#define BIO_INLINE_VECS		4	/* a bio of the cache; longer ones come from kmalloc() */
#define BIO_RESERVE_NR		8

static struct kmem_cache *bio_slab;

/* bio_reserve_lock, taken in interrupts, guards the list. */
static DEFINE_SPINLOCK(bio_reserve_lock);
static struct bio *bio_reserve;
static DECLARE_WAIT_QUEUE_HEAD(bio_reserve_wait);

static struct bio *bio_reserve_get(void)
{
	unsigned long flags;
	struct bio *bio;

	spin_lock_irqsave(&bio_reserve_lock, flags);
	bio = bio_reserve;
	if (bio)
		bio_reserve = bio->bi_next;
	spin_unlock_irqrestore(&bio_reserve_lock, flags);
	return bio;
}

static void bio_reserve_put(struct bio *bio)
{
	unsigned long flags;

	spin_lock_irqsave(&bio_reserve_lock, flags);
	bio->bi_next = bio_reserve;
	bio_reserve = bio;
	spin_unlock_irqrestore(&bio_reserve_lock, flags);
	wake_up(&bio_reserve_wait);
}

/**
 * bio_init - makes a bio of memory that the caller has, such as its stack
 * @bio: the memory
 * @bdev: the device
 * @table: room for vectors, NULL when @max_vecs is 0
 * @max_vecs: how many fit
 * @opf: REQ_OP_ and REQ_ flags
 *
 * It must be ended before that memory goes: use submit_bio_wait().
 */
void bio_init(struct bio *bio, struct block_device *bdev, struct bio_vec *table,
	      unsigned short max_vecs, blk_opf_t opf)
{
	*bio = (struct bio){
		.bi_bdev = bdev, .bi_opf = opf, .bi_flags = 1U << BIO_ON_STACK,
		.bi_max_vecs = max_vecs, .bi_io_vec = table,
	};
	atomic_set(&bio->__bi_cnt, 1);
}
EXPORT_SYMBOL(bio_init);

/**
 * bio_alloc - a bio with room for some vectors
 * @bdev: the device
 * @nr_vecs: how many vectors at most, up to BIO_MAX_VECS; the bio may have room for fewer
 * @opf: REQ_OP_ and REQ_ flags
 * @gfp: as for kmalloc()
 *
 * Does not fail when @gfp allows sleeping; then the caller must not hold back another bio. Else
 * NULL when there is no memory. bio_put() gives it back.
 */
struct bio *bio_alloc(struct block_device *bdev, unsigned short nr_vecs, blk_opf_t opf, gfp_t gfp)
{
	struct bio *bio;
	unsigned short flags = 0;

	/* The reserve is better than that somebody dies for it: he may depend on this very bio. */
	gfp |= __GFP_NORETRY | __GFP_NOWARN;
	/* A loop device's worker: the reserve may be with bios that wait for him. */
	if (current->flags & PF_LOCAL_THROTTLE)
		gfp |= __GFP_MEMALLOC;
	nr_vecs = bio_max_segs(nr_vecs);
	if (nr_vecs <= BIO_INLINE_VECS) {
		nr_vecs = BIO_INLINE_VECS;
		bio = kmem_cache_alloc(bio_slab, gfp);
	} else {
		bio = kmalloc(sizeof(*bio) + nr_vecs * sizeof(struct bio_vec), gfp);
	}
	if (unlikely(!bio)) {
		if (!gfpflags_allow_blocking(gfp))
			return NULL;
		wait_event(bio_reserve_wait, (bio = bio_reserve_get()) != NULL);
		nr_vecs = BIO_INLINE_VECS;
		flags = 1U << BIO_RESERVE;
	}
	bio_init(bio, bdev, bio->bi_inline_vecs, nr_vecs, opf);
	bio->bi_flags = flags;
	return bio;
}
EXPORT_SYMBOL(bio_alloc);

void bio_get(struct bio *bio)
{
	atomic_inc(&bio->__bi_cnt);
}
EXPORT_SYMBOL(bio_get);

/** bio_put - drops a reference; from any context */
void bio_put(struct bio *bio)
{
	if (bio_flagged(bio, BIO_ON_STACK) || !atomic_dec_and_test(&bio->__bi_cnt))
		return;
	if (bio_flagged(bio, BIO_RESERVE))
		bio_reserve_put(bio);
	else if (bio->bi_max_vecs == BIO_INLINE_VECS)
		kmem_cache_free(bio_slab, bio);
	else
		kfree(bio);
}
EXPORT_SYMBOL(bio_put);

/**
 * bio_add_page - one more piece at the end
 * @bio: not yet submitted
 * @page: first page of it
 * @len: bytes
 * @off: where in @page it begins, in bytes
 *
 * Returns @len, or 0 when the bio is full or as large as the device takes: submit it and go on with
 * a new one. The first piece always fits.
 */
int bio_add_page(struct bio *bio, struct page *page, unsigned int len, unsigned int off)
{
	const struct queue_limits *lim = &bdev_get_queue(bio->bi_bdev)->limits;
	struct bio_vec *bv = bio->bi_io_vec + bio->bi_vcnt - 1;

	if (bio->bi_iter.bi_size + len > lim->max_hw_sectors << SECTOR_SHIFT && bio->bi_vcnt)
		return 0;
	if (bio->bi_vcnt && bv->bv_len + len <= lim->max_segment_size &&
	    page_to_phys(bv->bv_page) + bv->bv_offset + bv->bv_len == page_to_phys(page) + off) {
		bv->bv_len += len;
	} else {
		if (bio->bi_vcnt >= min(bio->bi_max_vecs, lim->max_segments))
			return 0;
		bio->bi_io_vec[bio->bi_vcnt++] = (struct bio_vec){ page, len, off };
	}
	bio->bi_iter.bi_size += len;
	return len;
}
EXPORT_SYMBOL(bio_add_page);

/** bio_add_folio - the same for a folio; true when it fitted */
bool bio_add_folio(struct bio *bio, struct folio *folio, size_t len, size_t off)
{
	return bio_add_page(bio, &folio->page, len, off) > 0;
}
EXPORT_SYMBOL(bio_add_folio);

/** bio_advance - @bytes of it are done */
void bio_advance(struct bio *bio, unsigned int bytes)
{
	bio->bi_iter.bi_sector += bytes >> SECTOR_SHIFT;
	if (bio_has_data(bio))
		bvec_iter_advance(bio->bi_io_vec, &bio->bi_iter, bytes);
	else
		bio->bi_iter.bi_size -= bytes;
}
EXPORT_SYMBOL(bio_advance);

/* For bio_for_each_folio_all(): the next page of the next vector; false at the end. */
bool bio_next_folio(struct folio_iter *fi, struct bio *bio)
{
	struct bio_vec *bv;
	unsigned int pos;

	fi->_done += fi->length;
	while (fi->_i < bio->bi_vcnt && fi->_done >= bio->bi_io_vec[fi->_i].bv_len) {
		fi->_i++;
		fi->_done = 0;
	}
	if (fi->_i >= bio->bi_vcnt)
		return false;
	bv = &bio->bi_io_vec[fi->_i];
	pos = bv->bv_offset + fi->_done;
	fi->folio = page_folio(bv->bv_page + pos / PAGE_SIZE);
	fi->offset = pos % PAGE_SIZE;
	fi->length = min_t(size_t, PAGE_SIZE - fi->offset, bv->bv_len - fi->_done);
	return true;
}
EXPORT_SYMBOL(bio_next_folio);

static int __init init_bio(void)
{
	const unsigned int size = sizeof(struct bio) + BIO_INLINE_VECS * sizeof(struct bio_vec);

	bio_slab = kmem_cache_create("bio-4", size, 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	for (int i = 0; i < BIO_RESERVE_NR; i++) {
		struct bio *bio = kmem_cache_alloc(bio_slab, GFP_KERNEL);

		if (!bio)
			panic("bio: no memory for the reserve");
		bio_reserve_put(bio);
	}
	return 0;
}
subsys_initcall(init_bio);
