// SPDX-License-Identifier: MIT
/* swapoff: brings everything that is on a swap device or file back into memory, and lets go of it. */
#include <err.h>
#include <stdio.h>
#include <sys/swap.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0;

	if (getopt(argc, argv, "") == '?' || optind == argc) {
		fprintf(stderr, "usage: swapoff FILE...\n");
		return 2;
	}
	for (; optind < argc; optind++) {
		if (swapoff(argv[optind])) {
			warn("%s", argv[optind]);
			status = 1;
		}
	}
	return status;
}
