// SPDX-License-Identifier: MIT
/*
 * Files by stdio and by descriptors, and folders. FOLDER may be on any file system with links.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>
#include "check.h"

static void streams(void)
{
	FILE *f = fopen("stream", "w+");
	char buf[100];
	int n = 0, good = 1;

	if (!ok(f != NULL, "fopen makes a file"))
		return;
	for (int i = 0; i < 5000; i++)
		fprintf(f, "%05d\n", i);
	is(ftell(f), 30000, "ftell knows where the next byte goes");
	is(fseek(f, 6 * 1234, SEEK_SET), 0, "fseek goes back");
	is(fscanf(f, "%d", &n) == 1 ? n : -1, 1234, "fscanf reads what is there");
	fseek(f, 6 * 2000, SEEK_SET);
	fputs("-----", f);
	fseek(f, 0, SEEK_SET);
	for (int i = 0; fgets(buf, sizeof(buf), f); i++)
		good &= i == 2000 ? strcmp(buf, "-----\n") == 0 : atoi(buf) == i;
	ok(good && feof(f), "fgets reads all lines, the changed one too, to the end");
	fclose(f);

	f = fopen("stream", "a");
	fputs("end\n", f);
	fclose(f);
	f = fopen("stream", "r");
	fseek(f, -4, SEEK_END);
	is_text(fgets(buf, sizeof(buf), f), "end\n", "a file opened with \"a\" grows at its end");
	is(ungetc('q', f) == 'q' && fgetc(f) == 'q', 1, "ungetc gives a byte back");
	fclose(f);
	f = tmpfile();
	ok(f && fputs("x", f) >= 0 && ftell(f) == 1, "tmpfile makes a file");
	if (f)
		fclose(f);
	errno = 0;
	ok(!fopen("nothing/here", "r") && errno == ENOENT, "fopen of no file is ENOENT");
	is(remove("stream"), 0, "remove takes the file away");
}

static void descriptors(void)
{
	char buf[10] = "", part1[] = "one", part2[] = "two";
	struct iovec iov[2] = { { part1, 3 }, { part2, 3 } };
	int fd = open("file", O_CREAT | O_EXCL | O_RDWR, 0640), copy;
	struct stat st;

	ok(fd > 2, "open makes a file");
	is(open("file", O_CREAT | O_EXCL | O_RDWR, 0640), -1, "open with O_EXCL fails when it is there");
	is(writev(fd, iov, 2), 6, "writev writes two parts");
	copy = dup(fd);
	is(lseek(copy, 0, SEEK_CUR), 6, "a dup has the same position");
	is(lseek(fd, 5000, SEEK_SET), 5000, "lseek goes past the end");
	is(write(fd, "far", 3), 3, "write leaves a gap");
	is(pread(copy, buf, 4, 4998), 4, "pread reads across the end of the gap");
	ok(memcmp(buf, "\0\0fa", 4) == 0, "the gap is zero");
	is(fstat(fd, &st), 0, "fstat works");
	is(st.st_size, 5003, "and knows the size");
	is(st.st_mode, S_IFREG | 0640, "and the mode");
	is(ftruncate(fd, 3), 0, "ftruncate cuts");
	is(ftruncate(fd, 10), 0, "and grows");
	is(pread(fd, buf, 10, 0), 10, "which gives ten bytes");
	ok(memcmp(buf, "one\0\0\0\0\0\0\0", 10) == 0, "the first three as they were, the rest zero");
	is(fcntl(fd, F_SETFL, O_APPEND), 0, "fcntl sets O_APPEND");
	lseek(fd, 0, SEEK_SET);
	write(fd, "!", 1);
	is(lseek(fd, 0, SEEK_END), 11, "so that a write goes to the end");
	is(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC, 1,
	   "fcntl sets FD_CLOEXEC");
	is(dup2(fd, 50), 50, "dup2 gives the number asked for");
	is(fcntl(50, F_GETFD), 0, "without FD_CLOEXEC");
	is(flock(fd, LOCK_EX | LOCK_NB), 0, "flock locks");
	is(fsync(fd), 0, "fsync works");
	close(fd);
	close(copy);
	close(50);
	errno = 0;
	ok(read(50, buf, 1) == -1 && errno == EBADF, "a closed descriptor is EBADF");
}

static void names(void)
{
	struct stat a, b;
	int fd;

	is(link("file", "other"), 0, "link makes a second name");
	is(stat("file", &a) == 0 && stat("other", &b) == 0 && a.st_ino == b.st_ino, 1,
	   "of the same file");
	is(a.st_nlink, 2, "whose link count is 2");
	is(rename("other", "third"), 0, "rename renames");
	is(access("other", F_OK), -1, "the old name is gone");
	is(access("third", R_OK | W_OK), 0, "the new one is there");
	fd = open("third", O_RDONLY);
	is(unlink("third") || unlink("file"), 0, "unlink takes both names away");
	is(fstat(fd, &a) == 0 ? (long)a.st_nlink : -1, 0, "an open file lives on without a name");
	is(lseek(fd, 0, SEEK_END), 11, "with all that is in it");
	close(fd);
}

void files(void)
{
	streams();
	descriptors();
	names();
}

static int entries(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	int n = 0;

	if (!dir)
		return -1;
	while ((e = readdir(dir)))
		n += e->d_name[0] == 'n';
	rewinddir(dir);
	while ((e = readdir(dir)))
		n += e->d_name[0] == '.' ? 1000 : 0;
	closedir(dir);
	return n;
}

static int backwards(const struct dirent **a, const struct dirent **b)
{
	return -strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

void folders(void)
{
	char name[60], cwd[PATH_MAX], path[PATH_MAX + 20], *full;
	struct dirent **list;
	struct statvfs vfs;
	struct stat st;
	int n;

	is(mkdir("folder", 0750), 0, "mkdir makes a folder");
	is(stat("folder", &st) == 0 ? (long)st.st_mode : -1, S_IFDIR | 0750, "of the mode asked for");
	is(st.st_nlink, 2, "with two links");
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "folder/n%02d", i);
		close(creat(name, 0600));
	}
	is(entries("folder"), 2010, "readdir finds 10 names, and again after rewinddir, . and ..");
	n = scandir("folder", &list, visible, backwards);
	is(n, 10, "scandir finds them");
	is_text(n > 0 ? list[0]->d_name : NULL, "n09", "and sorts them");
	for (int i = 0; i < n; i++)
		free(list[i]);
	if (n > 0)
		free(list);
	errno = 0;
	ok(rmdir("folder") == -1 && errno == ENOTEMPTY, "rmdir of a full folder is ENOTEMPTY");
	getcwd(cwd, sizeof(cwd));
	is(chdir("folder"), 0, "chdir goes there");
	full = realpath("../folder/./n03", NULL);
	snprintf(path, sizeof(path), "%s/folder/n03", strcmp(cwd, "/") ? cwd : "");
	is_text(full, path, "realpath knows the way");
	free(full);
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "n%02d", i);
		unlink(name);
	}
	is(chdir(".."), 0, "and back");
	is(rmdir("folder"), 0, "rmdir takes an empty folder away");
	is(statvfs(".", &vfs) == 0 && vfs.f_bsize == 4096 && vfs.f_namemax > 100, 1, "statvfs answers");
	n = mkstemp(strcpy(name, "tmpXXXXXX"));
	ok(n >= 0 && fchmod(n, 0644) == 0 && fstat(n, &st) == 0 && st.st_mode == (S_IFREG | 0644),
	   "mkstemp makes a file, fchmod changes its mode");
	is(futimens(n, (struct timespec[2]){ { 100, 0 }, { 200, 0 } }), 0, "futimens sets times");
	is(fstat(n, &st) == 0 ? st.st_mtime : -1, 200, "which fstat reports");
	close(n);
	unlink(name);
}
