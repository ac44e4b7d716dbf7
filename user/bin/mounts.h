// SPDX-License-Identifier: MIT
/* Reading /proc/mounts: source, folder, type and options, with \040 and the like decoded. */
#ifndef _MOUNTS_H
#define _MOUNTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mount_entry {
	char *source, *dir, *type, *options;
	char *line;
	size_t size;
};

static inline int is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' &&
	       s[2] <= '7';
}

static inline char *unescape_octal(char *s)
{
	char *to = s, *from = s;

	while (*from) {
		if (from[0] == '\\' && is_octal(from + 1)) {
			*to++ = (from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0');
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = 0;
	return s;
}

/* The next mount into *m, which starts zeroed; its strings live until the next call. 0: no more. */
static inline int next_mount(FILE *f, struct mount_entry *m)
{
	char *rest;

	while (getline(&m->line, &m->size, f) > 0) {
		rest = m->line;
		m->source = strsep(&rest, " \n");
		m->dir = strsep(&rest, " \n");
		m->type = strsep(&rest, " \n");
		m->options = strsep(&rest, " \n");
		if (!m->options)
			continue;
		unescape_octal(m->source);
		unescape_octal(m->dir);
		return 1;
	}
	free(m->line);
	m->line = NULL;
	return 0;
}

#endif
