// SPDX-License-Identifier: MIT
/* The absolute name of a file, without symbolic links, "." and "..". */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

#define MAX_LINKS 40		/* as many as the kernel follows */

/*
 * out is a name already resolved, without a slash at its end ("" is the root); todo is what is
 * left of the path. Each step moves one part from todo to out, or puts a link's target in front.
 */
static int resolve(char *out, char *todo)
{
	char link[PATH_MAX], rest[PATH_MAX], *part;
	int links = 0;
	size_t len, olen = strlen(out);
	ssize_t n;

	for (;;) {
		part = todo + strspn(todo, "/");
		if (!*part)
			return 0;
		len = strcspn(part, "/");
		todo = part + len;
		if (len == 1 && part[0] == '.')
			continue;
		if (len == 2 && part[0] == '.' && part[1] == '.') {
			while (olen && out[--olen] != '/')
				;
			out[olen] = 0;
			continue;
		}
		if (olen + 1 + len >= PATH_MAX)
			goto toolong;
		out[olen] = '/';
		memcpy(out + olen + 1, part, len);
		out[olen + 1 + len] = 0;
		n = readlink(out, link, sizeof(link) - 1);
		if (n < 0 && errno != EINVAL)
			return -1;
		if (n < 0) {
			olen += 1 + len;	/* not a link */
			continue;
		}
		if (++links > MAX_LINKS) {
			errno = ELOOP;
			return -1;
		}
		link[n] = 0;
		if (n + strlen(todo) >= sizeof(rest))
			goto toolong;
		stpcpy(stpcpy(rest, link), todo);
		todo = memmove(link, rest, strlen(rest) + 1);
		if (link[0] == '/')
			olen = 0;
		out[olen] = 0;
	}
toolong:
	errno = ENAMETOOLONG;
	return -1;
}

char *realpath(const char *path, char *resolved)
{
	char out[PATH_MAX], todo[PATH_MAX];

	if (!*path) {
		errno = ENOENT;
		return NULL;
	}
	if (strlcpy(todo, path, sizeof(todo)) >= sizeof(todo)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	out[0] = 0;
	if (path[0] != '/' && !getcwd(out, sizeof(out)))
		return NULL;
	if (!strcmp(out, "/"))
		out[0] = 0;
	if (resolve(out, todo))
		return NULL;
	if (!out[0])
		strcpy(out, "/");
	return resolved ? strcpy(resolved, out) : strdup(out);
}
