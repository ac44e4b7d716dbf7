// SPDX-License-Identifier: MIT
/*
 * ls: what is in a folder. Sorted by name; in columns on a terminal, one a line otherwise.
 *
 * -a all names, -A all but . and .., -C in columns, -d folders themselves, -h sizes for people,
 * -i inode numbers, -l long, -n long with numeric owners, -R folders below too, -r backwards, -S by
 * size, -t by time, -1 one a line. Status 2: a named file was not there; 1: some other trouble.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "human.h"
#include "modestr.h"

struct entry {
	char		*name;
	struct stat	st;
	char		*target;	/* of a symbolic link, in the long form */
};

struct listing {
	struct entry	*v;
	size_t		n, room;
};

static int all, almost, dirs_as_files, for_people, inodes, long_form, numeric, recursive, one;
static int backwards, by_size, by_time;
static int status;

static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = 0;

	if (by_size)
		c = (y->st.st_size > x->st.st_size) - (y->st.st_size < x->st.st_size);
	else if (by_time)
		c = (y->st.st_mtime > x->st.st_mtime) - (y->st.st_mtime < x->st.st_mtime);
	if (!c)
		c = strcmp(x->name, y->name);
	return backwards ? -c : c;
}

static char *join(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", name) < 0)
		err(1, "%s", name);
	return path;
}

/* Adds the file at path under name, if it can be looked at. Returns 0 when it cannot. */
static int add(struct listing *l, const char *path, const char *name, int follow)
{
	char target[4096];
	struct entry *e;
	ssize_t n;

	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 32;
		l->v = reallocarray(l->v, l->room, sizeof(*l->v));
		if (!l->v)
			err(1, "%s", path);
	}
	e = &l->v[l->n];
	memset(e, 0, sizeof(*e));
	if (!(follow && !stat(path, &e->st)) && lstat(path, &e->st)) {
		warn("%s", path);
		status |= 1;
		return 0;
	}
	e->name = strdup(name);
	if (!e->name)
		err(1, "%s", name);
	if (long_form && S_ISLNK(e->st.st_mode)) {
		n = readlink(path, target, sizeof(target));
		e->target = strndup(n > 0 ? target : "?", n > 0 ? n : 1);
	}
	l->n++;
	return 1;
}

static void clear(struct listing *l)
{
	while (l->n) {
		l->n--;
		free(l->v[l->n].name);
		free(l->v[l->n].target);
	}
	free(l->v);
	memset(l, 0, sizeof(*l));
}

static int digits(unsigned long n)
{
	return snprintf(NULL, 0, "%lu", n);
}

static const char *size_text(const struct entry *e, char buf[32])
{
	if (S_ISCHR(e->st.st_mode) || S_ISBLK(e->st.st_mode))
		snprintf(buf, 32, "%u, %u", major(e->st.st_rdev), minor(e->st.st_rdev));
	else if (for_people)
		human(e->st.st_size, buf);
	else
		snprintf(buf, 32, "%ld", e->st.st_size);
	return buf;
}

/* There is no list of users here: 0 is root, the others are their numbers. */
static const char *owner(unsigned int id, char buf[16])
{
	if (!id && !numeric)
		return "root";
	snprintf(buf, 16, "%u", id);
	return buf;
}

/* The year stands in the place of the hour when half a year lies between. */
static const char *time_text(time_t t, char buf[32])
{
	time_t now = time(NULL);
	int near = t <= now + 86400 && now - t < 182 * 86400;

	strftime(buf, 32, near ? "%b %e %H:%M" : "%b %e  %Y", localtime(&t));
	return buf;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

static void print_long(const struct listing *l)
{
	int wino = 0, wlink = 0, wuid = 0, wgid = 0, wsize = 0;
	char mode[11], buf[32], u[16], g[16], when[32];
	const struct entry *e;

	for (e = l->v; e < l->v + l->n; e++) {
		wino = max(wino, digits(e->st.st_ino));
		wlink = max(wlink, digits(e->st.st_nlink));
		wuid = max(wuid, strlen(owner(e->st.st_uid, u)));
		wgid = max(wgid, strlen(owner(e->st.st_gid, g)));
		wsize = max(wsize, strlen(size_text(e, buf)));
	}
	for (e = l->v; e < l->v + l->n; e++) {
		if (inodes)
			printf("%*lu ", wino, e->st.st_ino);
		printf("%s %*u %-*s %-*s %*s %s %s", mode_string(e->st.st_mode, mode), wlink,
		       e->st.st_nlink, wuid, owner(e->st.st_uid, u), wgid,
		       owner(e->st.st_gid, g), wsize, size_text(e, buf),
		       time_text(e->st.st_mtime, when), e->name);
		if (e->target)
			printf(" -> %s", e->target);
		putchar('\n');
	}
}

static int terminal_width(void)
{
	struct winsize w;

	if (!ioctl(1, TIOCGWINSZ, &w) && w.ws_col)
		return w.ws_col;
	return 80;
}

/* Down the columns, as many of them as fit; each is as wide as its longest name, and 2. */
static void print_columns(const struct listing *l)
{
	int width = terminal_width(), wino = 0, widths[128], total;
	size_t rows, cols, r, c, i;

	for (i = 0; inodes && i < l->n; i++)
		wino = max(wino, digits(l->v[i].st.st_ino) + 1);
	for (rows = one ? l->n : 1; ; rows++) {
		cols = rows ? (l->n + rows - 1) / rows : 0;
		if (cols > 128)
			continue;
		for (c = total = 0; c < cols; c++, total += widths[c - 1])
			for (widths[c] = 0, i = c * rows; i < (c + 1) * rows && i < l->n; i++)
				widths[c] = max(widths[c], wino + strlen(l->v[i].name) + 2);
		if (cols <= 1 || total - 2 <= width)
			break;
	}
	for (r = 0; r < rows; r++) {
		for (c = 0; (i = c * rows + r) < l->n; c++) {
			if (inodes)
				printf("%*lu ", wino - 1, l->v[i].st.st_ino);
			if (i + rows < l->n)
				printf("%-*s", widths[c] - wino, l->v[i].name);
			else
				fputs(l->v[i].name, stdout);
		}
		if (l->n)
			putchar('\n');
	}
}

static void print(struct listing *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), compare);
	if (long_form)
		print_long(l);
	else
		print_columns(l);
}

