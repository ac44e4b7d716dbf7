// SPDX-License-Identifier: MIT
/*
 * Memory that is a file: memfd_create(2) and its seals, shm_open(3), tmpfs and its limits, memory shared
 * across fork.
 */
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include "fault.h"
#include "tap.h"

#define PAGE	4096
#define FOLDER	"/tmp/memfd.d"

static char *map(int fd, size_t len, int prot, int flags)
{
	return mmap(NULL, len, prot, flags, fd, 0);
}

static int has_byte(const char *p, size_t len, char c)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != c)
			return 0;
	return 1;
}

static long blocks(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? -1 : st.st_blocks;
}

static void test_memfd(void)
{
	static char buf[3 * PAGE], name[251];
	int fd = memfd_create("piece", MFD_CLOEXEC);
	char *p, *q;

	ok(fd >= 0, "memfd_create()");
	is(strcmp(fd_link(fd), "/memfd:piece (deleted)"), 0, "its name: %s", fd_link(fd));
	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "MFD_CLOEXEC");
	is(ftruncate(fd, 2 * PAGE + 10), 0, "given a size");
	is(blocks(fd), 0, "and takes no memory for it");
	is(read(fd, buf, sizeof(buf)), 2 * PAGE + 10, "it is read to its end");
	ok(has_byte(buf, 2 * PAGE + 10, 0), "and holds zeros");
	is(blocks(fd), 0, "reading a hole takes no memory");
	p = map(fd, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	q = map(fd, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	p[PAGE] = 'a';
	is(q[PAGE], 'a', "a store is seen through another mapping");
	is(pread(fd, buf, 1, PAGE), 1, "and read");
	is(buf[0], 'a', "the same byte");
	is(pwrite(fd, "b", 1, PAGE + 1), 1, "a write");
	is(p[PAGE + 1], 'b', "is seen through the mapping");
	is(blocks(fd), 8, "one page is there");
	p[2 * PAGE + 100] = 'x';
	is(touch(p + 3 * PAGE - 1), 0, "the last page is whole, for mappings");
	is(ftruncate(fd, PAGE), 0, "cut off");
	is(touch(p + PAGE), SIGBUS, "what was mapped behind the end is gone");
	is(ftruncate(fd, 3 * PAGE), 0, "and grown again");
	ok(has_byte(p + PAGE, 2 * PAGE, 0), "it is zeros there");
	munmap(p, 3 * PAGE);
	munmap(q, 3 * PAGE);
	close(fd);

	memset(name, 'n', 249);
	fd = memfd_create(name, 0);
	ok(fd >= 0, "a name of 249 bytes");
	close(fd);
	name[249] = 'n';
	fails(memfd_create(name, 0), EINVAL, "one of 250 is too long");
	fails(memfd_create((char *)8, 0), EFAULT, "a bad pointer");
	fails(memfd_create("x", 0x100), EINVAL, "a flag that is none");
}

static void test_allocate(void)
{
	int fd = memfd_create("room", 0);
	struct stat st;
	char *p;

	is(fallocate(fd, 0, PAGE, 2 * PAGE), 0, "fallocate()");
	fstat(fd, &st);
	is(st.st_size, 3 * PAGE, "the file has grown");
	is(st.st_blocks, 16, "and has two pages");
	is(fallocate(fd, FALLOC_FL_KEEP_SIZE, 3 * PAGE, PAGE), 0, "one more behind the end");
	fstat(fd, &st);
	is(st.st_size, 3 * PAGE, "the size stays");
	is(st.st_blocks, 24, "three pages");
	p = map(fd, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	memset(p, 'z', 3 * PAGE);
	is(fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, PAGE, PAGE + 1), 0, "a hole");
	is(p[PAGE - 1], 'z', "before it");
	ok(has_byte(p + PAGE, PAGE + 1, 0), "in it are zeros");
	is(p[2 * PAGE + 1], 'z', "behind it");
	munmap(p, 3 * PAGE);
	close(fd);
}

static void test_seals(void)
{
	int fd = memfd_create("plain", 0);
	char *p;

	is(fcntl(fd, F_GET_SEALS), F_SEAL_SEAL, "without MFD_ALLOW_SEALING it is sealed against seals");
	fails(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), EPERM, "so none can be added");
	close(fd);
	fd = memfd_create("sealed", MFD_ALLOW_SEALING);
	is(fcntl(fd, F_GET_SEALS), 0, "with it, there are none");
	is(write(fd, "hello", 5), 5, "written to");
	fails(fcntl(fd, F_ADD_SEALS, 0x100), EINVAL, "a seal that is none");

	is(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0, "F_SEAL_SHRINK");
	fails(ftruncate(fd, 1), EPERM, "it does not shrink");
	is(ftruncate(fd, 6), 0, "but grows");
	is(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), 0, "F_SEAL_GROW");
	fails(ftruncate(fd, 7), EPERM, "it does not grow");
	fails(pwrite(fd, "xy", 2, 5), EPERM, "not by a write either");
	fails(fallocate(fd, 0, 0, PAGE), EPERM, "nor by fallocate");
	is(pwrite(fd, "H", 1, 0), 1, "within its size it may be written");

	p = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	fails(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EBUSY, "F_SEAL_WRITE: not while it is mapped for writing");
	is(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0, "F_SEAL_FUTURE_WRITE");
	p[0] = 'h';
	is(p[0], 'h', "the mapping that was there may still write");
	fails(pwrite(fd, "H", 1, 0), EPERM, "write() may not");
	fails(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EPERM, "nor a new mapping");
	munmap(p, PAGE);
	p = map(fd, PAGE, PROT_READ, MAP_SHARED);
	ok(p != MAP_FAILED, "one that only reads is had");
	fails(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES, "and does not become one that writes");
	munmap(p, PAGE);
	is(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL), 0, "F_SEAL_WRITE, and the last one");
	fails(fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, PAGE), EPERM, "no holes");
	p = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	p[0] = 'X';
	is(memcmp(p, "Xello", 5), 0, "a private mapping has its own copy");
	munmap(p, PAGE);
	is(fcntl(fd, F_GET_SEALS), 0x1f, "all of them hold");
	fails(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), EPERM, "and no more may come");
	close(fd);
	fails(fcntl(0, F_GET_SEALS), EINVAL, "a terminal has no seals");
}

