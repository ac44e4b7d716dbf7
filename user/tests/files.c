// SPDX-License-Identifier: MIT
/* Files in /tmp: opening, descriptors, offsets, holes, truncation, names, folders, links. */
#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include "tap.h"

#define DIR_NAME "/tmp/files-test"

static void test_open(void)
{
	int fd;
	struct stat st;

	fails(open("a", O_RDONLY), ENOENT, "open of nothing");
	umask(022);
	fd = open("a", O_CREAT | O_EXCL | O_RDWR, 0666);
	ok(fd >= 0, "O_CREAT | O_EXCL");
	fstat(fd, &st);
	is(st.st_mode, S_IFREG | 0644, "its mode is cut by umask");
	is(st.st_nlink, 1, "it has one name");
	is(st.st_size, 0, "it is empty");
	fails(open("a", O_CREAT | O_EXCL | O_RDWR, 0666), EEXIST, "again: EEXIST");
	is(write(fd, "hello", 5), 5, "write");
	close(fd);
	fd = open("a", O_RDONLY);
	fails(write(fd, "x", 1), EBADF, "write to one open for reading");
	close(fd);
	fd = open("a", O_WRONLY | O_TRUNC);
	fstat(fd, &st);
	is(st.st_size, 0, "O_TRUNC");
	fails(read(fd, &st, 1), EBADF, "read of one open for writing");
	close(fd);
	fails(read(fd, &st, 1), EBADF, "a closed descriptor");
	fails(open("a/b", O_RDONLY), ENOTDIR, "a file is no folder");
	fails(open("a", O_RDONLY | O_DIRECTORY), ENOTDIR, "O_DIRECTORY of a file");
	fails(open(".", O_WRONLY), EISDIR, "a folder cannot be written");
	fails(open("", O_RDONLY), ENOENT, "the empty name");
	fails(open((char *)8, O_RDONLY), EFAULT, "a name at a bad address");
	fd = open(".", O_RDONLY);
	fails(read(fd, &st, 1), EISDIR, "read of a folder");
	close(fd);
}

static void test_long_names(void)
{
	static char name[5000];

	memset(name, 'x', 256);
	fails(open(name, O_CREAT | O_RDWR, 0600), ENAMETOOLONG, "a name of 256 bytes");
	memset(name, '/', 4999);
	fails(open(name, O_RDONLY), ENAMETOOLONG, "a path of 4999 bytes");
}

static void test_offsets(void)
{
	int fd = open("b", O_CREAT | O_TRUNC | O_RDWR, 0600), fd2;
	struct iovec iov[2];
	char buf[32] = "";

	write(fd, "0123456789", 10);
	is(lseek(fd, 3, SEEK_SET), 3, "lseek");
	is(read(fd, buf, 2), 2, "read from there");
	ok(!memcmp(buf, "34", 2), "gets it");
	is(lseek(fd, -1, SEEK_CUR), 4, "SEEK_CUR");
	is(lseek(fd, -2, SEEK_END), 8, "SEEK_END");
	fails(lseek(fd, -1, SEEK_SET), EINVAL, "before the start");
	is(read(fd, buf, 30), 2, "a short read at the end");
	is(read(fd, buf, 30), 0, "then 0");
	is(pread(fd, buf, 3, 1), 3, "pread");
	is(lseek(fd, 0, SEEK_CUR), 10, "does not move the offset");
	is(pwrite(fd, "AB", 2, 1), 2, "pwrite");
	fd2 = dup(fd);
	lseek(fd2, 1, SEEK_SET);
	is(lseek(fd, 0, SEEK_CUR), 1, "dup shares the offset");
	iov[0] = (struct iovec){ buf, 2 };
	iov[1] = (struct iovec){ buf + 10, 3 };
	is(readv(fd, iov, 2), 5, "readv");
	ok(!memcmp(buf, "AB", 2) && !memcmp(buf + 10, "345", 3), "into both buffers");
	close(fd2);
	fd2 = open("b", O_WRONLY | O_APPEND);
	lseek(fd2, 0, SEEK_SET);
	write(fd2, "end", 3);
	is(lseek(fd, 0, SEEK_END), 13, "O_APPEND writes at the end");
	close(fd2);
	close(fd);
}

