// SPDX-License-Identifier: MIT
/*
 * tail: the last 10 lines of files. -n N: N lines, also as -N; -c N: N bytes; +N for either: from
 * line or byte N on.
 */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long amount = 10;
static int bytes, from_start;

static int usage(void)
{
	fprintf(stderr, "usage: tail [-n [+]LINES | -c [+]BYTES] [FILE...]\n");
	return 2;
}

static int set_amount(const char *s, int in_bytes)
{
	char *end;

	bytes = in_bytes;
	from_start = *s == '+';
	amount = strtol(s, &end, 10);
	if (amount < 0)
		amount = -amount;
	return *s && !*end;
}

static void skip(FILE *f)
{
	long n = amount - 1;
	int c;

	while (n > 0 && (c = getc(f)) != EOF)
		if (bytes || c == '\n')
			n--;
	while ((c = getc(f)) != EOF)
		putchar(c);
}

/* Reads everything, and keeps where the last lines began. */
static void last_lines(FILE *f)
{
	char **ring = calloc(amount, sizeof(*ring));
	size_t *sizes = calloc(amount, sizeof(*sizes));
	ssize_t *lengths = calloc(amount, sizeof(*lengths)), n;
	unsigned long count = 0, i;

	if (!ring || !sizes || !lengths)
		err(1, "%ld lines", amount);
	while ((n = getline(&ring[count % amount], &sizes[count % amount], f)) > 0)
		lengths[count++ % amount] = n;
	for (i = count > (unsigned long)amount ? count - amount : 0; i < count; i++)
		fwrite(ring[i % amount], 1, lengths[i % amount], stdout);
	for (i = 0; i < (unsigned long)amount; i++)
		free(ring[i]);
	free(ring);
	free(sizes);
	free(lengths);
}

static void last_bytes(FILE *f)
{
	char *ring = malloc(amount);
	unsigned long count = 0, i;
	int c;

	if (!ring)
		err(1, "%ld bytes", amount);
	while ((c = getc(f)) != EOF)
		ring[count++ % amount] = c;
	for (i = count > (unsigned long)amount ? count - amount : 0; i < count; i++)
		putchar(ring[i % amount]);
	free(ring);
}

static int show(FILE *f, const char *name)
{
	if (from_start)
		skip(f);
	else if (amount && bytes)
		last_bytes(f);
	else if (amount)
		last_lines(f);
	if (!ferror(f))
		return 0;
	warn("%s", name);
	return 1;
}

int main(int argc, char **argv)
{
	int c, i, many, status = 0;
	FILE *f;

	if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) {
		if (!set_amount(argv[1] + 1, 0))
			return usage();
		optind = 2;
	}
	while ((c = getopt(argc, argv, "n:c:")) != -1)
		if (c == '?' || !set_amount(optarg, c == 'c'))
			return usage();
	if (optind == argc)
		return show(stdin, "standard input");
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
		status |= show(f, argv[i]);
		if (f != stdin)
			fclose(f);
	}
	return status;
}
