// SPDX-License-Identifier: MIT
/*
 * Each inode that is in use: its type, times, size, links, and its blocks. Each block is noted
 * in c->owner, where a second user of it is found.
 */
#include <inttypes.h>
#include <sys/stat.h>

#include "check.h"

/* One inode under check. */
struct subject {
	unsigned int	no;
	const uint8_t	*raw;
	bool		is_dir;
	uint64_t	size, nblocks;
	uint64_t	need;		/* blocks from 0 to the end of the file */
	uint64_t	have;		/* blocks that it names, up to the end or beyond */
	bool		unknown;	/* its indirect block could not be read: have is too low */
	check_text	name;
};

enum { NSEC_PER_SEC = 1000000000 };

/* "file block 3 of inode 5 (/x)" */
static const char *owner_name(const struct check *c, struct check_owner o, char buf[512])
{
	check_text name;

	if (o.indirect)
		snprintf(buf, 512, "the indirect block of %s", check_name(c, o.inode, name));
	else
		snprintf(buf, 512, "file block %u of %s", o.file_block,
			 check_name(c, o.inode, name));
	return buf;
}

static bool same_owner(struct check_owner a, struct check_owner b, uint64_t apart)
{
	return a.inode == b.inode && a.indirect == b.indirect &&
	       (a.indirect || a.file_block + apart == b.file_block);
}

/*
 * Notes that the count blocks from blk on, all of them in range, are file blocks file_block and
 * on of an inode (or, with count 1, its indirect block). Neighbours that are used twice by the
 * same two are one finding.
 */
static void claim(struct check *c, uint64_t blk, uint64_t count, struct check_owner who)
{
	for (uint64_t i = 0; i < count; ) {
		struct check_owner first = c->owner[blk + i], now = who;
		uint64_t run = 1;

		now.file_block = (uint16_t)(who.file_block + i);
		if (!first.inode) {
			c->owner[blk + i++] = now;
			continue;
		}
		while (i + run < count && same_owner(first, c->owner[blk + i + run], run))
			run++;
		if (run == 1)
			found(c, "block %" PRIu64 ": used twice: as %s and as %s", blk + i,
			      owner_name(c, first, (char [512]){ 0 }),
			      owner_name(c, now, (char [512]){ 0 }));
		else
			found(c, "blocks %" PRIu64 "-%" PRIu64 ": used twice: as %s (and on) and "
			      "as %s (and on)", blk + i, blk + i + run - 1,
			      owner_name(c, first, (char [512]){ 0 }),
			      owner_name(c, now, (char [512]){ 0 }));
		i += run;
	}
}

static void check_past_device(struct check *c, const struct subject *s, uint64_t blk,
			      uint64_t count)
{
	if (count && blk + count > c->disk->blocks)
		found(c, "%s: block %" PRIu64 " lies past the end of the device (%" PRIu64
		      " blocks)", s->name, blk + count - 1, c->disk->blocks);
}

/*
 * A number that stands for one block of the indexed layout. Returns true when it is a block that
 * can be on this disk; it has been claimed then.
 */
static bool check_block(struct check *c, const struct subject *s, uint64_t blk,
			struct check_owner who)
{
	char what[32] = "the indirect block";

	who.inode = (uint8_t)s->no;
	if (!who.indirect)
		snprintf(what, sizeof(what), "file block %u", who.file_block);
	if (!check_in_range(c, blk)) {
		found(c, "%s: %s is block %" PRIu64 ", expected 2 to %" PRIu64, s->name, what,
		      blk, c->blocks - 1);
		return false;
	}
	check_past_device(c, s, blk, 1);
	claim(c, blk, 1, who);
	return true;
}

/* One file block of the indexed layout, which may be a hole. */
static void check_file_block(struct check *c, struct subject *s, unsigned int file_block,
			     uint64_t blk)
{
	if (ezfs_is_no_block(blk)) {
		if (s->is_dir && file_block == 0)
			found(c, "%s: has no block, expected one for its entries", s->name);
		return;
	}
	s->have++;
	if (file_block >= s->need)
		found(c, "%s: file block %u (block %" PRIu64 ") lies past the end of the file "
		      "(size %" PRIu64 ")", s->name, file_block, blk, s->size);
	check_block(c, s, blk, (struct check_owner){ .file_block = (uint16_t)file_block });
}

static void check_indirect(struct check *c, struct subject *s)
{
	uint64_t blk = ezfs_get64(s->raw + c->layout->i_indirect);
	uint8_t buf[EZFS_BLOCK_SIZE];

	if (ezfs_is_no_block(blk))
		return;
	if (s->need <= 1) {
		/* Its entries are not looked at: most likely it is no indirect block at all. */
		found(c, "%s: has an indirect block, %" PRIu64 ", and needs none for %" PRIu64
		      " bytes", s->name, blk, s->size);
		check_block(c, s, blk, (struct check_owner){ .indirect = true });
		return;
	}
	if (!check_block(c, s, blk, (struct check_owner){ .indirect = true }) ||
	    !check_read(c, blk, buf)) {
		s->unknown = true;
		return;
	}
	for (unsigned int i = 0; i < EZFS_INDIRECT_ENTRIES; i++)
		check_file_block(c, s, i + 1, ezfs_get64(buf + 8 * i));
}

/* nblocks counts the blocks that are there; a count of the holes too is taken as well. */
static void check_indexed(struct check *c, struct subject *s)
{
	check_file_block(c, s, 0, ezfs_get64(s->raw + c->layout->i_block));
	check_indirect(c, s);
	if (s->is_dir || s->unknown)
		return;
	if (s->nblocks == s->have || s->nblocks == s->need)
		return;
	if (s->have < s->need)
		found(c, "%s: nblocks is %" PRIu64 ", expected %" PRIu64 " (or with holes %" PRIu64
		      ")", s->name, s->nblocks, s->have, s->need);
	else
		found(c, "%s: nblocks is %" PRIu64 ", expected %" PRIu64, s->name, s->nblocks,
		      s->have);
}

