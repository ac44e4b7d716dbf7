// SPDX-License-Identifier: MIT
/*
 * mincore(2), which says what of a mapping is in memory; mlock(2) and its family, by which it stays there.
 *
 *	mlock			the tests
 *	mlock pressure MIB	is what is locked still there while a child uses so much memory, more than there is?
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "fault.h"
#include "tap.h"
#include "pagemap.h"

#define N	16		/* pages of most mappings here */
#define LEN	(N * PAGE)
#define SOMEBODY 1000		/* who is not root */

/* How many of the first pages of a range are in memory; -1: mincore() fails. */
static int present(char *p, long pages)
{
	static unsigned char vec[8192];
	int n = 0;

	memset(vec, 0xff, sizeof(vec));
	if (mincore(p, pages * PAGE, vec))
		return -1;
	for (long i = 0; i < pages; i++)
		n += vec[i] & 1;
	return n;
}

/* KiB */
static long status(const char *key)
{
	return proc_value("/proc/self/status", key);
}

static long vmlck(void)
{
	return status("VmLck:");
}

/* Linux sums it up now and then, but when it is told to. */
static long mlocked(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_WRONLY);

	write(fd, "1", 1);
	close(fd);
	return proc_value("/proc/meminfo", "Mlocked:");
}

/* Of the region that starts at @p: how much of it is there, and locked. */
static long smap_locked(const char *p)
{
	char *text = slurp("/proc/self/smaps");
	long n = smaps(text, p, "Locked:");

	free(text);
	return n;
}

static long majflt(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_majflt;
}

/* ------------------------------------------------------------------ mincore */

static void test_mincore(void)
{
	unsigned char vec[N], *far = (unsigned char *)-4096L;
	char *p = map_region(N, MAP_PRIVATE, -1), *q;

	is(mincore(p, LEN, vec), 0, "mincore");
	is(present(p, N), 0, "what was not touched is not there");
	p[0] = p[5 * PAGE] = p[15 * PAGE] = 1;
	is(mincore(p, LEN - PAGE + 1, vec), 0, "a length that ends within a page");
	is(vec[0] & vec[5] & vec[15] & 1, 1, "what was touched is there");
	is(present(p, N), 3, "and nothing else");
	is(mincore(p, 0, vec), 0, "a length of 0");
	fails(mincore(p + 1, PAGE, vec), EINVAL, "an address that is not aligned");
	fails(mincore(p, LEN, NULL), EFAULT, "nowhere to put the answer");
	fails(mincore(p, LEN, far), EFAULT, "nor in the kernel");
	fails(mincore(p, -PAGE, vec), ENOMEM, "a length behind all addresses");
	munmap(p + 12 * PAGE, 4 * PAGE);
	vec[0] = 0x55;
	fails(mincore(p, LEN, vec), ENOMEM, "a gap: ENOMEM");
	is(vec[0] & 1, 1, "after the answer for what is before it");
	fails(mincore(p + 12 * PAGE, PAGE, vec), ENOMEM, "a gap at once");
	munmap(p, LEN);

	q = anon(20 * MIB, RW, 0);
	madvise(q, 20 * MIB, MADV_NOHUGEPAGE);
	q[0] = q[4095 * PAGE] = q[4096 * PAGE] = q[20 * MIB - 1] = 1;
	is(present(q, 5120), 4, "20 MiB, of which four pages were touched");
	munmap(q, 20 * MIB);
}

static char *somebodys_view;

/* What root's file has in the cache is nobody else's business. */
static void look_as_somebody(void)
{
	if (setresuid(SOMEBODY, SOMEBODY, SOMEBODY))
		_exit(99);
	_exit(present(somebodys_view, 4));
}

static void test_mincore_file(void)
{
	int fd = open("/tmp/mincore", O_RDWR | O_CREAT | O_TRUNC, 0644);
	char *p;

	pwrite(fd, "1", 1, PAGE);
	ftruncate(fd, 4 * PAGE);
	p = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	is(present(p, 4), 1, "of a file: the page that is in the cache, though not mapped");
	is(touch(p + 2 * PAGE), 0, "another one is touched");
	is(present(p, 4), 2, "and is there");
	somebodys_view = p;
	is(in_child(look_as_somebody), 4, "who may not write the file is told that all is there");
	munmap(p, 4 * PAGE);
	p = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE, fd, 0);
	p[3 * PAGE] = 1;
	is(present(p, 4) >= 3, 1, "a private copy is there as well");
	munmap(p, 4 * PAGE);
	close(fd);
	unlink("/tmp/mincore");
}

