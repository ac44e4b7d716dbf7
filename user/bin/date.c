// SPDX-License-Identifier: MIT
/* date: the time, in UTC. +FORMAT as strftime's; -d @SECONDS: that time; -s @SECONDS: sets it. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int seconds(const char *s, time_t *t)
{
	char *end;

	s += *s == '@';
	*t = strtol(s, &end, 10);
	return *s && !*end;
}

int main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	int c, set = 0, bad = 0;
	struct timespec ts;
	char buf[1024];

	clock_gettime(CLOCK_REALTIME, &ts);
	while ((c = getopt(argc, argv, "ud:s:")) != -1) {
		if (c == 'd' || c == 's') {
			bad |= !seconds(optarg, &ts.tv_sec);
			ts.tv_nsec = 0;
			set |= c == 's';
		} else if (c != 'u') {
			bad = 1;
		}
	}
	if (optind < argc && argv[optind][0] == '+')
		format = argv[optind++] + 1;
	if (bad || optind != argc) {
		fprintf(stderr, "usage: date [-d @SECONDS | -s @SECONDS] [+FORMAT]\n");
		return 2;
	}
	if (set && clock_settime(CLOCK_REALTIME, &ts))
		err(1, "setting the clock");
	if (*format && !strftime(buf, sizeof(buf), format, gmtime(&ts.tv_sec)))
		errx(1, "the format is too long");
	puts(*format ? buf : "");
	return 0;
}
