// SPDX-License-Identifier: MIT
/*
 * One file against a model of its bytes: writes of any place and length, some from memory that ends half-way, appends,
 * gaps, truncation up and down, stores through a mapping, while another process writes back and drops what is cached.
 * After each step all that was changed is looked at, and now and then the whole file.
 *
 * fileops [FILE [SEED [COUNT [SIZE]]]]: the file is made if it is not there, and ends as the model. Step i depends on
 * SEED and i. At the end it says the length and a checksum (FNV-1a) of what should be there.
 *
 * With a FILE programs also store behind its end, in its last page: zeros must be there when it grows. Linux 6.1's tmpfs
 * does not see to that.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include "tap.h"

enum { PAGE = 4096, MOST = 1 << 20 };

static uint64_t dice_state;
static unsigned char model[MOST], seen[MOST];
static size_t size, limit = 200000;	/* bytes of the file now, and at most */
static int fd, append_fd, behind_the_end;
static unsigned char *source, *map;	/* two pages of which the second cannot be read; the file */
static long bad;
static int step;

static uint64_t dice(uint64_t sides)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return dice_state % sides;
}

static void fill(unsigned char *buf, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = 1 + dice(255);		/* no zero: what a hole shows must be one */
}

static void complain(const char *what, size_t at, long saw, long expected)
{
	if (bad++ < 10)
		printf("# step %d: %s at %zu: saw %ld, expected %ld\n", step, what, at, saw, expected);
}

