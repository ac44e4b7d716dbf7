// SPDX-License-Identifier: MIT
/*
 * Page faults, counted: a program touches memory by a script, and each step takes as many faults as are worked
 * out here by hand. getrusage(2) counts; /proc/self/stat and /proc/vmstat must agree.
 *
 * N is 16: as many pages as one read fault of a file maps when they are cached and lie in a 64 KiB unit
 * (fault-around), both here and in Linux.
 */
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include "tap.h"

#define PAGE	4096L
#define N	16
#define UNIT	(N * PAGE)
#define RW	(PROT_READ | PROT_WRITE)

struct faults {
	long minor, major;
};

static int on_linux;
static char buf[8192];		/* its pages are touched before anything is counted */

static struct faults now(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (struct faults){ ru.ru_minflt, ru.ru_majflt };
}

/* Numbers 10 and 12 of /proc/self/stat. */
static struct faults stat_now(void)
{
	int fd = open("/proc/self/stat", O_RDONLY), i;
	ssize_t n = read(fd, buf, sizeof(buf) - 1);
	struct faults f = { };
	char *at;

	close(fd);
	buf[n < 0 ? 0 : n] = 0;
	at = strrchr(buf, ')');
	for (i = 2; at && i < 10; i++)
		at = strchr(at + 1, ' ');
	if (at)
		f.minor = strtol(at, &at, 10);
	if (at && (at = strchr(at + 1, ' ')))
		f.major = strtol(at, NULL, 10);
	return f;
}

static void read_all(volatile char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		(void)p[i * PAGE];
}

static void write_all(volatile char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		p[i * PAGE] = i + 1;
}

/* The faults of one step; what it promised. */
#define COUNT(step, want_minor, want_major, what)				\
do {										\
	struct faults before = now(), after;					\
										\
	step;									\
	after = now();								\
	is(after.minor - before.minor, want_minor, "%s: minor", what);		\
	is(after.major - before.major, want_major, "%s: major", what);		\
} while (0)

/* Free addresses that begin with a unit, so that what is mapped there does. */
static char *place(long len)
{
	char *p = mmap(NULL, len + UNIT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	munmap(p, len + UNIT);
	return (char *)(((unsigned long)p + UNIT - 1) & ~(UNIT - 1));
}

static char *anon(int pages, int flags)
{
	char *p = mmap(place(pages * PAGE), pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | flags, -1, 0);

	madvise(p, pages * PAGE, MADV_NOHUGEPAGE);
	return p;
}

static void test_anonymous(void)
{
	char *p = anon(N, 0);

	COUNT(write_all(p, N), N, 0, "first writes, one a page");
	COUNT(write_all(p, N), 0, 0, "later writes, none");
	COUNT(madvise(p, UNIT, MADV_DONTNEED), 0, 0, "given back, none");
	COUNT(read_all(p, N), N, 0, "first reads, which find the zero page");
	COUNT(read_all(p, N), 0, 0, "later reads, none");
	COUNT(write_all(p, N), N, 0, "writes, which copy the zero page");
	COUNT(munmap(p, UNIT), 0, 0, "unmapped, none");
	p = anon(N, MAP_POPULATE);
	COUNT(write_all(p, N), 0, 0, "populated before, none");
	COUNT(mprotect(p, UNIT, PROT_READ), 0, 0, "made read-only, none");
	COUNT(read_all(p, N), 0, 0, "reads of those, none");
	munmap(p, UNIT);
}

/* A child that has the same pages until the parent closes the pipe. When it has what it needs itself, it says so. */
static pid_t sharer(int hold[2], char *writes, struct faults *seen)
{
	int ready[2];
	pid_t pid;
	char c;

	if (pipe(hold) || pipe(ready))
		return -1;
	pid = fork();
	if (pid) {
		close(ready[1]);
		if (read(ready[0], &c, 1) != 1)
			ok(0, "the child is ready");
		close(ready[0]);
		return pid;
	}
	close(hold[1]);
	close(ready[0]);
	if (writes) {
		struct faults before = now();

		write_all(writes, N);
		seen->minor = now().minor - before.minor;
	}
	if (write(ready[1], "", 1) != 1)
		_exit(2);
	close(ready[1]);
	if (read(hold[0], &c, 1))
		_exit(1);
	_exit(0);
}

static void end_sharer(pid_t pid, int hold[2])
{
	close(hold[1]);
	close(hold[0]);
	reap(pid);
}

/* What COUNT() touches of the parent's own: after a fork it copies that once. */
static void reads_nothing(void)
{
	volatile struct faults before = now();

	buf[0] = before.minor;
}

static void test_copy_on_write(void)
{
	struct faults *seen = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *p = anon(2 * N, 0);
	int hold[2];
	pid_t pid;

	write_all(p, 2 * N);
	seen->minor = -1;
	pid = sharer(hold, NULL, NULL);
	reads_nothing();	/* the stack and the data are the parent's own again */
	COUNT(read_all(p, 2 * N), 0, 0, "reads of pages that a child has too, none");
	COUNT(write_all(p, N), N, 0, "writes, which copy");
	end_sharer(pid, hold);
	COUNT(write_all(p, N), 0, 0, "the copies are the parent's");
	COUNT(write_all(p + UNIT, N), N, 0, "the child is gone: writes take the pages as they are");
	pid = sharer(hold, p, seen);
	while (*(volatile long *)&seen->minor < 0)
		usleep(1000);
	ok(seen->minor >= N && seen->minor <= N + 4, "the child's writes copy, and a page of stack and data (%ld)",
	   seen->minor);
	end_sharer(pid, hold);
	munmap(p, 2 * UNIT);
	munmap(seen, PAGE);
}

static void test_stack(void)
{
	char *top = place(256 * PAGE) + 256 * PAGE;

	mmap(top - PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	COUNT(write_all(top - PAGE, 1), 1, 0, "a stack's first page");
	COUNT(for (int i = 2; i <= N; i++) top[-i * PAGE] = 1, N - 1, 0, "each page that it grows by");
	COUNT(top[-4 * N * PAGE] = 1, 1, 0, "growing by many pages at once, for the one touched");
	COUNT(read_all(top - 4 * N * PAGE + PAGE, 1), 1, 0, "one of those between");
	munmap(top - 4 * N * PAGE, 4 * N * PAGE);
}

/* The file's first N pages at a place where one fault-around covers them. */
static char *file_map(int fd, int prot, int flags)
{
	return mmap(place(UNIT), UNIT, prot, flags | MAP_FIXED, fd, 0);
}

static void test_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600), i;
	char *p;

	memset(buf, 'f', PAGE);
	for (i = 0; i < N; i++)
		if (write(fd, buf, PAGE) != PAGE)
			ok(0, "%s: write", path);
	p = file_map(fd, PROT_READ, MAP_SHARED);
	COUNT(read_all(p, N), 1, 0, "cached pages of a file, read: one for all around");
	munmap(p, UNIT);
	p = file_map(fd, RW, MAP_SHARED);
	COUNT(write_all(p, N), N, 0, "written, shared: one each");
	COUNT(write_all(p, N), 0, 0, "written again, none");
	munmap(p, UNIT);
	p = file_map(fd, RW, MAP_PRIVATE);
	COUNT(write_all(p, N), N, 0, "written, private: one each, which copies");
	munmap(p, UNIT);
	p = file_map(fd, RW, MAP_PRIVATE);
	COUNT(read_all(p, N), 1, 0, "read, private: one for all");
	COUNT(write_all(p, N), N, 0, "then written: one each");
	munmap(p, UNIT);
	close(fd);
}

