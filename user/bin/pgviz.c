// SPDX-License-Identifier: MIT
/*
 * pgviz: draws address spaces, from /proc/PID/maps and /proc/PID/pagetable; for root.
 *
 *	pgviz PID...		regions, tables, and a letter for each page
 *	pgviz -d PID PID	two compared: which pages, of the regions of the first, are in the same frame
 *	pgviz -f		a process that forks, and whose child writes, compared at each step
 *	pgviz -r ...		what it would draw, as text for scripts/pgviz on the host
 *
 * The files are read one after the other: a process that runs meanwhile is drawn a little blurred.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "procs.h"

#define PAGE	4096UL
#define COLUMNS	64			/* pages in a row, if there are no more than that */

/* What a page is, and the letter for it; capital if it is dirty. */
enum kind { ABSENT, FILE_PAGE, SHMEM, OWN, COW, ZERO, SWAP, N_KINDS };

static const struct { char letter; const char *colour, *name; } kinds[N_KINDS] = {
	[ABSENT] = { '.', "90", "not there" },		[FILE_PAGE] = { 'f', "34", "of a file" },
	[SHMEM] = { 's', "36", "shared memory" },	[OWN] = { 'a', "32", "anonymous, its own" },
	[COW] = { 'c', "33", "copy on write" },		[ZERO] = { 'z', "35", "the zero page" },
	[SWAP] = { 'w', "31", "swapped" },
};

/* A line of pagetable about blocks or pages, or about a table. */
struct run {
	unsigned long	start, end;		/* end: the first address behind it */
	unsigned long	pfn;
	int		level, stride, sharers;	/* stride: from frame to frame, +1, 0 or -1 */
	enum kind	kind;
	int		dirty;
};

struct space {
	int		pid;
	char		name[64];
	unsigned long	pgd;
	struct run	*runs, *tables;
	size_t		n_runs, n_tables;
};

static int raw, colours;

/* ------------------------------------------------------------------ reading */

static FILE *open_proc(int pid, const char *what)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	f = fopen(path, "r");
	if (!f)
		err(1, "%s", path);
	return f;
}

static void *add(void *array, size_t *n, const struct run *r)
{
	struct run *a = reallocarray(array, *n + 1, sizeof(*a));

	if (!a)
		err(1, "memory");
	a[(*n)++] = *r;
	return a;
}

static enum kind kind_of(const char *words)
{
	if (strstr(words, "in swap"))
		return SWAP;
	if (strstr(words, "zero page"))
		return ZERO;
	if (strstr(words, ", shmem"))
		return SHMEM;
	if (strstr(words, ", anonymous"))
		return strstr(words, "copy-on-write") ? COW : OWN;
	return FILE_PAGE;
}

static void read_line(struct space *s, const char *line)
{
	struct run r = { .stride = 1, .sharers = 1 };
	const char *at = strstr(line, " at "), *shared = strstr(line, "shared by ");
	unsigned long last;

	if (!strncmp(line, "pgd at ", 7))
		s->pgd = strtoul(line + 7, NULL, 16);
	if (sscanf(line, "%d: %lx-%lx", &r.level, &r.start, &r.end) != 3)
		return;
	r.end++;
	if (at) {
		r.pfn = strtoul(at + 4, (char **)&at, 16);
		if (*at == '-') {
			last = strtoul(at + 1, NULL, 16);
			r.stride = last > r.pfn ? 1 : -1;
		} else if (r.level == 3) {
			r.stride = 0;
		}
	}
	if (strstr(line, " table at ")) {
		s->tables = add(s->tables, &s->n_tables, &r);
		return;
	}
	r.kind = kind_of(line);
	r.dirty = strstr(line, ", dirty") != NULL;
	if (shared)
		r.sharers = atoi(shared + 10);
	s->runs = add(s->runs, &s->n_runs, &r);
}

static void read_space(struct space *s, int pid)
{
	struct process p;
	char *line = NULL;
	size_t size = 0;
	FILE *f;

	memset(s, 0, sizeof(*s));
	s->pid = pid;
	if (get_process(pid, &p))
		strlcpy(s->name, p.comm, sizeof(s->name));
	f = open_proc(pid, "pagetable");
	while (getline(&line, &size, f) > 0)
		read_line(s, line);
	fclose(f);
	free(line);
}

static void free_space(struct space *s)
{
	free(s->runs);
	free(s->tables);
}

/* The run that a page is in, NULL: it is not there. They are in order: from *hint on, which moves along. */
static const struct run *find(const struct space *s, unsigned long addr, size_t *hint)
{
	while (*hint < s->n_runs && s->runs[*hint].end <= addr)
		++*hint;
	return *hint < s->n_runs && s->runs[*hint].start <= addr ? &s->runs[*hint] : NULL;
}

static unsigned long frame(const struct run *r, unsigned long addr)
{
	return r->pfn + r->stride * (long)((addr - r->start) / PAGE);
}

