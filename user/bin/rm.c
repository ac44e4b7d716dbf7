// SPDX-License-Identifier: MIT
/* rm: removes files. -r: folders with all that is in them; -f: no word about what is not there. */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int recursive, force;

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
}

static int complain(const char *path)
{
	if (force && errno == ENOENT)
		return 0;
	warn("%s", path);
	return 1;
}

static int remove_one(const char *path)
{
	char sub[PATH_MAX];
	struct dirent **names;
	struct stat st;
	int i, n, status = 0;

	if (lstat(path, &st))
		return complain(path);
	if (!S_ISDIR(st.st_mode))
		return unlink(path) ? complain(path) : 0;
	if (!recursive) {
		errno = EISDIR;
		return complain(path);
	}
	n = scandir(path, &names, not_dots, NULL);
	if (n < 0)
		return complain(path);
	for (i = 0; i < n; i++) {
		if ((size_t)snprintf(sub, sizeof(sub), "%s/%s", path, names[i]->d_name) <
		    sizeof(sub)) {
			status |= remove_one(sub);
		} else {
			errno = ENAMETOOLONG;
			status |= complain(path);
		}
		free(names[i]);
	}
	free(names);
	if (status)
		return status;
	return rmdir(path) ? complain(path) : 0;
}

int main(int argc, char **argv)
{
	char name[PATH_MAX], *last;
	int c, status = 0;

	while ((c = getopt(argc, argv, "rRf")) != -1) {
		switch (c) {
		case 'r':
		case 'R':
			recursive = 1;
			break;
		case 'f':
			force = 1;
			break;
		default:
			argc = 0;
			force = 0;
		}
	}
	if (optind >= argc && !force) {
		fprintf(stderr, "usage: rm [-rf] FILE...\n");
		return 2;
	}
	for (; optind < argc; optind++) {
		strlcpy(name, argv[optind], sizeof(name));
		last = basename(name);
		if (!strcmp(last, ".") || !strcmp(last, "..") || !strcmp(last, "/")) {
			warnx("%s: this one is not removed", argv[optind]);
			status = 1;
			continue;
		}
		status |= remove_one(argv[optind]);
	}
	return status;
}
