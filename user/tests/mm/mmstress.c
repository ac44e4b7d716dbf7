// SPDX-License-Identifier: MIT
/*
 * Eight threads change one address space at random, each within a part of its own, and know at every moment
 * what each page of it must be: mapped or not, what may be done to it, what it holds.
 *
 *	mmstress [-t SECONDS] [SEED]
 *
 * Without -t each thread does a number of operations that the seed alone decides; with it they go on for so long. An
 * operation is mmap over what is there, also of a huge page, munmap, mprotect, mremap, madvise, mlock, a fork whose
 * child looks at everything, or reading and writing. What may not be touched is touched as well: the signal must say
 * why. Nobody else maps memory meanwhile, or it would lie in a hole of somebody's part.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <threads.h>
#include <time.h>
#include "clock.h"
#include "regions.h"
#include "tap.h"

#define WORDS		(PAGE / sizeof(uint32_t))
#define THREADS		8
#define PAGES_IN_HUGE	512L
#define PAGES		1536L			/* of each part: three huge pages, with luck */
#define OPERATIONS	600

enum kind { NOTHING, PRIVATE, SHARED };

/* What a page must be. */
struct page {
	uint8_t		kind, prot;
	uint8_t		freed;			/* MADV_FREE: what it holds, or zero */
	uint8_t		locked;
	uint32_t	stamp;			/* in its first and last word; 0: never written */
};

struct worker {
	int		id;
	uint64_t	random;
	char		*base;
	struct page	pages[PAGES];
	uint32_t	last_stamp;
	long		operations, faults, forks, moves;
	jmp_buf		env;			/* for a touch that faults */
	volatile int	code;			/* si_code of it */
	char		mistake[160];		/* the first one */
};

static struct worker workers[THREADS];
static char *arena;
static long until;				/* ns; 0: OPERATIONS */
static volatile int started;			/* all threads have their stacks */

/* ------------------------------------------------------------------ tools */

static uint32_t chance(struct worker *w, uint32_t n)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (w->random >> 16) % n;
}

static char *address(struct worker *w, long page)
{
	return w->base + page * PAGE;
}

static void wrong(struct worker *w, long page, const char *what, long saw, long expected)
{
	struct page *p = &w->pages[page];

	if (w->mistake[0])
		return;
	snprintf(w->mistake, sizeof(w->mistake),
		 "operation %ld, page %ld (%p; kind %d, prot %d): %s: saw %#lx, expected %#lx", w->operations, page,
		 (void *)address(w, page), p->kind, p->prot, what, saw, expected);
}

static void on_segv(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	unsigned long i = ((char *)info->si_addr - arena) / (PAGES * PAGE);

	if (i >= THREADS)
		_exit(99);
	workers[i].code = info->si_code;
	longjmp(workers[i].env, 1);
}

/* 0, or the si_code of the signal that it gave. */
static int read_page(struct worker *w, long page, uint32_t *first, uint32_t *last)
{
	volatile uint32_t *words = (void *)address(w, page);

	if (setjmp(w->env))
		return w->code;
	*first = words[0];
	*last = words[WORDS - 1];
	return 0;
}

static int write_page(struct worker *w, long page, uint32_t stamp)
{
	volatile uint32_t *words = (void *)address(w, page);

	if (setjmp(w->env))
		return w->code;
	words[0] = stamp;
	words[WORDS - 1] = stamp;
	return 0;
}

/* Of the pages that give a signal only some: the threads share one lock for those, and would wait for it most. */
static bool is_touched(struct worker *w)
{
	return chance(w, 32) == 0;
}

/* What touching it must give. */
static int expected_code(struct page *p, int prot)
{
	if (p->kind == NOTHING)
		return SEGV_MAPERR;
	return p->prot & prot ? 0 : SEGV_ACCERR;
}

/* ------------------------------------------------------------------ operations: @n pages from @from */

static void op_read(struct worker *w, long from, long n)
{
	for (long i = from; i < from + n; i++) {
		struct page *p = &w->pages[i];
		int want = expected_code(p, PROT_READ), code;
		uint32_t first = 0, last = 0;

		if (want && !is_touched(w))
			continue;
		code = read_page(w, i, &first, &last);
		w->faults += !!code;
		if (code != want)
			wrong(w, i, "si_code of a read", code, want);
		if (code)
			continue;
		if (first != last)
			wrong(w, i, "its last word", last, first);
		if (first == 0 && p->freed)
			p->stamp = p->freed = 0;
		if (first != p->stamp)
			wrong(w, i, "what it holds", first, p->stamp);
	}
}

static void op_write(struct worker *w, long from, long n)
{
	for (long i = from; i < from + n; i++) {
		struct page *p = &w->pages[i];
		int want = expected_code(p, PROT_WRITE), code;
		uint32_t stamp = (w->id + 1) << 28 | ++w->last_stamp;

		if (want && !is_touched(w))
			continue;
		code = write_page(w, i, stamp);
		w->faults += !!code;
		if (code != want)
			wrong(w, i, "si_code of a write", code, want);
		if (!code) {
			p->stamp = stamp;
			p->freed = 0;
		}
	}
}

