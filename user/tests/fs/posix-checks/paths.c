// SPDX-License-Identifier: MIT
/* What is wrong with a path is said in the same way by each call that takes one. */
#include <sys/mount.h>
#include <sys/statfs.h>
#include "posix.h"

static long call_open(const char *p) { return open(p, O_RDONLY); }
static long call_open_path(const char *p) { return open(p, O_PATH); }
static long call_open_nofollow(const char *p) { return open(p, O_RDONLY | O_NOFOLLOW | O_DIRECTORY); }
static long call_open_create(const char *p) { return open(p, O_CREAT | O_WRONLY, 0600); }
static long call_open_excl(const char *p) { return open(p, O_CREAT | O_EXCL | O_WRONLY, 0600); }
static long call_open_tmpfile(const char *p) { return open(p, O_TMPFILE | O_RDWR, 0600); }
static long call_creat(const char *p) { return creat(p, 0600); }
static long call_mkdir(const char *p) { return mkdir(p, 0700); }
static long call_mkfifo(const char *p) { return mkfifo(p, 0600); }
static long call_mknod(const char *p) { return mknod(p, S_IFREG | 0600, 0); }
static long call_link_from(const char *p) { return link(p, "new"); }
static long call_link_to(const char *p) { return link("plain", p); }
static long call_symlink(const char *p) { return symlink("plain", p); }
static long call_unlink(const char *p) { return unlink(p); }
static long call_rmdir(const char *p) { return rmdir(p); }
static long call_rename_from(const char *p) { return rename(p, "new"); }
static long call_rename_to(const char *p) { return rename("plain", p); }
static long call_noreplace(const char *p)
{
	return renameat2(AT_FDCWD, "plain", AT_FDCWD, p, RENAME_NOREPLACE);
}
static long call_exchange(const char *p)
{
	return renameat2(AT_FDCWD, "plain", AT_FDCWD, p, RENAME_EXCHANGE);
}
static long call_chmod(const char *p) { return chmod(p, 0600); }
static long call_chown(const char *p) { return chown(p, 0, 0); }
static long call_lchown(const char *p) { return lchown(p, 0, 0); }
static long call_truncate(const char *p) { return truncate(p, 0); }
static long call_utimensat(const char *p) { return utimensat(AT_FDCWD, p, NULL, 0); }
static long call_utimensat_link(const char *p) { return utimensat(AT_FDCWD, p, NULL, AT_SYMLINK_NOFOLLOW); }
static long call_access(const char *p) { return access(p, F_OK); }
static long call_faccessat2(const char *p) { return syscall(SYS_faccessat2, AT_FDCWD, p, R_OK, AT_EACCESS); }
static long call_stat(const char *p) { struct stat st; return stat(p, &st); }
static long call_lstat(const char *p) { struct stat st; return lstat(p, &st); }
static long call_statx(const char *p)
{
	char buf[256];

	return syscall(SYS_statx, AT_FDCWD, p, 0, 0x7ff, buf);
}
static long call_readlink(const char *p) { char buf[8]; return readlink(p, buf, sizeof(buf)); }
static long call_chdir(const char *p) { return chdir(p); }
static long call_chroot(const char *p) { return chroot(p); }
static long call_statfs(const char *p) { struct statfs st; return statfs(p, &st); }
static long call_execve(const char *p)
{
	char *const none[] = { NULL };

	return execve(p, none, none);
}
static long call_umount(const char *p) { return umount2(p, 0); }

enum { CREATES = 1, REMOVES = 2 };		/* a name in the directory that the path leads to */

static const struct {
	const char	*name;
	long		(*call)(const char *path);
	int		kind;
} calls[] = {
	{ "open", call_open, 0 },
	{ "open O_PATH", call_open_path, 0 },
	{ "open O_NOFOLLOW | O_DIRECTORY", call_open_nofollow, 0 },
	{ "open O_CREAT", call_open_create, CREATES },
	{ "open O_CREAT | O_EXCL", call_open_excl, CREATES },
	{ "open O_TMPFILE", call_open_tmpfile, 0 },
	{ "creat", call_creat, CREATES },
	{ "mkdir", call_mkdir, CREATES },
	{ "mkfifo", call_mkfifo, CREATES },
	{ "mknod", call_mknod, CREATES },
	{ "link from", call_link_from, 0 },
	{ "link to", call_link_to, CREATES },
	{ "symlink", call_symlink, CREATES },
	{ "unlink", call_unlink, REMOVES },
	{ "rmdir", call_rmdir, 0 },
	{ "rename from", call_rename_from, REMOVES },
	{ "rename to", call_rename_to, CREATES },
	{ "rename NOREPLACE to", call_noreplace, CREATES },
	{ "rename EXCHANGE", call_exchange, 0 },
	{ "chmod", call_chmod, 0 },
	{ "chown", call_chown, 0 },
	{ "lchown", call_lchown, 0 },
	{ "truncate", call_truncate, 0 },
	{ "utimensat", call_utimensat, 0 },
	{ "utimensat NOFOLLOW", call_utimensat_link, 0 },
	{ "access", call_access, 0 },
	{ "faccessat2", call_faccessat2, 0 },
	{ "stat", call_stat, 0 },
	{ "lstat", call_lstat, 0 },
	{ "statx", call_statx, 0 },
	{ "readlink", call_readlink, 0 },
	{ "chdir", call_chdir, 0 },
	{ "chroot", call_chroot, 0 },
	{ "statfs", call_statfs, 0 },
	{ "execve", call_execve, 0 },
	{ "umount2", call_umount, 0 },
};

