/* SPDX-License-Identifier: MIT */
/* Making, filling, submitting and ending bios (block/bio.c). */
#ifndef _LINUX_BIO_H
#define _LINUX_BIO_H

#include <linux/blk_types.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#define BIO_MAX_VECS		256U

static inline unsigned int bio_max_segs(unsigned int nr_segs)
{
	return nr_segs < BIO_MAX_VECS ? nr_segs : BIO_MAX_VECS;
}

#define bio_data_dir(bio)	(op_is_write(bio_op(bio)) ? WRITE : READ)
#define bio_sectors(bio)	((bio)->bi_iter.bi_size >> SECTOR_SHIFT)
#define bio_end_sector(bio)	((bio)->bi_iter.bi_sector + bio_sectors(bio))
#define bio_iovec(bio)		bvec_iter_bvec((bio)->bi_io_vec, (bio)->bi_iter)
#define bio_page(bio)		bio_iovec(bio).bv_page
#define bio_offset(bio)		bio_iovec(bio).bv_offset

#ifndef READ
#define READ	0
#define WRITE	1
#endif

static inline bool bio_flagged(struct bio *bio, unsigned int bit)
{
	return bio->bi_flags & (1U << bit);
}

static inline void bio_set_flag(struct bio *bio, unsigned int bit)
{
	bio->bi_flags |= 1U << bit;
}

static inline void bio_clear_flag(struct bio *bio, unsigned int bit)
{
	bio->bi_flags &= ~(1U << bit);
}

/* Does it move bytes? A flush alone does not. */
static inline bool bio_has_data(struct bio *bio)
{
	return bio->bi_iter.bi_size && bio_op(bio) != REQ_OP_DISCARD &&
	       bio_op(bio) != REQ_OP_WRITE_ZEROES;
}

#define __bio_for_each_segment(bvl, bio, iter, start)				\
	for (iter = (start);							\
	     (iter).bi_size && ((bvl = bvec_iter_bvec((bio)->bi_io_vec, iter)), 1); \
	     bvec_iter_advance((bio)->bi_io_vec, &(iter), (bvl).bv_len))

/*
 * For drivers: each piece that is left to do. A vector may be longer than a page; its pages are
 * physically adjacent, so page_to_phys(bv_page) + bv_offset and bv_len are what DMA needs.
 */
#define bio_for_each_segment(bvl, bio, iter)					\
	__bio_for_each_segment(bvl, bio, iter, (bio)->bi_iter)
#define bio_for_each_bvec(bvl, bio, iter)	bio_for_each_segment(bvl, bio, iter)

/* For submitters: every vector from the first, whatever was done. */
#define bio_for_each_bvec_all(bvl, bio, i)					\
	for (i = 0, bvl = (bio)->bi_io_vec; i < (bio)->bi_vcnt; i++, bvl++)

/* Every page of every vector: the pages that bio_add_page() was given. */
struct folio_iter {
	struct folio	*folio;
	size_t		offset, length;	/* of the piece within the page */
	unsigned int	_i;		/* vector */
	unsigned int	_done;		/* bytes of it seen */
};

bool bio_next_folio(struct folio_iter *fi, struct bio *bio);

#define bio_for_each_folio_all(fi, bio)						\
	for ((fi) = (struct folio_iter){ 0 }; bio_next_folio(&(fi), bio); )

struct bio *bio_alloc(struct block_device *bdev, unsigned short nr_vecs, blk_opf_t opf, gfp_t gfp);
void bio_init(struct bio *bio, struct block_device *bdev, struct bio_vec *table,
	      unsigned short max_vecs, blk_opf_t opf);
void bio_get(struct bio *bio);
void bio_put(struct bio *bio);
int bio_add_page(struct bio *bio, struct page *page, unsigned int len, unsigned int off);
bool bio_add_folio(struct bio *bio, struct folio *folio, size_t len, size_t off);
void bio_advance(struct bio *bio, unsigned int bytes);
void submit_bio(struct bio *bio);
int submit_bio_wait(struct bio *bio);
void bio_endio(struct bio *bio);

static inline void bio_io_error(struct bio *bio)
{
	bio->bi_status = BLK_STS_IOERR;
	bio_endio(bio);
}

#endif
