// SPDX-License-Identifier: MIT
/* df: room on the mounted file systems, or on the named files' ones. -h for people, -i inodes. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "human.h"
#include "mounts.h"

static int for_people, inodes;

static char *amount(unsigned long n, unsigned long unit, char buf[16])
{
	if (inodes)
		snprintf(buf, 16, "%lu", n);
	else if (for_people)
		human(n * unit, buf);
	else
		snprintf(buf, 16, "%lu", n * unit / 1024);
	return buf;
}

static void print(const char *source, const char *dir, const struct statfs *s)
{
	unsigned long unit = s->f_frsize ? s->f_frsize : s->f_bsize;
	unsigned long total = inodes ? s->f_files : s->f_blocks;
	unsigned long unused = inodes ? s->f_ffree : s->f_bfree;
	unsigned long avail = inodes ? s->f_ffree : s->f_bavail;
	unsigned long used = total - unused, percent = 0;
	char a[16], b[16], c[16];

	if (used + avail)
		percent = (used * 100 + used + avail - 1) / (used + avail);
	printf("%-15s %10s %10s %10s %3lu%% %s\n", source, amount(total, unit, a),
	       amount(used, unit, b), amount(avail, unit, c), percent, dir);
}

/* The mount that path lies on: the last one whose folder is on the same device. NULL: all. */
static int show(const char *path)
{
	FILE *f = fopen("/proc/mounts", "r");
	struct mount_entry m = { 0 };
	char source[256] = "-", dir[4096] = "-";
	struct stat st, on;
	struct statfs s;

	if (!f)
		err(1, "/proc/mounts (is /proc mounted?)");
	if (path && (stat(path, &st) || statfs(path, &s))) {
		warn("%s", path);
		fclose(f);
		return 1;
	}
	while (next_mount(f, &m)) {
		if (!path) {
			if (!statfs(m.dir, &s) && (inodes ? s.f_files : s.f_blocks))
				print(m.source, m.dir, &s);
		} else if (!stat(m.dir, &on) && on.st_dev == st.st_dev) {
			strlcpy(source, m.source, sizeof(source));
			strlcpy(dir, m.dir, sizeof(dir));
		}
	}
	fclose(f);
	if (path)
		print(source, dir, &s);
	return 0;
}

int main(int argc, char **argv)
{
	int c, status = 0;

	while ((c = getopt(argc, argv, "hik")) != -1) {
		switch (c) {
		case 'h':
			for_people = 1;
			break;
		case 'i':
			inodes = 1;
			break;
		case 'k':
			break;
		default:
			fprintf(stderr, "usage: df [-hi] [FILE...]\n");
			return 2;
		}
	}
	printf("%-15s %10s %10s %10s %4s %s\n", "Filesystem",
	       inodes ? "Inodes" : for_people ? "Size" : "1K-blocks",
	       inodes ? "IUsed" : "Used", inodes ? "IFree" : for_people ? "Avail" : "Available",
	       "Use%", "Mounted on");
	if (optind == argc)
		return show(NULL);
	for (; optind < argc; optind++)
		status |= show(argv[optind]);
	return status;
}
