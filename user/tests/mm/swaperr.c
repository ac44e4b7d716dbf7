// SPDX-License-Identifier: MIT
/*
 * A page of swap that cannot be read is lost to its owner, and to nobody else. For tests/test_swap_errors.py,
 * which has a disk with such a page:
 *
 *	swaperr SLOT MIB DEV	two processes have MIB each, more than the machine's memory together; one page of
 *				the first is in slot SLOT of DEV, which cannot be read
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/swap.h>

#include "fault.h"
#include "tap.h"

#define PAGE		4096UL
#define PM_SWAP		(1ULL << 62)
#define PM_SWAP_OFFSET	5		/* bits 0-4: the area; then the slot */
#define PM_MASK		((1ULL << 55) - 1)

static unsigned char *area;
static unsigned long pages;

static void fill(int who)
{
	area = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned long n = 0; n < pages; n++)
		memset(area + n * PAGE, (n * 7 + who) % 255 + 1, PAGE);
}

static int right(unsigned long n, int who)
{
	const unsigned char c = (n * 7 + who) % 255 + 1, *p = area + n * PAGE;

	return p[0] == c && p[PAGE - 1] == c && !memcmp(p, p + 1, PAGE - 1);
}

/* Which of our pages is in the slot: how many, and the last of them. */
static int pages_in_slot(unsigned long slot, unsigned long *page)
{
	int fd = open("/proc/self/pagemap", O_RDONLY), found = 0;
	uint64_t e;

	for (unsigned long n = 0; n < pages; n++) {
		if (pread(fd, &e, 8, (uintptr_t)(area + n * PAGE) / PAGE * 8) != 8)
			break;
		if ((e & PM_SWAP) && (e & PM_MASK) >> PM_SWAP_OFFSET == slot) {
			*page = n;
			found++;
		}
	}
	close(fd);
	return found;
}

/* The other process: fills, says so, and looks when it is told to. */
static void neighbour(int said, int told)
{
	unsigned long n = 0;
	char c;

	fill(1);
	write(said, "x", 1);
	read(told, &c, 1);
	while (n < pages && right(n, 1))
		n++;
	_exit(n < pages);
}

static unsigned char *bad;

static void dies_of_it(void)
{
	signal(SIGBUS, SIG_DFL);
	_exit(*(volatile unsigned char *)bad != 0);
}

static void lost(const char *when)
{
	int fds[2];

	is(touch((char *)bad), SIGBUS, "%s: reading the page that is lost: SIGBUS", when);
	is(store((char *)bad, 1), SIGBUS, "%s: writing, too", when);
	pipe(fds);
	fails(write(fds[1], bad, 16), EFAULT, "%s: for write(2) it is a bad address", when);
	close(fds[0]);
	close(fds[1]);
	is(in_child(dies_of_it), 1000 + SIGBUS, "%s: a child inherits it, and dies of it", when);
}

int main(int argc, char **argv)
{
	unsigned long slot, n, page = 0, first, wrong = 0;
	int said[2], told[2];
	pid_t pid;
	char c;

	if (argc < 4) {
		skip("a page that cannot be read", "it takes a disk for that");
		return done();
	}
	slot = strtoul(argv[1], NULL, 0);
	pages = strtoul(argv[2], NULL, 0) << 8;
	catch_faults();
	pipe(said);
	pipe(told);
	fill(0);
	pid = fork();
	if (!pid) {
		munmap(area, pages * PAGE);
		neighbour(said[1], told[0]);
	}
	read(said[0], &c, 1);

	is(pages_in_slot(slot, &page), 1, "one page is in the slot");
	bad = area + page * PAGE;
	lost("as it is");
	for (n = 0; n < pages; n++)
		wrong += n != page && (touch((char *)area + n * PAGE) || !right(n, 0));
	is(wrong, 0, "all other pages are as they were");
	write(told[1], "x", 1);
	is(reap(pid), 0, "and those of another process");

	/* A few must come back when the area is taken away. */
	first = page > 8 ? page - 8 : 0;
	munmap(area, first * PAGE);
	munmap(area + (first + 16) * PAGE, (pages - first - 16) * PAGE);
	is(swapoff(argv[3]), 0, "swapoff brings back what can be had");
	lost("without swap");
	for (n = first; n < first + 16; n++)
		wrong += n != page && !right(n, 0);
	is(wrong, 0, "its neighbours are there");
	is(madvise(bad, PAGE, MADV_DONTNEED), 0, "given up,");
	is(*bad, 0, "the page is as new");
	munmap(area + first * PAGE, 16 * PAGE);
	return done();
}
