// SPDX-License-Identifier: MIT
/* Copy on write: a fork of 64 MiB copies no page until one is written, counted in frames. */
#include <sys/mman.h>
#include "tap.h"

#define PAGE	4096UL
#define MIB	(1UL << 20)

/* KiB that are not free; what sits in caches counts as free, as far as the kernel can tell. */
static long used(void)
{
	return proc_value("/proc/meminfo", "MemTotal:") - proc_value("/proc/meminfo", "MemFree:");
}

static long anon(void)
{
	return proc_value("/proc/meminfo", "AnonPages:");
}

/* What a child sees and does, told to the parent through a shared page. */
struct report {
	long used_before, used_after_read, used_after_write, anon_before, anon_after, rss, wrong;
	volatile int go;
};

static void child(unsigned long *p, unsigned long words, struct report *r)
{
	unsigned long i, sum = 0;

	r->rss = proc_value("/proc/self/status", "VmRSS:");
	r->used_before = used();
	for (i = 0; i < words; i += PAGE / 8)
		sum += p[i] != i;
	r->wrong = sum;
	r->used_after_read = used();
	r->anon_before = anon();
	for (i = 0; i < 4 * MIB / 8; i += PAGE / 8)
		p[i] = ~i;
	r->anon_after = anon();
	r->used_after_write = used();
	r->go = 1;
	_exit(0);
}

/* A page whose other owner is gone is not copied but taken over. */
static void test_reuse(unsigned long *p, unsigned long words)
{
	long before = anon(), after;
	unsigned long i;

	for (i = 0; i < words; i += PAGE / 8)
		p[i] = i + 1;
	after = anon();
	ok(after - before < 256, "writing when the child is gone takes no new frames (%ld KiB)", after - before);
}

int main(void)
{
	long total = proc_value("/proc/meminfo", "MemTotal:"), free = proc_value("/proc/meminfo", "MemFree:");
	unsigned long size = 64 * MIB, words = size / 8, i, *p, wrong = 0;
	struct report *r;
	long used0, used1, anon0, anon1, limit = size / 1024 / 8;
	pid_t pid;

	if (free < 96 * 1024) {
		printf("1..0 # SKIP 64 MiB are touched, and of %ld KiB only %ld are free\n", total, free);
		return 0;
	}
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	r = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	used0 = used();
	anon0 = anon();
	for (i = 0; i < words; i += PAGE / 8)
		p[i] = i;
	used1 = used();
	anon1 = anon();		/* programs that ended before us may still be giving frames back */
	ok(anon1 - anon0 >= (long)size / 1024 * 7 / 8, "touching 64 MiB takes as much (%ld KiB)", anon1 - anon0);

	pid = fork();
	if (pid == 0)
		child(p, words, r);
	is(reap(pid), 0, "a fork of it");
	ok(r->rss >= (long)size / 1024, "the child has it all (VmRSS %ld KiB)", r->rss);
	ok(r->used_before - used1 < limit, "fork took less than an eighth (%ld KiB)", r->used_before - used1);
	is(r->wrong, 0, "the child reads what the parent wrote");
	ok(r->used_after_read - r->used_before < 256, "reading copies nothing (%ld KiB)",
	   r->used_after_read - r->used_before);
	ok(r->anon_after - r->anon_before >= 4096 - 256 &&
	   r->anon_after - r->anon_before < 4096 + 256,
	   "writing 4 MiB takes 4 MiB of frames (%ld KiB)", r->anon_after - r->anon_before);
	for (i = 0; i < words; i += PAGE / 8)
		wrong += p[i] != i;
	is(wrong, 0, "the parent does not see the child's writes");
	test_reuse(p, words);
	munmap(p, size);
	used1 = used();
	ok(used1 - used0 < limit, "all of it comes back (%ld KiB more than before)", used1 - used0);
	return done();
}
