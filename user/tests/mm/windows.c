// SPDX-License-Identifier: MIT
/*
 * The windows onto memory: /proc/PID/pagemap, kpagecount, kpageflags, smaps and smaps_rollup say what the
 * program has just done: mapped, touched, forked, written.
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include "tap.h"
#include "pagemap.h"

#define PAGES		16
#define WRITTEN		4	/* pages 0 to 3 are written, */
#define READ_ONLY	6	/* 4 and 5 read */

#define KPF_LRU		5
#define KPF_SLAB	7
#define KPF_BUDDY	10
#define KPF_MMAP	11
#define KPF_ANON	12
#define KPF_SWAPBACKED	14
#define KPF_NOPAGE	20
#define KPF_ZERO_PAGE	24
#define KPF_PGTABLE	26

static int kpagecount, kpageflags;

static u64 of_frame(int fd, u64 pagemap_entry)
{
	u64 v = ~0ULL;

	pread(fd, &v, 8, (pagemap_entry & PM_PFN) * 8);
	return v;
}

static int count_pages(const u64 *e, u64 want)
{
	int i, n = 0;

	for (i = 0; i < PAGES; i++)
		n += (e[i] & want) == want;
	return n;
}

/* ------------------------------------------------------------------ one process */

static void test_touching(char *p)
{
	volatile char *v = p;
	u64 e[PAGES];
	int i;

	is(pagemap(getpid(), p, e, PAGES), PAGES * 8, "pagemap has 8 bytes for each page");
	for (i = 0; i < PAGES && !e[i]; i++)
		;
	is(i, PAGES, "before it is touched nothing is there");
	for (i = 0; i < WRITTEN; i++)
		v[i * PAGE] = i + 1;
	for (; i < READ_ONLY; i++)
		(void)v[i * PAGE];
	pagemap(getpid(), p, e, PAGES);
	is(count_pages(e, PM_PRESENT), READ_ONLY, "the pages that were touched are present");
	is(count_pages(e, PM_PRESENT | PM_EXCLUSIVE), WRITTEN, "those written are nobody else's");
	is(count_pages(e, PM_FILE) + count_pages(e, PM_SWAP), 0, "none is a file's, none is swapped");
	is((e[0] & PM_PFN) != (e[1] & PM_PFN) && (e[0] & PM_PFN), 1, "each written page has a frame of its own");
	is((e[4] & PM_PFN) == (e[5] & PM_PFN) && (e[4] & PM_PFN), 1, "those that were only read have one frame");
	ok(of_frame(kpageflags, e[4]) >> KPF_ZERO_PAGE & 1, "which is the zero page");
	is(of_frame(kpagecount, e[0]), 1, "one PTE maps the frame of the first page");
	is(of_frame(kpageflags, e[0]) & (1ULL << KPF_MMAP | 1ULL << KPF_ANON | 1ULL << KPF_SWAPBACKED),
	   1ULL << KPF_MMAP | 1ULL << KPF_ANON | 1ULL << KPF_SWAPBACKED,
	   "kpageflags: it is mapped, anonymous, and swap is where it would go");
}

