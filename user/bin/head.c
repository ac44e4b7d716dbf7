// SPDX-License-Identifier: MIT
/* head: the first 10 lines of files. -n N: N lines, also as -N; -c N: N bytes. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int usage(void)
{
	fprintf(stderr, "usage: head [-n LINES | -c BYTES] [FILE...]\n");
	return 2;
}

static int number(const char *s, long *n)
{
	char *end;

	*n = strtol(s, &end, 10);
	return *s && !*end && *n >= 0;
}

static int show(FILE *f, const char *name, long lines, long bytes)
{
	int c;

	while ((lines > 0 || bytes > 0) && (c = getc(f)) != EOF) {
		putchar(c);
		bytes--;
		if (c == '\n')
			lines--;
	}
	if (ferror(f)) {
		warn("%s", name);
		return 1;
	}
	fflush(f);		/* puts the offset back: what follows belongs to the next reader */
	return 0;
}

int main(int argc, char **argv)
{
	long lines = 10, bytes = 0;
	int c, i, many, status = 0;
	FILE *f;

	if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) {
		if (!number(argv[1] + 1, &lines))
			return usage();
		optind = 2;
	}
	while ((c = getopt(argc, argv, "n:c:")) != -1) {
		if (c == 'n' && number(optarg, &lines))
			bytes = 0;
		else if (c == 'c' && number(optarg, &bytes))
			lines = 0;
		else
			return usage();
	}
	if (optind == argc)
		return show(stdin, "standard input", lines, bytes);
	many = argc - optind > 1;
	for (i = optind; i < argc; i++) {
		f = strcmp(argv[i], "-") ? fopen(argv[i], "r") : stdin;
		if (!f) {
			warn("%s", argv[i]);
			status = 1;
			continue;
		}
		if (many)
			printf("%s==> %s <==\n", i > optind ? "\n" : "", argv[i]);
		status |= show(f, argv[i], lines, bytes);
		if (f != stdin)
			fclose(f);
	}
	return status;
}