#define CALLS	(sizeof(calls) / sizeof(calls[0]))

/* Each call, or those of a kind, fails with one error. */
static void all_fail(const struct user *user, int kind, const char *path, int error, const char *why)
{
	for (unsigned int i = 0; i < CALLS; i++) {
		pid_t pid;

		if (kind && calls[i].kind != kind)
			continue;
		if (!has_links && !strncmp(calls[i].name, "link", 4)) {
			skipped(calls[i].name, "no hard links here");
			continue;
		}
		pid = user ? become(user) : fork();
		if (!pid) {
			errno = 0;
			_exit(calls[i].call(path) == -1 ? errno : 0);
		}
		expected(ended(pid), error, "%s, %s", calls[i].name, why);
	}
}

static char *repeated(char c, int n)
{
	static char text[5000];

	memset(text, c, n);
	text[n] = 0;
	return text;
}

static void test_wrong_paths(void)
{
	all_fail(NULL, 0, "", ENOENT, "an empty path");
	all_fail(NULL, 0, "missing/x", ENOENT, "in a directory that is not there");
	all_fail(NULL, 0, "plain/x", ENOTDIR, "in a file as if it were a directory");
	all_fail(NULL, 0, "plain/.", ENOTDIR, "\".\" in a file");
	all_fail(NULL, 0, nowhere, EFAULT, "a bad pointer");
	all_fail(NULL, 0, repeated('x', 256), ENAMETOOLONG, "a name of 256 bytes");
	all_fail(NULL, 0, repeated('/', 4096), ENAMETOOLONG, "a path of 4096 bytes");
	if (!has_symlinks) {
		skipped("ELOOP of each call", "no symbolic links here");
		return;
	}
	symlink("loop", "loop");
	symlink("missing", "dangling");
	all_fail(NULL, 0, "loop/x", ELOOP, "behind a link to itself");
	all_fail(NULL, 0, "dangling/x", ENOENT, "behind a link to nothing");
	unlink("loop");
	unlink("dangling");
}

static void test_forbidden_paths(void)
{
	directory("closed", 0);
	directory("readable", 0755);
	all_fail(&alice, 0, "closed/x", EACCES, "in a directory that may not be searched");
	file("readable/there", 0666, "");
	all_fail(&alice, CREATES, "readable/x", EACCES, "in a directory that may not be written");
	all_fail(&alice, REMOVES, "readable/there", EACCES, "in a directory that may not be written");
	unlink("readable/there");
	rmdir("closed");
	rmdir("readable");
}

/* As long as a name and a path may be, and one more. */
static void test_limits(void)
{
	char *name = repeated('n', name_max);

	expect(0, mkdir(name, 0700));
	equal(S_ISDIR(status(name).st_mode), 1);
	expect(0, rmdir(name));
	name = repeated('n', name_max + 1);
	expect(ENAMETOOLONG, mkdir(name, 0700));
	expect(ENAMETOOLONG, rename("plain", name));
	expect(ENAMETOOLONG, access(name, F_OK));

	name = repeated('/', 4095);
	name[0] = '.';
	memcpy(name + 4090, "plain", 5);
	expect(0, access(name, F_OK));
	name = repeated('/', 4096);
	name[0] = '.';
	memcpy(name + 4091, "plain", 5);
	expect(ENAMETOOLONG, access(name, F_OK));
}

