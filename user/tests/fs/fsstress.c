// SPDX-License-Identifier: MIT
/*
 * Eight processes change files at random, each in a directory of its own, and know at every moment which names are there
 * and what each file holds; in between all of them work in one directory together.
 *
 *	fsstress [-t SECONDS] [-d DIRECTORY] [SEED]
 *
 * Without -t each process does a number of operations that the seed alone decides; with it they go on for so long. It works
 * in DIRECTORY (/tmp), and leaves nothing there. The model of a process: names[], each of which leads to one of files[] or to
 * none, and whether the subdirectory is there. A file that has lost its names may still be open (held). What must come out of
 * an operation is known exactly, but for a full disk. In the shared directory each has a set of outcomes that can be; what is
 * read there must have been written to such a file by somebody, or be zeros.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include "clock.h"
#include "tap.h"

#define PROCESSES	8
#define NAMES		6		/* the last two are in the subdirectory */
#define FIRST_IN_DIR	4
#define MAX_SIZE	(300 << 10)
#define MAX_IO		(24 << 10)
#define OPERATIONS	400
#define STAMP		0x5afe0000U	/* of what is written to shared files; below it: by whom */

static const char *const names[NAMES] = { "a", "b", "c", "d", "sub/e", "sub/f" };

struct file {
	int	links;			/* names that lead to it; 0 and not held: unused */
	bool	held;
	long	size;
	uint8_t	*data;			/* MAX_SIZE bytes, zeros behind size */
};

/* What the parent sees of a process. */
struct report {
	long	operations, refused;	/* refused: for want of space */
	char	mistake[200];		/* the first one */
};

static struct file files[NAMES + 1];
static struct file *named[NAMES], *held;
static int held_fd = -1;
static bool has_sub;

static struct report *report;		/* ours */
static uint64_t seed;
static int me;
static char dir[100];			/* ours; the shared one is "../all" */
static uint8_t buf[MAX_SIZE];

/* ------------------------------------------------------------------ tools */

static uint32_t chance(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 16) % n;
}

static __attribute__((format(printf, 1, 2))) void wrong(const char *fmt, ...)
{
	char what[120];
	va_list ap;

	if (report->mistake[0])
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(report->mistake, sizeof(report->mistake), "operation %ld: %s", report->operations, what);
}

/* What a call returned against the errno it should have given; a full disk is nobody's fault. True: it succeeded. */
static bool came_out(long ret, int error, const char *what, const char *name)
{
	int saw = ret < 0 ? errno : 0;

	if (saw == ENOSPC && !error) {
		report->refused++;
		return false;
	}
	if (saw != error)
		wrong("%s of %s: saw %d, expected %d", what, name, saw, error);
	return !saw && !error;
}

static void fill(uint8_t *to, long n)
{
	uint64_t word = seed | 1;

	for (long i = 0; i < n; i++) {
		if (i % 8 == 0)
			word = word * 6364136223846793005ULL + 1442695040888963407ULL;
		to[i] = word >> (i % 8 * 8);
	}
	chance(2);
}

static struct file *unused_file(void)
{
	for (int i = 0; i <= NAMES; i++)
		if (!files[i].links && !files[i].held)
			return &files[i];
	return NULL;
}

/* What a path says when its subdirectory is not there, or nothing has the name. */
static int missing(int name)
{
	return named[name] ? 0 : ENOENT;
}

static bool no_dir(int name)
{
	return name >= FIRST_IN_DIR && !has_sub;
}

static void forget(struct file *f)
{
	if (f->links || f->held)
		return;
	memset(f->data, 0, f->size);
	f->size = 0;
}

static void unname(int name)
{
	struct file *f = named[name];

	named[name] = NULL;
	if (f) {
		f->links--;
		forget(f);
	}
}

static void set_size(struct file *f, long size)
{
	if (size < f->size)
		memset(f->data + size, 0, f->size - size);
	f->size = size;
}

/* An open file of the model: of a name, or at times the one that is held, without more flags. */
static bool open_one(int *fd, struct file **f, int flags)
{
	int name = chance(NAMES);

	if (held && !(flags & O_APPEND) && chance(4) == 0) {
		*fd = dup(held_fd);
		*f = held;
		return true;
	}
	*fd = open(names[name], flags);
	*f = named[name];
	return came_out(*fd, missing(name), "open", names[name]);
}

/* ------------------------------------------------------------------ contents */

