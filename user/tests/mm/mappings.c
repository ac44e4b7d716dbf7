// SPDX-License-Identifier: MIT
/*
 * What a program says of its mappings, and what it may have of them: madvise(2), msync(2), the flags of
 * mmap(2), overcommit, RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK; and files that two processes map.
 *
 *	mappings			the tests
 *	mappings store FILE TEXT	stores a text at the start of each page of a file, by a shared mapping
 *					and msync(2), and another by a private one
 *	mappings copy FROM TO		copies by mappings, of the second half also the target's
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "fault.h"
#include "regions.h"
#include "tap.h"

static long minflt(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_minflt;
}

/* ------------------------------------------------------------------------- madvise */

static char *forked;

static void wiped(void)
{
	_exit(forked[0] == 0 && forked[PAGE] == 'b' && forked[2 * PAGE] == 0 ? 0 : 1);
}

static void has_no_page(void)
{
	_exit(store(forked + 3 * PAGE, 'x') == SIGSEGV && store(forked, 'x') == 0 ? 0 : 1);
}

static void test_advice(void)
{
	char *p = anon(8 * PAGE, RW, 0);
	long before;

	memset(p, 'a', 8 * PAGE);
	is(madvise(p + PAGE, 2 * PAGE, MADV_DONTNEED), 0, "MADV_DONTNEED");
	is(p[PAGE - 1] + p[PAGE] + p[3 * PAGE - 1] + p[3 * PAGE], 2 * 'a', "those two pages are zeros");
	is(madvise(p + 4 * PAGE, PAGE, MADV_FREE), 0, "MADV_FREE");
	ok(p[4 * PAGE] == 0 || p[4 * PAGE] == 'a', "the page is zeros, or not yet");
	p[4 * PAGE] = 'f';
	is(p[4 * PAGE], 'f', "and holds what is stored from now on");
	is(madvise(p, 8 * PAGE, MADV_WILLNEED), 0, "MADV_WILLNEED of anonymous memory does nothing");

	before = regions(p, 8 * PAGE);
	is(madvise(p + 2 * PAGE, PAGE, MADV_RANDOM), 0, "MADV_RANDOM for one page");
	is(regions(p, 8 * PAGE), before + 2, "it is a region of its own");
	is(madvise(p + 2 * PAGE, PAGE, MADV_NORMAL), 0, "MADV_NORMAL");
	is(regions(p, 8 * PAGE), before, "it is joined with the others again");
	is(madvise(p, 8 * PAGE, MADV_HUGEPAGE) | madvise(p, 8 * PAGE, MADV_NOHUGEPAGE) |
	   madvise(p, 8 * PAGE, MADV_DONTDUMP) | madvise(p, 8 * PAGE, MADV_DODUMP), 0, "huge pages, dumps");

	fails(madvise(p + 1, PAGE, MADV_NORMAL), EINVAL, "an address that is not aligned");
	fails(madvise(p, PAGE, 77), EINVAL, "advice that is none");
	fails(madvise(p, -PAGE, MADV_NORMAL), EINVAL, "a range that wraps");
	is(madvise(p, 0, MADV_DONTNEED), 0, "an empty range");
	munmap(p + 5 * PAGE, PAGE);
	fails(madvise(p, 8 * PAGE, MADV_DONTNEED), ENOMEM, "a range with a gap: ENOMEM");
	is(p[0] + p[7 * PAGE], 0, "but all of it is done");
	munmap(p, 8 * PAGE);
}

static void test_fork_advice(void)
{
	char *shared = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	forked = anon(4 * PAGE, RW, 0);
	memset(forked, 'b', 4 * PAGE);
	is(madvise(forked, PAGE, MADV_WIPEONFORK), 0, "MADV_WIPEONFORK");
	is(madvise(forked + 2 * PAGE, PAGE, MADV_WIPEONFORK), 0, "of another page");
	is(in_child(wiped), 0, "a child finds those empty, and the one between them not");
	is(forked[0], 'b', "the parent has them");
	is(madvise(forked, 4 * PAGE, MADV_KEEPONFORK), 0, "MADV_KEEPONFORK");
	is(in_child(wiped), 1, "it has them now");
	fails(madvise(shared, PAGE, MADV_WIPEONFORK), EINVAL, "not of shared memory");
	is(madvise(forked + 3 * PAGE, PAGE, MADV_DONTFORK), 0, "MADV_DONTFORK");
	is(in_child(has_no_page), 0, "a child has no such region");
	is(madvise(forked + 3 * PAGE, PAGE, MADV_DOFORK), 0, "MADV_DOFORK");
	is(in_child(has_no_page), 1, "and has it again");
	munmap(forked, 4 * PAGE);
	munmap(shared, PAGE);
}

