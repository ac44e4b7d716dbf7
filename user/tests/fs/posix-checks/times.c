// SPDX-License-Identifier: MIT
/*
 * Which times move: each case does one thing to a file of its own in a directory of its own, whose times were set
 * back long before. Cases go in batches, as the clock has to tick once between, which may take a second.
 */
#include <dirent.h>
#include <sys/sendfile.h>
#include <time.h>
#include "posix.h"

#define OLD	1000000000L		/* September 2001 */

/* The times of the file, and of the directory it is in. */
enum { A = 1, M = 2, C = 4, DIR_A = 8, DIR_M = 16, DIR_C = 32 };

static void op_nothing(void) { }
static void op_stat(void) { status("f"); access("f", R_OK); }
static void op_open(void) { close(open("f", O_RDWR)); }
static void op_read(void) { char c; int fd = open("f", O_RDONLY); read(fd, &c, 1); close(fd); }
static void op_noatime(void) { char c; int fd = open("f", O_RDONLY | O_NOATIME); read(fd, &c, 1); close(fd); }
static void op_write(void) { int fd = open("f", O_WRONLY); write(fd, "y", 1); close(fd); }
static void op_write_nothing(void) { int fd = open("f", O_WRONLY); write(fd, "y", 0); close(fd); }
static void op_o_trunc(void) { close(open("f", O_WRONLY | O_TRUNC)); }
static void op_creat_again(void) { close(open("f", O_CREAT | O_WRONLY, 0600)); }
static void op_truncate(void) { truncate("f", 1); }
static void op_truncate_longer(void) { truncate("f", 100); }
static void op_ftruncate_same(void) { int fd = open("f", O_WRONLY); ftruncate(fd, 3); close(fd); }
static void op_chmod(void) { chmod("f", 0600); }
static void op_chown(void) { chown("f", alice.uid, alice.gid); }
static void op_chown_nobody(void) { chown("f", -1, -1); }
static void op_rename(void) { rename("f", "g"); rename("g", "f"); }
static void op_link(void) { link("f", "g"); unlink("g"); }
static void op_mkdir(void) { mkdir("d", 0700); rmdir("d"); }
static void op_create(void) { close(creat("g", 0600)); unlink("g"); }
static void op_symlink(void) { symlink("f", "g"); unlink("g"); }
static void op_mkfifo(void) { mkfifo("g", 0600); unlink("g"); }
static void op_failures(void) { mkdir("f", 0700); link("f", "f"); rename("f", "f/x"); rmdir("f"); }
static void op_readdir(void) { DIR *d = opendir("."); while (d && readdir(d)); closedir(d); }
static void op_chdir(void) { chdir("."); }
static void op_fsync(void) { int fd = open("f", O_RDONLY); fsync(fd); close(fd); }
static void op_exec(void)
{
	chmod("f", 0755);
	expect(ENOEXEC, execl("./f", "f", (char *)NULL));
}
static void op_utimes(void)
{
	const struct timespec old[2] = { { OLD, 0 }, { OLD, 0 } };

	utimensat(AT_FDCWD, "f", old, 0);
}
static void op_omit(void)
{
	const struct timespec omit[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };

	utimensat(AT_FDCWD, "f", omit, 0);
}
static void op_atime_now(void)
{
	const struct timespec now[2] = { { 0, UTIME_NOW }, { 0, UTIME_OMIT } };

	utimensat(AT_FDCWD, "f", now, 0);
}
static void op_mtime_now(void)
{
	const struct timespec now[2] = { { 0, UTIME_OMIT }, { 0, UTIME_NOW } };

	utimensat(AT_FDCWD, "f", now, 0);
}
static void op_now(void) { utimensat(AT_FDCWD, "f", NULL, 0); }
static void op_sendfile(void)
{
	int in = open("f", O_RDONLY), out = open("/dev/null", O_WRONLY);

	sendfile(out, in, NULL, 3);
	close(in);
	close(out);
}
static void op_copy_range(void)
{
	int fd = open("f", O_RDWR);
	off_t from = 0, to = 3;

	copy_file_range(fd, &from, fd, &to, 3, 0);
	close(fd);
}

