// SPDX-License-Identifier: MIT
/* Lengths and bytes: truncate, lseek, fallocate, copy_file_range, sendfile, programs that run. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include "posix.h"

/* Are these bytes in the file, and n - strlen(text) zeros behind them? */
static bool holds(int fd, const char *text, int n)
{
	char buf[64] = "";
	int len = strlen(text);

	if (pread(fd, buf, sizeof(buf), 0) != n || memcmp(buf, text, len))
		return false;
	for (int i = len; i < n; i++)
		if (buf[i])
			return false;
	return true;
}

static void test_truncate(void)
{
	int fd, reading, pipes[2];

	file("f", 0644, "abcdef");
	fd = open("f", O_RDWR);
	reading = open("f", O_RDONLY);
	pipe(pipes);
	expect(0, truncate("f", 3));
	check(holds(fd, "abc", 3), 1, "what is left");
	expect(0, truncate("f", 10));
	check(holds(fd, "abc", 10), 1, "zeros behind it");
	expect(0, ftruncate(fd, 0));
	equal(size_of("f"), 0);
	equal((long)status("f").st_blocks, 0);
	expect(EINVAL, truncate("f", -1));
	expect(EINVAL, ftruncate(fd, -1));
	expect(EINVAL, ftruncate(reading, 1));
	expect(EINVAL, ftruncate(pipes[1], 1));
	expect(EBADF, ftruncate(99, 1));
	expect(EISDIR, truncate(".", 0));
	expect(EINVAL, truncate("/dev/null", 0));
	close(pipes[0]);
	close(pipes[1]);
	close(reading);
	close(fd);
	unlink("f");
}

/* A limit on the size: EFBIG, and SIGXFSZ, which is ignored here. */
static void test_size_limit(void)
{
	pid_t pid;

	file("f", 0644, "abc");
	pid = fork();
	if (!pid) {
		struct rlimit limit = { 5, 5 };
		int fd = open("f", O_RDWR), bad = 0;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		bad |= !(truncate("f", 6) == -1 && errno == EFBIG) << 0;
		bad |= (truncate("f", 5) != 0) << 1;
		bad |= !(pwrite(fd, "x", 1, 5) == -1 && errno == EFBIG) << 2;
		bad |= (pwrite(fd, "xyz", 3, 3) != 2) << 3;
		_exit(bad);
	}
	check(ended(pid), 0, "RLIMIT_FSIZE of 5 bytes");
	equal(size_of("f"), 5);
	pid = fork();
	if (!pid) {
		struct rlimit limit = { 5, 5 };

		signal(SIGXFSZ, SIG_DFL);
		setrlimit(RLIMIT_FSIZE, &limit);
		truncate("f", 6);
		_exit(0);
	}
	check(ended(pid), 1000 + SIGXFSZ, "its signal");
	unlink("f");
}

static void test_seek(void)
{
	int fd, pipes[2];
	struct iovec vec[1];
	char c;

	file("f", 0644, "abcdef");
	fd = open("f", O_RDWR);
	pipe(pipes);
	check(lseek(fd, 100, SEEK_SET), 100, "lseek behind the end");
	equal(size_of("f"), 6);
	expect(EINVAL, lseek(fd, -1, SEEK_SET));
	expect(EINVAL, lseek(fd, -7, SEEK_END));
	expect(EINVAL, lseek(fd, 0, 99));
	expect(ESPIPE, lseek(pipes[0], 0, SEEK_CUR));
	expect(ESPIPE, pread(pipes[0], &c, 1, 0));
	expect(EBADF, lseek(99, 0, SEEK_CUR));
	check(lseek(fd, 0, SEEK_DATA), 0, "SEEK_DATA");
	check(lseek(fd, 0, SEEK_HOLE), 6, "SEEK_HOLE: there is one at the end of each file");
	expect(ENXIO, lseek(fd, 6, SEEK_DATA));
	expect(ENXIO, lseek(fd, 7, SEEK_HOLE));
	expect(EINVAL, pread(fd, &c, 1, -1));
	expect(EINVAL, pwrite(fd, &c, 1, -1));
	check(pread(fd, &c, 1, 6), 0, "pread at the end");
	expect(EFAULT, pread(fd, nowhere, 1, 0));
	expect(EFAULT, pwrite(fd, nowhere, 1, 0));
	equal(size_of("f"), 6);
	vec[0] = (struct iovec){ &c, 1 };
	expect(EINVAL, readv(fd, vec, -1));
	expect(EINVAL, readv(fd, vec, 1025));
	close(fd);
	fd = open("f", O_WRONLY | O_APPEND);
	check(pwrite(fd, "g", 1, 0), 1, "pwrite with O_APPEND");
	equal(size_of("f"), 7);
	expect(EBADF, read(fd, &c, 1));
	close(fd);
	fd = open("f", O_RDONLY);
	expect(EBADF, write(fd, &c, 1));
	close(fd);
	fd = open(".", O_RDONLY);
	expect(EISDIR, read(fd, &c, 1));
	close(fd);
	close(pipes[0]);
	close(pipes[1]);
	unlink("f");
}

