// SPDX-License-Identifier: MIT
/* ln: another name for a file. -s: a symbolic link; -f: takes the place of what has the name. */
#include <err.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char to[PATH_MAX], name[PATH_MAX];
	int c, symbolic = 0, force = 0, is_dir, status = 0;
	const char *last;
	struct stat st;

	while ((c = getopt(argc, argv, "sf")) != -1) {
		switch (c) {
		case 's':
			symbolic = 1;
			break;
		case 'f':
			force = 1;
			break;
		default:
			argc = 0;
		}
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: ln [-sf] FILE NAME, or ln [-sf] FILE... FOLDER\n");
		return 2;
	}
	last = argc - optind == 1 ? "." : argv[--argc];
	is_dir = !stat(last, &st) && S_ISDIR(st.st_mode);
	if (!is_dir && argc - optind > 1)
		errx(1, "%s is not a folder", last);
	for (; optind < argc; optind++) {
		strlcpy(name, argv[optind], sizeof(name));
		if (is_dir)
			snprintf(to, sizeof(to), "%s/%s", last, basename(name));
		else
			strlcpy(to, last, sizeof(to));
		if (force && unlink(to) && errno != ENOENT) {
			warn("%s", to);
			status = 1;
		} else if ((symbolic ? symlink : link)(argv[optind], to)) {
			warn("%s to %s", to, argv[optind]);
			status = 1;
		}
	}
	return status;
}
