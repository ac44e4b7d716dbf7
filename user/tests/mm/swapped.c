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
#include <sys/shm.h>
#include <sys/stat.h>
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

static long vmstat(const char *key)
{
	return proc_value("/proc/vmstat", key);
}

static void on_cpus(unsigned long mask)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (int i = 0; i < 8; i++)
		if (mask >> i & 1)
			CPU_SET(i, &set);
	sched_setaffinity(0, sizeof(set), &set);
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

/* ------------------------------------------------------------------ shared memory in swap */

/* Out of the page tables, and to swap; kB of it that are there. */
static long push_out_shared(char *p)
{
	long kib = 0;

	for (int i = 0; i < 1000 && (kib = smap(getpid(), p, "Swap:")) < KIB; i++) {
		for (int j = 0; j < PAGES; j++)
			(void)*(volatile char *)(p + j * PAGE);		/* what is not mapped is not pushed */
		madvise(p, LEN, MADV_PAGEOUT);
	}
	return kib;
}

/* What all kinds have in common: it goes, is told of, comes back right, to whoever asks. */
static void test_shared_kind(const char *kind, char *p)
{
	long shmem;
	char c = 0;
	pid_t pid;

	fill(p, 'm');
	shmem = proc_value("/proc/meminfo", "Shmem:");
	is(push_out_shared(p), KIB, "%s: all of it goes to swap", kind);
	is(count(p, ~0ULL, 0), PAGES, "%s: no PTE tells of it", kind);
	is(smap(getpid(), p, "Rss:") + smap(getpid(), p, "SwapPss:"), 0, "%s: nobody's share", kind);
	ok(proc_value("/proc/meminfo", "Shmem:") < shmem, "%s: Shmem in meminfo is less", kind);
	pid = fork();
	if (!pid) {
		c = p[0] == 'm' && intact(p, 'm') == PAGES;
		p[LEN - 1] = 'Z';
		_exit(c);
	}
	is(reap(pid), 1, "%s: a child finds it as it was", kind);
	is(p[LEN - 1], 'Z', "%s: the parent sees what the child writes", kind);
	p[LEN - 1] = 'm' + PAGES - 1;
	is(intact(p, 'm'), PAGES, "%s: and the rest", kind);
	is(smap(getpid(), p, "Swap:"), 0, "%s: nothing is left in swap", kind);
	push_out_shared(p);
	fill(p, 'n');
	is(intact(p, 'n'), PAGES, "%s: written over in swap", kind);
	push_out_shared(p);		/* and it ends there */
}

static long swap_used(void)
{
	return proc_value("/proc/meminfo", "SwapTotal:") - proc_value("/proc/meminfo", "SwapFree:");
}

static void test_shared_kinds(void)
{
	long before = swap_used();
	char *p;
	int fd, id;

	if (!needs_swap("shared memory in swap"))
		return;
	p = map_region(PAGES, MAP_SHARED, -1);
	test_shared_kind("mmap", p);
	munmap(p, LEN);

	fd = memfd_create("swapped", 0);
	ftruncate(fd, LEN);
	p = map_region(PAGES, MAP_SHARED, fd);
	test_shared_kind("memfd", p);
	munmap(p, LEN);
	close(fd);

	fd = shm_open("/swapped", O_RDWR | O_CREAT, 0600);
	ftruncate(fd, LEN);
	p = map_region(PAGES, MAP_SHARED, fd);
	test_shared_kind("tmpfs", p);
	munmap(p, LEN);
	close(fd);
	shm_unlink("/swapped");

	id = shmget(IPC_PRIVATE, LEN, IPC_CREAT | 0600);
	p = shmat(id, NULL, 0);
	test_shared_kind("System V", p);
	is(push_out_shared(p), KIB, "System V: to swap once more");
	fill(p, 'v');
	is(shmctl(id, SHM_LOCK, NULL), 0, "SHM_LOCK");
	for (int i = 0; i < 5; i++)
		madvise(p, LEN, MADV_PAGEOUT);
	is(smap(getpid(), p, "Swap:"), 0, "keeps it in memory");
	shmctl(id, SHM_UNLOCK, NULL);
	is(push_out_shared(p), KIB, "until SHM_UNLOCK");
	is(intact(p, 'v'), PAGES, "from where it comes back");
	shmdt(p);
	shmctl(id, IPC_RMID, NULL);
	/* Linux frees a slot or two later by the batch. */
	ok(swap_used() - before < 512, "with the files their pages leave swap (%ld, %ld kB)", before, swap_used());
}

static long blocks_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? -1 : st.st_blocks;
}

