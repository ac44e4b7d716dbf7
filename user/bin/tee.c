// SPDX-License-Identifier: MIT
/* tee: standard input to standard output and to files. -a: appends to them. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int write_all(int fd, const char *p, size_t n)
{
	ssize_t w;

	for (; n; p += w, n -= w) {
		w = write(fd, p, n);
		if (w < 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int c, i, flags = O_TRUNC, status = 0, n_files, *fds;
	char buf[4096];
	ssize_t n;

	while ((c = getopt(argc, argv, "a")) != -1) {
		if (c != 'a') {
			fprintf(stderr, "usage: tee [-a] [FILE...]\n");
			return 2;
		}
		flags = O_APPEND;
	}
	argv += optind;
	n_files = argc - optind;
	fds = calloc(n_files + 1, sizeof(*fds));
	if (!fds)
		err(1, "tee");
	for (i = 0; i < n_files; i++) {
		fds[i] = open(argv[i], O_WRONLY | O_CREAT | flags, 0666);
		if (fds[i] < 0) {
			warn("%s", argv[i]);
			status = 1;
		}
	}
	while ((n = read(0, buf, sizeof(buf))) > 0) {
		if (write_all(1, buf, n))
			err(1, "standard output");
		for (i = 0; i < n_files; i++)
			if (fds[i] >= 0 && write_all(fds[i], buf, n)) {
				warn("%s", argv[i]);
				status = 1;
				close(fds[i]);
				fds[i] = -1;
			}
	}
	if (n < 0)
		err(1, "standard input");
	return status;
}