static const int prots[] = { PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE };

static void op_map(struct worker *w, long from, long n)
{
	int kind = chance(w, 3) ? PRIVATE : SHARED, prot = prots[chance(w, 4)];
	int flags = (kind == SHARED ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS | MAP_FIXED;
	char *p = mmap(address(w, from), n * PAGE, prot, flags | (chance(w, 4) ? 0 : MAP_POPULATE), -1, 0);

	if (p != address(w, from))
		wrong(w, from, "errno of mmap", errno, 0);
	for (long i = from; i < from + n; i++)
		w->pages[i] = (struct page){ .kind = kind, .prot = prot };
}

/* A huge page, if the kernel has one: where it can be one, empty but for one page. What was mapped there goes. */
static void op_huge(struct worker *w, long from, long n)
{
	const long first = -(unsigned long)w->base / PAGE % PAGES_IN_HUGE;

	(void)n;
	from = first + from / PAGES_IN_HUGE * PAGES_IN_HUGE;
	if (from + PAGES_IN_HUGE > PAGES)
		return;
	if (mmap(address(w, from), PAGES_IN_HUGE * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != address(w, from))
		wrong(w, from, "errno of mmap", errno, 0);
	for (long i = from; i < from + PAGES_IN_HUGE; i++)
		w->pages[i] = (struct page){ .kind = PRIVATE, .prot = PROT_READ | PROT_WRITE };
	madvise(address(w, from), PAGES_IN_HUGE * PAGE, MADV_HUGEPAGE);
	op_write(w, from + chance(w, PAGES_IN_HUGE), 1);
}

static void op_unmap(struct worker *w, long from, long n)
{
	if (munmap(address(w, from), n * PAGE))
		wrong(w, from, "errno of munmap", errno, 0);
	memset(&w->pages[from], 0, n * sizeof(struct page));
}

/* How many from @from on are mapped and of one kind, @n at most. */
static long run_of(struct worker *w, long from, long n)
{
	long i = 0;

	while (i < n && w->pages[from].kind && w->pages[from + i].kind == w->pages[from].kind)
		i++;
	return i;
}

/* Up to the first hole: what lies behind it stays as it is. */
static void op_protect(struct worker *w, long from, long n)
{
	int prot = prots[chance(w, 4)], want = 0, err;
	long i;

	for (i = from; i < from + n && w->pages[i].kind; i++)
		w->pages[i].prot = prot;
	if (i < from + n)
		want = ENOMEM;
	err = mprotect(address(w, from), n * PAGE, prot) ? errno : 0;
	if (err != want)
		wrong(w, i < from + n ? i : from, "errno of mprotect", err, want);
}

/*
 * Holes are told, and passed over. Pages that are locked end it. What it does to the others, @fn does to our picture
 * of them.
 */
static void advise(struct worker *w, long from, long n, int advice, void (*fn)(struct page *p))
{
	int want = 0, err;

	for (long i = from; i < from + n && want != EINVAL; i++) {
		struct page *p = &w->pages[i];

		if (p->kind == NOTHING)
			want = ENOMEM;
		else if (p->locked)
			want = EINVAL;
		else if (fn)
			fn(p);
	}
	err = madvise(address(w, from), n * PAGE, advice) ? errno : 0;
	if (err != want)
		wrong(w, from, "errno of madvise", err, want);
}

/* Pages that are shared keep what they hold. */
static void drop(struct page *p)
{
	if (p->kind == PRIVATE)
		p->stamp = p->freed = 0;
}

static void op_dontneed(struct worker *w, long from, long n)
{
	advise(w, from, n, MADV_DONTNEED, drop);
}

static void give_up(struct page *p)
{
	p->freed = 1;
}

static void op_free(struct worker *w, long from, long n)
{
	n = run_of(w, from, n);
	if (n && w->pages[from].kind == PRIVATE)
		advise(w, from, n, MADV_FREE, give_up);
}

/* To swap, if there is any. */
static void op_pageout(struct worker *w, long from, long n)
{
	advise(w, from, n, chance(w, 4) ? MADV_PAGEOUT : MADV_COLD, NULL);
}

/* Up to the first hole. What nobody may touch has no pages, which is told, but is locked all the same. */
static void op_lock(struct worker *w, long from, long n)
{
	int how = chance(w, 5), want = 0, err;

	for (long i = from; i < from + n; i++) {
		struct page *p = &w->pages[i];

		if (p->kind == NOTHING) {
			want = ENOMEM;
			break;
		}
		if (how < 2 && !p->prot)
			want = ENOMEM;
		p->locked = how < 3;
	}
	if (how < 2)
		err = mlock(address(w, from), n * PAGE) ? errno : 0;
	else if (how == 2)
		err = mlock2(address(w, from), n * PAGE, MLOCK_ONFAULT) ? errno : 0;
	else
		err = munlock(address(w, from), n * PAGE) ? errno : 0;
	if (err != want)
		wrong(w, from, how < 3 ? "errno of mlock" : "errno of munlock", err, want);
}

/*
 * To another place, over what lies there. Neighbours of one kind may still be regions of their own, which
 * mremap refuses; by then the other place is empty already. Now and then the old place stays, without its pages.
 */
static void op_move(struct worker *w, long from, long n)
{
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
	struct page moved[PAGES];
	long to;

	n = run_of(w, from, n);
	if (!n)
		return;
	to = chance(w, PAGES - n + 1);
	if (from < to + n && to < from + n)
		return;
	if (w->pages[from].kind == PRIVATE && !chance(w, 4))
		flags |= MREMAP_DONTUNMAP;
	memcpy(moved, &w->pages[from], n * sizeof(struct page));
	memset(&w->pages[to], 0, n * sizeof(struct page));
	if (mremap(address(w, from), n * PAGE, n * PAGE, flags, address(w, to)) != MAP_FAILED) {
		for (long i = 0; i < n; i++)
			w->pages[from + i] = flags & MREMAP_DONTUNMAP ?
				(struct page){ .kind = PRIVATE, .prot = moved[i].prot } : (struct page){ };
		memcpy(&w->pages[to], moved, n * sizeof(struct page));
		w->moves++;
	} else if (errno != EFAULT) {
		wrong(w, from, "errno of mremap", errno, EFAULT);
	}
}

/* The child sees what we saw at that moment, and what it writes is its own. */
static void op_fork(struct worker *w, long from, long n)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		op_read(w, 0, PAGES);
		for (long i = from; i < from + n; i++)
			if (w->pages[i].kind == PRIVATE && w->pages[i].prot & PROT_WRITE)
				op_write(w, i, 1);
		op_read(w, 0, PAGES);
		if (w->mistake[0])
			printf("# a child of thread %d: %s\n", w->id, w->mistake);
		fflush(stdout);
		_exit(!!w->mistake[0]);
	}
	if (pid < 0) {
		wrong(w, from, "errno of fork", errno, 0);
		return;
	}
	w->forks++;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		wrong(w, from, "a child's status", status, 0);
}

