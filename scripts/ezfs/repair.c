// SPDX-License-Identifier: MIT
/*
 * fsck.ezfs -y: makes a damaged EZFS consistent, and says what it changes.
 *
 * Nothing is mended finding by finding. What the directories can reach is taken for the truth, and all
 * else is made anew from it: each block gets one user or none, in this order: directories on a path from
 * the root, the files they name by their numbers, and then what was lost. Who comes second to a block goes
 * without it: a hole in layout B, an earlier end of the file in A and C. Then sizes, links and bit vectors
 * are what has been found. So the outcome is clean by construction, and a second run finds nothing.
 *
 * All is done in memory and written at the end: blocks of directories, indirect blocks, inodes, superblock.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"

enum state { UNSEEN, A_FILE, A_DIR, GONE };
enum use { NOBODY, META, DATA };

struct repair {
	struct check	*c;			/* its super and store are changed */
	const struct ezfs_layout *l;
	uint64_t	blocks;			/* those that can be used: on the disk and on the device */
	unsigned long	changes;
	int		err;

	uint8_t		use[EZFS_MOST_BLOCKS];	/* enum use */
	enum state	state[EZFS_MOST_INODES + 1];
	bool		blocks_done[EZFS_MOST_INODES + 1];	/* of a file */
	unsigned int	refs[EZFS_MOST_INODES + 1];
	unsigned int	subdirs[EZFS_MOST_INODES + 1];
	unsigned int	lost_found;		/* the directory for what was lost; 0: not yet */
	uint8_t		dir[EZFS_MOST_INODES + 1][EZFS_BLOCK_SIZE];
};

__attribute__((format(printf, 2, 3))) static void did(struct repair *r, const char *fmt, ...)
{
	va_list ap;

	r->changes++;
	if (!r->c->out)
		return;
	fputs("  ", r->c->out);
	va_start(ap, fmt);
	vfprintf(r->c->out, fmt, ap);
	va_end(ap);
	fputc('\n', r->c->out);
}

static uint8_t *inode(struct repair *r, unsigned int no)
{
	return r->c->store + ezfs_inode_offset(r->l, no);
}

static uint64_t field(struct repair *r, unsigned int no, unsigned int off)
{
	return ezfs_get64(inode(r, no) + off);
}

static void set_field(struct repair *r, unsigned int no, unsigned int off, uint64_t value)
{
	ezfs_put64(inode(r, no) + off, value);
}

#define NAME(r, no)	check_name((r)->c, no, (check_text){ 0 })

static bool usable(const struct repair *r, uint64_t blk)
{
	return blk >= EZFS_FIRST_DATA_BLOCK && blk < r->blocks && r->use[blk] == NOBODY;
}

static bool claim(struct repair *r, uint64_t blk, enum use use)
{
	if (!usable(r, blk))
		return false;
	r->use[blk] = use;
	return true;
}

/* Reads a block that is in use; an error ends the repair, before anything has been written. */
static bool read_block(struct repair *r, uint64_t blk, uint8_t *buf)
{
	int err = disk_read(r->c->disk, blk, buf);

	if (err)
		r->err = err;
	return !err;
}

/* ------------------------------------------------------------------ names */

static uint8_t *slot_at(struct repair *r, unsigned int dir, unsigned int slot)
{
	return r->dir[dir] + slot * EZFS_DE_SIZE;
}

static char *name_of(uint8_t *slot)
{
	return (char *)slot + EZFS_DE_NAME;
}

/* Has another slot of the directory, of those below @end, this name? */
static bool name_taken(struct repair *r, unsigned int dir, const char *name, unsigned int end)
{
	for (unsigned int i = 0; i < end; i++) {
		uint8_t *e = slot_at(r, dir, i);

		if (e[EZFS_DE_ACTIVE] && !strncmp(name_of(e), name, EZFS_FILENAME_BUF_SIZE))
			return true;
	}
	return false;
}

/* Gives a slot the name "#5", or the like, after its inode. */
static void name_by_number(struct repair *r, unsigned int dir, unsigned int slot, unsigned int no)
{
	char name[EZFS_FILENAME_BUF_SIZE] = { 0 };
	uint8_t *e = slot_at(r, dir, slot);
	unsigned int n = 0;

	e[EZFS_DE_ACTIVE] = 0;
	snprintf(name, sizeof(name), "#%u", no);
	while (name_taken(r, dir, name, EZFS_MAX_CHILDREN))
		snprintf(name, sizeof(name), "#%u.%u", no, ++n);
	e[EZFS_DE_ACTIVE] = 1;
	memcpy(name_of(e), name, sizeof(name));
}

