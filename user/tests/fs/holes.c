// SPDX-License-Identifier: MIT
/*
 * What the holes of a file show while a process fills them, byte by byte and in any order: zeros, or what was written. Never
 * what the disk held there before, which is the bytes of a file that is gone. Others read meanwhile, by read(2) and a
 * mapping, and drop what is cached. So does a file that grows.
 *
 * holes [FOLDER [SEED [ROUNDS]]]
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "tap.h"

enum { BLOCK = 1024, BLOCKS = 400, SIZE = BLOCK * BLOCKS, READERS = 2 };

static const unsigned char OLD = 0xaa, NEW = 'w';

/* Shared by all processes. */
static struct shared {
	volatile int stop;
	volatile size_t at;		/* the block that is being written */
	volatile long looked, bad;	/* blocks; bytes that were neither */
	volatile unsigned char saw;
} *shared;

static const char *file = "holes", *gone = "holes.old";
static unsigned char buf[SIZE];
static uint64_t dice_state;

static uint64_t dice(uint64_t sides)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return dice_state % sides;
}

/* The disk's free blocks hold OLD. Returns whether that could be done. */
static int soil(void)
{
	int fd = open(gone, O_WRONLY | O_CREAT | O_TRUNC, 0600), good;

	memset(buf, OLD, SIZE);
	good = fd >= 0 && write(fd, buf, SIZE) == SIZE && write(fd, buf, SIZE) == SIZE && !fsync(fd);
	close(fd);
	if (unlink(gone))
		good = 0;
	sync();		/* they may be used again */
	return good;
}

static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	if (fd >= 0 && write(fd, "1", 1) != 1)
		shared->bad++;
	close(fd);
}

static void look(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] && p[i] != NEW) {
			shared->saw = p[i];
			shared->bad++;
		}
	shared->looked++;
}

/* By read(2), or by a mapping of what is the file now. */
static void read_until_told(int number)
{
	int fd = open(file, O_RDONLY);
	struct stat st;

	dice_state = 77 + number;
	while (!shared->stop) {
		const size_t block = dice(8) ? shared->at : dice(BLOCKS);
		ssize_t n = pread(fd, buf, BLOCK, block * BLOCK);

		if (n > 0)
			look(buf, n);
		if (number && !fstat(fd, &st) && st.st_size == SIZE) {
			unsigned char *map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);

			look(map + block * BLOCK, BLOCK);
			munmap(map, SIZE);
		}
	}
	_exit(0);
}

static void drop_until_told(void)
{
	while (!shared->stop)
		drop_caches();
	_exit(0);
}

static void start(pid_t *pids)
{
	shared->stop = 0;
	for (int i = 0; i <= READERS; i++) {
		pids[i] = fork();
		if (!pids[i] && i < READERS)
			read_until_told(i);
		if (!pids[i])
			drop_until_told();
	}
}

static void stop(pid_t *pids)
{
	shared->stop = 1;
	for (int i = 0; i <= READERS; i++)
		waitpid(pids[i], NULL, 0);
}

/* A few bytes into each block, in any order; the size is there from the beginning. */
static void fill_holes(int fd, unsigned char *want)
{
	int order[BLOCKS];

	if (ftruncate(fd, SIZE))
		shared->bad++;
	for (int i = 0; i < BLOCKS; i++)
		order[i] = i;
	for (int i = 0; i < BLOCKS; i++) {
		const int k = i + dice(BLOCKS - i), block = order[k], at = block * BLOCK + dice(BLOCK - 20), n = 1 + dice(20);

		order[k] = order[i];
		memset(want + at, NEW, n);
		shared->at = block;
		if (pwrite(fd, want + at, n, at) != n)
			shared->bad++;
	}
}

/* Writes of any length, with gaps, behind the end. */
static void grow(int fd, unsigned char *want)
{
	size_t at = 0;

	while (at < SIZE) {
		size_t n = 1 + dice(dice(4) ? 3000 : 30000);

		at += dice(2) ? 0 : dice(5000);
		if (at >= SIZE)
			break;
		if (n > SIZE - at)
			n = SIZE - at;
		memset(want + at, NEW, n);
		shared->at = at / BLOCK;
		if (pwrite(fd, want + at, n, at) != (ssize_t)n)
			shared->bad++;
		at += n;
	}
	if (ftruncate(fd, SIZE))
		shared->bad++;
}

/* Is the file as it should be, also when it is read anew? Returns the first byte that is not, or -1. */
static long compare(int fd, const unsigned char *want)
{
	if (fsync(fd))
		return -2;
	drop_caches();
	if (pread(fd, buf, SIZE, 0) != SIZE)
		return -3;
	for (long i = 0; i < SIZE; i++)
		if (buf[i] != want[i])
			return i;
	return -1;
}

static void one_round(int round, void (*write_it)(int fd, unsigned char *want), const char *what)
{
	static unsigned char want[SIZE];
	pid_t pids[READERS + 1];
	int fd;

	memset(want, 0, SIZE);
	if (!ok(soil(), "round %d: the disk holds something else", round))
		return;
	fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
	shared->looked = shared->bad = 0;
	start(pids);
	write_it(fd, want);
	stop(pids);
	is(shared->bad, 0, "%s: %ld blocks looked at, bytes that were neither zero nor new (the last one %#x)", what,
	   shared->looked, shared->saw);
	is(compare(fd, want), -1, "%s: the first byte that is wrong", what);
	close(fd);
	unlink(file);
}

int main(int argc, char **argv)
{
	const unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	const int rounds = argc > 3 ? atoi(argv[3]) : 3;

	if (chdir(argc > 1 ? argv[1] : "/tmp")) {
		perror("chdir");
		return 2;
	}
	printf("# seed %lu\n", seed);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < rounds; i++) {
		dice_state = seed * 1000 + i + 1;
		one_round(i, fill_holes, "filling holes");
		one_round(i, grow, "growing");
	}
	return done();
}
