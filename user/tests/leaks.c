// SPDX-License-Identifier: MIT
/*
 * A thousand rounds of things that take memory, inodes or blocks, and must give all of it back:
 *
 *	leaks [ROUNDS [FOLDER]]		1000, /tmp
 *
 * Each kind runs a few rounds to fill the caches, then the rounds are measured.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include "tap.h"

#define PAGE 4096UL
#define MEMBARRIER_CMD_GLOBAL 1
#define SLACK_KB 128		/* other tasks' and caches' small change; 1,000 leaked pages are 4,000 */

static char *self;
static const char *folder = "/tmp";
static char path[256];

static void fork_exec(void)
{
	char *argv[] = { self, "exit", NULL }, *envp[] = { NULL };
	pid_t pid = fork();

	if (pid == 0) {
		execve(self, argv, envp);
		_exit(1);
	}
	if (reap(pid))
		exit(1);
}

static void fork_exit(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	reap(pid);
}

static void fork_killed(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		kill(getpid(), SIGSEGV);
		_exit(0);
	}
	reap(pid);
}

static void create_unlink(void)
{
	static const char data[5000];
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);

	if (fd < 0 || write(fd, data, sizeof(data)) != sizeof(data))
		exit(1);
	close(fd);
	unlink(path);
}

static void mkdir_rmdir(void)
{
	if (mkdir(path, 0700) || rmdir(path))
		exit(1);
}

static void map_touch_unmap(void)
{
	char *p = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	if (p == MAP_FAILED)
		exit(1);
	for (i = 0; i < 32; i++)
		p[i * PAGE] = 1;
	munmap(p, 32 * PAGE);
}

static void map_far_apart(void)
{
	char *p = mmap((void *)(0x100000000000UL + (rand() % 1024) * (1UL << 30)), PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		exit(1);
	*p = 1;
	munmap(p, PAGE);
}

static void pipe_close(void)
{
	static char data[8192];
	int fd[2];

	if (pipe(fd) || write(fd[1], data, sizeof(data)) != sizeof(data))
		exit(1);
	close(fd[0]);
	close(fd[1]);
}

static void signal_queued(void)
{
	sigset_t set = 1UL << (SIGRTMIN - 1), none = 0;
	union sigval v = { 1 };
	siginfo_t info;

	sigprocmask(SIG_BLOCK, &set, NULL);
	sigqueue(getpid(), SIGRTMIN, v);
	sigqueue(getpid(), SIGRTMIN, v);
	if (sigwaitinfo(&set, &info) != SIGRTMIN || sigwaitinfo(&set, &info) != SIGRTMIN)
		exit(1);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void many_fds(void)
{
	int i;

	for (i = 100; i < 300; i++)
		if (dup2(1, i) != i)
			exit(1);
	for (i = 100; i < 300; i++)
		close(i);
}

struct figures {
	long free_kb, inodes, blocks, cached;
};

/* Memory in caches that can be taken back is as good as free. */
static struct figures look(void)
{
	struct figures f;
	struct statfs st;

	sync();
	/* What waits for a grace period of RCU, on whichever CPU, is free after it: this waits for several. */
	for (int i = 0; i < 4; i++)
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	f.free_kb = proc_value("/proc/meminfo", "MemFree:");
	f.cached = proc_value("/proc/meminfo", "Cached:") + proc_value("/proc/meminfo", "Buffers:");
	f.inodes = f.blocks = 0;
	if (!statfs(folder, &st)) {
		f.inodes = st.f_ffree;
		f.blocks = st.f_bfree;
	}
	return f;
}

static void measure(void (*fn)(void), int rounds, const char *what)
{
	struct figures before, after;
	long lost, tries;
	int i;

	for (i = 0; i < rounds / 10 + 20; i++)
		fn();
	/* A second look forgives what came by chance: a leak is there each time. */
	for (tries = 0, lost = SLACK_KB; tries < 3 && lost >= SLACK_KB; tries++) {
		before = look();
		for (i = 0; i < rounds; i++)
			fn();
		after = look();
		lost = before.free_kb + before.cached - after.free_kb - after.cached;
	}
	ok(lost < SLACK_KB, "%d x %s: %ld KiB of memory lost", rounds, what, lost);
	if (strstr(what, "unlink") || strstr(what, "rmdir")) {
		is(after.inodes, before.inodes, "%s: free inodes", what);
		is(after.blocks, before.blocks, "%s: free blocks", what);
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1000;

	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 0;
	self = argv[0];
	if (argc > 2)
		folder = argv[2];
	snprintf(path, sizeof(path), "%s/leaks-test", folder);
	measure(fork_exit, rounds, "fork and exit");
	measure(fork_exec, rounds, "fork, exec and exit");
	measure(fork_killed, rounds, "fork and SIGSEGV");
	measure(create_unlink, rounds, "create, write and unlink");
	measure(mkdir_rmdir, rounds, "mkdir and rmdir");
	measure(map_touch_unmap, rounds, "mmap, touch and munmap");
	measure(map_far_apart, rounds, "mmap far apart: page tables");
	measure(pipe_close, rounds, "pipe, write and close");
	measure(signal_queued, rounds, "queued signals");
	measure(many_fds, rounds, "200 descriptors");
	return done();
}
