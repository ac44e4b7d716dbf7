/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_IDR_H
#define _LINUX_IDR_H

/*
 * Small numbers for things: an IDR maps each number to a pointer, an IDA only gives numbers out
 * (lib/idr.c). Both are xarrays and bring their own lock, so the caller needs none for their sake;
 * he needs one where a pointer found must stay valid. May be used from interrupts with GFP_ATOMIC.
 *
 * There is no idr_preload(): allocate the number with GFP_KERNEL and a NULL pointer before taking
 * one's own spinlock, and publish with idr_replace() under it.
 */

#include <linux/xarray.h>

struct idr {
	struct xarray	idr_xa;
	unsigned int	idr_next;	/* where idr_alloc_cyclic() goes on; guarded by xa_lock */
};

#define IDR_INIT(name) {							\
	.idr_xa = XARRAY_INIT((name).idr_xa, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ),	\
}
#define DEFINE_IDR(name)	struct idr name = IDR_INIT(name)

static inline void idr_init(struct idr *idr)
{
	xa_init_flags(&idr->idr_xa, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ);
	idr->idr_next = 0;
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int __must_check idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max, gfp_t gfp);
void *idr_find(const struct idr *idr, unsigned long id);
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_get_next(struct idr *idr, int *nextid);
int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data);

static inline bool idr_is_empty(const struct idr *idr)
{
	return xa_empty(&idr->idr_xa);
}

static inline unsigned int idr_get_cursor(const struct idr *idr)
{
	return READ_ONCE(idr->idr_next);
}

static inline void idr_set_cursor(struct idr *idr, unsigned int val)
{
	WRITE_ONCE(idr->idr_next, val);
}

/* Forgets all numbers. The pointers are the caller's to free, before. */
static inline void idr_destroy(struct idr *idr)
{
	xa_destroy(&idr->idr_xa);
}

#define idr_for_each_entry(idr, entry, id)				\
	for (id = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; id += 1U)
#define idr_for_each_entry_continue(idr, entry, id)			\
	for (; ((entry) = idr_get_next(idr, &(id))) != NULL; id += 1U)

struct ida {
	struct xarray	xa;
};

#define IDA_INIT(name)		{ XARRAY_INIT((name).xa, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ) }
#define DEFINE_IDA(name)	struct ida name = IDA_INIT(name)

static inline void ida_init(struct ida *ida)
{
	xa_init_flags(&ida->xa, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ);
}

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);

#define ida_alloc(ida, gfp)		ida_alloc_range(ida, 0, ~0U, gfp)
#define ida_alloc_min(ida, min, gfp)	ida_alloc_range(ida, min, ~0U, gfp)
#define ida_alloc_max(ida, max, gfp)	ida_alloc_range(ida, 0, max, gfp)

static inline bool ida_is_empty(const struct ida *ida)
{
	return xa_empty(&ida->xa);
}

static inline void ida_destroy(struct ida *ida)
{
	xa_destroy(&ida->xa);
}

#endif
