// SPDX-License-Identifier: MIT
/* sleep: waits for the sum of its arguments: seconds with fractions, or with s m h d behind. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
	double total = 0, n;
	struct timespec ts;
	char *end;
	int i;

	for (i = 1; i < argc; i++) {
		n = strtod(argv[i], &end);
		if (end == argv[i])
			goto usage;
		switch (*end) {
		case 'd':
			n *= 24;
			/* fallthrough */
		case 'h':
			n *= 60;
			/* fallthrough */
		case 'm':
			n *= 60;
			/* fallthrough */
		case 's':
			end++;
		}
		if (*end || !(n >= 0))
			goto usage;
		total += n;
	}
	if (argc < 2)
		goto usage;
	ts.tv_sec = total > 1e15 ? (time_t)1e15 : (time_t)total;
	ts.tv_nsec = total > 1e15 ? 0 : (total - ts.tv_sec) * 1e9;
	while (nanosleep(&ts, &ts))
		if (errno != EINTR)
			err(1, "nanosleep");
	return 0;
usage:
	fprintf(stderr, "usage: sleep SECONDS[smhd]...\n");
	return 2;
}
