// SPDX-License-Identifier: MIT
/* The exec family, on execve. The l-variants build their argument vector on the stack. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

#define DEFAULT_PATH "/bin:/sbin"

int execve(const char *path, char *const argv[], char *const envp[])
{
	return SYS(execve, path, argv, envp);
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
	return SYS(execveat, fd, "", argv, envp, AT_EMPTY_PATH);
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* A file that is executable but in no format the kernel knows is a script of the shell's. */
static int exec_or_script(const char *path, char *const argv[], char *const envp[])
{
	int argc = 0;

	execve(path, argv, envp);
	if (errno != ENOEXEC)
		return -1;
	while (argv[argc])
		argc++;

	char *args[argc + 3];

	args[0] = "sh";
	args[1] = (char *)path;
	if (argc > 1)
		memcpy(args + 2, argv + 1, (argc - 1) * sizeof(*args));
	args[argc > 0 ? argc + 1 : 2] = NULL;
	return execve("/bin/sh", args, envp);
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
	const char *dir = getenv("PATH"), *end;
	int denied = 0;
	char path[PATH_MAX];
	size_t len = strlen(file);

	if (!*file) {
		errno = ENOENT;
		return -1;
	}
	if (strchr(file, '/'))
		return exec_or_script(file, argv, envp);

	for (dir = dir ? dir : DEFAULT_PATH; ; dir = end + 1) {
		end = strchrnul(dir, ':');
		if ((size_t)(end - dir) + len + 2 <= sizeof(path)) {
			size_t n = end - dir;

			memcpy(path, dir, n);
			if (n)
				path[n++] = '/';
			memcpy(path + n, file, len + 1);
			exec_or_script(path, argv, envp);
			if (errno == EACCES)
				denied = 1;
			else if (errno != ENOENT && errno != ENOTDIR)
				return -1;
		}
		if (!*end)
			break;
	}
	errno = denied ? EACCES : ENOENT;
	return -1;
}

int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* The words from arg to the NULL, which is counted. */
static int count_args(va_list ap)
{
	int n = 2;

	while (va_arg(ap, char *))
		n++;
	return n;
}

static void copy_args(char **argv, int n, const char *arg, va_list ap)
{
	int i;

	argv[0] = (char *)arg;
	for (i = 1; i < n; i++)
		argv[i] = va_arg(ap, char *);
}

int execl(const char *path, const char *arg, ...)
{
	va_list ap;
	int n;

	va_start(ap, arg);
	n = count_args(ap);
	va_end(ap);

	char *argv[n];

	va_start(ap, arg);
	copy_args(argv, n, arg, ap);
	va_end(ap);
	return execve(path, argv, environ);
}

int execle(const char *path, const char *arg, ...)
{
	char **envp;
	va_list ap;
	int n;

	va_start(ap, arg);
	n = count_args(ap);
	va_end(ap);

	char *argv[n];

	va_start(ap, arg);
	copy_args(argv, n, arg, ap);
	envp = va_arg(ap, char **);
	va_end(ap);
	return execve(path, argv, envp);
}

int execlp(const char *file, const char *arg, ...)
{
	va_list ap;
	int n;

	va_start(ap, arg);
	n = count_args(ap);
	va_end(ap);

	char *argv[n];

	va_start(ap, arg);
	copy_args(argv, n, arg, ap);
	va_end(ap);
	return execvp(file, argv);
}