static void fix_name(struct repair *r, unsigned int dir, unsigned int slot, unsigned int no)
{
	uint8_t *e = slot_at(r, dir, slot);
	char *name = name_of(e);
	bool cut = false;

	if (e[EZFS_DE_ACTIVE] != 1) {
		e[EZFS_DE_ACTIVE] = 1;
		did(r, "%s, slot %u: active is 1 now", NAME(r, dir), slot);
	}
	if (!memchr(name, '\0', EZFS_FILENAME_BUF_SIZE)) {
		name[EZFS_NAME_MAX] = '\0';
		cut = true;
	}
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, "..") ||
	    name_taken(r, dir, name, slot)) {
		name_by_number(r, dir, slot, no);
		did(r, "%s, slot %u: its name is \"%s\" now", NAME(r, dir), slot, name);
	} else if (cut) {
		did(r, "%s, slot %u: its name ends after %u bytes", NAME(r, dir), slot, EZFS_NAME_MAX);
	}
}

static void clear_slot(struct repair *r, unsigned int dir, unsigned int slot, const char *why)
{
	memset(slot_at(r, dir, slot), 0, EZFS_DE_SIZE);
	did(r, "%s, slot %u: is free now: %s", NAME(r, dir), slot, why);
}

/* ------------------------------------------------------------------ the tree */

/* What an inode says it is; rubbish in the upper bits of the mode is taken off. */
static enum state type_of(struct repair *r, unsigned int no)
{
	uint32_t mode = ezfs_get32(inode(r, no) + EZFS_I_MODE);

	if (!S_ISREG(mode) && !S_ISDIR(mode))
		return GONE;
	if (mode > 0177777) {
		ezfs_put32(inode(r, no) + EZFS_I_MODE, mode & 0177777);
		did(r, "%s: mode is %07o now", NAME(r, no), mode & 0177777);
	}
	return S_ISDIR(mode) ? A_DIR : A_FILE;
}

static void set_number(struct repair *r, unsigned int no, unsigned int off, const char *what, uint64_t value)
{
	if (field(r, no, off) == value)
		return;
	set_field(r, no, off, value);
	did(r, "%s: %s is %" PRId64 " now", NAME(r, no), what, (int64_t)value);
}

/* A directory gets its block. Without one of its own it has nothing to say: false. */
static bool enter_dir(struct repair *r, unsigned int no)
{
	uint64_t blk = field(r, no, r->l->i_block);

	if (no == EZFS_ROOT_INODE_NUMBER)
		blk = EZFS_ROOT_BLOCK;
	if (!claim(r, blk, META) || !read_block(r, blk, r->dir[no])) {
		r->state[no] = GONE;
		return false;
	}
	set_number(r, no, r->l->i_block, "block", blk);
	set_number(r, no, r->l->i_size, "size", EZFS_BLOCK_SIZE);
	set_number(r, no, r->l->i_nblocks, "nblocks", 1);
	if (r->l->i_indirect && !ezfs_is_no_block(field(r, no, r->l->i_indirect)))
		set_number(r, no, r->l->i_indirect, "indirect block", 0);
	r->state[no] = A_DIR;
	return true;
}

/* An entry is right, or made so, or cleared. Returns the directory that was seen by it for the first time. */
static unsigned int fix_slot(struct repair *r, unsigned int dir, unsigned int slot)
{
	uint64_t no = ezfs_get64(slot_at(r, dir, slot) + EZFS_DE_INODE);
	enum state type;

	if (!slot_at(r, dir, slot)[EZFS_DE_ACTIVE])
		return 0;
	if (no < 1 || no > r->l->max_inodes) {
		clear_slot(r, dir, slot, "there is no inode of its number");
		return 0;
	}
	type = no == EZFS_ROOT_INODE_NUMBER ? A_DIR : type_of(r, (unsigned int)no);
	if (type == GONE || r->state[no] == GONE) {
		clear_slot(r, dir, slot, "its inode holds nothing");
		return 0;
	}
	if (type == A_DIR && r->state[no] != UNSEEN) {
		clear_slot(r, dir, slot, "the directory has a name already");
		return 0;
	}
	if (type == A_DIR && !enter_dir(r, (unsigned int)no)) {
		clear_slot(r, dir, slot, "the directory has no block of its own");
		return 0;
	}
	r->state[no] = type;
	r->refs[no]++;
	r->subdirs[dir] += type == A_DIR;
	fix_name(r, dir, slot, (unsigned int)no);
	return type == A_DIR ? (unsigned int)no : 0;
}

