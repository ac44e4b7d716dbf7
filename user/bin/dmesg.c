// SPDX-License-Identifier: MIT
/*
 * dmesg: the kernel's log. -c clears it after, -C only clears; -r keeps "<level>"; -n LEVEL sets
 * which messages the console shows.
 */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

static void print(const char *p, const char *end, int raw)
{
	const char *nl;

	for (; p < end; p = nl + 1) {
		if (!raw && p[0] == '<' && isdigit((unsigned char)p[1])) {
			const char *close = memchr(p, '>', end - p);

			if (close)
				p = close + 1;
		}
		nl = memchr(p, '\n', end - p);
		if (!nl) {
			printf("%.*s\n", (int)(end - p), p);
			return;
		}
		fwrite(p, 1, nl + 1 - p, stdout);
	}
}

int main(int argc, char **argv)
{
	int c, action = SYSLOG_ACTION_READ_ALL, raw = 0, size, n;
	char *buf;

	while ((c = getopt(argc, argv, "cCrn:")) != -1) {
		switch (c) {
		case 'c':
			action = SYSLOG_ACTION_READ_CLEAR;
			break;
		case 'C':
			if (klogctl(SYSLOG_ACTION_CLEAR, NULL, 0) < 0)
				err(1, "clearing the log");
			return 0;
		case 'r':
			raw = 1;
			break;
		case 'n':
			if (klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, atoi(optarg)) < 0)
				err(1, "level %s", optarg);
			return 0;
		default:
			argc = 0;
		}
	}
	if (optind != argc) {
		fprintf(stderr, "usage: dmesg [-c | -C | -n LEVEL] [-r]\n");
		return 2;
	}
	size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
	if (size <= 0)
		size = 1 << 17;
	buf = malloc(size);
	if (!buf)
		err(1, "a buffer of %d bytes", size);
	n = klogctl(action, buf, size);
	if (n < 0)
		err(1, "reading the log");
	print(buf, buf + n, raw);
	return fflush(stdout) ? 1 : 0;
}
