// SPDX-License-Identifier: MIT
/* Directories. A DIR is a buffer that getdents64 fills. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

struct __dir {
	int	fd;
	size_t	pos, end;	/* entries not yet handed out: buf[pos..end) */
	off_t	next;		/* d_off of the entry last handed out */
	char	buf[4096] __attribute__((aligned(8)));
};

ssize_t getdents64(int fd, void *buf, size_t len)
{
	return SYS(getdents64, fd, buf, len);
}

static DIR *new_dir(int fd)
{
	DIR *dir = malloc(sizeof(*dir));

	if (dir) {
		dir->fd = fd;
		dir->pos = dir->end = 0;
		dir->next = 0;
	}
	return dir;
}

DIR *fdopendir(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return new_dir(fd);
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = new_dir(fd);
	if (!dir)
		close(fd);
	return dir;
}

int closedir(DIR *dir)
{
	int ret = close(dir->fd);

	free(dir);
	return ret;
}

struct dirent *readdir(DIR *dir)
{
	struct dirent *d;
	ssize_t n;

	if (dir->pos >= dir->end) {
		n = getdents64(dir->fd, dir->buf, sizeof(dir->buf));
		if (n <= 0)
			return NULL;
		dir->pos = 0;
		dir->end = n;
	}
	d = (struct dirent *)(dir->buf + dir->pos);
	dir->pos += d->d_reclen;
	dir->next = d->d_off;
	return d;
}

void seekdir(DIR *dir, long pos)
{
	dir->next = lseek(dir->fd, pos, SEEK_SET);
	dir->pos = dir->end = 0;
}

void rewinddir(DIR *dir)
{
	seekdir(dir, 0);
}

long telldir(DIR *dir)
{
	return dir->next;
}

int dirfd(DIR *dir)
{
	return dir->fd;
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int scandir(const char *path, struct dirent ***list, int (*select)(const struct dirent *),
	    int (*compare)(const struct dirent **, const struct dirent **))
{
	struct dirent **v = NULL, **bigger, *d, *copy;
	int n = 0, room = 0, saved;
	DIR *dir = opendir(path);

	if (!dir)
		return -1;
	while (errno = 0, (d = readdir(dir)) != NULL) {
		if (select && !select(d))
			continue;
		if (n == room) {
			room = room ? 2 * room : 16;
			bigger = reallocarray(v, room, sizeof(*v));
			if (!bigger)
				goto fail;
			v = bigger;
		}
		copy = malloc(d->d_reclen);
		if (!copy)
			goto fail;
		v[n++] = memcpy(copy, d, d->d_reclen);
	}
	if (errno)
		goto fail;
	closedir(dir);
	if (compare && n)
		qsort(v, n, sizeof(*v), (int (*)(const void *, const void *))compare);
	*list = v;
	return n;

fail:
	saved = errno;
	while (n > 0)
		free(v[--n]);
	free(v);
	closedir(dir);
	errno = saved;
	return -1;
}
