// SPDX-License-Identifier: MIT
/* cp: copies files. -r: folders with all that is in them; -p: keeps owner, mode and times too. */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int recursive, preserve;

static int complain(const char *what)
{
	warn("%s", what);
	return 1;
}

/* fd is -1 for a symbolic link, whose mode means nothing. */
static int keep_attributes(const char *path, int fd, const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (lchown(path, st->st_uid, st->st_gid) && errno != EPERM)
		return complain(path);
	if (fd >= 0 && fchmod(fd, st->st_mode & 07777))
		return complain(path);
	if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW))
		return complain(path);
	return 0;
}

static int copy_bytes(int in, int out, const char *from, const char *to)
{
	static char buf[65536];
	ssize_t n, done, w;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		for (done = 0; done < n; done += w) {
			w = write(out, buf + done, n - done);
			if (w < 0)
				return complain(to);
		}
	return n < 0 ? complain(from) : 0;
}

static int copy_file(const char *from, const char *to, const struct stat *st)
{
	int in, out, status;

	in = open(from, O_RDONLY);
	if (in < 0)
		return complain(from);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, st->st_mode & 0777);
	if (out < 0) {
		close(in);
		return complain(to);
	}
	status = copy_bytes(in, out, from, to);
	if (preserve && !status)
		status = keep_attributes(to, out, st);
	if (close(out) && !status)
		status = complain(to);
	close(in);
	return status;
}

static int copy_link(const char *from, const char *to, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlink(from, target, sizeof(target) - 1);

	if (n < 0)
		return complain(from);
	target[n] = 0;
	if (symlink(target, to) && (errno != EEXIST || unlink(to) || symlink(target, to)))
		return complain(to);
	return preserve ? keep_attributes(to, -1, st) : 0;
}

static int copy(const char *from, const char *to, int top);

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
}

/*
 * The names are read before the first copy, and the copy's root is remembered: a folder that is
 * copied into itself would otherwise never come to an end.
 */
static int copy_dir(const char *from, const char *to, const struct stat *st, int top)
{
	static struct stat root;
	struct dirent **names;
	char a[PATH_MAX], b[PATH_MAX];
	int i, n, fd, status = 0;

	if (!top && st->st_dev == root.st_dev && st->st_ino == root.st_ino) {
		warnx("%s: a folder cannot be copied into itself", from);
		return 1;
	}
	n = scandir(from, &names, not_dots, alphasort);
	if (n < 0)
		return complain(from);
	if (mkdir(to, (st->st_mode & 0777) | S_IRWXU) && errno != EEXIST)
		status = complain(to);
	if (top && !status && stat(to, &root))
		status = complain(to);
	for (i = 0; i < n; i++) {
		if ((size_t)snprintf(a, sizeof(a), "%s/%s", from, names[i]->d_name) >= sizeof(a) ||
		    (size_t)snprintf(b, sizeof(b), "%s/%s", to, names[i]->d_name) >= sizeof(b)) {
			errno = ENAMETOOLONG;
			status = complain(from);
		} else if (!status || i) {
			status |= copy(a, b, 0);
		}
		free(names[i]);
	}
	free(names);
	if (preserve) {
		fd = open(to, O_RDONLY | O_DIRECTORY);
		status |= fd < 0 ? complain(to) : keep_attributes(to, fd, st);
		close(fd);
	}
	return status;
}

/* top: from stood on the command line, where a link without -r means what it points to. */
static int copy(const char *from, const char *to, int top)
{
	struct stat st, old;

	if ((recursive ? lstat : stat)(from, &st))
		return complain(from);
	if (!stat(to, &old) && st.st_dev == old.st_dev && st.st_ino == old.st_ino) {
		warnx("%s and %s are the same file", from, to);
		return 1;
	}
	if (S_ISDIR(st.st_mode)) {
		if (recursive)
			return copy_dir(from, to, &st, top);
		warnx("%s is a folder (-r copies it)", from);
		return 1;
	}
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, &st);
	if (recursive && !S_ISREG(st.st_mode)) {
		if (!mknod(to, st.st_mode, st.st_rdev))
			return 0;
		return complain(to);
	}
	return copy_file(from, to, &st);
}

int main(int argc, char **argv)
{
	char to[PATH_MAX], name[PATH_MAX], *last;
	struct stat st;
	int c, is_dir, status = 0;

	while ((c = getopt(argc, argv, "rRpaf")) != -1) {
		switch (c) {
		case 'a':
			preserve = 1;
			/* fallthrough */
		case 'r':
		case 'R':
			recursive = 1;
			break;
		case 'p':
			preserve = 1;
			break;
		case 'f':
			break;
		default:
			argc = 0;
		}
	}
	if (argc - optind < 2) {
		fprintf(stderr, "usage: cp [-rp] FROM TO, or cp [-rp] FROM... FOLDER\n");
		return 2;
	}
	last = argv[argc - 1];
	is_dir = !stat(last, &st) && S_ISDIR(st.st_mode);
	if (!is_dir && argc - optind > 2)
		errx(1, "%s is not a folder", last);
	for (; optind < argc - 1; optind++) {
		strlcpy(name, argv[optind], sizeof(name));
		if (!is_dir)
			strlcpy(to, last, sizeof(to));
		else if ((size_t)snprintf(to, sizeof(to), "%s/%s", last, basename(name)) >=
			 sizeof(to))
			errx(1, "%s: the name is too long", last);
		status |= copy(argv[optind], to, 1);
	}
	return status;
}
