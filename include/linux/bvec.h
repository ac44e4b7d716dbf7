/* SPDX-License-Identifier: MIT */
/* A piece of memory for I/O: bytes within physically adjacent pages. */
#ifndef _LINUX_BVEC_H
#define _LINUX_BVEC_H

#include <linux/types.h>
#include <linux/mm_types.h>

struct bio_vec {
	struct page	*bv_page;	/* the first one */
	unsigned int	bv_len;		/* bytes; may reach into the pages that follow */
	unsigned int	bv_offset;	/* from the start of bv_page, less than a page */
};

/* How far a bio has got. */
struct bvec_iter {
	sector_t	bi_sector;	/* on the device, in 512-byte units */
	unsigned int	bi_size;	/* bytes left */
	unsigned int	bi_idx;		/* current bio_vec */
	unsigned int	bi_bvec_done;	/* bytes done in it */
};

/* The rest of the current vector, at most to the end of the I/O. */
static inline struct bio_vec bvec_iter_bvec(const struct bio_vec *bv, struct bvec_iter iter)
{
	struct bio_vec cur = bv[iter.bi_idx];

	cur.bv_offset += iter.bi_bvec_done;
	cur.bv_len -= iter.bi_bvec_done;
	if (cur.bv_len > iter.bi_size)
		cur.bv_len = iter.bi_size;
	cur.bv_page += cur.bv_offset / PAGE_SIZE;
	cur.bv_offset %= PAGE_SIZE;
	return cur;
}

/* Goes on by @bytes, which must not be more than iter->bi_size. */
static inline void bvec_iter_advance(const struct bio_vec *bv, struct bvec_iter *iter,
				     unsigned int bytes)
{
	unsigned int done = iter->bi_bvec_done + bytes;

	iter->bi_size -= bytes;
	while (done && done >= bv[iter->bi_idx].bv_len) {
		done -= bv[iter->bi_idx].bv_len;
		iter->bi_idx++;
	}
	iter->bi_bvec_done = done;
}

#endif
