// SPDX-License-Identifier: MIT
/* rename(2) and the flags of renameat2(2). */
#include "posix.h"

#ifndef RENAME_WHITEOUT
#define RENAME_WHITEOUT 4
#endif

static int flagged(const char *from, const char *to, unsigned int flags)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

static ino_t inode(const char *name)
{
	return status(name).st_ino;
}

static void test_files(void)
{
	ino_t a;
	struct stat st;
	int fd;

	file("a", 0644, "aaa");
	a = inode("a");
	expect(0, rename("a", "b"));
	expect(ENOENT, access("a", F_OK));
	check(inode("b") == a, 1, "it is the same file");
	file("c", 0644, "c");
	fd = open("c", O_RDONLY);
	expect(0, rename("b", "c"));
	check(inode("c") == a, 1, "the other file is replaced");
	fstat(fd, &st);
	check(st.st_nlink, 0, "and has no name now");
	close(fd);
	expect(0, rename("c", "c"));
	expect(ENOENT, rename("missing", "c"));
	expect(ENOENT, rename("missing", "missing"));
	directory("d", 0755);
	expect(0, rename("c", "d/c"));
	check(inode("d/c") == a, 1, "in another directory, too");
	directory("e", 0755);
	expect(EISDIR, rename("d/c", "e"));
	rmdir("e");
	file("f", 0644, "");
	expect(ENOTDIR, rename("d", "f"));
	expect(ENOTEMPTY, rename("d/c", "d"));
	unlink("f");
	if (has_links) {
		/* Two names of one file: nothing is done. */
		link("d/c", "x");
		expect(0, rename("d/c", "x"));
		expect(0, access("d/c", F_OK));
		equal(links_of("x"), 2);
		unlink("x");
	} else {
		skipped("rename of a file onto itself", "no hard links here");
	}
	unlink("d/c");
	rmdir("d");
}

static void test_directories(void)
{
	long before = links_of(".");
	struct stat st;

	directory("p", 0755);
	directory("q", 0755);
	directory("p/d", 0755);
	expect(0, rename("p/d", "q/e"));
	equal(links_of("p"), 2);
	equal(links_of("q"), 3);
	stat("q/e/..", &st);
	check(st.st_ino == inode("q"), 1, "\"..\" is the new parent");
	expect(EINVAL, rename("q", "q/e/x"));
	expect(EINVAL, rename("q", "q/x"));
	expect(ENOTEMPTY, rename("q/e", "q"));
	expect(ENOTEMPTY, rename("p", "q"));
	expect(0, rename("q", "p"));
	check(links_of("."), before + 1, "one of the two is left");
	equal(links_of("p"), 3);
	stat("p/e/..", &st);
	check(st.st_ino == inode("p"), 1, "\"..\" of what is in it");
	expect(0, rename("p/e", "e"));
	equal(links_of("p"), 2);
	check(links_of("."), before + 2, "links of the parent");
	rmdir("e");
	rmdir("p");
	if (!has_symlinks)
		return skipped("rename of symbolic links", "there are none");
	directory("d", 0755);
	symlink("d", "l");
	symlink("missing", "m");
	expect(0, rename("m", "l"));
	equal(S_ISLNK(status("l").st_mode), 1);
	expect(ENOENT, stat("l", &st));
	expect(ENOTDIR, rename("d", "l"));
	expect(EISDIR, rename("l", "d"));
	unlink("l");
	rmdir("d");
}

static void test_flags(void)
{
	file("a", 0644, "aaa");
	file("b", 0644, "b");
	expect(EEXIST, flagged("a", "b", RENAME_NOREPLACE));
	expect(EEXIST, flagged("a", "a", RENAME_NOREPLACE));
	expect(ENOENT, flagged("missing", "b", RENAME_NOREPLACE));
	expect(0, flagged("a", "c", RENAME_NOREPLACE));
	equal(size_of("c"), 3);
	expect(EINVAL, flagged("b", "c", RENAME_NOREPLACE | RENAME_EXCHANGE));
	expect(EINVAL, flagged("b", "c", RENAME_WHITEOUT | RENAME_EXCHANGE));
	expect(EINVAL, flagged("b", "c", 0x100));
	expect(ENOENT, flagged("b", "missing", RENAME_EXCHANGE));
	unlink("b");
	unlink("c");
}

static void test_exchange(void)
{
	if (!has_exchange) {
		file("a", 0644, "");
		file("b", 0644, "");
		expect(EINVAL, flagged("a", "b", RENAME_EXCHANGE));
		unlink("a");
		unlink("b");
		return skipped("RENAME_EXCHANGE", "the file system has not got it");
	}
	directory("p", 0755);
	directory("q", 0755);
	file("p/f", 0644, "abc");
	directory("q/d", 0755);
	expect(0, flagged("p/f", "q/d", RENAME_EXCHANGE));
	equal(S_ISDIR(status("p/f").st_mode), 1);
	equal(size_of("q/d"), 3);
	equal(links_of("p"), 3);
	equal(links_of("q"), 2);
	check(status("p/f/..").st_ino == inode("p"), 1, "\"..\" of the directory");
	expect(0, flagged("p/f", "q/d", RENAME_EXCHANGE));
	expect(EINVAL, flagged("q", "q/d", RENAME_EXCHANGE));
	expect(EINVAL, flagged("q/d", "q", RENAME_EXCHANGE));
	expect(0, flagged("p", "q", RENAME_EXCHANGE));
	equal(size_of("q/f"), 3);
	expect(0, flagged("q", "q", RENAME_EXCHANGE));
	unlink("q/f");
	rmdir("p/d");
	rmdir("p");
	rmdir("q");
}

void test_rename(void)
{
	test_files();
	test_directories();
	test_flags();
	test_exchange();
}