static void test_fallocate(void)
{
	int fd, reading, pipes[2], dir;

	file("f", 0644, "abcdef");
	fd = open("f", O_RDWR);
	reading = open("f", O_RDONLY);
	dir = open(".", O_RDONLY);
	pipe(pipes);
	expect(EINVAL, fallocate(fd, 0, -1, 10));
	expect(EINVAL, fallocate(fd, 0, 0, 0));
	expect(EINVAL, fallocate(fd, 0, 0, -1));
	expect(EOPNOTSUPP, fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 10));
	expect(EOPNOTSUPP, fallocate(fd, 0x4000, 0, 10));
	expect(EBADF, fallocate(reading, 0, 0, 10));
	expect(EBADF, fallocate(99, 0, 0, 10));
	expect(EBADF, fallocate(dir, 0, 0, 10));
	expect(ESPIPE, fallocate(pipes[1], 0, 0, 10));
	expect(EFBIG, fallocate(fd, 0, 0x7ffffffffffffff0, 100));
	equal(size_of("f"), 6);
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100) && errno == EOPNOTSUPP) {
		skipped("fallocate", "the file system has not got it");
	} else {
		equal(size_of("f"), 6);
		expect(0, fallocate(fd, 0, 0, 10));
		check(holds(fd, "abcdef", 10), 1, "what was there, and zeros");
		expect(0, fallocate(fd, 0, 0, 5));
		equal(size_of("f"), 10);
		expect(0, fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 3, 4096));
		check(holds(fd, "abc", 10), 1, "a hole of zeros");
	}
	close(pipes[0]);
	close(pipes[1]);
	close(dir);
	close(reading);
	close(fd);
	unlink("f");
}

static long copy(int in, off_t from, int out, off_t to, size_t n)
{
	return copy_file_range(in, &from, out, &to, n, 0);
}