static void test_symlink_chains(void)
{
	char from[8], to[8];

	if (!has_symlinks) {
		skipped("chains of symbolic links", "no symbolic links here");
		return;
	}
	/* l0 is the file, l40 is forty links away from it, and l41 one too many. */
	file("l0", 0600, "x");
	for (int i = 1; i <= 41; i++) {
		snprintf(from, sizeof(from), "l%d", i);
		snprintf(to, sizeof(to), "l%d", i - 1);
		symlink(to, from);
	}
	expect(0, access("l40", F_OK));
	expect(ELOOP, access("l41", F_OK));
	expect(ELOOP, open("l41", O_RDONLY));
	expect(0, lchown("l41", 0, 0));
	for (int i = 0; i <= 41; i++) {
		snprintf(from, sizeof(from), "l%d", i);
		unlink(from);
	}
}

static void test_dots(void)
{
	directory("d", 0755);
	expect(EINVAL, rmdir("d/."));
	expect(ENOTEMPTY, rmdir("d/.."));
	expect(EBUSY, rmdir("/"));
	expect(EISDIR, unlink("d/."));
	expect(EISDIR, unlink("d/.."));
	expect(EISDIR, unlink("/"));
	expect(EEXIST, mkdir(".", 0700));
	expect(EEXIST, mkdir("..", 0700));
	expect(EEXIST, mkdir("/", 0700));
	expect(EEXIST, mkdir("d/", 0700));
	expect(EBUSY, rename("d/.", "e"));
	expect(EBUSY, rename("d", ".."));
	expect(EEXIST, renameat2(AT_FDCWD, "d", AT_FDCWD, ".", RENAME_NOREPLACE));
	expect(0, access("d/../d/./", F_OK));
	expect(ENOENT, access("d/../e", F_OK));
	/* A slash behind a name asks for a directory. */
	expect(ENOTDIR, access("plain/", F_OK));
	expect(ENOTDIR, open("plain/", O_RDONLY));
	expect(EISDIR, open("new/", O_CREAT | O_RDWR, 0600));
	expect(ENOTDIR, unlink("plain/"));
	expect(EISDIR, unlink("d/"));
	expect(ENOENT, mknod("new/", S_IFREG | 0600, 0));
	expect(ENOTDIR, rename("plain", "new/"));
	expect(ENOTDIR, truncate("plain/", 0));
	expect(0, mkdir("new/", 0755));
	expect(0, rename("new/", "newer/"));
	expect(0, rmdir("newer/"));
	expect(0, rmdir("d"));
}

static void test_descriptors(void)
{
	int dir, plain, path;

	directory("d", 0755);
	file("d/in", 0644, "");
	dir = open("d", O_RDONLY | O_DIRECTORY);
	plain = open("plain", O_RDONLY);
	path = open("d", O_PATH);
	expect(0, faccessat(dir, "in", F_OK, 0));
	expect(0, faccessat(path, "in", F_OK, 0));
	expect(ENOTDIR, faccessat(plain, "in", F_OK, 0));
	expect(EBADF, faccessat(99, "in", F_OK, 0));
	expect(0, faccessat(99, "/", F_OK, 0));
	expect(ENOTDIR, openat(plain, "x", O_CREAT | O_RDWR, 0600));
	expect(EBADF, openat(99, "x", O_CREAT | O_RDWR, 0600));
	expect(EBADF, mkdirat(99, "x", 0700));
	expect(EBADF, unlinkat(99, "x", 0));
	expect(EINVAL, unlinkat(dir, "in", 0x4000));
	expect(ENOTDIR, unlinkat(dir, "in", AT_REMOVEDIR));
	expect(EISDIR, unlinkat(AT_FDCWD, "d", 0));
	expect(ENOTDIR, fchdir(plain));
	expect(EBADF, fchdir(99));
	expect(0, fchdir(dir));
	expect(0, access("in", F_OK));
	expect(0, chdir(".."));
	expect(ENOENT, openat(dir, "", O_RDONLY));
	/* A directory that is removed is still there for those who are in it, but holds nothing. */
	expect(0, unlinkat(dir, "in", 0));
	expect(0, rmdir("d"));
	expect(ENOENT, openat(dir, "x", O_CREAT | O_RDWR, 0600));
	expect(ENOENT, mkdirat(dir, "x", 0700));
	expect(ENOENT, faccessat(dir, "x", F_OK, 0));
	expect(0, faccessat(dir, ".", F_OK, 0));
	close(dir);
	close(plain);
	close(path);
}

void test_paths(void)
{
	file("plain", 0666, "plain");		/* or fs.protected_hardlinks would be in the way */
	test_wrong_paths();
	test_forbidden_paths();
	test_limits();
	test_symlink_chains();
	test_dots();
	test_descriptors();
	unlink("plain");
}
