// SPDX-License-Identifier: MIT
/*
 * Listing the tree of a disk and printing a file from it, for fsck.ezfs -l and -x. The disk may
 * be damaged: numbers are checked here again, whatever the check has found.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "show.h"

/* A file's inode, opened up for asking where its blocks are. */
struct blocks {
	uint64_t	first, need, nblocks;
	uint64_t	indirect;		/* EZFS_NO_BLOCK: none */
	bool		damaged;
	uint8_t		entries[EZFS_BLOCK_SIZE];
};

static void open_blocks(struct check *c, unsigned int no, struct blocks *b)
{
	const uint8_t *raw = check_inode(c, no);

	memset(b, 0, sizeof(*b));
	b->first = ezfs_get64(raw + c->layout->i_block);
	b->nblocks = ezfs_get64(raw + c->layout->i_nblocks);
	b->need = ezfs_blocks_of(ezfs_get64(raw + c->layout->i_size));
	b->indirect = EZFS_NO_BLOCK;
	b->damaged = b->need > ezfs_max_file_blocks(c->layout, c->blocks);
	if (c->layout->contiguous) {
		b->damaged |= b->need > b->nblocks;
	} else if (!ezfs_is_no_block(ezfs_get64(raw + c->layout->i_indirect))) {
		b->indirect = ezfs_get64(raw + c->layout->i_indirect);
		if (!check_in_range(c, b->indirect) || !check_read(c, b->indirect, b->entries))
			b->damaged = true;
	}
	if (b->damaged)
		b->need = 0;
}

/* Where file block i is; 0 for a hole. It need not be in range. */
static uint64_t block_at(const struct check *c, const struct blocks *b, uint64_t i)
{
	uint64_t blk = b->first;

	if (c->layout->contiguous)
		return b->first + i;
	if (i)
		blk = ezfs_get64(b->entries + 8 * (i - 1));
	return ezfs_is_no_block(blk) ? 0 : blk;
}

static void show_blocks(struct check *c, unsigned int no, FILE *out)
{
	struct blocks b;
	uint64_t i = 0;

	open_blocks(c, no, &b);
	if (!b.need)
		fputs(b.damaged ? "damaged" : "-", out);
	while (i < b.need) {
		uint64_t blk = block_at(c, &b, i), run = 1;

		while (i + run < b.need && block_at(c, &b, i + run) == (blk ? blk + run : 0))
			run++;
		fputs(i ? "," : "", out);
		if (!blk)
			fprintf(out, "hole*%" PRIu64, run);
		else if (run == 1)
			fprintf(out, "%" PRIu64, blk);
		else
			fprintf(out, "%" PRIu64 "-%" PRIu64, blk, blk + run - 1);
		i += run;
	}
	if (b.indirect != EZFS_NO_BLOCK)
		fprintf(out, "[%" PRIu64 "]", b.indirect);
}

static void show_inode(struct check *c, unsigned int no, FILE *out)
{
	const struct ezfs_layout *l = c->layout;
	const uint8_t *raw = check_inode(c, no);

	fprintf(out, "%u %06o %u %u:%u %" PRIu64 " %" PRIu64 " ", no, check_mode(c, no),
		ezfs_get32(raw + l->i_nlink), ezfs_get32(raw + EZFS_I_UID),
		ezfs_get32(raw + EZFS_I_GID), ezfs_get64(raw + l->i_size),
		ezfs_get64(raw + l->i_nblocks));
	show_blocks(c, no, out);
}

/* An entry that is in use and has a usable name and inode: returns its inode's number, or 0. */
static unsigned int good_entry(const struct check *c, const uint8_t *e)
{
	uint64_t no = ezfs_get64(e + EZFS_DE_INODE);

	if (!e[EZFS_DE_ACTIVE] || no < 1 || no > c->layout->max_inodes ||
	    !c->node[no].live || !memchr(e + EZFS_DE_NAME, 0, EZFS_FILENAME_BUF_SIZE))
		return 0;
	return (unsigned int)no;
}

