// SPDX-License-Identifier: MIT
/*
 * RLIMIT_RSS: a process has no more frames than that for what it brings into memory, and everything in them is right
 * all the same. Linux has the limit and ignores it.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <threads.h>
#include "tap.h"
#include "pagemap.h"

#define PAGES	128
#define LIMIT	16
#define SLACK	2	/* a page that was busy */
#define THREADS	4

static int fd;

static void limit(long pages)
{
	struct rlimit rl = { pages < 0 ? RLIM_INFINITY : (rlim_t)pages * PAGE, RLIM_INFINITY };

	if (setrlimit(RLIMIT_RSS, &rl))
		ok(0, "setrlimit: %s", strerror(errno));
}

static char *map(int flags)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | (flags & MAP_PRIVATE ? PROT_WRITE : 0), flags, fd, 0);

	madvise(p, PAGES * PAGE, MADV_RANDOM);
	return p;
}

/* How many pages are not what is in the file. */
static int wrong(volatile char *p)
{
	int bad = 0;

	for (int i = 0; i < PAGES; i++)
		bad += p[i * PAGE] != (char)(i + 1) || p[i * PAGE + PAGE - 1] != (char)(i + 1);
	return bad;
}

/* Maps all of the file's pages, and sends them away: what comes then is the process's own. */
static void page_out(char *p)
{
	for (int tries = 0; tries < 3; tries++) {
		wrong(p);
		madvise(p, PAGES * PAGE, MADV_PAGEOUT);
	}
}

/* How many of the area's pages this process has now. The program's own may have gone for them. */
static int present(const char *p)
{
	u64 entries[PAGES];
	int n = 0;

	if (pagemap(getpid(), p, entries, PAGES) != sizeof(entries))
		return -1;
	for (int i = 0; i < PAGES; i++)
		n += !!(entries[i] & PM_PRESENT);
	return n;
}

static void test_limit(void)
{
	char *p = map(MAP_SHARED);
	int before, there;
	pid_t pid;

	page_out(p);
	before = present(p);	/* what waits in another CPU's batch has not gone */
	limit(LIMIT);
	is(wrong(p), 0, "pages read with %d frames", LIMIT);
	is(wrong(p), 0, "and read again");
	there = present(p) - before;
	ok(there <= LIMIT + SLACK, "no more than %d are there (%d)", LIMIT, there);
	limit(LIMIT / 2);
	is(wrong(p), 0, "read with half of them");
	there = present(p) - before;
	ok(there <= LIMIT / 2 + SLACK, "no more than %d are there (%d)", LIMIT / 2, there);
	pid = fork();
	if (!pid) {
		/* It has no frames yet; those of the parent it may map. */
		_exit(wrong(p) ? 255 : present(p));
	}
	there = reap(pid) - before;
	ok(there <= LIMIT / 2 + LIMIT / 2 + SLACK, "a child has the same limit (%d)", there);
	limit(-1);
	is(wrong(p), 0, "read when the limit is lifted");
	is(present(p), PAGES, "all are there");
	munmap(p, PAGES * PAGE);
}

static char *area;
static int stop, bad;

static int reader(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST))
		__atomic_fetch_add(&bad, wrong(area), __ATOMIC_SEQ_CST);
	return 0;
}

/* The limit comes and goes while others use the pages, and bring in more. */
static void test_threads(void)
{
	thrd_t threads[THREADS];
	int status;

	area = map(MAP_SHARED);
	page_out(area);
	for (int i = 0; i < THREADS; i++)
		thrd_create(&threads[i], reader, NULL);
	for (int i = 0; i < 100; i++) {
		limit(i % 3 ? LIMIT : -1);
		madvise(area, PAGES * PAGE, MADV_PAGEOUT);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
	for (int i = 0; i < THREADS; i++)
		thrd_join(threads[i], &status);
	limit(-1);
	is(bad, 0, "wrong pages seen by %d threads while the limit changed", THREADS);
	munmap(area, PAGES * PAGE);
}

/* What was written is nowhere but in these frames; without swap they stay, and more than the limit are used. */
static void test_private(void)
{
	char *p = map(MAP_PRIVATE);
	int differ = 0, i;

	limit(LIMIT);
	for (i = 0; i < PAGES; i++)
		p[i * PAGE + 1] = (char)~i;
	for (i = 0; i < PAGES; i++)
		differ += p[i * PAGE + 1] != (char)~i || p[i * PAGE] != (char)(i + 1);
	limit(-1);
	is(differ, 0, "pages written with %d frames that are not as written", LIMIT);
	munmap(p, PAGES * PAGE);
}

int main(void)
{
	struct utsname u;
	char page[PAGE];

	uname(&u);
	if (strcmp(u.sysname, "Linux") == 0 && !strstr(u.version, "teak")) {
		skip("RLIMIT_RSS", "Linux does not keep it");
		return done();
	}
	fd = open("/rsslimit.dat", O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (int i = 0; i < PAGES; i++) {
		memset(page, i + 1, PAGE);
		if (write(fd, page, PAGE) != PAGE)
			ok(0, "write: %s", strerror(errno));
	}
	fsync(fd);
	unlink("/rsslimit.dat");
	test_limit();
	test_private();
	test_threads();
	close(fd);
	return done();
}
