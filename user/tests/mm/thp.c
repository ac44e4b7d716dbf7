// SPDX-License-Identifier: MIT
/*
 * Transparent huge pages: when a program gets them, that nothing but the counters tells, and that whatever
 * splits them loses no byte.
 *
 *	thp			the checks
 *	thp stress [ROUNDS]	threads that fault, unmap, protect, fork and page out within huge pages, each its own
 *				slice of one region; slices meet within huge pages; each knows what its slice holds
 *	thp press MIB		so much memory, touched twice, where less is free: so with swap
 *	thp waste MIB		so much memory twice, the first time with little of each huge page left
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <setjmp.h>
#include <threads.h>
#include "tap.h"

typedef unsigned long long u64;

#define PAGE		4096UL
#define HUGE		(2UL << 20)
#define HUGE_KB		2048
#define PAGES_IN_HUGE	512
#define RW		(PROT_READ | PROT_WRITE)

#define KPF_THP		22
#define PM_PFN		((1ULL << 55) - 1)

/* ------------------------------------------------------------------ helpers */

/* @n huge pages' worth of memory, aligned; @before pages more in front of it. */
static char *map_at(unsigned long n, unsigned long before)
{
	char *p = mmap(NULL, (n + 2) * HUGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	munmap(p, (n + 2) * HUGE);
	p = (char *)(((unsigned long)p + 2 * HUGE - 1) & ~(HUGE - 1));
	if (mmap(p - before * PAGE, n * HUGE + before * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		 0) == MAP_FAILED)
		return NULL;
	madvise(p - before * PAGE, n * HUGE + before * PAGE, MADV_HUGEPAGE);
	return p;
}

static char *map(unsigned long n)
{
	return map_at(n, 0);
}

/* A number that says which page it is. */
static void fill(char *p, unsigned long pages, unsigned long seed)
{
	for (unsigned long i = 0; i < pages; i++)
		*(volatile unsigned long *)(p + i * PAGE) = seed + i;
}

static unsigned long wrong(const char *p, unsigned long pages, unsigned long seed)
{
	unsigned long n = 0;

	for (unsigned long i = 0; i < pages; i++)
		n += *(volatile unsigned long *)(p + i * PAGE) != seed + i;
	return n;
}

static unsigned long not_zero(const char *p, unsigned long pages)
{
	unsigned long n = 0;

	for (unsigned long i = 0; i < pages * PAGE / 8; i++)
		n += ((volatile unsigned long *)p)[i] != 0;
	return n;
}

/* KiB of the program that huge pages map; both here and in Linux. */
static long huge_kb(void)
{
	return proc_value("/proc/self/smaps_rollup", "AnonHugePages:");
}

static long vmstat(const char *key)
{
	return proc_value("/proc/vmstat", key);
}

static long minor_faults(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_minflt;
}

static u64 read_u64(const char *path, unsigned long index)
{
	int fd = open(path, O_RDONLY);
	u64 v = ~0ULL;

	if (fd < 0 || pread(fd, &v, 8, index * 8) != 8)
		v = ~0ULL;
	close(fd);
	return v;
}

static u64 frame_of(const char *p)
{
	return read_u64("/proc/self/pagemap", (unsigned long)p / PAGE) & PM_PFN;
}

static sigjmp_buf env;

static void caught(int sig)
{
	siglongjmp(env, sig);
}

/* 0, or the signal that the write brought. */
static int try_write(volatile char *p)
{
	int sig = sigsetjmp(env, 1);

	if (!sig)
		*p = 1;
	return sig;
}

/* ------------------------------------------------------------------ faults */

static void test_touch(void)
{
	long faults, alloc = vmstat("thp_fault_alloc"), before = huge_kb();
	long rss = proc_value("/proc/self/status", "RssAnon:");
	char *p = map(32);
	u64 frame, odd = 0;

	faults = minor_faults();
	fill(p, 32 * PAGES_IN_HUGE, 1);
	is(minor_faults() - faults, 32, "64 MiB, touched page by page, take 32 faults");
	ok(vmstat("thp_fault_alloc") - alloc >= 32, "each of which got a huge page");
	is(huge_kb() - before, 32 * HUGE_KB, "smaps: AnonHugePages");
	rss = proc_value("/proc/self/status", "RssAnon:") - rss;
	ok(rss >= 32 * HUGE_KB && rss < 33 * HUGE_KB, "status: RssAnon counts them whole (%ld KiB more)", rss);
	is(wrong(p, 32 * PAGES_IN_HUGE, 1), 0, "what was written is there");
	frame = frame_of(p + HUGE);
	is(frame % PAGES_IN_HUGE, 0, "pagemap: the frames of a huge page begin at a multiple of 512");
	for (unsigned long i = 0; i < PAGES_IN_HUGE; i++)
		odd += frame_of(p + HUGE + i * PAGE) != frame + i ||
		       !(read_u64("/proc/kpageflags", frame + i) >> KPF_THP & 1) ||
		       read_u64("/proc/kpagecount", frame + i) != 1;
	is(odd, 0, "and follow each other; kpageflags and kpagecount know them as parts, mapped once");
	munmap(p, 32 * HUGE);
	is(huge_kb(), before, "unmapped: they are gone");

	p = map(2);
	p[HUGE] = 1;
	p[HUGE] = 0;
	is(not_zero(p + HUGE, PAGES_IN_HUGE), 0, "a new huge page holds zeroes");
	munmap(p, 2 * HUGE);
}

static void test_where_not(void)
{
	long before = huge_kb();
	char *p = map(2);

	madvise(p, 2 * HUGE, MADV_NOHUGEPAGE);
	fill(p, 2 * PAGES_IN_HUGE, 5);
	is(huge_kb(), before, "MADV_NOHUGEPAGE: none");
	munmap(p, 2 * HUGE);

	p = map(2);
	munmap(p, PAGE);
	munmap(p + 2 * HUGE - PAGE, PAGE);
	fill(p + PAGE, 2 * PAGES_IN_HUGE - 2, 5);
	is(huge_kb(), before, "where the region does not cover 2 MiB: none");
	is(wrong(p + PAGE, 2 * PAGES_IN_HUGE - 2, 5), 0, "all the same the bytes are right");
	munmap(p, 2 * HUGE);
}

static void disabled_child(void)
{
	char *p = map(1);
	long before = huge_kb();

	*p = 1;
	_exit(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) != 1 || huge_kb() != before);
}

