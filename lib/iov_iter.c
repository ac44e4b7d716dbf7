// SPDX-License-Identifier: MIT
/*
 * iov_iter: walking over user buffers, kernel buffers or pages with one set of functions.
 *
 * All copying goes through walk(), which is told what to do with a piece of user memory and what
 * with a piece of kernel memory. A user piece may be copied in part only, when the rest faults:
 * then the walk ends there, and the iterator stands behind the last byte that was copied.
 */
#include <linux/bvec.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

/* Both get a piece of memory and how many bytes were done before; they return those NOT done. */
typedef size_t (*user_step_t)(void __user *piece, size_t len, void *priv, size_t done);
typedef size_t (*kernel_step_t)(void *piece, size_t len, void *priv, size_t done);

/* The current segment: how long it is, and how far we are in it. */
static __always_inline size_t segment_len(const struct iov_iter *i)
{
	switch (i->iter_type) {
	case ITER_IOVEC:
		return i->iov->iov_len;
	case ITER_KVEC:
		return i->kvec->iov_len;
	case ITER_BVEC:
		return i->bvec->bv_len;
	default:
		return i->iov_offset + i->count;
	}
}

static __always_inline void next_segment(struct iov_iter *i)
{
	if (i->iter_type == ITER_BVEC)
		i->bvec++;
	else if (i->iter_type == ITER_KVEC)
		i->kvec++;
	else
		i->iov++;
	i->nr_segs--;
	i->iov_offset = 0;
}

/* Does a piece of the current segment, as much as lies in one place; returns the bytes NOT done. */
static __always_inline size_t do_piece(struct iov_iter *i, size_t len, void *priv, size_t done,
				       user_step_t user, kernel_step_t kernel)
{
	size_t offset = i->iov_offset;

	switch (i->iter_type) {
	case ITER_UBUF:
		return user(i->ubuf + offset, len, priv, done);
	case ITER_IOVEC:
		return user(i->iov->iov_base + offset, len, priv, done);
	case ITER_KVEC:
		return kernel(i->kvec->iov_base + offset, len, priv, done);
	default:	/* ITER_BVEC: pages that follow each other in memory */
		return kernel(page_address(i->bvec->bv_page) + i->bvec->bv_offset + offset, len,
			      priv, done);
	}
}

/* Goes over up to @bytes; returns how many were done, and moves the iterator by them. */
static __always_inline size_t walk(struct iov_iter *i, size_t bytes, void *priv, user_step_t user,
				   kernel_step_t kernel)
{
	size_t done = 0;

	if (unlikely(bytes > i->count))
		bytes = i->count;
	while (done < bytes) {
		size_t len = min(segment_len(i) - i->iov_offset, bytes - done), left;

		if (!len) {
			next_segment(i);
			continue;
		}
		left = do_piece(i, len, priv, done, user, kernel);
		i->iov_offset += len - left;
		i->count -= len - left;
		done += len - left;
		if (unlikely(left))
			break;
	}
	return done;
}

/* ------------------------------------------------------------------ copying */

static size_t step_to_user(void __user *piece, size_t len, void *from, size_t done)
{
	return copy_to_user(piece, from + done, len);
}

static size_t step_to_kernel(void *piece, size_t len, void *from, size_t done)
{
	memcpy(piece, from + done, len);
	return 0;
}

static size_t step_from_user(void __user *piece, size_t len, void *to, size_t done)
{
	/* Not copy_from_user(): a page of the cache is not to be cleared where a read failed. */
	return access_ok(piece, len) ? __copy_from_user_inatomic(to + done, piece, len) : len;
}

static size_t step_from_kernel(void *piece, size_t len, void *to, size_t done)
{
	memcpy(to + done, piece, len);
	return 0;
}

static size_t step_zero_user(void __user *piece, size_t len, void *priv, size_t done)
{
	return clear_user(piece, len);
}

static size_t step_zero_kernel(void *piece, size_t len, void *priv, size_t done)
{
	memset(piece, 0, len);
	return 0;
}

/** copy_to_iter - @bytes from kernel memory to where the iterator points; returns how many */
size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	return walk(i, bytes, (void *)addr, step_to_user, step_to_kernel);
}
EXPORT_SYMBOL(copy_to_iter);

/** copy_from_iter - @bytes from where the iterator points to kernel memory; returns how many */
size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	return walk(i, bytes, addr, step_from_user, step_from_kernel);
}
EXPORT_SYMBOL(copy_from_iter);

/** copy_from_iter_full - all or nothing; false: the iterator is where it was */
bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i)
{
	size_t copied = copy_from_iter(addr, bytes, i);

	if (likely(copied == bytes))
		return true;
	iov_iter_revert(i, copied);
	return false;
}
EXPORT_SYMBOL(copy_from_iter_full);

size_t copy_page_to_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_to_iter(page_address(page) + offset, bytes, i);
}
EXPORT_SYMBOL(copy_page_to_iter);

