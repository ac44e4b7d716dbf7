// SPDX-License-Identifier: MIT
/*
 * Redirections. What the shell itself redirects is put back afterwards, so the descriptors that it
 * covers are kept at numbers from 10, closed on exec. Those numbers are the shell's own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

struct saved_fd {
	struct saved_fd	*next;
	int		fd;
	int		copy;		/* -1: it was closed */
};

enum { FIRST_OWN_FD = 10, SMALL_DOCUMENT = 4096 };

/* Moves a descriptor out of the way of a script's. Returns the new one, or -1. */
int move_fd_high(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);

	if (high >= 0)
		close(fd);
	return high;
}

static bool save(int fd, struct saved_fd **list)
{
	struct saved_fd *s;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);

	if (copy < 0 && errno != EBADF)
		return false;
	s = arena_alloc(sh.tmp, sizeof(*s));
	s->fd = fd;
	s->copy = copy;
	s->next = *list;
	*list = s;
	return true;
}

/*
 * A pipe with the document in it. A small one fits into the pipe; for others a child writes, which
 * belongs to no job.
 */
static int open_document(const char *text)
{
	size_t len = strlen(text);
	int fd[2];
	pid_t pid;

	if (pipe(fd))
		return -1;
	if (len <= SMALL_DOCUMENT) {
		write_all(fd[1], text, len);
	} else {
		pid = fork();
		if (pid == 0) {
			close(fd[0]);
			traps_child(true);
			_exit(write_all(fd[1], text, len) ? 1 : 0);
		}
		if (pid < 0) {
			close(fd[0]);
			fd[0] = -1;
		}
	}
	close(fd[1]);
	return fd[0];
}

static int open_target(struct redir *r, const char *target)
{
	static const int flags[] = {
		[R_IN] = O_RDONLY, [R_OUT] = O_WRONLY | O_CREAT | O_TRUNC,
		[R_APPEND] = O_WRONLY | O_CREAT | O_APPEND, [R_RDWR] = O_RDWR | O_CREAT,
	};
	int fd = r->type == R_HERE ? open_document(target) : open(target, flags[r->type], 0666);

	if (fd < 0)
		warn("cannot open %s: %s", r->type == R_HERE ? "a here-document" : target,
		     strerror(errno));
	return fd;
}

/* >&N and >&-. */
static bool duplicate(struct redir *r, const char *target)
{
	long from;

	if (!strcmp(target, "-")) {
		close(r->fd);
		return true;
	}
	if (!parse_int(target, &from) || from < 0 || from >= 10000) {
		warn("%s: not a descriptor", target);
		return false;
	}
	if ((from == r->fd ? fcntl(from, F_GETFD) : dup2(from, r->fd)) < 0) {
		warn("%ld: %s", from, strerror(errno));
		return false;
	}
	return true;
}

static bool apply_one(struct redir *r, struct saved_fd **saved)
{
	char *target = expand_string(r->target);
	int fd;

	if (!target)
		return false;
	if (r->type == R_DUP) {
		if (saved && !save(r->fd, saved)) {
			warn("%d: %s", r->fd, strerror(errno));
			return false;
		}
		return duplicate(r, target);
	}
	fd = open_target(r, target);
	if (fd < 0)
		return false;
	if (fd == r->fd) {
		/* open() found the number free, so free is what it was */
		struct saved_fd *s = saved ? arena_alloc(sh.tmp, sizeof(*s)) : NULL;

		if (s) {
			*s = (struct saved_fd){ .next = *saved, .fd = fd, .copy = -1 };
			*saved = s;
		}
		return true;
	}
	if ((saved && !save(r->fd, saved)) || dup2(fd, r->fd) < 0) {
		warn("%d: %s", r->fd, strerror(errno));
		close(fd);
		return false;
	}
	close(fd);
	return true;
}

/**
 * redir_apply - carry out redirections in order
 * @saved: gets what redir_restore() needs, also on failure; NULL if they are to stay
 *
 * Returns false after the first one that fails, which has been said.
 */
bool redir_apply(struct redir *r, struct saved_fd **saved)
{
	for (; r; r = r->next)
		if (!apply_one(r, saved))
			return false;
	return true;
}

void redir_restore(struct saved_fd *s)
{
	for (; s; s = s->next) {
		if (s->copy < 0) {
			close(s->fd);
		} else {
			dup2(s->copy, s->fd);
			close(s->copy);
		}
	}
}