static void test_prctl(void)
{
	is(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 0, "PR_GET_THP_DISABLE: no");
	fails(prctl(PR_GET_THP_DISABLE, 1, 0, 0, 0), EINVAL, "it takes no argument");
	fails(prctl(PR_SET_THP_DISABLE, 1, 1, 0, 0), EINVAL, "PR_SET_THP_DISABLE takes one");
	is(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0, "with it");
	is(in_child(disabled_child), 0, "a child has no huge page either");
	prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
}

/* ------------------------------------------------------------------ what splits */

static void test_unmap_part(void)
{
	long before = huge_kb(), split = vmstat("thp_split_pmd");
	char *p = map(3);

	fill(p, 3 * PAGES_IN_HUGE, 7);
	is(munmap(p + HUGE + 100 * PAGE, 10 * PAGE), 0, "munmap within a huge page");
	is(huge_kb() - before, 2 * HUGE_KB, "that one is mapped by pages now");
	ok(vmstat("thp_split_pmd") > split, "thp_split_pmd counts it");
	is(wrong(p, PAGES_IN_HUGE + 100, 7), 0, "what is below keeps its bytes");
	is(wrong(p + HUGE + 110 * PAGE, 2 * PAGES_IN_HUGE - 110, 7 + PAGES_IN_HUGE + 110), 0, "and what is above");
	is(try_write(p + HUGE + 100 * PAGE), SIGSEGV, "what was unmapped is not there");
	munmap(p, 3 * HUGE);
	is(huge_kb(), before, "and all can be unmapped");
}

static void test_protect(void)
{
	long before = huge_kb();
	char *p = map(2);

	fill(p, 2 * PAGES_IN_HUGE, 9);
	is(mprotect(p, 2 * HUGE, PROT_READ), 0, "mprotect of whole huge pages");
	is(huge_kb() - before, 2 * HUGE_KB, "leaves them huge");
	is(try_write(p + HUGE), SIGSEGV, "and they cannot be written");
	mprotect(p, 2 * HUGE, PROT_NONE);
	is(mprotect(p, 2 * HUGE, RW), 0, "not at all, and then all rights again");
	is(wrong(p, 2 * PAGES_IN_HUGE, 9), 0, "the bytes are there");
	fill(p, 2 * PAGES_IN_HUGE, 10);
	is(huge_kb() - before, 2 * HUGE_KB, "still huge, and written");
	mprotect(p + 5 * PAGE, PAGE, PROT_READ);
	is(huge_kb() - before, HUGE_KB, "one page of it read-only: that one is split");
	is(try_write(p + 5 * PAGE), SIGSEGV, "that page cannot be written");
	is(try_write(p + 4 * PAGE) | try_write(p + 6 * PAGE), 0, "its neighbours can");
	is(wrong(p + 7 * PAGE, 2 * PAGES_IN_HUGE - 7, 17), 0, "the bytes are there");
	munmap(p, 2 * HUGE);
}

