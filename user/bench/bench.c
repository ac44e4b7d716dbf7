// SPDX-License-Identifier: MIT
/*
 * bench: what the kernel's services cost, one line a row.
 *
 *	bench [-d DIR] [ROW]...		all rows, or only those named; files are made in DIR (/tmp)
 *	bench -l			the rows' names
 *
 * Time is read from the architected counter, which any program may read. Under QEMU's
 * `-icount shift=0` one nanosecond of it is one instruction, and that is what the unit calls it;
 * elsewhere the figures are nanoseconds. Everything between two readings counts: the loop of a few
 * instructions around what is measured, and the timer interrupts.
 *
 * A row is a function that does a thing m->n times between start() and stop(). It runs once to warm
 * up and ROUNDS times to measure, and the least cost is the row's: what the thing takes when
 * nothing comes between. Each row runs in a child of its own, so that it starts with a small
 * address space and a failure costs no other row. Runs on teak and on Linux alike. scripts/bench,
 * on the host, calls it and judges.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "meter.h"
#include "thread_rows.h"

#define ROUNDS		5
#define KIB		1024UL
#define MIB		(1024 * KIB)
#define CHUNK		(64 * KIB)	/* of one read or write where bandwidth is measured */
#define FILE_SIZE	MIB

#define LEAVE		"--leave"	/* the whole command line of the program that is exec'd */

struct row {
	const char	*name;
	void		(*round)(struct meter *m);
	unsigned long	n;		/* bytes, if a rate is measured */
	bool		is_rate;	/* bytes an instruction, not instructions a piece */
};

static const char *self, *dir = "/tmp";
static char data_path[256], new_path[256];
static char *chunk;		/* of CHUNK bytes, for the rows that called need_chunk() */

/* ---------------------------------------------------------------- the file and the buffer */

/* Not a variable of CHUNK bytes: the rows that measure fork would pay for it. */
static void need_chunk(void)
{
	if (!chunk)
		chunk = map(CHUNK / PAGE_SIZE);
}

static int open_data(int flags)
{
	int fd = open(data_path, flags);

	if (fd < 0)
		err(1, "%s", data_path);
	return fd;
}

