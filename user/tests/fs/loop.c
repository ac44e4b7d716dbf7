// SPDX-License-Identifier: MIT
/* Loop devices: binding a file, its size and place, flushes, errors, the end of a binding, devices that come and go. */
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "tap.h"

#define LOOP_SET_FD		0x4C00
#define LOOP_CLR_FD		0x4C01
#define LOOP_SET_STATUS		0x4C02
#define LOOP_GET_STATUS		0x4C03
#define LOOP_SET_STATUS64	0x4C04
#define LOOP_GET_STATUS64	0x4C05
#define LOOP_CHANGE_FD		0x4C06
#define LOOP_SET_CAPACITY	0x4C07
#define LOOP_SET_BLOCK_SIZE	0x4C09
#define LOOP_CONFIGURE		0x4C0A
#define LOOP_CTL_ADD		0x4C80
#define LOOP_CTL_REMOVE		0x4C81
#define LOOP_CTL_GET_FREE	0x4C82

#define BLKROGET	0x125e
#define BLKFLSBUF	0x1261
#define BLKSSZGET	0x1268
#define BLKGETSIZE64	0x80081272

enum { READ_ONLY = 1, AUTOCLEAR = 4 };

struct info64 {
	uint64_t device, inode, rdevice, offset, sizelimit;
	uint32_t number, encrypt_type, encrypt_key_size, flags;
	char file_name[64], crypt_name[64], encrypt_key[32];
	uint64_t init[2];
};

struct info_old {
	int number;
	unsigned int device;
	unsigned long inode;
	unsigned int rdevice;
	int offset, encrypt_type, encrypt_key_size, flags;
	char name[64], encrypt_key[32];
	unsigned long init[2];
	char reserved[4];
};

struct config {
	uint32_t fd, block_size;
	struct info64 info;
	uint64_t reserved[8];
};

#define SECTOR	512
#define FILE_SIZE	(256 * SECTOR)

static int control, number;
static char device[32];
static char buf[FILE_SIZE], back[FILE_SIZE];

static int open_number(int n, int flags)
{
	char name[32];

	snprintf(name, sizeof(name), "/dev/loop%d", n);
	return open(name, flags);
}

static uint64_t size_of(int fd)
{
	uint64_t size = -1;

	return ioctl(fd, BLKGETSIZE64, &size) ? (uint64_t)-1 : size;
}

/* Byte i of a file: tells the sector and the file. */
static char byte_at(unsigned long i, int seed)
{
	return i / SECTOR * 7 + i + seed;
}

/* A page that is still being read ahead cannot be dropped: then the call is to be made again. */
static int settled(int fd, unsigned long cmd, long arg)
{
	int err;

	while ((err = ioctl(fd, cmd, arg)) && errno == EAGAIN)
		sched_yield();
	return err;
}

static int make_file(const char *name, size_t size, int seed)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);

	for (size_t i = 0; i < size; i++)
		buf[i] = byte_at(i, seed);
	return fd >= 0 && write(fd, buf, size) == (ssize_t)size ? fd : -1;
}

/* What the device has at @pos is what the file had at @from. */
static int shows(int fd, unsigned long pos, unsigned long from, int seed)
{
	if (ioctl(fd, BLKFLSBUF, 0) || pread(fd, back, SECTOR, pos) != SECTOR)
		return 0;
	for (int i = 0; i < SECTOR; i++)
		if (back[i] != byte_at(from + i, seed))
			return 0;
	return 1;
}

static void unbound(void)
{
	struct info64 info;
	int fd = open(device, O_RDWR), dir = open("/", O_RDONLY);
	int pipes[2];

	ok(fd >= 0, "an unbound device opens");
	is(size_of(fd), 0, "its size is 0");
	is(read(fd, back, SECTOR), 0, "so there is nothing to read");
	fails(ioctl(fd, LOOP_GET_STATUS64, &info), ENXIO, "it has no status");
	fails(ioctl(fd, LOOP_CLR_FD, 0), ENXIO, "and cannot be unbound");
	fails(ioctl(fd, LOOP_SET_CAPACITY, 0), ENXIO, "nor measured");
	fails(ioctl(fd, LOOP_SET_FD, 999), EBADF, "a descriptor that is none cannot be bound");
	fails(ioctl(fd, LOOP_SET_FD, dir), EINVAL, "nor a folder");
	ok(pipe(pipes) == 0, "a pipe");
	fails(ioctl(fd, LOOP_SET_FD, pipes[0]), EINVAL, "nor a pipe");
	fails(ioctl(fd, LOOP_SET_FD, fd), EBADF, "nor the device itself");
	fails(ioctl(fd, LOOP_CONFIGURE, NULL), EFAULT, "a bad pointer");
	close(pipes[0]);
	close(pipes[1]);
	close(dir);
	close(fd);
}

