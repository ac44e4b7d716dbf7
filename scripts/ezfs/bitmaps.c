// SPDX-License-Identifier: MIT
/*
 * The bit vectors of the superblock against what the inodes say. A set bit means "in use", in
 * free_inodes and free_data_blocks too, whatever their names say.
 */
#include <inttypes.h>

#include "check.h"

/*
 * Reports runs of blocks: kind(c, blk) says what is the matter with a block, 0 for nothing, and
 * neighbours of one kind are one finding.
 */
static void report_runs(struct check *c, unsigned int (*kind)(const struct check *, uint64_t),
			void (*report)(struct check *, const char *blocks, unsigned int kind))
{
	uint64_t from = EZFS_FIRST_DATA_BLOCK;

	while (from < c->blocks) {
		unsigned int k = kind(c, from);
		uint64_t to = from + 1;
		char text[64];

		while (to < c->blocks && kind(c, to) == k)
			to++;
		if (to - from == 1)
			snprintf(text, sizeof(text), "block %" PRIu64, from);
		else
			snprintf(text, sizeof(text), "blocks %" PRIu64 "-%" PRIu64, from, to - 1);
		if (k)
			report(c, text, k);
		from = to;
	}
}

enum { LEAKED = EZFS_MOST_INODES + 1 };		/* else the kind is the inode that uses it */

static bool data_bit(const struct check *c, unsigned int vector, uint64_t blk)
{
	return ezfs_bit(c->super + vector, (unsigned int)(blk - EZFS_FIRST_DATA_BLOCK));
}

static unsigned int block_kind(const struct check *c, uint64_t blk)
{
	bool marked = data_bit(c, c->layout->sb_free_data_blocks, blk);
	unsigned int user = c->owner[blk].inode;

	if (marked)
		return user ? 0 : LEAKED;
	return user;
}

static void report_block(struct check *c, const char *blocks, unsigned int kind)
{
	check_text name;

	if (kind == LEAKED)
		found(c, "%s: marked in use in free_data_blocks, but nothing uses it", blocks);
	else
		found(c, "%s: used by %s, but marked free in free_data_blocks", blocks,
		      check_name(c, kind, name));
}

/* A block of zero_blocks must be a file's: a free one or a directory's cannot be "zero". */
static unsigned int zero_kind(const struct check *c, uint64_t blk)
{
	unsigned int user = c->owner[blk].inode;

	if (!data_bit(c, c->layout->sb_zero_blocks, blk))
		return 0;
	if (!user)
		return LEAKED;
	return check_is_dir(c, user) ? user : 0;
}

static void report_zero(struct check *c, const char *blocks, unsigned int kind)
{
	check_text name;

	if (kind == LEAKED)
		found(c, "%s: marked in zero_blocks, but no file uses it", blocks);
	else
		found(c, "%s: marked in zero_blocks, but holds the entries of %s", blocks,
		      check_name(c, kind, name));
}

/* Bits from used on to the end of a vector: none may be set. */
static void check_spare_bits(struct check *c, const char *name, unsigned int vector,
			     unsigned int max, unsigned int used, const char *what)
{
	unsigned int nr = 0, first = 0;

	for (unsigned int k = ezfs_vector_bits(max); k-- > used; ) {
		if (ezfs_bit(c->super + vector, k)) {
			nr++;
			first = k;
		}
	}
	if (nr)
		found(c, "superblock: %s has %u bits set past its end, the first is bit %u, "
		      "expected none from bit %u on, for there are %u %s", name, nr, first, used,
		      used, what);
}

void check_bitmaps(struct check *c)
{
	const struct ezfs_layout *l = c->layout;
	unsigned int data = (unsigned int)(c->blocks - EZFS_FIRST_DATA_BLOCK);

	for (unsigned int no = 1; no <= l->max_inodes; no++) {
		check_text name;

		if (c->node[no].live && !check_marked(c, no))
			found(c, "%s: is in use, but marked free in free_inodes",
			      check_name(c, no, name));
	}
	check_spare_bits(c, "free_inodes", l->sb_free_inodes, l->max_inodes, l->max_inodes,
			 "inodes");
	report_runs(c, block_kind, report_block);
	check_spare_bits(c, "free_data_blocks", l->sb_free_data_blocks, l->max_data_blocks, data,
			 "data blocks");
	if (!l->sb_zero_blocks)
		return;
	report_runs(c, zero_kind, report_zero);
	check_spare_bits(c, "zero_blocks", l->sb_zero_blocks, l->max_data_blocks, data,
			 "data blocks");
}