/* ------------------------------------------------------------------ mlock, munlock */

static void test_mlock(void)
{
	char *p = map_region(N, MAP_PRIVATE, -1);
	long before = vmlck(), all = mlocked(), events = proc_value("/proc/vmstat", "unevictable_pgs_mlocked");

	p[9 * PAGE] = 1;
	is(mlock(p, 8 * PAGE), 0, "mlock");
	is(present(p, N), 9, "its pages are there, without being touched");
	is(vmlck() - before, 32, "VmLck");
	is(mlocked() - all, 32, "Mlocked");
	is(smap_locked(p), 32, "Locked in smaps");
	is(regions(p, LEN), 2, "it is a region of its own");
	ok(proc_value("/proc/vmstat", "unevictable_pgs_mlocked") - events >= 8, "unevictable_pgs_mlocked");
	is(mlock(p + 4 * PAGE + 100, 8 * PAGE - 200), 0, "mlock of part of it and of more, not aligned");
	is(vmlck() - before, 48, "locked twice counts once");
	is(mlocked() - all, 48, "Mlocked");
	is(regions(p, LEN), 2, "it is joined with the first");
	is(munlock(p + 2 * PAGE, 2 * PAGE), 0, "munlock of two pages");
	is(vmlck() - before, 40, "VmLck");
	is(mlocked() - all, 40, "Mlocked");
	is(regions(p, LEN), 4, "they are a region of their own");
	is(present(p, N), 12, "and are still there");
	is(munlock(p, LEN), 0, "munlock of all, some of which is not locked");
	is(vmlck() - before, 0, "VmLck");
	is(mlocked() - all, 0, "Mlocked");
	is(regions(p, LEN), 1, "one region again");
	mlock(p, LEN);
	is(vmlck() - before, 64, "locked again");
	munmap(p + 4 * PAGE, 4 * PAGE);
	is(vmlck() - before, 48, "munmap unlocks");
	is(mlocked() - all, 48, "Mlocked");
	munmap(p, LEN);
	is(vmlck() - before, 0, "all of it");
	is(mlocked() - all, 0, "Mlocked");
}

static void test_refused(void)
{
	char *p = map_region(N, MAP_PRIVATE, -1);
	int fd = memfd_create("short", 0);
	long before = vmlck();
	char *q;

	is(mlock(p, 0), 0, "nothing to lock");
	fails(mlock(p, -LEN), EINVAL, "a range that wraps");
	fails(mlock2(p, PAGE, 2), EINVAL, "mlock2: a flag that is none");
	munmap(p + 4 * PAGE, PAGE);
	fails(mlock(p, LEN), ENOMEM, "a gap: ENOMEM");
	is(vmlck() - before, 16, "what is before it is locked");
	fails(munlock(p, LEN), ENOMEM, "munlock: the same");
	is(vmlck() - before, 0, "and it is unlocked");
	mprotect(p, 4 * PAGE, PROT_NONE);
	fails(mlock(p, 4 * PAGE), ENOMEM, "what nobody may touch has no pages");
	is(vmlck() - before, 16, "but will be locked when it has");
	is(mprotect(p, 4 * PAGE, RW), 0, "made accessible");
	is(present(p, 4), 4, "it has its pages at once");
	is(smap_locked(p), 16, "locked");
	p[0] = 1;
	fails(madvise(p, 4 * PAGE, MADV_DONTNEED), EINVAL, "MADV_DONTNEED of locked memory");
	is(p[0], 1, "does nothing");
	is(madvise(p, 4 * PAGE, MADV_DONTNEED_LOCKED), 0, "MADV_DONTNEED_LOCKED");
	is(p[0] + present(p, 1), 1, "does");
	fails(madvise(p, 4 * PAGE, MADV_PAGEOUT), EINVAL, "MADV_PAGEOUT");
	munmap(p, LEN);

	ftruncate(fd, PAGE);
	q = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);
	fails(mlock(q, 2 * PAGE), ENOMEM, "behind the end of a file there are no pages");
	fails(msync(q, PAGE, MS_INVALIDATE), EBUSY, "MS_INVALIDATE of locked memory");
	is(munlock(q, 2 * PAGE), 0, "unlocked");
	is(msync(q, PAGE, MS_INVALIDATE), 0, "it may be");
	munmap(q, 2 * PAGE);
	close(fd);
	is(vmlck() - before, 0, "nothing is left");
}