static void compare(struct file *f, int fd, long from, long n, const char *how)
{
	long expected = from >= f->size ? 0 : n < f->size - from ? n : f->size - from;
	long got = pread(fd, buf, n, from);

	if (got != expected)
		return wrong("%s of %ld bytes at %ld of %ld: saw %ld, expected %ld", how, n, from, f->size, got, expected);
	for (long i = 0; i < got; i++)
		if (buf[i] != f->data[from + i])
			return wrong("%s: byte %ld of %ld is %#x, expected %#x", how, from + i, f->size, buf[i],
				     f->data[from + i]);
}

static void op_read(void)
{
	struct file *f;
	int fd;

	if (!open_one(&fd, &f, O_RDONLY))
		return;
	if (chance(8))
		compare(f, fd, chance(MAX_SIZE), 1 + chance(MAX_IO), "read");
	else
		compare(f, fd, 0, MAX_SIZE, "read of all");
	close(fd);
}

static void op_write(void)
{
	bool append = chance(4) == 0;
	struct file *f;
	long at, n = 1 + chance(MAX_IO), got;
	int fd;

	if (!open_one(&fd, &f, O_RDWR | (append ? O_APPEND : 0)))
		return;
	at = append ? f->size : chance(MAX_SIZE);
	if (at + n > MAX_SIZE)
		n = MAX_SIZE - at;
	fill(buf, n);
	got = append ? write(fd, buf, n) : pwrite(fd, buf, n, at);
	if (got < 0 && n)
		came_out(got, 0, "write", "a file");
	if (got > 0) {
		memcpy(f->data + at, buf, got);
		if (at + got > f->size)
			f->size = at + got;
	}
	if (got >= 0 && got < n)
		report->refused++;
	close(fd);
}

static void op_truncate(void)
{
	int name = chance(NAMES);
	long size = chance(3) ? chance(MAX_SIZE) : 0;

	if (came_out(truncate(names[name], size), missing(name), "truncate", names[name]))
		set_size(named[name], size);
}

static void op_ftruncate(void)
{
	long size = chance(MAX_SIZE);

	if (held && came_out(ftruncate(held_fd, size), 0, "ftruncate", "the held file"))
		set_size(held, size);
}

/* Reads or writes some pages of a mapping. */
static void op_map(void)
{
	bool store = chance(2);
	struct file *f;
	long at, n;
	uint8_t *p;
	int fd;

	if (!open_one(&fd, &f, O_RDWR))
		return;
	if (f->size) {
		at = chance(f->size) & ~4095L;
		n = f->size - at < MAX_IO ? f->size - at : MAX_IO;
		p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at);
		if (p == MAP_FAILED) {
			wrong("mmap of %ld bytes: %d", n, errno);
		} else {
			if (memcmp(p, f->data + at, n))
				wrong("mapping of %ld bytes at %ld", n, at);
			if (store) {
				fill(f->data + at, n);
				memcpy(p, f->data + at, n);
			}
			if (chance(8) == 0)
				msync(p, n, MS_SYNC);
			munmap(p, n);
		}
	}
	close(fd);
}

static void op_copy(void)
{
	int to = chance(NAMES), fd, to_fd;
	struct file *f;
	off_t from, at;
	long n, got;

	if (!open_one(&fd, &f, O_RDONLY))
		return;
	to_fd = open(names[to], O_RDWR);
	if (came_out(to_fd, missing(to), "open", names[to]) && named[to] != f && f->size) {
		from = chance(f->size);
		at = chance(MAX_SIZE - MAX_IO);
		n = f->size - from < MAX_IO ? f->size - from : MAX_IO;
		memcpy(buf, f->data + from, n);
		got = copy_file_range(fd, &from, to_fd, &at, n, 0);
		if (got < 0)
			came_out(got, 0, "copy_file_range", names[to]);
		if (got > 0) {
			memcpy(named[to]->data + at - got, buf, got);
			if (at > named[to]->size)
				named[to]->size = at;
		}
	}
	close(to_fd);
	close(fd);
}

static void op_punch(void)
{
	struct file *f;
	long at, n;
	int fd;

	if (!open_one(&fd, &f, O_RDWR))
		return;
	at = chance(MAX_SIZE);
	n = 1 + chance(MAX_IO);
	if (!fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, n)) {
		if (at < f->size)
			memset(f->data + at, 0, n < f->size - at ? n : f->size - at);
	} else if (errno != EOPNOTSUPP) {
		wrong("fallocate: %d", errno);
	}
	close(fd);
}

static void op_sync(void)
{
	struct file *f;
	int fd;

	if (chance(16) == 0)
		return sync();
	if (!open_one(&fd, &f, O_RDONLY))
		return;
	if (chance(2) ? fsync(fd) : fdatasync(fd))
		wrong("fsync: %d", errno);
	close(fd);
}

