/* SPDX-License-Identifier: MIT */
#ifndef _LIB_XARRAY_H
#define _LIB_XARRAY_H

/* The nodes of the xarray's tree, for lib/xarray.c, which explains them, and lib/xarray_find.c. */

#include <linux/xarray.h>

struct xa_node {
	unsigned char	shift;		/* never changes: bits of the index below this node's six */
	unsigned char	offset;		/* of this node's slot in its parent */
	unsigned char	count;		/* slots that are not NULL */
	union {
		struct xa_node	*parent;	/* NULL in the root */
		struct rcu_head	rcu;		/* once it is out of the tree; readers do not look up */
	};
	void		*slots[XA_CHUNK_SIZE];
	unsigned long	marks[XA_MAX_MARKS];
};

static inline bool is_node(const void *entry)
{
	/* The reserved entry and its like are small numbers, and errors are never stored. */
	return xa_is_internal(entry) && (unsigned long)entry > 4096;
}

static inline struct xa_node *to_node(const void *entry)
{
	return (struct xa_node *)((unsigned long)entry - 2);
}

static inline void *node_entry(const struct xa_node *node)
{
	return (void *)((unsigned long)node | 2);
}

static inline unsigned int offset_in(const struct xa_node *node, unsigned long index)
{
	return (index >> node->shift) & XA_CHUNK_MASK;
}

/* The largest index that lies below @node when it is the root. At the full height: all ones. */
static inline unsigned long node_max(const struct xa_node *node)
{
	return (XA_CHUNK_SIZE << node->shift) - 1;
}

static inline bool tracks_free(const struct xarray *xa)
{
	return xa->xa_flags & XA_FLAGS_TRACK_FREE;
}

static inline void *zero_to_null(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

struct xa_node *leaf_of(const struct xarray *xa, unsigned long index);
bool xa_seek(const struct xarray *xa, unsigned long *indexp, unsigned long max, xa_mark_t filter,
	     void **entryp);

#endif