static void test_onfault(void)
{
	char *p = map_region(N, MAP_PRIVATE, -1), *q;
	long before = vmlck(), all = mlocked();

	p[0] = 1;
	is(mlock2(p, LEN, MLOCK_ONFAULT), 0, "MLOCK_ONFAULT");
	is(vmlck() - before, 64, "all of it is locked");
	is(present(p, N), 1, "but only what was there is there");
	is(mlocked() - all, 4, "and locked");
	p[3 * PAGE] = p[4 * PAGE] = 1;
	is(mlocked() - all, 12, "what is touched is from then on");
	is(mlock(p, 8 * PAGE), 0, "mlock of half");
	is(present(p, N), 8, "brings that in");
	is(vmlck() - before, 64, "which is counted once");
	munmap(p, LEN);

	q = mmap(NULL, LEN, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	is(present(q, N), N, "MAP_LOCKED: the pages are there");
	is(vmlck() - before, 64, "and locked");
	munmap(q, LEN);
	is(mlocked() - all, 0, "Mlocked");
}

/* Where there are huge pages, a part of one is locked, and another one as a whole. */
static void test_huge(void)
{
	char *p = anon(8 * MIB, RW, 0), *q = (char *)(((unsigned long)p + 2 * MIB - 1) & -(2 * MIB));
	long before = vmlck(), all = mlocked(), bad = 0;

	for (long i = 0; i < 4 * MIB; i += PAGE)
		q[i] = i / PAGE;
	is(mlock(q + 100 * PAGE, 10 * PAGE) | mlock(q + 2 * MIB, 2 * MIB), 0, "huge pages, in part and whole");
	is(vmlck() - before, 2048 + 40, "VmLck");
	is(present(q, 1024), 1024, "all are there");
	is(munlock(q, 3 * MIB), 0, "unlocked in part");
	is(vmlck() - before, 1024, "VmLck");
	for (long i = 0; i < 4 * MIB; i += PAGE)
		bad += q[i] != (char)(i / PAGE);
	is(bad, 0, "they are as they were");
	munmap(p, 8 * MIB);
	is(vmlck() - before, 0, "nothing is left");
	is(mlocked() - all, 0, "Mlocked");
}

/* ------------------------------------------------------------------ all of it */

static void lock_all(void)
{
	char *p = map_region(N, MAP_PRIVATE, -1), *q;

	if (mlockall(MCL_CURRENT))
		_exit(1);
	if (present(p, N) != N || vmlck() < status("VmSize:") / 2)
		_exit(2);
	q = anon(LEN, RW, 0);
	if (present(q, N) || smap_locked(q) > 0)
		_exit(3);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		_exit(4);
	if (present(q, N) != N)
		_exit(5);
	p = map_region(N, MAP_SHARED, -1);
	if (present(p, N) != N)
		_exit(6);
	q = sbrk(8 * PAGE);
	if (present((char *)(((unsigned long)q + PAGE - 1) & -PAGE), 7) != 7)
		_exit(7);
	if (munlockall() || vmlck())
		_exit(8);
	if (present(anon(LEN, RW, 0), N))
		_exit(9);
	_exit(0);
}

static void lock_future(void)
{
	char *p;

	if (mlockall(MCL_FUTURE | MCL_ONFAULT))
		_exit(1);
	p = map_region(N, MAP_PRIVATE, -1);
	if (present(p, N))
		_exit(2);
	p[PAGE] = 1;
	if (smap_locked(p) != 4)
		_exit(3);
	if (mlockall(MCL_FUTURE))
		_exit(4);
	p = map_region(N, MAP_PRIVATE, -1);
	if (present(p, N) != N || smap_locked(p) != 64)
		_exit(5);
	if (fork() == 0) {
		p = anon(LEN, RW, 0);
		_exit(vmlck() || present(p, N));
	}
	_exit(reap(-1) ? 6 : 0);
}

static void test_all(void)
{
	fails(mlockall(0), EINVAL, "mlockall: no flag");
	fails(mlockall(8), EINVAL, "a flag that is none");
	fails(mlockall(MCL_ONFAULT), EINVAL, "ONFAULT of nothing");
	is(in_child(lock_all), 0, "CURRENT, FUTURE, mmap and brk; munlockall");
	is(in_child(lock_future), 0, "FUTURE and ONFAULT; a child has none of it");
}

/* ------------------------------------------------------------------ two processes, one page */

static char *family;
static int to_child[2], to_parent[2];

static void step(int to[2])
{
	if (write(to[1], "", 1) != 1)
		_exit(99);
}

static void wait_step(int from[2])
{
	char c;

	if (read(from[0], &c, 1) != 1)
		_exit(99);
}

static void lock_too(void)
{
	if (vmlck() || smap_locked(family) != 0)
		_exit(1);		/* locks are not inherited */
	if (mlock(family, 4 * PAGE))
		_exit(2);
	step(to_parent);
	wait_step(to_child);
	_exit(0);
}

static void test_two(int flags, const char *what)
{
	long all = mlocked();
	pid_t pid;

	family = map_region(4, flags, -1);
	mlock(family, 4 * PAGE);
	pipe(to_child);
	pipe(to_parent);
	pid = fork();
	if (pid == 0)
		lock_too();
	wait_step(to_parent);
	is(mlocked() - all, flags == MAP_SHARED ? 16 : 32, "%s: locked by two", what);
	munlock(family, 4 * PAGE);
	is(mlocked() - all, 16, "%s: and by one of them", what);
	step(to_child);
	is(reap(pid), 0, "%s: the other one ends", what);
	is(mlocked() - all, 0, "%s: nothing is locked", what);
	munmap(family, 4 * PAGE);
	for (int i = 0; i < 2; i++) {
		close(to_child[i]);
		close(to_parent[i]);
	}
}

/* ------------------------------------------------------------------ mremap */

static void test_mremap(void)
{
	char *p = anon(64 * PAGE, PROT_NONE, 0), *q = p + 32 * PAGE;
	long before = vmlck(), all = mlocked();

	mmap(p, 8 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	munmap(p + 8 * PAGE, 8 * PAGE);
	mlock(p, 8 * PAGE);
	is(mremap(p, 8 * PAGE, 12 * PAGE, 0) - (void *)p, 0, "locked memory grows");
	is(present(p, 12), 12, "what is new is there");
	is(vmlck() - before, 48, "VmLck");
	is(mremap(p + 4 * PAGE, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q) - (void *)q, 0, "a part moves and grows");
	is(present(q, 8), 8, "all of it is there");
	is(vmlck() - before, 64, "VmLck");
	is(mlocked() - all, 64, "Mlocked");
	is(mremap(q, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, q + 16 * PAGE) - (void *)q,
	   16 * PAGE, "moves, and the old place stays");
	is(smap_locked(q + 16 * PAGE), 32, "the new place is locked");
	is(store(q, 1), 0, "the old one");
	is(smap_locked(q), 0, "is not");
	is(mlocked() - all, 64, "Mlocked");
	munmap(p, 64 * PAGE);
	is(vmlck() - before, 0, "nothing is left");
	is(mlocked() - all, 0, "Mlocked");
}

/* ------------------------------------------------------------------ RLIMIT_MEMLOCK */

static char *limited;

/* Becomes somebody who may lock so many pages. */
static void may_lock(long pages)
{
	struct rlimit rl = { pages * PAGE, pages * PAGE };

	setrlimit(RLIMIT_MEMLOCK, &rl);
	if (setresuid(SOMEBODY, SOMEBODY, SOMEBODY))
		_exit(99);
}

#define REFUSED(call, error) (errno = 0, (long)(call) == -1 && errno == (error))

static void limit_of_eight(void)
{
	char *q;

	may_lock(8);
	if (mlock(limited, 8 * PAGE))
		_exit(1);
	if (!REFUSED(mlock(limited + 8 * PAGE, PAGE), ENOMEM))
		_exit(2);
	if (mlock(limited, 8 * PAGE))		/* that is no more than before */
		_exit(3);
	if (!REFUSED(mlock(limited + 4 * PAGE, 5 * PAGE), ENOMEM))
		_exit(4);
	if (!REFUSED(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0), EAGAIN))
		_exit(5);
	if (munlock(limited, 4 * PAGE))
		_exit(6);
	q = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	if (q == MAP_FAILED)
		_exit(7);
	if (!REFUSED(mremap(q, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE), EAGAIN))
		_exit(8);
	if (mremap(q, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED)
		_exit(9);
	if (!REFUSED(mlockall(MCL_CURRENT), ENOMEM))
		_exit(10);
	if (mlockall(MCL_FUTURE))
		_exit(11);
	if (!REFUSED(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EAGAIN))
		_exit(12);
	if (!REFUSED(sbrk(2 * PAGE), ENOMEM))
		_exit(13);
	_exit(0);
}

static void limit_of_none(void)
{
	may_lock(0);
	if (!REFUSED(mlock(limited, PAGE), EPERM) || !REFUSED(mlockall(MCL_FUTURE), EPERM))
		_exit(1);
	if (!REFUSED(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0), EPERM))
		_exit(2);
	if (munlock(limited, PAGE))
		_exit(3);
	_exit(0);
}

static void root_has_no_limit(void)
{
	struct rlimit rl = { 0, 0 };

	setrlimit(RLIMIT_MEMLOCK, &rl);
	_exit(mlock(limited, LEN) ? 1 : 0);
}

static void test_limits(void)
{
	limited = map_region(N, MAP_PRIVATE, -1);
	is(in_child(limit_of_eight), 0, "RLIMIT_MEMLOCK: mlock, mmap, mremap, brk, mlockall");
	is(in_child(limit_of_none), 0, "0: nothing can be locked, but unlocked");
	is(in_child(root_has_no_limit), 0, "root may lock what he likes");
	munmap(limited, LEN);
}

/* ------------------------------------------------------------------ more than there is memory for */

static void use_memory(long mib)
{
	char *p = anon(mib * MIB, RW, 0);

	for (int round = 0; round < 2; round++)
		for (long i = 0; i < mib * MIB; i += PAGE)
			p[i] = i;
	_exit(0);
}

static int pressure(long mib)
{
	const long pages = 4 * MIB / PAGE;
	char *locked = anon(pages * PAGE, RW, 0), *other = anon(pages * PAGE, RW, 0);
	long before, sum = 0;
	pid_t pid;

	/* So that only we use them. */
	madvise(locked, pages * PAGE, MADV_DONTFORK);
	madvise(other, pages * PAGE, MADV_DONTFORK);
	memset(locked, 'l', pages * PAGE);
	memset(other, 'o', pages * PAGE);
	is(mlock(locked, pages * PAGE), 0, "4 MiB are locked, and 4 are not");
	pid = fork();
	if (pid == 0)
		use_memory(mib);
	is(reap(pid), 0, "a child has used %ld MiB", mib);
	is(present(locked, pages), pages, "what is locked is all there");
	ok(present(other, pages) < pages, "what is not is gone in part");
	before = majflt();
	for (long i = 0; i < pages; i++)
		sum += locked[i * PAGE];
	is(sum, pages * 'l', "it is as it was");
	is(majflt() - before, 0, "and no page had to be read from a disk");
	is(munlock(locked, pages * PAGE), 0, "unlocked");
	pid = fork();
	if (pid == 0)
		use_memory(mib);
	is(reap(pid), 0, "and again");
	ok(present(locked, pages) < pages, "it is gone in part now");
	for (long i = 0; i < pages; i++)
		sum += locked[i * PAGE] + other[i * PAGE];
	is(sum, pages * ('l' + 'l' + 'o'), "but comes back as it was");
	return done();
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "pressure"))
		return pressure(atol(argv[2]));
	catch_faults();
	test_mincore();
	test_mincore_file();
	test_mlock();
	test_refused();
	test_onfault();
	test_huge();
	test_all();
	test_two(MAP_SHARED, "shared memory");
	test_two(MAP_PRIVATE, "a page that a child copies");
	test_mremap();
	test_limits();
	return done();
}