static void test_bounds(char *p)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	static u64 many[2048];
	size_t i, present = 0;
	char *first;

	fails(pread(fd, many, 8, 4), EINVAL, "pagemap: no reading from the middle of an entry");
	fails(pread(fd, many, 12, 0), EINVAL, "nor half an entry");
	is(pread(fd, many, 0, 8), 0, "nothing is asked, nothing comes");
	is(pread(fd, many, 8, (1L << 50) / PAGE * 8), 0, "behind the last address the file ends");
	is(pread(fd, many, 64, (1L << 48) / PAGE * 8 - 16), 16, "a read ends where the addresses do");
	first = p - 1000 * PAGE;
	is(pread(fd, many, sizeof(many), (unsigned long)first / PAGE * 8), sizeof(many), "one read of 8 MiB of them");
	for (i = 1000; i < 1000 + PAGES; i++)
		present += many[i] >> 63;
	is(present, READ_ONLY, "has the region's pages where they belong");
	is(lseek(fd, (unsigned long)p / PAGE * 8, SEEK_SET), (unsigned long)p / PAGE * 8, "seeking");
	is(read(fd, many, 8), 8, "and reading there");
	is(many[0] == entry(getpid(), p), 1, "gives the same");
	fails(pread(fd, (void *)-4096L, 8, (unsigned long)p / PAGE * 8), EFAULT, "a bad buffer");
	close(fd);

	fails(pread(kpagecount, many, 8, 1), EINVAL, "kpagecount: no reading from the middle");
	fails(pread(kpageflags, many, 9, 8), EINVAL, "kpageflags: nor half an entry");
	is(pread(kpagecount, many, 8, 1L << 44), 0, "they end where RAM does");
	is(pread(kpageflags, many, 16, 0), 16, "frame 0");
	is(many[0] & 1ULL << KPF_NOPAGE, 1ULL << KPF_NOPAGE, "is no RAM on this machine");
}

/* What the machine's frames are used for, all of them. */
static void test_all_frames(void)
{
	static u64 flags[4096], counts[4096];
	long free = 0, tables = 0, slab = 0, lru = 0, mapped = 0, wrong = 0, i, n;
	off_t at;

	for (at = 0; (n = pread(kpageflags, flags, sizeof(flags), at)) > 0; at += n) {
		pread(kpagecount, counts, n, at);
		for (i = 0; i < n / 8; i++) {
			free += flags[i] >> KPF_BUDDY & 1;
			tables += flags[i] >> KPF_PGTABLE & 1;
			slab += flags[i] >> KPF_SLAB & 1;
			lru += flags[i] >> KPF_LRU & 1;
			mapped += flags[i] >> KPF_MMAP & 1;
			wrong += (flags[i] >> KPF_BUDDY & 1) && counts[i];
		}
	}
	ok(free && tables && slab && lru && mapped, "frames: %ld blocks free, %ld tables, %ld slab, %ld on lists "
	   "of reclaim, %ld mapped", free, tables, slab, lru, mapped);
	is(wrong, 0, "nobody maps a free one");
}

static void test_smaps(char *p)
{
	char *text = slurp("/proc/self/smaps");
	const char *flags;

	is(smaps(text, p, "Size:"), PAGES * 4, "smaps: size");
	is(smaps(text, p, "Rss:"), WRITTEN * 4, "Rss: the zero page does not count");
	is(smaps(text, p, "Pss:"), WRITTEN * 4, "Pss: not shared with anybody");
	is(smaps(text, p, "Private_Dirty:"), WRITTEN * 4, "all of it dirty");
	is(smaps(text, p, "Anonymous:"), WRITTEN * 4, "and anonymous");
	is(smaps(text, p, "Referenced:"), WRITTEN * 4, "and used lately");
	is(smaps(text, p, "Shared_Dirty:") + smaps(text, p, "Shared_Clean:") + smaps(text, p, "Private_Clean:") +
	   smaps(text, p, "AnonHugePages:") + smaps(text, p, "Swap:") + smaps(text, p, "Locked:"), 0,
	   "and nothing else");
	is(smaps(text, p, "KernelPageSize:") + smaps(text, p, "MMUPageSize:"), 8, "pages of 4 KiB");
	flags = strstr(strstr(text, "Private_Dirty:"), "VmFlags: ");
	ok(flags && !strncmp(flags, "VmFlags: rd ex mr mw me ", 24), "VmFlags of the program's text: %.24s",
	   flags ?: "none");
	free(text);
}

/* ------------------------------------------------------------------ the zones */

