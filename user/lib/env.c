// SPDX-License-Identifier: MIT
/*
 * The environment. environ begins as the vector the kernel made on the stack; the first change
 * moves it to malloc's memory. Strings that setenv made are not freed when they are replaced,
 * because getenv's callers may hold them.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static char **own;		/* the vector that malloc gave; environ may be another one */

static char **find(const char *name, size_t len)
{
	char **p;

	for (p = environ; p && *p; p++)
		if (!strncmp(*p, name, len) && (*p)[len] == '=')
			return p;
	return NULL;
}

char *getenv(const char *name)
{
	size_t len = strlen(name);
	char **p = find(name, len);

	return p ? *p + len + 1 : NULL;
}

static int store(char *string, size_t namelen)
{
	char **p = find(string, namelen), **v;
	size_t n = 0;

	if (p) {
		*p = string;
		return 0;
	}
	while (environ && environ[n])
		n++;
	v = realloc(own, (n + 2) * sizeof(*v));
	if (!v)
		return -1;
	if (environ != own && n)
		memcpy(v, environ, n * sizeof(*v));
	v[n] = string;
	v[n + 1] = NULL;
	own = environ = v;
	return 0;
}

static int valid_name(const char *name)
{
	if (name && *name && !strchr(name, '='))
		return 1;
	errno = EINVAL;
	return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
	size_t len, vlen;
	char *string;

	if (!valid_name(name))
		return -1;
	len = strlen(name);
	if (!overwrite && find(name, len))
		return 0;
	vlen = strlen(value);
	string = malloc(len + vlen + 2);
	if (!string)
		return -1;
	memcpy(string, name, len);
	string[len] = '=';
	memcpy(string + len + 1, value, vlen + 1);
	if (store(string, len)) {
		free(string);
		return -1;
	}
	return 0;
}

int unsetenv(const char *name)
{
	char **p, **q;
	size_t len;

	if (!valid_name(name))
		return -1;
	len = strlen(name);
	while ((p = find(name, len)))
		for (q = p; (*q = q[1]); q++)
			;
	return 0;
}

int putenv(char *string)
{
	char *eq = strchr(string, '=');

	if (!eq)
		return unsetenv(string);
	return store(string, eq - string);
}

int clearenv(void)
{
	environ = NULL;
	return 0;
}
