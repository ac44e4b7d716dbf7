// SPDX-License-Identifier: MIT
/*
 * mremap(2): mappings that shrink, grow and move, with all that they hold, and what is refused.
 *
 *	mremap			the tests
 *	mremap swap MIB		moves so much memory about, more than there is, and looks at it each time
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <threads.h>
#include "fault.h"
#include "regions.h"
#include "tap.h"

#define MOVE_TO	(MREMAP_MAYMOVE | MREMAP_FIXED)
#define TABLE	(2 * MIB)		/* what one table of PTEs maps */

static long minflt(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_minflt;
}

/* Each page says which one it is. */
static void stamp(char *p, long pages, long first)
{
	for (long i = 0; i < pages; i++)
		*(long *)(p + i * PAGE) = first + i;
}

/* How many pages do not. */
static long not_stamped(const char *p, long pages, long first)
{
	long bad = 0;

	for (long i = 0; i < pages; i++)
		bad += *(const long *)(p + i * PAGE) != first + i;
	return bad;
}

/* Addresses with nothing there, from a multiple of 2 MiB on; no other thread maps anything. */
static char *room(long len)
{
	char *p = anon(len + TABLE, PROT_NONE, MAP_NORESERVE);

	munmap(p, len + TABLE);
	return (char *)(((unsigned long)p + TABLE - 1) & -TABLE);
}

