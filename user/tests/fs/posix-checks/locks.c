// SPDX-License-Identifier: MIT
/* flock(2), record locks of a process, and those of an open file. */
#include <signal.h>
#include <sys/file.h>
#include "posix.h"

#ifndef F_OFD_GETLK
#define F_OFD_GETLK	36
#define F_OFD_SETLK	37
#define F_OFD_SETLKW	38
#endif

static long range(int fd, int cmd, int type, off_t start, off_t len)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &l);
}

/* What a child is told is in the way: type, start and len; and whose it is. */
struct seen {
	short	type, pid_right;
	int	start, len;
};

static struct seen seen_by_child(int fd, int cmd, off_t start, off_t len, pid_t whose)
{
	struct seen seen = { };
	int pipes[2];
	pid_t pid;

	pipe(pipes);
	pid = fork();
	if (!pid) {
		struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

		fcntl(fd, cmd, &l);
		seen = (struct seen){ l.l_type, l.l_type == F_UNLCK || l.l_pid == whose, l.l_start, l.l_len };
		write(pipes[1], &seen, sizeof(seen));
		_exit(0);
	}
	read(pipes[0], &seen, sizeof(seen));
	ended(pid);
	close(pipes[0]);
	close(pipes[1]);
	return seen;
}

static void check_seen(int fd, off_t start, off_t len, int type, int at, int n, const char *why)
{
	struct seen s = seen_by_child(fd, F_GETLK, start, len, getpid());

	if (type == F_UNLCK)
		check(s.type, F_UNLCK, "%s: nothing is in the way", why);
	else
		check(s.type == type && s.start == at && s.len == n && s.pid_right, 1, "%s: %d at %d, %d bytes (saw %d at %d, %d)",
		      why, type, at, n, s.type, s.start, s.len);
}

static void test_flock(void)
{
	int a, b, c;

	file("f", 0644, "");
	a = open("f", O_RDWR);
	b = open("f", O_RDONLY);
	c = dup(a);
	expect(0, flock(a, LOCK_SH));
	expect(0, flock(b, LOCK_SH | LOCK_NB));
	expect(EWOULDBLOCK, flock(b, LOCK_EX | LOCK_NB));
	/* A change is an unlock and a lock: what could not be had has cost what was had. */
	expect(0, flock(a, LOCK_EX | LOCK_NB));
	expect(EWOULDBLOCK, flock(b, LOCK_SH | LOCK_NB));
	expect(0, flock(c, LOCK_EX | LOCK_NB));
	expect(0, flock(c, LOCK_UN));
	expect(0, flock(b, LOCK_EX | LOCK_NB));
	expect(EWOULDBLOCK, flock(a, LOCK_EX | LOCK_NB));
	close(b);
	expect(0, flock(a, LOCK_EX | LOCK_NB));
	close(a);
	b = open("f", O_RDONLY);
	expect(EWOULDBLOCK, flock(b, LOCK_EX | LOCK_NB));
	close(c);
	expect(0, flock(b, LOCK_EX | LOCK_NB));
	expect(EINVAL, flock(b, 0));
	expect(EINVAL, flock(b, LOCK_SH | LOCK_EX));
	expect(EBADF, flock(99, LOCK_SH));
	close(b);
	unlink("f");
}

static void test_ranges(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = 1, .l_len = -3 };
	int fd, reading, writing;

	file("f", 0644, "0123456789");
	fd = open("f", O_RDWR);
	reading = open("f", O_RDONLY);
	writing = open("f", O_WRONLY);
	expect(0, range(fd, F_SETLK, F_WRLCK, 10, 10));
	check_seen(fd, 0, 10, F_UNLCK, 0, 0, "before it");
	check_seen(fd, 0, 11, F_WRLCK, 10, 10, "up to it");
	check_seen(fd, 19, 1, F_WRLCK, 10, 10, "its last byte");
	check_seen(fd, 20, 0, F_UNLCK, 0, 0, "behind it");
	expect(0, range(fd, F_SETLK, F_UNLCK, 14, 2));
	check_seen(fd, 0, 0, F_WRLCK, 10, 4, "a hole in it: the first part");
	check_seen(fd, 14, 0, F_WRLCK, 16, 4, "the second part");
	check_seen(fd, 14, 2, F_UNLCK, 0, 0, "the hole");
	expect(0, range(fd, F_SETLK, F_WRLCK, 14, 2));
	check_seen(fd, 0, 0, F_WRLCK, 10, 10, "neighbours become one");
	expect(0, range(fd, F_SETLK, F_RDLCK, 12, 100));
	check_seen(fd, 0, 0, F_WRLCK, 10, 2, "a part turns into another kind");
	check_seen(fd, 12, 0, F_RDLCK, 12, 100, "the read lock");
	expect(0, range(fd, F_SETLK, F_RDLCK, 0, 0));
	check_seen(fd, 5000, 0, F_RDLCK, 0, 0, "to the end of all files");
	expect(0, range(fd, F_SETLK, F_UNLCK, 0, 0));
	check_seen(fd, 0, 0, F_UNLCK, 0, 0, "all of it");
	expect(0, fcntl(fd, F_SETLK, &l));
	check_seen(fd, 0, 0, F_WRLCK, 8, 3, "a negative length");
	expect(EINVAL, range(fd, F_SETLK, F_WRLCK, -1, 1));
	expect(EINVAL, range(fd, F_SETLK, F_WRLCK, 1, -2));
	expect(EINVAL, range(fd, F_SETLK, 7, 0, 1));
	expect(EINVAL, range(fd, F_GETLK, F_UNLCK, 0, 1));
	expect(EOVERFLOW, range(fd, F_SETLK, F_WRLCK, 0x7fffffffffffffff, 2));
	expect(EFAULT, fcntl(fd, F_SETLK, nowhere));
	expect(EBADF, range(99, F_SETLK, F_WRLCK, 0, 1));
	expect(EBADF, range(reading, F_SETLK, F_WRLCK, 0, 1));
	expect(EBADF, range(writing, F_SETLK, F_RDLCK, 0, 1));
	/* A process has no quarrel with itself, and loses all with the first descriptor that it closes. */
	expect(0, range(writing, F_SETLK, F_WRLCK, 0, 0));
	close(reading);
	check_seen(fd, 0, 0, F_UNLCK, 0, 0, "after close");
	close(writing);
	close(fd);
	unlink("f");
}

