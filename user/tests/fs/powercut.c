// SPDX-License-Identifier: MIT
/*
 * powercut SCRIPT DEVICE OFFSET: does file operations as a script says, for tests/powercut.py.
 *
 * A line is a number, a letter and arguments. After each S and s - what promises that something is on the
 * disk - the line's number is written to DEVICE at OFFSET, behind the filesystem: so a record of the disk's
 * writes tells what was promised when. File contents are cells of 16 bytes that tell file, version and place.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CELL	16

static char block[4096];

static void die(const char *line, const char *what)
{
	printf("powercut: %s: %s: %s\n", line, what, strerror(errno));
	exit(1);
}

static void fill(char *to, long off, long len, int id, int version)
{
	char cell[CELL + 1];

	for (long i = 0; i < len; i += CELL) {
		snprintf(cell, sizeof(cell), "%04x.%04x.%05lx\n", id, version, (off + i) / CELL);
		memcpy(to + i, cell, CELL);
	}
}

static int do_write(const char *path, long off, long len, int id, int version, int mapped)
{
	char *buf = malloc(len);
	int fd = open(path, O_RDWR), ok = 0;

	if (buf && fd >= 0) {
		fill(buf, off, len, id, version);
		if (mapped) {
			char *p = mmap(NULL, off + len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

			ok = p != MAP_FAILED;
			if (ok)
				memcpy(p + off, buf, len);
			if (ok)
				munmap(p, off + len);
		} else {
			ok = pwrite(fd, buf, len, off) == len;
		}
	}
	free(buf);
	if (fd >= 0)
		close(fd);
	return ok ? 0 : -1;
}

static int do_fsync(const char *path)
{
	int fd = open(path, O_RDONLY), err;

	if (fd < 0)
		return -1;
	err = fsync(fd);
	close(fd);
	return err;
}

static int pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	return nanosleep(&t, NULL);
}

static int do_line(int op, const char *a, const char *b, long *n)
{
	int fd;

	switch (op) {
	case 'c':
		fd = open(a, O_CREAT | O_EXCL | O_WRONLY, 0644);
		return fd < 0 ? fd : close(fd);
	case 'l':
		return symlink(b, a);
	case 'w':
	case 'm':
		return do_write(a, n[0], n[1], n[2], n[3], op == 'm');
	case 't':
		return truncate(a, n[0]);
	case 'u':
		return unlink(a);
	case 'd':
		return mkdir(a, 0755);
	case 'x':
		return rmdir(a);
	case 'n':
		return rename(a, b);
	case 's':
		return do_fsync(a);
	case 'S':
		sync();
		return 0;
	case 'p':
		return pause_ms(n[0]);
	}
	errno = EINVAL;
	return -1;
}

int main(int argc, char **argv)
{
	char line[256], op, a[80], b[80];
	int dev, number;
	FILE *f;

	if (argc != 4)
		return 2;
	f = fopen(argv[1], "r");
	dev = open(argv[2], O_WRONLY | O_SYNC);
	if (!f || dev < 0)
		die(argv[1], "cannot be opened");
	while (fgets(line, sizeof(line), f)) {
		long n[4] = { 0 };

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%d %c %79s %79s %ld %ld %ld %ld", &number, &op, a, b, &n[0], &n[1], &n[2],
			   &n[3]) != 8)
			die(line, "not understood");
		if (do_line(op, a, b, n))
			die(line, "failed");
		if (op != 'S' && op != 's')
			continue;
		snprintf(block, sizeof(block), "MARK %d\n", number);
		if (pwrite(dev, block, sizeof(block), atol(argv[3])) != sizeof(block))
			die(line, "mark");
	}
	printf("powercut: done\n");
	return 0;
}