/* Bytes of the file, as read(2) sees them. */
static void look(const char *what, size_t from, size_t n)
{
	ssize_t got;

	if (from > size)
		from = size;
	got = pread(fd, seen, n, from);
	if (from + n > size)
		n = size - from;
	if (got != (ssize_t)n) {
		complain(what, from, got < 0 ? -errno : got, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (seen[i] != model[from + i]) {
			complain(what, from + i, seen[i], model[from + i]);
			return;
		}
	}
}

static void look_around(const char *what, size_t from, size_t to)
{
	from -= from > PAGE ? PAGE : from;
	look(what, from, to + PAGE - from);
}

/* A length: mostly a few bytes, or about a block's or a page's, or many pages. */
static size_t some(void)
{
	static const int about[] = { 512, 1024, 2048, 4096, 8192 };

	switch (dice(4)) {
	case 0: return 1 + dice(40);
	case 1: return about[dice(5)] + dice(3) - 1;
	case 2: return 1 + dice(3 * PAGE);
	default: return 1 + dice(16 * PAGE);
	}
}

/* A place: anywhere in the file, at a boundary, or behind its end. */
static size_t somewhere(void)
{
	size_t at = dice(size + 1 + (dice(4) ? 0 : some()));

	if (!dice(3))
		at &= ~511UL;
	return at < limit ? at : limit - 1;
}

static size_t fitting(size_t at, size_t n)
{
	return at + n > limit ? limit - at : n;
}

/* The file has been written to. */
static void wrote(size_t at, const unsigned char *buf, size_t n)
{
	memcpy(model + at, buf, n);
	if (at + n > size)
		size = at + n;
}

static void do_write(void)
{
	static unsigned char buf[16 * PAGE + 1];
	size_t at = somewhere(), n = fitting(at, some()), half = dice(n + 1);
	struct iovec iov[2] = { { buf, half }, { buf + half, n - half } };
	const size_t from = at < size ? at : size;
	ssize_t done;

	fill(buf, n);
	done = dice(2) ? pwrite(fd, buf, n, at) : pwritev(fd, iov, 2, at);
	if (done != (ssize_t)n)
		complain("write", at, done < 0 ? -errno : done, n);
	else
		wrote(at, buf, n);
	look_around("after write", from, at + n);
}

static void do_append(void)
{
	unsigned char buf[2 * PAGE];
	size_t n = fitting(size, 1 + dice(sizeof(buf)));
	ssize_t done;

	if (!n)
		return;
	fill(buf, n);
	done = write(append_fd, buf, n);
	if (done != (ssize_t)n)
		complain("append", size, done < 0 ? -errno : done, n);
	else
		wrote(size, buf, n);
	look_around("after append", size - n, size);
}

/* Of @n bytes only @have are there. What was written counts, and nothing else has changed. */
static void do_short_write(void)
{
	size_t at = somewhere(), have = 1 + dice(PAGE), n = have + 1 + dice(PAGE - 1);
	const size_t from = at < size ? at : size;
	ssize_t done;

	if (at + n > limit)
		return;
	fill(source, PAGE);
	done = pwrite(fd, source + PAGE - have, n, at);
	if (done < 0 ? errno != EFAULT : done > (ssize_t)have)
		complain("short write", at, done < 0 ? -errno : done, have);
	if (done > 0)
		wrote(at, source + PAGE - have, done);
	look_around("after short write", from, at + n);
}

static void do_truncate(void)
{
	size_t to = dice(3) ? somewhere() : dice(limit);
	const size_t from = to < size ? to : size;

	if (ftruncate(fd, to)) {
		complain("ftruncate", to, -errno, 0);
		return;
	}
	if (to < size)
		memset(model + to, 0, size - to);
	size = to;
	look_around("after truncate", from, to);
}

static void do_store(void)
{
	size_t at, n;

	if (!size)
		return;
	at = dice(size);
	n = some();
	if (at + n > size)
		n = size - at;
	fill(model + at, n);
	memcpy(map + at, model + at, n);
	if (behind_the_end && size % PAGE && !dice(3))
		map[size + dice(PAGE - size % PAGE)] = 'X';
	if (!dice(4))
		msync(map, limit, dice(2) ? MS_SYNC : MS_ASYNC);
	look_around("after store", at, at + n);
}

static void do_load(void)
{
	size_t at = dice(size + 1), n = some();

	if (at + n > size)
		n = size - at;
	for (size_t i = 0; i < n; i++) {
		if (map[at + i] != model[at + i]) {
			complain("load", at + i, map[at + i], model[at + i]);
			return;
		}
	}
}

static void drop_caches(void)
{
	int caches = open("/proc/sys/vm/drop_caches", O_WRONLY);

	if (caches >= 0) {	/* only root may */
		write(caches, "1", 1);
		close(caches);
	}
}

/* What others do meanwhile. */
static pid_t start_writing_back(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	for (;;) {
		fsync(fd);
		drop_caches();
	}
}

static void one_step(void)
{
	switch (dice(16)) {
	case 0 ... 3: do_write(); break;
	case 4: do_append(); break;
	case 5 ... 6: do_short_write(); break;
	case 7 ... 8: do_truncate(); break;
	case 9 ... 10: do_store(); break;
	case 11: do_load(); break;
	case 12: look("read", dice(size + 1), some()); break;
	case 13: look("the whole file", 0, limit); break;
	case 14:
		if (fsync(fd))
			complain("fsync", 0, -errno, 0);
		break;
	case 15: drop_caches(); break;
	}
}

static void get_ready(const char *path)
{
	const int prot = PROT_READ | PROT_WRITE;

	fd = open(path, O_RDWR | O_CREAT, 0644);
	append_fd = open(path, O_WRONLY | O_APPEND);
	source = mmap(NULL, 2 * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	map = mmap(NULL, limit, prot, MAP_SHARED, fd, 0);
	if (fd < 0 || append_fd < 0 || source == MAP_FAILED || map == MAP_FAILED ||
	    munmap(source + PAGE, PAGE) || ftruncate(fd, 0)) {
		printf("Bail out! %s: %s\n", path, strerror(errno));
		_exit(1);
	}
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "/tmp/fileops";
	const uint64_t seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	const int count = argc > 3 ? atoi(argv[3]) : 1000;
	uint64_t sum = 0xcbf29ce484222325;
	pid_t pid;

	behind_the_end = argc > 1;
	if (argc > 4)
		limit = strtoul(argv[4], NULL, 0);
	if (limit < PAGE || limit > MOST)
		limit = MOST;
	get_ready(path);
	pid = start_writing_back();
	for (step = 0; step < count && bad < 10; step++) {
		dice_state = (seed * 1000003 + step + 1) * 0x9e3779b97f4a7c15;
		for (int i = 0; i < 5; i++)
			dice(2);
		one_step();
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	look("at the end", 0, limit);
	is(bad, 0, "%d steps on a file of up to %zu bytes, seed %lu", step, limit, (unsigned long)seed);
	is(fsync(fd), 0, "fsync");
	for (size_t i = 0; i < size; i++)
		sum = (sum ^ model[i]) * 0x100000001b3;
	printf("# size %zu sum %016lx\n", size, (unsigned long)sum);
	munmap(map, limit);
	munmap(source, PAGE);
	if (argc < 2)
		unlink(path);
	return done();
}