size_t copy_page_from_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_from_iter(page_address(page) + offset, bytes, i);
}
EXPORT_SYMBOL(copy_page_from_iter);

/**
 * copy_page_from_iter_atomic - the same without taking page faults
 *
 * For a caller who holds a page lock that the fault might want. Does not need fewer bytes than
 * asked to mean an error: fault_in_iov_iter_readable() and another try may get the rest.
 */
size_t copy_page_from_iter_atomic(struct page *page, unsigned int offset, size_t bytes,
				  struct iov_iter *i)
{
	size_t copied;

	pagefault_disable();
	copied = copy_from_iter(page_address(page) + offset, bytes, i);
	pagefault_enable();
	return copied;
}
EXPORT_SYMBOL(copy_page_from_iter_atomic);

size_t iov_iter_zero(size_t bytes, struct iov_iter *i)
{
	return walk(i, bytes, NULL, step_zero_user, step_zero_kernel);
}
EXPORT_SYMBOL(iov_iter_zero);

/* ------------------------------------------------------------------ moving */

/** iov_iter_advance - moves on by @bytes, at most to the end */
void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	bytes = min(bytes, i->count);
	i->count -= bytes;
	if (i->iter_type == ITER_UBUF) {
		i->iov_offset += bytes;
		return;
	}
	while (bytes) {
		size_t len = min(segment_len(i) - i->iov_offset, bytes);

		i->iov_offset += len;
		bytes -= len;
		if (bytes)
			next_segment(i);
	}
}
EXPORT_SYMBOL(iov_iter_advance);

/** iov_iter_revert - moves back by @bytes that were moved on before */
void iov_iter_revert(struct iov_iter *i, size_t bytes)
{
	i->count += bytes;
	while (bytes > i->iov_offset) {
		bytes -= i->iov_offset;
		if (i->iter_type == ITER_BVEC)
			i->bvec--;
		else if (i->iter_type == ITER_KVEC)
			i->kvec--;
		else
			i->iov--;
		i->nr_segs++;
		i->iov_offset = segment_len(i);
	}
	i->iov_offset -= bytes;
}
EXPORT_SYMBOL(iov_iter_revert);

void iov_iter_save_state(struct iov_iter *iter, struct iov_iter_state *state)
{
	state->iov_offset = iter->iov_offset;
	state->count = iter->count;
	state->nr_segs = iter->nr_segs;
}
EXPORT_SYMBOL(iov_iter_save_state);

void iov_iter_restore(struct iov_iter *i, struct iov_iter_state *state)
{
	unsigned long back = state->nr_segs - i->nr_segs;

	if (i->iter_type == ITER_BVEC)
		i->bvec -= back;
	else if (i->iter_type == ITER_KVEC)
		i->kvec -= back;
	else if (i->iter_type == ITER_IOVEC)
		i->iov -= back;
	i->iov_offset = state->iov_offset;
	i->count = state->count;
	i->nr_segs = state->nr_segs;
}
EXPORT_SYMBOL(iov_iter_restore);

/** iov_iter_single_seg_count - bytes left in the current segment */
size_t iov_iter_single_seg_count(const struct iov_iter *i)
{
	return min(i->count, segment_len(i) - i->iov_offset);
}
EXPORT_SYMBOL(iov_iter_single_seg_count);

/** iov_iter_alignment - the addresses and lengths of all segments, or'ed together */
unsigned long iov_iter_alignment(const struct iov_iter *i)
{
	struct iov_iter it = *i;
	unsigned long res = 0;

	while (it.count) {
		size_t len = iov_iter_single_seg_count(&it);

		res |= len | it.iov_offset;
		if (it.iter_type == ITER_BVEC)
			res |= it.bvec->bv_offset;
		else
			res |= it.iter_type == ITER_UBUF ? (unsigned long)it.ubuf
							 : (unsigned long)it.iov->iov_base;
		iov_iter_advance(&it, len);
		if (it.count)
			next_segment(&it);
	}
	return res;
}
EXPORT_SYMBOL(iov_iter_alignment);

/* ------------------------------------------------------------------ making */

void iov_iter_init(struct iov_iter *i, unsigned int direction, const struct iovec *iov,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_IOVEC, .user_backed = true, .data_source = direction,
		.iov = iov, .nr_segs = nr_segs, .count = count,
	};
}
EXPORT_SYMBOL(iov_iter_init);

void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_KVEC, .data_source = direction, .kvec = kvec,
		.nr_segs = nr_segs, .count = count,
	};
}
EXPORT_SYMBOL(iov_iter_kvec);

void iov_iter_bvec(struct iov_iter *i, unsigned int direction, const struct bio_vec *bvec,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_BVEC, .data_source = direction, .bvec = bvec,
		.nr_segs = nr_segs, .count = count,
	};
}
EXPORT_SYMBOL(iov_iter_bvec);

