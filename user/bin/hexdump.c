// SPDX-License-Identifier: MIT
/*
 * hexdump: files in hexadecimal, 16 bytes a line: words of 2 bytes, or with -C bytes and text.
 * -n N: at most N bytes; -s N: begins at byte N; -v: equal lines too, which are a * otherwise.
 */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int canonical, all;
static unsigned long limit = -1UL, skip;
static int file_index, n_files, status;
static char **files;
static FILE *current;

/* The next byte of all files in a row, or EOF. */
static int next_byte(void)
{
	int c;

	for (;;) {
		if (!current) {
			if (!n_files && !file_index++) {
				current = stdin;
				continue;
			}
			if (file_index >= n_files)
				return EOF;
			current = fopen(files[file_index++], "r");
			if (!current) {
				warn("%s", files[file_index - 1]);
				status = 1;
				continue;
			}
		}
		c = getc(current);
		if (c != EOF)
			return c;
		if (ferror(current)) {
			warn("%s", n_files ? files[file_index - 1] : "standard input");
			status = 1;
		}
		if (current != stdin)
			fclose(current);
		current = NULL;
	}
}

static void print_line(unsigned long at, const unsigned char *b, int n)
{
	int i;

	if (canonical) {
		printf("%08lx ", at);
		for (i = 0; i < 16; i++) {
			if (i < n)
				printf("%s%02x ", i % 8 ? "" : " ", b[i]);
			else
				printf("%s   ", i % 8 ? "" : " ");
		}
		printf(" |");
		for (i = 0; i < n; i++)
			putchar(isprint(b[i]) ? b[i] : '.');
		printf("|\n");
		return;
	}
	printf("%07lx", at);
	for (i = 0; i < n; i += 2)
		printf(" %04x", b[i] | (i + 1 < n ? b[i + 1] << 8 : 0));
	printf("%*s\n", (16 - n) / 2 * 5, "");
}

static void dump(void)
{
	unsigned char line[16], last[16];
	int n, c, have_last = 0, starred = 0;
	unsigned long at = 0;

	while (at < skip && next_byte() != EOF)
		at++;
	for (;; at += n) {
		for (n = 0; n < 16 && limit && (c = next_byte()) != EOF; n++, limit--)
			line[n] = c;
		if (!n)
			break;
		if (!all && n == 16 && have_last && !memcmp(line, last, 16)) {
			if (!starred)
				puts("*");
			starred = 1;
			continue;
		}
		print_line(at, line, n);
		starred = 0;
		have_last = n == 16;
		memcpy(last, line, 16);
	}
	if (at > skip || starred)
		printf(canonical ? "%08lx\n" : "%07lx\n", at);
}

static int number(const char *s, unsigned long *n)
{
	char *end;

	*n = strtoul(s, &end, 0);
	return *s && *s != '-' && !*end;
}

int main(int argc, char **argv)
{
	int c, bad = 0;

	while ((c = getopt(argc, argv, "Cvn:s:")) != -1) {
		switch (c) {
		case 'C':
			canonical = 1;
			break;
		case 'v':
			all = 1;
			break;
		case 'n':
			bad |= !number(optarg, &limit);
			break;
		case 's':
			bad |= !number(optarg, &skip);
			break;
		default:
			bad = 1;
		}
	}
	if (bad) {
		fprintf(stderr, "usage: hexdump [-Cv] [-n BYTES] [-s START] [FILE...]\n");
		return 2;
	}
	files = argv + optind;
	n_files = argc - optind;
	dump();
	return fflush(stdout) ? 1 : status;
}
