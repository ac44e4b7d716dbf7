// SPDX-License-Identifier: MIT
/* The flags of open(2) and openat2(2), and statx(2). */
#include <sys/ioctl.h>
#include <sys/resource.h>
#include "posix.h"

struct how {
	uint64_t flags, mode, resolve;
};

enum { NO_XDEV = 1, NO_MAGICLINKS = 2, NO_SYMLINKS = 4, BENEATH = 8, IN_ROOT = 16 };

static long openat2(const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
	struct how how = { flags, mode, resolve };

	int fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 ? -1 : close(fd);
}

static void test_flags(void)
{
	int fd;

	directory("d", 0755);
	file("f", 0644, "abc");
	expect(EEXIST, open("f", O_CREAT | O_EXCL | O_RDWR, 0600));
	expect(EEXIST, open("d", O_CREAT | O_EXCL | O_RDWR, 0600));
	expect(EISDIR, open("d", O_CREAT | O_RDONLY, 0600));
	expect(EISDIR, open("d", O_WRONLY));
	expect(EISDIR, open("d", O_RDWR | O_DIRECTORY));
	expect(EISDIR, open("d", O_RDONLY | O_TRUNC));
	expect(0, opens("d", O_RDONLY, 0));
	expect(0, opens("d", O_RDONLY | O_DIRECTORY, 0));
	expect(ENOTDIR, open("f", O_RDONLY | O_DIRECTORY));
	expect(ENOENT, open("missing", O_RDWR));
	expect(ENOENT, open("missing", O_RDWR | O_EXCL));
	expect(0, opens("f", O_RDONLY | O_TRUNC, 0));
	equal(size_of("f"), 0);
	/* Who makes a file may use it as asked, whatever its mode. */
	fd = open("g", O_CREAT | O_RDWR, 0);
	check(write(fd, "x", 1), 1, "a file of mode 0, just made");
	close(fd);
	equal(mode_of("g"), 0);
	unlink("g");
	expect_as(&alice, EPERM, open("f", O_RDONLY | O_NOATIME));
	fd = open("f", O_RDWR | O_APPEND);
	equal(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND), O_RDWR | O_APPEND);
	write(fd, "abc", 3);
	lseek(fd, 0, SEEK_SET);
	write(fd, "def", 3);
	equal(size_of("f"), 6);
	close(fd);
	if (has_symlinks) {
		symlink("f", "l");
		symlink("d", "ld");
		symlink("new", "dangling");
		expect(ELOOP, open("l", O_RDONLY | O_NOFOLLOW));
		expect(ELOOP, open("l", O_CREAT | O_RDWR | O_NOFOLLOW, 0600));
		expect(EEXIST, open("l", O_CREAT | O_EXCL | O_RDWR, 0600));
		expect(EEXIST, open("dangling", O_CREAT | O_EXCL | O_RDWR, 0600));
		expect(ENOTDIR, open("ld", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
		expect(0, opens("ld/", O_RDONLY | O_NOFOLLOW, 0));
		expect(0, opens("dangling", O_CREAT | O_RDWR, 0600));
		equal(S_ISREG(status("new").st_mode), 1);
		unlink("new");
		unlink("l");
		unlink("ld");
		unlink("dangling");
	} else {
		skipped("O_NOFOLLOW", "no symbolic links here");
	}
	unlink("f");
	rmdir("d");
}

static void test_o_path(void)
{
	struct stat st;
	char c;
	int fd;

	file("f", 0, "abc");
	expect_as(&alice, 0, open("f", O_PATH));
	fd = open("f", O_PATH);
	expect(EBADF, read(fd, &c, 1));
	expect(EBADF, write(fd, &c, 1));
	expect(EBADF, lseek(fd, 0, SEEK_SET));
	expect(EBADF, ftruncate(fd, 0));
	expect(EBADF, fchmod(fd, 0600));
	expect(EBADF, fchown(fd, 0, 0));
	expect(EBADF, fsync(fd));
	expect(EBADF, ioctl(fd, FIONREAD, &c));
	expect(EBADF, fcntl(fd, F_SETFL, O_APPEND));
	check(!fstat(fd, &st) && st.st_size == 3, 1, "fstat");
	expect(0, close(dup(fd)));
	equal(fcntl(fd, F_GETFL) & O_PATH, O_PATH);
	expect(ENOTDIR, fchdir(fd));
	close(fd);
	unlink("f");
}

static void test_tmpfile(void)
{
	char proc[64], c;
	struct stat st;
	int fd;

	expect(EINVAL, open(".", O_TMPFILE | O_RDONLY, 0600));
	expect(EINVAL, open(".", O_TMPFILE | O_RDWR | O_CREAT, 0600));
	if (!has_tmpfile) {
		expect(EOPNOTSUPP, open(".", O_TMPFILE | O_RDWR, 0600));
		return skipped("O_TMPFILE", "the file system has not got it");
	}
	directory("d", 0755);
	expect_as(&alice, EACCES, open("d", O_TMPFILE | O_RDWR, 0600));
	fd = open("d", O_TMPFILE | O_RDWR, 0666);
	fstat(fd, &st);
	equal((long)st.st_nlink, 0);
	equal((long)st.st_mode, S_IFREG | 0644);
	snprintf(proc, sizeof(proc), "/#%lu (deleted)", (unsigned long)st.st_ino);
	check(strlen(fd_name(fd)) > strlen(proc) && !strcmp(fd_name(fd) + strlen(fd_name(fd)) - strlen(proc), proc), 1,
	      "it is shown as %s", proc);
	expect(0, rmdir("d"));
	directory("d", 0755);
	check(write(fd, "abc", 3), 3, "write");
	check(pread(fd, &c, 1, 1) == 1 && c == 'b', 1, "and read");
	close(fd);
	fd = open("d", O_TMPFILE | O_WRONLY, 0600);
	write(fd, "xyz", 3);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	expect(0, linkat(AT_FDCWD, proc, AT_FDCWD, "d/f", AT_SYMLINK_FOLLOW));
	equal(links_of("d/f"), 1);
	equal(size_of("d/f"), 3);
	close(fd);
	unlink("d/f");
	fd = open("d", O_TMPFILE | O_EXCL | O_RDWR, 0600);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	expect(ENOENT, linkat(AT_FDCWD, proc, AT_FDCWD, "d/f", AT_SYMLINK_FOLLOW));
	close(fd);
	expect(0, rmdir("d"));
}

static void test_openat2(void)
{
	struct how how = { O_RDONLY, 0, 0 };
	struct { struct how how; uint64_t more; } larger = { { O_RDONLY, 0, 0 }, 1 };

	directory("d", 0755);
	file("d/f", 0644, "");
	expect(0, openat2("d/f", O_RDONLY, 0, 0));
	expect(EINVAL, openat2("d/f", O_RDONLY, 0600, 0));
	expect(EINVAL, openat2("d/f", 1ULL << 40, 0, 0));
	expect(EINVAL, openat2("d/f", O_RDONLY, 0, 0x100));
	expect(EINVAL, openat2("d/f", O_RDONLY, 0, BENEATH | IN_ROOT));
	expect(EINVAL, syscall(SYS_openat2, AT_FDCWD, "d/f", &how, 8));
	expect(E2BIG, syscall(SYS_openat2, AT_FDCWD, "d/f", &larger, sizeof(larger)));
	larger.more = 0;
	expect(0, close(syscall(SYS_openat2, AT_FDCWD, "d/f", &larger, sizeof(larger))));
	expect(0, openat2("d/../d/f", O_RDONLY, 0, BENEATH));
	expect(EXDEV, openat2("../.", O_PATH, 0, BENEATH));
	expect(EXDEV, openat2("/", O_PATH, 0, BENEATH));
	expect(0, openat2("/d/f", O_RDONLY, 0, IN_ROOT));
	expect(0, openat2("../../d/f", O_RDONLY, 0, IN_ROOT));
	expect(EXDEV, openat2("/proc/self", O_PATH, 0, NO_XDEV));
	expect(ELOOP, openat2("/proc/self/exe", O_PATH, 0, NO_MAGICLINKS));
	expect(ELOOP, openat2("/proc/self/status", O_PATH, 0, NO_SYMLINKS));
	unlink("d/f");
	rmdir("d");
}

static void test_descriptor_limit(void)
{
	pid_t pid = fork();

	if (!pid) {
		struct rlimit limit = { 3, 3 };

		setrlimit(RLIMIT_NOFILE, &limit);
		_exit(open(".", O_RDONLY) == -1 ? errno : 0);
	}
	expected(ended(pid), EMFILE, "open with RLIMIT_NOFILE of 3");
}

/* struct statx, as far as it is looked at. */
struct statx_head {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, spare;
	uint64_t ino, size, blocks, attributes_mask;
	char	 rest[192];
};

static void test_statx(void)
{
	struct statx_head x;
	struct stat st;

	file("f", 0640, "abc");
	st = status("f");
	expect(0, syscall(SYS_statx, AT_FDCWD, "f", 0, 0x7ff, &x));
	equal(x.mask & 0x7ff, 0x7ff);
	check(x.ino == st.st_ino && x.size == 3 && x.mode == st.st_mode && x.nlink == st.st_nlink && x.uid == st.st_uid &&
	      x.blocks == (uint64_t)st.st_blocks, 1, "statx and stat agree");
	expect(0, syscall(SYS_statx, AT_FDCWD, "f", 0, 0, &x));
	expect(EINVAL, syscall(SYS_statx, AT_FDCWD, "f", 0, 1U << 31, &x));
	expect(EINVAL, syscall(SYS_statx, AT_FDCWD, "f", 0x6000, 0x7ff, &x));
	expect(EINVAL, syscall(SYS_statx, AT_FDCWD, "f", 0x10, 0x7ff, &x));
	expect(EFAULT, syscall(SYS_statx, AT_FDCWD, "f", 0, 0x7ff, nowhere));
	expect(ENOENT, syscall(SYS_statx, AT_FDCWD, "", 0, 0x7ff, &x));
	expect(0, syscall(SYS_statx, AT_FDCWD, "", AT_EMPTY_PATH, 0x7ff, &x));
	equal(S_ISDIR(x.mode), 1);
	expect(0, fstatat(AT_FDCWD, "", &st, AT_EMPTY_PATH));
	expect(EINVAL, fstatat(AT_FDCWD, "f", &st, 0x10));
	expect(EFAULT, fstatat(AT_FDCWD, "f", nowhere, 0));
	expect(EBADF, fstat(99, &st));
	unlink("f");
}

void test_opening(void)
{
	test_flags();
	test_o_path();
	test_tmpfile();
	test_openat2();
	test_descriptor_limit();
	test_statx();
}