static int wanted(const char *name)
{
	if (name[0] != '.' || all)
		return 1;
	return almost && strcmp(name, ".") && strcmp(name, "..");
}

static void list_dir(const char *path, int heading)
{
	static int before;
	struct listing l = { 0 };
	unsigned long blocks = 0;
	struct dirent *d;
	char buf[16], *sub;
	DIR *dir = opendir(path);
	size_t i;

	if (!dir) {
		warn("%s", path);
		status |= 1;
		return;
	}
	while (errno = 0, (d = readdir(dir)) != NULL)
		if (wanted(d->d_name)) {
			sub = join(path, d->d_name);
			add(&l, sub, d->d_name, 0);
			free(sub);
		}
	if (errno) {
		warn("reading folder %s", path);
		status |= 1;
	}
	closedir(dir);

	if (heading)
		printf("%s%s:\n", before ? "\n" : "", path);
	before = 1;
	for (i = 0; i < l.n; i++)
		blocks += l.v[i].st.st_blocks;
	if (long_form)
		printf("total %s\n", for_people ? human(blocks * 512, buf) :
		       (snprintf(buf, sizeof(buf), "%lu", blocks / 2), buf));
	print(&l);
	for (i = 0; recursive && i < l.n; i++) {
		if (!S_ISDIR(l.v[i].st.st_mode) || !strcmp(l.v[i].name, ".") ||
		    !strcmp(l.v[i].name, ".."))
			continue;
		sub = join(path, l.v[i].name);
		list_dir(sub, 1);
		free(sub);
	}
	clear(&l);
}

static void options(int argc, char **argv)
{
	int c;

	one = !isatty(1);
	while ((c = getopt(argc, argv, "1aACdhilnRrSt")) != -1) {
		switch (c) {
		case '1': one = 1; break;
		case 'a': all = 1; break;
		case 'A': almost = 1; break;
		case 'C': one = 0; break;
		case 'd': dirs_as_files = 1; break;
		case 'h': for_people = 1; break;
		case 'i': inodes = 1; break;
		case 'l': long_form = 1; break;
		case 'n': long_form = numeric = 1; break;
		case 'R': recursive = 1; break;
		case 'r': backwards = 1; break;
		case 'S': by_size = 1; break;
		case 't': by_time = 1; break;
		default:
			fprintf(stderr, "usage: ls [-1aACdhilnRrSt] [FILE...]\n");
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	struct listing files = { 0 }, dirs = { 0 };
	int i, nargs;
	size_t k;

	options(argc, argv);
	nargs = argc - optind;
	for (i = optind; i < argc || i == optind; i++) {
		const char *name = nargs ? argv[i] : ".";
		struct listing *l = &files;
		struct stat st;

		if (!dirs_as_files && !(long_form ? lstat : stat)(name, &st) && S_ISDIR(st.st_mode))
			l = &dirs;
		if (!add(l, name, name, l == &dirs))
			status = 2;
	}
	if (files.n) {
		print(&files);
		if (dirs.n)
			putchar('\n');
	}
	if (dirs.n)
		qsort(dirs.v, dirs.n, sizeof(*dirs.v), compare);
	for (k = 0; k < dirs.n; k++)
		list_dir(dirs.v[k].name, nargs > 1 || recursive);
	clear(&files);
	clear(&dirs);
	return fflush(stdout) ? 1 : status & 2 ? 2 : status;
}
