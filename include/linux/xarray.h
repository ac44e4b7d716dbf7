/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

/*
 * An array of pointers with an unsigned long for its index, mostly empty (lib/xarray.c).
 *
 * An entry is a pointer aligned to 4, or a small number made by xa_mk_value(); NULL means empty.
 * Each entry has three marks besides, and the array can be searched for the next marked entry in
 * as many steps as the tree is deep.
 *
 * Each array has its own lock. xa_store() and the like take it themselves; the variants with two
 * underscores want it held, and may drop and retake it where their gfp flags allow them to sleep.
 * An array whose entries an interrupt handler changes is made with XA_FLAGS_LOCK_IRQ and always
 * locked with the _irq or _irqsave variants.
 *
 * Reading without the lock: the lookup functions take none. An entry is published by a release
 * store, so what it points to is seen whole; a node of the tree that becomes empty is freed after a
 * grace period. So rcu_read_lock() is enough to look, and to use what was found if that, too, is freed
 * by RCU. What erases or stores at the same time may or may not be seen.
 */

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define XA_CHUNK_SHIFT		6
#define XA_CHUNK_SIZE		(1UL << XA_CHUNK_SHIFT)
#define XA_CHUNK_MASK		(XA_CHUNK_SIZE - 1)
#define XA_MAX_MARKS		3

/*
 * The low two bits of an entry: 00 a pointer, x1 a value, 10 the array's own: a node of the tree,
 * the reserved entry, or an error between -4095 and -1.
 */
static inline void *xa_mk_value(unsigned long v)
{
	return (void *)((v << 1) | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline void *xa_mk_internal(unsigned long v)
{
	return (void *)((v << 2) | 2);
}

static inline unsigned long xa_to_internal(const void *entry)
{
	return (unsigned long)entry >> 2;
}

static inline bool xa_is_internal(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

/* Keeps a place: allocated, found by nobody, read as NULL. */
#define XA_ZERO_ENTRY		xa_mk_internal(257)

static inline bool xa_is_zero(const void *entry)
{
	return entry == XA_ZERO_ENTRY;
}

static inline bool xa_is_err(const void *entry)
{
	return xa_is_internal(entry) &&
	       (unsigned long)entry >= (unsigned long)xa_mk_internal(-MAX_ERRNO);
}

/* The errno of what a storing function returned, or 0. */
static inline int xa_err(void *entry)
{
	return xa_is_err(entry) ? (long)entry >> 2 : 0;
}

typedef unsigned int xa_mark_t;

#define XA_MARK_0		((xa_mark_t)0U)
#define XA_MARK_1		((xa_mark_t)1U)
#define XA_MARK_2		((xa_mark_t)2U)
#define XA_MARK_MAX		XA_MARK_2
#define XA_PRESENT		((xa_mark_t)8U)		/* for searches: any entry */
#define XA_FREE_MARK		XA_MARK_0		/* taken in an allocating array */

#define XA_FLAGS_LOCK_IRQ	((gfp_t)1U)
#define XA_FLAGS_LOCK_BH	((gfp_t)2U)
#define XA_FLAGS_TRACK_FREE	((gfp_t)4U)
#define XA_FLAGS_ZERO_BUSY	((gfp_t)8U)
#define XA_FLAGS_MARK(mark)	((gfp_t)(1U << (27 + (mark))))

/* For xa_alloc(), which gives out indices from 0 or from 1. XA_MARK_0 is not the caller's then. */
#define XA_FLAGS_ALLOC		XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ALLOC1		(XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

struct xarray {
	spinlock_t	xa_lock;

	/* xa_lock guards the rest */
	gfp_t		xa_flags;
	void		*xa_head;	/* NULL; the entry at index 0, if the only one; or a node */
};

#define XARRAY_INIT(name, flags) {					\
	.xa_lock = __SPIN_LOCK_UNLOCKED((name).xa_lock),		\
	.xa_flags = (flags),						\
	.xa_head = NULL,						\
}
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)		DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

struct xa_limit {
	u32	max, min;
};

#define XA_LIMIT(_min, _max)	(struct xa_limit){ .min = (_min), .max = (_max) }
#define xa_limit_32b		XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b		XA_LIMIT(0, INT_MAX)
#define xa_limit_16b		XA_LIMIT(0, USHRT_MAX)

void xarray_init(void);

static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	spin_lock_init(&xa->xa_lock);
	xa->xa_flags = flags;
	xa->xa_head = NULL;
}

static inline void xa_init(struct xarray *xa)
{
	xa_init_flags(xa, 0);
}

static inline bool xa_empty(const struct xarray *xa)
{
	return READ_ONCE(xa->xa_head) == NULL;
}

