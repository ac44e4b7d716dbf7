// SPDX-License-Identifier: MIT
/* Calls that take a path: what a file is, and making, linking, renaming, removing files. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <unistd.h>

#include "internal.h"

int stat(const char *path, struct stat *st)
{
	return SYS(newfstatat, AT_FDCWD, path, st, 0);
}

int lstat(const char *path, struct stat *st)
{
	return SYS(newfstatat, AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int fstat(int fd, struct stat *st)
{
	return SYS(fstat, fd, st);
}

int fstatat(int dirfd, const char *path, struct stat *st, int flags)
{
	return SYS(newfstatat, dirfd, path, st, flags);
}

int statfs(const char *path, struct statfs *st)
{
	return SYS(statfs, path, st);
}

int fstatfs(int fd, struct statfs *st)
{
	return SYS(fstatfs, fd, st);
}

static void to_statvfs(const struct statfs *s, struct statvfs *v)
{
	memset(v, 0, sizeof(*v));
	v->f_bsize = s->f_bsize;
	v->f_frsize = s->f_frsize ? s->f_frsize : s->f_bsize;
	v->f_blocks = s->f_blocks;
	v->f_bfree = s->f_bfree;
	v->f_bavail = s->f_bavail;
	v->f_files = s->f_files;
	v->f_ffree = v->f_favail = s->f_ffree;
	v->f_fsid = (unsigned int)s->f_fsid.val[0];
	v->f_flag = s->f_flags;
	v->f_namemax = s->f_namelen;
}

int statvfs(const char *path, struct statvfs *st)
{
	struct statfs s;

	if (statfs(path, &s))
		return -1;
	to_statvfs(&s, st);
	return 0;
}

int fstatvfs(int fd, struct statvfs *st)
{
	struct statfs s;

	if (fstatfs(fd, &s))
		return -1;
	to_statvfs(&s, st);
	return 0;
}

int access(const char *path, int mode)
{
	return SYS(faccessat, AT_FDCWD, path, mode);
}

int faccessat(int dirfd, const char *path, int mode, int flags)
{
	if (flags)
		return SYS(faccessat2, dirfd, path, mode, flags);
	return SYS(faccessat, dirfd, path, mode);
}

int chmod(const char *path, mode_t mode)
{
	return SYS(fchmodat, AT_FDCWD, path, mode);
}

int fchmod(int fd, mode_t mode)
{
	return SYS(fchmod, fd, mode);
}

int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	if (flags) {
		errno = ENOTSUP;	/* the kernel's call has no flags */
		return -1;
	}
	return SYS(fchmodat, dirfd, path, mode);
}

int chown(const char *path, uid_t uid, gid_t gid)
{
	return SYS(fchownat, AT_FDCWD, path, uid, gid, 0);
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
	return SYS(fchownat, AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return SYS(fchown, fd, uid, gid);
}

int fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
	return SYS(fchownat, dirfd, path, uid, gid, flags);
}

mode_t umask(mode_t mask)
{
	return SYS(umask, mask);
}

int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
	return SYS(utimensat, dirfd, path, times, flags);
}

int futimens(int fd, const struct timespec times[2])
{
	return SYS(utimensat, fd, NULL, times, 0);
}

int utimes(const char *path, const struct timeval times[2])
{
	struct timespec ts[2];
	int i;

	for (i = 0; times && i < 2; i++) {
		ts[i].tv_sec = times[i].tv_sec;
		ts[i].tv_nsec = times[i].tv_usec * 1000;
	}
	return SYS(utimensat, AT_FDCWD, path, times ? ts : NULL, 0);
}

int truncate(const char *path, off_t len)
{
	return SYS(truncate, path, len);
}

int mkdir(const char *path, mode_t mode)
{
	return SYS(mkdirat, AT_FDCWD, path, mode);
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return SYS(mkdirat, dirfd, path, mode);
}

int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)
{
	return SYS(mknodat, dirfd, path, mode, dev);
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
	return SYS(mknodat, AT_FDCWD, path, mode, dev);
}

int mkfifo(const char *path, mode_t mode)
{
	return SYS(mknodat, AT_FDCWD, path, mode | S_IFIFO, 0);
}

int link(const char *from, const char *to)
{
	return SYS(linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int fromfd, const char *from, int tofd, const char *to, int flags)
{
	return SYS(linkat, fromfd, from, tofd, to, flags);
}

int symlink(const char *target, const char *path)
{
	return SYS(symlinkat, target, AT_FDCWD, path);
}

int symlinkat(const char *target, int dirfd, const char *path)
{
	return SYS(symlinkat, target, dirfd, path);
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	return SYS(readlinkat, AT_FDCWD, path, buf, size);
}

ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	return SYS(readlinkat, dirfd, path, buf, size);
}

int unlink(const char *path)
{
	return SYS(unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int dirfd, const char *path, int flags)
{
	return SYS(unlinkat, dirfd, path, flags);
}

int rmdir(const char *path)
{
	return SYS(unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
	if (!unlink(path))
		return 0;
	return errno == EISDIR ? rmdir(path) : -1;
}

int renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned int flags)
{
	return SYS(renameat2, fromfd, from, tofd, to, flags);
}

int renameat(int fromfd, const char *from, int tofd, const char *to)
{
	return SYS(renameat, fromfd, from, tofd, to);
}

int rename(const char *from, const char *to)
{
	return SYS(renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int chdir(const char *path)
{
	return SYS(chdir, path);
}

int fchdir(int fd)
{
	return SYS(fchdir, fd);
}

int chroot(const char *path)
{
	return SYS(chroot, path);
}

/* With buf NULL the result is malloc's. */
char *getcwd(char *buf, size_t size)
{
	char tmp[4096];
	long n;

	if (buf)
		return SYS(getcwd, buf, size) < 0 ? NULL : buf;
	n = SYS(getcwd, tmp, sizeof(tmp));
	return n < 0 ? NULL : strdup(tmp);
}