/* What is only in the cache is read from the disk again. */
static void op_drop(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	if (fd >= 0 && chance(8) == 0)
		write(fd, "3", 1);
	close(fd);
}

/* ------------------------------------------------------------------ names */

static void op_create(void)
{
	int name = chance(NAMES), fd;
	struct file *f = unused_file();

	if (!f)
		return;
	fd = open(names[name], O_CREAT | O_EXCL | O_RDWR, 0600);
	if (came_out(fd, no_dir(name) ? ENOENT : named[name] ? EEXIST : 0, "create", names[name])) {
		named[name] = f;
		f->links = 1;
	}
	close(fd);
}

static void op_unlink(void)
{
	int name = chance(NAMES);

	if (came_out(unlink(names[name]), missing(name), "unlink", names[name]))
		unname(name);
}

static void op_rename(void)
{
	int from = chance(NAMES), to = chance(NAMES);
	bool noreplace = chance(4) == 0;
	int error = missing(from) ? ENOENT : no_dir(to) ? ENOENT : noreplace && named[to] ? EEXIST : 0;

	if (!came_out(renameat2(AT_FDCWD, names[from], AT_FDCWD, names[to], noreplace ? RENAME_NOREPLACE : 0), error,
		      "rename", names[from]))
		return;
	if (named[from] == named[to])
		return;			/* one file: both names stay */
	unname(to);
	named[to] = named[from];
	named[from] = NULL;
}

static void op_exchange(void)
{
	int a = chance(NAMES), b = chance(NAMES);
	struct file *f = named[a];
	long ret = renameat2(AT_FDCWD, names[a], AT_FDCWD, names[b], RENAME_EXCHANGE);

	if (ret && errno == EINVAL)
		return;			/* the file system cannot */
	if (came_out(ret, missing(a) ? ENOENT : missing(b), "exchange", names[a])) {
		named[a] = named[b];
		named[b] = f;
	}
}

static void op_link(void)
{
	int from = chance(NAMES), to = chance(NAMES);
	long ret = link(names[from], names[to]);

	if (ret && errno == EPERM)
		return;
	if (came_out(ret, missing(from) ? ENOENT : no_dir(to) ? ENOENT : named[to] ? EEXIST : 0, "link", names[from])) {
		named[to] = named[from];
		named[to]->links++;
	}
}

static bool sub_is_empty(void)
{
	return !named[FIRST_IN_DIR] && !named[FIRST_IN_DIR + 1];
}

static void op_directory(void)
{
	if (!has_sub) {
		has_sub = came_out(mkdir("sub", 0700), 0, "mkdir", "sub");
	} else if (chance(2)) {
		came_out(mkdir("sub", 0700), EEXIST, "mkdir", "sub");
		if (came_out(rmdir("sub"), sub_is_empty() ? 0 : ENOTEMPTY, "rmdir", "sub"))
			has_sub = false;
	} else if (came_out(rename("sub", "other"), 0, "rename", "sub")) {
		came_out(rename("other", "sub"), 0, "rename", "other");
	}
}

static void let_go(void)
{
	if (!held)
		return;
	compare(held, held_fd, 0, MAX_SIZE, "read of what was held");
	close(held_fd);
	held->held = false;
	forget(held);
	held = NULL;
}

/* Holds a file open, with or without names, until the next time. */
static void op_hold(void)
{
	int name = chance(NAMES);

	let_go();
	held_fd = open(names[name], O_RDWR);
	if (came_out(held_fd, missing(name), "open", names[name])) {
		held = named[name];
		held->held = true;
	}
}

static void op_stat(void)
{
	int name = chance(NAMES);
	struct stat st;

	if (!came_out(stat(names[name], &st), missing(name), "stat", names[name]))
		return;
	if (st.st_size != named[name]->size || (int)st.st_nlink != named[name]->links)
		wrong("stat of %s: %ld bytes and %d links, expected %ld and %d", names[name], (long)st.st_size,
		      (int)st.st_nlink, named[name]->size, named[name]->links);
}

/* The names of one directory, as bits: all of the model's, and no others. */
static void check_names(const char *path, int first, int last, int expected)
{
	DIR *d = opendir(path);
	struct dirent *e;
	int saw = 0, i;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		if (!strcmp(e->d_name, "sub")) {
			saw |= 1 << NAMES;
			continue;
		}
		for (i = first; i < last && strcmp(e->d_name, names[i] + strlen(names[i]) - 1); i++)
			;
		if (i == last)
			wrong("readdir of %s: a name %s", path, e->d_name);
		if (saw & 1 << i)
			wrong("readdir of %s: %s twice", path, e->d_name);
		saw |= 1 << i;
	}
	if (d)
		closedir(d);
	if (saw != expected)
		wrong("names of %s: saw %#x, expected %#x", path, saw, expected);
}