/* ------------------------------------------------------------------ threads */

static const struct {
	void	(*fn)(struct worker *w, long from, long n);
	int	weight, most;			/* how often of 1,000; pages */
} operations[] = {
	{ op_write, 300, 24 }, { op_read, 220, 48 }, { op_map, 110, 300 }, { op_unmap, 60, 100 },
	{ op_protect, 110, 120 }, { op_dontneed, 50, 120 }, { op_free, 30, 60 }, { op_move, 55, 200 },
	{ op_lock, 30, 60 }, { op_pageout, 20, 60 }, { op_fork, 5, 100 }, { op_huge, 10, 1 },
};

static void one_operation(struct worker *w)
{
	int choice = chance(w, 1000), i = 0;
	long n;

	while (choice >= operations[i].weight)
		choice -= operations[i++].weight;
	n = 1 + chance(w, operations[i].most);
	operations[i].fn(w, chance(w, PAGES - n + 1), n);
	w->operations++;
}

static int work(void *arg)
{
	struct worker *w = arg;

	while (!started)
		thrd_yield();
	while (!w->mistake[0] && (until ? now(CLOCK_MONOTONIC) < until : w->operations < OPERATIONS))
		one_operation(w);
	op_read(w, 0, PAGES);
	return 0;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_NODEFER };
	long seed = 1, seconds = 0, faults = 0, forks = 0, moves = 0, count = 0;
	thrd_t threads[THREADS];
	int i;

	if (argc > 2 && !strcmp(argv[1], "-t")) {
		seconds = atol(argv[2]);
		argv += 2;
	}
	if (argv[1])
		seed = atol(argv[1]);
	printf("# seed %ld, %d threads\n", seed, THREADS);
	sigaction(SIGSEGV, &sa, NULL);
	arena = mmap(NULL, THREADS * PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!ok(arena != MAP_FAILED, "room for all"))
		return done();
	until = seconds ? now(CLOCK_MONOTONIC) + seconds * SECOND : 0;
	for (i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];

		w->id = i;
		w->random = (seed * THREADS + i + 1) * 0x9e3779b97f4a7c15;
		w->base = arena + i * PAGES * PAGE;
		for (long p = 0; p < PAGES; p++)
			w->pages[p] = (struct page){ .kind = PRIVATE };
		if (thrd_create(&threads[i], work, w) != thrd_success)
			_exit(98);
	}
	started = 1;
	for (i = 0; i < THREADS; i++)
		thrd_join(threads[i], NULL);
	for (i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];

		ok(!w->mistake[0], "thread %d, seed %ld: %s", i, seed, w->mistake[0] ? w->mistake : "all as expected");
		count += w->operations;
		faults += w->faults;
		forks += w->forks;
		moves += w->moves;
	}
	munmap(arena, THREADS * PAGES * PAGE);
	is(proc_value("/proc/self/status", "VmLck:"), 0, "nothing is locked any more");
	ok(faults > 100 && forks > 0, "%ld operations, %ld touches refused, %ld forks, %ld moves", count, faults, forks, moves);
	return done();
}
