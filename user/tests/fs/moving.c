// SPDX-License-Identifier: MIT
/*
 * Files that grow while others stand in their way: where files are contiguous (EZFS, layouts A and C) they move
 * on the disk, under those who read them, write them and have them mapped. Everywhere else this is about nothing
 * but bytes that must be right. moving [FOLDER]: the files are made there, /tmp if none is given.
 *
 * A block of each file is filled with one letter, so that another's would be seen.
 */
#include <stdint.h>
#include <sys/mman.h>
#include "tap.h"

enum { PAGE = 4096, START = 3, ROUNDS = 12 };

static char path[3][200];	/* the file that moves, what stands in its way, another one */

/* Shared by all processes. */
static struct {
	volatile int stop;
	volatile long bad;
} *shared;

static void fill(char *buf, char letter, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = letter;
}

static int append(int fd, char letter, size_t n)
{
	static char buf[PAGE];

	fill(buf, letter, n);
	return write(fd, buf, n) == (ssize_t)n;
}

static int open_or_end(const char *name, int flags)
{
	int fd = open(name, flags, 0644);

	if (fd < 0) {
		printf("Bail out! %s: %s\n", name, strerror(errno));
		_exit(1);
	}
	return fd;
}

/* The moving file, new, with START pages of 'a'. */
static int new_file(void)
{
	int fd;

	unlink(path[0]);
	fd = open_or_end(path[0], O_RDWR | O_CREAT | O_APPEND);
	for (int i = 0; i < START; i++)
		append(fd, 'a', PAGE);
	return fd;
}

/* Takes the block behind the file away, or gives back what it left, and makes it grow. */
static int grow(int fd, int round)
{
	int other = open_or_end(path[1], O_RDWR | O_CREAT | (round % 3 ? O_APPEND : O_TRUNC));
	int good = append(other, 'o', PAGE);

	good &= append(fd, 'a', PAGE);
	close(other);
	return good;
}

static pid_t start(void (*what)(void))
{
	pid_t pid = fork();

	if (pid)
		return pid;
	what();
	_exit(0);
}

static int ended_well(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && !status;
}

/* Bytes of the file that are not 'a', and not among those that the mapping has written. */
static long wrong_bytes(int fd, long from, long n)
{
	static char buf[PAGE];
	long wrong = 0;

	for (long at = from; at < from + n; at += PAGE) {
		if (pread(fd, buf, PAGE, at) != PAGE)
			return -1;
		for (int i = 16; i < PAGE; i++)
			wrong += buf[i] != 'a';
	}
	return wrong;
}

static void mapping_follows(void)
{
	int fd = new_file(), good = 1, same = 1, again;
	long *map = mmap(NULL, START * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	long seen;

	for (int r = 1; r <= ROUNDS; r++) {
		for (int i = 0; i < START; i++)
			map[i * PAGE / sizeof(long)] = r * 10 + i;
		good &= grow(fd, r);
		if (r % 4 == 0)
			fsync(fd);
		for (int i = 0; i < START; i++) {
			same &= map[i * PAGE / sizeof(long)] == r * 10 + i;
			same &= pread(fd, &seen, sizeof(seen), i * PAGE) == sizeof(seen) && seen == r * 10 + i;
		}
	}
	ok(good, "a mapped file grows");
	ok(same, "what was written through the mapping is there after each move");
	map[0] = 4118;
	is(msync(map, START * PAGE, MS_SYNC), 0, "msync");
	munmap(map, START * PAGE);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	again = open_or_end(path[0], O_RDONLY);
	ok(pread(again, &seen, sizeof(seen), 0) == sizeof(seen) && seen == 4118, "it is on the disk");
	is(wrong_bytes(again, 0, (START + ROUNDS) * PAGE), 0, "and so is all the rest");
	close(again);
	close(fd);
}

/* Writes through a mapping without pause, each page its own count. */
static void write_mapped(void)
{
	int fd = open_or_end(path[0], O_RDWR);
	volatile long *map = mmap(NULL, START * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	long n = 0;

	while (!shared->stop) {
		volatile long *at = map + n % START * (PAGE / sizeof(long));

		if (n >= START && *at != n - START)
			shared->bad++;
		*at = n++;
		if (n % 64 == 0)
			msync((void *)map, START * PAGE, MS_ASYNC);
	}
	for (int i = 0; i < START; i++) {
		long seen;

		if (pread(fd, &seen, sizeof(seen), i * PAGE) != sizeof(seen) || seen != map[i * PAGE / sizeof(long)])
			shared->bad++;
	}
}

/* Reads all of it without pause, from the disk where it can. */
static void read_all(void)
{
	int fd = open_or_end(path[0], O_RDONLY);

	while (!shared->stop) {
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		shared->bad += wrong_bytes(fd, 0, START * PAGE) != 0;
	}
}

static void moves_under(void (*who)(void), const char *what)
{
	int fd = new_file(), good = 1;
	pid_t pid;

	shared->stop = shared->bad = 0;
	fsync(fd);
	pid = start(who);
	for (int r = 1; r <= ROUNDS; r++) {
		good &= grow(fd, r);
		fsync(fd);
	}
	shared->stop = 1;
	ok(ended_well(pid) && good, "%s while it moves", what);
	is(shared->bad, 0, "what was wrong then");
	is(wrong_bytes(fd, 0, (START + ROUNDS) * PAGE), 0, "and afterwards");
	close(fd);
}

static void append_records(char letter)
{
	int fd = open_or_end(path[0], O_RDWR | O_APPEND);

	for (int i = 0; i < 24; i++)
		shared->bad += !append(fd, letter, 512);
}

static void append_x(void) { append_records('x'); }
static void append_y(void) { append_records('y'); }

static void grow_another(void)
{
	int fd = open_or_end(path[2], O_RDWR | O_CREAT | O_TRUNC);

	for (int i = 0; i < 10; i++)
		shared->bad += !append(fd, 'z', PAGE);
	for (long at = 0; at < 10 * PAGE; at += PAGE) {
		char buf[PAGE];

		shared->bad += pread(fd, buf, PAGE, at) != PAGE || buf[0] != 'z' || buf[PAGE - 1] != 'z';
	}
}

static void several_writers(void)
{
	int fd = new_file(), counts[2] = { 0 }, torn = 0;
	pid_t pid[3];

	shared->bad = 0;
	pid[0] = start(append_x);
	pid[1] = start(append_y);
	pid[2] = start(grow_another);
	for (int i = 0; i < 3; i++)
		shared->bad += !ended_well(pid[i]);
	for (int i = 0; i < 48; i++) {
		char rec[512];

		if (pread(fd, rec, sizeof(rec), START * PAGE + i * 512) != sizeof(rec))
			torn++;
		counts[rec[0] == 'y']++;
		for (int k = 1; k < 512; k++)
			torn += rec[k] != rec[0];
	}
	is(shared->bad, 0, "two append to one file and one to another");
	ok(counts[0] == 24 && counts[1] == 24 && !torn, "each record is there once and whole");
	is(wrong_bytes(fd, 0, START * PAGE), 0, "what was there before is, too");
	close(fd);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "/tmp";

	for (int i = 0; i < 3; i++)
		snprintf(path[i], sizeof(path[i]), "%s/moving.%d", folder, i);
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	mapping_follows();
	moves_under(write_mapped, "written through a mapping");
	moves_under(read_all, "read");
	several_writers();
	for (int i = 0; i < 3; i++)
		unlink(path[i]);
	return done();
}
