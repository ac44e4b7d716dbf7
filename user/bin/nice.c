// SPDX-License-Identifier: MIT
/* nice: runs a program with another nice value, by default 10 more; alone it shows its own. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int c, by = 10, own;
	char *end;

	while ((c = getopt(argc, argv, "n:")) != -1) {
		end = "?";
		if (c == 'n')
			by = strtol(optarg, &end, 10);
		if (c != 'n' || end == optarg || *end)
			goto usage;
	}
	errno = 0;
	own = getpriority(PRIO_PROCESS, 0);
	if (errno)
		err(125, "getpriority");
	if (optind == argc) {
		if (argc > 1)
			goto usage;
		printf("%d\n", own);
		return 0;
	}
	if (setpriority(PRIO_PROCESS, 0, own + by))
		warn("nice value %d", own + by);
	execvp(argv[optind], argv + optind);
	warn("%s", argv[optind]);
	return errno == ENOENT ? 127 : 126;
usage:
	fprintf(stderr, "usage: nice [-n BY] [PROGRAM [ARG...]]\n");
	return 125;
}
