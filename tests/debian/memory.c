// SPDX-License-Identifier: MIT
/*
 * The heap, which grows by brk and by mmap as the library sees fit, and mappings of files.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

#define BLOCKS	400
#define MB	(1L << 20)

static unsigned char *block[BLOCKS];
static size_t size[BLOCKS];

static int filled(const unsigned char *p, size_t n, int with)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != (unsigned char)with)
			return 0;
	return 1;
}

/* Blocks of 1 byte to 64 KB live and die in an order of chance, each full of its own byte. */
static void churn(void)
{
	unsigned int seed = 7;
	int intact = 1, had = 1;

	for (int round = 0; round < 4000; round++) {
		int i = (seed = seed * 1103515245 + 12345) >> 8 & 0xffff;
		size_t n = 1 + (i * 2654435761u >> 12) % (1u << (i % 17));

		i %= BLOCKS;
		intact &= filled(block[i], size[i], i);
		if (round % 3) {
			free(block[i]);
			block[i] = malloc(n);
		} else {
			block[i] = realloc(block[i], n);
			intact &= filled(block[i], n < size[i] ? n : size[i], i);
		}
		had &= block[i] != NULL;
		if (!had)
			break;
		size[i] = n;
		memset(block[i], i, n);
	}
	ok(had, "malloc and realloc have memory for 400 blocks");
	ok(intact, "and no block touches another in 4000 rounds");
	for (int i = 0; i < BLOCKS; i++)
		free(block[i]);
}

void heap(void)
{
	unsigned char *p, *q;
	int good = 1;

	churn();
	for (size_t n = 16; n <= 32 * MB; n *= 2) {
		p = malloc(n + 1);
		good &= p != NULL;
		if (!p)
			break;
		p[0] = p[n / 2] = p[n] = 42;
		good &= p[0] + p[n / 2] + p[n] == 126;
		free(p);
	}
	ok(good, "malloc has blocks of 16 bytes to 32 MB");
	p = calloc(1000, 1000);
	ok(p && filled(p, 1000000, 0), "calloc gives zeros");
	memset(p, 1, 1000000);
	free(p);
	p = calloc(1000, 1000);
	ok(p && filled(p, 1000000, 0), "calloc gives zeros again");
	q = realloc(p, 8 * MB);
	ok(q && filled(q, 1000000, 0), "realloc of a large block keeps what is in it");
	q[8 * MB - 1] = 1;
	p = realloc(q, 100);
	ok(p && filled(p, 100, 0), "and so does making it small");
	free(p);
	ok(posix_memalign((void **)&p, 65536, 100) == 0 && (uintptr_t)p % 65536 == 0,
	   "posix_memalign gives a block at a multiple of 64 KB");
	free(p);
	errno = 0;
	p = malloc(PTRDIFF_MAX / 2);
	ok(!p && errno == ENOMEM, "malloc of half the address space is ENOMEM");
}

static void shared_memory(void)
{
	int *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int own = 1;
	pid_t pid;

	if (!ok(shared != MAP_FAILED, "mmap gives shared memory"))
		return;
	shared[1500] = 1;
	pid = fork();
	if (pid == 0) {
		shared[1500] = ++own;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	is(shared[1500], 2, "a child's write to shared memory is seen");
	is(own, 1, "and its write to its own is not");
	munmap(shared, 8192);
}

static void pages(void)
{
	char *p = mmap(NULL, 16384, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd;

	ok(p != MAP_FAILED, "mmap gives memory without access");
	is(mprotect(p + 4096, 4096, PROT_READ | PROT_WRITE), 0, "mprotect opens a page of it");
	p[4096] = 'a';
	fd = open("pages", O_CREAT | O_RDWR, 0600);
	errno = 0;
	ok(write(fd, p, 4096) == -1 && errno == EFAULT, "write from the page before is EFAULT");
	is(write(fd, p + 4096, 4096), 4096, "write from that page works");
	is(madvise(p + 4096, 4096, MADV_DONTNEED), 0, "madvise takes MADV_DONTNEED");
	is(p[4096], 0, "after which the page is zero");
	is(munmap(p, 16384), 0, "munmap takes all of it");
	close(fd);
	unlink("pages");
}

void mappings(void)
{
	int fd = open("mapped", O_CREAT | O_TRUNC | O_RDWR, 0600);
	char buf[12000], *p, *q;

	memset(buf, 'f', sizeof(buf));
	is(write(fd, buf, sizeof(buf)), sizeof(buf), "write makes a file of 12000 bytes");
	p = mmap(NULL, sizeof(buf), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (!ok(p != MAP_FAILED && memcmp(p, buf, sizeof(buf)) == 0, "mmap shows the file"))
		return;
	is(p[12287], 0, "the last page ends in zeros");
	q = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 4096);
	ok(q != MAP_FAILED && q[0] == 'f', "mmap shows the file from an offset");
	p[4096] = 'p';
	is(q[0], 'f', "a write to a private mapping is private");
	pwrite(fd, "w", 1, 4097);
	is(q[1], 'w', "a write to the file is seen in a shared mapping");
	is(pread(fd, buf, 1, 4096), 1, "pread reads");
	is(buf[0], 'f', "and finds the file as it was");
	munmap(p, sizeof(buf));
	munmap(q, 4096);
	close(fd);
	unlink("mapped");
	shared_memory();
	pages();
}