/* The directories above the one at hand: each is there once, so there are not more than inodes. */
struct path {
	unsigned int	depth;
	const char	*name[EZFS_MOST_INODES];
};

static void show_path(const struct path *p, FILE *out)
{
	for (unsigned int i = 0; i < p->depth; i++) {
		char name[4 * EZFS_FILENAME_BUF_SIZE + 1];

		check_escape(name, sizeof(name), p->name[i], strlen(p->name[i]));
		fprintf(out, "/%s", name);
	}
}

static void show_dir(struct check *c, unsigned int dir, struct path *p, FILE *out)
{
	if (!c->node[dir].loaded)
		return;
	for (unsigned int slot = 0; slot < EZFS_MAX_CHILDREN; slot++) {
		const uint8_t *e = c->node[dir].dir + slot * EZFS_DE_SIZE;
		unsigned int no = good_entry(c, e);

		if (!no)
			continue;
		p->name[p->depth++] = (const char *)e + EZFS_DE_NAME;
		show_inode(c, no, out);
		fputc(' ', out);
		show_path(p, out);
		fputc('\n', out);
		/* Only by the entry that the walk took: a loop ends here. */
		if (check_is_dir(c, no) && c->node[no].parent == dir && c->node[no].slot == slot)
			show_dir(c, no, p, out);
		p->depth--;
	}
}

void show_tree(struct check *c, FILE *out)
{
	struct path p = { 0 };

	show_inode(c, EZFS_ROOT_INODE_NUMBER, out);
	fputs(" /\n", out);
	show_dir(c, EZFS_ROOT_INODE_NUMBER, &p, out);
}

unsigned int show_lookup(const struct check *c, const char *path)
{
	unsigned int no = EZFS_ROOT_INODE_NUMBER;

	while (*(path += strspn(path, "/"))) {
		size_t len = strcspn(path, "/");
		const struct check_node *n = &c->node[no];
		unsigned int next = 0;

		if (!check_is_dir(c, no) || !n->loaded)
			return 0;
		for (unsigned int slot = 0; slot < EZFS_MAX_CHILDREN && !next; slot++) {
			const uint8_t *e = n->dir + slot * EZFS_DE_SIZE;
			const char *name = (const char *)e + EZFS_DE_NAME;

			if (good_entry(c, e) && strlen(name) == len && !memcmp(name, path, len))
				next = good_entry(c, e);
		}
		if (!next)
			return 0;
		no = next;
		path += len;
	}
	return no;
}

static bool is_zero_block(const struct check *c, uint64_t blk)
{
	return c->layout->sb_zero_blocks &&
	       ezfs_bit(c->super + c->layout->sb_zero_blocks,
			(unsigned int)(blk - EZFS_FIRST_DATA_BLOCK));
}

int show_file(struct check *c, unsigned int no, FILE *out)
{
	uint64_t left = ezfs_get64(check_inode(c, no) + c->layout->i_size);
	uint8_t buf[EZFS_BLOCK_SIZE];
	struct blocks b;

	if (check_is_dir(c, no))
		return -EISDIR;
	open_blocks(c, no, &b);
	if (b.damaged)
		return -EUCLEAN;
	for (uint64_t i = 0; i < b.need; i++) {
		uint64_t blk = block_at(c, &b, i);
		size_t n = left < sizeof(buf) ? (size_t)left : sizeof(buf);
		bool is_hole = !blk && !c->layout->contiguous;

		if (!is_hole && !check_in_range(c, blk))
			return -EUCLEAN;
		if (is_hole || is_zero_block(c, blk))
			memset(buf, 0, sizeof(buf));
		else if (!check_read(c, blk, buf))
			return -EIO;
		if (fwrite(buf, 1, n, out) != n)
			return -errno;
		left -= n;
	}
	return 0;
}
