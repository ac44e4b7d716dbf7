// SPDX-License-Identifier: MIT
/* seq: whole numbers from FIRST (1) to LAST by STEP (1). -s TEXT stands between them. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long number(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end)
		errx(1, "%s: not a whole number", s);
	return n;
}

int main(int argc, char **argv)
{
	const char *between = "\n";
	long first = 1, step = 1, last, n;
	int i = 1, left;

	/* Not getopt: -3 is a number. */
	if (argc > 1 && !strncmp(argv[1], "-s", 2)) {
		between = argv[1][2] ? argv[1] + 2 : argv[2];
		i = argv[1][2] ? 2 : 3;
	}
	left = argc - i;
	if (left < 1 || left > 3) {
		fprintf(stderr, "usage: seq [-s TEXT] [FIRST [STEP]] LAST\n");
		return 2;
	}
	last = number(argv[argc - 1]);
	if (left > 1)
		first = number(argv[i]);
	if (left > 2)
		step = number(argv[i + 1]);
	if (!step)
		errx(1, "a step of 0 never ends");
	for (n = first; step > 0 ? n <= last : n >= last; ) {
		printf("%s%ld", n == first ? "" : between, n);
		if (__builtin_add_overflow(n, step, &n))
			break;
	}
	if (step > 0 ? first <= last : first >= last)
		putchar('\n');
	return fflush(stdout) ? 1 : 0;
}