/* Checks a program's vector; total bytes, cut at MAX_RW_COUNT, or -EINVAL, -EFAULT. */
static ssize_t check_iovec(struct iovec *iov, unsigned long nr_segs)
{
	size_t total = 0;

	for (unsigned long seg = 0; seg < nr_segs; seg++) {
		size_t len = iov[seg].iov_len;

		if ((ssize_t)len < 0)
			return -EINVAL;
		if (!access_ok(iov[seg].iov_base, len))
			return -EFAULT;
		len = min_t(size_t, len, MAX_RW_COUNT - total);
		iov[seg].iov_len = len;
		total += len;
	}
	return total;
}

/**
 * import_iovec - copies a vector in from a program
 * @iovp: points at @fast_segs entries to be used if they are enough; set to what is to be kfree'd
 *	afterwards, which may be NULL
 *
 * Returns the bytes in all, or -EINVAL, -EFAULT, -ENOMEM, and then nothing is to be freed.
 */
ssize_t import_iovec(int type, const struct iovec __user *uvec, unsigned int nr_segs,
		     unsigned int fast_segs, struct iovec **iovp, struct iov_iter *i)
{
	struct iovec *iov = *iovp, *allocated = NULL;
	ssize_t total;

	*iovp = NULL;
	if (nr_segs > UIO_MAXIOV)
		return -EINVAL;
	if (nr_segs > fast_segs) {
		iov = allocated = kmalloc_array(nr_segs, sizeof(*iov), GFP_KERNEL);
		if (!iov)
			return -ENOMEM;
	}
	total = -EFAULT;
	if (!copy_from_user(iov, uvec, nr_segs * sizeof(*iov)))
		total = check_iovec(iov, nr_segs);
	if (total < 0) {
		kfree(allocated);
		return total;
	}
	iov_iter_init(i, type, iov, nr_segs, total);
	*iovp = allocated;
	return total;
}
EXPORT_SYMBOL(import_iovec);

int import_single_range(int rw, void __user *buf, size_t len, struct iovec *iov, struct iov_iter *i)
{
	len = min_t(size_t, len, MAX_RW_COUNT);
	if (!access_ok(buf, len))
		return -EFAULT;
	iov->iov_base = buf;
	iov->iov_len = len;
	iov_iter_init(i, rw, iov, 1, len);
	return 0;
}
EXPORT_SYMBOL(import_single_range);

/* ------------------------------------------------------------------ faulting in ahead of time */

/** fault_in_readable - makes a user range readable; returns the bytes that are not */
size_t fault_in_readable(const char __user *uaddr, size_t size)
{
	const char __user *end = uaddr + size, *p = uaddr;
	char c;

	if (!size)
		return 0;
	if (!access_ok(uaddr, size))
		return size;
	while (p < end) {
		if (__copy_from_user_inatomic(&c, p, 1))
			return end - p;
		p = (const char __user *)(((unsigned long)p | (PAGE_SIZE - 1)) + 1);
	}
	return 0;
}
EXPORT_SYMBOL(fault_in_readable);

/** fault_in_writeable - makes a user range that will be overwritten writable; spoils it */
size_t fault_in_writeable(char __user *uaddr, size_t size)
{
	char __user *end = uaddr + size, *p = uaddr;

	if (!size)
		return 0;
	if (!access_ok(uaddr, size))
		return size;
	while (p < end) {
		if (clear_user(p, 1))
			return end - p;
		p = (char __user *)(((unsigned long)p | (PAGE_SIZE - 1)) + 1);
	}
	return 0;
}
EXPORT_SYMBOL(fault_in_writeable);

typedef size_t (*fault_in_t)(char __user *uaddr, size_t size);

static size_t fault_in_iter(const struct iov_iter *i, size_t bytes, fault_in_t fault_in)
{
	struct iov_iter it = *i;

	if (!user_backed_iter(i))
		return 0;
	bytes = min(bytes, it.count);
	while (bytes) {
		size_t len = min(iov_iter_single_seg_count(&it), bytes), left;

		if (!len) {
			next_segment(&it);
			continue;
		}
		left = fault_in(it.iter_type == ITER_UBUF ? it.ubuf + it.iov_offset
							  : it.iov->iov_base + it.iov_offset, len);
		if (left)
			return bytes - len + left;
		bytes -= len;
		it.iov_offset += len;
		it.count -= len;
	}
	return 0;
}

static size_t fault_in_read(char __user *uaddr, size_t size)
{
	return fault_in_readable(uaddr, size);
}

size_t fault_in_iov_iter_readable(const struct iov_iter *i, size_t bytes)
{
	return fault_in_iter(i, bytes, fault_in_read);
}
EXPORT_SYMBOL(fault_in_iov_iter_readable);

size_t fault_in_iov_iter_writeable(const struct iov_iter *i, size_t bytes)
{
	return fault_in_iter(i, bytes, fault_in_writeable);
}
EXPORT_SYMBOL(fault_in_iov_iter_writeable);