/*
 * On a disk: pages that are clean are mapped read-only, so that the first write is seen. Linux's tests have no
 * disk, only memory, whose pages need not be written back.
 */
static void test_disk(const char *path)
{
	int fd = open(path, O_RDWR), drop;
	char *p;

	fsync(fd);
	p = file_map(fd, RW, MAP_SHARED);
	COUNT(read_all(p, N), 1, 0, "a disk's clean pages: read, shared");
	COUNT(write_all(p, N), N, 0, "then written: one each, that makes it dirty");
	COUNT(write_all(p, N), 0, 0, "and none while it is dirty");
	msync(p, UNIT, MS_SYNC);
	COUNT(read_all(p, N), 0, 0, "written to the disk they are still mapped");
	COUNT(write_all(p, N), N, 0, "but clean: the next write is seen again");
	munmap(p, UNIT);

	fsync(fd);
	drop = open("/proc/sys/vm/drop_caches", O_WRONLY);
	if (write(drop, "3\n", 2) != 2)
		ok(0, "drop_caches");
	close(drop);
	p = file_map(fd, PROT_READ, MAP_SHARED);
	madvise(p, UNIT, MADV_RANDOM);		/* no read-ahead: each has to be fetched by itself */
	COUNT(read_all(p, N), 0, N, "read from the disk, one a page");
	munmap(p, UNIT);
	p = file_map(fd, PROT_READ, MAP_SHARED);
	COUNT(read_all(p, N), 1, 0, "and now they are cached");
	munmap(p, UNIT);
	close(fd);
}

static void test_reports(void)
{
	long all = proc_value("/proc/vmstat", "pgfault"), major = proc_value("/proc/vmstat", "pgmajfault");
	struct faults st = stat_now(), ru = now();
	char *p = anon(N, 0);

	is(st.minor, ru.minor, "/proc/self/stat: minor faults");
	is(st.major, ru.major, "and major ones");
	st = stat_now();
	write_all(p, N);
	is(stat_now().minor - st.minor, N, "it counts as getrusage does");
	ok(proc_value("/proc/vmstat", "pgfault") - all >= N, "/proc/vmstat counts all processes'");
	ok(all >= ru.minor + ru.major, "of which there are more");
	is(proc_value("/proc/vmstat", "pgmajfault"), major, "no major fault was among these");
	munmap(p, UNIT);
}

/* ------------------------------------------------------------------ what the faults were for */

/* Of all processes; while nothing else runs, of this one. Linux does not tell. */
struct kinds {
	long access_flag, cow, reuse, stack;
};

