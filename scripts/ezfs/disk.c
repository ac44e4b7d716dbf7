// SPDX-License-Identifier: MIT
/*
 * Whole blocks to and from a file or block device, and from memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

int disk_size(int fd, uint64_t *blocks)
{
	off_t end = lseek(fd, 0, SEEK_END);

	if (end < 0)
		return -errno;
	*blocks = (uint64_t)end / EZFS_BLOCK_SIZE;
	return 0;
}

int disk_open(struct ezfs_disk *d, const char *path, bool write)
{
	struct stat st;
	int err;

	*d = (struct ezfs_disk){ .fd = -1 };
	/* Look before opening: to open a FIFO or a tape has effects of its own. */
	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return -ENOTBLK;
	d->fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (d->fd < 0)
		return -errno;
	err = disk_size(d->fd, &d->blocks);
	if (err)
		disk_close(d);
	return err;
}

int disk_read(const struct ezfs_disk *d, uint64_t blk, uint8_t buf[EZFS_BLOCK_SIZE])
{
	if (blk >= d->blocks)
		return -EIO;
	if (d->mem) {
		memcpy(buf, d->mem + blk * EZFS_BLOCK_SIZE, EZFS_BLOCK_SIZE);
		return 0;
	}
	for (size_t done = 0; done < EZFS_BLOCK_SIZE; ) {
		ssize_t n = pread(d->fd, buf + done, EZFS_BLOCK_SIZE - done,
				  (off_t)(blk * EZFS_BLOCK_SIZE + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		done += (size_t)n;
	}
	return 0;
}

int disk_write(int fd, uint64_t blk, const uint8_t buf[EZFS_BLOCK_SIZE])
{
	for (size_t done = 0; done < EZFS_BLOCK_SIZE; ) {
		ssize_t n = pwrite(fd, buf + done, EZFS_BLOCK_SIZE - done,
				   (off_t)(blk * EZFS_BLOCK_SIZE + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		done += (size_t)n;
	}
	return 0;
}

int disk_sync(const struct ezfs_disk *d)
{
	return fsync(d->fd) ? -errno : 0;
}

void disk_close(struct ezfs_disk *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}