static void test_copy_file_range(void)
{
	int in, out, dir, append, pipes[2];
	off_t from = 1;

	file("in", 0644, "abcdef");
	file("out", 0644, "");
	in = open("in", O_RDWR);
	out = open("out", O_RDWR);
	append = open("out", O_WRONLY | O_APPEND);
	dir = open(".", O_RDONLY);
	pipe(pipes);
	check(copy(in, 0, out, 0, 100), 6, "bytes copied, up to the end");
	check(holds(out, "abcdef", 6), 1, "the same bytes");
	check(copy(in, 6, out, 0, 10), 0, "at the end");
	check(copy(in, 100, out, 0, 10), 0, "behind the end");
	check(lseek(in, 0, SEEK_CUR) + lseek(out, 0, SEEK_CUR), 0, "positions stay when others are given");
	check(copy_file_range(in, &from, out, NULL, 2, 0), 2, "with one position given");
	equal((long)from, 3);
	equal((long)lseek(out, 0, SEEK_CUR), 2);
	check(holds(out, "bccdef", 6), 1, "where it went");
	/* Within one file: if the ranges do not overlap, after they are cut at the end. */
	check(copy(in, 3, in, 0, 3), 3, "within a file");
	expect(EINVAL, copy(in, 0, in, 2, 3));
	expect(EINVAL, copy(in, 2, in, 0, 3));
	check(copy(in, 3, in, 6, 100), 3, "overlapping only behind the end");
	expect(EINVAL, copy_file_range(in, NULL, out, NULL, 1, 2));
	expect(EBADF, copy_file_range(99, NULL, out, NULL, 1, 0));
	expect(EBADF, copy_file_range(in, NULL, 99, NULL, 1, 0));
	expect(EBADF, copy_file_range(append, NULL, in, NULL, 1, 0));
	expect(EBADF, copy_file_range(in, NULL, append, NULL, 1, 0));
	expect(EISDIR, copy_file_range(dir, NULL, out, NULL, 1, 0));
	expect(EINVAL, copy_file_range(pipes[0], NULL, out, NULL, 1, 0));
	expect(EINVAL, copy_file_range(in, NULL, pipes[1], NULL, 1, 0));
	expect(EFAULT, copy_file_range(in, nowhere, out, NULL, 1, 0));
	close(pipes[0]);
	close(pipes[1]);
	close(dir);
	close(append);
	close(in);
	close(out);
	unlink("in");
	unlink("out");
}

static void test_sendfile(void)
{
	int in, out, append;
	off_t from = 2;

	file("in", 0644, "abcdef");
	file("out", 0644, "");
	in = open("in", O_RDONLY);
	out = open("out", O_RDWR);
	append = open("out", O_WRONLY | O_APPEND);
	check(sendfile(out, in, NULL, 2), 2, "sendfile");
	equal((long)lseek(in, 0, SEEK_CUR), 2);
	check(sendfile(out, in, &from, 100), 4, "up to the end");
	equal((long)from, 6);
	equal((long)lseek(in, 0, SEEK_CUR), 2);
	check(holds(out, "abcdef", 6), 1, "the bytes");
	check(sendfile(out, in, &from, 100), 0, "at the end");
	expect(EINVAL, sendfile(append, in, NULL, 1));
	expect(EBADF, sendfile(in, in, NULL, 1));
	expect(EBADF, sendfile(out, append, NULL, 1));
	expect(EBADF, sendfile(99, in, NULL, 1));
	expect(EBADF, sendfile(out, 99, NULL, 1));
	expect(EFAULT, sendfile(out, in, nowhere, 1));
	from = -1;
	expect(EINVAL, sendfile(out, in, &from, 1));
	close(append);
	close(in);
	close(out);
	unlink("in");
	unlink("out");
}

/* A program that runs cannot be written, and one that is open for writing cannot be run. */
static void test_running_program(void)
{
	int from = open("/proc/self/exe", O_RDONLY), to = open("prog", O_CREAT | O_WRONLY, 0755);
	int in[2], out[2];
	char c;
	pid_t pid;

	while (sendfile(to, from, NULL, 65536) > 0)
		;
	close(from);
	expect(ETXTBSY, execl("./prog", "prog", "--ids", (char *)NULL));
	close(to);
	pipe(in);
	pipe(out);
	pid = fork();
	if (!pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execl("./prog", "prog", "--wait", (char *)NULL);
		_exit(254);
	}
	check(read(out[0], &c, 1), 1, "a copy of this program runs");
	expect(ETXTBSY, open("prog", O_WRONLY));
	expect(ETXTBSY, open("prog", O_RDONLY | O_TRUNC));
	expect(ETXTBSY, truncate("prog", 0));
	expect(0, opens("prog", O_RDONLY, 0));
	expect(0, chmod("prog", 0700));
	expect(0, rename("prog", "prog2"));
	expect(0, unlink("prog2"));
	close(in[1]);
	check(ended(pid), 0, "it ends");
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

void test_contents(void)
{
	test_truncate();
	test_size_limit();
	test_seek();
	test_fallocate();
	test_copy_file_range();
	test_sendfile();
	test_running_program();
}