/* Frames in the free blocks of all lines of a file that have @word in them, and the counts behind @skip. */
static long frames_in_blocks(const char *path, const char *word, const char *skip)
{
	char *text = slurp(path), *line, *at, *rest = text;
	long sum = 0, n;
	int order;

	while ((line = strsep(&rest, "\n"))) {
		at = strstr(line, word);
		if (!at)
			continue;
		at += strlen(word);
		at += strspn(at, " ");
		at += strcspn(at, skip);	/* a name */
		for (order = 0; ; order++) {
			char *end;

			n = strtol(at, &end, 10);
			if (end == at)
				break;
			sum += n << order;
			at = end;
		}
	}
	free(text);
	return sum;
}

static void test_zones(void)
{
	long blocks = frames_in_blocks("/proc/buddyinfo", "zone ", " ");
	long types = frames_in_blocks("/proc/pagetypeinfo", ", type ", " ");
	char *text = slurp("/proc/zoneinfo"), *at = text;
	long zones = 0, managed = 0, total = proc_value("/proc/meminfo", "MemTotal:") / 4;

	while ((at = strstr(at, "pages free ")))
		zones += strtol(at += 11, NULL, 10);
	for (at = text; (at = strstr(at, "managed ")); )
		managed += strtol(at += 8, NULL, 10);
	/* They are read one after the other, and reading takes a page or two. */
	ok(labs(blocks - types) < 256, "pagetypeinfo has as many free frames as buddyinfo (%ld, %ld)", types, blocks);
	ok(labs(blocks - zones) < 256, "and as zoneinfo (%ld)", zones);
	is(managed, total, "zoneinfo: what is managed is MemTotal");
	ok(strstr(text, "\n        min ") && strstr(text, "\n    cpu: 0\n") && strstr(text, "\n  start_pfn: "),
	   "watermarks, per-CPU lists, where it starts");
	free(text);
}

/* ------------------------------------------------------------------ sums */

static long sum(const char *text, const char *key)
{
	long total = 0;

	while ((text = strstr(text, key))) {
		text += strlen(key);
		total += strtol(text, NULL, 10);
	}
	return total;
}

/* The regions added up are the rollup. Of a child that sleeps: so that nothing changes in between. */
static void test_rollup(pid_t pid)
{
	static const char *const keys[] = { "\nRss:", "\nShared_Clean:", "\nPrivate_Dirty:", "\nReferenced:",
					    "\nAnonymous:" };
	char path[40], *all, *rollup;
	size_t i;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	all = slurp(path);
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	rollup = slurp(path);
	ok(strstr(rollup, " ---p 00000000 00:00 0 ") && strstr(rollup, "[rollup]\n"), "smaps_rollup has one header");
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		is(sum(rollup, keys[i]), sum(all, keys[i]), "rollup: %s is the sum of the regions", keys[i] + 1);
	is(sum(rollup, "\nPss_Anon:") > 0 && sum(rollup, "\nPss_File:") + sum(rollup, "\nPss_Shmem:") > 0, 1,
	   "shares of memory and of files");	/* an initramfs may be tmpfs */
	free(all);
	free(rollup);
}

/* ------------------------------------------------------------------ the tables themselves, which Linux has not */

static int has_pagetable;

/* The line of a page in /proc/PID/pagetable, and the frame it says; "": none. */
static const char *pagetable_line(pid_t pid, const void *addr, u64 *frame)
{
	static char found[200];
	char path[40], *text, *line, *rest;
	unsigned long start, end, first, last, a = (unsigned long)addr;

	snprintf(path, sizeof(path), "/proc/%d/pagetable", pid);
	rest = text = slurp(path);
	found[0] = 0;
	while ((line = strsep(&rest, "\n"))) {
		char *at = strstr(line, " at ");

		if (strncmp(line, "3:", 2) || sscanf(line + 2, " %lx-%lx", &start, &end) != 2 || a < start || a > end)
			continue;
		if (at && sscanf(at, " at %lx-%lx", &first, &last) == 1)
			last = first;
		*frame = last == first ? first : last > first ? first + (a - start) / PAGE : first - (a - start) / PAGE;
		strlcpy(found, line, sizeof(found));
	}
	free(text);
	return found;
}

