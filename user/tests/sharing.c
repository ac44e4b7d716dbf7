// SPDX-License-Identifier: MIT
/*
 * Many processes at the same files, names and pages at once, while another one keeps emptying the
 * caches: what each has written it reads again, and nothing fails that may not.
 *
 *	sharing [ROUNDS]
 *
 * With several CPUs they run at the same instant; with one, preemption mixes them.
 */
#include <dirent.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "tap.h"

#define PROCESSES	8
#define SIZE		20000		/* bytes of a private file, at most */
#define CELL		64		/* bytes of the shared file that one process owns in a row */
#define SHARED_SIZE	(64 << 10)
#define NAMES		6

static const char *folder;
static int rounds = 15;
static volatile int *over;		/* shared: the workers are through */

static unsigned int next_random(unsigned int *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static int mistake(int id, int round, const char *what)
{
	char line[120];

	snprintf(line, sizeof(line), "# process %d, round %d: %s, errno %d\n", id, round, what, errno);
	if (write(1, line, strlen(line)) < 0)
		return 2;
	return 1;
}

static void name(char *path, const char *kind, int n)
{
	snprintf(path, 64, "%s/%s%d", folder, kind, n);
}

/* ------------------------------------------------------------------------- running them */

/* Pages, dentries and inodes go while they are in use. */
static void empty_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	while (!*over) {
		sync();
		if (fd >= 0 && write(fd, "3\n", 2) != 2)
			break;
		usleep(1000);
	}
	_exit(0);
}

/* Runs work(0) to work(n - 1) at once. Returns how many of them made a mistake. */
static int together(int (*work)(int id))
{
	pid_t pids[PROCESSES], emptier;
	int gate[2], i, failed = 0;
	char c;

	*over = 0;
	emptier = fork();	/* before the pipe: it must not hold the gate shut */
	if (emptier == 0)
		empty_caches();
	if (pipe(gate))
		return -errno;
	for (i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		close(gate[1]);
		_exit(read(gate[0], &c, 1) ? 99 : work(i));	/* the end of file is the start */
	}
	close(gate[0]);
	close(gate[1]);
	for (i = 0; i < PROCESSES; i++)
		failed += pids[i] < 0 || reap(pids[i]) != 0;
	*over = 1;
	return failed + (emptier < 0 || reap(emptier) != 0);
}

/* ------------------------------------------------------------------------- private files */

static unsigned char byte_of(int id, int round, long at)
{
	return id * 37 + round * 11 + at + (at >> 8);
}

static void fill(unsigned char *buf, int id, int round, long from, long to)
{
	for (; from < to; from++)
		buf[from] = byte_of(id, round, from);
}

/* Writes @buf in pieces of any size. */
static int write_pieces(int fd, const unsigned char *buf, long size, unsigned int *state)
{
	long done = 0, n;

	while (done < size) {
		n = next_random(state) % 5000 + 1;
		n = n < size - done ? n : size - done;
		if (pwrite(fd, buf + done, n, done) != n)
			return -1;
		done += n;
	}
	return 0;
}

static int same(int fd, const unsigned char *expected, long size)
{
	static unsigned char got[SIZE];

	return pread(fd, got, SIZE, 0) == size && !memcmp(got, expected, size);
}

static int private_round(int id, int round, const char *path, unsigned int *state)
{
	static unsigned char buf[SIZE];
	long size = next_random(state) % (SIZE - 1) + 1, cut = next_random(state) % size, at;
	unsigned char *map;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		return mistake(id, round, "open");
	fill(buf, id, round, 0, size);
	if (write_pieces(fd, buf, size, state))
		return mistake(id, round, "write");
	if (!same(fd, buf, size))
		return mistake(id, round, "what was written is not what is read");

	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return mistake(id, round, "mmap");
	for (at = next_random(state) % 1000; at < size; at += next_random(state) % 1000 + 1)
		map[at] = buf[at] = ~buf[at];
	if (!same(fd, buf, size))
		return mistake(id, round, "what was written through a mapping is not what is read");
	munmap(map, size);
	if (!same(fd, buf, size))
		return mistake(id, round, "munmap() has lost what was written");

	if (ftruncate(fd, cut) || ftruncate(fd, size))
		return mistake(id, round, "ftruncate");
	memset(buf + cut, 0, size - cut);
	if (!same(fd, buf, size))
		return mistake(id, round, "a file cut off and grown again is not zeros behind the cut");
	close(fd);
	return 0;
}

static int private_files(int id)
{
	unsigned int state = id + 1;
	int i, ret = 0;
	char path[64];

	name(path, "private", id);
	for (i = 0; i < rounds && !ret; i++) {
		ret = private_round(id, i, path, &state);
		if (i % 3 == 0 && unlink(path))
			ret = mistake(id, i, "unlink");
	}
	unlink(path);
	return ret;
}

