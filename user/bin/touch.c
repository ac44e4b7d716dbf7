// SPDX-License-Identifier: MIT
/* touch: sets a file's times to now, and makes the file if there is none (not with -c). */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int c, create = 1, fd, status = 0;

	while ((c = getopt(argc, argv, "c")) != -1) {
		if (c == 'c')
			create = 0;
		else
			argc = 0;
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: touch [-c] FILE...\n");
		return 2;
	}
	for (; optind < argc; optind++) {
		if (!utimensat(AT_FDCWD, argv[optind], NULL, 0))
			continue;
		if (errno == ENOENT && !create)
			continue;
		fd = errno == ENOENT ? open(argv[optind], O_WRONLY | O_CREAT, 0666) : -1;
		if (fd < 0) {
			warn("%s", argv[optind]);
			status = 1;
			continue;
		}
		close(fd);
	}
	return status;
}
