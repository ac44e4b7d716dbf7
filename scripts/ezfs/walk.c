// SPDX-License-Identifier: MIT
/*
 * The walk over all directories: first those that a path from the root leads to, then those that
 * are marked in use but that no such path leads to, so that what is in them can be named too.
 *
 * An inode's parent is set when the walk first comes by it, to a directory that the walk already
 * had come by: the chain of parents ends always. Only adopt() changes a parent later, and looks
 * for a ring before it does. Each directory is entered once, so a loop on the disk is found and
 * not followed.
 */
#include <inttypes.h>
#include <string.h>

#include "check.h"

/* Reads a directory's block. What is wrong with the block's number, inodes.c says. */
static void load_dir(struct check *c, unsigned int no)
{
	struct check_node *n = &c->node[no];
	uint64_t blk = EZFS_ROOT_BLOCK;

	if (no != EZFS_ROOT_INODE_NUMBER)
		blk = ezfs_get64(check_inode(c, no) + c->layout->i_block);
	if (check_in_range(c, blk) && check_read(c, blk, n->dir))
		n->loaded = true;
}

static const uint8_t *entry_at(const struct check *c, unsigned int dir, unsigned int slot)
{
	return c->node[dir].dir + slot * EZFS_DE_SIZE;
}

static size_t name_length(const uint8_t *entry)
{
	return strnlen((const char *)entry + EZFS_DE_NAME, EZFS_FILENAME_BUF_SIZE);
}

/* 'inode 3 (/subdir), slot 4 "name"' */
static const char *slot_name(const struct check *c, unsigned int dir, unsigned int slot,
			     char buf[1024])
{
	const uint8_t *e = entry_at(c, dir, slot);
	char name[4 * EZFS_FILENAME_BUF_SIZE + 1];
	check_text where;

	check_escape(name, sizeof(name), (const char *)e + EZFS_DE_NAME, name_length(e));
	snprintf(buf, 1024, "%s, slot %u \"%s\"", check_name(c, dir, where), slot, name);
	return buf;
}

#define SLOT(c, dir, slot)	slot_name(c, dir, slot, (char [1024]){ 0 })

static void check_entry_name(struct check *c, unsigned int dir, unsigned int slot)
{
	const uint8_t *e = entry_at(c, dir, slot);
	const char *name = (const char *)e + EZFS_DE_NAME;
	size_t len = name_length(e);

	if (len == EZFS_FILENAME_BUF_SIZE) {
		found(c, "%s: the name has no NUL in its %u bytes", SLOT(c, dir, slot),
		      EZFS_FILENAME_BUF_SIZE);
		return;
	}
	if (!len)
		found(c, "%s: the name is empty", SLOT(c, dir, slot));
	if (memchr(name, '/', len))
		found(c, "%s: the name has a '/' in it", SLOT(c, dir, slot));
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		found(c, "%s: this name is not stored in EZFS", SLOT(c, dir, slot));
	for (unsigned int i = 0; len && i < slot; i++) {
		const uint8_t *other = entry_at(c, dir, i);

		if (other[EZFS_DE_ACTIVE] && name_length(other) == len &&
		    !memcmp(name, other + EZFS_DE_NAME, len)) {
			found(c, "%s: the same name as in slot %u", SLOT(c, dir, slot), i);
			break;
		}
	}
}

static bool is_ancestor(const struct check *c, unsigned int no, unsigned int of)
{
	for (; of; of = c->node[of].parent)
		if (of == no)
			return true;
	return false;
}

/*
 * Directories without a path from the root are entered in the order of their numbers, so one
 * may be seen before the one that names it. Then it gets its parent now.
 */
static bool adopt(struct check *c, unsigned int dir, unsigned int slot, unsigned int no)
{
	struct check_node *n = &c->node[no];

	if (no == EZFS_ROOT_INODE_NUMBER || n->parent || n->reached || is_ancestor(c, no, dir))
		return false;
	n->parent = dir;
	n->slot = slot;
	return true;
}

/* Returns the number of an inode that the walk now comes by for the first time, or 0. */
static unsigned int check_entry(struct check *c, unsigned int dir, unsigned int slot)
{
	const uint8_t *e = entry_at(c, dir, slot);
	uint64_t no = ezfs_get64(e + EZFS_DE_INODE);
	struct check_node *n;
	bool is_dir;

	if (e[EZFS_DE_ACTIVE] > 1)
		found(c, "%s: active is %u, expected 0 or 1", SLOT(c, dir, slot),
		      e[EZFS_DE_ACTIVE]);
	check_entry_name(c, dir, slot);
	if (no < 1 || no > c->layout->max_inodes) {
		found(c, "%s: inode number is %" PRIu64 ", expected 1 to %u", SLOT(c, dir, slot),
		      no, c->layout->max_inodes);
		return 0;
	}
	n = &c->node[no];
	if (!check_marked(c, (unsigned int)no) && !check_has_type(c, (unsigned int)no)) {
		found(c, "%s: inode %" PRIu64 " is free, expected one in use", SLOT(c, dir, slot),
		      no);
		return 0;
	}
	is_dir = check_is_dir(c, (unsigned int)no);
	if (is_dir && n->seen && !adopt(c, dir, slot, (unsigned int)no)) {
		check_text first;

		found(c, "%s: %s has a place in the tree already, and a directory has only one",
		      SLOT(c, dir, slot), check_name(c, (unsigned int)no, first));
		return 0;
	}
	n->live = true;
	n->refs++;
	if (is_dir)
		c->node[dir].subdirs++;
	if (n->seen)
		return 0;
	n->seen = true;
	n->reached = c->node[dir].reached;
	n->parent = dir;
	n->slot = slot;
	return (unsigned int)no;
}

/* Walks from one directory down. */
static void walk_from(struct check *c, unsigned int top)
{
	unsigned int queue[EZFS_MOST_INODES], head = 0, tail = 0;

	queue[tail++] = top;
	while (head < tail) {
		unsigned int dir = queue[head++];

		load_dir(c, dir);
		if (!c->node[dir].loaded)
			continue;
		for (unsigned int slot = 0; slot < EZFS_MAX_CHILDREN; slot++) {
			unsigned int no;

			if (!entry_at(c, dir, slot)[EZFS_DE_ACTIVE])
				continue;
			no = check_entry(c, dir, slot);
			if (no && check_is_dir(c, no))
				queue[tail++] = no;	/* once for an inode: it fits */
		}
	}
}

void check_tree(struct check *c)
{
	struct check_node *root = &c->node[EZFS_ROOT_INODE_NUMBER];

	for (unsigned int no = 1; no <= c->layout->max_inodes; no++)
		c->node[no].live = check_marked(c, no);
	root->live = root->seen = root->reached = true;
	walk_from(c, EZFS_ROOT_INODE_NUMBER);
	for (unsigned int no = 1; no <= c->layout->max_inodes; no++) {
		struct check_node *n = &c->node[no];

		if (n->live && !n->seen && check_is_dir(c, no)) {
			n->seen = true;
			walk_from(c, no);
		}
	}
}
