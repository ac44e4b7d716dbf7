// SPDX-License-Identifier: MIT
/* Descriptors: opening, reading, writing, duplicating. Each function is one system call. */
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "internal.h"

int openat(int dirfd, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return SYS(openat, dirfd, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return SYS(openat, AT_FDCWD, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
	return SYS(openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int fcntl(int fd, int cmd, ...)
{
	va_list ap;
	long arg;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	return SYS(fcntl, fd, cmd, arg);
}

int ioctl(int fd, unsigned long cmd, ...)
{
	va_list ap;
	long arg;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	return SYS(ioctl, fd, cmd, arg);
}

ssize_t read(int fd, void *buf, size_t n)
{
	return SYS(read, fd, buf, n);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	return SYS(write, fd, buf, n);
}

ssize_t pread(int fd, void *buf, size_t n, off_t off)
{
	return SYS(pread64, fd, buf, n, off);
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t off)
{
	return SYS(pwrite64, fd, buf, n, off);
}

ssize_t readv(int fd, const struct iovec *iov, int n)
{
	return SYS(readv, fd, iov, n);
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
	return SYS(writev, fd, iov, n);
}

ssize_t preadv(int fd, const struct iovec *iov, int n, off_t off)
{
	return SYS(preadv, fd, iov, n, off, 0);
}

ssize_t pwritev(int fd, const struct iovec *iov, int n, off_t off)
{
	return SYS(pwritev, fd, iov, n, off, 0);
}

ssize_t sendfile(int out, int in, off_t *off, size_t n)
{
	return SYS(sendfile, out, in, off, n);
}

ssize_t copy_file_range(int in, off_t *in_off, int out, off_t *out_off, size_t n,
			unsigned int flags)
{
	return SYS(copy_file_range, in, in_off, out, out_off, n, flags);
}

off_t lseek(int fd, off_t off, int whence)
{
	return SYS(lseek, fd, off, whence);
}

int close(int fd)
{
	return SYS(close, fd);
}

int close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	return SYS(close_range, first, last, flags);
}

int dup(int fd)
{
	return SYS(dup, fd);
}

int dup3(int from, int to, int flags)
{
	return SYS(dup3, from, to, flags);
}

/* dup3 refuses two equal descriptors, dup2 takes them if they are open. */
int dup2(int from, int to)
{
	if (from == to)
		return SYS(fcntl, from, F_GETFD) < 0 ? -1 : to;
	return SYS(dup3, from, to, 0);
}

int pipe2(int fd[2], int flags)
{
	return SYS(pipe2, fd, flags);
}

int pipe(int fd[2])
{
	return SYS(pipe2, fd, 0);
}

int fsync(int fd)
{
	return SYS(fsync, fd);
}

int fdatasync(int fd)
{
	return SYS(fdatasync, fd);
}

int syncfs(int fd)
{
	return SYS(syncfs, fd);
}

void sync(void)
{
	RAW(sync);
}

int ftruncate(int fd, off_t len)
{
	return SYS(ftruncate, fd, len);
}

int fallocate(int fd, int mode, off_t offset, off_t len)
{
	return SYS(fallocate, fd, mode, offset, len);
}

/* Returns the error instead of setting errno: POSIX wants it so. */
int posix_fadvise(int fd, off_t offset, off_t len, int advice)
{
	return -RAW(fadvise64, fd, offset, len, advice);
}

int flock(int fd, int operation)
{
	return SYS(flock, fd, operation);
}

ssize_t getrandom(void *buf, size_t n, unsigned int flags)
{
	return SYS(getrandom, buf, n, flags);
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	struct timespec ts;

	/* The kernel writes the time that is left; callers keep theirs. */
	if (timeout)
		ts = *timeout;
	return SYS(ppoll, fds, n, timeout ? &ts : NULL, mask, sizeof(*mask));
}

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	struct timespec ts = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };

	return SYS(ppoll, fds, n, timeout_ms < 0 ? NULL : &ts, NULL, sizeof(sigset_t));
}

int pselect(int n, fd_set *in, fd_set *out, fd_set *ex, const struct timespec *timeout,
	    const sigset_t *mask)
{
	long maskarg[2] = { (long)mask, sizeof(*mask) };
	struct timespec ts;

	if (timeout)
		ts = *timeout;
	return SYS(pselect6, n, in, out, ex, timeout ? &ts : NULL, maskarg);
}

int select(int n, fd_set *in, fd_set *out, fd_set *ex, struct timeval *timeout)
{
	struct timespec ts;

	if (timeout) {
		ts.tv_sec = timeout->tv_sec;
		ts.tv_nsec = timeout->tv_usec * 1000;
	}
	return SYS(pselect6, n, in, out, ex, timeout ? &ts : NULL, NULL);
}
