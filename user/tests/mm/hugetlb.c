// SPDX-License-Identifier: MIT
/*
 * Huge pages from the pool: who gets them, what is promised, and that each page is given back.
 *
 *	hugetlb			the checks
 *	hugetlb stress [ROUNDS]	processes that map, touch, fork, move and unmap until the pool has none left
 */
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include "tap.h"
#include "pagemap.h"

#define MAP_HUGETLB	0x40000
#define HUGE		(2L << 20)
#define HUGE_KB		2048
#define PAGES_IN_HUGE	512
#define SIZE_LOG(n)	((n) << 26)
#define KPF_HUGE	17

/* ------------------------------------------------------------------ helpers */

static long write_number(const char *path, long n)
{
	char text[24];
	int fd = open(path, O_WRONLY);
	int len = snprintf(text, sizeof(text), "%ld\n", n);
	long ret = write(fd, text, len) == len ? 0 : -errno;

	close(fd);
	return ret;
}

/* Makes the pool @n pages, and says how many it is. */
static long pool(long n)
{
	write_number("/proc/sys/vm/nr_hugepages", n);
	return proc_value("/proc/sys/vm/nr_hugepages", "");
}

static long overcommit(long n)
{
	return write_number("/proc/sys/vm/nr_overcommit_hugepages", n);
}

/* total, free, reserved and surplus, as the digits of a number: 4310 */
static long state(void)
{
	return proc_value("/proc/meminfo", "HugePages_Total:") * 1000 +
	       proc_value("/proc/meminfo", "HugePages_Free:") * 100 +
	       proc_value("/proc/meminfo", "HugePages_Rsvd:") * 10 + proc_value("/proc/meminfo", "HugePages_Surp:");
}

static char *map_flags(long n, int flags)
{
	return mmap(NULL, n * HUGE, RW, MAP_ANONYMOUS | MAP_HUGETLB | flags, -1, 0);
}

static char *map(long n)
{
	return map_flags(n, MAP_PRIVATE);
}

/* A number at both ends of a page. */
static void put(char *p, long n)
{
	*(volatile long *)p = n;
	*(volatile long *)(p + HUGE - 8) = -n;
}

static int has(const char *p, long n)
{
	return *(volatile long *)p == n && *(volatile long *)(p + HUGE - 8) == -n;
}

static int all_zero(const char *p, long len)
{
	for (long i = 0; i < len / 8; i++)
		if (((volatile long *)p)[i])
			return 0;
	return 1;
}

/* How a child ends that touches a byte, with everything else as it is here: 0, or 1000 + signal. */
static int touch_in_child(volatile char *p, int write)
{
	pid_t pid = fork();

	if (!pid) {
		if (write)
			*p = 1;
		else
			(void)*p;
		_exit(0);
	}
	return reap(pid);
}

static u64 read_u64(const char *path, unsigned long index)
{
	int fd = open(path, O_RDONLY);
	u64 v = 0;

	if (fd < 0 || pread(fd, &v, 8, index * 8) != 8)
		v = 0;
	close(fd);
	return v;
}