static void bound(void)
{
	struct stat st;
	struct info64 info;
	struct info_old old;
	int file = make_file("disk", FILE_SIZE - 100, 1), fd = open(device, O_RDWR);

	fstat(file, &st);
	is(ioctl(fd, LOOP_SET_FD, file), 0, "a file is bound");
	fails(ioctl(fd, LOOP_SET_FD, file), EBUSY, "only one is");
	is(size_of(fd), FILE_SIZE - SECTOR, "the size is in whole sectors");
	ok(shows(fd, 3 * SECTOR, 3 * SECTOR, 1), "the device has the file's bytes");
	is(ioctl(fd, LOOP_GET_STATUS64, &info), 0, "there is a status");
	is(info.number, number, "with the device's number");
	is(info.inode, st.st_ino, "the file's inode");
	is(info.device, st.st_dev, "the file's device");
	is(info.flags, 0, "no flags");

	memset(buf, 'x', SECTOR);
	is(pwrite(fd, buf, SECTOR, 8 * SECTOR), SECTOR, "a sector is written");
	is(fsync(fd), 0, "and flushed");
	is(pread(file, back, SECTOR, 8 * SECTOR), SECTOR, "the file is read");
	ok(!memcmp(buf, back, SECTOR), "and has it");
	fails(pwrite(fd, buf, 1, FILE_SIZE), ENOSPC, "behind the end there is no room");

	memset(&info, 0, sizeof(info));
	info.offset = 5 * SECTOR;
	info.sizelimit = 10 * SECTOR + 1;
	strcpy(info.file_name, "a name");
	is(settled(fd, LOOP_SET_STATUS64, (long)&info), 0, "offset and limit");
	is(size_of(fd), 10 * SECTOR, "the limit is the size");
	ok(shows(fd, 0, 5 * SECTOR, 1), "the offset is the start");
	memset(&info, 0, sizeof(info));
	is(ioctl(fd, LOOP_GET_STATUS64, &info), 0, "the status");
	ok(info.offset == 5 * SECTOR && info.sizelimit == 10 * SECTOR + 1 &&
	   !strcmp(info.file_name, "a name"), "is what was set");
	is(ioctl(fd, LOOP_GET_STATUS, &old), 0, "the old status");
	is(old.offset, 5 * SECTOR, "has the offset");

	info.offset = 1UL << 63;
	fails(settled(fd, LOOP_SET_STATUS64, (long)&info), EOVERFLOW, "an offset that is negative");
	info.offset = 0;
	info.encrypt_type = 18;
	fails(settled(fd, LOOP_SET_STATUS64, (long)&info), EINVAL, "encryption");
	memset(&old, 0, sizeof(old));
	old.offset = SECTOR;
	is(settled(fd, LOOP_SET_STATUS, (long)&old), 0, "the old way to set it");
	ok(shows(fd, 0, SECTOR, 1), "moves the start, too");
	old.offset = 100 * FILE_SIZE;
	is(settled(fd, LOOP_SET_STATUS, (long)&old), 0, "an offset behind the file's end");
	is(size_of(fd), 0, "leaves nothing");
	is(ioctl(fd, LOOP_CLR_FD, 0), 0, "unbound");
	is(size_of(fd), 0, "the size is 0 again");
	close(fd);
	close(file);
}

/* The file grows and shrinks under the device. */
static void resized(void)
{
	int file = make_file("disk", 16 * SECTOR, 2), fd = open(device, O_RDWR);

	is(ioctl(fd, LOOP_SET_FD, file), 0, "bound");
	is(ftruncate(file, 32 * SECTOR), 0, "the file grows");
	is(size_of(fd), 16 * SECTOR, "the device does not");
	is(ioctl(fd, LOOP_SET_CAPACITY, 0), 0, "until it is told to");
	is(size_of(fd), 32 * SECTOR, "then it does");
	is(ftruncate(file, SECTOR), 0, "the file shrinks");
	ok(!ioctl(fd, BLKFLSBUF, 0) && pread(fd, back, SECTOR, 8 * SECTOR) == SECTOR, "what is gone can be read");
	ok(!back[0] && !memcmp(back, back + 1, SECTOR - 1), "as zeros");
	is(ioctl(fd, LOOP_CLR_FD, 0), 0, "unbound");
	close(fd);
	close(file);
}

