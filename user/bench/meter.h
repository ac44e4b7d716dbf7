// SPDX-License-Identifier: MIT
/*
 * What the rows of bench.c are written with: the clock, and calls that end the row if they fail.
 */
#ifndef METER_H
#define METER_H

#include <err.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE_SIZE	4096UL
#define HUGE_PAGES	512UL	/* pages in a huge one */

struct meter {
	unsigned long	n;		/* in: how often; a row may put in how often it was */
	unsigned long	begun, ticks;
};

static inline unsigned long now(void)
{
	unsigned long ticks;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

static inline unsigned long to_ns(unsigned long ticks)
{
	unsigned long hz;

	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	return (unsigned __int128)ticks * 1000000000 / hz;
}

static inline void start(struct meter *m)
{
	m->begun = now();
}

static inline void stop(struct meter *m)
{
	m->ticks = now() - m->begun;
}

static inline char *map(unsigned long pages)
{
	char *p = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap of %lu pages", pages);
	/* Linux shall fault page by page too; a kernel without huge pages refuses, and is right */
	madvise(p, pages * PAGE_SIZE, MADV_NOHUGEPAGE);
	return p;
}

/* Where the first huge page could begin. */
static inline char *huge_begin(char *p)
{
	const unsigned long size = HUGE_PAGES * PAGE_SIZE;

	return (char *)(((unsigned long)p + size - 1) & ~(size - 1));
}

static inline void unmap(char *p, unsigned long pages)
{
	if (munmap(p, pages * PAGE_SIZE))
		err(1, "munmap");
}

static inline void touch(char *p, unsigned long pages)
{
	for (char *end = p + pages * PAGE_SIZE; p < end; p += PAGE_SIZE)
		*(volatile char *)p = 1;
}

static inline void make_pipe(int fd[2])
{
	if (pipe(fd))
		err(1, "pipe");
}

static inline pid_t make_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static inline void wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "the child ended with wait status %#x", status);
}

static inline void send_byte(int fd)
{
	if (write(fd, "", 1) != 1)
		err(1, "write to a pipe");
}

/* Returns false at the end of file. */
static inline bool get_byte(int fd)
{
	char c;
	ssize_t n = read(fd, &c, 1);

	if (n < 0)
		err(1, "read from a pipe");
	return n;
}

#endif
