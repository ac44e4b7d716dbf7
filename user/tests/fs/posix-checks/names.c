// SPDX-License-Identifier: MIT
/* Names: made, removed, counted; hard and symbolic links, nodes. */
#include <sys/sysmacros.h>
#include "posix.h"

static void test_mkdir(void)
{
	long before = links_of(".");
	struct stat st;

	expect(0, mkdir("d", 0755));
	equal(links_of("d"), 2);
	check(links_of("."), before + 1, "its \"..\" is a link of the parent");
	expect(0, mkdir("d/e", 0755));
	equal(links_of("d"), 3);
	stat("d/e/..", &st);
	check(st.st_ino == status("d").st_ino, 1, "\"..\" is the parent");
	stat("d/.", &st);
	check(st.st_ino == status("d").st_ino, 1, "\".\" is itself");
	file("d/f", 0644, "");
	equal(links_of("d"), 3);
	expect(ENOTEMPTY, rmdir("d"));
	expect(EEXIST, mkdir("d", 0755));
	expect(EEXIST, mkdir("d/f", 0755));
	expect(ENOTDIR, rmdir("d/f"));
	expect(EISDIR, unlink("d/e"));
	expect(0, rmdir("d/e"));
	equal(links_of("d"), 2);
	expect(0, unlink("d/f"));
	expect(0, rmdir("d"));
	check(links_of("."), before, "and it is gone");
	expect(ENOENT, rmdir("d"));
	expect(ENOENT, unlink("d"));
}

static void test_hard_links(void)
{
	char proc[32], c;
	struct stat st;
	int fd;

	if (!has_links)
		return skipped("hard links", "the file system has none");
	file("a", 0644, "abc");
	directory("d", 0755);
	expect(0, link("a", "b"));
	expect(0, link("b", "d/c"));
	equal(links_of("a"), 3);
	check(status("a").st_ino == status("d/c").st_ino, 1, "it is one file");
	chmod("d/c", 0600);
	equal(mode_of("a"), 0600);
	expect(EEXIST, link("a", "b"));
	expect(EEXIST, link("a", "d"));
	expect(EPERM, link("d", "e"));
	expect(ENOENT, link("missing", "e"));
	expect(EINVAL, linkat(AT_FDCWD, "a", AT_FDCWD, "e", 0x4000));
	fd = open("a", O_RDWR);
	expect(0, unlink("a"));
	equal(links_of("b"), 2);
	expect(0, unlink("b"));
	expect(0, unlink("d/c"));
	fstat(fd, &st);
	equal((long)st.st_nlink, 0);
	check(pread(fd, &c, 1, 2) == 1 && c == 'c', 1, "without a name it can be read");
	check(pwrite(fd, "d", 1, 3), 1, "and written");
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	expect(ENOENT, linkat(AT_FDCWD, proc, AT_FDCWD, "e", AT_SYMLINK_FOLLOW));
	expect(ENOENT, linkat(fd, "", AT_FDCWD, "e", AT_EMPTY_PATH));
	close(fd);
	file("a", 0644, "");
	fd = open("a", O_PATH);
	expect(0, linkat(fd, "", AT_FDCWD, "e", AT_EMPTY_PATH));
	expect(ENOENT, linkat(fd, "", AT_FDCWD, "f", 0));
	close(fd);
	unlink("a");
	unlink("e");
	rmdir("d");
}