static void configured(void)
{
	int file = make_file("disk", FILE_SIZE, 3), fd = open(device, O_RDWR), ssz = 0;
	struct config config = { .fd = file, .block_size = 300 };

	fails(ioctl(fd, LOOP_CONFIGURE, &config), EINVAL, "blocks of 300 bytes");
	config.block_size = 4096;
	config.info.flags = 2;
	fails(ioctl(fd, LOOP_CONFIGURE, &config), EINVAL, "a flag that there is not");
	config.info.flags = 0;
	config.info.offset = 8 * SECTOR;
	is(ioctl(fd, LOOP_CONFIGURE, &config), 0, "blocks of 4096 bytes");
	ok(!ioctl(fd, BLKSSZGET, &ssz) && ssz == 4096, "the device has them");
	ok(shows(fd, 0, 8 * SECTOR, 3), "and the offset");
	fails(settled(fd, LOOP_SET_BLOCK_SIZE, 1000), EINVAL, "blocks of 1000 bytes");
	is(settled(fd, LOOP_SET_BLOCK_SIZE, 1024), 0, "blocks of 1024");
	ok(!ioctl(fd, BLKSSZGET, &ssz) && ssz == 1024, "it has them");
	fails(ioctl(fd, LOOP_CHANGE_FD, file), EINVAL, "a device that can be written keeps its file");
	is(ioctl(fd, LOOP_CLR_FD, 0), 0, "unbound");
	ok(!ioctl(fd, BLKSSZGET, &ssz) && ssz == 512, "blocks of 512 again");
	close(fd);
	close(file);
}

static void read_only(void)
{
	int a = make_file("disk", FILE_SIZE, 4), b = make_file("other", FILE_SIZE, 5), c = make_file("small", SECTOR, 6);
	int file = open("disk", O_RDONLY), fd = open(device, O_RDWR), ro = 0;
	struct info64 info;

	is(ioctl(fd, LOOP_SET_FD, file), 0, "a file that is open for reading is bound");
	ok(!ioctl(fd, BLKROGET, &ro) && ro, "the device is read-only");
	fails(pwrite(fd, buf, SECTOR, 0), EPERM, "it cannot be written");
	ok(!ioctl(fd, LOOP_GET_STATUS64, &info) && info.flags == READ_ONLY, "the status says so");
	fails(ioctl(fd, LOOP_CHANGE_FD, c), EINVAL, "not exchanged for a smaller file");
	is(ioctl(fd, LOOP_CHANGE_FD, b), 0, "but for one of the same size");
	ok(shows(fd, 9 * SECTOR, 9 * SECTOR, 5), "whose bytes it has");
	is(ioctl(fd, LOOP_CLR_FD, 0), 0, "unbound");
	close(fd);
	close(file);
	close(a);
	close(b);
	close(c);
}

/* Who is the last to close it unbinds it. */
static void autoclear(void)
{
	int file = make_file("disk", FILE_SIZE, 7), fd = open(device, O_RDWR), second;
	struct config config = { .fd = file, .info.flags = AUTOCLEAR };
	struct info64 info;

	is(ioctl(fd, LOOP_CONFIGURE, &config), 0, "bound, with autoclear");
	second = open(device, O_RDONLY);
	close(fd);
	is(ioctl(second, LOOP_GET_STATUS64, &info), 0, "still bound while it is open");
	is(info.flags, AUTOCLEAR, "the flag");
	close(second);
	fd = open(device, O_RDWR);
	fails(ioctl(fd, LOOP_GET_STATUS64, &info), ENXIO, "unbound by the last close");

	is(ioctl(fd, LOOP_SET_FD, file), 0, "bound without it");
	second = open(device, O_RDWR);
	is(ioctl(fd, LOOP_CLR_FD, 0), 0, "unbound while another has it open");
	close(fd);
	is(ioctl(second, LOOP_GET_STATUS64, &info), 0, "is for later");
	memset(buf, 'y', SECTOR);
	is(pwrite(second, buf, SECTOR, 0), SECTOR, "what is written before");
	close(second);
	is(pread(file, back, SECTOR, 0), SECTOR, "is in the file");
	ok(!memcmp(buf, back, SECTOR), "after");
	fd = open(device, O_RDWR);
	fails(ioctl(fd, LOOP_GET_STATUS64, &info), ENXIO, "the end of the binding");
	close(fd);
	close(file);
}

