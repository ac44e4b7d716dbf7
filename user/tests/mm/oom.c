// SPDX-License-Identifier: MIT
/*
 * Out of memory. Without arguments: /proc/PID/oom_score, oom_score_adj and oom_adj, which is the same on
 * Linux. With one it eats all the memory of the machine, for tests/test_oom.py:
 *
 *	oom eat			touches memory until it is killed
 *	oom shared		the same with shared memory
 *	oom threads		the same in four threads
 *	oom rounds N WAY	N times one of these in a child, each of which is to be killed
 *	oom sharers		two processes that live in one memory: both are killed
 *	oom prefer		a small process with an oom_score_adj of 1000 goes before the one that eats
 *	oom never		a large one with -1000 stays, and finds its memory as it was
 *	oom stuck DIR		a large one that waits for a lock whose holder wants memory: its memory is had
 *	oom bomb		processes that eat and fork, until twenty were killed
 */
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <threads.h>
#include "tap.h"

#define MIB	(1UL << 20)
#define PAGE	4096UL
#define KILLED	(1000 + SIGKILL)

/* ------------------------------------------------------------------ the files */

/* Writes text; 0, or an errno. */
static int put(int fd, const char *text)
{
	return pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text) ? 0 : errno;
}

static long get(const char *path)
{
	return proc_value(path, "");
}

#define ADJ	"/proc/self/oom_score_adj"

static int set_adj(const char *text)
{
	int fd = open(ADJ, O_RDWR), err = fd < 0 ? errno : put(fd, text);

	close(fd);
	return err;
}

static void inherits(void)
{
	_exit(get(ADJ) != 321);
}

/* Root's last word was 100; then it is a user's who may not go below. */
static void unprivileged(void)
{
	int fd, legacy;

	set_adj("100");
	fd = open(ADJ, O_RDWR);
	legacy = open("/proc/self/oom_adj", O_RDWR);
	if (fd < 0 || legacy < 0 || setuid(1000))
		_exit(1);
	if (put(fd, "500") || put(fd, "100") || put(fd, "101"))
		_exit(2);
	if (put(fd, "99") != EACCES || put(fd, "-1000") != EACCES || get(ADJ) != 101)
		_exit(3);
	if (put(legacy, "0") != EACCES || put(legacy, "15") || get(ADJ) != 1000)
		_exit(4);
	_exit(put(fd, "100") ? 5 : 0);
}

static int seen_by_thread;

static int thread_looks(void *arg MAYBE_UNUSED)
{
	seen_by_thread = get(ADJ);
	return set_adj("77");
}

static char stack[64 * 1024] __attribute__((aligned(16)));

static int sharer(void *arg MAYBE_UNUSED)
{
	_exit(set_adj("55"));
	return 0;
}