static struct kinds kinds_now(void)
{
	return (struct kinds){
		proc_value("/proc/vmstat", "pgfault_access_flag"), proc_value("/proc/vmstat", "pgfault_cow"),
		proc_value("/proc/vmstat", "pgreuse"), proc_value("/proc/vmstat", "pgfault_stack"),
	};
}

/* The kinds among the faults of one step, which COUNT() has counted or will. */
#define KINDS(step, want_flag, want_cow, want_reuse, want_stack, what)		\
do {										\
	struct kinds before = kinds_now(), after;				\
										\
	step;									\
	after = kinds_now();							\
	is(after.access_flag - before.access_flag, want_flag, "%s: for the access flag", what);	\
	is(after.cow - before.cow, want_cow, "%s: copies", what);		\
	is(after.reuse - before.reuse, want_reuse, "%s: pages taken over", what);	\
	is(after.stack - before.stack, want_stack, "%s: stack growth", what);	\
} while (0)

static void test_kinds(const char *path)
{
	char *p = anon(N, 0), *top = place(256 * PAGE) + 256 * PAGE;
	int hold[2], fd = open(path, O_RDWR | O_CREAT, 0600);
	pid_t pid;

	KINDS(, 0, 0, 0, 0, "nothing");
	KINDS(write_all(p, N), 0, 0, 0, 0, "first writes");
	KINDS(madvise(p, UNIT, MADV_DONTNEED); read_all(p, N), 0, 0, 0, 0, "first reads");
	KINDS(write_all(p, N), 0, N, 0, 0, "then writes, which copy the zero page");
	pid = sharer(hold, NULL, NULL);
	reads_nothing();
	kinds_now();
	KINDS(write_all(p, N / 2), 0, N / 2, 0, 0, "writes to half of what a child has, too");
	end_sharer(pid, hold);
	KINDS(write_all(p, N), 0, 0, N / 2, 0, "writes to all when it is gone");
	munmap(p, UNIT);

	mmap(top - PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	KINDS(for (int i = 1; i <= N; i++) top[-i * PAGE] = 1, 0, 0, 0, N - 1, "a stack of 16 pages");
	munmap(top - N * PAGE, UNIT);

	if (ftruncate(fd, UNIT))
		ok(0, "ftruncate");
	p = file_map(fd, RW, MAP_PRIVATE);
	KINDS(write_all(p, N), 0, N, 0, 0, "writes to a private mapping of a file");
	munmap(p, UNIT);
	close(fd);
}

/*
 * Pages that were used, and are old again by MADV_COLD: the next use of each sets the access flag. That is done
 * by the MMU (FEAT_HAFDBS), or it takes a fault each; which, tests/test_policy.py knows.
 */
static void test_access_flag(void)
{
	char *p = anon(N, 0);
	struct faults before;
	struct kinds kinds;
	long n;

	write_all(p, N);
	madvise(p, UNIT, MADV_COLD);
	before = now();
	read_all(p, N);
	n = now().minor - before.minor;
	if (!ok(n == 0 || n == N, "reads of pages that are old: a fault each, or none (%ld)", n))
		return;
	printf("# the access flag is set by %s\n", n ? "faults" : "the MMU");
	COUNT(read_all(p, N), 0, 0, "later reads, none");
	madvise(p, UNIT, MADV_COLD);
	COUNT(write_all(p, N), n, 0, "writes to pages that are old, as reads");
	munmap(p, UNIT);
	if (proc_value("/proc/vmstat", "pgfault_access_flag") < 0) {
		skip("kinds of faults", "Linux does not count them");
		return;
	}
	p = anon(N, 0);
	write_all(p, N);
	madvise(p, UNIT, MADV_COLD);
	kinds = kinds_now();
	KINDS(read_all(p, N), n, 0, 0, 0, "the kernel's count of those");
	is(kinds_now().access_flag - kinds.access_flag, n, "and nothing else was old");
	munmap(p, UNIT);
	test_kinds("/tmp/kinds.dat");
	unlink("/tmp/kinds.dat");
}

int main(void)
{
	struct utsname u;
	cpu_set_t set;

	/* A page in another CPU's batch for the LRU lists has a reference more, and is copied for that. */
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	uname(&u);
	on_linux = strcmp(u.sysname, "Linux") == 0 && !strstr(u.version, "teak");
	memset(buf, 0, sizeof(buf));
	/* Each page of code and data that is counted with, once before. */
	COUNT(, 0, 0, "nothing");
	stat_now();
	is(proc_value("/proc/vmstat", "pgfault") > 0, 1, "/proc/vmstat");
	test_anonymous();
	test_copy_on_write();
	test_stack();
	test_file("/tmp/faults.dat");
	unlink("/tmp/faults.dat");
	if (on_linux) {
		skip("a disk's pages", "Linux runs without a disk");
	} else {
		test_file("/faults.dat");
		test_disk("/faults.dat");
		unlink("/faults.dat");
	}
	test_access_flag();
	test_reports();
	return done();
}
