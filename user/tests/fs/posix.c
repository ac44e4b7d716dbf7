// SPDX-License-Identifier: MIT
/*
 * What POSIX, and Linux beyond it, say of files: errors of each call with a path, permissions, links, renames, times,
 * locks, mounts.
 *
 *	posix [DIRECTORY [GROUP...]]
 *
 * It works in a directory of its own in DIRECTORY (/tmp without one), as root and as others, and leaves nothing
 * there. What the file system cannot do is skipped, with the reason. The checks are in posix-checks/.
 */
#include <stdarg.h>
#include <sys/statfs.h>
#include "posix-checks/posix.h"
#include "tap.h"

const struct user alice = { 1001, 1001, 0 }, bob = { 1002, 1002, 0 }, carol = { 1003, 1003, 1001 };

void *volatile nowhere = (void *)8;
bool has_links, has_symlinks, has_nodes, has_exchange, has_tmpfile;
unsigned int name_max;

void check(long saw, long wanted, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	is(saw, wanted, "%s", what);
}

void expected(int saw, int error, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	is(saw, error, "%s: %s", what, error ? strerror(error) : "succeeds");
}

void skipped(const char *what, const char *why)
{
	skip(what, why);
}

pid_t become(const struct user *user)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (syscall(SYS_setgroups, user->also ? 1 : 0, &user->also) || setgid(user->gid) || setuid(user->uid))
		_exit(255);
	return 0;
}

const char *fd_name(int fd)
{
	return fd_link(fd);
}

int ended(pid_t pid)
{
	return reap(pid);
}

void file(const char *name, mode_t mode, const char *content)
{
	int fd = open(name, O_CREAT | O_EXCL | O_RDWR, mode);
	ssize_t len = strlen(content);

	if (fd < 0 || write(fd, content, len) != len || fchmod(fd, mode) || close(fd))
		ok(0, "cannot make the file %s: %s", name, strerror(errno));
}

int opens(const char *name, int flags, ...)
{
	va_list ap;
	int fd;

	va_start(ap, flags);
	fd = open(name, flags, va_arg(ap, int));
	va_end(ap);
	return fd < 0 ? -1 : close(fd);
}

void directory(const char *name, mode_t mode)
{
	if (mkdir(name, mode) || chmod(name, mode))
		ok(0, "cannot make the directory %s: %s", name, strerror(errno));
}

struct stat status(const char *name)
{
	struct stat st = { };

	if (lstat(name, &st))
		ok(0, "lstat of %s: %s", name, strerror(errno));
	return st;
}

/* Tries what not each file system has. */
static void find_features(void)
{
	struct statfs fs;
	int fd;

	name_max = statfs(".", &fs) ? 255 : fs.f_namelen;
	file("a", 0644, "");
	file("b", 0644, "");
	has_links = link("a", "c") == 0;
	unlink("c");
	has_symlinks = symlink("a", "c") == 0;
	unlink("c");
	has_nodes = mkfifo("c", 0600) == 0;
	unlink("c");
	has_exchange = renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE) == 0;
	fd = open(".", O_TMPFILE | O_RDWR, 0600);
	has_tmpfile = fd >= 0;
	close(fd);
	unlink("a");
	unlink("b");
}

static const struct {
	const char	*name;
	void		(*run)(void);
} groups[] = {
	{ "paths", test_paths },
	{ "permissions", test_permissions },
	{ "ownership", test_ownership },
	{ "names", test_names },
	{ "rename", test_rename },
	{ "times", test_times },
	{ "contents", test_contents },
	{ "opening", test_opening },
	{ "locks", test_locks },
	{ "mounts", test_mounts },
};

/* As a program that the tests run: whose is it, and one that stays until its input ends. */
static void be_a_program(const char *what)
{
	char c;

	if (!strcmp(what, "--ids"))
		_exit((geteuid() == alice.uid) | (getegid() == alice.gid) << 1);
	if (strcmp(what, "--wait"))
		return;
	write(1, "x", 1);
	_exit(read(0, &c, 1));
}

int main(int argc, char *argv[])
{
	const char *where = argc > 1 ? argv[1] : "/tmp";
	char work[64];

	if (argc == 2)
		be_a_program(argv[1]);
	umask(022);
	snprintf(work, sizeof(work), "%s/posix.%d", where, getpid());
	if (mkdir(work, 0755) || chdir(work)) {
		ok(0, "cannot work in %s: %s", work, strerror(errno));
		return done();
	}
	find_features();
	for (unsigned int i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		bool wanted = argc <= 2;

		for (int j = 2; j < argc; j++)
			wanted |= !strcmp(argv[j], groups[i].name);
		if (!wanted)
			continue;
		printf("# %s\n", groups[i].name);
		groups[i].run();
		umask(022);
		chdir("..");
		is(rmdir(work) ? errno : 0, 0, "%s: nothing is left", groups[i].name);
		mkdir(work, 0755);
		chdir(work);
	}
	chdir("/");
	rmdir(work);
	return done();
}