static void test_holes(void)
{
	int fd = open("c", O_CREAT | O_TRUNC | O_RDWR, 0600);
	char buf[64];
	struct stat st;
	int i, wrong = 0;

	is(pwrite(fd, "x", 1, 20000), 1, "a byte far behind the end");
	fstat(fd, &st);
	is(st.st_size, 20001, "the size");
	pread(fd, buf, 64, 10000);
	for (i = 0; i < 64; i++)
		wrong += buf[i] != 0;
	is(wrong, 0, "what is between reads as zeros");
	is(ftruncate(fd, 5), 0, "ftruncate, shorter");
	is(ftruncate(fd, 100), 0, "and longer");
	is(pread(fd, buf, 64, 0), 64, "read it");
	for (i = 0; i < 64; i++)
		wrong += buf[i] != 0;
	is(wrong, 0, "all zeros");
	pwrite(fd, "abcdef", 6, 0);
	truncate("c", 3);
	truncate("c", 6);
	pread(fd, buf, 6, 0);
	ok(!memcmp(buf, "abc\0\0\0", 6), "what was cut off does not come back");
	fails(ftruncate(fd, -1), EINVAL, "a negative size");
	fails(truncate(".", 0), EISDIR, "truncate of a folder");
	close(fd);
}

static void test_descriptors(void)
{
	int fd = open("a", O_RDWR), fd2;

	is(dup2(fd, 40), 40, "dup2");
	is(fcntl(40, F_GETFD), 0, "without close-on-exec");
	is(dup3(fd, 41, O_CLOEXEC), 41, "dup3");
	is(fcntl(41, F_GETFD), FD_CLOEXEC, "with it");
	fails(dup3(fd, fd, 0), EINVAL, "dup3 onto itself");
	fd2 = fcntl(fd, F_DUPFD, 30);
	is(fd2, 30, "F_DUPFD: the lowest from there");
	close(fd2);
	is(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK), 0, "F_SETFL");
	is(fcntl(40, F_GETFL) & (O_APPEND | O_NONBLOCK | O_ACCMODE), O_APPEND | O_NONBLOCK | O_RDWR,
	   "flags belong to the open file");
	close(40);
	close(41);
	fd2 = open("a", O_RDONLY);
	is(fd2, fd + 1, "the lowest free descriptor is used");
	close(fd2);
	close(fd);
	fails(dup(99), EBADF, "dup of nothing");
	fails(fcntl(99, F_GETFD), EBADF, "fcntl of nothing");
}

static void test_rename(void)
{
	int fd = open("r1", O_CREAT | O_RDWR, 0600);
	struct stat a, b;

	write(fd, "one", 3);
	fstat(fd, &a);
	close(open("r2", O_CREAT | O_RDWR, 0600));
	is(rename("r1", "r2"), 0, "rename over another file");
	fails(stat("r1", &b), ENOENT, "the old name is gone");
	stat("r2", &b);
	ok(a.st_ino == b.st_ino && b.st_size == 3, "the new one is the same file");
	fails(rename("r1", "r3"), ENOENT, "rename of nothing");
	mkdir("d1", 0700);
	mkdir("d1/d2", 0700);
	fails(rename("d1", "d1/d2/x"), EINVAL, "a folder into itself");
	fails(rename("r2", "d1"), EISDIR, "a file over a folder");
	fails(rename("d1", "r2"), ENOTDIR, "a folder over a file");
	mkdir("d3", 0700);
	fails(rename("d3", "d1"), ENOTEMPTY, "over a folder that is not empty");
	is(rename("d3", "d1/d2"), 0, "over one that is");
	is(rename("d1/d2", "d4"), 0, "into another folder");
	stat("d1", &a);
	is(a.st_nlink, 2, "whose link count falls");
	is(renameat2(AT_FDCWD, "r2", AT_FDCWD, "d4", RENAME_NOREPLACE) ? errno : 0, EEXIST, "RENAME_NOREPLACE");
	rmdir("d4");
	rmdir("d1");
	close(fd);
}

static void test_unlink(void)
{
	int fd = open("u", O_CREAT | O_RDWR, 0600);
	struct stat st;
	char c;

	write(fd, "u", 1);
	is(link("u", "u2"), 0, "link");
	fstat(fd, &st);
	is(st.st_nlink, 2, "two names");
	is(unlink("u"), 0, "unlink one");
	is(unlink("u2"), 0, "unlink the other");
	fstat(fd, &st);
	is(st.st_nlink, 0, "no name");
	is(pread(fd, &c, 1, 0), 1, "an open file lives without a name");
	ok(write(fd, "v", 1) == 1 && lseek(fd, 0, SEEK_END) == 2, "and can be written");
	close(fd);
	fails(unlink("u"), ENOENT, "unlink of nothing");
	mkdir("d", 0700);
	fails(unlink("d"), EISDIR, "unlink of a folder");
	close(open("d/x", O_CREAT | O_RDWR, 0600));
	fails(rmdir("d"), ENOTEMPTY, "rmdir of a folder with something in it");
	fails(rmdir("d/x"), ENOTDIR, "rmdir of a file");
	unlink("d/x");
	is(rmdir("d"), 0, "rmdir of an empty one");
	fails(mkdir("/", 0700), EEXIST, "mkdir of what is there");
}