/* A device on a device, and no rings. */
static void stacked(void)
{
	int file = make_file("disk", FILE_SIZE, 8), a = open(device, O_RDWR);
	int n = ioctl(control, LOOP_CTL_ADD, -1), b = open_number(n, O_RDWR);

	ok(n >= 0 && b >= 0, "another device");
	fails(ioctl(b, LOOP_SET_FD, a), EINVAL, "on one that is not bound");
	is(ioctl(a, LOOP_SET_FD, file), 0, "the first is bound");
	is(ioctl(b, LOOP_SET_FD, a), 0, "the second to the first");
	ok(shows(b, 4 * SECTOR, 4 * SECTOR, 8), "and has the file's bytes");
	memset(buf, 'z', SECTOR);
	ok(pwrite(b, buf, SECTOR, 0) == SECTOR && !fsync(b), "what is written and flushed there");
	ok(pread(file, back, SECTOR, 0) == SECTOR && !memcmp(buf, back, SECTOR), "goes down to the file");
	is(ioctl(a, LOOP_CLR_FD, 0), 0, "the lower one is in use: unbound later");
	is(ioctl(b, LOOP_CLR_FD, 0), 0, "the upper one is unbound");
	close(b);
	is(ioctl(control, LOOP_CTL_REMOVE, n), n >= 0 ? 0 : -1, "and removed");
	close(a);
	close(file);
	a = open(device, O_RDWR);
	is(size_of(a), 0, "then the lower one is unbound, too");
	close(a);
}

static void come_and_go(void)
{
	const int n = 77;
	struct stat st;
	int fd;

	is(ioctl(control, LOOP_CTL_ADD, n), n, "device 77 is made");
	fails(ioctl(control, LOOP_CTL_ADD, n), EEXIST, "once");
	ok(!stat("/dev/loop77", &st) && S_ISBLK(st.st_mode) && major(st.st_rdev) == 7,
	   "it has a node, of major 7");
	fd = open_number(n, O_RDONLY);
	fails(ioctl(control, LOOP_CTL_REMOVE, n), EBUSY, "while it is open it stays");
	close(fd);
	is(ioctl(control, LOOP_CTL_REMOVE, n), 0, "then it goes");
	fails(stat("/dev/loop77", &st), ENOENT, "and its node");
	fails(ioctl(control, LOOP_CTL_REMOVE, n), ENODEV, "it is no more");
	fails(ioctl(control, 0x4C99, 0), ENOSYS, "a command that there is not");
}

/* The file cannot take what is written: the device has an error, and goes on. */
static void errors(void)
{
	int fd = open(device, O_RDWR), file;

	mkdir("full", 0700);
	is(mount("tmpfs", "full", "tmpfs", 0, "size=64k"), 0, "a file system of 64 KiB");
	file = open("full/disk", O_RDWR | O_CREAT, 0600);
	ok(ftruncate(file, 1 << 20) == 0, "with a file of 1 MiB, mostly hole");
	is(ioctl(fd, LOOP_SET_FD, file), 0, "bound");
	for (int i = 0; i < (1 << 20) / FILE_SIZE; i++)
		if (pwrite(fd, buf, FILE_SIZE, i * FILE_SIZE) != FILE_SIZE)
			break;
	fails(fsync(fd), EIO, "what has no room in the file is an I/O error of the device");
	is(ftruncate(file, 0), 0, "the file has room again");
	is(ftruncate(file, 1 << 20), 0, "and is as large as before");
	ok(pwrite(fd, buf, SECTOR, 0) == SECTOR && !fsync(fd), "the device goes on");
	is(ioctl(fd, LOOP_CLR_FD, 0), 0, "unbound");
	close(file);
	close(fd);
	is(umount("full"), 0, "the file system is free");
	rmdir("full");
}

int main(void)
{
	char dir[] = "/tmp/loopXXXXXX";

	if (!mkdtemp(dir) || chdir(dir)) {
		ok(0, "a folder of our own");
		return done();
	}
	control = open("/dev/loop-control", O_RDWR);
	if (control < 0) {
		skip("loop devices", "this kernel has none");
		rmdir(dir);
		return done();
	}
	number = ioctl(control, LOOP_CTL_GET_FREE, 0);
	snprintf(device, sizeof(device), "/dev/loop%d", number);
	if (!ok(number >= 0, "there is a free device"))
		return done();
	unbound();
	bound();
	resized();
	configured();
	read_only();
	autoclear();
	stacked();
	come_and_go();
	errors();
	close(control);
	unlink("disk");
	unlink("other");
	unlink("small");
	if (chdir("/"))
		return 1;
	rmdir(dir);
	return done();
}
