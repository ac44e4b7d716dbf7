// SPDX-License-Identifier: MIT
/*
 * IDR and IDA: small numbers given out lowest first, or in turn.
 *
 * Callers: process IDs (in turn, so that a number is not used again soon), device minors.
 * Locking: each function that changes something takes the array's own lock with interrupts off. The
 * lookups take none: they are readers of RCU, and so is a caller who follows what they found.
 */

#include <linux/err.h>
#include <linux/export.h>
#include <linux/idr.h>
#include <linux/rcupdate.h>

/* The error that idr's callers know: no number left is -ENOSPC. */
static int idr_error(int err)
{
	return err == -EBUSY ? -ENOSPC : err;
}

/**
 * idr_alloc - give a number in [@start, @end) to @ptr
 * @ptr: NULL keeps the number for idr_replace() to come; nobody finds it until then
 * @end: 0 or less: no limit but INT_MAX
 *
 * Returns the number, -ENOSPC, -ENOMEM, or -EINVAL for a negative @start.
 */
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	struct xa_limit limit = XA_LIMIT(start, end > 0 ? end - 1 : INT_MAX);
	u32 id;
	int err;

	if (start < 0)
		return -EINVAL;
	err = xa_alloc(&idr->idr_xa, &id, ptr, limit, gfp);
	return err ? idr_error(err) : (int)id;
}
EXPORT_SYMBOL(idr_alloc);

/* The same, but going on behind the last number and beginning again at @start after the last. */
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	struct xa_limit limit = XA_LIMIT(start, end > 0 ? end - 1 : INT_MAX);
	u32 id;
	int err;

	if (start < 0)
		return -EINVAL;
	err = xa_alloc_cyclic(&idr->idr_xa, &id, ptr, limit, &idr->idr_next, gfp);
	return err < 0 ? idr_error(err) : (int)id;
}
EXPORT_SYMBOL(idr_alloc_cyclic);

/* Gives the lowest number from *@id to @max, both included. 0, -ENOSPC or -ENOMEM. */
int idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max, gfp_t gfp)
{
	struct xa_limit limit = XA_LIMIT(*id, max > UINT_MAX ? UINT_MAX : max);

	return idr_error(xa_alloc(&idr->idr_xa, id, ptr, limit, gfp));
}
EXPORT_SYMBOL(idr_alloc_u32);

/* The pointer of @id; NULL for a number that is free or only kept. */
void *idr_find(const struct idr *idr, unsigned long id)
{
	void *entry;

	rcu_read_lock();
	entry = xa_load((struct xarray *)&idr->idr_xa, id);
	rcu_read_unlock();
	return entry;
}
EXPORT_SYMBOL(idr_find);

/* Gives @id, which is in use, to @ptr. Returns the old pointer, or ERR_PTR(-ENOENT). */
void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	struct xarray *xa = &idr->idr_xa;
	unsigned long flags;
	void *old;

	xa_lock_irqsave(xa, flags);
	/* An insertion that finds the place taken tells a kept number from a free one. */
	if (__xa_insert(xa, id, NULL, 0) == -EBUSY) {
		old = __xa_store(xa, id, ptr, 0);
	} else {
		__xa_erase(xa, id);
		old = ERR_PTR(-ENOENT);
	}
	xa_unlock_irqrestore(xa, flags);
	return old;
}
EXPORT_SYMBOL(idr_replace);

/* Frees the number. Returns its pointer, or NULL. */
void *idr_remove(struct idr *idr, unsigned long id)
{
	return xa_erase(&idr->idr_xa, id);
}
EXPORT_SYMBOL(idr_remove);

/* The pointer of the lowest number from *@nextid on, which becomes that number; NULL at the end. */
void *idr_get_next(struct idr *idr, int *nextid)
{
	unsigned long id = *nextid;
	void *entry;

	if (*nextid < 0)
		return NULL;
	rcu_read_lock();
	entry = xa_find(&idr->idr_xa, &id, INT_MAX, XA_PRESENT);
	rcu_read_unlock();
	if (entry)
		*nextid = id;
	return entry;
}
EXPORT_SYMBOL(idr_get_next);

/* Calls @fn for each, without the lock, until it returns something else than 0; returns that. */
int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data)
{
	int id = 0, ret = 0;
	void *entry;

	while (!ret && (entry = idr_get_next((struct idr *)idr, &id))) {
		ret = fn(id, entry, data);
		if (id++ == INT_MAX)
			break;
	}
	return ret;
}
EXPORT_SYMBOL(idr_for_each);

/**
 * ida_alloc_range - give out the lowest free number from @min to @max, both included
 *
 * Returns it, or -ENOSPC or -ENOMEM. Numbers above INT_MAX are not given.
 */
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	struct xa_limit limit = XA_LIMIT(min, max > INT_MAX ? INT_MAX : max);
	u32 id;
	int err;

	if ((int)min < 0)
		return -ENOSPC;
	err = xa_alloc(&ida->xa, &id, xa_mk_value(0), limit, gfp);
	return err ? idr_error(err) : (int)id;
}
EXPORT_SYMBOL(ida_alloc_range);

void ida_free(struct ida *ida, unsigned int id)
{
	WARN(!xa_erase(&ida->xa, id), "ida_free called for id=%u which is not allocated\n", id);
}
EXPORT_SYMBOL(ida_free);
