// SPDX-License-Identifier: MIT
/* sync: waits until everything written is on the disks; or only the named files, by fsync. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd, status = 0;

	if (getopt(argc, argv, "") == '?') {
		fprintf(stderr, "usage: sync [FILE...]\n");
		return 2;
	}
	if (optind == argc)
		sync();
	for (; optind < argc; optind++) {
		fd = open(argv[optind], O_RDONLY | O_NONBLOCK);
		if (fd < 0 || fsync(fd)) {
			warn("%s", argv[optind]);
			status = 1;
		}
		if (fd >= 0)
			close(fd);
	}
	return status;
}
