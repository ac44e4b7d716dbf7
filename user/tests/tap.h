// SPDX-License-Identifier: MIT
/*
 * What a test program reports with: TAP, one line a check.
 *
 *	ok(n == 3, "three files");		the condition, and what it promises
 *	is(n, 3, "files in the folder");	a number: says what was seen when it is another
 *	return done();				the plan, and the status: how many failed
 *
 * A child that the test forks leaves by _exit(): it must not write the parent's report again.
 */
#ifndef _TESTS_TAP_H
#define _TESTS_TAP_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int tap_count, tap_failed;

#define MAYBE_UNUSED __attribute__((unused))

static MAYBE_UNUSED __attribute__((format(printf, 2, 3))) int ok(int cond, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	printf("%sok %d - %s\n", cond ? "" : "not ", ++tap_count, what);
	fflush(stdout);
	tap_failed += !cond;
	return cond;
}

static MAYBE_UNUSED __attribute__((format(printf, 3, 4))) int is(long saw, long expected,
								 const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (saw == expected)
		return ok(1, "%s", what);
	printf("not ok %d - %s # saw %ld, expected %ld\n", ++tap_count, what, saw, expected);
	fflush(stdout);
	tap_failed++;
	return 0;
}

/* The call is expected to fail with this errno. */
#define fails(call, error, ...)						\
({									\
	errno = 0;							\
	long __ret = (long)(call);					\
	is(__ret == -1 ? errno : __ret, error, __VA_ARGS__);		\
})

/* Something that cannot be checked here. */
static MAYBE_UNUSED void skip(const char *what, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, what, why);
	fflush(stdout);
}

static MAYBE_UNUSED int done(void)
{
	printf("1..%d\n", tap_count);
	fflush(stdout);
	return tap_failed > 100 ? 100 : tap_failed;
}

/* Wait for one child: its exit status, 1000 + signal when one killed it, -errno. */
static MAYBE_UNUSED int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* A child that waits to be killed. */
static MAYBE_UNUSED pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static MAYBE_UNUSED void end(pid_t pid)
{
	kill(pid, SIGKILL);
	reap(pid);
}

/* Run fn in a child; how it ended, as reap() says it. */
static MAYBE_UNUSED int in_child(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		fn();
		_exit(0);
	}
	return pid < 0 ? -errno : reap(pid);
}

/* Until a child sleeps in a call that a signal may interrupt: so that what is done next wakes it. */
static MAYBE_UNUSED void until_asleep(pid_t pid)
{
	char path[40], buf[256], *state;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (;;) {
		fd = open(path, O_RDONLY);
		n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
		close(fd);
		if (n <= 0)
			return;
		buf[n] = 0;
		state = strrchr(buf, ')');
		if (!state || state[2] == 'S' || state[2] == 'Z' || state[2] == 'T')
			return;
		usleep(1000);
	}
}

/* What /proc/self/fd says of a descriptor. */
static MAYBE_UNUSED const char *fd_link(int fd)
{
	static char target[100];
	char path[40];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, target, sizeof(target) - 1);
	target[n < 0 ? 0 : n] = 0;
	return target;
}

/* A number of a /proc file, from the line that starts with key: "MemFree:"; -1 when it is not there. */
static MAYBE_UNUSED long proc_value(const char *path, const char *key)
{
	static char buf[8192];
	int fd = open(path, O_RDONLY);
	size_t len = 0;
	ssize_t n;
	char *at;

	if (fd < 0)
		return -1;
	while (len < sizeof(buf) - 1 && (n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	close(fd);
	buf[len] = 0;
	for (at = buf; (at = strstr(at, key)); at++)
		if (at == buf || at[-1] == '\n')
			return strtol(at + strlen(key), NULL, 10);
	return -1;
}

#endif