static void walk(struct repair *r, unsigned int top)
{
	unsigned int queue[EZFS_MOST_INODES], head = 0, tail = 0;

	queue[tail++] = top;
	while (head < tail && !r->err) {
		unsigned int dir = queue[head++];

		for (unsigned int slot = 0; slot < EZFS_MAX_CHILDREN; slot++) {
			unsigned int no = fix_slot(r, dir, slot);

			if (no)
				queue[tail++] = no;
		}
	}
}

/* ------------------------------------------------------------------ blocks of files */

static void fix_size(struct repair *r, unsigned int no, uint64_t most)
{
	if (field(r, no, r->l->i_size) > most * EZFS_BLOCK_SIZE)
		set_number(r, no, r->l->i_size, "size", most * EZFS_BLOCK_SIZE);
}

static void fix_contiguous(struct repair *r, unsigned int no)
{
	const uint64_t first = field(r, no, r->l->i_block), need = ezfs_blocks_of(field(r, no, r->l->i_size));
	uint64_t count = field(r, no, r->l->i_nblocks), have = 0;

	if (count > need)
		count = need;
	while (have < count && claim(r, first + have, DATA))
		have++;
	fix_size(r, no, have);
	set_number(r, no, r->l->i_nblocks, "nblocks", have);
	if (!have && !ezfs_is_no_block(first))
		set_number(r, no, r->l->i_block, "first block", r->l->no_block);
}

/* One pointer of layout B; 0 when it has to become a hole. */
static uint64_t fix_pointer(struct repair *r, unsigned int no, unsigned int at, uint64_t blk, uint64_t need)
{
	if (ezfs_is_no_block(blk))
		return blk;
	if (at < need && claim(r, blk, DATA))
		return blk;
	did(r, "%s: file block %u is not block %" PRIu64 " any more: %s", NAME(r, no), at, blk,
	    at >= need ? "it is past the end" : "that cannot be, or is another's");
	return 0;
}

static unsigned int fix_indirect(struct repair *r, unsigned int no, uint64_t need)
{
	uint64_t blk = field(r, no, r->l->i_indirect);
	uint8_t buf[EZFS_BLOCK_SIZE];
	unsigned int have = 0;
	bool changed = false;

	if (ezfs_is_no_block(blk))
		return 0;
	if (need <= 1 || !claim(r, blk, META)) {
		set_number(r, no, r->l->i_indirect, "indirect block", 0);
		return 0;
	}
	if (!read_block(r, blk, buf))
		return 0;
	for (unsigned int i = 0; i < EZFS_INDIRECT_ENTRIES; i++) {
		uint64_t old = ezfs_get64(buf + 8 * i), new = fix_pointer(r, no, i + 1, old, need);

		have += !ezfs_is_no_block(new);
		changed |= new != old;
		ezfs_put64(buf + 8 * i, new);
	}
	if (changed && !r->err)
		r->err = disk_write(r->c->disk->fd, blk, buf);
	return have;
}

static void fix_indexed(struct repair *r, unsigned int no)
{
	uint64_t need, blk, have;

	fix_size(r, no, 1 + EZFS_INDIRECT_ENTRIES);
	need = ezfs_blocks_of(field(r, no, r->l->i_size));
	blk = fix_pointer(r, no, 0, field(r, no, r->l->i_block), need);
	set_field(r, no, r->l->i_block, blk);
	have = !ezfs_is_no_block(blk) + fix_indirect(r, no, need);
	/* A count with the holes is as good. */
	if (field(r, no, r->l->i_nblocks) != need)
		set_number(r, no, r->l->i_nblocks, "nblocks", have);
}

static void fix_files(struct repair *r)
{
	for (unsigned int no = 1; no <= r->l->max_inodes && !r->err; no++) {
		if (r->state[no] != A_FILE || r->blocks_done[no])
			continue;
		r->blocks_done[no] = true;
		if (r->l->contiguous)
			fix_contiguous(r, no);
		else
			fix_indexed(r, no);
	}
}

/* ------------------------------------------------------------------ what was lost */

/* The first slot of a directory that is free, or EZFS_MAX_CHILDREN. */
static unsigned int free_slot(struct repair *r, unsigned int dir)
{
	unsigned int slot = 0;

	while (slot < EZFS_MAX_CHILDREN && slot_at(r, dir, slot)[EZFS_DE_ACTIVE])
		slot++;
	return slot;
}

