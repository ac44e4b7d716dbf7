// SPDX-License-Identifier: MIT
/*
 * Dentries and inodes that nobody uses stay in memory, and come back when it is short.
 *
 *	dcache				what a machine with memory to spare can be asked
 *	dcache absent LOOKUPS		so many names that are not there: the kernel remembers each as absent
 *	dcache walk FOLDER FILES	a tree of so many files is looked at
 *
 * tests/test_dcache.py gives more LOOKUPS and FILES than there is memory for. Objects are those in use of /proc/slabinfo.
 */
#include <dirent.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "tap.h"

#define MIB		(1L << 20)
#define MARGIN_KB	6144		/* not to be taken: or the OOM killer comes */
#define SLACK		1000		/* objects: those of the shell and of slabs in part in use */

/* Objects in use of all caches whose names end so. */
static long objects(const char *suffix)
{
	static char text[65536];
	int fd = open("/proc/slabinfo", O_RDONLY);
	long total = 0, n, len = 0;
	char *save, *name;

	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = 0;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		name = line + strcspn(line, " ") - strlen(suffix);
		if (name >= line && !strncmp(name, suffix, strlen(suffix)))
			total += strtol(name + strlen(suffix), NULL, 10);
	}
	return total;
}

static long dentries(void)
{
	return objects("dentry");
}

static long inodes(void)
{
	return objects("inode") + objects("inode_info") + objects("inode_cache");
}

/* Drops what is unused until few objects are left; the last of it goes with a grace period. Returns what there is. */
static long drop_to(long few, long (*count)(void))
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	long now;

	for (int i = 0; i < 100 && (!i || few); i++) {
		sync();
		write(fd, "2", 1);
		now = count();
		if (now < few)
			break;
		usleep(1000 * i);
	}
	close(fd);
	return now;
}

static long kb(const char *key)
{
	return proc_value("/proc/meminfo", key);
}

/* In a child: takes memory until few dentries are left. 0; 1 when there was no more to take. */
static int press(long few)
{
	while (dentries() > few) {
		char *p;

		if (kb("MemFree:") + kb("Cached:") + kb("SReclaimable:") < MARGIN_KB)
			return 1;
		p = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (long i = 0; p != MAP_FAILED && i < MIB; i += 4096)
			p[i] = 1;
	}
	return 0;
}

static void absent(long lookups)
{
	long before, peak = 0, now = 0, wrong = 0;
	char path[40];
	pid_t pid;

	before = drop_to(0, dentries);
	for (long i = 0; i < lookups; i++) {
		snprintf(path, sizeof(path), "/absent-%ld", i);
		wrong += access(path, F_OK) != -1 || errno != ENOENT;
		if (i % 1024 == 0 || i == lookups - 1) {
			now = dentries();
			peak = now > peak ? now : peak;
		}
	}
	is(wrong, 0, "%ld names are not there", lookups);
	printf("# dentries: %ld before, up to %ld, %ld at the end\n", before, peak, now);
	if (peak < before + lookups / 20) {
		skip("they come back", "nothing is remembered of absent names here");
		return;
	}
	pid = fork();
	if (!pid)
		_exit(press(before + (peak - before) / 2));
	is(reap(pid), 0, "half of them come back when memory is wanted");
	now = drop_to(before + SLACK, dentries);
	ok(now < before + SLACK, "the rest when they are asked for: %ld, %ld before", now, before);
}

/* Files below a folder of folders, each looked at. */
static long look_at(const char *folder, long *peak)
{
	struct dirent *d;
	DIR *dir = opendir(folder);
	long files = 0, now;

	while (dir && (d = readdir(dir))) {
		char path[300];
		struct stat st;

		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
		if (lstat(path, &st))
			continue;
		files += S_ISDIR(st.st_mode) ? look_at(path, peak) : 1;
		if (files % 512 == 511) {
			now = inodes();
			*peak = now > *peak ? now : *peak;
		}
	}
	if (dir)
		closedir(dir);
	return files;
}

static void walk(const char *folder, long files)
{
	long before, peak = 0, now;

	before = drop_to(0, inodes);
	is(look_at(folder, &peak), files, "files are seen");
	printf("# inodes: %ld before, up to %ld\n", before, peak);
	ok(peak > before + files / 10, "they are remembered as long as there is room");
	ok(peak < before + files, "but not all at once");
	now = drop_to(before + SLACK, inodes);
	ok(now < before + SLACK, "they come back when they are asked for: %ld, %ld before", now, before);
}

/* With the last name of a file its dentry and inode are gone. */
static void removed(long files)
{
	const long names = drop_to(0, dentries), before = inodes();
	long made = 0, now;
	char path[40];

	mkdir("/tmp/dcache", 0700);
	for (long i = 0; i < files; i++) {
		snprintf(path, sizeof(path), "/tmp/dcache/%ld", i);
		close(open(path, O_CREAT | O_EXCL | O_RDWR, 0600));
		made += access(path, F_OK) == 0;
	}
	is(made, files, "files made");
	ok(inodes() >= before + files, "each has an inode");
	for (long i = 0; i < files; i++) {
		snprintf(path, sizeof(path), "/tmp/dcache/%ld", i);
		unlink(path);
	}
	is(rmdir("/tmp/dcache"), 0, "and removed");
	now = drop_to(before + SLACK, inodes);
	ok(now < before + SLACK, "their inodes are gone: %ld, %ld before", now, before);
	now = drop_to(names + SLACK, dentries);
	ok(now < names + SLACK, "and their dentries: %ld, %ld before", now, names);
}

int main(int argc, char *argv[])
{
	if (argc == 3 && !strcmp(argv[1], "absent")) {
		absent(atol(argv[2]));
	} else if (argc == 4 && !strcmp(argv[1], "walk")) {
		walk(argv[2], atol(argv[3]));
	} else {
		absent(50000);
		removed(3000);
	}
	return done();
}
