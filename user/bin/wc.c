// SPDX-License-Identifier: MIT
/* wc: counts lines (-l), words (-w) and bytes (-c); all three when none is asked for. */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct counts {
	unsigned long lines, words, bytes;
};

static int show_lines, show_words, show_bytes;

static int count(int fd, const char *name, struct counts *k)
{
	static unsigned char buf[65536];
	int in_word = 0;
	ssize_t n, i;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		k->bytes += n;
		for (i = 0; i < n; i++) {
			k->lines += buf[i] == '\n';
			if (isspace(buf[i])) {
				in_word = 0;
			} else if (!in_word) {
				in_word = 1;
				k->words++;
			}
		}
	}
	if (n < 0)
		warn("%s", name);
	return n < 0;
}

static void print(const struct counts *k, const char *name)
{
	int width = show_lines + show_words + show_bytes > 1 ? 7 : 1;
	const char *gap = "";

	if (show_lines) {
		printf("%*lu", width, k->lines);
		gap = " ";
	}
	if (show_words) {
		printf("%s%*lu", gap, width, k->words);
		gap = " ";
	}
	if (show_bytes)
		printf("%s%*lu", gap, width, k->bytes);
	printf("%s%s\n", *name ? " " : "", name);
}

int main(int argc, char **argv)
{
	struct counts total = { 0 };
	int c, i, fd, status = 0;

	while ((c = getopt(argc, argv, "lwc")) != -1) {
		switch (c) {
		case 'l':
			show_lines = 1;
			break;
		case 'w':
			show_words = 1;
			break;
		case 'c':
			show_bytes = 1;
			break;
		default:
			fprintf(stderr, "usage: wc [-lwc] [FILE...]\n");
			return 2;
		}
	}
	if (!show_lines && !show_words && !show_bytes)
		show_lines = show_words = show_bytes = 1;
	if (optind == argc) {
		status = count(0, "standard input", &total);
		print(&total, "");
		return status;
	}
	for (i = optind; i < argc; i++) {
		struct counts k = { 0 };

		fd = strcmp(argv[i], "-") ? open(argv[i], O_RDONLY) : 0;
		if (fd < 0) {
			warn("%s", argv[i]);
			status = 1;
			continue;
		}
		status |= count(fd, argv[i], &k);
		print(&k, argv[i]);
		total.lines += k.lines;
		total.words += k.words;
		total.bytes += k.bytes;
		if (fd)
			close(fd);
	}
	if (argc - optind > 1)
		print(&total, "total");
	return status;
}
