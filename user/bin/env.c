// SPDX-License-Identifier: MIT
/* env: shows the environment, or runs a program in a changed one. -i: an empty one; -u removes. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char **p;
	int c;

	while ((c = getopt(argc, argv, "iu:")) != -1) {
		if (c == 'i') {
			clearenv();
		} else if (c == 'u') {
			unsetenv(optarg);
		} else {
			fprintf(stderr, "usage: env [-i] [-u NAME] [NAME=VALUE...] "
				"[PROGRAM [ARG...]]\n");
			return 2;
		}
	}
	for (; optind < argc && strchr(argv[optind], '='); optind++)
		if (putenv(argv[optind]))
			err(125, "%s", argv[optind]);
	if (optind < argc) {
		execvp(argv[optind], argv + optind);
		warn("%s", argv[optind]);
		return errno == ENOENT ? 127 : 126;
	}
	for (p = environ; p && *p; p++)
		puts(*p);
	return 0;
}