static void test_dontneed(void)
{
	long before = huge_kb();
	char *p = map(2);

	fill(p, 2 * PAGES_IN_HUGE, 11);
	madvise(p + 3 * PAGE, 2 * PAGE, MADV_DONTNEED);
	is(not_zero(p + 3 * PAGE, 2), 0, "MADV_DONTNEED of two pages: zeroes");
	is(wrong(p, 3, 11) + wrong(p + 5 * PAGE, 2 * PAGES_IN_HUGE - 5, 16), 0, "only there");
	is(huge_kb() - before, HUGE_KB, "that one is split");
	madvise(p + HUGE, HUGE, MADV_DONTNEED);
	is(huge_kb() - before, 0, "of a whole huge page: it is gone");
	p[HUGE] = 1;
	is(huge_kb() - before, HUGE_KB, "and comes anew");
	p[HUGE] = 0;
	is(not_zero(p + HUGE, PAGES_IN_HUGE), 0, "with zeroes");
	munmap(p, 2 * HUGE);
}

static void test_mremap(void)
{
	long before = huge_kb();
	char *p = map(3), *to = map(4);

	madvise(to, 4 * HUGE, MADV_NOHUGEPAGE);
	fill(p, 3 * PAGES_IN_HUGE, 13);
	ok(mremap(p, 2 * HUGE, 2 * HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to, "mremap by whole huge pages");
	is(huge_kb() - before, 3 * HUGE_KB, "leaves them huge");
	is(wrong(to, 2 * PAGES_IN_HUGE, 13), 0, "with their bytes");
	ok(mremap(to, 2 * HUGE, 2 * HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + PAGE) == p + PAGE,
	   "and to where no huge page can begin");
	is(huge_kb() - before, 0, "splits them, and the one that is there");
	is(wrong(p + PAGE, 2 * PAGES_IN_HUGE, 13), 0, "the bytes are there");
	is(wrong(p + 2 * HUGE + PAGE, PAGES_IN_HUGE - 1, 13 + 2 * PAGES_IN_HUGE + 1), 0, "and what follows");
	munmap(p, 3 * HUGE);
	munmap(to, 4 * HUGE);
}

/* Locked while it is huge, and taken apart while it is locked: the count of what is locked is right in the end. */
static void test_mlock(void)
{
	long locked = proc_value("/proc/meminfo", "Mlocked:");
	unsigned char vec[PAGES_IN_HUGE];
	unsigned long n = 0;
	char *p = map(3);
	pid_t pid;

	fill(p, 3 * PAGES_IN_HUGE, 15);
	is(mincore(p + HUGE, HUGE, vec), 0, "mincore of a huge page");
	for (unsigned long i = 0; i < PAGES_IN_HUGE; i++)
		n += vec[i] & 1;
	is(n, PAGES_IN_HUGE, "all of it is there");
	is(mlock(p + HUGE / 2, HUGE), 0, "mlock of halves of two");
	pid = sleeper();		/* has them, too */
	is(mlock(p + 2 * HUGE, HUGE), 0, "and of one that is shared");
	is(wrong(p, 3 * PAGES_IN_HUGE, 15), 0, "the bytes are there");
	ok(proc_value("/proc/meminfo", "Mlocked:") > locked, "Mlocked");
	is(munmap(p + HUGE + 7 * PAGE, HUGE), 0, "some of it unmapped");
	p[HUGE] = 16;
	p[3 * HUGE - PAGE] = 16;
	end(pid);
	is(munlock(p, HUGE), 0, "some of it unlocked");
	is(wrong(p, PAGES_IN_HUGE, 15), 0, "the bytes are there");
	munmap(p, 3 * HUGE);
	is(proc_value("/proc/meminfo", "Mlocked:"), locked, "and nothing stays locked");
}

/* ------------------------------------------------------------------ fork */

#define FORK_HUGE	4

static char *shared;

static void child_writes(void)
{
	unsigned long bad = wrong(shared, FORK_HUGE * PAGES_IN_HUGE, 20);
	long before = huge_kb();

	shared[HUGE + 8] = 1;
	_exit(bad || wrong(shared, FORK_HUGE * PAGES_IN_HUGE, 20) || shared[HUGE + 8] != 1 ||
	      huge_kb() != before - HUGE_KB);
}

static void test_fork(void)
{
	long before = huge_kb(), faults;

	shared = map(FORK_HUGE);
	fill(shared, FORK_HUGE * PAGES_IN_HUGE, 20);
	is(in_child(child_writes), 0, "a child has the bytes, and its write splits its own entry only");
	is(huge_kb() - before, FORK_HUGE * HUGE_KB, "the parent's are huge as before");
	is(wrong(shared, FORK_HUGE * PAGES_IN_HUGE, 20) + shared[HUGE + 8], 0, "and hold what they held");
	faults = minor_faults();
	fill(shared, FORK_HUGE * PAGES_IN_HUGE, 21);
	faults = minor_faults() - faults;
	/* Linux takes one more at times. */
	ok(faults >= FORK_HUGE && faults < 2 * FORK_HUGE, "alone again it writes to them with a fault each (%ld)", faults);
	is(huge_kb() - before, FORK_HUGE * HUGE_KB, "and keeps them");
	munmap(shared, FORK_HUGE * HUGE);
}

/* The parent writes while the child looks. */
static void test_parent_writes(void)
{
	int go[2];
	pid_t pid;
	char c;

	shared = map(FORK_HUGE);
	fill(shared, FORK_HUGE * PAGES_IN_HUGE, 30);
	if (pipe(go))
		return;
	pid = fork();
	if (!pid) {
		close(go[1]);
		if (read(go[0], &c, 1) != 1)
			_exit(2);
		_exit(wrong(shared, FORK_HUGE * PAGES_IN_HUGE, 30) != 0);
	}
	for (unsigned long i = 0; i < FORK_HUGE * PAGES_IN_HUGE; i += 3)
		shared[i * PAGE] = 99;
	c = write(go[1], "x", 1);
	is(reap(pid), 0, "a child does not see what the parent writes after the fork");
	c = 0;
	for (unsigned long i = 0; i < FORK_HUGE * PAGES_IN_HUGE; i++)
		c |= i % 3 ? wrong(shared + i * PAGE, 1, 30 + i) : shared[i * PAGE] != 99;
	is(c, 0, "which has what it wrote, and all else");
	munmap(shared, FORK_HUGE * HUGE);
	close(go[0]);
	close(go[1]);
}

static void grandchildren(void)
{
	munmap(shared + 300 * PAGE, 50 * PAGE);		/* PTEs and PMDs map the same page from here on */
	if (fork() == 0) {
		fill(shared, 100, 1000);
		_exit(wrong(shared + 350 * PAGE, 2 * PAGES_IN_HUGE - 350, 40 + 350) || wrong(shared, 100, 1000));
	}
	if (wrong(shared, 300, 40) || reap(-1))
		_exit(1);
	fill(shared, 300, 2000);
	_exit(wrong(shared, 300, 2000) || wrong(shared + 350 * PAGE, 2 * PAGES_IN_HUGE - 350, 40 + 350));
}

static void test_family(void)
{
	shared = map(2);
	fill(shared, 2 * PAGES_IN_HUGE, 40);
	is(in_child(grandchildren), 0, "a child that has split it, and its child: all bytes are right");
	is(wrong(shared, 2 * PAGES_IN_HUGE, 40), 0, "and the parent's");
	munmap(shared, 2 * HUGE);
}

/* The kernel reads and writes through the addresses, too. */
static void test_system_calls(void)
{
	char *p = map(1), *q = malloc(3 * PAGE);
	int fds[2];

	if (!q || pipe(fds))
		return;
	fill(p, PAGES_IN_HUGE, 50);
	is(write(fds[1], p + 7 * PAGE, 2 * PAGE), 2 * PAGE, "write() from a huge page");
	is(read(fds[0], q, 2 * PAGE), 2 * PAGE, "to a buffer");
	is(wrong(q, 2, 57), 0, "moves the bytes");
	is(write(fds[1], q, PAGE), PAGE, "and back");
	madvise(p, HUGE, MADV_DONTNEED);
	is(read(fds[0], p + 9 * PAGE, PAGE), PAGE, "read() to 2 MiB that nobody has touched yet");
	is(wrong(p + 9 * PAGE, 1, 57), 0, "too");
	is(not_zero(p, 9) + not_zero(p + 10 * PAGE, PAGES_IN_HUGE - 10), 0, "and to no more");
	munmap(p, HUGE);
	close(fds[0]);
	close(fds[1]);
	free(q);
}

/* What of a huge page is not mapped any more is free when memory is short; here, when all of it is not. */
static void test_memory_back(void)
{
	long anon0, anon1;
	char *p;

	p = map(8);
	fill(p, 8 * PAGES_IN_HUGE, 1);
	anon0 = proc_value("/proc/meminfo", "AnonPages:");
	for (int i = 0; i < 8; i++)
		madvise(p + i * HUGE + PAGE, HUGE - PAGE, MADV_DONTNEED);
	is(wrong(p, 1, 1), 0, "all but a page of each given back: that page stays");
	anon1 = proc_value("/proc/meminfo", "AnonPages:");
	ok(anon0 - anon1 > 7 * HUGE_KB, "AnonPages does not count what was given back (%ld KiB)", anon0 - anon1);
	munmap(p, 8 * HUGE);
}

/* ------------------------------------------------------------------ the stress */

#define THREADS		4
#define SLICE		700		/* pages: so that slices meet within huge pages */

static char *arena;
static int rounds = 6;

static unsigned int next_random(unsigned int *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

struct slice {
	char		*p;
	unsigned int	state;
	unsigned int	model[SLICE];	/* what the first word of each page is */
	const char	*mistake;
};

static int slice_wrong(const struct slice *s)
{
	for (int i = 0; i < SLICE; i++)
		if (*(volatile unsigned int *)(s->p + i * PAGE) != s->model[i])
			return 1;
	return 0;
}

static void slice_write(struct slice *s, int first, int n)
{
	for (int i = first; i < first + n; i++) {
		s->model[i] = next_random(&s->state) | 1;
		*(volatile unsigned int *)(s->p + i * PAGE) = s->model[i];
	}
}

static void slice_gone(struct slice *s, int first, int n)
{
	for (int i = first; i < first + n; i++)
		s->model[i] = 0;
}

static const char *slice_fork(struct slice *s)
{
	pid_t pid = fork();

	if (!pid) {
		if (slice_wrong(s))
			_exit(1);
		slice_write(s, 0, SLICE / 3);
		_exit(slice_wrong(s));
	}
	slice_write(s, SLICE / 4, SLICE / 3);
	return pid < 0 || reap(pid) ? "a child found other bytes" : NULL;
}

static const char *slice_step(struct slice *s)
{
	int first = next_random(&s->state) % SLICE, n = 1 + next_random(&s->state) % (SLICE - first);
	char *p = s->p + first * PAGE;

	switch (next_random(&s->state) % 16) {
	case 0 ... 4:
		slice_write(s, first, n);
		return NULL;
	case 5 ... 6:
		slice_gone(s, first, n);
		return madvise(p, n * PAGE, MADV_DONTNEED) ? "madvise" : NULL;
	case 7 ... 8:
		slice_gone(s, first, n);
		return mmap(p, n * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p ? NULL : "mmap";
	case 9 ... 10:
		if (mprotect(p, n * PAGE, PROT_READ) || slice_wrong(s))
			return "mprotect";
		return mprotect(p, n * PAGE, RW) ? "mprotect back" : NULL;
	case 11:
		madvise(p, n * PAGE, MADV_FREE);
		slice_write(s, first, n);
		return NULL;
	case 12 ... 13:
		return madvise(p, n * PAGE, MADV_PAGEOUT) ? "MADV_PAGEOUT" : NULL;
	}
	return slice_fork(s);
}

#define STEPS	12

static int stress_thread(void *arg)
{
	struct slice *s = arg;

	for (int i = 0; i < STEPS && !s->mistake; i++) {
		s->mistake = slice_step(s);
		if (!s->mistake && slice_wrong(s))
			s->mistake = "other bytes than were written";
	}
	return 0;
}

/* A table stays where one was made: so each round has memory of its own, which is huge again. */
static int stress_round(struct slice *slices)
{
	const unsigned long n = (THREADS * SLICE + PAGES_IN_HUGE - 1) / PAGES_IN_HUGE;
	thrd_t threads[THREADS];
	int good = 1;

	arena = map(n);
	if (!arena)
		return 0;
	for (int i = 0; i < THREADS; i++) {
		slices[i].p = arena + i * SLICE * PAGE;
		slice_gone(&slices[i], 0, SLICE);
		thrd_create(&threads[i], stress_thread, &slices[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		thrd_join(threads[i], NULL);
		if (slices[i].mistake)
			printf("# thread %d: %s\n", i, slices[i].mistake);
		good &= !slices[i].mistake;
	}
	munmap(arena, n * HUGE);
	return good;
}

static int stress(void)
{
	struct slice *slices = calloc(THREADS, sizeof(*slices));
	long alloc = vmstat("thp_fault_alloc"), split = vmstat("thp_split_pmd");
	int i;

	if (!slices)
		return 1;
	for (i = 0; i < THREADS; i++)
		slices[i].state = i + 1;
	for (i = 0; i < rounds && stress_round(slices); i++)
		;
	is(i, rounds, "rounds in which each thread has what it wrote");
	ok(vmstat("thp_fault_alloc") > alloc && vmstat("thp_split_pmd") > split, "in huge pages, and split ones");
	return done();
}

/* ------------------------------------------------------------------ more than there is */

static int press(unsigned long mib)
{
	unsigned long n = mib / 2, pages = n * PAGES_IN_HUGE, bad = 0;
	long split = vmstat("thp_split_page"), out = vmstat("pswpout");
	unsigned int state = 1;
	pid_t pid;

	shared = map(n);
	fill(shared, pages, 77);
	/* A child that has all of it, too: the pages that are split are mapped twice. */
	pid = fork();
	if (!pid)
		_exit(wrong(shared, pages, 77) != 0);
	is(reap(pid), 0, "a child finds every page");
	for (unsigned long i = 0; i < pages / 4; i++) {
		unsigned long k = next_random(&state) % pages;

		bad += *(volatile unsigned long *)(shared + k * PAGE) != 77 + k;
	}
	is(bad, 0, "and the parent, at random");
	fill(shared, pages, 78);
	is(wrong(shared, pages, 78), 0, "and what it wrote after that");
	ok(vmstat("thp_split_page") > split, "huge pages were split (%ld)", vmstat("thp_split_page") - split);
	ok(vmstat("pswpout") > out, "and swapped out");
	munmap(shared, n * HUGE);
	return done();
}

/* Of huge pages only one small one each is still mapped: the rest of them is free when others need it. */
static int waste(unsigned long mib)
{
	unsigned long n = mib / 2, missing = 0;
	char *p = map(n), *more;

	fill(p, n * PAGES_IN_HUGE, 5);
	for (unsigned long i = 0; i < n; i++)
		munmap(p + i * HUGE + PAGE, HUGE - PAGE);
	more = map(n);
	madvise(more, n * HUGE, MADV_NOHUGEPAGE);
	fill(more, n * PAGES_IN_HUGE, 6);
	is(wrong(more, n * PAGES_IN_HUGE, 6), 0, "as much memory again is to be had");
	for (unsigned long i = 0; i < n; i++)
		missing += wrong(p + i * HUGE, 1, 5 + i * PAGES_IN_HUGE);
	is(missing, 0, "and what was still mapped is there");
	return done();
}

/* Linux has none of them with less than 512 MiB of memory, until somebody says this. */
static int huge_pages_are_off(void)
{
	char enabled[64] = "";
	int fd = open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDWR);
	int off = fd >= 0 && read(fd, enabled, sizeof(enabled) - 1) > 0 && strstr(enabled, "[never]") &&
		  write(fd, "madvise", 7) != 7;

	close(fd);
	return off;
}

int main(int argc, char **argv)
{
	if (huge_pages_are_off()) {
		printf("1..0 # SKIP huge pages are off\n");
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "stress")) {
		rounds = argc > 2 ? atoi(argv[2]) : rounds;
		return stress();
	}
	if (argc > 2 && !strcmp(argv[1], "press"))
		return press(atoi(argv[2]));
	if (argc > 2 && !strcmp(argv[1], "waste"))
		return waste(atoi(argv[2]));
	signal(SIGSEGV, caught);
	test_touch();
	test_where_not();
	test_prctl();
	test_unmap_part();
	test_protect();
	test_dontneed();
	test_mremap();
	test_mlock();
	test_fork();
	test_parent_writes();
	test_family();
	test_system_calls();
	test_memory_back();
	return done();
}