/* A child who does this, and sleeps in it for long. */
static pid_t waiter(int fd, int cmd, int type, off_t start)
{
	char path[40], buf[256], *state;
	pid_t pid = fork();
	int stat_fd;
	ssize_t n;

	if (!pid)
		_exit(range(fd, cmd, type, start, 1) == -1 ? errno : 0);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (;;) {
		stat_fd = open(path, O_RDONLY);
		n = read(stat_fd, buf, sizeof(buf) - 1);
		close(stat_fd);
		buf[n < 0 ? 0 : n] = 0;
		state = strrchr(buf, ')');
		if (!state || state[2] == 'S' || state[2] == 'Z')
			return pid;
		usleep(1000);
	}
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void test_waiting(void)
{
	struct sigaction act = { .sa_handler = on_alarm };
	int fd, pipes[2];
	pid_t pid;
	char c;

	file("f", 0644, "");
	fd = open("f", O_RDWR);
	expect(0, range(fd, F_SETLK, F_WRLCK, 0, 1));
	expect_as(&alice, EAGAIN, range(fd, F_SETLK, F_WRLCK, 0, 1));
	pid = waiter(fd, F_SETLKW, F_WRLCK, 0);
	expect(0, range(fd, F_SETLK, F_UNLCK, 0, 1));
	check(ended(pid), 0, "who waited gets it");
	expect(0, range(fd, F_SETLK, F_WRLCK, 0, 1));
	sigaction(SIGUSR1, &act, NULL);
	pid = waiter(fd, F_SETLKW, F_RDLCK, 0);
	kill(pid, SIGUSR1);
	check(ended(pid), EINTR, "or a signal");
	/* A circle: the child has byte 1 and waits for our byte 0. */
	pipe(pipes);
	pid = fork();
	if (!pid) {
		range(fd, F_SETLK, F_WRLCK, 1, 1);
		write(pipes[1], "x", 1);
		_exit(range(fd, F_SETLKW, F_WRLCK, 0, 1) == -1 ? errno : 0);
	}
	read(pipes[0], &c, 1);
	/* One of the two is told, whoever comes second. */
	if (range(fd, F_SETLKW, F_WRLCK, 1, 1) == -1) {
		check(errno, EDEADLK, "a circle of two is seen");
		range(fd, F_SETLK, F_UNLCK, 0, 1);
		check(ended(pid), 0, "and the other gets it");
	} else {
		check(ended(pid), EDEADLK, "a circle of two is seen");
		check(0, 0, "and the other gets it");
	}
	close(pipes[0]);
	close(pipes[1]);
	close(fd);
	unlink("f");
}

static void test_open_file_locks(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_pid = 1 };
	struct seen s;
	int a, b, c;
	pid_t pid;

	file("f", 0644, "");
	a = open("f", O_RDWR);
	b = open("f", O_RDWR);
	c = dup(a);
	expect(0, range(a, F_OFD_SETLK, F_WRLCK, 0, 10));
	expect(EAGAIN, range(b, F_OFD_SETLK, F_RDLCK, 5, 1));
	expect(0, range(b, F_OFD_SETLK, F_WRLCK, 10, 1));
	expect(EAGAIN, range(b, F_SETLK, F_WRLCK, 0, 1));
	expect(0, range(c, F_OFD_SETLK, F_RDLCK, 0, 10));
	expect(EINVAL, fcntl(a, F_OFD_SETLK, &l));
	s = seen_by_child(b, F_OFD_GETLK, 0, 1, -1);
	check(s.type == F_RDLCK && s.pid_right && s.len == 10, 1, "F_OFD_GETLK: the owner is nobody's number");
	close(a);
	expect(EAGAIN, range(b, F_OFD_SETLK, F_WRLCK, 0, 1));
	pid = fork();
	if (!pid)
		_exit(range(c, F_OFD_SETLK, F_UNLCK, 0, 10) == -1 ? errno : 0);
	check(ended(pid), 0, "a child who has the file can unlock it");
	expect(0, range(b, F_OFD_SETLK, F_WRLCK, 0, 1));
	close(c);
	close(b);
	unlink("f");
}

void test_locks(void)
{
	test_flock();
	test_ranges();
	test_waiting();
	test_open_file_locks();
}