static int page_is(pid_t pid, const void *addr, const char *const *words)
{
	u64 frame = 0;
	const char *line = pagetable_line(pid, addr, &frame);
	int good = line[0] && frame == (entry(pid, addr) & PM_PFN);

	for (; *words; words++)
		good &= **words == '!' ? !strstr(line, *words + 1) : !!strstr(line, *words);
	if (!good)
		printf("# frame %llx in: %s\n", frame, line);
	return good;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_pagetable(char *p)
{
	static const char *const leaf[] = { "2: ", "3: ", "1: " };
	unsigned long start, end, mapped = 0, total = proc_value("/proc/meminfo", "MemTotal:") * 1024;
	char *text, *line, *rest;
	pid_t me = getpid();
	u64 frame;
	int linear = 0;
	size_t i;

	ok(page_is(me, p, WORDS("user rw-", "kernel rw-", "accessed", "dirty", "not global", "anonymous", "!shared", "!copy")),
	   "pagetable: a written page");
	ok(page_is(me, p + 4 * PAGE, WORDS("2 pages", "user r--", "clean", "zero page", "copy-on-write")),
	   "two that were read are one line: the zero page");
	ok(page_is(me, (void *)test_pagetable, WORDS("user r-x", "kernel r--", "file", "!copy-on-write")), "the program's text");
	is(pagetable_line(me, p + READ_ONLY * PAGE, &frame)[0], 0, "an untouched page has no line");

	rest = text = slurp("/proc/kernel_page_tables");
	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "0: ", 3))
			linear = strstr(line, ": linear map") != NULL;
		for (i = 0; linear && i < 3; i++)
			if (!strncmp(line, leaf[i], 3) && strstr(line, ": user") && sscanf(line + 2, " %lx-%lx", &start, &end) == 2)
				mapped += end - start + 1;
	}
	ok(mapped >= total && mapped < total + (64UL << 20) + total / 16,
	   "kernel_page_tables: the linear map has all RAM (%lu KiB of %lu)", mapped >> 10, total >> 10);
	free(text);
	text = slurp("/proc/kernel_page_tables");	/* strsep() has cut up the first one */
	ok(strstr(text, " pages at ") != NULL, "neighbours are one line");
	ok(!strstr(text, "user r") && !strstr(text, "kernel rwx"), "nothing in it is a program's, nothing is to be written and run");
	free(text);
}

/* ------------------------------------------------------------------ two processes */

static void wait_for(int fd)
{
	char c;

	while (read(fd, &c, 1) < 0)
		;
}

static void test_fork(char *p)
{
	int go[2], ready[2], i, same = 0;
	u64 mine[PAGES], theirs[PAGES];
	char *text;
	pid_t pid;

	pipe(go);
	pipe(ready);
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		p[PAGE] = 77;		/* the child writes page 1 */
		write(ready[1], "x", 1);
		wait_for(go[0]);
		_exit(0);
	}
	wait_for(ready[0]);
	until_asleep(pid);
	pagemap(getpid(), p, mine, PAGES);
	pagemap(pid, p, theirs, PAGES);
	for (i = 0; i < WRITTEN; i++)
		same += (mine[i] & PM_PFN) == (theirs[i] & PM_PFN);
	is(same, WRITTEN - 1, "after a fork parent and child have the same frames, but for the one written");
	is(of_frame(kpagecount, mine[0]), 2, "two PTEs map page 0");
	is(of_frame(kpagecount, mine[1]), 1, "one maps the parent's page 1");
	is(of_frame(kpagecount, theirs[1]), 1, "and one the child's copy");
	is(count_pages(mine, PM_EXCLUSIVE), 1, "pagemap: only that is exclusive, in the parent");
	is(count_pages(theirs, PM_EXCLUSIVE), 1, "and in the child");

	if (has_pagetable) {
		ok(page_is(getpid(), p, WORDS("user r--", "dirty", "shared by 2", "copy-on-write")) &&
		   page_is(pid, p, WORDS("user r--", "dirty", "shared by 2", "copy-on-write")), "pagetable: a shared page");
		ok(page_is(pid, p + PAGE, WORDS("user rw-", "!shared", "!copy-on-write")), "the child's copy");
		ok(page_is(getpid(), p + PAGE, WORDS("user r--", "!shared", "copy-on-write")), "the parent's, read-only still");
	}

	p[0] = 99;			/* the parent writes page 0 */
	is((entry(getpid(), p) & PM_PFN) != (mine[0] & PM_PFN), 1, "the parent writes: it gets another frame");
	is(entry(pid, p) == (theirs[0] | PM_EXCLUSIVE), 1, "the child keeps its own, alone now");
	text = slurp("/proc/self/smaps");
	is(smaps(text, p, "Private_Dirty:"), 2 * 4, "smaps: two pages are private");
	is(smaps(text, p, "Shared_Dirty:"), (WRITTEN - 2) * 4, "two shared");
	is(smaps(text, p, "Pss:"), 2 * 4 + (WRITTEN - 2) * 2, "of which each has half");
	free(text);
	test_rollup(pid);

	write(go[1], "x", 1);
	is(reap(pid), 0, "the child ends");
	pagemap(getpid(), p, mine, PAGES);
	is(count_pages(mine, PM_EXCLUSIVE), WRITTEN, "all is exclusive again");
	close(go[0]);
	close(go[1]);
	close(ready[0]);
	close(ready[1]);
}