static void op_readdir(void)
{
	int bits = has_sub << NAMES;

	for (int i = 0; i < FIRST_IN_DIR; i++)
		bits |= !!named[i] << i;
	check_names(".", 0, FIRST_IN_DIR, bits);
	if (has_sub)
		check_names("sub", FIRST_IN_DIR, NAMES, !!named[4] << 4 | !!named[5] << 5);
}

/* ------------------------------------------------------------------ the shared directory */

static const char *const shared[] = { "../all/p", "../all/q", "../all/r", "../all/d/p", "../all/d/q", "../all/d" };

#define SHARED		((int)(sizeof(shared) / sizeof(shared[0])))
#define SHARED_FILES	(SHARED - 1)

/* The outcome must be one of a list that ends with 0, which is always allowed. */
static void may_be(long ret, const char *what, const int *errors)
{
	int saw = ret < 0 ? errno : 0;

	if (saw == ENOSPC)
		report->refused++;
	else
		while (*errors != saw) {
			if (!*errors++)
				return wrong("shared %s: %d cannot be", what, saw);
		}
}

#define MAY_BE(call, ...)	may_be(call, #call, (const int[]){ __VA_ARGS__, 0 })

/* d is a directory, or nothing, or at times a file; the others are files. */
static void op_shared_names(void)
{
	const char *a = shared[chance(SHARED)], *b = shared[chance(SHARED)], *f = shared[chance(SHARED_FILES)];
	int fd;

	switch (chance(8)) {
	case 0: case 1: case 2:
		fd = open(f, O_CREAT | O_EXCL | O_RDWR, 0600);
		MAY_BE(fd, EEXIST, ENOENT, ENOTDIR);
		close(fd);
		break;
	case 3:
		MAY_BE(unlink(a), ENOENT, EISDIR, ENOTDIR);
		break;
	case 4:
		MAY_BE(rename(f, b), ENOENT, EISDIR, ENOTDIR, ENOTEMPTY);
		break;
	case 5:
		MAY_BE(link(a, b), ENOENT, EEXIST, EPERM, ENOTDIR);
		break;
	case 6:
		MAY_BE(mkdir("../all/d", 0700), EEXIST);
		break;
	case 7:
		MAY_BE(rmdir("../all/d"), ENOENT, ENOTEMPTY, ENOTDIR);
		break;
	}
}

static void op_shared_contents(void)
{
	const char *name = shared[chance(SHARED_FILES)];
	uint32_t *words = (uint32_t *)buf;
	long n = (1 + chance(MAX_IO / 512)) * 512, at = chance((MAX_SIZE - MAX_IO) / 512) * 512L, got;
	int fd = open(name, O_RDWR);

	MAY_BE(fd, ENOENT, ENOTDIR, EISDIR);
	if (fd < 0)
		return;
	switch (chance(4)) {
	case 0:
		for (long i = 0; i < n / 4; i++)
			words[i] = STAMP | me;
		MAY_BE(pwrite(fd, words, n, at), ENOSPC);
		break;
	case 1:
		MAY_BE(ftruncate(fd, at), ENOSPC);
		break;
	default:
		got = pread(fd, words, n, at);
		if (got < 0)
			wrong("shared read: %d", errno);
		for (long i = 0; i < got / 4; i++)
			if (words[i] && (words[i] & ~7U) != STAMP)
				return wrong("shared read: %#x at %ld of %s was written by nobody", words[i], at + i * 4, name);
	}
	close(fd);
}

static void op_shared_readdir(void)
{
	DIR *d = opendir("../all");
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.' && !strchr("pqrd", e->d_name[0]))
			wrong("shared directory: a name %s", e->d_name);
	if (d)
		closedir(d);
}

/* ------------------------------------------------------------------ a process */

/* Each with its weight. */
static const struct {
	void	(*op)(void);
	int	weight;
} ops[] = {
	{ op_write, 20 }, { op_read, 20 }, { op_map, 10 }, { op_truncate, 6 }, { op_ftruncate, 3 }, { op_copy, 4 },
	{ op_punch, 3 }, { op_sync, 2 }, { op_drop, 1 }, { op_create, 12 }, { op_unlink, 6 }, { op_rename, 6 },
	{ op_exchange, 3 }, { op_link, 4 }, { op_directory, 3 }, { op_hold, 4 }, { op_stat, 6 }, { op_readdir, 4 },
	{ op_shared_names, 12 }, { op_shared_contents, 8 }, { op_shared_readdir, 1 },
};

