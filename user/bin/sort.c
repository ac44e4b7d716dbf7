// SPDX-License-Identifier: MIT
/*
 * sort: lines in order. -n by the number they begin with, -r backwards, -u equal ones once, -f
 * without regard to case, -k N by the Nth word and what follows.
 */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int numeric, backwards, unique, fold;
static long key = 1;
static struct line {
	char	*s;
	size_t	number;		/* in the input: what is equal stays in its order */
} *lines;
static size_t n_lines;

static const char *key_of(const char *s)
{
	long k;

	for (k = 1; k < key; k++) {
		s += strspn(s, " \t");
		s += strcspn(s, " \t");
	}
	return s;
}

static int by_key(const char *a, const char *b)
{
	double x, y;

	a = key_of(a);
	b = key_of(b);
	if (numeric) {
		x = strtod(a, NULL);
		y = strtod(b, NULL);
		return (x > y) - (x < y);
	}
	return fold ? strcasecmp(a, b) : strcmp(a, b);
}

static int compare(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int c = by_key(x->s, y->s);

	if (!c && !unique)
		c = strcmp(x->s, y->s);
	if (!c)
		return x->number < y->number ? -1 : 1;
	return backwards ? -c : c;
}

static void read_lines(FILE *f, const char *name)
{
	char *line = NULL;
	size_t size = 0, room = n_lines;
	ssize_t n;

	while ((n = getline(&line, &size, f)) > 0) {
		if (n_lines == room) {
			room = 2 * room + 64;
			lines = reallocarray(lines, room, sizeof(*lines));
		}
		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		if (!lines || !(lines[n_lines].s = strdup(line)))
			err(2, "%s", name);
		lines[n_lines].number = n_lines;
		n_lines++;
	}
	if (ferror(f))
		err(2, "%s", name);
	free(line);
}

int main(int argc, char **argv)
{
	const char *last = NULL;
	size_t i;
	FILE *f;
	int c;

	while ((c = getopt(argc, argv, "nrufk:")) != -1) {
		switch (c) {
		case 'n': numeric = 1; break;
		case 'r': backwards = 1; break;
		case 'u': unique = 1; break;
		case 'f': fold = 1; break;
		case 'k': key = atol(optarg); break;
		default: key = 0;
		}
	}
	if (key < 1) {
		fprintf(stderr, "usage: sort [-nruf] [-k WORD] [FILE...]\n");
		return 2;
	}
	if (optind == argc)
		read_lines(stdin, "standard input");
	for (; optind < argc; optind++) {
		f = strcmp(argv[optind], "-") ? fopen(argv[optind], "r") : stdin;
		if (!f)
			err(2, "%s", argv[optind]);
		read_lines(f, argv[optind]);
		if (f != stdin)
			fclose(f);
	}
	if (n_lines)
		qsort(lines, n_lines, sizeof(*lines), compare);
	for (i = 0; i < n_lines; i++) {
		if (unique && last && !by_key(last, lines[i].s))
			continue;
		puts(lines[i].s);
		last = lines[i].s;
	}
	return fflush(stdout) ? 2 : 0;
}
