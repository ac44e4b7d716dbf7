// SPDX-License-Identifier: MIT
/*
 * What reclaim may take, and what comes back: madvise(2) with MADV_PAGEOUT, MADV_COLD, MADV_FREE, for each kind of
 * memory; and what /proc/PID/pagemap and smaps say of pages in swap.
 *
 * Without a swap area only what needs none is checked; tests/test_swap.py gives one.
 */
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include "tap.h"
#include "pagemap.h"

#define PAGES		16
#define LEN		(PAGES * PAGE)
#define KIB		(PAGES * 4L)

#define KPF_ANON	12
#define KPF_SWAPBACKED	14

static int have_swap;

static int needs_swap(const char *what)
{
	if (!have_swap)
		skip(what, "no swap area");
	return have_swap;
}

/* Of process @pid, kB. */
static long smap(pid_t pid, const void *p, const char *key)
{
	char path[40], *text;
	long n;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	text = slurp(path);
	n = smaps(text, p, key);
	free(text);
	return n;
}

static int count(const char *p, u64 mask, u64 value)
{
	u64 e[PAGES];
	int n = 0;

	pagemap(getpid(), p, e, PAGES);
	for (int i = 0; i < PAGES; i++)
		n += (e[i] & mask) == value;
	return n;
}

static void fill(char *p, char c)
{
	for (int i = 0; i < PAGES; i++)
		memset(p + i * PAGE, c + i, PAGE);
}

/* How many of the pages are as fill() left them. */
static int intact(const char *p, char c)
{
	int good = 0;

	for (int i = 0; i < PAGES; i++) {
		size_t n = 0;

		while (n < PAGE && p[i * PAGE + n] == (char)(c + i))
			n++;
		good += n == PAGE;
	}
	return good;
}

/*
 * Out of the page tables. More than once, because a page that is in another CPU's hands at that moment stays;
 * MADV_PAGEOUT promises nothing. Returns the last result.
 */
static int push_out(char *p)
{
	int ret = 0;

	for (int i = 0; i < 100 && !ret && count(p, PM_PRESENT, PM_PRESENT); i++)
		ret = madvise(p, LEN, MADV_PAGEOUT);
	return ret;
}

/* ------------------------------------------------------------------ private memory in swap */

static void as_nobody(char *p, u64 *e)
{
	setuid(1);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	pagemap(getpid(), p, e, PAGES);
}

static void test_pagemap(void)
{
	char *p = map_region(PAGES, MAP_PRIVATE, -1);
	u64 *seen = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	u64 e[PAGES];
	int type_differs = 0, same = 0;
	pid_t pid;

	if (!needs_swap("pages in swap"))
		return;
	fill(p, 'a');
	is(push_out(p), 0, "MADV_PAGEOUT");
	pagemap(getpid(), p, e, PAGES);
	is(count(p, PM_PRESENT | PM_SWAP | PM_FILE, PM_SWAP), PAGES, "the pages are in swap, and nowhere else");
	for (int i = 0; i < PAGES; i++) {
		type_differs += (e[i] & 31) != (e[0] & 31);
		for (int j = 0; j < i; j++)
			same += (e[i] & PM_PFN) == (e[j] & PM_PFN);
		same += !((e[i] & PM_PFN) >> 5);	/* slot 0 is the header */
	}
	is(type_differs, 0, "bits 4-0: all are in one area");
	is(same, 0, "bits 54-5: in a slot each");
	pid = fork();
	if (!pid) {
		as_nobody(p, seen);
		_exit(0);
	}
	reap(pid);
	ok((seen[0] & PM_SWAP) && !(seen[0] & PM_PFN), "who is not root sees that, but not where (%llx)", seen[0]);
	is(smap(getpid(), p, "Swap:"), KIB, "smaps: Swap");
	is(smap(getpid(), p, "SwapPss:"), KIB, "SwapPss");
	is(smap(getpid(), p, "Rss:"), 0, "Rss");
	ok(proc_value("/proc/self/status", "VmSwap:") >= KIB, "VmSwap in status");
	is(intact(p, 'a'), PAGES, "they come back as they were");
	is(smap(getpid(), p, "Rss:"), KIB, "and are in memory");
	is(smap(getpid(), p, "Swap:"), 0, "and not in swap");
	munmap(p, LEN);
	munmap(seen, PAGE);
}