static void enter_name(struct repair *r, unsigned int dir, unsigned int slot, unsigned int no, const char *name)
{
	uint8_t *e = slot_at(r, dir, slot);

	memset(e, 0, EZFS_DE_SIZE);
	ezfs_put64(e + EZFS_DE_INODE, no);
	if (name)
		strcpy(name_of(e), name);
	else
		name_by_number(r, dir, slot, no);
	e[EZFS_DE_ACTIVE] = 1;
	r->refs[no]++;
	r->subdirs[dir] += r->state[no] == A_DIR;
}

/* A block for a new directory: one that is marked free, so that it is not a lost file's, if there is any. */
static uint64_t find_block(struct repair *r)
{
	uint64_t second = 0;

	for (uint64_t blk = EZFS_FIRST_DATA_BLOCK; blk < r->blocks; blk++) {
		if (!usable(r, blk))
			continue;
		if (!ezfs_bit(r->c->super + r->l->sb_free_data_blocks, (unsigned int)(blk - EZFS_FIRST_DATA_BLOCK)))
			return blk;
		second = second ? second : blk;
	}
	return second;
}

static unsigned int make_lost_found(struct repair *r)
{
	const unsigned int slot = free_slot(r, EZFS_ROOT_INODE_NUMBER);
	uint64_t blk = find_block(r);
	unsigned int no = 1;

	while (no <= r->l->max_inodes && (r->state[no] != UNSEEN || check_marked(r->c, no)))
		no++;
	if (slot == EZFS_MAX_CHILDREN || !blk || no > r->l->max_inodes)
		return 0;
	memset(inode(r, no), 0, r->l->inode_size);
	memcpy(inode(r, no) + r->l->i_time[0], inode(r, 1) + r->l->i_time[0], r->l->i_nlink - r->l->i_time[0]);
	ezfs_put32(inode(r, no) + EZFS_I_MODE, S_IFDIR | 0700);
	set_field(r, no, r->l->i_block, blk);
	set_field(r, no, r->l->i_size, EZFS_BLOCK_SIZE);
	set_field(r, no, r->l->i_nblocks, 1);
	r->use[blk] = META;
	r->state[no] = A_DIR;
	memset(r->dir[no], 0, EZFS_BLOCK_SIZE);
	enter_name(r, EZFS_ROOT_INODE_NUMBER, slot, no, "lost+found");
	did(r, "/lost+found: made, with inode %u and block %" PRIu64, no, blk);
	return no;
}

/* /lost+found, made if need be; 0 when there is no room for it. */
static unsigned int lost_found(struct repair *r)
{
	for (unsigned int slot = 0; !r->lost_found && slot < EZFS_MAX_CHILDREN; slot++) {
		uint8_t *e = slot_at(r, EZFS_ROOT_INODE_NUMBER, slot);
		uint64_t no = ezfs_get64(e + EZFS_DE_INODE);

		if (e[EZFS_DE_ACTIVE] && !strcmp(name_of(e), "lost+found") && r->state[no] == A_DIR)
			r->lost_found = (unsigned int)no;
	}
	if (!r->lost_found)
		r->lost_found = make_lost_found(r);
	return r->lost_found;
}

/* In use, and not reached: what of it is worth a name? What had been removed (nlink 0) or is empty is not. */
static bool is_lost(struct repair *r, unsigned int no)
{
	return r->state[no] == UNSEEN && check_marked(r->c, no) && type_of(r, no) != GONE &&
	       ezfs_get32(inode(r, no) + r->l->i_nlink) && field(r, no, r->l->i_size);
}

/* The next one to get a name: a directory that no other lost one names; else any; else a file. */
static unsigned int next_lost(struct repair *r)
{
	bool named[EZFS_MOST_INODES + 1] = { false };
	unsigned int any = 0, file = 0;
	uint8_t buf[EZFS_BLOCK_SIZE];

	for (unsigned int no = 1; no <= r->l->max_inodes; no++) {
		uint64_t blk = field(r, no, r->l->i_block);

		if (!is_lost(r, no) || type_of(r, no) != A_DIR || !usable(r, blk) || !read_block(r, blk, buf))
			continue;
		for (unsigned int slot = 0; slot < EZFS_MAX_CHILDREN; slot++) {
			const uint8_t *e = buf + slot * EZFS_DE_SIZE;
			uint64_t child = ezfs_get64(e + EZFS_DE_INODE);

			if (e[EZFS_DE_ACTIVE] && child <= r->l->max_inodes)
				named[child] = true;
		}
	}
	for (unsigned int no = r->l->max_inodes; no; no--) {
		if (!is_lost(r, no))
			continue;
		if (type_of(r, no) == A_FILE)
			file = no;
		else if (!any || named[any] || !named[no])
			any = no;
	}
	return any ? any : file;
}