static void test_populate(void)
{
	char *p = anon(64 * PAGE, RW, 0), *q;
	long before;

	is(madvise(p, 64 * PAGE, MADV_POPULATE_WRITE), 0, "MADV_POPULATE_WRITE");
	before = minflt();
	for (long i = 0; i < 64; i++)
		p[i * PAGE] = 1;
	is(minflt() - before, 0, "then no write faults");
	mprotect(p, 64 * PAGE, PROT_READ);
	fails(madvise(p, PAGE, MADV_POPULATE_WRITE), EINVAL, "not what may not be written");
	is(madvise(p, PAGE, MADV_POPULATE_READ), 0, "MADV_POPULATE_READ");
	munmap(p + PAGE, PAGE);
	fails(madvise(p, 3 * PAGE, MADV_POPULATE_READ), ENOMEM, "a gap: ENOMEM");
	munmap(p, 64 * PAGE);

	q = anon(64 * PAGE, RW, MAP_POPULATE);
	before = minflt();
	for (long i = 0; i < 64; i++)
		q[i * PAGE] = 1;
	is(minflt() - before, 0, "MAP_POPULATE: no faults later");
	munmap(q, 64 * PAGE);
}

static void test_remove(void)
{
	int fd = memfd_create("remove", 0);
	char *p, *own;

	ftruncate(fd, 2 * PAGE);
	p = mmap(NULL, 3 * PAGE, RW, MAP_SHARED, fd, 0);
	own = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
	memset(p, 'r', 2 * PAGE);
	is(madvise(p, PAGE, MADV_REMOVE), 0, "MADV_REMOVE");
	is(p[0], 0, "makes a hole in the file");
	is(own[0], 0, "for all who map it");
	is(p[PAGE], 'r', "and leaves the rest");
	fails(madvise(own, PAGE, MADV_REMOVE), EACCES, "not through a private mapping");
	fails(madvise(p + 2 * PAGE, PAGE, MADV_POPULATE_READ), EFAULT, "behind the end nothing can be populated");
	is(store(p + 2 * PAGE, 1), SIGBUS, "for it is SIGBUS there");
	munmap(p, 3 * PAGE);
	munmap(own, PAGE);
	close(fd);
}

/* ------------------------------------------------------------------------- msync */

