// SPDX-License-Identifier: MIT
/* The parts of a path name, as POSIX cuts them. */
#include <libgen.h>
#include <string.h>

/* Takes slashes off the end, but for the first character's. Returns the length. */
static size_t strip(char *path, size_t n)
{
	while (n > 1 && path[n - 1] == '/')
		n--;
	path[n] = 0;
	return n;
}

char *basename(char *path)
{
	char *slash;

	if (!path || !*path)
		return ".";
	strip(path, strlen(path));
	slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

char *dirname(char *path)
{
	char *slash;

	if (!path || !*path)
		return ".";
	strip(path, strlen(path));
	slash = strrchr(path, '/');
	if (!slash)
		return ".";
	strip(path, slash == path ? 1 : slash - path);
	return path;
}
