// SPDX-License-Identifier: MIT
/* Buffered files: opening, closing, the buffer and moving about. The inside of FILE: internal.h. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"
#include "stdio_impl.h"

static unsigned char inbuf[UNGET + BUFSIZ], outbuf[UNGET + BUFSIZ];

static FILE std[3] = {
	{ .fd = 0, .flags = F_READ, .mode = -1, .buf = inbuf + UNGET, .size = BUFSIZ },
	{ .fd = 1, .flags = F_WRITE, .mode = -1, .buf = outbuf + UNGET, .size = BUFSIZ },
	{ .fd = 2, .flags = F_WRITE, .mode = _IONBF },
};

FILE *stdin = &std[0], *stdout = &std[1], *stderr = &std[2];

static FILE *files;		/* those that fopen and fdopen made */

void __stdio_exit(void)
{
	fflush(NULL);
}

/* Before the first transfer: a buffer, and line mode on a terminal. */
static void setup(FILE *f)
{
	if (f->mode < 0)
		f->mode = f->flags & F_WRITE && isatty(f->fd) ? _IOLBF : _IOFBF;
	if (f->mode != _IONBF && !f->buf) {
		unsigned char *p = malloc(UNGET + BUFSIZ);

		if (!p) {
			f->mode = _IONBF;
			return;
		}
		f->buf = p + UNGET;
		f->size = BUFSIZ;
		f->flags |= F_OWN;
	}
}

/* Writes all n bytes, or marks the file and returns EOF. */
static int send(FILE *f, const unsigned char *p, size_t n)
{
	while (n) {
		ssize_t w = write(f->fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0) {
			f->flags |= F_ERR;
			return EOF;
		}
		p += w;
		n -= w;
	}
	return 0;
}

/* Leaves the buffer empty: sends what was written, puts the offset back over what was not read. */
static int empty(FILE *f)
{
	int ret = 0;

	if (f->wpos)
		ret = send(f, f->buf, f->wpos);
	else if (f->rend > f->rpos)
		lseek(f->fd, -(off_t)(f->rend - f->rpos), SEEK_CUR);
	f->wpos = f->rpos = f->rend = 0;
	return ret;
}

int fflush(FILE *f)
{
	int ret = 0;

	if (f)
		return empty(f);
	/* All files that have output; an input file's offset is left where it is. */
	if (stdout->wpos)
		ret = empty(stdout);
	for (f = files; f; f = f->next)
		if (f->wpos && empty(f))
			ret = EOF;
	return ret;
}

/* Reads the next bytes into the empty buffer; what a prompt wrote must be seen before. */
int __fill(FILE *f)
{
	ssize_t n;

	if (!(f->flags & F_READ)) {
		f->flags |= F_ERR;
		errno = EBADF;
		return EOF;
	}
	if (f->wpos && empty(f))
		return EOF;
	if (stdout->wpos && stdout->mode == _IOLBF)
		empty(stdout);
	if (!f->buf) {
		f->mode = f->mode == _IONBF ? _IOFBF : f->mode;	/* input always has a buffer */
		setup(f);
		if (!f->buf) {
			f->flags |= F_ERR;
			errno = ENOMEM;
			return EOF;
		}
	}
	do
		n = read(f->fd, f->buf, f->size);
	while (n < 0 && errno == EINTR);
	f->rpos = 0;
	f->rend = n > 0 ? n : 0;
	if (n > 0)
		return 0;
	f->flags |= n ? F_ERR : F_EOF;
	return EOF;
}

size_t fwrite(const void *p, size_t size, size_t n, FILE *f)
{
	const unsigned char *s = p;
	size_t len = size * n, k;

	if (!len)
		return 0;
	if (!(f->flags & F_WRITE)) {
		f->flags |= F_ERR;
		errno = EBADF;
		return 0;
	}
	setup(f);
	if (f->rend)
		empty(f);
	if (f->mode == _IONBF)
		return send(f, s, len) ? 0 : n;
	if (f->wpos && len > f->size - f->wpos && empty(f))
		return 0;
	if (len >= f->size)
		return send(f, s, len) ? 0 : n;
	memcpy(f->buf + f->wpos, s, len);
	f->wpos += len;
	if (f->mode == _IOLBF && memrchr(s, '\n', len)) {
		k = (unsigned char *)memrchr(f->buf, '\n', f->wpos) + 1 - f->buf;
		if (send(f, f->buf, k))
			return 0;
		f->wpos -= k;
		memmove(f->buf, f->buf + k, f->wpos);
	}
	return n;
}