/* A file of FILE_SIZE bytes, which the rows find in the page cache. */
static void make_data(void)
{
	int fd = open(data_path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (fd < 0)
		err(1, "%s", data_path);
	need_chunk();
	for (unsigned long i = 0; i < FILE_SIZE / CHUNK; i++)
		if (write(fd, chunk, CHUNK) != CHUNK)
			err(1, "%s", data_path);
	close(fd);
	unmap(chunk, CHUNK / PAGE_SIZE);
	chunk = NULL;
}

/* ---------------------------------------------------------------- system calls */

/* n times the call, and the loop around it. The kernel changes no register but x0. */
static void call_loop(unsigned long n, long nr)
{
	register long x8 __asm__("x8") = nr;

	__asm__ volatile("1:	svc	#0\n"
			 "	subs	%0, %0, #1\n"
			 "	b.ne	1b"
			 : "+r"(n) : "r"(x8) : "x0", "cc", "memory");
}

static void empty_loop(unsigned long n)
{
	__asm__ volatile("1:	subs	%0, %0, #1\n"
			 "	b.ne	1b"
			 : "+r"(n) : : "cc");
}

/* From the svc instruction to the one after it: the loop's own cost is taken off. */
static void time_call(struct meter *m, long nr)
{
	unsigned long loop;

	start(m);
	empty_loop(m->n);
	stop(m);
	loop = m->ticks;
	start(m);
	call_loop(m->n, nr);
	stop(m);
	m->ticks -= loop;
}

/* getuid looks at one field of the task: what remains is the way in and out. */
static void null_call(struct meter *m)
{
	time_call(m, SYS_getuid);
}

static void getpid_call(struct meter *m)
{
	time_call(m, SYS_getpid);
}

/* Nobody else wants to run. */
static void sched_yield_alone(struct meter *m)
{
	time_call(m, SYS_sched_yield);
}

static void open_close(struct meter *m)
{
	start(m);
	for (unsigned long i = 0; i < m->n; i++)
		close(open_data(O_RDONLY));
	stop(m);
}

static void stat_call(struct meter *m)
{
	struct stat st;

	start(m);
	for (unsigned long i = 0; i < m->n; i++)
		if (stat(data_path, &st))
			err(1, "%s", data_path);
	stop(m);
}

static void create_unlink(struct meter *m)
{
	start(m);
	for (unsigned long i = 0; i < m->n; i++) {
		int fd = open(new_path, O_RDWR | O_CREAT | O_EXCL, 0644);

		if (fd < 0 || close(fd) || unlink(new_path))
			err(1, "%s", new_path);
	}
	stop(m);
}

/* ---------------------------------------------------------------- reading and writing, cached */

static void read_4k(struct meter *m)
{
	int fd = open_data(O_RDONLY);

	need_chunk();
	start(m);
	for (unsigned long i = 0; i < m->n; i++) {
		if (i % (FILE_SIZE / PAGE_SIZE) == 0 && lseek(fd, 0, SEEK_SET))
			err(1, "lseek");
		if (read(fd, chunk, PAGE_SIZE) != (ssize_t)PAGE_SIZE)
			err(1, "read");
	}
	stop(m);
	close(fd);
}

static void pread_4k(struct meter *m)
{
	int fd = open_data(O_RDONLY);

	need_chunk();
	start(m);
	for (unsigned long i = 0; i < m->n; i++)
		if (pread(fd, chunk, PAGE_SIZE, 0) != (ssize_t)PAGE_SIZE)
			err(1, "pread");
	stop(m);
	close(fd);
}

static void read_rate(struct meter *m)
{
	int fd = open_data(O_RDONLY);

	need_chunk();
	start(m);
	for (unsigned long at = 0; at < m->n; at += CHUNK)
		if (pread(fd, chunk, CHUNK, at % FILE_SIZE) != (ssize_t)CHUNK)
			err(1, "pread");
	stop(m);
	close(fd);
}

/* Over what the file has: no block is allocated, and the disk need not be waited for. */
static void write_rate(struct meter *m)
{
	int fd = open_data(O_WRONLY);

	need_chunk();
	start(m);
	for (unsigned long at = 0; at < m->n; at += CHUNK)
		if (pwrite(fd, chunk, CHUNK, at % FILE_SIZE) != (ssize_t)CHUNK)
			err(1, "pwrite");
	stop(m);
	close(fd);
}

/* ---------------------------------------------------------------- memory */

static void mmap_munmap_16k(struct meter *m)
{
	start(m);
	for (unsigned long i = 0; i < m->n; i++) {
		void *p = mmap(NULL, 16 * KIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);

		if (p == MAP_FAILED || munmap(p, 16 * KIB))
			err(1, "mmap");
	}
	stop(m);
}

/* The first write to each page of a new mapping, with the tables that must be made for it. */
static void anon_fault(struct meter *m)
{
	char *p = map(m->n);

	start(m);
	touch(p, m->n);
	stop(m);
	unmap(p, m->n);
}

static void munmap_page(struct meter *m)
{
	char *p = map(m->n);

	touch(p, m->n);
	start(m);
	unmap(p, m->n);
	stop(m);
}

/* The first write to each of n huge pages, with the zeroes that they are filled with. */
static void huge_fault(struct meter *m)
{
	const unsigned long pages = m->n * HUGE_PAGES, spare = HUGE_PAGES;
	char *p = map(pages + spare), *first = huge_begin(p);

	madvise(first, pages * PAGE_SIZE, MADV_HUGEPAGE);
	start(m);
	for (unsigned long i = 0; i < m->n; i++)
		touch(first + i * HUGE_PAGES * PAGE_SIZE, 1);
	stop(m);
	unmap(p, pages + spare);
}

/* 64 MiB, each page touched: without huge pages, and with them. n is 1. */
static void touch_64m(struct meter *m, int advice)
{
	const unsigned long pages = 64 * MIB / PAGE_SIZE, spare = HUGE_PAGES;
	char *p = map(pages + spare), *first = huge_begin(p);

	madvise(first, pages * PAGE_SIZE, advice);
	start(m);
	touch(first, pages);
	stop(m);
	unmap(p, pages + spare);
}

static void touch_64m_small(struct meter *m)
{
	touch_64m(m, MADV_NOHUGEPAGE);
}

static void touch_64m_huge(struct meter *m)
{
	touch_64m(m, MADV_HUGEPAGE);
}

/* The pages of a file that is in the page cache, each touched once. */
static void fault_file(struct meter *m, int prot)
{
	int fd = open_data(O_RDWR);
	char *p = mmap(NULL, FILE_SIZE, prot, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	start(m);
	if (prot & PROT_WRITE)
		touch(p, m->n);
	else
		for (unsigned long i = 0; i < m->n; i++)
			(void)*(volatile char *)(p + i * PAGE_SIZE);
	stop(m);
	munmap(p, FILE_SIZE);
	close(fd);
}

static void file_fault(struct meter *m)
{
	fault_file(m, PROT_READ);
}

/* Each becomes dirty by that. */
static void file_write_fault(struct meter *m)
{
	fault_file(m, PROT_READ | PROT_WRITE);
}

/* The parent writes to what it shares with a child that sleeps. */
static void cow_fault(struct meter *m)
{
	int ready[2], hold[2];
	char *p = map(m->n);
	pid_t pid;

	touch(p, m->n);
	make_pipe(ready);
	make_pipe(hold);
	pid = make_child();
	if (!pid) {
		close(hold[1]);
		send_byte(ready[1]);
		get_byte(hold[0]);
		_exit(0);
	}
	get_byte(ready[0]);
	start(m);
	touch(p, m->n);
	stop(m);
	close(hold[1]);
	wait_for(pid);
	close(hold[0]);
	close(ready[0]);
	close(ready[1]);
	unmap(p, m->n);
}

/* ---------------------------------------------------------------- processes */

static void fork_exit_wait(struct meter *m)
{
	start(m);
	for (unsigned long i = 0; i < m->n; i++) {
		pid_t pid = make_child();

		if (!pid)
			_exit(0);
		wait_for(pid);
	}
	stop(m);
}

/* The same, of a process that has written to 64 MiB. */
static void fork_64m(struct meter *m)
{
	unsigned long pages = 64 * MIB / PAGE_SIZE;
	char *p = map(pages);

	touch(p, pages);
	fork_exit_wait(m);
	unmap(p, pages);
}

/* The program that is exec'd is this one: it sees LEAVE and ends. */
static void fork_exec_wait(struct meter *m)
{
	char *const argv[] = { (char *)self, LEAVE, NULL }, *const envp[] = { NULL };

	start(m);
	for (unsigned long i = 0; i < m->n; i++) {
		pid_t pid = make_child();

		if (!pid) {
			execve(self, argv, envp);
			warn("cannot exec %s", self);
			_exit(127);
		}
		wait_for(pid);
	}
	stop(m);
}

/* A byte there and a byte back between two processes. */
static void pipe_round_trip(struct meter *m)
{
	int there[2], back[2];
	pid_t pid;

	make_pipe(there);
	make_pipe(back);
	pid = make_child();
	if (!pid) {
		close(there[1]);
		while (get_byte(there[0]))
			send_byte(back[1]);
		_exit(0);
	}
	start(m);
	for (unsigned long i = 0; i < m->n; i++) {
		send_byte(there[1]);
		get_byte(back[0]);
	}
	stop(m);
	close(there[1]);
	wait_for(pid);
	close(there[0]);
	close(back[0]);
	close(back[1]);
}

struct wake_up {
	volatile unsigned long	written, ticks;		/* when the last byte was sent; the sum of latencies */
};

/* A sleeper that outranks us: what passes from the call that wakes it to its own next instruction. */
static void wake_up(struct meter *m)
{
	struct wake_up *w = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sched_param ours = { .sched_priority = 1 }, its = { .sched_priority = 2 };
	int fd[2];
	pid_t pid;

	if (w == MAP_FAILED)
		err(1, "mmap");
	make_pipe(fd);
	sched_setscheduler(0, SCHED_FIFO, &ours);
	pid = make_child();
	if (!pid) {
		close(fd[1]);
		sched_setscheduler(0, SCHED_FIFO, &its);
		while (get_byte(fd[0]))
			w->ticks += now() - w->written;
		_exit(0);
	}
	sched_yield();			/* it goes to sleep in its first read */
	w->ticks = 0;
	for (unsigned long i = 0; i < m->n; i++) {
		w->written = now();
		send_byte(fd[1]);
	}
	m->ticks = w->ticks;
	close(fd[1]);
	wait_for(pid);
	close(fd[0]);
	munmap(w, PAGE_SIZE);
}

static _Noreturn void write_pipe(int fd, unsigned long bytes)
{
	while (bytes) {
		ssize_t n = write(fd, chunk, bytes < CHUNK ? bytes : CHUNK);

		if (n < 0)
			err(1, "write to a pipe");
		bytes -= n;
	}
	_exit(0);
}

static void pipe_rate(struct meter *m)
{
	unsigned long left = m->n;
	int fd[2], go[2];
	pid_t pid;

	need_chunk();
	make_pipe(fd);
	make_pipe(go);
	pid = make_child();
	if (!pid) {
		get_byte(go[0]);
		write_pipe(fd[1], m->n);
	}
	send_byte(go[1]);
	start(m);
	while (left) {
		ssize_t n = read(fd[0], chunk, CHUNK);

		if (n <= 0)
			err(1, "read from a pipe");
		left -= n;
	}
	stop(m);
	wait_for(pid);
	close(fd[0]);
	close(fd[1]);
	close(go[0]);
	close(go[1]);
}

struct turns {
	volatile int		last;		/* who ran last */
	volatile unsigned long	switches;	/* how often that changed */
	volatile bool		end;
};

static void take_turn(struct turns *t, int me)
{
	if (t->last != me) {
		t->last = me;
		t->switches++;
	}
	sched_yield();
}

/*
 * Two processes that yield to each other: what counts is each time that the other came to run, be
 * the yield that led to it one or several. In SCHED_FIFO, if it is allowed, each yield is a switch.
 */
static struct turns *first_turn(void)
{
	struct sched_param param = { .sched_priority = 1 };
	struct turns *t = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);

	if (t == MAP_FAILED)
		err(1, "mmap of a shared page");
	sched_setscheduler(0, SCHED_FIFO, &param);
	return t;
}

static int take_turns(void *arg)
{
	struct turns *t = arg;

	while (!t->end)
		take_turn(t, 1);
	return 0;
}

static void measure_turns(struct meter *m, struct turns *t)
{
	unsigned long before;

	while (t->switches < 2)		/* the other is there */
		take_turn(t, 0);
	before = t->switches;
	start(m);
	while (t->switches - before < m->n)
		take_turn(t, 0);
	stop(m);
	m->n = t->switches - before;
	t->end = true;
}

static void context_switch(struct meter *m)
{
	struct turns *t = first_turn();
	pid_t pid = make_child();

	if (!pid)
		_exit(take_turns(t));
	measure_turns(m, t);
	wait_for(pid);
	munmap(t, PAGE_SIZE);
}

/* The same within one address space. */
static void thread_switch(struct meter *m)
{
	struct turns *t = first_turn();
	thrd_t other = make_thread(take_turns, t);

	measure_turns(m, t);
	thrd_join(other, NULL);
	munmap(t, PAGE_SIZE);
}

/* ---------------------------------------------------------------- the table */

static const struct row rows[] = {
	{ "null_call",		null_call,		20000,	false },
	{ "getpid",		getpid_call,		20000,	false },
	{ "sched_yield",	sched_yield_alone,	20000,	false },
	{ "open_close",		open_close,		2000,	false },
	{ "stat",		stat_call,		2000,	false },
	{ "create_unlink",	create_unlink,		500,	false },
	{ "read_4k",		read_4k,		2560,	false },
	{ "pread_4k",		pread_4k,		2560,	false },
	{ "read_rate",		read_rate,		8 * MIB, true },
	{ "write_rate",		write_rate,		8 * MIB, true },
	{ "mmap_munmap_16k",	mmap_munmap_16k,	1000,	false },
	{ "anon_fault",		anon_fault,		1024,	false },
	{ "huge_fault",		huge_fault,		16,	false },
	{ "touch_64m_small",	touch_64m_small,	1,	false },
	{ "touch_64m_huge",	touch_64m_huge,		1,	false },
	{ "munmap_page",	munmap_page,		1024,	false },
	{ "cow_fault",		cow_fault,		1024,	false },
	{ "file_fault",		file_fault,		FILE_SIZE / PAGE_SIZE, false },
	{ "file_write_fault",	file_write_fault,	FILE_SIZE / PAGE_SIZE, false },
	{ "fork_exit_wait",	fork_exit_wait,		100,	false },
	{ "fork_64m",		fork_64m,		2,	false },
	{ "fork_exec_wait",	fork_exec_wait,		50,	false },
	{ "wake_up",		wake_up,		2000,	false },
	{ "context_switch",	context_switch,		5000,	false },
	{ "thread_switch",	thread_switch,		5000,	false },
	{ "thread_create_join",	thread_create_join,	200,	false },
	{ "futex_ping_pong",	futex_ping_pong,	2000,	false },
	{ "pipe_round_trip",	pipe_round_trip,	2000,	false },
	{ "pipe_rate",		pipe_rate,		8 * MIB, true },
};

#define N_ROWS	(sizeof(rows) / sizeof(rows[0]))

/* In hundredths of the row's unit. */
static unsigned long figure(const struct row *row, const struct meter *m)
{
	unsigned long ns = to_ns(m->ticks);

	return row->is_rate ? m->n * 100 / (ns ? ns : 1) : ns * 100 / m->n;
}

static void measure(const struct row *row)
{
	unsigned long best = 0;

	for (int i = 0; i <= ROUNDS; i++) {
		struct meter m = { .n = row->n };
		unsigned long is;

		row->round(&m);
		is = figure(row, &m);
		if (i <= 1 || (row->is_rate ? is > best : is < best))
			best = is;
	}
	printf("%-20s %8lu.%02lu %s\n", row->name, best / 100, best % 100,
	       row->is_rate ? "B/instruction" : "instructions");
	fflush(stdout);
}

/* Returns whether the row was measured. */
static bool measure_in_child(const struct row *row)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = make_child();
	if (!pid) {
		measure(row);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	printf("%-20s failed: %s %d\n", row->name,
	       WIFEXITED(status) ? "exit status" : "signal",
	       WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return false;
}

static const struct row *find_row(const char *name)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	errx(2, "no row is called '%s'; bench -l lists them", name);
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: bench [-d DIR] [ROW]... | bench -l\n");
	exit(2);
}

/* Two processes on two CPUs would not measure what two on one do. */
static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static bool measure_all(char **names, int n)
{
	bool good = true;

	for (int i = 0; i < n; i++)
		good &= measure_in_child(find_row(names[i]));
	for (size_t i = 0; n == 0 && i < N_ROWS; i++)
		good &= measure_in_child(&rows[i]);
	return good;
}

int main(int argc, char **argv)
{
	bool good;
	int c;

	if (argc == 2 && !strcmp(argv[1], LEAVE))
		return 0;
	while ((c = getopt(argc, argv, "d:l")) != -1) {
		if (c == 'd') {
			dir = optarg;
		} else if (c == 'l') {
			for (size_t i = 0; i < N_ROWS; i++)
				printf("%s\n", rows[i].name);
			return 0;
		} else {
			usage();
		}
	}
	self = strchr(argv[0], '/') ? argv[0] : "/proc/self/exe";
	snprintf(data_path, sizeof(data_path), "%s/bench.data", dir);
	snprintf(new_path, sizeof(new_path), "%s/bench.new", dir);
	stay_on_one_cpu();
	make_data();
	good = measure_all(argv + optind, argc - optind);
	unlink(data_path);
	return good ? 0 : 1;
}