static char *anon_at(char *p, long len)
{
	return mmap(p, len, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* ------------------------------------------------------------------ refused */

static void test_refused(void)
{
	char *p = anon_at(room(MIB), 8 * PAGE), *to = p + 64 * PAGE;

	stamp(p, 8, 1);
	fails(mremap(p, PAGE, PAGE, 8), EINVAL, "a flag that is none");
	fails(mremap(p, PAGE, PAGE, MREMAP_FIXED, to), EINVAL, "FIXED without MAYMOVE");
	fails(mremap(p, PAGE, PAGE, MREMAP_DONTUNMAP), EINVAL, "DONTUNMAP without MAYMOVE");
	fails(mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP), EINVAL, "DONTUNMAP with another length");
	fails(mremap(p + 1, PAGE, PAGE, 0), EINVAL, "an address that is not aligned");
	fails(mremap(p, PAGE, 0, 0), EINVAL, "a length of 0");
	fails(mremap(p, PAGE, -PAGE + 1, 0), EINVAL, "one that wraps to 0");
	fails(mremap(p, PAGE, PAGE, MOVE_TO, to + 1), EINVAL, "a target that is not aligned");
	fails(mremap(p, PAGE, PAGE, MOVE_TO, (char *)(1L << 48)), EINVAL, "a target behind all addresses");
	fails(mremap(p, 4 * PAGE, 4 * PAGE, MOVE_TO, p + 3 * PAGE), EINVAL, "a target that overlaps");
	fails(mremap(p + 3 * PAGE, 4 * PAGE, 4 * PAGE, MOVE_TO, p), EINVAL, "below as well");
	fails(mremap(p, PAGE, PAGE, MOVE_TO, p), EINVAL, "to where it is");
	fails(mremap(to, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT, "what is not mapped");
	fails(mremap(p, 9 * PAGE, 10 * PAGE, MREMAP_MAYMOVE), EFAULT, "more than the region, to grow");
	fails(mremap(p, 9 * PAGE, 9 * PAGE, MOVE_TO, to), EFAULT, "or to move");
	fails(mremap(p, 0, PAGE, MREMAP_MAYMOVE), EINVAL, "a second mapping of private memory");
	fails(mremap(p, PAGE, 1L << 47, MREMAP_MAYMOVE), ENOMEM, "more than there is room for");
	fails(mremap(p, PAGE, 2 * PAGE, 0), ENOMEM, "a part may not grow in place");
	is(not_stamped(p, 8, 1), 0, "nothing of that has changed anything");
	is(mremap(p, 3 * PAGE, 3 * PAGE, 0) - (void *)p, 0, "the same length is no change");
	munmap(p, 8 * PAGE);
}

/* ------------------------------------------------------------------ shorter, longer */

static void test_shrink(void)
{
	char *p = anon_at(room(MIB), 8 * PAGE);

	stamp(p, 8, 1);
	is(mremap(p, 8 * PAGE, 3 * PAGE, 0) - (void *)p, 0, "shrinks where it is");
	is(not_stamped(p, 3, 1), 0, "the rest is as it was");
	is(touch(p + 3 * PAGE), SIGSEGV, "what is cut off is gone");
	is(touch(p + 7 * PAGE), SIGSEGV, "to its end");
	anon_at(p + 3 * PAGE, 5 * PAGE);
	mprotect(p + 4 * PAGE, PAGE, PROT_READ);
	is(mremap(p, 8 * PAGE, 2 * PAGE, 0) - (void *)p, 0, "over several regions, too");
	is(touch(p + 2 * PAGE) + touch(p + 4 * PAGE) + touch(p + 7 * PAGE), 3 * SIGSEGV, "all of them are gone");
	munmap(p, 8 * PAGE);
}

static void test_grow(void)
{
	char *p = anon_at(room(MIB), 4 * PAGE), *q;
	int before;

	stamp(p, 4, 1);
	is(mremap(p, 4 * PAGE, 8 * PAGE, 0) - (void *)p, 0, "grows where it is");
	is(not_stamped(p, 4, 1), 0, "with what it held");
	is(*(long *)(p + 4 * PAGE) + *(long *)(p + 7 * PAGE), 0, "and zeros behind it");
	is(regions(p, MIB), 1, "as one region");
	is(mremap(p + 6 * PAGE, 2 * PAGE, 4 * PAGE, 0) - (void *)(p + 6 * PAGE), 0, "by its last pages, too");
	is(regions(p, MIB), 1, "it is still one");

	q = anon_at(p + 20 * PAGE, PAGE);
	q[0] = 'q';
	fails(mremap(p, 10 * PAGE, 21 * PAGE, 0), ENOMEM, "into another region it does not grow");
	is(mremap(p, 10 * PAGE, 20 * PAGE, 0) - (void *)p, 0, "up to it it does");
	is(q[0], 'q', "which is as it was");
	munmap(p, 21 * PAGE);

	p = anon_at(room(MIB), 4 * PAGE);
	q = anon_at(p + 8 * PAGE, 4 * PAGE);
	before = regions(p, MIB);
	is(mremap(p, 4 * PAGE, 8 * PAGE, 0) - (void *)p, 0, "into a gap between two that fit together");
	is(regions(p, MIB), before - 1, "makes one of them");
	munmap(p, 12 * PAGE);
}

/* After a fork a region has pages of its parent's: it grows all the same. */
static char *inherited;

static void grow_inherited(void)
{
	if (mremap(inherited, 4 * PAGE, 8 * PAGE, 0) != inherited)
		_exit(1);
	stamp(inherited + 4 * PAGE, 4, 5);
	_exit(not_stamped(inherited, 8, 1));
}

static void test_grow_in_child(void)
{
	inherited = anon_at(room(MIB), 4 * PAGE);
	stamp(inherited, 4, 1);
	is(in_child(grow_inherited), 0, "a child's region grows where it is");
	munmap(inherited, 4 * PAGE);
}

/* ------------------------------------------------------------------ to another place */

static void test_move(void)
{
	char *p = anon_at(room(MIB), 16 * PAGE), *to = p + 32 * PAGE, *q;
	long before;

	stamp(p, 16, 1);
	mprotect(p + 4 * PAGE, 4 * PAGE, PROT_READ);
	anon_at(to, 8 * PAGE);
	stamp(to, 8, 100);
	before = minflt();
	is(mremap(p + 4 * PAGE, 4 * PAGE, 4 * PAGE, MOVE_TO, to + 2 * PAGE) - (void *)to, 2 * PAGE,
	   "a part, over what was there");
	is(not_stamped(to + 2 * PAGE, 4, 5), 0, "its pages are there");
	is(minflt() - before, 0, "without a fault");
	is(not_stamped(to, 2, 100) + not_stamped(to + 6 * PAGE, 2, 106), 0, "its neighbours are as they were");
	is(not_stamped(p, 4, 1) + not_stamped(p + 8 * PAGE, 8, 9), 0, "so are those it has left");
	is(touch(p + 4 * PAGE) + touch(p + 7 * PAGE), 2 * SIGSEGV, "where it was nothing is");
	is(store(to + 2 * PAGE, 1), SIGSEGV, "it is read-only as before");
	is(mprotect(to + 2 * PAGE, 4 * PAGE, RW), 0, "made writable");
	is(store(to + 2 * PAGE, 1), 0, "it is");
	munmap(p, 16 * PAGE);

	anon_at(to, 8 * PAGE);
	stamp(to, 8, 1);
	anon_at(to + 8 * PAGE, PAGE);
	mprotect(to + 8 * PAGE, PAGE, PROT_NONE);
	q = mremap(to, 8 * PAGE, 12 * PAGE, MREMAP_MAYMOVE);
	ok(q != MAP_FAILED && q != to, "what has no room behind it moves to grow");
	is(not_stamped(q, 8, 1), 0, "with its pages");
	is(*(long *)(q + 8 * PAGE) + *(long *)(q + 11 * PAGE), 0, "and zeros behind them");
	is(touch(to), SIGSEGV, "it is not where it was");
	is(mremap(q, 12 * PAGE, 2 * PAGE, MOVE_TO, to) - (void *)to, 0, "shorter, back");
	is(not_stamped(to, 2, 1), 0, "its first pages are there");
	is(touch(to + 2 * PAGE) + touch(q) + touch(q + 11 * PAGE), 3 * SIGSEGV, "and no others");
	munmap(to, 9 * PAGE);
}

/* By whole tables, and where those do not match. */
static void test_move_much(void)
{
	const long pages = 4 * TABLE / PAGE;
	char *p = room(32 * TABLE), *at = p;
	/* In pages: aligned alike, by one page off, back to a place within the first tables, and so on. */
	static const long offsets[] = { 8 * 512, 16 * 512 + 1, 24 * 512 + 511, 512, 9 * 512 + 256 };

	anon_at(p, pages * PAGE);
	stamp(p, pages, 1);
	for (unsigned int i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		char *to = p + offsets[i] * PAGE;

		is(mremap(at, pages * PAGE, pages * PAGE, MOVE_TO, to) - (void *)to, 0, "8 MiB by %ld pages",
		   (to - at) / PAGE);
		is(not_stamped(to, pages, 1), 0, "all pages are there");
		is(touch(at) + touch(at + (pages - 1) * PAGE), 2 * SIGSEGV, "and only there");
		at = to;
	}
	munmap(at, pages * PAGE);

	anon_at(p, TABLE)[0] = 't';
	is(mremap(p, TABLE, TABLE, MOVE_TO, p + TABLE) - (void *)p, TABLE, "a table with a single page");
	is(touch(p), SIGSEGV, "is not found any more");
	is(p[TABLE], 't', "but where it is now");
	munmap(p + TABLE, TABLE);
}

/* Pages that two have: each finds its own, whoever moves and writes first. */
static char *family, *family_to;

static void move_then_write(void)
{
	if (mremap(family, 8 * PAGE, 8 * PAGE, MOVE_TO, family_to) != family_to || not_stamped(family_to, 8, 1))
		_exit(1);
	stamp(family_to, 4, 50);
	_exit(not_stamped(family_to, 4, 50) + not_stamped(family_to + 4 * PAGE, 4, 5));
}

static void test_move_after_fork(void)
{
	family = anon_at(room(MIB), 8 * PAGE);
	family_to = family + 16 * PAGE;
	stamp(family, 8, 1);
	is(in_child(move_then_write), 0, "a child moves and writes pages of its parent's");
	is(not_stamped(family, 8, 1), 0, "who has them as they were");
	is(mremap(family, 8 * PAGE, 8 * PAGE, MOVE_TO, family_to) - (void *)family_to, 0, "the parent moves them");
	family = family_to;
	family_to += 16 * PAGE;
	is(in_child(move_then_write), 0, "and another child does, again");
	is(not_stamped(family, 8, 1), 0, "nothing has changed for the parent");
	munmap(family, 8 * PAGE);
}

/* What was never touched may be joined with whatever it is moved next to; what was, where it fits. */
static void test_joining(void)
{
	char *p = anon_at(room(MIB), 4 * PAGE), *q = anon_at(p + 16 * PAGE, 4 * PAGE);

	is(mremap(q, 4 * PAGE, 4 * PAGE, MOVE_TO, p + 4 * PAGE) - (void *)p, 4 * PAGE, "untouched memory beside other");
	is(regions(p, MIB), 1, "is one region with it");
	is(mremap(p, 4 * PAGE, 4 * PAGE, MOVE_TO, p + 8 * PAGE) - (void *)p, 8 * PAGE, "its lower half above its upper");
	is(regions(p, MIB), 1, "is still one");
	is(touch(p) + touch(p + 4 * PAGE), SIGSEGV, "4 pages further up");
	stamp(p + 4 * PAGE, 8, 1);
	is(mremap(p + 8 * PAGE, 4 * PAGE, 4 * PAGE, MOVE_TO, p + 20 * PAGE) - (void *)p, 20 * PAGE, "touched, away");
	is(mremap(p + 20 * PAGE, 4 * PAGE, 4 * PAGE, MOVE_TO, p + 8 * PAGE) - (void *)p, 8 * PAGE, "and back");
	is(not_stamped(p + 4 * PAGE, 8, 1), 0, "with its pages");
	is(regions(p, MIB), 1, "and joined with what it left");
	munmap(p, MIB);
}

/* ------------------------------------------------------------------ the old place stays */

static void test_dontunmap(void)
{
	const int flags = MREMAP_MAYMOVE | MREMAP_DONTUNMAP;
	char *p = anon_at(room(MIB), 8 * PAGE), *to = p + 16 * PAGE, *q;

	stamp(p, 8, 1);
	anon_at(to, 4 * PAGE);
	is(mremap(p, 8 * PAGE, 8 * PAGE, flags | MREMAP_FIXED, to) - (void *)to, 0, "DONTUNMAP, to a place");
	is(not_stamped(to, 8, 1), 0, "the pages are there");
	is(*(long *)p + *(long *)(p + 7 * PAGE), 0, "and zeros where they were");
	stamp(p, 8, 20);
	is(not_stamped(to, 8, 1) + not_stamped(p, 8, 20), 0, "the two have nothing in common");
	q = mremap(to + 2 * PAGE, 2 * PAGE, 2 * PAGE, flags, NULL);
	ok(q != MAP_FAILED && q != to + 2 * PAGE, "of a part, to any place");
	is(not_stamped(q, 2, 3) + not_stamped(to, 2, 1) + not_stamped(to + 4 * PAGE, 4, 5), 0, "the rest stays");
	is(*(long *)(to + 2 * PAGE), 0, "with zeros in between");
	munmap(q, 2 * PAGE);
	munmap(p, 8 * PAGE);
	munmap(to, 8 * PAGE);

	p = anon_shared(2 * PAGE);
	stamp(p, 2, 1);
	q = mremap(p, 2 * PAGE, 2 * PAGE, flags, NULL);
	is(not_stamped(p, 2, 1) + not_stamped(q, 2, 1), 0, "of shared memory: both places have it");
	stamp(p, 2, 7);
	is(not_stamped(q, 2, 7), 0, "and see each other's stores");
	munmap(p, 2 * PAGE);
	munmap(q, 2 * PAGE);
}

/* ------------------------------------------------------------------ files, shared memory */

static void test_twice(void)
{
	char *p = anon_shared(4 * PAGE), *q;

	stamp(p, 4, 1);
	q = mremap(p + PAGE, 0, 3 * PAGE, MREMAP_MAYMOVE);
	ok(q != MAP_FAILED, "a length of 0: a second mapping of shared memory");
	is(not_stamped(q, 3, 2), 0, "it has the same pages");
	stamp(q, 3, 30);
	is(not_stamped(p + PAGE, 3, 30), 0, "the first one sees its stores");
	munmap(p, 4 * PAGE);
	is(not_stamped(q, 3, 30), 0, "and can go");
	munmap(q, 3 * PAGE);
}

static void test_file(void)
{
	int fd = open("/tmp/mremap", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p = anon(16 * PAGE, PROT_NONE, 0), *own = p + 4 * PAGE, *to = p + 8 * PAGE;
	long word = 0;

	for (long i = 0; i < 4; i++) {
		word = i + 1;
		pwrite(fd, &word, sizeof(word), i * PAGE);
	}
	ftruncate(fd, 4 * PAGE);
	mmap(p, 4 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	mmap(own, 4 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, fd, 0);
	is(not_stamped(own, 4, 1), 0, "a file, private");
	*(long *)(own + PAGE) = 77;
	is(mremap(own + PAGE, 2 * PAGE, 2 * PAGE, MOVE_TO, to) - (void *)to, 0, "part of it moves");
	is(*(long *)to, 77, "with a page of its own");
	is(*(long *)(to + PAGE), 3, "and one of the file's");
	is(mremap(to, 2 * PAGE, 2 * PAGE, MOVE_TO, own + PAGE) - (void *)own, PAGE, "and back");
	is(*(long *)own == 1 && *(long *)(own + PAGE) == 77 && *(long *)(own + 2 * PAGE) == 3, 1, "all as before");

	*(long *)p = 10;
	is(mremap(p, 4 * PAGE, 6 * PAGE, MOVE_TO, to) - (void *)to, 0, "a shared mapping moves and grows");
	is(*(long *)to, 10, "with what was stored");
	*(long *)(to + PAGE) = 11;
	is(msync(to, 4 * PAGE, MS_SYNC), 0, "msync there");
	is(pread(fd, &word, sizeof(word), PAGE) == sizeof(word) && word == 11, 1, "what is stored there is the file's");
	is(touch(to + 4 * PAGE), SIGBUS, "behind the end of the file is nothing");
	ftruncate(fd, 6 * PAGE);
	is(touch(to + 4 * PAGE), 0, "until it is longer");
	ftruncate(fd, PAGE);
	is(touch(to + PAGE) + touch(own + PAGE), 2 * SIGBUS, "truncation finds both places");
	is(*(long *)to, 10, "and leaves the rest");
	munmap(p, 16 * PAGE);
	close(fd);
	unlink("/tmp/mremap");
}

static void test_segment(void)
{
	int id = shmget(IPC_PRIVATE, 8 * PAGE, 0600);
	char *p = shmat(id, NULL, 0), *q;
	struct shmid_ds ds;

	shmctl(id, IPC_RMID, NULL);
	stamp(p, 8, 1);
	q = room(MIB);
	is(mremap(p, 8 * PAGE, 8 * PAGE, MOVE_TO, q) - (void *)q, 0, "a segment of shmat(2)");
	is(not_stamped(q, 8, 1), 0, "moves with its pages");
	is(shmctl(id, IPC_STAT, &ds), 0, "it is there still");
	is(ds.shm_nattch, 1, "mapped once");
	is(mremap(q, 8 * PAGE, 2 * PAGE, 0) - (void *)q, 0, "it shrinks");
	is(mremap(q, 2 * PAGE, 4 * PAGE, 0) - (void *)q, 0, "and grows");
	is(not_stamped(q, 4, 1), 0, "to what is the segment's there");
	munmap(q, 4 * PAGE);
	fails(shmctl(id, IPC_STAT, &ds), EINVAL, "unmapped it is gone");
}

/* ------------------------------------------------------------------ the page that handlers return to */

static volatile int handled;

static void on_signal(int sig)
{
	handled = sig;
}

/* Without a restorer of the C library's: the kernel's own, in [vdso]. */
static void move_vdso(void)
{
	struct { void (*handler)(int); unsigned long flags; void *restorer; unsigned long mask; } sa = { .handler = on_signal };
	char *line = strstr(maps(), "[vdso]"), *p, *end, *to = room(MIB);

	while (line[-1] != '\n')
		line--;
	p = (char *)strtoul(line, &end, 16);
	end = (char *)strtoul(end + 1, NULL, 16);
	if (mremap(p, end - p, end - p, MOVE_TO, to) != to)
		_exit(1);
	if (syscall(SYS_rt_sigaction, SIGUSR1, &sa, NULL, 8))
		_exit(2);
	raise(SIGUSR1);
	_exit(handled == SIGUSR1 ? 0 : 3);
}

/* ------------------------------------------------------------------ accounts */

static long committed(void)
{
	return proc_value("/proc/meminfo", "Committed_AS:") * 1024;
}

static long size(void)
{
	return proc_value("/proc/self/status", "VmSize:") * 1024;
}

static void limit(int what, const char *key)
{
	long now = proc_value("/proc/self/status", key) * 1024;
	struct rlimit rl = { now + MIB, now + MIB };

	setrlimit(what, &rl);
}

static void limited_growth(int what, const char *key)
{
	char *p = anon_at(room(8 * MIB), MIB);

	limit(what, key);
	errno = 0;
	if (mremap(p, MIB, 2 * MIB + PAGE, MREMAP_MAYMOVE) != MAP_FAILED || errno != ENOMEM)
		_exit(1);
	if (mremap(p, MIB, 2 * MIB, 0) != p)
		_exit(2);
	if (mremap(p, 2 * MIB, 2 * MIB, MOVE_TO, p + 4 * MIB) != p + 4 * MIB)
		_exit(3);
	errno = 0;
	if (mremap(p + 4 * MIB, 2 * MIB, 2 * MIB, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL) != MAP_FAILED ||
	    errno != ENOMEM)
		_exit(4);
	_exit(0);
}

static void limit_as(void)
{
	limited_growth(RLIMIT_AS, "VmSize:");
}

static void limit_data(void)
{
	limited_growth(RLIMIT_DATA, "VmData:");
}

static void test_accounts(void)
{
	char *p = anon_at(room(64 * MIB), 8 * MIB), *to = p + 32 * MIB;
	long memory = committed(), vm = size(), ram = proc_value("/proc/meminfo", "MemTotal:") * 1024;

	p = mremap(p, 8 * MIB, 12 * MIB, 0);
	is(committed() - memory, 4 * MIB, "Committed_AS: growing");
	is(size() - vm, 4 * MIB, "VmSize: growing");
	mremap(p + 2 * MIB, 4 * MIB, 6 * MIB, MOVE_TO, to);
	is(committed() - memory, 6 * MIB, "the middle moves and grows");
	is(size() - vm, 6 * MIB, "VmSize");
	mremap(p, 2 * MIB, MIB, 0);
	is(committed() - memory, 5 * MIB, "the first part shrinks");
	mremap(to, 2 * MIB, 2 * MIB, MREMAP_MAYMOVE | MREMAP_DONTUNMAP | MREMAP_FIXED, to + 8 * MIB);
	is(committed() - memory, 7 * MIB, "a part moves, and its place stays");
	is(size() - vm, 7 * MIB, "VmSize");
	fails(mremap(to, 6 * MIB, ram * 4, MREMAP_MAYMOVE), ENOMEM, "more than all memory");
	is(committed() - memory, 7 * MIB, "is not charged");
	munmap(p, 64 * MIB);
	is(committed() - memory, -8 * MIB, "all is given back");
	is(size() - vm, -8 * MIB, "VmSize");
	is(in_child(limit_as), 0, "RLIMIT_AS: growing, and DONTUNMAP");
	is(in_child(limit_data), 0, "RLIMIT_DATA: the same");
}

/* ------------------------------------------------------------------ against truncation */

/*
 * A page of a file goes to and fro, also to beside other pages of the file, where the regions are joined; at
 * the same time the file is cut off, and written anew. A mapping that truncation missed would show the old page.
 * Many others map the page as well, so that truncation takes a while from the first region to the last.
 */
#define ROUNDS	200
#define OTHERS	200

static struct {
	char		*slots, *at;
	int		fd;
	volatile int	round, moved;
} race;

static int mover(void *arg)
{
	for (int i = 1; i <= ROUNDS; i++) {
		while (race.round < i)
			thrd_yield();
		for (int k = 0; k < 7; k++) {
			/* Page 1 of the file: beside pages 0 and 2 of it, or alone. */
			char *to = race.slots + (race.at == race.slots + PAGE ? 8 * PAGE : PAGE);

			if (mremap(race.at, PAGE, PAGE, MOVE_TO, to) != to)
				return 1;
			race.at = to;
		}
		race.moved = i;
	}
	(void)arg;
	return 0;
}

static void test_truncation_race(void)
{
	long stale = 0, word, *page;
	int status = 1;
	thrd_t thread;

	race.fd = memfd_create("race", 0);
	ftruncate(race.fd, 3 * PAGE);
	race.slots = room(2 * MIB);
	mmap(race.slots, 3 * PAGE, RW, MAP_SHARED | MAP_FIXED, race.fd, 0);
	race.at = race.slots + PAGE;
	for (int i = 0; i < OTHERS; i++)
		mmap(race.slots + (16 + 2 * i) * PAGE, PAGE, RW, MAP_SHARED | MAP_FIXED, race.fd, PAGE);
	thrd_create(&thread, mover, NULL);
	for (long i = 1; i <= ROUNDS; i++) {
		page = (long *)race.at;
		*page = -i;
		race.round = i;
		for (int k = 0; k < 4; k++) {
			ftruncate(race.fd, PAGE);
			ftruncate(race.fd, 3 * PAGE);
		}
		word = i;
		pwrite(race.fd, &word, sizeof(word), PAGE);
		while (race.moved < i)
			thrd_yield();
		page = (long *)race.at;
		stale += *page != i;
	}
	thrd_join(thread, &status);
	is(status, 0, "a page of a file moved %d times while the file was truncated", 7 * ROUNDS);
	is(stale, 0, "no mapping has kept a page that was cut off");
	munmap(race.slots, (16 + 2 * OTHERS) * PAGE);
	close(race.fd);
}

/* ------------------------------------------------------------------ more than there is memory for */

static int swap(long mib)
{
	const long pages = mib * MIB / PAGE, half = pages / 2;
	char *p = room(3 * pages * PAGE), *at = p;

	anon_at(p, pages * PAGE);
	stamp(p, pages, 1);
	for (int i = 1; i <= 4; i++) {
		/* By whole tables, and not. */
		char *to = p + (i % 2 ? pages + 4096 + i * 129 : i * 512) * PAGE;

		is(mremap(at, half * PAGE, half * PAGE, MOVE_TO, to) - (void *)to, 0, "the first half moves");
		is(mremap(at + half * PAGE, half * PAGE, half * PAGE, MOVE_TO, to + half * PAGE) - (void *)to,
		   half * PAGE, "the second one follows");
		at = to;
		is(not_stamped(at, pages, 1), 0, "all pages are right");
	}
	munmap(at, pages * PAGE);
	return done();
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "swap"))
		return swap(atol(argv[2]));
	catch_faults();
	test_refused();
	test_shrink();
	test_grow();
	test_grow_in_child();
	test_move();
	test_move_much();
	test_move_after_fork();
	test_joining();
	test_dontunmap();
	test_twice();
	test_file();
	test_segment();
	is(in_child(move_vdso), 0, "a handler returns to [vdso] where that has moved");
	test_accounts();
	test_truncation_race();
	return done();
}
