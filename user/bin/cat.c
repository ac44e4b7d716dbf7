// SPDX-License-Identifier: MIT
/* cat: files to standard output, one after the other; "-" or nothing is standard input. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int copy(int fd, const char *name)
{
	static char buf[65536];
	ssize_t n, done, w;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (done = 0; done < n; done += w) {
			w = write(1, buf + done, n - done);
			if (w < 0)
				err(1, "standard output");
		}
	if (n < 0)
		warn("%s", name);
	return n < 0;
}

int main(int argc, char **argv)
{
	int i, fd, status = 0;

	if (getopt(argc, argv, "u") == '?') {
		fprintf(stderr, "usage: cat [FILE...]\n");
		return 2;
	}
	if (optind == argc)
		return copy(0, "standard input");
	for (i = optind; i < argc; i++) {
		if (!strcmp(argv[i], "-")) {
			status |= copy(0, "standard input");
			continue;
		}
		fd = open(argv[i], O_RDONLY);
		if (fd < 0) {
			warn("%s", argv[i]);
			status = 1;
			continue;
		}
		status |= copy(fd, argv[i]);
		close(fd);
	}
	return status;
}