static void files(void)
{
	const char *const bad[] = { "1001", "-1001", "", "x", "5 5", "99999999999" };
	long score, low;
	int fd, i;
	thrd_t t;
	pid_t pid;

	is(get(ADJ), 0, "oom_score_adj of a program is 0");
	fd = open(ADJ, O_RDWR);
	is(put(fd, "321\n"), 0, "it is set");
	is(get(ADJ), 321, "and read");
	is(get("/proc/self/oom_adj"), 321 * 17 / 1000, "oom_adj says so in seventeenths");
	for (i = 0; i < 5; i++)
		if (bad[i][0])
			is(put(fd, bad[i]), EINVAL, "'%s': EINVAL", bad[i]);
	is(put(fd, bad[5]), ERANGE, "'%s': ERANGE", bad[5]);
	is(get(ADJ), 321, "none of these changes it");
	is(in_child(inherits), 0, "a child inherits it");

	score = get("/proc/self/oom_score");
	put(fd, "0");
	low = get("/proc/self/oom_score");
	ok(score >= low + 200 && score <= low + 215, "oom_score %ld, without the 321: %ld", score, low);
	put(fd, "-1000");
	is(get("/proc/self/oom_score"), 0, "with -1000 it is 0");
	is(get("/proc/self/oom_adj"), -17, "and oom_adj -17");
	is(get("/proc/1/oom_score"), 0, "it is 0 for init, too");
	put(fd, "0");
	is(in_child(unprivileged), 0, "who is not root may raise it, and lower it to root's last word");

	put(fd, "33");
	thrd_create(&t, thread_looks, NULL);
	thrd_join(t, &i);
	is(i || seen_by_thread != 33, 0, "a thread has its process's");
	is(get(ADJ), 77, "and sets it");
	pid = clone(sharer, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
	is(reap(pid), 0, "a process that shares the memory sets its own");
	is(get(ADJ), 55, "and so that of all who share it");
	put(fd, "0");
	close(fd);
}

/* ------------------------------------------------------------------ eating */

/* For ever, or until there is no address space left: 3. */
static int eat(int flags)
{
	for (;;) {
		char *p = mmap(NULL, 8 * MIB, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			_exit(3);
		for (unsigned long i = 0; i < 8 * MIB; i += PAGE)
			p[i] = i >> 12 | 1;
	}
}

static int eating_thread(void *arg MAYBE_UNUSED)
{
	return eat(MAP_PRIVATE);
}

static void eat_by_threads(void)
{
	thrd_t t;

	for (int i = 0; i < 3; i++)
		thrd_create(&t, eating_thread, NULL);
	eat(MAP_PRIVATE);
}

static int eat_by(const char *way)
{
	if (!strcmp(way, "eat"))
		eat(MAP_PRIVATE);
	else if (!strcmp(way, "shared"))
		eat(MAP_SHARED);
	else if (!strcmp(way, "threads"))
		eat_by_threads();
	return 2;
}

static void rounds(int n, const char *way)
{
	int killed = 0, i;

	for (i = 0; i < n; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(eat_by(way));
		killed += reap(pid) == KILLED;
	}
	is(killed, n, "%s: killed, and nobody else", way);
}

/* ------------------------------------------------------------------ who goes */

static int eating_process(void *arg MAYBE_UNUSED)
{
	return eat(MAP_PRIVATE);
}

/* Sleeps; the other process in its memory eats it up. */
static void shares(void)
{
	if (clone(eating_process, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL) < 0)
		_exit(4);
	for (;;)
		pause();
}

static void sharers(void)
{
	is(in_child(shares), KILLED, "who lives in the memory of one that eats is killed with it");
}

/* A child with some memory of its own, which it has touched when this returns. Told to, it looks at it. */
static pid_t holder(const char *adj, unsigned long size, int *tell)
{
	int ready[2], look[2];
	pid_t pid;
	char c;

	if (pipe(ready) || pipe(look))
		exit(5);
	pid = fork();
	if (!pid) {
		unsigned char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		unsigned long i;

		close(look[1]);
		set_adj(adj);
		for (i = 0; i < size; i += PAGE)
			p[i] = i / PAGE % 251 + 1;
		write(ready[1], "x", 1);
		read(look[0], &c, 1);
		for (i = 0; i < size && p[i] == i / PAGE % 251 + 1; i += PAGE)
			;
		_exit(i < size ? 1 : 0);
	}
	close(ready[1]);
	close(look[0]);
	read(ready[0], &c, 1);
	close(ready[0]);
	*tell = look[1];
	return pid;
}

static void prefer(void)
{
	int tell, status = 0;
	pid_t first = holder("1000", 4 * MIB, &tell), eater = fork(), pid;

	if (!eater)
		eat(MAP_PRIVATE);
	pid = waitpid(-1, &status, 0);
	is(pid == first && WIFSIGNALED(status), 1, "the small one with 1000 goes first");
	is(reap(eater), KILLED, "then the one that eats");
	close(tell);
}

static void never(unsigned long mib)
{
	int tell;
	pid_t spared = holder("-1000", mib * MIB, &tell), eater;

	for (int i = 0; i < 3; i++) {
		eater = fork();
		if (!eater)
			eat(MAP_PRIVATE);
		is(reap(eater), KILLED, "one that eats is killed");
	}
	close(tell);
	is(reap(spared), 0, "a larger one with -1000 is not, and its memory is as it was");
}

/*
 * Writes to a file byte by byte, for each of which it takes the lock of the file: when another process
 * writes much with one call, it waits there, and no signal wakes it.
 */
static void write_bytes(int fd, unsigned long size, int ready)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, size);
	write(ready, "x", 1);
	for (;;)
		pwrite(fd, p, 1, 0);
}

#define PIECE	(64 * 1024UL)
#define PIECES	440

static void stuck(const char *dir)
{
	static struct iovec iov[PIECES];
	static char piece[PIECE];
	int fds[2], fd;
	char path[100], c;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/much", dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || pipe(fds))
		exit(5);
	pid = fork();
	if (!pid)
		write_bytes(fd, 40 * MIB, fds[1]);
	read(fds[0], &c, 1);
	for (int i = 0; i < PIECES; i++)
		iov[i] = (struct iovec){ piece, PIECE };
	is(writev(fd, iov, PIECES), PIECE * PIECES, "who holds the lock gets the memory of who waits for it");
	is(reap(pid), KILLED, "who was killed");
	close(fd);
	unlink(path);
}

/* A process of the bomb: takes a bite, has a child, and so on. */
static void bomb_process(void)
{
	for (;;) {
		char *p = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p != MAP_FAILED)
			for (unsigned long i = 0; i < MIB; i += PAGE)
				p[i] = 1;
		fork();
	}
}

static void bomb(void)
{
	const struct rlimit limit = { 40, 40 };
	long before = proc_value("/proc/vmstat", "oom_kill "), killed = 0;
	pid_t pid = fork();

	if (!pid) {
		setsid();
		signal(SIGCHLD, SIG_IGN);
		setrlimit(RLIMIT_NPROC, &limit);
		setuid(1000);
		bomb_process();
	}
	while (killed < 20) {
		usleep(20000);
		killed = proc_value("/proc/vmstat", "oom_kill ") - before;
	}
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while (!kill(-pid, SIGKILL))
		usleep(1000);
	ok(1, "twenty of a bomb's processes were killed, then all");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "files";

	if (!strcmp(what, "files"))
		files();
	else if (!strcmp(what, "rounds"))
		rounds(atoi(argv[2]), argv[3]);
	else if (!strcmp(what, "sharers"))
		sharers();
	else if (!strcmp(what, "prefer"))
		prefer();
	else if (!strcmp(what, "never"))
		never(atoi(argv[2]));
	else if (!strcmp(what, "stuck"))
		stuck(argv[2]);
	else if (!strcmp(what, "bomb"))
		bomb();
	else
		return eat_by(what);
	return done();
}
