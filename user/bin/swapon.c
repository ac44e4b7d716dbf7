// SPDX-License-Identifier: MIT
/* swapon: lets the kernel move pages to devices and files that mkswap has prepared. Alone: shows them. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/swap.h>
#include <unistd.h>

static int show(void)
{
	char line[256];
	FILE *f = fopen("/proc/swaps", "r");

	if (!f)
		err(1, "/proc/swaps (is /proc mounted?)");
	while (fgets(line, sizeof(line), f))
		fputs(line, stdout);
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	int c, flags = 0, status = 0;

	while ((c = getopt(argc, argv, "p:s")) != -1) {
		switch (c) {
		case 'p':
			flags = SWAP_FLAG_PREFER | (atoi(optarg) & SWAP_FLAG_PRIO_MASK);
			break;
		case 's':
			return show();
		default:
			fprintf(stderr, "usage: swapon [-s] [-p PRIORITY] [FILE...]\n");
			return 2;
		}
	}
	if (optind == argc)
		return show();
	for (; optind < argc; optind++) {
		if (swapon(argv[optind], flags)) {
			warn("%s", argv[optind]);
			status = 1;
		}
	}
	return status;
}