static const struct {
	const char	*name;
	void		(*op)(void);
	int		moves;
	const bool	*needs;		/* what the file system must have for it */
} cases[] = {
	{ "nothing", op_nothing, 0, NULL },
	{ "stat, access", op_stat, 0, NULL },
	{ "open", op_open, 0, NULL },
	{ "read", op_read, A, NULL },
	{ "read, O_NOATIME", op_noatime, 0, NULL },
	{ "write", op_write, M | C, NULL },
	{ "write of 0 bytes", op_write_nothing, 0, NULL },
	{ "O_TRUNC", op_o_trunc, M | C, NULL },
	{ "O_CREAT of what is there", op_creat_again, 0, NULL },
	{ "truncate", op_truncate, M | C, NULL },
	{ "truncate to more", op_truncate_longer, M | C, NULL },
	{ "ftruncate to the same size", op_ftruncate_same, M | C, NULL },
	{ "chmod", op_chmod, C, NULL },
	{ "chown", op_chown, C, NULL },
	{ "chown to -1, -1", op_chown_nobody, C, NULL },
	{ "rename", op_rename, C | DIR_M | DIR_C, NULL },
	{ "link, unlink", op_link, C | DIR_M | DIR_C, &has_links },
	{ "mkdir, rmdir", op_mkdir, DIR_M | DIR_C, NULL },
	{ "creat, unlink", op_create, DIR_M | DIR_C, NULL },
	{ "symlink", op_symlink, DIR_M | DIR_C, &has_symlinks },
	{ "mkfifo", op_mkfifo, DIR_M | DIR_C, &has_nodes },
	{ "calls that fail", op_failures, 0, NULL },
	{ "readdir", op_readdir, DIR_A, NULL },
	{ "chdir", op_chdir, 0, NULL },
	{ "fsync", op_fsync, 0, NULL },
	{ "execve", op_exec, A | C, NULL },
	{ "utimensat to what they are", op_utimes, C, NULL },
	{ "UTIME_OMIT twice", op_omit, 0, NULL },
	{ "UTIME_NOW, UTIME_OMIT", op_atime_now, A | C, NULL },
	{ "UTIME_OMIT, UTIME_NOW", op_mtime_now, M | C, NULL },
	{ "utimensat to now", op_now, A | M | C, NULL },
	{ "sendfile from it", op_sendfile, A, NULL },
	{ "copy_file_range within it", op_copy_range, A | M | C, NULL },
};

#define CASES	((int)(sizeof(cases) / sizeof(cases[0])))
#define BATCH	8

static void set_back(const char *name)
{
	const struct timespec old[2] = { { OLD, 0 }, { OLD, 0 } };

	utimensat(AT_FDCWD, name, old, 0);
}

static long difference(struct timespec a, struct timespec b)
{
	return (a.tv_sec - b.tv_sec) * 1000000000L + a.tv_nsec - b.tv_nsec;
}

/* Until a file that is changed now has a later time than @since. */
static void tick(struct timespec since)
{
	file("tick", 0600, "");
	while (difference(status("tick").st_ctim, since) <= 0) {
		usleep(2000);
		utimensat(AT_FDCWD, "tick", NULL, 0);
	}
	unlink("tick");
}

static int moved(struct stat *before, struct stat *after)
{
	return (after->st_atim.tv_sec != OLD ? A : 0) | (after->st_mtim.tv_sec != OLD ? M : 0) |
	       (difference(after->st_ctim, before->st_ctim) ? C : 0);
}