/* Does any entry have the mark? */
static inline bool xa_marked(const struct xarray *xa, xa_mark_t mark)
{
	return READ_ONCE(xa->xa_flags) & XA_FLAGS_MARK(mark);
}

#define xa_trylock(xa)			spin_trylock(&(xa)->xa_lock)
#define xa_lock(xa)			spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)			spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa)			spin_lock_bh(&(xa)->xa_lock)
#define xa_unlock_bh(xa)		spin_unlock_bh(&(xa)->xa_lock)
#define xa_lock_irq(xa)			spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa)		spin_unlock_irq(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags)	spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags)	spin_unlock_irqrestore(&(xa)->xa_lock, flags)

/* Take no lock; see above. */
void *xa_load(struct xarray *xa, unsigned long index);
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);

/* xa_lock held. */
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *__xa_erase(struct xarray *xa, unsigned long index);
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int __must_check __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
int __must_check __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
			    gfp_t gfp);
int __must_check __xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
				   struct xa_limit limit, u32 *next, gfp_t gfp);
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
bool __xa_copy_mark(struct xarray *xa, unsigned long *index, unsigned long last, xa_mark_t from, xa_mark_t to);

/* Take and release xa_lock, for arrays of any flags; interrupts are as they were afterwards. */
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int __must_check xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
int __must_check xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
			  gfp_t gfp);
int __must_check xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
				 u32 *next, gfp_t gfp);
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_destroy(struct xarray *xa);

/* The array's own flags say how to lock it, so these are the same functions. */
#define xa_store_irq(xa, index, entry, gfp)		xa_store(xa, index, entry, gfp)
#define xa_store_bh(xa, index, entry, gfp)		xa_store(xa, index, entry, gfp)
#define xa_erase_irq(xa, index)				xa_erase(xa, index)
#define xa_erase_bh(xa, index)				xa_erase(xa, index)
#define xa_cmpxchg_irq(xa, index, old, entry, gfp)	xa_cmpxchg(xa, index, old, entry, gfp)
#define xa_insert_irq(xa, index, entry, gfp)		xa_insert(xa, index, entry, gfp)
#define xa_alloc_irq(xa, id, entry, limit, gfp)		xa_alloc(xa, id, entry, limit, gfp)
#define xa_alloc_cyclic_irq(xa, id, entry, limit, next, gfp)	\
	xa_alloc_cyclic(xa, id, entry, limit, next, gfp)

/* Makes sure that a store at @index needs no memory. Returns 0 or -ENOMEM. */
static inline int __must_check xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp)
{
	return xa_err(xa_cmpxchg(xa, index, NULL, XA_ZERO_ENTRY, gfp));
}

/* Gives up a reservation, unless something was stored there since. */
static inline void xa_release(struct xarray *xa, unsigned long index)
{
	xa_cmpxchg(xa, index, XA_ZERO_ENTRY, NULL, 0);
}

/*
 * A place in an array, for who looks at one entry after the other and changes their marks: the way down the tree
 * is gone once for 64 of them. xa_lock is held from the first use on; after it was dropped, xas_pause() or a new one.
 */
struct xa_state {
	struct xarray	*xa;
	unsigned long	xa_index;
	struct xa_node	*xa_node;	/* which has it; NULL: it is in xa_head */
};

#define XAS_RESTART	((struct xa_node *)1UL)		/* xa_node: has not been looked for */

#define XA_STATE(name, array, index)	\
	struct xa_state name = { .xa = (array), .xa_index = (index), .xa_node = XAS_RESTART }

void *xas_load(struct xa_state *xas);
void *xas_find_marked(struct xa_state *xas, unsigned long max, xa_mark_t mark);
void xas_set_mark(const struct xa_state *xas, xa_mark_t mark);
void xas_clear_mark(const struct xa_state *xas, xa_mark_t mark);

/** xas_pause - the lock will be dropped: the next search goes on behind the entry at hand */
static inline void xas_pause(struct xa_state *xas)
{
	if (xas->xa_node != XAS_RESTART)
		xas->xa_index++;	/* a page's index never is the last number */
	xas->xa_node = XAS_RESTART;
}

#define xas_for_each_marked(xas, entry, max, mark)				\
	for (entry = xas_find_marked(xas, max, mark); entry; entry = xas_find_marked(xas, max, mark))

/* The entry at hand may be erased and others stored; each index is visited at most once. */
#define xa_for_each_range(xa, index, entry, start, last)			\
	for (index = (start), entry = xa_find(xa, &index, last, XA_PRESENT);	\
	     entry;								\
	     entry = xa_find_after(xa, &index, last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start)				\
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry)						\
	xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)				\
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, filter);		\
	     entry;								\
	     entry = xa_find_after(xa, &index, ULONG_MAX, filter))

#endif
