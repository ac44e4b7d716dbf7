// SPDX-License-Identifier: MIT
/*
 * Memory keeps what is written to it, also when there is more of it than the machine has: every page of a
 * region is written in random order, a child that inherits them reads some and writes over them, and
 * then all are read in another order.
 *
 *	thrash [MIB [SEED [private | shared [on]]]]	8 MiB; tests/test_swap.py gives more than the machine's memory
 *
 * Of shared memory the child reads all, and the parent what the child wrote. With "on" it goes on
 * reading, in ever new orders, until SIGTERM.
 */
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "tap.h"

#define PAGE	4096UL
#define WORDS	(PAGE / sizeof(uint64_t))

static uint64_t *area;
static unsigned long pages, order_size;
static uint64_t seed = 4711;
static int shared;
static unsigned char *whose;		/* of each page: who wrote it last; shared */
static volatile sig_atomic_t go_on;

/* What is in word i of page n, of seed + who: differs in every word. */
static uint64_t word(unsigned long n, unsigned long i, uint64_t key)
{
	uint64_t x = (n << 9 | i) * 0x9e3779b97f4a7c15 + key;

	return x ^ x >> 29;
}

/* Every number below `pages` once, in an order that `round` chooses; ~0 for those above. */
static unsigned long nth(unsigned long i, unsigned long round)
{
	unsigned long n = (i * (4 * (seed * 77 + round * 1031) + 5) + round * 12345 + seed) & (order_size - 1);

	n ^= n >> 3 & 0x15;
	return n < pages ? n : ~0UL;
}

/* The loop touches no other page: under reclaim=lru-exact each change of page costs a fault. */
static void fill(unsigned long n, uint64_t who)
{
	uint64_t *const page = area + n * WORDS;
	const uint64_t key = seed + who;

	for (unsigned long i = 0; i < WORDS; i++)
		page[i] = word(n, i, key);
}

/* 1 if the page is not as fill() left it; the first such is told. */
static int wrong(unsigned long n, uint64_t who)
{
	const uint64_t *const page = area + n * WORDS, key = seed + who;
	static int told;

	for (unsigned long i = 0; i < WORDS; i++) {
		if (page[i] == word(n, i, key))
			continue;
		if (!told++)
			printf("# page %lu word %lu is %llx, expected %llx\n", n, i,
			       (unsigned long long)page[i], (unsigned long long)word(n, i, key));
		return 1;
	}
	return 0;
}

static long check_all(unsigned long round)
{
	long bad = 0;

	for (unsigned long i = 0; i < order_size; i++)
		if (nth(i, round) != ~0UL)
			bad += wrong(nth(i, round), whose[nth(i, round)]);
	return bad;
}

/* Reads an eighth of what it inherited, makes it its own, and reads it again. */
static void child(void)
{
	long bad = shared ? check_all(5) : 0;

	for (unsigned long i = 0; i < order_size / 8; i++) {
		const unsigned long n = nth(i, 7);

		if (n == ~0UL)
			continue;
		bad += wrong(n, 0);
		fill(n, 1);
		if (shared)
			whose[n] = 1;
	}
	for (unsigned long i = 0; i < order_size / 8; i++)
		if (nth(i, 7) != ~0UL)
			bad += wrong(nth(i, 7), 1);
	_exit(bad != 0);
}

static void enough(int sig)
{
	(void)sig;
	go_on = 0;
}

int main(int argc, char **argv)
{
	unsigned long mib = argc > 1 ? strtoul(argv[1], NULL, 0) : 8, written = 0, round = 3;
	struct rusage usage;
	int status = -1;
	long bad = 0;
	pid_t pid;

	go_on = argc > 4 && !strcmp(argv[4], "on");
	if (go_on)
		signal(SIGTERM, enough);
	if (argc > 2)
		seed = strtoul(argv[2], NULL, 0);
	shared = argc > 3 && !strcmp(argv[3], "shared");
	pages = mib << 8;
	for (order_size = 1; order_size < pages; order_size *= 2)
		;
	area = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
		    (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);
	whose = mmap(NULL, pages, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!ok(area != MAP_FAILED && whose != MAP_FAILED, "%lu MiB are mapped", mib))
		return done();

	for (unsigned long i = 0; i < order_size; i++) {
		if (nth(i, 1) != ~0UL) {
			fill(nth(i, 1), 0);
			written++;
		}
	}
	is(written, pages, "every page is written once");
	is(check_all(2), 0, "pages that are not what was written");

	pid = fork();
	if (!pid)
		child();
	waitpid(pid, &status, 0);
	is(status, 0, "a child finds them, and its own");
	do {
		bad += check_all(round++);
	} while (go_on);
	is(bad, 0, "pages that are not what was written, after the child");
	getrusage(RUSAGE_SELF, &usage);
	printf("# %ld major faults, %ld minor\n", usage.ru_majflt, usage.ru_minflt);
	munmap(area, pages * PAGE);
	return done();
}
