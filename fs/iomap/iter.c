// SPDX-License-Identifier: MIT
/*
 * The walk over a range of a file, a piece at a time: what all of iomap is made of.
 *
 *	struct iomap_iter iter = { .inode = inode, .pos = pos, .len = len, .flags = IOMAP_WRITE };
 *	while ((ret = iomap_iter(&iter, ops)) > 0)
 *		iter.processed = do_something(&iter);	with iter.iomap, iomap_length(&iter) bytes from iter.pos on
 *
 * Each ->iomap_begin() that succeeded has its ->iomap_end(), with what was done in between: also when it was nothing, or
 * an error.
 *
 * Locking: the caller's, who keeps the range of the file from being changed by others.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/iomap.h>
#include <linux/kernel.h>
#include <linux/string.h>

/*
 * What a filesystem has answered is believed from here on. So a piece that has not the position in it, which would never
 * end, one that begins within a block, and a hole for who wants to write, are mistakes of its: -EIO. What we cannot do: -EOPNOTSUPP.
 */
static int check_answer(const struct iomap_iter *iter)
{
	const struct iomap *m = &iter->iomap;
	u64 whole = m->offset | m->length;

	if (m->type == IOMAP_MAPPED || m->type == IOMAP_UNWRITTEN)
		whole |= m->addr;
	else if (m->type == IOMAP_HOLE)
		whole = 0;
	if (m->offset <= iter->pos && m->offset + (loff_t)m->length > iter->pos &&
	    !(whole & (i_blocksize(iter->inode) - 1)) &&
	    !(m->type == IOMAP_HOLE && (iter->flags & IOMAP_WRITE))) {
		if (m->type < IOMAP_INLINE && !(m->flags & IOMAP_F_BUFFER_HEAD))
			return 0;
		pr_err_ratelimited("iomap: %s: type %u, flags %#x: data in the inode, or in buffers, are not known here\n",
				   iter->inode->i_sb->s_id, m->type, m->flags);
		return -EOPNOTSUPP;
	}
	pr_err_ratelimited("iomap: %s: asked for byte %lld, flags %#x, ->iomap_begin() says type %u, offset %lld, length %llu, address %llu\n",
			   iter->inode->i_sb->s_id, iter->pos, iter->flags, m->type, m->offset, m->length, m->addr);
	return -EIO;
}

/* Ends the piece at hand. 1: go on; 0: the walk is over; or an error. */
static int end_piece(struct iomap_iter *iter, const struct iomap_ops *ops)
{
	int ret = 0;

	if (ops->iomap_end)
		ret = ops->iomap_end(iter->inode, iter->pos, iomap_length(iter), max_t(s64, iter->processed, 0),
				     iter->flags, &iter->iomap);
	if (ret < 0 && !iter->processed)
		return ret;
	if (iter->processed <= 0)
		return iter->processed;
	if (WARN_ON_ONCE(iter->processed > iomap_length(iter)))
		return -EIO;
	iter->pos += iter->processed;
	iter->len -= iter->processed;
	return iter->len > 0;
}

/**
 * iomap_iter - the next piece of a walk, after the one at hand was ended
 * @iter: at first with inode, pos, len and flags, all else 0
 * @ops: the filesystem's
 *
 * Returns 1 with a piece in iter->iomap, 0 when there is no more, or an error: of @ops, or what the caller put into
 * iter->processed.
 */
int iomap_iter(struct iomap_iter *iter, const struct iomap_ops *ops)
{
	int ret;

	if (iter->iomap.length) {
		ret = end_piece(iter, ops);
		if (ret <= 0)
			return ret;
	} else if (!iter->len) {
		return 0;
	}
	iter->processed = 0;
	memset(&iter->iomap, 0, sizeof(iter->iomap));
	memset(&iter->srcmap, 0, sizeof(iter->srcmap));
	ret = ops->iomap_begin(iter->inode, iter->pos, iter->len, iter->flags, &iter->iomap, &iter->srcmap);
	if (ret < 0)
		return ret;
	ret = check_answer(iter);
	if (!ret)
		return 1;
	if (ops->iomap_end)
		ops->iomap_end(iter->inode, iter->pos, 0, 0, iter->flags, &iter->iomap);
	return ret;
}
EXPORT_SYMBOL(iomap_iter);
