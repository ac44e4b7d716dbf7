// SPDX-License-Identifier: MIT
/* mv: renames files and folders; to another file system, cp -a copies and rm -rf removes them. */
#include <err.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(const char *tool, const char *flags, const char *a, const char *b)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "%s", tool);
	if (!pid) {
		execlp(tool, tool, flags, "--", a, b, (char *)NULL);
		err(127, "%s", tool);
	}
	if (waitpid(pid, &status, 0) < 0)
		err(1, "%s", tool);
	return status;
}

static int move(const char *from, const char *to)
{
	struct stat a, b;

	if (!lstat(from, &a) && !lstat(to, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
		warnx("%s and %s are the same file", from, to);
		return 1;
	}
	if (!rename(from, to))
		return 0;
	if (errno == EXDEV)
		return run("cp", "-a", from, to) || run("rm", "-rf", from, NULL);
	warn("%s to %s", from, to);
	return 1;
}

int main(int argc, char **argv)
{
	char to[PATH_MAX], name[PATH_MAX], *last;
	struct stat st;
	int c, is_dir, status = 0;

	while ((c = getopt(argc, argv, "f")) != -1)
		if (c == '?')
			argc = 0;
	if (argc - optind < 2) {
		fprintf(stderr, "usage: mv FROM TO, or mv FROM... FOLDER\n");
		return 2;
	}
	last = argv[argc - 1];
	is_dir = !stat(last, &st) && S_ISDIR(st.st_mode);
	if (!is_dir && argc - optind > 2)
		errx(1, "%s is not a folder", last);
	for (; optind < argc - 1; optind++) {
		strlcpy(name, argv[optind], sizeof(name));
		if (!is_dir)
			strlcpy(to, last, sizeof(to));
		else if ((size_t)snprintf(to, sizeof(to), "%s/%s", last, basename(name)) >=
			 sizeof(to))
			errx(1, "%s: the name is too long", last);
		status |= move(argv[optind], to);
	}
	return status;
}
