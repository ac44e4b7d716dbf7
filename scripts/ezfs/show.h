/* SPDX-License-Identifier: MIT */
/*
 * Looking into a disk after check_disk() has come to its end: its tree and its files.
 */
#ifndef EZFS_TOOLS_SHOW_H
#define EZFS_TOOLS_SHOW_H

#include "check.h"

/**
 * show_tree - list all that a path from the root leads to, a line each
 * @c: the checked disk
 * @out: where to
 *
 * A line is: inode, mode (octal), links, UID:GID, bytes, nblocks, blocks, path. Blocks are
 * "6-13", "4", "6,hole*98,7" for a file with a gap, "-" for none; an indirect block follows in
 * brackets. What is damaged is listed as far as it can be followed.
 */
void show_tree(struct check *c, FILE *out);

/**
 * show_lookup - the inode that a path leads to
 * @c: the checked disk
 * @path: names with '/' between; one at the start changes nothing
 *
 * Returns 0 when there is none.
 */
unsigned int show_lookup(const struct check *c, const char *path);

/**
 * show_file - write a file's bytes
 * @c: the checked disk
 * @no: inode number of a regular file
 * @out: where to
 *
 * Returns 0 or -errno: -EISDIR, -EUCLEAN when the inode is too damaged, -EIO for a block that
 * cannot be read, or what writing gave.
 */
int show_file(struct check *c, unsigned int no, FILE *out);

#endif
