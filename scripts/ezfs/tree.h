/* SPDX-License-Identifier: MIT */
/*
 * The tree that mkfs.ezfs is about to store: what the host has, and where it will lie on the disk.
 */
#ifndef EZFS_TOOLS_TREE_H
#define EZFS_TOOLS_TREE_H

#include <sys/types.h>
#include <time.h>

#include "ezfs.h"

struct node;

/* A name in a directory. Two of them have one node when they are hard links of each other. */
struct entry {
	char		name[EZFS_FILENAME_BUF_SIZE];
	struct node	*node;
};

/* A file or directory: one inode. */
struct node {
	struct node	*parent;	/* NULL for the root; of a hard link, the first one's */
	const char	*name;		/* in parent; the root's is the path of the host's folder */
	const char	*text;		/* the contents, when they do not come from the host */
	unsigned int	number;		/* the inode's number */
	mode_t		mode;
	unsigned int	nlink;
	uint64_t	size;		/* bytes */
	struct timespec	mtime;
	dev_t		dev;		/* the host's identity of it */
	ino_t		ino;

	uint64_t	block, nblocks;	/* place on the disk; block is 0 when nblocks is */
	uint64_t	indirect;	/* 0: none */

	unsigned int	nr_entries;	/* of a directory */
	struct entry	*entries;	/* EZFS_MAX_CHILDREN of them */
};

struct tree {
	const struct ezfs_layout *layout;
	dev_t		skip_dev;	/* the device that is written: must not be in the tree */
	ino_t		skip_ino;
	unsigned int	nr_nodes;
	struct node	*node[EZFS_MOST_INODES + 1];	/* by inode number, from 1 */
	uint64_t	blocks;		/* the smallest disk that holds it, after tree_place() */
};

/**
 * tree_init - begin a tree that has nothing but its root
 * @t: filled in
 * @l: the layout, for its limits
 * @now: the root's time
 */
void tree_init(struct tree *t, const struct ezfs_layout *l, struct timespec now);

/**
 * tree_add_text - put a file with fixed contents into the root
 * @t: the tree
 * @name, @text: its name and contents
 * @mode: its permissions
 * @now: its time
 */
void tree_add_text(struct tree *t, const char *name, const char *text, mode_t mode,
		   struct timespec now);

/**
 * tree_add_folder - put all that is in a folder of the host into the root
 * @t: the tree; t->skip_* are set, or 0
 * @path: the folder
 * @keep_root: the root keeps its own mode and time; else it takes the folder's
 *
 * In each directory come first, by the bytes of their names, the directories and the files of at
 * most one block, then by name the larger files. A directory is followed at once by all that is
 * in it.
 *
 * Prints what is wrong and exits when something does not fit into EZFS.
 */
void tree_add_folder(struct tree *t, const char *path, bool keep_root);

/* Is there such a name in a folder of the host? */
bool folder_has(const char *path, const char *name);

/* Give each node its blocks: in the order of inode numbers, then all indirect blocks. */
void tree_place(struct tree *t);

/* Open a node's file on the host for reading. Exits when that fails. */
int node_open(const struct node *n);

/* The host's path of a node, for messages. The caller frees it. */
char *node_path(const struct node *n);

void tree_free(struct tree *t);

/* Say what went wrong, clean up and end with status 1 (mkfs.c). */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...);

#endif
