// SPDX-License-Identifier: MIT
/* free: how much memory there is, is used and is free, from /proc/meminfo. -k -m -b units, -h. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "human.h"

static struct {
	const char	*name;
	unsigned long	kib;
} fields[] = {
	{ "MemTotal", 0 }, { "MemFree", 0 }, { "MemAvailable", 0 }, { "Buffers", 0 },
	{ "Cached", 0 }, { "SReclaimable", 0 }, { "Shmem", 0 }, { "SwapTotal", 0 },
	{ "SwapFree", 0 },
};

enum { TOTAL, FREE, AVAILABLE, BUFFERS, CACHED, SLAB, SHARED, SWAP_TOTAL, SWAP_FREE, N_FIELDS };

static int shift = 10, for_people;	/* bytes are shown shifted right by this */

static void read_meminfo(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char name[32], line[128];
	unsigned long v;
	int i;

	if (!f)
		err(1, "/proc/meminfo (is /proc mounted?)");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%31[^:]: %lu", name, &v) == 2)
			for (i = 0; i < N_FIELDS; i++)
				if (!strcmp(name, fields[i].name))
					fields[i].kib = v;
	fclose(f);
}

static void print(unsigned long kib)
{
	char buf[16];

	if (for_people)
		printf(" %11s", human(kib << 10, buf));
	else
		printf(" %11lu", (kib << 10) >> shift);
}

int main(int argc, char **argv)
{
	unsigned long cache, used;
	int c;

	while ((c = getopt(argc, argv, "bkmh")) != -1) {
		switch (c) {
		case 'b':
			shift = 0;
			break;
		case 'k':
			shift = 10;
			break;
		case 'm':
			shift = 20;
			break;
		case 'h':
			for_people = 1;
			break;
		default:
			argc = 0;
		}
	}
	if (optind != argc) {
		fprintf(stderr, "usage: free [-b|-k|-m|-h]\n");
		return 2;
	}
	read_meminfo();
	cache = fields[BUFFERS].kib + fields[CACHED].kib + fields[SLAB].kib;
	used = fields[TOTAL].kib - fields[FREE].kib - cache;
	printf("%-6s %11s %11s %11s %11s %11s %11s\n", "", "total", "used", "free", "shared",
	       "buff/cache", "available");
	printf("Mem:  ");
	print(fields[TOTAL].kib);
	print(used);
	print(fields[FREE].kib);
	print(fields[SHARED].kib);
	print(cache);
	print(fields[AVAILABLE].kib);
	printf("\nSwap: ");
	print(fields[SWAP_TOTAL].kib);
	print(fields[SWAP_TOTAL].kib - fields[SWAP_FREE].kib);
	print(fields[SWAP_FREE].kib);
	putchar('\n');
	return 0;
}
