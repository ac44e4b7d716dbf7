/* SPDX-License-Identifier: MIT */
/*
 * What fsck.ezfs knows about a disk while it checks it, and the parts of the check.
 */
#ifndef EZFS_TOOLS_CHECK_H
#define EZFS_TOOLS_CHECK_H

#include <stdio.h>

#include "disk.h"

/* An inode as the check has come to know it; which of them mean something depends on live. */
struct check_node {
	bool		live;		/* its bit is set, or a directory names it: it is checked */
	bool		seen;		/* the walk has come by it */
	bool		reached;	/* ... on a path from the root */
	bool		loaded;		/* a directory whose block has been read into dir */
	unsigned int	parent;		/* the directory that named it first; 0: none */
	unsigned int	slot;		/* ... and where in that directory */
	unsigned int	refs;		/* entries that name it */
	unsigned int	subdirs;	/* of a directory: directories in it */
	uint8_t		dir[EZFS_BLOCK_SIZE];
};

/* A block's first user: file block file_block of inode, or that inode's indirect block. */
struct check_owner {
	uint8_t		inode;		/* 0: nobody */
	bool		indirect;
	uint16_t	file_block;
};

struct check {
	const struct ezfs_disk *disk;
	const struct ezfs_layout *layout;	/* set before: that one; else found by the root inode */
	FILE		*out;			/* for findings, a line each; NULL: only count them */
	unsigned long	errors;			/* findings so far */
	int		io_error;		/* -errno of the last read that failed, or 0 */

	uint64_t	blocks;			/* the disk's blocks are 0 .. blocks-1 */
	uint8_t		super[EZFS_BLOCK_SIZE];
	uint8_t		store[EZFS_BLOCK_SIZE];
	struct check_node node[EZFS_MOST_INODES + 1];	/* by number, from 1 */
	struct check_owner owner[EZFS_MOST_BLOCKS];
};

/* Room for a text that describes an inode or an entry. */
typedef char check_text[400];

/**
 * check_disk - look for every kind of inconsistency
 * @c: zeroed but for disk, out and perhaps layout
 *
 * Never writes to the disk. Returns true when the check came to its end, false when the disk is
 * so damaged that it could not; c->errors and c->io_error tell what was found.
 */
bool check_disk(struct check *c);

/**
 * repair_disk - make the disk consistent (repair.c)
 * @c: after check_disk(), with its layout; the disk is open for writing
 * @changes: set to how many things were changed, each said in a line to c->out
 *
 * Returns 0 or -errno; after an error of reading, or without memory, the disk may be as it was.
 */
int repair_disk(struct check *c, unsigned long *changes);

/* The layout that a disk whose root inode fits none, or several, most likely has; NULL: no idea. */
const struct ezfs_layout *repair_guess(const struct check *c);

/* A finding: counted, and printed as one line. */
__attribute__((format(printf, 2, 3))) void found(struct check *c, const char *fmt, ...);

/* Read a block; a failure is noted in c->io_error. Returns true when buf has been filled. */
bool check_read(struct check *c, uint64_t blk, uint8_t buf[EZFS_BLOCK_SIZE]);

/* Walk the directories: sets seen, reached, refs, parent... and checks all entries (walk.c). */
void check_tree(struct check *c);

/* Check each live inode and note whose each block is (inodes.c). */
void check_inodes(struct check *c);

/* Compare the bit vectors with what has been found in use (bitmaps.c). */
void check_bitmaps(struct check *c);

/* "inode 5 (/subdir/x)", in buf, which is also returned. */
const char *check_name(const struct check *c, unsigned int no, check_text buf);

/* The path of an inode, by the names that the walk saw first; shortened at its start if long. */
const char *check_path(const struct check *c, unsigned int no, check_text buf);

/* Copies a name with what is not printable as \xNN. Returns the bytes written, without the NUL. */
size_t check_escape(char *to, size_t room, const char *from, size_t len);

static inline const uint8_t *check_inode(const struct check *c, unsigned int no)
{
	return c->store + ezfs_inode_offset(c->layout, no);
}

static inline uint32_t check_mode(const struct check *c, unsigned int no)
{
	return ezfs_get32(check_inode(c, no) + EZFS_I_MODE);
}

/* The root is treated as a directory in block 2 whatever its inode says. */
bool check_is_dir(const struct check *c, unsigned int no);
bool check_has_type(const struct check *c, unsigned int no);

static inline bool check_marked(const struct check *c, unsigned int no)
{
	return ezfs_bit(c->super + c->layout->sb_free_inodes, no - 1);
}

/* May this be the number of a data block on this disk? */
static inline bool check_in_range(const struct check *c, uint64_t blk)
{
	return blk >= EZFS_FIRST_DATA_BLOCK && blk < c->blocks;
}

#endif