static void test_links(void)
{
	char buf[64] = "";
	struct stat st;

	if (symlink("a", "s") && (errno == EPERM || errno == ENOSYS)) {
		skip("symbolic links", "this file system has none");
		return;
	}
	is(readlink("s", buf, sizeof(buf)), 1, "readlink");
	lstat("s", &st);
	ok(S_ISLNK(st.st_mode), "lstat sees the link");
	stat("s", &st);
	ok(S_ISREG(st.st_mode), "stat what it points at");
	fails(open("s", O_RDONLY | O_NOFOLLOW), ELOOP, "O_NOFOLLOW");
	symlink("loop", "loop");
	fails(open("loop", O_RDONLY), ELOOP, "a link to itself");
	unlink("loop");
	unlink("s");
}

static void test_folder(void)
{
	char name[16], cwd[256];
	struct dirent *e;
	int i, seen = 0, dots = 0;
	DIR *d;

	mkdir("many", 0700);
	for (i = 0; i < 25; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		close(open(name, O_CREAT | O_RDWR, 0600));
	}
	d = opendir("many");
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			dots++;
		else
			seen |= 1 << atoi(e->d_name);
	}
	if (d)
		closedir(d);
	is(seen, (1 << 25) - 1, "readdir sees each of 25 files");
	is(dots, 2, "and . and ..");
	is(chdir("many"), 0, "chdir");
	ok(getcwd(cwd, sizeof(cwd)) && !strcmp(cwd, DIR_NAME "/many"), "getcwd");
	fails(syscall(SYS_getcwd, cwd, 3), ERANGE, "getcwd with too little room");
	is(access("../many/3", F_OK), 0, "a path with ..");
	chdir("..");
	for (i = 0; i < 25; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		unlink(name);
	}
	is(rmdir("many"), 0, "all gone");
}

static void test_big(void)
{
	static char buf[65536], back[65536];
	int fd = open("big", O_CREAT | O_TRUNC | O_RDWR, 0600), i, wrong = 0;

	for (i = 0; i < (int)sizeof(buf); i++)
		buf[i] = i * 7 + (i >> 8);
	for (i = 0; i < 16; i++)
		wrong += write(fd, buf, sizeof(buf)) != sizeof(buf);
	is(wrong, 0, "1 MiB written");
	is(fsync(fd), 0, "fsync");
	lseek(fd, 0, SEEK_SET);
	for (i = 0; i < 16; i++)
		wrong += read(fd, back, sizeof(back)) != sizeof(back) || memcmp(buf, back, sizeof(buf));
	is(wrong, 0, "and read again");
	close(fd);
	unlink("big");
}

static void test_devices(void)
{
	char buf[64];
	int fd = open("/dev/zero", O_RDWR), i, wrong = 0;

	memset(buf, 1, sizeof(buf));
	is(read(fd, buf, 64), 64, "/dev/zero");
	for (i = 0; i < 64; i++)
		wrong += buf[i] != 0;
	is(wrong, 0, "gives zeros");
	close(fd);
	fd = open("/dev/null", O_RDWR);
	is(read(fd, buf, 64), 0, "/dev/null is empty");
	is(write(fd, buf, 64), 64, "and takes everything");
	close(fd);
	fd = open("/dev/full", O_RDWR);
	fails(write(fd, buf, 64), ENOSPC, "/dev/full takes nothing");
	close(fd);
}

int main(void)
{
	mkdir(DIR_NAME, 0700);
	if (chdir(DIR_NAME))
		return 1;
	test_open();
	test_long_names();
	test_offsets();
	test_holes();
	test_descriptors();
	test_rename();
	test_unlink();
	test_links();
	test_folder();
	test_big();
	test_devices();
	unlink("a");
	unlink("b");
	unlink("c");
	unlink("r2");
	chdir("/");
	is(rmdir(DIR_NAME), 0, "nothing is left");
	return done();
}