#define OPS	(sizeof(ops) / sizeof(ops[0]))

static void one_operation(uint32_t total)
{
	uint32_t n = chance(total);
	unsigned int i = 0;

	while (n >= (uint32_t)ops[i].weight)
		n -= ops[i++].weight;
	ops[i].op();
	report->operations++;
}

/* All is read once more, and removed. */
static void check_all(void)
{
	for (int i = 0; i < NAMES; i++) {
		int fd = open(names[i], O_RDONLY);

		if (came_out(fd, missing(i), "open", names[i]))
			compare(named[i], fd, 0, MAX_SIZE, "read at the end");
		close(fd);
		if (named[i] && came_out(unlink(names[i]), 0, "unlink", names[i]))
			unname(i);
	}
	let_go();
	if (has_sub)
		came_out(rmdir("sub"), 0, "rmdir", "sub");
	chdir("..");
	came_out(rmdir(dir), 0, "rmdir", dir);
}

static void be_a_process(long until)
{
	uint32_t total = 0;

	for (unsigned int i = 0; i < OPS; i++)
		total += ops[i].weight;
	for (int i = 0; i <= NAMES; i++)
		files[i].data = calloc(1, MAX_SIZE);
	if (chdir(dir))
		return wrong("cannot work in %s: %d", dir, errno);
	while (!report->mistake[0] && (until ? now(CLOCK_MONOTONIC) < until : report->operations < OPERATIONS))
		one_operation(total);
	if (!report->mistake[0]) {
		op_readdir();
		sync();
		check_all();
	}
}

static void clean_shared(void)
{
	for (int i = 0; i < SHARED; i++) {
		unlink(shared[i] + 3);		/* without "../" */
		rmdir(shared[i] + 3);
	}
}

int main(int argc, char *argv[])
{
	const char *where = "/tmp";
	struct report *reports;
	struct statfs before, after;
	long seconds = 0, until = 0, number = now(CLOCK_REALTIME) % 1000000;
	pid_t pids[PROCESSES];
	char work[64];
	int c;

	while ((c = getopt(argc, argv, "t:d:")) != -1) {
		if (c == 't')
			seconds = atoi(optarg);
		else
			where = optarg;
	}
	if (optind < argc)
		number = atol(argv[optind]);
	printf("# seed %ld\n", number);
	fflush(stdout);

	reports = mmap(NULL, PROCESSES * sizeof(*reports), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sync();
	statfs(where, &before);
	snprintf(work, sizeof(work), "%s/fsstress.%d", where, getpid());
	if (mkdir(work, 0700) || chdir(work) || mkdir("all", 0700)) {
		ok(0, "cannot work in %s: %d", work, errno);
		return done();
	}
	/* Before anybody begins: the first ones would take all the inodes that there are. */
	for (me = 0; me < PROCESSES; me++) {
		snprintf(dir, sizeof(dir), "%s/%d", work, me);
		if (mkdir(dir, 0700)) {
			ok(0, "cannot make %s: %d", dir, errno);
			return done();
		}
	}
	if (seconds)
		until = now(CLOCK_MONOTONIC) + seconds * 1000000000L;
	for (me = 0; me < PROCESSES; me++) {
		pids[me] = fork();
		if (pids[me])
			continue;
		report = &reports[me];
		seed = number * PROCESSES + me + 88172645463325252ULL;
		snprintf(dir, sizeof(dir), "%s/%d", work, me);
		be_a_process(until);
		_exit(0);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status = reap(pids[i]);

		if (status)
			ok(0, "process %d ended with %d after %ld operations", i, status, reports[i].operations);
		else
			ok(!reports[i].mistake[0], "process %d: %ld operations, %ld without space%s%s", i, reports[i].operations,
			   reports[i].refused, reports[i].mistake[0] ? ": " : "", reports[i].mistake);
	}
	clean_shared();
	is(rmdir("all") ? errno : 0, 0, "nothing is left of what they shared");
	chdir("/");
	is(rmdir(work) ? errno : 0, 0, "nor of their own");
	sync();
	statfs(where, &after);
	is(after.f_bfree - before.f_bfree, 0, "all blocks are free again");
	is(after.f_ffree - before.f_ffree, 0, "and inodes");
	return done();
}
