// SPDX-License-Identifier: MIT
/* A file's mode as ls shows it: "-rwxr-xr-x". */
#ifndef _MODESTR_H
#define _MODESTR_H

#include <string.h>
#include <sys/stat.h>

static inline char *mode_string(mode_t mode, char s[11])
{
	static const struct {
		mode_t	type;
		char	letter;
	} types[] = {
		{ S_IFDIR, 'd' }, { S_IFLNK, 'l' }, { S_IFCHR, 'c' }, { S_IFBLK, 'b' },
		{ S_IFIFO, 'p' }, { S_IFSOCK, 's' },
	};
	size_t i;

	strcpy(s, "-rwxrwxrwx");
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((mode & S_IFMT) == types[i].type)
			s[0] = types[i].letter;
	for (i = 0; i < 9; i++)
		if (!(mode & (0400 >> i)))
			s[i + 1] = '-';
	if (mode & S_ISUID)
		s[3] = mode & S_IXUSR ? 's' : 'S';
	if (mode & S_ISGID)
		s[6] = mode & S_IXGRP ? 's' : 'S';
	if (mode & S_ISVTX)
		s[9] = mode & S_IXOTH ? 't' : 'T';
	return s;
}

#endif
