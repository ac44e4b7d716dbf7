/* SPDX-License-Identifier: MIT */
/* Memory for test programs to map, and what /proc/self/maps says of it. */
#ifndef _TESTS_REGIONS_H
#define _TESTS_REGIONS_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	4096L
#define MIB	(1L << 20)
#define RW	(PROT_READ | PROT_WRITE)

static inline char *anon(long len, int prot, int flags)
{
	return mmap(NULL, len, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static inline char *anon_shared(long len)
{
	return mmap(NULL, len, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* The text of /proc/self/maps. */
static inline char *maps(void)
{
	static char buf[32768];
	int fd = open("/proc/self/maps", O_RDONLY);
	ssize_t got = 0, more;

	while ((more = read(fd, buf + got, sizeof(buf) - 1 - got)) > 0)
		got += more;
	close(fd);
	buf[got] = 0;
	return buf;
}

/* How many of its lines lie in [p, p + len). */
static inline int regions(const char *p, long len)
{
	int n = 0;

	for (char *line = maps(); line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
		unsigned long start = strtoul(line, NULL, 16);

		n += start >= (unsigned long)p && start < (unsigned long)p + len;
	}
	return n;
}

#endif
