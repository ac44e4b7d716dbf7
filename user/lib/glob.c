// SPDX-License-Identifier: MIT
/*
 * Path names that match a pattern. The pattern is taken apart at its slashes; a part without
 * special characters is appended as it is, another one is compared with each name in the folder.
 */
#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

struct search {
	glob_t	*g;
	int	flags;
	int	(*errfunc)(const char *, int);
	char	path[PATH_MAX];		/* what has been matched so far */
};

static int add(glob_t *g, const char *path, int mark)
{
	char **v = reallocarray(g->gl_pathv, g->gl_offs + g->gl_pathc + 2, sizeof(*v));
	size_t n = strlen(path);
	char *copy;

	if (!v)
		return GLOB_NOSPACE;
	g->gl_pathv = v;
	copy = malloc(n + 2);
	if (!copy)
		return GLOB_NOSPACE;
	memcpy(copy, path, n + 1);
	if (mark && n && path[n - 1] != '/')
		strcpy(copy + n, "/");
	v[g->gl_offs + g->gl_pathc++] = copy;
	v[g->gl_offs + g->gl_pathc] = NULL;
	return 0;
}

static int special(const char *s, size_t n)
{
	return memchr(s, '*', n) || memchr(s, '?', n) || memchr(s, '[', n);
}

/* Copies a part without special characters, taking the backslashes off. Returns its length. */
static size_t unquote(char *to, const char *from, size_t n, int flags)
{
	size_t len = 0;

	while (n--) {
		if (*from == '\\' && n && !(flags & GLOB_NOESCAPE)) {
			from++;
			n--;
		}
		to[len++] = *from++;
	}
	return len;
}

static int found(struct search *s, size_t len)
{
	struct stat st;

	s->path[len] = 0;
	if (lstat(s->path, &st))
		return 0;
	return add(s->g, s->path, s->flags & GLOB_MARK && !stat(s->path, &st) &&
				  S_ISDIR(st.st_mode));
}

/* Matches pattern below s->path[0..len), which is empty or ends in a slash. */
static int walk(struct search *s, size_t len, const char *pattern)
{
	size_t n;
	struct dirent *d;
	char *part;
	DIR *dir;
	int ret = 0;

	while (*pattern == '/' && len < PATH_MAX - 1) {
		s->path[len++] = '/';
		pattern++;
	}
	n = strcspn(pattern, "/");
	if (!n)
		return found(s, len);
	if (len + n >= PATH_MAX)
		return 0;
	if (!special(pattern, n)) {
		len += unquote(s->path + len, pattern, n, s->flags);
		return pattern[n] ? walk(s, len, pattern + n) : found(s, len);
	}

	s->path[len] = 0;
	dir = opendir(len ? s->path : ".");
	if (!dir) {
		if (s->flags & GLOB_ERR || (s->errfunc && s->errfunc(s->path, errno)))
			return GLOB_ABORTED;
		return 0;
	}
	part = strndup(pattern, n);
	if (!part)
		ret = GLOB_NOSPACE;
	while (!ret && (d = readdir(dir))) {
		size_t dlen = strlen(d->d_name);

		if (len + dlen >= PATH_MAX ||
		    fnmatch(part, d->d_name,
			    FNM_PERIOD | (s->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0)))
			continue;
		memcpy(s->path + len, d->d_name, dlen);
		ret = pattern[n] ? walk(s, len + dlen, pattern + n) : found(s, len + dlen);
	}
	free(part);
	closedir(dir);
	return ret;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int glob(const char *pattern, int flags, int (*errfunc)(const char *, int), glob_t *g)
{
	struct search *s = malloc(sizeof(*s));
	size_t before;
	int ret;

	if (!(flags & GLOB_DOOFFS))
		g->gl_offs = 0;
	if (!(flags & GLOB_APPEND)) {
		g->gl_pathc = 0;
		g->gl_pathv = calloc(g->gl_offs + 1, sizeof(char *));
	}
	if (!s || !g->gl_pathv) {
		free(s);
		return GLOB_NOSPACE;
	}
	s->g = g;
	s->flags = flags;
	s->errfunc = errfunc;
	before = g->gl_pathc;
	ret = walk(s, 0, pattern);
	free(s);
	if (ret)
		return ret;
	if (g->gl_pathc == before)
		return flags & GLOB_NOCHECK ? add(g, pattern, 0) : GLOB_NOMATCH;
	if (!(flags & GLOB_NOSORT))
		qsort(g->gl_pathv + g->gl_offs + before, g->gl_pathc - before, sizeof(char *),
		      compare);
	return 0;
}

void globfree(glob_t *g)
{
	size_t i;

	for (i = 0; i < g->gl_pathc; i++)
		free(g->gl_pathv[g->gl_offs + i]);
	free(g->gl_pathv);
	g->gl_pathv = NULL;
	g->gl_pathc = 0;
}