/* ------------------------------------------------------------------------- the same names */

static int list(void)
{
	DIR *d = opendir(folder);
	int n = 0;

	if (!d)
		return -1;
	while (readdir(d))
		n++;
	closedir(d);
	return n < 2 ? -1 : 0;
}

static int one_change(unsigned int what, const char *a, const char *b)
{
	struct stat st;
	int fd;

	switch (what % 7) {
	case 0:
	case 1:
		fd = open(a, O_RDWR | O_CREAT | (what & 8 ? O_EXCL : 0), 0600);
		if (fd < 0)
			return -1;
		if (write(fd, a, 40) != 40 || fstat(fd, &st) || st.st_size < 40)
			return -2;
		return close(fd);
	case 2:
		return unlink(a);
	case 3:
		return rename(a, b);
	case 4:
		return link(a, b);
	case 5:
		return stat(a, &st);
	}
	return list();
}

static int same_names(int id)
{
	unsigned int state = id + 100;
	char a[64] = "", b[64] = "";
	int i, ret;

	for (i = 0; i < 20 * rounds; i++) {
		name(a, "name", next_random(&state) % NAMES);
		name(b, "name", next_random(&state) % NAMES);
		errno = 0;
		ret = one_change(next_random(&state), a, b);
		if (ret && errno != ENOENT && errno != EEXIST)
			return mistake(id, i, "a name");
	}
	return 0;
}

/* ------------------------------------------------------------------------- one file */

static unsigned char *shared_map;

/* The process's cells, by write or through the mapping; then all of them are looked at. */
static int shared_round(int id, int round, int fd)
{
	unsigned char cell[CELL], got[CELL];
	long at;

	for (at = id * CELL; at < SHARED_SIZE; at += PROCESSES * CELL) {
		memset(cell, byte_of(id, round, at), CELL);
		if ((at / CELL + round) & 1)
			memcpy(shared_map + at, cell, CELL);
		else if (pwrite(fd, cell, CELL, at) != CELL)
			return mistake(id, round, "pwrite");
	}
	for (at = id * CELL; at < SHARED_SIZE; at += PROCESSES * CELL) {
		memset(cell, byte_of(id, round, at), CELL);
		if (pread(fd, got, CELL, at) != CELL || memcmp(got, cell, CELL))
			return mistake(id, round, "pread sees another process's or an old cell");
		if (memcmp(shared_map + at, cell, CELL))
			return mistake(id, round, "the mapping has another process's or an old cell");
	}
	return 0;
}

static int one_file(int id)
{
	int fd, i, ret = 0;
	char path[64];

	name(path, "shared", 0);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return mistake(id, 0, "open");
	shared_map = mmap(NULL, SHARED_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared_map == MAP_FAILED)
		return mistake(id, 0, "mmap");
	for (i = 0; i < rounds && !ret; i++)
		ret = shared_round(id, i, fd);
	return ret;
}

/* What all of them have written last, from the disk. */
static int wrong_cells(const char *path)
{
	static unsigned char all[SHARED_SIZE];
	int fd, wrong = 0;
	long at;

	sync();
	fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	if (fd >= 0 && write(fd, "3\n", 2) != 2)
		return -1;
	close(fd);
	fd = open(path, O_RDONLY);
	if (read(fd, all, SHARED_SIZE) != SHARED_SIZE)
		return -1;
	close(fd);
	for (at = 0; at < SHARED_SIZE; at++)
		wrong += all[at] != byte_of(at / CELL % PROCESSES, rounds - 1, at / CELL * CELL);
	return wrong;
}

/* ------------------------------------------------------------------------- */

static void in_folder(const char *parent)
{
	char path[64], dir[32];
	int i, fd;

	snprintf(dir, sizeof(dir), "%s/sharing.d", parent);
	folder = dir;
	is(mkdir(dir, 0700), 0, "mkdir %s", dir);
	is(together(private_files), 0, "%s: %d processes, each with its own file", dir, PROCESSES);
	is(together(same_names), 0, "%s: making, renaming, removing the same names", dir);
	for (i = 0; i < NAMES; i++) {
		name(path, "name", i);
		unlink(path);
	}
	name(path, "shared", 0);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	is(ftruncate(fd, SHARED_SIZE), 0, "%s: a file for all", dir);
	close(fd);
	is(together(one_file), 0, "%s: each at its own cells of one file, written and mapped", dir);
	is(wrong_cells(path), 0, "%s: no cell is lost, on the disk neither", dir);
	unlink(path);
	is(rmdir(dir), 0, "%s is empty at last", dir);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		rounds = atoi(argv[1]);
	over = mmap(NULL, sizeof(*over), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	in_folder("/tmp");
	in_folder("");		/* the root: on a disk */
	return done();
}
