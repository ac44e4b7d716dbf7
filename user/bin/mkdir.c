// SPDX-License-Identifier: MIT
/* mkdir: makes folders. -p: those above too, and no word when it is there already. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make(const char *path, int parents)
{
	struct stat st;

	if (!mkdir(path, 0777))
		return 0;
	if (parents && errno == EEXIST && !stat(path, &st)) {
		if (S_ISDIR(st.st_mode))
			return 0;
		errno = ENOTDIR;
	}
	warn("%s", path);
	return 1;
}

static int make_parents(char *path)
{
	char *slash = path;

	while ((slash = strchr(slash + 1, '/'))) {
		*slash = 0;
		if (make(path, 1))
			return 1;
		*slash = '/';
		slash += strspn(slash, "/") - 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int c, parents = 0, status = 0;

	while ((c = getopt(argc, argv, "p")) != -1) {
		if (c == 'p')
			parents = 1;
		else
			argc = 0;
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: mkdir [-p] FOLDER...\n");
		return 2;
	}
	for (; optind < argc; optind++) {
		if (parents && make_parents(argv[optind]))
			status = 1;
		else
			status |= make(argv[optind], parents);
	}
	return status;
}