static int open_flags(const char *mode)
{
	int flags;

	switch (*mode) {
	case 'r':
		flags = O_RDONLY;
		break;
	case 'w':
		flags = O_WRONLY | O_CREAT | O_TRUNC;
		break;
	case 'a':
		flags = O_WRONLY | O_CREAT | O_APPEND;
		break;
	default:
		errno = EINVAL;
		return -1;
	}
	if (strchr(mode, '+'))
		flags = (flags & ~O_ACCMODE) | O_RDWR;
	if (strchr(mode, 'e'))
		flags |= O_CLOEXEC;
	if (strchr(mode, 'x'))
		flags |= O_EXCL;
	return flags;
}

static int file_flags(int oflags)
{
	int acc = oflags & O_ACCMODE;

	return (acc == O_RDONLY ? F_READ : acc == O_WRONLY ? F_WRITE : F_READ | F_WRITE) |
	       (oflags & O_APPEND ? F_APP : 0);
}

static FILE *new_file(int fd, int oflags)
{
	FILE *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->fd = fd;
	f->flags = file_flags(oflags);
	f->mode = -1;
	f->next = files;
	files = f;
	return f;
}

FILE *fdopen(int fd, const char *mode)
{
	int flags = open_flags(mode);

	if (flags < 0 || fcntl(fd, F_GETFD) < 0)
		return NULL;
	return new_file(fd, flags);
}

FILE *fopen(const char *path, const char *mode)
{
	int flags = open_flags(mode), fd;
	FILE *f;

	if (flags < 0)
		return NULL;
	fd = open(path, flags, 0666);
	if (fd < 0)
		return NULL;
	f = new_file(fd, flags);
	if (!f)
		close(fd);
	return f;
}

/* The FILE and its descriptor number stay, so that freopen(..., stdout) redirects children too. */
FILE *freopen(const char *path, const char *mode, FILE *f)
{
	int flags = open_flags(mode), fd;

	empty(f);
	if (flags < 0)
		return NULL;
	fd = open(path, flags, 0666);
	if (fd < 0)
		return NULL;
	if (fd != f->fd) {
		if (dup3(fd, f->fd, flags & O_CLOEXEC) < 0) {
			close(fd);
			return NULL;
		}
		close(fd);
	}
	f->flags = (f->flags & F_OWN) | file_flags(flags);
	f->mode = -1;
	return f;
}

int fclose(FILE *f)
{
	int ret = empty(f);
	FILE **p;

	if (close(f->fd))
		ret = EOF;
	if (f->flags & F_OWN)
		free(f->buf - UNGET);
	for (p = &files; *p; p = &(*p)->next)
		if (*p == f) {
			*p = f->next;
			free(f);
			break;
		}
	return ret;
}

int setvbuf(FILE *f, char *buf, int mode, size_t size)
{
	if (mode < _IOFBF || mode > _IONBF)
		return -1;
	if (mode != _IONBF && buf && size > UNGET) {
		if (f->flags & F_OWN)
			free(f->buf - UNGET);
		f->flags &= ~F_OWN;
		f->buf = (unsigned char *)buf + UNGET;
		f->size = size - UNGET;
	}
	f->mode = mode;
	return 0;
}

void setbuf(FILE *f, char *buf)
{
	setvbuf(f, buf, buf ? _IOFBF : _IONBF, BUFSIZ);
}

void setlinebuf(FILE *f)
{
	setvbuf(f, NULL, _IOLBF, 0);
}

int fseeko(FILE *f, off_t off, int whence)
{
	if (empty(f))
		return -1;
	f->flags &= ~F_EOF;
	return lseek(f->fd, off, whence) < 0 ? -1 : 0;
}

int fseek(FILE *f, long off, int whence)
{
	return fseeko(f, off, whence);
}

off_t ftello(FILE *f)
{
	off_t pos = lseek(f->fd, 0, f->wpos && f->flags & F_APP ? SEEK_END : SEEK_CUR);

	return pos < 0 ? -1 : pos + (off_t)f->wpos - (off_t)(f->rend - f->rpos);
}

long ftell(FILE *f)
{
	return ftello(f);
}

void rewind(FILE *f)
{
	fseeko(f, 0, SEEK_SET);
	clearerr(f);
}

int fileno(FILE *f)
{
	return f->fd;
}

int feof(FILE *f)
{
	return !!(f->flags & F_EOF);
}

int ferror(FILE *f)
{
	return !!(f->flags & F_ERR);
}

void clearerr(FILE *f)
{
	f->flags &= ~(F_EOF | F_ERR);
}
