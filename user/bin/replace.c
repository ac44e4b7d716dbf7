// SPDX-License-Identifier: MIT
/*
 * replace: how many page faults a string of references takes with few frames and with more, under the page
 * replacement policy that the kernel was booted with (reclaim=). Nothing is simulated: the pages are those of a file on a
 * disk, mapped, and read one after the other; RLIMIT_RSS is what limits the frames; the kernel counts.
 *
 *	replace [-f FROM-TO] [-d FILE] PAGE...		references to these pages, by 1 to 7 frames
 *	replace ... -s HOT,LOOP,ROUNDS			a loop over LOOP pages that after each uses HOT others
 *
 * Without references: 1 2 3 4 1 2 5 1 2 3 4 5, which Belady found.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGE		4096L
#define MAX_PAGE	200	/* of the file: no more than a file of any format can have */

static int *refs;
static int nrefs;
static int pages;		/* the highest number, and one more */
static char *area;

static void add(long page)
{
	if (page < 0 || page >= MAX_PAGE)
		errx(1, "page %ld: not 0 to %d", page, MAX_PAGE - 1);
	refs = realloc(refs, (nrefs + 1) * sizeof(*refs));
	if (!refs)
		err(1, "references");
	refs[nrefs++] = page;
	if (page >= pages)
		pages = page + 1;
}

/* Pages 0 to hot - 1 are the hot set. */
static void add_loop(const char *arg)
{
	long hot, loop, rounds;
	char *at;

	hot = strtol(arg, &at, 10);
	loop = *at == ',' ? strtol(at + 1, &at, 10) : -1;
	rounds = *at == ',' ? strtol(at + 1, &at, 10) : -1;
	if (*at || hot < 0 || loop < 1 || rounds < 1)
		errx(1, "%s: not HOT,LOOP,ROUNDS", arg);
	while (rounds--) {
		for (long i = 0; i < loop; i++) {
			add(hot + i);
			for (long h = 0; h < hot; h++)
				add(h);
		}
	}
}

/* The file's pages, on the disk and mapped. No reading ahead: that would be a policy of its own. */
static void make_area(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	char page[PAGE];

	if (fd < 0)
		err(1, "%s", path);
	for (int i = 0; i < pages; i++) {
		memset(page, i, PAGE);
		if (write(fd, page, PAGE) != PAGE)
			err(1, "%s", path);
	}
	if (fsync(fd))
		err(1, "%s", path);
	area = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (area == MAP_FAILED)
		err(1, "%s: mmap", path);
	close(fd);
	unlink(path);
	madvise(area, pages * PAGE, MADV_RANDOM);
}

/* None of them is in memory after this. Only what is mapped can be asked to go; a page that is busy stays. */
static void empty(void)
{
	for (int tries = 0; tries < 3; tries++) {
		for (int i = 0; i < pages; i++)
			(void)*(volatile char *)(area + i * PAGE);
		if (madvise(area, pages * PAGE, MADV_PAGEOUT))
			err(1, "cannot page out");
	}
}

static void limit(rlim_t frames)
{
	struct rlimit rl = { frames == RLIM_INFINITY ? frames : frames * PAGE, RLIM_INFINITY };

	if (setrlimit(RLIMIT_RSS, &rl))
		err(1, "RLIMIT_RSS");
}

/* Each page that is not in memory is read from the disk: a major fault. */
static long faults(rlim_t frames)
{
	struct rusage before, after;

	empty();
	limit(frames);
	getrusage(RUSAGE_SELF, &before);
	for (int i = 0; i < nrefs; i++)
		if (*(volatile unsigned char *)(area + refs[i] * PAGE) != refs[i])
			errx(1, "page %d: wrong contents", refs[i]);
	getrusage(RUSAGE_SELF, &after);
	limit(RLIM_INFINITY);
	return after.ru_majflt - before.ru_majflt;
}

/* How many different ones are referred to. */
static int count_pages(void)
{
	char seen[MAX_PAGE] = "";
	int n = 0;

	for (int i = 0; i < nrefs; i++) {
		if (!seen[refs[i]]) {
			seen[refs[i]] = 1;
			n++;
		}
	}
	return n;
}

static void show_policy(void)
{
	int fd = open("/proc/sys/vm/reclaim_policy", O_RDONLY);
	char line[256], *name, *end;
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

	if (n < 0)
		err(1, "/proc/sys/vm/reclaim_policy");
	close(fd);
	line[n] = 0;
	name = strchr(line, '[');
	end = name ? strchr(name, ']') : NULL;
	if (!end)
		errx(1, "no policy in %s", line);
	*end = 0;
	printf("%d references to %d pages, %s\nframes  faults\n", nrefs, count_pages(), name + 1);
}

int main(int argc, char **argv)
{
	static const int belady[] = { 1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5 };
	const char *path = "/replace.tmp";
	long from = 1, to = 7;
	cpu_set_t cpus;
	char *end;
	int c;

	while ((c = getopt(argc, argv, "f:d:s:")) != -1) {
		switch (c) {
		case 'f':
			from = to = strtol(optarg, &end, 10);
			if (*end == '-')
				to = strtol(end + 1, &end, 10);
			if (*end || from < 1 || to < from)
				errx(1, "%s: not FROM-TO", optarg);
			break;
		case 'd':
			path = optarg;
			break;
		case 's':
			add_loop(optarg);
			break;
		default:
			fprintf(stderr, "usage: replace [-f FROM-TO] [-d FILE] [-s HOT,LOOP,ROUNDS | PAGE...]\n");
			return 1;
		}
	}
	for (; optind < argc; optind++) {
		const long page = strtol(argv[optind], &end, 10);

		if (*end || end == argv[optind])
			errx(1, "%s: not a page number", argv[optind]);
		add(page);
	}
	/* On one CPU: pages that are new wait in a batch of each, where they are out of the reach of advice. */
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	if (!nrefs)
		for (unsigned int i = 0; i < sizeof(belady) / sizeof(*belady); i++)
			add(belady[i]);
	make_area(path);
	/* Whatever else has to come into memory is there after this. */
	if (faults(RLIM_INFINITY) != count_pages())
		errx(1, "%s: pages stay in memory: is it on a disk?", path);
	show_policy();
	for (; from <= to; from++)
		printf("%6ld %7ld\n", from, faults(from));
	return 0;
}
