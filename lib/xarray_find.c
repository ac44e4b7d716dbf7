// SPDX-License-Identifier: MIT
/*
 * The xarray: searching it for the next entry, the next one that has a mark, or a free index.
 *
 * Callers hold xa_lock or are readers as linux/xarray.h says. Nothing is changed here.
 */

#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/xarray.h>

#include "xarray.h"

/* The first slot of @node from @offset on that matches, or XA_CHUNK_SIZE. */
static unsigned int next_slot(const struct xa_node *node, unsigned int offset, xa_mark_t filter)
{
	if (filter != XA_PRESENT) {
		unsigned long marks = READ_ONCE(node->marks[filter]) & (~0UL << offset);

		return marks ? __ffs(marks) : XA_CHUNK_SIZE;
	}
	while (offset < XA_CHUNK_SIZE && !READ_ONCE(node->slots[offset]))
		offset++;
	return offset;
}

/*
 * Finds the first match from *@indexp on and not after @max, and moves *@indexp to it. False if
 * there is none in the tree; *@indexp has then moved behind the tree or behind @max. The entry is
 * NULL if free indices are searched for, and else never.
 */
bool xa_seek(const struct xarray *xa, unsigned long *indexp, unsigned long max, xa_mark_t filter,
	     void **entryp)
{
	void *entry = READ_ONCE(xa->xa_head);
	struct xa_node *root = to_node(entry), *node = root;
	unsigned long index = *indexp;

	if (!is_node(entry)) {
		*entryp = entry;
		return entry && !index && (filter == XA_PRESENT || xa_marked(xa, filter));
	}
	while (index <= max && index <= node_max(root)) {
		unsigned int offset = offset_in(node, index);
		unsigned int next = next_slot(node, offset, filter);

		if (next != offset) {
			/* Nothing left in this node: on to the one behind it, from the root. */
			if (next == XA_CHUNK_SIZE) {
				index |= node_max(node);
				*indexp = ++index;
				if (!index)
					return false;
				node = root;
				continue;
			}
			index = (index & ~node_max(node)) | (unsigned long)next << node->shift;
			*indexp = index;
			if (index > max)
				return false;
		}
		entry = READ_ONCE(node->slots[next]);
		if (!node->shift || !entry) {
			*entryp = entry;
			return true;
		}
		node = to_node(entry);
	}
	return false;
}

/**
 * xa_find - the first entry from *@index to @max, both included
 * @index: where to begin, and where the entry was found
 * @filter: XA_PRESENT for any entry, or the mark it must have
 *
 * Returns NULL, and leaves *@index alone, if there is none. Reserved entries are passed over.
 */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	unsigned long at = *index;
	void *entry;

	while (xa_seek(xa, &at, max, filter, &entry)) {
		if (entry && !xa_is_zero(entry)) {
			*index = at;
			return entry;
		}
		if (at++ == max)
			break;
	}
	return NULL;
}
EXPORT_SYMBOL(xa_find);

/* xa_find() from the index after *@index on. */
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	unsigned long at = *index + 1;
	void *entry;

	if (!at)
		return NULL;
	entry = xa_find(xa, &at, max, filter);
	if (entry)
		*index = at;
	return entry;
}
EXPORT_SYMBOL(xa_find_after);

/**
 * xas_find_marked - the next entry that has a mark, the first time from xa_index itself on
 * @mark: XA_PRESENT for any entry
 *
 * Returns NULL if there is none up to @max; the search is over then.
 */
void *xas_find_marked(struct xa_state *xas, unsigned long max, xa_mark_t mark)
{
	const struct xa_node *leaf = xas->xa_node;
	unsigned long index = xas->xa_index;
	void *entry;

	if (leaf != XAS_RESTART && (++index > max || !index))
		return NULL;
	if (leaf != XAS_RESTART && leaf && (index & XA_CHUNK_MASK)) {
		index = (index & ~XA_CHUNK_MASK) + next_slot(leaf, index & XA_CHUNK_MASK, mark);
		if (index > max || !index)
			return NULL;
		entry = index & XA_CHUNK_MASK ? leaf->slots[index & XA_CHUNK_MASK] : NULL;
		if (entry && !xa_is_zero(entry)) {
			xas->xa_index = index;
			return entry;
		}
	}
	entry = xa_find(xas->xa, &index, max, mark);
	if (entry) {
		xas->xa_index = index;
		xas->xa_node = leaf_of(xas->xa, index);
	}
	return entry;
}
EXPORT_SYMBOL(xas_find_marked);
