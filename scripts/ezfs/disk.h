/* SPDX-License-Identifier: MIT */
/*
 * A disk as the tools see it: so many whole blocks, in a file, on a block device, or in memory
 * (the fuzzer's).
 */
#ifndef EZFS_TOOLS_DISK_H
#define EZFS_TOOLS_DISK_H

#include "ezfs.h"

struct ezfs_disk {
	int		fd;
	const uint8_t	*mem;		/* instead of fd when set */
	uint64_t	blocks;		/* whole blocks that are there; a part of one is ignored */
};

/**
 * disk_open - open a regular file or block device
 * @d: filled in
 * @path: its name
 * @write: for writing, too
 *
 * Returns 0 or -errno: -ENOTBLK when @path is neither of the two.
 */
int disk_open(struct ezfs_disk *d, const char *path, bool write);

/**
 * disk_size - the size of an open file or block device
 * @fd: descriptor
 * @blocks: set to the number of whole blocks
 *
 * Returns 0 or -errno.
 */
int disk_size(int fd, uint64_t *blocks);

/* Read one block. Returns 0 or -errno, -EIO when it lies past the end. */
int disk_read(const struct ezfs_disk *d, uint64_t blk, uint8_t buf[EZFS_BLOCK_SIZE]);

/* Write one block. Returns 0 or -errno. */
int disk_write(int fd, uint64_t blk, const uint8_t buf[EZFS_BLOCK_SIZE]);

/* Wait until all that was written is on the disk. Returns 0 or -errno. */
int disk_sync(const struct ezfs_disk *d);

void disk_close(struct ezfs_disk *d);

#endif