static void check_contiguous(struct check *c, struct subject *s)
{
	uint64_t first = ezfs_get64(s->raw + c->layout->i_block), count;

	if (!s->is_dir && s->nblocks != s->need)
		found(c, "%s: nblocks is %" PRIu64 ", expected %" PRIu64 " for %" PRIu64 " bytes",
		      s->name, s->nblocks, s->need, s->size);
	/* When the two differ, more damage is done by believing the larger. */
	count = s->nblocks < s->need ? s->nblocks : s->need;
	if (s->is_dir)
		count = 1;
	if (ezfs_is_no_block(first)) {
		if (count)
			found(c, "%s: has no first block, expected one for its %" PRIu64 " blocks",
			      s->name, count);
		return;
	}
	if (!s->need && !s->nblocks) {
		found(c, "%s: first block is %" PRIu64 ", expected none in an empty file", s->name,
		      first);
		return;
	}
	if (!check_in_range(c, first) || count > c->blocks - first) {
		found(c, "%s: blocks are %" PRIu64 " and on, %" PRIu64 " of them, expected in 2 to %"
		      PRIu64, s->name, first, count, c->blocks - 1);
		return;
	}
	check_past_device(c, s, first, count);
	claim(c, first, count, (struct check_owner){ .inode = (uint8_t)s->no });
}

static void check_times(struct check *c, const struct subject *s)
{
	static const char *const names[] = { "atime", "mtime", "ctime" };

	for (unsigned int i = 0; c->layout->has_nsec && i < EZFS_NR_TIMES; i++) {
		uint64_t nsec = ezfs_get64(s->raw + c->layout->i_time[i] + 8);

		if (nsec >= NSEC_PER_SEC)
			found(c, "%s: nanoseconds of %s are %" PRId64 ", expected 0 to 999999999",
			      s->name, names[i], (int64_t)nsec);
	}
}

static void check_size(struct check *c, struct subject *s)
{
	uint64_t most = ezfs_max_file_blocks(c->layout, c->blocks);

	if (s->is_dir) {
		if (s->size != EZFS_BLOCK_SIZE)
			found(c, "%s: a directory's size is %" PRIu64 ", expected %u", s->name,
			      s->size, EZFS_BLOCK_SIZE);
		if (s->nblocks != 1)
			found(c, "%s: a directory's nblocks is %" PRIu64 ", expected 1", s->name,
			      s->nblocks);
		s->need = 1;
	} else if (s->need > most) {
		found(c, "%s: size is %" PRIu64 ", expected at most %" PRIu64 " (%" PRIu64
		      " blocks)", s->name, s->size, most * EZFS_BLOCK_SIZE, most);
	}
}

static void check_links(struct check *c, const struct subject *s)
{
	const struct check_node *n = &c->node[s->no];
	uint32_t nlink = ezfs_get32(s->raw + c->layout->i_nlink);
	uint32_t expect = s->is_dir ? 2 + n->subdirs : n->refs;

	if (!n->reached && check_marked(c, s->no))
		found(c, "%s: is marked in use, but no path from the root leads to it", s->name);
	if (nlink == expect || (s->is_dir ? !n->loaded : !n->refs))
		return;
	if (s->is_dir)
		found(c, "%s: nlink is %u, expected %u (2 and %u directories in it)", s->name,
		      nlink, expect, n->subdirs);
	else
		found(c, "%s: nlink is %u, expected %u, as often as it is named", s->name, nlink,
		      expect);
}

static void check_one(struct check *c, unsigned int no)
{
	const struct check_node *n = &c->node[no];
	struct subject s = { .no = no, .raw = check_inode(c, no) };

	check_name(c, no, s.name);
	if (!check_has_type(c, no) && !n->refs && no != EZFS_ROOT_INODE_NUMBER) {
		found(c, "%s: is marked in use, but holds nothing (mode %07o) and is not named",
		      s.name, check_mode(c, no));
		return;
	}
	s.is_dir = check_is_dir(c, no);
	s.size = ezfs_get64(s.raw + c->layout->i_size);
	s.nblocks = ezfs_get64(s.raw + c->layout->i_nblocks);
	s.need = ezfs_blocks_of(s.size);
	if (!check_has_type(c, no) || (s.is_dir && S_ISREG(check_mode(c, no))))
		found(c, "%s: mode is %07o, expected %s", s.name, check_mode(c, no),
		      no == EZFS_ROOT_INODE_NUMBER ? "a directory (0040000)" :
		      "a file (0100000) or a directory (0040000)");
	check_times(c, &s);
	check_size(c, &s);
	check_links(c, &s);
	if (no == EZFS_ROOT_INODE_NUMBER &&
	    ezfs_get64(s.raw + c->layout->i_block) != EZFS_ROOT_BLOCK) {
		found(c, "%s: block is %" PRIu64 ", expected %u", s.name,
		      ezfs_get64(s.raw + c->layout->i_block), EZFS_ROOT_BLOCK);
		claim(c, EZFS_ROOT_BLOCK, 1, (struct check_owner){ .inode = (uint8_t)no });
		return;
	}
	if (c->layout->contiguous)
		check_contiguous(c, &s);
	else
		check_indexed(c, &s);
}

void check_inodes(struct check *c)
{
	for (unsigned int no = 1; no <= c->layout->max_inodes; no++)
		if (c->node[no].live)
			check_one(c, no);
}