static void run_batch(int first, int last)
{
	struct stat before[BATCH][2], after[2];
	char dir[8];

	for (int i = first; i < last; i++) {
		snprintf(dir, sizeof(dir), "t%d", i);
		directory(dir, 0755);
		chdir(dir);
		file("f", 0644, "xyz");
		set_back("f");
		set_back(".");
		before[i - first][0] = status("f");
		before[i - first][1] = status(".");
		chdir("..");
	}
	tick(before[last - first - 1][1].st_ctim);
	for (int i = first; i < last; i++) {
		snprintf(dir, sizeof(dir), "t%d", i);
		chdir(dir);
		if (cases[i].needs && !*cases[i].needs) {
			skipped(cases[i].name, "the file system has not got it");
		} else {
			cases[i].op();
			after[0] = status("f");
			after[1] = status(".");
			check(moved(&before[i - first][0], &after[0]) | moved(&before[i - first][1], &after[1]) << 3,
			      cases[i].moves, "times that %s moves (atime 1, mtime 2, ctime 4; of the directory 8, 16, 32)",
			      cases[i].name);
		}
		unlink("f");
		chdir("..");
		rmdir(dir);
	}
}

/* A second read of an unchanged file does not move atime once more. */
static void test_relatime(void)
{
	struct stat first;

	file("f", 0644, "xyz");
	tick(status("f").st_ctim);	/* the later one: it was made, written, and perhaps given its mode */
	op_read();
	first = status("f");
	tick(first.st_atim);
	op_read();
	check(difference(status("f").st_atim, first.st_atim), 0, "atime, after a second read");
	unlink("f");
}

static long set_times(const char *name, long a_nsec, long m_nsec)
{
	const struct timespec t[2] = { { 1234, a_nsec }, { 5678, m_nsec } };

	return utimensat(AT_FDCWD, name, t, 0);
}

static void test_utimensat(void)
{
	const struct timespec t[2] = { { 1234, 0 }, { 5678, 0 } };
	int fd;

	file("f", 0666, "");
	expect(0, set_times("f", 0, 0));
	equal(status("f").st_atim.tv_sec, 1234);
	equal(status("f").st_mtim.tv_sec, 5678);
	expect(0, set_times("f", UTIME_OMIT, 0));
	expect(EINVAL, set_times("f", 1000000000, 0));
	expect(EINVAL, set_times("f", 0, -1));
	expect(EINVAL, utimensat(AT_FDCWD, "f", t, 0x4000));
	expect(EFAULT, utimensat(AT_FDCWD, "f", nowhere, 0));
	expect(0, utimensat(AT_FDCWD, "missing", (const struct timespec[]){ { 0, UTIME_OMIT }, { 0, UTIME_OMIT } }, 0));
	fd = open("f", O_RDONLY);
	expect(0, futimens(fd, t));
	expect(EBADF, futimens(99, t));
	close(fd);
	/* Who may write may set them to now, both; the rest is the owner's. */
	expect_as(&alice, 0, utimensat(AT_FDCWD, "f", NULL, 0));
	expect_as(&alice, 0, set_times("f", UTIME_NOW, UTIME_NOW));
	expect_as(&alice, EPERM, set_times("f", 0, 0));
	expect_as(&alice, EPERM, set_times("f", UTIME_NOW, UTIME_OMIT));
	expect_as(&alice, EPERM, set_times("f", UTIME_OMIT, UTIME_NOW));
	expect_as(&alice, 0, set_times("f", UTIME_OMIT, UTIME_OMIT));
	chmod("f", 0644);
	expect_as(&alice, EACCES, utimensat(AT_FDCWD, "f", NULL, 0));
	expect_as(&alice, EPERM, set_times("f", 0, 0));
	chown("f", alice.uid, alice.gid);
	chmod("f", 0);
	expect_as(&alice, 0, set_times("f", 0, 0));
	expect_as(&alice, 0, utimensat(AT_FDCWD, "f", NULL, 0));
	unlink("f");
	if (!has_symlinks)
		return skipped("times of a link", "no symbolic links here");
	file("f", 0644, "");
	symlink("f", "l");
	expect(0, utimensat(AT_FDCWD, "l", t, AT_SYMLINK_NOFOLLOW));
	equal(status("l").st_mtim.tv_sec, 5678);
	check(status("f").st_mtim.tv_sec > OLD, 1, "the file's are as they were");
	unlink("l");
	unlink("f");
}

void test_times(void)
{
	for (int i = 0; i < CASES; i += BATCH)
		run_batch(i, i + BATCH < CASES ? i + BATCH : CASES);
	test_relatime();
	test_utimensat();
}
