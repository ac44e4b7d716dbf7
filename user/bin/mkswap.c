// SPDX-License-Identifier: MIT
/*
 * mkswap: writes the header of a swap area into the first page of a device or file: how many pages it
 * has, and at the end of the page the signature. A file must have all its blocks already.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define PAGE	4096

static union {
	struct {
		char		boot[1024];
		uint32_t	version, last_page, nr_badpages;
		unsigned char	uuid[16];
		char		label[16];
	};
	char	page[PAGE];
} header;

int main(int argc, char **argv)
{
	const char *label = "";
	off_t size;
	int c, fd;

	while ((c = getopt(argc, argv, "L:")) != -1) {
		if (c != 'L')
			goto usage;
		label = optarg;
	}
	if (optind != argc - 1)
		goto usage;
	fd = open(argv[optind], O_RDWR);
	if (fd < 0)
		err(1, "%s", argv[optind]);
	size = lseek(fd, 0, SEEK_END);
	if (size < 10 * PAGE)
		errx(1, "%s: too small: at least %d KiB are needed", argv[optind], 10 * PAGE / 1024);
	header.version = 1;
	header.last_page = size / PAGE - 1;
	if (getrandom(header.uuid, sizeof(header.uuid), 0) != sizeof(header.uuid))
		err(1, "getrandom");
	strlcpy(header.label, label, sizeof(header.label));
	memcpy(header.page + PAGE - 10, "SWAPSPACE2", 10);
	if (pwrite(fd, &header, PAGE, 0) != PAGE || fsync(fd))
		err(1, "%s", argv[optind]);
	printf("Setting up swapspace version 1, size = %ld KiB\n", (long)header.last_page * (PAGE / 1024));
	return 0;

usage:
	fprintf(stderr, "usage: mkswap [-L LABEL] DEVICE\n");
	return 2;
}