static void test_msync(void)
{
	int fd = open("/tmp/msync", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p, *q = anon(4 * PAGE, RW, 0), c = 0;

	ftruncate(fd, 2 * PAGE);
	p = mmap(q, 2 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	p[0] = 'm';
	is(msync(p, 2 * PAGE, MS_SYNC), 0, "MS_SYNC");
	is(pread(fd, &c, 1, 0) == 1 && c == 'm', 1, "the file has it");
	is(p[0], 'm', "and the mapping too");
	is(msync(p, 2 * PAGE, MS_ASYNC), 0, "MS_ASYNC");
	is(msync(p, 2 * PAGE, MS_INVALIDATE), 0, "MS_INVALIDATE");
	is(msync(p, 2 * PAGE, 0), 0, "no flag");
	is(msync(p, 4 * PAGE, MS_SYNC), 0, "anonymous memory behind it is passed over");
	fails(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL, "MS_SYNC and MS_ASYNC");
	fails(msync(p, PAGE, 8), EINVAL, "a flag that is none");
	fails(msync(p + 1, PAGE, MS_SYNC), EINVAL, "an address that is not aligned");
	munmap(p + 2 * PAGE, PAGE);
	fails(msync(p, 4 * PAGE, MS_SYNC), ENOMEM, "a gap: ENOMEM");
	fails(msync(p, -PAGE, MS_SYNC), ENOMEM, "a range that wraps");
	munmap(q, 4 * PAGE);
	close(fd);
	unlink("/tmp/msync");
}

/* ------------------------------------------------------------------------- flags of mmap */

static void test_flags(void)
{
	int fd = open("/tmp/flags", O_RDWR | O_CREAT, 0600);
	char *p = anon(3 * PAGE, RW, 0), *q;

	munmap(p + PAGE, PAGE);
	q = mmap(p + PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	is(q - p, PAGE, "MAP_FIXED_NOREPLACE where nothing is");
	fails(mmap(p + PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST,
	      "and where something is");
	fails(mmap(p, PAGE, RW, MAP_SHARED_VALIDATE | 0x200000, fd, 0), EOPNOTSUPP,
	      "MAP_SHARED_VALIDATE: a flag that is none");
	q = mmap(NULL, PAGE, RW, MAP_SHARED | 0x200000, fd, 0);
	ok(q != MAP_FAILED, "MAP_SHARED passes it over");
	munmap(q, PAGE);
	fails(mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0), EINVAL,
	      "MAP_GROWSDOWN is not for shared memory");
	munmap(p, 3 * PAGE);
	close(fd);
	unlink("/tmp/flags");
}

/* A region that grows down to 8 MiB of free addresses; its own page is the last. */
static char *grows_down(void)
{
	char *p = anon(8 * MIB, PROT_NONE, MAP_NORESERVE);

	munmap(p, 8 * MIB);
	return mmap(p + 8 * MIB - PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
}

static void beyond_the_limit(void)
{
	struct rlimit rl = { 2 * MIB, 2 * MIB };
	char *top = grows_down() + PAGE;

	setrlimit(RLIMIT_STACK, &rl);
	_exit(store(top - 2 * MIB, 1) == 0 && store(top - 2 * MIB - PAGE, 1) == SIGSEGV ? 0 : 1);
}

static void test_grows_down(void)
{
	char *top = grows_down() + PAGE, *floor = top - 4 * MIB;

	is(store(top - 2 * PAGE, 1), 0, "MAP_GROWSDOWN: the page below");
	is(store(top - MIB, 1), 0, "and one a MiB below");
	is(top[-MIB + PAGE], 0, "what lies between is there as well");
	mmap(floor, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	is(store(floor + PAGE + 255 * PAGE, 1), SIGSEGV, "within 256 pages of another region it does not grow");
	is(store(floor + PAGE + 256 * PAGE, 1), 0, "at 256 it does");
	munmap(floor, 4 * MIB);
	is(in_child(beyond_the_limit), 0, "nor beyond RLIMIT_STACK");
}

/* ------------------------------------------------------------------------- limits */

static int denied(char *p)
{
	if (p != MAP_FAILED)
		return 0;
	return errno == ENOMEM;
}

static void limit_as(void)
{
	long vm = proc_value("/proc/self/status", "VmSize:") * 1024;
	struct rlimit rl = { vm + MIB, vm + MIB };

	setrlimit(RLIMIT_AS, &rl);
	if (!denied(anon(MIB + PAGE, PROT_NONE, 0)))
		_exit(1);
	if (anon(MIB, PROT_NONE, 0) == MAP_FAILED)
		_exit(2);
	if (!denied(anon(PAGE, PROT_READ, 0)))
		_exit(3);
	if (sbrk(PAGE) != (void *)-1)
		_exit(4);
	_exit(0);
}

static void limit_data(void)
{
	long data = proc_value("/proc/self/status", "VmData:") * 1024;
	struct rlimit rl = { data + MIB, data + MIB };
	char *p;

	setrlimit(RLIMIT_DATA, &rl);
	if (!denied(anon(MIB + PAGE, RW, 0)))
		_exit(1);
	p = anon(2 * MIB, PROT_READ, 0);
	if (p == MAP_FAILED)
		_exit(2);
	if (mmap(NULL, 2 * MIB, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		_exit(3);
	if (anon(MIB, RW, 0) == MAP_FAILED)
		_exit(4);
	if (!denied(anon(PAGE, RW, 0)))
		_exit(5);
	if (sbrk(PAGE) != (void *)-1)
		_exit(6);
	_exit(0);
}

static void test_limits(void)
{
	is(in_child(limit_as), 0, "RLIMIT_AS: mmap and brk");
	is(in_child(limit_data), 0, "RLIMIT_DATA: what is private and writable, and brk");
}

/* ------------------------------------------------------------------------- overcommit */

static void set(const char *name, long value)
{
	char path[64], text[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/vm/%s", name);
	snprintf(text, sizeof(text), "%ld\n", value);
	fd = open(path, O_WRONLY);
	if (write(fd, text, strlen(text)) < 0)
		printf("# %s: errno %d\n", path, errno);
	close(fd);
}

static long committed(void)
{
	return proc_value("/proc/meminfo", "Committed_AS:") * 1024;
}

static void touch_nothing(void)
{
	_exit(0);
}

static void test_heuristic(void)
{
	long ram = proc_value("/proc/meminfo", "MemTotal:") * 1024 + proc_value("/proc/meminfo", "SwapTotal:") * 1024;
	char *p;

	fails(anon(ram + 64 * MIB, RW, 0), ENOMEM, "heuristic: more than there is, is refused");
	p = anon(ram + 64 * MIB, RW, MAP_NORESERVE);
	ok(p != MAP_FAILED, "not with MAP_NORESERVE");
	munmap(p, ram + 64 * MIB);
	p = anon(ram + 64 * MIB, PROT_READ, 0);
	ok(p != MAP_FAILED, "nor what can only be read");
	fails(mprotect(p, ram + 64 * MIB, RW), ENOMEM, "until it shall be written");
	munmap(p, ram + 64 * MIB);
	set("overcommit_memory", 1);
	p = anon(ram + 64 * MIB, RW, 0);
	ok(p != MAP_FAILED, "always: anything goes");
	munmap(p, ram + 64 * MIB);
	set("overcommit_memory", 0);
}

static void test_charges(void)
{
	long before = committed();
	char *p = anon(16 * MIB, RW, 0);

	is(committed() - before, 16 * MIB, "Committed_AS: private writable memory");
	munmap(p + 4 * MIB, 4 * MIB);
	is(committed() - before, 12 * MIB, "a part less");
	mprotect(p, 4 * MIB, PROT_READ);
	is(committed() - before, 12 * MIB, "what became read-only stays charged");
	munmap(p, 16 * MIB);
	is(committed(), before, "nothing is left");
	p = anon(16 * MIB, PROT_READ, 0);
	is(committed(), before, "read-only memory is not charged");
	mprotect(p, 8 * MIB, RW);
	is(committed() - before, 8 * MIB, "until it becomes writable");
	munmap(p, 16 * MIB);
	p = mmap(NULL, 16 * MIB, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	is(committed() - before, 16 * MIB, "shared memory is, once");
	munmap(p, 16 * MIB);
	is(committed(), before, "and gone");
}

static void test_never(void)
{
	long ratio = proc_value("/proc/sys/vm/overcommit_ratio", ""), swap, limit;
	char *p, *q;

	swap = proc_value("/proc/meminfo", "SwapTotal:");
	set("overcommit_kbytes", committed() / 1024 + (96 << 10) - swap);
	limit = proc_value("/proc/meminfo", "CommitLimit:");
	is(limit, proc_value("/proc/sys/vm/overcommit_kbytes", "") + swap, "CommitLimit");
	set("overcommit_memory", 2);
	p = anon(64 * MIB, RW, 0);
	ok(p != MAP_FAILED, "never: 64 MiB of 96");
	fails(anon(64 * MIB, RW, 0), ENOMEM, "64 more are refused");
	fails(anon(64 * MIB, RW, MAP_NORESERVE), ENOMEM, "MAP_NORESERVE or not");
	fails(mmap(NULL, 64 * MIB, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), ENOMEM, "shared or not");
	q = anon(64 * MIB, PROT_READ, 0);
	ok(q != MAP_FAILED, "read-only");
	fails(mprotect(q, 64 * MIB, RW), ENOMEM, "but not made writable");
	is(in_child(touch_nothing), -ENOMEM, "no fork, for it promises the same again");
	munmap(p, 64 * MIB);
	is(in_child(touch_nothing), 0, "without them there is room for it");
	munmap(q, 64 * MIB);
	set("overcommit_memory", 0);
	set("overcommit_ratio", ratio);
	is(proc_value("/proc/sys/vm/overcommit_kbytes", ""), 0, "a ratio takes the place of the KiB");
}

/* ------------------------------------------------------------------------- files that two map */

#define PAGES	20

static int shared_fd, turn[2][2];	/* two pipes: whose turn it is */
static char *both;			/* the file, mapped by each for itself */

static void give(int to)
{
	if (write(turn[to][1], "", 1) != 1)
		_exit(9);
}

static void wait_for(int me)
{
	char c;

	if (read(turn[me][0], &c, 1) != 1)
		_exit(9);
}

static int sees(const char *p, char c)
{
	char by_read = 0;

	for (int i = 0; i < PAGES; i++) {
		if (p[i * PAGE + i] != c)
			return 0;
		if (pread(shared_fd, &by_read, 1, i * PAGE + i) != 1 || by_read != c)
			return 0;
	}
	return 1;
}

static void store_all(char *p, char c)
{
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE + i] = c;
}

static char *map_both(int flags)
{
	return mmap(NULL, PAGES * PAGE, RW, flags, shared_fd, 0);
}

/* Its own mapping of the file; looks, then stores, by turns. */
static void partner(void)
{
	char *p = map_both(MAP_SHARED);

	for (char c = 'a'; c < 'z'; c += 2) {
		wait_for(1);
		if (!sees(p, c))
			_exit(1);
		store_all(p, c + 1);
		give(0);
	}
	_exit(0);
}

static void writes_privately(void)
{
	char *p = map_both(MAP_PRIVATE);

	if (!sees(p, 'Q'))
		_exit(1);
	store_all(p, 'P');
	msync(p, PAGES * PAGE, MS_SYNC);
	_exit(p[PAGE + 1] == 'P' ? 0 : 2);
}

static void test_two(const char *path)
{
	int wrong = 0;
	pid_t pid;
	char *own, c = 0;

	shared_fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (ftruncate(shared_fd, PAGES * PAGE) || pipe(turn[0]) || pipe(turn[1]))
		ok(0, "%s: files and pipes", path);
	both = map_both(MAP_SHARED);
	pid = fork();
	if (pid == 0)
		partner();
	for (char c = 'a'; c < 'z'; c += 2) {
		store_all(both, c);
		give(1);
		wait_for(0);
		wrong += !sees(both, c + 1);
	}
	is(wrong, 0, "%s: what the other process stores is seen at once, in the mapping and by read", path);
	is(reap(pid), 0, "%s: and the other sees it as well", path);

	store_all(both, 'Q');
	is(in_child(writes_privately), 0, "%s: a private mapping has what it stores", path);
	is(sees(both, 'Q'), 1, "%s: the file does not", path);
	own = map_both(MAP_PRIVATE);
	own[PAGE] = 'o';
	is(pwrite(shared_fd, "w", 1, 0), 1, "%s: a write", path);
	is(own[0], 'w', "%s: is seen in a page that the private mapping has not stored to", path);
	is(ftruncate(shared_fd, PAGE), 0, "%s: cut off", path);
	is(store(own + PAGE, 'x'), SIGBUS, "%s: private copies behind the end are gone too", path);
	is(store(both + PAGE, 'x'), SIGBUS, "%s: as is what is shared", path);
	is(store(both + PAGE - 1, 'e'), 0, "%s: the page of the end is there", path);
	is(ftruncate(shared_fd, 2 * PAGE), 0, "%s: grown again", path);
	is(store(both + PAGE, 'y'), 0, "%s: there it may be stored", path);
	is(pread(shared_fd, &c, 1, PAGE) == 1 && c == 'y', 1, "%s: into the file", path);
	is(own[PAGE], 'y', "%s: and the private mapping sees that", path);
	munmap(own, PAGES * PAGE);
	munmap(both, PAGES * PAGE);
	close(shared_fd);
	for (int i = 0; i < 4; i++)
		close(turn[i / 2][i % 2]);
	unlink(path);
}

/* ------------------------------------------------------------------------- commands for tests of the host */

static int fail(const char *what)
{
	printf("mappings: %s: errno %d\n", what, errno);
	return 1;
}

static int store_text(const char *path, const char *text)
{
	int fd = open(path, O_RDWR);
	struct stat st;
	char *p, *own;

	if (fd < 0 || fstat(fd, &st))
		return fail(path);
	p = mmap(NULL, st.st_size, RW, MAP_SHARED, fd, 0);
	own = mmap(NULL, st.st_size, RW, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED || own == MAP_FAILED)
		return fail("mmap");
	for (long at = 0; at + PAGE <= st.st_size; at += PAGE) {
		strcpy(p + at, text);
		strcpy(own + at + 100, "private");
	}
	if (msync(p, st.st_size, MS_SYNC) || msync(own, st.st_size, MS_SYNC))
		return fail("msync");
	printf("stored\n");
	return 0;
}

/* Disks, so that they may be larger than memory. */
static int copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_RDWR);
	long size = lseek(in, 0, SEEK_END), half = size / 2 & ~(PAGE - 1);
	char *p, *q;

	if (in < 0 || out < 0 || size <= 0 || lseek(out, 0, SEEK_END) != size)
		return fail("open");
	p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, in, 0);
	q = mmap(NULL, size, RW, MAP_SHARED, out, 0);
	if (p == MAP_FAILED || q == MAP_FAILED)
		return fail("mmap");
	for (long at = 0; at < half; at += PAGE)
		if (pwrite(out, p + at, PAGE, at) != PAGE)
			return fail("pwrite");
	memcpy(q + half, p + half, size - half);
	if (msync(q, size, MS_SYNC))
		return fail("msync");
	if (memcmp(p, q, size))
		return fail("the copy differs");
	printf("copied %ld\n", size);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "store"))
		return store_text(argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "copy"))
		return copy(argv[2], argv[3]);
	catch_faults();
	test_two("/tmp/two");
	test_two("/two");		/* the root: on a disk */
	test_advice();
	test_fork_advice();
	test_populate();
	test_remove();
	test_msync();
	test_flags();
	test_grows_down();
	test_limits();
	test_heuristic();
	test_charges();
	test_never();
	return done();
}
