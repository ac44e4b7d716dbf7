// SPDX-License-Identifier: MIT
/* rmdir: removes empty folders. */
#include <err.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0;

	if (getopt(argc, argv, "") == '?' || optind >= argc) {
		fprintf(stderr, "usage: rmdir FOLDER...\n");
		return 2;
	}
	for (; optind < argc; optind++)
		if (rmdir(argv[optind])) {
			warn("%s", argv[optind]);
			status = 1;
		}
	return status;
}
