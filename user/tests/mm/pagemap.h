/* SPDX-License-Identifier: MIT */
/* What /proc/PID/pagemap and smaps say of a program's pages. After tap.h. */
#ifndef _TESTS_PAGEMAP_H
#define _TESTS_PAGEMAP_H

#include "regions.h"

typedef unsigned long long u64;

#define PM_PFN		((1ULL << 55) - 1)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)

/* @n entries from @addr on, of a process; how many bytes came. */
static MAYBE_UNUSED ssize_t pagemap(pid_t pid, const void *addr, u64 *out, size_t n)
{
	char path[40];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	got = pread(fd, out, n * 8, (unsigned long)addr / PAGE * 8);
	close(fd);
	return got;
}

static MAYBE_UNUSED u64 entry(pid_t pid, const void *addr)
{
	u64 e = 0;

	return pagemap(pid, addr, &e, 1) == 8 ? e : ~0ULL;
}

/* A region of its own: its neighbours have no rights, so that nothing is merged with it. fd -1: anonymous. */
static MAYBE_UNUSED char *map_region(size_t pages, int flags, int fd)
{
	char *p = mmap(NULL, (pages + 2) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mmap(p + PAGE, pages * PAGE, PROT_READ | PROT_WRITE,
		    flags | MAP_FIXED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
}

/* All of a file; the caller frees it. */
static MAYBE_UNUSED char *slurp(const char *path)
{
	size_t size = 1 << 16, len = 0;
	char *buf = malloc(size);
	int fd = open(path, O_RDONLY);
	ssize_t n;

	while (fd >= 0 && (n = read(fd, buf + len, size - 1 - len)) > 0)
		len += n;
	close(fd);
	buf[len] = 0;
	return buf;
}

/* A number of the region that starts at @p, from smaps; -1: not there. */
static MAYBE_UNUSED long smaps(const char *text, const void *p, const char *key)
{
	char start[32];
	const char *at;

	snprintf(start, sizeof(start), "\n%lx-", (unsigned long)p);
	at = strstr(text, start);
	at = at ? strstr(at, key) : NULL;
	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

#endif