static void test_symbolic_links(void)
{
	char target[1001], back[1001];
	struct stat st;
	int fd;

	if (!has_symlinks)
		return skipped("symbolic links", "the file system has none");
	file("f", 0600, "abc");
	directory("d", 0755);
	expect(0, symlink("f", "l"));
	expect(0, symlink("d", "ld"));
	expect(0, symlink("missing", "dangling"));
	equal(S_ISLNK(status("l").st_mode), 1);
	equal(size_of("l"), 1);
	equal(mode_of("l"), 0777);
	check(stat("l", &st) == 0 && S_ISREG(st.st_mode), 1, "stat goes through it");
	check(readlink("dangling", back, 4) == 4 && !memcmp(back, "miss", 4), 1, "readlink cuts off");
	expect(EINVAL, readlink("l", back, 0));
	expect(EINVAL, readlink("f", back, 10));
	expect(EINVAL, readlink("d", back, 10));
	expect(EFAULT, readlink("l", nowhere, 10));
	expect(EEXIST, symlink("x", "f"));
	expect(EEXIST, symlink("x", "dangling"));
	expect(EEXIST, mkdir("dangling", 0700));
	expect(EEXIST, mknod("dangling", S_IFREG | 0600, 0));
	expect(EEXIST, open("dangling", O_CREAT | O_EXCL | O_RDWR, 0600));
	expect(ENOENT, symlink("", "x"));
	expect(ENOENT, stat("dangling", &st));
	expect(ENOTDIR, rmdir("ld"));
	expect(0, mkdir("ld/sub", 0700));
	expect(0, rmdir("d/sub"));
	if (has_links) {
		expect(0, link("l", "l2"));
		equal(links_of("l"), 2);
		equal(S_ISLNK(status("l2").st_mode), 1);
		unlink("l2");
		expect(0, linkat(AT_FDCWD, "l", AT_FDCWD, "l2", AT_SYMLINK_FOLLOW));
		equal(links_of("f"), 2);
		unlink("l2");
		expect(ENOENT, linkat(AT_FDCWD, "dangling", AT_FDCWD, "l2", AT_SYMLINK_FOLLOW));
	}
	fd = open("l", O_PATH | O_NOFOLLOW);
	check(readlinkat(fd, "", back, 10), 1, "readlinkat of a descriptor");
	close(fd);
	/* A target needs no sense, and may be long. */
	memset(target, '/', 1000);
	target[1000] = 0;
	expect(0, symlink(target, "long"));
	check(readlink("long", back, sizeof(back)), 1000, "a target of 1000 bytes");
	check(memcmp(target, back, 1000), 0, "comes back");
	equal(size_of("long"), 1000);
	unlink("long");
	unlink("l");
	unlink("ld");
	expect(0, opens("dangling", O_CREAT | O_RDWR, 0600));
	expect(0, unlink("missing"));
	unlink("dangling");
	unlink("f");
	rmdir("d");
}

static void test_nodes(void)
{
	expect(0, mknod("f", S_IFREG | 0640, 0));
	equal(S_ISREG(status("f").st_mode), 1);
	expect(EEXIST, mknod("f", S_IFREG | 0640, 0));
	unlink("f");
	expect(0, mknod("f", 0640, 0));
	equal(S_ISREG(status("f").st_mode), 1);
	unlink("f");
	expect(EPERM, mknod("f", S_IFDIR | 0755, 0));
	expect(EINVAL, mknod("f", S_IFLNK | 0755, 0));
	expect(EINVAL, mknod("f", 0150000, 0));
	directory("d", 0777);
	expect_as(&alice, EPERM, mknod("d/c", S_IFCHR | 0600, makedev(1, 3)));
	expect_as(&alice, EPERM, mknod("d/b", S_IFBLK | 0600, makedev(7, 0)));
	if (!has_nodes) {
		skipped("nodes", "the file system has none");
		rmdir("d");
		return;
	}
	expect_as(&alice, 0, mkfifo("d/p", 0640));
	equal(S_ISFIFO(status("d/p").st_mode), 1);
	expect(ENXIO, open("d/p", O_WRONLY | O_NONBLOCK));
	expect(0, opens("d/p", O_RDONLY | O_NONBLOCK, 0));
	expect(EINVAL, truncate("d/p", 0));
	unlink("d/p");
	expect(0, mknod("d/s", S_IFSOCK | 0600, 0));
	equal(S_ISSOCK(status("d/s").st_mode), 1);
	expect(ENXIO, open("d/s", O_RDWR));
	unlink("d/s");
	expect(0, mknod("d/c", S_IFCHR | 0600, makedev(1, 3)));
	equal(S_ISCHR(status("d/c").st_mode), 1);
	check(status("d/c").st_rdev == makedev(1, 3), 1, "its number");
	expect(0, opens("d/c", O_RDWR, 0));
	unlink("d/c");
	expect(0, mknod("d/c", S_IFCHR | 0600, makedev(300, 70000)));
	check(status("d/c").st_rdev == makedev(300, 70000), 1, "a large number");
	expect(ENXIO, open("d/c", O_RDWR));
	unlink("d/c");
	rmdir("d");
}

void test_names(void)
{
	test_mkdir();
	test_hard_links();
	test_symbolic_links();
	test_nodes();
}