/* Shared after a fork: the child tells by a pipe that it has done something, and waits for ours to be closed. */
static void test_shared_entries(void)
{
	char *p = map_region(PAGES, MAP_PRIVATE, -1), c;
	int told[2], go[2];
	pid_t pid;

	if (!needs_swap("swap entries that a fork shares"))
		return;
	fill(p, 'f');
	push_out(p);
	pipe(told);
	pipe(go);
	pid = fork();
	if (!pid) {
		close(go[1]);
		write(told[1], "f", 1);
		read(go[0], &c, 1);
		c = intact(p, 'f') == PAGES;
		write(told[1], &c, 1);
		read(go[0], &c, 1);
		_exit(0);
	}
	read(told[0], &c, 1);
	is(smap(getpid(), p, "Swap:") + smap(pid, p, "Swap:"), 2 * KIB, "after a fork both have the pages in swap");
	is(smap(getpid(), p, "SwapPss:"), KIB / 2, "and half of each");
	is(smap(pid, p, "SwapPss:"), KIB / 2, "the child too");
	write(go[1], "g", 1);
	read(told[0], &c, 1);
	ok(c == 1, "the child reads what the parent wrote");
	is(smap(getpid(), p, "SwapPss:"), KIB, "and from then on they are the parent's alone");
	is(smap(pid, p, "Swap:") + smap(pid, p, "SwapPss:"), 0, "none the child's");
	close(go[1]);
	is(reap(pid), 0, "the child leaves");
	is(intact(p, 'f'), PAGES, "the parent has them still");
	munmap(p, LEN);
	close(told[0]), close(told[1]), close(go[0]);
}

/* ------------------------------------------------------------------ MADV_COLD, MADV_PAGEOUT */

static void test_cold(void)
{
	char *p = map_region(PAGES, MAP_PRIVATE, -1);
	pid_t pid;

	fill(p, 'c');
	is(smap(getpid(), p, "Referenced:"), KIB, "pages just written are in use");
	is(madvise(p, LEN, MADV_COLD), 0, "MADV_COLD");
	is(smap(getpid(), p, "Referenced:"), 0, "says they are not");
	is(smap(getpid(), p, "Rss:"), KIB, "and leaves them");
	is(intact(p, 'c'), PAGES, "as they are");
	is(smap(getpid(), p, "Referenced:"), KIB, "until they are used again");
	pid = sleeper();
	is(madvise(p, LEN, MADV_PAGEOUT), 0, "MADV_PAGEOUT of pages that a child shares");
	is(count(p, PM_PRESENT, PM_PRESENT), PAGES, "takes none away");
	end(pid);
	munmap(p + 4 * PAGE, PAGE);
	fails(madvise(p, LEN, MADV_COLD), ENOMEM, "MADV_COLD over a gap");
	fails(madvise(p, LEN, MADV_PAGEOUT), ENOMEM, "MADV_PAGEOUT over a gap");
	fails(madvise(p + 1, LEN, MADV_PAGEOUT), EINVAL, "at an odd address");
	munmap(p, LEN);
}

/* Of a file: clean pages need no swap. Where it is read-only somebody else's, nothing is taken; so root's here. */
static void test_pageout_of_a_file(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	ok(!memcmp(p, "\177ELF", 4), "a mapped file");
	is(madvise(p, PAGE, MADV_PAGEOUT) | madvise(p, PAGE, MADV_COLD), 0, "is pushed out");
	ok(!memcmp(p, "\177ELF", 4), "and read again");
	munmap(p, PAGE);
	close(fd);
}

/* ------------------------------------------------------------------ MADV_FREE */

static long vmstat(const char *key)
{
	return proc_value("/proc/vmstat", key);
}

/* How many of the pages are anonymous and not for swap. */
static int lazy_frames(const char *p)
{
	int fd = open("/proc/kpageflags", O_RDONLY), n = 0;
	u64 e[PAGES], flags;

	pagemap(getpid(), p, e, PAGES);
	for (int i = 0; i < PAGES; i++)
		n += pread(fd, &flags, 8, (e[i] & PM_PFN) * 8) == 8 &&
		     (flags & (1 << KPF_ANON | 1 << KPF_SWAPBACKED)) == 1 << KPF_ANON;
	close(fd);
	return n;
}

