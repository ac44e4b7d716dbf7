// SPDX-License-Identifier: MIT
/* cmp: where two files differ first. Status 0: nowhere; 1: somewhere; 2: an error. -s: silent. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static FILE *open_file(const char *name)
{
	FILE *f = strcmp(name, "-") ? fopen(name, "r") : stdin;

	if (!f)
		err(2, "%s", name);
	return f;
}

int main(int argc, char **argv)
{
	unsigned long byte = 1, line = 1;
	int c, silent = 0, a, b;
	FILE *f, *g;

	while ((c = getopt(argc, argv, "s")) != -1) {
		if (c == 's')
			silent = 1;
		else
			argc = 0;
	}
	if (argc - optind != 2) {
		fprintf(stderr, "usage: cmp [-s] FILE FILE\n");
		return 2;
	}
	argv += optind;
	f = open_file(argv[0]);
	g = open_file(argv[1]);
	do {
		a = getc(f);
		b = getc(g);
		if (a != b)
			break;
		byte++;
		line += a == '\n';
	} while (a != EOF);
	if (ferror(f) || ferror(g))
		err(2, "%s", argv[!ferror(f)]);
	if (a == b)
		return 0;
	if (silent)
		return 1;
	if (a == EOF || b == EOF)
		warnx("EOF on %s after byte %lu", argv[a != EOF], byte - 1);
	else
		printf("%s %s differ: byte %lu, line %lu\n", argv[0], argv[1], byte, line);
	return 1;
}