static void find_lost(struct repair *r)
{
	unsigned int no;

	while (!r->err && (no = next_lost(r))) {
		unsigned int dir = lost_found(r);
		unsigned int slot = dir ? free_slot(r, dir) : EZFS_MAX_CHILDREN;
		enum state type = type_of(r, no);

		if (slot == EZFS_MAX_CHILDREN) {
			did(r, "%s: freed with what it has: there is no room for it in /lost+found", NAME(r, no));
			r->state[no] = GONE;
			continue;
		}
		if (type == A_DIR && !enter_dir(r, no)) {
			did(r, "%s: freed: it is a directory without a block of its own", NAME(r, no));
			continue;
		}
		r->state[no] = type;
		enter_name(r, dir, slot, no, NULL);
		did(r, "inode %u: is /lost+found/%s now", no, name_of(slot_at(r, dir, slot)));
		if (type == A_DIR)
			walk(r, no);
		fix_files(r);
	}
}

/* ------------------------------------------------------------------ numbers and bits */

static void fix_inode(struct repair *r, unsigned int no)
{
	const uint32_t nlink = r->state[no] == A_DIR ? 2 + r->subdirs[no] : r->refs[no];
	uint8_t *raw = inode(r, no);

	if (ezfs_get32(raw + r->l->i_nlink) != nlink) {
		ezfs_put32(raw + r->l->i_nlink, nlink);
		did(r, "%s: nlink is %u now", NAME(r, no), nlink);
	}
	for (unsigned int i = 0; r->l->has_nsec && i < EZFS_NR_TIMES; i++)
		if (ezfs_get64(raw + r->l->i_time[i] + 8) >= 1000000000)
			set_number(r, no, r->l->i_time[i] + 8, "the nanoseconds of a time", 0);
}

/* Writes a bit vector anew; bit(r, k) is to be bit k. */
static void fix_vector(struct repair *r, const char *name, unsigned int off, unsigned int max,
		       bool (*bit)(struct repair *r, unsigned int k))
{
	uint8_t new[(EZFS_MOST_BLOCKS / 32 + 1) * 4] = { 0 };
	const unsigned int bits = ezfs_vector_bits(max);
	unsigned int changed = 0;

	for (unsigned int k = 0; k < bits; k++) {
		const bool set = k < max && bit(r, k);

		if (set)
			ezfs_set_bit(new, k);
		changed += set != ezfs_bit(r->c->super + off, k);
	}
	memcpy(r->c->super + off, new, bits / 8);
	if (changed)
		did(r, "superblock: %u bits of %s are right now", changed, name);
}

static bool inode_bit(struct repair *r, unsigned int k)
{
	return r->state[k + 1] == A_FILE || r->state[k + 1] == A_DIR;
}

static bool data_bit(struct repair *r, unsigned int k)
{
	return r->use[k + EZFS_FIRST_DATA_BLOCK] != NOBODY;
}

static bool zero_bit(struct repair *r, unsigned int k)
{
	return r->use[k + EZFS_FIRST_DATA_BLOCK] == DATA && ezfs_bit(r->c->super + r->l->sb_zero_blocks, k);
}

static void fix_numbers(struct repair *r)
{
	const struct ezfs_layout *l = r->l;

	for (unsigned int no = 1; no <= l->max_inodes; no++) {
		if (inode_bit(r, no - 1)) {
			fix_inode(r, no);
		} else if (check_marked(r->c, no)) {
			memset(inode(r, no), 0, l->inode_size);
			did(r, "%s: is free now", NAME(r, no));
		}
	}
	fix_vector(r, "free_inodes", l->sb_free_inodes, l->max_inodes, inode_bit);
	fix_vector(r, "free_data_blocks", l->sb_free_data_blocks, l->max_data_blocks, data_bit);
	if (l->sb_zero_blocks)
		fix_vector(r, "zero_blocks", l->sb_zero_blocks, l->max_data_blocks, zero_bit);
}

/* ------------------------------------------------------------------ the superblock, the root, the whole */

static void set_super(struct repair *r, unsigned int off, const char *what, uint64_t value)
{
	if (ezfs_get64(r->c->super + off) == value)
		return;
	ezfs_put64(r->c->super + off, value);
	did(r, "superblock: %s is %" PRIu64 " now", what, value);
}