/* By read(2) and write(2), and cut off. */
static void test_file_calls(void)
{
	static char buf[LEN];
	int fd = memfd_create("calls", 0);
	char *p, *q;
	long used;

	if (!needs_swap("a file whose pages are in swap"))
		return;
	ftruncate(fd, LEN);
	p = map_region(PAGES, MAP_SHARED, fd);
	fill(p, 'r');
	push_out_shared(p);
	is(blocks_of(fd), PAGES * 8, "a page in swap is one of the file's");
	is(pread(fd, buf, LEN, 0), LEN, "read() of what is in swap");
	is(intact(buf, 'r'), PAGES, "reads it");

	push_out_shared(p);
	is(pwrite(fd, "XY", 2, 2 * PAGE - 1), 2, "a write into the middle of two pages");
	is(p[2 * PAGE - 1] == 'X' && p[2 * PAGE] == 'Y', 1, "is seen through the mapping");
	is(p[2 * PAGE - 2] == 'r' + 1 && p[2 * PAGE + 1] == 'r' + 2, 1, "beside what was there");

	fill(p, 'r');
	push_out_shared(p);
	is(ftruncate(fd, 10 * PAGE + 100), 0, "cut off while in swap");
	is(blocks_of(fd), 11 * 8, "what is behind the end is gone");
	is(ftruncate(fd, LEN), 0, "and made long again");
	is(p[10 * PAGE + 99] == 'r' + 10 && !p[10 * PAGE + 100] && !p[11 * PAGE] && !p[LEN - 1], 1,
	   "it is zeros from the byte on where it was cut");

	fill(p, 'h');
	push_out_shared(p);
	is(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 2 * PAGE + 10, 3 * PAGE), 0, "a hole");
	is(blocks_of(fd), (PAGES - 2) * 8, "takes whole pages out of swap");
	is(p[2 * PAGE + 9] == 'h' + 2 && !p[2 * PAGE + 10] && !p[3 * PAGE] && !p[5 * PAGE + 9] &&
	   p[5 * PAGE + 10] == 'h' + 5, 1, "and clears parts of others");

	/* Linux keeps some hundred kB of freed slots at hand: so more than that has to be freed. */
	used = swap_used();
	for (int i = 0; i < 40; i++) {
		fill(p, 'g');
		push_out_shared(p);
		/* A page that is being written keeps its slot until it is reclaimed. */
		while (proc_value("/proc/meminfo", "Writeback:"))
			usleep(1000);
		if (i & 1)
			fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, LEN);
		ftruncate(fd, 0);
		ftruncate(fd, LEN);
	}
	ok(swap_used() - used < 1024, "what is cut off leaves swap (%ld, %ld kB)", used, swap_used());

	/* A private mapping finds the file's pages, and copies those it writes to. */
	fill(p, 'k');
	push_out_shared(p);
	q = map_region(PAGES, MAP_PRIVATE, fd);
	is(smap(getpid(), q, "Swap:"), KIB, "a private mapping counts what is in swap of the file");
	q[0] = 'Q';
	is(intact(q, 'k'), PAGES - 1, "finds it");
	madvise(q + PAGE, LEN - PAGE, MADV_DONTNEED);
	push_out_shared(p);
	is(smap(getpid(), q, "Swap:"), KIB - 4, "but not in the place of its own copies");
	is(q[0] == 'Q' && q[1] == 'k', 1, "keeps its copy");
	is(intact(p, 'k'), PAGES, "which the file does not see");
	munmap(q, LEN);
	munmap(p, LEN);
	close(fd);
}

/*
 * Writers that push out what they wrote, readers, holes and truncation, all at once on the same few pages. Whatever
 * comes first, a word is 0 or belongs to its page.
 */
#define ROUNDS		1500

static int race_fd;

static u64 race_word(unsigned int page)
{
	return page * 0x0101010101010101ULL + 1;
}

static void race_write(char *p, unsigned int n)
{
	u64 buf[PAGE / 8];

	for (size_t i = 0; i < PAGE / 8; i++)
		buf[i] = race_word(n);
	pwrite(race_fd, buf, PAGE, n * PAGE);
	madvise(p, LEN, MADV_POPULATE_READ);	/* as far as the file goes just now */
	madvise(p, LEN, MADV_PAGEOUT);
}

static int race_read(unsigned int n)
{
	u64 buf[PAGE / 8];
	ssize_t got = pread(race_fd, buf, PAGE, n * PAGE);
	int bad = got < 0;

	for (ssize_t i = 0; i < got / 8; i++)
		bad += buf[i] && buf[i] != race_word(n);
	return bad;
}

static int race(unsigned int who)
{
	char *p = mmap(NULL, LEN, PROT_READ, MAP_SHARED, race_fd, 0);
	unsigned int seed = who * 7919 + 1;
	int bad = 0;

	for (int i = 0; i < ROUNDS; i++) {
		unsigned int n = (seed = seed * 1103515245 + 12345) >> 16 & (PAGES - 1);

		if (who < 2)
			race_write(p, n);
		else if (who == 2)
			bad += race_read(n);
		else if (seed >> 24 & 1)
			fallocate(race_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, n * PAGE, 2 * PAGE);
		else
			ftruncate(race_fd, (seed >> 25 & 1) ? LEN : n * PAGE);
	}
	return bad != 0;
}

static void test_races(void)
{
	pid_t pid[4];
	int bad = 0;

	if (!needs_swap("races for pages in swap"))
		return;
	race_fd = memfd_create("race", 0);
	ftruncate(race_fd, LEN);
	for (int i = 0; i < 4; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			on_cpus(~0UL);
			_exit(race(i));
		}
	}
	for (int i = 0; i < 4; i++)
		bad += reap(pid[i]) != 0;
	is(bad, 0, "writers, a reader, holes and truncation find what belongs there");
	ftruncate(race_fd, 0);
	is(blocks_of(race_fd), 0, "in the end nothing is left of the file");
	close(race_fd);
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
	/* New pages wait in a batch of their CPU, where advice that comes from another does not find them. */
	on_cpus(1);
	have_swap = proc_value("/proc/meminfo", "SwapFree:") > 1024;
	test_pagemap();
	test_shared_entries();
	test_shared_kinds();
	test_file_calls();
	test_races();
	test_cold();
	test_pageout_of_a_file();
	test_free();
	test_free_of_swapped();
	test_free_of_shared();
	test_free_errors();
	return done();
}