/* A number of a region's part of smaps; or with a key that has no number, whether the line has @word: 1 or 0. */
static long region_smaps(const char *p, const char *key, const char *word)
{
	static char buf[65536];
	int fd = open("/proc/self/smaps", O_RDONLY);
	char start[20], *at, *end;
	ssize_t n;
	size_t len = 0;

	while ((n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	close(fd);
	buf[len] = 0;
	snprintf(start, sizeof(start), "%lx-", (unsigned long)p);
	at = strstr(buf, start);
	at = at ? strstr(at, key) : NULL;
	if (!at)
		return -1;
	if (!word)
		return strtol(at + strlen(key), NULL, 10);
	end = strchr(at, '\n');
	if (end)
		*end = 0;
	return strstr(at, word) != NULL;
}

/* ------------------------------------------------------------------ the pool */

static void test_pool(void)
{
	long free_kb;

	overcommit(0);
	is(pool(0), 0, "nr_hugepages can be 0");
	is(state(), 0, "and then there is nothing");
	free_kb = proc_value("/proc/meminfo", "MemFree:");
	fails(map(1), ENOMEM, "without a pool a mapping of huge pages");
	is(pool(4), 4, "nr_hugepages can be 4");
	is(state(), 4400, "HugePages_Total, _Free, _Rsvd, _Surp");
	is(proc_value("/proc/meminfo", "Hugepagesize:"), HUGE_KB, "Hugepagesize");
	is(proc_value("/proc/meminfo", "Hugetlb:"), 4 * HUGE_KB, "Hugetlb");
	free_kb -= proc_value("/proc/meminfo", "MemFree:");
	ok(free_kb > 3 * HUGE_KB && free_kb < 6 * HUGE_KB, "they are not free memory any more: %ld kB", free_kb);
	is(pool(2), 2, "it can become smaller");
	is(state(), 2200, "and pages go back");
	pool(4);
}

/* ------------------------------------------------------------------ private memory */

static void test_private(void)
{
	long rss = proc_value("/proc/self/status", "VmRSS:"), usage = proc_value("/proc/self/status", "HugetlbPages:");
	char *p = map(3);
	u64 frame, entry, odd = 0;

	ok(p != MAP_FAILED && !((long)p % HUGE), "a mapping of three pages begins at a multiple of their size");
	is(state(), 4430, "they are promised");
	fails(map(2), ENOMEM, "two more are more than there are");
	is(state(), 4430, "and are not promised");
	ok(all_zero(p, HUGE), "zeroes, when first read");
	is(state(), 4320, "then a promise has been kept");
	put(p, 1);
	put(p + HUGE, 2);
	is(state(), 4210, "another one by a write");
	ok(has(p, 1) && has(p + HUGE, 2), "what was written is there");
	is(proc_value("/proc/self/status", "HugetlbPages:") - usage, 2 * HUGE_KB, "HugetlbPages in status");
	ok(proc_value("/proc/self/status", "VmRSS:") - rss < HUGE_KB, "they do not count in VmRSS");
	is(region_smaps(p, "KernelPageSize:", NULL), HUGE_KB, "smaps: KernelPageSize");
	is(region_smaps(p, "MMUPageSize:", NULL), HUGE_KB, "MMUPageSize");
	is(region_smaps(p, "Private_Hugetlb:", NULL), 2 * HUGE_KB, "Private_Hugetlb");
	is(region_smaps(p, "Shared_Hugetlb:", NULL), 0, "Shared_Hugetlb");
	is(region_smaps(p, "\nRss:", NULL), 0, "Rss");
	is(region_smaps(p, "VmFlags:", " ht"), 1, "VmFlags has ht");
	is(region_smaps(p, "", "/anon_hugepage (deleted)"), 1, "its name in maps");

	pagemap(getpid(), p, &entry, 1);
	frame = entry & PM_PFN;
	is(entry & ~PM_PFN, PM_PRESENT | PM_EXCLUSIVE, "pagemap: present, no file's, and nobody else's");
	is(frame % PAGES_IN_HUGE, 0, "the first frame is a multiple of 512");
	for (int i = 0; i < PAGES_IN_HUGE; i++) {
		pagemap(getpid(), p + i * PAGE, &entry, 1);
		odd += (entry & PM_PFN) != frame + i || read_u64("/proc/kpagecount", frame + i) != 1 ||
		       !(read_u64("/proc/kpageflags", frame + i) >> KPF_HUGE & 1);
	}
	is(odd, 0, "the others follow; kpageflags and kpagecount know them");
	munmap(p, 3 * HUGE);
	is(state(), 4400, "all are back, also the one that was never touched");
	is(proc_value("/proc/self/status", "HugetlbPages:"), usage, "and none is counted any more");
	p = map(1);
	ok(all_zero(p, HUGE), "nobody finds what another has left");
	munmap(p, HUGE);
	p = map_flags(2, MAP_PRIVATE | MAP_POPULATE);
	is(state(), 4200, "MAP_POPULATE takes them at once");
	munmap(p, 2 * HUGE);
}

/* What a region is cut into gives back its own part. */
static void test_parts(void)
{
	char *p = map(4);

	put(p + HUGE, 1);
	munmap(p + HUGE, HUGE);
	is(state(), 4430, "the second of four goes: its page is free, three are promised still");
	munmap(p + 3 * HUGE, HUGE);
	is(state(), 4420, "the last one, never touched: and so is its promise");
	put(p, 3);
	put(p + 2 * HUGE, 4);
	is(state(), 4200, "the promises to the rest are kept");
	ok(has(p, 3) && has(p + 2 * HUGE, 4), "what was written is there");
	munmap(p, 4 * HUGE);
	is(state(), 4400, "all are back");

	p = map(3);
	put(p, 1);
	put(p + HUGE, 2);
	is(madvise(p, HUGE + PAGE, MADV_DONTNEED), 0, "MADV_DONTNEED of a page and a bit");
	is(state(), 4310, "takes the one page away");
	ok(all_zero(p, HUGE), "which is zeroes then");
	ok(has(p + HUGE, 2), "and the other one stays");
	munmap(p, 3 * HUGE);
	is(state(), 4400, "all are back");
}

static void test_alignment(void)
{
	char *p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0), *q;

	is(state(), 4410, "a mapping of 4 KiB is one of 2 MiB");
	put(p, 1);
	fails(munmap(p, PAGE), EINVAL, "munmap() of a part");
	fails(munmap(p + PAGE, HUGE - PAGE), EINVAL, "of the rest");
	fails(mprotect(p, PAGE, PROT_READ), EINVAL, "mprotect() of a part");
	fails(mremap(p, HUGE, 2 * HUGE, MREMAP_MAYMOVE), EINVAL, "mremap() to more");
	fails(mremap(p + PAGE, PAGE, PAGE, MREMAP_MAYMOVE), EINVAL, "of a part");
	fails(mremap(p, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 3 * HUGE + PAGE), EINVAL, "to somewhere between");
	fails(madvise(p + PAGE, PAGE, MADV_DONTNEED), EINVAL, "MADV_DONTNEED of a part");
	is(madvise(p, PAGE, MADV_DONTNEED), 0, "of the beginning does nothing");
	fails(madvise(p, HUGE, MADV_FREE), EINVAL, "MADV_FREE");
	fails(madvise(p, HUGE, MADV_COLD), EINVAL, "MADV_COLD");
	fails(madvise(p, HUGE, MADV_PAGEOUT), EINVAL, "MADV_PAGEOUT");
	fails(madvise(p, HUGE, MADV_WIPEONFORK), EINVAL, "MADV_WIPEONFORK");
	is(madvise(p, HUGE, MADV_DONTDUMP) | madvise(p, HUGE, MADV_DODUMP), 0, "MADV_DONTDUMP and back");
	fails(mmap(p + PAGE, HUGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED, -1, 0), EINVAL,
	      "MAP_FIXED between two places");
	fails(mmap(p, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), ENOMEM, "another mapping over a part");
	ok(has(p, 1), "and all that has done nothing to it");
	munmap(p, HUGE);
	fails(map_flags(1, MAP_PRIVATE | SIZE_LOG(20)), EINVAL, "pages of 1 MiB");
	q = map_flags(1, MAP_PRIVATE | SIZE_LOG(21));
	ok(q != MAP_FAILED, "pages of 2 MiB");
	munmap(q, HUGE);
	fails(mmap(NULL, 0, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0), EINVAL, "no length");
	fails(mmap(NULL, 1L << 46, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0), ENOMEM, "64 TiB");
	is(state(), 4400, "all are back");
}

static void test_no_promise(void)
{
	char *p = map_flags(6, MAP_PRIVATE | MAP_NORESERVE), *q;

	ok(p != MAP_FAILED, "MAP_NORESERVE: more than there are");
	is(state(), 4400, "none of it is promised");
	put(p, 1);
	put(p + HUGE, 1);
	q = map(2);
	is(state(), 4220, "two are taken, two are promised to others");
	is(touch_in_child(p + 2 * HUGE, 1), 1000 + SIGBUS, "a third one there is not: SIGBUS");
	is(touch_in_child(p + 2 * HUGE, 0), 1000 + SIGBUS, "and not to be read, either");
	put(q, 1);
	put(q + HUGE, 1);
	is(state(), 4000, "the others have theirs");
	munmap(p, 6 * HUGE);
	munmap(q, 2 * HUGE);
	is(state(), 4400, "all are back");
}

static void test_rights(void)
{
	char *p = map(2);
	unsigned char there[2 * PAGES_IN_HUGE];
	int fd[2];

	put(p, 1);
	is(mprotect(p, HUGE, PROT_READ), 0, "mprotect() of one page");
	is(touch_in_child(p, 1), 1000 + SIGSEGV, "it cannot be written");
	is(touch_in_child(p, 0), 0, "but read");
	is(mprotect(p, HUGE, PROT_NONE), 0, "nor that");
	is(touch_in_child(p, 0), 1000 + SIGSEGV, "then");
	is(mprotect(p, HUGE, RW), 0, "and back");
	put(p, 2);
	ok(has(p, 2), "it can be written");
	is(state(), 4310, "there is the one page");
	is(mincore(p, 2 * HUGE, there), 0, "mincore()");
	ok((there[0] & 1) && (there[PAGES_IN_HUGE - 1] & 1) && !(there[PAGES_IN_HUGE] & 1), "knows which is there");
	is(mlock(p, HUGE), 0, "mlock()");
	is(munlock(p, HUGE), 0, "and munlock()");
	pipe(fd);
	write(fd[1], "abc", 3);
	is(read(fd[0], p + HUGE + 5000, 3), 3, "the kernel writes to one that was not there");
	is(write(fd[1], p + HUGE + 5000, 3), 3, "and reads it");
	ok(!memcmp(p + HUGE + 5000, "abc", 3), "right");
	close(fd[0]);
	close(fd[1]);
	munmap(p, 2 * HUGE);
	is(state(), 4400, "all are back");
}

static void test_move(void)
{
	char *p = map(3), *to = (char *)(((long)anon(8 * HUGE, PROT_NONE, MAP_NORESERVE) + HUGE - 1) & -HUGE);

	put(p, 1);
	put(p + 2 * HUGE, 3);
	is(state(), 4210, "three pages, of which two are there");
	ok(mremap(p, 3 * HUGE, 3 * HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to, "are moved");
	is(state(), 4210, "which changes no number");
	ok(has(to, 1) && has(to + 2 * HUGE, 3), "the pages have gone with them");
	is(touch_in_child(p, 0), 1000 + SIGSEGV, "nothing is left");
	put(to + HUGE, 2);
	is(state(), 4100, "the promise has gone with them, too");
	ok(mremap(to + HUGE, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 4 * HUGE) == to + 4 * HUGE, "one is moved");
	ok(has(to, 1) && has(to + 2 * HUGE, 3) && has(to + 4 * HUGE, 2), "and is there");
	is(madvise(to, HUGE, MADV_DONTNEED), 0, "one is given up");
	ok(mremap(to, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 5 * HUGE) == to + 5 * HUGE, "and moved");
	munmap(to, 7 * HUGE);
	is(state(), 4400, "all are back");
	p = map(3);
	put(p, 1);
	ok(mremap(p, 3 * HUGE, HUGE, 0) == p, "mremap() to less");
	is(state(), 4300, "two promises are back");
	munmap(p, HUGE);
	is(state(), 4400, "and the page");
}

/* ------------------------------------------------------------------ fork */

static void test_fork(void)
{
	char *p = map(2);
	pid_t pid;

	put(p, 1);
	pid = fork();
	if (!pid) {
		int good = has(p, 1) && region_smaps(p, "Shared_Hugetlb:", NULL) == HUGE_KB;

		put(p, 2);
		_exit(!good || !has(p, 2) || region_smaps(p, "Private_Hugetlb:", NULL) != HUGE_KB);
	}
	is(reap(pid), 0, "a child has the page, and a copy when it writes");
	ok(has(p, 1), "which the parent does not see");
	is(state(), 4310, "the copy is back; the promise is the parent's still");
	put(p, 3);
	is(state(), 4310, "the parent needs no copy when it is alone");
	munmap(p, 2 * HUGE);
	is(state(), 4400, "all are back");
}

/* The pool has one page, which parent and child share. */
static void test_fork_without_a_page(void)
{
	int go[2], there[2];
	char *p, c;
	pid_t pid;

	is(pool(1), 1, "a pool of one page");
	p = map(1);
	put(p, 1);
	is(touch_in_child(p, 1), 1000 + SIGBUS, "the child writes, and there is no page for a copy: SIGBUS");
	ok(has(p, 1), "the parent has its own");

	pipe(go);
	pipe(there);
	pid = fork();
	if (!pid) {
		write(there[1], has(p, 1) ? "y" : "n", 1);
		read(go[0], &c, 1);
		_exit(has(p, 1));
	}
	read(there[0], &c, 1);
	is(c, 'y', "a child reads the page");
	put(p, 2);
	ok(has(p, 2), "the parent writes: it was promised the page, and keeps it");
	write(go[1], "x", 1);
	is(reap(pid), 1000 + SIGBUS, "the child has lost it");
	is(state(), 1000, "one page, in use");
	munmap(p, HUGE);
	is(state(), 1100, "and back");
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(there[i]);
	}
	pool(4);
}

static void test_shared(void)
{
	char *p = map_flags(2, MAP_SHARED);
	u64 entry;
	pid_t pid;

	is(state(), 4420, "shared memory is promised, too");
	put(p, 1);
	pid = fork();
	if (!pid) {
		int good = has(p, 1);

		put(p, 2);
		put(p + HUGE, 3);
		_exit(!good);
	}
	is(reap(pid), 0, "a child reads what was written");
	ok(has(p, 2) && has(p + HUGE, 3), "and the parent what the child wrote, also to a page of which it was the first");
	is(state(), 4200, "two pages, for both");
	pagemap(getpid(), p, &entry, 1);
	is(entry & ~PM_PFN, PM_PRESENT | PM_EXCLUSIVE | PM_FILE, "pagemap: a file's");
	is(munmap(p, HUGE), 0, "a part goes");
	is(state(), 4200, "but the file has its page yet");
	munmap(p + HUGE, HUGE);
	is(state(), 4400, "all are back with the last mapping");
	p = map_flags(5, MAP_SHARED);
	ok(p == MAP_FAILED && errno == ENOMEM, "five shared ones are too many");
	p = map_flags(5, MAP_SHARED | MAP_NORESERVE);
	for (int i = 0; i < 4; i++)
		put(p + i * HUGE, i);
	is(touch_in_child(p + 4 * HUGE, 1), 1000 + SIGBUS, "MAP_NORESERVE: SIGBUS for the fifth");
	munmap(p, 5 * HUGE);
	is(state(), 4400, "all are back");
}

/* ------------------------------------------------------------------ the size of the pool changes */

static void test_surplus(void)
{
	char *p, *q;

	pool(1);
	is(overcommit(2), 0, "nr_overcommit_hugepages");
	p = map(3);
	ok(p != MAP_FAILED, "three pages where the pool has one");
	is(state(), 3332, "two are surplus");
	fails(map(1), ENOMEM, "a fourth is too many");
	put(p, 1);
	put(p + HUGE, 2);
	put(p + 2 * HUGE, 3);
	is(state(), 3002, "all are in use");
	munmap(p + HUGE, HUGE);
	is(state(), 2001, "a page that is free is not kept while there is a surplus");
	ok(has(p, 1) && has(p + 2 * HUGE, 3), "the others are as they were");
	munmap(p, 3 * HUGE);
	is(state(), 1100, "in the end the pool is what it was");
	q = map_flags(3, MAP_PRIVATE | MAP_NORESERVE);
	put(q, 1);
	put(q + HUGE, 1);
	is(state(), 2001, "a fault takes surplus pages as well");
	munmap(q, 3 * HUGE);
	p = map(3);
	munmap(p, 3 * HUGE);
	is(state(), 1100, "those that were never touched are back, too");
	overcommit(0);

	pool(3);
	p = map(2);
	put(p, 1);
	is(pool(0), 0, "the pool becomes nothing while a page is in use, and one is promised");
	is(state(), 2112, "those stay, as surplus");
	put(p + HUGE, 2);
	ok(has(p, 1) && has(p + HUGE, 2), "they can be used");
	munmap(p, 2 * HUGE);
	is(state(), 0, "and then they are gone");
	pool(4);
	is(state(), 4400, "the pool is back");
}

/* ------------------------------------------------------------------ files */

static void test_memfd(void)
{
	int fd = memfd_create("huge", MFD_HUGETLB | MFD_ALLOW_SEALING), small = memfd_create("small", 0);
	char buf[16], *p, *q;

	ok(fd >= 0, "memfd_create(MFD_HUGETLB)");
	fails(ftruncate(fd, PAGE), EINVAL, "its size is a multiple of huge pages");
	is(ftruncate(fd, 2 * HUGE), 0, "such as two");
	is(state(), 4400, "which promises nothing");
	p = mmap(NULL, 2 * HUGE, RW, MAP_SHARED, fd, 0);
	is(state(), 4420, "mapping it does");
	q = mmap(NULL, 2 * HUGE, RW, MAP_SHARED, fd, 0);
	is(state(), 4420, "once, for all who map it");
	put(p, 1);
	ok(has(q, 1), "two mappings see the same");
	is(pread(fd, buf, 16, 0), 16, "read()");
	is(*(long *)buf, 1, "sees it as well");
	is(pread(fd, buf, 16, HUGE + 5), 16, "and zeroes where nothing is");
	fails(pwrite(fd, buf, 16, 0), EINVAL, "write()");
	munmap(q, 2 * HUGE);
	q = mmap(NULL, HUGE, RW, MAP_PRIVATE, fd, 0);
	is(state(), 4320, "a private mapping is promised a page for its copy");
	ok(has(q, 1), "it sees the file's");
	put(q, 2);
	ok(has(p, 1) && has(q, 2), "and has its own when it writes");
	is(state(), 4210, "by that promise");
	munmap(q, HUGE);
	is(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, HUGE), 0, "a hole");
	is(state(), 4410, "its page is free");
	ok(all_zero(p, HUGE), "and it is zeroes");
	put(p, 1);
	put(p + HUGE, 1);
	is(ftruncate(fd, HUGE), 0, "it becomes shorter");
	is(state(), 4300, "the second page is free");
	is(touch_in_child(p + HUGE, 0), 1000 + SIGBUS, "nothing is behind its end: SIGBUS");
	is(fcntl(fd, 1033, 2), 0, "a seal against that");
	fails(ftruncate(fd, 0), EPERM, "is kept");
	fails(mmap(NULL, HUGE, RW, MAP_SHARED | MAP_HUGETLB, small, 0), EINVAL, "MAP_HUGETLB of a file of small pages");
	fails(mmap(NULL, HUGE, RW, MAP_SHARED, fd, PAGE), EINVAL, "an offset within a page");
	munmap(p, 2 * HUGE);
	is(state(), 4300, "the file has its page without a mapping");
	close(fd);
	close(small);
	is(state(), 4400, "all are back");
}