/* ------------------------------------------------------------------ drawing */

/* A letter in a colour, which stays until another or "" is asked for. */
static void paint(char c, const char *colour, int bold)
{
	static const char *now = "";
	static int now_bold;

	if (colours && (colour != now || bold != now_bold))
		printf("\033[0%s%s%sm", *colour ? ";" : "", colour, bold ? ";1" : "");
	now = colour;
	now_bold = bold;
	if (c)
		putchar(c);
}

/* A page of one process; or of two: what it is in both if the frame is the same. */
static void draw_page(const struct run *a, const struct run *b, int two, unsigned long addr, unsigned long *sums)
{
	if (!two) {
		enum kind kind = a ? a->kind : ABSENT;
		char c = kinds[kind].letter;

		sums[kind]++;
		paint(a && a->dirty && c >= 'a' ? c - 32 : c, kinds[kind].colour, a && a->dirty);
	} else if (a && b && frame(a, addr) == frame(b, addr) && a->kind != SWAP) {
		sums[0]++;
		paint('=', kinds[a->kind].colour, a->dirty);
	} else if (a && b) {
		sums[1]++;
		paint('X', "31", 1);
	} else if (a || b) {
		sums[a ? 2 : 3]++;
		paint(a ? '<' : '>', "32", 0);
	} else {
		paint('.', kinds[ABSENT].colour, 0);
	}
}

/* The pages of a region in rows; rows in which nothing is are only counted. */
static void draw_region(struct space *a, struct space *b, unsigned long start, unsigned long end, unsigned long *sums)
{
	static size_t hint_a, hint_b;
	unsigned long addr, row, skipped = 0;

	if (hint_a && (hint_a >= a->n_runs || a->runs[hint_a].start > start))
		hint_a = hint_b = 0;		/* another process */
	for (row = start; row < end; row += COLUMNS * PAGE) {
		unsigned long to = end - row < COLUMNS * PAGE ? end : row + COLUMNS * PAGE;
		int any = find(a, row, &hint_a) || (hint_a < a->n_runs && a->runs[hint_a].start < to);

		if (b)
			any |= find(b, row, &hint_b) || (hint_b < b->n_runs && b->runs[hint_b].start < to);
		if (!any) {
			skipped += (to - row) / PAGE;
			continue;
		}
		if (skipped)
			printf("    %lu not there\n", skipped);
		skipped = 0;
		printf("    ");
		for (addr = row; addr < to; addr += PAGE)
			draw_page(find(a, addr, &hint_a), b ? find(b, addr, &hint_b) : NULL, b != NULL, addr, sums);
		paint('\n', "", 0);
	}
	if (skipped)
		printf("    %lu not there\n", skipped);
}

static void draw_tables(const struct space *s)
{
	static const char *const names[] = { "pud", "pmd", "pte" };
	size_t i;

	printf("  pgd %lx\n", s->pgd);
	for (i = 0; i < s->n_tables; i++) {
		const struct run *t = &s->tables[i];

		printf("  %*s%s %lx: %lx-%lx\n", 2 * t->level + 2, "", names[t->level], t->pfn, t->start, t->end - 1);
	}
}

/* The regions of a, drawn; with b, compared. */
static void draw_regions(struct space *a, struct space *b, unsigned long *sums)
{
	char *line = NULL, rights[5], *name;
	unsigned long start, end;
	size_t size = 0;
	FILE *f = open_proc(a->pid, "maps");
	int skip;

	while (getline(&line, &size, f) > 0) {
		if (sscanf(line, "%lx-%lx %4s %*x %*s %*u %n", &start, &end, rights, &skip) < 3)
			continue;
		name = line + skip;
		name[strcspn(name, "\n")] = 0;
		printf("  %lx-%lx %s %lu page%s%s%s\n", start, end, rights, (end - start) / PAGE,
		       end - start > PAGE ? "s" : "", *name ? ", " : "", name);
		draw_region(a, b, start, end, sums);
	}
	fclose(f);
	free(line);
}

static void print_file(int pid, const char *what)
{
	char *line = NULL;
	size_t size = 0;
	FILE *f = open_proc(pid, what);

	while (getline(&line, &size, f) > 0)
		fputs(line, stdout);
	fclose(f);
	free(line);
}

/* ------------------------------------------------------------------ what can be asked for */

static void dump(int pid, const char *label)
{
	struct process p = { .comm = "?" };

	get_process(pid, &p);
	printf("== pgviz %d %s: %s\n", pid, p.comm, label);
	print_file(pid, "maps");
	print_file(pid, "pagetable");
	printf("== end\n");
}

