// SPDX-License-Identifier: MIT
/*
 * What a program is told of a disk whose blocks cannot be written; tests/test_disk_faults.py makes such disks.
 *
 *	diskfault data FILE OFFSET OTHER	the page of FILE at OFFSET cannot be written, those of OTHER can
 *	diskfault meta FOLDER			metadata of files made in FOLDER cannot; "other" in there can be read
 *	diskfault flush FILE			the disk's cache cannot be flushed
 */
#include "tap.h"
#include <sys/stat.h>

#define PAGE	4096

static char buf[PAGE];

static int told(int fd)
{
	return fsync(fd) ? errno : 0;
}

/* Each open file is told once, whoever wrote; one that is opened after all were told is not. */
static void data(const char *path, long offset, const char *other_path)
{
	int first = open(path, O_RDWR), second = open(path, O_RDONLY), other = open(other_path, O_RDWR), late;

	ok(first >= 0 && second >= 0 && other >= 0, "the files can be opened");
	is(pwrite(first, buf, PAGE, offset), PAGE, "the write itself succeeds");
	is(pwrite(other, buf, PAGE, 0), PAGE, "so does that of another file");
	is(told(first), EIO, "fsync says EIO to the file that was written by");
	is(told(first), 0, "and no more after that");
	is(told(second), EIO, "and EIO to a file that was open");
	is(told(second), 0, "and no more after that");
	is(told(other), 0, "the other file is safe");
	late = open(path, O_RDONLY);
	ok(late >= 0 && told(late) == 0, "a file that is opened later is not told");
	is(pwrite(first, buf, PAGE, offset), PAGE, "it is written again");
	sync();
	is(told(second), EIO, "an error that sync() met is told by fsync");
	is(told(first), EIO, "to the writer, too");
	is(told(late), EIO, "and to the late one");
	is(told(first), 0, "once");
	is(pwrite(first, buf, PAGE, offset), PAGE, "and again");
	fails(fdatasync(first), EIO, "fdatasync says so, too");
}

/* What was made is there in memory. Reading goes on. */
static void meta(const char *folder)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "%s/new", folder);
	fd = open(path, O_CREAT | O_RDWR, 0644);
	ok(fd >= 0 && write(fd, "hello", 5) == 5, "a file is made, in memory");
	is(told(fd), EIO, "fsync says EIO");
	ok(pread(fd, buf, 5, 0) == 5 && !memcmp(buf, "hello", 5), "what was written can be read");
	sync();
	ok(close(fd) == 0, "it is closed");
	snprintf(path, sizeof(path), "%s/other", folder);
	fd = open(path, O_RDONLY);
	ok(fd >= 0 && read(fd, buf, PAGE) > 0, "other files can be read");
}

static void flush(const char *path)
{
	int fd = open(path, O_RDWR);

	ok(fd >= 0 && pwrite(fd, buf, PAGE, 0) == PAGE, "the write succeeds");
	is(told(fd), EIO, "fsync says EIO, for it is not on the medium");
	is(told(fd), EIO, "and again, for it has asked again");
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "data"))
		data(argv[2], atol(argv[3]), argv[4]);
	else if (argc == 3 && !strcmp(argv[1], "meta"))
		meta(argv[2]);
	else if (argc == 3 && !strcmp(argv[1], "flush"))
		flush(argv[2]);
	else
		skip("diskfault", "it wants a disk that fails: tests/test_disk_faults.py");
	return done();
}