static void fix_super(struct repair *r)
{
	const uint64_t max = ezfs_max_blocks(r->l), there = r->c->disk->blocks;

	set_super(r, EZFS_SB_MAGIC, "magic", EZFS_MAGIC_NUMBER);
	set_super(r, EZFS_SB_VERSION, "version", EZFS_VERSION);
	r->blocks = there < max ? there : max;
	if (!r->l->sb_disk_blks)
		return;
	if (ezfs_get64(r->c->super + r->l->sb_disk_blks) < EZFS_MIN_BLOCKS ||
	    ezfs_get64(r->c->super + r->l->sb_disk_blks) > r->blocks)
		set_super(r, r->l->sb_disk_blks, "disk_blks", r->blocks);
	r->blocks = ezfs_get64(r->c->super + r->l->sb_disk_blks);
}

static void fix_root(struct repair *r)
{
	const unsigned int no = EZFS_ROOT_INODE_NUMBER;
	uint32_t mode = ezfs_get32(inode(r, no) + EZFS_I_MODE);

	if ((mode & ~07777u) != S_IFDIR) {
		mode = S_IFDIR | (S_ISDIR(mode) ? mode & 07777 : 0755);
		ezfs_put32(inode(r, no) + EZFS_I_MODE, mode);
		did(r, "%s: mode is %07o now", NAME(r, no), mode);
	}
}

static void write_all(struct repair *r)
{
	for (unsigned int no = 1; no <= r->l->max_inodes && !r->err; no++)
		if (r->state[no] == A_DIR)
			r->err = disk_write(r->c->disk->fd, field(r, no, r->l->i_block), r->dir[no]);
	if (!r->err)
		r->err = disk_write(r->c->disk->fd, EZFS_STORE_BLOCK, r->c->store);
	if (!r->err)
		r->err = disk_write(r->c->disk->fd, EZFS_SUPER_BLOCK, r->c->super);
	if (!r->err)
		r->err = disk_sync(r->c->disk);
}

int repair_disk(struct check *c, unsigned long *changes)
{
	struct repair *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->c = c;
	r->l = c->layout;
	fix_super(r);
	fix_root(r);
	if (enter_dir(r, EZFS_ROOT_INODE_NUMBER))
		walk(r, EZFS_ROOT_INODE_NUMBER);
	fix_files(r);
	find_lost(r);
	if (!r->err)
		fix_numbers(r);
	if (!r->err)
		write_all(r);
	*changes = r->changes;
	err = r->err;
	free(r);
	return err;
}

/* How much speaks for a layout: what is right about the root, and inodes in use that make sense. */
static unsigned int likelihood(const struct check *c, const struct ezfs_layout *l)
{
	const uint8_t *raw = c->store;
	unsigned int score = 0;

	score += 3 * S_ISDIR(ezfs_get32(raw + EZFS_I_MODE));
	score += 3 * (ezfs_get64(raw + l->i_block) == EZFS_ROOT_BLOCK);
	score += 3 * (ezfs_get64(raw + l->i_size) == EZFS_BLOCK_SIZE);
	score += 3 * (ezfs_get64(raw + l->i_nblocks) == 1);
	for (unsigned int no = 2; no <= l->max_inodes; no++) {
		const uint32_t mode = ezfs_get32((raw = c->store + ezfs_inode_offset(l, no)) + EZFS_I_MODE);

		if (ezfs_bit(c->super + l->sb_free_inodes, no - 1) && (S_ISREG(mode) || S_ISDIR(mode)) &&
		    ezfs_get64(raw + l->i_nblocks) == ezfs_blocks_of(ezfs_get64(raw + l->i_size)))
			score += 2;
	}
	return score;
}

const struct ezfs_layout *repair_guess(const struct check *c)
{
	const struct ezfs_layout *best = NULL;
	unsigned int most = 5, second = 0;	/* less than that is chance */

	if (ezfs_get64(c->super + EZFS_SB_MAGIC) != EZFS_MAGIC_NUMBER)
		return NULL;
	for (unsigned int i = 0; i < ezfs_nr_layouts; i++) {
		const unsigned int score = likelihood(c, &ezfs_layouts[i]);

		if (score > most) {
			second = best ? most : 0;
			most = score;
			best = &ezfs_layouts[i];
		} else if (score > second) {
			second = score;
		}
	}
	return second < most ? best : NULL;
}