static void show(int pid, const char *label)
{
	unsigned long sums[N_KINDS] = { };
	struct space s;
	int i;

	if (raw) {
		dump(pid, label);
		return;
	}
	read_space(&s, pid);
	printf("%d %s, %s: %zu tables (%zu KiB)\n", pid, s.name, label, s.n_tables + 1, (s.n_tables + 1) * 4);
	draw_tables(&s);
	draw_regions(&s, NULL, sums);
	printf("  capitals are dirty;");
	for (i = 0; i < N_KINDS; i++) {
		putchar(' ');
		paint(kinds[i].letter, kinds[i].colour, 0);
		paint(0, "", 0);
		printf(" %s", kinds[i].name);
		if (i != ABSENT)
			printf(" %lu", sums[i]);
		printf(i < N_KINDS - 1 ? "," : "\n");
	}
	free_space(&s);
}

static void compare(int first, int second, const char *label)
{
	unsigned long sums[N_KINDS] = { };
	struct space a, b;

	if (raw) {
		dump(first, label);
		dump(second, label);
		return;
	}
	read_space(&a, first);
	read_space(&b, second);
	printf("%d %s and %d %s, %s\n", first, a.name, second, b.name, label);
	draw_regions(&a, &b, sums);
	printf("  = same frame %lu, X another frame %lu, < only %d has one %lu, > only %d has one %lu\n", sums[0], sums[1],
	       first, sums[2], second, sums[3]);
	free_space(&a);
	free_space(&b);
}

/* ------------------------------------------------------------------ -f: a fork, step by step */

#define SHOWN_PAGES	16
#define WRITTEN		12	/* before the fork; 4 of them again by the child */

static void wait_for(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		_exit(1);
}

/*
 * The process that is looked at: a fresh program, so that it shares nothing with the one that looks. It
 * says on descriptor 4 when it has come to a step, and waits on 3 to be let on.
 */
static int subject(void)
{
	volatile char *p = mmap(NULL, SHOWN_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;
	pid_t pid;

	if (p == MAP_FAILED)
		return 1;
	prctl(PR_SET_NAME, "subject");
	for (i = 0; i < WRITTEN; i++)
		p[i * PAGE] = 1;
	(void)p[WRITTEN * PAGE];
	pid = getpid();
	write(4, &pid, sizeof(pid));
	wait_for(3);
	pid = fork();
	if (pid == 0) {
		pid = getpid();
		write(4, &pid, sizeof(pid));
		wait_for(3);
		for (i = 0; i < 4; i++)
			p[i * PAGE] = 2;
		write(4, &pid, sizeof(pid));
		wait_for(3);
		_exit(0);
	}
	return pid < 0 || waitpid(pid, NULL, 0) != pid;
}

static pid_t next_step(int from)
{
	pid_t pid;

	if (read(from, &pid, sizeof(pid)) != sizeof(pid))
		errx(1, "the process that was to be looked at has ended");
	return pid;
}

static void fork_demo(void)
{
	int go[2], come[2];
	pid_t parent, child;

	if (pipe(go) || pipe(come))
		err(1, "pipe");
	fflush(stdout);
	parent = fork();
	if (parent < 0)
		err(1, "fork");
	if (!parent) {
		/* By way of high numbers: the pipes may have got 3 and 4 the other way round. */
		dup2(go[0], 10);
		dup2(come[1], 11);
		dup2(10, 3);
		dup2(11, 4);
		for (int fd = 5; fd < 12; fd++)
			close(fd);
		execl("/proc/self/exe", "pgviz", "--subject", NULL);
		_exit(127);
	}
	close(go[0]);
	close(come[1]);
	next_step(come[0]);
	show(parent, "before the fork");
	write(go[1], "x", 1);
	child = next_step(come[0]);
	compare(parent, child, "after the fork");
	write(go[1], "x", 1);
	next_step(come[0]);
	compare(parent, child, "after the child wrote");
	write(go[1], "x", 1);
	waitpid(parent, NULL, 0);
}

static void usage(void)
{
	fprintf(stderr, "usage: pgviz [-r] PID...\n       pgviz [-r] -d PID PID\n       pgviz [-r] -f\n");
	exit(2);
}

int main(int argc, char **argv)
{
	int c, two = 0, demo = 0;

	if (argc == 2 && !strcmp(argv[1], "--subject"))
		return subject();
	if (argc > 1 && !strcmp(argv[1], "--raw"))
		argv[1] = "-r";
	colours = isatty(1);
	while ((c = getopt(argc, argv, "rdf")) != -1) {
		if (c == 'r')
			raw = 1;
		else if (c == 'd')
			two = 1;
		else if (c == 'f')
			demo = 1;
		else
			usage();
	}
	argv += optind;
	argc -= optind;
	if (demo ? argc : two ? argc != 2 : !argc)
		usage();
	if (demo)
		fork_demo();
	else if (two)
		compare(atoi(argv[0]), atoi(argv[1]), "now");
	else
		for (; *argv; argv++)
			show(atoi(*argv), "now");
	return 0;
}
