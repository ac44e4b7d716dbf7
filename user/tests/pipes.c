// SPDX-License-Identifier: MIT
/* Pipes: order, blocking, ends that close, atomic writes, poll, SIGPIPE. */
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include "tap.h"

static int fd[2];

static void test_basics(void)
{
	char buf[16] = "";
	int avail = 0;

	is(pipe(fd), 0, "pipe");
	is(write(fd[1], "abc", 3), 3, "write");
	is(write(fd[1], "def", 3), 3, "and write");
	is(ioctl(fd[0], FIONREAD, &avail) ? -1 : avail, 6, "FIONREAD");
	is(read(fd[0], buf, 4), 4, "read part");
	is(read(fd[0], buf + 4, 10), 2, "read the rest: a short read");
	ok(!memcmp(buf, "abcdef", 6), "in the order of writing");
	fails(lseek(fd[0], 0, SEEK_SET), ESPIPE, "no seeking");
	fails(read(fd[1], buf, 1), EBADF, "no reading at the writing end");
	fails(write(fd[0], buf, 1), EBADF, "no writing at the reading end");
	close(fd[1]);
	is(read(fd[0], buf, 1), 0, "without a writer: the end");
	close(fd[0]);
}

static void test_sigpipe_child(void)
{
	int p[2];

	if (pipe(p) == 0) {
		close(p[0]);
		write(p[1], "x", 1);
	}
}

static void test_sigpipe(void)
{
	is(in_child(test_sigpipe_child), 1000 + SIGPIPE, "writing without a reader: SIGPIPE");
	signal(SIGPIPE, SIG_IGN);
	pipe(fd);
	close(fd[0]);
	fails(write(fd[1], "x", 1), EPIPE, "EPIPE when that is ignored");
	close(fd[1]);
	signal(SIGPIPE, SIG_DFL);
}

static void test_nonblock(void)
{
	static char page[4096];
	long total = 0, n;
	struct pollfd p[2];

	is(pipe2(fd, O_NONBLOCK | O_CLOEXEC), 0, "pipe2");
	p[0] = (struct pollfd){ fd[0], POLLIN, 0 };
	p[1] = (struct pollfd){ fd[1], POLLOUT, 0 };
	fails(read(fd[0], page, 1), EAGAIN, "nothing to read: EAGAIN");
	is(poll(p, 2, 0), 1, "poll: one is ready");
	is(p[1].revents, POLLOUT, "the writing end");
	while ((n = write(fd[1], page, sizeof(page))) > 0)
		total += n;
	is(errno, EAGAIN, "full: EAGAIN");
	is(total, 65536, "it holds 64 KiB");
	is(poll(p, 2, 0), 1, "poll: one is ready");
	is(p[0].revents, POLLIN, "the reading end");
	read(fd[0], page, 100);
	fails(write(fd[1], page, 4096), EAGAIN, "a write of up to 4096 bytes is whole or not at all");
	close(fd[1]);
	poll(p, 1, 0);
	ok(p[0].revents & POLLHUP, "poll: POLLHUP without a writer");
	close(fd[0]);
	fails(pipe2(fd, 0x40000000), EINVAL, "pipe2 with an unknown flag");
}

/* More than the pipe holds goes through, in order. */
static void test_stream(void)
{
	static unsigned int buf[5000];
	unsigned int i, next = 0, wrong = 0;
	int status;
	long n, rest = 0;
	pid_t pid;

	pipe(fd);
	pid = fork();
	if (pid == 0) {
		int round;

		close(fd[0]);
		for (round = 0; round < 40; round++) {
			for (i = 0; i < 5000; i++)
				buf[i] = round * 5000 + i;
			if (write(fd[1], buf, sizeof(buf)) != sizeof(buf))
				_exit(1);
		}
		_exit(0);
	}
	close(fd[1]);
	while ((n = read(fd[0], (char *)buf + rest, sizeof(buf) - rest)) > 0) {
		n += rest;
		for (i = 0; i < n / 4; i++)
			wrong += buf[i] != next++;
		rest = n % 4;
		memmove(buf, (char *)buf + n - rest, rest);
	}
	status = reap(pid);
	is(status, 0, "a writer of 800,000 bytes, 20,000 at a time");
	is(next, 200000, "all arrive");
	is(wrong, 0, "in order");
	close(fd[0]);
}

/* Four writers; lines of 100 bytes are never mixed. */
static void test_atomic(void)
{
	char line[100];
	int i, j, lines = 0, mixed = 0;

	pipe(fd);
	for (i = 0; i < 4; i++) {
		if (fork() == 0) {
			memset(line, 'a' + i, sizeof(line));
			for (j = 0; j < 200; j++)
				write(fd[1], line, sizeof(line));
			_exit(0);
		}
	}
	close(fd[1]);
	while (read(fd[0], line, sizeof(line)) == sizeof(line)) {
		lines++;
		for (j = 1; j < (int)sizeof(line); j++)
			if (line[j] != line[0]) {
				mixed++;
				break;
			}
	}
	is(lines, 800, "four writers, 200 lines each");
	is(mixed, 0, "small writes are not mixed");
	while (wait(NULL) > 0)
		;
	close(fd[0]);
}

static void test_fifo(void)
{
	char c = 0;
	int a, b;
	pid_t pid;

	unlink("/tmp/pipes-fifo");
	if (mkfifo("/tmp/pipes-fifo", 0600)) {
		skip("a FIFO", "none here");
		return;
	}
	fails(open("/tmp/pipes-fifo", O_WRONLY | O_NONBLOCK), ENXIO, "a FIFO without a reader");
	pid = fork();
	if (pid == 0) {
		a = open("/tmp/pipes-fifo", O_WRONLY);
		_exit(write(a, "f", 1) != 1);
	}
	b = open("/tmp/pipes-fifo", O_RDONLY);
	is(read(b, &c, 1), 1, "open waits for the other end, and a byte goes through");
	is(c, 'f', "the right one");
	is(reap(pid), 0, "the writer");
	close(b);
	unlink("/tmp/pipes-fifo");
}

int main(void)
{
	test_basics();
	test_sigpipe();
	test_nonblock();
	test_stream();
	test_atomic();
	test_fifo();
	return done();
}
