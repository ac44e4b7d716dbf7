// SPDX-License-Identifier: MIT
/*
 * Lookups that take no lock, against those who change what is looked up: a name that is replaced, a
 * table of descriptors that grows and is written to by another task, processes that end under the eyes
 * of /proc. Each has a number of rounds; the one who changes goes on until the others have done theirs.
 */
#include <dirent.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "tap.h"

#define ROUNDS	1500
#define STACK	(64 << 10)
#define FD	70			/* above what the first table holds */

#define SHORT	"races.a"
#define LONG	"races.with-a-name-that-is-longer-than-what-a-dentry-holds-itself"

static volatile int *stop;		/* shared with children */

static void touch(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0644);

	if (write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

/* A child whose status is what fn() counted. */
static pid_t counted_child(int (*fn)(void))
{
	pid_t pid = fork();

	if (!pid) {
		int n = fn();

		_exit(n > 250 ? 250 : n);
	}
	return pid;
}

static int status_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- names */

/* A new file takes the name of the old one, again and again, and now and then goes the long way. */
static int replace(void)
{
	for (int i = 0; !*stop; i++) {
		touch(LONG, "b");
		if (i % 4 == 0 && rename(LONG, LONG "2") + rename(LONG "2", LONG))
			return 1;
		if (rename(LONG, SHORT))
			return 1;
	}
	return 0;
}

/* The short name is there at every moment. */
static int look_at_names(void)
{
	struct stat st;
	int bad = 0;

	for (int i = 0; i < ROUNDS; i++) {
		bad += stat(SHORT, &st) != 0;
		stat(LONG, &st);
		if (i % 16 == 0) {
			bad += open(SHORT, O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0;
			bad += stat("races.never", &st) == 0;
			sched_yield();
		}
	}
	return bad;
}

static void a_name_is_replaced(void)
{
	pid_t changer, looker[2];
	char c[2] = "";
	int fd;

	touch(SHORT, "a");
	*stop = 0;
	changer = counted_child(replace);
	for (int i = 0; i < 2; i++)
		looker[i] = counted_child(look_at_names);
	for (int i = 0; i < 2; i++)
		is(status_of(looker[i]), 0, "%d: a name that is replaced is always found", i);
	*stop = 1;
	is(status_of(changer), 0, "every rename succeeded");
	fd = open(SHORT, O_RDONLY);
	ok(read(fd, c, 1) == 1 && (*c == 'a' || *c == 'b'), "the file is one of the two");
	close(fd);
	unlink(SHORT);
	unlink(LONG);
}

/* ---- descriptors */

static int file_a, file_b;

/* A descriptor that is one file, the other, or none, in a table that grows meanwhile. */
static int juggle(MAYBE_UNUSED void *arg)
{
	for (int i = 0; !*stop; i++) {
		dup2(i & 1 ? file_a : file_b, FD);
		if (i % 3 == 0)
			close(FD);
		if (i % 50 == 0 && i < 50 * 9)
			close(dup2(file_a, 100 + i * 2));
	}
	return 0;
}

static int read_juggled(MAYBE_UNUSED void *arg)
{
	int bad = 0, seen = 0;

	for (int i = 0; i < ROUNDS || (!seen && i < 100 * ROUNDS); i++) {
		char c = 0;
		long n = pread(FD, &c, 1, 0);

		if (n == 1 && (c == 'a' || c == 'b'))
			seen = 1;
		else if (n >= 0)
			bad++;
		if (i % 16 == 0)
			sched_yield();
	}
	return bad > 250 ? 250 : bad;
}

static pid_t share_files(int (*fn)(void *))
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid = clone(fn, stack + STACK, CLONE_FILES | SIGCHLD, NULL);

	munmap(stack, STACK);		/* the child has its own copy of it */
	return pid;
}

static void descriptors_change_hands(void)
{
	pid_t changer, reader[2];

	touch(SHORT, "a");
	touch(LONG, "b");
	file_a = open(SHORT, O_RDONLY);
	file_b = open(LONG, O_RDONLY);
	*stop = 0;
	changer = share_files(juggle);
	for (int i = 0; i < 2; i++)
		reader[i] = share_files(read_juggled);
	for (int i = 0; i < 2; i++)
		is(status_of(reader[i]), 0, "%d: a descriptor is one file, the other, or none", i);
	*stop = 1;
	is(status_of(changer), 0, "who changed it ended");
	close(file_a);
	close(file_b);
	close(FD);
	unlink(SHORT);
	unlink(LONG);
}

/* ---- processes */

static int breed(void)
{
	while (!*stop) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	return 0;
}

/* Every number that /proc shows has a stat that is whole, or it has ended since. */
static int look_at_proc(void)
{
	char path[64], line[512];
	int bad = 0;

	for (int i = 0; i < ROUNDS / 20; i++) {
		DIR *dir = opendir("/proc");
		struct dirent *d;
		int me = 0;

		while (dir && (d = readdir(dir))) {
			long pid = atol(d->d_name), n;
			int fd;

			if (pid <= 0)
				continue;
			me |= pid == getpid();
			snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
			fd = open(path, O_RDONLY);
			if (fd < 0) {
				bad += errno != ENOENT && errno != ESRCH;
				continue;
			}
			n = read(fd, line, sizeof(line) - 1);
			if (n < 0)
				bad += errno != ESRCH;
			else if (n == 0 || (line[n] = 0, atol(line) != pid))
				bad++;
			close(fd);
			bad += kill(pid, 0) && errno != ESRCH && errno != EPERM;
		}
		closedir(dir);
		bad += !me;
	}
	return bad;
}

static void processes_come_and_go(void)
{
	pid_t breeder[2], looker[2];

	*stop = 0;
	for (int i = 0; i < 2; i++)
		breeder[i] = counted_child(breed);
	for (int i = 0; i < 2; i++)
		looker[i] = counted_child(look_at_proc);
	for (int i = 0; i < 2; i++)
		is(status_of(looker[i]), 0, "%d: /proc shows processes whole, or not", i);
	*stop = 1;
	for (int i = 0; i < 2; i++)
		is(status_of(breeder[i]), 0, "%d: every child was made and reaped", i);
}

int main(void)
{
	stop = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (chdir("/tmp"))
		ok(0, "no /tmp");
	a_name_is_replaced();
	descriptors_change_hands();
	processes_come_and_go();
	return done();
}