static void test_shm(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | SHM_HUGETLB | 0600);
	struct shmid_ds ds;
	char *p, *q;

	ok(id >= 0, "shmget(SHM_HUGETLB)");
	is(state(), 4410, "a segment is promised its page");
	p = shmat(id, NULL, 0);
	q = shmat(id, NULL, 0);
	put(p, 7);
	ok(has(q, 7), "all who are attached see the same");
	is(region_smaps(p, "KernelPageSize:", NULL), HUGE_KB, "of huge pages");
	shmctl(id, IPC_STAT, &ds);
	is(ds.shm_segsz, PAGE, "its size is what was asked for");
	is(shmctl(id, SHM_LOCK, NULL), 0, "SHM_LOCK");
	is(shmdt(p), 0, "detached");
	shmctl(id, IPC_RMID, NULL);
	is(state(), 4300, "removed, but attached");
	shmdt(q);
	is(state(), 4400, "all are back");
}

/* ------------------------------------------------------------------ many at once */

static void stress_one(unsigned int seed, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		const long n = 1 + (seed >> 8) % 3;
		const int shared = seed >> 16 & 1, reserved = seed >> 17 & 3;
		char *p = map_flags(n, (shared ? MAP_SHARED : MAP_PRIVATE) | (reserved ? 0 : MAP_NORESERVE));
		pid_t pid;

		seed = seed * 1103515245 + 12345;
		if (p == MAP_FAILED)
			continue;
		if (reserved)
			for (long k = 0; k < n; k++)
				put(p + k * HUGE, seed + k);
		pid = fork();
		if (!pid) {
			*(volatile char *)(p + (seed >> 20) % n * HUGE) = 1;	/* or SIGBUS */
			_exit(0);
		}
		if (reserved && !shared) {
			for (long k = 0; k < n; k++)
				if (!has(p + k * HUGE, (long)seed + k))
					_exit(1);
			for (long k = 0; k < n; k++)
				put(p + k * HUGE, k + 1);
			for (long k = 0; k < n; k++)
				if (!has(p + k * HUGE, k + 1))
					_exit(2);
		}
		if (seed >> 19 & 1)
			munmap(p, n * HUGE);
		reap(pid);
		munmap(p, n * HUGE);
	}
	_exit(0);
}

static void test_stress(int rounds)
{
	pid_t pid[4];

	overcommit(2);
	for (int i = 0; i < 4; i++) {
		pid[i] = fork();
		if (!pid[i])
			stress_one(4711 + i, rounds);
	}
	for (int i = 0; i < rounds; i++)
		pool(3 + i % 4);
	for (int i = 0; i < 4; i++)
		is(reap(pid[i]), 0, "process %d found what was its own, and no signal", i);
	overcommit(0);
	pool(4);
	is(state(), 4400, "all are back");
}

int main(int argc, char **argv)
{
	long had = proc_value("/proc/sys/vm/nr_hugepages", "");

	if (argc > 1) {
		pool(4);
		test_stress(argc > 2 ? atoi(argv[2]) : 10);
	} else {
		test_pool();
		test_private();
		test_parts();
		test_alignment();
		test_no_promise();
		test_rights();
		test_move();
		test_fork();
		test_fork_without_a_page();
		test_shared();
		test_surplus();
		test_memfd();
		test_shm();
		test_stress(3);
	}
	pool(had);
	is(proc_value("/proc/meminfo", "HugePages_Total:"), had, "the pool is what it was before");
	return done();
}