static void test_free(void)
{
	char *p = map_region(PAGES, MAP_PRIVATE, -1);
	long given = vmstat("pglazyfree "), taken = vmstat("pglazyfreed ");

	fill(p, 'l');
	is(madvise(p, LEN, MADV_FREE), 0, "MADV_FREE");
	madvise(p, LEN, MADV_FREE);	/* Linux keeps the last few in a batch until the next call */
	is(vmstat("pglazyfree ") - given, PAGES, "vmstat counts the pages that may go");
	is(smap(getpid(), p, "Rss:"), KIB, "they are there yet");
	is(smap(getpid(), p, "LazyFree:"), KIB, "smaps: LazyFree");
	is(lazy_frames(p), PAGES, "kpageflags: they do not belong into swap");
	is(intact(p, 'l'), PAGES, "and hold what they held");
	p[3 * PAGE] = 'x';
	is(smap(getpid(), p, "LazyFree:"), KIB - 4, "the one that is written again is kept");

	/* The accessed flags that the reading above has set go with the advice. */
	for (int i = 0; i < 100 && count(p, PM_PRESENT, PM_PRESENT) > 1; i++)
		madvise(p, LEN, MADV_PAGEOUT);
	ok(vmstat("pglazyfreed ") - taken >= PAGES - 1, "reclaim drops the others (%ld)",
	   vmstat("pglazyfreed ") - taken);
	is(p[3 * PAGE] == 'x' && p[3 * PAGE + 1] == (char)('l' + 3), 1, "the one has the old bytes and the new one");
	p[3 * PAGE] = 'l' + 3;
	is(intact(p, 'l'), 1, "it alone is left");
	is(p[0] | p[4 * PAGE + 5] | p[LEN - 1], 0, "the others are zeros");
	munmap(p, LEN);
}

static void test_free_of_swapped(void)
{
	char *p = map_region(PAGES, MAP_PRIVATE, -1);

	if (!needs_swap("MADV_FREE of pages in swap"))
		return;
	fill(p, 's');
	push_out(p);
	is(smap(getpid(), p, "Swap:"), KIB, "pages in swap");
	is(madvise(p, LEN, MADV_FREE), 0, "MADV_FREE of those");
	is(count(p, ~0ULL, 0), PAGES, "nothing is left of them");
	is(p[0] | p[5 * PAGE], 0, "they are zeros");
	fill(p, 't');
	madvise(p, LEN, MADV_FREE);
	fill(p, 'u');		/* all are kept, and are ordinary pages again */
	push_out(p);
	is(smap(getpid(), p, "Swap:"), KIB, "written after MADV_FREE they go to swap");
	is(intact(p, 'u'), PAGES, "and come back");
	munmap(p, LEN);
}

/* The child gives up what it shares with its parent: the parent does not lose it. */
static void test_free_of_shared(void)
{
	char *p = map_region(PAGES, MAP_PRIVATE, -1);
	pid_t pid;
	int n;

	fill(p, 'p');
	pid = fork();
	if (!pid) {
		int bad = madvise(p, LEN, MADV_FREE) || madvise(p, LEN, MADV_PAGEOUT);

		_exit(bad || intact(p, 'p') != PAGES);
	}
	is(reap(pid), 0, "a child gives up what it shares with its parent");
	madvise(p, LEN, MADV_PAGEOUT);
	is(intact(p, 'p'), PAGES, "who has it still");

	/* The other way: given up first, then forked, and written by the parent. */
	madvise(p, LEN, MADV_FREE);
	pid = sleeper();
	fill(p, 'q');
	end(pid);
	for (int i = 0; i < 5; i++)
		madvise(p, LEN, MADV_PAGEOUT);
	is(intact(p, 'q'), PAGES, "what is written after MADV_FREE and fork is kept");

	/* In swap when it forks: both read it, so that no PTE is dirty. */
	if (!needs_swap("of what both read from swap"))
		return;
	push_out(p);
	pid = fork();
	if (!pid) {
		int bad = intact(p, 'q') != PAGES;

		_exit(bad || madvise(p, LEN, MADV_FREE) || madvise(p, LEN, MADV_FREE));
	}
	n = intact(p, 'q');
	is(reap(pid), 0, "a child gives up what both read from swap");
	for (int i = 0; i < 5; i++)
		madvise(p, LEN, MADV_PAGEOUT);
	is(n + intact(p, 'q'), 2 * PAGES, "the parent has it, before and after");
	munmap(p, LEN);
}

static void test_free_errors(void)
{
	char *p = map_region(PAGES, MAP_SHARED, -1), *q;
	int fd = open("/proc/self/exe", O_RDONLY);

	fails(madvise(p, LEN, MADV_FREE), EINVAL, "MADV_FREE of shared memory");
	q = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	fails(madvise(q, PAGE, MADV_FREE), EINVAL, "of a file");
	munmap(q, PAGE);
	munmap(p, LEN);
	p = map_region(PAGES, MAP_PRIVATE, -1);
	munmap(p, PAGE);
	fails(madvise(p, LEN, MADV_FREE), ENOMEM, "over a gap");
	munmap(p, LEN);
	close(fd);
}

int main(void)
{
	cpu_set_t one;

	/* New pages wait in a batch of their CPU, where advice that comes from another does not find them. */
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	have_swap = proc_value("/proc/meminfo", "SwapFree:") > 1024;
	test_pagemap();
	test_shared_entries();
	test_cold();
	test_pageout_of_a_file();
	test_free();
	test_free_of_swapped();
	test_free_of_shared();
	test_free_errors();
	return done();
}
