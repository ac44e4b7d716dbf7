// SPDX-License-Identifier: MIT
/*
 * diskspeed: how fast files are read and written, beside the disk itself.
 *
 *	diskspeed DEVICE [DIRECTORY MIB]...
 *
 * Reads DEVICE from its start, then writes a new file of so many MiB in each DIRECTORY, to the end of the last write and to that of
 * fsync, and reads it. All by 1 MiB a call, in order, and what is read is in no cache: that it came from a disk is checked by /proc/vmstat. The best of
 * ROUNDS is printed. The time is the machine's, so nobody else should want the host. `make bench-io` runs it.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "meter.h"

#define ROUNDS		20
#define MIB		(1UL << 20)
#define DEVICE_MIB	32	/* of a larger device no more is read */

static char *buf;

static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	sync();
	if (fd < 0 || write(fd, "3", 1) != 1)
		err(1, "/proc/sys/vm/drop_caches");
	close(fd);
}

/* What has been read from disks, in KiB or in half of that. */
static unsigned long paged_in(void)
{
	char text[8192], *p;
	int fd = open("/proc/vmstat", O_RDONLY);
	ssize_t len = 0, n;

	while (fd >= 0 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = 0;
	p = strstr(text, "pgpgin ");
	if (!p)
		errx(1, "/proc/vmstat: no pgpgin");
	return strtoul(p + 7, NULL, 10);
}

/* ns for each MiB of up to @mib; *@got: how many there were. */
static unsigned long read_cold(const char *path, unsigned long mib, unsigned long *got)
{
	struct meter m;
	unsigned long before, bytes = 0;
	ssize_t n;
	int fd;

	drop_caches();
	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "%s", path);
	before = paged_in();
	start(&m);
	while (bytes < mib * MIB && (n = read(fd, buf, MIB)) > 0)
		bytes += n;
	stop(&m);
	*got = bytes / MIB;
	if (!*got)
		err(1, "reading %s", path);
	if ((paged_in() - before) * 1024 < bytes / 10 * 9)
		errx(1, "%s was not read from a disk", path);
	close(fd);
	return to_ns(m.ticks) / *got;
}

/* The same for writing; *@synced: with fsync. */
static unsigned long write_new(const char *path, unsigned long mib, unsigned long *synced)
{
	struct meter m;
	unsigned long ns;
	int fd;

	unlink(path);
	drop_caches();
	start(&m);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		err(1, "%s", path);
	for (unsigned long i = 0; i < mib; i++)
		if (write(fd, buf, MIB) != (ssize_t)MIB)
			err(1, "writing %s", path);
	stop(&m);
	ns = to_ns(m.ticks) / mib;
	start(&m);
	if (fsync(fd) || close(fd))
		err(1, "fsync of %s", path);
	stop(&m);
	*synced = ns + to_ns(m.ticks) / mib;
	return ns;
}

static void keep_best(unsigned long *best, unsigned long ns)
{
	if (!*best || ns < *best)
		*best = ns;
}

static void print_row(const char *what, const char *where, unsigned long mib, unsigned long ns, unsigned long raw)
{
	printf("%-12s %-12s %4lu MiB %6lu MiB/s %4lu %% of the device\n", what, where, mib, 1000000000UL / ns,
	       100 * raw / ns);
}

int main(int argc, char **argv)
{
	const int files = (argc - 2) / 2;
	unsigned long raw = 0, raw_mib = 0, *reads, *writes, *syncs, got, synced;

	if (argc < 2 || argc % 2) {
		fprintf(stderr, "usage: diskspeed DEVICE [DIRECTORY MIB]...\n");
		return 2;
	}
	buf = map(MIB / PAGE_SIZE);
	memset(buf, 0x5a, MIB);
	reads = calloc(3 * files + 1, sizeof(*reads));
	writes = reads + files;
	syncs = writes + files;
	for (int round = 0; round < ROUNDS; round++) {
		keep_best(&raw, read_cold(argv[1], DEVICE_MIB, &raw_mib));
		for (int i = 0; i < files; i++) {
			const unsigned long mib = strtoul(argv[3 + 2 * i], NULL, 10);
			char path[200];

			snprintf(path, sizeof(path), "%s/diskspeed", argv[2 + 2 * i]);
			keep_best(&writes[i], write_new(path, mib, &synced));
			keep_best(&syncs[i], synced);
			keep_best(&reads[i], read_cold(path, mib, &got));
			if (got != mib)
				errx(1, "%s: %lu MiB of %lu", path, got, mib);
			unlink(path);
		}
	}
	print_row("read", argv[1], raw_mib, raw, raw);
	for (int i = 0; i < files; i++) {
		const unsigned long mib = strtoul(argv[3 + 2 * i], NULL, 10);

		print_row("read", argv[2 + 2 * i], mib, reads[i], raw);
		print_row("write", argv[2 + 2 * i], mib, writes[i], raw);
		print_row("write, fsync", argv[2 + 2 * i], mib, syncs[i], raw);
	}
	return 0;
}