static void store_in_a_child(char *p)
{
	if (fork() == 0) {
		p[0] = 'c';
		p[PAGE] = p[PAGE] + 1;
		_exit(0);
	}
	wait(NULL);
}

static void test_fork(void)
{
	int fd = open("/dev/zero", O_RDWR);
	char *anon = map(-1, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	char *zero = map(fd, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	char *own = map(fd, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	anon[PAGE] = zero[PAGE] = own[PAGE] = 'p';
	store_in_a_child(anon);
	is(anon[0], 'c', "shared anonymous memory: what the child stored");
	is(anon[PAGE], 'q', "and it had what the parent stored");
	store_in_a_child(zero);
	is(zero[0], 'c', "/dev/zero, shared: the same");
	is(zero[PAGE], 'q', "both ways");
	store_in_a_child(own);
	is(own[0], 0, "/dev/zero, private: nothing of it");
	is(own[PAGE], 'p', "is seen");
	munmap(anon, 2 * PAGE);
	munmap(zero, 2 * PAGE);
	munmap(own, 2 * PAGE);
	close(fd);
}

static void other_end(void)
{
	int fd = shm_open("/piece", O_RDWR, 0);
	char *p = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);

	_exit(p != MAP_FAILED && strcmp(p, "ping") == 0 && strcpy(p, "pong") == p ? 0 : 1);
}

static void test_shm_open(void)
{
	int fd = shm_open("/piece", O_RDWR | O_CREAT | O_EXCL, 0600);
	struct stat st;
	char *p;

	is(stat("/dev/shm", &st), 0, "/dev/shm");
	is(st.st_mode, S_IFDIR | 01777, "is a folder for all");
	if (!ok(fd >= 0, "shm_open()"))
		return;
	fails(shm_open("/piece", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST, "O_EXCL: once");
	is(ftruncate(fd, PAGE), 0, "ftruncate()");
	p = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	strcpy(p, "ping");
	is(in_child(other_end), 0, "another process finds it by its name");
	is(strcmp(p, "pong"), 0, "and what it stores is seen");
	is(shm_unlink("/piece"), 0, "shm_unlink()");
	fails(shm_open("/piece", O_RDWR, 0), ENOENT, "the name is gone");
	is(strcmp(p, "pong"), 0, "the memory is there until it is unmapped");
	munmap(p, PAGE);
	close(fd);
	fails(shm_open("/a/b", O_RDWR | O_CREAT, 0600), EINVAL, "a name has no folders");
}

/* Fills a file until an error, and returns that. */
static int fill(const char *path)
{
	static char buf[PAGE];
	int fd = open(path, O_WRONLY | O_CREAT, 0600), n = 0;

	memset(buf, 'f', sizeof(buf));
	errno = 0;
	while (n < 1000 && write(fd, buf, PAGE) == PAGE)
		n++;
	close(fd);
	return n * 1000 + errno;
}

static void test_limits(void)
{
	struct statfs fs;
	int fd;
	char *p;

	mkdir(FOLDER, 0700);
	is(mount("x", FOLDER, "tmpfs", 0, "size=64k,nr_inodes=5,mode=0711"), 0, "a tmpfs of 64 KiB");
	is(statfs(FOLDER, &fs), 0, "statfs()");
	is(fs.f_type, 0x01021994, "TMPFS_MAGIC");
	is(fs.f_blocks * fs.f_bsize, 64 << 10, "its size");
	is(fs.f_ffree, 4, "inodes: five, one is the folder itself");
	is(fill(FOLDER "/a"), 16 * 1000 + ENOSPC, "16 pages fit: ENOSPC");
	statfs(FOLDER, &fs);
	is(fs.f_bfree, 0, "it is full");
	fd = open(FOLDER "/b", O_RDWR | O_CREAT, 0600);
	is(ftruncate(fd, PAGE), 0, "an empty file still has its hole");
	p = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	is(touch(p), SIGBUS, "but a page for it is not to be had: SIGBUS");
	fails(fallocate(fd, 0, 0, PAGE), ENOSPC, "fallocate: ENOSPC");
	is(truncate(FOLDER "/a", 15 * PAGE), 0, "a page is given back");
	is(touch(p), 0, "and had here");
	munmap(p, PAGE);
	is(mount("x", FOLDER, "tmpfs", MS_REMOUNT, "size=128k"), 0, "remounted with 128 KiB");
	is(fallocate(fd, 0, 0, 17 * PAGE), 0, "there is room again");
	fails(mount("x", FOLDER, "tmpfs", MS_REMOUNT, "size=64k"), EINVAL, "not below what is in use");
	close(fd);
	is(symlink("b", FOLDER "/c"), 0, "a symbolic link takes an inode");
	is(link(FOLDER "/b", FOLDER "/d"), 0, "and a link counts as one, the last");
	fails(mkdir(FOLDER "/e", 0700), ENOSPC, "there is none left");
	is(unlink(FOLDER "/d"), 0, "unlink()");
	is(mkdir(FOLDER "/e", 0700), 0, "gives one back");
	is(rename(FOLDER "/c", FOLDER "/a"), 0, "rename() over the last name of a file");
	is(link(FOLDER "/b", FOLDER "/f"), 0, "gives back one too");
	is(rename(FOLDER "/a", FOLDER "/f"), 0, "and over a further name");
	is(link(FOLDER "/b", FOLDER "/g"), 0, "as well");
	statfs(FOLDER, &fs);
	is(fs.f_ffree, 0, "by the count, too");
	is(umount(FOLDER), 0, "unmounted");
	fails(mount("x", FOLDER, "tmpfs", 0, "sise=1"), EINVAL, "an option that is none");
	rmdir(FOLDER);
}

int main(void)
{
	catch_faults();
	test_memfd();
	test_allocate();
	test_seals();
	test_fork();
	test_shm_open();
	test_limits();
	return done();
}
