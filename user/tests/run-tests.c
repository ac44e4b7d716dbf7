// SPDX-License-Identifier: MIT
/*
 * Run test programs and say which failed:
 *
 *	run-tests [NAME...]		without names all that lie beside this program, and in the folder more
 *
 * Each runs in a child with its output shown, indented. It passes when it ends with status 0, has
 * reported all that it planned, and free memory is afterwards what it was before; to that end it is
 * run once before without being judged, so that caches are filled. The exit status is the number of
 * tests that failed.
 */
#include <dirent.h>
#include <libgen.h>
#include <sys/stat.h>
#include "tap.h"

#define SLACK_KB 256

/* These run long, or look after memory themselves: no first run. */
static const char *const once[] = { "badcalls", "leaks", "sched", "cow" };

struct outcome {
	int status;		/* as reap() */
	int results, failures, planned;
};

/* What lies in the kernel's caches of objects is free, too. */
static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	if (fd >= 0) {
		write(fd, "2", 1);
		close(fd);
	}
}

static long free_kb(void)
{
	sync();
	drop_caches();
	return proc_value("/proc/meminfo", "MemFree:") + proc_value("/proc/meminfo", "Cached:") +
	       proc_value("/proc/meminfo", "Buffers:");
}

static void read_line(const char *line, struct outcome *o)
{
	if (!strncmp(line, "ok ", 3)) {
		o->results++;
	} else if (!strncmp(line, "not ok ", 7)) {
		o->results++;
		o->failures++;
	} else if (!strncmp(line, "1..", 3)) {
		o->planned = atoi(line + 3);
	}
}

static struct outcome run(const char *path, int quiet)
{
	struct outcome o = { .planned = -1 };
	char *line = NULL;
	size_t size = 0;
	int fd[2];
	pid_t pid;
	FILE *f;

	if (pipe(fd)) {
		o.status = -errno;
		return o;
	}
	pid = fork();
	if (pid == 0) {
		char *argv[] = { (char *)path, NULL };

		dup2(fd[1], 1);
		close(fd[0]);
		close(fd[1]);
		setsid();
		execv(path, argv);
		_exit(127);
	}
	close(fd[1]);
	f = fdopen(fd[0], "r");
	while (f && getline(&line, &size, f) > 0) {
		read_line(line, &o);
		if (!quiet)
			printf("    %s", line);
		fflush(stdout);
	}
	free(line);
	if (f)
		fclose(f);
	o.status = pid < 0 ? -errno : reap(pid);
	/* What a test has left running when its pipe was closed is our child, or init's. */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return o;
}

static int is_once(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if (!strcmp(name, once[i]))
			return 1;
	return 0;
}

static void test(const char *dir, const char *name)
{
	char path[512];
	struct outcome o;
	long before, lost;
	int tries;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (access(path, X_OK))
		snprintf(path, sizeof(path), "%s/more/%s", dir, name);
	if (!is_once(name))
		run(path, 1);
	before = free_kb();
	printf("# %s\n", name);
	o = run(path, 0);
	lost = before - free_kb();
	/* What RCU keeps comes back after a grace period. */
	for (tries = 0; lost >= SLACK_KB && tries < 50; tries++) {
		usleep(10000);
		lost = before - free_kb();
	}
	if (!o.status && o.planned < 0 && !o.results)
		skip(name, "it reports nothing: not a test");
	else if (o.status || o.planned < 0 || o.results != o.planned || o.failures)
		ok(0, "%s # status %d, %d of %d results, %d failed", name, o.status, o.results, o.planned, o.failures);
	else
		ok(is_once(name) || lost < SLACK_KB, "%s: %d passed, %ld KiB of memory lost", name, o.results, lost);
}

static char *self_name;

static int is_test(const struct dirent *e)
{
	return e->d_name[0] != '.' && strcmp(e->d_name, self_name);
}

static void test_all(const char *dir)
{
	struct dirent **list;
	struct stat st;
	char path[512];
	int i, n;

	n = scandir(dir, &list, is_test, alphasort);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		if (!stat(path, &st) && S_ISREG(st.st_mode) && (st.st_mode & 0111))
			test(dir, list[i]->d_name);
	}
}

int main(int argc, char **argv)
{
	char *copy = strdup(argv[0]), *copy2 = strdup(argv[0]), *dir = dirname(copy);
	char more[512];
	int i;

	self_name = basename(copy2);
	if (argc > 1) {
		for (i = 1; i < argc; i++)
			test(dir, argv[i]);
		return done();
	}
	test_all(dir);
	snprintf(more, sizeof(more), "%s/more", dir);
	test_all(more);
	return done();
}