static void test_shared(void)
{
	char *p = map_region(PAGES, MAP_SHARED, -1);
	u64 e;

	p[0] = 1;
	e = entry(getpid(), p);
	is(e & (PM_PRESENT | PM_FILE | PM_EXCLUSIVE), PM_PRESENT | PM_FILE | PM_EXCLUSIVE,
	   "shared memory is a file's, as far as pagemap goes");
	is(of_frame(kpageflags, e) >> KPF_ANON & 1, 0, "and not anonymous");
	munmap(p - PAGE, (PAGES + 2) * PAGE);
	is(entry(getpid(), p), 0, "unmapped: nothing there");
}

/* ------------------------------------------------------------------ who may look */

static char *secret;

static void ordinary_user(void)
{
	u64 e = 0, opened_by_root = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (setuid(1000))
		_exit(1);
	prctl(PR_SET_DUMPABLE, 1);	/* Linux: so that the files of /proc/self are the user's */
	if (pagemap(getpid(), secret, &e, 1) != 8)
		_exit(2);
	if (!(e & PM_PRESENT))
		_exit(3);
	if (e & PM_PFN)
		_exit(4);
	if (pread(fd, &opened_by_root, 8, (unsigned long)secret / PAGE * 8) != 8 || !(opened_by_root & PM_PFN))
		_exit(5);
	if (open("/proc/kpagecount", O_RDONLY) != -1 || errno != EACCES)
		_exit(6);
	if (open("/proc/1/pagemap", O_RDONLY) != -1 || errno != EACCES)
		_exit(7);
	if (has_pagetable && (open("/proc/self/pagetable", O_RDONLY) != -1 || errno != EPERM))
		_exit(8);
	if (has_pagetable && (open("/proc/kernel_page_tables", O_RDONLY) != -1 || errno != EACCES))
		_exit(9);
}

int main(void)
{
	char *p = map_region(PAGES, MAP_PRIVATE, -1);

	kpagecount = open("/proc/kpagecount", O_RDONLY);
	kpageflags = open("/proc/kpageflags", O_RDONLY);
	ok(kpagecount >= 0 && kpageflags >= 0, "kpagecount and kpageflags can be opened by root");
	has_pagetable = !access("/proc/self/pagetable", R_OK);
	test_touching(p);
	test_bounds(p);
	test_all_frames();
	test_zones();
	test_smaps(p);
	if (has_pagetable)
		test_pagetable(p);
	test_fork(p);
	test_shared();
	secret = p;
	is(in_child(ordinary_user), 0, "an ordinary user sees his pages, but no frame numbers, and nothing of init's");
	return done();
}
