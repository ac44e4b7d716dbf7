/* SPDX-License-Identifier: MIT */
/*
 * iov_iter: where bytes come from or go to, in one type: a program's buffer or several, kernel
 * buffers, or pages. The copy functions below move the iterator on by what they copied, which may
 * be less than was asked when a user address is bad.
 */
#ifndef _LINUX_UIO_H
#define _LINUX_UIO_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <uapi/linux/uio.h>

struct bio_vec;
struct folio;
struct page;

struct kvec {
	void	*iov_base;
	size_t	iov_len;
};

enum iter_type {
	ITER_IOVEC,	/* several user buffers */
	ITER_KVEC,	/* kernel buffers */
	ITER_BVEC,	/* parts of pages */
	ITER_UBUF,	/* one user buffer */
};

#define ITER_SOURCE	1	/* data_source: bytes are read from it (a write) */
#define ITER_DEST	0

struct iov_iter {
	u8		iter_type;
	bool		nofault;
	bool		data_source;
	bool		user_backed;
	size_t		iov_offset;	/* bytes of the current segment that are done */
	size_t		count;		/* bytes left in all */
	union {
		const struct iovec	*iov;
		const struct kvec	*kvec;
		const struct bio_vec	*bvec;
		void __user		*ubuf;
	};
	unsigned long	nr_segs;	/* left, the current one included */
};

struct iov_iter_state {
	size_t		iov_offset;
	size_t		count;
	unsigned long	nr_segs;
};

static inline enum iter_type iov_iter_type(const struct iov_iter *i) { return i->iter_type; }
static inline bool iter_is_iovec(const struct iov_iter *i) { return i->iter_type == ITER_IOVEC; }
static inline bool iter_is_ubuf(const struct iov_iter *i) { return i->iter_type == ITER_UBUF; }
static inline bool iov_iter_is_kvec(const struct iov_iter *i) { return i->iter_type == ITER_KVEC; }
static inline bool iov_iter_is_bvec(const struct iov_iter *i) { return i->iter_type == ITER_BVEC; }
static inline bool user_backed_iter(const struct iov_iter *i) { return i->user_backed; }
static inline unsigned char iov_iter_rw(const struct iov_iter *i) { return i->data_source ? 1 : 0; }
static inline size_t iov_iter_count(const struct iov_iter *i) { return i->count; }

static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->count > count)
		i->count = count;
}

/* Undoes iov_iter_truncate(): the segments still hold that many bytes. */
static inline void iov_iter_reexpand(struct iov_iter *i, size_t count)
{
	i->count = count;
}

static inline size_t iov_length(const struct iovec *iov, unsigned long nr_segs)
{
	size_t ret = 0;

	for (unsigned long seg = 0; seg < nr_segs; seg++)
		ret += iov[seg].iov_len;
	return ret;
}

static inline void iov_iter_ubuf(struct iov_iter *i, unsigned int direction, void __user *buf,
				 size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_UBUF, .user_backed = true, .data_source = direction,
		.ubuf = buf, .count = count, .nr_segs = 1,
	};
}

void iov_iter_init(struct iov_iter *i, unsigned int direction, const struct iovec *iov,
		   unsigned long nr_segs, size_t count);
void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count);
void iov_iter_bvec(struct iov_iter *i, unsigned int direction, const struct bio_vec *bvec,
		   unsigned long nr_segs, size_t count);

void iov_iter_advance(struct iov_iter *i, size_t bytes);
void iov_iter_revert(struct iov_iter *i, size_t bytes);
void iov_iter_save_state(struct iov_iter *iter, struct iov_iter_state *state);
void iov_iter_restore(struct iov_iter *i, struct iov_iter_state *state);
size_t iov_iter_single_seg_count(const struct iov_iter *i);
unsigned long iov_iter_alignment(const struct iov_iter *i);

size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
size_t copy_page_to_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_page_from_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_page_from_iter_atomic(struct page *page, unsigned int offset, size_t bytes,
				  struct iov_iter *i);
size_t iov_iter_zero(size_t bytes, struct iov_iter *i);
bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i);

/* Bytes at the start of the iterator that could NOT be made accessible. May sleep. */
size_t fault_in_iov_iter_readable(const struct iov_iter *i, size_t bytes);
size_t fault_in_iov_iter_writeable(const struct iov_iter *i, size_t bytes);
/* The same for a plain user buffer. */
size_t fault_in_readable(const char __user *uaddr, size_t size);
size_t fault_in_writeable(char __user *uaddr, size_t size);

ssize_t import_iovec(int type, const struct iovec __user *uvec, unsigned int nr_segs,
		     unsigned int fast_segs, struct iovec **iovp, struct iov_iter *i);
int import_single_range(int rw, void __user *buf, size_t len, struct iovec *iov,
			struct iov_iter *i);

#define copy_folio_to_iter(folio, offset, bytes, i) \
	copy_page_to_iter(&(folio)->page, offset, bytes, i)

#endif
